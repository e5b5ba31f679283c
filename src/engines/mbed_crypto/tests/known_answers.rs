//! One known answer at least for each family and each type of key.

use super::*;
use crate::core::key_derivation::vectors;
use crate::core::primitives::{DerivationInputs, Direction};
use crate::memory::{InOut, Secret};
use crate::psa::Error;

/// Both directions of an AEAD in one call, and a wrong tag.
fn check_aead(key_type: KeyType, alg: Algorithm, parts: [&str; 5]) {
    let [key, nonce, additional_data, plaintext, ciphertext] = parts.map(hex);
    let key = prepare(&engine(), key_type, &key);
    let aead = key.aead().unwrap();

    let mut output = vec![0; ciphertext.len()];
    aead.encrypt(alg, &nonce, &additional_data, &mut InOut::new(&plaintext, &mut output)).unwrap();
    assert_eq!(output, ciphertext);

    let mut output = vec![0; plaintext.len()];
    aead.decrypt(alg, &nonce, &additional_data, &mut InOut::new(&ciphertext, &mut output)).unwrap();
    assert_eq!(output, plaintext);

    let mut forged = ciphertext;
    *forged.last_mut().unwrap() ^= 1;
    let mut output = vec![0xee; plaintext.len()];
    let opened = aead.decrypt(alg, &nonce, &additional_data, &mut InOut::new(&forged, &mut output));
    assert_eq!(opened, Err(Error::InvalidSignature));
    assert!(output.iter().all(|byte| *byte == 0 || *byte == 0xee), "plaintext of a forgery remains");
}

/// Runs a cipher over pieces of that length.
pub(super) fn run_cipher(
    key: &dyn Key,
    alg: Algorithm,
    direction: Direction,
    iv: &[u8],
    input: &[u8],
    piece: usize,
) -> Vec<u8> {
    let mut operation = key.cipher().unwrap().setup(alg, direction).unwrap();
    if !iv.is_empty() {
        operation.set_iv(iv).unwrap();
    }
    let mut result = Vec::new();
    let mut output = vec![0; input.len() + 16];
    for piece in input.chunks(piece) {
        let length = operation.update(&mut InOut::new(piece, &mut output)).unwrap();
        result.extend_from_slice(&output[..length]);
    }
    let length = operation.finish(&mut output).unwrap();
    result.extend_from_slice(&output[..length]);
    result
}

/// Both directions of a cipher, in one piece and in pieces that are no blocks.
fn check_cipher(key_type: KeyType, alg: Algorithm, parts: [&str; 4]) {
    let [key, iv, plaintext, ciphertext] = parts.map(hex);
    let key = prepare(&engine(), key_type, &key);
    for piece in [plaintext.len(), 5] {
        assert_eq!(run_cipher(&*key, alg, Direction::Encrypt, &iv, &plaintext, piece), ciphertext);
        assert_eq!(run_cipher(&*key, alg, Direction::Decrypt, &iv, &ciphertext, piece), plaintext);
    }
}

fn mac(key_type: KeyType, alg: Algorithm, key: &str, input: &[u8], length: usize) -> Vec<u8> {
    let mut mac = vec![0; length];
    prepare(&engine(), key_type, &hex(key)).mac().unwrap().compute(alg, input, &mut mac).unwrap();
    mac
}

