use proptest::prelude::*;

use super::*;
use crate::core::tests::{hex, library, volatile};
use crate::psa::EccFamily;

const HKDF: Algorithm = Algorithm::hkdf(Algorithm::SHA_256);
const COUNTER: Algorithm = Algorithm::sp800_108_counter_hmac(Algorithm::SHA_256);
const PBKDF2: Algorithm = Algorithm::pbkdf2_hmac(Algorithm::SHA_256);

fn import(library: &Library, key_type: KeyType, usage: Usage, alg: Algorithm, material: &[u8]) -> KeyId {
    keys::import(library, &volatile(key_type, 0, usage, alg), material).unwrap()
}

/// HKDF from a key, with all its inputs.
fn begin(library: &Library) -> Handle {
    let key = import(library, KeyType::DERIVE, Usage::DERIVE, HKDF, &[11; 32]);
    let mut handle = 0;
    setup(library, &mut handle, HKDF).unwrap();
    input_key(library, &mut handle, DerivationStep::SECRET, key).unwrap();
    input_bytes(library, &mut handle, DerivationStep::INFO, b"info").unwrap();
    handle
}

fn bytes(library: &Library, handle: &mut Handle, length: usize) -> Result<Vec<u8>> {
    let mut output = vec![0; length];
    output_bytes(library, handle, &mut output).map(|()| output)
}

fn exported(library: &Library, key: KeyId) -> Vec<u8> {
    let mut output = vec![0; 200];
    let length = keys::export(library, key, &mut output).unwrap();
    output.truncate(length);
    output
}

#[test]
fn unstructured_keys_are_the_next_bytes() {
    let (library, _directory) = library();
    for (key_type, bits) in [
        (KeyType::RAW_DATA, 8),
        (KeyType::DERIVE, 264),
        (KeyType::HMAC, 256),
        (KeyType::PASSWORD, 80),
        (KeyType::PEPPER, 80),
        (KeyType::AES, 512),
        (KeyType::ARIA, 192),
        (KeyType::CAMELLIA, 256),
        (KeyType::SM4, 128),
        (KeyType::ARC4, 40),
        (KeyType::CHACHA20, 256),
        (KeyType::XCHACHA20, 256),
        (KeyType::ASCON, 128),
        (KeyType::BLAKE2, 512),
    ] {
        let (mut whole, mut handle) = (begin(&library), begin(&library));
        let expected = bytes(&library, &mut whole, 5 + bits / 8 + 3).unwrap();
        assert_eq!(bytes(&library, &mut handle, 5).unwrap(), expected[..5]);
        let attributes = volatile(key_type, bits, Usage::EXPORT, Algorithm::NONE);
        let key = output_key(&library, &mut handle, &attributes).unwrap();
        assert_eq!(exported(&library, key), expected[5..5 + bits / 8]);
        assert_eq!(bytes(&library, &mut handle, 3).unwrap(), expected[5 + bits / 8..]);
    }
}

#[test]
fn des_keys_have_parity_and_are_not_weak() {
    let (library, _directory) = library();
    for bits in [64, 128, 192] {
        let (mut whole, mut handle) = (begin(&library), begin(&library));
        let mut expected = bytes(&library, &mut whole, bits / 8).unwrap();
        des::set_parity(&mut expected);
        let attributes = volatile(KeyType::DES, bits, Usage::EXPORT, Algorithm::NONE);
        let key = output_key(&library, &mut handle, &attributes).unwrap();
        assert_eq!(exported(&library, key), expected);
    }
    /// A weak key, whose parity is still wrong, and then another one.
    struct Weak(u8);
    impl DerivationOutput for Weak {
        fn read(&mut self, output: &mut [u8]) -> Result<()> {
            output.fill(self.0);
            self.0 += 0x11;
            Ok(())
        }
    }
    assert_eq!(*des_keys(8, &mut Weak(0)).unwrap(), [0x10; 8], "01 01 01 01 01 01 01 01 is weak");
    assert_eq!(*des_keys(16, &mut Weak(0)).unwrap(), [[0x10; 8], [0x23; 8]].concat());
    assert_eq!(des_keys(12, &mut Weak(0)), Err(Error::InvalidArgument));
}

