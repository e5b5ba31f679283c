//! The commands of the TPM, through an ESYS context of our own: safe wrappers, one for each command.
//!
//! Every command is sent and then waited for, for the configured time at most. A key is authorized by a password session,
//! so that using a loaded key is one command.
#![allow(unsafe_code)]

use std::mem::ManuallyDrop;
use std::ptr::{NonNull, null, null_mut};
use std::sync::Once;
use std::time::{Duration, Instant};

use tss_esapi::structures::{Public, RsaDecryptionScheme, Signature, SignatureScheme};
use tss_esapi::tss2_esys::*;
use zeroize::Zeroize;

use super::errors::{Failure, tcti};
use super::tcti::{Tcti, Way};

/// The outcome of a command.
pub(super) type Outcome<T> = ::core::result::Result<T, Failure>;

/// `TPM2_ST_HASHCHECK`.
const HASH_CHECK: TPM2_ST = 0x8024;
/// `TPM2_RH_NULL`.
const NULL_HIERARCHY: TPM2_HANDLE = 0x4000_0007;
const CAPABILITY_ALGORITHMS: TPM2_CAP = 0;
const CAPABILITY_HANDLES: TPM2_CAP = 1;
const CAPABILITY_CURVES: TPM2_CAP = 8;
/// Where the handles of transient objects begin, and those behind them.
const TRANSIENT: std::ops::Range<u32> = 0x8000_0000..0x8100_0000;
/// Entries asked for at once; the TPM gives as many as fit.
const CAPABILITY_COUNT: u32 = 127;
/// ESYS repeats a command by itself five times at once; between our further tries we wait this long, then twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(2);

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

/// What a TPM can do, as it says itself.
#[derive(Clone, Debug, Default)]
pub(super) struct Capabilities {
    /// Algorithm identifiers of the TCG.
    pub(super) algorithms: Vec<u16>,
    /// Curve identifiers of the TCG.
    pub(super) curves: Vec<u16>,
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

    /// TPM2_Startup(CLEAR), for a TPM that was reset and has no firmware or kernel to do that.
    pub(super) fn startup(&mut self) -> Outcome<()> {
        // SAFETY: `run` passes the live context.
        self.run(
            "Startup",
            |context| unsafe { Esys_Startup_Async(context, 0) },
            |context| unsafe {
                // SAFETY: as above.
                Esys_Startup_Finish(context)
            },
        )
    }

    /// TPM2_GetCapability for algorithms and curves.
    pub(super) fn capabilities(&mut self) -> Outcome<Capabilities> {
        let mut result = Capabilities::default();
        self.capability(CAPABILITY_ALGORITHMS, 0, |data| {
            // SAFETY: the TPM answered with this capability (checked by the caller), so the union holds this member.
            let list = unsafe { &data.data.algorithms };
            let entries = list.algProperties.iter().take(list.count as usize).map(|entry| entry.alg);
            result.algorithms.extend(entries);
            result.algorithms.last().map(|last| u32::from(*last) + 1)
        })?;
        self.capability(CAPABILITY_CURVES, 0, |data| {
            // SAFETY: as above.
            let list = unsafe { &data.data.eccCurves };
            result.curves.extend(list.eccCurves.iter().take(list.count as usize));
            result.curves.last().map(|last| u32::from(*last) + 1)
        })?;
        Ok(result)
    }

    /// The handles of all objects that are in slots of the TPM, whoever loaded them.
    pub(super) fn transient_handles(&mut self) -> Outcome<Vec<u32>> {
        let mut handles = Vec::new();
        self.capability(CAPABILITY_HANDLES, TRANSIENT.start, |data| {
            // SAFETY: as above.
            let list = unsafe { &data.data.handles };
            handles.extend(list.handle.iter().take(list.count as usize).filter(|handle| TRANSIENT.contains(handle)));
            handles.last().map(|last| last + 1)
        })?;
        Ok(handles)
    }

