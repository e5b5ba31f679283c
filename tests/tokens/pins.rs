//! A PIN that a token rejects: given once, by whichever process, until it changes.

use std::fs;

use parsec::config::{Config, Pkcs11Config, SecretSource};
use parsec::core::keys;
use parsec::core::library::Library;
use parsec::psa::{Error, KeyId};

use crate::place::{self, in_places};
use crate::shim::{Shim, index};

/// As long as the right one; made of what no fixture has.
const WRONG: &str = "not-the-one-this-token-has";

/// Makes a key and destroys it, in what may as well be another process: all that is known of the PIN is beside the key store.
fn attempt(config: &Config, shim: &Shim) -> (Result<(), Error>, String, usize) {
    let (library, before) = (Library::new(config.clone()).unwrap(), shim.count(index!(C_Login)));
    let answer = keys::generate(&library, &place::signing(KeyId(7)), &[]).and_then(|key| keys::destroy(&library, key));
    (answer, parsec::cause::take().unwrap_or_default(), shim.count(index!(C_Login)) - before)
}

/// Runs within the fixture, in a process of its own.
#[test]
#[ignore = "started by the other tests"]
fn inside() {
    let (config, shim) = place::shimmed();
    let file = place::scratch().join("another-pin");
    let right = place::scratch().join("pin");
    // With the permissions that a PIN has.
    fs::copy(&right, &file).unwrap();
    fs::write(&file, WRONG).unwrap();
    let token = Pkcs11Config { pin: Some(SecretSource::File(file.clone())), ..place::token(&config).clone() };
    let config = place::with_token(config, token);
    for (part, logins) in [("rejects the PIN from file", 1), ("rejected the PIN from file", 0), ("rejected the PIN", 0)]
    {
        let (answer, text, given) = attempt(&config, &shim);
        assert_eq!((answer, given), (Err(Error::NotPermitted), logins), "{text}");
        assert!(text.contains(part) && !text.contains(WRONG), "{text}");
    }
    fs::write(&file, fs::read(&right).unwrap()).unwrap();
    let (answer, text, given) = attempt(&config, &shim);
    assert_eq!((answer, given), (Ok(()), 1), "{text}");
}

in_places!(|place| place::run(place, &[], "pins::inside"); softhsm kryoptic nss p11_kit tpm2_pkcs11);
