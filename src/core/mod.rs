//! The rules of PSA, the same for every place where a key can be.
//!
//! [`library`] holds everything that `psa_crypto_init` sets up. A call finds its [`key_slot`], which stays
//! [`in_use`] as long as the call takes, [`policy`] says whether
//! it may use it, and a chapter (such as [`signature`]) does the rest through the key's [`primitives`]. [`routes`]
//! decide where a new key goes.

pub mod aead;
pub mod aead_in_parts;
pub mod asymmetric_encryption;
pub mod cipher;
pub mod compatibility;
pub mod compose;
pub mod derivation_functions;
pub mod derivation_steps;
pub mod device_derivation;
#[cfg(test)]
mod device_tests;
pub mod epoch;
pub mod hash;
pub mod in_use;
pub mod key_agreement;
pub mod key_derivation;
pub mod key_encapsulation;
pub mod key_slot;
pub mod key_slots;
pub mod key_wrapping;
pub mod keys;
pub mod library;
pub mod mac;
pub mod operations;
pub mod orphans;
pub mod pake;
pub mod pake_steps;
pub mod policy;
pub mod primitives;
pub mod provisioned;
pub mod random;
pub mod recovery;
pub mod routes;
pub mod sealing;
pub mod signature;
pub mod support;
#[cfg(test)]
mod tests;
pub mod unpadding;
pub mod xof;
