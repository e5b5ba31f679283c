//! A TPM of the test's own, and the tools that look at it from outside.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::{BufRead, BufReader};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::backends::tpm::{Pins, TpmBackend};
use crate::config::{Bus, TpmConfig};
use crate::psa::Result;

/// Initialized, and started as firmware would start it.
const STARTED: &str = "not-need-init,startup-clear";

/// A running swtpm; it ends with this value.
pub(super) struct Swtpm {
    child: Child,
    state: TempDir,
    pub(super) port: u16,
}

impl Swtpm {
    /// Starts a fresh one on free ports.
    pub(super) fn start() -> Self {
        let state = tempfile::tempdir().unwrap();
        loop {
            let port = free_ports();
            if let Some(child) = launch(state.path(), port, STARTED) {
                return Self { child, state, port };
            }
        }
    }

    /// Takes its power and gives it back: the state on disk is kept, everything loaded is lost.
    pub(super) fn restart(&mut self) {
        self.restart_with(STARTED);
    }

    /// [`Swtpm::restart`], but nobody sends TPM2_Startup.
    pub(super) fn restart_without_startup(&mut self) {
        self.restart_with("not-need-init");
    }

    fn restart_with(&mut self, flags: &str) {
        self.stop();
        while self.child.try_wait().unwrap().is_some() {
            if let Some(child) = launch(self.state.path(), self.port, flags) {
                self.child = child;
            }
        }
    }

    /// Takes its power.
    pub(super) fn stop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    pub(super) fn tcti(&self) -> String {
        tcti(self.port)
    }

    /// Runs one of the tpm2-tools and returns what it printed.
    pub(super) fn tool(&self, command: &str) -> String {
        tool(self.port, self.state.path(), command)
    }

    /// What one of the tpm2-tools says of its failure.
    pub(super) fn complaint(&self, command: &str) -> String {
        let output = run(self.port, self.state.path(), command);
        assert!(!output.status.success(), "{command}");
        String::from_utf8(output.stderr).unwrap()
    }

    /// A file beside its state, where the tools work.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.state.path().join(name)
    }

    /// How many objects are in its slots.
    pub(super) fn loaded(&self) -> usize {
        loaded(self.port)
    }

    /// How many sessions are.
    pub(super) fn sessions(&self) -> usize {
        self.tool("tpm2_getcap handles-loaded-session").lines().count()
    }
}

