//! The `DigestInfo` that PKCS1v15 signatures contain and `CKM_RSA_PKCS` expects (RFC 8017, section 9.2).

use std::borrow::Cow;

use crate::fail;
use crate::psa::{Algorithm, Result, sizes};

const SHA_1: &[u8] = &[0x2b, 0x0e, 0x03, 0x02, 0x1a];

/// The content of a hash's object identifier.
fn identifier(hash: Algorithm) -> Option<Cow<'static, [u8]>> {
    // The NIST hashes are numbered below 2.16.840.1.101.3.4.2.
    let number = match hash {
        Algorithm::SHA_1 => return Some(Cow::Borrowed(SHA_1)),
        Algorithm::SHA_256 => 1,
        Algorithm::SHA_384 => 2,
        Algorithm::SHA_512 => 3,
        Algorithm::SHA_224 => 4,
        Algorithm::SHA_512_224 => 5,
        Algorithm::SHA_512_256 => 6,
        Algorithm::SHA3_224 => 7,
        Algorithm::SHA3_256 => 8,
        Algorithm::SHA3_384 => 9,
        Algorithm::SHA3_512 => 10,
        _ => return None,
    };
    Some(Cow::Owned(vec![0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, number]))
}

/// True where [`encode`] works for this hash, or for `Algorithm::NONE`.
pub(super) fn knows(hash: Algorithm) -> bool {
    hash == Algorithm::NONE || identifier(hash).is_some()
}

/// The hash itself, if it has the algorithm's length.
pub(super) fn checked(alg: Algorithm, hash: &[u8]) -> Result<&[u8]> {
    match sizes::hash_length(alg) {
        length if length == hash.len() => Ok(hash),
        length => fail!(InvalidArgument, "a hash of {} bytes, where the algorithm has {length}", hash.len()),
    }
}

/// Hash and its algorithm in one. With `Algorithm::NONE` (`PSA_ALG_RSA_PKCS1V15_SIGN_RAW`) the input is already that.
pub(super) fn encode(alg: Algorithm, hash: &[u8]) -> Result<Cow<'_, [u8]>> {
    if alg == Algorithm::NONE {
        return Ok(Cow::Borrowed(hash));
    }
    let Some(identifier) = identifier(alg) else {
        return fail!(NotSupported, "PKCS1v15 signatures of hash {:#010x} are not supported", alg.0);
    };
    let hash = checked(alg, hash)?;
    let algorithm = element(0x30, &[&element(0x06, &identifier), [0x05, 0x00].as_slice()].concat());
    Ok(Cow::Owned(element(0x30, &[algorithm, element(0x04, hash)].concat())))
}

/// A DER element with a content of less than 128 bytes, which everything here has.
fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    [&[tag, content.len() as u8], content].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::psa::Error;

    /// The prefixes of RFC 8017, section 9.2, note 1.
    #[test]
    fn prefixes_are_those_of_the_standard() {
        let sha_1 = "3021300906052b0e03021a05000414";
        let sha_256 = "3031300d060960864801650304020105000420";
        let sha_512 = "3051300d060960864801650304020305000440";
        for (alg, length, prefix) in
            [(Algorithm::SHA_1, 20, sha_1), (Algorithm::SHA_256, 32, sha_256), (Algorithm::SHA_512, 64, sha_512)]
        {
            let hash = vec![0xab; length];
            let encoded: String = encode(alg, &hash).unwrap().iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(encoded, format!("{prefix}{}", "ab".repeat(length)));
        }
    }

    #[test]
    fn lengths_and_hashes_are_checked() {
        assert_eq!(encode(Algorithm::SHA_256, &[0; 31]), Err(Error::InvalidArgument));
        assert_eq!(encode(Algorithm::SHAKE256_512, &[0; 64]), Err(Error::NotSupported));
        assert_eq!(encode(Algorithm::NONE, &[1, 2]).unwrap().as_ref(), [1, 2]);
    }
}
