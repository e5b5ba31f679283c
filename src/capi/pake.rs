//! Password-authenticated key exchange (PSA 1.5, section 10.13).

use super::buffers::{In, Out, structure, structure_mut};
use super::guard::{abort, guard, make_key_of, operate};
use super::keys::read;
use super::structs::{Operation, psa_key_attributes_t, psa_pake_cipher_suite_t, psa_pake_operation_t};
use super::types::*;
use crate::core::pake;
use crate::core::primitives::PakeSuite;
use crate::psa::{Algorithm, KeyId, PakePrimitive, PakeRole, PakeStep};

/// Returns a cipher suite with nothing set, the same as `PSA_PAKE_CIPHER_SUITE_INIT`.
///
/// Source: PSA 1.5, section 10.13.3.
#[unsafe(no_mangle)]
pub extern "C" fn psa_pake_cipher_suite_init() -> psa_pake_cipher_suite_t {
    psa_pake_cipher_suite_t::default()
}

/// Returns a cipher suite's algorithm.
///
/// Source: PSA 1.5, section 10.13.3.
///
/// # Safety
///
/// `cipher_suite` is null or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_pake_cs_get_algorithm(cipher_suite: *const psa_pake_cipher_suite_t) -> psa_algorithm_t {
    // SAFETY: the contract of this function.
    unsafe { structure(cipher_suite) }.copied().unwrap_or_default().private_algorithm
}

/// Sets a cipher suite's algorithm.
///
/// Source: PSA 1.5, section 10.13.3.
///
/// # Safety
///
/// `cipher_suite` is null or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_pake_cs_set_algorithm(cipher_suite: *mut psa_pake_cipher_suite_t, alg: psa_algorithm_t) {
    // SAFETY: the contract of this function.
    if let Ok(cipher_suite) = unsafe { structure_mut(cipher_suite) } {
        cipher_suite.private_algorithm = alg;
    }
}

/// Returns a cipher suite's primitive.
///
/// Source: PSA 1.5, section 10.13.3.
///
/// # Safety
///
/// `cipher_suite` is null or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_pake_cs_get_primitive(
    cipher_suite: *const psa_pake_cipher_suite_t,
) -> psa_pake_primitive_t {
    // SAFETY: the contract of this function.
    unsafe { structure(cipher_suite) }.copied().unwrap_or_default().private_primitive
}

/// Sets a cipher suite's primitive.
///
/// Source: PSA 1.5, section 10.13.3.
///
/// # Safety
///
/// `cipher_suite` is null or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_pake_cs_set_primitive(
    cipher_suite: *mut psa_pake_cipher_suite_t,
    primitive: psa_pake_primitive_t,
) {
    // SAFETY: the contract of this function.
    if let Ok(cipher_suite) = unsafe { structure_mut(cipher_suite) } {
        cipher_suite.private_primitive = primitive;
    }
}

/// Returns a cipher suite's key confirmation: `PSA_PAKE_CONFIRMED_KEY` or `PSA_PAKE_UNCONFIRMED_KEY`.
///
/// Source: PSA 1.5, section 10.13.3.
///
/// # Safety
///
/// `cipher_suite` is null or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_pake_cs_get_key_confirmation(cipher_suite: *const psa_pake_cipher_suite_t) -> u32 {
    // SAFETY: the contract of this function.
    unsafe { structure(cipher_suite) }.copied().unwrap_or_default().private_key_confirmation
}

/// Sets a cipher suite's key confirmation: `PSA_PAKE_CONFIRMED_KEY` or `PSA_PAKE_UNCONFIRMED_KEY`.
///
/// Source: PSA 1.5, section 10.13.3.
///
/// # Safety
///
/// `cipher_suite` is null or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_pake_cs_set_key_confirmation(
    cipher_suite: *mut psa_pake_cipher_suite_t,
    key_confirmation: u32,
) {
    // SAFETY: the contract of this function.
    if let Ok(cipher_suite) = unsafe { structure_mut(cipher_suite) } {
        cipher_suite.private_key_confirmation = key_confirmation;
    }
}

/// Returns an inactive PAKE operation, the same as `PSA_PAKE_OPERATION_INIT`.
///
/// Source: PSA 1.5, section 10.13.6.
#[unsafe(no_mangle)]
pub extern "C" fn psa_pake_operation_init() -> psa_pake_operation_t {
    psa_pake_operation_t::default()
}

