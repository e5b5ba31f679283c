//! A key in a token, ready for use.

use std::sync::Arc;

use cryptoki::object::ObjectClass;
use once_cell::race::OnceBox;

use super::device::Device;
use super::key_kinds::Kind;
use super::objects;
use super::public_key;
use super::reference::Reference;
use crate::core::primitives::{Key, Signature};
use crate::psa::{Error, Result};

/// A key pair in a token. Its object is found when it is first used.
pub(super) struct Pkcs11Key {
    pub device: Arc<Device>,
    pub reference: Reference,
    pub kind: Kind,
    pub public: OnceBox<Vec<u8>>,
}

impl Key for Pkcs11Key {
    fn public_key(&self, output: &mut [u8]) -> Result<usize> {
        let public = self.public.get_or_try_init(|| self.read_public_key().map(Box::new))?;
        let Some(output) = output.get_mut(..public.len()) else {
            return Err(Error::BufferTooSmall);
        };
        output.copy_from_slice(public);
        Ok(public.len())
    }

    fn signature(&self) -> Option<&dyn Signature> {
        Some(self)
    }
}

impl Pkcs11Key {
    fn read_public_key(&self) -> Result<Vec<u8>> {
        if let Some(adopted) = self.reference.as_adopted() {
            return Ok(adopted.public_key.clone());
        }
        self.device.with_key(&self.reference, |session, private| {
            let object = match self.kind {
                // The private object need not have the point.
                Kind::Ec(_) => objects::the_only(session, &self.reference, ObjectClass::PUBLIC_KEY)?,
                Kind::Rsa(_) => private,
            };
            public_key::read(session, self.kind, object)
        })
    }
}
