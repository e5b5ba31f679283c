//! The response codes of TPM 2.0 and of the TSS, with their PSA status and what to do.

use crate::psa::Error::{
    self, BadState, BufferTooSmall, CommunicationFailure, CorruptionDetected, DataCorrupt, DataInvalid, DoesNotExist,
    GenericError, HardwareFailure, InsufficientMemory, InsufficientStorage, InvalidArgument, InvalidHandle,
    InvalidSignature, NotPermitted, NotSupported,
};

/// One code.
pub(super) struct Row {
    /// The code within its format or layer.
    pub(super) code: u32,
    /// Its name in the specification.
    pub(super) name: &'static str,
    /// What the application gets.
    pub(super) status: Error,
    /// What it means here or what to do, if the name does not say it.
    pub(super) advice: &'static str,
}

const fn row(code: u32, name: &'static str, status: Error, advice: &'static str) -> Row {
    Row { code, name, status, advice }
}

/// The layers (TSS 2.0 Overview, section 4.2).
pub(super) const LAYERS: &[(u32, &str)] = &[
    (0, "TPM"),
    (6, "feature API"),
    (7, "ESYS"),
    (8, "system API"),
    (9, "marshalling"),
    (10, "TCTI"),
    (11, "resource manager"),
    (12, "TPM behind a resource manager"),
    (13, "policy"),
    (0x80, "libparsec"),
];

const AUTHORIZATION: &str = "the authorization value was rejected; it was tried once";
const FULL: &str = "other programs hold all slots of the TPM; use a resource manager (tcti = \"device:/dev/tpmrm0\" or \
                    \"tabrmd\"), or free them with tpm2_flushcontext --transient-object";
const FULL_OF_SESSIONS: &str = "other programs hold all sessions of the TPM; use a resource manager (tcti = \
                                \"device:/dev/tpmrm0\" or \"tabrmd\"), or end them with tpm2_flushcontext --loaded-session \
                                --saved-session";
const UNREACHABLE: &str = "check that the TPM is there, that tcti names it, that this user may open it (group tss) and that \
                           no other program holds it";
const BUSY: &str = "another program has the device open; without a resource manager it belongs to one process at a time: use \
                    tcti = \"device:/dev/tpmrm0\" or \"tabrmd\"";
const SILENT: &str = "the TPM did not answer within the configured timeout; another program may be holding it";

/// Format one: faults of a parameter, handle or session (part 2, table 17, RC_FMT1).
pub(super) const FORMAT_ONE: &[Row] = &[
    row(0x01, "ASYMMETRIC", NotSupported, "the TPM lacks this asymmetric algorithm"),
    row(0x02, "ATTRIBUTES", NotSupported, "the key's attributes do not allow this"),
    row(0x03, "HASH", NotSupported, "the TPM lacks this hash, or not for this key"),
    row(0x04, "VALUE", InvalidArgument, "a value is out of range"),
    row(0x05, "HIERARCHY", NotPermitted, "the hierarchy is disabled or wrong"),
    row(0x07, "KEY_SIZE", NotSupported, "the TPM lacks this key size"),
    row(0x08, "MGF", NotSupported, "the TPM lacks this mask generation function"),
    row(0x09, "MODE", NotSupported, "the TPM lacks this mode"),
    row(0x0a, "TYPE", NotSupported, "the object is of another type"),
    row(0x0b, "HANDLE", InvalidHandle, "the TPM has no such object"),
    row(0x0c, "KDF", NotSupported, "the TPM lacks this key derivation function"),
    row(0x0d, "RANGE", InvalidArgument, "a value is out of range"),
    row(0x0e, "AUTH_FAIL", NotPermitted, AUTHORIZATION),
    row(0x0f, "NONCE", CommunicationFailure, "the nonce of a session is wrong"),
    row(0x10, "PP", NotPermitted, "physical presence is required"),
    row(0x12, "SCHEME", NotSupported, "the TPM lacks this scheme, or not for this key"),
    row(0x15, "SIZE", InvalidArgument, "a size is wrong"),
    row(0x16, "SYMMETRIC", NotSupported, "the TPM lacks this symmetric algorithm"),
    row(0x17, "TAG", CommunicationFailure, "the command was garbled"),
    row(0x18, "SELECTOR", NotSupported, "the TPM lacks this variant"),
    row(0x1a, "INSUFFICIENT", CommunicationFailure, "the command was cut short"),
    row(0x1b, "SIGNATURE", InvalidSignature, ""),
    row(0x1c, "KEY", NotSupported, "the key does not fit this use"),
    row(
        0x1d,
        "POLICY_FAIL",
        NotPermitted,
        "a PCR that the key is bound to (pcrs) has another value now than when the key was made",
    ),
    row(0x1f, "INTEGRITY", DataCorrupt, "the key's blob was altered or belongs to another TPM"),
    row(0x20, "TICKET", NotPermitted, "a ticket is invalid"),
    row(0x21, "RESERVED_BITS", NotSupported, "the TPM does not know a bit that was set"),
    row(0x22, "BAD_AUTH", NotPermitted, AUTHORIZATION),
    row(0x23, "EXPIRED", NotPermitted, "the policy has expired"),
    row(0x24, "POLICY_CC", NotPermitted, "the key's policy does not allow this command"),
    row(0x25, "BINDING", DataCorrupt, "public and private part do not belong together"),
    row(0x26, "CURVE", NotSupported, "the TPM lacks this curve"),
    row(0x27, "ECC_POINT", InvalidArgument, "the point is not on the curve"),
    row(0x28, "FW_LIMITED", NotPermitted, "the object belongs to other firmware"),
    row(0x29, "SVN_LIMITED", NotPermitted, "the object belongs to other firmware"),
];

