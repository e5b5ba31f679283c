//! Our few extensions (`parsec.h`).

use std::cell::RefCell;
use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::path::Path;

use super::buffers::Out;
use super::guard::guard;
use super::structs::psa_key_attributes_t;
use super::types::{psa_key_id_t, psa_status_t};
use crate::cause;
use crate::config::environment;
use crate::core::orphans;
use crate::core::provisioned;
use crate::fail;
use crate::psa::{Error, KeyId, Result};

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

/// Writes the name of the place where a key is: "software" for a local key; the name of a backend in the configuration for
/// a key that is in its device; "sealed:" and that name for a local key that the device has sealed (`fallback = "seal"`): it
/// is computed with in software, and its material can be read only with the help of the device.
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

/// Calls `visit` for every persistent key of this namespace, in ascending order of their identifiers, until it returns
/// something else than 0: with the attributes of the key and the name of its place, as `parsec_key_backend()` gives it,
/// both valid during the call only. No device is asked: of a key that the configuration provisions (`[[keys]]`), type and
/// size are 0.
///
/// Reads a few hundred keys at a time, however many there are. `visit` may use, make and destroy keys; one that is made
/// or destroyed meanwhile, by whatever process, may be visited or not.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_INVALID_ARGUMENT` where `visit` is null;
///         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
///         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT` where the key store cannot be read.
///
/// # Safety
///
/// `visit` can be called with `context`, and does not unwind.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parsec_list_keys(
    visit: Option<
        unsafe extern "C" fn(
            context: *mut c_void,
            attributes: *const psa_key_attributes_t,
            backend: *const c_char,
        ) -> c_int,
    >,
    context: *mut c_void,
) -> psa_status_t {
    guard("parsec_list_keys", |library| {
        let visit = visit.ok_or(Error::InvalidArgument)?;
        provisioned::list_keys(library, &mut |attributes, place| {
            let (attributes, place) = (psa_key_attributes_t::from_attributes(attributes), c_string(place));
            // SAFETY: the caller promises that `visit` can be called with `context`; the others live until it returns.
            unsafe { visit(context, &attributes, place.as_ptr()) == 0 }
        })
    })
}

/// Looks for what does not belong together any more between the key store and the devices, such as after a backup was
/// restored, and calls `visit` with each, until it returns something else than 0. Nothing is changed.
///
/// `orphan` is the name by which `parsec_repair()` knows it, `text` a line for people; both are valid during the call
/// only. There are
/// - `object:BACKEND:REFERENCE`: an object that this key store made in a device, for which it has no key;
/// - `key:ID`: a key whose device was asked and has no object for it;
/// - `interrupted:NUMBER`: what a process began in a device and did not live to finish. It is settled by itself when
///   the next key is made there.
///
/// Objects of other key stores in the same device are none of these. Devices that cannot be asked do not hide what
/// others have: the call fails after all orphans were visited.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_INVALID_ARGUMENT` where `visit` is null;
///         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
///         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT` where the key store cannot be read;
///         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE`, `PSA_ERROR_NOT_PERMITTED` where a device
///         cannot be asked.
///
/// # Safety
///
/// `visit` can be called with `context`, and does not unwind.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parsec_list_orphans(
    visit: Option<unsafe extern "C" fn(context: *mut c_void, orphan: *const c_char, text: *const c_char) -> c_int>,
    context: *mut c_void,
) -> psa_status_t {
    guard("parsec_list_orphans", |library| {
        let visit = visit.ok_or(Error::InvalidArgument)?;
        orphans::list(library, &mut |orphan, text| {
            let (orphan, text) = (c_string(orphan), c_string(text));
            // SAFETY: as above.
            Ok(unsafe { visit(context, orphan.as_ptr(), text.as_ptr()) } == 0)
        })
    })
}

/// Repairs one orphan, named as `parsec_list_orphans()` names it, after finding out that it still is one.
///
/// Destroys the object that has no key; removes the key that has no object; undoes the creation, or finishes the
/// destruction, that was interrupted. What is removed is lost.
///
/// @return `PSA_SUCCESS`;
///         `PSA_ERROR_DOES_NOT_EXIST` where there is no such orphan (any more);
///         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer or what is not the name of an orphan;
///         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
///         `PSA_ERROR_DATA_INVALID` where the configuration has no such backend;
///         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_INSUFFICIENT_STORAGE`, `PSA_ERROR_DATA_CORRUPT` where the key store
///         cannot be read or written;
///         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE`, `PSA_ERROR_NOT_PERMITTED` where the device
///         cannot be asked.
///
/// # Safety
///
/// `orphan` is null or a NUL-terminated string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parsec_repair(orphan: *const c_char) -> psa_status_t {
    guard("parsec_repair", |library| {
        // SAFETY: null or NUL-terminated by the contract of this function.
        orphans::repair(library, unsafe { text(orphan)? })
    })
}

/// Copies the key store, with the keys of all namespaces, into a new file at `path`, which only this user may read.
/// The store may be in use meanwhile. To restore it, end all programs that use the store and put the file in the place
/// of `keys.db`, then look for orphans.
///
/// The copy holds keys as the store does: it has to be kept as safe. Keys in a device are not in it, only what leads to
/// them.
///
/// @return `PSA_SUCCESS`: the copy is on disk;
///         `PSA_ERROR_ALREADY_EXISTS` where there is a file of that name;
///         `PSA_ERROR_DOES_NOT_EXIST` where there is no key store yet;
///         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer or a path that is not UTF-8;
///         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
///         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_INSUFFICIENT_STORAGE` where the copy cannot be written;
///         `PSA_ERROR_DATA_CORRUPT` where the key store cannot be read.
///
/// # Safety
///
/// `path` is null or a NUL-terminated string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn parsec_back_up(path: *const c_char) -> psa_status_t {
    guard("parsec_back_up", |library| {
        // SAFETY: null or NUL-terminated by the contract of this function.
        library.store.back_up(Path::new(unsafe { text(path)? }))
    })
}

/// A string of the caller.
///
/// # Safety
///
/// `string` is null or a NUL-terminated string that nobody changes during `'a`.
unsafe fn text<'a>(string: *const c_char) -> Result<&'a str> {
    if string.is_null() {
        return Err(Error::InvalidArgument);
    }
    // SAFETY: NUL-terminated by the contract.
    match unsafe { CStr::from_ptr(string) }.to_str() {
        Ok(text) => Ok(text),
        Err(_) => fail!(InvalidArgument, "the text is not UTF-8"),
    }
}

/// A text for C, which ends at the first NUL.
fn c_string(text: &str) -> CString {
    CString::new(text.replace('\0', "?")).unwrap_or_default()
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
    let text = c_string(&text);
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
