//! The little of DER (X.690) that the formats of the specification need: RSA keys and hashes with a name.

use super::Algorithm;
use crate::memory::Secret;

pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const NULL: u8 = 0x05;
pub(crate) const OBJECT_IDENTIFIER: u8 = 0x06;
pub(crate) const SEQUENCE: u8 = 0x30;

/// iso.member-body.us.rsadsi.digestAlgorithm.5
const MD5: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 0x05];
/// iso.identified-organization.teletrust.algorithm.hashAlgorithm.1
const RIPEMD160: &[u8] = &[0x2b, 0x24, 0x03, 0x02, 0x01];
/// iso.identified-organization.oiw.secsig.algorithms.26
const SHA_1: &[u8] = &[0x2b, 0x0e, 0x03, 0x02, 0x1a];
/// iso.member-body.cn.10197.1.504
const SM3: &[u8] = &[0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x01, 0x83, 0x78];
/// joint-iso-itu-t.country.us.organization.gov.csor.nistAlgorithm.hashAlgs, without the last arc.
const NIST_HASHES: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02];

/// `RSAPublicKey` (RFC 8017, appendix A.1.1), the format of `PSA_KEY_TYPE_RSA_PUBLIC_KEY` (PSA 1.5, section 9.5.1).
/// Both numbers are big-endian and may have leading zeros.
pub fn rsa_public_key(modulus: &[u8], exponent: &[u8]) -> Vec<u8> {
    element(SEQUENCE, &[unsigned_integer(modulus), unsigned_integer(exponent)].concat())
}

/// `RSAPrivateKey` with two primes (RFC 8017, appendix A.1.2), the format of `PSA_KEY_TYPE_RSA_KEY_PAIR` (PSA 1.5, section
/// 9.5): the modulus and what follows it, each big-endian. It leaves no copy of them behind.
pub fn rsa_private_key(numbers: [&[u8]; 8]) -> Secret {
    const OVERHEAD: usize = 5;
    let room = numbers.iter().map(|number| number.len() + OVERHEAD).sum::<usize>() + OVERHEAD;
    let mut content = Secret::new(Vec::with_capacity(room));
    put_unsigned_integer(&mut content, &[0]);
    numbers.iter().for_each(|number| put_unsigned_integer(&mut content, number));
    let mut sequence = Secret::new(Vec::with_capacity(content.len() + OVERHEAD));
    put_header(&mut sequence, SEQUENCE, content.len());
    sequence.extend_from_slice(&content);
    sequence
}

/// `DigestInfo` (RFC 8017, section 9.2): a hash and the name of its algorithm, as RSASSA-PKCS1-v1_5 signs it. `None`
/// for an algorithm without a name.
pub fn digest_info(algorithm: Algorithm, hash: &[u8]) -> Option<Vec<u8>> {
    let name = [element(OBJECT_IDENTIFIER, &hash_name(algorithm)?), element(NULL, &[])].concat();
    Some(element(SEQUENCE, &[element(SEQUENCE, &name), element(OCTET_STRING, hash)].concat()))
}

/// True where [`digest_info`] knows the name of the hash algorithm.
pub fn has_digest_info(algorithm: Algorithm) -> bool {
    hash_name(algorithm).is_some()
}

/// The name of the hash of a message before it is signed with HashML-DSA or HashSLH-DSA (PSA 1.5, tables 17 and 18): an
/// OBJECT IDENTIFIER. Hashes of 224 bits are not in those tables, but FIPS 204, section 5.4, has them. `None` for others.
pub fn prehash_name(algorithm: Algorithm) -> Option<Vec<u8>> {
    let name = match algorithm {
        Algorithm::MD5 | Algorithm::RIPEMD160 | Algorithm::SHA_1 => return None,
        Algorithm::SHAKE128_256 => [NIST_HASHES, &[11]].concat(),
        Algorithm::SHAKE256_512 => [NIST_HASHES, &[12]].concat(),
        Algorithm::SM3 => SM3.to_vec(),
        other => hash_name(other)?,
    };
    Some(element(OBJECT_IDENTIFIER, &name))
}

/// The contents of the object identifier of a hash algorithm.
fn hash_name(algorithm: Algorithm) -> Option<Vec<u8>> {
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
    Some([NIST_HASHES, &[last_arc]].concat())
}

/// The first numbers of a sequence, such as `RSAPrivateKey` (RFC 8017, appendix A.1.2), without the zeros in front of
/// them. `None` for anything else.
pub fn unsigned_integers<const COUNT: usize>(sequence: &[u8]) -> Option<[&[u8]; COUNT]> {
    let (mut rest, _) = content(SEQUENCE, sequence)?;
    let mut numbers = [&[][..]; COUNT];
    for number in &mut numbers {
        let (digits, behind) = content(INTEGER, rest)?;
        *number = digits.get(digits.iter().position(|byte| *byte != 0).unwrap_or(digits.len())..)?;
        rest = behind;
    }
    Some(numbers)
}

