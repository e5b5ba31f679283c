//! Keys: what Mbed TLS holds, and how one is made, checked and used (PSA 1.5, chapter 9).

use once_cell::race::OnceBox;
use psa_crypto::types::status::Result as MbedResult;

use super::ffi::VolatileKey;
use super::lock::locked;
use crate::core::primitives::{Aead, AsymmetricEncryption, Cipher, Key, KeyAgreement, KeyWrap, Mac, Signature};
use crate::engines::Engine;
use crate::engines::native::Native;
use crate::fail;
use crate::memory::Secret;
use crate::psa::{Algorithm, DhFamily, EccFamily, Error, KeyType, Result, sizes};

/// The longest key that Mbed TLS takes, in bits (its `PSA_MAX_KEY_BITS`).
pub(super) const MAX_BITS: usize = 65528;

/// True where Mbed TLS itself generates, imports and uses keys of this type and size. Of finite fields it has those of RFC
/// 7919, whose primes it would take for any other family too.
pub(super) fn holds(key_type: KeyType, bits: usize) -> bool {
    match key_type {
        KeyType::RAW_DATA | KeyType::DERIVE | KeyType::HMAC => bits != 0 && bits.is_multiple_of(8) && bits <= MAX_BITS,
        KeyType::AES | KeyType::ARIA | KeyType::CAMELLIA => matches!(bits, 128 | 192 | 256),
        KeyType::DES => matches!(bits, 64 | 128 | 192),
        KeyType::CHACHA20 => bits == 256,
        KeyType::RSA_KEY_PAIR | KeyType::RSA_PUBLIC_KEY => (1024..=4096).contains(&bits) && bits.is_multiple_of(8),
        _ if key_type.is_dh_key_pair() || key_type.is_dh_public_key() => {
            key_type.dh_get_family() == DhFamily::RFC7919 && matches!(bits, 2048 | 3072 | 4096 | 6144 | 8192)
        }
        _ if key_type.is_ecc_key_pair() || key_type.is_ecc_public_key() => has_curve(key_type.ecc_get_family(), bits),
        _ => false,
    }
}

/// The curves of the build. It leaves out secp224k1, which is broken there.
fn has_curve(family: EccFamily, bits: usize) -> bool {
    match family {
        EccFamily::SECP_R1 => matches!(bits, 192 | 224 | 256 | 384 | 521),
        EccFamily::SECP_K1 => matches!(bits, 192 | 256),
        EccFamily::BRAINPOOL_P_R1 => matches!(bits, 256 | 384 | 512),
        EccFamily::MONTGOMERY => matches!(bits, 255 | 448),
        _ => false,
    }
}

/// True for keys on curves in short Weierstrass form, which sign.
pub(super) fn is_weierstrass(key_type: KeyType) -> bool {
    (key_type.is_ecc_key_pair() || key_type.is_ecc_public_key())
        && matches!(key_type.ecc_get_family(), EccFamily::SECP_R1 | EccFamily::SECP_K1 | EccFamily::BRAINPOOL_P_R1)
}

/// Makes the material of a new key. A public exponent of RSA that is not the usual one needs the native engine.
pub(super) fn generate(key_type: KeyType, bits: usize, exponent: &[u8]) -> Result<Secret> {
    if !holds(key_type, bits) || key_type.is_public_key() || !exponent.is_empty() {
        return Native.generate(key_type, bits, exponent);
    }
    locked(|mbed| {
        let key = VolatileKey::generate(mbed, key_type, bits)?;
        key.export(sizes::export_key_output_size(key_type, bits))
    })
}

/// Checks imported material and returns it in canonical form with its size. Both engines must take what both can hold,
/// since both will compute with it.
pub(super) fn import(key_type: KeyType, bits: usize, data: &[u8]) -> Result<(Secret, usize)> {
    match Native.import(key_type, bits, data) {
        Ok((material, bits)) if holds(key_type, bits) => import_into_mbed(key_type, bits, &material),
        native => native,
    }
}

fn import_into_mbed(key_type: KeyType, bits: usize, data: &[u8]) -> Result<(Secret, usize)> {
    let (material, actual) = locked(|mbed| {
        let key = VolatileKey::import(mbed, key_type, Algorithm::NONE, data)?;
        let bits = key.bits()?;
        Ok((key.export(sizes::export_key_output_size(key_type, bits))?, bits))
    })?;
    if bits != 0 && bits != actual {
        return fail!(InvalidArgument, "the key has {actual} bits, not {bits}");
    }
    if !holds(key_type, actual) {
        return fail!(NotSupported, "key type {key_type} of {actual} bits");
    }
    Ok((material, actual))
}

