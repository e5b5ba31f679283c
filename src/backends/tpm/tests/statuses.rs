//! What an application gets for each class of codes, and why, by the specification's descriptions of the codes (TPM 2.0
//! Library, part 2, section 6.6.3; TSS 2.0 Overview, section 4.2.2) and of the statuses (PSA 1.5, section 8.1).
//!
//! `errors.rs` compares the names and numbers of all codes with the headers of the TSS; here every one has its class.

use crate::backends::tpm::error_tables::{FORMAT_ONE, LOCAL, Row, VERSION_ONE, WARNINGS};
use crate::psa::Error;

/// A status, why it is the right one, and for which codes.
type Class = (Error, &'static str, &'static str);

const OF_THE_TPM: [Class; 16] = [
    (
        Error::NotSupported,
        "the TPM lacks an algorithm, size, variant or command, or the object does not offer it: another key or place would do",
        "ASYMMETRIC ATTRIBUTES HASH KEY_SIZE MGF MODE TYPE KDF SCHEME SYMMETRIC SELECTOR KEY RESERVED_BITS CURVE PRIVATE HMAC \
         COMMAND_CODE",
    ),
    (
        Error::InvalidArgument,
        "a number that came from the application is out of range, a point not on its curve",
        "VALUE RANGE SIZE ECC_POINT NV_RANGE NO_RESULT",
    ),
    (
        Error::NotPermitted,
        "the TPM refuses: an authorization, policy, hierarchy, lock or locality forbids it",
        "HIERARCHY AUTH_FAIL PP POLICY_FAIL TICKET BAD_AUTH EXPIRED POLICY_CC FW_LIMITED SVN_LIMITED DISABLED EXCLUSIVE \
         AUTH_TYPE AUTH_MISSING POLICY PCR PCR_CHANGED AUTH_UNAVAILABLE NV_LOCKED NV_AUTHORIZATION CPHASH LOCALITY LOCKOUT",
    ),
    (
        Error::InvalidHandle,
        "the object is not there",
        "HANDLE REFERENCE_H0 REFERENCE_H1 REFERENCE_H2 REFERENCE_H3 REFERENCE_H4 REFERENCE_H5 REFERENCE_H6",
    ),
    (
        Error::CommunicationFailure,
        "what arrived at the TPM is not what this library sends, or the TPM was too busy to take it for as long as was waited",
        "NONCE TAG INSUFFICIENT COMMAND_SIZE AUTHSIZE AUTH_CONTEXT YIELDED CANCELED TESTING NV_RATE RETRY",
    ),
    (Error::InvalidSignature, "a signature is wrong", "SIGNATURE"),
    (Error::DataCorrupt, "what was stored was altered", "INTEGRITY BINDING SENSITIVE"),
    (Error::DataInvalid, "what was stored is whole, but not of this TPM as it is now", "BAD_CONTEXT PARENT"),
    (
        Error::BadState,
        "the order of commands is wrong, or what is in the midst of something was lost",
        "INITIALIZE SEQUENCE REFERENCE_S0 REFERENCE_S1 REFERENCE_S2 REFERENCE_S3 REFERENCE_S4 REFERENCE_S5 REFERENCE_S6",
    ),
    (
        Error::HardwareFailure,
        "the TPM itself cannot go on: a reset or somebody's care is needed",
        "FAILURE UPGRADE REBOOT NEEDS_TEST NV_UNAVAILABLE",
    ),
    (
        Error::InsufficientMemory,
        "the volatile memory of the TPM is full",
        "TOO_MANY_CONTEXTS CONTEXT_GAP OBJECT_MEMORY SESSION_MEMORY MEMORY SESSION_HANDLES OBJECT_HANDLES",
    ),
    (Error::InsufficientStorage, "its lasting memory is full or too small", "NV_SIZE NV_SPACE"),
    (Error::DoesNotExist, "nothing was written there", "NV_UNINITIALIZED"),
    (Error::AlreadyExists, "something is there already", "NV_DEFINED"),
    (Error::CorruptionDetected, "sizes that this library chooses do not fit: it is not itself any more", "UNBALANCED"),
    (Error::GenericError, "markers of the list's end, which no TPM sends", "MAX_FM0 NOT_USED"),
];

