//! Every response code in the place of the response of each command: the status of its row, a text that names it, no hang,
//! and afterwards the key works. A sample of the codes, and all of them with `PARSEC_LONG_TESTS`.

use std::time::{Duration, Instant};

use super::interruptions::{Use, Uses};
use super::proxy::{
    Answer, CREATE, CREATE_PRIMARY, ECDH_ZGEN, ENCRYPT_DECRYPT_2, GET_RANDOM, HMAC, HMAC_START, IMPORT, LOAD, Proxy,
    READ_PUBLIC, RSA_DECRYPT, SEQUENCE_COMPLETE, SEQUENCE_UPDATE, SIGN, START_AUTH_SESSION, UNSEAL,
};
use super::swtpm::{Swtpm, backend, config, tcti, with};
use super::{NAMING, p256};
use crate::backends::Backend;
use crate::backends::tpm::TpmBackend;
use crate::backends::tpm::errors::Failure;
use crate::cause;
use crate::config::TpmConfig;
use crate::psa::Error;

/// How long a command may take, also where other tests hold the processor.
const TIMEOUT: Duration = Duration::from_secs(20);
/// The same with codes that ask to repeat the command, which is done for as long.
const SHORT_TIMEOUT: Duration = Duration::from_secs(2);
/// The connection, the session and the TPM's start may be mended, each once, and the failed work done again.
const PATIENCE: u32 = 6;

/// One command, the work that it is part of, and whether that has to begin without anything in the TPM.
struct Case {
    command: u32,
    work: Use,
    afresh: bool,
}

const fn case(command: u32, work: Use) -> Case {
    Case { command, work, afresh: false }
}

const fn afresh(command: u32, work: Use) -> Case {
    Case { command, work, afresh: true }
}

const CASES: [Case; 17] = [
    case(SIGN, Uses::sign),
    case(RSA_DECRYPT, Uses::decrypt),
    case(ECDH_ZGEN, Uses::agree),
    case(HMAC, |uses, backend| uses.mac(backend, 100)),
    case(HMAC_START, |uses, backend| uses.mac(backend, 3000)),
    case(SEQUENCE_UPDATE, |uses, backend| uses.mac(backend, 3000)),
    case(SEQUENCE_COMPLETE, |uses, backend| uses.mac(backend, 3000)),
    case(ENCRYPT_DECRYPT_2, Uses::encrypt),
    case(CREATE, |_, backend| backend.generate(&p256(), NAMING).map(drop)),
    case(IMPORT, Uses::import),
    case(UNSEAL, Uses::unseal),
    case(GET_RANDOM, |_, backend| backend.random(&mut [0; 8])),
    case(READ_PUBLIC, |_, backend| backend.attach(&p256(), b"0x81010001").map(drop)),
    afresh(LOAD, Uses::sign),
    afresh(CREATE_PRIMARY, Uses::sign),
    afresh(START_AUTH_SESSION, Uses::agree),
    afresh(START_AUTH_SESSION, Uses::import),
];

/// All codes of all formats: each fault at each position, errors, warnings, those of TPM 1.2 and of manufacturers.
fn codes() -> Vec<u32> {
    let faults = (0..0x10).flat_map(|number| (0x80..0x100).map(move |fault| number << 8 | fault));
    let others = (1..0x80).chain(0x100..0x180).chain(0x900..0x980).chain(0x400..0x410).chain(0xd00..0xd10);
    faults.chain(others).collect()
}

/// What the application gets. Finding nothing is no fault of a handle where somebody asks whether there is a key.
fn expected(command: u32, failure: Failure) -> Error {
    match command {
        READ_PUBLIC if failure.is_missing_handle() => Error::DoesNotExist,
        _ => failure.status(),
    }
}

fn within(timeout: Duration, port: u16) -> TpmBackend {
    with(&TpmConfig { timeout, ..config(&tcti(port)) })
}

