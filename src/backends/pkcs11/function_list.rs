//! The functions of a module, called directly and wrapped safely.
//!
//! Not through `cryptoki`'s own calls, because those need three calls for a signature, allocate whatever length a
//! module claims, drop mechanisms and codes that they do not know, and give no access to the function list. Its
//! `Attribute` is used: it is what objects are found by.
//!
//! A module runs in this process, so that nothing can protect against one that writes where it must not. What it
//! *says* (lengths, counts) is checked all the same.
#![allow(unsafe_code)]

use std::ffi::{CStr, CString, c_void};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::ptr::null_mut;
use std::sync::atomic::AtomicBool;

use cryptoki::object::{Attribute, AttributeType};
use cryptoki_sys::*;

use super::errors::{Failure, Outcome, nonsense};
use super::gate::{self, Gate};
use crate::fail;
use crate::fork::at_exit;
use crate::psa::{Error, Result};

/// More slots than this are not believed.
const MOST_SLOTS: usize = 4096;
/// Longer attributes are not believed (a public key of 16,384 bits has 2 KiB).
const LONGEST_ATTRIBUTE: usize = 1 << 16;

/// The functions of one loaded module (PKCS#11 3.2, section 5).
pub(super) struct FunctionList {
    list: CK_FUNCTION_LIST,
    newer: Newer,
    gate: &'static Gate,
}

/// Functions that came after version 2, as far as they are used; those that the module has.
#[derive(Default)]
#[allow(non_snake_case, reason = "the names of the standard")]
struct Newer {
    C_DecapsulateKey: CK_C_DecapsulateKey,
}

/// `CK_C_INITIALIZE_ARGS` with one more word, because NSS reads a parameter string where others have the last
/// word, and its own last word behind it.
#[repr(C)]
struct InitializeArguments {
    standard: CK_C_INITIALIZE_ARGS,
    behind: *mut c_void,
}

/// Calls a function of the list; one that is not there answers `CKR_FUNCTION_NOT_SUPPORTED`.
macro_rules! invoke {
    ($self:ident . $function:ident ( $($argument:expr),* )) => { invoke!($self.list.$function($($argument),*)) };
    ($self:ident . $list:ident . $function:ident ( $($argument:expr),* )) => {
        Failure::check(
            stringify!($function),
            match $self.$list.$function {
                Some(function) => match $self.gate.enter() {
                    // SAFETY: the list is the loaded module's own, so the pointer has this signature; the arguments
                    // are argued where the macro is used.
                    Some(_inside) => unsafe { function($($argument),*) },
                    None => CKR_CRYPTOKI_NOT_INITIALIZED,
                },
                None => CKR_FUNCTION_NOT_SUPPORTED,
            },
        )
    };
}

mod objects;
mod operations;

pub(super) use operations::Work;

/// From now on nobody enters a module once the process is ending. The handler is registered after the module has set
/// itself up, and so runs before it takes itself down.
fn watch_exit() {
    static WATCHED: AtomicBool = AtomicBool::new(false);
    // If there is no memory for it, only what is done after the end of the program is at risk.
    at_exit(gate::end, &WATCHED);
}

/// Takes one more reference to a loaded module and never gives it back. Forgetting the first one instead would leak
/// what it keeps of every function that the module lacks.
fn keep_loaded(path: &Path) -> Result<()> {
    let name = CString::new(path.as_os_str().as_bytes()).map_err(|_| Error::InvalidArgument)?;
    // SAFETY: a terminated string; the module is loaded already, so that no code of it runs.
    if unsafe { libc::dlopen(name.as_ptr(), libc::RTLD_NOW | libc::RTLD_NODELETE) }.is_null() {
        return fail!(CommunicationFailure, "cannot keep module {} loaded", path.display());
    }
    Ok(())
}

/// `C_GetInterface`.
type GetInterface = unsafe extern "C" fn(*mut CK_UTF8CHAR, *mut CK_VERSION, *mut *mut CK_INTERFACE, CK_FLAGS) -> CK_RV;

