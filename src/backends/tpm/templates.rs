//! Public areas: of the parent, and of the keys that are made.

use tss_esapi::attributes::ObjectAttributes;
use tss_esapi::interface_types::algorithm::{HashingAlgorithm, PublicAlgorithm, SymmetricMode};
use tss_esapi::interface_types::ecc::EccCurve;
use tss_esapi::interface_types::key_bits::{AesKeyBits, RsaKeyBits};
use tss_esapi::structures::{
    Digest, EccParameter, EccPoint, EccScheme, HashScheme, KeyDerivationFunctionScheme, KeyedHashScheme, Public,
    PublicBuilder, PublicEccParameters, PublicKeyRsa, PublicKeyedHashParameters, PublicRsaParameters, RsaExponent,
    RsaScheme, SymmetricCipherParameters, SymmetricDefinitionObject,
};

use crate::cause;
use crate::psa::{Algorithm, Attributes, EccFamily, Error, KeyType, Result, Usage};

/// What kind of key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// On this curve.
    Ecc(EccCurve),
    /// With a modulus of this size.
    Rsa(RsaKeyBits),
    /// Of any size, which the TPM keeps for itself.
    Hmac,
    /// For AES.
    Aes(AesKeyBits),
}

impl Kind {
    /// The kind with this PSA type and size, if the code knows it.
    pub(super) fn of(key_type: KeyType, bits: usize) -> Option<Self> {
        if key_type == KeyType::RSA_KEY_PAIR {
            let bits = match bits {
                1024 => RsaKeyBits::Rsa1024,
                2048 => RsaKeyBits::Rsa2048,
                3072 => RsaKeyBits::Rsa3072,
                4096 => RsaKeyBits::Rsa4096,
                _ => return None,
            };
            return Some(Self::Rsa(bits));
        }
        if key_type == KeyType::HMAC {
            return (bits > 0 && bits.is_multiple_of(8)).then_some(Self::Hmac);
        }
        if key_type == KeyType::AES {
            // The PC Client profile knows no other sizes.
            return match bits {
                128 => Some(Self::Aes(AesKeyBits::Aes128)),
                256 => Some(Self::Aes(AesKeyBits::Aes256)),
                _ => None,
            };
        }
        CURVES
            .iter()
            .find(|curve| curve.key_type() == key_type && curve.bits == bits)
            .map(|curve| Self::Ecc(curve.curve))
    }

    /// The kind of a key's public area.
    pub(super) fn of_public(public: &Public) -> Option<Self> {
        match public {
            Public::Ecc { parameters, .. } => Some(Self::Ecc(parameters.ecc_curve())),
            Public::Rsa { parameters, .. } => Some(Self::Rsa(parameters.key_bits())),
            Public::KeyedHash { .. } => Some(Self::Hmac),
            Public::SymCipher { .. } => match public.symmetric_algorithm() {
                Some(SymmetricDefinitionObject::Aes { key_bits, .. }) => Some(Self::Aes(key_bits)),
                _ => None,
            },
        }
    }

    /// True where all that the key does takes its secret.
    pub(super) fn is_symmetric(self) -> bool {
        matches!(self, Self::Hmac | Self::Aes(_))
    }

    /// The PSA type and size of a key pair.
    pub(super) fn describe(self) -> Option<(KeyType, usize)> {
        match self {
            Self::Ecc(curve) => CURVES.iter().find(|row| row.curve == curve).map(|row| (row.key_type(), row.bits)),
            Self::Rsa(bits) => Some((KeyType::RSA_KEY_PAIR, usize::from(u16::from(bits)))),
            Self::Hmac | Self::Aes(_) => None,
        }
    }
}

/// A curve under its two names.
struct Curve {
    family: EccFamily,
    bits: usize,
    curve: EccCurve,
}

impl Curve {
    /// `PSA_KEY_TYPE_ECC_KEY_PAIR(family)`.
    fn key_type(&self) -> KeyType {
        KeyType(0x7100 | u16::from(self.family.0))
    }
}

