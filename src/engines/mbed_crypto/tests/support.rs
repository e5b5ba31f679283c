//! `supports` and `holds` say what Mbed TLS does: each combination is tried in Mbed TLS itself, past our tables.

use psa_crypto::types::status::Result as MbedResult;

use super::*;
use crate::core::primitives::Direction;
use crate::engines::Function;
use crate::engines::mbed_crypto::ffi::{self, CipherParts, DerivationParts, VolatileKey};
use crate::engines::mbed_crypto::lock::locked;
use crate::psa::sizes;

const HASHES: [Algorithm; 22] = [
    Algorithm::MD2,
    Algorithm::MD4,
    Algorithm::MD5,
    Algorithm::RIPEMD160,
    Algorithm::AES_MMO_ZIGBEE,
    Algorithm::SHA_1,
    Algorithm::SHA_224,
    Algorithm::SHA_256,
    Algorithm::SHA_384,
    Algorithm::SHA_512,
    Algorithm::SHA_512_224,
    Algorithm::SHA_512_256,
    Algorithm::SHA_256_192,
    Algorithm::SHA3_224,
    Algorithm::SHA3_256,
    Algorithm::SHA3_384,
    Algorithm::SHA3_512,
    Algorithm::SHAKE256_512,
    Algorithm::SM3,
    Algorithm::ASCON_HASH256,
    Algorithm::BLAKE2B_HASH512,
    Algorithm::ANY_HASH,
];

const SYMMETRIC: [KeyType; 14] = [
    KeyType::RAW_DATA,
    KeyType::DERIVE,
    KeyType::PASSWORD,
    KeyType::PEPPER,
    KeyType::HMAC,
    KeyType::AES,
    KeyType::ARIA,
    KeyType::DES,
    KeyType::CAMELLIA,
    KeyType::SM4,
    KeyType::ARC4,
    KeyType::CHACHA20,
    KeyType::XCHACHA20,
    KeyType::ASCON,
];

