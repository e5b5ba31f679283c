//! HMAC (RFC 2104) over every hash of the engine, for MACs and for what is derived with them.

use zeroize::Zeroizing;

use super::ffi::digest::{Context, Digest};
use super::{ffi, hash};
use crate::psa::{Algorithm, Result};

/// Length of the longest block and of the longest hash in bytes.
const MAX_BLOCK: usize = 144;
pub(super) const MAX_LENGTH: usize = 64;

/// An HMAC computation that keeps the inner and outer state of its key.
pub(super) struct Hmac {
    state: State,
    length: usize,
}

#[expect(clippy::large_enum_variant, reason = "the large one is nearly always used, and saves the heap")]
enum State {
    Library(ffi::hmac::Context),
    Composed(Composed),
}

impl Hmac {
    /// Begins with a key of any length.
    pub(super) fn new(hash: Algorithm, key: &[u8]) -> Result<Self> {
        let digest = hash::digest(hash)?;
        let state = match digest {
            // The only one that the library's HMAC does not know.
            Digest::Ripemd160 => State::Composed(Composed::new(digest, key)?),
            _ => State::Library(ffi::hmac::Context::new(digest, key)?),
        };
        Ok(Self { state, length: digest.length() })
    }

    /// Length of the MAC in bytes.
    pub(super) fn length(&self) -> usize {
        self.length
    }

    /// A computation with the same key and the same input so far.
    pub(super) fn duplicate(&self) -> Result<Self> {
        let state = match &self.state {
            State::Library(context) => State::Library(context.clone()),
            State::Composed(composed) => State::Composed(composed.duplicate()?),
        };
        Ok(Self { state, length: self.length })
    }

    /// Begins anew with the same key.
    pub(super) fn restart(&mut self) -> Result<()> {
        match &mut self.state {
            State::Library(context) => context.restart(),
            State::Composed(composed) => composed.restart(),
        }
    }

    /// Adds input.
    pub(super) fn update(&mut self, input: &[u8]) -> Result<()> {
        match &mut self.state {
            State::Library(context) => context.update(input),
            State::Composed(composed) => composed.inner.update(input),
        }
    }

    /// Gives the MAC, of exactly the full length. Only `restart` may follow.
    pub(super) fn finish(&mut self, mac: &mut [u8]) -> Result<()> {
        match &mut self.state {
            State::Library(context) => context.finish(mac),
            State::Composed(composed) => composed.finish(mac),
        }
    }
}

/// HMAC made of the hash alone.
struct Composed {
    digest: Digest,
    /// The hash after the key block with the inner and with the outer padding.
    keyed_inner: Context,
    keyed_outer: Context,
    inner: Context,
}

impl Composed {
    fn new(digest: Digest, key: &[u8]) -> Result<Self> {
        let mut padded = Zeroizing::new([0; MAX_BLOCK]);
        let block = &mut padded[..digest.block_length()];
        if key.len() > block.len() {
            digest.hash(key, &mut block[..digest.length()])?;
        } else {
            block[..key.len()].copy_from_slice(key);
        }
        let keyed_inner = Self::keyed(digest, block, 0x36)?;
        // The second padding takes the first one off again.
        let keyed_outer = Self::keyed(digest, block, 0x36 ^ 0x5c)?;
        let inner = keyed_inner.duplicate()?;
        Ok(Self { digest, keyed_inner, keyed_outer, inner })
    }

    fn keyed(digest: Digest, block: &mut [u8], padding: u8) -> Result<Context> {
        block.iter_mut().for_each(|byte| *byte ^= padding);
        let mut context = Context::new(digest)?;
        context.update(block)?;
        Ok(context)
    }

    fn duplicate(&self) -> Result<Self> {
        Ok(Self {
            digest: self.digest,
            keyed_inner: self.keyed_inner.duplicate()?,
            keyed_outer: self.keyed_outer.duplicate()?,
            inner: self.inner.duplicate()?,
        })
    }

    fn restart(&mut self) -> Result<()> {
        self.inner = self.keyed_inner.duplicate()?;
        Ok(())
    }

    fn finish(&mut self, mac: &mut [u8]) -> Result<()> {
        let mut hash = Zeroizing::new([0; MAX_LENGTH]);
        let hash = &mut hash[..self.digest.length()];
        self.inner.finish(hash)?;
        let mut outer = self.keyed_outer.duplicate()?;
        outer.update(hash)?;
        outer.finish(mac)
    }
}
