//! Operations in parts hold a session each, and never the last one.

use cryptoki_sys::*;
use parsec::backends::Backend;
use parsec::backends::pkcs11::Pkcs11Backend;
use parsec::config::Pkcs11Config;
use parsec::core::primitives::{Key, MacOperation};
use parsec::psa::{Algorithm, Attributes, Error, KeyType, Lifetime, Result, Usage};

use crate::fixture::{Shim, application, attributes, generate, index};
use crate::processes::run_alone;

const HMAC: Algorithm = Algorithm::hmac(Algorithm::SHA_256);
const MESSAGE: &[u8] = b"in two parts";

fn mac_key(lifetime: Lifetime) -> Attributes {
    let usage = Usage::SIGN_MESSAGE.union(Usage::VERIFY_MESSAGE);
    Attributes { usage, ..attributes(KeyType::HMAC, 256, HMAC, lifetime) }
}

fn begin(key: &dyn Key) -> Result<Box<dyn MacOperation>> {
    let mut operation = key.mac().unwrap().setup(HMAC)?;
    operation.update(&MESSAGE[..3])?;
    Ok(operation)
}

fn end(mut operation: Box<dyn MacOperation>) -> Result<[u8; 32]> {
    let mut mac = [0; 32];
    operation.update(&MESSAGE[3..])?;
    operation.finish(&mut mac)?;
    Ok(mac)
}

fn whole(key: &dyn Key) -> [u8; 32] {
    let mut mac = [0; 32];
    key.mac().unwrap().compute(HMAC, MESSAGE, &mut mac).unwrap();
    mac
}

#[test]
fn operations_beyond_the_sessions_are_refused_and_work_in_one_call_goes_on() {
    let shim = Shim::new("parts");
    application();
    let backend = Pkcs11Backend::new("hsm", &Pkcs11Config { max_sessions: Some(3), ..shim.config("parts") });
    let attributes = mac_key(Lifetime::VOLATILE);
    let created = generate(&backend, &attributes);
    let key = backend.open(&attributes, &created.context).unwrap();
    let (first, second) = (begin(&*key).unwrap(), begin(&*key).unwrap());
    for _ in 0..3 {
        assert_eq!(begin(&*key).map(drop), Err(Error::InsufficientMemory));
        let text = parsec::cause::take().unwrap();
        assert!(text.contains("has no session left: 2 operations in parts"), "{text}");
        assert_eq!(whole(&*key), whole(&*key));
    }
    // One that ends gives its session to the next, one that is given up gives way to a new one. The volatile key stays.
    assert_eq!(end(first), Ok(whole(&*key)));
    let opened = shim.count(index!(C_OpenSession));
    let third = begin(&*key).unwrap();
    assert_eq!(shim.count(index!(C_OpenSession)), opened);
    drop(second);
    let fourth = begin(&*key).unwrap();
    assert_eq!(shim.count(index!(C_OpenSession)), opened + 1);
    assert_eq!((end(third), end(fourth)), (Ok(whole(&*key)), Ok(whole(&*key))));
    backend.close();
    assert_eq!(shim.succeeded(index!(C_OpenSession)), shim.succeeded(index!(C_CloseSession)));
}

#[test]
fn a_token_that_is_full_refuses_operations_in_parts() {
    let shim = Shim::new("parts-full");
    let backend = shim.backend("parts");
    let attributes = mac_key(Lifetime::VOLATILE);
    let created = generate(&backend, &attributes);
    let key = backend.open(&attributes, &created.context).unwrap();
    shim.refuse(index!(C_OpenSession), CKR_SESSION_COUNT, usize::MAX);
    for _ in 0..2 {
        assert_eq!(begin(&*key).map(drop), Err(Error::InsufficientMemory));
        whole(&*key);
    }
    parsec::cause::take();
}

#[test]
fn an_operation_ends_with_its_token_and_the_next_one_works() {
    let shim = Shim::new("parts-gone");
    let backend = shim.backend("parts-gone");
    let attributes = mac_key(Lifetime::PERSISTENT);
    let created = generate(&backend, &attributes);
    let key = backend.open(&attributes, &created.context).unwrap();
    let operation = begin(&*key).unwrap();
    shim.gone(true);
    shim.gone(false);
    assert_eq!(end(operation), Err(Error::CommunicationFailure));
    assert_eq!(end(begin(&*key).unwrap()), Ok(whole(&*key)));
    backend.destroy(&attributes, &created.context).unwrap();
    parsec::cause::take();
}

#[test]
fn an_operation_stays_with_the_parent() {
    run_alone("parts::forks_in_the_middle", None);
}

#[test]
#[ignore = "run by an_operation_stays_with_the_parent"]
fn forks_in_the_middle() {
    let shim = Shim::new("parts-fork");
    let backend = Pkcs11Backend::new("hsm", &shim.config("parts"));
    let attributes = mac_key(Lifetime::PERSISTENT);
    let created = generate(&backend, &attributes);
    let key = backend.open(&attributes, &created.context).unwrap();
    let operation = begin(&*key).unwrap();
    // SAFETY: this process has one more thread, which only waits for this one.
    let child = unsafe { libc::fork() };
    if child == 0 {
        let refused = end(operation) == Err(Error::BadState);
        let works = begin(&*key).and_then(end).is_ok();
        // SAFETY: leaves without running what the parent will run.
        unsafe { libc::_exit(i32::from(!refused) | i32::from(!works) << 1) };
    }
    let mut status = -1;
    // SAFETY: waits for our child; `status` is a valid place.
    assert_eq!(unsafe { libc::waitpid(child, &mut status, 0) }, child);
    assert_eq!(libc::WEXITSTATUS(status), 0, "{status:#x}");
    assert_eq!(end(operation), Ok(whole(&*key)));
    backend.destroy(&attributes, &created.context).unwrap();
}
