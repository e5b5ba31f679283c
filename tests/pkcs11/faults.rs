//! What a module that fails, lies or vanishes does to the whole library: a status and a text for each failure, no key
//! lost, none too many, no session left, no wrong key used.
//!
//! `PARSEC_LONG_TESTS=1` in the environment tries every code with whatever uses keys.

use std::cell::Cell;
use std::fmt::Display;

use cryptoki::object::{Attribute, ObjectClass};
use cryptoki::session::UserType;
use cryptoki::slot::Slot;
use cryptoki::types::AuthPin;
use cryptoki_sys::*;
use parsec::config::{BackendConfig, BackendKind, Config, Routes, StoreConfig};
use parsec::core::library::Library;
use parsec::core::{keys, signature};
use parsec::psa::{Algorithm, Attributes, Error, KeyId, KeyType, Lifetime, Result, Usage};

use crate::fixture::{FUNCTIONS, PIN, SOME_CODES, Shim, application, index, is_long, p256, slot};

const TOKEN: &str = "faults";
const HASH: [u8; 32] = [8; 32];
const ECDSA: Algorithm = Algorithm::ecdsa(Algorithm::SHA_256);
const LOCATION: u32 = 0x80_0001;
/// The key that is there all the time.
const KEPT: KeyId = KeyId(1);
/// The key that comes and goes.
const PASSING: KeyId = KeyId(2);

/// The codes to try with a piece of work. Making keys takes longer than using them.
fn codes(work: &str) -> Vec<CK_RV> {
    match (work, is_long()) {
        ("make", false) => vec![CKR_GENERAL_ERROR, CKR_DEVICE_REMOVED],
        ("make", true) | (_, false) => SOME_CODES.to_vec(),
        // All that PKCS#11 3.2 defines are below 0x210.
        (_, true) => (1..0x210).chain([CKR_VENDOR_DEFINED, CK_RV::MAX]).collect(),
    }
}

/// The functions that give a length or a count.
const GIVE_LENGTHS: [usize; 4] =
    [index!(C_GetSlotList), index!(C_GetAttributeValue), index!(C_FindObjects), index!(C_Sign)];

struct Fixture {
    shim: Shim,
    library: Library,
    slot: Slot,
    cases: Cell<usize>,
    _store: tempfile::TempDir,
}

impl Fixture {
    fn new() -> Self {
        let shim = Shim::new(TOKEN);
        let slot = slot(TOKEN);
        let store = tempfile::tempdir().unwrap();
        let backend = BackendConfig {
            name: "hsm".to_owned(),
            origin: "parsec.toml:1".to_owned(),
            location: Some(LOCATION),
            kind: BackendKind::Pkcs11(shim.config(TOKEN)),
        };
        let config = Config {
            namespace: TOKEN.to_owned(),
            routes: Routes { persistent: "hsm".to_owned(), ..Config::default().routes },
            store: StoreConfig { path: Some(store.path().join("keys")) },
            backends: vec![backend],
            ..Config::default()
        };
        let fixture = Self { shim, library: Library::new(config).unwrap(), slot, cases: Cell::new(0), _store: store };
        keys::generate(&fixture.library, &fixture.attributes(KEPT), &[]).unwrap();
        fixture
    }

    fn attributes(&self, id: KeyId) -> Attributes {
        let usage = Usage::SIGN_HASH.union(Usage::VERIFY_HASH).union(Usage::COPY);
        let lifetime = Lifetime::new(u8::from(id != KeyId::NULL), LOCATION);
        Attributes { id, usage, lifetime, ..p256(Lifetime::VOLATILE) }
    }

    /// Signs, and checks that it was done with the very key.
    fn sign(&self, key: KeyId) -> Result<()> {
        let mut made = [0; 64];
        signature::sign_hash(&self.library, key, ECDSA, &HASH, &[], &mut made)?;
        signature::verify_hash(&self.library, key, ECDSA, &HASH, &[], &made).expect("a signature of the key");
        Ok(())
    }

