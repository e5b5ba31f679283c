//! Keys that tpm2-tools made persistent.

use super::proxy::{Proxy, SIGN};
use super::swtpm::Swtpm;
use super::{oracle, p256};
use crate::cause;
use crate::config::Config;
use crate::core::library::Library;
use crate::core::{keys, signature};
use crate::psa::{Algorithm, Attributes, Error, KeyId, KeyType, Lifetime, Result, Usage};

const LABEL: &[u8] = b"0x81010001";
const HASH: [u8; 32] = [0x5a; 32];
/// Location 1, where the configuration puts the TPM.
const VOLATILE: Lifetime = Lifetime(0x100);

/// Makes a key with these options of tpm2_create persistent.
pub(super) fn provision(tpm: &Swtpm, options: &str) {
    tpm.tool("tpm2_createprimary -C o -c primary");
    tpm.tool(&format!("tpm2_create -C primary -u public -r private {options}"));
    tpm.tool("tpm2_flushcontext -t");
    tpm.tool("tpm2_load -C primary -u public -r private -c key");
    tpm.tool("tpm2_flushcontext -t");
    tpm.tool("tpm2_evictcontrol -C o -c key 0x81010001");
    tpm.tool("tpm2_flushcontext -t");
}

fn library(tpm: &Swtpm, port: u16) -> Library {
    let store = tpm.path("keys");
    let text = format!(
        "[store]\npath = \"{}\"\n[backends.tpm]\ntcti = \"swtpm:host=127.0.0.1,port={port}\"\nlocation = 1\n",
        store.display()
    );
    std::fs::create_dir_all(&store).unwrap();
    Library::new(Config::parse(&text, &tpm.path("parsec.toml")).unwrap()).unwrap()
}

/// What an application sets: the policy, and where the key is.
fn policy(algorithm: Algorithm) -> Attributes {
    Attributes { algorithm, usage: Usage::SIGN_HASH.union(Usage::COPY), lifetime: VOLATILE, ..Attributes::default() }
}

fn sign(library: &Library, key: KeyId) -> Result<Vec<u8>> {
    let mut signature = vec![0; 64];
    let length = signature::sign_hash(library, key, Algorithm::ECDSA_ANY, &HASH, &[], &mut signature)?;
    signature.truncate(length);
    Ok(signature)
}

fn assert_signs(library: &Library, key: KeyId) {
    let mut public = [0; 65];
    assert_eq!(keys::export_public(library, key, &mut public), Ok(65));
    assert!(oracle::ecdsa(&public, &HASH, &sign(library, key).unwrap()));
}

#[test]
fn an_attached_key_signs_and_stays_where_it_is() {
    let tpm = Swtpm::start();
    provision(&tpm, "-G ecc256");
    let proxy = Proxy::start(tpm.port);
    let library = library(&tpm, proxy.port);
    let key = keys::attach(&library, &policy(Algorithm::ECDSA_ANY), LABEL).unwrap();
    let attributes = keys::attributes(&library, key).unwrap();
    assert_eq!((attributes.key_type, attributes.bits), (p256().key_type, 256));
    assert_signs(&library, key);
    proxy.reset();
    sign(&library, key).unwrap();
    assert_eq!(proxy.commands(), [SIGN]);

    let persistent = Lifetime(Lifetime::PERSISTENT.0 | VOLATILE.0);
    let wanted = Attributes { lifetime: persistent, id: KeyId(7), ..policy(Algorithm::ECDSA_ANY) };
    let copied = keys::copy(&library, key, &wanted).unwrap();
    keys::destroy(&library, key).unwrap();
    assert_signs(&library, copied);
    keys::destroy(&library, copied).unwrap();
    assert_eq!(sign(&library, copied), Err(Error::InvalidHandle));
    assert!(tpm.tool("tpm2_getcap handles-persistent").contains("0x81010001"));
    assert_eq!(tpm.loaded(), 0);
}

#[test]
fn a_reference_outlives_the_process_and_knows_its_key() {
    let tpm = Swtpm::start();
    provision(&tpm, "-G ecc256");
    let first = library(&tpm, tpm.port);
    let attached = keys::attach(&first, &policy(Algorithm::ECDSA_ANY), LABEL).unwrap();
    let persistent = Lifetime(Lifetime::PERSISTENT.0 | VOLATILE.0);
    let wanted = Attributes { lifetime: persistent, id: KeyId(7), ..policy(Algorithm::ECDSA_ANY) };
    keys::copy(&first, attached, &wanted).unwrap();
    drop(first);
    let second = library(&tpm, tpm.port);
    assert_signs(&second, KeyId(7));
    drop(second);
    // Somebody puts another key into its place.
    tpm.tool("tpm2_evictcontrol -C o -c 0x81010001");
    let gone = library(&tpm, tpm.port);
    assert_eq!(sign(&gone, KeyId(7)), Err(Error::DataInvalid));
    drop(gone);
    provision(&tpm, "-G ecc256");
    assert_eq!(sign(&library(&tpm, tpm.port), KeyId(7)), Err(Error::DataInvalid));
}