/// Format zero, errors (part 2, table 17, RC_VER1).
pub(super) const VERSION_ONE: &[Row] = &[
    row(0x00, "INITIALIZE", BadState, "the TPM waits for TPM2_Startup"),
    row(0x01, "FAILURE", HardwareFailure, "the TPM is in failure mode; reset it"),
    row(0x03, "SEQUENCE", BadState, "improper use of a sequence"),
    row(0x0b, "PRIVATE", NotSupported, ""),
    row(0x19, "HMAC", NotSupported, ""),
    row(0x20, "DISABLED", NotPermitted, "the command is disabled"),
    row(0x21, "EXCLUSIVE", NotPermitted, "an exclusive audit session is required"),
    row(0x24, "AUTH_TYPE", NotPermitted, "the kind of authorization does not fit the object"),
    row(0x25, "AUTH_MISSING", NotPermitted, "an authorization is missing"),
    row(0x26, "POLICY", NotPermitted, "a policy is invalid"),
    row(0x27, "PCR", NotPermitted, "PCR values do not fit"),
    row(0x28, "PCR_CHANGED", NotPermitted, "PCR values have changed in the midst of the work; try again"),
    row(0x2d, "UPGRADE", HardwareFailure, "a firmware upgrade is under way"),
    row(0x2e, "TOO_MANY_CONTEXTS", InsufficientMemory, "too many saved contexts"),
    row(0x2f, "AUTH_UNAVAILABLE", NotPermitted, "the object cannot be authorized by a value"),
    row(0x30, "REBOOT", HardwareFailure, "the TPM must be reset before it works again"),
    row(0x31, "UNBALANCED", CorruptionDetected, "key sizes and hash do not fit each other"),
    row(0x42, "COMMAND_SIZE", CommunicationFailure, "the command was garbled"),
    row(0x43, "COMMAND_CODE", NotSupported, "the TPM lacks this command"),
    row(0x44, "AUTHSIZE", CommunicationFailure, "the command was garbled"),
    row(0x45, "AUTH_CONTEXT", CommunicationFailure, "the command takes no authorization"),
    row(0x46, "NV_RANGE", InvalidArgument, ""),
    row(0x47, "NV_SIZE", InsufficientStorage, ""),
    row(0x48, "NV_LOCKED", NotPermitted, ""),
    row(0x49, "NV_AUTHORIZATION", NotPermitted, ""),
    row(0x4a, "NV_UNINITIALIZED", DoesNotExist, ""),
    row(0x4b, "NV_SPACE", InsufficientStorage, "the TPM's non-volatile memory is full"),
    row(0x4c, "NV_DEFINED", Error::AlreadyExists, ""),
    row(0x50, "BAD_CONTEXT", DataInvalid, "a saved context is void"),
    row(0x51, "CPHASH", NotPermitted, ""),
    row(0x52, "PARENT", DataInvalid, "the parent cannot hold this key"),
    row(0x53, "NEEDS_TEST", HardwareFailure, "the TPM must test itself first"),
    row(0x54, "NO_RESULT", InvalidArgument, "the result is the point at infinity or out of range"),
    row(0x55, "SENSITIVE", DataCorrupt, "the private part is malformed"),
    row(0x7f, "MAX_FM0", GenericError, ""),
];

