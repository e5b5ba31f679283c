//! Multi-part operations: one slab, one state machine (PSA 1.5, section 3.3).
//!
//! A C operation object holds only a handle; the state is here. A handle names a slot and the slot's generation, so
//! that an object that is stale, copied or garbage finds nothing and gets `BAD_STATE`. A step that fails drops
//! the state: the handle is stale from then on, which is the error state of the specification.
//!
//! A small state lies in its slot, without an allocation. A step takes its turn by one exchange, which compares the
//! generation too. Calls with one operation at once, which the specification leaves undefined (section 5.6), get
//! `BAD_STATE` but for one.
#![allow(unsafe_code)]

use std::any::{Any, TypeId};
use std::cell::UnsafeCell;
use std::marker::PhantomData;
use std::mem::MaybeUninit;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use once_cell::race::OnceBox;

use crate::psa::{Error, Result};

/// What a C operation object holds: 0 is inactive, anything else names a slot and its generation.
pub type Handle = u64;

/// Room in a slot for a state; a larger one is on the heap, and its box here.
type Room = MaybeUninit<[u128; 17]>;

/// A state and its type.
struct State {
    kind: TypeId,
    room: Room,
    drop: unsafe fn(&mut Room),
    /// It may be sent to other threads, and nothing else.
    kept: PhantomData<Box<dyn Any + Send>>,
}

impl State {
    const fn fits<S>() -> bool {
        size_of::<S>() <= size_of::<Room>() && align_of::<S>() <= align_of::<Room>()
    }

    /// Moves a state to where it stays.
    fn put<S: Any + Send>(place: &mut Option<Self>, state: S) {
        if Self::fits::<S>() {
            // SAFETY: the state fits.
            unsafe { Self::put_in_room::<S, S>(place, state) }
        } else {
            // SAFETY: it does not, so its box is there.
            unsafe { Self::put_in_room::<S, Box<S>>(place, Box::new(state)) }
        }
    }

    /// # Safety
    ///
    /// `T` is `S` where that fits into the room, else its box, for which the room is large and aligned enough.
    unsafe fn put_in_room<S: Any + Send, T>(place: &mut Option<Self>, state: T) {
        let empty = Self { kind: TypeId::of::<S>(), room: Room::uninit(), drop: drop_in::<S>, kept: PhantomData };
        // SAFETY: by the contract. Nothing comes between that could unwind.
        unsafe { place.insert(empty).room.as_mut_ptr().cast::<T>().write(state) }
    }

    fn get<S: Any>(&mut self) -> Option<&mut S> {
        if self.kind != TypeId::of::<S>() {
            return None;
        }
        // SAFETY: `put` moved an `S`, as the identity of its type says, or a box with one into the room, by the same
        // choice; the borrow is that of the state.
        unsafe {
            let room = self.room.as_mut_ptr();
            Some(if Self::fits::<S>() { &mut *room.cast::<S>() } else { &mut *room.cast::<Box<S>>() })
        }
    }
}

impl Drop for State {
    fn drop(&mut self) {
        // SAFETY: the function is that of the type in the room, and nothing follows.
        unsafe { (self.drop)(&mut self.room) }
    }
}

/// Drops the state in its room.
///
/// # Safety
///
/// [`State::put`] moved an `S` there, which is not used afterwards.
unsafe fn drop_in<S>(room: &mut Room) {
    let room = room.as_mut_ptr();
    // SAFETY: by the contract, by the same choice as in `put`.
    unsafe { if State::fits::<S>() { room.cast::<S>().drop_in_place() } else { room.cast::<Box<S>>().drop_in_place() } }
}

const FIRST_SEGMENT: usize = 64;
const SEGMENTS: usize = 20;
const NONE: u32 = u32::MAX;
/// Beside the generation, while a thread has its turn.
const BUSY: u64 = 1 << 32;

struct Slot {
    /// Index of the next free slot, while this one is free.
    next_free: AtomicU32,
    /// The generation, which grows with each use and is never 0, so that no handle is 0; with [`BUSY`] or without.
    turn: AtomicU64,
    state: UnsafeCell<Option<State>>,
}

// SAFETY: the state can be sent to other threads, and only who set BUSY gets at it, one thread at a time: setting it
// acquires what clearing it released.
unsafe impl Sync for Slot {}

impl Slot {
    fn new() -> Self {
        Self { next_free: AtomicU32::new(NONE), turn: AtomicU64::new(1), state: UnsafeCell::new(None) }
    }

    /// The turn of this generation, unless the slot has another one or somebody has the turn.
    fn enter(&self, generation: u32) -> Option<Turn<'_>> {
        let (free, busy) = (u64::from(generation), u64::from(generation) | BUSY);
        self.turn.compare_exchange(free, busy, Ordering::Acquire, Ordering::Relaxed).ok()?;
        Some(Turn { slot: self, generation })
    }

    /// The turn of whatever generation the slot has.
    fn enter_any(&self) -> Option<Turn<'_>> {
        self.enter(u32::try_from(self.turn.load(Ordering::Relaxed)).ok()?)
    }
}

/// The right to use the state of a slot, given back when it is dropped.
struct Turn<'a> {
    slot: &'a Slot,
    generation: u32,
}

