//! Authenticated encryption (PSA 1.5, section 10.6).

use std::ffi::CStr;

use parsec::psa::{Algorithm, KeyType, Usage};

use super::{data, once, size};
use crate::measure::Row;
use crate::opponents::engine::{self, Aead};
use crate::opponents::psa::{KeyId, Template};
use crate::opponents::{ENGINE, MBED_TLS, OPENSSL, Opponents, PARSEC};

/// An algorithm with a key in all libraries.
#[derive(Clone, Copy)]
struct Subject {
    opponents: Opponents,
    name: &'static str,
    openssl_name: &'static CStr,
    aead: Aead,
    alg: Algorithm,
    key: &'static [u8],
    parsec: KeyId,
    mbed_tls: KeyId,
    nonce: &'static [u8],
}

const TAG: usize = 16;

pub fn rows(opponents: Opponents) -> Result<Vec<Row>, String> {
    let subject = |name, openssl_name, aead, alg, key_type, key_length: usize| -> Result<Subject, String> {
        let (key, usage) = (data(key_length, 9), Usage(Usage::ENCRYPT.0 | Usage::DECRYPT.0));
        let template = Template::volatile(key_type, key_length * 8, usage, alg);
        let (parsec, mbed_tls) = opponents.import(&template, key)?;
        Ok(Subject { opponents, name, openssl_name, aead, alg, key, parsec, mbed_tls, nonce: data(12, 10) })
    };
    let aes_128 = subject("AES-128-GCM", c"AES-128-GCM", Aead::Gcm, Algorithm::GCM, KeyType::AES, 16)?;
    let aes_256 = subject("AES-256-GCM", c"AES-256-GCM", Aead::Gcm, Algorithm::GCM, KeyType::AES, 32)?;
    let (aead, alg) = (Aead::ChaCha20Poly1305, Algorithm::CHACHA20_POLY1305);
    let chacha20 = subject("ChaCha20-Poly1305", c"ChaCha20-Poly1305", aead, alg, KeyType::CHACHA20, 32)?;
    let mut rows = Vec::new();
    for subject in [aes_128, aes_256, chacha20] {
        rows.extend([64, 1 << 10, 16 << 10].map(|length| subject.seal(length)));
    }
    rows.push(aes_128.open(1 << 10));
    rows.push(aes_128.open(16 << 10));
    rows.push(chacha20.open(16 << 10));
    rows.push(aes_128.in_place(16 << 10));
    rows.push(chacha20.in_place(16 << 10));
    for subject in [aes_128, aes_256, chacha20] {
        rows.extend(
            [(64, 64), (1 << 10, 256), (16 << 10, 4 << 10)].map(|(length, part)| subject.in_parts(length, part)),
        );
        rows.push(subject.in_parts(1 << 20, 64 << 10));
    }
    rows.extend(ccm(opponents)?);
    Ok(rows)
}

/// With the longest nonce; a text as long as a packet and as a record.
fn ccm(opponents: Opponents) -> Result<[Row; 2], String> {
    let (alg, key, nonce) = (Algorithm::CCM, data(16, 47), data(13, 48));
    let (parsec, mbed_tls) = opponents.import(&Template::volatile(KeyType::AES, 128, Usage::ENCRYPT, alg), key)?;
    Ok([64, 16 << 10].map(|length| {
        let input = data(length, 49);
        Row::new(format!("AES-128-CCM {}", size(length)))
            .side(PARSEC, opponents.parsec.aead(parsec, alg, true, nonce, input))
            .side(ENGINE, engine::seal(Aead::Ccm, key, nonce, input))
            .side(MBED_TLS, opponents.mbed_tls.aead(mbed_tls, alg, true, nonce, input))
            .side(OPENSSL, opponents.openssl.seal_ccm(key, nonce, input))
    }))
}

impl Subject {
    fn seal(self, length: usize) -> Row {
        let Self { opponents, alg, key, nonce, .. } = self;
        let input = data(length, 11);
        Row::new(format!("{} {}", self.name, size(length)))
            .side(PARSEC, opponents.parsec.aead(self.parsec, alg, true, nonce, input))
            .side(ENGINE, engine::seal(self.aead, key, nonce, input))
            .side(MBED_TLS, opponents.mbed_tls.aead(self.mbed_tls, alg, true, nonce, input))
            .side(OPENSSL, opponents.openssl.seal(self.openssl_name, key, nonce, input, length))
    }

    fn open(self, length: usize) -> Row {
        let Self { opponents, alg, key, nonce, .. } = self;
        let input = once(engine::seal(self.aead, key, nonce, data(length, 11)), length + TAG);
        Row::new(format!("{} decrypt {}", self.name, size(length)))
            .side(PARSEC, opponents.parsec.aead(self.parsec, alg, false, nonce, input))
            .side(ENGINE, engine::open(self.aead, key, nonce, input))
            .side(MBED_TLS, opponents.mbed_tls.aead(self.mbed_tls, alg, false, nonce, input))
            .side(OPENSSL, opponents.openssl.open(self.openssl_name, key, nonce, input))
    }

    /// What is encrypted in place is not the same each time, so there is only the length to agree on.
    fn in_place(self, length: usize) -> Row {
        let Self { opponents, alg, nonce, .. } = self;
        Row::new(format!("{} {} in place", self.name, size(length)))
            .side(PARSEC, opponents.parsec.aead_in_place(self.parsec, alg, nonce, length))
            .side("separate", opponents.parsec.aead(self.parsec, alg, true, nonce, data(length, 11)))
            .valid_if(move |answer| answer.len() == length + TAG)
    }

    fn in_parts(self, length: usize, part: usize) -> Row {
        let Self { opponents, alg, key, nonce, .. } = self;
        let input = data(length, 11);
        // The goal is for parts of some length.
        let one_call = if length >= 1 << 20 { "one call" } else { "in one call" };
        Row::new(format!("{} {} in parts", self.name, size(length)))
            .side(PARSEC, opponents.parsec.aead_in_parts(self.parsec, alg, nonce, input, part))
            .side(one_call, opponents.parsec.aead(self.parsec, alg, true, nonce, input))
            .side(MBED_TLS, opponents.mbed_tls.aead_in_parts(self.mbed_tls, alg, nonce, input, part))
            .side(OPENSSL, opponents.openssl.seal(self.openssl_name, key, nonce, input, part))
    }
}
