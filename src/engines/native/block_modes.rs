//! The cipher modes that work on whole blocks: ECB, CBC with and without padding, and XTS with ciphertext stealing
//! (IEEE 1619).

use inout::InOutBuf;
use subtle::{Choice, ConditionallySelectable};

use super::block_cipher::{Block, BlockKey, MAX_BLOCK, xor};
use crate::core::primitives::{CipherOperation, Direction};
use crate::core::unpadding;
use crate::fail;
use crate::memory::{InOut, SecretArray};
use crate::psa::{Error, Result};

/// A mode of whole blocks.
pub(super) enum BlockMode {
    Ecb,
    /// With the initialization vector, and then the last block of ciphertext.
    Cbc(Block),
    /// With the encrypting second key, and the tweak of the next block once the first one is known.
    Xts(BlockKey, SecretArray<MAX_BLOCK>),
}

/// What becomes of the end of the text.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// An incomplete last block is an error.
    Whole,
    /// It is filled up, or taken apart, by PKCS#7 (RFC 2315, section 10.3).
    Pkcs7(Direction),
    /// It takes what it lacks from the block before it.
    Stealing(Direction),
}

/// Two blocks that wait, and what comes while less than two can be put out.
const WAITING: usize = 3 * MAX_BLOCK;

/// An operation in parts.
pub(super) struct BlockOperation {
    key: BlockKey,
    block_length: usize,
    mode: BlockMode,
    ending: Ending,
    /// Input that waits for more: less than a block, or what may be the end of the text.
    waiting: SecretArray<WAITING>,
    waiting_length: usize,
}

impl BlockOperation {
    /// Begins with a key in the direction of the operation.
    pub(super) fn new(key: BlockKey, mode: BlockMode, ending: Ending) -> Self {
        let block_length = key.block_length();
        Self { key, block_length, mode, ending, waiting: SecretArray::zeros(), waiting_length: 0 }
    }

    /// How much of this many bytes can be put out while more may come.
    fn ready(&self, available: usize) -> usize {
        let kept = match self.ending {
            Ending::Whole | Ending::Pkcs7(Direction::Encrypt) => 0,
            Ending::Pkcs7(Direction::Decrypt) => 1,
            // A block for an incomplete one to steal from.
            Ending::Stealing(_) => self.block_length,
        };
        available.saturating_sub(kept) / self.block_length * self.block_length
    }

    /// Encrypts or decrypts whole blocks.
    fn apply(&mut self, data: InOutBuf<'_, '_, u8>) {
        match &mut self.mode {
            BlockMode::Ecb => self.key.ecb(data),
            BlockMode::Cbc(chain) => self.key.cbc(chain, data),
            BlockMode::Xts(_, tweak) => xts(&self.key, tweak, data),
        }
    }

    /// Encrypts or decrypts the first waiting bytes and puts them out; the others move up.
    fn put_waiting(&mut self, output: &mut [u8]) {
        let mut done = SecretArray::<WAITING>::zeros();
        let done = &mut done[..output.len()];
        done.copy_from_slice(&self.waiting[..output.len()]);
        self.apply(InOutBuf::from(&mut *done));
        output.copy_from_slice(done);
        self.waiting.copy_within(output.len().., 0);
        self.waiting_length -= output.len();
    }

    /// Lets input wait that fits.
    fn wait(&mut self, input: &[u8]) {
        let end = self.waiting_length + input.len();
        self.waiting[self.waiting_length..end].copy_from_slice(input);
        self.waiting_length = end;
    }

    /// Nothing waits, so that input and output keep step: works where the caller's buffers are.
    fn update_aligned(&mut self, data: &mut InOut<'_>, ready: usize) -> Result<usize> {
        let mut rest = SecretArray::<WAITING>::zeros();
        let rest_length = data.input_length() - ready;
        rest[..rest_length].copy_from_slice(&data.input()[ready..]);
        self.apply(data.transform(ready)?.0);
        self.wait(&rest[..rest_length]);
        Ok(ready)
    }

    /// The output runs behind the input, so the two must not be the same memory.
    fn update_shifted(&mut self, data: &mut InOut<'_>, ready: usize) -> Result<usize> {
        let (input, output) = data.separate();
        let output = output.get_mut(..ready).ok_or(Error::BufferTooSmall)?;
        if self.waiting_length + input.len() <= WAITING {
            self.wait(input);
            self.put_waiting(output);
            return Ok(ready);
        }
        // What waits is completed to whole blocks; there is enough input for that and for more.
        let first = self.waiting_length.next_multiple_of(self.block_length);
        let (head, input) = input.split_at(first - self.waiting_length);
        let (first, others) = output.split_at_mut(first);
        let (body, tail) = input.split_at(others.len());
        self.wait(head);
        self.put_waiting(first);
        self.apply(InOutBuf::new(body, others).map_err(|_| Error::CorruptionDetected)?);
        self.wait(tail);
        Ok(ready)
    }

