//! Messages in parts, against a model of the states of PSA 1.5, section 3.3.2.

use proptest::prelude::*;

use super::*;
use crate::core::keys;
use crate::core::tests::{library, volatile};
use crate::psa::{EccFamily, KeyType};

const USAGE: Usage = Usage::SIGN_MESSAGE.union(Usage::VERIFY_MESSAGE);
const EDWARDS: KeyType = KeyType::ecc_key_pair(EccFamily::TWISTED_EDWARDS);

/// Hash-and-sign with and without a context, with a digest of its own, and a message that has to be kept.
const CASES: [(KeyType, usize, Algorithm); 5] = [
    (KeyType::ecc_key_pair(EccFamily::SECP_R1), 256, Algorithm::ecdsa(Algorithm::SHA_256)),
    (EDWARDS, 255, Algorithm::ED25519PH),
    (KeyType::ML_DSA_KEY_PAIR, 128, Algorithm::ML_DSA),
    (KeyType::ML_DSA_KEY_PAIR, 128, Algorithm::deterministic_hash_ml_dsa(Algorithm::SHA_512)),
    (EDWARDS, 448, Algorithm::EDDSA_CTX),
];

fn make_key(library: &Library, case: (KeyType, usize, Algorithm)) -> KeyId {
    keys::generate(library, &volatile(case.0, case.1, USAGE, case.2), &[]).unwrap()
}

fn sign(library: &Library, key: KeyId, alg: Algorithm, message: &[u8], context: &[u8]) -> Vec<u8> {
    let mut signature = vec![0; 5000];
    let length = sign_message(library, key, alg, message, context, &mut signature).unwrap();
    signature.truncate(length);
    signature
}

#[test]
fn parts_are_signed_and_verified_as_the_whole() {
    let (library, _directory) = library();
    for case in CASES {
        let (key, alg) = (make_key(&library, case), case.2);
        let context: &[u8] = if alg.sign_supports_context() { b"context" } else { b"" };
        let mut made = sign(&library, key, alg, b"a message", context);
        if alg.signs_in_parts() {
            let mut handle = 0;
            sign_setup(&library, &mut handle, key, alg).unwrap();
            sign_set_context(&library, &mut handle, context).unwrap();
            sign_update(&library, &mut handle, b"a mes").unwrap();
            sign_update(&library, &mut handle, b"sage").unwrap();
            let mut output = vec![0; 5000];
            let length = sign_finish(&library, &mut handle, &mut output).unwrap();
            output.truncate(length);
            made = output;
        }
        assert_eq!(verify_message(&library, key, alg, b"a message", context, &made), Ok(()), "{alg:?}");
        for (end, expected) in [(&b"sage"[..], Ok(())), (b"sages", Err(Error::InvalidSignature))] {
            let mut handle = 0;
            verify_setup(&library, &mut handle, key, alg, &made).unwrap();
            verify_set_context(&library, &mut handle, context).unwrap();
            verify_update(&library, &mut handle, b"a mes").unwrap();
            verify_update(&library, &mut handle, end).unwrap();
            assert_eq!(verify_finish(&library, &mut handle), expected, "{alg:?}");
        }
    }
}

/// EdDSA and SLH-DSA verify in parts, but do not sign so (sections 10.9.3 and 10.9.4).
#[test]
fn what_reads_a_message_twice_does_not_sign_in_parts() {
    let (library, _directory) = library();
    for alg in [Algorithm::PURE_EDDSA, Algorithm::EDDSA_CTX] {
        let key = make_key(&library, (EDWARDS, 255, alg));
        let mut handle = 0;
        assert_eq!(sign_setup(&library, &mut handle, key, alg), Err(Error::InvalidArgument));
        assert_eq!(handle, 0);
    }
}

/// Table 16.
#[test]
fn hash_eddsa_has_one_curve_each() {
    let (library, _directory) = library();
    for (bits, right, wrong) in
        [(255, Algorithm::ED25519PH, Algorithm::ED448PH), (448, Algorithm::ED448PH, Algorithm::ED25519PH)]
    {
        for (alg, expected) in [(right, Ok(bits / 8 * 2 + 2)), (wrong, Err(Error::InvalidArgument))] {
            let key = make_key(&library, (EDWARDS, bits, alg));
            let made = sign_message(&library, key, alg, b"message", b"context", &mut [0; 114]);
            assert_eq!(made, expected, "{bits} {alg:?}");
        }
    }
}

/// A message that is hashed as it comes may be longer than what would be kept.
#[test]
fn a_digest_takes_any_length() {
    let (library, _directory) = library();
    let alg = Algorithm::ML_DSA;
    let (lattice, edwards) = (make_key(&library, CASES[2]), make_key(&library, CASES[4]));
    let part = vec![7; MAX_WHOLE_MESSAGE / 2 + 1];
    for (key, alg, expected) in
        [(lattice, alg, Ok(())), (edwards, Algorithm::EDDSA_CTX, Err(Error::InsufficientMemory))]
    {
        let mut handle = 0;
        verify_setup(&library, &mut handle, key, alg, &[0; 64]).unwrap();
        verify_update(&library, &mut handle, &part).unwrap();
        assert_eq!(verify_update(&library, &mut handle, &part), expected);
        library.operations.abort(handle);
    }
}

