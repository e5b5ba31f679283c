//! Making, finding and destroying keys.

use std::process::Command;

use parsec::backends::{Backend, Naming, Presence};
use parsec::psa::{Algorithm, Attributes, Error, KeyId, Lifetime};

use crate::fixture::{NAMESPACE, PIN, SOFTHSM, backend, generate, p256, rsa, sign};

#[test]
fn another_tool_sees_a_key_that_cannot_leave() {
    let backend = backend("keys");
    let attributes = Attributes { id: KeyId(4711), ..p256(Lifetime::PERSISTENT) };
    let created = generate(&backend, &attributes);
    let identifier: String = created.context[2..].iter().map(|byte| format!("{byte:02x}")).collect();
    // All objects with our label, whatever else is in the token.
    let list = || {
        let arguments = ["--module", SOFTHSM, "--token-label", "keys", "--login", "--pin", PIN, "-O"];
        let output = Command::new("pkcs11-tool").args(arguments).output().expect("Debian package opensc");
        let text = String::from_utf8_lossy(&output.stdout).replace("\n  ", " ");
        text.lines().filter(|line| line.contains("parsec:test:4711")).map(str::to_owned).collect::<Vec<_>>()
    };
    let mut listed = list();
    listed.sort();
    let [private, public] = listed.as_slice() else { panic!("{listed:?}") };
    assert!(private.contains("Private Key Object; EC") && public.contains("Public Key Object; EC"), "{listed:?}");
    assert!(private.contains(&identifier) && public.contains(&identifier), "{listed:?}");
    assert!(private.contains("sensitive, always sensitive, never extractable, local"), "{private}");
    assert!(private.contains("Usage:      sign Access") && public.contains("Usage:      verify Access"), "{listed:?}");
    backend.destroy(&attributes, &created.context).unwrap();
    assert!(list().is_empty());
}

#[test]
fn a_destroyed_key_is_gone() {
    let backend = backend("keys");
    for lifetime in [Lifetime::VOLATILE, Lifetime::PERSISTENT] {
        let attributes = p256(lifetime);
        let created = generate(&backend, &attributes);
        let key = backend.open(&attributes, &created.context).unwrap();
        backend.destroy(&attributes, &created.context).unwrap();
        assert_eq!(backend.destroy(&attributes, &created.context), Err(Error::DoesNotExist));
        let expected = if lifetime.is_volatile() { Error::InvalidHandle } else { Error::DoesNotExist };
        assert_eq!(crate::fixture::sign_with(key.as_ref(), attributes.algorithm, &[1; 32]), Err(expected));
    }
    parsec::cause::take();
}

#[test]
fn the_public_part_is_read_again_from_the_token() {
    let backend = backend("keys");
    for attributes in [p256(Lifetime::PERSISTENT), rsa(2048, Algorithm::rsa_pss(Algorithm::SHA_256))] {
        let created = generate(&backend, &attributes);
        let key = backend.open(&attributes, &created.context).unwrap();
        let mut output = [0; 512];
        let length = key.public_key(&mut output).unwrap();
        assert_eq!(output[..length], created.public_key[..]);
        assert_eq!(key.public_key(&mut output[..length - 1]), Err(Error::BufferTooSmall));
    }
}

#[test]
fn an_interrupted_creation_is_resolved() {
    let backend = backend("keys");
    let attributes = p256(Lifetime::PERSISTENT);
    let reference = backend.reserve(&attributes, &[7; 16]).unwrap().unwrap();
    assert_eq!(reference.len(), 16);
    assert_ne!(backend.reserve(&attributes, &[7; 16]).unwrap().unwrap(), reference);
    assert_eq!(backend.resolve(&reference, false), Ok(Presence::Absent));
    let created = backend.generate(&attributes, Naming { namespace: NAMESPACE, reference: &reference }).unwrap();
    assert_eq!(backend.resolve(&reference, false), Ok(Presence::Present));
    assert_eq!(backend.resolve(&reference, true), Ok(Presence::Present));
    assert_eq!(backend.resolve(&reference, true), Ok(Presence::Absent));
    assert_eq!(backend.destroy(&attributes, &created.context), Err(Error::DoesNotExist));
    parsec::cause::take();
}

#[test]
fn volatile_keys_end_when_the_backend_closes_and_persistent_ones_do_not() {
    let backend = backend("volatile");
    let (volatile, persistent) = (p256(Lifetime::VOLATILE), p256(Lifetime::PERSISTENT));
    let (first, second) = (generate(&backend, &volatile), generate(&backend, &persistent));
    sign(&backend, &volatile, &first, &[1; 32]).unwrap();
    backend.close();
    assert_eq!(sign(&backend, &volatile, &first, &[1; 32]), Err(Error::InvalidHandle));
    sign(&backend, &persistent, &second, &[1; 32]).unwrap();
    parsec::cause::take();
}

#[test]
fn random_numbers_come_from_the_token() {
    let backend = backend("keys");
    let mut output = [0; 5000];
    backend.random(&mut output).unwrap();
    assert!(output.chunks(64).all(|chunk| chunk.iter().any(|byte| *byte != 0)));
}
