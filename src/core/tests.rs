//! The rules of keys, agreement and derivation on the native engine, in a scratch key store.

use std::sync::atomic::{AtomicU64, Ordering};

use tempfile::TempDir;

use super::library::Library;
use super::primitives::Key;
use super::{asymmetric_encryption, compatibility, hash, key_agreement, key_derivation, keys, random, signature};
use crate::config::{Config, StoreConfig};
use crate::psa::{Algorithm, Attributes, DerivationStep, EccFamily, Error, KeyId, KeyType, Lifetime, Result, Usage};

const P256: KeyType = KeyType::ecc_key_pair(EccFamily::SECP_R1);
const ECDSA: Algorithm = Algorithm::ecdsa(Algorithm::SHA_256);

/// A library of its own with a store in a scratch directory.
pub(super) fn library() -> (Library, TempDir) {
    let directory = tempfile::tempdir().unwrap();
    (open(&directory), directory)
}

fn open(directory: &TempDir) -> Library {
    let store = StoreConfig { path: Some(directory.path().join("keys")) };
    Library::new(Config { store, ..Config::default() }).unwrap()
}

/// Attributes of a volatile key.
pub(super) fn volatile(key_type: KeyType, bits: usize, usage: Usage, algorithm: Algorithm) -> Attributes {
    Attributes { key_type, bits, usage, algorithm, ..Attributes::default() }
}

/// Bytes from hexadecimal digits.
pub(super) fn hex(digits: &str) -> Vec<u8> {
    (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap()).collect()
}

/// A key of a place that has no family of primitives.
pub(super) struct BareKey;

impl Key for BareKey {
    fn public_key(&self, _: &mut [u8]) -> Result<usize> {
        Err(Error::NotSupported)
    }
}

fn persistent(attributes: Attributes) -> Attributes {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let id = KeyId(NEXT.fetch_add(1, Ordering::Relaxed) as u32);
    Attributes { lifetime: Lifetime::PERSISTENT, id, ..attributes }
}

fn signing() -> Attributes {
    volatile(P256, 256, Usage::SIGN_HASH | Usage::VERIFY_HASH | Usage::COPY, ECDSA)
}

#[test]
fn a_persistent_key_is_there_for_another_library_and_gone_when_destroyed() {
    let (first, directory) = library();
    for cache in [Usage(0), Usage::CACHE] {
        let mut attributes = persistent(signing());
        attributes.usage |= cache;
        let id = keys::generate(&first, &attributes, &[]).unwrap();
        assert_eq!(id, attributes.id);
        assert_eq!(keys::generate(&first, &attributes, &[]), Err(Error::AlreadyExists));

        let second = open(&directory);
        let mut made = [0; 64];
        assert_eq!(signature::sign_hash(&second, id, ECDSA, &[7; 32], &[], &mut made), Ok(64));
        assert_eq!(signature::verify_hash(&first, id, ECDSA, &[7; 32], &[], &made), Ok(()));
        assert_eq!(signature::verify_hash(&first, id, ECDSA, &[8; 32], &[], &made), Err(Error::InvalidSignature));

        keys::purge(&second, id).unwrap();
        keys::destroy(&second, id).unwrap();
        assert_eq!(keys::attributes(&first, id).err(), Some(Error::InvalidHandle), "the other one notices");
        assert_eq!(keys::destroy(&first, id), Err(Error::InvalidHandle));
    }
}

#[test]
fn volatile_identifiers_are_not_reused() {
    let (library, _directory) = library();
    let first = keys::generate(&library, &signing(), &[]).unwrap();
    keys::destroy(&library, first).unwrap();
    let second = keys::generate(&library, &signing(), &[]).unwrap();
    assert_ne!(first, second);
    assert!((KeyId::VENDOR_MIN..=KeyId::VENDOR_MAX).contains(&second));
    assert_eq!(keys::destroy(&library, KeyId::NULL), Ok(()));
}

