//! Key attributes (PSA 1.5, section 9.1): plain accessors, which work before `psa_crypto_init` and cannot fail.
//!
//! A null pointer is ignored by the setters and has the attributes of `PSA_KEY_ATTRIBUTES_INIT` for the getters.

use super::buffers::{structure, structure_mut};
use super::guard::guard;
use super::structs::psa_key_attributes_t;
use super::types::*;
use crate::core::keys;
use crate::psa::{KeyId, Lifetime};

/// What the caller set.
///
/// # Safety
///
/// `attributes` is null or valid.
unsafe fn get(attributes: *const psa_key_attributes_t) -> psa_key_attributes_t {
    // SAFETY: null or valid by the contract.
    unsafe { structure(attributes) }.copied().unwrap_or_default()
}

/// Lets `set` change the attributes.
///
/// # Safety
///
/// `attributes` is null or valid, and nobody else uses it meanwhile.
unsafe fn change(attributes: *mut psa_key_attributes_t, set: impl FnOnce(&mut psa_key_attributes_t)) {
    // SAFETY: null or valid by the contract.
    if let Ok(attributes) = unsafe { structure_mut(attributes) } {
        set(attributes);
    }
}

/// Returns key attributes with nothing set, the same as `PSA_KEY_ATTRIBUTES_INIT`.
///
/// Source: PSA 1.5, section 9.1.1.
#[unsafe(no_mangle)]
pub extern "C" fn psa_key_attributes_init() -> psa_key_attributes_t {
    psa_key_attributes_t::default()
}

/// Reads the attributes of a key into `*attributes`.
///
/// The structure owns nothing; `psa_reset_key_attributes()` is allowed, but not needed.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
///         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer;
///         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
///         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot
///         be read;
///         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
///         On failure the attributes are reset.
///
/// Source: PSA 1.5, section 9.1.1.
///
/// # Safety
///
/// `attributes` is valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_get_key_attributes(
    key: psa_key_id_t,
    attributes: *mut psa_key_attributes_t,
) -> psa_status_t {
    guard("psa_get_key_attributes", |library| {
        // SAFETY: null or valid by the contract of this function.
        let output = unsafe { structure_mut(attributes)? };
        *output = psa_key_attributes_t::default();
        *output = psa_key_attributes_t::from_attributes(&keys::attributes(library, KeyId(key))?);
        Ok(())
    })
}

/// Resets attributes to `PSA_KEY_ATTRIBUTES_INIT`.
///
/// Source: PSA 1.5, section 9.1.1.
///
/// # Safety
///
/// `attributes` is null or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_reset_key_attributes(attributes: *mut psa_key_attributes_t) {
    // SAFETY: the same contract.
    unsafe { change(attributes, |attributes| *attributes = psa_key_attributes_t::default()) }
}

/// Sets the type of a key.
///
/// Source: PSA 1.5, section 9.2.5.
///
/// # Safety
///
/// `attributes` is null or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_set_key_type(attributes: *mut psa_key_attributes_t, r#type: psa_key_type_t) {
    // SAFETY: the same contract.
    unsafe { change(attributes, |attributes| attributes.private_type = r#type) }
}

/// Returns the type of a key, `PSA_KEY_TYPE_NONE` when not set.
///
/// Source: PSA 1.5, section 9.2.5.
///
/// # Safety
///
/// `attributes` is null or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_get_key_type(attributes: *const psa_key_attributes_t) -> psa_key_type_t {
    // SAFETY: the same contract.
    unsafe { get(attributes) }.private_type
}

/// Sets the size of a key in bits; 0 leaves it to the key data. A size over `UINT32_MAX` - 1 is one that no key has.
///
/// Source: PSA 1.5, section 9.2.5.
///
/// # Safety
///
/// `attributes` is null or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_set_key_bits(attributes: *mut psa_key_attributes_t, bits: usize) {
    // SAFETY: the same contract.
    unsafe { change(attributes, |attributes| attributes.private_bits = u32::try_from(bits).unwrap_or(u32::MAX)) }
}

