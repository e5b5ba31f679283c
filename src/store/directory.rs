//! Where the key store is, and who may get at it.

use std::ffi::{OsStr, OsString};
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::ErrorKind;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::{failure, system};
use crate::config::{StoreConfig, base_directory, environment, files};
use crate::fail;
use crate::psa::Result;

/// Anybody but the owner may do anything.
const OPEN_TO_OTHERS: u32 = 0o077;

/// The directory that the configuration names; else `parsec` below the first entry of `$STATE_DIRECTORY` (which
/// systemd sets); else `/var/lib/parsec` for root, and `parsec` below `$XDG_STATE_HOME` or `~/.local/state` for others.
pub fn of(config: &StoreConfig) -> Result<PathBuf> {
    match &config.path {
        Some(path) => Ok(path.clone()),
        None => default_directory(&environment::variable, environment::effective_user()),
    }
}

fn default_directory(variable: &dyn Fn(&str) -> Option<OsString>, user: u32) -> Result<PathBuf> {
    let state = variable("STATE_DIRECTORY").and_then(|list| {
        let first = list.to_str()?.split(':').next()?;
        Some(PathBuf::from(first)).filter(|path| path.is_absolute())
    });
    let base = match state {
        Some(path) => Some(path),
        None if user == 0 => Some(PathBuf::from("/var/lib")),
        None => base_directory(variable, "XDG_STATE_HOME", ".local/state"),
    };
    match base {
        Some(base) => Ok(base.join("parsec")),
        None => fail!(
            StorageFailure,
            "no place for the key store: set path in [store] of parsec.toml, $STATE_DIRECTORY or $HOME"
        ),
    }
}

/// Makes the directory, for nobody but us, where it does not exist.
pub(super) fn create(directory: &Path) -> Result<()> {
    match DirBuilder::new().recursive(true).mode(0o700).create(directory) {
        Ok(()) => Ok(()),
        Err(error) => Err(failure::file(directory, error)),
    }
}

/// The directory without symbolic links, once it is clear that others cannot write it and that it is on this machine.
pub(super) fn checked(directory: &Path) -> Result<PathBuf> {
    files::check_trusted(directory, "key store")?;
    let real = directory.canonicalize().map_err(|error| failure::file(directory, error))?;
    match system::network_file_system(&real).map_err(|error| failure::file(&real, error))? {
        None => Ok(real),
        Some(name) => fail!(
            NotSupported,
            "key store {}: it is on a network file system ({name}), which does not keep databases safe; set path in \
             [store] of parsec.toml to a local directory",
            real.display()
        ),
    }
}

/// Refuses a file of the store that others may read or write.
pub(super) fn check_file(path: &Path) -> Result<()> {
    let metadata = fs::symlink_metadata(path).map_err(|error| failure::file(path, error))?;
    if !metadata.is_file() {
        return fail!(StorageFailure, "key store {}: not a regular file", path.display());
    }
    if metadata.permissions().mode() & OPEN_TO_OTHERS != 0 || !files::owned_by_us_or_root(&metadata) {
        return fail!(
            NotPermitted,
            "key store refused: others may read or write {0}; run 'chmod 0600 {0}' and give it to the user of this \
             process",
            path.display()
        );
    }
    Ok(())
}

/// Makes an empty file, for nobody but us, and lasting; `None` where there is one already.
pub(super) fn create_file(path: &Path) -> Result<Option<File>> {
    let attempt = || -> std::io::Result<File> {
        let file = OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(path)?;
        if let Some(directory) = path.parent() {
            File::open(directory)?.sync_all()?;
        }
        Ok(file)
    };
    match attempt() {
        Ok(file) => Ok(Some(file)),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(None),
        Err(error) => Err(failure::file(path, error)),
    }
}

/// Opens a small file that is kept beside the store, for nobody but us, making it and its directory where they do not
/// exist; and tells where it really is.
pub fn private_file(directory: &Path, name: &OsStr) -> Result<(File, PathBuf)> {
    create(directory)?;
    let path = checked(directory)?.join(name);
    Ok((open_file(&path)?, path))
}

/// Opens a file of the store for reading and writing, making it where it does not exist.
pub(super) fn open_file(path: &Path) -> Result<File> {
    if let Some(file) = create_file(path)? {
        return Ok(file);
    }
    check_file(path)?;
    OpenOptions::new().read(true).write(true).open(path).map_err(|error| failure::file(path, error))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn directory(variables: &[(&str, &str)], user: u32) -> Option<PathBuf> {
        let variable =
            |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| OsString::from(value));
        default_directory(&variable, user).ok()
    }

    #[test]
    fn the_place_follows_the_environment() {
        let home = ("HOME", "/home/ada");
        for (variables, user, expected) in [
            (&[home][..], 1000, Some("/home/ada/.local/state/parsec")),
            (&[home, ("XDG_STATE_HOME", "/state")], 1000, Some("/state/parsec")),
            (&[home, ("XDG_STATE_HOME", "relative")], 1000, Some("/home/ada/.local/state/parsec")),
            (&[home, ("STATE_DIRECTORY", "/var/lib/a:/var/lib/b")], 1000, Some("/var/lib/a/parsec")),
            (&[home], 0, Some("/var/lib/parsec")),
            (&[home, ("STATE_DIRECTORY", "/var/lib/a")], 0, Some("/var/lib/a/parsec")),
            (&[], 1000, None),
        ] {
            assert_eq!(directory(variables, user).as_deref(), expected.map(Path::new), "{variables:?}");
        }
    }
}
