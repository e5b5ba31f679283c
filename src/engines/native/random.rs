//! Random numbers (PSA 1.5, section 10.14).

use super::ffi;
use crate::fail;
use crate::memory::Secret;
use crate::psa::Result;

/// Fills `output`; `INSUFFICIENT_ENTROPY` when the generator cannot be seeded.
pub(super) fn fill(output: &mut [u8]) -> Result<()> {
    if ffi::random::fill(output) {
        Ok(())
    } else {
        fail!(InsufficientEntropy, "the random generator of the native engine could not be seeded")
    }
}

/// Random bytes that are secret, such as a private key without a structure.
pub(super) fn secret(length: usize) -> Result<Secret> {
    let mut secret = Secret::new(vec![0; length]);
    fill(&mut secret)?;
    Ok(secret)
}
