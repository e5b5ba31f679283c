//! Signatures of keys in a token.

use parsec::backends::Backend;
use parsec::psa::{Algorithm, EccFamily, Error, KeyType, Lifetime};

use crate::fixture::{attributes, backend, generate, p256, rsa, sign, sign_with};
use crate::openssl::{Oracle, P256, P384};

const HASH: [u8; 64] = [0x5a; 64];

#[test]
fn ecdsa_signs_hashes_of_any_length() {
    let backend = backend("keys");
    for lifetime in [Lifetime::VOLATILE, Lifetime::PERSISTENT] {
        let attributes = p256(lifetime);
        let created = generate(&backend, &attributes);
        assert_eq!((created.public_key.len(), created.bits), (65, 256));
        let oracle = Oracle::ec(P256, &created.public_key);
        for length in [20, 28, 32, 48, 64] {
            let signature = sign(&backend, &attributes, &created, &HASH[..length]).unwrap();
            assert_eq!(signature.len(), 64);
            assert!(oracle.verifies_ecdsa(&HASH[..length], &signature), "{length} bytes");
        }
        backend.destroy(&attributes, &created.context).unwrap();
    }
}

#[test]
fn other_curves_cost_nothing() {
    let backend = backend("keys");
    let key_type = KeyType::ecc_key_pair(EccFamily::SECP_R1);
    let attributes = attributes(key_type, 384, Algorithm::ECDSA_ANY, Lifetime::VOLATILE);
    backend.accepts(&attributes, false).unwrap();
    let created = generate(&backend, &attributes);
    let oracle = Oracle::ec(P384, &created.public_key);
    for length in [32, 48, 64] {
        let signature = sign(&backend, &attributes, &created, &HASH[..length]).unwrap();
        assert!(oracle.verifies_ecdsa(&HASH[..length], &signature), "{length} bytes");
    }
}

#[test]
fn rsa_signs_with_both_paddings() {
    let backend = backend("keys");
    let make = |alg| {
        let attributes = rsa(2048, alg);
        let created = generate(&backend, &attributes);
        (backend.open(&attributes, &created.context).unwrap(), Oracle::rsa(&created.public_key))
    };
    let (key, oracle) = make(Algorithm::rsa_pkcs1v15_sign(Algorithm::ANY_HASH));
    let (pss_key, pss_oracle) = make(Algorithm::rsa_pss(Algorithm::ANY_HASH));
    let hashes = [
        (Algorithm::SHA_1, 20, "digest:sha1"),
        (Algorithm::SHA_256, 32, "digest:sha256"),
        (Algorithm::SHA_384, 48, "digest:sha384"),
        (Algorithm::SHA_512, 64, "digest:sha512"),
    ];
    for (hash, length, digest) in hashes {
        let input = &HASH[..length];
        let signature = sign_with(key.as_ref(), Algorithm::rsa_pkcs1v15_sign(hash), input).unwrap();
        assert!(oracle.verifies(input, &signature, &["rsa_padding_mode:pkcs1", digest]), "PKCS1v15 {digest}");
        let signature = sign_with(pss_key.as_ref(), Algorithm::rsa_pss(hash), input).unwrap();
        let options = ["rsa_padding_mode:pss", digest, "rsa_pss_saltlen:digest"];
        assert!(pss_oracle.verifies(input, &signature, &options), "PSS {digest}");
    }
    let signature = sign_with(key.as_ref(), Algorithm::RSA_PKCS1V15_SIGN_RAW, &HASH[..50]).unwrap();
    assert!(oracle.verifies(&HASH[..50], &signature, &["rsa_padding_mode:pkcs1"]));
    let deterministic = sign_with(key.as_ref(), Algorithm::RSA_PKCS1V15_SIGN_RAW, &HASH[..50]).unwrap();
    assert_eq!(signature, deterministic);
    // The token knows the key's policy too.
    let other = sign_with(key.as_ref(), Algorithm::rsa_pss(Algorithm::SHA_256), &HASH[..32]);
    assert_eq!(other, Err(Error::NotSupported));
    parsec::cause::take();
}

