//! ML-KEM itself is tested in the engine.

use super::*;
use crate::core::tests::{hex, library, volatile};
use crate::psa::EccFamily;

const BOTH: Usage = Usage::ENCRYPT.union(Usage::DECRYPT);
const ECIES: Algorithm = Algorithm::ECIES_SEC1;
const ML_KEM: Algorithm = Algorithm::ML_KEM;
const P256: KeyType = KeyType::ecc_key_pair(EccFamily::SECP_R1);

fn derive() -> Attributes {
    volatile(KeyType::DERIVE, 0, Usage::DERIVE | Usage::EXPORT, Algorithm::hkdf(Algorithm::SHA_256))
}

fn exported(library: &Library, key: KeyId) -> Vec<u8> {
    let mut output = vec![0; 100];
    let length = keys::export(library, key, &mut output).unwrap();
    output.truncate(length);
    output
}

/// The secret of ECIES is that of the agreement (SEC 1, section 5.1.4): RFC 5903, section 8.1.
#[test]
fn ecies_gives_the_secret_of_the_agreement() {
    let (library, _directory) = library();
    let scalar = hex("c88f01f510d9ac3f70a292daa2316de544e9aab8afe84049c62a9c57862d1433");
    let key = keys::import(&library, &volatile(P256, 256, BOTH, ECIES), &scalar).unwrap();
    let ciphertext = hex(concat!(
        "04d12dfb5289c8d4f81208b70270398c342296970a0bccb74c736fc7554494bf63",
        "56fbf3ca366cc23e8157854c13c58d6aac23f046ada30f8353e74f33039872ab"
    ));
    let secret = decapsulate(&library, key, ECIES, &ciphertext, &derive()).unwrap();
    assert_eq!(exported(&library, secret), hex("d6840f6b42f6edafd13116e0e12565202fef8e9ece7dce03812464d04b9442de"));
    let mut changed = ciphertext.clone();
    changed[64] ^= 1;
    for wrong in [&changed[..], &ciphertext[..64], &[]] {
        assert_eq!(decapsulate(&library, key, ECIES, wrong, &derive()), Err(Error::InvalidArgument));
    }
}

#[test]
fn both_sides_have_the_same_secret_on_every_curve() {
    let (library, _directory) = library();
    let families = [
        (EccFamily::SECP_R1, &[192, 224, 256, 384, 521][..]),
        (EccFamily::SECP_K1, &[192, 256]),
        (EccFamily::BRAINPOOL_P_R1, &[160, 192, 224, 256, 320, 384, 512]),
        (EccFamily::MONTGOMERY, &[255]),
    ];
    let curves = families.into_iter().flat_map(|(family, sizes)| sizes.iter().map(move |bits| (family, *bits)));
    for (family, bits) in curves {
        let pair = KeyType::ecc_key_pair(family);
        let key = keys::generate(&library, &volatile(pair, bits, BOTH, ECIES), &[]).unwrap();
        let mut point = [0; 200];
        let length = keys::export_public(&library, key, &mut point).unwrap();
        let public = volatile(pair.public_key_of_key_pair(), 0, Usage::ENCRYPT, ECIES);
        let public = keys::import(&library, &public, &point[..length]).unwrap();
        let mut secrets = Vec::new();
        for encapsulator in [key, public] {
            let mut ciphertext = [0; 200];
            let (secret, length) = encapsulate(&library, encapsulator, ECIES, &derive(), &mut ciphertext).unwrap();
            assert_eq!(length, sizes::encapsulate_ciphertext_size(pair, bits, ECIES));
            let ours = exported(&library, secret);
            assert_eq!(ours.len(), bits.div_ceil(8));
            let other = decapsulate(&library, key, ECIES, &ciphertext[..length], &derive()).unwrap();
            assert_eq!(exported(&library, other), ours, "{family:?} {bits}");
            secrets.push(ours);
        }
        assert_ne!(secrets[0], secrets[1], "the ephemeral keys differ");
    }
}

#[test]
fn what_does_not_go_together_is_refused() {
    let (library, _directory) = library();
    let ecies = keys::generate(&library, &volatile(P256, 256, BOTH, ECIES), &[]).unwrap();
    let kem = keys::generate(&library, &volatile(KeyType::ML_KEM_KEY_PAIR, 512, BOTH, ML_KEM), &[]).unwrap();
    let sealed = keys::generate(&library, &volatile(P256, 256, Usage::DERIVE, ECIES), &[]).unwrap();
    let aes = volatile(KeyType::AES, 0, Usage::ENCRYPT, Algorithm::CTR);
    let sized = |bits| Attributes { bits, ..derive() };
    let mut ciphertext = [0; 768];
    let mut attempt = |key, alg, attributes: &Attributes| encapsulate(&library, key, alg, attributes, &mut ciphertext);
    assert_eq!(attempt(ecies, ML_KEM, &derive()).err(), Some(Error::NotPermitted));
    assert_eq!(attempt(sealed, ECIES, &derive()).err(), Some(Error::NotPermitted));
    assert_eq!(attempt(ecies, Algorithm::ECDH, &derive()).err(), Some(Error::InvalidArgument));
    assert_eq!(attempt(ecies, ECIES, &aes).err(), Some(Error::InvalidArgument), "its secret is not uniform");
    assert_eq!(attempt(kem, ML_KEM, &sized(255)).err(), Some(Error::InvalidArgument));
    assert_eq!(
        attempt(kem, ML_KEM, &volatile(KeyType::RAW_DATA, 0, Usage(0), ECIES)).err(),
        Some(Error::InvalidArgument)
    );
    assert_eq!(attempt(KeyId(77), ML_KEM, &derive()).err(), Some(Error::InvalidHandle));
    assert!(attempt(kem, ML_KEM, &aes).is_ok());
    assert!(attempt(kem, ML_KEM, &sized(256)).is_ok());
    let short = encapsulate(&library, kem, ML_KEM, &derive(), &mut [0; 767]);
    assert_eq!(short.err(), Some(Error::BufferTooSmall));

    let mut point = [0; 800];
    let length = keys::export_public(&library, kem, &mut point).unwrap();
    let public = volatile(KeyType::ML_KEM_PUBLIC_KEY, 0, BOTH, ML_KEM);
    let public = keys::import(&library, &public, &point[..length]).unwrap();
    assert_eq!(decapsulate(&library, public, ML_KEM, &[0; 768], &derive()), Err(Error::InvalidArgument));
    assert_eq!(decapsulate(&library, kem, ML_KEM, &[0; 767], &derive()), Err(Error::InvalidArgument));
    assert!(decapsulate(&library, kem, ML_KEM, &[0; 768], &derive()).is_ok(), "rejected implicitly");
}
