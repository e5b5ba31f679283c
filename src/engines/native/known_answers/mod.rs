//! What `docs/support.md` claims for this engine has known answers from outside: each algorithm, with each sort of key.
//!
//! The tests in the table compare with answers that others gave. They are run again here, in processes that write down what
//! the engine is asked for; what none of them asks for has no known answer, and fails the test of its chapter.

mod table;
mod watch;

pub(super) use watch::{Watched, is_on, key, note};

use std::collections::HashSet;
use std::env;
use std::fs;
use std::process::Command;

use super::Native;
use super::asymmetric_tests::signed_in_c;
use crate::core::support::{Case, Key, cases};
use crate::engines::{Engine, Function};
use crate::psa::{Algorithm, KeyType};
use table::{Row, TESTS};

/// Function, type of key, its size, algorithm.
type Question = (Function, KeyType, usize, Algorithm);

/// What a chapter claims: the rows of the table of support, and HMAC over every hash.
fn claims(function: Function) -> Vec<Case> {
    let mut claims: Vec<Case> = cases(function);
    if function == Function::Mac {
        let key = Key { name: "PSA_KEY_TYPE_HMAC".into(), key_type: KeyType::HMAC, bits: 256 };
        claims.extend(cases(Function::Hash).into_iter().map(|hash| Case {
            function,
            key: key.clone(),
            algorithm: Algorithm::hmac(hash.algorithm),
            algorithm_name: format!("PSA_ALG_HMAC({})", hash.algorithm_name),
        }));
    }
    claims.retain(|case| Native.supports(function, case.key.key_type, case.key.bits, case.algorithm));
    claims
}

/// What the engine is asked for in a test, which passes.
#[allow(clippy::print_stdout)]
fn asked(row: &Row) -> HashSet<Question> {
    let output = tempfile::NamedTempFile::new().unwrap();
    let run = Command::new(env::current_exe().unwrap())
        .args(["--exact", row.test])
        .env(watch::VARIABLE, output.path())
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&run.stdout);
    assert!(text.contains("test result: ok. 1 passed"), "{} is no test, or fails: {text}", row.test);
    let notes = fs::read_to_string(output.path()).unwrap();
    let questions: HashSet<Question> = notes.lines().filter_map(|line| question(line, row)).collect();
    println!("{} answers of {} in {}", questions.len(), row.source, row.test);
    assert!(!questions.is_empty(), "{} is in the wrong chapter", row.test);
    questions
}

/// A line that [`watch`] wrote, unless its function only helps in this test. A public key counts for its key pair.
fn question(line: &str, row: &Row) -> Option<Question> {
    let mut words = line.split(' ');
    let name = words.next()?;
    if format!("{:?}", row.function) != name {
        return None;
    }
    let mut number = || words.next().unwrap().parse::<u32>().unwrap();
    let (key_type, bits, alg) = (KeyType(number() as u16), number() as usize, Algorithm(number()));
    let has_pair = key_type.is_public_key() && !is_public_only(key_type);
    let key_type = if has_pair { key_type.key_pair_of_public_key() } else { key_type };
    Some((row.function, key_type, bits, alg))
}

/// Keys of stateful signatures have no private part here.
fn is_public_only(key_type: KeyType) -> bool {
    [KeyType::LMS_PUBLIC_KEY, KeyType::HSS_PUBLIC_KEY, KeyType::XMSS_PUBLIC_KEY, KeyType::XMSS_MT_PUBLIC_KEY]
        .contains(&key_type)
}

