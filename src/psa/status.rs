//! Status codes (PSA 1.5, section 8.1 and the PSA Status code API).

/// The outcome of a PSA function: `Ok` is `PSA_SUCCESS`.
pub type Result<T> = ::core::result::Result<T, Error>;

/// A status that is not `PSA_SUCCESS`, with its value in C.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Error {
    /// `PSA_ERROR_GENERIC_ERROR`: no other code describes the failure.
    GenericError = -132,
    /// `PSA_ERROR_NOT_PERMITTED`: a policy forbids it.
    NotPermitted = -133,
    /// `PSA_ERROR_NOT_SUPPORTED`: this place or this library cannot do it.
    NotSupported = -134,
    /// `PSA_ERROR_INVALID_ARGUMENT`: the parameters are never valid.
    InvalidArgument = -135,
    /// `PSA_ERROR_INVALID_HANDLE`: no such key.
    InvalidHandle = -136,
    /// `PSA_ERROR_BAD_STATE`: not in this state of the library or the operation.
    BadState = -137,
    /// `PSA_ERROR_BUFFER_TOO_SMALL`: the output does not fit.
    BufferTooSmall = -138,
    /// `PSA_ERROR_ALREADY_EXISTS`: the key identifier is taken.
    AlreadyExists = -139,
    /// `PSA_ERROR_DOES_NOT_EXIST`: no such item.
    DoesNotExist = -140,
    /// `PSA_ERROR_INSUFFICIENT_MEMORY`: out of memory, sessions or slots.
    InsufficientMemory = -141,
    /// `PSA_ERROR_INSUFFICIENT_STORAGE`: no room for a persistent key.
    InsufficientStorage = -142,
    /// `PSA_ERROR_INSUFFICIENT_DATA`: a derivation is exhausted.
    InsufficientData = -143,
    /// `PSA_ERROR_COMMUNICATION_FAILURE`: the device does not answer.
    CommunicationFailure = -145,
    /// `PSA_ERROR_STORAGE_FAILURE`: the key store cannot be read or written.
    StorageFailure = -146,
    /// `PSA_ERROR_HARDWARE_FAILURE`: the device reports a defect.
    HardwareFailure = -147,
    /// `PSA_ERROR_INSUFFICIENT_ENTROPY`: no random numbers.
    InsufficientEntropy = -148,
    /// `PSA_ERROR_INVALID_SIGNATURE`: signature, MAC or tag is wrong.
    InvalidSignature = -149,
    /// `PSA_ERROR_INVALID_PADDING`: the decrypted padding is wrong.
    InvalidPadding = -150,
    /// `PSA_ERROR_CORRUPTION_DETECTED`: the library found itself damaged.
    CorruptionDetected = -151,
    /// `PSA_ERROR_DATA_CORRUPT`: stored data was altered.
    DataCorrupt = -152,
    /// `PSA_ERROR_DATA_INVALID`: stored data is not usable here.
    DataInvalid = -153,
}

impl Error {
    /// The `psa_status_t` that C sees.
    pub const fn code(self) -> i32 {
        self as i32
    }

    /// The name of the status in C.
    pub const fn name(self) -> &'static str {
        match self {
            Self::GenericError => "PSA_ERROR_GENERIC_ERROR",
            Self::NotPermitted => "PSA_ERROR_NOT_PERMITTED",
            Self::NotSupported => "PSA_ERROR_NOT_SUPPORTED",
            Self::InvalidArgument => "PSA_ERROR_INVALID_ARGUMENT",
            Self::InvalidHandle => "PSA_ERROR_INVALID_HANDLE",
            Self::BadState => "PSA_ERROR_BAD_STATE",
            Self::BufferTooSmall => "PSA_ERROR_BUFFER_TOO_SMALL",
            Self::AlreadyExists => "PSA_ERROR_ALREADY_EXISTS",
            Self::DoesNotExist => "PSA_ERROR_DOES_NOT_EXIST",
            Self::InsufficientMemory => "PSA_ERROR_INSUFFICIENT_MEMORY",
            Self::InsufficientStorage => "PSA_ERROR_INSUFFICIENT_STORAGE",
            Self::InsufficientData => "PSA_ERROR_INSUFFICIENT_DATA",
            Self::CommunicationFailure => "PSA_ERROR_COMMUNICATION_FAILURE",
            Self::StorageFailure => "PSA_ERROR_STORAGE_FAILURE",
            Self::HardwareFailure => "PSA_ERROR_HARDWARE_FAILURE",
            Self::InsufficientEntropy => "PSA_ERROR_INSUFFICIENT_ENTROPY",
            Self::InvalidSignature => "PSA_ERROR_INVALID_SIGNATURE",
            Self::InvalidPadding => "PSA_ERROR_INVALID_PADDING",
            Self::CorruptionDetected => "PSA_ERROR_CORRUPTION_DETECTED",
            Self::DataCorrupt => "PSA_ERROR_DATA_CORRUPT",
            Self::DataInvalid => "PSA_ERROR_DATA_INVALID",
        }
    }

    /// What the status means, where nobody recorded a better cause.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::GenericError => "no other code describes the failure",
            Self::NotPermitted => "a policy forbids it",
            Self::NotSupported => "this place or this library cannot do it",
            Self::InvalidArgument => "the parameters are never valid",
            Self::InvalidHandle => "no such key",
            Self::BadState => "not in this state of the library or the operation",
            Self::BufferTooSmall => "the output does not fit",
            Self::AlreadyExists => "the key identifier is taken",
            Self::DoesNotExist => "no such item",
            Self::InsufficientMemory => "out of memory, sessions or slots",
            Self::InsufficientStorage => "no room for a persistent key",
            Self::InsufficientData => "a derivation is exhausted",
            Self::CommunicationFailure => "the device does not answer",
            Self::StorageFailure => "the key store cannot be read or written",
            Self::HardwareFailure => "the device reports a defect",
            Self::InsufficientEntropy => "no random numbers",
            Self::InvalidSignature => "signature, MAC or tag is wrong",
            Self::InvalidPadding => "the decrypted padding is wrong",
            Self::CorruptionDetected => "the library found itself damaged",
            Self::DataCorrupt => "stored data was altered",
            Self::DataInvalid => "stored data is not usable here",
        }
    }
}
