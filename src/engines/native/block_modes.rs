//! The cipher modes that work on whole blocks of AES: ECB and CBC, with and without padding.

use inout::InOutBuf;
use zeroize::Zeroizing;

use super::ffi::aes::{BLOCK, Block, KeySchedule};
use crate::core::primitives::{CipherOperation, Direction};
use crate::core::unpadding;
use crate::memory::InOut;
use crate::psa::{Error, Result};

/// A mode of whole blocks.
pub(super) enum BlockMode {
    Ecb,
    /// With the initialization vector, and then the last block of ciphertext.
    Cbc(Block),
}

/// What becomes of an incomplete last block.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Padding {
    /// It is an error.
    None,
    /// It is filled up, or taken apart, by PKCS#7 (RFC 2315, section 10.3).
    Pkcs7(Direction),
}

/// An operation in parts.
pub(super) struct BlockOperation {
    key: KeySchedule,
    mode: BlockMode,
    padding: Padding,
    /// Input that waits for more: less than a block, or the block that may be the last one when padding is removed.
    waiting: Zeroizing<Block>,
    waiting_length: usize,
}

impl BlockOperation {
    /// Begins with a schedule that was expanded for the direction.
    pub(super) fn new(key: KeySchedule, mode: BlockMode, padding: Padding) -> Self {
        Self { key, mode, padding, waiting: Zeroizing::new([0; BLOCK]), waiting_length: 0 }
    }

    /// How much of this many bytes can be put out while more may come.
    fn ready(&self, available: usize) -> usize {
        let kept = if self.padding == Padding::Pkcs7(Direction::Decrypt) { 1 } else { 0 };
        available.saturating_sub(kept) / BLOCK * BLOCK
    }

    /// Encrypts or decrypts whole blocks.
    fn apply(&mut self, data: InOutBuf<'_, '_, u8>) {
        match &mut self.mode {
            BlockMode::Ecb => self.key.ecb(data),
            BlockMode::Cbc(chain) => self.key.cbc(chain, data),
        }
    }

    /// Encrypts or decrypts the waiting block.
    fn take_waiting(&mut self) -> Zeroizing<Block> {
        let mut block = std::mem::replace(&mut self.waiting, Zeroizing::new([0; BLOCK]));
        self.waiting_length = 0;
        self.apply(InOutBuf::from(block.as_mut_slice()));
        block
    }

    /// Lets input wait that fits.
    fn wait(&mut self, input: &[u8]) {
        let end = self.waiting_length + input.len();
        self.waiting[self.waiting_length..end].copy_from_slice(input);
        self.waiting_length = end;
    }

    /// Nothing waits, so that input and output keep step: works where the caller's buffers are.
    fn update_aligned(&mut self, data: &mut InOut<'_>, ready: usize) -> Result<usize> {
        let mut rest = Zeroizing::new([0; BLOCK]);
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
        let Some((first, others)) = output.split_at_mut_checked(BLOCK) else {
            self.wait(input);
            return Ok(0);
        };
        let (head, input) = input.split_at(BLOCK - self.waiting_length);
        let (body, tail) = input.split_at(others.len());
        self.wait(head);
        first.copy_from_slice(self.take_waiting().as_slice());
        self.apply(InOutBuf::new(body, others).map_err(|_| Error::CorruptionDetected)?);
        self.wait(tail);
        Ok(ready)
    }

    fn pad(&mut self, output: &mut [u8]) -> Result<usize> {
        let output = output.get_mut(..BLOCK).ok_or(Error::BufferTooSmall)?;
        let padding = BLOCK - self.waiting_length;
        self.waiting[self.waiting_length..].fill(padding as u8);
        output.copy_from_slice(self.take_waiting().as_slice());
        Ok(BLOCK)
    }

    fn unpad(&mut self, output: &mut [u8]) -> Result<usize> {
        if self.waiting_length != BLOCK {
            return Err(Error::InvalidArgument);
        }
        let block = self.take_waiting();
        let length = unpadding::pkcs7(&block)?;
        output.get_mut(..length).ok_or(Error::BufferTooSmall)?.copy_from_slice(&block[..length]);
        Ok(length)
    }
}

impl CipherOperation for BlockOperation {
    fn set_iv(&mut self, iv: &[u8]) -> Result<()> {
        match &mut self.mode {
            BlockMode::Ecb => Err(Error::BadState),
            BlockMode::Cbc(chain) => {
                *chain = iv.try_into().map_err(|_| Error::InvalidArgument)?;
                Ok(())
            }
        }
    }

    fn update(&mut self, data: &mut InOut<'_>) -> Result<usize> {
        let available = self.waiting_length.checked_add(data.input_length()).ok_or(Error::InvalidArgument)?;
        let ready = self.ready(available);
        if self.waiting_length == 0 { self.update_aligned(data, ready) } else { self.update_shifted(data, ready) }
    }

    fn finish(&mut self, output: &mut [u8]) -> Result<usize> {
        match self.padding {
            Padding::None if self.waiting_length == 0 => Ok(0),
            Padding::None => Err(Error::InvalidArgument),
            Padding::Pkcs7(Direction::Encrypt) => self.pad(output),
            Padding::Pkcs7(Direction::Decrypt) => self.unpad(output),
        }
    }
}
