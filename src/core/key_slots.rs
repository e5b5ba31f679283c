//! All open keys, by identifier.

use std::cell::RefCell;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, RwLock, RwLockReadGuard, RwLockWriteGuard};

use super::in_use::{self, KeyInUse, Version};
use super::key_slot::KeySlot;
use super::library::Library;
use super::provisioned;
use crate::cause;
use crate::locks::{read, write};
use crate::psa::{Error, KeyId, Result};

const SHARDS: usize = 64;
/// How many persistent keys of a shard stay open while nobody uses them.
const MOST_PERSISTENT: usize = 32;

type Table = HashMap<KeyId, Arc<KeySlot>, BuildHasherDefault<IdHasher>>;

#[derive(Default)]
struct Shard {
    volatile: Table,
    persistent: Table,
    /// Whose turn it is to leave.
    turn: usize,
}

impl Shard {
    fn table(&self, id: KeyId) -> &Table {
        if id.is_user() { &self.persistent } else { &self.volatile }
    }

    fn table_mut(&mut self, id: KeyId) -> &mut Table {
        if id.is_user() { &mut self.persistent } else { &mut self.volatile }
    }

    /// Takes out a key where one more would be too many. Operations that hold it find out for themselves when it is
    /// destroyed.
    fn leaving(&mut self) -> Option<Arc<KeySlot>> {
        if self.persistent.len() < MOST_PERSISTENT {
            return None;
        }
        self.turn = self.turn.wrapping_add(1);
        let id = *self.persistent.keys().nth(self.turn % self.persistent.len())?;
        self.persistent.remove(&id)
    }
}

/// A shard of the table, alone in its cache lines: threads that use different keys do not disturb each other.
///
/// The lock is one of `std`, whose release is a store and a system call: a forked child can let it go, whatever the other
/// threads of its parent were doing. Others queue in memory that such a thread may have locked.
#[derive(Default)]
#[repr(align(128))]
struct Padded {
    keys: RwLock<Shard>,
    version: Version,
}

impl Padded {
    fn read(&self) -> RwLockReadGuard<'_, Shard> {
        read(&self.keys)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Shard> {
        write(&self.keys)
    }

    /// Takes a key out of the table, if `which` says so of the one that is there, and gives it to who is using it.
    fn remove(&self, id: KeyId, which: impl FnOnce(&Arc<KeySlot>) -> bool) -> bool {
        let mut keys = self.write();
        let removed = match keys.table_mut(id).entry(id) {
            Entry::Occupied(open) if which(open.get()) => open.remove(),
            _ => return false,
        };
        self.version.renew();
        drop(keys);
        in_use::hand_over(&removed);
        true
    }
}

/// Spreads identifiers, which the program chooses for itself, faster than the hash against hostile keys does.
#[derive(Default)]
struct IdHasher(u64);

