//! Tokens that go and come back, and processes that fork at the wrong moment.

use std::time::Duration;

use cryptoki::types::AuthPin;
use cryptoki_sys::CKR_DEVICE_ERROR;
use parsec::backends::Backend;
use parsec::config::{Pkcs11Config, SecretSource};
use parsec::psa::{Error, Lifetime};

use crate::fixture::{PIN, Shim, application, directory, generate, index, p256, sign, sign_with, slot, write_secret};
use crate::processes::run_alone;

const HASH: [u8; 32] = [3; 32];

#[test]
fn a_token_is_found_again_when_it_comes_back() {
    let shim = Shim::new("pulled");
    let backend = shim.backend("pulled");
    let (persistent, volatile) = (p256(Lifetime::PERSISTENT), p256(Lifetime::VOLATILE));
    let (first, second) = (generate(&backend, &persistent), generate(&backend, &volatile));
    let key = backend.open(&persistent, &first.context).unwrap();
    for round in 0..3 {
        shim.gone(true);
        for _ in 0..2 {
            let answer = sign_with(key.as_ref(), persistent.algorithm, &HASH);
            assert_eq!(answer, Err(Error::CommunicationFailure), "{round}");
            let text = parsec::cause::take().unwrap();
            assert!(text.contains("backend hsm") && text.contains("shows no token at all"), "{text}");
        }
        // It comes back in another slot.
        shim.renumber(1000 * round);
        shim.gone(false);
        sign_with(key.as_ref(), persistent.algorithm, &HASH).unwrap();
        assert_eq!(sign(&backend, &volatile, &second, &HASH), Err(Error::InvalidHandle), "{round}");
        parsec::cause::take();
    }
    let again = generate(&backend, &volatile);
    sign(&backend, &volatile, &again, &HASH).unwrap();
    backend.destroy(&persistent, &first.context).unwrap();
}

#[test]
fn slots_may_renumber() {
    let shim = Shim::new("renumbered");
    let backend = shim.backend("renumbered");
    let attributes = p256(Lifetime::PERSISTENT);
    let created = generate(&backend, &attributes);
    backend.close();
    shim.renumber(77);
    sign(&backend, &attributes, &created, &HASH).unwrap();
}

#[test]
fn a_changed_pin_needs_no_restart() {
    let shim = Shim::new("changing");
    application();
    let pin = directory().join("changing_pin");
    write_secret(&pin, PIN);
    let state_directory = Some(directory().join("changing_state"));
    let config =
        Pkcs11Config { pin: Some(SecretSource::File(pin.clone())), state_directory, ..shim.config("changing") };
    let backend = parsec::backends::pkcs11::Pkcs11Backend::new("hsm", &config);
    let attributes = p256(Lifetime::PERSISTENT);
    let created = generate(&backend, &attributes);
    // Somebody changes the PIN of the token, and then the token is pulled out for a moment.
    let (old, new) = (AuthPin::new(PIN.into()), AuthPin::new("11111111".into()));
    application().open_rw_session(slot("changing")).unwrap().set_pin(&old, &new).unwrap();
    shim.gone(true);
    shim.gone(false);
    for _ in 0..3 {
        assert_eq!(sign(&backend, &attributes, &created, &HASH), Err(Error::NotPermitted));
    }
    write_secret(&pin, "11111111");
    sign(&backend, &attributes, &created, &HASH).unwrap();
    assert_eq!(shim.count(index!(C_Login)), 3);
    parsec::cause::take();
}

#[test]
fn fork_waits_for_who_is_inside_the_module() {
    run_alone("recovery::forks_while_another_thread_signs", None);
}

/// Runs work in a forked child and returns its exit status; -1 where it hangs.
fn in_child(work: impl FnOnce() -> i32) -> i32 {
    // SAFETY: the child leaves by `_exit`; the other threads are in the module or wait.
    let child = unsafe { libc::fork() };
    if child == 0 {
        // SAFETY: ends this process, should it hang, and leaves it without running what the parent will run.
        unsafe {
            libc::alarm(20);
            libc::_exit(work());
        }
    }
    let mut status = -1;
    // SAFETY: waits for our child; `status` is a valid place.
    assert_eq!(unsafe { libc::waitpid(child, &mut status, 0) }, child);
    if libc::WIFEXITED(status) { libc::WEXITSTATUS(status) } else { -1 }
}

