//! LMS, HSS, XMSS and XMSS^MT (PSA 1.5, sections 10.9.6 and 10.9.7): verification only.

use super::{not_private, refuse_context, unsupported, verdict};
use crate::core::primitives::{Hash, HashOperation, MessageDigest, Signature};
use crate::engines::native::hash::Hashes;
use crate::engines::native::hash_based_keys::{HashBasedKey, Scheme};
use crate::engines::native::lms::{HssKey, HssSignature, LmsKey, LmsSignature};
use crate::engines::native::xmss::{XmssKey, XmssSignature};
use crate::psa::{Algorithm, Error, Result, sizes};

impl Signature for HashBasedKey {
    fn sign_hash(&self, alg: Algorithm, _hash: &[u8], _context: &[u8], _signature: &mut [u8]) -> Result<usize> {
        unsupported(alg)
    }

    fn verify_hash(&self, alg: Algorithm, _hash: &[u8], _context: &[u8], _signature: &[u8]) -> Result<()> {
        unsupported(alg)
    }

    fn sign_message(&self, alg: Algorithm, _message: &[u8], context: &[u8], _signature: &mut [u8]) -> Result<usize> {
        self.check(alg, context)?;
        not_private()
    }

    fn verify_message(&self, alg: Algorithm, message: &[u8], context: &[u8], signature: &[u8]) -> Result<()> {
        self.check(alg, context)?;
        let Some(parsed) = self.parse(signature) else { return verdict(false) };
        let mut operation = parsed.begin()?;
        operation.update(message)?;
        let mut digest = vec![0; parsed.digest_length()];
        operation.finish(&mut digest)?;
        verdict(parsed.verify(&digest)?)
    }

    /// A signature that is none is found out at the end.
    fn begin_message(&self, alg: Algorithm, context: &[u8], signature: Option<&[u8]>) -> Result<Option<MessageDigest>> {
        self.check(alg, context)?;
        let Some(parsed) = self.parse(signature.unwrap_or_default()) else { return Ok(None) };
        Ok(Some(MessageDigest { operation: parsed.begin()?, length: parsed.digest_length() }))
    }

    fn verify_digest(&self, alg: Algorithm, digest: &[u8], signature: &[u8]) -> Result<()> {
        self.check(alg, &[])?;
        let Some(parsed) = self.parse(signature) else { return verdict(false) };
        verdict(parsed.verify(digest)?)
    }
}

impl HashBasedKey {
    fn check(&self, alg: Algorithm, context: &[u8]) -> Result<()> {
        if alg != self.scheme.algorithm() {
            return unsupported(alg);
        }
        refuse_context(context)
    }

    /// Reads a signature for this key; `None` for what is none, or has another parameter set.
    fn parse<'a>(&'a self, signature: &'a [u8]) -> Option<Parsed<'a>> {
        Some(match self.scheme {
            Scheme::Lms => {
                let key = LmsKey::parse(&self.encoded)?;
                let signature = LmsSignature::parse(signature, &key)?;
                Parsed::Lms(key, signature)
            }
            Scheme::Hss => {
                let key = HssKey::parse(&self.encoded)?;
                let hash = key.top.hash();
                Parsed::Hss(hash, HssSignature::parse(signature, key)?)
            }
            Scheme::Xmss | Scheme::XmssMt => {
                let key = XmssKey::parse(&self.encoded, self.scheme == Scheme::XmssMt)?;
                let signature = XmssSignature::parse(signature, &key)?;
                Parsed::Xmss(key, signature)
            }
        })
    }
}

/// A key with a signature of its form.
enum Parsed<'a> {
    Lms(LmsKey<'a>, LmsSignature<'a>),
    Hss(Algorithm, HssSignature<'a>),
    Xmss(XmssKey<'a>, XmssSignature<'a>),
}

impl Parsed<'_> {
    fn hash(&self) -> Algorithm {
        match self {
            Self::Lms(key, _) => key.hash(),
            Self::Hss(hash, _) => *hash,
            Self::Xmss(key, _) => key.hash(),
        }
    }

    fn digest_length(&self) -> usize {
        sizes::hash_length(self.hash())
    }

    /// Begins the hash of the message: what the signature puts in front of it is already in.
    fn begin(&self) -> Result<Box<dyn HashOperation>> {
        let prefix = match self {
            Self::Lms(key, signature) => signature.prefix(key),
            Self::Hss(_, signature) => signature.prefix(),
            Self::Xmss(key, signature) => signature.prefix(key),
        };
        let mut operation = Hashes.setup(self.hash())?;
        operation.update(&prefix)?;
        Ok(operation)
    }

    fn verify(&self, digest: &[u8]) -> Result<bool> {
        if digest.len() != self.digest_length() {
            return Err(Error::CorruptionDetected);
        }
        match self {
            Self::Lms(key, signature) => signature.verify(key, digest),
            Self::Hss(_, signature) => signature.verify(digest),
            Self::Xmss(key, signature) => signature.verify(key, digest),
        }
    }
}