impl Hasher for IdHasher {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u32(u32::from(*byte)));
    }

    fn write_u32(&mut self, number: u32) {
        // The odd number next to 2^64 divided by the golden ratio.
        self.0 = (self.0 ^ u64::from(number)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    /// The upper half of the product is the better one; the table takes its index from the lower bits.
    fn finish(&self) -> u64 {
        self.0.rotate_left(32)
    }
}

thread_local! {
    /// What the thread that is forking holds.
    static HELD: RefCell<Vec<RwLockWriteGuard<'static, Shard>>> = const { RefCell::new(Vec::new()) };
}

/// The open keys. Finding one that the thread used before takes no lock; another one the shared lock of its shard.
pub struct KeySlots {
    shards: [Padded; SHARDS],
    /// How many identifiers of volatile keys were given out: each comes again only after all others.
    issued: AtomicU64,
}

impl Default for KeySlots {
    fn default() -> Self {
        Self { shards: std::array::from_fn(|_| Padded::default()), issued: AtomicU64::new(0) }
    }
}

impl KeySlots {
    /// A fresh identifier for a volatile key, from the vendor range.
    pub fn volatile_id(&self) -> KeyId {
        const COUNT: u64 = (KeyId::VENDOR_MAX.0 - KeyId::VENDOR_MIN.0) as u64 + 1;
        loop {
            let issued = self.issued.fetch_add(1, Ordering::Relaxed);
            let id = KeyId(KeyId::VENDOR_MIN.0 + (issued % COUNT) as u32);
            // In the first round nobody has any of them.
            if issued < COUNT || !self.shard(id).read().table(id).contains_key(&id) {
                return id;
            }
        }
    }

    /// Adds a volatile key.
    pub fn insert(&self, slot: KeySlot) {
        let (id, slot) = (slot.attributes().id, Arc::new(slot));
        let shard = self.shard(id);
        let mut keys = shard.write();
        KeyInUse::remember(id, &slot, &shard.version);
        keys.table_mut(id).insert(id, slot);
    }

    /// Adds a persistent key, unless it is open already, and returns the slot that is open now. Another key of that
    /// identifier gives way: what was loaded last is the more likely to be there, and each use finds out.
    fn insert_persistent(&self, slot: KeySlot) -> Arc<KeySlot> {
        let id = slot.attributes().id;
        let shard = self.shard(id);
        let mut keys = shard.write();
        let leaving = match keys.persistent.get(&id) {
            Some(open) if open.instance().is(slot.instance()) => return open.clone(),
            Some(_) => keys.persistent.remove(&id),
            None => keys.leaving(),
        };
        let slot = Arc::new(slot);
        keys.persistent.insert(id, slot.clone());
        if leaving.is_some() {
            shard.version.renew();
        }
        drop(keys);
        leaving.iter().for_each(in_use::hand_over);
        slot
    }

    /// The open key of an identifier, if this thread used it before.
    #[inline]
    fn recent(&self, id: KeyId) -> Option<KeyInUse> {
        KeyInUse::recent(id, &self.shard(id).version)
    }

    /// The open key of an identifier.
    pub fn find(&self, id: KeyId) -> Option<KeyInUse> {
        self.recent(id).or_else(|| self.look_up(id))
    }

    #[cold]
    fn look_up(&self, id: KeyId) -> Option<KeyInUse> {
        let shard = self.shard(id);
        shard.read().table(id).get(&id).map(|slot| KeyInUse::found(id, slot, &shard.version))
    }

    /// Closes a key; operations that hold it go on unless it is killed.
    pub fn remove(&self, id: KeyId) -> bool {
        self.shard(id).remove(id, |_| true)
    }

    /// Closes this very slot, but not one that took its place meanwhile.
    fn remove_slot(&self, slot: &KeySlot) {
        let id = slot.attributes().id;
        self.shard(id).remove(id, |open| std::ptr::eq(&raw const **open, slot));
    }

    /// Closes all keys.
    pub fn clear(&self) {
        for shard in &self.shards {
            let mut keys = shard.write();
            let closed = std::mem::take(&mut *keys);
            shard.version.renew();
            drop(keys);
            for slot in closed.volatile.values().chain(closed.persistent.values()) {
                slot.kill();
                in_use::hand_over(slot);
            }
        }
    }

    /// Waits for the threads that change the table and keeps them out until [`KeySlots::let_go_after_fork`], so that
    /// a child is not born with a locked table. Called by the thread that forks.
    pub fn hold_for_fork(&'static self) {
        in_use::prepare_for_fork();
        HELD.with_borrow_mut(|held| held.extend(self.shards.iter().map(Padded::write)));
    }

    /// Lets the other threads use the table again.
    pub fn let_go_after_fork() {
        HELD.with_borrow_mut(Vec::clear);
    }

    /// The same in the child, where no other threads use keys.
    pub fn let_go_in_child() {
        in_use::forget_other_threads();
        Self::let_go_after_fork();
    }

    fn shard(&self, id: KeyId) -> &Padded {
        &self.shards[id.0 as usize % SHARDS]
    }
}

impl Library {
    /// The key of an identifier, opened if need be; `INVALID_HANDLE` where there is none.
    #[inline]
    pub fn key(&self, id: KeyId) -> Result<KeyInUse> {
        match self.slots.recent(id) {
            Some(slot) if slot.stays_until_destroyed() => Ok(slot),
            Some(slot) => self.still_valid(slot),
            None => self.find_or_open(id),
        }
    }

    #[cold]
    fn find_or_open(&self, id: KeyId) -> Result<KeyInUse> {
        if let Some(slot) = self.slots.look_up(id) {
            return self.still_valid(slot);
        }
        if !id.is_user() {
            return Err(unknown(id));
        }
        self.open(id)
    }

    /// The slot, unless the key is gone: destroyed by another process, or left behind by a fork.
    #[inline(never)]
    fn still_valid(&self, slot: KeyInUse) -> Result<KeyInUse> {
        let id = slot.attributes().id;
        if slot.is_left_behind() {
            return Err(cause::of(Error::InvalidHandle, format_args!("volatile device keys do not survive a fork")));
        }
        if slot.attributes().lifetime.is_volatile() {
            return Ok(slot);
        }
        if slot.is_alive()? {
            return Ok(slot);
        }
        self.slots.remove_slot(&slot);
        self.open(id)
    }

    fn open(&self, id: KeyId) -> Result<KeyInUse> {
        if let Some(key) = self.provisioned(id) {
            return Ok(self.slots.insert_persistent(provisioned::open(self, key)?).into());
        }
        let generation = self.store.generation();
        let record = self.store.load(id)?.ok_or_else(|| unknown(id))?;
        Ok(self.slots.insert_persistent(KeySlot::from_record(self, record, generation)?).into())
    }
}

fn unknown(id: KeyId) -> Error {
    cause::of(Error::InvalidHandle, format_args!("there is no key {:#010x}", id.0))
}