/// Candidates of curves of whole bytes are nearly always taken.
#[test]
fn asymmetric_keys_follow_the_procedures() {
    let (library, _directory) = library();
    let derive = |key_type, bits| {
        let attributes = volatile(key_type, bits, Usage::EXPORT, Algorithm::NONE);
        let key = output_key(&library, &mut begin(&library), &attributes).unwrap();
        exported(&library, key)
    };
    let expected = bytes(&library, &mut begin(&library), 66).unwrap();
    let mut scalar = expected[..32].to_vec();
    *scalar.last_mut().unwrap() += 1;
    assert_eq!(derive(KeyType::ecc_key_pair(EccFamily::SECP_R1), 256), scalar);
    let p521 = derive(KeyType::ecc_key_pair(EccFamily::SECP_R1), 521);
    assert_eq!((p521[0], &p521[1..65]), (expected[0] & 1, &expected[1..65]));
    assert_eq!(derive(KeyType::ecc_key_pair(EccFamily::TWISTED_EDWARDS), 255), expected[..32]);
    let montgomery = derive(KeyType::ecc_key_pair(EccFamily::MONTGOMERY), 255);
    assert_eq!(montgomery[1..31], expected[1..31]);
    assert_eq!((montgomery[0], montgomery[31]), (expected[0] & 0xf8, expected[31] & 0x7f | 0x40));
    for (key_type, bits, error) in [
        (KeyType::RSA_KEY_PAIR, 2048, Error::NotSupported),
        (KeyType::RSA_PUBLIC_KEY, 2048, Error::InvalidArgument),
        (KeyType::AES, 0, Error::InvalidArgument),
        (KeyType::AES, 129, Error::InvalidArgument),
        (KeyType::AES, 136, Error::InvalidArgument),
        (KeyType::DES, 72, Error::InvalidArgument),
        (KeyType::wpa3_sae_ecc(EccFamily::SECP_R1), 256, Error::InvalidArgument),
    ] {
        let attributes = volatile(key_type, bits, Usage::EXPORT, Algorithm::NONE);
        let mut handle = begin(&library);
        assert_eq!(output_key(&library, &mut handle, &attributes), Err(error), "{key_type:?} {bits}");
        assert_eq!(bytes(&library, &mut handle, 1), Err(Error::BadState));
    }
}

#[test]
fn a_key_that_does_not_fit_leaves_no_capacity_and_the_operation_active() {
    let (library, _directory) = library();
    for (key_type, bits) in [(KeyType::AES, 128), (KeyType::DES, 64), (KeyType::ecc_key_pair(EccFamily::SECP_R1), 256)]
    {
        let mut handle = begin(&library);
        set_capacity(&library, &mut handle, bits / 8 - 1).unwrap();
        let attributes = volatile(key_type, bits, Usage::EXPORT, Algorithm::NONE);
        assert_eq!(output_key(&library, &mut handle, &attributes), Err(Error::InsufficientData));
        assert_eq!(capacity(&library, handle), Ok(0));
        assert_eq!(bytes(&library, &mut handle, 1), Err(Error::InsufficientData));
    }
}

