//! Keys with a public part: key pairs and public keys (PSA 1.5, section 9.5).
//!
//! Public keys are prepared from what a key pair, here or in a device, exports, so that everything with a public
//! key can be computed here.

use super::curves::Curve;
use super::dh_groups::DhGroup;
use super::dh_keys::{self, DhKey};
use super::ecc_keys::{self, EccKey};
use super::edwards_keys::{self, EdwardsKey};
use super::edwards448_keys::{self, Edwards448Key};
use super::ffi::evp_pkey::{MlDsa, MlKem};
use super::hash_based_keys::{self, HashBasedKey, Scheme};
use super::ml_dsa_keys::{self, MlDsaKey};
use super::ml_kem_keys::{self, MlKemKey};
use super::montgomery_keys::{self, MontgomeryKey};
use super::montgomery448_keys::{self, Montgomery448Key};
use super::rsa_keys::{self, RsaKey};
use super::slh_dsa_keys::{self, Set, SlhDsaKey};
use super::{asymmetric_encryption, key_agreement, key_encapsulation, scalars, signature};
use crate::core::primitives::{DerivationOutput, Key};
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
    /// Curve448.
    Montgomery448,
    /// Edwards25519.
    Edwards,
    /// Edwards448.
    Edwards448,
    /// Finite-field Diffie-Hellman in a group.
    Dh(&'static DhGroup),
    /// ML-KEM with a parameter set.
    MlKem(MlKem),
    /// ML-DSA with a parameter set.
    MlDsa(MlDsa),
    /// SLH-DSA with a parameter set.
    SlhDsa(&'static Set),
    /// Stateful hash-based signatures, which are only verified.
    HashBased(Scheme),
}

/// Size in bits of Curve25519 and Edwards25519.
const BITS_25519: usize = 255;
/// Size in bits of Curve448 and Edwards448.
const BITS_448: usize = 448;

impl Kind {
    /// The kind of keys of this type and size; `None` where they cannot be held.
    fn of(key_type: KeyType, bits: usize) -> Option<Self> {
        if !key_type.is_key_pair() && !key_type.is_public_key() {
            return None;
        }
        match key_type {
            _ if key_type.is_rsa() => rsa_keys::holds(bits).then_some(Self::Rsa(bits)),
            _ if key_type.is_ecc() => Self::of_curve(key_type.ecc_get_family(), bits),
            _ if key_type.is_dh() => DhGroup::find(key_type.dh_get_family(), bits).map(Self::Dh),
            _ if key_type.is_ml_kem() => ml_kem_keys::find(bits).map(Self::MlKem),
            _ if key_type.is_ml_dsa() => ml_dsa_keys::find(bits).map(Self::MlDsa),
            _ if key_type.is_slh_dsa() => Set::find(key_type, bits).map(Self::SlhDsa),
            _ => Scheme::of(key_type).filter(|scheme| scheme.holds(bits)).map(Self::HashBased),
        }
    }

    fn of_curve(family: EccFamily, bits: usize) -> Option<Self> {
        match (family, bits) {
            (EccFamily::MONTGOMERY, BITS_25519) => Some(Self::Montgomery),
            (EccFamily::MONTGOMERY, BITS_448) => Some(Self::Montgomery448),
            (EccFamily::TWISTED_EDWARDS, BITS_25519) => Some(Self::Edwards),
            (EccFamily::TWISTED_EDWARDS, BITS_448) => Some(Self::Edwards448),
            _ => Curve::find(family, bits).map(Self::Weierstrass),
        }
    }
}

/// True where keys of this type and size can be imported and used. All key pairs can be generated too, except RSA keys
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
        Some(Kind::Montgomery448) => montgomery448_keys::generate(),
        Some(Kind::Edwards) => edwards_keys::generate(),
        Some(Kind::Edwards448) => edwards448_keys::generate(),
        Some(Kind::Dh(group)) => dh_keys::generate(group),
        Some(Kind::MlKem(_)) => ml_kem_keys::generate(),
        Some(Kind::MlDsa(_)) => ml_dsa_keys::generate(),
        Some(Kind::SlhDsa(set)) => slh_dsa_keys::generate(set),
        Some(Kind::HashBased(_)) | None => not_held(key_type, bits),
    }
}

