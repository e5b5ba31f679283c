//! SLH-DSA (PSA 1.5, section 10.9.4; FIPS 205).

use super::framing::{before_hash, before_message};
use super::{failed, not_private, unsupported, verdict};
use crate::core::primitives::Signature;
use crate::engines::native::asymmetric_keys::copy;
use crate::engines::native::random;
use crate::engines::native::slh_dsa_keys::SlhDsaKey;
use crate::psa::{Algorithm, Result, der};

/// True where keys of SLH-DSA sign and verify hashes with the algorithm.
pub(in crate::engines::native) fn signs_hash(alg: Algorithm) -> bool {
    alg.is_hash_slh_dsa() && der::prehash_name(alg.get_hash()).is_some()
}

/// True where they sign and verify messages with it themselves.
pub(in crate::engines::native) fn signs_message(alg: Algorithm) -> bool {
    alg.is_slh_dsa()
}

impl Signature for SlhDsaKey {
    fn sign_hash(&self, alg: Algorithm, hash: &[u8], context: &[u8], signature: &mut [u8]) -> Result<usize> {
        self.sign(alg.is_deterministic_hash_slh_dsa(), &[&frame_of_hash(alg, hash, context)?, hash], signature)
    }

    fn verify_hash(&self, alg: Algorithm, hash: &[u8], context: &[u8], signature: &[u8]) -> Result<()> {
        self.verify(&[&frame_of_hash(alg, hash, context)?, hash], signature)
    }

    fn sign_message(&self, alg: Algorithm, message: &[u8], context: &[u8], signature: &mut [u8]) -> Result<usize> {
        let deterministic = alg == Algorithm::DETERMINISTIC_SLH_DSA;
        self.sign(deterministic, &[&frame_of_message(alg, context)?, message], signature)
    }

    fn verify_message(&self, alg: Algorithm, message: &[u8], context: &[u8], signature: &[u8]) -> Result<()> {
        self.verify(&[&frame_of_message(alg, context)?, message], signature)
    }
}

fn frame_of_hash(alg: Algorithm, hash: &[u8], context: &[u8]) -> Result<Vec<u8>> {
    if alg.is_hash_slh_dsa() { before_hash(alg.get_hash(), hash, context) } else { unsupported(alg) }
}

fn frame_of_message(alg: Algorithm, context: &[u8]) -> Result<Vec<u8>> {
    if alg.is_slh_dsa() { before_message(context) } else { unsupported(alg) }
}

impl SlhDsaKey {
    fn sign(&self, deterministically: bool, message: &[&[u8]], signature: &mut [u8]) -> Result<usize> {
        let Some(pair) = &self.pair else { return not_private() };
        let randomness = if deterministically { None } else { Some(random::secret(self.set.n())?) };
        match self.set.sign(pair, message, randomness.as_ref().map(|bytes| &bytes[..])) {
            Some(made) => copy(&made, signature),
            None => failed(),
        }
    }

    fn verify(&self, message: &[&[u8]], signature: &[u8]) -> Result<()> {
        verdict(self.set.verify(&self.public_key, message, signature))
    }
}
