//! The TPM's encoding: big-endian numbers, and bytes with a 16-bit length in front (TPM 2.0 Library, part 1, section
//! 18, and part 2, section 10.4).

use crate::memory::Secret;

/// More than any command has, so that a buffer never grows and leaves copies of secrets behind.
const CAPACITY: usize = 4096;

/// What is sent.
pub(super) struct Writer(Secret);

impl Writer {
    pub(super) fn new() -> Self {
        Self(Secret::new(Vec::with_capacity(CAPACITY)))
    }

    pub(super) fn byte(mut self, value: u8) -> Self {
        self.0.push(value);
        self
    }

    pub(super) fn half(self, value: u16) -> Self {
        self.raw(&value.to_be_bytes())
    }

    pub(super) fn word(self, value: u32) -> Self {
        self.raw(&value.to_be_bytes())
    }

    /// Bytes as they are.
    pub(super) fn raw(mut self, bytes: &[u8]) -> Self {
        self.0.extend_from_slice(bytes);
        self
    }

    /// Bytes with their length in front, as in all TPM2B structures.
    pub(super) fn sized(self, bytes: &[u8]) -> Self {
        self.half(bytes.len() as u16).raw(bytes)
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }

    pub(super) fn bytes_mut(&mut self) -> &mut [u8] {
        &mut self.0
    }

    /// What was written.
    pub(super) fn finish(self) -> Secret {
        self.0
    }
}

/// Bytes with their length in front.
pub(super) fn sized(bytes: &[u8]) -> Vec<u8> {
    [&(bytes.len() as u16).to_be_bytes(), bytes].concat()
}

/// What was received. Every method answers `None` where the bytes end too early.
#[derive(Clone)]
pub(super) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// The next `length` bytes.
    pub(super) fn raw(&mut self, length: usize) -> Option<&'a [u8]> {
        let (bytes, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(bytes)
    }

    fn array<const LENGTH: usize>(&mut self) -> Option<[u8; LENGTH]> {
        self.raw(LENGTH)?.try_into().ok()
    }

    pub(super) fn byte(&mut self) -> Option<u8> {
        self.array().map(u8::from_be_bytes)
    }

    pub(super) fn half(&mut self) -> Option<u16> {
        self.array().map(u16::from_be_bytes)
    }

    pub(super) fn word(&mut self) -> Option<u32> {
        self.array().map(u32::from_be_bytes)
    }

    /// Bytes with their length in front.
    pub(super) fn sized(&mut self) -> Option<&'a [u8]> {
        let length = self.half()?;
        self.raw(usize::from(length))
    }

    /// What is left.
    pub(super) fn rest(self) -> &'a [u8] {
        self.0
    }

    /// `Some` where nothing is left.
    pub(super) fn end(self) -> Option<()> {
        self.0.is_empty().then_some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let written = Writer::new().byte(1).half(2).word(3).sized(b"four").raw(b"five").finish();
        assert_eq!(written[..13], [1, 0, 2, 0, 0, 0, 3, 0, 4, b'f', b'o', b'u', b'r']);
        let mut reader = Reader::new(&written);
        assert_eq!((reader.byte(), reader.half(), reader.word()), (Some(1), Some(2), Some(3)));
        assert_eq!(reader.sized(), Some(&b"four"[..]));
        assert_eq!(reader.clone().end(), None);
        assert_eq!(reader.clone().rest(), b"five");
        assert_eq!((reader.raw(5), reader.word()), (None, Some(u32::from_be_bytes(*b"five"))));
        assert_eq!(Reader::new(&[0, 5, 1]).sized(), None);
    }
}
