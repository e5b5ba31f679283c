//! Squares modulo a safe prime: a group of prime order, half of what is below the prime (RFC 7919 and RFC 3526, whose
//! generator 2 is a square).

use subtle::Choice;

use super::{Element, Group, Term, no_element};
use crate::engines::native::dh_groups::{DhGroup, GENERATOR};
use crate::engines::native::modular::{Modulus, Residue};
use crate::memory::Secret;
use crate::psa::{DhFamily, Result};

/// The squares.
pub(in crate::engines::native) struct FiniteField {
    group: &'static DhGroup,
    prime: Modulus,
    order: Modulus,
}

impl FiniteField {
    /// The group of a family whose prime has that many bits.
    pub(in crate::engines::native) fn find(family: DhFamily, bits: usize) -> Option<Self> {
        let group = DhGroup::find(family, bits)?;
        let prime = Modulus::new(group.prime())?;
        let order = Modulus::new(&prime.half())?;
        Some(Self { group, prime, order })
    }

    /// The prime.
    pub(in crate::engines::native) fn prime(&self) -> &Modulus {
        &self.prime
    }

    fn is_one(&self, number: &Residue) -> Choice {
        number.equals(&self.prime.number(1))
    }

    /// An element of the group: a number below the prime whose power with the order is 1.
    fn decode(&self, encoded: &[u8]) -> Result<()> {
        let Some(number) = self.prime.parse(encoded) else { return no_element() };
        if bool::from(number.is_zero()) {
            return no_element();
        }
        let power = self.group.power(encoded, &self.order.less(0))?;
        if bool::from(self.is_one(&self.prime.reduce(&power))) { Ok(()) } else { no_element() }
    }
}

impl Group for FiniteField {
    fn order(&self) -> &Modulus {
        &self.order
    }

    fn combine(&self, terms: &[Term<'_>]) -> Result<Secret> {
        let mut product = self.prime.number(1);
        for (scalar, element) in terms {
            let base: &[u8] = match element {
                Element::Generator => GENERATOR,
                Element::Encoded(encoded) => {
                    self.decode(encoded)?;
                    encoded
                }
            };
            product = product.times(&self.prime.reduce(&self.group.power(base, &scalar.to_bytes())?));
        }
        if bool::from(self.is_one(&product)) { no_element() } else { Ok(product.to_bytes()) }
    }
}
