//! The hash of Zigbee: AES-128 as a one-way function after Matyas, Meyer and Oseas (zigbee Specification, section B.6).

use zeroize::Zeroizing;

use super::ffi::aes::{BLOCK, Block, KeySchedule};
use super::hash::ExtraHash;
use crate::core::primitives::Direction;
use crate::fail;
use crate::psa::{Error, Result};

/// Messages are shorter than 2^32 bits.
const LONGEST: u64 = (1 << 29) - 1;
/// From this length on, in bits, the padding has a longer length field.
const LONG: u64 = 1 << 16;

/// A hash in the making.
#[derive(Default)]
pub(super) struct AesMmo {
    chain: Zeroizing<Block>,
    block: Zeroizing<Block>,
    /// How much of the block is filled, always less than all.
    used: usize,
    /// Length of the message in bytes.
    length: u64,
}

impl AesMmo {
    fn absorb(&mut self, mut input: &[u8]) -> Result<()> {
        while !input.is_empty() {
            let (now, later) = input.split_at(input.len().min(BLOCK - self.used));
            self.block[self.used..self.used + now.len()].copy_from_slice(now);
            self.used += now.len();
            if self.used == BLOCK {
                self.compress()?;
            }
            input = later;
        }
        Ok(())
    }

    /// The chain is the key, and the block is added to its own encryption.
    fn compress(&mut self) -> Result<()> {
        let key = KeySchedule::new(self.chain.as_slice(), Direction::Encrypt)?;
        self.chain.copy_from_slice(self.block.as_slice());
        key.apply(&mut self.chain);
        self.chain.iter_mut().zip(self.block.iter()).for_each(|(chain, byte)| *chain ^= byte);
        self.used = 0;
        Ok(())
    }

    /// Fills the block with zeros up to a position, in this block or in the next one.
    fn pad_to(&mut self, position: usize) -> Result<()> {
        let zeros = (BLOCK + position - self.used) % BLOCK;
        self.absorb(&[0; BLOCK][..zeros])
    }
}

impl ExtraHash for AesMmo {
    fn update(&mut self, input: &[u8]) -> Result<()> {
        let length = self.length.checked_add(input.len() as u64).filter(|length| *length <= LONGEST);
        let Some(length) = length else {
            return fail!(InvalidArgument, "AES-MMO hashes at most {LONGEST} bytes");
        };
        self.length = length;
        self.absorb(input)
    }

    /// A one, zeros, and the length: in two bytes, or for long messages in four with two zeros behind them.
    fn finish(&mut self, hash: &mut [u8]) -> Result<()> {
        let bits = self.length * 8;
        let length = (bits as u32).to_be_bytes();
        self.absorb(&[0x80])?;
        if bits < LONG {
            self.pad_to(BLOCK - 2)?;
            self.absorb(&length[2..])?;
        } else {
            self.pad_to(BLOCK - 6)?;
            self.absorb(&length)?;
            self.absorb(&[0; 2])?;
        }
        hash.copy_from_slice(self.chain.get(..hash.len()).ok_or(Error::BufferTooSmall)?);
        Ok(())
    }

    fn duplicate(&self) -> Result<Self> {
        Ok(Self { chain: self.chain.clone(), block: self.block.clone(), used: self.used, length: self.length })
    }
}
