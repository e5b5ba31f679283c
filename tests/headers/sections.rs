//! Where the specification has each of its identifiers.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Every identifier of PSA Crypto API 1.5 with the number of its section.
const SECTIONS: &str = include_str!("../data/crypto-api-1.5-sections.csv");

static SECTION_OF: LazyLock<HashMap<&str, &str>> =
    LazyLock::new(|| SECTIONS.lines().skip(1).map(|line| line.split_once(',').unwrap()).collect());

/// The identifiers of the specification.
pub fn identifiers() -> impl Iterator<Item = &'static str> {
    SECTION_OF.keys().copied()
}

/// Where the specification has an identifier, as comments say it; none of what the specification does not have.
pub fn reference(name: &str) -> Option<String> {
    SECTION_OF.get(name).map(|section| format!("PSA 1.5, section {section}"))
}
