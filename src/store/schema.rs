//! The tables of the key store, and how those of an earlier version become those of this one.

use rusqlite::{Connection, OptionalExtension, TransactionBehavior};

/// "PSAk": tells our databases from others (`PRAGMA application_id`).
pub(super) const APPLICATION: i32 = 0x5053_416b;
/// The version of the tables (`PRAGMA user_version`).
pub(super) const VERSION: i32 = STEPS.len() as i32;

/// What leads from each version of the tables to the next; the first makes them. Steps that were released never change.
/// An earlier libparsec may have the database open meanwhile, and its statements have to go on working: new columns have
/// a default.
///
/// - `keys`: `backend` is NULL for a local key, whose `context` is its material; for others that is what the backend
///   opens, of the device with this `identity`. Where `sealed` is 1, the key is a local one all the same, whose material
///   that device has sealed.
/// - `intents`: what was begun in a device and may have to be finished by somebody else; `owner` is the byte that the
///   process which began it keeps locked.
/// - `protection`: the number of the store's protection under which `context` or `reference` is encrypted, 0 for none.
/// - `instance`: tells a key from another one that had the same identifier before or after it, 0 where that is unknown.
/// - `meta`: small blobs by name; `store.identity` tells this store from others.
const STEPS: [&str; 3] = [
    "
    CREATE TABLE keys (
        namespace TEXT NOT NULL, id INTEGER NOT NULL,
        type INTEGER NOT NULL, bits INTEGER NOT NULL, lifetime INTEGER NOT NULL,
        usage INTEGER NOT NULL, algorithm INTEGER NOT NULL,
        backend TEXT, identity TEXT NOT NULL, context BLOB NOT NULL, public_key BLOB NOT NULL,
        PRIMARY KEY (namespace, id)
    ) STRICT;
    CREATE TABLE intents (
        number INTEGER PRIMARY KEY AUTOINCREMENT, owner INTEGER NOT NULL, destruction INTEGER NOT NULL,
        namespace TEXT NOT NULL, id INTEGER NOT NULL,
        type INTEGER NOT NULL, bits INTEGER NOT NULL, lifetime INTEGER NOT NULL,
        usage INTEGER NOT NULL, algorithm INTEGER NOT NULL,
        backend TEXT NOT NULL, identity TEXT NOT NULL, reference BLOB NOT NULL
    ) STRICT;
    CREATE INDEX intents_by_id ON intents (namespace, id);
    CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
    ",
    "
    ALTER TABLE keys ADD COLUMN sealed INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE keys ADD COLUMN protection INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE intents ADD COLUMN protection INTEGER NOT NULL DEFAULT 0;
    ",
    "
    ALTER TABLE keys ADD COLUMN instance INTEGER NOT NULL DEFAULT 0;
    UPDATE keys SET instance = random();
    INSERT INTO meta (name, value) VALUES ('store.identity', randomblob(16));
    ",
];

/// What a database is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Empty, just made.
    Empty,
    /// A key store of this version.
    Current,
    /// A key store of an earlier version.
    Older,
    /// A key store of a later version.
    Newer(i32),
    /// Something else.
    Foreign,
}

pub(super) fn kind(connection: &Connection) -> rusqlite::Result<Kind> {
    let number = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i32>(0));
    Ok(match (number("application_id")?, number("user_version")?) {
        (APPLICATION, VERSION) => Kind::Current,
        (APPLICATION, version) if version > VERSION => Kind::Newer(version),
        (APPLICATION, 1..VERSION) => Kind::Older,
        (0, 0) if is_empty(connection)? => Kind::Empty,
        _ => Kind::Foreign,
    })
}

fn is_empty(connection: &Connection) -> rusqlite::Result<bool> {
    let any = connection.query_row("SELECT 1 FROM sqlite_schema LIMIT 1", [], |_| Ok(())).optional()?;
    Ok(any.is_none())
}

/// Makes the tables, or what they lack of this version, in one transaction. The caller holds the lock on setting up.
pub(super) fn bring_up(connection: &mut Connection) -> rusqlite::Result<()> {
    use_log(connection)?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let version: i32 = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
    for step in STEPS.iter().skip(usize::try_from(version).unwrap_or_default()) {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION)?;
    transaction.pragma_update(None, "user_version", VERSION)?;
    transaction.commit()
}

/// A new database has no write-ahead log, and neither has a backup that was put in the place of a database.
pub(super) fn use_log(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))
}
