//! Keys on Curve448 (PSA 1.5, section 9.5.2; RFC 7748).

use ed448_goldilocks::elliptic_curve::bigint::U448;
use ed448_goldilocks::elliptic_curve::scalar::FromUintUnchecked;
use ed448_goldilocks::{EdwardsScalar, MontgomeryPoint};
use zeroize::Zeroizing;

use super::asymmetric_keys::{copy, fixed};
use super::made_once::MadeOnce;
use super::random;
use crate::core::primitives::{Key, KeyAgreement};
use crate::memory::Secret;
use crate::psa::{Error, Result};

/// Length of private and public keys in bytes.
pub(super) const LENGTH: usize = 56;

/// A key pair or public key made ready for use.
pub(super) struct Montgomery448Key {
    /// The scalar of a key pair, `None` for a public key.
    pub(super) scalar: Option<Zeroizing<[u8; LENGTH]>>,
    /// Made when it is first needed: agreeing does without, and it costs as much.
    public_key: MadeOnce<[u8; LENGTH]>,
}

/// Makes a random private key.
pub(super) fn generate() -> Result<Secret> {
    import_private(&random::secret(LENGTH)?)
}

/// Gives a private key with the bits that RFC 7748, section 5, forces, which the export format demands.
pub(super) fn import_private(data: &[u8]) -> Result<Secret> {
    let mut scalar = Zeroizing::new(*fixed::<LENGTH>(data)?);
    scalar[0] &= 0b1111_1100;
    scalar[LENGTH - 1] |= 0b1000_0000;
    Ok(Secret::new(scalar.to_vec()))
}

/// Checks a public key: every string of the length is one (RFC 7748, section 5).
pub(super) fn check_public(data: &[u8]) -> Result<()> {
    fixed::<LENGTH>(data).map(drop)
}

/// X448 (RFC 7748, section 5) with a scalar that has its bits. It must not be reduced: a peer's point need not be in the
/// group that the generator generates.
pub(super) fn x448(scalar: &[u8; LENGTH], u: &[u8; LENGTH]) -> Zeroizing<[u8; LENGTH]> {
    let scalar = Zeroizing::new(EdwardsScalar::from_uint_unchecked(U448::from_le_slice(scalar)));
    Zeroizing::new((&MontgomeryPoint(*u) * &*scalar).0)
}

impl Montgomery448Key {
    /// Makes a key pair ready.
    pub(super) fn from_private(material: &[u8]) -> Result<Self> {
        Ok(Self { scalar: Some(Zeroizing::new(*fixed(material)?)), public_key: MadeOnce::new() })
    }

    /// Makes a public key ready.
    pub(super) fn from_public(material: &[u8]) -> Result<Self> {
        Ok(Self { scalar: None, public_key: MadeOnce::with_value(*fixed(material)?) })
    }
}

impl Key for Montgomery448Key {
    fn public_key(&self, output: &mut [u8]) -> Result<usize> {
        let compute = || match &self.scalar {
            Some(scalar) => Ok(*x448(scalar, MontgomeryPoint::GENERATOR.as_bytes())),
            None => Err(Error::CorruptionDetected),
        };
        copy(self.public_key.get_or_try_init(compute)?, output)
    }

    fn key_agreement(&self) -> Option<&dyn KeyAgreement> {
        self.scalar.is_some().then_some(self as &dyn KeyAgreement)
    }
}
