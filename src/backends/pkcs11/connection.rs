//! One connection with a token: its sessions, and the handles that are valid as long as it lasts.

use std::collections::HashMap;
use std::sync::Arc;

use cryptoki_sys::*;
use parking_lot::{Condvar, Mutex, RwLock, RwLockReadGuard, RwLockWriteGuard};

use super::errors::{Failure, Outcome, settled};
use super::function_list::FunctionList;
use super::login;
use super::module::Module;
use super::reference::Reference;
use super::token::Token;
use crate::config::Pkcs11Config;
use crate::core::epoch;
use crate::psa::Result;

/// Sessions that we open with a token that sets no limit itself; as many threads can work at once.
const MOST_SESSIONS: usize = 64;

/// A token that we are logged in to.
///
/// Sessions are opened as threads need them and stay open: closing the last one would log out, and closing one
/// would destroy the session objects that were made in it.
pub(super) struct Connection {
    module: Arc<Module>,
    token: Token,
    flags: CK_FLAGS,
    pool: Mutex<Pool>,
    returned: Condvar,
    /// Object handles found so far. They are void with this connection, which is why they live in it.
    handles: RwLock<HashMap<Reference, CK_OBJECT_HANDLE>>,
    epoch: u64,
}

/// Keeps others from a fragile store, as far as needed.
pub(super) enum StoreGuard<'a> {
    /// The token can take it.
    Free,
    /// Nobody changes it.
    Shared(#[allow(dead_code, reason = "held, not used")] RwLockReadGuard<'a, ()>),
    /// Nobody else is in it.
    Exclusive(#[allow(dead_code, reason = "held, not used")] RwLockWriteGuard<'a, ()>),
}

struct Pool {
    idle: Vec<CK_SESSION_HANDLE>,
    /// Sessions that are open or being opened.
    open: usize,
    limit: usize,
}

impl Connection {
    /// Finds the configured token, opens a first session and logs in.
    pub fn open(config: &Pkcs11Config) -> Result<Self> {
        let module = Module::get(config)?;
        let token = Token::find(&module.functions, &config.token)?;
        let flags = if token.has(CKF_WRITE_PROTECTED) { 0 } else { CKF_RW_SESSION };
        let configured = config.max_sessions.map(|most| most as usize);
        let limit = configured.into_iter().chain(token.most_sessions).min().unwrap_or(MOST_SESSIONS).max(1);
        let connection = Self {
            module,
            token,
            flags,
            pool: Mutex::new(Pool { idle: Vec::new(), open: 0, limit }),
            returned: Condvar::new(),
            handles: RwLock::default(),
            epoch: epoch::current(),
        };
        let session = settled(connection.session())?;
        login::log_in(session.functions(), session.handle, &connection.token, config)?;
        drop(session);
        Ok(connection)
    }

    /// The token.
    pub fn token(&self) -> &Token {
        &self.token
    }

    /// The module's functions.
    pub fn functions(&self) -> &FunctionList {
        &self.module.functions
    }

    /// A session for one piece of work; waits while all that the token allows are busy.
    pub fn session(&self) -> Outcome<Session<'_>> {
        let mut pool = self.pool.lock();
        loop {
            if let Some(handle) = pool.idle.pop() {
                return Ok(Session { connection: self, handle });
            }
            if pool.open < pool.limit {
                pool.open += 1;
                // A slow token must not hold up those who only want to give a session back.
                drop(pool);
                let answer = self.functions().open_session(self.token.slot, self.flags);
                if let Ok(handle) = answer {
                    return Ok(Session { connection: self, handle });
                }
                pool = self.pool.lock();
                pool.open -= 1;
                self.give_up(&mut pool, answer)?;
                continue;
            }
            self.returned.wait(&mut pool);
        }
    }

    /// A session that could not be opened: with others at hand, a token that is full only sets the limit.
    fn give_up(&self, pool: &mut Pool, answer: Outcome<CK_SESSION_HANDLE>) -> Outcome<()> {
        // Somebody else may wait for the place that became free.
        self.returned.notify_one();
        match answer {
            Err(failure) if failure.is(CKR_SESSION_COUNT) && pool.open > 0 => {
                pool.limit = pool.open;
                Ok(())
            }
            answer => answer.map(|_| ()),
        }
    }

    /// To be held while objects are looked for or session objects change.
    pub fn reading_store(&self) -> StoreGuard<'_> {
        match self.token.has_fragile_store() {
            true => StoreGuard::Shared(self.module.store.read()),
            false => StoreGuard::Free,
        }
    }

    /// To be held while objects of a key are made or destroyed.
    pub fn changing_store(&self, reference: &Reference) -> StoreGuard<'_> {
        match self.token.has_fragile_store() && reference.persistent() {
            true => StoreGuard::Exclusive(self.module.store.write()),
            false => self.reading_store(),
        }
    }

    /// The handle found earlier for a key.
    pub fn known_handle(&self, reference: &Reference) -> Option<CK_OBJECT_HANDLE> {
        self.handles.read().get(reference).copied()
    }

    /// Remembers a handle.
    pub fn remember(&self, reference: Reference, handle: CK_OBJECT_HANDLE) {
        self.handles.write().insert(reference, handle);
    }

    /// Forgets the handle of a key and returns it.
    pub fn forget(&self, reference: &Reference) -> Option<CK_OBJECT_HANDLE> {
        self.handles.write().remove(reference)
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if self.epoch != epoch::current() {
            return; // the parent's sessions
        }
        for session in self.pool.get_mut().idle.drain(..) {
            // Fails where it was lost, and then there is nothing to close.
            let _ = self.module.functions.close_session(session);
        }
    }
}

/// A session in use; goes back to its pool at the end.
pub(super) struct Session<'a> {
    connection: &'a Connection,
    handle: CK_SESSION_HANDLE,
}

impl<'a> Session<'a> {
    /// Its handle.
    pub fn handle(&self) -> CK_SESSION_HANDLE {
        self.handle
    }

    /// The connection that it belongs to.
    pub fn connection(&self) -> &'a Connection {
        self.connection
    }

    /// The module's functions.
    pub fn functions(&self) -> &'a FunctionList {
        self.connection.functions()
    }

    /// Fails as `CKR_USER_NOT_LOGGED_IN` where somebody logged us out: a token then hides private objects as if they
    /// were not there.
    pub fn require_login(&self) -> Outcome<()> {
        if !self.connection.token.has(CKF_LOGIN_REQUIRED) || login::is_logged_in(self.functions(), self.handle)? {
            return Ok(());
        }
        Err(Failure::Refused { function: "C_FindObjects", code: CKR_USER_NOT_LOGGED_IN })
    }
}

impl Drop for Session<'_> {
    fn drop(&mut self) {
        self.connection.pool.lock().idle.push(self.handle);
        self.connection.returned.notify_one();
    }
}
