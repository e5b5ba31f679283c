//! The structures that C programs allocate. All-zero memory is a valid, inactive object of each.
#![allow(non_camel_case_types)]

use super::types::*;
use crate::core::operations::Handle;
use crate::psa::{Algorithm, Attributes, KeyId, KeyType, Lifetime, Usage};

/// The attributes of a key: what is known of it without its material (PSA 1.5, section 9.1.1).
///
/// Use `PSA_KEY_ATTRIBUTES_INIT`, `psa_key_attributes_init()` or all-zero memory, then the `psa_set_key_*`
/// functions. It owns nothing; the fields are private to the library.
#[repr(C)]
#[derive(Clone, Copy, Default)]
pub struct psa_key_attributes_t {
    pub(crate) private_id: psa_key_id_t,
    pub(crate) private_lifetime: psa_key_lifetime_t,
    pub(crate) private_usage: psa_key_usage_t,
    pub(crate) private_algorithm: psa_algorithm_t,
    pub(crate) private_bits: u32,
    pub(crate) private_type: psa_key_type_t,
    pub(crate) private_reserved: [u16; 5],
}

impl psa_key_attributes_t {
    pub(super) fn to_attributes(self) -> Attributes {
        Attributes {
            key_type: KeyType(self.private_type),
            bits: self.private_bits as usize,
            lifetime: Lifetime(self.private_lifetime),
            id: KeyId(self.private_id),
            usage: Usage(self.private_usage),
            algorithm: Algorithm(self.private_algorithm),
        }
    }

    pub(super) fn from_attributes(attributes: &Attributes) -> Self {
        Self {
            private_id: attributes.id.0,
            private_lifetime: attributes.lifetime.0,
            private_usage: attributes.usage.0,
            private_algorithm: attributes.algorithm.0,
            private_bits: u32::try_from(attributes.bits).unwrap_or(u32::MAX),
            private_type: attributes.key_type.0,
            private_reserved: [0; 5],
        }
    }
}

/// Production parameters of a new key (PSA 1.5, section 9.9.1).
#[repr(C)]
#[derive(Clone, Copy, Default)]
pub struct psa_custom_key_parameters_t {
    /// Flags that control the production; 0 for the default.
    pub flags: u32,
}

/// A PAKE cipher suite (PSA 1.5, section 10.13.3).
#[repr(C)]
#[derive(Clone, Copy, Default)]
pub struct psa_pake_cipher_suite_t {
    pub(crate) private_algorithm: psa_algorithm_t,
    pub(crate) private_primitive: psa_pake_primitive_t,
    pub(crate) private_key_confirmation: u32,
    pub(crate) private_reserved: u32,
}

/// The state of a multi-part hash (PSA 1.5, section 10.2.3). All-zero memory is inactive.
#[repr(C)]
#[derive(Clone, Copy, Default)]
pub struct psa_hash_operation_t {
    pub(crate) private_handle: u64,
    pub(crate) private_reserved: [u64; 3],
}

/// The state of an extendable-output function (PSA 1.5, section 10.3.2). All-zero memory is inactive.
#[repr(C)]
#[derive(Clone, Copy, Default)]
pub struct psa_xof_operation_t {
    pub(crate) private_handle: u64,
    pub(crate) private_reserved: [u64; 3],
}

/// The state of a multi-part MAC (PSA 1.5, section 10.4.3). All-zero memory is inactive.
#[repr(C)]
#[derive(Clone, Copy, Default)]
pub struct psa_mac_operation_t {
    pub(crate) private_handle: u64,
    pub(crate) private_reserved: [u64; 3],
}

/// The state of a multi-part cipher (PSA 1.5, section 10.5.3). All-zero memory is inactive.
#[repr(C)]
#[derive(Clone, Copy, Default)]
pub struct psa_cipher_operation_t {
    pub(crate) private_handle: u64,
    pub(crate) private_reserved: [u64; 3],
}

/// The state of a multi-part authenticated encryption (PSA 1.5, section 10.6.3). All-zero memory is inactive.
#[repr(C)]
#[derive(Clone, Copy, Default)]
pub struct psa_aead_operation_t {
    pub(crate) private_handle: u64,
    pub(crate) private_reserved: [u64; 3],
}

/// The state of a key derivation (PSA 1.5, section 10.8.3). All-zero memory is inactive.
#[repr(C)]
#[derive(Clone, Copy, Default)]
pub struct psa_key_derivation_operation_t {
    pub(crate) private_handle: u64,
    pub(crate) private_reserved: [u64; 3],
}

/// The state of a multi-part signature (PSA 1.5, section 10.9.9). All-zero memory is inactive.
#[repr(C)]
#[derive(Clone, Copy, Default)]
pub struct psa_sign_operation_t {
    pub(crate) private_handle: u64,
    pub(crate) private_reserved: [u64; 3],
}

/// The state of a multi-part verification (PSA 1.5, section 10.9.9). All-zero memory is inactive.
#[repr(C)]
#[derive(Clone, Copy, Default)]
pub struct psa_verify_operation_t {
    pub(crate) private_handle: u64,
    pub(crate) private_reserved: [u64; 3],
}

/// The state of a password-authenticated key exchange (PSA 1.5, section 10.13.6). All-zero memory is inactive.
#[repr(C)]
#[derive(Clone, Copy, Default)]
pub struct psa_pake_operation_t {
    pub(crate) private_handle: u64,
    pub(crate) private_reserved: [u64; 3],
}

/// What all operation objects have in common.
pub(super) trait Operation: Copy + Default {
    /// The handle of the state, 0 when inactive.
    fn handle(&mut self) -> &mut Handle;
}

macro_rules! operations {
    ($($name:ident),+) => {$(
        impl Operation for $name {
            fn handle(&mut self) -> &mut Handle {
                &mut self.private_handle
            }
        }
        // The layout is part of the ABI (SONAME libparsec.so.0).
        const _: () = assert!(size_of::<$name>() == 32 && align_of::<$name>() == 8);
    )+};
}

operations!(
    psa_hash_operation_t,
    psa_xof_operation_t,
    psa_mac_operation_t,
    psa_cipher_operation_t,
    psa_aead_operation_t,
    psa_key_derivation_operation_t,
    psa_sign_operation_t,
    psa_verify_operation_t,
    psa_pake_operation_t
);

const _: () = assert!(size_of::<psa_key_attributes_t>() == 32 && align_of::<psa_key_attributes_t>() == 4);
const _: () = assert!(size_of::<psa_custom_key_parameters_t>() == 4);
const _: () = assert!(size_of::<psa_pake_cipher_suite_t>() == 16);