/// The curves that PSA and the TCG both know.
const CURVES: [Curve; 5] = [
    Curve { family: EccFamily::SECP_R1, bits: 192, curve: EccCurve::NistP192 },
    Curve { family: EccFamily::SECP_R1, bits: 224, curve: EccCurve::NistP224 },
    Curve { family: EccFamily::SECP_R1, bits: 256, curve: EccCurve::NistP256 },
    Curve { family: EccFamily::SECP_R1, bits: 384, curve: EccCurve::NistP384 },
    Curve { family: EccFamily::SECP_R1, bits: 521, curve: EccCurve::NistP521 },
];

/// The parent of our keys: the ECC P-256 storage root key of the TCG (EK Credential Profile, template L-2, with the
/// attributes of a storage root key: TPM 2.0 Provisioning Guidance, section 7.5.1).
pub(super) fn storage_primary() -> Result<Public> {
    let attributes = own_key(Origin::Tpm).with_restricted(true).with_decrypt(true).build();
    let parameters = PublicEccParameters::new(
        SymmetricDefinitionObject::AES_128_CFB,
        EccScheme::Null,
        EccCurve::NistP256,
        KeyDerivationFunctionScheme::Null,
    );
    let zero = EccParameter::try_from(vec![0; 32]);
    let built = attributes.and_then(|attributes| {
        let zero = zero?;
        builder(PublicAlgorithm::Ecc, attributes)
            .with_ecc_parameters(parameters)
            .with_ecc_unique_identifier(EccPoint::new(zero.clone(), zero))
            .build()
    });
    built.map_err(|error| cause::of(Error::GenericError, format_args!("template of the primary key: {error}")))
}

/// Where a key comes from.
#[derive(Clone, Copy)]
pub(super) enum Origin<'a> {
    /// The TPM makes it. It never leaves this TPM and this parent.
    Tpm,
    /// It is brought in, with this public part: both coordinates, the modulus, or the hash of a symmetric key. The TPM calls it one that may leave,
    /// but that takes a policy (TPM 2.0 Library, part 3, section 13.1), and the key has none.
    Outside(&'a [u8]),
}

impl Origin<'_> {
    fn public_part(&self) -> &[u8] {
        match self {
            Self::Tpm => &[],
            Self::Outside(public) => public,
        }
    }
}

/// A key of this kind, without a scheme of its own unless it is for HMAC, so that each use names one. `raw_rsa` asks for the private-key
/// operation alone, which signing with a scheme that the TPM lacks needs.
pub(super) fn key(kind: Kind, attributes: &Attributes, raw_rsa: bool, origin: Origin<'_>) -> Result<Public> {
    let (sign, decrypt) = rights(kind, attributes, raw_rsa);
    let public = origin.public_part();
    let object_attributes = own_key(origin).with_sign_encrypt(sign).with_decrypt(decrypt).build();
    let built = object_attributes.and_then(|object_attributes| match kind {
        Kind::Hmac => builder(PublicAlgorithm::KeyedHash, object_attributes)
            .with_keyed_hash_parameters(PublicKeyedHashParameters::new(hmac_scheme(attributes.algorithm)))
            .with_keyed_hash_unique_identifier(Digest::try_from(public)?)
            .build(),
        Kind::Aes(key_bits) => builder(PublicAlgorithm::SymCipher, object_attributes)
            .with_symmetric_cipher_parameters(SymmetricCipherParameters::new(SymmetricDefinitionObject::Aes {
                key_bits,
                mode: SymmetricMode::Null,
            }))
            .with_symmetric_cipher_unique_identifier(Digest::try_from(public)?)
            .build(),
        Kind::Ecc(curve) => builder(PublicAlgorithm::Ecc, object_attributes)
            .with_ecc_parameters(PublicEccParameters::new(
                SymmetricDefinitionObject::Null,
                EccScheme::Null,
                curve,
                KeyDerivationFunctionScheme::Null,
            ))
            .with_ecc_unique_identifier(point(public)?)
            .build(),
        Kind::Rsa(bits) => builder(PublicAlgorithm::Rsa, object_attributes)
            .with_rsa_parameters(PublicRsaParameters::new(
                SymmetricDefinitionObject::Null,
                RsaScheme::Null,
                bits,
                RsaExponent::default(),
            ))
            .with_rsa_unique_identifier(PublicKeyRsa::try_from(public)?)
            .build(),
    });
    built.map_err(|error| cause::of(Error::NotSupported, format_args!("template of the key: {error}")))
}

