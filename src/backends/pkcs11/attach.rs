//! Keys that somebody else has made in the token: found by a URI or a label, used, never owned (PSA 1.5, section 9.9.1).

use std::fmt;

use cryptoki::object::{Attribute, AttributeType};
use cryptoki_sys::*;

use super::Pkcs11Backend;
use super::adopted::{self, Adopted};
use super::connection::Session;
use super::errors::{Failure, Outcome, nonsense};
use super::key_kinds::Kind;
use super::reference::Reference;
use super::templates::Policy;
use super::{mechanisms, public_part};
use crate::backends::{Attached, Created};
use crate::cause;
use crate::config::uri::{self, ObjectSelector, Pkcs11Uri};
use crate::fail;
use crate::psa::{Attributes, Error, KeyType, Result};

/// More keys of one name are not looked at.
const MOST_CANDIDATES: usize = 16;

/// An object that may be meant.
#[derive(Clone, Copy)]
pub(super) struct Candidate {
    pub handle: CK_OBJECT_HANDLE,
    pub class: uri::ObjectClass,
}

impl Pkcs11Backend {
    /// Finds the key that a URI or a label names, and finds out what it is.
    pub(super) fn attach_key(&self, attributes: &Attributes, label: &[u8]) -> Result<Attached> {
        let wanted = selector(label)?;
        self.device.with_session(|session| {
            let token = session.connection().token();
            if !token.matches(&wanted.token) {
                return Ok(fail!(DoesNotExist, "the URI names another token than this backend's, which is {token}")?);
            }
            let found = the_one(session, attributes, &wanted.object)?;
            let key = describe(session, found, attributes.key_type)?;
            let Some(kind) = Kind::of(key.key_type, key.bits) else {
                return Ok(fail!(
                    NotSupported,
                    "keys of type {} with {} bits are not used in tokens",
                    key.key_type,
                    key.bits
                )?);
            };
            check_rights(session, found, &Policy::new(kind, attributes))?;
            mechanisms::check_use(session, kind, attributes)?;
            let (key_type, bits, public_key) = (key.key_type, key.bits, key.public_key.clone());
            let reference = Reference::adopted(key);
            session.connection().remember(reference.clone(), found.handle);
            Ok(Attached { key_type, created: Created { context: reference.to_context(), public_key, bits } })
        })
    }
}

/// Finds the object of an adopted key again, with a new connection or in another process.
pub(super) fn find_again(session: &Session<'_>, reference: &Reference, known: &Adopted) -> Outcome<CK_OBJECT_HANDLE> {
    let handles = {
        let _reading = session.connection().reading_store();
        let wanted = reference.search(known.class());
        session.find_objects::<MOST_CANDIDATES>(&wanted)?
    };
    if handles.is_empty() {
        session.require_login()?;
    }
    for handle in &handles {
        let candidate = Candidate { handle: *handle, class: known.class };
        match describe(session, candidate, known.key_type) {
            Ok(found) if known.is_same(&found) => return Ok(*handle),
            Err(failure) if failure.lost_connection() => return Err(failure),
            // Another key of this name; why it cannot be read does not matter.
            Ok(_) | Err(_) => cause::clear(),
        }
    }
    let token = session.connection().token();
    let text = match handles.is_empty() {
        true => format_args!("token {token} has no key {reference} (any more)"),
        false => format_args!("the key {reference} in token {token} is not the one that was attached"),
    };
    Err(cause::of(Error::DoesNotExist, text).into())
}

/// What a URI or a plain label names.
fn selector(label: &[u8]) -> Result<Pkcs11Uri> {
    if label.is_empty() {
        return fail!(InvalidArgument, "the label of a key in a token is its CKA_LABEL or a PKCS#11 URI, not empty");
    }
    if !Pkcs11Uri::is_uri(label) {
        let object = ObjectSelector { label: Some(label.to_vec()), ..ObjectSelector::default() };
        return Ok(Pkcs11Uri { object, ..Pkcs11Uri::default() });
    }
    let parsed = str::from_utf8(label).map_err(|_| "it must be UTF-8").and_then(Pkcs11Uri::parse);
    match parsed {
        Ok(uri) if uri.object == ObjectSelector::default() => {
            fail!(InvalidArgument, "the URI names no key: it has neither object nor id nor type")
        }
        Ok(uri) if uri.object.class == Some(uri::ObjectClass::Public) => {
            fail!(NotSupported, "public keys are used in software: read it with another tool, and import it")
        }
        Ok(uri) => Ok(uri),
        Err(mistake) => fail!(InvalidArgument, "the URI of the key: {mistake} (RFC 7512)"),
    }
}

