//! RSA encodings of signatures, for schemes and hashes that the TPM lacks (RFC 8017, section 9). Nothing here is secret.

use crate::engines::Engine;
use crate::engines::native::Native;
use crate::fail;
use crate::psa::sizes::{bits_to_bytes, hash_length};
use crate::psa::{Algorithm, Error, Result};

use super::keys::der;

/// At least this much of the encoded message is not the hash (RFC 8017, section 9.2).
const PKCS1V15_OVERHEAD: usize = 11;

/// EMSA-PKCS1-v1_5 (RFC 8017, section 9.2). Without a hash algorithm, `hash` is encoded as it is.
pub(super) fn pkcs1v15(algorithm: Algorithm, hash: &[u8], bits: usize) -> Result<Vec<u8>> {
    let content = match algorithm {
        Algorithm::NONE => hash.to_vec(),
        _ => digest_info(algorithm, hash)?,
    };
    let length = bits_to_bytes(bits);
    if content.len() + PKCS1V15_OVERHEAD > length {
        return fail!(InvalidArgument, "{} bytes do not fit into a signature with {bits} bits", hash.len());
    }
    let mut encoded = vec![0xff; length - content.len()];
    let end = encoded.len() - 1;
    for (position, byte) in [(0, 0), (1, 1), (end, 0)] {
        if let Some(target) = encoded.get_mut(position) {
            *target = byte;
        }
    }
    encoded.extend(content);
    Ok(encoded)
}

/// DigestInfo: the algorithm's identifier, and the hash.
fn digest_info(algorithm: Algorithm, hash: &[u8]) -> Result<Vec<u8>> {
    check_length(algorithm, hash)?;
    let Some(object_identifier) = object_identifier(algorithm) else {
        return fail!(NotSupported, "no object identifier for hash 0x{:08x}", algorithm.0);
    };
    let algorithm = [der(0x06, object_identifier), der(0x05, &[])].concat();
    Ok(der(0x30, &[der(0x30, &algorithm), der(0x04, hash)].concat()))
}

/// Content of the hash's OBJECT IDENTIFIER (RFC 8017, appendix B.1; NIST Computer Security Objects Register).
fn object_identifier(hash: Algorithm) -> Option<&'static [u8]> {
    Some(match hash {
        Algorithm::MD5 => &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 0x05],
        Algorithm::SHA_1 => &[0x2b, 0x0e, 0x03, 0x02, 0x1a],
        Algorithm::SHA_256 => &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01],
        Algorithm::SHA_384 => &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02],
        Algorithm::SHA_512 => &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03],
        Algorithm::SHA_224 => &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x04],
        Algorithm::SHA_512_224 => &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x05],
        Algorithm::SHA_512_256 => &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x06],
        Algorithm::SHA3_224 => &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x07],
        Algorithm::SHA3_256 => &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x08],
        Algorithm::SHA3_384 => &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x09],
        Algorithm::SHA3_512 => &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x0a],
        _ => return None,
    })
}

fn check_length(algorithm: Algorithm, hash: &[u8]) -> Result<()> {
    match hash_length(algorithm) {
        0 => fail!(NotSupported, "unknown hash 0x{:08x}", algorithm.0),
        length if length == hash.len() => Ok(()),
        _ => Err(Error::InvalidArgument),
    }
}

/// EMSA-PSS (RFC 8017, section 9.1) with MGF1 and a salt as long as the hash, or as long as fits (PSA 1.5, section
/// 10.8.4, `PSA_ALG_RSA_PSS`).
pub(super) fn pss(algorithm: Algorithm, hash: &[u8], bits: usize) -> Result<Vec<u8>> {
    check_length(algorithm, hash)?;
    // One bit less than the modulus, so that the number is smaller.
    let length = bits_to_bytes(bits - 1);
    let Some(room) = length.checked_sub(hash.len() + 2) else {
        return fail!(InvalidArgument, "the hash is too long for PSS with {bits} bits");
    };
    let mut salt = vec![0; hash.len().min(room)];
    aws_lc_rs::rand::fill(&mut salt).map_err(|_| Error::InsufficientEntropy)?;
    pss_with_salt(algorithm, hash, &salt, bits)
}

fn pss_with_salt(algorithm: Algorithm, hash: &[u8], salt: &[u8], bits: usize) -> Result<Vec<u8>> {
    let length = bits_to_bytes(bits - 1);
    let digest = compute(algorithm, &[&[0; 8], hash, salt].concat(), hash.len())?;
    let zeros = length.checked_sub(salt.len() + hash.len() + 2).ok_or(Error::InvalidArgument)?;
    let mut block = [&vec![0; zeros], &[1][..], salt].concat();
    for (byte, mask) in block.iter_mut().zip(mask(algorithm, &digest, length)?) {
        *byte ^= mask;
    }
    if let Some(first) = block.first_mut() {
        *first &= 0xff >> (8 * length - (bits - 1));
    }
    let encoded = [&block, &digest, &[0xbc][..]].concat();
    // A modulus of 8n + 1 bits has one byte more than the encoded message.
    Ok([vec![0; bits_to_bytes(bits) - length], encoded].concat())
}

/// MGF1 (RFC 8017, appendix B.2.1), at least `length` bytes.
fn mask(algorithm: Algorithm, seed: &[u8], length: usize) -> Result<Vec<u8>> {
    let blocks = (0..).take(length.div_ceil(seed.len()));
    let blocks = blocks.map(|counter: u32| compute(algorithm, &[seed, &counter.to_be_bytes()].concat(), seed.len()));
    Ok(blocks.collect::<Result<Vec<_>>>()?.concat())
}

fn compute(algorithm: Algorithm, input: &[u8], length: usize) -> Result<Vec<u8>> {
    let mut hash = vec![0; length];
    Native.hash().compute(algorithm, input, &mut hash)?;
    Ok(hash)
}
