//! Bad responses to whichever command: the mapped status, a text, no crash, and afterwards everything works.

use std::sync::Arc;

use super::proxy::{
    Answer, CREATE, CREATE_PRIMARY, FLUSH_CONTEXT, GET_CAPABILITY, LOAD, Proxy, READ_PUBLIC, SIGN, START_AUTH_SESSION,
};
use super::swtpm::{Swtpm, config, tcti, with};
use super::{NAMING, assert_signs, attributes, generate, oracle, p256, sign, with_usage};
use crate::backends::tpm::TpmBackend;
use crate::backends::{Backend, Created};
use crate::cause;
use crate::config::{Bus, TpmConfig};
use crate::psa::{Algorithm, EccFamily, Error, KeyType, Result, Usage};

/// What can happen to a response, and the status for that; `None` for a fault of the way.
type Fault = (&'static str, Arc<dyn Fn() -> Answer + Send + Sync>, Option<Error>);

fn faults() -> Vec<Fault> {
    fn bytes(bytes: &'static [u8]) -> Arc<dyn Fn() -> Answer + Send + Sync> {
        Arc::new(move || Answer::Bytes(bytes.to_vec()))
    }
    fn code(code: u32) -> Arc<dyn Fn() -> Answer + Send + Sync> {
        Arc::new(move || Answer::code(code))
    }
    vec![
        ("nothing", bytes(&[]), None),
        ("half a header", Arc::new(|| Answer::Cut(7)), None),
        ("half a body", Arc::new(|| Answer::Cut(12)), None),
        ("noise", bytes(&[0xa5; 100]), None),
        ("a size of 3", bytes(&[0x80, 1, 0, 0, 0, 3, 0, 0, 0, 0]), None),
        ("a size of 4 GiB", bytes(&[0x80, 2, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]), None),
        ("success without a body", bytes(&[0x80, 2, 0, 0, 0, 10, 0, 0, 0, 0]), None),
        (
            "a body of lengths",
            bytes(&[0x80, 2, 0, 0, 0, 20, 0, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255, 0, 1]),
            None,
        ),
        ("success of another tag", bytes(&[0x80, 1, 0, 0, 0, 12, 0, 0, 0, 0, 0, 0]), None),
        ("TPM 1.2", bytes(&[0, 0xc4, 0, 0, 0, 10, 0, 0, 0, 0x1e]), None),
        ("failure mode", code(0x101), Some(Error::HardwareFailure)),
        ("lockout", code(0x921), Some(Error::NotPermitted)),
        ("a value, parameter 2", code(0x2c4), Some(Error::InvalidArgument)),
        ("a manufacturer's code", code(0x400), Some(Error::HardwareFailure)),
        ("an unknown code", code(0x1be), Some(Error::GenericError)),
    ]
}

/// The status, and the text that explains it.
fn explained<T>(call: impl FnOnce() -> Result<T>) -> (Option<Error>, String) {
    cause::clear();
    let status = call().err();
    (status, cause::take().unwrap_or_default())
}

fn check(config: &TpmConfig, tpm: &Swtpm, proxy: &Proxy, commands: &[u32]) {
    let backend = with(config);
    let key = generate(&backend, &p256());
    for (name, fault, expected) in faults() {
        for &command in commands {
            backend.close();
            assert_eq!(tpm.loaded(), 0, "{name}");
            let fault = Arc::clone(&fault);
            proxy.rule(move |code| if code == command { fault() } else { Answer::Pass });
            let (status, text) = match command {
                CREATE => explained(|| backend.generate(&p256(), NAMING)),
                _ => explained(|| sign(&backend, &p256(), &key, &[1; 32])),
            };
            let expected = expected.unwrap_or(Error::CommunicationFailure);
            assert_eq!(status, Some(expected), "{name} for command {command:x}: {text}");
            assert!(text.contains("TPM command"), "{name} for command {command:x}: {text}");
            proxy.rule(|_| Answer::Pass);
            tpm.tool("tpm2_flushcontext -t");
            assert_signs(&backend, &p256(), &key);
        }
    }
}

#[test]
fn on_a_trusted_bus() {
    let tpm = Swtpm::start();
    let proxy = Proxy::start(tpm.port);
    check(&config(&tcti(proxy.port)), &tpm, &proxy, &[GET_CAPABILITY, CREATE_PRIMARY, CREATE, LOAD, SIGN]);
}

#[test]
fn on_an_encrypted_bus() {
    let tpm = Swtpm::start();
    let proxy = Proxy::start(tpm.port);
    let config = TpmConfig { bus: Bus::Encrypted, ..config(&tcti(proxy.port)) };
    check(&config, &tpm, &proxy, &[START_AUTH_SESSION, CREATE_PRIMARY, CREATE, LOAD, SIGN]);
}

/// A generator of numbers, always the same ones.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound as u64) as usize
    }
}

