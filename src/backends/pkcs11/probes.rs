//! What a token can make, where its mechanisms do not say: found out by making it.

use cryptoki_sys::*;

use super::connection::Session;
use super::errors::{Failure, Outcome};
use super::function_list::Work;
use super::key;
use super::key_kinds::{Curve, Kind, Shape};
use super::keys::discard;
use super::mechanism::{Mechanism, Parameters};
use super::signature;
use super::template::Template;

/// For how long the objects that a probe makes would last, were they not destroyed at once.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Probe {
    /// A session: a token that makes no session objects cannot be asked.
    Session,
    /// The token, where it makes no session objects.
    Token,
}

/// In which form a token takes a curve, `None` where it does not have it. One that cannot be asked is believed to have it.
pub(super) fn curve(session: &Session<'_>, curve: &'static Curve, probe: Probe) -> Outcome<Option<&'static [u8]>> {
    let (kind, usual) = (Kind::Ec(curve), curve.parameters.first().copied());
    if curve.is_everywhere() {
        return Ok(usual);
    }
    let mechanisms = session.connection().capabilities().mechanisms(session)?;
    if mechanisms.offer(kind.generation().kind, CKF_GENERATE_KEY_PAIR, kind).is_err() {
        return Ok(usual);
    }
    // Makes the key pair and cannot read its own encoding of a point longer than 127 bytes.
    if session.connection().token().tpm2_pkcs11 && curve.length() > 63 {
        return Ok(None);
    }
    let _reading = session.connection().reading_store();
    match takes_curve(session, curve, false)? {
        None if makes_session_objects(session)? => Ok(None),
        None if probe == Probe::Token => takes_curve(session, curve, true),
        None => Ok(usual),
        found => Ok(found),
    }
}

/// True where EdDSA takes a context.
pub(super) fn takes_contexts(session: &Session<'_>) -> Outcome<bool> {
    let with = |context| Parameters::Eddsa { prehash: false, context };
    tells_apart(session, [with(b"1"), with(b"2")])
}

/// True where EdDSA hashes the message when it is told to.
pub(super) fn takes_prehash(session: &Session<'_>) -> Outcome<bool> {
    let with = |prehash| Parameters::Eddsa { prehash, context: b"1" };
    tells_apart(session, [with(false), with(true)])
}

/// True where EdDSA looks at its parameters: its signatures have no random numbers, so that two of one message are the same
/// only where they were not looked at (SoftHSM 2.6). A token that cannot be asked is believed.
fn tells_apart(session: &Session<'_>, ways: [Parameters<'_>; 2]) -> Outcome<bool> {
    let _reading = session.connection().reading_store();
    for curve in Curve::all().iter().filter(|curve| curve.shape() == Shape::Edwards) {
        for parameters in curve.parameters {
            let kind = Kind::Ec(curve);
            let private = Template::new().flag(CKA_TOKEN, false).flag(CKA_PRIVATE, true).flag(CKA_SIGN, true);
            let public = Template::new().flag(CKA_TOKEN, false).bytes(CKA_EC_PARAMS, parameters);
            let made = session.functions().generate_key_pair(session.handle(), &kind.generation(), &public, &private);
            let Some((public, private)) = unless_refused(made)? else { continue };
            let signatures = ways.map(|way| sign_so(session, kind, private, way));
            discard(session, &[private, public]);
            let [first, second] = signatures;
            return Ok(matches!((first?, second?), (Some(first), Some(second)) if first != second));
        }
    }
    Ok(true)
}

fn sign_so(
    session: &Session<'_>,
    kind: Kind,
    key: CK_OBJECT_HANDLE,
    parameters: Parameters<'_>,
) -> Outcome<Option<Vec<u8>>> {
    let mechanism = Mechanism { kind: CKM_EDDSA, parameters };
    let mut signature = vec![0; signature::signature_length(kind)];
    let made = key::whole(session, key, Work::Sign, &mechanism, &[], &mut signature);
    Ok(unless_refused(made)?.map(|_| signature))
}

fn makes_session_objects(session: &Session<'_>) -> Outcome<bool> {
    match Curve::all().iter().find(|curve| curve.is_everywhere()) {
        Some(p256) => Ok(takes_curve(session, p256, false)?.is_some()),
        None => Ok(true),
    }
}

/// The first form of a curve in which a key pair can be made.
fn takes_curve(session: &Session<'_>, curve: &'static Curve, lasting: bool) -> Outcome<Option<&'static [u8]>> {
    let private = Template::new().flag(CKA_TOKEN, lasting).flag(CKA_PRIVATE, true).flag(CKA_SENSITIVE, true);
    for parameters in curve.parameters {
        let public = Template::new().flag(CKA_TOKEN, lasting).bytes(CKA_EC_PARAMS, parameters);
        let generation = Kind::Ec(curve).generation();
        let made = session.functions().generate_key_pair(session.handle(), &generation, &public, &private);
        if let Some((public, private)) = unless_refused(made)? {
            discard(session, &[private, public]);
            return Ok(Some(parameters));
        }
    }
    Ok(None)
}

/// True where a secret key of this kind can be made or brought in.
pub(super) fn makes_secret(session: &Session<'_>, kind: Kind) -> Outcome<bool> {
    let _reading = session.connection().reading_store();
    let (functions, handle) = (session.functions(), session.handle());
    let (value, length) = (vec![1; kind.bits() / 8], (kind.bits() / 8) as CK_ULONG);
    for lasting in [false, true] {
        let template = || {
            Template::new()
                .number(CKA_CLASS, kind.class())
                .number(CKA_KEY_TYPE, kind.key_type())
                .flag(CKA_TOKEN, lasting)
                .flag(CKA_PRIVATE, true)
        };
        let generated = template().number(CKA_VALUE_LEN, length);
        let mut made = unless_refused(functions.generate_key(handle, &kind.generation(), &generated))?;
        if made.is_none() {
            made = unless_refused(functions.create_object(handle, &template().bytes(CKA_VALUE, &value)))?;
        }
        if let Some(object) = made {
            discard(session, &[object]);
            return Ok(true);
        }
    }
    Ok(false)
}

/// Tokens have many words for what they do not make.
fn unless_refused<T>(made: Outcome<T>) -> Outcome<Option<T>> {
    match made {
        Ok(made) => Ok(Some(made)),
        Err(failure @ Failure::Settled(_)) => Err(failure),
        Err(failure) if failure.lost_connection() => Err(failure),
        Err(_) => Ok(None),
    }
}
