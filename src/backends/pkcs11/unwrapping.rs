//! Bringing keys into tokens that take none in clear (`C_CreateObject`), as the policies of many HSMs and FIPS modes have it.
//!
//! The token makes an RSA key pair for the time of the call, an AES key of ours is unwrapped with it, and the key that is
//! brought in with that.

use std::fmt;

use cryptoki_sys::*;

use super::connection::Session;
use super::errors::{Failure, Outcome};
use super::key_kinds::Kind;
use super::keys::{discard, refuses_template};
use super::mechanism::{Mechanism, Parameters, RsaHash};
use super::pkcs8;
use super::public_key;
use super::template::Template;
use super::templates::Draft;
use crate::core::key_wrapping::wrapped_length;
use crate::core::primitives::Direction;
use crate::engines::Engine;
use crate::engines::native::{Native, fill_random};
use crate::fail;
use crate::memory::{InOut, Secret};
use crate::psa::{Algorithm, Error, KeyType, Result};

/// The RSA key pair.
const TRANSPORT: Kind = Kind::Rsa(2048);
/// The AES key.
const WRAPPING: Kind = Kind::Aes(256);
/// The hashes of OAEP, the best first: some tokens know SHA-1 only, and OAEP does not need more of it.
const HASHES: [Algorithm; 2] = [Algorithm::SHA_256, Algorithm::SHA_1];
const BLOCK: usize = 16;

/// What the AES key unwraps with, the best first. `CKM_AES_KEY_WRAP_PAD` is KWP in some tokens, and the others see that the
/// data is not theirs.
const WAYS: [CK_MECHANISM_TYPE; 3] = [CKM_AES_KEY_WRAP_KWP, CKM_AES_KEY_WRAP_PAD, CKM_AES_CBC_PAD];

/// True where a token may have refused `C_CreateObject` because a key is not to come in clear.
pub(super) fn may_help(refusal: &Failure) -> bool {
    const PROHIBITIONS: [CK_RV; 9] = [
        CKR_FUNCTION_NOT_SUPPORTED,
        CKR_FUNCTION_REJECTED,
        CKR_ACTION_PROHIBITED,
        CKR_TEMPLATE_INCONSISTENT,
        CKR_ATTRIBUTE_VALUE_INVALID,
        CKR_ATTRIBUTE_READ_ONLY,
        CKR_ATTRIBUTE_SENSITIVE,
        CKR_ATTRIBUTE_TYPE_INVALID,
        CKR_KEY_FUNCTION_NOT_PERMITTED,
    ];
    PROHIBITIONS.iter().any(|code| refusal.is(*code))
}

/// Makes the private or secret key of a draft from its export format and public part.
///
/// `refusal` is what `C_CreateObject` said. It is the answer here too where it may be about attributes, and the token has no
/// way to unwrap a key.
pub(super) fn bring_in(
    session: &Session<'_>,
    draft: &Draft<'_>,
    (secret, public): (&[u8], &[u8]),
    refusal: Failure,
) -> Outcome<CK_OBJECT_HANDLE> {
    let content = match draft.kind.is_secret() {
        true => Some(Secret::new(secret.to_vec())),
        false => pkcs8::private_key_info(draft.kind, secret, public),
    };
    let ways = ways(session)?;
    let (Some(content), false) = (content, ways.is_empty()) else {
        return impossible(session, draft, refusal, format_args!("there is no way to unwrap one"));
    };
    let (public, private) = transport_pair(session)?;
    let made = with_pair(session, (public, private), |wrapping, key| {
        let unwrap = |content: &[u8], template: &Template<'_>| {
            attempts(&ways, |way| {
                let (vector, wrapped) = wrap(*way, key, content)?;
                let parameters = if *way == CKM_AES_CBC_PAD { Parameters::Vector(&vector) } else { Parameters::None };
                let mechanism = Mechanism { kind: *way, parameters };
                session.functions().unwrap_key(session.handle(), &mechanism, wrapping, &wrapped, template)
            })
        };
        match unwrap(&content, &draft.own()) {
            Err(failure) if lacks_kind(session, draft.kind, &content, &failure, unwrap) => {
                impossible(session, draft, refusal, format_args!("{failure}, which unwraps other keys"))
            }
            answer => answer,
        }
    });
    discard(session, &[private, public]);
    match made {
        Err(failure) if !refuses_template(&failure) && may_be_attributes(draft, &refusal) => Err(refusal),
        made => made,
    }
}

