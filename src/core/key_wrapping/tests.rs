use super::*;
use crate::cause;
use crate::core::tests::{BareKey, hex, library, volatile};
use crate::psa::{EccFamily, KeyType};

const BOTH: Usage = Usage(Usage::WRAP.0 | Usage::UNWRAP.0);

fn import(library: &Library, key_type: KeyType, usage: Usage, alg: Algorithm, material: &[u8]) -> KeyId {
    keys::import(library, &volatile(key_type, 0, usage, alg), material).unwrap()
}

fn counting(length: u8) -> Vec<u8> {
    (0..length).collect()
}

fn wrapped(library: &Library, wrapping: KeyId, alg: Algorithm, key: KeyId) -> Result<Vec<u8>> {
    let mut output = vec![0; 4096];
    let length = wrap(library, wrapping, alg, key, &mut output)?;
    output.truncate(length);
    Ok(output)
}

/// RFC 3394, section 4.1.
#[test]
fn the_example_of_the_standard() {
    let (library, _directory) = library();
    let data = hex("00112233445566778899aabbccddeeff");
    let expected = hex("1fa68b0a8112b447aef34bd8fb5a7b829d3e862371d2cfe5");
    let wrapping = import(&library, KeyType::AES, BOTH, Algorithm::KW, &counting(16));
    let key = import(&library, KeyType::AES, Usage::EXPORT, Algorithm::CTR, &data);
    assert_eq!(wrapped(&library, wrapping, Algorithm::KW, key).unwrap(), expected);
    assert_eq!(wrap(&library, wrapping, Algorithm::KW, key, &mut [0; 23]), Err(Error::BufferTooSmall));
    let attributes = volatile(KeyType::AES, 128, Usage::EXPORT, Algorithm::CTR);
    let unwrapped = unwrap(&library, &attributes, wrapping, Algorithm::KW, &expected).unwrap();
    let mut material = [0; 16];
    assert_eq!(keys::export(&library, unwrapped, &mut material), Ok(16));
    assert_eq!(material[..], data);
}

/// Every kind of key that can be exported comes back as it was.
#[test]
fn keys_of_all_kinds() {
    let (library, _directory) = library();
    let p256 = KeyType::ecc_key_pair(EccFamily::SECP_R1);
    let p521 = (KeyType::ecc_key_pair(EccFamily::SECP_R1), 521);
    for (key_type, bits) in [
        (KeyType::AES, 512),
        (KeyType::DES, 64),
        (KeyType::RAW_DATA, 8),
        (KeyType::HMAC, 1000),
        (KeyType::PASSWORD, 56),
        (p256, 256),
        p521,
        (KeyType::RSA_KEY_PAIR, 1024),
    ] {
        let attributes = volatile(key_type, bits, Usage::EXPORT, Algorithm::NONE);
        let key = keys::generate(&library, &attributes, &[]).unwrap();
        let mut exported = vec![0; 4096];
        let length = keys::export(&library, key, &mut exported).unwrap();
        let wrapping = import(&library, KeyType::SM4, BOTH, Algorithm::KWP, &counting(16));
        let data = wrapped(&library, wrapping, Algorithm::KWP, key).unwrap();
        assert!(data.len() <= sizes::wrap_key_output_size(KeyType::SM4, Algorithm::KWP, key_type, bits));
        let unwrapped = unwrap(&library, &attributes, wrapping, Algorithm::KWP, &data).unwrap();
        let mut again = vec![0; 4096];
        assert_eq!(keys::export(&library, unwrapped, &mut again), Ok(length));
        assert_eq!(again, exported);
        if key_type.is_asymmetric() {
            let public_type = key_type.public_key_of_key_pair();
            let length = keys::export_public(&library, key, &mut exported).unwrap();
            let public = import(&library, public_type, Usage(0), Algorithm::NONE, &exported[..length]);
            assert!(wrapped(&library, wrapping, Algorithm::KWP, public).is_ok(), "a public key may always leave");
        }
    }
}

