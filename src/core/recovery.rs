//! What was interrupted between the key store and a device is settled: creations backwards, destructions forwards.

use std::sync::atomic::Ordering;

use super::library::{ConfiguredBackend, Library};
use crate::backends::Presence;
use crate::cause;
use crate::fail;
use crate::psa::{Error, KeyId, Result};
use crate::store::{IntentKind, Orphan};

/// Settles what nobody is at work on in a backend, before a key is made there. A device that is not the one of
/// the intent, or that does not answer, leaves it for later: nothing is given up because it does not show just now.
pub fn settle(library: &Library, backend: &ConfiguredBackend, id: KeyId) -> Result<()> {
    let mut orphans = library.store.orphans(Some(&backend.name), None)?;
    orphans.extend(library.store.orphans(None, Some(id))?.into_iter().filter(|orphan| orphan.backend != backend.name));
    settle_all(library, &orphans);
    Ok(())
}

/// Settles, once for each process, what nobody is at work on in a backend whose keys are going to be used.
pub fn settle_once(library: &Library, backend: &ConfiguredBackend) {
    if !backend.device.keeps_objects() || backend.settled.swap(true, Ordering::AcqRel) {
        return;
    }
    let settled = library.store.orphans(Some(&backend.name), None).map(|orphans| settle_all(library, &orphans));
    if settled.is_err() {
        cause::clear();
    }
}

fn settle_all(library: &Library, orphans: &[Orphan]) {
    for orphan in orphans {
        let Ok(backend) = library.backend(&orphan.backend) else { continue };
        if settle_one(library, backend, orphan).is_err() {
            cause::clear();
        }
    }
}

/// Settles one orphan. `DOES_NOT_EXIST` where the backend leads to another device by now.
pub fn settle_one(library: &Library, backend: &ConfiguredBackend, orphan: &Orphan) -> Result<()> {
    if backend.device.identity()? != orphan.identity {
        return fail!(DoesNotExist, "backend {} is not the device {} any more", backend.name, orphan.identity);
    }
    let Some(intent) = library.store.claim(orphan)? else { return Ok(()) };
    match orphan.kind {
        IntentKind::Creation => {
            let (Presence::Present | Presence::Absent) = backend.device.resolve(&orphan.reference, true)?;
            library.store.abandon(intent)
        }
        IntentKind::Destruction => match backend.device.destroy(&orphan.attributes, &orphan.reference) {
            Ok(()) | Err(Error::DoesNotExist) => library.store.commit_destruction(intent),
            Err(error) => Err(error),
        },
    }
}
