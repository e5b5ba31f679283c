//! Key derivation (PSA 1.5, section 10.8): HKDF, the PRF of TLS 1.2 and its master secret from a pre-shared key.

use psa_crypto::types::algorithm::{Algorithm as MbedAlgorithm, KeyDerivation as MbedDerivation};

use super::ffi::{DerivationParts, VolatileKey};
use super::hash;
use super::keys::{self, MAX_BITS};
use super::lock::locked;
use crate::core::primitives::{DerivationInputs, DerivationOutput, KeyDerivation};
use crate::engines::Engine;
use crate::engines::native::Native;
use crate::psa::{Algorithm, DerivationStep, Error, KeyType, Result};

/// The longest key in bytes, and with it the longest secret and the most that one step puts out.
const MAX_LENGTH: usize = MAX_BITS / 8;

/// The crate's name of a derivation, `None` where Mbed TLS lacks it. Its PRF of TLS 1.2 has two hashes.
fn find(alg: Algorithm) -> Option<MbedDerivation> {
    let hash_alg = hash::find(alg.get_hash())?;
    let of_tls = matches!(alg.get_hash(), Algorithm::SHA_256 | Algorithm::SHA_384);
    match alg {
        _ if alg.is_hkdf() => Some(MbedDerivation::Hkdf { hash_alg }),
        _ if alg.is_tls12_prf() && of_tls => Some(MbedDerivation::Tls12Prf { hash_alg }),
        _ if alg.is_tls12_psk_to_ms() && of_tls => Some(MbedDerivation::Tls12PskToMs { hash_alg }),
        _ => None,
    }
}

/// True where Mbed TLS has the derivation and keys of this type are an input of it. `KeyType::NONE` stands for inputs
/// that are no keys.
pub(super) fn accepts(alg: Algorithm, key_type: KeyType) -> bool {
    find(alg).is_some() && matches!(key_type, KeyType::NONE | KeyType::RAW_DATA | KeyType::DERIVE)
}

/// All derivations of both engines.
pub(super) struct Derivations;

impl KeyDerivation for Derivations {
    fn offers(&self, alg: Algorithm) -> bool {
        find(alg).is_some() || Native.key_derivation().offers(alg)
    }

    fn start(&self, alg: Algorithm, inputs: DerivationInputs) -> Result<Box<dyn DerivationOutput>> {
        match find(alg) {
            Some(found) if fits(&inputs) => Ok(Box::new(begin(alg, found.into(), &inputs)?)),
            _ => Native.key_derivation().start(alg, inputs),
        }
    }
}

/// True where the secret can be a key of Mbed TLS.
fn fits(inputs: &DerivationInputs) -> bool {
    (1..=MAX_LENGTH).contains(&inputs.secret.as_ref().map_or(0, |secret| secret.len()))
}

/// Gives the inputs in the order that Mbed TLS wants.
fn begin(alg: Algorithm, permitted: MbedAlgorithm, inputs: &DerivationInputs) -> Result<DerivationParts> {
    let secret = inputs.secret.as_deref().ok_or(Error::BadState)?;
    let bytes = |input: &Option<Vec<u8>>| input.clone().unwrap_or_default();
    let mut parts = DerivationParts::new();
    locked(|mbed| {
        let key = VolatileKey::import(mbed, keys::attributes(KeyType::DERIVE, permitted)?, secret)?;
        parts.setup(mbed, alg)?;
        if alg.is_hkdf() {
            if let Some(salt) = &inputs.salt {
                parts.input_bytes(mbed, DerivationStep::SALT, salt)?;
            }
            parts.input_secret(&key)?;
            return parts.input_bytes(mbed, DerivationStep::INFO, &bytes(&inputs.info));
        }
        parts.input_bytes(mbed, DerivationStep::SEED, &bytes(&inputs.seed))?;
        if let Some(other_secret) = &inputs.other_secret {
            parts.input_bytes(mbed, DerivationStep::OTHER_SECRET, other_secret)?;
        }
        parts.input_secret(&key)?;
        parts.input_bytes(mbed, DerivationStep::LABEL, &bytes(&inputs.label))
    })?;
    Ok(parts)
}

impl DerivationOutput for DerivationParts {
    fn read(&mut self, output: &mut [u8]) -> Result<()> {
        for piece in output.chunks_mut(MAX_LENGTH) {
            let derived = locked(|mbed| {
                let attributes = keys::attributes(KeyType::RAW_DATA, MbedAlgorithm::None)?;
                self.output_key(mbed, attributes, piece.len() * 8)?.export(piece.len())
            })?;
            piece.copy_from_slice(derived.get(..piece.len()).ok_or(Error::GenericError)?);
        }
        Ok(())
    }
}
