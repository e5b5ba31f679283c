//! Memory with a rule of its own: secrets that are wiped, and buffers of the caller that may overlap.
#![allow(unsafe_code)]

use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};

use inout::InOutBuf;
use zeroize::{Zeroize, Zeroizing};

use crate::psa::{Error, Result};

/// Bytes that are wiped when they are no longer used.
pub type Secret = Zeroizing<Vec<u8>>;

/// An array of bytes that are wiped at once when they are no longer used; `Zeroizing` takes an instruction for each.
#[derive(Clone)]
pub struct SecretArray<const LENGTH: usize>([u8; LENGTH]);

impl<const LENGTH: usize> SecretArray<LENGTH> {
    /// Keeps a copy of these bytes.
    pub const fn new(bytes: [u8; LENGTH]) -> Self {
        Self(bytes)
    }

    /// All zeros.
    pub const fn zeros() -> Self {
        Self([0; LENGTH])
    }
}

impl<const LENGTH: usize> Deref for SecretArray<LENGTH> {
    type Target = [u8; LENGTH];

    fn deref(&self) -> &[u8; LENGTH] {
        &self.0
    }
}

impl<const LENGTH: usize> DerefMut for SecretArray<LENGTH> {
    fn deref_mut(&mut self) -> &mut [u8; LENGTH] {
        &mut self.0
    }
}

impl<const LENGTH: usize> Drop for SecretArray<LENGTH> {
    fn drop(&mut self) {
        self.0.as_mut_slice().zeroize();
    }
}

/// The input and the output of one call, which may be the same memory or overlap in part
/// (PSA 1.5, section 5.4.4).
///
/// Never gives out a shared and an exclusive borrow of the same memory at once. In-place use (both begin at the
/// same address) is worked on directly; a partial overlap is resolved by a copy of the input.
pub struct InOut<'a> {
    input: *const u8,
    input_length: usize,
    output: *mut u8,
    output_size: usize,
    overlaps: bool,
    /// Keeps the copied input alive, and wiped afterwards, where the two overlap.
    copy: Option<Secret>,
    caller: PhantomData<(&'a [u8], &'a mut [u8])>,
}

impl<'a> InOut<'a> {
    /// Joins the caller's buffers.
    ///
    /// # Safety
    ///
    /// `input` is valid for reads of `input_length` bytes and `output` for reads and writes of `output_size`
    /// bytes during `'a` (or the length is 0), nobody else writes to them meanwhile, and both lengths are at
    /// most `isize::MAX`. They may overlap each other.
    pub unsafe fn from_raw(input: *const u8, input_length: usize, output: *mut u8, output_size: usize) -> Self {
        let dangling = std::ptr::NonNull::<u8>::dangling().as_ptr();
        let overlaps = overlap(input, input_length, output, output_size);
        Self {
            overlaps,
            input: if input_length == 0 { dangling } else { input },
            input_length,
            output: if output_size == 0 { dangling } else { output },
            output_size,
            copy: None,
            caller: PhantomData,
        }
    }

    /// Joins an input and an output of our own, which Rust already knows to be disjoint.
    pub fn new(input: &'a [u8], output: &'a mut [u8]) -> Self {
        // SAFETY: the borrows live for 'a and cover exactly these lengths; slices are at most isize::MAX long.
        unsafe { Self::from_raw(input.as_ptr(), input.len(), output.as_mut_ptr(), output.len()) }
    }

    /// Length of the input in bytes.
    pub fn input_length(&self) -> usize {
        self.input_length
    }

    /// Size of the output buffer in bytes.
    pub fn output_size(&self) -> usize {
        self.output_size
    }

    /// The input, while nothing has been written yet.
    pub fn input(&self) -> &[u8] {
        // SAFETY: valid for reads by the contract of from_raw (or it is our copy, a live allocation of that
        // length); &self keeps `output` from being given out meanwhile.
        unsafe { std::slice::from_raw_parts(self.input, self.input_length) }
    }

