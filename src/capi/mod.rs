//! The C boundary: raw pointers become slices, results become statuses, panics stop here.
//!
//! One thin file per chapter of the specification. Every exported function that returns a status runs inside
//! `guard`; `buffers` is the only place that turns pointers into slices.
#![allow(unsafe_code)]

mod aead;
mod asymmetric_encryption;
mod attributes;
mod buffers;
mod cipher;
mod guard;
mod hash;
mod key_agreement;
mod key_derivation;
mod key_encapsulation;
mod key_wrapping;
mod keys;
mod library;
mod mac;
mod pake;
mod parsec;
mod random;
mod signature;
mod signature_parts;
pub mod structs;
pub mod types;
mod xof;

pub(crate) use guard::FORK;
