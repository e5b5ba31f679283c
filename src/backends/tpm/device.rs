//! The one TPM of a backend, shared by all threads: opened when first needed, found again when it was lost.

use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use once_cell::race::OnceBox;

use super::claim::Claim;
use super::commands::{Lockout, Outcome};
use super::connection::{Attempt, Connection, Fault, Leftover};
use super::exit;
use super::settings::Settings;
use crate::cause;
use crate::core::epoch;
use crate::locks::{lock, lock_within, try_lock};
use crate::psa::{Error, Result};

/// A TPM can lose its power, the connection and the session at once, and a session may have to be begun anew.
const RECOVERIES: usize = 4;

/// A TPM.
pub(super) struct Device {
    /// What messages call it, with the way to it.
    name: String,
    settings: Result<Settings>,
    /// Why the settings are not usable.
    mistake: Option<String>,
    first: Generation,
}

/// The state of one epoch. A forked child begins a new one and never looks into its parent's, whose lock another thread
/// may have held at the fork.
struct Generation {
    epoch: u64,
    process: u32,
    /// Held by the one who is next: else a thread that goes on at once would take the lock again before another one that
    /// waits for it has woken up.
    next_turn: Mutex<()>,
    state: Mutex<State>,
    claim: Mutex<Option<Claim>>,
    next: OnceBox<Generation>,
}

#[derive(Default)]
struct State {
    connection: Option<Connection>,
    /// What the last connection left in the TPM.
    leftovers: Vec<Leftover>,
}

impl Generation {
    fn new() -> Self {
        Self {
            epoch: epoch::current(),
            process: std::process::id(),
            next_turn: Mutex::default(),
            state: Mutex::default(),
            claim: Mutex::default(),
            next: OnceBox::new(),
        }
    }

    /// The state, in turn.
    fn state(&self) -> MutexGuard<'_, State> {
        let _next = lock(&self.next_turn);
        lock(&self.state)
    }

    /// Ends what is open; where there is a bound to the patience, only if no other thread uses it for longer.
    fn close(&self, patience: Option<Duration>) {
        if self.process == std::process::id() {
            let state = match patience {
                Some(patience) => lock_within(&self.state, patience),
                None => Some(self.state()),
            };
            if let Some(mut state) = state {
                state.connection = None;
                *lock(&self.claim) = None;
            }
        } else if let Some(mut claim) = try_lock(&self.claim) {
            // Our copy of the parent's claim, which must not outlive the parent.
            *claim = None;
        }
    }
}

impl Device {
    /// Touches no device; a mistake in the configuration is reported when the TPM is first needed.
    pub(super) fn new(name: &str, tcti: &str, settings: Result<Settings>) -> Self {
        let mistake = settings.is_err().then(cause::take).flatten();
        Self { name: format!("{name} at {tcti}"), settings, mistake, first: Generation::new() }
    }

    fn settings(&self) -> Result<&Settings> {
        self.settings.as_ref().map_err(|error| match &self.mistake {
            Some(mistake) => cause::of(*error, format_args!("{mistake}")),
            None => *error,
        })
    }

    /// The state of this epoch, after ending those before.
    fn generation(&self) -> &Generation {
        let mut generation = &self.first;
        let now = epoch::current();
        while generation.epoch < now {
            generation = match generation.next.get() {
                Some(next) => next,
                None => {
                    generation.close(None);
                    generation.next.get_or_init(|| Box::new(Generation::new()))
                }
            };
        }
        generation
    }

    /// Works with the TPM, opening it if necessary. Where the connection turns out to be void, or the TPM was reset, the
    /// work is done once more; `work` has to be repeatable.
    pub(super) fn with<T>(&self, work: impl FnMut(&mut Connection, &Settings) -> Attempt<T>) -> Result<T> {
        self.attempts(work).map_err(|error| cause::of(error, format_args!("backend {}", self.name)))
    }

