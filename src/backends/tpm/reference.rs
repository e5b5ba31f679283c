//! Keys that somebody else has made persistent in the TPM: adopted, not owned.
//!
//! The key context is a reference of its own version: the byte 2, the persistent handle, and the public area
//! (TPMT_PUBLIC), by which the key is known again.

use super::blob::Blob;
use super::connection::{Attempt, Connection, Fault};
use super::public::{ObjectAttributes, Public};
use super::templates::Kind;
use super::wire::Reader;
use crate::cause;
use crate::fail;
use crate::memory::Secret;
use crate::psa::{Attributes, Error, KeyType, Result, Usage};

const VERSION: u8 = 2;
/// Where persistent handles are (TPM 2.0 Library, part 2, section 7.2).
const PERSISTENT: std::ops::Range<u32> = 0x8100_0000..0x8200_0000;

/// What a key context leads to.
#[derive(Clone)]
pub(super) enum Source {
    /// A key of ours, which is loaded to be used.
    Blob(Blob),
    /// A key that is in the TPM anyway.
    Reference(Reference),
}

/// A persistent key of somebody else's. Its authorization value is empty.
#[derive(Clone)]
pub(super) struct Reference {
    pub(super) handle: u32,
    pub(super) public: Public,
}

impl Source {
    /// Reads a key context.
    pub(super) fn decode(context: &[u8]) -> Result<Self> {
        match context.split_first() {
            Some((&VERSION, rest)) => match Reference::decode(rest) {
                Some(reference) => Ok(Self::Reference(reference)),
                None => fail!(DataCorrupt, "the stored reference to a TPM key is damaged"),
            },
            _ => Ok(Self::Blob(Blob::decode(context)?)),
        }
    }

    /// True for a key of somebody else's.
    pub(super) fn is_borrowed(&self) -> bool {
        matches!(self, Self::Reference(_))
    }

    /// The public area.
    pub(super) fn public(&self) -> &Public {
        match self {
            Self::Blob(blob) => &blob.public,
            Self::Reference(reference) => &reference.public,
        }
    }
}

impl Reference {
    /// Finds the key that a label names: its persistent handle, such as `0x81010001`.
    pub(super) fn find(connection: &mut Connection, label: &[u8]) -> Attempt<Self> {
        let handle = handle(label)?;
        let seen = connection.tpm().read_public(handle).map_err(|failure| match failure.is_missing_handle() {
            true => Fault::Own(cause::of(
                Error::DoesNotExist,
                format_args!("the TPM holds no key under the handle 0x{handle:08x}"),
            )),
            false => Fault::Tpm(failure),
        })?;
        match seen.public {
            Some(public) => Ok(Self { handle, public }),
            None => Ok(fail!(NotSupported, "the key in the TPM is of a type that this library does not know")?),
        }
    }

    /// The bytes for the key store.
    pub(super) fn encode(&self) -> Secret {
        [&[VERSION][..], &self.handle.to_be_bytes(), &self.public.encode()].concat().into()
    }

    fn decode(bytes: &[u8]) -> Option<Self> {
        let mut reader = Reader::new(bytes);
        Some(Self { handle: reader.word()?, public: Public::decode(reader.rest())? })
    }

    /// PSA type and size, if the key may be used as `attributes` ask.
    pub(super) fn check(&self, attributes: &Attributes) -> Result<(KeyType, usize)> {
        let Some((key_type, bits)) = Kind::of_public(&self.public).and_then(Kind::describe) else {
            return fail!(NotSupported, "the key in the TPM is not a key pair that this library knows");
        };
        let (rights, usage) = (self.public.attributes, attributes.usage);
        let signs = usage.intersects(Usage::SIGN_HASH.union(Usage::SIGN_MESSAGE));
        let decrypts = usage.intersects(Usage::DECRYPT.union(Usage::DERIVE));
        if rights.has(ObjectAttributes::RESTRICTED)
            || signs && !rights.has(ObjectAttributes::SIGN_ENCRYPT)
            || decrypts && !rights.has(ObjectAttributes::DECRYPT)
        {
            return fail!(NotPermitted, "the key in the TPM was not made for this usage");
        }
        if !rights.has(ObjectAttributes::USER_WITH_AUTH) {
            return fail!(NotPermitted, "the key in the TPM needs a policy session");
        }
        Ok((key_type, bits))
    }

    /// The name by which the key is known again.
    pub(super) fn name(&self) -> Result<Vec<u8>> {
        self.public.name()
    }
}

fn handle(label: &[u8]) -> Result<u32> {
    let digits = str::from_utf8(label).ok().and_then(|text| text.strip_prefix("0x"));
    match digits.and_then(|digits| u32::from_str_radix(digits, 16).ok()) {
        Some(handle) if PERSISTENT.contains(&handle) => Ok(handle),
        _ => fail!(InvalidArgument, "the label of a key in a TPM is its persistent handle, such as 0x81010001"),
    }
}
