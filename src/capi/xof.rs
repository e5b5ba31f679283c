//! Extendable-output functions (PSA 1.5, section 10.3).

use super::buffers::{In, Out};
use super::guard::{abort, operate};
use super::structs::psa_xof_operation_t;
use super::types::*;
use crate::core::xof;
use crate::psa::Algorithm;

/// Returns an inactive extendable-output operation, the same as `PSA_XOF_OPERATION_INIT`.
///
/// Source: PSA 1.5, section 10.3.2.
#[unsafe(no_mangle)]
pub extern "C" fn psa_xof_operation_init() -> psa_xof_operation_t {
    psa_xof_operation_t::default()
}

/// Begins an extendable-output function; on failure the operation stays inactive.
///
/// A function with a context (`PSA_ALG_XOF_HAS_CONTEXT(alg)`) takes it next, by `psa_xof_set_context()`.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_NOT_SUPPORTED` for a function that no engine has;
///         `PSA_ERROR_INVALID_ARGUMENT` where `alg` is no extendable-output function, or for a null pointer;
///         `PSA_ERROR_BAD_STATE` where the operation is active, or before `psa_crypto_init()`;
///         `PSA_ERROR_INSUFFICIENT_MEMORY`.
///
/// Source: PSA 1.5, section 10.3.2.
///
/// # Safety
///
/// `operation` is valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_xof_setup(operation: *mut psa_xof_operation_t, alg: psa_algorithm_t) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe { operate("psa_xof_setup", operation, |library, handle| xof::setup(library, handle, Algorithm(alg))) }
}

/// Sets the context, of `context_length` bytes, right after `psa_xof_setup()`. It may be empty; Ascon-CXOF128 takes at
/// most 256 bytes.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_INVALID_ARGUMENT` where the function has no context or does not take this one, or for a null pointer with a
///         length;
///         `PSA_ERROR_BAD_STATE` where the operation is not active, or the context was set or input given or output taken before,
///         or before `psa_crypto_init()`. On failure the operation is in the error state.
///
/// Source: PSA 1.5, section 10.3.2.
///
/// # Safety
///
/// The pointers are valid: buffers for their lengths, the others for their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_xof_set_context(
    operation: *mut psa_xof_operation_t,
    context: *const u8,
    context_length: usize,
) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe {
        operate("psa_xof_set_context", operation, |library, handle| {
            xof::set_context(library, handle, &In::new(context, context_length)?)
        })
    }
}

/// Adds `input_length` bytes of `input`, before the first output.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_BAD_STATE` where the operation is not active, its context is missing, or output was taken before, or before
///         `psa_crypto_init()`;
///         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer with a length. On failure the operation is in the error state.
///
/// Source: PSA 1.5, section 10.3.2.
///
/// # Safety
///
/// The pointers are valid: buffers for their lengths, the others for their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_xof_update(
    operation: *mut psa_xof_operation_t,
    input: *const u8,
    input_length: usize,
) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe {
        operate("psa_xof_update", operation, |library, handle| {
            xof::update(library, handle, &In::new(input, input_length)?)
        })
    }
}

/// Fills `output` with the next `output_length` bytes. The first call ends the input; the operation stays active until
/// `psa_xof_abort()`.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_BAD_STATE` where the operation is not active or its context is missing, or before `psa_crypto_init()`;
///         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer with a length. On failure the operation is in the error state.
///
/// Source: PSA 1.5, section 10.3.2.
///
/// # Safety
///
/// The pointers are valid: buffers for their lengths, the others for their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_xof_output(
    operation: *mut psa_xof_operation_t,
    output: *mut u8,
    output_length: usize,
) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe {
        operate("psa_xof_output", operation, |library, handle| {
            Out::exact(output, output_length)?.fill(|output| xof::output(library, handle, output))
        })
    }
}

/// Ends an extendable-output function in any state; the operation becomes inactive.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer.
///
/// Source: PSA 1.5, section 10.3.2.
///
/// # Safety
///
/// `operation` is valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_xof_abort(operation: *mut psa_xof_operation_t) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe { abort("psa_xof_abort", operation) }
}