#[test]
fn a_small_rsa_key_has_a_short_salt() {
    let backend = backend("keys");
    let attributes = rsa(1024, Algorithm::rsa_pss(Algorithm::SHA_512));
    let created = generate(&backend, &attributes);
    let signature = sign(&backend, &attributes, &created, &HASH).unwrap();
    let options = ["rsa_padding_mode:pss", "digest:sha512", "rsa_pss_saltlen:62"];
    assert!(Oracle::rsa(&created.public_key).verifies(&HASH, &signature, &options));
}

#[test]
fn wrong_lengths_are_refused_before_the_token_is_asked() {
    let backend = backend("keys");
    let attributes = rsa(1024, Algorithm::rsa_pss(Algorithm::SHA_256));
    let created = generate(&backend, &attributes);
    let key = backend.open(&attributes, &created.context).unwrap();
    let signer = key.signature().unwrap();
    let sign = |alg, hash: &[u8], size: usize| {
        let mut signature = vec![0xee; size];
        let answer = signer.sign_hash(alg, hash, &[], &mut signature);
        assert!(answer.is_ok() || signature.iter().all(|byte| *byte == 0xee));
        answer
    };
    let pss = Algorithm::rsa_pss(Algorithm::SHA_256);
    assert_eq!(sign(pss, &HASH[..32], 128), Ok(128));
    assert_eq!(sign(pss, &HASH[..32], 127), Err(Error::BufferTooSmall));
    assert_eq!(sign(pss, &HASH[..31], 128), Err(Error::InvalidArgument));
    assert_eq!(sign(Algorithm::RSA_PKCS1V15_SIGN_RAW, &[1; 118], 128), Err(Error::InvalidArgument));
    assert_eq!(sign(Algorithm::ecdsa(Algorithm::SHA_256), &HASH[..32], 128), Err(Error::NotSupported));
}

#[test]
fn what_is_announced_is_accepted_and_nothing_else() {
    let backend = backend("keys");
    let ecc = KeyType::ecc_key_pair(EccFamily::SECP_R1);
    let sha_256 = Algorithm::SHA_256;
    let cases = [
        (ecc, 256, Algorithm::ecdsa(sha_256), true),
        (ecc, 256, Algorithm::ECDSA_ANY, true),
        (ecc, 521, Algorithm::ecdsa(sha_256), true),
        (ecc, 256, Algorithm::deterministic_ecdsa(sha_256), false),
        (ecc, 255, Algorithm::ecdsa(sha_256), false),
        (ecc, 256, Algorithm::rsa_pss(sha_256), false),
        (KeyType::ecc_key_pair(EccFamily::TWISTED_EDWARDS), 255, Algorithm::ED25519PH, false),
        (KeyType::RSA_KEY_PAIR, 2048, Algorithm::rsa_pss(sha_256), true),
        (KeyType::RSA_KEY_PAIR, 2048, Algorithm::rsa_pss(Algorithm::SHA3_256), true),
        (KeyType::RSA_KEY_PAIR, 2048, Algorithm::rsa_pkcs1v15_sign(Algorithm::SHA3_256), true),
        (KeyType::RSA_KEY_PAIR, 512, Algorithm::rsa_pss(sha_256), false),
        (KeyType::AES, 128, Algorithm::CTR, false),
    ];
    for (key_type, bits, alg, expected) in cases {
        let supported = backend.supports(parsec::engines::Function::SignHash, key_type, bits, alg);
        assert_eq!(supported, expected, "{key_type:?} {bits} {alg:x?}");
        let accepted = backend.accepts(&attributes(key_type, bits, alg, Lifetime::VOLATILE), false);
        assert_eq!(accepted, if expected { Ok(()) } else { Err(Error::NotSupported) }, "{key_type:?} {bits} {alg:x?}");
        assert_eq!(parsec::cause::take().is_some(), !expected);
    }
    parsec::cause::take();
}
