//! Hashes, MACs and derivations over messages in pieces, as the protocols use them.

use super::super::hash::Hashes;
use super::super::{key_derivation, symmetric_keys};
use crate::core::primitives::{DerivationInputs, Hash, KeyDerivation};
use crate::memory::Secret;
use crate::psa::{Algorithm, Error, KeyType, Result, sizes};

/// The hash of the pieces.
pub(super) fn hash(algorithm: Algorithm, pieces: &[&[u8]]) -> Result<Secret> {
    let mut operation = Hashes.setup(algorithm)?;
    pieces.iter().try_for_each(|piece| operation.update(piece))?;
    let mut hash = Secret::new(vec![0; sizes::hash_length(algorithm)]);
    operation.finish(&mut hash)?;
    Ok(hash)
}

/// HMAC of the pieces, of the full length.
pub(super) fn hmac(algorithm: Algorithm, key: &[u8], pieces: &[&[u8]]) -> Result<Secret> {
    // A key that is shorter is the same as one that is filled up with a zero (RFC 2104), and no key is empty.
    let key = if key.is_empty() { &[0] } else { key };
    mac(KeyType::HMAC, Algorithm::hmac(algorithm), sizes::hash_length(algorithm), key, pieces)
}

/// AES-CMAC of the pieces.
pub(super) fn cmac(key: &[u8], pieces: &[&[u8]]) -> Result<Secret> {
    mac(KeyType::AES, Algorithm::CMAC, 16, key, pieces)
}

fn mac(key_type: KeyType, algorithm: Algorithm, length: usize, key: &[u8], pieces: &[&[u8]]) -> Result<Secret> {
    let key = symmetric_keys::prepare(key_type, 8 * key.len(), key)?;
    let mut operation = key.mac().ok_or(Error::NotSupported)?.setup(algorithm)?;
    pieces.iter().try_for_each(|piece| operation.update(piece))?;
    let mut mac = Secret::new(vec![0; length]);
    operation.finish(&mut mac)?;
    Ok(mac)
}

/// HKDF-Expand (RFC 5869, section 2.3).
pub(super) fn expand(algorithm: Algorithm, key: &[u8], info: &[u8], length: usize) -> Result<Secret> {
    derive(Algorithm::hkdf_expand(algorithm), None, key, info, length)
}

/// HKDF (RFC 5869) without a salt.
pub(super) fn hkdf(algorithm: Algorithm, key: &[u8], info: &[u8], length: usize) -> Result<Secret> {
    derive(Algorithm::hkdf(algorithm), Some(&[]), key, info, length)
}

fn derive(algorithm: Algorithm, salt: Option<&[u8]>, key: &[u8], info: &[u8], length: usize) -> Result<Secret> {
    let inputs = DerivationInputs {
        secret: Some(Secret::new(key.to_vec())),
        salt: salt.map(|salt| Secret::new(salt.to_vec())),
        info: Some(info.to_vec()),
        ..Default::default()
    };
    let mut output = Secret::new(vec![0; length]);
    key_derivation::Derivations.start(algorithm, inputs)?.read(&mut output)?;
    Ok(output)
}

/// The KDF of IEEE Std 802.11, section 12.7.1.6.2: HMAC of a counter, a label, a context and the length in bits.
pub(super) fn ieee80211_kdf(
    algorithm: Algorithm,
    key: &[u8],
    label: &str,
    context: &[u8],
    bits: usize,
) -> Result<Secret> {
    let bits_field = u16::try_from(bits).map_err(|_| Error::InvalidArgument)?.to_le_bytes();
    let length = bits.div_ceil(8);
    let mut output = Secret::new(Vec::with_capacity(length + sizes::HASH_MAX_SIZE));
    let mut counter: u16 = 0;
    while output.len() < length {
        counter += 1;
        output.extend_from_slice(&hmac(
            algorithm,
            key,
            &[&counter.to_le_bytes(), label.as_bytes(), context, &bits_field],
        )?);
    }
    // What is cut off stays within the capacity, and is wiped with it.
    output.truncate(length);
    Ok(output)
}
