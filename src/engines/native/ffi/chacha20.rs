//! The ChaCha20 block function.
#![allow(unsafe_code)]

use inout::InOutBuf;

/// Length of a key in bytes.
pub(in crate::engines::native) const KEY: usize = 32;

/// Length of a block of key stream in bytes.
pub(in crate::engines::native) const BLOCK: usize = 64;

/// Combines the data with the key stream from block `counter` on (RFC 8439, section 2.4). The caller sees to it
/// that the counter does not run over.
pub(in crate::engines::native) fn apply(key: &[u8; KEY], nonce: &[u8; 12], counter: u32, data: InOutBuf<'_, '_, u8>) {
    let length = data.len();
    let (input, output) = data.into_raw();
    // SAFETY: input and output are valid for `length` bytes and either equal or disjoint, as InOutBuf keeps them
    // and the function demands; key and nonce have their fixed lengths.
    unsafe { aws_lc_sys::CRYPTO_chacha_20(output, input, length, key.as_ptr(), nonce.as_ptr(), counter) }
}
