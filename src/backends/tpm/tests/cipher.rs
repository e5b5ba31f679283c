//! AES, judged by OpenSSL.

use super::proxy::{ENCRYPT_DECRYPT_2, Proxy};
use super::swtpm::{Swtpm, backend};
use super::{NAMING, attributes, generate, oracle, with_usage};
use crate::backends::Backend;
use crate::backends::tpm::TpmBackend;
use crate::core::primitives::{Direction, Key};
use crate::memory::InOut;
use crate::psa::{Algorithm, Attributes, Error, KeyType, Result, Usage};

const IV: [u8; 16] = [0xff; 16];
const BOTH: Usage = Usage::ENCRYPT.union(Usage::DECRYPT);
const MODES: [(Algorithm, &str); 6] = [
    (Algorithm::ECB_NO_PADDING, "ecb"),
    (Algorithm::CBC_NO_PADDING, "cbc"),
    (Algorithm::CBC_PKCS7, "cbc"),
    (Algorithm::CTR, "ctr"),
    (Algorithm::CFB, "cfb"),
    (Algorithm::OFB, "ofb"),
];

fn encrypting(bits: usize, alg: Algorithm, usage: Usage) -> Attributes {
    with_usage(usage, attributes(KeyType::AES, bits, alg))
}

fn import(backend: &TpmBackend, alg: Algorithm, material: &[u8]) -> Box<dyn Key> {
    let attributes = encrypting(8 * material.len(), alg, BOTH);
    assert_eq!(backend.accepts(&attributes, true), Ok(()));
    let created = backend.import(&attributes, NAMING, material).unwrap();
    backend.open(&attributes, &created.context).unwrap()
}

/// The text in parts of this size.
fn crypt(key: &dyn Key, alg: Algorithm, direction: Direction, text: &[u8], part: usize) -> Result<Vec<u8>> {
    let mut operation = key.cipher().unwrap().setup(alg, direction)?;
    if alg != Algorithm::ECB_NO_PADDING {
        operation.set_iv(&IV)?;
    }
    let mut output = vec![0; text.len() + 16];
    let mut done = 0;
    for part in text.chunks(part) {
        done += operation.update(&mut InOut::new(part, &mut output[done..]))?;
    }
    done += operation.finish(&mut output[done..])?;
    output.truncate(done);
    Ok(output)
}

#[test]
fn every_mode_as_openssl_has_it() {
    let tpm = Swtpm::start();
    let backend = backend(tpm.port);
    for bits in [128, 256] {
        let material: Vec<u8> = (1..=bits / 8).map(|byte| byte as u8).collect();
        for (alg, name) in MODES {
            let key = import(&backend, alg, &material);
            let whole_blocks = matches!(alg, Algorithm::ECB_NO_PADDING | Algorithm::CBC_NO_PADDING);
            for length in [0, 16, 1024, 2064, 1, 100, 1500] {
                if whole_blocks && length % 16 != 0 {
                    continue;
                }
                let text: Vec<u8> = (0..length).map(|index: u32| (index * 7) as u8).collect();
                let iv = if alg == Algorithm::ECB_NO_PADDING { &[][..] } else { &IV };
                let cipher = format!("aes-{bits}-{name}");
                let expected = oracle::cipher(&cipher, &material, iv, &text, alg == Algorithm::CBC_PKCS7);
                for part in [4096, 7, 16, 1000] {
                    if part == 7 && length > 200 {
                        continue;
                    }
                    let of = |direction, text: &[u8]| crypt(&*key, alg, direction, text, part).unwrap();
                    assert_eq!(of(Direction::Encrypt, &text), expected, "{cipher} {length} {part}");
                    assert_eq!(of(Direction::Decrypt, &expected), text, "{cipher} {length} {part}");
                }
            }
        }
    }
}

#[test]
fn one_buffer_is_one_command() {
    let tpm = Swtpm::start();
    let proxy = Proxy::start(tpm.port);
    let backend = backend(proxy.port);
    for alg in [Algorithm::ECB_NO_PADDING, Algorithm::CBC_NO_PADDING, Algorithm::CTR, Algorithm::CFB, Algorithm::OFB] {
        let attributes = encrypting(128, alg, BOTH);
        let created = generate(&backend, &attributes);
        let key = backend.open(&attributes, &created.context).unwrap();
        let encrypt = || crypt(&*key, alg, Direction::Encrypt, &[1; 1024], 1024).unwrap();
        let ciphertext = encrypt();
        assert_eq!(crypt(&*key, alg, Direction::Decrypt, &ciphertext, 1024).unwrap(), [1; 1024]);
        proxy.reset();
        assert_eq!(encrypt(), ciphertext);
        assert_eq!(proxy.commands(), [ENCRYPT_DECRYPT_2]);
    }
}

#[test]
fn bad_texts_and_vectors_are_refused() {
    let tpm = Swtpm::start();
    let backend = backend(tpm.port);
    let key = import(&backend, Algorithm::CBC_PKCS7, &[1; 16]);
    let decrypt = |text: &[u8]| crypt(&*key, Algorithm::CBC_PKCS7, Direction::Decrypt, text, 16);
    // What has no padding at its end.
    let unpadded = oracle::cipher("aes-128-cbc", &[1; 16], &IV, &[0; 32], false);
    assert_eq!(decrypt(&unpadded), Err(Error::InvalidPadding));
    assert_eq!(decrypt(&unpadded[..20]), Err(Error::InvalidArgument));
    assert_eq!(decrypt(&[]), Err(Error::InvalidArgument));
    let mut operation = key.cipher().unwrap().setup(Algorithm::CBC_PKCS7, Direction::Encrypt).unwrap();
    assert_eq!(operation.set_iv(&[0; 15]), Err(Error::InvalidArgument));
    operation.set_iv(&IV).unwrap();
    let short = operation.update(&mut InOut::new(&[0; 32], &mut [0; 31]));
    assert_eq!(short, Err(Error::BufferTooSmall));
    let set_up = key.cipher().unwrap().setup(Algorithm::XTS, Direction::Encrypt);
    assert_eq!(set_up.err(), Some(Error::NotSupported));
}

/// The TPM itself keeps a key to what its policy says.
#[test]
fn an_encrypting_key_does_not_decrypt() {
    let tpm = Swtpm::start();
    let backend = backend(tpm.port);
    let attributes = encrypting(256, Algorithm::CTR, Usage::ENCRYPT);
    let created = generate(&backend, &attributes);
    let key = backend.open(&attributes, &created.context).unwrap();
    assert!(crypt(&*key, Algorithm::CTR, Direction::Encrypt, b"text", 16).is_ok());
    assert!(crypt(&*key, Algorithm::CTR, Direction::Decrypt, b"text", 16).is_err());
}
