//! Rows of the database, as types.

use rusqlite::{Row, Transaction};

use super::pool::Pool;
use super::protection::Lock;
use super::{Instance, KeyRecord, PlaceRecord};
use crate::fail;
use crate::memory::Secret;
use crate::psa::{Algorithm, Attributes, Error, KeyId, KeyType, Lifetime, Result, Usage};

/// Rows that are encrypted anew at a time.
const BATCH: i64 = 256;

/// The columns that [`key`] reads, and those that [`intent`] reads.
macro_rules! columns {
    (keys) => {
        "id, type, bits, lifetime, usage, algorithm, \
         backend, identity, context, public_key, sealed, protection, namespace, instance"
    };
    (intents) => {
        "id, type, bits, lifetime, usage, algorithm, \
         backend, identity, reference, x'', destruction, protection, namespace, 0"
    };
}

/// One key of a namespace, by its identifier.
pub(super) const SELECT_KEY: &str = concat!("SELECT ", columns!(keys), " FROM keys WHERE namespace = ?1 AND id = ?2");
/// The intents of a namespace, of one backend or identifier or of all, with their numbers and owners.
pub(super) const SELECT_INTENTS: &str = concat!(
    "SELECT ",
    columns!(intents),
    ", number, owner FROM intents
     WHERE namespace = ?1 AND (?2 IS NULL OR backend = ?2) AND (?3 IS NULL OR id = ?3) ORDER BY number"
);

/// Reads attributes from the first six columns of a row: id, type, bits, lifetime, usage, algorithm. A number out of
/// the range of its type is an error.
pub(super) fn attributes(row: &Row<'_>) -> rusqlite::Result<Attributes> {
    let bits: u32 = row.get(2)?;
    Ok(Attributes {
        id: KeyId(row.get(0)?),
        key_type: KeyType(row.get(1)?),
        bits: bits as usize,
        lifetime: Lifetime(row.get(3)?),
        usage: Usage(row.get(4)?),
        algorithm: Algorithm(row.get(5)?),
    })
}

/// What a row is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Key,
    Intent,
}

/// A row whose secret is still as it is stored.
pub(super) struct Stored {
    kind: Kind,
    pub(super) attributes: Attributes,
    backend: Option<String>,
    identity: String,
    secret: Secret,
    public_key: Vec<u8>,
    /// Of a key: a device has sealed it. Of an intent: it is a destruction.
    flag: bool,
    /// The number of the protection under which the secret is encrypted.
    pub(super) protection: i64,
    namespace: String,
    /// Of a key.
    instance: Instance,
}

/// Reads a row of `keys`.
pub(super) fn key(row: &Row<'_>) -> rusqlite::Result<Stored> {
    stored(row, Kind::Key)
}

/// Reads a row of `intents`.
pub(super) fn intent(row: &Row<'_>) -> rusqlite::Result<Stored> {
    stored(row, Kind::Intent)
}

fn stored(row: &Row<'_>, kind: Kind) -> rusqlite::Result<Stored> {
    Ok(Stored {
        kind,
        attributes: attributes(row)?,
        backend: row.get(6)?,
        identity: row.get(7)?,
        secret: Secret::new(row.get(8)?),
        public_key: row.get(9)?,
        flag: row.get(10)?,
        protection: row.get(11)?,
        namespace: row.get(12)?,
        instance: Instance(row.get(13)?),
    })
}

impl Stored {
    /// The secret: `DATA_CORRUPT` where it is not encrypted by this lock, or anything in the row was changed.
    fn open(&mut self, lock: &Lock) -> Result<Secret> {
        if self.protection != lock.number() {
            return fail!(DataCorrupt, "a row of the key store is not protected as the store says");
        }
        let secret = std::mem::take(&mut self.secret);
        lock.open(&self.context().encode(), secret)
    }

