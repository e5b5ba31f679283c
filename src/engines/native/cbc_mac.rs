//! The chain of blocks under CMAC, CBC-MAC and CCM (NIST SP 800-38B and SP 800-38C, ISO/IEC 9797-1).

use inout::InOutBuf;
use subtle::{Choice, ConditionallySelectable};

use super::block_cipher::{Block, BlockKey, MAX_BLOCK, xor};
use crate::memory::SecretArray;

/// How many bytes go through the cipher at once, and from which length of an input on.
const BATCH: usize = 32 * MAX_BLOCK;
const LONG: usize = 8 * MAX_BLOCK;

/// CBC-MAC over input of any length. The last block is encrypted only when more input comes or the end is known,
/// as CMAC treats it differently.
pub(super) struct CbcMac {
    key: BlockKey,
    length: usize,
    chain: SecretArray<MAX_BLOCK>,
    /// How many bytes of the current block are in the chain; a full one waits.
    used: usize,
    /// Nothing came yet.
    empty: bool,
}

impl CbcMac {
    /// Begins with an encrypting key.
    pub(super) fn new(key: BlockKey) -> Self {
        let length = key.block_length();
        Self { key, length, chain: SecretArray::zeros(), used: 0, empty: true }
    }

    /// Adds input.
    pub(super) fn update(&mut self, mut input: &[u8]) {
        if self.length == MAX_BLOCK && input.len() > LONG {
            input = self.update_blocks(input);
        }
        while !input.is_empty() {
            self.empty = false;
            if self.used == self.length {
                self.key.apply(&mut self.chain);
                self.used = 0;
            }
            let (now, later) = input.split_at(input.len().min(self.length - self.used));
            xor(&mut self.chain[self.used..], now);
            self.used += now.len();
            input = later;
        }
    }

    /// Adds whole blocks of a long input, many at once, and returns what is left of it, at least one byte.
    fn update_blocks<'a>(&mut self, input: &'a [u8]) -> &'a [u8] {
        let (first, mut rest) = input.split_at(if self.used == self.length { 0 } else { self.length - self.used });
        xor(&mut self.chain[self.used..], first);
        (self.used, self.empty) = (self.length, false);
        self.key.apply(&mut self.chain);
        let mut blocks = SecretArray::<BATCH>::zeros();
        while rest.len() > MAX_BLOCK {
            let (now, later) = rest.split_at(BATCH.min((rest.len() - 1) / MAX_BLOCK * MAX_BLOCK));
            let blocks = &mut blocks[..now.len()];
            blocks.copy_from_slice(now);
            self.key.cbc(&mut self.chain, InOutBuf::from(blocks));
            rest = later;
        }
        self.used = 0;
        rest
    }

    /// Fills the current block with zeros and encrypts it; nothing happens where none has begun.
    pub(super) fn pad(&mut self) {
        if self.used != 0 {
            self.key.apply(&mut self.chain);
            self.used = 0;
        }
    }

    /// The chain after a [`CbcMac::pad`].
    pub(super) fn chain(&self) -> &Block {
        &self.chain
    }

    /// Ends as MAC algorithm 1 with padding method 1 (ISO/IEC 9797-1): zeros up to a whole block, and one block of them for
    /// an empty message.
    pub(super) fn finish_cbc_mac(mut self) -> SecretArray<MAX_BLOCK> {
        if self.empty {
            self.used = self.length;
        }
        self.pad();
        self.chain
    }

    /// Ends as CMAC with the two keys of [`cmac_keys`] and gives the MAC.
    pub(super) fn finish_cmac(mut self, keys: &CmacKeys) -> SecretArray<MAX_BLOCK> {
        let key = if self.used < self.length {
            self.chain[self.used] ^= 0x80;
            &keys.incomplete
        } else {
            &keys.complete
        };
        xor(self.chain.as_mut_slice(), key.as_slice());
        self.key.apply(&mut self.chain);
        self.chain
    }
}

/// The keys that mark the last block of a CMAC, by whether it is complete.
#[derive(Clone)]
pub(super) struct CmacKeys {
    complete: SecretArray<MAX_BLOCK>,
    incomplete: SecretArray<MAX_BLOCK>,
}

/// Derives the keys for the last block (SP 800-38B, section 6.1).
pub(super) fn cmac_keys(key: &BlockKey) -> CmacKeys {
    let mut zero = SecretArray::zeros();
    key.apply(&mut zero);
    let length = key.block_length();
    let complete = double(&zero, length);
    let incomplete = double(&complete, length);
    CmacKeys { complete, incomplete }
}

/// Doubles in GF(2^128) or GF(2^64), in constant time.
fn double(block: &Block, length: usize) -> SecretArray<MAX_BLOCK> {
    // A short block is the upper half of the number.
    let unused = 8 * (MAX_BLOCK - length);
    let polynomial = if length == MAX_BLOCK { 0x87 } else { 0x1b << unused };
    let value = u128::from_be_bytes(*block);
    let carry = Choice::from((value >> 127) as u8);
    let reduction = u128::conditional_select(&0, &polynomial, carry);
    SecretArray::new((value << 1 ^ reduction).to_be_bytes())
}
