//! The commands of the TPM, through an ESYS context of our own.
//!
//! Every command is sent and then waited for, for the configured time at most. The commands themselves are in
//! `commands.rs`, and what only asks the TPM about itself in `queries.rs`: safe wrappers, one for each command.
#![allow(unsafe_code)]

mod commands;
mod queries;
mod symmetric;

use std::mem::ManuallyDrop;
use std::ptr::{NonNull, null_mut};
use std::sync::Once;
use std::time::{Duration, Instant};

use tss_esapi::structures::Public;
use tss_esapi::tss2_esys::*;
use zeroize::Zeroize;

use super::errors::{Failure, tcti};
use super::tcti::{Tcti, Way};

pub(super) use queries::Capabilities;
pub(super) use symmetric::{CipherMode, MAX_BUFFER};

/// The outcome of a command.
pub(super) type Outcome<T> = ::core::result::Result<T, Failure>;

/// ESYS repeats a command by itself five times at once; between our further tries we wait this long, then twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(2);

/// `TPM2_RH_NULL`.
const NULL_HIERARCHY: TPM2_HANDLE = 0x4000_0007;
const MARSHALLING: u32 = 9 << 16;

/// An object that this context knows; its handle in ESYS, not in the TPM.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Object(ESYS_TR);

/// The owner hierarchy, whose authorization creates primary keys.
pub(super) const OWNER: Object = Object(ESYS_TR_RH_OWNER);

/// An ESYS context and its way to the TPM.
pub(super) struct Esys {
    context: NonNull<ESYS_CONTEXT>,
    tcti: ManuallyDrop<Tcti>,
    timeout: Duration,
    /// The process that opened it. In a forked child it is the parent's, and dropping it leaves everything as it is.
    process: u32,
}

// SAFETY: neither libtss2-esys nor its TCTI modules bind a context to a thread; they only forbid concurrent use, which
// &mut self excludes.
unsafe impl Send for Esys {}

/// Memory that ESYS allocated for a result.
struct Allocated<T: Copy>(*mut T);

impl<T: Copy> Allocated<T> {
    const EMPTY: Self = Self(null_mut());

    /// The result; a command that succeeded without one is a fault of the TSS.
    fn get(&self, command: &'static str) -> Outcome<&T> {
        // SAFETY: null or an initialized T from ESYS, which `self` keeps alive.
        unsafe { self.0.as_ref() }.ok_or(Failure::new(command, tcti::MALFORMED_RESPONSE))
    }
}

impl<T: Copy> Drop for Allocated<T> {
    fn drop(&mut self) {
        if !self.0.is_null() {
            // SAFETY: ESYS allocated it for us and it is freed once. It is wiped as bytes before, since it may hold a
            // decrypted secret; u8 has no invalid values and the memory is ours.
            unsafe {
                std::slice::from_raw_parts_mut(self.0.cast::<u8>(), size_of::<T>()).zeroize();
                Esys_Free(self.0.cast());
            }
        }
    }
}

impl Drop for Esys {
    fn drop(&mut self) {
        if self.is_inherited() {
            return;
        }
        let mut context = self.context.as_ptr();
        // SAFETY: made by Esys_Initialize and finalized once, while its TCTI is still open; the TCTI is dropped once and
        // not used afterwards.
        unsafe {
            Esys_Finalize(&mut context);
            ManuallyDrop::drop(&mut self.tcti);
        }
    }
}

impl Esys {
    /// Connects to the TPM.
    pub(super) fn open(way: &Way, timeout: Duration) -> Outcome<Self> {
        let tcti = Tcti::open(way, timeout)?;
        let mut context = null_mut();
        // SAFETY: the TCTI context stays valid in the same struct; `context` is a place for the result; no ABI version
        // is asked for.
        let code = unsafe { Esys_Initialize(&mut context, tcti.as_ptr(), null_mut()) };
        match NonNull::new(context) {
            Some(context) if code == 0 => {
                Ok(Self { context, tcti: ManuallyDrop::new(tcti), timeout, process: std::process::id() })
            }
            _ => Err(Failure::new("connect", code)),
        }
    }

    /// True in a child of the process that opened it.
    pub(super) fn is_inherited(&self) -> bool {
        std::process::id() != self.process
    }

    /// Sends a command and waits for its response, repeating it while the TPM asks for that and time is left.
    fn run(
        &mut self,
        command: &'static str,
        mut send: impl FnMut(*mut ESYS_CONTEXT) -> TSS2_RC,
        mut receive: impl FnMut(*mut ESYS_CONTEXT) -> TSS2_RC,
    ) -> Outcome<()> {
        let deadline = Instant::now() + self.timeout;
        let mut pause = FIRST_PAUSE;
        loop {
            let code = match send(self.context.as_ptr()) {
                0 => self.wait(deadline, &mut receive),
                code => code,
            };
            let failure = Failure::new(command, code);
            if code == 0 {
                return Ok(());
            }
            if !failure.asks_to_retry() || Instant::now() + pause >= deadline {
                return Err(failure);
            }
            std::thread::sleep(pause);
            pause *= 2;
        }
    }

