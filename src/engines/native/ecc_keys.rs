//! Keys on elliptic curves in short Weierstrass form (PSA 1.5, section 9.5.2).

use super::asymmetric_keys::{copy, not_private};
use super::curves::Curve;
use super::ffi::ec_key::EcKey;
use crate::core::primitives::{Key, KeyAgreement, Signature};
use crate::fail;
use crate::memory::Secret;
use crate::psa::{Error, Result};

/// A key pair or public key made ready for use.
pub(super) struct EccKey {
    pub(super) key: EcKey,
    pub(super) curve: &'static Curve,
    has_private_part: bool,
    /// The encoded public point, asked for often and costly to compute.
    public_key: Vec<u8>,
}

/// Makes a random private scalar.
pub(super) fn generate(curve: &'static Curve) -> Result<Secret> {
    let Some(key) = EcKey::generate(curve.group()) else {
        return fail!(GenericError, "generating a key of {} bits failed", curve.bits());
    };
    scalar(&key, curve)
}

/// The private scalar of a key pair.
pub(super) fn scalar(key: &EcKey, curve: &Curve) -> Result<Secret> {
    let mut scalar = Secret::new(vec![0; curve.scalar_length()]);
    if key.write_private(&mut scalar) { Ok(scalar) } else { Err(Error::GenericError) }
}

/// Checks a private scalar: its length, and that it is in 1..n-1.
pub(super) fn check_private(curve: &'static Curve, scalar: &[u8]) -> Result<()> {
    parse_private(curve, scalar).map(drop)
}

/// Checks a public point: uncompressed, on the curve and not at infinity.
pub(super) fn check_public(curve: &'static Curve, point: &[u8]) -> Result<()> {
    parse_public(curve, point).map(drop)
}

impl EccKey {
    /// Makes a key pair ready.
    pub(super) fn from_private(curve: &'static Curve, scalar: &[u8]) -> Result<Self> {
        let key = parse_private(curve, scalar)?;
        let mut public_key = vec![0; curve.point_length()];
        if !key.write_public(&mut public_key) {
            return Err(Error::GenericError);
        }
        Ok(Self { key, curve, has_private_part: true, public_key })
    }

    /// Makes a public key ready.
    pub(super) fn from_public(curve: &'static Curve, point: &[u8]) -> Result<Self> {
        Ok(Self { key: parse_public(curve, point)?, curve, has_private_part: false, public_key: point.to_vec() })
    }

    /// The key for operations with its private part.
    pub(super) fn private(&self) -> Result<&EcKey> {
        if self.has_private_part { Ok(&self.key) } else { not_private() }
    }
}

impl Key for EccKey {
    fn public_key(&self, output: &mut [u8]) -> Result<usize> {
        copy(&self.public_key, output)
    }

    fn signature(&self) -> Option<&dyn Signature> {
        Some(self)
    }

    fn key_agreement(&self) -> Option<&dyn KeyAgreement> {
        self.has_private_part.then_some(self as &dyn KeyAgreement)
    }
}

fn parse_private(curve: &'static Curve, scalar: &[u8]) -> Result<EcKey> {
    if scalar.len() != curve.scalar_length() {
        return fail!(InvalidArgument, "a private key of {} bits has {} bytes", curve.bits(), curve.scalar_length());
    }
    match EcKey::from_private(curve.group(), scalar) {
        Some(key) => Ok(key),
        None => fail!(InvalidArgument, "the private key is not between 1 and the order of the curve"),
    }
}

fn parse_public(curve: &'static Curve, point: &[u8]) -> Result<EcKey> {
    curve.check_point_encoding(point)?;
    match EcKey::from_public(curve.group(), point) {
        Some(key) => Ok(key),
        None => fail!(InvalidArgument, "the public key is not a point on the curve"),
    }
}
