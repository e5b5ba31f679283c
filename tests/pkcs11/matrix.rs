//! Every code of PKCS#11 from every function, for every kind of work: a table of job, function that it calls, and code.
//!
//! What a job calls is counted, so that the table has all of it; and what the code calls is read from the source, so that no
//! function is without a job. `PARSEC_LONG_TESTS=1` in the environment takes every cell; without it, all codes where a
//! key is used with a session that is open, and some where the token is connected or objects are made.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Instant;

use cryptoki_sys::*;
use parsec::config::Pkcs11Config;
use parsec::psa::{Error, Result};

use crate::fixture::{Claim, FUNCTIONS, SOME_CODES, Shim, application, directory, is_long, kryoptic};
use crate::jobs::{Bench, JOBS, Job, JobKind, NEWER_JOBS};

#[path = "../../src/backends/pkcs11/errors/codes.rs"]
mod codes;

/// The functions that are used, by their indices.
macro_rules! names {
    ($($function:ident)+) => {
        &[$((crate::fixture::index!($function), stringify!($function))),+]
    };
}

const NAMES: &[(usize, &str)] = names! {
    C_Initialize C_Finalize C_GetInfo C_GetSlotList C_GetTokenInfo C_GetMechanismList C_GetMechanismInfo C_OpenSession
    C_CloseSession C_GetSessionInfo C_Login C_CreateObject C_CopyObject C_DestroyObject C_GetAttributeValue
    C_FindObjectsInit C_FindObjects C_FindObjectsFinal C_EncryptInit C_Encrypt C_EncryptUpdate C_EncryptFinal C_DecryptInit
    C_Decrypt C_DecryptUpdate C_DecryptFinal C_SignInit C_Sign C_SignUpdate C_SignFinal C_GenerateKey C_GenerateKeyPair
    C_WrapKey C_UnwrapKey C_DeriveKey C_GenerateRandom C_DecapsulateKey
};

/// The functions that give a length or a count.
const GIVE_LENGTHS: [&str; 13] = [
    "C_GetSlotList",
    "C_GetMechanismList",
    "C_GetAttributeValue",
    "C_FindObjects",
    "C_Encrypt",
    "C_EncryptUpdate",
    "C_EncryptFinal",
    "C_Decrypt",
    "C_DecryptUpdate",
    "C_DecryptFinal",
    "C_Sign",
    "C_SignFinal",
    "C_WrapKey",
];

/// Which mean that sessions, login or token are gone, and are followed by another attempt.
const LOST: [CK_RV; 9] = [
    CKR_SESSION_HANDLE_INVALID,
    CKR_SESSION_CLOSED,
    CKR_DEVICE_REMOVED,
    CKR_DEVICE_ERROR,
    CKR_TOKEN_NOT_PRESENT,
    CKR_SLOT_ID_INVALID,
    CKR_USER_NOT_LOGGED_IN,
    CKR_CRYPTOKI_NOT_INITIALIZED,
    CKR_OPERATION_ACTIVE,
];
const LOST_OBJECT: [CK_RV; 4] = [
    CKR_KEY_HANDLE_INVALID,
    CKR_OBJECT_HANDLE_INVALID,
    CKR_UNWRAPPING_KEY_HANDLE_INVALID,
    CKR_WRAPPING_KEY_HANDLE_INVALID,
];
/// What a token may say of a tag, a padding or a wrapped key that is wrong.
const WRONG_DATA: [CK_RV; 4] =
    [CKR_ENCRYPTED_DATA_INVALID, CKR_ENCRYPTED_DATA_LEN_RANGE, CKR_DATA_INVALID, CKR_DATA_LEN_RANGE];
/// What SoftHSM says of them.
const VAGUE: [CK_RV; 3] = [CKR_GENERAL_ERROR, CKR_FUNCTION_FAILED, CKR_ARGUMENTS_BAD];
const WRONG_TAG: [CK_RV; 2] = [CKR_AEAD_DECRYPT_FAILED, CKR_SIGNATURE_INVALID];

/// What may say that keys do not come in clear: then they come in wrapped, where that is possible.
const NOT_IN_CLEAR: [CK_RV; 9] = [
    CKR_FUNCTION_NOT_SUPPORTED,
    CKR_FUNCTION_REJECTED,
    CKR_ACTION_PROHIBITED,
    CKR_TEMPLATE_INCONSISTENT,
    CKR_ATTRIBUTE_VALUE_INVALID,
    CKR_ATTRIBUTE_READ_ONLY,
    CKR_ATTRIBUTE_SENSITIVE,
    CKR_ATTRIBUTE_TYPE_INVALID,
    CKR_KEY_FUNCTION_NOT_PERMITTED,
];

