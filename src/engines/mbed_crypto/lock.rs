//! The one lock around Mbed TLS, and what `fork` does to it.
//!
//! The lock is one of `std`, whose release is a store and a system call: safe in a forked child, unlike one with queues
//! in memory. `fork` waits for it, so that a child finds Mbed TLS at rest. A bare `clone` runs no handlers: there the
//! caller must see to it that no other thread is in a call, as for the allocator.

use std::cell::RefCell;
use std::mem::ManuallyDrop;
use std::sync::{Mutex, MutexGuard, Once, PoisonError};

use psa_crypto::types::status::Result as MbedResult;

use super::{ffi, status};
use crate::core::epoch::{self, ForkHandlers};
use crate::psa::Result;

/// What is behind the lock, beside Mbed TLS itself.
struct State {
    /// The birth of the process for which Mbed TLS was initialised.
    born: Option<u64>,
}

static STATE: Mutex<State> = Mutex::new(State { born: None });

/// Proof that the lock is held and Mbed TLS is initialised.
pub(super) struct Locked(());

/// Works in Mbed TLS, alone. `work` must not come back here.
pub(super) fn locked<T>(work: impl FnOnce(&Locked) -> MbedResult<T>) -> Result<T> {
    let mut state = lock();
    state.make_ready().and_then(|locked| work(&locked)).map_err(status::convert)
}

impl State {
    /// Initialises Mbed TLS at first use, and again in a forked child: it inherits the state of the random generator
    /// and would repeat what its parent draws, the nonces of signatures and the blinding of private keys included.
    fn make_ready(&mut self) -> MbedResult<Locked> {
        epoch::current();
        let born = Some(epoch::born());
        if self.born != born {
            if self.born.take().is_some() {
                ffi::reset(&Locked(()));
            }
            psa_crypto::init()?;
            self.born = born;
        }
        Ok(Locked(()))
    }
}

thread_local! {
    /// The lock, from before a fork until after it, which is all on one thread. Without a destructor, which would
    /// have to be registered.
    static HELD: RefCell<ManuallyDrop<Option<MutexGuard<'static, State>>>> =
        const { RefCell::new(ManuallyDrop::new(None)) };
}

/// Makes `fork` wait for the lock, from the first call on.
pub(super) fn watch_forks() {
    static HANDLERS: ForkHandlers = ForkHandlers { prepare: hold, parent: let_go, child: let_go };
    static WATCHED: Once = Once::new();
    WATCHED.call_once(|| epoch::on_fork(&HANDLERS));
}

fn hold() {
    let state = lock();
    HELD.with_borrow_mut(|held| **held = Some(state));
}

fn let_go() {
    HELD.with_borrow_mut(|held| held.take());
}

fn lock() -> MutexGuard<'static, State> {
    STATE.lock().unwrap_or_else(PoisonError::into_inner)
}
