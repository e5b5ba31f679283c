//! `EVP_CIPHER_CTX`: AES-GCM in parts, and AES-256-XTS.
#![allow(unsafe_code)]

use std::ffi::c_int;
use std::ops::RangeInclusive;
use std::ptr::{NonNull, null, null_mut};

use aws_lc_sys as lc;
use inout::InOutBuf;

use super::allocated;
use crate::core::primitives::Direction;
use crate::psa::{Error, Result};

/// The library counts the bytes of a call in an `int`; longer data is given in pieces of this length.
const PIECE: usize = 1 << 30;

/// An AES-GCM operation. aws-lc wipes it when it frees it.
pub(in crate::engines::native) struct Gcm(NonNull<lc::EVP_CIPHER_CTX>);

// SAFETY: the context is an allocation without thread-local parts.
unsafe impl Send for Gcm {}
// SAFETY: a shared reference only allows `begin`, which copies from it and does not change it.
unsafe impl Sync for Gcm {}

impl Gcm {
    /// Expands a key of 16, 24 or 32 bytes. The result only serves to `begin` operations.
    pub(in crate::engines::native) fn new(key: &[u8]) -> Result<Self> {
        // SAFETY: these functions take nothing and return pointers to constants.
        let cipher = unsafe {
            match key.len() {
                16 => lc::EVP_aes_128_gcm(),
                24 => lc::EVP_aes_192_gcm(),
                32 => lc::EVP_aes_256_gcm(),
                _ => return Err(Error::InvalidArgument),
            }
        };
        let this = Self::empty()?;
        // SAFETY: the context is live, the cipher valid, and the key as long as the cipher asks for; engine and
        // initialization vector may be null.
        allocated(unsafe { lc::EVP_CipherInit_ex(this.0.as_ptr(), cipher, null_mut(), key.as_ptr(), null(), 1) })?;
        Ok(this)
    }

    fn empty() -> Result<Self> {
        // SAFETY: takes nothing; returns an initialized context or null, which is checked.
        NonNull::new(unsafe { lc::EVP_CIPHER_CTX_new() }).map(Self).ok_or(Error::InsufficientMemory)
    }

    /// Begins an operation with this key and a nonce of any length but 0.
    pub(in crate::engines::native) fn begin(&self, nonce: &[u8], direction: Direction) -> Result<Self> {
        let nonce_length = c_int::try_from(nonce.len()).map_err(|_| Error::NotSupported)?;
        let operation = Self::empty()?;
        let context = operation.0.as_ptr();
        let encrypt = (direction == Direction::Encrypt).into();
        // SAFETY: both contexts are live, distinct, and the source has its cipher. The nonce is readable for the
        // length that is announced before; the cipher and key of the copy stay where the pointers are null.
        unsafe {
            allocated(lc::EVP_CIPHER_CTX_copy(context, self.0.as_ptr()))?;
            if lc::EVP_CIPHER_CTX_ctrl(context, lc::EVP_CTRL_AEAD_SET_IVLEN, nonce_length, null_mut()) != 1 {
                return Err(Error::InvalidArgument);
            }
            allocated(lc::EVP_CipherInit_ex(context, null(), null_mut(), null(), nonce.as_ptr(), encrypt))?;
        }
        Ok(operation)
    }

    /// Adds additional data, before any text.
    pub(in crate::engines::native) fn update_ad(&mut self, input: &[u8]) -> Result<()> {
        input.chunks(PIECE).try_for_each(|piece| {
            // SAFETY: without an output the function reads `piece` as additional data.
            unsafe { self.step(null_mut(), piece.as_ptr(), piece.len()) }
        })
    }

    /// Encrypts or decrypts the next bytes.
    pub(in crate::engines::native) fn update(&mut self, data: InOutBuf<'_, '_, u8>) -> Result<()> {
        let length = data.len();
        let (input, output) = data.into_raw();
        (0..length).step_by(PIECE).try_for_each(|offset| {
            // SAFETY: `offset` is below `length`, and the piece ends at most there; both buffers are valid for
            // `length` bytes and either equal or disjoint, as InOutBuf keeps them. This mode puts out as many
            // bytes as it takes in.
            unsafe { self.step(output.add(offset), input.add(offset), PIECE.min(length - offset)) }
        })
    }

