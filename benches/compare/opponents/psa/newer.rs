//! Functions that Mbed TLS 3.5.1 lacks, or that only mean something where keys are kept.
#![allow(unsafe_code)]

use parsec::psa::Algorithm;

use super::{In, KeyId, Length, Out, Psa, Template, given, status};
use crate::measure::Work;

crate::dynamic_functions! {
    /// All return a status.
    Functions, "parsec_", {
        fn psa_purge_key(key: KeyId) -> i32;
        fn psa_export_key(key: KeyId, data: Out, data_size: usize, data_length: Length) -> i32;
        fn psa_wrap_key(
            wrapping_key: KeyId, alg: u32, key: KeyId, data: Out, data_size: usize, data_length: Length,
        ) -> i32;
        fn psa_encapsulate(
            key: KeyId, alg: u32, attributes: *const [u64; 16], output_key: *mut KeyId, ciphertext: Out,
            ciphertext_size: usize, ciphertext_length: Length,
        ) -> i32;
        fn psa_decapsulate(
            key: KeyId, alg: u32, ciphertext: In, ciphertext_length: usize, attributes: *const [u64; 16],
            output_key: *mut KeyId,
        ) -> i32;
    }
}

impl Psa {
    fn newer(&'static self) -> Result<&'static Functions, String> {
        self.newer.as_ref().ok_or_else(|| "not a function of this implementation".into())
    }

    /// Does the work with a key that has to be opened from the key store each time.
    pub fn purged(&'static self, key: KeyId, mut work: impl Work) -> Result<impl Work, String> {
        let functions = self.newer()?;
        Ok(move |answer: &mut [u8]| {
            // SAFETY: takes a number.
            let status = unsafe { (functions.psa_purge_key)(key) };
            given(status, work(answer))
        })
    }

    /// Wraps a key with another one.
    pub fn wrap(&'static self, wrapping_key: KeyId, alg: Algorithm, key: KeyId) -> Result<impl Work, String> {
        let functions = self.newer()?;
        Ok(move |answer: &mut [u8]| {
            let mut length = 0;
            // SAFETY: the answer is writable for its length.
            let status = unsafe {
                (functions.psa_wrap_key)(wrapping_key, alg.0, key, answer.as_mut_ptr(), super::SHORT, &mut length)
            };
            given(status, length)
        })
    }

    /// Makes a secret, as a key, and its ciphertext; answers the ciphertext.
    pub fn encapsulate(
        &'static self,
        key: KeyId,
        alg: Algorithm,
        secret: Template,
        size: usize,
    ) -> Result<impl Work, String> {
        let (functions, attributes) = (self.newer()?, (self.layout)(&secret));
        // SAFETY: the attributes have this implementation's layout, the ciphertext is writable for its length.
        Ok(move |answer: &mut [u8]| unsafe {
            let (mut made, mut length) = (0, 0);
            let output = answer[..size].as_mut_ptr();
            let status = (functions.psa_encapsulate)(key, alg.0, &attributes, &mut made, output, size, &mut length);
            given(status | (self.functions.psa_destroy_key)(made), length)
        })
    }

    /// Finds the secret of a ciphertext, as a key; answers its bytes.
    pub fn decapsulate(
        &'static self,
        key: KeyId,
        alg: Algorithm,
        secret: Template,
        ciphertext: &'static [u8],
    ) -> Result<impl Work, String> {
        let (functions, attributes) = (self.newer()?, (self.layout)(&secret));
        // SAFETY: as above; the ciphertext is readable, the answer has room for a secret.
        Ok(move |answer: &mut [u8]| unsafe {
            let (mut made, mut length) = (0, 0);
            let (input, input_length) = (ciphertext.as_ptr(), ciphertext.len());
            let status = (functions.psa_decapsulate)(key, alg.0, input, input_length, &attributes, &mut made)
                | (functions.psa_export_key)(made, answer.as_mut_ptr(), super::SHORT, &mut length)
                | (self.functions.psa_destroy_key)(made);
            given(status, length)
        })
    }

    /// Signs a message with a signature of up to `size` bytes.
    pub fn sign_long(&'static self, key: KeyId, alg: Algorithm, message: &'static [u8], size: usize) -> impl Work {
        move |answer| {
            let mut length = 0;
            let (input, output) = (message.as_ptr(), answer[..size].as_mut_ptr());
            // SAFETY: the message is readable, the output writable for its length.
            let status = unsafe {
                (self.functions.psa_sign_message)(key, alg.0, input, message.len(), output, size, &mut length)
            };
            given(status, length)
        }
    }

    /// True where a key of this kind can be made.
    pub fn makes(&self, template: &Template) -> bool {
        let (attributes, mut key) = ((self.layout)(template), 0);
        // SAFETY: the attributes have this implementation's layout, the key is writable.
        let made = status(unsafe { (self.functions.psa_generate_key)(&attributes, &mut key) });
        made.is_ok() && self.destroy(key).is_ok()
    }
}
