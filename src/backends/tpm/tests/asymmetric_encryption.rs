//! RSA decryption of what OpenSSL encrypted.

use super::oracle;
use super::proxy::{Proxy, RSA_DECRYPT};
use super::swtpm::{Swtpm, backend};
use super::{generate, rsa, with_usage};
use crate::backends::{Backend, Created};
use crate::core::primitives::Key;
use crate::psa::{Algorithm, Attributes, Error, Result, Usage};

const OAEP_SHA_256: Algorithm = Algorithm::rsa_oaep(Algorithm::SHA_256);
const PKCS1: [&str; 1] = ["rsa_padding_mode:pkcs1"];

fn decrypting(algorithm: Algorithm) -> Attributes {
    with_usage(Usage::DECRYPT, rsa(algorithm))
}

fn open(backend: &dyn Backend, attributes: &Attributes, created: &Created) -> Box<dyn Key> {
    backend.open(attributes, &created.context).unwrap()
}

fn decrypt(key: &dyn Key, alg: Algorithm, ciphertext: &[u8], label: &[u8]) -> Result<Vec<u8>> {
    let mut plaintext = vec![0; 256];
    let length = key.asymmetric_encryption().unwrap().decrypt(alg, ciphertext, label, &mut plaintext)?;
    plaintext.truncate(length);
    Ok(plaintext)
}

#[test]
fn oaep_with_every_hash_and_label() {
    let tpm = Swtpm::start();
    let backend = backend(tpm.port);
    let attributes = decrypting(OAEP_SHA_256);
    let created = generate(&backend, &attributes);
    let key = open(&backend, &attributes, &created);
    for (hash, name) in [
        (Algorithm::SHA_1, "sha1"),
        (Algorithm::SHA_256, "sha256"),
        (Algorithm::SHA_512, "sha512"),
        // This TPM does not have it.
        (Algorithm::SHA3_256, "sha3-256"),
    ] {
        let alg = Algorithm::rsa_oaep(hash);
        for label in [&b""[..], b"label", b"with a zero at the end\0"] {
            let hex: String = label.iter().map(|byte| format!("{byte:02x}")).collect();
            let (digest, mask) = (format!("rsa_oaep_md:{name}"), format!("rsa_mgf1_md:{name}"));
            let (hex, mut options) = (format!("rsa_oaep_label:{hex}"), vec!["rsa_padding_mode:oaep", &digest, &mask]);
            if !label.is_empty() {
                options.push(&hex);
            }
            let ciphertext = oracle::encrypt(&created.public_key, b"a secret", &options);
            assert_eq!(decrypt(&*key, alg, &ciphertext, label).unwrap(), b"a secret", "{name}");
            assert_eq!(decrypt(&*key, alg, &ciphertext, b"other"), Err(Error::InvalidPadding));
        }
    }
    let empty = oracle::encrypt(&created.public_key, b"", &["rsa_padding_mode:oaep", "rsa_oaep_md:sha256"]);
    assert_eq!(decrypt(&*key, OAEP_SHA_256, &empty, b"").unwrap(), b"");
}

#[test]
fn pkcs1v15_and_wrong_padding() {
    let tpm = Swtpm::start();
    let backend = backend(tpm.port);
    let attributes = decrypting(Algorithm::RSA_PKCS1V15_CRYPT);
    let created = generate(&backend, &attributes);
    let key = open(&backend, &attributes, &created);
    let alg = Algorithm::RSA_PKCS1V15_CRYPT;
    for text in [&b""[..], b"a secret", &[0; 245]] {
        let ciphertext = oracle::encrypt(&created.public_key, text, &PKCS1);
        assert_eq!(decrypt(&*key, alg, &ciphertext, b"").unwrap(), text);
    }
    let foreign = oracle::encrypt(&created.public_key, b"a secret", &["rsa_padding_mode:oaep"]);
    assert_eq!(decrypt(&*key, alg, &foreign, b""), Err(Error::InvalidPadding));
    assert_eq!(decrypt(&*key, alg, &[0xff; 256], b""), Err(Error::InvalidPadding));
    assert_eq!(decrypt(&*key, alg, &foreign[1..], b""), Err(Error::InvalidArgument));
    let ciphertext = oracle::encrypt(&created.public_key, b"a secret", &PKCS1);
    let short = key.asymmetric_encryption().unwrap().decrypt(alg, &ciphertext, b"", &mut [0; 7]);
    assert_eq!(short, Err(Error::BufferTooSmall));
}

#[test]
fn a_decryption_is_one_command() {
    let tpm = Swtpm::start();
    let proxy = Proxy::start(tpm.port);
    let backend = backend(proxy.port);
    let attributes = decrypting(Algorithm::RSA_PKCS1V15_CRYPT);
    let created = generate(&backend, &attributes);
    let key = open(&backend, &attributes, &created);
    let ciphertext = oracle::encrypt(&created.public_key, b"a secret", &PKCS1);
    let decrypt = || decrypt(&*key, attributes.algorithm, &ciphertext, b"").unwrap();
    decrypt();
    proxy.reset();
    (0..3).for_each(|_| assert_eq!(decrypt(), b"a secret"));
    assert_eq!(proxy.commands(), [RSA_DECRYPT; 3]);
}