/// Begins a password-authenticated key exchange with a password, or with what was derived from one.
///
/// | algorithm | key | primitive |
/// | --- | --- | --- |
/// | `PSA_ALG_JPAKE()` | `PSA_KEY_TYPE_PASSWORD`, `_PASSWORD_HASH` | curves in Weierstrass form, Edwards25519, RFC 3526, RFC 7919 |
/// | `PSA_ALG_SPAKE2P_HMAC()`, `_CMAC()`, `_MATTER` | `PSA_KEY_TYPE_SPAKE2P_KEY_PAIR()`, the server also `_PUBLIC_KEY()` | as RFC 9383, section 4 |
/// | `PSA_ALG_WPA3_SAE_FIXED()`, `_GDH()` | `PSA_KEY_TYPE_WPA3_SAE_ECC()`, `_DH()`, or a `PASSWORD` for hunting and pecking | secp256r1 to 521r1, Brainpool 256 to 512, RFC 3526 from 3072 bits |
///
/// J-PAKE takes `PSA_PAKE_UNCONFIRMED_KEY`, the others `PSA_PAKE_CONFIRMED_KEY`.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
///         `PSA_ERROR_NOT_PERMITTED` where the key lacks `PSA_KEY_USAGE_DERIVE`, or is for another algorithm;
///         `PSA_ERROR_INVALID_ARGUMENT` for an algorithm, a key confirmation or a key that do not go together, a password
///         that is a multiple of the group's order, or a null pointer;
///         `PSA_ERROR_NOT_SUPPORTED` for a primitive or hash that is not there, or a key in a device;
///         `PSA_ERROR_BAD_STATE` where the operation is active, or before `psa_crypto_init()`;
///         the errors of reading the key: `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`,
///         `PSA_ERROR_DATA_INVALID`, `PSA_ERROR_COMMUNICATION_FAILURE`.
///
/// Source: PSA 1.5, section 10.13.6.
///
/// # Safety
///
/// The pointers are null or valid for their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_pake_setup(
    operation: *mut psa_pake_operation_t,
    password_key: psa_key_id_t,
    cipher_suite: *const psa_pake_cipher_suite_t,
) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe {
        operate("psa_pake_setup", operation, |library, handle| {
            let suite = structure(cipher_suite)?;
            let confirmation = suite.private_key_confirmation;
            let suite = PakeSuite {
                alg: Algorithm(suite.private_algorithm),
                primitive: PakePrimitive(suite.private_primitive),
            };
            pake::setup(library, handle, KeyId(password_key), suite, confirmation)
        })
    }
}

/// Sets the role of the application: `PSA_PAKE_ROLE_CLIENT` or `_SERVER` in SPAKE2+, `PSA_PAKE_ROLE_NONE`, which may be
/// left out, in the others. Once, before the first step.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_INVALID_ARGUMENT` for a role that the algorithm does not have, for a client with a public key, or
///         for a null pointer;
///         `PSA_ERROR_BAD_STATE` where the operation is not active, the role was set or a step taken already, or before
///         `psa_crypto_init()`.
///
/// Source: PSA 1.5, section 10.13.6.
///
/// # Safety
///
/// `operation` is null or valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_pake_set_role(
    operation: *mut psa_pake_operation_t,
    role: psa_pake_role_t,
) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe {
        operate("psa_pake_set_role", operation, |library, handle| pake::set_role(library, handle, PakeRole(role)))
    }
}

/// Sets the application's identity, of `user_id_len` bytes: 1 to 16 in J-PAKE, 1 or more in SPAKE2+ (which may go without:
/// then this is not called, or for Matter with none), the 6 of a station's address in WPA3-SAE. Once, before the first step.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_INVALID_ARGUMENT` for a length that the algorithm does not have, 0 in all but Matter's, or a null pointer before bytes;
///         `PSA_ERROR_NOT_SUPPORTED` for more than 16 bytes in J-PAKE;
///         `PSA_ERROR_BAD_STATE` where the operation is not active, this was set or a step taken already, or before
///         `psa_crypto_init()`.
///
/// Source: PSA 1.5, section 10.13.6.
///
/// # Safety
///
/// `operation` is null or valid, and `user_id` is valid for `user_id_len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_pake_set_user(
    operation: *mut psa_pake_operation_t,
    user_id: *const u8,
    user_id_len: usize,
) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe {
        operate("psa_pake_set_user", operation, |library, handle| {
            pake::set_user(library, handle, &In::new(user_id, user_id_len)?)
        })
    }
}

/// Sets the peer's identity, of `peer_id_len` bytes: 1 to 16 in J-PAKE, 1 or more in SPAKE2+ (which may go without: then
/// this is not called, or for Matter with none), the 6 of a station's address in WPA3-SAE. Once, before the first step.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_INVALID_ARGUMENT` for a length that the algorithm does not have, 0 in all but Matter's, or a null pointer before bytes;
///         `PSA_ERROR_NOT_SUPPORTED` for more than 16 bytes in J-PAKE;
///         `PSA_ERROR_BAD_STATE` where the operation is not active, this was set or a step taken already, or before
///         `psa_crypto_init()`.
///
/// Source: PSA 1.5, section 10.13.6.
///
/// # Safety
///
/// `operation` is null or valid, and `peer_id` is valid for `peer_id_len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_pake_set_peer(
    operation: *mut psa_pake_operation_t,
    peer_id: *const u8,
    peer_id_len: usize,
) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe {
        operate("psa_pake_set_peer", operation, |library, handle| {
            pake::set_peer(library, handle, &In::new(peer_id, peer_id_len)?)
        })
    }
}

