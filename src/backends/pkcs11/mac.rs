//! Message authentication codes (PSA 1.5, section 10.4).

use cryptoki_sys::*;

use super::function_list::Work;
use super::key::{self, Parts, Pkcs11Key};
use super::mechanism::Mechanism;
use super::mechanisms;
use crate::core::primitives::{Mac, MacOperation};
use crate::engines::Function;
use crate::psa::{Algorithm, Error, Result};

/// The mechanisms of HMAC with a hash.
pub(super) fn hmac(hash: Algorithm) -> &'static [CK_MECHANISM_TYPE] {
    match hash {
        Algorithm::MD5 => &[CKM_MD5_HMAC],
        Algorithm::RIPEMD160 => &[CKM_RIPEMD160_HMAC],
        Algorithm::SHA_1 => &[CKM_SHA_1_HMAC],
        Algorithm::SHA_224 => &[CKM_SHA224_HMAC],
        Algorithm::SHA_256 => &[CKM_SHA256_HMAC],
        Algorithm::SHA_384 => &[CKM_SHA384_HMAC],
        Algorithm::SHA_512 => &[CKM_SHA512_HMAC],
        Algorithm::SHA_512_224 => &[CKM_SHA512_224_HMAC],
        Algorithm::SHA_512_256 => &[CKM_SHA512_256_HMAC],
        Algorithm::SHA3_224 => &[CKM_SHA3_224_HMAC],
        Algorithm::SHA3_256 => &[CKM_SHA3_256_HMAC],
        Algorithm::SHA3_384 => &[CKM_SHA3_384_HMAC],
        Algorithm::SHA3_512 => &[CKM_SHA3_512_HMAC],
        _ => &[],
    }
}

impl Pkcs11Key {
    fn mac_mechanism(&self, alg: Algorithm) -> Result<Mechanism<'static>> {
        self.ensure_offered(Function::Mac, alg)?;
        let only = mechanisms::ways(Function::Mac, self.kind, alg).first().ok_or(Error::NotSupported)?;
        Ok(Mechanism::plain(*only))
    }
}

impl Mac for Pkcs11Key {
    fn compute(&self, alg: Algorithm, input: &[u8], mac: &mut [u8]) -> Result<()> {
        let length = self.whole(Work::Sign, &self.mac_mechanism(alg)?, input, mac)?;
        key::expect(Work::Sign, length, mac.len())
    }

    fn setup(&self, alg: Algorithm) -> Result<Box<dyn MacOperation>> {
        Ok(Box::new(Running(Some(self.parts(Work::Sign, &self.mac_mechanism(alg)?)?))))
    }
}

/// A MAC whose input comes in parts; `None` after its end.
struct Running(Option<Parts>);

impl MacOperation for Running {
    fn update(&mut self, input: &[u8]) -> Result<()> {
        self.0.as_mut().ok_or(Error::BadState)?.update(input, &mut [])
    }

    fn finish(&mut self, mac: &mut [u8]) -> Result<()> {
        self.0.take().ok_or(Error::BadState)?.finish(mac)
    }
}
