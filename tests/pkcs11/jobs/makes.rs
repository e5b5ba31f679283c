//! Keys that come and go.

use parsec::core::{keys, mac, orphans};
use parsec::psa::{Algorithm, Attributes, EccFamily, Error, KeyId, KeyType, Lifetime, Result, Usage};

use super::bench::{Bench, Keys};
use super::{ECDSA, HMAC, LOCATION, MESSAGE, SCALAR, output};

/// Where keys are that come and go.
const PASSING: KeyId = KeyId(1000);

impl Bench {
    pub(super) fn passing(
        &self,
        lifetime: Lifetime,
        key_type: KeyType,
        bits: usize,
        algorithm: Algorithm,
    ) -> Attributes {
        let id = if lifetime.is_volatile() { KeyId::NULL } else { PASSING };
        let usage = match key_type {
            KeyType::HMAC => Usage::SIGN_MESSAGE,
            _ => Usage::SIGN_HASH.union(Usage::VERIFY_HASH),
        };
        Attributes { id, lifetime, key_type, bits, algorithm, usage }
    }

    pub(super) fn generate_secret(&self, keys: &Keys) -> Result<Vec<u8>> {
        let attributes = self.passing(self.lifetime(keys, false), KeyType::HMAC, 256, HMAC);
        let key = keys::generate(&self.library, &attributes, &[])?;
        let compute = || output(|out| mac::compute(&self.library, key, HMAC, MESSAGE, out));
        self.use_and_destroy(key, || Ok(vec![compute()?.len() as u8]))
    }

    pub(super) fn generate_pair(&self, keys: &Keys) -> Result<Vec<u8>> {
        self.generate_in(self.lifetime(keys, false))
    }

    pub(super) fn generate_lasting(&self, keys: &Keys) -> Result<Vec<u8>> {
        self.generate_in(self.lifetime(keys, true))
    }

    pub(super) fn generate_in(&self, lifetime: Lifetime) -> Result<Vec<u8>> {
        let key_type = KeyType::ecc_key_pair(EccFamily::SECP_R1);
        let key = keys::generate(&self.library, &self.passing(lifetime, key_type, 256, ECDSA), &[])?;
        self.use_and_destroy(key, || self.sign(key, key, ECDSA))
    }

    pub(super) fn import_secret(&self, lifetime: Lifetime) -> Result<Vec<u8>> {
        let attributes = self.passing(lifetime, KeyType::HMAC, 256, HMAC);
        let key = keys::import(&self.library, &attributes, &[12; 32])?;
        self.use_and_destroy(key, || output(|out| mac::compute(&self.library, key, HMAC, MESSAGE, out)))
    }

    pub(super) fn import_pair(&self, lifetime: Lifetime) -> Result<Vec<u8>> {
        let key_type = KeyType::ecc_key_pair(EccFamily::SECP_R1);
        let key = keys::import(&self.library, &self.passing(lifetime, key_type, 256, ECDSA), &SCALAR)?;
        self.use_and_destroy(key, || self.sign(key, self.software.pair, ECDSA))
    }

    /// Copies, and exports the copy.
    pub(super) fn copy(&self, keys: &Keys, source: KeyId) -> Result<Vec<u8>> {
        let attributes = keys::attributes(&self.library, source)?;
        let lifetime = self.lifetime(keys, true);
        let id = if lifetime.is_volatile() { KeyId::NULL } else { PASSING };
        let copy = keys::copy(&self.library, source, &Attributes { id, lifetime, ..attributes })?;
        self.use_and_destroy(copy, || output(|out| keys::export(&self.library, copy, out)))
    }

    /// Attaches a key as if it were somebody else's.
    pub(super) fn attach(&self, keys: &Keys) -> Result<Vec<u8>> {
        if !self.is_token(keys) {
            return Ok(Vec::new());
        }
        let attributes = Attributes {
            lifetime: Lifetime::new(0, LOCATION),
            usage: Usage::SIGN_HASH,
            algorithm: ECDSA,
            ..Attributes::default()
        };
        let label = format!("parsec:bench:{}", keys.ecdsa.0);
        self.close();
        let key = keys::attach(&self.library, &attributes, label.as_bytes())?;
        self.use_and_destroy(key, || self.sign(key, self.software.ecdsa, ECDSA))
    }

    pub(super) fn list(&self, _keys: &Keys) -> Result<Vec<u8>> {
        let mut found = Vec::new();
        orphans::list(&self.library, &mut |name, _text| {
            found.extend(name.as_bytes());
            Ok(true)
        })?;
        Ok(found)
    }

    /// Whatever an interruption has left is settled when the next key is made. What is left all the same.
    pub fn settle(&self) -> Result<String> {
        match keys::destroy(&self.library, PASSING) {
            Ok(()) | Err(Error::InvalidHandle) => {}
            Err(error) => return Err(error),
        }
        self.import_secret(self.lifetime(&self.token, true))?;
        self.list(&self.token).map(|found| String::from_utf8_lossy(&found).into_owned())
    }
}
