//! Decryption with RSA keys (PSA 1.5, section 10.10): one command, the private-key operation alone.
//!
//! The padding is taken off here: a TPM wants OAEP labels that end in a zero byte (TPM 2.0 Library, part 1, annex
//! B.4), which PSA does not, and one way for all schemes is one place to be constant in time. Encrypting needs no secret
//! and is left to the engine.

use super::keys::{TpmKey, left_padded};
use super::public::Kinded;
use super::templates::Kind;
use crate::core::primitives::AsymmetricEncryption;
use crate::core::unpadding;
use crate::engines::native::Native;
use crate::engines::{Engine, Function};
use crate::fail;
use crate::memory::Secret;
use crate::psa::sizes::bits_to_bytes;
use crate::psa::{Algorithm, Error, KeyType, Result};

/// True where the code decrypts with this algorithm.
pub(super) fn offers(kind: Kind, alg: Algorithm) -> bool {
    match kind {
        Kind::Rsa(bits) => {
            Native.supports(Function::AsymmetricEncryption, KeyType::RSA_KEY_PAIR, usize::from(bits), alg)
        }
        Kind::Ecc(_) | Kind::Hmac | Kind::Derive | Kind::Aes(_) => false,
    }
}

impl TpmKey {
    /// The private-key operation alone; `INVALID_PADDING` for a number that no padding gives.
    fn decrypt_raw(&self, ciphertext: &[u8]) -> Result<Secret> {
        let length = bits_to_bytes(self.bits());
        if ciphertext.len() != length {
            return fail!(InvalidArgument, "the ciphertext has {} bytes, not {length}", ciphertext.len());
        }
        if matches!(&self.public_area().kinded, Kinded::Rsa { modulus, .. } if ciphertext >= modulus.as_slice()) {
            return Err(Error::InvalidPadding);
        }
        let encoded = self.with_loaded(|_| Ok(()), |tpm, key, ()| tpm.rsa_private(key, ciphertext))?;
        match left_padded(&encoded, length) {
            Some(encoded) => Ok(encoded.into()),
            None => fail!(CommunicationFailure, "the TPM answered with more bytes than the key has"),
        }
    }
}

impl AsymmetricEncryption for TpmKey {
    fn encrypt(&self, alg: Algorithm, plaintext: &[u8], label: &[u8], output: &mut [u8]) -> Result<usize> {
        let public = self.public()?;
        public.asymmetric_encryption().ok_or(Error::NotSupported)?.encrypt(alg, plaintext, label, output)
    }

    fn decrypt(&self, alg: Algorithm, ciphertext: &[u8], label: &[u8], output: &mut [u8]) -> Result<usize> {
        if !offers(self.kind, alg) || !self.may_decrypt() {
            return fail!(NotSupported, "this key in the TPM does not decrypt with algorithm {alg}");
        }
        if !alg.is_rsa_oaep() && !label.is_empty() {
            return fail!(InvalidArgument, "RSAES-PKCS1-v1_5 has no label");
        }
        let encoded = self.decrypt_raw(ciphertext)?;
        let plaintext = match alg.is_rsa_oaep() {
            true => unpadding::oaep(alg.get_hash(), label, encoded)?,
            false => unpadding::pkcs1v15(&encoded)?,
        };
        output.get_mut(..plaintext.len()).ok_or(Error::BufferTooSmall)?.copy_from_slice(&plaintext);
        Ok(plaintext.len())
    }
}
