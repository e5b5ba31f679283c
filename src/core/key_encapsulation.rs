//! Key encapsulation (PSA 1.5, section 10.12).
//!
//! ML-KEM is a family of primitives. ECIES-SEC1 is built here from key agreement, once for every engine, device and curve.

use super::in_use::KeyInUse;
use super::key_slot::KeySlot;
use super::keys;
use super::library::Library;
use super::primitives::{Key, KeyAgreement, KeyEncapsulation};
use crate::fail;
use crate::memory::Secret;
use crate::psa::{Algorithm, Attributes, Error, KeyId, KeyType, Result, Usage, sizes};

/// `psa_encapsulate`: the new key, and how long its ciphertext is.
pub fn encapsulate(
    library: &Library,
    key: KeyId,
    alg: Algorithm,
    attributes: &Attributes,
    ciphertext: &mut [u8],
) -> Result<(KeyId, usize)> {
    let slot = permitted_key(library, key, alg, Usage::ENCRYPT)?;
    check_output_type(alg, attributes.key_type)?;
    let of = slot.attributes();
    if ciphertext.len() < sizes::encapsulate_ciphertext_size(of.key_type, of.bits, alg) {
        return Err(Error::BufferTooSmall);
    }
    let (secret, length) = slot.with_public_key(library, |key| match alg {
        Algorithm::ECIES_SEC1 => ecies_encapsulate(library, &slot, key, ciphertext),
        _ => family(key)?.encapsulate(alg, ciphertext),
    })?;
    Ok((make_key(library, attributes, &secret)?, length))
}

/// `psa_decapsulate`.
pub fn decapsulate(
    library: &Library,
    key: KeyId,
    alg: Algorithm,
    ciphertext: &[u8],
    attributes: &Attributes,
) -> Result<KeyId> {
    let slot = permitted_key(library, key, alg, Usage::DECRYPT)?;
    if slot.attributes().key_type.is_public_key() {
        return fail!(InvalidArgument, "decapsulation takes a key pair, not a public key");
    }
    check_output_type(alg, attributes.key_type)?;
    let secret = slot.with_key(library, |key| match alg {
        Algorithm::ECIES_SEC1 => agreement(key)?.agree(Algorithm::ECDH, ciphertext),
        _ => family(key)?.decapsulate(alg, ciphertext),
    })?;
    make_key(library, attributes, &secret)
}

/// SEC 1, version 2.0, section 5.1.3, steps 1 to 4: the secret is agreed on by an ephemeral key, whose public part is the
/// ciphertext. All curves have the cofactor 1, or take care of it in their scalars (RFC 7748).
fn ecies_encapsulate(
    library: &Library,
    slot: &KeySlot,
    key: &dyn Key,
    ciphertext: &mut [u8],
) -> Result<(Secret, usize)> {
    let (key_type, bits) = (slot.attributes().key_type.key_pair_of_public_key(), slot.attributes().bits);
    let mut peer = vec![0; sizes::export_public_key_output_size(key_type, bits)];
    let length = key.public_key(&mut peer)?;
    let ephemeral = library.engine.generate(key_type, bits, &[])?;
    let ephemeral = library.engine.prepare(key_type, bits, &ephemeral)?;
    let secret =
        agreement(&*ephemeral)?.agree(Algorithm::ECDH, peer.get(..length).ok_or(Error::CorruptionDetected)?)?;
    Ok((secret, ephemeral.public_key(ciphertext)?))
}

fn permitted_key(library: &Library, key: KeyId, alg: Algorithm, usage: Usage) -> Result<KeyInUse> {
    if !alg.is_key_encapsulation() {
        return fail!(InvalidArgument, "{alg} is not a key-encapsulation algorithm");
    }
    let slot = library.key(key)?;
    slot.ensure_permitted(usage, alg)?;
    Ok(slot)
}

/// Only a secret that is uniformly random becomes the key of a cipher (section 10.12.3).
fn check_output_type(alg: Algorithm, key_type: KeyType) -> Result<()> {
    let uniform = alg == Algorithm::ML_KEM;
    if matches!(key_type, KeyType::DERIVE | KeyType::HMAC) || uniform && key_type.is_symmetric_cipher() {
        return Ok(());
    }
    fail!(InvalidArgument, "a key of type {key_type} is not encapsulated with {alg}")
}

fn make_key(library: &Library, attributes: &Attributes, secret: &[u8]) -> Result<KeyId> {
    let bits = 8 * secret.len();
    if attributes.bits != 0 && attributes.bits != bits {
        return fail!(InvalidArgument, "the encapsulated key has {bits} bits, not {}", attributes.bits);
    }
    keys::import(library, attributes, secret)
}

fn family(key: &dyn Key) -> Result<&dyn KeyEncapsulation> {
    match key.key_encapsulation() {
        Some(family) => Ok(family),
        None => fail!(NotSupported, "this key does not encapsulate where it is kept"),
    }
}

fn agreement(key: &dyn Key) -> Result<&dyn KeyAgreement> {
    match key.key_agreement() {
        Some(family) => Ok(family),
        None => fail!(NotSupported, "this key does not agree on secrets where it is kept"),
    }
}

#[cfg(test)]
mod tests;
