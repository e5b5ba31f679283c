//! Protection at rest: key material, authorization values and references are encrypted with a key of the store, which a
//! device seals, or which is encrypted with a secret from a file.
//!
//! The metadata `store.protection` says by what, in the clear:
//!
//! | bytes | content |
//! | --- | --- |
//! | 1 | version of this encoding, 1 |
//! | 8 | number of the protection, big-endian: it grows with every change |
//! | 1 | 0: nothing, 1: a backend, 2: a file, 3: a credential |
//! | 2 + n | the name of that, its length big-endian |
//! | n | the store's key: as the backend sealed it, or as an [`envelope`] |
//!
//! Every row has the number of the protection under which it is encrypted, 0 for none. The first use of a store in a
//! process makes it what the configuration says: rows are encrypted anew, all in one transaction. From then on this
//! process does not change it again, and when another one does, it says so instead of following.

#[cfg(test)]
mod tests;

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use rusqlite::{Connection, OptionalExtension, Transaction};

use super::pool::{Change, Pool, outside_fork};
use super::{Store, record};
use crate::cause;
use crate::config::{Protect, SecretSource};
use crate::envelope;
use crate::fail;
use crate::locks::lock;
use crate::memory::Secret;
use crate::psa::{Error, Result};

/// The name of the metadata.
const METADATA: &str = "store.protection";
const VERSION: u8 = 1;
/// What the store's key is bound to where a file protects it.
const STORE_KEY: &[u8] = b"libparsec store key";
/// Other processes change the protection while we look at it, but not all the time.
pub(super) const ATTEMPTS: usize = 5;

/// The devices that can seal the key of a store, by the names of their backends.
pub trait SealingDevices: Send + Sync {
    /// Seals a secret so that only this device opens it.
    fn seal(&self, backend: &str, secret: &[u8]) -> Result<Vec<u8>>;

    /// Opens what it sealed.
    fn unseal(&self, backend: &str, sealed: &[u8]) -> Result<Secret>;
}

/// No devices.
pub struct NoDevices;

impl SealingDevices for NoDevices {
    fn seal(&self, backend: &str, _secret: &[u8]) -> Result<Vec<u8>> {
        fail!(NotSupported, "the backend {backend} cannot seal")
    }

    fn unseal(&self, backend: &str, _sealed: &[u8]) -> Result<Secret> {
        fail!(NotSupported, "the backend {backend} cannot unseal")
    }
}

/// What one opened store knows of its protection.
pub(super) struct Protection {
    /// What the configuration says.
    wanted: Option<Protect>,
    devices: Box<dyn SealingDevices>,
    /// The store was what the configuration says.
    followed: AtomicBool,
    current: Mutex<Option<Arc<Current>>>,
}

/// A protection as it was found, and its key once that was needed.
struct Current {
    announced: Announced,
    key: Option<Secret>,
}

/// What the metadata says.
#[derive(Clone, PartialEq, Eq)]
struct Announced {
    number: u64,
    by: Protect,
    sealed: Vec<u8>,
}

/// Encrypts and decrypts rows.
pub(super) struct Lock {
    number: i64,
    current: Arc<Current>,
}

impl Protection {
    pub(super) fn new(wanted: Option<Protect>, devices: Box<dyn SealingDevices>) -> Self {
        Self { wanted, devices, followed: AtomicBool::new(false), current: Mutex::new(None) }
    }

    /// The mutex is only ever held inside the gate, so that no child is born with it locked.
    fn current(&self) -> Option<Arc<Current>> {
        outside_fork(|| lock(&self.current).clone())
    }

    fn keep(&self, current: Arc<Current>) -> Arc<Current> {
        self.replace(Some(current.clone()));
        current
    }

    /// Forgets the key, which is wiped as soon as nobody is using it.
    pub(super) fn forget(&self) {
        self.replace(None);
    }

    fn replace(&self, current: Option<Arc<Current>>) {
        outside_fork(|| *lock(&self.current) = current);
    }

    /// The key of the store, from what protects it.
    fn unseal(&self, by: &Protect, sealed: &[u8]) -> Result<Option<Secret>> {
        match by {
            Protect::Nothing => Ok(None),
            Protect::Backend(name) => self.devices.unseal(name, sealed).map(Some),
            Protect::Secret(source) => match envelope::open(&master(source)?, STORE_KEY, sealed)? {
                Some(key) => Ok(Some(key)),
                None => fail!(DataCorrupt, "{source} is not the one with which the key of the store was encrypted"),
            },
        }
    }

    /// A new protection, and its key.
    fn make(&self, number: u64, by: &Protect) -> Result<Current> {
        let key = envelope::master()?;
        let sealed = match by {
            Protect::Nothing => Vec::new(),
            Protect::Backend(name) => self.devices.seal(name, &key)?,
            Protect::Secret(source) => envelope::seal(&master(source)?, STORE_KEY, &key)?,
        };
        let announced = Announced { number, by: by.clone(), sealed };
        let key = (*by != Protect::Nothing).then_some(key);
        Ok(Current { announced, key })
    }
}

