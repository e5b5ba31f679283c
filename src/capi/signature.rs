//! Signatures (PSA 1.5, section 10.9).

use super::buffers::{In, Out};
use super::guard::guard;
use super::types::*;
use crate::core::signature;
use crate::psa::{Algorithm, KeyId};

/// Signs a message of `input_length` bytes with a private key. `signature` has `signature_size` bytes; `*signature_length` is
/// how many were written.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_BUFFER_TOO_SMALL` where `signature_size` is less than `PSA_SIGN_OUTPUT_SIZE()` of key and algorithm;
///         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
///         `PSA_ERROR_NOT_PERMITTED` where its policy forbids it;
///         `PSA_ERROR_INVALID_ARGUMENT` where algorithm, key and input do not go together;
///         `PSA_ERROR_NOT_SUPPORTED` where the key's place cannot do it;
///         `PSA_ERROR_INSUFFICIENT_ENTROPY` where there are no random numbers;
///         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
///         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot be
///         used;
///         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
///         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
///
/// Source: PSA 1.5, section 10.9.8.
///
/// # Safety
///
/// The pointers are valid: buffers for their lengths, the others for their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_sign_message(
    key: psa_key_id_t,
    alg: psa_algorithm_t,
    input: *const u8,
    input_length: usize,
    signature: *mut u8,
    signature_size: usize,
    signature_length: *mut usize,
) -> psa_status_t {
    guard("psa_sign_message", |library| {
        // SAFETY: the contract of this function.
        let output = unsafe { Out::new(signature, signature_size, signature_length)? };
        // SAFETY: the contract of this function.
        let input = unsafe { In::beside(input, input_length, &output)? };
        output.write(|output| signature::sign_message(library, KeyId(key), Algorithm(alg), &input, &[], output))
    })
}

/// Checks the signature, of `signature_length` bytes, of a message of `input_length` bytes with a public key or key pair.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_INVALID_SIGNATURE` where it is not valid;
///         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
///         `PSA_ERROR_NOT_PERMITTED` where its policy forbids it;
///         `PSA_ERROR_INVALID_ARGUMENT` where algorithm, key and input do not go together;
///         `PSA_ERROR_NOT_SUPPORTED` where the key's place cannot do it;
///         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
///         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot be
///         used;
///         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
///         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
///
/// Source: PSA 1.5, section 10.9.8.
///
/// # Safety
///
/// The pointers are valid: buffers for their lengths, the others for their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_verify_message(
    key: psa_key_id_t,
    alg: psa_algorithm_t,
    input: *const u8,
    input_length: usize,
    signature: *const u8,
    signature_length: usize,
) -> psa_status_t {
    guard("psa_verify_message", |library| {
        // SAFETY: the contract of this function.
        let (input, expected) = unsafe { (In::new(input, input_length)?, In::new(signature, signature_length)?) };
        signature::verify_message(library, KeyId(key), Algorithm(alg), &input, &[], &expected)
    })
}

/// Signs a message of `input_length` bytes with a private key. `signature` has `signature_size` bytes; `*signature_length` is
/// how many were written.
///
/// `context` has `context_length` bytes; algorithms without a context take none.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_BUFFER_TOO_SMALL` where `signature_size` is less than `PSA_SIGN_OUTPUT_SIZE()` of key and algorithm;
///         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
///         `PSA_ERROR_NOT_PERMITTED` where its policy forbids it;
///         `PSA_ERROR_INVALID_ARGUMENT` where algorithm, key and input do not go together;
///         `PSA_ERROR_NOT_SUPPORTED` where the key's place cannot do it;
///         `PSA_ERROR_INSUFFICIENT_ENTROPY` where there are no random numbers;
///         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
///         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot be
///         used;
///         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
///         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
///
/// Source: PSA 1.5, section 10.9.8.
///
/// # Safety
///
/// The pointers are valid: buffers for their lengths, the others for their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_sign_message_with_context(
    key: psa_key_id_t,
    alg: psa_algorithm_t,
    input: *const u8,
    input_length: usize,
    context: *const u8,
    context_length: usize,
    signature: *mut u8,
    signature_size: usize,
    signature_length: *mut usize,
) -> psa_status_t {
    guard("psa_sign_message_with_context", |library| {
        // SAFETY: the contract of this function.
        let output = unsafe { Out::new(signature, signature_size, signature_length)? };
        // SAFETY: the contract of this function.
        let input = unsafe { In::beside(input, input_length, &output)? };
        // SAFETY: the contract of this function.
        let context = unsafe { In::beside(context, context_length, &output)? };
        output.write(|output| signature::sign_message(library, KeyId(key), Algorithm(alg), &input, &context, output))
    })
}

