//! The chain of AES blocks under CMAC and CCM (NIST SP 800-38B and SP 800-38C).

use subtle::{Choice, ConditionallySelectable};
use zeroize::Zeroizing;

use super::ffi::aes::{BLOCK, Block, KeySchedule};

/// CBC-MAC over input of any length. The last block is encrypted only when more input comes or the end is known,
/// as CMAC treats it differently.
pub(super) struct CbcMac {
    key: KeySchedule,
    chain: Zeroizing<Block>,
    /// How many bytes of the current block are in the chain; a full one waits.
    used: usize,
}

impl CbcMac {
    /// Begins with an encrypting schedule.
    pub(super) fn new(key: KeySchedule) -> Self {
        Self { key, chain: Zeroizing::new([0; BLOCK]), used: 0 }
    }

    /// Adds input.
    pub(super) fn update(&mut self, mut input: &[u8]) {
        while !input.is_empty() {
            if self.used == BLOCK {
                self.key.apply(&mut self.chain);
                self.used = 0;
            }
            let (now, later) = input.split_at(input.len().min(BLOCK - self.used));
            xor(&mut self.chain[self.used..], now);
            self.used += now.len();
            input = later;
        }
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

    /// Ends as CMAC with the two keys of [`cmac_keys`] and gives the MAC.
    pub(super) fn finish_cmac(mut self, keys: &CmacKeys) -> Zeroizing<Block> {
        let key = if let Some(byte) = self.chain.get_mut(self.used) {
            *byte ^= 0x80;
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
    complete: Zeroizing<Block>,
    incomplete: Zeroizing<Block>,
}

/// Derives the keys for the last block (SP 800-38B, section 6.1).
pub(super) fn cmac_keys(key: &KeySchedule) -> CmacKeys {
    let mut zero = Zeroizing::new([0; BLOCK]);
    key.apply(&mut zero);
    let complete = double(&zero);
    let incomplete = double(&complete);
    CmacKeys { complete, incomplete }
}

/// Doubles in GF(2^128), in constant time.
fn double(block: &Block) -> Zeroizing<Block> {
    let value = u128::from_be_bytes(*block);
    let carry = Choice::from((value >> 127) as u8);
    let reduction = u128::conditional_select(&0, &0x87, carry);
    Zeroizing::new((value << 1 ^ reduction).to_be_bytes())
}

fn xor(target: &mut [u8], source: &[u8]) {
    target.iter_mut().zip(source).for_each(|(target, source)| *target ^= source);
}
