//! How often the module is called, and what happens when it fails.

use std::sync::Barrier;

use cryptoki_sys::*;
use parsec::backends::{Backend, Naming, Presence};
use parsec::memory::InOut;
use parsec::psa::{Algorithm, Attributes, Error, KeyType, Lifetime, Usage};

use crate::fixture::{
    NAMESPACE, SOFTHSM, Shim, application, attributes, backend, generate, index, p256, sign_with, slot,
};

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
    let backend = backend("lost");
    let (persistent, volatile) = (p256(Lifetime::PERSISTENT), p256(Lifetime::VOLATILE));
    let slot = || slot("lost");
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
    let backend = shim.backend("repeated");
    let attributes = p256(Lifetime::PERSISTENT);
    let reference = backend.reserve(&attributes, &[7; 16]).unwrap().unwrap();
    backend.identity().unwrap();
    // The key was made, but reading its public part found the token gone.
    shim.refuse(index!(C_GetAttributeValue), CKR_DEVICE_REMOVED, 1);
    shim.refuse(index!(C_DestroyObject), CKR_DEVICE_REMOVED, 2);
    let created = backend.generate(&attributes, Naming { namespace: NAMESPACE, reference: &reference }).unwrap();
    assert_eq!(shim.count(index!(C_GenerateKeyPair)), 2);
    let fresh = crate::fixture::backend("repeated");
    crate::fixture::sign(&fresh, &attributes, &created, &HASH).unwrap();
    backend.destroy(&attributes, &created.context).unwrap();
}

#[test]
fn a_lost_login_is_not_an_absent_key() {
    let backend = backend("login");
    let attributes = p256(Lifetime::PERSISTENT);
    let created = generate(&backend, &attributes);
    application().open_rw_session(slot("login")).unwrap().logout().unwrap();
    let reference = &created.context[2..];
    assert_eq!(backend.resolve(reference, true), Ok(Presence::Present));
    assert_eq!(backend.resolve(reference, false), Ok(Presence::Absent));
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
    let opened = shim.count(index!(C_OpenSession));
    assert!(opened <= 2, "{opened}");
    backend.close();
    assert_eq!(shim.count(index!(C_CloseSession)), opened);
}