#[test]
fn hashes_of_abc() {
    // FIPS 180-4 and FIPS 202, the examples of NIST.
    let vectors = [
        (Algorithm::SHA_256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (Algorithm::SHA3_256, "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532"),
    ];
    for (alg, expected) in vectors {
        let mut hash = [0; 32];
        engine().hash().compute(alg, b"abc", &mut hash).unwrap();
        assert_eq!(hash[..], hex(expected));
        let mut parts = engine().hash().setup(alg).unwrap();
        parts.update(b"a").unwrap();
        parts.update(b"bc").unwrap();
        parts.finish(&mut hash).unwrap();
        assert_eq!(hash[..], hex(expected));
    }
}

#[test]
fn macs() {
    // RFC 4231, test case 1.
    assert_eq!(
        mac(KeyType::HMAC, Algorithm::hmac(Algorithm::SHA_256), &"0b".repeat(20), b"Hi There", 32),
        hex("b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7")
    );
    // RFC 4493, example 2.
    assert_eq!(
        mac(
            KeyType::AES,
            Algorithm::CMAC,
            "2b7e151628aed2a6abf7158809cf4f3c",
            &hex("6bc1bee22e409f96e93d7e117393172a"),
            16
        ),
        hex("070a16b46b4d4144f79bdd9dd04a287c")
    );
    // NIST SP 800-38B, appendix D.4, example 13.
    assert_eq!(
        mac(KeyType::DES, Algorithm::CMAC, "8aa83bf8cbda1062 0bc1bf19fbb6cd58 bc313d4a371ca8b5", &[], 8),
        hex("b7a688e122ffaf95")
    );
}

#[test]
fn aeads() {
    // The specification of GCM (McGrew and Viega), test case 4.
    check_aead(
        KeyType::AES,
        Algorithm::GCM,
        [
            "feffe9928665731c6d6a8f9467308308",
            "cafebabefacedbaddecaf888",
            "feedfacedeadbeeffeedfacedeadbeefabaddad2",
            "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
            "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091
             5bc94fbc3221a5db94fae95ae7121a47",
        ],
    );
    // NIST SP 800-38C, example 1.
    check_aead(
        KeyType::AES,
        Algorithm::CCM.aead_with_shortened_tag(4),
        ["404142434445464748494a4b4c4d4e4f", "10111213141516", "0001020304050607", "20212223", "7162015b 4dac255d"],
    );
    // RFC 8439, section 2.8.2.
    check_aead(
        KeyType::CHACHA20,
        Algorithm::CHACHA20_POLY1305,
        [
            "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f",
            "070000004041424344454647",
            "50515253c0c1c2c3c4c5c6c7",
            "4c616469657320616e642047656e746c656d656e206f662074686520636c617373206f66202739393a204966204920636f756c64206f6666657220796f75206f6e6c79206f6e652074697020666f7220746865206675747572652c2073756e73637265656e20776f756c642062652069742e",
            "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d63dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b3692ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc3ff4def08e4b7a9de576d26586cec64b6116
             1ae10b594f09e26a7e902ecbd0600691",
        ],
    );
}

#[test]
fn ciphers() {
    const KEY: &str = "2b7e151628aed2a6abf7158809cf4f3c";
    const PLAINTEXT: &str = "6bc1bee22e409f96e93d7e117393172a ae2d8a571e03ac9c9eb76fac45af8e51";
    // NIST SP 800-38A, sections F.1.1, F.2.1, F.3.13, F.4.1 and F.5.1, the first two blocks.
    let vectors = [
        (Algorithm::ECB_NO_PADDING, "", "3ad77bb40d7a3660a89ecaf32466ef97 f5d3d58503b9699de785895a96fdbaaf"),
        (
            Algorithm::CBC_NO_PADDING,
            "000102030405060708090a0b0c0d0e0f",
            "7649abac8119b246cee98e9b12e9197d 5086cb9b507219ee95db113a917678b2",
        ),
        (
            Algorithm::CFB,
            "000102030405060708090a0b0c0d0e0f",
            "3b3fd92eb72dad20333449f8e83cfb4a c8a64537a0b3a93fcde3cdad9f1ce58b",
        ),
        (
            Algorithm::OFB,
            "000102030405060708090a0b0c0d0e0f",
            "3b3fd92eb72dad20333449f8e83cfb4a 7789508d16918f03f53c52dac54ed825",
        ),
        (
            Algorithm::CTR,
            "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff",
            "874d6191b620e3261bef6864990db6ce 9806f66b7970fdff8617187bb9fffdff",
        ),
    ];
    for (alg, iv, ciphertext) in vectors {
        check_cipher(KeyType::AES, alg, [KEY, iv, PLAINTEXT, ciphertext]);
    }
    // RFC 3713, appendix A.
    const CAMELLIA: &str = "0123456789abcdeffedcba9876543210";
    check_cipher(
        KeyType::CAMELLIA,
        Algorithm::ECB_NO_PADDING,
        [CAMELLIA, "", CAMELLIA, "67673138549669730857065648eabe43"],
    );
    // FIPS 81, table B1.
    check_cipher(
        KeyType::DES,
        Algorithm::ECB_NO_PADDING,
        ["0123456789abcdef", "", "4e6f772069732074", "3fa40e8a984d4815"],
    );
    // RFC 5794, appendix A.1.
    check_cipher(
        KeyType::ARIA,
        Algorithm::ECB_NO_PADDING,
        [
            "000102030405060708090a0b0c0d0e0f",
            "",
            "00112233445566778899aabbccddeeff",
            "d718fbd6ab644c739da95f3be6451778",
        ],
    );
    // RFC 3610, section 8, packet vector 1, without its tag: CCM with a nonce of 13 bytes encrypts as CCM* does.
    check_cipher(
        KeyType::AES,
        Algorithm::CCM_STAR_NO_TAG,
        [
            "c0c1c2c3c4c5c6c7c8c9cacbcccdcecf",
            "00000003020100a0a1a2a3a4a5",
            "08090a0b0c0d0e0f101112131415161718191a1b1c1d1e",
            "588c979a61c663d2f066d0c2c0f989806d5f6b61dac384",
        ],
    );
    // RFC 8439, appendix A.1, test vector 1: the nonce alone, and the one of 16 bytes that begins with the counter.
    for iv in ["000000000000000000000000", "00000000000000000000000000000000"] {
        check_cipher(
            KeyType::CHACHA20,
            Algorithm::STREAM_CIPHER,
            [
                &"00".repeat(32),
                iv,
                &"00".repeat(32),
                "76b8e0ada0f13d90405d6ae55386bd28bdd219b8a08ded1aa836efcc8b770dc7",
            ],
        );
    }
}

#[test]
fn padding_of_cbc() {
    let key = prepare(&engine(), KeyType::AES, &[7; 16]);
    let iv = [9; 16];
    let ciphertext = run_cipher(&*key, Algorithm::CBC_PKCS7, Direction::Encrypt, &iv, b"seventeen bytes..", 4);
    assert_eq!(ciphertext.len(), 32);
    // Decrypting without padding shows it (RFC 5652, section 6.3).
    let padded = run_cipher(&*key, Algorithm::CBC_NO_PADDING, Direction::Decrypt, &iv, &ciphertext, 32);
    assert_eq!(padded, [&b"seventeen bytes.."[..], &[15; 15]].concat());

    let finish = |ciphertext: &[u8]| {
        let mut operation = key.cipher().unwrap().setup(Algorithm::CBC_PKCS7, Direction::Decrypt).unwrap();
        operation.set_iv(&iv).unwrap();
        // The room for the block that is held back is not needed yet.
        assert_eq!(operation.update(&mut InOut::new(ciphertext, &mut [0; 16])), Ok(16));
        operation.finish(&mut [0; 16])
    };
    assert_eq!(finish(&ciphertext), Ok(1));
    let mut wrong = ciphertext.clone();
    wrong[15] ^= 0x1f;
    assert_eq!(finish(&wrong), Err(Error::InvalidPadding));
    assert_eq!(finish(&ciphertext[..31]), Err(Error::InvalidArgument));
}

#[test]
fn deterministic_ecdsa() {
    // RFC 6979, appendix A.2.5, with SHA-256 of "sample".
    let key = prepare(&engine(), P256_PAIR, &hex("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721"));
    let hash = hex("af2bdbe1aa9b6ec1e2ade1d694f41fc71a831d0268e9891562113d8a62add1bf");
    let alg = Algorithm::deterministic_ecdsa(Algorithm::SHA_256);
    let signature = sign(&*key, alg, &hash);
    let expected = "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716
                    f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8";
    assert_eq!(signature, hex(expected));
    let public_key = public_key(&*key);
    assert_eq!(public_key[1..33], hex("60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"));
    let public = prepare(&engine(), KeyType::ecc_public_key(EccFamily::SECP_R1), &public_key);
    assert_eq!(verify(&*public, alg, &hash, &signature), Ok(()));
    assert_eq!(verify(&*public, alg, &hash, &signature[1..]), Err(Error::InvalidSignature));
    assert!(public.signature().unwrap().sign_hash(alg, &hash, &[], &mut [0; 64]).is_err());
    assert_eq!(key.signature().unwrap().sign_hash(alg, &hash, &[], &mut [0; 63]), Err(Error::BufferTooSmall));
}

#[test]
fn agreements_on_montgomery_curves() {
    // RFC 7748, sections 6.1 and 6.2.
    let vectors = [
        [
            "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a",
            "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f",
            "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742",
        ],
        [
            "9a8f4925d1519f5775cf46b04b5800d4ee9ee8bae8bc5565d498c28dd9c9baf574a9419744897391006382a6f127ab1d9ac2d8c0a598726b",
            "3eb7a829b0cd20f5bcfc0b599b6feccf6da4627107bdb0d4f345b43027d8b972fc3e34fb4232a13ca706dcb57aec3dae07bdc1c67bf33609",
            "07fff4181ac6cc95ec1c16a94a0f74d12da232ce40a77552281d282bb60c0b56fd2464c335543936521c24403085d59a449a5037514a879d",
        ],
    ];
    for [private, peer, shared] in vectors {
        let key = prepare(&engine(), KeyType::ecc_key_pair(EccFamily::MONTGOMERY), &hex(private));
        let agreed = key.key_agreement().unwrap().agree(Algorithm::ECDH, &hex(peer)).unwrap();
        assert_eq!(agreed[..], hex(shared));
    }
}

#[test]
fn derivations() {
    let derive = |alg, inputs, length: usize| {
        let mut output = engine().key_derivation().start(alg, inputs).unwrap();
        let mut derived = vec![0; length];
        let (first, rest) = derived.split_at_mut(length / 3);
        output.read(first).unwrap();
        output.read(rest).unwrap();
        derived
    };
    let secret = |digits: &str| Some(Secret::new(hex(digits)));
    // RFC 5869, appendix A.1.
    let inputs = DerivationInputs {
        secret: secret(&"0b".repeat(22)),
        salt: secret("000102030405060708090a0b0c"),
        info: Some(hex("f0f1f2f3f4f5f6f7f8f9")),
        ..Default::default()
    };
    assert_eq!(
        derive(Algorithm::hkdf(Algorithm::SHA_256), inputs, 42),
        hex("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865")
    );
    for vector in &vectors::TLS12_PRF {
        let inputs = DerivationInputs {
            secret: secret(vector.secret),
            seed: Some(hex(vector.data)),
            label: Some(vectors::TLS12_LABEL.to_vec()),
            ..Default::default()
        };
        let expected = hex(vector.output);
        assert_eq!(derive(Algorithm::tls12_prf(vector.hash), inputs, expected.len()), expected);
    }
}

#[test]
fn all_of_a_derivation_and_no_more() {
    // HKDF puts out 255 hashes (RFC 5869, section 2.3), which is more than a key of Mbed TLS holds.
    let alg = Algorithm::hkdf(Algorithm::SHA_512);
    let inputs = || DerivationInputs { secret: Some(Secret::new(vec![5; 32])), ..Default::default() };
    let mut derived = [vec![0; 255 * 64], vec![0; 255 * 64]];
    let mut output = engine().key_derivation().start(alg, inputs()).unwrap();
    output.read(&mut derived[0]).unwrap();
    assert_eq!(output.read(&mut [0]), Err(Error::InsufficientData));
    let native = &crate::engines::native::Native;
    native.key_derivation().start(alg, inputs()).unwrap().read(&mut derived[1]).unwrap();
    assert!(derived[0] == derived[1]);
}
