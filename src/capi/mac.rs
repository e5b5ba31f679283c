//! Message authentication codes (PSA 1.5, section 10.4).

use super::buffers::{In, Out};
use super::guard::{abort, guard, operate};
use super::structs::psa_mac_operation_t;
use super::types::*;
use crate::core::mac;
use crate::psa::{Algorithm, KeyId};

/// Computes the MAC of `input_length` bytes of `input` into `mac`, which has `mac_size` bytes; `*mac_length` is
/// `PSA_MAC_LENGTH()` of key and algorithm.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_BUFFER_TOO_SMALL` where `mac_size` is less than `PSA_MAC_LENGTH()`;
///         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
///         `PSA_ERROR_NOT_PERMITTED` where its policy forbids it;
///         `PSA_ERROR_INVALID_ARGUMENT` where `alg` is no MAC algorithm, truncates to more than there is, or does not
///         go with the key, or for a null pointer with a length;
///         `PSA_ERROR_NOT_SUPPORTED` where the key's place cannot do it, or `alg` truncates to less than 4 bytes;
///         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
///         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot
///         be used;
///         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
///         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
///
/// Source: PSA 1.5, section 10.4.2.
///
/// # Safety
///
/// The pointers are valid: buffers for their lengths, the others for their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_mac_compute(
    key: psa_key_id_t,
    alg: psa_algorithm_t,
    input: *const u8,
    input_length: usize,
    mac: *mut u8,
    mac_size: usize,
    mac_length: *mut usize,
) -> psa_status_t {
    guard("psa_mac_compute", |library| {
        // SAFETY: the contract of this function.
        let output = unsafe { Out::new(mac, mac_size, mac_length)? };
        // SAFETY: the contract of this function.
        let input = unsafe { In::beside(input, input_length, &output)? };
        output.write(|output| mac::compute(library, KeyId(key), Algorithm(alg), &input, output))
    })
}

/// Computes the MAC of `input_length` bytes of `input` and compares it, in constant time, with the `mac_length` bytes
/// of `mac`.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_INVALID_SIGNATURE` where they differ, in length or content;
///         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
///         `PSA_ERROR_NOT_PERMITTED` where its policy forbids it;
///         `PSA_ERROR_INVALID_ARGUMENT` where `alg` is no MAC algorithm, truncates to more than there is, or does not
///         go with the key, or for a null pointer with a length;
///         `PSA_ERROR_NOT_SUPPORTED` where the key's place cannot do it, or `alg` truncates to less than 4 bytes;
///         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
///         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot
///         be used;
///         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
///         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
///
/// Source: PSA 1.5, section 10.4.2.
///
/// # Safety
///
/// The pointers are valid: buffers for their lengths, the others for their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_mac_verify(
    key: psa_key_id_t,
    alg: psa_algorithm_t,
    input: *const u8,
    input_length: usize,
    mac: *const u8,
    mac_length: usize,
) -> psa_status_t {
    guard("psa_mac_verify", |library| {
        // SAFETY: the contract of this function.
        let (input, expected) = unsafe { (In::new(input, input_length)?, In::new(mac, mac_length)?) };
        mac::verify(library, KeyId(key), Algorithm(alg), &input, &expected)
    })
}

/// Returns an inactive MAC operation, the same as `PSA_MAC_OPERATION_INIT`.
///
/// Source: PSA 1.5, section 10.4.3.
#[unsafe(no_mangle)]
pub extern "C" fn psa_mac_operation_init() -> psa_mac_operation_t {
    psa_mac_operation_t::default()
}

/// Begins to compute a MAC in parts; on failure the operation stays inactive.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
///         `PSA_ERROR_NOT_PERMITTED` where its policy forbids it;
///         `PSA_ERROR_INVALID_ARGUMENT` where `alg` is no MAC algorithm, truncates to more than there is, or does not
///         go with the key;
///         `PSA_ERROR_NOT_SUPPORTED` where the key's place cannot do it, or `alg` truncates to less than 4 bytes;
///         `PSA_ERROR_BAD_STATE` where the operation is active, or before `psa_crypto_init()`;
///         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot
///         be used;
///         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
///         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
///
/// Source: PSA 1.5, section 10.4.3.
///
/// # Safety
///
/// `operation` is valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_mac_sign_setup(
    operation: *mut psa_mac_operation_t,
    key: psa_key_id_t,
    alg: psa_algorithm_t,
) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe {
        operate("psa_mac_sign_setup", operation, |library, handle| {
            mac::sign_setup(library, handle, KeyId(key), Algorithm(alg))
        })
    }
}

