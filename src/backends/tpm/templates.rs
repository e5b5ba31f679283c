//! Public areas: of the parent, and of the keys that are made.

use super::identifiers::{
    self, AlgorithmId, CFB, CurveId, HMAC, NULL, P_192, P_224, P_256, P_384, P_521, SHA_1, SHA_256, SHA_384, SHA_512,
};
use super::public::{Kinded, ObjectAttributes, Public, Scheme, SymmetricDefinition};
use crate::psa::{Algorithm, Attributes, EccFamily, KeyType, Usage};

/// What kind of key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// On this curve.
    Ecc(CurveId),
    /// With a modulus of this size.
    Rsa(u16),
    /// Of any size, which the TPM keeps for itself.
    Hmac,
    /// A secret to derive from, which the TPM keeps as a key for HMAC.
    Derive,
    /// For AES, with a key of this size.
    Aes(u16),
}

impl Kind {
    /// The kind with this PSA type and size, if the code knows it.
    pub(super) fn of(key_type: KeyType, bits: usize) -> Option<Self> {
        let size = u16::try_from(bits).ok();
        if key_type == KeyType::RSA_KEY_PAIR {
            return size.filter(|size| matches!(size, 1024 | 2048 | 3072 | 4096)).map(Self::Rsa);
        }
        let bytes = bits > 0 && bits.is_multiple_of(8);
        if key_type == KeyType::HMAC {
            return bytes.then_some(Self::Hmac);
        }
        if key_type == KeyType::DERIVE {
            return bytes.then_some(Self::Derive);
        }
        if key_type == KeyType::AES {
            return size.filter(|size| matches!(size, 128 | 192 | 256)).map(Self::Aes);
        }
        CURVES
            .iter()
            .find(|curve| curve.key_type() == key_type && curve.bits == bits)
            .map(|curve| Self::Ecc(curve.curve))
    }

    /// The kind of a key's public area. A secret to derive from cannot be told from a key for HMAC.
    pub(super) fn of_public(public: &Public) -> Option<Self> {
        match public.kinded {
            Kinded::Ecc { curve, .. } => Some(Self::Ecc(curve)),
            Kinded::Rsa { bits, .. } => Some(Self::Rsa(bits)),
            Kinded::KeyedHash { .. } => Some(Self::Hmac),
            Kinded::Symmetric { cipher, .. } if cipher.algorithm == identifiers::AES => Some(Self::Aes(cipher.bits)),
            Kinded::Symmetric { .. } => None,
        }
    }

    /// True where all that the key does takes its secret.
    pub(super) fn is_symmetric(self) -> bool {
        matches!(self, Self::Aes(_)) || self.is_keyed_hash()
    }

    /// True where the TPM calls it a keyed hash.
    pub(super) fn is_keyed_hash(self) -> bool {
        matches!(self, Self::Hmac | Self::Derive)
    }

    /// True where `public` is the public area of such a key.
    pub(super) fn describes(self, public: &Public) -> bool {
        Self::of_public(public).is_some_and(|kind| kind == self || kind == Self::Hmac && self.is_keyed_hash())
    }

    /// The PSA type and size of a key pair.
    pub(super) fn describe(self) -> Option<(KeyType, usize)> {
        match self {
            Self::Ecc(curve) => CURVES.iter().find(|row| row.curve == curve).map(|row| (row.key_type(), row.bits)),
            Self::Rsa(bits) => Some((KeyType::RSA_KEY_PAIR, usize::from(bits))),
            Self::Hmac | Self::Derive | Self::Aes(_) => None,
        }
    }
}

/// A curve under its two names.
struct Curve {
    family: EccFamily,
    bits: usize,
    curve: CurveId,
}

impl Curve {
    /// `PSA_KEY_TYPE_ECC_KEY_PAIR(family)`.
    fn key_type(&self) -> KeyType {
        KeyType(0x7100 | u16::from(self.family.0))
    }
}

/// The curves that PSA and the TCG both know.
const CURVES: [Curve; 5] = [
    Curve { family: EccFamily::SECP_R1, bits: 192, curve: P_192 },
    Curve { family: EccFamily::SECP_R1, bits: 224, curve: P_224 },
    Curve { family: EccFamily::SECP_R1, bits: 256, curve: P_256 },
    Curve { family: EccFamily::SECP_R1, bits: 384, curve: P_384 },
    Curve { family: EccFamily::SECP_R1, bits: 521, curve: P_521 },
];

/// The parent of our keys: the ECC P-256 storage root key of the TCG (EK Credential Profile, template L-2, with the
/// attributes of a storage root key: TPM 2.0 Provisioning Guidance, section 7.5.1).
pub(super) fn storage_primary() -> Public {
    let attributes = own_key(Origin::Tpm).with(ObjectAttributes::RESTRICTED).with(ObjectAttributes::DECRYPT);
    public(
        attributes,
        Kinded::Ecc {
            symmetric: SymmetricDefinition::aes(128, CFB),
            scheme: Scheme::NONE,
            curve: P_256,
            kdf: Scheme::NONE,
            x: vec![0; 32],
            y: vec![0; 32],
        },
    )
}

