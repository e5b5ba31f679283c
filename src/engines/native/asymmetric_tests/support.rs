//! `supports` says exactly what works.

use super::{prepare_sized, public_key};
use crate::core::primitives::Key;
use crate::engines::native::Native;
use crate::engines::{Engine, Function};
use crate::psa::{Algorithm, DhFamily, EccFamily, Error, KeyType, sizes};

const HASHES: [Algorithm; 18] = [
    Algorithm::MD2,
    Algorithm::MD5,
    Algorithm::RIPEMD160,
    Algorithm::SHA_1,
    Algorithm::SHA_224,
    Algorithm::SHA_256,
    Algorithm::SHA_384,
    Algorithm::SHA_512,
    Algorithm::SHA_512_224,
    Algorithm::SHA_512_256,
    Algorithm::SHA3_224,
    Algorithm::SHA3_256,
    Algorithm::SHA3_384,
    Algorithm::SHA3_512,
    Algorithm::SM3,
    Algorithm::SHAKE256_512,
    Algorithm::ANY_HASH,
    // Not a hash of the specification.
    Algorithm(0x0200007e),
];

fn key_types() -> Vec<(KeyType, usize)> {
    let curves = [
        (EccFamily::SECP_R1, &[192, 224, 256, 384, 521][..]),
        (EccFamily::SECP_K1, &[192, 256]),
        (EccFamily::BRAINPOOL_P_R1, &[160, 192, 224, 256, 320, 384, 512]),
        (EccFamily::MONTGOMERY, &[255, 448]),
        (EccFamily::TWISTED_EDWARDS, &[255, 448]),
    ];
    let curves = curves
        .into_iter()
        .flat_map(|(family, sizes)| sizes.iter().map(move |bits| (KeyType::ecc_key_pair(family), *bits)));
    let others = [
        (KeyType::RSA_KEY_PAIR, 1024),
        (KeyType::RSA_KEY_PAIR, 1152),
        (KeyType::ML_KEM_KEY_PAIR, 512),
        (KeyType::ML_KEM_KEY_PAIR, 768),
        (KeyType::ML_KEM_KEY_PAIR, 1024),
        (KeyType::ML_DSA_KEY_PAIR, 128),
        (KeyType::ML_DSA_KEY_PAIR, 192),
        (KeyType::ML_DSA_KEY_PAIR, 256),
        (KeyType::dh_key_pair(DhFamily::RFC7919), 2048),
        (KeyType::dh_key_pair(DhFamily::RFC3526), 3072),
    ];
    curves.chain(others).collect()
}

fn algorithms() -> Vec<Algorithm> {
    let with_hash = HASHES.into_iter().flat_map(|hash| {
        [
            Algorithm::rsa_pkcs1v15_sign(hash),
            Algorithm::rsa_pss(hash),
            Algorithm::rsa_pss_any_salt(hash),
            Algorithm::rsa_oaep(hash),
            Algorithm::ecdsa(hash),
            Algorithm::deterministic_ecdsa(hash),
            Algorithm::hash_ml_dsa(hash),
            Algorithm::deterministic_hash_ml_dsa(hash),
            Algorithm::hash_slh_dsa(hash),
        ]
    });
    let without = [
        Algorithm::NONE,
        Algorithm::RSA_PKCS1V15_SIGN_RAW,
        Algorithm::ECDSA_ANY,
        Algorithm::PURE_EDDSA,
        Algorithm::EDDSA_CTX,
        Algorithm::ED25519PH,
        Algorithm::ED448PH,
        Algorithm::RSA_PKCS1V15_CRYPT,
        Algorithm::ECDH,
        Algorithm::FFDH,
        Algorithm::ML_DSA,
        Algorithm::DETERMINISTIC_ML_DSA,
        Algorithm::SLH_DSA,
        Algorithm::LMS,
        Algorithm::ML_KEM,
        Algorithm::ECIES_SEC1,
    ];
    with_hash.chain(without).collect()
}

/// True where signing, and verifying with the public key, works.
fn signs_hash(pair: &dyn Key, public: &dyn Key, alg: Algorithm) -> bool {
    let length = if alg.is_hash_eddsa() { 64 } else { sizes::hash_length(alg.get_hash()).max(1) };
    let hash = vec![0xa5; length];
    let mut signature = [0; 5000];
    let Some(signer) = pair.signature() else { return false };
    match signer.sign_hash(alg, &hash, &[], &mut signature) {
        Ok(length) => {
            public.signature().unwrap().verify_hash(alg, &hash, &[], &signature[..length]).unwrap();
            true
        }
        Err(error) => {
            assert_eq!(error, Error::NotSupported, "{alg:x?}");
            let verified = public.signature().unwrap().verify_hash(alg, &hash, &[], &signature);
            assert_eq!(verified, Err(Error::NotSupported), "{alg:x?}");
            false
        }
    }
}

