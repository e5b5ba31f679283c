//! Authenticated encryption (PSA 1.5, section 10.6).

use super::keys::MbedKey;
use crate::core::primitives::{Aead, AeadOperation, Direction};
use crate::memory::InOut;
use crate::psa::{Algorithm, Error, KeyType, Result};

/// True where Mbed TLS has the algorithm with keys of this type and tags of this length.
pub(super) fn offers(key_type: KeyType, alg: Algorithm) -> bool {
    let tag_length = alg.aead_tag_length();
    match (key_type, alg.aead_base()) {
        _ if alg.is_wildcard() => false,
        (KeyType::AES | KeyType::ARIA | KeyType::CAMELLIA, Algorithm::GCM) => matches!(tag_length, 4 | 8 | 12..=16),
        (KeyType::AES | KeyType::ARIA | KeyType::CAMELLIA, Algorithm::CCM) => {
            matches!(tag_length, 4 | 6 | 8 | 10 | 12 | 14 | 16)
        }
        (KeyType::CHACHA20, _) => alg == Algorithm::CHACHA20_POLY1305,
        _ => false,
    }
}

impl Aead for MbedKey {
    fn encrypt(&self, alg: Algorithm, nonce: &[u8], additional_data: &[u8], plaintext: &mut InOut<'_>) -> Result<()> {
        if !offers(self.key_type, alg) {
            return self.native_aead(alg)?.encrypt(alg, nonce, additional_data, plaintext);
        }
        let (plaintext, output) = plaintext.separate();
        let output = output.get_mut(..plaintext.len() + alg.aead_tag_length()).ok_or(Error::BufferTooSmall)?;
        self.with(alg, |key| key.aead(Direction::Encrypt, nonce, additional_data, plaintext, output)).map(drop)
    }

    fn decrypt(&self, alg: Algorithm, nonce: &[u8], additional_data: &[u8], ciphertext: &mut InOut<'_>) -> Result<()> {
        if !offers(self.key_type, alg) {
            return self.native_aead(alg)?.decrypt(alg, nonce, additional_data, ciphertext);
        }
        let (ciphertext, output) = ciphertext.separate();
        let length = ciphertext.len().checked_sub(alg.aead_tag_length()).ok_or(Error::InvalidSignature)?;
        let output = output.get_mut(..length).ok_or(Error::BufferTooSmall)?;
        self.with(alg, |key| key.aead(Direction::Decrypt, nonce, additional_data, ciphertext, output)).map(drop)
    }

    fn setup(
        &self,
        alg: Algorithm,
        direction: Direction,
        nonce: &[u8],
        lengths: Option<(usize, usize)>,
    ) -> Result<Box<dyn AeadOperation>> {
        self.native_aead(alg)?.setup(alg, direction, nonce, lengths)
    }
}

impl MbedKey {
    fn native_aead(&self, alg: Algorithm) -> Result<&dyn Aead> {
        self.native(alg)?.aead().map_or_else(|| self.unsupported(alg), Ok)
    }
}
