//! The PKCS#11 backend against SoftHSM, with `openssl` and `pkcs11-tool` as judges.
#![cfg(feature = "pkcs11")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod adoption;
mod calls;
mod export;
mod faults;
mod fixture;
mod jobs;
mod keys;
mod matrix;
mod openssl;
mod parts;
mod pins;
mod processes;
mod recovery;
mod remote;
mod sharing;
mod shim;
mod signature;
mod token;
mod trouble;
mod unwrapping;
