//! Integers modulo an odd number, in constant time: scalars of a group, and coordinates of a curve.

use crypto_bigint::modular::{BoxedMontyForm, BoxedMontyParams};
use crypto_bigint::{BoxedUint, CtAssign, CtEq, NonZero, Odd, Resize};
use subtle::Choice;
use zeroize::Zeroize;

use super::random;
use crate::memory::Secret;
use crate::psa::Result;

/// An odd modulus, with what is computed once for it.
pub(super) struct Modulus {
    parameters: BoxedMontyParams,
    /// Length of its big-endian form in bytes.
    length: usize,
}

/// An integer modulo a [`Modulus`], wiped when it goes out of scope.
#[derive(Clone)]
pub(super) struct Residue {
    value: BoxedMontyForm,
    length: usize,
}

impl Modulus {
    /// The modulus of a big-endian string; `None` for an even one.
    pub(super) fn new(big_endian: &[u8]) -> Option<Self> {
        let modulus = BoxedUint::from_be_slice_vartime(big_endian);
        let parameters = BoxedMontyParams::new_vartime(Option::<Odd<BoxedUint>>::from(Odd::new(modulus))?);
        Some(Self { parameters, length: big_endian.len() })
    }

    /// Length in bytes of everything that is below the modulus.
    pub(super) fn length(&self) -> usize {
        self.length
    }

    fn value(&self) -> &BoxedUint {
        self.parameters.modulus().as_ref()
    }

    fn residue(&self, value: BoxedMontyForm) -> Residue {
        Residue { value, length: self.length }
    }

    /// A big-endian string of any length, reduced.
    pub(super) fn reduce(&self, big_endian: &[u8]) -> Residue {
        let precision = self.parameters.bits_precision().max(8 * big_endian.len() as u32);
        let mut number = BoxedUint::from_be_slice_truncated(big_endian, precision);
        let mut reduced = number.rem(&NonZero::from(self.parameters.modulus().clone()));
        number.zeroize();
        let residue = self.in_range(&reduced);
        reduced.zeroize();
        residue
    }

    /// A big-endian string of exactly the modulus's length and below it.
    pub(super) fn parse(&self, big_endian: &[u8]) -> Option<Residue> {
        if big_endian.len() != self.length {
            return None;
        }
        let mut number = BoxedUint::from_be_slice_truncated(big_endian, self.parameters.bits_precision());
        let below = number < *self.value();
        let residue = below.then(|| self.in_range(&number));
        number.zeroize();
        residue
    }

    fn in_range(&self, number: &BoxedUint) -> Residue {
        let number = number.clone().resize_unchecked(self.parameters.bits_precision());
        self.residue(BoxedMontyForm::new(number, &self.parameters))
    }

    /// A small number.
    pub(super) fn number(&self, number: u32) -> Residue {
        self.reduce(&number.to_be_bytes())
    }

    /// A random number from 1 up to the modulus; 128 bits more than needed are reduced, so that all are as likely.
    pub(super) fn random_nonzero(&self) -> Result<Residue> {
        let mut bytes = Secret::new(vec![0; self.length + 16]);
        loop {
            random::fill(&mut bytes)?;
            let residue = self.reduce(&bytes);
            if !bool::from(residue.is_zero()) {
                return Ok(residue);
            }
        }
    }

    /// A big-endian string of any length as a number from `least` up to the modulus: reduced modulo as much less.
    pub(super) fn reduce_from(&self, big_endian: &[u8], least: u32) -> Residue {
        let precision = self.parameters.bits_precision().max(8 * big_endian.len() as u32);
        let mut number = BoxedUint::from_be_slice_truncated(big_endian, precision);
        let range = self.value().wrapping_sub(BoxedUint::from(least));
        let range = Option::<NonZero<BoxedUint>>::from(NonZero::new(range));
        // A modulus is larger than the small numbers that are asked for.
        let mut reduced = range.map_or_else(BoxedUint::zero, |range| number.rem(&range));
        number.zeroize();
        let residue = self.in_range(&reduced).plus(&self.number(least));
        reduced.zeroize();
        residue
    }

    /// Half of the modulus, rounded down: the order of the squares of a safe prime. Big-endian.
    pub(super) fn half(&self) -> Vec<u8> {
        trimmed(&self.shifted(1).to_be_bytes(), self.length)
    }

    /// The modulus, divided by a power of two, as an exponent that everybody may know.
    pub(super) fn shifted(&self, bits: u32) -> BoxedUint {
        self.value().clone() >> bits
    }

    /// The modulus less a small number, as a modulus may be wanted; big-endian.
    pub(super) fn less(&self, number: u32) -> Vec<u8> {
        let less = self.value().wrapping_sub(BoxedUint::from(number));
        trimmed(&less.to_be_bytes(), self.length)
    }
}

