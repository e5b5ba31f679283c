//! Who is inside a function of aws-lc that takes locks: its random generator, and RSA keys. `fork` waits for them, because
//! a child inherits locks as they are, and the threads that held them do not exist there.
//!
//! Two locks of the generator (`crypto/ube/ube.c`, `fipsmodule/rand/rand.c`) hang a child for ever: the first one that it
//! takes to note that it is one, and at its exit those of all threads' generators.
//!
//! A thread that ends is inside as well, while aws-lc takes its generator out of the list of all threads'. And `fork` waits a
//! while for the destructors of other libraries, because those of libcrypto, which PKCS#11 modules bring, take its locks.
//!
//! Entering writes to memory that few threads share. Nobody is inside for long unless the processor is given to others: on
//! a busy machine that may be seconds. But making an RSA key takes seconds by itself, in which aws-lc seldom holds a lock,
//! and so that is not waited for to its end.

#![allow(unsafe_code)]

use std::cell::Cell;
use std::ffi::c_void;
use std::ptr;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::fork::ForkHandlers;

/// How long `fork` waits at most, should a thread have been lost inside.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long it waits for who makes an RSA key.
const SHORT_PATIENCE: Duration = Duration::from_secs(1);
/// How long it waits for the destructors of a thread that ends, which may be the program's own.
const PATIENCE_AT_END: Duration = Duration::from_secs(5);
/// Between two looks.
const PAUSE: Duration = Duration::from_micros(20);
/// Threads are counted in one of so many places.
const PLACES: usize = 64;

/// How many threads are inside; in cache lines of its own.
#[repr(align(128))]
struct Place(AtomicU32);

static INSIDE: [Place; PLACES] = [const { Place(AtomicU32::new(0)) }; PLACES];
/// How many threads are inside for long.
static INSIDE_FOR_LONG: Place = Place(AtomicU32::new(0));
/// How many threads are at their end.
static AT_END: Place = Place(AtomicU32::new(0));
/// The keys of each thread whose destructors are called before aws-lc's and after it.
static KEYS: [Key; 2] = [Key::new(), Key::new()];
/// How many forks are under way: nobody enters.
static FORKS: AtomicU32 = AtomicU32::new(0);

thread_local! {
    /// The place of this thread, counted from 1. Without a destructor: threads that are ending come here too.
    static PLACE: Cell<usize> = const { Cell::new(0) };
    /// This thread has entered because it ends, and is counted as being at its end.
    static ENDING: Cell<[bool; 2]> = const { Cell::new([false; 2]) };
    /// This thread is forking, and other libraries' handlers may use keys meanwhile.
    static FORKING: Cell<bool> = const { Cell::new(false) };
}

/// Runs `work`, which takes locks of aws-lc, or what else a child must not find taken, and comes back without waiting for
/// anybody else.
#[inline]
pub(in crate::engines::native) fn inside<T>(work: impl FnOnce() -> T) -> T {
    counted(own_place(), work)
}

/// The same for work that may take seconds.
pub(super) fn inside_for_long<T>(work: impl FnOnce() -> T) -> T {
    own_place();
    counted(&INSIDE_FOR_LONG.0, work)
}

#[inline]
fn counted<T>(place: &'static AtomicU32, work: impl FnOnce() -> T) -> T {
    /// Leaves, also by a panic.
    struct Guard(&'static AtomicU32);
    impl Drop for Guard {
        fn drop(&mut self) {
            leave(self.0);
        }
    }
    enter(place);
    let _guard = Guard(place);
    work()
}

#[inline]
fn enter(place: &AtomicU32) {
    // Both are sequentially consistent: either this sees the fork, or the fork sees this thread inside.
    place.fetch_add(1, Ordering::SeqCst);
    while FORKS.load(Ordering::SeqCst) != 0 && !FORKING.get() {
        leave(place);
        while FORKS.load(Ordering::Acquire) != 0 {
            sleep(PAUSE);
        }
        place.fetch_add(1, Ordering::SeqCst);
    }
}

#[inline]
fn leave(place: &AtomicU32) {
    place.fetch_sub(1, Ordering::Release);
}

#[inline]
fn own_place() -> &'static AtomicU32 {
    let number = PLACE.get().checked_sub(1).unwrap_or_else(first_place);
    &INSIDE[number].0
}

/// Notices the end of this thread, also where it never comes inside.
#[inline]
pub(in crate::engines::native) fn watch_this_thread() {
    own_place();
}

#[cold]
fn first_place() -> usize {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed) as usize % PLACES;
    PLACE.set(number + 1);
    KEYS.iter().for_each(|key| key.set(1));
    number
}

/// A key of the C library (`pthread_key_create`), if there is one.
struct Key {
    /// One more than its number; 0 for none.
    number: AtomicU32,
}

impl Key {
    const fn new() -> Self {
        Self { number: AtomicU32::new(0) }
    }

    fn make(&self, destructor: unsafe extern "C" fn(*mut c_void)) {
        let mut key = 0;
        // SAFETY: `key` is writable, and the destructor stays loaded (the library is linked with -z nodelete).
        if unsafe { libc::pthread_key_create(&raw mut key, Some(destructor)) } == 0 {
            self.number.store(key + 1, Ordering::Release);
        }
    }