#[test]
fn a_token_that_is_full_makes_threads_wait() {
    let shim = Shim::new("full");
    let backend = shim.backend("full");
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

/// Every code of PKCS#11 from the functions of a signature, and those of each status from the functions before it: a
/// status and a text that names function and code, never a crash, and afterwards the token works as before.
#[test]
fn every_refusal_is_explained() {
    let shim = Shim::new("codes");
    let backend = shim.backend("codes");
    let attributes = p256(Lifetime::PERSISTENT);
    let created = generate(&backend, &attributes);
    let sign = || crate::fixture::sign(&backend, &attributes, &created, &HASH);
    let refused = |name: &str, function, code| {
        shim.refuse(function, code, usize::MAX);
        let answer = sign();
        let text = parsec::cause::take().unwrap_or_default();
        shim.refuse(function, 0, 0);
        assert!(answer.is_err(), "{name} {code:#x}");
        // A buffer of the stated size that is said to be too small is nonsense, not the caller's mistake.
        let told = code == CKR_BUFFER_TOO_SMALL || text.contains("CKR_") || text.contains(&format!("{code:#010x}"));
        assert!(told && text.contains(name), "{name} {code:#x}: {text}");
    };
    for code in (1..0x210).chain([CKR_VENDOR_DEFINED, CK_RV::MAX]) {
        refused("C_SignInit", index!(C_SignInit), code);
        refused("C_Sign", index!(C_Sign), code);
    }
    let opening = [
        ("C_GetSlotList", index!(C_GetSlotList)),
        ("C_OpenSession", index!(C_OpenSession)),
        ("C_GetSessionInfo", index!(C_GetSessionInfo)),
        ("C_FindObjectsInit", index!(C_FindObjectsInit)),
        ("C_FindObjects", index!(C_FindObjects)),
        ("C_FindObjectsFinal", index!(C_FindObjectsFinal)),
    ];
    let codes = [
        CKR_HOST_MEMORY,
        CKR_GENERAL_ERROR,
        CKR_ARGUMENTS_BAD,
        CKR_DEVICE_ERROR,
        CKR_DEVICE_REMOVED,
        CKR_FUNCTION_NOT_SUPPORTED,
        CKR_OPERATION_ACTIVE,
        CKR_SESSION_COUNT,
        CKR_SESSION_HANDLE_INVALID,
        CKR_TOKEN_NOT_PRESENT,
        CKR_USER_NOT_LOGGED_IN,
        CKR_CRYPTOKI_NOT_INITIALIZED,
        CKR_VENDOR_DEFINED,
        CK_RV::MAX,
    ];
    for code in codes {
        for (name, function) in opening {
            backend.close();
            refused(name, function, code);
        }
    }
    sign().unwrap();
    backend.close();
    assert_eq!(shim.succeeded(index!(C_OpenSession)), shim.succeeded(index!(C_CloseSession)));
}

#[test]
fn refused_creations_leave_nothing_behind() {
    let shim = Shim::new("creations");
    let backend = shim.backend("creations");
    let attributes = p256(Lifetime::PERSISTENT);
    let functions = [
        ("C_GenerateKeyPair", index!(C_GenerateKeyPair)),
        ("C_GetAttributeValue", index!(C_GetAttributeValue)),
        ("C_OpenSession", index!(C_OpenSession)),
    ];
    for code in [CKR_HOST_MEMORY, CKR_DEVICE_MEMORY, CKR_DEVICE_ERROR, CKR_DEVICE_REMOVED, CKR_CURVE_NOT_SUPPORTED] {
        for (name, function) in functions {
            backend.close();
            let reference = backend.reserve(&attributes, &[7; 16]).unwrap().unwrap();
            shim.refuse(function, code, usize::MAX);
            let naming = Naming { namespace: NAMESPACE, reference: &reference };
            assert!(backend.generate(&attributes, naming).is_err(), "{name} {code:#x}");
            let text = parsec::cause::take().unwrap();
            assert!(text.contains(name), "{name} {code:#x}: {text}");
            shim.refuse(function, code, 0);
            let left = backend.resolve(&reference, true);
            // What a connection that broke in the middle has left is for the core to resolve, and can be.
            assert!(left == Ok(Presence::Absent) || name == "C_GetAttributeValue", "{name} {code:#x}: {left:?}");
            assert_eq!(backend.resolve(&reference, false), Ok(Presence::Absent));
        }
    }
}

type Call<'a> = &'a dyn Fn() -> Result<(), Error>;

#[test]
fn other_refusals_are_explained_too() {
    let shim = Shim::new("others");
    let backend = shim.backend("others");
    let attributes = p256(Lifetime::PERSISTENT);
    let created = generate(&backend, &attributes);
    let refused = |function, code, call: Call<'_>| {
        shim.refuse(function, code, usize::MAX);
        let answer = call();
        shim.refuse(function, code, 0);
        (answer, parsec::cause::take().unwrap_or_default())
    };
    let cases: [(usize, CK_RV, Call<'_>, Error, &str); 4] = [
        (
            index!(C_GenerateRandom),
            CKR_RANDOM_NO_RNG,
            &|| backend.random(&mut [0; 8]),
            Error::InsufficientEntropy,
            "C_GenerateRandom answered CKR_RANDOM_NO_RNG",
        ),
        (
            index!(C_GetMechanismInfo),
            CKR_MECHANISM_INVALID,
            &|| {
                // What a token offers is remembered as long as the connection lasts.
                backend.close();
                backend.accepts(&attributes, false)
            },
            Error::NotSupported,
            "does not offer CKM_EC",
        ),
        (
            index!(C_DestroyObject),
            CKR_ACTION_PROHIBITED,
            &|| backend.destroy(&attributes, &created.context),
            Error::NotPermitted,
            "C_DestroyObject answered CKR_ACTION_PROHIBITED",
        ),
        (
            index!(C_Initialize),
            CKR_CANT_LOCK,
            &|| {
                backend.close();
                backend.identity().map(drop)
            },
            Error::NotSupported,
            "C_Initialize answered CKR_CANT_LOCK",
        ),
    ];
    for (function, code, call, status, part) in cases {
        let (answer, text) = refused(function, code, call);
        assert_eq!(answer, Err(status), "{text}");
        assert!(text.contains(part), "{text}");
    }
    backend.destroy(&attributes, &created.context).unwrap();
}

/// SoftHSM itself fails now and then when a thread changes a token while another looks into it.
#[test]
fn threads_change_one_token() {
    std::thread::scope(|scope| {
        for lifetime in [Lifetime::PERSISTENT, Lifetime::PERSISTENT, Lifetime::VOLATILE] {
            scope.spawn(move || {
                let backend = backend("changes");
                let attributes = p256(lifetime);
                for _ in 0..20 {
                    let created = generate(&backend, &attributes);
                    assert_eq!(backend.resolve(&[9; 16], false), Ok(Presence::Absent));
                    backend.destroy(&attributes, &created.context).unwrap();
                }
            });
        }
    });
}

/// Some tokens say the same of both.
#[test]
fn a_device_in_trouble_is_no_wrong_tag() {
    const GCM: Algorithm = Algorithm::GCM;
    let shim = Shim::new("tags");
    let backend = shim.backend("tags");
    let usage = Usage::ENCRYPT.union(Usage::DECRYPT);
    let attributes = Attributes { usage, ..attributes(KeyType::AES, 128, GCM, Lifetime::PERSISTENT) };
    let created = generate(&backend, &attributes);
    let key = backend.open(&attributes, &created.context).unwrap();
    let mut sealed = [0; 36];
    key.aead().unwrap().encrypt(GCM, &[1; 12], b"more", &mut InOut::new(&[7; 20], &mut sealed)).unwrap();
    let mut wrong = sealed;
    wrong[35] ^= 1;
    let open = |sealed: &[u8]| {
        let mut opened = [0; 20];
        let answer = key.aead().unwrap().decrypt(GCM, &[1; 12], b"more", &mut InOut::new(sealed, &mut opened));
        answer.map(|()| assert_eq!(opened, [7; 20]))
    };
    assert_eq!((open(&sealed), open(&wrong)), (Ok(()), Err(Error::InvalidSignature)));
    // The operation ends all the same, as it does with a token that answers so.
    shim.late(true);
    for (code, status) in [
        (CKR_GENERAL_ERROR, Error::GenericError),
        (CKR_FUNCTION_FAILED, Error::GenericError),
        (CKR_DEVICE_ERROR, Error::HardwareFailure),
        (CKR_AEAD_DECRYPT_FAILED, Error::InvalidSignature),
        (CKR_ENCRYPTED_DATA_INVALID, Error::InvalidSignature),
    ] {
        shim.refuse(index!(C_Decrypt), code, usize::MAX);
        assert_eq!((open(&sealed), open(&wrong)), (Err(status), Err(Error::InvalidSignature)), "{code:#x}");
        shim.refuse(index!(C_Encrypt), CKR_DEVICE_ERROR, usize::MAX);
        assert_eq!(open(&wrong), Err(status), "{code:#x}");
        shim.refuse(index!(C_Encrypt), 0, 0);
        shim.refuse(index!(C_Decrypt), 0, 0);
        assert_eq!(open(&sealed), Ok(()), "{code:#x}");
    }
    // One that passes is not noticed.
    shim.refuse(index!(C_Decrypt), CKR_DEVICE_ERROR, 1);
    assert_eq!(open(&sealed), Ok(()));
    parsec::cause::take();
}
