//! SoftHSM tokens of this test program's own, and shims between them and the backend.

use std::ffi::{CStr, CString, c_ulong, c_void};
use std::fs::{self, OpenOptions};
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

pub const SOFTHSM: &str = "/usr/lib/softhsm/libsofthsm2.so";
pub const PIN: &str = "1234";
pub const NAMESPACE: &str = "test";
/// Says where the tokens are to a process that a test starts.
const DIRECTORY: &str = "PARSEC_TEST_PKCS11";
/// How many functions version 2 of the standard has.
pub const FUNCTIONS: usize = 68;
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
    fs::create_dir(&tokens).unwrap();
    let configuration = directory.join("softhsm2.conf");
    fs::write(&configuration, format!("directories.tokendir = {}\nlog.level = ERROR\n", tokens.display())).unwrap();
    write_secret(&directory.join("pin"), PIN);
    // SAFETY: every test calls this before anything else, and no test changes or reads the environment later on.
    unsafe {
        std::env::set_var("SOFTHSM2_CONF", &configuration);
        std::env::set_var(DIRECTORY, &directory);
        libc::atexit(remove_scratch);
    }
    for label in TOKENS {
        let arguments = ["--init-token", "--free", "--so-pin", "5678", "--pin", PIN, "--label", label];
        let output = Command::new("softhsm2-util").args(arguments).output().expect("Debian package softhsm2");
        assert!(output.status.success(), "{output:?}");
    }
    directory
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

/// What a module says of a length or a count.
#[derive(Clone, Copy, Debug)]
pub enum Claim {
    Truth,
    /// This length.
    Instead(usize),
    /// So much more than the truth.
    More(isize),
}

/// A module between the backend and SoftHSM; each instance counts and fails for itself.
pub struct Shim {
    path: PathBuf,
    library: *mut c_void,
}

// SAFETY: the handle of a library may be used from any thread.
unsafe impl Send for Shim {}
// SAFETY: dlsym may be called concurrently, and the shim's functions are atomic.
unsafe impl Sync for Shim {}

impl Shim {
    pub fn new(name: &str) -> Self {
        let path = directory().join(format!("{name}.so"));
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pkcs11/shim.c");
        let status = Command::new("cc")
            .args(["-shared", "-fPIC", "-O1", "-Wall", "-Wextra", "-Werror"])
            .arg(format!("-DREAL=\"{SOFTHSM}\""))
            .arg("-o")
            .args([&path, &source])
            .arg("-ldl")
            .status()
            .unwrap();
        assert!(status.success());
        let file = CString::new(path.to_str().unwrap()).unwrap();
        // SAFETY: loads the library that was just built, which has no initialisers.
        let library = unsafe { libc::dlopen(file.as_ptr(), libc::RTLD_NOW) };
        assert!(!library.is_null());
        Self { path, library }
    }

    fn symbol(&self, name: &CStr) -> *mut c_void {
        // SAFETY: a live library and a terminated name.
        let symbol = unsafe { libc::dlsym(self.library, name.as_ptr()) };
        assert!(!symbol.is_null());
        symbol
    }

    /// Calls a function of the shim itself, all of whose parameters and answers are words.
    fn ask(&self, name: &CStr, arguments: [usize; 4]) -> usize {
        // SAFETY: shim.c declares them so; more arguments than a function has do no harm.
        let function: extern "C" fn(c_ulong, c_ulong, c_ulong, c_ulong) -> c_ulong =
            unsafe { std::mem::transmute(self.symbol(name)) };
        let [a, b, c, d] = arguments.map(|argument| argument as c_ulong);
        function(a, b, c, d) as usize
    }

    /// How often a function was called.
    pub fn count(&self, function: usize) -> usize {
        self.ask(c"shim_count", [function, 0, 0, 0])
    }

    /// How often it succeeded.
    pub fn succeeded(&self, function: usize) -> usize {
        self.ask(c"shim_succeeded", [function, 0, 0, 0])
    }

    /// How often any function was called.
    pub fn calls(&self) -> usize {
        (0..FUNCTIONS).map(|function| self.count(function)).sum()
    }

    /// Refuses the next calls of a function.
    pub fn refuse(&self, function: usize, code: c_ulong, times: usize) {
        self.refuse_later(function, code, 0, times);
    }

    /// Refuses calls of a function, after skipping others.
    pub fn refuse_later(&self, function: usize, code: c_ulong, skip: usize, times: usize) {
        self.ask(c"shim_refuse", [function, code as usize, skip, times]);
    }

    /// Whether refused calls are made all the same, as by a device whose answer is lost.
    pub fn late(&self, on: bool) {
        self.ask(c"shim_late", [on.into(), 0, 0, 0]);
    }

    /// What a function claims wherever it gives a length or a count.
    pub fn claim(&self, function: usize, claim: Claim) {
        let (lie, length) = match claim {
            Claim::Truth => (0, 0),
            Claim::Instead(length) => (1, length),
            Claim::More(more) => (2, more as usize),
        };
        self.ask(c"shim_lie", [function, lie, length, 0]);
    }

    /// Claims this length wherever a function gives one; 0 ends that.
    pub fn lie(&self, function: usize, length: usize) {
        self.claim(function, if length == 0 { Claim::Truth } else { Claim::Instead(length) });
    }

    /// How many sessions are open.
    pub fn live(&self) -> usize {
        self.ask(c"shim_live", [0; 4])
    }

    /// Sets and clears flags of the token.
    pub fn flags(&self, set: c_ulong, clear: c_ulong) {
        self.ask(c"shim_flags", [set as usize, clear as usize, 0, 0]);
    }

    /// What the user enters where the application gives no PIN.
    pub fn keypad(&self, pin: &'static CStr) {
        self.ask(c"shim_keypad", [pin.as_ptr() as usize, 0, 0, 0]);
    }

    /// Adds this to the numbers of the slots.
    pub fn renumber(&self, offset: usize) {
        self.ask(c"shim_renumber", [offset, 0, 0, 0]);
    }

    /// Pulls the token out, or puts it back.
    pub fn gone(&self, gone: bool) {
        self.ask(c"shim_gone", [gone.into(), 0, 0, 0]);
    }

    /// Pulls the token out after some more calls; `None` ends that.
    pub fn vanish(&self, calls: Option<usize>) {
        self.ask(c"shim_vanish", [calls.unwrap_or(usize::MAX), 0, 0, 0]);
    }

    /// Makes callers of a function wait inside; `None` lets them go.
    pub fn block(&self, function: Option<usize>) {
        self.ask(c"shim_block", [function.unwrap_or(FUNCTIONS), 0, 0, 0]);
    }

    /// How many wait.
    pub fn blocked(&self) -> usize {
        self.ask(c"shim_blocked", [0; 4])
    }

    pub fn config(&self, label: &str) -> Pkcs11Config {
        Pkcs11Config { module: self.path.clone(), ..config(label) }
    }

    pub fn backend(&self, label: &str) -> Pkcs11Backend {
        application();
        Pkcs11Backend::new("hsm", &self.config(label))
    }
}

/// The index of a function in the function list, which is how the shim calls it.
macro_rules! index {
    ($function:ident) => {
        std::mem::offset_of!(cryptoki_sys::CK_FUNCTION_LIST, $function) / size_of::<usize>() - 1
    };
}
pub(crate) use index;