impl Residue {
    /// The sum.
    pub(super) fn plus(&self, other: &Self) -> Self {
        self.with(self.value.add(&other.value))
    }

    /// The difference.
    pub(super) fn minus(&self, other: &Self) -> Self {
        self.with(self.value.sub(&other.value))
    }

    /// The product.
    pub(super) fn times(&self, other: &Self) -> Self {
        self.with(self.value.mul(&other.value))
    }

    /// The negative.
    pub(super) fn negative(&self) -> Self {
        self.with(self.value.neg())
    }

    /// The power with an exponent that everybody may know.
    pub(super) fn power(&self, exponent: &BoxedUint) -> Self {
        self.with(self.value.pow(exponent))
    }

    /// 0 where the number is 0, else its inverse modulo the prime, by Fermat's theorem.
    pub(super) fn inverse_or_zero(&self, prime: &Modulus) -> Self {
        self.power(&prime.value().wrapping_sub(BoxedUint::from(2u32)))
    }

    /// The other one where `choice` says so, without a branch.
    pub(super) fn or(&self, other: &Self, choice: Choice) -> Self {
        let mut chosen = self.clone();
        chosen.value.ct_assign(&other.value, crypto_bigint::Choice::from_u8_lsb(choice.unwrap_u8()));
        chosen
    }

    /// Is it 0?
    pub(super) fn is_zero(&self) -> Choice {
        Choice::from(self.value.is_zero().to_u8())
    }

    /// Is it the same number?
    pub(super) fn equals(&self, other: &Self) -> Choice {
        Choice::from(self.value.ct_eq(&other.value).to_u8())
    }

    /// Is it odd?
    pub(super) fn is_odd(&self) -> Choice {
        let bytes = self.to_bytes();
        Choice::from(bytes.last().copied().unwrap_or_default() & 1)
    }

    /// Big-endian, as long as the modulus.
    pub(super) fn to_bytes(&self) -> Secret {
        let mut number = self.value.retrieve();
        let mut whole = number.to_be_bytes();
        let bytes = Secret::new(trimmed(&whole, self.length));
        whole.zeroize();
        number.zeroize();
        bytes
    }

    fn with(&self, value: BoxedMontyForm) -> Self {
        Self { value, length: self.length }
    }
}

impl Drop for Residue {
    fn drop(&mut self) {
        self.value.zeroize();
    }
}

/// The last `length` bytes; what is before them is zero, or missing.
fn trimmed(bytes: &[u8], length: usize) -> Vec<u8> {
    let mut trimmed = vec![0; length];
    let common = length.min(bytes.len());
    trimmed[length - common..].copy_from_slice(&bytes[bytes.len() - common..]);
    trimmed
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2^61 - 1, a prime.
    fn prime() -> Modulus {
        Modulus::new(&((1u64 << 61) - 1).to_be_bytes()).unwrap()
    }

    fn number(residue: &Residue) -> u64 {
        u64::from_be_bytes(residue.to_bytes().as_slice().try_into().unwrap())
    }

    #[test]
    fn arithmetic_agrees_with_that_of_128_bits() {
        let modulus = (1u128 << 61) - 1;
        let prime = prime();
        for (a, b) in [(3u64, 5u64), (u64::MAX, 1 << 60), (0, 7), (1 << 61, (1 << 61) - 2)] {
            let (x, y) = (prime.reduce(&a.to_be_bytes()), prime.reduce(&b.to_be_bytes()));
            let (a, b) = (u128::from(a) % modulus, u128::from(b) % modulus);
            assert_eq!(u128::from(number(&x.plus(&y))), (a + b) % modulus);
            assert_eq!(u128::from(number(&x.minus(&y))), (modulus + a - b) % modulus);
            assert_eq!(u128::from(number(&x.times(&y))), a * b % modulus);
            assert_eq!(u128::from(number(&x.negative())), (modulus - a) % modulus);
            if a != 0 {
                assert_eq!(number(&x.inverse_or_zero(&prime).times(&x)), 1);
            }
            assert_eq!(bool::from(x.is_odd()), a % 2 == 1);
            assert_eq!(number(&x.or(&y, Choice::from(1))), number(&y));
            assert_eq!(number(&x.or(&y, Choice::from(0))), number(&x));
        }
        let long = prime.reduce(&[0xff; 40]);
        assert_eq!(u128::from(number(&long)), (0..320).fold(0, |value, _| (2 * value + 1) % modulus));
    }

    #[test]
    fn only_what_is_below_the_modulus_is_parsed() {
        let prime = prime();
        assert!(prime.parse(&((1u64 << 61) - 2).to_be_bytes()).is_some());
        assert!(prime.parse(&((1u64 << 61) - 1).to_be_bytes()).is_none());
        assert!(prime.parse(&[0; 7]).is_none());
        assert!(Modulus::new(&[8]).is_none());
    }
}
