//! How often the module is called, whatever else is in the token and whoever else calls.

use cryptoki::object::{Attribute, ObjectClass};
use cryptoki::session::Session;
use parsec::backends::Backend;
use parsec::psa::Lifetime;

use crate::fixture::{FUNCTIONS, Shim, application, generate, index, is_long, p256, sign_with, slot};

const HASH: [u8; 32] = [6; 32];

/// Puts objects that are none of ours where a search finds them, for as long as the session lasts; in the long form of
/// the tests into the token itself, which takes SoftHSM much longer.
fn fill(label: &str, count: usize) -> Session {
    let session = application().open_rw_session(slot(label)).unwrap();
    for number in 0..count {
        let name = format!("object {number}").into_bytes();
        let object = [
            Attribute::Class(ObjectClass::DATA),
            Attribute::Token(is_long()),
            Attribute::Private(false),
            Attribute::Label(name.clone()),
            Attribute::Value(name),
        ];
        session.create_object(&object).unwrap();
    }
    session
}

/// The calls of each function from connecting to a hundred signatures, and those of the last hundred.
fn calls(label: &str) -> (Vec<usize>, usize) {
    let shim = Shim::new(&format!("calls-{label}"));
    let backend = shim.backend(label);
    let attributes = p256(Lifetime::PERSISTENT);
    let created = generate(&backend, &attributes);
    backend.close();
    let before: Vec<_> = (0..FUNCTIONS).map(|function| shim.count(function)).collect();
    let key = backend.open(&attributes, &created.context).unwrap();
    let sign = || sign_with(key.as_ref(), attributes.algorithm, &HASH).unwrap();
    sign();
    let connected = shim.calls();
    for _ in 0..100 {
        sign();
    }
    let steady = shim.calls() - connected;
    let after = (0..FUNCTIONS).map(|function| shim.count(function));
    (after.zip(before).map(|(after, before)| after - before).collect(), steady)
}

#[test]
fn their_number_does_not_depend_on_the_objects_in_the_token() {
    let _objects = [fill("few", 10), fill("many", 1000)];
    let (few, many) = (calls("few"), calls("many"));
    assert_eq!(few.1, 200, "two for each signature");
    assert_eq!(few, many);
    assert_eq!(few.0[index!(C_SignInit)], 101);
}

#[test]
fn threads_open_a_session_each_and_find_the_key_once() {
    let shim = Shim::new("calls-threads");
    let backend = shim.backend("few");
    let attributes = p256(Lifetime::PERSISTENT);
    let created = generate(&backend, &attributes);
    let key = backend.open(&attributes, &created.context).unwrap();
    sign_with(key.as_ref(), attributes.algorithm, &HASH).unwrap();
    let (before, opened) = (shim.calls(), shim.count(index!(C_OpenSession)));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..100 {
                    sign_with(key.as_ref(), attributes.algorithm, &HASH).unwrap();
                }
            });
        }
    });
    let sessions = shim.count(index!(C_OpenSession)) - opened;
    assert!(sessions <= 3, "{sessions}");
    assert_eq!(shim.calls() - before, 800 + sessions);
}
