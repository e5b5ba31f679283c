//! Every row of the table, by its numbers.

use super::*;

/// Code and name as in `pkcs11.h` of PKCS#11 3.2 (OASIS), and the `psa_status_t` that C sees.
const ROWS: [(CK_RV, &str, i32); 103] = [
    (0x001, "CKR_CANCEL", -133),
    (0x002, "CKR_HOST_MEMORY", -141),
    (0x003, "CKR_SLOT_ID_INVALID", -145),
    (0x005, "CKR_GENERAL_ERROR", -132),
    (0x006, "CKR_FUNCTION_FAILED", -132),
    (0x007, "CKR_ARGUMENTS_BAD", -135),
    (0x008, "CKR_NO_EVENT", -145),
    (0x009, "CKR_NEED_TO_CREATE_THREADS", -134),
    (0x00a, "CKR_CANT_LOCK", -134),
    (0x010, "CKR_ATTRIBUTE_READ_ONLY", -133),
    (0x011, "CKR_ATTRIBUTE_SENSITIVE", -133),
    (0x012, "CKR_ATTRIBUTE_TYPE_INVALID", -134),
    (0x013, "CKR_ATTRIBUTE_VALUE_INVALID", -134),
    (0x01b, "CKR_ACTION_PROHIBITED", -133),
    (0x020, "CKR_DATA_INVALID", -135),
    (0x021, "CKR_DATA_LEN_RANGE", -135),
    (0x030, "CKR_DEVICE_ERROR", -147),
    (0x031, "CKR_DEVICE_MEMORY", -142),
    (0x032, "CKR_DEVICE_REMOVED", -145),
    (0x040, "CKR_ENCRYPTED_DATA_INVALID", -150),
    (0x041, "CKR_ENCRYPTED_DATA_LEN_RANGE", -135),
    (0x042, "CKR_AEAD_DECRYPT_FAILED", -149),
    (0x050, "CKR_FUNCTION_CANCELED", -133),
    (0x051, "CKR_FUNCTION_NOT_PARALLEL", -134),
    (0x054, "CKR_FUNCTION_NOT_SUPPORTED", -134),
    (0x060, "CKR_KEY_HANDLE_INVALID", -136),
    (0x062, "CKR_KEY_SIZE_RANGE", -134),
    (0x063, "CKR_KEY_TYPE_INCONSISTENT", -135),
    (0x064, "CKR_KEY_NOT_NEEDED", -135),
    (0x065, "CKR_KEY_CHANGED", -135),
    (0x066, "CKR_KEY_NEEDED", -135),
    (0x067, "CKR_KEY_INDIGESTIBLE", -134),
    (0x068, "CKR_KEY_FUNCTION_NOT_PERMITTED", -133),
    (0x069, "CKR_KEY_NOT_WRAPPABLE", -133),
    (0x06a, "CKR_KEY_UNEXTRACTABLE", -133),
    (0x070, "CKR_MECHANISM_INVALID", -134),
    (0x071, "CKR_MECHANISM_PARAM_INVALID", -134),
    (0x082, "CKR_OBJECT_HANDLE_INVALID", -136),
    (0x090, "CKR_OPERATION_ACTIVE", -137),
    (0x091, "CKR_OPERATION_NOT_INITIALIZED", -137),
    (0x0a0, "CKR_PIN_INCORRECT", -133),
    (0x0a1, "CKR_PIN_INVALID", -133),
    (0x0a2, "CKR_PIN_LEN_RANGE", -133),
    (0x0a3, "CKR_PIN_EXPIRED", -133),
    (0x0a4, "CKR_PIN_LOCKED", -133),
    (0x0b0, "CKR_SESSION_CLOSED", -145),
    (0x0b1, "CKR_SESSION_COUNT", -141),
    (0x0b3, "CKR_SESSION_HANDLE_INVALID", -145),
    (0x0b4, "CKR_SESSION_PARALLEL_NOT_SUPPORTED", -134),
    (0x0b5, "CKR_SESSION_READ_ONLY", -133),
    (0x0b6, "CKR_SESSION_EXISTS", -133),
    (0x0b7, "CKR_SESSION_READ_ONLY_EXISTS", -133),
    (0x0b8, "CKR_SESSION_READ_WRITE_SO_EXISTS", -133),
    (0x0c0, "CKR_SIGNATURE_INVALID", -149),
    (0x0c1, "CKR_SIGNATURE_LEN_RANGE", -149),
    (0x0d0, "CKR_TEMPLATE_INCOMPLETE", -134),
    (0x0d1, "CKR_TEMPLATE_INCONSISTENT", -134),
    (0x0e0, "CKR_TOKEN_NOT_PRESENT", -145),
    (0x0e1, "CKR_TOKEN_NOT_RECOGNIZED", -145),
    (0x0e2, "CKR_TOKEN_WRITE_PROTECTED", -133),
    (0x0f0, "CKR_UNWRAPPING_KEY_HANDLE_INVALID", -136),
    (0x0f1, "CKR_UNWRAPPING_KEY_SIZE_RANGE", -134),
    (0x0f2, "CKR_UNWRAPPING_KEY_TYPE_INCONSISTENT", -135),
    (0x100, "CKR_USER_ALREADY_LOGGED_IN", -133),
    (0x101, "CKR_USER_NOT_LOGGED_IN", -133),
    (0x102, "CKR_USER_PIN_NOT_INITIALIZED", -133),
    (0x103, "CKR_USER_TYPE_INVALID", -133),
    (0x104, "CKR_USER_ANOTHER_ALREADY_LOGGED_IN", -133),
    (0x105, "CKR_USER_TOO_MANY_TYPES", -133),
    (0x110, "CKR_WRAPPED_KEY_INVALID", -135),
    (0x112, "CKR_WRAPPED_KEY_LEN_RANGE", -135),
    (0x113, "CKR_WRAPPING_KEY_HANDLE_INVALID", -136),
    (0x114, "CKR_WRAPPING_KEY_SIZE_RANGE", -134),
    (0x115, "CKR_WRAPPING_KEY_TYPE_INCONSISTENT", -135),
    (0x120, "CKR_RANDOM_SEED_NOT_SUPPORTED", -134),
    (0x121, "CKR_RANDOM_NO_RNG", -148),
    (0x130, "CKR_DOMAIN_PARAMS_INVALID", -134),
    (0x140, "CKR_CURVE_NOT_SUPPORTED", -134),
    (0x150, "CKR_BUFFER_TOO_SMALL", -138),
    (0x160, "CKR_SAVED_STATE_INVALID", -135),
    (0x170, "CKR_INFORMATION_SENSITIVE", -133),
    (0x180, "CKR_STATE_UNSAVEABLE", -134),
    (0x190, "CKR_CRYPTOKI_NOT_INITIALIZED", -145),
    (0x191, "CKR_CRYPTOKI_ALREADY_INITIALIZED", -145),
    (0x1a0, "CKR_MUTEX_BAD", -132),
    (0x1a1, "CKR_MUTEX_NOT_LOCKED", -132),
    (0x1b0, "CKR_NEW_PIN_MODE", -133),
    (0x1b1, "CKR_NEXT_OTP", -133),
    (0x1b5, "CKR_EXCEEDED_MAX_ITERATIONS", -132),
    (0x1b6, "CKR_FIPS_SELF_TEST_FAILED", -147),
    (0x1b7, "CKR_LIBRARY_LOAD_FAILED", -145),
    (0x1b8, "CKR_PIN_TOO_WEAK", -133),
    (0x1b9, "CKR_PUBLIC_KEY_INVALID", -135),
    (0x200, "CKR_FUNCTION_REJECTED", -133),
    (0x201, "CKR_TOKEN_RESOURCE_EXCEEDED", -141),
    (0x202, "CKR_OPERATION_CANCEL_FAILED", -137),
    (0x203, "CKR_KEY_EXHAUSTED", -133),
    (0x204, "CKR_PENDING", -145),
    (0x205, "CKR_SESSION_ASYNC_NOT_SUPPORTED", -134),
    (0x206, "CKR_SEED_RANDOM_REQUIRED", -148),
    (0x207, "CKR_OPERATION_NOT_VALIDATED", -133),
    (0x208, "CKR_TOKEN_NOT_INITIALIZED", -145),
    (0x209, "CKR_PARAMETER_SET_NOT_SUPPORTED", -134),
];

