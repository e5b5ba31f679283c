//! Asymmetric signatures (PSA 1.5, section 10.9).

use std::time::Duration;

use parsec::psa::{Algorithm, EccFamily, KeyType, Usage};

use super::{array, data, once};
use crate::measure::Row;
use crate::opponents::engine::{self, Curve, EcKey, MlDsa65, RsaKey};
use crate::opponents::psa::Template;
use crate::opponents::{ENGINE, MBED_TLS, OPENSSL, Opponents, PARSEC};

/// An RSA key of 2048 bits for measuring only, as RSAPrivateKey.
pub const RSA_KEY: &[u8] = include_bytes!("../data/rsa2048.der");

const SIGN_AND_VERIFY: Usage = Usage(Usage::SIGN_HASH.0 | Usage::VERIFY_HASH.0);

pub fn rows(opponents: Opponents) -> Result<Vec<Row>, String> {
    let mut rows = Vec::new();
    rows.extend(ecdsa(opponents, "P-256", Curve::P256, 256)?);
    rows.extend(ecdsa(opponents, "P-384", Curve::P384, 384)?);
    rows.extend(ed25519(opponents)?);
    rows.extend(ed448(opponents)?);
    rows.extend(rsa(opponents)?);
    rows.extend(ml_dsa(opponents)?);
    Ok(rows)
}

fn ecdsa(opponents: Opponents, name: &str, curve: Curve, bits: usize) -> Result<[Row; 2], String> {
    let alg = Algorithm::ecdsa(Algorithm::SHA_256);
    let (scalar, hash) = (data(bits / 8, 12), data(32, 13));
    let key_type = KeyType::ecc_key_pair(EccFamily::SECP_R1);
    let (parsec, mbed_tls) = opponents.import(&Template::volatile(key_type, bits, SIGN_AND_VERIFY, alg), scalar)?;
    let engine = EcKey::new(curve, scalar);
    let openssl = opponents.openssl.key_pair(&engine.to_der());
    let signature = once(opponents.parsec.sign_hash(parsec, alg, hash), bits / 4);
    let der = Vec::leak(engine::to_der(signature));
    // PSA signatures are r and s, those of the others DER.
    let valid = move |answer: &[u8]| {
        engine.accepts(hash, answer) || answer.len() == bits / 4 && engine.accepts(hash, &engine::to_der(answer))
    };
    let signing = Row::new(format!("ECDSA {name} sign"))
        .side(PARSEC, opponents.parsec.sign_hash(parsec, alg, hash))
        .side(ENGINE, engine.sign(hash))
        .side(MBED_TLS, opponents.mbed_tls.sign_hash(mbed_tls, alg, hash))
        .side(OPENSSL, opponents.openssl.sign_hash(openssl, hash))
        .valid_if(valid);
    let verifying = Row::new(format!("ECDSA {name} verify"))
        .side(PARSEC, opponents.parsec.verify_hash(parsec, alg, hash, signature))
        .side(ENGINE, engine.verify(hash, der))
        .side(MBED_TLS, opponents.mbed_tls.verify_hash(mbed_tls, alg, hash, signature))
        .side(OPENSSL, opponents.openssl.verify_hash(openssl, hash, der));
    Ok([signing, verifying])
}

/// Mbed TLS has no Edwards curves.
fn ed25519(opponents: Opponents) -> Result<[Row; 2], String> {
    let alg = Algorithm::PURE_EDDSA;
    let (seed, message) = (array::<32>(14), data(256, 15));
    let key_type = KeyType::ecc_key_pair(EccFamily::TWISTED_EDWARDS);
    let usage = Usage(Usage::SIGN_MESSAGE.0 | Usage::VERIFY_MESSAGE.0);
    let parsec = opponents.parsec.import(&Template::volatile(key_type, 255, usage, alg), seed)?;
    let openssl = opponents.openssl.raw_key_pair(c"ED25519", seed);
    let signature = once(engine::ed25519_sign(seed, message), 64);
    let signing = Row::new("Ed25519 256 B sign")
        .side(PARSEC, opponents.parsec.sign_message(parsec, alg, message))
        .side(ENGINE, engine::ed25519_sign(seed, message))
        .side(OPENSSL, opponents.openssl.sign_message(openssl, message));
    let verifying = Row::new("Ed25519 256 B verify")
        .side(PARSEC, opponents.parsec.verify_message(parsec, alg, message, signature))
        .side(ENGINE, engine::ed25519_verify(seed, message, signature))
        .side(OPENSSL, opponents.openssl.verify_message(openssl, message, signature));
    Ok([signing, verifying])
}

