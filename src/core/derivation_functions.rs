//! The formulas of key derivation (PSA 1.5, section 10.8), over any pseudorandom function: one of an engine that has the
//! secret, or one of a device that keeps it.

use super::primitives::DerivationOutput;
use crate::fail;
use crate::memory::{Secret, SecretArray};
use crate::psa::{Error, Result};

/// Length of the longest output of a pseudorandom function in bytes.
pub const MAX_LENGTH: usize = 64;

/// A pseudorandom function with its key.
pub trait Prf: Send {
    /// Length of the output in bytes.
    fn length(&self) -> usize;

    /// Gives the output, of exactly this length, for an input in pieces.
    fn compute(&self, input: &[&[u8]], output: &mut [u8]) -> Result<()>;
}

/// Bounds the iterations of PBKDF2, which is what keeps a call from never returning.
pub fn check_cost(cost: u64) -> Result<u32> {
    match u32::try_from(cost) {
        Ok(0) => fail!(InvalidArgument, "PBKDF2 with a cost of 0"),
        Ok(cost) => Ok(cost),
        Err(_) => fail!(NotSupported, "PBKDF2 with a cost of {cost}; the highest is {}", u32::MAX),
    }
}

/// What follows the counter in NIST SP 800-108, section 4.1: label, zero, context and the length of all output in bits.
pub fn fixed_input(label: Option<Vec<u8>>, context: Option<Vec<u8>>, capacity: usize) -> Result<Vec<u8>> {
    let bits = capacity.checked_mul(8).and_then(|bits| u32::try_from(bits).ok()).ok_or(Error::InvalidArgument)?;
    Ok([&label.unwrap_or_default()[..], &[0], &context.unwrap_or_default(), &bits.to_be_bytes()].concat())
}

/// A block of output; its first bytes are used.
pub(crate) type Block = SecretArray<MAX_LENGTH>;

/// A block of zeros.
pub(crate) fn empty_block() -> Block {
    SecretArray::zeros()
}

/// What a derivation puts out, block by block.
pub(crate) trait Blocks: Send {
    /// Makes the next block and returns its length. `block` still holds the previous one, at first zeros.
    fn next(&mut self, block: &mut Block) -> Result<usize>;
}

/// Cuts the blocks into the pieces that are asked for.
pub(crate) struct Stream<B> {
    blocks: B,
    block: Block,
    length: usize,
    used: usize,
}

impl<B: Blocks> Stream<B> {
    /// From the beginning.
    pub fn new(blocks: B) -> Self {
        Self { blocks, block: empty_block(), length: 0, used: 0 }
    }
}

impl<B: Blocks> DerivationOutput for Stream<B> {
    fn read(&mut self, mut output: &mut [u8]) -> Result<()> {
        while !output.is_empty() {
            if self.used == self.length {
                self.length = self.blocks.next(&mut self.block)?;
                self.used = 0;
            }
            let count = output.len().min(self.length - self.used);
            let (now, later) = output.split_at_mut(count);
            now.copy_from_slice(&self.block[self.used..self.used + count]);
            self.used += count;
            output = later;
        }
        Ok(())
    }
}

/// A single block.
pub(crate) struct Once(pub Option<Secret>);

impl Blocks for Once {
    fn next(&mut self, block: &mut Block) -> Result<usize> {
        let only = self.0.take().ok_or(Error::InsufficientData)?;
        block[..only.len()].copy_from_slice(&only);
        Ok(only.len())
    }
}

/// HKDF-Expand (RFC 5869, section 2.3).
pub(crate) struct Expand<P> {
    prf: P,
    info: Vec<u8>,
    counter: u8,
}

impl<P> Expand<P> {
    /// With the pseudorandom key.
    pub fn new(prf: P, info: Vec<u8>) -> Self {
        Self { prf, info, counter: 0 }
    }
}

