//! One connection with a token: its sessions, and the handles that are valid as long as it lasts.

use std::cell::Cell;
use std::collections::HashMap;
use std::sync::{Arc, Condvar, Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use cryptoki::object::Attribute;
use cryptoki_sys::*;

use super::capabilities::Capabilities;
use super::errors::{Failure, Outcome, settled};
use super::function_list::FunctionList;
use super::login::{self, Login};
use super::module::Module;
use super::reference::Reference;
use super::token::Token;
use super::turns::{Turn, Turns};
use crate::cause;
use crate::config::Pkcs11Config;
use crate::core::epoch;
use crate::locks::{lock, read, wait, write};
use crate::psa::{Error, Result};

/// Sessions that we open with a token that sets no limit itself; as many threads can work at once.
const MOST_SESSIONS: usize = 64;

/// Sessions that are kept for their objects, although nothing more can be done in them.
const MOST_STUCK: usize = 8;

/// A token that we are logged in to.
///
/// Sessions are opened as threads need them and stay open: closing the last one would log out, and closing one
/// would destroy the session objects that were made in it.
pub(super) struct Connection {
    module: Arc<Module>,
    token: Token,
    flags: CK_FLAGS,
    login: Arc<Login>,
    turns: Turns,
    pool: Mutex<Pool>,
    returned: Condvar,
    /// Object handles found so far. They are void with this connection, which is why they live in it.
    handles: RwLock<HashMap<Reference, CK_OBJECT_HANDLE>>,
    capabilities: Capabilities,
    epoch: u64,
}

/// Keeps others from a fragile store, as far as needed.
pub(super) enum StoreGuard<'a> {
    /// The token can take it.
    Free,
    /// Nobody changes it.
    Shared(#[allow(dead_code, reason = "held, not used")] RwLockReadGuard<'a, ()>),
    /// Nobody else of this process is in it, and no other process changes it.
    Exclusive(#[allow(dead_code, reason = "held, not used")] (RwLockWriteGuard<'a, ()>, Turn)),
}

struct Pool {
    idle: Vec<Idle>,
    /// Sessions that are stuck in an operation, and are kept for the session objects that were made in them.
    stuck: Vec<CK_SESSION_HANDLE>,
    /// Sessions that are open or being opened.
    open: usize,
    /// Those of them that operations in parts hold.
    held: usize,
    limit: usize,
}

/// An open session that nobody uses.
struct Idle {
    handle: CK_SESSION_HANDLE,
    /// Session objects were made in it, which end with it.
    has_objects: bool,
}

impl Connection {
    /// Finds the configured token, opens a first session and logs in.
    pub fn open(config: &Pkcs11Config, login: &Arc<Login>) -> Result<Self> {
        let turns = Turns::new(config.state_directory.as_deref(), config.trusted_module()?);
        // What SoftHSM reads while another process connects, or changes the token, it may never read again.
        let _turn = turns.take()?;
        let module = Module::get(config)?;
        let token = Token::find(&module.functions, &config.token)?.with_quirks(&module.functions, &config.quirks);
        let flags = if token.has(CKF_WRITE_PROTECTED) { 0 } else { CKF_RW_SESSION };
        let configured = config.max_sessions.map(|most| most as usize);
        let limit = configured.into_iter().chain(token.most_sessions).min().unwrap_or(MOST_SESSIONS).max(1);
        let connection = Self {
            module,
            token,
            flags,
            login: login.clone(),
            turns,
            pool: Mutex::new(Pool { idle: Vec::new(), stuck: Vec::new(), open: 0, held: 0, limit }),
            returned: Condvar::new(),
            handles: RwLock::default(),
            capabilities: Capabilities::default(),
            epoch: epoch::current(),
        };
        let session = settled(connection.session())?;
        connection.login.log_in(session.functions(), session.handle, &connection.token)?;
        drop(session);
        Ok(connection)
    }

    /// The token.
    pub fn token(&self) -> &Token {
        &self.token
    }

    /// What is known of the token's abilities.
    pub fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    /// The module's functions.
    pub fn functions(&self) -> &FunctionList {
        &self.module.functions
    }

    /// A session for one piece of work; waits while all that the token allows are busy.
    pub fn session(&self) -> Outcome<Session<'_>> {
        let mut pool = lock(&self.pool);
        loop {
            if let Some(idle) = pool.idle.pop() {
                return Ok(Session::new(self, idle, Use::OneCall));
            }
            if pool.open < pool.limit {
                pool.open += 1;
                // A slow token must not hold up those who only want to give a session back.
                drop(pool);
                let answer = self.functions().open_session(self.token.slot, self.flags);
                if let Ok(handle) = answer {
                    return Ok(Session::new(self, Idle { handle, has_objects: false }, Use::OneCall));
                }
                pool = lock(&self.pool);
                pool.open -= 1;
                self.give_up(&mut pool, answer)?;
                continue;
            }
            pool = wait(&self.returned, pool);
        }
    }

    /// A session that could not be opened: with others at hand, a token that is full only sets the limit.
    fn give_up(&self, pool: &mut Pool, answer: Outcome<CK_SESSION_HANDLE>) -> Outcome<()> {
        // Somebody else may wait for the place that became free.
        self.returned.notify_one();
        match answer {
            Err(failure) if failure.is(CKR_SESSION_COUNT) && pool.open > pool.held => {
                pool.limit = pool.open;
                Ok(())
            }
            answer => answer.map(|_| ()),
        }
    }

    /// A session for an operation in parts. Never waits, because the operation that holds the last one may be this
    /// thread's own, and leaves one session for work in one call: `INSUFFICIENT_MEMORY`.
    pub fn hold(self: &Arc<Self>) -> Outcome<HeldSession> {
        let mut pool = lock(&self.pool);
        if pool.held + 1 >= pool.limit {
            return Err(self.no_session_left(pool.held));
        }
        let spare = pool.open > pool.held + 1;
        // Not one with objects: it would have to be closed to end the operation early.
        let position = pool.idle.iter().rposition(|idle| !idle.has_objects).filter(|_| spare);
        if let Some(position) = position {
            let Idle { handle, .. } = pool.idle.swap_remove(position);
            pool.held += 1;
            return Ok(HeldSession { connection: self.clone(), handle, ended: false });
        }
        if pool.open >= pool.limit {
            return Err(self.no_session_left(pool.held));
        }
        pool.open += 1;
        pool.held += 1;
        drop(pool);
        let answer = self.functions().open_session(self.token.slot, self.flags);
        if let Ok(handle) = answer {
            return Ok(HeldSession { connection: self.clone(), handle, ended: false });
        }
        let mut pool = lock(&self.pool);
        pool.open -= 1;
        pool.held -= 1;
        self.give_up(&mut pool, answer)?;
        Err(self.no_session_left(pool.held))
    }

    /// Another session in the place of one that is busy with what cannot go on. Opened before that one is closed: closing
    /// the last one would log out.
    #[cold]
    fn replace(&self, busy: Idle) -> Option<Idle> {
        let fresh = self.functions().open_session(self.token.slot, self.flags);
        let fresh = fresh.ok().map(|handle| Idle { handle, has_objects: false });
        if !busy.has_objects {
            // Fails where it was lost, and then there is nothing to close.
            let _ = self.functions().close_session(busy.handle);
            return fresh;
        }
        let mut pool = lock(&self.pool);
        match fresh {
            Some(fresh) if pool.stuck.len() < MOST_STUCK => {
                pool.open += 1;
                pool.stuck.push(busy.handle);
                Some(fresh)
            }
            // Who uses it next finds out, and connects again.
            Some(fresh) => {
                drop(pool);
                let _ = self.functions().close_session(fresh.handle);
                Some(busy)
            }
            None => Some(busy),
        }
    }

    #[cold]
    fn no_session_left(&self, held: usize) -> Failure {
        let text = format_args!("token {} has no session left: {held} operations in parts hold one each", self.token);
        cause::of(Error::InsufficientMemory, text).into()
    }

    /// True where the device answers: there is a session, the user is logged in, and a random number comes. For after a failure.
    #[cold]
    pub fn works(&self) -> bool {
        let answers = |session: &Session<'_>| {
            session.require_login()?;
            session.functions().generate_random(session.handle, &mut [0])
        };
        self.session().is_ok_and(|session| answers(&session).is_ok())
    }

    /// True where somebody has logged us out. For after a failure.
    #[cold]
    pub fn is_logged_out(&self) -> bool {
        let is_out = |session: &Session<'_>| session.require_login().is_err_and(|it| it.is(CKR_USER_NOT_LOGGED_IN));
        self.session().is_ok_and(|session| is_out(&session))
    }

    /// To be held while objects are looked for or session objects change.
    pub fn reading_store(&self) -> StoreGuard<'_> {
        match self.token.fragile_store {
            true => StoreGuard::Shared(read(&self.module.store)),
            false => StoreGuard::Free,
        }
    }

    /// To be held while token objects change, or where it matters that what is seen is all there is.
    pub fn alone_in_store(&self) -> Outcome<StoreGuard<'_>> {
        match self.token.fragile_store {
            true => {
                // First: threads of this process need not wait where others do.
                let turn = self.turns.take()?;
                Ok(StoreGuard::Exclusive((write(&self.module.store), turn)))
            }
            false => Ok(StoreGuard::Free),
        }
    }

    /// The handle found earlier for a key.
    pub fn known_handle(&self, reference: &Reference) -> Option<CK_OBJECT_HANDLE> {
        read(&self.handles).get(reference).copied()
    }

    /// Remembers the handle of an object that was found.
    pub fn remember(&self, reference: Reference, handle: CK_OBJECT_HANDLE) {
        write(&self.handles).insert(reference, handle);
    }

    /// Forgets the handle of a key and returns it.
    pub fn forget(&self, reference: &Reference) -> Option<CK_OBJECT_HANDLE> {
        write(&self.handles).remove(reference)
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if self.epoch != epoch::current() {
            return; // the parent's sessions
        }
        let pool = self.pool.get_mut().unwrap_or_else(PoisonError::into_inner);
        for session in pool.idle.drain(..).map(|idle| idle.handle).chain(pool.stuck.drain(..)) {
            // Fails where it was lost, and then there is nothing to close.
            let _ = self.module.functions.close_session(session);
        }
    }
}

