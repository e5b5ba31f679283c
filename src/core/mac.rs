//! Message authentication codes (PSA 1.5, section 10.4).

use std::ops::Deref;
use std::sync::Arc;

use super::hash::equal;
use super::in_use::KeyInUse;
use super::key_slot::KeySlot;
use super::library::Library;
use super::operations::Handle;
use super::primitives::{Key, Mac, MacOperation};
use crate::fail;
use crate::memory::SecretArray;
use crate::psa::{Algorithm, Attributes, Error, KeyId, Result, Usage, sizes};

/// The shortest truncated MAC, in bytes; section 10.4.1 leaves it to us.
const MIN_LENGTH: usize = 4;

/// A MAC before it is truncated, in its first bytes.
type FullMac = SecretArray<{ sizes::MAC_MAX_SIZE }>;

/// `psa_mac_compute`.
pub fn compute(library: &Library, key: KeyId, alg: Algorithm, input: &[u8], mac: &mut [u8]) -> Result<usize> {
    let job = Job::new(library, key, alg, Usage::SIGN_MESSAGE)?;
    let mac = mac.get_mut(..job.length).ok_or(Error::BufferTooSmall)?;
    if job.length == job.full_length {
        job.slot.with_key(library, |key| family(key)?.compute(job.full_alg, input, mac))?;
        return Ok(job.length);
    }
    truncate(&job.compute(library, input)?, mac)
}

/// `psa_mac_verify`.
pub fn verify(library: &Library, key: KeyId, alg: Algorithm, input: &[u8], expected: &[u8]) -> Result<()> {
    let job = Job::new(library, key, alg, Usage::VERIFY_MESSAGE)?;
    equal(job.compute(library, input)?.get(..job.length), expected)
}

/// What a key is to do: checked, and with its lengths.
struct Job<S> {
    slot: S,
    usage: Usage,
    /// The algorithm without its truncation.
    full_alg: Algorithm,
    full_length: usize,
    /// The length that the algorithm asks for.
    length: usize,
}

impl Job<KeyInUse> {
    #[inline]
    fn new(library: &Library, key: KeyId, alg: Algorithm, usage: Usage) -> Result<Self> {
        if !alg.is_mac() || alg.is_wildcard() {
            return fail!(InvalidArgument, "{alg} is not a MAC algorithm");
        }
        let slot = library.key(key)?;
        let attributes = slot.attributes();
        slot.ensure_permitted(usage, alg)?;
        let full_alg = alg.full_length_mac();
        let full_length = sizes::mac_length(attributes.key_type, attributes.bits, full_alg);
        let length = checked_length(alg, full_length)?;
        Ok(Self { slot, usage, full_alg, full_length, length })
    }

    /// For an operation, which lasts longer than a call.
    fn keep(self) -> Job<Arc<KeySlot>> {
        let Self { slot, usage, full_alg, full_length, length } = self;
        Job { slot: slot.keep(), usage, full_alg, full_length, length }
    }
}

impl<S: Deref<Target = KeySlot>> Job<S> {
    fn compute(&self, library: &Library, input: &[u8]) -> Result<FullMac> {
        self.full_mac(|mac| self.slot.with_key(library, |key| family(key)?.compute(self.full_alg, input, mac)))
    }

    fn full_mac(&self, compute: impl FnOnce(&mut [u8]) -> Result<()>) -> Result<FullMac> {
        let mut mac = FullMac::zeros();
        compute(mac.get_mut(..self.full_length).ok_or(Error::CorruptionDetected)?)?;
        Ok(mac)
    }
}

/// Checks the length that the algorithm asks for.
pub(super) fn check_length(attributes: &Attributes, alg: Algorithm) -> Result<()> {
    let full_length = sizes::mac_length(attributes.key_type, attributes.bits, alg.full_length_mac());
    checked_length(alg, full_length).map(|_| ())
}

/// The length of the MAC of an algorithm that may truncate one of `full_length` bytes (0 where that is not known).
fn checked_length(alg: Algorithm, full_length: usize) -> Result<usize> {
    match alg.mac_truncated_length() {
        _ if full_length == 0 => fail!(NotSupported, "the MAC algorithm {alg} is not known"),
        0 => Ok(full_length),
        length if length > full_length => fail!(InvalidArgument, "a MAC of {length} bytes; it has {full_length}"),
        length if length < MIN_LENGTH => fail!(NotSupported, "a MAC of {length} bytes is less than {MIN_LENGTH}"),
        length => Ok(length),
    }
}

fn truncate(full: &FullMac, mac: &mut [u8]) -> Result<usize> {
    mac.copy_from_slice(full.get(..mac.len()).ok_or(Error::CorruptionDetected)?);
    Ok(mac.len())
}

struct State {
    job: Job<Arc<KeySlot>>,
    operation: Box<dyn MacOperation>,
}

impl State {
    /// `BAD_STATE` where the operation was not set up for this ending.
    fn ensure_ends_with(&self, usage: Usage) -> Result<()> {
        if self.job.usage != usage {
            return fail!(BadState, "a MAC operation ends as it was set up: to compute or to verify");
        }
        self.job.slot.ensure_alive()
    }

    fn finish(&mut self) -> Result<FullMac> {
        self.job.full_mac(|mac| self.operation.finish(mac))
    }
}

/// `psa_mac_sign_setup`.
pub fn sign_setup(library: &Library, handle: &mut Handle, key: KeyId, alg: Algorithm) -> Result<()> {
    setup(library, handle, key, alg, Usage::SIGN_MESSAGE)
}

/// `psa_mac_verify_setup`.
pub fn verify_setup(library: &Library, handle: &mut Handle, key: KeyId, alg: Algorithm) -> Result<()> {
    setup(library, handle, key, alg, Usage::VERIFY_MESSAGE)
}

fn setup(library: &Library, handle: &mut Handle, key: KeyId, alg: Algorithm, usage: Usage) -> Result<()> {
    library.operations.setup(handle, || {
        let job = Job::new(library, key, alg, usage)?;
        let operation = job.slot.with_key(library, |key| family(key)?.setup(job.full_alg))?;
        Ok(State { job: job.keep(), operation })
    })
}

/// `psa_mac_update`.
pub fn update(library: &Library, handle: &mut Handle, input: &[u8]) -> Result<()> {
    library.operations.step(*handle, |state: &mut State| {
        state.job.slot.ensure_alive()?;
        state.operation.update(input)
    })
}

/// `psa_mac_sign_finish`.
pub fn sign_finish(library: &Library, handle: &mut Handle, mac: &mut [u8]) -> Result<usize> {
    library.operations.finish(handle, |state: &mut State| {
        state.ensure_ends_with(Usage::SIGN_MESSAGE)?;
        let mac = mac.get_mut(..state.job.length).ok_or(Error::BufferTooSmall)?;
        truncate(&state.finish()?, mac)
    })
}

/// `psa_mac_verify_finish`.
pub fn verify_finish(library: &Library, handle: &mut Handle, expected: &[u8]) -> Result<()> {
    library.operations.finish(handle, |state: &mut State| {
        state.ensure_ends_with(Usage::VERIFY_MESSAGE)?;
        equal(state.finish()?.get(..state.job.length), expected)
    })
}

fn family(key: &dyn Key) -> Result<&dyn Mac> {
    match key.mac() {
        Some(family) => Ok(family),
        None => fail!(NotSupported, "this key computes no MACs where it is kept"),
    }
}

#[cfg(test)]
mod tests;
