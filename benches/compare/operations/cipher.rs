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
    let decrypt_ctr = |length| {
        let input = Vec::leak([&iv[..], data(length, 7)].concat());
        let text = &input[BLOCK..];
        Row::new(format!("AES-128-CTR decrypt {}", size(length)))
            .side(PARSEC, opponents.parsec.cipher_decrypt(parsec_ctr, ctr, input))
            .side(ENGINE, engine::aes_ctr(key, iv, text))
            .side(MBED_TLS, opponents.mbed_tls.cipher_decrypt(mbed_tls_ctr, ctr, input))
            .side(OPENSSL, opponents.openssl.cipher(c"AES-128-CTR", key, true, iv, text))
    };
    let decrypt_cbc = |length| {
        let input = Vec::leak([&iv[..], data(length, 8)].concat());
        let text = &input[BLOCK..];
        Row::new(format!("AES-128-CBC decrypt {}", size(length)))
            .side(PARSEC, opponents.parsec.cipher_decrypt(parsec_cbc, cbc, input))
            .side(ENGINE, engine::aes_cbc(key, false, iv, text))
            .side(MBED_TLS, opponents.mbed_tls.cipher_decrypt(mbed_tls_cbc, cbc, input))
            .side(OPENSSL, opponents.openssl.cipher(c"AES-128-CBC", key, false, iv, text))
    };
    // Encrypting with an initialization vector of one's own takes four calls.
    let encrypt_ctr = |length| {
        let input = data(length, 7);
        Row::new(format!("AES-128-CTR own IV {}", size(length)))
            .side(PARSEC, opponents.parsec.cipher(parsec_ctr, ctr, true, iv, input))
            .side(ENGINE, engine::aes_ctr(key, iv, input))
            .side(MBED_TLS, opponents.mbed_tls.cipher(mbed_tls_ctr, ctr, true, iv, input))
            .side(OPENSSL, opponents.openssl.cipher(c"AES-128-CTR", key, true, iv, input))
    };
    let encrypt_cbc = |length| {
        let input = data(length, 8);
        Row::new(format!("AES-128-CBC own IV {}", size(length)))
            .side(PARSEC, opponents.parsec.cipher(parsec_cbc, cbc, true, iv, input))
            .side(ENGINE, engine::aes_cbc(key, true, iv, input))
            .side(MBED_TLS, opponents.mbed_tls.cipher(mbed_tls_cbc, cbc, true, iv, input))
            .side(OPENSSL, opponents.openssl.cipher(c"AES-128-CBC", key, true, iv, input))
    };
    Ok(vec![
        decrypt_ctr(1 << 10),
        decrypt_ctr(16 << 10),
        encrypt_ctr(16 << 10),
        decrypt_cbc(1 << 10),
        decrypt_cbc(16 << 10),
        encrypt_cbc(16 << 10),
        decrypt_xts(opponents, iv)?,
    ])
}

/// A block of a disk. Mbed TLS has XTS, but not through the PSA API.
fn decrypt_xts(opponents: Opponents, tweak: &'static [u8; BLOCK]) -> Result<Row, String> {
    let (alg, key) = (Algorithm::XTS, data(64, 45));
    let parsec = opponents.parsec.import(&Template::volatile(KeyType::AES, 512, Usage::DECRYPT, alg), key)?;
    let input = Vec::leak([&tweak[..], data(4 << 10, 46)].concat());
    let text = &input[BLOCK..];
    Ok(Row::new("AES-256-XTS decrypt 4 KiB")
        .side(PARSEC, opponents.parsec.cipher_decrypt(parsec, alg, input))
        .side(ENGINE, engine::aes_256_xts_decrypt(key, tweak, text))
        .side(OPENSSL, opponents.openssl.cipher(c"AES-256-XTS", key, false, tweak, text)))
}

const BLOCK: usize = 16;