#[test]
fn policies_of_both_keys() {
    let (library, _directory) = library();
    let wrapping = import(&library, KeyType::AES, Usage::WRAP, Algorithm::KWP, &counting(16));
    let unwrapping = import(&library, KeyType::AES, Usage::UNWRAP, Algorithm::KWP, &counting(16));
    let cipher = import(&library, KeyType::AES, BOTH, Algorithm::CTR, &counting(16));
    let hmac = import(&library, KeyType::HMAC, BOTH, Algorithm::KWP, &counting(16));
    let double = import(&library, KeyType::AES, BOTH, Algorithm::KWP, &counting(64));
    let key = import(&library, KeyType::AES, Usage::EXPORT, Algorithm::CTR, &counting(16));
    let kept = import(&library, KeyType::AES, Usage::COPY, Algorithm::CTR, &counting(16));
    let data = wrapped(&library, wrapping, Algorithm::KWP, key).unwrap();
    for (wrapping, alg, key, error) in [
        (wrapping, Algorithm::KWP, kept, Error::NotPermitted),
        (unwrapping, Algorithm::KWP, key, Error::NotPermitted),
        (wrapping, Algorithm::KW, key, Error::NotPermitted),
        (cipher, Algorithm::KWP, key, Error::NotPermitted),
        (hmac, Algorithm::KWP, key, Error::InvalidArgument),
        (double, Algorithm::KWP, key, Error::InvalidArgument),
        (wrapping, Algorithm::CTR, key, Error::InvalidArgument),
        (KeyId::NULL, Algorithm::KWP, key, Error::InvalidHandle),
        (wrapping, Algorithm::KWP, KeyId::NULL, Error::InvalidHandle),
    ] {
        assert_eq!(wrapped(&library, wrapping, alg, key), Err(error), "{alg:?}");
    }
    let attributes = volatile(KeyType::AES, 0, Usage::EXPORT, Algorithm::CTR);
    for (wrapping, alg, error) in [
        (wrapping, Algorithm::KWP, Error::NotPermitted),
        (unwrapping, Algorithm::KW, Error::NotPermitted),
        (hmac, Algorithm::KWP, Error::InvalidArgument),
        (unwrapping, Algorithm::GCM, Error::InvalidArgument),
        (KeyId::NULL, Algorithm::KWP, Error::InvalidHandle),
    ] {
        assert_eq!(unwrap(&library, &attributes, wrapping, alg, &data), Err(error), "{alg:?}");
    }
    assert!(unwrap(&library, &attributes, unwrapping, Algorithm::KWP, &data).is_ok());
}

#[test]
fn data_that_is_no_such_key() {
    let (library, _directory) = library();
    let wrapping = import(&library, KeyType::AES, BOTH, Algorithm::KWP, &counting(16));
    let key = import(&library, KeyType::RAW_DATA, Usage::EXPORT, Algorithm::NONE, &counting(17));
    let mut data = wrapped(&library, wrapping, Algorithm::KWP, key).unwrap();
    for (key_type, bits, error) in [
        (KeyType::AES, 0, Error::InvalidArgument),
        (KeyType::RAW_DATA, 128, Error::InvalidArgument),
        (KeyType::NONE, 0, Error::NotSupported),
        (KeyType::ecc_key_pair(EccFamily::SECP_R1), 256, Error::InvalidArgument),
    ] {
        let attributes = volatile(key_type, bits, Usage(0), Algorithm::NONE);
        assert_eq!(unwrap(&library, &attributes, wrapping, Algorithm::KWP, &data), Err(error), "{key_type:?}");
    }
    let attributes = volatile(KeyType::RAW_DATA, 0, Usage(0), Algorithm::NONE);
    data[3] ^= 4;
    for length in 0..=data.len() {
        let result = unwrap(&library, &attributes, wrapping, Algorithm::KWP, &data[..length]);
        assert_eq!(result, Err(Error::InvalidSignature));
    }
}

#[test]
fn kw_takes_whole_blocks() {
    let (library, _directory) = library();
    let wrapping = import(&library, KeyType::AES, BOTH, Algorithm::KW, &counting(16));
    for length in [1, 8, 17] {
        let key = import(&library, KeyType::RAW_DATA, Usage::EXPORT, Algorithm::NONE, &counting(length));
        assert_eq!(wrapped(&library, wrapping, Algorithm::KW, key), Err(Error::InvalidArgument));
    }
}

#[test]
fn a_place_without_the_family_says_so() {
    assert_eq!(family(&BareKey).err(), Some(Error::NotSupported));
    assert!(cause::take().unwrap().contains("where it is kept"));
}
