//! Copies of a store that is in use.

use std::fs::{self, File};
use std::path::Path;

use super::{Store, directory, failure};
use crate::fail;
use crate::psa::Result;

impl Store {
    /// Writes all keys, of all namespaces, as they are at this moment into a new database at `target`, for nobody but
    /// us. Others go on using the store meanwhile. Put in the place of `keys.db`, while no process uses the store, it
    /// restores them.
    ///
    /// `ALREADY_EXISTS` where there is a file of that name, `DOES_NOT_EXIST` where there is no key store yet.
    pub fn back_up(&self, target: &Path) -> Result<()> {
        let Some(name) = target.to_str() else {
            return fail!(InvalidArgument, "{}: the name of a backup has to be UTF-8", target.display());
        };
        let pool = self.pool()?;
        let written = pool.read(|connection| {
            let Some(file) = directory::create_file(target)? else {
                return fail!(AlreadyExists, "{name}: a backup replaces no file");
            };
            let copied = connection
                .execute("VACUUM INTO ?1", [name])
                .map_err(|error| pool.failed(error))
                .and_then(|_| lasting(&file, target));
            copied.inspect_err(|_| {
                let _ = fs::remove_file(target);
            })
        })?;
        match written {
            Some(()) => Ok(()),
            None => fail!(DoesNotExist, "there is no key store in {} yet", self.directory()?.display()),
        }
    }
}

/// SQLite leaves the copy to the operating system; a backup has to be on disk.
fn lasting(file: &File, path: &Path) -> Result<()> {
    file.sync_all().map_err(|error| failure::file(path, error))
}
