//! Tests against the vectors of standards and against the native engine, which is another implementation.

mod against_native;
mod fork;
mod known_answers;
mod support;
mod threads;

use super::MbedCrypto;
use crate::core::primitives::Key;
use crate::engines::Engine;
use crate::psa::{Algorithm, DhFamily, EccFamily, KeyType};

const P256_PAIR: KeyType = KeyType::ecc_key_pair(EccFamily::SECP_R1);
const ECDSA_SHA_256: Algorithm = Algorithm::ecdsa(Algorithm::SHA_256);

fn engine() -> MbedCrypto {
    MbedCrypto::new().unwrap()
}

/// Bytes from hexadecimal digits; spaces are for the eye.
fn hex(digits: &str) -> Vec<u8> {
    let digits: String = digits.split_whitespace().collect();
    assert!(digits.len().is_multiple_of(2));
    (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap()).collect()
}

/// A key ready for use, imported without a size.
fn prepare(engine: &dyn Engine, key_type: KeyType, material: &[u8]) -> Box<dyn Key> {
    let (material, bits) = engine.import(key_type, 0, material).unwrap();
    engine.prepare(key_type, bits, &material).unwrap()
}

/// What a call wrote, and that it wrote nothing else.
fn written(call: impl FnOnce(&mut [u8]) -> crate::psa::Result<usize>) -> Vec<u8> {
    let mut output = vec![0xee; 1100];
    let length = call(&mut output).unwrap();
    assert!(output[length..].iter().all(|byte| *byte == 0xee));
    output.truncate(length);
    output
}

fn public_key(key: &dyn Key) -> Vec<u8> {
    written(|output| key.public_key(output))
}

fn sign(key: &dyn Key, alg: Algorithm, hash: &[u8]) -> Vec<u8> {
    written(|output| key.signature().unwrap().sign_hash(alg, hash, &[], output))
}

fn verify(key: &dyn Key, alg: Algorithm, hash: &[u8], signature: &[u8]) -> crate::psa::Result<()> {
    key.signature().unwrap().verify_hash(alg, hash, &[], signature)
}
