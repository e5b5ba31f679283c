//! Two phases, for devices that keep objects.
//!
//! Nothing can commit to a database and a device at once. So before a device makes an object, an *intent* with its
//! reference is committed; after it, the key. Whoever dies in between leaves an intent without an owner, an [`Orphan`],
//! and the next one who needs that backend or that identifier resolves it: creations backwards, destructions forwards.

use rusqlite::{OptionalExtension, Row, Transaction, params};

use super::pool::{Change, Pool};
use super::{Instance, KeyRecord, PlaceRecord, Store, record};
use crate::fail;
use crate::memory::Secret;
use crate::psa::{Attributes, Error, KeyId, Result};

/// What was begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IntentKind {
    /// The device may have an object for which there is no key: it has to go.
    Creation,
    /// The device may still have the object of a key that is gone: it has to go, too.
    Destruction,
}

/// The right to finish what was begun. Dropped without being finished, it becomes an [`Orphan`].
#[must_use]
pub struct Intent {
    pool: &'static Pool,
    row: RowOfIntent,
    kind: IntentKind,
}

/// Where an intent is in the database, and the byte of its owner.
#[derive(Clone, Copy)]
struct RowOfIntent {
    number: i64,
    owner: i64,
}

impl Drop for Intent {
    fn drop(&mut self) {
        self.pool.no_longer_live(self.row.number);
    }
}

/// An intent that nobody is at work on.
pub struct Orphan {
    /// What was begun.
    pub kind: IntentKind,
    /// Attributes of the key.
    pub attributes: Attributes,
    /// Name of the backend.
    pub backend: String,
    /// Its device.
    pub identity: String,
    /// Of a creation: the reference from `Backend::reserve`. Of a destruction: the key context.
    pub reference: Secret,
    number: i64,
    owner: i64,
}

impl Orphan {
    /// What tells it from other orphans of the store.
    pub fn number(&self) -> i64 {
        self.number
    }
}

impl Store {
    /// Announces that a device is going to make a key; `reference` is how its object will be found.
    ///
    /// `ALREADY_EXISTS` when there is a key with this identifier or somebody else is at work on one.
    pub fn begin_creation(
        &self,
        attributes: &Attributes,
        backend: &str,
        identity: &str,
        reference: &[u8],
    ) -> Result<Intent> {
        let pool = self.pool()?;
        let kind = IntentKind::Creation;
        let row = pool.write(Change::Adds, |transaction| {
            self.check_free(pool, transaction, attributes.id)?;
            self.insert_intent(pool, transaction, kind, attributes, [backend, identity], reference)
        })?;
        Ok(Intent { pool, row, kind })
    }

    /// The device has made the key: stores it in the place of the intent.
    pub fn commit_creation(&self, intent: Intent, key: &KeyRecord) -> Result<()> {
        let pool = self.pool()?;
        intent.check(IntentKind::Creation)?;
        pool.write(Change::Adds, |transaction| {
            delete_intent(pool, transaction, &intent)?;
            self.insert_key(pool, transaction, key)
        })
    }

    /// The device has not made the key, or has destroyed it again.
    pub fn abandon(&self, intent: Intent) -> Result<()> {
        intent.check(IntentKind::Creation)?;
        self.finish(&intent)
    }

    /// Takes a key of a device out of the store before the device destroys it; from now on it cannot be loaded.
    ///
    /// `DOES_NOT_EXIST` when there is none, or another one by now; `INVALID_ARGUMENT` for a local key, which
    /// [`Store::remove`] destroys.
    pub fn begin_destruction(&self, id: KeyId, instance: Instance) -> Result<Intent> {
        let pool = self.pool()?;
        let kind = IntentKind::Destruction;
        let row = pool.write(Change::Removes, |transaction| {
            let Some(key) = self.select_key(pool, transaction, id)? else { return Err(Error::DoesNotExist) };
            let PlaceRecord::Opaque { backend, identity, context, .. } = &key.place else {
                return fail!(InvalidArgument, "key {:#x} is in no device", id.0);
            };
            if !key.instance.is(instance) {
                return Err(Error::DoesNotExist);
            }
            self.delete_key(pool, transaction, id)?;
            let place = [backend.as_str(), identity.as_str()];
            self.insert_intent(pool, transaction, kind, &key.attributes, place, context)
        })?;
        Ok(Intent { pool, row, kind })
    }

    /// The device has destroyed the key.
    pub fn commit_destruction(&self, intent: Intent) -> Result<()> {
        intent.check(IntentKind::Destruction)?;
        self.finish(&intent)
    }

    /// The intents that nobody is at work on, of one backend, of one identifier, or all in this namespace.
    pub fn orphans(&self, backend: Option<&str>, id: Option<KeyId>) -> Result<Vec<Orphan>> {
        let pool = self.pool()?;
        let orphans = pool.read(|connection| {
            let failed = |error| pool.failed(error);
            let mut statement = connection
                .prepare_cached(
                    "SELECT id, type, bits, lifetime, usage, algorithm,
                            backend, identity, reference, destruction, number, owner
                     FROM intents
                     WHERE namespace = ?1 AND (?2 IS NULL OR backend = ?2) AND (?3 IS NULL OR id = ?3)
                     ORDER BY number",
                )
                .map_err(failed)?;
            let rows =
                statement.query_map(params![self.namespace, backend, id.map(|id| id.0)], orphan).map_err(failed)?;
            rows.map(|row| row.map_err(failed)).collect::<Result<Vec<Orphan>>>()
        })?;
        let mut found = Vec::new();
        for orphan in orphans.unwrap_or_default() {
            if !pool.is_live(orphan.number, orphan.owner)? {
                found.push(orphan);
            }
        }
        Ok(found)
    }

