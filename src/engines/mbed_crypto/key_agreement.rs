//! Key agreement (PSA 1.5, section 10.11).

use super::keys::MbedKey;
use crate::core::primitives::KeyAgreement;
use crate::engines::Engine;
use crate::engines::native::Native;
use crate::memory::Secret;
use crate::psa::{Algorithm, KeyType, Result, sizes};

/// True where Mbed TLS has the key agreement with keys of this type.
pub(super) fn offers(key_type: KeyType, alg: Algorithm) -> bool {
    match alg {
        Algorithm::ECDH => key_type.is_ecc_key_pair(),
        Algorithm::FFDH => key_type.is_dh_key_pair(),
        _ => false,
    }
}

impl KeyAgreement for MbedKey {
    fn agree(&self, alg: Algorithm, peer: &[u8]) -> Result<Secret> {
        if !offers(self.key_type, alg) {
            let native = self.native(alg)?.key_agreement();
            return native.map_or_else(|| self.unsupported(alg), |native| native.agree(alg, peer));
        }
        if alg == Algorithm::FFDH {
            // Mbed TLS takes any number as a peer's key, and the secret would be what the peer wants.
            Native.import(self.key_type.public_key_of_key_pair(), self.bits, peer)?;
        }
        let mut shared = Secret::new(vec![0; sizes::raw_key_agreement_output_size(self.key_type, self.bits)]);
        let length = self.with(alg, |key| key.agree(peer, &mut shared))?;
        shared.truncate(length);
        Ok(shared)
    }
}
