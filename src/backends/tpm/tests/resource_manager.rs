//! Through tpm2-abrmd: threads, processes and forked children share one TPM.
#![allow(unsafe_code)]

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::swtpm::{Swtpm, config, with};
use super::{assert_signs, generate, p256, sign};
use crate::backends::Backend;
use crate::backends::tpm::TpmBackend;
use crate::cause;
use crate::psa::Error;

/// A bus, and a resource manager on it. They end with this value.
struct ResourceManager {
    bus: Child,
    manager: Child,
    address: String,
}

impl ResourceManager {
    fn start(tpm: &Swtpm) -> Self {
        let mut bus = Command::new("dbus-daemon")
            .args(["--session", "--nofork", "--nopidfile", "--print-address"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("dbus is installed");
        let mut address = String::new();
        BufReader::new(bus.stdout.take().unwrap()).read_line(&mut address).unwrap();
        let address = address.trim().to_owned();
        let manager = Command::new("tpm2-abrmd")
            .args(["--session", "--allow-root", &format!("--tcti={}", tpm.tcti())])
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
        let name = format!("backends::tpm::tests::resource_manager::{test}");
        let output = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", &name, "--ignored"])
            .env("DBUS_SESSION_BUS_ADDRESS", &self.address)
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
    let backend = with(&config("tabrmd:bus_type=session"));
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
    let manager = ResourceManager::start(&tpm);
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

#[test]
fn what_is_not_there_is_said() {
    let missing = with(&config("tabrmd:bus_name=com.example.Nobody,bus_type=session"));
    cause::clear();
    assert_eq!(missing.identity(), Err(Error::CommunicationFailure));
    let text = cause::take().unwrap();
    assert!(text.contains("install the package tpm2-abrmd"), "{text}");
}
