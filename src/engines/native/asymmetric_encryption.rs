//! Asymmetric encryption (PSA 1.5, section 10.10).

use super::asymmetric_keys::{Kind, copy, unsupported};
use super::ffi::digest::Digest;
use super::ffi::rsa::Padding;
use super::hash;
use super::rsa_keys::RsaKey;
use crate::core::primitives::AsymmetricEncryption;
use crate::fail;
use crate::memory::Secret;
use crate::psa::{Algorithm, Error, Result};

/// True where keys of this kind encrypt and decrypt with the algorithm.
pub(super) fn encrypts(kind: Kind, alg: Algorithm) -> bool {
    match kind {
        Kind::Rsa(bits) => Scheme::of(alg).is_some_and(|scheme| scheme.overhead() <= bits.div_ceil(8)),
        _ => false,
    }
}

/// The encryption schemes of RSA keys.
#[derive(Clone, Copy)]
enum Scheme {
    Pkcs1,
    Oaep(Digest),
}

impl Scheme {
    fn of(alg: Algorithm) -> Option<Self> {
        if alg == Algorithm::RSA_PKCS1V15_CRYPT {
            Some(Self::Pkcs1)
        } else if alg.is_rsa_oaep() {
            hash::find(alg.get_hash()).map(Self::Oaep)
        } else {
            None
        }
    }

    /// What padding adds at least, in bytes (RFC 8017, sections 7.1.1 and 7.2.1).
    fn overhead(self) -> usize {
        match self {
            Self::Pkcs1 => 11,
            Self::Oaep(digest) => 2 * digest.length() + 2,
        }
    }

    fn padding(self, label: &[u8]) -> Result<Padding<'_>> {
        match self {
            Self::Pkcs1 if label.is_empty() => Ok(Padding::Pkcs1),
            Self::Pkcs1 => fail!(InvalidArgument, "RSAES-PKCS1-v1_5 has no label"),
            Self::Oaep(digest) => Ok(Padding::Oaep(digest, label)),
        }
    }
}

impl AsymmetricEncryption for RsaKey {
    fn encrypt(&self, alg: Algorithm, plaintext: &[u8], label: &[u8], output: &mut [u8]) -> Result<usize> {
        let scheme = self.scheme(alg)?;
        let padding = scheme.padding(label)?;
        let longest = self.modulus_length() - scheme.overhead();
        if plaintext.len() > longest {
            return fail!(InvalidArgument, "the plaintext has {} bytes, at most {longest} fit", plaintext.len());
        }
        let output = output.get_mut(..self.modulus_length()).ok_or(Error::BufferTooSmall)?;
        match self.rsa.encrypt(padding, plaintext, output) {
            Some(length) => Ok(length),
            None => fail!(GenericError, "the engine could not encrypt with this key"),
        }
    }

    fn decrypt(&self, alg: Algorithm, ciphertext: &[u8], label: &[u8], output: &mut [u8]) -> Result<usize> {
        let padding = self.scheme(alg)?.padding(label)?;
        if ciphertext.len() != self.modulus_length() {
            return fail!(
                InvalidArgument,
                "the ciphertext has {} bytes, not {}",
                ciphertext.len(),
                self.modulus_length()
            );
        }
        let rsa = self.private()?;
        let mut plaintext = Secret::new(vec![0; self.modulus_length()]);
        // Beyond the length, aws-lc refuses nothing but padding (and numbers over the modulus, which no padding gives).
        let length = rsa.decrypt(padding, ciphertext, &mut plaintext).ok_or(Error::InvalidPadding)?;
        copy(plaintext.get(..length).unwrap_or_default(), output)
    }
}

impl RsaKey {
    fn scheme(&self, alg: Algorithm) -> Result<Scheme> {
        match Scheme::of(alg) {
            Some(scheme) if scheme.overhead() <= self.modulus_length() => Ok(scheme),
            _ => unsupported(alg),
        }
    }
}
