//! Keys in a token and in a TPM, against bare calls and commands, and what any daemon costs at least. Only on a fixture
//! of its own, never among a user's keys. Every side has a key of its own, so that there are only lengths to agree on.

use std::env;
use std::time::Duration;

use parsec::psa::{Algorithm, KeyType, Lifetime, Usage};

use super::threads::in_threads;
use super::{array, data, once, signing_key};
use crate::measure::Row;
use crate::opponents::esys::Tpm;
use crate::opponents::pkcs11::TokenKey;
use crate::opponents::psa::{KeyId, Template};
use crate::opponents::{Opponents, PARSEC, socket};

const HASHES: Algorithm = Algorithm::SHA_256;
/// The locations that `c_tests/place.py devices` configures.
const TPM: u32 = 0x00_0001;
const ENCRYPTED_BUS: u32 = 0x80_0002;
const TOKEN: u32 = 0x80_0001;
const BARE_TPM: &str = "bare ESYS";
const BARE_TOKEN: &str = "bare PKCS#11";

pub fn rows(opponents: Opponents) -> Result<Vec<Row>, String> {
    let mut rows = vec![Row::new("Unix socket round trip").side("socket", socket::round_trip(96)?)];
    if let Ok(tcti) = env::var("PARSEC_BENCH_TCTI") {
        rows.extend(tpm(opponents, Tpm::new(&tcti)?)?);
        rows.extend(token(opponents)?);
    }
    Ok(rows)
}

/// Signing with a password, and in a session on a bus that somebody may listen to; the rest with a password.
fn tpm(opponents: Opponents, bare: Tpm) -> Result<[Row; 5], String> {
    Ok([
        sign(opponents, "TPM", TPM, 101)?.side(BARE_TPM, bare.sign(array(30))),
        sign(opponents, "TPM, encrypted bus", ENCRYPTED_BUS, 102)?.side(BARE_TPM, bare.sign(array(30))),
        decrypt_in_tpm(opponents, bare, 103)?,
        agree_in_tpm(opponents, bare, 104)?,
        mac_in_tpm(opponents, bare, 105)?,
    ])
}

fn decrypt_in_tpm(opponents: Opponents, bare: Tpm, id: KeyId) -> Result<Row, String> {
    let (parsec, alg) = (opponents.parsec, Algorithm::rsa_oaep(HASHES));
    let usage = Usage::ENCRYPT | Usage::DECRYPT;
    let key = parsec.generate(&kept(Template::volatile(KeyType::RSA_KEY_PAIR, 2048, usage, alg), TPM, id))?;
    let ciphertext = once(parsec.asymmetric_encrypt(key, alg, data(32, 17)), 512);
    Ok(Row::new("RSA-2048 OAEP decrypt, TPM")
        .side(PARSEC, parsec.asymmetric_decrypt(key, alg, ciphertext))
        .side(BARE_TPM, bare.decrypt())
        .valid_if(|answer| answer == data(32, 17) || answer.len() == 256))
}

fn agree_in_tpm(opponents: Opponents, bare: Tpm, id: KeyId) -> Result<Row, String> {
    let parsec = opponents.parsec;
    let pair = Template { usage: Usage::DERIVE, alg: Algorithm::ECDH, ..signing_key(Usage::DERIVE, None) };
    let (key, other) = (parsec.generate(&kept(pair, TPM, id))?, parsec.generate(&pair)?);
    let peer: &[u8] = Vec::leak(parsec.public_key(other)?);
    let secret = once(parsec.agree(other, Vec::leak(parsec.public_key(key)?)), 256);
    Ok(Row::new("ECDH P-256, TPM")
        .side(PARSEC, parsec.agree(key, peer))
        .side(BARE_TPM, bare.agree(peer))
        .valid_if(move |answer| answer.len() == secret.len()))
}

fn mac_in_tpm(opponents: Opponents, bare: Tpm, id: KeyId) -> Result<Row, String> {
    let alg = Algorithm::hmac(HASHES);
    let template = Template::volatile(KeyType::HMAC, 256, Usage::SIGN_MESSAGE, alg);
    let key = opponents.parsec.generate(&kept(template, TPM, id))?;
    Ok(Row::new("HMAC-SHA-256 64 B, TPM")
        .side(PARSEC, opponents.parsec.mac(key, alg, data(64, 34)))
        .side(BARE_TPM, bare.mac(data(64, 34)))
        .valid_if(|answer| answer.len() == 32))
}

fn token(opponents: Opponents) -> Result<[Row; 2], String> {
    let setting = |name| env::var(name).map_err(|_| format!("{name} is not set"));
    let (module, label) = (setting("PARSEC_BENCH_MODULE")?, setting("PARSEC_BENCH_TOKEN")?);
    let row = sign(opponents, "SoftHSM", TOKEN, 106)?;
    let pin = setting("PARSEC_BENCH_PIN")?;
    let bare = [TokenKey::new(&module, &label, &pin)?, TokenKey::new(&module, &label, &pin)?];
    Ok([row.side(BARE_TOKEN, bare[0].sign(array(30))), token_in_threads(opponents, bare, 107)?])
}

/// Two threads that sign in the token and one, through the library and with bare calls.
fn token_in_threads(opponents: Opponents, bare: [TokenKey; 2], id: KeyId) -> Result<Row, String> {
    let (parsec, alg, hash) = (opponents.parsec, Algorithm::ecdsa(HASHES), array::<32>(30));
    let key = parsec.generate(&kept(signing_key(Usage::SIGN_HASH, None), TOKEN, id))?;
    let signing = move |_| parsec.sign_hash(key, alg, hash);
    let bare_signing = move |count, threads: &[TokenKey], answer: &mut [u8]| {
        in_threads(count, threads.iter().map(|key| key.sign(hash)).collect(), answer)
    };
    Ok(Row::new("2 threads: ECDSA P-256 sign, SoftHSM")
        .repeating(PARSEC, move |count, answer| in_threads(count, [0, 1].map(signing).into(), answer))
        .repeating("1 thread", move |count, answer| in_threads(count, vec![signing(0)], answer))
        .repeating(BARE_TOKEN, move |count, answer| bare_signing(count, &bare, answer))
        .repeating("bare PKCS#11 in 1 thread", move |count, answer| bare_signing(count, &bare[..1], answer))
        .valid_if(|_| true)
        .batch(Duration::from_millis(20)))
}

/// Signing in a device; libparsec's signature is verified here.
fn sign(opponents: Opponents, name: &str, location: u32, id: KeyId) -> Result<Row, String> {
    let (alg, hash) = (Algorithm::ecdsa(HASHES), array::<32>(30));
    let usage = Usage::SIGN_HASH | Usage::VERIFY_HASH;
    let key = opponents.parsec.generate(&kept(signing_key(usage, None), location, id))?;
    let signature = once(opponents.parsec.sign_hash(key, alg, hash), 256);
    if opponents.parsec.verify_hash(key, alg, hash, signature)(&mut [0; 1]) == 0 {
        return Err(format!("{name}: a signature that does not verify"));
    }
    Ok(Row::new(format!("ECDSA P-256 sign, {name}"))
        .side(PARSEC, opponents.parsec.sign_hash(key, alg, hash))
        .valid_if(|answer| answer.len() == 64))
}

/// The same key, kept in a device.
fn kept(template: Template, location: u32, id: KeyId) -> Template {
    Template { persistent: Some((Lifetime::new(Lifetime::PERSISTENCE_DEFAULT, location), id)), ..template }
}
