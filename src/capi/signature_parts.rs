//! Signatures of messages given in parts (PSA 1.5, section 10.9.7).

use super::buffers::{In, Out};
use super::guard::{abort, operate};
use super::structs::{psa_sign_operation_t, psa_verify_operation_t};
use super::types::*;
use crate::core::signature;
use crate::psa::{Algorithm, KeyId};

/// Returns an inactive signature operation, the same as `PSA_SIGN_OPERATION_INIT`.
///
/// Source: PSA 1.5, section 10.9.9.
#[unsafe(no_mangle)]
pub extern "C" fn psa_sign_operation_init() -> psa_sign_operation_t {
    psa_sign_operation_t::default()
}

/// Begins to sign a message in parts; on failure the operation stays inactive.
///
/// The algorithm is hash-and-sign or ML-DSA; EdDSA and SLH-DSA read a message twice and do not sign it in parts.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
///         `PSA_ERROR_NOT_PERMITTED` where its policy forbids it;
///         `PSA_ERROR_INVALID_ARGUMENT` where algorithm, key and input do not go together;
///         `PSA_ERROR_NOT_SUPPORTED` where the key's place cannot do it;
///         `PSA_ERROR_BAD_STATE` where the operation is active, or before `psa_crypto_init()`;
///         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot be
///         used;
///         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
///         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
///
/// Source: PSA 1.5, section 10.9.9.
///
/// # Safety
///
/// `operation` is valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_sign_setup(
    operation: *mut psa_sign_operation_t,
    key: psa_key_id_t,
    alg: psa_algorithm_t,
) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe {
        operate("psa_sign_setup", operation, |library, handle| {
            signature::sign_setup(library, handle, KeyId(key), Algorithm(alg))
        })
    }
}

/// Sets the context of a signature, of `context_length` bytes, before the message.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_BAD_STATE` where the operation is not active, or before `psa_crypto_init()`, or has its
///         context or a part of the message already;
///         `PSA_ERROR_INVALID_ARGUMENT` for a context of more than 255 bytes, or of any where the algorithm has none. On
///         failure the operation is in the error state.
///
/// Source: PSA 1.5, section 10.9.9.
///
/// # Safety
///
/// The pointers are valid: buffers for their lengths, the others for their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_sign_set_context(
    operation: *mut psa_sign_operation_t,
    context: *const u8,
    context_length: usize,
) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe {
        operate("psa_sign_set_context", operation, |library, handle| {
            signature::sign_set_context(library, handle, &In::new(context, context_length)?)
        })
    }
}

/// Adds `input_length` bytes of `input` to the message of a signature.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_BAD_STATE` where the operation is not active, its key was destroyed, or before
///         `psa_crypto_init()`;
///         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer with a length;
///         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot
///         be used;
///         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
///         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
///         On failure the operation is in the error state.
///
/// Source: PSA 1.5, section 10.9.9.
///
/// # Safety
///
/// The pointers are valid: buffers for their lengths, the others for their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_sign_update(
    operation: *mut psa_sign_operation_t,
    input: *const u8,
    input_length: usize,
) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe {
        operate("psa_sign_update", operation, |library, handle| {
            signature::sign_update(library, handle, &In::new(input, input_length)?)
        })
    }
}

/// Ends a signature: writes it to `signature`, which has `signature_size` bytes, and its length to `*signature_length`.
///
/// The operation becomes inactive.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_BUFFER_TOO_SMALL` where `signature_size` is less than `PSA_SIGN_OUTPUT_SIZE()` of key and algorithm;
///         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer;
///         `PSA_ERROR_BAD_STATE` where the operation is not active, or before `psa_crypto_init()`, or its key was destroyed;
///         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot be
///         used;
///         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
///         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
///         On failure the operation is in the error state.
///
/// Source: PSA 1.5, section 10.9.9.
///
/// # Safety
///
/// The pointers are valid: buffers for their lengths, the others for their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_sign_finish(
    operation: *mut psa_sign_operation_t,
    signature: *mut u8,
    signature_size: usize,
    signature_length: *mut usize,
) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe {
        operate("psa_sign_finish", operation, |library, handle| {
            Out::new(signature, signature_size, signature_length)?
                .write(|output| signature::sign_finish(library, handle, output))
        })
    }
}