/// Makes a key ready for use. Keys that Mbed TLS computes nothing with are those of the native engine.
pub(super) fn prepare(key_type: KeyType, bits: usize, material: &[u8]) -> Result<Box<dyn Key>> {
    if !holds(key_type, bits) || matches!(key_type, KeyType::RAW_DATA | KeyType::DERIVE) {
        return Native.prepare(key_type, bits, material);
    }
    Ok(Box::new(MbedKey {
        key_type,
        bits,
        material: Secret::new(material.to_vec()),
        native: OnceBox::new(),
        public_key: OnceBox::new(),
    }))
}

/// A key whose material is imported for each use, since Mbed TLS has room for 32 only. What is made once is made without
/// blocking: a child could be born while another thread is at it.
pub(super) struct MbedKey {
    pub(super) key_type: KeyType,
    pub(super) bits: usize,
    pub(super) material: Secret,
    /// The same key in the native engine, prepared when it is first needed.
    native: OnceBox<Box<dyn Key>>,
    /// Asked for often and costly to compute.
    public_key: OnceBox<Vec<u8>>,
}

impl MbedKey {
    /// Works with the key inside Mbed TLS, with the one algorithm that is needed.
    pub(super) fn with<T>(&self, alg: Algorithm, work: impl FnOnce(&VolatileKey<'_>) -> MbedResult<T>) -> Result<T> {
        locked(|mbed| work(&VolatileKey::import(mbed, self.key_type, alg, &self.material)?))
    }

    /// The key in the native engine, for an algorithm (or a way of using it) that Mbed TLS lacks.
    pub(super) fn native(&self, alg: Algorithm) -> Result<&dyn Key> {
        if !Native.holds(self.key_type, self.bits) {
            return self.unsupported(alg);
        }
        let prepare = || Native.prepare(self.key_type, self.bits, &self.material).map(Box::new);
        self.native.get_or_try_init(prepare).map(Box::as_ref)
    }

    /// Neither engine does it.
    pub(super) fn unsupported<T>(&self, alg: Algorithm) -> Result<T> {
        fail!(NotSupported, "algorithm {alg} used so with a key of type {}", self.key_type)
    }

    fn compute_public_key(&self) -> Result<Vec<u8>> {
        let public_type = self.key_type.public_key_of_key_pair();
        let mut public_key = vec![0; sizes::export_key_output_size(public_type, self.bits)];
        let length = self.with(Algorithm::NONE, |key| key.export_public(&mut public_key))?;
        public_key.truncate(length);
        Ok(public_key)
    }
}

impl Key for MbedKey {
    fn public_key(&self, output: &mut [u8]) -> Result<usize> {
        if !self.key_type.is_asymmetric() {
            return Err(Error::InvalidArgument);
        }
        let public_key = self.public_key.get_or_try_init(|| self.compute_public_key().map(Box::new))?;
        output.get_mut(..public_key.len()).ok_or(Error::BufferTooSmall)?.copy_from_slice(public_key);
        Ok(public_key.len())
    }

    fn signature(&self) -> Option<&dyn Signature> {
        (self.key_type.is_rsa() || is_weierstrass(self.key_type)).then_some(self)
    }

    fn asymmetric_encryption(&self) -> Option<&dyn AsymmetricEncryption> {
        self.key_type.is_rsa().then_some(self)
    }

    fn key_agreement(&self) -> Option<&dyn KeyAgreement> {
        (self.key_type.is_ecc_key_pair() || self.key_type.is_dh_key_pair()).then_some(self)
    }

    fn mac(&self) -> Option<&dyn Mac> {
        (self.key_type == KeyType::HMAC || self.key_type.is_block_cipher()).then_some(self)
    }

    fn cipher(&self) -> Option<&dyn Cipher> {
        self.key_type.is_symmetric_cipher().then_some(self)
    }

    fn aead(&self) -> Option<&dyn Aead> {
        self.key_type.is_symmetric_cipher().then_some(self)
    }

    /// Mbed TLS wraps keys without an interface in the crate.
    fn key_wrap(&self) -> Option<&dyn KeyWrap> {
        self.native(Algorithm::KW).ok()?.key_wrap()
    }
}