impl Drop for Swtpm {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// How many objects are in the slots of the TPM at this port.
pub(super) fn loaded(port: u16) -> usize {
    tool(port, &std::env::temp_dir(), "tpm2_getcap handles-transient").lines().count()
}

/// Changes a register of the TPM at this port.
pub(super) fn extend(port: u16, index: u8) {
    tool(port, &std::env::temp_dir(), &format!("tpm2_pcrextend {index}:sha256={}", "5a".repeat(32)));
}

fn tool(port: u16, directory: &Path, command: &str) -> String {
    let output = run(port, directory, command);
    assert!(output.status.success(), "{command}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn run(port: u16, directory: &Path, command: &str) -> Output {
    let mut words = command.split_whitespace();
    let mut tool = Command::new(words.next().unwrap());
    tool.args(words).args(["-T", &tcti(port)]).current_dir(directory).output().unwrap()
}

pub(super) fn tcti(port: u16) -> String {
    format!("swtpm:host=127.0.0.1,port={port}")
}

/// A configuration with this TCTI and else the defaults.
pub(super) fn config(tcti: &str) -> TpmConfig {
    TpmConfig {
        tcti: tcti.to_owned(),
        owner_auth: None,
        primary: None,
        primary_name: None,
        bus: Bus::Auto,
        max_loaded: None,
        timeout: Duration::from_secs(60),
        pcrs: None,
    }
}

/// A backend for the TPM at this port.
pub(super) fn backend(port: u16) -> TpmBackend {
    with(&config(&tcti(port)))
}

/// A backend with this configuration, and a memory of its own.
pub(super) fn with(config: &TpmConfig) -> TpmBackend {
    remembering(config, &Memory::default())
}

/// A backend that finds what was pinned before.
pub(super) fn remembering(config: &TpmConfig, memory: &Memory) -> TpmBackend {
    TpmBackend::new("tpm", "tpm", config, Box::new(memory.clone()))
}

/// Remembers pins as the key store would.
#[derive(Clone, Default)]
pub(super) struct Memory(Arc<Mutex<HashMap<String, Vec<u8>>>>);

impl Pins for Memory {
    fn pinned(&self, name: &str) -> Result<Option<Vec<u8>>> {
        Ok(self.0.lock().unwrap().get(name).cloned())
    }

    fn pin(&self, name: &str, value: &[u8]) -> Result<()> {
        self.0.lock().unwrap().insert(name.to_owned(), value.to_vec());
        Ok(())
    }
}

/// A port that is free together with the next one. It is below those that the kernel gives to connections (Linux:
/// ip_local_port_range): one of theirs may be taken while a TPM restarts, and for a minute after that connection's end.
pub(super) fn free_ports() -> u16 {
    loop {
        let random = RandomState::new().build_hasher().finish();
        let port = 10_000 + (random % 11_000) as u16 * 2;
        let listeners = [port, port + 1].map(|port| TcpListener::bind(("127.0.0.1", port)));
        if listeners.iter().all(|listener| listener.is_ok()) {
            return port;
        }
    }
}

/// Starts swtpm; `None` if somebody else was faster to take a port.
fn launch(state: &Path, port: u16, flags: &str) -> Option<Child> {
    let started = state.join("pid");
    let _ = std::fs::remove_file(&started);
    // Whatever ends the test ends it too.
    let mut child = Command::new("setpriv")
        .args(["--pdeathsig", "KILL", "swtpm", "socket", "--tpm2", "--flags", flags])
        .arg("--tpmstate")
        .arg(format!("dir={}", state.display()))
        .arg("--pid")
        .arg(format!("file={}", started.display()))
        .arg("--server")
        .arg(format!("type=tcp,port={port},bindaddr=127.0.0.1"))
        .arg("--ctrl")
        .arg(format!("type=tcp,port={},bindaddr=127.0.0.1", port + 1))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("swtpm is installed");
    // It writes its number when it has both ports. Who answers at the first one may be somebody else, or be about to give up
    // because the second one is taken.
    while !std::fs::read_to_string(&started).is_ok_and(|number| number.trim() == child.id().to_string()) {
        if child.try_wait().unwrap().is_some() {
            return None;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    Some(child)
}

/// Who has lost a port to another TPM does not take that one for its own.
#[test]
fn a_taken_port_starts_nothing() {
    let tpm = Swtpm::start();
    let other = tempfile::tempdir().unwrap();
    assert!(launch(other.path(), tpm.port, STARTED).is_none());
    assert!(launch(other.path(), tpm.port - 1, STARTED).is_none());
    assert_eq!(tpm.loaded(), 0);
}

/// Whatever ends a test, its TPM ends too.
#[test]
fn a_killed_test_leaves_no_tpm() {
    let mut test = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "backends::tpm::tests::swtpm::waits_to_be_killed", "--ignored", "--nocapture"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(test.stdout.take().unwrap()).lines();
    let port = lines.map_while(std::result::Result::ok).find_map(|line| line.strip_prefix("port ")?.parse().ok());
    let port: u16 = port.unwrap();
    assert!(TcpStream::connect(("127.0.0.1", port)).is_ok());
    test.kill().unwrap();
    test.wait().unwrap();
    let deadline = Instant::now() + Duration::from_secs(10);
    while TcpStream::connect(("127.0.0.1", port)).is_ok() {
        assert!(Instant::now() < deadline, "the TPM is still there");
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
#[ignore = "the test that a_killed_test_leaves_no_tpm kills"]
fn waits_to_be_killed() {
    let tpm = Swtpm::start();
    println!("\nport {}", tpm.port);
    std::thread::sleep(Duration::from_secs(60));
}
