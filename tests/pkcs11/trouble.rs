//! How often the module is called, and what happens when it fails.

use std::sync::Barrier;

use cryptoki_sys::*;
use parsec::backends::{Backend, Naming};
use parsec::psa::{Error, Lifetime};

use crate::fixture::{NAMESPACE, SOFTHSM, Shim, application, backend, generate, index, p256, sign_with};

const HASH: [u8; 32] = [7; 32];

#[test]
fn a_signature_is_two_calls() {
    let shim = Shim::new("calls");
    let backend = shim.backend("calls");
    for lifetime in [Lifetime::VOLATILE, Lifetime::PERSISTENT] {
        let attributes = p256(lifetime);
        let created = generate(&backend, &attributes);
        let key = backend.open(&attributes, &created.context).unwrap();
        let before = shim.calls();
        for _ in 0..10 {
            sign_with(key.as_ref(), attributes.algorithm, &HASH).unwrap();
        }
        assert_eq!(shim.calls() - before, 20);
    }
    assert_eq!(shim.count(index!(C_OpenSession)), 1);
    assert_eq!(shim.count(index!(C_Login)), 1);
}

#[test]
fn what_was_lost_is_found_again_once() {
    let shim = Shim::new("recovery");
    let backend = shim.backend("recovery");
    let attributes = p256(Lifetime::PERSISTENT);
    let created = generate(&backend, &attributes);
    let key = backend.open(&attributes, &created.context).unwrap();
    let sign = || sign_with(key.as_ref(), attributes.algorithm, &HASH).map(|signature| signature.len());
    let lost = [
        CKR_SESSION_HANDLE_INVALID,
        CKR_SESSION_CLOSED,
        CKR_DEVICE_REMOVED,
        CKR_TOKEN_NOT_PRESENT,
        CKR_USER_NOT_LOGGED_IN,
        CKR_CRYPTOKI_NOT_INITIALIZED,
        CKR_KEY_HANDLE_INVALID,
        CKR_OBJECT_HANDLE_INVALID,
    ];
    for code in lost {
        for function in [index!(C_SignInit), index!(C_Sign)] {
            let before = shim.count(function);
            shim.refuse(function, code, 1);
            assert_eq!(sign(), Ok(64), "{code:#x}");
            assert_eq!(shim.count(function) - before, 2);
            shim.refuse(function, code, 2);
            assert!(sign().is_err(), "{code:#x}");
            let text = parsec::cause::take().unwrap();
            assert!(text.contains("C_Sign") && text.contains("CKR_"), "{text}");
            assert_eq!(sign(), Ok(64), "{code:#x}");
        }
    }
}

/// As the application, or a token that was pulled out, would.
fn close_all_sessions(slot: CK_SLOT_ID) {
    // SAFETY: loads SoftHSM once more, which runs nothing, and calls it with a plain number.
    let answer = unsafe { Pkcs11::new(SOFTHSM).unwrap().C_CloseAllSessions(slot) };
    assert_eq!(answer, CKR_OK);
}

#[test]
fn lost_for_real() {
    let backend = backend("recovery");
    let (persistent, volatile) = (p256(Lifetime::PERSISTENT), p256(Lifetime::VOLATILE));
    let slot = || {
        let module = application();
        let labelled = |slot: &_| module.get_token_info(*slot).unwrap().label() == "recovery";
        module.get_slots_with_token().unwrap().into_iter().find(labelled).unwrap()
    };
    let disturb: [&dyn Fn(); 2] =
        [&|| close_all_sessions(slot().id()), &|| application().open_rw_session(slot()).unwrap().logout().unwrap()];
    for (number, disturb) in disturb.into_iter().enumerate() {
        let (first, second) = (generate(&backend, &persistent), generate(&backend, &volatile));
        let first = backend.open(&persistent, &first.context).unwrap();
        let second = backend.open(&volatile, &second.context).unwrap();
        disturb();
        assert_eq!(sign_with(second.as_ref(), volatile.algorithm, &HASH), Err(Error::InvalidHandle), "{number}");
        sign_with(first.as_ref(), persistent.algorithm, &HASH).unwrap();
        disturb();
        sign_with(first.as_ref(), persistent.algorithm, &HASH).unwrap();
    }
    parsec::cause::take();
}

