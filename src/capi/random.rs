//! Random numbers (PSA 1.5, section 10.14).

use super::buffers::Out;
use super::guard::guard;
use super::types::psa_status_t;
use crate::core::random;

/// Fills `output` with `output_size` random bytes, fit for keys.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_INSUFFICIENT_ENTROPY` where the engine or the source of `routes.random` gives none;
///         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer with a size;
///         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`.
///
/// Source: PSA 1.5, section 10.14.1.
///
/// # Safety
///
/// `output` is valid for writes of `output_size` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_generate_random(output: *mut u8, output_size: usize) -> psa_status_t {
    guard("psa_generate_random", |library| {
        // SAFETY: the contract of this function.
        unsafe { Out::exact(output, output_size)? }.fill(|output| random::generate(library, output))
    })
}