#[test]
fn every_code_has_its_status_and_a_text() {
    for (code, name, status) in ROWS {
        let failure = Failure::check("C_Sign", code).unwrap_err();
        assert_eq!(failure.settle().code(), status, "{name}");
        assert_eq!(cause::take(), Some(format!("C_Sign answered {name}")));
    }
}

#[test]
fn the_table_has_no_other_rows() {
    let known: Vec<CK_RV> = (0..0x1000).filter(|code| row(*code).is_some()).collect();
    assert_eq!(known, ROWS.map(|(code, ..)| code));
}

#[test]
fn unknown_codes_are_told_by_number() {
    for (code, text) in [(0x7fff_ffff, "does not define"), (0x8000_0001, "vendor"), (CK_RV::MAX, "vendor")] {
        assert_eq!(Failure::check("C_Login", code).unwrap_err().settle(), Error::GenericError);
        let cause = cause::take().unwrap();
        assert!(cause.contains(&format!("{code:#010x}")) && cause.contains(text), "{cause}");
    }
}

#[test]
fn a_cause_that_is_known_is_kept() {
    let failure = nonsense("C_Sign", format_args!("gave 3 bytes"));
    assert_eq!(failure.settle(), Error::HardwareFailure);
    assert_eq!(cause::take().as_deref(), Some("C_Sign: gave 3 bytes"));
    assert_eq!(Failure::check("C_Sign", CKR_OK), Ok(()));
}