/// The length of all output is part of what is computed.
#[test]
fn the_capacity_of_a_counter_is_fixed_with_its_first_output() {
    let (library, _directory) = library();
    let key = import(&library, KeyType::HMAC, Usage::DERIVE, COUNTER, &(0..32).collect::<Vec<u8>>());
    let begin = |limit: Option<usize>| {
        let mut handle = 0;
        setup(&library, &mut handle, COUNTER).unwrap();
        assert_eq!(capacity(&library, handle), Ok(0x1fff_ffff));
        input_key(&library, &mut handle, DerivationStep::SECRET, key).unwrap();
        input_bytes(&library, &mut handle, DerivationStep::LABEL, b"the label").unwrap();
        input_bytes(&library, &mut handle, DerivationStep::CONTEXT, b"the context").unwrap();
        limit.inspect(|limit| set_capacity(&library, &mut handle, *limit).unwrap());
        handle
    };
    // `openssl kdf KBKDF`.
    let mut handle = begin(Some(100));
    assert_eq!(bytes(&library, &mut handle, 8).unwrap(), hex("6d5ca691e5cb3640"));
    assert_eq!(set_capacity(&library, &mut handle, 50), Err(Error::BadState));
    assert_eq!(bytes(&library, &mut handle, 1), Err(Error::BadState), "the error state");
    assert_ne!(bytes(&library, &mut begin(None), 8).unwrap(), hex("6d5ca691e5cb3640"));
}

