//! Password-authenticated key exchange (PSA 1.5, section 10.13): cipher suites are there, no algorithm is yet.

use super::buffers::{In, Out, structure, structure_mut};
use super::guard::{abort, make_key, operate};
use super::keys::read;
use super::structs::{Operation, psa_key_attributes_t, psa_pake_cipher_suite_t, psa_pake_operation_t};
use super::types::*;
use crate::core::library::Library;
use crate::core::operations::Handle;
use crate::fail;
use crate::psa::{Error, KeyId, Result};

/// Returns a cipher suite with nothing set, the same as `PSA_PAKE_CIPHER_SUITE_INIT`.
///
/// Source: PSA 1.5, section 10.13.3.
#[unsafe(no_mangle)]
pub extern "C" fn psa_pake_cipher_suite_init() -> psa_pake_cipher_suite_t {
    psa_pake_cipher_suite_t::default()
}

/// Returns a cipher suite's algorithm.
///
/// Source: PSA 1.5, section 10.13.3.
///
/// # Safety
///
/// `cipher_suite` is null or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_pake_cs_get_algorithm(cipher_suite: *const psa_pake_cipher_suite_t) -> psa_algorithm_t {
    // SAFETY: the contract of this function.
    unsafe { structure(cipher_suite) }.copied().unwrap_or_default().private_algorithm
}

/// Sets a cipher suite's algorithm.
///
/// Source: PSA 1.5, section 10.13.3.
///
/// # Safety
///
/// `cipher_suite` is null or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_pake_cs_set_algorithm(cipher_suite: *mut psa_pake_cipher_suite_t, alg: psa_algorithm_t) {
    // SAFETY: the contract of this function.
    if let Ok(cipher_suite) = unsafe { structure_mut(cipher_suite) } {
        cipher_suite.private_algorithm = alg;
    }
}

/// Returns a cipher suite's primitive.
///
/// Source: PSA 1.5, section 10.13.3.
///
/// # Safety
///
/// `cipher_suite` is null or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_pake_cs_get_primitive(
    cipher_suite: *const psa_pake_cipher_suite_t,
) -> psa_pake_primitive_t {
    // SAFETY: the contract of this function.
    unsafe { structure(cipher_suite) }.copied().unwrap_or_default().private_primitive
}

/// Sets a cipher suite's primitive.
///
/// Source: PSA 1.5, section 10.13.3.
///
/// # Safety
///
/// `cipher_suite` is null or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_pake_cs_set_primitive(
    cipher_suite: *mut psa_pake_cipher_suite_t,
    primitive: psa_pake_primitive_t,
) {
    // SAFETY: the contract of this function.
    if let Ok(cipher_suite) = unsafe { structure_mut(cipher_suite) } {
        cipher_suite.private_primitive = primitive;
    }
}

/// Returns a cipher suite's key confirmation: `PSA_PAKE_CONFIRMED_KEY` or `PSA_PAKE_UNCONFIRMED_KEY`.
///
/// Source: PSA 1.5, section 10.13.3.
///
/// # Safety
///
/// `cipher_suite` is null or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_pake_cs_get_key_confirmation(cipher_suite: *const psa_pake_cipher_suite_t) -> u32 {
    // SAFETY: the contract of this function.
    unsafe { structure(cipher_suite) }.copied().unwrap_or_default().private_key_confirmation
}

/// Sets a cipher suite's key confirmation: `PSA_PAKE_CONFIRMED_KEY` or `PSA_PAKE_UNCONFIRMED_KEY`.
///
/// Source: PSA 1.5, section 10.13.3.
///
/// # Safety
///
/// `cipher_suite` is null or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_pake_cs_set_key_confirmation(
    cipher_suite: *mut psa_pake_cipher_suite_t,
    key_confirmation: u32,
) {
    // SAFETY: the contract of this function.
    if let Ok(cipher_suite) = unsafe { structure_mut(cipher_suite) } {
        cipher_suite.private_key_confirmation = key_confirmation;
    }
}

/// Returns an inactive PAKE operation, the same as `PSA_PAKE_OPERATION_INIT`.
///
/// Source: PSA 1.5, section 10.13.4.
#[unsafe(no_mangle)]
pub extern "C" fn psa_pake_operation_init() -> psa_pake_operation_t {
    psa_pake_operation_t::default()
}

/// Begins a password-authenticated key exchange.
///
/// Not supported yet: the arguments are checked, and nothing is done.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_NOT_SUPPORTED`;
///         `PSA_ERROR_BAD_STATE` where the operation is active, or before `psa_crypto_init()`.
///         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer.
///
/// Source: PSA 1.5, section 10.13.4.
///
/// # Safety
///
/// The pointers are valid: buffers for their lengths, the others for their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_pake_setup(
    operation: *mut psa_pake_operation_t,
    password_key: psa_key_id_t,
    cipher_suite: *const psa_pake_cipher_suite_t,
) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe {
        operate("psa_pake_setup", operation, |library, handle| {
            structure(cipher_suite)?;
            library.key(KeyId(password_key))?;
            setup_not_yet(library, handle)
        })
    }
}

/// Sets the role of the application.
///
/// Not supported yet: the arguments are checked, and nothing is done.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_NOT_SUPPORTED`;
///         `PSA_ERROR_BAD_STATE` where the operation is not active, or before `psa_crypto_init()`.
///         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer.
///
/// Source: PSA 1.5, section 10.13.4.
///
/// # Safety
///
/// The pointers are valid: buffers for their lengths, the others for their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_pake_set_role(
    operation: *mut psa_pake_operation_t,
    role: psa_pake_role_t,
) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe {
        operate("psa_pake_set_role", operation, |library, handle| {
            let _ = role;
            not_yet(library, handle)
        })
    }
}

