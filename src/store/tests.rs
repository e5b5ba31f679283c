use std::os::unix::fs::{FileExt, PermissionsExt, symlink};
use std::path::Path;
use std::sync::Barrier;

use tempfile::TempDir;

use super::*;
use crate::cause;
use crate::psa::{Algorithm, Error, KeyType, Lifetime, Usage};

pub(super) fn open(directory: &Path) -> Store {
    open_as(directory, "default")
}

fn open_as(directory: &Path, namespace: &str) -> Store {
    Store::new(StoreConfig { path: Some(directory.join("state")) }, namespace)
}

pub(super) fn scratch() -> (TempDir, Store) {
    let directory = TempDir::new().unwrap();
    let store = open(directory.path());
    (directory, store)
}

fn attributes(id: u32) -> Attributes {
    Attributes {
        key_type: KeyType::AES,
        bits: 256,
        lifetime: Lifetime::PERSISTENT,
        id: KeyId(id),
        usage: Usage(u32::MAX),
        algorithm: Algorithm(0x8000_0001),
    }
}

pub(super) fn local(id: u32, material: &[u8]) -> KeyRecord {
    let place = PlaceRecord::Local { material: Secret::new(material.to_vec()) };
    KeyRecord { id: KeyId(id), attributes: attributes(id), place, instance: Instance::default() }
}

pub(super) fn opaque(id: u32) -> KeyRecord {
    let place = PlaceRecord::Opaque {
        backend: "hsm".to_owned(),
        identity: "serial 7".to_owned(),
        context: Secret::new(b"context".to_vec()),
        public_key: b"public".to_vec(),
    };
    KeyRecord { id: KeyId(id), attributes: attributes(id), place, instance: Instance::default() }
}

fn begin(store: &Store, id: u32) -> Result<Intent> {
    store.begin_creation(&attributes(id), "hsm", "serial 7", b"reference")
}

fn begin_destruction(store: &Store, id: u32) -> Result<Intent> {
    let instance = store.load(KeyId(id)).unwrap().map(|key| key.instance);
    store.begin_destruction(KeyId(id), instance.unwrap_or_default())
}

pub(super) fn material(store: &Store, id: u32) -> Option<Vec<u8>> {
    store.load(KeyId(id)).unwrap().map(|key| match key.place {
        PlaceRecord::Local { material } => material.to_vec(),
        PlaceRecord::Opaque { context, .. } | PlaceRecord::Sealed { context, .. } => context.to_vec(),
    })
}

pub(super) fn list(store: &Store) -> Vec<Listed> {
    store.keys().collect::<Result<_>>().unwrap()
}

/// A second process, as far as the store can tell: other connections, other locks.
pub(super) fn reopened(directory: &TempDir) -> Store {
    let other = directory.path().join("other");
    if !other.exists() {
        std::fs::create_dir(&other).unwrap();
        std::fs::set_permissions(&other, std::fs::Permissions::from_mode(0o700)).unwrap();
        symlink(directory.path().join("state"), other.join("state")).unwrap();
    }
    open(&other)
}

#[test]
fn asking_makes_nothing() {
    let (directory, store) = scratch();
    assert!(store.load(KeyId(1)).unwrap().is_none());
    assert!(!store.remove(KeyId(1)).unwrap());
    assert_eq!(list(&store), []);
    assert_eq!(store.metadata("x").unwrap(), None);
    assert!(store.orphans(None, None).unwrap().is_empty());
    assert_ne!(store.generation(), store.generation());
    assert!(!directory.path().join("state").exists());
}