/// The TPM says that it has lost an object, the session or everything. What it has not lost nobody could know of.
fn claims_a_loss(code: &u32) -> bool {
    let failure = Failure::new("", *code);
    failure.lost_object() || failure.lacks_session() || failure.lacks_startup()
}

/// What one command is tried with.
struct Bench<'a> {
    tpm: &'a Swtpm,
    proxy: &'a Proxy,
    uses: &'a Uses,
}

impl Bench<'_> {
    /// The command fails with this code, whenever it comes, and then works again.
    fn try_code(&self, backend: &mut TpmBackend, case: &Case, code: u32) {
        let Case { command, work, afresh } = *case;
        if afresh {
            backend.close();
        }
        self.proxy.reset();
        self.proxy.rule(move |sent| if sent == command { Answer::code(code) } else { Answer::Pass });
        let (failure, begun) = (Failure::new("", code), Instant::now());
        cause::clear();
        let (outcome, text) = (work(self.uses, backend), cause::take().unwrap_or_default());
        let what = format!("{code:03x} for command {command:x}: {text}");
        assert!(self.proxy.commands().contains(&command), "{what}");
        assert_eq!(outcome, Err(expected(command, failure)), "{what}");
        // Where the last try was cut off by the time, that is what went wrong.
        let names = text.contains(&format!("0x{code:08x}")) || failure.asks_to_retry() && text.contains("TRY_AGAIN");
        assert!(names || expected(command, failure) == Error::DoesNotExist && !text.is_empty(), "{what}");
        assert!(begun.elapsed() < PATIENCE * TIMEOUT, "{what}");
        self.proxy.rule(|_| Answer::Pass);
        if command == CREATE_PRIMARY && failure.wrong_authorization() {
            // The owner's value is not tried again.
            assert_eq!(work(self.uses, backend), Err(Error::NotPermitted), "{what}");
            *backend = within(TIMEOUT, self.proxy.port);
        }
        assert_eq!(work(self.uses, backend), Ok(()), "{what}: {:?}", cause::take());
    }

    fn try_codes(&self, case: &Case, codes: &[u32]) {
        let (repeated, codes): (Vec<u32>, Vec<u32>) =
            codes.iter().partition(|code| Failure::new("", **code).asks_to_retry());
        let mut backend = within(SHORT_TIMEOUT, self.proxy.port);
        repeated.iter().for_each(|code| self.try_code(&mut backend, case, *code));
        drop(backend);
        let (losses, others): (Vec<u32>, Vec<u32>) = codes.iter().partition(|code| claims_a_loss(code));
        let mut backend = within(TIMEOUT, self.proxy.port);
        others.iter().for_each(|code| self.try_code(&mut backend, case, *code));
        backend.close();
        assert_eq!((self.tpm.loaded(), self.tpm.sessions()), (0, 0), "command {:x}", case.command);
        losses.iter().for_each(|code| self.try_code(&mut backend, case, *code));
        drop(backend);
        self.tpm.tool("tpm2_flushcontext -t");
        self.tpm.tool("tpm2_flushcontext -l");
    }
}

#[test]
fn every_code_for_every_command() {
    let long = std::env::var_os("PARSEC_LONG_TESTS").is_some();
    let tpm = Swtpm::start();
    super::adoption::provision(&tpm, "-G ecc256");
    // A key for RSA takes longer to make.
    let maker = backend(tpm.port);
    let uses = Uses::new(&maker);
    drop(maker);
    let proxy = Proxy::start(tpm.port);
    let bench = Bench { tpm: &tpm, proxy: &proxy, uses: &uses };
    for (index, case) in CASES.iter().enumerate() {
        let usual = if case.afresh { 53 } else { 17 };
        let (skipped, step) = if long { (0, 1) } else { (index % usual, usual) };
        let codes: Vec<u32> = codes().into_iter().skip(skipped).step_by(step).collect();
        bench.try_codes(case, &codes);
    }
}
