//! Key attributes (PSA 1.5, section 9.1).

use super::{Algorithm, KeyId, KeyType, Lifetime, Usage};

/// What is known of a key without its material.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Attributes {
    /// Type of the key, `KeyType::NONE` when not set.
    pub key_type: KeyType,
    /// Size in bits, 0 when it follows from the data.
    pub bits: usize,
    /// Persistence and location.
    pub lifetime: Lifetime,
    /// Identifier, `KeyId::NULL` for a volatile key that is not yet made.
    pub id: KeyId,
    /// What the key may be used for.
    pub usage: Usage,
    /// With which algorithm.
    pub algorithm: Algorithm,
}
