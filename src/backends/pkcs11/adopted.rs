//! What is known of a key that somebody else made in the token, so that a reference never leads to another key.

use std::fmt;

use cryptoki::object::{Attribute, ObjectClass};
use sha2::{Digest, Sha256};

use super::token::Token;
use crate::config::uri;
use crate::psa::KeyType;

/// A key of somebody else's: how its object is found, and what it must be like then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Adopted {
    /// A private or a secret key.
    pub class: uri::ObjectClass,
    /// `CKA_ID`; empty where the object has none.
    pub id: Vec<u8>,
    /// `CKA_LABEL`, where the identifier does not tell the object from others.
    pub label: Option<Vec<u8>>,
    /// Hash of the token's identity.
    pub token: [u8; 32],
    /// PSA's type of the key.
    pub key_type: KeyType,
    /// Its size in bits.
    pub bits: usize,
    /// The public part in PSA's export format; empty for a symmetric key, and where the token does not give it.
    pub public_key: Vec<u8>,
    /// `CKA_CHECK_VALUE` of a symmetric key, where the token gives it.
    pub check_value: Vec<u8>,
    /// `CKA_ALWAYS_AUTHENTICATE`: each use of the key takes the PIN.
    pub always_authenticate: bool,
}

/// The classes, in the order of their numbers in a key context.
const CLASSES: [uri::ObjectClass; 3] = [uri::ObjectClass::Private, uri::ObjectClass::Public, uri::ObjectClass::Secret];

impl Adopted {
    /// What a token is remembered by.
    pub fn name_of(token: &Token) -> [u8; 32] {
        Sha256::digest(token.identity()).into()
    }

    /// The class, as `cryptoki` calls it.
    pub fn class(&self) -> ObjectClass {
        class(self.class)
    }

    /// The attributes by which the object is found.
    pub fn names(&self) -> impl Iterator<Item = Attribute> {
        let id = (!self.id.is_empty()).then(|| Attribute::Id(self.id.clone()));
        id.into_iter().chain(self.label.clone().map(Attribute::Label))
    }

    /// True where an object that was found now can be the one that was adopted.
    pub fn is_same(&self, found: &Self) -> bool {
        let equal = |known: &[u8], found: &[u8]| known.is_empty() || found.is_empty() || known == found;
        self.class == found.class
            && self.token == found.token
            && self.key_type == found.key_type
            && self.bits == found.bits
            && equal(&self.public_key, &found.public_key)
            && equal(&self.check_value, &found.check_value)
    }

    /// Tells it from all other keys.
    pub fn digest(&self) -> [u8; 16] {
        let hash: [u8; 32] = Sha256::digest(self.encode()).into();
        hash.first_chunk().copied().unwrap_or_default()
    }

    /// The bytes for the key store: numbers big-endian, then the variable parts, each behind its length.
    pub fn encode(&self) -> Vec<u8> {
        let class = CLASSES.iter().position(|class| *class == self.class).unwrap_or_default() as u8;
        let flags = u8::from(self.always_authenticate) | u8::from(self.label.is_some()) << 1;
        let mut bytes = vec![class, flags];
        bytes.extend(self.key_type.0.to_be_bytes());
        bytes.extend((self.bits as u32).to_be_bytes());
        bytes.extend(self.token);
        let label = self.label.as_deref().unwrap_or_default();
        for part in [&self.id, label, &self.public_key, &self.check_value] {
            bytes.extend((part.len() as u32).to_be_bytes());
            bytes.extend(part);
        }
        bytes
    }

    /// Reads what [`Adopted::encode`] wrote.
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let mut bytes = Bytes(bytes);
        let [class, flags @ 0..=3] = bytes.take()? else { return None };
        let key_type = KeyType(u16::from_be_bytes(bytes.take()?));
        let bits = u32::from_be_bytes(bytes.take()?) as usize;
        let token = bytes.take()?;
        let (id, label) = (bytes.part()?, bytes.part()?);
        let (public_key, check_value) = (bytes.part()?, bytes.part()?);
        bytes.0.is_empty().then_some(Self {
            class: *CLASSES.get(usize::from(class))?,
            id,
            label: (flags & 2 != 0).then_some(label),
            token,
            key_type,
            bits,
            public_key,
            check_value,
            always_authenticate: flags & 1 != 0,
        })
    }
}

/// Bytes that are read from the front.
struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (front, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*front)
    }

    fn part(&mut self) -> Option<Vec<u8>> {
        let length = u32::from_be_bytes(self.take()?) as usize;
        let (part, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(part.to_vec())
    }
}

/// A class of a URI, as `cryptoki` calls it.
pub(super) fn class(class: uri::ObjectClass) -> ObjectClass {
    match class {
        uri::ObjectClass::Private => ObjectClass::PRIVATE_KEY,
        uri::ObjectClass::Public => ObjectClass::PUBLIC_KEY,
        uri::ObjectClass::Secret => ObjectClass::SECRET_KEY,
    }
}

impl fmt::Display for Adopted {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id = (!self.id.is_empty()).then(|| self.id.clone());
        uri::ObjectSelector { id, label: self.label.clone(), class: Some(self.class) }.fmt(formatter)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn adopted() -> Adopted {
        Adopted {
            class: uri::ObjectClass::Private,
            id: vec![1],
            label: None,
            token: [3; 32],
            key_type: KeyType(0x7112),
            bits: 256,
            public_key: vec![4; 65],
            check_value: Vec::new(),
            always_authenticate: true,
        }
    }

    #[test]
    fn another_key_is_noticed() {
        let known = adopted();
        assert!(known.is_same(&known));
        assert!(known.is_same(&Adopted { public_key: Vec::new(), id: vec![2], ..adopted() }));
        for other in [
            Adopted { public_key: vec![5; 65], ..adopted() },
            Adopted { token: [4; 32], ..adopted() },
            Adopted { bits: 384, ..adopted() },
            Adopted { key_type: KeyType(0x7117), ..adopted() },
        ] {
            assert!(!known.is_same(&other), "{other:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(
            id: Vec<u8>,
            label: Option<Vec<u8>>,
            class in 0..3_usize,
            check_value: Vec<u8>,
            always_authenticate: bool,
            cut in 0..100_usize,
        ) {
            let class = CLASSES[class];
            let known = Adopted { id, label, class, check_value, always_authenticate, ..adopted() };
            let bytes = known.encode();
            prop_assert_eq!(Adopted::decode(&bytes), Some(known));
            prop_assert_eq!(Adopted::decode(&bytes[..cut.min(bytes.len() - 1)]), None);
            prop_assert_eq!(Adopted::decode(&[bytes.as_slice(), &[0]].concat()), None);
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes: Vec<u8>) {
            let _ = Adopted::decode(&bytes);
        }
    }
}
