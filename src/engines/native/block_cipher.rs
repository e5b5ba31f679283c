//! Block ciphers behind one type: AES of aws-lc at its full speed, the others of RustCrypto through a table of methods,
//! so that each mode is written, and compiled, once for all of them.

use std::sync::Arc;

use aria::cipher::{BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
use inout::InOutBuf;

use super::cbc_mac::CmacKeys;
use super::ffi::aes::KeySchedule;
use crate::core::primitives::Direction;
use crate::memory::SecretArray;
use crate::psa::{Error, KeyType, Result};

/// Length of the longest block in bytes.
pub(super) const MAX_BLOCK: usize = 16;

/// A block, in its first bytes.
pub(super) type Block = [u8; MAX_BLOCK];

/// A block cipher with its key, for both directions.
trait BlockCipher: Send + Sync {
    fn block_length(&self) -> usize;

    /// Encrypts or decrypts one block in place.
    fn apply(&self, direction: Direction, block: &mut [u8]);
}

impl<C: BlockCipherEncrypt + BlockCipherDecrypt + Send + Sync> BlockCipher for C {
    fn block_length(&self) -> usize {
        C::block_size()
    }

    fn apply(&self, direction: Direction, block: &mut [u8]) {
        if let Ok(block) = block.try_into() {
            match direction {
                Direction::Encrypt => self.encrypt_block(block),
                Direction::Decrypt => self.decrypt_block(block),
            }
        }
    }
}

/// A block cipher with a key, in one direction. Clones share the key.
#[derive(Clone)]
pub(super) enum BlockKey {
    Aes(KeySchedule),
    Other(Other),
}

/// One that aws-lc lacks.
#[derive(Clone)]
pub(super) struct Other {
    cipher: Arc<dyn BlockCipher>,
    direction: Direction,
}

/// True where keys of this type and size are those of a block cipher (PSA 1.5, section 9.3.2), XTS aside.
pub(super) const fn has_size(key_type: KeyType, bits: usize) -> bool {
    match key_type {
        KeyType::AES | KeyType::ARIA | KeyType::CAMELLIA => matches!(bits, 128 | 192 | 256),
        KeyType::SM4 => bits == 128,
        KeyType::DES => matches!(bits, 64 | 128 | 192),
        _ => false,
    }
}

/// True where keys of this type and size are the two of XTS, which takes blocks of 16 bytes.
pub(super) const fn has_xts_size(key_type: KeyType, bits: usize) -> bool {
    key_type.block_cipher_block_length() == MAX_BLOCK && bits.is_multiple_of(2) && has_size(key_type, bits / 2)
}

impl BlockKey {
    /// Takes a key of the type in one direction.
    pub(super) fn new(key_type: KeyType, material: &[u8], direction: Direction) -> Result<Self> {
        fn other<C: KeyInit + BlockCipher + 'static>(material: &[u8]) -> Result<Arc<dyn BlockCipher>> {
            Ok(Arc::new(C::new_from_slice(material).map_err(|_| Error::InvalidArgument)?))
        }
        let cipher = match (key_type, material.len()) {
            (KeyType::AES, _) => return Ok(Self::Aes(KeySchedule::new(material, direction)?)),
            (KeyType::ARIA, 16) => other::<aria::Aria128>(material),
            (KeyType::ARIA, 24) => other::<aria::Aria192>(material),
            (KeyType::ARIA, 32) => other::<aria::Aria256>(material),
            (KeyType::CAMELLIA, 16) => other::<camellia::Camellia128>(material),
            (KeyType::CAMELLIA, 24) => other::<camellia::Camellia192>(material),
            (KeyType::CAMELLIA, 32) => other::<camellia::Camellia256>(material),
            (KeyType::SM4, 16) => other::<sm4::Sm4>(material),
            (KeyType::DES, 8) => other::<des::Des>(material),
            (KeyType::DES, 16) => other::<des::TdesEde2>(material),
            (KeyType::DES, 24) => other::<des::TdesEde3>(material),
            _ => return Err(Error::InvalidArgument),
        };
        Ok(Self::Other(Other { cipher: cipher?, direction }))
    }

    /// The same key in another direction, where that costs nothing.
    pub(super) fn turned(&self, direction: Direction) -> Option<Self> {
        match self {
            Self::Aes(_) => None,
            Self::Other(Other { cipher, .. }) => Some(Self::Other(Other { cipher: cipher.clone(), direction })),
        }
    }

    /// Length of a block in bytes, 8 or 16.
    pub(super) fn block_length(&self) -> usize {
        match self {
            Self::Aes(_) => MAX_BLOCK,
            Self::Other(other) => other.cipher.block_length(),
        }
    }

    /// The block cipher in its direction, on one block in place; what follows it is left alone.
    pub(super) fn apply(&self, block: &mut Block) {
        match self {
            Self::Aes(schedule) => schedule.apply(block),
            Self::Other(other) => other.apply(&mut block[..other.cipher.block_length()]),
        }
    }

    /// ECB in its direction; bytes behind the last whole block are left alone.
    pub(super) fn ecb(&self, data: InOutBuf<'_, '_, u8>) {
        match self {
            Self::Aes(schedule) => schedule.ecb(data),
            Self::Other(other) => other.for_each_block(data, |block| other.apply(block)),
        }
    }

    /// CBC in its direction; bytes behind the last whole block are left alone. `chain` is the initialization vector, and
    /// then the last block of ciphertext.
    pub(super) fn cbc(&self, chain: &mut Block, data: InOutBuf<'_, '_, u8>) {
        let other = match self {
            Self::Aes(schedule) => return schedule.cbc(chain, data),
            Self::Other(other) => other,
        };
        other.for_each_block(data, |block| match other.direction {
            Direction::Encrypt => {
                xor(block, chain);
                other.apply(block);
                chain[..block.len()].copy_from_slice(block);
            }
            Direction::Decrypt => {
                let mut ciphertext = [0; MAX_BLOCK];
                ciphertext[..block.len()].copy_from_slice(block);
                other.apply(block);
                xor(block, chain);
                *chain = ciphertext;
            }
        });
    }
}

