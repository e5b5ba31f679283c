//! Keys on twisted Edwards curves: Edwards25519 (PSA 1.5, section 9.5.2; RFC 8032).

use crypto_bigint::modular::{ConstMontyForm, ConstMontyParams};
use crypto_bigint::{U256, const_monty_params};

use super::asymmetric_keys::{copy, fixed};
use super::ffi::curve25519::Ed25519PrivateKey;
use super::random;
use crate::core::primitives::{Key, Signature};
use crate::fail;
use crate::memory::Secret;
use crate::psa::Result;

/// Length of private and public keys in bytes.
pub(super) const LENGTH: usize = 32;

/// A key pair or public key made ready for use.
pub(super) struct EdwardsKey {
    /// The expanded private key of a key pair, `None` for a public key.
    pub(super) private_key: Option<Ed25519PrivateKey>,
    pub(super) public_key: [u8; LENGTH],
}

/// Makes a random private key.
pub(super) fn generate() -> Result<Secret> {
    let mut seed = Secret::new(vec![0; LENGTH]);
    random::fill(&mut seed)?;
    Ok(seed)
}

/// Checks a private key: every string of the length is one.
pub(super) fn check_private(data: &[u8]) -> Result<()> {
    fixed::<LENGTH>(data).map(drop)
}

/// Checks that a public key encodes a point on the curve.
pub(super) fn check_public(data: &[u8]) -> Result<()> {
    if is_point(fixed(data)?) { Ok(()) } else { fail!(InvalidArgument, "the public key is not a point on the curve") }
}

impl EdwardsKey {
    /// Makes a key pair ready.
    pub(super) fn from_private(material: &[u8]) -> Result<Self> {
        let (private_key, public_key) = Ed25519PrivateKey::from_seed(fixed(material)?);
        Ok(Self { private_key: Some(private_key), public_key })
    }

    /// Makes a public key ready.
    pub(super) fn from_public(material: &[u8]) -> Result<Self> {
        Ok(Self { private_key: None, public_key: *fixed(material)? })
    }
}

impl Key for EdwardsKey {
    fn public_key(&self, output: &mut [u8]) -> Result<usize> {
        copy(&self.public_key, output)
    }

    fn signature(&self) -> Option<&dyn Signature> {
        Some(self)
    }
}

const_monty_params!(Field, U256, "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed");
type Element = ConstMontyForm<Field, { U256::LIMBS }>;

/// The coefficient d of the curve (RFC 8032, section 5.1).
const D: U256 = U256::from_be_hex("52036cee2b6ffe738cc740797779e89800700a4d4141d8ab75eb4dca135978a3");

/// Decoding as in RFC 8032, section 5.1.3, up to the question whether there is an x: for y in the field,
/// x^2 = (y^2 - 1) / (d y^2 + 1) has to be a square. aws-lc asks it only when it verifies.
fn is_point(encoded: &[u8; LENGTH]) -> bool {
    let sign = encoded[LENGTH - 1] >> 7;
    let mut y = *encoded;
    y[LENGTH - 1] &= 0b0111_1111;
    let y = U256::from_le_slice(&y);
    if y >= *Field::PARAMS.modulus().as_ref() {
        return false;
    }
    let y_squared = Element::new(&y).square();
    let (numerator, denominator) = (y_squared - Element::ONE, Element::new(&D) * y_squared + Element::ONE);
    if numerator == Element::ZERO {
        // x is 0, which has no negative.
        return sign == 0;
    }
    // A quotient is a square if and only if the product is, and by Euler's criterion its power is then 1.
    let exponent = Field::PARAMS.modulus().as_ref().shr_vartime(1);
    (numerator * denominator).pow(&exponent) == Element::ONE
}
