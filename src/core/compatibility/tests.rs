use super::*;

/// The lists of compatible key types of PSA 1.5, sections 10.4.1, 10.5.1 and 10.6.1.
#[test]
fn symmetric_algorithms_go_with_the_key_types_of_the_specification() {
    let blocks_of_16 = [KeyType::AES, KeyType::ARIA, KeyType::CAMELLIA, KeyType::SM4];
    let blocks = [&blocks_of_16[..], &[KeyType::DES]].concat();
    let hmac = Algorithm::hmac(Algorithm::SHA_256);
    let cases: [(Algorithm, &[KeyType]); 19] = [
        (hmac, &[KeyType::HMAC]),
        (hmac.truncated_mac(8), &[KeyType::HMAC]),
        (Algorithm::blake2_mac(Algorithm::BLAKE2S_HASH256), &[KeyType::BLAKE2]),
        (Algorithm::CMAC, &blocks),
        (Algorithm::CBC_MAC, &blocks),
        (Algorithm::STREAM_CIPHER, &[KeyType::ARC4, KeyType::CHACHA20, KeyType::XCHACHA20]),
        (Algorithm::CTR, &blocks),
        (Algorithm::CFB, &blocks),
        (Algorithm::OFB, &blocks),
        (Algorithm::XTS, &blocks),
        (Algorithm::ECB_NO_PADDING, &blocks),
        (Algorithm::CBC_PKCS7, &blocks),
        (Algorithm::CCM_STAR_NO_TAG, &blocks_of_16),
        (Algorithm::CCM, &blocks_of_16),
        (Algorithm::GCM, &blocks_of_16),
        (Algorithm::GCM.aead_with_shortened_tag(12), &blocks_of_16),
        (Algorithm::CHACHA20_POLY1305, &[KeyType::CHACHA20]),
        (Algorithm::XCHACHA20_POLY1305, &[KeyType::XCHACHA20]),
        (Algorithm::ASCON_AEAD128, &[KeyType::ASCON]),
    ];
    // The last ones have an encoding in which a block length could be misread.
    let types = [
        KeyType::AES,
        KeyType::ARIA,
        KeyType::DES,
        KeyType::CAMELLIA,
        KeyType::SM4,
        KeyType::ARC4,
        KeyType::CHACHA20,
        KeyType::XCHACHA20,
        KeyType::ASCON,
        KeyType::HMAC,
        KeyType::BLAKE2,
        KeyType::RAW_DATA,
        KeyType::DERIVE,
        KeyType::PASSWORD,
        KeyType::RSA_KEY_PAIR,
        KeyType::ecc_key_pair(EccFamily::SECP_R1),
        KeyType(0x7400),
        KeyType(0x4400),
    ];
    for (alg, compatible) in cases {
        for key_type in types {
            assert_eq!(
                check(key_type, if alg == Algorithm::XTS { 256 } else { 128 }, alg).is_ok(),
                compatible.contains(&key_type),
                "{key_type:?} {alg:?}"
            );
        }
    }
}

#[test]
fn the_double_keys_of_xts_are_for_nothing_else() {
    for (key_type, bits, alg, expected) in [
        (KeyType::AES, 512, Algorithm::XTS, true),
        (KeyType::AES, 384, Algorithm::XTS, true),
        (KeyType::AES, 256, Algorithm::XTS, true),
        (KeyType::AES, 192, Algorithm::XTS, false),
        (KeyType::AES, 512, Algorithm::CTR, false),
        (KeyType::SM4, 256, Algorithm::GCM, false),
        (KeyType::SM4, 256, Algorithm::XTS, true),
        (KeyType::BLAKE2, 264, Algorithm::blake2_mac(Algorithm::BLAKE2S_HASH256), false),
        (KeyType::BLAKE2, 512, Algorithm::blake2_mac(Algorithm::BLAKE2BP_HASH512), true),
    ] {
        assert_eq!(check(key_type, bits, alg).is_ok(), expected, "{key_type:?} {bits} {alg:?}");
    }
}