#[test]
#[ignore = "run by fork_waits_for_who_is_inside_the_module"]
fn forks_while_another_thread_signs() {
    let shim = Shim::new("blocked");
    let backend = parsec::backends::pkcs11::Pkcs11Backend::new("hsm", &shim.config("blocked"));
    let attributes = p256(Lifetime::PERSISTENT);
    let created = generate(&backend, &attributes);
    let signs = || sign(&backend, &attributes, &created, &HASH);
    let inside = |release_after: Option<Duration>, child: &dyn Fn() -> i32| {
        std::thread::scope(|scope| {
            shim.block(Some(index!(C_Sign)));
            let signing = scope.spawn(signs);
            while shim.blocked() == 0 {
                std::thread::yield_now();
            }
            if let Some(after) = release_after {
                let shim = &shim;
                scope.spawn(move || {
                    std::thread::sleep(after);
                    shim.block(None);
                });
            }
            let answer = in_child(|| {
                shim.block(None);
                child()
            });
            shim.block(None);
            signing.join().unwrap().unwrap();
            answer
        })
    };
    // A call that ends: fork waits for it, and the child has a module that works and that nobody is in.
    let works = || i32::from(shim.blocked() != 0) | i32::from(signs().is_err()) << 1;
    assert_eq!(inside(Some(Duration::from_millis(100)), &works), 0);
    // One that does not: fork does not wait for ever, and the child is told instead of hanging.
    let refused = || {
        let answer = signs();
        let text = parsec::cause::take().unwrap_or_default();
        let grandchild = in_child(|| i32::from(signs() != Err(Error::CommunicationFailure)));
        i32::from(answer != Err(Error::CommunicationFailure) || !text.contains("was inside the PKCS#11 module"))
            | grandchild << 1
    };
    assert_eq!(inside(None, &refused), 0);
    // The parent goes on, and so do its next children.
    signs().unwrap();
    assert_eq!(in_child(|| i32::from(signs().is_err())), 0);
}

/// Some tokens call it a device error when they do not like what they are given.
#[test]
fn a_refusal_by_a_device_that_works_ends_no_volatile_keys() {
    let shim = Shim::new("refusal");
    let backend = shim.backend("lost");
    let attributes = p256(Lifetime::VOLATILE);
    let created = generate(&backend, &attributes);
    let opened = shim.count(index!(C_OpenSession));
    shim.refuse(index!(C_Sign), CKR_DEVICE_ERROR, usize::MAX);
    let (before, asked) = (shim.calls(), shim.count(index!(C_GenerateRandom)));
    assert_eq!(sign(&backend, &attributes, &created, &HASH), Err(Error::HardwareFailure));
    let text = parsec::cause::take().unwrap();
    assert!(text.contains("C_Sign answered CKR_DEVICE_ERROR"), "{text}");
    // Twice C_SignInit and C_Sign, and once the question whether the device works, between them.
    assert_eq!((shim.calls() - before, shim.count(index!(C_GenerateRandom)) - asked), (6, 1));
    shim.refuse(index!(C_Sign), CKR_DEVICE_ERROR, 1);
    sign(&backend, &attributes, &created, &HASH).unwrap();
    assert_eq!(shim.count(index!(C_OpenSession)), opened);

    // A device in trouble gives no random numbers either.
    shim.refuse(index!(C_Sign), CKR_DEVICE_ERROR, 1);
    shim.refuse(index!(C_GenerateRandom), CKR_DEVICE_ERROR, usize::MAX);
    assert_eq!(sign(&backend, &attributes, &created, &HASH), Err(Error::InvalidHandle));
    assert!(shim.count(index!(C_OpenSession)) > opened);
    shim.refuse(index!(C_GenerateRandom), 0, 0);
    parsec::cause::take();
}
