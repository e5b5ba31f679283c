//! Authenticated encryption (PSA 1.5, section 10.6).

use psa_crypto::operations::aead::{decrypt, encrypt};
use psa_crypto::types::algorithm::Aead as MbedAead;

use super::keys::MbedKey;
use crate::core::primitives::{Aead, AeadOperation, Direction};
use crate::memory::InOut;
use crate::psa::{Algorithm, Error, KeyType, Result};

/// The crate's name of an AEAD algorithm with its tag length, `None` where Mbed TLS lacks it with keys of this type.
pub(super) fn find(key_type: KeyType, alg: Algorithm) -> Option<MbedAead> {
    let tag_length = alg.aead_tag_length();
    let offered = match (key_type, alg.aead_base()) {
        _ if alg.is_wildcard() => false,
        (KeyType::AES | KeyType::CAMELLIA, Algorithm::GCM) => matches!(tag_length, 4 | 8 | 12..=16),
        (KeyType::AES | KeyType::CAMELLIA, Algorithm::CCM) => matches!(tag_length, 4 | 6 | 8 | 10 | 12 | 14 | 16),
        (KeyType::CHACHA20, _) => alg == Algorithm::CHACHA20_POLY1305,
        _ => false,
    };
    if offered { MbedAead::try_from(alg.0).ok() } else { None }
}

impl Aead for MbedKey {
    fn encrypt(&self, alg: Algorithm, nonce: &[u8], additional_data: &[u8], plaintext: &mut InOut<'_>) -> Result<()> {
        let Some(found) = find(self.key_type, alg) else {
            return self.native_aead(alg)?.encrypt(alg, nonce, additional_data, plaintext);
        };
        let (plaintext, output) = plaintext.separate();
        let output = output.get_mut(..plaintext.len() + alg.aead_tag_length()).ok_or(Error::BufferTooSmall)?;
        self.with(found.into(), |key| encrypt(key, found, nonce, additional_data, plaintext, output)).map(drop)
    }

    fn decrypt(&self, alg: Algorithm, nonce: &[u8], additional_data: &[u8], ciphertext: &mut InOut<'_>) -> Result<()> {
        let Some(found) = find(self.key_type, alg) else {
            return self.native_aead(alg)?.decrypt(alg, nonce, additional_data, ciphertext);
        };
        let (ciphertext, output) = ciphertext.separate();
        let length = ciphertext.len().checked_sub(alg.aead_tag_length()).ok_or(Error::InvalidSignature)?;
        let output = output.get_mut(..length).ok_or(Error::BufferTooSmall)?;
        self.with(found.into(), |key| decrypt(key, found, nonce, additional_data, ciphertext, output)).map(drop)
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
