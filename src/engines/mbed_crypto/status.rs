//! Statuses of Mbed TLS as ours.

use psa_crypto::types::status::Error as MbedError;

use crate::cause;
use crate::psa::Error;

/// Our status for one of Mbed TLS. A cause is recorded where somebody would ask for it, which is not where the data of a
/// caller was tried and found wrong.
pub(super) fn convert(error: MbedError) -> Error {
    let status = translate(error);
    match status {
        Error::InvalidSignature | Error::InvalidPadding | Error::BufferTooSmall | Error::InsufficientData => status,
        _ => cause::of(status, format_args!("Mbed TLS answered {}", status.name())),
    }
}

/// The same status: both are of the same specification.
fn translate(error: MbedError) -> Error {
    match error {
        MbedError::GenericError => Error::GenericError,
        MbedError::NotSupported => Error::NotSupported,
        MbedError::NotPermitted => Error::NotPermitted,
        MbedError::BufferTooSmall => Error::BufferTooSmall,
        MbedError::AlreadyExists => Error::AlreadyExists,
        MbedError::DoesNotExist => Error::DoesNotExist,
        MbedError::BadState => Error::BadState,
        MbedError::InvalidArgument => Error::InvalidArgument,
        MbedError::InsufficientMemory => Error::InsufficientMemory,
        MbedError::InsufficientStorage => Error::InsufficientStorage,
        MbedError::CommunicationFailure => Error::CommunicationFailure,
        MbedError::StorageFailure => Error::StorageFailure,
        MbedError::DataCorrupt => Error::DataCorrupt,
        MbedError::DataInvalid => Error::DataInvalid,
        MbedError::HardwareFailure => Error::HardwareFailure,
        MbedError::CorruptionDetected => Error::CorruptionDetected,
        MbedError::InsufficientEntropy => Error::InsufficientEntropy,
        MbedError::InvalidSignature => Error::InvalidSignature,
        MbedError::InvalidPadding => Error::InvalidPadding,
        MbedError::InsufficientData => Error::InsufficientData,
        MbedError::InvalidHandle => Error::InvalidHandle,
    }
}
