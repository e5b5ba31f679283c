//! Keys that somebody else has made in a token: attached, and referred to by a copy that stays (PSA 1.5, section 9.9.1).

use std::fs;

use cryptoki_sys::*;
use parsec::config::Config;
use parsec::core::library::Library;
use parsec::core::{asymmetric_encryption, cipher, keys, mac, signature};
use parsec::memory::InOut;
use parsec::psa::{Algorithm, Attributes, EccFamily, Error, KeyId, KeyType, Lifetime, Usage};

use crate::bare::Bare;
use crate::openssl::Oracle;
use crate::place::{self, hex, in_places};

const HMAC: Algorithm = Algorithm::hmac(Algorithm::SHA_256);

pub const ECDSA: Algorithm = Algorithm::ecdsa(Algorithm::SHA_256);
pub const SIGN: Usage = Usage::SIGN_HASH.union(Usage::COPY);

pub fn try_attach(library: &Library, label: &str, algorithm: Algorithm, usage: Usage) -> Result<KeyId, Error> {
    let lifetime = Lifetime::new(Lifetime::PERSISTENCE_VOLATILE, place::location());
    let attributes = Attributes { algorithm, usage, lifetime, ..Attributes::default() };
    keys::attach(library, &attributes, label.as_bytes())
}

pub fn attach(library: &Library, label: &str, algorithm: Algorithm, usage: Usage) -> KeyId {
    try_attach(library, label, algorithm, usage)
        .unwrap_or_else(|error| panic!("{label}: {error:?} {:?}", parsec::cause::take()))
}

/// Signs in the token, and verifies with the point that the token itself gives.
fn check_signature(library: &Library, bare: &Bare, key: KeyId) {
    let [public] = bare.find(CKO_PUBLIC_KEY, "foreign")[..] else { panic!("not one public key") };
    let point = bare.point(public);
    let attributes = Attributes {
        key_type: KeyType::ecc_public_key(EccFamily::SECP_R1),
        usage: Usage::VERIFY_HASH,
        algorithm: ECDSA,
        ..Attributes::default()
    };
    let verifier = keys::import(library, &attributes, &point).unwrap();
    let mut made = [0; 64];
    signature::sign_hash(library, key, ECDSA, &[5; 32], &[], &mut made)
        .unwrap_or_else(|error| panic!("{error:?} {:?}", parsec::cause::take()));
    signature::verify_hash(library, verifier, ECDSA, &[5; 32], &[], &made).unwrap();
    keys::destroy(library, verifier).unwrap();
}

/// Runs within the fixture, in a process of its own.
#[test]
#[ignore = "started by the other tests"]
fn foreign() {
    let config = Config::load().unwrap();
    let bare = Bare::open(place::token(&config));
    bare.generate_pair("foreign", 0xa1, &[]).unwrap();
    bare.generate_pair("twice", 0xb1, &[]).unwrap();
    bare.generate_pair("twice", 0xb2, &[]).unwrap();
    let library = Library::new(config.clone()).unwrap();
    for name in ["foreign", "pkcs11:id=%A1", "pkcs11:object=foreign;type=private"] {
        let key = attach(&library, name, ECDSA, SIGN);
        let found = keys::attributes(&library, key).unwrap();
        assert_eq!((found.key_type, found.bits), (KeyType::ecc_key_pair(EccFamily::SECP_R1), 256));
        check_signature(&library, &bare, key);
        keys::destroy(&library, key).unwrap();
        assert_eq!(bare.find(CKO_PRIVATE_KEY, "foreign").len(), 1);
    }
    assert_eq!(try_attach(&library, "nothing", ECDSA, SIGN), Err(Error::DoesNotExist));
    assert_eq!(try_attach(&library, "twice", ECDSA, SIGN), Err(Error::InvalidArgument));
    let text = parsec::cause::take().unwrap();
    assert!(text.contains("id=%B1") && text.contains("id=%B2"), "{text}");

    // A copy stays, and is a reference.
    let key = attach(&library, "foreign", ECDSA, SIGN);
    let lifetime = Lifetime::new(Lifetime::PERSISTENCE_DEFAULT, place::location());
    let found = keys::attributes(&library, key).unwrap();
    let copy = keys::copy(&library, key, &Attributes { id: KeyId(9), lifetime, ..found }).unwrap();
    drop(library);
    let library = Library::new(config).unwrap();
    check_signature(&library, &bare, copy);
    keys::destroy(&library, copy).unwrap();
    assert_eq!(bare.find(CKO_PRIVATE_KEY, "foreign").len(), 1);
}

