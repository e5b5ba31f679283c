//! Key derivation (PSA 1.5, section 10.8).

use parsec::psa::{Algorithm, KeyType, Usage};

use super::{data, once};
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
    Ok(vec![row, pbkdf2(opponents)?])
}

fn pbkdf2(opponents: Opponents) -> Result<Row, String> {
    const COST: u32 = 1000;
    let (alg, password, salt) = (Algorithm::pbkdf2_hmac(Algorithm::SHA_256), data(16, 50), data(16, 51));
    let template = Template::volatile(KeyType::PASSWORD, 128, Usage::DERIVE, alg);
    let parsec = opponents.parsec.import(&template, password)?;
    // Not in every build of Mbed TLS.
    let mbed_tls = opponents.mbed_tls.import(&template, password).ok();
    let mbed_tls = mbed_tls.filter(|key| !once(opponents.mbed_tls.pbkdf2(*key, alg, salt, COST), 32).is_empty());
    Ok(Row::new("PBKDF2-SHA-256, 1000 rounds")
        .side(PARSEC, opponents.parsec.pbkdf2(parsec, alg, salt, COST))
        .side(ENGINE, engine::pbkdf2_sha256(password, salt, COST))
        .side_if(MBED_TLS, mbed_tls.map(|key| opponents.mbed_tls.pbkdf2(key, alg, salt, COST)))
        .side(OPENSSL, opponents.openssl.pbkdf2_sha256(password, salt, &COST)))
}
