//! Routes, fallback, the boundary for copies, two-phase creation and recovery, on a device made for it: its objects
//! are in memory, and it fails where it is told to.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};

use tempfile::TempDir;

use super::library::{ConfiguredBackend, Library};
use super::primitives::Key;
use super::{keys, signature};
use crate::backends::{Attached, Backend, Created, Naming, OwnObject, Presence};
use crate::config::{Config, Fallback, Protect, ProvisionedKey, Routes, StoreConfig};
use crate::engines::native::Native;
use crate::engines::{Engine, Function};
use crate::envelope;
use crate::locks::lock;
use crate::memory::Secret;
use crate::psa::{Algorithm, Attributes, EccFamily, Error, KeyId, KeyType, Lifetime, Result, Usage};
use crate::store::StoreIdentity;

const P256: KeyType = KeyType::ecc_key_pair(EccFamily::SECP_R1);
const ECDSA: Algorithm = Algorithm::ecdsa(Algorithm::SHA_256);
const LOCATION: u32 = 0x80_0001;

/// What the device of one test has and does, also across libraries.
#[derive(Default)]
pub(super) struct Shelf {
    pub(super) objects: HashMap<Vec<u8>, Secret>,
    made: u8,
    /// Fails after the object was made, as a device does that is unplugged before it answers.
    breaks_after_making: bool,
    /// Does not answer at all.
    pub(super) unplugged: bool,
    pub(super) identity: String,
    /// It has keys for AES.
    pub(super) encrypts: bool,
    /// It can seal secrets, and has done so this often in either direction.
    pub(super) seals: bool,
    sealed: usize,
    pub(super) unsealed: usize,
    /// What another process does while this device is asked who it is.
    meanwhile: Option<Box<dyn FnOnce() + Send>>,
}

struct FakeDevice(Arc<Mutex<Shelf>>);

impl FakeDevice {
    fn ask<R>(&self, question: impl FnOnce(&mut Shelf) -> Result<R>) -> Result<R> {
        let mut shelf = lock(&self.0);
        if shelf.unplugged { Err(Error::CommunicationFailure) } else { question(&mut shelf) }
    }
}

impl Backend for FakeDevice {
    fn identity(&self) -> Result<String> {
        let meanwhile = lock(&self.0).meanwhile.take();
        if let Some(act) = meanwhile {
            act();
        }
        self.ask(|shelf| Ok(shelf.identity.clone()))
    }

    fn supports(&self, _: Function, key_type: KeyType, bits: usize, _: Algorithm) -> bool {
        key_type == P256 && bits == 256
    }

    fn accepts(&self, attributes: &Attributes, _imported: bool) -> Result<()> {
        self.ask(|shelf| {
            let held = attributes.key_type == P256 || shelf.encrypts && attributes.key_type == KeyType::AES;
            if held { Ok(()) } else { Err(Error::NotSupported) }
        })
    }

    fn reserve(&self, _: &Attributes, _: &StoreIdentity) -> Result<Option<Vec<u8>>> {
        self.ask(|shelf| {
            shelf.made += 1;
            Ok(Some(vec![shelf.made]))
        })
    }

    fn generate(&self, attributes: &Attributes, naming: Naming<'_>) -> Result<Created> {
        let material = Native.generate(attributes.key_type, attributes.bits, &[])?;
        self.import(attributes, naming, &material)
    }

    fn import(&self, attributes: &Attributes, naming: Naming<'_>, material: &[u8]) -> Result<Created> {
        let (material, bits) = Native.import(attributes.key_type, attributes.bits, material)?;
        let mut public_key = vec![0; if attributes.key_type == P256 { 65 } else { 0 }];
        if attributes.key_type == P256 {
            Native.prepare(attributes.key_type, bits, &material)?.public_key(&mut public_key)?;
        }
        self.ask(|shelf| {
            let reference = if naming.reference.is_empty() { b"volatile" } else { naming.reference };
            shelf.objects.insert(reference.to_vec(), material);
            if shelf.breaks_after_making {
                shelf.unplugged = true;
                return Err(Error::CommunicationFailure);
            }
            Ok(Created { context: Secret::new(reference.to_vec()), public_key, bits })
        })
    }

