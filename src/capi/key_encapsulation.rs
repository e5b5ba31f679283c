//! Key encapsulation (PSA 1.5, section 10.12): not supported yet.

use super::buffers::{In, Out};
use super::guard::make_key;
use super::keys::read;
use super::structs::psa_key_attributes_t;
use super::types::*;
use crate::fail;
use crate::psa::KeyId;

/// Makes a secret key and its encapsulation for a public key in `ciphertext`, which has `ciphertext_size` bytes.
///
/// Not supported yet: the arguments are checked, and nothing is done. `*output_key` is `PSA_KEY_ID_NULL`.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_NOT_SUPPORTED`;
///         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
///         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`.
///
/// Source: PSA 1.5, section 10.12.2.
///
/// # Safety
///
/// The pointers are valid: buffers for their lengths, the others for their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_encapsulate(
    key: psa_key_id_t,
    alg: psa_algorithm_t,
    attributes: *const psa_key_attributes_t,
    output_key: *mut psa_key_id_t,
    ciphertext: *mut u8,
    ciphertext_size: usize,
    ciphertext_length: *mut usize,
) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe {
        make_key("psa_encapsulate", output_key, |library| {
            Out::new(ciphertext, ciphertext_size, ciphertext_length)?;
            read(attributes)?;
            library.key(KeyId(key))?;
            fail!(NotSupported, "the key-encapsulation algorithm {alg:#010x} is not supported yet")
        })
    }
}

/// Makes the secret key whose encapsulation is `ciphertext`, of `ciphertext_length` bytes.
///
/// Not supported yet: the arguments are checked, and nothing is done. `*output_key` is `PSA_KEY_ID_NULL`.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_NOT_SUPPORTED`;
///         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
///         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`.
///
/// Source: PSA 1.5, section 10.12.2.
///
/// # Safety
///
/// The pointers are valid: buffers for their lengths, the others for their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_decapsulate(
    key: psa_key_id_t,
    alg: psa_algorithm_t,
    ciphertext: *const u8,
    ciphertext_length: usize,
    attributes: *const psa_key_attributes_t,
    output_key: *mut psa_key_id_t,
) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe {
        make_key("psa_decapsulate", output_key, |library| {
            In::new(ciphertext, ciphertext_length)?;
            read(attributes)?;
            library.key(KeyId(key))?;
            fail!(NotSupported, "the key-encapsulation algorithm {alg:#010x} is not supported yet")
        })
    }
}
