//! Asymmetric signatures (PSA 1.5, section 10.9).

use super::hash;
use super::keys::{MbedKey, is_weierstrass};
use crate::core::primitives::Signature;
use crate::psa::{Algorithm, Error, KeyType, Result, sizes};

/// True where Mbed TLS has the algorithm, for hashes, with keys of this type. Randomized ECDSA takes whatever the caller
/// hashed with.
pub(super) fn offers(key_type: KeyType, alg: Algorithm) -> bool {
    let hashes = hash::offers(alg.get_hash());
    if key_type.is_rsa() {
        return alg == Algorithm::RSA_PKCS1V15_SIGN_RAW || hashes && (alg.is_rsa_pkcs1v15_sign() || alg.is_rsa_pss());
    }
    is_weierstrass(key_type)
        && (alg == Algorithm::ECDSA_ANY
            || alg.is_randomized_ecdsa() && !alg.is_wildcard()
            || alg.is_deterministic_ecdsa() && hashes)
}

/// True where `core` signs messages by hashing and signing, both in Mbed TLS.
pub(super) fn signs_message(key_type: KeyType, alg: Algorithm) -> bool {
    alg.is_hash_and_sign() && hash::offers(alg.get_hash()) && offers(key_type, alg)
}

impl Signature for MbedKey {
    fn sign_hash(&self, alg: Algorithm, hash: &[u8], context: &[u8], signature: &mut [u8]) -> Result<usize> {
        if !self.is_ours(alg, context) {
            return self.native_signature(alg)?.sign_hash(alg, hash, context, signature);
        }
        // Mbed TLS overwrites what is behind the signature.
        let length = sizes::sign_output_size(self.key_type, self.bits, alg);
        let signature = signature.get_mut(..length).ok_or(Error::BufferTooSmall)?;
        self.with(alg, |key| key.sign_hash(hash, signature))
    }

    fn verify_hash(&self, alg: Algorithm, hash: &[u8], context: &[u8], signature: &[u8]) -> Result<()> {
        if !self.is_ours(alg, context) {
            return self.native_signature(alg)?.verify_hash(alg, hash, context, signature);
        }
        let result = self.with(alg, |key| key.verify_hash(hash, signature));
        result.map_err(|error| if self.is_out_of_range(error, hash) { Error::InvalidSignature } else { error })
    }

    fn sign_message(&self, alg: Algorithm, message: &[u8], context: &[u8], signature: &mut [u8]) -> Result<usize> {
        self.native_signature(alg)?.sign_message(alg, message, context, signature)
    }

    fn verify_message(&self, alg: Algorithm, message: &[u8], context: &[u8], signature: &[u8]) -> Result<()> {
        self.native_signature(alg)?.verify_message(alg, message, context, signature)
    }
}

impl MbedKey {
    /// The native engine knows what to say to a context, which none of these algorithms takes.
    fn is_ours(&self, alg: Algorithm, context: &[u8]) -> bool {
        context.is_empty() && offers(self.key_type, alg)
    }

    /// Mbed TLS calls an RSA signature that is not below the modulus an invalid argument; it is a wrong signature like any
    /// other (RFC 8017, sections 8.1.2 and 8.2.2). A hash that is too long for the key stays what it was.
    fn is_out_of_range(&self, error: Error, hash: &[u8]) -> bool {
        let fits = hash.len() + sizes::RSA_PKCS1V15_PADDING <= sizes::bits_to_bytes(self.bits);
        error == Error::InvalidArgument && self.key_type.is_rsa() && fits
    }

    fn native_signature(&self, alg: Algorithm) -> Result<&dyn Signature> {
        self.native(alg)?.signature().map_or_else(|| self.unsupported(alg), Ok)
    }
}