    /// The whole output; whatever the input held where they overlap is lost.
    pub fn output(&mut self) -> &mut [u8] {
        // SAFETY: valid for writes by the contract of from_raw; &mut self excludes any other borrow from here.
        unsafe { std::slice::from_raw_parts_mut(self.output, self.output_size) }
    }

    /// Cuts off the first `length` bytes of the input, such as an initialization vector; `INVALID_ARGUMENT` when it is
    /// shorter.
    pub fn take_input(&mut self, length: usize) -> Result<&[u8]> {
        let rest = self.input_length.checked_sub(length).ok_or(Error::InvalidArgument)?;
        let front = self.input;
        // SAFETY: `length` is at most the length of the input, valid by the contract of from_raw (or our copy), so
        // both the front and the new start are inside or at its end. &mut self keeps the output from being written
        // while the front is borrowed.
        unsafe {
            self.input = front.add(length);
            self.input_length = rest;
            self.look_for_overlap();
            Ok(std::slice::from_raw_parts(front, length))
        }
    }

    /// Leaves only the first `length` bytes of the input, without a tag for instance; `INVALID_ARGUMENT` when it is shorter.
    pub fn shorten_input(&mut self, length: usize) -> Result<()> {
        if length > self.input_length {
            return Err(Error::InvalidArgument);
        }
        self.input_length = length;
        self.look_for_overlap();
        Ok(())
    }

    /// Cuts off the first `length` bytes of the output, to be written before the input is read; `BUFFER_TOO_SMALL` when
    /// it is shorter.
    pub fn take_output(&mut self, length: usize) -> Result<&mut [u8]> {
        let rest = self.output_size.checked_sub(length).ok_or(Error::BufferTooSmall)?;
        if overlap(self.input, self.input_length, self.output, length) {
            self.detach();
        }
        let front = self.output;
        // SAFETY: `length` is at most the size of the output, valid by the contract of from_raw, so both the front and
        // the new start are inside or at its end. The input is disjoint from the front after the line above, and
        // what is left of the output is too.
        unsafe {
            self.output = front.add(length);
            self.output_size = rest;
            self.look_for_overlap();
            Ok(std::slice::from_raw_parts_mut(front, length))
        }
    }

    /// The first `length` bytes of the input with as many of the output, for a transformation that writes byte
    /// `i` after reading byte `i`, and the rest of the output.
    ///
    /// `INVALID_ARGUMENT` when the input is shorter, `BUFFER_TOO_SMALL` when the output is.
    pub fn transform(&mut self, length: usize) -> Result<(InOutBuf<'_, '_, u8>, &mut [u8])> {
        if length > self.input_length {
            return Err(Error::InvalidArgument);
        }
        if length > self.output_size {
            return Err(Error::BufferTooSmall);
        }
        if self.overlaps && !std::ptr::eq(self.input, self.output) {
            self.detach();
        }
        // SAFETY: both pointers are valid for `length` bytes and are now either equal or disjoint, which is
        // what InOutBuf demands. The rest begins behind its output, so the two exclusive borrows are disjoint;
        // an equal input covers only its first `length` bytes of this borrow. &mut self excludes other borrows.
        unsafe {
            Ok((
                InOutBuf::from_raw(self.input, self.output, length),
                std::slice::from_raw_parts_mut(self.output.add(length), self.output_size - length),
            ))
        }
    }

    /// Input and output as disjoint slices; copies the input where they overlap.
    pub fn separate(&mut self) -> (&[u8], &mut [u8]) {
        if self.overlaps {
            self.detach();
        }
        // SAFETY: valid by the contract of from_raw (or our own copy), disjoint after the line above, and &mut
        // self excludes other borrows.
        unsafe {
            (
                std::slice::from_raw_parts(self.input, self.input_length),
                std::slice::from_raw_parts_mut(self.output, self.output_size),
            )
        }
    }

    /// True where what is left of both shares memory.
    pub fn overlaps(&self) -> bool {
        self.overlaps
    }

    fn look_for_overlap(&mut self) {
        self.overlaps = overlap(self.input, self.input_length, self.output, self.output_size);
    }