/// The content of a file or credential, which must be long enough that nobody guesses it.
fn master(source: &SecretSource) -> Result<Secret> {
    let master = source.read_whole()?;
    if master.len() < envelope::MASTER_LENGTH {
        return fail!(
            DataInvalid,
            "{source} has {} bytes; it takes {} random ones or more to protect a key store ('head -c 32 /dev/urandom')",
            master.len(),
            envelope::MASTER_LENGTH
        );
    }
    Ok(master)
}

impl Store {
    /// What protects the store, as far as it says: `None` where there is no store yet.
    pub fn protected_by(&self) -> Result<Option<Protect>> {
        Ok(self.pool()?.read(|connection| announced(self.pool()?, connection))?.map(|announced| announced.by))
    }

    /// Makes the store what the configuration says, once. Where there is no store yet, only before one is made.
    pub(super) fn follow_configuration(&self, pool: &Pool, creating: bool) -> Result<()> {
        let protection = &self.protection;
        let Some(wanted) = &protection.wanted else { return Ok(()) };
        if protection.followed.load(Ordering::Acquire) {
            return Ok(());
        }
        if !creating && pool.read(|_| Ok(()))?.is_none() {
            return Ok(());
        }
        self.change_protection(pool, wanted)?;
        protection.followed.store(true, Ordering::Release);
        Ok(())
    }

    fn change_protection(&self, pool: &Pool, wanted: &Protect) -> Result<()> {
        for _ in 0..ATTEMPTS {
            let old = self.refresh(pool)?;
            if old.announced.by == *wanted {
                return Ok(());
            }
            let old = self.locked_by(pool, old).or_else(|error| self.moved(wanted, error))?;
            let number = old.current.announced.number.saturating_add(1);
            let new = self.protection.make(number, wanted).map_err(|error| self.explained(pool, wanted, error))?;
            let new = Lock::new(Arc::new(new));
            let changed = pool.write(Change::Rewrites, |transaction| {
                if announced(pool, transaction)? != old.current.announced {
                    return Ok(false);
                }
                record::encrypt_anew(pool, transaction, &old, &new)?;
                announce(pool, transaction, &new.current.announced)?;
                Ok(true)
            })?;
            if changed {
                self.protection.keep(new.current);
                return Ok(());
            }
        }
        fail!(StorageFailure, "other processes change the protection of the key store all the time")
    }

    /// The file has another path now, or the backend another name: the new one opens what the old one sealed.
    fn moved(&self, wanted: &Protect, error: Error) -> Result<Lock> {
        let reason = cause::take();
        let current = self.protection.current().ok_or(error)?;
        match self.protection.unseal(wanted, &current.announced.sealed) {
            Ok(Some(key)) => {
                cause::clear();
                Ok(Lock::new(Arc::new(Current { announced: current.announced.clone(), key: Some(key) })))
            }
            _ => {
                cause::clear();
                Err(reason.map_or(error, |reason| cause::of(error, format_args!("{reason}"))))
            }
        }
    }

    /// What the metadata says now.
    fn refresh(&self, pool: &Pool) -> Result<Arc<Current>> {
        let announced = pool.read(|connection| announced(pool, connection))?.unwrap_or_else(Announced::nothing);
        if let (true, Some(wanted)) = (self.protection.followed.load(Ordering::Acquire), &self.protection.wanted)
            && announced.by != *wanted
        {
            return fail!(
                NotPermitted,
                "key store {}: another process has changed its protection to {}, and the configuration of this one says \
                 {wanted}: write the same protect for all programs that use the store, and start them again",
                pool.path(),
                announced.by
            );
        }
        match self.protection.current() {
            Some(current) if current.announced == announced => Ok(current),
            _ => Ok(self.protection.keep(Arc::new(Current { announced, key: None }))),
        }
    }

    /// The way to encrypt and decrypt now.
    fn lock(&self, pool: &Pool) -> Result<Lock> {
        let current = match self.protection.current() {
            Some(current) => current,
            None => self.refresh(pool)?,
        };
        self.locked_by(pool, current)
    }

    /// The way to encrypt and decrypt under this protection; asks the device where its key is not known yet.
    fn locked_by(&self, pool: &Pool, current: Arc<Current>) -> Result<Lock> {
        let announced = &current.announced;
        if current.key.is_some() || announced.by == Protect::Nothing {
            return Ok(Lock::new(current));
        }
        let key = self.protection.unseal(&announced.by, &announced.sealed);
        let key = key.map_err(|error| self.explained(pool, &announced.by, error))?;
        Ok(Lock::new(self.protection.keep(Arc::new(Current { announced: announced.clone(), key }))))
    }

    fn explained(&self, pool: &Pool, by: &Protect, error: Error) -> Error {
        cause::of(error, format_args!("key store {}, protected by {by}", pool.path()))
    }

