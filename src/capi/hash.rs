//! Hashes (PSA 1.5, section 10.2).

use super::buffers::{In, Out, structure, structure_mut};
use super::guard::{abort, guard, operate};
use super::structs::{Operation, psa_hash_operation_t};
use super::types::*;
use crate::core::hash;
use crate::psa::Algorithm;

/// Hashes `input_length` bytes of `input` into `hash`, which has `hash_size` bytes; `*hash_length` is
/// `PSA_HASH_LENGTH(alg)`.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_BUFFER_TOO_SMALL` where `hash_size` is less than `PSA_HASH_LENGTH(alg)`;
///         `PSA_ERROR_NOT_SUPPORTED` for a hash that no engine has;
///         `PSA_ERROR_INVALID_ARGUMENT` where `alg` is no hash, or for a null pointer with a length;
///         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
///         `PSA_ERROR_INSUFFICIENT_MEMORY`.
///
/// Source: PSA 1.5, section 10.2.2.
///
/// # Safety
///
/// The pointers are valid: buffers for their lengths, the others for their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_hash_compute(
    alg: psa_algorithm_t,
    input: *const u8,
    input_length: usize,
    hash: *mut u8,
    hash_size: usize,
    hash_length: *mut usize,
) -> psa_status_t {
    guard("psa_hash_compute", |library| {
        // SAFETY: the contract of this function.
        let output = unsafe { Out::new(hash, hash_size, hash_length)? };
        // SAFETY: the contract of this function.
        let input = unsafe { In::beside(input, input_length, &output)? };
        output.write(|output| hash::compute(library, Algorithm(alg), &input, output))
    })
}

/// Hashes `input_length` bytes of `input` and compares the result, in constant time, with the `hash_length` bytes of
/// `hash`.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_INVALID_SIGNATURE` where they differ, in length or content;
///         `PSA_ERROR_NOT_SUPPORTED` for a hash that no engine has;
///         `PSA_ERROR_INVALID_ARGUMENT` where `alg` is no hash, or for a null pointer with a length;
///         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
///         `PSA_ERROR_INSUFFICIENT_MEMORY`.
///
/// Source: PSA 1.5, section 10.2.2.
///
/// # Safety
///
/// The pointers are valid: buffers for their lengths, the others for their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_hash_compare(
    alg: psa_algorithm_t,
    input: *const u8,
    input_length: usize,
    hash: *const u8,
    hash_length: usize,
) -> psa_status_t {
    guard("psa_hash_compare", |library| {
        // SAFETY: the contract of this function.
        let (input, expected) = unsafe { (In::new(input, input_length)?, In::new(hash, hash_length)?) };
        hash::compare(library, Algorithm(alg), &input, &expected)
    })
}

/// Returns an inactive hash operation, the same as `PSA_HASH_OPERATION_INIT`.
///
/// Source: PSA 1.5, section 10.2.3.
#[unsafe(no_mangle)]
pub extern "C" fn psa_hash_operation_init() -> psa_hash_operation_t {
    psa_hash_operation_t::default()
}

/// Begins a hash in parts; on failure the operation stays inactive.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_NOT_SUPPORTED` for a hash that no engine has;
///         `PSA_ERROR_INVALID_ARGUMENT` where `alg` is no hash, or for a null pointer with a length;
///         `PSA_ERROR_BAD_STATE` where the operation is active, or before `psa_crypto_init()`;
///         `PSA_ERROR_INSUFFICIENT_MEMORY`.
///
/// Source: PSA 1.5, section 10.2.3.
///
/// # Safety
///
/// `operation` is valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_hash_setup(operation: *mut psa_hash_operation_t, alg: psa_algorithm_t) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe { operate("psa_hash_setup", operation, |library, handle| hash::setup(library, handle, Algorithm(alg))) }
}

/// Adds `input_length` bytes of `input` to a hash.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_BAD_STATE` where the operation is not active, or before `psa_crypto_init()`;
///         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer with a length. On failure the operation is in the error state.
///
/// Source: PSA 1.5, section 10.2.3.
///
/// # Safety
///
/// The pointers are valid: buffers for their lengths, the others for their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_hash_update(
    operation: *mut psa_hash_operation_t,
    input: *const u8,
    input_length: usize,
) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe {
        operate("psa_hash_update", operation, |library, handle| {
            hash::update(library, handle, &In::new(input, input_length)?)
        })
    }
}

