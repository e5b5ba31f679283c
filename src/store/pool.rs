//! Connections to one database, none of them open across `fork`.
//!
//! SQLite remembers per process which locks it holds. A child that inherits an open connection and opens another one
//! believes in locks that it does not have, and loses committed rows without an error. So everything that touches a
//! database holds the gate, shared; `fork` holds it alone and closes all connections first. Both sides open new ones when they
//! need them. Whatever is made once for all databases is made behind the gate as well.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, OptionalExtension, Transaction, TransactionBehavior};

use super::counter::{self, Counter, Identity, Inode};
use super::owner::Owner;
use super::schema::{self, Kind};
use super::{directory, failure, sqlite};
use crate::core::epoch;
use crate::fail;
use crate::fork::{ForkHandlers, Held};
use crate::locks::{lock, read, try_lock, write};
use crate::psa::{Error, Result};

/// How long another process may hold the database, which it does for a few milliseconds.
const PATIENCE: Duration = Duration::from_secs(60);
/// Connections that are kept while nobody needs them.
const IDLE_CONNECTIONS: usize = 4;
/// The name of the counter's identity in the table `meta`.
const COUNTER: &str = "store.counter";

static GATE: RwLock<()> = RwLock::new(());
/// One for each directory, for ever: processes know few.
static POOLS: Mutex<Vec<&'static Pool>> = Mutex::new(Vec::new());

thread_local! {
    static CLOSED_GATE: Held<RwLockWriteGuard<'static, ()>> = const { Held::new() };
}

/// Makes `fork` wait for the gate.
pub(crate) static FORK: ForkHandlers =
    ForkHandlers { prepare: close_gate, parent: open_gate, child: open_gate_in_child };

fn close_gate() {
    let gate = write(&GATE);
    for pool in lock(&POOLS).iter() {
        pool.close_for_fork();
    }
    CLOSED_GATE.with(|held| held.hold(gate));
}

fn open_gate() {
    CLOSED_GATE.with(Held::let_go);
}

fn open_gate_in_child() {
    for pool in lock(&POOLS).iter() {
        pool.owner.leave_to_parent();
        lock(&pool.live).clear();
    }
    open_gate();
}

/// Runs `work` while no thread forks; `work` must not come back here or to a [`Pool`].
pub(crate) fn outside_fork<T>(work: impl FnOnce() -> T) -> T {
    let _gate = read(&GATE);
    work()
}

/// The connections, counter and locks of one directory.
pub(super) struct Pool {
    directory: PathBuf,
    database: PathBuf,
    pub(super) counter: Counter,
    pub(super) owner: Owner,
    idle: Mutex<Vec<Idle>>,
    /// The numbers of the intents that this process is at work on.
    live: Mutex<Vec<i64>>,
    /// Keeps the threads of this process from waiting for each other inside SQLite.
    writer: Mutex<()>,
    /// Connections that are open, and the epoch of the latest.
    open: AtomicUsize,
    opened_in: AtomicU64,
}

struct Idle {
    connection: Connection,
    inode: Option<Inode>,
    /// When the file had been changed last as its pages were read.
    changed: u64,
}

/// Whether a write takes something away that other processes may have in their caches.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    Adds,
    Removes,
    /// Everything that was stored is to leave the files, also where the power is lost.
    Rewrites,
}

