//! The key store among processes: forked ones, rivals, and ones that are killed.
//!
//! Each test starts this program again, once for each process that it needs; what those do is in the functions
//! named `as_...`, which are ignored unless they are asked for. So each of them begins with one thread, as a program does
//! that forks.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use std::io::{BufRead, BufReader};
use std::os::unix::process::ExitStatusExt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};

use parsec::config::StoreConfig;
use parsec::memory::Secret;
use parsec::psa::{Algorithm, Attributes, Error, KeyId, KeyType, Lifetime, Usage};
use parsec::store::{Instance, IntentKind, KeyRecord, Listed, PlaceRecord, Store};
use tempfile::TempDir;

const DIRECTORY: &str = "PARSEC_TEST_STORE";

fn open(directory: &Path) -> Store {
    Store::new(StoreConfig { path: Some(directory.join("state")) }, "default")
}

/// The store of a process that a test started.
fn own_store() -> Store {
    end_in_time();
    open(&PathBuf::from(std::env::var_os(DIRECTORY).unwrap()))
}

/// Nothing here may hang for ever: SIGALRM ends the process.
fn end_in_time() {
    // SAFETY: only a number goes in.
    unsafe { libc::alarm(60) };
}

fn attributes(id: u32) -> Attributes {
    Attributes {
        key_type: KeyType::AES,
        bits: 128,
        lifetime: Lifetime::PERSISTENT,
        id: KeyId(id),
        usage: Usage::ENCRYPT,
        algorithm: Algorithm(0),
    }
}

fn key(id: u32) -> KeyRecord {
    let place = PlaceRecord::Local { material: Secret::new(id.to_be_bytes().to_vec()) };
    KeyRecord { id: KeyId(id), attributes: attributes(id), place, instance: Instance::default() }
}

fn has(store: &Store, id: u32) -> bool {
    match store.load(KeyId(id)).unwrap().map(|key| key.place) {
        Some(PlaceRecord::Local { material }) => material.as_slice() == id.to_be_bytes(),
        _ => false,
    }
}

fn list(store: &Store) -> Vec<Listed> {
    store.keys().map(|key| key.unwrap()).collect()
}

