//! Keys on elliptic curves in short Weierstrass form (PSA 1.5, section 9.5.2).

use super::asymmetric_keys::not_private;
use super::curves::Curve;
use super::ffi::ec_key::EcKey;
use super::made_once::MadeOnce;
use super::{random, scalars};
use crate::core::primitives::{Key, KeyAgreement, Signature};
use crate::fail;
use crate::memory::Secret;
use crate::psa::{Error, Result};

/// A key pair or public key made ready for use.
pub(super) struct EccKey {
    pub(super) curve: &'static Curve,
    /// `None` for a public key.
    private: Option<EcKey>,
    /// Made when it is first needed: signing and agreeing do without, and it costs as much as they do.
    public: MadeOnce<EcKey>,
}

/// Makes a random private scalar, in 1..n-1. aws-lc's function computes the public point too, which takes twenty times as
/// long and would be thrown away.
pub(super) fn generate(curve: &'static Curve) -> Result<Secret> {
    scalars::draw(&curve.order()?, &mut random::fill)
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
        Ok(Self { curve, private: Some(parse_private(curve, scalar)?), public: MadeOnce::new() })
    }

    /// Makes a public key ready.
    pub(super) fn from_public(curve: &'static Curve, point: &[u8]) -> Result<Self> {
        Ok(Self { curve, private: None, public: MadeOnce::with_value(parse_public(curve, point)?) })
    }

    /// The key for operations with its private part.
    pub(super) fn private(&self) -> Result<&EcKey> {
        self.private.as_ref().map_or_else(not_private, Ok)
    }

    /// The key for operations with its public part.
    pub(super) fn public(&self) -> Result<&EcKey> {
        self.public.get_or_try_init(|| self.private()?.to_public(self.curve.group()).ok_or(Error::GenericError))
    }
}

impl Key for EccKey {
    fn public_key(&self, output: &mut [u8]) -> Result<usize> {
        let length = self.curve.point_length();
        let output = output.get_mut(..length).ok_or(Error::BufferTooSmall)?;
        if self.public()?.write_public(output) { Ok(length) } else { Err(Error::GenericError) }
    }

    fn signature(&self) -> Option<&dyn Signature> {
        Some(self)
    }

    fn key_agreement(&self) -> Option<&dyn KeyAgreement> {
        self.private.is_some().then_some(self as &dyn KeyAgreement)
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
