//! Programs that start, sign once and end.

use std::env;
use std::process::{Command, Stdio};
use std::time::Duration;

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

/// What the child does.
pub fn run(side: &str, library: &str) -> Result<(), String> {
    let (scalar, hash, alg) = (data(32, 12), data(32, 13), Algorithm::ecdsa(Algorithm::SHA_256));
    let template = Template::volatile(KeyType::ecc_key_pair(EccFamily::SECP_R1), 256, Usage::SIGN_HASH, alg);
    let mut answer = [0; 256];
    let length = if side == OPENSSL {
        let openssl: &OpenSsl = Box::leak(Box::new(OpenSsl::load()?));
        let key = openssl.key_pair(&EcKey::new(Curve::P256, scalar).to_der());
        openssl.sign_hash(key, hash)(&mut answer)
    } else {
        let psa = if side == PARSEC { Psa::parsec(library)? } else { Psa::mbed_tls()? };
        let psa: &Psa = Box::leak(Box::new(psa));
        psa.sign_hash(psa.import(&template, scalar)?, alg, hash)(&mut answer)
    };
    if length == 0 { Err(format!("{side} did not sign")) } else { Ok(()) }
}
