//! Ownership of objects of aws-lc: freed, and with that wiped, when they go out of scope.
#![allow(unsafe_code)]

use std::ptr::NonNull;

/// An object that aws-lc allocates and frees.
pub(super) trait Object {
    /// Frees the object.
    ///
    /// # Safety
    ///
    /// `object` was allocated by aws-lc, is owned by the caller and is not used afterwards.
    unsafe fn free(object: *mut Self);
}

/// The only owner of an object (or of one reference to a counted one).
pub(super) struct Owned<T: Object>(NonNull<T>);

impl<T: Object> Owned<T> {
    /// Takes an object over; `None` where aws-lc failed to give one.
    ///
    /// # Safety
    ///
    /// `object` is null or a valid object that nobody else frees.
    pub(super) unsafe fn new(object: *mut T) -> Option<Self> {
        NonNull::new(object).map(Self)
    }

    /// The object, valid while `self` lives.
    pub(super) fn as_ptr(&self) -> *mut T {
        self.0.as_ptr()
    }

    /// Gives the object away, to somebody who frees it.
    pub(super) fn into_raw(self) -> *mut T {
        let object = self.0.as_ptr();
        std::mem::forget(self);
        object
    }
}

impl<T: Object> Drop for Owned<T> {
    fn drop(&mut self) {
        // SAFETY: the contract of `new` makes this the owner of a valid object, and it is gone after this.
        unsafe { T::free(self.0.as_ptr()) }
    }
}

/// Says for each type which function frees it.
macro_rules! objects {
    ($($object:ident => $free:ident),+ $(,)?) => {
        $(impl Object for aws_lc_sys::$object {
            unsafe fn free(object: *mut Self) {
                // SAFETY: passed on to the caller by the contract of the trait.
                unsafe { aws_lc_sys::$free(object) }
            }
        })+
    };
}

objects! {
    BIGNUM => BN_clear_free,
    ECDSA_SIG => ECDSA_SIG_free,
    EC_GROUP => EC_GROUP_free,
    EC_KEY => EC_KEY_free,
    EC_POINT => EC_POINT_free,
    EVP_PKEY => EVP_PKEY_free,
    EVP_PKEY_CTX => EVP_PKEY_CTX_free,
    RSA => RSA_free,
}
