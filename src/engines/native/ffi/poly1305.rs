//! Poly1305, the one-time authenticator of RFC 8439.
#![allow(unsafe_code)]

use aws_lc_sys as lc;

use crate::memory::SecretArray;

/// A computation under a key that is used once. The state aligns itself within its memory, so it must not move:
/// hence the box.
pub(in crate::engines::native) struct Poly1305(Box<SecretArray<STATE>>);

const STATE: usize = size_of::<lc::poly1305_state>();

impl Poly1305 {
    /// Begins.
    pub(in crate::engines::native) fn new(key: &[u8; 32]) -> Self {
        let mut state = Box::new(SecretArray::zeros());
        // SAFETY: the state is a writable array of the size that the function asks for, at its final address, and
        // the key has 32 bytes.
        unsafe { lc::CRYPTO_poly1305_init(&mut **state, key.as_ptr()) }
        Self(state)
    }

    /// Adds input.
    pub(in crate::engines::native) fn update(&mut self, input: &[u8]) {
        // SAFETY: the state was initialized at this address, and the input is readable for its length.
        unsafe { lc::CRYPTO_poly1305_update(&mut **self.0, input.as_ptr(), input.len()) }
    }

    /// Gives the tag.
    pub(in crate::engines::native) fn finish(mut self) -> [u8; 16] {
        let mut tag = [0; 16];
        // SAFETY: the state was initialized at this address; the function writes 16 bytes. It ends here.
        unsafe { lc::CRYPTO_poly1305_finish(&mut **self.0, tag.as_mut_ptr()) }
        tag
    }
}