/// Where a key comes from.
#[derive(Clone, Copy)]
pub(super) enum Origin<'a> {
    /// The TPM makes it. It never leaves this TPM and this parent.
    Tpm,
    /// It is brought in, with this public part: both coordinates, the modulus, or the hash of a symmetric key. The TPM
    /// calls it one that may leave, but that takes a policy (TPM 2.0 Library, part 3, section 13.1), and the key has none.
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

/// A key of this kind, without a scheme of its own unless it is for HMAC, so that each use names one. `raw_rsa` asks for
/// the private-key operation alone, which signing with a scheme that the TPM lacks needs.
pub(super) fn key(kind: Kind, attributes: &Attributes, raw_rsa: bool, origin: Origin<'_>) -> Public {
    let (sign, decrypt) = rights(kind, attributes, raw_rsa);
    let unique = origin.public_part().to_vec();
    let object_attributes =
        own_key(origin).with_if(sign, ObjectAttributes::SIGN_ENCRYPT).with_if(decrypt, ObjectAttributes::DECRYPT);
    let (none, symmetric) = (Scheme::NONE, SymmetricDefinition::NONE);
    let kinded = match kind {
        Kind::Hmac | Kind::Derive => Kinded::KeyedHash { scheme: hmac_scheme(attributes.algorithm), unique },
        Kind::Aes(bits) => Kinded::Symmetric { cipher: SymmetricDefinition::aes(bits, NULL), unique },
        Kind::Ecc(curve) => {
            let (x, y) = unique.split_at(unique.len() / 2);
            let (x, y) = (x.to_vec(), y.to_vec());
            Kinded::Ecc { symmetric, scheme: none.clone(), curve, kdf: none, x, y }
        }
        Kind::Rsa(bits) => Kinded::Rsa { symmetric, scheme: none, bits, exponent: 0, modulus: unique },
    };
    public(object_attributes, kinded)
}

/// Data that the TPM keeps for us, which it gives out for its authorization value.
pub(super) fn sealed_data() -> Public {
    // The TPM has not made it, and it is no key.
    let attributes = [
        ObjectAttributes::FIXED_TPM,
        ObjectAttributes::FIXED_PARENT,
        ObjectAttributes::USER_WITH_AUTH,
        ObjectAttributes::NO_DA,
    ];
    let attributes = attributes.into_iter().fold(ObjectAttributes(0), ObjectAttributes::with);
    public(attributes, Kinded::KeyedHash { scheme: Scheme::NONE, unique: Vec::new() })
}

/// Whether the key signs or encrypts, and whether it decrypts or agrees, in the TPM's terms.
fn rights(kind: Kind, attributes: &Attributes, raw_rsa: bool) -> (bool, bool) {
    let has = |flags: Usage| attributes.usage.intersects(flags);
    let sign = match kind {
        // A key with a scheme is for that alone.
        Kind::Hmac | Kind::Derive => return (true, hmac_scheme(attributes.algorithm) == Scheme::NONE),
        Kind::Aes(_) => has(Usage::ENCRYPT),
        Kind::Ecc(_) | Kind::Rsa(_) => has(Usage::SIGN_HASH.union(Usage::SIGN_MESSAGE)),
    };
    let decrypt = has(Usage::DECRYPT.union(Usage::DERIVE)) || matches!(kind, Kind::Rsa(_)) && sign && raw_rsa;
    // The TPM refuses a key that can do nothing.
    if sign || decrypt { (sign, decrypt) } else { (true, true) }
}

/// The one hash that an HMAC key is for: TPMs do not take another one with each use.
fn hmac_scheme(alg: Algorithm) -> Scheme {
    let known: [AlgorithmId; 4] = [SHA_1, SHA_256, SHA_384, SHA_512];
    let hash = identifiers::hash(alg.get_hash()).filter(|hash| known.contains(hash));
    hash.map_or(Scheme::NONE, |hash| Scheme::with_hash(HMAC, hash))
}

/// What all our keys have in common: they are used with their authorization value, and wrong values do not lock the TPM
/// (the values are 256 random bits).
fn own_key(origin: Origin<'_>) -> ObjectAttributes {
    let made_inside =
        ObjectAttributes::FIXED_TPM.with(ObjectAttributes::FIXED_PARENT).with(ObjectAttributes::SENSITIVE_DATA_ORIGIN);
    let common = ObjectAttributes::USER_WITH_AUTH.with(ObjectAttributes::NO_DA);
    common.with_if(matches!(origin, Origin::Tpm), made_inside)
}

fn public(attributes: ObjectAttributes, kinded: Kinded) -> Public {
    Public { name_hash: SHA_256, attributes, policy: Vec::new(), kinded }
}
