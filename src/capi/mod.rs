//! The C boundary: one thin file per chapter of the specification.

pub mod types;