    /// TPM2_ReadPublic: the object's name, and its qualified name, which says below which parent it is.
    pub(super) fn names(&mut self, object: Object) -> Outcome<[Vec<u8>; 2]> {
        const COMMAND: &str = "ReadPublic";
        let (mut name, mut qualified) = (Allocated::<TPM2B_NAME>::EMPTY, Allocated::<TPM2B_NAME>::EMPTY);
        self.run(
            COMMAND,
            // SAFETY: `run` passes the live context; no sessions.
            |context| unsafe { Esys_ReadPublic_Async(context, object.0, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE) },
            // SAFETY: the same, with places for the results that are wanted.
            |context| unsafe { Esys_ReadPublic_Finish(context, null_mut(), &mut name.0, &mut qualified.0) },
        )?;
        Ok([name_bytes(name.get(COMMAND)?), name_bytes(qualified.get(COMMAND)?)])
    }

    /// Reads one capability from `first` to its end; `add` takes a part and says where the next one begins.
    fn capability(
        &mut self,
        capability: TPM2_CAP,
        mut first: u32,
        mut add: impl FnMut(&TPMS_CAPABILITY_DATA) -> Option<u32>,
    ) -> Outcome<()> {
        const COMMAND: &str = "GetCapability";
        let mut more = 1;
        while more != 0 {
            let mut data = Allocated::EMPTY;
            self.run(
                COMMAND,
                // SAFETY: `run` passes the live context; no sessions.
                |context| unsafe {
                    Esys_GetCapability_Async(
                        context,
                        ESYS_TR_NONE,
                        ESYS_TR_NONE,
                        ESYS_TR_NONE,
                        capability,
                        first,
                        CAPABILITY_COUNT,
                    )
                },
                // SAFETY: the same, with places for the results.
                |context| unsafe { Esys_GetCapability_Finish(context, &mut more, &mut data.0) },
            )?;
            let data = data.get(COMMAND)?;
            if data.capability != capability {
                return Err(Failure::new(COMMAND, tcti::MALFORMED_RESPONSE));
            }
            match add(data) {
                Some(next) if next > first => first = next,
                _ => break,
            }
        }
        Ok(())
    }

    /// TPM2_TestParms: `Ok` where keys with the parameters of this template can be made.
    pub(super) fn test_parameters(&mut self, template: &Public) -> Outcome<()> {
        let area = TPMT_PUBLIC::from(template.clone());
        let parameters = TPMT_PUBLIC_PARMS { type_: area.type_, parameters: area.parameters };
        self.run(
            "TestParms",
            // SAFETY: `run` passes the live context; the parameters outlive the call, which copies them.
            |context| unsafe { Esys_TestParms_Async(context, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE, &parameters) },
            // SAFETY: the same.
            |context| unsafe { Esys_TestParms_Finish(context) },
        )
    }

    /// TPM2_GetRandom: up to a digest's length of random bytes.
    pub(super) fn random(&mut self, output: &mut [u8]) -> Outcome<usize> {
        const COMMAND: &str = "GetRandom";
        let wanted = u16::try_from(output.len()).unwrap_or(u16::MAX);
        let mut bytes = Allocated::<TPM2B_DIGEST>::EMPTY;
        self.run(
            COMMAND,
            // SAFETY: `run` passes the live context; no sessions.
            |context| unsafe { Esys_GetRandom_Async(context, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE, wanted) },
            // SAFETY: the same, with a place for the result.
            |context| unsafe { Esys_GetRandom_Finish(context, &mut bytes.0) },
        )?;
        let bytes = bytes.get(COMMAND)?;
        let bytes = bytes.buffer.get(..usize::from(bytes.size)).unwrap_or_default();
        let length = bytes.len().min(output.len());
        for (target, byte) in output.iter_mut().zip(bytes) {
            *target = *byte;
        }
        Ok(length)
    }

