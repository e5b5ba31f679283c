//! The PIN: never tried in vain.

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use cryptoki_sys::*;
use parsec::backends::Backend;
use parsec::backends::pkcs11::Pkcs11Backend;
use parsec::config::{Pkcs11Config, SecretSource};
use parsec::psa::{Error, Lifetime, Result};

use crate::fixture::{PIN, Shim, application, directory, generate, index, p256, sign, write_secret};
use crate::processes::run_alone;

/// "TOKEN,PIN FILE,STATE DIRECTORY" for a process that tries to log in.
const ATTEMPT: &str = "PARSEC_TEST_ATTEMPT";

fn login(config: &Pkcs11Config) -> (Result<()>, String) {
    let answer = Pkcs11Backend::new("hsm", config).identity().map(drop);
    (answer, parsec::cause::take().unwrap_or_default())
}

fn pin_file(name: &str, pin: &str) -> PathBuf {
    let path = directory().join(name);
    write_secret(&path, pin);
    path
}

#[test]
fn a_rejected_pin_is_tried_once() {
    let shim = Shim::new("pin");
    let wrong = pin_file("wrong_pin", "4321");
    let config = Pkcs11Config { pin: Some(SecretSource::File(wrong.clone())), ..shim.config("pin") };
    application();
    for text in ["rejects the PIN from file ", "rejected the PIN from file", "is not tried again"] {
        let (answer, cause) = login(&config);
        assert_eq!(answer, Err(Error::NotPermitted));
        assert!(cause.contains(text) && !cause.contains("4321"), "{cause}");
    }
    assert_eq!(shim.count(index!(C_Login)), 1);
    write_secret(&wrong, PIN);
    assert_eq!(login(&config).0, Ok(()));
    assert_eq!(shim.count(index!(C_Login)), 2);
}

/// Logs in from a process of its own, and returns how often it gave the PIN and whether that went well.
fn attempt_elsewhere(token: &str, pin: &str, state: &str) -> (usize, bool, String) {
    let output = run_alone("pins::attempts_to_log_in", Some((ATTEMPT, &format!("{token},{pin},{state}"))));
    let line = output.lines().find_map(|line| line.split("attempt ").nth(1)).expect(&output);
    let mut words = line.splitn(3, ' ');
    let (logins, succeeded) = (words.next().unwrap().parse().unwrap(), words.next().unwrap() == "true");
    (logins, succeeded, words.next().unwrap_or_default().to_owned())
}

#[test]
#[ignore = "run by the tests below"]
fn attempts_to_log_in() {
    let variable = std::env::var(ATTEMPT).unwrap();
    let [token, pin, state] = variable.split(',').collect::<Vec<_>>().try_into().unwrap();
    let shim = Shim::new(&format!("attempt-{}", std::process::id()));
    let config = Pkcs11Config {
        pin: Some(SecretSource::File(directory().join(pin))),
        state_directory: (!state.is_empty()).then(|| directory().join(state)),
        ..shim.config(token)
    };
    let (answer, text) = login(&config);
    println!("attempt {} {} {text}", shim.count(index!(C_Login)), answer.is_ok());
}

#[test]
fn no_process_tries_a_rejected_pin_again() {
    let wrong = pin_file("memory_pin", "87654321");
    let elsewhere = || attempt_elsewhere("memory", "memory_pin", "state");
    // At once, as services that start with the machine; and later, as one that is restarted.
    let mut attempts: Vec<_> = std::thread::scope(|scope| {
        let started: Vec<_> = (0..4).map(|_| scope.spawn(elsewhere)).collect();
        started.into_iter().map(|attempt| attempt.join().unwrap()).collect()
    });
    attempts.push(elsewhere());
    assert_eq!(attempts.iter().map(|(logins, ..)| logins).sum::<usize>(), 1, "{attempts:?}");
    assert!(attempts.iter().all(|(_, succeeded, text)| !succeeded && !text.contains("87654321")), "{attempts:?}");
    let file = directory().join("state/rejected-pins");
    assert!(attempts[4].2.contains(&format!("remove {}", file.display())), "{attempts:?}");
    let (content, mode) = (std::fs::read_to_string(&file).unwrap(), file.metadata().unwrap().permissions().mode());
    assert!(content.lines().count() == 1 && !content.contains("87654321"), "{content}");
    assert_eq!(mode & 0o777, 0o600);

    write_secret(&wrong, PIN);
    assert_eq!(elsewhere(), (1, true, String::new()));
    // The wrong one stays known.
    write_secret(&wrong, "87654321");
    assert_eq!(elsewhere().0, 0);
    // What is not understood is no rejection.
    std::fs::write(&file, "1 00 half a line").unwrap();
    write_secret(&wrong, PIN);
    assert_eq!(elsewhere(), (1, true, String::new()));
}