#[test]
fn keys_come_back_as_they_went() {
    let (directory, store) = scratch();
    store.insert(&local(1, b"secret")).unwrap();
    store.insert(&opaque(0x3fff_ffff)).unwrap();

    let other = reopened(&directory);
    let key = other.load(KeyId(1)).unwrap().unwrap();
    assert_eq!((key.id, key.attributes), (KeyId(1), attributes(1)));
    assert_eq!(material(&other, 1).unwrap(), b"secret");

    let key = other.load(KeyId(0x3fff_ffff)).unwrap().unwrap();
    let PlaceRecord::Opaque { backend, identity, context, public_key } = key.place else { panic!("it is opaque") };
    assert_eq!((backend.as_str(), identity.as_str()), ("hsm", "serial 7"));
    assert_eq!((context.as_slice(), public_key.as_slice()), (&b"context"[..], &b"public"[..]));

    let listed: Vec<_> = list(&other).into_iter().map(|key| (key.attributes.id.0, key.backend)).collect();
    assert_eq!(listed, [(1, None), (0x3fff_ffff, Some("hsm".to_owned()))]);
}

#[test]
fn an_identifier_is_taken_once_in_each_namespace() {
    let (directory, store) = scratch();
    store.insert(&local(1, b"a")).unwrap();
    assert_eq!(store.insert(&local(1, b"b")), Err(Error::AlreadyExists));
    assert_eq!(begin(&store, 1).err(), Some(Error::AlreadyExists));
    let other = open_as(directory.path(), "other");
    assert_eq!(material(&other, 1), None);
    other.insert(&local(1, b"c")).unwrap();
    assert!(other.remove(KeyId(1)).unwrap());
    assert_eq!(material(&store, 1).unwrap(), b"a");
}

#[test]
fn a_removed_key_is_not_in_the_files() {
    let (directory, store) = scratch();
    let secret = b"the quick brown fox jumps over the lazy dog";
    store.insert(&local(1, secret)).unwrap();
    let holds = || {
        let files = std::fs::read_dir(directory.path().join("state")).unwrap();
        files
            .map(|file| std::fs::read(file.unwrap().path()).unwrap())
            .any(|content| content.windows(secret.len()).any(|window| window == secret))
    };
    assert!(holds());
    assert!(store.remove(KeyId(1)).unwrap());
    assert!(!store.remove(KeyId(1)).unwrap());
    assert!(!holds());
}

#[test]
fn files_are_for_nobody_else() {
    let (directory, store) = scratch();
    store.insert(&local(1, b"a")).unwrap();
    let state = directory.path().join("state");
    let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&state), 0o700);
    let files: Vec<_> = std::fs::read_dir(&state).unwrap().map(|file| file.unwrap().path()).collect();
    assert!(files.len() >= 3);
    for file in files {
        assert_eq!(mode(&file), 0o600, "{}", file.display());
    }
}

#[test]
fn a_store_that_others_may_write_is_refused() {
    for (name, mode) in [("", 0o770), ("", 0o702), ("keys.db", 0o620), ("keys.db", 0o604), ("generation", 0o606)] {
        let (directory, store) = scratch();
        store.insert(&local(1, b"a")).unwrap();
        drop(store);
        let path = directory.path().join("state").join(name);
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        cause::clear();
        assert_eq!(reopened(&directory).load(KeyId(1)).err(), Some(Error::NotPermitted), "{name} {mode:o}");
        let text = cause::take().unwrap();
        assert!(text.contains("others may") && text.contains("chmod"), "{text}");
    }
}

#[test]
fn what_is_no_store_is_refused() {
    let (directory, store) = scratch();
    store.insert(&local(1, b"a")).unwrap();
    let database = directory.path().join("state/keys.db");
    let change = |statement: &str| rusqlite::Connection::open(&database).unwrap().execute_batch(statement).unwrap();
    let failure = || {
        cause::clear();
        let status = reopened(&directory).load(KeyId(1)).err().unwrap();
        (status, cause::take().unwrap())
    };

    change("PRAGMA user_version = 99");
    let (status, text) = failure();
    assert_eq!(status, Error::DataInvalid);
    assert!(text.contains("later libparsec") && text.contains("99"), "{text}");
    a_later_store_is_left_alone(&directory);

    change("PRAGMA application_id = 1");
    let (status, text) = failure();
    assert_eq!(status, Error::DataInvalid);
    assert!(text.contains("not a key store"), "{text}");

    drop(store);
    std::fs::remove_file(database.with_extension("db-wal")).ok();
    std::fs::write(&database, [0x55; 8192]).unwrap();
    let (status, text) = failure();
    assert_eq!(status, Error::DataCorrupt);
    assert!(text.contains("keys.db"), "{text}");
}