    /// Connects, finds a key and uses it.
    fn uses(&self) -> Result<()> {
        self.close();
        self.sign(KEPT)
    }

    /// The life of a key, and a volatile one's.
    fn makes(&self) -> Result<()> {
        let volatile = keys::generate(&self.library, &self.attributes(KeyId::NULL), &[])?;
        let made = self.sign(volatile).and_then(|()| {
            keys::generate(&self.library, &self.attributes(PASSING), &[])?;
            self.sign(PASSING)
        });
        let text = parsec::cause::take();
        let destroyed = keys::destroy(&self.library, volatile);
        told_again(made, text)?;
        destroyed?;
        keys::destroy(&self.library, PASSING)
    }

    /// Attaches the kept key as if it were somebody else's.
    fn attaches(&self) -> Result<()> {
        self.close();
        let attributes = Attributes { key_type: KeyType::NONE, bits: 0, ..self.attributes(KeyId::NULL) };
        let label = format!("parsec:{TOKEN}:{}", KEPT.0);
        let key = keys::attach(&self.library, &attributes, label.as_bytes())?;
        let (signed, text) = (self.sign(key), parsec::cause::take());
        keys::destroy(&self.library, key)?;
        told_again(signed, text)
    }

    fn close(&self) {
        self.library.backends()[0].device.close();
    }

    /// How many objects another application sees.
    fn objects(&self, id: KeyId) -> usize {
        let outside = application().open_rw_session(self.slot).unwrap();
        if outside.get_session_info().unwrap().session_state() != cryptoki::session::SessionState::RwUser {
            outside.login(UserType::User, Some(&AuthPin::new(PIN.into()))).unwrap();
        }
        let label = format!("parsec:{TOKEN}:{}", id.0).into_bytes();
        [ObjectClass::PRIVATE_KEY, ObjectClass::PUBLIC_KEY]
            .map(|class| {
                let wanted = [Attribute::Class(class), Attribute::Label(label.clone()), Attribute::Token(true)];
                outside.find_objects(&wanted).unwrap().len()
            })
            .iter()
            .sum()
    }

    /// What holds after every trouble. `what` it was is for the reader.
    fn check(&self, what: &dyn Display, answer: Result<()>) {
        self.cases.set(self.cases.get() + 1);
        let text = parsec::cause::take().unwrap_or_default();
        if let Err(error) = answer {
            // The module's answer, or what follows from it.
            let explained = ["C_", "token \"", "no token with", "volatile key"].iter().any(|part| text.contains(part));
            assert!(explained, "{what}: {error:?}, {text:?}");
        }
        // The kept key is there, and works at once.
        assert_eq!(self.sign(KEPT), Ok(()), "{what}: {:?}", parsec::cause::take());
        assert_eq!(self.objects(KEPT), 2, "{what}");
        // The passing key either is there and works, or its identifier is free and nothing stays of it.
        match keys::destroy(&self.library, PASSING) {
            Ok(()) | Err(Error::InvalidHandle) => {}
            Err(error) => panic!("{what}: {error:?} {:?}", parsec::cause::take()),
        }
        parsec::cause::take();
        if self.objects(PASSING) != 0 {
            // Left by an interruption: settled when the backend makes the next key.
            keys::generate(&self.library, &self.attributes(PASSING), &[]).unwrap();
            assert_eq!(self.objects(PASSING), 2, "{what}");
            self.sign(PASSING).unwrap();
            keys::destroy(&self.library, PASSING).unwrap();
            assert_eq!(self.objects(PASSING), 0, "{what}");
        }
    }

    /// Whatever was opened was closed, as far as the module let us.
    fn no_session_is_left(&self) {
        self.close();
        assert_eq!(self.shim.succeeded(index!(C_OpenSession)), self.shim.count(index!(C_CloseSession)));
    }
}