/// What a session is used for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    /// Work in one call.
    OneCall,
    /// A step of an operation that holds it.
    Step,
}

/// A session in use; goes back to its pool at the end, unless an operation holds it.
pub(super) struct Session<'a> {
    connection: &'a Connection,
    handle: CK_SESSION_HANDLE,
    purpose: Use,
    has_objects: Cell<bool>,
    /// The key at work takes the PIN for each use.
    pin_each_time: Cell<bool>,
    /// An operation was begun in it that cannot go on.
    is_busy: Cell<bool>,
}

impl<'a> Session<'a> {
    fn new(connection: &'a Connection, idle: Idle, purpose: Use) -> Self {
        let Idle { handle, has_objects } = idle;
        let (has_objects, no) = (Cell::new(has_objects), || Cell::new(false));
        Self { connection, handle, purpose, has_objects, pin_each_time: no(), is_busy: no() }
    }

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

    /// Remembers the object of a key that was made in this session; a session object ends with it.
    pub fn made(&self, reference: &Reference, handle: CK_OBJECT_HANDLE) {
        if !reference.persistent() {
            self.has_objects.set(true);
        }
        self.connection.remember(reference.clone(), handle);
    }

    /// Says whether the key that is used next takes the PIN for each use.
    pub fn expect_pin(&self, each_time: bool) {
        self.pin_each_time.set(each_time);
    }

