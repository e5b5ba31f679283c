//! The key store: the database of persistent keys.
//!
//! SQLite in one directory per user (`keys.db`), beside it a counter by which other processes notice removals
//! (`generation`) and a lock file that tells who lives (`owners`). It is made when the first key is stored.
//!
//! | file | what is in it |
//! | --- | --- |
//! | `mod.rs` | keys: load, insert, remove, list |
//! | `backup.rs` | copies of a store that is in use |
//! | `intents.rs` | two phases, for devices that keep objects |
//! | `watch.rs` | is a key that was loaded still there |
//! | `pool.rs` | connections, and what `fork` does to them |
//! | `counter.rs`, `bus_error.rs` | the mapped counter, and what happens when its file is cut |
//! | `owner.rs` | which process is at work on an intent |
//! | `directory.rs` | where the store is, and who may get at it |
//! | `schema.rs`, `record.rs` | tables and rows |
//! | `protection.rs` | encryption at rest |
//! | `failure.rs` | from errors to statuses |
//! | `system.rs`, `sqlite.rs` | system calls; SQLite's memory, which is wiped |

mod backup;
mod bus_error;
mod counter;
mod directory;
mod failure;
#[cfg(test)]
mod hardship_tests;
mod intents;
mod owner;
mod pool;
mod protection;
mod record;
mod schema;
mod sqlite;
mod system;
#[cfg(test)]
mod tests;
mod watch;

use std::path::PathBuf;
use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

pub use directory::{of as directory_of, private_file};
pub use intents::{Intent, IntentKind, Orphan};
pub(crate) use pool::{FORK, outside_fork};
pub use protection::{NoDevices, SealingDevices};
pub use watch::{Instance, Watch};

use crate::config::{Protect, StoreConfig};
use crate::fail;
use crate::memory::Secret;
use crate::psa::{Attributes, KeyId, Result};
use pool::{Change, Pool};
use protection::{ATTEMPTS, Lock, Protection};
use record::{Context, Kind, Stored};

/// A persistent key, as it is stored.
pub struct KeyRecord {
    /// Its identifier.
    pub id: KeyId,
    /// Its attributes; their identifier is `id`.
    pub attributes: Attributes,
    /// Where it is.
    pub place: PlaceRecord,
    /// Which of the keys that ever had this identifier; the store gives it.
    pub instance: Instance,
}

/// What tells one store from another; objects in a device carry it.
pub type StoreIdentity = [u8; 16];

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
    /// Here, but a device has sealed it.
    Sealed {
        /// Name of the backend.
        backend: String,
        /// Which device: `Backend::identity` when the key was made.
        identity: String,
        /// What the device opens, and the material that this encrypts.
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
    /// It is a local key all the same, which the backend has sealed.
    pub sealed: bool,
}

/// How many keys are listed at a time.
const PAGE: usize = 256;

/// The keys of one namespace.
///
/// Thread safe. Several processes may use the same store; they wait for each other for the few milliseconds that a
/// commit takes. Errors of all methods: `STORAGE_FAILURE`, `INSUFFICIENT_STORAGE` and `DATA_CORRUPT` as SQLite reports
/// them, `NOT_PERMITTED` where others may write the store, `NOT_SUPPORTED` on a network file system, `DATA_INVALID`
/// for a database that a later version made. Where keys are read or written, also what the device answers that protects
/// the store, and `NOT_PERMITTED` where another process has changed what protects it.
pub struct Store {
    config: StoreConfig,
    namespace: Arc<str>,
    /// `None` where no directory can be named; then every use says why.
    pool: Option<&'static Pool>,
    protection: Protection,
}

impl Store {
    /// A store, not yet opened: touches no disk.
    pub fn new(config: StoreConfig, namespace: &str) -> Self {
        Self::protected(config, namespace, None, Box::new(NoDevices))
    }

    /// [`Store::new`] with what the configuration says of its protection, and the devices that there are.
    pub fn protected(
        config: StoreConfig,
        namespace: &str,
        protect: Option<Protect>,
        devices: Box<dyn SealingDevices>,
    ) -> Self {
        let pool = match directory::of(&config) {
            Ok(directory) => Some(Pool::of(&directory)),
            Err(_) => {
                crate::cause::clear();
                None
            }
        };
        Self { config, namespace: namespace.into(), pool, protection: Protection::new(protect, devices) }
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
        self.follow_configuration(pool, false)?;
        for _ in 0..ATTEMPTS {
            let found = pool.read(|connection| self.select_key(pool, connection, id))?;
            let Some(stored) = found.flatten() else { return Ok(None) };
            if let Some(lock) = self.lock_of(pool, stored.protection)? {
                return stored.into_key(&lock).map(Some);
            }
        }
        fail!(DataCorrupt, "key {:#x} is not protected as the key store says", id.0)
    }

