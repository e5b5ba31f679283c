//! Finding and destroying the objects of a key.

use cryptoki::object::ObjectClass;
use cryptoki_sys::CK_OBJECT_HANDLE;

use super::attach;
use super::connection::{Session, StoreGuard};
use super::errors::{Failure, Outcome};
use super::reference::Reference;
use crate::cause;
use crate::psa::Error;

/// The classes that one key of ours can consist of. Certificates that somebody gave the same `CKA_ID` are not ours.
pub(super) const CLASSES: [ObjectClass; 3] =
    [ObjectClass::PRIVATE_KEY, ObjectClass::PUBLIC_KEY, ObjectClass::SECRET_KEY];

/// The handle of a private or secret key: the one found before, or found by its `CKA_ID` now.
///
/// `DOES_NOT_EXIST` where the token does not have it, `INVALID_HANDLE` for a session object that has ended.
pub(super) fn private_key(session: &Session<'_>, reference: &Reference) -> Outcome<CK_OBJECT_HANDLE> {
    if let Some(handle) = session.connection().known_handle(reference) {
        return Ok(handle);
    }
    if !reference.persistent() {
        return Err(ended(reference));
    }
    let handle = match reference.as_adopted() {
        Some(adopted) => attach::find_again(session, reference, adopted)?,
        None => own_key(session, reference)?,
    };
    session.connection().remember(reference.clone(), handle);
    Ok(handle)
}

/// The private or the secret key that a reference names.
fn own_key(session: &Session<'_>, reference: &Reference) -> Outcome<CK_OBJECT_HANDLE> {
    one_of(session, reference, &[ObjectClass::PRIVATE_KEY, ObjectClass::SECRET_KEY])
}

/// The one object of a class that a reference names.
pub(super) fn the_only(session: &Session<'_>, reference: &Reference, class: ObjectClass) -> Outcome<CK_OBJECT_HANDLE> {
    one_of(session, reference, &[class])
}

/// The one object of the first class that has any.
fn one_of(session: &Session<'_>, reference: &Reference, classes: &[ObjectClass]) -> Outcome<CK_OBJECT_HANDLE> {
    let mut found = {
        let _reading = session.connection().reading_store();
        first(session, reference, classes)?
    };
    if found.len() != 1 && session.connection().token().fragile_store {
        // An object that another process has just made is not seen while other threads read it, and while a copy is made
        // its source is there twice.
        let _alone = session.connection().alone_in_store()?;
        found = first(session, reference, classes)?;
    }
    match found.as_slice() {
        [handle] => Ok(*handle),
        [] => {
            session.require_login()?;
            Err(absent(session, reference))
        }
        _ => Err(cause::of(
            Error::DataInvalid,
            format_args!("token {} has several objects {reference}", session.connection().token()),
        )
        .into()),
    }
}

/// True where the token has any object of this key.
pub(super) fn any(session: &Session<'_>, reference: &Reference) -> Outcome<bool> {
    let found = {
        let _alone = session.connection().alone_in_store()?;
        first(session, reference, &CLASSES)?
    };
    if found.is_empty() {
        session.require_login()?;
    }
    Ok(!found.is_empty())
}

/// To be held while objects of a key are made.
pub(super) fn changing<'a>(session: &Session<'a>, reference: &Reference) -> Outcome<StoreGuard<'a>> {
    let guard = alone(session, reference)?;
    if let StoreGuard::Exclusive(_) = guard {
        // With a change of its own, SoftHSM takes for seen what others have changed since it last looked.
        find::<1>(session, reference, ObjectClass::PRIVATE_KEY)?;
    }
    Ok(guard)
}

fn alone<'a>(session: &Session<'a>, reference: &Reference) -> Outcome<StoreGuard<'a>> {
    match reference.persistent() {
        true => session.connection().alone_in_store(),
        false => Ok(session.connection().reading_store()),
    }
}

/// Destroys all objects of this key, the private one first, and returns how many there were.
pub(super) fn destroy(session: &Session<'_>, reference: &Reference) -> Outcome<usize> {
    let _alone = alone(session, reference)?;
    // Or only the public object would be seen, and the private one left behind for good.
    session.require_login()?;
    let mut destroyed = 0;
    for class in CLASSES {
        for handle in find::<8>(session, reference, class)? {
            match session.functions().destroy_object(session.handle(), handle) {
                Err(failure) if failure.lost_object() => {
                    // Another process was faster, unless the token goes on showing it.
                    if find::<8>(session, reference, class)?.contains(&handle) {
                        return Err(failure);
                    }
                }
                answer => {
                    // What is refused leaves a key that can be used, and destroyed later.
                    answer?;
                    session.connection().forget(reference);
                    destroyed += 1;
                }
            }
        }
    }
    session.connection().forget(reference);
    Ok(destroyed)
}

/// The objects of the first class that has any, two at most. The caller holds the store.
fn first(session: &Session<'_>, reference: &Reference, classes: &[ObjectClass]) -> Outcome<Vec<CK_OBJECT_HANDLE>> {
    for class in classes {
        let found = find::<2>(session, reference, *class)?;
        if !found.is_empty() {
            return Ok(found);
        }
    }
    Ok(Vec::new())
}

/// The caller holds the store.
fn find<const N: usize>(
    session: &Session<'_>,
    reference: &Reference,
    class: ObjectClass,
) -> Outcome<Vec<CK_OBJECT_HANDLE>> {
    session.find_objects::<N>(&reference.search(class))
}

#[cold]
fn ended(reference: &Reference) -> Failure {
    let text = format_args!("volatile key {reference} ended with its session, its token or a fork");
    cause::of(Error::InvalidHandle, text).into()
}

/// What a person gets to know of an object that is not there.
#[cold]
pub(super) fn absent(session: &Session<'_>, reference: &Reference) -> Failure {
    let token = session.connection().token();
    cause::of(Error::DoesNotExist, format_args!("token {token} has no key {reference}")).into()
}
