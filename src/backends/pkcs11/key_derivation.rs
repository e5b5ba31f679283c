//! Key derivation with a secret in the token (PSA 1.5, section 10.8): its MACs, of which `core` composes most derivations, and
//! HKDF as a whole (PKCS#11 3.2, section 6.62).

use cryptoki_sys::*;

use super::function_list::Work;
use super::key::{self, Pkcs11Key};
use super::key_agreement::derive_value;
use super::key_kinds::Kind;
use super::mac;
use super::mechanism::{Mechanism, Parameters, RsaHash};
use super::mechanisms;
use crate::core::device_derivation;
use crate::core::primitives::SecretDerivation;
use crate::engines::Function;
use crate::fail;
use crate::psa::{Algorithm, Error, Result};

/// The mechanisms that a derivation takes: a MAC, or HKDF.
pub(super) fn ways(kind: Kind, alg: Algorithm) -> &'static [CK_MECHANISM_TYPE] {
    match (kind, device_derivation::mac_of(alg)) {
        (Kind::Derive(_), None) if device_derivation::is_whole(alg) && RsaHash::of(alg.get_hash()).is_some() => {
            &[CKM_HKDF_DATA]
        }
        (Kind::Derive(_), Some(mac)) if mac.is_hmac() => mac::hmac(mac.get_hash()),
        // The one derivation that takes keys for HMAC.
        (Kind::Hmac(_), Some(mac)) if alg.is_sp800_108_counter_hmac() => mac::hmac(mac.get_hash()),
        (Kind::Aes(_), Some(Algorithm::CMAC)) => &[CKM_AES_CMAC],
        _ => &[],
    }
}

impl SecretDerivation for Pkcs11Key {
    fn mac(&self, alg: Algorithm, input: &[u8], mac: &mut [u8]) -> Result<()> {
        let way = match self.kind {
            Kind::Aes(_) if alg == Algorithm::CMAC => CKM_AES_CMAC,
            Kind::Derive(_) | Kind::Hmac(_) => *mac::hmac(alg.get_hash()).first().ok_or(Error::NotSupported)?,
            _ => return Err(Error::NotSupported),
        };
        let length = self.whole(Work::Sign, &Mechanism::plain(way), input, mac)?;
        key::expect(Work::Sign, length, mac.len())
    }

    fn derive(&self, alg: Algorithm, salt: &[u8], info: &[u8], output: &mut [u8]) -> Result<()> {
        self.ensure_offered(Function::KeyDerivation, alg)?;
        let Some(RsaHash { hash, .. }) = RsaHash::of(alg.get_hash()) else {
            return fail!(NotSupported, "HKDF with this hash has no name in PKCS#11");
        };
        let mechanism = Mechanism {
            kind: CKM_HKDF_DATA,
            parameters: Parameters::Hkdf { hash, salt, info: alg.is_hkdf().then_some(info) },
        };
        let derived = self.device.with_key(&self.reference, |session, key| {
            mechanisms::check_offer(session, CKM_HKDF_DATA, CKF_DERIVE, self.kind)?;
            derive_value(session, &mechanism, key, output.len())
        })?;
        output.copy_from_slice(&derived);
        Ok(())
    }
}
