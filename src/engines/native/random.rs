//! Random numbers (PSA 1.5, section 10.14).

use super::ffi;
use crate::fail;
use crate::psa::Result;

/// Fills `output`; `INSUFFICIENT_ENTROPY` when the generator cannot be seeded.
pub(super) fn fill(output: &mut [u8]) -> Result<()> {
    if ffi::random::fill(output) {
        Ok(())
    } else {
        fail!(InsufficientEntropy, "the random generator of the native engine could not be seeded")
    }
}
