//! Powers modulo a large prime.
#![allow(unsafe_code)]

use std::ptr;

use aws_lc_sys::{BN_CTX, BN_CTX_free, BN_CTX_new, BN_mod_exp_mont_consttime, BN_new};

use super::bignum;
use super::owned::Owned;

/// A scratch area of aws-lc.
struct Scratch(*mut BN_CTX);

impl Drop for Scratch {
    fn drop(&mut self) {
        // SAFETY: ours, from BN_CTX_new (or null, which is allowed), and freed once.
        unsafe { BN_CTX_free(self.0) }
    }
}

/// Writes a power to `power`, as long as the prime; all are big-endian, and the base is below the prime. Takes as long
/// whatever base and exponent of these lengths are. False where memory is short.
#[must_use]
pub(in crate::engines::native) fn power(prime: &[u8], base: &[u8], exponent: &[u8], power: &mut [u8]) -> bool {
    let (Some(prime), Some(base), Some(exponent)) =
        (bignum::from_bytes(prime), bignum::from_bytes(base), bignum::from_bytes(exponent))
    else {
        return false;
    };
    // SAFETY: all numbers are valid; the result, the scratch area and nothing else is written, and both are ours. The
    // prime is odd and the base below it, as the function demands (it fails otherwise).
    unsafe {
        let scratch = Scratch(BN_CTX_new());
        let Some(result) = Owned::new(BN_new()) else { return false };
        !scratch.0.is_null()
            && BN_mod_exp_mont_consttime(
                result.as_ptr(),
                base.as_ptr(),
                exponent.as_ptr(),
                prime.as_ptr(),
                scratch.0,
                ptr::null(),
            ) == 1
            && bignum::write(result.as_ptr(), power)
    }
}
