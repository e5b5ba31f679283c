//! The text that explains a status.
//!
//! `psa_status_t` cannot say why. Whoever finds a cause records it here for its thread and returns the
//! status; the guard of the C boundary keeps the text for `parsec_last_error()` and logs it. Never put key
//! material, PINs or authorization values into a text.

use std::cell::{Cell, RefCell};
use std::fmt;

use crate::psa::Error;

thread_local! {
    static PENDING: RefCell<Option<String>> = const { RefCell::new(None) };
    static CALL: Call = const { Call { running: Cell::new(false), text: Cell::new(false) } };
}

/// What each call asks for, in one place, because finding a variable of the thread costs something.
struct Call {
    /// The thread is inside an exported function.
    running: Cell<bool>,
    /// There is a text.
    text: Cell<bool>,
}

/// Runs the body of an exported function, which begins without a text.
#[inline]
pub fn in_call<R>(body: impl FnOnce() -> R) -> R {
    CALL.with(|call| {
        if call.text.get() {
            clear();
        }
        let outer = call.running.replace(true);
        let result = body();
        call.running.set(outer);
        result
    })
}

/// True inside [`in_call`].
pub fn is_in_call() -> bool {
    CALL.with(|call| call.running.get())
}

/// Records why and gives the status back, to be returned: `return Err(cause::of(Error::NotSupported, format_args!(...)))`.
///
/// A text recorded earlier in the same call is kept behind the new one, so that an outer layer can say what it
/// was doing.
#[cold]
pub fn of(error: Error, text: fmt::Arguments<'_>) -> Error {
    CALL.with(|call| call.text.set(true));
    // A thread that is ending has nobody left to read the text.
    let _ = PENDING.try_with(|pending| {
        let inner = pending.take();
        pending.replace(Some(match inner {
            Some(inner) => format!("{text}: {inner}"),
            None => text.to_string(),
        }))
    });
    error
}

/// Takes the text that this thread recorded last.
pub fn take() -> Option<String> {
    CALL.with(|call| call.text.set(false));
    PENDING.try_with(RefCell::take).ok().flatten()
}

/// Forgets what this thread recorded, because the failure was dealt with or a new call begins.
#[cold]
pub fn clear() {
    drop(take());
}

/// Shorthand for `Err(cause::of(error, format_args!(...)))`.
#[macro_export]
macro_rules! fail {
    ($error:ident, $($text:tt)+) => {
        Err($crate::cause::of($crate::psa::Error::$error, format_args!($($text)+)))
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outer_layer_adds_to_the_text_of_an_inner_one() {
        clear();
        let status = of(Error::StorageFailure, format_args!("disk full"));
        assert_eq!(of(status, format_args!("key 7")), Error::StorageFailure);
        assert_eq!(take().as_deref(), Some("key 7: disk full"));
        assert_eq!(take(), None);
    }
}
