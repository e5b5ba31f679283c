//! Unauthenticated ciphers (PSA 1.5, section 10.5).

use zeroize::Zeroizing;

use super::block_modes::{BlockMode, BlockOperation, Padding};
use super::chacha20::ChaCha20;
use super::ffi::aes::{BLOCK, KeySchedule, Stream, StreamMode};
use super::ffi::chacha20::KEY;
use super::symmetric_keys::{AesKey, ChaCha20Key};
use crate::core::compose;
use crate::core::primitives::{Cipher, CipherOperation, Direction};
use crate::fail;
use crate::memory::InOut;
use crate::psa::{Algorithm, Error, KeyType, Result};

/// True where this cipher algorithm works with keys of this type.
pub(super) fn offers(key_type: KeyType, alg: Algorithm) -> bool {
    match key_type {
        KeyType::AES => matches!(
            alg,
            Algorithm::ECB_NO_PADDING
                | Algorithm::CBC_NO_PADDING
                | Algorithm::CBC_PKCS7
                | Algorithm::CTR
                | Algorithm::CFB
                | Algorithm::OFB
        ),
        KeyType::CHACHA20 => alg == Algorithm::STREAM_CIPHER,
        _ => false,
    }
}

impl Cipher for AesKey {
    fn setup(&self, alg: Algorithm, direction: Direction) -> Result<Box<dyn CipherOperation>> {
        let blocks = |mode, padding| -> Result<Box<dyn CipherOperation>> {
            Ok(Box::new(BlockOperation::new(self.schedule(direction)?.clone(), mode, padding)))
        };
        let stream = |mode| -> Result<Box<dyn CipherOperation>> {
            Ok(Box::new(StreamOperation { mode, key: Some(self.encrypting()?.clone()), stream: None }))
        };
        match alg {
            Algorithm::ECB_NO_PADDING => blocks(BlockMode::Ecb, Padding::None),
            Algorithm::CBC_NO_PADDING => blocks(BlockMode::Cbc([0; BLOCK]), Padding::None),
            Algorithm::CBC_PKCS7 => blocks(BlockMode::Cbc([0; BLOCK]), Padding::Pkcs7(direction)),
            Algorithm::CTR => stream(StreamMode::Ctr),
            Algorithm::CFB => stream(StreamMode::Cfb(direction)),
            Algorithm::OFB => stream(StreamMode::Ofb),
            _ => fail!(NotSupported, "cipher algorithm {:#010x} with an AES key", alg.0),
        }
    }

    /// The modes that are used most, without an operation.
    fn apply(&self, alg: Algorithm, direction: Direction, iv: &[u8], data: &mut InOut<'_>) -> Result<usize> {
        let length = data.input_length();
        match alg {
            Algorithm::CTR => self.encrypting()?.ctr(array(iv)?, data.transform(length)?.0),
            Algorithm::CBC_NO_PADDING if length.is_multiple_of(BLOCK) => {
                self.schedule(direction)?.cbc(&mut array(iv)?, data.transform(length)?.0);
            }
            _ => return compose::cipher(self.setup(alg, direction)?, iv, data),
        }
        Ok(length)
    }
}

/// A mode that makes a stream cipher of AES.
struct StreamOperation {
    mode: StreamMode,
    /// `None` once the stream has it.
    key: Option<KeySchedule>,
    /// `None` until the initialization vector is known.
    stream: Option<Stream>,
}

impl CipherOperation for StreamOperation {
    fn set_iv(&mut self, iv: &[u8]) -> Result<()> {
        // Counter mode takes a shorter one, padded with zeros.
        let shortest = if self.mode == StreamMode::Ctr { 1 } else { BLOCK };
        if iv.len() < shortest || iv.len() > BLOCK {
            return Err(Error::InvalidArgument);
        }
        let mut initial = [0; BLOCK];
        initial[..iv.len()].copy_from_slice(iv);
        let key = self.key.take().ok_or(Error::BadState)?;
        self.stream = Some(Stream::new(key, self.mode, initial));
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

impl Cipher for ChaCha20Key {
    fn setup(&self, alg: Algorithm, _direction: Direction) -> Result<Box<dyn CipherOperation>> {
        match alg {
            Algorithm::STREAM_CIPHER => Ok(Box::new(ChaCha20Operation { key: self.key.clone(), stream: None })),
            _ => fail!(NotSupported, "cipher algorithm {:#010x} with a ChaCha20 key", alg.0),
        }
    }
}

/// ChaCha20, whose variant follows from the length of the initialization vector.
struct ChaCha20Operation {
    key: Zeroizing<[u8; KEY]>,
    stream: Option<ChaCha20>,
}

impl CipherOperation for ChaCha20Operation {
    fn set_iv(&mut self, iv: &[u8]) -> Result<()> {
        let stream = match iv.len() {
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
