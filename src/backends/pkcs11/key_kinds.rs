//! The kinds of keys that this backend makes, and what PKCS#11 calls them.

use cryptoki::mechanism::Mechanism;

use crate::psa::{EccFamily, KeyType};

/// Sizes of RSA keys that tokens and our engines have in common.
const RSA_BITS: std::ops::RangeInclusive<usize> = 1024..=4096;

/// A kind of key pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// On an elliptic curve.
    Ec(&'static Curve),
    /// RSA, with the size of its modulus in bits.
    Rsa(usize),
}

/// A named curve.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Curve {
    family: EccFamily,
    bits: usize,
    /// `CKA_EC_PARAMS`: the DER encoding of the curve's object identifier.
    pub parameters: &'static [u8],
}

macro_rules! curves {
    ($($family:ident $bits:literal $parameters:expr;)+) => {
        &[$(Curve { family: EccFamily::$family, bits: $bits, parameters: &$parameters },)+]
    };
}

/// SEC 2 (section A.2) and RFC 5639 (section 4.1) give the identifiers.
const CURVES: &[Curve] = curves! {
    SECP_R1 224 [6, 5, 0x2b, 0x81, 0x04, 0x00, 0x21];
    SECP_R1 256 [6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
    SECP_R1 384 [6, 5, 0x2b, 0x81, 0x04, 0x00, 0x22];
    SECP_R1 521 [6, 5, 0x2b, 0x81, 0x04, 0x00, 0x23];
    SECP_K1 256 [6, 5, 0x2b, 0x81, 0x04, 0x00, 0x0a];
    BRAINPOOL_P_R1 256 [6, 9, 0x2b, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x07];
    BRAINPOOL_P_R1 384 [6, 9, 0x2b, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x0b];
    BRAINPOOL_P_R1 512 [6, 9, 0x2b, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x0d];
};

impl Kind {
    /// The kind of key pair, `None` for what this backend does not make.
    pub fn of(key_type: KeyType, bits: usize) -> Option<Self> {
        if key_type == KeyType::RSA_KEY_PAIR {
            return (RSA_BITS.contains(&bits) && bits.is_multiple_of(8)).then_some(Self::Rsa(bits));
        }
        if !key_type.is_ecc_key_pair() {
            return None;
        }
        let family = key_type.ecc_get_family();
        CURVES.iter().find(|curve| curve.family == family && curve.bits == bits).map(Self::Ec)
    }

    /// PSA's type and size of a key pair on the curve with these `CKA_EC_PARAMS`.
    pub fn of_curve(parameters: &[u8]) -> Option<(KeyType, usize)> {
        CURVES.iter().find(|curve| curve.parameters == parameters).map(|curve| Self::Ec(curve).describe())
    }

    /// PSA's type and size of the key pair.
    pub fn describe(self) -> (KeyType, usize) {
        match self {
            Self::Ec(curve) => (KeyType::ecc_key_pair(curve.family), curve.bits),
            Self::Rsa(bits) => (KeyType::RSA_KEY_PAIR, bits),
        }
    }

    /// Size in bits, as PSA and PKCS#11 count it.
    pub fn bits(self) -> usize {
        match self {
            Self::Ec(curve) => curve.bits,
            Self::Rsa(bits) => bits,
        }
    }

    /// The mechanism that generates it.
    pub fn generation(self) -> Mechanism<'static> {
        match self {
            Self::Ec(_) => Mechanism::EccKeyPairGen,
            Self::Rsa(_) => Mechanism::RsaPkcsKeyPairGen,
        }
    }
}
