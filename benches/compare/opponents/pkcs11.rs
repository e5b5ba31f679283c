//! Bare PKCS#11 calls: a session and a key handle that are kept.
#![allow(unsafe_code)]

use std::ffi::c_void;
use std::ptr::null_mut;

use cryptoki_sys::*;

use crate::dynamic_library::DynamicLibrary;
use crate::measure::Work;

/// P-256 as a DER object identifier (RFC 5480, section 2.1.1.1).
const P256: [u8; 10] = [0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];

/// A P-256 key of a session with a token.
#[derive(Clone, Copy)]
pub struct TokenKey {
    functions: *const CK_FUNCTION_LIST,
    session: CK_SESSION_HANDLE,
    key: CK_OBJECT_HANDLE,
}

/// Calls a function of the list; anything but success is an error.
macro_rules! call {
    ($functions:expr, $function:ident($($argument:expr),*)) => {
        match ($functions.$function) {
            // SAFETY: the functions are those of the module, and every caller passes pointers that are valid for them.
            Some(function) => match unsafe { function($($argument),*) } {
                CKR_OK | CKR_CRYPTOKI_ALREADY_INITIALIZED | CKR_USER_ALREADY_LOGGED_IN => Ok(()),
                code => Err(format!("{}: {code:#x}", stringify!($function))),
            },
            None => Err(format!("no {}", stringify!($function))),
        }
    };
}

impl TokenKey {
    /// Logs in to the token with this label and makes a key.
    pub fn new(module: &str, label: &str, pin: &str) -> Result<Self, String> {
        let entry = DynamicLibrary::open(module)?.symbol("C_GetFunctionList")?;
        let mut list = null_mut();
        // SAFETY: every PKCS#11 module has this function with this type, and its list lives as long as the module.
        let functions = unsafe {
            let entry: unsafe extern "C" fn(*mut *mut CK_FUNCTION_LIST) -> CK_RV = std::mem::transmute(entry);
            entry(&mut list);
            &*list
        };
        call!(functions, C_Initialize(null_mut()))?;
        let (slot, mut session) = (slot(functions, label)?, 0);
        let flags = CKF_SERIAL_SESSION | CKF_RW_SESSION;
        call!(functions, C_OpenSession(slot, flags, null_mut(), None, &mut session))?;
        let pin_pointer = pin.as_ptr().cast_mut();
        call!(functions, C_Login(session, CKU_USER, pin_pointer, pin.len() as CK_ULONG))?;
        let key = generate(functions, session)?;
        Ok(Self { functions, session, key })
    }

    /// Signs a hash: two calls. The answer is r and s.
    pub fn sign(self, hash: &'static [u8; 32]) -> impl Work {
        // SAFETY: the list lives as long as the module, which stays loaded.
        let functions = unsafe { &*self.functions };
        move |answer| {
            let mut mechanism = CK_MECHANISM { mechanism: CKM_ECDSA, pParameter: null_mut(), ulParameterLen: 0 };
            let (data, mut length) = (hash.as_ptr().cast_mut(), 64);
            let signed = call!(functions, C_SignInit(self.session, &mut mechanism, self.key))
                .and_then(|()| call!(functions, C_Sign(self.session, data, 32, answer.as_mut_ptr(), &mut length)));
            if signed.is_ok() { length as usize } else { 0 }
        }
    }
}

/// The slot of the token with this label.
fn slot(functions: &CK_FUNCTION_LIST, label: &str) -> Result<CK_SLOT_ID, String> {
    let (mut slots, mut count) = ([0; 64], 64);
    call!(functions, C_GetSlotList(CK_TRUE, slots.as_mut_ptr(), &mut count))?;
    for slot in &slots[..count as usize] {
        let mut information = CK_TOKEN_INFO::default();
        call!(functions, C_GetTokenInfo(*slot, &mut information))?;
        if String::from_utf8_lossy(&information.label).trim_end() == label {
            return Ok(*slot);
        }
    }
    Err(format!("no token {label}"))
}

fn generate(functions: &CK_FUNCTION_LIST, session: CK_SESSION_HANDLE) -> Result<CK_OBJECT_HANDLE, String> {
    let mut mechanism = CK_MECHANISM { mechanism: CKM_EC_KEY_PAIR_GEN, pParameter: null_mut(), ulParameterLen: 0 };
    let attribute = |kind, value: &[u8]| CK_ATTRIBUTE {
        type_: kind,
        pValue: value.as_ptr().cast_mut().cast::<c_void>(),
        ulValueLen: value.len() as CK_ULONG,
    };
    let yes = [CK_TRUE];
    let mut public = [attribute(CKA_EC_PARAMS, &P256), attribute(CKA_VERIFY, &yes)];
    // An object of the token, as a persistent key is.
    let mut private = [attribute(CKA_TOKEN, &yes), attribute(CKA_SIGN, &yes), attribute(CKA_SENSITIVE, &yes)];
    let (mut public_key, mut private_key) = (0, 0);
    let (first, second) = (public.as_mut_ptr(), private.as_mut_ptr());
    call!(
        functions,
        C_GenerateKeyPair(session, &mut mechanism, first, 2, second, 3, &mut public_key, &mut private_key)
    )?;
    Ok(private_key)
}