/// Sets the context, of `context_len` bytes, on which both sides of SPAKE2+ agreed; an empty one differs from none. Once,
/// before the first step.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer;
///         `PSA_ERROR_BAD_STATE` where the algorithm has no context, the operation is not active, this was set or a step
///         taken already, or before `psa_crypto_init()`.
///
/// Source: PSA 1.5, section 10.13.6.
///
/// # Safety
///
/// `operation` is null or valid, and `context` is valid for `context_len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_pake_set_context(
    operation: *mut psa_pake_operation_t,
    context: *const u8,
    context_len: usize,
) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe {
        operate("psa_pake_set_context", operation, |library, handle| {
            pake::set_context(library, handle, &In::new(context, context_len)?)
        })
    }
}

/// Writes what this side sends in a step to `output`, which has `output_size` bytes:
/// `PSA_PAKE_OUTPUT_SIZE(alg, primitive, step)` are enough.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_BAD_STATE` where it is not the turn of this step, the operation is not active or not set up
///         completely, its key was destroyed, or before `psa_crypto_init()`;
///         `PSA_ERROR_BUFFER_TOO_SMALL`;
///         `PSA_ERROR_INVALID_ARGUMENT` for a step that the algorithm does not have and for a null pointer, which do no
///         harm to the operation;
///         `PSA_ERROR_INSUFFICIENT_ENTROPY` where there are no random numbers;
///         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot
///         be used;
///         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
///         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
///
/// Source: PSA 1.5, section 10.13.6.
///
/// # Safety
///
/// `operation` and `output_length` are null or valid, and `output` is valid for `output_size` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_pake_output(
    operation: *mut psa_pake_operation_t,
    step: psa_pake_step_t,
    output: *mut u8,
    output_size: usize,
    output_length: *mut usize,
) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe {
        guard("psa_pake_output", |library| {
            let output = Out::new(output, output_size, output_length)?;
            let handle = structure_mut(operation)?.handle();
            output.write(|output| pake::output(library, handle, PakeStep(step), output))
        })
    }
}

/// Takes what the peer sent in a step: `input_length` bytes of `input`, at most
/// `PSA_PAKE_INPUT_SIZE(alg, primitive, step)`.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_INVALID_SIGNATURE` for a wrong proof or confirmation: another password, name or context;
///         `PSA_ERROR_INVALID_ARGUMENT` for what is not an element of the group or not of the form of the step, and,
///         without harm to the operation, for a step that the algorithm does not have and for a null pointer;
///         `PSA_ERROR_BAD_STATE` where it is not the turn of this step, the operation is not active or not set up
///         completely, its key was destroyed, or before `psa_crypto_init()`;
///         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot
///         be used;
///         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
///         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
///
/// Source: PSA 1.5, section 10.13.6.
///
/// # Safety
///
/// `operation` is null or valid, and `input` is valid for `input_length` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_pake_input(
    operation: *mut psa_pake_operation_t,
    step: psa_pake_step_t,
    input: *const u8,
    input_length: usize,
) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe {
        guard("psa_pake_input", |library| {
            let input = In::new(input, input_length)?;
            pake::input(library, structure_mut(operation)?.handle(), PakeStep(step), &input)
        })
    }
}

/// Makes a key of the shared secret, which ends the operation; on failure `*key` is `PSA_KEY_ID_NULL`.
///
/// The secret has as many bytes as a public key of the group in J-PAKE, as the hash in SPAKE2+ (16 in Matter's), 32 in
/// `PSA_ALG_WPA3_SAE_FIXED()`, as the hash in `PSA_ALG_WPA3_SAE_GDH()`. Types are `PSA_KEY_TYPE_DERIVE` and
/// `PSA_KEY_TYPE_HMAC`, and but for J-PAKE those of block ciphers.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_BAD_STATE` before all steps were taken, where the operation is not active, or before
///         `psa_crypto_init()`;
///         `PSA_ERROR_INVALID_ARGUMENT` for another key type, a size that is not that of the secret, wrong attributes or
///         a null pointer;
///         `PSA_ERROR_ALREADY_EXISTS`;
///         `PSA_ERROR_NOT_SUPPORTED`, `PSA_ERROR_NOT_PERMITTED` where the key's place does not take it;
///         `PSA_ERROR_INSUFFICIENT_STORAGE` where the key store is full;
///         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot
///         be used;
///         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
///         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
///
/// Source: PSA 1.5, section 10.13.6.
///
/// # Safety
///
/// The pointers are null or valid for their types.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_pake_get_shared_key(
    operation: *mut psa_pake_operation_t,
    attributes: *const psa_key_attributes_t,
    key: *mut psa_key_id_t,
) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe {
        make_key_of("psa_pake_get_shared_key", operation, key, |library, handle| {
            pake::shared_key(library, handle, &read(attributes)?)
        })
    }
}

/// Ends a PAKE in any state; the operation becomes inactive.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer.
///
/// Source: PSA 1.5, section 10.13.6.
///
/// # Safety
///
/// `operation` is valid.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn psa_pake_abort(operation: *mut psa_pake_operation_t) -> psa_status_t {
    // SAFETY: the contract of this function.
    unsafe { abort("psa_pake_abort", operation) }
}
