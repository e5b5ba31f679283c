//! Numbers of the TCG (TPM 2.0 Library, part 2, and the TCG Algorithm Registry), and PSA's names for the same things.

use crate::psa::Algorithm;

/// `TPM_ALG_ID`.
pub(super) type AlgorithmId = u16;

pub(super) const RSA: AlgorithmId = 0x0001;
pub(super) const SHA_1: AlgorithmId = 0x0004;
pub(super) const HMAC: AlgorithmId = 0x0005;
pub(super) const AES: AlgorithmId = 0x0006;
pub(super) const KEYED_HASH: AlgorithmId = 0x0008;
pub(super) const XOR: AlgorithmId = 0x000a;
pub(super) const SHA_256: AlgorithmId = 0x000b;
pub(super) const SHA_384: AlgorithmId = 0x000c;
pub(super) const SHA_512: AlgorithmId = 0x000d;
pub(super) const NULL: AlgorithmId = 0x0010;
pub(super) const RSASSA: AlgorithmId = 0x0014;
pub(super) const RSAES: AlgorithmId = 0x0015;
pub(super) const ECDSA: AlgorithmId = 0x0018;
pub(super) const ECDH: AlgorithmId = 0x0019;
pub(super) const ECDAA: AlgorithmId = 0x001a;
pub(super) const ECC: AlgorithmId = 0x0023;
pub(super) const SYMMETRIC_CIPHER: AlgorithmId = 0x0025;
pub(super) const CFB: AlgorithmId = 0x0043;

/// `TPM_ECC_CURVE`.
pub(super) type CurveId = u16;

pub(super) const P_192: CurveId = 1;
pub(super) const P_224: CurveId = 2;
pub(super) const P_256: CurveId = 3;
pub(super) const P_384: CurveId = 4;
pub(super) const P_521: CurveId = 5;

/// Hashes under their two names.
const HASHES: [(Algorithm, AlgorithmId); 7] = [
    (Algorithm::SHA_1, SHA_1),
    (Algorithm::SHA_256, SHA_256),
    (Algorithm::SHA_384, SHA_384),
    (Algorithm::SHA_512, SHA_512),
    (Algorithm::SHA3_256, 0x0027),
    (Algorithm::SHA3_384, 0x0028),
    (Algorithm::SHA3_512, 0x0029),
];

/// The TPM's name for a hash.
pub(super) fn hash(hash: Algorithm) -> Option<AlgorithmId> {
    HASHES.iter().find(|(psa, _)| *psa == hash).map(|(_, tpm)| *tpm)
}

/// PSA's name for a hash.
pub(super) fn psa_hash(hash: AlgorithmId) -> Option<Algorithm> {
    HASHES.iter().find(|(_, tpm)| *tpm == hash).map(|(psa, _)| *psa)
}
