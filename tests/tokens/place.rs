//! Runs tests of this program in the fixtures of the C tests (`c_tests/place.py`), in a process of their own each.

use std::path::Path;
use std::process::Command;

use parsec::config::{BackendKind, Config, Pkcs11Config};

/// Where the repository is.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Runs an ignored test in a fresh fixture, after other programs, and returns what it printed.
pub fn run(place: &str, before: &[&str], test: &str) -> String {
    let mut command = Command::new(root().join("c_tests/place.py"));
    command.arg(place);
    for program in before {
        command.arg("--").arg(root().join(program));
    }
    let output = command
        .arg("--")
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "--ignored", "--nocapture", test])
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let passed = output.status.success() && text.contains("1 passed");
    assert!(passed, "{text}{}", String::from_utf8_lossy(&output.stderr));
    text
}

/// Which fixture this process is in.
pub fn name() -> String {
    std::env::var("PARSEC_TEST_PLACE").unwrap()
}

/// The location of the fixture's token.
pub fn location() -> u32 {
    std::env::var("PARSEC_TEST_LOCATION").unwrap().parse().unwrap()
}

/// The settings of the token in a configuration.
pub fn token(config: &Config) -> &Pkcs11Config {
    let token = config.backends.iter().find_map(|backend| match &backend.kind {
        BackendKind::Pkcs11(settings) => Some(settings),
        _ => None,
    });
    token.unwrap()
}
