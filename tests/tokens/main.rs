//! Real tokens, each fresh in the fixture of the C tests, and seen from outside by bare calls of PKCS#11.
#![cfg(feature = "pkcs11")]
#![allow(clippy::unwrap_used, clippy::panic)]

mod abilities;
mod adoption;
mod attributes;
mod bare;
mod place;
mod refusals;
#[path = "../pkcs11/shim.rs"]
mod shim;
mod unwrapping;
