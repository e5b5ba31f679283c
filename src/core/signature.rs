//! Signatures (PSA 1.5, section 10.9).

use std::ops::Deref;
use std::sync::Arc;

use super::hash;
use super::in_use::KeyInUse;
use super::key_slot::KeySlot;
use super::library::Library;
use super::operations::Handle;
use super::primitives::{HashOperation, Key, MessageDigest, Signature};
use crate::fail;
use crate::psa::{Algorithm, Error, KeyId, Result, Usage, sizes};

/// `psa_sign_hash_with_context`.
pub fn sign_hash(
    library: &Library,
    key: KeyId,
    alg: Algorithm,
    hash: &[u8],
    context: &[u8],
    signature: &mut [u8],
) -> Result<usize> {
    let slot = signing_key(library, key, alg, Usage::SIGN_HASH)?;
    check_hash(alg, hash)?;
    check_context(alg, context)?;
    check_size(&slot, alg, signature)?;
    slot.with_key(library, |key| family(key)?.sign_hash(alg, hash, context, signature))
}

/// `psa_verify_hash_with_context`.
pub fn verify_hash(
    library: &Library,
    key: KeyId,
    alg: Algorithm,
    hash: &[u8],
    context: &[u8],
    signature: &[u8],
) -> Result<()> {
    let slot = verifying_key(library, key, alg, Usage::VERIFY_HASH)?;
    check_hash(alg, hash)?;
    check_context(alg, context)?;
    slot.with_public_key(library, |key| family(key)?.verify_hash(alg, hash, context, signature))
}

/// `psa_sign_message_with_context`.
pub fn sign_message(
    library: &Library,
    key: KeyId,
    alg: Algorithm,
    message: &[u8],
    context: &[u8],
    signature: &mut [u8],
) -> Result<usize> {
    let slot = signing_key(library, key, alg, Usage::SIGN_MESSAGE)?;
    check_context(alg, context)?;
    check_size(&slot, alg, signature)?;
    slot.with_key(library, |key| {
        let family = family(key)?;
        if family.signs_messages(alg) {
            return family.sign_message(alg, message, context, signature);
        }
        with_hash(library, alg, message, |hash| family.sign_hash(alg, hash, context, signature))
    })
}

/// `psa_verify_message_with_context`.
pub fn verify_message(
    library: &Library,
    key: KeyId,
    alg: Algorithm,
    message: &[u8],
    context: &[u8],
    signature: &[u8],
) -> Result<()> {
    let slot = verifying_key(library, key, alg, Usage::VERIFY_MESSAGE)?;
    check_context(alg, context)?;
    slot.with_public_key(library, |key| {
        let family = family(key)?;
        if family.signs_messages(alg) {
            return family.verify_message(alg, message, context, signature);
        }
        with_hash(library, alg, message, |hash| family.verify_hash(alg, hash, context, signature))
    })
}

/// Signing or verifying in parts: hash-and-sign algorithms hash as they go, and so do others that have a digest; the rest
/// waits for the whole message.
struct State {
    slot: Arc<KeySlot>,
    alg: Algorithm,
    context: Option<Vec<u8>>,
    /// `None` before the context is known.
    message: Option<Message>,
    /// What a verification is to find.
    expected: Option<Vec<u8>>,
}

enum Message {
    Hashed(Box<dyn HashOperation>),
    Digested(MessageDigest),
    Whole(Vec<u8>),
}

/// A message that is complete.
enum Complete {
    Hash(ShortBytes),
    Digest(ShortBytes),
    Message(Vec<u8>),
}

/// A hash or digest.
struct ShortBytes {
    bytes: [u8; hash::MAX_LENGTH],
    length: usize,
}

impl ShortBytes {
    fn finish(operation: &mut dyn HashOperation, length: usize) -> Result<Self> {
        let mut bytes = [0; hash::MAX_LENGTH];
        operation.finish(bytes.get_mut(..length).ok_or(Error::CorruptionDetected)?)?;
        Ok(Self { bytes, length })
    }
}

impl Deref for ShortBytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }
}

/// What tells the state of a signature from that of a verification.
struct Signing(State);
struct Verifying(State);

/// The longest message that is kept for an algorithm that cannot verify in parts, in bytes.
const MAX_WHOLE_MESSAGE: usize = 16 << 20;

impl State {
    fn new(library: &Library, slot: KeyInUse, alg: Algorithm, expected: Option<Vec<u8>>) -> Result<Self> {
        let hashed = alg.is_sign_hash() && alg.get_hash() != Algorithm::NONE;
        // A device need not take the hash from outside.
        let whole = alg.is_hash_eddsa() && expected.is_none() && {
            slot.with_key(library, |key| Ok(family(key)?.signs_messages(alg)))?
        };
        let hashed = hashed && !whole;
        let message = if hashed { Some(Message::Hashed(library.engine.hash().setup(alg.get_hash())?)) } else { None };
        Ok(Self { slot: slot.keep(), alg, context: None, message, expected })
    }