/// A failure with the text that later calls have cleared.
fn told_again(answer: Result<()>, text: Option<String>) -> Result<()> {
    answer.map_err(|error| parsec::cause::of(error, format_args!("{}", text.unwrap_or_default())))
}

/// How often each function is called by a piece of work that goes well.
fn profile(fixture: &Fixture, work: &dyn Fn(&Fixture) -> Result<()>) -> Vec<(usize, usize)> {
    let counts = || (0..FUNCTIONS).map(|function| fixture.shim.count(function)).collect::<Vec<_>>();
    let before = counts();
    work(fixture).unwrap();
    let calls = counts().into_iter().zip(before).map(|(after, before)| after - before);
    calls.enumerate().filter(|(_, calls)| *calls > 0).collect()
}

type Work = (&'static str, fn(&Fixture) -> Result<()>);
const WORK: [Work; 3] = [("use", Fixture::uses), ("make", Fixture::makes), ("attach", Fixture::attaches)];

/// One test, because all of it shares one token.
#[test]
fn whatever_the_module_does() {
    let fixture = Fixture::new();
    for (name, work) in WORK {
        work(&fixture).unwrap();
        refused(&fixture, name, &work);
        vanished(&fixture, name, &work);
        lied_to(&fixture, name, &work);
        println!("{name}: {} cases so far", fixture.cases.get());
    }
    println!("{TOKEN}: {} cases", fixture.cases.get());
    fixture.no_session_is_left();
}

/// Every code from every function: from the first call on, from the last one only, and as an answer that is lost.
fn refused(fixture: &Fixture, name: &str, work: &dyn Fn(&Fixture) -> Result<()>) {
    for (function, calls) in profile(fixture, work) {
        for code in codes(name) {
            // Would be remembered, and then no test could log in.
            let rejection = [CKR_PIN_INCORRECT, CKR_PIN_INVALID, CKR_PIN_LEN_RANGE].contains(&code);
            if function == index!(C_Login) && rejection {
                continue;
            }
            let ways = [("always", false, 0, usize::MAX), ("too late", true, 0, 1), ("at last", false, calls - 1, 1)];
            let ways = if is_long() || name == "make" { &ways[..] } else { &ways[..1] };
            for (how, late, skip, times) in ways.iter().copied() {
                fixture.shim.late(late);
                fixture.shim.refuse_later(function, code, skip, times);
                let answer = work(fixture);
                fixture.shim.refuse(function, 0, 0);
                fixture.check(&format_args!("{name}: function {function} answers {code:#x} {how}"), answer);
            }
        }
    }
    fixture.shim.late(false);
}

/// The token is pulled out at every moment.
fn vanished(fixture: &Fixture, name: &str, work: &dyn Fn(&Fixture) -> Result<()>) {
    let calls: usize = profile(fixture, work).into_iter().map(|(_, calls)| calls).sum();
    for call in (0..calls).step_by(if is_long() { 1 } else { 3 }) {
        fixture.shim.vanish(Some(call));
        let answer = work(fixture);
        fixture.shim.vanish(None);
        fixture.shim.gone(false);
        fixture.check(&format_args!("{name}: gone at call {call}"), answer);
    }
}

/// Lengths and counts that are cut, wrong and huge.
fn lied_to(fixture: &Fixture, name: &str, work: &dyn Fn(&Fixture) -> Result<()>) {
    let lengths = [1, 65, usize::MAX, 2, 7, 31, 63, 4096, 1 << 20, usize::MAX >> 1];
    let lengths = if is_long() { &lengths[..] } else { &lengths[..3] };
    for (function, _) in profile(fixture, work).into_iter().filter(|(function, _)| GIVE_LENGTHS.contains(function)) {
        for length in lengths.iter().copied() {
            fixture.shim.lie(function, length);
            let answer = work(fixture);
            fixture.shim.lie(function, 0);
            fixture.check(&format_args!("{name}: function {function} claims a length of {length}"), answer);
        }
    }
}
