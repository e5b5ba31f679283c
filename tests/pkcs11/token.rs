//! Finding the configured token, and its PIN.

use parsec::backends::Backend;
use parsec::backends::pkcs11::Pkcs11Backend;
use parsec::config::{BackendConfig, BackendKind, Config, Pkcs11Config, StoreConfig, TokenSelector};
use parsec::core::keys;
use parsec::core::library::Library;
use parsec::psa::{Attributes, Error, KeyId, Lifetime, Result};

use crate::fixture::{Shim, application, backend, config, directory, p256};

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
    // SoftHSM always has a slot for one more token.
    assert!(text.contains("one that is not initialised (in slot ") && !text.contains("\"\""), "{text}");
}

#[test]
fn a_module_without_any_token_says_so_until_one_is_there() {
    let shim = Shim::new("empty");
    // Loads it.
    shim.backend("selection").identity().unwrap();
    shim.gone(true);
    let backend = shim.backend("selection");
    for _ in 0..2 {
        assert_eq!(backend.identity(), Err(Error::CommunicationFailure));
        let text = parsec::cause::take().unwrap();
        assert!(text.contains("no token with label \"selection\"; the module shows no token at all"), "{text}");
    }
    shim.gone(false);
    backend.identity().unwrap();
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

/// Backends that cannot be reached do not stop the others, and say what is the matter when they are asked.
#[test]
fn other_backends_go_on() {
    let text_file = directory().join("not_a_module_either.so");
    std::fs::write(&text_file, "text").unwrap();
    application();
    let token = |label: &str| TokenSelector { label: Some(label.to_owned()), ..TokenSelector::default() };
    let broken = [
        (Pkcs11Config { module: "/nonexistent/module.so".into(), ..config("selection") }, "there is no PKCS#11 module"),
        (Pkcs11Config { module: text_file, ..config("selection") }, "cannot load module"),
        (
            Pkcs11Config { token: token("nothing"), ..config("selection") },
            "no token with label \"nothing\"; the module shows",
        ),
    ];
    let numbered = (0x80_0001..).zip(broken.iter().map(|(config, _)| config.clone()).chain([config("selection")]));
    let backends = numbered.map(|(location, config)| BackendConfig {
        name: format!("hsm-{location:x}"),
        origin: "parsec.toml:1".to_owned(),
        location: Some(location),
        kind: BackendKind::Pkcs11(config),
    });
    let store = tempfile::tempdir().unwrap();
    let library = Library::new(Config {
        store: StoreConfig { path: Some(store.path().join("keys")) },
        backends: backends.collect(),
        ..Config::default()
    })
    .unwrap();
    let generate = |location| {
        let lifetime = Lifetime::new(Lifetime::PERSISTENCE_VOLATILE, location);
        keys::generate(&library, &Attributes { id: KeyId::NULL, ..p256(lifetime) }, &[])
    };
    for (location, (_, part)) in (0x80_0001..).zip(&broken) {
        assert!(generate(location).is_err());
        let text = parsec::cause::take().unwrap_or_default();
        assert!(text.contains(part) && text.contains(&format!("hsm-{location:x}")), "{text}");
        generate(0).unwrap();
        generate(0x80_0004).unwrap();
    }
}