/// Starts this program as `role`.
fn start(role: &str, directory: &TempDir) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", role, "--ignored", "--test-threads=1", "--nocapture"])
        .env(DIRECTORY, directory.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Waits until the process says `word`.
fn expect(process: &mut Child, word: &str) {
    let output = BufReader::new(process.stdout.as_mut().unwrap());
    assert!(output.lines().any(|line| line.unwrap().ends_with(word)), "{word}");
}

fn succeeds(mut process: Child) {
    drop(process.stdin.take());
    let output = process.wait_with_output().unwrap();
    assert!(output.status.success(), "{:?} {}", output.status, String::from_utf8_lossy(&output.stdout));
}

/// Forks; the child does `work` and leaves with whether it went well.
fn forked(work: impl FnOnce() -> bool) -> libc::pid_t {
    // SAFETY: in the child only this thread goes on, and it leaves by _exit.
    match unsafe { libc::fork() } {
        0 => {
            end_in_time();
            let well = catch_unwind(AssertUnwindSafe(work)).unwrap_or(false);
            // SAFETY: ends the child without running what belongs to the parent.
            unsafe { libc::_exit(if well { 0 } else { 1 }) }
        }
        process => process,
    }
}

fn went_well(process: libc::pid_t) -> bool {
    let mut status = -1;
    // SAFETY: our own child; `status` is writable.
    unsafe { libc::waitpid(process, &mut status, 0) == process && status == 0 }
}

fn wait_for_end_of_input() {
    std::io::stdin().lines().for_each(drop);
}

#[test]
fn rows_that_a_child_commits_survive() {
    let directory = TempDir::new().unwrap();
    succeeds(start("as_parent_and_child_that_write", &directory));
    let store = open(directory.path());
    assert_eq!(list(&store).len(), 121);
    assert!((1..=40).chain(101..=140).chain(201..=240).chain([1000]).all(|id| has(&store, id)));
}

#[test]
#[ignore = "a process of another test"]
fn as_parent_and_child_that_write() {
    let store = own_store();
    let write = |first| (first..first + 40).all(|id| store.insert(&key(id)).is_ok() && has(&store, id));
    // The connection of this key is open when the fork comes.
    store.insert(&key(1000)).unwrap();
    let child = forked(|| has(&store, 1000) && write(101) && went_well(forked(|| write(201))) && has(&store, 201));
    assert!(write(1));
    assert!(went_well(child));
    assert!(has(&store, 1000) && has(&store, 140) && has(&store, 240));
}

#[test]
fn of_rivals_for_an_identifier_exactly_one_wins() {
    let directory = TempDir::new().unwrap();
    let rivals: Vec<Child> = (0..4).map(|_| start("as_rival", &directory)).collect();
    let won = rivals.into_iter().map(|mut rival| {
        drop(rival.stdin.take());
        let output = rival.wait_with_output().unwrap();
        assert!(output.status.success());
        let text = String::from_utf8(output.stdout).unwrap();
        let number = text.lines().find_map(|line| line.split_once("won ")).unwrap().1.to_owned();
        number.parse::<usize>().unwrap()
    });
    assert_eq!(won.sum::<usize>(), 60);
    let store = open(directory.path());
    assert_eq!(list(&store).len(), 60);
    assert!(store.orphans(None, None).unwrap().is_empty());
}

#[test]
#[ignore = "a process of another test"]
fn as_rival() {
    let store = own_store();
    let expected = |result| match result {
        Ok(()) => 1,
        Err(Error::AlreadyExists) => 0,
        Err(error) => panic!("{error:?} {:?}", parsec::cause::take()),
    };
    let one_phase = (1..=40).map(|id| expected(store.insert(&key(id)))).sum::<usize>();
    let two_phases = (41..=60).map(|id| {
        let intent = store.begin_creation(&attributes(id), "hsm", "serial", b"reference");
        expected(intent.and_then(|intent| store.commit_creation(intent, &key(id))))
    });
    println!("\nwon {}", one_phase + two_phases.sum::<usize>());
}

#[test]
fn a_killed_process_leaves_an_orphan() {
    let directory = TempDir::new().unwrap();
    let store = open(directory.path());
    let mut process = start("as_victim", &directory);
    expect(&mut process, "begun");
    assert!(store.orphans(None, None).unwrap().is_empty());
    assert_eq!(store.insert(&key(1)).err(), Some(Error::AlreadyExists));

    process.kill().unwrap();
    assert_eq!(process.wait().unwrap().signal(), Some(libc::SIGKILL));
    let orphans = store.orphans(Some("hsm"), None).unwrap();
    let kinds: Vec<_> = orphans.iter().map(|orphan| (orphan.kind, orphan.attributes.id.0)).collect();
    assert_eq!(kinds, [(IntentKind::Creation, 1), (IntentKind::Destruction, 2)]);
    assert!(store.load(KeyId(2)).unwrap().is_none());

    let [creation, destruction] = [0, 1].map(|orphan| store.claim(&orphans[orphan]).unwrap().unwrap());
    store.abandon(creation).unwrap();
    store.commit_destruction(destruction).unwrap();
    store.insert(&key(1)).unwrap();
    store.insert(&key(2)).unwrap();
}

#[test]
#[ignore = "a process of another test"]
fn as_victim() {
    let store = own_store();
    let device_key = |id| KeyRecord {
        id: KeyId(id),
        attributes: attributes(id),
        place: PlaceRecord::Opaque {
            backend: "hsm".to_owned(),
            identity: "serial".to_owned(),
            context: Secret::new(vec![1]),
            public_key: Vec::new(),
        },
        instance: Instance::default(),
    };
    store.insert(&device_key(2)).unwrap();
    let _creation = store.begin_creation(&attributes(1), "hsm", "serial", b"reference").unwrap();
    let instance = store.load(KeyId(2)).unwrap().unwrap().instance;
    let _destruction = store.begin_destruction(KeyId(2), instance).unwrap();
    println!("\nbegun");
    wait_for_end_of_input();
}

#[test]
fn a_child_does_not_own_what_its_parent_began() {
    let directory = TempDir::new().unwrap();
    let store = open(directory.path());
    let mut process = start("as_parent_that_dies", &directory);
    expect(&mut process, "child waits");
    // The parent is dead, its child lives, and with it everything that it has inherited.
    assert_eq!(process.wait().unwrap().signal(), Some(libc::SIGKILL));
    assert_eq!(store.orphans(None, None).unwrap().len(), 1);
}

#[test]
#[ignore = "a process of another test"]
fn as_parent_that_dies() {
    let store = own_store();
    let mut intent = Some(store.begin_creation(&attributes(1), "hsm", "serial", b"reference").unwrap());
    let refused = forked(|| {
        let intent = intent.take().unwrap();
        store.commit_creation(intent, &key(1)) == Err(Error::BadState) && store.orphans(None, None).unwrap().is_empty()
    });
    assert!(went_well(refused));
    let parent = std::process::id();
    forked(|| {
        while std::os::unix::process::parent_id() == parent {
            std::thread::yield_now();
        }
        println!("\nchild waits");
        wait_for_end_of_input();
        true
    });
    // SAFETY: ends this process.
    unsafe { libc::raise(libc::SIGKILL) };
}

#[test]
fn forking_amid_calls_blocks_nobody() {
    let directory = TempDir::new().unwrap();
    succeeds(start("as_threads_and_forks", &directory));
    let store = open(directory.path());
    let mut kept: Vec<u32> = list(&store).into_iter().map(|key| key.attributes.id.0).collect();
    kept.retain(|id| *id > 100_000);
    assert_eq!(kept, (100_001..=100_020).collect::<Vec<_>>());
}

#[test]
#[ignore = "a process of another test"]
fn as_threads_and_forks() {
    let store = own_store();
    store.insert(&key(1)).unwrap();
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for thread in 1..=3 {
            let (store, done) = (&store, &done);
            scope.spawn(move || {
                for id in (thread * 10_000..).take_while(|_| !done.load(Ordering::Relaxed)) {
                    store.insert(&key(id)).unwrap();
                    assert!(has(store, 1) && has(store, id));
                    assert!(store.remove(KeyId(id)).unwrap());
                }
            });
        }
        let children: Vec<_> = (100_001..=100_020)
            .map(|id| forked(|| has(&store, 1) && store.insert(&key(id)).is_ok() && has(&store, id)))
            .collect();
        let well = children.into_iter().all(went_well);
        done.store(true, Ordering::Relaxed);
        assert!(well);
    });
}

