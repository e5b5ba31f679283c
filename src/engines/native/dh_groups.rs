//! The groups of finite-field Diffie-Hellman (PSA 1.5, section 9.2.4; RFC 7919, RFC 3526). Their primes are safe, and the
//! generator 2 is a square: it generates the subgroup of order (p - 1) / 2.

use crypto_bigint::{JacobiSymbol, Odd, U8192};

use super::groups::primes;
use super::made_once::MadeOnce;
use crate::psa::{DhFamily, KeyType};

/// A group.
pub(super) struct Group {
    family: DhFamily,
    bits: usize,
    prime: MadeOnce<Vec<u8>>,
}

static GROUPS: [Group; 10] = [
    Group::new(DhFamily::RFC7919, 2048),
    Group::new(DhFamily::RFC7919, 3072),
    Group::new(DhFamily::RFC7919, 4096),
    Group::new(DhFamily::RFC7919, 6144),
    Group::new(DhFamily::RFC7919, 8192),
    Group::new(DhFamily::RFC3526, 2048),
    Group::new(DhFamily::RFC3526, 3072),
    Group::new(DhFamily::RFC3526, 4096),
    Group::new(DhFamily::RFC3526, 6144),
    Group::new(DhFamily::RFC3526, 8192),
];

/// The generator of all groups.
pub(super) const GENERATOR: &[u8] = &[2];

impl Group {
    const fn new(family: DhFamily, bits: usize) -> Self {
        Self { family, bits, prime: MadeOnce::new() }
    }

    /// The group of a key type and size.
    pub(super) fn find(key_type: KeyType, bits: usize) -> Option<&'static Self> {
        GROUPS.iter().find(|group| group.family == key_type.dh_get_family() && group.bits == bits)
    }

    /// Length of the prime, and of keys and secrets, in bytes.
    pub(super) fn length(&self) -> usize {
        self.bits / 8
    }

    /// The prime, big-endian.
    pub(super) fn prime(&self) -> &[u8] {
        self.prime.get_or_init(|| primes::find(self.family, self.bits).unwrap_or_default())
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
