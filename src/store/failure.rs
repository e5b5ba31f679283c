//! From the errors of SQLite and the file system to PSA statuses, with a cause that names the file.

use std::io;
use std::path::Path;

use rusqlite::ffi;

use crate::cause;
use crate::psa::Error;

/// The primary result codes of SQLite that a database can give, and what they mean to PSA. Codes that are not listed
/// are an error in this library: `GENERIC_ERROR`.
const CODES: [(i32, Error); 19] = [
    (ffi::SQLITE_PERM, Error::StorageFailure),
    (ffi::SQLITE_ABORT, Error::StorageFailure),
    (ffi::SQLITE_BUSY, Error::StorageFailure),
    (ffi::SQLITE_LOCKED, Error::StorageFailure),
    (ffi::SQLITE_NOMEM, Error::InsufficientMemory),
    (ffi::SQLITE_READONLY, Error::StorageFailure),
    (ffi::SQLITE_INTERRUPT, Error::StorageFailure),
    (ffi::SQLITE_IOERR, Error::StorageFailure),
    (ffi::SQLITE_CORRUPT, Error::DataCorrupt),
    (ffi::SQLITE_FULL, Error::InsufficientStorage),
    (ffi::SQLITE_CANTOPEN, Error::StorageFailure),
    (ffi::SQLITE_PROTOCOL, Error::StorageFailure),
    (ffi::SQLITE_TOOBIG, Error::InsufficientStorage),
    (ffi::SQLITE_CONSTRAINT, Error::AlreadyExists),
    (ffi::SQLITE_MISMATCH, Error::DataCorrupt),
    (ffi::SQLITE_NOLFS, Error::InsufficientStorage),
    (ffi::SQLITE_AUTH, Error::StorageFailure),
    (ffi::SQLITE_FORMAT, Error::DataCorrupt),
    (ffi::SQLITE_NOTADB, Error::DataCorrupt),
];

/// The status of an error of the database at `path`.
pub(super) fn database(path: &Path, error: rusqlite::Error) -> Error {
    let status = match error.sqlite_error() {
        Some(code) => of_code(code.extended_code),
        None => of_content(&error),
    };
    // The text of an SQL error would contain the statement, never its values.
    cause::of(status, format_args!("key store {}: {error}", path.display()))
}

fn of_code(extended: i32) -> Error {
    match extended {
        ffi::SQLITE_IOERR_NOMEM => Error::InsufficientMemory,
        // On other errors the primary code, which is the low byte, decides.
        _ => match CODES.iter().find(|(code, _)| *code == extended & 0xff) {
            Some((_, status)) => *status,
            None => Error::GenericError,
        },
    }
}

/// Errors that rusqlite itself finds when it reads a row.
fn of_content(error: &rusqlite::Error) -> Error {
    match error {
        rusqlite::Error::FromSqlConversionFailure(..)
        | rusqlite::Error::IntegralValueOutOfRange(..)
        | rusqlite::Error::Utf8Error(..)
        | rusqlite::Error::InvalidColumnType(..)
        | rusqlite::Error::QueryReturnedNoRows => Error::DataCorrupt,
        rusqlite::Error::InvalidPath(_) | rusqlite::Error::NulError(_) => Error::StorageFailure,
        _ => Error::GenericError,
    }
}

/// The status of an error of the file system at `path`.
pub(super) fn file(path: &Path, error: io::Error) -> Error {
    let status = match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Error::InsufficientStorage,
        io::ErrorKind::OutOfMemory => Error::InsufficientMemory,
        _ => Error::StorageFailure,
    };
    let hint = match error.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::NotADirectory => {
            "; set path in [store] of parsec.toml to a directory that only this user may write"
        }
        _ => "",
    };
    cause::of(status, format_args!("key store {}: {error}{hint}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Codes as <https://sqlite.org/rescode.html> numbers them, extended ones included.
    #[test]
    fn every_code_has_its_status() {
        let rows: [(Error, &[i32]); 6] = [
            (Error::StorageFailure, &[3, 4, 5, 6, 8, 9, 10, 14, 15, 23, 10 | 4 << 8, 8 | 4 << 8, 5 | 2 << 8]),
            (Error::InsufficientMemory, &[7, 10 | 12 << 8]),
            (Error::InsufficientStorage, &[13, 18, 22]),
            (Error::DataCorrupt, &[11, 20, 24, 26, 11 | 3 << 8]),
            (Error::AlreadyExists, &[19, 19 | 6 << 8]),
            (Error::GenericError, &[1, 2, 12, 16, 17, 21, 25]),
        ];
        for (status, codes) in rows {
            for code in codes {
                let error = rusqlite::Error::SqliteFailure(ffi::Error::new(*code), None);
                cause::clear();
                assert_eq!(database(Path::new("/s/keys.db"), error), status, "{code}");
                assert!(cause::take().unwrap().starts_with("key store /s/keys.db: "));
            }
        }
        let primary = rows.iter().flat_map(|(_, codes)| *codes).filter(|code| **code < 27);
        assert_eq!(primary.count(), 26);
    }

    #[test]
    fn errors_of_files_have_their_status() {
        for (code, status) in [
            (libc::ENOSPC, Error::InsufficientStorage),
            (libc::EDQUOT, Error::InsufficientStorage),
            (libc::ENOMEM, Error::InsufficientMemory),
            (libc::EIO, Error::StorageFailure),
            (libc::EACCES, Error::StorageFailure),
        ] {
            assert_eq!(file(Path::new("/s"), io::Error::from_raw_os_error(code)), status);
        }
    }
}