impl Other {
    fn apply(&self, block: &mut [u8]) {
        self.cipher.apply(self.direction, block);
    }

    /// Works on copies of the whole blocks.
    fn for_each_block(&self, data: InOutBuf<'_, '_, u8>, mut work: impl FnMut(&mut [u8])) {
        let length = self.cipher.block_length();
        let mut block = SecretArray::<MAX_BLOCK>::zeros();
        let block = &mut block[..length];
        let mut rest = data;
        while rest.len() >= length {
            let (mut now, later) = rest.split_at(length);
            block.copy_from_slice(now.get_in());
            work(block);
            now.get_out().copy_from_slice(block);
            rest = later;
        }
    }
}

/// Adds the first bytes of `source`; whole blocks at once.
pub(super) fn xor(target: &mut [u8], source: &[u8]) {
    let length = target.len().min(source.len());
    let (targets, target) = target[..length].as_chunks_mut();
    let (sources, source) = source[..length].as_chunks();
    for (target, source) in targets.iter_mut().zip(sources) {
        *target = (u128::from_ne_bytes(*target) ^ u128::from_ne_bytes(*source)).to_ne_bytes();
    }
    target.iter_mut().zip(source).for_each(|(target, source)| *target ^= source);
}

/// What the modes need of a key of a block cipher, expanded when it is first needed.
pub(super) trait BlockCipherKey {
    /// The type of the key.
    fn key_type(&self) -> KeyType;

    /// The key itself.
    fn material(&self) -> &[u8];

    /// The cipher in one direction.
    fn in_direction(&self, direction: Direction) -> Result<BlockKey>;

    /// The keys for the last block of a CMAC.
    fn cmac_keys(&self) -> Result<&CmacKeys>;
}
