//! Import and generation: what is refused, and what becomes of what is taken.

use super::{hex, prepare, public_key};
use crate::engines::Engine;
use crate::engines::native::Native;
use crate::engines::native::dh_groups::DhGroup;
use crate::psa::{DhFamily, EccFamily, Error, KeyType, SlhDsaFamily};

fn refuse(key_type: KeyType, bits: usize, data: &[u8], error: Error) {
    assert_eq!(Native.import(key_type, bits, data).err(), Some(error), "{key_type:?} {bits} {data:02x?}");
}

const P256: KeyType = KeyType::ecc_key_pair(EccFamily::SECP_R1);
const P256_ORDER: &str = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
const P256_ORDER_MINUS_1: &str = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550";

#[test]
fn a_private_scalar_is_between_1_and_the_order() {
    let one = [&[0; 31][..], &[1]].concat();
    for scalar in [&one, &hex(P256_ORDER_MINUS_1)] {
        assert_eq!(Native.import(P256, 0, scalar).unwrap(), (scalar.clone().into(), 256));
    }
    for scalar in [vec![0; 32], hex(P256_ORDER), vec![0xff; 32]] {
        refuse(P256, 0, &scalar, Error::InvalidArgument);
        refuse(P256, 256, &scalar, Error::InvalidArgument);
    }
    refuse(P256, 256, &[1; 31], Error::InvalidArgument);
    refuse(P256, 256, &[1; 33], Error::InvalidArgument);
    refuse(P256, 256, &[], Error::InvalidArgument);
    refuse(P256, 255, &one, Error::NotSupported);
    refuse(P256, 384, &one, Error::InvalidArgument);
    refuse(P256, 0, &[1; 33], Error::InvalidArgument);
    refuse(P256, 0, &[], Error::InvalidArgument);
}

#[test]
fn a_public_point_is_uncompressed_and_on_the_curve() {
    let public = KeyType::ecc_public_key(EccFamily::SECP_R1);
    let point = public_key(&*prepare(P256, &[7; 32]));
    assert_eq!(Native.import(public, 256, &point).unwrap(), (point.clone().into(), 256));
    let with = |first: u8| [&[first], &point[1..]].concat();
    for changed in [
        with(0),
        with(2),
        with(6),
        with(7),
        point[1..].to_vec(),
        point[..33].to_vec(),
        [&[2 + (point[64] & 1)], &point[1..33]].concat(),
        vec![0],
        vec![0; 65],
        [&point[..64], &[point[64] ^ 1]].concat(),
        // x and y have to be less than the prime of the field.
        [&[4][..], &[0xff; 64]].concat(),
    ] {
        refuse(public, 256, &changed, Error::InvalidArgument);
    }
}

#[test]
fn x25519_keys_are_exported_with_their_forced_bits() {
    let (material, bits) = Native.import(KeyType::ecc_key_pair(EccFamily::MONTGOMERY), 0, &[0xff; 32]).unwrap();
    let clamped = [&[0xf8][..], &[0xff; 30], &[0x7f]].concat();
    assert_eq!((&*material, bits), (&clamped, 255));
    let (material, _) = Native.import(KeyType::ecc_key_pair(EccFamily::MONTGOMERY), 255, &[0; 32]).unwrap();
    assert_eq!(*material, [&[0][..], &[0; 30], &[0x40]].concat());
    for key_type in [KeyType::ecc_key_pair(EccFamily::MONTGOMERY), KeyType::ecc_public_key(EccFamily::MONTGOMERY)] {
        refuse(key_type, 255, &[1; 31], Error::InvalidArgument);
        refuse(key_type, 256, &[1; 32], Error::NotSupported);
        refuse(key_type, 448, &[1; 55], Error::InvalidArgument);
        refuse(key_type, 0, &[1; 57], Error::InvalidArgument);
    }
}

#[test]
fn edwards_public_keys_are_points() {
    let public = KeyType::ecc_public_key(EccFamily::TWISTED_EDWARDS);
    let little_endian = |first: u8, last: u8| [&[first][..], &[0; 30], &[last]].concat();
    // y = 0 and y = 1 are on the curve; y = 2 and 7 are not (RFC 8032, section 5.1.3, step 3).
    assert!(Native.import(public, 0, &little_endian(0, 0)).is_ok());
    assert!(Native.import(public, 0, &little_endian(1, 0)).is_ok());
    refuse(public, 255, &little_endian(2, 0), Error::InvalidArgument);
    refuse(public, 255, &little_endian(7, 0), Error::InvalidArgument);
    // x = 0 is not negative, and y is less than the prime (steps 4 and 1).
    refuse(public, 255, &little_endian(1, 0x80), Error::InvalidArgument);
    refuse(public, 255, &[&[0xed][..], &[0xff; 30], &[0x7f]].concat(), Error::InvalidArgument);
    refuse(public, 255, &[1; 33], Error::InvalidArgument);
    let pair = prepare(KeyType::ecc_key_pair(EccFamily::TWISTED_EDWARDS), &[9; 32]);
    assert!(Native.import(public, 255, &public_key(&*pair)).is_ok());
}