/// Whatever is asked of it, not a byte of its database or log changes.
fn a_later_store_is_left_alone(directory: &TempDir) {
    let files = || ["keys.db", "keys.db-wal"].map(|name| std::fs::read(directory.path().join("state").join(name)).ok());
    let before = files();
    let store = reopened(directory);
    let backup = directory.path().join("backup");
    let answers = [
        store.insert(&local(2, b"b")),
        store.remove(KeyId(1)).map(|_| ()),
        begin(&store, 3).map(|_| ()),
        store.keys().collect::<Result<Vec<_>>>().map(|_| ()),
        store.set_metadata("name", b"value"),
        store.back_up(&backup),
    ];
    for (number, answer) in answers.into_iter().enumerate() {
        assert_eq!(answer, Err(Error::DataInvalid), "{number}");
    }
    assert!(!backup.exists());
    drop(store);
    assert!(files() == before);
}

#[test]
fn a_store_of_the_first_version_is_brought_up_with_its_keys() {
    let (directory, store) = scratch();
    store.insert(&local(1, b"a")).unwrap();
    let intent = begin(&store, 2).unwrap();
    let database = directory.path().join("state/keys.db");
    let connection = rusqlite::Connection::open(&database).unwrap();
    connection
        .execute_batch(
            "ALTER TABLE keys DROP COLUMN sealed; ALTER TABLE keys DROP COLUMN protection;
             ALTER TABLE intents DROP COLUMN protection; ALTER TABLE keys DROP COLUMN instance;
             DELETE FROM meta WHERE name = 'store.identity'; PRAGMA user_version = 1",
        )
        .unwrap();
    drop(connection);
    let other = reopened(&directory);
    assert_eq!(material(&other, 1).unwrap(), b"a");
    other.insert(&local(3, b"c")).unwrap();
    assert_eq!(other.insert(&local(2, b"b")), Err(Error::AlreadyExists), "the intent is still there, and owned");
    let connection = rusqlite::Connection::open(&database).unwrap();
    let version: i32 = connection.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    assert_eq!(version, schema::VERSION);
    store.abandon(intent).unwrap();
}

#[test]
fn a_row_out_of_range_is_corrupt() {
    let (directory, store) = scratch();
    store.insert(&local(1, b"a")).unwrap();
    store.insert(&local(2, b"b")).unwrap();
    let database = rusqlite::Connection::open(directory.path().join("state/keys.db")).unwrap();
    database.execute_batch("UPDATE keys SET bits = -1 WHERE id = 1").unwrap();
    assert_eq!(store.load(KeyId(1)).err(), Some(Error::DataCorrupt));
    assert_eq!(material(&store, 2).unwrap(), b"b");
}

#[test]
fn a_creation_in_two_phases() {
    let (directory, store) = scratch();
    let intent = begin(&store, 1).unwrap();
    let other = reopened(&directory);
    assert!(store.load(KeyId(1)).unwrap().is_none());
    assert!(store.orphans(None, None).unwrap().is_empty());
    assert!(other.orphans(None, None).unwrap().is_empty());
    for rival in [&store, &other] {
        assert_eq!(begin(rival, 1).err(), Some(Error::AlreadyExists));
        assert_eq!(rival.insert(&local(1, b"a")).err(), Some(Error::AlreadyExists));
    }
    store.commit_creation(intent, &opaque(1)).unwrap();
    assert_eq!(material(&other, 1).unwrap(), b"context");
    assert!(other.orphans(None, None).unwrap().is_empty());
}

