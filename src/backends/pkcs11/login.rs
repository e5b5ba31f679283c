//! Logging in without ever wasting one of the few tries that a token allows.

use cryptoki_sys::*;
use once_cell::race::OnceBox;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::errors::{Outcome, settled};
use super::function_list::FunctionList;
use super::random;
use super::token::Token;
use crate::cause;
use crate::config::{Pkcs11Config, SecretSource};
use crate::fail;
use crate::memory::Secret;
use crate::psa::Result;

/// Logs the application in, unless it is already (login is shared by all sessions with a token) or need not.
pub(super) fn log_in(
    functions: &FunctionList,
    session: CK_SESSION_HANDLE,
    token: &Token,
    config: &Pkcs11Config,
) -> Result<()> {
    if settled(is_logged_in(functions, session))? {
        return Ok(());
    }
    let answer = match &config.pin {
        Some(source) => return log_in_with_pin(functions, session, token, source),
        None if !token.has(CKF_LOGIN_REQUIRED) => return Ok(()),
        None if token.has(CKF_PROTECTED_AUTHENTICATION_PATH) => functions.login(session, None),
        None => {
            return fail!(NotPermitted, "token {token} needs a PIN: add pin = {{ file = \"/path\" }} to its section");
        }
    };
    accept(answer)
}

/// True where the user is logged in to the session's token.
pub(super) fn is_logged_in(functions: &FunctionList, session: CK_SESSION_HANDLE) -> Outcome<bool> {
    let state = functions.session_state(session)?;
    Ok(state == CKS_RW_USER_FUNCTIONS || state == CKS_RO_USER_FUNCTIONS)
}

fn log_in_with_pin(
    functions: &FunctionList,
    session: CK_SESSION_HANDLE,
    token: &Token,
    source: &SecretSource,
) -> Result<()> {
    if token.has(CKF_USER_PIN_LOCKED) {
        return fail!(NotPermitted, "the PIN of token {token} is locked; unlock it with the token's own tool");
    }
    if token.has(CKF_USER_PIN_FINAL_TRY) {
        return fail!(
            NotPermitted,
            "one more wrong PIN would lock token {token}, so none is tried; log in once with the token's own tool"
        );
    }
    let pin = source.read()?;
    let fingerprint = REJECTED.fingerprint(token, &pin)?;
    if REJECTED.contains(&fingerprint) {
        return fail!(NotPermitted, "token {token} rejected this PIN before; it is not tried again until it changes");
    }
    let answer = functions.login(session, Some(&pin));
    let rejections = [CKR_PIN_INCORRECT, CKR_PIN_INVALID, CKR_PIN_LEN_RANGE, CKR_PIN_LOCKED];
    match answer {
        Err(failure) if rejections.iter().any(|code| failure.is(*code)) => {
            REJECTED.add(fingerprint);
            Err(cause::of(
                failure.settle(),
                format_args!("token {token} rejects the PIN from {source}, which is not tried again until it changes"),
            ))
        }
        answer => accept(answer),
    }
}

/// Another thread, or the application itself, may have been faster.
fn accept(answer: Outcome<()>) -> Result<()> {
    match answer {
        Err(failure) if failure.is(CKR_USER_ALREADY_LOGGED_IN) => Ok(()),
        answer => settled(answer),
    }
}

type Fingerprint = [u8; 32];

/// PINs that tokens rejected, as far as this process and its parents know.
///
/// Without locks, so that a child inherits it whatever its parent was doing. For other processes to know as well it
/// takes a file, and in it a slow hash instead of this fast one.
static REJECTED: Rejected = Rejected { salt: OnceBox::new(), first: OnceBox::new() };

struct Rejected {
    salt: OnceBox<[u8; 32]>,
    first: OnceBox<Rejection>,
}

struct Rejection {
    fingerprint: Fingerprint,
    next: OnceBox<Rejection>,
}

impl Rejected {
    /// Tells PINs apart without keeping them.
    fn fingerprint(&self, token: &Token, pin: &Secret) -> Result<Fingerprint> {
        let salt = self.salt.get_or_try_init(|| random::fresh().map(Box::new))?;
        let identity = token.identity();
        let mut hash = Sha256::new();
        hash.update(salt);
        hash.update(identity.len().to_le_bytes());
        hash.update(identity);
        hash.update(pin.as_slice());
        Ok(hash.finalize().into())
    }

    fn contains(&self, fingerprint: &Fingerprint) -> bool {
        let mut place = &self.first;
        while let Some(rejection) = place.get() {
            if rejection.fingerprint.ct_eq(fingerprint).into() {
                return true;
            }
            place = &rejection.next;
        }
        false
    }

    fn add(&self, fingerprint: Fingerprint) {
        let mut rejection = Box::new(Rejection { fingerprint, next: OnceBox::new() });
        let mut place = &self.first;
        // A place that is taken is that of another rejection: ours goes behind it.
        while let Err(back) = place.set(rejection) {
            rejection = back;
            let Some(taken) = place.get() else { return };
            place = &taken.next;
        }
    }
}
