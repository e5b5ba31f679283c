//! Keys with a public part: key pairs and public keys (PSA 1.5, sections 9.5 and 9.6).
//!
//! Public keys are prepared from what a key pair, here or in a device, exports, so that everything with a public
//! key can be computed here.

use super::curves::Curve;
use super::ecc_keys::{self, EccKey};
use super::edwards_keys::{self, EdwardsKey};
use super::ffi::evp_pkey::MlKem;
use super::ml_kem_keys::{self, MlKemKey};
use super::montgomery_keys::{self, MontgomeryKey};
use super::rsa_keys::{self, RsaKey};
use super::{asymmetric_encryption, key_agreement, key_encapsulation, signature};
use crate::core::primitives::Key;
use crate::engines::Function;
use crate::fail;
use crate::memory::Secret;
use crate::psa::{Algorithm, EccFamily, Error, KeyType, Result};

/// What kind of mathematics a key needs, with its parameters; the same for a key pair and its public key.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    /// RSA with a modulus of this many bits.
    Rsa(usize),
    /// A curve in short Weierstrass form.
    Weierstrass(&'static Curve),
    /// Curve25519.
    Montgomery,
    /// Edwards25519.
    Edwards,
    /// ML-KEM with a parameter set.
    MlKem(MlKem),
}

/// Size in bits of Curve25519 and Edwards25519.
const BITS_25519: usize = 255;

impl Kind {
    /// The kind of keys of this type and size; `None` where they cannot be held.
    fn of(key_type: KeyType, bits: usize) -> Option<Self> {
        if !key_type.is_key_pair() && !key_type.is_public_key() {
            return None;
        }
        if key_type.is_rsa() {
            return rsa_keys::holds(bits).then_some(Self::Rsa(bits));
        }
        if key_type.is_ml_kem() {
            return ml_kem_keys::find(bits).map(Self::MlKem);
        }
        if !key_type.is_ecc() {
            return None;
        }
        match key_type.ecc_get_family() {
            EccFamily::MONTGOMERY if bits == BITS_25519 => Some(Self::Montgomery),
            EccFamily::TWISTED_EDWARDS if bits == BITS_25519 => Some(Self::Edwards),
            family => Curve::find(family, bits).map(Self::Weierstrass),
        }
    }
}

/// True where keys of this type and size can be imported and used. All of them can be generated too, except RSA keys
/// whose size is not a multiple of 128 bits.
pub(super) fn holds(key_type: KeyType, bits: usize) -> bool {
    Kind::of(key_type, bits).is_some()
}

/// True where `function` works with such a key and algorithm. For a public key, that is the public half of it.
pub(super) fn supports(function: Function, key_type: KeyType, bits: usize, alg: Algorithm) -> bool {
    let Some(kind) = Kind::of(key_type, bits) else { return false };
    match function {
        Function::SignHash => signature::signs_hash(kind, alg),
        Function::SignMessage => signature::signs_message(kind, alg),
        Function::AsymmetricEncryption => asymmetric_encryption::encrypts(kind, alg),
        Function::KeyAgreement => key_type.is_key_pair() && key_agreement::agrees(kind, alg),
        Function::KeyEncapsulation => key_encapsulation::encapsulates(kind, alg),
        _ => false,
    }
}

/// Makes the material of a new key pair; `exponent` is the public exponent of an RSA key, empty for 65537.
pub(super) fn generate(key_type: KeyType, bits: usize, exponent: &[u8]) -> Result<Secret> {
    if !key_type.is_key_pair() {
        return fail!(InvalidArgument, "a public key is not generated");
    }
    match Kind::of(key_type, bits) {
        Some(Kind::Rsa(bits)) => rsa_keys::generate(bits, exponent),
        _ if !exponent.is_empty() => fail!(InvalidArgument, "only RSA keys have a public exponent"),
        Some(Kind::Weierstrass(curve)) => ecc_keys::generate(curve),
        Some(Kind::Montgomery) => montgomery_keys::generate(),
        Some(Kind::Edwards) => edwards_keys::generate(),
        Some(Kind::MlKem(_)) => ml_kem_keys::generate(),
        None => not_held(key_type, bits),
    }
}

/// Checks material and returns it in the canonical format with its size in bits; `bits` is 0 where the data decides.
pub(super) fn import(key_type: KeyType, bits: usize, data: &[u8]) -> Result<(Secret, usize)> {
    if key_type.is_rsa() { import_rsa(key_type, bits, data) } else { import_by_size(key_type, bits, data) }
}

fn import_rsa(key_type: KeyType, bits: usize, data: &[u8]) -> Result<(Secret, usize)> {
    let import = if key_type.is_key_pair() { rsa_keys::import_private } else { rsa_keys::import_public };
    let (material, actual) = import(data)?;
    if bits != 0 && bits != actual {
        return fail!(InvalidArgument, "the key has {actual} bits, not {bits}");
    }
    if holds(key_type, actual) { Ok((material, actual)) } else { not_held(key_type, actual) }
}

