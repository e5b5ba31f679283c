//! The counter beside the database, by which every process notices, with one atomic load, that a key was removed.
//!
//! A file of one page, mapped by all: an identity, which the database knows too, the counter, and a mark. The counter is
//! odd while a removal is being committed; the mark stands while the log may have what is not in the store (any more),
//! and stays when its writer dies. Its blocks are reserved, so that a full disk cannot make a store to the mapping fail.
//!
//! A database or a counter that was replaced by another is noticed within a second, by the numbers of their inodes, a
//! database that was overwritten by the time of its change, and a counter that was cut short or overwritten by what it
//! shows.
#![allow(unsafe_code)]

use std::fs::File;
use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::ptr;
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicU64, Ordering};

use super::{bus_error, directory, failure, system};
use crate::psa::Result;

/// Bytes of the file; one page, or less than one.
const SIZE: usize = 4096;
/// Every counter is above: what is below comes from a file that was cut short.
const LOST: u64 = 1 << 40;
/// What tells one counter from another; also in the database.
pub(super) type Identity = [u8; 16];

/// The beginning of the file.
#[repr(C)]
struct Page {
    identity: Identity,
    counter: AtomicU64,
    /// Not 0 while the log has to be cut.
    remains: AtomicU64,
}

/// A mapping and what it was made from. It is never unmapped, because another thread may be reading it; files are
/// hardly ever replaced, so these are few.
struct Mapping {
    page: *const Page,
    identity: Identity,
    files: [Option<Inode>; 2],
}

impl Mapping {
    fn counter(&self) -> &AtomicU64 {
        // SAFETY: the page is mapped for ever, aligned, at least SIZE long, and this part of it is only ever accessed as
        // an atomic.
        unsafe { &(*self.page).counter }
    }

    fn remains(&self) -> &AtomicU64 {
        // SAFETY: as for the counter.
        unsafe { &(*self.page).remains }
    }

    fn is_lost(&self) -> bool {
        self.counter().load(Ordering::Acquire) < LOST
    }

    /// False once the file was overwritten with another one's content.
    fn has_its_identity(&self) -> bool {
        // SAFETY: mapped for ever, aligned and long enough; another process may be writing it, so that it is read as
        // volatile bytes, of which any are valid.
        self.identity == unsafe { ptr::addr_of!((*self.page).identity).read_volatile() }
    }
}

/// Device and inode: which file a path leads to.
pub(super) type Inode = (u64, u64);

/// The counter of one store.
pub(super) struct Counter {
    path: PathBuf,
    database: PathBuf,
    mapping: AtomicPtr<Mapping>,
    /// The second in which the paths were looked at last.
    checked: AtomicU64,
    /// When the database was changed, as the file system says.
    changed: AtomicU64,
    /// Added to what the counter shows; grows when the database was changed without it.
    shift: AtomicU64,
    /// A mapping was forgotten before.
    replaced: AtomicBool,
}

/// Values that no counter has, and that are given out once each, where there is nothing to compare.
static INCOMPARABLE: AtomicU64 = AtomicU64::new(1 << 63);

/// A generation that equals no other.
pub(super) fn incomparable() -> u64 {
    INCOMPARABLE.fetch_add(1, Ordering::Relaxed)
}

impl Counter {
    pub(super) fn new(path: PathBuf, database: PathBuf) -> Self {
        Self {
            path,
            database,
            mapping: AtomicPtr::new(ptr::null_mut()),
            checked: AtomicU64::new(0),
            changed: AtomicU64::new(0),
            shift: AtomicU64::new(0),
            replaced: AtomicBool::new(false),
        }
    }

    /// The generation; see [`super::Store::generation`].
    pub(super) fn generation(&self) -> u64 {
        self.look_at_paths();
        match self.mapping().map(|mapping| mapping.counter().load(Ordering::Acquire)) {
            Some(even) if even % 2 == 0 && even >= LOST => even.wrapping_add(self.shift.load(Ordering::Acquire)),
            _ => incomparable(),
        }
    }

