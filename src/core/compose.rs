//! What a place lacks and can be built from what it has, once for all places: a cipher in one call from one in parts, and
//! the encodings of RSA signatures (RFC 8017, section 9), for raw RSA and for mechanisms that take an encoded hash. What is
//! masked may be secret, the rest is not.

use std::borrow::Cow;

use zeroize::Zeroize;

use super::primitives::CipherOperation;
use crate::engines::Engine;
use crate::engines::native::{Native, fill_random};
use crate::fail;
use crate::memory::{InOut, Secret};
use crate::psa::sizes::{RSA_PKCS1V15_PADDING, bits_to_bytes, hash_length};
use crate::psa::{Algorithm, Error, Result, der};

/// What PKCS1v15 pads for a key of `bits`: a DigestInfo, or without a hash algorithm
/// (`PSA_ALG_RSA_PKCS1V15_SIGN_RAW`) the input as it is.
///
/// `NOT_SUPPORTED` for a hash that has no name in DER, `INVALID_ARGUMENT` for one of another length than the algorithm's
/// or that does not fit into the key.
pub fn pkcs1v15_content(algorithm: Algorithm, hash: &[u8], bits: usize) -> Result<Cow<'_, [u8]>> {
    let content = if algorithm == Algorithm::NONE {
        Cow::Borrowed(hash)
    } else {
        check_length(algorithm, hash)?;
        match der::digest_info(algorithm, hash) {
            Some(encoded) => Cow::Owned(encoded),
            None => return fail!(NotSupported, "PKCS1v15 has no name for hash {algorithm}"),
        }
    };
    if content.len() + RSA_PKCS1V15_PADDING > bits_to_bytes(bits) {
        return fail!(InvalidArgument, "{} bytes do not fit into a signature of {bits} bits", content.len());
    }
    Ok(content)
}

/// A cipher in one call, from one in parts.
pub fn cipher(mut operation: Box<dyn CipherOperation>, iv: &[u8], data: &mut InOut<'_>) -> Result<usize> {
    if !iv.is_empty() {
        operation.set_iv(iv)?;
    }
    let updated = operation.update(data)?;
    let (done, rest) = data.output().split_at_mut_checked(updated).ok_or(Error::CorruptionDetected)?;
    let finished = operation.finish(rest).inspect_err(|_| done.zeroize())?;
    Ok(updated + finished)
}

/// EMSA-PKCS1-v1_5 (RFC 8017, section 9.2) of [`pkcs1v15_content`].
pub fn pkcs1v15(algorithm: Algorithm, hash: &[u8], bits: usize) -> Result<Vec<u8>> {
    let content = pkcs1v15_content(algorithm, hash, bits)?;
    let ones = bits_to_bytes(bits).checked_sub(content.len() + 3).ok_or(Error::InvalidArgument)?;
    Ok([&[0, 1][..], &vec![0xff; ones], &[0], &content].concat())
}

/// `INVALID_ARGUMENT` where the hash has not the length of its algorithm.
pub fn check_length(algorithm: Algorithm, hash: &[u8]) -> Result<()> {
    match hash_length(algorithm) {
        length if length == hash.len() => Ok(()),
        length => fail!(InvalidArgument, "a hash of {} bytes, where the algorithm has {length}", hash.len()),
    }
}

/// EMSA-PSS (RFC 8017, section 9.1) with MGF1 and a salt as long as the hash, or as long as fits (PSA 1.5, section
/// 10.9.1, `PSA_ALG_RSA_PSS`).
pub fn pss(algorithm: Algorithm, hash: &[u8], bits: usize) -> Result<Vec<u8>> {
    check_length(algorithm, hash)?;
    // One bit less than the modulus, so that the number is smaller.
    let length = bits_to_bytes(bits - 1);
    let Some(room) = length.checked_sub(hash.len() + 2) else {
        return fail!(InvalidArgument, "the hash is too long for PSS with {bits} bits");
    };
    let mut salt = vec![0; hash.len().min(room)];
    fill_random(&mut salt)?;
    pss_with_salt(algorithm, hash, &salt, bits)
}

fn pss_with_salt(algorithm: Algorithm, hash: &[u8], salt: &[u8], bits: usize) -> Result<Vec<u8>> {
    let length = bits_to_bytes(bits - 1);
    let digest = compute(algorithm, &[&[0; 8], hash, salt].concat(), hash.len())?;
    let zeros = length.checked_sub(salt.len() + hash.len() + 2).ok_or(Error::InvalidArgument)?;
    let mut block = [&vec![0; zeros], &[1][..], salt].concat();
    apply_mask(algorithm, &digest, &mut block)?;
    if let Some(first) = block.first_mut() {
        *first &= 0xff >> (8 * length - (bits - 1));
    }
    let encoded = [&block, digest.as_slice(), &[0xbc]].concat();
    // A modulus of 8n + 1 bits has one byte more than the encoded message.
    Ok([vec![0; bits_to_bytes(bits) - length], encoded].concat())
}

/// Puts the mask that MGF1 (RFC 8017, appendix B.2.1) makes of `seed` on a block, or takes it off.
pub fn apply_mask(algorithm: Algorithm, seed: &[u8], block: &mut [u8]) -> Result<()> {
    let length = hash_length(algorithm);
    for (part, counter) in block.chunks_mut(length.max(1)).zip(0_u32..) {
        let input = Secret::new([seed, &counter.to_be_bytes()].concat());
        for (byte, mask) in part.iter_mut().zip(compute(algorithm, &input, length)?.iter()) {
            *byte ^= mask;
        }
    }
    Ok(())
}

fn compute(algorithm: Algorithm, input: &[u8], length: usize) -> Result<Secret> {
    let mut hash = Secret::new(vec![0; length]);
    Native.hash().compute(algorithm, input, &mut hash)?;
    Ok(hash)
}
