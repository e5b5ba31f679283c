//! The operations that are compared, one file for each chapter of the specification.

mod aead;
mod asymmetric_encryption;
mod cipher;
mod devices;
mod hash;
mod key_agreement;
mod key_derivation;
mod key_encapsulation;
mod keys;
mod mac;
pub mod processes;
mod random;
mod signature;
mod stored;
mod threads;

use parsec::psa::{Algorithm, EccFamily, KeyType, Lifetime, Usage};

use crate::measure::Row;
use crate::opponents::Opponents;
use crate::opponents::psa::{KeyId, Template};

/// All rows, in the order of the specification.
pub fn rows(opponents: Opponents) -> Result<Vec<Row>, String> {
    let families = [
        hash::rows,
        mac::rows,
        cipher::rows,
        aead::rows,
        signature::rows,
        asymmetric_encryption::rows,
        key_agreement::rows,
        key_encapsulation::rows,
        key_derivation::rows,
        random::rows,
        keys::rows,
        threads::rows,
        stored::rows,
        devices::rows,
        processes::rows,
    ];
    let rows: Result<Vec<_>, _> = families.iter().map(|family| family(opponents)).collect();
    Ok(rows?.into_iter().flatten().collect())
}

/// Reproducible bytes that live as long as the process, different for each seed.
fn data(length: usize, seed: u64) -> &'static [u8] {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let next = std::iter::repeat_with(move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[4]
    });
    Vec::leak(next.take(length).collect())
}

/// Such bytes in an array.
fn array<const LENGTH: usize>(seed: u64) -> &'static [u8; LENGTH] {
    let mut bytes = [0; LENGTH];
    bytes.copy_from_slice(data(LENGTH, seed));
    Box::leak(Box::new(bytes))
}

/// A P-256 key for ECDSA with SHA-256.
fn signing_key(usage: Usage, place: Option<(Lifetime, KeyId)>) -> Template {
    let (key_type, alg) = (KeyType::ecc_key_pair(EccFamily::SECP_R1), Algorithm::ecdsa(Algorithm::SHA_256));
    Template { persistent: place, ..Template::volatile(key_type, 256, usage, alg) }
}

/// A length as people write it.
fn size(bytes: usize) -> String {
    match bytes {
        0x10_0000.. => format!("{} MiB", bytes >> 20),
        0x400.. => format!("{} KiB", bytes >> 10),
        _ => format!("{bytes} B"),
    }
}

/// What an operation answers once, to be given to others.
fn once(mut work: impl crate::measure::Work, room: usize) -> &'static [u8] {
    let mut answer = vec![0; room];
    let length = work(&mut answer);
    answer.truncate(length);
    Vec::leak(answer)
}
