//! Derivations with imported secrets, judged by published vectors.

use super::proxy::{HMAC, Proxy};
use super::swtpm::{Swtpm, backend};
use super::{attributes, with_usage};
use crate::backends::Backend;
use crate::cause;
use crate::config::Config;
use crate::core::key_derivation::vectors;
use crate::core::library::Library;
use crate::core::{key_derivation, keys};
use crate::engines::Function;
use crate::psa::{Algorithm, Attributes, DerivationStep, Error, KeyId, KeyType, Lifetime, Result, Usage};

const VOLATILE: Lifetime = Lifetime::new(0, 1);

/// What is given in steps, before the secret and after it.
type Inputs<'a> = [Vec<(DerivationStep, &'a [u8])>; 2];

/// A secret, what is derived from it, and with what.
struct Vector<'a> {
    key_type: KeyType,
    alg: Algorithm,
    secret: &'a [u8],
    inputs: Inputs<'a>,
    expected: &'a str,
}

/// The inputs of HKDF-Expand.
fn info(info: &[u8]) -> Inputs<'_> {
    [vec![], vec![(DerivationStep::INFO, info)]]
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn bytes(digits: &str) -> Vec<u8> {
    (0..digits.len()).step_by(2).map(|place| u8::from_str_radix(&digits[place..place + 2], 16).unwrap()).collect()
}

fn library(tpm: &Swtpm, port: u16) -> Library {
    let text = format!("[backends.tpm]\ntcti = 'swtpm:host=127.0.0.1,port={port}'\nlocation = 1\n");
    Library::new(Config::parse(&text, &tpm.path("parsec.toml")).unwrap()).unwrap()
}

fn deriving(key_type: KeyType, bits: usize, alg: Algorithm) -> Attributes {
    Attributes { lifetime: VOLATILE, ..with_usage(Usage::DERIVE, attributes(key_type, bits, alg)) }
}

/// Reads the output in pieces of this length.
fn derive(library: &Library, key: KeyId, vector: &Vector<'_>, piece: usize) -> Result<Vec<u8>> {
    let (mut operation, [before, after]) = (0, &vector.inputs);
    let mut output = vec![0; vector.expected.len() / 2];
    key_derivation::setup(library, &mut operation, vector.alg)?;
    if vector.alg.is_sp800_108_counter_hmac() {
        key_derivation::set_capacity(library, &mut operation, output.len())?;
    }
    for (step, data) in before {
        key_derivation::input_bytes(library, &mut operation, *step, data)?;
    }
    key_derivation::input_key(library, &mut operation, DerivationStep::SECRET, key)?;
    for (step, data) in after {
        key_derivation::input_bytes(library, &mut operation, *step, data)?;
    }
    for piece in output.chunks_mut(piece) {
        key_derivation::output_bytes(library, &mut operation, piece)?;
    }
    library.operations.abort(operation);
    Ok(output)
}

fn check(library: &Library, vector: &Vector<'_>) {
    let attributes = deriving(vector.key_type, 8 * vector.secret.len(), vector.alg);
    let key = keys::import(library, &attributes, vector.secret).unwrap_or_else(|_| panic!("{:?}", cause::take()));
    assert_eq!(library.key(key).unwrap().place_name(), "tpm");
    for piece in [7, 1000] {
        assert_eq!(hex(&derive(library, key, vector, piece).unwrap()), vector.expected, "{:x}", vector.alg.0);
    }
    keys::destroy(library, key).unwrap();
}

/// Derives what was published, with a secret in a key of each of these types.
fn check_published(
    published: &[vectors::Vector],
    key_types: &[KeyType],
    algorithm: fn(Algorithm) -> Algorithm,
    inputs: fn(&[u8]) -> Inputs<'_>,
) {
    let tpm = Swtpm::start();
    let library = library(&tpm, tpm.port);
    for vectors::Vector { hash, secret, data, output } in published {
        let (alg, secret, data) = (algorithm(*hash), bytes(secret), bytes(data));
        for &key_type in key_types {
            check(&library, &Vector { key_type, alg, secret: &secret, inputs: inputs(&data), expected: output });
        }
    }
}

#[test]
fn hkdf_expand() {
    check_published(&vectors::HKDF_EXPAND, &[KeyType::DERIVE], Algorithm::hkdf_expand, info);
}

#[test]
fn tls_12() {
    check_published(&vectors::TLS12_PRF, &[KeyType::DERIVE], Algorithm::tls12_prf, |seed| {
        [vec![(DerivationStep::SEED, seed)], vec![(DerivationStep::LABEL, vectors::TLS12_LABEL)]]
    });
}

#[test]
fn sp_800_108() {
    let key_types = [KeyType::DERIVE, KeyType::HMAC];
    check_published(&vectors::SP800_108_HMAC, &key_types, Algorithm::sp800_108_counter_hmac, |context| {
        [vec![], vec![(DerivationStep::LABEL, vectors::COUNTER_LABEL), (DerivationStep::CONTEXT, context)]]
    });
}

