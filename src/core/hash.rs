//! Hashes (PSA 1.5, section 10.2), always in the engine.

use subtle::ConstantTimeEq;

use super::library::Library;
use super::operations::Handle;
use super::primitives::{HashOperation, HashState};
use crate::cause;
use crate::engines::Function;
use crate::fail;
use crate::memory::Secret;
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

/// `psa_hash_suspend`: algorithm, length of the input, state and unprocessed input (section 10.2.5).
pub fn suspend(library: &Library, handle: &mut Handle, output: &mut [u8]) -> Result<usize> {
    library.operations.finish(handle, |state: &mut State| {
        if sizes::hash_suspend_hash_state_field_length(state.alg) == 0 {
            return fail!(NotSupported, "hashes of algorithm {} cannot be suspended", state.alg);
        }
        let HashState { input_length, chain, unprocessed } = state.operation.suspend()?;
        let length_field = sizes::hash_suspend_input_length_field_length(state.alg);
        let input_length = input_length.to_be_bytes();
        let (_, input_length) = input_length.split_at(size_of::<u128>() - length_field);
        let encoded = Secret::new([&state.alg.0.to_be_bytes(), input_length, &chain, &unprocessed].concat());
        output.get_mut(..encoded.len()).ok_or(Error::BufferTooSmall)?.copy_from_slice(&encoded);
        Ok(encoded.len())
    })
}

/// `psa_hash_resume`.
pub fn resume(library: &Library, handle: &mut Handle, encoded: &[u8]) -> Result<()> {
    library.operations.setup(handle, || {
        let (alg, state) = decode(library, encoded)?;
        Ok(State { alg, operation: library.engine.hash().resume(alg, &state)? })
    })
}

/// Takes the state of a suspended hash apart.
fn decode(library: &Library, encoded: &[u8]) -> Result<(Algorithm, HashState)> {
    let malformed = || cause::of(Error::InvalidArgument, format_args!("this is not the state of a suspended hash"));
    let (alg, rest) = encoded.split_first_chunk().ok_or_else(malformed)?;
    let alg = Algorithm(u32::from_be_bytes(*alg));
    length(library, alg)?;
    let chain_field = sizes::hash_suspend_hash_state_field_length(alg);
    if chain_field == 0 {
        return fail!(NotSupported, "hashes of algorithm {alg} cannot be resumed");
    }
    let length_field = sizes::hash_suspend_input_length_field_length(alg);
    let (input_length, rest) = rest.split_at_checked(length_field).ok_or_else(malformed)?;
    let (chain, unprocessed) = rest.split_at_checked(chain_field).ok_or_else(malformed)?;
    let input_length = input_length.iter().fold(0, |number: u128, byte| number << 8 | u128::from(*byte));
    let block = sizes::hash_block_length(alg);
    // The field of MD2 has nothing but the incomplete block.
    let whole_blocks = if alg == Algorithm::MD2 { 0 } else { input_length / block as u128 * block as u128 };
    if unprocessed.len() >= block || input_length - whole_blocks != unprocessed.len() as u128 {
        return Err(malformed());
    }
    let (chain, unprocessed) = (Secret::new(chain.to_vec()), Secret::new(unprocessed.to_vec()));
    Ok((alg, HashState { input_length, chain, unprocessed }))
}

/// The length of a hash that the engine has.
#[inline]
fn length(library: &Library, alg: Algorithm) -> Result<usize> {
    if !alg.is_hash() || alg == Algorithm::ANY_HASH {
        return fail!(InvalidArgument, "{alg} is not a hash algorithm");
    }
    if !library.engine_supports(Function::Hash, KeyType::NONE, 0, alg) {
        return fail!(NotSupported, "the hash algorithm {alg} is not supported");
    }
    Ok(sizes::hash_length(alg))
}

/// Compares a hash, MAC or tag in constant time; lengths are no secret.
pub(super) fn equal(hash: Option<&[u8]>, expected: &[u8]) -> Result<()> {
    let equal = hash.is_some_and(|hash| bool::from(hash.ct_eq(expected)));
    if equal { Ok(()) } else { Err(Error::InvalidSignature) }
}

#[cfg(test)]
mod tests;