/// Real responses with wrong bits, lengths and ends. Nothing may be believed that is not so, and nothing crashes.
#[test]
fn responses_with_any_byte_wrong() {
    let tpm = Swtpm::start();
    for bus in [Bus::Trusted, Bus::Encrypted] {
        let proxy = Proxy::start(tpm.port);
        let backend = with(&TpmConfig { bus, ..config(&tcti(proxy.port)) });
        let keys = Keys::new(&backend);
        let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
        for round in 0..250 {
            if round % 10 == 0 {
                backend.close();
                tpm.tool("tpm2_flushcontext -t");
                tpm.tool("tpm2_flushcontext -l");
            }
            let (mut left, position, bits) = (numbers.next(4), numbers.next(200), 1 << numbers.next(8));
            proxy.rule(move |_| match left {
                0 => {
                    left = usize::MAX;
                    Answer::Mutated(position, bits)
                }
                _ => {
                    left -= 1;
                    Answer::Pass
                }
            });
            keys.use_one(&backend, numbers.next(3), bus == Bus::Encrypted);
        }
        proxy.rule(|_| Answer::Pass);
        backend.close();
        tpm.tool("tpm2_flushcontext -t");
        tpm.tool("tpm2_flushcontext -l");
        assert_signs(&backend, &p256(), &keys.signing);
    }
}

/// Keys of the kinds whose responses differ.
struct Keys {
    signing: Created,
    agreeing: Created,
    authenticating: Created,
    point: Vec<u8>,
    secret: Vec<u8>,
    mac: Vec<u8>,
}

const SHA_256: Algorithm = Algorithm::hmac(Algorithm::SHA_256);

impl Keys {
    fn new(backend: &TpmBackend) -> Self {
        let agreeing = generate(backend, &Self::agreement());
        let (point, secret) = oracle::agree(&agreeing.public_key);
        Self {
            signing: generate(backend, &p256()),
            authenticating: backend.import(&Self::hmac(), NAMING, &[7; 32]).unwrap(),
            mac: oracle::hmac("sha256", &[7; 32], b"input"),
            agreeing,
            point,
            secret,
        }
    }

    fn agreement() -> crate::psa::Attributes {
        with_usage(Usage::DERIVE, attributes(KeyType::ecc_key_pair(EccFamily::SECP_R1), 256, Algorithm::ECDH))
    }

    fn hmac() -> crate::psa::Attributes {
        with_usage(Usage::SIGN_MESSAGE, attributes(KeyType::HMAC, 256, SHA_256))
    }

    /// An error has a text. In a session whatever succeeds is right; without one nobody can know.
    fn use_one(&self, backend: &TpmBackend, which: usize, authentic: bool) {
        cause::clear();
        let outcome = match which {
            0 => sign(backend, &p256(), &self.signing, &[1; 32]).map(|signature| {
                assert!(!authentic || oracle::ecdsa(&self.signing.public_key, &[1; 32], &signature));
            }),
            1 => {
                let key = backend.open(&Self::agreement(), &self.agreeing.context).unwrap();
                let agreed = key.key_agreement().unwrap().agree(Algorithm::ECDH, &self.point);
                agreed.map(|secret| assert_eq!(*secret, self.secret))
            }
            _ => {
                let key = backend.open(&Self::hmac(), &self.authenticating.context).unwrap();
                let mut mac = [0; 32];
                let made = key.mac().unwrap().compute(SHA_256, b"input", &mut mac);
                made.map(|()| assert!(!authentic || mac[..] == self.mac))
            }
        };
        assert!(outcome.is_ok() || cause::take().is_some(), "{outcome:?}");
    }
}

