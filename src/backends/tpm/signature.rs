//! Signatures (PSA 1.5, section 10.9): one command of the TPM each. Verifying needs no secret and is left to the engine.

use super::commands::{Capabilities, Signature as TpmSignature};
use super::identifiers::{AlgorithmId, ECDSA, RSASSA};
use super::keys::{TpmKey, left_padded};
use super::public::{Kinded, Scheme};
use super::templates::Kind;
use crate::core::compose;
use crate::core::primitives::Signature;
use crate::engines::native::Native;
use crate::engines::{Engine, Function};
use crate::fail;
use crate::memory::Secret;
use crate::psa::sizes::bits_to_bytes;
use crate::psa::{Algorithm, Error, KeyType, Result, der};

/// True where the code signs with this algorithm; wildcards of a policy included.
pub(super) fn offers(kind: Kind, alg: Algorithm) -> bool {
    let hash = alg.get_hash();
    match kind {
        Kind::Ecc(_) => alg.is_randomized_ecdsa(),
        Kind::Rsa(_) if alg.is_wildcard() => alg.is_rsa_pkcs1v15_sign() || alg.is_rsa_pss(),
        Kind::Rsa(_) if alg.is_rsa_pkcs1v15_sign() => {
            alg == Algorithm::RSA_PKCS1V15_SIGN_RAW || der::has_digest_info(hash)
        }
        Kind::Hmac | Kind::Derive | Kind::Aes(_) => false,
        Kind::Rsa(_) => alg.is_rsa_pss() && Native.supports(Function::Hash, KeyType::NONE, 0, hash),
    }
}

/// True where RSA signatures with this algorithm need the private-key operation alone: the TPM lacks the hash, or
/// chooses the salt's length for itself (TPM 2.0 Library, part 1, annex B.7).
pub(super) fn needs_raw_rsa(alg: Algorithm, capabilities: &Capabilities) -> bool {
    !(alg.is_rsa_pkcs1v15_sign() && capabilities.hash(alg.get_hash()).is_some())
}

/// How the TPM makes an RSA signature.
enum RsaWork {
    /// It encodes the hash itself.
    Sign(Scheme),
    /// The message is encoded here, and the TPM does the private-key operation alone.
    Raw(Vec<u8>),
}

impl TpmKey {
    fn sign_ecdsa(&self, hash: &[u8], signature: &mut [u8]) -> Result<usize> {
        let length = bits_to_bytes(self.bits());
        let output = signature.get_mut(..2 * length).ok_or(Error::BufferTooSmall)?;
        let made = self.with_loaded(
            |capabilities| ecdsa_digest(hash, self.bits(), capabilities, self.ecdsa_hash()),
            |tpm, key, (digest, hash)| tpm.sign(key, digest, &Scheme::with_hash(ECDSA, *hash)),
        )?;
        let TpmSignature::Ecdsa(r, s) = made else { return unexpected() };
        let parts = [r, s].map(|part| left_padded(&part, length));
        let [Some(r), Some(s)] = parts else { return unexpected() };
        output.copy_from_slice(&[r, s].concat());
        Ok(output.len())
    }

    /// The only hash with which the TPM lets this key sign, if it was made so; ours are not.
    fn ecdsa_hash(&self) -> Option<AlgorithmId> {
        match &self.public_area().kinded {
            Kinded::Ecc { scheme, .. } => scheme.hash(),
            _ => None,
        }
    }

    fn sign_rsa(&self, alg: Algorithm, hash: &[u8], signature: &mut [u8]) -> Result<usize> {
        let output = signature.get_mut(..bits_to_bytes(self.bits())).ok_or(Error::BufferTooSmall)?;
        let made = self.with_loaded(
            |capabilities| self.rsa_work(alg, hash, capabilities),
            |tpm, key, work| match work {
                RsaWork::Sign(scheme) => tpm.sign(key, hash, scheme).map(rsa_signature),
                RsaWork::Raw(encoded) => tpm.rsa_private(key, encoded).map(Some),
            },
        )?;
        let made = made.and_then(|made| left_padded(&made, output.len()));
        let Some(made) = made else { return unexpected() };
        output.copy_from_slice(&made);
        Ok(output.len())
    }

    /// Which command makes the signature.
    fn rsa_work(&self, alg: Algorithm, hash: &[u8], capabilities: &Capabilities) -> Result<RsaWork> {
        if !needs_raw_rsa(alg, capabilities) {
            let hash = capabilities.hash(alg.get_hash()).ok_or(Error::NotSupported)?;
            return Ok(RsaWork::Sign(Scheme::with_hash(RSASSA, hash)));
        }
        if !self.may_decrypt() {
            return fail!(
                NotSupported,
                "the TPM does not sign with algorithm {alg}, and this key was not made for encoding outside of it"
            );
        }
        let encoded = if alg.is_rsa_pss() {
            compose::pss(alg.get_hash(), hash, self.bits())?
        } else {
            compose::pkcs1v15(alg.get_hash(), hash, self.bits())?
        };
        Ok(RsaWork::Raw(encoded))
    }
}

