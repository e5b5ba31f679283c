//! Backends keep keys outside our memory: PKCS#11 tokens and TPMs.

#[cfg(feature = "pkcs11")]
pub mod pkcs11;
#[cfg(feature = "tpm")]
pub mod tpm;

use crate::core::primitives::Key;
use crate::engines::Function;
use crate::fail;
use crate::memory::Secret;
use crate::psa::{Algorithm, Attributes, KeyType, Result};
use crate::store::StoreIdentity;

/// What a backend made: the key context that survives a reboot, and the public part.
pub struct Created {
    /// A wrapped blob (TPM) or a reference to the object in the device (PKCS#11): what [`Backend::open`] takes.
    pub context: Secret,
    /// The public part in PSA's export format; empty for symmetric keys.
    pub public_key: Vec<u8>,
    /// Size of the key in bits.
    pub bits: usize,
}

/// A key that a device already held.
pub struct Attached {
    /// Its type.
    pub key_type: KeyType,
    /// Its reference and public part.
    pub created: Created,
}

/// What became of an object whose creation or destruction was interrupted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// The device shows it.
    Present,
    /// The device was asked and does not have it.
    Absent,
}

/// An object in a device that a store has made.
pub struct OwnObject {
    /// What [`Backend::reserve`] gave for it.
    pub reference: Vec<u8>,
    /// The context of its key.
    pub context: Secret,
    /// Its name in the device's own tools.
    pub label: String,
}

/// A name for the key in the device's own tools, such as a PKCS#11 label.
#[derive(Clone, Copy, Debug)]
pub struct Naming<'a> {
    /// Namespace of the identifier.
    pub namespace: &'a str,
    /// The reference that [`Backend::reserve`] gave, for devices that keep objects; empty for others and for
    /// volatile keys.
    pub reference: &'a [u8],
}

/// One configured place that keeps keys. It is opened when it is first needed: constructing one touches no device.
///
/// A backend never enforces PSA policy (that is `core`), but passes it on where the device has its own.
pub trait Backend: Send + Sync {
    /// Which device this is, so that a changed configuration never finds a wrong key: a token's serial number, a
    /// TPM primary's name. Opens the device.
    fn identity(&self) -> Result<String>;

    /// True where the code can do `function` with a key of this type and size; feeds `docs/support.md`, touches no
    /// device.
    fn supports(&self, function: Function, key_type: KeyType, bits: usize, alg: Algorithm) -> bool;

    /// `Ok` where the device can hold a key with these attributes and do what their usage flags and algorithm
    /// ask, else `NOT_SUPPORTED` with the reason as cause. Opens the device to probe it. `imported` tells an
    /// imported key from a generated one.
    fn accepts(&self, attributes: &Attributes, imported: bool) -> Result<()>;

    /// True where the device keeps persistent objects, false where its keys are blobs in our store.
    fn keeps_objects(&self) -> bool {
        true
    }

    /// For a device that keeps persistent objects: a fresh reference, written into the key store as an intent before
    /// the object is made. `None` for a device whose keys are blobs in our store. The object will tell the store that
    /// owns it ([`Backend::own_objects`]): other stores may use the same device.
    fn reserve(&self, attributes: &Attributes, owner: &StoreIdentity) -> Result<Option<Vec<u8>>>;

