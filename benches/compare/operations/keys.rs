//! Making and destroying keys (PSA 1.5, section 9.9).

use parsec::psa::{Algorithm, EccFamily, KeyType, Usage};

use super::data;
use crate::measure::Row;
use crate::opponents::psa::Template;
use crate::opponents::{ENGINE, MBED_TLS, OPENSSL, Opponents, PARSEC, engine};

pub fn rows(opponents: Opponents) -> Result<Vec<Row>, String> {
    let aes = Template::volatile(KeyType::AES, 128, Usage::ENCRYPT, Algorithm::GCM);
    let alg = Algorithm::ecdsa(Algorithm::SHA_256);
    let p256 = Template::volatile(KeyType::ecc_key_pair(EccFamily::SECP_R1), 256, Usage::SIGN_HASH, alg);
    Ok(vec![
        Row::new("AES-128 generate and destroy")
            .side(PARSEC, opponents.parsec.generate_and_destroy(aes))
            .side("random bytes", engine_random())
            .side(MBED_TLS, opponents.mbed_tls.generate_and_destroy(aes)),
        Row::new("AES-128 import and destroy")
            .side(PARSEC, opponents.parsec.import_and_destroy(aes, data(16, 25)))
            .side(MBED_TLS, opponents.mbed_tls.import_and_destroy(aes, data(16, 25))),
        Row::new("P-256 import and destroy")
            .side(PARSEC, opponents.parsec.import_and_destroy(p256, data(32, 38)))
            .side(MBED_TLS, opponents.mbed_tls.import_and_destroy(p256, data(32, 38))),
        Row::new("P-256 generate and destroy")
            .side(PARSEC, opponents.parsec.generate_and_destroy(p256))
            .side(ENGINE, engine::generate_p256())
            .side(MBED_TLS, opponents.mbed_tls.generate_and_destroy(p256))
            .side(OPENSSL, opponents.openssl.generate_p256()),
        wrap(opponents)?,
    ])
}

/// Mbed TLS has key wrapping, but not through the PSA API.
fn wrap(opponents: Opponents) -> Result<Row, String> {
    let (parsec, alg) = (opponents.parsec, Algorithm::KW);
    let (key, secret) = (data(16, 52), data(32, 53));
    let wrapping = parsec.import(&Template::volatile(KeyType::AES, 128, Usage::WRAP, alg), key)?;
    let wrapped = Template::volatile(KeyType::AES, 256, Usage::EXPORT, Algorithm::NONE);
    let wrapped = parsec.import(&wrapped, secret)?;
    Ok(Row::new("AES-128-KW, wrap 32 bytes")
        .side(PARSEC, parsec.wrap(wrapping, alg, wrapped)?)
        .side(ENGINE, engine::wrap(key, secret))
        .side(OPENSSL, opponents.openssl.wrap(key, secret)))
}

/// The random bytes that an AES key needs.
fn engine_random() -> impl crate::measure::Work {
    let mut random = engine::random(16);
    move |answer| {
        random(answer);
        crate::opponents::psa::done(answer)
    }
}
