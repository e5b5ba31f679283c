//! HMAC (RFC 2104) over every hash of the engine, for MACs and for what is derived with them.

use super::ffi::digest::{AfterBlock, Context};
use super::hash;
use crate::core::primitives::{HashOperation, MacOperation};
use crate::fail;
use crate::memory::SecretArray;
use crate::psa::{Algorithm, Error, Result, sizes};

/// Length of the longest block and of the longest hash in bytes.
const MAX_BLOCK: usize = 144;
pub(super) const MAX_LENGTH: usize = 64;

/// A hash that is part of an HMAC. The usual ones are no allocation.
#[allow(clippy::large_enum_variant)]
enum Hasher {
    AwsLc(Context),
    /// One that aws-lc lacks.
    Extra(Box<dyn HashOperation>),
}

impl Hasher {
    fn new(hash: Algorithm) -> Result<Self> {
        Ok(match hash::find(hash) {
            Some(digest) => Self::AwsLc(Context::new(digest)?),
            None => Self::Extra(hash::extra(hash)?),
        })
    }

    fn update(&mut self, input: &[u8]) -> Result<()> {
        match self {
            Self::AwsLc(context) => context.update(input),
            Self::Extra(operation) => operation.update(input),
        }
    }

    fn finish(&mut self, hash: &mut [u8]) -> Result<()> {
        match self {
            Self::AwsLc(context) => context.finish(hash),
            Self::Extra(operation) => operation.finish(hash),
        }
    }
}

/// A hash after the block with the key.
enum Keyed {
    AwsLc(AfterBlock),
    Extra(Box<dyn HashOperation>),
}

impl Keyed {
    /// Adds a padding to the block.
    fn new(hash: Algorithm, block: &mut [u8], padding: u8) -> Result<Self> {
        block.iter_mut().for_each(|byte| *byte ^= padding);
        if let Some(digest) = hash::find(hash) {
            return Ok(Self::AwsLc(AfterBlock::new(digest, block)?));
        }
        let mut operation = hash::extra(hash)?;
        operation.update(block)?;
        Ok(Self::Extra(operation))
    }

    /// Hashes a message in pieces after the block.
    fn hash(&self, message: &[&[u8]], hash: &mut [u8]) -> Result<()> {
        match self {
            Self::AwsLc(block) => block.hash(message, hash),
            Self::Extra(operation) => {
                let mut operation = operation.duplicate()?;
                message.iter().try_for_each(|piece| operation.update(piece))?;
                operation.finish(hash)
            }
        }
    }

    fn begin(&self) -> Result<Hasher> {
        Ok(match self {
            Self::AwsLc(block) => Hasher::AwsLc(block.begin()?),
            Self::Extra(operation) => Hasher::Extra(operation.duplicate()?),
        })
    }
}

/// HMAC with one key: the hash after the key block with the inner and with the outer padding. The library's own HMAC is
/// not used: its object is several times as large, and copying it costs more than hashing a short message.
pub(super) struct Hmac {
    length: usize,
    inner: Keyed,
    outer: Keyed,
}

impl Hmac {
    /// Takes a key of any length.
    pub(super) fn new(hash: Algorithm, key: &[u8]) -> Result<Self> {
        if !hash::offers_hmac(hash) {
            return fail!(NotSupported, "HMAC with the hash {hash}");
        }
        let length = sizes::hash_length(hash);
        let mut padded = SecretArray::<MAX_BLOCK>::zeros();
        let block = &mut padded[..sizes::hash_block_length(hash)];
        if key.len() > block.len() {
            let mut hasher = Hasher::new(hash)?;
            hasher.update(key)?;
            hasher.finish(&mut block[..length])?;
        } else {
            block[..key.len()].copy_from_slice(key);
        }
        let inner = Keyed::new(hash, block, 0x36)?;
        // The second padding takes the first one off again.
        let outer = Keyed::new(hash, block, 0x36 ^ 0x5c)?;
        Ok(Self { length, inner, outer })
    }

    /// Length of the MAC in bytes.
    pub(super) fn length(&self) -> usize {
        self.length
    }

    /// Gives the MAC, of exactly the full length, of a message in pieces.
    pub(super) fn compute(&self, message: &[&[u8]], mac: &mut [u8]) -> Result<()> {
        let mut hash = SecretArray::<MAX_LENGTH>::zeros();
        let hash = &mut hash[..self.length];
        self.inner.hash(message, hash)?;
        self.outer.hash(&[hash], mac)
    }

    /// Begins a MAC in parts, which does not need the key any more.
    pub(super) fn begin(&self) -> Result<HmacInParts> {
        let hashers = Some((self.inner.begin()?, self.outer.begin()?));
        Ok(HmacInParts { hashers, length: self.length })
    }
}

/// Hashes the inner hash into the outer one.
fn end(inner: &mut Hasher, outer: &mut Hasher, length: usize, mac: &mut [u8]) -> Result<()> {
    let mut hash = SecretArray::<MAX_LENGTH>::zeros();
    let hash = &mut hash[..length];
    inner.finish(hash)?;
    outer.update(hash)?;
    outer.finish(mac)
}

/// A MAC whose message comes in parts.
pub(super) struct HmacInParts {
    /// The inner hash so far and the keyed outer one, `None` after the end.
    hashers: Option<(Hasher, Hasher)>,
    length: usize,
}

impl MacOperation for HmacInParts {
    fn update(&mut self, input: &[u8]) -> Result<()> {
        let (inner, _) = self.hashers.as_mut().ok_or(Error::BadState)?;
        inner.update(input)
    }

    fn finish(&mut self, mac: &mut [u8]) -> Result<()> {
        let (mut inner, mut outer) = self.hashers.take().ok_or(Error::BadState)?;
        end(&mut inner, &mut outer, self.length, mac)
    }
}
