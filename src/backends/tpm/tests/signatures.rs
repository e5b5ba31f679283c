//! Signatures.

use super::oracle;
use super::proxy::{Proxy, RSA_DECRYPT, SIGN};
use super::swtpm::{Swtpm, backend};
use super::{assert_signs, attributes, generate, p256, rsa, sign, sign_with, with_usage};
use crate::backends::Backend;
use crate::engines::Function;
use crate::psa::{Algorithm, Attributes, EccFamily, Error, KeyType, Usage};

#[test]
fn ecdsa_of_every_digest_length() {
    let tpm = Swtpm::start();
    let backend = backend(tpm.port);
    // All that this TPM lists and PSA knows.
    for bits in [192, 224, 256, 384, 521] {
        let attributes = attributes(KeyType::ecc_key_pair(EccFamily::SECP_R1), bits, Algorithm::ECDSA_ANY);
        assert_eq!(backend.accepts(&attributes, false), Ok(()));
        let created = generate(&backend, &attributes);
        assert_eq!(created.bits, bits);
        for length in [16, 20, 28, 32, 48, 64] {
            let hash: Vec<u8> = (1..=length).collect();
            let signature = sign(&backend, &attributes, &created, &hash).unwrap();
            assert_eq!(signature.len(), 2 * bits.div_ceil(8));
            assert!(oracle::ecdsa(&created.public_key, &hash, &signature), "{bits} bits, {length} bytes");
            let mut other = hash.clone();
            other[0] ^= 1;
            assert!(!oracle::ecdsa(&created.public_key, &other, &signature));
        }
    }
}

#[test]
fn rsa_with_hashes_that_the_tpm_has_and_lacks() {
    let tpm = Swtpm::start();
    let backend = backend(tpm.port);
    let any = rsa(Algorithm::rsa_pkcs1v15_sign(Algorithm::ANY_HASH));
    let created = generate(&backend, &any);
    assert_eq!(created.bits, 2048);
    for (hash, name) in [
        (Algorithm::SHA_1, "sha1"),
        (Algorithm::SHA_224, "sha224"),
        (Algorithm::SHA_256, "sha256"),
        (Algorithm::SHA_384, "sha384"),
        (Algorithm::SHA_512, "sha512"),
        (Algorithm::SHA_512_256, "sha512-256"),
        (Algorithm::SHA3_256, "sha3-256"),
        (Algorithm::SHA3_512, "sha3-512"),
    ] {
        let digest = vec![0xa5; crate::psa::sizes::hash_length(hash)];
        let algorithm = Algorithm::rsa_pkcs1v15_sign(hash);
        let signature = sign_with(&backend, &any, &created, algorithm, &digest).unwrap();
        let options = ["rsa_padding_mode:pkcs1", &format!("digest:{name}")];
        assert!(oracle::rsa(&created.public_key, &digest, &signature, &options), "{name}");
        assert_eq!(sign_with(&backend, &any, &created, algorithm, &digest[1..]), Err(Error::InvalidArgument), "{name}");
    }
    let raw = sign_with(&backend, &any, &created, Algorithm::RSA_PKCS1V15_SIGN_RAW, b"as it is").unwrap();
    assert!(oracle::rsa(&created.public_key, b"as it is", &raw, &["rsa_padding_mode:pkcs1"]));
}

/// One key for each use: it signs and is asked by OpenSSL, and it decrypts what OpenSSL encrypts.
#[test]
fn rsa_with_3072_bits() {
    let tpm = Swtpm::start();
    let backend = backend(tpm.port);
    let signing = Attributes { bits: 3072, ..rsa(Algorithm::rsa_pss(Algorithm::SHA_256)) };
    assert_eq!(backend.accepts(&signing, false), Ok(()));
    let created = generate(&backend, &signing);
    assert_eq!(created.bits, 3072);
    let signature = sign(&backend, &signing, &created, &[1; 32]).unwrap();
    assert_eq!(signature.len(), 384);
    let options = ["rsa_padding_mode:pss", "rsa_pss_saltlen:32", "digest:sha256"];
    assert!(oracle::rsa(&created.public_key, &[1; 32], &signature, &options));

    let oaep = Algorithm::rsa_oaep(Algorithm::SHA_256);
    let decrypting = with_usage(Usage::DECRYPT, Attributes { bits: 3072, ..rsa(oaep) });
    let created = generate(&backend, &decrypting);
    let options = ["rsa_padding_mode:oaep", "rsa_oaep_md:sha256"];
    let ciphertext = oracle::encrypt(&created.public_key, b"for the TPM", &options);
    let key = backend.open(&decrypting, &created.context).unwrap();
    let mut text = [0; 384];
    let length = key.asymmetric_encryption().unwrap().decrypt(oaep, &ciphertext, b"", &mut text).unwrap();
    assert_eq!(&text[..length], b"for the TPM");
}

