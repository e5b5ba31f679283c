//! Keys on the twisted Edwards curve of 448 bits (PSA 1.5, section 9.5.2; RFC 8032, section 5.2).

use ed448_goldilocks::{SigningKey, VerifyingKey};

use super::asymmetric_keys::{copy, fixed};
use super::random;
use crate::core::primitives::{Key, Signature};
use crate::fail;
use crate::memory::Secret;
use crate::psa::Result;

/// Length of private and public keys in bytes.
pub(super) const LENGTH: usize = 57;

/// A key pair or public key made ready for use.
pub(super) struct Edwards448Key {
    /// The expanded private key of a key pair, `None` for a public key.
    pub(super) private_key: Option<SigningKey>,
    pub(super) public_key: VerifyingKey,
}

/// Makes a random private key.
pub(super) fn generate() -> Result<Secret> {
    random::secret(LENGTH)
}

/// Checks a private key: every string of the length is one.
pub(super) fn check_private(data: &[u8]) -> Result<()> {
    fixed::<LENGTH>(data).map(drop)
}

/// Checks that a public key encodes a point of the group that the generator generates.
pub(super) fn check_public(data: &[u8]) -> Result<()> {
    parse_public(data).map(drop)
}

fn parse_public(data: &[u8]) -> Result<VerifyingKey> {
    let encoded = fixed::<LENGTH>(data)?;
    match VerifyingKey::from_bytes(encoded) {
        Ok(key) if is_canonical(encoded) => Ok(key),
        _ => fail!(InvalidArgument, "the public key is not a point on the curve"),
    }
}

/// The prime of the field is 2^448 - 2^224 - 1; in its little-endian form this byte alone is not `0xff`.
const PRIME_GAP: usize = 28;

/// RFC 8032, section 5.2.3, steps 1 and 2: y is less than the prime, and only the sign is in the last byte. (A point whose
/// x is 0 is not in the group, so its sign needs no rule.)
pub(super) fn is_canonical(encoded: &[u8; LENGTH]) -> bool {
    let [y @ .., last] = encoded;
    let (low, high) = y.split_at(PRIME_GAP);
    let below = match high {
        [gap, rest @ ..] if rest.iter().all(|byte| *byte == 0xff) => match gap {
            0xff => false,
            0xfe => low.iter().any(|byte| *byte != 0xff),
            _ => true,
        },
        _ => true,
    };
    below && last & 0x7f == 0
}

impl Edwards448Key {
    /// Makes a key pair ready.
    pub(super) fn from_private(material: &[u8]) -> Result<Self> {
        let private_key = SigningKey::try_from(&fixed::<LENGTH>(material)?[..]);
        match private_key {
            Ok(key) => Ok(Self { public_key: key.verifying_key(), private_key: Some(key) }),
            Err(_) => fail!(InvalidArgument, "the private key has a wrong length"),
        }
    }

    /// Makes a public key ready.
    pub(super) fn from_public(material: &[u8]) -> Result<Self> {
        Ok(Self { private_key: None, public_key: parse_public(material)? })
    }
}

impl Key for Edwards448Key {
    fn public_key(&self, output: &mut [u8]) -> Result<usize> {
        copy(self.public_key.as_bytes(), output)
    }

    fn signature(&self) -> Option<&dyn Signature> {
        Some(self)
    }
}