impl Newer {
    /// Asks a module for the functions of PKCS#11 3.2. One that does not have them has none.
    fn find(get_interface: GetInterface) -> Self {
        let mut version = CK_VERSION { major: 3, minor: 2 };
        let (name, mut interface) = (c"PKCS 11".as_ptr().cast_mut().cast(), null_mut());
        // SAFETY: the symbol has this signature by its name; the name is a terminated string, which the function only
        // reads, and the others are valid places for a version and a pointer.
        let answer = unsafe { get_interface(name, &mut version, &mut interface, 0) };
        if answer != CKR_OK || interface.is_null() || !interface.is_aligned() {
            return Self::default();
        }
        // SAFETY: not null, aligned, and the module keeps its interfaces as long as it is loaded.
        let list = unsafe { (*interface).pFunctionList };
        if list.is_null() || !list.cast::<CK_FUNCTION_LIST_3_2>().is_aligned() {
            return Self::default();
        }
        // SAFETY: not null and aligned; every list of this interface begins with its version, whatever that is.
        let CK_VERSION { major, minor } = unsafe { *list.cast() };
        if (major, minor) < (3, 2) {
            return Self::default();
        }
        // SAFETY: as before; the list of version 3.2 is the beginning of every later one.
        let list = unsafe { &*list.cast::<CK_FUNCTION_LIST_3_2>() };
        Self { C_DecapsulateKey: list.C_DecapsulateKey }
    }
}

impl FunctionList {
    /// Loads a module into this process, for good: modules start threads and register exit handlers, which would
    /// crash once their code is unmapped.
    ///
    /// `COMMUNICATION_FAILURE` where it cannot be loaded or is no PKCS#11 module.
    pub fn load(path: &Path) -> Result<Self> {
        // SAFETY: runs the initialisers of a library that the configuration names and that only root or we may
        // write (checked by the caller).
        let library = match unsafe { cryptoki_sys::Pkcs11::new(path) } {
            Ok(library) => library,
            Err(error) => return fail!(CommunicationFailure, "cannot load module {}: {error}", path.display()),
        };
        let Ok(get_function_list) = library.C_GetFunctionList else {
            return fail!(
                CommunicationFailure,
                "{} is not a PKCS#11 module: it has no function C_GetFunctionList",
                path.display()
            );
        };
        let mut list: CK_FUNCTION_LIST_PTR = null_mut();
        // SAFETY: the symbol has this signature by its name; `list` is a valid place for one pointer.
        let code = unsafe { get_function_list(&mut list) };
        let newer = library.C_GetInterface.as_ref().map_or_else(|_| Newer::default(), |get| Newer::find(*get));
        keep_loaded(path)?;
        drop(library);
        super::errors::settled(Failure::check("C_GetFunctionList", code))?;
        if list.is_null() || !list.is_aligned() {
            return fail!(CommunicationFailure, "{}: C_GetFunctionList gave no list", path.display());
        }
        // SAFETY: not null, aligned, and the module keeps its list as long as it is loaded. The list of version 2
        // is the beginning of every later one.
        let list = unsafe { *list };
        if list.version.major < 2 {
            return fail!(NotSupported, "module {} implements PKCS#11 {}", path.display(), list.version.major);
        }
        Ok(Self { list, newer, gate: Gate::of(path) })
    }

    /// `C_Initialize` with the operating system's locks. `arguments` is the string that some modules take.
    pub fn initialize(&self, arguments: Option<&CStr>) -> Outcome<()> {
        let mut block = InitializeArguments {
            standard: CK_C_INITIALIZE_ARGS {
                CreateMutex: None,
                DestroyMutex: None,
                LockMutex: None,
                UnlockMutex: None,
                flags: CKF_OS_LOCKING_OK,
                pReserved: arguments.map_or(null_mut(), |text| text.as_ptr().cast_mut().cast()),
            },
            behind: null_mut(),
        };
        // SAFETY: `block` begins with the structure that the function takes; it and the string outlive the call.
        let answer = invoke!(self.C_Initialize((&raw mut block).cast()));
        watch_exit();
        answer
    }

    /// `C_Finalize`.
    pub fn finalize(&self) -> Outcome<()> {
        // SAFETY: the argument is reserved and must be null.
        invoke!(self.C_Finalize(null_mut()))
    }

    /// `C_GetInfo`.
    pub fn info(&self) -> Outcome<CK_INFO> {
        let mut info = CK_INFO::default();
        // SAFETY: `info` is a valid place for one such structure.
        invoke!(self.C_GetInfo(&mut info))?;
        Ok(info)
    }

