//! Key agreement (PSA 1.5, section 10.11).

use psa_crypto::operations::key_agreement::raw_key_agreement;
use psa_crypto::types::algorithm::{KeyAgreement as MbedAgreement, RawKeyAgreement};

use super::keys::MbedKey;
use crate::core::primitives::KeyAgreement;
use crate::memory::Secret;
use crate::psa::{Algorithm, KeyType, Result, sizes};

/// The crate's name of a key agreement, `None` where Mbed TLS lacks it with keys of this type.
pub(super) fn find(key_type: KeyType, alg: Algorithm) -> Option<RawKeyAgreement> {
    (key_type.is_ecc_key_pair() && alg == Algorithm::ECDH).then_some(RawKeyAgreement::Ecdh)
}

impl KeyAgreement for MbedKey {
    fn agree(&self, alg: Algorithm, peer: &[u8]) -> Result<Secret> {
        let Some(found) = find(self.key_type, alg) else {
            let native = self.native(alg)?.key_agreement();
            return native.map_or_else(|| self.unsupported(alg), |native| native.agree(alg, peer));
        };
        let mut shared = Secret::new(vec![0; sizes::raw_key_agreement_output_size(self.key_type, self.bits)]);
        let permitted = MbedAgreement::Raw(found).into();
        let length = self.with(permitted, |key| raw_key_agreement(found, key, peer, &mut shared))?;
        shared.truncate(length);
        Ok(shared)
    }
}
