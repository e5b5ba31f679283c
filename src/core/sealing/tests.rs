//! Sealed keys and a protected store, on a device made for it.

use crate::cause;
use crate::config::{Fallback, Protect};
use crate::core::device_tests::{Fixture, place};
use crate::core::{keys, mac, signature};
use crate::psa::{Algorithm, Attributes, EccFamily, Error, KeyId, KeyType, Lifetime, Usage};

const HMAC: Algorithm = Algorithm::hmac(Algorithm::SHA_256);
const KEY: &[u8] = b"a key for HMAC, of 32 bytes here";

fn sealing() -> Fixture {
    let mut fixture = Fixture::new();
    fixture.routes.fallback = Some(Fallback::Seal);
    fixture.shelf().seals = true;
    fixture
}

/// The device holds P-256 keys only.
fn hmac(id: u32, more: Usage) -> Attributes {
    Attributes {
        key_type: KeyType::HMAC,
        bits: 0,
        lifetime: if id == 0 { Lifetime::VOLATILE } else { Lifetime::PERSISTENT },
        id: KeyId(id),
        usage: Usage::SIGN_MESSAGE | more,
        algorithm: HMAC,
    }
}

#[test]
fn what_the_device_cannot_hold_is_sealed_and_unsealed_for_each_use() {
    let fixture = sealing();
    let library = fixture.library();
    let key = keys::import(&library, &hmac(1, Usage::default()), KEY).unwrap();
    assert_eq!(place(&library, key), "sealed:fake");
    assert_eq!(keys::attributes(&library, key).unwrap().lifetime, Lifetime::PERSISTENT);

    let other = fixture.library();
    let mut made = [0; 32];
    for _ in 0..3 {
        mac::compute(&other, key, HMAC, b"what do ya want for nothing?", &mut made).unwrap();
    }
    let mut expected = [0; 32];
    let volatile = keys::import(&library, &hmac(0, Usage::default()), KEY).unwrap();
    assert_eq!(place(&library, volatile), "software", "volatile keys are not routed to the device");
    mac::compute(&library, volatile, HMAC, b"what do ya want for nothing?", &mut expected).unwrap();
    assert_eq!(made, expected);
    assert_eq!(fixture.counts(), (1, 3));

    fixture.shelf().unplugged = true;
    cause::clear();
    let status = mac::compute(&other, key, HMAC, b"", &mut made);
    assert_eq!(status.err(), Some(Error::CommunicationFailure));
    assert!(cause::take().unwrap().contains("sealed by the backend fake"));
    assert_eq!(keys::destroy(&other, key), Ok(()), "destroying takes no device");
    assert_eq!(keys::attributes(&library, key).err(), Some(Error::InvalidHandle));
}

#[test]
fn with_cache_it_is_unsealed_once() {
    let fixture = sealing();
    let library = fixture.library();
    let key = keys::import(&library, &hmac(1, Usage::CACHE), KEY).unwrap();
    let mut made = [0; 32];
    for _ in 0..3 {
        mac::compute(&library, key, HMAC, b"x", &mut made).unwrap();
    }
    assert_eq!(fixture.shelf().unsealed, 1);
    keys::purge(&library, key).unwrap();
    mac::compute(&library, key, HMAC, b"x", &mut made).unwrap();
    assert_eq!(fixture.shelf().unsealed, 2);
}

#[test]
fn its_public_part_takes_no_device() {
    let fixture = sealing();
    let library = fixture.library();
    let attributes = Attributes {
        key_type: KeyType::ecc_key_pair(EccFamily::TWISTED_EDWARDS),
        bits: 255,
        usage: Usage::SIGN_MESSAGE | Usage::VERIFY_MESSAGE,
        algorithm: Algorithm::PURE_EDDSA,
        ..hmac(1, Usage::default())
    };
    let key = keys::generate(&library, &attributes, &[]).unwrap();
    let mut signature = [0; 64];
    signature::sign_message(&library, key, Algorithm::PURE_EDDSA, b"m", &[], &mut signature).unwrap();
    fixture.shelf().unplugged = true;
    let other = fixture.library();
    let verified = signature::verify_message(&other, key, Algorithm::PURE_EDDSA, b"m", &[], &signature);
    assert_eq!(verified, Ok(()));
    assert_eq!(keys::export_public(&other, key, &mut [0; 32]), Ok(32));
}

#[test]
fn sealing_is_decided_from_capabilities_and_never_from_a_failure() {
    let fixture = sealing();
    let library = fixture.library();
    let import = |attributes: &Attributes| keys::import(&library, attributes, KEY);
    let explicit = Attributes { lifetime: Lifetime::new(1, 0x80_0001), ..hmac(1, Usage::default()) };
    assert_eq!(import(&explicit), Err(Error::NotSupported), "never for an explicit location");
    fixture.shelf().seals = false;
    assert_eq!(import(&hmac(1, Usage::default())), Err(Error::NotSupported), "never in software instead");
    fixture.shelf().seals = true;
    fixture.shelf().unplugged = true;
    assert_eq!(import(&hmac(1, Usage::default())), Err(Error::CommunicationFailure));
    fixture.shelf().unplugged = false;
    assert_eq!(import(&hmac(1, Usage::default())), Ok(KeyId(1)));
}

