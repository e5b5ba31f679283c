//! Logging in without ever wasting one of the few tries that a token allows.

use std::sync::atomic::{AtomicU64, Ordering};

use cryptoki_sys::*;

use super::errors::{Failure, Outcome, settled};
use super::function_list::FunctionList;
use super::rejected_pins::{self, RejectedPins};
use super::token::Token;
use crate::cause;
use crate::config::{Pkcs11Config, SecretSource};
use crate::fail;
use crate::psa::{Error, Result};

/// What a token answers to a wrong PIN. `CKR_PIN_LOCKED` is no verdict on the PIN.
const REJECTIONS: [CK_RV; 3] = [CKR_PIN_INCORRECT, CKR_PIN_INVALID, CKR_PIN_LEN_RANGE];

/// How to log in to one configured token.
pub(super) struct Login {
    pin: Option<SecretSource>,
    allow_final_try: bool,
    rejected: RejectedPins,
    /// What the PIN that the token accepted last is told by; 0 where there was none.
    accepted: AtomicU64,
}

impl Login {
    /// Touches nothing yet.
    pub fn new(config: &Pkcs11Config) -> Self {
        Self {
            pin: config.pin.clone(),
            allow_final_try: config.allow_final_try,
            rejected: RejectedPins::new(config.state_directory.clone()),
            accepted: AtomicU64::new(0),
        }
    }

    /// Logs the application in, unless it is already (login is shared by all sessions with a token) or need not.
    pub fn log_in(&self, functions: &FunctionList, session: CK_SESSION_HANDLE, token: &Token) -> Result<()> {
        if settled(is_logged_in(functions, session))? || self.pin.is_none() && !token.has(CKF_LOGIN_REQUIRED) {
            return Ok(());
        }
        settled(self.give_pin(functions, session, token, CKU_USER))
    }

    /// Gives the PIN for one use of a key with `CKA_ALWAYS_AUTHENTICATE`, whose operation has just begun.
    pub fn authorize(&self, functions: &FunctionList, session: CK_SESSION_HANDLE, token: &Token) -> Outcome<()> {
        self.give_pin(functions, session, token, CKU_CONTEXT_SPECIFIC)
    }

    fn give_pin(
        &self,
        functions: &FunctionList,
        session: CK_SESSION_HANDLE,
        token: &Token,
        user: CK_USER_TYPE,
    ) -> Outcome<()> {
        match &self.pin {
            Some(source) => self.try_pin(functions, session, token, user, source),
            None if token.has(CKF_PROTECTED_AUTHENTICATION_PATH) => accept(functions.login(session, user, None)),
            None => {
                Ok(fail!(NotPermitted, "token {token} needs a PIN: add pin = {{ file = \"/path\" }} to its section")?)
            }
        }
    }

    fn try_pin(
        &self,
        functions: &FunctionList,
        session: CK_SESSION_HANDLE,
        token: &Token,
        user: CK_USER_TYPE,
        source: &SecretSource,
    ) -> Outcome<()> {
        let pin = source.read()?;
        let told_by = rejected_pins::told_by(token, &pin)?;
        // For each use of a key, without a look at file and token.
        if user == CKU_CONTEXT_SPECIFIC && self.accepted.load(Ordering::Relaxed) == told_by {
            let answer = functions.login(session, user, Some(&pin));
            if !is_rejection(&answer) {
                return accept(answer);
            }
            self.accepted.store(0, Ordering::Relaxed);
            self.rejected.hold()?.add(token, &pin)?;
            return Err(told(answer, token, source));
        }
        // Held until the answer is written down, so that of many processes one tries.
        let mut rejected = self.rejected.hold()?;
        if rejected.contains(token, &pin)? {
            let hint = rejected.hint();
            return Ok(fail!(
                NotPermitted,
                "token {token} rejected the PIN from {source} before; it is not tried again until it changes{hint}"
            )?);
        }
        self.check_tries(functions, token, rejected.is_complete(token)?)?;
        let answer = functions.login(session, user, Some(&pin));
        if is_rejection(&answer) {
            rejected.add(token, &pin)?;
            return Err(told(answer, token, source));
        }
        accept(answer)?;
        self.accepted.store(told_by, Ordering::Relaxed);
        Ok(())
    }

    /// Refuses to try a PIN where a wrong one would be the last; `complete` says whether all rejections are
    /// known.
    fn check_tries(&self, functions: &FunctionList, token: &Token, complete: bool) -> Outcome<()> {
        // As they are now, not as they were when the token was found.
        let flags = functions.token_info(token.slot)?.flags;
        let (locked, last) = (flags & CKF_USER_PIN_LOCKED != 0, flags & CKF_USER_PIN_FINAL_TRY != 0);
        if locked {
            return Ok(fail!(NotPermitted, "the PIN of token {token} is locked; unlock it with the token's own tool")?);
        }
        if last && !self.allow_final_try {
            return Ok(fail!(
                NotPermitted,
                "one more wrong PIN would lock token {token}, so none is tried; log in once with the token's own tool, \
                 or set allow_final_try = true"
            )?);
        }
        if flags & CKF_USER_PIN_COUNT_LOW != 0 && !complete && !self.allow_final_try {
            return Ok(fail!(
                NotPermitted,
                "somebody gave token {token} a wrong PIN, and there is no place to remember whether it was this one; \
                 log in once with the token's own tool, or set path in [store]"
            )?);
        }
        Ok(())
    }
}

/// True where the user is logged in to the session's token.
pub(super) fn is_logged_in(functions: &FunctionList, session: CK_SESSION_HANDLE) -> Outcome<bool> {
    let state = functions.session_state(session)?;
    Ok(state == CKS_RW_USER_FUNCTIONS || state == CKS_RO_USER_FUNCTIONS)
}

fn is_rejection(answer: &Outcome<()>) -> bool {
    matches!(answer, Err(failure) if REJECTIONS.iter().any(|code| failure.is(*code)))
}

#[cold]
fn told(answer: Outcome<()>, token: &Token, source: &SecretSource) -> Failure {
    let error = settled(answer).err().unwrap_or(Error::NotPermitted);
    let text = format_args!("token {token} rejects the PIN from {source}, which is not tried again until it changes");
    cause::of(error, text).into()
}

/// Another thread, or the application itself, may have been faster.
fn accept(answer: Outcome<()>) -> Outcome<()> {
    match answer {
        Err(failure) if failure.is(CKR_USER_ALREADY_LOGGED_IN) => Ok(()),
        answer => answer,
    }
}