/// Ends a hash: writes it to `hash`, which has `hash_size` bytes; `*hash_length` is `PSA_HASH_LENGTH()` of its algorithm.
///
/// The operation becomes inactive.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_BUFFER_TOO_SMALL` where `hash_size` is less than `PSA_HASH_LENGTH()`;
///         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer;
///         `PSA_ERROR_BAD_STATE` where the operation is not active, or before `psa_crypto_init()`. On failure the operation is in
///         the error state.
///
/// Source: PSA 1.5, section 10.2.3.
///
/// # Safety
///
/// The pointers are valid: buffers for their lengths, the others for their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_hash_finish(
    operation: *mut psa_hash_operation_t,
    hash: *mut u8,
    hash_size: usize,
    hash_length: *mut usize,
) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe {
        operate("psa_hash_finish", operation, |library, handle| {
            Out::new(hash, hash_size, hash_length)?.write(|output| hash::finish(library, handle, output))
        })
    }
}

/// Ends a hash and compares it, in constant time, with the `hash_length` bytes of `hash`. The operation becomes
/// inactive.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_INVALID_SIGNATURE` where they differ, in length or content;
///         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer with a length;
///         `PSA_ERROR_BAD_STATE` where the operation is not active, or before `psa_crypto_init()`. On failure the operation is in
///         the error state.
///
/// Source: PSA 1.5, section 10.2.3.
///
/// # Safety
///
/// The pointers are valid: buffers for their lengths, the others for their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_hash_verify(
    operation: *mut psa_hash_operation_t,
    hash: *const u8,
    hash_length: usize,
) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe {
        operate("psa_hash_verify", operation, |library, handle| {
            hash::verify(library, handle, &In::new(hash, hash_length)?)
        })
    }
}

/// Ends a hash in any state; the operation becomes inactive.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer.
///
/// Source: PSA 1.5, section 10.2.3.
///
/// # Safety
///
/// `operation` is valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_hash_abort(operation: *mut psa_hash_operation_t) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe { abort("psa_hash_abort", operation) }
}

/// Takes the state of a hash out of the library, into `hash_state` of `hash_state_size` bytes, to go on with it later or
/// elsewhere: `*hash_state_length` is at most `PSA_HASH_SUSPEND_OUTPUT_SIZE()` of its algorithm. The operation becomes inactive.
///
/// Its format is specified (section 10.2.5) for MD2, MD4, MD5, RIPEMD-160, SHA-1 and the SHA-2 hashes but SHA-256/192. Keep it as secret
/// as the input.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_NOT_SUPPORTED` for another algorithm;
///         `PSA_ERROR_BUFFER_TOO_SMALL` where the state does not fit;
///         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer;
///         `PSA_ERROR_BAD_STATE` where the operation is not active, or before `psa_crypto_init()`. On failure the operation is in
///         the error state.
///
/// Source: PSA 1.5, section 10.2.3.
///
/// # Safety
///
/// The pointers are valid: buffers for their lengths, the others for their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_hash_suspend(
    operation: *mut psa_hash_operation_t,
    hash_state: *mut u8,
    hash_state_size: usize,
    hash_state_length: *mut usize,
) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe {
        operate("psa_hash_suspend", operation, |library, handle| {
            Out::new(hash_state, hash_state_size, hash_state_length)?
                .write(|output| hash::suspend(library, handle, output))
        })
    }
}

/// Goes on with a hash whose state, of `hash_state_length` bytes, `psa_hash_suspend()` gave, here or in another implementation of
/// this API. On failure the operation stays inactive.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_INVALID_ARGUMENT` where this is not such a state, or for a null pointer with a length;
///         `PSA_ERROR_NOT_SUPPORTED` where it is of an algorithm that cannot be suspended;
///         `PSA_ERROR_BAD_STATE` where the operation is active, or before `psa_crypto_init()`;
///         `PSA_ERROR_INSUFFICIENT_MEMORY`.
///
/// Source: PSA 1.5, section 10.2.3.
///
/// # Safety
///
/// The pointers are valid: buffers for their lengths, the others for their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_hash_resume(
    operation: *mut psa_hash_operation_t,
    hash_state: *const u8,
    hash_state_length: usize,
) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe {
        operate("psa_hash_resume", operation, |library, handle| {
            hash::resume(library, handle, &In::new(hash_state, hash_state_length)?)
        })
    }
}

/// Copies a hash in the making; both go their own way from there. The target is inactive before.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_BAD_STATE` where the source is not active or the target is not inactive, or before
///         `psa_crypto_init()`;
///         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer;
///         `PSA_ERROR_INSUFFICIENT_MEMORY`.
///
/// Source: PSA 1.5, section 10.2.3.
///
/// # Safety
///
/// The pointers are valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_hash_clone(
    source_operation: *const psa_hash_operation_t,
    target_operation: *mut psa_hash_operation_t,
) -> psa_status_t {
    guard("psa_hash_clone", |library| {
        // SAFETY: the contract of this function; the source is read before the target is borrowed, so they may be
        // the same.
        let (mut source, target) = unsafe { (*structure(source_operation)?, structure_mut(target_operation)?) };
        hash::duplicate(library, source.handle(), target.handle())
    })
}
