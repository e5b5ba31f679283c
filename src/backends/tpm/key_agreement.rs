//! Key agreement (PSA 1.5, section 10.11): TPM2_ECDH_ZGen, one command.

use super::keys::{TpmKey, left_padded};
use super::templates::Kind;
use crate::core::primitives::KeyAgreement;
use crate::fail;
use crate::memory::Secret;
use crate::psa::sizes::bits_to_bytes;
use crate::psa::{Algorithm, Result};

/// The first byte of an uncompressed point (SEC 1, section 2.3.3).
const UNCOMPRESSED: u8 = 4;

/// True where the code agrees with this algorithm.
pub(super) fn offers(kind: Kind, alg: Algorithm) -> bool {
    matches!(kind, Kind::Ecc(_)) && alg == Algorithm::ECDH
}

/// True where the core builds this key encapsulation from agreement.
pub(super) fn encapsulates(kind: Kind, alg: Algorithm) -> bool {
    alg == Algorithm::ECIES_SEC1 && offers(kind, Algorithm::ECDH)
}

impl KeyAgreement for TpmKey {
    fn agree(&self, alg: Algorithm, peer: &[u8]) -> Result<Secret> {
        if !offers(self.kind, alg) || !self.may_decrypt() {
            return fail!(NotSupported, "this key in the TPM does not agree on secrets with algorithm {alg}");
        }
        let length = bits_to_bytes(self.bits());
        let point = match peer.split_first() {
            Some((&UNCOMPRESSED, rest)) if rest.len() == 2 * length => rest.split_at(length),
            _ => return fail!(InvalidArgument, "the peer's key is not an uncompressed point of this curve"),
        };
        // The TPM checks that the point is on the curve (TPM 2.0 Library, part 3, section 14.5).
        let shared = self.with_loaded(|_| Ok(()), |tpm, key, ()| tpm.ecdh(key, point))?;
        match left_padded(&shared, length) {
            Some(shared) => Ok(shared.into()),
            None => fail!(CommunicationFailure, "the TPM answered with more bytes than the key has"),
        }
    }
}