    /// Backend and reference or context of everything that is being made or destroyed in this namespace, or was when
    /// somebody died.
    pub fn intended(&self) -> Result<Vec<(String, Secret)>> {
        let pool = self.pool()?;
        let intended = pool.read(|connection| {
            let failed = |error| pool.failed(error);
            let mut statement = connection
                .prepare_cached("SELECT backend, reference FROM intents WHERE namespace = ?1")
                .map_err(failed)?;
            let rows = statement
                .query_map([&self.namespace], |row| Ok((row.get(0)?, Secret::new(row.get(1)?))))
                .map_err(failed)?;
            rows.map(|row| row.map_err(failed)).collect()
        })?;
        Ok(intended.unwrap_or_default())
    }

    /// Takes an orphan over, so that nobody else resolves it at the same time; then [`Store::abandon`] or
    /// [`Store::commit_destruction`] ends it. `None` when somebody else was faster.
    pub fn claim(&self, orphan: &Orphan) -> Result<Option<Intent>> {
        let pool = self.pool()?;
        let taken = pool.write(Change::Adds, |transaction| {
            let failed = |error| pool.failed(error);
            let owner: Option<i64> = transaction
                .query_row("SELECT owner FROM intents WHERE number = ?1", [orphan.number], |row| row.get(0))
                .optional()
                .map_err(failed)?;
            match owner {
                Some(owner) if !pool.is_live_within(orphan.number, owner)? => {}
                _ => return Ok(None),
            }
            let row = RowOfIntent { number: orphan.number, owner: pool.owner.byte()? };
            transaction
                .execute("UPDATE intents SET owner = ?2 WHERE number = ?1", [row.number, row.owner])
                .map_err(failed)?;
            pool.now_live(row.number);
            Ok(Some(row))
        })?;
        Ok(taken.map(|row| Intent { pool, row, kind: orphan.kind }))
    }

    fn finish(&self, intent: &Intent) -> Result<()> {
        let pool = self.pool()?;
        pool.write(Change::Adds, |transaction| delete_intent(pool, transaction, intent))
    }

    fn insert_intent(
        &self,
        pool: &Pool,
        transaction: &Transaction<'_>,
        kind: IntentKind,
        attributes: &Attributes,
        [backend, identity]: [&str; 2],
        reference: &[u8],
    ) -> Result<RowOfIntent> {
        let owner = pool.owner.byte()?;
        transaction
            .prepare_cached(
                "INSERT INTO intents (namespace, id, type, bits, lifetime, usage, algorithm,
                                      backend, identity, reference, destruction, owner)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
            )
            .and_then(|mut statement| {
                statement.execute(params![
                    self.namespace,
                    attributes.id.0,
                    attributes.key_type.0,
                    attributes.bits as i64,
                    attributes.lifetime.0,
                    attributes.usage.0,
                    attributes.algorithm.0,
                    backend,
                    identity,
                    reference,
                    kind == IntentKind::Destruction,
                    owner,
                ])
            })
            .map_err(|error| pool.failed(error))?;
        let number = transaction.last_insert_rowid();
        pool.now_live(number);
        Ok(RowOfIntent { number, owner })
    }

    /// `ALREADY_EXISTS` when there is a key with this identifier or somebody is at work on one.
    pub(super) fn check_free(&self, pool: &Pool, transaction: &Transaction<'_>, id: KeyId) -> Result<()> {
        let failed = |error| pool.failed(error);
        let exists = transaction
            .prepare_cached("SELECT 1 FROM keys WHERE namespace = ?1 AND id = ?2")
            .and_then(|mut statement| statement.exists(params![self.namespace, id.0]))
            .map_err(failed)?;
        if exists {
            return Err(Error::AlreadyExists);
        }
        let mut statement = transaction
            .prepare_cached("SELECT number, owner FROM intents WHERE namespace = ?1 AND id = ?2")
            .map_err(failed)?;
        let mut rows = statement.query(params![self.namespace, id.0]).map_err(failed)?;
        while let Some(row) = rows.next().map_err(failed)? {
            if pool.is_live_within(row.get(0).map_err(failed)?, row.get(1).map_err(failed)?)? {
                return fail!(AlreadyExists, "key {:#x} is being created or destroyed", id.0);
            }
        }
        Ok(())
    }
}

impl Intent {
    /// `BAD_STATE` in a forked child, which does not own what its parent began, and for the other kind.
    fn check(&self, kind: IntentKind) -> Result<()> {
        if self.kind == kind && self.pool.owns(self.row.owner) {
            return Ok(());
        }
        fail!(BadState, "this {:?} belongs to the parent process or is no {kind:?}", self.kind)
    }
}

fn orphan(row: &Row<'_>) -> rusqlite::Result<Orphan> {
    let kind = if row.get(9)? { IntentKind::Destruction } else { IntentKind::Creation };
    Ok(Orphan {
        kind,
        attributes: record::attributes(row)?,
        backend: row.get(6)?,
        identity: row.get(7)?,
        reference: Secret::new(row.get(8)?),
        number: row.get(10)?,
        owner: row.get(11)?,
    })
}

/// Ends an intent. That it is gone means that somebody else took this process for dead.
fn delete_intent(pool: &Pool, transaction: &Transaction<'_>, intent: &Intent) -> Result<()> {
    let deleted = transaction
        .prepare_cached("DELETE FROM intents WHERE number = ?1 AND owner = ?2")
        .and_then(|mut statement| statement.execute([intent.row.number, intent.row.owner]))
        .map_err(|error| pool.failed(error))?;
    if deleted == 1 { Ok(()) } else { fail!(DataCorrupt, "intent {} is no longer in the key store", intent.row.number) }
}
