//! Signatures, asymmetric encryption, key agreement and what is derived from secrets.
#![allow(unsafe_code)]

use std::ptr::null;

use parsec::psa::{Algorithm, DerivationStep};

use super::{In, KeyId, Length, Operation, Out, Psa, SHORT, done, given, written};
use crate::measure::Work;

impl Psa {
    /// Signs a hash.
    pub fn sign_hash(&'static self, key: KeyId, alg: Algorithm, hash: &'static [u8]) -> impl Work {
        self.sign(self.functions.psa_sign_hash, key, alg, hash)
    }

    /// Signs a message.
    pub fn sign_message(&'static self, key: KeyId, alg: Algorithm, message: &'static [u8]) -> impl Work {
        self.sign(self.functions.psa_sign_message, key, alg, message)
    }

    fn sign(
        &'static self,
        call: unsafe extern "C" fn(KeyId, u32, In, usize, Out, usize, Length) -> i32,
        key: KeyId,
        alg: Algorithm,
        input: &'static [u8],
    ) -> impl Work {
        move |answer| {
            written(|length| {
                // SAFETY: the input is readable, the output writable for its length.
                unsafe { call(key, alg.0, input.as_ptr(), input.len(), answer.as_mut_ptr(), SHORT, length) }
            })
        }
    }

    /// Verifies the signature of a hash.
    pub fn verify_hash(
        &'static self,
        key: KeyId,
        alg: Algorithm,
        hash: &'static [u8],
        signature: &'static [u8],
    ) -> impl Work {
        self.verify(self.functions.psa_verify_hash, key, alg, hash, signature)
    }

    /// Verifies the signature of a message.
    pub fn verify_message(
        &'static self,
        key: KeyId,
        alg: Algorithm,
        message: &'static [u8],
        signature: &'static [u8],
    ) -> impl Work {
        self.verify(self.functions.psa_verify_message, key, alg, message, signature)
    }

    fn verify(
        &'static self,
        call: unsafe extern "C" fn(KeyId, u32, In, usize, In, usize) -> i32,
        key: KeyId,
        alg: Algorithm,
        input: &'static [u8],
        signature: &'static [u8],
    ) -> impl Work {
        move |answer| {
            // SAFETY: input and signature are readable for their lengths.
            let status = unsafe { call(key, alg.0, input.as_ptr(), input.len(), signature.as_ptr(), signature.len()) };
            given(status, done(answer))
        }
    }

    /// Encrypts with a public key.
    pub fn asymmetric_encrypt(&'static self, key: KeyId, alg: Algorithm, input: &'static [u8]) -> impl Work {
        self.asymmetric(self.functions.psa_asymmetric_encrypt, key, alg, input)
    }

    /// Decrypts with a private key.
    pub fn asymmetric_decrypt(&'static self, key: KeyId, alg: Algorithm, input: &'static [u8]) -> impl Work {
        self.asymmetric(self.functions.psa_asymmetric_decrypt, key, alg, input)
    }

    fn asymmetric(
        &'static self,
        call: unsafe extern "C" fn(KeyId, u32, In, usize, In, usize, Out, usize, Length) -> i32,
        key: KeyId,
        alg: Algorithm,
        input: &'static [u8],
    ) -> impl Work {
        move |answer| {
            written(|length| {
                // SAFETY: the input is readable, the output writable for its length; there is no label.
                unsafe { call(key, alg.0, input.as_ptr(), input.len(), null(), 0, answer.as_mut_ptr(), SHORT, length) }
            })
        }
    }

    /// Agrees with the owner of a public key on a secret.
    pub fn agree(&'static self, key: KeyId, peer: &'static [u8]) -> impl Work {
        move |answer| {
            written(|length| {
                // SAFETY: the peer's key is readable, the output writable for its length.
                unsafe {
                    (self.functions.psa_raw_key_agreement)(
                        Algorithm::ECDH.0,
                        key,
                        peer.as_ptr(),
                        peer.len(),
                        answer.as_mut_ptr(),
                        SHORT,
                        length,
                    )
                }
            })
        }
    }

    /// Derives 32 bytes with PBKDF2.
    pub fn pbkdf2(&'static self, password: KeyId, alg: Algorithm, salt: &'static [u8], cost: u32) -> impl Work {
        let (f, mut operation) = (&self.functions, Operation::inactive());
        // SAFETY: the operation has room for the state, the salt is readable, the output writable for its length.
        move |answer| unsafe {
            let operation = &mut operation;
            let status = (f.psa_key_derivation_setup)(operation, alg.0)
                | (f.psa_key_derivation_input_integer)(operation, DerivationStep::COST.0, cost.into())
                | (f.psa_key_derivation_input_bytes)(operation, DerivationStep::SALT.0, salt.as_ptr(), salt.len())
                | (f.psa_key_derivation_input_key)(operation, DerivationStep::PASSWORD.0, password)
                | (f.psa_key_derivation_output_bytes)(operation, answer.as_mut_ptr(), 32)
                | (f.psa_key_derivation_abort)(operation);
            given(status, 32)
        }
    }

    /// Derives bytes with HKDF.
    pub fn hkdf(
        &'static self,
        key: KeyId,
        alg: Algorithm,
        salt: &'static [u8],
        info: &'static [u8],
        length: usize,
    ) -> impl Work {
        let (f, mut operation) = (&self.functions, Operation::inactive());
        // SAFETY: the operation has room for the state, inputs are readable, the output writable for its length.
        move |answer| unsafe {
            let operation = &mut operation;
            let (salt_step, secret_step, info_step) =
                (DerivationStep::SALT.0, DerivationStep::SECRET.0, DerivationStep::INFO.0);
            let status = (f.psa_key_derivation_setup)(operation, alg.0)
                | (f.psa_key_derivation_input_bytes)(operation, salt_step, salt.as_ptr(), salt.len())
                | (f.psa_key_derivation_input_key)(operation, secret_step, key)
                | (f.psa_key_derivation_input_bytes)(operation, info_step, info.as_ptr(), info.len())
                | (f.psa_key_derivation_output_bytes)(operation, answer.as_mut_ptr(), length)
                | (f.psa_key_derivation_abort)(operation);
            given(status, length)
        }
    }
}
