//! Which objects in a token a key store has made: their `CKA_ID` begins with what tells that store from others, which
//! may use the same token.

use cryptoki::object::{Attribute, AttributeType};
use cryptoki_sys::CK_OBJECT_HANDLE;

use super::Pkcs11Backend;
use super::connection::Session;
use super::errors::Outcome;
use super::objects::{self, CLASSES};
use super::reference::Reference;
use crate::backends::{OwnObject, Presence};
use crate::cause;
use crate::psa::{Error, Result};
use crate::store::StoreIdentity;

/// Bytes of a `CKA_ID` that tell the store; the others are random.
const OWNER: usize = 8;
/// Most objects of one class that are looked at.
const MOST: usize = 8192;

/// The `CKA_ID` of a new object, from random bytes.
pub(super) fn id(owner: &StoreIdentity, random: &[u8]) -> Vec<u8> {
    owner.iter().take(OWNER).chain(random.iter().skip(OWNER)).copied().collect()
}

impl Pkcs11Backend {
    /// The objects of keys that a store has made in a namespace, one for each key.
    pub(super) fn list_own_objects(&self, owner: &StoreIdentity, namespace: &str) -> Result<Vec<OwnObject>> {
        let prefix = format!("parsec:{namespace}:");
        self.device.with_session(|session| {
            let mut own: Vec<OwnObject> = Vec::new();
            for object in all(session)? {
                let Some((reference, label)) = examine(session, object, owner)? else { continue };
                let known = own.iter().any(|known| known.reference == reference.id());
                if label.starts_with(&prefix) && !known {
                    let context = reference.to_context();
                    own.push(OwnObject { reference: reference.id().to_vec(), context, label });
                }
            }
            session.require_login()?;
            Ok(own)
        })
    }

    /// Whether the token has any object of a key.
    pub(super) fn object_presence(&self, context: &[u8]) -> Result<Presence> {
        let reference = Reference::from_context(context)?;
        self.device.with_session(|session| {
            let present = objects::any(session, &reference)?;
            Ok(if present { Presence::Present } else { Presence::Absent })
        })
    }
}

fn all(session: &Session<'_>) -> Outcome<Vec<CK_OBJECT_HANDLE>> {
    let _alone = session.connection().alone_in_store()?;
    let mut found = Vec::new();
    for class in CLASSES {
        let wanted = [Attribute::Token(true), Attribute::Class(class)];
        let objects = session.find_objects::<MOST>(&wanted)?;
        if objects.len() == MOST {
            let text = format_args!("more than {MOST} objects in token {}", session.connection().token());
            return Err(cause::of(Error::InsufficientMemory, text).into());
        }
        found.extend(objects);
    }
    Ok(found)
}

/// Reference and label of an object, if it is one of this store; `None` also where it has just been destroyed.
fn examine(
    session: &Session<'_>,
    object: CK_OBJECT_HANDLE,
    owner: &StoreIdentity,
) -> Outcome<Option<(Reference, String)>> {
    let attribute = |kind| match session.functions().attribute(session.handle(), object, kind) {
        Err(failure) if failure.lost_object() => Ok(Vec::new()),
        answer => answer,
    };
    let id = attribute(AttributeType::Id)?;
    match Reference::reserved(&id) {
        Ok(reference) if id.iter().zip(owner).take(OWNER).all(|(id, owner)| id == owner) => {
            let label = attribute(AttributeType::Label)?;
            Ok(Some((reference, String::from_utf8_lossy(&label).into_owned())))
        }
        Ok(_) => Ok(None),
        Err(_) => {
            cause::clear();
            Ok(None)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_tells_its_store_and_is_random() {
        let id = id(&[7; 16], &[9; 16]);
        assert_eq!(id, [[7; 8], [9; 8]].concat());
    }
}
