//! SoftHSM tokens of this test program's own, and shims between them and the backend.

use std::fs::{self, OpenOptions};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{LazyLock, OnceLock};

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::slot::Slot;
use cryptoki_sys::*;
use parsec::backends::pkcs11::Pkcs11Backend;
use parsec::backends::{Backend, Created, Naming};
use parsec::config::{Pkcs11Config, SecretSource, TokenSelector};
use parsec::psa::{Algorithm, Attributes, EccFamily, KeyId, KeyType, Lifetime, Usage};

pub(crate) use crate::shim::index;
pub use crate::shim::{Claim, FUNCTIONS, Shim};

pub const SOFTHSM: &str = "/usr/lib/softhsm/libsofthsm2.so";
pub const PIN: &str = "1234";
pub const NAMESPACE: &str = "test";
/// Says where the tokens are to a process that a test starts.
const DIRECTORY: &str = "PARSEC_TEST_PKCS11";
/// One code for each way of dealing with it, the table's first and last, and what no table has.
pub const SOME_CODES: [CK_RV; 16] = [
    CKR_CANCEL,
    CKR_HOST_MEMORY,
    CKR_GENERAL_ERROR,
    CKR_ARGUMENTS_BAD,
    CKR_ATTRIBUTE_SENSITIVE,
    CKR_DEVICE_ERROR,
    CKR_DEVICE_REMOVED,
    CKR_FUNCTION_NOT_SUPPORTED,
    CKR_KEY_HANDLE_INVALID,
    CKR_OPERATION_ACTIVE,
    CKR_SESSION_COUNT,
    CKR_SESSION_HANDLE_INVALID,
    CKR_USER_NOT_LOGGED_IN,
    CKR_BUFFER_TOO_SMALL,
    CKR_CRYPTOKI_NOT_INITIALIZED,
    CK_RV::MAX,
];

/// One token for each test that has one, because SoftHSM sees new ones only when it is initialised.
const TOKENS: &[&str] = &[
    "keys",
    "volatile",
    "process",
    "forks",
    "selection",
    "twin",
    "twin",
    "pin",
    "good",
    "login",
    "calls",
    "recovery",
    "lost",
    "repeated",
    "threads",
    "full",
    "changes",
    "hostile",
    "codes",
    "creations",
    "others",
    "adoption",
    "ambiguous",
    "certificates",
    "authenticate",
    "tries",
    "keypad",
    "memory",
    "blocked",
    "pulled",
    "renumbered",
    "parts",
    "parts-gone",
    "changing",
    "faults",
    "few",
    "remote",
    "many",
    "tags",
    "sharing",
    "turns",
    "uses",
    "makes",
    "called",
];

/// The scratch directory, with `SOFTHSM2_CONF` pointing into it.
pub fn directory() -> &'static Path {
    static DIRECTORY_MADE: LazyLock<PathBuf> = LazyLock::new(|| match std::env::var_os(DIRECTORY) {
        Some(directory) => directory.into(),
        None => make_tokens(),
    });
    &DIRECTORY_MADE
}

static SCRATCH: OnceLock<tempfile::TempDir> = OnceLock::new();

fn make_tokens() -> PathBuf {
    let scratch = SCRATCH.get_or_init(|| tempfile::tempdir().unwrap());
    let directory = scratch.path().to_owned();
    let tokens = directory.join("tokens");
    copy_tokens(&fresh_tokens(), &tokens);
    let configuration = configure_softhsm(&directory, &tokens);
    write_secret(&directory.join("pin"), PIN);
    let settings = directory.join("kryoptic.conf");
    let database = directory.join("kryoptic.sql");
    let slot = format!("[[slots]]\nslot = 1\ndbtype = \"sqlite\"\ndbargs = \"{}\"\n", database.display());
    fs::write(&settings, slot).unwrap();
    // SAFETY: every test calls this before anything else, and no test changes or reads the environment later on.
    unsafe {
        std::env::set_var("SOFTHSM2_CONF", &configuration);
        std::env::set_var("KRYOPTIC_CONF", &settings);
        std::env::set_var(DIRECTORY, &directory);
        libc::atexit(remove_scratch);
    }
    directory
}

fn configure_softhsm(directory: &Path, tokens: &Path) -> PathBuf {
    let configuration = directory.join("softhsm2.conf");
    fs::write(&configuration, format!("directories.tokendir = {}\nlog.level = ERROR\n", tokens.display())).unwrap();
    configuration
}

/// Tokens in which nothing was done yet. Making them takes seconds, so that it is done once for all processes.
fn fresh_tokens() -> PathBuf {
    let mut names = DefaultHasher::new();
    TOKENS.hash(&mut names);
    let builds = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let tokens = builds.join(format!("softhsm-tokens-{:x}", names.finish()));
    if !tokens.exists() {
        let scratch = tempfile::tempdir_in(builds).unwrap();
        let new = scratch.path().join("tokens");
        fs::create_dir(&new).unwrap();
        let configuration = configure_softhsm(scratch.path(), &new);
        for label in TOKENS {
            let arguments = ["--init-token", "--free", "--so-pin", "5678", "--pin", PIN, "--label", label];
            let output = Command::new("softhsm2-util").args(arguments).env("SOFTHSM2_CONF", &configuration).output();
            assert!(output.as_ref().expect("Debian package softhsm2").status.success(), "{output:?}");
        }
        // Where another process was faster, its tokens are as good.
        if let Err(error) = fs::rename(&new, &tokens) {
            assert!(tokens.exists(), "{error}");
        }
    }
    tokens
}

