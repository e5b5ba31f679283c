//! Elliptic curve keys of aws-lc.
#![allow(unsafe_code)]

use std::ptr;

use aws_lc_sys::{
    EC_GROUP, EC_KEY, EC_KEY_get0_private_key, EC_KEY_get0_public_key, EC_KEY_new, EC_KEY_set_group,
    EC_KEY_set_private_key, EC_KEY_set_public_key, EC_POINT, EC_POINT_mul, EC_POINT_new, EC_POINT_oct2point,
    EC_POINT_point2oct, ECDH_compute_key, ECDSA_SIG, ECDSA_SIG_get0_r, ECDSA_SIG_get0_s, ECDSA_SIG_new, ECDSA_SIG_set0,
    ECDSA_do_sign, ECDSA_do_verify, ECDSA_sign_with_nonce_and_leak_private_key_for_testing, point_conversion_form_t,
};

use super::bignum;
use super::ec_group::Group;
use super::gate;
use super::owned::Owned;

/// A key pair or public key. It does not change once it is made, so that several threads use it without a lock.
pub(in crate::engines::native) struct EcKey {
    key: Owned<EC_KEY>,
    group: *const EC_GROUP,
}

// SAFETY: the group lives for ever, the key belongs to this value, and aws-lc documents that one key may be used by
// several threads as long as none changes it; no method of this type does.
unsafe impl Send for EcKey {}
// SAFETY: as above.
unsafe impl Sync for EcKey {}

impl EcKey {
    /// The private key of a big-endian scalar, `None` where that is not in 1..n-1. It signs and agrees; it lacks the
    /// public point, which is costly to compute and often not needed.
    pub(in crate::engines::native) fn from_private(group: &'static Group, scalar: &[u8]) -> Option<Self> {
        let key = Self::empty(group)?;
        let scalar = bignum::from_bytes(scalar)?;
        // SAFETY: both objects are valid, nobody else knows the key yet, and the key copies the scalar.
        (unsafe { EC_KEY_set_private_key(key.key.as_ptr(), scalar.as_ptr()) } == 1).then_some(key)
    }

    /// The public key that belongs to a private one; `None` for a public key.
    pub(in crate::engines::native) fn to_public(&self, group: &'static Group) -> Option<Self> {
        let key = Self::empty(group)?;
        let point = key.new_point()?;
        // SAFETY: all objects are valid and belong to the same group, nobody else knows the new key yet, and it copies
        // the point. The scalar is null or lives as long as this key; the generator is multiplied in constant time.
        let complete = unsafe {
            let scalar = EC_KEY_get0_private_key(self.key.as_ptr());
            !scalar.is_null()
                && EC_POINT_mul(key.group, point.as_ptr(), scalar, ptr::null(), ptr::null(), ptr::null_mut()) == 1
                && EC_KEY_set_public_key(key.key.as_ptr(), point.as_ptr()) == 1
        };
        complete.then_some(key)
    }

    /// The public key of an encoded point, `None` where that is not on the curve.
    pub(in crate::engines::native) fn from_public(group: &'static Group, point: &[u8]) -> Option<Self> {
        let key = Self::empty(group)?;
        let point = key.decode(point)?;
        // SAFETY: both objects are valid and of the same group, nobody else knows the key yet, and it copies the point.
        (unsafe { EC_KEY_set_public_key(key.key.as_ptr(), point.as_ptr()) } == 1).then_some(key)
    }

    /// Writes the private scalar, big-endian and padded to the length of `output`; false for a public key.
    #[must_use]
    pub(in crate::engines::native) fn write_private(&self, output: &mut [u8]) -> bool {
        // SAFETY: the key is valid; what it gives is null or an integer that lives as long as the key.
        unsafe { bignum::write(EC_KEY_get0_private_key(self.key.as_ptr()), output) }
    }

    /// Writes the public point uncompressed; false where `output` does not have exactly its length.
    #[must_use]
    pub(in crate::engines::native) fn write_public(&self, output: &mut [u8]) -> bool {
        // SAFETY: the key is valid and complete, and `output` is writable for its length, which aws-lc respects.
        let length = unsafe {
            EC_POINT_point2oct(
                self.group,
                EC_KEY_get0_public_key(self.key.as_ptr()),
                point_conversion_form_t::POINT_CONVERSION_UNCOMPRESSED,
                output.as_mut_ptr(),
                output.len(),
                ptr::null_mut(),
            )
        };
        length == output.len()
    }

