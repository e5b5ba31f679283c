//! GCM (NIST SP 800-38D) over the block ciphers that aws-lc lacks, in parts; one call is made of them.

use ghash::GHash;
use ghash::universal_hash::UniversalHash;
use inout::InOutBuf;

use super::block_cipher::{Block, BlockKey, MAX_BLOCK, xor};
use super::ffi::aes::StreamMode;
use super::stream_modes::BlockStream;
use crate::core::primitives::{AeadOperation, Direction};
use crate::fail;
use crate::memory::{InOut, SecretArray};
use crate::psa::Result;

/// The counter is the last four bytes of a block.
const COUNTER: usize = 4;
/// A nonce that is taken as it is.
const USUAL_NONCE: usize = MAX_BLOCK - COUNTER;

/// A computation. Additional data comes first, then the text.
pub(super) struct Gcm {
    hash: GHash,
    /// The incomplete block of what is hashed.
    block: SecretArray<MAX_BLOCK>,
    used: usize,
    stream: BlockStream,
    /// The key stream for the tag.
    mask: SecretArray<MAX_BLOCK>,
    direction: Direction,
    ad_length: u64,
    text_length: u64,
}

impl Gcm {
    /// Begins with an encrypting key and a nonce of any length but 0.
    pub(super) fn new(key: BlockKey, direction: Direction, nonce: &[u8]) -> Result<Self> {
        if nonce.is_empty() {
            return fail!(InvalidArgument, "an empty GCM nonce");
        }
        let mut subkey = SecretArray::<MAX_BLOCK>::zeros();
        key.apply(&mut subkey);
        let hash = GHash::new(&(*subkey).into());
        let counter = first_counter(&hash, nonce);
        let mut stream = BlockStream::new(key, StreamMode::Ctr, counter, COUNTER);
        let mut mask = SecretArray::<MAX_BLOCK>::zeros();
        stream.apply(InOutBuf::from(mask.as_mut_slice()));
        let block = SecretArray::zeros();
        Ok(Self { hash, block, used: 0, stream, mask, direction, ad_length: 0, text_length: 0 })
    }

    fn absorb(&mut self, mut input: &[u8]) {
        while !input.is_empty() {
            let (now, later) = input.split_at(input.len().min(MAX_BLOCK - self.used));
            self.block[self.used..self.used + now.len()].copy_from_slice(now);
            self.used += now.len();
            if self.used == MAX_BLOCK {
                self.hash.update(&[(*self.block).into()]);
                self.used = 0;
            }
            input = later;
        }
    }

    fn pad(&mut self) {
        if self.used != 0 {
            self.absorb(&[0; MAX_BLOCK][self.used..]);
        }
    }

    /// Adds additional data.
    pub(super) fn update_ad(&mut self, input: &[u8]) {
        self.ad_length += input.len() as u64;
        self.absorb(input);
    }

    /// Encrypts or decrypts the next bytes.
    pub(super) fn update(&mut self, mut data: InOutBuf<'_, '_, u8>) {
        if data.is_empty() {
            return;
        }
        if self.text_length == 0 {
            self.pad();
        }
        self.text_length += data.len() as u64;
        match self.direction {
            Direction::Encrypt => {
                self.stream.apply(data.reborrow());
                self.absorb(data.get_out());
            }
            Direction::Decrypt => {
                self.absorb(data.get_in());
                self.stream.apply(data);
            }
        }
    }

    /// Gives the tag, cut to the length of `tag`.
    pub(super) fn finish(&mut self, tag: &mut [u8]) {
        self.pad();
        self.absorb(&(8 * self.ad_length).to_be_bytes());
        self.absorb(&(8 * self.text_length).to_be_bytes());
        let mut full = SecretArray::new(<[u8; MAX_BLOCK]>::from(self.hash.clone().finalize()));
        xor(full.as_mut_slice(), self.mask.as_slice());
        tag.iter_mut().zip(full.iter()).for_each(|(tag, byte)| *tag = *byte);
    }
}

/// The first counter block (SP 800-38D, section 7.1, step 2).
fn first_counter(hash: &GHash, nonce: &[u8]) -> Block {
    let mut counter = [0; MAX_BLOCK];
    if nonce.len() == USUAL_NONCE {
        counter[..USUAL_NONCE].copy_from_slice(nonce);
        counter[MAX_BLOCK - 1] = 1;
        return counter;
    }
    let mut hash = hash.clone();
    hash.update_padded(nonce);
    counter[8..].copy_from_slice(&(8 * nonce.len() as u64).to_be_bytes());
    hash.update(&[counter.into()]);
    hash.finalize().into()
}

impl AeadOperation for Gcm {
    fn update_ad(&mut self, input: &[u8]) -> Result<()> {
        Gcm::update_ad(self, input);
        Ok(())
    }

    fn update(&mut self, data: &mut InOut<'_>) -> Result<()> {
        Gcm::update(self, data.transform(data.input_length())?.0);
        Ok(())
    }

    fn finish(&mut self, tag: &mut [u8]) -> Result<()> {
        Gcm::finish(self, tag);
        Ok(())
    }
}
