//! Which object a key is: what the key store keeps of it.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use cryptoki::object::{Attribute, ObjectClass};

use super::adopted::Adopted;
use super::random;
use crate::fail;
use crate::memory::Secret;
use crate::psa::Result;

/// Length of the `CKA_ID` that we give our objects.
const LENGTH: usize = 16;
/// First byte of the context of a key of ours, so that later versions can hold more.
const OWN: u8 = 1;
/// First byte of the context of somebody else's key.
const ADOPTED: u8 = 2;
const TOKEN_OBJECT: u8 = 0;
const SESSION_OBJECT: u8 = 1;

/// Names a key: one of ours by its `CKA_ID`, which is random and so unique in any token, or one of somebody else's.
#[derive(Clone, Debug)]
pub(super) struct Reference {
    /// For a key of ours its `CKA_ID`, else a hash of all that is known of the key.
    name: [u8; LENGTH],
    persistent: bool,
    adopted: Option<Arc<Adopted>>,
}

impl Reference {
    /// A fresh one.
    pub fn fresh(persistent: bool) -> Result<Self> {
        Ok(Self { name: random::fresh()?, persistent, adopted: None })
    }

    /// That of a token object, from what `reserve` gave.
    pub fn reserved(id: &[u8]) -> Result<Self> {
        match id.try_into() {
            Ok(name) => Ok(Self { name, persistent: true, adopted: None }),
            Err(_) => fail!(DataInvalid, "a reference of {} bytes, where PKCS#11 keys have {LENGTH}", id.len()),
        }
    }

    /// That of a key that we did not make.
    pub fn adopted(adopted: Adopted) -> Self {
        Self { name: adopted.digest(), persistent: true, adopted: Some(Arc::new(adopted)) }
    }

    /// From a key context.
    pub fn from_context(context: &[u8]) -> Result<Self> {
        match context {
            [OWN, kind @ (TOKEN_OBJECT | SESSION_OBJECT), id @ ..] => {
                Ok(Self { persistent: *kind == TOKEN_OBJECT, ..Self::reserved(id)? })
            }
            [ADOPTED, rest @ ..] => match Adopted::decode(rest) {
                Some(adopted) => Ok(Self::adopted(adopted)),
                None => fail!(DataCorrupt, "the stored reference to a key in a token is damaged"),
            },
            _ => fail!(DataInvalid, "the key context is not that of a PKCS#11 key, or of a later version"),
        }
    }

    /// The key context: version, kind of object, `CKA_ID`; or what is known of somebody else's key.
    pub fn to_context(&self) -> Secret {
        let kind = if self.persistent { TOKEN_OBJECT } else { SESSION_OBJECT };
        Secret::new(match &self.adopted {
            None => [&[OWN, kind], self.name.as_slice()].concat(),
            Some(adopted) => [&[ADOPTED], adopted.encode().as_slice()].concat(),
        })
    }

    /// The `CKA_ID` of the object; for somebody else's key it may be empty.
    pub fn id(&self) -> &[u8] {
        match &self.adopted {
            None => &self.name,
            Some(adopted) => &adopted.id,
        }
    }

    /// True for a token object, which stays; a session object ends with its session.
    pub fn persistent(&self) -> bool {
        self.persistent
    }

    /// What is known of a key that we did not make, and must not destroy.
    pub fn as_adopted(&self) -> Option<&Adopted> {
        self.adopted.as_deref()
    }

    /// The attributes by which its object of a class is found.
    pub fn search(&self, class: ObjectClass) -> Vec<Attribute> {
        let mut wanted = vec![Attribute::Token(self.persistent), Attribute::Class(class)];
        match &self.adopted {
            None => wanted.push(Attribute::Id(self.name.to_vec())),
            Some(adopted) => wanted.extend(adopted.names()),
        }
        wanted
    }
}

impl PartialEq for Reference {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.persistent == other.persistent
    }
}

impl Eq for Reference {}

impl Hash for Reference {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(adopted) = &self.adopted {
            return write!(formatter, "{adopted}");
        }
        formatter.write_str("with CKA_ID ")?;
        self.name.iter().try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::psa::Error;

    #[test]
    fn a_context_is_version_kind_and_identifier() {
        let reference = Reference::reserved(&[7; 16]).unwrap();
        let context = reference.to_context();
        assert_eq!(context.as_slice(), [&[1, 0], [7; 16].as_slice()].concat());
        assert_eq!(Reference::from_context(&context), Ok(reference));
    }

    #[test]
    fn foreign_contexts_are_refused() {
        for context in [&[][..], &[1], &[1, 0], &[3, 0, 7, 7], &[1, 2, 7, 7], &[1, 0, 7], &[1; 19]] {
            assert_eq!(Reference::from_context(context), Err(Error::DataInvalid), "{context:?}");
        }
        assert_eq!(Reference::from_context(&[2, 0]), Err(Error::DataCorrupt));
    }
}
