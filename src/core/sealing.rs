//! Local keys whose material a device has sealed: `fallback = "seal"`, and the key of the key store.
//!
//! Devices seal little (a TPM 128 bytes), so each key has a master secret of 32 bytes that the device seals, and an
//! [`envelope`] with its material. The key context is the sealed master secret, after its length in 2 bytes
//! (big-endian), and the envelope.

#[cfg(test)]
mod tests;
mod wrapping;

use std::sync::Arc;

use once_cell::race::OnceBox;

use super::key_slot::Resident;
use super::library::{ConfiguredBackend, Library};
use super::primitives::Key;
use crate::cause;
use crate::envelope;
use crate::fail;
use crate::memory::Secret;
use crate::psa::{Attributes, Error, Result, Usage, sizes};
use crate::store::SealingDevices;

/// What we have of a sealed key.
pub struct Sealed {
    /// The backend whose device has sealed it.
    pub backend: Arc<ConfiguredBackend>,
    /// Which device that was when the key was made.
    pub identity: String,
    /// The sealed master secret and the material.
    pub context: Secret,
    /// The public part, empty for symmetric keys.
    pub public_key: Vec<u8>,
    /// The name of this place.
    name: String,
    /// What `PSA_KEY_USAGE_CACHE` lets us keep in memory (section 9.8.2).
    opened: OnceBox<Resident>,
}

impl Sealed {
    /// What a record of the key store has of it.
    pub fn new(backend: &Arc<ConfiguredBackend>, identity: String, context: Secret, public_key: Vec<u8>) -> Self {
        let name = place_name(&backend.name);
        Self { backend: backend.clone(), identity, context, public_key, name, opened: OnceBox::new() }
    }

    /// Seals the material of a new key, whose attributes are complete.
    pub fn make(
        library: &Library,
        backend: &Arc<ConfiguredBackend>,
        attributes: &Attributes,
        material: &[u8],
    ) -> Result<Self> {
        let public_key = public_part(library, attributes, material)?;
        let identity = backend.device.identity()?;
        let master = envelope::master()?;
        let sealed = seal_master(library, backend, &master)?;
        let Ok(length) = u16::try_from(sealed.len()) else {
            return fail!(NotSupported, "what the backend {} seals is too long", backend.name);
        };
        let envelope = envelope::seal(&master, &bound_to(library, attributes), material)?;
        let context = [&length.to_be_bytes()[..], &sealed, &envelope].concat();
        Ok(Self::new(backend, identity, context.into(), public_key))
    }

    /// What `parsec_key_backend` says: computed with in software, sealed by a device.
    pub fn place_name(&self) -> &str {
        &self.name
    }

    /// Uses the key, whose material is in memory only meanwhile, unless it has `PSA_KEY_USAGE_CACHE`.
    pub fn with_key<R>(
        &self,
        library: &Library,
        attributes: &Attributes,
        use_key: impl FnOnce(&dyn Key) -> Result<R>,
    ) -> Result<R> {
        if is_cached(attributes) {
            return use_key(self.opened(library, attributes)?.key(library, attributes)?);
        }
        let material = self.unseal(library, attributes)?;
        use_key(&*library.engine.prepare(attributes.key_type, attributes.bits, &material)?)
    }

    /// The material.
    pub fn material(&self, library: &Library, attributes: &Attributes) -> Result<Secret> {
        match is_cached(attributes) {
            true => Ok(self.opened(library, attributes)?.material.clone()),
            false => self.unseal(library, attributes),
        }
    }

    fn opened(&self, library: &Library, attributes: &Attributes) -> Result<&Resident> {
        self.opened.get_or_try_init(|| Ok(Box::new(Resident::new(self.unseal(library, attributes)?))))
    }

    fn unseal(&self, library: &Library, attributes: &Attributes) -> Result<Secret> {
        let parts = self
            .context
            .split_first_chunk()
            .and_then(|(length, rest)| rest.split_at_checked(usize::from(u16::from_be_bytes(*length))));
        let Some((sealed, envelope)) = parts else { return fail!(DataCorrupt, "the sealed key is damaged") };
        let master = wrapping::unseal(&*self.backend.device, sealed).map_err(|error| {
            cause::of(error, format_args!("key {:#010x}, sealed by the backend {}", attributes.id.0, self.backend.name))
        })?;
        match envelope::open(&master, &bound_to(library, attributes), envelope)? {
            Some(material) => Ok(material),
            None => fail!(DataCorrupt, "the sealed key {:#010x} was changed", attributes.id.0),
        }
    }
}

/// The place of keys that this backend has sealed.
pub fn place_name(backend: &str) -> String {
    format!("sealed:{backend}")
}

/// `Ok` where the backend can seal, else `NOT_SUPPORTED` with the reason.
pub fn seals(backend: &ConfiguredBackend) -> Result<()> {
    wrapping::seals(&*backend.device)
}

/// Where the device encrypts with a key made for that, all keys of a store share it.
fn seal_master(library: &Library, backend: &ConfiguredBackend, master: &[u8]) -> Result<Vec<u8>> {
    let name = format!("seal.{}", backend.name);
    let known = library.store.metadata(&name)?;
    let sealed = wrapping::seal(&*backend.device, master, known.as_deref())?;
    match wrapping::key_of(&*backend.device, &sealed)? {
        Some(key) if known.as_ref() != Some(&key) => library.store.set_metadata(&name, &key)?,
        _ => {}
    }
    Ok(sealed)
}

fn is_cached(attributes: &Attributes) -> bool {
    attributes.usage.contains(Usage::CACHE) && !attributes.lifetime.is_volatile()
}

fn public_part(library: &Library, attributes: &Attributes, material: &[u8]) -> Result<Vec<u8>> {
    let (key_type, bits) = (attributes.key_type, attributes.bits);
    if !key_type.is_asymmetric() {
        return Ok(Vec::new());
    }
    let mut public_key = vec![0; sizes::export_public_key_output_size(key_type.public_key_of_key_pair(), bits)];
    let length = library.engine.prepare(key_type, bits, material)?.public_key(&mut public_key)?;
    public_key.truncate(length);
    Ok(public_key)
}

/// What the material is bound to, so that no other key can be put in its place.
fn bound_to(library: &Library, attributes: &Attributes) -> Vec<u8> {
    let Attributes { key_type, bits, lifetime, id, usage, algorithm } = attributes;
    let mut bytes = b"libparsec sealed key".to_vec();
    for number in [id.0, u32::from(key_type.0), *bits as u32, lifetime.0, usage.0, algorithm.0] {
        bytes.extend_from_slice(&number.to_be_bytes());
    }
    bytes.extend_from_slice(library.config.namespace.as_bytes());
    bytes
}

/// The configured backends, for the key store's own key.
pub(super) struct Sealers(pub(super) Vec<Arc<ConfiguredBackend>>);

impl Sealers {
    fn device(&self, name: &str) -> Result<&ConfiguredBackend> {
        match self.0.iter().find(|backend| backend.name == name) {
            Some(backend) => Ok(backend),
            None => Err(cause::of(Error::DataInvalid, format_args!("the configuration has no [backends.{name}]"))),
        }
    }
}

impl SealingDevices for Sealers {
    fn seal(&self, backend: &str, secret: &[u8]) -> Result<Vec<u8>> {
        wrapping::seal(&*self.device(backend)?.device, secret, None)
    }

    fn unseal(&self, backend: &str, sealed: &[u8]) -> Result<Secret> {
        wrapping::unseal(&*self.device(backend)?.device, sealed)
    }
}
