//! Hashes (PSA 1.5, section 10.2), always in the engine.

use subtle::ConstantTimeEq;

use super::library::Library;
use super::operations::Handle;
use super::primitives::HashOperation;
use crate::engines::Function;
use crate::fail;
use crate::psa::{Algorithm, Error, KeyType, Result, sizes};

/// The longest hash of the specification, in bytes.
pub const MAX_LENGTH: usize = 64;

struct State {
    alg: Algorithm,
    operation: Box<dyn HashOperation>,
}

/// `psa_hash_compute`; also for the hash inside other algorithms.
pub fn compute(library: &Library, alg: Algorithm, input: &[u8], output: &mut [u8]) -> Result<usize> {
    let length = length(library, alg)?;
    let output = output.get_mut(..length).ok_or(Error::BufferTooSmall)?;
    library.engine.hash().compute(alg, input, output)?;
    Ok(length)
}

/// `psa_hash_compare`.
pub fn compare(library: &Library, alg: Algorithm, input: &[u8], expected: &[u8]) -> Result<()> {
    let mut hash = [0; MAX_LENGTH];
    let length = compute(library, alg, input, &mut hash)?;
    equal(hash.get(..length), expected)
}

/// `psa_hash_setup`.
pub fn setup(library: &Library, handle: &mut Handle, alg: Algorithm) -> Result<()> {
    library.operations.setup(handle, || {
        length(library, alg)?;
        Ok(State { alg, operation: library.engine.hash().setup(alg)? })
    })
}

/// `psa_hash_update`.
pub fn update(library: &Library, handle: &mut Handle, input: &[u8]) -> Result<()> {
    library.operations.step(*handle, |state: &mut State| state.operation.update(input))
}

/// `psa_hash_finish`.
pub fn finish(library: &Library, handle: &mut Handle, output: &mut [u8]) -> Result<usize> {
    library.operations.finish(handle, |state: &mut State| {
        let length = sizes::hash_length(state.alg);
        state.operation.finish(output.get_mut(..length).ok_or(Error::BufferTooSmall)?)?;
        Ok(length)
    })
}

/// `psa_hash_verify`.
pub fn verify(library: &Library, handle: &mut Handle, expected: &[u8]) -> Result<()> {
    library.operations.finish(handle, |state: &mut State| {
        let mut hash = [0; MAX_LENGTH];
        let hash = hash.get_mut(..sizes::hash_length(state.alg)).ok_or(Error::CorruptionDetected)?;
        state.operation.finish(hash)?;
        equal(Some(hash), expected)
    })
}

/// `psa_hash_clone`.
pub fn duplicate(library: &Library, source: &mut Handle, target: &mut Handle) -> Result<()> {
    let copy = library
        .operations
        .query(*source, |state: &mut State| Ok(State { alg: state.alg, operation: state.operation.duplicate()? }));
    library.operations.setup(target, || copy)
}

/// `psa_hash_suspend`: no engine gives out its state yet.
pub fn suspend(library: &Library, handle: &mut Handle, _output: &mut [u8]) -> Result<usize> {
    library.operations.step(*handle, |state: &mut State| {
        fail!(NotSupported, "the state of a hash with algorithm {:#010x} cannot be taken out", state.alg.0)
    })
}

/// `psa_hash_resume`: no engine takes in a state yet.
pub fn resume(library: &Library, handle: &mut Handle, _state: &[u8]) -> Result<()> {
    let state = || -> Result<State> { fail!(NotSupported, "the state of a hash cannot be taken in") };
    library.operations.setup(handle, state)
}

/// The length of a hash that the engine has.
fn length(library: &Library, alg: Algorithm) -> Result<usize> {
    if !alg.is_hash() || alg == Algorithm::ANY_HASH {
        return fail!(InvalidArgument, "{:#010x} is not a hash algorithm", alg.0);
    }
    if !library.engine_supports(Function::Hash, KeyType::NONE, 0, alg) {
        return fail!(NotSupported, "the hash algorithm {:#010x} is not supported", alg.0);
    }
    Ok(sizes::hash_length(alg))
}

/// Compares a hash, MAC or tag in constant time; lengths are no secret.
pub(super) fn equal(hash: Option<&[u8]>, expected: &[u8]) -> Result<()> {
    let equal = hash.is_some_and(|hash| bool::from(hash.ct_eq(expected)));
    if equal { Ok(()) } else { Err(Error::InvalidSignature) }
}
