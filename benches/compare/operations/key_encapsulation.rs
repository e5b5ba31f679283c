//! Key encapsulation (PSA 1.5, section 10.12).

use parsec::psa::{Algorithm, KeyType, Usage};

use super::data;
use crate::measure::Row;
use crate::opponents::engine::MlKem768;
use crate::opponents::psa::Template;
use crate::opponents::{ENGINE, Opponents, PARSEC};

/// Debian's OpenSSL and Mbed TLS have no ML-KEM: the engine is the only peer. Ours also makes a key of the secret and
/// destroys it.
pub fn rows(opponents: Opponents) -> Result<Vec<Row>, String> {
    let (parsec, alg, seed) = (opponents.parsec, Algorithm::ML_KEM, data(64, 40));
    let template = Template::volatile(KeyType::ML_KEM_KEY_PAIR, 768, Usage::DECRYPT | Usage::ENCRYPT, alg);
    let secret = Template::volatile(KeyType::DERIVE, 256, Usage::EXPORT, Algorithm::NONE);
    let (key, engine) = (parsec.import(&template, seed)?, MlKem768::new(seed)?);
    let ciphertext = super::once(engine.encapsulate(), MlKem768::CIPHERTEXT);
    let of_engine = super::once(engine.decapsulate(ciphertext), 32);
    // Whoever made a ciphertext, both find the same secret in it.
    let of_parsec = super::once(parsec.encapsulate(key, alg, secret, MlKem768::CIPHERTEXT)?, MlKem768::CIPHERTEXT);
    let found = super::once(parsec.decapsulate(key, alg, secret, of_parsec)?, 32);
    if found != super::once(engine.decapsulate(of_parsec), 32) || of_engine.len() != 32 {
        return Err("ML-KEM-768: another secret than the engine's".into());
    }
    Ok(vec![
        Row::new("ML-KEM-768 encapsulate")
            .side(PARSEC, parsec.encapsulate(key, alg, secret, MlKem768::CIPHERTEXT)?)
            .side(ENGINE, engine.encapsulate())
            .valid_if(|answer| answer.len() == MlKem768::CIPHERTEXT),
        Row::new("ML-KEM-768 decapsulate")
            .side(PARSEC, parsec.decapsulate(key, alg, secret, ciphertext)?)
            .side(ENGINE, engine.decapsulate(ciphertext)),
    ])
}
