//! What others in the process do to a token, and a fork: one recovery, persistent keys stay what they are, volatile ones end
//! (PKCS#11 3.2, sections 5.6.7 to 5.6.9 and 5.4).

use parsec::core::library::Library;
use parsec::core::{keys, signature};
use parsec::psa::{Error, KeyId};

use crate::adoption::ECDSA;
use crate::bare::Bare;
use crate::openssl::{Oracle, P256};
use crate::place::{self, in_places};

const HASH: [u8; 32] = [5; 32];
const KEPT: KeyId = KeyId(7);

/// What somebody else does, in words and by bare calls.
type Disturbance = (&'static str, fn(Bare));

struct Fixture {
    library: Library,
    oracle: Oracle,
    /// A session object, where the token makes them.
    volatile: Option<KeyId>,
}

fn generate(library: &Library, id: KeyId) -> Result<KeyId, Error> {
    keys::generate(library, &place::signing(id), &[])
}

impl Fixture {
    fn new(library: Library) -> Self {
        generate(&library, KEPT).unwrap();
        let mut public = [0; 65];
        keys::export_public(&library, KEPT, &mut public).unwrap();
        let volatile = if place::name() == "tpm2-pkcs11" { None } else { generate(&library, KeyId::NULL).ok() };
        Self { library, oracle: Oracle::ec(P256, &public), volatile }
    }

    fn sign(&self, key: KeyId) -> Result<[u8; 64], Error> {
        let mut made = [0; 64];
        signature::sign_hash(&self.library, key, ECDSA, &HASH, &[], &mut made).map(|_| made)
    }

    fn check_kept(&self, what: &str) {
        let made = self.sign(KEPT).unwrap_or_else(|error| panic!("{what}: {error:?} {:?}", parsec::cause::take()));
        assert!(self.oracle.verifies_ecdsa(&HASH, &made), "{what}");
    }

    /// What holds afterwards, whichever key is used first.
    fn check(&mut self, what: &str, kept_first: bool) {
        if kept_first {
            self.check_kept(what);
        }
        // NSS keeps session objects when somebody logs out; connecting anew ends them.
        let lasts = place::name() == "nss" && what == "logs out" && !kept_first;
        if let Some(volatile) = self.volatile {
            let answer = self.sign(volatile).map(|_| ());
            let expected = if lasts { Ok(()) } else { Err(Error::InvalidHandle) };
            assert_eq!(answer, expected, "{what}: {:?}", parsec::cause::take());
            let _ = keys::destroy(&self.library, volatile);
        }
        self.check_kept(what);
        self.volatile = self.volatile.map(|_| generate(&self.library, KeyId::NULL).unwrap());
        self.check_volatile();
    }

    fn check_volatile(&self) {
        if let Some(volatile) = self.volatile {
            self.sign(volatile).unwrap();
        }
    }

    /// In a child: 0, or the bits of what does not hold.
    fn works_in_a_child(&self) -> i32 {
        if place::name() == "tpm2-pkcs11" {
            let told = self.sign(KEPT) == Err(Error::CommunicationFailure);
            let text = parsec::cause::take().unwrap_or_default();
            return i32::from(!told || !text.contains("was forked from one that uses the PKCS#11 module"));
        }
        let kept = self
            .sign(KEPT)
            .is_ok_and(|made| signature::verify_hash(&self.library, KEPT, ECDSA, &HASH, &[], &made).is_ok());
        let ended = self.volatile.is_none_or(|volatile| self.sign(volatile) == Err(Error::InvalidHandle));
        let made = self.volatile.is_none()
            || generate(&self.library, KeyId::NULL).and_then(|volatile| self.sign(volatile)).is_ok();
        i32::from(!kept) | i32::from(!ended) << 1 | i32::from(!made) << 2
    }
}

/// Runs within the fixture, in a process of its own.
#[test]
#[ignore = "started by the other tests"]
fn inside() {
    // Behind the shim both are one client of p11-kit.
    let (config, shim) = place::shimmed();
    let mut fixture = Fixture::new(Library::new(config.clone()).unwrap());
    assert!(fixture.volatile.is_some() || place::name() == "tpm2-pkcs11");
    let others: [Disturbance; 3] = [
        ("closes all sessions", Bare::close_all_sessions),
        ("logs out", Bare::log_out),
        ("finalises the module", Bare::finalise),
    ];
    for (what, disturb) in others {
        for kept_first in [false, true] {
            disturb(Bare::open(place::token(&config)));
            fixture.check(what, kept_first);
        }
    }
    // Pulled out, and put into another slot.
    for kept_first in [false, true] {
        shim.gone(true);
        for _ in 0..2 {
            assert_eq!(fixture.sign(KEPT), Err(Error::CommunicationFailure));
            let text = parsec::cause::take().unwrap();
            assert!(text.contains("shows no token at all"), "{text}");
        }
        shim.renumber(if kept_first { 1000 } else { 77 });
        shim.gone(false);
        fixture.check("comes back", kept_first);
    }
    keys::destroy(&fixture.library, KEPT).unwrap();
}

/// Runs within the fixture, in a process of its own.
#[test]
#[ignore = "started by the other tests"]
fn fork() {
    let (config, _shim) = place::shimmed();
    let fixture = Fixture::new(Library::new(config).unwrap());
    fixture.check_kept("before");
    // SAFETY: this process has one more thread, which only waits for this one.
    let child = unsafe { libc::fork() };
    if child == 0 {
        // SAFETY: ends this process, should it hang, and leaves it without running what the parent will run.
        unsafe {
            libc::alarm(30);
            libc::_exit(fixture.works_in_a_child());
        }
    }
    let mut status = -1;
    // SAFETY: waits for our child; `status` is a valid place.
    assert_eq!(unsafe { libc::waitpid(child, &mut status, 0) }, child);
    assert_eq!(status, 0, "{status:#x}");
    // The parent's keys are the parent's.
    fixture.check_kept("after a child");
    fixture.check_volatile();
}

mod by_others {
    use super::{in_places, place};

    in_places!(|place| place::run(place, &[], "disturbances::inside"); softhsm kryoptic nss p11_kit tpm2_pkcs11);
}

mod by_a_fork {
    use super::{in_places, place};

    in_places!(|place| place::run(place, &[], "disturbances::fork"); softhsm kryoptic nss p11_kit tpm2_pkcs11);
}
