//! `EVP_AEAD_CTX`: authenticated encryption in one call.
#![allow(unsafe_code)]

use std::ptr::{NonNull, null};

use aws_lc_sys as lc;
use inout::InOutBuf;

use crate::psa::{Error, Result};

/// An algorithm of this object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::engines::native) enum Algorithm {
    Aes128Gcm,
    Aes192Gcm,
    Aes256Gcm,
    ChaCha20Poly1305,
}

impl Algorithm {
    fn method(self) -> *const lc::EVP_AEAD {
        // SAFETY: these functions take nothing and return a pointer to a constant that lives as long as the
        // process.
        unsafe {
            match self {
                Self::Aes128Gcm => lc::EVP_aead_aes_128_gcm(),
                Self::Aes192Gcm => lc::EVP_aead_aes_192_gcm(),
                Self::Aes256Gcm => lc::EVP_aead_aes_256_gcm(),
                Self::ChaCha20Poly1305 => lc::EVP_aead_chacha20_poly1305(),
            }
        }
    }
}

/// A key expanded for one algorithm and tag length. aws-lc wipes it when it frees it.
pub(in crate::engines::native) struct Context {
    context: NonNull<lc::EVP_AEAD_CTX>,
    tag_length: usize,
}

// SAFETY: the context is an allocation without thread-local parts.
unsafe impl Send for Context {}
// SAFETY: aws-lc documents that sealing and opening, which take it as constant, may run concurrently.
unsafe impl Sync for Context {}

impl Context {
    /// Expands a key of the algorithm's length for tags of this length.
    pub(in crate::engines::native) fn new(algorithm: Algorithm, key: &[u8], tag_length: usize) -> Result<Self> {
        // SAFETY: the method is valid, and the key readable for its length, which the function checks.
        let context = unsafe { lc::EVP_AEAD_CTX_new(algorithm.method(), key.as_ptr(), key.len(), tag_length) };
        let context = NonNull::new(context).ok_or(Error::InsufficientMemory)?;
        Ok(Self { context, tag_length })
    }

    /// The length of its tags in bytes.
    pub(in crate::engines::native) fn tag_length(&self) -> usize {
        self.tag_length
    }

    /// Encrypts `data` and writes the tag, of exactly the length given to `new`.
    pub(in crate::engines::native) fn seal(
        &self,
        nonce: &[u8],
        additional_data: &[u8],
        data: InOutBuf<'_, '_, u8>,
        tag: &mut [u8],
    ) -> Result<()> {
        let length = data.len();
        let (input, output) = data.into_raw();
        let mut tag_length = 0;
        // SAFETY: the context is live. Input and output are valid for `length` bytes and either equal or
        // disjoint, as InOutBuf keeps them and the function demands; the tag is a disjoint exclusive borrow, and
        // at most its length is written. Nonce and additional data are readable; there is no extra input.
        let answer = unsafe {
            lc::EVP_AEAD_CTX_seal_scatter(
                self.context.as_ptr(),
                output,
                tag.as_mut_ptr(),
                &mut tag_length,
                tag.len(),
                nonce.as_ptr(),
                nonce.len(),
                input,
                length,
                null(),
                0,
                additional_data.as_ptr(),
                additional_data.len(),
            )
        };
        if answer == 1 && tag_length == tag.len() { Ok(()) } else { Err(Error::InvalidArgument) }
    }

    /// Decrypts `data` if the tag is right; else the output is filled with zeros.
    pub(in crate::engines::native) fn open(
        &self,
        nonce: &[u8],
        additional_data: &[u8],
        data: InOutBuf<'_, '_, u8>,
        tag: &[u8],
    ) -> Result<()> {
        let length = data.len();
        let (input, output) = data.into_raw();
        // SAFETY: as in `seal`; the tag is only read.
        let answer = unsafe {
            lc::EVP_AEAD_CTX_open_gather(
                self.context.as_ptr(),
                output,
                nonce.as_ptr(),
                nonce.len(),
                input,
                length,
                tag.as_ptr(),
                tag.len(),
                additional_data.as_ptr(),
                additional_data.len(),
            )
        };
        if answer == 1 { Ok(()) } else { Err(Error::InvalidSignature) }
    }
}

impl Drop for Context {
    fn drop(&mut self) {
        // SAFETY: the pointer came from EVP_AEAD_CTX_new and is freed only here.
        unsafe { lc::EVP_AEAD_CTX_free(self.context.as_ptr()) }
    }
}
