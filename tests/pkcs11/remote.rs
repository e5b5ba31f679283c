//! A token in another process: SoftHSM behind `p11-kit server`, which dies and comes back.

use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use parsec::backends::Backend;
use parsec::backends::pkcs11::Pkcs11Backend;
use parsec::config::Pkcs11Config;
use parsec::psa::{Error, Lifetime};

use crate::fixture::{SOFTHSM, config, directory, generate, p256, sign};
use crate::openssl::{Oracle, P256};
use crate::processes::run_alone;

const CLIENTS: [&str; 2] =
    ["/usr/lib/x86_64-linux-gnu/pkcs11/p11-kit-client.so", "/usr/lib/aarch64-linux-gnu/pkcs11/p11-kit-client.so"];
/// Where the client module looks for its server.
const ADDRESS: &str = "P11_KIT_SERVER_ADDRESS";
const HASH: [u8; 32] = [4; 32];

struct Server(Child);

impl Server {
    fn start(socket: &Path) -> Self {
        let _ = std::fs::remove_file(socket);
        // Ends with the thread that starts it, and so with a test that is killed.
        let child = Command::new("setpriv")
            .args(["--pdeathsig", "TERM", "p11-kit", "server", "--foreground", "--provider", SOFTHSM, "--name"])
            .args([socket.as_os_str(), "pkcs11:token=remote".as_ref()])
            .stdout(Stdio::null())
            .process_group(0)
            .spawn()
            .expect("Debian package p11-kit");
        let deadline = Instant::now() + Duration::from_secs(20);
        // The file is there before the server listens, and a client that comes in between is turned away.
        while UnixStream::connect(socket).is_err() {
            assert!(Instant::now() < deadline, "p11-kit server did not start");
            std::thread::sleep(Duration::from_millis(5));
        }
        Self(child)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // With the processes that serve its clients.
        // SAFETY: the group of our own child, which is not yet waited for.
        unsafe { libc::kill(-(self.0.id() as libc::pid_t), libc::SIGKILL) };
        let _ = self.0.wait();
    }
}

fn socket() -> PathBuf {
    directory().join("remote.sock")
}

#[test]
fn a_remote_token_is_found_again_when_its_server_comes_back() {
    let address = format!("unix:path={}", socket().display());
    run_alone("remote::uses_a_server_that_restarts", Some((ADDRESS, &address)));
}

#[test]
#[ignore = "run by a_remote_token_is_found_again_when_its_server_comes_back"]
fn uses_a_server_that_restarts() {
    let module = CLIENTS.iter().find(|path| Path::new(path).exists()).expect("Debian package p11-kit-modules");
    let backend = Pkcs11Backend::new("remote", &Pkcs11Config { module: module.into(), ..config("remote") });
    let attributes = p256(Lifetime::PERSISTENT);
    assert!(backend.identity().is_err(), "no server yet");

    let server = Server::start(&socket());
    let created = generate(&backend, &attributes);
    let oracle = Oracle::ec(P256, &created.public_key);
    assert!(oracle.verifies_ecdsa(&HASH, &sign(&backend, &attributes, &created, &HASH).unwrap()));

    drop(server);
    let answer = sign(&backend, &attributes, &created, &HASH);
    let text = parsec::cause::take().unwrap_or_default();
    assert!(matches!(answer, Err(Error::CommunicationFailure | Error::HardwareFailure)), "{answer:?} {text}");

    let _server = Server::start(&socket());
    let again = sign(&backend, &attributes, &created, &HASH);
    let text = parsec::cause::take().unwrap_or_default();
    assert!(oracle.verifies_ecdsa(&HASH, &again.expect(&text)));
}