/// What has to be asked for: of the things that are composed, their parts.
fn needed(case: &Case) -> Question {
    let Case { function, ref key, algorithm, .. } = *case;
    match function {
        // HashSLH-DSA is SLH-DSA of another message, with answers of its own for some sets (FIPS 205, section 10.2.2).
        _ if algorithm.is_hash_slh_dsa() => (Function::SignMessage, key.key_type, key.bits, Algorithm::SLH_DSA),
        // `core` hashes and signs the hash, and agrees and exports.
        Function::SignMessage if algorithm.is_hash_and_sign() => {
            (Function::SignHash, key.key_type, key.bits, algorithm)
        }
        Function::KeyEncapsulation if algorithm == Algorithm::ECIES_SEC1 => {
            (Function::KeyAgreement, key.key_type, key.bits, Algorithm::ECDH)
        }
        // To a derivation its secret is bytes, unless it is the key of a cipher. Keys of HMAC and passwords have any length.
        Function::KeyDerivation if algorithm != Algorithm::SP800_108_COUNTER_CMAC => {
            (function, KeyType::NONE, 0, algorithm)
        }
        Function::Mac if key.key_type == KeyType::HMAC => (function, key.key_type, 0, algorithm),
        Function::Pake if key.key_type == KeyType::PASSWORD_HASH => (function, KeyType::PASSWORD, 0, algorithm),
        Function::Pake if key.key_type == KeyType::PASSWORD => (function, KeyType::PASSWORD, 0, algorithm),
        _ => (function, key.key_type, key.bits, algorithm),
    }
}

/// The same reduction for what was asked.
fn reduced(question: Question) -> Question {
    let (function, key_type, _, alg) = question;
    match function {
        Function::KeyDerivation if alg != Algorithm::SP800_108_COUNTER_CMAC => (function, KeyType::NONE, 0, alg),
        Function::Mac if key_type == KeyType::HMAC => (function, key_type, 0, alg),
        Function::Pake if key_type == KeyType::PASSWORD => (function, key_type, 0, alg),
        _ => question,
    }
}

/// SLH-DSA, which takes minutes without optimization, has its answers in the C tests.
fn in_c() -> impl Iterator<Item = Question> {
    let algorithms = [Algorithm::SLH_DSA, Algorithm::DETERMINISTIC_SLH_DSA];
    signed_in_c()
        .into_iter()
        .flat_map(move |(key_type, bits)| algorithms.map(|alg| (Function::SignMessage, key_type, bits, alg)))
}

/// Runs the tests that have answers for a chapter, and says what they leave out.
#[allow(clippy::print_stdout)]
fn check(function: Function) {
    let claims = claims(function);
    let wanted: HashSet<Function> = claims.iter().map(|case| needed(case).0).collect();
    let rows = TESTS.iter().filter(|row| wanted.contains(&row.function));
    let asked: HashSet<Question> = rows.flat_map(asked).map(reduced).chain(in_c()).collect();
    let missing: Vec<String> = claims
        .iter()
        .filter(|case| !asked.contains(&needed(case)))
        .map(|case| format!("{} {} {}", case.key.name, case.key.bits, case.algorithm_name))
        .collect();
    println!("{function:?}: {} of {} have known answers", claims.len() - missing.len(), claims.len());
    assert!(missing.is_empty(), "no known answer for\n{}", missing.join("\n"));
    assert!(!claims.is_empty());
}

macro_rules! chapters {
    ($($name:ident: $function:ident)*) => {
        $(#[test]
        fn $name() {
            check(Function::$function);
        })*

        #[test]
        fn no_chapter_is_left_out() {
            let here = [$(Function::$function),*];
            assert!(crate::core::support::CHAPTERS.iter().all(|(function, ..)| here.contains(function)));
        }
    };
}

chapters! {
    hashes: Hash
    extendable_output: Xof
    message_authentication: Mac
    ciphers: Cipher
    authenticated_encryption: Aead
    key_wrapping: KeyWrap
    key_derivation: KeyDerivation
    signatures_of_hashes: SignHash
    signatures_of_messages: SignMessage
    asymmetric_encryption: AsymmetricEncryption
    key_agreement: KeyAgreement
    key_encapsulation: KeyEncapsulation
    password_authentication: Pake
}
