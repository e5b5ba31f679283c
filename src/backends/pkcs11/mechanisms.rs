//! What the code can do, and what the token at hand can.

use cryptoki::mechanism::MechanismType;
use cryptoki_sys::{CK_FLAGS, CKF_GENERATE_KEY_PAIR, CKF_SIGN, CKF_WRITE_PROTECTED, CKR_MECHANISM_INVALID};

use super::Pkcs11Backend;
use super::connection::Session;
use super::errors::Outcome;
use super::key_kinds::Kind;
use super::signature;
use crate::engines::Function;
use crate::fail;
use crate::psa::{Algorithm, Attributes, KeyType, Result, Usage};

/// True where the code has a mechanism for it.
pub(super) fn supports(function: Function, key_type: KeyType, bits: usize, alg: Algorithm) -> bool {
    let fits = match function {
        Function::SignHash => alg.is_sign_hash(),
        Function::SignMessage => alg.is_sign_message(),
        _ => false,
    };
    fits && Kind::of(key_type, bits).is_some_and(|kind| signature::mechanism(kind, alg).is_some())
}

impl Pkcs11Backend {
    /// `NOT_SUPPORTED` with the reason where this backend or its token cannot hold such a key or do with it what its
    /// policy permits.
    pub(super) fn accepts_key(&self, attributes: &Attributes, imported: bool) -> Result<()> {
        let Some(kind) = Kind::of(attributes.key_type, attributes.bits) else {
            return fail!(
                NotSupported,
                "keys of type {:#06x} with {} bits are not kept in tokens",
                attributes.key_type.0,
                attributes.bits
            );
        };
        if imported {
            return fail!(NotSupported, "keys are generated in tokens, not imported into them");
        }
        check_usage(attributes.usage)?;
        let signing = signing_mechanism(kind, attributes)?;
        self.device.with_session(|session| {
            let token = session.connection().token();
            if token.has(CKF_WRITE_PROTECTED) && !attributes.lifetime.is_volatile() {
                return Ok(fail!(NotSupported, "token {token} is write-protected")?);
            }
            offers(session, kind.generation().mechanism_type(), CKF_GENERATE_KEY_PAIR, kind.bits())?;
            signing.map_or(Ok(()), |mechanism| offers(session, mechanism, CKF_SIGN, kind.bits()))
        })
    }
}

/// `NOT_SUPPORTED` where a key that is already in the token cannot be used there as its policy asks.
pub(super) fn check_use(session: &Session<'_>, kind: Kind, attributes: &Attributes) -> Outcome<()> {
    check_usage(attributes.usage)?;
    let signing = signing_mechanism(kind, attributes)?;
    signing.map_or(Ok(()), |mechanism| offers(session, mechanism, CKF_SIGN, kind.bits()))
}

fn check_usage(usage: Usage) -> Result<()> {
    if usage.contains(Usage::EXPORT) {
        return fail!(NotSupported, "a private key that may be exported is not kept in a token");
    }
    let other = Usage::ENCRYPT.union(Usage::DECRYPT).union(Usage::DERIVE).union(Usage::WRAP).union(Usage::UNWRAP);
    if usage.intersects(other) {
        return fail!(NotSupported, "keys in tokens only sign and verify; usage {:#x} asks for more", usage.0);
    }
    Ok(())
}

/// The mechanism that the key's policy asks for, if it permits to sign at all.
fn signing_mechanism(kind: Kind, attributes: &Attributes) -> Result<Option<MechanismType>> {
    if !attributes.usage.intersects(Usage::SIGN_HASH.union(Usage::SIGN_MESSAGE)) {
        return Ok(None);
    }
    let permitted = attributes.algorithm;
    // Any hash will do to see whether tokens know a scheme.
    let example = match permitted.get_hash() {
        Algorithm::ANY_HASH => Algorithm(permitted.0 & !0xff | Algorithm::SHA_256.0 & 0xff),
        _ => permitted,
    };
    match signature::mechanism(kind, example) {
        Some(mechanism) => Ok(Some(mechanism.mechanism_type())),
        None => fail!(NotSupported, "keys in tokens do not sign with algorithm {:#010x}", permitted.0),
    }
}

/// `NOT_SUPPORTED` unless the token has the mechanism for this purpose and size.
fn offers(session: &Session<'_>, mechanism: MechanismType, purpose: CK_FLAGS, bits: usize) -> Outcome<()> {
    let token = session.connection().token();
    let info = match session.functions().mechanism_info(token.slot, mechanism.into()) {
        Err(failure) if failure.is(CKR_MECHANISM_INVALID) => {
            return Ok(fail!(NotSupported, "token {token} does not offer {mechanism}")?);
        }
        answer => answer?,
    };
    if info.flags & purpose == 0 {
        return Ok(fail!(NotSupported, "token {token} does not offer {mechanism} for this purpose")?);
    }
    // Tokens that do not care leave both sizes 0.
    let (least, most) = (info.ulMinKeySize as usize, info.ulMaxKeySize as usize);
    if most != 0 && !(least..=most).contains(&bits) {
        return Ok(fail!(NotSupported, "token {token} offers {mechanism} from {least} to {most} bits, not {bits}")?);
    }
    Ok(())
}
