//! Sealed secrets: data objects below the parent, kept like keys as blobs. They cross no bus readably in either direction.

use super::blob::Blob;
use super::creation::{self, Content, Draft};
use super::device::Device;
use super::reference::Source;
use super::templates;
use crate::fail;
use crate::memory::Secret;
use crate::psa::Result;

/// Bytes that every TPM seals (MAX_SYM_DATA: TPM 2.0 Library, part 4, annex A).
const LIMIT: usize = 128;

/// TPM2_Create with the secret as data.
pub(super) fn seal(device: &Device, secret: &[u8]) -> Result<Vec<u8>> {
    if secret.is_empty() || secret.len() > LIMIT {
        return fail!(InvalidArgument, "a TPM seals 1 to {LIMIT} bytes, not {}", secret.len());
    }
    let blob = creation::below_parent(device, |_, _| {
        Ok(Draft { public: templates::sealed_data(), content: Content::Data(secret.to_vec().into()) })
    })?;
    // As secret as the blob of a key: the authorization value in it keeps others from unsealing.
    blob.encode().map(|bytes| bytes.to_vec())
}

/// TPM2_Unseal: one command where the object is still loaded.
pub(super) fn unseal(device: &Device, sealed: &[u8]) -> Result<Secret> {
    let source = Source::Blob(Blob::decode(sealed)?);
    let name = source.public().name()?;
    device.with(|connection, settings| {
        connection.with_key(settings, &name, &source, |connection, object| connection.tpm().unseal(object))
    })
}
