use proptest::prelude::*;

use super::*;
use crate::core::tests::library;
use crate::psa::Error;

const FUNCTIONS: [Algorithm; 4] =
    [Algorithm::SHAKE128, Algorithm::SHAKE256, Algorithm::ASCON_XOF128, Algorithm::ASCON_CXOF128];

#[derive(Clone, Debug)]
enum Call {
    Setup(usize),
    Context(usize),
    Update(Vec<u8>),
    Output(usize),
    Abort,
}

fn call() -> impl Strategy<Value = Call> {
    prop_oneof![
        3 => (0usize..4).prop_map(Call::Setup),
        2 => prop_oneof![0usize..20, 255usize..258].prop_map(Call::Context),
        4 => proptest::collection::vec(any::<u8>(), 0..100).prop_map(Call::Update),
        3 => (0usize..100).prop_map(Call::Output),
        1 => Just(Call::Abort),
    ]
}

/// What an active operation has seen.
#[derive(Clone, Debug, Default)]
struct Seen {
    alg: Algorithm,
    /// `None` until it is set.
    context: Option<Vec<u8>>,
    input: Vec<u8>,
    began: bool,
    /// How much was put out, `None` before the first output.
    output: Option<usize>,
}

impl Seen {
    fn lacks_context(&self) -> bool {
        self.alg.xof_has_context() && self.context.is_none()
    }
}

/// The states of section 3.3.2.
#[derive(Clone, Debug)]
enum Model {
    Inactive,
    Active(Seen),
    Error,
}

/// The output from the beginning, in one call of the engine.
fn expected(library: &Library, seen: &Seen, length: usize) -> Vec<u8> {
    let mut operation = library.engine.xof().setup(seen.alg, seen.context.as_deref().unwrap_or(&[])).unwrap();
    operation.update(&seen.input).unwrap();
    let mut output = vec![0; length];
    operation.output(&mut output).unwrap();
    output
}

#[test]
fn only_such_functions_are_set_up() {
    let (library, _directory) = library();
    for alg in [Algorithm::NONE, Algorithm::SHA_256, Algorithm::SHAKE256_512, Algorithm::GCM] {
        assert_eq!(setup(&library, &mut 0, alg), Err(Error::InvalidArgument));
    }
    for alg in [Algorithm(0x0d00_0400), Algorithm(0x0d00_8100)] {
        assert_eq!(setup(&library, &mut 0, alg), Err(Error::NotSupported));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn any_calls_follow_the_states_of_the_specification(calls in proptest::collection::vec(call(), 1..30)) {
        let (library, _directory) = library();
        let (mut handle, mut model) = (0, Model::Inactive);
        for call in calls {
            let bad_state = if matches!(model, Model::Inactive) { Model::Inactive } else { Model::Error };
            model = match (call, model) {
                (Call::Setup(which), Model::Inactive) => {
                    prop_assert_eq!(setup(&library, &mut handle, FUNCTIONS[which]), Ok(()));
                    Model::Active(Seen { alg: FUNCTIONS[which], ..Seen::default() })
                }
                (Call::Setup(which), _) => {
                    prop_assert_eq!(setup(&library, &mut handle, FUNCTIONS[which]), Err(Error::BadState));
                    Model::Error
                }
                (Call::Context(length), Model::Active(seen)) => {
                    let context = vec![7; length];
                    let result = set_context(&library, &mut handle, &context);
                    if seen.began {
                        prop_assert_eq!(result, Err(Error::BadState));
                    } else if !seen.alg.xof_has_context() || length > 256 {
                        prop_assert_eq!(result, Err(Error::InvalidArgument));
                    } else {
                        prop_assert_eq!(result, Ok(()));
                    }
                    match result {
                        Ok(()) => Model::Active(Seen { context: Some(context), began: true, ..seen }),
                        Err(_) => Model::Error,
                    }
                }
                (Call::Update(input), Model::Active(seen)) => {
                    let result = update(&library, &mut handle, &input);
                    if seen.output.is_some() || seen.lacks_context() {
                        prop_assert_eq!(result, Err(Error::BadState));
                        Model::Error
                    } else {
                        prop_assert_eq!(result, Ok(()));
                        Model::Active(Seen { input: [&seen.input[..], &input].concat(), began: true, ..seen })
                    }
                }
                (Call::Output(length), Model::Active(seen)) => {
                    let mut bytes = vec![0; length];
                    let result = output(&library, &mut handle, &mut bytes);
                    if seen.lacks_context() {
                        prop_assert_eq!(result, Err(Error::BadState));
                        Model::Error
                    } else {
                        prop_assert_eq!(result, Ok(()));
                        let before = seen.output.unwrap_or(0);
                        prop_assert_eq!(&expected(&library, &seen, before + length)[before..], &bytes);
                        Model::Active(Seen { output: Some(before + length), began: true, ..seen })
                    }
                }
                (Call::Context(_), _) => {
                    prop_assert_eq!(set_context(&library, &mut handle, &[]), Err(Error::BadState));
                    bad_state
                }
                (Call::Update(input), _) => {
                    prop_assert_eq!(update(&library, &mut handle, &input), Err(Error::BadState));
                    bad_state
                }
                (Call::Output(length), _) => {
                    prop_assert_eq!(output(&library, &mut handle, &mut vec![0; length]), Err(Error::BadState));
                    bad_state
                }
                (Call::Abort, _) => {
                    library.operations.abort(handle);
                    handle = 0;
                    Model::Inactive
                }
            };
        }
    }
}
