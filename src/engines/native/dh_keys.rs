//! Keys of finite-field Diffie-Hellman (PSA 1.5, section 9.5.3).

use super::asymmetric_keys::copy;
use super::dh_groups::{DhGroup, GENERATOR};
use super::made_once::MadeOnce;
use super::{random, scalars};
use crate::core::primitives::{Key, KeyAgreement};
use crate::fail;
use crate::memory::Secret;
use crate::psa::{Error, Result};

/// A key pair or public key made ready for use.
pub(super) struct DhKey {
    pub(super) group: &'static DhGroup,
    /// `None` for a public key.
    pub(super) private: Option<Secret>,
    /// Made when it is first needed: agreeing does without, and it costs as much.
    public: MadeOnce<Vec<u8>>,
}

/// Makes a random private key.
pub(super) fn generate(group: &DhGroup) -> Result<Secret> {
    scalars::draw(group.prime(), &mut random::fill)
}

/// Checks a private key: its length, and that it is from 1 to one less than the prime.
pub(super) fn check_private(group: &DhGroup, data: &[u8]) -> Result<()> {
    check_length(group, data)?;
    if scalars::is_in_range(data, group.prime()) {
        return Ok(());
    }
    fail!(InvalidArgument, "the private key is not between 1 and the prime of the group")
}

/// Checks a public key: its length, and that it is in the subgroup.
pub(super) fn check_public(group: &DhGroup, data: &[u8]) -> Result<()> {
    check_length(group, data)?;
    if group.is_public(data) {
        return Ok(());
    }
    fail!(InvalidArgument, "the public key is not in the subgroup that the generator generates")
}

fn check_length(group: &DhGroup, data: &[u8]) -> Result<()> {
    if data.len() == group.length() {
        return Ok(());
    }
    fail!(InvalidArgument, "the key has {} bytes, not {}", group.length(), data.len())
}

impl DhKey {
    /// Makes a key pair ready.
    pub(super) fn from_private(group: &'static DhGroup, material: &[u8]) -> Result<Self> {
        check_length(group, material)?;
        Ok(Self { group, private: Some(Secret::new(material.to_vec())), public: MadeOnce::new() })
    }

    /// Makes a public key ready.
    pub(super) fn from_public(group: &'static DhGroup, material: &[u8]) -> Result<Self> {
        check_length(group, material)?;
        Ok(Self { group, private: None, public: MadeOnce::with_value(material.to_vec()) })
    }

    /// The power of a base with the private key as exponent, in constant time.
    pub(super) fn power(&self, base: &[u8]) -> Result<Secret> {
        let exponent = self.private.as_ref().ok_or(Error::CorruptionDetected)?;
        self.group.power(base, exponent)
    }
}

impl Key for DhKey {
    fn public_key(&self, output: &mut [u8]) -> Result<usize> {
        let compute = || self.power(GENERATOR).map(|public| public.to_vec());
        copy(self.public.get_or_try_init(compute)?, output)
    }

    fn key_agreement(&self) -> Option<&dyn KeyAgreement> {
        self.private.is_some().then_some(self as &dyn KeyAgreement)
    }
}