/// The key is made for a hash that the TPM has: it gets no right to decrypt.
#[test]
fn rsa_keys_get_no_more_rights_than_they_need() {
    let tpm = Swtpm::start();
    let backend = backend(tpm.port);
    let attributes = rsa(Algorithm::rsa_pkcs1v15_sign(Algorithm::SHA_256));
    let created = generate(&backend, &attributes);
    let signature = sign(&backend, &attributes, &created, &[1; 32]).unwrap();
    let options = ["rsa_padding_mode:pkcs1", "digest:sha256"];
    assert!(oracle::rsa(&created.public_key, &[1; 32], &signature, &options));
    let other = Algorithm::rsa_pss(Algorithm::SHA_256);
    assert_eq!(sign_with(&backend, &attributes, &created, other, &[1; 32]), Err(Error::NotSupported));
}

#[test]
fn pss_has_the_salt_that_psa_asks_for() {
    let tpm = Swtpm::start();
    let backend = backend(tpm.port);
    let any = rsa(Algorithm::rsa_pss(Algorithm::ANY_HASH));
    let created = generate(&backend, &any);
    for (hash, name) in [
        (Algorithm::SHA_1, "sha1"),
        (Algorithm::SHA_224, "sha224"),
        (Algorithm::SHA_256, "sha256"),
        (Algorithm::SHA_512, "sha512"),
        (Algorithm::SHA3_256, "sha3-256"),
    ] {
        let length = crate::psa::sizes::hash_length(hash);
        let digest = vec![0x5a; length];
        for algorithm in [Algorithm::rsa_pss(hash), Algorithm::rsa_pss_any_salt(hash)] {
            let signature = sign_with(&backend, &any, &created, algorithm, &digest).unwrap();
            let salt = format!("rsa_pss_saltlen:{length}");
            let options = ["rsa_padding_mode:pss", &salt, &format!("digest:{name}")];
            assert!(oracle::rsa(&created.public_key, &digest, &signature, &options), "{name}");
        }
    }
}

#[test]
fn a_signature_is_one_command() {
    let tpm = Swtpm::start();
    let proxy = Proxy::start(tpm.port);
    let backend = backend(proxy.port);
    for (attributes, command) in [
        (p256(), SIGN),
        (rsa(Algorithm::rsa_pkcs1v15_sign(Algorithm::SHA_256)), SIGN),
        (rsa(Algorithm::rsa_pss(Algorithm::SHA_256)), RSA_DECRYPT),
    ] {
        let created = generate(&backend, &attributes);
        let key = backend.open(&attributes, &created.context).unwrap();
        let mut signature = [0; 256];
        let mut sign =
            || key.signature().unwrap().sign_hash(attributes.algorithm, &[1; 32], &[], &mut signature).unwrap();
        sign();
        proxy.reset();
        for _ in 0..3 {
            sign();
        }
        assert_eq!(proxy.commands(), [command; 3]);
    }
}

#[test]
fn our_own_verification_agrees() {
    let tpm = Swtpm::start();
    let backend = backend(tpm.port);
    let created = generate(&backend, &p256());
    let key = backend.open(&p256(), &created.context).unwrap();
    let signature = sign(&backend, &p256(), &created, &[1; 32]).unwrap();
    let signatures = key.signature().unwrap();
    assert_eq!(signatures.verify_hash(Algorithm::ECDSA_ANY, &[1; 32], &[], &signature), Ok(()));
    let wrong = signatures.verify_hash(Algorithm::ECDSA_ANY, &[2; 32], &[], &signature);
    assert_eq!(wrong, Err(Error::InvalidSignature));
}

