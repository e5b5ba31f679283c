//! Points of curves in short Weierstrass form, uncompressed (SEC 1, version 2.0, section 2.3.3).

use super::{Element, Group, Term, no_element};
use crate::engines::native::curves::Curve;
use crate::engines::native::ffi::ec_point;
use crate::engines::native::modular::Modulus;
use crate::memory::Secret;
use crate::psa::Result;

/// The points of a curve.
pub(in crate::engines::native) struct Weierstrass {
    pub(in crate::engines::native) curve: &'static Curve,
    order: Modulus,
}

impl Weierstrass {
    /// The points of this curve.
    pub(super) fn new(curve: &'static Curve) -> Option<Self> {
        Some(Self { curve, order: Modulus::new(&ec_point::order(curve.group(), curve.scalar_length())?)? })
    }
}

impl Group for Weierstrass {
    fn order(&self) -> &Modulus {
        &self.order
    }

    fn combine(&self, terms: &[Term<'_>]) -> Result<Secret> {
        let scalars: Vec<Secret> = terms.iter().map(|(scalar, _)| scalar.to_bytes()).collect();
        let mut encoded = Vec::with_capacity(terms.len());
        for (scalar, (_, element)) in scalars.iter().zip(terms) {
            let point = match element {
                Element::Generator => None,
                Element::Encoded(point) => {
                    self.curve.check_point_encoding(point)?;
                    Some(*point)
                }
            };
            encoded.push((scalar.as_slice(), point));
        }
        let mut sum = Secret::new(vec![0; self.curve.point_length()]);
        if ec_point::combine(self.curve.group(), &encoded, &mut sum) { Ok(sum) } else { no_element() }
    }
}

/// The uncompressed form of a point that may be compressed.
pub(super) fn decompressed(curve: &'static Curve, point: &[u8]) -> Result<Vec<u8>> {
    let mut uncompressed = vec![0; curve.point_length()];
    if ec_point::combine(curve.group(), &[(&[1], Some(point))], &mut uncompressed) {
        return Ok(uncompressed);
    }
    no_element()
}