/// Ends a signature in any state; the operation becomes inactive.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer.
///
/// Source: PSA 1.5, section 10.9.9.
///
/// # Safety
///
/// `operation` is valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_sign_abort(operation: *mut psa_sign_operation_t) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe { abort("psa_sign_abort", operation) }
}

/// Returns an inactive verification operation, the same as `PSA_VERIFY_OPERATION_INIT`.
///
/// Source: PSA 1.5, section 10.9.9.
#[unsafe(no_mangle)]
pub extern "C" fn psa_verify_operation_init() -> psa_verify_operation_t {
    psa_verify_operation_t::default()
}

/// Begins to check the signature, of `signature_length` bytes, of a message in parts; on failure the operation stays
/// inactive.
///
/// EdDSA and SLH-DSA keep up to 16 MiB of the message in memory; with the others it may be of any length.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
///         `PSA_ERROR_NOT_PERMITTED` where its policy forbids it;
///         `PSA_ERROR_INVALID_ARGUMENT` where algorithm, key and input do not go together;
///         `PSA_ERROR_NOT_SUPPORTED` where the key's place cannot do it;
///         `PSA_ERROR_BAD_STATE` where the operation is active, or before `psa_crypto_init()`;
///         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot be
///         used;
///         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
///         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
///
/// Source: PSA 1.5, section 10.9.9.
///
/// # Safety
///
/// The pointers are valid: buffers for their lengths, the others for their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_verify_setup(
    operation: *mut psa_verify_operation_t,
    key: psa_key_id_t,
    alg: psa_algorithm_t,
    signature: *const u8,
    signature_length: usize,
) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe {
        operate("psa_verify_setup", operation, |library, handle| {
            let expected = In::new(signature, signature_length)?;
            signature::verify_setup(library, handle, KeyId(key), Algorithm(alg), &expected)
        })
    }
}

/// Sets the context of a verification, of `context_length` bytes, before the message.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_BAD_STATE` where the operation is not active, or before `psa_crypto_init()`, or has its
///         context or a part of the message already;
///         `PSA_ERROR_INVALID_ARGUMENT` for a context of more than 255 bytes, or of any where the algorithm has none. On
///         failure the operation is in the error state.
///
/// Source: PSA 1.5, section 10.9.9.
///
/// # Safety
///
/// The pointers are valid: buffers for their lengths, the others for their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_verify_set_context(
    operation: *mut psa_verify_operation_t,
    context: *const u8,
    context_length: usize,
) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe {
        operate("psa_verify_set_context", operation, |library, handle| {
            signature::verify_set_context(library, handle, &In::new(context, context_length)?)
        })
    }
}

/// Adds `input_length` bytes of `input` to the message of a verification.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_BAD_STATE` where the operation is not active, its key was destroyed, or before
///         `psa_crypto_init()`;
///         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot
///         be used;
///         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
///         `PSA_ERROR_INSUFFICIENT_MEMORY` where an algorithm that cannot work in parts gets more than 16 MiB;
///         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer with a length.
///         On failure the operation is in the error state.
///
/// Source: PSA 1.5, section 10.9.9.
///
/// # Safety
///
/// The pointers are valid: buffers for their lengths, the others for their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_verify_update(
    operation: *mut psa_verify_operation_t,
    input: *const u8,
    input_length: usize,
) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe {
        operate("psa_verify_update", operation, |library, handle| {
            signature::verify_update(library, handle, &In::new(input, input_length)?)
        })
    }
}

/// Ends a verification. The operation becomes inactive.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_INVALID_SIGNATURE` where the signature is not valid;
///         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer;
///         `PSA_ERROR_BAD_STATE` where the operation is not active, or before `psa_crypto_init()`, or its key was
///         destroyed;
///         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot
///         be used;
///         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
///         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
///         On failure the operation is in the error state.
///
/// Source: PSA 1.5, section 10.9.9.
///
/// # Safety
///
/// `operation` is valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_verify_finish(operation: *mut psa_verify_operation_t) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe { operate("psa_verify_finish", operation, signature::verify_finish) }
}

/// Ends a verification in any state; the operation becomes inactive.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer.
///
/// Source: PSA 1.5, section 10.9.9.
///
/// # Safety
///
/// `operation` is valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_verify_abort(operation: *mut psa_verify_operation_t) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe { abort("psa_verify_abort", operation) }
}
