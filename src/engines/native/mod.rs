//! The native engine: the default, and the complete one.
//!
//! What is hot or secret-dependent is computed by aws-lc, through the small wrappers in `ffi`, one per object of
//! that library. Keys without a public part are in `symmetric_keys`, the others in `asymmetric_keys`.

mod aead;
mod aes_mmo;
mod arc4;
mod ascon_aead128;
mod asymmetric_encryption;
mod asymmetric_keys;
#[cfg(test)]
mod asymmetric_tests;
mod blake2;
mod block_cipher;
mod block_cipher_keys;
mod block_modes;
mod cbc_mac;
mod ccm;
mod chacha20;
mod chacha20_poly1305;
mod cipher;
mod curves;
mod deterministic_nonce;
mod dh_groups;
mod dh_keys;
mod dh_primes;
mod ecc_keys;
mod edwards448_keys;
mod edwards_keys;
mod ffi;
mod first_use;
mod gcm;
mod groups;
mod hash;
mod hash_based_keys;
mod hmac;
mod key_agreement;
mod key_derivation;
mod key_encapsulation;
mod key_wrap;
#[cfg(test)]
mod known_answers;
mod lms;
mod mac;
mod made_once;
mod md2;
mod ml_dsa_keys;
mod ml_kem_keys;
mod modular;
mod montgomery448_keys;
mod montgomery_keys;
mod pake;
mod random;
mod rsa_keys;
mod scalars;
mod signature;
mod slh_dsa_keys;
mod stream_modes;
mod symmetric_keys;
#[cfg(test)]
mod symmetric_tests;
#[cfg(test)]
mod wycheproof_tests;
mod xmss;
mod xof;

pub(crate) use ffi::gate::FORK;
pub use random::fill as fill_random;

use super::{Engine, Function};
use crate::core::primitives::{DerivationInputs, DerivationOutput, Hash, Key, KeyDerivation, Xof};
use crate::memory::Secret;
use crate::psa::{Algorithm, KeyType, Result};

/// Sets up what aws-lc-rs sets up by a `Once`, so that no forked child finds that half done: to be called where `fork` waits.
pub fn prepare() {
    ffi::gate::watch_threads();
    aws_lc_rs::init();
}

/// Makes `fork` wait while this thread ends and other libraries' destructors take their locks.
#[inline]
pub fn watch_this_thread() {
    ffi::gate::watch_this_thread();
}

/// The engine itself; all state is in the keys and operations that it makes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Native;

impl Engine for Native {
    fn name(&self) -> &'static str {
        "native"
    }

    #[inline]
    fn supports(&self, function: Function, key_type: KeyType, bits: usize, alg: Algorithm) -> bool {
        match function {
            Function::Hash => hash::offers(alg),
            Function::Xof => xof::offers(alg),
            Function::KeyDerivation => {
                key_derivation::accepts(alg, key_type, bits)
                    && (key_type == KeyType::NONE || self.holds(key_type, bits))
            }
            Function::Pake => pake::supports(key_type, bits, alg),
            _ if key_type.is_asymmetric() => asymmetric_keys::supports(function, key_type, bits, alg),
            _ => symmetric_keys::supports(function, key_type, bits, alg),
        }
    }

    fn holds(&self, key_type: KeyType, bits: usize) -> bool {
        if pake::has(key_type) {
            pake::holds(key_type, bits)
        } else if key_type.is_asymmetric() {
            asymmetric_keys::holds(key_type, bits)
        } else {
            symmetric_keys::holds(key_type, bits)
        }
    }

    fn generate(&self, key_type: KeyType, bits: usize, exponent: &[u8]) -> Result<Secret> {
        if pake::has(key_type) {
            pake::generate(key_type)
        } else if key_type.is_asymmetric() {
            asymmetric_keys::generate(key_type, bits, exponent)
        } else {
            symmetric_keys::generate(key_type, bits)
        }
    }

    fn import(&self, key_type: KeyType, bits: usize, data: &[u8]) -> Result<(Secret, usize)> {
        if pake::has(key_type) {
            pake::import(key_type, bits, data)
        } else if key_type.is_asymmetric() {
            asymmetric_keys::import(key_type, bits, data)
        } else {
            symmetric_keys::import(key_type, bits, data)
        }
    }

    fn prepare(&self, key_type: KeyType, bits: usize, material: &[u8]) -> Result<Box<dyn Key>> {
        let key = if pake::has(key_type) {
            pake::prepare(key_type, bits, material)
        } else if key_type.is_asymmetric() {
            asymmetric_keys::prepare(key_type, bits, material)
        } else {
            symmetric_keys::prepare(key_type, bits, material)
        };
        #[cfg(test)]
        let key = key.map(|key| known_answers::key(key, key_type, bits));
        key
    }

    fn derive(&self, key_type: KeyType, bits: usize, output: &mut dyn DerivationOutput) -> Result<Secret> {
        if key_type.is_spake2p_key_pair() {
            pake::derive(key_type, bits, output)
        } else {
            asymmetric_keys::derive(key_type, bits, output)
        }
    }

    fn password_token(
        &self,
        alg: Algorithm,
        key_type: KeyType,
        bits: usize,
        inputs: &DerivationInputs,
    ) -> Result<Secret> {
        pake::password_token(alg, key_type, bits, inputs)
    }

    fn hash(&self) -> &dyn Hash {
        #[cfg(test)]
        if known_answers::is_on() {
            return &known_answers::Watched;
        }
        &hash::Hashes
    }

    fn xof(&self) -> &dyn Xof {
        #[cfg(test)]
        if known_answers::is_on() {
            return &known_answers::Watched;
        }
        &xof::Xofs
    }

    fn key_derivation(&self) -> &dyn KeyDerivation {
        #[cfg(test)]
        if known_answers::is_on() {
            return &known_answers::Watched;
        }
        &key_derivation::Derivations
    }

    fn random(&self, output: &mut [u8]) -> Result<()> {
        random::fill(output)
    }
}