    fn attach(&self, _: &Attributes, label: &[u8]) -> Result<Attached> {
        let material = self.ask(|shelf| shelf.objects.get(label).cloned().ok_or(Error::DoesNotExist))?;
        let mut public_key = vec![0; 65];
        Native.prepare(P256, 256, &material)?.public_key(&mut public_key)?;
        Ok(Attached { key_type: P256, created: Created { context: label.to_vec().into(), public_key, bits: 256 } })
    }

    fn is_borrowed(&self, context: &[u8]) -> bool {
        context.starts_with(b"theirs")
    }

    fn open(&self, attributes: &Attributes, context: &[u8]) -> Result<Box<dyn Key>> {
        let material = self.ask(|shelf| shelf.objects.get(context).cloned().ok_or(Error::DoesNotExist))?;
        Native.prepare(attributes.key_type, attributes.bits, &material)
    }

    fn destroy(&self, _: &Attributes, context: &[u8]) -> Result<()> {
        self.ask(|shelf| shelf.objects.remove(context).map(drop).ok_or(Error::DoesNotExist))
    }

    fn resolve(&self, reference: &[u8], remove: bool) -> Result<Presence> {
        self.ask(|shelf| {
            let present = shelf.objects.contains_key(reference);
            if remove {
                shelf.objects.remove(reference);
            }
            Ok(if present { Presence::Present } else { Presence::Absent })
        })
    }

    fn own_objects(&self, _: &StoreIdentity, _: &str) -> Result<Vec<OwnObject>> {
        let own = |reference: &Vec<u8>| OwnObject {
            reference: reference.clone(),
            context: Secret::new(reference.clone()),
            label: format!("object {}", reference[0]),
        };
        self.ask(|shelf| Ok(shelf.objects.keys().filter(|reference| *reference != b"volatile").map(own).collect()))
    }

    fn presence(&self, _: &Attributes, context: &[u8]) -> Result<Presence> {
        self.resolve(context, false)
    }

    fn seals(&self) -> Result<()> {
        self.ask(|shelf| if shelf.seals { Ok(()) } else { Err(Error::NotSupported) })
    }

    fn seal(&self, secret: &[u8]) -> Result<Vec<u8>> {
        self.ask(|shelf| {
            shelf.sealed += 1;
            envelope::seal(&[7; 32], shelf.identity.as_bytes(), secret)
        })
    }

    fn unseal(&self, sealed: &[u8]) -> Result<Secret> {
        self.ask(|shelf| {
            shelf.unsealed += 1;
            envelope::open(&[7; 32], shelf.identity.as_bytes(), sealed)?.ok_or(Error::DataInvalid)
        })
    }

    fn random(&self, _: &mut [u8]) -> Result<()> {
        self.ask(|_| Err(Error::HardwareFailure))
    }

    fn close(&self) {}
}

pub(super) struct Fixture {
    shelf: Arc<Mutex<Shelf>>,
    pub(super) directory: TempDir,
    pub(super) routes: Routes,
    pub(super) protect: Option<Protect>,
    pub(super) keys: Vec<ProvisionedKey>,
}

impl Fixture {
    pub(super) fn new() -> Self {
        let routes = Routes { persistent: "fake".into(), ..Config::default().routes };
        let shelf = Shelf { identity: "serial 1".into(), ..Shelf::default() };
        Self {
            shelf: Arc::new(Mutex::new(shelf)),
            directory: tempfile::tempdir().unwrap(),
            routes,
            protect: None,
            keys: Vec::new(),
        }
    }

    /// A library as another process would set it up: the same store, the same device.
    pub(super) fn library(&self) -> Library {
        let path = Some(self.directory.path().join("keys"));
        let (routes, protect, keys) = (self.routes.clone(), self.protect.clone(), self.keys.clone());
        let config = Config { store: StoreConfig { path }, routes, protect, keys, ..Config::default() };
        let device = Box::new(FakeDevice(self.shelf.clone()));
        let backend =
            ConfiguredBackend { name: "fake".into(), location: Some(LOCATION), device, settled: false.into() };
        Library::with_backends(config, vec![backend]).unwrap()
    }

