//! Keys from outside, wrapped so that only one storage key of one TPM can take them in (TPM 2.0 Library, part 1, section
//! 23.3, and annexes B.10.3 and C.6.3).
//!
//! Twice: the inner wrapper has a key that goes to the TPM in the kept session, as an encrypted parameter; the seed of
//! the outer one is agreed with, or encrypted to, the storage key's public part. So key material never crosses the bus
//! in the clear, and who would learn it has to break both.

use sha2::{Digest, Sha256};

use super::identifiers::{AES, CFB, psa_hash};
use super::protection::{self, Seed};
use super::public::{Public, SymmetricDefinition};
use super::wire::sized;
use crate::core::primitives::Direction;
use crate::engines::native::fill_random;
use crate::fail;
use crate::memory::Secret;
use crate::psa::sizes::{bits_to_bytes, hash_length};
use crate::psa::{Algorithm, Result};

/// What encrypts the inner wrapper.
pub(super) const INNER: SymmetricDefinition = SymmetricDefinition::aes(128, CFB);
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
    /// The key of the inner wrapper, which nobody else may learn.
    pub(super) key: Secret,
}

/// The hash of a storage key's protection, and the bits of its AES key.
fn protection(parent: &Public) -> Result<(Algorithm, usize)> {
    match (parent.protection(), psa_hash(parent.name_hash)) {
        (SymmetricDefinition { algorithm: AES, bits, mode: CFB }, Some(hash)) => Ok((hash, usize::from(bits))),
        _ => fail!(NotSupported, "keys cannot be imported below this primary, which does not protect by AES-CFB"),
    }
}

/// Wraps a sensitive area (TPMT_SENSITIVE) for `parent`; `name` is the name of the key's public area, by SHA-256.
pub(super) fn wrap(parent: &Public, name: &[u8], sensitive: &[u8]) -> Result<Duplicate> {
    let (hash, bits) = protection(parent)?;
    let (key, mut wrapped) = wrap_inner(name, sensitive)?;
    let Seed { secret, encrypted: seed } = protection::share_seed(parent, DUPLICATE)?;
    let encryption_key = protection::derive(hash, &secret, b"STORAGE\0", &[name], bits)?;
    let integrity_key = protection::derive(hash, &secret, b"INTEGRITY\0", &[], 8 * hash_length(hash))?;
    protection::crypt(Direction::Encrypt, &encryption_key, &ZEROS, &mut wrapped)?;
    let integrity = protection::hmac(hash, &integrity_key, &[&wrapped, name].concat())?;
    Ok(Duplicate { private: [sized(&integrity).as_slice(), &wrapped].concat(), seed, key })
}

/// The key of the inner wrapper and what it encrypts: a hash of sensitive area and name, and the area.
fn wrap_inner(name: &[u8], sensitive: &[u8]) -> Result<(Secret, Secret)> {
    let mut key = Secret::new(vec![0; bits_to_bytes(usize::from(INNER.bits))]);
    fill_random(&mut key)?;
    let sensitive = Secret::new(sized(sensitive));
    let integrity = Sha256::new().chain_update(sensitive.as_slice()).chain_update(name).finalize();
    let mut wrapped = Secret::new([sized(&integrity).as_slice(), &sensitive].concat());
    protection::crypt(Direction::Encrypt, &key, &ZEROS, &mut wrapped)?;
    Ok((key, wrapped))
}
