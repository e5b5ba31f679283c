//! libparsec: the PSA Certified Crypto API 1.5 as a C shared library.
//!
//! The rooms, in the order in which one call walks through them:
//!
//! | room | what is in it |
//! | --- | --- |
//! | [`capi`] | the C boundary: pointers, lengths, panics and statuses; one thin file per chapter of the specification |
//! | [`core`] | the rules of PSA: policies, lifetimes, routes, key slots, multi-part operations |
//! | [`engines`] | computing with keys whose material is in our memory |
//! | [`backends`] | keys that stay in a device: PKCS#11, TPM 2.0 |
//! | [`store`] | the database of persistent keys |
//! | [`config`] | `parsec.toml` |
//! | [`psa`] | the specification as safe types, used by all of them |
//!
//! Beside them stand [`memory`] (memory that we share with the caller or have to wipe), [`envelope`] (secrets that are
//! stored elsewhere), [`cause`] (the text that explains a status), [`fork`] (what happens around `fork`) and `locks`.
#![deny(unsafe_code)]

pub mod backends;
pub mod capi;
pub mod cause;
pub mod config;
pub mod core;
pub mod engines;
pub mod envelope;
pub mod fork;
mod locks;
pub mod memory;
pub mod psa;
pub mod store;
