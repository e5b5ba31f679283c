//! Key wrapping (PSA 1.5, section 10.7): not supported yet.

use super::buffers::{In, Out};
use super::guard::{guard, make_key};
use super::keys::read;
use super::structs::psa_key_attributes_t;
use super::types::*;
use crate::fail;
use crate::psa::KeyId;

/// Makes a key from `data_length` bytes of wrapped key data.
///
/// Not supported yet: the arguments are checked, and nothing is done. `*key` is `PSA_KEY_ID_NULL`.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_NOT_SUPPORTED`;
///         `PSA_ERROR_INVALID_HANDLE` where there is no wrapping key;
///         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`.
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
            read(attributes)?;
            In::new(data, data_length)?;
            library.key(KeyId(wrapping_key))?;
            fail!(NotSupported, "the key-wrapping algorithm {alg:#010x} is not supported yet")
        })
    }
}

/// Wraps a key with another and writes it to `data`, which has `data_size` bytes.
///
/// Not supported yet: the arguments are checked, and nothing is done.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_NOT_SUPPORTED`;
///         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
///         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`.
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
        unsafe { Out::new(data, data_size, data_length)? };
        library.key(KeyId(wrapping_key))?;
        library.key(KeyId(key))?;
        fail!(NotSupported, "the key-wrapping algorithm {alg:#010x} is not supported yet")
    })
}
