//! How often a token is called, and what becomes of many threads and operations in parts where it has few sessions.

use parsec::config::Pkcs11Config;
use parsec::core::library::Library;
use parsec::core::{keys, mac, signature};
use parsec::psa::{Algorithm, Attributes, Error, KeyId, KeyType, Usage};

use crate::adoption::ECDSA;
use crate::place::{self, in_places};
use crate::shim::{Shim, index};

const HMAC: Algorithm = Algorithm::hmac(Algorithm::SHA_256);
const HASH: [u8; 32] = [5; 32];
const KEPT: KeyId = KeyId(7);
const SESSIONS: u32 = 2;

fn sign(library: &Library) {
    let mut made = [0; 64];
    signature::sign_hash(library, KEPT, ECDSA, &HASH, &[], &mut made).unwrap();
    signature::verify_hash(library, KEPT, ECDSA, &HASH, &[], &made).unwrap();
}

/// Two operations in parts are one too many, and work in one call goes on.
fn parts(library: &Library) {
    let usage = Usage::SIGN_MESSAGE;
    let attributes =
        Attributes { key_type: KeyType::HMAC, bits: 256, usage, algorithm: HMAC, ..place::signing(KeyId(8)) };
    let key = match keys::import(library, &attributes, &[3; 32]) {
        Err(Error::NotSupported) if place::name() == "tpm2-pkcs11" => return,
        made => made.unwrap(),
    };
    let (mut whole, mut made) = ([0; 32], [0; 32]);
    mac::compute(library, key, HMAC, b"text", &mut whole).unwrap();
    let (mut first, mut second) = (0, 0);
    mac::sign_setup(library, &mut first, key, HMAC).unwrap();
    mac::update(library, &mut first, b"te").unwrap();
    for _ in 0..2 {
        assert_eq!(mac::sign_setup(library, &mut second, key, HMAC), Err(Error::InsufficientMemory));
        assert!(parsec::cause::take().unwrap().contains("has no session left: 1 operations in parts"));
        sign(library);
        mac::compute(library, key, HMAC, b"text", &mut made).unwrap();
        assert_eq!(made, whole);
    }
    mac::update(library, &mut first, b"xt").unwrap();
    mac::sign_finish(library, &mut first, &mut made).unwrap();
    assert_eq!(made, whole);
    mac::sign_setup(library, &mut second, key, HMAC).unwrap();
    library.operations.abort(second);
    keys::destroy(library, key).unwrap();
}

fn threads(library: &Library, shim: &Shim) {
    std::thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| (0..10).for_each(|_| sign(library)));
        }
    });
    assert!(shim.live() <= SESSIONS as usize, "{}", shim.live());
}

/// Runs within the fixture, in a process of its own.
#[test]
#[ignore = "started by the other tests"]
fn inside() {
    let (config, shim) = place::shimmed();
    let token = Pkcs11Config { max_sessions: Some(SESSIONS), ..place::token(&config).clone() };
    let library = Library::new(place::with_token(config, token)).unwrap();
    keys::generate(&library, &place::signing(KEPT), &[]).unwrap();
    sign(&library);
    let (all, signed) = (shim.calls(), shim.count(index!(C_Sign)));
    (0..20).for_each(|_| sign(&library));
    assert_eq!((shim.calls() - all, shim.count(index!(C_Sign)) - signed), (40, 20));
    threads(&library, &shim);
    parts(&library);
    keys::destroy(&library, KEPT).unwrap();
    library.backends()[0].device.close();
    assert_eq!(shim.live(), 0);
}

in_places!(|place| place::run(place, &[], "sessions::inside"); softhsm kryoptic nss p11_kit tpm2_pkcs11);
