//! Authenticated encryption (PSA 1.5, section 10.6).

use super::buffers::{In, Out};
use super::guard::{abort, guard, operate};
use super::structs::psa_aead_operation_t;
use super::types::*;
use crate::core::aead;
use crate::psa::{Algorithm, KeyId};

/// Encrypts `plaintext_length` bytes of `plaintext` with a nonce of `nonce_length` bytes, and authenticates them
/// together with `additional_data_length` bytes of `additional_data`. `ciphertext` has `ciphertext_size` bytes and gets
/// the ciphertext followed by the tag; `*ciphertext_length` is `PSA_AEAD_ENCRYPT_OUTPUT_SIZE()` of key, algorithm and
/// plaintext length. All buffers may overlap.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_BUFFER_TOO_SMALL` where `ciphertext_size` is less than `PSA_AEAD_ENCRYPT_OUTPUT_SIZE()`;
///         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
///         `PSA_ERROR_NOT_PERMITTED` where its policy forbids it;
///         `PSA_ERROR_INVALID_ARGUMENT` where `alg` is no AEAD algorithm, has a tag of a wrong length or does not go
///         with the key, where the nonce has a wrong length or the data is too long, or for a null pointer with a
///         length;
///         `PSA_ERROR_NOT_SUPPORTED` where the key's place cannot do it, or not with this nonce;
///         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
///         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot
///         be used;
///         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
///         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
///
/// Source: PSA 1.5, section 10.6.2.
///
/// # Safety
///
/// The pointers are valid: buffers for their lengths, the others for their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_aead_encrypt(
    key: psa_key_id_t,
    alg: psa_algorithm_t,
    nonce: *const u8,
    nonce_length: usize,
    additional_data: *const u8,
    additional_data_length: usize,
    plaintext: *const u8,
    plaintext_length: usize,
    ciphertext: *mut u8,
    ciphertext_size: usize,
    ciphertext_length: *mut usize,
) -> psa_status_t {
    guard("psa_aead_encrypt", |library| {
        // SAFETY: the contract of this function.
        let output = unsafe { Out::new(ciphertext, ciphertext_size, ciphertext_length)? };
        // SAFETY: the contract of this function.
        let nonce = unsafe { In::beside(nonce, nonce_length, &output)? };
        // SAFETY: the contract of this function.
        let additional_data = unsafe { In::beside(additional_data, additional_data_length, &output)? };
        // SAFETY: the contract of this function.
        unsafe {
            output.transform(plaintext, plaintext_length, |data| {
                aead::encrypt(library, KeyId(key), Algorithm(alg), &nonce, &additional_data, data)
            })
        }
    })
}

/// Decrypts `ciphertext_length` bytes of `ciphertext`, whose end is the tag, with a nonce of `nonce_length` bytes, if
/// they and the `additional_data_length` bytes of `additional_data` are authentic. `plaintext` has `plaintext_size`
/// bytes; `*plaintext_length` is `PSA_AEAD_DECRYPT_OUTPUT_SIZE()` of key, algorithm and ciphertext length. All buffers
/// may overlap; nothing of the plaintext is left in the output where the tag is wrong.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_INVALID_SIGNATURE` where the ciphertext is not authentic, or shorter than a tag;
///         `PSA_ERROR_BUFFER_TOO_SMALL` where `plaintext_size` is less than `PSA_AEAD_DECRYPT_OUTPUT_SIZE()`;
///         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
///         `PSA_ERROR_NOT_PERMITTED` where its policy forbids it;
///         `PSA_ERROR_INVALID_ARGUMENT` where `alg` is no AEAD algorithm, has a tag of a wrong length or does not go
///         with the key, where the nonce has a wrong length or the data is too long, or for a null pointer with a
///         length;
///         `PSA_ERROR_NOT_SUPPORTED` where the key's place cannot do it, or not with this nonce;
///         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
///         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot
///         be used;
///         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
///         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
///
/// Source: PSA 1.5, section 10.6.2.
///
/// # Safety
///
/// The pointers are valid: buffers for their lengths, the others for their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_aead_decrypt(
    key: psa_key_id_t,
    alg: psa_algorithm_t,
    nonce: *const u8,
    nonce_length: usize,
    additional_data: *const u8,
    additional_data_length: usize,
    ciphertext: *const u8,
    ciphertext_length: usize,
    plaintext: *mut u8,
    plaintext_size: usize,
    plaintext_length: *mut usize,
) -> psa_status_t {
    guard("psa_aead_decrypt", |library| {
        // SAFETY: the contract of this function.
        let output = unsafe { Out::new(plaintext, plaintext_size, plaintext_length)? };
        // SAFETY: the contract of this function.
        let nonce = unsafe { In::beside(nonce, nonce_length, &output)? };
        // SAFETY: the contract of this function.
        let additional_data = unsafe { In::beside(additional_data, additional_data_length, &output)? };
        // SAFETY: the contract of this function.
        unsafe {
            output.transform(ciphertext, ciphertext_length, |data| {
                aead::decrypt(library, KeyId(key), Algorithm(alg), &nonce, &additional_data, data)
            })
        }
    })
}

