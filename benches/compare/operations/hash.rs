//! Hashes (PSA 1.5, section 10.2).

use parsec::psa::Algorithm;

use super::{data, size};
use crate::measure::Row;
use crate::opponents::{ENGINE, MBED_TLS, OPENSSL, Opponents, PARSEC, engine};

pub fn rows(opponents: Opponents) -> Result<Vec<Row>, String> {
    let alg = Algorithm::SHA_256;
    let one_call = |length| {
        let input = data(length, 1);
        Row::new(format!("SHA-256 {}", size(length)))
            .side(PARSEC, opponents.parsec.hash(alg, input))
            .side(ENGINE, engine::sha256(input))
            .side(MBED_TLS, opponents.mbed_tls.hash(alg, input))
            .side(OPENSSL, opponents.openssl.hash(c"SHA256", input, length))
    };
    let mut rows: Vec<Row> = [16, 1 << 10, 16 << 10, 1 << 20].map(one_call).into();
    let input = data(1 << 20, 1);
    let part = 64 << 10;
    rows.push(
        Row::new("SHA-256 1 MiB in parts")
            .side(PARSEC, opponents.parsec.hash_in_parts(alg, input, part))
            .side("one call", opponents.parsec.hash(alg, input))
            .side(MBED_TLS, opponents.mbed_tls.hash_in_parts(alg, input, part))
            .side(OPENSSL, opponents.openssl.hash(c"SHA256", input, part)),
    );
    let input = data(1 << 10, 2);
    rows.push(
        Row::new("SHA3-256 1 KiB")
            .side(PARSEC, opponents.parsec.hash(Algorithm::SHA3_256, input))
            .side(ENGINE, engine::sha3_256(input))
            .side(MBED_TLS, opponents.mbed_tls.hash(Algorithm::SHA3_256, input))
            .side(OPENSSL, opponents.openssl.hash(c"SHA3-256", input, 1 << 10)),
    );
    let input = data(16 << 10, 2);
    rows.push(
        Row::new("SHA-512 16 KiB")
            .side(PARSEC, opponents.parsec.hash(Algorithm::SHA_512, input))
            .side(ENGINE, engine::sha512(input))
            .side(MBED_TLS, opponents.mbed_tls.hash(Algorithm::SHA_512, input))
            .side(OPENSSL, opponents.openssl.hash(c"SHA512", input, input.len())),
    );
    // Mbed TLS 3.5 has no SHAKE.
    let input = data(1 << 10, 2);
    rows.push(
        Row::new("SHAKE256 1 KiB, 64 bytes out")
            .side(PARSEC, opponents.parsec.hash(Algorithm::SHAKE256_512, input))
            .side(ENGINE, engine::shake256_512(input))
            .side(OPENSSL, opponents.openssl.shake256_512(input)),
    );
    Ok(rows)
}