    fn set_context(&mut self, context: &[u8]) -> Result<()> {
        if self.context.is_some() {
            return fail!(BadState, "a context is set once, before the message");
        }
        check_context(self.alg, context)?;
        self.context = Some(context.to_vec());
        Ok(())
    }

    fn update(&mut self, library: &Library, input: &[u8]) -> Result<()> {
        self.slot.ensure_alive()?;
        match self.begin(library)? {
            Message::Hashed(operation) => operation.update(input),
            Message::Digested(digest) => digest.operation.update(input),
            Message::Whole(message) if message.len() + input.len() > MAX_WHOLE_MESSAGE => {
                fail!(InsufficientMemory, "this algorithm takes the message in one call; parts are kept up to 16 MiB")
            }
            Message::Whole(message) => {
                message.extend_from_slice(input);
                Ok(())
            }
        }
    }

    /// From here on, there is no other context.
    fn begin(&mut self, library: &Library) -> Result<&mut Message> {
        let Self { slot, alg, context, message, expected } = self;
        let context = context.get_or_insert_default();
        if message.is_none() {
            let begin = |key: &dyn Key| family(key)?.begin_message(*alg, context, expected.as_deref());
            let digest =
                if expected.is_some() { slot.with_public_key(library, begin) } else { slot.with_key(library, begin) }?;
            *message = Some(digest.map_or_else(|| Message::Whole(Vec::new()), Message::Digested));
        }
        message.as_mut().ok_or(Error::CorruptionDetected)
    }

    fn complete(&mut self, library: &Library) -> Result<Complete> {
        self.slot.ensure_alive()?;
        let length = sizes::hash_length(self.alg.get_hash());
        Ok(match self.begin(library)? {
            Message::Whole(message) => Complete::Message(std::mem::take(message)),
            Message::Hashed(operation) => Complete::Hash(ShortBytes::finish(&mut **operation, length)?),
            Message::Digested(MessageDigest { operation, length }) => {
                Complete::Digest(ShortBytes::finish(&mut **operation, *length)?)
            }
        })
    }

    fn context(&self) -> &[u8] {
        self.context.as_deref().unwrap_or_default()
    }
}

/// `psa_sign_setup`.
pub fn sign_setup(library: &Library, handle: &mut Handle, key: KeyId, alg: Algorithm) -> Result<()> {
    library.operations.setup(handle, || {
        let slot = signing_key(library, key, alg, Usage::SIGN_MESSAGE)?;
        if !alg.signs_in_parts() {
            return fail!(InvalidArgument, "algorithm {alg} does not sign a message in parts");
        }
        Ok(Signing(State::new(library, slot, alg, None)?))
    })
}

/// `psa_sign_set_context`.
pub fn sign_set_context(library: &Library, handle: &mut Handle, context: &[u8]) -> Result<()> {
    library.operations.step(*handle, |state: &mut Signing| state.0.set_context(context))
}

/// `psa_sign_update`.
pub fn sign_update(library: &Library, handle: &mut Handle, input: &[u8]) -> Result<()> {
    library.operations.step(*handle, |state: &mut Signing| state.0.update(library, input))
}

/// `psa_sign_finish`.
pub fn sign_finish(library: &Library, handle: &mut Handle, signature: &mut [u8]) -> Result<usize> {
    library.operations.finish(handle, |state: &mut Signing| {
        let state = &mut state.0;
        check_size(&state.slot, state.alg, signature)?;
        let complete = state.complete(library)?;
        state.slot.with_key(library, |key| match &complete {
            Complete::Hash(hash) => family(key)?.sign_hash(state.alg, hash, state.context(), signature),
            Complete::Digest(digest) => family(key)?.sign_digest(state.alg, digest, signature),
            Complete::Message(message) => family(key)?.sign_message(state.alg, message, state.context(), signature),
        })
    })
}

/// `psa_verify_setup`.
pub fn verify_setup(
    library: &Library,
    handle: &mut Handle,
    key: KeyId,
    alg: Algorithm,
    signature: &[u8],
) -> Result<()> {
    library.operations.setup(handle, || {
        let slot = verifying_key(library, key, alg, Usage::VERIFY_MESSAGE)?;
        Ok(Verifying(State::new(library, slot, alg, Some(signature.to_vec()))?))
    })
}

/// `psa_verify_set_context`.
pub fn verify_set_context(library: &Library, handle: &mut Handle, context: &[u8]) -> Result<()> {
    library.operations.step(*handle, |state: &mut Verifying| state.0.set_context(context))
}

