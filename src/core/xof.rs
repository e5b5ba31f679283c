//! Extendable-output functions (PSA 1.5, section 10.3), always in the engine.

use super::library::Library;
use super::operations::Handle;
use super::primitives::XofOperation;
use crate::engines::Function;
use crate::fail;
use crate::psa::{Algorithm, KeyType, Result};

/// How far an operation is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Nothing was given, which is when a context may be set.
    Fresh,
    Input,
    Output,
}

struct State {
    alg: Algorithm,
    phase: Phase,
    /// `None` while the context is missing.
    operation: Option<Box<dyn XofOperation>>,
}

impl State {
    /// The operation on its way to `phase`, from which no way leads back.
    fn advance(&mut self, phase: Phase) -> Result<&mut Box<dyn XofOperation>> {
        if phase == Phase::Input && self.phase == Phase::Output {
            return fail!(BadState, "the input ends with the first output");
        }
        self.phase = phase;
        match &mut self.operation {
            Some(operation) => Ok(operation),
            None => fail!(BadState, "the context is not set yet"),
        }
    }
}

/// `psa_xof_setup`.
pub fn setup(library: &Library, handle: &mut Handle, alg: Algorithm) -> Result<()> {
    library.operations.setup(handle, || {
        if !alg.is_xof() {
            return fail!(InvalidArgument, "{alg} is not an extendable-output function");
        }
        if !library.engine_supports(Function::Xof, KeyType::NONE, 0, alg) {
            return fail!(NotSupported, "the extendable-output function {alg} is not supported");
        }
        let operation = (!alg.xof_has_context()).then(|| library.engine.xof().setup(alg, &[])).transpose()?;
        Ok(State { alg, phase: Phase::Fresh, operation })
    })
}

/// `psa_xof_set_context`.
pub fn set_context(library: &Library, handle: &mut Handle, context: &[u8]) -> Result<()> {
    library.operations.step(*handle, |state: &mut State| {
        if state.phase != Phase::Fresh {
            return fail!(BadState, "the context is set once, before anything else");
        }
        if !state.alg.xof_has_context() {
            return fail!(InvalidArgument, "the function {} has no context", state.alg);
        }
        state.operation = Some(library.engine.xof().setup(state.alg, context)?);
        state.phase = Phase::Input;
        Ok(())
    })
}

/// `psa_xof_update`.
pub fn update(library: &Library, handle: &mut Handle, input: &[u8]) -> Result<()> {
    library.operations.step(*handle, |state: &mut State| state.advance(Phase::Input)?.update(input))
}

/// `psa_xof_output`.
pub fn output(library: &Library, handle: &mut Handle, output: &mut [u8]) -> Result<()> {
    library.operations.step(*handle, |state: &mut State| state.advance(Phase::Output)?.output(output))
}

#[cfg(test)]
mod tests;
