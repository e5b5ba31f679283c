//! Big integers of aws-lc, where its functions want them instead of bytes.
#![allow(unsafe_code)]

use aws_lc_sys::{BIGNUM, BN_bin2bn, BN_bn2bin_padded};

use super::owned::Owned;

/// The integer of a big-endian string.
pub(super) fn from_bytes(bytes: &[u8]) -> Option<Owned<BIGNUM>> {
    // SAFETY: the string is valid for its length, and a null destination makes aws-lc allocate the integer, which
    // is then ours alone.
    unsafe { Owned::new(BN_bin2bn(bytes.as_ptr(), bytes.len(), std::ptr::null_mut())) }
}

/// Writes an integer as a big-endian string of exactly the length of `output`, in time that depends on the length
/// only; false where it does not fit.
///
/// # Safety
///
/// `number` is null or points to a valid integer.
#[must_use]
pub(super) unsafe fn write(number: *const BIGNUM, output: &mut [u8]) -> bool {
    // SAFETY: valid by the contract unless null, and `output` is writable for its length.
    !number.is_null() && unsafe { BN_bn2bin_padded(output.as_mut_ptr(), output.len(), number) == 1 }
}
