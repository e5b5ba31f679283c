//! The groups of finite-field Diffie-Hellman (PSA 1.5, section 9.2.4; RFC 7919, RFC 3526). Their primes are safe, and the
//! generator 2 is a square: it generates the subgroup of order (p - 1) / 2.

use crypto_bigint::{JacobiSymbol, Odd, U8192};

use super::dh_primes;
use super::ffi::powers;
use super::made_once::MadeOnce;
use crate::memory::Secret;
use crate::psa::{DhFamily, Error, Result};

/// A group.
pub(super) struct DhGroup {
    family: DhFamily,
    bits: usize,
    /// The number in the formula of the prime.
    c: u32,
    prime: MadeOnce<Vec<u8>>,
}

static GROUPS: [DhGroup; 10] = [
    DhGroup::new(DhFamily::RFC7919, 2048, 560316),
    DhGroup::new(DhFamily::RFC7919, 3072, 2625351),
    DhGroup::new(DhFamily::RFC7919, 4096, 5736041),
    DhGroup::new(DhFamily::RFC7919, 6144, 15705020),
    DhGroup::new(DhFamily::RFC7919, 8192, 10965728),
    DhGroup::new(DhFamily::RFC3526, 2048, 124476),
    DhGroup::new(DhFamily::RFC3526, 3072, 1690314),
    DhGroup::new(DhFamily::RFC3526, 4096, 240904),
    DhGroup::new(DhFamily::RFC3526, 6144, 929484),
    DhGroup::new(DhFamily::RFC3526, 8192, 4743158),
];

/// The generator of all groups.
pub(super) const GENERATOR: &[u8] = &[2];

impl DhGroup {
    const fn new(family: DhFamily, bits: usize, c: u32) -> Self {
        Self { family, bits, c, prime: MadeOnce::new() }
    }

    /// The group of a family whose prime has that many bits.
    pub(super) fn find(family: DhFamily, bits: usize) -> Option<&'static Self> {
        GROUPS.iter().find(|group| group.family == family && group.bits == bits)
    }

    /// Length of the prime, and of keys and secrets, in bytes.
    pub(super) fn length(&self) -> usize {
        self.bits / 8
    }

    /// The prime, big-endian.
    pub(super) fn prime(&self) -> &[u8] {
        self.prime.get_or_init(|| dh_primes::make(self.family, self.bits, self.c).unwrap_or_default())
    }

    /// The power of a base below the prime, in constant time.
    pub(super) fn power(&self, base: &[u8], exponent: &[u8]) -> Result<Secret> {
        let mut power = Secret::new(vec![0; self.length()]);
        match powers::power(self.prime(), base, exponent, &mut power) {
            true => Ok(power),
            false => Err(Error::InsufficientMemory),
        }
    }

    /// Checks a public key (SP 800-56A, section 5.6.2.3.1): 2 <= y <= p - 2, and y is in the subgroup, whose elements are the
    /// squares.
    pub(super) fn is_public(&self, number: &[u8]) -> bool {
        let prime = self.prime();
        let Some((last, rest)) = number.split_last() else { return false };
        let at_most_one = *last <= 1 && rest.iter().all(|byte| *byte == 0);
        // The prime ends in ones, so that p - 1 differs in the last byte only.
        let at_least_minus_one = number >= prime || prime.starts_with(rest) && *last == 0xfe;
        number.len() == self.length() && !at_most_one && !at_least_minus_one && self.is_square(number)
    }

    fn is_square(&self, number: &[u8]) -> bool {
        let Some(prime) = Odd::new(integer(self.prime())).into_option() else { return false };
        integer(number).jacobi_symbol_vartime(&prime) == JacobiSymbol::One
    }
}

/// An integer of at most 8192 bits.
fn integer(bytes: &[u8]) -> U8192 {
    let mut padded = vec![0; U8192::BYTES - bytes.len().min(U8192::BYTES)];
    padded.extend(bytes.iter().take(U8192::BYTES));
    U8192::from_be_slice(&padded)
}
