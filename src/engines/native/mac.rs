//! Message authentication codes (PSA 1.5, section 10.4).

use super::blake2::{Blake2, Variant};
use super::cbc_mac::{CbcMac, CmacKeys};
use super::ffi::aes::BLOCK;
use super::hash;
use super::hmac::Hmac;
use super::symmetric_keys::{AesKey, Blake2Key, HmacKey};
use crate::core::primitives::{Mac, MacOperation};
use crate::fail;
use crate::psa::{Algorithm, Error, KeyType, Result, sizes};

/// True where this MAC algorithm, truncated or not, works with keys of this type and size.
pub(super) fn offers(key_type: KeyType, bits: usize, alg: Algorithm) -> bool {
    let length = match (key_type, alg.full_length_mac()) {
        (KeyType::BLAKE2, full) if full.is_blake2_mac() => match Variant::of(full.get_hash()) {
            Some(variant) if bits <= 8 * variant.length() => variant.length(),
            _ => 0,
        },
        (KeyType::AES, Algorithm::CMAC) => BLOCK,
        (KeyType::HMAC, full) if full.is_hmac() && hash::offers_hmac(full.get_hash()) => sizes::hash_length(full),
        _ => 0,
    };
    !alg.is_wildcard() && length != 0 && alg.mac_truncated_length() <= length
}

impl Mac for HmacKey {
    fn compute(&self, alg: Algorithm, input: &[u8], mac: &mut [u8]) -> Result<()> {
        self.with_hmac(alg, |hmac| hmac.compute(&[input], mac))
    }

    fn setup(&self, alg: Algorithm) -> Result<Box<dyn MacOperation>> {
        self.with_hmac(alg, |hmac| Ok(Box::new(hmac.begin()?) as Box<dyn MacOperation>))
    }
}

impl HmacKey {
    fn with_hmac<R>(&self, alg: Algorithm, work: impl FnOnce(&Hmac) -> Result<R>) -> Result<R> {
        if !alg.is_hmac() {
            return fail!(NotSupported, "MAC algorithm {:#010x} with an HMAC key", alg.0);
        }
        let hash = alg.get_hash();
        self.keyed.with(hash, || Hmac::new(hash, &self.material), work)
    }
}

impl Mac for Blake2Key {
    fn compute(&self, alg: Algorithm, input: &[u8], mac: &mut [u8]) -> Result<()> {
        let mut operation = self.setup(alg)?;
        operation.update(input)?;
        operation.finish(mac)
    }

    fn setup(&self, alg: Algorithm) -> Result<Box<dyn MacOperation>> {
        match Variant::of(alg.get_hash()).filter(|_| alg.is_blake2_mac()) {
            Some(variant) => Ok(Box::new(Blake2::new(variant, &self.material)?)),
            None => fail!(NotSupported, "MAC algorithm {:#010x} with a BLAKE2 key", alg.0),
        }
    }
}

impl Mac for AesKey {
    fn compute(&self, alg: Algorithm, input: &[u8], mac: &mut [u8]) -> Result<()> {
        let mut cmac = self.begin_mac(alg)?;
        cmac.update(input)?;
        cmac.finish(mac)
    }

    fn setup(&self, alg: Algorithm) -> Result<Box<dyn MacOperation>> {
        Ok(Box::new(self.begin_mac(alg)?))
    }
}

impl AesKey {
    fn begin_mac(&self, alg: Algorithm) -> Result<Cmac> {
        match alg {
            Algorithm::CMAC => {
                Ok(Cmac { chain: Some(CbcMac::new(self.encrypting()?.clone())), keys: self.cmac_keys()?.clone() })
            }
            _ => fail!(NotSupported, "MAC algorithm {:#010x} with an AES key", alg.0),
        }
    }
}

/// A CMAC computation (NIST SP 800-38B).
struct Cmac {
    /// `None` after the end.
    chain: Option<CbcMac>,
    keys: CmacKeys,
}

impl MacOperation for Cmac {
    fn update(&mut self, input: &[u8]) -> Result<()> {
        self.chain.as_mut().ok_or(Error::BadState)?.update(input);
        Ok(())
    }

    fn finish(&mut self, mac: &mut [u8]) -> Result<()> {
        if mac.len() != BLOCK {
            return Err(Error::BufferTooSmall);
        }
        let chain = self.chain.take().ok_or(Error::BadState)?;
        mac.copy_from_slice(chain.finish_cmac(&self.keys).as_slice());
        Ok(())
    }
}
