//! Two phases, for devices that keep objects.
//!
//! Nothing can commit to a database and a device at once. So before a device makes an object, an *intent* with its
//! reference is committed; after it, the key. Whoever dies in between leaves an intent without an owner, an [`Orphan`],
//! and the next one who needs that backend or that identifier resolves it: creations backwards, destructions forwards.

use rusqlite::{OptionalExtension, Row, Transaction, params};

use super::pool::{Change, Pool};
use super::protection::Lock;
use super::record::{Context, Kind, Stored};
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
        let row = self.write_protected(pool, Change::Adds, |transaction, lock| {
            self.check_free(pool, transaction, attributes.id)?;
            let context = self.intent_context(kind, attributes, backend, identity);
            self.insert_intent(pool, transaction, lock, &context, reference)
        })?;
        Ok(Intent { pool, row, kind })
    }

    /// The device has made the key: stores it in the place of the intent.
    pub fn commit_creation(&self, intent: Intent, key: &KeyRecord) -> Result<()> {
        let pool = self.pool()?;
        intent.check(IntentKind::Creation)?;
        self.write_protected(pool, Change::Adds, |transaction, lock| {
            delete_intent(pool, transaction, &intent)?;
            self.insert_key(pool, transaction, lock, key)
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
        let row = self.write_protected(pool, Change::Removes, |transaction, lock| {
            let Some(stored) = self.select_key(pool, transaction, id)? else { return Err(Error::DoesNotExist) };
            let key = stored.into_key(lock)?;
            let PlaceRecord::Opaque { backend, identity, context, .. } = &key.place else {
                return fail!(InvalidArgument, "key {:#x} is in no device", id.0);
            };
            if !key.instance.is(instance) {
                return Err(Error::DoesNotExist);
            }
            self.delete_key(pool, transaction, id)?;
            let (row, reference) = (self.intent_context(kind, &key.attributes, backend, identity), context);
            self.insert_intent(pool, transaction, lock, &row, reference)
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
        self.follow_configuration(pool, false)?;
        let stored = pool.read(|connection| {
            let failed = |error| pool.failed(error);
            let mut statement = connection.prepare_cached(record::SELECT_INTENTS).map_err(failed)?;
            let rows = statement
                .query_map(params![self.namespace, backend, id.map(|id| id.0)], stored_intent)
                .map_err(failed)?;
            rows.map(|row| row.map_err(failed)).collect::<Result<Vec<StoredIntent>>>()
        })?;
        let mut found = Vec::new();
        for StoredIntent { row, stored } in stored.unwrap_or_default() {
            if !pool.is_live(row.number, row.owner)? {
                // One that has just been encrypted anew, or that is damaged, does not keep the others from being settled.
                let Some(lock) = self.lock_of(pool, stored.protection)? else { continue };
                match orphan(row, stored, &lock) {
                    Err(Error::DataCorrupt) => crate::cause::clear(),
                    orphan => found.push(orphan?),
                }
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

    fn intent_context<'a>(
        &'a self,
        kind: IntentKind,
        attributes: &'a Attributes,
        backend: &'a str,
        identity: &'a str,
    ) -> Context<'a> {
        Context {
            kind: Kind::Intent,
            namespace: &self.namespace,
            attributes,
            backend: Some(backend),
            identity,
            public_key: &[],
            flag: kind == IntentKind::Destruction,
        }
    }

    fn insert_intent(
        &self,
        pool: &Pool,
        transaction: &Transaction<'_>,
        lock: &Lock,
        intent: &Context<'_>,
        reference: &[u8],
    ) -> Result<RowOfIntent> {
        let owner = pool.owner.byte()?;
        let (attributes, reference) = (intent.attributes, lock.seal(&intent.encode(), reference)?);
        transaction
            .prepare_cached(
                "INSERT INTO intents (namespace, id, type, bits, lifetime, usage, algorithm,
                                      backend, identity, reference, destruction, owner, protection)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
            )
            .and_then(|mut statement| {
                statement.execute(params![
                    intent.namespace,
                    attributes.id.0,
                    attributes.key_type.0,
                    attributes.bits as i64,
                    attributes.lifetime.0,
                    attributes.usage.0,
                    attributes.algorithm.0,
                    intent.backend,
                    intent.identity,
                    reference.as_slice(),
                    intent.flag,
                    owner,
                    lock.number(),
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

struct StoredIntent {
    row: RowOfIntent,
    stored: Stored,
}

fn stored_intent(row: &Row<'_>) -> rusqlite::Result<StoredIntent> {
    let (number, owner) = (row.get(14)?, row.get(15)?);
    Ok(StoredIntent { row: RowOfIntent { number, owner }, stored: record::intent(row)? })
}

fn orphan(row: RowOfIntent, stored: Stored, lock: &Lock) -> Result<Orphan> {
    let attributes = stored.attributes;
    let (destruction, backend, identity, reference) = stored.into_intent(lock)?;
    let kind = if destruction { IntentKind::Destruction } else { IntentKind::Creation };
    Ok(Orphan { kind, attributes, backend, identity, reference, number: row.number })
}

/// Ends an intent. That it is gone means that somebody else took this process for dead.
fn delete_intent(pool: &Pool, transaction: &Transaction<'_>, intent: &Intent) -> Result<()> {
    let deleted = transaction
        .prepare_cached("DELETE FROM intents WHERE number = ?1 AND owner = ?2")
        .and_then(|mut statement| statement.execute([intent.row.number, intent.row.owner]))
        .map_err(|error| pool.failed(error))?;
    if deleted == 1 { Ok(()) } else { fail!(DataCorrupt, "intent {} is no longer in the key store", intent.row.number) }
}
