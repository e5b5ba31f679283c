//! Key derivation (PSA 1.5, section 10.8).

use crate::core::primitives::{DerivationInputs, DerivationOutput, KeyDerivation};
use crate::fail;
use crate::psa::{Algorithm, KeyType, Result};

/// True where the algorithm is implemented and takes a key of this type as one of its inputs.
pub(super) fn accepts(_alg: Algorithm, _key_type: KeyType) -> bool {
    false
}

/// All derivations of the engine.
pub(super) struct Derivations;

impl KeyDerivation for Derivations {
    fn offers(&self, _alg: Algorithm) -> bool {
        false
    }

    fn start(&self, alg: Algorithm, _inputs: DerivationInputs) -> Result<Box<dyn DerivationOutput>> {
        fail!(NotSupported, "key-derivation algorithm {:#010x}", alg.0)
    }
}
