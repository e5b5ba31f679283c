//! Key derivation (PSA 1.5, section 10.8): HKDF in whole and in halves, and what TLS 1.2 derives.

use super::ffi::{DerivationParts, VolatileKey};
use super::hash;
use super::keys::MAX_BITS;
use super::lock::locked;
use crate::core::primitives::{DerivationInputs, DerivationOutput, KeyDerivation};
use crate::engines::Engine;
use crate::engines::native::Native;
use crate::psa::{Algorithm, DerivationStep, Error, KeyType, Result, sizes};

/// Size of an uncompressed point on secp256r1.
const POINT_BITS: usize = 8 * 65;

/// The longest key in bytes, and with it the longest secret and the most that one step puts out.
const MAX_LENGTH: usize = MAX_BITS / 8;

/// True for the derivations of Mbed TLS. Its PRF of TLS 1.2 has two hashes.
fn has(alg: Algorithm) -> bool {
    if alg.is_hkdf() || alg.is_hkdf_extract() || alg.is_hkdf_expand() {
        return hash::offers(alg.get_hash());
    }
    alg == Algorithm::TLS12_ECJPAKE_TO_PMS
        || (alg.is_tls12_prf() || alg.is_tls12_psk_to_ms())
            && matches!(alg.get_hash(), Algorithm::SHA_256 | Algorithm::SHA_384)
}

/// True where Mbed TLS has the derivation and keys of this type are an input of it. `KeyType::NONE` stands for inputs
/// that are no keys.
pub(super) fn accepts(alg: Algorithm, key_type: KeyType, bits: usize) -> bool {
    // What J-PAKE agrees on is a point on secp256r1.
    let fits = alg != Algorithm::TLS12_ECJPAKE_TO_PMS || key_type == KeyType::NONE || bits == POINT_BITS;
    has(alg) && fits && matches!(key_type, KeyType::NONE | KeyType::RAW_DATA | KeyType::DERIVE)
}

/// All derivations of both engines.
pub(super) struct Derivations;

impl KeyDerivation for Derivations {
    fn offers(&self, alg: Algorithm) -> bool {
        has(alg) || Native.key_derivation().offers(alg)
    }

    fn start(&self, alg: Algorithm, inputs: DerivationInputs) -> Result<Box<dyn DerivationOutput>> {
        if has(alg) && fits(alg, &inputs) {
            return Ok(Box::new(begin(alg, &inputs)?));
        }
        Native.key_derivation().start(alg, inputs)
    }
}

/// True where Mbed TLS takes the secret: it has to be a key, and the pseudorandom key of HKDF-Expand as long as the hash,
/// which for RFC 5869 (section 2.3) is the least.
fn fits(alg: Algorithm, inputs: &DerivationInputs) -> bool {
    let length = inputs.secret.as_ref().map_or(0, |secret| secret.len());
    (1..=MAX_LENGTH).contains(&length) && (!alg.is_hkdf_expand() || length == sizes::hash_length(alg.get_hash()))
}

/// Gives the inputs in the order that Mbed TLS wants.
fn begin(alg: Algorithm, inputs: &DerivationInputs) -> Result<DerivationParts> {
    let secret = inputs.secret.as_deref().ok_or(Error::BadState)?;
    let mut parts = DerivationParts::new();
    locked(|mbed| {
        let key = VolatileKey::import(mbed, KeyType::DERIVE, alg, secret)?;
        parts.setup(mbed, alg)?;
        // What may be left out of one derivation must be given, if empty, to another.
        if let Some(salt) = &inputs.salt {
            parts.input_bytes(mbed, DerivationStep::SALT, salt)?;
        } else if alg.is_hkdf_extract() {
            parts.input_bytes(mbed, DerivationStep::SALT, &[])?;
        }
        if alg.is_tls12_prf() || alg.is_tls12_psk_to_ms() {
            parts.input_bytes(mbed, DerivationStep::SEED, inputs.seed.as_deref().unwrap_or_default())?;
        }
        if let Some(other_secret) = &inputs.other_secret {
            parts.input_bytes(mbed, DerivationStep::OTHER_SECRET, other_secret)?;
        }
        parts.input_secret(&key)?;
        if alg.is_hkdf() || alg.is_hkdf_expand() {
            parts.input_bytes(mbed, DerivationStep::INFO, inputs.info.as_deref().unwrap_or_default())?;
        }
        if alg.is_tls12_prf() || alg.is_tls12_psk_to_ms() {
            parts.input_bytes(mbed, DerivationStep::LABEL, inputs.label.as_deref().unwrap_or_default())?;
        }
        Ok(())
    })?;
    Ok(parts)
}

impl DerivationOutput for DerivationParts {
    fn read(&mut self, output: &mut [u8]) -> Result<()> {
        for piece in output.chunks_mut(MAX_LENGTH) {
            let derived = locked(|mbed| self.output(mbed, piece.len()))?;
            piece.copy_from_slice(derived.get(..piece.len()).ok_or(Error::GenericError)?);
        }
        Ok(())
    }
}