    fn pad(&mut self, output: &mut [u8]) -> Result<usize> {
        let output = output.get_mut(..self.block_length).ok_or(Error::BufferTooSmall)?;
        let padding = self.block_length - self.waiting_length;
        self.waiting[self.waiting_length..self.block_length].fill(padding as u8);
        self.waiting_length = self.block_length;
        self.put_waiting(output);
        Ok(self.block_length)
    }

    fn unpad(&mut self, output: &mut [u8]) -> Result<usize> {
        if self.waiting_length != self.block_length {
            return Err(Error::InvalidArgument);
        }
        let mut block = SecretArray::<MAX_BLOCK>::zeros();
        let block = &mut block[..self.block_length];
        self.put_waiting(block);
        let length = unpadding::pkcs7(block)?;
        output.get_mut(..length).ok_or(Error::BufferTooSmall)?.copy_from_slice(&block[..length]);
        Ok(length)
    }

    /// The last block and an incomplete one behind it (IEEE 1619, section 5.3.2 and 5.4.2).
    fn steal(&mut self, direction: Direction, output: &mut [u8]) -> Result<usize> {
        let (length, block_length) = (self.waiting_length, self.block_length);
        let Some(rest) = length.checked_sub(block_length) else {
            return fail!(InvalidArgument, "XTS takes a text of {block_length} bytes or more");
        };
        let output = output.get_mut(..length).ok_or(Error::BufferTooSmall)?;
        let BlockMode::Xts(_, tweak) = &mut self.mode else { return Err(Error::CorruptionDetected) };
        let (last, incomplete) = self.waiting[..length].split_at_mut(block_length);
        if rest != 0 && direction == Direction::Decrypt {
            // The two tweaks change places, as the block that was stolen from was encrypted first.
            let mut next = tweak.clone();
            double(&mut next);
            xts(&self.key, &mut next, InOutBuf::from(&mut *last));
        } else {
            xts(&self.key, tweak, InOutBuf::from(&mut *last));
        }
        if rest != 0 {
            last[..rest].swap_with_slice(incomplete);
            xts(&self.key, tweak, InOutBuf::from(&mut *last));
        }
        output.copy_from_slice(&self.waiting[..length]);
        self.waiting_length = 0;
        Ok(length)
    }
}

/// Whole blocks, each between two additions of its tweak. The tweaks of many blocks are made at once.
fn xts(key: &BlockKey, tweak: &mut Block, data: InOutBuf<'_, '_, u8>) {
    const BATCH: usize = 32 * MAX_BLOCK;
    let mut tweaks = SecretArray::<BATCH>::zeros();
    let mut rest = data;
    while rest.len() >= MAX_BLOCK {
        let length = rest.len().min(BATCH) / MAX_BLOCK * MAX_BLOCK;
        let (mut now, later) = rest.split_at(length);
        for block in tweaks[..length].as_chunks_mut().0 {
            *block = *tweak;
            double(tweak);
        }
        now.xor_in2out(&tweaks[..length]);
        let output = now.get_out();
        key.ecb(InOutBuf::from(&mut *output));
        xor(output, &tweaks[..length]);
        rest = later;
    }
}

/// The tweak of the next block: a multiplication by x in GF(2^128) with the bytes from the lowest up, in constant time.
fn double(tweak: &mut Block) {
    let value = u128::from_le_bytes(*tweak);
    let carry = Choice::from((value >> 127) as u8);
    *tweak = (value << 1 ^ u128::conditional_select(&0, &0x87, carry)).to_le_bytes();
}

impl CipherOperation for BlockOperation {
    fn set_iv(&mut self, iv: &[u8]) -> Result<()> {
        if iv.len() != self.block_length {
            return Err(Error::InvalidArgument);
        }
        match &mut self.mode {
            BlockMode::Ecb => return Err(Error::BadState),
            BlockMode::Cbc(chain) => chain[..iv.len()].copy_from_slice(iv),
            BlockMode::Xts(second, tweak) => {
                tweak.copy_from_slice(iv);
                second.apply(tweak);
            }
        }
        Ok(())
    }

    fn update(&mut self, data: &mut InOut<'_>) -> Result<usize> {
        let available = self.waiting_length.checked_add(data.input_length()).ok_or(Error::InvalidArgument)?;
        let ready = self.ready(available);
        if self.waiting_length == 0 { self.update_aligned(data, ready) } else { self.update_shifted(data, ready) }
    }

    fn finish(&mut self, output: &mut [u8]) -> Result<usize> {
        match self.ending {
            Ending::Whole if self.waiting_length == 0 => Ok(0),
            Ending::Whole => Err(Error::InvalidArgument),
            Ending::Pkcs7(Direction::Encrypt) => self.pad(output),
            Ending::Pkcs7(Direction::Decrypt) => self.unpad(output),
            Ending::Stealing(direction) => self.steal(direction, output),
        }
    }
}
