//! `EVP_CIPHER_CTX`: AES-GCM in parts, and AES-256-XTS.
#![allow(unsafe_code)]

use std::ffi::c_int;
use std::mem::ManuallyDrop;
use std::ops::RangeInclusive;
use std::ptr::{NonNull, null, null_mut};
use std::sync::Arc;
use std::sync::atomic::{AtomicPtr, Ordering};

use aws_lc_sys as lc;
use inout::InOutBuf;

use super::allocated;
use crate::core::primitives::Direction;
use crate::psa::{Error, Result};

/// The library counts the bytes of a call in an `int`; longer data is given in pieces of this length.
const PIECE: usize = 1 << 30;

/// A context, which aws-lc wipes when it frees it.
struct Context(NonNull<lc::EVP_CIPHER_CTX>);

// SAFETY: the context is an allocation without thread-local parts.
unsafe impl Send for Context {}
// SAFETY: a shared reference only allows to copy from it, which does not change it.
unsafe impl Sync for Context {}

impl Context {
    fn empty() -> Result<Self> {
        // SAFETY: takes nothing; returns an initialized context or null, which is checked.
        NonNull::new(unsafe { lc::EVP_CIPHER_CTX_new() }).map(Self).ok_or(Error::InsufficientMemory)
    }

    fn copy(&self) -> Result<Self> {
        let copy = Self::empty()?;
        // SAFETY: both contexts are live and distinct, and the source has its cipher.
        allocated(unsafe { lc::EVP_CIPHER_CTX_copy(copy.as_ptr(), self.as_ptr()) })?;
        Ok(copy)
    }

    fn as_ptr(&self) -> *mut lc::EVP_CIPHER_CTX {
        self.0.as_ptr()
    }
}

impl Drop for Context {
    fn drop(&mut self) {
        // SAFETY: the pointer came from EVP_CIPHER_CTX_new and is freed only here.
        unsafe { lc::EVP_CIPHER_CTX_free(self.as_ptr()) }
    }
}

/// The context of an operation that has ended, for the next one with the same key: two allocations less, and no copy of the
/// expanded key. It holds nothing of the text, and what it holds of the key stream could be computed from the key beside it;
/// the next nonce begins anew. Freed, and wiped, with the key and the last operation.
#[derive(Default)]
struct Spare(AtomicPtr<lc::EVP_CIPHER_CTX>);

impl Spare {
    fn take(&self) -> Option<Context> {
        NonNull::new(self.0.swap(null_mut(), Ordering::Acquire)).map(Context)
    }

    /// Keeps this one and frees another that was here.
    fn put(&self, context: Context) {
        let context = ManuallyDrop::new(context);
        drop(NonNull::new(self.0.swap(context.as_ptr(), Ordering::AcqRel)).map(Context));
    }
}

impl Drop for Spare {
    fn drop(&mut self) {
        drop(self.take());
    }
}

/// A key that is expanded for AES-GCM in parts.
pub(in crate::engines::native) struct GcmKey {
    expanded: Context,
    spare: Arc<Spare>,
}

impl GcmKey {
    /// Expands a key of 16, 24 or 32 bytes.
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
        let expanded = Context::empty()?;
        // SAFETY: the context is live, the cipher valid, and the key as long as the cipher asks for; engine and
        // initialization vector may be null.
        allocated(unsafe { lc::EVP_CipherInit_ex(expanded.as_ptr(), cipher, null_mut(), key.as_ptr(), null(), 1) })?;
        Ok(Self { expanded, spare: Arc::default() })
    }

    /// Begins an operation with a nonce of any length but 0.
    pub(in crate::engines::native) fn begin(&self, nonce: &[u8], direction: Direction) -> Result<Gcm> {
        let nonce_length = c_int::try_from(nonce.len()).map_err(|_| Error::NotSupported)?;
        let context = self.spare.take().map_or_else(|| self.expanded.copy(), Ok)?;
        let encrypt = (direction == Direction::Encrypt).into();
        // SAFETY: the context is live and has cipher and key, which stay where the pointers are null. The nonce is
        // readable for the length that is announced before.
        unsafe {
            if lc::EVP_CIPHER_CTX_ctrl(context.as_ptr(), lc::EVP_CTRL_AEAD_SET_IVLEN, nonce_length, null_mut()) != 1 {
                return Err(Error::InvalidArgument);
            }
            allocated(lc::EVP_CipherInit_ex(context.as_ptr(), null(), null_mut(), null(), nonce.as_ptr(), encrypt))?;
        }
        Ok(Gcm { context: ManuallyDrop::new(context), spare: self.spare.clone() })
    }
}

/// An AES-GCM operation.
pub(in crate::engines::native) struct Gcm {
    /// Taken out when the operation is dropped.
    context: ManuallyDrop<Context>,
    /// Where it goes then.
    spare: Arc<Spare>,
}

impl Gcm {
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
        let (context, mut written) = (self.context.as_ptr(), 0);
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
        let answer = unsafe { lc::EVP_CipherUpdate(self.context.as_ptr(), output, &mut written, input, count) };
        if answer == 1 { Ok(()) } else { Err(Error::InvalidArgument) }
    }
}

impl Drop for Gcm {
    fn drop(&mut self) {
        // SAFETY: only here, and the operation is gone after this.
        self.spare.put(unsafe { ManuallyDrop::take(&mut self.context) });
    }
}

/// A key of AES-256-XTS in one direction. Each text has a copy of it: to use one context again, as operations in parts do,
/// would make threads with the same key write to memory that they share.
pub(in crate::engines::native) struct Xts(Context);

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
        let expanded = Context::empty()?;
        let encrypt = (direction == Direction::Encrypt).into();
        // SAFETY: the context is live, and the keys as long as the cipher asks for; engine and tweak may be null.
        let answer = unsafe {
            let (context, cipher) = (expanded.as_ptr(), lc::EVP_aes_256_xts());
            lc::EVP_CipherInit_ex(context, cipher, null_mut(), keys.as_ptr(), null(), encrypt)
        };
        if answer == 1 { Ok(Self(expanded)) } else { Err(Error::InvalidArgument) }
    }

    /// Encrypts or decrypts a whole text, of a length in `TEXTS`.
    pub(in crate::engines::native) fn apply(&self, tweak: &[u8; 16], data: InOutBuf<'_, '_, u8>) -> Result<()> {
        let length = c_int::try_from(data.len()).map_err(|_| Error::InvalidArgument)?;
        let (input, output) = data.into_raw();
        let (context, mut written) = (self.0.copy()?, 0);
        // SAFETY: the context is live and has cipher, direction and keys, which stay where the pointers are null. Input
        // and output are valid for `length` bytes and either equal or disjoint, as InOutBuf keeps them. This mode puts
        // out as many bytes as it takes in.
        let answer = unsafe {
            allocated(lc::EVP_CipherInit_ex(context.as_ptr(), null(), null_mut(), null(), tweak.as_ptr(), -1))?;
            lc::EVP_CipherUpdate(context.as_ptr(), output, &mut written, input, length)
        };
        if answer == 1 && written == length { Ok(()) } else { Err(Error::InvalidArgument) }
    }
}
