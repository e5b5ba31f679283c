//! Derivations with imported secrets, judged by published vectors.

use super::proxy::{HMAC, Proxy};
use super::swtpm::{Swtpm, backend};
use super::{attributes, with_usage};
use crate::backends::Backend;
use crate::cause;
use crate::config::Config;
use crate::core::library::Library;
use crate::core::{key_derivation, keys};
use crate::engines::Function;
use crate::psa::{Algorithm, Attributes, DerivationStep, Error, KeyId, KeyType, Lifetime, Result, Usage};

const VOLATILE: Lifetime = Lifetime::new(0, 1);

/// A secret, what is derived from it, and with what.
struct Vector<'a> {
    key_type: KeyType,
    alg: Algorithm,
    secret: &'a [u8],
    /// What comes before the secret, and after it.
    inputs: [&'a [(DerivationStep, &'a [u8])]; 2],
    expected: &'a str,
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
    let (mut operation, [before, after]) = (0, vector.inputs);
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

/// RFC 5869, appendix A.1 to A.4.
#[test]
fn hkdf_expand() {
    let tpm = Swtpm::start();
    let library = library(&tpm, tpm.port);
    for (hash, secret, info, expected) in [
        (
            Algorithm::SHA_256,
            "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5",
            "f0f1f2f3f4f5f6f7f8f9".to_owned(),
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
        ),
        (
            Algorithm::SHA_256,
            "06a6b88c5853361a06104c9ceb35b45cef760014904671014a193f40c15fc244",
            (0xb0..=0xff).map(|byte| format!("{byte:02x}")).collect(),
            "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09da327560\
             0c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87",
        ),
        (
            Algorithm::SHA_256,
            "19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04",
            String::new(),
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
        ),
        (
            Algorithm::SHA_1,
            "9b6c18c432a7bf8f0e71c8eb88f4b30baa2ba243",
            "f0f1f2f3f4f5f6f7f8f9".to_owned(),
            "085a01ea1b10f36933068b56efa5ad81a4f14b822f5b091568a9cdd4f155fda2c22e422478d305f3f896",
        ),
    ] {
        let (alg, inputs) = (Algorithm::hkdf_expand(hash), bytes(&info));
        let inputs: [&[(_, &[u8])]; 2] = [&[], &[(DerivationStep::INFO, &inputs)]];
        let secret = bytes(secret);
        check(&library, &Vector { key_type: KeyType::DERIVE, alg, secret: &secret, inputs, expected });
    }
}

/// A secret that is longer than a block of the hash is hashed first, as a key for HMAC (RFC 2104, section 2).
#[test]
fn long_secrets() {
    let tpm = Swtpm::start();
    let library = library(&tpm, tpm.port);
    let (secret, info) = ([7; 100], b"info\x01");
    let vector = Vector {
        key_type: KeyType::DERIVE,
        alg: Algorithm::hkdf_expand(Algorithm::SHA_256),
        secret: &secret,
        inputs: [&[], &[(DerivationStep::INFO, b"info")]],
        expected: &hex(&super::oracle::hmac("sha256", &secret, info)),
    };
    check(&library, &vector);
}

/// The vectors that the TLS working group's mailing list agreed on in 2009.
#[test]
fn tls_12() {
    let tpm = Swtpm::start();
    let library = library(&tpm, tpm.port);
    for (hash, secret, seed, expected) in [
        (
            Algorithm::SHA_256,
            "9bbe436ba940f017b17652849a71db35",
            "a0ba9f936cda311827a6f796ffd5198c",
            "e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a6b301791e90d35c9c9a46b4e14baf9af0fa0\
             22f7077def17abfd3797c0564bab4fbc91666e9def9b97fce34f796789baa48082d122ee42c5a72e5a5110fff70187347b66",
        ),
        (
            Algorithm::SHA_384,
            "b80b733d6ceefcdc71566ea48e5567df",
            "cd665cf6a8447dd6ff8b27555edb7465",
            "7b0c18e9ced410ed1804f2cfa34a336a1c14dffb4900bb5fd7942107e81c83cde9ca0faa60be9fe34f82b1233c9146a0e534\
             cb400fed2700884f9dc236f80edd8bfa961144c9e8d792eca722a7b32fc3d416d473ebc2c5fd4abfdad05d9184259b5bf8cd\
             4d90fa0d31e2dec479e4f1a26066f2eea9a69236a3e52655c9e9aee691c8f3a26854308d5eaa3be85e0990703d73e56f",
        ),
    ] {
        let (alg, seed, secret) = (Algorithm::tls12_prf(hash), bytes(seed), bytes(secret));
        let inputs: [&[(_, &[u8])]; 2] = [&[(DerivationStep::SEED, &seed)], &[(DerivationStep::LABEL, b"test label")]];
        check(&library, &Vector { key_type: KeyType::DERIVE, alg, secret: &secret, inputs, expected });
    }
}

/// `openssl kdf KBKDF` 3.0.
#[test]
fn sp_800_108() {
    let tpm = Swtpm::start();
    let library = library(&tpm, tpm.port);
    let secret: Vec<u8> = (0..32).collect();
    let after: &[(_, &[u8])] = &[(DerivationStep::LABEL, b"the label"), (DerivationStep::CONTEXT, b"the context")];
    for (hash, expected) in [
        (
            Algorithm::SHA_256,
            "6d5ca691e5cb36409147734fbecefca16de75713088631b8d4aa5df6dda145cb5ec3a8965f605f6dc206731d391dc46f3883\
             0cda2da5123ebaf7230f34e03d65de6f6ba0a62663524a8611d10ae827dc016313a389fb9a78c7d8348859acc7431983c956",
        ),
        (
            Algorithm::SHA_512,
            "719dfca181dd3d10e2caad6b75ea935b2816a41c7073b31893d31c5c37e8c0033c94f01ed03d510cff33006d1d1c2884d645\
             ed2c4782052015b77565d3636b8816d76277401e39a9497791fa12d0349e810ed56c30f91793af7a67e87b4fa8b7108a7414",
        ),
    ] {
        for key_type in [KeyType::DERIVE, KeyType::HMAC] {
            let alg = Algorithm::sp800_108_counter_hmac(hash);
            check(&library, &Vector { key_type, alg, secret: &secret, inputs: [&[], after], expected });
        }
    }
}

/// One command for each block, and what is derived is readable on no bus.
#[test]
fn one_command_for_each_block() {
    let tpm = Swtpm::start();
    let proxy = Proxy::start(tpm.port);
    let library = library(&tpm, proxy.port);
    let secret = bytes("077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5");
    let info = bytes("f0f1f2f3f4f5f6f7f8f9");
    let vector = Vector {
        key_type: KeyType::DERIVE,
        alg: Algorithm::hkdf_expand(Algorithm::SHA_256),
        secret: &secret,
        inputs: [&[], &[(DerivationStep::INFO, &info)]],
        expected: "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
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
    let info = vec![0x5a; 3000];
    let vector = Vector { inputs: [&[], &[(DerivationStep::INFO, &info)]], ..vector };
    let derived = derive(&library, key, &vector, 42).unwrap();
    let expected = super::oracle::hmac("sha256", &secret, &[&info[..], &[1]].concat());
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
        inputs: [&[], &[(DerivationStep::INFO, b"info")]],
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
