//! The way to the token: connected when it is first needed, and once again when it was lost.

use std::sync::{Arc, RwLock};

use cryptoki_sys::{CK_OBJECT_HANDLE, CKR_DEVICE_ERROR, CKR_OPERATION_ACTIVE};

use super::connection::{Connection, HeldSession, Session};
use super::errors::{Failure, Outcome, settled};
use super::login::Login;
use super::objects;
use super::per_epoch::PerEpoch;
use super::reference::Reference;
use crate::cause;
use crate::config::Pkcs11Config;
use crate::locks::{read, write};
use crate::psa::Result;

/// A configured token.
pub(super) struct Device {
    name: String,
    config: Pkcs11Config,
    login: Arc<Login>,
    connection: PerEpoch<RwLock<Option<Arc<Connection>>>>,
}

impl Device {
    /// Touches nothing yet.
    pub fn new(name: &str, config: &Pkcs11Config) -> Self {
        let login = Arc::new(Login::new(config));
        Self { name: name.to_owned(), config: config.clone(), login, connection: PerEpoch::new() }
    }

    /// Does work that needs a session. Where the connection turns out to be lost, connects again and repeats the
    /// work, once.
    pub fn with_session<T>(&self, mut work: impl FnMut(&Session<'_>) -> Outcome<T>) -> Result<T> {
        self.connected(|connection| {
            let session = connection.session()?;
            work(&session).inspect_err(|failure| {
                if failure.is(CKR_OPERATION_ACTIVE) {
                    session.is_stuck();
                }
            })
        })
    }

    /// Does work with the private or secret key of a reference. A handle that turns out to be void is looked up
    /// again, once.
    pub fn with_key<T>(
        &self,
        reference: &Reference,
        mut work: impl FnMut(&Session<'_>, CK_OBJECT_HANDLE) -> Outcome<T>,
    ) -> Result<T> {
        self.with_session(|session| with_handle(session, reference, &mut work))
    }

    /// Begins an operation in parts: a session of its own, and the key as for [`Device::with_key`]. `begin` calls
    /// `C_EncryptInit` or its like; later steps go through [`HeldSession::step`], and the last one is followed by
    /// [`HeldSession::end`]. Whoever drops it earlier gives the operation up.
    ///
    /// `INSUFFICIENT_MEMORY` where the token has no session left for it.
    pub fn hold(
        &self,
        reference: &Reference,
        mut begin: impl FnMut(&Session<'_>, CK_OBJECT_HANDLE) -> Outcome<()>,
    ) -> Result<HeldSession> {
        self.connected(|connection| {
            let held = connection.hold()?;
            held.step(|session| with_handle(session, reference, &mut begin))?;
            Ok(held)
        })
    }

    /// Does work with the connection, and once more with a new one where it turns out to be lost.
    fn connected<T>(&self, mut work: impl FnMut(&Arc<Connection>) -> Outcome<T>) -> Result<T> {
        self.attempts(&mut work).map_err(|error| cause::of(error, format_args!("backend {}", self.name)))
    }

    fn attempts<T>(&self, work: &mut impl FnMut(&Arc<Connection>) -> Outcome<T>) -> Result<T> {
        let connection = self.connection()?;
        let mut works = None;
        // A token that goes on working calls something a device error, as kryoptic does with data that it does not like.
        // Asked once.
        let mut is_refusal =
            |failure: &Failure| failure.is(CKR_DEVICE_ERROR) && *works.get_or_insert_with(|| connection.works());
        let mut answer = work(&connection);
        // Another session may be free of what we did not begin in this one, and volatile keys stay.
        if answer.as_ref().is_err_and(|failure| failure.is(CKR_OPERATION_ACTIVE) || is_refusal(failure)) {
            answer = work(&connection);
        }
        let lost = match answer {
            Err(failure) if failure.lost_connection() && !is_refusal(&failure) => failure,
            // Tokens have their own words for a private key that nobody is logged in for: kryoptic CKR_GENERAL_ERROR, NSS
            // CKR_HOST_MEMORY.
            Err(failure @ Failure::Refused { .. }) if !failure.lost_connection() && connection.is_logged_out() => {
                failure
            }
            answer => return settled(answer),
        };
        self.give_up(&connection);
        // Closes its sessions, so that the token has room for new ones.
        drop(connection);
        let again = self.connection().map_err(Failure::from).and_then(|connection| work(&connection));
        settled(again.map_err(|failure| failure.after(lost)))
    }

    fn connection(&self) -> Result<Arc<Connection>> {
        let place = self.connection.get();
        if let Some(connection) = read(place).as_ref() {
            return Ok(connection.clone());
        }
        // Held while connecting: whoever else needs the token has to wait for it anyway.
        let mut place = write(place);
        match place.as_ref() {
            Some(connection) => Ok(connection.clone()),
            None => Ok(place.insert(Arc::new(Connection::open(&self.config, &self.login)?)).clone()),
        }
    }

    /// Forgets a lost connection, unless another thread has already replaced it.
    fn give_up(&self, lost: &Arc<Connection>) {
        let mut place = write(self.connection.get());
        if place.as_ref().is_some_and(|connection| Arc::ptr_eq(connection, lost)) {
            *place = None;
        }
    }

    /// Closes all sessions, and the module where nobody else uses it.
    pub fn close(&self) {
        let connection = write(self.connection.get()).take();
        drop(connection);
    }
}

fn with_handle<T>(
    session: &Session<'_>,
    reference: &Reference,
    work: &mut impl FnMut(&Session<'_>, CK_OBJECT_HANDLE) -> Outcome<T>,
) -> Outcome<T> {
    session.expect_pin(reference.as_adopted().is_some_and(|key| key.always_authenticate));
    match work(session, objects::private_key(session, reference)?) {
        Err(failure) if failure.lost_object() => {
            session.connection().forget(reference);
            let found = objects::private_key(session, reference).map_err(|absent| absent.after(failure))?;
            work(session, found)
        }
        answer => answer,
    }
}
