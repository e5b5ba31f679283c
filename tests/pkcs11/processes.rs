//! Keys in other processes: started ones and forked ones.

use std::process::Command;

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::object::{Attribute, ObjectClass};
use cryptoki::slot::Slot;
use parsec::backends::Backend;
use parsec::backends::pkcs11::Pkcs11Backend;
use parsec::psa::{Error, Lifetime};

use crate::fixture::{Shim, backend, config, directory, generate, index, p256, sign, sign_with};
use crate::openssl::{Oracle, P256};

const CONTEXT: &str = "PARSEC_TEST_CONTEXT";
const HASH: [u8; 32] = [9; 32];

/// Runs one ignored test of this program in a process of its own and returns what it printed.
pub fn run_alone(test: &str, variable: Option<(&str, &str)>) -> String {
    directory();
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", test, "--ignored", "--nocapture"]).envs(variable);
    let output = command.output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success() && text.contains("1 passed"), "{text}{}", String::from_utf8_lossy(&output.stderr));
    text
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub fn unhex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|i| u8::from_str_radix(&text[i..i + 2], 16).unwrap()).collect()
}

#[test]
fn another_process_signs_with_the_same_key() {
    let backend = backend("process");
    let created = generate(&backend, &p256(Lifetime::PERSISTENT));
    let output = run_alone("processes::signs_with_a_given_key", Some((CONTEXT, &hex(&created.context))));
    let signature = output.lines().find_map(|line| line.split("signature ").nth(1)).unwrap();
    assert!(Oracle::ec(P256, &created.public_key).verifies_ecdsa(&HASH, &unhex(signature)));
}

#[test]
#[ignore = "run by another_process_signs_with_the_same_key"]
fn signs_with_a_given_key() {
    let context = unhex(&std::env::var(CONTEXT).unwrap());
    directory();
    // Here the backend itself initialises the module, and finalises it.
    let backend = Pkcs11Backend::new("hsm", &config("process"));
    let attributes = p256(Lifetime::PERSISTENT);
    let key = backend.open(&attributes, &context).unwrap();
    println!("signature {}", hex(&sign_with(key.as_ref(), attributes.algorithm, &HASH).unwrap()));
    backend.close();
    sign_with(key.as_ref(), attributes.algorithm, &HASH).unwrap();
}

#[test]
fn a_forked_child_works_and_leaves_its_parent_alone() {
    run_alone("processes::forks", None);
}

#[test]
#[ignore = "run by a_forked_child_works_and_leaves_its_parent_alone"]
fn forks() {
    directory();
    let backend = Pkcs11Backend::new("hsm", &config("forks"));
    let (persistent, volatile) = (p256(Lifetime::PERSISTENT), p256(Lifetime::VOLATILE));
    let (first, second) = (generate(&backend, &persistent), generate(&backend, &volatile));
    let oracle = Oracle::ec(P256, &first.public_key);
    // SAFETY: this process has one more thread, which only waits for this one.
    let child = unsafe { libc::fork() };
    if child == 0 {
        let signed = sign(&backend, &persistent, &first, &HASH).is_ok_and(|it| oracle.verifies_ecdsa(&HASH, &it));
        let ended = sign(&backend, &volatile, &second, &HASH) == Err(Error::InvalidHandle);
        let own = generate(&backend, &volatile);
        let own = sign(&backend, &volatile, &own, &HASH).is_ok();
        drop(backend);
        // SAFETY: leaves without running what the parent will run.
        unsafe { libc::_exit(i32::from(!signed) | i32::from(!ended) << 1 | i32::from(!own) << 2) };
    }
    let mut status = -1;
    // SAFETY: waits for our child; `status` is a valid place.
    assert_eq!(unsafe { libc::waitpid(child, &mut status, 0) }, child);
    assert_eq!(libc::WEXITSTATUS(status), 0, "{status:#x}");
    sign(&backend, &persistent, &first, &HASH).unwrap();
    sign(&backend, &volatile, &second, &HASH).unwrap();
}

#[test]
fn a_module_is_finalised_by_who_initialised_it() {
    run_alone("processes::shares_a_module_with_its_application", None);
}

#[test]
#[ignore = "run by a_module_is_finalised_by_who_initialised_it"]
fn shares_a_module_with_its_application() {
    let shim = Shim::new("shared");
    let config = shim.config("process");
    let works = || {
        let backend = Pkcs11Backend::new("hsm", &config);
        let attributes = p256(Lifetime::PERSISTENT);
        let created = generate(&backend, &attributes);
        sign(&backend, &attributes, &created, &HASH).unwrap();
        backend.close();
        sign(&backend, &attributes, &created, &HASH).unwrap();
        backend.destroy(&attributes, &created.context).unwrap();
    };
    // Initialised here, finalised here: when it is closed, and when it is dropped.
    works();
    assert_eq!((shim.succeeded(index!(C_Initialize)), shim.count(index!(C_Finalize))), (2, 2));

    // Initialised by the application, which has a session and an object of its own in it.
    let application = Pkcs11::new(&config.module).unwrap();
    application.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)).unwrap();
    let is_ours = |slot: &Slot| application.get_token_info(*slot).unwrap().label() == "process";
    let slot = application.get_slots_with_token().unwrap().into_iter().find(is_ours).unwrap();
    let session = application.open_rw_session(slot).unwrap();
    let label = Attribute::Label(b"the application's".to_vec());
    let template = [Attribute::Class(ObjectClass::DATA), Attribute::Private(false), label.clone()];
    let object = session.create_object(&template).unwrap();
    works();
    assert_eq!(shim.count(index!(C_Finalize)), 2);
    assert_eq!(session.find_objects(&[label]).unwrap(), [object]);
}