/// What a job has to answer where a function always gives one code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expected {
    /// The right result: the answer does not matter, or tells nothing new.
    Done,
    /// A status, and a text with function and code.
    Told(i32),
    /// By where it happens: done, told, or the end of a volatile key, which is told.
    Ended(i32),
    /// By the kind of key: done, or told.
    DoneOrTold(i32),
    /// A verdict on the data, which has no more to say.
    Verdict(Error),
}

/// The table of statuses, and the exceptions from it: each is something that the code means to do.
fn expected(job: &Job, function: &str, (code, _, status): (CK_RV, &str, i32)) -> Expected {
    let volatile = job.kind == JobKind::MakesVolatile;
    match (job.name, function) {
        // How it ends does not matter.
        (_, "C_CloseSession" | "C_GetInfo") => Expected::Done,
        ("agree" | "wrap a pair" | "HKDF" | "decapsulate", "C_DestroyObject") => Expected::Done,
        (_, "C_Initialize") if code == CKR_CRYPTOKI_ALREADY_INITIALIZED => Expected::Done,
        // Another thread may have been faster; if none was, the token shows no private key.
        (_, "C_Login") if code == CKR_USER_ALREADY_LOGGED_IN => Expected::Verdict(Error::NotPermitted),
        // The token is not found, whatever its reader says.
        (_, "C_GetTokenInfo") => Expected::Told(Error::CommunicationFailure.code()),
        (_, "C_GetMechanismInfo") if code == CKR_MECHANISM_INVALID => Expected::Verdict(Error::NotSupported),
        // All has been given out already, and kryoptic has ended the operation with it.
        ("CBC in parts" | "CTR in parts" | "decrypt CBC in parts", "C_EncryptFinal" | "C_DecryptFinal")
            if code == CKR_OPERATION_NOT_INITIALIZED =>
        {
            Expected::Done
        }
        ("decrypt PKCS1v15" | "decrypt OAEP", "C_Decrypt") if WRONG_DATA.contains(&code) || VAGUE.contains(&code) => {
            Expected::Verdict(Error::InvalidPadding)
        }
        ("decrypt GCM" | "decrypt CCM" | "decrypt ChaCha20-Poly1305", "C_Decrypt")
            if WRONG_DATA.contains(&code) || WRONG_TAG.contains(&code) =>
        {
            Expected::Verdict(Error::InvalidSignature)
        }
        (_, "C_UnwrapKey") if WRONG_DATA.contains(&code) || WRONG_TAG.contains(&code) => {
            Expected::Verdict(Error::InvalidSignature)
        }
        (_, "C_UnwrapKey") if [CKR_WRAPPED_KEY_INVALID, CKR_WRAPPED_KEY_LEN_RANGE].contains(&code) => {
            Expected::Verdict(Error::InvalidSignature)
        }
        // The object has been destroyed meanwhile.
        ("list", "C_GetAttributeValue") if LOST_OBJECT.contains(&code) => Expected::Done,
        // A secret comes in wrapped; the public key of a pair cannot.
        (_, "C_CreateObject") if NOT_IN_CLEAR.contains(&code) => Expected::DoneOrTold(status),
        // A volatile key ends with its connection, and then it need not be destroyed.
        _ if volatile && (LOST.contains(&code) || LOST_OBJECT.contains(&code)) => Expected::Ended(status),
        _ => Expected::Told(status),
    }
}

fn name(function: usize) -> &'static str {
    NAMES.iter().find(|(index, _)| *index == function).unwrap_or_else(|| panic!("function {function} has no name")).1
}

/// A way of refusing calls: whether they are made all the same, how many are let through before, how many are refused.
type Way = (bool, usize, usize);
const ALWAYS: Way = (false, 0, usize::MAX);

struct Matrix {
    shim: Shim,
    bench: Bench,
    /// What does not hold, all of it.
    wrong: Vec<String>,
    /// How many cells of the table were tried.
    cases: usize,
}

impl Matrix {
    fn new(token: &str) -> Self {
        application();
        let shim = Shim::new(token);
        let bench = Bench::new(shim.config(token), false);
        Self::with(shim, bench)
    }

    /// With a token that does more.
    fn newer(name: &str) -> Self {
        let kryoptic = kryoptic();
        let shim = Shim::over(&kryoptic.module, directory(), name);
        let bench = Bench::new(Pkcs11Config { module: shim.path.clone(), ..kryoptic }, true);
        Self::with(shim, bench)
    }

    fn with(shim: Shim, bench: Bench) -> Self {
        Self { shim, bench, wrong: Vec::new(), cases: 0 }
    }

    fn run(&self, job: &Job) -> (Result<Vec<u8>>, String) {
        parsec::cause::take();
        let answer = (job.run)(&self.bench, &self.bench.token);
        (answer, parsec::cause::take().unwrap_or_default())
    }

