//! Making and destroying keys (PSA 1.5, section 9.9).

use cryptoki::object::ObjectClass;
use cryptoki_sys::*;

use super::Pkcs11Backend;
use super::connection::Session;
use super::errors::{Failure, Outcome};
use super::export;
use super::key_kinds::Kind;
use super::mechanisms;
use super::objects;
use super::public_key;
use super::reference::Reference;
use super::templates::{Draft, Material, Policy};
use super::unwrapping;
use crate::backends::{Created, Naming, Presence};
use crate::cause;
use crate::engines::Engine;
use crate::engines::native::Native;
use crate::psa::{Attributes, Error, Result, sizes};

/// How often a token with a fragile store is asked to make a key.
const MOST_ATTEMPTS: usize = 5;

impl Pkcs11Backend {
    /// Generates a key: token objects with the reserved reference, or session objects with a fresh one.
    pub(super) fn generate_key(&self, attributes: &Attributes, naming: Naming<'_>) -> Result<Created> {
        self.make(mechanisms::kind_of(attributes)?, attributes, naming, no_source, |session, draft, ()| {
            let (functions, handle, generation) = (session.functions(), session.handle(), draft.kind.generation());
            if draft.kind.is_secret() {
                let key = functions.generate_key(handle, &generation, &draft.own().with(&draft.generated()))?;
                session.made(draft.reference, key);
                return Ok(Vec::new());
            }
            let public = draft.public().with(&draft.generated());
            let (public, private) = functions.generate_key_pair(handle, &generation, &public, &draft.own())?;
            // A key whose public part cannot be had is of no use. The reason for that is what matters, not how this
            // ends.
            let public_key =
                public_key::read(session, draft.kind, public).inspect_err(|_| discard(session, &[private, public]))?;
            session.made(draft.reference, private);
            Ok(public_key)
        })
    }

    /// Brings a key into the token.
    pub(super) fn import_key(&self, attributes: &Attributes, naming: Naming<'_>, material: &[u8]) -> Result<Created> {
        let (key_type, bits) = (attributes.key_type, attributes.bits);
        let (material, bits) = Native.import(key_type, bits, material)?;
        let attributes = Attributes { bits, ..*attributes };
        let kind = mechanisms::kind_of(&attributes)?;
        let public_key = if kind.is_secret() { Vec::new() } else { public_part(&attributes, &material)? };
        self.make(kind, &attributes, naming, no_source, |session, draft, ()| {
            let parts = Material::new(draft, &material, &public_key)?;
            let functions = session.functions();
            let (own, unwrapped) = match functions.create_object(session.handle(), &draft.own().with(&parts.secret())) {
                Err(refusal) if unwrapping::may_help(&refusal) => {
                    (unwrapping::bring_in(session, draft, (&material, &public_key), refusal)?, true)
                }
                answer => (answer?, false),
            };
            if !kind.is_secret() {
                match functions.create_object(session.handle(), &draft.public().with(&parts.public())) {
                    // A token that takes no object at all: the public part is in the key store too.
                    Err(refusal) if unwrapped && unwrapping::may_help(&refusal) => {}
                    answer => answer.map(drop).inspect_err(|_| discard(session, &[own]))?,
                }
            }
            session.made(draft.reference, own);
            Ok(public_key.clone())
        })
    }