#[test]
fn inputs_that_the_algorithms_do_not_take() {
    let (library, _directory) = library();
    use DerivationStep as Step;
    let cmac = Algorithm::SP800_108_COUNTER_CMAC;
    let psk = Algorithm::tls12_psk_to_ms(Algorithm::SHA_256);
    let jpake = Algorithm::TLS12_ECJPAKE_TO_PMS;
    let point = [&[4][..], &[7; 64]].concat();
    type Case<'a> = (Algorithm, &'a [(Step, &'a [u8])], Result<()>);
    let cases: [Case<'_>; 13] = [
        (cmac, &[(Step::SECRET, &[1; 16])], Err(Error::InvalidArgument)),
        (COUNTER, &[(Step::SECRET, b"key"), (Step::LABEL, b"la\0bel")], Err(Error::InvalidArgument)),
        (COUNTER, &[(Step::SECRET, b"key"), (Step::CONTEXT, b"con\0text")], Ok(())),
        (COUNTER, &[(Step::LABEL, b"label")], Err(Error::BadState)),
        (COUNTER, &[(Step::SECRET, b"key"), (Step::CONTEXT, b"c"), (Step::LABEL, b"l")], Err(Error::BadState)),
        (psk, &[(Step::SEED, b"seed"), (Step::SECRET, &[1; 129])], Err(Error::InvalidArgument)),
        (psk, &[(Step::SEED, b"seed"), (Step::SECRET, &[1; 128]), (Step::OTHER_SECRET, b"o")], Err(Error::BadState)),
        (psk, &[(Step::SEED, b"seed"), (Step::OTHER_SECRET, &[1; 65536])], Err(Error::InvalidArgument)),
        (jpake, &[(Step::SECRET, &point)], Ok(())),
        (jpake, &[(Step::SECRET, &point[..64])], Err(Error::InvalidArgument)),
        (jpake, &[(Step::SECRET, &[2; 65])], Err(Error::InvalidArgument)),
        (jpake, &[(Step::SECRET, &[])], Err(Error::InvalidArgument)),
        (jpake, &[(Step::SALT, b"salt")], Err(Error::InvalidArgument)),
    ];
    for (alg, inputs, expected) in cases {
        let mut handle = 0;
        setup(&library, &mut handle, alg).unwrap();
        let (last, before) = inputs.split_last().unwrap();
        before.iter().for_each(|(step, data)| input_bytes(&library, &mut handle, *step, data).unwrap());
        assert_eq!(input_bytes(&library, &mut handle, last.0, last.1), expected, "{alg:?} {:?}", last.0);
    }
    let mut handle = 0;
    setup(&library, &mut handle, jpake).unwrap();
    input_bytes(&library, &mut handle, Step::SECRET, &point).unwrap();
    assert_eq!(bytes(&library, &mut handle, 31), Err(Error::InvalidArgument), "it is read at once");
}

#[test]
fn keys_that_the_algorithms_take() {
    let (library, _directory) = library();
    let cmac = Algorithm::SP800_108_COUNTER_CMAC;
    for (alg, key_type, length, accepted) in [
        (COUNTER, KeyType::HMAC, 20, true),
        (COUNTER, KeyType::DERIVE, 20, true),
        (COUNTER, KeyType::AES, 16, false),
        (cmac, KeyType::AES, 16, true),
        (cmac, KeyType::ARIA, 24, true),
        (cmac, KeyType::CAMELLIA, 32, true),
        (cmac, KeyType::SM4, 16, true),
        (cmac, KeyType::AES, 64, false),
        (cmac, KeyType::DERIVE, 16, false),
        (cmac, KeyType::CHACHA20, 32, false),
        (HKDF, KeyType::HMAC, 32, false),
        (HKDF, KeyType::PASSWORD, 32, false),
    ] {
        let key = import(&library, key_type, Usage::DERIVE, alg, &vec![1; length]);
        let mut handle = 0;
        setup(&library, &mut handle, alg).unwrap();
        let result = input_key(&library, &mut handle, DerivationStep::SECRET, key);
        assert_eq!(result, if accepted { Ok(()) } else { Err(Error::InvalidArgument) }, "{alg:?} {key_type:?}");
        if accepted && alg != HKDF {
            assert!(bytes(&library, &mut handle, 40).is_ok());
        }
    }
    let pepper = import(&library, KeyType::PEPPER, Usage::DERIVE, HKDF, &[1; 8]);
    let mut handle = 0;
    setup(&library, &mut handle, HKDF).unwrap();
    assert_eq!(input_key(&library, &mut handle, DerivationStep::SALT, pepper), Err(Error::InvalidArgument));
}

/// A call on one derivation with PBKDF2, or with HKDF.
#[derive(Clone, Debug)]
enum Call {
    Setup {
        stretching: bool,
    },
    Bytes(DerivationStep),
    Integer(u64),
    Key {
        step: DerivationStep,
        only_verifies: bool,
    },
    /// All inputs that are still missing, in their order.
    Complete,
    Limit(usize),
    Read(usize),
    MakeKey(usize),
    Verify {
        length: usize,
        right: bool,
    },
    Abort,
}

fn step() -> impl Strategy<Value = DerivationStep> {
    proptest::sample::select(vec![
        DerivationStep::SALT,
        DerivationStep::SECRET,
        DerivationStep::INFO,
        DerivationStep::PASSWORD,
        DerivationStep::SEED,
    ])
}

fn call() -> impl Strategy<Value = Call> {
    prop_oneof![
        3 => any::<bool>().prop_map(|stretching| Call::Setup { stretching }),
        6 => step().prop_map(Call::Bytes),
        3 => (0u64..3).prop_map(Call::Integer),
        4 => (step(), proptest::bool::weighted(0.2)).prop_map(|(step, only_verifies)| Call::Key { step, only_verifies }),
        3 => Just(Call::Complete),
        1 => (0usize..200).prop_map(Call::Limit),
        4 => (0usize..60).prop_map(Call::Read),
        2 => (1usize..40).prop_map(Call::MakeKey),
        2 => ((0usize..40), any::<bool>()).prop_map(|(length, right)| Call::Verify { length, right }),
        1 => Just(Call::Abort),
    ]
}

/// What an active operation has had.
#[derive(Clone, Debug, Default)]
struct Had {
    stretching: bool,
    cost: u64,
    salts: usize,
    secret: bool,
    info: bool,
    started: bool,
    key_secret: bool,
    only_verifies: bool,
    capacity: usize,
    read: usize,
}

impl Had {
    /// What section 10.8.1 says of an input step.
    fn take(&mut self, step: DerivationStep) -> Result<()> {
        let fits = match (self.stretching, step) {
            _ if self.started => false,
            (true, DerivationStep::COST) => self.cost == 0 && self.salts == 0,
            (true, DerivationStep::SALT) => self.cost != 0 && !self.secret,
            (true, DerivationStep::PASSWORD) => self.salts != 0 && !self.secret,
            (false, DerivationStep::SALT) => self.salts == 0 && !self.secret,
            (false, DerivationStep::SECRET) => !self.secret,
            (false, DerivationStep::INFO) => !self.info,
            _ => return Err(Error::InvalidArgument),
        };
        if !fits {
            return Err(Error::BadState);
        }
        match step {
            DerivationStep::COST => self.cost = 1,
            DerivationStep::SALT => self.salts += 1,
            DerivationStep::INFO => self.info = true,
            _ => self.secret = true,
        }
        Ok(())
    }

    fn is_complete(&self) -> bool {
        self.secret && if self.stretching { self.cost != 0 && self.salts != 0 } else { self.info }
    }
}

enum Model {
    Inactive,
    Active(Had),
    Error,
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 250, ..ProptestConfig::default() })]

    #[test]
    fn any_calls_follow_the_states_of_the_specification(calls in proptest::collection::vec(call(), 1..40)) {
        let (library, _directory) = library();
        let (mut handle, mut model) = (0, Model::Inactive);
        for call in calls {
            if let Call::Abort = call {
                library.operations.abort(handle);
                (handle, model) = (0, Model::Inactive);
                continue;
            }
            if let Call::Setup { stretching } = call {
                let alg = if stretching { PBKDF2 } else { HKDF };
                let result = setup(&library, &mut handle, alg);
                prop_assert_eq!(result.is_ok(), matches!(model, Model::Inactive));
                model = match result {
                    Ok(()) => Model::Active(Had { stretching, capacity: capacity(&library, handle).unwrap(), ..Had::default() }),
                    Err(_) => Model::Error,
                };
                continue;
            }
            let Model::Active(mut had) = model else {
                // Nothing but an abort, or where it is inactive a setup, works.
                prop_assert_eq!(bytes(&library, &mut handle, 1), Err(Error::BadState));
                continue;
            };
            let alg = if had.stretching { PBKDF2 } else { HKDF };
            let result: Result<()> = match call {
                Call::Bytes(step) => {
                    let result = input_bytes(&library, &mut handle, step, b"input");
                    let started = had.started;
                    let expected = had.take(step);
                    if started {
                        prop_assert_eq!(result, Err(Error::BadState));
                    } else {
                        prop_assert_eq!(result, expected);
                    }
                    result
                }
                Call::Integer(value) => {
                    let result = input_integer(&library, &mut handle, DerivationStep::COST, value);
                    if had.started {
                        prop_assert_eq!(result, Err(Error::BadState));
                    } else if value == 0 {
                        prop_assert_eq!(result, Err(Error::InvalidArgument));
                    } else {
                        prop_assert_eq!(result, had.take(DerivationStep::COST));
                        had.cost = value;
                    }
                    result
                }
                Call::Key { step, only_verifies } => {
                    let key_type = match step {
                        DerivationStep::SECRET => KeyType::DERIVE,
                        DerivationStep::PASSWORD => KeyType::PASSWORD,
                        _ => KeyType::RAW_DATA,
                    };
                    let usage = if only_verifies { Usage::VERIFY_DERIVATION } else { Usage::DERIVE };
                    let key = import(&library, key_type, usage, alg, b"input");
                    let result = input_key(&library, &mut handle, step, key);
                    let started = had.started;
                    let expected = had.take(step);
                    prop_assert_eq!(result, if started { Err(Error::BadState) } else { expected });
                    had.only_verifies |= only_verifies;
                    had.key_secret |= matches!(step, DerivationStep::SECRET | DerivationStep::PASSWORD);
                    result
                }
                Call::Complete => {
                    let steps: &[DerivationStep] = if had.stretching {
                        &[DerivationStep::COST, DerivationStep::SALT, DerivationStep::PASSWORD]
                    } else {
                        &[DerivationStep::SECRET, DerivationStep::INFO]
                    };
                    for step in steps {
                        let given = match *step {
                            DerivationStep::COST => had.cost != 0,
                            DerivationStep::SALT => had.salts != 0,
                            DerivationStep::INFO => had.info,
                            _ => had.secret,
                        };
                        if given || had.started {
                            continue;
                        }
                        prop_assert_eq!(had.take(*step), Ok(()));
                        let result = match *step {
                            DerivationStep::COST => input_integer(&library, &mut handle, *step, 1),
                            _ => input_bytes(&library, &mut handle, *step, b"input"),
                        };
                        prop_assert_eq!(result, Ok(()));
                    }
                    Ok(())
                }
                Call::Limit(limit) => {
                    let result = set_capacity(&library, &mut handle, limit);
                    if limit > had.capacity {
                        prop_assert_eq!(result, Err(Error::InvalidArgument));
                    } else {
                        prop_assert_eq!(result, Ok(()));
                        had.capacity = limit;
                    }
                    // A refused capacity does no harm.
                    prop_assert_eq!(capacity(&library, handle), Ok(had.capacity));
                    Ok(())
                }
                Call::Read(length) | Call::MakeKey(length) | Call::Verify { length, .. } => {
                    let complete = had.is_complete();
                    let expected: Vec<u8> = if complete {
                        let mut other = 0;
                        setup(&library, &mut other, alg).unwrap();
                        if had.stretching {
                            input_integer(&library, &mut other, DerivationStep::COST, had.cost).unwrap();
                        }
                        (0..had.salts).for_each(|_| input_bytes(&library, &mut other, DerivationStep::SALT, b"input").unwrap());
                        let secret = if had.stretching { DerivationStep::PASSWORD } else { DerivationStep::SECRET };
                        input_bytes(&library, &mut other, secret, b"input").unwrap();
                        if !had.stretching {
                            input_bytes(&library, &mut other, DerivationStep::INFO, b"input").unwrap();
                        }
                        bytes(&library, &mut other, had.read + length).unwrap()[had.read..].to_vec()
                    } else {
                        vec![0; length]
                    };
                    let verifies = matches!(call, Call::Verify { .. });
                    let result = match call {
                        Call::Read(_) => bytes(&library, &mut handle, length).map(|output| assert_eq!(output, expected)),
                        Call::MakeKey(_) => {
                            let attributes = volatile(KeyType::RAW_DATA, 8 * length, Usage::EXPORT, Algorithm::NONE);
                            output_key(&library, &mut handle, &attributes)
                                .map(|key| assert_eq!(exported(&library, key), expected))
                        }
                        _ => {
                            let Call::Verify { right, .. } = call else { unreachable!() };
                            let mut given = expected.clone();
                            if let (false, Some(first)) = (right, given.first_mut()) {
                                *first ^= 1;
                            }
                            verify_bytes(&library, &mut handle, &given)
                        }
                    };
                    if !complete {
                        prop_assert_eq!(result, Err(Error::BadState));
                    } else if !verifies && had.only_verifies || matches!(call, Call::MakeKey(_)) && !had.key_secret {
                        prop_assert_eq!(result, Err(Error::NotPermitted));
                    } else if length > had.capacity {
                        prop_assert_eq!(result, Err(Error::InsufficientData));
                        (had.started, had.capacity) = (true, 0);
                    } else {
                        let wrong = matches!(call, Call::Verify { right: false, .. }) && length != 0;
                        prop_assert_eq!(result, if wrong { Err(Error::InvalidSignature) } else { Ok(()) });
                        (had.started, had.capacity, had.read) = (true, had.capacity - length, had.read + length);
                    }
                    if result == Err(Error::InsufficientData) { Ok(()) } else { result }
                }
                Call::Setup { .. } | Call::Abort => unreachable!(),
            };
            model = if result.is_ok() { Model::Active(had) } else { Model::Error };
        }
    }
}
