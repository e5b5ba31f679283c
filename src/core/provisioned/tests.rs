use super::*;
use crate::core::device_tests::{Fixture, place};
use crate::core::{keys, signature};
use crate::engines::Engine;
use crate::engines::native::Native;
use crate::psa::{Algorithm, EccFamily, Usage};

const P256: KeyType = KeyType::ecc_key_pair(EccFamily::SECP_R1);
const ECDSA: Algorithm = Algorithm::ecdsa(Algorithm::SHA_256);

fn provisioned(id: u32, label: &str) -> ProvisionedKey {
    ProvisionedKey {
        id: KeyId(id),
        origin: "parsec.toml:7".into(),
        backend: "fake".into(),
        label: label.into(),
        usage: Usage::SIGN_HASH | Usage::VERIFY_HASH | Usage::COPY,
        algorithm: ECDSA,
    }
}

fn signing(id: u32) -> Attributes {
    Attributes {
        key_type: P256,
        bits: 256,
        lifetime: Lifetime::PERSISTENT,
        id: KeyId(id),
        usage: Usage::SIGN_HASH,
        algorithm: ECDSA,
    }
}

/// A device that somebody else has put a key into.
fn fixture() -> Fixture {
    let mut fixture = Fixture::new();
    fixture.shelf().objects.insert(b"theirs".to_vec(), Native.generate(P256, 256, &[]).unwrap());
    fixture.keys = vec![provisioned(7, "theirs"), provisioned(3, "missing")];
    fixture
}

#[test]
fn a_provisioned_key_is_used_like_any_other() {
    let fixture = fixture();
    let library = fixture.library();
    let mut made = [0; 64];
    assert_eq!(signature::sign_hash(&library, KeyId(7), ECDSA, &[1; 32], &[], &mut made), Ok(64));
    assert_eq!(signature::verify_hash(&library, KeyId(7), ECDSA, &[1; 32], &[], &made), Ok(()));
    assert_eq!(place(&library, KeyId(7)), "fake");
    let attributes = keys::attributes(&library, KeyId(7)).unwrap();
    assert_eq!((attributes.key_type, attributes.bits, attributes.id), (P256, 256, KeyId(7)));
    assert_eq!(attributes.lifetime, Lifetime::new(Lifetime::PERSISTENCE_READ_ONLY, 0x80_0001));
    assert!(attributes.usage.contains(Usage::SIGN_MESSAGE), "as PSA derives it from SIGN_HASH");

    assert_eq!(keys::destroy(&library, KeyId(7)), Err(Error::NotPermitted));
    assert_eq!(keys::purge(&library, KeyId(7)), Ok(()));
    assert_eq!(keys::generate(&library, &signing(7), &[]), Err(Error::AlreadyExists));
    assert_eq!(signature::sign_hash(&library, KeyId(7), ECDSA, &[1; 32], &[], &mut made), Ok(64));
    assert!(fixture.shelf().objects.contains_key(&b"theirs"[..]));

    // A copy under an identifier of one's own is a reference, and forgetting it leaves the key where it is.
    let explicit = Attributes { lifetime: Lifetime::new(1, 0x80_0001), usage: Usage::default(), ..signing(8) };
    assert_eq!(keys::copy(&library, KeyId(7), &explicit), Err(Error::NotSupported), "this device does not copy");
}

#[test]
fn what_is_missing_is_said_when_it_is_used() {
    let fixture = fixture();
    let library = fixture.library();
    let mut made = [0; 64];
    cause::clear();
    let status = signature::sign_hash(&library, KeyId(3), ECDSA, &[1; 32], &[], &mut made);
    assert_eq!(status, Err(Error::DoesNotExist));
    assert!(cause::take().unwrap().contains("key 0x00000003 of [[keys]], parsec.toml:7"));
    fixture.shelf().unplugged = true;
    assert_eq!(keys::attributes(&library, KeyId(7)).err(), Some(Error::CommunicationFailure));
    assert_eq!(keys::destroy(&library, KeyId(7)), Err(Error::NotPermitted), "without asking the device");
    assert_eq!(keys::generate(&library, &signing(7), &[]), Err(Error::AlreadyExists));
    fixture.shelf().unplugged = false;
    assert!(keys::attributes(&library, KeyId(7)).is_ok());
}

#[test]
fn lists_show_them_among_the_stored_ones() {
    let mut fixture = fixture();
    fixture.routes.persistent = "software".into();
    let library = fixture.library();
    for id in [1, 5, 9] {
        keys::generate(&library, &signing(id), &[]).unwrap();
    }
    fixture.shelf().unplugged = true;
    let mut seen = Vec::new();
    list_keys(&library, &mut |attributes, place| {
        seen.push((attributes.id.0, place.to_owned()));
        true
    })
    .unwrap();
    let seen: Vec<_> = seen.iter().map(|(id, place)| (*id, place.as_str())).collect();
    assert_eq!(seen, [(1, "software"), (3, "fake"), (5, "software"), (7, "fake"), (9, "software")]);
    let mut first = 0;
    list_keys(&library, &mut |_, _| {
        first += 1;
        first < 2
    })
    .unwrap();
    assert_eq!(first, 2);
}

#[test]
fn two_keys_under_one_identifier_are_not_mixed_up() {
    let mut fixture = fixture();
    let named = std::mem::take(&mut fixture.keys);
    fixture.routes.persistent = "software".into();
    keys::generate(&fixture.library(), &signing(7), &[]).unwrap();
    fixture.keys = named;
    let library = fixture.library();
    cause::clear();
    assert_eq!(keys::attributes(&library, KeyId(7)).err(), Some(Error::DataInvalid));
    assert!(cause::take().unwrap().contains("the key store has a key of this identifier too"));
    assert_eq!(keys::destroy(&library, KeyId(7)), Err(Error::NotPermitted));
}
