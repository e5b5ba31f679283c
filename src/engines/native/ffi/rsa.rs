//! RSA keys of aws-lc.
#![allow(unsafe_code)]

use std::os::raw::c_int;
use std::ptr;

use aws_lc_sys::{
    EVP_PKEY, EVP_PKEY_CTX, EVP_PKEY_CTX_new, EVP_PKEY_CTX_set_rsa_mgf1_md, EVP_PKEY_CTX_set_rsa_oaep_md,
    EVP_PKEY_CTX_set_rsa_padding, EVP_PKEY_CTX_set0_rsa_oaep_label, EVP_PKEY_decrypt, EVP_PKEY_decrypt_init,
    EVP_PKEY_encrypt, EVP_PKEY_encrypt_init, EVP_PKEY_new, EVP_PKEY_set1_RSA, OPENSSL_free, OPENSSL_memdup, RSA,
    RSA_PKCS1_OAEP_PADDING, RSA_PKCS1_PADDING, RSA_bits, RSA_generate_key_ex, RSA_get0_e, RSA_get0_p, RSA_new,
    RSA_private_key_from_bytes, RSA_private_key_to_bytes, RSA_public_key_from_bytes, RSA_public_key_to_bytes,
    RSA_sign_pss_mgf1, RSA_sign_raw, RSA_verify_pss_mgf1, RSA_verify_raw,
};

use super::bignum;
use super::digest::Digest;
use super::gate;
use super::owned::Owned;
use crate::memory::Secret;

/// A key pair or public key. It does not change once it is made; what aws-lc computes on first use and keeps
/// (Montgomery constants, blinding) it guards with locks of its own.
pub(in crate::engines::native) struct Rsa {
    rsa: Owned<RSA>,
    /// The same key, as encryption wants it.
    envelope: Owned<EVP_PKEY>,
}

// SAFETY: both objects belong to this value, and aws-lc documents signing, verifying, encrypting and decrypting as
// not changing the key for the purposes of threads. No method of this type changes it.
unsafe impl Send for Rsa {}
// SAFETY: as above.
unsafe impl Sync for Rsa {}

/// How a message is padded before encryption (RFC 8017, section 7).
#[derive(Clone, Copy)]
pub(in crate::engines::native) enum Padding<'a> {
    /// RSAES-PKCS1-v1_5.
    Pkcs1,
    /// RSAES-OAEP with the same hash for the label and in MGF1.
    Oaep(Digest, &'a [u8]),
}

impl Rsa {
    /// A new key pair of `bits`, a multiple of 128, with the big-endian public exponent. `None` where aws-lc refuses
    /// the exponent.
    pub(in crate::engines::native) fn generate(bits: usize, exponent: &[u8]) -> Option<Self> {
        let exponent = bignum::from_bytes(exponent)?;
        let bits = c_int::try_from(bits).ok()?;
        // SAFETY: the new key is ours, the exponent valid, and no callback is given.
        unsafe {
            let rsa = Owned::new(RSA_new())?;
            let status =
                gate::inside_for_long(|| RSA_generate_key_ex(rsa.as_ptr(), bits, exponent.as_ptr(), ptr::null_mut()));
            if status == 1 { Self::new(rsa) } else { None }
        }
    }

    /// Reads an RSAPrivateKey and checks that its numbers belong together; nothing may follow it.
    pub(in crate::engines::native) fn from_private(encoded: &[u8]) -> Option<Self> {
        // SAFETY: the encoding is valid for its length, and the new key is ours. What the getters give is not used.
        unsafe {
            let rsa = Owned::new(RSA_private_key_from_bytes(encoded.as_ptr(), encoded.len()))?;
            // aws-lc also reads keys that have only a modulus and a private exponent.
            let complete = !RSA_get0_e(rsa.as_ptr()).is_null() && !RSA_get0_p(rsa.as_ptr()).is_null();
            if complete { Self::new(rsa) } else { None }
        }
    }

    /// Reads an RSAPublicKey; nothing may follow it.
    pub(in crate::engines::native) fn from_public(encoded: &[u8]) -> Option<Self> {
        // SAFETY: the encoding is valid for its length, and the new key is ours.
        unsafe { Self::new(Owned::new(RSA_public_key_from_bytes(encoded.as_ptr(), encoded.len()))?) }
    }

