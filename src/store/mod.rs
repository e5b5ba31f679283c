//! The key store: the database of persistent keys.
//!
//! SQLite in one directory per user (`keys.db`), beside it a counter by which other processes notice removals
//! (`generation`) and a lock file that tells who lives (`owners`). It is made when the first key is stored.
//!
//! | file | what is in it |
//! | --- | --- |
//! | `mod.rs` | keys: load, insert, remove, list |
//! | `intents.rs` | two phases, for devices that keep objects |
//! | `pool.rs` | connections, and what `fork` does to them |
//! | `counter.rs` | the mapped counter |
//! | `owner.rs` | which process is at work on an intent |
//! | `directory.rs` | where the store is, and who may get at it |
//! | `schema.rs`, `record.rs` | tables and rows |
//! | `failure.rs` | from errors to statuses |
//! | `system.rs` | system calls |

mod counter;
mod directory;
mod failure;
mod intents;
mod owner;
mod pool;
mod record;
mod schema;
mod system;
#[cfg(test)]
mod tests;

use std::path::PathBuf;

use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

pub use directory::{of as directory_of, private_file};
pub use intents::{Intent, IntentKind, Orphan};

use crate::config::StoreConfig;
use crate::fail;
use crate::memory::Secret;
use crate::psa::{Attributes, KeyId, Result};
use pool::{Change, Pool};

/// A persistent key, as it is stored.
pub struct KeyRecord {
    /// Its identifier.
    pub id: KeyId,
    /// Its attributes; their identifier is `id`.
    pub attributes: Attributes,
    /// Where it is.
    pub place: PlaceRecord,
}

/// Where a stored key is.
pub enum PlaceRecord {
    /// Here.
    Local {
        /// The key in the export format of its type.
        material: Secret,
    },
    /// In a device.
    Opaque {
        /// Name of the backend.
        backend: String,
        /// Which device: `Backend::identity` when the key was made.
        identity: String,
        /// What the backend opens.
        context: Secret,
        /// The public part in its export format; empty for symmetric keys.
        public_key: Vec<u8>,
    },
}

/// What a list says of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its attributes.
    pub attributes: Attributes,
    /// Name of its backend; `None` for a local key.
    pub backend: Option<String>,
}

/// The keys of one namespace.
///
/// Thread safe. Several processes may use the same store; they wait for each other for the few milliseconds that a
/// commit takes. Errors of all methods: `STORAGE_FAILURE`, `INSUFFICIENT_STORAGE` and `DATA_CORRUPT` as SQLite reports
/// them, `NOT_PERMITTED` where others may write the store, `NOT_SUPPORTED` on a network file system, `DATA_INVALID`
/// for a database that a later version made.
pub struct Store {
    config: StoreConfig,
    namespace: String,
    /// `None` where no directory can be named; then every use says why.
    pool: Option<&'static Pool>,
}

impl Store {
    /// A store, not yet opened: touches no disk.
    pub fn new(config: StoreConfig, namespace: &str) -> Self {
        let pool = match directory::of(&config) {
            Ok(directory) => Some(Pool::of(&directory)),
            Err(_) => {
                crate::cause::clear();
                None
            }
        };
        Self { config, namespace: namespace.to_owned(), pool }
    }

    /// The directory of the store.
    pub fn directory(&self) -> Result<PathBuf> {
        directory::of(&self.config)
    }