/// Format zero, warnings: nothing is wrong with the command (part 2, table 17, RC_WARN).
pub(super) const WARNINGS: &[Row] = &[
    row(0x01, "CONTEXT_GAP", InsufficientMemory, "too old saved contexts; flush sessions"),
    row(0x02, "OBJECT_MEMORY", InsufficientMemory, FULL),
    row(0x03, "SESSION_MEMORY", InsufficientMemory, FULL_OF_SESSIONS),
    row(0x04, "MEMORY", InsufficientMemory, "the TPM is out of memory"),
    row(0x05, "SESSION_HANDLES", InsufficientMemory, FULL_OF_SESSIONS),
    row(0x06, "OBJECT_HANDLES", InsufficientMemory, FULL),
    row(0x07, "LOCALITY", NotPermitted, "not from this locality"),
    row(0x08, "YIELDED", CommunicationFailure, "the TPM kept asking to repeat the command"),
    row(0x09, "CANCELED", CommunicationFailure, "the command was cancelled"),
    row(0x0a, "TESTING", CommunicationFailure, "the TPM is testing itself for too long"),
    row(0x10, "REFERENCE_H0", InvalidHandle, "the object is not loaded"),
    row(0x11, "REFERENCE_H1", InvalidHandle, "the object is not loaded"),
    row(0x12, "REFERENCE_H2", InvalidHandle, "the object is not loaded"),
    row(0x13, "REFERENCE_H3", InvalidHandle, "the object is not loaded"),
    row(0x14, "REFERENCE_H4", InvalidHandle, "the object is not loaded"),
    row(0x15, "REFERENCE_H5", InvalidHandle, "the object is not loaded"),
    row(0x16, "REFERENCE_H6", InvalidHandle, "the object is not loaded"),
    row(0x18, "REFERENCE_S0", BadState, "the session is not loaded"),
    row(0x19, "REFERENCE_S1", BadState, "the session is not loaded"),
    row(0x1a, "REFERENCE_S2", BadState, "the session is not loaded"),
    row(0x1b, "REFERENCE_S3", BadState, "the session is not loaded"),
    row(0x1c, "REFERENCE_S4", BadState, "the session is not loaded"),
    row(0x1d, "REFERENCE_S5", BadState, "the session is not loaded"),
    row(0x1e, "REFERENCE_S6", BadState, "the session is not loaded"),
    row(0x20, "NV_RATE", CommunicationFailure, "the TPM limits writes to spare its memory; try again later"),
    row(
        0x21,
        "LOCKOUT",
        NotPermitted,
        "the TPM is locked against dictionary attacks; wait, see tpm2_getcap properties-variable (TPM2_PT_LOCKOUT_*), or \
         reset with tpm2_dictionarylockout --clear-lockout",
    ),
    row(0x22, "RETRY", CommunicationFailure, "the TPM kept asking to repeat the command"),
    row(0x23, "NV_UNAVAILABLE", HardwareFailure, "the TPM's non-volatile memory cannot be written now"),
    row(0x7f, "NOT_USED", GenericError, ""),
];

