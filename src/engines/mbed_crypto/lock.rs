//! The one lock around Mbed TLS, and what `fork` does to it.
//!
//! `fork` waits for it, so that a child finds Mbed TLS at rest. A bare `clone` runs no handlers: there the
//! caller must see to it that no other thread is in a call, as for the allocator.

use std::sync::{Mutex, MutexGuard};

use psa_crypto::types::status::Result as MbedResult;

use super::{ffi, status};
use crate::core::epoch;
use crate::fork::{ForkHandlers, Held};
use crate::locks;
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
    static HELD: Held<MutexGuard<'static, State>> = const { Held::new() };
}

/// Makes `fork` wait for the lock.
pub(crate) static FORK: ForkHandlers =
    ForkHandlers { prepare: || HELD.with(|held| held.hold(lock())), parent: let_go, child: let_go };

fn let_go() {
    HELD.with(Held::let_go);
}

fn lock() -> MutexGuard<'static, State> {
    locks::lock(&STATE)
}
