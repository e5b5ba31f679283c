//! Message authentication codes (PSA 1.5, section 10.4).

use super::hash;
use super::keys::MbedKey;
use crate::core::primitives::{Mac, MacOperation};
use crate::psa::{Algorithm, KeyType, Result, sizes};

/// The size of the only DES keys that Mbed TLS computes a CMAC with.
const TRIPLE_DES_BITS: usize = 192;

/// The shortest truncated MAC of Mbed TLS, in bytes.
const SHORTEST: usize = 4;

/// True where Mbed TLS computes this MAC, truncated or not, with keys of this type and size.
pub(super) fn offers(key_type: KeyType, bits: usize, alg: Algorithm) -> bool {
    let full = alg.full_length_mac();
    let truncated = alg.mac_truncated_length();
    !alg.is_wildcard()
        && offers_in_full(key_type, bits, full)
        && (truncated == 0 || (SHORTEST..=sizes::mac_length(key_type, bits, full)).contains(&truncated))
}

/// CMAC it has for fewer block ciphers than it has modes for.
fn offers_in_full(key_type: KeyType, bits: usize, alg: Algorithm) -> bool {
    match key_type {
        KeyType::HMAC => alg.is_hmac() && hash::offers(alg.get_hash()),
        KeyType::AES => alg == Algorithm::CMAC,
        KeyType::DES => alg == Algorithm::CMAC && bits == TRIPLE_DES_BITS,
        _ => false,
    }
}

impl Mac for MbedKey {
    fn compute(&self, alg: Algorithm, input: &[u8], mac: &mut [u8]) -> Result<()> {
        if !offers(self.key_type, self.bits, alg) {
            return self.native_mac(alg)?.compute(alg, input, mac);
        }
        self.with(alg, |key| key.compute_mac(input, mac)).map(drop)
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
