//! What the TPM's protocol protects secrets with: keys derived by its own functions, AES-CFB, and seeds that only one
//! storage key can read (TPM 2.0 Library, part 1, sections 11.4.10, 19 and 23, annexes B.10 and C.6).

use super::identifiers::psa_hash;
use super::keys;
use super::public::Public;
use super::templates::Kind;
use super::wire::sized;
use crate::core::primitives::Direction;
use crate::engines::Engine;
use crate::engines::native::Native;
use crate::fail;
use crate::memory::{InOut, Secret};
use crate::psa::sizes::{bits_to_bytes, hash_length};
use crate::psa::{Algorithm, Error, KeyType, Result};

/// A secret that is shared with a storage key.
pub(super) struct Seed {
    pub(super) secret: Secret,
    /// How the storage key learns it: the content of a TPM2B_ENCRYPTED_SECRET.
    pub(super) encrypted: Vec<u8>,
}

/// A new seed for `parent`: agreed with it, or encrypted to it. `label` says what for and ends in a zero byte.
pub(super) fn share_seed(parent: &Public, label: &[u8]) -> Result<Seed> {
    let (Some((key_type, bits)), Some(hash)) =
        (Kind::of_public(parent).and_then(Kind::describe), psa_hash(parent.name_hash))
    else {
        return fail!(NotSupported, "secrets cannot be shared with a primary of this type");
    };
    let public = keys::public_key(parent)?;
    if key_type == KeyType::RSA_KEY_PAIR {
        let mut secret = Secret::new(vec![0; hash_length(hash)]);
        Native.random(&mut secret)?;
        let key = Native.prepare(KeyType::RSA_PUBLIC_KEY, bits, &public)?;
        let mut encrypted = vec![0; bits_to_bytes(bits)];
        let encryption = key.asymmetric_encryption().ok_or(Error::NotSupported)?;
        let length = encryption.encrypt(Algorithm::rsa_oaep(hash), &secret, label, &mut encrypted)?;
        encrypted.truncate(length);
        return Ok(Seed { secret, encrypted });
    }
    let ephemeral = Native.prepare(key_type, bits, &Native.generate(key_type, bits, &[])?)?;
    let mut point = vec![0; public.len()];
    ephemeral.public_key(&mut point)?;
    let shared = ephemeral.key_agreement().ok_or(Error::NotSupported)?.agree(Algorithm::ECDH, &public)?;
    let ([x, y], [parent_x, _]) = (coordinates(&point), coordinates(&public));
    // KDFe (part 1, section 11.4.10.3): one block is enough for a seed.
    let input = Secret::new([&[0, 0, 0, 1], shared.as_slice(), label, x, parent_x].concat());
    let mut secret = Secret::new(vec![0; hash_length(hash)]);
    Native.hash().compute(hash, &input, &mut secret)?;
    Ok(Seed { secret, encrypted: [sized(x), sized(y)].concat() })
}

/// The two halves of an uncompressed point.
fn coordinates(point: &[u8]) -> [&[u8]; 2] {
    let both = point.get(1..).unwrap_or_default();
    let (x, y) = both.split_at(both.len() / 2);
    [x, y]
}

/// KDFa (part 1, section 11.4.10.2). The label ends in a zero byte, the contexts are used one after the other.
pub(super) fn derive(hash: Algorithm, key: &[u8], label: &[u8], contexts: &[&[u8]], bits: usize) -> Result<Secret> {
    let length = bits_to_bytes(bits);
    let mut derived = Secret::new(Vec::with_capacity(length + hash_length(hash)));
    for counter in 1_u32.. {
        if derived.len() >= length {
            break;
        }
        let input = [&counter.to_be_bytes(), label, &contexts.concat(), &(bits as u32).to_be_bytes()].concat();
        derived.extend_from_slice(&hmac(hash, key, &input)?);
    }
    derived.truncate(length);
    Ok(derived)
}

/// The HMAC of `input`.
pub(super) fn hmac(hash: Algorithm, key: &[u8], input: &[u8]) -> Result<Secret> {
    let mut mac = Secret::new(vec![0; hash_length(hash)]);
    // An HMAC key of zeros is the same as an empty one, which PSA does not have (RFC 2104, section 2).
    let key = if key.is_empty() { &[0] } else { key };
    let key = Native.prepare(KeyType::HMAC, 8 * key.len(), key)?;
    key.mac().ok_or(Error::NotSupported)?.compute(Algorithm::hmac(hash), input, &mut mac)?;
    Ok(mac)
}

/// AES-CFB, in place.
pub(super) fn crypt(direction: Direction, key: &[u8], iv: &[u8], text: &mut [u8]) -> Result<()> {
    let key = Native.prepare(KeyType::AES, 8 * key.len(), key)?;
    let mut operation = key.cipher().ok_or(Error::NotSupported)?.setup(Algorithm::CFB, direction)?;
    operation.set_iv(iv)?;
    let input = Secret::new(text.to_vec());
    let done = operation.update(&mut InOut::new(&input, text))?;
    operation.finish(text.get_mut(done..).unwrap_or_default())?;
    Ok(())
}