/// Returns the size of a key in bits, 0 when not set.
///
/// Source: PSA 1.5, section 9.2.5.
///
/// # Safety
///
/// `attributes` is null or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_get_key_bits(attributes: *const psa_key_attributes_t) -> usize {
    // SAFETY: the same contract.
    unsafe { get(attributes) }.private_bits as usize
}

/// Sets the lifetime of a key. A volatile lifetime resets the identifier to `PSA_KEY_ID_NULL`.
///
/// Source: PSA 1.5, section 9.6.5.
///
/// # Safety
///
/// `attributes` is null or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_set_key_lifetime(attributes: *mut psa_key_attributes_t, lifetime: psa_key_lifetime_t) {
    // SAFETY: the same contract.
    unsafe {
        change(attributes, |attributes| {
            attributes.private_lifetime = lifetime;
            if Lifetime(lifetime).is_volatile() {
                attributes.private_id = KeyId::NULL.0;
            }
        })
    }
}

/// Returns the lifetime of a key.
///
/// Source: PSA 1.5, section 9.6.5.
///
/// # Safety
///
/// `attributes` is null or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_get_key_lifetime(attributes: *const psa_key_attributes_t) -> psa_key_lifetime_t {
    // SAFETY: the same contract.
    unsafe { get(attributes) }.private_lifetime
}

/// Makes a key persistent under an identifier from `PSA_KEY_ID_USER_MIN` to `PSA_KEY_ID_USER_MAX`; the location of its
/// lifetime stays.
///
/// Source: PSA 1.5, section 9.7.2.
///
/// # Safety
///
/// `attributes` is null or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_set_key_id(attributes: *mut psa_key_attributes_t, id: psa_key_id_t) {
    // SAFETY: the same contract.
    unsafe {
        change(attributes, |attributes| {
            attributes.private_id = id;
            let lifetime = Lifetime(attributes.private_lifetime);
            if lifetime.is_volatile() {
                let persistent = Lifetime::new(Lifetime::PERSISTENCE_DEFAULT, lifetime.location());
                attributes.private_lifetime = persistent.0;
            }
        })
    }
}

/// Returns the identifier of a key, `PSA_KEY_ID_NULL` when not set.
///
/// Source: PSA 1.5, section 9.7.2.
///
/// # Safety
///
/// `attributes` is null or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_get_key_id(attributes: *const psa_key_attributes_t) -> psa_key_id_t {
    // SAFETY: the same contract.
    unsafe { get(attributes) }.private_id
}

/// Sets the algorithm that a key is permitted for; some are wildcards.
///
/// Source: PSA 1.5, section 9.8.1.
///
/// # Safety
///
/// `attributes` is null or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_set_key_algorithm(attributes: *mut psa_key_attributes_t, alg: psa_algorithm_t) {
    // SAFETY: the same contract.
    unsafe { change(attributes, |attributes| attributes.private_algorithm = alg) }
}

/// Returns the algorithm that a key is permitted for, `PSA_ALG_NONE` when not set.
///
/// Source: PSA 1.5, section 9.8.1.
///
/// # Safety
///
/// `attributes` is null or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_get_key_algorithm(attributes: *const psa_key_attributes_t) -> psa_algorithm_t {
    // SAFETY: the same contract.
    unsafe { get(attributes) }.private_algorithm
}

/// Sets what a key may be used for. A new key with `PSA_KEY_USAGE_SIGN_HASH` or
/// `_VERIFY_HASH` also gets the message form.
///
/// Source: PSA 1.5, section 9.8.2.
///
/// # Safety
///
/// `attributes` is null or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_set_key_usage_flags(attributes: *mut psa_key_attributes_t, usage_flags: psa_key_usage_t) {
    // SAFETY: the same contract.
    unsafe { change(attributes, |attributes| attributes.private_usage = usage_flags) }
}

/// Returns what a key may be used for.
///
/// Source: PSA 1.5, section 9.8.2.
///
/// # Safety
///
/// `attributes` is null or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_get_key_usage_flags(attributes: *const psa_key_attributes_t) -> psa_key_usage_t {
    // SAFETY: the same contract.
    unsafe { get(attributes) }.private_usage
}
