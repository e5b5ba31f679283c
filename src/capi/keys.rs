//! Key management (PSA 1.5, sections 9.8.2 and 9.9).

use super::buffers::{In, Out, structure};
use super::guard::{guard, make_key};
use super::structs::{psa_custom_key_parameters_t, psa_key_attributes_t};
use super::types::*;
use crate::core::{compatibility, keys};
use crate::fail;
use crate::psa::{Algorithm, Attributes, KeyId, Result, Usage};

/// The attributes that the caller set.
///
/// # Safety
///
/// `attributes` is null or valid.
pub(super) unsafe fn read(attributes: *const psa_key_attributes_t) -> Result<Attributes> {
    // SAFETY: null or valid by the contract.
    Ok(unsafe { structure(attributes)? }.to_attributes())
}

/// Makes a key from `data_length` bytes of key data in the format of its type.
///
/// The size in the attributes may be 0 or must be that of the data. On failure `*key` is `PSA_KEY_ID_NULL`.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_ALREADY_EXISTS` where a persistent key has that identifier;
///         `PSA_ERROR_INVALID_ARGUMENT` for invalid attributes, or data that is not a valid key of that type;
///         `PSA_ERROR_NOT_SUPPORTED` where the key's place, which `parsec_last_error()` names, cannot hold such a key;
///         `PSA_ERROR_INSUFFICIENT_STORAGE` where the key store is full;
///         `PSA_ERROR_NOT_PERMITTED` where others may change the key store or read a secret, or a device rejects what it is
///         opened with;
///         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
///         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot be
///         used;
///         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
///         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
///
/// Source: PSA 1.5, section 9.9.1.
///
/// # Safety
///
/// The pointers are valid: buffers for their lengths, the others for their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_import_key(
    attributes: *const psa_key_attributes_t,
    data: *const u8,
    data_length: usize,
    key: *mut psa_key_id_t,
) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe {
        make_key("psa_import_key", key, |library| {
            keys::import(library, &read(attributes)?, &In::new(data, data_length)?)
        })
    }
}

/// Makes a random key or key pair of the type and size (in bits) in the attributes.
///
/// The place of the key follows from its lifetime and the configuration: `parsec_key_backend()` tells it. On failure
/// `*key` is `PSA_KEY_ID_NULL`.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_ALREADY_EXISTS` where a persistent key has that identifier;
///         `PSA_ERROR_INVALID_ARGUMENT` for invalid attributes, a public-key type, or a size that the type does not have;
///         `PSA_ERROR_NOT_SUPPORTED` where the key's place, which `parsec_last_error()` names, cannot hold such a key;
///         `PSA_ERROR_INSUFFICIENT_STORAGE` where the key store is full;
///         `PSA_ERROR_INSUFFICIENT_ENTROPY` where there are no random numbers;
///         `PSA_ERROR_NOT_PERMITTED` where others may change the key store or read a secret, or a device rejects what it is
///         opened with;
///         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
///         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot be
///         used;
///         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
///         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
///
/// Source: PSA 1.5, section 9.9.1.
///
/// # Safety
///
/// The pointers are valid: buffers for their lengths, the others for their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_generate_key(
    attributes: *const psa_key_attributes_t,
    key: *mut psa_key_id_t,
) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe { make_key("psa_generate_key", key, |library| keys::generate(library, &read(attributes)?, &[])) }
}

/// Makes a random key like `psa_generate_key()`, with production parameters.
///
/// For RSA keys `custom_data` is the public exponent, `custom_data_length` bytes in little-endian order, 0 for 65537: an odd
/// number above 1 of up to 32 bits. Other types take none. `custom->flags` is 0. On failure `*key` is `PSA_KEY_ID_NULL`.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_ALREADY_EXISTS` where a persistent key has that identifier;
///         `PSA_ERROR_INVALID_ARGUMENT` for invalid attributes, or production parameters that the type does not take;
///         `PSA_ERROR_NOT_SUPPORTED` where the key's place, which `parsec_last_error()` names, cannot hold such a key;
///         `PSA_ERROR_INSUFFICIENT_STORAGE` where the key store is full;
///         `PSA_ERROR_INSUFFICIENT_ENTROPY` where there are no random numbers;
///         `PSA_ERROR_NOT_PERMITTED` where others may change the key store or read a secret, or a device rejects what it is
///         opened with;
///         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
///         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot be
///         used;
///         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
///         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
///
/// Source: PSA 1.5, section 9.9.1.
///
/// # Safety
///
/// The pointers are valid: buffers for their lengths, the others for their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_generate_key_custom(
    attributes: *const psa_key_attributes_t,
    custom: *const psa_custom_key_parameters_t,
    custom_data: *const u8,
    custom_data_length: usize,
    key: *mut psa_key_id_t,
) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe {
        make_key("psa_generate_key_custom", key, |library| {
            let (attributes, data) = (read(attributes)?, In::new(custom_data, custom_data_length)?);
            if structure(custom)?.flags != 0 {
                return fail!(InvalidArgument, "the flags of custom production parameters must be 0");
            }
            keys::generate(library, &attributes, &data)
        })
    }
}

