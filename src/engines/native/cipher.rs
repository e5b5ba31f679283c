//! Unauthenticated ciphers (PSA 1.5, section 10.5).

use super::arc4::Arc4;
use super::block_cipher::{self, BlockCipherKey, BlockKey, MAX_BLOCK};
use super::block_modes::{BlockMode, BlockOperation, Ending};
use super::ccm::CcmStar;
use super::chacha20::ChaCha20;
use super::ffi::aes::StreamMode;
use super::ffi::chacha20::KEY;
use super::ffi::evp_cipher::Xts;
use super::stream_modes::KeyStream;
use super::symmetric_keys::{AesKey, Arc4Key, ChaCha20Key, OtherBlockKey};
use crate::core::compose;
use crate::core::primitives::{Cipher, CipherOperation, Direction};
use crate::fail;
use crate::memory::{InOut, SecretArray};
use crate::psa::{Algorithm, Error, KeyType, Result};

/// True where this cipher algorithm works with keys of this type and size.
pub(super) fn offers(key_type: KeyType, bits: usize, alg: Algorithm) -> bool {
    match alg {
        Algorithm::ECB_NO_PADDING
        | Algorithm::CBC_NO_PADDING
        | Algorithm::CBC_PKCS7
        | Algorithm::CTR
        | Algorithm::CFB
        | Algorithm::OFB => block_cipher::has_size(key_type, bits),
        Algorithm::CCM_STAR_NO_TAG => {
            block_cipher::has_size(key_type, bits) && key_type.block_cipher_block_length() == MAX_BLOCK
        }
        Algorithm::XTS => block_cipher::has_xts_size(key_type, bits),
        Algorithm::STREAM_CIPHER => matches!(key_type, KeyType::CHACHA20 | KeyType::XCHACHA20 | KeyType::ARC4),
        _ => false,
    }
}

/// Begins a mode of a block cipher.
fn block_setup(key: &dyn BlockCipherKey, alg: Algorithm, direction: Direction) -> Result<Box<dyn CipherOperation>> {
    let blocks = |mode, ending| -> Result<Box<dyn CipherOperation>> {
        Ok(Box::new(BlockOperation::new(key.in_direction(direction)?, mode, ending)))
    };
    let stream = |mode| -> Result<Box<dyn CipherOperation>> {
        let key = key.in_direction(Direction::Encrypt)?;
        Ok(Box::new(StreamOperation { mode, block_length: key.block_length(), key: Some(key), stream: None }))
    };
    match alg {
        _ if !offers(key.key_type(), 8 * key.material().len(), alg) => {
            fail!(NotSupported, "cipher algorithm {alg} with this key")
        }
        Algorithm::ECB_NO_PADDING => blocks(BlockMode::Ecb, Ending::Whole),
        Algorithm::CBC_NO_PADDING => blocks(BlockMode::Cbc([0; MAX_BLOCK]), Ending::Whole),
        Algorithm::CBC_PKCS7 => blocks(BlockMode::Cbc([0; MAX_BLOCK]), Ending::Pkcs7(direction)),
        Algorithm::CTR => stream(StreamMode::Ctr),
        Algorithm::CFB => stream(StreamMode::Cfb(direction)),
        Algorithm::OFB => stream(StreamMode::Ofb),
        Algorithm::CCM_STAR_NO_TAG => Ok(Box::new(CcmStar::new(key.in_direction(Direction::Encrypt)?))),
        _ => xts_setup(key, direction),
    }
}

/// XTS has two keys: for the text and for the tweak.
fn xts_setup(key: &dyn BlockCipherKey, direction: Direction) -> Result<Box<dyn CipherOperation>> {
    let (first, second) = key.material().split_at(key.material().len() / 2);
    let first = BlockKey::new(key.key_type(), first, direction)?;
    let second = BlockKey::new(key.key_type(), second, Direction::Encrypt)?;
    let mode = BlockMode::Xts(second, SecretArray::zeros());
    Ok(Box::new(BlockOperation::new(first, mode, Ending::Stealing(direction))))
}

impl Cipher for AesKey {
    fn setup(&self, alg: Algorithm, direction: Direction) -> Result<Box<dyn CipherOperation>> {
        block_setup(self, alg, direction)
    }

