//! Public keys of stateful hash-based signatures (PSA 1.5, sections 9.5.4 and 9.5.5): LMS, HSS, XMSS and XMSS^MT.

use super::asymmetric_keys::copy;
use super::lms::{HssKey, LmsKey};
use super::xmss::XmssKey;
use crate::core::primitives::{Key, Signature};
use crate::fail;
use crate::psa::{Algorithm, KeyType, Result, sizes};

/// The schemes, each with a key type and an algorithm of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scheme {
    Lms,
    Hss,
    Xmss,
    XmssMt,
}

impl Scheme {
    /// The scheme of a key type.
    pub(super) fn of(key_type: KeyType) -> Option<Self> {
        Some(match key_type {
            KeyType::LMS_PUBLIC_KEY => Self::Lms,
            KeyType::HSS_PUBLIC_KEY => Self::Hss,
            KeyType::XMSS_PUBLIC_KEY => Self::Xmss,
            KeyType::XMSS_MT_PUBLIC_KEY => Self::XmssMt,
            _ => return None,
        })
    }

    /// The algorithm of its signatures.
    pub(super) fn algorithm(self) -> Algorithm {
        match self {
            Self::Lms => Algorithm::LMS,
            Self::Hss => Algorithm::HSS,
            Self::Xmss => Algorithm::XMSS,
            Self::XmssMt => Algorithm::XMSS_MT,
        }
    }

    /// True for the sizes that keys can have: that of the hash, which for (multi-tree) XMSS may also be a longer one
    /// (RFC 8391).
    pub(super) fn holds(self, bits: usize) -> bool {
        matches!(bits, 192 | 256) || bits == 512 && matches!(self, Self::Xmss | Self::XmssMt)
    }
}

/// The size of a public key; a parameter set that does not exist and a wrong length are `INVALID_ARGUMENT`.
pub(super) fn bits_of(scheme: Scheme, data: &[u8]) -> Result<usize> {
    let hash = match scheme {
        Scheme::Lms => LmsKey::parse(data).map(|key| key.hash()),
        Scheme::Hss => HssKey::parse(data).map(|key| key.top.hash()),
        Scheme::Xmss => XmssKey::parse(data, false).map(|key| key.hash()),
        Scheme::XmssMt => XmssKey::parse(data, true).map(|key| key.hash()),
    };
    match hash {
        Some(hash) => Ok(8 * sizes::hash_length(hash)),
        None => fail!(InvalidArgument, "the data is not a public key of {scheme:?} with a known parameter set"),
    }
}

/// A public key made ready for use.
pub(super) struct HashBasedKey {
    pub(super) scheme: Scheme,
    pub(super) encoded: Vec<u8>,
}

impl HashBasedKey {
    /// Makes a public key ready.
    pub(super) fn new(scheme: Scheme, material: &[u8]) -> Self {
        Self { scheme, encoded: material.to_vec() }
    }
}

impl Key for HashBasedKey {
    fn public_key(&self, output: &mut [u8]) -> Result<usize> {
        copy(&self.encoded, output)
    }

    fn signature(&self) -> Option<&dyn Signature> {
        Some(self)
    }
}

/// Reads an encoding from its beginning.
pub(super) struct Reader<'a>(pub(super) &'a [u8]);

impl<'a> Reader<'a> {
    /// The next bytes, `None` where there are not so many.
    pub(super) fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    /// The next four bytes as a number.
    pub(super) fn u32(&mut self) -> Option<u32> {
        self.take(4)?.try_into().ok().map(u32::from_be_bytes)
    }
}