/// The PIN was good and is not hashed slowly again for each connection; and still what others saw of it counts.
#[test]
fn a_pin_that_was_good_is_not_tried_after_others_saw_it_rejected() {
    application();
    let (shim, others) = (Shim::new("good"), Shim::new("good-others"));
    let state_directory = Some(directory().join("good_state"));
    let config = |shim: &Shim| Pkcs11Config { state_directory: state_directory.clone(), ..shim.config("good") };
    let wrong = Some(SecretSource::File(pin_file("good_wrong", "4321")));
    assert_eq!(login(&Pkcs11Config { pin: wrong, ..config(&others) }).0, Err(Error::NotPermitted));

    let backend = Pkcs11Backend::new("hsm", &config(&shim));
    let attributes = p256(Lifetime::PERSISTENT);
    let created = generate(&backend, &attributes);
    let again = || {
        backend.close();
        sign(&backend, &attributes, &created, &[3; 32]).map(drop)
    };
    assert_eq!((again(), again()), (Ok(()), Ok(())));
    assert_eq!(shim.count(index!(C_Login)), 3);

    backend.close();
    others.refuse(index!(C_Login), CKR_PIN_INCORRECT, 1);
    assert_eq!(login(&config(&others)).0, Err(Error::NotPermitted));
    assert_eq!(again(), Err(Error::NotPermitted));
    assert_eq!(shim.count(index!(C_Login)), 3);
    parsec::cause::take();
}

#[test]
fn where_nothing_can_be_remembered_the_token_tells() {
    pin_file("tries_pin", "87654321");
    let attempts: Vec<_> = (0..3).map(|_| attempt_elsewhere("tries", "tries_pin", "")).collect();
    assert_eq!(attempts.iter().map(|(logins, ..)| logins).sum::<usize>(), 1, "{attempts:?}");
    assert!(attempts[2].2.contains("no place to remember"), "{attempts:?}");
}

#[test]
fn the_last_try_is_left_to_a_person() {
    application();
    let shim = Shim::new("tries");
    let config = shim.config("keypad");
    let allowed = Pkcs11Config { allow_final_try: true, ..config.clone() };
    for (flag, config, part) in [
        (CKF_USER_PIN_FINAL_TRY, &config, "allow_final_try = true"),
        (CKF_USER_PIN_LOCKED, &config, "is locked"),
        (CKF_USER_PIN_LOCKED | CKF_USER_PIN_FINAL_TRY, &allowed, "is locked"),
    ] {
        shim.flags(flag, 0);
        let (answer, text) = login(config);
        assert_eq!(answer, Err(Error::NotPermitted), "{text}");
        assert!(text.contains(part), "{text}");
    }
    assert_eq!(shim.count(index!(C_Login)), 0);
    shim.flags(CKF_USER_PIN_FINAL_TRY, 0);
    assert_eq!(login(&allowed).0, Ok(()));
    assert_eq!(shim.count(index!(C_Login)), 1);
}

#[test]
fn a_locked_token_says_nothing_about_the_pin() {
    application();
    let shim = Shim::new("locked");
    let config = Pkcs11Config { state_directory: Some(directory().join("locked_state")), ..shim.config("pin") };
    shim.refuse(index!(C_Login), CKR_PIN_LOCKED, 1);
    let (answer, text) = login(&config);
    assert_eq!(answer, Err(Error::NotPermitted));
    assert!(text.contains("C_Login answered CKR_PIN_LOCKED"), "{text}");
    // Once it is unlocked, the same PIN is good again.
    assert_eq!(login(&config).0, Ok(()));
}

#[test]
fn a_keypad_is_asked_and_a_public_token_is_not() {
    application();
    let shim = Shim::new("keypad");
    shim.keypad(c"1234");
    let config = Pkcs11Config { pin: None, ..shim.config("keypad") };
    let (answer, text) = login(&config);
    assert_eq!(answer, Err(Error::NotPermitted));
    assert!(text.contains("needs a PIN: add pin ="), "{text}");
    shim.flags(CKF_PROTECTED_AUTHENTICATION_PATH, 0);
    assert_eq!(login(&config).0, Ok(()));
    assert_eq!(shim.count(index!(C_Login)), 1);
    // Once for many keys and signatures.
    let backend = Pkcs11Backend::new("hsm", &config);
    for lifetime in [Lifetime::VOLATILE, Lifetime::PERSISTENT] {
        let attributes = p256(lifetime);
        let created = generate(&backend, &attributes);
        sign(&backend, &attributes, &created, &[1; 32]).unwrap();
        backend.destroy(&attributes, &created.context).unwrap();
    }
    drop(backend);
    assert_eq!(shim.count(index!(C_Login)), 2);
    shim.flags(0, CKF_LOGIN_REQUIRED);
    assert_eq!(login(&config).0, Ok(()));
    assert_eq!(shim.count(index!(C_Login)), 2);
}
