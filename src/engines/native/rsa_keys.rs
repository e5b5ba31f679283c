//! RSA keys (PSA 1.5, section 9.5.1).

use super::asymmetric_keys::{copy, not_private};
use super::ffi::rsa::Rsa;
use crate::core::primitives::{AsymmetricEncryption, Key, Signature};
use crate::fail;
use crate::memory::Secret;
use crate::psa::der::unsigned_integers;
use crate::psa::{Error, Result, sizes};

/// A key pair or public key made ready for use.
pub(super) struct RsaKey {
    pub(super) rsa: Rsa,
    has_private_part: bool,
    public_key: Vec<u8>,
}

/// The usual public exponent, 65537.
const DEFAULT_EXPONENT: &[u8] = &[1, 0, 1];

/// The longest public exponent that aws-lc generates keys with.
const LONGEST_EXPONENT: usize = 4;

/// The longest public exponent in bits that aws-lc takes.
const LONGEST_EXPONENT_BITS: usize = 33;

/// aws-lc generates keys in steps of this many bits.
const GENERATION_STEP: usize = 128;

/// True for the sizes that are imported and used. Of these, only multiples of 128 bits are generated.
pub(super) fn holds(bits: usize) -> bool {
    (1024..=sizes::RSA_MAX_KEY_BITS).contains(&bits) && bits.is_multiple_of(8)
}

/// Makes a key pair; `exponent` is big-endian and may be empty for the default.
pub(super) fn generate(bits: usize, exponent: &[u8]) -> Result<Secret> {
    if !bits.is_multiple_of(GENERATION_STEP) {
        return fail!(NotSupported, "RSA keys are generated in sizes that are multiples of {GENERATION_STEP} bits");
    }
    let exponent = check_exponent(if exponent.is_empty() { DEFAULT_EXPONENT } else { exponent })?;
    let key = Rsa::generate(bits, exponent).and_then(|key| key.private_encoding());
    match key {
        Some(encoding) => Ok(encoding),
        None => fail!(GenericError, "generating an RSA key of {bits} bits failed"),
    }
}

/// Checks the encoding and the numbers of a key pair and gives both its canonical encoding and its size.
pub(super) fn import_private(data: &[u8]) -> Result<(Secret, usize)> {
    let key = parse_private(data)?;
    let encoding = key.private_encoding().ok_or(Error::GenericError)?;
    Ok((encoding, key.bits()))
}

/// Checks the encoding and the numbers of a public key and gives both its canonical encoding and its size.
pub(super) fn import_public(data: &[u8]) -> Result<(Secret, usize)> {
    let key = parse_public(data)?;
    let encoding = key.public_encoding().ok_or(Error::GenericError)?;
    Ok((Secret::new(encoding), key.bits()))
}

impl RsaKey {
    /// Makes a key pair ready.
    pub(super) fn from_private(material: &[u8]) -> Result<Self> {
        Self::new(parse_private(material)?, true)
    }

    /// Makes a public key ready.
    pub(super) fn from_public(material: &[u8]) -> Result<Self> {
        Self::new(parse_public(material)?, false)
    }

    fn new(rsa: Rsa, has_private_part: bool) -> Result<Self> {
        let public_key = rsa.public_encoding().ok_or(Error::GenericError)?;
        Ok(Self { rsa, has_private_part, public_key })
    }

    /// The key for operations with its private part.
    pub(super) fn private(&self) -> Result<&Rsa> {
        if self.has_private_part { Ok(&self.rsa) } else { not_private() }
    }

    /// Length of the modulus, and with it of signatures and ciphertexts, in bytes.
    pub(super) fn modulus_length(&self) -> usize {
        self.rsa.bits().div_ceil(8)
    }
}

impl Key for RsaKey {
    fn public_key(&self, output: &mut [u8]) -> Result<usize> {
        copy(&self.public_key, output)
    }

    fn signature(&self) -> Option<&dyn Signature> {
        Some(self)
    }

    fn asymmetric_encryption(&self) -> Option<&dyn AsymmetricEncryption> {
        Some(self)
    }
}

fn parse_private(data: &[u8]) -> Result<Rsa> {
    match Rsa::from_private(data) {
        Some(key) => Ok(key),
        None => {
            check_length(unsigned_integers(data).map(|[_, modulus, exponent]| [modulus, exponent]))?;
            fail!(InvalidArgument, "the data is not a consistent RSAPrivateKey with two primes")
        }
    }
}

fn parse_public(data: &[u8]) -> Result<Rsa> {
    match Rsa::from_public(data) {
        Some(key) => Ok(key),
        None => {
            check_length(unsigned_integers(data))?;
            fail!(InvalidArgument, "the data is not an RSAPublicKey with an odd modulus and a usual exponent")
        }
    }
}

/// A public exponent that is too long for aws-lc is not wrong (PSA 1.5, section 9.5.1: the maximum is ours to choose), if it is
/// one: an odd number below an odd modulus.
fn check_length(public_key: Option<[&[u8]; 2]>) -> Result<()> {
    let Some([modulus, exponent @ [first, ..]]) = public_key else { return Ok(()) };
    let is_odd = |number: &[u8]| number.last().is_some_and(|last| last % 2 == 1);
    let is_below = (exponent.len(), exponent) < (modulus.len(), modulus);
    let bits = 8 * exponent.len() - first.leading_zeros() as usize;
    if is_odd(modulus) && is_odd(exponent) && is_below && bits > LONGEST_EXPONENT_BITS {
        return fail!(NotSupported, "the public exponent has more than {LONGEST_EXPONENT_BITS} bits");
    }
    Ok(())
}

/// The exponent without leading zeros, if it is odd, greater than 1 and not too long (PSA 1.5, section 9.5.1).
fn check_exponent(exponent: &[u8]) -> Result<&[u8]> {
    let zeros = exponent.iter().take_while(|byte| **byte == 0).count();
    let exponent = exponent.get(zeros..).unwrap_or_default();
    match exponent {
        [] | [1] => fail!(InvalidArgument, "the public exponent is not greater than 1"),
        [.., last] if last % 2 == 0 => fail!(InvalidArgument, "the public exponent is even"),
        _ if exponent.len() > LONGEST_EXPONENT => {
            fail!(NotSupported, "the public exponent has more than {} bits", LONGEST_EXPONENT * 8)
        }
        _ => Ok(exponent),
    }
}
