use std::path::Path;
use std::sync::atomic::AtomicUsize;

use rusqlite::params;
use tempfile::TempDir;

use super::*;
use crate::config::StoreConfig;
use crate::psa::{Algorithm, Attributes, KeyId, KeyType, Lifetime, Usage};
use crate::store::{Instance, KeyRecord, Listed, PlaceRecord};

const SECRET: &[u8] = b"the quick brown fox jumps over the lazy dog";

/// A device that seals, and that may be away.
#[derive(Default)]
struct Device {
    away: AtomicBool,
    opened: AtomicUsize,
}

/// The devices `one` and `two`, which do not open what the other has sealed.
struct Devices(Arc<Device>);

impl Devices {
    fn master(&self, backend: &str) -> Result<[u8; 32]> {
        if self.0.away.load(Ordering::Relaxed) {
            return fail!(CommunicationFailure, "{backend} is unplugged");
        }
        match backend {
            "one" => Ok([1; 32]),
            "two" => Ok([2; 32]),
            _ => fail!(DataInvalid, "the configuration has no [backends.{backend}]"),
        }
    }
}

impl SealingDevices for Devices {
    fn seal(&self, backend: &str, secret: &[u8]) -> Result<Vec<u8>> {
        envelope::seal(&self.master(backend)?, b"", secret)
    }

    fn unseal(&self, backend: &str, sealed: &[u8]) -> Result<Secret> {
        self.0.opened.fetch_add(1, Ordering::Relaxed);
        envelope::open(&self.master(backend)?, b"", sealed)?.ok_or(Error::DataCorrupt)
    }
}

struct Fixture {
    directory: TempDir,
    device: Arc<Device>,
}

impl Fixture {
    fn new() -> Self {
        Self { directory: TempDir::new().unwrap(), device: Arc::default() }
    }

    /// A store as another program would open it.
    fn open(&self, protect: Option<Protect>) -> Store {
        self.open_as(protect, "default")
    }

    fn open_as(&self, protect: Option<Protect>, namespace: &str) -> Store {
        let config = StoreConfig { path: Some(self.directory.path().join("state")) };
        Store::protected(config, namespace, protect, Box::new(Devices(self.device.clone())))
    }

    fn database(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.directory.path().join("state/keys.db")).unwrap()
    }

    /// True where some file of the store has these bytes.
    fn holds(&self, bytes: &[u8]) -> bool {
        let files = std::fs::read_dir(self.directory.path().join("state")).unwrap();
        files
            .map(|file| std::fs::read(file.unwrap().path()).unwrap())
            .any(|content| content.windows(bytes.len()).any(|window| window == bytes))
    }

    fn secret_file(&self, name: &str, content: &[u8]) -> Option<Protect> {
        use std::os::unix::fs::PermissionsExt;
        let path = self.directory.path().join(name);
        std::fs::write(&path, content).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        Some(Protect::Secret(SecretSource::File(path)))
    }
}

fn by(name: &str) -> Option<Protect> {
    Some(Protect::Backend(name.to_owned()))
}

fn attributes(id: u32) -> Attributes {
    Attributes {
        key_type: KeyType::HMAC,
        bits: 8 * SECRET.len(),
        lifetime: Lifetime::PERSISTENT,
        id: KeyId(id),
        usage: Usage::SIGN_MESSAGE,
        algorithm: Algorithm::hmac(Algorithm::SHA_256),
    }
}

fn local(id: u32) -> KeyRecord {
    let place = PlaceRecord::Local { material: SECRET.to_vec().into() };
    KeyRecord { id: KeyId(id), attributes: attributes(id), place, instance: Instance::default() }
}

fn opaque(id: u32) -> KeyRecord {
    let place = PlaceRecord::Opaque {
        backend: "two".to_owned(),
        identity: "serial 7".to_owned(),
        context: SECRET.to_vec().into(),
        public_key: b"public".to_vec(),
    };
    KeyRecord { id: KeyId(id), attributes: attributes(id), place, instance: Instance::default() }
}