    fn context(&self) -> Context<'_> {
        Context {
            kind: self.kind,
            namespace: &self.namespace,
            attributes: &self.attributes,
            backend: self.backend.as_deref(),
            identity: &self.identity,
            public_key: &self.public_key,
            flag: self.flag,
        }
    }

    /// The key of a row of `keys`.
    pub(super) fn into_key(mut self, lock: &Lock) -> Result<KeyRecord> {
        let secret = self.open(lock)?;
        let place = match (self.backend, self.flag) {
            (None, false) => PlaceRecord::Local { material: secret },
            (None, true) => return fail!(DataCorrupt, "a row of the key store names no backend that has sealed it"),
            (Some(backend), sealed) => {
                let (identity, public_key) = (self.identity, self.public_key);
                match sealed {
                    false => PlaceRecord::Opaque { backend, identity, context: secret, public_key },
                    true => PlaceRecord::Sealed { backend, identity, context: secret, public_key },
                }
            }
        };
        Ok(KeyRecord { id: self.attributes.id, attributes: self.attributes, place, instance: self.instance })
    }

    /// What a row of `intents` has of its own: destruction or not, backend, identity, reference.
    pub(super) fn into_intent(mut self, lock: &Lock) -> Result<(bool, String, String, Secret)> {
        let reference = self.open(lock)?;
        Ok((self.flag, self.backend.ok_or(Error::DataCorrupt)?, self.identity, reference))
    }
}

/// What the secret of a row is bound to: everything else in the row that says what it is.
pub(super) struct Context<'a> {
    pub(super) kind: Kind,
    pub(super) namespace: &'a str,
    pub(super) attributes: &'a Attributes,
    pub(super) backend: Option<&'a str>,
    pub(super) identity: &'a str,
    pub(super) public_key: &'a [u8],
    pub(super) flag: bool,
}

impl Context<'_> {
    /// The additional data of the encryption: kind of the row (0 for a key, 1 for an intent) and flag in a byte each,
    /// then identifier, type, bits, lifetime, usage and algorithm in 4 bytes each, then namespace, backend, identity
    /// and public key, each after its length in 4 bytes; no backend has the length 2^32 - 1. Big-endian.
    pub(super) fn encode(&self) -> Vec<u8> {
        let Attributes { key_type, bits, lifetime, id, usage, algorithm } = self.attributes;
        let mut bytes = vec![u8::from(self.kind == Kind::Intent), u8::from(self.flag)];
        for number in [id.0, u32::from(key_type.0), *bits as u32, lifetime.0, usage.0, algorithm.0] {
            bytes.extend_from_slice(&number.to_be_bytes());
        }
        let fields = [Some(self.namespace.as_bytes()), self.backend.map(str::as_bytes), Some(self.identity.as_bytes())];
        for field in fields.into_iter().chain([Some(self.public_key)]) {
            bytes.extend_from_slice(&field.map_or(u32::MAX, |field| field.len() as u32).to_be_bytes());
            bytes.extend_from_slice(field.unwrap_or_default());
        }
        bytes
    }
}

/// Decrypts every row of all namespaces and encrypts it anew. What cannot be decrypted stays as it is, unreadable.
pub(super) fn encrypt_anew(pool: &Pool, transaction: &Transaction<'_>, old: &Lock, new: &Lock) -> Result<()> {
    let tables =
        [(Kind::Key, "keys", "context", columns!(keys)), (Kind::Intent, "intents", "reference", columns!(intents))];
    for (kind, table, secret, columns) in tables {
        let failed = |error| pool.failed(error);
        let select = format!("SELECT {columns}, rowid FROM {table} WHERE rowid > ?1 ORDER BY rowid LIMIT ?2");
        let update = format!("UPDATE {table} SET {secret} = ?2, protection = ?3 WHERE rowid = ?1");
        let (mut select, mut update) =
            (transaction.prepare(&select).map_err(failed)?, transaction.prepare(&update).map_err(failed)?);
        let mut last = i64::MIN;
        loop {
            let rows = select.query_map([last, BATCH], |row| Ok((row.get(14)?, stored(row, kind)))).map_err(failed)?;
            let batch: Vec<(i64, rusqlite::Result<Stored>)> = rows.collect::<rusqlite::Result<_>>().map_err(failed)?;
            let Some((end, _)) = batch.last() else { break };
            last = *end;
            for (row, stored) in batch {
                let Ok(mut stored) = stored else { continue };
                let Ok(opened) = stored.open(old) else {
                    crate::cause::clear();
                    continue;
                };
                let sealed = new.seal(&stored.context().encode(), &opened)?;
                update.execute((row, sealed.as_slice(), new.number())).map_err(failed)?;
            }
        }
    }
    Ok(())
}