    /// Gives this thread's a value, with which its destructor is called.
    fn set(&self, value: usize) {
        if let Some(key) = self.number.load(Ordering::Acquire).checked_sub(1) {
            // SAFETY: the key is never deleted. The value is a number that nobody follows.
            unsafe { libc::pthread_setspecific(key, ptr::without_provenance(value)) };
        }
    }
}

/// Notices the end of threads that are inside later on: to be called before anything else of aws-lc.
///
/// The C library calls the destructors of a thread's keys in the order of their numbers, and gives new keys the least numbers
/// that are free: aws-lc's comes between ours. Should it not, who has entered leaves in the next round: there is one where a
/// destructor has set a value.
pub(in crate::engines::native) fn watch_threads() {
    static IS_DONE: AtomicBool = AtomicBool::new(false);
    if !IS_DONE.swap(true, Ordering::AcqRel) {
        KEYS[0].make(begin_to_end);
        // SAFETY: empties the thread's list of errors, for which aws-lc makes its key.
        unsafe { aws_lc_sys::ERR_clear_error() };
        KEYS[1].make(end);
    }
}

unsafe extern "C" fn begin_to_end(round: *mut c_void) {
    if round.addr() == 1 {
        enter(own_place());
        AT_END.0.fetch_add(1, Ordering::SeqCst);
        ENDING.set([true; 2]);
        return KEYS[0].set(2);
    }
    // All destructors have been called once.
    leave_at_end();
    if ENDING.get()[1] {
        ENDING.set([false; 2]);
        leave(&AT_END.0);
    }
}

unsafe extern "C" fn end(_: *mut c_void) {
    leave_at_end();
}

fn leave_at_end() {
    let [inside, at_end] = ENDING.get();
    if inside {
        ENDING.set([false, at_end]);
        leave(own_place());
    }
}

/// Makes `fork` wait.
pub(crate) static FORK: ForkHandlers = ForkHandlers { prepare, parent, child };

fn prepare() {
    FORKING.set(true);
    FORKS.fetch_add(1, Ordering::SeqCst);
    let begun = Instant::now();
    let is_inside = |place: &Place| place.0.load(Ordering::SeqCst) != 0;
    let is_at_end = || AT_END.0.load(Ordering::SeqCst) > u32::from(ENDING.get()[1]);
    while INSIDE.iter().any(is_inside) && begun.elapsed() < PATIENCE
        || is_inside(&INSIDE_FOR_LONG) && begun.elapsed() < SHORT_PATIENCE
        || is_at_end() && begun.elapsed() < PATIENCE_AT_END
    {
        sleep(PAUSE);
    }
}

fn parent() {
    FORKS.fetch_sub(1, Ordering::Release);
    FORKING.set(false);
}

fn child() {
    INSIDE.iter().chain([&INSIDE_FOR_LONG, &AT_END]).for_each(|place| place.0.store(0, Ordering::Release));
    ENDING.set([false; 2]);
    FORKS.store(0, Ordering::Release);
    FORKING.set(false);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Forks, so to say, while another thread is inside; true where that waited for it.
    fn fork_waits_for(enter: fn(&dyn Fn()), stay: Duration) -> bool {
        let (entered, left) = (AtomicBool::new(false), AtomicBool::new(false));
        std::thread::scope(|scope| {
            scope.spawn(|| {
                enter(&|| {
                    entered.store(true, Ordering::SeqCst);
                    sleep(stay);
                    left.store(true, Ordering::SeqCst);
                });
            });
            while !entered.load(Ordering::SeqCst) {
                sleep(PAUSE);
            }
            prepare();
            let waited = left.load(Ordering::SeqCst);
            parent();
            waited
        })
    }

    /// It has hung a child on a machine whose processor others had for more than a second.
    #[test]
    fn a_fork_waits_for_who_is_kept_from_leaving_but_not_for_a_key_that_takes_long() {
        let stay = SHORT_PATIENCE * 3;
        assert!(fork_waits_for(|work| inside(work), stay));
        assert!(!fork_waits_for(|work| inside_for_long(work), stay));
        assert!(fork_waits_for(|work| inside_for_long(work), Duration::from_millis(20)));
    }

    #[test]
    fn a_fork_waits_for_who_is_inside_and_keeps_others_out() {
        let (entered, left) = (AtomicBool::new(false), AtomicBool::new(false));
        std::thread::scope(|scope| {
            scope.spawn(|| {
                inside(|| {
                    entered.store(true, Ordering::SeqCst);
                    sleep(Duration::from_millis(30));
                    left.store(true, Ordering::SeqCst);
                });
            });
            while !entered.load(Ordering::SeqCst) {
                sleep(PAUSE);
            }
            prepare();
            assert!(left.load(Ordering::SeqCst));
            let (tried, second) = (AtomicBool::new(false), AtomicBool::new(false));
            std::thread::scope(|scope| {
                scope.spawn(|| {
                    tried.store(true, Ordering::SeqCst);
                    inside(|| second.store(true, Ordering::SeqCst));
                });
                while !tried.load(Ordering::SeqCst) {
                    sleep(PAUSE);
                }
                sleep(Duration::from_millis(5));
                assert!(!second.load(Ordering::SeqCst), "kept out");
                assert_eq!(inside(|| 7), 7, "but not the thread that forks");
                parent();
            });
            assert!(second.load(Ordering::SeqCst));
        });
    }
}