/// True where the token unwraps a key, and says nothing but that it failed with every one of this kind, whatever is said of
/// it. A token in trouble fails with the other one, too.
#[cold]
fn lacks_kind(
    session: &Session<'_>,
    kind: Kind,
    content: &[u8],
    failure: &Failure,
    unwrap: impl Fn(&[u8], &Template<'_>) -> Outcome<CK_OBJECT_HANDLE>,
) -> bool {
    let comes_in = |content: &[u8], kind: Kind| {
        let template = passing().number(CKA_CLASS, kind.class()).number(CKA_KEY_TYPE, kind.key_type());
        unwrap(content, &template).map(|key| discard(session, &[key]))
    };
    failure.says_nothing()
        && comes_in(content, kind).is_err_and(|failure| failure.says_nothing())
        && comes_in(&[0; BLOCK], Kind::Aes(128)).is_ok()
}

/// The mechanisms that the token has for it.
fn ways(session: &Session<'_>) -> Outcome<Vec<CK_MECHANISM_TYPE>> {
    let mechanisms = session.connection().capabilities().mechanisms(session)?;
    let offers = |way, purpose, kind| mechanisms.offer(way, purpose, kind).is_ok();
    let transports = offers(CKM_RSA_PKCS_OAEP, CKF_UNWRAP, TRANSPORT)
        && offers(TRANSPORT.generation().kind, CKF_GENERATE_KEY_PAIR, TRANSPORT);
    Ok(WAYS.into_iter().filter(|way| transports && offers(*way, CKF_UNWRAP, WRAPPING)).collect())
}

#[cold]
fn impossible<T>(session: &Session<'_>, draft: &Draft<'_>, refusal: Failure, why: fmt::Arguments<'_>) -> Outcome<T> {
    if may_be_attributes(draft, &refusal) {
        return Err(refusal);
    }
    let token = session.connection().token();
    Ok(fail!(NotSupported, "token {token} takes no such key from outside: {refusal}, and {why}")?)
}

/// True where a key may be taken without some attribute.
fn may_be_attributes(draft: &Draft<'_>, refusal: &Failure) -> bool {
    refuses_template(refusal) && (draft.policy.exports || !draft.policy.allowed.is_empty())
}

/// A key pair that is for unwrapping, as long as the call takes: public and private.
fn transport_pair(session: &Session<'_>) -> Outcome<(CK_OBJECT_HANDLE, CK_OBJECT_HANDLE)> {
    let public = Template::new()
        .flag(CKA_TOKEN, false)
        .flag(CKA_WRAP, true)
        .number(CKA_MODULUS_BITS, TRANSPORT.bits() as CK_ULONG)
        .bytes(CKA_PUBLIC_EXPONENT, &[1, 0, 1]);
    let private = passing().flag(CKA_UNWRAP, true);
    session.functions().generate_key_pair(session.handle(), &TRANSPORT.generation(), &public, &private)
}

/// A key that is in the token only for the time of the call, and stays there.
fn passing() -> Template<'static> {
    Template::new()
        .flag(CKA_TOKEN, false)
        .flag(CKA_PRIVATE, true)
        .flag(CKA_SENSITIVE, true)
        .flag(CKA_EXTRACTABLE, false)
}

/// Does work with an AES key that is in the token and in memory.
fn with_pair(
    session: &Session<'_>,
    (public, private): (CK_OBJECT_HANDLE, CK_OBJECT_HANDLE),
    work: impl FnOnce(CK_OBJECT_HANDLE, &[u8]) -> Outcome<CK_OBJECT_HANDLE>,
) -> Outcome<CK_OBJECT_HANDLE> {
    let mut key = Secret::new(vec![0; WRAPPING.bits() / 8]);
    fill_random(&mut key)?;
    let public = public_key::read(session, TRANSPORT, public)?;
    let template =
        passing().flag(CKA_UNWRAP, true).number(CKA_CLASS, WRAPPING.class()).number(CKA_KEY_TYPE, WRAPPING.key_type());
    let wrapping = attempts(&HASHES, |hash| {
        let wrapped = encrypt(*hash, &public, &key)?;
        let names = RsaHash::of(*hash).ok_or(Error::NotSupported)?;
        let mechanism = Mechanism { kind: CKM_RSA_PKCS_OAEP, parameters: Parameters::Oaep(names, &[]) };
        session.functions().unwrap_key(session.handle(), &mechanism, private, &wrapped, &template)
    })?;
    let done = work(wrapping, &key);
    discard(session, &[wrapping]);
    done
}

/// The first success, or the last failure. A lost connection is not tried further.
fn attempts<W, T>(ways: &[W], mut attempt: impl FnMut(&W) -> Outcome<T>) -> Outcome<T> {
    let mut answer = Err(Error::NotSupported.into());
    for way in ways {
        answer = attempt(way);
        match &answer {
            Err(failure) if !failure.lost_connection() => {}
            _ => break,
        }
    }
    answer
}

/// RSA-OAEP with the public key, by the engine.
fn encrypt(hash: Algorithm, public: &[u8], data: &[u8]) -> Result<Vec<u8>> {
    let bits = TRANSPORT.bits();
    let key = Native.prepare(KeyType::RSA_PUBLIC_KEY, bits, public)?;
    let mut encrypted = vec![0; bits / 8];
    let family = key.asymmetric_encryption().ok_or(Error::NotSupported)?;
    family.encrypt(Algorithm::rsa_oaep(hash), data, &[], &mut encrypted)?;
    Ok(encrypted)
}

/// Wraps with the AES key, by the engine: the initialization vector where there is one, and the wrapped key.
fn wrap(way: CK_MECHANISM_TYPE, key: &[u8], content: &[u8]) -> Result<([u8; BLOCK], Vec<u8>)> {
    let key = Native.prepare(KeyType::AES, WRAPPING.bits(), key)?;
    let mut vector = [0; BLOCK];
    if way != CKM_AES_CBC_PAD {
        let mut wrapped = vec![0; wrapped_length(Algorithm::KWP, content.len())?];
        key.key_wrap().ok_or(Error::NotSupported)?.wrap(Algorithm::KWP, content, &mut wrapped)?;
        return Ok((vector, wrapped));
    }
    fill_random(&mut vector)?;
    let mut wrapped = vec![0; content.len() / BLOCK * BLOCK + BLOCK];
    let cipher = key.cipher().ok_or(Error::NotSupported)?;
    let mut text = InOut::new(content, &mut wrapped);
    cipher.apply(Algorithm::CBC_PKCS7, Direction::Encrypt, &vector, &mut text)?;
    Ok((vector, wrapped))
}
