//! `parsec.toml`.
