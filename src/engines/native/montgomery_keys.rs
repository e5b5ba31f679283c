//! Keys on Montgomery curves: Curve25519 (PSA 1.5, section 9.5.2; RFC 7748).

use zeroize::Zeroizing;

use super::asymmetric_keys::{copy, fixed};
use super::ffi::curve25519::x25519_public_key;
use super::made_once::MadeOnce;
use super::random;
use crate::core::primitives::{Key, KeyAgreement};
use crate::memory::Secret;
use crate::psa::{Error, Result};

/// Length of private and public keys in bytes.
pub(super) const LENGTH: usize = 32;

/// A key pair or public key made ready for use.
pub(super) struct MontgomeryKey {
    /// The scalar of a key pair, `None` for a public key.
    pub(super) scalar: Option<Zeroizing<[u8; LENGTH]>>,
    /// Made when it is first needed: agreeing does without, and it costs as much.
    public_key: MadeOnce<[u8; LENGTH]>,
}

/// Makes a random private key.
pub(super) fn generate() -> Result<Secret> {
    let mut scalar = Secret::new(vec![0; LENGTH]);
    random::fill(&mut scalar)?;
    import_private(&scalar)
}

/// Gives a private key with the bits that RFC 7748, section 5, forces, which the export format demands.
pub(super) fn import_private(data: &[u8]) -> Result<Secret> {
    let mut scalar = Zeroizing::new(*fixed::<LENGTH>(data)?);
    scalar[0] &= 0b1111_1000;
    scalar[LENGTH - 1] &= 0b0111_1111;
    scalar[LENGTH - 1] |= 0b0100_0000;
    Ok(Secret::new(scalar.to_vec()))
}

/// Checks a public key: every string of the length is one (RFC 7748, section 5).
pub(super) fn check_public(data: &[u8]) -> Result<()> {
    fixed::<LENGTH>(data).map(drop)
}

impl MontgomeryKey {
    /// Makes a key pair ready.
    pub(super) fn from_private(material: &[u8]) -> Result<Self> {
        Ok(Self { scalar: Some(Zeroizing::new(*fixed(material)?)), public_key: MadeOnce::new() })
    }

    /// Makes a public key ready.
    pub(super) fn from_public(material: &[u8]) -> Result<Self> {
        Ok(Self { scalar: None, public_key: MadeOnce::with_value(*fixed(material)?) })
    }
}

impl Key for MontgomeryKey {
    fn public_key(&self, output: &mut [u8]) -> Result<usize> {
        let compute = || self.scalar.as_ref().map(|scalar| x25519_public_key(scalar)).ok_or(Error::CorruptionDetected);
        copy(self.public_key.get_or_try_init(compute)?, output)
    }

    fn key_agreement(&self) -> Option<&dyn KeyAgreement> {
        self.scalar.is_some().then_some(self as &dyn KeyAgreement)
    }
}
