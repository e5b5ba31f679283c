//! Which keys the threads are using at this moment: hazard pointers (M. M. Michael, IEEE TPDS 15/6, 2004).
//!
//! Using an open key writes to no memory that threads share, so that threads with the same key do not slow each other
//! down. Each thread has an `Announcement`, into which it writes the key that it uses, and a small `Cache` of where
//! the keys are that it used last. Whoever removes a key from the table looks at all announcements: a thread that is
//! using the key is given a reference, and wipes it when it is done; else it is wiped at once.
//!
//! Why a removed key is never used, and a used key never freed:
//!
//! - A cache entry holds the version that the key's shard had when the key was found. Versions are never the same for two
//!   tables, shards or moments, and grow with each removal, before the announcements are looked at.
//! - The user writes its announcement and then reads the version; the remover writes the version and then reads the
//!   announcements. All four are sequentially consistent, so at least one of the two sees what the other one wrote. Either
//!   the user finds another version, lets the pointer alone and asks the table; or the remover finds the announcement.
//! - Where the remover finds it, it adds a reference for the user before it gives up its own, and marks the announcement.
//!   The user takes its announcement back by an exchange, and so sees the mark, or the remover sees that it is gone.
//! - What a user did with the key happens before the exchange, which happens before the remover reads its result.
//!
//! A call that starts after the removing one has returned reads the new version. A child of `fork` has the
//! announcements of threads that do not exist there; they are cleared, or cost the memory of a key after a bare `clone`.
#![allow(unsafe_code)]

use std::cell::Cell;
use std::marker::PhantomData;
use std::ops::Deref;
use std::ptr::{self, NonNull};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicU64, Ordering};

use super::key_slot::KeySlot;
use crate::psa::KeyId;

/// The state of a shard: any removal makes it another one.
///
/// In cache lines of its own, which all users of the shard share and only removals write to.
#[repr(align(128))]
pub(super) struct Version(AtomicU64);

impl Default for Version {
    fn default() -> Self {
        Self(AtomicU64::new(Self::unused()))
    }
}

impl Version {
    /// A number that no version of any shard had before.
    fn unused() -> u64 {
        static LAST: AtomicU64 = AtomicU64::new(0);
        LAST.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// Notes that a key was removed. Called under the exclusive lock of the shard, before [`hand_over`].
    pub(super) fn renew(&self) {
        self.0.store(Self::unused(), Ordering::SeqCst);
    }

    fn read(&self) -> u64 {
        self.0.load(Ordering::SeqCst)
    }
}

/// What one thread uses: null, or a key; with [`OWNED`] set where the thread was given a reference to it.
///
/// In cache lines of its own, to which only that thread writes, unless a key is removed. Never freed, but passed on to
/// another thread.
#[repr(align(128))]
struct Announcement {
    key: AtomicPtr<KeySlot>,
    /// A thread has it.
    taken: AtomicBool,
    next: *const Announcement,
}

/// Marks a pointer; key slots begin at even addresses.
const OWNED: usize = 1;
const _: () = assert!(align_of::<KeySlot>() > OWNED);

/// All announcements; they are added at the front and never removed.
static ANNOUNCEMENTS: AtomicPtr<Announcement> = AtomicPtr::new(ptr::null_mut());

fn announcements() -> impl Iterator<Item = &'static Announcement> {
    let mut next: *const Announcement = ANNOUNCEMENTS.load(Ordering::SeqCst);
    std::iter::from_fn(move || {
        // SAFETY: null, or an announcement that was leaked complete before it was put into the list.
        let announcement = unsafe { next.as_ref() }?;
        next = announcement.next;
        Some(announcement)
    })
}

