//! The kinds of keys that this backend makes, and what PKCS#11 calls them.

use cryptoki_sys::*;

use super::mechanism::Mechanism;
use crate::psa::sizes::bits_to_bytes;
use crate::psa::{EccFamily, KeyType};

/// Sizes of RSA keys that tokens and our engines have in common.
const RSA_BITS: std::ops::RangeInclusive<usize> = 1024..=4096;
/// The one size of ChaCha20 keys.
const CHACHA20_BITS: usize = 256;
/// The longest secret without a format, in bits: tokens that say something say at least this.
const LONGEST_SECRET: usize = 4096;

/// A kind of key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A key pair on an elliptic curve.
    Ec(&'static Curve),
    /// An RSA key pair, with the size of its modulus in bits.
    Rsa(usize),
    /// An AES key.
    Aes(usize),
    /// A ChaCha20 key.
    ChaCha20,
    /// A secret for HMAC.
    Hmac(usize),
    /// A secret to derive others from.
    Derive(usize),
    /// An ML-DSA key pair (PKCS#11 3.2).
    MlDsa(&'static ParameterSet),
    /// An ML-KEM key pair (PKCS#11 3.2).
    MlKem(&'static ParameterSet),
}

/// A named curve.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Curve {
    family: EccFamily,
    bits: usize,
    /// `CKA_EC_PARAMS`, in the forms that tokens know: the DER encoding of the curve's object identifier, and for some the
    /// name that PKCS#11 3.0 had first.
    pub parameters: &'static [&'static [u8]],
}

/// What its points are made of, and with it what it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// Short Weierstrass: signatures and agreement.
    Weierstrass,
    /// Twisted Edwards: signatures.
    Edwards,
    /// Montgomery: agreement.
    Montgomery,
}

macro_rules! curves {
    ($($family:ident $bits:literal $([$($parameter:literal),+])+;)+) => {
        &[$(Curve {
            family: EccFamily::$family,
            bits: $bits,
            parameters: &[$(&[$($parameter),+]),+],
        },)+]
    };
}

/// SEC 2 (section A.2), RFC 5639 (section 4.1) and RFC 8410 (section 3) give the identifiers; PKCS#11 3.0 (section
/// 2.3.10) the names such as "edwards25519" and "curve25519".
const CURVES: &[Curve] = curves! {
    SECP_R1 224 [6, 5, 0x2b, 0x81, 0x04, 0x00, 0x21];
    SECP_R1 256 [6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
    SECP_R1 384 [6, 5, 0x2b, 0x81, 0x04, 0x00, 0x22];
    SECP_R1 521 [6, 5, 0x2b, 0x81, 0x04, 0x00, 0x23];
    SECP_K1 256 [6, 5, 0x2b, 0x81, 0x04, 0x00, 0x0a];
    BRAINPOOL_P_R1 256 [6, 9, 0x2b, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x07];
    BRAINPOOL_P_R1 384 [6, 9, 0x2b, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x0b];
    BRAINPOOL_P_R1 512 [6, 9, 0x2b, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x0d];
    TWISTED_EDWARDS 255 [6, 3, 0x2b, 0x65, 0x70] [0x13, 12, b'e', b'd', b'w', b'a', b'r', b'd', b's', b'2', b'5', b'5', b'1', b'9'];
    TWISTED_EDWARDS 448 [6, 3, 0x2b, 0x65, 0x71] [0x13, 10, b'e', b'd', b'w', b'a', b'r', b'd', b's', b'4', b'4', b'8'];
    MONTGOMERY 255 [6, 3, 0x2b, 0x65, 0x6e] [0x13, 10, b'c', b'u', b'r', b'v', b'e', b'2', b'5', b'5', b'1', b'9'];
    MONTGOMERY 448 [6, 3, 0x2b, 0x65, 0x6f] [0x13, 8, b'c', b'u', b'r', b'v', b'e', b'4', b'4', b'8'];
};

impl Curve {
    /// All curves.
    pub fn all() -> &'static [Self] {
        CURVES
    }

    /// Family and size, which tell it from the others.
    pub fn name(&self) -> (u8, usize) {
        (self.family.0, self.bits)
    }

    /// What its points are made of.
    pub fn shape(&self) -> Shape {
        match self.family {
            EccFamily::TWISTED_EDWARDS => Shape::Edwards,
            EccFamily::MONTGOMERY => Shape::Montgomery,
            _ => Shape::Weierstrass,
        }
    }

    /// True for the one that every token with curves has.
    pub fn is_everywhere(&self) -> bool {
        self.family == EccFamily::SECP_R1 && self.bits == 256
    }

    /// The PSA type of its public keys.
    pub fn public_key_type(&self) -> KeyType {
        KeyType::ecc_public_key(self.family)
    }

    /// Length of a coordinate or scalar in bytes.
    pub fn length(&self) -> usize {
        bits_to_bytes(self.bits)
    }

    /// Length of a private key, and of a public key without both coordinates. An Edwards curve has one more bit, for the
    /// sign (RFC 8032, sections 5.1.2 and 5.2.2).
    pub fn encoded_length(&self) -> usize {
        match self.shape() {
            Shape::Edwards => self.bits / 8 + 1,
            _ => self.length(),
        }
    }
}

/// A parameter set of ML-DSA or ML-KEM.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ParameterSet {
    bits: usize,
    /// `CKA_PARAMETER_SET`.
    pub number: CK_ULONG,
    /// Length of a public key.
    pub public_key: usize,
    /// Length of a signature or ciphertext.
    pub result: usize,
}

/// FIPS 204, table 2.
const ML_DSA: &[ParameterSet] = &[
    ParameterSet { bits: 128, number: CKP_ML_DSA_44, public_key: 1312, result: 2420 },
    ParameterSet { bits: 192, number: CKP_ML_DSA_65, public_key: 1952, result: 3309 },
    ParameterSet { bits: 256, number: CKP_ML_DSA_87, public_key: 2592, result: 4627 },
];

