//! Two threads against one, with the same key and with different ones.

use std::time::Duration;

use parsec::psa::{Algorithm, EccFamily, KeyType, Usage};

use super::data;
use crate::measure::{Row, Work};
use crate::opponents::psa::{KeyId, Template};
use crate::opponents::{Opponents, PARSEC};

pub fn rows(opponents: Opponents) -> Result<Vec<Row>, String> {
    let parsec = opponents.parsec;
    let gcm = Template::volatile(KeyType::AES, 128, Usage::ENCRYPT, Algorithm::GCM);
    let ecdsa = Algorithm::ecdsa(Algorithm::SHA_256);
    let p256 = Template::volatile(KeyType::ecc_key_pair(EccFamily::SECP_R1), 256, Usage::SIGN_HASH, ecdsa);
    let two_keys = |template| Ok::<_, String>([parsec.generate(template)?, parsec.generate(template)?]);
    let (gcm_keys, p256_keys) = (two_keys(&gcm)?, two_keys(&p256)?);
    let (nonce, text, hash) = (data(12, 26), data(1 << 10, 27), data(32, 28));
    let seal = move |key| parsec.aead(key, Algorithm::GCM, true, nonce, text);
    let sign = move |key| parsec.sign_hash(key, ecdsa, hash);
    Ok(vec![
        row("AES-128-GCM 1 KiB, one key", seal, [gcm_keys[0]; 2]),
        row("AES-128-GCM 1 KiB, two keys", seal, gcm_keys),
        row("ECDSA P-256 sign, one key", sign, [p256_keys[0]; 2]),
        row("ECDSA P-256 sign, two keys", sign, p256_keys),
        row("random 32 B", |_| parsec.random(32), [0; 2]),
    ])
}

/// What two threads take for one execution, in turn with what one takes.
fn row<W: Work + Send>(name: &str, work: impl Fn(KeyId) -> W + Copy + 'static, keys: [KeyId; 2]) -> Row {
    Row::new(format!("2 threads: {name}"))
        .repeating(PARSEC, move |count, answer| in_threads(count, keys.map(work).into(), answer))
        .repeating("1 thread", move |count, answer| in_threads(count, vec![work(keys[0])], answer))
        .valid_if(|_| true)
        // Starting a thread takes a while, which must not count.
        .batch(Duration::from_millis(20))
}

/// Executes `count` times in all, each worker in a thread of its own.
pub(super) fn in_threads<W: Work + Send>(count: u32, workers: Vec<W>, answer: &mut [u8]) -> usize {
    let each = count.div_ceil(workers.len() as u32);
    let succeeded = std::thread::scope(|scope| {
        let execute = |mut work: W| {
            let mut answer = vec![0; 4096];
            (0..each).all(|_| work(&mut answer) != 0)
        };
        let threads: Vec<_> = workers.into_iter().map(|work| scope.spawn(move || execute(work))).collect();
        threads.into_iter().all(|thread| thread.join().unwrap_or(false))
    });
    if succeeded { crate::opponents::psa::done(answer) } else { 0 }
}