/// Checks the signature, of `signature_length` bytes, of a message of `input_length` bytes with a public key or key pair.
///
/// `context` has `context_length` bytes; algorithms without a context take none.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_INVALID_SIGNATURE` where it is not valid;
///         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
///         `PSA_ERROR_NOT_PERMITTED` where its policy forbids it;
///         `PSA_ERROR_INVALID_ARGUMENT` where algorithm, key and input do not go together;
///         `PSA_ERROR_NOT_SUPPORTED` where the key's place cannot do it;
///         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
///         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot be
///         used;
///         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
///         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
///
/// Source: PSA 1.5, section 10.9.8.
///
/// # Safety
///
/// The pointers are valid: buffers for their lengths, the others for their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_verify_message_with_context(
    key: psa_key_id_t,
    alg: psa_algorithm_t,
    input: *const u8,
    input_length: usize,
    context: *const u8,
    context_length: usize,
    signature: *const u8,
    signature_length: usize,
) -> psa_status_t {
    guard("psa_verify_message_with_context", |library| {
        // SAFETY: the contract of this function.
        let (input, expected) = unsafe { (In::new(input, input_length)?, In::new(signature, signature_length)?) };
        // SAFETY: the contract of this function.
        let context = unsafe { In::new(context, context_length)? };
        signature::verify_message(library, KeyId(key), Algorithm(alg), &input, &context, &expected)
    })
}

/// Signs a hash of `hash_length` bytes with a private key. `signature` has `signature_size` bytes; `*signature_length` is
/// how many were written.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_BUFFER_TOO_SMALL` where `signature_size` is less than `PSA_SIGN_OUTPUT_SIZE()` of key and algorithm;
///         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
///         `PSA_ERROR_NOT_PERMITTED` where its policy forbids it;
///         `PSA_ERROR_INVALID_ARGUMENT` where algorithm, key and input do not go together;
///         `PSA_ERROR_NOT_SUPPORTED` where the key's place cannot do it;
///         `PSA_ERROR_INSUFFICIENT_ENTROPY` where there are no random numbers;
///         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
///         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot be
///         used;
///         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
///         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
///
/// Source: PSA 1.5, section 10.9.8.
///
/// # Safety
///
/// The pointers are valid: buffers for their lengths, the others for their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_sign_hash(
    key: psa_key_id_t,
    alg: psa_algorithm_t,
    hash: *const u8,
    hash_length: usize,
    signature: *mut u8,
    signature_size: usize,
    signature_length: *mut usize,
) -> psa_status_t {
    guard("psa_sign_hash", |library| {
        // SAFETY: the contract of this function.
        let output = unsafe { Out::new(signature, signature_size, signature_length)? };
        // SAFETY: the contract of this function.
        let hash = unsafe { In::beside(hash, hash_length, &output)? };
        output.write(|output| signature::sign_hash(library, KeyId(key), Algorithm(alg), &hash, &[], output))
    })
}

