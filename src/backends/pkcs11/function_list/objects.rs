//! Making objects and reading their attributes.

use std::ptr::null_mut;

use cryptoki_sys::*;

use super::super::errors::{Failure, Outcome, nonsense};
use super::super::mechanism::Mechanism;
use super::super::template::Template;
use super::{FunctionList, input, room, within};

/// More mechanisms than this are not believed.
const MOST_MECHANISMS: usize = 1 << 14;

impl FunctionList {
    /// `C_GetMechanismList`.
    pub fn mechanisms(&self, slot: CK_SLOT_ID) -> Outcome<Vec<CK_MECHANISM_TYPE>> {
        const NAME: &str = "C_GetMechanismList";
        let mut count: CK_ULONG = 0;
        // SAFETY: a null list asks for the number only.
        invoke!(self.C_GetMechanismList(slot, null_mut(), &mut count))?;
        let mut mechanisms = room::<CK_MECHANISM_TYPE>(NAME, count, MOST_MECHANISMS)?;
        let stated = mechanisms.len();
        // The client of p11-kit before 0.25 reads one element more than there are when it takes some out of the list.
        mechanisms.push(0);
        // SAFETY: `mechanisms` has as many elements as `count` tells, and one more.
        match invoke!(self.C_GetMechanismList(slot, mechanisms.as_mut_ptr(), &mut count)) {
            Err(failure) if failure.is(CKR_BUFFER_TOO_SMALL) => {
                return Err(nonsense(NAME, format_args!("does not keep to the number that it stated")));
            }
            answer => answer?,
        }
        mechanisms.truncate(within(NAME, count, stated)?);
        Ok(mechanisms)
    }

    /// Makes a key pair and returns the handles of the public and the private key.
    pub fn generate_key_pair(
        &self,
        session: CK_SESSION_HANDLE,
        mechanism: &Mechanism<'_>,
        public: &Template<'_>,
        private: &Template<'_>,
    ) -> Outcome<(CK_OBJECT_HANDLE, CK_OBJECT_HANDLE)> {
        let (mut public, mut private) = (public.lend(), private.lend());
        let (mut public_key, mut private_key) = (CK_INVALID_HANDLE, CK_INVALID_HANDLE);
        mechanism.lend(|mechanism| {
            // SAFETY: mechanism and templates point into values that live until the end of this function, and their
            // lengths are those of the vectors; the handles are valid places.
            invoke!(self.C_GenerateKeyPair(
                session,
                mechanism,
                public.as_mut_ptr(),
                public.len() as CK_ULONG,
                private.as_mut_ptr(),
                private.len() as CK_ULONG,
                &mut public_key,
                &mut private_key
            ))
        })?;
        Ok((public_key, private_key))
    }

    /// Makes a secret key.
    pub fn generate_key(
        &self,
        session: CK_SESSION_HANDLE,
        mechanism: &Mechanism<'_>,
        template: &Template<'_>,
    ) -> Outcome<CK_OBJECT_HANDLE> {
        let mut template = template.lend();
        let (length, mut key) = (template.len() as CK_ULONG, CK_INVALID_HANDLE);
        mechanism.lend(|mechanism| {
            // SAFETY: mechanism and template point into values that live until the end of this function; the handle
            // is a valid place.
            invoke!(self.C_GenerateKey(session, mechanism, template.as_mut_ptr(), length, &mut key))
        })?;
        Ok(key)
    }

    /// Makes an object of what the template says.
    pub fn create_object(&self, session: CK_SESSION_HANDLE, template: &Template<'_>) -> Outcome<CK_OBJECT_HANDLE> {
        let mut template = template.lend();
        let mut object = CK_INVALID_HANDLE;
        // SAFETY: the template points into values that outlive the call; the handle is a valid place.
        invoke!(self.C_CreateObject(session, template.as_mut_ptr(), template.len() as CK_ULONG, &mut object))?;
        Ok(object)
    }

    /// Makes an object that differs from another one only in what the template says.
    pub fn copy_object(
        &self,
        session: CK_SESSION_HANDLE,
        source: CK_OBJECT_HANDLE,
        template: &Template<'_>,
    ) -> Outcome<CK_OBJECT_HANDLE> {
        let mut template = template.lend();
        let (length, mut object) = (template.len() as CK_ULONG, CK_INVALID_HANDLE);
        // SAFETY: the template points into values that outlive the call; the handle is a valid place.
        invoke!(self.C_CopyObject(session, source, template.as_mut_ptr(), length, &mut object))?;
        Ok(object)
    }

