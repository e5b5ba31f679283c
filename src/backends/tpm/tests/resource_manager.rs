//! Through tpm2-abrmd: threads, processes and forked children share one TPM.
#![allow(unsafe_code)]

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::proxy::{Answer, POLICY_AUTH_VALUE, POLICY_PCR, Proxy, SIGN, UNSEAL};
use super::swtpm::{Swtpm, config, tcti, with};
use super::{assert_signs, generate, p256, sign};
use crate::backends::Backend;
use crate::backends::tpm::TpmBackend;
use crate::cause;
use crate::config::{Registers, TpmConfig};
use crate::psa::{Algorithm, Error};

const SESSION_BUS: &str = "tabrmd:bus_type=session";

/// A bus, and a resource manager on it. They end with this value.
struct ResourceManager {
    bus: Child,
    manager: Child,
    address: String,
}

impl ResourceManager {
    fn start(tcti: &str) -> Self {
        let mut bus = Command::new("setpriv")
            .args(["--pdeathsig", "TERM", "dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("dbus is installed");
        let mut address = String::new();
        BufReader::new(bus.stdout.take().unwrap()).read_line(&mut address).unwrap();
        let address = address.trim().to_owned();
        let manager = Command::new("setpriv")
            .args(["--pdeathsig", "TERM", "tpm2-abrmd", "--session", "--allow-root", &format!("--tcti={tcti}")])
            .env("DBUS_SESSION_BUS_ADDRESS", &address)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("tpm2-abrmd is installed");
        Self { bus, manager, address }
    }

    /// Runs one of the ignored tests below, on this bus.
    fn run(&self, test: &str) {
        self.run_with(test, &[]);
    }

    fn run_with(&self, test: &str, variables: &[(&str, &str)]) {
        let name = format!("backends::tpm::tests::resource_manager::{test}");
        let output = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", &name, "--ignored"])
            .env("DBUS_SESSION_BUS_ADDRESS", &self.address)
            .envs(variables.iter().copied())
            .output()
            .unwrap();
        assert!(output.status.success() && String::from_utf8_lossy(&output.stdout).contains("1 passed"), "{output:?}");
    }
}

impl Drop for ResourceManager {
    fn drop(&mut self) {
        for child in [&mut self.manager, &mut self.bus] {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// A backend on the bus of this process, once the resource manager is there.
fn backend() -> TpmBackend {
    let backend = with(&config(SESSION_BUS));
    for _ in 0..100 {
        if backend.identity().is_ok() {
            break;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    cause::clear();
    backend
}

#[test]
fn threads_processes_and_children_share_the_tpm() {
    let tpm = Swtpm::start();
    let manager = ResourceManager::start(&tpm.tcti());
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| manager.run("threads_and_a_forked_child"));
        }
    });
    drop(manager);
    assert_eq!(tpm.loaded(), 0);
}

#[test]
#[ignore = "one of the processes of the test above"]
fn threads_and_a_forked_child() {
    let backend = backend();
    let keys: Vec<_> = (0..4).map(|_| generate(&backend, &p256())).collect();
    std::thread::scope(|scope| {
        for key in &keys {
            scope.spawn(|| (0..5).for_each(|_| assert_signs(&backend, &p256(), key)));
        }
    });
    // SAFETY: the child does what an application's child does, and leaves at once; glibc keeps its allocator usable there.
    match unsafe { libc::fork() } {
        0 => {
            let signed = (0..3).all(|_| sign(&backend, &p256(), &keys[0], &[1; 32]).is_ok());
            // SAFETY: leaves at once, running nothing of the parent's.
            unsafe { libc::_exit(if signed { 0 } else { 1 }) }
        }
        child => {
            (0..3).for_each(|_| assert_signs(&backend, &p256(), &keys[0]));
            let mut status = -1;
            // SAFETY: waits for our own child; `status` is writable.
            assert_eq!(unsafe { libc::waitpid(child, &mut status, 0) }, child);
            assert_eq!(status, 0);
        }
    }
    assert_signs(&backend, &p256(), &keys[0]);
}

/// Keys that are bound to registers, and sealed secrets, with their policy session in the resource manager.
#[test]
fn bound_keys_and_sealed_secrets() {
    let tpm = Swtpm::start();
    let proxy = Proxy::start_with_control(tpm.port);
    let manager = ResourceManager::start(&tcti(proxy.port));
    std::thread::scope(|scope| {
        for register in ["7", "8"] {
            let manager = &manager;
            scope.spawn(move || manager.run_with("uses_what_is_bound", &[(REGISTER, register)]));
        }
    });
    // A policy session that cannot be used is given up, and not one is left behind: the resource manager has four for each.
    let mut failures = 0;
    proxy.rule(move |command| {
        if !matches!(command, POLICY_PCR | POLICY_AUTH_VALUE | UNSEAL | SIGN) {
            return Answer::Pass;
        }
        failures += 1;
        if failures % 2 == 0 { Answer::code(0x101) } else { Answer::Pass }
    });
    manager.run("what_is_bound_fails_often");
    drop(manager);
    proxy.rule(|_| Answer::Pass);
    assert_eq!((tpm.loaded(), tpm.sessions()), (0, 0));
}

/// Tells [`uses_what_is_bound`] which register is its own.
const REGISTER: &str = "LIBPARSEC_TEST_TPM_REGISTER";
const SECRET: &[u8] = b"thirty-two bytes that are sealed";

/// A backend whose keys are bound to this register.
fn bound(register: u8) -> TpmBackend {
    drop(backend());
    let pcrs = Some(Registers { bank: Algorithm::SHA_256, indices: vec![register] });
    with(&TpmConfig { pcrs, ..config(SESSION_BUS) })
}

#[test]
#[ignore = "one of the processes of the test above"]
fn uses_what_is_bound() {
    let register: u8 = std::env::var(REGISTER).unwrap().parse().unwrap();
    let backend = bound(register);
    let (key, sealed) = (generate(&backend, &p256()), backend.seal(SECRET).unwrap());
    for _ in 0..5 {
        assert_signs(&backend, &p256(), &key);
        assert_eq!(backend.unseal(&sealed).unwrap().as_slice(), SECRET);
    }
    let value = format!("{register}:sha256={}", "5a".repeat(32));
    let extended = Command::new("tpm2_pcrextend").args([&value, "-T", SESSION_BUS]).status().unwrap();
    assert!(extended.success());
    for _ in 0..5 {
        cause::clear();
        assert_eq!(sign(&backend, &p256(), &key, &[1; 32]).err(), Some(Error::NotPermitted));
        assert!(cause::take().unwrap().contains("POLICY_FAIL"));
        assert_eq!(backend.unseal(&sealed).err(), Some(Error::NotPermitted));
    }
    let key = generate(&backend, &p256());
    assert_signs(&backend, &p256(), &key);
}

#[test]
#[ignore = "one of the processes of the test above"]
fn what_is_bound_fails_often() {
    let backend = bound(9);
    let (key, sealed) = (generate(&backend, &p256()), backend.seal(SECRET).unwrap());
    let (mut worked, mut failed) = (0, 0);
    for _ in 0..30 {
        for outcome in [sign(&backend, &p256(), &key, &[1; 32]).map(drop), backend.unseal(&sealed).map(drop)] {
            match outcome {
                Ok(()) => worked += 1,
                Err(error) => {
                    assert_eq!(error, Error::HardwareFailure, "{:?}", cause::take());
                    failed += 1;
                }
            }
        }
    }
    assert!(failed > 20, "{worked} {failed}");
}

#[test]
fn what_is_not_there_is_said() {
    let missing = with(&config("tabrmd:bus_name=com.example.Nobody,bus_type=session"));
    cause::clear();
    assert_eq!(missing.identity(), Err(Error::CommunicationFailure));
    let text = cause::take().unwrap();
    assert!(text.contains("install the package tpm2-abrmd"), "{text}");
}