    /// Moves the input to memory of our own.
    #[cold]
    fn detach(&mut self) {
        let copy = Secret::new(self.input().to_vec());
        self.input = copy.as_ptr();
        self.copy = Some(copy);
        self.overlaps = false;
    }
}

/// True where the two share memory: where one begins inside the other. A pointer may be anything where its length is 0.
pub(crate) fn overlap(input: *const u8, length: usize, output: *const u8, size: usize) -> bool {
    let distance = input.addr().wrapping_sub(output.addr());
    length != 0 && size != 0 && (distance < size || distance.wrapping_neg() < length)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// Input and output as ranges of the same memory.
    pub(crate) fn overlapping(
        memory: &mut [u8],
        input: std::ops::Range<usize>,
        output: std::ops::Range<usize>,
    ) -> InOut<'_> {
        let base = memory.as_mut_ptr();
        // SAFETY: both ranges lie in `memory`, which is borrowed for the result's lifetime.
        unsafe { InOut::from_raw(base.add(input.start), input.len(), base.add(output.start), output.len()) }
    }

    #[test]
    fn in_place_transformation_works_on_the_callers_memory() {
        let mut memory = [1, 2, 3, 4, 9];
        let mut data = overlapping(&mut memory, 0..4, 0..5);
        let (mut body, rest) = data.transform(4).unwrap();
        body.xor_in2out(&[0xff; 4]);
        rest[0] = 7;
        assert!(data.copy.is_none());
        assert_eq!(memory, [0xfe, 0xfd, 0xfc, 0xfb, 7]);
    }

    #[test]
    fn partial_overlap_gives_the_result_of_disjoint_buffers() {
        for (input, output) in [(0..4, 1..6), (2..6, 0..5)] {
            let mut memory = [1, 2, 3, 4, 5, 6];
            let expected: Vec<u8> = memory[input.clone()].iter().map(|byte| byte ^ 0xff).collect();
            let start = output.start;
            overlapping(&mut memory, input, output).transform(4).unwrap().0.xor_in2out(&[0xff; 4]);
            assert_eq!(memory[start..start + 4], expected[..]);
        }
    }

    #[test]
    fn separate_copies_only_where_it_must() {
        let mut memory = [1, 2, 3, 4];
        assert!({
            let mut data = overlapping(&mut memory, 0..2, 2..4);
            data.separate();
            data.copy.is_none()
        });
        let mut data = overlapping(&mut memory, 0..3, 1..4);
        let (input, output) = data.separate();
        output.fill(0);
        assert_eq!(input, [1, 2, 3]);
    }

    #[test]
    fn an_output_that_is_taken_leaves_the_input_as_it_was() {
        for (input, copied) in [(0..2, true), (1..4, true), (2..4, false)] {
            let mut memory = [1, 2, 3, 4];
            let expected = memory[input.clone()].to_vec();
            let mut data = overlapping(&mut memory, input, 0..4);
            data.take_output(2).unwrap().fill(9);
            assert_eq!((data.input(), data.output_size(), data.copy.is_some()), (&expected[..], 2, copied));
        }
        let mut output = [0; 2];
        assert_eq!(InOut::new(&[], &mut output).take_output(3).err(), Some(Error::BufferTooSmall));
    }

    #[test]
    fn input_that_is_taken_is_no_longer_there() {
        let mut memory = [1, 2, 3, 4];
        let mut data = overlapping(&mut memory, 0..4, 0..4);
        assert_eq!(data.take_input(1).unwrap(), [1]);
        data.transform(3).unwrap().0.xor_in2out(&[0xff; 3]);
        assert_eq!(memory, [0xfd, 0xfc, 0xfb, 4]);
        let mut output = [0; 2];
        assert_eq!(InOut::new(&[1], &mut output).take_input(2).err(), Some(Error::InvalidArgument));
    }

    #[test]
    fn lengths_are_checked() {
        let mut output = [0; 2];
        assert_eq!(InOut::new(&[1, 2, 3], &mut output).transform(3).err(), Some(Error::BufferTooSmall));
        assert_eq!(InOut::new(&[1], &mut output).transform(2).err(), Some(Error::InvalidArgument));
    }
}
