//! Multi-part operations: one slab, one state machine (PSA 1.5, section 3.3).
//!
//! A C operation object holds only a handle; the state is here. A handle names a slot and the slot's generation, so
//! that an object that is stale, copied or garbage finds nothing and gets `BAD_STATE`. A step that fails drops
//! the state: the handle is stale from then on, which is the error state of the specification.

use std::any::Any;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use once_cell::race::OnceBox;
use parking_lot::Mutex;

use crate::psa::{Error, Result};

/// What a C operation object holds: 0 is inactive, anything else names a slot and its generation.
pub type Handle = u64;

const FIRST_SEGMENT: usize = 64;
const SEGMENTS: usize = 20;
const NONE: u32 = u32::MAX;

struct Slot {
    /// Index of the next free slot, while this one is free.
    next_free: AtomicU32,
    content: Mutex<Content>,
}

struct Content {
    /// Grows with each use, never 0, so that no handle is 0.
    generation: u32,
    state: Option<Box<dyn Any + Send>>,
}

/// All running operations of the library.
///
/// The free slots are a stack without locks and a segment never moves, so that a fork in the midst of a call
/// leaves nothing locked for the child but the operation of that call.
pub struct Operations {
    /// Segment `n` has `FIRST_SEGMENT << n` slots.
    segments: [OnceBox<Vec<Slot>>; SEGMENTS],
    /// Top of the stack of free slots (lower half) and a counter against ABA (upper half).
    free: AtomicU64,
    /// How many slots were ever used.
    used: AtomicU32,
}

impl Default for Operations {
    fn default() -> Self {
        Self {
            segments: [const { OnceBox::new() }; SEGMENTS],
            free: AtomicU64::new(u64::from(NONE)),
            used: AtomicU32::new(0),
        }
    }
}

impl Operations {
    /// Begins an operation: `make` gives its state. The handle stays 0 when it fails, is `BAD_STATE` when it was
    /// not 0, and then the operation it named is dropped.
    pub fn setup<S: Any + Send>(&self, handle: &mut Handle, make: impl FnOnce() -> Result<S>) -> Result<()> {
        if *handle != 0 {
            self.abort(*handle);
            return Err(Error::BadState);
        }
        let state = Box::new(make()?);
        let index = self.allocate().ok_or(Error::InsufficientMemory)?;
        let slot = self.slot(index).ok_or(Error::CorruptionDetected)?;
        let mut content = slot.content.lock();
        content.generation = content.generation.checked_add(1).unwrap_or(1);
        content.state = Some(state);
        *handle = u64::from(content.generation) << 32 | u64::from(index + 1);
        Ok(())
    }

    /// Takes a step of a running operation. When it fails, the operation is in the error state. An inactive operation
    /// stays inactive: programs set it up right after such a mistake.
    pub fn step<S: Any, R>(&self, handle: Handle, step: impl FnOnce(&mut S) -> Result<R>) -> Result<R> {
        self.run(handle, step, Result::is_err)
    }

    /// Takes a step, and drops the operation where `ends` says so of the result.
    fn run<S: Any, R>(
        &self,
        handle: Handle,
        step: impl FnOnce(&mut S) -> Result<R>,
        ends: impl FnOnce(&Result<R>) -> bool,
    ) -> Result<R> {
        let (index, slot) = self.find(handle).ok_or(Error::BadState)?;
        let mut content = slot.content.lock();
        let result = step(content.state_of::<S>(handle).ok_or(Error::BadState)?);
        if ends(&result) {
            let state = content.state.take();
            drop(content);
            self.release(index, slot);
            drop(state);
        }
        result
    }

    /// Takes a step that leaves the operation as it was even when it fails, such as a query.
    pub fn query<S: Any, R>(&self, handle: Handle, query: impl FnOnce(&mut S) -> Result<R>) -> Result<R> {
        let (_, slot) = self.find(handle).ok_or(Error::BadState)?;
        let mut content = slot.content.lock();
        content.state_of::<S>(handle).map_or(Err(Error::BadState), query)
    }

    /// Takes the last step. The operation is inactive when it succeeds and in the error state when it fails.
    pub fn finish<S: Any, R>(&self, handle: &mut Handle, step: impl FnOnce(&mut S) -> Result<R>) -> Result<R> {
        let result = self.run(*handle, step, |_| true)?;
        *handle = 0;
        Ok(result)
    }

    /// Drops the operation, if the handle names one.
    pub fn abort(&self, handle: Handle) {
        let Some((index, slot)) = self.find(handle) else { return };
        let mut content = slot.content.lock();
        if content.generation != generation(handle) {
            return;
        }
        let state = content.state.take();
        drop(content);
        if state.is_some() {
            self.release(index, slot);
        }
    }

    /// Drops all operations, but those that are inside a step: in a forked child, one of a thread that is not there.
    pub fn clear(&self) {
        for index in 0..self.used.load(Ordering::Acquire) {
            let Some(slot) = self.existing_slot(index) else { continue };
            let state = slot.content.try_lock().and_then(|mut content| content.state.take());
            if state.is_some() {
                self.release(index, slot);
            }
        }
    }

    fn find(&self, handle: Handle) -> Option<(u32, &Slot)> {
        let index = (handle as u32).checked_sub(1)?;
        Some((index, self.existing_slot(index)?))
    }

    fn allocate(&self) -> Option<u32> {
        self.pop_free().or_else(|| {
            self.used
                .fetch_update(Ordering::AcqRel, Ordering::Acquire, |used| {
                    ((used as usize) < (FIRST_SEGMENT << SEGMENTS) - FIRST_SEGMENT).then_some(used + 1)
                })
                .ok()
        })
    }

