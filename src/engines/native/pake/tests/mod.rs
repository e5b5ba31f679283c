//! Known answers of the protocols, and what is refused. The order of the steps is tested in `core`.

mod jpake;
mod sae;
mod spake2plus;

use super::super::known_answers;
use super::*;
use crate::core::primitives::{PakeExchange, PakeParties, PakeSuite};
use crate::engines::Function;
use crate::memory::Secret;
use crate::psa::{EccFamily, Error, PakeRole, PakeStep};

/// Notes that there is a known answer.
fn note(suite: PakeSuite, key_type: KeyType) {
    let bits = if key_type == KeyType::PASSWORD { 0 } else { suite.primitive.get_bits() };
    known_answers::note(Function::Pake, key_type, bits, suite.alg);
}

/// Bytes of hexadecimal digits, between which there may be spaces.
fn hex(digits: &str) -> Vec<u8> {
    let digits: Vec<u8> = digits.bytes().filter(|digit| !digit.is_ascii_whitespace()).collect();
    let digit = |digit: u8| (digit as char).to_digit(16).unwrap() as u8;
    digits.chunks(2).map(|pair| digit(pair[0]) << 4 | digit(pair[1])).collect()
}
