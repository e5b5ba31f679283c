//! Points of Edwards25519 in the subgroup of prime order, encoded as RFC 8032, section 5.1.2, has it.

use curve25519_dalek::constants::ED25519_BASEPOINT_POINT;
use curve25519_dalek::edwards::{CompressedEdwardsY, EdwardsPoint};
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::IsIdentity;
use zeroize::Zeroize;

use super::{Element, Group, Term, no_element};
use crate::engines::native::modular::{Modulus, Residue};
use crate::memory::Secret;
use crate::psa::{Error, Result};

/// The order of the subgroup (RFC 8032, section 5.1), big-endian.
const ORDER: [u8; 32] = [
    0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x14, 0xde, 0xf9, 0xde, 0xa2, 0xf7, 0x9c, 0xd6, 0x58, 0x12,
    0x63, 0x1a, 0x5c, 0xf5, 0xd3, 0xed,
];

/// The subgroup.
pub(super) struct Edwards25519 {
    order: Modulus,
}

impl Edwards25519 {
    /// The subgroup.
    pub(super) fn new() -> Option<Self> {
        Some(Self { order: Modulus::new(&ORDER)? })
    }
}

impl Group for Edwards25519 {
    fn order(&self) -> &Modulus {
        &self.order
    }

    fn combine(&self, terms: &[Term<'_>]) -> Result<Secret> {
        let mut sum = EdwardsPoint::default();
        for (scalar, element) in terms {
            let point = match element {
                Element::Generator => ED25519_BASEPOINT_POINT,
                Element::Encoded(encoded) => decode(encoded)?,
            };
            let mut scalar = to_scalar(scalar)?;
            sum += point * scalar;
            scalar.zeroize();
        }
        let encoded = Secret::new(sum.compress().to_bytes().to_vec());
        let neutral = sum.is_identity();
        sum.zeroize();
        if neutral { no_element() } else { Ok(encoded) }
    }
}

/// A point of the subgroup, in its one encoding.
fn decode(encoded: &[u8]) -> Result<EdwardsPoint> {
    let decoded = CompressedEdwardsY::from_slice(encoded).ok().and_then(|compressed| {
        let point = compressed.decompress()?;
        (point.compress() == compressed && point.is_torsion_free()).then_some(point)
    });
    decoded.map_or_else(no_element, Ok)
}

fn to_scalar(residue: &Residue) -> Result<Scalar> {
    let mut bytes = residue.to_bytes();
    bytes.reverse();
    let little_endian = bytes.as_slice().try_into().map_err(|_| Error::CorruptionDetected)?;
    Option::from(Scalar::from_canonical_bytes(little_endian)).ok_or(Error::CorruptionDetected)
}
