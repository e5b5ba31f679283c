//! The memory of SQLite. Keys pass through its pages and statements, so that all of it is wiped when it is freed.
#![allow(unsafe_code)]

use std::ffi::{c_int, c_void};
use std::ptr;
use std::sync::Once;

use rusqlite::{Connection, ffi};
use zeroize::Zeroize;

/// Before each block stands its size. SQLite wants blocks at multiples of 8; this keeps those of the allocator.
const HEADER: usize = 16;

/// Makes SQLite wipe what it frees, from the first connection on. Has no effect where the program has set SQLite up
/// before, which it can only do with a system library that it shares with us.
pub(super) fn wipe_memory() {
    // Behind the gate: no child finds it half done.
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let methods = ffi::sqlite3_mem_methods {
            xMalloc: Some(allocate),
            xFree: Some(free),
            xRealloc: Some(reallocate),
            xSize: Some(size),
            xRoundup: Some(round_up),
            xInit: Some(start),
            xShutdown: Some(stop),
            pAppData: ptr::null_mut(),
        };
        // SAFETY: the options take these arguments (sqlite.org/c3ref/c_config_malloc.html); `methods` is copied. SQLite
        // refuses to be configured once it is in use, and is not being used by another thread of ours before this.
        unsafe {
            ffi::sqlite3_config(ffi::SQLITE_CONFIG_MALLOC, &methods);
            // Small blocks would come from a pool of each connection, and not be freed.
            ffi::sqlite3_config(ffi::SQLITE_CONFIG_LOOKASIDE, 0 as c_int, 0 as c_int);
            // Counting takes a lock with each block.
            ffi::sqlite3_config(ffi::SQLITE_CONFIG_MEMSTATUS, 0 as c_int);
        }
    });
}

/// Frees the pages that a connection keeps for its next use.
pub(super) fn release_pages(connection: &Connection) {
    // SAFETY: the handle is open while `connection` is borrowed, and used by this thread only.
    unsafe { ffi::sqlite3_db_release_memory(connection.handle()) };
}

unsafe extern "C" fn allocate(length: c_int) -> *mut c_void {
    let Ok(length) = usize::try_from(length) else { return ptr::null_mut() };
    // SAFETY: any size may be asked for.
    let block = unsafe { libc::malloc(HEADER + length) };
    if block.is_null() {
        return block;
    }
    // SAFETY: the block is at least HEADER long and aligned for any type; what follows the header is inside or at its end.
    unsafe {
        block.cast::<usize>().write(length);
        block.add(HEADER)
    }
}

/// The size that a block was asked for with.
///
/// # Safety
///
/// `block` came from [`allocate`].
unsafe fn length_of(block: *mut c_void) -> usize {
    // SAFETY: the header stands before every block.
    unsafe { block.sub(HEADER).cast::<usize>().read() }
}

unsafe extern "C" fn free(block: *mut c_void) {
    if block.is_null() {
        return;
    }
    // SAFETY: SQLite gives back what it got from `allocate`, once; so the header tells its length, and nobody else has it.
    unsafe {
        std::slice::from_raw_parts_mut(block.cast::<u8>(), length_of(block)).zeroize();
        libc::free(block.sub(HEADER));
    }
}

unsafe extern "C" fn reallocate(block: *mut c_void, length: c_int) -> *mut c_void {
    // SAFETY: as in `allocate` and `free`; the new block is another one, and both are at least as long as what is copied.
    unsafe {
        let new = allocate(length);
        if !new.is_null() && !block.is_null() {
            let kept = length_of(block).min(length_of(new));
            ptr::copy_nonoverlapping(block.cast::<u8>(), new.cast::<u8>(), kept);
            free(block);
        }
        new
    }
}

unsafe extern "C" fn size(block: *mut c_void) -> c_int {
    if block.is_null() {
        return 0;
    }
    // SAFETY: SQLite asks about blocks that it got from `allocate`.
    c_int::try_from(unsafe { length_of(block) }).unwrap_or(c_int::MAX)
}

unsafe extern "C" fn round_up(length: c_int) -> c_int {
    length.checked_add(7).map_or(length, |length| length & !7)
}

unsafe extern "C" fn start(_: *mut c_void) -> c_int {
    ffi::SQLITE_OK
}

unsafe extern "C" fn stop(_: *mut c_void) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_keep_their_content_and_their_size() {
        // SAFETY: used as SQLite does.
        unsafe {
            let block = allocate(5);
            assert_eq!((size(block), block as usize % 8), (5, 0));
            block.cast::<[u8; 5]>().write(*b"abcde");
            let longer = reallocate(block, 5000);
            assert_eq!((size(longer), longer.cast::<[u8; 5]>().read()), (5000, *b"abcde"));
            let shorter = reallocate(longer, 3);
            assert_eq!((size(shorter), shorter.cast::<[u8; 3]>().read()), (3, *b"abc"));
            free(shorter);
            free(ptr::null_mut());
            assert_eq!((size(ptr::null_mut()), round_up(9), round_up(c_int::MAX)), (0, 16, c_int::MAX));
        }
    }
}
