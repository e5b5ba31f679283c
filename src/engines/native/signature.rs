//! Asymmetric signatures (PSA 1.5, section 10.9): RSA and ECDSA here, the others in a file for each.

mod edwards;
mod framing;
mod hash_based;
mod ml_dsa;
mod slh_dsa;

use super::asymmetric_keys::{Kind, not_private, unsupported};
use super::curves::Curve;
use super::ecc_keys::{self, EccKey};
use super::ffi::digest::Digest;
use super::ffi::ec_key::EcKey;
use super::rsa_keys::RsaKey;
use super::{deterministic_nonce, hash};
use crate::core::primitives::Signature;
use crate::fail;
use crate::psa::{Algorithm, Error, Result, der, sizes};

/// True where keys of this kind sign (if there is a private part) and verify hashes with the algorithm.
pub(super) fn signs_hash(kind: Kind, alg: Algorithm) -> bool {
    match kind {
        Kind::Rsa(_) => RsaScheme::of(alg).is_some(),
        Kind::Weierstrass(_) => is_ecdsa(alg),
        Kind::Edwards => alg == Algorithm::ED25519PH,
        Kind::Edwards448 => alg == Algorithm::ED448PH,
        Kind::MlDsa(_) => ml_dsa::signs_hash(alg),
        Kind::SlhDsa(_) => slh_dsa::signs_hash(alg),
        Kind::Montgomery | Kind::Montgomery448 | Kind::Dh(_) | Kind::MlKem(_) | Kind::HashBased(_) => false,
    }
}

/// True where keys of this kind sign (if there is a private part) and verify messages with the algorithm; `core` hashes for
/// those that sign hashes.
pub(super) fn signs_message(kind: Kind, alg: Algorithm) -> bool {
    let itself = match kind {
        Kind::Edwards | Kind::Edwards448 => edwards::signs_message(alg),
        Kind::MlDsa(_) => ml_dsa::signs_message(alg),
        Kind::SlhDsa(_) => slh_dsa::signs_message(alg),
        Kind::HashBased(scheme) => scheme.algorithm() == alg,
        _ => false,
    };
    itself || alg.is_hash_and_sign() && signs_hash(kind, alg) && hash::offers(alg.get_hash())
}

impl Signature for RsaKey {
    fn sign_hash(&self, alg: Algorithm, hash: &[u8], context: &[u8], signature: &mut [u8]) -> Result<usize> {
        refuse_context(context)?;
        let length = self.modulus_length();
        let signature = signature.get_mut(..length).ok_or(Error::BufferTooSmall)?;
        let rsa = self.private()?;
        let signed = match self.encode(alg, hash)? {
            Encoded::Pkcs1(encoded) => rsa.sign_pkcs1(&encoded, signature),
            Encoded::Pss { digest, salt_length, .. } => rsa.sign_pss(digest, hash, salt_length, signature),
        };
        if signed { Ok(length) } else { failed() }
    }

    fn verify_hash(&self, alg: Algorithm, hash: &[u8], context: &[u8], signature: &[u8]) -> Result<()> {
        refuse_context(context)?;
        let verified = match self.encode(alg, hash)? {
            Encoded::Pkcs1(expected) => {
                let mut recovered = vec![0; self.modulus_length()];
                let length = self.rsa.recover_pkcs1(signature, &mut recovered);
                length.and_then(|length| recovered.get(..length)) == Some(&expected[..])
            }
            Encoded::Pss { digest, salt_length, any_salt } => {
                self.rsa.verify_pss(digest, hash, (!any_salt).then_some(salt_length), signature)
            }
        };
        verdict(verified)
    }

    fn sign_message(&self, alg: Algorithm, _message: &[u8], _context: &[u8], _signature: &mut [u8]) -> Result<usize> {
        unsupported(alg)
    }

    fn verify_message(&self, alg: Algorithm, _message: &[u8], _context: &[u8], _signature: &[u8]) -> Result<()> {
        unsupported(alg)
    }
}

/// The signature schemes of RSA keys; a hash is one that aws-lc has.
enum RsaScheme {
    Pkcs1(Algorithm, Digest),
    Pkcs1Raw,
    Pss { digest: Digest, any_salt: bool },
}

impl RsaScheme {
    fn of(alg: Algorithm) -> Option<Self> {
        if alg == Algorithm::RSA_PKCS1V15_SIGN_RAW {
            return Some(Self::Pkcs1Raw);
        }
        let algorithm = alg.get_hash();
        let digest = hash::find(algorithm)?;
        if alg.is_rsa_pkcs1v15_sign() {
            Some(Self::Pkcs1(algorithm, digest))
        } else if alg.is_rsa_pss() {
            Some(Self::Pss { digest, any_salt: alg.is_rsa_pss_any_salt() })
        } else {
            None
        }
    }
}