    /// What the device has.
    pub(super) fn shelf(&self) -> MutexGuard<'_, Shelf> {
        lock(&self.shelf)
    }

    /// How often the device has sealed and unsealed.
    pub(super) fn counts(&self) -> (usize, usize) {
        let shelf = self.shelf();
        (shelf.sealed, shelf.unsealed)
    }

    fn objects(&self) -> usize {
        self.shelf().objects.len()
    }
}

fn signing(id: u32) -> Attributes {
    let usage = Usage::SIGN_HASH | Usage::VERIFY_HASH | Usage::COPY;
    let lifetime = if id == 0 { Lifetime::VOLATILE } else { Lifetime::PERSISTENT };
    Attributes { key_type: P256, bits: 256, lifetime, id: KeyId(id), usage, algorithm: ECDSA }
}

pub(super) fn place(library: &Library, key: KeyId) -> String {
    library.key(key).unwrap().place_name().to_owned()
}

#[test]
fn routes_and_locations_decide_the_place() {
    let fixture = Fixture::new();
    let library = fixture.library();
    let make = |attributes: &Attributes| keys::generate(&library, attributes, &[]);
    let routed = make(&signing(1)).unwrap();
    let volatile = make(&signing(0)).unwrap();
    let explicit = make(&Attributes { lifetime: Lifetime::new(0, LOCATION), ..signing(0) }).unwrap();
    assert_eq!(place(&library, routed), "fake");
    assert_eq!(place(&library, volatile), "software", "a volatile key of location 0 stays in memory");
    assert_eq!(place(&library, explicit), "fake");
    assert_eq!(keys::attributes(&library, routed).unwrap().lifetime, Lifetime::PERSISTENT, "as the application set it");

    let mut public_key = [0; 65];
    keys::export_public(&library, routed, &mut public_key).unwrap();
    let imported = Attributes { key_type: P256.public_key_of_key_pair(), usage: Usage::VERIFY_HASH, ..signing(2) };
    let public = keys::import(&library, &imported, &public_key).unwrap();
    assert_eq!(place(&library, public), "software", "public keys need no device");
    let mut made = [0; 64];
    signature::sign_hash(&library, routed, ECDSA, &[1; 32], &[], &mut made).unwrap();
    assert_eq!(signature::verify_hash(&library, public, ECDSA, &[1; 32], &[], &made), Ok(()));
}

#[test]
fn the_fallback_follows_from_capabilities_and_never_from_a_failure() {
    let mut fixture = Fixture::new();
    let aes = Attributes { key_type: KeyType::AES, bits: 128, usage: Usage::ENCRYPT, ..signing(1) };
    let generate = |fixture: &Fixture, attributes: &Attributes| {
        let library = fixture.library();
        keys::generate(&library, attributes, &[]).map(|key| place(&library, key))
    };
    assert_eq!(generate(&fixture, &aes), Err(Error::NotSupported), "the default for persistent keys");
    let explicit = Attributes { lifetime: Lifetime::new(1, LOCATION), ..aes };
    fixture.routes.fallback = Some(Fallback::Software);
    assert_eq!(generate(&fixture, &explicit), Err(Error::NotSupported), "never for an explicit location");
    assert_eq!(generate(&fixture, &aes).as_deref(), Ok("software"));
    fixture.shelf().unplugged = true;
    assert_eq!(generate(&fixture, &signing(2)), Err(Error::CommunicationFailure));
    assert_eq!(generate(&fixture, &Attributes { id: KeyId(3), ..aes }), Err(Error::CommunicationFailure));

    fixture.shelf().unplugged = false;
    fixture.routes = Routes { volatile: "fake".into(), fallback: None, ..fixture.routes };
    let volatile = Attributes { lifetime: Lifetime::VOLATILE, id: KeyId::NULL, ..aes };
    assert_eq!(generate(&fixture, &volatile).as_deref(), Ok("software"), "the default for volatile keys");
    assert_eq!(generate(&fixture, &signing(0)).as_deref(), Ok("fake"));
}