/// Makes the material of a key pair from the output of a derivation, by the procedure of its type (PSA 1.5, section 9.5).
pub(super) fn derive(key_type: KeyType, bits: usize, output: &mut dyn DerivationOutput) -> Result<Secret> {
    if !key_type.is_key_pair() {
        return fail!(InvalidArgument, "a public key is not derived");
    }
    let mut draw = |bytes: &mut [u8]| output.read(bytes);
    let mut bytes = |length: usize| {
        let mut bytes = Secret::new(vec![0; length]);
        draw(&mut bytes).map(|()| bytes)
    };
    match Kind::of(key_type, bits) {
        Some(Kind::Weierstrass(curve)) => scalars::draw(&curve.order()?, &mut draw),
        Some(Kind::Montgomery) => montgomery_keys::import_private(&bytes(montgomery_keys::LENGTH)?),
        Some(Kind::Montgomery448) => montgomery448_keys::import_private(&bytes(montgomery448_keys::LENGTH)?),
        Some(Kind::Edwards) => bytes(edwards_keys::LENGTH),
        Some(Kind::Edwards448) => bytes(edwards448_keys::LENGTH),
        Some(Kind::Dh(group)) => scalars::draw(group.prime(), &mut draw),
        Some(Kind::MlKem(_)) => bytes(ml_kem_keys::SEEDS),
        Some(Kind::MlDsa(_)) => bytes(ml_dsa_keys::SEED),
        Some(Kind::SlhDsa(set)) => slh_dsa_keys::derive(set, &bytes(3 * set.n())?),
        Some(Kind::Rsa(_)) => fail!(NotSupported, "RSA keys are not derived: the specification has no procedure"),
        None if key_type.is_ecc() && Curve::has_family(key_type.ecc_get_family()) => {
            fail!(InvalidArgument, "no curve of this family has {bits} bits")
        }
        Some(Kind::HashBased(_)) | None => not_held(key_type, bits),
    }
}

/// Checks material and returns it in the canonical format with its size in bits; `bits` is 0 where the data decides.
pub(super) fn import(key_type: KeyType, bits: usize, data: &[u8]) -> Result<(Secret, usize)> {
    match Scheme::of(key_type) {
        _ if key_type.is_rsa() => import_rsa(key_type, bits, data),
        Some(scheme) => import_hash_based(scheme, bits, data),
        None => import_by_size(key_type, bits, data),
    }
}

fn import_rsa(key_type: KeyType, bits: usize, data: &[u8]) -> Result<(Secret, usize)> {
    let import = if key_type.is_key_pair() { rsa_keys::import_private } else { rsa_keys::import_public };
    let (material, actual) = import(data)?;
    check_size(bits, actual)?;
    if holds(key_type, actual) { Ok((material, actual)) } else { not_held(key_type, actual) }
}

fn import_hash_based(scheme: Scheme, bits: usize, data: &[u8]) -> Result<(Secret, usize)> {
    let actual = hash_based_keys::bits_of(scheme, data)?;
    check_size(bits, actual)?;
    Ok((Secret::new(data.to_vec()), actual))
}

fn check_size(bits: usize, actual: usize) -> Result<()> {
    if bits == 0 || bits == actual {
        return Ok(());
    }
    fail!(InvalidArgument, "the key has {actual} bits, not {bits}")
}

fn import_by_size(key_type: KeyType, bits: usize, data: &[u8]) -> Result<(Secret, usize)> {
    let bits = if bits == 0 { bits_of(key_type, data.len())? } else { bits };
    let private = key_type.is_key_pair();
    match Kind::of(key_type, bits) {
        // The forced bits belong to the export format.
        Some(Kind::Montgomery) if private => return Ok((montgomery_keys::import_private(data)?, bits)),
        Some(Kind::Montgomery448) if private => return Ok((montgomery448_keys::import_private(data)?, bits)),
        Some(kind) if private => check_private(kind, data)?,
        Some(kind) => check_public(kind, data)?,
        None => return not_held(key_type, bits),
    }
    Ok((Secret::new(data.to_vec()), bits))
}

fn check_private(kind: Kind, data: &[u8]) -> Result<()> {
    match kind {
        Kind::Weierstrass(curve) => ecc_keys::check_private(curve, data),
        Kind::Edwards => edwards_keys::check_private(data),
        Kind::Edwards448 => edwards448_keys::check_private(data),
        Kind::Dh(group) => dh_keys::check_private(group, data),
        Kind::MlKem(_) => ml_kem_keys::check_private(data),
        Kind::MlDsa(_) => ml_dsa_keys::check_private(data),
        Kind::SlhDsa(set) => slh_dsa_keys::check_private(set, data),
        // These are not only checked.
        Kind::Rsa(_) | Kind::Montgomery | Kind::Montgomery448 | Kind::HashBased(_) => Err(Error::CorruptionDetected),
    }
}

fn check_public(kind: Kind, data: &[u8]) -> Result<()> {
    match kind {
        Kind::Weierstrass(curve) => ecc_keys::check_public(curve, data),
        Kind::Montgomery => montgomery_keys::check_public(data),
        Kind::Montgomery448 => montgomery448_keys::check_public(data),
        Kind::Edwards => edwards_keys::check_public(data),
        Kind::Edwards448 => edwards448_keys::check_public(data),
        Kind::Dh(group) => dh_keys::check_public(group, data),
        Kind::MlKem(parameters) => ml_kem_keys::check_public(parameters, data),
        Kind::MlDsa(parameters) => ml_dsa_keys::check_public(parameters, data),
        Kind::SlhDsa(set) => slh_dsa_keys::check_public(set, data),
        Kind::Rsa(_) | Kind::HashBased(_) => Err(Error::CorruptionDetected),
    }
}

