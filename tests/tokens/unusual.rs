//! Keys of others that are not like most: private keys without a public object, and keys that take the PIN for each use
//! (`CKA_ALWAYS_AUTHENTICATE`). What a token says of such a key is asked by bare calls, and OpenSSL verifies what it signs.

use cryptoki_sys::*;
use parsec::config::Config;
use parsec::core::library::Library;
use parsec::core::{keys, signature};
use parsec::psa::{Attributes, Error, KeyId, Lifetime};

use crate::adoption::{ECDSA, SIGN, attach};
use crate::bare::{Bare, Pair};
use crate::openssl::{Oracle, P256};
use crate::place::{self, in_places};
use crate::shim::{Shim, index};

const HASH: [u8; 32] = [5; 32];

struct Fixture {
    config: Config,
    library: Library,
    bare: Bare,
    shim: Shim,
}

impl Fixture {
    fn new() -> Self {
        let (config, shim) = place::shimmed();
        let bare = Bare::open(place::token(&config));
        Self { library: Library::new(config.clone()).unwrap(), config, bare, shim }
    }

    /// Without what the process remembers of keys.
    fn restart(&mut self) {
        self.library = Library::new(self.config.clone()).unwrap();
    }

    fn sign(&self, key: KeyId) -> Result<[u8; 64], (Error, String)> {
        let mut made = [0; 64];
        match signature::sign_hash(&self.library, key, ECDSA, &HASH, &[], &mut made) {
            Ok(_) => Ok(made),
            Err(error) => Err((error, parsec::cause::take().unwrap_or_default())),
        }
    }

    fn check_signature(&self, oracle: &Oracle, key: KeyId) {
        assert!(oracle.verifies_ecdsa(&HASH, &self.sign(key).unwrap()));
    }

    /// A reference that stays.
    fn keep(&self, key: KeyId) -> KeyId {
        let lifetime = Lifetime::new(Lifetime::PERSISTENCE_DEFAULT, place::location());
        let found = keys::attributes(&self.library, key).unwrap();
        keys::copy(&self.library, key, &Attributes { id: KeyId(9), lifetime, ..found }).unwrap()
    }
}

/// Runs within the fixture, in a process of its own: a private key that is alone.
#[test]
#[ignore = "started by the other tests"]
fn alone() {
    let mut fixture = Fixture::new();
    let Pair { public, .. } = fixture.bare.generate_pair("alone", 0xc1, &[]).unwrap();
    let point = fixture.bare.point(public);
    let oracle = Oracle::ec(P256, &point);
    assert_eq!(fixture.bare.destroy(public), CKR_OK);
    assert_eq!(fixture.bare.find(CKO_PUBLIC_KEY, "alone").len(), 0);
    let [private] = fixture.bare.find(CKO_PRIVATE_KEY, "alone")[..] else { panic!("no private key") };

    let key = attach(&fixture.library, "alone", ECDSA, SIGN);
    fixture.check_signature(&oracle, key);
    // Some private objects have the point, too.
    let told = fixture.bare.attribute(private, CKA_EC_POINT).is_some_and(|point| !point.is_empty())
        || fixture.bare.attribute(private, CKA_PUBLIC_KEY_INFO).is_some_and(|info| !info.is_empty());
    let mut exported = [0; 65];
    let answer = keys::export_public(&fixture.library, key, &mut exported);
    let text = parsec::cause::take();
    match told {
        true => assert_eq!((answer, &exported[..]), (Ok(65), &point[..])),
        false => {
            assert_eq!(answer, Err(Error::NotSupported));
            assert!(text.as_ref().is_some_and(|text| text.contains("does not give the public part")), "{text:?}");
        }
    }
    println!("\ntold {told}.");

    let copy = fixture.keep(key);
    fixture.restart();
    fixture.check_signature(&oracle, copy);
    keys::destroy(&fixture.library, copy).unwrap();
    assert_eq!(fixture.bare.find(CKO_PRIVATE_KEY, "alone"), [private]);
}

/// Runs within the fixture, in a process of its own: a key that takes the PIN for each use, where the token makes one.
#[test]
#[ignore = "started by the other tests"]
fn each_time() {
    let mut fixture = Fixture::new();
    let label = "each time";
    let made = match fixture.bare.find(CKO_PRIVATE_KEY, label)[..] {
        // By the token's own tool.
        [private] => Ok(Pair { private, public: fixture.bare.find(CKO_PUBLIC_KEY, label)[0] }),
        _ => fixture.bare.generate_pair(label, 0xd1, &[CKA_ALWAYS_AUTHENTICATE]),
    };
    let pair = match made {
        Ok(pair) => pair,
        Err(code) => return println!("\nrefuses {code:#x}."),
    };
    let oracle = Oracle::ec(P256, &fixture.bare.point(pair.public));
    let key = attach(&fixture.library, label, ECDSA, SIGN);
    if !fixture.bare.is(pair.private, CKA_ALWAYS_AUTHENTICATE) {
        assert_eq!(fixture.bare.sign(pair.private), CKR_OK);
        fixture.check_signature(&oracle, key);
        return println!("\nignores.");
    }
    // Who does not give it gets no signature.
    let without = fixture.bare.sign(pair.private);
    fixture.check_signature(&oracle, key);
    for _ in 0..3 {
        let logins = fixture.shim.count(index!(C_Login));
        fixture.check_signature(&oracle, key);
        assert_eq!(fixture.shim.count(index!(C_Login)), logins + 1);
    }
    let copy = fixture.keep(key);
    fixture.restart();
    fixture.check_signature(&oracle, copy);

    // A rejected PIN is not tried again.
    fixture.shim.refuse(index!(C_Login), CKR_PIN_INCORRECT, 1);
    let logins = fixture.shim.count(index!(C_Login)) + 1;
    for part in ["rejects the PIN", "rejected the PIN", "rejected the PIN"] {
        let (error, text) = fixture.sign(copy).unwrap_err();
        assert!(error == Error::NotPermitted && text.contains(part), "{error:?} {text}");
    }
    assert_eq!(fixture.shim.count(index!(C_Login)), logins);
    println!("\ntakes it, without {without:#x}.");
}

fn check_alone(place: &str, told: bool) {
    let text = place::run(place, &[], "unusual::alone");
    assert!(text.contains(&format!("told {told}.")), "{text}");
}

fn check_each_time(place: &str, tool: &[&str], answer: &str) {
    let text = place::run(place, tool, "unusual::each_time");
    assert!(text.contains(answer), "{text}");
}

mod without_a_public_object {
    use super::{check_alone, in_places};

    in_places!(check_alone; softhsm(false) kryoptic(true) nss(false) p11_kit(false) tpm2_pkcs11(true));
}

mod with_the_pin_for_each_use {
    use super::{check_each_time, in_places};

    const TAKES: &str = "takes it, without 0x101.";

    // NSS says so of the key, and signs for anybody.
    in_places!(check_each_time;
        softhsm(&[], TAKES)
        kryoptic(&[], TAKES)
        nss(&[], "takes it, without 0x0.")
        p11_kit(&[], TAKES)
        tpm2_pkcs11(&["c_tests/ptool_each_time.sh"], TAKES));
}
