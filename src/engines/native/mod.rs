//! The native engine: the default, and the complete one.
//!
//! What is hot or secret-dependent is computed by aws-lc, through the small wrappers in `ffi`, one per object of
//! that library. Keys without a public part are in `symmetric_keys`, the others in `asymmetric_keys`.

mod asymmetric_keys;
mod ffi;
mod hash;
mod key_derivation;
mod random;
mod symmetric_keys;

use super::{Engine, Function};
use crate::core::primitives::{Hash, Key, KeyDerivation};
use crate::memory::Secret;
use crate::psa::{Algorithm, KeyType, Result};

/// The engine itself; all state is in the keys and operations that it makes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Native;

impl Engine for Native {
    fn name(&self) -> &'static str {
        "native"
    }

    fn supports(&self, function: Function, key_type: KeyType, bits: usize, alg: Algorithm) -> bool {
        match function {
            Function::Hash => hash::offers(alg),
            Function::KeyDerivation => key_derivation::accepts(alg, key_type),
            _ if is_asymmetric(key_type) => asymmetric_keys::supports(function, key_type, bits, alg),
            _ => symmetric_keys::supports(function, key_type, bits, alg),
        }
    }

    fn holds(&self, key_type: KeyType, bits: usize) -> bool {
        if is_asymmetric(key_type) {
            asymmetric_keys::holds(key_type, bits)
        } else {
            symmetric_keys::holds(key_type, bits)
        }
    }

    fn generate(&self, key_type: KeyType, bits: usize, exponent: &[u8]) -> Result<Secret> {
        if is_asymmetric(key_type) {
            asymmetric_keys::generate(key_type, bits, exponent)
        } else {
            symmetric_keys::generate(key_type, bits)
        }
    }

    fn import(&self, key_type: KeyType, bits: usize, data: &[u8]) -> Result<(Secret, usize)> {
        if is_asymmetric(key_type) {
            asymmetric_keys::import(key_type, bits, data)
        } else {
            symmetric_keys::import(key_type, bits, data)
        }
    }

    fn prepare(&self, key_type: KeyType, bits: usize, material: &[u8]) -> Result<Box<dyn Key>> {
        if is_asymmetric(key_type) {
            asymmetric_keys::prepare(key_type, bits, material)
        } else {
            symmetric_keys::prepare(key_type, bits, material)
        }
    }

    fn hash(&self) -> &dyn Hash {
        &hash::Hashes
    }

    fn key_derivation(&self) -> &dyn KeyDerivation {
        &key_derivation::Derivations
    }

    fn random(&self, output: &mut [u8]) -> Result<()> {
        random::fill(output)
    }
}

/// `PSA_KEY_TYPE_IS_ASYMMETRIC`: the key has a public part.
const fn is_asymmetric(key_type: KeyType) -> bool {
    key_type.0 & 0x4000 != 0
}
