//! Keys in a TPM 2.0.
//!
//! A key is a blob in our key store, wrapped by a storage key of the TPM, and loaded into one of the TPM's few slots when
//! it is used. It stays there until others need the slot, so that a signature is one command.
//!
//! | file | what is in it |
//! | --- | --- |
//! | `tcti.rs`, `tcti/` | the way to the TPM |
//! | `commands.rs`, `commands/` | the commands |
//! | `session.rs`, `protection.rs` | the session through which secrets go, and what it is made of |
//! | `wire.rs`, `identifiers.rs` | the TPM's encoding and numbers |
//! | `errors.rs`, `error_tables.rs` | response codes and what they mean to an application |
//! | `settings.rs` | the configuration, checked |
//! | `device.rs` | one TPM: opened, lost, found again, forked |
//! | `exit.rs` | the end of the process |
//! | `claim.rs` | who owns a TPM without a resource manager |
//! | `connection.rs` | the loaded keys and their parent |
//! | `orphans.rs` | what a killed process has left in the slots |
//! | `capabilities.rs` | which keys and algorithms |
//! | `public.rs`, `templates.rs`, `blob.rs` | public areas, those of our keys, and keys as bytes |
//! | `creation.rs` | new objects below the parent |
//! | `import.rs`, `duplicate.rs` | key material in the TPM's form, and its way in |
//! | `reference.rs` | keys of others that are persistent in the TPM |
//! | `seal.rs` | sealed secrets |
//! | `registers.rs` | keys that are bound to PCRs |
//! | `keys.rs` | an open key and its public part |
//! | `signature.rs`, `asymmetric_encryption.rs`, `key_agreement.rs`, `key_derivation.rs`, `mac.rs`, `cipher.rs` | what the keys do |

mod asymmetric_encryption;
mod blob;
mod capabilities;
mod cipher;
mod claim;
mod commands;
mod connection;
mod creation;
mod device;
mod duplicate;
mod error_tables;
mod errors;
mod exit;
mod identifiers;
mod import;
mod key_agreement;
mod key_derivation;
mod keys;
mod mac;
mod orphans;
mod protection;
mod public;
mod reference;
mod registers;
mod seal;
mod session;
mod settings;
mod signature;
mod tcti;
mod templates;
#[cfg(test)]
mod tests;
mod wire;

use std::sync::Arc;

use super::{Attached, Backend, Created, Naming, Presence};
use crate::config::TpmConfig;
use crate::core::primitives::Key;
use crate::engines::native::Native;
use crate::engines::{Engine, Function};
use crate::fail;
use crate::memory::Secret;
use crate::psa::sizes::bits_to_bytes;
use crate::psa::{Algorithm, Attributes, Error, KeyType, Result};
use crate::store::StoreIdentity;

use blob::Blob;
use capabilities::offers;
use creation::{Content, Draft};
use device::Device;
use keys::TpmKey;
use reference::{Reference, Source};
use settings::Settings;
use templates::{Kind, Origin};

pub use settings::Pins;

/// One configured TPM.
pub struct TpmBackend {
    device: Arc<Device>,
}

impl TpmBackend {
    /// A backend for the TPM that `config` describes. It is pinned under `name`, and called `label` in messages. Touches no
    /// device; a mistake in `config` is reported by the first call that needs the TPM.
    pub fn new(name: &str, label: &str, config: &TpmConfig, pins: Box<dyn Pins>) -> Self {
        let device = Arc::new(Device::new(label, &config.tcti, Settings::new(name, config, pins)));
        exit::remember(&device);
        Self { device }
    }
}

impl Backend for TpmBackend {
    fn identity(&self) -> Result<String> {
        let name = self.device.with(|connection, settings| connection.parent_name(settings))?;
        Ok(name.iter().map(|byte| format!("{byte:02x}")).collect())
    }

    fn supports(&self, function: Function, key_type: KeyType, bits: usize, alg: Algorithm) -> bool {
        !alg.is_wildcard() && Kind::of(key_type, bits).is_some_and(|kind| capabilities::works(function, kind, alg))
    }

    fn accepts(&self, attributes: &Attributes, _imported: bool) -> Result<()> {
        let kind = capabilities::kind_for(attributes)?;
        self.device.with(|connection, _| offers(connection, kind, attributes))
    }

    fn keeps_objects(&self) -> bool {
        false
    }

    fn reserve(&self, _attributes: &Attributes, _owner: &StoreIdentity) -> Result<Option<Vec<u8>>> {
        Ok(None)
    }