    fn new(rsa: Owned<RSA>) -> Option<Self> {
        // SAFETY: both objects are valid; the envelope takes a reference of its own.
        unsafe {
            let envelope = Owned::new(EVP_PKEY_new())?;
            (EVP_PKEY_set1_RSA(envelope.as_ptr(), rsa.as_ptr()) == 1).then_some(Self { rsa, envelope })
        }
    }

    /// Size of the modulus in bits.
    pub(in crate::engines::native) fn bits(&self) -> usize {
        // SAFETY: the key is valid.
        unsafe { RSA_bits(self.rsa.as_ptr()) as usize }
    }

    /// The key pair as RSAPrivateKey.
    pub(in crate::engines::native) fn private_encoding(&self) -> Option<Secret> {
        self.encoding(RSA_private_key_to_bytes).map(Secret::new)
    }

    /// The public part as RSAPublicKey.
    pub(in crate::engines::native) fn public_encoding(&self) -> Option<Vec<u8>> {
        self.encoding(RSA_public_key_to_bytes)
    }

    fn encoding(&self, encode: unsafe extern "C" fn(*mut *mut u8, *mut usize, *const RSA) -> c_int) -> Option<Vec<u8>> {
        let (mut bytes, mut length) = (ptr::null_mut(), 0);
        // SAFETY: the key is valid; on success `bytes` is an allocation of `length` bytes that is ours, copied before
        // it is freed (and with that wiped).
        unsafe {
            if encode(&raw mut bytes, &raw mut length, self.rsa.as_ptr()) != 1 {
                return None;
            }
            let copy = std::slice::from_raw_parts(bytes, length).to_vec();
            OPENSSL_free(bytes.cast());
            Some(copy)
        }
    }

    /// Signs an encoded hash with PKCS #1 v1.5 padding; `signature` has the length of the modulus.
    #[must_use]
    pub(in crate::engines::native) fn sign_pkcs1(&self, encoded: &[u8], signature: &mut [u8]) -> bool {
        let mut length = 0;
        // SAFETY: the key is valid and not changed for the purposes of threads; both slices are valid for their
        // lengths, and aws-lc writes no more than it is told that there is room for.
        let status = gate::inside(|| unsafe {
            RSA_sign_raw(
                self.rsa.as_ptr(),
                &raw mut length,
                signature.as_mut_ptr(),
                signature.len(),
                encoded.as_ptr(),
                encoded.len(),
                RSA_PKCS1_PADDING,
            )
        });
        status == 1 && length == signature.len()
    }

    /// Recovers the encoded hash from a PKCS #1 v1.5 signature into `encoded`, which has the length of the modulus, and
    /// gives its length; `None` where the padding is wrong.
    pub(in crate::engines::native) fn recover_pkcs1(&self, signature: &[u8], encoded: &mut [u8]) -> Option<usize> {
        let mut length = 0;
        // SAFETY: as for signing.
        let status = gate::inside(|| unsafe {
            RSA_verify_raw(
                self.rsa.as_ptr(),
                &raw mut length,
                encoded.as_mut_ptr(),
                encoded.len(),
                signature.as_ptr(),
                signature.len(),
                RSA_PKCS1_PADDING,
            )
        });
        (status == 1).then_some(length)
    }

    /// Signs a hash with PSS padding and a salt of that length; `signature` has the length of the modulus.
    #[must_use]
    pub(in crate::engines::native) fn sign_pss(
        &self,
        digest: Digest,
        hash: &[u8],
        salt_length: usize,
        signature: &mut [u8],
    ) -> bool {
        let Ok(salt_length) = c_int::try_from(salt_length) else { return false };
        let mut length = 0;
        // SAFETY: as for PKCS #1 v1.5; aws-lc checks that the hash has the length of the digest, a constant of the
        // library.
        let status = gate::inside(|| unsafe {
            RSA_sign_pss_mgf1(
                self.rsa.as_ptr(),
                &raw mut length,
                signature.as_mut_ptr(),
                signature.len(),
                hash.as_ptr(),
                hash.len(),
                digest.method(),
                digest.method(),
                salt_length,
            )
        });
        status == 1 && length == signature.len()
    }

