//! The elliptic curves of aws-lc, and curves that it does not know, made from their parameters.
#![allow(unsafe_code)]

use std::ffi::CStr;
use std::ptr;

use crate::engines::native::made_once::MadeOnce;
use aws_lc_sys::{
    BIGNUM, BN_hex2bn, BN_value_one, EC_GROUP, EC_GROUP_get0_order, EC_GROUP_new_curve_GFp, EC_GROUP_set_generator,
    EC_POINT_new, EC_POINT_set_affine_coordinates_GFp,
};

use super::bignum;
use super::owned::Owned;

/// A short Weierstrass curve over a prime field, of prime order.
pub(in crate::engines::native) enum Group {
    /// One that aws-lc knows.
    Known(Known),
    /// Another one, made when it is first used and kept as long as the process lives.
    Custom(Parameters, MadeOnce<Option<Made>>),
}

/// The curves that aws-lc knows.
#[derive(Clone, Copy)]
pub(in crate::engines::native) enum Known {
    Secp224r1,
    Secp256r1,
    Secp384r1,
    Secp521r1,
    Secp256k1,
    BrainpoolP224r1,
    BrainpoolP256r1,
    BrainpoolP320r1,
    BrainpoolP384r1,
    BrainpoolP512r1,
}

/// The domain parameters of a curve, in hexadecimal.
pub(in crate::engines::native) struct Parameters {
    /// The prime of the field.
    pub(in crate::engines::native) p: &'static CStr,
    /// Coefficient of x.
    pub(in crate::engines::native) a: &'static CStr,
    /// The constant coefficient.
    pub(in crate::engines::native) b: &'static CStr,
    /// Coordinates of the generator.
    pub(in crate::engines::native) generator: (&'static CStr, &'static CStr),
    /// Order of the generator, a prime.
    pub(in crate::engines::native) order: &'static CStr,
}

/// A group made from parameters.
pub(in crate::engines::native) struct Made(Owned<EC_GROUP>);

// SAFETY: nobody writes to the group once it is made, and several threads may read one at the same time.
unsafe impl Send for Made {}
// SAFETY: as above.
unsafe impl Sync for Made {}

impl Group {
    /// The group as aws-lc wants it, valid for ever; `None` where it could not be made.
    pub(super) fn as_ptr(&'static self) -> Option<*const EC_GROUP> {
        match self {
            Self::Known(known) => Some(known.as_ptr()),
            Self::Custom(parameters, made) => {
                made.get_or_init(|| make(parameters)).as_ref().map(|group| group.0.as_ptr().cast_const())
            }
        }
    }
}

impl Group {
    /// The order of the generator, big-endian in `length` bytes.
    pub(in crate::engines::native) fn order(&'static self, length: usize) -> Option<Vec<u8>> {
        let mut order = vec![0; length];
        // SAFETY: the group is valid and complete; its order lives as long.
        unsafe { bignum::write(EC_GROUP_get0_order(self.as_ptr()?), &mut order) }.then_some(order)
    }
}

impl Known {
    fn as_ptr(self) -> *const EC_GROUP {
        let group = match self {
            Self::Secp224r1 => aws_lc_sys::EC_group_p224,
            Self::Secp256r1 => aws_lc_sys::EC_group_p256,
            Self::Secp384r1 => aws_lc_sys::EC_group_p384,
            Self::Secp521r1 => aws_lc_sys::EC_group_p521,
            Self::Secp256k1 => aws_lc_sys::EC_group_secp256k1,
            Self::BrainpoolP224r1 => aws_lc_sys::EC_group_brainpoolP224r1,
            Self::BrainpoolP256r1 => aws_lc_sys::EC_group_brainpoolP256r1,
            Self::BrainpoolP320r1 => aws_lc_sys::EC_group_brainpoolP320r1,
            Self::BrainpoolP384r1 => aws_lc_sys::EC_group_brainpoolP384r1,
            Self::BrainpoolP512r1 => aws_lc_sys::EC_group_brainpoolP512r1,
        };
        // SAFETY: these functions take nothing and give a constant of the library, which they initialise once.
        unsafe { group() }
    }
}

fn make(parameters: &Parameters) -> Option<Made> {
    let (p, a, b) = (number(parameters.p)?, number(parameters.a)?, number(parameters.b)?);
    let (x, y) = (number(parameters.generator.0)?, number(parameters.generator.1)?);
    let order = number(parameters.order)?;
    // SAFETY: all integers are valid and only read, null contexts are allowed, and the new objects are ours alone.
    // The group is complete before anybody else sees it.
    unsafe {
        let group = Owned::new(EC_GROUP_new_curve_GFp(p.as_ptr(), a.as_ptr(), b.as_ptr(), ptr::null_mut()))?;
        let generator = Owned::new(EC_POINT_new(group.as_ptr()))?;
        let complete = EC_POINT_set_affine_coordinates_GFp(
            group.as_ptr(),
            generator.as_ptr(),
            x.as_ptr(),
            y.as_ptr(),
            ptr::null_mut(),
        ) == 1
            && EC_GROUP_set_generator(group.as_ptr(), generator.as_ptr(), order.as_ptr(), BN_value_one()) == 1;
        complete.then_some(Made(group))
    }
}

fn number(hexadecimal: &CStr) -> Option<Owned<BIGNUM>> {
    let mut number = ptr::null_mut();
    // SAFETY: the string ends with a zero byte, and a null destination makes aws-lc allocate the integer, which is
    // then ours alone (or still null, when it fails).
    unsafe {
        BN_hex2bn(&raw mut number, hexadecimal.as_ptr());
        Owned::new(number)
    }
}