    /// Makes a secret key from another key.
    pub fn derive_key(
        &self,
        session: CK_SESSION_HANDLE,
        mechanism: &Mechanism<'_>,
        base: CK_OBJECT_HANDLE,
        template: &Template<'_>,
    ) -> Outcome<CK_OBJECT_HANDLE> {
        let mut template = template.lend();
        let (length, mut key) = (template.len() as CK_ULONG, CK_INVALID_HANDLE);
        mechanism.lend(|mechanism| {
            // SAFETY: mechanism and template point into values that live until the end of this function; the handle
            // is a valid place.
            invoke!(self.C_DeriveKey(session, mechanism, base, template.as_mut_ptr(), length, &mut key))
        })?;
        Ok(key)
    }

    /// True where the module has [`Self::decapsulate_key`].
    pub fn decapsulates(&self) -> bool {
        self.newer.C_DecapsulateKey.is_some()
    }

    /// What [`Self::decapsulate_key`] calls.
    pub const DECAPSULATE: &str = "C_DecapsulateKey";

    /// Makes a secret key of a ciphertext, by the owner of the key that it was encapsulated for.
    pub fn decapsulate_key(
        &self,
        session: CK_SESSION_HANDLE,
        mechanism: &Mechanism<'_>,
        key: CK_OBJECT_HANDLE,
        ciphertext: &[u8],
        template: &Template<'_>,
    ) -> Outcome<CK_OBJECT_HANDLE> {
        let mut template = template.lend();
        let (count, mut secret) = (template.len() as CK_ULONG, CK_INVALID_HANDLE);
        let (data, length) = input(ciphertext);
        mechanism.lend(|mechanism| {
            // SAFETY: mechanism, template and data point into values that live until the end of this function; the handle
            // is a valid place.
            invoke!(self.newer.C_DecapsulateKey(
                session,
                mechanism,
                key,
                template.as_mut_ptr(),
                count,
                data,
                length,
                &mut secret
            ))
        })?;
        Ok(secret)
    }

    /// Wraps a key with another one; returns the length.
    pub fn wrap_key(
        &self,
        session: CK_SESSION_HANDLE,
        mechanism: &Mechanism<'_>,
        wrapping: CK_OBJECT_HANDLE,
        key: CK_OBJECT_HANDLE,
        output: &mut [u8],
    ) -> Outcome<usize> {
        let mut length = output.len() as CK_ULONG;
        mechanism.lend(|mechanism| {
            // SAFETY: the mechanism is lent for this call; `output` is valid for writes of the length stated.
            invoke!(self.C_WrapKey(session, mechanism, wrapping, key, output.as_mut_ptr(), &mut length))
        })?;
        within("C_WrapKey", length, output.len())
    }

    /// Makes a key of wrapped data.
    pub fn unwrap_key(
        &self,
        session: CK_SESSION_HANDLE,
        mechanism: &Mechanism<'_>,
        unwrapping: CK_OBJECT_HANDLE,
        wrapped: &[u8],
        template: &Template<'_>,
    ) -> Outcome<CK_OBJECT_HANDLE> {
        let mut template = template.lend();
        let (count, mut key) = (template.len() as CK_ULONG, CK_INVALID_HANDLE);
        let (data, length) = input(wrapped);
        mechanism.lend(|mechanism| {
            // SAFETY: mechanism, template and data point into values that live until the end of this function; the handle
            // is a valid place.
            invoke!(self.C_UnwrapKey(
                session,
                mechanism,
                unwrapping,
                data,
                length,
                template.as_mut_ptr(),
                count,
                &mut key
            ))
        })?;
        Ok(key)
    }

    /// Reads one attribute, of at most the length of `value`, in one call; returns its length.
    pub fn read_attribute(
        &self,
        session: CK_SESSION_HANDLE,
        object: CK_OBJECT_HANDLE,
        kind: CK_ATTRIBUTE_TYPE,
        value: &mut [u8],
    ) -> Outcome<usize> {
        let mut attribute =
            CK_ATTRIBUTE { type_: kind, pValue: value.as_mut_ptr().cast(), ulValueLen: value.len() as CK_ULONG };
        // SAFETY: one attribute, whose value has room for the length that it states.
        invoke!(self.C_GetAttributeValue(session, object, &mut attribute, 1))?;
        within("C_GetAttributeValue", attribute.ulValueLen, value.len())
    }
}
