//! Hashes (PSA 1.5, section 10.2).

use crate::core::primitives::{Hash, HashOperation};
use crate::fail;
use crate::psa::{Algorithm, Result};

/// True where this hash algorithm is implemented.
pub(super) fn offers(_alg: Algorithm) -> bool {
    false
}

/// All hashes of the engine.
pub(super) struct Hashes;

impl Hash for Hashes {
    fn compute(&self, alg: Algorithm, _input: &[u8], _hash: &mut [u8]) -> Result<()> {
        fail!(NotSupported, "hash algorithm {:#010x}", alg.0)
    }

    fn setup(&self, alg: Algorithm) -> Result<Box<dyn HashOperation>> {
        fail!(NotSupported, "hash algorithm {:#010x}", alg.0)
    }
}
