//! The caller's buffers (PSA 1.5, section 5.4): the only place that turns pointers into slices.
//!
//! A pointer may be anything where its length is 0; null with a length, and a length over `isize::MAX`, are
//! `INVALID_ARGUMENT`. Inputs that overlap the output are copied, or joined with it in an [`InOut`].

use std::marker::PhantomData;
use std::ops::Deref;
use std::ptr::NonNull;

use zeroize::Zeroize;

use crate::memory::{InOut, Secret, overlap};
use crate::psa::{Error, KeyId, Result};

/// An input buffer: the caller's memory, or a copy where it overlaps the output.
pub(super) struct In<'a> {
    bytes: *const [u8],
    /// Keeps the bytes where they are a copy. In a box, so that it is one word in the calls that need none.
    copy: Option<Box<Secret>>,
    caller: PhantomData<&'a [u8]>,
}

impl<'a> In<'a> {
    /// An input of a function without an output buffer.
    ///
    /// # Safety
    ///
    /// `pointer` is null or valid for reads of `length` bytes, which nobody changes during `'a`.
    pub(super) unsafe fn new(pointer: *const u8, length: usize) -> Result<Self> {
        check(pointer, length)?;
        Ok(Self { bytes: bytes(pointer, length), copy: None, caller: PhantomData })
    }

    /// An input of a function that writes to `output`.
    ///
    /// # Safety
    ///
    /// As for [`In::new`].
    pub(super) unsafe fn beside(pointer: *const u8, length: usize, output: &Out<'_>) -> Result<Self> {
        // SAFETY: the same contract.
        let mut input = unsafe { Self::new(pointer, length)? };
        if overlap(pointer, length, output.pointer, output.size) {
            let copy = input.to_secret();
            input.bytes = &raw const copy[..];
            input.copy = Some(copy);
        }
        Ok(input)
    }

    #[cold]
    fn to_secret(&self) -> Box<Secret> {
        Box::new(Secret::new(self.to_vec()))
    }
}

impl Deref for In<'_> {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        // SAFETY: the caller's memory by the contract of `new`, not null and not longer than isize::MAX by its check; or
        // our copy, which nobody changes and which lives as long as `self`.
        unsafe { &*self.bytes }
    }
}

/// An output buffer with the place for its length.
pub(super) struct Out<'a> {
    pointer: *mut u8,
    size: usize,
    length: Option<&'a mut usize>,
    caller: PhantomData<&'a mut [u8]>,
}

impl<'a> Out<'a> {
    /// A buffer of `size` bytes of which `*length` tells how many were written; sets `*length` to 0.
    ///
    /// # Safety
    ///
    /// `pointer` is null or valid for writes of `size` bytes, `length` is null or valid, and nobody else uses them
    /// during `'a`.
    pub(super) unsafe fn new(pointer: *mut u8, size: usize, length: *mut usize) -> Result<Self> {
        // SAFETY: null or valid by the contract.
        let length = unsafe { length.as_mut() }.ok_or(Error::InvalidArgument)?;
        *length = 0;
        check(pointer, size)?;
        Ok(Self { pointer, size, length: Some(length), caller: PhantomData })
    }

    /// A buffer that is always filled.
    ///
    /// # Safety
    ///
    /// `pointer` is null or valid for writes of `size` bytes, which nobody else uses during `'a`.
    pub(super) unsafe fn exact(pointer: *mut u8, size: usize) -> Result<Self> {
        check(pointer, size)?;
        Ok(Self { pointer, size, length: None, caller: PhantomData })
    }

    /// Lets `write` fill the buffer and say how much it wrote. When it fails, the buffer is wiped.
    pub(super) fn write(mut self, write: impl FnOnce(&mut [u8]) -> Result<usize>) -> Result<()> {
        let result = write(self.slice());
        self.conclude(result)
    }

    /// Lets `write` fill the whole buffer. When it fails, the buffer is wiped.
    pub(super) fn fill(mut self, write: impl FnOnce(&mut [u8]) -> Result<()>) -> Result<()> {
        let size = self.size;
        let result = write(self.slice()).map(|()| size);
        self.conclude(result)
    }

