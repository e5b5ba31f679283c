//! Processes that share a token take turns where they would disturb each other: while they connect, and while they change
//! a fragile store.
//!
//! By a lock on a file in the directory of the key store, one for each module. Where there is no place for it, nobody waits.

use std::ffi::{OsStr, OsString};
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::cause;
use crate::fail;
use crate::psa::Result;
use crate::store;

/// How long to wait for others.
const PATIENCE: Duration = Duration::from_secs(60);
/// Between two looks.
const PAUSE: Duration = Duration::from_millis(1);

/// What the processes that use one module and one key store have in common.
pub(super) struct Turns {
    directory: Option<PathBuf>,
    name: OsString,
}

/// A turn: others wait until it is dropped.
pub(super) struct Turn(Option<File>);

impl Turns {
    /// `None` where there is no directory for the file.
    pub fn new(directory: Option<&Path>, module: &Path) -> Self {
        let mut name = module.file_name().unwrap_or(OsStr::new("module")).to_owned();
        name.push(".lock");
        Self { directory: directory.map(Path::to_owned), name }
    }

    /// Waits for a turn. `COMMUNICATION_FAILURE` where another process does not come to an end.
    pub fn take(&self) -> Result<Turn> {
        let opened = self.directory.as_deref().map(|directory| store::private_file(directory, &self.name));
        let Some(Ok((file, path))) = opened else {
            cause::clear();
            return Ok(Turn(None));
        };
        wait_for_lock(&file, &path, "another process is at work in the token")?;
        Ok(Turn(Some(file)))
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some(file) = &self.0 {
            // Explicitly: a child that was forked meanwhile has the open file too.
            let _ = file.unlock();
        }
    }
}

/// Locks a file, waiting for other processes; `COMMUNICATION_FAILURE` with this reason where that takes too long.
pub(super) fn wait_for_lock(file: &File, path: &Path, reason: &str) -> Result<()> {
    let deadline = Instant::now() + PATIENCE;
    while let Err(error) = file.try_lock() {
        match error {
            TryLockError::WouldBlock if Instant::now() < deadline => sleep(PAUSE),
            TryLockError::WouldBlock => {
                return fail!(CommunicationFailure, "{reason} and holds {}", path.display());
            }
            TryLockError::Error(error) => return fail!(StorageFailure, "{}: {error}", path.display()),
        }
    }
    Ok(())
}
