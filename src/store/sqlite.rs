//! The memory of SQLite. Keys pass through its pages and statements, so that all of it is wiped when it is freed, and pages
//! with rows are freed as soon as nobody reads them.
#![allow(unsafe_code)]

use std::ffi::{c_int, c_void};
use std::mem::MaybeUninit;
use std::ptr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Once, OnceLock};

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
            // Pages would come from a block of each connection.
            ffi::sqlite3_config(ffi::SQLITE_CONFIG_PAGECACHE, ptr::null_mut::<c_void>(), 0 as c_int, 0 as c_int);
        }
        free_pages_with_rows();
    });
}

/// Frees the pages with rows that a connection keeps for its next use, where SQLite could not be told not to.
pub(super) fn release_pages_with_rows(connection: &Connection) {
    if !FREES_PAGES.load(Ordering::Relaxed) {
        release_all_pages(connection);
    }
}

/// Frees all pages that a connection keeps for its next use.
pub(super) fn release_all_pages(connection: &Connection) {
    // SAFETY: the handle is open while `connection` is borrowed, and used by this thread only.
    unsafe { ffi::sqlite3_db_release_memory(connection.handle()) };
}

type Unpin = unsafe extern "C" fn(*mut ffi::sqlite3_pcache, *mut ffi::sqlite3_pcache_page, c_int);

/// What SQLite's own page cache does with a page that nobody uses any more.
static UNPIN: OnceLock<Unpin> = OnceLock::new();
/// [`unpin`] is in its place.
static FREES_PAGES: AtomicBool = AtomicBool::new(false);

fn free_pages_with_rows() {
    let mut methods = MaybeUninit::<ffi::sqlite3_pcache_methods2>::uninit();
    // SAFETY: the option takes room for the methods, and fills it unless it answers with an error.
    let mut methods = unsafe {
        if ffi::sqlite3_config(ffi::SQLITE_CONFIG_GETPCACHE2, methods.as_mut_ptr()) != ffi::SQLITE_OK {
            return;
        }
        methods.assume_init()
    };
    let Some(original) = methods.xUnpin.replace(unpin) else { return };
    UNPIN.get_or_init(|| original);
    // SAFETY: the option copies the methods, which are SQLite's own but for one, and that one keeps its contract.
    let answer = unsafe { ffi::sqlite3_config(ffi::SQLITE_CONFIG_PCACHE2, &raw const methods) };
    FREES_PAGES.store(answer == ffi::SQLITE_OK, Ordering::Relaxed);
}

/// Frees a page at once unless it has no rows in it: which pages of the database lead to a row may be remembered.
unsafe extern "C" fn unpin(cache: *mut ffi::sqlite3_pcache, page: *mut ffi::sqlite3_pcache_page, discard: c_int) {
    // SAFETY: SQLite gives a page of this cache that is not in use any more, with its content, which is at least 512 bytes.
    unsafe {
        let discard = discard != 0 || may_have_rows(*(*page).pBuf.cast::<u8>());
        if let Some(original) = UNPIN.get() {
            original(cache, page, discard.into());
        }
    }
}

/// By the first byte of a page (https://sqlite.org/fileformat.html, section 1.6): interior pages have numbers of rows, and
/// those of indices have identifiers and metadata. The first page has the schema, and begins with the name of the format.
fn may_have_rows(first: u8) -> bool {
    const INTERIOR_INDEX: u8 = 2;
    const INTERIOR_TABLE: u8 = 5;
    const LEAF_INDEX: u8 = 10;
    !matches!(first, INTERIOR_INDEX | INTERIOR_TABLE | LEAF_INDEX | b'S')
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

    fn missed(connection: &Connection) -> c_int {
        let (mut pages, mut most) = (0, 0);
        // SAFETY: an open connection and room for two numbers.
        unsafe {
            let status = ffi::SQLITE_DBSTATUS_CACHE_MISS;
            ffi::sqlite3_db_status(connection.handle(), status, &raw mut pages, &raw mut most, 0);
        }
        pages
    }

    #[test]
    fn pages_with_rows_are_read_each_time_and_no_others() {
        wipe_memory();
        let file = tempfile::NamedTempFile::new().unwrap();
        let connection = Connection::open(file.path()).unwrap();
        let rows = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
                    INSERT INTO t SELECT i, i, randomblob(64) FROM n";
        connection.execute_batch("CREATE TABLE t (a, b, c, PRIMARY KEY (a, b))").unwrap();
        connection.execute_batch(rows).unwrap();
        let mut select = connection.prepare("SELECT c FROM t WHERE a = ?1 AND b = ?1").unwrap();
        let mut pages_read = || {
            let before = missed(&connection);
            let row: Vec<u8> = select.query_row([7], |row| row.get(0)).unwrap();
            assert_eq!(row.len(), 64);
            release_pages_with_rows(&connection);
            missed(&connection) - before
        };
        let first = pages_read();
        // Where another test was faster, SQLite could not be told.
        let again = if FREES_PAGES.load(Ordering::Relaxed) { 1 } else { first };
        assert_eq!((pages_read(), pages_read()), (again, again), "of {first}");
        assert!(first > 3 || again == 1, "{first}");
    }

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