#[test]
fn a_key_is_found_where_it_was_made_when_the_route_has_changed() {
    let mut fixture = Fixture::new();
    let key = keys::generate(&fixture.library(), &signing(1), &[]).unwrap();
    fixture.routes = Config::default().routes;
    let library = fixture.library();
    assert_eq!(place(&library, key), "fake");
    fixture.shelf().identity = "serial 2".into();
    assert_eq!(keys::destroy(&library, key), Err(Error::CommunicationFailure), "another device cannot say it is gone");
    fixture.shelf().identity = "serial 1".into();
    assert_eq!(keys::destroy(&library, key), Ok(()));
    assert_eq!(fixture.objects(), 0);
}

#[test]
fn the_backend_is_the_boundary_for_copies() {
    let fixture = Fixture::new();
    let library = fixture.library();
    let local = keys::generate(&library, &signing(0), &[]).unwrap();
    assert_eq!(keys::copy(&library, local, &signing(1)), Err(Error::NotPermitted), "leaving takes EXPORT");
    let exportable = Attributes { usage: signing(0).usage | Usage::EXPORT, ..signing(0) };
    let local = keys::generate(&library, &exportable, &[]).unwrap();
    let copy = keys::copy(&library, local, &signing(1)).unwrap();
    assert_eq!(place(&library, copy), "fake");
    let mut made = [0; 64];
    signature::sign_hash(&library, copy, ECDSA, &[3; 32], &[], &mut made).unwrap();
    assert_eq!(signature::verify_hash(&library, local, ECDSA, &[3; 32], &[], &made), Ok(()));
    assert_eq!(keys::copy(&library, copy, &signing(0)), Err(Error::NotPermitted), "nor out of the device");
}

#[test]
fn an_interrupted_creation_leaves_neither_key_nor_object() {
    let fixture = Fixture::new();
    fixture.shelf().breaks_after_making = true;
    let library = fixture.library();
    assert_eq!(keys::generate(&library, &signing(1), &[]), Err(Error::CommunicationFailure));
    assert_eq!(fixture.objects(), 1, "the device made it and could not say so");
    assert_eq!(keys::attributes(&library, KeyId(1)).err(), Some(Error::InvalidHandle));

    {
        let mut shelf = fixture.shelf();
        shelf.breaks_after_making = false;
        shelf.unplugged = false;
    }
    let other = fixture.library();
    assert_eq!(keys::generate(&other, &signing(1), &[]), Ok(KeyId(1)), "the identifier is free again");
    assert_eq!(fixture.objects(), 1, "and what was left behind is gone");
}

#[test]
fn an_interrupted_destruction_is_completed_when_the_device_is_back() {
    let fixture = Fixture::new();
    let library = fixture.library();
    let key = keys::generate(&library, &signing(1), &[]).unwrap();
    let intent = library.store.begin_destruction(key, library.key(key).unwrap().instance()).unwrap();
    drop(intent);
    assert_eq!(keys::attributes(&library, key).err(), Some(Error::InvalidHandle), "gone as soon as it was begun");
    assert_eq!(fixture.objects(), 1);
    keys::generate(&library, &signing(2), &[]).unwrap();
    assert_eq!(fixture.objects(), 1, "the next creation there completes it");
}

#[test]
fn a_named_source_of_random_numbers_that_fails_is_insufficient_entropy() {
    let mut fixture = Fixture::new();
    fixture.routes.random = Some("fake".into());
    let random = super::random::generate(&fixture.library(), &mut [0; 16]);
    assert_eq!(random, Err(Error::InsufficientEntropy));
}

#[test]
fn a_key_that_another_process_destroys_meanwhile_is_no_key() {
    let fixture = Fixture::new();
    let (library, other) = (fixture.library(), fixture.library());
    let key = keys::generate(&library, &signing(1), &[]).unwrap();
    fixture.shelf().meanwhile = Some(Box::new(move || keys::destroy(&other, key).unwrap()));
    assert_eq!(keys::destroy(&library, key), Err(Error::InvalidHandle));
    assert_eq!(fixture.objects(), 0);
    assert_eq!(keys::attributes(&library, key), Err(Error::InvalidHandle));
}

fn orphans(library: &Library) -> Vec<String> {
    let mut names = Vec::new();
    super::orphans::list(library, &mut |name, _| {
        names.push(name.to_owned());
        Ok(true)
    })
    .unwrap();
    names
}