/// Copies a key under a policy that both the source and the attributes permit.
///
/// The source needs `PSA_KEY_USAGE_COPY`, and `PSA_KEY_USAGE_EXPORT` as well when the copy goes to another place. Type and
/// size may be left out of the attributes. On failure `*target_key` is `PSA_KEY_ID_NULL`.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_INVALID_HANDLE` where there is no source key;
///         `PSA_ERROR_NOT_PERMITTED` where the source's usage flags forbid the copy;
///         `PSA_ERROR_ALREADY_EXISTS` where a persistent key has that identifier;
///         `PSA_ERROR_INVALID_ARGUMENT` for invalid attributes, another type or size than the source's, or policies without a common algorithm;
///         `PSA_ERROR_NOT_SUPPORTED` where the key's place, which `parsec_last_error()` names, cannot hold such a key;
///         `PSA_ERROR_INSUFFICIENT_STORAGE` where the key store is full;
///         `PSA_ERROR_NOT_PERMITTED` where others may change the key store or read a secret, or a device rejects what it is
///         opened with;
///         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
///         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot be
///         used;
///         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
///         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
///
/// Source: PSA 1.5, section 9.9.1.
///
/// # Safety
///
/// The pointers are valid: buffers for their lengths, the others for their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_copy_key(
    source_key: psa_key_id_t,
    attributes: *const psa_key_attributes_t,
    target_key: *mut psa_key_id_t,
) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe {
        make_key("psa_copy_key", target_key, |library| keys::copy(library, KeyId(source_key), &read(attributes)?))
    }
}

/// Gives a volatile identifier to a key that a device already holds, by a label of `label_length` bytes.
///
/// In a PKCS#11 token the label is a URI (RFC 7512) with the attributes `object`, `id` and `type`, such as
/// `pkcs11:id=%01;type=private`, or the plain `CKA_LABEL`; what the URI says of the token must be true of it. In a TPM it is
/// a persistent handle, such as `0x81010001`. Type and size may be left unset, but the size of an HMAC key that was brought
/// into a TPM: that says it of the keys alone that it made. The key is not owned: destroying the identifier leaves it in the
/// device, and a copy with a persistent identifier is another reference to it. On failure `*key` is `PSA_KEY_ID_NULL`.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_DOES_NOT_EXIST` where the device has no such key;
///         `PSA_ERROR_NOT_PERMITTED` where the key in the device is not for this usage;
///         `PSA_ERROR_NOT_SUPPORTED` where the device cannot do what the policy asks, or not with such a key;
///         `PSA_ERROR_INVALID_ARGUMENT` for a persistent lifetime, an unknown location, another type or size than the
///         key's, an unset size where the device does not tell it, a label that names no key, or one that names
///         several, which `parsec_last_error()` lists;
///         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot
///         be used;
///         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the device fails;
///         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
///         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
///
/// Source: PSA 1.5, section 9.9.1.
///
/// # Safety
///
/// The pointers are valid: buffers for their lengths, the others for their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_attach_key(
    attributes: *const psa_key_attributes_t,
    label: *const u8,
    label_length: usize,
    key: *mut psa_key_id_t,
) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe {
        make_key("psa_attach_key", key, |library| {
            keys::attach(library, &read(attributes)?, &In::new(label, label_length)?)
        })
    }
}

