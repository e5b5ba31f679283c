//! The module of the TSS for `tpm2-abrmd`, loaded when it is needed.
#![allow(unsafe_code)]

use std::ffi::{CString, c_char, c_int, c_void};
use std::ptr::null_mut;
use std::time::Instant;

use libloading::Library;

use super::{HEADER, LONGEST, Transport};
use crate::backends::tpm::errors::tcti;
use crate::memory::Secret;

type Outcome<T> = ::core::result::Result<T, u32>;

/// The package `libtss2-tcti-tabrmd0` has it.
const FILE: &str = "libtss2-tcti-tabrmd.so.0";

/// What every TCTI context begins with (TSS 2.0 TPM Command Transmission Interface, section 3.1).
#[repr(C)]
struct Context {
    magic: u64,
    version: u32,
    transmit: Option<unsafe extern "C" fn(*mut Context, usize, *const u8) -> u32>,
    receive: Option<unsafe extern "C" fn(*mut Context, *mut usize, *mut u8, i32) -> u32>,
    finalize: Option<unsafe extern "C" fn(*mut Context)>,
    cancel: Option<unsafe extern "C" fn(*mut Context) -> u32>,
    poll_handles: Option<unsafe extern "C" fn(*mut Context, *mut c_void, *mut usize) -> u32>,
    set_locality: Option<unsafe extern "C" fn(*mut Context, u8) -> u32>,
}

/// `Tss2_Tcti_Tabrmd_Init`.
type Initialize = unsafe extern "C" fn(*mut Context, *mut usize, *const c_char) -> u32;

/// A connection with the resource manager.
pub(super) struct Module {
    /// The context and what the module keeps behind it, aligned.
    memory: Vec<u64>,
    process: u32,
}

impl Module {
    /// Loads the module and connects.
    pub(super) fn open(options: &str) -> Outcome<Self> {
        let options = CString::new(options).map_err(|_| tcti::BAD_VALUE)?;
        // SAFETY: the module's constructors are those of GLib, which may run at any time.
        let library = unsafe { Library::new(FILE) }.map_err(|_| tcti::NO_MODULE)?;
        // SAFETY: the function has this type in every version of the module.
        let initialize = unsafe { library.get::<Initialize>(b"Tss2_Tcti_Tabrmd_Init\0") }.map(|symbol| *symbol);
        let initialize = initialize.map_err(|_| tcti::NO_MODULE)?;
        // GLib's threads go on in it.
        std::mem::forget(library);

        let mut size = 0;
        // SAFETY: asked without a context, the function tells the size of one.
        let code = unsafe { initialize(null_mut(), &mut size, null_mut()) };
        if code != 0 || size < size_of::<Context>() {
            return Err(tcti::NO_MODULE);
        }
        let mut module = Self { memory: vec![0; size.div_ceil(size_of::<u64>())], process: std::process::id() };
        // SAFETY: aligned memory of at least the size that was asked for, which does not move again; the options end
        // with a zero byte and outlive the call.
        match unsafe { initialize(module.context(), &mut size, options.as_ptr()) } {
            0 => Ok(module),
            code => {
                // Not initialized, so there is nothing to finalize.
                module.process = 0;
                Err(code)
            }
        }
    }

    fn context(&mut self) -> *mut Context {
        self.memory.as_mut_ptr().cast()
    }
}

impl Transport for Module {
    fn exchange(&mut self, command: &[u8], response: &mut Secret, deadline: Instant) -> Outcome<()> {
        let context = self.context();
        // SAFETY: initialized by the module, and large enough for its functions.
        let (Some(transmit), Some(receive)) = (unsafe { ((*context).transmit, (*context).receive) }) else {
            return Err(tcti::NO_MODULE);
        };
        // SAFETY: the context lives, no other thread uses it (`&mut self`), and the command is only read.
        success(unsafe { transmit(context, command.len(), command.as_ptr()) })?;
        let left = deadline.saturating_duration_since(Instant::now()).as_millis();
        let (mut size, mut buffer) = (LONGEST, Secret::new(vec![0; LONGEST]));
        let timeout = c_int::try_from(left).unwrap_or(c_int::MAX);
        // SAFETY: the same, and the buffer has the size that is given.
        success(unsafe { receive(context, &mut size, buffer.as_mut_ptr(), timeout) })?;
        if !(HEADER..=LONGEST).contains(&size) {
            return Err(tcti::MALFORMED_RESPONSE);
        }
        buffer.truncate(size);
        *response = buffer;
        Ok(())
    }
}

fn success(code: u32) -> Outcome<()> {
    if code == 0 { Ok(()) } else { Err(code) }
}

impl Drop for Module {
    fn drop(&mut self) {
        // In a forked child the connection is the parent's.
        if self.process != std::process::id() {
            return;
        }
        let context = self.context();
        // SAFETY: initialized by the module and finalized once.
        unsafe {
            if let Some(finalize) = (*context).finalize {
                finalize(context);
            }
        }
    }
}
