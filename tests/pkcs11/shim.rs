//! A module between the backend and a real one, which fails and lies on request.
#![allow(dead_code, reason = "two test programs use it")]

use std::ffi::{CStr, CString, c_ulong, c_void};
use std::path::{Path, PathBuf};
use std::process::Command;

/// How many functions version 3.2 of the standard has.
pub const FUNCTIONS: usize = 104;

/// What a module says of a length or a count.
#[derive(Clone, Copy, Debug)]
pub enum Claim {
    Truth,
    /// This length.
    Instead(usize),
    /// So much more than the truth.
    More(isize),
}

/// A module between the backend and a real one; each instance counts and fails for itself.
pub struct Shim {
    pub path: PathBuf,
    library: *mut c_void,
}

// SAFETY: the handle of a library may be used from any thread.
unsafe impl Send for Shim {}
// SAFETY: dlsym may be called concurrently, and the shim's functions are atomic.
unsafe impl Sync for Shim {}

impl Shim {
    /// Builds one between the backend and `real`, as `name` in a directory.
    pub fn over(real: &Path, directory: &Path, name: &str) -> Self {
        let path = directory.join(format!("{name}.so"));
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pkcs11/shim.c");
        let status = Command::new("cc")
            .args(["-shared", "-fPIC", "-O1", "-Wall", "-Wextra", "-Werror"])
            .arg(format!("-DREAL=\"{}\"", real.display()))
            .arg("-o")
            .args([&path, &source])
            .arg("-ldl")
            .status()
            .unwrap();
        assert!(status.success());
        let file = CString::new(path.to_str().unwrap()).unwrap();
        // SAFETY: loads the library that was just built, which has no initialisers.
        let library = unsafe { libc::dlopen(file.as_ptr(), libc::RTLD_NOW) };
        assert!(!library.is_null());
        Self { path, library }
    }

    fn symbol(&self, name: &CStr) -> *mut c_void {
        // SAFETY: a live library and a terminated name.
        let symbol = unsafe { libc::dlsym(self.library, name.as_ptr()) };
        assert!(!symbol.is_null());
        symbol
    }

    /// Calls a function of the shim itself, all of whose parameters and answers are words.
    fn ask(&self, name: &CStr, arguments: [usize; 4]) -> usize {
        // SAFETY: shim.c declares them so; more arguments than a function has do no harm.
        let function: extern "C" fn(c_ulong, c_ulong, c_ulong, c_ulong) -> c_ulong =
            unsafe { std::mem::transmute(self.symbol(name)) };
        let [a, b, c, d] = arguments.map(|argument| argument as c_ulong);
        function(a, b, c, d) as usize
    }

    /// How often a function was called.
    pub fn count(&self, function: usize) -> usize {
        self.ask(c"shim_count", [function, 0, 0, 0])
    }

    /// How often it succeeded.
    pub fn succeeded(&self, function: usize) -> usize {
        self.ask(c"shim_succeeded", [function, 0, 0, 0])
    }

    /// How often any function was called.
    pub fn calls(&self) -> usize {
        (0..FUNCTIONS).map(|function| self.count(function)).sum()
    }

    /// Refuses the next calls of a function.
    pub fn refuse(&self, function: usize, code: c_ulong, times: usize) {
        self.refuse_later(function, code, 0, times);
    }

    /// Refuses calls of a function, after skipping others.
    pub fn refuse_later(&self, function: usize, code: c_ulong, skip: usize, times: usize) {
        self.ask(c"shim_refuse", [function, code as usize, skip, times]);
    }

    /// Whether refused calls are made all the same, as by a device whose answer is lost.
    pub fn late(&self, on: bool) {
        self.ask(c"shim_late", [on.into(), 0, 0, 0]);
    }

    /// What a function claims wherever it gives a length or a count.
    pub fn claim(&self, function: usize, claim: Claim) {
        let (lie, length) = match claim {
            Claim::Truth => (0, 0),
            Claim::Instead(length) => (1, length),
            Claim::More(more) => (2, more as usize),
        };
        self.ask(c"shim_lie", [function, lie, length, 0]);
    }

    /// Claims this length wherever a function gives one; 0 ends that.
    pub fn lie(&self, function: usize, length: usize) {
        self.claim(function, if length == 0 { Claim::Truth } else { Claim::Instead(length) });
    }

    /// How many sessions are open.
    pub fn live(&self) -> usize {
        self.ask(c"shim_live", [0; 4])
    }

    /// Sets and clears flags of the token.
    pub fn flags(&self, set: c_ulong, clear: c_ulong) {
        self.ask(c"shim_flags", [set as usize, clear as usize, 0, 0]);
    }

    /// What the user enters where the application gives no PIN.
    pub fn keypad(&self, pin: &'static CStr) {
        self.ask(c"shim_keypad", [pin.as_ptr() as usize, 0, 0, 0]);
    }

    /// Adds this to the numbers of the slots.
    pub fn renumber(&self, offset: usize) {
        self.ask(c"shim_renumber", [offset, 0, 0, 0]);
    }

    /// Pulls the token out, or puts it back.
    pub fn gone(&self, gone: bool) {
        self.ask(c"shim_gone", [gone.into(), 0, 0, 0]);
    }

    /// Pulls the token out after some more calls; `None` ends that.
    pub fn vanish(&self, calls: Option<usize>) {
        self.ask(c"shim_vanish", [calls.unwrap_or(usize::MAX), 0, 0, 0]);
    }

    /// Makes callers of a function wait inside; `None` lets them go.
    pub fn block(&self, function: Option<usize>) {
        self.ask(c"shim_block", [function.unwrap_or(FUNCTIONS), 0, 0, 0]);
    }

    /// How many wait.
    pub fn blocked(&self) -> usize {
        self.ask(c"shim_blocked", [0; 4])
    }
}

/// The index of a function in the function list, which is how the shim calls it.
macro_rules! index {
    ($function:ident) => {
        std::mem::offset_of!(cryptoki_sys::CK_FUNCTION_LIST_3_2, $function) / size_of::<usize>() - 1
    };
}
pub(crate) use index;
