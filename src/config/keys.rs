//! Provisioned keys: `[[keys]]`, which somebody else has made in a device.

use super::backends::{BackendConfig, BackendKind};
use super::section::{Found, Section};
use crate::psa::{Algorithm, KeyId, Result, Usage};

/// A key that a device already has, under an identifier of the configuration's choice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProvisionedKey {
    /// The identifier that programs use.
    pub id: KeyId,
    /// "file:line" of its table, for messages.
    pub origin: String,
    /// Name of its backend.
    pub backend: String,
    /// By what the backend knows it, as for `psa_attach_key`.
    pub label: String,
    /// What it may be used for.
    pub usage: Usage,
    /// With which algorithm.
    pub algorithm: Algorithm,
}

/// What a key may be used for, as it is written. A key that a device holds is not exported, nor its material cached.
const USAGES: [(&str, Usage); 10] = [
    ("sign-hash", Usage::SIGN_HASH),
    ("sign-message", Usage::SIGN_MESSAGE),
    ("verify-hash", Usage::VERIFY_HASH),
    ("verify-message", Usage::VERIFY_MESSAGE),
    ("encrypt", Usage::ENCRYPT),
    ("decrypt", Usage::DECRYPT),
    ("derive", Usage::DERIVE),
    ("wrap", Usage::WRAP),
    ("unwrap", Usage::UNWRAP),
    ("copy", Usage::COPY),
];

/// Reads the tables `[[keys]]`.
pub(super) fn keys(tables: Vec<Section<'_>>, backends: &[BackendConfig]) -> Result<Vec<ProvisionedKey>> {
    let mut keys: Vec<ProvisionedKey> = Vec::new();
    for table in tables {
        let place = table.place();
        let key = key(table, backends)?;
        if let Some(other) = keys.iter().find(|other| other.id == key.id) {
            let text = format_args!("{place}: [[keys]] has the id {} at {} already", key.id.0, other.origin);
            return Err(crate::cause::of(crate::psa::Error::DataInvalid, text));
        }
        keys.push(key);
    }
    Ok(keys)
}

fn key(mut table: Section<'_>, backends: &[BackendConfig]) -> Result<ProvisionedKey> {
    let id = table.integer("id", KeyId::USER_MIN.0, KeyId::USER_MAX.0)?;
    let name = table.text("backend")?;
    let names = [label(&mut table, "uri")?, label(&mut table, "label")?, handle(&mut table)?];
    let usage = table.choices("usage", &USAGES)?;
    let algorithm = algorithm(&mut table)?;
    table.finish()?;

    let id = KeyId(table.required("id", id)?.value);
    let name = table.required("backend", name)?;
    let Some(backend) = backends.iter().find(|backend| backend.name == name.value) else {
        let text = format_args!("'backend' names '{}', which is not configured; add [backends.{0}]", name.value);
        return Err(table.mistake_at(name.offset, text));
    };
    let [uri, label, handle] = &names;
    let label = match (uri, label, handle, &backend.kind) {
        (Some(label), None, None, BackendKind::Pkcs11(_)) | (None, Some(label), None, BackendKind::Pkcs11(_)) => label,
        (None, None, Some(handle), BackendKind::Tpm(_)) => handle,
        (.., BackendKind::Pkcs11(_)) => {
            return Err(table.mistake(format_args!("a key in a token needs exactly one of uri and label")));
        }
        (.., BackendKind::Tpm(_)) => {
            return Err(table.mistake(format_args!("a key in a TPM needs its handle, such as handle = 0x81010001")));
        }
    };
    let usage = usage.into_iter().fold(Usage::default(), Usage::union);
    if usage == Usage::default() {
        return Err(table.mistake(format_args!("'usage' must say what the key is for, such as [\"sign-hash\"]")));
    }
    Ok(ProvisionedKey {
        id,
        origin: table.place(),
        backend: backend.name.clone(),
        label: label.clone(),
        usage,
        algorithm: table.required("algorithm", algorithm)?,
    })
}

fn label(table: &mut Section<'_>, key: &'static str) -> Result<Option<String>> {
    let Some(Found { value, offset }) = table.text(key)? else { return Ok(None) };
    if value.starts_with("pkcs11:") != (key == "uri") {
        return Err(
            table.mistake_at(offset, format_args!("a 'uri' begins with 'pkcs11:' (RFC 7512), and a 'label' does not"))
        );
    }
    Ok(Some(value.to_owned()))
}

fn handle(table: &mut Section<'_>) -> Result<Option<String>> {
    let found = table.integer("handle", 0x8100_0000, 0x81ff_ffff)?;
    Ok(found.map(|found| format!("{:#010x}", found.value)))
}

fn algorithm(table: &mut Section<'_>) -> Result<Option<Algorithm>> {
    let Some(Found { value, offset }) = table.text("algorithm")? else { return Ok(None) };
    match Algorithm::from_name(value) {
        Some(algorithm) => Ok(Some(algorithm)),
        None => Err(table.mistake_at(
            offset,
            format_args!("unknown algorithm '{value}'; write it as in C, such as \"PSA_ALG_ECDSA(PSA_ALG_SHA_256)\""),
        )),
    }
}
