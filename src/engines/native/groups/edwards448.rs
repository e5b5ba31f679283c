//! Points of Edwards448 in the subgroup of prime order, encoded as RFC 8032, section 5.2.2, has it.

use ed448_goldilocks::{CompressedEdwardsY, EdwardsPoint, EdwardsScalar, EdwardsScalarBytes};
use subtle::ConstantTimeEq;
use zeroize::{Zeroize, Zeroizing};

use super::{Element, Group, Term, no_element};
use crate::engines::native::edwards448_keys::{LENGTH, is_canonical};
use crate::engines::native::modular::{Modulus, Residue};
use crate::memory::Secret;
use crate::psa::{Error, Result};

/// The order of the subgroup (RFC 8032, section 5.2), big-endian.
const ORDER: [u8; 56] = [
    0x3f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7c, 0xca, 0x23, 0xe9, 0xc4, 0x4e, 0xdb, 0x49, 0xae, 0xd6,
    0x36, 0x90, 0x21, 0x6c, 0xc2, 0x72, 0x8d, 0xc5, 0x8f, 0x55, 0x23, 0x78, 0xc2, 0x92, 0xab, 0x58, 0x44, 0xf3,
];

/// The subgroup.
pub(super) struct Edwards448 {
    order: Modulus,
}

impl Edwards448 {
    /// The subgroup.
    pub(super) fn new() -> Option<Self> {
        Some(Self { order: Modulus::new(&ORDER)? })
    }
}

impl Group for Edwards448 {
    fn order(&self) -> &Modulus {
        &self.order
    }

    fn combine(&self, terms: &[Term<'_>]) -> Result<Secret> {
        let mut sum = Zeroizing::new(EdwardsPoint::IDENTITY);
        for (scalar, element) in terms {
            let point = match element {
                Element::Generator => EdwardsPoint::GENERATOR,
                Element::Encoded(encoded) => decode(encoded)?,
            };
            let mut scalar = to_scalar(scalar)?;
            *sum = sum.add(&point.scalar_mul(&scalar));
            scalar.zeroize();
        }
        if bool::from(sum.ct_eq(&EdwardsPoint::IDENTITY)) {
            return no_element();
        }
        Ok(Secret::new(sum.to_affine().compress().0.to_vec()))
    }
}

/// A point of the subgroup, in its one encoding.
fn decode(encoded: &[u8]) -> Result<EdwardsPoint> {
    let bytes = <&[u8; LENGTH]>::try_from(encoded).ok().filter(|bytes| is_canonical(bytes));
    let point = bytes.and_then(|bytes| Option::from(CompressedEdwardsY(*bytes).decompress()));
    point.map_or_else(no_element, |point: ed448_goldilocks::AffinePoint| Ok(point.to_edwards()))
}

fn to_scalar(residue: &Residue) -> Result<EdwardsScalar> {
    let big_endian = residue.to_bytes();
    let mut bytes = Zeroizing::new(EdwardsScalarBytes::default());
    bytes.iter_mut().zip(big_endian.iter().rev()).for_each(|(to, from)| *to = *from);
    Option::from(EdwardsScalar::from_canonical_bytes(&bytes)).ok_or(Error::CorruptionDetected)
}
