//! Unauthenticated ciphers (PSA 1.5, section 10.5).

use super::buffers::{In, Out};
use super::guard::{abort, guard, operate};
use super::structs::psa_cipher_operation_t;
use super::types::*;
use crate::core::cipher;
use crate::psa::{Algorithm, KeyId};

/// Encrypts `input_length` bytes of `input` into `output`, which has `output_size` bytes: a random initialization
/// vector of `PSA_CIPHER_IV_LENGTH()` bytes, where the algorithm has one, and then the ciphertext. `*output_length` is
/// how many bytes were written. Input and output may overlap.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_BUFFER_TOO_SMALL` where `output_size` is less than `PSA_CIPHER_ENCRYPT_OUTPUT_SIZE()` of key,
///         algorithm and input length;
///         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
///         `PSA_ERROR_NOT_PERMITTED` where its policy forbids it;
///         `PSA_ERROR_INVALID_ARGUMENT` where `alg` is no cipher algorithm or does not go with the key, where the input
///         must have whole blocks and has not, or for a null pointer with a length;
///         `PSA_ERROR_NOT_SUPPORTED` where the key's place cannot do it;
///         `PSA_ERROR_INSUFFICIENT_ENTROPY` where there are no random numbers;
///         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
///         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot
///         be used;
///         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
///         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
///
/// Source: PSA 1.5, section 10.5.2.
///
/// # Safety
///
/// The pointers are valid: buffers for their lengths, the others for their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_cipher_encrypt(
    key: psa_key_id_t,
    alg: psa_algorithm_t,
    input: *const u8,
    input_length: usize,
    output: *mut u8,
    output_size: usize,
    output_length: *mut usize,
) -> psa_status_t {
    guard("psa_cipher_encrypt", |library| {
        // SAFETY: the contract of this function.
        unsafe {
            Out::new(output, output_size, output_length)?
                .transform(input, input_length, |data| cipher::encrypt(library, KeyId(key), Algorithm(alg), data))
        }
    })
}

/// Decrypts `input_length` bytes of `input`, an initialization vector of `PSA_CIPHER_IV_LENGTH()` bytes, where the
/// algorithm has one, and then the ciphertext, into `output`, which has `output_size` bytes. `*output_length` is how
/// many bytes were written; `PSA_CIPHER_DECRYPT_OUTPUT_SIZE()` of key, algorithm and input length is enough. Input and
/// output may overlap.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_BUFFER_TOO_SMALL` where the plaintext is longer than `output_size`;
///         `PSA_ERROR_INVALID_PADDING` where the algorithm has padding and it is wrong;
///         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
///         `PSA_ERROR_NOT_PERMITTED` where its policy forbids it;
///         `PSA_ERROR_INVALID_ARGUMENT` where `alg` is no cipher algorithm or does not go with the key, where the input
///         has no initialization vector or must have whole blocks and has not, or for a null pointer with a length;
///         `PSA_ERROR_NOT_SUPPORTED` where the key's place cannot do it;
///         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
///         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot
///         be used;
///         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
///         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
///
/// Source: PSA 1.5, section 10.5.2.
///
/// # Safety
///
/// The pointers are valid: buffers for their lengths, the others for their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_cipher_decrypt(
    key: psa_key_id_t,
    alg: psa_algorithm_t,
    input: *const u8,
    input_length: usize,
    output: *mut u8,
    output_size: usize,
    output_length: *mut usize,
) -> psa_status_t {
    guard("psa_cipher_decrypt", |library| {
        // SAFETY: the contract of this function.
        unsafe {
            Out::new(output, output_size, output_length)?
                .transform(input, input_length, |data| cipher::decrypt(library, KeyId(key), Algorithm(alg), data))
        }
    })
}

/// Returns an inactive cipher operation, the same as `PSA_CIPHER_OPERATION_INIT`.
///
/// Source: PSA 1.5, section 10.5.3.
#[unsafe(no_mangle)]
pub extern "C" fn psa_cipher_operation_init() -> psa_cipher_operation_t {
    psa_cipher_operation_t::default()
}

/// Begins an encryption in parts; on failure the operation stays inactive.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
///         `PSA_ERROR_NOT_PERMITTED` where its policy forbids it;
///         `PSA_ERROR_INVALID_ARGUMENT` where `alg` is no cipher algorithm or does not go with the key;
///         `PSA_ERROR_NOT_SUPPORTED` where the key's place cannot do it;
///         `PSA_ERROR_BAD_STATE` where the operation is active, or before `psa_crypto_init()`;
///         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot
///         be used;
///         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
///         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
///
/// Source: PSA 1.5, section 10.5.3.
///
/// # Safety
///
/// `operation` is valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_cipher_encrypt_setup(
    operation: *mut psa_cipher_operation_t,
    key: psa_key_id_t,
    alg: psa_algorithm_t,
) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe {
        operate("psa_cipher_encrypt_setup", operation, |library, handle| {
            cipher::encrypt_setup(library, handle, KeyId(key), Algorithm(alg))
        })
    }
}

/// Begins a decryption in parts; on failure the operation stays inactive.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
///         `PSA_ERROR_NOT_PERMITTED` where its policy forbids it;
///         `PSA_ERROR_INVALID_ARGUMENT` where `alg` is no cipher algorithm or does not go with the key;
///         `PSA_ERROR_NOT_SUPPORTED` where the key's place cannot do it;
///         `PSA_ERROR_BAD_STATE` where the operation is active, or before `psa_crypto_init()`;
///         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot
///         be used;
///         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
///         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
///
/// Source: PSA 1.5, section 10.5.3.
///
/// # Safety
///
/// `operation` is valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_cipher_decrypt_setup(
    operation: *mut psa_cipher_operation_t,
    key: psa_key_id_t,
    alg: psa_algorithm_t,
) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe {
        operate("psa_cipher_decrypt_setup", operation, |library, handle| {
            cipher::decrypt_setup(library, handle, KeyId(key), Algorithm(alg))
        })
    }
}

