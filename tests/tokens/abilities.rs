//! What tokens say of themselves is what `docs/support.md` was made from. Each test starts a fresh token and asks it;
//! `UPDATE_TOKENS=1` writes the answers.

use std::path::PathBuf;

use parsec::backends::pkcs11::Pkcs11Backend;
use parsec::config::{BackendKind, Config};

use crate::place::{self, in_places};

/// Begins each line of the answer, which the test harness mixes with its own.
const MARK: &str = "ability ";

/// Runs within the fixture, in a process of its own.
#[test]
#[ignore = "started by the other tests"]
fn inside() {
    let config = Config::load().unwrap();
    for backend in &config.backends {
        if let BackendKind::Pkcs11(settings) = &backend.kind {
            let abilities = Pkcs11Backend::new(&backend.name, settings).abilities().unwrap_or_else(|error| {
                panic!("{error:?}: {}", parsec::cause::take().unwrap_or_default());
            });
            abilities.to_string().lines().for_each(|line| println!("\n{MARK}{line}"));
        }
    }
}

fn check(name: &str) {
    let file: PathBuf = place::root().join("tests/data/tokens").join(format!("{name}.txt"));
    let text = place::run(name, &[], "abilities::inside");
    let answer: String =
        text.lines().filter_map(|line| line.strip_prefix(MARK)).map(|line| format!("{line}\n")).collect();
    assert!(answer.lines().count() > 10, "{answer}");
    if std::env::var_os("UPDATE_TOKENS").is_some() {
        return std::fs::write(file, answer).unwrap();
    }
    let known = std::fs::read_to_string(&file).unwrap();
    assert_eq!(answer, known, "UPDATE_TOKENS=1 cargo test --test tokens, and then make headers");
}

in_places!(check; softhsm kryoptic nss p11_kit tpm2_pkcs11);
