//! HMAC, judged by OpenSSL.

use super::proxy::{HMAC, Proxy};
use super::swtpm::{Swtpm, backend};
use super::{NAMING, attributes, generate, oracle, p256, with_usage};
use crate::backends::Backend;
use crate::backends::tpm::TpmBackend;
use crate::core::primitives::Key;
use crate::psa::sizes::hash_length;
use crate::psa::{Algorithm, Attributes, Error, KeyType, Usage};

const SHA_256: Algorithm = Algorithm::hmac(Algorithm::SHA_256);

fn authenticating(bits: usize, alg: Algorithm) -> Attributes {
    with_usage(Usage::SIGN_MESSAGE.union(Usage::VERIFY_MESSAGE), attributes(KeyType::HMAC, bits, alg))
}

fn import(backend: &TpmBackend, alg: Algorithm, material: &[u8]) -> Box<dyn Key> {
    let attributes = authenticating(8 * material.len(), alg);
    let created = backend.import(&attributes, NAMING, material).unwrap();
    assert!(created.public_key.is_empty());
    backend.open(&attributes, &created.context).unwrap()
}

fn compute(key: &dyn Key, alg: Algorithm, input: &[u8]) -> Vec<u8> {
    let mut mac = vec![0; hash_length(alg.get_hash())];
    key.mac().unwrap().compute(alg, input, &mut mac).unwrap();
    mac
}

#[test]
fn every_hash_and_length_of_key() {
    let tpm = Swtpm::start();
    let proxy = Proxy::start(tpm.port);
    let backend = backend(proxy.port);
    for (hash, name) in [
        (Algorithm::SHA_1, "sha1"),
        (Algorithm::SHA_256, "sha256"),
        (Algorithm::SHA_384, "sha384"),
        (Algorithm::SHA_512, "sha512"),
    ] {
        let alg = Algorithm::hmac(hash);
        for length in [1, 32, 64, 65, 128, 129, 500] {
            let material: Vec<u8> = (1..=length).map(|byte: u16| byte as u8).collect();
            let key = import(&backend, alg, &material);
            assert_eq!(compute(&*key, alg, b"input"), oracle::hmac(name, &material, b"input"), "{name} {length}");
            assert!(length < 32 || !proxy.has_seen(&material));
        }
    }
}

#[test]
fn every_length_of_input_at_once_and_in_parts() {
    let tpm = Swtpm::start();
    let proxy = Proxy::start(tpm.port);
    let backend = backend(proxy.port);
    let key = import(&backend, SHA_256, &[7; 32]);
    for length in [0, 1, 1023, 1024, 1025, 2048, 5000] {
        let input: Vec<u8> = (0..length).map(|index: u32| index as u8).collect();
        let expected = oracle::hmac("sha256", &[7; 32], &input);
        assert_eq!(compute(&*key, SHA_256, &input), expected, "{length}");
        let mut operation = key.mac().unwrap().setup(SHA_256).unwrap();
        for part in input.chunks(700) {
            operation.update(part).unwrap();
        }
        let mut mac = [0; 32];
        operation.finish(&mut mac).unwrap();
        assert_eq!(mac[..], expected);
        proxy.reset();
        assert_eq!(compute(&*key, SHA_256, &input), expected);
        if length <= 1024 {
            assert_eq!(proxy.commands(), [HMAC]);
        }
    }
    // The key is loaded, and no sequence is left.
    assert_eq!(tpm.loaded(), 1);
}

/// A sequence takes a slot beside the keys that are loaded.
#[test]
fn a_sequence_finds_room_among_loaded_keys() {
    let tpm = Swtpm::start();
    let backend = backend(tpm.port);
    let key = import(&backend, SHA_256, &[7; 32]);
    for _ in 0..3 {
        super::assert_signs(&backend, &p256(), &generate(&backend, &p256()));
    }
    tpm.tool("tpm2_createprimary -C n -c other");
    let input = [9; 3000];
    assert_eq!(compute(&*key, SHA_256, &input), oracle::hmac("sha256", &[7; 32], &input));
}

#[test]
fn generated_keys_have_the_length_that_was_asked_for() {
    let tpm = Swtpm::start();
    let backend = backend(tpm.port);
    let unused = Attributes { algorithm: Algorithm::NONE, ..authenticating(256, SHA_256) };
    assert_eq!(generate(&backend, &unused).bits, 256);
    for bits in [8, 256, 1024] {
        let attributes = authenticating(bits, SHA_256);
        assert_eq!(backend.accepts(&attributes, false), Ok(()));
        let created = generate(&backend, &attributes);
        assert_eq!(created.bits, bits);
        let key = backend.open(&attributes, &created.context).unwrap();
        assert_eq!(compute(&*key, SHA_256, b"input"), compute(&*key, SHA_256, b"input"));
        assert_ne!(compute(&*key, SHA_256, b"input"), compute(&*key, SHA_256, b"other"));
    }
}

#[test]
fn a_key_is_for_the_hash_of_its_policy() {
    let tpm = Swtpm::start();
    let backend = backend(tpm.port);
    let key = import(&backend, SHA_256, &[7; 32]);
    assert!(key.mac().unwrap().compute(Algorithm::hmac(Algorithm::SHA_384), b"", &mut [0; 48]).is_err());
    assert_eq!(key.mac().unwrap().setup(Algorithm::CMAC).err(), Some(Error::NotSupported));
    for alg in [Algorithm::hmac(Algorithm::MD5), Algorithm::hmac(Algorithm::SHA3_256), Algorithm::CMAC] {
        assert_eq!(backend.accepts(&authenticating(256, alg), true), Err(Error::NotSupported));
    }
}
