//! CMAC, CCM, SHAKE256, PBKDF2 and key wrapping.

use std::ffi::{c_int, c_uint};
use std::ptr::{null, null_mut};

use super::{GET_TAG, OpenSsl, Parameter, SET_TAG, TAG, given};
use crate::measure::Work;
use crate::opponents::psa::AD;

/// `EVP_CTRL_AEAD_SET_IVLEN`.
const SET_NONCE_LENGTH: c_int = 9;

impl OpenSsl {
    /// SHAKE256 with 64 bytes of output.
    pub fn shake256_512(&'static self, input: &'static [u8]) -> impl Work {
        let f = &self.0;
        // SAFETY: the name is NUL-terminated; what is null is optional.
        let (method, context) =
            unsafe { ((f.EVP_MD_fetch)(null_mut(), c"SHAKE256".as_ptr(), null()), (f.EVP_MD_CTX_new)()) };
        // SAFETY: the objects live, the input is readable, the answer has room for 64 bytes.
        move |answer| unsafe {
            let good = (f.EVP_DigestInit_ex2)(context, method, null())
                & (f.EVP_DigestUpdate)(context, input.as_ptr(), input.len())
                & (f.EVP_DigestFinalXOF)(context, answer.as_mut_ptr(), 64);
            given(good, 64)
        }
    }

    /// AES-128-CMAC, with the key set once.
    pub fn aes_cmac(&'static self, key: &'static [u8], input: &'static [u8]) -> impl Work {
        self.mac(c"CMAC", Parameter::text(c"cipher", c"AES-128-CBC"), key, input)
    }

    /// Encrypts with AES-128-CCM, with the key set once.
    pub fn seal_ccm(&'static self, key: &'static [u8], nonce: &'static [u8], input: &'static [u8]) -> impl Work {
        let f = &self.0;
        // SAFETY: the name is NUL-terminated, the key readable; lengths are set before the key.
        let context = unsafe {
            let context = (f.EVP_CIPHER_CTX_new)();
            let method = (f.EVP_CIPHER_fetch)(null_mut(), c"AES-128-CCM".as_ptr(), null());
            (f.EVP_CipherInit_ex2)(context, method, null(), null(), 1, null());
            (f.EVP_CIPHER_CTX_ctrl)(context, SET_NONCE_LENGTH, nonce.len() as c_int, null_mut());
            (f.EVP_CIPHER_CTX_ctrl)(context, SET_TAG, TAG as c_int, null_mut());
            (f.EVP_CipherInit_ex2)(context, null_mut(), key.as_ptr(), null(), -1, null());
            context
        };
        // SAFETY: the context lives, the inputs are readable, and the answer has room for text and tag.
        move |answer| unsafe {
            let (mut length, mut other) = (0, 0);
            let good = (f.EVP_CipherInit_ex2)(context, null_mut(), null(), nonce.as_ptr(), -1, null())
                & (f.EVP_CipherUpdate)(context, null_mut(), &mut other, null(), input.len() as c_int)
                & (f.EVP_CipherUpdate)(context, null_mut(), &mut other, AD.as_ptr(), AD.len() as c_int)
                & (f.EVP_CipherUpdate)(context, answer.as_mut_ptr(), &mut length, input.as_ptr(), input.len() as c_int);
            let rest = answer[length as usize..].as_mut_ptr();
            given(good & (f.EVP_CIPHER_CTX_ctrl)(context, GET_TAG, TAG as c_int, rest), length as usize + TAG)
        }
    }

    /// Derives 32 bytes with PBKDF2-HMAC-SHA-256.
    pub fn pbkdf2_sha256(&'static self, password: &'static [u8], salt: &'static [u8], cost: &'static u32) -> impl Work {
        let f = &self.0;
        let parameters = [
            Parameter::text(c"digest", c"SHA256"),
            Parameter::octets(c"pass", password),
            Parameter::octets(c"salt", salt),
            Parameter::number(c"iter", cost),
            Parameter::end(),
        ];
        // SAFETY: the name is NUL-terminated.
        let context = unsafe { (f.EVP_KDF_CTX_new)((f.EVP_KDF_fetch)(null_mut(), c"PBKDF2".as_ptr(), null())) };
        // SAFETY: the context lives, the parameters are ended, the slice is writable for its length.
        move |answer| unsafe {
            given((f.EVP_KDF_derive)(context, answer[..32].as_mut_ptr(), 32, parameters.as_ptr()), 32)
        }
    }

    /// Wraps a key with AES-128-KW.
    pub fn wrap(&'static self, key: &'static [u8], secret: &'static [u8]) -> impl Work {
        let (f, context) = (&self.0, self.cipher_context(c"AES-128-WRAP", key, true));
        // SAFETY: the context lives, the secret is readable, the answer has room for 8 bytes more.
        move |answer| unsafe {
            let mut length = 0;
            // The default initial value of RFC 3394, anew for each key.
            let good = (f.EVP_CipherInit_ex2)(context, null_mut(), key.as_ptr(), null(), -1, null())
                & (f.EVP_CipherUpdate)(
                    context,
                    answer.as_mut_ptr(),
                    &mut length,
                    secret.as_ptr(),
                    secret.len() as c_int,
                );
            given(good, length as usize)
        }
    }
}

impl Parameter {
    fn number(key: &'static std::ffi::CStr, value: &'static c_uint) -> Self {
        /// `OSSL_PARAM_UNSIGNED_INTEGER`.
        const UNSIGNED: u32 = 2;
        let data = std::ptr::from_ref(value).cast_mut().cast();
        Self { key: key.as_ptr(), data_type: UNSIGNED, data, data_size: size_of::<c_uint>(), return_size: usize::MAX }
    }
}
