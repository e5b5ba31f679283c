//! What happens to a store in a long life: migration, backups, files that are cut or replaced under a running process,
//! many keys.

use std::fs::{self, File, OpenOptions};
use std::os::unix::fs::{FileExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use rusqlite::{Connection, StatementStatus};
use tempfile::TempDir;

use super::tests::{list, local, material, opaque, open, reopened, scratch};
use super::*;
use crate::cause;
use crate::psa::Error;

fn file(directory: &TempDir, name: &str) -> PathBuf {
    directory.path().join("state").join(name)
}

/// A store as the first version of the library left it.
fn old_store(addition: &str) -> TempDir {
    let directory = TempDir::new().unwrap();
    let state = directory.path().join("state");
    fs::create_dir(&state).unwrap();
    fs::set_permissions(&state, fs::Permissions::from_mode(0o700)).unwrap();
    let database = Connection::open(state.join("keys.db")).unwrap();
    database.execute_batch(include_str!("../../tests/data/key-store-1.sql")).unwrap();
    database.execute_batch(addition).unwrap();
    drop(database);
    fs::set_permissions(state.join("keys.db"), fs::Permissions::from_mode(0o600)).unwrap();
    directory
}

fn version(directory: &TempDir) -> i32 {
    let database = Connection::open(file(directory, "keys.db")).unwrap();
    database.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap()
}

#[test]
fn a_store_of_the_first_version_becomes_one_of_this() {
    let directory = old_store("");
    let store = open(directory.path());
    assert_eq!(material(&store, 1).unwrap(), (0..16).collect::<Vec<u8>>());
    assert_eq!(version(&directory), schema::VERSION);
    let key = store.load(KeyId(2)).unwrap().unwrap();
    assert_eq!((key.attributes.key_type.0, key.attributes.bits), (0x7112, 256));
    assert!(store.watch(&key).unwrap().is_there().unwrap(), "it is told from others that come later");
    assert_eq!(store.orphans(Some("hsm"), None).unwrap().len(), 1);
    assert_eq!(store.metadata("tpm.primary").unwrap().unwrap(), b"one");
    assert_ne!(store.identity().unwrap(), [0; 16]);
    store.insert(&local(4, b"new")).unwrap();
    assert_eq!(list(&reopened(&directory)).len(), 3);
}

#[test]
fn a_migration_that_fails_changes_nothing() {
    // The last thing that the step does fails.
    let directory = old_store("INSERT INTO meta VALUES ('store.identity', x'00');");
    let failed = open(directory.path()).load(KeyId(1)).err();
    assert!(failed.is_some());
    assert_eq!(version(&directory), 1);
    let database = Connection::open(file(&directory, "keys.db")).unwrap();
    let columns: i32 =
        database.query_row("SELECT count(*) FROM pragma_table_info('keys')", [], |row| row.get(0)).unwrap();
    assert_eq!(columns, 11);
    database.execute("DELETE FROM meta WHERE name = 'store.identity'", []).unwrap();
    assert!(material(&open(directory.path()), 1).is_some(), "and can be done later");
}

#[test]
fn a_backup_is_the_store_at_one_moment() {
    let (directory, store) = scratch();
    let target = directory.path().join("backup.db");
    assert_eq!(store.back_up(&target), Err(Error::DoesNotExist));
    for id in 1..=200 {
        store.insert(&local(id, &id.to_be_bytes())).unwrap();
    }
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        // Two keys at a time come and go: a copy of one moment has an even number of them, or is between the two.
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                store.insert(&local(1001, b"first")).unwrap();
                store.insert(&local(1002, b"second")).unwrap();
                store.remove(KeyId(1002)).unwrap();
                store.remove(KeyId(1001)).unwrap();
            }
        });
        for round in 0..5 {
            let target = directory.path().join(format!("backup{round}.db"));
            store.back_up(&target).unwrap();
            assert_eq!(target.metadata().unwrap().permissions().mode() & 0o777, 0o600);
            assert_eq!(store.back_up(&target), Err(Error::AlreadyExists));
            let restored = restore(&target);
            let keys = list(&open(restored.path()));
            let passing: Vec<u32> = keys.iter().skip(200).map(|key| key.attributes.id.0).collect();
            assert!([&[][..], &[1001], &[1001, 1002]].contains(&passing.as_slice()), "{passing:?}");
            assert_eq!(material(&open(restored.path()), 77).unwrap(), 77_u32.to_be_bytes());
        }
        done.store(true, Ordering::Relaxed);
    });
}

/// A new store from a backup.
fn restore(backup: &Path) -> TempDir {
    let directory = TempDir::new().unwrap();
    let state = directory.path().join("state");
    fs::create_dir(&state).unwrap();
    fs::set_permissions(&state, fs::Permissions::from_mode(0o700)).unwrap();
    fs::copy(backup, state.join("keys.db")).unwrap();
    directory
}

