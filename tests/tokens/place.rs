//! Runs tests of this program in the fixtures of the C tests (`c_tests/place.py`), in a process of their own each.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use parsec::config::{BackendKind, Config, Pkcs11Config};
use parsec::psa::{Algorithm, Attributes, EccFamily, KeyId, KeyType, Lifetime, Usage};

use crate::shim::Shim;

/// Tests of the same name as their places, each with its own arguments: `check(place, ...)`.
macro_rules! in_places {
    ($check:expr; $($place:ident $(($($argument:expr),+))?)+) => {
        $(
            #[test]
            fn $place() {
                $check(&stringify!($place).replace('_', "-") $($(, $argument)+)?);
            }
        )+
    };
}
pub(crate) use in_places;

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

/// The fixture's configuration with a shim before its token.
pub fn shimmed() -> (Config, Shim) {
    let config = Config::load().unwrap();
    let shim = Shim::over(&token(&config).module, scratch(), "shim");
    let token = Pkcs11Config { module: shim.path.clone(), ..token(&config).clone() };
    (with_token(config, token), shim)
}

/// The configuration with other settings of the token.
pub fn with_token(mut config: Config, token: Pkcs11Config) -> Config {
    for backend in &mut config.backends {
        if let BackendKind::Pkcs11(settings) = &mut backend.kind {
            settings.clone_from(&token);
        }
    }
    config
}

/// The scratch directory of the fixture.
pub fn scratch() -> &'static Path {
    static SCRATCH: LazyLock<PathBuf> = LazyLock::new(|| std::env::var_os("PARSEC_TEST_SCRATCH").unwrap().into());
    &SCRATCH
}

/// What a key pair of the token is that signs hashes: one that stays where it has an identifier, else one of the process.
pub fn signing(id: KeyId) -> Attributes {
    Attributes {
        key_type: KeyType::ecc_key_pair(EccFamily::SECP_R1),
        bits: 256,
        algorithm: Algorithm::ecdsa(Algorithm::SHA_256),
        usage: Usage::SIGN_HASH.union(Usage::VERIFY_HASH),
        lifetime: Lifetime::new(u8::from(id != KeyId::NULL), location()),
        id,
    }
}

/// Bytes of a hexadecimal text.
pub fn hex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|i| u8::from_str_radix(&text[i..i + 2], 16).unwrap()).collect()
}
