//! Public keys in `SubjectPublicKeyInfo` (RFC 5280, section 4.1): those of certificates, and `CKA_PUBLIC_KEY_INFO`.

use super::key_kinds::Kind;
use super::public_key;
use crate::psa::der::{self, content};

const SEQUENCE: u8 = 0x30;
const OBJECT_IDENTIFIER: u8 = 0x06;
pub(super) const BIT_STRING: u8 = 0x03;
/// The version of a certificate, which the first version does not write.
const VERSION: u8 = 0xa0;
/// 1.2.840.10045.2.1 (RFC 5480, section 2.1.1).
pub(super) const EC_PUBLIC_KEY: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
/// 1.2.840.113549.1.1.1 (RFC 3279, section 2.3.1).
pub(super) const RSA_ENCRYPTION: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];

/// The `SubjectPublicKeyInfo` of a certificate.
pub(super) fn of_certificate(certificate: &[u8]) -> Option<&[u8]> {
    let (certificate, _) = content(SEQUENCE, certificate)?;
    let (mut rest, _) = content(SEQUENCE, certificate)?;
    if rest.first() == Some(&VERSION) {
        rest = behind(rest)?;
    }
    // Serial number, signature algorithm, issuer, validity, subject.
    for _ in 0..5 {
        rest = behind(rest)?;
    }
    Some(rest)
}

/// The public part in PSA's export format, if it is that of such a key.
pub(super) fn public_key(kind: Kind, info: &[u8]) -> Option<Vec<u8>> {
    let (info, _) = content(SEQUENCE, info)?;
    let (algorithm, rest) = content(SEQUENCE, info)?;
    let (name, parameters) = content(OBJECT_IDENTIFIER, algorithm)?;
    let (bits, _) = content(BIT_STRING, rest)?;
    // The first byte tells how many of the last bits are unused: none.
    let [0, key @ ..] = bits else { return None };
    match kind {
        Kind::Ec(curve) if name == EC_PUBLIC_KEY && curve.parameters.contains(&parameters) => {
            public_key::point(key, curve)
        }
        Kind::Rsa(bits) if name == RSA_ENCRYPTION => {
            let [modulus, exponent] = der::unsigned_integers(key)?;
            public_key::rsa(modulus, exponent, bits)
        }
        _ => None,
    }
}

/// What is behind the first element.
fn behind(bytes: &[u8]) -> Option<&[u8]> {
    content(*bytes.first()?, bytes).map(|(_, rest)| rest)
}
