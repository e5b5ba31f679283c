//! What RSASSA-PKCS1-v1_5 signs: a hash and the name of its algorithm (RFC 8017, section 9.2; the names are in
//! PSA 1.5, section 10.9.1).

use crate::psa::Algorithm;

const SEQUENCE: u8 = 0x30;
const OBJECT_IDENTIFIER: u8 = 0x06;
const NULL: [u8; 2] = [0x05, 0x00];
const OCTET_STRING: u8 = 0x04;

/// iso.member-body.us.rsadsi.digestAlgorithm.5
const MD5: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 0x05];
/// iso.identified-organization.teletrust.algorithm.hashAlgorithm.1
const RIPEMD160: &[u8] = &[0x2b, 0x24, 0x03, 0x02, 0x01];
/// iso.identified-organization.oiw.secsig.algorithms.26
const SHA_1: &[u8] = &[0x2b, 0x0e, 0x03, 0x02, 0x1a];
/// joint-iso-itu-t.country.us.organization.gov.csor.nistAlgorithm.hashAlgs, without the last arc.
const NIST_HASHES: [u8; 8] = [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02];

/// The DER encoding of a DigestInfo; `None` for an algorithm without a name here.
pub(super) fn encode(algorithm: Algorithm, hash: &[u8]) -> Option<Vec<u8>> {
    let identifier = [&element(OBJECT_IDENTIFIER, &name(algorithm)?)?[..], &NULL].concat();
    element(SEQUENCE, &[element(SEQUENCE, &identifier)?, element(OCTET_STRING, hash)?].concat())
}

/// The contents of the object identifier of a hash algorithm.
fn name(algorithm: Algorithm) -> Option<Vec<u8>> {
    let last_arc = match algorithm {
        Algorithm::MD5 => return Some(MD5.to_vec()),
        Algorithm::RIPEMD160 => return Some(RIPEMD160.to_vec()),
        Algorithm::SHA_1 => return Some(SHA_1.to_vec()),
        Algorithm::SHA_256 => 1,
        Algorithm::SHA_384 => 2,
        Algorithm::SHA_512 => 3,
        Algorithm::SHA_224 => 4,
        Algorithm::SHA_512_224 => 5,
        Algorithm::SHA_512_256 => 6,
        Algorithm::SHA3_224 => 7,
        Algorithm::SHA3_256 => 8,
        Algorithm::SHA3_384 => 9,
        Algorithm::SHA3_512 => 10,
        _ => return None,
    };
    Some([&NIST_HASHES[..], &[last_arc]].concat())
}

/// An element of DER with a length of one byte, which is enough for any hash.
fn element(tag: u8, contents: &[u8]) -> Option<Vec<u8>> {
    let length = u8::try_from(contents.len()).ok().filter(|length| *length < 0x80)?;
    Some([&[tag, length], contents].concat())
}
