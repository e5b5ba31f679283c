//! Random numbers (PSA 1.5, section 10.14).
//!
//! The generator of aws-lc (a CTR-DRBG in each thread) renews its key after each call, which costs as much as hundreds of
//! random bytes, and takes a lock of the whole process to ask whether it was forked. So short requests take their bytes
//! from a buffer of their thread, which is filled by one call. That is as secure as the generator: what is in the buffer
//! could be computed from the generator's state in the same memory; what was given out is wiped at once, as the
//! renewed key protects it there; and where the process was copied, by `fork` or a bare `clone`, the buffer is thrown
//! away. There is no buffer where only the generator would notice that.

use std::cell::RefCell;

use zeroize::Zeroize;

use super::ffi;
use crate::core::epoch;
use crate::fail;
use crate::memory::{Secret, SecretArray};
use crate::psa::Result;

/// Longer requests go to the generator.
const SHORT: usize = 64;
/// So large that the fixed costs of the generator, its locks above all, are spread over a hundred requests.
const BUFFER: usize = 4096;

thread_local! {
    static BYTES: RefCell<Buffer> = const { RefCell::new(Buffer { bytes: SecretArray::zeros(), left: 0, epoch: 0 }) };
}

/// Random bytes that were not given out yet; the last `left` ones, and zeros before them.
struct Buffer {
    bytes: SecretArray<BUFFER>,
    left: usize,
    /// In which process they were made.
    epoch: u64,
}

/// Fills `output`; `INSUFFICIENT_ENTROPY` when the generator cannot be seeded.
pub fn fill(output: &mut [u8]) -> Result<()> {
    if output.len() <= SHORT && epoch::notices_every_fork() && !ffi::random::notices_snapshots() {
        // None in a thread that is ending.
        let filled = BYTES.try_with(|buffer| buffer.try_borrow_mut().ok().map(|mut buffer| buffer.take(output)));
        if let Ok(Some(filled)) = filled {
            return filled;
        }
    }
    generate(output)
}

/// Random bytes that are secret, such as a private key without a structure.
pub(super) fn secret(length: usize) -> Result<Secret> {
    let mut secret = Secret::new(vec![0; length]);
    fill(&mut secret)?;
    Ok(secret)
}

fn generate(output: &mut [u8]) -> Result<()> {
    if ffi::random::fill(output) {
        return Ok(());
    }
    fail!(InsufficientEntropy, "the random generator of the native engine could not be seeded")
}

impl Buffer {
    fn take(&mut self, output: &mut [u8]) -> Result<()> {
        let epoch = epoch::current();
        if self.epoch != epoch || self.left < output.len() {
            self.left = 0;
            generate(self.bytes.as_mut_slice())?;
            (self.left, self.epoch) = (BUFFER, epoch);
        }
        let begin = BUFFER - self.left;
        let bytes = &mut self.bytes[begin..begin + output.len()];
        output.copy_from_slice(bytes);
        bytes.zeroize();
        self.left -= output.len();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_given_out_once_and_wiped() {
        let mut buffer = Buffer { bytes: SecretArray::zeros(), left: 0, epoch: 0 };
        let mut given: Vec<[u8; 32]> = Vec::new();
        // Until the buffer was filled twice.
        for _ in 0..BUFFER / 32 + 2 {
            let mut output = [0; 32];
            buffer.take(&mut output).unwrap();
            assert!(!given.contains(&output));
            given.push(output);
            let (out, rest) = buffer.bytes.split_at(BUFFER - buffer.left);
            assert!(out.iter().all(|byte| *byte == 0));
            assert!(!rest.windows(32).any(|bytes| bytes == output));
        }
    }

    #[test]
    fn another_process_gets_other_bytes() {
        let mut buffer = Buffer { bytes: SecretArray::zeros(), left: 0, epoch: 0 };
        buffer.take(&mut [0; 1]).unwrap();
        let of_parent = *buffer.bytes;
        buffer.epoch -= 1;
        buffer.take(&mut [0; 1]).unwrap();
        assert!(buffer.bytes.chunks(16).zip(of_parent.chunks(16)).all(|(one, other)| one != other));
    }

    #[test]
    fn any_length_is_filled() {
        for length in [0, 1, SHORT, SHORT + 1, BUFFER, 5000] {
            let mut output = vec![0; length];
            fill(&mut output).unwrap();
            assert!(length < 16 || output.iter().any(|byte| *byte != 0));
        }
    }
}
