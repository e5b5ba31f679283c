//! Files that decide about keys: who may have written them.

use std::fs::{File, Metadata, OpenOptions};
use std::io::{ErrorKind, Read};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

use super::environment::effective_user;
use crate::fail;
use crate::memory::Secret;
use crate::psa::Result;

/// Group and others may write.
const WRITABLE_BY_OTHERS: u32 = 0o022;
/// Others may read, or anybody but the owner may write: too much for a secret.
const TOO_OPEN_FOR_A_SECRET: u32 = 0o026;
/// In such a directory only its owner replaces a file.
const STICKY: u32 = 0o1000;
/// Longer files are not what they should be.
const LIMIT: u64 = 1 << 20;

/// Refuses (`NOT_PERMITTED`) a file that another user than root or we may write, or may replace because of a
/// directory above it. `what` names it in the text: "configuration", "module".
///
/// `STORAGE_FAILURE` when it does not exist or cannot be examined.
pub fn check_trusted(path: &Path, what: &str) -> Result<()> {
    let real = match path.canonicalize() {
        Ok(real) => real,
        Err(error) => return fail!(StorageFailure, "{what} {}: {error}", path.display()),
    };
    for place in real.ancestors() {
        let metadata = match place.metadata() {
            Ok(metadata) => metadata,
            Err(error) => return fail!(StorageFailure, "{what} {}: {error}", place.display()),
        };
        check_place(place, &metadata, what)?;
    }
    Ok(())
}

fn check_place(place: &Path, metadata: &Metadata, what: &str) -> Result<()> {
    let mode = metadata.permissions().mode();
    let sticky = metadata.is_dir() && mode & STICKY != 0;
    if mode & WRITABLE_BY_OTHERS != 0 && !sticky {
        return fail!(NotPermitted, "{what} refused: others may write {}; run 'chmod go-w {0}'", place.display());
    }
    if !owned_by_us_or_root(metadata) {
        return fail!(
            NotPermitted,
            "{what} refused: {} belongs to user {}; it must belong to root or to the user of this process",
            place.display(),
            metadata.uid()
        );
    }
    Ok(())
}

/// True where only root or the user of this process can change the permissions.
pub fn owned_by_us_or_root(metadata: &Metadata) -> bool {
    metadata.uid() == 0 || metadata.uid() == effective_user()
}

/// Reads a text that must be trusted; `None` when there is no such file.
///
/// `STORAGE_FAILURE` when it cannot be read, `NOT_PERMITTED` when others may write it.
pub fn read_trusted(path: &Path, what: &str) -> Result<Option<String>> {
    let file = match open(path) {
        Ok(file) => file,
        Err(error) if is_absent(path, &error) => return Ok(None),
        Err(error) if error.kind() == ErrorKind::PermissionDenied => {
            return fail!(StorageFailure, "{what} {}: {error}; let the user of this process read it", path.display());
        }
        Err(error) => return fail!(StorageFailure, "{what} {}: {error}", path.display()),
    };
    check_trusted(path, what)?;
    let mut text = String::new();
    let read = regular(&file).and_then(|_| file.take(LIMIT).read_to_string(&mut text));
    match read {
        Ok(_) => Ok(Some(text)),
        Err(error) => fail!(StorageFailure, "{what} {}: {error}", path.display()),
    }
}

/// Reads a secret, which nobody but its owner and group may read and nobody but its owner may write.
pub fn read_secret(path: &Path) -> Result<Secret> {
    let attempt = || {
        let file = open(path)?;
        let metadata = regular(&file)?;
        // Enough room from the beginning: a vector that grows leaves copies behind.
        let mut secret = Secret::new(Vec::with_capacity(metadata.len() as usize + 1));
        Ok((metadata, file.take(LIMIT).read_to_end(&mut secret).map(|_| secret)?))
    };
    let (metadata, secret): (Metadata, Secret) = match attempt() {
        Ok(result) => result,
        Err(error) => {
            let error: std::io::Error = error;
            let path = path.display();
            return fail!(StorageFailure, "secret {path}: {error}; it must be a file that this user alone may read");
        }
    };
    if metadata.permissions().mode() & TOO_OPEN_FOR_A_SECRET != 0 || !owned_by_us_or_root(&metadata) {
        return fail!(
            NotPermitted,
            "secret {0} refused: others may read or write it; run 'chmod 0600 {0}' and give it to root or the user \
             of this process",
            path.display()
        );
    }
    Ok(secret)
}

/// Opens without waiting for a writer, should it be a pipe.
fn open(path: &Path) -> std::io::Result<File> {
    OpenOptions::new().read(true).custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY).open(path)
}

fn regular(file: &File) -> std::io::Result<Metadata> {
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Err(std::io::Error::new(ErrorKind::InvalidInput, "not a regular file"));
    }
    if metadata.len() > LIMIT {
        return Err(std::io::Error::new(ErrorKind::FileTooLarge, "longer than 1 MiB"));
    }
    Ok(metadata)
}

/// A dangling link is not an absent file: somebody meant a configuration to be there.
fn is_absent(path: &Path, error: &std::io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) && path.symlink_metadata().is_err()
}