/// Checks the signature, of `signature_length` bytes, of a hash of `hash_length` bytes with a public key or key pair.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_INVALID_SIGNATURE` where it is not valid;
///         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
///         `PSA_ERROR_NOT_PERMITTED` where its policy forbids it;
///         `PSA_ERROR_INVALID_ARGUMENT` where algorithm, key and input do not go together;
///         `PSA_ERROR_NOT_SUPPORTED` where the key's place cannot do it;
///         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
///         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot be
///         used;
///         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
///         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
///
/// Source: PSA 1.5, section 10.9.8.
///
/// # Safety
///
/// The pointers are valid: buffers for their lengths, the others for their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_verify_hash(
    key: psa_key_id_t,
    alg: psa_algorithm_t,
    hash: *const u8,
    hash_length: usize,
    signature: *const u8,
    signature_length: usize,
) -> psa_status_t {
    guard("psa_verify_hash", |library| {
        // SAFETY: the contract of this function.
        let (hash, expected) = unsafe { (In::new(hash, hash_length)?, In::new(signature, signature_length)?) };
        signature::verify_hash(library, KeyId(key), Algorithm(alg), &hash, &[], &expected)
    })
}

/// Signs a hash of `hash_length` bytes with a private key. `signature` has `signature_size` bytes; `*signature_length` is
/// how many were written.
///
/// `context` has `context_length` bytes; algorithms without a context take none.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_BUFFER_TOO_SMALL` where `signature_size` is less than `PSA_SIGN_OUTPUT_SIZE()` of key and algorithm;
///         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
///         `PSA_ERROR_NOT_PERMITTED` where its policy forbids it;
///         `PSA_ERROR_INVALID_ARGUMENT` where algorithm, key and input do not go together;
///         `PSA_ERROR_NOT_SUPPORTED` where the key's place cannot do it;
///         `PSA_ERROR_INSUFFICIENT_ENTROPY` where there are no random numbers;
///         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
///         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot be
///         used;
///         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
///         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
///
/// Source: PSA 1.5, section 10.9.8.
///
/// # Safety
///
/// The pointers are valid: buffers for their lengths, the others for their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_sign_hash_with_context(
    key: psa_key_id_t,
    alg: psa_algorithm_t,
    hash: *const u8,
    hash_length: usize,
    context: *const u8,
    context_length: usize,
    signature: *mut u8,
    signature_size: usize,
    signature_length: *mut usize,
) -> psa_status_t {
    guard("psa_sign_hash_with_context", |library| {
        // SAFETY: the contract of this function.
        let output = unsafe { Out::new(signature, signature_size, signature_length)? };
        // SAFETY: the contract of this function.
        let hash = unsafe { In::beside(hash, hash_length, &output)? };
        // SAFETY: the contract of this function.
        let context = unsafe { In::beside(context, context_length, &output)? };
        output.write(|output| signature::sign_hash(library, KeyId(key), Algorithm(alg), &hash, &context, output))
    })
}

/// Checks the signature, of `signature_length` bytes, of a hash of `hash_length` bytes with a public key or key pair.
///
/// `context` has `context_length` bytes; algorithms without a context take none.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_INVALID_SIGNATURE` where it is not valid;
///         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
///         `PSA_ERROR_NOT_PERMITTED` where its policy forbids it;
///         `PSA_ERROR_INVALID_ARGUMENT` where algorithm, key and input do not go together;
///         `PSA_ERROR_NOT_SUPPORTED` where the key's place cannot do it;
///         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
///         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot be
///         used;
///         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
///         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
///
/// Source: PSA 1.5, section 10.9.8.
///
/// # Safety
///
/// The pointers are valid: buffers for their lengths, the others for their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_verify_hash_with_context(
    key: psa_key_id_t,
    alg: psa_algorithm_t,
    hash: *const u8,
    hash_length: usize,
    context: *const u8,
    context_length: usize,
    signature: *const u8,
    signature_length: usize,
) -> psa_status_t {
    guard("psa_verify_hash_with_context", |library| {
        // SAFETY: the contract of this function.
        let (hash, expected) = unsafe { (In::new(hash, hash_length)?, In::new(signature, signature_length)?) };
        // SAFETY: the contract of this function.
        let context = unsafe { In::new(context, context_length)? };
        signature::verify_hash(library, KeyId(key), Algorithm(alg), &hash, &context, &expected)
    })
}