#[test]
fn attributes_of_new_keys_are_checked() {
    let (library, _directory) = library();
    let good = signing();
    let id = KeyId(77);
    let cases = [
        (Attributes { key_type: KeyType::NONE, ..good }, Error::NotSupported),
        (Attributes { bits: 0, ..good }, Error::InvalidArgument),
        (Attributes { key_type: good.key_type.public_key_of_key_pair(), ..good }, Error::InvalidArgument),
        (Attributes { usage: Usage(1 << 30), ..good }, Error::InvalidArgument),
        (Attributes { id, ..good }, Error::InvalidArgument),
        (Attributes { lifetime: Lifetime::PERSISTENT, ..good }, Error::InvalidArgument),
        (Attributes { lifetime: Lifetime::PERSISTENT, id: KeyId::VENDOR_MIN, ..good }, Error::InvalidArgument),
        (Attributes { lifetime: Lifetime::new(2, 0), id, ..good }, Error::NotSupported),
        (Attributes { lifetime: Lifetime::new(0, 0x80_0001), ..good }, Error::InvalidArgument),
        (Attributes { key_type: KeyType(0x2fff), bits: 128, ..good }, Error::NotSupported),
    ];
    for (attributes, expected) in cases {
        assert_eq!(keys::generate(&library, &attributes, &[]), Err(expected), "{attributes:?}");
    }
    assert_eq!(keys::import(&library, &good, &[]), Err(Error::InvalidArgument), "size 0");
    let exponent = volatile(KeyType::AES, 128, Usage::ENCRYPT, Algorithm::CTR);
    assert_eq!(keys::generate(&library, &exponent, &[3]), Err(Error::InvalidArgument));
}

#[test]
fn signing_hashes_includes_signing_messages() {
    let (library, _directory) = library();
    let key = keys::generate(&library, &signing(), &[]).unwrap();
    let usage = keys::attributes(&library, key).unwrap().usage;
    assert!(usage.contains(Usage::SIGN_MESSAGE | Usage::VERIFY_MESSAGE));
    let mut made = [0; 64];
    signature::sign_message(&library, key, ECDSA, b"abc", &[], &mut made).unwrap();
    let mut digest = [0; 32];
    hash::compute(&library, Algorithm::SHA_256, b"abc", &mut digest).unwrap();
    assert_eq!(signature::verify_hash(&library, key, ECDSA, &digest, &[], &made), Ok(()));
    let deterministic = Algorithm::deterministic_ecdsa(Algorithm::SHA_256);
    assert_eq!(signature::verify_hash(&library, key, deterministic, &digest, &[], &made), Ok(()));
    let refused = signature::sign_hash(&library, key, deterministic, &digest, &[], &mut made);
    assert_eq!(refused, Err(Error::NotPermitted), "for verification only they are the same");
}

#[test]
fn signatures_in_parts() {
    let (library, _directory) = library();
    let key = keys::generate(&library, &signing(), &[]).unwrap();
    let (mut handle, mut made) = (0, [0; 64]);
    signature::sign_setup(&library, &mut handle, key, ECDSA).unwrap();
    signature::sign_update(&library, &mut handle, b"a").unwrap();
    signature::sign_update(&library, &mut handle, b"bc").unwrap();
    assert_eq!(signature::sign_finish(&library, &mut handle, &mut made), Ok(64));
    assert_eq!(signature::verify_message(&library, key, ECDSA, b"abc", &[], &made), Ok(()));

    signature::verify_setup(&library, &mut handle, key, ECDSA, &made).unwrap();
    signature::verify_update(&library, &mut handle, b"abc").unwrap();
    assert_eq!(signature::sign_update(&library, &mut handle, b"x"), Err(Error::BadState), "not a signing operation");
    assert_eq!(signature::verify_finish(&library, &mut handle), Ok(()));
}

#[test]
fn a_key_destroyed_under_an_operation_fails_the_next_step() {
    let (library, _directory) = library();
    let key = keys::generate(&library, &signing(), &[]).unwrap();
    let mut handle = 0;
    signature::sign_setup(&library, &mut handle, key, ECDSA).unwrap();
    keys::destroy(&library, key).unwrap();
    assert_eq!(signature::sign_update(&library, &mut handle, b"abc"), Err(Error::BadState));
}

#[test]
fn a_copy_has_what_both_policies_permit() {
    let (library, _directory) = library();
    let any = Attributes { algorithm: Algorithm::ecdsa(Algorithm::ANY_HASH), ..signing() };
    let source = keys::generate(&library, &any, &[]).unwrap();
    let target = Attributes { usage: Usage::SIGN_HASH | Usage::EXPORT, algorithm: ECDSA, ..Attributes::default() };
    let copy = keys::copy(&library, source, &persistent(target)).unwrap();
    let made = keys::attributes(&library, copy).unwrap();
    assert_eq!((made.key_type, made.bits, made.algorithm), (P256, 256, ECDSA));
    assert_eq!(made.usage, Usage::SIGN_HASH | Usage::SIGN_MESSAGE);
    let (mut one, mut other) = ([0; 65], [0; 65]);
    keys::export_public(&library, source, &mut one).unwrap();
    keys::export_public(&library, copy, &mut other).unwrap();
    assert_eq!(one, other);

    let other_scheme = Attributes { algorithm: Algorithm::ECDH, ..target };
    assert_eq!(keys::copy(&library, source, &other_scheme), Err(Error::InvalidArgument));
    assert_eq!(keys::copy(&library, source, &Attributes { bits: 384, ..target }), Err(Error::InvalidArgument));
    assert_eq!(keys::copy(&library, copy, &target), Err(Error::NotPermitted), "the copy may not be copied");
    assert_eq!(keys::export(&library, source, &mut one), Err(Error::NotPermitted));
}