#[test]
fn a_volatile_key_can_be_sealed_too() {
    let mut fixture = sealing();
    fixture.routes.volatile = "fake".into();
    let library = fixture.library();
    let key = keys::import(&library, &hmac(0, Usage::CACHE), KEY).unwrap();
    assert_eq!(place(&library, key), "sealed:fake");
    let mut made = [0; 32];
    for _ in 0..2 {
        mac::compute(&library, key, HMAC, b"x", &mut made).unwrap();
    }
    assert_eq!(fixture.shelf().unsealed, 2);
}

#[test]
fn the_seal_is_a_boundary_for_copies() {
    let mut fixture = sealing();
    let library = fixture.library();
    let key = keys::import(&library, &hmac(1, Usage::COPY), KEY).unwrap();
    assert_eq!(keys::copy(&library, key, &hmac(0, Usage::COPY)), Err(Error::NotPermitted), "leaving takes EXPORT");
    let copy = keys::copy(&library, key, &hmac(2, Usage::COPY)).unwrap();
    assert_eq!(place(&library, copy), "sealed:fake");
    let (mut ours, mut theirs) = ([0; 32], [1; 32]);
    mac::compute(&library, key, HMAC, b"x", &mut ours).unwrap();
    mac::compute(&library, copy, HMAC, b"x", &mut theirs).unwrap();
    assert_eq!(ours, theirs);
    assert_eq!(keys::export(&library, key, &mut [0; 64]), Err(Error::NotPermitted));
    let exportable = keys::import(&library, &hmac(3, Usage::EXPORT), KEY).unwrap();
    let mut exported = [0; 64];
    assert_eq!(keys::export(&library, exportable, &mut exported), Ok(32));
    assert_eq!(&exported[..32], KEY);
    fixture.routes.fallback = None;
    assert_eq!(place(&fixture.library(), key), "sealed:fake", "whatever the configuration says by now");
}

#[test]
fn a_sealed_key_is_bound_to_its_row() {
    let fixture = sealing();
    let library = fixture.library();
    for id in [1, 2] {
        keys::import(&library, &hmac(id, Usage::default()), KEY).unwrap();
    }
    let database = rusqlite::Connection::open(fixture.directory.path().join("keys/keys.db")).unwrap();
    database.execute("UPDATE keys SET context = (SELECT context FROM keys WHERE id = 2) WHERE id = 1", []).unwrap();
    let mut made = [0; 32];
    assert_eq!(mac::compute(&library, KeyId(1), HMAC, b"x", &mut made).err(), Some(Error::DataCorrupt));
    assert!(mac::compute(&library, KeyId(2), HMAC, b"x", &mut made).is_ok());
    database.execute("UPDATE keys SET context = x'0001' WHERE id = 2", []).unwrap();
    keys::purge(&library, KeyId(2)).unwrap();
    assert_eq!(mac::compute(&library, KeyId(2), HMAC, b"x", &mut made).err(), Some(Error::DataCorrupt));
}

#[test]
fn a_device_that_protects_the_store_is_needed_for_its_keys_only() {
    let mut fixture = Fixture::new();
    fixture.shelf().seals = true;
    fixture.routes.persistent = "software".into();
    fixture.protect = Some(Protect::Backend("fake".into()));
    let library = fixture.library();
    let key = keys::import(&library, &hmac(1, Usage::default()), KEY).unwrap();
    assert_eq!(place(&library, key), "software");
    library.release();

    let library = fixture.library();
    fixture.shelf().unplugged = true;
    let volatile = keys::import(&library, &hmac(0, Usage::default()), KEY).unwrap();
    assert!(mac::compute(&library, volatile, HMAC, b"x", &mut [0; 32]).is_ok());
    assert_eq!(mac::compute(&library, key, HMAC, b"x", &mut [0; 32]).err(), Some(Error::CommunicationFailure));
    assert_eq!(library.store.keys().count(), 1);
    assert_eq!(keys::destroy(&library, KeyId(2)), Err(Error::InvalidHandle));
    assert_eq!(keys::destroy(&library, key), Ok(()), "the row is all there is of it");
    assert_eq!(library.store.keys().count(), 0);
}

/// A token: it has no sealing of its own, but holds keys for AES-GCM.
#[test]
fn a_device_that_only_encrypts_seals_with_a_key_made_for_that() {
    let mut fixture = sealing();
    fixture.shelf().seals = false;
    assert_eq!(keys::import(&fixture.library(), &hmac(1, Usage::default()), KEY), Err(Error::NotSupported));
    fixture.shelf().encrypts = true;
    let library = fixture.library();
    for id in 1..4 {
        keys::import(&library, &hmac(id, Usage::default()), KEY).unwrap();
    }
    assert_eq!(fixture.shelf().objects.len(), 1, "one key for all");
    fixture.protect = Some(Protect::Backend("fake".into()));
    let other = fixture.library();
    let mut made = [0; 32];
    for id in 1..4 {
        mac::compute(&other, KeyId(id), HMAC, b"x", &mut made).unwrap();
    }
    keys::import(&other, &hmac(4, Usage::default()), KEY).unwrap();
    assert_eq!(fixture.shelf().objects.len(), 2, "the key of the store has its own");
    // Another token in its place: what is sealed is lost, what is new is not.
    fixture.shelf().objects.clear();
    assert_eq!(mac::compute(&other, KeyId(1), HMAC, b"x", &mut made).err(), Some(Error::DataInvalid));
    keys::import(&other, &hmac(5, Usage::default()), KEY).unwrap();
    assert!(mac::compute(&other, KeyId(5), HMAC, b"x", &mut made).is_ok());
}
