//! Keys of block ciphers. What only some algorithms need is expanded when it is first needed.

use super::block_cipher::{BlockCipherKey, BlockKey};
use super::cbc_mac::{self, CmacKeys};
use super::ffi::aes::KeySchedule;
use super::ffi::{evp_aead, evp_cipher};
use super::first_use::FirstUse;
use super::key_wrap;
use super::made_once::MadeOnce;
use crate::core::primitives::{Aead, Cipher, Direction, Key, KeyWrap, Mac};
use crate::memory::Secret;
use crate::psa::{Algorithm, Error, KeyType, Result};

/// An AES key.
pub(super) struct AesKey {
    material: Secret,
    encrypting: MadeOnce<KeySchedule>,
    decrypting: MadeOnce<KeySchedule>,
    cmac: MadeOnce<CmacKeys>,
    /// GCM in one call, by the algorithm with its tag length.
    pub(super) gcm: FirstUse<Algorithm, evp_aead::Context>,
    gcm_in_parts: MadeOnce<evp_cipher::GcmKey>,
    /// XTS in one call, by direction; `None` where aws-lc does not take these keys.
    xts: [MadeOnce<Option<evp_cipher::Xts>>; 2],
}

impl AesKey {
    pub(super) fn new(material: &[u8]) -> Self {
        Self {
            material: Secret::new(material.to_vec()),
            encrypting: MadeOnce::new(),
            decrypting: MadeOnce::new(),
            cmac: MadeOnce::new(),
            gcm: FirstUse::new(),
            gcm_in_parts: MadeOnce::new(),
            xts: [const { MadeOnce::new() }; 2],
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
    pub(super) fn gcm_in_parts(&self) -> Result<&evp_cipher::GcmKey> {
        self.gcm_in_parts.get_or_try_init(|| evp_cipher::GcmKey::new(&self.material))
    }

    /// The expanded keys for XTS in one call, where aws-lc has that: for two different keys of 256 bits.
    pub(super) fn xts(&self, direction: Direction) -> Option<&evp_cipher::Xts> {
        let place = &self.xts[usize::from(direction == Direction::Decrypt)];
        place.get_or_init(|| evp_cipher::Xts::new(&self.material, direction).ok()).as_ref()
    }
}

impl BlockCipherKey for AesKey {
    fn key_type(&self) -> KeyType {
        KeyType::AES
    }

    fn material(&self) -> &[u8] {
        &self.material
    }

    fn in_direction(&self, direction: Direction) -> Result<BlockKey> {
        Ok(BlockKey::Aes(self.schedule(direction)?.clone()))
    }

    fn cmac_keys(&self) -> Result<&CmacKeys> {
        self.cmac.get_or_try_init(|| Ok(cbc_mac::cmac_keys(&self.in_direction(Direction::Encrypt)?)))
    }
}

/// A key of ARIA, Camellia, SM4, DES or Triple-DES.
pub(super) struct OtherBlockKey {
    key_type: KeyType,
    material: Secret,
    key: MadeOnce<BlockKey>,
    cmac: MadeOnce<CmacKeys>,
}

impl OtherBlockKey {
    pub(super) fn new(key_type: KeyType, material: &[u8]) -> Self {
        Self { key_type, material: Secret::new(material.to_vec()), key: MadeOnce::new(), cmac: MadeOnce::new() }
    }
}

impl BlockCipherKey for OtherBlockKey {
    fn key_type(&self) -> KeyType {
        self.key_type
    }

    fn material(&self) -> &[u8] {
        &self.material
    }

    fn in_direction(&self, direction: Direction) -> Result<BlockKey> {
        let expand = || BlockKey::new(self.key_type, &self.material, Direction::Encrypt);
        self.key.get_or_try_init(expand)?.turned(direction).ok_or(Error::CorruptionDetected)
    }

    fn cmac_keys(&self) -> Result<&CmacKeys> {
        self.cmac.get_or_try_init(|| Ok(cbc_mac::cmac_keys(&self.in_direction(Direction::Encrypt)?)))
    }
}

/// The families that every block cipher has.
macro_rules! families {
    ($($key:ident)+) => {$(
        impl Key for $key {
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

            fn key_wrap(&self) -> Option<&dyn KeyWrap> {
                Some(self)
            }
        }

        impl KeyWrap for $key {
            fn wrap(&self, alg: Algorithm, data: &[u8], output: &mut [u8]) -> Result<usize> {
                key_wrap::wrap(self, alg, data, output)
            }

            fn unwrap(&self, alg: Algorithm, wrapped: &[u8]) -> Result<Secret> {
                key_wrap::unwrap(self, alg, wrapped)
            }
        }
    )+};
}

families!(AesKey OtherBlockKey);