/// Tries something with a key in Mbed TLS.
fn works<T>(
    key_type: KeyType,
    material: &[u8],
    alg: Algorithm,
    work: impl FnOnce(&VolatileKey<'_>) -> MbedResult<T>,
) -> bool {
    locked(|mbed| work(&VolatileKey::import(mbed, key_type, alg, material)?)).is_ok()
}

fn assert_supports(function: Function, key_type: KeyType, bits: usize, alg: Algorithm, works: bool) {
    let says = engine().supports(function, key_type, bits, alg);
    assert_eq!(says, works, "{function:?} with {key_type:?} of {bits} bits, {alg:?}");
}

#[test]
fn hashes() {
    engine();
    for alg in HASHES {
        let works = locked(|mbed| ffi::hash(mbed, alg, b"", &mut [0; 64])).is_ok();
        assert_supports(Function::Hash, KeyType::NONE, 0, alg, works);
    }
}

#[test]
fn symmetric_keys() {
    let engine = engine();
    for key_type in SYMMETRIC {
        for bits in [8, 40, 56, 64, 128, 160, 192, 256, 384, 512, 65528, 65536] {
            let material = vec![0x5a; bits / 8];
            let imported = locked(|mbed| VolatileKey::import(mbed, key_type, Algorithm::NONE, &material)?.bits());
            // Of passwords it computes nothing, and nothing with the keys of a cipher that it lacks.
            let useful = !matches!(key_type, KeyType::PASSWORD | KeyType::PEPPER);
            assert_eq!(
                super::super::keys::holds(key_type, bits),
                useful && imported == Ok(bits),
                "{key_type:?} of {bits} bits"
            );
            if imported.is_ok() {
                assert!(engine.holds(key_type, bits));
                try_macs(key_type, &material);
                try_ciphers(key_type, &material);
                try_aeads(key_type, &material);
            }
        }
    }
}

fn try_macs(key_type: KeyType, material: &[u8]) {
    let hmacs = HASHES.map(Algorithm::hmac);
    for full in [Algorithm::CMAC, Algorithm::CBC_MAC].into_iter().chain(hmacs) {
        let length = sizes::mac_length(key_type, material.len() * 8, full);
        for alg in [full, full.truncated_mac(4), full.truncated_mac(length + 1), full.at_least_this_length_mac(4)] {
            let works = works(key_type, material, alg, |key| key.compute_mac(b"", &mut [0; 64]));
            assert_supports(Function::Mac, key_type, material.len() * 8, alg, works);
        }
    }
}

fn try_ciphers(key_type: KeyType, material: &[u8]) {
    let algorithms = [
        Algorithm::STREAM_CIPHER,
        Algorithm::CTR,
        Algorithm::CFB,
        Algorithm::OFB,
        Algorithm::XTS,
        Algorithm::ECB_NO_PADDING,
        Algorithm::CBC_NO_PADDING,
        Algorithm::CBC_PKCS7,
        Algorithm::CCM_STAR_NO_TAG,
    ];
    for alg in algorithms {
        let mut parts = CipherParts::new();
        let works = works(key_type, material, alg, |key| parts.setup(key, Direction::Encrypt));
        assert_supports(Function::Cipher, key_type, material.len() * 8, alg, works);
    }
}

/// Of tags, only those of a length that the specification allows: Mbed TLS takes others too.
fn try_aeads(key_type: KeyType, material: &[u8]) {
    for base in [Algorithm::GCM, Algorithm::CCM, Algorithm::CHACHA20_POLY1305, Algorithm::XCHACHA20_POLY1305] {
        for tag_length in 0..=17 {
            let allowed = match base {
                Algorithm::GCM => [4, 8, 12, 13, 14, 15, 16].contains(&tag_length),
                Algorithm::CCM => [4, 6, 8, 10, 12, 14, 16].contains(&tag_length),
                _ => tag_length == 16,
            };
            let shortened = base.aead_with_shortened_tag(tag_length);
            for alg in [shortened, base.aead_with_at_least_this_length_tag(tag_length)] {
                let works = works(key_type, material, alg, |key| {
                    key.aead(Direction::Encrypt, &[1; 12], b"", b"text", &mut [0; 32])
                });
                assert_supports(Function::Aead, key_type, material.len() * 8, alg, works && allowed);
            }
        }
    }
}

#[test]
fn curves() {
    let families = [
        EccFamily::SECP_K1,
        EccFamily::SECP_R1,
        EccFamily::SECP_R2,
        EccFamily::SECT_K1,
        EccFamily::SECT_R1,
        EccFamily::BRAINPOOL_P_R1,
        EccFamily::FRP,
        EccFamily::MONTGOMERY,
        EccFamily::TWISTED_EDWARDS,
    ];
    engine();
    for family in families {
        for bits in [160, 163, 192, 224, 225, 233, 239, 255, 256, 320, 384, 448, 512, 521] {
            let key_type = KeyType::ecc_key_pair(family);
            let generated = locked(|mbed| VolatileKey::generate(mbed, key_type, bits)?.export(66));
            assert_eq!(super::super::keys::holds(key_type, bits), generated.is_ok(), "{family:?} of {bits} bits");
            if let Ok(material) = generated {
                try_asymmetric(key_type, bits, &material);
            }
        }
    }
}

#[test]
fn rsa() {
    let engine = engine();
    let material = engine.generate(KeyType::RSA_KEY_PAIR, 1024, &[]).unwrap();
    try_asymmetric(KeyType::RSA_KEY_PAIR, 1024, &material);
    for bits in [512, 1023, 1025, 1032, 4096, 4104, 8192] {
        assert_eq!(super::super::keys::holds(KeyType::RSA_PUBLIC_KEY, bits), matches!(bits, 1032 | 4096));
    }
    assert!(locked(|mbed| VolatileKey::generate(mbed, KeyType::RSA_KEY_PAIR, 4104).map(drop)).is_err());
}

#[test]
fn finite_fields() {
    engine();
    for bits in [1024, 2048, 3072, 4096, 6144, 8192] {
        let key_type = KeyType::dh_key_pair(DhFamily::RFC7919);
        let agrees = works(key_type, &vec![1; bits / 8], Algorithm::FFDH, |key| {
            key.agree(&vec![2; bits / 8], &mut vec![0; bits / 8])
        });
        assert_eq!(super::super::keys::holds(key_type, bits), agrees, "{bits}");
        assert_supports(Function::KeyAgreement, key_type, bits, Algorithm::FFDH, agrees);
        assert_supports(Function::KeyAgreement, key_type.public_key_of_key_pair(), bits, Algorithm::FFDH, false);
        // Its prime for another family would be that of RFC 7919.
        let other = KeyType::dh_key_pair(DhFamily::RFC3526);
        assert!(!super::super::keys::holds(other, bits));
    }
}

/// Everything with a key pair; and, for what a public key does, its public part.
fn try_asymmetric(key_type: KeyType, bits: usize, material: &[u8]) {
    let public_type = key_type.public_key_of_key_pair();
    let public_key = public_key(&*engine().prepare(key_type, bits, material).unwrap());
    for alg in signatures() {
        let hash = vec![0x5a; sizes::hash_length(alg.get_hash()).max(16)];
        let mut signature = vec![0; 512];
        let mut length = 0;
        let signs = works(key_type, material, alg, |key| {
            length = key.sign_hash(&hash, &mut signature)?;
            Ok(())
        });
        let verifies = works(public_type, &public_key, alg, |key| key.verify_hash(&hash, &signature[..length]));
        assert_eq!(signs, verifies, "{key_type:?} of {bits} bits, {alg:?}");
        let hashes = engine().supports(Function::Hash, KeyType::NONE, 0, alg.get_hash());
        for key_type in [key_type, public_type] {
            assert_supports(Function::SignHash, key_type, bits, alg, signs);
            assert_supports(Function::SignMessage, key_type, bits, alg, signs && hashes);
        }
    }

    for alg in [Algorithm::RSA_PKCS1V15_CRYPT].into_iter().chain(HASHES.map(Algorithm::rsa_oaep)) {
        let mut ciphertext = vec![0; 512];
        let mut length = 0;
        let encrypts = works(public_type, &public_key, alg, |key| {
            length = key.transform(Direction::Encrypt, b"", b"", &mut ciphertext)?;
            Ok(())
        });
        let decrypts = works(key_type, material, alg, |key| {
            key.transform(Direction::Decrypt, &ciphertext[..length], b"", &mut [0; 512])
        });
        assert_eq!(encrypts, decrypts, "{alg:?}");
        for key_type in [key_type, public_type] {
            assert_supports(Function::AsymmetricEncryption, key_type, bits, alg, encrypts);
        }
    }

    let agrees = works(key_type, material, Algorithm::ECDH, |key| key.agree(&public_key, &mut [0; 66]));
    assert_supports(Function::KeyAgreement, key_type, bits, Algorithm::ECDH, agrees);
    assert_supports(Function::KeyAgreement, public_type, bits, Algorithm::ECDH, false);
    for key_type in [key_type, public_type] {
        assert_supports(Function::KeyEncapsulation, key_type, bits, Algorithm::ECIES_SEC1, agrees);
        assert_supports(Function::KeyEncapsulation, key_type, bits, Algorithm::ML_KEM, false);
    }
}

fn signatures() -> Vec<Algorithm> {
    let with_hash = [
        Algorithm::ecdsa,
        Algorithm::deterministic_ecdsa,
        Algorithm::rsa_pkcs1v15_sign,
        Algorithm::rsa_pss,
        Algorithm::rsa_pss_any_salt,
    ];
    let mut algorithms = HASHES.into_iter().flat_map(|hash| with_hash.map(|alg| alg(hash))).collect::<Vec<_>>();
    algorithms.extend([
        Algorithm::ECDSA_ANY,
        Algorithm::RSA_PKCS1V15_SIGN_RAW,
        Algorithm::PURE_EDDSA,
        Algorithm::ED25519PH,
    ]);
    algorithms
}

#[test]
fn derivations() {
    engine();
    let with_hash = [
        Algorithm::hkdf,
        Algorithm::hkdf_extract,
        Algorithm::hkdf_expand,
        Algorithm::tls12_prf,
        Algorithm::tls12_psk_to_ms,
        Algorithm::pbkdf2_hmac,
    ];
    let others =
        [Algorithm::TLS12_ECJPAKE_TO_PMS, Algorithm::PBKDF2_AES_CMAC_PRF_128, Algorithm::SP800_108_COUNTER_CMAC];
    for alg in HASHES.into_iter().flat_map(|hash| with_hash.map(|alg| alg(hash))).chain(others) {
        let mut parts = DerivationParts::new();
        let works = locked(|mbed| parts.setup(mbed, alg)).is_ok();
        assert_supports(Function::KeyDerivation, KeyType::NONE, 0, alg, works);
        let point = alg == Algorithm::TLS12_ECJPAKE_TO_PMS;
        assert_supports(Function::KeyDerivation, KeyType::DERIVE, 128, alg, works && !point);
        assert_supports(Function::KeyDerivation, KeyType::DERIVE, 520, alg, works);
        assert_supports(Function::KeyDerivation, KeyType::PASSWORD, 128, alg, false);
    }
}