    /// True where a PSS signature is right, with a salt of that length or, for `None`, of any.
    #[must_use]
    pub(in crate::engines::native) fn verify_pss(
        &self,
        digest: Digest,
        hash: &[u8],
        salt_length: Option<usize>,
        signature: &[u8],
    ) -> bool {
        let Ok(salt_length) = salt_length.map_or(Ok(aws_lc_sys::RSA_PSS_SALTLEN_AUTO), c_int::try_from) else {
            return false;
        };
        // SAFETY: as for signing.
        let status = gate::inside(|| unsafe {
            RSA_verify_pss_mgf1(
                self.rsa.as_ptr(),
                hash.as_ptr(),
                hash.len(),
                digest.method(),
                digest.method(),
                salt_length,
                signature.as_ptr(),
                signature.len(),
            )
        });
        status == 1
    }

    /// Encrypts; `output` has at least the length of the modulus. Gives the length.
    pub(in crate::engines::native) fn encrypt(
        &self,
        padding: Padding<'_>,
        plaintext: &[u8],
        output: &mut [u8],
    ) -> Option<usize> {
        self.transform(EVP_PKEY_encrypt_init, EVP_PKEY_encrypt, padding, plaintext, output)
    }

    /// Decrypts; `output` has at least the length of the modulus. Gives the length, `None` where the padding is
    /// wrong, which takes as long as where it is right.
    pub(in crate::engines::native) fn decrypt(
        &self,
        padding: Padding<'_>,
        ciphertext: &[u8],
        output: &mut [u8],
    ) -> Option<usize> {
        self.transform(EVP_PKEY_decrypt_init, EVP_PKEY_decrypt, padding, ciphertext, output)
    }

    fn transform(
        &self,
        begin: unsafe extern "C" fn(*mut EVP_PKEY_CTX) -> c_int,
        work: unsafe extern "C" fn(*mut EVP_PKEY_CTX, *mut u8, *mut usize, *const u8, usize) -> c_int,
        padding: Padding<'_>,
        input: &[u8],
        output: &mut [u8],
    ) -> Option<usize> {
        let mut length = output.len();
        // SAFETY: the context is ours alone and holds a reference to the key; the slices are valid for their lengths,
        // and aws-lc writes no more than `length` says that there is room for.
        gate::inside(|| unsafe {
            let context = Owned::new(EVP_PKEY_CTX_new(self.envelope.as_ptr(), ptr::null_mut()))?;
            let done = begin(context.as_ptr()) == 1
                && set_padding(&context, padding)
                && work(context.as_ptr(), output.as_mut_ptr(), &raw mut length, input.as_ptr(), input.len()) == 1;
            done.then_some(length)
        })
    }
}

fn set_padding(context: &Owned<EVP_PKEY_CTX>, padding: Padding<'_>) -> bool {
    let context_pointer = context.as_ptr();
    // SAFETY: the context is valid and begun, and digests are constants of the library.
    unsafe {
        match padding {
            Padding::Pkcs1 => EVP_PKEY_CTX_set_rsa_padding(context_pointer, RSA_PKCS1_PADDING) == 1,
            Padding::Oaep(digest, label) => {
                EVP_PKEY_CTX_set_rsa_padding(context_pointer, RSA_PKCS1_OAEP_PADDING) == 1
                    && EVP_PKEY_CTX_set_rsa_oaep_md(context_pointer, digest.method()) == 1
                    && EVP_PKEY_CTX_set_rsa_mgf1_md(context_pointer, digest.method()) == 1
                    && set_label(context, label)
            }
        }
    }
}

fn set_label(context: &Owned<EVP_PKEY_CTX>, label: &[u8]) -> bool {
    if label.is_empty() {
        return true;
    }
    // SAFETY: the copy is an allocation of aws-lc, which the context takes over where it accepts it; otherwise it
    // is still ours and freed once.
    unsafe {
        let copy = OPENSSL_memdup(label.as_ptr().cast(), label.len()).cast::<u8>();
        if copy.is_null() {
            return false;
        }
        let taken = EVP_PKEY_CTX_set0_rsa_oaep_label(context.as_ptr(), copy, label.len()) == 1;
        if !taken {
            OPENSSL_free(copy.cast());
        }
        taken
    }
}
