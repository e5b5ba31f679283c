//! Keys that the configuration names, `[[keys]]`: somebody else has made them in a device. They are found when they are
//! first used, belong to nobody here, and cannot be destroyed (`PSA_KEY_PERSISTENCE_READ_ONLY`: PSA 1.5, section 9.6).

#[cfg(test)]
mod tests;

use super::key_slot::KeySlot;
use super::library::{ConfiguredBackend, Library, SOFTWARE};
use super::{policy, sealing};
use crate::backends::Attached;
use crate::cause;
use crate::config::ProvisionedKey;
use crate::fail;
use crate::psa::{Attributes, Error, KeyId, KeyType, Lifetime, Result};
use crate::store::Listed;

impl Library {
    /// What the configuration says of this identifier.
    pub fn provisioned(&self, id: KeyId) -> Option<&ProvisionedKey> {
        self.config.keys.iter().find(|key| key.id == id)
    }
}

/// Finds the key in its device and opens it.
pub fn open(library: &Library, key: &ProvisionedKey) -> Result<KeySlot> {
    attach(library, key)
        .map_err(|error| cause::of(error, format_args!("key {:#010x} of [[keys]], {}", key.id.0, key.origin)))
}

fn attach(library: &Library, key: &ProvisionedKey) -> Result<KeySlot> {
    if library.store.listed(key.id)?.is_some() {
        return fail!(
            DataInvalid,
            "the key store has a key of this identifier too: give one of them another, or destroy the stored one while \
             the configuration does not name it"
        );
    }
    let backend = library.backend(&key.backend)?;
    let wanted = attributes(key, backend)?;
    let Attached { key_type, created } = backend.device.attach(&wanted, key.label.as_bytes())?;
    let attributes = Attributes { key_type, bits: created.bits, ..wanted };
    KeySlot::opaque(backend, attributes, backend.device.identity()?, created.context, created.public_key)
}

/// What is known of it without its device: type and size are not.
pub fn attributes(key: &ProvisionedKey, backend: &ConfiguredBackend) -> Result<Attributes> {
    let location = backend.location.unwrap_or(Lifetime::LOCATION_LOCAL_STORAGE);
    let mut attributes = Attributes {
        key_type: KeyType::NONE,
        bits: 0,
        lifetime: Lifetime::new(Lifetime::PERSISTENCE_READ_ONLY, location),
        id: key.id,
        usage: key.usage,
        algorithm: key.algorithm,
    };
    policy::normalize(&mut attributes)?;
    Ok(attributes)
}

/// `ALREADY_EXISTS` for an identifier that the configuration gives away, without asking the device.
pub fn ensure_free(library: &Library, id: KeyId) -> Result<()> {
    match library.provisioned(id) {
        Some(key) => Err(cause::of(Error::AlreadyExists, format_args!("{} names the key {:#010x}", key.origin, id.0))),
        None => Ok(()),
    }
}

/// `NOT_PERMITTED` for a key of the configuration: it is not ours.
pub fn ensure_not(library: &Library, id: KeyId) -> Result<()> {
    match library.provisioned(id) {
        Some(key) => {
            let text =
                format_args!("the key {:#010x} is provisioned ({}) and cannot be destroyed here", id.0, key.origin);
            Err(cause::of(Error::NotPermitted, text))
        }
        None => Ok(()),
    }
}

/// Calls `visit` with all persistent keys, stored and provisioned, by identifier, and the names of their places, until it
/// answers false.
pub fn list_keys(library: &Library, visit: &mut dyn FnMut(&Attributes, &str) -> bool) -> Result<()> {
    let mut provisioned: Vec<&ProvisionedKey> = library.config.keys.iter().collect();
    provisioned.sort_by_key(|key| key.id);
    let mut provisioned = provisioned.into_iter().peekable();
    for stored in library.store.keys() {
        let Listed { attributes, backend, sealed } = stored?;
        while let Some(key) = provisioned.next_if(|key| key.id <= attributes.id) {
            if !visit_provisioned(library, key, visit)? {
                return Ok(());
            }
        }
        let place = match backend {
            None => SOFTWARE.to_owned(),
            Some(backend) if sealed => sealing::place_name(&backend),
            Some(backend) => backend,
        };
        if library.provisioned(attributes.id).is_none() && !visit(&attributes, &place) {
            return Ok(());
        }
    }
    for key in provisioned {
        if !visit_provisioned(library, key, visit)? {
            return Ok(());
        }
    }
    Ok(())
}

fn visit_provisioned(
    library: &Library,
    key: &ProvisionedKey,
    visit: &mut dyn FnMut(&Attributes, &str) -> bool,
) -> Result<bool> {
    let backend = library.backend(&key.backend)?;
    Ok(visit(&attributes(key, backend)?, &backend.name))
}
