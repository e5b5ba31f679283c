//! The scalar types of the API under their C names; cbindgen writes them into the header.
#![allow(non_camel_case_types)]

/// The outcome of a function: `PSA_SUCCESS` (0) or a negative error code (PSA 1.5, section 8.1).
pub type psa_status_t = i32;

/// A key type: category and kind of a key, without its size (PSA 1.5, section 9.2.1).
pub type psa_key_type_t = u16;

/// A family of elliptic curves; the size in bits picks the curve (PSA 1.5, section 9.2.3).
pub type psa_ecc_family_t = u8;

/// A family of finite-field Diffie-Hellman groups; the size in bits picks the group (PSA 1.5, section 9.2.4).
pub type psa_dh_family_t = u8;

/// A family of SLH-DSA parameter sets; the size in bits picks the set (PSA 1.5, section 9.5.7).
pub type psa_slh_dsa_family_t = u8;

/// An algorithm with its parameters (PSA 1.5, section 10.1.1).
pub type psa_algorithm_t = u32;

/// Where a key is and how long it stays (PSA 1.5, section 9.6.3).
pub type psa_key_lifetime_t = u32;

/// How long a key stays: the lower 8 bits of a lifetime (PSA 1.5, section 9.6.3).
pub type psa_key_persistence_t = u8;

/// Where a key is: the upper 24 bits of a lifetime (PSA 1.5, section 9.6.3).
pub type psa_key_location_t = u32;

/// Identifier of a key; `PSA_KEY_ID_NULL` is none (PSA 1.5, section 9.7.1).
pub type psa_key_id_t = u32;

/// What a key may be used for: a set of `PSA_KEY_USAGE_` flags (PSA 1.5, section 9.8.2).
pub type psa_key_usage_t = u32;

/// An input step of a key derivation (PSA 1.5, section 10.8.2).
pub type psa_key_derivation_step_t = u16;

/// The kind of group that a PAKE computes in (PSA 1.5, section 10.13.2).
pub type psa_pake_primitive_type_t = u8;

/// A family of curves or groups, depending on the primitive type (PSA 1.5, section 10.13.2).
pub type psa_pake_family_t = u8;

/// A group that a PAKE computes in: type, family and size in bits (PSA 1.5, section 10.13.2).
pub type psa_pake_primitive_t = u32;

/// The side of a PAKE that the application plays (PSA 1.5, section 10.13.4).
pub type psa_pake_role_t = u8;

/// What an input or output of a PAKE is (PSA 1.5, section 10.13.5).
pub type psa_pake_step_t = u8;