fn sealed(id: u32) -> KeyRecord {
    let PlaceRecord::Opaque { backend, identity, context, public_key } = opaque(id).place else { unreachable!() };
    KeyRecord {
        id: KeyId(id),
        attributes: attributes(id),
        place: PlaceRecord::Sealed { backend, identity, context, public_key },
        instance: Instance::default(),
    }
}

fn secret(store: &Store, id: u32) -> Result<Vec<u8>> {
    let place = store.load(KeyId(id))?.ok_or(Error::DoesNotExist)?.place;
    Ok(match place {
        PlaceRecord::Local { material } => material.to_vec(),
        PlaceRecord::Opaque { context, .. } | PlaceRecord::Sealed { context, .. } => context.to_vec(),
    })
}

/// The status and the text of a failure.
fn failure<T>(outcome: Result<T>) -> (Error, String) {
    (outcome.err().unwrap(), cause::take().unwrap_or_default())
}

#[test]
fn no_secret_is_readable_in_any_file() {
    let fixture = Fixture::new();
    let store = fixture.open(by("one"));
    for key in [local(1), opaque(2), sealed(3)] {
        store.insert(&key).unwrap();
    }
    drop(store.begin_creation(&attributes(4), "two", "serial 7", SECRET).unwrap());
    let instance = store.load(KeyId(2)).unwrap().unwrap().instance;
    drop(store.begin_destruction(KeyId(2), instance).unwrap());
    assert!(!fixture.holds(SECRET));
    assert_eq!(store.protected_by().unwrap(), by("one"));

    let other = fixture.open(by("one"));
    for id in [1, 3] {
        assert_eq!(secret(&other, id).unwrap(), SECRET);
    }
    assert!(matches!(other.load(KeyId(3)).unwrap().unwrap().place, PlaceRecord::Sealed { .. }));
    let orphans = other.orphans(None, None).unwrap();
    assert_eq!(orphans.len(), 2);
    assert!(orphans.iter().all(|orphan| orphan.reference.as_slice() == SECRET));
    assert_eq!(fixture.device.opened.load(Ordering::Relaxed), 1, "the store's key is unsealed once");
    other.forget_secrets();
    assert_eq!(secret(&other, 1).unwrap(), SECRET);
    assert_eq!(fixture.device.opened.load(Ordering::Relaxed), 2, "and again when it was forgotten");
}

