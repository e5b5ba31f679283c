//! The rules of PSA, the same for every place where a key can be.

pub mod epoch;
pub mod primitives;