/// The response of a TPM whose only entry of this capability is `entry`.
fn one_entry(more: u8, capability: u32, entry: &[u8]) -> Answer {
    let body = [&[more][..], &capability.to_be_bytes(), &[0, 0, 0, 1], entry].concat();
    let size = 10 + body.len() as u32;
    Answer::Bytes([&[0x80, 1][..], &size.to_be_bytes(), &[0; 4], &body].concat())
}

/// A TPM that tells of another algorithm for ever.
#[test]
fn capabilities_have_an_end() {
    let tpm = Swtpm::start();
    let proxy = Proxy::start(tpm.port);
    let backend = with(&config(&tcti(proxy.port)));
    let mut algorithm = 0_u16;
    proxy.rule(move |command| match command {
        GET_CAPABILITY => {
            algorithm += 1;
            one_entry(1, 0, &[&algorithm.to_be_bytes()[..], &[0; 4]].concat())
        }
        _ => Answer::Pass,
    });
    let (status, text) = explained(|| backend.generate(&p256(), NAMING));
    assert_eq!(status, Some(Error::CommunicationFailure));
    assert!(text.contains("GetCapability"), "{text}");
    assert!(proxy.commands().len() < 5000);
}

/// A TPM without room, where something of a killed process can be flushed for ever.
#[test]
fn making_room_has_an_end() {
    let tpm = Swtpm::start();
    let proxy = Proxy::start(tpm.port);
    let backend = with(&config(&tcti(proxy.port)));
    let keys = [generate(&backend, &p256()), generate(&backend, &p256())];
    assert_signs(&backend, &p256(), &keys[0]);
    let handle = 0x8000_0007_u32.to_be_bytes();
    proxy.rule(move |command| match command {
        LOAD => Answer::code(0x902),
        GET_CAPABILITY => one_entry(0, 1, &handle),
        // What sequences have no public area for (TPM_RC_SEQUENCE: TPM 2.0 Library, part 3, section 12.4).
        READ_PUBLIC => Answer::code(0x103),
        FLUSH_CONTEXT => Answer::code(0),
        _ => Answer::Pass,
    });
    proxy.reset();
    let (status, text) = explained(|| sign(&backend, &p256(), &keys[1], &[1; 32]));
    assert_eq!(status, Some(Error::InsufficientMemory), "{text}");
    // At first, without the other key, without orphans.
    assert_eq!(proxy.commands().iter().filter(|command| **command == LOAD).count(), 3);
    proxy.rule(|_| Answer::Pass);
    tpm.tool("tpm2_flushcontext -t");
    assert_signs(&backend, &p256(), &keys[1]);
}

#[test]
fn a_lockout_is_explained_and_not_tried_again() {
    let tpm = Swtpm::start();
    tpm.tool("tpm2_dictionarylockout -s -n 3 -t 1000 -l 500");
    super::adoption::provision(&tpm, "-G ecc256 -p secret");
    let proxy = Proxy::start(tpm.port);
    let backend = with(&config(&tcti(proxy.port)));
    let attached = backend.attach(&p256(), b"0x81010001").unwrap().created;
    for _ in 0..3 {
        assert_eq!(sign(&backend, &p256(), &attached, &[1; 32]), Err(Error::NotPermitted));
    }
    proxy.reset();
    let (status, text) = explained(|| sign(&backend, &p256(), &attached, &[1; 32]));
    assert_eq!(status, Some(Error::NotPermitted));
    for part in ["3 wrong authorizations of 3", "every 1000 seconds", "500 seconds"] {
        assert!(text.contains(part), "{text}");
    }
    assert_eq!(proxy.commands().iter().filter(|command| **command == SIGN).count(), 1);
    // Our own keys do not care.
    let key = generate(&backend, &p256());
    assert_signs(&backend, &p256(), &key);
}