/// Destroys a key: its material in memory, in the key store and in its device.
///
/// Operations that use the key fail at their next step. `PSA_KEY_ID_NULL` is no key, and nothing is done.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
///         `PSA_ERROR_NOT_PERMITTED` where the key is read-only;
///         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
///         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot be
///         used;
///         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
///         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
///
/// Source: PSA 1.5, section 9.9.2.
#[unsafe(no_mangle)]
pub extern "C" fn psa_destroy_key(key: psa_key_id_t) -> psa_status_t {
    guard("psa_destroy_key", |library| keys::destroy(library, KeyId(key)))
}

/// Removes copies of a persistent key's material from memory; it is read again when it is next used.
///
/// A volatile key, and one that an operation is using, stays.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
///         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
///         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot be
///         used;
///         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
///         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
///
/// Source: PSA 1.5, section 9.9.2.
#[unsafe(no_mangle)]
pub extern "C" fn psa_purge_key(key: psa_key_id_t) -> psa_status_t {
    guard("psa_purge_key", |library| keys::purge(library, KeyId(key)))
}

/// Writes a key in the format of its type to `data`, which has `data_size` bytes, and its length to `*data_length`.
///
/// The key needs `PSA_KEY_USAGE_EXPORT`, unless it is a public key.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
///         `PSA_ERROR_NOT_PERMITTED` without `PSA_KEY_USAGE_EXPORT`;
///         `PSA_ERROR_BUFFER_TOO_SMALL` where `data_size` is less than `PSA_EXPORT_KEY_OUTPUT_SIZE()` of the key;
///         `PSA_ERROR_NOT_SUPPORTED` where the key does not leave its place;
///         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer;
///         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
///         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot be
///         used;
///         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
///         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
///
/// Source: PSA 1.5, section 9.9.3.
///
/// # Safety
///
/// The pointers are valid: buffers for their lengths, the others for their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_export_key(
    key: psa_key_id_t,
    data: *mut u8,
    data_size: usize,
    data_length: *mut usize,
) -> psa_status_t {
    guard("psa_export_key", |library| {
        // SAFETY: the contract of this function.
        let output = unsafe { Out::new(data, data_size, data_length)? };
        output.write(|output| keys::export(library, KeyId(key), output))
    })
}

/// Writes the public part of a key pair, or a public key, to `data`, which has `data_size` bytes, and its length to
/// `*data_length`. No usage flag is needed.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
///         `PSA_ERROR_INVALID_ARGUMENT` for a symmetric key;
///         `PSA_ERROR_BUFFER_TOO_SMALL` where `data_size` is less than `PSA_EXPORT_PUBLIC_KEY_OUTPUT_SIZE()` of the key;
///         `PSA_ERROR_NOT_SUPPORTED` where the key does not leave its place;
///         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
///         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot be
///         used;
///         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
///         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
///
/// Source: PSA 1.5, section 9.9.3.
///
/// # Safety
///
/// The pointers are valid: buffers for their lengths, the others for their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_export_public_key(
    key: psa_key_id_t,
    data: *mut u8,
    data_size: usize,
    data_length: *mut usize,
) -> psa_status_t {
    guard("psa_export_public_key", |library| {
        // SAFETY: the contract of this function.
        let output = unsafe { Out::new(data, data_size, data_length)? };
        output.write(|output| keys::export_public(library, KeyId(key), output))
    })
}

/// Tells whether a key can be used with an algorithm for one usage flag: by its policy, its type and its place.
///
/// For `PSA_KEY_USAGE_EXPORT`, `_COPY` and `_CACHE` the algorithm is `PSA_ALG_NONE`. Nothing is computed with the key.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
///         `PSA_ERROR_NOT_PERMITTED` where the policy forbids it;
///         `PSA_ERROR_INVALID_ARGUMENT` where algorithm, usage and type of the key do not go together;
///         `PSA_ERROR_NOT_SUPPORTED` where the key's place cannot do it;
///         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
///         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot be
///         used;
///         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
///         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
///
/// Source: PSA 1.5, section 9.8.2.
#[unsafe(no_mangle)]
pub extern "C" fn psa_check_key_usage(key: psa_key_id_t, alg: psa_algorithm_t, usage: psa_key_usage_t) -> psa_status_t {
    guard("psa_check_key_usage", |library| {
        compatibility::check_usage(library, KeyId(key), Algorithm(alg), Usage(usage))
    })
}
