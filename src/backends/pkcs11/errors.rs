//! What a module answered, and the one table from its codes to PSA's.

use std::fmt;

use cryptoki_sys::*;

use crate::cause;
use crate::psa::{self, Error};

#[cfg(test)]
mod codes;
#[cfg(test)]
mod tests;

/// Result of work with a module, before it is decided whether a failure is worth another attempt.
pub(super) type Outcome<T> = Result<T, Failure>;

/// Why work with a module failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// The module refused a call.
    Refused {
        /// The function, such as `C_Sign`.
        function: &'static str,
        /// Its answer.
        code: CK_RV,
    },
    /// Our own verdict; its cause is already recorded.
    Settled(Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Settled(error)
    }
}

impl Failure {
    /// `Ok` where the module answered `CKR_OK`.
    pub fn check(function: &'static str, code: CK_RV) -> Outcome<()> {
        if code == CKR_OK { Ok(()) } else { Err(Self::Refused { function, code }) }
    }

    /// True where the module gave exactly this answer.
    pub fn is(&self, expected: CK_RV) -> bool {
        matches!(self, Self::Refused { code, .. } if *code == expected)
    }

    /// True where sessions, login or token are gone: connecting again may help.
    pub fn lost_connection(&self) -> bool {
        const LOST: [CK_RV; 9] = [
            CKR_SESSION_HANDLE_INVALID,
            CKR_SESSION_CLOSED,
            CKR_DEVICE_REMOVED,
            CKR_DEVICE_ERROR,
            CKR_TOKEN_NOT_PRESENT,
            CKR_SLOT_ID_INVALID,
            CKR_USER_NOT_LOGGED_IN,
            CKR_CRYPTOKI_NOT_INITIALIZED,
            // A session of ours that is busy with something that we did not begin.
            CKR_OPERATION_ACTIVE,
        ];
        LOST.iter().any(|code| self.is(*code))
    }

    /// True where the module says nothing but that it failed.
    pub fn says_nothing(&self) -> bool {
        self.is(CKR_GENERAL_ERROR) || self.is(CKR_FUNCTION_FAILED)
    }

    /// True where a cached object handle is void: finding the object again may help.
    pub fn lost_object(&self) -> bool {
        const LOST: [CK_RV; 4] = [
            CKR_KEY_HANDLE_INVALID,
            CKR_OBJECT_HANDLE_INVALID,
            CKR_UNWRAPPING_KEY_HANDLE_INVALID,
            CKR_WRAPPING_KEY_HANDLE_INVALID,
        ];
        LOST.iter().any(|code| self.is(*code))
    }

    /// The same, and what it followed: our own verdict alone would not say what the module had answered.
    #[cold]
    pub fn after(self, first: Self) -> Self {
        match (self, first) {
            (Self::Settled(error), Self::Refused { function, code }) => {
                cause::of(error, format_args!("after {function} answered {}", Name(code))).into()
            }
            (failure, _) => failure,
        }
    }

    /// The status for the caller, with function and code as its cause.
    pub fn settle(self) -> Error {
        match self {
            Self::Settled(error) => error,
            Self::Refused { function, code } => refusal(function, code),
        }
    }
}

#[cold]
fn refusal(function: &str, code: CK_RV) -> Error {
    let error = row(code).map_or(Error::GenericError, |(_, error)| error);
    cause::of(error, format_args!("{function} answered {}", Name(code)))
}

/// What people call a code.
struct Name(CK_RV);

impl fmt::Display for Name {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match row(self.0) {
            Some((name, _)) => formatter.write_str(name),
            None if self.0 >= CKR_VENDOR_DEFINED => write!(formatter, "{:#010x}, a code of the token's vendor", self.0),
            None => write!(formatter, "{:#010x}, which PKCS#11 does not define", self.0),
        }
    }
}

impl fmt::Display for Failure {
    /// What the module answered; our own verdicts have their texts already.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused { function, code } => write!(formatter, "{function} answered {}", Name(*code)),
            Self::Settled(error) => write!(formatter, "{error:?}"),
        }
    }
}

/// A module that breaks the rules of PKCS#11: its lengths or values are not believed.
#[cold]
pub(super) fn nonsense(function: &str, text: std::fmt::Arguments<'_>) -> Failure {
    Failure::Settled(cause::of(Error::HardwareFailure, format_args!("{function}: {text}")))
}

