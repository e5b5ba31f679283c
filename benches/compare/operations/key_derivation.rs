//! Key derivation (PSA 1.5, section 10.8).

use parsec::psa::{Algorithm, KeyType, Usage};

use super::data;
use crate::measure::Row;
use crate::opponents::psa::Template;
use crate::opponents::{ENGINE, MBED_TLS, OPENSSL, Opponents, PARSEC, engine};

pub fn rows(opponents: Opponents) -> Result<Vec<Row>, String> {
    let alg = Algorithm::hkdf(Algorithm::SHA_256);
    let (secret, salt, info, length) = (data(32, 22), data(32, 23), data(16, 24), 32);
    let template = Template::volatile(KeyType::DERIVE, 256, Usage::DERIVE, alg);
    let (parsec, mbed_tls) = opponents.import(&template, secret)?;
    let row = Row::new("HKDF-SHA-256 32 B")
        .side(PARSEC, opponents.parsec.hkdf(parsec, alg, salt, info, length))
        .side(ENGINE, engine::hkdf_sha256(secret, salt, info, length))
        .side(MBED_TLS, opponents.mbed_tls.hkdf(mbed_tls, alg, salt, info, length))
        .side(OPENSSL, opponents.openssl.hkdf_sha256(secret, salt, info, length));
    Ok(vec![row])
}
