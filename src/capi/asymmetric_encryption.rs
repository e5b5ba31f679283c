//! Asymmetric encryption (PSA 1.5, section 10.10).

use super::buffers::{In, Out};
use super::guard::guard;
use super::types::*;
use crate::core::asymmetric_encryption;
use crate::psa::{Algorithm, KeyId};

/// Encrypts `input_length` bytes of `input` with a public key or the public part of a key pair.
///
/// `salt` is the label of OAEP, `salt_length` bytes; PKCS#1 v1.5 takes none. `output` has `output_size` bytes;
/// `*output_length` is how many were written.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_BUFFER_TOO_SMALL` where `output_size` is too small, never where it is `PSA_ASYMMETRIC_ENCRYPT_OUTPUT_SIZE()`;
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
/// Source: PSA 1.5, section 10.10.2.
///
/// # Safety
///
/// The pointers are valid: buffers for their lengths, the others for their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_asymmetric_encrypt(
    key: psa_key_id_t,
    alg: psa_algorithm_t,
    input: *const u8,
    input_length: usize,
    salt: *const u8,
    salt_length: usize,
    output: *mut u8,
    output_size: usize,
    output_length: *mut usize,
) -> psa_status_t {
    guard("psa_asymmetric_encrypt", |library| {
        // SAFETY: the contract of this function.
        let target = unsafe { Out::new(output, output_size, output_length)? };
        // SAFETY: the contract of this function.
        let (input, label) =
            unsafe { (In::beside(input, input_length, &target)?, In::beside(salt, salt_length, &target)?) };
        target
            .write(|output| asymmetric_encryption::encrypt(library, KeyId(key), Algorithm(alg), &input, &label, output))
    })
}

/// Decrypts `input_length` bytes of `input` with a key pair.
///
/// `salt` is the label of OAEP, `salt_length` bytes; PKCS#1 v1.5 takes none. `output` has `output_size` bytes;
/// `*output_length` is how many were written.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_BUFFER_TOO_SMALL` where `output_size` is too small, never where it is
///         `PSA_ASYMMETRIC_DECRYPT_OUTPUT_SIZE()`;
///         `PSA_ERROR_INVALID_PADDING` where the padding of the plaintext is wrong, which takes no longer to find than
///         a right one;
///         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
///         `PSA_ERROR_NOT_PERMITTED` where its policy forbids it;
///         `PSA_ERROR_INVALID_ARGUMENT` where algorithm, key and input do not go together;
///         `PSA_ERROR_NOT_SUPPORTED` where the key's place cannot do it;
///         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
///         `PSA_ERROR_INSUFFICIENT_ENTROPY` where there are no random numbers;
///         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot
///         be used;
///         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
///         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
///
/// Source: PSA 1.5, section 10.10.2.
///
/// # Safety
///
/// The pointers are valid: buffers for their lengths, the others for their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_asymmetric_decrypt(
    key: psa_key_id_t,
    alg: psa_algorithm_t,
    input: *const u8,
    input_length: usize,
    salt: *const u8,
    salt_length: usize,
    output: *mut u8,
    output_size: usize,
    output_length: *mut usize,
) -> psa_status_t {
    guard("psa_asymmetric_decrypt", |library| {
        // SAFETY: the contract of this function.
        let target = unsafe { Out::new(output, output_size, output_length)? };
        // SAFETY: the contract of this function.
        let (input, label) =
            unsafe { (In::beside(input, input_length, &target)?, In::beside(salt, salt_length, &target)?) };
        target
            .write(|output| asymmetric_encryption::decrypt(library, KeyId(key), Algorithm(alg), &input, &label, output))
    })
}