/// FIPS 203, table 3.
const ML_KEM: &[ParameterSet] = &[
    ParameterSet { bits: 512, number: CKP_ML_KEM_512, public_key: 800, result: 768 },
    ParameterSet { bits: 768, number: CKP_ML_KEM_768, public_key: 1184, result: 1088 },
    ParameterSet { bits: 1024, number: CKP_ML_KEM_1024, public_key: 1568, result: 1568 },
];

impl Kind {
    /// The kind of key, `None` for what this backend does not make.
    pub fn of(key_type: KeyType, bits: usize) -> Option<Self> {
        let secret = bits.is_multiple_of(8) && (8..=LONGEST_SECRET).contains(&bits);
        match key_type {
            KeyType::RSA_KEY_PAIR => (RSA_BITS.contains(&bits) && bits.is_multiple_of(8)).then_some(Self::Rsa(bits)),
            KeyType::AES => matches!(bits, 128 | 192 | 256).then_some(Self::Aes(bits)),
            KeyType::CHACHA20 => (bits == CHACHA20_BITS).then_some(Self::ChaCha20),
            KeyType::HMAC => secret.then_some(Self::Hmac(bits)),
            KeyType::DERIVE => secret.then_some(Self::Derive(bits)),
            KeyType::ML_DSA_KEY_PAIR => ML_DSA.iter().find(|set| set.bits == bits).map(Self::MlDsa),
            KeyType::ML_KEM_KEY_PAIR => ML_KEM.iter().find(|set| set.bits == bits).map(Self::MlKem),
            _ if key_type.is_ecc_key_pair() => {
                let family = key_type.ecc_get_family();
                CURVES.iter().find(|curve| curve.family == family && curve.bits == bits).map(Self::Ec)
            }
            _ => None,
        }
    }

    /// PSA's type and size of a key pair on the curve with these `CKA_EC_PARAMS`.
    pub fn of_curve(parameters: &[u8]) -> Option<(KeyType, usize)> {
        CURVES.iter().find(|curve| curve.parameters.contains(&parameters)).map(|curve| Self::Ec(curve).describe())
    }

    /// PSA's type and size of the key.
    pub fn describe(self) -> (KeyType, usize) {
        let key_type = match self {
            Self::Ec(curve) => KeyType::ecc_key_pair(curve.family),
            Self::Rsa(_) => KeyType::RSA_KEY_PAIR,
            Self::Aes(_) => KeyType::AES,
            Self::ChaCha20 => KeyType::CHACHA20,
            Self::Hmac(_) => KeyType::HMAC,
            Self::Derive(_) => KeyType::DERIVE,
            Self::MlDsa(_) => KeyType::ML_DSA_KEY_PAIR,
            Self::MlKem(_) => KeyType::ML_KEM_KEY_PAIR,
        };
        (key_type, self.bits())
    }

    /// Size in bits, as PSA counts it.
    pub fn bits(self) -> usize {
        match self {
            Self::Ec(curve) => curve.bits,
            Self::MlDsa(set) | Self::MlKem(set) => set.bits,
            Self::ChaCha20 => CHACHA20_BITS,
            Self::Rsa(bits) | Self::Aes(bits) | Self::Hmac(bits) | Self::Derive(bits) => bits,
        }
    }

    /// True for keys without a public part.
    pub fn is_secret(self) -> bool {
        matches!(self, Self::Aes(_) | Self::ChaCha20 | Self::Hmac(_) | Self::Derive(_))
    }

    /// `CKA_CLASS` of the object that works: the private or the secret key.
    pub fn class(self) -> CK_OBJECT_CLASS {
        if self.is_secret() { CKO_SECRET_KEY } else { CKO_PRIVATE_KEY }
    }

    /// `CKA_KEY_TYPE`.
    pub fn key_type(self) -> CK_KEY_TYPE {
        match self {
            Self::Ec(curve) => match curve.shape() {
                Shape::Weierstrass => CKK_EC,
                Shape::Edwards => CKK_EC_EDWARDS,
                Shape::Montgomery => CKK_EC_MONTGOMERY,
            },
            Self::Rsa(_) => CKK_RSA,
            Self::Aes(_) => CKK_AES,
            Self::ChaCha20 => CKK_CHACHA20,
            // Tokens take it for every hash, and few know the types of single hashes.
            Self::Hmac(_) | Self::Derive(_) => CKK_GENERIC_SECRET,
            Self::MlDsa(_) => CKK_ML_DSA,
            Self::MlKem(_) => CKK_ML_KEM,
        }
    }

    /// The mechanism that generates it.
    pub fn generation(self) -> Mechanism<'static> {
        Mechanism::plain(match self {
            Self::Ec(curve) => match curve.shape() {
                Shape::Weierstrass => CKM_EC_KEY_PAIR_GEN,
                Shape::Edwards => CKM_EC_EDWARDS_KEY_PAIR_GEN,
                Shape::Montgomery => CKM_EC_MONTGOMERY_KEY_PAIR_GEN,
            },
            Self::Rsa(_) => CKM_RSA_PKCS_KEY_PAIR_GEN,
            Self::Aes(_) => CKM_AES_KEY_GEN,
            Self::ChaCha20 => CKM_CHACHA20_KEY_GEN,
            Self::Hmac(_) | Self::Derive(_) => CKM_GENERIC_SECRET_KEY_GEN,
            Self::MlDsa(_) => CKM_ML_DSA_KEY_PAIR_GEN,
            Self::MlKem(_) => CKM_ML_KEM_KEY_PAIR_GEN,
        })
    }
}
