//! An open key: the in-memory form that all calls and operations with it share.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use once_cell::race::OnceBox;

use super::library::{ConfiguredBackend, Library, SOFTWARE};
use super::primitives::Key;
use super::sealing::Sealed;
use super::{compatibility, policy, recovery};
use crate::cause;
use crate::core::epoch;
use crate::fail;
use crate::memory::Secret;
use crate::psa::{Algorithm, Attributes, Error, Result, Usage, sizes};
use crate::store::{Instance, KeyRecord, PlaceRecord, Watch};

/// An open key.
pub struct KeySlot {
    attributes: Attributes,
    alive: AtomicBool,
    /// A volatile key in our memory: nobody else can destroy it.
    stays: bool,
    /// The store's generation when this key was last known to be there (persistent keys).
    checked: AtomicU64,
    /// Of a persistent key: is it still there?
    watch: Option<Watch>,
    /// The usage and algorithm that were last found to be permitted, 0 where none was yet.
    permitted: AtomicU64,
    place: Place,
    /// The public part of an asymmetric key, prepared by the engine.
    public: OnceBox<Box<dyn Key>>,
}

enum Place {
    /// A local key that stays in memory: volatile, or persistent with `PSA_KEY_USAGE_CACHE`.
    Resident(Resident),
    /// A local persistent key, whose material must leave memory after each use (section 9.8.2).
    Stored,
    /// A key in a device.
    Opaque(Box<Opaque>),
    /// A local key that a device has sealed.
    Sealed(Box<Sealed>),
}

/// A local key in memory.
pub(super) struct Resident {
    pub(super) material: Secret,
    /// Made ready when it is first used; a second thread that comes in between does the same in vain. Waiting for the
    /// first one would be for ever in a forked child.
    prepared: OnceBox<Box<dyn Key>>,
}

impl Resident {
    pub(super) fn new(material: Secret) -> Self {
        Self { material, prepared: OnceBox::new() }
    }

    #[inline]
    pub(super) fn key(&self, library: &Library, attributes: &Attributes) -> Result<&dyn Key> {
        match self.prepared.get() {
            Some(key) => Ok(&**key),
            None => self.prepare(library, attributes),
        }
    }

    #[cold]
    fn prepare(&self, library: &Library, attributes: &Attributes) -> Result<&dyn Key> {
        let prepared = self.prepared.get_or_try_init(|| {
            library.engine.prepare(attributes.key_type, attributes.bits, &self.material).map(Box::new)
        });
        prepared.map(|key| &**key)
    }
}

/// What we have of a key in a device.
pub struct Opaque {
    /// Where it is.
    pub backend: Arc<ConfiguredBackend>,
    /// Which device that was when the key was made.
    pub identity: String,
    /// The blob or reference that the backend gave.
    pub context: Secret,
    /// The public part, empty for symmetric keys.
    pub public_key: Vec<u8>,
    /// Somebody else owns the key: destroying it only forgets it.
    pub borrowed: bool,
    key: Box<dyn Key>,
    epoch: u64,
}

/// Usage and algorithm as one number, which is never 0.
fn request(usage: Usage, alg: Algorithm) -> u64 {
    u64::from(usage.0) << 32 | u64::from(alg.0)
}

impl KeySlot {
    /// Opens a local key.
    pub fn local(attributes: Attributes, material: Secret) -> Self {
        let resident = attributes.lifetime.is_volatile() || attributes.usage.contains(Usage::CACHE);
        let place = if resident { Place::Resident(Resident::new(material)) } else { Place::Stored };
        Self::new(attributes, place)
    }

    /// Opens a key in a device.
    pub fn opaque(
        backend: &Arc<ConfiguredBackend>,
        attributes: Attributes,
        identity: String,
        context: Secret,
        public_key: Vec<u8>,
    ) -> Result<Self> {
        let key = backend.device.open(&attributes, &context)?;
        let (backend, borrowed) = (backend.clone(), backend.device.is_borrowed(&context));
        let opaque = Opaque { backend, identity, context, public_key, borrowed, key, epoch: epoch::current() };
        Ok(Self::new(attributes, Place::Opaque(Box::new(opaque))))
    }

    /// Opens a local key that a device has sealed.
    pub fn sealed(attributes: Attributes, sealed: Sealed) -> Self {
        Self::new(attributes, Place::Sealed(Box::new(sealed)))
    }