/// The layers above the TPM share their codes (TSS 2.0 Overview, section 4.2.2).
pub(super) const LOCAL: &[Row] = &[
    row(1, "GENERAL_FAILURE", GenericError, ""),
    row(2, "NOT_IMPLEMENTED", NotSupported, ""),
    row(3, "BAD_CONTEXT", CorruptionDetected, ""),
    row(4, "ABI_MISMATCH", NotSupported, "libtss2 has another version than this library was built for"),
    row(5, "BAD_REFERENCE", CorruptionDetected, ""),
    row(6, "INSUFFICIENT_BUFFER", BufferTooSmall, ""),
    row(7, "BAD_SEQUENCE", BadState, ""),
    row(8, "NO_CONNECTION", CommunicationFailure, UNREACHABLE),
    row(9, "TRY_AGAIN", CommunicationFailure, SILENT),
    row(10, "IO_ERROR", CommunicationFailure, UNREACHABLE),
    row(11, "BAD_VALUE", InvalidArgument, ""),
    row(12, "NOT_PERMITTED", NotPermitted, ""),
    row(13, "INVALID_SESSIONS", GenericError, ""),
    row(14, "NO_DECRYPT_PARAM", GenericError, ""),
    row(15, "NO_ENCRYPT_PARAM", GenericError, ""),
    row(16, "BAD_SIZE", InvalidArgument, ""),
    row(17, "MALFORMED_RESPONSE", CommunicationFailure, "the TPM's response was garbled"),
    row(18, "INSUFFICIENT_CONTEXT", CommunicationFailure, "the TPM's response was garbled"),
    row(19, "INSUFFICIENT_RESPONSE", CommunicationFailure, "the TPM's response was cut short"),
    row(20, "INCOMPATIBLE_TCTI", NotSupported, "the TCTI module does not fit libtss2"),
    row(21, "NOT_SUPPORTED", NotSupported, ""),
    row(22, "BAD_TCTI_STRUCTURE", CorruptionDetected, ""),
    row(23, "MEMORY", InsufficientMemory, ""),
    row(24, "BAD_TR", InvalidHandle, ""),
    row(25, "MULTIPLE_DECRYPT_SESSIONS", GenericError, ""),
    row(26, "MULTIPLE_ENCRYPT_SESSIONS", GenericError, ""),
    row(27, "RSP_AUTH_FAILED", CommunicationFailure, "the response does not come from the TPM that was asked"),
    row(28, "NO_CONFIG", DataInvalid, ""),
    row(29, "BAD_PATH", InvalidArgument, ""),
    row(30, "NOT_DELETABLE", NotPermitted, ""),
    row(31, "PATH_ALREADY_EXISTS", Error::AlreadyExists, ""),
    row(32, "KEY_NOT_FOUND", DoesNotExist, ""),
    row(33, "SIGNATURE_VERIFICATION_FAILED", InvalidSignature, ""),
    row(34, "HASH_MISMATCH", DataCorrupt, ""),
    row(35, "KEY_NOT_DUPLICABLE", NotPermitted, ""),
    row(36, "PATH_NOT_FOUND", DoesNotExist, ""),
    row(37, "NO_CERT", DoesNotExist, ""),
    row(38, "NO_PCR", DoesNotExist, ""),
    row(39, "PCR_NOT_RESETTABLE", NotPermitted, ""),
    row(40, "BAD_TEMPLATE", InvalidArgument, ""),
    row(41, "AUTHORIZATION_FAILED", NotPermitted, AUTHORIZATION),
    row(42, "AUTHORIZATION_UNKNOWN", NotPermitted, ""),
    row(43, "NV_NOT_READABLE", NotPermitted, ""),
    row(44, "NV_TOO_SMALL", InsufficientStorage, ""),
    row(45, "NV_NOT_WRITEABLE", NotPermitted, ""),
    row(46, "POLICY_UNKNOWN", NotSupported, ""),
    row(47, "NV_WRONG_TYPE", InvalidArgument, ""),
    row(48, "NAME_ALREADY_EXISTS", Error::AlreadyExists, ""),
    row(49, "NO_TPM", CommunicationFailure, UNREACHABLE),
    row(50, "BAD_KEY", InvalidArgument, ""),
    row(51, "NO_HANDLE", InvalidHandle, ""),
    row(52, "NOT_PROVISIONED", DataInvalid, ""),
    row(53, "ALREADY_PROVISIONED", Error::AlreadyExists, ""),
    row(54, "CALLBACK_NULL", GenericError, ""),
];

/// Codes of this library's own layer.
pub(super) const OWN: &[Row] = &[
    row(1, "GENERAL_FAILURE", GenericError, ""),
    row(2, "NO_SESSION", GenericError, "the session that carries secrets could not be begun"),
    row(
        3,
        "RESPONSE_REFUSED",
        CommunicationFailure,
        "the response does not come from the TPM that was asked: another program may have changed the session, or \
         somebody sits on the bus",
    ),
    row(4, "BUSY", CommunicationFailure, BUSY),
    row(
        5,
        "NO_RESOURCE_MANAGER",
        CommunicationFailure,
        "tpm2-abrmd does not answer on D-Bus: install the package tpm2-abrmd and start it, check bus_name and bus_type, and \
         that this user may use it (group tss); or set tcti = \"device:/dev/tpmrm0\"",
    ),
    row(6, "NO_SUCH_HOST", CommunicationFailure, "the name of the host in tcti has no address: correct it"),
];

/// What helps where the operating system refuses the way to the TPM.
pub(super) fn advice_for(errno: i32) -> Option<&'static str> {
    match errno {
        libc::EACCES | libc::EPERM => Some(
            "this user may not open it: add the user to the group that owns the device (on most systems tss, with usermod -aG \
             tss USER), and log in again",
        ),
        libc::ENOENT | libc::ENODEV | libc::ENXIO => {
            Some("the kernel shows no such device: enable the TPM in the firmware, load its driver, or correct tcti")
        }
        libc::ECONNREFUSED => Some("nobody listens there: start the TPM's server, or correct host and port in tcti"),
        libc::ENETUNREACH | libc::EHOSTUNREACH => {
            Some("there is no way to this host: check the network, or correct tcti")
        }
        _ => None,
    }
}
