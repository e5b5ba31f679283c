//! Key agreement (PSA 1.5, section 10.11); `psa_key_derivation_key_agreement` is in `key_derivation`.

use super::buffers::{In, Out};
use super::guard::{guard, make_key};
use super::keys::read;
use super::structs::psa_key_attributes_t;
use super::types::*;
use crate::core::key_agreement;
use crate::psa::{Algorithm, KeyId};

/// Agrees on a secret with the owner of `peer_key`, a public key of `peer_key_length` bytes in the export format, and
/// makes it a key.
///
/// The key's type is `PSA_KEY_TYPE_DERIVE`, `_RAW_DATA`, `_HMAC` or `_PASSWORD`. On failure `*key` is `PSA_KEY_ID_NULL`.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
///         `PSA_ERROR_NOT_PERMITTED` where its policy forbids it;
///         `PSA_ERROR_INVALID_ARGUMENT` where algorithm, key and input do not go together;
///         `PSA_ERROR_NOT_SUPPORTED` where the key's place cannot do it;
///         `PSA_ERROR_ALREADY_EXISTS` where a persistent key has that identifier;
///         `PSA_ERROR_INSUFFICIENT_STORAGE` where the key store is full;
///         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
///         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot be
///         used;
///         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
///         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
///
/// Source: PSA 1.5, section 10.11.2.
///
/// # Safety
///
/// The pointers are valid: buffers for their lengths, the others for their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_key_agreement(
    private_key: psa_key_id_t,
    peer_key: *const u8,
    peer_key_length: usize,
    alg: psa_algorithm_t,
    attributes: *const psa_key_attributes_t,
    key: *mut psa_key_id_t,
) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe {
        make_key("psa_key_agreement", key, |library| {
            let (attributes, peer) = (read(attributes)?, In::new(peer_key, peer_key_length)?);
            key_agreement::to_key(library, KeyId(private_key), &peer, Algorithm(alg), &attributes)
        })
    }
}

/// Agrees on a secret with the owner of `peer_key`, a public key of `peer_key_length` bytes in the export format, and
/// writes it to `output`, which has `output_size` bytes; `*output_length` is how many were written.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_BUFFER_TOO_SMALL` where `output_size` is less than `PSA_RAW_KEY_AGREEMENT_OUTPUT_SIZE()` of the key;
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
/// Source: PSA 1.5, section 10.11.2.
///
/// # Safety
///
/// The pointers are valid: buffers for their lengths, the others for their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_raw_key_agreement(
    alg: psa_algorithm_t,
    private_key: psa_key_id_t,
    peer_key: *const u8,
    peer_key_length: usize,
    output: *mut u8,
    output_size: usize,
    output_length: *mut usize,
) -> psa_status_t {
    guard("psa_raw_key_agreement", |library| {
        // SAFETY: the contract of this function.
        let target = unsafe { Out::new(output, output_size, output_length)? };
        // SAFETY: the contract of this function.
        let peer = unsafe { In::beside(peer_key, peer_key_length, &target)? };
        target.write(|output| key_agreement::raw(library, Algorithm(alg), KeyId(private_key), &peer, output))
    })
}