    /// True where a mapping is there that belongs to the files of this moment.
    pub(super) fn is_attached(&self) -> bool {
        self.mapping().is_some_and(|mapping| !mapping.is_lost())
    }

    /// Forgets the mapping: the files were replaced.
    pub(super) fn detach(&self) {
        self.replaced.store(true, Ordering::Release);
        self.mapping.store(ptr::null_mut(), Ordering::Release);
    }

    /// Maps the counter file, where it has this identity.
    pub(super) fn attach(&self, identity: &Identity) -> Result<bool> {
        if !self.path.exists() {
            return Ok(false);
        }
        directory::check_file(&self.path)?;
        let attempt = || -> io::Result<Option<*const Page>> {
            let file = File::options().read(true).write(true).open(&self.path)?;
            let mut found = Identity::default();
            let complete = file.metadata()?.len() >= SIZE as u64;
            if !complete || file.read_exact_at(&mut found, 0).is_err() || found != *identity {
                return Ok(None);
            }
            map(&file).map(Some)
        };
        let page = attempt().map_err(|error| failure::file(&self.path, error))?;
        if let Some(page) = page {
            let mapping = Box::leak(Box::new(Mapping { page, identity: *identity, files: self.inodes() }));
            self.mapping.store(mapping, Ordering::Release);
            if self.replaced.swap(false, Ordering::AcqRel) {
                // The database may have changed without the counter; by 2, so that it stays odd or even.
                mapping.counter().fetch_add(2, Ordering::AcqRel);
            }
        }
        Ok(page.is_some())
    }

    /// True where there is a counter file, of this database or of an earlier one.
    pub(super) fn exists(&self) -> bool {
        self.path.exists()
    }

    /// Removes the file of an earlier database. The caller holds the lock on setting up.
    pub(super) fn remove(&self) {
        let _ = std::fs::remove_file(&self.path);
    }

    /// Makes a new counter file, under a name of its own and then in the place of an old one. The caller holds the lock
    /// on setting up and puts the identity into the database.
    pub(super) fn create(&self) -> Result<Identity> {
        let identity: Identity = system::random().map_err(|error| failure::file(&self.path, error))?;
        let new = self.path.with_extension("new");
        let _ = std::fs::remove_file(&new);
        let file = directory::open_file(&new)?;
        let attempt = || -> io::Result<()> {
            system::allocate(&file, SIZE as i64)?;
            // A random even beginning: a counter that replaces another does not repeat its values.
            let start = (u64::from_ne_bytes(system::random()?) >> 3 << 1) + LOST;
            file.write_all_at(&identity, 0)?;
            file.write_all_at(&start.to_ne_bytes(), std::mem::offset_of!(Page, counter) as u64)?;
            file.sync_all()?;
            std::fs::rename(&new, &self.path)
        };
        attempt().map_err(|error| failure::file(&self.path, error))?;
        Ok(identity)
    }

    /// Makes the counter even again, should a process have died between [`Counter::begin`] and [`Counter::end`]. The
    /// caller holds the database's write lock, so nobody is between them now.
    pub(super) fn settle(&self) {
        if let Some(mapping) = self.mapping()
            && mapping.counter().load(Ordering::Acquire) % 2 == 1
        {
            self.count();
        }
    }

    /// Announces a removal. The caller holds the database's write lock and has settled the counter.
    pub(super) fn begin(&self) {
        self.count();
    }

    /// Ends what [`Counter::begin`] announced, whatever became of it.
    pub(super) fn end(&self) {
        self.count();
    }

    /// Marks that the log has to be cut, until [`Counter::log_is_cut`]; true where it was marked before. The caller
    /// holds the database's write lock.
    pub(super) fn log_will_have_remains(&self) -> bool {
        self.mapping().is_some_and(|mapping| mapping.remains().swap(1, Ordering::AcqRel) != 0)
    }

