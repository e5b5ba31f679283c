//! Unauthenticated ciphers (PSA 1.5, section 10.5).

use parsec::psa::{Algorithm, KeyType, Usage};

use super::{array, data, size};
use crate::measure::Row;
use crate::opponents::psa::Template;
use crate::opponents::{ENGINE, MBED_TLS, OPENSSL, Opponents, PARSEC, engine};

pub fn rows(opponents: Opponents) -> Result<Vec<Row>, String> {
    let (key, iv) = (data(16, 5), array::<16>(6));
    let usage = Usage(Usage::ENCRYPT.0 | Usage::DECRYPT.0);
    let import = |alg| opponents.import(&Template::volatile(KeyType::AES, 128, usage, alg), key);
    let (ctr, cbc) = (Algorithm::CTR, Algorithm::CBC_NO_PADDING);
    let ((parsec_ctr, mbed_tls_ctr), (parsec_cbc, mbed_tls_cbc)) = (import(ctr)?, import(cbc)?);
    let counter_mode = |length| {
        let input = data(length, 7);
        Row::new(format!("AES-128-CTR {}", size(length)))
            .side(PARSEC, opponents.parsec.cipher(parsec_ctr, ctr, true, iv, input))
            .side(ENGINE, engine::aes_ctr(key, iv, input))
            .side(MBED_TLS, opponents.mbed_tls.cipher(mbed_tls_ctr, ctr, true, iv, input))
            .side(OPENSSL, opponents.openssl.cipher(c"AES-128-CTR", key, true, iv, input))
    };
    let chaining = |length, encrypt| {
        let input = data(length, 8);
        Row::new(format!("AES-128-CBC {} {}", if encrypt { "encrypt" } else { "decrypt" }, size(length)))
            .side(PARSEC, opponents.parsec.cipher(parsec_cbc, cbc, encrypt, iv, input))
            .side(ENGINE, engine::aes_cbc(key, encrypt, iv, input))
            .side(MBED_TLS, opponents.mbed_tls.cipher(mbed_tls_cbc, cbc, encrypt, iv, input))
            .side(OPENSSL, opponents.openssl.cipher(c"AES-128-CBC", key, encrypt, iv, input))
    };
    Ok(vec![
        counter_mode(1 << 10),
        counter_mode(16 << 10),
        chaining(1 << 10, true),
        chaining(16 << 10, true),
        chaining(16 << 10, false),
    ])
}