/// Sets the application's identity, of `user_id_len` bytes.
///
/// Not supported yet: the arguments are checked, and nothing is done.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_NOT_SUPPORTED`;
///         `PSA_ERROR_BAD_STATE` where the operation is not active, or before `psa_crypto_init()`.
///         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer.
///
/// Source: PSA 1.5, section 10.13.4.
///
/// # Safety
///
/// The pointers are valid: buffers for their lengths, the others for their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_pake_set_user(
    operation: *mut psa_pake_operation_t,
    user_id: *const u8,
    user_id_len: usize,
) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe {
        operate("psa_pake_set_user", operation, |library, handle| {
            In::new(user_id, user_id_len)?;
            not_yet(library, handle)
        })
    }
}

/// Sets the peer's identity, of `peer_id_len` bytes.
///
/// Not supported yet: the arguments are checked, and nothing is done.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_NOT_SUPPORTED`;
///         `PSA_ERROR_BAD_STATE` where the operation is not active, or before `psa_crypto_init()`.
///         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer.
///
/// Source: PSA 1.5, section 10.13.4.
///
/// # Safety
///
/// The pointers are valid: buffers for their lengths, the others for their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_pake_set_peer(
    operation: *mut psa_pake_operation_t,
    peer_id: *const u8,
    peer_id_len: usize,
) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe {
        operate("psa_pake_set_peer", operation, |library, handle| {
            In::new(peer_id, peer_id_len)?;
            not_yet(library, handle)
        })
    }
}

/// Sets the context, of `context_len` bytes.
///
/// Not supported yet: the arguments are checked, and nothing is done.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_NOT_SUPPORTED`;
///         `PSA_ERROR_BAD_STATE` where the operation is not active, or before `psa_crypto_init()`.
///         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer.
///
/// Source: PSA 1.5, section 10.13.4.
///
/// # Safety
///
/// The pointers are valid: buffers for their lengths, the others for their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_pake_set_context(
    operation: *mut psa_pake_operation_t,
    context: *const u8,
    context_len: usize,
) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe {
        operate("psa_pake_set_context", operation, |library, handle| {
            In::new(context, context_len)?;
            not_yet(library, handle)
        })
    }
}

/// Writes the output of a step to `output`, which has `output_size` bytes.
///
/// Not supported yet: the arguments are checked, and nothing is done.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_NOT_SUPPORTED`;
///         `PSA_ERROR_BAD_STATE` where the operation is not active, or before `psa_crypto_init()`.
///         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer.
///
/// Source: PSA 1.5, section 10.13.4.
///
/// # Safety
///
/// The pointers are valid: buffers for their lengths, the others for their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_pake_output(
    operation: *mut psa_pake_operation_t,
    step: psa_pake_step_t,
    output: *mut u8,
    output_size: usize,
    output_length: *mut usize,
) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe {
        operate("psa_pake_output", operation, |library, handle| {
            Out::new(output, output_size, output_length)?;
            let _ = step;
            not_yet(library, handle)
        })
    }
}

/// Gives `input_length` bytes of `input` to a step.
///
/// Not supported yet: the arguments are checked, and nothing is done.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_NOT_SUPPORTED`;
///         `PSA_ERROR_BAD_STATE` where the operation is not active, or before `psa_crypto_init()`.
///         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer.
///
/// Source: PSA 1.5, section 10.13.4.
///
/// # Safety
///
/// The pointers are valid: buffers for their lengths, the others for their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_pake_input(
    operation: *mut psa_pake_operation_t,
    step: psa_pake_step_t,
    input: *const u8,
    input_length: usize,
) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe {
        operate("psa_pake_input", operation, |library, handle| {
            In::new(input, input_length)?;
            let _ = step;
            not_yet(library, handle)
        })
    }
}

/// Makes a key of the shared secret; on failure `*key` is `PSA_KEY_ID_NULL`.
///
/// Not supported yet: the arguments are checked, and nothing is done.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_NOT_SUPPORTED`;
///         `PSA_ERROR_BAD_STATE` where the operation is not active, or before `psa_crypto_init()`.
///         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer.
///
/// Source: PSA 1.5, section 10.13.4.
///
/// # Safety
///
/// The pointers are valid: buffers for their lengths, the others for their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_pake_get_shared_key(
    operation: *mut psa_pake_operation_t,
    attributes: *const psa_key_attributes_t,
    key: *mut psa_key_id_t,
) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe {
        make_key("psa_pake_get_shared_key", key, |library| {
            let operation = structure_mut(operation)?;
            read(attributes)?;
            not_yet(library, operation.handle())
        })
    }
}

/// Ends a PAKE in any state; the operation becomes inactive.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer.
///
/// Source: PSA 1.5, section 10.13.4.
///
/// # Safety
///
/// `operation` is valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_pake_abort(operation: *mut psa_pake_operation_t) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe { abort("psa_pake_abort", operation) }
}

/// Answers for an algorithm that is not there yet.
fn setup_not_yet(library: &Library, handle: &mut Handle) -> Result<()> {
    let state = || -> Result<()> { fail!(NotSupported, "password-authenticated key exchanges are not supported yet") };
    library.operations.setup(handle, state)
}

/// Answers for a step of an operation that cannot have begun.
fn not_yet<R>(library: &Library, handle: &mut Handle) -> Result<R> {
    library.operations.step(*handle, |(): &mut ()| Err(Error::NotSupported))
}