#[test]
fn what_was_changed_is_corrupt_and_nothing_else() {
    let fixture = Fixture::new();
    let store = fixture.open(by("one"));
    let elsewhere = Fixture::new();
    let stranger = elsewhere.open(by("one"));
    // All that it says of itself is the same here.
    stranger.insert(&local(50)).unwrap();
    let foreign: Vec<u8> = elsewhere.database().query_row("SELECT context FROM keys", [], |row| row.get(0)).unwrap();
    let database = {
        store.insert(&opaque(100)).unwrap();
        fixture.database()
    };
    let changes = [
        "UPDATE keys SET context = (SELECT context FROM keys WHERE id = 100) WHERE id = ?1",
        "UPDATE keys SET context = substr(context, 1, length(context) - 1) WHERE id = ?1",
        "UPDATE keys SET context = x'' WHERE id = ?1",
        "UPDATE keys SET usage = usage | 1 WHERE id = ?1",
        "UPDATE keys SET algorithm = algorithm + 1 WHERE id = ?1",
        "UPDATE keys SET type = type + 1 WHERE id = ?1",
        "UPDATE keys SET bits = bits + 8 WHERE id = ?1",
        "UPDATE keys SET lifetime = 257 WHERE id = ?1",
        "UPDATE keys SET identity = 'serial 8' WHERE id = ?1",
        "UPDATE keys SET backend = 'one' WHERE id = ?1",
        "UPDATE keys SET backend = NULL WHERE id = ?1",
        "UPDATE keys SET sealed = 1 WHERE id = ?1",
        "UPDATE keys SET public_key = x'00' WHERE id = ?1",
        "UPDATE keys SET protection = 0 WHERE id = ?1",
        "UPDATE keys SET protection = 2 WHERE id = ?1",
        "UPDATE keys SET protection = 0, context = x'00112233445566778899aabbccddeeff' WHERE id = ?1",
    ];
    for (number, change) in changes.iter().enumerate() {
        let id = number as u32 + 1;
        store.insert(&opaque(id)).unwrap();
        assert_eq!(secret(&store, id).unwrap(), SECRET);
        assert_eq!(database.execute(change, [id]).unwrap(), 1);
        assert_eq!(secret(&store, id), Err(Error::DataCorrupt), "{change}");
        assert_eq!(secret(&store, 100).unwrap(), SECRET);
    }
    store.insert(&local(50)).unwrap();
    let change = |context: &[u8]| database.execute("UPDATE keys SET context = ?1 WHERE id = 50", [context]).unwrap();
    change(&foreign);
    assert_eq!(secret(&store, 50), Err(Error::DataCorrupt), "a row of another store");
    store.remove(KeyId(50)).unwrap();
    store.insert(&local(50)).unwrap();
    let own: Vec<u8> = database.query_row("SELECT context FROM keys WHERE id = 50", [], |row| row.get(0)).unwrap();
    database.pragma_update(None, "synchronous", "OFF").unwrap();
    for bit in 0..own.len() * 8 {
        let mut flipped = own.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        change(&flipped);
        assert_eq!(secret(&store, 50), Err(Error::DataCorrupt), "bit {bit}");
    }
    for length in 0..own.len() {
        change(&own[..length]);
        assert_eq!(secret(&store, 50), Err(Error::DataCorrupt), "{length} bytes");
    }
    assert_eq!(secret(&store, 100).unwrap(), SECRET);
    change(&own);
    assert_eq!(secret(&store, 50).unwrap(), SECRET);

    // A whole row under another identifier or in another namespace.
    database.execute("UPDATE keys SET id = 101 WHERE id = 100", []).unwrap();
    assert_eq!(secret(&store, 101), Err(Error::DataCorrupt));
    database.execute("UPDATE keys SET id = 100, namespace = 'other' WHERE id = 101", []).unwrap();
    assert_eq!(secret(&fixture.open_as(by("one"), "other"), 100), Err(Error::DataCorrupt));
    database.execute("UPDATE keys SET namespace = 'default' WHERE id = 100", []).unwrap();
    assert_eq!(secret(&store, 100).unwrap(), SECRET);
    assert!(store.remove(KeyId(1)).unwrap(), "what cannot be read can be removed");
}

#[test]
fn a_damaged_intent_does_not_hold_up_the_others() {
    let fixture = Fixture::new();
    let store = fixture.open(by("one"));
    for id in [1, 2] {
        drop(store.begin_creation(&attributes(id), "two", "serial 7", SECRET).unwrap());
    }
    fixture.database().execute("UPDATE intents SET reference = x'00' WHERE id = 1", []).unwrap();
    let orphans = store.orphans(None, None).unwrap();
    assert_eq!(orphans.iter().map(|orphan| orphan.attributes.id.0).collect::<Vec<_>>(), [2]);
}

