//! What is made at the first use of a key or a group, and kept.

use once_cell::sync::OnceCell;

use super::ffi::gate;

/// A place for one value. Nobody waits for a thread that makes it, be it for ever in a forked child: two threads may both
/// make it, and the first one to finish puts its value there. `fork` waits for who does that.
pub(super) struct MadeOnce<T>(OnceCell<T>);

impl<T> MadeOnce<T> {
    /// Nothing is made yet.
    pub(super) const fn new() -> Self {
        Self(OnceCell::new())
    }

    /// The value is there.
    pub(super) const fn with_value(value: T) -> Self {
        Self(OnceCell::with_value(value))
    }

    /// The value, if it is there. Takes no lock.
    #[inline]
    pub(super) fn get(&self) -> Option<&T> {
        self.0.get()
    }

    /// Puts a value there; where another thread was faster, its value and the one that came too late.
    pub(super) fn insert(&self, value: T) -> Result<&T, (&T, T)> {
        gate::inside(|| self.0.try_insert(value))
    }

    /// The value, made if it is not there.
    #[inline]
    pub(super) fn get_or_init(&self, make: impl FnOnce() -> T) -> &T {
        match self.get() {
            Some(value) => value,
            None => self.first(make()),
        }
    }

    /// The value, made if it is not there; what `make` fails with leaves nothing.
    #[inline]
    pub(super) fn get_or_try_init<E>(&self, make: impl FnOnce() -> Result<T, E>) -> Result<&T, E> {
        match self.get() {
            Some(value) => Ok(value),
            None => Ok(self.first(make()?)),
        }
    }

    fn first(&self, value: T) -> &T {
        self.insert(value).unwrap_or_else(|(first, _)| first)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;

    use super::*;

    #[test]
    fn nobody_waits_for_who_makes_it_and_the_first_value_stays() {
        let (place, both) = (MadeOnce::new(), Barrier::new(2));
        // Each maker waits for the other one: both are at work at once, or this never ends.
        let make = |value: u32| {
            both.wait();
            value
        };
        let (one, other) = std::thread::scope(|scope| {
            let other = scope.spawn(|| *place.get_or_init(|| make(1)));
            (*place.get_or_init(|| make(2)), other.join().unwrap())
        });
        assert_eq!(one, other);
        assert_eq!(place.get(), Some(&one));
        assert_eq!(place.insert(7), Err((&one, 7)));
    }

    #[test]
    fn a_failure_leaves_nothing() {
        let place = MadeOnce::<u32>::new();
        assert_eq!(place.get_or_try_init(|| Err("no")), Err("no"));
        assert_eq!(place.get(), None);
        assert_eq!(place.get_or_try_init(|| Ok::<_, &str>(3)), Ok(&3));
    }
}
