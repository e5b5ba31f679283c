//! The public part of a key, from a token's attributes to PSA's export format (PSA 1.5, section 9.5).

use cryptoki::object::AttributeType;
use cryptoki_sys::CK_OBJECT_HANDLE;

use super::connection::Session;
use super::errors::{Outcome, nonsense};
use super::key_kinds::{Curve, Kind, Shape};
use crate::psa::der;

const OCTET_STRING: u8 = 0x04;
/// First byte of a point that is not compressed (SEC 1, section 2.3.3).
const UNCOMPRESSED: u8 = 0x04;

/// Reads the public part from an object that has it: a public key, or for RSA a private one.
pub(super) fn read(session: &Session<'_>, kind: Kind, object: CK_OBJECT_HANDLE) -> Outcome<Vec<u8>> {
    let attribute = |kind| session.functions().attribute(session.handle(), object, kind);
    let (public_key, source) = match kind {
        Kind::Ec(curve) => (point(&attribute(AttributeType::EcPoint)?, curve), "CKA_EC_POINT"),
        Kind::MlDsa(set) | Kind::MlKem(set) => {
            let value = attribute(AttributeType::Value)?;
            ((value.len() == set.public_key).then_some(value), "CKA_VALUE")
        }
        Kind::Aes(_) | Kind::ChaCha20 | Kind::Hmac(_) | Kind::Derive(_) => (None, "no attribute"),
        Kind::Rsa(bits) => {
            let modulus = attribute(AttributeType::Modulus)?;
            (rsa(&modulus, &attribute(AttributeType::PublicExponent)?, bits), "CKA_MODULUS")
        }
    };
    public_key.ok_or_else(|| nonsense("C_GetAttributeValue", format_args!("{source} is not that of {kind:?}")))
}

/// The point of `CKA_EC_POINT`, which is a DER octet string, or with some tokens the bare point.
pub(super) fn point(value: &[u8], curve: &Curve) -> Option<Vec<u8>> {
    let weierstrass = curve.shape() == Shape::Weierstrass;
    let length = if weierstrass { 1 + 2 * curve.length() } else { curve.encoded_length() };
    let point = match value.len() == length {
        true => value,
        false => content(value, OCTET_STRING)?,
    };
    let uncompressed = !weierstrass || point.first() == Some(&UNCOMPRESSED);
    (point.len() == length && uncompressed).then(|| point.to_vec())
}

/// `RSAPublicKey` (RFC 8017, appendix A.1.1).
pub(super) fn rsa(modulus: &[u8], exponent: &[u8], bits: usize) -> Option<Vec<u8>> {
    let (modulus, exponent) = (significant(modulus), significant(exponent));
    let actual = modulus.len() * 8 - modulus.first()?.leading_zeros() as usize;
    if actual != bits || exponent.is_empty() {
        return None;
    }
    Some(der::rsa_public_key(modulus, exponent))
}

/// Without leading zeros.
fn significant(number: &[u8]) -> &[u8] {
    let start = number.iter().position(|byte| *byte != 0).unwrap_or(number.len());
    number.get(start..).unwrap_or_default()
}

/// The content of the one DER element that `value` is, of at most 255 bytes.
fn content(value: &[u8], expected: u8) -> Option<&[u8]> {
    let (tag, length, content) = match value {
        [tag, 0x81, length, content @ ..] => (tag, length, content),
        [tag, length @ 0..=0x7f, content @ ..] => (tag, length, content),
        _ => return None,
    };
    (*tag == expected && usize::from(*length) == content.len()).then_some(content)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::psa::{EccFamily, KeyType};

    fn curve(family: EccFamily, bits: usize) -> &'static Curve {
        match Kind::of(KeyType::ecc_key_pair(family), bits) {
            Some(Kind::Ec(curve)) => curve,
            _ => panic!("no curve of {bits} bits"),
        }
    }

    #[test]
    fn points_come_wrapped_or_bare() {
        let p256 = curve(EccFamily::SECP_R1, 256);
        let bare = [&[4], [9; 64].as_slice()].concat();
        let wrapped = [&[4, 65], bare.as_slice()].concat();
        assert_eq!(point(&bare, p256), Some(bare.clone()));
        assert_eq!(point(&wrapped, p256), Some(bare.clone()));
        let long = [&[4], [9; 132].as_slice()].concat();
        let p521 = curve(EccFamily::SECP_R1, 521);
        assert_eq!(point(&[&[4, 0x81, 133], long.as_slice()].concat(), p521), Some(long));
        let compressed = [&[4, 33, 2], [9; 32].as_slice()].concat();
        for wrong in [&[][..], &[4], &[4, 65, 4], &[4, 0x81], &[5; 67], &wrapped[..66], &compressed] {
            assert_eq!(point(wrong, p256), None, "{wrong:?}");
        }
        let edwards = curve(EccFamily::TWISTED_EDWARDS, 255);
        for value in [&[7; 32][..], &[&[4, 32], [7; 32].as_slice()].concat()] {
            assert_eq!(point(value, edwards), Some(vec![7; 32]));
        }
    }

    #[test]
    fn rsa_keys_are_der() {
        // RFC 8017, appendix A.1.1: SEQUENCE { INTEGER modulus, INTEGER publicExponent }.
        assert_eq!(rsa(&[0, 0xff, 1], &[1, 0, 1], 16), Some(vec![0x30, 10, 2, 3, 0, 0xff, 1, 2, 3, 1, 0, 1]));
        assert_eq!(rsa(&[0x7f], &[0, 3], 7), Some(vec![0x30, 6, 2, 1, 0x7f, 2, 1, 3]));
        assert_eq!(
            rsa(&[0xff; 256], &[3], 2048).map(|key| key[..8].to_vec()),
            Some(vec![0x30, 0x82, 1, 8, 2, 0x82, 1, 1])
        );
        for (modulus, exponent) in [(&[][..], &[3][..]), (&[0], &[3]), (&[0xff, 1], &[]), (&[1, 1], &[3])] {
            assert_eq!(rsa(modulus, exponent, 16), None, "{modulus:?}");
        }
    }
}