impl Announcement {
    /// One for this thread: of a thread that ended, or a new one.
    fn take() -> &'static Self {
        let free = |announcement: &&Self| !announcement.taken.swap(true, Ordering::AcqRel);
        announcements().find(free).unwrap_or_else(Self::add)
    }

    #[cold]
    fn add() -> &'static Self {
        let new = Self { key: AtomicPtr::default(), taken: AtomicBool::new(true), next: ptr::null() };
        let new = Box::leak(Box::new(new));
        let mut head = ANNOUNCEMENTS.load(Ordering::Acquire);
        loop {
            new.next = head;
            match ANNOUNCEMENTS.compare_exchange(head, new, Ordering::SeqCst, Ordering::Acquire) {
                Ok(_) => return new,
                Err(now) => head = now,
            }
        }
    }

    fn is_empty(&self) -> bool {
        self.key.load(Ordering::Relaxed).is_null()
    }

    /// Announces a key; nothing is announced yet.
    fn set(&self, key: NonNull<KeySlot>) {
        self.key.swap(key.as_ptr(), Ordering::SeqCst);
    }

    /// Ends the announcement, and drops the reference that was given for it.
    fn clear(&self) {
        let key = self.key.swap(ptr::null_mut(), Ordering::AcqRel);
        if key.addr() & OWNED != 0 {
            // SAFETY: the mark says that `hand_over` left a reference to this slot for us, and the exchange took it.
            drop(unsafe { Arc::from_raw(key.map_addr(|address| address & !OWNED)) });
        }
    }
}

/// Where a thread found a key last.
#[derive(Clone, Copy)]
struct Entry {
    id: KeyId,
    version: u64,
    key: NonNull<KeySlot>,
}

impl Entry {
    /// No version is 0.
    const NONE: Self = Self { id: KeyId::NULL, version: 0, key: NonNull::dangling() };
}

const ENTRIES: usize = 16;

/// The keys that a thread used last, and its announcement.
struct Cache {
    announcement: Cell<Option<&'static Announcement>>,
    entries: [Cell<Entry>; ENTRIES],
}

thread_local! {
    static CACHE: Cache = const {
        Cache { announcement: Cell::new(None), entries: [const { Cell::new(Entry::NONE) }; ENTRIES] }
    };
}

impl Cache {
    fn entry(&self, id: KeyId) -> &Cell<Entry> {
        &self.entries[id.0 as usize % ENTRIES]
    }

    /// The announcement of this thread, unless it announces a key already.
    fn free_announcement(&self) -> Option<&'static Announcement> {
        let announcement = self.announcement.get().unwrap_or_else(|| {
            let announcement = Announcement::take();
            self.announcement.set(Some(announcement));
            announcement
        });
        announcement.is_empty().then_some(announcement)
    }
}

impl Drop for Cache {
    fn drop(&mut self) {
        if let Some(announcement) = self.announcement.get()
            && announcement.is_empty()
        {
            announcement.taken.store(false, Ordering::Release);
        }
    }
}

/// A key that this thread is using. It may be destroyed meanwhile, and is then wiped when this is dropped.
pub struct KeyInUse {
    key: NonNull<KeySlot>,
    /// Where the use is announced; without that, `key` is a counted reference.
    announcement: Option<&'static Announcement>,
    /// An announcement is taken back by the thread that made it.
    of_this_thread: PhantomData<*const ()>,
}

impl KeyInUse {
    /// The key that this thread found last under this identifier, unless anything was removed from its shard since.
    ///
    /// Small, and returned in registers, where it is not inlined.
    #[inline(never)]
    pub(super) fn recent(id: KeyId, version: &Version) -> Option<Self> {
        CACHE
            .try_with(|cache| {
                let entry = cache.entry(id).get();
                if entry.id != id || entry.version != version.read() {
                    return None;
                }
                let announcement = cache.free_announcement()?;
                announcement.set(entry.key);
                if entry.version != version.read() {
                    announcement.clear();
                    return None;
                }
                Some(Self { key: entry.key, announcement: Some(announcement), of_this_thread: PhantomData })
            })
            .ok()?
    }

