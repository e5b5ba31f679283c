//! EdDSA (PSA 1.5, section 10.9.3; RFC 8032).

use ed448_goldilocks::{PreHash, Signature as Ed448Signature};
use ed25519_dalek::hazmat::{ExpandedSecretKey, raw_sign, raw_verify};
use ed25519_dalek::{Signature as DalekSignature, VerifyingKey};
use sha2::digest::{FixedOutput, HashMarker, Output, OutputSizeUser, Update};
use sha2::{Digest, Sha512};
use zeroize::Zeroizing;

use super::{check_hash_length, failed, not_private, refuse_context, unsupported, verdict};
use crate::core::primitives::Signature;
use crate::engines::native::edwards_keys::EdwardsKey;
use crate::engines::native::edwards448_keys::{self, Edwards448Key, is_canonical};
use crate::engines::native::ffi::curve25519::{Ed25519, ed25519_verify};
use crate::fail;
use crate::psa::{Algorithm, Error, Result};

/// True where keys on either curve sign and verify messages with the algorithm themselves.
pub(in crate::engines::native) fn signs_message(alg: Algorithm) -> bool {
    matches!(alg, Algorithm::PURE_EDDSA | Algorithm::EDDSA_CTX)
}

/// The longest context of EdDSA in bytes (RFC 8032, section 5.1).
const LONGEST_CONTEXT: usize = 255;

fn check_context(context: &[u8]) -> Result<()> {
    if context.len() <= LONGEST_CONTEXT {
        return Ok(());
    }
    fail!(InvalidArgument, "a context has at most {LONGEST_CONTEXT} bytes")
}

impl Signature for EdwardsKey {
    fn sign_hash(&self, alg: Algorithm, hash: &[u8], context: &[u8], signature: &mut [u8]) -> Result<usize> {
        self.sign(prehashed(alg, hash, context)?, signature)
    }

    fn verify_hash(&self, alg: Algorithm, hash: &[u8], context: &[u8], signature: &[u8]) -> Result<()> {
        self.verify(prehashed(alg, hash, context)?, signature)
    }

    fn sign_message(&self, alg: Algorithm, message: &[u8], context: &[u8], signature: &mut [u8]) -> Result<usize> {
        match whole(alg, message, context)? {
            Some(input) => self.sign(input, signature),
            None => self.sign_with_empty_context(message, signature),
        }
    }

    fn verify_message(&self, alg: Algorithm, message: &[u8], context: &[u8], signature: &[u8]) -> Result<()> {
        match whole(alg, message, context)? {
            Some(input) => self.verify(input, signature),
            None => self.verify_with_empty_context(message, signature),
        }
    }
}

/// Length of an Ed25519 signature in bytes.
const ED25519_LENGTH: usize = 64;

impl EdwardsKey {
    fn sign(&self, input: Ed25519<'_>, signature: &mut [u8]) -> Result<usize> {
        let signature = signature.first_chunk_mut::<ED25519_LENGTH>().ok_or(Error::BufferTooSmall)?;
        let Some(private_key) = &self.private_key else { return not_private() };
        if private_key.sign(input, signature) { Ok(ED25519_LENGTH) } else { failed() }
    }

    fn verify(&self, input: Ed25519<'_>, signature: &[u8]) -> Result<()> {
        let signature = signature.try_into().map_err(|_| Error::InvalidSignature)?;
        verdict(ed25519_verify(&self.public_key, input, signature))
    }

    /// Ed25519ctx with an empty context, which aws-lc refuses.
    fn sign_with_empty_context(&self, message: &[u8], signature: &mut [u8]) -> Result<usize> {
        let signature = signature.first_chunk_mut::<ED25519_LENGTH>().ok_or(Error::BufferTooSmall)?;
        let Some(private_key) = &self.private_key else { return not_private() };
        let Ok(public_key) = VerifyingKey::from_bytes(&self.public_key) else { return failed() };
        let expanded = Zeroizing::new(<[u8; 64]>::from(Sha512::digest(private_key.seed())));
        let expanded = ExpandedSecretKey::from_bytes(&expanded);
        *signature = raw_sign::<EmptyContext>(&expanded, message, &public_key).to_bytes();
        Ok(ED25519_LENGTH)
    }

    fn verify_with_empty_context(&self, message: &[u8], signature: &[u8]) -> Result<()> {
        let signature = DalekSignature::from_slice(signature).map_err(|_| Error::InvalidSignature)?;
        let public_key = VerifyingKey::from_bytes(&self.public_key).map_err(|_| Error::InvalidSignature)?;
        verdict(raw_verify::<EmptyContext>(&public_key, message, &signature).is_ok())
    }
}