    fn attempts<T>(&self, mut work: impl FnMut(&mut Connection, &Settings) -> Attempt<T>) -> Result<T> {
        let settings = self.settings()?;
        let generation = self.generation();
        let mut state = generation.state();
        let mut attempt = |state: &mut State| {
            let connection = state.open(settings, &generation.claim)?;
            let outcome = work(connection, settings);
            match &outcome {
                Err(Fault::Tpm(failure)) if failure.breaks_connection() => state.abandon(),
                Err(Fault::Tpm(failure)) if failure.is_lockout() => explain_lockout(connection),
                _ => {}
            }
            outcome
        };
        let mut outcome = attempt(&mut state);
        let mut reconnected = false;
        // Why no session could be begun; that there is none says nothing.
        let mut hindrance = None;
        for _ in 0..RECOVERIES {
            let recovered = match &outcome {
                Err(Fault::Tpm(failure)) if failure.breaks_connection() && !failure.timed_out() && !reconnected => {
                    reconnected = true;
                    Ok(())
                }
                // The policy is proven once more.
                Err(Fault::Tpm(failure)) if failure.registers_changed() => Ok(()),
                Err(Fault::Tpm(failure)) if failure.lacks_startup() => state.start_up(settings, &generation.claim),
                Err(Fault::Tpm(failure)) if failure.lacks_session() => state.renew_session(settings, &generation.claim),
                _ => break,
            };
            if let Err(Fault::Tpm(failure)) = &recovered {
                hindrance = Some(*failure);
            }
            outcome = recovered.and_then(|()| attempt(&mut state));
        }
        match (outcome, hindrance) {
            (Err(Fault::Tpm(failure)), Some(hindrance)) if failure.is_without_session() => Err(hindrance.into()),
            (outcome, _) => outcome.map_err(Error::from),
        }
    }

    /// Works with the TPM if it is open, else there is nothing to do.
    pub(super) fn if_open(&self, work: impl FnOnce(&mut Connection) -> Outcome<()>) -> Result<()> {
        let mut state = self.generation().state();
        match state.connection.as_mut().map(work) {
            Some(Err(failure)) => {
                if failure.breaks_connection() {
                    state.abandon();
                }
                Err(failure.into())
            }
            _ => Ok(()),
        }
    }

    /// Takes our keys out of the TPM and closes the connection; the next use opens it again.
    pub(super) fn close(&self) {
        self.generation().close(None);
    }

    /// [`Device::close`], unless another thread uses the TPM for longer than this.
    pub(super) fn close_within(&self, patience: Duration) {
        self.generation().close(Some(patience));
    }
}

impl State {
    fn open(&mut self, settings: &Settings, claim: &Mutex<Option<Claim>>) -> Attempt<&mut Connection> {
        if self.connection.is_none() {
            let mut claim = lock(claim);
            if claim.is_none() {
                *claim = Some(Claim::new(&settings.way)?);
            }
            let mut connection = Connection::open(settings)?;
            if !settings.way.is_managed() {
                exit::watch();
            }
            while let Some(leftover) = self.leftovers.last() {
                connection.remove(leftover)?;
                self.leftovers.pop();
            }
            self.connection = Some(connection);
        }
        self.connection.as_mut().ok_or(Fault::Own(Error::GenericError))
    }

    /// Starts a TPM that was reset and has no firmware or kernel to start it. Nothing of ours is in it any more.
    fn start_up(&mut self, settings: &Settings, claim: &Mutex<Option<Claim>>) -> Attempt<()> {
        self.leftovers.clear();
        let outcome = self.open(settings, claim)?.start_up();
        self.abandon_if_broken(outcome)
    }

    /// Begins the session through which secrets go.
    fn renew_session(&mut self, settings: &Settings, claim: &Mutex<Option<Claim>>) -> Attempt<()> {
        let outcome = self.open(settings, claim)?.renew_session(settings);
        self.abandon_if_broken(outcome)
    }

    fn abandon_if_broken<T>(&mut self, outcome: Attempt<T>) -> Attempt<T> {
        if matches!(&outcome, Err(Fault::Tpm(failure)) if failure.breaks_connection()) {
            self.abandon();
        }
        outcome
    }

    /// Gives up a connection that broke, remembering what it leaves in the TPM.
    fn abandon(&mut self) {
        if let Some(mut connection) = self.connection.take() {
            self.leftovers.extend(connection.leftovers());
        }
    }
}

/// Records how locked the TPM is: nobody has to ask it again to find out.
fn explain_lockout(connection: &mut Connection) {
    if let Ok(Lockout { counter, limit, interval, recovery }) = connection.tpm().lockout() {
        cause::of(
            Error::NotPermitted,
            format_args!(
                "the TPM remembers {counter} wrong authorizations of {limit} that lock it, and forgets one every \
                 {interval} seconds; the lockout authorization can be tried again {recovery} seconds after a mistake"
            ),
        );
    }
}
