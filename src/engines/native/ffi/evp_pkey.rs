//! `EVP_PKEY`: the post-quantum keys of aws-lc, ML-KEM (FIPS 203) and ML-DSA (FIPS 204).
#![allow(unsafe_code)]

use std::os::raw::c_int;
use std::ptr;

use aws_lc_sys as lc;

use super::gate;
use super::owned::Owned;
use crate::memory::Secret;

/// A key pair or public key. It does not change once it is made; each operation has a context of its own.
pub(in crate::engines::native) struct EvpKey(Owned<lc::EVP_PKEY>);

// SAFETY: the key belongs to this value, and aws-lc documents that one key may be used by several threads as long as none
// changes it; no method of this type does.
unsafe impl Send for EvpKey {}
// SAFETY: as above.
unsafe impl Sync for EvpKey {}

/// The parameter sets of ML-KEM.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::engines::native) enum MlKem {
    MlKem512,
    MlKem768,
    MlKem1024,
}

impl MlKem {
    fn nid(self) -> c_int {
        match self {
            Self::MlKem512 => lc::NID_MLKEM512,
            Self::MlKem768 => lc::NID_MLKEM768,
            Self::MlKem1024 => lc::NID_MLKEM1024,
        }
    }

    /// What stands before the seeds in a PrivateKeyInfo (RFC 9935, section 6): the name of the parameter set is all that
    /// varies.
    fn private_key_info(self) -> [u8; 22] {
        let parameters = match self {
            Self::MlKem512 => 1,
            Self::MlKem768 => 2,
            Self::MlKem1024 => 3,
        };
        [
            0x30, 0x54, 2, 1, 0, 0x30, 0x0b, 6, 9, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x04, parameters, 4, 0x42,
            0x80, 0x40,
        ]
    }
}

/// The parameter sets of ML-DSA.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::engines::native) enum MlDsa {
    MlDsa44,
    MlDsa65,
    MlDsa87,
}

impl MlDsa {
    fn nid(self) -> c_int {
        match self {
            Self::MlDsa44 => lc::NID_MLDSA44,
            Self::MlDsa65 => lc::NID_MLDSA65,
            Self::MlDsa87 => lc::NID_MLDSA87,
        }
    }
}

impl EvpKey {
    /// The ML-KEM key pair of the seeds d and z (FIPS 203, section 7.1).
    pub(in crate::engines::native) fn ml_kem(parameters: MlKem, seeds: &[u8; 64]) -> Option<Self> {
        let encoded = Secret::new([&parameters.private_key_info()[..], seeds].concat());
        let mut reader = lc::CBS { data: encoded.as_ptr(), len: encoded.len() };
        // SAFETY: the reader covers exactly the encoding, which lives longer, and the new key is ours.
        unsafe { Owned::new(lc::EVP_parse_private_key(&mut reader)).map(Self) }
    }

    /// An ML-KEM public key, of the length of the parameter set; its numbers are not checked.
    pub(in crate::engines::native) fn ml_kem_public(parameters: MlKem, encoded: &[u8]) -> Option<Self> {
        // SAFETY: the encoding is readable for its length, and the new key is ours.
        unsafe {
            Owned::new(lc::EVP_PKEY_kem_new_raw_public_key(parameters.nid(), encoded.as_ptr(), encoded.len())).map(Self)
        }
    }

    /// The ML-DSA key pair of a seed (FIPS 204, section 6.1).
    pub(in crate::engines::native) fn ml_dsa(parameters: MlDsa, seed: &[u8; 32]) -> Option<Self> {
        // SAFETY: the seed is readable for its length, and the new key is ours.
        unsafe {
            Owned::new(lc::EVP_PKEY_pqdsa_new_raw_private_key(parameters.nid(), seed.as_ptr(), seed.len())).map(Self)
        }
    }

    /// An ML-DSA public key, of the length of the parameter set.
    pub(in crate::engines::native) fn ml_dsa_public(parameters: MlDsa, encoded: &[u8]) -> Option<Self> {
        // SAFETY: the encoding is readable for its length, and the new key is ours.
        unsafe {
            Owned::new(lc::EVP_PKEY_pqdsa_new_raw_public_key(parameters.nid(), encoded.as_ptr(), encoded.len()))
                .map(Self)
        }
    }

