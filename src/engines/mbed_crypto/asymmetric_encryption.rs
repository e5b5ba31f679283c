//! Asymmetric encryption (PSA 1.5, section 10.10).

use psa_crypto::operations::asym_encryption;
use psa_crypto::types::algorithm::AsymmetricEncryption as MbedEncryption;

use super::hash;
use super::keys::MbedKey;
use crate::core::primitives::AsymmetricEncryption;
use crate::memory::Secret;
use crate::psa::{Algorithm, Error, KeyType, Result, sizes};

/// The crate's name of an encryption algorithm, `None` where Mbed TLS lacks it with keys of this type and size.
pub(super) fn find(key_type: KeyType, bits: usize, alg: Algorithm) -> Option<MbedEncryption> {
    match alg {
        _ if !key_type.is_rsa() => None,
        Algorithm::RSA_PKCS1V15_CRYPT => Some(MbedEncryption::RsaPkcs1v15Crypt),
        _ if alg.is_rsa_oaep() => {
            let hash_alg = hash::find(alg.get_hash())?;
            // Two hashes and two bytes have to fit (RFC 8017, section 7.1.1).
            let fits = 2 * sizes::hash_length(alg.get_hash()) + 2 <= sizes::bits_to_bytes(bits);
            fits.then_some(MbedEncryption::RsaOaep { hash_alg })
        }
        _ => None,
    }
}

impl AsymmetricEncryption for MbedKey {
    fn encrypt(&self, alg: Algorithm, plaintext: &[u8], label: &[u8], output: &mut [u8]) -> Result<usize> {
        let Some(found) = find(self.key_type, self.bits, alg) else {
            return self.native_encryption(alg)?.encrypt(alg, plaintext, label, output);
        };
        let output = output.get_mut(..sizes::bits_to_bytes(self.bits)).ok_or(Error::BufferTooSmall)?;
        self.with(found.into(), |key| asym_encryption::encrypt(key, found, plaintext, salt(label), output))
    }

    fn decrypt(&self, alg: Algorithm, ciphertext: &[u8], label: &[u8], output: &mut [u8]) -> Result<usize> {
        let Some(found) = find(self.key_type, self.bits, alg) else {
            return self.native_encryption(alg)?.decrypt(alg, ciphertext, label, output);
        };
        // All of the plaintext fits, so that its length changes nothing before the padding was judged.
        let mut plaintext = Secret::new(vec![0; sizes::bits_to_bytes(self.bits)]);
        let length = self
            .with(found.into(), |key| asym_encryption::decrypt(key, found, ciphertext, salt(label), &mut plaintext))?;
        let output = output.get_mut(..length).ok_or(Error::BufferTooSmall)?;
        output.copy_from_slice(plaintext.get(..length).ok_or(Error::GenericError)?);
        Ok(length)
    }
}

/// The label as the crate wants it.
fn salt(label: &[u8]) -> Option<&[u8]> {
    (!label.is_empty()).then_some(label)
}

impl MbedKey {
    fn native_encryption(&self, alg: Algorithm) -> Result<&dyn AsymmetricEncryption> {
        self.native(alg)?.asymmetric_encryption().map_or_else(|| self.unsupported(alg), Ok)
    }
}