/// Returns an inactive AEAD operation, the same as `PSA_AEAD_OPERATION_INIT`.
///
/// Source: PSA 1.5, section 10.6.3.
#[unsafe(no_mangle)]
pub extern "C" fn psa_aead_operation_init() -> psa_aead_operation_t {
    psa_aead_operation_t::default()
}

/// Begins an authenticated encryption in parts; on failure the operation stays inactive.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
///         `PSA_ERROR_NOT_PERMITTED` where its policy forbids it;
///         `PSA_ERROR_INVALID_ARGUMENT` where `alg` is no AEAD algorithm, has a tag of a wrong length or does not go
///         with the key;
///         `PSA_ERROR_NOT_SUPPORTED` where the key's place cannot do it;
///         `PSA_ERROR_BAD_STATE` where the operation is active, or before `psa_crypto_init()`;
///         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot
///         be used;
///         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
///         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
///
/// Source: PSA 1.5, section 10.6.3.
///
/// # Safety
///
/// `operation` is valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_aead_encrypt_setup(
    operation: *mut psa_aead_operation_t,
    key: psa_key_id_t,
    alg: psa_algorithm_t,
) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe {
        operate("psa_aead_encrypt_setup", operation, |library, handle| {
            aead::encrypt_setup(library, handle, KeyId(key), Algorithm(alg))
        })
    }
}

/// Begins an authenticated decryption in parts; on failure the operation stays inactive.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
///         `PSA_ERROR_NOT_PERMITTED` where its policy forbids it;
///         `PSA_ERROR_INVALID_ARGUMENT` where `alg` is no AEAD algorithm, has a tag of a wrong length or does not go
///         with the key;
///         `PSA_ERROR_NOT_SUPPORTED` where the key's place cannot do it;
///         `PSA_ERROR_BAD_STATE` where the operation is active, or before `psa_crypto_init()`;
///         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot
///         be used;
///         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
///         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
///
/// Source: PSA 1.5, section 10.6.3.
///
/// # Safety
///
/// `operation` is valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_aead_decrypt_setup(
    operation: *mut psa_aead_operation_t,
    key: psa_key_id_t,
    alg: psa_algorithm_t,
) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe {
        operate("psa_aead_decrypt_setup", operation, |library, handle| {
            aead::decrypt_setup(library, handle, KeyId(key), Algorithm(alg))
        })
    }
}

/// Announces how many bytes of additional data and of plaintext will follow: exactly as many must then come.
/// `PSA_ALG_CCM` needs it, before the nonce; other algorithms take it.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_BAD_STATE` where the operation is not active or has its lengths or its nonce already, its key was
///         destroyed, or before `psa_crypto_init()`;
///         `PSA_ERROR_INVALID_ARGUMENT` where the algorithm does not take so much;
///         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot
///         be used;
///         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
///         On failure the operation is in the error state.
///
/// Source: PSA 1.5, section 10.6.3.
///
/// # Safety
///
/// `operation` is valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_aead_set_lengths(
    operation: *mut psa_aead_operation_t,
    ad_length: usize,
    plaintext_length: usize,
) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe {
        operate("psa_aead_set_lengths", operation, |library, handle| {
            aead::set_lengths(library, handle, ad_length, plaintext_length)
        })
    }
}