#[test]
fn changing_the_protection_encrypts_everything_anew() {
    let fixture = Fixture::new();
    let plain = fixture.open(None);
    let elsewhere = fixture.open_as(None, "elsewhere");
    for key in [local(1), opaque(2), sealed(3)] {
        plain.insert(&key).unwrap();
        elsewhere.insert(&key).unwrap();
    }
    drop(plain.begin_creation(&attributes(4), "two", "serial 7", SECRET).unwrap());
    assert!(fixture.holds(SECRET));
    let before = plain.generation();

    let file = fixture.secret_file("secret", &[9; 40]);
    let short_lived = fixture.secret_file("old", &[8; 32]);
    for (protect, readable) in [
        (by("one"), false),
        (file.clone(), false),
        (short_lived, false),
        (by("two"), false),
        (Some(Protect::Nothing), true),
        (file, false),
    ] {
        let store = fixture.open(protect.clone());
        for id in [1, 2, 3] {
            assert_eq!(secret(&store, id).unwrap(), SECRET, "{protect:?}");
            assert_eq!(secret(&elsewhere, id).unwrap(), SECRET, "one that has no opinion follows");
        }
        assert_eq!(store.orphans(None, None).unwrap().len(), 1);
        assert_eq!(fixture.holds(SECRET), readable, "{protect:?}");
        assert_eq!(store.protected_by().unwrap(), protect);
    }
    assert_ne!(plain.generation(), before);
}

#[test]
fn many_keys_are_encrypted_anew_together() {
    let fixture = Fixture::new();
    let plain = fixture.open(None);
    plain.insert(&local(1)).unwrap();
    let database = fixture.database();
    for id in 2..1000 {
        let sql =
            "INSERT INTO keys (namespace, id, type, bits, lifetime, usage, algorithm, identity, context, public_key)
                   SELECT namespace, ?1, type, bits, lifetime, usage, algorithm, identity, context, public_key
                   FROM keys WHERE id = 1";
        database.execute(sql, params![id]).unwrap();
    }
    let store = fixture.open(by("one"));
    assert_eq!((secret(&store, 1).unwrap(), secret(&store, 999).unwrap()), (SECRET.to_vec(), SECRET.to_vec()));
    let left: i64 = database.query_row("SELECT count(*) FROM keys WHERE protection = 0", [], |row| row.get(0)).unwrap();
    assert_eq!(left, 0);
}

#[test]
fn programs_that_disagree_are_told() {
    let fixture = Fixture::new();
    let first = fixture.open(by("one"));
    first.insert(&local(1)).unwrap();
    let second = fixture.open(by("two"));
    assert_eq!(secret(&second, 1).unwrap(), SECRET);
    let (status, text) = failure(secret(&first, 1));
    assert_eq!(status, Error::NotPermitted);
    assert!(text.contains("[backends.two]") && text.contains("[backends.one]"), "{text}");
    assert_eq!(first.insert(&local(2)), Err(Error::NotPermitted));
    cause::clear();
    second.insert(&local(2)).unwrap();

    // Written out, "none" decrypts; one that relied on the protection stores nothing in the clear.
    fixture.open(Some(Protect::Nothing)).load(KeyId(1)).unwrap();
    let (status, text) = failure(second.insert(&local(3)));
    assert_eq!(status, Error::NotPermitted);
    assert!(text.contains("nothing"), "{text}");
}

#[test]
fn without_the_device_the_store_opens_and_lists() {
    let fixture = Fixture::new();
    fixture.open(by("one")).insert(&opaque(1)).unwrap();
    fixture.device.away.store(true, Ordering::Relaxed);
    for protect in [by("one"), None] {
        let store = fixture.open(protect);
        let expected = Listed { attributes: attributes(1), backend: Some("two".to_owned()), sealed: false };
        assert_eq!(store.keys().collect::<Result<Vec<_>>>().unwrap(), [expected]);
        for (status, text) in [failure(secret(&store, 1)), failure(store.insert(&local(2)))] {
            assert_eq!(status, Error::CommunicationFailure);
            assert!(text.contains("keys.db, protected by [backends.one]: one is unplugged"), "{text}");
        }
        fixture.device.away.store(false, Ordering::Relaxed);
        assert_eq!(secret(&store, 1).unwrap(), SECRET, "it is back");
        fixture.device.away.store(true, Ordering::Relaxed);
    }
    // Nothing is changed, nor left in the clear, where the change cannot be made.
    assert_eq!(failure(fixture.open(by("two")).load(KeyId(1))).0, Error::CommunicationFailure);
    let plain = Fixture::new();
    plain.open(None).insert(&local(1)).unwrap();
    plain.device.away.store(true, Ordering::Relaxed);
    let (status, text) = failure(plain.open(by("one")).insert(&local(2)));
    assert_eq!(status, Error::CommunicationFailure);
    assert!(text.contains("protected by [backends.one]"), "{text}");
    assert_eq!(secret(&plain.open(None), 1).unwrap(), SECRET);
}