fn import_by_size(key_type: KeyType, bits: usize, data: &[u8]) -> Result<(Secret, usize)> {
    let bits = if bits == 0 { bits_of(key_type, data.len())? } else { bits };
    let material = || Secret::new(data.to_vec());
    let private = key_type.is_key_pair();
    let material = match Kind::of(key_type, bits) {
        Some(Kind::Weierstrass(curve)) if private => ecc_keys::check_private(curve, data).map(|()| material()),
        Some(Kind::Weierstrass(curve)) => ecc_keys::check_public(curve, data).map(|()| material()),
        Some(Kind::Montgomery) if private => montgomery_keys::import_private(data),
        Some(Kind::Montgomery) => montgomery_keys::check_public(data).map(|()| material()),
        Some(Kind::Edwards) if private => edwards_keys::check_private(data).map(|()| material()),
        Some(Kind::Edwards) => edwards_keys::check_public(data).map(|()| material()),
        Some(Kind::MlKem(_)) if private => ml_kem_keys::check_private(data).map(|()| material()),
        Some(Kind::MlKem(parameters)) => ml_kem_keys::check_public(parameters, data).map(|()| material()),
        Some(Kind::Rsa(_)) | None => not_held(key_type, bits),
    }?;
    Ok((material, bits))
}

/// The size of the keys whose data has that length, whether or not they are held.
fn bits_of(key_type: KeyType, length: usize) -> Result<usize> {
    let bits = match key_type {
        _ if key_type.is_ecc() => ecc_bits(key_type, length)?,
        KeyType::ML_KEM_PUBLIC_KEY => ml_kem_keys::bits_of_public(length),
        KeyType::ML_KEM_KEY_PAIR => return fail!(InvalidArgument, "the size of an ML-KEM key pair must be set"),
        _ => return not_held(key_type, 0),
    };
    match bits {
        Some(bits) => Ok(bits),
        None => fail!(InvalidArgument, "{length} bytes are not key data of type {:#06x} and a known size", key_type.0),
    }
}

fn ecc_bits(key_type: KeyType, length: usize) -> Result<Option<usize>> {
    Ok(match (key_type.ecc_get_family(), length) {
        (EccFamily::MONTGOMERY, montgomery_keys::LENGTH) => Some(BITS_25519),
        (EccFamily::TWISTED_EDWARDS, edwards_keys::LENGTH) => Some(BITS_25519),
        (EccFamily::MONTGOMERY, 56) | (EccFamily::TWISTED_EDWARDS, 57) => Some(448),
        (family, _) if !Curve::has_family(family) => return not_held(key_type, 0),
        (family, _) => Curve::by_length(family, length, !key_type.is_key_pair()).map(Curve::bits),
    })
}

/// Makes a key ready for use.
pub(super) fn prepare(key_type: KeyType, bits: usize, material: &[u8]) -> Result<Box<dyn Key>> {
    let private = key_type.is_key_pair();
    Ok(match Kind::of(key_type, bits) {
        Some(Kind::Rsa(_)) if private => Box::new(RsaKey::from_private(material)?),
        Some(Kind::Rsa(_)) => Box::new(RsaKey::from_public(material)?),
        Some(Kind::Weierstrass(curve)) if private => Box::new(EccKey::from_private(curve, material)?),
        Some(Kind::Weierstrass(curve)) => Box::new(EccKey::from_public(curve, material)?),
        Some(Kind::Montgomery) if private => Box::new(MontgomeryKey::from_private(material)?),
        Some(Kind::Montgomery) => Box::new(MontgomeryKey::from_public(material)?),
        Some(Kind::Edwards) if private => Box::new(EdwardsKey::from_private(material)?),
        Some(Kind::Edwards) => Box::new(EdwardsKey::from_public(material)?),
        Some(Kind::MlKem(parameters)) if private => Box::new(MlKemKey::from_private(parameters, material)?),
        Some(Kind::MlKem(parameters)) => Box::new(MlKemKey::from_public(parameters, material)?),
        None => return not_held(key_type, bits),
    })
}

fn not_held<T>(key_type: KeyType, bits: usize) -> Result<T> {
    fail!(NotSupported, "key type {:#06x} of {bits} bits", key_type.0)
}

/// Refuses an algorithm that keys of this type do not have.
pub(super) fn unsupported<T>(alg: Algorithm) -> Result<T> {
    fail!(NotSupported, "algorithm {:#010x} with this key", alg.0)
}

/// Refuses what takes the private part of a key to a public key.
pub(super) fn not_private<T>() -> Result<T> {
    fail!(InvalidArgument, "the operation needs a key pair, not a public key")
}

/// Key data of the one length that its type has.
pub(super) fn fixed<const LENGTH: usize>(data: &[u8]) -> Result<&[u8; LENGTH]> {
    match data.try_into() {
        Ok(data) => Ok(data),
        Err(_) => fail!(InvalidArgument, "the key has {LENGTH} bytes, not {}", data.len()),
    }
}

/// Copies a result to the beginning of `output` and gives its length.
pub(super) fn copy(result: &[u8], output: &mut [u8]) -> Result<usize> {
    output.get_mut(..result.len()).ok_or(Error::BufferTooSmall)?.copy_from_slice(result);
    Ok(result.len())
}
