//! Sums of multiples of points on a curve of aws-lc.
#![allow(unsafe_code)]

use std::ptr;

use aws_lc_sys::{
    BIGNUM, BN_new, EC_GROUP, EC_GROUP_get_curve_GFp, EC_GROUP_get0_order, EC_POINT, EC_POINT_add,
    EC_POINT_is_at_infinity, EC_POINT_mul, EC_POINT_new, EC_POINT_oct2point, EC_POINT_point2oct,
    point_conversion_form_t,
};

use super::bignum;
use super::ec_group::Group;
use super::owned::Owned;

/// One summand: a big-endian scalar below the order, and an encoded point, or `None` for the generator.
pub(in crate::engines::native) type Term<'a> = (&'a [u8], Option<&'a [u8]>);

/// Prime of the field and the coefficients a and b of the curve, each big-endian in `length` bytes.
pub(in crate::engines::native) struct Equation {
    pub(in crate::engines::native) p: Vec<u8>,
    pub(in crate::engines::native) a: Vec<u8>,
    pub(in crate::engines::native) b: Vec<u8>,
}

/// Writes the sum of the terms, uncompressed, to `sum`, which has exactly its length. False where a point is not on the
/// curve or the sum is the point at infinity. Scalars are multiplied in constant time.
#[must_use]
pub(in crate::engines::native) fn combine(group: &'static Group, terms: &[Term<'_>], sum: &mut [u8]) -> bool {
    group.as_ptr().and_then(|group| add_up(group, terms)).is_some_and(|(group, total)| encode(group, &total, sum))
}

/// The order of the generator, big-endian in `length` bytes.
pub(in crate::engines::native) fn order(group: &'static Group, length: usize) -> Option<Vec<u8>> {
    let group = group.as_ptr()?;
    let mut order = vec![0; length];
    // SAFETY: the group is valid for ever, and so is its order.
    unsafe { bignum::write(EC_GROUP_get0_order(group), &mut order) }.then_some(order)
}

/// The equation of the curve, with numbers of `length` bytes.
pub(in crate::engines::native) fn equation(group: &'static Group, length: usize) -> Option<Equation> {
    let group = group.as_ptr()?;
    let (p, a, b) = (new_number()?, new_number()?, new_number()?);
    // SAFETY: the group is valid, the three numbers are ours, and a null context is allowed.
    let known = unsafe { EC_GROUP_get_curve_GFp(group, p.as_ptr(), a.as_ptr(), b.as_ptr(), ptr::null_mut()) };
    let bytes = |number: &Owned<BIGNUM>| {
        let mut bytes = vec![0; length];
        // SAFETY: the number is valid while it is owned.
        unsafe { bignum::write(number.as_ptr(), &mut bytes) }.then_some(bytes)
    };
    if known != 1 {
        return None;
    }
    Some(Equation { p: bytes(&p)?, a: bytes(&a)?, b: bytes(&b)? })
}

fn new_number() -> Option<Owned<BIGNUM>> {
    // SAFETY: the new number is ours.
    unsafe { Owned::new(BN_new()) }
}

fn new_point(group: *const EC_GROUP) -> Option<Owned<EC_POINT>> {
    // SAFETY: the group is valid for ever, and the new point, which is at infinity, is ours.
    unsafe { Owned::new(EC_POINT_new(group)) }
}

fn add_up(group: *const EC_GROUP, terms: &[Term<'_>]) -> Option<(*const EC_GROUP, Owned<EC_POINT>)> {
    let total = new_point(group)?;
    for (scalar, point) in terms {
        let product = multiply(group, scalar, *point)?;
        // SAFETY: all points are valid and of this group; the result may be one of the summands.
        let added = unsafe { EC_POINT_add(group, total.as_ptr(), total.as_ptr(), product.as_ptr(), ptr::null_mut()) };
        if added != 1 {
            return None;
        }
    }
    Some((group, total))
}

fn multiply(group: *const EC_GROUP, scalar: &[u8], point: Option<&[u8]>) -> Option<Owned<EC_POINT>> {
    let (product, scalar) = (new_point(group)?, bignum::from_bytes(scalar)?);
    let none: *const BIGNUM = ptr::null();
    let status = match point {
        // SAFETY: group, product and scalar are valid; a null point stands for no second summand.
        None => unsafe { EC_POINT_mul(group, product.as_ptr(), scalar.as_ptr(), ptr::null(), none, ptr::null_mut()) },
        Some(encoded) => {
            let point = new_point(group)?;
            // SAFETY: group and point belong together and the encoding is valid for its length. aws-lc checks that the
            // point is on the curve, and the second call happens only then.
            unsafe {
                let decoded =
                    EC_POINT_oct2point(group, point.as_ptr(), encoded.as_ptr(), encoded.len(), ptr::null_mut());
                (decoded == 1).then(|| {
                    EC_POINT_mul(group, product.as_ptr(), none, point.as_ptr(), scalar.as_ptr(), ptr::null_mut())
                })?
            }
        }
    };
    (status == 1).then_some(product)
}

fn encode(group: *const EC_GROUP, point: &Owned<EC_POINT>, output: &mut [u8]) -> bool {
    // SAFETY: group and point are valid and belong together, `output` is writable for its length, which aws-lc
    // respects.
    unsafe {
        EC_POINT_is_at_infinity(group, point.as_ptr()) == 0
            && EC_POINT_point2oct(
                group,
                point.as_ptr(),
                point_conversion_form_t::POINT_CONVERSION_UNCOMPRESSED,
                output.as_mut_ptr(),
                output.len(),
                ptr::null_mut(),
            ) == output.len()
    }
}