    /// Copies a key of ours within the token.
    pub(super) fn copy_key(&self, attributes: &Attributes, naming: Naming<'_>, source: &Reference) -> Result<Created> {
        let kind = mechanisms::kind_of(attributes)?;
        let objects = |session: &Session<'_>| {
            let public = match kind.is_secret() {
                true => None,
                false => match objects::the_only(session, source, ObjectClass::PUBLIC_KEY) {
                    // It was brought into a token that takes no public objects.
                    Err(Failure::Settled(Error::DoesNotExist)) => {
                        cause::clear();
                        None
                    }
                    found => Some(found?),
                },
            };
            Ok((objects::private_key(session, source)?, public))
        };
        self.make(kind, attributes, naming, objects, |session, draft, (own, public)| {
            let functions = session.functions();
            let copied = match functions.copy_object(session.handle(), own, &draft.copied()) {
                // What is said already may not be said again.
                Err(failure) if refuses_template(&failure) => {
                    functions.copy_object(session.handle(), own, &draft.renamed())?
                }
                answer => answer?,
            };
            let read = public.map_or(Ok(Vec::new()), |public| {
                functions.copy_object(session.handle(), public, &draft.renamed())?;
                public_key::read(session, kind, public)
            });
            let public_key = read.inspect_err(|_| discard(session, &[copied]))?;
            session.made(draft.reference, copied);
            Ok(public_key)
        })
    }

    /// Makes a key under its reference, more than once where the token may fail by accident. `source` finds what it is made
    /// of, each time with the connection in which it is made: handles of an earlier one may be other objects' by now.
    pub(super) fn make<S: Copy>(
        &self,
        kind: Kind,
        attributes: &Attributes,
        naming: Naming<'_>,
        mut source: impl FnMut(&Session<'_>) -> Outcome<S>,
        mut once: impl FnMut(&Session<'_>, &Draft<'_>, S) -> Outcome<Vec<u8>>,
    ) -> Result<Created> {
        let reference = match attributes.lifetime.is_volatile() {
            true => Reference::fresh(false)?,
            false => Reference::reserved(naming.reference)?,
        };
        let label = format!("parsec:{}:{}", naming.namespace, attributes.id.0);
        let mut attempts = 0;
        let public_key = self.device.with_session(|session| {
            let (capabilities, token) = (session.connection().capabilities(), session.connection().token());
            let mut policy = Policy::new(kind, attributes);
            if token.keeps_allowed_mechanisms() && capabilities.takes_allowed_mechanisms(reference.persistent()) {
                policy = policy.restricted(mechanisms::used(session, kind, attributes)?);
            }
            let mut draft = Draft {
                kind,
                reference: &reference,
                label: label.as_bytes(),
                policy: if token.tpm2_pkcs11 { policy.tied(kind) } else { policy },
                parameters: parameters(session, kind)?,
            };
            // Before the store is held.
            let source = source(session)?;
            let restricted = !draft.policy.allowed.is_empty();
            loop {
                // An attempt that failed may have made it all the same.
                if attempts > 0 {
                    objects::destroy(session, &reference)?;
                }
                attempts += 1;
                let made = objects::changing(session, &reference).and_then(|_changing| once(session, &draft, source));
                match made {
                    Err(failure) if attempts < MOST_ATTEMPTS && may_pass(session, &failure) => cause::clear(),
                    // Not every token takes the mechanisms that the policy allows; PSA keeps it all the same.
                    Err(failure) if !draft.policy.allowed.is_empty() && refuses_template(&failure) => {
                        draft.policy.allowed.clear();
                        cause::clear();
                    }
                    Ok(public_key) => {
                        if draft.policy.exports
                            && let Err(failure) = export::check(session, &reference)
                        {
                            // The reason is what matters, not how this ends.
                            let _ = objects::destroy(session, &reference);
                            return Err(failure);
                        }
                        if restricted && draft.policy.allowed.is_empty() {
                            capabilities.refuses_allowed_mechanisms(reference.persistent());
                        }
                        return Ok(public_key);
                    }
                    Err(failure) if draft.policy.exports && refuses_values(&failure) => {
                        return export::unexportable(session).map_err(|verdict| verdict.after(failure));
                    }
                    Err(failure) if refuses_template(&failure) && !reference.persistent() => {
                        let text = "a volatile key is a session object, and the token may make none like it";
                        return Err(cause::of(failure.settle(), format_args!("{text}")).into());
                    }
                    Err(failure) => return Err(failure),
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

/// A key that is made of nothing that is in the token.
fn no_source(_session: &Session<'_>) -> Outcome<()> {
    Ok(())
}

/// True where a token may not have liked an attribute. NSS calls one that it does not know a general error.
pub(super) fn refuses_template(failure: &Failure) -> bool {
    const REFUSALS: [CK_RV; 7] = [
        CKR_ATTRIBUTE_TYPE_INVALID,
        CKR_ATTRIBUTE_VALUE_INVALID,
        CKR_ATTRIBUTE_READ_ONLY,
        CKR_TEMPLATE_INCONSISTENT,
        CKR_ARGUMENTS_BAD,
        CKR_FUNCTION_FAILED,
        CKR_GENERAL_ERROR,
    ];
    REFUSALS.iter().any(|code| failure.is(*code))
}

/// True where a token says that an attribute may not have its value.
fn refuses_values(failure: &Failure) -> bool {
    [CKR_ATTRIBUTE_VALUE_INVALID, CKR_TEMPLATE_INCONSISTENT].iter().any(|code| failure.is(*code))
}

/// The public part of a key that is brought in.
fn public_part(attributes: &Attributes, material: &[u8]) -> Result<Vec<u8>> {
    let (key_type, bits) = (attributes.key_type, attributes.bits);
    let mut public_key = vec![0; sizes::export_public_key_output_size(key_type, bits)];
    let length = Native.prepare(key_type, bits, material)?.public_key(&mut public_key)?;
    public_key.truncate(length);
    Ok(public_key)
}

/// `CKA_EC_PARAMS` as the token wants it; empty for keys that are on no curve.
fn parameters(session: &Session<'_>, kind: Kind) -> Outcome<&'static [u8]> {
    let Kind::Ec(curve) = kind else { return Ok(&[]) };
    let known = session.connection().capabilities().curve(session, curve)?;
    Ok(known.or(curve.parameters.first().copied()).unwrap_or_default())
}

/// True where a token with a fragile store may have failed only because somebody else was in it.
fn may_pass(session: &Session<'_>, failure: &Failure) -> bool {
    let passing =
        failure.says_nothing() || failure.lost_object() || *failure == Failure::Settled(Error::HardwareFailure);
    let token = session.connection().token();
    // Each attempt of tpm2-pkcs11 leaves a key in the TPM.
    passing && token.fragile_store && !token.tpm2_pkcs11
}

/// Destroys objects of which nothing is kept.
pub(super) fn discard(session: &Session<'_>, objects: &[CK_OBJECT_HANDLE]) {
    for object in objects {
        let _ = session.functions().destroy_object(session.handle(), *object);
    }
}