/// True where the key does so itself, or `core` can hash for it.
fn signs_message(pair: &dyn Key, public: &dyn Key, alg: Algorithm) -> bool {
    let Some(signer) = pair.signature() else { return false };
    if alg.is_hash_and_sign() {
        let mut digest = vec![0; sizes::hash_length(alg.get_hash())];
        return Native.hash().compute(alg.get_hash(), b"message", &mut digest).is_ok() && signs_hash(pair, public, alg);
    }
    let mut signature = [0; 5000];
    match signer.sign_message(alg, b"message", &[], &mut signature) {
        Ok(length) => {
            public.signature().unwrap().verify_message(alg, b"message", &[], &signature[..length]).unwrap();
            true
        }
        Err(error) => {
            assert_eq!(error, Error::NotSupported, "{alg:x?}");
            false
        }
    }
}

fn encrypts(pair: &dyn Key, public: &dyn Key, alg: Algorithm) -> bool {
    assert_eq!(pair.asymmetric_encryption().is_some(), public.asymmetric_encryption().is_some());
    let (Some(decryptor), Some(encryptor)) = (pair.asymmetric_encryption(), public.asymmetric_encryption()) else {
        return false;
    };
    let (mut ciphertext, mut plaintext) = ([0; 512], [0; 512]);
    match encryptor.encrypt(alg, b"", &[], &mut ciphertext) {
        Ok(length) => {
            assert_eq!(decryptor.decrypt(alg, &ciphertext[..length], &[], &mut plaintext), Ok(0));
            true
        }
        Err(error) => {
            assert_eq!(error, Error::NotSupported, "{alg:x?}");
            false
        }
    }
}

fn agrees(pair: &dyn Key, peer: &[u8], alg: Algorithm) -> bool {
    pair.key_agreement().is_some_and(|agreement| agreement.agree(alg, peer).is_ok())
}

/// True where both halves work, or `core` can build them from agreement.
fn encapsulates(pair: &dyn Key, public: &dyn Key, alg: Algorithm) -> bool {
    if alg == Algorithm::ECIES_SEC1 {
        return agrees(pair, &public_key(public), Algorithm::ECDH);
    }
    let (Some(one), Some(other)) = (pair.key_encapsulation(), public.key_encapsulation()) else { return false };
    let mut ciphertext = [0; 1600];
    match other.encapsulate(alg, &mut ciphertext) {
        Ok((secret, length)) => {
            assert_eq!(one.decapsulate(alg, &ciphertext[..length]), Ok(secret));
            true
        }
        Err(error) => {
            assert_eq!(
                (error, one.decapsulate(alg, &[0; 768]).err()),
                (Error::NotSupported, Some(Error::NotSupported))
            );
            false
        }
    }
}

#[test]
fn supports_says_exactly_what_works() {
    for (key_type, bits) in key_types() {
        assert!(Native.holds(key_type, bits));
        let pair = prepare_sized(key_type, bits, &Native.generate(key_type, bits, &[]).unwrap());
        let (public_type, peer) = (key_type.public_key_of_key_pair(), public_key(&*pair));
        assert!(Native.holds(public_type, bits));
        let public = prepare_sized(public_type, 0, &peer);
        assert_eq!(public_key(&*public), peer);
        for alg in algorithms() {
            for (function, works) in [
                (Function::SignHash, signs_hash(&*pair, &*public, alg)),
                (Function::SignMessage, signs_message(&*pair, &*public, alg)),
                (Function::AsymmetricEncryption, encrypts(&*pair, &*public, alg)),
            ] {
                let what = format!("{function:?} {key_type:x?} {bits} {alg:x?}");
                assert_eq!(Native.supports(function, key_type, bits, alg), works, "{what}");
                assert_eq!(Native.supports(function, public_type, bits, alg), works, "{what}");
            }
            let works = encapsulates(&*pair, &*public, alg);
            let what = format!("{key_type:x?} {bits} {alg:x?}");
            assert_eq!(Native.supports(Function::KeyEncapsulation, key_type, bits, alg), works, "{what}");
            assert_eq!(Native.supports(Function::KeyEncapsulation, public_type, bits, alg), works, "{what}");
            let works = agrees(&*pair, &peer, alg);
            assert_eq!(Native.supports(Function::KeyAgreement, key_type, bits, alg), works);
            assert!(!Native.supports(Function::KeyAgreement, public_type, bits, alg));
            assert!(public.key_agreement().is_none());
        }
    }
}
