//! The public part of a key pair that somebody else made. Private objects need not have it, so it is looked for in the
//! objects beside them, and believed only where a signature proves that it belongs to the private key.

use cryptoki::object::{Attribute, AttributeType, ObjectClass};
use cryptoki_sys::CK_OBJECT_HANDLE;

use super::connection::Session;
use super::errors::{Failure, Outcome};
use super::key_kinds::{Kind, Shape};
use super::{public_key, random, signature, spki};
use crate::cause;
use crate::core::primitives::Key;
use crate::engines::Engine;
use crate::engines::native::Native;
use crate::psa::{Algorithm, Result};

/// More certificates and public keys of one identifier are not looked at.
const MOST_OBJECTS: usize = 4;

/// The private key whose public part is wanted.
pub(super) struct Owner<'a> {
    /// Its object.
    pub object: CK_OBJECT_HANDLE,
    /// Its `CKA_ID`, empty where it has none.
    pub id: &'a [u8],
    /// What it is.
    pub kind: Kind,
    /// It can sign without asking a person.
    pub silent: bool,
}

/// The public part in PSA's export format; empty where the token does not give it.
pub(super) fn find(session: &Session<'_>, owner: &Owner<'_>) -> Outcome<Vec<u8>> {
    // The private object's own word needs no proof.
    if let Some(public_key) = readable(public_key::read(session, owner.kind, owner.object))? {
        return Ok(public_key);
    }
    let info = session.functions().attribute_if_any(session.handle(), owner.object, AttributeType::PublicKeyInfo)?;
    if let Some(public_key) = info.and_then(|info| spki::public_key(owner.kind, &info)) {
        return Ok(public_key);
    }
    for public_key in beside(session, owner)? {
        if belongs(session, owner, &public_key)? {
            return Ok(public_key);
        }
    }
    Ok(Vec::new())
}

/// Length of a number in bits.
pub(super) fn bit_length(number: &[u8]) -> usize {
    match number.iter().position(|byte| *byte != 0).and_then(|start| number.get(start..)) {
        Some(digits @ [first, ..]) => digits.len() * 8 - first.leading_zeros() as usize,
        _ => 0,
    }
}

/// What public keys and certificates with the same identifier say.
fn beside(session: &Session<'_>, owner: &Owner<'_>) -> Outcome<Vec<Vec<u8>>> {
    if owner.id.is_empty() {
        return Ok(Vec::new());
    }
    let objects = |class| {
        let _reading = session.connection().reading_store();
        let wanted = [Attribute::Token(true), Attribute::Class(class), Attribute::Id(owner.id.to_vec())];
        session.find_objects::<MOST_OBJECTS>(&wanted)
    };
    let mut found = Vec::new();
    for object in objects(ObjectClass::PUBLIC_KEY)? {
        found.extend(readable(public_key::read(session, owner.kind, object))?);
    }
    for object in objects(ObjectClass::CERTIFICATE)? {
        let certificate = session.functions().attribute_if_any(session.handle(), object, AttributeType::Value)?;
        let info = certificate.as_deref().and_then(spki::of_certificate);
        found.extend(info.and_then(|info| spki::public_key(owner.kind, info)));
    }
    Ok(found)
}

/// An object that does not say, or says something impossible, is none; a lost connection stays a failure.
fn readable(answer: Outcome<Vec<u8>>) -> Outcome<Option<Vec<u8>>> {
    match answer {
        Ok(public_key) => Ok(Some(public_key)),
        Err(failure) if failure.lost_connection() => Err(failure),
        Err(_) => {
            cause::clear();
            Ok(None)
        }
    }
}

/// False where a signature shows that it is the public part of another key. A key that does not sign, or asks for the PIN
/// each time, is believed to be what its identifier says.
fn belongs(session: &Session<'_>, owner: &Owner<'_>, public_key: &[u8]) -> Outcome<bool> {
    let alg = match owner.kind {
        Kind::Ec(curve) if curve.shape() == Shape::Weierstrass => Algorithm::ecdsa(Algorithm::SHA_256),
        Kind::Rsa(_) => Algorithm::rsa_pkcs1v15_sign(Algorithm::SHA_256),
        // Believed to be what its identifier says.
        _ => return Ok(true),
    };
    let hash = random::fresh::<32>()?;
    let mut answer = vec![0; signature::signature_length(owner.kind)];
    if !owner.silent {
        return Ok(true);
    }
    match signature::sign_once(session, owner.kind, owner.object, alg, &hash, &mut answer) {
        Ok(_) => Ok(verifies(owner.kind, public_key, alg, &hash, &answer).is_ok()),
        Err(failure) if failure.lost_connection() || failure.lost_object() => Err(failure),
        Err(Failure::Refused { .. } | Failure::Settled(_)) => {
            cause::clear();
            Ok(true)
        }
    }
}

fn verifies(kind: Kind, public_key: &[u8], alg: Algorithm, hash: &[u8], signature: &[u8]) -> Result<()> {
    let (key_type, bits) = kind.describe();
    let prepared: Box<dyn Key> = Native.prepare(key_type.public_key_of_key_pair(), bits, public_key)?;
    match prepared.signature() {
        Some(family) => family.verify_hash(alg, hash, &[], signature),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_measured_without_their_zeros() {
        for (number, bits) in [(&[][..], 0), (&[0, 0], 0), (&[1], 1), (&[0, 0x80, 0], 16), (&[0xff; 256], 2048)] {
            assert_eq!(bit_length(number), bits);
        }
    }
}