/// RFC 5869, appendix A.1.
#[test]
fn hkdf_gives_the_rfcs_output_in_pieces_and_keeps_its_capacity() {
    let (library, _directory) = library();
    let alg = Algorithm::hkdf(Algorithm::SHA_256);
    let key = keys::import(&library, &volatile(KeyType::DERIVE, 0, Usage::DERIVE, alg), &[0x0b; 22]).unwrap();
    let expected = [
        0x3c, 0xb2, 0x5f, 0x25, 0xfa, 0xac, 0xd5, 0x7a, 0x90, 0x43, 0x4f, 0x64, 0xd0, 0x36, 0x2f, 0x2a, 0x2d, 0x2d,
        0x0a, 0x90, 0xcf, 0x1a, 0x5a, 0x4c, 0x5d, 0xb0, 0x2d, 0x56, 0xec, 0xc4, 0xc5, 0xbf, 0x34, 0x00, 0x72, 0x08,
        0xd5, 0xb8, 0x87, 0x18, 0x58, 0x65,
    ];
    let salt: Vec<u8> = (0..=0x0c).collect();
    let info: Vec<u8> = (0xf0..=0xf9).collect();
    let mut handle = 0;
    let begin = |handle: &mut u64| {
        key_derivation::setup(&library, handle, alg).unwrap();
        key_derivation::input_bytes(&library, handle, DerivationStep::INFO, &info).unwrap();
        key_derivation::input_bytes(&library, handle, DerivationStep::SALT, &salt).unwrap();
        key_derivation::input_key(&library, handle, DerivationStep::SECRET, key).unwrap();
    };
    begin(&mut handle);
    assert_eq!(key_derivation::capacity(&library, handle), Ok(255 * 32));
    assert_eq!(key_derivation::set_capacity(&library, &mut handle, 255 * 32 + 1), Err(Error::InvalidArgument));
    key_derivation::set_capacity(&library, &mut handle, 42).unwrap();
    let mut output = [0; 42];
    key_derivation::output_bytes(&library, &mut handle, &mut output[..5]).unwrap();
    key_derivation::verify_bytes(&library, &mut handle, &expected[5..10]).unwrap();
    key_derivation::output_bytes(&library, &mut handle, &mut output[10..]).unwrap();
    assert_eq!((&output[..5], &output[10..]), (&expected[..5], &expected[10..]));
    for _ in 0..2 {
        let exhausted = key_derivation::output_bytes(&library, &mut handle, &mut output[..1]);
        assert_eq!(exhausted, Err(Error::InsufficientData), "and the operation stays active");
    }
    library.operations.abort(handle);

    handle = 0;
    begin(&mut handle);
    let aes = volatile(KeyType::AES, 128, Usage::EXPORT, Algorithm::NONE);
    let derived = keys_of(key_derivation::output_key(&library, &mut handle, &aes), &library);
    assert_eq!(derived, expected[..16]);
    assert_eq!(key_derivation::verify_bytes(&library, &mut handle, &[0; 4]), Err(Error::InvalidSignature));
    assert_eq!(key_derivation::capacity(&library, handle), Err(Error::BadState), "the error state");
}

fn keys_of(key: crate::psa::Result<KeyId>, library: &Library) -> Vec<u8> {
    let mut output = vec![0; 256];
    let length = keys::export(library, key.unwrap(), &mut output).unwrap();
    output.truncate(length);
    output
}

