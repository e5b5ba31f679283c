//! What has to happen around `fork`: one list, which is known when the library is built.
//!
//! The handlers are registered by a constructor, which does nothing else. Registered at first use they would miss a fork at
//! that moment, and a child could find the registration begun by a thread that it does not have. That holds for whatever is
//! made once: no `Once` may be half done where a child needs it. What is made at first use is made beside and then put
//! into its place without a wait (`once_cell::race`), or under a lock that `fork` waits for.
#![allow(unsafe_code)]

use std::cell::RefCell;
use std::mem::ManuallyDrop;
use std::sync::atomic::{AtomicBool, Ordering};

#[cfg(feature = "pkcs11")]
use crate::backends::pkcs11;
use crate::core::epoch;
#[cfg(feature = "mbed-crypto")]
use crate::engines::mbed_crypto;
use crate::engines::native;
use crate::{capi, store};

/// What has to happen around `fork`, whether the library is in use or not.
///
/// `prepare` runs in the parent before, and may wait for other threads: it takes what must not be held by them at the
/// moment of the fork. `parent` and `child` give it back. In the child no other thread exists, and one of them may have
/// held any lock, the allocator's of another library included: `child` must only store, unlock what `prepare` locked,
/// and make async-signal-safe system calls. All three run on the thread that forks and must not panic.
pub struct ForkHandlers {
    /// Before, in the parent.
    pub prepare: fn(),
    /// After, in the parent.
    pub parent: fn(),
    /// After, in the child, where the epoch has already grown.
    pub child: fn(),
}

/// They run in this order: who holds a lock may wait for one that stands behind it, but not before it.
static HANDLERS: &[&ForkHandlers] = &[
    &capi::FORK,
    &store::FORK,
    #[cfg(feature = "mbed-crypto")]
    &mbed_crypto::FORK,
    &native::FORK,
    #[cfg(feature = "pkcs11")]
    &pkcs11::FORK,
    #[cfg(test)]
    &tests::COUNTING,
];

#[used]
#[unsafe(link_section = ".init_array")]
static CONSTRUCTOR: extern "C" fn() = register;

extern "C" fn register() {
    // SAFETY: the handlers are plain functions that stay loaded (the library is linked with -z nodelete). Where there is no
    // memory for them, forks are noticed by the epoch's page only.
    unsafe { libc::pthread_atfork(Some(prepare), Some(parent), Some(child)) };
}

extern "C" fn prepare() {
    HANDLERS.iter().for_each(|handlers| (handlers.prepare)());
}

extern "C" fn parent() {
    HANDLERS.iter().for_each(|handlers| (handlers.parent)());
}

extern "C" fn child() {
    epoch::begin_in_child();
    HANDLERS.iter().for_each(|handlers| (handlers.child)());
}

/// Where the thread that forks keeps the guard of a lock, from `prepare` to `parent` or `child`; to be a thread local.
/// Without a destructor, which would have to be registered.
///
/// The lock has to be one of `std`, whose release is a store and a system call: safe in a child, unlike one with queues
/// in memory.
pub(crate) struct Held<Guard>(RefCell<ManuallyDrop<Option<Guard>>>);

impl<Guard> Held<Guard> {
    pub(crate) const fn new() -> Self {
        Self(RefCell::new(ManuallyDrop::new(None)))
    }

    pub(crate) fn hold(&self, guard: Guard) {
        **self.0.borrow_mut() = Some(guard);
    }

    pub(crate) fn let_go(&self) {
        self.0.borrow_mut().take();
    }
}

/// Registers an exit handler, unless it is `registered`; threads may do so twice. Waits while a thread forks: the C library
/// locks its list meanwhile, and the exit of a child needs it. Not to be called by who is at work in a key store.
pub(crate) fn at_exit(handler: extern "C" fn(), registered: &AtomicBool) {
    if registered.load(Ordering::Acquire) {
        return;
    }
    // SAFETY: the handler stays loaded (the library is linked with -z nodelete), and no handler of ours unwinds.
    store::outside_fork(|| unsafe { libc::atexit(handler) });
    registered.store(true, Ordering::Release);
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicU64;

    use super::*;

    static PREPARED: AtomicU64 = AtomicU64::new(0);
    static IN_CHILD: AtomicU64 = AtomicU64::new(0);

    fn count(counter: &AtomicU64) {
        counter.fetch_add(1, Ordering::SeqCst);
    }

    pub(super) static COUNTING: ForkHandlers =
        ForkHandlers { prepare: || count(&PREPARED), parent: || {}, child: || count(&IN_CHILD) };

    #[test]
    fn handlers_run_on_their_side() {
        let before = PREPARED.load(Ordering::SeqCst);
        // SAFETY: the child calls only async-signal-safe functions.
        match unsafe { libc::fork() } {
            // SAFETY: leaves at once, running nothing of the parent's.
            0 => unsafe { libc::_exit(if IN_CHILD.load(Ordering::SeqCst) == 1 { 0 } else { 1 }) },
            process => {
                let mut status = -1;
                // SAFETY: waits for our own child; `status` is writable.
                assert_eq!(unsafe { libc::waitpid(process, &mut status, 0) }, process);
                assert_eq!(status, 0);
            }
        }
        assert!(PREPARED.load(Ordering::SeqCst) > before);
        assert_eq!(IN_CHILD.load(Ordering::SeqCst), 0);
    }
}
