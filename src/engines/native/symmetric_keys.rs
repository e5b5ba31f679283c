//! Keys without a public part (PSA 1.5, sections 9.3 and 9.4): unstructured bytes of a length that the type allows.

use once_cell::sync::OnceCell;
use zeroize::Zeroizing;

use super::blake2::Variant;
use super::cbc_mac::{self, CmacKeys};
use super::ffi::aes::KeySchedule;
use super::ffi::{chacha20, evp_aead, evp_cipher};
use super::first_use::FirstUse;
use super::hmac::Hmac;
use super::pake::PasswordKey;
use super::{aead, cipher, mac, random};
use crate::core::primitives::{Aead, Cipher, Direction, Key, Mac};
use crate::engines::Function;
use crate::fail;
use crate::memory::Secret;
use crate::psa::{Algorithm, Error, KeyType, Result};

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
        KeyType::AES => matches!(bits, 128 | 192 | 256),
        KeyType::CHACHA20 => bits == 256,
        KeyType::BLAKE2 => bits != 0 && bits.is_multiple_of(8) && bits <= 8 * Variant::B.length(),
        _ => false,
    }
}

/// True where `function` works with such a key and algorithm.
pub(super) fn supports(function: Function, key_type: KeyType, bits: usize, alg: Algorithm) -> bool {
    holds(key_type, bits)
        && match function {
            Function::Mac => mac::offers(key_type, bits, alg),
            Function::Cipher => cipher::offers(key_type, alg),
            Function::Aead => aead::offers(key_type, alg),
            _ => false,
        }
}

/// Makes the material of a new key: random bytes.
pub(super) fn generate(key_type: KeyType, bits: usize) -> Result<Secret> {
    check_size(key_type, bits)?;
    let mut material = Secret::new(vec![0; bits / 8]);
    random::fill(&mut material)?;
    Ok(material)
}

/// Checks imported material and returns it with its size in bits.
pub(super) fn import(key_type: KeyType, bits: usize, data: &[u8]) -> Result<(Secret, usize)> {
    let data_bits = data.len().saturating_mul(8);
    if bits != 0 && bits != data_bits {
        return fail!(InvalidArgument, "the attributes say {bits} bits, the key data has {data_bits}");
    }
    check_size(key_type, data_bits)?;
    Ok((Secret::new(data.to_vec()), data_bits))
}

/// `INVALID_ARGUMENT` for a size that the type never has, `NOT_SUPPORTED` for one that the engine lacks.
fn check_size(key_type: KeyType, bits: usize) -> Result<()> {
    if holds(key_type, bits) {
        return Ok(());
    }
    match key_type {
        // The double keys of XTS.
        KeyType::AES if matches!(bits, 384 | 512) => {
            fail!(NotSupported, "AES keys of {bits} bits, which only XTS uses")
        }
        KeyType::AES | KeyType::CHACHA20 | KeyType::BLAKE2 => {
            fail!(InvalidArgument, "a key of this type cannot have {bits} bits")
        }
        _ if !holds(key_type, 8) => fail!(NotSupported, "key type {:#06x} in the native engine", key_type.0),
        _ if bits > MAX_BITS => fail!(NotSupported, "a key of {bits} bits; the longest has {MAX_BITS}"),
        _ => fail!(InvalidArgument, "{bits} bits are not a whole number of bytes, at least one"),
    }
}

/// Makes a key ready for use.
pub(super) fn prepare(key_type: KeyType, bits: usize, material: &[u8]) -> Result<Box<dyn Key>> {
    if material.len().checked_mul(8) != Some(bits) {
        return fail!(DataInvalid, "{} bytes of material for a key of {bits} bits", material.len());
    }
    check_size(key_type, bits)?;
    Ok(match key_type {
        KeyType::AES => Box::new(AesKey::new(material)),
        KeyType::CHACHA20 => Box::new(ChaCha20Key::new(material)?),
        KeyType::BLAKE2 => Box::new(Blake2Key { material: Secret::new(material.to_vec()) }),
        KeyType::HMAC => Box::new(HmacKey { material: Secret::new(material.to_vec()), keyed: FirstUse::new() }),
        KeyType::PASSWORD | KeyType::PASSWORD_HASH => {
            Box::new(PasswordKey { password: Secret::new(material.to_vec()) })
        }
        _ => Box::new(PlainKey),
    })
}