/// A DER element.
fn element(tag: u8, contents: &[u8]) -> Vec<u8> {
    let length = match contents.len() {
        length @ 0..0x80 => vec![length as u8],
        length @ 0x80..0x100 => vec![0x81, length as u8],
        length => vec![0x82, (length >> 8) as u8, length as u8],
    };
    [&[tag][..], &length, contents].concat()
}

/// A SEQUENCE of positive INTEGERs.
fn sequence<T: AsRef<[u8]>>(integers: &[T]) -> Vec<u8> {
    let integers = integers.iter().map(|integer| {
        let integer = integer.as_ref();
        let sign = if integer.first().is_none_or(|first| first & 0x80 != 0) { &[0][..] } else { &[] };
        element(2, &[sign, integer].concat())
    });
    element(0x30, &integers.collect::<Vec<_>>().concat())
}

/// The INTEGERs of a SEQUENCE of more than 255 bytes.
fn integers(encoded: &[u8]) -> Vec<Vec<u8>> {
    let mut rest = &encoded[4..];
    let mut integers = Vec::new();
    while let [2, length, tail @ ..] = rest {
        let (length, tail) = match (*length, tail) {
            (0x82, [high, low, tail @ ..]) => (usize::from(*high) << 8 | usize::from(*low), tail),
            (0x81, [length, tail @ ..]) => (usize::from(*length), tail),
            (length, tail) => (usize::from(length), tail),
        };
        let zeros = usize::from(length > 1 && tail[0] == 0);
        integers.push(tail[zeros..length].to_vec());
        rest = &tail[length..];
    }
    assert!(rest.is_empty());
    integers
}

#[test]
fn rsa_key_pairs_are_consistent() {
    let pair = KeyType::RSA_KEY_PAIR;
    let encoded = Native.generate(pair, 2048, &[]).unwrap();
    let numbers = integers(&encoded);
    assert_eq!((numbers.len(), sequence(&numbers)), (9, encoded.to_vec()));
    assert_eq!(Native.import(pair, 0, &encoded).unwrap(), (encoded.clone(), 2048));
    assert_eq!(numbers[2], [1, 0, 1]);

    for length in [0, 1, 4, 100, encoded.len() - 1] {
        refuse(pair, 0, &encoded[..length], Error::InvalidArgument);
    }
    refuse(pair, 0, &[&encoded[..], &[0]].concat(), Error::InvalidArgument);
    refuse(pair, 2056, &encoded, Error::InvalidArgument);
    refuse(KeyType::RSA_PUBLIC_KEY, 0, &encoded, Error::InvalidArgument);
    for number in 0..numbers.len() {
        let mut changed = numbers.clone();
        *changed[number].last_mut().unwrap() ^= 2;
        refuse(pair, 0, &sequence(&changed), Error::InvalidArgument);
    }
    // A modulus and a private exponent alone, which some libraries take.
    let stripped: Vec<Vec<u8>> = numbers
        .iter()
        .enumerate()
        .map(|(at, number)| if [1, 3].contains(&at) { number.clone() } else { vec![] })
        .collect();
    refuse(pair, 0, &sequence(&stripped), Error::InvalidArgument);
    let version_1 = [&[vec![1]], &numbers[1..]].concat();
    refuse(pair, 0, &sequence(&version_1), Error::InvalidArgument);
}

