use std::sync::Barrier;

use super::{Native, counting, prepare};
use crate::core::primitives::Key;
use crate::engines::{Engine, Function};
use crate::memory::InOut;
use crate::psa::{Algorithm, Error, KeyType};

const ANY_LENGTH: [KeyType; 6] =
    [KeyType::RAW_DATA, KeyType::DERIVE, KeyType::PASSWORD, KeyType::PASSWORD_HASH, KeyType::PEPPER, KeyType::HMAC];

#[test]
fn a_generated_key_is_of_its_size_and_new_each_time() {
    for (key_type, bits) in ANY_LENGTH.map(|key_type| (key_type, 520)).into_iter().chain([
        (KeyType::AES, 128),
        (KeyType::AES, 192),
        (KeyType::AES, 256),
        (KeyType::AES, 512),
        (KeyType::CHACHA20, 256),
        (KeyType::XCHACHA20, 256),
        (KeyType::ARIA, 384),
        (KeyType::CAMELLIA, 192),
        (KeyType::SM4, 256),
        (KeyType::DES, 192),
        (KeyType::ASCON, 256),
        (KeyType::ARC4, 2048),
        (KeyType::BLAKE2, 512),
    ]) {
        assert!(Native.holds(key_type, bits));
        let first = Native.generate(key_type, bits, &[]).unwrap();
        let second = Native.generate(key_type, bits, &[]).unwrap();
        assert_eq!(first.len(), bits / 8);
        assert_ne!(first, second);
        Native.prepare(key_type, bits, &first).unwrap();
    }
}

#[test]
fn sizes_are_refused_as_the_type_says() {
    for (key_type, bits, expected) in [
        (KeyType::AES, 0, Error::InvalidArgument),
        (KeyType::AES, 64, Error::InvalidArgument),
        (KeyType::AES, 129, Error::InvalidArgument),
        (KeyType::SM4, 192, Error::InvalidArgument),
        (KeyType::DES, 56, Error::InvalidArgument),
        (KeyType::ASCON, 192, Error::InvalidArgument),
        (KeyType::ARC4, 32, Error::InvalidArgument),
        (KeyType::ARC4, 2056, Error::InvalidArgument),
        (KeyType::XCHACHA20, 192, Error::InvalidArgument),
        (KeyType::BLAKE2, 520, Error::InvalidArgument),
        (KeyType::CHACHA20, 128, Error::InvalidArgument),
        (KeyType::HMAC, 0, Error::InvalidArgument),
        (KeyType::HMAC, 7, Error::InvalidArgument),
        (KeyType::RAW_DATA, 0, Error::InvalidArgument),
        (KeyType::RAW_DATA, 65536, Error::NotSupported),
        (KeyType::ARIA, 320, Error::InvalidArgument),
        (KeyType::NONE, 128, Error::NotSupported),
    ] {
        assert!(!Native.holds(key_type, bits), "{key_type:?} {bits}");
        assert_eq!(Native.generate(key_type, bits, &[]).err(), Some(expected), "{key_type:?} {bits}");
    }
}

#[test]
fn imported_data_decides_the_size_and_must_agree_with_the_attributes() {
    for key_type in ANY_LENGTH {
        let (material, bits) = Native.import(key_type, 0, b"0123456").unwrap();
        assert_eq!((material.as_slice(), bits), (&b"0123456"[..], 56));
        assert!(Native.import(key_type, 56, b"0123456").is_ok());
        assert_eq!(Native.import(key_type, 55, b"0123456").err(), Some(Error::InvalidArgument));
        assert_eq!(Native.import(key_type, 0, b"").err(), Some(Error::InvalidArgument));
    }
    assert_eq!(Native.import(KeyType::AES, 0, &[0; 17]).err(), Some(Error::InvalidArgument));
    assert_eq!(Native.import(KeyType::AES, 128, &[0; 32]).err(), Some(Error::InvalidArgument));
    assert_eq!(Native.import(KeyType::AES, 0, &[0; 65]).err(), Some(Error::InvalidArgument));
    assert_eq!(Native.import(KeyType::CHACHA20, 0, &[0; 16]).err(), Some(Error::InvalidArgument));
}

#[test]
fn des_keys_have_parity() {
    for bits in [64, 128, 192] {
        let material = Native.generate(KeyType::DES, bits, &[]).unwrap();
        assert!(material.iter().all(|byte| byte.count_ones() % 2 == 1));
        assert!(Native.import(KeyType::DES, 0, &material).is_ok());
        for index in 0..material.len() {
            let mut wrong = material.to_vec();
            wrong[index] ^= 1;
            assert_eq!(Native.import(KeyType::DES, 0, &wrong).err(), Some(Error::InvalidArgument));
        }
    }
}

#[test]
fn damaged_material_is_not_prepared() {
    assert_eq!(Native.prepare(KeyType::AES, 128, &[0; 15]).err(), Some(Error::DataInvalid));
    assert_eq!(Native.prepare(KeyType::AES, 256, &[0; 16]).err(), Some(Error::DataInvalid));
}

#[test]
fn no_symmetric_key_has_a_public_part() {
    for (key_type, length) in [(KeyType::AES, 16), (KeyType::CHACHA20, 32), (KeyType::HMAC, 9), (KeyType::PEPPER, 9)] {
        let key = prepare(key_type, &vec![1; length]);
        assert_eq!(key.public_key(&mut [0; 100]), Err(Error::InvalidArgument));
    }
    let key = prepare(KeyType::RAW_DATA, b"data");
    assert!(key.mac().is_none() && key.cipher().is_none() && key.aead().is_none());
}

#[test]
fn random_bytes_differ_and_cover_the_whole_output() {
    let (mut first, mut second) = ([0; 64], [0; 64]);
    Native.random(&mut first).unwrap();
    Native.random(&mut second).unwrap();
    assert_ne!(first, second);
    assert_ne!(first[56..], [0; 8]);
    Native.random(&mut []).unwrap();
}

/// Whichever thread and parameter is first, what the key then keeps prepared fits every one.
#[test]
fn threads_share_a_key_with_several_algorithms() {
    let encrypt = |key: &dyn Key, tag_length: usize| {
        let mut output = vec![0; 9 + tag_length];
        let alg = Algorithm::GCM.aead_with_shortened_tag(tag_length);
        let mut data = InOut::new(b"plaintext", &mut output);
        key.aead().unwrap().encrypt(alg, &[1; 12], b"ad", &mut data).unwrap();
        output
    };
    let full = encrypt(&*prepare(KeyType::AES, &counting(16)), 16);
    let key = prepare(KeyType::AES, &counting(16));
    let start = Barrier::new(8);
    std::thread::scope(|scope| {
        for tag_length in [16, 12, 16, 13, 16, 14, 16, 15] {
            let (key, start, full) = (&*key, &start, &full);
            scope.spawn(move || {
                start.wait();
                for _ in 0..100 {
                    assert_eq!(encrypt(key, tag_length), full[..9 + tag_length]);
                }
            });
        }
    });
}

#[test]
fn functions_of_other_keys_are_not_offered() {
    for function in [Function::SignHash, Function::AsymmetricEncryption, Function::KeyAgreement] {
        assert!(!Native.supports(function, KeyType::AES, 128, Algorithm::GCM));
    }
}
