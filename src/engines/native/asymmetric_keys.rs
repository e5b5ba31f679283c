//! Keys with a public part: key pairs and public keys (PSA 1.5, sections 9.5 and 9.6).

use crate::core::primitives::Key;
use crate::engines::Function;
use crate::fail;
use crate::memory::Secret;
use crate::psa::{Algorithm, KeyType, Result};

/// True where keys of this type and size can be generated or imported, and used.
pub(super) fn holds(_key_type: KeyType, _bits: usize) -> bool {
    false
}

/// True where `function` works with such a key and algorithm.
pub(super) fn supports(_function: Function, _key_type: KeyType, _bits: usize, _alg: Algorithm) -> bool {
    false
}

/// Makes the material of a new key pair; `exponent` is the public exponent of an RSA key, empty for 65537.
pub(super) fn generate(key_type: KeyType, bits: usize, _exponent: &[u8]) -> Result<Secret> {
    fail!(NotSupported, "key type {:#06x} of {bits} bits", key_type.0)
}

/// Checks material and returns it in the canonical format with its size in bits.
pub(super) fn import(key_type: KeyType, bits: usize, _data: &[u8]) -> Result<(Secret, usize)> {
    fail!(NotSupported, "key type {:#06x} of {bits} bits", key_type.0)
}

/// Makes a key ready for use.
pub(super) fn prepare(key_type: KeyType, bits: usize, _material: &[u8]) -> Result<Box<dyn Key>> {
    fail!(NotSupported, "key type {:#06x} of {bits} bits", key_type.0)
}
