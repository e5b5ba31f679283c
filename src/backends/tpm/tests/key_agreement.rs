//! Agreement with keys of OpenSSL.

use super::oracle;
use super::proxy::{ECDH_ZGEN, Proxy};
use super::swtpm::{Swtpm, backend};
use super::{attributes, generate, with_usage};
use crate::backends::Backend;
use crate::engines::Function;
use crate::psa::{Algorithm, Attributes, EccFamily, Error, KeyType, Usage};

fn agreeing(bits: usize) -> Attributes {
    with_usage(Usage::DERIVE, attributes(KeyType::ecc_key_pair(EccFamily::SECP_R1), bits, Algorithm::ECDH))
}

#[test]
fn both_sides_find_the_same_secret_with_one_command() {
    let tpm = Swtpm::start();
    let proxy = Proxy::start(tpm.port);
    let backend = backend(proxy.port);
    for bits in [256, 384] {
        let attributes = agreeing(bits);
        assert_eq!(backend.accepts(&attributes, false), Ok(()));
        let created = generate(&backend, &attributes);
        let key = backend.open(&attributes, &created.context).unwrap();
        let (point, secret) = oracle::agree(&created.public_key);
        let agree = || key.key_agreement().unwrap().agree(Algorithm::ECDH, &point).unwrap();
        assert_eq!(*agree(), secret);
        proxy.reset();
        assert_eq!(*agree(), secret);
        assert_eq!(proxy.commands(), [ECDH_ZGEN]);
    }
}

#[test]
fn points_that_are_none_are_refused() {
    let tpm = Swtpm::start();
    let backend = backend(tpm.port);
    let created = generate(&backend, &agreeing(256));
    let key = backend.open(&agreeing(256), &created.context).unwrap();
    let (point, secret) = oracle::agree(&created.public_key);
    let agree = |peer: &[u8]| key.key_agreement().unwrap().agree(Algorithm::ECDH, peer);
    let mut beside = point.clone();
    beside[64] ^= 1;
    let mut compressed = point[..33].to_vec();
    compressed[0] = 2;
    for peer in [&beside, &compressed, &point[1..].to_vec(), &vec![], &[&[4][..], &[0; 64]].concat()] {
        assert_eq!(agree(peer), Err(Error::InvalidArgument), "{peer:?}");
    }
    assert_eq!(*agree(&point).unwrap(), secret);
}

#[test]
fn derivations_from_the_secret_are_in_the_policy() {
    let tpm = Swtpm::start();
    let backend = backend(tpm.port);
    let mut attributes = agreeing(256);
    attributes.algorithm = Algorithm::key_agreement(Algorithm::ECDH, Algorithm::hkdf(Algorithm::SHA_256));
    assert_eq!(backend.accepts(&attributes, false), Ok(()));
    attributes.algorithm = Algorithm::FFDH;
    assert_eq!(backend.accepts(&attributes, false), Err(Error::NotSupported));
}

/// Key encapsulation is built from it: OpenSSL is the ephemeral side.
#[test]
fn a_key_for_encapsulation_agrees() {
    let tpm = Swtpm::start();
    let backend = backend(tpm.port);
    let receiving = attributes(KeyType::ecc_key_pair(EccFamily::SECP_R1), 256, Algorithm::ECIES_SEC1);
    let receiving = with_usage(Usage::DECRYPT, receiving);
    assert_eq!(backend.accepts(&receiving, false), Ok(()));
    let created = generate(&backend, &receiving);
    let (point, secret) = oracle::agree(&created.public_key);
    let key = backend.open(&receiving, &created.context).unwrap();
    assert_eq!(*key.key_agreement().unwrap().agree(Algorithm::ECDH, &point).unwrap(), secret);
    for (key_type, bits, works) in [(receiving.key_type, 256, true), (KeyType::RSA_KEY_PAIR, 2048, false)] {
        assert_eq!(backend.supports(Function::KeyEncapsulation, key_type, bits, Algorithm::ECIES_SEC1), works);
    }
}
