//! ARC4 (PSA 1.5, section 10.5.1), for legacy data only: its table is read at places that depend on the key.

use inout::InOutBuf;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::core::primitives::CipherOperation;
use crate::memory::InOut;
use crate::psa::{Error, Result};

/// A key stream at some position.
#[derive(Zeroize, ZeroizeOnDrop)]
pub(super) struct Arc4 {
    table: [u8; 256],
    i: u8,
    j: u8,
}

impl Arc4 {
    /// Begins with a key of 5 to 256 bytes.
    pub(super) fn new(key: &[u8]) -> Self {
        let mut table = std::array::from_fn(|index| index as u8);
        let mut j = 0u8;
        for (i, byte) in (0..table.len()).zip(key.iter().cycle()) {
            j = j.wrapping_add(table[i]).wrapping_add(*byte);
            table.swap(i, j.into());
        }
        Self { table, i: 0, j: 0 }
    }

    fn next(&mut self) -> u8 {
        self.i = self.i.wrapping_add(1);
        let first = self.table[usize::from(self.i)];
        self.j = self.j.wrapping_add(first);
        let second = self.table[usize::from(self.j)];
        self.table.swap(self.i.into(), self.j.into());
        self.table[usize::from(first.wrapping_add(second))]
    }

    fn apply(&mut self, data: InOutBuf<'_, '_, u8>) {
        for mut byte in data {
            let output = *byte.get_in() ^ self.next();
            *byte.get_out() = output;
        }
    }
}

impl CipherOperation for Arc4 {
    fn set_iv(&mut self, _iv: &[u8]) -> Result<()> {
        Err(Error::BadState)
    }

    fn update(&mut self, data: &mut InOut<'_>) -> Result<usize> {
        let length = data.input_length();
        self.apply(data.transform(length)?.0);
        Ok(length)
    }

    fn finish(&mut self, _output: &mut [u8]) -> Result<usize> {
        Ok(0)
    }
}
