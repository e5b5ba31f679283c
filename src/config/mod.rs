//! `parsec.toml`: where keys live.
//!
//! | file | what is in it |
//! | --- | --- |
//! | `mod.rs` | the types, and which file is read |
//! | [`backends`] | the sections `[backends.*]` |
//! | [`uri`] | PKCS#11 URIs |
//! | `keys.rs` | the provisioned keys `[[keys]]` |
//! | [`secret`] | where PINs and authorization values come from |
//! | [`files`] | who may have written a file |
//! | [`environment`] | environment variables |
//! | `parse.rs`, `section.rs` | from text to types, with file and line of every mistake |

pub mod backends;
pub mod environment;
pub mod files;
mod keys;
mod parse;
pub mod secret;
mod section;
#[cfg(test)]
mod tests;
pub mod uri;

use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};

pub use backends::{BackendConfig, BackendKind, Bus, Pkcs11Config, Quirk, Registers, TokenSelector, TpmConfig};
pub use keys::ProvisionedKey;
pub use secret::SecretSource;

use crate::fail;
use crate::psa::Result;

/// The name of the built-in place: local keys in the key store, computed with by an engine.
pub const SOFTWARE: &str = "software";

/// The configuration of the whole library.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// The file it came from; `None` when there was none.
    pub source: Option<PathBuf>,
    /// Whose key identifiers are meant.
    pub namespace: String,
    /// Where new keys go.
    pub routes: Routes,
    /// The key store.
    pub store: StoreConfig,
    /// What protects the key store at rest; `None`: a new one is not protected, and one that is stays so.
    pub protect: Option<Protect>,
    /// What computes with local keys.
    pub engine: EngineKind,
    /// The configured backends, in the order of the file; `software` is not among them.
    pub backends: Vec<BackendConfig>,
    /// Keys that devices already have.
    pub keys: Vec<ProvisionedKey>,
}

/// Which backend makes which new key of location 0. Every name is [`SOFTWARE`] or that of a configured backend.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Routes {
    /// Persistent keys.
    pub persistent: String,
    /// Volatile keys.
    pub volatile: String,
    /// Whose random numbers are mixed into the engine's; `None`: the operating system's alone.
    pub random: Option<String>,
    /// What becomes of a key that the routed backend cannot hold; `None`: [`Fallback::Error`] for persistent keys,
    /// [`Fallback::Software`] for volatile ones.
    pub fallback: Option<Fallback>,
}

/// What becomes of a key that the routed backend cannot hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fallback {
    /// `NOT_SUPPORTED`.
    Error,
    /// It becomes a local key.
    Software,
    /// It becomes a local key that the backend seals.
    Seal,
}

/// The key store.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoreConfig {
    /// Its directory; `None`: the user's state directory.
    pub path: Option<PathBuf>,
}

/// What protects the key store at rest: where the key comes from that encrypts its secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Protect {
    /// Nothing does.
    Nothing,
    /// The device of this backend seals it.
    Backend(String),
    /// It is encrypted with a secret from a file or a credential, taken byte for byte.
    Secret(SecretSource),
}

impl fmt::Display for Protect {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => write!(formatter, "nothing"),
            Self::Backend(name) => write!(formatter, "[backends.{name}]"),
            Self::Secret(source) => write!(formatter, "the {source}"),
        }
    }
}

/// What computes with local keys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EngineKind {
    /// aws-lc and RustCrypto.
    #[default]
    Native,
    /// Mbed TLS.
    MbedCrypto,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            source: None,
            namespace: "default".to_owned(),
            routes: Routes {
                persistent: SOFTWARE.to_owned(),
                volatile: SOFTWARE.to_owned(),
                random: None,
                fallback: None,
            },
            store: StoreConfig::default(),
            protect: None,
            engine: EngineKind::default(),
            backends: Vec::new(),
            keys: Vec::new(),
        }
    }
}

impl Config {
    /// Reads the configuration of this process: `$PARSEC_CONFIG`, else `parsec/parsec.toml` below
    /// `$XDG_CONFIG_HOME` or `~/.config`, else `/etc/parsec/parsec.toml`, else software only.
    /// `$PARSEC_NAMESPACE` replaces the file's namespace.
    ///
    /// `DATA_INVALID` for a mistake in it, `NOT_SUPPORTED` for what this build lacks, `NOT_PERMITTED` when
    /// others may write it, `STORAGE_FAILURE` when it cannot be read.
    pub fn load() -> Result<Self> {
        Self::load_from(&environment::variable)
    }

    /// [`Config::load`] with other environment variables.
    fn load_from(variable: &dyn Fn(&str) -> Option<OsString>) -> Result<Self> {
        let mut config = match find(variable)? {
            Some((path, text)) => Self::parse(&text, &path)?,
            None => Self::default(),
        };
        if let Some(name) = variable("PARSEC_NAMESPACE") {
            match name.to_str() {
                Some(name) if is_name(name) => config.namespace = name.to_owned(),
                _ => return fail!(DataInvalid, "$PARSEC_NAMESPACE must be {NAME_RULE}"),
            }
        }
        Ok(config)
    }

    /// Reads a configuration from its text. `path` is the file it came from, for messages.
    pub fn parse(text: &str, path: &Path) -> Result<Self> {
        parse::config(text, path)
    }

    /// The configured backend of this name.
    pub fn backend(&self, name: &str) -> Option<&BackendConfig> {
        self.backends.iter().find(|backend| backend.name == name)
    }
}

/// The first configuration file that exists, and its text.
fn find(variable: &dyn Fn(&str) -> Option<OsString>) -> Result<Option<(PathBuf, String)>> {
    if let Some(path) = variable("PARSEC_CONFIG").map(PathBuf::from) {
        return match files::read_trusted(&path, "configuration")? {
            Some(text) => Ok(Some((path, text))),
            None => fail!(StorageFailure, "configuration {}, named by $PARSEC_CONFIG, does not exist", path.display()),
        };
    }
    let user = base_directory(variable, "XDG_CONFIG_HOME", ".config").map(|base| base.join("parsec/parsec.toml"));
    for path in user.into_iter().chain([PathBuf::from("/etc/parsec/parsec.toml")]) {
        if let Some(text) = files::read_trusted(&path, "configuration")? {
            return Ok(Some((path, text)));
        }
    }
    Ok(None)
}

/// A base directory as freedesktop.org specifies it: the variable where it is an absolute path, else below the home
/// directory.
pub(crate) fn base_directory(
    variable: &dyn Fn(&str) -> Option<OsString>,
    name: &str,
    below_home: &str,
) -> Option<PathBuf> {
    let absolute = |name: &str| variable(name).map(PathBuf::from).filter(|path| path.is_absolute());
    absolute(name).or_else(|| absolute("HOME").map(|home| home.join(below_home)))
}

/// What a namespace and the name of a backend look like.
const NAME_RULE: &str = "1 to 64 letters, digits, '.', '_' or '-'";

fn is_name(name: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    (1..=64).contains(&name.len()) && name.bytes().all(allowed)
}
