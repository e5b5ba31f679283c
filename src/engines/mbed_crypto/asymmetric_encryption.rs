//! Asymmetric encryption (PSA 1.5, section 10.10).

use super::hash;
use super::keys::MbedKey;
use crate::core::primitives::{AsymmetricEncryption, Direction};
use crate::memory::Secret;
use crate::psa::{Algorithm, Error, KeyType, Result, sizes};

/// True where Mbed TLS has the algorithm with keys of this type and size.
pub(super) fn offers(key_type: KeyType, bits: usize, alg: Algorithm) -> bool {
    match alg {
        _ if !key_type.is_rsa() => false,
        Algorithm::RSA_PKCS1V15_CRYPT => true,
        // Two hashes and two bytes have to fit (RFC 8017, section 7.1.1).
        _ if alg.is_rsa_oaep() => {
            hash::offers(alg.get_hash()) && 2 * sizes::hash_length(alg.get_hash()) + 2 <= sizes::bits_to_bytes(bits)
        }
        _ => false,
    }
}

impl AsymmetricEncryption for MbedKey {
    fn encrypt(&self, alg: Algorithm, plaintext: &[u8], label: &[u8], output: &mut [u8]) -> Result<usize> {
        if !offers(self.key_type, self.bits, alg) {
            return self.native_encryption(alg)?.encrypt(alg, plaintext, label, output);
        }
        let output = output.get_mut(..sizes::bits_to_bytes(self.bits)).ok_or(Error::BufferTooSmall)?;
        self.with(alg, |key| key.transform(Direction::Encrypt, plaintext, label, output))
    }

    fn decrypt(&self, alg: Algorithm, ciphertext: &[u8], label: &[u8], output: &mut [u8]) -> Result<usize> {
        if !offers(self.key_type, self.bits, alg) {
            return self.native_encryption(alg)?.decrypt(alg, ciphertext, label, output);
        }
        // All of the plaintext fits, so that its length changes nothing before the padding was judged.
        let mut plaintext = Secret::new(vec![0; sizes::bits_to_bytes(self.bits)]);
        let length = self.with(alg, |key| key.transform(Direction::Decrypt, ciphertext, label, &mut plaintext))?;
        let output = output.get_mut(..length).ok_or(Error::BufferTooSmall)?;
        output.copy_from_slice(plaintext.get(..length).ok_or(Error::GenericError)?);
        Ok(length)
    }
}

impl MbedKey {
    fn native_encryption(&self, alg: Algorithm) -> Result<&dyn AsymmetricEncryption> {
        self.native(alg)?.asymmetric_encryption().map_or_else(|| self.unsupported(alg), Ok)
    }
}