    /// The modes that are used most, without an operation.
    fn apply(&self, alg: Algorithm, direction: Direction, iv: &[u8], data: &mut InOut<'_>) -> Result<usize> {
        let length = data.input_length();
        match alg {
            Algorithm::CTR => self.encrypting()?.ctr(array(iv)?, data.transform(length)?.0),
            Algorithm::CBC_NO_PADDING if length.is_multiple_of(MAX_BLOCK) => {
                self.schedule(direction)?.cbc(&mut array(iv)?, data.transform(length)?.0);
            }
            Algorithm::XTS if Xts::TEXTS.contains(&length) => match self.xts(direction) {
                Some(xts) => xts.apply(&array(iv)?, data.transform(length)?.0)?,
                None => return compose::cipher(self.setup(alg, direction)?, iv, data),
            },
            _ => return compose::cipher(self.setup(alg, direction)?, iv, data),
        }
        Ok(length)
    }
}

impl Cipher for OtherBlockKey {
    fn setup(&self, alg: Algorithm, direction: Direction) -> Result<Box<dyn CipherOperation>> {
        block_setup(self, alg, direction)
    }
}

/// A mode that makes a stream cipher of a block cipher.
struct StreamOperation {
    mode: StreamMode,
    block_length: usize,
    /// `None` once the stream has it.
    key: Option<BlockKey>,
    /// `None` until the initialization vector is known.
    stream: Option<KeyStream>,
}

impl CipherOperation for StreamOperation {
    fn set_iv(&mut self, iv: &[u8]) -> Result<()> {
        // Counter mode takes a shorter one, padded with zeros.
        let shortest = if self.mode == StreamMode::Ctr { 1 } else { self.block_length };
        if iv.len() < shortest || iv.len() > self.block_length {
            return Err(Error::InvalidArgument);
        }
        let mut initial = [0; MAX_BLOCK];
        initial[..iv.len()].copy_from_slice(iv);
        let key = self.key.take().ok_or(Error::BadState)?;
        self.stream = Some(KeyStream::new(key, self.mode, initial));
        Ok(())
    }

    fn update(&mut self, data: &mut InOut<'_>) -> Result<usize> {
        let stream = self.stream.as_mut().ok_or(Error::BadState)?;
        let length = data.input_length();
        stream.apply(data.transform(length)?.0);
        Ok(length)
    }

    fn finish(&mut self, _output: &mut [u8]) -> Result<usize> {
        Ok(0)
    }
}

impl Cipher for Arc4Key {
    fn setup(&self, alg: Algorithm, _direction: Direction) -> Result<Box<dyn CipherOperation>> {
        match alg {
            Algorithm::STREAM_CIPHER => Ok(Box::new(Arc4::new(&self.material))),
            _ => fail!(NotSupported, "cipher algorithm {alg} with an ARC4 key"),
        }
    }
}

impl Cipher for ChaCha20Key {
    fn setup(&self, alg: Algorithm, _direction: Direction) -> Result<Box<dyn CipherOperation>> {
        match alg {
            Algorithm::STREAM_CIPHER => {
                Ok(Box::new(ChaCha20Operation { key: self.key.clone(), extended: self.extended, stream: None }))
            }
            _ => fail!(NotSupported, "cipher algorithm {alg} with a ChaCha20 key"),
        }
    }
}

/// ChaCha20 or XChaCha20, whose variant follows from the length of the initialization vector.
struct ChaCha20Operation {
    key: SecretArray<KEY>,
    /// The key is one of XChaCha20.
    extended: bool,
    stream: Option<ChaCha20>,
}

impl CipherOperation for ChaCha20Operation {
    fn set_iv(&mut self, iv: &[u8]) -> Result<()> {
        let stream = match iv.len() {
            24 if self.extended => ChaCha20::extended(&self.key, &array(iv)?, 0),
            32 if self.extended => {
                let (counter, nonce) = iv.split_at(8);
                ChaCha20::extended(&self.key, &array(nonce)?, u64::from_le_bytes(array(counter)?))
            }
            _ if self.extended => return Err(Error::InvalidArgument),
            8 => ChaCha20::original(&self.key, array(iv)?),
            12 => ChaCha20::new(&self.key, array(iv)?, 0),
            16 => {
                let (counter, nonce) = iv.split_at(4);
                ChaCha20::new(&self.key, array(nonce)?, u32::from_le_bytes(array(counter)?))
            }
            _ => return Err(Error::InvalidArgument),
        };
        self.stream = Some(stream);
        Ok(())
    }

    fn update(&mut self, data: &mut InOut<'_>) -> Result<usize> {
        let stream = self.stream.as_mut().ok_or(Error::BadState)?;
        let length = data.input_length();
        stream.apply(data.transform(length)?.0)?;
        Ok(length)
    }

    fn finish(&mut self, _output: &mut [u8]) -> Result<usize> {
        Ok(0)
    }
}

fn array<const LENGTH: usize>(bytes: &[u8]) -> Result<[u8; LENGTH]> {
    bytes.try_into().map_err(|_| Error::InvalidArgument)
}
