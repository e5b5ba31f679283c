//! Several processes at once with one token: each makes, uses and destroys keys of its own, and uses one of all.

use std::process::{Child, Command, Stdio};

use parsec::config::Config;
use parsec::core::library::Library;
use parsec::core::{keys, signature};
use parsec::psa::{Error, KeyId};

use crate::adoption::ECDSA;
use crate::bare::Bare;
use crate::place::{self, in_places};

const PROCESSES: u32 = 3;
const ROUNDS: usize = 4;
const COMMON: KeyId = KeyId(1);
/// Says to a process which key is its own.
const OWN: &str = "PARSEC_TEST_OWN_KEY";

fn sign(library: &Library, key: KeyId) -> Result<(), Error> {
    let mut made = [0; 64];
    signature::sign_hash(library, key, ECDSA, &[5; 32], &[], &mut made)?;
    signature::verify_hash(library, key, ECDSA, &[5; 32], &[], &made)
}

/// One of the processes.
#[test]
#[ignore = "started by inside"]
fn one() {
    let own = KeyId(std::env::var(OWN).unwrap().parse().unwrap());
    let library = Library::new(Config::load().unwrap()).unwrap();
    for round in 0..ROUNDS {
        let work = || {
            keys::generate(&library, &place::signing(own), &[])?;
            sign(&library, own)?;
            sign(&library, COMMON)?;
            keys::destroy(&library, own)
        };
        work().unwrap_or_else(|error| panic!("{round}: {error:?} {:?}", parsec::cause::take()));
    }
}

/// Runs within the fixture, in a process of its own.
#[test]
#[ignore = "started by the other tests"]
fn inside() {
    let config = Config::load().unwrap();
    let library = Library::new(config.clone()).unwrap();
    keys::generate(&library, &place::signing(COMMON), &[]).unwrap();
    let start = |number: u32| {
        Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "--ignored", "--nocapture", "processes::one"])
            .env(OWN, (2 + number).to_string())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    };
    let started: Vec<Child> = (0..PROCESSES).map(start).collect();
    (0..ROUNDS).for_each(|_| sign(&library, COMMON).unwrap());
    for child in started {
        let output = child.wait_with_output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let passed = output.status.success() && text.contains("1 passed");
        assert!(passed, "{text}{}", String::from_utf8_lossy(&output.stderr));
    }
    sign(&library, COMMON).unwrap();
    drop(library);
    // Nothing is left of the others' keys, and the common one is there once.
    let bare = Bare::open(place::token(&config));
    for id in 1..2 + PROCESSES {
        let label = format!("parsec:{}:{id}", config.namespace);
        let found =
            [cryptoki_sys::CKO_PRIVATE_KEY, cryptoki_sys::CKO_PUBLIC_KEY].map(|class| bare.find(class, &label).len());
        assert_eq!(found, if id == COMMON.0 { [1, 1] } else { [0, 0] }, "{label}");
    }
}

in_places!(|place| place::run(place, &[], "processes::inside"); softhsm kryoptic nss p11_kit tpm2_pkcs11);
