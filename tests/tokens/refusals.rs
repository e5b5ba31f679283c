//! What a token does not like ends nothing but the call: a volatile key is there afterwards.

use parsec::config::Config;
use parsec::core::library::Library;
use parsec::core::{asymmetric_encryption, keys};
use parsec::psa::{Algorithm, Attributes, Error, KeyId, KeyType, Lifetime, Usage};

use crate::place::{self, in_places};

const PKCS1V15: Algorithm = Algorithm::RSA_PKCS1V15_CRYPT;

/// Runs within the fixture, in a process of its own.
#[test]
#[ignore = "started by the other tests"]
fn inside() {
    let library = Library::new(Config::load().unwrap()).unwrap();
    let attributes = Attributes {
        key_type: KeyType::RSA_KEY_PAIR,
        bits: 2048,
        algorithm: PKCS1V15,
        usage: Usage::ENCRYPT.union(Usage::DECRYPT),
        lifetime: Lifetime::new(Lifetime::PERSISTENCE_VOLATILE, place::location()),
        id: KeyId::NULL,
    };
    let key = keys::generate(&library, &attributes, &[]).unwrap();
    let (mut sealed, mut opened) = ([0; 256], [0; 256]);
    asymmetric_encryption::encrypt(&library, key, PKCS1V15, b"text", &[], &mut sealed).unwrap();
    for _ in 0..3 {
        // Greater than any modulus (RFC 8017, section 5.1.2, step 1).
        let answer = asymmetric_encryption::decrypt(&library, key, PKCS1V15, &[0xff; 256], &[], &mut opened);
        let text = parsec::cause::take();
        assert!(
            matches!(answer, Err(Error::InvalidArgument | Error::InvalidPadding | Error::HardwareFailure)),
            "{answer:?} {text:?}"
        );
        let length = asymmetric_encryption::decrypt(&library, key, PKCS1V15, &sealed, &[], &mut opened).unwrap();
        assert_eq!(&opened[..length], b"text");
    }
}

in_places!(|place| place::run(place, &[], "refusals::inside"); softhsm kryoptic nss);
