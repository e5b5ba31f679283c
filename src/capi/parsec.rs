//! Our few extensions (`parsec.h`).

use std::cell::RefCell;
use std::ffi::{CStr, CString, c_char};

use super::buffers::Out;
use super::guard::guard;
use super::types::{psa_key_id_t, psa_status_t};
use crate::cause;
use crate::config::environment;
use crate::psa::{Error, KeyId};

thread_local! {
    static LAST_FAILURE: RefCell<CString> = RefCell::default();
}

/// Why the last call of this thread that failed did so: one line of text for people, never null, empty when none failed
/// yet. It never contains keys, PINs or authorization values.
///
/// The text stays valid until the next failing call of the same thread. The wording may change: programs decide by
/// the status.
#[unsafe(no_mangle)]
pub extern "C" fn parsec_last_error() -> *const c_char {
    LAST_FAILURE.try_with(|text| text.borrow().as_ptr()).unwrap_or(c"".as_ptr())
}

/// The version of the library, such as "0.1.0".
#[unsafe(no_mangle)]
pub extern "C" fn parsec_version() -> *const c_char {
    const VERSION: &CStr = match CStr::from_bytes_with_nul(concat!(env!("CARGO_PKG_VERSION"), "\0").as_bytes()) {
        Ok(version) => version,
        Err(_) => c"",
    };
    VERSION.as_ptr()
}

/// Writes the name of the place where a key is: "software" for a local key, else the name of the backend in the
/// configuration.
///
/// `name` has `name_size` bytes; the name is written with a terminating NUL.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
///         `PSA_ERROR_BUFFER_TOO_SMALL` where the name does not fit;
///         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer;
///         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
///         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot
///         be read.
///
/// # Safety
///
/// `name` is valid for writes of `name_size` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parsec_key_backend(key: psa_key_id_t, name: *mut c_char, name_size: usize) -> psa_status_t {
    guard("parsec_key_backend", |library| {
        let mut length = 0;
        // SAFETY: valid by the contract of this function; `length` is ours.
        let output = unsafe { Out::new(name.cast(), name_size, &mut length)? };
        let slot = library.key(KeyId(key))?;
        output.write(|buffer| {
            let place = slot.place_name().as_bytes();
            let (name, rest) = buffer.split_at_mut_checked(place.len()).ok_or(Error::BufferTooSmall)?;
            *rest.first_mut().ok_or(Error::BufferTooSmall)? = 0;
            name.copy_from_slice(place);
            Ok(place.len() + 1)
        })
    })
}

/// Calls `visit` with the identifier of every persistent key of this namespace, in ascending order, until it returns
/// something else than 0.
///
/// The keys are those that existed when the call began; `visit` may use, make and destroy keys.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
///         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT` where the key store cannot be read.
///
/// # Safety
///
/// `visit` can be called with `context`, and does not unwind.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parsec_list_keys(
    visit: Option<unsafe extern "C" fn(context: *mut std::ffi::c_void, key: psa_key_id_t) -> std::ffi::c_int>,
    context: *mut std::ffi::c_void,
) -> psa_status_t {
    guard("parsec_list_keys", |library| {
        let visit = visit.ok_or(Error::InvalidArgument)?;
        for key in library.store.list()? {
            // SAFETY: the caller promises that `visit` can be called with `context`.
            if unsafe { visit(context, key.attributes.id.0) } != 0 {
                break;
            }
        }
        Ok(())
    })
}

/// Keeps the text of a failed call for [`parsec_last_error`], logs it where `$PARSEC_LOG` is set, and returns the
/// status.
#[cold]
pub(super) fn remember_failure(function: &str, error: Error) -> psa_status_t {
    let text = match cause::take() {
        Some(cause) => format!("{function}: {}: {cause}", error.name()),
        None => format!("{function}: {}: {}", error.name(), error.meaning()),
    };
    if environment::variable("PARSEC_LOG").is_some_and(|value| !value.is_empty() && value != "0") {
        log(&text);
    }
    let text = CString::new(text.replace('\0', "?")).unwrap_or_default();
    // A thread that is ending has nobody left to read the text.
    let _ = LAST_FAILURE.try_with(|last| last.replace(text));
    error.code()
}

/// One line on the standard error; failing to write it must not fail the call.
fn log(text: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "libparsec: {text}");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capi::guard::guard_uninitialised;

    #[test]
    fn the_last_failure_has_function_status_and_cause() {
        let status = guard_uninitialised("psa_test", || crate::fail!(NotSupported, "no such curve"));
        assert_eq!(status, Error::NotSupported.code());
        // SAFETY: NUL-terminated and alive until this thread's next failing call.
        let text = unsafe { CStr::from_ptr(parsec_last_error()) };
        assert_eq!(text.to_str().unwrap(), "psa_test: PSA_ERROR_NOT_SUPPORTED: no such curve");
    }
}