/// Makes a random nonce for an encryption: writes it to `nonce`, which has `nonce_size` bytes; `*nonce_length` is
/// `PSA_AEAD_NONCE_LENGTH()` of key and algorithm, or less where a long plaintext was announced for `PSA_ALG_CCM`.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_BUFFER_TOO_SMALL` where the nonce is longer than `nonce_size`;
///         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer;
///         `PSA_ERROR_BAD_STATE` where the operation is not active, decrypts, has its nonce already, or lacks the
///         lengths that its algorithm needs, its key was destroyed, or before `psa_crypto_init()`;
///         `PSA_ERROR_INSUFFICIENT_ENTROPY` where there are no random numbers;
///         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot
///         be used;
///         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
///         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
///         On failure the operation is in the error state.
///
/// Source: PSA 1.5, section 10.6.3.
///
/// # Safety
///
/// The pointers are valid: buffers for their lengths, the others for their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_aead_generate_nonce(
    operation: *mut psa_aead_operation_t,
    nonce: *mut u8,
    nonce_size: usize,
    nonce_length: *mut usize,
) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe {
        operate("psa_aead_generate_nonce", operation, |library, handle| {
            Out::new(nonce, nonce_size, nonce_length)?.write(|nonce| aead::generate_nonce(library, handle, nonce))
        })
    }
}

/// Sets the nonce, of `nonce_length` bytes: `PSA_AEAD_NONCE_LENGTH()` of key and algorithm, or what else the algorithm
/// takes (`PSA_ALG_CCM`: 7 to 13, `PSA_ALG_GCM`: 1 or more).
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_BAD_STATE` where the operation is not active, has its nonce already, or lacks the lengths that
///         its algorithm needs, its key was destroyed, or before `psa_crypto_init()`;
///         `PSA_ERROR_INVALID_ARGUMENT` where the algorithm does not take this length, with CCM for a plaintext of the
///         announced length, or for a null pointer with a length;
///         `PSA_ERROR_NOT_SUPPORTED` where the key's place does not take this length;
///         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot
///         be used;
///         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
///         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
///         On failure the operation is in the error state.
///
/// Source: PSA 1.5, section 10.6.3.
///
/// # Safety
///
/// The pointers are valid: buffers for their lengths, the others for their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_aead_set_nonce(
    operation: *mut psa_aead_operation_t,
    nonce: *const u8,
    nonce_length: usize,
) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe {
        operate("psa_aead_set_nonce", operation, |library, handle| {
            aead::set_nonce(library, handle, &In::new(nonce, nonce_length)?)
        })
    }
}

/// Adds `input_length` bytes of `input` to the additional data, which comes before the text.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_BAD_STATE` where the operation is not active, has no nonce yet, or has begun its text, its key
///         was destroyed, or before `psa_crypto_init()`;
///         `PSA_ERROR_INVALID_ARGUMENT` where there is more than was announced or the algorithm takes, or for a null
///         pointer with a length;
///         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot
///         be used;
///         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
///         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
///         On failure the operation is in the error state.
///
/// Source: PSA 1.5, section 10.6.3.
///
/// # Safety
///
/// The pointers are valid: buffers for their lengths, the others for their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_aead_update_ad(
    operation: *mut psa_aead_operation_t,
    input: *const u8,
    input_length: usize,
) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe {
        operate("psa_aead_update_ad", operation, |library, handle| {
            aead::update_ad(library, handle, &In::new(input, input_length)?)
        })
    }
}

