//! The modes that make a stream cipher of a block cipher: CTR, CFB and OFB (NIST SP 800-38A).

use inout::InOutBuf;

use super::block_cipher::{Block, BlockKey, MAX_BLOCK};
use super::ffi::aes::{Stream, StreamMode};
use crate::core::primitives::Direction;
use crate::memory::SecretArray;

/// A key stream at some position: that of aws-lc for AES, ours for the others.
pub(super) enum KeyStream {
    Aes(Stream),
    Other(BlockStream),
}

impl KeyStream {
    /// Begins with an encrypting key, which all modes use in both directions. `initial` is the first counter block or the
    /// initialization vector.
    pub(super) fn new(key: BlockKey, mode: StreamMode, initial: Block) -> Self {
        match key {
            BlockKey::Aes(schedule) => Self::Aes(Stream::new(schedule, mode, initial)),
            other => Self::Other(BlockStream::new(other, mode, initial, MAX_BLOCK)),
        }
    }

    /// Encrypts or decrypts the next bytes.
    pub(super) fn apply(&mut self, data: InOutBuf<'_, '_, u8>) {
        match self {
            Self::Aes(stream) => stream.apply(data),
            Self::Other(stream) => stream.apply(data),
        }
    }
}

/// A key stream of any block cipher.
pub(super) struct BlockStream {
    key: BlockKey,
    mode: StreamMode,
    /// How many bytes at the end of the counter block count.
    counter_length: usize,
    /// The counter, or the feedback block.
    block: SecretArray<MAX_BLOCK>,
    /// The key stream of the current block.
    key_stream: SecretArray<MAX_BLOCK>,
    /// How much of the current block is used; all of it where none has begun.
    used: usize,
}

impl BlockStream {
    /// Begins as [`KeyStream::new`]; only the last `counter_length` bytes of the block count.
    pub(super) fn new(key: BlockKey, mode: StreamMode, initial: Block, counter_length: usize) -> Self {
        let used = key.block_length();
        let (block, key_stream) = (SecretArray::new(initial), SecretArray::zeros());
        Self { key, mode, counter_length, block, key_stream, used }
    }

    /// Encrypts or decrypts the next bytes.
    pub(super) fn apply(&mut self, data: InOutBuf<'_, '_, u8>) {
        let length = self.key.block_length();
        let mut rest = data;
        while !rest.is_empty() {
            if self.used == length {
                self.next_block();
            }
            let (mut now, later) = {
                let count = rest.len().min(length - self.used);
                rest.split_at(count)
            };
            let end = self.used + now.len();
            // What is fed back is the ciphertext.
            if self.mode == StreamMode::Cfb(Direction::Decrypt) {
                self.block[self.used..end].copy_from_slice(now.get_in());
            }
            now.xor_in2out(&self.key_stream[self.used..end]);
            if self.mode == StreamMode::Cfb(Direction::Encrypt) {
                self.block[self.used..end].copy_from_slice(now.get_out());
            }
            self.used = end;
            rest = later;
        }
    }

    fn next_block(&mut self) {
        *self.key_stream = *self.block;
        self.key.apply(&mut self.key_stream);
        match self.mode {
            StreamMode::Ctr => increment(&mut self.block[..self.key.block_length()], self.counter_length),
            StreamMode::Ofb => *self.block = *self.key_stream,
            StreamMode::Cfb(_) => {}
        }
        self.used = 0;
    }
}

/// Adds one to the last bytes as a big-endian number.
fn increment(block: &mut [u8], counter_length: usize) {
    let mut carry = 1;
    for byte in block.iter_mut().rev().take(counter_length) {
        let sum = u16::from(*byte) + carry;
        *byte = sum as u8;
        carry = sum >> 8;
    }
}
