//! When the counter file is cut short under us, reading the mapping raises SIGBUS. That must not end the program: the
//! page is replaced by one of zeros, which no counter shows, so that the loss is noticed.
//!
//! The handler is installed when the first page is mapped. It deals with our pages only; everything else goes to the
//! handler that was there before. A program that installs its own later should call this one in the same way.
#![allow(unsafe_code)]

use std::ffi::{c_int, c_void};
use std::mem;
use std::ptr;
use std::sync::atomic::{AtomicPtr, Ordering};
use std::sync::{Once, OnceLock};

/// A page that stays mapped for ever.
struct Page {
    start: usize,
    length: usize,
    next: *const Page,
}

static PAGES: AtomicPtr<Page> = AtomicPtr::new(ptr::null_mut());
/// What was installed before us.
static PREVIOUS: OnceLock<libc::sigaction> = OnceLock::new();

/// From now on this mapping survives that its file is cut.
///
/// # Safety
///
/// `length` bytes from `start` on are a whole mapping of ours that is never unmapped, and its readers can make sense
/// of zeros.
pub(super) unsafe fn protect(start: *const u8, length: usize) {
    let page = Box::leak(Box::new(Page { start: start as usize, length, next: ptr::null() }));
    let mut head = PAGES.load(Ordering::Acquire);
    loop {
        page.next = head;
        match PAGES.compare_exchange(head, page, Ordering::AcqRel, Ordering::Acquire) {
            Ok(_) => break,
            Err(now) => head = now,
        }
    }
    // Behind the gate of the key store: no child finds it half done.
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(install);
}

fn install() {
    // SAFETY: zero is a value of every field; the calls read and write complete structures of ours, and the handler only
    // makes a system call and stays loaded (the library is linked with -z nodelete).
    unsafe {
        let mut previous: libc::sigaction = mem::zeroed();
        if libc::sigaction(libc::SIGBUS, ptr::null(), &mut previous) != 0 {
            return;
        }
        let _ = PREVIOUS.set(previous);
        let mut ours: libc::sigaction = mem::zeroed();
        ours.sa_sigaction = handle as extern "C" fn(c_int, *mut libc::siginfo_t, *mut c_void) as usize;
        ours.sa_flags = libc::SA_SIGINFO | libc::SA_ONSTACK;
        libc::sigaction(libc::SIGBUS, &ours, ptr::null_mut());
    }
}

extern "C" fn handle(signal: c_int, information: *mut libc::siginfo_t, context: *mut c_void) {
    // SAFETY: the kernel gives a complete siginfo; SIGBUS has an address.
    let address = unsafe { (*information).si_addr() } as usize;
    let mut next: *const Page = PAGES.load(Ordering::Acquire);
    // SAFETY: null, or a page that was leaked complete before it was put into the list.
    while let Some(page) = unsafe { next.as_ref() } {
        if address.wrapping_sub(page.start) < page.length && replace(page) {
            return;
        }
        next = page.next;
    }
    pass_on(signal, information, context);
}

/// Puts zeros of our own in the place of the lost file. Only a system call: async-signal-safe.
fn replace(page: &Page) -> bool {
    // SAFETY: exactly our own mapping is replaced, as the contract of `protect` allows; errno is put back, because the
    // interrupted code may be about to read it.
    unsafe {
        let errno = *libc::__errno_location();
        let access = libc::PROT_READ | libc::PROT_WRITE;
        let kind = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_FIXED;
        let replaced = libc::mmap(page.start as *mut c_void, page.length, access, kind, -1, 0) != libc::MAP_FAILED;
        *libc::__errno_location() = errno;
        replaced
    }
}

/// Does what would have been done without us.
fn pass_on(signal: c_int, information: *mut libc::siginfo_t, context: *mut c_void) {
    let previous = PREVIOUS.get();
    let handler = previous.map_or(libc::SIG_DFL, |previous| previous.sa_sigaction);
    let with_information = previous.is_some_and(|previous| previous.sa_flags & libc::SA_SIGINFO != 0);
    // SAFETY: the address and its flag came from the kernel, which would have called the handler in this way. Without a
    // handler, the default one ends the process as soon as the faulty access is repeated.
    unsafe {
        match handler {
            libc::SIG_DFL | libc::SIG_IGN => {
                let mut default: libc::sigaction = mem::zeroed();
                default.sa_sigaction = libc::SIG_DFL;
                libc::sigaction(signal, &default, ptr::null_mut());
            }
            handler if with_information => {
                let handler: extern "C" fn(c_int, *mut libc::siginfo_t, *mut c_void) = mem::transmute(handler);
                handler(signal, information, context);
            }
            handler => {
                let handler: extern "C" fn(c_int) = mem::transmute(handler);
                handler(signal);
            }
        }
    }
}
