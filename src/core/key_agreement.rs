//! Key agreement (PSA 1.5, section 10.11).

use super::key_slot::KeySlot;
use super::keys;
use super::library::Library;
use crate::fail;
use crate::memory::Secret;
use crate::psa::{Algorithm, Attributes, Error, KeyId, KeyType, Result, Usage, sizes};

/// `psa_raw_key_agreement`.
pub fn raw(library: &Library, alg: Algorithm, key: KeyId, peer: &[u8], output: &mut [u8]) -> Result<usize> {
    check_standalone(alg)?;
    let slot = library.key(key)?;
    let size = sizes::raw_key_agreement_output_size(slot.attributes().key_type, slot.attributes().bits);
    let output = output.get_mut(..size).ok_or(Error::BufferTooSmall)?;
    let secret = agree(library, &slot, alg, peer)?;
    output.get_mut(..secret.len()).ok_or(Error::CorruptionDetected)?.copy_from_slice(&secret);
    Ok(secret.len())
}

/// `psa_key_agreement`: the secret becomes a key.
pub fn to_key(library: &Library, key: KeyId, peer: &[u8], alg: Algorithm, attributes: &Attributes) -> Result<KeyId> {
    check_standalone(alg)?;
    let types = [KeyType::DERIVE, KeyType::RAW_DATA, KeyType::HMAC, KeyType::PASSWORD];
    if !types.contains(&attributes.key_type) {
        return fail!(InvalidArgument, "an agreed key is of type DERIVE, RAW_DATA, HMAC or PASSWORD");
    }
    let slot = library.key(key)?;
    keys::import(library, attributes, &agree(library, &slot, alg, peer)?)
}

/// The shared secret, for `alg` alone or combined with a derivation, as the policy of the private key permits.
pub fn agree(library: &Library, slot: &KeySlot, alg: Algorithm, peer: &[u8]) -> Result<Secret> {
    slot.ensure_permitted(Usage::DERIVE, alg)?;
    if slot.attributes().key_type.is_public_key() {
        return fail!(InvalidArgument, "a key agreement takes a key pair and the peer's public key");
    }
    slot.with_key(library, |key| match key.key_agreement() {
        Some(family) => family.agree(alg.key_agreement_get_base(), peer),
        None => fail!(NotSupported, "this key does not agree on secrets where it is kept"),
    })
}

fn check_standalone(alg: Algorithm) -> Result<()> {
    if alg.is_standalone_key_agreement() {
        return Ok(());
    }
    fail!(InvalidArgument, "{alg} is not a standalone key-agreement algorithm")
}
