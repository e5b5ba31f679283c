//! HMAC (RFC 2104) over every hash of the engine, for MACs and for what is derived with them.

use super::ffi::digest::{Context, Digest, wipe};
use super::hash;
use crate::core::primitives::MacOperation;
use crate::psa::{Algorithm, Error, Result};

/// Length of the longest block and of the longest hash in bytes.
const MAX_BLOCK: usize = 144;
pub(super) const MAX_LENGTH: usize = 64;

/// Bytes that are wiped by one call of the library; `Zeroizing` takes an instruction for each.
pub(super) struct Wiped<const LENGTH: usize>(pub(super) [u8; LENGTH]);

impl<const LENGTH: usize> Drop for Wiped<LENGTH> {
    fn drop(&mut self) {
        wipe(&mut self.0);
    }
}

/// HMAC with one key: the hash after the key block with the inner and with the outer padding. The library's own HMAC is
/// not used: its object is several times as large, and copying it costs more than hashing a short message.
pub(super) struct Hmac {
    digest: Digest,
    inner: Context,
    outer: Context,
}

impl Hmac {
    /// Takes a key of any length.
    pub(super) fn new(hash: Algorithm, key: &[u8]) -> Result<Self> {
        let digest = hash::digest(hash)?;
        let mut padded = Wiped([0; MAX_BLOCK]);
        let block = &mut padded.0[..digest.block_length()];
        if key.len() > block.len() {
            digest.hash(key, &mut block[..digest.length()])?;
        } else {
            block[..key.len()].copy_from_slice(key);
        }
        let inner = keyed(digest, block, 0x36)?;
        // The second padding takes the first one off again.
        let outer = keyed(digest, block, 0x36 ^ 0x5c)?;
        Ok(Self { digest, inner, outer })
    }

    /// Length of the MAC in bytes.
    pub(super) fn length(&self) -> usize {
        self.digest.length()
    }

    /// Gives the MAC, of exactly the full length, of a message in pieces.
    pub(super) fn compute(&self, message: &[&[u8]], mac: &mut [u8]) -> Result<()> {
        let mut inner = self.inner.duplicate()?;
        message.iter().try_for_each(|piece| inner.update(piece))?;
        end(&mut inner, &mut self.outer.duplicate()?, self.length(), mac)
    }

    /// Begins a MAC in parts, which does not need the key any more.
    pub(super) fn begin(&self) -> Result<HmacInParts> {
        let contexts = Some((self.inner.duplicate()?, self.outer.duplicate()?));
        Ok(HmacInParts { contexts, length: self.length() })
    }
}

/// The hash after one block: the key with a padding added to it.
fn keyed(digest: Digest, block: &mut [u8], padding: u8) -> Result<Context> {
    block.iter_mut().for_each(|byte| *byte ^= padding);
    let mut context = Context::new(digest)?;
    context.update(block)?;
    Ok(context)
}

/// Hashes the inner hash into the outer one.
fn end(inner: &mut Context, outer: &mut Context, length: usize, mac: &mut [u8]) -> Result<()> {
    let mut hash = Wiped([0; MAX_LENGTH]);
    let hash = &mut hash.0[..length];
    inner.finish(hash)?;
    outer.update(hash)?;
    outer.finish(mac)
}

/// A MAC whose message comes in parts.
pub(super) struct HmacInParts {
    /// The inner hash so far and the keyed outer one, `None` after the end.
    contexts: Option<(Context, Context)>,
    length: usize,
}

impl MacOperation for HmacInParts {
    fn update(&mut self, input: &[u8]) -> Result<()> {
        let (inner, _) = self.contexts.as_mut().ok_or(Error::BadState)?;
        inner.update(input)
    }

    fn finish(&mut self, mac: &mut [u8]) -> Result<()> {
        let (mut inner, mut outer) = self.contexts.take().ok_or(Error::BadState)?;
        end(&mut inner, &mut outer, self.length, mac)
    }
}
