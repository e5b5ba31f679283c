//! What the safe functions of the crate cannot do: keys of a size that it mistypes, operations in parts, starting again.
//!
//! Everything here wants [`Locked`], which is the proof that no other thread is inside Mbed TLS. Operations are boxed:
//! Mbed TLS does not promise that they may move.
#![allow(unsafe_code)]

use std::marker::PhantomData;

use psa_crypto::ffi;
use psa_crypto::operations::key_management;
use psa_crypto::types::key::{Attributes, Id};
use psa_crypto::types::status::{Result, Status};

use super::lock::{Locked, locked};
use crate::core::primitives::Direction;
use crate::memory::Secret;
use crate::psa::{Algorithm, DerivationStep};

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

/// Destroys a volatile key.
pub(super) fn destroy(_: &Locked, key: Id) -> Result<()> {
    // SAFETY: unsafe because it must not run beside other uses of the key, which the lock excludes.
    unsafe { key_management::destroy(key) }
}

/// A key in one of Mbed TLS's slots, while the lock is held.
pub(super) struct VolatileKey<'a> {
    id: ffi::psa_key_id_t,
    locked: PhantomData<&'a Locked>,
}

impl<'a> VolatileKey<'a> {
    /// Imports material, whose size the data decides.
    pub(super) fn import(_: &'a Locked, attributes: Attributes, data: &[u8]) -> Result<Self> {
        let attributes = ffi::psa_key_attributes_t::try_from(attributes)?;
        Self::create(|id| {
            // SAFETY: the attributes are initialised, data and length are one slice, and `id` is writable.
            unsafe { ffi::psa_import_key(&attributes, data.as_ptr(), data.len(), id) }
        })
    }

    /// Generates a key. The size is not one of the crate's attributes, because those refuse 384 bits on secp384r1.
    pub(super) fn generate(_: &'a Locked, attributes: Attributes, bits: usize) -> Result<Self> {
        let attributes = with_bits(attributes, bits)?;
        // SAFETY: the attributes are initialised and `id` is writable.
        Self::create(|id| unsafe { ffi::psa_generate_key(&attributes, id) })
    }

    fn create(make: impl FnOnce(&mut ffi::psa_key_id_t) -> ffi::psa_status_t) -> Result<Self> {
        let mut id = 0;
        check(make(&mut id))?;
        Ok(Self { id, locked: PhantomData })
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
        let mut length = 0;
        // SAFETY: the buffer is writable for its length, and so is `length`.
        check(unsafe { ffi::psa_export_key(self.id, material.as_mut_ptr(), material.len(), &mut length) })?;
        material.truncate(length);
        Ok(material)
    }
}

impl Drop for VolatileKey<'_> {
    fn drop(&mut self) {
        // SAFETY: the key exists, and the borrow of `Locked` has not ended: no other thread is inside. A volatile key
        // that exists is always destroyed, so there is no failure to report.
        unsafe { ffi::psa_destroy_key(self.id) };
    }
}

fn with_bits(attributes: Attributes, bits: usize) -> Result<ffi::psa_key_attributes_t> {
    let mut attributes = ffi::psa_key_attributes_t::try_from(attributes)?;
    // SAFETY: the attributes are initialised and writable.
    unsafe { ffi::psa_set_key_bits(&mut attributes, bits) };
    Ok(attributes)
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
    pub(super) fn setup(&mut self, key: &VolatileKey<'_>, alg: Algorithm, direction: Direction) -> Result<()> {
        let setup = match direction {
            Direction::Encrypt => ffi::psa_cipher_encrypt_setup,
            Direction::Decrypt => ffi::psa_cipher_decrypt_setup,
        };
        // SAFETY: the operation is initialised and at its own address, and the key exists.
        check(unsafe { setup(&mut *self.0, key.id, alg.0) })
    }

    /// Sets the initialization vector.
    pub(super) fn set_iv(&mut self, _: &Locked, iv: &[u8]) -> Result<()> {
        // SAFETY: the operation is initialised; pointer and length are one slice.
        check(unsafe { ffi::psa_cipher_set_iv(&mut *self.0, iv.as_ptr(), iv.len()) })
    }

    /// Adds input and gives output, whose length it returns.
    pub(super) fn update(&mut self, _: &Locked, input: &[u8], output: &mut [u8]) -> Result<usize> {
        let mut length = 0;
        // SAFETY: the operation is initialised; pointers and lengths are two slices, which cannot overlap; `length` is
        // writable.
        check(unsafe {
            ffi::psa_cipher_update(
                &mut *self.0,
                input.as_ptr(),
                input.len(),
                output.as_mut_ptr(),
                output.len(),
                &mut length,
            )
        })?;
        Ok(length)
    }

    /// Ends and gives the last output, whose length it returns.
    pub(super) fn finish(&mut self, _: &Locked, output: &mut [u8]) -> Result<usize> {
        let mut length = 0;
        // SAFETY: the operation is initialised; pointer and length are one slice; `length` is writable.
        check(unsafe { ffi::psa_cipher_finish(&mut *self.0, output.as_mut_ptr(), output.len(), &mut length) })?;
        Ok(length)
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

    /// The next bytes, as a key of that size.
    pub(super) fn output_key<'a>(
        &mut self,
        _: &'a Locked,
        attributes: Attributes,
        bits: usize,
    ) -> Result<VolatileKey<'a>> {
        let attributes = with_bits(attributes, bits)?;
        // SAFETY: attributes and operation are initialised, and `id` is writable.
        VolatileKey::create(|id| unsafe { ffi::psa_key_derivation_output_key(&attributes, &mut *self.0, id) })
    }
}

impl Drop for DerivationParts {
    fn drop(&mut self) {
        // SAFETY: the operation is initialised; aborting an inactive one does nothing.
        let aborted = locked(|_| check(unsafe { ffi::psa_key_derivation_abort(&mut *self.0) }));
        debug_assert!(aborted.is_ok());
    }
}