/// `psa_verify_update`.
pub fn verify_update(library: &Library, handle: &mut Handle, input: &[u8]) -> Result<()> {
    library.operations.step(*handle, |state: &mut Verifying| state.0.update(library, input))
}

/// `psa_verify_finish`.
pub fn verify_finish(library: &Library, handle: &mut Handle) -> Result<()> {
    library.operations.finish(handle, |state: &mut Verifying| {
        let state = &mut state.0;
        let complete = state.complete(library)?;
        let expected = state.expected.as_deref().unwrap_or_default();
        state.slot.with_public_key(library, |key| match &complete {
            Complete::Hash(hash) => family(key)?.verify_hash(state.alg, hash, state.context(), expected),
            Complete::Digest(digest) => family(key)?.verify_digest(state.alg, digest, expected),
            Complete::Message(message) => family(key)?.verify_message(state.alg, message, state.context(), expected),
        })
    })
}

fn signing_key(library: &Library, key: KeyId, alg: Algorithm, usage: Usage) -> Result<KeyInUse> {
    let slot = verifying_key(library, key, alg, usage)?;
    if slot.attributes().key_type.is_public_key() {
        return fail!(InvalidArgument, "signing takes a key pair, not a public key");
    }
    Ok(slot)
}

#[inline]
fn verifying_key(library: &Library, key: KeyId, alg: Algorithm, usage: Usage) -> Result<KeyInUse> {
    let of_messages = matches!(usage, Usage::SIGN_MESSAGE | Usage::VERIFY_MESSAGE);
    if !(if of_messages { alg.is_sign_message() } else { alg.is_sign_hash() }) || alg.is_wildcard() {
        return fail!(InvalidArgument, "algorithm {alg} does not sign {}", kind(of_messages));
    }
    let slot = library.key(key)?;
    // Both statuses are allowed here; Arm's test suite expects this one where nothing could be verified.
    if usage == Usage::VERIFY_HASH && !slot.attributes().key_type.is_asymmetric() {
        return fail!(NotSupported, "a symmetric key has no public part that verifies hashes");
    }
    slot.ensure_permitted_and(usage, alg, |attributes| check_curve(alg, attributes.bits))?;
    Ok(slot)
}

/// Each algorithm of HashEdDSA is for one curve (section 10.9.3, table 16).
fn check_curve(alg: Algorithm, bits: usize) -> Result<()> {
    match alg {
        Algorithm::ED25519PH if bits != 255 => fail!(InvalidArgument, "Ed25519ph takes a key of 255 bits, not {bits}"),
        Algorithm::ED448PH if bits != 448 => fail!(InvalidArgument, "Ed448ph takes a key of 448 bits, not {bits}"),
        _ => Ok(()),
    }
}

fn kind(of_messages: bool) -> &'static str {
    if of_messages { "messages" } else { "hashes" }
}

/// The hash has the algorithm's length (section 10.9.8); an algorithm without one takes any.
fn check_hash(alg: Algorithm, hash: &[u8]) -> Result<()> {
    let algorithm = alg.get_hash();
    if algorithm == Algorithm::NONE || hash.len() == sizes::hash_length(algorithm) {
        return Ok(());
    }
    fail!(InvalidArgument, "the hash has {} bytes, the algorithm's has {}", hash.len(), sizes::hash_length(algorithm))
}

/// The longest context in bytes, of all algorithms that have one (RFC 8032, FIPS 204, FIPS 205).
const LONGEST_CONTEXT: usize = 255;

fn check_context(alg: Algorithm, context: &[u8]) -> Result<()> {
    if context.is_empty() || alg.sign_supports_context() && context.len() <= LONGEST_CONTEXT {
        return Ok(());
    }
    let longest = if alg.sign_supports_context() { LONGEST_CONTEXT } else { 0 };
    fail!(InvalidArgument, "algorithm {alg} takes a context of at most {longest} bytes")
}

/// A device must not sign what does not fit.
fn check_size(slot: &KeySlot, alg: Algorithm, signature: &[u8]) -> Result<()> {
    let attributes = slot.attributes();
    if signature.len() < sizes::sign_output_size(attributes.key_type, attributes.bits, alg) {
        return Err(Error::BufferTooSmall);
    }
    Ok(())
}

fn with_hash<R>(
    library: &Library,
    alg: Algorithm,
    message: &[u8],
    use_hash: impl FnOnce(&[u8]) -> Result<R>,
) -> Result<R> {
    let mut hash = [0; hash::MAX_LENGTH];
    let length = hash::compute(library, alg.get_hash(), message, &mut hash)?;
    use_hash(hash.get(..length).ok_or(Error::CorruptionDetected)?)
}

fn family(key: &dyn Key) -> Result<&dyn Signature> {
    match key.signature() {
        Some(family) => Ok(family),
        None => fail!(NotSupported, "this key does not sign where it is kept"),
    }
}

#[cfg(test)]
mod tests;
