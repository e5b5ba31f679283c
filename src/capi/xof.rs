//! Extendable-output functions (PSA 1.5, section 10.3): none is supported yet.

use super::buffers::{In, Out};
use super::guard::{abort, operate};
use super::structs::psa_xof_operation_t;
use super::types::*;
use crate::core::library::Library;
use crate::core::operations::Handle;
use crate::fail;
use crate::psa::{Error, Result};

/// Returns an inactive extendable-output operation, the same as `PSA_XOF_OPERATION_INIT`.
///
/// Source: PSA 1.5, section 10.3.2.
#[unsafe(no_mangle)]
pub extern "C" fn psa_xof_operation_init() -> psa_xof_operation_t {
    psa_xof_operation_t::default()
}

/// Begins an extendable-output function.
///
/// Not supported yet: the arguments are checked, and nothing is done.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_NOT_SUPPORTED`;
///         `PSA_ERROR_BAD_STATE` where the operation is active, or before `psa_crypto_init()`.
///         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer.
///
/// Source: PSA 1.5, section 10.3.2.
///
/// # Safety
///
/// The pointers are valid: buffers for their lengths, the others for their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_xof_setup(operation: *mut psa_xof_operation_t, alg: psa_algorithm_t) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe {
        operate("psa_xof_setup", operation, |library, handle| {
            let _ = alg;
            setup_not_yet(library, handle)
        })
    }
}

/// Sets the context, of `context_length` bytes, before the input.
///
/// Not supported yet: the arguments are checked, and nothing is done.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_NOT_SUPPORTED`;
///         `PSA_ERROR_BAD_STATE` where the operation is not active, or before `psa_crypto_init()`.
///         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer.
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
            In::new(context, context_length)?;
            not_yet(library, handle)
        })
    }
}

/// Adds `input_length` bytes of `input`.
///
/// Not supported yet: the arguments are checked, and nothing is done.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_NOT_SUPPORTED`;
///         `PSA_ERROR_BAD_STATE` where the operation is not active, or before `psa_crypto_init()`.
///         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer.
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
            In::new(input, input_length)?;
            not_yet(library, handle)
        })
    }
}

/// Fills `output` with the next `output_length` bytes.
///
/// Not supported yet: the arguments are checked, and nothing is done.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_NOT_SUPPORTED`;
///         `PSA_ERROR_BAD_STATE` where the operation is not active, or before `psa_crypto_init()`.
///         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer.
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
            Out::exact(output, output_length)?;
            not_yet(library, handle)
        })
    }
}

/// Ends a extendable-output function in any state; the operation becomes inactive.
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

/// Answers for an algorithm that is not there yet.
fn setup_not_yet(library: &Library, handle: &mut Handle) -> Result<()> {
    let state = || -> Result<()> { fail!(NotSupported, "extendable-output functions are not supported yet") };
    library.operations.setup(handle, state)
}

/// Answers for a step of an operation that cannot have begun.
fn not_yet(library: &Library, handle: &mut Handle) -> Result<()> {
    library.operations.step(*handle, |(): &mut ()| Err(Error::NotSupported))
}
