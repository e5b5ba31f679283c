//! Key wrapping (PSA 1.5, section 10.7).

use super::buffers::{In, Out};
use super::guard::{guard, make_key};
use super::keys::read;
use super::structs::psa_key_attributes_t;
use super::types::*;
use crate::core::key_wrapping;
use crate::psa::{Algorithm, KeyId};

/// Makes a key from `data_length` bytes of wrapped key data, with the attributes that the application gives.
///
/// The wrapping key needs `PSA_KEY_USAGE_UNWRAP`. The unwrapped data is imported as by `psa_import_key()`. On failure `*key` is
/// `PSA_KEY_ID_NULL`.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_INVALID_SIGNATURE` where the data is not authentic;
///         `PSA_ERROR_INVALID_HANDLE` where there is no wrapping key;
///         `PSA_ERROR_NOT_PERMITTED` where its policy forbids it;
///         `PSA_ERROR_INVALID_ARGUMENT` where `alg` is no key-wrapping algorithm or does not go with the wrapping key, for invalid
///         attributes, and where the unwrapped data is no such key;
///         `PSA_ERROR_NOT_SUPPORTED` where the wrapping key's place cannot do it, or the new key's cannot hold the key;
///         `PSA_ERROR_ALREADY_EXISTS` where a persistent key has that identifier;
///         `PSA_ERROR_INSUFFICIENT_STORAGE` where the key store is full;
///         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
///         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot be
///         used;
///         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where a device fails;
///         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
///
/// Source: PSA 1.5, section 10.7.2.
///
/// # Safety
///
/// The pointers are valid: buffers for their lengths, the others for their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_unwrap_key(
    attributes: *const psa_key_attributes_t,
    wrapping_key: psa_key_id_t,
    alg: psa_algorithm_t,
    data: *const u8,
    data_length: usize,
    key: *mut psa_key_id_t,
) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe {
        make_key("psa_unwrap_key", key, |library| {
            let (attributes, data) = (read(attributes)?, In::new(data, data_length)?);
            key_wrapping::unwrap(library, &attributes, KeyId(wrapping_key), Algorithm(alg), &data)
        })
    }
}

/// Wraps a key with another and writes it to `data`, which has `data_size` bytes; `*data_length` is how many were
/// written.
///
/// The wrapping key needs `PSA_KEY_USAGE_WRAP`, the other one `PSA_KEY_USAGE_EXPORT`. `PSA_WRAP_KEY_OUTPUT_SIZE()` is enough room.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
///         `PSA_ERROR_NOT_PERMITTED` where a policy forbids it;
///         `PSA_ERROR_BUFFER_TOO_SMALL` where the wrapped key does not fit;
///         `PSA_ERROR_INVALID_ARGUMENT` where `alg` is no key-wrapping algorithm or does not go with the wrapping key, or does not
///         take a key of this length (`PSA_ALG_KW` takes multiples of 8 bytes, at least 16), or for a null pointer with a length;
///         `PSA_ERROR_NOT_SUPPORTED` where the wrapping key's place cannot do it, or the other key does not leave its own;
///         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
///         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot be
///         used;
///         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where a device fails;
///         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
///
/// Source: PSA 1.5, section 10.7.2.
///
/// # Safety
///
/// The pointers are valid: buffers for their lengths, the others for their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_wrap_key(
    wrapping_key: psa_key_id_t,
    alg: psa_algorithm_t,
    key: psa_key_id_t,
    data: *mut u8,
    data_size: usize,
    data_length: *mut usize,
) -> psa_status_t {
    guard("psa_wrap_key", |library| {
        // SAFETY: the contract of this function.
        unsafe { Out::new(data, data_size, data_length)? }
            .write(|output| key_wrapping::wrap(library, KeyId(wrapping_key), Algorithm(alg), KeyId(key), output))
    })
}
