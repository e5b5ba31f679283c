//! Hashes (PSA 1.5, section 10.2).

use psa_crypto::operations::hash::hash_compute;
use psa_crypto::types::algorithm::Hash as MbedHash;

use super::lock::locked;
use crate::core::primitives::{Hash, HashOperation, HashState};
use crate::engines::Engine;
use crate::engines::native::Native;
use crate::psa::{Algorithm, Result};

/// The crate's name of a hash algorithm, `None` where the build of Mbed TLS lacks it.
pub(super) fn find(alg: Algorithm) -> Option<MbedHash> {
    match alg {
        Algorithm::MD5
        | Algorithm::RIPEMD160
        | Algorithm::SHA_1
        | Algorithm::SHA_224
        | Algorithm::SHA_256
        | Algorithm::SHA_384
        | Algorithm::SHA_512
        | Algorithm::SHA3_224
        | Algorithm::SHA3_256
        | Algorithm::SHA3_384
        | Algorithm::SHA3_512 => MbedHash::try_from(alg.0).ok(),
        _ => None,
    }
}

/// All hashes: in one call by Mbed TLS, in parts by the native engine.
pub(super) struct Hashes;

impl Hash for Hashes {
    fn compute(&self, alg: Algorithm, input: &[u8], hash: &mut [u8]) -> Result<()> {
        match find(alg) {
            Some(alg) => locked(|_| hash_compute(alg, input, hash)).map(drop),
            None => Native.hash().compute(alg, input, hash),
        }
    }

    fn setup(&self, alg: Algorithm) -> Result<Box<dyn HashOperation>> {
        Native.hash().setup(alg)
    }

    fn resume(&self, alg: Algorithm, state: &HashState) -> Result<Box<dyn HashOperation>> {
        Native.hash().resume(alg, state)
    }
}
