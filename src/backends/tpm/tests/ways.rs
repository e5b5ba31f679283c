//! The ways to a TPM that need something in their place here: a terminal for a character device, and a server that speaks
//! the simulator's protocol. Both hand commands on to swtpm.
#![allow(unsafe_code)]

use std::fs::{File, Permissions};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::fd::FromRawFd;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use super::proxy::{forward, message};
use super::swtpm::{Swtpm, config, free_ports, tcti, with};
use super::{assert_signs, generate, p256, sign};
use crate::backends::Backend;
use crate::cause;
use crate::config::{SecretSource, TpmConfig};
use crate::psa::{Error, Result};

/// The two ends of a terminal that passes bytes as they are: ours, and the path of the other.
fn terminal() -> (File, PathBuf) {
    let mut name = [0; 64];
    // SAFETY: the functions get an open descriptor of ours, a buffer with its size, and a termios that tcgetattr fills.
    let (ours, theirs) = unsafe {
        let ours = libc::posix_openpt(libc::O_RDWR | libc::O_NOCTTY);
        assert!(ours >= 0 && libc::grantpt(ours) == 0 && libc::unlockpt(ours) == 0);
        assert_eq!(libc::ptsname_r(ours, name.as_mut_ptr(), name.len()), 0);
        let mut modes = std::mem::zeroed();
        assert_eq!(libc::tcgetattr(ours, &mut modes), 0);
        libc::cfmakeraw(&mut modes);
        assert_eq!(libc::tcsetattr(ours, libc::TCSANOW, &modes), 0);
        (File::from_raw_fd(ours), std::ffi::CStr::from_ptr(name.as_ptr()))
    };
    (ours, theirs.to_str().unwrap().into())
}

/// A device whose commands go to the TPM at this port; the thread ends when nobody has the device open any more.
fn device(port: u16) -> (PathBuf, File) {
    let (mut ours, path) = terminal();
    // While it is open here, the device can be closed and opened again.
    let kept = File::open(&path).unwrap();
    std::thread::spawn(move || {
        while let Some(command) = message(&mut ours) {
            let response = forward(port, &command);
            if ours.write_all(&response).is_err() {
                return;
            }
        }
    });
    (path, kept)
}

fn explained<T>(call: impl FnOnce() -> Result<T>) -> (Option<Error>, String) {
    cause::clear();
    let status = call().err();
    (status, cause::take().unwrap_or_default())
}

#[test]
fn a_character_device() {
    let tpm = Swtpm::start();
    let (path, _kept) = device(tpm.port);
    let backend = with(&config(&format!("device:{}", path.display())));
    let key = generate(&backend, &p256());
    for _ in 0..3 {
        assert_signs(&backend, &p256(), &key);
    }
    backend.close();
    // No driver says that there is no bus, so there was a session, and it is gone.
    assert_eq!((tpm.loaded(), tpm.tool("tpm2_getcap handles-loaded-session").as_str()), (0, ""));
    assert_signs(&backend, &p256(), &key);
}

#[test]
fn the_resource_manager_of_the_kernel_gets_one_key_at_a_time() {
    let tpm = Swtpm::start();
    let (path, _kept) = device(tpm.port);
    let link = tpm.path("tpmrm0");
    symlink(path, &link).unwrap();
    let backend = with(&config(&format!("device:{}", link.display())));
    let keys = [generate(&backend, &p256()), generate(&backend, &p256())];
    for key in keys.iter().chain(&keys) {
        assert_signs(&backend, &p256(), key);
        assert_eq!(tpm.loaded(), 1);
    }
}

#[test]
fn a_device_that_is_none_or_silent() {
    let tpm = Swtpm::start();
    let (silent, path) = terminal();
    let file = tpm.path("a-file");
    std::fs::write(&file, b"").unwrap();
    for (path, text_part) in [(path, "TRY_AGAIN"), (file, "NO_CONNECTION"), ("/dev/null".into(), "IO_ERROR")] {
        let impatient = TpmConfig { timeout: Duration::from_secs(1), ..config(&format!("device:{}", path.display())) };
        let (status, text) = explained(|| with(&impatient).identity());
        assert_eq!(status, Some(Error::CommunicationFailure), "{text}");
        assert!(text.contains(text_part), "{text}");
    }
    drop(silent);
}

/// The reference simulator, as its TCTI sees it: a port for commands, and the next one for its power.
fn simulator(tpm: u16) -> u16 {
    let port = free_ports();
    for (port, is_platform) in [(port, false), (port + 1, true)] {
        let listener = TcpListener::bind(("127.0.0.1", port)).unwrap();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                std::thread::spawn(move || serve(&mut stream, is_platform, tpm));
            }
        });
    }
    port
}

fn serve(stream: &mut TcpStream, is_platform: bool, tpm: u16) {
    while let Some(code) = number(stream) {
        match (is_platform, code) {
            // The end of a session.
            (_, 20) => return,
            (true, _) => stream.write_all(&[0; 4]).unwrap(),
            (false, 8) => {
                let mut locality = [0xff];
                stream.read_exact(&mut locality).unwrap();
                assert_eq!(locality, [0]);
                let size = number(stream).unwrap();
                let command = message(stream).unwrap();
                assert_eq!(size as usize, command.len());
                let response = forward(tpm, &command);
                let framed = [&(response.len() as u32).to_be_bytes()[..], &response, &[0; 4]].concat();
                stream.write_all(&framed).unwrap();
            }
            _ => panic!("the simulator does not know {code}"),
        }
    }
}

fn number(stream: &mut TcpStream) -> Option<u32> {
    let mut number = [0; 4];
    stream.read_exact(&mut number).ok()?;
    Some(u32::from_be_bytes(number))
}