    /// Opens the key of a record of the store, which had this generation before the record was read.
    pub fn from_record(library: &Library, record: KeyRecord, generation: u64) -> Result<Self> {
        let watch = library.store.watch(&record)?;
        let mut slot = match record.place {
            PlaceRecord::Local { material } => Self::local(record.attributes, material),
            PlaceRecord::Opaque { backend, identity, context, public_key } => {
                let backend = library.backend(&backend)?;
                recovery::settle_once(library, backend);
                Self::opaque(backend, record.attributes, identity, context, public_key)?
            }
            PlaceRecord::Sealed { backend, identity, context, public_key } => {
                Self::sealed(record.attributes, Sealed::new(library.backend(&backend)?, identity, context, public_key))
            }
        };
        slot.watch = Some(watch);
        slot.checked = AtomicU64::new(generation);
        Ok(slot)
    }

    fn new(attributes: Attributes, place: Place) -> Self {
        let (alive, checked, permitted) = (AtomicBool::new(true), AtomicU64::new(0), AtomicU64::new(0));
        let stays = attributes.lifetime.is_volatile() && !matches!(place, Place::Opaque(_));
        Self { attributes, alive, stays, checked, watch: None, permitted, place, public: OnceBox::new() }
    }

    /// Type, size, lifetime, policy and identifier.
    pub fn attributes(&self) -> &Attributes {
        &self.attributes
    }

    /// Checks that policy and type of the key permit an algorithm in this usage. The verdict depends on nothing else, so
    /// the last good one is remembered: most keys have one use.
    #[inline]
    pub fn ensure_permitted(&self, usage: Usage, alg: Algorithm) -> Result<()> {
        self.ensure_permitted_and(usage, alg, |_| Ok(()))
    }

    /// The same with what else the chapter of the algorithm demands of it and of the key; always the same for one usage and
    /// algorithm.
    #[inline]
    pub fn ensure_permitted_and(
        &self,
        usage: Usage,
        alg: Algorithm,
        check: impl FnOnce(&Attributes) -> Result<()>,
    ) -> Result<()> {
        if self.permitted.load(Ordering::Relaxed) == request(usage, alg) {
            return Ok(());
        }
        self.permit(usage, alg)?;
        check(&self.attributes)?;
        self.permitted.store(request(usage, alg), Ordering::Relaxed);
        Ok(())
    }

    #[cold]
    fn permit(&self, usage: Usage, alg: Algorithm) -> Result<()> {
        policy::check(&self.attributes, usage, alg)?;
        compatibility::check(self.attributes.key_type, self.attributes.bits, alg)
    }

    /// True for a key that is there as long as the table has it: there is nothing else to ask.
    pub fn stays_until_destroyed(&self) -> bool {
        self.stays
    }

    /// Name of the place where the key is.
    pub fn place_name(&self) -> &str {
        match &self.place {
            Place::Opaque(opaque) => &opaque.backend.name,
            Place::Sealed(sealed) => sealed.place_name(),
            Place::Resident(_) | Place::Stored => SOFTWARE,
        }
    }

    /// What we have of it, if it is in a device.
    pub fn as_opaque(&self) -> Option<&Opaque> {
        match &self.place {
            Place::Opaque(opaque) => Some(opaque),
            Place::Resident(_) | Place::Stored | Place::Sealed(_) => None,
        }
    }

    /// The backend that has the key or has sealed it.
    pub fn backend(&self) -> Option<&Arc<ConfiguredBackend>> {
        match &self.place {
            Place::Opaque(opaque) => Some(&opaque.backend),
            Place::Sealed(sealed) => Some(&sealed.backend),
            Place::Resident(_) | Place::Stored => None,
        }
    }

    /// False once the key was destroyed, by whatever process: what is not there when this begins is not found alive.
    pub fn is_alive(&self) -> Result<bool> {
        if !self.alive.load(Ordering::Acquire) {
            return Ok(false);
        }
        let Some(watch) = &self.watch else { return Ok(true) };
        let generation = watch.generation();
        if self.checked.load(Ordering::Acquire) == generation {
            return Ok(true);
        }
        let there = watch.is_there()?;
        if there {
            self.checked.store(generation, Ordering::Release);
        } else {
            self.kill();
        }
        Ok(there)
    }

    /// `BAD_STATE` once the key was destroyed: for the steps of an operation that holds it (section 9.9.2).
    pub fn ensure_alive(&self) -> Result<()> {
        if self.is_alive()? {
            return Ok(());
        }
        Err(cause::of(Error::BadState, format_args!("the key of this operation has been destroyed")))
    }

    /// Marks the key as destroyed.
    pub fn kill(&self) {
        self.alive.store(false, Ordering::Release);
    }

    /// Which of the persistent keys that ever had its identifier.
    pub fn instance(&self) -> Instance {
        self.watch.as_ref().map_or_else(Instance::default, Watch::instance)
    }

