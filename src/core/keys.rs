//! Making, copying, exporting and destroying keys (PSA 1.5, section 9.9).

use std::sync::Arc;

use super::key_slot::{KeySlot, Opaque};
use super::library::{ConfiguredBackend, Library};
use super::policy;
use super::provisioned;
use super::recovery;
use super::routes::{self, Destination};
use super::sealing::Sealed;
use crate::backends::{Attached, Created, Naming};
use crate::fail;
use crate::memory::Secret;
use crate::psa::{Algorithm, Attributes, Error, KeyId, KeyType, Lifetime, Result, Usage, sizes};
use crate::store::{Instance, KeyRecord, Listed, PlaceRecord};

/// Where the material of a new key comes from.
enum Origin<'a> {
    /// The caller's buffer, or a secret that was computed.
    Import(&'a [u8]),
    /// The random generator of its place; the custom public exponent of an RSA key, big-endian, is empty for 65537.
    Generate { exponent: &'a [u8] },
}

/// `psa_import_key`: also makes keys from derived or agreed secrets.
pub fn import(library: &Library, attributes: &Attributes, data: &[u8]) -> Result<KeyId> {
    if data.is_empty() {
        return fail!(InvalidArgument, "a key of size 0 cannot be imported");
    }
    create(library, attributes, &Origin::Import(data))
}

/// `psa_generate_key_custom`; `custom` is the custom data: the public exponent of an RSA key, little-endian (section 9.5.1).
pub fn generate(library: &Library, attributes: &Attributes, custom: &[u8]) -> Result<KeyId> {
    if attributes.key_type.is_public_key() {
        return fail!(InvalidArgument, "a public key cannot be generated without its key pair");
    }
    if attributes.bits == 0 {
        return fail!(InvalidArgument, "the size of a generated key must be set");
    }
    if !custom.is_empty() && attributes.key_type != KeyType::RSA_KEY_PAIR {
        return fail!(InvalidArgument, "only RSA keys take custom production parameters");
    }
    let exponent: Vec<u8> = custom.iter().rev().copied().collect();
    create(library, attributes, &Origin::Generate { exponent: &exponent })
}

fn create(library: &Library, attributes: &Attributes, origin: &Origin<'_>) -> Result<KeyId> {
    let mut attributes = checked(library, attributes)?;
    if let Origin::Import(data) = origin {
        measure(library, &mut attributes, data)?;
    }
    match routes::destination(library, &attributes, matches!(origin, Origin::Import(_)))? {
        Destination::Local => {
            let material = make_material(library, &mut attributes, origin)?;
            keep_local(library, attributes, material)
        }
        Destination::Sealed(backend) => {
            let material = make_material(library, &mut attributes, origin)?;
            keep_sealed(library, backend, attributes, &material)
        }
        Destination::Device(backend) => create_in_device(library, backend, attributes, |naming| match origin {
            Origin::Import(data) => backend.device.import(&attributes, naming, data),
            Origin::Generate { exponent: [] } => backend.device.generate(&attributes, naming),
            Origin::Generate { .. } => fail!(NotSupported, "the backend {} has no custom exponents", backend.name),
        }),
    }
}

/// Finds the size of an imported key where it is not set and a device has to know it.
fn measure(library: &Library, attributes: &mut Attributes, data: &[u8]) -> Result<()> {
    if attributes.bits == 0 && !routes::is_local(library, attributes) {
        attributes.bits = library.engine.import(attributes.key_type, 0, data)?.1;
    }
    Ok(())
}

/// The attributes of a new key, with its policy normalized; fails where they are invalid or the identifier is taken.
fn checked(library: &Library, attributes: &Attributes) -> Result<Attributes> {
    let mut attributes = *attributes;
    if attributes.key_type == KeyType::NONE {
        return fail!(NotSupported, "the type of the key must be set");
    }
    policy::normalize(&mut attributes)?;
    check_lifetime(&attributes)?;
    if attributes.lifetime.is_volatile() {
        attributes.id = library.slots.volatile_id();
    } else {
        provisioned::ensure_free(library, attributes.id)?;
        match library.key(attributes.id) {
            Err(Error::InvalidHandle) => crate::cause::clear(),
            Err(error) => return Err(error),
            Ok(_) => return fail!(AlreadyExists, "the key {:#010x} exists already", attributes.id.0),
        }
    }
    Ok(attributes)
}

/// Persistence and identifier (sections 9.6 and 9.7); the location is checked where the key is routed.
fn check_lifetime(attributes: &Attributes) -> Result<()> {
    match attributes.lifetime.persistence() {
        Lifetime::PERSISTENCE_VOLATILE if attributes.id == KeyId::NULL => Ok(()),
        Lifetime::PERSISTENCE_VOLATILE => fail!(InvalidArgument, "a volatile key has no identifier of one's choice"),
        Lifetime::PERSISTENCE_DEFAULT if attributes.id.is_user() => Ok(()),
        Lifetime::PERSISTENCE_DEFAULT => {
            fail!(InvalidArgument, "{:#010x} is not an identifier for a persistent key", attributes.id.0)
        }
        other => fail!(NotSupported, "persistence level {other} is not supported: 0 and 1 are"),
    }
}

/// The material of a local key, whose size becomes known.
fn make_material(library: &Library, attributes: &mut Attributes, origin: &Origin<'_>) -> Result<Secret> {
    let (key_type, bits) = (attributes.key_type, attributes.bits);
    let (material, bits) = match origin {
        Origin::Import(data) => library.engine.import(key_type, bits, data)?,
        Origin::Generate { exponent } => (library.engine.generate(key_type, bits, exponent)?, bits),
    };
    attributes.bits = bits;
    Ok(material)
}

/// Stores a checked local key and opens it.
fn keep_local(library: &Library, attributes: Attributes, material: Secret) -> Result<KeyId> {
    if attributes.lifetime.is_volatile() {
        library.slots.insert(KeySlot::local(attributes, material));
    } else {
        let place = PlaceRecord::Local { material };
        library.store.insert(&KeyRecord { id: attributes.id, attributes, place, instance: Instance::default() })?;
    }
    Ok(attributes.id)
}

/// Seals, stores and opens a checked local key.
fn keep_sealed(
    library: &Library,
    backend: &Arc<ConfiguredBackend>,
    attributes: Attributes,
    material: &[u8],
) -> Result<KeyId> {
    let sealed = Sealed::make(library, backend, &attributes, material)?;
    if attributes.lifetime.is_volatile() {
        library.slots.insert(KeySlot::sealed(attributes, sealed));
    } else {
        let Sealed { identity, context, public_key, .. } = sealed;
        let place = PlaceRecord::Sealed { backend: backend.name.clone(), identity, context, public_key };
        library.store.insert(&KeyRecord { id: attributes.id, attributes, place, instance: Instance::default() })?;
    }
    Ok(attributes.id)
}

fn create_in_device(
    library: &Library,
    backend: &Arc<ConfiguredBackend>,
    attributes: Attributes,
    make: impl FnOnce(Naming<'_>) -> Result<Created>,
) -> Result<KeyId> {
    let namespace = library.config.namespace.as_str();
    let make = |reference: &[u8]| make(Naming { namespace, reference });
    let identity = backend.device.identity()?;
    let finished = |created: &Created| Attributes { bits: created.bits, ..attributes };
    if attributes.lifetime.is_volatile() {
        let created = make(&[])?;
        let attributes = finished(&created);
        let Created { context, public_key, .. } = created;
        library.slots.insert(KeySlot::opaque(backend, attributes, identity, context, public_key)?);
        return Ok(attributes.id);
    }
    let record = |created: Created| KeyRecord {
        id: attributes.id,
        attributes: finished(&created),
        place: PlaceRecord::Opaque {
            backend: backend.name.clone(),
            identity: identity.clone(),
            context: created.context,
            public_key: created.public_key,
        },
        instance: Instance::default(),
    };
    let reference = match backend.device.keeps_objects() {
        true => backend.device.reserve(&attributes, &library.store.identity()?)?,
        false => None,
    };
    match reference {
        None => library.store.insert(&record(make(&[])?))?,
        Some(reference) => {
            recovery::settle(library, backend, attributes.id)?;
            let intent = library.store.begin_creation(&attributes, &backend.name, &identity, &reference)?;
            match make(&reference) {
                Ok(created) => library.store.commit_creation(intent, &record(created))?,
                Err(error) => {
                    // What a failed creation may have left behind is removed now, or by whoever finds the intent.
                    if backend.device.resolve(&reference, true).is_ok() {
                        library.store.abandon(intent)?;
                    }
                    return Err(error);
                }
            }
        }
    }
    Ok(attributes.id)
}

/// `psa_copy_key`: the material goes where the attributes say, under the policy that both permit.
pub fn copy(library: &Library, source: KeyId, attributes: &Attributes) -> Result<KeyId> {
    let source = library.key(source)?;
    let from = source.attributes();
    if !from.usage.contains(Usage::COPY) {
        return fail!(NotPermitted, "the key's usage flags do not include PSA_KEY_USAGE_COPY");
    }
    let matches = (attributes.key_type == KeyType::NONE || attributes.key_type == from.key_type)
        && (attributes.bits == 0 || attributes.bits == from.bits);
    if !matches {
        return fail!(InvalidArgument, "a copy has the type and size of its source");
    }
    let mut wanted = *attributes;
    policy::normalize(&mut wanted)?;
    wanted.key_type = from.key_type;
    wanted.bits = from.bits;
    wanted.usage = Usage(wanted.usage.0 & from.usage.0);
    wanted.algorithm = match policy::intersection(from.algorithm, wanted.algorithm) {
        Some(algorithm) => algorithm,
        None => {
            return fail!(InvalidArgument, "the policies of the source and of the copy have no algorithm in common");
        }
    };
    let target = checked(library, &wanted)?;
    // A second reference to a key of somebody else's makes nothing in the device.
    let home = source.as_opaque().filter(|opaque| opaque.borrowed).map(|opaque| &opaque.backend);
    let destination = match home.filter(|home| routes::lead_to(library, &target, home)) {
        Some(home) => Destination::Device(home),
        None => routes::destination(library, &target, true)?,
    };
    check_boundary(&source, &destination)?;
    match destination {
        Destination::Local => keep_local(library, target, source.material(library)?),
        Destination::Sealed(backend) => keep_sealed(library, backend, target, &source.material(library)?),
        Destination::Device(backend) => create_in_device(library, backend, target, |naming| match source.as_opaque() {
            Some(opaque) if Arc::ptr_eq(&opaque.backend, backend) => {
                let mut created = backend.device.copy(&target, naming, &opaque.context)?;
                // What the key store has of a key, its device need not have.
                if created.public_key.is_empty() {
                    created.public_key.clone_from(&opaque.public_key);
                }
                Ok(created)
            }
            _ => backend.device.import(&target, naming, &source.material(library)?),
        }),
    }
}

/// The backend is the boundary that a key leaves only with `PSA_KEY_USAGE_EXPORT` (section 9.8.2).
fn check_boundary(source: &KeySlot, destination: &Destination<'_>) -> Result<()> {
    let same = match (source.backend(), destination) {
        (None, Destination::Local) => true,
        (Some(from), Destination::Device(to) | Destination::Sealed(to)) => Arc::ptr_eq(from, to),
        _ => false,
    };
    let attributes = source.attributes();
    if same || attributes.usage.contains(Usage::EXPORT) || attributes.key_type.is_public_key() {
        return Ok(());
    }
    fail!(NotPermitted, "leaving {} takes PSA_KEY_USAGE_EXPORT", source.place_name())
}

/// `psa_export_key`.
pub fn export(library: &Library, key: KeyId, output: &mut [u8]) -> Result<usize> {
    let slot = library.key(key)?;
    let attributes = slot.attributes();
    if attributes.key_type.is_public_key() {
        return slot.public_key(library, output);
    }
    if !attributes.usage.contains(Usage::EXPORT) {
        return fail!(NotPermitted, "the key's usage flags do not include PSA_KEY_USAGE_EXPORT");
    }
    let material = slot.material(library)?;
    output.get_mut(..material.len()).ok_or(Error::BufferTooSmall)?.copy_from_slice(&material);
    Ok(material.len())
}

/// The key in its export format; the caller has checked that it may leave.
pub(super) fn export_format(library: &Library, slot: &KeySlot) -> Result<Secret> {
    let Attributes { key_type, bits, .. } = *slot.attributes();
    if !key_type.is_public_key() {
        return slot.material(library);
    }
    let mut data = Secret::new(vec![0; sizes::export_public_key_output_size(key_type, bits)]);
    let length = slot.public_key(library, &mut data)?;
    data.truncate(length);
    Ok(data)
}

/// `psa_unwrap_key` where the wrapping key and the new one are in the same device, whose data then never leaves it;
/// else `None`.
pub(super) fn unwrap_in_device(
    library: &Library,
    attributes: &Attributes,
    wrapping: &KeySlot,
    alg: Algorithm,
    wrapped: &[u8],
) -> Result<Option<KeyId>> {
    // Where the data decides on the size, it has to be seen.
    let Some(opaque) = wrapping.as_opaque().filter(|_| attributes.bits != 0) else { return Ok(None) };
    let attributes = checked(library, attributes)?;
    match routes::destination(library, &attributes, true)? {
        Destination::Device(backend) if Arc::ptr_eq(backend, &opaque.backend) => {
            let key = (wrapping.attributes(), &opaque.context[..]);
            let unwrap = |naming: Naming<'_>| backend.device.unwrap_key(key, alg, wrapped, &attributes, naming);
            create_in_device(library, backend, attributes, unwrap).map(Some)
        }
        _ => Ok(None),
    }
}

/// `psa_export_public_key`.
pub fn export_public(library: &Library, key: KeyId, output: &mut [u8]) -> Result<usize> {
    let slot = library.key(key)?;
    if !slot.attributes().key_type.is_asymmetric() {
        return fail!(InvalidArgument, "a symmetric key has no public part");
    }
    slot.public_key(library, output)
}

/// `psa_destroy_key`: operations that hold the key fail at their next step.
pub fn destroy(library: &Library, key: KeyId) -> Result<()> {
    if key == KeyId::NULL {
        return Ok(());
    }
    provisioned::ensure_not(library, key)?;
    let slot = match library.key(key) {
        Err(error) => return destroy_unreadable(library, key, error),
        slot => slot?,
    };
    match (slot.as_opaque(), slot.attributes().lifetime.is_volatile()) {
        (None, true) => {}
        (None, false) => {
            library.store.remove(key)?;
        }
        (Some(opaque), volatile) => {
            let in_device = || gone_is_fine(opaque.backend.device.destroy(slot.attributes(), &opaque.context));
            if volatile {
                in_device()?;
            } else if opaque.backend.device.keeps_objects() && !opaque.borrowed {
                ensure_same_device(opaque)?;
                let intent = match library.store.begin_destruction(key, slot.instance()) {
                    Err(Error::DoesNotExist) => {
                        return fail!(InvalidHandle, "the key {:#010x} has just been destroyed elsewhere", key.0);
                    }
                    begun => begun?,
                };
                in_device()?;
                library.store.commit_destruction(intent)?;
            } else {
                // The blob was all there is; the device need not even be there.
                library.store.remove(key)?;
                in_device()?;
            }
        }
    }
    slot.kill();
    // Else it would be handed over to this thread, which no longer uses it.
    drop(slot);
    library.slots.remove(key);
    Ok(())
}

/// A key that cannot be opened, because it was changed or what protects it is away, can be destroyed where all there is
/// of it is in the key store.
fn destroy_unreadable(library: &Library, key: KeyId, error: Error) -> Result<()> {
    if !key.is_user() || error == Error::InvalidHandle {
        return Err(error);
    }
    let all_there_is = match library.store.listed(key)? {
        Some(Listed { backend: None, .. } | Listed { sealed: true, .. }) => true,
        Some(Listed { backend: Some(name), .. }) => !library.backend(&name)?.device.keeps_objects(),
        None => false,
    };
    if !all_there_is {
        return Err(error);
    }
    library.store.remove(key)?;
    crate::cause::clear();
    Ok(())
}

/// A device that is not the one where the key was made cannot say that the key is gone.
fn ensure_same_device(opaque: &Opaque) -> Result<()> {
    let (name, identity) = (&opaque.backend.name, opaque.backend.device.identity()?);
    if identity == opaque.identity {
        return Ok(());
    }
    fail!(CommunicationFailure, "the key is in {}, but the backend {name} now leads to {identity}", opaque.identity)
}

/// A key whose object is no longer in the device can be destroyed.
fn gone_is_fine(result: Result<()>) -> Result<()> {
    match result {
        Err(Error::DoesNotExist) => {
            crate::cause::clear();
            Ok(())
        }
        other => other,
    }
}

/// `psa_purge_key`: cached material of a persistent key leaves memory; operations that hold the key go on.
pub fn purge(library: &Library, key: KeyId) -> Result<()> {
    let slot = library.key(key)?;
    if !slot.attributes().lifetime.is_volatile() {
        library.slots.remove(key);
    }
    Ok(())
}

/// `psa_get_key_attributes`.
pub fn attributes(library: &Library, key: KeyId) -> Result<Attributes> {
    Ok(*library.key(key)?.attributes())
}

/// `psa_attach_key`: type and size may be left to the device.
pub fn attach(library: &Library, attributes: &Attributes, label: &[u8]) -> Result<KeyId> {
    if !attributes.lifetime.is_volatile() {
        return fail!(InvalidArgument, "an attached key is volatile");
    }
    let location = attributes.lifetime.location();
    if location == Lifetime::LOCATION_LOCAL_STORAGE {
        return fail!(DoesNotExist, "local storage has no provisioned keys");
    }
    let backend = routes::at_location(library, location)?;
    let Attached { key_type, created } = backend.device.attach(attributes, label)?;
    let differs = attributes.key_type != KeyType::NONE && attributes.key_type != key_type
        || attributes.bits != 0 && attributes.bits != created.bits;
    if differs {
        return fail!(InvalidArgument, "the key has type {key_type} and {} bits", created.bits);
    }
    let attributes = checked(library, &Attributes { key_type, bits: created.bits, ..*attributes })?;
    create_in_device(library, backend, attributes, |_| Ok(created))
}
