//! Calls of Mbed TLS with our own numbers of types and algorithms, which are those of the specification. The safe functions
//! of the crate name fewer than its Mbed TLS has: no ARIA, CCM*, PSS with any salt or finite field.
//!
//! Everything here wants [`Locked`], which is the proof that no other thread is inside Mbed TLS. Operations are boxed:
//! Mbed TLS does not promise that they may move.
#![allow(unsafe_code)]

use std::marker::PhantomData;
use std::ptr;

use psa_crypto::ffi;
use psa_crypto::types::status::{Result, Status};

use super::lock::{Locked, locked};
use crate::core::primitives::Direction;
use crate::memory::Secret;
use crate::psa::{Algorithm, DerivationStep, KeyType, Usage};

unsafe extern "C" {
    /// Of Mbed TLS, under the name that the crate's feature `prefix` gives it; the crate does not declare it.
    #[link_name = "psa_crypto_0_13_0_mbedtls_psa_crypto_free"]
    safe fn mbedtls_psa_crypto_free();
}

fn check(status: ffi::psa_status_t) -> Result<()> {
    Status::from(status).to_result()
}

/// Forgets everything that Mbed TLS has, so that it can be initialised again.
pub(super) fn reset(_: &Locked) {
    mbedtls_psa_crypto_free();
}

/// A hash of a whole message, of which the length of the output is that of the hash.
pub(super) fn hash(_: &Locked, alg: Algorithm, input: &[u8], hash: &mut [u8]) -> Result<()> {
    // SAFETY: pointers and lengths are two slices; `length` is writable.
    written(hash, |output, size, length| unsafe {
        ffi::psa_hash_compute(alg.0, input.as_ptr(), input.len(), output, size, length)
    })
    .map(drop)
}

/// Random bytes.
pub(super) fn random(_: &Locked, output: &mut [u8]) -> Result<()> {
    // SAFETY: pointer and length are one slice.
    check(unsafe { ffi::psa_generate_random(output.as_mut_ptr(), output.len()) })
}

/// A call that writes output of at most the given length, and says of which.
fn written(output: &mut [u8], call: impl FnOnce(*mut u8, usize, *mut usize) -> ffi::psa_status_t) -> Result<usize> {
    let mut length = 0;
    check(call(output.as_mut_ptr(), output.len(), &mut length))?;
    Ok(length)
}

/// What a key may be used for here: everything, because `core` has checked the application's policy.
const USAGE: Usage = Usage(
    Usage::EXPORT.0
        | Usage::ENCRYPT.0
        | Usage::DECRYPT.0
        | Usage::SIGN_HASH.0
        | Usage::VERIFY_HASH.0
        | Usage::SIGN_MESSAGE.0
        | Usage::VERIFY_MESSAGE.0
        | Usage::DERIVE.0,
);

/// Attributes of a volatile key that is used with one algorithm.
fn attributes(key_type: KeyType, bits: usize, alg: Algorithm) -> ffi::psa_key_attributes_t {
    // SAFETY: gives a value, and then writes numbers into it.
    unsafe {
        let mut attributes = ffi::psa_key_attributes_init();
        ffi::psa_set_key_type(&mut attributes, key_type.0);
        ffi::psa_set_key_bits(&mut attributes, bits);
        ffi::psa_set_key_algorithm(&mut attributes, alg.0);
        ffi::psa_set_key_usage_flags(&mut attributes, USAGE.0);
        attributes
    }
}

/// A key in one of Mbed TLS's slots, while the lock is held.
pub(super) struct VolatileKey<'a> {
    id: ffi::psa_key_id_t,
    alg: Algorithm,
    locked: PhantomData<&'a Locked>,
}

impl<'a> VolatileKey<'a> {
    /// Imports material, whose size the data decides, to be used with one algorithm.
    pub(super) fn import(mbed: &'a Locked, key_type: KeyType, alg: Algorithm, data: &[u8]) -> Result<Self> {
        let attributes = attributes(key_type, 0, alg);
        Self::create(mbed, alg, |id| {
            // SAFETY: the attributes are initialised, data and length are one slice, and `id` is writable.
            unsafe { ffi::psa_import_key(&attributes, data.as_ptr(), data.len(), id) }
        })
    }

    /// Generates a key.
    pub(super) fn generate(mbed: &'a Locked, key_type: KeyType, bits: usize) -> Result<Self> {
        let attributes = attributes(key_type, bits, Algorithm::NONE);
        // SAFETY: the attributes are initialised and `id` is writable.
        Self::create(mbed, Algorithm::NONE, |id| unsafe { ffi::psa_generate_key(&attributes, id) })
    }

    fn create(
        _: &'a Locked,
        alg: Algorithm,
        make: impl FnOnce(&mut ffi::psa_key_id_t) -> ffi::psa_status_t,
    ) -> Result<Self> {
        let mut id = 0;
        check(make(&mut id))?;
        Ok(Self { id, alg, locked: PhantomData })
    }

