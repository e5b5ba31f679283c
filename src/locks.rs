//! The locks of the standard library, without their poison: a panic ends one call, and not what others share with it.
//!
//! Others are not used. The standard library's consist of a word, by which the kernel keeps who waits. A forked child
//! inherits the word and nothing else, and never meets one that was taken: `fork` waits for it, or the child has one of its
//! own. Locks that queue in a table of the process (`parking_lot`) leave there the threads that waited in the parent, and
//! that do not exist in the child, for whichever of its locks looks into the table next.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard, TryLockError};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Between two looks at a lock that is waited for with a bound.
const PAUSE: Duration = Duration::from_micros(100);

/// Waits for a lock.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Takes a lock that is free.
pub(crate) fn try_lock<T>(mutex: &Mutex<T>) -> Option<MutexGuard<'_, T>> {
    match mutex.try_lock() {
        Ok(guard) => Some(guard),
        Err(TryLockError::Poisoned(poison)) => Some(poison.into_inner()),
        Err(TryLockError::WouldBlock) => None,
    }
}

/// Waits for a lock no longer than this.
pub(crate) fn lock_within<T>(mutex: &Mutex<T>, patience: Duration) -> Option<MutexGuard<'_, T>> {
    let begun = Instant::now();
    loop {
        match try_lock(mutex) {
            None if begun.elapsed() < patience => sleep(PAUSE),
            answer => return answer,
        }
    }
}

/// Lets a lock go until somebody calls.
pub(crate) fn wait<'a, T>(condition: &Condvar, guard: MutexGuard<'a, T>) -> MutexGuard<'a, T> {
    condition.wait(guard).unwrap_or_else(PoisonError::into_inner)
}

/// Waits for a lock that readers share.
pub(crate) fn read<T>(lock: &RwLock<T>) -> RwLockReadGuard<'_, T> {
    lock.read().unwrap_or_else(PoisonError::into_inner)
}

/// Waits for a lock alone.
pub(crate) fn write<T>(lock: &RwLock<T>) -> RwLockWriteGuard<'_, T> {
    lock.write().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use super::*;

    #[test]
    fn a_panic_poisons_nothing() {
        let (mutex, shared) = (Mutex::new(1), RwLock::new(2));
        let panicked = catch_unwind(AssertUnwindSafe(|| {
            let _guards = (lock(&mutex), write(&shared));
            panic!("on purpose");
        }));
        assert!(panicked.is_err() && mutex.is_poisoned() && shared.is_poisoned());
        assert_eq!(*lock(&mutex), 1);
        assert_eq!(try_lock(&mutex).map(|guard| *guard), Some(1));
        assert_eq!(*read(&shared), 2);
        assert_eq!(*write(&shared), 2);
    }

    #[test]
    fn a_wait_with_a_bound_ends() {
        let mutex = Mutex::new(());
        assert!(lock_within(&mutex, Duration::ZERO).is_some());
        let held = lock(&mutex);
        std::thread::scope(|scope| {
            assert!(scope.spawn(|| lock_within(&mutex, Duration::from_millis(5)).is_none()).join().unwrap());
            let waiting = scope.spawn(|| lock_within(&mutex, Duration::from_secs(60)).is_some());
            drop(held);
            assert!(waiting.join().unwrap());
        });
    }
}
