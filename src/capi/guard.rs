//! What surrounds every exported function: is the library initialised, no panic crosses into C, the status and its
//! cause are kept.

use std::any::Any;
use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::{AtomicPtr, Ordering};
use std::sync::{Mutex, MutexGuard};

use super::buffers::{NewKey, structure_mut};
use super::parsec::remember_failure;
use super::structs::Operation;
use super::types::{psa_key_id_t, psa_status_t};
use crate::cause;
use crate::core::key_slots::KeySlots;
use crate::core::library::Library;
use crate::core::operations::Handle;
use crate::fork::{ForkHandlers, Held};
use crate::locks::lock;
use crate::psa::{Error, KeyId, Result};

/// The initialised library, null before `psa_crypto_init` and after `mbedtls_psa_crypto_free`.
///
/// What it points to is never freed: a thread may still be inside a call when another one frees the library.
static LIBRARY: AtomicPtr<Library> = AtomicPtr::new(std::ptr::null_mut());

/// What changes [`LIBRARY`]: one thread at a time, and `fork` waits for it.
static CHANGES: Mutex<Changes> = Mutex::new(Changes { has_quiet_hook: false, withdrawn: Vec::new() });

struct Changes {
    has_quiet_hook: bool,
    /// What was withdrawn stays reachable, so that leak checkers see that it is not forgotten.
    withdrawn: Vec<&'static Library>,
}

fn changes() -> MutexGuard<'static, Changes> {
    lock(&CHANGES)
}

/// The library, if it is initialised.
pub(super) fn current() -> Option<&'static Library> {
    let library = LIBRARY.load(Ordering::Acquire);
    // SAFETY: null or a pointer from Box::into_raw in `initialise`, which stays valid and shared for ever.
    unsafe { library.as_ref() }
}

/// Makes the library that `make` returns current, unless there is one.
pub(super) fn initialise(make: impl FnOnce() -> Result<Library>) -> Result<()> {
    if current().is_some() {
        return Ok(());
    }
    let mut changes = changes();
    if current().is_none() {
        changes.install_quiet_hook();
        LIBRARY.store(Box::into_raw(Box::new(make()?)), Ordering::Release);
    }
    Ok(())
}

/// Makes the library uninitialised again and returns what it was.
pub(super) fn withdraw() -> Option<&'static Library> {
    let mut changes = changes();
    let library = LIBRARY.swap(std::ptr::null_mut(), Ordering::AcqRel);
    // SAFETY: as in `current`.
    let library = unsafe { library.as_ref() }?;
    changes.withdrawn.push(library);
    Some(library)
}

impl Changes {
    /// Silences the panic message while a guard catches the panic, and only then: the application may be in Rust too.
    fn install_quiet_hook(&mut self) {
        if std::mem::replace(&mut self.has_quiet_hook, true) {
            return;
        }
        let previous = panic::take_hook();
        panic::set_hook(Box::new(move |information| {
            if !cause::is_in_call() {
                previous(information);
            }
        }));
    }
}

thread_local! {
    static HELD: Held<MutexGuard<'static, Changes>> = const { Held::new() };
}

/// Makes `fork` wait for who initialises the library, and keeps its table of keys whole.
pub(crate) static FORK: ForkHandlers = ForkHandlers {
    prepare: || {
        HELD.with(|held| held.hold(changes()));
        if let Some(library) = current() {
            library.slots.hold_for_fork();
        }
    },
    parent: || let_go(KeySlots::let_go_after_fork),
    child: || let_go(KeySlots::let_go_in_child),
};

/// The library is still the one that `prepare` found, if any.
fn let_go(let_go_of_keys: fn()) {
    if current().is_some() {
        let_go_of_keys();
    }
    HELD.with(Held::let_go);
}

/// Runs the body of the exported function `name` with the initialised library, else `PSA_ERROR_BAD_STATE`.
#[inline]
pub(super) fn guard(name: &'static str, body: impl FnOnce(&'static Library) -> Result<()>) -> psa_status_t {
    guard_uninitialised(name, || body(initialised()?))
}

/// The library, `BAD_STATE` where it is not initialised.
fn initialised() -> Result<&'static Library> {
    current()
        .ok_or_else(|| cause::of(Error::BadState, format_args!("psa_crypto_init() has not been called, or it failed")))
}