impl Pool {
    /// The pool of a directory, without touching the disk.
    pub(super) fn of(directory: &Path) -> &'static Pool {
        let _gate = read(&GATE);
        let mut pools = lock(&POOLS);
        if let Some(pool) = pools.iter().find(|pool| pool.directory == directory) {
            return pool;
        }
        let pool: &'static Pool = Box::leak(Box::new(Pool::new(directory)));
        pools.push(pool);
        pool
    }

    fn new(directory: &Path) -> Self {
        let database = directory.join("keys.db");
        Self {
            counter: Counter::new(directory.join("generation"), database.clone()),
            owner: Owner::new(directory.join("owners")),
            directory: directory.to_owned(),
            database,
            idle: Mutex::new(Vec::new()),
            live: Mutex::new(Vec::new()),
            writer: Mutex::new(()),
            open: AtomicUsize::new(0),
            opened_in: AtomicU64::new(0),
        }
    }

    /// Runs `work` on the database; `None` where there is none yet. `work` must not come back here.
    pub(super) fn read<T>(&self, work: impl FnOnce(&Connection) -> Result<T>) -> Result<Option<T>> {
        let _gate = self.gate()?;
        match counter::look(&self.database) {
            Ok((inode, changed)) => self.reading(inode, changed, work).map(Some),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(failure::file(&self.database, error)),
        }
    }

    /// Runs `work` in a transaction, which is on disk when this returns. Makes the database where there is none.
    /// `work` must not come back here.
    pub(super) fn write<T>(&self, change: Change, work: impl FnOnce(&Transaction<'_>) -> Result<T>) -> Result<T> {
        let _gate = self.gate()?;
        let _writer = lock(&self.writer);
        self.writing(|connection| {
            let failed = |error| self.failed(error);
            let _turn = self.owner.writing()?;
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
            self.counter.settle();
            let unfinished = self.counter.log_will_have_remains();
            let marked = if change == Change::Rewrites { self.counter.flush() } else { Ok(()) };
            let result = match marked.and_then(|()| work(&transaction)) {
                Ok(result) => result,
                Err(error) => {
                    drop(transaction);
                    self.end_change(connection, unfinished);
                    return Err(error);
                }
            };
            if change == Change::Adds {
                transaction.commit().map_err(failed)?;
            } else {
                self.counter.begin();
                let committed = transaction.commit();
                self.counter.end();
                committed.map_err(failed)?;
            }
            self.end_change(connection, unfinished || change != Change::Adds);
            Ok(result)
        })
    }

    /// A removed key is still in the log, and so is what a writer had begun that died. It is gone for good when the log
    /// is written back and cut; should that fail, what was committed stands, and the next one cuts it.
    fn end_change(&self, connection: &Connection, cut: bool) {
        let is_cut = |busy: rusqlite::Result<bool>| matches!(busy, Ok(false));
        if !cut || is_cut(connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))) {
            self.counter.log_is_cut();
        }
    }

    /// Cuts what a writer that died has left in the log.
    fn cut_remains(&self, connection: &Connection) {
        if !self.counter.log_has_remains() {
            return;
        }
        // Who is writing, here or in another process, does it when he is done, and nobody waits for him.
        if let Some(_writer) = try_lock(&self.writer)
            && let Some(_turn) = self.owner.writing_alone()
        {
            self.end_change(connection, true);
        }
    }

    /// The path of the database, for messages.
    pub(super) fn path(&self) -> std::path::Display<'_> {
        self.database.display()
    }

    /// The status of an SQLite error, with its cause.
    pub(super) fn failed(&self, error: rusqlite::Error) -> Error {
        failure::database(&self.database, error)
    }

    /// Closes what is open and idle.
    pub(super) fn close(&self) {
        let _gate = read(&GATE);
        if self.is_ours() {
            self.close_idle(|_| ());
        }
    }

    /// Somebody in this process is at work on this intent. The caller is inside [`Pool::write`].
    pub(super) fn now_live(&self, intent: i64) {
        lock(&self.live).push(intent);
    }

    /// Nobody is any more.
    pub(super) fn no_longer_live(&self, intent: i64) {
        let _gate = read(&GATE);
        lock(&self.live).retain(|live| *live != intent);
    }

    /// True where somebody, here or in another process, is at work on an intent.
    pub(super) fn is_live(&self, intent: i64, owner: i64) -> Result<bool> {
        let _gate = read(&GATE);
        self.is_live_within(intent, owner)
    }

    /// [`Pool::is_live`] for a caller that is inside [`Pool::write`].
    pub(super) fn is_live_within(&self, intent: i64, owner: i64) -> Result<bool> {
        if self.owner.byte_so_far() == Some(owner) {
            return Ok(lock(&self.live).contains(&intent));
        }
        self.owner.is_alive(owner)
    }

    /// True where this process, not its parent, has this byte.
    pub(super) fn owns(&self, owner: i64) -> bool {
        let _gate = read(&GATE);
        self.owner.byte_so_far() == Some(owner)
    }

    fn gate(&self) -> Result<RwLockReadGuard<'static, ()>> {
        let gate = read(&GATE);
        if self.is_ours() {
            return Ok(gate);
        }
        fail!(
            BadState,
            "key store {}: this process was made by a bare clone(2) while the database was open; use fork(3)",
            self.database.display()
        )
    }

    /// False in a child whose parent had connections open, because no handler was run before the clone.
    fn is_ours(&self) -> bool {
        let _ = epoch::current();
        self.open.load(Ordering::Acquire) == 0 || self.opened_in.load(Ordering::Acquire) >= epoch::born()
    }

    /// Works on an idle connection, which keeps no pages with keys in them.
    fn reading<T>(&self, inode: Inode, changed: u64, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let mut taken = self.take(Some(inode))?;
        if taken.changed != changed {
            // SQLite knows of its own changes. But who copies another database over this one exchanges the rows behind
            // the pages that lead to them.
            sqlite::release_all_pages(&taken.connection);
            taken.changed = changed;
        }
        let result = work(&taken.connection);
        sqlite::release_pages_with_rows(&taken.connection);
        // After other errors SQLite has rolled back.
        let healthy = taken.connection.is_autocommit() && !matches!(result, Err(Error::DataCorrupt));
        let mut idle = lock(&self.idle);
        if healthy && idle.len() < IDLE_CONNECTIONS {
            idle.push(taken);
        } else {
            drop(idle);
            self.closed(taken);
        }
        result
    }

    /// Works on a connection that is closed afterwards: SQLite keeps what it wrote last in buffers that only this
    /// frees, and wipes. Another one stays open: who opens the database alone has to read the whole log, and needs room
    /// that a full disk may lack.
    fn writing<T>(&self, work: impl FnOnce(&mut Connection) -> Result<T>) -> Result<T> {
        let idle = self.take(counter::inode(&self.database).ok())?;
        lock(&self.idle).push(idle);
        let mut taken = self.opened()?;
        let result = work(&mut taken.connection);
        keep_log(&taken.connection);
        self.closed(taken);
        result
    }

    /// An idle connection to the file that the path leads to now, or a new one.
    fn take(&self, inode: Option<Inode>) -> Result<Idle> {
        while let Some(idle) = { lock(&self.idle).pop() } {
            if idle.inode == inode && self.counter.is_attached() {
                return Ok(idle);
            }
            if idle.inode != inode {
                self.counter.detach();
            }
            // The log may not be that of the database any more.
            keep_log(&idle.connection);
            self.closed(idle);
        }
        self.opened()
    }

    fn closed(&self, idle: Idle) {
        drop(idle);
        self.open.fetch_sub(1, Ordering::AcqRel);
    }

    fn close_idle(&self, before: impl Fn(&Connection)) {
        for idle in lock(&self.idle).drain(..) {
            before(&idle.connection);
            self.closed(idle);
        }
    }

    fn close_for_fork(&self) {
        self.close_idle(keep_log);
    }

    fn opened(&self) -> Result<Idle> {
        self.open.fetch_add(1, Ordering::AcqRel);
        self.opened_in.fetch_max(epoch::current(), Ordering::AcqRel);
        let opened = self.open_database();
        match &opened {
            Ok(idle) => self.cut_remains(&idle.connection),
            Err(_) => {
                self.open.fetch_sub(1, Ordering::AcqRel);
            }
        }
        opened
    }

    fn open_database(&self) -> Result<Idle> {
        directory::create(&self.directory)?;
        let real = directory::checked(&self.directory)?;
        // One at a time in this process and among processes: a file of ours must not be closed while SQLite has a lock
        // on it, and the tables and the counter are made once.
        static SETUP: Mutex<()> = Mutex::new(());
        let _setup = lock(&SETUP);
        let _others = self.owner.setting_up()?;
        match directory::create_file(&self.database)? {
            Some(_) => self.counter.remove(),
            None => directory::check_file(&self.database)?,
        }
        let failed = |error| self.failed(error);
        let mut connection = connect(&real.join("keys.db")).map_err(failed)?;
        match schema::kind(&connection).map_err(failed)? {
            Kind::Current => schema::use_log(&connection).map_err(failed)?,
            // A counter is made after the tables, so that there were some.
            Kind::Empty if self.counter.exists() => {
                return fail!(
                    DataCorrupt,
                    "key store {0}: it has been emptied; restore a backup, or remove the file to begin anew",
                    self.database.display()
                );
            }
            Kind::Empty | Kind::Older => schema::bring_up(&mut connection).map_err(failed)?,
            Kind::Newer(version) => {
                return fail!(
                    DataInvalid,
                    "key store {}: made by a later libparsec (version {version} of its tables, this one knows {}); \
                     update libparsec",
                    self.database.display(),
                    schema::VERSION
                );
            }
            Kind::Foreign => {
                return fail!(DataInvalid, "{}: not a key store of libparsec", self.database.display());
            }
        }
        let inode = counter::inode(&self.database).ok();
        self.attach_counter(&connection)?;
        Ok(Idle { connection, inode, changed: 0 })
    }

    /// Maps the counter that belongs to the database, or makes one where it is missing.
    fn attach_counter(&self, connection: &Connection) -> Result<()> {
        let failed = |error| self.failed(error);
        let known: Option<Identity> = connection
            .query_row("SELECT value FROM meta WHERE name = ?1", [COUNTER], |row| row.get(0))
            .optional()
            .map_err(failed)?;
        let attached = match known {
            Some(_) if self.counter.is_attached() => true,
            Some(identity) => self.counter.attach(&identity)?,
            None => false,
        };
        if attached {
            return Ok(());
        }
        let identity = self.counter.create()?;
        connection
            .execute("INSERT OR REPLACE INTO meta (name, value) VALUES (?1, ?2)", (COUNTER, identity))
            .map_err(failed)?;
        self.counter.attach(&identity).map(|_| ())
    }
}

/// The last connection would write the log back into the database when it is closed, which takes long; it stays as it is.
fn keep_log(connection: &Connection) {
    let _ = connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true);
}

fn connect(path: &Path) -> rusqlite::Result<Connection> {
    sqlite::wipe_memory();
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_NOFOLLOW;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(PATIENCE)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update_and_check(None, "secure_delete", true, |_| Ok(()))?;
    // Who opens the database as the only one reads the log; 100 pages take a third of a millisecond.
    connection.pragma_update(None, "wal_autocheckpoint", 100)?;
    // Of pages without keys; 100,000 keys have 2 MiB of them.
    connection.pragma_update(None, "cache_size", -512)?;
    // No files with keys in them elsewhere.
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    Ok(connection)
}