    /// True for a volatile key that stayed with the device connection of the parent process or of another epoch.
    pub fn is_left_behind(&self) -> bool {
        match &self.place {
            Place::Opaque(opaque) => {
                self.attributes.lifetime.is_volatile() && !opaque.borrowed && opaque.epoch != epoch::current()
            }
            Place::Resident(_) | Place::Stored | Place::Sealed(_) => false,
        }
    }

    /// Uses the key, secret part included.
    #[inline]
    pub fn with_key<R>(&self, library: &Library, use_key: impl FnOnce(&dyn Key) -> Result<R>) -> Result<R> {
        match &self.place {
            Place::Resident(resident) => use_key(resident.key(library, &self.attributes)?),
            _ => self.with_distant_key(library, use_key),
        }
    }

    /// Uses a key that is not in our memory.
    #[inline(never)]
    fn with_distant_key<R>(&self, library: &Library, use_key: impl FnOnce(&dyn Key) -> Result<R>) -> Result<R> {
        match &self.place {
            Place::Resident(resident) => use_key(resident.key(library, &self.attributes)?),
            Place::Opaque(opaque) => use_key(&*opaque.key).map_err(|error| self.explained(error)),
            Place::Sealed(sealed) => sealed.with_key(library, &self.attributes, use_key),
            Place::Stored => {
                let material = self.stored_material(library)?;
                use_key(&*library.engine.prepare(self.attributes.key_type, self.attributes.bits, &material)?)
            }
        }
    }

    /// Whatever a device says of a key that is being destroyed elsewhere: that is the reason. SoftHSM shows such an
    /// object without its attributes for a moment.
    #[cold]
    fn explained(&self, error: Error) -> Error {
        match error {
            _ if self.watch.is_some() && matches!(self.is_alive(), Ok(false)) => {
                cause::of(Error::InvalidHandle, format_args!("the key has just been destroyed"))
            }
            other => other,
        }
    }

    /// Uses the public part of an asymmetric key, always in the engine: devices are slower at it.
    pub fn with_public_key<R>(&self, library: &Library, use_key: impl FnOnce(&dyn Key) -> Result<R>) -> Result<R> {
        if let Place::Resident(resident) = &self.place {
            return use_key(resident.key(library, &self.attributes)?);
        }
        use_key(&**self.public.get_or_try_init(|| self.prepare_public_key(library).map(Box::new))?)
    }

    /// Writes the public part in its export format (section 9.9.3).
    pub fn public_key(&self, library: &Library, output: &mut [u8]) -> Result<usize> {
        self.with_public_key(library, |key| key.public_key(output))
    }

    /// The secret part of a key in a device, for what lasts longer than a call.
    pub fn device_key(&self) -> Option<&dyn Key> {
        self.as_opaque().map(|opaque| &*opaque.key)
    }

    /// The material of a key, to compute with it or to move it; a device gives out only what may be exported.
    pub fn material(&self, library: &Library) -> Result<Secret> {
        match &self.place {
            Place::Resident(resident) => Ok(resident.material.clone()),
            Place::Stored => self.stored_material(library),
            Place::Sealed(sealed) => sealed.material(library, &self.attributes),
            Place::Opaque(opaque) if self.attributes.usage.contains(Usage::EXPORT) => {
                opaque.key.export().map_err(|error| self.explained(error))
            }
            Place::Opaque(opaque) => {
                fail!(NotSupported, "the material of this key does not leave the backend {}", opaque.backend.name)
            }
        }
    }

    fn stored_material(&self, library: &Library) -> Result<Secret> {
        let record = library.store.load(self.attributes.id)?.ok_or(Error::InvalidHandle)?;
        match record.place {
            PlaceRecord::Local { material } if record.instance.is(self.instance()) => Ok(material),
            _ => fail!(InvalidHandle, "the key was replaced by another process"),
        }
    }

    fn prepare_public_key(&self, library: &Library) -> Result<Box<dyn Key>> {
        let (key_type, bits) = (self.attributes.key_type.public_key_of_key_pair(), self.attributes.bits);
        match &self.place {
            Place::Opaque(opaque) if opaque.public_key.is_empty() => {
                return fail!(
                    NotSupported,
                    "the backend {} does not give the public part of this key, which only signs and decrypts",
                    opaque.backend.name
                );
            }
            Place::Opaque(opaque) => return library.engine.prepare(key_type, bits, &opaque.public_key),
            // Without the device.
            Place::Sealed(sealed) => return library.engine.prepare(key_type, bits, &sealed.public_key),
            Place::Resident(_) | Place::Stored => {}
        }
        let mut public_key = vec![0; sizes::export_public_key_output_size(key_type, bits)];
        let length = self.with_key(library, |key| key.public_key(&mut public_key))?;
        library.engine.prepare(key_type, bits, public_key.get(..length).ok_or(Error::CorruptionDetected)?)
    }
}