    /// TPM2_CreatePrimary in the owner hierarchy.
    pub(super) fn create_primary(&mut self, template: &Public) -> Outcome<Object> {
        const COMMAND: &str = "CreatePrimary";
        let (sensitive, template) = (TPM2B_SENSITIVE_CREATE::default(), area(COMMAND, template)?);
        let (outside, registers) = (TPM2B_DATA::default(), TPML_PCR_SELECTION::default());
        let mut object = ESYS_TR_NONE;
        self.run(
            COMMAND,
            // SAFETY: `run` passes the live context; ESYS copies the parameters, which outlive the call.
            |context| unsafe {
                Esys_CreatePrimary_Async(
                    context,
                    ESYS_TR_RH_OWNER,
                    ESYS_TR_PASSWORD,
                    ESYS_TR_NONE,
                    ESYS_TR_NONE,
                    &sensitive,
                    &template,
                    &outside,
                    &registers,
                )
            },
            // SAFETY: the same, with a place for the handle; ESYS leaves out the results that have no place.
            |context| unsafe {
                Esys_CreatePrimary_Finish(context, &mut object, null_mut(), null_mut(), null_mut(), null_mut())
            },
        )?;
        Ok(Object(object))
    }

    /// TPM2_Create: a new key below `parent`. Returns its wrapped private part and its public area.
    pub(super) fn create(&mut self, parent: Object, auth: &[u8], template: &Public) -> Outcome<(Vec<u8>, Public)> {
        const COMMAND: &str = "Create";
        let mut sensitive = TPM2B_SENSITIVE_CREATE {
            size: 0,
            sensitive: TPMS_SENSITIVE_CREATE { userAuth: digest(COMMAND, auth)?, data: Default::default() },
        };
        let template = area(COMMAND, template)?;
        let (outside, registers) = (TPM2B_DATA::default(), TPML_PCR_SELECTION::default());
        let (mut private, mut public) = (Allocated::<TPM2B_PRIVATE>::EMPTY, Allocated::EMPTY);
        let outcome = self.run(
            COMMAND,
            // SAFETY: `run` passes the live context; ESYS copies the parameters, which outlive the call.
            |context| unsafe {
                Esys_Create_Async(
                    context,
                    parent.0,
                    ESYS_TR_PASSWORD,
                    ESYS_TR_NONE,
                    ESYS_TR_NONE,
                    &sensitive,
                    &template,
                    &outside,
                    &registers,
                )
            },
            // SAFETY: the same, with places for the results that are wanted.
            |context| unsafe {
                Esys_Create_Finish(context, &mut private.0, &mut public.0, null_mut(), null_mut(), null_mut())
            },
        );
        sensitive.sensitive.userAuth.buffer.zeroize();
        outcome?;
        let private = private.get(COMMAND)?;
        let private = private.buffer.get(..usize::from(private.size)).unwrap_or_default().to_vec();
        let public = Public::try_from(*public.get(COMMAND)?);
        Ok((private, public.map_err(|_| Failure::new(COMMAND, tcti::MALFORMED_RESPONSE))?))
    }

    /// TPM2_Load: makes a key usable below `parent`.
    pub(super) fn load(&mut self, parent: Object, private: &[u8], public: &Public) -> Outcome<Object> {
        const COMMAND: &str = "Load";
        let (public, mut wrapped) = (area(COMMAND, public)?, TPM2B_PRIVATE::default());
        let target = wrapped.buffer.get_mut(..private.len()).ok_or(Failure::new(COMMAND, MARSHALLING | 16))?;
        target.copy_from_slice(private);
        wrapped.size = private.len() as u16;
        let mut object = ESYS_TR_NONE;
        self.run(
            COMMAND,
            // SAFETY: `run` passes the live context; ESYS copies the parameters, which outlive the call.
            |context| unsafe {
                Esys_Load_Async(context, parent.0, ESYS_TR_PASSWORD, ESYS_TR_NONE, ESYS_TR_NONE, &wrapped, &public)
            },
            // SAFETY: the same, with a place for the handle.
            |context| unsafe { Esys_Load_Finish(context, &mut object) },
        )?;
        Ok(Object(object))
    }

    /// Makes an object that the TPM holds under this handle known (TPM2_ReadPublic).
    pub(super) fn find(&mut self, handle: u32) -> Outcome<Object> {
        let mut object = ESYS_TR_NONE;
        self.run(
            "ReadPublic",
            // SAFETY: `run` passes the live context; no sessions.
            |context| unsafe { Esys_TR_FromTPMPublic_Async(context, handle, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE) },
            // SAFETY: the same, with a place for the handle.
            |context| unsafe { Esys_TR_FromTPMPublic_Finish(context, &mut object) },
        )?;
        Ok(Object(object))
    }