    /// To be called right after `C_SignInit` and its like: gives the PIN once more where the key takes it for each
    /// use (`CKA_ALWAYS_AUTHENTICATE`), and costs nothing for others.
    pub fn authorize(&self) -> Outcome<()> {
        if !self.pin_each_time.get() {
            return Ok(());
        }
        let answer = self.connection.login.authorize(self.functions(), self.handle, &self.connection.token);
        if answer.is_err() {
            self.is_stuck();
        }
        answer
    }

    /// Says that an operation was begun in it that cannot go on.
    #[cold]
    pub fn is_stuck(&self) {
        self.is_busy.set(true);
    }

    /// The objects that have all these attributes, at most `N` of them.
    pub fn find_objects<const N: usize>(&self, attributes: &[Attribute]) -> Outcome<Vec<CK_OBJECT_HANDLE>> {
        self.functions().find_objects::<N>(self.handle, attributes).inspect_err(|failure| {
            // Neither ended nor to be ended.
            if matches!(failure, Failure::Refused { function: "C_FindObjectsFinal", .. }) {
                self.is_stuck();
            }
        })
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
        if self.purpose == Use::Step {
            return; // the operation's
        }
        let used = Idle { handle: self.handle, has_objects: self.has_objects.get() };
        let idle = if self.is_busy.get() { self.connection.replace(used) } else { Some(used) };
        let mut pool = lock(&self.connection.pool);
        match idle {
            Some(idle) => pool.idle.push(idle),
            None => pool.open -= 1,
        }
        drop(pool);
        self.connection.returned.notify_one();
    }
}

/// A session that an operation in parts holds. It is closed when the operation is given up before its end, because
/// that ends it in every module.
pub(super) struct HeldSession {
    connection: Arc<Connection>,
    handle: CK_SESSION_HANDLE,
    ended: bool,
}

impl HeldSession {
    /// The next step of the operation. `BAD_STATE` in a forked child, where the session is the parent's.
    pub fn step<T>(&self, work: impl FnOnce(&Session<'_>) -> Outcome<T>) -> Outcome<T> {
        if self.connection.epoch != epoch::current() {
            let text = format_args!("the operation stayed with the parent process, or its token was closed");
            return Err(cause::of(Error::BadState, text).into());
        }
        let idle = Idle { handle: self.handle, has_objects: false };
        work(&Session::new(&self.connection, idle, Use::Step))
    }

    /// The token has ended the operation: the session may serve others.
    #[allow(dead_code, reason = "the operations in parts come next")]
    pub fn end(mut self) {
        self.ended = true;
    }
}

impl Drop for HeldSession {
    fn drop(&mut self) {
        if self.connection.epoch != epoch::current() {
            return; // the parent's session, and perhaps its lock
        }
        if !self.ended {
            // Fails where it was lost, and then there is nothing to close.
            let _ = self.connection.functions().close_session(self.handle);
        }
        let mut pool = lock(&self.connection.pool);
        pool.held -= 1;
        match self.ended {
            true => pool.idle.push(Idle { handle: self.handle, has_objects: false }),
            false => pool.open -= 1,
        }
        drop(pool);
        self.connection.returned.notify_one();
    }
}
