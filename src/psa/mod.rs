//! The specification as safe types: no I/O, no C, no `unsafe`.
//!
//! Every constant and macro of PSA Certified Crypto API 1.5 has its twin here, named by one rule:
//! `PSA_ALG_SHA_256` is [`Algorithm::SHA_256`], `PSA_ALG_HMAC(h)` is [`Algorithm::hmac`],
//! `PSA_ALG_IS_HMAC(a)` is [`Algorithm::is_hmac`], `PSA_KEY_TYPE_AES` is [`KeyType::AES`],
//! `PSA_HASH_LENGTH(a)` is [`sizes::hash_length`].

/// Methods that tell numbers by some of their bits, each of which is a macro in C: `macro name: mask => bits`.
macro_rules! predicates {
    ($number:ident; $($(#[$words:meta])+ $macro_name:literal $name:ident: $mask:literal => $bits:literal;)*) => {
        impl $number {$(
            #[doc = concat!("`", $macro_name, "`.")]
            $(#[$words])+
            pub const fn $name(self) -> bool {
                self.0 & $mask == $bits
            }
        )*}
    };
}

mod algorithm;
mod algorithm_macros;
mod algorithm_names;
mod attributes;
pub mod der;
pub mod des;
pub mod key_derivation;
mod key_sizes;
mod key_type;
mod key_type_names;
mod lifetime;
pub mod pake;
mod policy;
pub mod sizes;
mod status;
mod version;

pub use algorithm::Algorithm;
pub use attributes::Attributes;
pub use key_derivation::{DerivationStep, UNLIMITED_CAPACITY};
pub use key_type::{DhFamily, EccFamily, KeyType, SlhDsaFamily};
pub use lifetime::{KeyId, Lifetime};
pub use pake::{PakePrimitive, PakeRole, PakeStep};
pub use policy::Usage;
pub use status::{Error, Result};
pub use version::{CRYPTO_API_VERSION_MAJOR, CRYPTO_API_VERSION_MINOR};
