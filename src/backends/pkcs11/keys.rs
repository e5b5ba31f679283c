//! Making and destroying keys (PSA 1.5, section 9.7).

use cryptoki::object::Attribute;
use cryptoki_sys::{CK_OBJECT_HANDLE, CK_ULONG, CKR_FUNCTION_FAILED, CKR_GENERAL_ERROR};

use super::Pkcs11Backend;
use super::connection::Session;
use super::errors::{Failure, Outcome};
use super::key_kinds::Kind;
use super::objects;
use super::public_key;
use super::reference::Reference;
use crate::backends::{Created, Naming, Presence};
use crate::cause;
use crate::fail;
use crate::psa::{Attributes, Error, Result, Usage};

/// How often a token with a fragile store is asked to make a key.
const MOST_ATTEMPTS: usize = 5;
/// 65537, big-endian.
const PUBLIC_EXPONENT: [u8; 3] = [1, 0, 1];

/// What the two objects of a key pair are made from.
struct Templates {
    public: Vec<Attribute>,
    private: Vec<Attribute>,
}

impl Pkcs11Backend {
    /// Generates a key pair: a token object with the reserved reference, or a session object with a fresh one.
    pub(super) fn generate_pair(&self, attributes: &Attributes, naming: Naming<'_>) -> Result<Created> {
        let Some(kind) = Kind::of(attributes.key_type, attributes.bits) else {
            return fail!(
                NotSupported,
                "keys of type {:#06x} with {} bits are not made in tokens",
                attributes.key_type.0,
                attributes.bits
            );
        };
        let reference = match attributes.lifetime.is_volatile() {
            true => Reference::fresh(false)?,
            false => Reference::reserved(naming.reference)?,
        };
        let templates = templates(kind, attributes, naming.namespace, &reference);
        let mut attempts = 0;
        let public_key = self.device.with_session(|session| {
            loop {
                // An attempt that failed may have made it all the same.
                if attempts > 0 {
                    objects::destroy(session, &reference)?;
                }
                attempts += 1;
                match generate_once(session, kind, &reference, &templates) {
                    Err(failure) if attempts < MOST_ATTEMPTS && may_pass(session, &failure) => cause::clear(),
                    answer => return answer,
                }
            }
        })?;
        Ok(Created { context: reference.to_context(), public_key, bits: kind.bits() })
    }

    /// Destroys a key; `DOES_NOT_EXIST` where it is no longer there.
    pub(super) fn destroy_key(&self, context: &[u8]) -> Result<()> {
        let reference = Reference::from_context(context)?;
        let mut destroyed = 0;
        self.device.with_session(|session| {
            // A session object that this connection does not know has ended with another one.
            if !reference.persistent() && session.connection().known_handle(&reference).is_none() {
                return Err(objects::absent(session, &reference));
            }
            destroyed += objects::destroy(session, &reference)?;
            if destroyed == 0 { Err(objects::absent(session, &reference)) } else { Ok(()) }
        })
    }

    /// Looks for what an interrupted creation or destruction left, and destroys it where `remove` is set.
    pub(super) fn resolve_reference(&self, reference: &[u8], remove: bool) -> Result<Presence> {
        let reference = Reference::reserved(reference)?;
        let mut present = false;
        self.device.with_session(|session| {
            present |= match remove {
                true => objects::destroy(session, &reference)? > 0,
                false => objects::any(session, &reference)?,
            };
            Ok(if present { Presence::Present } else { Presence::Absent })
        })
    }
}

/// True where a token with a fragile store may have failed only because somebody else was in it.
fn may_pass(session: &Session<'_>, failure: &Failure) -> bool {
    let passing = failure.is(CKR_GENERAL_ERROR)
        || failure.is(CKR_FUNCTION_FAILED)
        || failure.lost_object()
        || *failure == Failure::Settled(Error::HardwareFailure);
    passing && session.connection().token().fragile_store
}

/// Makes the pair and returns its public part.
fn generate_once(session: &Session<'_>, kind: Kind, reference: &Reference, templates: &Templates) -> Outcome<Vec<u8>> {
    let functions = session.functions();
    let _changing = session.connection().changing_store(reference);
    let (public, private) =
        functions.generate_key_pair(session.handle(), &kind.generation(), &templates.public, &templates.private)?;
    match public_key::read(session, kind, public) {
        Ok(public_key) => {
            session.made(reference, private);
            Ok(public_key)
        }
        Err(failure) => {
            discard(session, [private, public]);
            Err(failure)
        }
    }
}

/// A key whose public part cannot be had is of no use. The reason for that is what matters, not how this ends.
fn discard(session: &Session<'_>, objects: [CK_OBJECT_HANDLE; 2]) {
    for object in objects {
        let _ = session.functions().destroy_object(session.handle(), object);
    }
}

fn templates(kind: Kind, attributes: &Attributes, namespace: &str, reference: &Reference) -> Templates {
    let label = format!("parsec:{namespace}:{}", attributes.id.0).into_bytes();
    let common =
        [Attribute::Token(reference.persistent()), Attribute::Id(reference.id().to_vec()), Attribute::Label(label)];
    let permits = |usage: Usage| attributes.usage.intersects(usage);
    let signs = permits(Usage::SIGN_HASH.union(Usage::SIGN_MESSAGE));
    let verifies = signs || permits(Usage::VERIFY_HASH.union(Usage::VERIFY_MESSAGE));
    let decrypts = permits(Usage::DECRYPT);
    let mut public = common.to_vec();
    public.extend([
        Attribute::Private(false),
        Attribute::Verify(verifies),
        Attribute::Encrypt(decrypts || permits(Usage::ENCRYPT)),
        Attribute::Wrap(false),
    ]);
    public.extend(match kind {
        Kind::Ec(curve) => vec![Attribute::EcParams(curve.parameters.to_vec())],
        Kind::Rsa(bits) => {
            vec![Attribute::ModulusBits((bits as CK_ULONG).into()), Attribute::PublicExponent(PUBLIC_EXPONENT.to_vec())]
        }
    });
    let mut private = common.to_vec();
    // What is not said is for the token to choose, and it may choose generously.
    private.extend([
        Attribute::Private(true),
        Attribute::Sensitive(true),
        Attribute::Extractable(permits(Usage::EXPORT)),
        Attribute::Sign(signs),
        Attribute::Decrypt(decrypts),
        Attribute::Derive(permits(Usage::DERIVE)),
        Attribute::Unwrap(false),
    ]);
    Templates { public, private }
}