/// An AES key. What only some algorithms need is expanded when it is first needed.
pub(super) struct AesKey {
    material: Secret,
    encrypting: OnceCell<KeySchedule>,
    decrypting: OnceCell<KeySchedule>,
    cmac: OnceCell<CmacKeys>,
    /// GCM in one call, by tag length.
    pub(super) gcm: FirstUse<usize, evp_aead::Context>,
    gcm_in_parts: OnceCell<evp_cipher::Gcm>,
}

impl AesKey {
    fn new(material: &[u8]) -> Self {
        Self {
            material: Secret::new(material.to_vec()),
            encrypting: OnceCell::new(),
            decrypting: OnceCell::new(),
            cmac: OnceCell::new(),
            gcm: FirstUse::new(),
            gcm_in_parts: OnceCell::new(),
        }
    }

    /// The schedule of the block cipher for this direction.
    pub(super) fn schedule(&self, direction: Direction) -> Result<&KeySchedule> {
        let schedule = match direction {
            Direction::Encrypt => &self.encrypting,
            Direction::Decrypt => &self.decrypting,
        };
        schedule.get_or_try_init(|| KeySchedule::new(&self.material, direction))
    }

    /// The schedule for encrypting, which most modes use in both directions.
    pub(super) fn encrypting(&self) -> Result<&KeySchedule> {
        self.schedule(Direction::Encrypt)
    }

    /// The keys for the last block of a CMAC.
    pub(super) fn cmac_keys(&self) -> Result<&CmacKeys> {
        self.cmac.get_or_try_init(|| Ok(cbc_mac::cmac_keys(self.encrypting()?)))
    }

    /// The expanded key for GCM in one call.
    pub(super) fn expand_gcm(&self, tag_length: usize) -> Result<evp_aead::Context> {
        let algorithm = match self.material.len() {
            16 => evp_aead::Algorithm::Aes128Gcm,
            24 => evp_aead::Algorithm::Aes192Gcm,
            32 => evp_aead::Algorithm::Aes256Gcm,
            _ => return Err(Error::InvalidArgument),
        };
        evp_aead::Context::new(algorithm, &self.material, tag_length)
    }

    /// The expanded key for GCM in parts.
    pub(super) fn gcm_in_parts(&self) -> Result<&evp_cipher::Gcm> {
        self.gcm_in_parts.get_or_try_init(|| evp_cipher::Gcm::new(&self.material))
    }
}

impl Key for AesKey {
    fn public_key(&self, _output: &mut [u8]) -> Result<usize> {
        Err(Error::InvalidArgument)
    }

    fn mac(&self) -> Option<&dyn Mac> {
        Some(self)
    }

    fn cipher(&self) -> Option<&dyn Cipher> {
        Some(self)
    }

    fn aead(&self) -> Option<&dyn Aead> {
        Some(self)
    }
}

/// A ChaCha20 key.
pub(super) struct ChaCha20Key {
    pub(super) key: Zeroizing<[u8; chacha20::KEY]>,
    /// ChaCha20-Poly1305 in one call.
    pub(super) aead: evp_aead::Context,
}

impl ChaCha20Key {
    fn new(material: &[u8]) -> Result<Self> {
        let key = Zeroizing::new(material.try_into().map_err(|_| Error::InvalidArgument)?);
        let aead = evp_aead::Context::new(evp_aead::Algorithm::ChaCha20Poly1305, material, aead::FULL_TAG)?;
        Ok(Self { key, aead })
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