    fn pop_free(&self) -> Option<u32> {
        let mut top = self.free.load(Ordering::Acquire);
        loop {
            let index = top as u32;
            let next = self.existing_slot(index)?.next_free.load(Ordering::Acquire);
            let new = (top >> 32).wrapping_add(1) << 32 | u64::from(next);
            match self.free.compare_exchange_weak(top, new, Ordering::AcqRel, Ordering::Acquire) {
                Ok(_) => return Some(index),
                Err(actual) => top = actual,
            }
        }
    }

    fn release(&self, index: u32, slot: &Slot) {
        let mut top = self.free.load(Ordering::Acquire);
        loop {
            slot.next_free.store(top as u32, Ordering::Release);
            let new = (top >> 32).wrapping_add(1) << 32 | u64::from(index);
            match self.free.compare_exchange_weak(top, new, Ordering::AcqRel, Ordering::Acquire) {
                Ok(_) => return,
                Err(actual) => top = actual,
            }
        }
    }

    /// The slot of an index, in a segment that exists.
    fn existing_slot(&self, index: u32) -> Option<&Slot> {
        let (segment, offset) = position(index)?;
        self.segments.get(segment)?.get()?.get(offset)
    }

    /// The slot of an index, in a segment that is made if need be.
    fn slot(&self, index: u32) -> Option<&Slot> {
        let (segment, offset) = position(index)?;
        let new_slot =
            || Slot { next_free: AtomicU32::new(NONE), content: Mutex::new(Content { generation: 0, state: None }) };
        self.segments
            .get(segment)?
            .get_or_init(|| Box::new((0..FIRST_SEGMENT << segment).map(|_| new_slot()).collect()))
            .get(offset)
    }
}

impl Content {
    fn state_of<S: Any>(&mut self, handle: Handle) -> Option<&mut S> {
        if self.generation != generation(handle) {
            return None;
        }
        self.state.as_mut()?.downcast_mut::<S>()
    }
}

fn generation(handle: Handle) -> u32 {
    (handle >> 32) as u32
}

/// Segment and offset of an index.
fn position(index: u32) -> Option<(usize, usize)> {
    if index == NONE {
        return None;
    }
    let number = index as usize + FIRST_SEGMENT;
    let segment = (number / FIRST_SEGMENT).ilog2() as usize;
    Some((segment, number - (FIRST_SEGMENT << segment)))
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Counter(u32);

    fn begin(operations: &Operations) -> Handle {
        let mut handle = 0;
        operations.setup(&mut handle, || Ok(Counter(0))).unwrap();
        assert_ne!(handle, 0);
        handle
    }

    fn count(operations: &Operations, handle: Handle) -> Result<u32> {
        operations.step(handle, |counter: &mut Counter| {
            counter.0 += 1;
            Ok(counter.0)
        })
    }

    #[test]
    fn steps_reach_their_own_state_only() {
        let operations = Operations::default();
        let handles: Vec<Handle> = (0..1000).map(|_| begin(&operations)).collect();
        for (index, handle) in handles.iter().enumerate() {
            for step in 1..=index as u32 % 3 {
                assert_eq!(count(&operations, *handle), Ok(step));
            }
        }
        for (index, handle) in handles.iter().enumerate() {
            assert_eq!(count(&operations, *handle), Ok(index as u32 % 3 + 1));
        }
    }

    #[test]
    fn stale_copied_and_garbage_handles_are_bad_state() {
        let operations = Operations::default();
        let mut handle = begin(&operations);
        let copied = handle;
        operations.finish(&mut handle, |_: &mut Counter| Ok(())).unwrap();
        assert_eq!(handle, 0);
        let reused = begin(&operations);
        assert_eq!(reused as u32, copied as u32, "the slot is used again");
        for garbage in [copied, 0, 1, u64::MAX, 77 << 32, reused + 1, reused ^ 1 << 40] {
            assert_eq!(count(&operations, garbage), Err(Error::BadState));
            operations.abort(garbage);
        }
        assert_eq!(count(&operations, reused), Ok(1));
        assert_eq!(operations.step(reused, |_: &mut String| Ok(())), Err(Error::BadState));
    }

    #[test]
    fn a_failed_setup_is_inactive_and_a_failed_step_is_the_error_state() {
        let operations = Operations::default();
        let mut handle = 0;
        let failed = operations.setup(&mut handle, || Err::<Counter, _>(Error::NotSupported));
        assert_eq!((failed, handle), (Err(Error::NotSupported), 0));

        handle = begin(&operations);
        let failed = operations.step(handle, |_: &mut Counter| Err::<(), _>(Error::BufferTooSmall));
        assert_eq!(failed, Err(Error::BufferTooSmall));
        assert_eq!(count(&operations, handle), Err(Error::BadState));
        let again = operations.setup(&mut handle, || Ok(Counter(0)));
        assert_eq!(again, Err(Error::BadState), "an operation in the error state has to be aborted first");
    }

    #[test]
    fn an_inactive_operation_that_is_used_stays_inactive() {
        let operations = Operations::default();
        let mut handle = 0;
        assert_eq!(count(&operations, handle), Err(Error::BadState));
        assert_eq!(operations.setup(&mut handle, || Ok(Counter(0))), Ok(()));
    }

    #[test]
    fn threads_do_not_meet() {
        let operations = Operations::default();
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for round in 0..2000 {
                        let mut handle = begin(&operations);
                        assert_eq!(count(&operations, handle), Ok(1));
                        if round % 2 == 0 {
                            operations.abort(handle);
                        } else {
                            operations.finish(&mut handle, |_: &mut Counter| Ok(())).unwrap();
                        }
                    }
                });
            }
        });
        assert!(operations.used.load(Ordering::Relaxed) <= 4, "slots are used again");
    }
}
