//! What a row should reach.

use crate::measure::Measured;
use crate::opponents::{ENGINE, OPENSSL};

/// Our layer over the engine, for operations of a microsecond and more.
const LAYER: f64 = 1.03;
/// Our layer over the engine, for shorter operations, in nanoseconds.
const SHORT_LAYER: f64 = 80.0;
const SHORT: f64 = 1000.0;

/// What differs by less is equal.
const EQUAL: f64 = 0.01;

/// The least quotient over OpenSSL, where it is not 1: OpenSSL has ChaCha20-Poly1305 for AVX-512 IFMA, aws-lc not.
const OPENSSL_EXCEPTIONS: [(&str, f64); 3] =
    [("ChaCha20-Poly1305 16 KiB", 0.75), ("ChaCha20-Poly1305 decrypt 16 KiB", 0.75), ("ChaCha20-Poly1305 1 KiB", 0.75)];

/// The most time of one side by that of another within the library, by the name of the other side.
const OWN: [(&str, &str, f64); 4] =
    [("ChaCha20-Poly1305", "one call", 1.6), ("", "one call", 1.05), ("", "separate", 1.0), ("", "bare", 1.05)];

/// The most nanoseconds that a key costs more that is read from the key store for each use, and from a protected one.
const STORED: f64 = 15_000.0;
const PROTECTED: f64 = 20_000.0;

/// The least that two threads do of what one does: in software, and in a token where bare calls do as much.
const THREADS: f64 = 1.9;
const TOKEN_THREADS: f64 = 1.6;

/// What a row misses, in words.
pub fn missed(row: &Measured) -> Option<String> {
    let engine = row.side(ENGINE).and_then(|engine| {
        let missed = if engine.median < SHORT { engine.excess > SHORT_LAYER } else { 1.0 / engine.ratio > LAYER };
        missed.then(|| format!("MISSED: {:+.0} ns, {:.2} times {ENGINE}", engine.excess, 1.0 / engine.ratio))
    });
    let openssl = row.side(OPENSSL).and_then(|openssl| {
        let exception = OPENSSL_EXCEPTIONS.iter().find(|(name, _)| *name == row.name);
        (openssl.ratio < exception.map_or(1.0, |(_, least)| *least) - EQUAL)
            .then(|| format!("MISSED: slower than {OPENSSL}"))
    });
    let own = row.sides.iter().find_map(|side| {
        let goal = |(name, other, _): &&(&str, &str, f64)| row.name.starts_with(name) && side.name.starts_with(other);
        let (_, _, most) = OWN.iter().find(goal)?;
        (1.0 / side.ratio > *most + EQUAL).then(|| format!("MISSED: {:.2} times {}", 1.0 / side.ratio, side.name))
    });
    let most = if row.name.ends_with("protected") { PROTECTED } else { STORED };
    let stored = row.side("volatile").filter(|side| side.excess > most && !row.name.ends_with("opened from the store"));
    let stored = stored.map(|side| format!("MISSED: {:+.0} ns for reading the key store", side.excess));
    let all: Vec<String> = [engine, openssl, own, stored, threads(row)].into_iter().flatten().collect();
    (!all.is_empty()).then(|| all.join("; "))
}

/// What two threads do less than they should of what one does.
fn threads(row: &Measured) -> Option<String> {
    let one = row.side("1 thread")?;
    let least = match (row.side("bare PKCS#11"), row.side("bare PKCS#11 in 1 thread")) {
        (Some(two), Some(one)) => TOKEN_THREADS.min(one.median / two.median),
        _ => THREADS,
    };
    (one.ratio < least - EQUAL).then(|| format!("MISSED: {:.2} times 1 thread", one.ratio))
}