#[derive(Clone, Debug)]
enum Step {
    Setup,
    SetContext(usize),
    Update,
    Finish,
    Abort,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => Just(Step::Setup),
        2 => prop_oneof![Just(0), Just(7), Just(255), Just(256)].prop_map(Step::SetContext),
        4 => Just(Step::Update),
        2 => Just(Step::Finish),
        2 => Just(Step::Abort),
    ]
}

/// What the specification says of an operation.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Model {
    Inactive,
    Active { context: Option<usize>, updates: usize },
    Failed,
}

impl Model {
    /// Takes a step and says how it ends; `finished` is the result of a finish in an active state.
    fn take(&mut self, step: &Step, alg: Algorithm, finished: Result<()>) -> Result<()> {
        let (next, result) = match (step, *self) {
            (Step::Abort, _) => (Self::Inactive, Ok(())),
            (Step::Setup, Self::Inactive) => (Self::Active { context: None, updates: 0 }, Ok(())),
            (Step::Setup, _) => (Self::Failed, Err(Error::BadState)),
            (_, Self::Inactive) => (Self::Inactive, Err(Error::BadState)),
            (_, Self::Failed) => (Self::Failed, Err(Error::BadState)),
            (Step::SetContext(length), Self::Active { context: None, updates: 0 }) => {
                let longest = if alg.sign_supports_context() { 255 } else { 0 };
                if *length <= longest {
                    (Self::Active { context: Some(*length), updates: 0 }, Ok(()))
                } else {
                    (Self::Failed, Err(Error::InvalidArgument))
                }
            }
            (Step::SetContext(_), Self::Active { .. }) => (Self::Failed, Err(Error::BadState)),
            (Step::Update, Self::Active { context, updates }) => {
                (Self::Active { context, updates: updates + 1 }, Ok(()))
            }
            (Step::Finish, Self::Active { .. }) => {
                (if finished.is_ok() { Self::Inactive } else { Self::Failed }, finished)
            }
        };
        *self = next;
        result
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn signing_has_the_states_of_the_specification(steps in proptest::collection::vec(step(), 1..20), case in 0..4usize) {
        let (library, _directory) = library();
        let (key, alg) = (make_key(&library, CASES[case]), CASES[case].2);
        let (mut model, mut handle) = (Model::Inactive, 0);
        for step in steps {
            let before = model;
            let mut signature = vec![0; 5000];
            let result = match step {
                Step::Setup => sign_setup(&library, &mut handle, key, alg),
                Step::SetContext(length) => sign_set_context(&library, &mut handle, &vec![1; length]),
                Step::Update => sign_update(&library, &mut handle, b"part"),
                Step::Finish => sign_finish(&library, &mut handle, &mut signature).map(|length| signature.truncate(length)),
                Step::Abort => {
                    library.operations.abort(handle);
                    handle = 0;
                    Ok(())
                }
            };
            prop_assert_eq!(result, model.take(&step, alg, Ok(())), "{:?} {:?}", step, before);
            prop_assert_eq!(handle == 0, model == Model::Inactive);
            if let (Step::Finish, Model::Active { context, updates }) = (step, before) {
                let context = vec![1; context.unwrap_or(0)];
                let message = b"part".repeat(updates);
                prop_assert_eq!(verify_message(&library, key, alg, &message, &context, &signature), Ok(()));
            }
        }
    }

    #[test]
    fn verifying_has_the_states_of_the_specification(
        steps in proptest::collection::vec(step(), 1..20),
        case in 0..5usize,
        parts in 0..3usize,
    ) {
        let (library, _directory) = library();
        let (key, alg) = (make_key(&library, CASES[case]), CASES[case].2);
        // Right for so many parts, and no context or one of 7 bytes.
        let context: &[u8] = if alg.sign_supports_context() { &[1; 7] } else { &[] };
        let made = sign(&library, key, alg, &b"part".repeat(parts), context);
        let (mut model, mut handle) = (Model::Inactive, 0);
        for step in steps {
            let before = model;
            let right = match before {
                Model::Active { context: given, updates } => updates == parts && given.unwrap_or(0) == context.len(),
                _ => false,
            };
            let result = match step {
                Step::Setup => verify_setup(&library, &mut handle, key, alg, &made),
                Step::SetContext(length) => verify_set_context(&library, &mut handle, &vec![1; length]),
                Step::Update => verify_update(&library, &mut handle, b"part"),
                Step::Finish => verify_finish(&library, &mut handle),
                Step::Abort => {
                    library.operations.abort(handle);
                    handle = 0;
                    Ok(())
                }
            };
            let finished = if right { Ok(()) } else { Err(Error::InvalidSignature) };
            prop_assert_eq!(result, model.take(&step, alg, finished), "{:?} {:?}", step, before);
            prop_assert_eq!(handle == 0, model == Model::Inactive);
        }
    }
}