/// Makes a random initialization vector for an encryption: writes it to `iv`, which has `iv_size` bytes; `*iv_length`
/// is `PSA_CIPHER_IV_LENGTH()` of key and algorithm.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_BUFFER_TOO_SMALL` where `iv_size` is less than `PSA_CIPHER_IV_LENGTH()`;
///         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer;
///         `PSA_ERROR_BAD_STATE` where the operation is not active, decrypts, has its initialization vector or an
///         algorithm without one, its key was destroyed, or before `psa_crypto_init()`;
///         `PSA_ERROR_INSUFFICIENT_ENTROPY` where there are no random numbers;
///         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot
///         be used;
///         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
///         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
///         On failure the operation is in the error state.
///
/// Source: PSA 1.5, section 10.5.3.
///
/// # Safety
///
/// The pointers are valid: buffers for their lengths, the others for their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_cipher_generate_iv(
    operation: *mut psa_cipher_operation_t,
    iv: *mut u8,
    iv_size: usize,
    iv_length: *mut usize,
) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe {
        operate("psa_cipher_generate_iv", operation, |library, handle| {
            Out::new(iv, iv_size, iv_length)?.write(|iv| cipher::generate_iv(library, handle, iv))
        })
    }
}

/// Sets the initialization vector, of `iv_length` bytes: `PSA_CIPHER_IV_LENGTH()` of key and algorithm, or what else
/// the algorithm takes (`PSA_ALG_CTR`: 1 to a block; ChaCha20: 8, 12 or, with the counter first, 16).
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_BAD_STATE` where the operation is not active, has its initialization vector or an algorithm
///         without one, its key was destroyed, or before `psa_crypto_init()`;
///         `PSA_ERROR_INVALID_ARGUMENT` where the algorithm does not take this length, or for a null pointer with a
///         length;
///         `PSA_ERROR_NOT_SUPPORTED` where the key's place does not take this length;
///         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot
///         be used;
///         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
///         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
///         On failure the operation is in the error state.
///
/// Source: PSA 1.5, section 10.5.3.
///
/// # Safety
///
/// The pointers are valid: buffers for their lengths, the others for their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_cipher_set_iv(
    operation: *mut psa_cipher_operation_t,
    iv: *const u8,
    iv_length: usize,
) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe {
        operate("psa_cipher_set_iv", operation, |library, handle| {
            cipher::set_iv(library, handle, &In::new(iv, iv_length)?)
        })
    }
}

/// Encrypts or decrypts `input_length` bytes of `input` into `output`, which has `output_size` bytes; `*output_length`
/// is how many bytes were written, which is at most `PSA_CIPHER_UPDATE_OUTPUT_SIZE()` of key, algorithm and input
/// length. What does not fill a block waits for more. Input and output may overlap.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_BUFFER_TOO_SMALL` where more bytes than `output_size` are ready;
///         `PSA_ERROR_BAD_STATE` where the operation is not active or has no initialization vector yet, its key was
///         destroyed, or before `psa_crypto_init()`;
///         `PSA_ERROR_INVALID_ARGUMENT` where the algorithm takes no more input, or for a null pointer with a length;
///         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot
///         be used;
///         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
///         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
///         On failure the operation is in the error state.
///
/// Source: PSA 1.5, section 10.5.3.
///
/// # Safety
///
/// The pointers are valid: buffers for their lengths, the others for their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_cipher_update(
    operation: *mut psa_cipher_operation_t,
    input: *const u8,
    input_length: usize,
    output: *mut u8,
    output_size: usize,
    output_length: *mut usize,
) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe {
        operate("psa_cipher_update", operation, |library, handle| {
            Out::new(output, output_size, output_length)?
                .transform(input, input_length, |data| cipher::update(library, handle, data))
        })
    }
}

/// Ends an encryption or decryption: writes what is left of it to `output`, which has `output_size` bytes;
/// `*output_length` is how many bytes were written, which is at most `PSA_CIPHER_FINISH_OUTPUT_SIZE()` of key and
/// algorithm.
///
/// The operation becomes inactive.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_BUFFER_TOO_SMALL` where there are more bytes than `output_size`;
///         `PSA_ERROR_INVALID_PADDING` where the decrypted padding is wrong;
///         `PSA_ERROR_INVALID_ARGUMENT` where the whole input must have whole blocks and has not;
///         `PSA_ERROR_BAD_STATE` where the operation is not active or has no initialization vector yet, its key was
///         destroyed, or before `psa_crypto_init()`;
///         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot
///         be used;
///         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
///         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
///         On failure the operation is in the error state.
///
/// Source: PSA 1.5, section 10.5.3.
///
/// # Safety
///
/// The pointers are valid: buffers for their lengths, the others for their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_cipher_finish(
    operation: *mut psa_cipher_operation_t,
    output: *mut u8,
    output_size: usize,
    output_length: *mut usize,
) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe {
        operate("psa_cipher_finish", operation, |library, handle| {
            Out::new(output, output_size, output_length)?.write(|output| cipher::finish(library, handle, output))
        })
    }
}

/// Ends an encryption or decryption in any state; the operation becomes inactive.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer.
///
/// Source: PSA 1.5, section 10.5.3.
///
/// # Safety
///
/// `operation` is valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_cipher_abort(operation: *mut psa_cipher_operation_t) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe { abort("psa_cipher_abort", operation) }
}
