//! Key derivation with a secret in the TPM (PSA 1.5, section 10.8): the secret is the key of an HMAC, of which `core` composes
//! HKDF-Expand, the counter mode of SP 800-108 and the PRF of TLS 1.2.
//!
//! HKDF and HKDF-Extract take the secret as the message of an HMAC, under a key that everybody may know. No command of a TPM
//! takes a message that lies in an object of its own. PBKDF2 would be one command for each iteration.

use super::keys::TpmKey;
use super::mac;
use super::templates::Kind;
use crate::core::device_derivation;
use crate::core::primitives::SecretDerivation;
use crate::psa::{Algorithm, Result};

/// The HMAC that a derivation computes with its secret as the key, `None` where it does something else with it.
pub(super) fn hmac_of(alg: Algorithm) -> Option<Algorithm> {
    device_derivation::mac_of(alg).filter(|mac| mac.is_hmac())
}

/// True where the code derives with such a key as the secret.
pub(super) fn offers(kind: Kind, alg: Algorithm) -> bool {
    let fits = match kind {
        Kind::Derive => !alg.is_pbkdf2_hmac(),
        // The one derivation that takes keys for HMAC (section 10.8.1).
        Kind::Hmac => alg.is_sp800_108_counter_hmac(),
        Kind::Ecc(_) | Kind::Rsa(_) | Kind::Aes(_) => false,
    };
    fits && hmac_of(alg).is_some_and(|hmac| mac::has_hash(hmac.get_hash()))
}

impl SecretDerivation for TpmKey {
    fn mac(&self, alg: Algorithm, input: &[u8], mac: &mut [u8]) -> Result<()> {
        self.hmac(alg.get_hash(), mac::Purpose::Secret, input, mac)
    }
}