    /// The slots that have a token.
    pub fn slots(&self) -> Outcome<Vec<CK_SLOT_ID>> {
        // The number may grow between the two calls.
        for _ in 0..3 {
            let mut count: CK_ULONG = 0;
            // SAFETY: a null list asks for the number only.
            invoke!(self.C_GetSlotList(CK_TRUE, null_mut(), &mut count))?;
            let mut slots = room::<CK_SLOT_ID>("C_GetSlotList", count, MOST_SLOTS)?;
            // SAFETY: `count` tells how many elements `slots` has.
            let answer = invoke!(self.C_GetSlotList(CK_TRUE, slots.as_mut_ptr(), &mut count));
            match answer {
                Err(failure) if failure.is(CKR_BUFFER_TOO_SMALL) => continue,
                answer => answer?,
            }
            slots.truncate(within("C_GetSlotList", count, slots.len())?);
            return Ok(slots);
        }
        Err(nonsense("C_GetSlotList", format_args!("the number of slots keeps changing")))
    }

    /// `C_GetTokenInfo`.
    pub fn token_info(&self, slot: CK_SLOT_ID) -> Outcome<CK_TOKEN_INFO> {
        let mut info = CK_TOKEN_INFO::default();
        // SAFETY: `info` is a valid place for one such structure.
        invoke!(self.C_GetTokenInfo(slot, &mut info))?;
        Ok(info)
    }

    /// `C_GetMechanismInfo`.
    pub fn mechanism_info(&self, slot: CK_SLOT_ID, mechanism: CK_MECHANISM_TYPE) -> Outcome<CK_MECHANISM_INFO> {
        let mut info = CK_MECHANISM_INFO::default();
        // SAFETY: `info` is a valid place for one such structure.
        invoke!(self.C_GetMechanismInfo(slot, mechanism, &mut info))?;
        Ok(info)
    }

    /// Opens a session, for writing where `flags` has `CKF_RW_SESSION`.
    pub fn open_session(&self, slot: CK_SLOT_ID, flags: CK_FLAGS) -> Outcome<CK_SESSION_HANDLE> {
        let mut session = CK_INVALID_HANDLE;
        // SAFETY: no callback and so no data for it; `session` is a valid place for a handle.
        invoke!(self.C_OpenSession(slot, flags | CKF_SERIAL_SESSION, null_mut(), None, &mut session))?;
        Ok(session)
    }

    /// `C_CloseSession`.
    pub fn close_session(&self, session: CK_SESSION_HANDLE) -> Outcome<()> {
        // SAFETY: a plain number.
        invoke!(self.C_CloseSession(session))
    }

    /// The state of a session: `CKS_RO_PUBLIC_SESSION` and so on.
    pub fn session_state(&self, session: CK_SESSION_HANDLE) -> Outcome<CK_STATE> {
        let mut info = CK_SESSION_INFO::default();
        // SAFETY: `info` is a valid place for one such structure.
        invoke!(self.C_GetSessionInfo(session, &mut info))?;
        Ok(info.state)
    }

    /// Logs a kind of user in; `None` asks the token for its own keypad.
    pub fn login(&self, session: CK_SESSION_HANDLE, user: CK_USER_TYPE, pin: Option<&[u8]>) -> Outcome<()> {
        let (pointer, length) = pin.map_or((null_mut(), 0), input);
        // SAFETY: the PIN is valid for reads of its length, or null with length 0.
        invoke!(self.C_Login(session, user, pointer, length))
    }

    /// `C_DestroyObject`.
    pub fn destroy_object(&self, session: CK_SESSION_HANDLE, object: CK_OBJECT_HANDLE) -> Outcome<()> {
        // SAFETY: plain numbers.
        invoke!(self.C_DestroyObject(session, object))
    }

    /// The value of one attribute.
    pub fn attribute(
        &self,
        session: CK_SESSION_HANDLE,
        object: CK_OBJECT_HANDLE,
        kind: AttributeType,
    ) -> Outcome<Vec<u8>> {
        match self.available_attribute(session, object, kind)? {
            Some(value) => Ok(value),
            None => {
                Err(nonsense("C_GetAttributeValue", format_args!("does not give {kind}, which such an object has")))
            }
        }
    }

    /// The value of an attribute that an object need not have, or need not show.
    pub fn attribute_if_any(
        &self,
        session: CK_SESSION_HANDLE,
        object: CK_OBJECT_HANDLE,
        kind: AttributeType,
    ) -> Outcome<Option<Vec<u8>>> {
        const ABSENT: [CK_RV; 3] = [CKR_ATTRIBUTE_TYPE_INVALID, CKR_ATTRIBUTE_SENSITIVE, CKR_ATTRIBUTE_VALUE_INVALID];
        match self.available_attribute(session, object, kind) {
            Err(failure) if ABSENT.iter().any(|code| failure.is(*code)) => Ok(None),
            answer => answer,
        }
    }

