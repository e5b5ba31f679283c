//! Keys of ML-KEM (PSA 1.5, section 9.5.8; FIPS 203): key pairs are the seeds d and z, one behind the other.

use super::asymmetric_keys::fixed;
use super::ffi::evp_pkey::{EvpKey, MlKem};
use super::random;
use crate::core::primitives::{Key, KeyEncapsulation};
use crate::fail;
use crate::memory::Secret;
use crate::psa::{Algorithm, Error, KeyType, Result, sizes};

/// Length of a key pair in bytes.
pub(super) const SEEDS: usize = 64;

/// The sizes of keys, with their parameter sets.
const PARAMETERS: [(usize, MlKem); 3] = [(512, MlKem::MlKem512), (768, MlKem::MlKem768), (1024, MlKem::MlKem1024)];

/// The parameter set of a key size.
pub(super) fn find(bits: usize) -> Option<MlKem> {
    PARAMETERS.iter().find(|(size, _)| *size == bits).map(|(_, parameters)| *parameters)
}

/// The size of the public keys that are so long.
pub(super) fn bits_of_public(length: usize) -> Option<usize> {
    PARAMETERS.iter().map(|(bits, _)| *bits).find(|bits| public_length(*bits) == length)
}

fn bits(parameters: MlKem) -> usize {
    PARAMETERS.iter().find(|(_, known)| *known == parameters).map_or(0, |(bits, _)| *bits)
}

fn public_length(bits: usize) -> usize {
    sizes::export_public_key_output_size(KeyType::ML_KEM_PUBLIC_KEY, bits)
}

/// Makes random seeds.
pub(super) fn generate() -> Result<Secret> {
    random::secret(SEEDS)
}

/// Checks a key pair: any seeds make one.
pub(super) fn check_private(data: &[u8]) -> Result<()> {
    fixed::<SEEDS>(data).map(drop)
}

/// The prime of the field.
const Q: u16 = 3329;

/// Checks a public key (FIPS 203, section 7.2): its length, and that its coefficients, of 12 bits, are less than the
/// prime. 32 bytes that are no coefficients follow them.
pub(super) fn check_public(parameters: MlKem, data: &[u8]) -> Result<()> {
    let expected = public_length(bits(parameters));
    if data.len() != expected {
        return fail!(InvalidArgument, "the key has {expected} bytes, not {}", data.len());
    }
    let coefficients = data.split_last_chunk::<32>().map(|(coefficients, _)| coefficients).unwrap_or_default();
    let reduced = coefficients.chunks_exact(3).all(|bytes| {
        let [low, middle, high] = [0, 1, 2].map(|at| bytes.get(at).copied().map_or(0, u16::from));
        low | (middle & 0xf) << 8 < Q && middle >> 4 | high << 4 < Q
    });
    if reduced { Ok(()) } else { fail!(InvalidArgument, "the public key has a coefficient that is not reduced") }
}

/// A key pair or public key made ready for use.
pub(super) struct MlKemKey {
    pub(super) key: EvpKey,
    bits: usize,
    pub(super) has_private_part: bool,
}

impl MlKemKey {
    /// Makes a key pair ready.
    pub(super) fn from_private(parameters: MlKem, material: &[u8]) -> Result<Self> {
        Self::new(parameters, EvpKey::ml_kem(parameters, fixed(material)?), true)
    }

    /// Makes a public key ready.
    pub(super) fn from_public(parameters: MlKem, material: &[u8]) -> Result<Self> {
        Self::new(parameters, EvpKey::ml_kem_public(parameters, material), false)
    }

    fn new(parameters: MlKem, key: Option<EvpKey>, has_private_part: bool) -> Result<Self> {
        match key {
            Some(key) => Ok(Self { key, bits: bits(parameters), has_private_part }),
            None => fail!(GenericError, "the ML-KEM key could not be made ready"),
        }
    }

    /// Length of a ciphertext in bytes.
    pub(super) fn ciphertext_length(&self) -> usize {
        sizes::encapsulate_ciphertext_size(KeyType::ML_KEM_PUBLIC_KEY, self.bits, Algorithm::ML_KEM)
    }
}

impl Key for MlKemKey {
    fn public_key(&self, output: &mut [u8]) -> Result<usize> {
        let length = public_length(self.bits);
        let output = output.get_mut(..length).ok_or(Error::BufferTooSmall)?;
        if self.key.write_public(output) { Ok(length) } else { Err(Error::GenericError) }
    }

    fn key_encapsulation(&self) -> Option<&dyn KeyEncapsulation> {
        Some(self)
    }
}
