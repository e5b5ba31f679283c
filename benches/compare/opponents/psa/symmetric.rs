//! Hashes, MACs, ciphers and AEAD.
#![allow(unsafe_code)]

use parsec::psa::Algorithm;

use super::{AD, BLOCK, KeyId, Operation, Psa, SHORT, TAG, given, written};
use crate::measure::Work;

impl Psa {
    /// Hashes in one call.
    pub fn hash(&'static self, alg: Algorithm, input: &'static [u8]) -> impl Work {
        move |answer| {
            written(|length| {
                // SAFETY: the input is readable, the output writable for its length.
                unsafe {
                    (self.functions.psa_hash_compute)(
                        alg.0,
                        input.as_ptr(),
                        input.len(),
                        answer.as_mut_ptr(),
                        SHORT,
                        length,
                    )
                }
            })
        }
    }

    /// Hashes in parts.
    pub fn hash_in_parts(&'static self, alg: Algorithm, input: &'static [u8], part: usize) -> impl Work {
        let (f, mut operation) = (&self.functions, Operation::inactive());
        // SAFETY: the operation has room for the state, inputs are readable, the output writable for its length.
        move |answer| unsafe {
            let mut status = (f.psa_hash_setup)(&mut operation, alg.0);
            for part in input.chunks(part) {
                status |= (f.psa_hash_update)(&mut operation, part.as_ptr(), part.len());
            }
            written(|length| status | (f.psa_hash_finish)(&mut operation, answer.as_mut_ptr(), SHORT, length))
        }
    }

    /// Computes a MAC in one call.
    pub fn mac(&'static self, key: KeyId, alg: Algorithm, input: &'static [u8]) -> impl Work {
        move |answer| {
            written(|length| {
                // SAFETY: the input is readable, the output writable for its length.
                unsafe {
                    (self.functions.psa_mac_compute)(
                        key,
                        alg.0,
                        input.as_ptr(),
                        input.len(),
                        answer.as_mut_ptr(),
                        SHORT,
                        length,
                    )
                }
            })
        }
    }

    /// Encrypts or decrypts without authentication: setup, initialization vector, one part, end.
    pub fn cipher(
        &'static self,
        key: KeyId,
        alg: Algorithm,
        encrypt: bool,
        iv: &'static [u8],
        input: &'static [u8],
    ) -> impl Work {
        let (f, mut operation) = (&self.functions, Operation::inactive());
        let setup = if encrypt { f.psa_cipher_encrypt_setup } else { f.psa_cipher_decrypt_setup };
        // SAFETY: the operation has room for the state, inputs are readable, outputs writable for their lengths.
        move |answer| unsafe {
            let mut status = setup(&mut operation, key, alg.0);
            status |= (f.psa_cipher_set_iv)(&mut operation, iv.as_ptr(), iv.len());
            let (mut body, mut end) = (0, 0);
            status |= (f.psa_cipher_update)(
                &mut operation,
                input.as_ptr(),
                input.len(),
                answer.as_mut_ptr(),
                input.len(),
                &mut body,
            );
            let rest = &mut answer[body..body + BLOCK];
            status |= (f.psa_cipher_finish)(&mut operation, rest.as_mut_ptr(), rest.len(), &mut end);
            given(status, body + end)
        }
    }

    /// Decrypts without authentication in one call; `input` begins with the initialization vector.
    pub fn cipher_decrypt(&'static self, key: KeyId, alg: Algorithm, input: &'static [u8]) -> impl Work {
        move |answer| {
            written(|length| {
                // SAFETY: the input is readable, the output writable for its length.
                unsafe {
                    (self.functions.psa_cipher_decrypt)(
                        key,
                        alg.0,
                        input.as_ptr(),
                        input.len(),
                        answer.as_mut_ptr(),
                        input.len(),
                        length,
                    )
                }
            })
        }
    }

    /// Encrypts or decrypts with authentication in one call.
    pub fn aead(
        &'static self,
        key: KeyId,
        alg: Algorithm,
        encrypt: bool,
        nonce: &'static [u8],
        input: &'static [u8],
    ) -> impl Work {
        let call = if encrypt { self.functions.psa_aead_encrypt } else { self.functions.psa_aead_decrypt };
        move |answer| {
            written(|length| {
                // SAFETY: inputs are readable, the output writable for its length.
                unsafe {
                    call(
                        key,
                        alg.0,
                        nonce.as_ptr(),
                        nonce.len(),
                        AD.as_ptr(),
                        AD.len(),
                        input.as_ptr(),
                        input.len(),
                        answer.as_mut_ptr(),
                        input.len() + TAG,
                        length,
                    )
                }
            })
        }
    }

    /// Encrypts the answer in place, with authentication; the text changes with every execution.
    pub fn aead_in_place(
        &'static self,
        key: KeyId,
        alg: Algorithm,
        nonce: &'static [u8],
        text_length: usize,
    ) -> impl Work {
        move |answer| {
            written(|length| {
                // SAFETY: input and output are the same memory, which the specification permits.
                unsafe {
                    (self.functions.psa_aead_encrypt)(
                        key,
                        alg.0,
                        nonce.as_ptr(),
                        nonce.len(),
                        AD.as_ptr(),
                        AD.len(),
                        answer.as_ptr(),
                        text_length,
                        answer.as_mut_ptr(),
                        text_length + TAG,
                        length,
                    )
                }
            })
        }
    }

    /// Encrypts with authentication in parts.
    pub fn aead_in_parts(
        &'static self,
        key: KeyId,
        alg: Algorithm,
        nonce: &'static [u8],
        input: &'static [u8],
        part: usize,
    ) -> impl Work {
        let (f, mut operation) = (&self.functions, Operation::inactive());
        // SAFETY: the operation has room for the state, inputs are readable, outputs writable for their lengths.
        move |answer| unsafe {
            let mut status = (f.psa_aead_encrypt_setup)(&mut operation, key, alg.0);
            status |= (f.psa_aead_set_nonce)(&mut operation, nonce.as_ptr(), nonce.len());
            status |= (f.psa_aead_update_ad)(&mut operation, AD.as_ptr(), AD.len());
            let mut done = 0;
            for part in input.chunks(part) {
                let (rest, mut length) = (&mut answer[done..], 0);
                status |= (f.psa_aead_update)(
                    &mut operation,
                    part.as_ptr(),
                    part.len(),
                    rest.as_mut_ptr(),
                    part.len(),
                    &mut length,
                );
                done += length;
            }
            let (mut end, mut tag) = (0, 0);
            let rest = answer[done..].as_mut_ptr();
            status |= (f.psa_aead_finish)(&mut operation, rest, 0, &mut end, rest, TAG, &mut tag);
            given(status, done + tag)
        }
    }
}
