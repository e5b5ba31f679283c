//! Keys without a public part (PSA 1.5, sections 9.3 and 9.4): unstructured bytes of a length that the type allows.

use super::blake2::Variant;
pub(super) use super::block_cipher_keys::{AesKey, OtherBlockKey};
use super::ffi::{chacha20, evp_aead};
use super::first_use::FirstUse;
use super::hmac::Hmac;
use super::made_once::MadeOnce;
use super::pake::PasswordKey;
use super::{aead, block_cipher, cipher, key_wrap, mac, random};
use crate::core::primitives::{Aead, Cipher, Key, Mac};
use crate::engines::Function;
use crate::fail;
use crate::memory::{Secret, SecretArray};
use crate::psa::{Algorithm, Error, KeyType, Result, des};

/// The longest key of a type without a fixed length, in bits: the limit is ours (PSA 1.5, section 9.3.1).
const MAX_BITS: usize = 65528;

/// True where keys of this type and size can be generated or imported, and used.
pub(super) fn holds(key_type: KeyType, bits: usize) -> bool {
    match key_type {
        KeyType::RAW_DATA
        | KeyType::DERIVE
        | KeyType::PASSWORD
        | KeyType::PASSWORD_HASH
        | KeyType::PEPPER
        | KeyType::HMAC => bits != 0 && bits.is_multiple_of(8) && bits <= MAX_BITS,
        KeyType::CHACHA20 | KeyType::XCHACHA20 => bits == 256,
        KeyType::ASCON => matches!(bits, 128 | 256),
        KeyType::ARC4 => (40..=2048).contains(&bits) && bits.is_multiple_of(8),
        KeyType::BLAKE2 => bits != 0 && bits.is_multiple_of(8) && bits <= 8 * Variant::B.length(),
        _ => block_cipher::has_size(key_type, bits) || block_cipher::has_xts_size(key_type, bits),
    }
}

/// True where `function` works with such a key and algorithm.
pub(super) fn supports(function: Function, key_type: KeyType, bits: usize, alg: Algorithm) -> bool {
    holds(key_type, bits)
        && match function {
            Function::Mac => mac::offers(key_type, bits, alg),
            Function::Cipher => cipher::offers(key_type, bits, alg),
            Function::Aead => aead::offers(key_type, bits, alg),
            Function::KeyWrap => key_wrap::offers(key_type, bits, alg),
            _ => false,
        }
}

/// Makes the material of a new key: random bytes, for DES with their parity and none of them weak.
pub(super) fn generate(key_type: KeyType, bits: usize) -> Result<Secret> {
    check_size(key_type, bits)?;
    let mut material = Secret::new(vec![0; bits / 8]);
    random::fill(&mut material)?;
    if key_type == KeyType::DES {
        for key in material.as_chunks_mut::<{ des::KEY_LENGTH }>().0 {
            des::set_parity(key);
            while des::is_weak(key) {
                random::fill(key)?;
                des::set_parity(key);
            }
        }
    }
    Ok(material)
}

/// Checks imported material and returns it with its size in bits.
pub(super) fn import(key_type: KeyType, bits: usize, data: &[u8]) -> Result<(Secret, usize)> {
    let data_bits = data.len().saturating_mul(8);
    if bits != 0 && bits != data_bits {
        return fail!(InvalidArgument, "the attributes say {bits} bits, the key data has {data_bits}");
    }
    check_size(key_type, data_bits)?;
    if key_type == KeyType::DES && !des::has_parity(data) {
        return fail!(InvalidArgument, "each byte of a DES key has an odd number of ones");
    }
    Ok((Secret::new(data.to_vec()), data_bits))
}

/// `INVALID_ARGUMENT` for a size that the type never has, `NOT_SUPPORTED` for a type or size that the engine lacks.
fn check_size(key_type: KeyType, bits: usize) -> Result<()> {
    if holds(key_type, bits) {
        return Ok(());
    }
    let known = matches!(
        key_type,
        KeyType::AES
            | KeyType::ARIA
            | KeyType::CAMELLIA
            | KeyType::SM4
            | KeyType::DES
            | KeyType::CHACHA20
            | KeyType::XCHACHA20
            | KeyType::ASCON
            | KeyType::ARC4
            | KeyType::BLAKE2
    );
    match bits {
        _ if known => fail!(InvalidArgument, "a key of this type cannot have {bits} bits"),
        _ if !holds(key_type, 8) => fail!(NotSupported, "key type {key_type} in the native engine"),
        MAX_BITS.. => fail!(NotSupported, "a key of {bits} bits; the longest has {MAX_BITS}"),
        _ => fail!(InvalidArgument, "{bits} bits are not a whole number of bytes, at least one"),
    }
}

