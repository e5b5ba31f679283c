//! Finding the configured token, and its PIN.

use parsec::backends::Backend;
use parsec::backends::pkcs11::Pkcs11Backend;
use parsec::config::{Pkcs11Config, TokenSelector};
use parsec::psa::{Error, Result};

use crate::fixture::{application, backend, config, directory};

fn identity(config: &Pkcs11Config) -> (Result<String>, String) {
    application();
    let identity = Pkcs11Backend::new("hsm", config).identity();
    (identity, parsec::cause::take().unwrap_or_default())
}

fn selected(token: TokenSelector) -> Pkcs11Config {
    Pkcs11Config { token, ..config("selection") }
}

#[test]
fn a_token_is_found_by_label_or_serial() {
    let by_label = backend("selection").identity().unwrap();
    let serial = by_label.split('"').nth(1).unwrap().to_owned();
    assert_eq!(serial.len(), 16, "{by_label}");
    let by_serial = selected(TokenSelector { serial: Some(serial), ..TokenSelector::default() });
    assert_eq!(identity(&by_serial).0, Ok(by_label));
}

#[test]
fn a_wrong_label_lists_the_tokens_that_are_there() {
    let wrong = selected(TokenSelector { label: Some("nothing".to_owned()), ..TokenSelector::default() });
    let (answer, text) = identity(&wrong);
    assert_eq!(answer, Err(Error::CommunicationFailure));
    for part in ["backend hsm", "label \"nothing\"", "\"selection\"", "\"keys\"", "SoftHSM project"] {
        assert!(text.contains(part), "{text}");
    }
}

#[test]
fn two_tokens_of_one_label_are_ambiguous() {
    let (answer, text) = identity(&config("twin"));
    assert_eq!(answer, Err(Error::InvalidArgument));
    assert!(text.contains("several tokens"), "{text}");
}

#[test]
fn a_file_that_is_no_module_is_told_apart_from_a_missing_one() {
    let missing = Pkcs11Config { module: "/nonexistent/module.so".into(), ..config("selection") };
    let (answer, text) = identity(&missing);
    assert_eq!(answer, Err(Error::StorageFailure));
    assert!(text.contains("/nonexistent/module.so"), "{text}");
    let text_file = directory().join("not_a_module.so");
    std::fs::write(&text_file, "text").unwrap();
    let (answer, text) = identity(&Pkcs11Config { module: text_file, ..config("selection") });
    assert_eq!(answer, Err(Error::CommunicationFailure));
    assert!(text.contains("cannot load module"), "{text}");
    let (answer, text) =
        identity(&Pkcs11Config { module: "/usr/lib/x86_64-linux-gnu/libz.so.1".into(), ..config("selection") });
    assert_eq!(answer, Err(Error::CommunicationFailure), "{text}");
}
