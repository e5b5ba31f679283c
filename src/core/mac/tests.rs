use proptest::prelude::*;

use super::*;
use crate::cause;
use crate::core::keys;
use crate::core::tests::{BareKey, hex, library, volatile};
use crate::psa::KeyType;

const HMAC: Algorithm = Algorithm::hmac(Algorithm::SHA_256);
const BOTH: Usage = Usage(Usage::SIGN_MESSAGE.0 | Usage::VERIFY_MESSAGE.0);

fn import(library: &Library, key_type: KeyType, usage: Usage, alg: Algorithm, material: &[u8]) -> KeyId {
    keys::import(library, &volatile(key_type, 0, usage, alg), material).unwrap()
}

/// Type of the key, algorithm, key, input and MAC.
type Vector = (KeyType, Algorithm, Vec<u8>, Vec<u8>, Vec<u8>);

/// RFC 4231, test cases 2 and 5; RFC 4493, example 2.
fn vectors() -> [Vector; 3] {
    [
        (
            KeyType::HMAC,
            HMAC,
            b"Jefe".to_vec(),
            b"what do ya want for nothing?".to_vec(),
            hex("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
        ),
        (
            KeyType::HMAC,
            HMAC.truncated_mac(16),
            vec![0x0c; 20],
            b"Test With Truncation".to_vec(),
            hex("a3b6167473100ee06e0c796c2955552b"),
        ),
        (
            KeyType::AES,
            Algorithm::CMAC,
            hex("2b7e151628aed2a6abf7158809cf4f3c"),
            hex("6bc1bee22e409f96e93d7e117393172a"),
            hex("070a16b46b4d4144f79bdd9dd04a287c"),
        ),
    ]
}

#[test]
fn the_vectors_of_the_standards_in_one_call_and_in_parts() {
    let (library, _directory) = library();
    for (key_type, alg, material, input, expected) in vectors() {
        let key = import(&library, key_type, BOTH, alg, &material);
        let mut made = [0; 64];
        assert_eq!(compute(&library, key, alg, &input, &mut made), Ok(expected.len()));
        assert_eq!(made[..expected.len()], expected);
        assert!(made[expected.len()..].iter().all(|byte| *byte == 0), "nothing behind a truncated MAC");
        assert_eq!(verify(&library, key, alg, &input, &expected), Ok(()));

        let mut handle = 0;
        sign_setup(&library, &mut handle, key, alg).unwrap();
        input.chunks(5).for_each(|part| update(&library, &mut handle, part).unwrap());
        made.fill(0);
        assert_eq!(sign_finish(&library, &mut handle, &mut made), Ok(expected.len()));
        assert_eq!((&made[..expected.len()], handle), (&expected[..], 0));

        verify_setup(&library, &mut handle, key, alg).unwrap();
        update(&library, &mut handle, &input).unwrap();
        assert_eq!(verify_finish(&library, &mut handle, &expected), Ok(()));
        assert_eq!(handle, 0);
    }
}

#[test]
fn a_wrong_mac_of_any_length_is_an_invalid_signature() {
    let (library, _directory) = library();
    for (key_type, alg, material, input, expected) in vectors() {
        let key = import(&library, key_type, BOTH, alg, &material);
        let mut altered = expected.clone();
        altered[expected.len() - 1] ^= 1;
        let longer = [&expected[..], &[0]].concat();
        for wrong in [&altered[..], &expected[1..], &expected[..expected.len() - 1], &longer, &[]] {
            assert_eq!(verify(&library, key, alg, &input, wrong), Err(Error::InvalidSignature));
            let mut handle = 0;
            verify_setup(&library, &mut handle, key, alg).unwrap();
            update(&library, &mut handle, &input).unwrap();
            assert_eq!(verify_finish(&library, &mut handle, wrong), Err(Error::InvalidSignature));
            assert_eq!(verify_finish(&library, &mut handle, &expected), Err(Error::BadState));
        }
    }
}

#[test]
fn a_short_buffer_is_left_alone() {
    let (library, _directory) = library();
    let key = import(&library, KeyType::HMAC, BOTH, HMAC, &[1; 32]);
    let mut short = [7; 31];
    assert_eq!(compute(&library, key, HMAC, b"abc", &mut short), Err(Error::BufferTooSmall));
    let mut handle = 0;
    sign_setup(&library, &mut handle, key, HMAC).unwrap();
    assert_eq!(sign_finish(&library, &mut handle, &mut short), Err(Error::BufferTooSmall));
    assert_eq!(short, [7; 31]);
    assert_eq!(sign_finish(&library, &mut handle, &mut [0; 32]), Err(Error::BadState));
}

#[test]
fn lengths_of_truncated_macs_have_bounds() {
    let (library, _directory) = library();
    let key = import(&library, KeyType::HMAC, BOTH, HMAC.at_least_this_length_mac(1), &[1; 32]);
    let with_length = |length| compute(&library, key, HMAC.truncated_mac(length), b"abc", &mut [0; 64]);
    assert_eq!(with_length(3), Err(Error::NotSupported));
    assert_eq!(with_length(4), Ok(4));
    assert_eq!(with_length(32), Ok(32));
    assert_eq!(with_length(33), Err(Error::InvalidArgument));
}

#[test]
fn key_algorithm_and_usage_go_together() {
    let (library, _directory) = library();
    let hmac = import(&library, KeyType::HMAC, BOTH, HMAC, &[1; 32]);
    let signing = import(&library, KeyType::HMAC, Usage::SIGN_MESSAGE, HMAC, &[1; 32]);
    let cmac = import(&library, KeyType::HMAC, BOTH, Algorithm::CMAC, &[1; 32]);
    let any = HMAC.at_least_this_length_mac(8);
    let cases = [
        (KeyId(0x7fff_fff0), HMAC, Error::InvalidHandle),
        (KeyId::NULL, HMAC, Error::InvalidHandle),
        (signing, HMAC, Error::NotPermitted),
        (hmac, HMAC.truncated_mac(16), Error::NotPermitted),
        (hmac, Algorithm::SHA_256, Error::InvalidArgument),
        (hmac, any, Error::InvalidArgument),
        (cmac, Algorithm::CMAC, Error::InvalidArgument),
    ];
    for (key, alg, error) in cases {
        assert_eq!(verify(&library, key, alg, b"abc", &[0; 32]), Err(error), "{alg:?}");
        let mut handle = 0;
        assert_eq!(verify_setup(&library, &mut handle, key, alg), Err(error), "{alg:?}");
        assert_eq!(handle, 0, "a failed setup leaves the operation inactive");
    }
    assert_eq!(compute(&library, signing, HMAC, b"abc", &mut [0; 32]), Ok(32));
}

#[test]
fn a_place_without_the_family_says_so() {
    assert_eq!(family(&BareKey).err(), Some(Error::NotSupported));
    assert!(cause::take().unwrap().contains("where it is kept"));
}

#[test]
fn a_key_destroyed_under_an_operation_ends_it() {
    let (library, _directory) = library();
    for steps in 0..2 {
        let key = import(&library, KeyType::HMAC, BOTH, HMAC, &[1; 32]);
        let mut handle = 0;
        sign_setup(&library, &mut handle, key, HMAC).unwrap();
        (0..steps).for_each(|_| update(&library, &mut handle, b"abc").unwrap());
        keys::destroy(&library, key).unwrap();
        let next = match steps {
            0 => update(&library, &mut handle, b"abc"),
            _ => sign_finish(&library, &mut handle, &mut [0; 32]).map(|_| ()),
        };
        assert_eq!(next, Err(Error::BadState));
    }
}

/// A call on an operation.
#[derive(Clone, Copy, Debug)]
enum Call {
    SignSetup,
    VerifySetup,
    Update,
    SignFinish,
    VerifyFinish,
    Abort,
}

/// The states of an operation (PSA 1.5, sections 3.3.2 and 10.4.3).
#[derive(Clone, Copy, PartialEq)]
enum Model {
    Inactive,
    Signing,
    Verifying,
    Error,
}

impl Model {
    /// Whether a call succeeds, and what state it leaves.
    fn after(self, call: Call) -> (bool, Self) {
        match (call, self) {
            (Call::Abort, _) => (true, Self::Inactive),
            (Call::SignSetup, Self::Inactive) => (true, Self::Signing),
            (Call::VerifySetup, Self::Inactive) => (true, Self::Verifying),
            (Call::Update, Self::Signing | Self::Verifying) => (true, self),
            (Call::SignFinish, Self::Signing) | (Call::VerifyFinish, Self::Verifying) => (true, Self::Inactive),
            (_, Self::Inactive) => (false, Self::Inactive),
            _ => (false, Self::Error),
        }
    }
}

proptest! {
    #[test]
    fn calls_in_any_order_succeed_where_the_model_says_so(
        calls in prop::collection::vec(
            prop::sample::select(vec![
                Call::SignSetup, Call::VerifySetup, Call::Update, Call::Update, Call::SignFinish, Call::VerifyFinish,
                Call::Abort,
            ]),
            1..20,
        )
    ) {
        let (library, _directory) = library();
        let key = import(&library, KeyType::HMAC, BOTH, HMAC, b"Jefe");
        let (mut handle, mut model, mut message) = (0, Model::Inactive, Vec::new());
        for call in calls {
            let mut made = [0; 32];
            let result = match call {
                Call::SignSetup => sign_setup(&library, &mut handle, key, HMAC),
                Call::VerifySetup => verify_setup(&library, &mut handle, key, HMAC),
                Call::Update => update(&library, &mut handle, b"abc"),
                Call::SignFinish => sign_finish(&library, &mut handle, &mut made).map(|_| ()),
                Call::VerifyFinish => {
                    compute(&library, key, HMAC, &message, &mut made).unwrap();
                    verify_finish(&library, &mut handle, &made)
                }
                Call::Abort => {
                    library.operations.abort(handle);
                    handle = 0;
                    Ok(())
                }
            };
            let (succeeds, next) = model.after(call);
            prop_assert_eq!(result, if succeeds { Ok(()) } else { Err(Error::BadState) });
            match call {
                Call::SignSetup | Call::VerifySetup => message.clear(),
                Call::Update => message.extend(b"abc"),
                Call::SignFinish if succeeds => verify(&library, key, HMAC, &message, &made).unwrap(),
                _ => {}
            }
            model = next;
        }
    }
}
