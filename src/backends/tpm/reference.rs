//! Keys that somebody else has made persistent in the TPM: adopted, not owned.
//!
//! The key context is a reference of its own version: the byte 2, the persistent handle, and the public area
//! (TPMT_PUBLIC), by which the key is known again.

use super::blob::Blob;
use super::cipher;
use super::connection::{Attempt, Connection, Fault};
use super::identifiers::{self, AlgorithmId, HMAC, NULL};
use super::public::{Kinded, ObjectAttributes, Public};
use super::templates::Kind;
use super::wire::Reader;
use crate::cause;
use crate::fail;
use crate::memory::Secret;
use crate::psa::sizes::hash_length;
use crate::psa::{Algorithm, Attributes, Error, KeyType, Result, Usage};

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
        let Some(kind) = Kind::of_public(&self.public) else {
            return fail!(NotSupported, "the key in the TPM is not one that this library knows");
        };
        let rights = self.public.attributes;
        if rights.has(ObjectAttributes::RESTRICTED) || !rights.has(needed_rights(kind, attributes.usage)) {
            return fail!(NotPermitted, "the key in the TPM was not made for this usage");
        }
        if !rights.has(ObjectAttributes::USER_WITH_AUTH) {
            return fail!(NotPermitted, "the key in the TPM needs a policy session");
        }
        self.check_symmetric_scheme(attributes.algorithm)?;
        self.describe(kind, attributes)
    }

    /// A symmetric key may be for one hash or mode alone.
    fn check_symmetric_scheme(&self, alg: Algorithm) -> Result<()> {
        let fits = match &self.public.kinded {
            Kinded::KeyedHash { scheme, .. } => match scheme.algorithm {
                NULL => true,
                HMAC => alg == Algorithm::NONE || scheme.hash() == identifiers::hash(alg.get_hash()),
                _ => false,
            },
            Kinded::Symmetric { cipher, .. } => {
                cipher.mode == NULL || cipher::mode(alg).is_none_or(|mode| mode as AlgorithmId == cipher.mode)
            }
            Kinded::Rsa { .. } | Kinded::Ecc { .. } => true,
        };
        if fits {
            return Ok(());
        }
        fail!(NotSupported, "the key in the TPM is for another hash or mode than algorithm {alg}")
    }

    fn describe(&self, kind: Kind, attributes: &Attributes) -> Result<(KeyType, usize)> {
        match kind {
            Kind::Aes(bits) => Ok((KeyType::AES, usize::from(bits))),
            Kind::Hmac | Kind::Derive => Ok((KeyType::HMAC, self.hmac_bits(attributes.bits)?)),
            Kind::Ecc(_) | Kind::Rsa(_) => match kind.describe() {
                Some(described) => Ok(described),
                None => fail!(NotSupported, "the key in the TPM is not a key pair that this library knows"),
            },
        }
    }

    /// The size of a key for HMAC is not in its public area. One that the TPM has made is as long as the digest of its hash,
    /// which is that of its name where it has none of its own (TPM 2.0 Library, part 4, CryptGenerateKeyedHash). For one that
    /// was brought in there is only what the application says.
    fn hmac_bits(&self, said: usize) -> Result<usize> {
        if self.public.attributes.has(ObjectAttributes::SENSITIVE_DATA_ORIGIN) {
            let hash = match &self.public.kinded {
                Kinded::KeyedHash { scheme, .. } => scheme.hash().unwrap_or(self.public.name_hash),
                _ => self.public.name_hash,
            };
            return match identifiers::psa_hash(hash) {
                Some(hash) => Ok(8 * hash_length(hash)),
                None => fail!(NotSupported, "the key in the TPM is for an unknown hash"),
            };
        }
        if said != 0 {
            return Ok(said);
        }
        fail!(
            InvalidArgument,
            "a TPM does not tell the size of a key for HMAC that was brought into it: set it with psa_set_key_bits()"
        )
    }

    /// The name by which the key is known again.
    pub(super) fn name(&self) -> Result<Vec<u8>> {
        self.public.name()
    }
}

/// What the TPM has to allow for these uses. What takes no private or secret part takes no right of the TPM's either; but a
/// keyed hash without the right to sign is no key, it is sealed data.
fn needed_rights(kind: Kind, usage: Usage) -> ObjectAttributes {
    let signs = match kind {
        Kind::Hmac | Kind::Derive => true,
        Kind::Aes(_) => usage.contains(Usage::ENCRYPT),
        Kind::Ecc(_) | Kind::Rsa(_) => usage.intersects(Usage::SIGN_HASH.union(Usage::SIGN_MESSAGE)),
    };
    let decrypts = !kind.is_keyed_hash() && usage.intersects(Usage::DECRYPT.union(Usage::DERIVE));
    ObjectAttributes(0).with_if(signs, ObjectAttributes::SIGN_ENCRYPT).with_if(decrypts, ObjectAttributes::DECRYPT)
}

fn handle(label: &[u8]) -> Result<u32> {
    let digits = str::from_utf8(label).ok().and_then(|text| text.strip_prefix("0x"));
    match digits.and_then(|digits| u32::from_str_radix(digits, 16).ok()) {
        Some(handle) if PERSISTENT.contains(&handle) => Ok(handle),
        _ => fail!(InvalidArgument, "the label of a key in a TPM is its persistent handle, such as 0x81010001"),
    }
}