fn copy_tokens(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let copy = to.join(entry.file_name());
        match entry.file_type().unwrap().is_dir() {
            true => copy_tokens(&entry.path(), &copy),
            false => fs::copy(entry.path(), copy).map(drop).unwrap(),
        }
    }
}

extern "C" fn remove_scratch() {
    if let Some(scratch) = SCRATCH.get() {
        let _ = fs::remove_dir_all(scratch.path());
    }
}

pub fn write_secret(path: &Path, secret: &str) {
    let mut file = OpenOptions::new().create(true).write(true).truncate(true).mode(0o600).open(path).unwrap();
    file.write_all(secret.as_bytes()).unwrap();
}

/// SoftHSM as an application that uses it beside us initialises it, so that no backend finalises it under another
/// test.
pub fn application() -> &'static Pkcs11 {
    static APPLICATION: LazyLock<Pkcs11> = LazyLock::new(|| {
        directory();
        let module = Pkcs11::new(SOFTHSM).unwrap();
        module.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)).unwrap();
        module
    });
    &APPLICATION
}

/// A token of kryoptic, whose module is initialised as [`application`] does it.
pub fn kryoptic() -> Pkcs11Config {
    static MADE: LazyLock<(Pkcs11, Pkcs11Config)> = LazyLock::new(|| {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/kryoptic.sh");
        let built = Command::new(script).stderr(std::process::Stdio::inherit()).output().unwrap();
        assert!(built.status.success());
        let path = PathBuf::from(String::from_utf8(built.stdout).unwrap().trim_end());
        let (pin, officer) = ("a-longer-PIN", "56785678");
        write_secret(&directory().join("longer_pin"), pin);
        let tool = |arguments: &[&str]| {
            let output = Command::new("pkcs11-tool").arg("--module").arg(&path).args(arguments).output();
            assert!(output.as_ref().unwrap().status.success(), "{output:?}");
        };
        tool(&["--slot-index", "0", "--init-token", "--label", "kryoptic", "--so-pin", officer]);
        let login = ["--token-label", "kryoptic", "--login", "--login-type", "so", "--so-pin", officer];
        tool(&[&login[..], &["--init-pin", "--new-pin", pin]].concat());
        let module = Pkcs11::new(&path).unwrap();
        module.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)).unwrap();
        let pin = Some(SecretSource::File(directory().join("longer_pin")));
        (module, Pkcs11Config { module: path, pin, ..config("kryoptic") })
    });
    MADE.1.clone()
}

/// True for `make check-long`.
pub fn is_long() -> bool {
    std::env::var_os("PARSEC_LONG_TESTS").is_some()
}

/// The slot of a token. Asking another one may fail just now, because a test or a tool is changing it.
pub fn slot(label: &str) -> Slot {
    let module = application();
    let labelled = |slot: &_| module.get_token_info(*slot).is_ok_and(|token| token.label() == label);
    module.get_slots_with_token().unwrap().into_iter().find(labelled).unwrap()
}

pub fn config(label: &str) -> Pkcs11Config {
    Pkcs11Config {
        module: SOFTHSM.into(),
        token: TokenSelector { label: Some(label.to_owned()), ..TokenSelector::default() },
        pin: Some(SecretSource::File(directory().join("pin"))),
        ..Pkcs11Config::default()
    }
}

pub fn backend(label: &str) -> Pkcs11Backend {
    application();
    Pkcs11Backend::new("hsm", &config(label))
}

pub fn attributes(key_type: KeyType, bits: usize, alg: Algorithm, lifetime: Lifetime) -> Attributes {
    Attributes {
        key_type,
        bits,
        lifetime,
        id: KeyId(77),
        usage: Usage::SIGN_HASH.union(Usage::VERIFY_HASH),
        algorithm: alg,
    }
}

pub fn p256(lifetime: Lifetime) -> Attributes {
    let key_type = KeyType::ecc_key_pair(EccFamily::SECP_R1);
    attributes(key_type, 256, Algorithm::ecdsa(Algorithm::SHA_256), lifetime)
}

pub fn rsa(bits: usize, alg: Algorithm) -> Attributes {
    attributes(KeyType::RSA_KEY_PAIR, bits, alg, Lifetime::VOLATILE)
}

/// As the core does it: reserve, then generate.
pub fn generate(backend: &Pkcs11Backend, attributes: &Attributes) -> Created {
    let reference = backend.reserve(attributes, &[7; 16]).unwrap().unwrap_or_default();
    backend.generate(attributes, Naming { namespace: NAMESPACE, reference: &reference }).unwrap()
}

pub fn sign(
    backend: &Pkcs11Backend,
    attributes: &Attributes,
    created: &Created,
    hash: &[u8],
) -> parsec::psa::Result<Vec<u8>> {
    let key = backend.open(attributes, &created.context)?;
    sign_with(key.as_ref(), attributes.algorithm, hash)
}

pub fn sign_with(key: &dyn parsec::core::primitives::Key, alg: Algorithm, hash: &[u8]) -> parsec::psa::Result<Vec<u8>> {
    let mut signature = vec![0; 1024];
    let length = key.signature().unwrap().sign_hash(alg, hash, &[], &mut signature)?;
    signature.truncate(length);
    Ok(signature)
}

impl Shim {
    /// Between the backend and SoftHSM.
    pub fn new(name: &str) -> Self {
        Self::over(SOFTHSM.as_ref(), directory(), name)
    }

    pub fn config(&self, label: &str) -> Pkcs11Config {
        Pkcs11Config { module: self.path.clone(), ..config(label) }
    }

    pub fn backend(&self, label: &str) -> Pkcs11Backend {
        application();
        Pkcs11Backend::new("hsm", &self.config(label))
    }
}
