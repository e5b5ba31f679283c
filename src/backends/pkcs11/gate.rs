//! Who is inside a module: `fork` waits for them, because a child inherits the locks of a module as they are, and the
//! threads that held them do not exist there.
//!
//! The wait has a bound. Whoever is still inside then leaves the child a module that it must not use: it is refused there,
//! where it would hang for ever.
//!
//! The end of the process waits for them as well: after that a module takes itself down, and nobody may enter any more,
//! be it a thread that goes on or an exit handler of the program.

use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::ptr;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering, fence};
use std::thread::sleep;
use std::time::{Duration, Instant};

use once_cell::race::OnceBox;

use crate::core::epoch;
use crate::engines::native;
use crate::fail;
use crate::fork::ForkHandlers;
use crate::psa::Result;

/// How long `fork` waits. Most children run another program at once and never use the module.
const PATIENCE: Duration = Duration::from_secs(1);
/// Between two looks.
const PAUSE: Duration = Duration::from_micros(50);
/// How many forks are under way: nobody enters, not even a module that was not known when they began.
static FORKS: AtomicU32 = AtomicU32::new(0);

/// The process is ending.
static ENDED: AtomicBool = AtomicBool::new(false);

thread_local! {
    /// The gate behind which this thread is: a module may itself fork, and must not wait for itself.
    static INSIDE: Cell<*const Gate> = const { Cell::new(ptr::null()) };
}

/// The gate of one module. There is one for each path, for ever.
pub(super) struct Gate {
    module: PathBuf,
    /// How many threads are inside.
    inside: AtomicU32,
    /// The wait of the fork under way was in vain.
    in_vain: AtomicBool,
    /// In this process, a thread of the parent's is inside for ever.
    blocked: AtomicBool,
    /// For which process `inside` counts ([`epoch::born`]).
    born: AtomicU64,
    /// Which process used the module first.
    first: u64,
    next: OnceBox<Gate>,
}

static FIRST: OnceBox<Gate> = OnceBox::new();

/// A thread inside a module.
pub(super) struct Inside<'a> {
    gate: &'a Gate,
    before: *const Gate,
}

impl Gate {
    /// The gate of a module.
    pub fn of(module: &Path) -> &'static Self {
        let mut place = &FIRST;
        loop {
            let gate = place.get_or_init(|| Box::new(Self::new(module)));
            if gate.module == module {
                return gate;
            }
            place = &gate.next;
        }
    }

    fn new(module: &Path) -> Self {
        epoch::current();
        Self {
            module: module.to_owned(),
            inside: AtomicU32::new(0),
            in_vain: AtomicBool::new(false),
            blocked: AtomicBool::new(false),
            born: AtomicU64::new(epoch::born()),
            first: epoch::born(),
            next: OnceBox::new(),
        }
    }

    /// `COMMUNICATION_FAILURE` where this process was forked while a thread of its parent's was inside the module. To be
    /// asked before the module is used with a new epoch.
    pub fn check(&self) -> Result<()> {
        epoch::current();
        let born = epoch::born();
        if self.born.swap(born, Ordering::AcqRel) != born {
            // A child of a bare clone, in which no handlers ran.
            let left_inside = self.inside.swap(0, Ordering::AcqRel) != 0;
            self.blocked.fetch_or(left_inside, Ordering::AcqRel);
        }
        match self.blocked.load(Ordering::Acquire) {
            false => Ok(()),
            true => fail!(
                CommunicationFailure,
                "this process was forked while another thread was inside the PKCS#11 module {}, whose locks may be held \
                 for ever: fork before, or run another program in the child",
                self.module.display()
            ),
        }
    }

    /// True where this process was forked, and one before it has used the module.
    pub fn is_inherited(&self) -> bool {
        epoch::current();
        self.first != epoch::born()
    }

    /// Enters the module; waits while a fork is under way. `None` when the process is ending.
    pub fn enter(&self) -> Option<Inside<'_>> {
        // The module, or a library that it brings, may take locks as the thread ends.
        native::watch_this_thread();
        self.inside.fetch_add(1, Ordering::SeqCst);
        // Either this sees the fork, or who ends the process, or they see this thread inside, of a new module too.
        fence(Ordering::SeqCst);
        while FORKS.load(Ordering::SeqCst) != 0 && !self.is_own() {
            self.inside.fetch_sub(1, Ordering::Release);
            while FORKS.load(Ordering::Acquire) != 0 {
                sleep(PAUSE);
            }
            self.inside.fetch_add(1, Ordering::SeqCst);
            fence(Ordering::SeqCst);
        }
        if ENDED.load(Ordering::SeqCst) {
            self.inside.fetch_sub(1, Ordering::Release);
            return None;
        }
        Some(Inside { gate: self, before: INSIDE.replace(self) })
    }

    /// True where this thread is behind this gate already.
    fn is_own(&self) -> bool {
        ptr::eq(INSIDE.get(), self)
    }

    fn close(&self, deadline: Instant) {
        let own = u32::from(self.is_own());
        while self.inside.load(Ordering::SeqCst) > own {
            if Instant::now() > deadline {
                self.in_vain.store(true, Ordering::Release);
                return;
            }
            sleep(PAUSE);
        }
    }
}

impl Drop for Inside<'_> {
    fn drop(&mut self) {
        INSIDE.set(self.before);
        self.gate.inside.fetch_sub(1, Ordering::Release);
    }
}

fn gates() -> impl Iterator<Item = &'static Gate> {
    std::iter::successors(FIRST.get(), |gate| gate.next.get())
}

/// Keeps everybody out for good and waits for who is inside. To be called at exit, before modules take themselves down.
pub(super) extern "C" fn end() {
    ENDED.store(true, Ordering::SeqCst);
    fence(Ordering::SeqCst);
    let deadline = Instant::now() + PATIENCE;
    gates().for_each(|gate| gate.close(deadline));
}

/// Makes `fork` wait.
pub(crate) static FORK: ForkHandlers = ForkHandlers { prepare, parent, child };

fn prepare() {
    FORKS.fetch_add(1, Ordering::SeqCst);
    fence(Ordering::SeqCst);
    let deadline = Instant::now() + PATIENCE;
    gates().for_each(|gate| gate.close(deadline));
}

fn parent() {
    for gate in gates() {
        gate.in_vain.store(false, Ordering::Release);
    }
    FORKS.fetch_sub(1, Ordering::Release);
}

fn child() {
    for gate in gates() {
        let in_vain = gate.in_vain.swap(false, Ordering::AcqRel);
        gate.blocked.fetch_or(in_vain, Ordering::AcqRel);
        gate.inside.store(u32::from(gate.is_own()), Ordering::Release);
        gate.born.store(epoch::born(), Ordering::Release);
    }
    FORKS.store(0, Ordering::Release);
}