/// Makes a key ready for use.
pub(super) fn prepare(key_type: KeyType, bits: usize, material: &[u8]) -> Result<Box<dyn Key>> {
    if material.len().checked_mul(8) != Some(bits) {
        return fail!(DataInvalid, "{} bytes of material for a key of {bits} bits", material.len());
    }
    check_size(key_type, bits)?;
    let secret = || Secret::new(material.to_vec());
    Ok(match key_type {
        KeyType::AES => Box::new(AesKey::new(material)),
        KeyType::CHACHA20 | KeyType::XCHACHA20 => Box::new(ChaCha20Key::new(key_type, material)?),
        KeyType::ASCON => Box::new(AsconKey { material: secret() }),
        KeyType::ARC4 => Box::new(Arc4Key { material: secret() }),
        KeyType::BLAKE2 => Box::new(Blake2Key { material: secret() }),
        KeyType::HMAC => Box::new(HmacKey { material: secret(), keyed: FirstUse::new() }),
        KeyType::PASSWORD | KeyType::PASSWORD_HASH => Box::new(PasswordKey { password: secret() }),
        _ if key_type.is_block_cipher() => Box::new(OtherBlockKey::new(key_type, material)),
        _ => Box::new(PlainKey),
    })
}

/// A key of ChaCha20 or XChaCha20.
pub(super) struct ChaCha20Key {
    pub(super) key: SecretArray<{ chacha20::KEY }>,
    /// It is one of XChaCha20.
    pub(super) extended: bool,
    /// ChaCha20-Poly1305 in one call.
    aead: MadeOnce<evp_aead::Context>,
}

impl ChaCha20Key {
    fn new(key_type: KeyType, material: &[u8]) -> Result<Self> {
        let key = SecretArray::new(material.try_into().map_err(|_| Error::InvalidArgument)?);
        Ok(Self { key, extended: key_type == KeyType::XCHACHA20, aead: MadeOnce::new() })
    }

    /// The key expanded for ChaCha20-Poly1305 in one call.
    pub(super) fn aead(&self) -> Result<&evp_aead::Context> {
        self.aead.get_or_try_init(|| aead::expand(self.key.as_slice()))
    }
}

impl Key for ChaCha20Key {
    fn public_key(&self, _output: &mut [u8]) -> Result<usize> {
        Err(Error::InvalidArgument)
    }

    fn cipher(&self) -> Option<&dyn Cipher> {
        Some(self)
    }

    fn aead(&self) -> Option<&dyn Aead> {
        Some(self)
    }
}

/// An Ascon key.
pub(super) struct AsconKey {
    pub(super) material: Secret,
}

impl Key for AsconKey {
    fn public_key(&self, _output: &mut [u8]) -> Result<usize> {
        Err(Error::InvalidArgument)
    }

    fn aead(&self) -> Option<&dyn Aead> {
        Some(self)
    }
}

/// An ARC4 key.
pub(super) struct Arc4Key {
    pub(super) material: Secret,
}

impl Key for Arc4Key {
    fn public_key(&self, _output: &mut [u8]) -> Result<usize> {
        Err(Error::InvalidArgument)
    }

    fn cipher(&self) -> Option<&dyn Cipher> {
        Some(self)
    }
}

/// An HMAC key.
pub(super) struct HmacKey {
    pub(super) material: Secret,
    /// The computation after the key, by hash.
    pub(super) keyed: FirstUse<Algorithm, Hmac>,
}

impl Key for HmacKey {
    fn public_key(&self, _output: &mut [u8]) -> Result<usize> {
        Err(Error::InvalidArgument)
    }

    fn mac(&self) -> Option<&dyn Mac> {
        Some(self)
    }
}

/// A BLAKE2 key.
pub(super) struct Blake2Key {
    pub(super) material: Secret,
}

impl Key for Blake2Key {
    fn public_key(&self, _output: &mut [u8]) -> Result<usize> {
        Err(Error::InvalidArgument)
    }

    fn mac(&self) -> Option<&dyn Mac> {
        Some(self)
    }
}

/// A key that only serves as input of a derivation, or not at all.
struct PlainKey;

impl Key for PlainKey {
    fn public_key(&self, _output: &mut [u8]) -> Result<usize> {
        Err(Error::InvalidArgument)
    }
}