    /// What is known of a key without its secret, which may not be readable.
    pub fn listed(&self, id: KeyId) -> Result<Option<Listed>> {
        let pool = self.pool()?;
        let found = pool.read(|connection| {
            connection
                .prepare_cached(
                    "SELECT id, type, bits, lifetime, usage, algorithm, backend, sealed
                     FROM keys WHERE namespace = ?1 AND id = ?2",
                )
                .and_then(|mut statement| statement.query_row(params![self.namespace, id.0], listed).optional())
                .map_err(|error| pool.failed(error))
        })?;
        Ok(found.flatten())
    }

    /// Forgets the key with which the store is encrypted.
    pub fn forget_secrets(&self) {
        self.protection.forget();
    }

    /// Stores a new key, in one commit: a local key, or one whose device keeps nothing.
    ///
    /// `ALREADY_EXISTS` when there is a key with this identifier or somebody is at work on one.
    pub fn insert(&self, key: &KeyRecord) -> Result<()> {
        let pool = self.pool()?;
        self.write_protected(pool, Change::Adds, |transaction, lock| {
            self.check_free(pool, transaction, key.id)?;
            self.insert_key(pool, transaction, lock, key)
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

    /// All keys of the namespace, by identifier, a page at a time: memory does not grow with their number. A key that
    /// is made or removed meanwhile may be among them or not.
    pub fn keys(&self) -> impl Iterator<Item = Result<Listed>> {
        let mut next = Some(0);
        let pages = std::iter::from_fn(move || {
            let page = self.page(next?);
            next = match &page {
                Ok(keys) if keys.len() == PAGE => keys.last().and_then(|key| key.attributes.id.0.checked_add(1)),
                _ => None,
            };
            Some(page)
        });
        pages.flat_map(|page| match page {
            Ok(keys) => keys.into_iter().map(Ok).collect(),
            Err(error) => vec![Err(error)],
        })
    }

    /// The keys from an identifier on.
    fn page(&self, from: u32) -> Result<Vec<Listed>> {
        let pool = self.pool()?;
        let keys = pool.read(|connection| {
            let failed = |error| pool.failed(error);
            let mut statement = connection
                .prepare_cached(
                    "SELECT id, type, bits, lifetime, usage, algorithm, backend, sealed
                     FROM keys WHERE namespace = ?1 AND id >= ?2 ORDER BY id LIMIT ?3",
                )
                .map_err(failed)?;
            let rows = statement.query_map(params![self.namespace, from, PAGE as i64], listed).map_err(failed)?;
            rows.map(|row| row.map_err(failed)).collect()
        })?;
        Ok(keys.unwrap_or_default())
    }

    /// What tells this store from others; makes the database where there is none.
    pub fn identity(&self) -> Result<StoreIdentity> {
        let pool = self.pool()?;
        let select = |connection: &Connection| {
            connection
                .query_row("SELECT value FROM meta WHERE name = 'store.identity'", [], |row| row.get(0))
                .map_err(|error| pool.failed(error))
        };
        match pool.read(select)? {
            Some(identity) => Ok(identity),
            None => pool.write(Change::Adds, |transaction| select(transaction)),
        }
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

    fn select_key(&self, pool: &Pool, connection: &Connection, id: KeyId) -> Result<Option<Stored>> {
        connection
            .prepare_cached(record::SELECT_KEY)
            .and_then(|mut statement| statement.query_row(params![self.namespace, id.0], record::key).optional())
            .map_err(|error| pool.failed(error))
    }

    fn insert_key(&self, pool: &Pool, transaction: &Transaction<'_>, lock: &Lock, key: &KeyRecord) -> Result<()> {
        let attributes = &key.attributes;
        let (backend, identity, secret, public_key, sealed) = match &key.place {
            PlaceRecord::Local { material } => (None, "", material, &[][..], false),
            PlaceRecord::Opaque { backend, identity, context, public_key } => {
                (Some(backend.as_str()), identity.as_str(), context, public_key.as_slice(), false)
            }
            PlaceRecord::Sealed { backend, identity, context, public_key } => {
                (Some(backend.as_str()), identity.as_str(), context, public_key.as_slice(), true)
            }
        };
        let (kind, namespace) = (Kind::Key, &*self.namespace);
        let context = Context { kind, namespace, attributes, backend, identity, public_key, flag: sealed };
        let secret = lock.seal(&context.encode(), secret)?;
        transaction
            .prepare_cached(
                "INSERT INTO keys (namespace, id, type, bits, lifetime, usage, algorithm,
                                   backend, identity, context, public_key, sealed, protection, instance)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, random())",
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
                    secret.as_slice(),
                    public_key,
                    sealed,
                    lock.number(),
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
    Ok(Listed { attributes: record::attributes(row)?, backend: row.get(6)?, sealed: row.get(7)? })
}
