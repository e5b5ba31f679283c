//! A number that grows when handles become void: after `fork`, in the child, and when somebody says so.
//!
//! A handle (a session, a loaded object, a connection) is kept with the epoch in which it was made, and belongs to
//! somebody else as soon as [`current`] differs: it is then *forgotten*, never closed or dropped, because closing
//! would reach into what the parent still uses.
//!
//! `fork` is noticed in two ways. A handler runs in a proper `fork` (`crate::fork`). A page that the kernel wipes in the child (`MADV_WIPEONFORK`) shows a bare `clone` too, which runs no
//! handlers. Asking costs two loads of memory that is always in the cache; `getpid` would be a system call.
#![allow(unsafe_code)]

use std::ptr;
use std::sync::atomic::{AtomicPtr, AtomicU64, Ordering};

/// The last epoch that was given out; copied to the child by `fork`, unlike the page.
static LAST: AtomicU64 = AtomicU64::new(1);
/// Where the epoch is read: in the wiped page, or [`WITHOUT_PAGE`] on kernels that have none. Null before first use.
static EPOCH: AtomicPtr<AtomicU64> = AtomicPtr::new(ptr::null_mut());
/// Only the handler changes it.
static WITHOUT_PAGE: AtomicU64 = AtomicU64::new(0);
/// The epoch in which this process began; 0 where it is not a fork of another user of this library.
static BORN: AtomicU64 = AtomicU64::new(0);

/// The epoch of this moment. Never 0, never smaller than before.
#[inline]
pub fn current() -> u64 {
    let cell = cell();
    match cell.load(Ordering::Acquire) {
        0 => renew(cell),
        epoch => epoch,
    }
}

/// False on kernels without `MADV_WIPEONFORK`, where only a proper `fork` is noticed.
#[inline]
pub fn notices_every_fork() -> bool {
    !ptr::eq(cell(), &WITHOUT_PAGE)
}

/// Makes every handle void, because all connections were closed or the library was restarted.
pub fn advance() {
    let next = LAST.fetch_add(1, Ordering::AcqRel) + 1;
    // Not a plain store: of two threads the later number must stay.
    cell().fetch_max(next, Ordering::AcqRel);
}

/// The epoch in which this process began: what was made earlier belongs to the parent. Known after [`current`] was
/// asked.
pub fn born() -> u64 {
    BORN.load(Ordering::Acquire)
}

/// The page is empty: this is the child of a `fork` that ran no handlers.
#[cold]
fn renew(cell: &AtomicU64) -> u64 {
    let next = LAST.fetch_add(1, Ordering::AcqRel) + 1;
    BORN.fetch_max(next, Ordering::AcqRel);
    match cell.compare_exchange(0, next, Ordering::AcqRel, Ordering::Acquire) {
        Ok(_) => next,
        Err(epoch) => epoch,
    }
}

/// Called in the child of a proper `fork`.
pub(crate) fn begin_in_child() {
    // Else nobody has asked for an epoch, so that there is nothing that it could make void.
    if !EPOCH.load(Ordering::Acquire).is_null() {
        advance();
        BORN.store(current(), Ordering::Release);
    }
}

/// The place of the epoch.
#[inline]
fn cell() -> &'static AtomicU64 {
    // SAFETY: null, or a pointer to an atomic that is never freed: the page or the static.
    unsafe { EPOCH.load(Ordering::Acquire).as_ref() }.unwrap_or_else(made_cell)
}

/// Makes it, at first use. Nobody waits: of threads that do so at once, the first one wins.
#[cold]
fn made_cell() -> &'static AtomicU64 {
    let page = wiped_page();
    let cell = page.unwrap_or(&WITHOUT_PAGE);
    cell.fetch_max(LAST.load(Ordering::Acquire), Ordering::AcqRel);
    let own = ptr::from_ref(cell).cast_mut();
    let Err(first) = EPOCH.compare_exchange(ptr::null_mut(), own, Ordering::AcqRel, Ordering::Acquire) else {
        return cell;
    };
    if page.is_some() && first != own {
        // SAFETY: mapped by this call, and nobody else has its address.
        unsafe { libc::munmap(own.cast(), 1) };
    }
    // SAFETY: not null, and never freed: a page, or the static.
    unsafe { &*first }
}

/// An atomic in a page that is zero in a child.
fn wiped_page() -> Option<&'static AtomicU64> {
    // SAFETY: a new private anonymous mapping at an address of the kernel's choice touches no memory of ours; one byte
    // is rounded up to a page.
    let page = unsafe {
        libc::mmap(
            ptr::null_mut(),
            1,
            libc::PROT_READ | libc::PROT_WRITE,
            libc::MAP_PRIVATE | libc::MAP_ANONYMOUS,
            -1,
            0,
        )
    };
    if page == libc::MAP_FAILED {
        return None;
    }
    // SAFETY: exactly the mapping that was just made; the advice only concerns children.
    if unsafe { libc::madvise(page, 1, libc::MADV_WIPEONFORK) } != 0 {
        // SAFETY: made above, and nobody has its address.
        unsafe { libc::munmap(page, 1) };
        return None;
    }
    // SAFETY: page-aligned, zeroed, large enough, unmapped at most by `made_cell`, which made it, and only ever accessed as
    // this atomic.
    Some(unsafe { &*page.cast::<AtomicU64>() })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs `child` in a forked process and returns its exit status. The child must not allocate: other threads of the
    /// test program may hold the allocator.
    fn in_child(fork: impl Fn() -> libc::pid_t, child: impl Fn() -> bool) -> i32 {
        match fork() {
            // SAFETY: leaves at once, running nothing of the parent's.
            0 => unsafe { libc::_exit(if child() { 0 } else { 1 }) },
            process => {
                let mut status = -1;
                // SAFETY: waits for our own child; `status` is writable.
                assert_eq!(unsafe { libc::waitpid(process, &mut status, 0) }, process);
                status
            }
        }
    }

    /// fork(2) as a system call, behind the back of the handlers.
    fn bare_clone() -> libc::pid_t {
        // SAFETY: clone with a new address space and no new stack is fork.
        unsafe { libc::syscall(libc::SYS_clone, libc::SIGCHLD, 0, 0, 0, 0) as libc::pid_t }
    }

    #[test]
    fn the_epoch_grows_in_the_child_only() {
        let before = current();
        // SAFETY: the child calls only async-signal-safe functions.
        assert_eq!(in_child(|| unsafe { libc::fork() }, || current() > before && born() == current()), 0);
        assert!(current() >= before);
        assert!(born() <= before);
    }

    #[test]
    fn a_bare_clone_is_noticed() {
        let before = current();
        assert_eq!(in_child(bare_clone, || current() > before && born() == current()), 0);
        assert!(born() <= before);
    }

    #[test]
    fn a_grandchild_differs_from_the_child() {
        let outside = current();
        let nested = || {
            let before = current();
            // SAFETY: as above.
            before > outside && in_child(|| unsafe { libc::fork() }, || current() > before) == 0
        };
        // SAFETY: as above.
        assert_eq!(in_child(|| unsafe { libc::fork() }, nested), 0);
    }

    #[test]
    fn advancing_voids_handles() {
        let before = current();
        advance();
        assert!(current() > before);
    }
}