    /// Lets `transform` work from an input that may be the same memory into the buffer, and say how much it
    /// wrote. When it fails, an output that does not overlap the input is wiped; else `transform` did what was
    /// needed.
    ///
    /// # Safety
    ///
    /// As for [`In::new`].
    pub(super) unsafe fn transform(
        mut self,
        input: *const u8,
        length: usize,
        transform: impl FnOnce(&mut InOut<'_>) -> Result<usize>,
    ) -> Result<()> {
        check(input, length)?;
        // SAFETY: both were checked and are valid by the contracts of `new` and of this function.
        let mut data = unsafe { InOut::from_raw(input, length, self.pointer, self.size) };
        let overlaps = data.overlaps();
        let result = transform(&mut data);
        if overlaps {
            return result.map(|written| self.set_length(written));
        }
        self.conclude(result)
    }

    fn slice(&mut self) -> &mut [u8] {
        if self.size == 0 {
            return &mut [];
        }
        // SAFETY: not null and not longer than isize::MAX by the check, valid and unshared by the contract of
        // `new`; inputs that overlap were copied by `In::beside`.
        unsafe { std::slice::from_raw_parts_mut(self.pointer, self.size) }
    }

    fn conclude(&mut self, result: Result<usize>) -> Result<()> {
        match result {
            Ok(written) => {
                self.set_length(written);
                Ok(())
            }
            // Nothing was written, and the caller may want to try again with what is there.
            Err(error @ (Error::BufferTooSmall | Error::BadState | Error::InvalidHandle)) => Err(error),
            Err(error) => {
                self.slice().zeroize();
                Err(error)
            }
        }
    }

    fn set_length(&mut self, written: usize) {
        if let Some(length) = &mut self.length {
            **length = written;
        }
    }
}

/// The place for the identifier of a new key: `PSA_KEY_ID_NULL` unless the key is made.
pub(super) struct NewKey<'a>(&'a mut u32);

impl NewKey<'_> {
    /// Sets `*key` to `PSA_KEY_ID_NULL`.
    ///
    /// # Safety
    ///
    /// `key` is null or valid, and nobody else uses it meanwhile.
    pub(super) unsafe fn new(key: *mut u32) -> Result<Self> {
        // SAFETY: null or valid by the contract.
        let key = unsafe { key.as_mut() }.ok_or(Error::InvalidArgument)?;
        *key = KeyId::NULL.0;
        Ok(Self(key))
    }

    /// Gives the identifier to the caller.
    pub(super) fn set(self, key: KeyId) {
        *self.0 = key.0;
    }
}

/// A structure that the caller lends.
///
/// # Safety
///
/// `pointer` is null or valid for reads during `'a`.
pub(super) unsafe fn structure<'a, T>(pointer: *const T) -> Result<&'a T> {
    // SAFETY: null or valid by the contract.
    unsafe { pointer.as_ref() }.ok_or(Error::InvalidArgument)
}

/// A structure that the caller lends for writing.
///
/// # Safety
///
/// `pointer` is null or valid for reads and writes, and nobody else uses it during `'a`.
pub(super) unsafe fn structure_mut<'a, T>(pointer: *mut T) -> Result<&'a mut T> {
    // SAFETY: null or valid by the contract.
    unsafe { pointer.as_mut() }.ok_or(Error::InvalidArgument)
}

/// A pointer that may become a slice: where the length is 0 it is not the caller's.
fn bytes(pointer: *const u8, length: usize) -> *const [u8] {
    let pointer = if length == 0 { NonNull::dangling().as_ptr() } else { pointer };
    std::ptr::slice_from_raw_parts(pointer, length)
}

fn check(pointer: *const u8, length: usize) -> Result<()> {
    match length.cast_signed() {
        0 => Ok(()),
        1.. if !pointer.is_null() => Ok(()),
        _ => Err(Error::InvalidArgument),
    }
}
