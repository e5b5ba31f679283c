//! What does not belong together any more between the key store and the devices: found when asked for, repaired when
//! told to, and never in silence.
//!
//! | name | what it is | what repairing does |
//! | --- | --- | --- |
//! | `object:BACKEND:REFERENCE` | an object that this store made in a device, without a key | destroys the object |
//! | `key:ID` | a key whose device was asked and has no object for it | removes the key |
//! | `interrupted:NUMBER` | what a process began in a device and did not live to finish | undoes a creation, finishes a destruction |
//!
//! What other processes are at work on meanwhile is none of these, although each look at store and devices takes time:
//! an object is listed only if its key was not there *after* it was seen and it is there still.

use std::collections::HashMap;

use super::library::{ConfiguredBackend, Library};
use super::recovery;
use crate::backends::{OwnObject, Presence};
use crate::cause;
use crate::fail;
use crate::psa::{Error, KeyId, Result};
use crate::store::{IntentKind, KeyRecord, PlaceRecord};

/// Called with the name of each orphan and a text for people; false ends the list.
pub type Visit<'a> = &'a mut dyn FnMut(&str, &str) -> Result<bool>;

/// Lists all orphans. Devices that cannot be asked do not hide what the others have: the first failure is returned at
/// the end.
pub fn list(library: &Library, visit: Visit<'_>) -> Result<()> {
    for orphan in library.store.orphans(None, None)? {
        let what = match orphan.kind {
            IntentKind::Creation => "creation",
            IntentKind::Destruction => "destruction",
        };
        let text = format!("the {what} of key {:#010x} in {} was interrupted", orphan.attributes.id.0, orphan.backend);
        if !visit(&format!("interrupted:{}", orphan.number()), &text)? {
            return Ok(());
        }
    }
    let mut outcome = Ok(());
    for backend in library.backends().iter().filter(|backend| backend.device.keeps_objects()) {
        match list_of_device(library, backend, visit) {
            Ok(true) => {}
            Ok(false) => return Ok(()),
            Err(error) => outcome = outcome.and(Err(error)),
        }
    }
    outcome
}

fn list_of_device(library: &Library, backend: &ConfiguredBackend, visit: Visit<'_>) -> Result<bool> {
    for object in objects_without_key(library, backend)? {
        let name = format!("object:{}:{}", backend.name, hexadecimal(&object.reference));
        if !visit(
            &name,
            &format!("{} has the object {:?}, and the key store no key for it", backend.name, object.label),
        )? {
            return Ok(false);
        }
    }
    let identity = backend.device.identity()?;
    for key in library.store.keys() {
        let key = key?;
        if key.backend.as_deref() != Some(&backend.name) {
            continue;
        }
        let id = key.attributes.id;
        let Some(record) = library.store.load(id)? else { continue };
        if is_without_object(library, backend, &identity, &record)? {
            let text = format!("key {:#010x} has no object in {} ({identity})", id.0, backend.name);
            if !visit(&format!("key:{}", id.0), &text)? {
                return Ok(false);
            }
        }
    }
    Ok(true)
}

/// The order matters: an object comes after its intent and goes before it, and its key comes in one step with the end
/// of one intent and goes with the beginning of another.
fn objects_without_key(library: &Library, backend: &ConfiguredBackend) -> Result<Vec<OwnObject>> {
    let objects = backend.device.own_objects(&library.store.identity()?, &library.config.namespace)?;
    let mut left: HashMap<Vec<u8>, OwnObject> =
        objects.into_iter().map(|object| (object.context.to_vec(), object)).collect();
    remove_intended(library, backend, &mut left)?;
    for key in library.store.keys() {
        let key = key?;
        if left.is_empty() {
            break;
        }
        if key.backend.as_deref() == Some(&backend.name)
            && let Some(record) = library.store.load(key.attributes.id)?
            && let PlaceRecord::Opaque { context, .. } = &record.place
        {
            left.remove(context.as_slice());
        }
    }
    remove_intended(library, backend, &mut left)?;
    let mut found = Vec::new();
    for object in left.into_values() {
        if backend.device.resolve(&object.reference, false)? == Presence::Present {
            found.push(object);
        }
    }
    found.sort_by(|a, b| a.reference.cmp(&b.reference));
    Ok(found)
}

fn remove_intended(
    library: &Library,
    backend: &ConfiguredBackend,
    objects: &mut HashMap<Vec<u8>, OwnObject>,
) -> Result<()> {
    for (name, reference) in library.store.intended()? {
        if name == backend.name {
            objects.retain(|context, object| *context != *reference && object.reference != *reference);
        }
    }
    Ok(())
}

/// True where the device of a key was asked and does not have its object, and the key is there all the same.
fn is_without_object(
    library: &Library,
    backend: &ConfiguredBackend,
    identity: &str,
    record: &KeyRecord,
) -> Result<bool> {
    let PlaceRecord::Opaque { identity: of_key, context, .. } = &record.place else { return Ok(false) };
    Ok(of_key == identity
        && backend.device.presence(&record.attributes, context)? == Presence::Absent
        && library.store.watch(record)?.is_there()?)
}

/// Repairs the orphan of this name, after finding out that it still is one: `DOES_NOT_EXIST` where it is not.
pub fn repair(library: &Library, name: &str) -> Result<()> {
    let mut parts = name.splitn(3, ':');
    let part = [parts.next(), parts.next(), parts.next()];
    let done = match part {
        [Some("object"), Some(backend), Some(reference)] => remove_object(library, backend, reference)?,
        [Some("key"), Some(id), None] => remove_key(library, KeyId(number(id)?))?,
        [Some("interrupted"), Some(intent), None] => settle(library, number(intent)?)?,
        _ => return fail!(InvalidArgument, "{name:?} is not the name of an orphan"),
    };
    if done { Ok(()) } else { fail!(DoesNotExist, "there is no orphan {name}") }
}

fn number<N: std::str::FromStr>(text: &str) -> Result<N> {
    match text.parse() {
        Ok(number) => Ok(number),
        Err(_) => fail!(InvalidArgument, "{text:?} is not a number"),
    }
}

fn remove_object(library: &Library, backend: &str, reference: &str) -> Result<bool> {
    let backend = library.backend(backend)?;
    let objects = objects_without_key(library, backend)?;
    let Some(object) = objects.iter().find(|object| hexadecimal(&object.reference) == reference) else {
        return Ok(false);
    };
    Ok(backend.device.resolve(&object.reference, true)? == Presence::Present)
}

fn remove_key(library: &Library, id: KeyId) -> Result<bool> {
    let Some(record) = library.store.load(id)? else { return Ok(false) };
    let PlaceRecord::Opaque { backend, .. } = &record.place else { return Ok(false) };
    let backend = library.backend(backend)?;
    if !is_without_object(library, backend, &backend.device.identity()?, &record)? {
        return Ok(false);
    }
    match library.store.begin_destruction(id, record.instance) {
        Err(Error::DoesNotExist) => {
            cause::clear();
            Ok(false)
        }
        begun => library.store.commit_destruction(begun?).map(|()| true),
    }
}

fn settle(library: &Library, number: i64) -> Result<bool> {
    let orphans = library.store.orphans(None, None)?;
    let Some(orphan) = orphans.iter().find(|orphan| orphan.number() == number) else { return Ok(false) };
    recovery::settle_one(library, library.backend(&orphan.backend)?, orphan).map(|()| true)
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
