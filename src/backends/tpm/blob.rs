//! The key context: what the key store keeps of a key in the TPM.
//!
//! | bytes | content |
//! | --- | --- |
//! | 1 | version of this encoding, 1, or 3 with the last field |
//! | 2 + n | name of the parent |
//! | 2 + n | authorization value |
//! | 2 + n | private part, wrapped by the parent (the content of a TPM2B_PRIVATE) |
//! | 2 + n | public area (TPMT_PUBLIC) |
//! | 2 + n | the registers that the key is bound to (TPML_PCR_SELECTION), if any |
//!
//! Lengths are big-endian.

use super::public::Public;
use super::wire::Reader;
use crate::fail;
use crate::memory::Secret;
use crate::psa::{Error, Result};

const VERSION: u8 = 1;
/// Of a key that is bound to registers. (2 is a reference.)
const BOUND: u8 = 3;

/// A key that the TPM made, as it can be loaded again.
#[derive(Clone)]
pub(super) struct Blob {
    /// Name of the parent, which tells one TPM from another, and a TPM before it was cleared from after.
    pub(super) parent: Vec<u8>,
    /// What authorizes the key's use.
    pub(super) auth: Secret,
    /// The wrapped private part.
    pub(super) private: Vec<u8>,
    /// The public area.
    pub(super) public: Public,
    /// The registers that the key is bound to; empty for most.
    pub(super) registers: Vec<u8>,
}

impl Blob {
    /// The bytes for the key store.
    pub(super) fn encode(&self) -> Result<Secret> {
        let public = self.public.encode();
        let mut fields: Vec<&[u8]> = vec![&self.parent, &self.auth, &self.private, &public];
        let version = if self.registers.is_empty() { VERSION } else { BOUND };
        if version == BOUND {
            fields.push(&self.registers);
        }
        // Allocated at once: growing would leave copies of the authorization value behind.
        let mut bytes = Secret::new(Vec::with_capacity(1 + fields.iter().map(|field| 2 + field.len()).sum::<usize>()));
        bytes.push(version);
        for field in fields {
            let length = u16::try_from(field.len()).map_err(|_| Error::GenericError)?;
            bytes.extend_from_slice(&length.to_be_bytes());
            bytes.extend_from_slice(field);
        }
        Ok(bytes)
    }

    /// Reads bytes from the key store; `DATA_CORRUPT` if they are not what [`Blob::encode`] wrote, `DATA_INVALID` if a
    /// newer library did.
    pub(super) fn decode(bytes: &[u8]) -> Result<Self> {
        match bytes.split_first() {
            Some((&version @ (VERSION | BOUND), rest)) => match Self::decode_fields(rest, version == BOUND) {
                Some(blob) => Ok(blob),
                None => fail!(DataCorrupt, "the stored blob of a TPM key is damaged"),
            },
            Some((version, _)) => {
                fail!(DataInvalid, "the stored blob of a TPM key has version {version}, unknown to this library")
            }
            None => fail!(DataCorrupt, "the stored blob of a TPM key is empty"),
        }
    }

    fn decode_fields(bytes: &[u8], bound: bool) -> Option<Self> {
        let mut reader = Reader::new(bytes);
        let (parent, auth) = (reader.sized()?.to_vec(), reader.sized()?.to_vec().into());
        let (private, public) = (reader.sized()?.to_vec(), Public::decode(reader.sized()?)?);
        let registers = if bound { reader.sized()?.to_vec() } else { Vec::new() };
        reader.end()?;
        Some(Self { parent, auth, private, public, registers })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backends::tpm::templates;

    fn bytes() -> Vec<u8> {
        let blob = Blob {
            parent: vec![1; 34],
            auth: vec![2; 32].into(),
            private: vec![3; 100],
            public: templates::storage_primary(),
            registers: Vec::new(),
        };
        blob.encode().unwrap().to_vec()
    }

    #[test]
    fn the_layout_is_as_documented() {
        let bytes = bytes();
        assert_eq!(bytes[..3], [1, 0, 34]);
        assert_eq!(bytes[37..39], [0, 32]);
        assert_eq!(bytes[71..73], [0, 100]);
        // TPM_ALG_ECC, TPM_ALG_SHA256, and the attributes of a storage key (part 2, section 8.3).
        assert_eq!(bytes[175..183], [0, 0x23, 0, 0x0b, 0, 3, 4, 0x72]);
        let blob = Blob::decode(&bytes).unwrap();
        assert_eq!((blob.parent.len(), blob.auth.as_slice(), blob.private.len()), (34, &[2; 32][..], 100));
    }

    #[test]
    fn cut_or_lengthened_blobs_are_refused() {
        let mut bytes = bytes();
        for length in 0..bytes.len() {
            assert!(Blob::decode(&bytes[..length]).is_err(), "{length}");
        }
        bytes.push(0);
        assert_eq!(Blob::decode(&bytes).err(), Some(Error::DataCorrupt));
        bytes.pop();
        bytes[0] = 2;
        assert_eq!(Blob::decode(&bytes).err(), Some(Error::DataInvalid));
    }
}
