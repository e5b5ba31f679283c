//! Key wrapping with a key in the token (PSA 1.5, section 10.7).
//!
//! A secret key of the same token is wrapped and unwrapped inside. PSA wraps the export format of a key, and PKCS#11 wraps
//! private keys as PKCS #8, so these go through memory, as keys of other places do: their data becomes a secret of the session
//! for the time of the call.

use cryptoki_sys::*;

use super::Pkcs11Backend;
use super::connection::Session;
use super::errors::{Failure, Outcome, nonsense};
use super::export;
use super::key::Pkcs11Key;
use super::key_kinds::Kind;
use super::keys::discard;
use super::mechanism::Mechanism;
use super::mechanisms;
use super::objects;
use super::reference::Reference;
use super::template::Template;
use crate::backends::{Created, Naming};
use crate::cause;
use crate::core::key_wrapping::wrapped_length;
use crate::core::primitives::KeyWrap;
use crate::engines::Function;
use crate::fail;
use crate::memory::Secret;
use crate::psa::sizes::{KEY_WRAP_SEMIBLOCK, bits_to_bytes};
use crate::psa::{Algorithm, Attributes, Error, Result};

/// How tokens say that wrapped data is not authentic.
const NOT_AUTHENTIC: [CK_RV; 8] = [
    CKR_WRAPPED_KEY_INVALID,
    CKR_WRAPPED_KEY_LEN_RANGE,
    CKR_ENCRYPTED_DATA_INVALID,
    CKR_ENCRYPTED_DATA_LEN_RANGE,
    CKR_AEAD_DECRYPT_FAILED,
    CKR_SIGNATURE_INVALID,
    CKR_DATA_INVALID,
    CKR_DATA_LEN_RANGE,
];
/// What some say of the data, and others of the template.
const VAGUE: [CK_RV; 3] = [CKR_FUNCTION_FAILED, CKR_GENERAL_ERROR, CKR_ARGUMENTS_BAD];

/// The mechanisms of an algorithm. `CKM_AES_KEY_WRAP_PAD` is KWP in some tokens and something else in others: see
/// [`mechanism`].
pub(super) fn ways(alg: Algorithm) -> &'static [CK_MECHANISM_TYPE] {
    match alg {
        Algorithm::KW => &[CKM_AES_KEY_WRAP],
        Algorithm::KWP => &[CKM_AES_KEY_WRAP_KWP, CKM_AES_KEY_WRAP_PAD],
        _ => &[],
    }
}

