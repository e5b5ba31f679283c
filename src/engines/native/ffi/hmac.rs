//! `HMAC_CTX`: HMAC with the hashes of the SHA families and MD5, without memory of its own on the heap.
#![allow(unsafe_code)]

use std::mem::MaybeUninit;
use std::ptr::{null, null_mut};

use aws_lc_sys as lc;

use super::digest::Digest;
use crate::psa::{Error, Result};

/// An HMAC computation, with the inner and outer state of its key.
pub(in crate::engines::native) struct Context {
    context: lc::HMAC_CTX,
    length: usize,
}

// SAFETY: the context holds plain bytes and two pointers to constant method tables.
unsafe impl Send for Context {}
// SAFETY: as above, and nothing changes it through a shared reference.
unsafe impl Sync for Context {}

impl Context {
    /// Begins with a key of any length; `NOT_SUPPORTED` for a hash that this object does not work with.
    pub(in crate::engines::native) fn new(digest: Digest, key: &[u8]) -> Result<Self> {
        let mut context = MaybeUninit::uninit();
        // SAFETY: HMAC_CTX_init fills the whole structure with zeros, which is a valid value of it.
        let context = unsafe {
            lc::HMAC_CTX_init(context.as_mut_ptr());
            context.assume_init()
        };
        let mut this = Self { context, length: digest.length() };
        // SAFETY: the context is initialized, the key readable for its length (the pointer of an empty slice is
        // not null), the method table valid, and the engine may be null.
        let answer =
            unsafe { lc::HMAC_Init_ex(&mut this.context, key.as_ptr().cast(), key.len(), digest.method(), null_mut()) };
        if answer == 1 { Ok(this) } else { Err(Error::NotSupported) }
    }

    /// Begins anew with the same key.
    pub(in crate::engines::native) fn restart(&mut self) -> Result<()> {
        // SAFETY: the context is initialized; without key and hash the function goes back to the state of `new`.
        check(unsafe { lc::HMAC_Init_ex(&mut self.context, null(), 0, null(), null_mut()) })
    }

    /// Adds input.
    pub(in crate::engines::native) fn update(&mut self, input: &[u8]) -> Result<()> {
        // SAFETY: the context is initialized, and the input readable for its length.
        check(unsafe { lc::HMAC_Update(&mut self.context, input.as_ptr(), input.len()) })
    }

    /// Gives the MAC, of exactly the length of the hash. Only `restart` may follow.
    pub(in crate::engines::native) fn finish(&mut self, mac: &mut [u8]) -> Result<()> {
        if mac.len() != self.length {
            return Err(Error::BufferTooSmall);
        }
        // SAFETY: the context is initialized, and the function writes exactly `length` bytes, which `mac` was
        // just checked to have; the length output may be null.
        check(unsafe { lc::HMAC_Final(&mut self.context, mac.as_mut_ptr(), null_mut()) })
    }
}

impl Clone for Context {
    fn clone(&self) -> Self {
        // The structure is flat: aws-lc copies and moves it by plain assignment too.
        Self { context: self.context, length: self.length }
    }
}

impl Drop for Context {
    fn drop(&mut self) {
        // SAFETY: the structure is initialized; the function only overwrites it with zeros.
        unsafe { lc::HMAC_CTX_cleanup(&mut self.context) }
    }
}

/// A failure here is a call in the wrong order.
fn check(answer: std::ffi::c_int) -> Result<()> {
    if answer == 1 { Ok(()) } else { Err(Error::BadState) }
}
