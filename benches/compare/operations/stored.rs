//! Keys in the key store, against volatile ones. Only on a fixture of its own, never among a user's keys.

use std::env;
use std::time::Duration;

use parsec::psa::{Algorithm, KeyType, Lifetime, Usage};

use super::{data, signing_key};
use crate::measure::Row;
use crate::opponents::psa::{KeyId, Psa, Template};
use crate::opponents::{Opponents, PARSEC};

const GCM: Algorithm = Algorithm::GCM;

pub fn rows(opponents: Opponents) -> Result<Vec<Row>, String> {
    if env::var_os("PARSEC_TEST_SCRATCH").is_none() {
        return Ok(Vec::new());
    }
    let store = Store::new(opponents.parsec)?;
    let mut rows = vec![
        store.sign("stored and cached", Usage::CACHE, 1)?,
        store.seal("stored and cached", Usage::CACHE, 2)?,
        store.sign("stored", Usage(0), 3)?,
        store.seal("stored", Usage(0), 4)?,
        store.open(5)?,
        store.import(6),
    ];
    if let Some(protected) = opponents.protected {
        let store = Store::new(protected)?;
        rows.push(store.sign("stored, protected", Usage(0), 1)?);
        rows.push(store.seal("stored, protected", Usage(0), 2)?);
    }
    Ok(rows)
}

/// A library with a key store, and volatile keys to compare with.
struct Store {
    parsec: &'static Psa,
    signing: KeyId,
    sealing: KeyId,
}

impl Store {
    fn new(parsec: &'static Psa) -> Result<Self, String> {
        let signing = parsec.generate(&signing_key(Usage::SIGN_HASH, None))?;
        Ok(Self { parsec, signing, sealing: parsec.import(&aes(Usage(0), None), data(16, 33))? })
    }

    fn sign(&self, name: &str, usage: Usage, id: KeyId) -> Result<Row, String> {
        let (alg, hash) = (Algorithm::ecdsa(Algorithm::SHA_256), data(32, 30));
        let key = self.parsec.generate(&signing_key(Usage::SIGN_HASH | usage, local(id)))?;
        Ok(Row::new(format!("ECDSA P-256 sign, {name}"))
            .side(PARSEC, self.parsec.sign_hash(key, alg, hash))
            .side("volatile", self.parsec.sign_hash(self.signing, alg, hash))
            .valid_if(|answer| answer.len() == 64))
    }

    fn seal(&self, name: &str, usage: Usage, id: KeyId) -> Result<Row, String> {
        let key = self.parsec.import(&aes(usage, local(id)), data(16, 33))?;
        Ok(self.sealing_row(name, self.sealing_with(key)))
    }

    /// The first use of a key after the library has forgotten it.
    fn open(&self, id: KeyId) -> Result<Row, String> {
        let key = self.parsec.import(&aes(Usage::CACHE, local(id)), data(16, 33))?;
        Ok(self.sealing_row("opened from the store", self.parsec.purged(key, self.sealing_with(key))?))
    }

    fn sealing_row(&self, name: &str, work: impl crate::measure::Work + 'static) -> Row {
        Row::new(format!("AES-128-GCM 64 B, {name}"))
            .side(PARSEC, work)
            .side("volatile", self.sealing_with(self.sealing))
    }

    fn sealing_with(&self, key: KeyId) -> impl crate::measure::Work + use<> {
        self.parsec.aead(key, GCM, true, data(12, 31), data(64, 32))
    }

    fn import(&self, id: KeyId) -> Row {
        Row::new("AES-128 import to the store and destroy")
            .side(PARSEC, self.parsec.import_and_destroy(aes(Usage(0), local(id)), data(16, 33)))
            .batch(Duration::from_millis(20))
    }
}

fn aes(usage: Usage, place: Option<(Lifetime, KeyId)>) -> Template {
    Template { persistent: place, ..Template::volatile(KeyType::AES, 128, Usage::ENCRYPT | usage, GCM) }
}

fn local(id: KeyId) -> Option<(Lifetime, KeyId)> {
    Some((Lifetime::new(Lifetime::PERSISTENCE_DEFAULT, 0), id))
}