    /// The size of the key.
    pub(super) fn bits(&self) -> Result<usize> {
        // SAFETY: gives a value.
        let mut attributes = unsafe { ffi::psa_key_attributes_init() };
        // SAFETY: the attributes are initialised and writable, and the key exists.
        check(unsafe { ffi::psa_get_key_attributes(self.id, &mut attributes) })?;
        // SAFETY: the attributes were filled by the line above; resetting frees what it may have allocated.
        unsafe {
            let bits = ffi::psa_get_key_bits(&attributes);
            ffi::psa_reset_key_attributes(&mut attributes);
            Ok(bits)
        }
    }

    /// The material, of at most `size` bytes.
    pub(super) fn export(&self, size: usize) -> Result<Secret> {
        let mut material = Secret::new(vec![0; size]);
        // SAFETY: the key exists; pointer and size are one buffer, and the length is writable.
        let length = written(&mut material, |output, size, length| unsafe {
            ffi::psa_export_key(self.id, output, size, length)
        })?;
        material.truncate(length);
        Ok(material)
    }

    /// The public part.
    pub(super) fn export_public(&self, output: &mut [u8]) -> Result<usize> {
        // SAFETY: as for `export`.
        written(output, |output, size, length| unsafe { ffi::psa_export_public_key(self.id, output, size, length) })
    }

    /// Computes a MAC.
    pub(super) fn compute_mac(&self, input: &[u8], mac: &mut [u8]) -> Result<usize> {
        // SAFETY: the key exists; pointers and lengths are two slices, and the length is writable.
        written(mac, |output, size, length| unsafe {
            ffi::psa_mac_compute(self.id, self.alg.0, input.as_ptr(), input.len(), output, size, length)
        })
    }

    /// Encrypts and authenticates, or checks and decrypts.
    pub(super) fn aead(
        &self,
        direction: Direction,
        nonce: &[u8],
        additional_data: &[u8],
        input: &[u8],
        output: &mut [u8],
    ) -> Result<usize> {
        let work = match direction {
            Direction::Encrypt => ffi::psa_aead_encrypt,
            Direction::Decrypt => ffi::psa_aead_decrypt,
        };
        // SAFETY: the key exists; pointers and lengths are four slices, of which the output overlaps none, and the length
        // is writable.
        written(output, |output, size, length| unsafe {
            work(
                self.id,
                self.alg.0,
                nonce.as_ptr(),
                nonce.len(),
                additional_data.as_ptr(),
                additional_data.len(),
                input.as_ptr(),
                input.len(),
                output,
                size,
                length,
            )
        })
    }

    /// Signs a hash.
    pub(super) fn sign_hash(&self, hash: &[u8], signature: &mut [u8]) -> Result<usize> {
        // SAFETY: as for MACs.
        written(signature, |output, size, length| unsafe {
            ffi::psa_sign_hash(self.id, self.alg.0, hash.as_ptr(), hash.len(), output, size, length)
        })
    }

    /// Checks the signature of a hash.
    pub(super) fn verify_hash(&self, hash: &[u8], signature: &[u8]) -> Result<()> {
        // SAFETY: the key exists; pointers and lengths are two slices.
        check(unsafe {
            let (id, alg) = (self.id, self.alg.0);
            ffi::psa_verify_hash(id, alg, hash.as_ptr(), hash.len(), signature.as_ptr(), signature.len())
        })
    }

    /// Encrypts or decrypts with an asymmetric key.
    pub(super) fn transform(
        &self,
        direction: Direction,
        input: &[u8],
        label: &[u8],
        output: &mut [u8],
    ) -> Result<usize> {
        let work = match direction {
            Direction::Encrypt => ffi::psa_asymmetric_encrypt,
            Direction::Decrypt => ffi::psa_asymmetric_decrypt,
        };
        // It wants no pointer where there is no label.
        let (label, label_length) = if label.is_empty() { (ptr::null(), 0) } else { (label.as_ptr(), label.len()) };
        // SAFETY: as for AEADs.
        written(output, |output, size, length| unsafe {
            work(self.id, self.alg.0, input.as_ptr(), input.len(), label, label_length, output, size, length)
        })
    }

    /// Agrees on a secret with the public key of a peer.
    pub(super) fn agree(&self, peer: &[u8], secret: &mut [u8]) -> Result<usize> {
        // SAFETY: as for MACs.
        written(secret, |output, size, length| unsafe {
            ffi::psa_raw_key_agreement(self.alg.0, self.id, peer.as_ptr(), peer.len(), output, size, length)
        })
    }
}

impl Drop for VolatileKey<'_> {
    fn drop(&mut self) {
        // SAFETY: the key exists, and the borrow of `Locked` has not ended: no other thread is inside. A volatile key
        // that exists is always destroyed, so there is no failure to report.
        unsafe { ffi::psa_destroy_key(self.id) };
    }
}

