//! Is a key that was loaded still there?

use std::sync::Arc;

use rusqlite::{OptionalExtension, params};

use super::pool::Pool;
use super::{KeyRecord, Store};
use crate::psa::{KeyId, Result};

/// Tells a key from another one that had the same identifier before or after it. The store gives it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Instance(pub(super) i64);

impl Instance {
    /// True where both are known and the same.
    pub fn is(self, other: Self) -> bool {
        self.0 != 0 && self.0 == other.0
    }
}

/// Watches one key of a store for whoever keeps it in memory.
pub struct Watch {
    pool: &'static Pool,
    namespace: Arc<str>,
    id: KeyId,
    instance: Instance,
}

impl Store {
    /// Watches a key that was loaded.
    pub fn watch(&self, key: &KeyRecord) -> Result<Watch> {
        Ok(Watch { pool: self.pool()?, namespace: self.namespace.clone(), id: key.id, instance: key.instance })
    }
}

impl Watch {
    /// The key that is watched.
    pub fn instance(&self) -> Instance {
        self.instance
    }

    /// As [`Store::generation`].
    pub fn generation(&self) -> u64 {
        self.pool.counter.generation()
    }

    /// Looks into the store; reads nothing secret.
    pub fn is_there(&self) -> Result<bool> {
        let instance = self.pool.read(|connection| {
            connection
                .prepare_cached("SELECT instance FROM keys WHERE namespace = ?1 AND id = ?2")
                .and_then(|mut statement| {
                    statement.query_row(params![self.namespace, self.id.0], |row| row.get(0).map(Instance)).optional()
                })
                .map_err(|error| self.pool.failed(error))
        })?;
        Ok(instance.flatten().is_some_and(|instance| self.instance.is(instance)))
    }
}