    /// The way to decrypt a row with this number; `None` where the store says another one, because either has just been
    /// changed or the row is not what it should be.
    pub(super) fn lock_of(&self, pool: &Pool, number: i64) -> Result<Option<Lock>> {
        let current = match self.protection.current() {
            Some(current) if current.number() == number => current,
            _ => self.refresh(pool)?,
        };
        if current.number() == number { self.locked_by(pool, current).map(Some) } else { Ok(None) }
    }

    /// [`Pool::write`] with the way to encrypt.
    pub(super) fn write_protected<T>(
        &self,
        pool: &Pool,
        change: Change,
        mut work: impl FnMut(&Transaction<'_>, &Lock) -> Result<T>,
    ) -> Result<T> {
        self.follow_configuration(pool, true)?;
        for _ in 0..ATTEMPTS {
            let lock = self.lock(pool)?;
            let done =
                pool.write(change, |transaction| match announced(pool, transaction)?.number() == lock.number {
                    true => work(transaction, &lock).map(Some),
                    false => Ok(None),
                })?;
            match done {
                Some(value) => return Ok(value),
                None => self.refresh(pool)?,
            };
        }
        fail!(StorageFailure, "other processes change the protection of the key store all the time")
    }
}

impl Current {
    fn number(&self) -> i64 {
        self.announced.number()
    }
}

impl Lock {
    fn new(current: Arc<Current>) -> Self {
        Self { number: current.number(), current }
    }

    /// What rows say that are encrypted by this.
    pub(super) fn number(&self) -> i64 {
        self.number
    }

    /// Encrypts; without a protection the secret stays as it is.
    pub(super) fn seal(&self, context: &[u8], secret: &[u8]) -> Result<Secret> {
        match &self.current.key {
            Some(key) => envelope::seal(key, context, secret).map(Secret::new),
            None => Ok(secret.to_vec().into()),
        }
    }

    /// Decrypts; `DATA_CORRUPT` for what is not as it was stored.
    pub(super) fn open(&self, context: &[u8], sealed: Secret) -> Result<Secret> {
        let Some(key) = &self.current.key else { return Ok(sealed) };
        match envelope::open(key, context, &sealed)? {
            Some(secret) => Ok(secret),
            None => fail!(DataCorrupt, "a row of the key store was changed by somebody else than libparsec"),
        }
    }
}

impl Announced {
    fn nothing() -> Self {
        Self { number: 0, by: Protect::Nothing, sealed: Vec::new() }
    }

    /// What the rows say that are encrypted so.
    fn number(&self) -> i64 {
        if self.by == Protect::Nothing { 0 } else { self.number.cast_signed() }
    }

    fn encode(&self) -> Vec<u8> {
        let (kind, name): (u8, &[u8]) = match &self.by {
            Protect::Nothing => (0, b""),
            Protect::Backend(name) => (1, name.as_bytes()),
            Protect::Secret(SecretSource::File(path)) => (2, path.as_os_str().as_bytes()),
            Protect::Secret(SecretSource::Credential(name) | SecretSource::Env(name)) => (3, name.as_bytes()),
        };
        let length = (name.len() as u16).to_be_bytes();
        [&[VERSION][..], &self.number.to_be_bytes(), &[kind], &length, name, &self.sealed].concat()
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let (&[VERSION], rest) = bytes.split_first_chunk()? else { return None };
        let (number, rest) = rest.split_first_chunk()?;
        let (&[kind], rest) = rest.split_first_chunk()?;
        let (length, rest) = rest.split_first_chunk()?;
        let (name, sealed) = rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
        let text = || str::from_utf8(name).ok().map(str::to_owned);
        let by = match kind {
            0 => Protect::Nothing,
            1 => Protect::Backend(text()?),
            2 => Protect::Secret(SecretSource::File(PathBuf::from(OsStr::from_bytes(name)))),
            3 => Protect::Secret(SecretSource::Credential(text()?)),
            _ => return None,
        };
        Some(Self { number: u64::from_be_bytes(*number), by, sealed: sealed.to_vec() })
    }
}

fn announced(pool: &Pool, connection: &Connection) -> Result<Announced> {
    let value: Option<Vec<u8>> = connection
        .prepare_cached("SELECT value FROM meta WHERE name = ?1")
        .and_then(|mut statement| statement.query_row([METADATA], |row| row.get(0)).optional())
        .map_err(|error| pool.failed(error))?;
    match value {
        None => Ok(Announced::nothing()),
        Some(value) => match Announced::decode(&value) {
            Some(announced) => Ok(announced),
            None => fail!(DataCorrupt, "key store {}: what protects it cannot be read", pool.path()),
        },
    }
}

fn announce(pool: &Pool, transaction: &Transaction<'_>, announced: &Announced) -> Result<()> {
    transaction
        .execute("INSERT OR REPLACE INTO meta (name, value) VALUES (?1, ?2)", (METADATA, announced.encode()))
        .map(|_| ())
        .map_err(|error| pool.failed(error))
}
