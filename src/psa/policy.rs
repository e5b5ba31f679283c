//! Usage flags of keys (PSA 1.5, section 9.8).

use std::fmt;
use std::ops::{BitOr, BitOrAssign};

/// What a key may be used for: a set of flags.
#[repr(transparent)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Usage(pub u32);

impl Usage {
    /// `PSA_KEY_USAGE_EXPORT`: export of the private or secret key; a public key needs no permission.
    pub const EXPORT: Self = Self(0x00000001);
    /// `PSA_KEY_USAGE_COPY`: copies, also out of this place.
    pub const COPY: Self = Self(0x00000002);
    /// `PSA_KEY_USAGE_CACHE`: may stay in memory between uses, instead of being read each time.
    pub const CACHE: Self = Self(0x00000004);
    /// `PSA_KEY_USAGE_ENCRYPT`: encryption, and encapsulation for a public key.
    pub const ENCRYPT: Self = Self(0x00000100);
    /// `PSA_KEY_USAGE_DECRYPT`: decryption, and decapsulation.
    pub const DECRYPT: Self = Self(0x00000200);
    /// `PSA_KEY_USAGE_SIGN_MESSAGE`: signatures and MACs of messages.
    pub const SIGN_MESSAGE: Self = Self(0x00000400);
    /// `PSA_KEY_USAGE_VERIFY_MESSAGE`: checking signatures and MACs of messages.
    pub const VERIFY_MESSAGE: Self = Self(0x00000800);
    /// `PSA_KEY_USAGE_SIGN_HASH`: signatures of hashes; implies `SIGN_MESSAGE`.
    pub const SIGN_HASH: Self = Self(0x00001000);
    /// `PSA_KEY_USAGE_VERIFY_HASH`: checking signatures of hashes; implies `VERIFY_MESSAGE`.
    pub const VERIFY_HASH: Self = Self(0x00002000);
    /// `PSA_KEY_USAGE_DERIVE`: key derivation, key agreement and password-authenticated key exchange.
    pub const DERIVE: Self = Self(0x00004000);
    /// `PSA_KEY_USAGE_VERIFY_DERIVATION`: key derivation whose output is compared only.
    pub const VERIFY_DERIVATION: Self = Self(0x00008000);
    /// `PSA_KEY_USAGE_DERIVE_PUBLIC`: public key of a key agreement; in `psa_check_key_usage()` only.
    pub const DERIVE_PUBLIC: Self = Self(0x00000080);
    /// `PSA_KEY_USAGE_WRAP`: wrapping other keys.
    pub const WRAP: Self = Self(0x00010000);
    /// `PSA_KEY_USAGE_UNWRAP`: unwrapping other keys.
    pub const UNWRAP: Self = Self(0x00020000);
}

impl Usage {
    /// All flags that the specification defines; others are invalid.
    pub const ALL: Self = Self(0x0003_ff87);

    /// True where all flags of `other` are set.
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// True where some flag of `other` is set.
    pub const fn intersects(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// The flags of both.
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The flags that both have.
    pub const fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// True where every flag is one that the specification defines.
    pub const fn is_valid(self) -> bool {
        Self::ALL.contains(self)
    }
}

/// How the flags are called in C, after `PSA_KEY_USAGE_`.
const NAMES: [(&str, Usage); 14] = [
    ("EXPORT", Usage::EXPORT),
    ("COPY", Usage::COPY),
    ("CACHE", Usage::CACHE),
    ("ENCRYPT", Usage::ENCRYPT),
    ("DECRYPT", Usage::DECRYPT),
    ("SIGN_MESSAGE", Usage::SIGN_MESSAGE),
    ("VERIFY_MESSAGE", Usage::VERIFY_MESSAGE),
    ("SIGN_HASH", Usage::SIGN_HASH),
    ("VERIFY_HASH", Usage::VERIFY_HASH),
    ("DERIVE", Usage::DERIVE),
    ("VERIFY_DERIVATION", Usage::VERIFY_DERIVATION),
    ("DERIVE_PUBLIC", Usage::DERIVE_PUBLIC),
    ("WRAP", Usage::WRAP),
    ("UNWRAP", Usage::UNWRAP),
];

/// As C writes them, `PSA_KEY_USAGE_SIGN_HASH | PSA_KEY_USAGE_EXPORT`; a number where a flag has no name, or none is set.
impl fmt::Display for Usage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named = NAMES.iter().fold(Self::default(), |named, (_, flag)| named | *flag);
        if *self == Self::default() || !named.contains(*self) {
            return write!(formatter, "{:#x}", self.0);
        }
        let set = NAMES.iter().filter(|(_, flag)| self.contains(*flag));
        set.enumerate().try_for_each(|(index, (name, _))| {
            write!(formatter, "{}PSA_KEY_USAGE_{name}", if index == 0 { "" } else { " | " })
        })
    }
}

impl BitOr for Usage {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        self.union(other)
    }
}

impl BitOrAssign for Usage {
    fn bitor_assign(&mut self, other: Self) {
        *self = *self | other;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The numbers are those of the specification (PSA 1.5, section 9.8.2).
    #[test]
    fn flags_are_called_as_in_the_specification() {
        for (number, text) in [
            (0x1000, "PSA_KEY_USAGE_SIGN_HASH"),
            (0x2_0001, "PSA_KEY_USAGE_EXPORT | PSA_KEY_USAGE_UNWRAP"),
            (0x80, "PSA_KEY_USAGE_DERIVE_PUBLIC"),
            (0, "0x0"),
            (0x8000_1000, "0x80001000"),
        ] {
            assert_eq!(Usage(number).to_string(), text);
        }
        assert!(NAMES.iter().all(|(_, flag)| Usage::ALL.contains(*flag) && flag.0.is_power_of_two()));
        assert_eq!(Usage::ALL.0.count_ones() as usize, NAMES.len());
    }
}
