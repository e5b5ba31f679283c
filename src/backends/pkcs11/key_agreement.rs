//! Key agreement (PSA 1.5, section 10.11): the token derives a session object, whose value is read.

use cryptoki_sys::*;

use super::connection::Session;
use super::errors::{Failure, Outcome, nonsense};
use super::key::Pkcs11Key;
use super::key_kinds::{Kind, Shape};
use super::mechanism::{Mechanism, Parameters};
use super::template::Template;
use crate::core::primitives::KeyAgreement;
use crate::engines::native::Native;
use crate::engines::{Engine, Function};
use crate::memory::Secret;
use crate::psa::sizes::bits_to_bytes;
use crate::psa::{Algorithm, Error, Result, der};

impl KeyAgreement for Pkcs11Key {
    fn agree(&self, alg: Algorithm, peer: &[u8]) -> Result<Secret> {
        self.ensure_offered(Function::KeyAgreement, alg)?;
        let Kind::Ec(curve) = self.kind else { return Err(Error::NotSupported) };
        // Whether a point is on the curve is not left to the token, nor whether every secret with it would be zero.
        Native.import(curve.public_key_type(), self.kind.bits(), peer)?;
        if curve.shape() == Shape::Montgomery {
            check_order(self.kind, alg, peer)?;
        }
        let wrapped = der::element(der::OCTET_STRING, peer);
        self.device.with_key(&self.reference, |session, key| {
            let capabilities = session.connection().capabilities();
            // PKCS#11 3.2 (section 6.3.20) lets tokens choose which of the two they take.
            let wrap = capabilities.wraps_points();
            match derive(session, key, if wrap { &wrapped } else { peer }, curve.length()) {
                Err(failure) if refuses_point(&failure) => {
                    let secret = derive(session, key, if wrap { peer } else { &wrapped }, curve.length())?;
                    capabilities.set_wraps_points(!wrap);
                    Ok(secret)
                }
                answer => answer,
            }
        })
    }
}

/// `INVALID_ARGUMENT` for a point of small order, with which any key agrees on zero (RFC 7748, section 6): software is asked
/// with some key.
fn check_order(kind: Kind, alg: Algorithm, peer: &[u8]) -> Result<()> {
    let (key_type, bits) = kind.describe();
    let some = Native.prepare(key_type, bits, &vec![1; bits_to_bytes(bits)])?;
    some.key_agreement().ok_or(Error::NotSupported)?.agree(alg, peer).map(drop)
}

fn refuses_point(failure: &Failure) -> bool {
    const REFUSALS: [CK_RV; 6] = [
        CKR_MECHANISM_PARAM_INVALID,
        CKR_ARGUMENTS_BAD,
        CKR_DATA_INVALID,
        CKR_DATA_LEN_RANGE,
        CKR_FUNCTION_FAILED,
        CKR_GENERAL_ERROR,
    ];
    REFUSALS.iter().any(|code| failure.is(*code))
}

fn derive(session: &Session<'_>, key: CK_OBJECT_HANDLE, point: &[u8], length: usize) -> Outcome<Secret> {
    let mechanism = Mechanism { kind: CKM_ECDH1_DERIVE, parameters: Parameters::Ecdh(point) };
    derive_value(session, &mechanism, key, length)
}

/// Derives a secret and takes it out of the token.
pub(super) fn derive_value(
    session: &Session<'_>,
    mechanism: &Mechanism<'_>,
    key: CK_OBJECT_HANDLE,
    length: usize,
) -> Outcome<Secret> {
    let functions = session.functions();
    let template = Template::new().flag(CKA_TOKEN, false).number(CKA_VALUE_LEN, length as CK_ULONG);
    let template = match mechanism.kind {
        // Tokens that keep what is derived from a sensitive key to themselves (NSS) give it out as data.
        CKM_HKDF_DATA => template.number(CKA_CLASS, CKO_DATA),
        _ => template
            .number(CKA_CLASS, CKO_SECRET_KEY)
            .number(CKA_KEY_TYPE, CKK_GENERIC_SECRET)
            .flag(CKA_SENSITIVE, false)
            .flag(CKA_EXTRACTABLE, true),
    };
    let _reading = session.connection().reading_store();
    let derived = functions.derive_key(session.handle(), mechanism, key, &template)?;
    take_value(session, "C_DeriveKey", derived, length)
}

/// Takes the value of a secret, which `function` has made in the session, out of the token.
pub(super) fn take_value(
    session: &Session<'_>,
    function: &'static str,
    object: CK_OBJECT_HANDLE,
    length: usize,
) -> Outcome<Secret> {
    let functions = session.functions();
    let mut secret = Secret::new(vec![0; length]);
    let read = functions.read_attribute(session.handle(), object, CKA_VALUE, &mut secret);
    // Whatever came of it; a session object that cannot be destroyed ends with its session.
    let _ = functions.destroy_object(session.handle(), object);
    match read? {
        actual if actual == length => Ok(secret),
        actual => Err(nonsense(function, format_args!("gave {actual} bytes, where there are {length}"))),
    }
}
