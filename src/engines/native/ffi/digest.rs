//! `EVP_MD` and `EVP_MD_CTX`: the hashes of aws-lc.
#![allow(unsafe_code)]

use std::ptr::{NonNull, null_mut};

use aws_lc_sys as lc;

use super::allocated;
use crate::psa::{Error, Result};

/// A hash algorithm of aws-lc.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::engines::native) enum Digest {
    Md5,
    Ripemd160,
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
    Sha512_224,
    Sha512_256,
    Sha3_224,
    Sha3_256,
    Sha3_384,
    Sha3_512,
}

impl Digest {
    /// The method table of this algorithm.
    pub(super) fn method(self) -> *const lc::EVP_MD {
        // SAFETY: these functions take nothing and return a pointer to a constant that lives as long as the
        // process; what they initialize on first use is guarded by a once-lock of the library.
        unsafe {
            match self {
                Self::Md5 => lc::EVP_md5(),
                Self::Ripemd160 => lc::EVP_ripemd160(),
                Self::Sha1 => lc::EVP_sha1(),
                Self::Sha224 => lc::EVP_sha224(),
                Self::Sha256 => lc::EVP_sha256(),
                Self::Sha384 => lc::EVP_sha384(),
                Self::Sha512 => lc::EVP_sha512(),
                Self::Sha512_224 => lc::EVP_sha512_224(),
                Self::Sha512_256 => lc::EVP_sha512_256(),
                Self::Sha3_224 => lc::EVP_sha3_224(),
                Self::Sha3_256 => lc::EVP_sha3_256(),
                Self::Sha3_384 => lc::EVP_sha3_384(),
                Self::Sha3_512 => lc::EVP_sha3_512(),
            }
        }
    }

    /// Length of the hash in bytes, at most 64.
    pub(in crate::engines::native) fn length(self) -> usize {
        // SAFETY: `method` returns a valid method table.
        unsafe { lc::EVP_MD_size(self.method()) }
    }

    /// Length of an input block in bytes, which is also the block size for HMAC (PSA 1.5, table 14).
    pub(in crate::engines::native) fn block_length(self) -> usize {
        // SAFETY: `method` returns a valid method table.
        unsafe { lc::EVP_MD_block_size(self.method()) }
    }

    /// Hashes in one call; `hash` must have exactly the algorithm's length.
    pub(in crate::engines::native) fn hash(self, input: &[u8], hash: &mut [u8]) -> Result<()> {
        self.check_length(hash)?;
        if let Some(one_call) = self.one_call() {
            // SAFETY: the input is readable for its length, and the function writes exactly `length()` bytes, which
            // `hash` was just checked to have. It cannot fail: what it returns is `hash`.
            unsafe { one_call(input.as_ptr(), input.len(), hash.as_mut_ptr()) };
            return Ok(());
        }
        // SAFETY: as above; the length output and the engine may be null.
        allocated(unsafe {
            lc::EVP_Digest(input.as_ptr().cast(), input.len(), hash.as_mut_ptr(), null_mut(), self.method(), null_mut())
        })
    }

    /// The function that hashes on the stack, of the algorithms that are often used for short inputs.
    fn one_call(self) -> Option<unsafe extern "C" fn(*const u8, usize, *mut u8) -> *mut u8> {
        match self {
            Self::Sha1 => Some(lc::SHA1),
            Self::Sha224 => Some(lc::SHA224),
            Self::Sha256 => Some(lc::SHA256),
            Self::Sha384 => Some(lc::SHA384),
            Self::Sha512 => Some(lc::SHA512),
            Self::Sha512_224 => Some(lc::SHA512_224),
            Self::Sha512_256 => Some(lc::SHA512_256),
            _ => None,
        }
    }

    fn check_length(self, hash: &[u8]) -> Result<()> {
        if hash.len() == self.length() { Ok(()) } else { Err(Error::BufferTooSmall) }
    }
}

/// A hash in the making. aws-lc wipes the state when it frees it.
pub(in crate::engines::native) struct Context {
    digest: Digest,
    context: NonNull<lc::EVP_MD_CTX>,
}

// SAFETY: the context is an allocation that only this object points to, without thread-local parts.
unsafe impl Send for Context {}
// SAFETY: a shared reference only allows `duplicate`, which copies from the context and does not change it.
unsafe impl Sync for Context {}

impl Context {
    /// Begins a hash.
    pub(in crate::engines::native) fn new(digest: Digest) -> Result<Self> {
        let context = Self::empty(digest)?;
        // SAFETY: the context is live and initialized, the method table valid, and the engine may be null.
        allocated(unsafe { lc::EVP_DigestInit_ex(context.context.as_ptr(), digest.method(), null_mut()) })?;
        Ok(context)
    }

    fn empty(digest: Digest) -> Result<Self> {
        // SAFETY: takes nothing; returns an initialized context or null, which is checked.
        let context = NonNull::new(unsafe { lc::EVP_MD_CTX_new() }).ok_or(Error::InsufficientMemory)?;
        Ok(Self { digest, context })
    }

    /// Adds input.
    pub(in crate::engines::native) fn update(&mut self, input: &[u8]) -> Result<()> {
        // SAFETY: the context is live, and the input readable for its length.
        allocated(unsafe { lc::EVP_DigestUpdate(self.context.as_ptr(), input.as_ptr().cast(), input.len()) })
    }

    /// Gives the hash, of exactly the algorithm's length, and begins a new one.
    pub(in crate::engines::native) fn finish(&mut self, hash: &mut [u8]) -> Result<()> {
        self.digest.check_length(hash)?;
        // SAFETY: the context is live; the first function writes exactly `length()` bytes, which `hash` was just
        // checked to have, and the second one sets the context up again for the same method.
        unsafe {
            allocated(lc::EVP_DigestFinal_ex(self.context.as_ptr(), hash.as_mut_ptr(), null_mut()))?;
            allocated(lc::EVP_DigestInit_ex(self.context.as_ptr(), self.digest.method(), null_mut()))
        }
    }

    /// A copy that goes its own way.
    pub(in crate::engines::native) fn duplicate(&self) -> Result<Self> {
        let copy = Self::empty(self.digest)?;
        // SAFETY: both contexts are live and distinct; the source is initialized.
        allocated(unsafe { lc::EVP_MD_CTX_copy_ex(copy.context.as_ptr(), self.context.as_ptr()) })?;
        Ok(copy)
    }
}

impl Drop for Context {
    fn drop(&mut self) {
        // SAFETY: the pointer came from EVP_MD_CTX_new and is freed only here.
        unsafe { lc::EVP_MD_CTX_free(self.context.as_ptr()) }
    }
}