/// Encrypts or decrypts `input_length` bytes of `input` into `output`, which has `output_size` bytes; `*output_length`
/// is `input_length`. Input and output may overlap. What is decrypted is not to be trusted before `psa_aead_verify()`
/// succeeds.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_BUFFER_TOO_SMALL` where `output_size` is less than `input_length`;
///         `PSA_ERROR_BAD_STATE` where the operation is not active or has no nonce yet, its key was destroyed, or
///         before `psa_crypto_init()`;
///         `PSA_ERROR_INVALID_ARGUMENT` where there is more text, or was less additional data, than announced, or the
///         algorithm does not take so much, or for a null pointer with a length;
///         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot
///         be used;
///         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
///         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
///         On failure the operation is in the error state.
///
/// Source: PSA 1.5, section 10.6.3.
///
/// # Safety
///
/// The pointers are valid: buffers for their lengths, the others for their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_aead_update(
    operation: *mut psa_aead_operation_t,
    input: *const u8,
    input_length: usize,
    output: *mut u8,
    output_size: usize,
    output_length: *mut usize,
) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe {
        operate("psa_aead_update", operation, |library, handle| {
            Out::new(output, output_size, output_length)?
                .transform(input, input_length, |data| aead::update(library, handle, data))
        })
    }
}

/// Ends an encryption: writes the tag to `tag`, which has `tag_size` bytes; `*tag_length` is `PSA_AEAD_TAG_LENGTH()` of
/// key and algorithm. All ciphertext was already put out, so that nothing is written to `ciphertext`, of
/// `ciphertext_size` bytes, and `*ciphertext_length` is 0.
///
/// The operation becomes inactive.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_BUFFER_TOO_SMALL` where `tag_size` is less than `PSA_AEAD_TAG_LENGTH()`;
///         `PSA_ERROR_BAD_STATE` where the operation is not active, decrypts, or has no nonce yet, its key was
///         destroyed, or before `psa_crypto_init()`;
///         `PSA_ERROR_INVALID_ARGUMENT` where there was less data than announced, or for a null pointer with a length;
///         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot
///         be used;
///         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
///         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
///         On failure the operation is in the error state.
///
/// Source: PSA 1.5, section 10.6.3.
///
/// # Safety
///
/// The pointers are valid: buffers for their lengths, the others for their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_aead_finish(
    operation: *mut psa_aead_operation_t,
    ciphertext: *mut u8,
    ciphertext_size: usize,
    ciphertext_length: *mut usize,
    tag: *mut u8,
    tag_size: usize,
    tag_length: *mut usize,
) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe {
        operate("psa_aead_finish", operation, |library, handle| {
            // Both are made before either is judged: each sets its length to 0.
            let (rest, tag) =
                (Out::new(ciphertext, ciphertext_size, ciphertext_length), Out::new(tag, tag_size, tag_length));
            let _rest = rest?;
            tag?.write(|tag| aead::finish(library, handle, tag))
        })
    }
}

/// Ends a decryption and compares its tag, in constant time, with the `tag_length` bytes of `tag`. All plaintext was
/// already put out, so that nothing is written to `plaintext`, of `plaintext_size` bytes, and `*plaintext_length` is 0.
///
/// The operation becomes inactive.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_INVALID_SIGNATURE` where the tags differ, in length or content;
///         `PSA_ERROR_BAD_STATE` where the operation is not active, encrypts, or has no nonce yet, its key was
///         destroyed, or before `psa_crypto_init()`;
///         `PSA_ERROR_INVALID_ARGUMENT` where there was less data than announced, or for a null pointer with a length;
///         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot
///         be used;
///         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
///         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
///         On failure the operation is in the error state.
///
/// Source: PSA 1.5, section 10.6.3.
///
/// # Safety
///
/// The pointers are valid: buffers for their lengths, the others for their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_aead_verify(
    operation: *mut psa_aead_operation_t,
    plaintext: *mut u8,
    plaintext_size: usize,
    plaintext_length: *mut usize,
    tag: *const u8,
    tag_length: usize,
) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe {
        operate("psa_aead_verify", operation, |library, handle| {
            let _rest = Out::new(plaintext, plaintext_size, plaintext_length)?;
            aead::verify(library, handle, &In::new(tag, tag_length)?)
        })
    }
}

/// Ends an authenticated encryption or decryption in any state; the operation becomes inactive.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer.
///
/// Source: PSA 1.5, section 10.6.3.
///
/// # Safety
///
/// `operation` is valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_aead_abort(operation: *mut psa_aead_operation_t) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe { abort("psa_aead_abort", operation) }
}
