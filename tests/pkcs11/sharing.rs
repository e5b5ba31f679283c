//! Several processes that change one token with a fragile store.

use std::fs::{File, OpenOptions};
use std::sync::mpsc;
use std::time::Duration;

use parsec::backends::Backend;
use parsec::config::Pkcs11Config;
use parsec::psa::Lifetime;

use crate::fixture::{application, backend, config, directory, generate, p256, sign, sign_with};
use crate::processes::{hex, run_alone, unhex};

const HASH: [u8; 32] = [9; 32];

/// SoftHSM counts its changes in a file, and takes the number after a change of its own for what it has seen. So a
/// process that makes an object would never see one that another made since it last looked.
#[test]
fn what_another_process_has_made_is_seen_after_a_change_of_our_own() {
    let backend = backend("sharing");
    let attributes = p256(Lifetime::PERSISTENT);
    let own = generate(&backend, &attributes);
    sign(&backend, &attributes, &own, &HASH).unwrap();
    for makes in [true, false] {
        let output = run_alone("sharing::makes_a_key", None);
        let context = unhex(output.lines().find_map(|line| line.split("context ").nth(1)).unwrap());
        match makes {
            true => drop(generate(&backend, &attributes)),
            false => backend.destroy(&attributes, &own.context).unwrap(),
        }
        let key = backend.open(&attributes, &context).unwrap();
        sign_with(key.as_ref(), attributes.algorithm, &HASH).unwrap();
    }
}

#[test]
#[ignore = "run by what_another_process_has_made_is_seen_after_a_change_of_our_own"]
fn makes_a_key() {
    directory();
    let backend = parsec::backends::pkcs11::Pkcs11Backend::new("hsm", &config("sharing"));
    println!("context {}", hex(&generate(&backend, &p256(Lifetime::PERSISTENT)).context));
}

/// Whoever changes the token waits for other processes, and whoever uses a key does not.
#[test]
fn processes_change_a_fragile_token_by_turns() {
    application();
    let state = directory().join("turns-state");
    let config = Pkcs11Config { state_directory: Some(state.clone()), ..config("turns") };
    let backend = parsec::backends::pkcs11::Pkcs11Backend::new("hsm", &config);
    let attributes = p256(Lifetime::PERSISTENT);
    let created = generate(&backend, &attributes);
    let key = backend.open(&attributes, &created.context).unwrap();
    sign_with(key.as_ref(), attributes.algorithm, &HASH).unwrap();

    // As another process would: the lock belongs to the open file.
    let file: File = OpenOptions::new().write(true).open(state.join("libsofthsm2.so.lock")).unwrap();
    file.lock().unwrap();
    let (ready, made) = mpsc::channel();
    std::thread::scope(|scope| {
        scope.spawn(|| ready.send(generate(&backend, &attributes)).unwrap());
        assert!(made.recv_timeout(Duration::from_millis(300)).is_err());
        sign_with(key.as_ref(), attributes.algorithm, &HASH).unwrap();
        file.unlock().unwrap();
        let made = made.recv_timeout(Duration::from_secs(30)).unwrap();
        sign(&backend, &attributes, &made, &HASH).unwrap();
    });
}