/// The only object of this name, of the class that the URI or the type in the attributes says.
fn the_one(session: &Session<'_>, attributes: &Attributes, wanted: &ObjectSelector) -> Outcome<Candidate> {
    let by_type = match attributes.key_type {
        KeyType::NONE => None,
        key_type if key_type.is_asymmetric() => Some(uri::ObjectClass::Private),
        _ => Some(uri::ObjectClass::Secret),
    };
    let classes = match wanted.class.or(by_type) {
        Some(class) => &[class][..],
        None => &[uri::ObjectClass::Private, uri::ObjectClass::Secret],
    };
    let found = candidates(session, wanted, classes)?;
    match found.as_slice() {
        [only] => Ok(*only),
        [] => {
            session.require_login()?;
            let others = candidates(session, &ObjectSelector::default(), classes)?;
            let (token, others) = (session.connection().token(), Listed::of(session, &others)?);
            let text = format_args!("token {token} has no key {wanted}; {others}");
            Err(cause::of(Error::DoesNotExist, text).into())
        }
        several => {
            let (token, several) = (session.connection().token(), Listed::of(session, several)?);
            let text = format_args!("token {token} has several keys {wanted}; {several}");
            Err(cause::of(Error::InvalidArgument, text).into())
        }
    }
}

fn candidates(session: &Session<'_>, wanted: &ObjectSelector, classes: &[uri::ObjectClass]) -> Outcome<Vec<Candidate>> {
    let _reading = session.connection().reading_store();
    let mut found = Vec::new();
    for class in classes {
        let mut template = vec![Attribute::Token(true), Attribute::Class(adopted::class(*class))];
        template.extend(wanted.id.clone().map(Attribute::Id));
        template.extend(wanted.label.clone().map(Attribute::Label));
        let handles = session.find_objects::<MOST_CANDIDATES>(&template)?;
        found.extend(handles.into_iter().map(|handle| Candidate { handle, class: *class }));
    }
    Ok(found)
}

/// Keys in a token, for messages.
struct Listed(Vec<ObjectSelector>);

impl Listed {
    fn of(session: &Session<'_>, objects: &[Candidate]) -> Outcome<Self> {
        let described = objects.iter().map(|object| {
            let attribute = |kind| session.functions().attribute_if_any(session.handle(), object.handle, kind);
            let present = |value: Option<Vec<u8>>| value.filter(|value| !value.is_empty());
            let id = present(attribute(AttributeType::Id)?);
            let label = present(attribute(AttributeType::Label)?);
            Ok(ObjectSelector { label, id, class: Some(object.class) })
        });
        described.collect::<Outcome<_>>().map(Self)
    }
}

impl fmt::Display for Listed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some((last, others)) = self.0.split_last() else { return formatter.write_str("it shows no key at all") };
        formatter.write_str("it shows ")?;
        others.iter().try_for_each(|object| write!(formatter, "{object}, "))?;
        write!(formatter, "{last}{}", if self.0.len() < MOST_CANDIDATES { "" } else { " and perhaps more" })
    }
}

/// Finds out what a key is. `wanted` is the type that the application expects, `NONE` for any.
pub(super) fn describe(session: &Session<'_>, object: Candidate, wanted: KeyType) -> Outcome<Adopted> {
    let functions = session.functions();
    let attribute = |kind| functions.attribute_if_any(session.handle(), object.handle, kind);
    let optional = |kind| attribute(kind).map(Option::unwrap_or_default);
    let (key_type, bits) = type_and_size(session, object, wanted)?;
    let id = optional(AttributeType::Id)?;
    let label = match is_unique(session, &id, object.class)? {
        true => None,
        false => Some(optional(AttributeType::Label)?),
    };
    let secret = object.class == uri::ObjectClass::Secret;
    let check_value = if secret { optional(AttributeType::CheckValue)? } else { Vec::new() };
    let always_authenticate = truth(&attribute(AttributeType::AlwaysAuthenticate)?) == Some(true);
    let public_key = match Kind::of(key_type, bits) {
        Some(kind) if !secret => {
            let owner = public_part::Owner { object: object.handle, id: &id, kind, silent: !always_authenticate };
            public_part::find(session, &owner)?
        }
        _ => Vec::new(),
    };
    let token = Adopted::name_of(session.connection().token());
    let class = object.class;
    Ok(Adopted { class, id, label, token, key_type, bits, public_key, check_value, always_authenticate })
}

