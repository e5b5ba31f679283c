//! Which object a key is: what the key store keeps of it.

use std::fmt;

use super::random;
use crate::fail;
use crate::psa::Result;

/// Length of the `CKA_ID` that we give our objects.
const LENGTH: usize = 16;
/// First byte of a key context, so that later versions can hold more.
const VERSION: u8 = 1;
const TOKEN_OBJECT: u8 = 0;
const SESSION_OBJECT: u8 = 1;

/// Names a key of ours by its `CKA_ID`, which is random and so unique in any token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Reference {
    id: [u8; LENGTH],
    persistent: bool,
}

impl Reference {
    /// A fresh one.
    pub fn fresh(persistent: bool) -> Result<Self> {
        Ok(Self { id: random::fresh()?, persistent })
    }

    /// That of a token object, from what `reserve` gave.
    pub fn reserved(id: &[u8]) -> Result<Self> {
        match id.try_into() {
            Ok(id) => Ok(Self { id, persistent: true }),
            Err(_) => fail!(DataInvalid, "a reference of {} bytes, where PKCS#11 keys have {LENGTH}", id.len()),
        }
    }

    /// From a key context.
    pub fn from_context(context: &[u8]) -> Result<Self> {
        let [VERSION, kind @ (TOKEN_OBJECT | SESSION_OBJECT), id @ ..] = context else {
            return fail!(DataInvalid, "the key context is not that of a PKCS#11 key, or of a later version");
        };
        Ok(Self { persistent: *kind == TOKEN_OBJECT, ..Self::reserved(id)? })
    }

    /// The key context: version, kind of object, `CKA_ID`.
    pub fn to_context(self) -> Vec<u8> {
        let kind = if self.persistent { TOKEN_OBJECT } else { SESSION_OBJECT };
        [&[VERSION, kind], self.id.as_slice()].concat()
    }

    /// The `CKA_ID`.
    pub fn id(&self) -> &[u8] {
        &self.id
    }

    /// True for a token object, which stays; a session object ends with its session.
    pub fn persistent(&self) -> bool {
        self.persistent
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.id.iter().try_for_each(|byte| write!(formatter, "{byte:02x}"))
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
        assert_eq!(context, [&[1, 0], [7; 16].as_slice()].concat());
        assert_eq!(Reference::from_context(&context), Ok(reference));
    }

    #[test]
    fn foreign_contexts_are_refused() {
        for context in [&[][..], &[1], &[1, 0], &[2, 0, 7, 7], &[1, 2, 7, 7], &[1, 0, 7], &[1; 19]] {
            assert_eq!(Reference::from_context(context), Err(Error::DataInvalid), "{context:?}");
        }
    }
}