    fn generate(&self, attributes: &Attributes, naming: Naming<'_>) -> Result<Created> {
        let kind = capabilities::kind_for(attributes)?;
        if kind.is_keyed_hash() {
            // TPMs choose the length of an HMAC key by its hash, and PSA lets the application choose it.
            let mut material = Secret::new(vec![0; bits_to_bytes(attributes.bits)]);
            self.random(&mut material)?;
            // And ours: what the TPM answered may have been readable on its bus.
            let mut ours = Secret::new(vec![0; material.len()]);
            Native.random(&mut ours)?;
            material.iter_mut().zip(ours.iter()).for_each(|(byte, other)| *byte ^= other);
            return self.import(attributes, naming, &material);
        }
        let blob = creation::below_parent(&self.device, |capabilities, _| {
            let raw_rsa = signature::needs_raw_rsa(attributes.algorithm, capabilities);
            let public = templates::key(kind, attributes, raw_rsa, Origin::Tpm);
            Ok(Draft { public, content: Content::Generated })
        })?;
        created(attributes.bits, &blob)
    }

    fn import(&self, attributes: &Attributes, _naming: Naming<'_>, material: &[u8]) -> Result<Created> {
        let (material, bits) = Native.import(attributes.key_type, attributes.bits, material)?;
        let attributes = Attributes { bits, ..*attributes };
        let kind = capabilities::kind_for(&attributes)?;
        let blob = creation::below_parent(&self.device, |capabilities, auth| {
            let raw_rsa = signature::needs_raw_rsa(attributes.algorithm, capabilities);
            import::draft(kind, &attributes, raw_rsa, auth, &material)
        })?;
        created(bits, &blob)
    }

    fn attach(&self, attributes: &Attributes, label: &[u8]) -> Result<Attached> {
        let reference = self.device.with(|connection, _| Reference::find(connection, label))?;
        let (key_type, bits) = reference.check(attributes)?;
        self.accepts(&Attributes { key_type, bits, ..*attributes }, true)?;
        let (context, public_key) = (reference.encode(), keys::public_key(&reference.public)?);
        Ok(Attached { key_type, created: Created { context, public_key, bits } })
    }

    fn is_borrowed(&self, context: &[u8]) -> bool {
        Source::decode(context).is_ok_and(|source| source.is_borrowed())
    }

    fn copy(&self, attributes: &Attributes, _naming: Naming<'_>, context: &[u8]) -> Result<Created> {
        let public_key = keys::public_key(Source::decode(context)?.public())?;
        Ok(Created { context: context.to_vec().into(), public_key, bits: attributes.bits })
    }

    fn open(&self, attributes: &Attributes, context: &[u8]) -> Result<Box<dyn Key>> {
        let (device, source) = (Arc::clone(&self.device), Source::decode(context)?);
        Ok(Box::new(TpmKey::new(device, source, attributes.key_type, attributes.bits)?))
    }

    fn destroy(&self, _attributes: &Attributes, context: &[u8]) -> Result<()> {
        // The key is gone with its blob, which the key store deletes; at most it still sits in a slot.
        let Ok(source) = Source::decode(context) else { return Ok(()) };
        let name = source.public().name()?;
        self.device.if_open(|connection| connection.unload(&name))
    }

    fn resolve(&self, _reference: &[u8], _remove: bool) -> Result<Presence> {
        // Nothing is ever reserved: keys are blobs.
        Err(Error::InvalidArgument)
    }

    fn seals(&self) -> Result<()> {
        // Every TPM does.
        Ok(())
    }

    fn seal(&self, secret: &[u8]) -> Result<Vec<u8>> {
        seal::seal(&self.device, secret)
    }

    fn unseal(&self, sealed: &[u8]) -> Result<Secret> {
        seal::unseal(&self.device, sealed)
    }

    fn random(&self, output: &mut [u8]) -> Result<()> {
        let mut filled = 0;
        while let Some(rest) = output.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            match self.device.with(|connection, _| Ok(connection.tpm().random(rest)?))? {
                0 => return fail!(InsufficientEntropy, "the TPM gave no random bytes"),
                length => filled += length,
            }
        }
        Ok(())
    }

    fn close(&self) {
        self.device.close();
    }
}

fn created(bits: usize, blob: &Blob) -> Result<Created> {
    Ok(Created { context: blob.encode()?, public_key: keys::public_key(&blob.public)?, bits })
}
