//! Keys from outside, wrapped so that only one storage key of one TPM can take them in (TPM 2.0 Library, part 1,
//! section 23.3, and annexes B.10.3 and C.6.3).
//!
//! The seed of the wrapping is agreed with, or encrypted to, the storage key's public part. So key material never
//! crosses the bus in the clear, whatever kind of key it is, and no session is needed.

use tss_esapi::interface_types::algorithm::SymmetricMode;
use tss_esapi::structures::{Public, SymmetricDefinitionObject};

use super::keys;
use super::templates::{Kind, psa_hash};
use crate::core::primitives::Direction;
use crate::engines::Engine;
use crate::engines::native::Native;
use crate::fail;
use crate::memory::{InOut, Secret};
use crate::psa::sizes::{bits_to_bytes, hash_length};
use crate::psa::{Algorithm, Error, KeyType, Result};

/// What the seed is for, as the TPM names it.
const DUPLICATE: &[u8] = b"DUPLICATE\0";
/// Bytes of an AES block.
const BLOCK: usize = 16;

/// A wrapped key.
pub(super) struct Duplicate {
    /// The content of a TPM2B_PRIVATE.
    pub(super) private: Vec<u8>,
    /// The content of a TPM2B_ENCRYPTED_SECRET.
    pub(super) seed: Vec<u8>,
}

/// How a storage key protects what is below it.
struct Protection {
    hash: Algorithm,
    /// Bits of its AES key.
    bits: usize,
}

impl Protection {
    fn of(parent: &Public) -> Result<Self> {
        let symmetric = match parent {
            Public::Ecc { parameters, .. } => parameters.symmetric_definition_object(),
            Public::Rsa { parameters, .. } => parameters.symmetric_definition_object(),
            _ => SymmetricDefinitionObject::Null,
        };
        match (symmetric, psa_hash(parent.name_hashing_algorithm())) {
            (SymmetricDefinitionObject::Aes { key_bits, mode: SymmetricMode::Cfb }, Some(hash)) => {
                Ok(Self { hash, bits: usize::from(u16::from(key_bits)) })
            }
            _ => fail!(NotSupported, "keys cannot be imported below this primary, which does not protect by AES-CFB"),
        }
    }
}

/// Wraps a sensitive area (TPMT_SENSITIVE) for `parent`; `name` is the name of the key's public area.
pub(super) fn wrap(parent: &Public, name: &[u8], sensitive: &[u8]) -> Result<Duplicate> {
    let Protection { hash, bits } = Protection::of(parent)?;
    let (seed, encrypted_seed) = share_seed(parent, hash)?;
    let encryption_key = derive(hash, &seed, b"STORAGE\0", name, bits)?;
    let integrity_key = derive(hash, &seed, b"INTEGRITY\0", &[], 8 * hash_length(hash))?;
    let encrypted = encrypt(&encryption_key, &Secret::new(sized(sensitive)))?;
    let integrity = hmac(hash, &integrity_key, &[&encrypted, name].concat())?;
    Ok(Duplicate { private: [sized(&integrity), encrypted].concat(), seed: encrypted_seed })
}

/// A seed, and how the parent learns it.
fn share_seed(parent: &Public, hash: Algorithm) -> Result<(Secret, Vec<u8>)> {
    let Some((key_type, bits)) = Kind::of_public(parent).and_then(Kind::describe) else {
        return fail!(NotSupported, "keys cannot be imported below a primary of this type");
    };
    let public = keys::public_key(parent)?;
    if key_type == KeyType::RSA_KEY_PAIR {
        let mut seed = Secret::new(vec![0; hash_length(hash)]);
        Native.random(&mut seed)?;
        let key = Native.prepare(KeyType::RSA_PUBLIC_KEY, bits, &public)?;
        let mut encrypted = vec![0; bits_to_bytes(bits)];
        let encryption = key.asymmetric_encryption().ok_or(Error::NotSupported)?;
        let length = encryption.encrypt(Algorithm::rsa_oaep(hash), &seed, DUPLICATE, &mut encrypted)?;
        encrypted.truncate(length);
        return Ok((seed, encrypted));
    }
    let ephemeral = Native.prepare(key_type, bits, &Native.generate(key_type, bits, &[])?)?;
    let mut point = vec![0; public.len()];
    ephemeral.public_key(&mut point)?;
    let shared = ephemeral.key_agreement().ok_or(Error::NotSupported)?.agree(Algorithm::ECDH, &public)?;
    let ([x, y], [parent_x, _]) = (coordinates(&point), coordinates(&public));
    // KDFe (part 1, section 11.4.10.3): one block is enough for a seed.
    let input = Secret::new([&[0, 0, 0, 1], shared.as_slice(), DUPLICATE, x, parent_x].concat());
    let mut seed = Secret::new(vec![0; hash_length(hash)]);
    Native.hash().compute(hash, &input, &mut seed)?;
    Ok((seed, [sized(x), sized(y)].concat()))
}

/// The two halves of an uncompressed point.
fn coordinates(point: &[u8]) -> [&[u8]; 2] {
    let both = point.get(1..).unwrap_or_default();
    let (x, y) = both.split_at(both.len() / 2);
    [x, y]
}

/// KDFa (part 1, section 11.4.10.2) with one context.
fn derive(hash: Algorithm, key: &[u8], label: &[u8], context: &[u8], bits: usize) -> Result<Secret> {
    let length = bits_to_bytes(bits);
    let mut derived = Secret::new(Vec::with_capacity(length + hash_length(hash)));
    for counter in 1_u32.. {
        if derived.len() >= length {
            break;
        }
        let input = [&counter.to_be_bytes(), label, context, &(bits as u32).to_be_bytes()].concat();
        derived.extend_from_slice(&hmac(hash, key, &input)?);
    }
    derived.truncate(length);
    Ok(derived)
}

fn hmac(hash: Algorithm, key: &[u8], input: &[u8]) -> Result<Secret> {
    let key = Native.prepare(KeyType::HMAC, 8 * key.len(), key)?;
    let mut mac = Secret::new(vec![0; hash_length(hash)]);
    key.mac().ok_or(Error::NotSupported)?.compute(Algorithm::hmac(hash), input, &mut mac)?;
    Ok(mac)
}

/// AES-CFB with an initialization vector of zeros: each key is used once.
fn encrypt(key: &[u8], plaintext: &[u8]) -> Result<Vec<u8>> {
    let key = Native.prepare(KeyType::AES, 8 * key.len(), key)?;
    let mut operation = key.cipher().ok_or(Error::NotSupported)?.setup(Algorithm::CFB, Direction::Encrypt)?;
    operation.set_iv(&[0; BLOCK])?;
    let mut ciphertext = vec![0; plaintext.len()];
    let done = operation.update(&mut InOut::new(plaintext, &mut ciphertext))?;
    operation.finish(ciphertext.get_mut(done..).unwrap_or_default())?;
    Ok(ciphertext)
}

/// Bytes with their length in front, as in all TPM2B structures.
pub(super) fn sized(bytes: &[u8]) -> Vec<u8> {
    [&(bytes.len() as u16).to_be_bytes(), bytes].concat()
}