#[test]
fn short_outputs_and_foreign_algorithms_cost_no_command() {
    let tpm = Swtpm::start();
    let proxy = Proxy::start(tpm.port);
    let backend = backend(proxy.port);
    let created = generate(&backend, &p256());
    let key = backend.open(&p256(), &created.context).unwrap();
    let mut public = [0; 65];
    assert_eq!(key.public_key(&mut public[..64]), Err(Error::BufferTooSmall));
    assert_eq!(key.public_key(&mut public), Ok(65));
    assert_eq!(public[..], created.public_key);
    proxy.reset();
    let sign = |algorithm, size| key.signature().unwrap().sign_hash(algorithm, &[1; 32], &[], &mut vec![0; size]);
    assert_eq!(sign(Algorithm::ECDSA_ANY, 63), Err(Error::BufferTooSmall));
    for algorithm in [
        Algorithm::deterministic_ecdsa(Algorithm::SHA_256),
        Algorithm::ecdsa(Algorithm::ANY_HASH),
        Algorithm::rsa_pss(Algorithm::SHA_256),
        Algorithm::ED25519PH,
    ] {
        assert_eq!(sign(algorithm, 64), Err(Error::NotSupported));
    }
    assert!(proxy.commands().is_empty());
}

#[test]
fn what_the_code_and_the_tpm_can_hold() {
    let tpm = Swtpm::start();
    let backend = backend(tpm.port);
    for bits in [256, 384] {
        let key = attributes(KeyType::ecc_key_pair(EccFamily::SECP_R1), bits, Algorithm::ecdsa(Algorithm::SHA_256));
        assert_eq!(backend.accepts(&key, false), Ok(()));
    }
    assert_eq!(backend.accepts(&rsa(Algorithm::rsa_pss(Algorithm::SHA_256)), false), Ok(()));
    let mut large = rsa(Algorithm::rsa_pss(Algorithm::SHA_256));
    large.bits = 4096;
    let mut exported = p256();
    exported.usage = Usage::EXPORT;
    let mut deterministic = p256();
    deterministic.algorithm = Algorithm::deterministic_ecdsa(Algorithm::SHA_256);
    let foreign = attributes(KeyType::ecc_key_pair(EccFamily::BRAINPOOL_P_R1), 256, Algorithm::ECDSA_ANY);
    let symmetric = with_usage(Usage::ENCRYPT, attributes(KeyType::AES, 128, Algorithm::GCM));
    let odd = with_usage(Usage::ENCRYPT, attributes(KeyType::AES, 192, Algorithm::CTR));
    // This TPM has no RSA 4096 and no AES 192; the others no TPM has.
    for refused in [large, odd, exported, deterministic, foreign, symmetric] {
        crate::cause::clear();
        assert_eq!(backend.accepts(&refused, false), Err(Error::NotSupported), "{refused:?}");
        assert!(crate::cause::take().is_some());
    }
    assert_eq!(backend.accepts(&p256(), true), Ok(()));
    let ecdsa = Algorithm::ecdsa(Algorithm::SHA_256);
    assert!(backend.supports(Function::SignHash, p256().key_type, 256, ecdsa));
    assert!(backend.supports(Function::SignMessage, p256().key_type, 256, ecdsa));
    assert!(!backend.supports(Function::SignHash, p256().key_type, 255, ecdsa));
    assert!(!backend.supports(Function::SignMessage, p256().key_type, 256, Algorithm::ECDSA_ANY));
    let shake = Algorithm::rsa_pkcs1v15_sign(Algorithm::SHAKE256_512);
    assert!(!backend.supports(Function::SignHash, KeyType::RSA_KEY_PAIR, 2048, shake));
    assert!(backend.supports(Function::SignHash, KeyType::RSA_KEY_PAIR, 2048, Algorithm::RSA_PKCS1V15_SIGN_RAW));
    assert!(!backend.supports(Function::KeyAgreement, p256().key_type, 256, ecdsa));
    assert!(backend.supports(Function::KeyAgreement, p256().key_type, 256, Algorithm::ECDH));
    let (pair, oaep) = (KeyType::RSA_KEY_PAIR, Algorithm::rsa_oaep(Algorithm::SHA_256));
    assert!(backend.supports(Function::AsymmetricEncryption, pair, 2048, oaep));
    assert!(!backend.supports(Function::AsymmetricEncryption, p256().key_type, 256, oaep));
}

#[test]
fn threads_share_the_tpm() {
    let tpm = Swtpm::start();
    let backend = backend(tpm.port);
    let keys: Vec<_> = (0..4).map(|_| generate(&backend, &p256())).collect();
    std::thread::scope(|scope| {
        for key in &keys {
            scope.spawn(|| (0..5).for_each(|_| assert_signs(&backend, &p256(), key)));
        }
    });
}
