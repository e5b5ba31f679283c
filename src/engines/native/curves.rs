//! The elliptic curves in short Weierstrass form (PSA 1.5, section 9.2.3).

use super::ffi::ec_group::{Group, Known, Parameters};
use super::made_once::MadeOnce;
use crate::fail;
use crate::psa::{EccFamily, Error, Result};

/// One curve. The order has the same length as the field for all of them.
pub(super) struct Curve {
    family: EccFamily,
    bits: usize,
    group: Group,
}

impl Curve {
    /// The curve of a family whose field has that many bits.
    pub(super) fn find(family: EccFamily, bits: usize) -> Option<&'static Self> {
        CURVES.iter().find(|curve| curve.family == family && curve.bits == bits)
    }

    /// True where there is any curve of the family.
    pub(super) fn has_family(family: EccFamily) -> bool {
        CURVES.iter().any(|curve| curve.family == family)
    }

    /// The curve of a family whose private keys, or with `public` whose encoded points, have that length in bytes.
    pub(super) fn by_length(family: EccFamily, length: usize, public: bool) -> Option<&'static Self> {
        CURVES.iter().find(|curve| {
            curve.family == family && length == if public { curve.point_length() } else { curve.scalar_length() }
        })
    }

    /// Size of the curve in bits.
    pub(super) fn bits(&self) -> usize {
        self.bits
    }

    /// Length of a scalar or coordinate in bytes.
    pub(super) fn scalar_length(&self) -> usize {
        self.bits.div_ceil(8)
    }

    /// Length of an uncompressed point in bytes.
    pub(super) fn point_length(&self) -> usize {
        1 + 2 * self.scalar_length()
    }

    /// Checks that a string has the form of an uncompressed point (SEC 1, version 2.0, section 2.3.3).
    pub(super) fn check_point_encoding(&self, point: &[u8]) -> Result<()> {
        const UNCOMPRESSED: u8 = 4;
        if point.len() == self.point_length() && point.first() == Some(&UNCOMPRESSED) {
            return Ok(());
        }
        fail!(
            InvalidArgument,
            "a public key of {} bits is an uncompressed point of {} bytes",
            self.bits,
            self.point_length()
        )
    }

    /// The order of the generator, big-endian.
    pub(super) fn order(&'static self) -> Result<Vec<u8>> {
        self.group.order(self.scalar_length()).ok_or(Error::GenericError)
    }

    /// The group to compute in.
    pub(super) fn group(&'static self) -> &'static Group {
        &self.group
    }

    const fn known(family: EccFamily, bits: usize, group: Known) -> Self {
        Self { family, bits, group: Group::Known(group) }
    }

    const fn custom(family: EccFamily, bits: usize, parameters: Parameters) -> Self {
        Self { family, bits, group: Group::Custom(parameters, MadeOnce::new()) }
    }
}

static CURVES: [Curve; 14] = [
    Curve::known(EccFamily::SECP_R1, 256, Known::Secp256r1),
    Curve::known(EccFamily::SECP_R1, 384, Known::Secp384r1),
    Curve::known(EccFamily::SECP_R1, 521, Known::Secp521r1),
    Curve::known(EccFamily::SECP_R1, 224, Known::Secp224r1),
    Curve::custom(EccFamily::SECP_R1, 192, SECP192R1),
    Curve::known(EccFamily::SECP_K1, 256, Known::Secp256k1),
    Curve::custom(EccFamily::SECP_K1, 192, SECP192K1),
    Curve::custom(EccFamily::BRAINPOOL_P_R1, 160, BRAINPOOL_P160R1),
    Curve::custom(EccFamily::BRAINPOOL_P_R1, 192, BRAINPOOL_P192R1),
    Curve::known(EccFamily::BRAINPOOL_P_R1, 224, Known::BrainpoolP224r1),
    Curve::known(EccFamily::BRAINPOOL_P_R1, 256, Known::BrainpoolP256r1),
    Curve::known(EccFamily::BRAINPOOL_P_R1, 320, Known::BrainpoolP320r1),
    Curve::known(EccFamily::BRAINPOOL_P_R1, 384, Known::BrainpoolP384r1),
    Curve::known(EccFamily::BRAINPOOL_P_R1, 512, Known::BrainpoolP512r1),
];

/// secp192r1 (SEC 2, version 2.0, section 2.2.2).
const SECP192R1: Parameters = Parameters {
    p: c"fffffffffffffffffffffffffffffffeffffffffffffffff",
    a: c"fffffffffffffffffffffffffffffffefffffffffffffffc",
    b: c"64210519e59c80e70fa7e9ab72243049feb8deecc146b9b1",
    generator: (
        c"188da80eb03090f67cbf20eb43a18800f4ff0afd82ff1012",
        c"07192b95ffc8da78631011ed6b24cdd573f977a11e794811",
    ),
    order: c"ffffffffffffffffffffffff99def836146bc9b1b4d22831",
};

/// secp192k1 (SEC 2, version 2.0, section 2.2.1).
const SECP192K1: Parameters = Parameters {
    p: c"fffffffffffffffffffffffffffffffffffffffeffffee37",
    a: c"000000000000000000000000000000000000000000000000",
    b: c"000000000000000000000000000000000000000000000003",
    generator: (
        c"db4ff10ec057e9ae26b07d0280b7f4341da5d1b1eae06c7d",
        c"9b2f2f6d9c5628a7844163d015be86344082aa88d95e2f9d",
    ),
    order: c"fffffffffffffffffffffffe26f2fc170f69466a74defd8d",
};

/// brainpoolP160r1 (RFC 5639, section 3.1).
const BRAINPOOL_P160R1: Parameters = Parameters {
    p: c"e95e4a5f737059dc60dfc7ad95b3d8139515620f",
    a: c"340e7be2a280eb74e2be61bada745d97e8f7c300",
    b: c"1e589a8595423412134faa2dbdec95c8d8675e58",
    generator: (c"bed5af16ea3f6a4f62938c4631eb5af7bdbcdbc3", c"1667cb477a1a8ec338f94741669c976316da6321"),
    order: c"e95e4a5f737059dc60df5991d45029409e60fc09",
};

/// brainpoolP192r1 (RFC 5639, section 3.2).
const BRAINPOOL_P192R1: Parameters = Parameters {
    p: c"c302f41d932a36cda7a3463093d18db78fce476de1a86297",
    a: c"6a91174076b1e0e19c39c031fe8685c1cae040e5c69a28ef",
    b: c"469a28ef7c28cca3dc721d044f4496bcca7ef4146fbf25c9",
    generator: (
        c"c0a0647eaab6a48753b033c56cb0f0900a2f5c4853375fd6",
        c"14b690866abd5bb88b5f4828c1490002e6773fa2fa299b8f",
    ),
    order: c"c302f41d932a36cda7a3462f9e9e916b5be8f1029ac4acc1",
};
