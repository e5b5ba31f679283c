//! Hashes (PSA 1.5, section 10.2).

use super::ffi::digest::{Context, Digest};
use crate::core::primitives::{Hash, HashOperation};
use crate::fail;
use crate::psa::{Algorithm, Result};

/// The library's name of a hash algorithm, `None` where it is not implemented.
pub(super) const fn find(alg: Algorithm) -> Option<Digest> {
    Some(match alg {
        Algorithm::MD5 => Digest::Md5,
        Algorithm::RIPEMD160 => Digest::Ripemd160,
        Algorithm::SHA_1 => Digest::Sha1,
        Algorithm::SHA_224 => Digest::Sha224,
        Algorithm::SHA_256 => Digest::Sha256,
        Algorithm::SHA_384 => Digest::Sha384,
        Algorithm::SHA_512 => Digest::Sha512,
        Algorithm::SHA_512_224 => Digest::Sha512_224,
        Algorithm::SHA_512_256 => Digest::Sha512_256,
        Algorithm::SHA3_224 => Digest::Sha3_224,
        Algorithm::SHA3_256 => Digest::Sha3_256,
        Algorithm::SHA3_384 => Digest::Sha3_384,
        Algorithm::SHA3_512 => Digest::Sha3_512,
        _ => return None,
    })
}

/// True where this hash algorithm is implemented.
pub(super) const fn offers(alg: Algorithm) -> bool {
    find(alg).is_some()
}

/// The library's name of a hash algorithm, or `NOT_SUPPORTED`.
pub(super) fn digest(alg: Algorithm) -> Result<Digest> {
    match find(alg) {
        Some(digest) => Ok(digest),
        None => fail!(NotSupported, "hash algorithm {:#010x} in the native engine", alg.0),
    }
}

/// All hashes of the engine.
pub(super) struct Hashes;

impl Hash for Hashes {
    fn compute(&self, alg: Algorithm, input: &[u8], hash: &mut [u8]) -> Result<()> {
        digest(alg)?.hash(input, hash)
    }

    fn setup(&self, alg: Algorithm) -> Result<Box<dyn HashOperation>> {
        Ok(Box::new(Context::new(digest(alg)?)?))
    }
}

impl HashOperation for Context {
    fn update(&mut self, input: &[u8]) -> Result<()> {
        Context::update(self, input)
    }

    fn finish(&mut self, hash: &mut [u8]) -> Result<()> {
        Context::finish(self, hash)
    }

    fn duplicate(&self) -> Result<Box<dyn HashOperation>> {
        Ok(Box::new(Context::duplicate(self)?))
    }
}