#[test]
fn derivation_inputs_come_in_order_and_from_permitted_keys() {
    let (library, _directory) = library();
    let hkdf = Algorithm::hkdf(Algorithm::SHA_256);
    let pbkdf2 = Algorithm::pbkdf2_hmac(Algorithm::SHA_256);
    let give = |alg, steps: &[DerivationStep]| {
        let mut handle = 0;
        key_derivation::setup(&library, &mut handle, alg).unwrap();
        steps.iter().try_for_each(|step| match *step {
            DerivationStep::COST => key_derivation::input_integer(&library, &mut handle, *step, 1),
            step => key_derivation::input_bytes(&library, &mut handle, step, b"input"),
        })
    };
    use DerivationStep as Step;
    assert_eq!(give(hkdf, &[Step::SECRET, Step::INFO]), Ok(()));
    assert_eq!(give(hkdf, &[Step::SECRET, Step::SALT]), Err(Error::BadState));
    assert_eq!(give(hkdf, &[Step::INFO, Step::INFO]), Err(Error::BadState));
    assert_eq!(give(hkdf, &[Step::SEED]), Err(Error::InvalidArgument));
    assert_eq!(give(pbkdf2, &[Step::COST, Step::SALT, Step::SALT, Step::PASSWORD]), Ok(()));
    assert_eq!(give(pbkdf2, &[Step::SALT]), Err(Error::BadState));
    assert_eq!(give(pbkdf2, &[Step::COST, Step::PASSWORD]), Err(Error::BadState));
    assert_eq!(give(pbkdf2, &[Step::COST, Step::COST]), Err(Error::BadState));

    let verify_only = volatile(KeyType::DERIVE, 0, Usage::VERIFY_DERIVATION, hkdf);
    let key = keys::import(&library, &verify_only, &[1; 16]).unwrap();
    let mut handle = 0;
    key_derivation::setup(&library, &mut handle, hkdf).unwrap();
    key_derivation::input_key(&library, &mut handle, Step::SECRET, key).unwrap();
    key_derivation::input_bytes(&library, &mut handle, Step::INFO, &[]).unwrap();
    let refused = key_derivation::output_bytes(&library, &mut handle, &mut [0; 4]);
    assert_eq!(refused, Err(Error::NotPermitted));

    handle = 0;
    key_derivation::setup(&library, &mut handle, hkdf).unwrap();
    key_derivation::input_bytes(&library, &mut handle, Step::SECRET, b"bytes").unwrap();
    key_derivation::input_bytes(&library, &mut handle, Step::INFO, &[]).unwrap();
    let aes = volatile(KeyType::AES, 128, Usage::ENCRYPT, Algorithm::CTR);
    let refused = key_derivation::output_key(&library, &mut handle, &aes);
    assert_eq!(refused, Err(Error::NotPermitted), "a key comes from a key");

    handle = 0;
    key_derivation::setup(&library, &mut handle, hkdf).unwrap();
    let early = key_derivation::output_bytes(&library, &mut handle, &mut [0; 4]);
    assert_eq!(early, Err(Error::BadState), "inputs are missing");
}

#[test]
fn agreement_raw_to_key_and_into_a_derivation_agree() {
    let (library, _directory) = library();
    let combined = Algorithm::key_agreement(Algorithm::ECDH, Algorithm::hkdf(Algorithm::SHA_256));
    let ours = keys::generate(&library, &volatile(P256, 256, Usage::DERIVE, Algorithm::ECDH), &[]).unwrap();
    let theirs = keys::generate(&library, &volatile(P256, 256, Usage::DERIVE, combined), &[]).unwrap();
    let (mut our_public, mut their_public) = ([0; 65], [0; 65]);
    keys::export_public(&library, ours, &mut our_public).unwrap();
    keys::export_public(&library, theirs, &mut their_public).unwrap();

    let mut raw = [0; 32];
    assert_eq!(key_agreement::raw(&library, Algorithm::ECDH, ours, &their_public, &mut raw), Ok(32));
    let derive = volatile(KeyType::DERIVE, 0, Usage::EXPORT, Algorithm::NONE);
    let key = key_agreement::to_key(&library, ours, &their_public, Algorithm::ECDH, &derive);
    assert_eq!(keys_of(key, &library), raw);
    let refused = key_agreement::raw(&library, Algorithm::ECDH, theirs, &our_public, &mut raw);
    assert_eq!(refused, Err(Error::NotPermitted), "that key is for the combination only");

    let output = |key, peer: &[u8]| {
        let (mut handle, mut output) = (0, [0; 40]);
        key_derivation::setup(&library, &mut handle, combined).unwrap();
        let step = DerivationStep::SECRET;
        key_derivation::input_agreement(&library, &mut handle, step, key, peer).unwrap();
        key_derivation::input_bytes(&library, &mut handle, DerivationStep::INFO, b"info").unwrap();
        key_derivation::output_bytes(&library, &mut handle, &mut output).unwrap();
        output
    };
    assert_eq!(output(ours, &their_public), output(theirs, &our_public));
    our_public[64] ^= 1;
    let off_the_curve = key_agreement::raw(&library, Algorithm::ECDH, ours, &our_public, &mut raw);
    assert_eq!(off_the_curve, Err(Error::InvalidArgument));
}