/// Begins to verify a MAC in parts; on failure the operation stays inactive.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
///         `PSA_ERROR_NOT_PERMITTED` where its policy forbids it;
///         `PSA_ERROR_INVALID_ARGUMENT` where `alg` is no MAC algorithm, truncates to more than there is, or does not
///         go with the key;
///         `PSA_ERROR_NOT_SUPPORTED` where the key's place cannot do it, or `alg` truncates to less than 4 bytes;
///         `PSA_ERROR_BAD_STATE` where the operation is active, or before `psa_crypto_init()`;
///         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot
///         be used;
///         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
///         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
///
/// Source: PSA 1.5, section 10.4.3.
///
/// # Safety
///
/// `operation` is valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_mac_verify_setup(
    operation: *mut psa_mac_operation_t,
    key: psa_key_id_t,
    alg: psa_algorithm_t,
) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe {
        operate("psa_mac_verify_setup", operation, |library, handle| {
            mac::verify_setup(library, handle, KeyId(key), Algorithm(alg))
        })
    }
}

/// Adds `input_length` bytes of `input` to a MAC.
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
/// Source: PSA 1.5, section 10.4.3.
///
/// # Safety
///
/// The pointers are valid: buffers for their lengths, the others for their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_mac_update(
    operation: *mut psa_mac_operation_t,
    input: *const u8,
    input_length: usize,
) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe {
        operate("psa_mac_update", operation, |library, handle| {
            mac::update(library, handle, &In::new(input, input_length)?)
        })
    }
}

/// Ends a MAC: writes it to `mac`, which has `mac_size` bytes; `*mac_length` is `PSA_MAC_LENGTH()` of key and
/// algorithm.
///
/// The operation becomes inactive.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_BUFFER_TOO_SMALL` where `mac_size` is less than `PSA_MAC_LENGTH()`;
///         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer;
///         `PSA_ERROR_BAD_STATE` where the operation is not active or was set up to verify, its key was destroyed, or
///         before `psa_crypto_init()`;
///         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot
///         be used;
///         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
///         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
///         On failure the operation is in the error state.
///
/// Source: PSA 1.5, section 10.4.3.
///
/// # Safety
///
/// The pointers are valid: buffers for their lengths, the others for their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_mac_sign_finish(
    operation: *mut psa_mac_operation_t,
    mac: *mut u8,
    mac_size: usize,
    mac_length: *mut usize,
) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe {
        operate("psa_mac_sign_finish", operation, |library, handle| {
            Out::new(mac, mac_size, mac_length)?.write(|output| mac::sign_finish(library, handle, output))
        })
    }
}

/// Ends a MAC and compares it, in constant time, with the `mac_length` bytes of `mac`. The operation becomes inactive.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_INVALID_SIGNATURE` where they differ, in length or content;
///         `PSA_ERROR_BAD_STATE` where the operation is not active or was set up to compute, its key was destroyed, or
///         before `psa_crypto_init()`;
///         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer with a length;
///         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot
///         be used;
///         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
///         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
///         On failure the operation is in the error state.
///
/// Source: PSA 1.5, section 10.4.3.
///
/// # Safety
///
/// The pointers are valid: buffers for their lengths, the others for their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_mac_verify_finish(
    operation: *mut psa_mac_operation_t,
    mac: *const u8,
    mac_length: usize,
) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe {
        operate("psa_mac_verify_finish", operation, |library, handle| {
            mac::verify_finish(library, handle, &In::new(mac, mac_length)?)
        })
    }
}

/// Ends a MAC in any state; the operation becomes inactive.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer.
///
/// Source: PSA 1.5, section 10.4.3.
///
/// # Safety
///
/// `operation` is valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_mac_abort(operation: *mut psa_mac_operation_t) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe { abort("psa_mac_abort", operation) }
}
