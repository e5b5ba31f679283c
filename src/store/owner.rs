//! Who is at work on an intent: a process owns a byte of the lock file, at random, for as long as it lives.
//!
//! The lock belongs to an open file, not to the process: it ends when the file is closed, by whatever death. A forked
//! child inherits the open file and closes it at once ([`Owner::leave_to_parent`]), so that it does not keep the lock
//! of a dead parent alive; it owns nothing of what the parent began.

use std::fs::File;
use std::io;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard};

use super::{directory, failure, system};
use crate::locks::lock;
use crate::psa::Result;

/// The byte that is locked while a store is being set up.
const SETUP: i64 = 0;
/// The byte that is locked by the one who writes.
const WRITER: i64 = 1;
/// The first byte that can belong to a process.
const FIRST_OWN: i64 = 2;

/// The lock file of one store, and our byte in it.
pub(super) struct Owner {
    path: PathBuf,
    own: Mutex<Option<Own>>,
}

struct Own {
    byte: i64,
    file: File,
}

impl Own {
    fn new(file: File) -> io::Result<Self> {
        // 62 bits: positive, and in range with its length.
        let random = i64::from_ne_bytes(system::random()?) & (i64::MAX >> 1);
        let byte = random.max(FIRST_OWN);
        system::lock_byte(&file, byte)?;
        Ok(Self { byte, file })
    }
}

/// The right to write, among processes.
pub(super) struct Turn(File);

impl Drop for Turn {
    fn drop(&mut self) {
        // The file is a duplicate, so closing it would not unlock. Unlocking an open file cannot fail.
        let _ = system::unlock_byte(&self.0, WRITER);
    }
}

impl Owner {
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path, own: Mutex::new(None) }
    }

    fn lock(&self) -> MutexGuard<'_, Option<Own>> {
        lock(&self.own)
    }

    /// Our byte, locked from the first call on.
    pub(super) fn byte(&self) -> Result<i64> {
        self.with_own(|own| Ok(own.byte))
    }

    fn with_own<T>(&self, work: impl FnOnce(&Own) -> io::Result<T>) -> Result<T> {
        let mut own = self.lock();
        let failed = |error| failure::file(&self.path, error);
        if let Some(own) = own.as_ref() {
            return work(own).map_err(failed);
        }
        let file = directory::open_file(&self.path)?;
        let new = Own::new(file).map_err(failed)?;
        work(own.insert(new)).map_err(failed)
    }

    /// Waits until no other process writes, and keeps them waiting until the result is dropped. SQLite would ask again
    /// and again, which under load takes long and favours nobody; the kernel lets them in by turns.
    pub(super) fn writing(&self) -> Result<Turn> {
        let file = self.with_own(|own| own.file.try_clone())?;
        match system::lock_byte(&file, WRITER) {
            Ok(()) => Ok(Turn(file)),
            Err(error) => Err(failure::file(&self.path, error)),
        }
    }

    /// [`Owner::writing`] where no other process writes at this moment.
    pub(super) fn writing_alone(&self) -> Option<Turn> {
        let file = self.with_own(|own| own.file.try_clone()).ok()?;
        matches!(system::try_lock_byte(&file, WRITER), Ok(true)).then_some(Turn(file))
    }

    /// Our byte, if we ever needed one.
    pub(super) fn byte_so_far(&self) -> Option<i64> {
        self.lock().as_ref().map(|own| own.byte)
    }

    /// True where the process that owns this byte lives; our own byte is locked by us and counts as well.
    pub(super) fn is_alive(&self, byte: i64) -> Result<bool> {
        let own = self.lock();
        let answer = match own.as_ref() {
            Some(own) if own.byte == byte => Ok(true),
            Some(own) => system::is_locked(&own.file, byte),
            None => system::is_locked(&directory::open_file(&self.path)?, byte),
        };
        answer.map_err(|error| failure::file(&self.path, error))
    }

    /// Keeps other processes from setting up the store until the result is dropped.
    pub(super) fn setting_up(&self) -> Result<File> {
        let file = directory::open_file(&self.path)?;
        match system::lock_byte(&file, SETUP) {
            Ok(()) => Ok(file),
            Err(error) => Err(failure::file(&self.path, error)),
        }
    }

    /// In a forked child, where nobody holds the mutex. Only closes a file: async-signal-safe.
    pub(super) fn leave_to_parent(&self) {
        drop(self.lock().take());
    }
}
