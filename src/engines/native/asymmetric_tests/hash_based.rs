//! LMS, HSS, XMSS and XMSS^MT: signatures of RFC 8554 and of other implementations.

use std::sync::LazyLock;

use super::{blocks, hex, prepare, public_key};
use crate::core::primitives::Key;
use crate::engines::Engine;
use crate::engines::native::Native;
use crate::psa::{Algorithm, Error, KeyType};

fn scheme(name: &str) -> (KeyType, Algorithm) {
    match name {
        "LMS" => (KeyType::LMS_PUBLIC_KEY, Algorithm::LMS),
        "HSS" => (KeyType::HSS_PUBLIC_KEY, Algorithm::HSS),
        "XMSS" => (KeyType::XMSS_PUBLIC_KEY, Algorithm::XMSS),
        "XMSS_MT" => (KeyType::XMSS_MT_PUBLIC_KEY, Algorithm::XMSS_MT),
        _ => panic!("{name}"),
    }
}

/// Every signature is right, and wrong when a byte of it is another (at its beginning, at its end and every so often), for
/// another message, and cut.
fn check_file(text: &'static str, expected: usize) {
    let mut checked = 0;
    for block in blocks(text) {
        let (key_type, alg) = scheme(block["scheme"]);
        let (encoded, message, signature) = (hex(block["key"]), hex(block["message"]), hex(block["signature"]));
        let key = prepare(key_type, &encoded);
        assert_eq!(public_key(&*key), encoded);
        let verify =
            |message: &[u8], signature: &[u8]| key.signature().unwrap().verify_message(alg, message, &[], signature);
        assert_eq!(verify(&message, &signature), Ok(()), "{} {checked}", block["scheme"]);
        for at in (0..16).chain((16..signature.len()).step_by(signature.len() / 20)).chain([signature.len() - 1]) {
            let mut changed = signature.clone();
            changed[at] ^= 1;
            assert_eq!(verify(&message, &changed), Err(Error::InvalidSignature), "byte {at}");
        }
        let longer = [&signature[..], &[0]].concat();
        for wrong in [&signature[..signature.len() - 1], &signature[1..], &signature[..4], &[], &longer] {
            assert_eq!(verify(&message, wrong), Err(Error::InvalidSignature));
        }
        assert_eq!(verify(b"another message", &signature), Err(Error::InvalidSignature));
        check_refusals(&*key, alg, &message, &signature);
        check_key(key_type, &encoded);
        checked += 1;
    }
    assert_eq!(checked, expected);
}

fn check_refusals(key: &dyn Key, alg: Algorithm, message: &[u8], signature: &[u8]) {
    let signer = key.signature().unwrap();
    assert_eq!(signer.verify_message(alg, message, b"context", signature), Err(Error::InvalidArgument));
    assert_eq!(signer.verify_message(Algorithm::PURE_EDDSA, message, &[], signature), Err(Error::NotSupported));
    assert_eq!(signer.verify_hash(alg, message, &[], signature), Err(Error::NotSupported));
    assert_eq!(signer.sign_message(alg, message, &[], &mut [0; 9000]), Err(Error::InvalidArgument));
}

/// A public key of another length, or with a parameter set that does not exist, is none.
fn check_key(key_type: KeyType, encoded: &[u8]) {
    let import = |bits, data: &[u8]| Native.import(key_type, bits, data).err();
    let (_, bits) = Native.import(key_type, 0, encoded).unwrap();
    assert_eq!(import(bits, encoded), None);
    for wrong in [&encoded[1..], &encoded[..encoded.len() - 1], &[encoded, &[0]].concat(), &[]] {
        assert_eq!(import(0, wrong), Some(Error::InvalidArgument));
    }
    for other in [0, 128, 192 + 256 - bits.min(256)] {
        assert_eq!(import(other, encoded).is_none(), other == 0);
    }
    let unknown = [&[0, 0, 0, 0xff], &encoded[4..]].concat();
    assert_eq!(import(0, &unknown), Some(Error::InvalidArgument));
    assert_eq!(Native.generate(key_type, bits, &[]).err(), Some(Error::InvalidArgument));
    assert!(!Native.holds(key_type.key_pair_of_public_key(), bits));
}

#[test]
fn lms_and_hss_agree_with_another_implementation() {
    check_file(include_str!("data/lms.txt"), 10);
}

#[test]
fn hss_agrees_with_the_test_cases_of_the_standard() {
    check_file(include_str!("data/rfc8554.txt"), 2);
}

#[test]
fn xmss_agrees_with_the_reference_implementation() {
    check_file(include_str!("data/xmss.txt"), 9);
}

/// A key of LM-OTS with one hash in a tree of another (SP 800-208, section 4), and of a level that HSS does not have.
#[test]
fn keys_of_parameter_sets_that_do_not_fit_are_refused() {
    let lms = |types: [u8; 2]| [&[0, 0, 0, types[0], 0, 0, 0, types[1]][..], &[7; 16], &[9; 32]].concat();
    let import = |key_type, data: &[u8]| Native.import(key_type, 0, data).err();
    assert_eq!(import(KeyType::LMS_PUBLIC_KEY, &lms([5, 4])), None);
    assert_eq!(import(KeyType::LMS_PUBLIC_KEY, &lms([15, 9])), None);
    for wrong in [[5, 9], [5, 5], [15, 1], [4, 1], [25, 1], [5, 0], [5, 17]] {
        assert_eq!(import(KeyType::LMS_PUBLIC_KEY, &lms(wrong)), Some(Error::InvalidArgument), "{wrong:?}");
    }
    for (levels, works) in [(0, false), (1, true), (8, true), (9, false)] {
        let hss = [&[0, 0, 0, levels][..], &lms([5, 4])].concat();
        assert_eq!(import(KeyType::HSS_PUBLIC_KEY, &hss).is_none(), works, "{levels}");
    }
}

/// Algorithm, key and a right signature.
type Example = (Algorithm, Box<dyn Key>, Vec<u8>);

/// One of each scheme.
static EXAMPLES: LazyLock<Vec<Example>> = LazyLock::new(|| {
    let blocks = [include_str!("data/lms.txt"), include_str!("data/xmss.txt")].map(blocks);
    let example = |name| {
        let block = blocks.iter().flatten().find(|block| block["scheme"] == name).unwrap();
        let (key_type, alg) = scheme(name);
        (alg, prepare(key_type, &hex(block["key"])), hex(block["signature"]))
    };
    ["LMS", "HSS", "XMSS", "XMSS_MT"].map(example).into()
});

proptest::proptest! {
    /// Nothing panics, and nothing random is right.
    #[test]
    fn any_signature_is_refused(
        at in 0..4usize,
        data in proptest::collection::vec(proptest::num::u8::ANY, 0..3000),
        head in 0..9u32,
    ) {
        let (alg, key, valid) = &EXAMPLES[at];
        // Some begin as a signature does.
        let likely = [&valid[..valid.len() * head as usize / 9], &data].concat();
        for signature in [data, likely] {
            let verdict = key.signature().unwrap().verify_message(*alg, b"message", &[], &signature);
            proptest::prop_assert_eq!(verdict, Err(Error::InvalidSignature));
        }
    }
}