/// A cipher operation.
pub(super) struct CipherParts(Box<ffi::psa_cipher_operation_t>);

// SAFETY: it points to memory of its own only, which belongs to no thread; its methods want the lock.
unsafe impl Send for CipherParts {}

impl CipherParts {
    /// An inactive operation. It must be made, and dropped, without the lock.
    pub(super) fn new() -> Self {
        // SAFETY: gives a value.
        Self(Box::new(unsafe { ffi::psa_cipher_operation_init() }))
    }

    /// Begins; the key is not needed afterwards.
    pub(super) fn setup(&mut self, key: &VolatileKey<'_>, direction: Direction) -> Result<()> {
        let setup = match direction {
            Direction::Encrypt => ffi::psa_cipher_encrypt_setup,
            Direction::Decrypt => ffi::psa_cipher_decrypt_setup,
        };
        // SAFETY: the operation is initialised and at its own address, and the key exists.
        check(unsafe { setup(&mut *self.0, key.id, key.alg.0) })
    }

    /// Sets the initialization vector.
    pub(super) fn set_iv(&mut self, _: &Locked, iv: &[u8]) -> Result<()> {
        // SAFETY: the operation is initialised; pointer and length are one slice.
        check(unsafe { ffi::psa_cipher_set_iv(&mut *self.0, iv.as_ptr(), iv.len()) })
    }

    /// Adds input and gives output, whose length it returns.
    pub(super) fn update(&mut self, _: &Locked, input: &[u8], output: &mut [u8]) -> Result<usize> {
        // SAFETY: the operation is initialised; pointers and lengths are two slices, which cannot overlap; the length is
        // writable.
        written(output, |output, size, length| unsafe {
            ffi::psa_cipher_update(&mut *self.0, input.as_ptr(), input.len(), output, size, length)
        })
    }

    /// Ends and gives the last output, whose length it returns.
    pub(super) fn finish(&mut self, _: &Locked, output: &mut [u8]) -> Result<usize> {
        // SAFETY: the operation is initialised; pointer and size are one slice; the length is writable.
        written(output, |output, size, length| unsafe { ffi::psa_cipher_finish(&mut *self.0, output, size, length) })
    }
}

impl Drop for CipherParts {
    fn drop(&mut self) {
        // SAFETY: the operation is initialised; aborting an inactive one does nothing.
        let aborted = locked(|_| check(unsafe { ffi::psa_cipher_abort(&mut *self.0) }));
        debug_assert!(aborted.is_ok());
    }
}

/// A key derivation.
pub(super) struct DerivationParts(Box<ffi::psa_key_derivation_operation_t>);

// SAFETY: as for CipherParts.
unsafe impl Send for DerivationParts {}

impl DerivationParts {
    /// An inactive operation. It must be made, and dropped, without the lock.
    pub(super) fn new() -> Self {
        Self(Box::new(ffi::psa_key_derivation_operation_init()))
    }

    /// Begins.
    pub(super) fn setup(&mut self, _: &Locked, alg: Algorithm) -> Result<()> {
        // SAFETY: the operation is initialised and at its own address.
        check(unsafe { ffi::psa_key_derivation_setup(&mut *self.0, alg.0) })
    }

    /// Gives an input that is no key.
    pub(super) fn input_bytes(&mut self, _: &Locked, step: DerivationStep, input: &[u8]) -> Result<()> {
        // SAFETY: the operation is initialised; pointer and length are one slice.
        check(unsafe { ffi::psa_key_derivation_input_bytes(&mut *self.0, step.0, input.as_ptr(), input.len()) })
    }

    /// Gives the secret, which has to be a key for the output to be one.
    pub(super) fn input_secret(&mut self, key: &VolatileKey<'_>) -> Result<()> {
        // SAFETY: the operation is initialised, and the key exists.
        check(unsafe { ffi::psa_key_derivation_input_key(&mut *self.0, DerivationStep::SECRET.0, key.id) })
    }

    /// The next bytes. They come as a key, because the crate does not declare the function for bytes.
    pub(super) fn output(&mut self, mbed: &Locked, length: usize) -> Result<Secret> {
        let attributes = attributes(KeyType::RAW_DATA, 8 * length, Algorithm::NONE);
        let derived = VolatileKey::create(mbed, Algorithm::NONE, |id| {
            // SAFETY: attributes and operation are initialised, and `id` is writable.
            unsafe { ffi::psa_key_derivation_output_key(&attributes, &mut *self.0, id) }
        })?;
        derived.export(length)
    }
}

impl Drop for DerivationParts {
    fn drop(&mut self) {
        // SAFETY: the operation is initialised; aborting an inactive one does nothing.
        let aborted = locked(|_| check(unsafe { ffi::psa_key_derivation_abort(&mut *self.0) }));
        debug_assert!(aborted.is_ok());
    }
}