#[test]
fn rsa_public_keys_are_odd_and_have_a_usable_exponent() {
    let public = KeyType::RSA_PUBLIC_KEY;
    let modulus = [&[0xc5][..], &[0x5a; 126], &[1]].concat();
    let exponent = vec![1, 0, 1];
    let encoded = sequence(&[&modulus, &exponent]);
    assert_eq!(Native.import(public, 1024, &encoded).unwrap(), (encoded.clone().into(), 1024));
    let even = [&modulus[..127], &[2]].concat();
    refuse(public, 0, &sequence(&[&even, &exponent]), Error::InvalidArgument);
    for exponent in [vec![], vec![1], vec![1, 0, 0]] {
        refuse(public, 0, &sequence(&[&modulus, &exponent]), Error::InvalidArgument);
    }
    // 33 bits, and more: valid, but not for aws-lc.
    assert!(Native.import(public, 1024, &sequence(&[&modulus, &vec![1, 0, 0, 0, 1]])).is_ok());
    for exponent in [vec![2, 0, 0, 0, 1], vec![1, 0, 0, 0, 0, 1], vec![0x55; 127]] {
        refuse(public, 0, &sequence(&[&modulus, &exponent]), Error::NotSupported);
    }
    refuse(public, 0, &sequence(&[&modulus, &vec![2, 0, 0, 0, 0]]), Error::InvalidArgument);
    refuse(public, 0, &[&encoded[..], &[0]].concat(), Error::InvalidArgument);
    refuse(public, 0, &encoded[..encoded.len() - 1], Error::InvalidArgument);
    refuse(public, 1032, &encoded, Error::InvalidArgument);
    for length in [64, 127, 1025] {
        let modulus = [&[0xc5][..], &vec![0x5a; length - 2], &[1]].concat();
        refuse(public, 0, &sequence(&[&modulus, &exponent]), Error::NotSupported);
    }
}

proptest::proptest! {
    #[test]
    fn any_data_is_imported_or_refused(
        key_type in proptest::sample::select(vec![
            KeyType::RSA_KEY_PAIR,
            KeyType::RSA_PUBLIC_KEY,
            KeyType::ecc_key_pair(EccFamily::SECP_R1),
            KeyType::ecc_public_key(EccFamily::SECP_K1),
            KeyType::ecc_public_key(EccFamily::BRAINPOOL_P_R1),
            KeyType::ecc_public_key(EccFamily::TWISTED_EDWARDS),
            KeyType::ecc_key_pair(EccFamily::MONTGOMERY),
            KeyType::dh_key_pair(DhFamily::RFC7919),
            KeyType::ML_KEM_KEY_PAIR,
            KeyType::ML_DSA_KEY_PAIR,
            KeyType::slh_dsa_public_key(SlhDsaFamily::SHA2_F),
            KeyType::LMS_PUBLIC_KEY,
            KeyType::HSS_PUBLIC_KEY,
            KeyType::XMSS_PUBLIC_KEY,
            KeyType::XMSS_MT_PUBLIC_KEY,
        ]),
        bits in 0..600usize,
        data in proptest::collection::vec(proptest::num::u8::ANY, 0..140),
    ) {
        for bits in [0, bits] {
            if let Ok((material, bits)) = Native.import(key_type, bits, &data) {
                proptest::prop_assert!(Native.prepare(key_type, bits, &material).is_ok());
            }
        }
    }
}

#[test]
fn the_public_exponent_can_be_chosen() {
    let generate = |bits, exponent: &[u8]| Native.generate(KeyType::RSA_KEY_PAIR, bits, exponent);
    for exponent in [&[3][..], &[0, 0, 0, 0, 17], &[1, 0, 1]] {
        let encoded = generate(1024, exponent).unwrap();
        let zeros = exponent.iter().take_while(|byte| **byte == 0).count();
        assert_eq!(integers(&encoded)[2], exponent[zeros..]);
        assert!(Native.import(KeyType::RSA_KEY_PAIR, 1024, &encoded).is_ok());
    }
    for exponent in [&[0][..], &[1], &[0, 1], &[4], &[1, 0, 0]] {
        assert_eq!(generate(1024, exponent).err(), Some(Error::InvalidArgument));
    }
    assert_eq!(generate(1024, &[1, 0, 0, 0, 1]).err(), Some(Error::NotSupported));
    assert_eq!(generate(1032, &[]).err(), Some(Error::NotSupported));
    assert_eq!(generate(512, &[]).err(), Some(Error::NotSupported));
    assert_eq!(Native.generate(P256, 256, &[3]).err(), Some(Error::InvalidArgument));
}

#[test]
fn public_keys_are_not_generated_and_unknown_types_not_held() {
    let public = KeyType::ecc_public_key(EccFamily::SECP_R1);
    assert_eq!(Native.generate(public, 256, &[]).err(), Some(Error::InvalidArgument));
    for (key_type, bits) in [
        (KeyType::ecc_key_pair(EccFamily::SECP_R2), 160),
        (KeyType::ecc_key_pair(EccFamily::SECT_K1), 233),
        (KeyType::ecc_key_pair(EccFamily::FRP), 256),
        (KeyType(0x5112), 256),
    ] {
        assert!(!Native.holds(key_type, bits));
        assert!(matches!(
            Native.generate(key_type, bits, &[]).err(),
            Some(Error::NotSupported | Error::InvalidArgument)
        ));
        refuse(key_type, bits, &[1; 32], Error::NotSupported);
        refuse(key_type, 0, &[1; 57], Error::NotSupported);
        assert_eq!(Native.prepare(key_type, bits, &[1; 32]).err(), Some(Error::NotSupported));
    }
}