/// Whether the key signs or encrypts, and whether it decrypts or agrees, in the TPM's terms.
fn rights(kind: Kind, attributes: &Attributes, raw_rsa: bool) -> (bool, bool) {
    let has = |flags: Usage| attributes.usage.intersects(flags);
    let sign = match kind {
        // A key with a scheme is for that alone.
        Kind::Hmac => return (true, hmac_scheme(attributes.algorithm) == KeyedHashScheme::Null),
        Kind::Aes(_) => has(Usage::ENCRYPT),
        Kind::Ecc(_) | Kind::Rsa(_) => has(Usage::SIGN_HASH.union(Usage::SIGN_MESSAGE)),
    };
    let decrypt = has(Usage::DECRYPT.union(Usage::DERIVE)) || matches!(kind, Kind::Rsa(_)) && sign && raw_rsa;
    // The TPM refuses a key that can do nothing.
    if sign || decrypt { (sign, decrypt) } else { (true, true) }
}

/// The one hash that an HMAC key is for: TPMs do not take another one with each use.
fn hmac_scheme(alg: Algorithm) -> KeyedHashScheme {
    let hash = match alg.get_hash() {
        Algorithm::SHA_1 => HashingAlgorithm::Sha1,
        Algorithm::SHA_256 => HashingAlgorithm::Sha256,
        Algorithm::SHA_384 => HashingAlgorithm::Sha384,
        Algorithm::SHA_512 => HashingAlgorithm::Sha512,
        _ => return KeyedHashScheme::Null,
    };
    KeyedHashScheme::Hmac { hmac_scheme: HashScheme::new(hash).into() }
}

/// PSA's name for a hash of the SHA family.
pub(super) fn psa_hash(hash: HashingAlgorithm) -> Option<Algorithm> {
    match hash {
        HashingAlgorithm::Sha1 => Some(Algorithm::SHA_1),
        HashingAlgorithm::Sha256 => Some(Algorithm::SHA_256),
        HashingAlgorithm::Sha384 => Some(Algorithm::SHA_384),
        HashingAlgorithm::Sha512 => Some(Algorithm::SHA_512),
        _ => None,
    }
}

/// Both coordinates, one after the other.
fn point(coordinates: &[u8]) -> tss_esapi::Result<EccPoint> {
    let (x, y) = coordinates.split_at(coordinates.len() / 2);
    Ok(EccPoint::new(EccParameter::try_from(x)?, EccParameter::try_from(y)?))
}

/// What all our keys have in common: they are used with their authorization value, and wrong values do not lock the TPM
/// (the values are 256 random bits).
fn own_key(origin: Origin<'_>) -> tss_esapi::attributes::ObjectAttributesBuilder {
    let made_inside = matches!(origin, Origin::Tpm);
    ObjectAttributes::builder()
        .with_fixed_tpm(made_inside)
        .with_fixed_parent(made_inside)
        .with_sensitive_data_origin(made_inside)
        .with_user_with_auth(true)
        .with_no_da(true)
}

fn builder(algorithm: PublicAlgorithm, attributes: ObjectAttributes) -> PublicBuilder {
    PublicBuilder::new()
        .with_public_algorithm(algorithm)
        .with_name_hashing_algorithm(HashingAlgorithm::Sha256)
        .with_object_attributes(attributes)
}
