//! Key derivation (PSA 1.5, section 10.8).

use super::buffers::{In, Out, structure, structure_mut};
use super::guard::{abort, guard, make_key_of, operate};
use super::keys::read;
use super::structs::{Operation, psa_custom_key_parameters_t, psa_key_attributes_t, psa_key_derivation_operation_t};
use super::types::*;
use crate::core::key_derivation;
use crate::fail;
use crate::psa::{Algorithm, DerivationStep, KeyId};

/// Returns an inactive key-derivation operation, the same as `PSA_KEY_DERIVATION_OPERATION_INIT`.
///
/// Source: PSA 1.5, section 10.8.3.
#[unsafe(no_mangle)]
pub extern "C" fn psa_key_derivation_operation_init() -> psa_key_derivation_operation_t {
    psa_key_derivation_operation_t::default()
}

/// Begins a key derivation, alone or combined with a key agreement; on failure the operation stays inactive.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_INVALID_ARGUMENT` where `alg` is no key-derivation algorithm;
///         `PSA_ERROR_NOT_SUPPORTED` where no engine has it;
///         `PSA_ERROR_BAD_STATE` where the operation is active, or before `psa_crypto_init()`;
///         `PSA_ERROR_INSUFFICIENT_MEMORY`.
///
/// Source: PSA 1.5, section 10.8.3.
///
/// # Safety
///
/// The pointers are valid: buffers for their lengths, the others for their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_key_derivation_setup(
    operation: *mut psa_key_derivation_operation_t,
    alg: psa_algorithm_t,
) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe {
        operate("psa_key_derivation_setup", operation, |library, handle| {
            key_derivation::setup(library, handle, Algorithm(alg))
        })
    }
}

/// Gives in `*capacity` how many bytes the derivation can still put out.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_BAD_STATE` where the operation is not active, or before `psa_crypto_init()`;
///         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer.
///
/// Source: PSA 1.5, section 10.8.3.
///
/// # Safety
///
/// The pointers are valid: buffers for their lengths, the others for their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_key_derivation_get_capacity(
    operation: *const psa_key_derivation_operation_t,
    capacity: *mut usize,
) -> psa_status_t {
    guard("psa_key_derivation_get_capacity", |library| {
        // SAFETY: the contract of this function.
        let (mut operation, output) = unsafe { (*structure(operation)?, structure_mut(capacity)?) };
        *output = 0;
        *output = key_derivation::capacity(library, *operation.handle())?;
        Ok(())
    })
}

/// Lowers how many bytes the derivation can still put out to `capacity`.
///
/// It is in bytes. With `PSA_ALG_SP800_108_COUNTER_HMAC` and `PSA_ALG_SP800_108_COUNTER_CMAC` the capacity is an input of
/// the derivation: another one gives another output.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_INVALID_ARGUMENT` where it is less already; the operation then stays as it is;
///         `PSA_ERROR_BAD_STATE` where the operation is not active, with those two algorithms after the first output, or
///         before `psa_crypto_init()`.
///
/// Source: PSA 1.5, section 10.8.3.
///
/// # Safety
///
/// The pointers are valid: buffers for their lengths, the others for their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_key_derivation_set_capacity(
    operation: *mut psa_key_derivation_operation_t,
    capacity: usize,
) -> psa_status_t {
    // Not `operate`: a capacity that is refused leaves the operation as it was.
    guard("psa_key_derivation_set_capacity", |library| {
        // SAFETY: the contract of this function.
        let operation = unsafe { structure_mut(operation)? };
        key_derivation::set_capacity(library, operation.handle(), capacity)
    })
}

/// Gives `data_length` bytes of `data` as the input of a step.
///
/// A derivation whose secret is given this way puts out bytes, but no keys.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_BAD_STATE` where the operation is not active or the step is out of order or repeated, or before
///         `psa_crypto_init()`;
///         `PSA_ERROR_INVALID_ARGUMENT` where the algorithm has no such step, or it takes no bytes. On failure the operation is in the error
///         state.
///
/// Source: PSA 1.5, section 10.8.3.
///
/// # Safety
///
/// The pointers are valid: buffers for their lengths, the others for their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_key_derivation_input_bytes(
    operation: *mut psa_key_derivation_operation_t,
    step: psa_key_derivation_step_t,
    data: *const u8,
    data_length: usize,
) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe {
        operate("psa_key_derivation_input_bytes", operation, |library, handle| {
            let data = In::new(data, data_length)?;
            key_derivation::input_bytes(library, handle, DerivationStep(step), &data)
        })
    }
}

/// Gives a number as the input of a step, such as the iterations of PBKDF2.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_NOT_SUPPORTED` for more than 4294967295 iterations;
///         `PSA_ERROR_BAD_STATE` where the operation is not active or the step is out of order or repeated, or before
///         `psa_crypto_init()`;
///         `PSA_ERROR_INVALID_ARGUMENT` where the algorithm has no such step, or it takes no such number.
///         On failure the operation is in the error state.
///
/// Source: PSA 1.5, section 10.8.3.
///
/// # Safety
///
/// The pointers are valid: buffers for their lengths, the others for their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_key_derivation_input_integer(
    operation: *mut psa_key_derivation_operation_t,
    step: psa_key_derivation_step_t,
    value: u64,
) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe {
        operate("psa_key_derivation_input_integer", operation, |library, handle| {
            key_derivation::input_integer(library, handle, DerivationStep(step), value)
        })
    }
}