#[test]
fn keys_on_the_curves_of_448_bits_have_their_formats() {
    let montgomery = KeyType::ecc_key_pair(EccFamily::MONTGOMERY);
    let (material, bits) = Native.import(montgomery, 0, &[0xff; 56]).unwrap();
    assert_eq!((&*material, bits), (&[&[0xfc][..], &[0xff; 55]].concat(), 448));
    let (material, _) = Native.import(montgomery, 448, &[0; 56]).unwrap();
    assert_eq!(*material, [&[0][..], &[0; 54], &[0x80]].concat());

    let public = KeyType::ecc_public_key(EccFamily::TWISTED_EDWARDS);
    let pair = prepare(KeyType::ecc_key_pair(EccFamily::TWISTED_EDWARDS), &[9; 57]);
    let point = public_key(&*pair);
    assert_eq!(Native.import(public, 0, &point).unwrap(), (point.clone().into(), 448));
    let prime = [&[0xff; 28][..], &[0xfe], &[0xff; 27]].concat();
    for wrong in [
        [&prime[..], &[0]].concat(),
        [&[0xff; 56][..], &[0]].concat(),
        [&point[..56], &[point[56] | 1]].concat(),
        // On the curve, but of small order: y = 1 and y = -1.
        [&[1][..], &[0; 56]].concat(),
        [&[0xfe], &prime[1..], &[0]].concat(),
        // No point has this y.
        [&[2][..], &[0; 56]].concat(),
        vec![0; 58],
        vec![],
    ] {
        refuse(public, 448, &wrong, Error::InvalidArgument);
    }
}

/// All of 2 <= y <= p - 2 that are squares are public keys, all from 1 to p - 1 private ones.
#[test]
fn finite_field_keys_are_in_their_ranges() {
    for family in [DhFamily::RFC7919, DhFamily::RFC3526] {
        let (pair, public) = (KeyType::dh_key_pair(family), KeyType::dh_public_key(family));
        for bits in [2048, 3072] {
            let length = bits / 8;
            let prime = DhGroup::find(family, bits).unwrap().prime().to_vec();
            let small = |number: u8| [&vec![0; length - 1][..], &[number]].concat();
            let below = |distance: u8| [&prime[..length - 1], &[0xff - distance]].concat();
            for private in [small(1), below(1)] {
                assert_eq!(Native.import(pair, 0, &private).unwrap(), (private.into(), bits));
            }
            for private in
                [small(0), prime.clone(), vec![0xff; length], vec![1; length - 1], vec![1; length + 1], vec![]]
            {
                refuse(pair, bits, &private, Error::InvalidArgument);
            }
            // 2 and 4 are squares; as -1 is none, what is opposite to a square is none.
            for key in [small(2), small(4)] {
                assert_eq!(Native.import(public, 0, &key).unwrap(), (key.into(), bits));
            }
            for key in
                [small(0), small(1), below(1), below(2), below(4), prime, vec![0xff; length], vec![2; length - 1]]
            {
                refuse(public, bits, &key, Error::InvalidArgument);
            }
        }
        refuse(pair, 1024, &[1; 128], Error::NotSupported);
        refuse(pair, 0, &[1; 128], Error::InvalidArgument);
    }
    refuse(KeyType::dh_key_pair(DhFamily(0x7c)), 2048, &[1; 256], Error::NotSupported);
}

#[test]
fn seeds_do_not_tell_their_parameter_set() {
    refuse(KeyType::ML_DSA_KEY_PAIR, 0, &[1; 32], Error::InvalidArgument);
    refuse(KeyType::ML_DSA_KEY_PAIR, 128, &[1; 33], Error::InvalidArgument);
    refuse(KeyType::ML_DSA_KEY_PAIR, 129, &[1; 32], Error::NotSupported);
    for (bits, length) in [(128, 1312), (192, 1952), (256, 2592)] {
        assert_eq!(Native.import(KeyType::ML_DSA_PUBLIC_KEY, 0, &vec![1; length]).unwrap().1, bits);
        refuse(KeyType::ML_DSA_PUBLIC_KEY, bits, &vec![1; length - 1], Error::InvalidArgument);
        refuse(KeyType::ML_DSA_PUBLIC_KEY, 0, &vec![1; length + 1], Error::InvalidArgument);
    }
}
