use proptest::prelude::*;

use super::*;
use crate::core::tests::library;

/// The hashes that can be suspended, with block and, where the length of the message goes into the padding, its size and
/// whether it is big-endian.
type Row = (Algorithm, usize, Option<(usize, bool)>);
const SUSPENDABLE: [Row; 11] = [
    (Algorithm::MD2, 16, None),
    (Algorithm::MD4, 64, Some((8, false))),
    (Algorithm::MD5, 64, Some((8, false))),
    (Algorithm::RIPEMD160, 64, Some((8, false))),
    (Algorithm::SHA_1, 64, Some((8, true))),
    (Algorithm::SHA_224, 64, Some((8, true))),
    (Algorithm::SHA_256, 64, Some((8, true))),
    (Algorithm::SHA_384, 128, Some((16, true))),
    (Algorithm::SHA_512, 128, Some((16, true))),
    (Algorithm::SHA_512_224, 128, Some((16, true))),
    (Algorithm::SHA_512_256, 128, Some((16, true))),
];

/// Every hash algorithm.
fn hashes(library: &Library) -> Vec<Algorithm> {
    let all = (0x0200_0000..=0x0200_00ff).map(Algorithm);
    all.filter(|alg| library.engine_supports(Function::Hash, KeyType::NONE, 0, *alg)).collect()
}

/// Begins a hash with some input.
fn begin(library: &Library, alg: Algorithm, input: &[u8]) -> Handle {
    let mut handle = 0;
    setup(library, &mut handle, alg).unwrap();
    update(library, &mut handle, input).unwrap();
    handle
}

fn suspended(library: &Library, mut handle: Handle) -> Vec<u8> {
    let mut state = [0; sizes::HASH_SUSPEND_OUTPUT_MAX_SIZE];
    let length = suspend(library, &mut handle, &mut state).unwrap();
    assert_eq!(handle, 0, "the operation is inactive");
    state[..length].to_vec()
}

/// The padding of the message "abc" fills one block. A hash that was given this block as its message has as its state what
/// the standards give as the hash of "abc".
#[test]
fn the_state_after_a_padded_block_is_the_hash_of_the_standard() {
    let (library, _directory) = library();
    for (alg, block, padding) in SUSPENDABLE {
        let mut hash_of_abc = [0; MAX_LENGTH];
        let length = compute(&library, alg, b"abc", &mut hash_of_abc).unwrap();
        let mut message = b"abc".to_vec();
        match padding {
            // MD2 pads with the number of bytes that are missing.
            None => message.resize(block, 13),
            Some((field, big_endian)) => {
                message.push(0x80);
                message.resize(block - field, 0);
                let mut bits = vec![0; field];
                bits[if big_endian { field - 1 } else { 0 }] = 24;
                message.extend(bits);
            }
        }
        let state = suspended(&library, begin(&library, alg, &[&message, &b"xyz"[..]].concat()));
        let (id, rest) = state.split_at(4);
        assert_eq!(id, alg.0.to_be_bytes());
        let (count, rest) = rest.split_at(sizes::hash_suspend_input_length_field_length(alg));
        let expected = if padding.is_some() { block + 3 } else { 3 };
        assert_eq!(count.iter().fold(0, |number, byte| number << 8 | usize::from(*byte)), expected);
        let (chain, unprocessed) = rest.split_at(sizes::hash_suspend_hash_state_field_length(alg));
        assert_eq!(unprocessed, b"xyz");
        if padding.is_some() {
            assert_eq!(chain[..length], hash_of_abc[..length], "{alg:?}");
        } else {
            // With the checksum as the next block the digest of MD2 is complete.
            let next = suspended(&library, begin(&library, alg, &[&message, &chain[..16]].concat()));
            assert_eq!(next[5 + 16..][..length], hash_of_abc[..length]);
        }
    }
}