#[test]
fn what_protects_the_store_can_have_moved() {
    let fixture = Fixture::new();
    let old = fixture.secret_file("old", &[5; 32]);
    fixture.open(old).insert(&local(1)).unwrap();
    std::fs::rename(fixture.directory.path().join("old"), fixture.directory.path().join("new")).unwrap();
    let new = Some(Protect::Secret(SecretSource::File(fixture.directory.path().join("new"))));
    assert_eq!(secret(&fixture.open(new.clone()), 1).unwrap(), SECRET);
    // Another content under the same name is not what it was.
    fixture.secret_file("new", &[6; 32]);
    let (status, text) = failure(fixture.open(new).load(KeyId(1)));
    assert_eq!(status, Error::DataCorrupt);
    assert!(text.contains("is not the one with which"), "{text}");
}

#[test]
fn a_secret_that_is_short_or_open_to_others_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let fixture = Fixture::new();
    let short = fixture.secret_file("short", &[1; 31]);
    let (status, text) = failure(fixture.open(short).insert(&local(1)));
    assert_eq!(status, Error::DataInvalid);
    assert!(text.contains("31 bytes"), "{text}");
    let open = fixture.secret_file("open", &[1; 32]);
    let path = fixture.directory.path().join("open");
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o644)).unwrap();
    assert_eq!(failure(fixture.open(open).insert(&local(1))).0, Error::NotPermitted);
    assert!(fixture.open(None).load(KeyId(1)).unwrap().is_none());
    // A trailing end of line belongs to the secret.
    let binary = fixture.secret_file("binary", &[b'\n'; 32]);
    fixture.open(binary).insert(&local(1)).unwrap();
}

#[test]
fn asking_a_store_that_is_not_there_makes_none() {
    let fixture = Fixture::new();
    let store = fixture.open(by("one"));
    assert!(store.load(KeyId(1)).unwrap().is_none());
    assert_eq!(store.protected_by().unwrap(), None);
    assert!(!Path::new(&fixture.directory.path().join("state")).exists());
    store.insert(&local(1)).unwrap();
    assert_eq!(store.protected_by().unwrap(), by("one"));
}

#[test]
fn damaged_metadata_loses_nothing() {
    let fixture = Fixture::new();
    let store = fixture.open(by("one"));
    store.insert(&local(1)).unwrap();
    let database = fixture.database();
    let read = || -> Vec<u8> {
        database.query_row("SELECT value FROM meta WHERE name = 'store.protection'", [], |row| row.get(0)).unwrap()
    };
    let write = |value: &[u8]| {
        database.execute("UPDATE meta SET value = ?1 WHERE name = 'store.protection'", [value]).unwrap();
    };
    let value = read();
    assert_eq!(value[..15], [1, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 3, b'o', b'n', b'e']);
    for length in [0, 1, 9, 14, 40, value.len() - 1] {
        write(&value[..length]);
        assert_eq!(failure(fixture.open(None).load(KeyId(1))).0, Error::DataCorrupt, "{length}");
    }
    // Without it the rows are no plain ones.
    database.execute("DELETE FROM meta WHERE name = 'store.protection'", []).unwrap();
    assert_eq!(secret(&fixture.open(None), 1), Err(Error::DataCorrupt));
    assert_eq!(fixture.open(None).keys().count(), 1);
    database.execute("INSERT INTO meta VALUES ('store.protection', ?1)", [&value]).unwrap();
    assert_eq!(secret(&fixture.open(None), 1).unwrap(), SECRET);
}