#[test]
fn a_restored_backup_is_used_and_noticed() {
    let (directory, store) = scratch();
    store.insert(&local(1, b"a")).unwrap();
    let backup = directory.path().join("backup.db");
    store.back_up(&backup).unwrap();
    store.insert(&local(2, b"b")).unwrap();
    let before = store.generation();
    let second = store.load(KeyId(2)).unwrap().unwrap();
    // As one would do it: nobody is at work, and the log goes with the database that it belongs to.
    for name in ["keys.db-wal", "keys.db-shm"] {
        let _ = fs::remove_file(file(&directory, name));
    }
    fs::rename(&backup, file(&directory, "keys.db")).unwrap();
    assert_eq!(material(&store, 1).unwrap(), b"a");
    assert!(material(&store, 2).is_none());
    assert_ne!(store.generation(), before);
    assert!(!store.watch(&second).unwrap().is_there().unwrap());
    store.insert(&local(2, b"another")).unwrap();
    assert!(!store.watch(&second).unwrap().is_there().unwrap(), "another key of the same identifier");
}

#[test]
fn a_counter_that_is_cut_short_is_made_again() {
    for length in [0, 8, 20] {
        let (directory, store) = scratch();
        store.insert(&local(1, b"a")).unwrap();
        let before = store.generation();
        assert_eq!(store.generation(), before);
        File::options().write(true).open(file(&directory, "generation")).unwrap().set_len(length).unwrap();
        // No SIGBUS, and nothing that was cached is trusted.
        assert_ne!(store.generation(), before, "{length}");
        assert_ne!(store.generation(), store.generation());
        assert_eq!(material(&store, 1).unwrap(), b"a");
        until(|| store.generation() == store.generation());
        let after = store.generation();
        assert!(store.remove(KeyId(1)).unwrap());
        assert_ne!(store.generation(), after);
    }
}

#[test]
fn a_counter_that_is_overwritten_is_noticed() {
    let (directory, store) = scratch();
    store.insert(&local(1, b"a")).unwrap();
    let other = open(directory.path());
    assert!(other.load(KeyId(1)).unwrap().is_some());
    let before = store.generation();
    let counter = OpenOptions::new().write(true).open(file(&directory, "generation")).unwrap();
    counter.write_all_at(&[0x5a; 16], 0).unwrap();
    until(|| store.generation() != before);
    assert_eq!(material(&store, 1).unwrap(), b"a");
    let after = store.generation();
    assert!(store.remove(KeyId(1)).unwrap());
    assert_ne!(store.generation(), after);
}