/// Gives a key as the input of a step.
///
/// The key needs `PSA_KEY_USAGE_DERIVE`, or `PSA_KEY_USAGE_VERIFY_DERIVATION` if the output is only verified.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_BAD_STATE` where the operation is not active or the step is out of order or repeated, or before
///         `psa_crypto_init()`;
///         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
///         `PSA_ERROR_NOT_PERMITTED` where its policy forbids it;
///         `PSA_ERROR_INVALID_ARGUMENT` where algorithm, key and input do not go together;
///         `PSA_ERROR_NOT_SUPPORTED` where the key's place cannot do it;
///         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot be
///         used;
///         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
///         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`. On failure the operation is in the error
///         state.
///
/// Source: PSA 1.5, section 10.8.3.
///
/// # Safety
///
/// The pointers are valid: buffers for their lengths, the others for their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_key_derivation_input_key(
    operation: *mut psa_key_derivation_operation_t,
    step: psa_key_derivation_step_t,
    key: psa_key_id_t,
) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe {
        operate("psa_key_derivation_input_key", operation, |library, handle| {
            key_derivation::input_key(library, handle, DerivationStep(step), KeyId(key))
        })
    }
}

/// Gives the secret agreed on with the owner of `peer_key`, a public key of `peer_key_length` bytes in the export format,
/// as the input of a step.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_BAD_STATE` where the operation is not active or the step is out of order or repeated, or before
///         `psa_crypto_init()`;
///         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
///         `PSA_ERROR_NOT_PERMITTED` where its policy forbids it;
///         `PSA_ERROR_INVALID_ARGUMENT` where algorithm, key and input do not go together;
///         `PSA_ERROR_NOT_SUPPORTED` where the key's place cannot do it;
///         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot be
///         used;
///         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
///         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`. On failure the operation is in the error
///         state.
///
/// Source: PSA 1.5, section 10.11.3.
///
/// # Safety
///
/// The pointers are valid: buffers for their lengths, the others for their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_key_derivation_key_agreement(
    operation: *mut psa_key_derivation_operation_t,
    step: psa_key_derivation_step_t,
    private_key: psa_key_id_t,
    peer_key: *const u8,
    peer_key_length: usize,
) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe {
        operate("psa_key_derivation_key_agreement", operation, |library, handle| {
            let (step, key, peer) = (DerivationStep(step), KeyId(private_key), In::new(peer_key, peer_key_length)?);
            key_derivation::input_agreement(library, handle, step, key, &peer)
        })
    }
}

/// Fills `output` with the next `output_length` bytes of the derivation.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_INSUFFICIENT_DATA` where the capacity is less; it is then 0, and the operation stays active;
///         `PSA_ERROR_NOT_SUPPORTED` where the place of a key input cannot do it;
///         `PSA_ERROR_NOT_PERMITTED` where a key input permits verification only;
///         `PSA_ERROR_BAD_STATE` where the operation is not active or an input is missing, a key input was destroyed,
///         or before `psa_crypto_init()`;
///         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer with a length;
///         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot
///         be used;
///         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
///         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
///         On failure the operation is in the error state.
///
/// Source: PSA 1.5, section 10.8.3.
///
/// # Safety
///
/// The pointers are valid: buffers for their lengths, the others for their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_key_derivation_output_bytes(
    operation: *mut psa_key_derivation_operation_t,
    output: *mut u8,
    output_length: usize,
) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe {
        operate("psa_key_derivation_output_bytes", operation, |library, handle| {
            Out::exact(output, output_length)?.fill(|output| key_derivation::output_bytes(library, handle, output))
        })
    }
}

/// Makes a key from the next bytes of the derivation.
///
/// Type and size (in bits) are in the attributes; the secret of the derivation must be a key or an agreed secret. On
/// failure `*key` is `PSA_KEY_ID_NULL`.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_INSUFFICIENT_DATA` where the capacity is less; it is then 0, and the operation stays active;
///         `PSA_ERROR_NOT_PERMITTED` where the secret was given as bytes, or a key input permits verification only;
///         `PSA_ERROR_INVALID_ARGUMENT` for invalid attributes;
///         `PSA_ERROR_NOT_SUPPORTED` where such a key cannot be derived or its place cannot hold it;
///         `PSA_ERROR_ALREADY_EXISTS` where a persistent key has that identifier;
///         `PSA_ERROR_INSUFFICIENT_STORAGE` where the key store is full;
///         `PSA_ERROR_BAD_STATE` where the operation is not active or an input is missing, or before `psa_crypto_init()`;
///         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot be
///         used;
///         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
///         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`. On failure the operation is in the error
///         state.
///
/// Source: PSA 1.5, section 10.8.3.
///
/// # Safety
///
/// The pointers are valid: buffers for their lengths, the others for their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_key_derivation_output_key(
    attributes: *const psa_key_attributes_t,
    operation: *mut psa_key_derivation_operation_t,
    key: *mut psa_key_id_t,
) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe {
        make_key_of("psa_key_derivation_output_key", operation, key, |library, handle| {
            key_derivation::output_key(library, handle, &read(attributes)?)
        })
    }
}