impl Turn<'_> {
    fn state(&mut self) -> &mut Option<State> {
        // SAFETY: there is one turn at a time, and `&mut self` lends from it once at a time.
        unsafe { &mut *self.slot.state.get() }
    }

    fn state_of<S: Any>(&mut self) -> Result<&mut S> {
        self.state().as_mut().and_then(State::get).ok_or(Error::BadState)
    }

    /// Drops the state where it is; the handles of its generation are stale from then on. False where there is none.
    fn end(mut self) -> bool {
        if self.state().is_none() {
            return false;
        }
        self.generation = self.generation.checked_add(1).unwrap_or(1);
        *self.state() = None;
        true
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.slot.turn.store(u64::from(self.generation), Ordering::Release);
    }
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
        let state = make()?;
        let (index, mut turn) = self.enter_new()?;
        State::put(turn.state(), state);
        *handle = u64::from(turn.generation) << 32 | u64::from(index + 1);
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
        let (index, mut turn) = self.enter(handle).ok_or(Error::BadState)?;
        let result = step(turn.state_of::<S>()?);
        if ends(&result) {
            self.end(index, turn);
        }
        result
    }

    /// Takes a step that leaves the operation as it was even when it fails, such as a query.
    pub fn query<S: Any, R>(&self, handle: Handle, query: impl FnOnce(&mut S) -> Result<R>) -> Result<R> {
        let (_, mut turn) = self.enter(handle).ok_or(Error::BadState)?;
        query(turn.state_of::<S>()?)
    }

    /// Takes the last step. The operation is inactive when it succeeds and in the error state when it fails.
    pub fn finish<S: Any, R>(&self, handle: &mut Handle, step: impl FnOnce(&mut S) -> Result<R>) -> Result<R> {
        let result = self.run(*handle, step, |_| true)?;
        *handle = 0;
        Ok(result)
    }

    /// Drops the operation, if the handle names one.
    pub fn abort(&self, handle: Handle) {
        if let Some((index, turn)) = self.enter(handle) {
            self.end(index, turn);
        }
    }

    /// Drops all operations, but those that are inside a step: in a forked child, one of a thread that is not there.
    pub fn clear(&self) {
        for index in 0..self.used.load(Ordering::Acquire) {
            if let Some(turn) = self.existing_slot(index).and_then(Slot::enter_any) {
                self.end(index, turn);
            }
        }
    }

    /// Drops the state, if there is one, and gives its slot back.
    fn end(&self, index: u32, turn: Turn<'_>) {
        let slot = turn.slot;
        if turn.end() {
            self.release(index, slot);
        }
    }

    /// The turn of the operation that a handle names.
    fn enter(&self, handle: Handle) -> Option<(u32, Turn<'_>)> {
        let index = (handle as u32).checked_sub(1)?;
        Some((index, self.existing_slot(index)?.enter((handle >> 32) as u32)?))
    }

    /// The turn of a slot without a state. One where somebody has the turn, with a handle that is garbage or to clear
    /// it, is left unused: that may be a thread which a forked child does not have.
    fn enter_new(&self) -> Result<(u32, Turn<'_>)> {
        loop {
            let index = self.allocate().ok_or(Error::InsufficientMemory)?;
            if let Some(turn) = self.slot(index).ok_or(Error::CorruptionDetected)?.enter_any() {
                return Ok((index, turn));
            }
        }
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
        self.segments
            .get(segment)?
            .get_or_init(|| Box::new((0..FIRST_SEGMENT << segment).map(|_| Slot::new()).collect()))
            .get(offset)
    }
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
    fn states_of_any_size_keep_what_they_hold_and_are_dropped_once() {
        struct Sized<const LENGTH: usize> {
            content: [u8; LENGTH],
            _counted: std::sync::Arc<()>,
        }
        fn run<const LENGTH: usize>(operations: &Operations) {
            let counted = std::sync::Arc::new(());
            let mut handles = [0; 3];
            for (number, handle) in handles.iter_mut().enumerate() {
                operations
                    .setup(handle, || Ok(Sized { content: [number as u8; LENGTH], _counted: counted.clone() }))
                    .unwrap();
            }
            for (number, handle) in handles.iter().enumerate() {
                let content = operations.step(*handle, |state: &mut Sized<LENGTH>| Ok(state.content));
                assert_eq!(content, Ok([number as u8; LENGTH]));
            }
            assert_eq!(std::sync::Arc::strong_count(&counted), 4);
            operations.finish(&mut handles[0], |_: &mut Sized<LENGTH>| Ok(())).unwrap();
            operations.abort(handles[1]);
            assert!(operations.step(handles[2], |_: &mut Sized<LENGTH>| Err::<(), _>(Error::NotSupported)).is_err());
            assert_eq!(std::sync::Arc::strong_count(&counted), 1);
        }
        let operations = Operations::default();
        run::<0>(&operations);
        run::<{ size_of::<Room>() - size_of::<usize>() }>(&operations);
        run::<{ size_of::<Room>() }>(&operations);
        run::<5000>(&operations);
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
    fn who_comes_in_between_is_refused_and_does_no_harm() {
        let operations = Operations::default();
        let handle = begin(&operations);
        let counted = operations.step(handle, |counter: &mut Counter| {
            std::thread::scope(|scope| {
                scope.spawn(|| {
                    assert_eq!(count(&operations, handle), Err(Error::BadState));
                    operations.abort(handle);
                    operations.clear();
                });
            });
            counter.0 += 1;
            Ok(counter.0)
        });
        assert_eq!(counted, Ok(1));
        assert_eq!(count(&operations, handle), Ok(2));
        operations.clear();
        assert_eq!(count(&operations, handle), Err(Error::BadState));
    }

    #[test]
    fn a_step_that_panics_leaves_an_operation_that_can_be_aborted() {
        let operations = Operations::default();
        let handle = begin(&operations);
        let step = || operations.step(handle, |_: &mut Counter| -> Result<()> { panic!("in the step") });
        assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(step)).is_err());
        operations.abort(handle);
        assert_eq!(count(&operations, handle), Err(Error::BadState));
        assert_eq!(begin(&operations) as u32, handle as u32, "the slot is used again");
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
