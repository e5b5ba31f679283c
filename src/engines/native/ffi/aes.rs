//! `AES_KEY`: the AES block cipher, and its modes without authentication.
#![allow(unsafe_code)]

use std::borrow::Borrow;
use std::ffi::c_uint;
use std::mem::MaybeUninit;
use std::sync::Arc;

use aws_lc_sys as lc;
use inout::InOutBuf;

use crate::core::primitives::Direction;
use crate::memory::SecretArray;
use crate::psa::{Error, Result};

/// Length of a block in bytes.
pub(in crate::engines::native) const BLOCK: usize = 16;

/// One block of AES.
pub(in crate::engines::native) type Block = [u8; BLOCK];

/// An expanded key for one direction of the block cipher. Clones share it.
#[derive(Clone)]
pub(in crate::engines::native) struct KeySchedule {
    schedule: Arc<Wiped>,
    direction: Direction,
}

/// The schedule itself, wiped when the last owner drops it.
struct Wiped(lc::AES_KEY);

impl KeySchedule {
    /// Expands a key of 16, 24 or 32 bytes.
    pub(in crate::engines::native) fn new(key: &[u8], direction: Direction) -> Result<Self> {
        let expand = match direction {
            Direction::Encrypt => lc::AES_set_encrypt_key,
            Direction::Decrypt => lc::AES_set_decrypt_key,
        };
        let bits = match key.len() {
            16 => 128,
            24 => 192,
            32 => 256,
            _ => return Err(Error::InvalidArgument),
        };
        // SAFETY: all zeros are a valid AES_KEY.
        let empty = unsafe { MaybeUninit::zeroed().assume_init() };
        // Expanded where it stays: what is moved leaves a copy behind, and the beginning of a schedule is the key.
        let mut schedule = Arc::new(Wiped(empty));
        let place = Arc::get_mut(&mut schedule).ok_or(Error::CorruptionDetected)?;
        // SAFETY: the key has exactly `bits / 8` readable bytes, and the function fills the schedule.
        match unsafe { expand(key.as_ptr(), bits, &mut place.0) } {
            0 => Ok(Self { schedule, direction }),
            _ => Err(Error::InvalidArgument),
        }
    }

    fn as_ptr(&self) -> *const lc::AES_KEY {
        &raw const self.schedule.0
    }

    /// The block cipher in its direction, on one block in place.
    pub(in crate::engines::native) fn apply(&self, block: &mut Block) {
        let pointer = block.as_mut_ptr();
        // SAFETY: the block is 16 readable and writable bytes, which the function allows to be input and output
        // at once, and the schedule was expanded for this direction.
        unsafe {
            match self.direction {
                Direction::Encrypt => lc::AES_encrypt(pointer, pointer, self.as_ptr()),
                Direction::Decrypt => lc::AES_decrypt(pointer, pointer, self.as_ptr()),
            }
        }
    }

    /// ECB in its direction; bytes behind the last whole block are left alone.
    pub(in crate::engines::native) fn ecb(&self, data: InOutBuf<'_, '_, u8>) {
        let blocks = data.len() / BLOCK;
        let (input, output) = data.into_raw();
        for offset in (0..blocks).map(|index| index * BLOCK) {
            // SAFETY: `offset + BLOCK` is at most the common length of input and output, which InOutBuf keeps
            // either equal or disjoint, and the function allows both. The schedule fits the direction.
            unsafe {
                let (input, output) = (input.add(offset), output.add(offset));
                match self.direction {
                    Direction::Encrypt => lc::AES_encrypt(input, output, self.as_ptr()),
                    Direction::Decrypt => lc::AES_decrypt(input, output, self.as_ptr()),
                }
            }
        }
    }

    /// A whole text in counter mode, with an encrypting schedule.
    pub(in crate::engines::native) fn ctr(&self, counter: Block, data: InOutBuf<'_, '_, u8>) {
        Stream::new(self, StreamMode::Ctr, counter).apply(data);
    }

    /// CBC in its direction; bytes behind the last whole block are left alone. `chain` is the initialization
    /// vector, and then the last block of ciphertext.
    pub(in crate::engines::native) fn cbc(&self, chain: &mut Block, data: InOutBuf<'_, '_, u8>) {
        let length = data.len() / BLOCK * BLOCK;
        let (input, output) = data.into_raw();
        // SAFETY: input and output are valid for `length` bytes, a multiple of the block, and either equal or
        // disjoint, as the function demands; `chain` is one block. The schedule fits the direction.
        unsafe {
            lc::AES_cbc_encrypt(
                input,
                output,
                length,
                self.as_ptr(),
                chain.as_mut_ptr(),
                (self.direction == Direction::Encrypt).into(),
            );
        }
    }
}

impl Drop for Wiped {
    fn drop(&mut self) {
        // SAFETY: the pointer is to this whole live structure of plain integers.
        unsafe { lc::OPENSSL_cleanse((&raw mut self.0).cast(), size_of::<lc::AES_KEY>()) }
    }
}

/// The modes that make a stream cipher of AES.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::engines::native) enum StreamMode {
    /// Counter mode with a big-endian counter of 128 bits.
    Ctr,
    /// Cipher feedback of whole blocks.
    Cfb(Direction),
    /// Output feedback.
    Ofb,
}

/// A stream cipher made of AES, at some position of its key stream; wiped when dropped.
pub(in crate::engines::native) struct Stream<K: Borrow<KeySchedule> = KeySchedule> {
    key: K,
    mode: StreamMode,
    /// The counter, or the feedback block.
    block: SecretArray<BLOCK>,
    /// The key stream of the current block, for the counter mode.
    key_stream: SecretArray<BLOCK>,
    /// How much of the current block is used, always below `BLOCK`.
    used: c_uint,
}

impl<K: Borrow<KeySchedule>> Stream<K> {
    /// Begins with an encrypting schedule, which all of these modes use in both directions.
    pub(in crate::engines::native) fn new(key: K, mode: StreamMode, initial: Block) -> Self {
        debug_assert!(key.borrow().direction == Direction::Encrypt);
        Self { key, mode, block: SecretArray::new(initial), key_stream: SecretArray::zeros(), used: 0 }
    }

    /// Encrypts or decrypts the next bytes.
    pub(in crate::engines::native) fn apply(&mut self, data: InOutBuf<'_, '_, u8>) {
        let length = data.len();
        let (input, output) = data.into_raw();
        let (key, block) = (self.key.borrow().as_ptr(), self.block.as_mut_ptr());
        let mut used = self.used.cast_signed();
        // SAFETY: input and output are valid for `length` bytes and either equal or disjoint, as InOutBuf keeps
        // them and these functions allow; the blocks are 16 bytes each; `used` is below 16, which every function
        // keeps. The schedule is an encrypting one.
        unsafe {
            match self.mode {
                StreamMode::Ctr => {
                    let key_stream = self.key_stream.as_mut_ptr();
                    lc::AES_ctr128_encrypt(input, output, length, key, block, key_stream, &mut self.used);
                    return;
                }
                StreamMode::Cfb(direction) => {
                    let encrypt = (direction == Direction::Encrypt).into();
                    lc::AES_cfb128_encrypt(input, output, length, key, block, &mut used, encrypt);
                }
                StreamMode::Ofb => lc::AES_ofb128_encrypt(input, output, length, key, block, &mut used),
            }
        }
        self.used = used.cast_unsigned();
    }
}