    /// Gives the first bytes of the tag of 16 bytes, in either direction.
    pub(in crate::engines::native) fn finish(&mut self, tag: &mut [u8]) -> Result<()> {
        let tag_length = c_int::try_from(tag.len()).map_err(|_| Error::InvalidArgument)?;
        let (context, mut written) = (self.0.as_ptr(), 0);
        let mut rest = [0u8; 32];
        // SAFETY: the context is live. Without cipher, key and nonce the first call only turns the direction, as
        // the library gives out a tag when encrypting only; the authenticated state stays. The second puts out
        // nothing in this mode (`rest` could take a whole block of any cipher). The third writes `tag_length`
        // bytes and refuses lengths that are not 1 to 16.
        let answers = unsafe {
            lc::EVP_CipherInit_ex(context, null(), null_mut(), null(), null(), 1) == 1
                && lc::EVP_CipherFinal_ex(context, rest.as_mut_ptr(), &mut written) == 1
                && lc::EVP_CIPHER_CTX_ctrl(context, lc::EVP_CTRL_AEAD_GET_TAG, tag_length, tag.as_mut_ptr().cast()) == 1
        };
        if answers { Ok(()) } else { Err(Error::InvalidArgument) }
    }

    /// One call of the library; a failure means that there is more data than the mode allows.
    ///
    /// # Safety
    ///
    /// `input` is readable and `output` null or writable for `length` bytes, and they are equal or disjoint.
    unsafe fn step(&mut self, output: *mut u8, input: *const u8, length: usize) -> Result<()> {
        let count = c_int::try_from(length).map_err(|_| Error::InvalidArgument)?;
        let mut written = 0;
        // SAFETY: the context is live; the rest is the contract of this function.
        let answer = unsafe { lc::EVP_CipherUpdate(self.0.as_ptr(), output, &mut written, input, count) };
        if answer == 1 { Ok(()) } else { Err(Error::InvalidArgument) }
    }
}

impl Drop for Gcm {
    fn drop(&mut self) {
        // SAFETY: the pointer came from EVP_CIPHER_CTX_new and is freed only here.
        unsafe { lc::EVP_CIPHER_CTX_free(self.0.as_ptr()) }
    }
}

/// AES-256-XTS in one direction. aws-lc wipes it when it frees it.
pub(in crate::engines::native) struct Xts(NonNull<lc::EVP_CIPHER_CTX>);

// SAFETY: as for `Gcm`.
unsafe impl Send for Xts {}
// SAFETY: a shared reference only allows `apply`, which copies from it and does not change it.
unsafe impl Sync for Xts {}

impl Xts {
    /// Length of both keys together in bytes.
    pub(in crate::engines::native) const KEY: usize = 64;
    /// The texts that the library takes, in bytes (NIST SP 800-38E limits a data unit to 2^20 blocks).
    pub(in crate::engines::native) const TEXTS: RangeInclusive<usize> = 16..=16 << 20;

    /// Expands both keys; `INVALID_ARGUMENT` where the library refuses them: equal ones, or ones of another length.
    pub(in crate::engines::native) fn new(keys: &[u8], direction: Direction) -> Result<Self> {
        if keys.len() != Self::KEY {
            return Err(Error::InvalidArgument);
        }
        let this = Self::empty()?;
        let encrypt = (direction == Direction::Encrypt).into();
        // SAFETY: the context is live, and the keys as long as the cipher asks for; engine and tweak may be null.
        let answer = unsafe {
            let (context, cipher) = (this.0.as_ptr(), lc::EVP_aes_256_xts());
            lc::EVP_CipherInit_ex(context, cipher, null_mut(), keys.as_ptr(), null(), encrypt)
        };
        if answer == 1 { Ok(this) } else { Err(Error::InvalidArgument) }
    }

    fn empty() -> Result<Self> {
        // SAFETY: takes nothing; returns an initialized context or null, which is checked.
        NonNull::new(unsafe { lc::EVP_CIPHER_CTX_new() }).map(Self).ok_or(Error::InsufficientMemory)
    }

    /// Encrypts or decrypts a whole text, of a length in `TEXTS`.
    pub(in crate::engines::native) fn apply(&self, tweak: &[u8; 16], data: InOutBuf<'_, '_, u8>) -> Result<()> {
        let length = c_int::try_from(data.len()).map_err(|_| Error::InvalidArgument)?;
        let (input, output) = data.into_raw();
        let copy = Self::empty()?;
        let (context, mut written) = (copy.0.as_ptr(), 0);
        // SAFETY: both contexts are live, distinct, and the source has cipher, direction and keys, which the copy keeps
        // where the pointers are null. Input and output are valid for `length` bytes and either equal or disjoint, as
        // InOutBuf keeps them. This mode puts out as many bytes as it takes in.
        let answer = unsafe {
            allocated(lc::EVP_CIPHER_CTX_copy(context, self.0.as_ptr()))?;
            allocated(lc::EVP_CipherInit_ex(context, null(), null_mut(), null(), tweak.as_ptr(), -1))?;
            lc::EVP_CipherUpdate(context, output, &mut written, input, length)
        };
        if answer == 1 && written == length { Ok(()) } else { Err(Error::InvalidArgument) }
    }
}

impl Drop for Xts {
    fn drop(&mut self) {
        // SAFETY: as for `Gcm`.
        unsafe { lc::EVP_CIPHER_CTX_free(self.0.as_ptr()) }
    }
}
