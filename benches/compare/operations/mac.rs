//! Message authentication codes (PSA 1.5, section 10.4).

use parsec::psa::{Algorithm, KeyType, Usage};

use super::{data, size};
use crate::measure::Row;
use crate::opponents::psa::Template;
use crate::opponents::{ENGINE, MBED_TLS, OPENSSL, Opponents, PARSEC, engine};

pub fn rows(opponents: Opponents) -> Result<Vec<Row>, String> {
    let alg = Algorithm::hmac(Algorithm::SHA_256);
    let key = data(32, 3);
    let template = Template::volatile(KeyType::HMAC, 256, Usage::SIGN_MESSAGE, alg);
    let (parsec, mbed_tls) = opponents.import(&template, key)?;
    let row = |length| {
        let input = data(length, 4);
        Row::new(format!("HMAC-SHA-256 {}", size(length)))
            .side(PARSEC, opponents.parsec.mac(parsec, alg, input))
            .side(ENGINE, engine::hmac_sha256(key, input))
            .side(MBED_TLS, opponents.mbed_tls.mac(mbed_tls, alg, input))
            .side(OPENSSL, opponents.openssl.hmac_sha256(key, input))
    };
    let mut rows: Vec<Row> = [64, 1 << 10, 16 << 10].map(row).into();
    rows.extend(cmac(opponents)?);
    Ok(rows)
}

fn cmac(opponents: Opponents) -> Result<[Row; 2], String> {
    let (alg, key) = (Algorithm::CMAC, data(16, 43));
    let template = Template::volatile(KeyType::AES, 128, Usage::SIGN_MESSAGE, alg);
    let (parsec, mbed_tls) = opponents.import(&template, key)?;
    Ok([64, 16 << 10].map(|length| {
        let input = data(length, 44);
        Row::new(format!("AES-128-CMAC {}", size(length)))
            .side(PARSEC, opponents.parsec.mac(parsec, alg, input))
            .side(ENGINE, engine::aes_cmac(key, input))
            .side(MBED_TLS, opponents.mbed_tls.mac(mbed_tls, alg, input))
            .side(OPENSSL, opponents.openssl.aes_cmac(key, input))
    }))
}