#[test]
fn asymmetric_encryption_checks_key_and_label() {
    let (library, _directory) = library();
    let oaep = Algorithm::rsa_oaep(Algorithm::SHA_256);
    let usage = Usage::ENCRYPT | Usage::DECRYPT;
    let key = keys::generate(&library, &volatile(KeyType::RSA_KEY_PAIR, 1024, usage, oaep), &[]).unwrap();
    let (mut ciphertext, mut plaintext) = ([0; 128], [0; 128]);
    let encrypt = asymmetric_encryption::encrypt;
    assert_eq!(encrypt(&library, key, oaep, b"text", b"label", &mut ciphertext), Ok(128));
    let length = asymmetric_encryption::decrypt(&library, key, oaep, &ciphertext, b"label", &mut plaintext);
    assert_eq!((length, &plaintext[..4]), (Ok(4), &b"text"[..]));
    let wrong = asymmetric_encryption::decrypt(&library, key, oaep, &ciphertext, b"other", &mut plaintext);
    assert_eq!(wrong, Err(Error::InvalidPadding));
    let short = encrypt(&library, key, oaep, b"text", b"", &mut [0; 127]);
    assert_eq!(short, Err(Error::BufferTooSmall));
    let other = Algorithm::RSA_PKCS1V15_CRYPT;
    assert_eq!(encrypt(&library, key, other, b"text", b"", &mut ciphertext), Err(Error::NotPermitted));
}

#[test]
fn check_key_usage_answers_for_policy_type_and_role() {
    let (library, _directory) = library();
    let key = keys::generate(&library, &signing(), &[]).unwrap();
    let check = |alg, usage| compatibility::check_usage(&library, key, alg, usage);
    assert_eq!(check(ECDSA, Usage::SIGN_HASH), Ok(()));
    assert_eq!(check(ECDSA, Usage::VERIFY_MESSAGE), Ok(()));
    assert_eq!(check(Algorithm::NONE, Usage::COPY), Ok(()));
    assert_eq!(check(Algorithm::NONE, Usage::EXPORT), Err(Error::NotPermitted));
    assert_eq!(check(ECDSA, Usage::EXPORT), Err(Error::InvalidArgument));
    assert_eq!(check(ECDSA, Usage::ENCRYPT), Err(Error::InvalidArgument), "no role of a signature");
    assert_eq!(check(ECDSA, Usage::SIGN_HASH | Usage::VERIFY_HASH), Err(Error::InvalidArgument), "one flag");
    assert_eq!(check(Algorithm::ecdsa(Algorithm::ANY_HASH), Usage::SIGN_HASH), Err(Error::InvalidArgument));
    assert_eq!(check(Algorithm::PURE_EDDSA, Usage::SIGN_MESSAGE), Err(Error::InvalidArgument), "another curve");
    assert_eq!(check(Algorithm::ecdsa(Algorithm::SHA_512), Usage::SIGN_HASH), Err(Error::NotPermitted));
    assert_eq!(check(Algorithm::ECDH, Usage::DERIVE_PUBLIC), Ok(()), "a public role needs no policy");
}

#[test]
fn a_use_that_was_permitted_permits_no_other() {
    let (library, _directory) = library();
    let attributes = volatile(KeyType::AES, 128, Usage::ENCRYPT, Algorithm::GCM);
    let key = keys::generate(&library, &attributes, &[]).unwrap();
    let slot = library.key(key).unwrap();
    for _ in 0..2 {
        assert_eq!(slot.ensure_permitted(Usage::ENCRYPT, Algorithm::GCM), Ok(()));
        assert_eq!(slot.ensure_permitted(Usage::DECRYPT, Algorithm::GCM), Err(Error::NotPermitted));
        assert_eq!(slot.ensure_permitted(Usage::ENCRYPT, Algorithm::CCM), Err(Error::NotPermitted));
    }
}

#[test]
fn random_bytes_differ() {
    let (library, _directory) = library();
    let (mut one, mut other) = ([0; 32], [0; 32]);
    random::generate(&library, &mut one).unwrap();
    random::generate(&library, &mut other).unwrap();
    assert_ne!(one, other);
    assert_ne!(one, [0; 32]);
}