const OF_THE_TSS: [Class; 16] = [
    (
        Error::GenericError,
        "a mistake in how sessions were combined, or an unexplained failure",
        "GENERAL_FAILURE INVALID_SESSIONS NO_DECRYPT_PARAM NO_ENCRYPT_PARAM MULTIPLE_DECRYPT_SESSIONS \
         MULTIPLE_ENCRYPT_SESSIONS CALLBACK_NULL",
    ),
    (
        Error::NotSupported,
        "the layer lacks it, or parts of different versions met",
        "NOT_IMPLEMENTED ABI_MISMATCH INCOMPATIBLE_TCTI NOT_SUPPORTED POLICY_UNKNOWN",
    ),
    (
        Error::CorruptionDetected,
        "structures in memory are not what their owner made",
        "BAD_CONTEXT BAD_REFERENCE BAD_TCTI_STRUCTURE",
    ),
    (Error::BufferTooSmall, "a buffer is too short", "INSUFFICIENT_BUFFER"),
    (Error::BadState, "calls out of order", "BAD_SEQUENCE"),
    (
        Error::CommunicationFailure,
        "the TPM is not reached, not in time, or what comes back is not its whole response",
        "NO_CONNECTION TRY_AGAIN IO_ERROR MALFORMED_RESPONSE INSUFFICIENT_CONTEXT INSUFFICIENT_RESPONSE RSP_AUTH_FAILED NO_TPM",
    ),
    (
        Error::InvalidArgument,
        "a value, size, path or template is wrong",
        "BAD_VALUE BAD_SIZE BAD_PATH BAD_TEMPLATE NV_WRONG_TYPE BAD_KEY",
    ),
    (
        Error::NotPermitted,
        "refused by authorization or by what the object is for",
        "NOT_PERMITTED NOT_DELETABLE KEY_NOT_DUPLICABLE PCR_NOT_RESETTABLE AUTHORIZATION_FAILED AUTHORIZATION_UNKNOWN \
         NV_NOT_READABLE NV_NOT_WRITEABLE",
    ),
    (Error::InsufficientMemory, "no memory", "MEMORY"),
    (Error::InsufficientStorage, "the lasting memory is too small", "NV_TOO_SMALL"),
    (Error::InvalidHandle, "no such object", "BAD_TR NO_HANDLE"),
    (Error::DataInvalid, "somebody has to set it up first", "NO_CONFIG NOT_PROVISIONED"),
    (Error::AlreadyExists, "something is there already", "PATH_ALREADY_EXISTS NAME_ALREADY_EXISTS ALREADY_PROVISIONED"),
    (Error::DoesNotExist, "nothing is there", "KEY_NOT_FOUND PATH_NOT_FOUND NO_CERT NO_PCR"),
    (Error::InvalidSignature, "a signature is wrong", "SIGNATURE_VERIFICATION_FAILED"),
    (Error::DataCorrupt, "what was read is not what was written", "HASH_MISMATCH"),
];

fn check(rows: &[&[Row]], classes: &[Class]) {
    let named = |(status, why, names): &Class| -> Vec<(String, Error, &'static str)> {
        names.split_whitespace().map(|name| (name.to_owned(), *status, *why)).collect()
    };
    let named: Vec<_> = classes.iter().flat_map(named).collect();
    for row in rows.iter().flat_map(|rows| rows.iter()) {
        let found: Vec<_> = named.iter().filter(|(name, ..)| name == row.name).collect();
        let [(_, status, why)] = found[..] else { panic!("{} is in {} classes", row.name, found.len()) };
        assert_eq!(row.status, *status, "{}: {why}", row.name);
    }
    let count: usize = rows.iter().map(|rows| rows.len()).sum();
    assert_eq!(named.len(), count, "a class names what is no code");
}

#[test]
fn every_code_has_the_status_of_its_class() {
    check(&[FORMAT_ONE, VERSION_ONE, WARNINGS], &OF_THE_TPM);
    check(&[LOCAL], &OF_THE_TSS);
}