#[test]
fn an_abandoned_creation_leaves_nothing() {
    let (_directory, store) = scratch();
    let intent = begin(&store, 1).unwrap();
    store.abandon(intent).unwrap();
    assert!(store.orphans(None, None).unwrap().is_empty());
    store.insert(&local(1, b"a")).unwrap();
}

#[test]
fn a_dropped_intent_is_an_orphan_that_one_can_claim() {
    let (directory, store) = scratch();
    drop(begin(&store, 1).unwrap());
    let other = reopened(&directory);
    assert!(other.orphans(Some("tpm"), None).unwrap().is_empty());
    assert!(other.orphans(None, Some(KeyId(2))).unwrap().is_empty());

    let orphan = store.orphans(Some("hsm"), Some(KeyId(1))).unwrap().pop().unwrap();
    assert_eq!(orphan.kind, IntentKind::Creation);
    assert_eq!((orphan.backend.as_str(), orphan.identity.as_str()), ("hsm", "serial 7"));
    assert_eq!((orphan.attributes, orphan.reference.as_slice()), (attributes(1), &b"reference"[..]));

    let intent = store.claim(&orphan).unwrap().unwrap();
    assert!(store.claim(&orphan).unwrap().is_none());
    assert!(other.claim(&orphan).unwrap().is_none());
    store.abandon(intent).unwrap();
    assert!(other.claim(&orphan).unwrap().is_none());
    assert!(store.orphans(None, None).unwrap().is_empty());
}

#[test]
fn a_destruction_in_two_phases() {
    let (directory, store) = scratch();
    store.insert(&local(2, b"a")).unwrap();
    assert_eq!(begin_destruction(&store, 1).err(), Some(Error::DoesNotExist));
    assert_eq!(begin_destruction(&store, 2).err(), Some(Error::InvalidArgument));

    store.insert(&opaque(1)).unwrap();
    let before = store.generation();
    let another = store.begin_destruction(KeyId(1), Instance::default()).err();
    assert_eq!(another, Some(Error::DoesNotExist), "another key of that identifier");
    let intent = begin_destruction(&store, 1).unwrap();
    assert_ne!(store.generation(), before);
    assert!(store.load(KeyId(1)).unwrap().is_none());
    assert_eq!(begin(&store, 1).err(), Some(Error::AlreadyExists));
    assert_eq!(store.abandon(intent).err(), Some(Error::BadState));

    // For others it is still owned: this process lives.
    assert!(reopened(&directory).orphans(None, None).unwrap().is_empty());
    let orphan = store.orphans(None, None).unwrap().pop().unwrap();
    assert_eq!((orphan.kind, orphan.reference.as_slice()), (IntentKind::Destruction, &b"context"[..]));
    let intent = store.claim(&orphan).unwrap().unwrap();
    store.commit_destruction(intent).unwrap();
    assert!(store.orphans(None, None).unwrap().is_empty());
    begin(&store, 1).map(|intent| store.abandon(intent)).unwrap().unwrap();
}

#[test]
fn the_generation_tells_of_removals_only() {
    let (directory, store) = scratch();
    let other = reopened(&directory);
    store.insert(&local(1, b"a")).unwrap();
    assert!(other.load(KeyId(1)).unwrap().is_some());
    let (ours, theirs) = (store.generation(), other.generation());
    store.insert(&local(2, b"b")).unwrap();
    assert_eq!((store.generation(), other.generation()), (ours, theirs));
    store.remove(KeyId(2)).unwrap();
    assert_ne!(store.generation(), ours);
    assert_ne!(other.generation(), theirs);
}