#[test]
fn a_creation_that_is_repeated_leaves_one_key() {
    let shim = Shim::new("repeated");
    let backend = shim.backend("recovery");
    let attributes = p256(Lifetime::PERSISTENT);
    let reference = backend.reserve(&attributes).unwrap().unwrap();
    backend.identity().unwrap();
    // The key was made, but reading its public part found the token gone.
    shim.refuse(index!(C_GetAttributeValue), CKR_DEVICE_REMOVED, 1);
    shim.refuse(index!(C_DestroyObject), CKR_DEVICE_REMOVED, 2);
    let created = backend.generate(&attributes, Naming { namespace: NAMESPACE, reference: &reference }).unwrap();
    assert_eq!(shim.count(index!(C_GenerateKeyPair)), 2);
    let fresh = crate::fixture::backend("recovery");
    crate::fixture::sign(&fresh, &attributes, &created, &HASH).unwrap();
    backend.destroy(&attributes, &created.context).unwrap();
}

#[test]
fn a_lost_login_is_not_an_absent_key() {
    let backend = backend("pin");
    let attributes = p256(Lifetime::PERSISTENT);
    let created = generate(&backend, &attributes);
    let module = application();
    let labelled = |slot: &_| module.get_token_info(*slot).unwrap().label() == "pin";
    let slot = module.get_slots_with_token().unwrap().into_iter().find(labelled).unwrap();
    module.open_rw_session(slot).unwrap().logout().unwrap();
    let reference = &created.context[2..];
    assert_eq!(backend.resolve(reference, true), Ok(parsec::backends::Presence::Present));
    assert_eq!(backend.resolve(reference, false), Ok(parsec::backends::Presence::Absent));
}

#[test]
fn threads_share_few_sessions() {
    let shim = Shim::new("threads");
    application();
    let config = parsec::config::Pkcs11Config { max_sessions: Some(2), ..shim.config("threads") };
    let backend = parsec::backends::pkcs11::Pkcs11Backend::new("hsm", &config);
    let attributes = p256(Lifetime::VOLATILE);
    let created = generate(&backend, &attributes);
    let start = Barrier::new(8);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                let key = backend.open(&attributes, &created.context).unwrap();
                start.wait();
                for _ in 0..25 {
                    sign_with(key.as_ref(), attributes.algorithm, &HASH).unwrap();
                }
            });
        }
    });
    assert_eq!(shim.count(index!(C_OpenSession)), 2);
    backend.close();
    assert_eq!(shim.count(index!(C_CloseSession)), 2);
}

#[test]
fn a_token_that_is_full_makes_threads_wait() {
    let shim = Shim::new("full");
    let backend = shim.backend("threads");
    let attributes = p256(Lifetime::VOLATILE);
    let created = generate(&backend, &attributes);
    shim.refuse(index!(C_OpenSession), CKR_SESSION_COUNT, usize::MAX);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let key = backend.open(&attributes, &created.context).unwrap();
                for _ in 0..10 {
                    sign_with(key.as_ref(), attributes.algorithm, &HASH).unwrap();
                }
            });
        }
    });
    assert!(shim.count(index!(C_OpenSession)) <= 4);
}

#[test]
fn claimed_lengths_are_not_believed() {
    let shim = Shim::new("hostile");
    let backend = shim.backend("hostile");
    let attributes = p256(Lifetime::PERSISTENT);
    let created = generate(&backend, &attributes);
    let sign = || crate::fixture::sign(&backend, &attributes, &created, &HASH);
    for length in [1, 63, 65, 1 << 20, usize::MAX] {
        shim.lie(index!(C_Sign), length);
        assert_eq!(sign(), Err(Error::HardwareFailure), "{length}");
        shim.lie(index!(C_Sign), 0);
        backend.close();
        shim.lie(index!(C_FindObjects), length);
        assert_eq!(sign(), Err(Error::HardwareFailure), "{length}");
        shim.lie(index!(C_FindObjects), 0);
        shim.lie(index!(C_GetAttributeValue), length);
        let mut output = [0; 65];
        let answer = backend.open(&attributes, &created.context).unwrap().public_key(&mut output);
        assert_eq!(answer, Err(Error::HardwareFailure), "{length}");
        shim.lie(index!(C_GetAttributeValue), 0);
        backend.close();
        if length > 1 << 16 {
            shim.lie(index!(C_GetSlotList), length);
            assert_eq!(sign(), Err(Error::HardwareFailure), "{length}");
            shim.lie(index!(C_GetSlotList), 0);
        }
    }
    parsec::cause::take();
    sign().unwrap();
}
