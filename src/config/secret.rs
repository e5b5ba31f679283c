//! Where PINs and authorization values come from: never from `parsec.toml` itself.

use std::fmt;
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};

use super::{environment, files};
use crate::fail;
use crate::memory::Secret;
use crate::psa::Result;

/// Where a secret is found when it is needed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretSource {
    /// A file: `{ file = "/run/secrets/pin" }`.
    File(PathBuf),
    /// An environment variable: `{ env = "HSM_PIN" }`.
    Env(String),
    /// A systemd credential, a file below `$CREDENTIALS_DIRECTORY`: `{ credential = "hsm-pin" }`.
    Credential(String),
}

impl SecretSource {
    /// Reads the secret, without one trailing end of line.
    ///
    /// `STORAGE_FAILURE` where it cannot be read, `NOT_PERMITTED` where its file is open to others,
    /// `DATA_INVALID` where it is empty or unset.
    pub fn read(&self) -> Result<Secret> {
        let secret = match self {
            Self::File(path) => files::read_secret(path)?,
            Self::Env(name) => match environment::variable(name) {
                // The only copy of ours; the environment itself stays as it is.
                Some(value) => Secret::new(value.into_vec()),
                None => return fail!(DataInvalid, "environment variable {name}, which holds a secret, is not set"),
            },
            Self::Credential(name) => match environment::variable("CREDENTIALS_DIRECTORY") {
                Some(directory) => files::read_secret(&Path::new(&directory).join(name))?,
                None => {
                    return fail!(
                        DataInvalid,
                        "credential '{name}': $CREDENTIALS_DIRECTORY is not set; add LoadCredential={name}:... to the \
                         systemd unit"
                    );
                }
            },
        };
        let secret = without_end_of_line(secret);
        if secret.is_empty() {
            return fail!(DataInvalid, "the secret from {self} is empty");
        }
        Ok(secret)
    }
}

impl fmt::Display for SecretSource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(formatter, "file {}", path.display()),
            Self::Env(name) => write!(formatter, "environment variable {name}"),
            Self::Credential(name) => write!(formatter, "credential '{name}'"),
        }
    }
}

fn without_end_of_line(mut secret: Secret) -> Secret {
    if secret.last() == Some(&b'\n') {
        secret.pop();
        if secret.last() == Some(&b'\r') {
            secret.pop();
        }
    }
    secret
}
