//! ML-DSA (PSA 1.5, section 10.9.5; FIPS 204).
//!
//! Everything that is signed becomes the representative mu here; aws-lc signs it with random numbers, and RustCrypto
//! without, which aws-lc does not offer.

use ml_dsa::{MlDsa44, MlDsa65, MlDsa87, MlDsaParams, SigningKey};

use super::framing::{before_hash, before_message};
use super::{failed, not_private, unsupported, verdict};
use crate::core::primitives::{Hash, HashOperation, MessageDigest, Signature};
use crate::engines::native::asymmetric_keys::fixed;
use crate::engines::native::ffi::evp_pkey::MlDsa;
use crate::engines::native::hash::Hashes;
use crate::engines::native::ml_dsa_keys::{MU, MlDsaKey, SEED};
use crate::psa::{Algorithm, Error, Result, der};

/// True where keys of ML-DSA sign and verify hashes with the algorithm.
pub(in crate::engines::native) fn signs_hash(alg: Algorithm) -> bool {
    alg.is_hash_ml_dsa() && der::prehash_name(alg.get_hash()).is_some()
}

/// True where they sign and verify messages with it themselves.
pub(in crate::engines::native) fn signs_message(alg: Algorithm) -> bool {
    alg.is_ml_dsa()
}

impl Signature for MlDsaKey {
    fn sign_hash(&self, alg: Algorithm, hash: &[u8], context: &[u8], signature: &mut [u8]) -> Result<usize> {
        self.sign(is_deterministic(alg), &self.of_hash(alg, hash, context)?, signature)
    }

    fn verify_hash(&self, alg: Algorithm, hash: &[u8], context: &[u8], signature: &[u8]) -> Result<()> {
        verdict(self.key.verify(&self.of_hash(alg, hash, context)?, signature))
    }

    fn sign_message(&self, alg: Algorithm, message: &[u8], context: &[u8], signature: &mut [u8]) -> Result<usize> {
        self.sign(is_deterministic(alg), &self.of_message(alg, message, context)?, signature)
    }

    fn verify_message(&self, alg: Algorithm, message: &[u8], context: &[u8], signature: &[u8]) -> Result<()> {
        verdict(self.key.verify(&self.of_message(alg, message, context)?, signature))
    }

    fn begin_message(&self, alg: Algorithm, context: &[u8], _: Option<&[u8]>) -> Result<Option<MessageDigest>> {
        if !alg.is_ml_dsa() {
            return unsupported(alg);
        }
        let operation = self.begin_representative(&before_message(context)?)?;
        Ok(Some(MessageDigest { operation, length: MU }))
    }

    fn sign_digest(&self, alg: Algorithm, digest: &[u8], signature: &mut [u8]) -> Result<usize> {
        self.sign(is_deterministic(alg), fixed(digest)?, signature)
    }

    fn verify_digest(&self, _alg: Algorithm, digest: &[u8], signature: &[u8]) -> Result<()> {
        verdict(self.key.verify(fixed(digest)?, signature))
    }
}

fn is_deterministic(alg: Algorithm) -> bool {
    alg == Algorithm::DETERMINISTIC_ML_DSA || alg.is_deterministic_hash_ml_dsa()
}

impl MlDsaKey {
    /// mu of a hash.
    fn of_hash(&self, alg: Algorithm, hash: &[u8], context: &[u8]) -> Result<[u8; MU]> {
        if !alg.is_hash_ml_dsa() {
            return unsupported(alg);
        }
        self.representative(&before_hash(alg.get_hash(), hash, context)?, hash)
    }

    /// mu of a message.
    fn of_message(&self, alg: Algorithm, message: &[u8], context: &[u8]) -> Result<[u8; MU]> {
        if !alg.is_ml_dsa() {
            return unsupported(alg);
        }
        self.representative(&before_message(context)?, message)
    }

    /// FIPS 204, algorithm 7, line 6.
    fn representative(&self, frame: &[u8], message: &[u8]) -> Result<[u8; MU]> {
        let mut hash = self.begin_representative(frame)?;
        hash.update(message)?;
        let mut mu = [0; MU];
        hash.finish(&mut mu)?;
        Ok(mu)
    }

    fn begin_representative(&self, frame: &[u8]) -> Result<Box<dyn HashOperation>> {
        let mut hash = Hashes.setup(Algorithm::SHAKE256_512)?;
        hash.update(&self.public_hash)?;
        hash.update(frame)?;
        Ok(hash)
    }

    fn sign(&self, deterministically: bool, mu: &[u8; MU], signature: &mut [u8]) -> Result<usize> {
        let length = self.signature_length();
        let signature = signature.get_mut(..length).ok_or(Error::BufferTooSmall)?;
        let Some(seed) = &self.seed else { return not_private() };
        let signed = if deterministically {
            sign_deterministically(self.parameters, seed, mu, signature)
        } else {
            self.key.sign(mu, signature)
        };
        if signed { Ok(length) } else { failed() }
    }
}

fn sign_deterministically(parameters: MlDsa, seed: &[u8; SEED], mu: &[u8; MU], signature: &mut [u8]) -> bool {
    match parameters {
        MlDsa::MlDsa44 => sign_with::<MlDsa44>(seed, mu, signature),
        MlDsa::MlDsa65 => sign_with::<MlDsa65>(seed, mu, signature),
        MlDsa::MlDsa87 => sign_with::<MlDsa87>(seed, mu, signature),
    }
}

fn sign_with<P: MlDsaParams>(seed: &[u8; SEED], mu: &[u8; MU], signature: &mut [u8]) -> bool {
    let key = SigningKey::<P>::from_seed(&(*seed).into());
    let made = key.expanded_key().sign_mu_deterministic(&(*mu).into()).encode();
    if made.len() != signature.len() {
        return false;
    }
    signature.copy_from_slice(&made);
    true
}