    /// How often a job calls each function.
    fn profile(&self, job: &Job) -> Vec<(usize, usize)> {
        let counts = || (0..FUNCTIONS).map(|function| self.shim.count(function)).collect::<Vec<_>>();
        let before = counts();
        let (answer, text) = self.run(job);
        assert!(answer.is_ok(), "{}: {answer:?} {text}", job.name);
        let calls = counts().into_iter().zip(before).map(|(after, before)| after - before);
        calls.enumerate().filter(|(_, calls)| *calls > 0).collect()
    }

    fn note(&mut self, what: &str, answer: &dyn std::fmt::Debug, text: &str) {
        self.wrong.push(format!("{what}: {answer:?} {text}"));
    }

    /// What holds after every trouble: the key is there and works at once, and no session is left.
    fn check_after(&mut self, job: &Job, right: &[u8], what: &str) {
        self.bench.forget_rejected_pins();
        let (again, text) = self.run(job);
        if again.as_deref() != Ok(right) {
            self.note(&format!("after {what}"), &again, &text);
        }
        // One in the pool and two of an operation in parts; of those that are kept for their objects there is a limit.
        match self.shim.live() {
            0..=3 => {}
            4..=11 if job.kind == JobKind::MakesVolatile => self.bench.close(),
            live => {
                self.note(&format!("after {what}"), &live, "sessions are open");
                self.bench.close();
            }
        }
    }

    fn refuse(&mut self, job: &Job, right: &[u8], function: usize, row: (CK_RV, &str, i32), way: Way) {
        self.cases += 1;
        let ((code, code_name, _), function_name, (late, skip, times)) = (row, name(function), way);
        self.shim.late(late);
        self.shim.refuse_later(function, code, skip, times);
        let (answer, text) = self.run(job);
        self.shim.refuse(function, 0, 0);
        self.shim.late(false);
        let told = text.contains(function_name) && text.contains(code_name);
        let holds = match &answer {
            Ok(result) if result != right => false,
            Ok(_) if way != ALWAYS => true,
            // Told, or the consequence: a session is full of what it was not to do, an object is there twice or gone.
            Err(_) if way != ALWAYS => !text.is_empty(),
            answer => match (expected(job, function_name, row), answer) {
                (Expected::Done, answer) => answer.is_ok(),
                (Expected::Ended(_) | Expected::DoneOrTold(_), Ok(_)) => true,
                (Expected::Ended(status), Err(error)) => {
                    (error.code() == status || *error == Error::InvalidHandle) && told
                }
                (Expected::Told(status) | Expected::DoneOrTold(status), Err(error)) => error.code() == status && told,
                (Expected::Verdict(verdict), Err(error)) => *error == verdict,
                (_, Ok(_)) => false,
            },
        };
        let what = format!("{}, {function_name} answers {code_name} {way:?}", job.name);
        if !holds {
            self.note(&what, &answer, &text);
        }
        self.check_after(job, right, &what);
    }

    fn claim(&mut self, job: &Job, right: &[u8], function: usize, claim: Claim) {
        self.cases += 1;
        self.shim.claim(function, claim);
        let (answer, text) = self.run(job);
        self.shim.claim(function, Claim::Truth);
        let holds = match &answer {
            // A token that hides objects is believed, by people, too: nothing is removed for it.
            Ok(result) => result == right || job.name == "list",
            Err(Error::InvalidPadding) => true,
            Err(_) => !text.is_empty(),
        };
        let what = format!("{}, {} claims {claim:?}", job.name, name(function));
        if !holds {
            self.note(&what, &answer, &text);
        }
        self.check_after(job, right, &what);
    }

    fn job(&mut self, job: &Job) {
        let right = self.bench.expected(job);
        let (answer, text) = self.run(job);
        assert_eq!(answer.as_deref(), Ok(&right[..]), "{}: {text}", job.name);
        for (function, calls) in self.profile(job) {
            for row in codes::ROWS.into_iter().chain(UNKNOWN) {
                for way in ways(job, name(function), row.0, calls) {
                    self.refuse(job, &right, function, row, way);
                }
            }
            if GIVE_LENGTHS.contains(&name(function)) {
                for claim in claims(job, name(function)) {
                    self.claim(job, &right, function, claim);
                }
            }
            // Whatever was opened was closed.
            self.bench.close();
            if self.shim.live() != 0 {
                self.note(&format!("{}, {}", job.name, name(function)), &self.shim.live(), "sessions are never closed");
            }
            if job.kind == JobKind::MakesLasting {
                let left = self.bench.settle();
                if left.as_deref() != Ok("") {
                    let text = parsec::cause::take().unwrap_or_default();
                    self.note(&format!("left by {}, {}", job.name, name(function)), &left, &text);
                }
            }
        }
    }
}

