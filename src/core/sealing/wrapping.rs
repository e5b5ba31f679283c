//! Sealing by devices: their own, or, for tokens that have no such thing, encryption with a key for AES-GCM that is made in
//! the token for the purpose and never leaves it.
//!
//! What such a key encrypts begins with its key context, after its length in 2 bytes (big-endian), and the nonce. The key
//! belongs to no identifier: no list of keys or orphans shows it, and it stays in the token.

use crate::backends::{Backend, Naming};
use crate::cause;
use crate::engines::Engine;
use crate::engines::native::Native;
use crate::fail;
use crate::memory::{InOut, Secret};
use crate::psa::{Algorithm, Attributes, Error, KeyId, KeyType, Lifetime, Result, Usage};
use crate::store::StoreIdentity;

/// Stands for the store of the keys that encrypt: no store has it.
const OWNER: StoreIdentity = *b"libparsec sealer";
/// The namespace in their labels.
const NAMESPACE: &str = "libparsec.sealing";
/// What is encrypted is bound to this.
const CONTEXT: &[u8] = b"libparsec sealed secret";
const NONCE_LENGTH: usize = 12;
const TAG_LENGTH: usize = 16;

const ATTRIBUTES: Attributes = Attributes {
    key_type: KeyType::AES,
    bits: 256,
    lifetime: Lifetime::PERSISTENT,
    id: KeyId::NULL,
    usage: Usage::ENCRYPT.union(Usage::DECRYPT),
    algorithm: Algorithm::GCM,
};

/// `Ok` where the device can seal in either way, else `NOT_SUPPORTED` with the reason.
pub(super) fn seals(device: &dyn Backend) -> Result<()> {
    if seals_itself(device)? {
        return Ok(());
    }
    device.accepts(&ATTRIBUTES, false).map_err(|error| match error {
        Error::NotSupported => cause::of(error, format_args!("sealing takes a key for AES-GCM in the token")),
        other => other,
    })
}

fn seals_itself(device: &dyn Backend) -> Result<bool> {
    match device.seals() {
        Ok(()) => Ok(true),
        Err(Error::NotSupported) => {
            cause::clear();
            Ok(false)
        }
        Err(error) => Err(error),
    }
}

/// Seals a secret, with this key for AES-GCM of the device if it takes one and has this one, else with a new one.
pub(super) fn seal(device: &dyn Backend, secret: &[u8], known: Option<&[u8]>) -> Result<Vec<u8>> {
    if seals_itself(device)? {
        return device.seal(secret);
    }
    match known.map(|context| encrypt(device, context, secret)) {
        Some(Err(Error::DoesNotExist)) => cause::clear(),
        Some(sealed) => return sealed,
        None => {}
    }
    seals(device)?;
    let reference = device.reserve(&ATTRIBUTES, &OWNER)?.unwrap_or_default();
    let made = device.generate(&ATTRIBUTES, Naming { namespace: NAMESPACE, reference: &reference })?;
    encrypt(device, &made.context, secret)
}

/// The key that encrypted, to be used again.
pub(super) fn key_of(device: &dyn Backend, sealed: &[u8]) -> Result<Option<Vec<u8>>> {
    if seals_itself(device)? {
        return Ok(None);
    }
    Ok(split(sealed).map(|(context, _)| context.to_vec()))
}

fn encrypt(device: &dyn Backend, context: &[u8], secret: &[u8]) -> Result<Vec<u8>> {
    let Ok(length) = u16::try_from(context.len()) else {
        return fail!(NotSupported, "the context of the key that seals is too long");
    };
    let key = device.open(&ATTRIBUTES, context)?;
    let mut nonce = [0; NONCE_LENGTH];
    Native.random(&mut nonce)?;
    let mut text = vec![0; secret.len() + TAG_LENGTH];
    let aead = key.aead().ok_or(Error::NotSupported)?;
    aead.encrypt(Algorithm::GCM, &nonce, CONTEXT, &mut InOut::new(secret, &mut text))?;
    Ok([&length.to_be_bytes()[..], context, &nonce, &text].concat())
}

/// Opens what [`seal`] gave.
pub(super) fn unseal(device: &dyn Backend, sealed: &[u8]) -> Result<Secret> {
    if seals_itself(device)? {
        return device.unseal(sealed);
    }
    let parts = split(sealed).and_then(|(context, rest)| Some((context, rest.split_first_chunk::<NONCE_LENGTH>()?)));
    let Some((context, (nonce, text))) = parts else { return fail!(DataCorrupt, "a sealed secret is damaged") };
    let Some(length) = text.len().checked_sub(TAG_LENGTH) else {
        return fail!(DataCorrupt, "a sealed secret is cut off");
    };
    let mut secret = Secret::new(vec![0; length]);
    let opened = device.open(&ATTRIBUTES, context).and_then(|key| {
        let aead = key.aead().ok_or(Error::NotSupported)?;
        aead.decrypt(Algorithm::GCM, nonce, CONTEXT, &mut InOut::new(text, &mut secret))
    });
    match opened {
        Ok(()) => Ok(secret),
        Err(Error::InvalidSignature) => fail!(DataCorrupt, "a sealed secret was changed"),
        Err(Error::DoesNotExist) => {
            Err(cause::of(Error::DataInvalid, format_args!("the key that has sealed is not in this token")))
        }
        Err(error) => Err(error),
    }
}

fn split(sealed: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = sealed.split_first_chunk()?;
    rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))
}