/// Paths are looked at once a second.
fn until(mut condition: impl FnMut() -> bool) {
    for _ in 0..40 {
        if condition() {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    panic!("not noticed within four seconds");
}

#[test]
fn a_database_that_is_emptied_is_not_taken_for_a_new_one() {
    let (directory, store) = scratch();
    store.insert(&local(1, b"a")).unwrap();
    store.remove(KeyId(9)).unwrap();
    drop(store);
    for name in ["keys.db-wal", "keys.db-shm"] {
        let _ = fs::remove_file(file(&directory, name));
    }
    File::create(file(&directory, "keys.db")).unwrap();
    cause::clear();
    let other = reopened(&directory);
    assert_eq!(other.load(KeyId(1)).err(), Some(Error::DataCorrupt));
    assert!(cause::take().unwrap().contains("backup"));
    assert_eq!(other.insert(&local(2, b"b")), Err(Error::DataCorrupt));
    fs::remove_file(file(&directory, "keys.db")).unwrap();
    assert!(other.load(KeyId(1)).unwrap().is_none(), "who removes it means it");
    other.insert(&local(2, b"b")).unwrap();
}

/// Cut or overwritten while connections are open: an error, or what the file has now, and never an end of the process.
#[test]
fn a_database_that_changes_under_its_users_does_not_harm_them() {
    let (directory, store) = scratch();
    for id in 1..=300 {
        store.insert(&local(id, &[id as u8; 200])).unwrap();
    }
    let backup = directory.path().join("backup.db");
    store.back_up(&backup).unwrap();
    let copy = fs::read(&backup).unwrap();
    let length = file(&directory, "keys.db").metadata().unwrap().len();
    for cut in [length - 4096, length / 2, 4096, 100, 0] {
        let database = File::options().write(true).open(file(&directory, "keys.db")).unwrap();
        database.set_len(cut).unwrap();
        for id in [1, 150, 300] {
            check(store.load(KeyId(id)).map(|key| key.is_some()), &format!("load with {cut}"));
            check(store.insert(&local(1000 + id, b"x")).map(|()| true), &format!("insert with {cut}"));
            check(store.remove(KeyId(id)), &format!("remove with {cut}"));
        }
        let _ = store.keys().map(|key| check(key.map(|_| true), "list")).count();
        store.generation();
        cause::clear();
        // Restored in place, as with cp.
        database.set_len(0).unwrap();
        database.write_all_at(&copy, 0).unwrap();
        let _ = File::options().write(true).open(file(&directory, "keys.db-wal")).map(|log| log.set_len(0));
    }
    assert_eq!(material(&reopened(&directory), 150).unwrap(), [150; 200]);
    assert_eq!(material(&store, 150).unwrap(), [150; 200]);
}

/// What was remembered of the way to a row leads to another key's in the other database.
#[test]
fn keys_are_not_exchanged_where_another_database_is_copied_over_this_one() {
    let (directory, store) = scratch();
    let (other_directory, other) = scratch();
    for id in [1, 2, 3] {
        store.insert(&local(id, &[id as u8; 16])).unwrap();
        other.insert(&local(4 - id, &[0x10 + 4 - id as u8; 16])).unwrap();
    }
    for store in [&store, &other] {
        // What was written is in the database now, and not in its log.
        store.insert(&local(9, b"")).unwrap();
        store.remove(KeyId(9)).unwrap();
    }
    assert_eq!(material(&store, 1).unwrap(), [1; 16]);
    // Times of changes have steps of some milliseconds.
    std::thread::sleep(std::time::Duration::from_millis(50));
    let copy = fs::read(file(&other_directory, "keys.db")).unwrap();
    fs::write(file(&directory, "keys.db"), copy).unwrap();
    for id in [1, 2, 3] {
        match store.load(KeyId(id)) {
            Ok(Some(_)) => assert_eq!(material(&store, id).unwrap(), [0x10 + id as u8; 16]),
            answer => check(answer.map(|key| key.is_some()), "load"),
        }
    }
}

fn check(result: Result<bool>, what: &str) {
    match result {
        Ok(_) | Err(Error::DataCorrupt | Error::StorageFailure | Error::DataInvalid | Error::AlreadyExists) => {}
        Err(error) => panic!("{what}: {error:?} {:?}", cause::take()),
    }
}

#[test]
fn removed_keys_are_not_in_the_files_however_many_there_were() {
    const KEYS: u32 = 400;
    let (directory, store) = scratch();
    // Lengths differ, so that pages split, merge and are put in order.
    let secret = |id: u32| format!("<secret {id:06}>").repeat(1 + id as usize % 40).into_bytes();
    // Not in order, so that pages split in the middle.
    let order = |step: u32| (0..KEYS).map(move |number| 1 + number * step % KEYS);
    for id in order(7) {
        store.insert(&local(id, &secret(id))).unwrap();
    }
    for (number, id) in order(11).enumerate() {
        assert!(store.remove(KeyId(id)).unwrap());
        if number as u32 == KEYS / 2 || number as u32 == KEYS - 1 {
            let left: Vec<u32> = list(&store).iter().map(|key| key.attributes.id.0).collect();
            let found = secrets_in_files(&directory);
            let ghosts: Vec<&u32> = found.iter().filter(|id| !left.contains(id)).collect();
            assert!(ghosts.is_empty(), "{} keys of {} left: {ghosts:?}", left.len(), KEYS);
        }
    }
}

fn secrets_in_files(directory: &TempDir) -> Vec<u32> {
    let mut found: Vec<u32> = Vec::new();
    for entry in fs::read_dir(directory.path().join("state")).unwrap() {
        let content = fs::read(entry.unwrap().path()).unwrap();
        for at in 0..content.len().saturating_sub(14) {
            if let Some(digits) = content[at..].strip_prefix(b"<secret ")
                && let Some(id) = digits.get(..6).and_then(|digits| std::str::from_utf8(digits).ok()?.parse().ok())
            {
                found.push(id);
            }
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

#[test]
fn a_key_costs_the_same_among_many_and_listing_goes_by_pages() {
    let steps = |keys: u32| {
        let (directory, store) = scratch();
        store.insert(&local(1, b"a")).unwrap();
        let mut database = Connection::open(file(&directory, "keys.db")).unwrap();
        let transaction = database.transaction().unwrap();
        let sql = "INSERT INTO keys SELECT namespace, ?1, type, bits, lifetime, usage, algorithm, backend, identity,
                   context, public_key, sealed, protection, random() FROM keys WHERE id = 1";
        for id in 2..=keys {
            transaction.execute(sql, [id]).unwrap();
        }
        transaction.commit().unwrap();
        let mut statement =
            database.prepare("SELECT context FROM keys WHERE namespace = 'default' AND id = ?1").unwrap();
        statement.query_row([keys / 2], |_| Ok(())).unwrap();
        assert_eq!(list(&store).len() as u32, keys);
        assert_eq!(store.keys().take(3).count(), 3);
        statement.get_status(StatementStatus::VmStep)
    };
    let (few, many) = (steps(10), steps(3000));
    println!("one key among 10: {few} steps of SQLite; among 3,000: {many}");
    assert_eq!(few, many);
}

#[test]
fn what_a_device_keeps_for_a_store_can_be_told_from_others() {
    let (directory, store) = scratch();
    let (_elsewhere, another) = scratch();
    let identity = store.identity().unwrap();
    assert_eq!(reopened(&directory).identity().unwrap(), identity);
    assert_ne!(another.identity().unwrap(), identity);
    store.insert(&opaque(1)).unwrap();
    assert_eq!(store.intended().unwrap().len(), 0);
}
