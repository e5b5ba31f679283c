//! Random numbers (PSA 1.5, section 10.14).

use super::size;
use crate::measure::Row;
use crate::opponents::{ENGINE, MBED_TLS, OPENSSL, Opponents, PARSEC, engine};

pub fn rows(opponents: Opponents) -> Result<Vec<Row>, String> {
    let row = |length| {
        Row::new(format!("random {}", size(length)))
            .side(PARSEC, opponents.parsec.random(length))
            .side(ENGINE, engine::random(length))
            .side_if(MBED_TLS, (length <= MBED_TLS_MOST).then(|| opponents.mbed_tls.random(length)))
            .side(OPENSSL, opponents.openssl.random(length))
            .valid_if(move |answer| answer.len() == length && answer.iter().any(|byte| *byte != 0))
    };
    Ok([32, 4 << 10].map(row).into())
}

/// Mbed TLS gives at most so much in one call.
const MBED_TLS_MOST: usize = 1024;