#[test]
fn the_protocol_of_the_simulator() {
    let tpm = Swtpm::start();
    let port = simulator(tpm.port);
    let tcti = format!("mssim:host=127.0.0.1,port={port}");
    // The TSS's module understands our simulator, so it is one.
    let output = Command::new("tpm2_getrandom").args(["--hex", "8", "-T", &tcti]).output().unwrap();
    assert!(output.status.success() && output.stdout.len() >= 16, "{output:?}");
    let backend = with(&config(&tcti));
    let key = generate(&backend, &p256());
    assert_signs(&backend, &p256(), &key);
    let (status, text) = explained(|| sign(&with(&config(&tcti)), &p256(), &key, &[1; 32]));
    assert_eq!(status, Some(Error::CommunicationFailure));
    assert!(text.contains("another process"), "{text}");
    backend.close();
    assert_eq!(tpm.loaded(), 0);
}

/// The owner's authorization from where systemd puts credentials.
#[test]
fn a_credential_of_systemd() {
    let tpm = Swtpm::start();
    tpm.tool("tpm2_changeauth -c o secret");
    let service = || {
        Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "backends::tpm::tests::ways::uses_a_credential", "--ignored"])
            .env("CREDENTIALS_DIRECTORY", tpm.path(""))
            .env("LIBPARSEC_TEST_TPM_PORT", tpm.port.to_string())
            .output()
            .unwrap()
    };
    // It is not there yet.
    assert!(!service().status.success());
    std::fs::write(tpm.path("tpm-owner"), b"secret").unwrap();
    std::fs::set_permissions(tpm.path("tpm-owner"), Permissions::from_mode(0o400)).unwrap();
    let output = service();
    assert!(output.status.success() && String::from_utf8_lossy(&output.stdout).contains("1 passed"), "{output:?}");
}

#[test]
#[ignore = "the service that a_credential_of_systemd starts"]
fn uses_a_credential() {
    let port = std::env::var("LIBPARSEC_TEST_TPM_PORT").unwrap().parse().unwrap();
    let owner_auth = Some(SecretSource::Credential("tpm-owner".to_owned()));
    let backend = with(&TpmConfig { owner_auth, ..config(&tcti(port)) });
    let key = generate(&backend, &p256());
    assert_signs(&backend, &p256(), &key);
}

/// What cannot be reached is named, with what the operating system says and what helps.
#[test]
fn who_cannot_be_reached_and_why() {
    let tpm = Swtpm::start();
    let nobody = free_ports();
    let locked = tpm.path("locked");
    std::fs::create_dir(&locked).unwrap();
    let loopless = tpm.path("loop");
    symlink(&loopless, &loopless).unwrap();
    for (tcti, parts) in [
        ("device:/dev/no-such-tpm".to_owned(), vec!["No such file or directory", "enable the TPM in the firmware"]),
        (format!("device:{}", loopless.display()), vec!["Too many levels of symbolic links"]),
        (format!("device:{}", locked.display()), vec!["Is a directory"]),
        (tcti(nobody), vec!["Connection refused", "nobody listens there"]),
        (format!("mssim:host=127.0.0.1,port={nobody}"), vec!["Connection refused", "nobody listens there"]),
        ("swtpm:host=no-such-host.invalid,port=1".to_owned(), vec!["NO_SUCH_HOST", "has no address"]),
    ] {
        let (status, text) = explained(|| with(&config(&tcti)).identity());
        assert_eq!(status, Some(Error::CommunicationFailure), "{text}");
        for part in parts.into_iter().chain([&*tcti]) {
            assert!(text.contains(part), "{part} is not in: {text}");
        }
    }
    let (status, text) = explained(|| with(&config("tpm0:/dev/tpm0")).identity());
    assert_eq!(status, Some(Error::DataInvalid));
    for part in ["tpm0:/dev/tpm0", "device:/dev/tpmrm0", "tabrmd", "bus_type", "swtpm:host=", "mssim:host="] {
        assert!(text.contains(part), "{part} is not in: {text}");
    }
}

/// Root may open everything, so a service without rights asks.
#[test]
fn a_device_of_others() {
    let tpm = Swtpm::start();
    let device = tpm.path("device");
    std::fs::write(&device, b"").unwrap();
    std::fs::set_permissions(&device, Permissions::from_mode(0o000)).unwrap();
    std::fs::set_permissions(tpm.path(""), Permissions::from_mode(0o711)).unwrap();
    // Where this user can run it, it is executable for others from here.
    let program = tpm.path("tests");
    std::fs::copy(std::env::current_exe().unwrap(), &program).unwrap();
    std::fs::set_permissions(&program, Permissions::from_mode(0o755)).unwrap();
    let mut service = match crate::config::environment::effective_user() {
        0 => {
            let mut setpriv = Command::new("setpriv");
            setpriv.args(["--reuid", "65534", "--clear-groups"]).arg(&program);
            setpriv
        }
        _ => Command::new(&program),
    };
    let output = service
        .args(["--exact", "backends::tpm::tests::ways::opens_what_it_may_not", "--ignored"])
        .env("LIBPARSEC_TEST_DEVICE", &device)
        .current_dir("/")
        .output()
        .unwrap();
    assert!(output.status.success() && String::from_utf8_lossy(&output.stdout).contains("1 passed"), "{output:?}");
}

#[test]
#[ignore = "the service that a_device_of_others starts"]
fn opens_what_it_may_not() {
    let device = std::env::var("LIBPARSEC_TEST_DEVICE").unwrap();
    let (status, text) = explained(|| with(&config(&format!("device:{device}"))).identity());
    assert_eq!(status, Some(Error::CommunicationFailure), "{text}");
    for part in ["Permission denied", "group", "tss", &device] {
        assert!(text.contains(part), "{part} is not in: {text}");
    }
}