    /// The key that was just found in the table, while the caller holds the lock of its shard, so that it cannot be
    /// removed before it is announced.
    pub(super) fn found(id: KeyId, key: &Arc<KeySlot>, version: &Version) -> Self {
        let announced = CACHE.try_with(|cache| {
            let announcement = cache.free_announcement()?;
            let pointer = pointer(key);
            announcement.set(pointer);
            cache.entry(id).set(Entry { id, version: version.read(), key: pointer });
            Some(Self { key: pointer, announcement: Some(announcement), of_this_thread: PhantomData })
        });
        // The thread is using another key already, or is ending.
        announced.ok().flatten().unwrap_or_else(|| key.clone().into())
    }

    /// Notes where a new key is, for this thread, which will use it next. The caller holds the lock of its shard.
    pub(super) fn remember(id: KeyId, key: &Arc<KeySlot>, version: &Version) {
        // A thread that is ending has no cache.
        let _ = CACHE.try_with(|cache| {
            cache.entry(id).set(Entry { id, version: version.read(), key: pointer(key) });
        });
    }

    /// A reference that lasts longer than a call and may go to other threads.
    pub fn keep(&self) -> Arc<KeySlot> {
        // SAFETY: the pointer is that of an `Arc`, whose count is at least 1 as long as `self` lives: the table's, the
        // one that its remover left for us, or our own.
        unsafe {
            Arc::increment_strong_count(self.key.as_ptr());
            Arc::from_raw(self.key.as_ptr())
        }
    }
}

/// The pointer of an `Arc`, from which it can be made again.
fn pointer(key: &Arc<KeySlot>) -> NonNull<KeySlot> {
    // SAFETY: what an `Arc` points to is an allocation, which is not at null.
    unsafe { NonNull::new_unchecked(Arc::as_ptr(key).cast_mut()) }
}

impl From<Arc<KeySlot>> for KeyInUse {
    fn from(key: Arc<KeySlot>) -> Self {
        let pointer = pointer(&key);
        // `drop` takes it back.
        std::mem::forget(key);
        Self { key: pointer, announcement: None, of_this_thread: PhantomData }
    }
}

impl Deref for KeyInUse {
    type Target = KeySlot;

    fn deref(&self) -> &KeySlot {
        // SAFETY: as in `keep`; slots are only ever shared.
        unsafe { self.key.as_ref() }
    }
}

impl Drop for KeyInUse {
    fn drop(&mut self) {
        match self.announcement {
            Some(announcement) => announcement.clear(),
            // SAFETY: the pointer of an `Arc` that `from` gave up, and taken back once.
            None => drop(unsafe { Arc::from_raw(self.key.as_ptr()) }),
        }
    }
}

/// Gives a key that was removed from the table to the threads that are using it; without them it is wiped when the
/// caller drops it. The version of its shard was renewed before.
pub(super) fn hand_over(key: &Arc<KeySlot>) {
    let plain = Arc::as_ptr(key).cast_mut();
    let marked = plain.map_addr(|address| address | OWNED);
    for announcement in announcements() {
        if announcement.key.load(Ordering::SeqCst) != plain {
            continue;
        }
        let reference = key.clone();
        if announcement.key.compare_exchange(plain, marked, Ordering::AcqRel, Ordering::Acquire).is_ok() {
            // The mark says so.
            std::mem::forget(reference);
        }
    }
}

/// Makes ready, in the parent, what [`forget_other_threads`] reads.
pub(super) fn prepare_for_fork() {
    // What runs at the end of a thread is registered when its cache is first used, which may allocate.
    let _ = CACHE.try_with(|_| ());
}

/// Forgets what the threads of the parent announced: they are not there. Called in the child of a `fork`, where it only
/// stores.
pub(super) fn forget_other_threads() {
    let own = CACHE.try_with(|cache| cache.announcement.get()).ok().flatten();
    for announcement in announcements() {
        if !own.is_some_and(|own| ptr::eq(own, announcement)) {
            announcement.key.store(ptr::null_mut(), Ordering::Release);
            announcement.taken.store(false, Ordering::Release);
        }
    }
}

#[cfg(test)]
mod tests;
