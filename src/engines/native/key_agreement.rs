//! Key agreement (PSA 1.5, section 10.11).

use super::asymmetric_keys::{Kind, fixed, not_private, unsupported};
use super::dh_keys::{self, DhKey};
use super::ecc_keys::EccKey;
use super::ffi::curve25519::x25519;
use super::montgomery_keys::MontgomeryKey;
use super::montgomery448_keys::{self, Montgomery448Key, x448};
use subtle::ConstantTimeEq;

use crate::core::primitives::KeyAgreement;
use crate::fail;
use crate::memory::Secret;
use crate::psa::{Algorithm, Result};

/// True where key pairs of this kind agree with the algorithm.
pub(super) fn agrees(kind: Kind, alg: Algorithm) -> bool {
    match alg {
        Algorithm::ECDH => matches!(kind, Kind::Weierstrass(_) | Kind::Montgomery | Kind::Montgomery448),
        Algorithm::FFDH => matches!(kind, Kind::Dh(_)),
        _ => false,
    }
}

impl KeyAgreement for EccKey {
    fn agree(&self, alg: Algorithm, peer: &[u8]) -> Result<Secret> {
        if alg != Algorithm::ECDH {
            return unsupported(alg);
        }
        self.curve.check_point_encoding(peer)?;
        let mut shared = Secret::new(vec![0; self.curve.scalar_length()]);
        if self.private()?.agree(peer, &mut shared) {
            Ok(shared)
        } else {
            fail!(InvalidArgument, "the peer's key is not a point on the curve")
        }
    }
}

impl KeyAgreement for MontgomeryKey {
    fn agree(&self, alg: Algorithm, peer: &[u8]) -> Result<Secret> {
        if alg != Algorithm::ECDH {
            return unsupported(alg);
        }
        let Some(scalar) = &self.scalar else { return not_private() };
        // RFC 7748, section 6.1: an all-zero result tells that the peer did not contribute.
        match x25519(scalar, fixed(peer)?) {
            Some(shared) => Ok(Secret::new(shared.to_vec())),
            None => fail!(InvalidArgument, "the peer's key is a point of small order"),
        }
    }
}

impl KeyAgreement for Montgomery448Key {
    fn agree(&self, alg: Algorithm, peer: &[u8]) -> Result<Secret> {
        if alg != Algorithm::ECDH {
            return unsupported(alg);
        }
        let Some(scalar) = &self.scalar else { return not_private() };
        let shared = x448(scalar, fixed(peer)?);
        // RFC 7748, section 6.2, as above.
        if bool::from(shared.ct_eq(&[0; montgomery448_keys::LENGTH])) {
            return fail!(InvalidArgument, "the peer's key is a point of small order");
        }
        Ok(Secret::new(shared.to_vec()))
    }
}

impl KeyAgreement for DhKey {
    fn agree(&self, alg: Algorithm, peer: &[u8]) -> Result<Secret> {
        if alg != Algorithm::FFDH {
            return unsupported(alg);
        }
        if self.private.is_none() {
            return not_private();
        }
        // A peer outside of the subgroup, as small as it may be, learns something of the private key.
        dh_keys::check_public(self.group, peer)?;
        self.power(peer)
    }
}
