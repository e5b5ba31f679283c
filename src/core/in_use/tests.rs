use std::sync::Weak;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::channel;
use std::thread;

use super::super::library::Library;
use super::super::tests::{library, volatile};
use super::super::{keys, policy};
use super::*;
use crate::psa::{Algorithm, Error, KeyType, Usage};

fn generate(library: &Library) -> KeyId {
    keys::generate(library, &volatile(KeyType::AES, 128, Usage::ENCRYPT, Algorithm::GCM), &[]).unwrap()
}

/// Tells whether a key is still in memory, without keeping it there.
fn watch(key: &KeyInUse) -> Weak<KeySlot> {
    Arc::downgrade(&key.keep())
}

/// Runs on another thread, to its end.
fn elsewhere<R: Send>(work: impl FnOnce() -> R + Send) -> R {
    thread::scope(|scope| scope.spawn(work).join().unwrap())
}

#[test]
fn using_a_key_again_takes_no_reference() {
    let (library, _directory) = library();
    let id = generate(&library);
    let first = library.key(id).unwrap();
    let key = first.keep();
    drop(first);
    let again = library.key(id).unwrap();
    assert!(ptr::eq(&raw const *again, Arc::as_ptr(&key)));
    assert_eq!(Arc::strong_count(&key), 2, "the table's and ours");
}

#[test]
fn a_key_is_wiped_by_who_used_it_last() {
    let (library, _directory) = library();
    let id = generate(&library);
    let key = library.key(id).unwrap();
    let watched = watch(&key);
    assert_eq!(elsewhere(|| keys::destroy(&library, id)), Ok(()));
    assert!(policy::permits_management(key.attributes(), Usage::ENCRYPT).is_ok(), "it can be used to the end");
    assert!(!key.is_alive().unwrap());
    assert!(watched.upgrade().is_some());
    drop(key);
    assert!(watched.upgrade().is_none());
    assert_eq!(library.key(id).err(), Some(Error::InvalidHandle));
}

#[test]
fn an_idle_thread_keeps_nothing() {
    let (library, _directory) = library();
    let id = generate(&library);
    let (begin, begun) = channel();
    let (end, ended) = channel::<()>();
    thread::scope(|scope| {
        let library = &library;
        scope.spawn(move || {
            let watched = watch(&library.key(id).unwrap());
            begin.send(watched).unwrap();
            ended.recv().unwrap();
            assert_eq!(library.key(id).err(), Some(Error::InvalidHandle));
        });
        let watched = begun.recv().unwrap();
        assert!(watched.upgrade().is_some());
        keys::destroy(library, id).unwrap();
        assert!(watched.upgrade().is_none(), "wiped before the call returns");
        end.send(()).unwrap();
    });
}

#[test]
fn one_thread_uses_several_keys_at_once() {
    let (library, _directory) = library();
    let ids = [generate(&library), generate(&library), generate(&library)];
    let in_use: Vec<_> = ids.iter().map(|id| library.key(*id).unwrap()).collect();
    let same = library.key(ids[0]).unwrap();
    assert!(ptr::eq(&raw const *same, &raw const *in_use[0]));
    let watched: Vec<_> = in_use.iter().map(watch).collect();
    library.release();
    assert!(watched.iter().all(|key| key.upgrade().is_some()));
    drop(in_use);
    assert!(watched[0].upgrade().is_some(), "once more in use");
    drop(same);
    assert!(watched.iter().all(|key| key.upgrade().is_none()));
}

#[test]
fn tables_do_not_mix_up_their_keys() {
    let ((first, _first_directory), (second, _second_directory)) = (library(), library());
    let (one, other) = (generate(&first), generate(&second));
    assert_eq!(one, other, "the same identifier");
    for _ in 0..3 {
        let address = |library: &Library| &raw const *library.key(one).unwrap();
        assert_ne!(address(&first), address(&second));
    }
}

#[test]
fn an_announcement_is_passed_on_when_its_thread_ends() {
    let (library, _directory) = library();
    let id = generate(&library);
    for _ in 0..200 {
        elsewhere(|| drop(library.key(id).unwrap()));
    }
    // Other tests have threads of their own.
    assert!(announcements().count() < 100);
}

/// Threads use a key by its identifier while it is destroyed and others are made.
#[test]
fn a_call_that_begins_after_a_key_was_destroyed_does_not_find_it() {
    const ROUNDS: u32 = 2000;
    let (library, _directory) = library();
    let current = AtomicU32::new(generate(&library).0);
    let destroyed = AtomicU32::new(0);
    thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                loop {
                    let gone = destroyed.load(Ordering::Acquire);
                    let id = KeyId(current.load(Ordering::Acquire));
                    match library.key(id) {
                        Ok(key) => {
                            assert_ne!(id.0, gone);
                            assert_eq!(key.attributes().id, id);
                        }
                        Err(error) => assert_eq!(error, Error::InvalidHandle),
                    }
                    if gone == u32::MAX {
                        break;
                    }
                }
            });
        }
        for _ in 0..ROUNDS {
            let id = KeyId(current.load(Ordering::Acquire));
            let watched = watch(&library.key(id).unwrap());
            keys::destroy(&library, id).unwrap();
            destroyed.store(id.0, Ordering::Release);
            current.store(generate(&library).0, Ordering::Release);
            // Whoever was using it is done soon, and then it is gone.
            while watched.upgrade().is_some() {
                thread::yield_now();
            }
        }
        destroyed.store(u32::MAX, Ordering::Release);
    });
}

#[test]
fn a_child_forgets_what_threads_of_its_parent_use() {
    let (library, _directory) = library();
    let id = generate(&library);
    let (begin, begun) = channel();
    let (end, ended) = channel::<()>();
    thread::scope(|scope| {
        let library = &library;
        scope.spawn(move || {
            let key = library.key(id).unwrap();
            begin.send(()).unwrap();
            ended.recv().unwrap();
            assert!(key.is_alive().unwrap(), "the parent's thread goes on");
        });
        begun.recv().unwrap();
        prepare_for_fork();
        // SAFETY: the child only loads and stores before it leaves, without running anything of the parent's.
        let child = unsafe { libc::fork() };
        if child == 0 {
            forget_other_threads();
            let forgotten = announcements().all(|announcement| announcement.is_empty());
            // SAFETY: as above.
            unsafe { libc::_exit(if forgotten { 0 } else { 1 }) };
        }
        let mut status = -1;
        // SAFETY: waits for our own child; `status` is writable.
        assert_eq!(unsafe { libc::waitpid(child, &mut status, 0) }, child);
        assert_eq!(status, 0);
        end.send(()).unwrap();
    });
}
