//! Bare calls of a module, beside the backend in the same process: what a token says of objects when nothing of the library
//! stands between.

use std::ffi::CString;
use std::ptr::null_mut;

use cryptoki_sys::*;
use parsec::config::{Pkcs11Config, SecretSource};

/// A session of a token, logged in.
pub struct Bare {
    list: CK_FUNCTION_LIST,
    slot: CK_SLOT_ID,
    session: CK_SESSION_HANDLE,
    _library: Pkcs11,
}

/// The objects of a key pair.
#[derive(Debug)]
pub struct Pair {
    pub public: CK_OBJECT_HANDLE,
    pub private: CK_OBJECT_HANDLE,
}

/// An attribute with its value.
type Attribute = (CK_ATTRIBUTE_TYPE, Vec<u8>);

/// What a key of the token has that somebody gave a name.
fn named(label: &str, id: u8) -> Vec<Attribute> {
    vec![(CKA_TOKEN, vec![CK_TRUE]), (CKA_LABEL, label.as_bytes().to_vec()), (CKA_ID, vec![id])]
}

fn number(value: CK_ULONG) -> Vec<u8> {
    value.to_ne_bytes().to_vec()
}

fn lend(attributes: &mut [Attribute]) -> Vec<CK_ATTRIBUTE> {
    let lent = |(kind, value): &mut Attribute| CK_ATTRIBUTE {
        type_: *kind,
        pValue: value.as_mut_ptr().cast(),
        ulValueLen: value.len() as CK_ULONG,
    };
    attributes.iter_mut().map(lent).collect()
}

/// `CK_C_INITIALIZE_ARGS` with the word that NSS has more.
#[repr(C)]
struct Arguments(CK_C_INITIALIZE_ARGS, *mut u8);

macro_rules! call {
    ($list:expr, $function:ident($($argument:expr),*)) => {
        // SAFETY: a function of the module's own list; the arguments are valid places and lengths where this is used.
        unsafe { $list.$function.unwrap()($($argument),*) }
    };
}

impl Bare {
    /// Opens a session of the configured token, which need not be initialised, or logged in to, yet.
    pub fn open(config: &Pkcs11Config) -> Self {
        // SAFETY: the module of the fixture.
        let library = unsafe { Pkcs11::new(&config.module) }.unwrap();
        let mut list = null_mut();
        // SAFETY: `list` is a valid place for a pointer.
        assert_eq!(unsafe { library.C_GetFunctionList(&mut list) }, CKR_OK);
        // SAFETY: the module's list, which stays as long as the module is loaded.
        let list = unsafe { *list };
        let text = config.init_args.as_ref().map(|text| CString::new(text.as_bytes()).unwrap());
        let mut arguments = Arguments(
            CK_C_INITIALIZE_ARGS {
                flags: CKF_OS_LOCKING_OK,
                pReserved: text.as_ref().map_or(null_mut(), |text| text.as_ptr().cast_mut().cast()),
                ..Default::default()
            },
            null_mut(),
        );
        let answer = call!(list, C_Initialize((&raw mut arguments).cast()));
        assert!([CKR_OK, CKR_CRYPTOKI_ALREADY_INITIALIZED].contains(&answer), "{answer:#x}");
        let (mut slots, mut count) = ([0; 16], 16);
        assert_eq!(call!(list, C_GetSlotList(CK_TRUE, slots.as_mut_ptr(), &mut count)), CKR_OK);
        let wanted = config.token.label.as_ref().unwrap();
        let labelled = |slot: &CK_SLOT_ID| {
            let mut info = CK_TOKEN_INFO::default();
            call!(list, C_GetTokenInfo(*slot, &mut info)) == CKR_OK
                && String::from_utf8_lossy(&info.label).trim_end() == wanted
        };
        let slot = slots[..count as usize].iter().copied().find(labelled).unwrap();
        let (mut session, flags) = (0, CKF_SERIAL_SESSION | CKF_RW_SESSION);
        assert_eq!(call!(list, C_OpenSession(slot, flags, null_mut(), None, &mut session)), CKR_OK);
        let Some(SecretSource::File(file)) = &config.pin else { panic!("the fixtures have their PINs in files") };
        let mut pin = std::fs::read_to_string(file).unwrap().trim_end().to_owned().into_bytes();
        let answer = call!(list, C_Login(session, CKU_USER, pin.as_mut_ptr(), pin.len() as CK_ULONG));
        assert!([CKR_OK, CKR_USER_ALREADY_LOGGED_IN].contains(&answer), "{answer:#x}");
        Self { list, slot, session, _library: library }
    }