    /// TPM2_FlushContext: takes a transient object out of the TPM.
    pub(super) fn flush(&mut self, object: Object) -> Outcome<()> {
        self.run(
            "FlushContext",
            // SAFETY: `run` passes the live context; ESYS checks the handle.
            |context| unsafe { Esys_FlushContext_Async(context, object.0) },
            // SAFETY: the same.
            |context| unsafe { Esys_FlushContext_Finish(context) },
        )
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

    /// TPM2_Sign, one command.
    pub(super) fn sign(&mut self, key: Object, hash: &[u8], scheme: SignatureScheme) -> Outcome<Signature> {
        const COMMAND: &str = "Sign";
        let (hash, scheme) = (digest(COMMAND, hash)?, TPMT_SIG_SCHEME::from(scheme));
        let ticket = TPMT_TK_HASHCHECK { tag: HASH_CHECK, hierarchy: NULL_HIERARCHY, digest: Default::default() };
        let mut signature = Allocated::EMPTY;
        self.run(
            COMMAND,
            // SAFETY: `run` passes the live context; ESYS copies the parameters, which outlive the call.
            |context| unsafe {
                Esys_Sign_Async(context, key.0, ESYS_TR_PASSWORD, ESYS_TR_NONE, ESYS_TR_NONE, &hash, &scheme, &ticket)
            },
            // SAFETY: the same, with a place for the result.
            |context| unsafe { Esys_Sign_Finish(context, &mut signature.0) },
        )?;
        let signature = Signature::try_from(*signature.get(COMMAND)?);
        signature.map_err(|_| Failure::new(COMMAND, tcti::MALFORMED_RESPONSE))
    }

    /// TPM2_RSA_Decrypt without a scheme: the private-key operation alone, one command.
    pub(super) fn rsa_private(&mut self, key: Object, input: &[u8]) -> Outcome<crate::memory::Secret> {
        const COMMAND: &str = "RSA_Decrypt";
        let mut cipher = TPM2B_PUBLIC_KEY_RSA::default();
        let target = cipher.buffer.get_mut(..input.len()).ok_or(Failure::new(COMMAND, MARSHALLING | 16))?;
        target.copy_from_slice(input);
        cipher.size = input.len() as u16;
        let (scheme, label) = (TPMT_RSA_DECRYPT::from(RsaDecryptionScheme::Null), null());
        let mut output = Allocated::<TPM2B_PUBLIC_KEY_RSA>::EMPTY;
        self.run(
            COMMAND,
            // SAFETY: `run` passes the live context; ESYS copies the parameters, which outlive the call, and takes a null
            // label as an empty one.
            |context| unsafe {
                Esys_RSA_Decrypt_Async(
                    context,
                    key.0,
                    ESYS_TR_PASSWORD,
                    ESYS_TR_NONE,
                    ESYS_TR_NONE,
                    &cipher,
                    &scheme,
                    label,
                )
            },
            // SAFETY: the same, with a place for the result.
            |context| unsafe { Esys_RSA_Decrypt_Finish(context, &mut output.0) },
        )?;
        let output = output.get(COMMAND)?;
        Ok(output.buffer.get(..usize::from(output.size)).unwrap_or_default().to_vec().into())
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

/// Up to 64 bytes in the TPM's form.
fn digest(command: &'static str, bytes: &[u8]) -> Outcome<TPM2B_DIGEST> {
    let mut digest = TPM2B_DIGEST::default();
    let target = digest.buffer.get_mut(..bytes.len()).ok_or(Failure::new(command, MARSHALLING | 16))?;
    target.copy_from_slice(bytes);
    digest.size = bytes.len() as u16;
    Ok(digest)
}

/// A public area in the TPM's form.
fn area(command: &'static str, public: &Public) -> Outcome<TPM2B_PUBLIC> {
    TPM2B_PUBLIC::try_from(public.clone()).map_err(|_| Failure::new(command, MARSHALLING | 11))
}
