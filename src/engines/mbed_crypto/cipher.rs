//! Unauthenticated ciphers (PSA 1.5, section 10.5).

use super::ffi::{CipherParts, VolatileKey};
use super::keys::MbedKey;
use super::lock::locked;
use crate::core::primitives::{Cipher, CipherOperation, Direction};
use crate::engines::Engine;
use crate::engines::native::Native;
use crate::memory::{InOut, Secret};
use crate::psa::{Algorithm, Error, KeyType, Result, sizes};

/// True where Mbed TLS has the algorithm with keys of this type.
pub(super) fn offers(key_type: KeyType, alg: Algorithm) -> bool {
    match alg {
        Algorithm::STREAM_CIPHER => key_type == KeyType::CHACHA20,
        Algorithm::ECB_NO_PADDING | Algorithm::CBC_NO_PADDING | Algorithm::CBC_PKCS7 => {
            matches!(key_type, KeyType::AES | KeyType::ARIA | KeyType::CAMELLIA | KeyType::DES)
        }
        Algorithm::CTR | Algorithm::CFB | Algorithm::CCM_STAR_NO_TAG => {
            matches!(key_type, KeyType::AES | KeyType::ARIA | KeyType::CAMELLIA)
        }
        Algorithm::OFB => key_type == KeyType::AES,
        _ => false,
    }
}

impl Cipher for MbedKey {
    fn setup(&self, alg: Algorithm, direction: Direction) -> Result<Box<dyn CipherOperation>> {
        if !offers(self.key_type, alg) {
            let native = self.native(alg)?.cipher();
            return native.map_or_else(|| self.unsupported(alg), |native| native.setup(alg, direction));
        }
        if alg == Algorithm::STREAM_CIPHER {
            return Ok(Box::new(StreamCipher { key: self.material.clone(), direction, chosen: None }));
        }
        Ok(Box::new(Operation {
            parts: begin(self.key_type, &self.material, alg, direction)?,
            iv_length: sizes::cipher_iv_length(self.key_type, alg),
            removes_padding: alg == Algorithm::CBC_PKCS7 && direction == Direction::Decrypt,
        }))
    }
}

/// Begins an operation, which keeps what it needs of the key.
fn begin(key_type: KeyType, material: &[u8], alg: Algorithm, direction: Direction) -> Result<CipherParts> {
    let mut parts = CipherParts::new();
    locked(|mbed| {
        let key = VolatileKey::import(mbed, key_type, alg, material)?;
        parts.setup(&key, direction)
    })?;
    Ok(parts)
}

/// The longest block of the block ciphers, in bytes.
const LONGEST_BLOCK: usize = 16;

/// A mode of a block cipher.
struct Operation {
    parts: CipherParts,
    iv_length: usize,
    removes_padding: bool,
}

impl CipherOperation for Operation {
    fn set_iv(&mut self, iv: &[u8]) -> Result<()> {
        // Counter mode takes a shorter one, padded with zeros, which Mbed TLS does not know.
        let mut padded = iv.to_vec();
        padded.resize(self.iv_length.max(iv.len()), 0);
        locked(|mbed| self.parts.set_iv(mbed, &padded))
    }

    fn update(&mut self, data: &mut InOut<'_>) -> Result<usize> {
        let (input, output) = data.separate();
        if input.is_empty() {
            // Mbed TLS refuses equal pointers within a block, and two empty slices may have them.
            return Ok(0);
        }
        if !self.removes_padding {
            return locked(|mbed| self.parts.update(mbed, input, output));
        }
        // Mbed TLS asks for the room of the block that it holds back.
        let mut plaintext = Secret::new(vec![0; input.len() + LONGEST_BLOCK]);
        let length = locked(|mbed| self.parts.update(mbed, input, &mut plaintext))?;
        let (plaintext, output) = (plaintext.get(..length), output.get_mut(..length));
        output.ok_or(Error::BufferTooSmall)?.copy_from_slice(plaintext.ok_or(Error::GenericError)?);
        Ok(length)
    }

    fn finish(&mut self, output: &mut [u8]) -> Result<usize> {
        locked(|mbed| self.parts.finish(mbed, output))
    }
}

/// ChaCha20. Mbed TLS has the variant with a nonce of 12 bytes only; the others are chosen by their length too.
struct StreamCipher {
    key: Secret,
    direction: Direction,
    chosen: Option<Box<dyn CipherOperation>>,
}

/// Length of the nonce of RFC 8439 in bytes.
const NONCE: usize = 12;

impl StreamCipher {
    fn chosen(&mut self) -> Result<&mut Box<dyn CipherOperation>> {
        self.chosen.as_mut().ok_or(Error::BadState)
    }

    fn choose(&self, iv_length: usize) -> Result<Box<dyn CipherOperation>> {
        let (key_type, alg) = (KeyType::CHACHA20, Algorithm::STREAM_CIPHER);
        if iv_length == NONCE {
            let parts = begin(key_type, &self.key, alg, self.direction)?;
            return Ok(Box::new(Operation { parts, iv_length, removes_padding: false }));
        }
        let native = Native.prepare(key_type, 8 * self.key.len(), &self.key)?;
        native.cipher().ok_or(Error::NotSupported)?.setup(alg, self.direction)
    }
}

impl CipherOperation for StreamCipher {
    fn set_iv(&mut self, iv: &[u8]) -> Result<()> {
        let mut chosen = self.choose(iv.len())?;
        chosen.set_iv(iv)?;
        self.chosen = Some(chosen);
        Ok(())
    }

    fn update(&mut self, data: &mut InOut<'_>) -> Result<usize> {
        self.chosen()?.update(data)
    }

    fn finish(&mut self, output: &mut [u8]) -> Result<usize> {
        self.chosen()?.finish(output)
    }
}
