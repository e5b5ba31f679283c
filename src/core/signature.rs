//! Signatures (PSA 1.5, section 10.9).

use std::sync::Arc;

use super::hash;
use super::in_use::KeyInUse;
use super::key_slot::KeySlot;
use super::library::Library;
use super::operations::Handle;
use super::primitives::{HashOperation, Key, Signature};
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

/// Signing or verifying in parts: hash-and-sign algorithms hash as they go, others wait for the whole message.
struct State {
    slot: Arc<KeySlot>,
    alg: Algorithm,
    context: Option<Vec<u8>>,
    message: Message,
    started: bool,
    /// What a verification is to find.
    expected: Vec<u8>,
}

enum Message {
    Hashed(Box<dyn HashOperation>),
    Whole(Vec<u8>),
}

/// What tells the state of a signature from that of a verification.
struct Signing(State);
struct Verifying(State);

/// The longest message that is kept for an algorithm that cannot sign in parts, in bytes.
const MAX_WHOLE_MESSAGE: usize = 16 << 20;

impl State {
    fn new(library: &Library, slot: KeyInUse, alg: Algorithm, expected: Vec<u8>) -> Result<Self> {
        let message = if alg.is_sign_hash() && alg.get_hash() != Algorithm::NONE {
            Message::Hashed(library.engine.hash().setup(alg.get_hash())?)
        } else {
            Message::Whole(Vec::new())
        };
        Ok(Self { slot: slot.keep(), alg, context: None, message, started: false, expected })
    }

    fn set_context(&mut self, context: &[u8]) -> Result<()> {
        if self.started || self.context.is_some() || !self.alg.sign_supports_context() {
            return fail!(BadState, "a context is set once, before the message, where the algorithm takes one");
        }
        self.context = Some(context.to_vec());
        Ok(())
    }

    fn update(&mut self, input: &[u8]) -> Result<()> {
        self.slot.ensure_alive()?;
        self.started = true;
        match &mut self.message {
            Message::Hashed(operation) => operation.update(input),
            Message::Whole(message) if message.len() + input.len() > MAX_WHOLE_MESSAGE => {
                fail!(InsufficientMemory, "this algorithm takes the message in one call; parts are kept up to 16 MiB")
            }
            Message::Whole(message) => {
                message.extend_from_slice(input);
                Ok(())
            }
        }
    }

    /// Gives the hash (`true`) or the message and the context to `end`.
    fn finish<R>(&mut self, end: impl FnOnce(&Self, &[u8], bool, &[u8]) -> Result<R>) -> Result<R> {
        self.slot.ensure_alive()?;
        let context = self.context.take().unwrap_or_default();
        match &mut self.message {
            Message::Whole(message) => {
                let message = std::mem::take(message);
                end(self, &message, false, &context)
            }
            Message::Hashed(operation) => {
                let mut hash = [0; hash::MAX_LENGTH];
                let length = sizes::hash_length(self.alg.get_hash());
                let hash = hash.get_mut(..length).ok_or(Error::CorruptionDetected)?;
                operation.finish(hash)?;
                end(self, hash, true, &context)
            }
        }
    }
}

/// `psa_sign_setup`.
pub fn sign_setup(library: &Library, handle: &mut Handle, key: KeyId, alg: Algorithm) -> Result<()> {
    library.operations.setup(handle, || {
        let slot = signing_key(library, key, alg, Usage::SIGN_MESSAGE)?;
        Ok(Signing(State::new(library, slot, alg, Vec::new())?))
    })
}

/// `psa_sign_set_context`.
pub fn sign_set_context(library: &Library, handle: &mut Handle, context: &[u8]) -> Result<()> {
    library.operations.step(*handle, |state: &mut Signing| state.0.set_context(context))
}

/// `psa_sign_update`.
pub fn sign_update(library: &Library, handle: &mut Handle, input: &[u8]) -> Result<()> {
    library.operations.step(*handle, |state: &mut Signing| state.0.update(input))
}

/// `psa_sign_finish`.
pub fn sign_finish(library: &Library, handle: &mut Handle, signature: &mut [u8]) -> Result<usize> {
    library.operations.finish(handle, |state: &mut Signing| {
        check_size(&state.0.slot, state.0.alg, signature)?;
        state.0.finish(|state, message, hashed, context| {
            state.slot.with_key(library, |key| {
                let family = family(key)?;
                if hashed {
                    return family.sign_hash(state.alg, message, context, signature);
                }
                family.sign_message(state.alg, message, context, signature)
            })
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
        Ok(Verifying(State::new(library, slot, alg, signature.to_vec())?))
    })
}

/// `psa_verify_set_context`.
pub fn verify_set_context(library: &Library, handle: &mut Handle, context: &[u8]) -> Result<()> {
    library.operations.step(*handle, |state: &mut Verifying| state.0.set_context(context))
}

/// `psa_verify_update`.
pub fn verify_update(library: &Library, handle: &mut Handle, input: &[u8]) -> Result<()> {
    library.operations.step(*handle, |state: &mut Verifying| state.0.update(input))
}

/// `psa_verify_finish`.
pub fn verify_finish(library: &Library, handle: &mut Handle) -> Result<()> {
    library.operations.finish(handle, |state: &mut Verifying| {
        state.0.finish(|state, message, hashed, context| {
            state.slot.with_public_key(library, |key| {
                let family = family(key)?;
                if hashed {
                    return family.verify_hash(state.alg, message, context, &state.expected);
                }
                family.verify_message(state.alg, message, context, &state.expected)
            })
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

fn verifying_key(library: &Library, key: KeyId, alg: Algorithm, usage: Usage) -> Result<KeyInUse> {
    let of_messages = matches!(usage, Usage::SIGN_MESSAGE | Usage::VERIFY_MESSAGE);
    if !(if of_messages { alg.is_sign_message() } else { alg.is_sign_hash() }) || alg.is_wildcard() {
        return fail!(InvalidArgument, "algorithm {:#010x} does not sign {}", alg.0, kind(of_messages));
    }
    let slot = library.key(key)?;
    slot.ensure_permitted(usage, alg)?;
    Ok(slot)
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

fn check_context(alg: Algorithm, context: &[u8]) -> Result<()> {
    if context.is_empty() || alg.sign_supports_context() {
        return Ok(());
    }
    fail!(InvalidArgument, "algorithm {:#010x} takes no context", alg.0)
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