/// Settles a failure where no further attempt is made.
pub(super) fn settled<T>(outcome: Outcome<T>) -> psa::Result<T> {
    outcome.map_err(Failure::settle)
}

macro_rules! statuses {
    ($($code:ident => $error:ident,)+) => {
        /// Name and PSA status of a code of PKCS#11 3.2 (section 5.1); `None` for what it does not define.
        pub(super) fn row(code: CK_RV) -> Option<(&'static str, Error)> {
            match code {
                $($code => Some((stringify!($code), Error::$error)),)+
                _ => None,
            }
        }
    };
}

statuses! {
    // The application, the user or the token's policy says no.
    CKR_CANCEL => NotPermitted,
    CKR_FUNCTION_CANCELED => NotPermitted,
    CKR_FUNCTION_REJECTED => NotPermitted,
    CKR_ACTION_PROHIBITED => NotPermitted,
    CKR_ATTRIBUTE_READ_ONLY => NotPermitted,
    CKR_ATTRIBUTE_SENSITIVE => NotPermitted,
    CKR_INFORMATION_SENSITIVE => NotPermitted,
    CKR_KEY_FUNCTION_NOT_PERMITTED => NotPermitted,
    CKR_KEY_UNEXTRACTABLE => NotPermitted,
    CKR_KEY_NOT_WRAPPABLE => NotPermitted,
    CKR_KEY_EXHAUSTED => NotPermitted,
    CKR_OPERATION_NOT_VALIDATED => NotPermitted,
    CKR_SESSION_READ_ONLY => NotPermitted,
    CKR_TOKEN_WRITE_PROTECTED => NotPermitted,
    // Login.
    CKR_PIN_INCORRECT => NotPermitted,
    CKR_PIN_INVALID => NotPermitted,
    CKR_PIN_LEN_RANGE => NotPermitted,
    CKR_PIN_EXPIRED => NotPermitted,
    CKR_PIN_LOCKED => NotPermitted,
    CKR_PIN_TOO_WEAK => NotPermitted,
    CKR_NEW_PIN_MODE => NotPermitted,
    CKR_NEXT_OTP => NotPermitted,
    CKR_USER_ALREADY_LOGGED_IN => NotPermitted,
    CKR_USER_ANOTHER_ALREADY_LOGGED_IN => NotPermitted,
    CKR_USER_NOT_LOGGED_IN => NotPermitted,
    CKR_USER_PIN_NOT_INITIALIZED => NotPermitted,
    CKR_USER_TOO_MANY_TYPES => NotPermitted,
    CKR_USER_TYPE_INVALID => NotPermitted,
    CKR_SESSION_READ_ONLY_EXISTS => NotPermitted,
    CKR_SESSION_READ_WRITE_SO_EXISTS => NotPermitted,
    CKR_SESSION_EXISTS => NotPermitted,
    // The token cannot do it.
    CKR_FUNCTION_NOT_SUPPORTED => NotSupported,
    CKR_FUNCTION_NOT_PARALLEL => NotSupported,
    CKR_SESSION_PARALLEL_NOT_SUPPORTED => NotSupported,
    CKR_SESSION_ASYNC_NOT_SUPPORTED => NotSupported,
    CKR_CANT_LOCK => NotSupported,
    CKR_NEED_TO_CREATE_THREADS => NotSupported,
    CKR_MECHANISM_INVALID => NotSupported,
    CKR_MECHANISM_PARAM_INVALID => NotSupported,
    CKR_CURVE_NOT_SUPPORTED => NotSupported,
    CKR_DOMAIN_PARAMS_INVALID => NotSupported,
    CKR_PARAMETER_SET_NOT_SUPPORTED => NotSupported,
    CKR_KEY_SIZE_RANGE => NotSupported,
    CKR_UNWRAPPING_KEY_SIZE_RANGE => NotSupported,
    CKR_WRAPPING_KEY_SIZE_RANGE => NotSupported,
    CKR_ATTRIBUTE_TYPE_INVALID => NotSupported,
    CKR_ATTRIBUTE_VALUE_INVALID => NotSupported,
    CKR_TEMPLATE_INCOMPLETE => NotSupported,
    CKR_TEMPLATE_INCONSISTENT => NotSupported,
    CKR_RANDOM_SEED_NOT_SUPPORTED => NotSupported,
    CKR_STATE_UNSAVEABLE => NotSupported,
    CKR_KEY_INDIGESTIBLE => NotSupported,
    // The caller's data.
    CKR_ARGUMENTS_BAD => InvalidArgument,
    CKR_DATA_INVALID => InvalidArgument,
    CKR_DATA_LEN_RANGE => InvalidArgument,
    CKR_ENCRYPTED_DATA_LEN_RANGE => InvalidArgument,
    CKR_KEY_TYPE_INCONSISTENT => InvalidArgument,
    CKR_KEY_CHANGED => InvalidArgument,
    CKR_KEY_NEEDED => InvalidArgument,
    CKR_KEY_NOT_NEEDED => InvalidArgument,
    CKR_PUBLIC_KEY_INVALID => InvalidArgument,
    CKR_SAVED_STATE_INVALID => InvalidArgument,
    CKR_UNWRAPPING_KEY_TYPE_INCONSISTENT => InvalidArgument,
    CKR_WRAPPED_KEY_INVALID => InvalidArgument,
    CKR_WRAPPED_KEY_LEN_RANGE => InvalidArgument,
    CKR_WRAPPING_KEY_TYPE_INCONSISTENT => InvalidArgument,
    CKR_ENCRYPTED_DATA_INVALID => InvalidPadding,
    CKR_AEAD_DECRYPT_FAILED => InvalidSignature,
    CKR_SIGNATURE_INVALID => InvalidSignature,
    CKR_SIGNATURE_LEN_RANGE => InvalidSignature,
    // Objects that are not there (any more).
    CKR_KEY_HANDLE_INVALID => InvalidHandle,
    CKR_OBJECT_HANDLE_INVALID => InvalidHandle,
    CKR_UNWRAPPING_KEY_HANDLE_INVALID => InvalidHandle,
    CKR_WRAPPING_KEY_HANDLE_INVALID => InvalidHandle,
    // Room.
    CKR_HOST_MEMORY => InsufficientMemory,
    CKR_SESSION_COUNT => InsufficientMemory,
    CKR_TOKEN_RESOURCE_EXCEEDED => InsufficientMemory,
    CKR_DEVICE_MEMORY => InsufficientStorage,
    // Randomness.
    CKR_RANDOM_NO_RNG => InsufficientEntropy,
    CKR_SEED_RANDOM_REQUIRED => InsufficientEntropy,
    // The way to the token.
    CKR_DEVICE_REMOVED => CommunicationFailure,
    CKR_TOKEN_NOT_PRESENT => CommunicationFailure,
    CKR_TOKEN_NOT_RECOGNIZED => CommunicationFailure,
    CKR_TOKEN_NOT_INITIALIZED => CommunicationFailure,
    CKR_SLOT_ID_INVALID => CommunicationFailure,
    CKR_SESSION_CLOSED => CommunicationFailure,
    CKR_SESSION_HANDLE_INVALID => CommunicationFailure,
    CKR_CRYPTOKI_NOT_INITIALIZED => CommunicationFailure,
    CKR_CRYPTOKI_ALREADY_INITIALIZED => CommunicationFailure,
    CKR_LIBRARY_LOAD_FAILED => CommunicationFailure,
    CKR_NO_EVENT => CommunicationFailure,
    CKR_PENDING => CommunicationFailure,
    // The token itself.
    CKR_DEVICE_ERROR => HardwareFailure,
    CKR_FIPS_SELF_TEST_FAILED => HardwareFailure,
    // Whatever is given to a module has room for what it may answer. Not the caller's buffer is too small.
    CKR_BUFFER_TOO_SMALL => HardwareFailure,
    // The order of calls within a session.
    CKR_OPERATION_ACTIVE => BadState,
    CKR_OPERATION_NOT_INITIALIZED => BadState,
    CKR_OPERATION_CANCEL_FAILED => BadState,
    // No more is known.
    CKR_GENERAL_ERROR => GenericError,
    CKR_FUNCTION_FAILED => GenericError,
    CKR_EXCEEDED_MAX_ITERATIONS => GenericError,
    CKR_MUTEX_BAD => GenericError,
    CKR_MUTEX_NOT_LOCKED => GenericError,
}
