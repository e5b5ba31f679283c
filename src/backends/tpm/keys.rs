//! An open key of the TPM, and its public part in PSA's format.

use std::sync::Arc;

use super::commands::{Capabilities, Object, Outcome, Tpm};
use super::connection::Connection;
use super::device::Device;
use super::public::{Kinded, ObjectAttributes, Public};
use super::reference::Source;
use super::templates::Kind;
use crate::core::primitives::{AsymmetricEncryption, Cipher, Key, KeyAgreement, Mac, SecretDerivation, Signature};
use crate::engines::Engine;
use crate::engines::native::Native;
use crate::fail;
use crate::psa::sizes::bits_to_bytes;
use crate::psa::{Error, KeyType, Result, der};

/// The exponent that a TPM means by 0.
const DEFAULT_EXPONENT: u32 = 65537;

/// A key ready for use: it is loaded when it is first used, and again when the TPM has lost it.
#[derive(Clone)]
pub(super) struct TpmKey {
    device: Arc<Device>,
    source: Source,
    name: Vec<u8>,
    public_key: Vec<u8>,
    pub(super) kind: Kind,
    key_type: KeyType,
    bits: usize,
}

impl TpmKey {
    /// A key of this type and size from its context; touches no device.
    pub(super) fn new(device: Arc<Device>, source: Source, key_type: KeyType, bits: usize) -> Result<Self> {
        if Kind::of_public(source.public()).is_none() {
            return fail!(DataInvalid, "the stored blob of a TPM key is of a type that this library does not know");
        }
        let Some(kind) = Kind::of(key_type, bits).filter(|kind| kind.describes(source.public())) else {
            return fail!(DataCorrupt, "the stored blob of a TPM key is not of the type that its attributes say");
        };
        let (name, public_key) = (source.public().name()?, public_key(source.public())?);
        Ok(Self { device, name, public_key, source, kind, key_type, bits })
    }

    pub(super) fn bits(&self) -> usize {
        self.bits
    }

    /// The public key in the engine's hands.
    pub(super) fn public(&self) -> Result<Box<dyn Key>> {
        Native.prepare(self.key_type.public_key_of_key_pair(), self.bits, &self.public_key)
    }

    /// The public area.
    pub(super) fn public_area(&self) -> &Public {
        self.source.public()
    }

    /// True where the key may be used for the private-key operation alone.
    pub(super) fn may_decrypt(&self) -> bool {
        self.source.public().attributes.has(ObjectAttributes::DECRYPT)
    }

    /// Works with the loaded key. `prepare` runs before, with what the TPM can do, and gives what `work` needs.
    pub(super) fn with_loaded<P, T>(
        &self,
        prepare: impl FnMut(&Capabilities) -> Result<P>,
        mut work: impl FnMut(&mut Tpm, &Object, &P) -> Outcome<T>,
    ) -> Result<T> {
        self.with_connection(prepare, |connection, key, prepared| work(connection.tpm(), key, prepared))
    }

    /// [`TpmKey::with_loaded`] for work that needs more slots than the key's own.
    pub(super) fn with_connection<P, T>(
        &self,
        mut prepare: impl FnMut(&Capabilities) -> Result<P>,
        mut work: impl FnMut(&mut Connection, &Object, &P) -> Outcome<T>,
    ) -> Result<T> {
        self.device.with(|connection, settings| {
            let capabilities = connection.capabilities()?;
            let prepared = prepare(&capabilities)?;
            connection.with_key(settings, &self.name, &self.source, |connection, key| work(connection, key, &prepared))
        })
    }
}

impl Key for TpmKey {
    fn public_key(&self, output: &mut [u8]) -> Result<usize> {
        let target = output.get_mut(..self.public_key.len()).ok_or(Error::BufferTooSmall)?;
        target.copy_from_slice(&self.public_key);
        Ok(self.public_key.len())
    }

    fn signature(&self) -> Option<&dyn Signature> {
        Some(self)
    }

    fn asymmetric_encryption(&self) -> Option<&dyn AsymmetricEncryption> {
        Some(self)
    }

    fn mac(&self) -> Option<&dyn Mac> {
        Some(self)
    }

    fn cipher(&self) -> Option<&dyn Cipher> {
        Some(self)
    }

    fn key_agreement(&self) -> Option<&dyn KeyAgreement> {
        Some(self)
    }

    fn key_derivation(&self) -> Option<&dyn SecretDerivation> {
        Some(self)
    }
}

/// The public key in the export format of its type (PSA 1.5, sections 9.5.1 and 9.5.2): the uncompressed point, or an
/// RSAPublicKey of RFC 8017; empty for symmetric keys.
pub(super) fn public_key(public: &Public) -> Result<Vec<u8>> {
    match &public.kinded {
        Kinded::Ecc { x, y, .. } => {
            let length = Kind::of_public(public).and_then(Kind::describe).map_or(0, |(_, bits)| bits_to_bytes(bits));
            let (x, y) = (left_padded(x, length), left_padded(y, length));
            match (x, y) {
                (Some(x), Some(y)) => Ok([&[4][..], &x, &y].concat()),
                _ => fail!(DataCorrupt, "the public point of a TPM key is too long"),
            }
        }
        Kinded::Rsa { modulus, exponent, .. } => {
            let exponent = if *exponent == 0 { DEFAULT_EXPONENT } else { *exponent };
            Ok(der::rsa_public_key(modulus, &exponent.to_be_bytes()))
        }
        _ => Ok(Vec::new()),
    }
}

/// A number with zeros before it; `None` if it is longer.
pub(super) fn left_padded(number: &[u8], length: usize) -> Option<Vec<u8>> {
    let zeros = length.checked_sub(number.len())?;
    Some([&vec![0; zeros], number].concat())
}
