//! Private keys that are numbers in a range: checking and drawing them in constant time.

use subtle::{Choice, ConstantTimeEq};

use crate::memory::Secret;
use crate::psa::Result;

/// Draws a number from 1 to one less than `bound`, by the rejection procedure of PSA 1.5, sections 9.5.2 and 9.5.3 (SP
/// 800-56A, sections 5.6.1.1.4 and 5.6.1.2.2). `draw` fills its argument with the next bytes; all numbers are big-endian.
pub(super) fn draw(bound: &[u8], draw: &mut dyn FnMut(&mut [u8]) -> Result<()>) -> Result<Secret> {
    let unused_bits = bound.first().map_or(0, |first| first.leading_zeros());
    loop {
        let mut number = Secret::new(vec![0; bound.len()]);
        draw(&mut number)?;
        if let Some(first) = number.first_mut() {
            *first &= 0xff >> unused_bits;
        }
        add_one(&mut number);
        // What was all ones is 0 now.
        if is_in_range(&number, bound) {
            return Ok(number);
        }
    }
}

/// True where a number is not 0 and less than `bound`; tells nothing else about it. Both have the same length.
pub(super) fn is_in_range(number: &[u8], bound: &[u8]) -> bool {
    bool::from(!is_zero(number) & is_less(number, bound))
}

fn add_one(number: &mut [u8]) {
    let mut carry = 1;
    for byte in number.iter_mut().rev() {
        carry += u16::from(*byte);
        *byte = carry as u8;
        carry >>= 8;
    }
}

fn is_zero(number: &[u8]) -> Choice {
    number.iter().fold(0, |bits, byte| bits | byte).ct_eq(&0)
}

fn is_less(left: &[u8], right: &[u8]) -> Choice {
    let pairs = left.iter().zip(right).rev();
    let borrow = pairs
        .fold(0, |borrow, (left, right)| u16::from(*left).wrapping_sub(u16::from(*right)).wrapping_sub(borrow) >> 15);
    Choice::from(borrow as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_have_their_ends() {
        let bound = [1, 0, 5];
        for (number, expected) in [
            ([0, 0, 0], false),
            ([0, 0, 1], true),
            ([0, 255, 9], true),
            ([1, 0, 4], true),
            ([1, 0, 5], false),
            ([1, 1, 0], false),
        ] {
            assert_eq!(is_in_range(&number, &bound), expected, "{number:?}");
        }
    }

    /// The bytes that are given, and what comes of them: unused bits are cleared, what is too large is thrown away, and one is
    /// added.
    #[test]
    fn what_is_too_large_is_drawn_again() {
        let bound = [0x01, 0x05];
        let mut stream = [0xff, 0xff, 0x01, 0x04, 0x81, 0x03, 0x77].into_iter();
        let mut next = |output: &mut [u8]| {
            output.fill_with(|| stream.next().unwrap());
            Ok(())
        };
        assert_eq!(**draw(&bound, &mut next).unwrap(), [0x01, 0x04]);
        assert_eq!(stream.next(), Some(0x77));
        let mut zero = |output: &mut [u8]| {
            output.fill(0);
            Ok(())
        };
        assert_eq!(**draw(&bound, &mut zero).unwrap(), [0, 1]);
    }
}