/// A hash on its way to the RSA operation.
enum Encoded {
    /// What PKCS #1 v1.5 pads.
    Pkcs1(Vec<u8>),
    /// The parameters of PSS.
    Pss { digest: Digest, salt_length: usize, any_salt: bool },
}

/// What PSS adds to hash and salt, in bytes (RFC 8017, section 9.1.1).
const PSS_OVERHEAD: usize = 2;

impl RsaKey {
    fn encode(&self, alg: Algorithm, hash: &[u8]) -> Result<Encoded> {
        match RsaScheme::of(alg) {
            Some(RsaScheme::Pkcs1(algorithm, digest)) => {
                check_hash_length(digest.length(), hash)?;
                der::digest_info(algorithm, hash).map(Encoded::Pkcs1).map_or_else(|| unsupported(alg), Ok)
            }
            Some(RsaScheme::Pkcs1Raw) if hash.len() + sizes::RSA_PKCS1V15_PADDING <= self.modulus_length() => {
                Ok(Encoded::Pkcs1(hash.to_vec()))
            }
            Some(RsaScheme::Pkcs1Raw) => fail!(InvalidArgument, "{} bytes do not fit into this key", hash.len()),
            Some(RsaScheme::Pss { digest, any_salt }) => {
                check_hash_length(digest.length(), hash)?;
                Ok(Encoded::Pss { digest, salt_length: self.salt_length(digest.length()), any_salt })
            }
            None => unsupported(alg),
        }
    }

    /// As long as the hash, or the longest that fits (PSA 1.5, section 10.9.1). The modulus is a whole number of
    /// bytes, so that PSS has all of its length.
    fn salt_length(&self, hash_length: usize) -> usize {
        hash_length.min(self.modulus_length().saturating_sub(hash_length + PSS_OVERHEAD))
    }
}

impl Signature for EccKey {
    fn sign_hash(&self, alg: Algorithm, hash: &[u8], context: &[u8], signature: &mut [u8]) -> Result<usize> {
        refuse_context(context)?;
        if !is_ecdsa(alg) {
            return unsupported(alg);
        }
        let key = self.private()?;
        let length = 2 * self.curve.scalar_length();
        let signature = signature.get_mut(..length).ok_or(Error::BufferTooSmall)?;
        let signed = if alg.is_deterministic_ecdsa() {
            sign_deterministically(key, self.curve, alg.get_hash(), hash, signature)?
        } else {
            key.sign(hash, signature)
        };
        if signed { Ok(length) } else { failed() }
    }

    fn verify_hash(&self, alg: Algorithm, hash: &[u8], context: &[u8], signature: &[u8]) -> Result<()> {
        refuse_context(context)?;
        if !is_ecdsa(alg) {
            return unsupported(alg);
        }
        verdict(signature.len() == 2 * self.curve.scalar_length() && self.public()?.verify(hash, signature))
    }

    fn sign_message(&self, alg: Algorithm, _message: &[u8], _context: &[u8], _signature: &mut [u8]) -> Result<usize> {
        unsupported(alg)
    }

    fn verify_message(&self, alg: Algorithm, _message: &[u8], _context: &[u8], _signature: &[u8]) -> Result<()> {
        unsupported(alg)
    }
}

fn sign_deterministically(
    key: &EcKey,
    curve: &'static Curve,
    algorithm: Algorithm,
    hash: &[u8],
    signature: &mut [u8],
) -> Result<bool> {
    if hash.is_empty() {
        return fail!(InvalidArgument, "an empty hash is not signed deterministically");
    }
    let order = curve.order()?;
    let scalar = ecc_keys::scalar(key, curve)?;
    match deterministic_nonce::nonce(algorithm, &scalar, hash, &order) {
        Some(nonce) => Ok(key.sign_with_nonce(hash, &nonce, signature)),
        None => failed(),
    }
}

/// Randomized ECDSA takes whatever the caller hashed with; deterministic ECDSA computes with the hash algorithm.
fn is_ecdsa(alg: Algorithm) -> bool {
    let known_hash = alg == Algorithm::ECDSA_ANY || sizes::hash_length(alg) != 0;
    alg.is_randomized_ecdsa() && known_hash
        || alg.is_deterministic_ecdsa() && deterministic_nonce::offers(alg.get_hash())
}

fn refuse_context(context: &[u8]) -> Result<()> {
    if context.is_empty() { Ok(()) } else { fail!(InvalidArgument, "the algorithm takes no context") }
}

fn check_hash_length(expected: usize, hash: &[u8]) -> Result<()> {
    if hash.len() == expected {
        Ok(())
    } else {
        fail!(InvalidArgument, "the hash has {} bytes, the algorithm's have {expected}", hash.len())
    }
}

fn verdict(verified: bool) -> Result<()> {
    if verified { Ok(()) } else { Err(Error::InvalidSignature) }
}

fn failed<T>() -> Result<T> {
    fail!(GenericError, "the engine could not sign with this key")
}
