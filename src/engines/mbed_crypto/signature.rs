//! Asymmetric signatures (PSA 1.5, section 10.9).

use psa_crypto::operations::asym_signature;
use psa_crypto::types::algorithm::{AsymmetricSignature, Hash as MbedHash, SignHash};

use super::hash;
use super::keys::{MbedKey, is_weierstrass};
use crate::core::primitives::Signature;
use crate::psa::{Algorithm, Error, KeyType, Result, sizes};

/// The crate's name of a signature algorithm for hashes, `None` where Mbed TLS lacks it with keys of this type. Of PSS,
/// the crate names the standard length of the salt only; its own conversion takes deterministic for randomized ECDSA.
pub(super) fn find(key_type: KeyType, alg: Algorithm) -> Option<AsymmetricSignature> {
    let computed_hash = || hash::find(alg.get_hash()).map(SignHash::Specific);
    // Randomized ECDSA takes whatever the caller hashed with.
    let named_hash = || MbedHash::try_from(alg.get_hash().0).ok().map(SignHash::Specific);
    Some(match alg {
        Algorithm::RSA_PKCS1V15_SIGN_RAW if key_type.is_rsa() => AsymmetricSignature::RsaPkcs1v15SignRaw,
        _ if key_type.is_rsa() && alg.is_rsa_pkcs1v15_sign() => {
            AsymmetricSignature::RsaPkcs1v15Sign { hash_alg: computed_hash()? }
        }
        _ if key_type.is_rsa() && alg.is_rsa_pss_standard_salt() => {
            AsymmetricSignature::RsaPss { hash_alg: computed_hash()? }
        }
        Algorithm::ECDSA_ANY if is_weierstrass(key_type) => AsymmetricSignature::EcdsaAny,
        _ if is_weierstrass(key_type) && alg.is_randomized_ecdsa() => {
            AsymmetricSignature::Ecdsa { hash_alg: named_hash()? }
        }
        _ if is_weierstrass(key_type) && alg.is_deterministic_ecdsa() => {
            AsymmetricSignature::DeterministicEcdsa { hash_alg: computed_hash()? }
        }
        _ => return None,
    })
}

/// True where `core` signs messages by hashing and signing, both in Mbed TLS.
pub(super) fn signs_message(key_type: KeyType, alg: Algorithm) -> bool {
    alg.is_hash_and_sign() && hash::find(alg.get_hash()).is_some() && find(key_type, alg).is_some()
}

impl Signature for MbedKey {
    fn sign_hash(&self, alg: Algorithm, hash: &[u8], context: &[u8], signature: &mut [u8]) -> Result<usize> {
        let Some(found) = self.find_without_context(alg, context) else {
            return self.native_signature(alg)?.sign_hash(alg, hash, context, signature);
        };
        // Mbed TLS overwrites what is behind the signature.
        let length = sizes::sign_output_size(self.key_type, self.bits, alg);
        let signature = signature.get_mut(..length).ok_or(Error::BufferTooSmall)?;
        self.with(found.into(), |key| asym_signature::sign_hash(key, found, hash, signature))
    }

    fn verify_hash(&self, alg: Algorithm, hash: &[u8], context: &[u8], signature: &[u8]) -> Result<()> {
        match self.find_without_context(alg, context) {
            Some(found) => self.with(found.into(), |key| asym_signature::verify_hash(key, found, hash, signature)),
            None => self.native_signature(alg)?.verify_hash(alg, hash, context, signature),
        }
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
    fn find_without_context(&self, alg: Algorithm, context: &[u8]) -> Option<AsymmetricSignature> {
        if context.is_empty() { find(self.key_type, alg) } else { None }
    }

    fn native_signature(&self, alg: Algorithm) -> Result<&dyn Signature> {
        self.native(alg)?.signature().map_or_else(|| self.unsupported(alg), Ok)
    }
}
