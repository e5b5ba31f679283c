//! Mbed TLS 3.5.1 as an engine, through the crate `psa-crypto`: for evaluation and comparison.
//!
//! What that build of Mbed TLS does, it computes here; everything else the native engine computes for the same local key:
//! hashes, MACs and AEADs in parts, J-PAKE and key wrapping, which the crate does not declare, and curves and algorithms
//! that Mbed TLS lacks. `supports` tells
//! exactly what Mbed TLS itself does, and tests prove each line of it in both directions.
//!
//! - Mbed TLS as it is built is not thread safe: all of it is behind one lock (`lock`), which nothing else is.
//! - It has 32 key slots: a key is imported, used and destroyed under one hold of the lock, so none stays there and the
//!   number of prepared keys is bounded by memory only. Its own persistent keys, which it would write into the working
//!   directory, are never used; nothing touches the disk.
//! - Its random generator is copied by `fork`; the child seeds it anew before it computes anything (`lock`).
//! - It is old. Its RSA decryption is open to the timing attack CVE-2024-23170, which 3.5.2 repaired: the native engine is
//!   the one for production.
//!
//! The files have the names of the chapters, as in the native engine. `ffi` holds what the safe functions of the
//! crate cannot do.

mod aead;
mod asymmetric_encryption;
mod cipher;
mod ffi;
mod hash;
mod key_agreement;
mod key_derivation;
mod keys;
mod lock;
mod mac;
mod random;
mod signature;
mod status;
#[cfg(test)]
mod tests;

pub(crate) use lock::FORK;

use super::native::Native;
use super::{Engine, Function};
use crate::core::primitives::{DerivationInputs, DerivationOutput, Hash, Key, KeyDerivation, Xof};
use crate::memory::Secret;
use crate::psa::{Algorithm, KeyType, Result};

/// The engine. All state is in Mbed TLS, of which a process has one, and in the keys.
#[derive(Clone, Copy, Debug)]
pub struct MbedCrypto(());

impl MbedCrypto {
    /// Initialises Mbed TLS where that was not done yet; `INSUFFICIENT_ENTROPY` where it cannot seed itself.
    pub fn new() -> Result<Self> {
        lock::locked(|_| Ok(()))?;
        Ok(Self(()))
    }
}

impl Engine for MbedCrypto {
    fn name(&self) -> &'static str {
        "mbed-crypto"
    }

    fn supports(&self, function: Function, key_type: KeyType, bits: usize, alg: Algorithm) -> bool {
        match function {
            Function::Hash => hash::offers(alg),
            Function::Xof | Function::KeyWrap => false,
            Function::KeyDerivation => {
                key_derivation::accepts(alg, key_type, bits)
                    && (key_type == KeyType::NONE || keys::holds(key_type, bits))
            }
            _ if !keys::holds(key_type, bits) => false,
            Function::Mac => mac::offers(key_type, bits, alg),
            Function::Cipher => cipher::offers(key_type, alg),
            Function::Aead => aead::offers(key_type, alg),
            Function::SignHash => signature::offers(key_type, alg),
            Function::SignMessage => signature::signs_message(key_type, alg),
            Function::AsymmetricEncryption => asymmetric_encryption::offers(key_type, bits, alg),
            Function::KeyAgreement => key_agreement::offers(key_type, alg),
            // Its J-PAKE has no interface in the crate.
            Function::Pake => false,
            // Built in `core` from its key agreement.
            Function::KeyEncapsulation => {
                alg == Algorithm::ECIES_SEC1
                    && key_agreement::offers(key_type.key_pair_of_public_key(), Algorithm::ECDH)
            }
        }
    }

    fn holds(&self, key_type: KeyType, bits: usize) -> bool {
        keys::holds(key_type, bits) || Native.holds(key_type, bits)
    }

    fn generate(&self, key_type: KeyType, bits: usize, exponent: &[u8]) -> Result<Secret> {
        keys::generate(key_type, bits, exponent)
    }

    fn import(&self, key_type: KeyType, bits: usize, data: &[u8]) -> Result<(Secret, usize)> {
        keys::import(key_type, bits, data)
    }

    fn prepare(&self, key_type: KeyType, bits: usize, material: &[u8]) -> Result<Box<dyn Key>> {
        keys::prepare(key_type, bits, material)
    }

    fn derive(&self, key_type: KeyType, bits: usize, output: &mut dyn DerivationOutput) -> Result<Secret> {
        Native.derive(key_type, bits, output)
    }

    fn password_token(
        &self,
        alg: Algorithm,
        key_type: KeyType,
        bits: usize,
        inputs: &DerivationInputs,
    ) -> Result<Secret> {
        Native.password_token(alg, key_type, bits, inputs)
    }

    fn hash(&self) -> &dyn Hash {
        &hash::Hashes
    }

    fn xof(&self) -> &dyn Xof {
        Native.xof()
    }

    fn key_derivation(&self) -> &dyn KeyDerivation {
        &key_derivation::Derivations
    }

    fn random(&self, output: &mut [u8]) -> Result<()> {
        random::fill(output)
    }
}
