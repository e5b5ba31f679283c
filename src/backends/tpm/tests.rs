//! Against swtpm, judged by OpenSSL and tpm2-tools.

mod adoption;
mod asymmetric_encryption;
mod bus;
mod cipher;
mod codes;
mod faults;
mod import;
mod interruptions;
mod key_agreement;
mod key_derivation;
mod lifecycle;
mod mac;
mod oracle;
mod proxy;
mod registers;
mod resource_manager;
mod seal;
mod signatures;
mod statuses;
mod swtpm;
mod ways;

use super::TpmBackend;
use crate::backends::{Backend, Created, Naming};
use crate::cause;
use crate::psa::{Algorithm, Attributes, EccFamily, KeyType, Lifetime, Result, Usage};

const NAMING: Naming<'static> = Naming { namespace: "default", reference: &[] };

fn attributes(key_type: KeyType, bits: usize, algorithm: Algorithm) -> Attributes {
    Attributes {
        key_type,
        bits,
        algorithm,
        lifetime: Lifetime::PERSISTENT,
        usage: Usage::SIGN_HASH.union(Usage::VERIFY_HASH),
        ..Attributes::default()
    }
}

fn p256() -> Attributes {
    attributes(KeyType::ecc_key_pair(EccFamily::SECP_R1), 256, Algorithm::ECDSA_ANY)
}

fn rsa(algorithm: Algorithm) -> Attributes {
    attributes(KeyType::RSA_KEY_PAIR, 2048, algorithm)
}

/// The same key for another use.
fn with_usage(usage: Usage, attributes: Attributes) -> Attributes {
    Attributes { usage, ..attributes }
}

fn generate(backend: &TpmBackend, attributes: &Attributes) -> Created {
    cause::clear();
    backend.generate(attributes, NAMING).unwrap_or_else(|error| panic!("{error:?}: {:?}", cause::take()))
}

/// Opens the key and signs.
fn sign(backend: &TpmBackend, attributes: &Attributes, created: &Created, hash: &[u8]) -> Result<Vec<u8>> {
    sign_with(backend, attributes, created, attributes.algorithm, hash)
}

fn sign_with(
    backend: &TpmBackend,
    attributes: &Attributes,
    created: &Created,
    algorithm: Algorithm,
    hash: &[u8],
) -> Result<Vec<u8>> {
    let key = backend.open(attributes, &created.context)?;
    let mut signature = vec![0; 512];
    let length = key.signature().unwrap().sign_hash(algorithm, hash, &[], &mut signature)?;
    signature.truncate(length);
    Ok(signature)
}

/// Signs and asks OpenSSL about it.
fn assert_signs(backend: &TpmBackend, attributes: &Attributes, created: &Created) {
    let hash: Vec<u8> = (1..=32).collect();
    cause::clear();
    let signature =
        sign(backend, attributes, created, &hash).unwrap_or_else(|error| panic!("{error:?}: {:?}", cause::take()));
    assert!(oracle::ecdsa(&created.public_key, &hash, &signature));
}
