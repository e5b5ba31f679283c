//! Asymmetric encryption (PSA 1.5, section 10.10).

use parsec::psa::{Algorithm, KeyType, Usage};

use super::data;
use super::signature::RSA_KEY;
use crate::measure::Row;
use crate::opponents::engine::RsaKey;
use crate::opponents::psa::Template;
use crate::opponents::{ENGINE, MBED_TLS, OPENSSL, Opponents, PARSEC};

pub fn rows(opponents: Opponents) -> Result<Vec<Row>, String> {
    let alg = Algorithm::rsa_oaep(Algorithm::SHA_256);
    let template = Template::volatile(KeyType::RSA_KEY_PAIR, 2048, Usage::DECRYPT, alg);
    let (parsec, mbed_tls) = opponents.import(&template, RSA_KEY)?;
    let (engine, openssl) = (RsaKey::new(RSA_KEY), opponents.openssl.key_pair(RSA_KEY));
    let ciphertext = Vec::leak(engine.encrypt(data(32, 17)));
    let row = Row::new("RSA-2048 OAEP decrypt")
        .side(PARSEC, opponents.parsec.asymmetric_decrypt(parsec, alg, ciphertext))
        .side(ENGINE, engine.decrypt(ciphertext))
        .side(MBED_TLS, opponents.mbed_tls.asymmetric_decrypt(mbed_tls, alg, ciphertext))
        .side(OPENSSL, opponents.openssl.decrypt_oaep(openssl, ciphertext));
    Ok(vec![row])
}
