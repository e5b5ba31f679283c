//! Key wrapping (PSA 1.5, section 10.7): KW and KWP of NIST SP 800-38F (RFC 3394, RFC 5649) over any cipher with blocks
//! of 16 bytes.

use subtle::{Choice, ConstantTimeEq};

use super::block_cipher::{self, BlockCipherKey, BlockKey, MAX_BLOCK};
use crate::core::primitives::Direction;
use crate::fail;
use crate::memory::{Secret, SecretArray};
use crate::psa::sizes::KEY_WRAP_SEMIBLOCK as SEMIBLOCK;
use crate::psa::{Algorithm, Error, KeyType, Result};

/// What is wrapped in front of the data by KW, and the first half of it by KWP.
const KW_INITIAL: [u8; SEMIBLOCK] = [0xa6; SEMIBLOCK];
const KWP_INITIAL: [u8; 4] = [0xa6, 0x59, 0x59, 0xa6];
/// KWP encodes the length in four bytes.
const LONGEST: usize = u32::MAX as usize;

/// True where keys of this type and size wrap with the algorithm.
pub(super) fn offers(key_type: KeyType, bits: usize, alg: Algorithm) -> bool {
    alg.is_key_wrap()
        && matches!(alg, Algorithm::KW | Algorithm::KWP)
        && key_type.block_cipher_block_length() == MAX_BLOCK
        && block_cipher::has_size(key_type, bits)
}

/// Wraps; returns the length.
pub(super) fn wrap(key: &dyn BlockCipherKey, alg: Algorithm, data: &[u8], output: &mut [u8]) -> Result<usize> {
    let (initial, padded) = match alg {
        Algorithm::KW if data.len() < 2 * SEMIBLOCK || !data.len().is_multiple_of(SEMIBLOCK) => {
            return fail!(InvalidArgument, "KW takes whole blocks of 8 bytes, at least two, not {} bytes", data.len());
        }
        Algorithm::KW => (KW_INITIAL, data.len()),
        Algorithm::KWP if data.is_empty() || data.len() > LONGEST => {
            return fail!(InvalidArgument, "KWP does not take {} bytes", data.len());
        }
        Algorithm::KWP => (kwp_initial(data.len()), data.len().next_multiple_of(SEMIBLOCK)),
        _ => return fail!(NotSupported, "key-wrapping algorithm {alg} in the native engine"),
    };
    let length = SEMIBLOCK + padded;
    let output = output.get_mut(..length).ok_or(Error::BufferTooSmall)?;
    let (first, rest) = output.split_at_mut(SEMIBLOCK);
    first.copy_from_slice(&initial);
    rest.fill(0);
    rest[..data.len()].copy_from_slice(data);
    encrypt(&key.in_direction(Direction::Encrypt)?, output);
    Ok(length)
}

/// Unwraps. Nothing tells why data is not authentic, neither the error nor the time.
pub(super) fn unwrap(key: &dyn BlockCipherKey, alg: Algorithm, wrapped: &[u8]) -> Result<Secret> {
    let shortest = match alg {
        Algorithm::KW => 3 * SEMIBLOCK,
        Algorithm::KWP => 2 * SEMIBLOCK,
        _ => return fail!(NotSupported, "key-wrapping algorithm {alg} in the native engine"),
    };
    if wrapped.len() < shortest || !wrapped.len().is_multiple_of(SEMIBLOCK) || wrapped.len() > LONGEST {
        return Err(Error::InvalidSignature);
    }
    let mut data = Secret::new(wrapped.to_vec());
    decrypt(&key.in_direction(Direction::Decrypt)?, &mut data);
    let (initial, rest) = data.split_first_chunk::<SEMIBLOCK>().ok_or(Error::InvalidSignature)?;
    if alg == Algorithm::KW {
        return if initial.ct_eq(&KW_INITIAL).into() {
            Ok(Secret::new(rest.to_vec()))
        } else {
            Err(Error::InvalidSignature)
        };
    }
    let length = [initial[4], initial[5], initial[6], initial[7]];
    let length = u32::from_be_bytes(length) as usize;
    let padding = rest.len().wrapping_sub(length);
    // At most seven bytes are padding, and all of it is zeros.
    let zeros = rest
        .iter()
        .rev()
        .take(SEMIBLOCK - 1)
        .enumerate()
        .fold(0, |sum, (index, byte)| sum | if index < padding { *byte } else { 0 });
    let right = initial[..4].ct_eq(&KWP_INITIAL) & Choice::from(u8::from(padding < SEMIBLOCK)) & zeros.ct_eq(&0);
    match rest.get(..length) {
        Some(key) if right.into() => Ok(Secret::new(key.to_vec())),
        _ => Err(Error::InvalidSignature),
    }
}

fn kwp_initial(length: usize) -> [u8; SEMIBLOCK] {
    let mut initial = [0; SEMIBLOCK];
    let (magic, number) = initial.split_at_mut(KWP_INITIAL.len());
    magic.copy_from_slice(&KWP_INITIAL);
    number.copy_from_slice(&(length as u32).to_be_bytes());
    initial
}

/// The wrapping function W (SP 800-38F, section 6.1), or the bare cipher where there is one block (section 6.3).
fn encrypt(key: &BlockKey, data: &mut [u8]) {
    let (mut block, count) = begin(data);
    if count == 1 {
        return one_block(key, data, &mut block);
    }
    for step in 0..6 * count {
        let at = SEMIBLOCK * (1 + step % count);
        block[SEMIBLOCK..].copy_from_slice(&data[at..at + SEMIBLOCK]);
        key.apply(&mut block);
        add(&mut block, step + 1);
        data[at..at + SEMIBLOCK].copy_from_slice(&block[SEMIBLOCK..]);
    }
    data[..SEMIBLOCK].copy_from_slice(&block[..SEMIBLOCK]);
}

/// The inverse of [`encrypt`].
fn decrypt(key: &BlockKey, data: &mut [u8]) {
    let (mut block, count) = begin(data);
    if count == 1 {
        return one_block(key, data, &mut block);
    }
    for step in (0..6 * count).rev() {
        let at = SEMIBLOCK * (1 + step % count);
        block[SEMIBLOCK..].copy_from_slice(&data[at..at + SEMIBLOCK]);
        add(&mut block, step + 1);
        key.apply(&mut block);
        data[at..at + SEMIBLOCK].copy_from_slice(&block[SEMIBLOCK..]);
    }
    data[..SEMIBLOCK].copy_from_slice(&block[..SEMIBLOCK]);
}

/// The bare cipher, for data that is one block.
fn one_block(key: &BlockKey, data: &mut [u8], block: &mut [u8; MAX_BLOCK]) {
    block.copy_from_slice(data);
    key.apply(block);
    data.copy_from_slice(block);
}

/// A block with the first semiblock of the data, and how many others there are.
fn begin(data: &[u8]) -> (SecretArray<MAX_BLOCK>, usize) {
    let mut block = SecretArray::<MAX_BLOCK>::zeros();
    block[..SEMIBLOCK].copy_from_slice(&data[..SEMIBLOCK]);
    (block, data.len() / SEMIBLOCK - 1)
}

/// Adds the number of the step to the first semiblock.
fn add(block: &mut [u8; MAX_BLOCK], step: usize) {
    block_cipher::xor(&mut block[..SEMIBLOCK], &(step as u64).to_be_bytes());
}