/// The mechanism by which this token does it.
fn mechanism(session: &Session<'_>, key: &Pkcs11Key, alg: Algorithm) -> Outcome<Mechanism<'static>> {
    let way = key.way(session, Function::KeyWrap, alg)?;
    let mechanism = Mechanism::plain(way);
    let capabilities = session.connection().capabilities();
    if way == CKM_AES_KEY_WRAP_PAD && !capabilities.pads_as_kwp(|| tries_padding(session, &mechanism))? {
        let token = session.connection().token();
        return Ok(fail!(
            NotSupported,
            "token {token} does not offer KWP: its CKM_AES_KEY_WRAP_PAD is something else"
        )?);
    }
    Ok(mechanism)
}

/// The same for wrapping `length` bytes.
fn mechanism_for(session: &Session<'_>, key: &Pkcs11Key, alg: Algorithm, length: usize) -> Outcome<Mechanism<'static>> {
    let mechanism = mechanism(session, key, alg)?;
    if mechanism.kind == CKM_AES_KEY_WRAP_PAD && !length.is_multiple_of(KEY_WRAP_SEMIBLOCK) {
        let token = session.connection().token();
        // What SoftHSM 2.6 makes of them is not RFC 5649.
        return Ok(fail!(
            NotSupported,
            "token {token} offers CKM_AES_KEY_WRAP_PAD only, which is not trusted with {length} bytes: they are no whole \
             half blocks"
        )?);
    }
    Ok(mechanism)
}

/// True where two half blocks become three. The padding of PKCS #7, which the mechanism is with other tokens, adds one more.
fn tries_padding(session: &Session<'_>, mechanism: &Mechanism<'_>) -> Outcome<bool> {
    let (functions, handle) = (session.functions(), session.handle());
    let mut wrapped = [0; 5 * KEY_WRAP_SEMIBLOCK];
    let length = with_wrapping_key(session, |wrapping| {
        with_data(session, &[0x5a; 2 * KEY_WRAP_SEMIBLOCK], |data| {
            functions.wrap_key(handle, mechanism, wrapping, data, &mut wrapped)
        })
    })?;
    Ok(length == 3 * KEY_WRAP_SEMIBLOCK)
}

/// Works with data as a secret of the session.
fn with_data<T>(session: &Session<'_>, data: &[u8], work: impl FnOnce(CK_OBJECT_HANDLE) -> Outcome<T>) -> Outcome<T> {
    let template = passing().bytes(CKA_VALUE, data);
    let object = session.functions().create_object(session.handle(), &template)?;
    let done = work(object);
    // Whatever came of it; a session object that cannot be destroyed ends with its session.
    let _ = session.functions().destroy_object(session.handle(), object);
    done
}

/// A secret that is in the token only for the time of a call.
fn passing() -> Template<'static> {
    Template::new()
        .number(CKA_CLASS, CKO_SECRET_KEY)
        .number(CKA_KEY_TYPE, CKK_GENERIC_SECRET)
        .flag(CKA_TOKEN, false)
        .flag(CKA_SENSITIVE, false)
        .flag(CKA_EXTRACTABLE, true)
}

/// Whether a failure says that the data is not authentic; `sure` tells whether an answer that says nothing is not about the
/// template. A device in trouble, of which kryoptic speaks, too, does not do it with data that is right either.
#[cold]
fn unauthentic(session: &Session<'_>, mechanism: &Mechanism<'_>, failure: Failure, sure: bool) -> Failure {
    let Failure::Refused { function: "C_UnwrapKey", code } = failure else { return failure };
    let perhaps = code == CKR_DEVICE_ERROR || sure && VAGUE.contains(&code);
    match NOT_AUTHENTIC.contains(&code) || perhaps && wraps_and_unwraps(session, mechanism).is_ok() {
        true => Error::InvalidSignature.into(),
        false => failure,
    }
}

/// Tries the mechanism with a key and data of its own.
fn wraps_and_unwraps(session: &Session<'_>, mechanism: &Mechanism<'_>) -> Outcome<()> {
    let (functions, handle) = (session.functions(), session.handle());
    let mut wrapped = [0; 3 * KEY_WRAP_SEMIBLOCK];
    with_wrapping_key(session, |wrapping| {
        let length = with_data(session, &[0x5a; 2 * KEY_WRAP_SEMIBLOCK], |data| {
            functions.wrap_key(handle, mechanism, wrapping, data, &mut wrapped)
        })?;
        expect(length, wrapped.len())?;
        functions.unwrap_key(handle, mechanism, wrapping, &wrapped, &passing())
    })
    .map(|key| discard(session, &[key]))
}

/// Works with a key for trials. Not with the key at hand, which may be for unwrapping only.
fn with_wrapping_key<T>(session: &Session<'_>, work: impl FnOnce(CK_OBJECT_HANDLE) -> Outcome<T>) -> Outcome<T> {
    let template =
        Template::new().flag(CKA_TOKEN, false).flag(CKA_WRAP, true).flag(CKA_UNWRAP, true).number(CKA_VALUE_LEN, 16);
    let key = session.functions().generate_key(session.handle(), &Mechanism::plain(CKM_AES_KEY_GEN), &template)?;
    let done = work(key);
    discard(session, &[key]);
    done
}

/// So that the next call finds the object again.
fn forget_lost(session: &Session<'_>, reference: &Reference, failure: &Failure) {
    if failure.lost_object() {
        session.connection().forget(reference);
    }
}

fn expect(length: usize, expected: usize) -> Outcome<usize> {
    if length == expected {
        return Ok(length);
    }
    Err(nonsense("C_WrapKey", format_args!("gave {length} bytes, where there are {expected}")))
}

impl KeyWrap for Pkcs11Key {
    fn wrap(&self, alg: Algorithm, data: &[u8], output: &mut [u8]) -> Result<usize> {
        self.ensure_offered(Function::KeyWrap, alg)?;
        let expected = wrapped_length(alg, data.len())?;
        let output = output.get_mut(..expected).ok_or(Error::BufferTooSmall)?;
        self.device.with_key(&self.reference, |session, wrapping| {
            let mechanism = mechanism_for(session, self, alg, data.len())?;
            let length = with_data(session, data, |data| {
                session.functions().wrap_key(session.handle(), &mechanism, wrapping, data, output)
            })?;
            expect(length, expected)
        })
    }

    fn unwrap(&self, alg: Algorithm, wrapped: &[u8]) -> Result<Secret> {
        self.ensure_offered(Function::KeyWrap, alg)?;
        self.device.with_key(&self.reference, |session, wrapping| {
            let mechanism = mechanism(session, self, alg)?;
            let (functions, handle) = (session.functions(), session.handle());
            let object = functions
                .unwrap_key(handle, &mechanism, wrapping, wrapped, &passing())
                .map_err(|failure| unauthentic(session, &mechanism, failure, true))?;
            let data = export::part_of(session, object, CKA_VALUE);
            let _ = functions.destroy_object(handle, object);
            data
        })
    }
}

impl Pkcs11Backend {
    fn wrapping_key(&self, (attributes, context): (&Attributes, &[u8])) -> Result<Pkcs11Key> {
        let (reference, kind) = (Reference::from_context(context)?, mechanisms::kind_of(attributes)?);
        Ok(Pkcs11Key { device: self.device.clone(), reference, kind, public: Default::default() })
    }

    /// Wraps a key of the token.
    pub(super) fn wrap_own_key(
        &self,
        wrapping: (&Attributes, &[u8]),
        alg: Algorithm,
        key: (&Attributes, &[u8]),
        output: &mut [u8],
    ) -> Result<usize> {
        let (wrapping, key) = (self.wrapping_key(wrapping)?, self.wrapping_key(key)?);
        wrapping.ensure_offered(Function::KeyWrap, alg)?;
        if !key.kind.is_secret() {
            return wrapping.wrap(alg, &key.read_material()?, output);
        }
        let length = bits_to_bytes(key.kind.bits());
        let expected = wrapped_length(alg, length)?;
        let output = output.get_mut(..expected).ok_or(Error::BufferTooSmall)?;
        self.device.with_key(&wrapping.reference, |session, handle| {
            let mechanism = mechanism_for(session, &wrapping, alg, length)?;
            let object = objects::private_key(session, &key.reference)?;
            let length = session
                .functions()
                .wrap_key(session.handle(), &mechanism, handle, object, output)
                .inspect_err(|failure| forget_lost(session, &key.reference, failure))?;
            expect(length, expected)
        })
    }

    /// Makes a key in the token of wrapped data.
    pub(super) fn unwrap_own_key(
        &self,
        wrapping: (&Attributes, &[u8]),
        alg: Algorithm,
        wrapped: &[u8],
        attributes: &Attributes,
        naming: Naming<'_>,
    ) -> Result<Created> {
        let (wrapping, kind) = (self.wrapping_key(wrapping)?, mechanisms::kind_of(attributes)?);
        if !kind.is_secret() {
            return self.import_key(attributes, naming, &wrapping.unwrap(alg, wrapped)?);
        }
        wrapping.ensure_offered(Function::KeyWrap, alg)?;
        let source = |session: &Session<'_>| {
            Ok((objects::private_key(session, &wrapping.reference)?, mechanism(session, &wrapping, alg)?))
        };
        let mut unmeasured = false;
        let made = self.make(kind, attributes, naming, source, |session, draft, (unwrapping, mechanism)| {
            let (functions, handle) = (session.functions(), session.handle());
            let sure = draft.policy.allowed.is_empty();
            let key = functions
                .unwrap_key(handle, &mechanism, unwrapping, wrapped, &draft.own())
                .inspect_err(|failure| forget_lost(session, &wrapping.reference, failure))
                .map_err(|failure| unauthentic(session, &mechanism, failure, sure))?;
            let measured = check_length(session, key, kind);
            unmeasured = matches!(measured, Ok(false));
            if measured != Ok(true) {
                let _ = functions.destroy_object(handle, key);
            }
            if !measured? {
                return Err(Error::NotSupported.into());
            }
            session.made(draft.reference, key);
            Ok(Vec::new())
        });
        // SoftHSM makes such keys without their length, so that nobody knows what they are.
        if unmeasured {
            cause::clear();
            return self.import_key(attributes, naming, &wrapping.unwrap(alg, wrapped)?);
        }
        made
    }
}

/// `INVALID_ARGUMENT` where the data was of another length than the attributes say, false where the token does not tell.
fn check_length(session: &Session<'_>, key: CK_OBJECT_HANDLE, kind: Kind) -> Outcome<bool> {
    let mut value = [0; size_of::<CK_ULONG>()];
    session.functions().read_attribute(session.handle(), key, CKA_VALUE_LEN, &mut value)?;
    let bits = CK_ULONG::from_ne_bytes(value).saturating_mul(8);
    if bits == 0 || bits == kind.bits() as CK_ULONG {
        return Ok(bits != 0);
    }
    let text = format_args!("the unwrapped key has {bits} bits, not {}", kind.bits());
    Err(cause::of(Error::InvalidArgument, text).into())
}
