//! Taking the padding off what was decrypted: of RSA, where a device does the private-key operation alone (RFC 8017,
//! section 7), and of block ciphers.
//!
//! Which byte is wrong, or where the message begins, must not show in the time that is taken: whoever can tell wrong
//! paddings apart decrypts with a few thousand questions. Every byte is looked at whatever the others hold, and only
//! the verdict, and the length of a good message, become visible.

use subtle::{Choice, ConditionallySelectable, ConstantTimeEq, ConstantTimeGreater};

use super::compose;
use crate::engines::Engine;
use crate::engines::native::Native;
use crate::memory::Secret;
use crate::psa::sizes::{RSA_PKCS1V15_PADDING, hash_length};
use crate::psa::{Algorithm, Error, Result};

/// At least this many bytes in front of the message, with the zero that ends the padding.
const PADDING: u32 = RSA_PKCS1V15_PADDING as u32;

/// The message of EME-PKCS1-v1_5, or `INVALID_PADDING`.
pub fn pkcs1v15(encoded: &[u8]) -> Result<Secret> {
    let [first, second, rest @ ..] = encoded else { return Err(Error::InvalidPadding) };
    let (found, position) = first_match(rest, |byte| byte.ct_eq(&0));
    let start = position.wrapping_add(3);
    let long_enough = !PADDING.ct_gt(&start);
    message(encoded, start, first.ct_eq(&0) & second.ct_eq(&2) & found & long_enough)
}

/// The message of EME-OAEP with MGF1, one hash for both and this label, or `INVALID_PADDING`.
pub fn oaep(algorithm: Algorithm, label: &[u8], mut encoded: Secret) -> Result<Secret> {
    let length = hash_length(algorithm);
    let mut label_hash = vec![0; length];
    Native.hash().compute(algorithm, label, &mut label_hash)?;
    if length == 0 || encoded.len() < 2 * length + 2 {
        return Err(Error::InvalidPadding);
    }
    let Some((first, masked)) = encoded.split_first_mut() else { return Err(Error::InvalidPadding) };
    let (seed, block) = masked.split_at_mut(length);
    compose::apply_mask(algorithm, block, seed)?;
    compose::apply_mask(algorithm, seed, block)?;
    let (hash, rest) = block.split_at(length);
    // Zeros, and then a one.
    let (found, position) = first_match(rest, |byte| !byte.ct_eq(&0));
    let ends_with_one = rest
        .iter()
        .zip(0..)
        .fold(Choice::from(0), |ends, (byte, index): (_, u32)| ends | (index.ct_eq(&position) & byte.ct_eq(&1)));
    let valid = first.ct_eq(&0) & hash.ct_eq(&label_hash) & found & ends_with_one;
    message(rest, position.wrapping_add(1), valid)
}

/// How much of a decrypted last block is in front of the padding of PKCS#7 (RFC 2315, section 10.3). Looks at every byte whatever it finds, and only
/// the verdict becomes visible.
pub fn pkcs7(block: &[u8]) -> Result<usize> {
    let padding = *block.last().ok_or(Error::CorruptionDetected)?;
    let mut valid = padding.ct_gt(&0) & !padding.ct_gt(&(block.len() as u8));
    for (distance, byte) in (1u8..).zip(block.iter().rev()) {
        let is_padding = !distance.ct_gt(&padding);
        valid &= !is_padding | byte.ct_eq(&padding);
    }
    if bool::from(valid) { Ok(block.len() - usize::from(padding)) } else { Err(Error::InvalidPadding) }
}

/// Whether, and where first, a byte matches.
fn first_match(bytes: &[u8], matches: impl Fn(&u8) -> Choice) -> (Choice, u32) {
    let (mut found, mut position) = (Choice::from(0), 0);
    for (byte, index) in bytes.iter().zip(0..) {
        let matched = matches(byte);
        position.conditional_assign(&index, matched & !found);
        found |= matched;
    }
    (found, position)
}

fn message(bytes: &[u8], start: u32, valid: Choice) -> Result<Secret> {
    match bytes.get(start as usize..) {
        Some(message) if bool::from(valid) => Ok(message.to_vec().into()),
        _ => Err(Error::InvalidPadding),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pkcs1v15_takes_what_the_standard_takes() {
        let good = |padding: usize, text: &[u8]| [&[0, 2][..], &vec![7; padding], &[0], text].concat();
        assert_eq!(pkcs1v15(&good(8, b"text")).unwrap().as_slice(), b"text");
        assert_eq!(pkcs1v15(&good(8, b"a\0b")).unwrap().as_slice(), b"a\0b");
        assert_eq!(pkcs1v15(&good(100, b"")).unwrap().len(), 0);
        let mut bad = vec![good(7, b"text"), vec![], vec![0], vec![0, 2], [&[0, 2][..], &[7; 30]].concat()];
        for (index, value) in [(0, 1), (1, 1), (1, 0), (5, 0)] {
            let mut encoded = good(8, b"text");
            encoded[index] = value;
            bad.push(encoded);
        }
        for encoded in bad {
            assert_eq!(pkcs1v15(&encoded), Err(Error::InvalidPadding), "{encoded:?}");
        }
    }
}