/// RSA keys sign and decrypt, and secret keys do what the standards say.
///
/// Runs within the fixture, in a process of its own.
#[test]
#[ignore = "started by the other tests"]
fn of_other_kinds() {
    let config = Config::load().unwrap();
    let bare = Bare::open(place::token(&config));
    bare.generate_rsa("rsa", 0xe1).unwrap();
    let library = Library::new(config).unwrap();

    let pkcs1v15 = Algorithm::rsa_pkcs1v15_sign(Algorithm::SHA_256);
    let key = attach(&library, "rsa", pkcs1v15, SIGN);
    let found = keys::attributes(&library, key).unwrap();
    assert_eq!((found.key_type, found.bits), (KeyType::RSA_KEY_PAIR, 2048));
    let (mut public, mut made) = ([0; 300], [0; 256]);
    let length = keys::export_public(&library, key, &mut public).unwrap();
    let oracle = Oracle::rsa(&public[..length]);
    signature::sign_hash(&library, key, pkcs1v15, &[5; 32], &[], &mut made).unwrap();
    assert!(oracle.verifies(&[5; 32], &made, &["rsa_padding_mode:pkcs1", "digest:sha256"]));
    let alg = Algorithm::RSA_PKCS1V15_CRYPT;
    let key = attach(&library, "rsa", alg, Usage::ENCRYPT.union(Usage::DECRYPT));
    let mut opened = [0; 256];
    let sealed = oracle.encrypt(b"a secret");
    let length = asymmetric_encryption::decrypt(&library, key, alg, &sealed, &[], &mut opened).unwrap();
    assert_eq!(&opened[..length], b"a secret");

    // FIPS 197, appendix B.
    let value = hex("2b7e151628aed2a6abf7158809cf4f3c");
    let aes = bare.create_secret(("aes", 0xe2), CKK_AES, CKA_ENCRYPT, &value);
    // RFC 4231, test case 3, with the zeros that HMAC adds to a key (RFC 2104, section 2): SoftHSM wants one as long as the hash.
    let value = [[0xaa; 20].as_slice(), &[0; 44]].concat();
    let hmac = bare.create_secret(("hmac", 0xe3), CKK_GENERIC_SECRET, CKA_SIGN, &value);
    if place::name() == "tpm2-pkcs11" {
        // It takes none; its own tool makes them.
        return assert!(aes.is_err() && hmac.is_err());
    }
    let alg = Algorithm::ECB_NO_PADDING;
    let key = attach(&library, "aes", alg, Usage::ENCRYPT);
    let (input, mut sealed) = (hex("3243f6a8885a308d313198a2e0370734"), [0; 16]);
    cipher::encrypt(&library, key, alg, &mut InOut::new(&input, &mut sealed)).unwrap();
    assert_eq!(sealed.as_slice(), hex("3925841d02dc09fbdc118597196a0b32"));
    let key = attach(&library, "hmac", HMAC, Usage::SIGN_MESSAGE);
    let mut made = [0; 32];
    mac::compute(&library, key, HMAC, &[0xdd; 50], &mut made).unwrap();
    assert_eq!(made.as_slice(), hex("773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"));
}

/// Runs within the fixture, after `ptool_keys.sh`.
#[test]
#[ignore = "started by the other tests"]
fn of_the_tool() {
    let [text, sealed, expected] = ["text", "sealed", "mac"].map(|file| fs::read(place::scratch().join(file)).unwrap());
    let library = Library::new(Config::load().unwrap()).unwrap();

    let key = attach(&library, "mac", HMAC, Usage::SIGN_MESSAGE.union(Usage::VERIFY_MESSAGE));
    assert_eq!(keys::attributes(&library, key).unwrap().key_type, KeyType::HMAC);
    let mut made = [0; 32];
    mac::compute(&library, key, HMAC, &text, &mut made).unwrap();
    assert_eq!(made.as_slice(), expected);

    let alg = Algorithm::CBC_NO_PADDING;
    let key = attach(&library, "cipher", alg, Usage::ENCRYPT.union(Usage::DECRYPT));
    let found = keys::attributes(&library, key).unwrap();
    assert_eq!((found.key_type, found.bits), (KeyType::AES, 128));
    // The initialization vector that the tool was given goes before what it has made.
    let sealed = [&(0..16).collect::<Vec<u8>>(), sealed.as_slice()].concat();
    let mut opened = [0; 64];
    let length = cipher::decrypt(&library, key, alg, &mut InOut::new(&sealed, &mut opened)).unwrap();
    assert_eq!(opened[..length], text);
}

#[test]
fn secret_keys_of_tpm2_ptool_work() {
    place::run("tpm2-pkcs11", &["c_tests/ptool_keys.sh"], "adoption::of_the_tool");
}

in_places!(|place| place::run(place, &[], "adoption::foreign"); softhsm kryoptic nss p11_kit tpm2_pkcs11);

mod other_kinds {
    use super::{in_places, place};

    in_places!(|place| place::run(place, &[], "adoption::of_other_kinds"); softhsm kryoptic nss p11_kit tpm2_pkcs11);
}
