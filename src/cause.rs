//! The text that explains a status.
//!
//! `psa_status_t` cannot say why. Whoever finds a cause records it here for its thread and returns the
//! status; the guard of the C boundary keeps the text for `parsec_last_error()` and logs it. Never put key
//! material, PINs or authorization values into a text.

use std::cell::RefCell;
use std::fmt;

use crate::psa::Error;

thread_local! {
    static PENDING: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Records why and gives the status back, to be returned: `return Err(cause::of(Error::NotSupported, format_args!(...)))`.
///
/// A text recorded earlier in the same call is kept behind the new one, so that an outer layer can say what it
/// was doing.
#[cold]
pub fn of(error: Error, text: fmt::Arguments<'_>) -> Error {
    PENDING.with_borrow_mut(|pending| {
        *pending = Some(match pending.take() {
            Some(inner) => format!("{text}: {inner}"),
            None => text.to_string(),
        });
    });
    error
}

/// Takes the text that this thread recorded last.
pub fn take() -> Option<String> {
    PENDING.with_borrow_mut(Option::take)
}

/// Forgets what this thread recorded, because the failure was dealt with or a new call begins.
#[inline]
pub fn clear() {
    PENDING.with_borrow_mut(|pending| {
        if pending.is_some() {
            *pending = None;
        }
    });
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
