//! Keys in PKCS#11 tokens and HSMs.
//!
//! | file | what is in it |
//! | --- | --- |
//! | `function_list.rs`, `function_list/` | the module's functions, wrapped safely; all `unsafe` is there |
//! | `template.rs`, `mechanism.rs` | attributes and mechanisms, as the functions take them |
//! | `module.rs`, `token.rs`, `login.rs` | loading a module, finding the token, logging in |
//! | `turns.rs` | what processes do one after the other |
//! | `connection.rs` | sessions and object handles, as long as a token stays |
//! | `device.rs` | connecting when needed, and again when lost |
//! | `per_epoch.rs`, `gate.rs` | what a forked child must not inherit; `fork` waits for who is inside a module |
//! | `rejected_pins.rs` | what no process of this user tries again |
//! | `attach.rs`, `adopted.rs` | keys of others: found by URI or label, and known again |
//! | `public_part.rs`, `spki.rs` | their public parts, from the objects beside them |
//! | `reference.rs`, `objects.rs` | which object a key is; finding and destroying it |
//! | `own_objects.rs` | which objects a key store has made |
//! | `keys.rs`, `templates.rs`, `key_kinds.rs` | making keys |
//! | `unwrapping.rs`, `pkcs8.rs` | bringing them into a token that takes none in clear |
//! | `key.rs`, `public_key.rs`, `export.rs` | a key ready for use, and what of it leaves the token |
//! | `signature.rs`, `asymmetric_encryption.rs`, `key_agreement.rs`, `key_encapsulation.rs`, `key_derivation.rs`, `key_wrapping.rs`, `mac.rs`, `cipher.rs`, `aead.rs`, `random.rs` | the chapters of the specification |
//! | `mechanisms.rs`, `capabilities.rs`, `probes.rs` | what the code and the token can do |
//! | `errors.rs` | from the module's codes to PSA's |
//!
//! A steady state signature is `C_SignInit` and `C_Sign`: the session comes from the pool of the connection, the
//! handle from its table.

mod adopted;
mod aead;
mod asymmetric_encryption;
mod attach;
mod capabilities;
mod cipher;
mod connection;
mod device;
mod errors;
mod export;
mod function_list;
mod gate;
mod key;
mod key_agreement;
mod key_derivation;
mod key_encapsulation;
mod key_kinds;
mod key_wrapping;
mod keys;
mod login;
mod mac;
mod mechanism;
mod mechanisms;
mod module;
mod objects;
mod own_objects;
mod per_epoch;
mod pkcs8;
mod probes;
mod public_key;
mod public_part;
mod random;
mod reference;
mod rejected_pins;
mod signature;
mod spki;
mod template;
mod templates;
mod token;
mod turns;
mod unwrapping;

use std::sync::Arc;

pub use self::capabilities::Abilities;
use self::device::Device;
pub(crate) use self::gate::FORK;
use self::key::Pkcs11Key;
use self::reference::Reference;
use super::{Attached, Backend, Created, Naming, OwnObject, Presence};
use crate::config::Pkcs11Config;
use crate::core::primitives::Key;
use crate::engines::Function;
use crate::psa::{Algorithm, Attributes, KeyType, Result};
use crate::store::StoreIdentity;

/// One configured token.
pub struct Pkcs11Backend {
    device: Arc<Device>,
}

impl Pkcs11Backend {
    /// What the token can do, for the documentation.
    pub fn abilities(&self) -> Result<Abilities> {
        self.device.with_session(Abilities::ask)
    }

    /// The backend that messages call `name`. Loads no module yet.
    pub fn new(name: &str, config: &Pkcs11Config) -> Self {
        Self { device: Arc::new(Device::new(name, config)) }
    }
}

impl Backend for Pkcs11Backend {
    fn identity(&self) -> Result<String> {
        self.device.with_session(|session| Ok(session.connection().token().identity()))
    }

    fn supports(&self, function: Function, key_type: KeyType, bits: usize, alg: Algorithm) -> bool {
        mechanisms::supports(function, key_type, bits, alg)
    }

    fn accepts(&self, attributes: &Attributes, imported: bool) -> Result<()> {
        self.accepts_key(attributes, imported)
    }

    fn reserve(&self, attributes: &Attributes, owner: &StoreIdentity) -> Result<Option<Vec<u8>>> {
        if attributes.lifetime.is_volatile() {
            return Ok(None);
        }
        Ok(Some(own_objects::id(owner, Reference::fresh(true)?.id())))
    }

    fn generate(&self, attributes: &Attributes, naming: Naming<'_>) -> Result<Created> {
        self.generate_key(attributes, naming)
    }

    fn import(&self, attributes: &Attributes, naming: Naming<'_>, material: &[u8]) -> Result<Created> {
        self.import_key(attributes, naming, material)
    }

    fn attach(&self, attributes: &Attributes, label: &[u8]) -> Result<Attached> {
        self.attach_key(attributes, label)
    }

    fn is_borrowed(&self, context: &[u8]) -> bool {
        Reference::from_context(context).is_ok_and(|reference| reference.as_adopted().is_some())
    }

    fn copy(&self, attributes: &Attributes, naming: Naming<'_>, context: &[u8]) -> Result<Created> {
        let reference = Reference::from_context(context)?;
        let Some(adopted) = reference.as_adopted() else {
            return self.copy_key(attributes, naming, &reference);
        };
        let public_key = adopted.public_key.clone();
        Ok(Created { context: reference.to_context(), public_key, bits: attributes.bits })
    }

    fn wrap_key(
        &self,
        wrapping: (&Attributes, &[u8]),
        alg: Algorithm,
        key: (&Attributes, &[u8]),
        output: &mut [u8],
    ) -> Result<usize> {
        self.wrap_own_key(wrapping, alg, key, output)
    }

    fn unwrap_key(
        &self,
        wrapping: (&Attributes, &[u8]),
        alg: Algorithm,
        wrapped: &[u8],
        attributes: &Attributes,
        naming: Naming<'_>,
    ) -> Result<Created> {
        self.unwrap_own_key(wrapping, alg, wrapped, attributes, naming)
    }

    fn open(&self, attributes: &Attributes, context: &[u8]) -> Result<Box<dyn Key>> {
        let reference = Reference::from_context(context)?;
        let kind = mechanisms::kind_of(attributes)?;
        Ok(Box::new(Pkcs11Key { device: self.device.clone(), reference, kind, public: Arc::default() }))
    }

    fn destroy(&self, _attributes: &Attributes, context: &[u8]) -> Result<()> {
        if self.is_borrowed(context) {
            return Ok(());
        }
        self.destroy_key(context)
    }

    fn resolve(&self, reference: &[u8], remove: bool) -> Result<Presence> {
        self.resolve_reference(reference, remove)
    }

    fn own_objects(&self, owner: &StoreIdentity, namespace: &str) -> Result<Vec<OwnObject>> {
        self.list_own_objects(owner, namespace)
    }

    fn presence(&self, _attributes: &Attributes, context: &[u8]) -> Result<Presence> {
        self.object_presence(context)
    }

    fn random(&self, output: &mut [u8]) -> Result<()> {
        self.token_random(output)
    }

    fn close(&self) {
        self.device.close();
    }
}
