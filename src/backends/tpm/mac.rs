//! HMAC (PSA 1.5, section 10.4): one command for what fits into one buffer, a sequence for more.
//!
//! A sequence lives within one call, and what comes in parts waits here until then: between the calls of an
//! application nothing of its operation takes a slot of the TPM, and a TPM that is reset loses nothing.

use super::commands::{MAX_BUFFER, Object, Outcome};
use super::connection::Connection;
use super::identifiers::AlgorithmId;
use super::keys::TpmKey;
use super::templates::Kind;
use crate::core::primitives::{Mac, MacOperation};
use crate::fail;
use crate::memory::Secret;
use crate::psa::sizes::hash_length;
use crate::psa::{Algorithm, Error, Result};

/// The hashes of the keys that the code makes.
const HASHES: [Algorithm; 4] = [Algorithm::SHA_1, Algorithm::SHA_256, Algorithm::SHA_384, Algorithm::SHA_512];
/// What may wait in memory, as for signatures.
const MAX_WHOLE_MESSAGE: usize = 16 << 20;

/// True where the code computes this MAC, truncated or not; policies included.
pub(super) fn offers(kind: Kind, alg: Algorithm) -> bool {
    let hash = alg.get_hash();
    kind == Kind::Hmac && alg.is_hmac() && has_hash(hash) && alg.mac_truncated_length() <= hash_length(hash)
}

/// True where the code makes keys for HMAC with this hash.
pub(super) fn has_hash(hash: Algorithm) -> bool {
    HASHES.contains(&hash)
}

/// What becomes of a MAC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// It goes with its message.
    Authentication,
    /// It is derived from a key and secret, and so may be a message: earlier output goes into later output.
    Secret,
}

impl TpmKey {
    fn ensure_computes(&self, alg: Algorithm) -> Result<()> {
        if offers(self.kind, alg) {
            return Ok(());
        }
        fail!(NotSupported, "this key in the TPM does not compute MACs with algorithm {alg}")
    }

    /// HMAC under this key; `mac` has the length of the hash.
    pub(super) fn hmac(&self, hash: Algorithm, purpose: Purpose, input: &[u8], mac: &mut [u8]) -> Result<()> {
        let made = self.with_connection(
            |capabilities| capabilities.hash(hash).ok_or(Error::NotSupported),
            |connection, key, hash| match input.len() <= MAX_BUFFER {
                true => connection.tpm().hmac(key, *hash, purpose, input),
                false => sequence(connection, key, *hash, purpose, input),
            },
        )?;
        if made.len() != mac.len() {
            return fail!(CommunicationFailure, "the TPM answered with a MAC of another length");
        }
        mac.copy_from_slice(&made);
        Ok(())
    }
}

impl Mac for TpmKey {
    fn compute(&self, alg: Algorithm, input: &[u8], mac: &mut [u8]) -> Result<()> {
        self.ensure_computes(alg)?;
        self.hmac(alg.get_hash(), Purpose::Authentication, input, mac)
    }

    fn setup(&self, alg: Algorithm) -> Result<Box<dyn MacOperation>> {
        self.ensure_computes(alg)?;
        Ok(Box::new(Parts { key: self.clone(), alg, input: Vec::new() }))
    }
}

/// The MAC of more than one buffer.
fn sequence(
    connection: &mut Connection,
    key: &Object,
    hash: AlgorithmId,
    purpose: Purpose,
    input: &[u8],
) -> Outcome<Secret> {
    let sequence = connection.making_room(Some(key), |tpm| tpm.start_hmac(key, hash))?;
    let tpm = connection.tpm();
    let (first, last) = input.split_at((input.len() - 1) / MAX_BUFFER * MAX_BUFFER);
    let updated = first.chunks(MAX_BUFFER).try_for_each(|part| tpm.update_sequence(&sequence, purpose, part));
    updated.and_then(|()| tpm.complete_sequence(&sequence, purpose, last)).inspect_err(|_| {
        // What failed is reported; a sequence that cannot be flushed either went with the TPM's power.
        let _ = tpm.flush(sequence.handle);
    })
}

/// A MAC whose input comes in parts.
struct Parts {
    key: TpmKey,
    alg: Algorithm,
    input: Vec<u8>,
}

impl MacOperation for Parts {
    fn update(&mut self, input: &[u8]) -> Result<()> {
        if input.len() > MAX_WHOLE_MESSAGE - self.input.len() {
            return fail!(InsufficientMemory, "a TPM computes MACs of up to {MAX_WHOLE_MESSAGE} bytes");
        }
        self.input.extend_from_slice(input);
        Ok(())
    }

    fn finish(&mut self, mac: &mut [u8]) -> Result<()> {
        self.key.compute(self.alg, &self.input, mac)
    }
}