#[test]
fn what_has_no_specified_state_is_not_suspended() {
    let (library, _directory) = library();
    let mut suspendable = 0;
    for alg in hashes(&library) {
        let mut handle = begin(&library, alg, b"abc");
        let result = suspend(&library, &mut handle, &mut [0; sizes::HASH_SUSPEND_OUTPUT_MAX_SIZE]);
        if SUSPENDABLE.iter().any(|row| row.0 == alg) {
            assert!(result.is_ok());
            suspendable += 1;
        } else {
            assert_eq!(result, Err(Error::NotSupported), "{alg:?}");
            assert_eq!(update(&library, &mut handle, b""), Err(Error::BadState), "the error state");
            let state = [&alg.0.to_be_bytes()[..], &[0; 200]].concat();
            assert_eq!(resume(&library, &mut 0, &state), Err(Error::NotSupported));
        }
    }
    assert_eq!(suspendable, SUSPENDABLE.len());
}

#[test]
fn a_malformed_state_is_refused() {
    let (library, _directory) = library();
    for (alg, block, _) in SUSPENDABLE {
        let state = suspended(&library, begin(&library, alg, &vec![5; block + 7]));
        let refused = |state: &[u8]| {
            let mut handle = 0;
            assert_eq!(resume(&library, &mut handle, state), Err(Error::InvalidArgument), "{alg:?} {}", state.len());
            assert_eq!(handle, 0);
        };
        (0..state.len()).for_each(|length| refused(&state[..length]));
        refused(&[&state[..], &[0]].concat());
        // A length that does not go with the unprocessed input.
        let count = 4 + sizes::hash_suspend_input_length_field_length(alg) - 1;
        let mut wrong = state.clone();
        wrong[count] ^= 1;
        refused(&wrong);
        if alg != Algorithm::MD2 {
            let mut too_long = state.clone();
            too_long[4] = 0x20;
            refused(&too_long);
        }
        for other in [Algorithm::NONE, Algorithm::ANY_HASH, Algorithm::hmac(Algorithm::SHA_256)] {
            refused(&[&other.0.to_be_bytes(), &state[4..]].concat());
        }
        let mut busy = begin(&library, alg, b"");
        assert_eq!(resume(&library, &mut busy, &state), Err(Error::BadState));
    }
}

#[test]
fn a_short_buffer_for_the_state_is_the_error_state() {
    let (library, _directory) = library();
    for (alg, block, _) in SUSPENDABLE {
        let mut handle = begin(&library, alg, &vec![5; 2 * block - 1]);
        let size = sizes::hash_suspend_output_size(alg);
        let state = suspended(&library, begin(&library, alg, &vec![5; 2 * block - 1]));
        assert_eq!(state.len(), size, "the longest state has exactly this length");
        assert_eq!(suspend(&library, &mut handle, &mut vec![0; size - 1]), Err(Error::BufferTooSmall));
        assert_eq!(suspend(&library, &mut handle, &mut vec![0; size]), Err(Error::BadState));
    }
}

/// What a program may do with one of two operations.
#[derive(Clone, Debug)]
enum Call {
    Setup(usize),
    Update(Vec<u8>),
    Finish { short: bool },
    Verify { right: bool },
    SuspendAndResume,
    Clone,
    Abort,
}

fn call() -> impl Strategy<Value = (bool, Call)> {
    let call = prop_oneof![
        3 => (0usize..64).prop_map(Call::Setup),
        4 => proptest::collection::vec(any::<u8>(), 0..200).prop_map(Call::Update),
        2 => proptest::bool::weighted(0.3).prop_map(|short| Call::Finish { short }),
        2 => any::<bool>().prop_map(|right| Call::Verify { right }),
        2 => Just(Call::SuspendAndResume),
        2 => Just(Call::Clone),
        1 => Just(Call::Abort),
    ];
    (any::<bool>(), call)
}