    /// Makes a key. Volatile ones (`attributes.lifetime`) end with the process.
    fn generate(&self, attributes: &Attributes, naming: Naming<'_>) -> Result<Created>;

    /// Brings key material into the device.
    fn import(&self, attributes: &Attributes, naming: Naming<'_>, material: &[u8]) -> Result<Created>;

    /// Finds a key that the device already holds by its label; it is not owned, and [`Backend::destroy`] leaves it where
    /// it is. The type and size in the attributes may be unset. `DOES_NOT_EXIST` where there is none, `INVALID_ARGUMENT`
    /// where several are meant, `NOT_PERMITTED` where it is not for this usage, `NOT_SUPPORTED` where the device cannot do
    /// what the policy asks.
    fn attach(&self, _attributes: &Attributes, _label: &[u8]) -> Result<Attached> {
        fail!(NotSupported, "this backend does not attach keys")
    }

    /// True for the context of a key that somebody else owns: destroying it here only forgets it, with or without the
    /// device, and it outlives connections and forks.
    fn is_borrowed(&self, _context: &[u8]) -> bool {
        false
    }

    /// A context of its own for the same key, whose material stays in the device. The attributes are those of the copy.
    fn copy(&self, _attributes: &Attributes, _naming: Naming<'_>, _context: &[u8]) -> Result<Created> {
        fail!(NotSupported, "this backend does not copy keys")
    }

    /// Wraps the key of `context` with `wrapping_context`, both in this device; returns the length (PSA 1.5, section
    /// 10.7.2). `core` has checked both policies; an output that is too short is `BUFFER_TOO_SMALL`.
    fn wrap_key(
        &self,
        _wrapping: (&Attributes, &[u8]),
        _alg: Algorithm,
        _key: (&Attributes, &[u8]),
        _output: &mut [u8],
    ) -> Result<usize> {
        fail!(NotSupported, "this backend does not wrap its keys")
    }

    /// Makes a key in this device from wrapped data, with a wrapping key that is there too. What is not authentic is
    /// `INVALID_SIGNATURE`. `attributes.bits` is 0 where the data decides.
    fn unwrap_key(
        &self,
        _wrapping: (&Attributes, &[u8]),
        _alg: Algorithm,
        _wrapped: &[u8],
        _attributes: &Attributes,
        _naming: Naming<'_>,
    ) -> Result<Created> {
        fail!(NotSupported, "this backend does not unwrap keys")
    }

    /// Makes a key ready for use. Cheap: device handles are found or loaded when first used, cached with their
    /// epoch, and found again when they were lost.
    fn open(&self, attributes: &Attributes, context: &[u8]) -> Result<Box<dyn Key>>;

    /// Destroys the key of a context. An object that is no longer there is `DOES_NOT_EXIST`.
    fn destroy(&self, attributes: &Attributes, context: &[u8]) -> Result<()>;

    /// Looks for the object of an interrupted creation or destruction by the reference from
    /// [`Backend::reserve`], destroying it where `remove` is set. Only a device that was reached and asked may
    /// answer [`Presence::Absent`].
    fn resolve(&self, reference: &[u8], remove: bool) -> Result<Presence>;

    /// The persistent objects that a store has made for keys of this namespace; none where keys are blobs.
    fn own_objects(&self, _owner: &StoreIdentity, _namespace: &str) -> Result<Vec<OwnObject>> {
        Ok(Vec::new())
    }

    /// Whether the device has the object of a persistent key, where keys are objects. As for [`Backend::resolve`], only
    /// a device that was reached and asked may answer.
    fn presence(&self, _attributes: &Attributes, _context: &[u8]) -> Result<Presence> {
        Ok(Presence::Present)
    }

    /// `Ok` where the device can seal secrets, else `NOT_SUPPORTED` with the reason. Opens the device to probe it.
    fn seals(&self) -> Result<()> {
        fail!(NotSupported, "this backend does not seal secrets")
    }

    /// Seals a secret of up to 32 bytes: only this device opens it, with [`Backend::unseal`].
    fn seal(&self, _secret: &[u8]) -> Result<Vec<u8>> {
        fail!(NotSupported, "this backend does not seal secrets")
    }

    /// Opens what [`Backend::seal`] gave. `DATA_CORRUPT` for what was changed, `DATA_INVALID` for what another device
    /// has sealed, `NOT_PERMITTED` where it is bound to a state that the device is not in.
    fn unseal(&self, _sealed: &[u8]) -> Result<Secret> {
        fail!(NotSupported, "this backend does not seal secrets")
    }

    /// Fills `output` from the device's random generator.
    fn random(&self, output: &mut [u8]) -> Result<()>;

    /// Releases what the device would otherwise keep of us (loaded objects, sessions): at `mbedtls_psa_crypto_free`
    /// and at exit. Later calls open it again.
    fn close(&self);
}
