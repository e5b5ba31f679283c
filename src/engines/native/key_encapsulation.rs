//! Key encapsulation (PSA 1.5, section 10.12).

use super::asymmetric_keys::{Kind, not_private, unsupported};
use super::key_agreement;
use super::ml_kem_keys::MlKemKey;
use crate::core::primitives::KeyEncapsulation;
use crate::fail;
use crate::memory::Secret;
use crate::psa::{Algorithm, Error, Result};

/// True where keys of this kind encapsulate and decapsulate with the algorithm; ECIES is built in `core` from agreement.
pub(super) fn encapsulates(kind: Kind, alg: Algorithm) -> bool {
    match alg {
        Algorithm::ML_KEM => matches!(kind, Kind::MlKem(_)),
        Algorithm::ECIES_SEC1 => key_agreement::agrees(kind, Algorithm::ECDH),
        _ => false,
    }
}

impl KeyEncapsulation for MlKemKey {
    fn encapsulate(&self, alg: Algorithm, ciphertext: &mut [u8]) -> Result<(Secret, usize)> {
        if alg != Algorithm::ML_KEM {
            return unsupported(alg);
        }
        let length = self.ciphertext_length();
        let ciphertext = ciphertext.get_mut(..length).ok_or(Error::BufferTooSmall)?;
        match self.key.encapsulate(ciphertext) {
            Some(secret) => Ok((secret, length)),
            None => fail!(GenericError, "the engine could not encapsulate for this key"),
        }
    }

    fn decapsulate(&self, alg: Algorithm, ciphertext: &[u8]) -> Result<Secret> {
        if alg != Algorithm::ML_KEM {
            return unsupported(alg);
        }
        if !self.has_private_part {
            return not_private();
        }
        let length = self.ciphertext_length();
        if ciphertext.len() != length {
            return fail!(InvalidArgument, "the ciphertext has {length} bytes, not {}", ciphertext.len());
        }
        match self.key.decapsulate(ciphertext) {
            Some(secret) => Ok(secret),
            None => fail!(GenericError, "the engine could not decapsulate with this key"),
        }
    }
}
