//! Where PINs and authorization values come from: never from `parsec.toml` itself.

use std::fmt;
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};

use super::section::Section;
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
        let secret = without_end_of_line(self.read_whole()?);
        if secret.is_empty() {
            return fail!(DataInvalid, "the secret from {self} is empty");
        }
        Ok(secret)
    }

    /// [`SecretSource::read`] byte for byte, for secrets that are no text.
    pub fn read_whole(&self) -> Result<Secret> {
        Ok(match self {
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
        })
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

/// What a secret may come from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum SecretKind {
    File,
    Env,
    Credential,
}

impl SecretKind {
    pub(super) const ALL: [Self; 3] = [Self::File, Self::Env, Self::Credential];

    fn key(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Env => "env",
            Self::Credential => "credential",
        }
    }

    fn read(self, table: &mut Section<'_>) -> Result<Option<SecretSource>> {
        if self == Self::File {
            return Ok(table.absolute_path(self.key())?.map(SecretSource::File));
        }
        let Some(found) = table.text(self.key())? else { return Ok(None) };
        if self == Self::Env {
            return Ok(Some(SecretSource::Env(found.value.to_owned())));
        }
        if found.value.contains('/') || found.value.starts_with('.') {
            let text = format_args!("the name of a credential is the name of a file, not a path");
            return Err(table.mistake_at(found.offset, text));
        }
        Ok(Some(SecretSource::Credential(found.value.to_owned())))
    }
}

/// Where a secret comes from: a table with exactly one key, of these.
pub(super) fn secret(
    section: &mut Section<'_>,
    key: &'static str,
    kinds: &[SecretKind],
) -> Result<Option<SecretSource>> {
    let expected = "a table that says where the secret is, such as { file = \"/path\" }";
    let Some(mut table) = section.section_like(key, expected)? else { return Ok(None) };
    let mut sources = Vec::new();
    for kind in kinds {
        sources.extend(kind.read(&mut table)?);
    }
    table.finish()?;
    match (sources.pop(), sources.pop()) {
        (Some(source), None) => Ok(Some(source)),
        _ => {
            let names: Vec<&str> = kinds.iter().map(|kind| kind.key()).collect();
            let (last, others) = names.split_last().map_or(("", String::new()), |(last, rest)| (last, rest.join(", ")));
            Err(table.mistake(format_args!("{} needs exactly one of {others} and {last}", table.title())))
        }
    }
}