impl<P: Prf> Blocks for Expand<P> {
    fn next(&mut self, block: &mut Block) -> Result<usize> {
        let length = self.prf.length();
        let before = (self.counter != 0).then(|| block.clone());
        let before = before.as_ref().map_or(&[][..], |before| &before[..length]);
        self.counter = self.counter.checked_add(1).ok_or(Error::InsufficientData)?;
        self.prf.compute(&[before, &self.info, &[self.counter]], &mut block[..length])?;
        Ok(length)
    }
}

/// NIST SP 800-108, section 4.1.
pub(crate) struct Counter<P> {
    prf: P,
    fixed: Vec<u8>,
    counter: u32,
}

impl<P: Prf> Counter<P> {
    /// With [`fixed_input`].
    pub fn new(prf: P, fixed: Vec<u8>) -> Self {
        Self { prf, fixed, counter: 0 }
    }

    /// The same as PSA has it for CMAC (section 10.8.1): behind the fixed input comes its own output.
    pub fn with_first_block(prf: P, mut fixed: Vec<u8>) -> Result<Self> {
        let (mut first, length) = (empty_block(), prf.length());
        prf.compute(&[&fixed], &mut first[..length])?;
        fixed.extend_from_slice(&first[..length]);
        Ok(Self::new(prf, fixed))
    }
}

impl<P: Prf> Blocks for Counter<P> {
    fn next(&mut self, block: &mut Block) -> Result<usize> {
        let length = self.prf.length();
        self.counter = self.counter.checked_add(1).ok_or(Error::InsufficientData)?;
        self.prf.compute(&[&self.counter.to_be_bytes(), &self.fixed], &mut block[..length])?;
        Ok(length)
    }
}

/// PBKDF2 (RFC 8018, section 5.2).
pub(crate) struct Pbkdf2<P> {
    prf: P,
    salt: Secret,
    cost: u32,
    counter: u32,
}

impl<P> Pbkdf2<P> {
    /// With this many iterations for each block ([`check_cost`]).
    pub fn new(prf: P, salt: Secret, cost: u32) -> Self {
        Self { prf, salt, cost, counter: 0 }
    }
}

impl<P: Prf> Blocks for Pbkdf2<P> {
    fn next(&mut self, block: &mut Block) -> Result<usize> {
        let length = self.prf.length();
        self.counter = self.counter.checked_add(1).ok_or(Error::InsufficientData)?;
        let (mut link, mut next) = (empty_block(), empty_block());
        self.prf.compute(&[&self.salt, &self.counter.to_be_bytes()], &mut link[..length])?;
        block.clone_from(&link);
        for _ in 1..self.cost {
            self.prf.compute(&[&link[..length]], &mut next[..length])?;
            std::mem::swap(&mut link, &mut next);
            block.iter_mut().zip(link.iter()).for_each(|(sum, byte)| *sum ^= byte);
        }
        Ok(length)
    }
}

/// The PRF of TLS 1.2 (RFC 5246, section 5).
pub(crate) struct Tls12Prf<P> {
    prf: P,
    /// The label, then the seed.
    seed: Vec<u8>,
    /// `A(i)` of the last block; before the first one, the seed takes its place.
    chain: Option<Block>,
}

impl<P> Tls12Prf<P> {
    /// With the label and the seed.
    pub fn new(prf: P, label: Option<Vec<u8>>, seed: Option<Vec<u8>>) -> Self {
        let mut joined = label.unwrap_or_default();
        joined.extend(seed.unwrap_or_default());
        Self { prf, seed: joined, chain: None }
    }
}

impl<P: Prf> Blocks for Tls12Prf<P> {
    fn next(&mut self, block: &mut Block) -> Result<usize> {
        let length = self.prf.length();
        let mut chain = empty_block();
        let before = self.chain.as_ref().map_or(&self.seed[..], |last| &last[..length]);
        self.prf.compute(&[before], &mut chain[..length])?;
        self.prf.compute(&[&chain[..length], &self.seed], &mut block[..length])?;
        self.chain = Some(chain);
        Ok(length)
    }
}
