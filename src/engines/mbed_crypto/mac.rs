//! Message authentication codes (PSA 1.5, section 10.4).

use psa_crypto::operations::mac::compute_mac;
use psa_crypto::types::algorithm::{FullLengthMac, Mac as MbedMac};

use super::hash;
use super::keys::MbedKey;
use crate::core::primitives::{Mac, MacOperation};
use crate::psa::{Algorithm, KeyType, Result, sizes};

/// The size of the only DES keys that Mbed TLS computes a CMAC with.
const TRIPLE_DES_BITS: usize = 192;

/// The shortest truncated MAC of Mbed TLS, in bytes.
const SHORTEST: usize = 4;

/// The crate's name of a MAC algorithm of full length, `None` where Mbed TLS does not compute it with such keys.
fn find(key_type: KeyType, bits: usize, alg: Algorithm) -> Option<MbedMac> {
    let found = match key_type {
        KeyType::HMAC if alg.is_hmac() => FullLengthMac::Hmac { hash_alg: hash::find(alg.get_hash())? },
        KeyType::AES if alg == Algorithm::CMAC => FullLengthMac::Cmac,
        KeyType::DES if alg == Algorithm::CMAC && bits == TRIPLE_DES_BITS => FullLengthMac::Cmac,
        _ => return None,
    };
    Some(found.into())
}

/// True where Mbed TLS computes this MAC, truncated or not, with keys of this type and size.
pub(super) fn offers(key_type: KeyType, bits: usize, alg: Algorithm) -> bool {
    let full = alg.full_length_mac();
    let truncated = alg.mac_truncated_length();
    !alg.is_wildcard()
        && find(key_type, bits, full).is_some()
        && (truncated == 0 || (SHORTEST..=sizes::mac_length(key_type, bits, full)).contains(&truncated))
}

impl Mac for MbedKey {
    fn compute(&self, alg: Algorithm, input: &[u8], mac: &mut [u8]) -> Result<()> {
        match find(self.key_type, self.bits, alg) {
            Some(found) => self.with(found.into(), |key| compute_mac(key, found, input, mac)).map(drop),
            None => self.native_mac(alg)?.compute(alg, input, mac),
        }
    }

    fn setup(&self, alg: Algorithm) -> Result<Box<dyn MacOperation>> {
        self.native_mac(alg)?.setup(alg)
    }
}

impl MbedKey {
    fn native_mac(&self, alg: Algorithm) -> Result<&dyn Mac> {
        self.native(alg)?.mac().map_or_else(|| self.unsupported(alg), Ok)
    }
}
