//! Engines compute with keys whose material is in our memory. They store nothing.
//!
//! [`native`] is the default and complete; `mbed_crypto` is Mbed TLS 3.5.1 for comparison, which falls back on the
//! native engine for what it lacks.

#[cfg(feature = "mbed-crypto")]
pub mod mbed_crypto;
pub mod native;

use crate::core::primitives::{DerivationInputs, DerivationOutput, Hash, Key, KeyDerivation, Xof};
use crate::memory::Secret;
use crate::psa::{Algorithm, KeyType, Result};

/// The functions whose support differs by key type and algorithm; the rows of `docs/support.md`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Function {
    /// `psa_hash_compute` and in parts.
    Hash,
    /// `psa_xof_*`.
    Xof,
    /// `psa_mac_compute` and in parts.
    Mac,
    /// `psa_cipher_encrypt`, `_decrypt` and in parts.
    Cipher,
    /// `psa_aead_encrypt`, `_decrypt` and in parts.
    Aead,
    /// `psa_wrap_key` and `psa_unwrap_key`, with the wrapping key.
    KeyWrap,
    /// `psa_sign_hash` and `psa_verify_hash`.
    SignHash,
    /// `psa_sign_message` and `psa_verify_message`.
    SignMessage,
    /// `psa_asymmetric_encrypt` and `_decrypt`.
    AsymmetricEncryption,
    /// `psa_raw_key_agreement` and its relatives.
    KeyAgreement,
    /// `psa_encapsulate` and `psa_decapsulate`.
    KeyEncapsulation,
    /// `psa_key_derivation_*`.
    KeyDerivation,
    /// `psa_pake_*`.
    Pake,
}

/// A library that computes with local keys.
pub trait Engine: Send + Sync {
    /// The name that the configuration uses.
    fn name(&self) -> &'static str;

    /// True where this engine itself (not one it falls back on) does `function` with a key of this type and size.
    /// `key_type` is `KeyType::NONE` for functions without a key. Pure and cheap: it feeds `docs/support.md`.
    fn supports(&self, function: Function, key_type: KeyType, bits: usize, alg: Algorithm) -> bool;

    /// True where keys of this type and size can be generated, imported and used. (RSA keys of unusual sizes, not
    /// a multiple of 128 bits, may be imported only: generating them is then `NOT_SUPPORTED`.)
    fn holds(&self, key_type: KeyType, bits: usize) -> bool;

    /// Makes the material of a new key, in the export format of its type. `exponent` is the custom public
    /// exponent of an RSA key, big-endian, empty for 65537.
    fn generate(&self, key_type: KeyType, bits: usize, exponent: &[u8]) -> Result<Secret>;

    /// Checks imported material (PSA 1.5, sections 9.3 to 9.5: lengths, points on the curve, consistency of RSA
    /// keys) and returns it in the canonical export format with its size in bits. `bits` is 0 when the data
    /// decides. Bad data is `INVALID_ARGUMENT`; a valid type or size that the engine lacks is `NOT_SUPPORTED`.
    fn import(&self, key_type: KeyType, bits: usize, data: &[u8]) -> Result<(Secret, usize)>;

    /// Makes the material of a key that is not plain bytes from the output of a derivation, by the procedure of its type
    /// (PSA 1.5, section 9.5). `INSUFFICIENT_DATA` comes from the output; a type without a procedure is `NOT_SUPPORTED`.
    fn derive(&self, key_type: KeyType, bits: usize, output: &mut dyn DerivationOutput) -> Result<Secret>;

    /// Makes a password token of WPA3-SAE, the one output of `PSA_ALG_WPA3_SAE_H2E`. `INVALID_ARGUMENT` where the group
    /// and the hash of `alg` do not go together.
    fn password_token(
        &self,
        alg: Algorithm,
        key_type: KeyType,
        bits: usize,
        inputs: &DerivationInputs,
    ) -> Result<Secret>;

    /// Makes a key ready for use from material that `generate` or `import` gave.
    fn prepare(&self, key_type: KeyType, bits: usize, material: &[u8]) -> Result<Box<dyn Key>>;

    /// Hashes.
    fn hash(&self) -> &dyn Hash;

    /// Extendable-output functions.
    fn xof(&self) -> &dyn Xof;

    /// Key derivation.
    fn key_derivation(&self) -> &dyn KeyDerivation;

    /// Fills `output` from the engine's random generator, which is seeded from the operating system and safe
    /// across fork.
    fn random(&self, output: &mut [u8]) -> Result<()>;
}