/// A secret that is longer than a block of the hash is hashed first, as a key for HMAC (RFC 2104, section 2).
#[test]
fn long_secrets() {
    let tpm = Swtpm::start();
    let library = library(&tpm, tpm.port);
    let secret = [7; 100];
    let vector = Vector {
        key_type: KeyType::DERIVE,
        alg: Algorithm::hkdf_expand(Algorithm::SHA_256),
        secret: &secret,
        inputs: info(b"info"),
        expected: &hex(&super::oracle::hmac("sha256", &secret, b"info\x01")),
    };
    check(&library, &vector);
}

/// One command for each block, and what is derived is readable on no bus.
#[test]
fn one_command_for_each_block() {
    let tpm = Swtpm::start();
    let proxy = Proxy::start(tpm.port);
    let library = library(&tpm, proxy.port);
    let published = &vectors::HKDF_EXPAND[0];
    let (secret, data) = (bytes(published.secret), bytes(published.data));
    let vector = Vector {
        key_type: KeyType::DERIVE,
        alg: Algorithm::hkdf_expand(published.hash),
        secret: &secret,
        inputs: info(&data),
        expected: published.output,
    };
    let key = keys::import(&library, &deriving(KeyType::DERIVE, 256, vector.alg), &secret).unwrap();
    derive(&library, key, &vector, 42).unwrap();
    proxy.reset();
    let derived = derive(&library, key, &vector, 42).unwrap();
    assert_eq!(proxy.commands(), [HMAC, HMAC]);
    for wanted in [&secret[..8], &derived[..8], &derived[32..]] {
        assert!(!proxy.has_seen(wanted));
    }
    // What one buffer does not hold is a sequence.
    let long = vec![0x5a; 3000];
    let vector = Vector { inputs: info(&long), ..vector };
    let derived = derive(&library, key, &vector, 42).unwrap();
    let expected = super::oracle::hmac("sha256", &secret, &[&long[..], &[1]].concat());
    assert_eq!(derived[..32], expected);
    assert!(!proxy.has_seen(&derived[..8]) && !proxy.has_seen(&derived[32..]));
}

/// Generated secrets derive, differently from each other; what a TPM cannot do is refused before the key is made.
#[test]
fn what_the_policy_may_say() {
    let tpm = Swtpm::start();
    let library = library(&tpm, tpm.port);
    let attributes = deriving(KeyType::DERIVE, 256, Algorithm::hkdf_expand(Algorithm::SHA_256));
    let vector = |alg| Vector {
        key_type: KeyType::DERIVE,
        alg,
        secret: b"",
        inputs: info(b"info"),
        expected: "0000000000000000000000000000000000000000",
    };
    let derived = [(); 2].map(|()| {
        let key = keys::generate(&library, &attributes, &[]).unwrap();
        derive(&library, key, &vector(attributes.algorithm), 20).unwrap()
    });
    assert_ne!(derived[0], derived[1]);
    // The secret is no key for the functions of MACs.
    let backend = backend(tpm.port);
    let hmac = Algorithm::hmac(Algorithm::SHA_256);
    assert!(!backend.supports(Function::Mac, KeyType::DERIVE, 256, hmac));
    for (key_type, alg, text) in [
        (KeyType::DERIVE, Algorithm::hkdf(Algorithm::SHA_256), "message"),
        (KeyType::DERIVE, Algorithm::hkdf_extract(Algorithm::SHA_256), "message"),
        (KeyType::DERIVE, Algorithm::hkdf_expand(Algorithm::SHA3_256), "does not compute"),
        (KeyType::DERIVE, Algorithm::tls12_psk_to_ms(Algorithm::SHA_256), "does not compute"),
        (KeyType::DERIVE, hmac, "does not compute"),
        (KeyType::DERIVE, Algorithm::pbkdf2_hmac(Algorithm::SHA_256), "iteration"),
        (KeyType::PASSWORD, Algorithm::pbkdf2_hmac(Algorithm::SHA_256), "does not hold"),
        (KeyType::HMAC, Algorithm::hkdf_expand(Algorithm::SHA_256), "does not compute"),
        (KeyType::AES, Algorithm::SP800_108_COUNTER_CMAC, "does not compute"),
    ] {
        for usage in [Usage::DERIVE, Usage::VERIFY_DERIVATION] {
            cause::clear();
            let attributes = Attributes { usage, ..deriving(key_type, 256, alg) };
            assert_eq!(keys::import(&library, &attributes, &[7; 32]), Err(Error::NotSupported), "{:x}", alg.0);
            let cause = cause::take().unwrap();
            assert!(cause.contains(text), "{cause}");
        }
    }
}