#[test]
fn what_cannot_be_attached() {
    let tpm = Swtpm::start();
    provision(&tpm, "-G ecc256 -a fixedtpm|fixedparent|sensitivedataorigin|userwithauth|sign");
    let library = library(&tpm, tpm.port);
    let attach = |attributes: &Attributes, label: &[u8]| keys::attach(&library, attributes, label).err();
    let signing = policy(Algorithm::ECDSA_ANY);
    assert_eq!(attach(&signing, b"0x81010002"), Some(Error::DoesNotExist));
    for label in [&b""[..], b"81010001", b"0x80000000", b"0x81010001 ", b"\xff", b"0x181010001"] {
        assert_eq!(attach(&signing, label), Some(Error::InvalidArgument), "{label:?}");
    }
    let other = Attributes { key_type: KeyType::RSA_KEY_PAIR, ..signing };
    assert_eq!(attach(&other, LABEL), Some(Error::InvalidArgument));
    let agreeing = Attributes { usage: Usage::DERIVE, ..policy(Algorithm::ECDH) };
    assert_eq!(attach(&agreeing, LABEL), Some(Error::NotPermitted));
    let persistent = Attributes { lifetime: Lifetime::PERSISTENT, id: KeyId(7), ..signing };
    assert_eq!(attach(&persistent, LABEL), Some(Error::InvalidArgument));
    assert_eq!(attach(&signing, LABEL), None);
}

/// Every wrong value counts against the TPM's owner.
#[test]
fn a_key_with_a_password_is_tried_once_for_each_call() {
    let tpm = Swtpm::start();
    provision(&tpm, "-G ecc256 -p secret");
    let proxy = Proxy::start(tpm.port);
    let library = library(&tpm, proxy.port);
    let key = keys::attach(&library, &policy(Algorithm::ECDSA_ANY), LABEL).unwrap();
    for _ in 0..2 {
        proxy.reset();
        assert_eq!(sign(&library, key), Err(Error::NotPermitted));
        assert_eq!(proxy.commands().iter().filter(|command| **command == SIGN).count(), 1);
    }
}

/// ECDSA takes a digest as a number, so that a key that is for one hash signs those of other lengths too, as far as they fit.
#[test]
fn keys_with_a_scheme_sign_other_hashes() {
    for (algorithm, curve, lengths) in [
        ("ecc256:ecdsa-sha256", 65, &[20, 28, 32, 48, 64][..]),
        ("ecc256:ecdsa-sha384", 65, &[20, 32, 48, 64]),
        ("ecc384:ecdsa-sha256", 97, &[20, 32]),
    ] {
        let tpm = Swtpm::start();
        provision(&tpm, &format!("-G {algorithm}"));
        let library = library(&tpm, tpm.port);
        let key = keys::attach(&library, &policy(Algorithm::ECDSA_ANY), LABEL).unwrap();
        let mut public = vec![0; curve];
        keys::export_public(&library, key, &mut public).unwrap();
        let sign = |length: usize| {
            let (hash, mut signature) = (vec![0x5a; length], vec![0; curve - 1]);
            signature::sign_hash(&library, key, Algorithm::ECDSA_ANY, &hash, &[], &mut signature)?;
            Ok::<_, Error>(oracle::ecdsa(&public, &hash, &signature))
        };
        for length in lengths {
            assert_eq!(sign(*length), Ok(true), "{algorithm} {length}");
        }
        if curve == 97 {
            assert_eq!(sign(48), Err(Error::NotSupported));
        }
    }
}

/// What the TPM ties an RSA key to cannot be changed from outside.
#[test]
fn rsa_keys_with_a_scheme_sign_with_that_alone() {
    let tpm = Swtpm::start();
    provision(&tpm, "-G rsa2048:rsassa-sha256 -a fixedtpm|fixedparent|sensitivedataorigin|userwithauth|sign");
    let library = library(&tpm, tpm.port);
    let any = Algorithm::rsa_pkcs1v15_sign(Algorithm::ANY_HASH);
    let key = keys::attach(&library, &policy(any), LABEL).unwrap();
    let mut public = [0; 270];
    let length = keys::export_public(&library, key, &mut public).unwrap();
    for (hash, name, works) in
        [(Algorithm::SHA_256, "digest:sha256", true), (Algorithm::SHA_384, "digest:sha384", false)]
    {
        let (digest, mut signature) = (vec![0x5a; crate::psa::sizes::hash_length(hash)], [0; 256]);
        cause::clear();
        match signature::sign_hash(&library, key, Algorithm::rsa_pkcs1v15_sign(hash), &digest, &[], &mut signature) {
            Ok(_) => assert!(works && oracle::rsa(&public[..length], &digest, &signature, &[name])),
            Err(error) => {
                assert_eq!((works, error), (false, Error::NotSupported));
                assert!(cause::take().unwrap().contains("SCHEME"));
            }
        }
    }
}