    /// Signs a hash of any length; writes r and s, each half of `signature`. False for a public key.
    #[must_use]
    pub(in crate::engines::native) fn sign(&self, hash: &[u8], signature: &mut [u8]) -> bool {
        // SAFETY: the key is valid and only read, the hash is valid for its length, and the result is ours.
        let result =
            gate::inside(|| unsafe { Owned::new(ECDSA_do_sign(hash.as_ptr(), hash.len(), self.key.as_ptr())) });
        result.is_some_and(|result| write_signature(&result, signature))
    }

    /// Signs with a given big-endian nonce in 1..n-1.
    ///
    /// The name of the function of aws-lc warns of nonces that repeat or are known, which leak the private key. It
    /// computes in constant time like `ECDSA_do_sign`; the caller's nonces come from RFC 6979, for which they are
    /// secret and differ with the hash.
    #[must_use]
    pub(in crate::engines::native) fn sign_with_nonce(&self, hash: &[u8], nonce: &[u8], signature: &mut [u8]) -> bool {
        // SAFETY: the key is valid and only read, hash and nonce are valid for their lengths, and the result is ours.
        let result = unsafe {
            Owned::new(ECDSA_sign_with_nonce_and_leak_private_key_for_testing(
                hash.as_ptr(),
                hash.len(),
                self.key.as_ptr(),
                nonce.as_ptr(),
                nonce.len(),
            ))
        };
        result.is_some_and(|result| write_signature(&result, signature))
    }

    /// True where `signature`, r and s of equal length, is right for the hash.
    #[must_use]
    pub(in crate::engines::native) fn verify(&self, hash: &[u8], signature: &[u8]) -> bool {
        // SAFETY: the key is valid and only read, and the hash is valid for its length.
        parse_signature(signature).is_some_and(|signature| unsafe {
            ECDSA_do_verify(hash.as_ptr(), hash.len(), signature.as_ptr(), self.key.as_ptr()) == 1
        })
    }

    /// Writes the x coordinate of the product with an encoded point; false where the point is not on the curve, or
    /// for a public key, or where `shared` is longer than a coordinate.
    #[must_use]
    pub(in crate::engines::native) fn agree(&self, peer: &[u8], shared: &mut [u8]) -> bool {
        let Some(peer) = self.decode(peer) else { return false };
        // SAFETY: point and key are valid, of the same group and only read; `shared` is writable for its length; no
        // derivation function is given.
        let length = unsafe {
            ECDH_compute_key(shared.as_mut_ptr().cast(), shared.len(), peer.as_ptr(), self.key.as_ptr(), None)
        };
        usize::try_from(length) == Ok(shared.len())
    }

    fn empty(group: &'static Group) -> Option<Self> {
        let group = group.as_ptr()?;
        // SAFETY: the new key is ours; the group is valid for ever.
        unsafe {
            let key = Owned::new(EC_KEY_new())?;
            (EC_KEY_set_group(key.as_ptr(), group) == 1).then_some(Self { key, group })
        }
    }

    fn new_point(&self) -> Option<Owned<EC_POINT>> {
        // SAFETY: the group is valid, and the new point is ours.
        unsafe { Owned::new(EC_POINT_new(self.group)) }
    }

    fn decode(&self, encoded: &[u8]) -> Option<Owned<EC_POINT>> {
        let point = self.new_point()?;
        // SAFETY: group and point belong together and the encoding is valid for its length. aws-lc checks that the
        // coordinates are reduced and on the curve.
        let status =
            unsafe { EC_POINT_oct2point(self.group, point.as_ptr(), encoded.as_ptr(), encoded.len(), ptr::null_mut()) };
        (status == 1).then_some(point)
    }
}

fn write_signature(result: &Owned<ECDSA_SIG>, signature: &mut [u8]) -> bool {
    let (r, s) = signature.split_at_mut(signature.len() / 2);
    // SAFETY: a signature is valid while it is owned, and so are the two integers that it gives.
    unsafe {
        bignum::write(ECDSA_SIG_get0_r(result.as_ptr()), r) && bignum::write(ECDSA_SIG_get0_s(result.as_ptr()), s)
    }
}

fn parse_signature(signature: &[u8]) -> Option<Owned<ECDSA_SIG>> {
    let (r, s) = signature.split_at(signature.len() / 2);
    let (r, s) = (bignum::from_bytes(r)?, bignum::from_bytes(s)?);
    // SAFETY: all three objects are valid and ours; ECDSA_SIG_set0 cannot fail with two integers, and takes them over.
    unsafe {
        let parsed = Owned::new(ECDSA_SIG_new())?;
        ECDSA_SIG_set0(parsed.as_ptr(), r.into_raw(), s.into_raw());
        Some(parsed)
    }
}