    /// What the token says of itself.
    pub fn token(&self) -> CK_TOKEN_INFO {
        let mut info = CK_TOKEN_INFO::default();
        assert_eq!(call!(self.list, C_GetTokenInfo(self.slot, &mut info)), CKR_OK);
        info
    }

    /// The objects of a class that have this label.
    pub fn find(&self, class: CK_OBJECT_CLASS, label: &str) -> Vec<CK_OBJECT_HANDLE> {
        let (mut class, mut label) = (class, label.as_bytes().to_vec());
        let mut template = [
            CK_ATTRIBUTE { type_: CKA_CLASS, pValue: (&raw mut class).cast(), ulValueLen: 8 },
            CK_ATTRIBUTE { type_: CKA_LABEL, pValue: label.as_mut_ptr().cast(), ulValueLen: label.len() as CK_ULONG },
        ];
        let (mut found, mut count) = ([0; 16], 0);
        assert_eq!(call!(self.list, C_FindObjectsInit(self.session, template.as_mut_ptr(), 2)), CKR_OK);
        assert_eq!(call!(self.list, C_FindObjects(self.session, found.as_mut_ptr(), 16, &mut count)), CKR_OK);
        assert_eq!(call!(self.list, C_FindObjectsFinal(self.session)), CKR_OK);
        found[..count as usize].to_vec()
    }

    /// An attribute as the token gives it; `None` where it says that the object does not have it or does not show it.
    pub fn attribute(&self, object: CK_OBJECT_HANDLE, kind: CK_ATTRIBUTE_TYPE) -> Option<Vec<u8>> {
        // NSS wants the very length of some attributes, and p11-kit gives no length of others.
        self.read(object, kind, 8192).or_else(|| {
            let mut attribute = CK_ATTRIBUTE { type_: kind, pValue: null_mut(), ulValueLen: 0 };
            let answer = call!(self.list, C_GetAttributeValue(self.session, object, &mut attribute, 1));
            let known = answer == CKR_OK && attribute.ulValueLen != CK_UNAVAILABLE_INFORMATION;
            self.read(object, kind, attribute.ulValueLen).filter(|_| known)
        })
    }

    fn read(&self, object: CK_OBJECT_HANDLE, kind: CK_ATTRIBUTE_TYPE, length: CK_ULONG) -> Option<Vec<u8>> {
        let mut value = vec![0; 8192];
        let length = length.min(8192);
        let mut attribute = CK_ATTRIBUTE { type_: kind, pValue: value.as_mut_ptr().cast(), ulValueLen: length };
        let answer = call!(self.list, C_GetAttributeValue(self.session, object, &mut attribute, 1));
        if answer != CKR_OK || attribute.ulValueLen == CK_UNAVAILABLE_INFORMATION {
            return None;
        }
        value.truncate(attribute.ulValueLen as usize);
        Some(value)
    }

    /// Whether an attribute is true; one that is not there is not.
    pub fn is(&self, object: CK_OBJECT_HANDLE, kind: CK_ATTRIBUTE_TYPE) -> bool {
        self.attribute(object, kind).is_some_and(|value| value == [1])
    }

    /// An attribute that is a list of numbers.
    pub fn numbers(&self, object: CK_OBJECT_HANDLE, kind: CK_ATTRIBUTE_TYPE) -> Option<Vec<CK_ULONG>> {
        let value = self.attribute(object, kind)?;
        Some(
            value.chunks(size_of::<CK_ULONG>()).map(|word| CK_ULONG::from_ne_bytes(word.try_into().unwrap())).collect(),
        )
    }

    /// The point of a public key, which is in an octet string.
    pub fn point(&self, public: CK_OBJECT_HANDLE) -> Vec<u8> {
        self.attribute(public, CKA_EC_POINT).unwrap().split_off(2)
    }

