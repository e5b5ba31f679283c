//! Message authentication codes (PSA 1.5, section 10.4).

use super::blake2::{Blake2, Variant};
use super::block_cipher::{self, BlockCipherKey};
use super::cbc_mac::{CbcMac, CmacKeys};
use super::hash;
use super::hmac::Hmac;
use super::symmetric_keys::{AesKey, Blake2Key, HmacKey, OtherBlockKey};
use crate::core::primitives::{Direction, Mac, MacOperation};
use crate::fail;
use crate::psa::{Algorithm, Error, KeyType, Result, sizes};

/// True where this MAC algorithm, truncated or not, works with keys of this type and size.
pub(super) fn offers(key_type: KeyType, bits: usize, alg: Algorithm) -> bool {
    let length = match (key_type, alg.full_length_mac()) {
        (KeyType::BLAKE2, full) if full.is_blake2_mac() => match Variant::of(full.get_hash()) {
            Some(variant) if bits <= 8 * variant.length() => variant.length(),
            _ => 0,
        },
        (_, Algorithm::CMAC | Algorithm::CBC_MAC) if block_cipher::has_size(key_type, bits) => {
            key_type.block_cipher_block_length()
        }
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
            return fail!(NotSupported, "MAC algorithm {alg} with an HMAC key");
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
            None => fail!(NotSupported, "MAC algorithm {alg} with a BLAKE2 key"),
        }
    }
}

impl Mac for AesKey {
    fn compute(&self, alg: Algorithm, input: &[u8], mac: &mut [u8]) -> Result<()> {
        block_compute(self, alg, input, mac)
    }

    fn setup(&self, alg: Algorithm) -> Result<Box<dyn MacOperation>> {
        Ok(Box::new(BlockMac::new(self, alg)?))
    }
}

impl Mac for OtherBlockKey {
    fn compute(&self, alg: Algorithm, input: &[u8], mac: &mut [u8]) -> Result<()> {
        block_compute(self, alg, input, mac)
    }

    fn setup(&self, alg: Algorithm) -> Result<Box<dyn MacOperation>> {
        Ok(Box::new(BlockMac::new(self, alg)?))
    }
}

fn block_compute(key: &dyn BlockCipherKey, alg: Algorithm, input: &[u8], mac: &mut [u8]) -> Result<()> {
    let mut operation = BlockMac::new(key, alg)?;
    operation.update(input)?;
    operation.finish(mac)
}

/// CMAC (NIST SP 800-38B) or CBC-MAC (ISO/IEC 9797-1) in the making.
pub(super) struct BlockMac {
    length: usize,
    /// `None` after the end.
    chain: Option<CbcMac>,
    /// Those of CMAC.
    keys: Option<CmacKeys>,
}

impl BlockMac {
    fn new(key: &dyn BlockCipherKey, alg: Algorithm) -> Result<Self> {
        if !offers(key.key_type(), 8 * key.material().len(), alg) {
            return fail!(NotSupported, "MAC algorithm {alg} with this key");
        }
        let keys = if alg == Algorithm::CMAC { Some(key.cmac_keys()?.clone()) } else { None };
        let key = key.in_direction(Direction::Encrypt)?;
        Ok(Self { length: key.block_length(), chain: Some(CbcMac::new(key)), keys })
    }
}

impl MacOperation for BlockMac {
    fn update(&mut self, input: &[u8]) -> Result<()> {
        self.chain.as_mut().ok_or(Error::BadState)?.update(input);
        Ok(())
    }

    fn finish(&mut self, mac: &mut [u8]) -> Result<()> {
        if mac.len() != self.length {
            return Err(Error::BufferTooSmall);
        }
        let chain = self.chain.take().ok_or(Error::BadState)?;
        let full = match &self.keys {
            Some(keys) => chain.finish_cmac(keys),
            None => chain.finish_cbc_mac(),
        };
        mac.copy_from_slice(&full[..self.length]);
        Ok(())
    }
}