/// Runs the body of an exported function that makes a key. Whenever it fails, before initialisation too, `*key` is
/// `PSA_KEY_ID_NULL`.
///
/// # Safety
///
/// `key` is null or valid, and nobody else uses it meanwhile.
pub(super) unsafe fn make_key(
    name: &'static str,
    key: *mut psa_key_id_t,
    body: impl FnOnce(&'static Library) -> Result<KeyId>,
) -> psa_status_t {
    guard_uninitialised(name, || {
        // SAFETY: null or valid by the contract.
        let key = unsafe { NewKey::new(key)? };
        key.set(body(initialised()?)?);
        Ok(())
    })
}

/// Runs the body of an exported function that also works before `psa_crypto_init`.
#[inline]
pub(super) fn guard_uninitialised(name: &'static str, body: impl FnOnce() -> Result<()>) -> psa_status_t {
    // What a panic leaves behind is not observed: locks do not poison, and a step that does not return drops its
    // operation's state with the next call.
    let caught = cause::in_call(|| panic::catch_unwind(AssertUnwindSafe(body)));
    match caught.unwrap_or_else(|panic| Err(describe(&*panic))) {
        Ok(()) => 0,
        Err(error) => remember_failure(name, error),
    }
}

/// Runs the body of an exported function on a multi-part operation, by its handle. A step that is refused for its
/// pointers is in the error state like any other that fails (PSA 1.5, section 3.3.2).
///
/// # Safety
///
/// `operation` is null or valid, and nobody else uses it meanwhile.
#[inline]
pub(super) unsafe fn operate<O: Operation>(
    name: &'static str,
    operation: *mut O,
    body: impl FnOnce(&'static Library, &mut Handle) -> Result<()>,
) -> psa_status_t {
    guard(name, |library| {
        // SAFETY: null or valid by the contract.
        let operation = unsafe { structure_mut(operation)? };
        step(library, operation.handle(), body)
    })
}

/// [`make_key`] out of a multi-part operation.
///
/// # Safety
///
/// As for [`operate`] and [`make_key`].
pub(super) unsafe fn make_key_of<O: Operation>(
    name: &'static str,
    operation: *mut O,
    key: *mut psa_key_id_t,
    body: impl FnOnce(&'static Library, &mut Handle) -> Result<KeyId>,
) -> psa_status_t {
    guard_uninitialised(name, || {
        // SAFETY: null or valid by the contract.
        let (key, operation) = unsafe { (NewKey::new(key), structure_mut(operation)) };
        step(initialised()?, operation?.handle(), |library, handle| {
            let key = key?;
            key.set(body(library, handle)?);
            Ok(())
        })
    })
}

/// What [`operate`] says of refused pointers; the core sees to all else.
#[inline]
fn step(
    library: &'static Library,
    handle: &mut Handle,
    body: impl FnOnce(&'static Library, &mut Handle) -> Result<()>,
) -> Result<()> {
    body(library, handle).inspect_err(|error| {
        if *error == Error::InvalidArgument {
            library.operations.abort(*handle);
        }
    })
}

/// Makes an operation inactive, whatever it holds; before initialisation there is nothing that it could hold.
///
/// # Safety
///
/// As for [`operate`].
pub(super) unsafe fn abort<O: Operation>(name: &'static str, operation: *mut O) -> psa_status_t {
    guard_uninitialised(name, || {
        // SAFETY: null or valid by the contract.
        let operation = unsafe { structure_mut(operation)? };
        if let Some(library) = current() {
            library.operations.abort(*operation.handle());
        }
        *operation = O::default();
        Ok(())
    })
}

#[cold]
fn describe(panic: &(dyn Any + Send)) -> Error {
    let text = panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message");
    cause::of(Error::CorruptionDetected, format_args!("a defect in libparsec, please report it: {text}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capi::parsec::parsec_last_error;

    #[test]
    #[allow(clippy::panic)]
    fn a_panic_becomes_a_status_with_a_text() {
        changes().install_quiet_hook();
        let status = guard_uninitialised("psa_test", || panic!("broken {}", 7));
        assert_eq!(status, Error::CorruptionDetected.code());
        // SAFETY: parsec_last_error returns a NUL-terminated string that lives until this thread's next call.
        let text = unsafe { std::ffi::CStr::from_ptr(parsec_last_error()) };
        assert!(text.to_str().unwrap().contains("broken 7"));
    }
}
