//! Keys from outside, wrapped so that only one storage key of one TPM can take them in (TPM 2.0 Library, part 1,
//! section 23.3, and annexes B.10.3 and C.6.3).
//!
//! The seed of the wrapping is agreed with, or encrypted to, the storage key's public part. So key material never
//! crosses the bus in the clear, whatever kind of key it is, and no session is needed.

use super::identifiers::{AES, CFB, psa_hash};
use super::protection::{self, Seed};
use super::public::{Public, SymmetricDefinition};
use super::wire::sized;
use crate::core::primitives::Direction;
use crate::fail;
use crate::memory::Secret;
use crate::psa::sizes::hash_length;
use crate::psa::{Algorithm, Result};

/// What the seed is for, as the TPM names it.
const DUPLICATE: &[u8] = b"DUPLICATE\0";
/// The initialization vector: each key is used once.
const ZEROS: [u8; 16] = [0; 16];

/// A wrapped key.
pub(super) struct Duplicate {
    /// The content of a TPM2B_PRIVATE.
    pub(super) private: Vec<u8>,
    /// The content of a TPM2B_ENCRYPTED_SECRET.
    pub(super) seed: Vec<u8>,
}

/// The hash of a storage key's protection, and the bits of its AES key.
fn protection(parent: &Public) -> Result<(Algorithm, usize)> {
    match (parent.protection(), psa_hash(parent.name_hash)) {
        (SymmetricDefinition { algorithm: AES, bits, mode: CFB }, Some(hash)) => Ok((hash, usize::from(bits))),
        _ => fail!(NotSupported, "keys cannot be imported below this primary, which does not protect by AES-CFB"),
    }
}

/// Wraps a sensitive area (TPMT_SENSITIVE) for `parent`; `name` is the name of the key's public area.
pub(super) fn wrap(parent: &Public, name: &[u8], sensitive: &[u8]) -> Result<Duplicate> {
    let (hash, bits) = protection(parent)?;
    let Seed { secret, encrypted: seed } = protection::share_seed(parent, DUPLICATE)?;
    let encryption_key = protection::derive(hash, &secret, b"STORAGE\0", &[name], bits)?;
    let integrity_key = protection::derive(hash, &secret, b"INTEGRITY\0", &[], 8 * hash_length(hash))?;
    let mut encrypted = Secret::new(sized(sensitive));
    protection::crypt(Direction::Encrypt, &encryption_key, &ZEROS, &mut encrypted)?;
    let integrity = protection::hmac(hash, &integrity_key, &[&encrypted, name].concat())?;
    Ok(Duplicate { private: [sized(&integrity).as_slice(), &encrypted].concat(), seed })
}