/// The states of section 3.3.2.
#[derive(Clone, Debug, PartialEq)]
enum Model {
    Inactive,
    Active(Algorithm, Vec<u8>),
    Error,
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn any_calls_follow_the_states_of_the_specification(calls in proptest::collection::vec(call(), 1..40)) {
        let (library, _directory) = library();
        let algorithms = hashes(&library);
        let mut handles = [0; 2];
        let mut models = [Model::Inactive, Model::Inactive];
        let hash_of = |alg, message: &[u8]| {
            let mut hash = [0; MAX_LENGTH];
            let length = compute(&library, alg, message, &mut hash).unwrap();
            hash[..length].to_vec()
        };
        for (second, call) in calls {
            let which = usize::from(second);
            let model = models[which].clone();
            let handle = &mut handles[which];
            let bad_state = if model == Model::Inactive { Model::Inactive } else { Model::Error };
            models[which] = match (call, model) {
                (Call::Setup(index), model) => {
                    let alg = algorithms[index % algorithms.len()];
                    let result = setup(&library, handle, alg);
                    prop_assert_eq!(result.is_ok(), model == Model::Inactive);
                    if result.is_ok() { Model::Active(alg, vec![]) } else { Model::Error }
                }
                (Call::Update(input), Model::Active(alg, message)) => {
                    prop_assert_eq!(update(&library, handle, &input), Ok(()));
                    Model::Active(alg, [message, input].concat())
                }
                (Call::Update(input), _) => {
                    prop_assert_eq!(update(&library, handle, &input), Err(Error::BadState));
                    bad_state
                }
                (Call::Finish { short }, Model::Active(alg, message)) => {
                    let expected = hash_of(alg, &message);
                    let mut output = vec![0; expected.len() - usize::from(short)];
                    let result = finish(&library, handle, &mut output);
                    if short {
                        prop_assert_eq!(result, Err(Error::BufferTooSmall));
                        Model::Error
                    } else {
                        prop_assert_eq!((result, output), (Ok(expected.len()), expected));
                        Model::Inactive
                    }
                }
                (Call::Verify { right }, Model::Active(alg, message)) => {
                    let mut expected = hash_of(alg, &message);
                    expected[0] ^= u8::from(!right);
                    let result = verify(&library, handle, &expected);
                    prop_assert_eq!(result, if right { Ok(()) } else { Err(Error::InvalidSignature) });
                    if right { Model::Inactive } else { Model::Error }
                }
                (Call::SuspendAndResume, Model::Active(alg, message)) => {
                    let mut state = vec![0; sizes::HASH_SUSPEND_OUTPUT_MAX_SIZE];
                    let result = suspend(&library, handle, &mut state);
                    if SUSPENDABLE.iter().any(|row| row.0 == alg) {
                        let length = result.unwrap();
                        prop_assert!(length <= sizes::hash_suspend_output_size(alg));
                        prop_assert_eq!(resume(&library, handle, &state[..length]), Ok(()));
                        Model::Active(alg, message)
                    } else {
                        prop_assert_eq!(result, Err(Error::NotSupported));
                        Model::Error
                    }
                }
                (Call::Finish { .. }, _) => {
                    prop_assert_eq!(finish(&library, handle, &mut [0; 64]), Err(Error::BadState));
                    bad_state
                }
                (Call::Verify { .. }, _) => {
                    prop_assert_eq!(verify(&library, handle, &[0; 64]), Err(Error::BadState));
                    bad_state
                }
                (Call::SuspendAndResume, _) => {
                    prop_assert_eq!(suspend(&library, handle, &mut [0; 256]), Err(Error::BadState));
                    bad_state
                }
                (Call::Clone, model) => {
                    let mut source = *handle;
                    let result = duplicate(&library, &mut source, &mut handles[1 - which]);
                    let possible = matches!(model, Model::Active(..)) && models[1 - which] == Model::Inactive;
                    prop_assert_eq!(result.is_ok(), possible);
                    if possible {
                        models[1 - which] = model.clone();
                    } else {
                        prop_assert_eq!(result, Err(Error::BadState));
                        // The target, if there was one, is in the error state.
                        if models[1 - which] != Model::Inactive {
                            models[1 - which] = Model::Error;
                        }
                    }
                    model
                }
                (Call::Abort, _) => {
                    library.operations.abort(*handle);
                    *handle = 0;
                    Model::Inactive
                }
            };
        }
    }
}