/// True where no other object of its class has this identifier.
fn is_unique(session: &Session<'_>, id: &[u8], class: uri::ObjectClass) -> Outcome<bool> {
    if id.is_empty() {
        return Ok(false);
    }
    let wanted = ObjectSelector { id: Some(id.to_vec()), ..ObjectSelector::default() };
    Ok(candidates(session, &wanted, &[class])?.len() == 1)
}

/// PSA's type and size of a key from its `CKA_KEY_TYPE` and what goes with it.
fn type_and_size(session: &Session<'_>, object: Candidate, wanted: KeyType) -> Outcome<(KeyType, usize)> {
    let attribute = |kind| session.functions().attribute(session.handle(), object.handle, kind);
    let number = |value: Vec<u8>| number(&value);
    let key_type = number(attribute(AttributeType::KeyType)?)?;
    let length = || Ok::<_, Failure>(8 * number(attribute(AttributeType::ValueLen)?)? as usize);
    let known = match key_type {
        CKK_RSA => Some((KeyType::RSA_KEY_PAIR, public_part::bit_length(&attribute(AttributeType::Modulus)?))),
        CKK_EC | CKK_EC_EDWARDS | CKK_EC_MONTGOMERY => Kind::of_curve(&attribute(AttributeType::EcParams)?),
        CKK_AES => Some((KeyType::AES, length()?)),
        CKK_CHACHA20 => Some((KeyType::CHACHA20, length()?)),
        // PSA has several types for what is only bytes to the token.
        CKK_GENERIC_SECRET if wanted == KeyType::DERIVE => Some((KeyType::DERIVE, length()?)),
        CKK_GENERIC_SECRET | CKK_SHA_1_HMAC | CKK_SHA224_HMAC | CKK_SHA256_HMAC | CKK_SHA384_HMAC | CKK_SHA512_HMAC => {
            Some((KeyType::HMAC, length()?))
        }
        _ => None,
    };
    match known {
        Some((_, bits)) if bits > 1 << 16 => {
            Err(nonsense("C_GetAttributeValue", format_args!("claims a key of {bits} bits")))
        }
        Some(known) => Ok(known),
        None => {
            Ok(fail!(NotSupported, "the key is of a type (CKA_KEY_TYPE {key_type:#x}) or curve that is not known")?)
        }
    }
}

/// The value of an attribute that is a number.
fn number(value: &[u8]) -> Outcome<CK_ULONG> {
    match value.try_into() {
        Ok(bytes) => Ok(CK_ULONG::from_ne_bytes(bytes)),
        Err(_) => Err(nonsense("C_GetAttributeValue", format_args!("gave a number of {} bytes", value.len()))),
    }
}

/// The value of an attribute that is a truth; `None` where the object does not have it.
fn truth(value: &Option<Vec<u8>>) -> Option<bool> {
    value.as_ref().map(|value| value.first().is_some_and(|byte| *byte != CK_FALSE))
}

/// `NOT_PERMITTED` where the object is not for this usage. What it does not say is for its operations to find out.
fn check_rights(session: &Session<'_>, object: Candidate, policy: &Policy) -> Outcome<()> {
    let has = |kind| {
        let value = session.functions().attribute_if_any(session.handle(), object.handle, kind)?;
        Ok::<_, Failure>(truth(&value))
    };
    for (kind, _) in policy.needed().into_iter().filter(|(_, needed)| *needed) {
        if has(kind)? == Some(false) {
            return Ok(fail!(NotPermitted, "the key in the token is not for this usage: its {kind} is false")?);
        }
    }
    if policy.exports && has(AttributeType::Sensitive)? == Some(true) {
        return Ok(fail!(NotPermitted, "the key in the token does not leave it: its CKA_SENSITIVE is true")?);
    }
    Ok(())
}
