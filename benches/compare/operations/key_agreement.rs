//! Key agreement (PSA 1.5, section 10.11).

use parsec::psa::{Algorithm, EccFamily, KeyType, Usage};

use super::{array, data};
use crate::measure::Row;
use crate::opponents::engine::{self, Curve, EcKey};
use crate::opponents::psa::Template;
use crate::opponents::{ENGINE, MBED_TLS, OPENSSL, Opponents, PARSEC};

pub fn rows(opponents: Opponents) -> Result<Vec<Row>, String> {
    Ok(vec![p256(opponents)?, x25519(opponents)?, x448(opponents)?])
}

fn p256(opponents: Opponents) -> Result<Row, String> {
    let key_type = KeyType::ecc_key_pair(EccFamily::SECP_R1);
    let template = Template::volatile(key_type, 256, Usage::DERIVE, Algorithm::ECDH);
    let (scalar, other) = (data(32, 18), opponents.parsec.import(&template, data(32, 19))?);
    let peer = Vec::leak(opponents.parsec.public_key(other)?);
    let (parsec, mbed_tls) = opponents.import(&template, scalar)?;
    let engine = EcKey::new(Curve::P256, scalar);
    let openssl = opponents.openssl.key_pair(&engine.to_der());
    Ok(Row::new("ECDH P-256")
        .side(PARSEC, opponents.parsec.agree(parsec, peer))
        .side(ENGINE, engine.agree(peer))
        .side(MBED_TLS, opponents.mbed_tls.agree(mbed_tls, peer))
        .side(OPENSSL, opponents.openssl.ecdh(openssl, peer)))
}

/// aws-lc and Mbed TLS have no X448: the first is not the engine here, the other has no PSA name for it.
fn x448(opponents: Opponents) -> Result<Row, String> {
    let template =
        Template::volatile(KeyType::ecc_key_pair(EccFamily::MONTGOMERY), 448, Usage::DERIVE, Algorithm::ECDH);
    let (scalar, other) = (data(56, 54), opponents.parsec.import(&template, data(56, 55))?);
    let peer: &[u8] = Vec::leak(opponents.parsec.public_key(other)?);
    let parsec = opponents.parsec.import(&template, scalar)?;
    let openssl = opponents.openssl.raw_key_pair(c"X448", scalar);
    Ok(Row::new("X448")
        .side(PARSEC, opponents.parsec.agree(parsec, peer))
        .side(OPENSSL, opponents.openssl.montgomery(openssl, c"X448", peer)))
}

fn x25519(opponents: Opponents) -> Result<Row, String> {
    let key_type = KeyType::ecc_key_pair(EccFamily::MONTGOMERY);
    let template = Template::volatile(key_type, 255, Usage::DERIVE, Algorithm::ECDH);
    // Mbed TLS takes only private keys with the fixed bits of RFC 7748, section 5.
    let mut scalar = *array::<32>(20);
    scalar[0] &= 248;
    scalar[31] = scalar[31] & 127 | 64;
    let scalar: &'static [u8; 32] = Box::leak(Box::new(scalar));
    let peer: &'static [u8; 32] = Box::leak(Box::new(engine::x25519_public(array(21))));
    let (parsec, mbed_tls) = opponents.import(&template, scalar)?;
    let openssl = opponents.openssl.raw_key_pair(c"X25519", scalar);
    Ok(Row::new("X25519")
        .side(PARSEC, opponents.parsec.agree(parsec, peer))
        .side(ENGINE, engine::x25519(scalar, peer))
        .side(MBED_TLS, opponents.mbed_tls.agree(mbed_tls, peer))
        .side(OPENSSL, opponents.openssl.montgomery(openssl, c"X25519", peer)))
}