    /// True where a writer died before it had cut the log, or is still at it.
    pub(super) fn log_has_remains(&self) -> bool {
        self.mapping().is_some_and(|mapping| mapping.remains().load(Ordering::Acquire) != 0)
    }

    /// Takes the mark away. The caller holds the database's write lock.
    pub(super) fn log_is_cut(&self) {
        if let Some(mapping) = self.mapping() {
            mapping.remains().store(0, Ordering::Release);
        }
    }

    /// Brings the mark to the disk, where it outlives a loss of power.
    pub(super) fn flush(&self) -> Result<()> {
        let Some(mapping) = self.mapping() else { return Ok(()) };
        // SAFETY: a whole mapping of ours that is never unmapped.
        match unsafe { libc::msync(mapping.page.cast_mut().cast(), SIZE, libc::MS_SYNC) } {
            0 => Ok(()),
            _ => Err(failure::file(&self.path, io::Error::last_os_error())),
        }
    }

    fn count(&self) {
        if let Some(mapping) = self.mapping() {
            mapping.counter().fetch_add(1, Ordering::AcqRel);
        }
    }

    fn mapping(&self) -> Option<&Mapping> {
        // SAFETY: null, or a mapping that was leaked complete.
        unsafe { self.mapping.load(Ordering::Acquire).as_ref() }
    }

    /// Once a second: are these still the files that the paths lead to?
    fn look_at_paths(&self) {
        let now = coarse_seconds();
        if self.checked.load(Ordering::Relaxed) == now || self.checked.swap(now, Ordering::Relaxed) == now {
            return;
        }
        let Some(mapping) = self.mapping() else { return };
        if mapping.is_lost() || !mapping.has_its_identity() || mapping.files != self.inodes() {
            self.detach();
        }
        // The log is written back now and then. Only then keys are looked up without need.
        let changed = change_time(&self.database);
        let before = self.changed.swap(changed, Ordering::AcqRel);
        if before != changed && before != 0 {
            self.shift.fetch_add(2, Ordering::AcqRel);
        }
    }

    fn inodes(&self) -> [Option<Inode>; 2] {
        [&self.path, &self.database].map(|path| inode(path).ok())
    }
}

/// Which file a path leads to.
pub(super) fn inode(path: &Path) -> io::Result<Inode> {
    look(path).map(|(inode, _)| inode)
}

/// When a file was changed last, in nanoseconds; 0 where there is none.
fn change_time(path: &Path) -> u64 {
    look(path).map_or(0, |(_, changed)| changed)
}

/// Which file a path leads to, and when it was changed last, in nanoseconds.
pub(super) fn look(path: &Path) -> io::Result<(Inode, u64)> {
    let metadata = path.metadata()?;
    let changed = metadata.ctime() * 1_000_000_000 + metadata.ctime_nsec();
    Ok(((metadata.dev(), metadata.ino()), changed as u64))
}

fn map(file: &File) -> io::Result<*const Page> {
    // SAFETY: a new shared mapping at an address of the kernel's choice touches no memory of ours; the file is open,
    // and at least SIZE long.
    let page = unsafe {
        libc::mmap(ptr::null_mut(), SIZE, libc::PROT_READ | libc::PROT_WRITE, libc::MAP_SHARED, file.as_raw_fd(), 0)
    };
    if page == libc::MAP_FAILED {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the mapping that was just made stays for ever, and zeros show that the counter is lost.
    unsafe { bus_error::protect(page.cast_const().cast(), SIZE) };
    Ok(page.cast_const().cast())
}

/// Seconds of a clock that costs no system call.
fn coarse_seconds() -> u64 {
    let mut now = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `now` is writable; this clock always exists.
    unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC_COARSE, &mut now) };
    now.tv_sec as u64
}
