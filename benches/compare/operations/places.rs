//! Keys that are kept: in the key store, in a token, in a TPM. Only on a fixture of its own, never among a user's keys.

use std::env;
use std::time::Duration;

use parsec::psa::{Algorithm, EccFamily, KeyType, Lifetime, Usage};

use super::threads::in_threads;
use super::{array, data};
use crate::measure::Row;
use crate::opponents::esys::TpmKey;
use crate::opponents::pkcs11::TokenKey;
use crate::opponents::psa::{KeyId, Template};
use crate::opponents::{Opponents, PARSEC, socket};

const HASHES: Algorithm = Algorithm::SHA_256;

pub fn rows(opponents: Opponents) -> Result<Vec<Row>, String> {
    let mut rows = vec![Row::new("Unix socket round trip").side("socket", socket::round_trip(96)?)];
    if env::var_os("PARSEC_TEST_SCRATCH").is_some() {
        rows.extend(stored(opponents)?);
    }
    if let Ok(tcti) = env::var("PARSEC_BENCH_TCTI") {
        rows.extend(tpm(opponents, &tcti)?);
        rows.extend(token(opponents)?);
    }
    Ok(rows)
}

fn signing_key(usage: Usage, place: Option<(Lifetime, KeyId)>) -> Template {
    let key_type = KeyType::ecc_key_pair(EccFamily::SECP_R1);
    Template { persistent: place, ..Template::volatile(key_type, 256, usage, Algorithm::ecdsa(HASHES)) }
}

fn persistent(location: u32, id: KeyId) -> Option<(Lifetime, KeyId)> {
    Some((Lifetime::new(Lifetime::PERSISTENCE_DEFAULT, location), id))
}

/// Keys in the key store of the library, with and without a copy in memory, against volatile ones.
fn stored(opponents: Opponents) -> Result<[Row; 6], String> {
    let parsec = opponents.parsec;
    let (alg, hash) = (Algorithm::ecdsa(HASHES), data(32, 30));
    let volatile = parsec.generate(&signing_key(Usage::SIGN_HASH, None))?;
    let sign = |name, usage, id| -> Result<Row, String> {
        let key = parsec.generate(&signing_key(usage, persistent(0, id)))?;
        Ok(Row::new(format!("ECDSA P-256 sign, {name}"))
            .side(PARSEC, parsec.sign_hash(key, alg, hash))
            .side("volatile", parsec.sign_hash(volatile, alg, hash))
            .valid_if(|answer| answer.len() == 64))
    };
    let cached = Usage(Usage::SIGN_HASH.0 | Usage::CACHE.0);
    let aes = |usage, place| Template {
        persistent: place,
        ..Template::volatile(KeyType::AES, 128, Usage(Usage::ENCRYPT.0 | usage), Algorithm::GCM)
    };
    let (nonce, text) = (data(12, 31), data(64, 32));
    let (key, gcm) = (data(16, 33), Algorithm::GCM);
    let seal = |key| parsec.aead(key, gcm, true, nonce, text);
    let in_memory = parsec.import(&aes(0, None), key)?;
    let seal_row = |name, usage, id| -> Result<Row, String> {
        let key = parsec.import(&aes(usage, persistent(0, id)), key)?;
        Ok(Row::new(format!("AES-128-GCM 64 B, {name}")).side(PARSEC, seal(key)).side("volatile", seal(in_memory)))
    };
    let opened = parsec.import(&aes(Usage::CACHE.0, persistent(0, 7)), key)?;
    Ok([
        sign("stored and cached", cached, 1)?,
        sign("stored", Usage::SIGN_HASH, 2)?,
        seal_row("stored and cached", Usage::CACHE.0, 3)?,
        seal_row("stored", 0, 4)?,
        Row::new("AES-128-GCM 64 B, opened from the store")
            .side(PARSEC, parsec.purged(opened, seal(opened))?)
            .side("volatile", seal(in_memory)),
        Row::new("AES-128 import to the store and destroy")
            .side(PARSEC, parsec.import_and_destroy(aes(0, persistent(0, 8)), key))
            .batch(Duration::from_millis(20)),
    ])
}

/// With a password, and in a session on a bus that somebody may listen to.
fn tpm(opponents: Opponents, tcti: &str) -> Result<[Row; 2], String> {
    let bare = TpmKey::new(tcti)?;
    let row = |name, location, id| -> Result<Row, String> {
        Ok(in_device(opponents, name, location, id)?.side("bare ESYS", bare.sign(array(30))))
    };
    Ok([row("TPM", 0x00_0001, 5)?, row("TPM, encrypted bus", 0x80_0002, 7)?])
}

fn token(opponents: Opponents) -> Result<[Row; 2], String> {
    let setting = |name| env::var(name).map_err(|_| format!("{name} is not set"));
    let (module, label) = (setting("PARSEC_BENCH_MODULE")?, setting("PARSEC_BENCH_TOKEN")?);
    let row = in_device(opponents, "SoftHSM", 0x80_0001, 6)?;
    let pin = setting("PARSEC_BENCH_PIN")?;
    let bare = [TokenKey::new(&module, &label, &pin)?, TokenKey::new(&module, &label, &pin)?];
    let row = row.side("bare PKCS#11", bare[0].sign(array(30)));
    Ok([row, token_in_threads(opponents, bare)?])
}

/// Two threads that sign in the token, against bare calls in two and against one.
fn token_in_threads(opponents: Opponents, bare: [TokenKey; 2]) -> Result<Row, String> {
    let (parsec, alg, hash) = (opponents.parsec, Algorithm::ecdsa(HASHES), array::<32>(30));
    let key = parsec.generate(&signing_key(Usage::SIGN_HASH, persistent(0x80_0001, 8)))?;
    let signing = move |_| parsec.sign_hash(key, alg, hash);
    Ok(Row::new("2 threads: ECDSA P-256 sign, SoftHSM")
        .repeating(PARSEC, move |count, answer| in_threads(count, [0, 1].map(signing).into(), answer))
        .repeating("bare PKCS#11", move |count, answer| {
            in_threads(count, bare.map(|key| key.sign(hash)).into(), answer)
        })
        .repeating("1 thread", move |count, answer| in_threads(count, vec![signing(0)], answer))
        .valid_if(|_| true)
        .batch(Duration::from_millis(20)))
}

/// Signing in a device. Every side has a key of its own; libparsec's is verified here.
fn in_device(opponents: Opponents, name: &str, location: u32, id: KeyId) -> Result<Row, String> {
    let (alg, hash) = (Algorithm::ecdsa(HASHES), array::<32>(30));
    let usage = Usage(Usage::SIGN_HASH.0 | Usage::VERIFY_HASH.0);
    let key = opponents.parsec.generate(&signing_key(usage, persistent(location, id)))?;
    let signature = super::once(opponents.parsec.sign_hash(key, alg, hash), 256);
    if opponents.parsec.verify_hash(key, alg, hash, signature)(&mut [0; 1]) == 0 {
        return Err(format!("{name}: a signature that does not verify"));
    }
    Ok(Row::new(format!("ECDSA P-256 sign, {name}"))
        .side(PARSEC, opponents.parsec.sign_hash(key, alg, hash))
        .valid_if(|answer| answer.len() == 64))
}