/// The content of an element with this tag, and what is behind it.
pub(crate) fn content(tag: u8, bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = match bytes {
        [first, 0x82, high, low, rest @ ..] if *first == tag => (u16::from_be_bytes([*high, *low]), rest),
        [first, 0x81, length, rest @ ..] if *first == tag => (u16::from(*length), rest),
        [first, length @ ..=0x7f, rest @ ..] if *first == tag => (u16::from(*length), rest),
        _ => return None,
    };
    rest.split_at_checked(usize::from(length))
}

/// A number that is not negative.
fn unsigned_integer(number: &[u8]) -> Vec<u8> {
    let mut encoded = Vec::new();
    put_unsigned_integer(&mut encoded, number);
    encoded
}

fn put_unsigned_integer(output: &mut Vec<u8>, number: &[u8]) {
    let start = number.iter().position(|byte| *byte != 0).unwrap_or(number.len());
    let digits = number.get(start..).unwrap_or_default();
    // The first bit is the sign.
    let zero: &[u8] = if digits.first().is_some_and(|first| *first < 0x80) { &[] } else { &[0] };
    put_header(output, INTEGER, zero.len() + digits.len());
    output.extend_from_slice(zero);
    output.extend_from_slice(digits);
}

/// An element with a content of at most 65,535 bytes, which is more than anything here has.
pub(crate) fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut encoded = Vec::with_capacity(content.len() + 4);
    put_header(&mut encoded, tag, content.len());
    encoded.extend_from_slice(content);
    encoded
}

/// The same for a content in pieces, of which it leaves no copy behind.
pub(crate) fn secret_element(tag: u8, pieces: &[&[u8]]) -> Secret {
    let length = pieces.iter().map(|piece| piece.len()).sum::<usize>();
    let mut encoded = Secret::new(Vec::with_capacity(length + 4));
    put_header(&mut encoded, tag, length);
    pieces.iter().for_each(|piece| encoded.extend_from_slice(piece));
    encoded
}

fn put_header(output: &mut Vec<u8>, tag: u8, length: usize) {
    let [high, low] = (length as u16).to_be_bytes();
    let header: &[u8] = match length {
        0..=0x7f => &[tag, low],
        0x80..=0xff => &[tag, 0x81, low],
        _ => &[tag, 0x82, high, low],
    };
    output.extend_from_slice(header);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The prefixes of RFC 8017, section 9.2, note 1.
    #[test]
    fn digest_infos_begin_as_the_standard_says() {
        let prefixes = [
            (Algorithm::MD5, 16, "3020300c06082a864886f70d020505000410"),
            (Algorithm::SHA_1, 20, "3021300906052b0e03021a05000414"),
            (Algorithm::SHA_224, 28, "302d300d06096086480165030402040500041c"),
            (Algorithm::SHA_256, 32, "3031300d060960864801650304020105000420"),
            (Algorithm::SHA_384, 48, "3041300d060960864801650304020205000430"),
            (Algorithm::SHA_512, 64, "3051300d060960864801650304020305000440"),
            (Algorithm::SHA_512_224, 28, "302d300d06096086480165030402050500041c"),
            (Algorithm::SHA_512_256, 32, "3031300d060960864801650304020605000420"),
        ];
        for (algorithm, length, prefix) in prefixes {
            let encoded = digest_info(algorithm, &vec![0xab; length]).unwrap();
            assert_eq!(hex(&encoded), format!("{prefix}{}", "ab".repeat(length)));
        }
        assert_eq!(digest_info(Algorithm::SHAKE256_512, &[0; 64]), None);
    }

    #[test]
    fn numbers_are_read_as_they_are_written() {
        let long = rsa_public_key(&[0xff; 256], &[1, 0, 1]);
        assert_eq!(unsigned_integers(&long), Some([&[0xff; 256][..], &[1, 0, 1]]));
        assert_eq!(unsigned_integers(&rsa_public_key(&[0x80; 100], &[0])), Some([&[0x80; 100][..], &[]]));
        for length in 0..long.len() {
            assert_eq!(unsigned_integers::<2>(&long[..length]), None);
        }
        assert_eq!(unsigned_integers::<3>(&long), None);
    }

    #[test]
    fn integers_are_positive_and_short() {
        assert_eq!(hex(&rsa_public_key(&[0, 0, 0x80], &[1, 0, 1])), "300902020080".to_owned() + "0203010001");
        assert_eq!(hex(&rsa_public_key(&[0], &[0x7f])), "3006020100".to_owned() + "02017f");
        let long = rsa_public_key(&[0xff; 256], &[3]);
        assert_eq!(hex(&long[..9]), "30820108".to_owned() + "0282010100");
        assert_eq!(long.len(), 4 + 4 + 257 + 3);
    }
}