/// What aws-lc signs; `None` for Ed25519ctx with an empty context.
fn whole<'a>(alg: Algorithm, message: &'a [u8], context: &'a [u8]) -> Result<Option<Ed25519<'a>>> {
    match alg {
        Algorithm::PURE_EDDSA => refuse_context(context).map(|()| Some(Ed25519::Pure(message))),
        Algorithm::EDDSA_CTX => {
            check_context(context)?;
            Ok((!context.is_empty()).then_some(Ed25519::WithContext(message, context)))
        }
        _ => unsupported(alg),
    }
}

fn prehashed<'a>(alg: Algorithm, hash: &'a [u8], context: &'a [u8]) -> Result<Ed25519<'a>> {
    if alg != Algorithm::ED25519PH {
        return unsupported(alg);
    }
    check_context(context)?;
    match hash.try_into() {
        Ok(hash) => Ok(Ed25519::Prehashed(hash, context)),
        Err(_) => fail!(InvalidArgument, "Ed25519ph signs SHA-512 hashes of 64 bytes, not {}", hash.len()),
    }
}

/// SHA-512 behind `dom2(0, "")` (RFC 8032, section 5.1): with it as its hash, Ed25519 is Ed25519ctx with an empty context.
struct EmptyContext(Sha512);

impl Default for EmptyContext {
    fn default() -> Self {
        Self(Sha512::new_with_prefix(b"SigEd25519 no Ed25519 collisions\0\0"))
    }
}

impl HashMarker for EmptyContext {}

impl OutputSizeUser for EmptyContext {
    type OutputSize = <Sha512 as OutputSizeUser>::OutputSize;
}

impl Update for EmptyContext {
    fn update(&mut self, data: &[u8]) {
        Update::update(&mut self.0, data);
    }
}

impl FixedOutput for EmptyContext {
    fn finalize_into(self, output: &mut Output<Self>) {
        FixedOutput::finalize_into(self.0, output);
    }
}

impl Signature for Edwards448Key {
    fn sign_hash(&self, alg: Algorithm, hash: &[u8], context: &[u8], signature: &mut [u8]) -> Result<usize> {
        let hash = prehashed_448(alg, hash, context)?;
        let Some(private_key) = &self.private_key else { return not_private() };
        write_448(private_key.sign_prehashed(Some(context), hash).ok(), signature)
    }

    fn verify_hash(&self, alg: Algorithm, hash: &[u8], context: &[u8], signature: &[u8]) -> Result<()> {
        let hash = prehashed_448(alg, hash, context)?;
        let signature = parse_448(signature)?;
        verdict(self.public_key.verify_prehashed(&signature, Some(context), hash).is_ok())
    }

    fn sign_message(&self, alg: Algorithm, message: &[u8], context: &[u8], signature: &mut [u8]) -> Result<usize> {
        check_message_448(alg, context)?;
        let Some(private_key) = &self.private_key else { return not_private() };
        write_448(private_key.sign_ctx(context, message).ok(), signature)
    }

    fn verify_message(&self, alg: Algorithm, message: &[u8], context: &[u8], signature: &[u8]) -> Result<()> {
        check_message_448(alg, context)?;
        let signature = parse_448(signature)?;
        verdict(self.public_key.verify_ctx(&signature, context, message).is_ok())
    }
}

/// Ed448 with an empty context is the same under both names.
fn check_message_448(alg: Algorithm, context: &[u8]) -> Result<()> {
    match alg {
        Algorithm::PURE_EDDSA => refuse_context(context),
        Algorithm::EDDSA_CTX => check_context(context),
        _ => unsupported(alg),
    }
}

/// Length of what Ed448ph signs in bytes.
const ED448PH_HASH: usize = 64;

/// A hash, where the crate wants to compute one.
struct Hashed([u8; ED448PH_HASH]);

impl PreHash for Hashed {
    fn fill_bytes(&mut self, output: &mut [u8]) {
        output.copy_from_slice(&self.0);
    }
}

fn prehashed_448(alg: Algorithm, hash: &[u8], context: &[u8]) -> Result<Hashed> {
    if alg != Algorithm::ED448PH {
        return unsupported(alg);
    }
    check_context(context)?;
    check_hash_length(ED448PH_HASH, hash)?;
    hash.try_into().map(Hashed).map_err(|_| Error::InvalidArgument)
}

fn write_448(made: Option<Ed448Signature>, signature: &mut [u8]) -> Result<usize> {
    let Some(made) = made else { return failed() };
    let made = made.to_bytes();
    signature.get_mut(..made.len()).ok_or(Error::BufferTooSmall)?.copy_from_slice(&made);
    Ok(made.len())
}

/// A signature whose point has the one encoding that it should have (RFC 8032, section 5.2.7, step 1); the crate checks the
/// number.
fn parse_448(signature: &[u8]) -> Result<Ed448Signature> {
    match signature.first_chunk::<{ edwards448_keys::LENGTH }>() {
        Some(point) if is_canonical(point) => {
            Ed448Signature::from_slice(signature).map_err(|_| Error::InvalidSignature)
        }
        _ => Err(Error::InvalidSignature),
    }
}