/// The size of the keys whose data has that length, whether or not they are held.
fn bits_of(key_type: KeyType, length: usize) -> Result<usize> {
    let bits = match key_type {
        KeyType::ML_KEM_PUBLIC_KEY => ml_kem_keys::bits_of_public(length),
        KeyType::ML_DSA_PUBLIC_KEY => ml_dsa_keys::bits_of_public(length),
        KeyType::ML_KEM_KEY_PAIR | KeyType::ML_DSA_KEY_PAIR => {
            return fail!(InvalidArgument, "the size of a key pair must be set: a seed does not tell it");
        }
        _ if key_type.is_ecc() => ecc_bits(key_type, length)?,
        _ if key_type.is_dh() => DhGroup::find(key_type.dh_get_family(), 8 * length).map(|_| 8 * length),
        _ if key_type.is_slh_dsa() => {
            let parts = if key_type.is_key_pair() { 4 } else { 2 };
            Some(8 * length / parts).filter(|bits| length.is_multiple_of(parts) && Set::find(key_type, *bits).is_some())
        }
        _ => return not_held(key_type, 0),
    };
    match bits {
        Some(bits) => Ok(bits),
        None => fail!(InvalidArgument, "{length} bytes are not key data of type {key_type} and a known size"),
    }
}

fn ecc_bits(key_type: KeyType, length: usize) -> Result<Option<usize>> {
    Ok(match (key_type.ecc_get_family(), length) {
        (EccFamily::MONTGOMERY, montgomery_keys::LENGTH) => Some(BITS_25519),
        (EccFamily::TWISTED_EDWARDS, edwards_keys::LENGTH) => Some(BITS_25519),
        (EccFamily::MONTGOMERY, montgomery448_keys::LENGTH) => Some(BITS_448),
        (EccFamily::TWISTED_EDWARDS, edwards448_keys::LENGTH) => Some(BITS_448),
        (EccFamily::MONTGOMERY | EccFamily::TWISTED_EDWARDS, _) => None,
        (family, _) if !Curve::has_family(family) => return not_held(key_type, 0),
        (family, _) => Curve::by_length(family, length, !key_type.is_key_pair()).map(Curve::bits),
    })
}

/// Makes a key ready for use.
pub(super) fn prepare(key_type: KeyType, bits: usize, material: &[u8]) -> Result<Box<dyn Key>> {
    let Some(kind) = Kind::of(key_type, bits) else { return not_held(key_type, bits) };
    if key_type.is_key_pair() { prepare_private(kind, material) } else { prepare_public(kind, material) }
}

fn prepare_private(kind: Kind, material: &[u8]) -> Result<Box<dyn Key>> {
    Ok(match kind {
        Kind::Rsa(_) => Box::new(RsaKey::from_private(material)?),
        Kind::Weierstrass(curve) => Box::new(EccKey::from_private(curve, material)?),
        Kind::Montgomery => Box::new(MontgomeryKey::from_private(material)?),
        Kind::Montgomery448 => Box::new(Montgomery448Key::from_private(material)?),
        Kind::Edwards => Box::new(EdwardsKey::from_private(material)?),
        Kind::Edwards448 => Box::new(Edwards448Key::from_private(material)?),
        Kind::Dh(group) => Box::new(DhKey::from_private(group, material)?),
        Kind::MlKem(parameters) => Box::new(MlKemKey::from_private(parameters, material)?),
        Kind::MlDsa(parameters) => Box::new(MlDsaKey::from_private(parameters, material)?),
        Kind::SlhDsa(set) => Box::new(SlhDsaKey::from_private(set, material)?),
        Kind::HashBased(_) => return Err(Error::CorruptionDetected),
    })
}

fn prepare_public(kind: Kind, material: &[u8]) -> Result<Box<dyn Key>> {
    Ok(match kind {
        Kind::Rsa(_) => Box::new(RsaKey::from_public(material)?),
        Kind::Weierstrass(curve) => Box::new(EccKey::from_public(curve, material)?),
        Kind::Montgomery => Box::new(MontgomeryKey::from_public(material)?),
        Kind::Montgomery448 => Box::new(Montgomery448Key::from_public(material)?),
        Kind::Edwards => Box::new(EdwardsKey::from_public(material)?),
        Kind::Edwards448 => Box::new(Edwards448Key::from_public(material)?),
        Kind::Dh(group) => Box::new(DhKey::from_public(group, material)?),
        Kind::MlKem(parameters) => Box::new(MlKemKey::from_public(parameters, material)?),
        Kind::MlDsa(parameters) => Box::new(MlDsaKey::from_public(parameters, material)?),
        Kind::SlhDsa(set) => Box::new(SlhDsaKey::from_public(set, material)?),
        Kind::HashBased(scheme) => Box::new(HashBasedKey::new(scheme, material)),
    })
}

fn not_held<T>(key_type: KeyType, bits: usize) -> Result<T> {
    fail!(NotSupported, "key type {key_type} of {bits} bits")
}

/// Refuses an algorithm that keys of this type do not have.
pub(super) fn unsupported<T>(alg: Algorithm) -> Result<T> {
    fail!(NotSupported, "algorithm {alg} with this key")
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
