//! A forked child finds the lock free and draws other random numbers than its parent.
#![allow(unsafe_code)]

use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use super::*;

/// Runs `child` in a forked process and returns what it wrote; 32 bytes.
fn in_child(child: impl FnOnce() -> Option<[u8; 32]>) -> [u8; 32] {
    let (mut ours, mut theirs) = UnixStream::pair().unwrap();
    // SAFETY: the child runs what the library runs in a child, writes to a socket and leaves at once; glibc keeps
    // its allocator usable in a child.
    match unsafe { libc::fork() } {
        0 => {
            let written = child().is_some_and(|output| theirs.write_all(&output).is_ok());
            // SAFETY: leaves at once, running nothing of the parent's.
            unsafe { libc::_exit(if written { 0 } else { 1 }) }
        }
        process => {
            assert!(process > 0);
            drop(theirs);
            let mut output = [0; 32];
            let read = ours.read_exact(&mut output);
            let mut status = -1;
            // SAFETY: waits for our own child; `status` is writable.
            assert_eq!(unsafe { libc::waitpid(process, &mut status, 0) }, process);
            assert_eq!(status, 0);
            read.unwrap();
            output
        }
    }
}

fn random() -> Option<[u8; 32]> {
    let mut output = [0; 32];
    engine().random(&mut output).ok()?;
    Some(output)
}

#[test]
fn random_numbers_do_not_repeat() {
    random().unwrap();
    let children = [in_child(random), in_child(random)];
    assert_ne!(children[0], children[1]);
    assert!(!children.contains(&random().unwrap()));
}

/// ECDSA signatures of the same hash: the first half shows the random number, whose repetition betrays the key.
#[test]
fn nonces_of_signatures_do_not_repeat() {
    let material = engine().generate(P256_PAIR, 256, &[]).unwrap();
    let key = prepare(&engine(), P256_PAIR, &material);
    let nonce_point = || sign(&*key, ECDSA_SHA_256, &[7; 32])[..32].try_into().ok();
    let points = [nonce_point().unwrap(), in_child(nonce_point), in_child(nonce_point), nonce_point().unwrap()];
    for (index, point) in points.iter().enumerate() {
        assert!(!points[..index].contains(point));
    }
}

/// Forks while other threads hold the lock nearly always.
#[test]
fn the_lock_is_free_in_the_child() {
    // `fork` waits from then on.
    engine();
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while !stop.load(Ordering::Relaxed) {
                    engine().generate(P256_PAIR, 256, &[]).unwrap();
                }
            });
        }
        for _ in 0..20 {
            in_child(random);
        }
        stop.store(true, Ordering::Relaxed);
    });
}

/// An operation that was begun before a fork goes on in both processes.
#[test]
fn operations_go_on_in_the_child() {
    use crate::core::primitives::DerivationInputs;
    use crate::memory::Secret;

    let begin = || {
        let inputs = DerivationInputs { secret: Some(Secret::new(vec![1; 16])), ..Default::default() };
        let mut output = engine().key_derivation().start(Algorithm::hkdf(Algorithm::SHA_256), inputs).unwrap();
        output.read(&mut [0; 10]).unwrap();
        output
    };
    let mut output = begin();
    let mut expected = [0; 32];
    begin().read(&mut expected).unwrap();
    let in_child = in_child(|| {
        let mut derived = [0; 32];
        output.read(&mut derived).ok()?;
        Some(derived)
    });
    assert_eq!(in_child, expected);
    let mut derived = [0; 32];
    output.read(&mut derived).unwrap();
    assert_eq!(derived, expected);
}