/// Makes a key from the next bytes of the derivation, with production parameters of
/// `custom_data_length` bytes, which no type takes yet.
///
/// Type and size (in bits) are in the attributes; the secret of the derivation must be a key or an agreed secret. On
/// failure `*key` is `PSA_KEY_ID_NULL`.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_INSUFFICIENT_DATA` where the capacity is less; it is then 0, and the operation stays active;
///         `PSA_ERROR_NOT_PERMITTED` where the secret was given as bytes, or a key input permits verification only;
///         `PSA_ERROR_INVALID_ARGUMENT` for invalid attributes;
///         `PSA_ERROR_NOT_SUPPORTED` where such a key cannot be derived or its place cannot hold it;
///         `PSA_ERROR_ALREADY_EXISTS` where a persistent key has that identifier;
///         `PSA_ERROR_INSUFFICIENT_STORAGE` where the key store is full;
///         `PSA_ERROR_BAD_STATE` where the operation is not active or an input is missing, or before `psa_crypto_init()`;
///         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot be
///         used;
///         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
///         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`. On failure the operation is in the error
///         state.
///
/// Source: PSA 1.5, section 10.8.3.
///
/// # Safety
///
/// The pointers are valid: buffers for their lengths, the others for their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_key_derivation_output_key_custom(
    attributes: *const psa_key_attributes_t,
    operation: *mut psa_key_derivation_operation_t,
    custom: *const psa_custom_key_parameters_t,
    custom_data: *const u8,
    custom_data_length: usize,
    key: *mut psa_key_id_t,
) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe {
        make_key_of("psa_key_derivation_output_key_custom", operation, key, |library, handle| {
            if structure(custom)?.flags != 0 || !In::new(custom_data, custom_data_length)?.is_empty() {
                return fail!(InvalidArgument, "no type of key that can be derived takes production parameters");
            }
            key_derivation::output_key(library, handle, &read(attributes)?)
        })
    }
}

/// Compares the next `output_length` bytes of the derivation, in constant time, with `expected_output`.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_INVALID_SIGNATURE` where they differ;
///         `PSA_ERROR_INSUFFICIENT_DATA` where the capacity is less; it is then 0, and the operation stays active;
///         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer with a length;
///         `PSA_ERROR_NOT_SUPPORTED` where the place of a key input cannot do it;
///         `PSA_ERROR_BAD_STATE` where the operation is not active or an input is missing, a key input was destroyed,
///         or before `psa_crypto_init()`;
///         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot
///         be used;
///         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
///         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
///         On failure the operation is in the error state.
///
/// Source: PSA 1.5, section 10.8.3.
///
/// # Safety
///
/// The pointers are valid: buffers for their lengths, the others for their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_key_derivation_verify_bytes(
    operation: *mut psa_key_derivation_operation_t,
    expected_output: *const u8,
    output_length: usize,
) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe {
        operate("psa_key_derivation_verify_bytes", operation, |library, handle| {
            key_derivation::verify_bytes(library, handle, &In::new(expected_output, output_length)?)
        })
    }
}

/// Compares the next bytes of the derivation, in constant time, with a key of type `PSA_KEY_TYPE_PASSWORD_HASH`, which
/// needs `PSA_KEY_USAGE_VERIFY_DERIVATION`.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_INVALID_SIGNATURE` where they differ;
///         `PSA_ERROR_INSUFFICIENT_DATA` where the capacity is less; it is then 0, and the operation stays active;
///         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
///         `PSA_ERROR_NOT_PERMITTED` where its policy forbids it;
///         `PSA_ERROR_INVALID_ARGUMENT` where it is of another type;
///         `PSA_ERROR_BAD_STATE` where the operation is not active or an input is missing, or before `psa_crypto_init()`;
///         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot be
///         used;
///         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
///         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`. On failure the operation is in the error
///         state.
///
/// Source: PSA 1.5, section 10.8.3.
///
/// # Safety
///
/// The pointers are valid: buffers for their lengths, the others for their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_key_derivation_verify_key(
    operation: *mut psa_key_derivation_operation_t,
    expected: psa_key_id_t,
) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe {
        operate("psa_key_derivation_verify_key", operation, |library, handle| {
            key_derivation::verify_key(library, handle, KeyId(expected))
        })
    }
}

/// Ends a key derivation in any state; the operation becomes inactive.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer.
///
/// Source: PSA 1.5, section 10.8.3.
///
/// # Safety
///
/// `operation` is valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_key_derivation_abort(operation: *mut psa_key_derivation_operation_t) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe { abort("psa_key_derivation_abort", operation) }
}
