//! Random numbers (PSA 1.5, section 10.14).

use super::ffi;
use super::lock::locked;
use crate::psa::Result;

/// Fills `output` from the generator of Mbed TLS (CTR_DRBG, seeded by the operating system).
pub(super) fn fill(output: &mut [u8]) -> Result<()> {
    locked(|mbed| ffi::random(mbed, output))
}