impl Signature for TpmKey {
    fn sign_hash(&self, alg: Algorithm, hash: &[u8], _context: &[u8], signature: &mut [u8]) -> Result<usize> {
        if !offers(self.kind, alg) || alg.is_wildcard() {
            return fail!(NotSupported, "a TPM does not sign with algorithm {alg} and this key type");
        }
        match self.kind {
            Kind::Ecc(_) => self.sign_ecdsa(hash, signature),
            Kind::Rsa(_) => self.sign_rsa(alg, hash, signature),
            Kind::Hmac | Kind::Derive | Kind::Aes(_) => Err(Error::NotSupported),
        }
    }

    fn verify_hash(&self, alg: Algorithm, hash: &[u8], context: &[u8], signature: &[u8]) -> Result<()> {
        let public = self.public()?;
        public.signature().ok_or(Error::NotSupported)?.verify_hash(alg, hash, context, signature)
    }

    fn sign_message(&self, alg: Algorithm, _message: &[u8], _context: &[u8], _signature: &mut [u8]) -> Result<usize> {
        fail!(NotSupported, "a TPM signs hashes only, which algorithm {alg} does not use")
    }

    fn verify_message(&self, alg: Algorithm, message: &[u8], context: &[u8], signature: &[u8]) -> Result<()> {
        let public = self.public()?;
        public.signature().ok_or(Error::NotSupported)?.verify_message(alg, message, context, signature)
    }
}

/// A digest as the TPM takes it, with the hash that has its length.
///
/// ECDSA (FIPS 186-5, section 6.4.1) uses the leftmost bits of the digest, as many as the curve's order has, as a number.
/// So a digest that is too long may be cut, one that is too short filled up with zeros on its left; and where the TPM's
/// hash is longer than the order, zeros on the right are cut off again. `only` is the hash of a key that is for one.
fn ecdsa_digest(
    hash: &[u8],
    bits: usize,
    capabilities: &Capabilities,
    only: Option<AlgorithmId>,
) -> Result<(Vec<u8>, AlgorithmId)> {
    let order = bits_to_bytes(bits);
    let cut = hash.get(..order).unwrap_or(hash);
    let fits = |(length, hash): &(usize, AlgorithmId)| *length >= cut.len() && only.is_none_or(|only| only == *hash);
    let Some((length, scheme)) = capabilities.lengths().find(fits) else {
        return fail!(NotSupported, "the TPM, or this key, has no hash of {} bytes or more", cut.len());
    };
    let mut digest = left_padded(cut, length.min(order)).unwrap_or_default();
    digest.resize(length, 0);
    Ok((digest, scheme))
}

fn rsa_signature(signature: TpmSignature) -> Option<Secret> {
    match signature {
        TpmSignature::Rsa(made) => Some(made.into()),
        TpmSignature::Ecdsa(..) => None,
    }
}

fn unexpected<T>() -> Result<T> {
    fail!(CommunicationFailure, "the TPM answered with a signature of another kind than it was asked for")
}

#[cfg(test)]
mod tests {
    use super::super::identifiers::{SHA_256, SHA_384};
    use super::*;

    #[test]
    fn digests_of_any_length_become_digests_of_the_tpm() {
        let capabilities = Capabilities { algorithms: vec![0x000b, 0x000c], ..Capabilities::default() };
        let digest = |length, bits| ecdsa_digest(&vec![0xff; length], bits, &capabilities, None).unwrap();
        // SHA-1 and SHA-224 on P-256: zeros before.
        assert_eq!(digest(20, 256).0, [vec![0; 12], vec![0xff; 20]].concat());
        assert_eq!(digest(28, 256), ([vec![0; 4], vec![0xff; 28]].concat(), SHA_256));
        // SHA-512 on P-256 and P-384: cut.
        assert_eq!(digest(64, 256), (vec![0xff; 32], SHA_256));
        assert_eq!(digest(64, 384), (vec![0xff; 48], SHA_384));
        // SHA-256 on P-224: the TPM cuts what was added behind.
        assert_eq!(digest(32, 224).0, [vec![0xff; 28], vec![0; 4]].concat());
        assert_eq!(digest(20, 224).0, [vec![0; 8], vec![0xff; 20], vec![0; 4]].concat());
        // Nothing of 64 bytes here.
        assert_eq!(ecdsa_digest(&[0xff; 64], 521, &capabilities, None).err(), Some(Error::NotSupported));
        // A key that is for one hash.
        let only = |length, bits, hash| ecdsa_digest(&vec![0xff; length], bits, &capabilities, Some(hash));
        assert_eq!(only(64, 256, SHA_384), Ok(([vec![0xff; 32], vec![0; 16]].concat(), SHA_384)));
        assert_eq!(only(20, 384, SHA_256), Ok(([vec![0; 12], vec![0xff; 20]].concat(), SHA_256)));
        assert_eq!(only(48, 384, SHA_256), Err(Error::NotSupported));
    }
}