/// What no table has.
const UNKNOWN: [(CK_RV, &str, i32); 3] = [
    (0x20a, "0x0000020a, which PKCS#11 does not define", -132),
    (CKR_VENDOR_DEFINED, "0x80000000, a code of the token's vendor", -132),
    (CK_RV::MAX, "0xffffffffffffffff, a code of the token's vendor", -132),
];

/// The ways in which a code is given: all the time, to the first call, to the last one, and as an answer that is lost.
fn ways(job: &Job, function: &str, code: CK_RV, calls: usize) -> Vec<Way> {
    let all = [ALWAYS, (false, 0, 1), (false, calls - 1, 1)];
    let some = SOME_CODES.contains(&code);
    // The one says that nothing was done, so that it is done again; nobody can close what the other has opened.
    let late = (code != CKR_BUFFER_TOO_SMALL && function != "C_OpenSession").then_some((true, 0, 1));
    let all = all.into_iter().chain(late);
    match job.kind {
        _ if is_long() => all.collect(),
        JobKind::Uses if some => all.collect(),
        JobKind::Uses => vec![ALWAYS],
        JobKind::Connects | JobKind::MakesVolatile if some => [ALWAYS].into_iter().chain(late).collect(),
        JobKind::MakesLasting if [CKR_GENERAL_ERROR, CKR_DEVICE_REMOVED].contains(&code) => {
            [ALWAYS].into_iter().chain(late).collect()
        }
        JobKind::Connects | JobKind::MakesVolatile | JobKind::MakesLasting => Vec::new(),
    }
}

/// Too short, too long, nothing, and what means "not available" (`CK_UNAVAILABLE_INFORMATION`).
fn claims(job: &Job, function: &str) -> Vec<Claim> {
    let all = [
        Claim::More(1),
        Claim::Instead(usize::MAX),
        Claim::Instead(0),
        Claim::More(-1),
        Claim::Instead(1),
        Claim::Instead(7),
        Claim::Instead(65),
        Claim::Instead(1 << 16),
        Claim::Instead(usize::MAX >> 1),
    ];
    match job.kind {
        // An object that is hidden cannot be destroyed; it is listed as left over when it is seen again.
        JobKind::MakesLasting if function == "C_FindObjects" => all[..2].to_vec(),
        _ if is_long() => all.to_vec(),
        _ => all[..4].to_vec(),
    }
}

/// Says how much was tried.
#[allow(clippy::print_stdout)]
fn check(name: &str, mut matrix: Matrix, jobs: impl Iterator<Item = &'static Job>) {
    for job in jobs {
        let (cases, start) = (matrix.cases, Instant::now());
        matrix.job(job);
        println!("{}: {} cases in {:?}", job.name, matrix.cases - cases, start.elapsed());
    }
    println!("{name}: {} cases", matrix.cases);
    assert!(matrix.wrong.is_empty(), "{}", matrix.wrong.join("\n"));
}

#[test]
fn keys_are_used_by_a_module_that_fails() {
    check("uses", Matrix::new("uses"), JOBS.iter().filter(|job| job.kind == JobKind::Uses));
}

#[test]
fn newer_work_is_done_by_a_module_that_fails() {
    check("newer", Matrix::newer("newer"), NEWER_JOBS.iter());
}

#[test]
fn a_module_that_fails_is_connected_and_makes_keys() {
    check("makes", Matrix::new("makes"), JOBS.iter().filter(|job| job.kind != JobKind::Uses));
}

/// Whatever function the code calls is called by a job, so that the table has it.
#[test]
fn every_function_has_its_job() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/backends/pkcs11");
    let files = std::fs::read_dir(directory.join("function_list")).unwrap().map(|entry| entry.unwrap().path());
    let mut used = BTreeSet::new();
    for file in files.chain([directory.join("function_list.rs")]) {
        let source = std::fs::read_to_string(file).unwrap();
        let calls = source.split("invoke!(self.").skip(1);
        used.extend(calls.map(|call| call.split('(').next().unwrap().to_owned()));
    }
    assert!(used.len() > 30 && used.contains("C_Sign"), "{used:?}");
    // Has its own test: the application of this one keeps the module initialised.
    used.remove("C_Finalize");
    let used: BTreeSet<_> = used.iter().map(|function| function.trim_start_matches("newer.").to_owned()).collect();
    let (matrix, newer) = (Matrix::new("called"), Matrix::newer("newer-called"));
    let profiles = JOBS.iter().map(|job| matrix.profile(job)).chain(NEWER_JOBS.iter().map(|job| newer.profile(job)));
    let called: BTreeSet<_> = profiles.flatten().map(|(function, _)| name(function).to_owned()).collect();
    assert_eq!(used.difference(&called).collect::<Vec<_>>(), Vec::<&String>::new());
}
