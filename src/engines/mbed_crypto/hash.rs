//! Hashes (PSA 1.5, section 10.2).

use super::ffi;
use super::lock::locked;
use crate::core::primitives::{Hash, HashOperation, HashState};
use crate::engines::Engine;
use crate::engines::native::Native;
use crate::psa::{Algorithm, Result};

/// True for the hashes of the build of Mbed TLS.
pub(super) fn offers(alg: Algorithm) -> bool {
    matches!(
        alg,
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
            | Algorithm::SHA3_512
    )
}

/// The hashes that [`offers`] names; in parts the native engine computes them, because the crate declares one call only.
pub(super) struct Hashes;

impl Hash for Hashes {
    fn compute(&self, alg: Algorithm, input: &[u8], hash: &mut [u8]) -> Result<()> {
        if !offers(alg) {
            return Native.hash().compute(alg, input, hash);
        }
        locked(|mbed| ffi::hash(mbed, alg, input, hash))
    }

    fn setup(&self, alg: Algorithm) -> Result<Box<dyn HashOperation>> {
        Native.hash().setup(alg)
    }

    fn resume(&self, alg: Algorithm, state: &HashState) -> Result<Box<dyn HashOperation>> {
        Native.hash().resume(alg, state)
    }
}