#[test]
fn orphans_on_both_sides_are_found_and_repaired_one_by_one() {
    let fixture = Fixture::new();
    let library = fixture.library();
    for id in 1..=3 {
        keys::generate(&library, &signing(id), &[]).unwrap();
    }
    assert_eq!(orphans(&library), [""; 0]);
    // As after restoring a backup of the store, and after clearing a part of the device.
    fixture.shelf().objects.insert(vec![200], Secret::new(vec![1]));
    fixture.shelf().objects.remove(&vec![2]);
    let library = fixture.library();
    let found = ["object:fake:c8", "key:2"];
    assert_eq!(orphans(&library), found);
    assert_eq!(orphans(&library), found, "looking repairs nothing");
    keys::generate(&library, &signing(4), &[]).unwrap();
    assert_eq!(orphans(&library), found, "and neither does using the device");

    let repair = |name| super::orphans::repair(&library, name);
    for name in ["object:fake:01", "key:1", "key:77", "interrupted:5"] {
        assert_eq!(repair(name), Err(Error::DoesNotExist), "{name}");
    }
    for name in ["", "key", "key:x", "thing:1", "key:1:2"] {
        assert_eq!(repair(name), Err(Error::InvalidArgument), "{name}");
    }
    assert_eq!((repair("object:fake:c8"), orphans(&library)), (Ok(()), vec!["key:2".to_owned()]));
    assert_eq!((repair("key:2"), orphans(&library)), (Ok(()), vec![]));
    assert_eq!(keys::attributes(&library, KeyId(2)).err(), Some(Error::InvalidHandle));
    assert_eq!(fixture.objects(), 3);
}

#[test]
fn an_interrupted_operation_is_an_orphan_until_it_is_settled() {
    let fixture = Fixture::new();
    fixture.shelf().breaks_after_making = true;
    assert!(keys::generate(&fixture.library(), &signing(1), &[]).is_err());
    {
        let mut shelf = fixture.shelf();
        shelf.breaks_after_making = false;
        shelf.unplugged = false;
    }
    let library = fixture.library();
    let names = orphans(&library);
    assert!(names.len() == 1 && names[0].starts_with("interrupted:"), "{names:?}");
    assert_eq!(super::orphans::repair(&library, &names[0]), Ok(()));
    assert_eq!((orphans(&library), fixture.objects()), (vec![], 0));
}

#[test]
fn another_device_and_an_absent_one_make_no_orphans() {
    let fixture = Fixture::new();
    let library = fixture.library();
    keys::generate(&library, &signing(1), &[]).unwrap();
    fixture.shelf().objects.clear();
    fixture.shelf().identity = "serial 2".into();
    assert_eq!(orphans(&library), [""; 0]);
    fixture.shelf().unplugged = true;
    let listed = super::orphans::list(&library, &mut |_, _| Ok(true));
    assert_eq!(listed, Err(Error::CommunicationFailure));
}

#[test]
fn what_was_interrupted_is_settled_when_the_device_is_first_used() {
    let fixture = Fixture::new();
    let library = fixture.library();
    let key = keys::generate(&library, &signing(1), &[]).unwrap();
    let other = keys::generate(&library, &signing(2), &[]).unwrap();
    drop(library.store.begin_destruction(key, library.key(key).unwrap().instance()).unwrap());
    assert_eq!(fixture.objects(), 2);
    let mut made = [0; 64];
    signature::sign_hash(&fixture.library(), other, ECDSA, &[1; 32], &[], &mut made).unwrap();
    assert_eq!(fixture.objects(), 1);
}

#[test]
fn a_destruction_never_hits_the_next_key_of_the_same_identifier() {
    let fixture = Fixture::new();
    let (library, other) = (fixture.library(), fixture.library());
    let key = keys::generate(&library, &signing(1), &[]).unwrap();
    fixture.shelf().meanwhile = Some(Box::new(move || {
        keys::destroy(&other, key).unwrap();
        keys::generate(&other, &signing(1), &[]).unwrap();
    }));
    assert_eq!(keys::destroy(&library, key), Err(Error::InvalidHandle));
    assert_eq!(fixture.objects(), 1);
    let mut made = [0; 64];
    assert!(signature::sign_hash(&library, key, ECDSA, &[1; 32], &[], &mut made).is_ok(), "the new one works");
}