    fn pool(&self) -> Result<&'static Pool> {
        match self.pool {
            Some(pool) => Ok(pool),
            None => self.directory().map(|directory| Pool::of(&directory)),
        }
    }

    /// The key with this identifier; `None` when there is none. Its cost does not depend on how many there are.
    pub fn load(&self, id: KeyId) -> Result<Option<KeyRecord>> {
        let pool = self.pool()?;
        pool.read(|connection| self.select_key(pool, connection, id)).map(Option::flatten)
    }

    /// Stores a new key, in one commit: a local key, or one whose device keeps nothing.
    ///
    /// `ALREADY_EXISTS` when there is a key with this identifier or somebody is at work on one.
    pub fn insert(&self, key: &KeyRecord) -> Result<()> {
        let pool = self.pool()?;
        pool.write(Change::Adds, |transaction| {
            self.check_free(pool, transaction, key.id)?;
            self.insert_key(pool, transaction, key)
        })
    }

    /// Removes a key, in one commit, and wipes it from the file; false when there was none.
    pub fn remove(&self, id: KeyId) -> Result<bool> {
        let pool = self.pool()?;
        if pool.read(|_| Ok(()))?.is_none() {
            return Ok(false);
        }
        pool.write(Change::Removes, |transaction| self.delete_key(pool, transaction, id))
    }

    /// All keys of the namespace, by identifier.
    pub fn list(&self) -> Result<Vec<Listed>> {
        let pool = self.pool()?;
        let keys = pool.read(|connection| {
            let failed = |error| pool.failed(error);
            let mut statement = connection
                .prepare_cached(
                    "SELECT id, type, bits, lifetime, usage, algorithm, backend
                     FROM keys WHERE namespace = ?1 ORDER BY id",
                )
                .map_err(failed)?;
            let rows = statement.query_map([&self.namespace], listed).map_err(failed)?;
            rows.map(|row| row.map_err(failed)).collect()
        })?;
        Ok(keys.unwrap_or_default())
    }

    /// A small blob that belongs to the store as a whole, such as what is known of a device.
    pub fn metadata(&self, name: &str) -> Result<Option<Vec<u8>>> {
        let pool = self.pool()?;
        let value = pool.read(|connection| {
            connection
                .prepare_cached("SELECT value FROM meta WHERE name = ?1")
                .and_then(|mut statement| statement.query_row([name], |row| row.get(0)).optional())
                .map_err(|error| pool.failed(error))
        })?;
        Ok(value.flatten())
    }

    /// Sets a blob. Names that begin with `store.` are the store's own: `INVALID_ARGUMENT`.
    pub fn set_metadata(&self, name: &str, value: &[u8]) -> Result<()> {
        if name.starts_with("store.") {
            return fail!(InvalidArgument, "metadata '{name}' belongs to the key store");
        }
        let pool = self.pool()?;
        pool.write(Change::Adds, |transaction| {
            transaction
                .prepare_cached("INSERT OR REPLACE INTO meta (name, value) VALUES (?1, ?2)")
                .and_then(|mut statement| statement.execute(params![name, value]))
                .map(|_| ())
                .map_err(|error| pool.failed(error))
        })
    }

    /// A number that differs from an earlier one when a key may have been removed since, by any process. What was
    /// loaded after asking is still there as long as the number stays; when it differs, load it again.
    ///
    /// One load from memory and a look at a clock, without a lock or a system call (except once a second).
    pub fn generation(&self) -> u64 {
        match self.pool {
            Some(pool) => pool.counter.generation(),
            None => counter::incomparable(),
        }
    }

    fn select_key(&self, pool: &Pool, connection: &Connection, id: KeyId) -> Result<Option<KeyRecord>> {
        connection
            .prepare_cached(
                "SELECT id, type, bits, lifetime, usage, algorithm, backend, identity, context, public_key
                 FROM keys WHERE namespace = ?1 AND id = ?2",
            )
            .and_then(|mut statement| statement.query_row(params![self.namespace, id.0], record::key).optional())
            .map_err(|error| pool.failed(error))
    }

    fn insert_key(&self, pool: &Pool, transaction: &Transaction<'_>, key: &KeyRecord) -> Result<()> {
        let attributes = &key.attributes;
        let (backend, identity, context, public_key) = match &key.place {
            PlaceRecord::Local { material } => (None, "", material, &[][..]),
            PlaceRecord::Opaque { backend, identity, context, public_key } => {
                (Some(backend), identity.as_str(), context, public_key.as_slice())
            }
        };
        transaction
            .prepare_cached(
                "INSERT INTO keys (namespace, id, type, bits, lifetime, usage, algorithm,
                                   backend, identity, context, public_key)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
            )
            .and_then(|mut statement| {
                statement.execute(params![
                    self.namespace,
                    key.id.0,
                    attributes.key_type.0,
                    attributes.bits as i64,
                    attributes.lifetime.0,
                    attributes.usage.0,
                    attributes.algorithm.0,
                    backend,
                    identity,
                    context.as_slice(),
                    public_key,
                ])
            })
            .map(|_| ())
            .map_err(|error| pool.failed(error))
    }

    fn delete_key(&self, pool: &Pool, transaction: &Transaction<'_>, id: KeyId) -> Result<bool> {
        transaction
            .prepare_cached("DELETE FROM keys WHERE namespace = ?1 AND id = ?2")
            .and_then(|mut statement| statement.execute(params![self.namespace, id.0]))
            .map(|deleted| deleted != 0)
            .map_err(|error| pool.failed(error))
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        if let Some(pool) = self.pool {
            pool.close();
        }
    }
}

fn listed(row: &Row<'_>) -> rusqlite::Result<Listed> {
    Ok(Listed { attributes: record::attributes(row)?, backend: row.get(6)? })
}
