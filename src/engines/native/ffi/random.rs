//! The random generator of aws-lc: a CTR-DRBG per thread, seeded from the operating system and reseeded after fork.
#![allow(unsafe_code)]

/// Fills `output`; false when the generator reports a failure. Without any entropy this version of the library waits,
/// or ends the process, rather than report it.
#[must_use]
pub(in crate::engines::native) fn fill(output: &mut [u8]) -> bool {
    // SAFETY: `output` is a live exclusive borrow of exactly this many writable bytes.
    unsafe { aws_lc_sys::RAND_bytes(output.as_mut_ptr(), output.len()) == 1 }
}