    /// `None` where the module says so by its length (PKCS#11 3.2, section 5.7.5).
    fn available_attribute(
        &self,
        session: CK_SESSION_HANDLE,
        object: CK_OBJECT_HANDLE,
        kind: AttributeType,
    ) -> Outcome<Option<Vec<u8>>> {
        const NAME: &str = "C_GetAttributeValue";
        let mut attribute = CK_ATTRIBUTE { type_: kind.into(), pValue: null_mut(), ulValueLen: 0 };
        // SAFETY: one attribute, whose null value asks for the length only.
        invoke!(self.C_GetAttributeValue(session, object, &mut attribute, 1))?;
        if attribute.ulValueLen == CK_UNAVAILABLE_INFORMATION {
            return Ok(None);
        }
        let mut value = room::<u8>(NAME, attribute.ulValueLen, LONGEST_ATTRIBUTE)?;
        attribute.pValue = value.as_mut_ptr().cast();
        // SAFETY: one attribute, whose value has room for the length that it states.
        match invoke!(self.C_GetAttributeValue(session, object, &mut attribute, 1)) {
            Err(failure) if failure.is(CKR_BUFFER_TOO_SMALL) => {
                return Err(nonsense(NAME, format_args!("does not keep to the length that it stated")));
            }
            answer => answer?,
        }
        value.truncate(within(NAME, attribute.ulValueLen, value.len())?);
        Ok(Some(value))
    }

    /// The objects that have all these attributes, at most `N` of them.
    pub fn find_objects<const N: usize>(
        &self,
        session: CK_SESSION_HANDLE,
        attributes: &[Attribute],
    ) -> Outcome<Vec<CK_OBJECT_HANDLE>> {
        let mut wanted = template(attributes);
        // SAFETY: the template points into `attributes`, which outlive the call.
        invoke!(self.C_FindObjectsInit(session, wanted.as_mut_ptr(), wanted.len() as CK_ULONG))?;
        let found = self.found_objects::<N>(session);
        // SAFETY: a plain number. Also after a failure, or the session would stay busy.
        let end = invoke!(self.C_FindObjectsFinal(session));
        let found = found?;
        end?;
        Ok(found)
    }

    fn found_objects<const N: usize>(&self, session: CK_SESSION_HANDLE) -> Outcome<Vec<CK_OBJECT_HANDLE>> {
        let mut found = Vec::with_capacity(N);
        // A module may give fewer at a time than it has.
        while found.len() < N {
            let mut batch = [CK_INVALID_HANDLE; N];
            let mut count: CK_ULONG = 0;
            let most = N - found.len();
            // SAFETY: `batch` has room for `N`, so for `most`.
            invoke!(self.C_FindObjects(session, batch.as_mut_ptr(), most as CK_ULONG, &mut count))?;
            match within("C_FindObjects", count, most)? {
                0 => break,
                count => found.extend(batch.iter().take(count)),
            }
            if found.contains(&CK_INVALID_HANDLE) {
                return Err(nonsense("C_FindObjects", format_args!("found an object without a handle")));
            }
        }
        Ok(found)
    }

    /// Fills `output` from the token's random generator.
    pub fn generate_random(&self, session: CK_SESSION_HANDLE, output: &mut [u8]) -> Outcome<()> {
        // SAFETY: `output` is valid for writes of its length.
        invoke!(self.C_GenerateRandom(session, output.as_mut_ptr(), output.len() as CK_ULONG))
    }
}

/// Pointer and length of what a module only reads; its prototypes have no `const`.
fn input(data: &[u8]) -> (CK_BYTE_PTR, CK_ULONG) {
    (data.as_ptr().cast_mut(), data.len() as CK_ULONG)
}

/// The attributes as the module takes them; they point into the originals.
fn template(attributes: &[Attribute]) -> Vec<CK_ATTRIBUTE> {
    attributes.iter().map(CK_ATTRIBUTE::from).collect()
}

/// Zeroed room for as many elements as a module claims to have, within a bound.
fn room<T: Clone + Default>(function: &'static str, count: CK_ULONG, most: usize) -> Outcome<Vec<T>> {
    Ok(vec![T::default(); within(function, count, most)?])
}

/// A length that a module gave, if it is possible.
fn within(function: &'static str, length: CK_ULONG, most: usize) -> Outcome<usize> {
    match usize::try_from(length) {
        Ok(length) if length <= most => Ok(length),
        _ => Err(nonsense(function, format_args!("claims a length of {length}, where at most {most} is possible"))),
    }
}