#[test]
fn a_bare_clone_with_an_open_database_is_refused() {
    let directory = TempDir::new().unwrap();
    succeeds(start("as_bare_clone", &directory));
}

#[test]
#[ignore = "a process of another test"]
fn as_bare_clone() {
    let store = own_store();
    store.insert(&key(1)).unwrap();
    // SAFETY: clone with a new address space and no new stack is fork, without the handlers.
    let child = match unsafe { libc::syscall(libc::SYS_clone, libc::SIGCHLD, 0, 0, 0, 0) } {
        0 => {
            let refused = store.load(KeyId(1)).err() == Some(Error::BadState);
            // SAFETY: ends the child without running what belongs to the parent.
            unsafe { libc::_exit(if refused { 0 } else { 1 }) }
        }
        child => child as libc::pid_t,
    };
    assert!(went_well(child));
    assert!(has(&store, 1));
}

#[test]
fn a_removal_by_another_process_is_noticed() {
    let directory = TempDir::new().unwrap();
    let store = open(directory.path());
    store.insert(&key(1)).unwrap();
    store.insert(&key(2)).unwrap();
    let before = store.generation();
    assert_eq!(store.generation(), before);
    succeeds(start("as_remover", &directory));
    assert_ne!(store.generation(), before);
    assert!(!has(&store, 1) && has(&store, 2));
}

#[test]
#[ignore = "a process of another test"]
fn as_remover() {
    assert!(own_store().remove(KeyId(1)).unwrap());
}

#[test]
fn a_failed_write_changes_nothing() {
    let directory = TempDir::new().unwrap();
    succeeds(start("as_writer_without_room", &directory));
    let store = open(directory.path());
    assert!(has(&store, 1) && has(&store, 3));
    assert_eq!(list(&store).len(), 2);
}

#[test]
#[ignore = "a process of another test"]
fn as_writer_without_room() {
    let store = own_store();
    store.insert(&key(1)).unwrap();
    let limit_files_to = |bytes| {
        let limit = libc::rlimit { rlim_cur: bytes, rlim_max: libc::RLIM_INFINITY };
        // SAFETY: `limit` is complete; an ignored SIGXFSZ leaves EFBIG, an error like that of a full disk.
        unsafe {
            libc::signal(libc::SIGXFSZ, libc::SIG_IGN);
            assert_eq!(libc::setrlimit(libc::RLIMIT_FSIZE, &limit), 0);
        }
    };
    limit_files_to(4096);
    let status = store.insert(&key(2)).err();
    let also = store.remove(KeyId(1)).err();
    let intent = store.begin_creation(&attributes(2), "hsm", "serial", b"reference").err();
    let still = has(&store, 1);
    limit_files_to(libc::RLIM_INFINITY);
    assert_eq!([status, also, intent], [Some(Error::StorageFailure); 3]);
    assert!(still && store.orphans(None, None).unwrap().is_empty());
    store.insert(&key(3)).unwrap();
}