    /// Waits for the response of the command that was sent. ESYS answers "try again" when the time is over, and when it
    /// has repeated the command.
    fn wait(&mut self, deadline: Instant, receive: &mut impl FnMut(*mut ESYS_CONTEXT) -> TSS2_RC) -> TSS2_RC {
        loop {
            let left = deadline.saturating_duration_since(Instant::now()).as_millis();
            if left == 0 {
                return tcti::TRY_AGAIN;
            }
            // SAFETY: the context is live.
            unsafe { Esys_SetTimeout(self.context.as_ptr(), i32::try_from(left).unwrap_or(i32::MAX)) };
            match receive(self.context.as_ptr()) {
                code if Failure::new("", code).timed_out() => {}
                code => return code,
            }
        }
    }

    /// Forgets an object without touching the TPM.
    pub(super) fn forget(&mut self, object: Object) {
        let mut object = object.0;
        // SAFETY: the context is live; an unknown handle is refused, which leaves nothing to do.
        unsafe { Esys_TR_Close(self.context.as_ptr(), &mut object) };
    }

    /// The object's name: the hash algorithm and hash of its public area.
    pub(super) fn name(&mut self, object: Object) -> Outcome<Vec<u8>> {
        const COMMAND: &str = "name of an object";
        let mut name = Allocated::<TPM2B_NAME>::EMPTY;
        // SAFETY: the context is live; a place for the result.
        match unsafe { Esys_TR_GetName(self.context.as_ptr(), object.0, &mut name.0) } {
            0 => Ok(name_bytes(name.get(COMMAND)?)),
            code => Err(Failure::new(COMMAND, code)),
        }
    }

    /// The object's handle in the TPM.
    pub(super) fn handle(&mut self, object: Object) -> Outcome<u32> {
        let mut handle = 0;
        // SAFETY: the context is live; a place for the result.
        match unsafe { Esys_TR_GetTpmHandle(self.context.as_ptr(), object.0, &mut handle) } {
            0 => Ok(handle),
            code => Err(Failure::new("handle of an object", code)),
        }
    }

    /// Sets the value that authorizes the object's use.
    pub(super) fn authorize(&mut self, object: Object, auth: &[u8]) -> Outcome<()> {
        const COMMAND: &str = "authorization value";
        let mut auth = digest(COMMAND, auth)?;
        // SAFETY: the context is live; ESYS copies the value.
        let code = unsafe { Esys_TR_SetAuth(self.context.as_ptr(), object.0, &auth) };
        auth.buffer.zeroize();
        if code == 0 { Ok(()) } else { Err(Failure::new(COMMAND, code)) }
    }
}

fn name_bytes(name: &TPM2B_NAME) -> Vec<u8> {
    name.name.get(..usize::from(name.size)).unwrap_or_default().to_vec()
}

/// Keeps the TSS from writing its own messages to standard error, unless the user asked for them: what failed is said by
/// `parsec_last_error`.
pub(super) fn quiet() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        if std::env::var_os("TSS2_LOG").is_none() {
            // SAFETY: Rust code takes std's lock, and only C code that reads the environment in another thread at this
            // very moment could see it move. It is done once, when the library is initialized, before it starts any
            // use of the TSS; the TSS offers no other way.
            unsafe { std::env::set_var("TSS2_LOG", "all+none") };
        }
    });
}

/// Bytes in one of the TPM's forms with a length, or the failure of a command for which they are too many.
macro_rules! sized {
    ($form:ident, $command:expr, $bytes:expr) => {{
        let (mut value, bytes): ($form, &[u8]) = (Default::default(), $bytes);
        let room = value.buffer.get_mut(..bytes.len());
        room.ok_or($crate::backends::tpm::esys::too_long($command))?.copy_from_slice(bytes);
        value.size = bytes.len() as u16;
        value
    }};
}
use sized;

/// Too many bytes for one of the TPM's forms (`TSS2_BASE_RC_BAD_SIZE`).
const fn too_long(command: &'static str) -> Failure {
    Failure::new(command, MARSHALLING | 16)
}

/// Up to 64 bytes in the TPM's form.
fn digest(command: &'static str, bytes: &[u8]) -> Outcome<TPM2B_DIGEST> {
    Ok(sized!(TPM2B_DIGEST, command, bytes))
}

/// A public area in the TPM's form.
fn area(command: &'static str, public: &Public) -> Outcome<TPM2B_PUBLIC> {
    TPM2B_PUBLIC::try_from(public.clone()).map_err(|_| Failure::new(command, MARSHALLING | 11))
}
