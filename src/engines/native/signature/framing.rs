//! What FIPS 204 and FIPS 205 put in front of a message: M' without its end (FIPS 204, algorithms 2 and 4; FIPS 205,
//! algorithms 22 and 23).

use super::check_hash_length;
use crate::fail;
use crate::psa::{Algorithm, Result, der, sizes};

/// The longest context in bytes.
const LONGEST_CONTEXT: usize = 255;

/// Marks a message that is signed itself, and one whose hash is signed.
const PURE: u8 = 0;
const PREHASHED: u8 = 1;

/// What stands before a message.
pub(super) fn before_message(context: &[u8]) -> Result<Vec<u8>> {
    framed(PURE, context, &[])
}

/// What stands before the hash of a message: `NOT_SUPPORTED` for one without a name, `INVALID_ARGUMENT` for one of a wrong
/// length.
pub(super) fn before_hash(algorithm: Algorithm, hash: &[u8], context: &[u8]) -> Result<Vec<u8>> {
    let Some(name) = der::prehash_name(algorithm) else {
        return fail!(NotSupported, "hashes of algorithm {algorithm} are not signed");
    };
    check_hash_length(sizes::hash_length(algorithm), hash)?;
    framed(PREHASHED, context, &name)
}

fn framed(mark: u8, context: &[u8], name: &[u8]) -> Result<Vec<u8>> {
    match u8::try_from(context.len()) {
        Ok(length) => Ok([&[mark, length], context, name].concat()),
        Err(_) => fail!(InvalidArgument, "a context has at most {LONGEST_CONTEXT} bytes"),
    }
}
