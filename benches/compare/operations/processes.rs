//! Programs that start, sign once and end.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs, io};

use parsec::psa::{Algorithm, EccFamily, KeyType, Usage};

use super::data;
use crate::measure::{Row, Work};
use crate::opponents::engine::{Curve, EcKey};
use crate::opponents::openssl::OpenSsl;
use crate::opponents::psa::{Psa, Template, done};
use crate::opponents::{MBED_TLS, OPENSSL, Opponents, PARSEC};

/// The argument that makes this program a child, before the name of the side.
pub const CHILD: &str = "one-shot";

pub fn rows(_: Opponents) -> Result<Vec<Row>, String> {
    let row = Row::new("process: load, init, sign P-256, exit")
        .side(PARSEC, child(PARSEC))
        .side(MBED_TLS, child(MBED_TLS))
        .side(OPENSSL, child(OPENSSL))
        .batch(Duration::from_millis(1));
    Ok(vec![row])
}

fn child(side: &'static str) -> impl Work {
    move |answer| {
        let status = env::current_exe()
            .and_then(|program| Command::new(program).args([CHILD, side]).stdout(Stdio::null()).status());
        if status.is_ok_and(|status| status.success()) { done(answer) } else { 0 }
    }
}

/// What the child does. Of libparsec it tells how long loading and initialising took, in nanoseconds, and by how many
/// bytes the process grew.
pub fn run(side: &str, library: &str) -> Result<String, String> {
    let (scalar, hash, alg) = (data(32, 12), data(32, 13), Algorithm::ecdsa(Algorithm::SHA_256));
    let template = Template::volatile(KeyType::ecc_key_pair(EccFamily::SECP_R1), 256, Usage::SIGN_HASH, alg);
    let mut answer = [0; 256];
    let (before, start) = (resident().map_err(|error| error.to_string())?, Instant::now());
    let mut told = String::new();
    let length = if side == OPENSSL {
        let openssl: &OpenSsl = Box::leak(Box::new(OpenSsl::load()?));
        let key = openssl.key_pair(&EcKey::new(Curve::P256, scalar).to_der());
        openssl.sign_hash(key, hash)(&mut answer)
    } else {
        let psa = if side == PARSEC { Psa::parsec(library)? } else { Psa::mbed_tls()? };
        let (took, after) = (start.elapsed(), resident().map_err(|error| error.to_string())?);
        told = format!("{} {}", took.as_nanos(), after.saturating_sub(before));
        let psa: &Psa = Box::leak(Box::new(psa));
        psa.sign_hash(psa.import(&template, scalar)?, alg, hash)(&mut answer)
    };
    if length == 0 { Err(format!("{side} did not sign")) } else { Ok(told) }
}

/// Resident memory of this process in bytes.
fn resident() -> io::Result<usize> {
    let pages = fs::read_to_string("/proc/self/statm")?;
    let pages: usize = pages.split(' ').nth(1).and_then(|pages| pages.parse().ok()).unwrap_or(0);
    Ok(pages * 4096)
}

/// Median time, in nanoseconds, and growth of memory, in bytes, of loading and initialising libparsec in new processes.
pub fn start() -> Result<(f64, f64), String> {
    let mut told = Vec::new();
    for _ in 0..21 {
        let program = env::current_exe().map_err(|error| error.to_string())?;
        let output = Command::new(program).args([CHILD, PARSEC]).output().map_err(|error| error.to_string())?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let numbers: Vec<f64> = text.split_whitespace().filter_map(|number| number.parse().ok()).collect();
        let [time, memory] = numbers[..] else { return Err(format!("a child said {text:?}")) };
        told.push((time, memory));
    }
    told.sort_by(|first, second| first.0.total_cmp(&second.0));
    told.get(told.len() / 2).copied().ok_or_else(|| "no child".into())
}