#[test]
fn a_writer_that_died_leaves_no_doubt_for_ever() {
    let (directory, store) = scratch();
    store.insert(&local(1, b"a")).unwrap();
    let before = store.generation();
    let file = std::fs::File::options().write(true).open(directory.path().join("state/generation")).unwrap();
    // What it would be in the midst of a removal: the counter stands behind the identity.
    file.write_all_at(&(before + 1).to_ne_bytes(), 16).unwrap();
    let doubtful = store.generation();
    assert_ne!(doubtful, before);
    assert_ne!(store.generation(), doubtful);
    store.insert(&local(2, b"b")).unwrap();
    assert_eq!(store.generation(), before + 2);
}

#[test]
fn a_replaced_database_is_noticed() {
    let (directory, store) = scratch();
    store.insert(&local(1, b"a")).unwrap();
    let before = store.generation();
    let state = directory.path().join("state");
    std::fs::rename(&state, directory.path().join("old")).unwrap();
    assert!(store.load(KeyId(1)).unwrap().is_none());
    store.insert(&local(1, b"b")).unwrap();
    assert_eq!(material(&store, 1).unwrap(), b"b");
    assert_ne!(store.generation(), before);
}

#[test]
fn a_lost_counter_is_made_again() {
    let (directory, store) = scratch();
    store.insert(&local(1, b"a")).unwrap();
    let before = store.generation();
    drop(store);
    std::fs::remove_file(directory.path().join("state/generation")).unwrap();
    let other = reopened(&directory);
    assert_eq!(material(&other, 1).unwrap(), b"a");
    assert_eq!(other.generation(), other.generation());
    assert_ne!(other.generation(), before);
}

#[test]
fn metadata_is_kept() {
    let (directory, store) = scratch();
    store.set_metadata("tpm.primary", b"one").unwrap();
    store.set_metadata("tpm.primary", b"two").unwrap();
    assert_eq!(reopened(&directory).metadata("tpm.primary").unwrap().unwrap(), b"two");
    assert_eq!(store.set_metadata("store.counter", b"x"), Err(Error::InvalidArgument));
}

#[test]
fn threads_and_stores_do_not_disturb_each_other() {
    const THREADS: u32 = 8;
    let (directory, store) = scratch();
    // The others reach the directory through links, and a link that leads nowhere cannot become a directory.
    store.set_metadata("made", b"").unwrap();
    let start = Barrier::new(THREADS as usize);
    let won: u32 = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|thread| {
                let (directory, store, start) = (&directory, &store, &start);
                scope.spawn(move || {
                    let other = reopened_by(directory, thread);
                    start.wait();
                    let mut won = 0;
                    for round in 0..10 {
                        // One identifier for all, one of our own.
                        match other.insert(&local(1000 + round, &[thread as u8])) {
                            Ok(()) => won += 1,
                            Err(error) => assert_eq!(error, Error::AlreadyExists, "{:?}", crate::cause::take()),
                        }
                        store.insert(&local(1 + thread * 20 + round, b"x")).unwrap();
                        assert!(store.remove(KeyId(1 + thread * 20 + round)).unwrap());
                    }
                    won
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    assert_eq!(won, 10);
    assert_eq!(list(&store).len(), 10);
}

fn reopened_by(directory: &TempDir, thread: u32) -> Store {
    let path = directory.path().join(format!("link{thread}"));
    std::fs::create_dir(&path).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o700)).unwrap();
    symlink(directory.path().join("state"), path.join("state")).unwrap();
    open(&path)
}

#[test]
fn opening_costs_the_same_among_many() {
    let (directory, store) = scratch();
    store.insert(&local(1, b"a")).unwrap();
    let database = rusqlite::Connection::open(directory.path().join("state/keys.db")).unwrap();
    let plan: String = database
        .query_row("EXPLAIN QUERY PLAN SELECT context FROM keys WHERE namespace = 'default' AND id = 1", [], |row| {
            row.get(3)
        })
        .unwrap();
    assert!(plan.starts_with("SEARCH keys USING INDEX"), "{plan}");
}
