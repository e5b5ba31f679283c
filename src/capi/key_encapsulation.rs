//! Key encapsulation (PSA 1.5, section 10.12).

use super::buffers::{In, Out};
use super::guard::make_key;
use super::keys::read;
use super::structs::psa_key_attributes_t;
use super::types::*;
use crate::core::key_encapsulation;
use crate::psa::{Algorithm, KeyId};

/// Makes a secret key and encapsulates it for the owner of a public key or key pair.
///
/// The encapsulation goes to `ciphertext`, which has `ciphertext_size` bytes; `*ciphertext_length` is how many were written.
/// The type of the secret key is `PSA_KEY_TYPE_DERIVE` or `_HMAC`, with `PSA_ALG_ML_KEM` also one of a cipher; its size is 0
/// in the attributes, or that of the secret (256 bits for ML-KEM, the size of the curve in whole bytes for
/// `PSA_ALG_ECIES_SEC1`). On failure `*output_key` is `PSA_KEY_ID_NULL`.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_BUFFER_TOO_SMALL` where `ciphertext_size` is less than `PSA_ENCAPSULATE_CIPHERTEXT_SIZE()` of key and
///         algorithm;
///         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
///         `PSA_ERROR_NOT_PERMITTED` where its policy forbids it;
///         `PSA_ERROR_INVALID_ARGUMENT` where algorithm, key and attributes do not go together;
///         `PSA_ERROR_NOT_SUPPORTED` where the key's place cannot do it, or the place of the new key cannot hold that;
///         `PSA_ERROR_ALREADY_EXISTS` where a persistent key has that identifier;
///         `PSA_ERROR_INSUFFICIENT_ENTROPY` where there are no random numbers;
///         `PSA_ERROR_INSUFFICIENT_STORAGE` where the key store is full;
///         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
///         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot be
///         used;
///         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
///         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
///
/// Source: PSA 1.5, section 10.12.3.
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
            let target = Out::new(ciphertext, ciphertext_size, ciphertext_length)?;
            let attributes = read(attributes)?;
            let mut made = KeyId::NULL;
            target.write(|output| {
                let (key, alg) = (KeyId(key), Algorithm(alg));
                let (secret, length) = key_encapsulation::encapsulate(library, key, alg, &attributes, output)?;
                made = secret;
                Ok(length)
            })?;
            Ok(made)
        })
    }
}

/// Makes the secret key whose encapsulation is `ciphertext`, of `ciphertext_length` bytes, with a key pair.
///
/// Its type and size are as for `psa_encapsulate()`. Nothing tells whether the other side has the same key: a ciphertext
/// that was changed gives another one. On failure `*output_key` is `PSA_KEY_ID_NULL`.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
///         `PSA_ERROR_NOT_PERMITTED` where its policy forbids it;
///         `PSA_ERROR_INVALID_ARGUMENT` where algorithm, key, ciphertext and attributes do not go together;
///         `PSA_ERROR_NOT_SUPPORTED` where the key's place cannot do it, or the place of the new key cannot hold that;
///         `PSA_ERROR_ALREADY_EXISTS` where a persistent key has that identifier;
///         `PSA_ERROR_INSUFFICIENT_STORAGE` where the key store is full;
///         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
///         `PSA_ERROR_INSUFFICIENT_ENTROPY` where there are no random numbers;
///         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot
///         be used;
///         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
///         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
///
/// Source: PSA 1.5, section 10.12.3.
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
            let (attributes, ciphertext) = (read(attributes)?, In::new(ciphertext, ciphertext_length)?);
            key_encapsulation::decapsulate(library, KeyId(key), Algorithm(alg), &ciphertext, &attributes)
        })
    }
}