/// aws-lc has no Ed448 either.
fn ed448(opponents: Opponents) -> Result<[Row; 2], String> {
    let alg = Algorithm::PURE_EDDSA;
    let (seed, message) = (data(57, 56), data(256, 15));
    let key_type = KeyType::ecc_key_pair(EccFamily::TWISTED_EDWARDS);
    let usage = Usage(Usage::SIGN_MESSAGE.0 | Usage::VERIFY_MESSAGE.0);
    let parsec = opponents.parsec.import(&Template::volatile(key_type, 448, usage, alg), seed)?;
    let openssl = opponents.openssl.raw_key_pair(c"ED448", seed);
    let signature = once(opponents.parsec.sign_message(parsec, alg, message), 114);
    let signing = Row::new("Ed448 256 B sign")
        .side(PARSEC, opponents.parsec.sign_message(parsec, alg, message))
        .side(OPENSSL, opponents.openssl.sign_message(openssl, message));
    let verifying = Row::new("Ed448 256 B verify")
        .side(PARSEC, opponents.parsec.verify_message(parsec, alg, message, signature))
        .side(OPENSSL, opponents.openssl.verify_message(openssl, message, signature));
    Ok([signing, verifying])
}

fn rsa(opponents: Opponents) -> Result<[Row; 2], String> {
    let alg = Algorithm::rsa_pkcs1v15_sign(Algorithm::SHA_256);
    let hash = data(32, 16);
    let template = Template::volatile(KeyType::RSA_KEY_PAIR, 2048, SIGN_AND_VERIFY, alg);
    let (parsec, mbed_tls) = opponents.import(&template, RSA_KEY)?;
    let (engine, openssl) = (RsaKey::new(RSA_KEY), opponents.openssl.key_pair(RSA_KEY));
    let signature = once(engine.sign(hash), 256);
    let signing = Row::new("RSA-2048 PKCS#1 sign")
        .side(PARSEC, opponents.parsec.sign_hash(parsec, alg, hash))
        .side(ENGINE, engine.sign(hash))
        .side(MBED_TLS, opponents.mbed_tls.sign_hash(mbed_tls, alg, hash))
        .side(OPENSSL, opponents.openssl.sign_hash(openssl, hash));
    let verifying = Row::new("RSA-2048 PKCS#1 verify")
        .side(PARSEC, opponents.parsec.verify_hash(parsec, alg, hash, signature))
        .side(ENGINE, engine.verify(hash, signature))
        .side(MBED_TLS, opponents.mbed_tls.verify_hash(mbed_tls, alg, hash, signature))
        .side(OPENSSL, opponents.openssl.verify_hash(openssl, hash, signature));
    Ok([signing, verifying])
}

/// Debian's OpenSSL and Mbed TLS have no ML-DSA: the engine is the only peer. No rows where the library that is measured
/// has none.
fn ml_dsa(opponents: Opponents) -> Result<Vec<Row>, String> {
    let (parsec, alg) = (opponents.parsec, Algorithm::ML_DSA);
    let usage = Usage(Usage::SIGN_MESSAGE.0 | Usage::VERIFY_MESSAGE.0);
    let template = Template::volatile(KeyType::ML_DSA_KEY_PAIR, 192, usage, alg);
    if !parsec.makes(&template) {
        return Ok(Vec::new());
    }
    let (seed, message) = (data(32, 41), data(256, 42));
    let (key, engine) = (parsec.import(&template, seed)?, MlDsa65::new(seed)?);
    let signature = once(engine.sign(message), MlDsa65::SIGNATURE);
    Ok(vec![
        // Every signature is another one, and takes another time.
        Row::new("ML-DSA-65 256 B sign")
            .side(PARSEC, parsec.sign_long(key, alg, message, MlDsa65::SIGNATURE))
            .side(ENGINE, engine.sign(message))
            .valid_if(move |answer| engine.accepts(message, answer))
            .batch(Duration::from_millis(5)),
        Row::new("ML-DSA-65 256 B verify")
            .side(PARSEC, parsec.verify_message(key, alg, message, signature))
            .side(ENGINE, engine.verify(message, signature)),
    ])
}
