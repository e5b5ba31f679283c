//! Groups of prime order, for protocols that compute in them: elements are encoded as public keys are, scalars are
//! [`Residue`]s modulo the order.
//!
//! All that such protocols need is the sum of multiples of elements.

mod edwards25519;
mod edwards448;
mod finite_field;
mod weierstrass;

use super::curves::Curve;
use super::modular::{Modulus, Residue};
use crate::fail;
use crate::memory::Secret;
use crate::psa::{DhFamily, EccFamily, PakePrimitive, Result};

pub(super) use finite_field::FiniteField;
pub(super) use weierstrass::Weierstrass;

/// A summand: a scalar, and an element or the generator.
pub(super) type Term<'a> = (&'a Residue, Element<'a>);

/// An element of a group.
#[derive(Clone, Copy)]
pub(super) enum Element<'a> {
    /// The one that generates the group.
    Generator,
    /// Any other, encoded.
    Encoded(&'a [u8]),
}

/// A group of prime order.
pub(super) trait Group: Send + Sync {
    /// The order, to which all scalars belong.
    fn order(&self) -> &Modulus;

    /// The generator, encoded.
    fn generator(&self) -> Result<Vec<u8>> {
        Ok(self.combine(&[(&self.order().number(1), Element::Generator)])?.to_vec())
    }

    /// The sum of the multiples (in a multiplicative group, the product of the powers), encoded; in constant time as
    /// far as scalars go. `INVALID_ARGUMENT` where an element is not one of the group, or where the sum is the neutral
    /// element.
    fn combine(&self, terms: &[Term<'_>]) -> Result<Secret>;

    /// `INVALID_ARGUMENT` unless this encodes an element other than the neutral one.
    fn check(&self, element: &[u8]) -> Result<()> {
        self.combine(&[(&self.order().number(1), Element::Encoded(element))]).map(drop)
    }
}

/// The group of a primitive, `None` where it is not implemented.
pub(super) fn of(primitive: PakePrimitive) -> Option<Box<dyn Group>> {
    let family = EccFamily(primitive.get_family());
    match primitive.get_type() {
        PakePrimitive::TYPE_ECC => of_curve(family, primitive.get_bits()),
        PakePrimitive::TYPE_DH => {
            Some(Box::new(FiniteField::find(DhFamily(primitive.get_family()), primitive.get_bits())?))
        }
        _ => None,
    }
}

/// The group of points of a curve.
pub(super) fn of_curve(family: EccFamily, bits: usize) -> Option<Box<dyn Group>> {
    match (family, bits) {
        (EccFamily::TWISTED_EDWARDS, 255) => Some(Box::new(edwards25519::Edwards25519::new()?)),
        (EccFamily::TWISTED_EDWARDS, 448) => Some(Box::new(edwards448::Edwards448::new()?)),
        _ => Some(Box::new(Weierstrass::new(Curve::find(family, bits)?)?)),
    }
}

/// A constant of a protocol, in the encoding that elements of this curve have here; it may come as a compressed point
/// (SEC 1, version 2.0, section 2.3.3).
pub(super) fn decompressed((family, bits): (EccFamily, usize), constant: &[u8]) -> Result<Vec<u8>> {
    match Curve::find(family, bits) {
        None => Ok(constant.to_vec()),
        Some(curve) => weierstrass::decompressed(curve, constant),
    }
}

/// Refuses what is not an element, or the neutral one.
fn no_element<T>() -> Result<T> {
    fail!(InvalidArgument, "this is not an element of the group, or the neutral one")
}
