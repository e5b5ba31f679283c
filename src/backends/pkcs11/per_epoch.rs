//! State that a forked child must not inherit.

use once_cell::race::OnceBox;

use crate::core::epoch;

/// A value of its own for each epoch, made when it is first asked for.
///
/// A child finds a fresh value without taking any lock: in the parent, another thread may have held one of the old
/// value's when it forked. The old value stays where it is, unused; whatever in it belongs to the parent (sessions,
/// an initialised module) looks at its own epoch when it is dropped.
#[derive(Default)]
pub(super) struct PerEpoch<T> {
    first: OnceBox<Node<T>>,
}

struct Node<T> {
    epoch: u64,
    value: T,
    next: OnceBox<Node<T>>,
}

impl<T: Default> PerEpoch<T> {
    /// No value yet.
    pub const fn new() -> Self {
        Self { first: OnceBox::new() }
    }

    /// The value of this epoch.
    pub fn get(&self) -> &T {
        self.of(epoch::current())
    }

    fn of(&self, epoch: u64) -> &T {
        let mut place = &self.first;
        loop {
            let node = place.get_or_init(|| Box::new(Node { epoch, value: T::default(), next: OnceBox::new() }));
            if node.epoch == epoch {
                return &node.value;
            }
            place = &node.next;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[test]
    fn each_epoch_has_a_value_of_its_own() {
        let state = PerEpoch::<AtomicU32>::new();
        state.of(1).store(7, Ordering::Relaxed);
        assert_eq!(state.of(2).load(Ordering::Relaxed), 0);
        state.of(2).store(8, Ordering::Relaxed);
        assert_eq!(state.of(1).load(Ordering::Relaxed), 7);
        assert_eq!(state.of(2).load(Ordering::Relaxed), 8);
    }
}
