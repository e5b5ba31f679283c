//! Keys of ML-DSA (PSA 1.5, section 9.5.6; FIPS 204): a key pair is the seed that it is generated from.

use zeroize::Zeroizing;

use super::asymmetric_keys::fixed;
use super::ffi::evp_pkey::{EvpKey, MlDsa};
use super::{hash, random};
use crate::core::primitives::{Hash, Key, Signature};
use crate::fail;
use crate::memory::Secret;
use crate::psa::{Algorithm, Error, KeyType, Result, sizes};

/// Length of a key pair in bytes.
pub(super) const SEED: usize = 32;

/// Length of the representative mu of a message in bytes, and of the hash of a public key that goes into it.
pub(super) const MU: usize = 64;

/// The sizes of keys, with their parameter sets.
const PARAMETERS: [(usize, MlDsa); 3] = [(128, MlDsa::MlDsa44), (192, MlDsa::MlDsa65), (256, MlDsa::MlDsa87)];

/// The parameter set of a key size.
pub(super) fn find(bits: usize) -> Option<MlDsa> {
    PARAMETERS.iter().find(|(size, _)| *size == bits).map(|(_, parameters)| *parameters)
}

/// The size of the public keys that are so long.
pub(super) fn bits_of_public(length: usize) -> Option<usize> {
    PARAMETERS.iter().map(|(bits, _)| *bits).find(|bits| public_length(*bits) == length)
}

fn bits(parameters: MlDsa) -> usize {
    PARAMETERS.iter().find(|(_, known)| *known == parameters).map_or(0, |(bits, _)| *bits)
}

fn public_length(bits: usize) -> usize {
    sizes::export_public_key_output_size(KeyType::ML_DSA_PUBLIC_KEY, bits)
}

/// Makes a random seed.
pub(super) fn generate() -> Result<Secret> {
    random::secret(SEED)
}

/// Checks a key pair: any seed makes one.
pub(super) fn check_private(data: &[u8]) -> Result<()> {
    fixed::<SEED>(data).map(drop)
}

/// Checks a public key: any string of the length is one (FIPS 204, section 7.2).
pub(super) fn check_public(parameters: MlDsa, data: &[u8]) -> Result<()> {
    match public_length(bits(parameters)) {
        length if length == data.len() => Ok(()),
        length => fail!(InvalidArgument, "the key has {length} bytes, not {}", data.len()),
    }
}

/// A key pair or public key made ready for use.
pub(super) struct MlDsaKey {
    pub(super) key: EvpKey,
    pub(super) parameters: MlDsa,
    /// `None` for a public key.
    pub(super) seed: Option<Zeroizing<[u8; SEED]>>,
    /// tr, the hash of the public key.
    pub(super) public_hash: [u8; MU],
}

impl MlDsaKey {
    /// Makes a key pair ready.
    pub(super) fn from_private(parameters: MlDsa, material: &[u8]) -> Result<Self> {
        let seed = fixed(material)?;
        Self::new(parameters, EvpKey::ml_dsa(parameters, seed), Some(Zeroizing::new(*seed)))
    }

    /// Makes a public key ready.
    pub(super) fn from_public(parameters: MlDsa, material: &[u8]) -> Result<Self> {
        Self::new(parameters, EvpKey::ml_dsa_public(parameters, material), None)
    }

    fn new(parameters: MlDsa, key: Option<EvpKey>, seed: Option<Zeroizing<[u8; SEED]>>) -> Result<Self> {
        let Some(key) = key else {
            return fail!(GenericError, "the ML-DSA key could not be made ready");
        };
        let mut encoded = vec![0; public_length(bits(parameters))];
        if !key.write_public(&mut encoded) {
            return Err(Error::GenericError);
        }
        let mut public_hash = [0; MU];
        hash::Hashes.compute(Algorithm::SHAKE256_512, &encoded, &mut public_hash)?;
        Ok(Self { key, parameters, seed, public_hash })
    }

    /// Length of a signature in bytes.
    pub(super) fn signature_length(&self) -> usize {
        sizes::sign_output_size(KeyType::ML_DSA_PUBLIC_KEY, bits(self.parameters), Algorithm::ML_DSA)
    }
}

impl Key for MlDsaKey {
    fn public_key(&self, output: &mut [u8]) -> Result<usize> {
        let length = public_length(bits(self.parameters));
        let output = output.get_mut(..length).ok_or(Error::BufferTooSmall)?;
        if self.key.write_public(output) { Ok(length) } else { Err(Error::GenericError) }
    }

    fn signature(&self) -> Option<&dyn Signature> {
        Some(self)
    }
}
