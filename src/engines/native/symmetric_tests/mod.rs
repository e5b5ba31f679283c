//! Tests of the symmetric half against the vectors of standards, Wycheproof and the `openssl` command.

mod aead;
mod block_ciphers;
mod cipher;
mod hash;
mod key_derivation;
mod key_wrap;
mod keys;
mod mac;
mod xof;

use super::Native;
use crate::core::primitives::Key;
use crate::engines::Engine;
use crate::memory::InOut;
use crate::psa::KeyType;

/// Bytes from hexadecimal digits.
fn hex(digits: &str) -> Vec<u8> {
    assert!(digits.len().is_multiple_of(2));
    (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap()).collect()
}

/// Says how many vectors there were that must, and must not, be right.
#[allow(clippy::print_stdout)]
fn report(set: impl std::fmt::Debug, valid: usize, invalid: usize) {
    println!("Wycheproof {set:?}: {valid} valid, {invalid} invalid");
}

/// A key ready for use.
fn prepare(key_type: KeyType, material: &[u8]) -> Box<dyn Key> {
    let (material, bits) = Native.import(key_type, 0, material).unwrap();
    Native.prepare(key_type, bits, &material).unwrap()
}

/// A message of 1,000 bytes without a short period.
fn long_message() -> Vec<u8> {
    (0..1000u32).map(|index| (index * 7 % 251) as u8).collect()
}

/// The bytes from 0 up, as many as asked for.
fn counting(length: u8) -> Vec<u8> {
    (0..length).collect()
}

/// Input and output at the same address: the first `length` bytes of `memory` are the input.
#[allow(unsafe_code)]
fn in_place(memory: &mut [u8], length: usize) -> InOut<'_> {
    assert!(length <= memory.len());
    // SAFETY: both ranges lie in `memory`, which is borrowed for the result's lifetime.
    unsafe { InOut::from_raw(memory.as_ptr(), length, memory.as_mut_ptr(), memory.len()) }
}

/// Cuts data at these places, taken modulo the length.
fn split<'a>(data: &'a [u8], places: &[usize]) -> Vec<&'a [u8]> {
    let mut places: Vec<usize> = places.iter().map(|place| place % (data.len() + 1)).collect();
    places.sort_unstable();
    places.push(data.len());
    let mut start = 0;
    places.into_iter().map(|end| &data[std::mem::replace(&mut start, end)..end]).collect()
}
