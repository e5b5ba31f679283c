//! Environment variables, read so that a privileged program does not obey its caller's.
#![allow(unsafe_code)]

use std::ffi::{CStr, CString, OsStr, OsString, c_char};
use std::os::unix::ffi::OsStrExt;

unsafe extern "C" {
    fn secure_getenv(name: *const c_char) -> *const c_char;
}

/// The value of a variable; `None` when it is unset or empty, or when the program runs with more rights than its
/// caller (set-user-ID, file capabilities: `secure_getenv(3)`).
pub fn variable(name: &str) -> Option<OsString> {
    let name = CString::new(name).ok()?;
    // SAFETY: `name` is NUL-terminated and outlives the call; the function only reads it.
    let value = unsafe { secure_getenv(name.as_ptr()) };
    if value.is_null() {
        return None;
    }
    // SAFETY: a non-null result is a NUL-terminated string of the environment. It is copied at once; like every
    // reader of the environment in C this relies on the program not calling setenv in another thread meanwhile.
    let value = unsafe { CStr::from_ptr(value) }.to_bytes();
    (!value.is_empty()).then(|| OsStr::from_bytes(value).to_os_string())
}

/// The user that this process acts as.
pub fn effective_user() -> u32 {
    // SAFETY: takes nothing, changes nothing, cannot fail.
    unsafe { libc::geteuid() }
}