    /// Makes a key pair on P-256 that stays in the token, as any other program does; a signing one, of which these are true
    /// too.
    pub fn generate_pair(&self, label: &str, id: u8, more: &[CK_ATTRIBUTE_TYPE]) -> Result<Pair, CK_RV> {
        // The object identifier of the curve (RFC 5480, section 2.1.1.1).
        let parameters = vec![6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
        self.generate(CKM_EC_KEY_PAIR_GEN, (label, id), vec![(CKA_EC_PARAMS, parameters)], more)
    }

    /// The same with RSA and 2048 bits; one that may decrypt, too, without which tpm2-pkcs11 does not sign.
    pub fn generate_rsa(&self, label: &str, id: u8) -> Result<Pair, CK_RV> {
        let bits = number(2048);
        let public = vec![(CKA_MODULUS_BITS, bits), (CKA_PUBLIC_EXPONENT, vec![1, 0, 1])];
        self.generate(CKM_RSA_PKCS_KEY_PAIR_GEN, (label, id), public, &[CKA_DECRYPT])
    }

    fn generate(
        &self,
        mechanism: CK_MECHANISM_TYPE,
        (label, id): (&str, u8),
        more: Vec<Attribute>,
        rights: &[CK_ATTRIBUTE_TYPE],
    ) -> Result<Pair, CK_RV> {
        let mut public = [named(label, id), more].concat();
        let flags = [CKA_PRIVATE, CKA_SENSITIVE, CKA_SIGN].iter().chain(rights).map(|kind| (*kind, vec![CK_TRUE]));
        let mut private = [named(label, id), flags.collect()].concat();
        let (mut public, mut private) = (lend(&mut public), lend(&mut private));
        let mut mechanism = CK_MECHANISM { mechanism, pParameter: null_mut(), ulParameterLen: 0 };
        let mut pair = Pair { public: 0, private: 0 };
        let answer = call!(
            self.list,
            C_GenerateKeyPair(
                self.session,
                &mut mechanism,
                public.as_mut_ptr(),
                public.len() as CK_ULONG,
                private.as_mut_ptr(),
                private.len() as CK_ULONG,
                &mut pair.public,
                &mut pair.private
            )
        );
        if answer == CKR_OK { Ok(pair) } else { Err(answer) }
    }

    /// Puts a secret key into the token that does this.
    pub fn create_secret(
        &self,
        (label, id): (&str, u8),
        kind: CK_KEY_TYPE,
        right: CK_ATTRIBUTE_TYPE,
        value: &[u8],
    ) -> Result<CK_OBJECT_HANDLE, CK_RV> {
        let mut secret = named(label, id);
        secret.extend([(CKA_CLASS, number(CKO_SECRET_KEY)), (CKA_KEY_TYPE, number(kind))]);
        secret.extend([(CKA_PRIVATE, vec![CK_TRUE]), (right, vec![CK_TRUE]), (CKA_VALUE, value.to_vec())]);
        let (mut template, mut object) = (lend(&mut secret), 0);
        let length = template.len() as CK_ULONG;
        let answer = call!(self.list, C_CreateObject(self.session, template.as_mut_ptr(), length, &mut object));
        if answer == CKR_OK { Ok(object) } else { Err(answer) }
    }

    /// Destroys an object, and returns what the token answers.
    pub fn destroy(&self, object: CK_OBJECT_HANDLE) -> CK_RV {
        call!(self.list, C_DestroyObject(self.session, object))
    }

    /// Ends every session with the token in this process, whoever has opened it.
    pub fn close_all_sessions(self) {
        assert_eq!(call!(self.list, C_CloseAllSessions(self.slot)), CKR_OK);
    }

    /// Logs everybody in this process out.
    pub fn log_out(self) {
        assert_eq!(call!(self.list, C_Logout(self.session)), CKR_OK);
        assert_eq!(call!(self.list, C_CloseSession(self.session)), CKR_OK);
    }

    /// Ends the use of the module in this process.
    pub fn finalise(self) {
        assert_eq!(call!(self.list, C_Finalize(null_mut())), CKR_OK);
    }

    /// What the token answers to who signs with a key of P-256, without giving the PIN for it.
    pub fn sign(&self, key: CK_OBJECT_HANDLE) -> CK_RV {
        let (mut session, flags) = (0, CKF_SERIAL_SESSION | CKF_RW_SESSION);
        assert_eq!(call!(self.list, C_OpenSession(self.slot, flags, null_mut(), None, &mut session)), CKR_OK);
        let mut mechanism = CK_MECHANISM { mechanism: CKM_ECDSA, pParameter: null_mut(), ulParameterLen: 0 };
        let (mut hash, mut signature, mut length) = ([7; 32], [0; 64], 64);
        let begun = call!(self.list, C_SignInit(session, &mut mechanism, key));
        let signed = call!(self.list, C_Sign(session, hash.as_mut_ptr(), 32, signature.as_mut_ptr(), &mut length));
        assert_eq!(call!(self.list, C_CloseSession(session)), CKR_OK);
        if begun == CKR_OK { signed } else { begun }
    }
}
