//! Real tokens, each fresh in the fixture of the C tests, and seen from outside by bare calls of PKCS#11.
#![cfg(feature = "pkcs11")]
#![allow(clippy::unwrap_used, clippy::panic)]

mod abilities;
mod adoption;
mod agreement;
mod attributes;
mod bare;
mod disturbances;
#[path = "../pkcs11/openssl.rs"]
mod openssl;
mod pins;
mod place;
mod processes;
mod random;
mod refusals;
mod selection;
mod sessions;
#[path = "../pkcs11/shim.rs"]
mod shim;
mod unusual;
mod unwrapping;
