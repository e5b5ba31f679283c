//! Safe wrappers around aws-lc: one small file per object of that library. Nothing outside of this folder is
//! `unsafe` in the native engine.

pub(super) mod aes;
mod bignum;
pub(super) mod chacha20;
pub(super) mod curve25519;
pub(super) mod digest;
pub(super) mod ec_group;
pub(super) mod ec_key;
pub(super) mod ec_point;
pub(super) mod evp_aead;
pub(super) mod evp_cipher;
pub(super) mod evp_pkey;
pub(super) mod gate;
mod owned;
pub(super) mod poly1305;
pub(super) mod powers;
pub(super) mod random;
pub(super) mod rsa;

use crate::psa::{Error, Result};

/// Turns the answer of a function that only fails when memory is short.
fn allocated(answer: std::ffi::c_int) -> Result<()> {
    if answer == 1 { Ok(()) } else { Err(Error::InsufficientMemory) }
}