    /// Writes the public part, which has the length of `output`; false where it has another one.
    #[must_use]
    pub(in crate::engines::native) fn write_public(&self, output: &mut [u8]) -> bool {
        let mut length = output.len();
        // SAFETY: the key is valid, and `output` is writable for `length`, which aws-lc respects.
        let status = unsafe { lc::EVP_PKEY_get_raw_public_key(self.0.as_ptr(), output.as_mut_ptr(), &mut length) };
        status == 1 && length == output.len()
    }

    /// Makes a secret of 32 bytes with its ciphertext, which has the length of the parameter set.
    pub(in crate::engines::native) fn encapsulate(&self, ciphertext: &mut [u8]) -> Option<Secret> {
        let context = self.context()?;
        let mut secret = Secret::new(vec![0; SHARED_SECRET]);
        let (mut ciphertext_length, mut secret_length) = (ciphertext.len(), secret.len());
        // SAFETY: the context is valid and ours alone; both outputs are writable for their lengths, which aws-lc respects.
        let status = gate::inside(|| unsafe {
            lc::EVP_PKEY_encapsulate(
                context.as_ptr(),
                ciphertext.as_mut_ptr(),
                &mut ciphertext_length,
                secret.as_mut_ptr(),
                &mut secret_length,
            )
        });
        let whole = ciphertext_length == ciphertext.len() && secret_length == secret.len();
        (status == 1 && whole).then_some(secret)
    }

    /// The secret of a ciphertext; `None` for a public key, or a ciphertext of a wrong length.
    pub(in crate::engines::native) fn decapsulate(&self, ciphertext: &[u8]) -> Option<Secret> {
        let context = self.context()?;
        let mut secret = Secret::new(vec![0; SHARED_SECRET]);
        let mut length = secret.len();
        // SAFETY: the context is valid and ours alone, the ciphertext is readable and the secret writable for their
        // lengths, which aws-lc respects.
        let status = unsafe {
            lc::EVP_PKEY_decapsulate(
                context.as_ptr(),
                secret.as_mut_ptr(),
                &mut length,
                ciphertext.as_ptr(),
                ciphertext.len(),
            )
        };
        (status == 1 && length == secret.len()).then_some(secret)
    }

    /// Signs the representative mu of a message (FIPS 204, section 6.2) with fresh random numbers; `signature` has the
    /// length of the parameter set. False for a public key.
    #[must_use]
    pub(in crate::engines::native) fn sign(&self, mu: &[u8; 64], signature: &mut [u8]) -> bool {
        let Some(context) = self.context() else { return false };
        let mut length = signature.len();
        // SAFETY: the context is valid and ours alone, mu is readable and the signature writable for their lengths, which
        // aws-lc respects.
        let status = gate::inside(|| unsafe {
            (lc::EVP_PKEY_sign_init(context.as_ptr()) == 1)
                && lc::EVP_PKEY_sign(context.as_ptr(), signature.as_mut_ptr(), &mut length, mu.as_ptr(), mu.len()) == 1
        });
        status && length == signature.len()
    }

    /// True where the signature of a message with the representative mu is right.
    #[must_use]
    pub(in crate::engines::native) fn verify(&self, mu: &[u8; 64], signature: &[u8]) -> bool {
        let Some(context) = self.context() else { return false };
        // SAFETY: the context is valid and ours alone, and both inputs are readable for their lengths.
        unsafe {
            lc::EVP_PKEY_verify_init(context.as_ptr()) == 1
                && lc::EVP_PKEY_verify(context.as_ptr(), signature.as_ptr(), signature.len(), mu.as_ptr(), mu.len())
                    == 1
        }
    }

    fn context(&self) -> Option<Owned<lc::EVP_PKEY_CTX>> {
        // SAFETY: the key is valid; the context takes a reference of its own, and no engine is given.
        unsafe { Owned::new(lc::EVP_PKEY_CTX_new(self.0.as_ptr(), ptr::null_mut())) }
    }
}

/// Length of the secret of ML-KEM in bytes, for all parameter sets.
const SHARED_SECRET: usize = 32;
