//! Key derivation (PSA 1.5, section 10.8).

use std::sync::Arc;

use subtle::ConstantTimeEq;

use super::compatibility;
use super::derivation_steps::{self, Steps};
use super::device_derivation;
use super::key_agreement;
use super::key_slot::KeySlot;
use super::keys;
use super::library::Library;
use super::operations::Handle;
use super::policy;
use super::primitives::{DerivationInputs, DerivationOutput};
use crate::engines::Function;
use crate::fail;
use crate::memory::Secret;
use crate::psa::{Algorithm, Attributes, DerivationStep, Error, KeyId, KeyType, Result, Usage, des, sizes};

struct State {
    /// As it was set up: a derivation, or an agreement combined with one.
    alg: Algorithm,
    steps: Steps,
    inputs: DerivationInputs,
    /// The secret or password, where it is a key that stays in a device.
    device_secret: Option<Arc<KeySlot>>,
    /// How many bytes may still be read.
    capacity: usize,
    /// Begun with the first output.
    output: Option<Box<dyn DerivationOutput>>,
    /// The one key of a derivation of a password token was given out.
    gave_token: bool,
    /// All key inputs permit `PSA_KEY_USAGE_DERIVE`, not only verification.
    may_output: bool,
    /// The secret or password was a key or an agreed secret.
    may_output_key: bool,
}

impl State {
    fn give(&mut self, step: DerivationStep, input: &[u8]) -> Result<()> {
        let derivation = derivation_algorithm(self.alg);
        if step == DerivationStep::SECRET && derivation == Algorithm::SP800_108_COUNTER_CMAC {
            return fail!(InvalidArgument, "the secret of a derivation with CMAC is a key of a block cipher");
        }
        derivation_steps::check_input(derivation, step, input)?;
        self.steps.take(step)?;
        derivation_steps::append(&mut self.inputs, step, input)
    }

    /// The same for a secret, which is kept as it is.
    fn give_secret(&mut self, step: DerivationStep, secret: Secret) -> Result<()> {
        derivation_steps::check_input(derivation_algorithm(self.alg), step, &secret)?;
        self.steps.take(step)?;
        derivation_steps::append_secret(&mut self.inputs, step, secret)
    }

    /// Reads the next bytes: `Ok(Err(INSUFFICIENT_DATA))` leaves the operation active with no capacity.
    fn read(&mut self, library: &Library, length: usize) -> Result<Result<Secret>> {
        // Not more memory than there are bytes for it.
        let mut bytes = Secret::new(vec![0; length.min(self.capacity)]);
        Ok(self.fill(library, length, &mut bytes)?.map(|()| bytes))
    }

    /// The same into `output`, which has as many bytes unless they are not there.
    fn fill(&mut self, library: &Library, length: usize, bytes: &mut [u8]) -> Result<Result<()>> {
        self.start(library)?;
        let Some(output) = &mut self.output else { return Err(Error::BadState) };
        if length > self.capacity {
            self.capacity = 0;
            return Ok(Err(Error::InsufficientData));
        }
        if self.alg == Algorithm::TLS12_ECJPAKE_TO_PMS && length != sizes::TLS12_ECJPAKE_TO_PMS_OUTPUT_SIZE {
            return fail!(InvalidArgument, "the premaster secret is read at once, not {length} bytes of it");
        }
        self.capacity -= length;
        output.read(bytes)?;
        Ok(Ok(()))
    }

    /// Makes the material of a key, by the procedure of its type (section 9.5): the next bytes, or what the engine makes
    /// of them. `Ok(Err(INSUFFICIENT_DATA))` as for [`State::read`].
    fn material(&mut self, library: &Library, attributes: &Attributes) -> Result<Result<Secret>> {
        let Attributes { key_type, bits, .. } = *attributes;
        if self.alg.is_wpa3_sae_h2e() {
            self.steps.check_complete()?;
            if self.capacity == 0 {
                return Ok(Err(Error::InsufficientData));
            }
            (self.capacity, self.gave_token) = (0, true);
            let inputs = std::mem::take(&mut self.inputs);
            return library.engine.password_token(self.alg, key_type, bits, &inputs).map(Ok);
        }
        if !key_type.is_asymmetric() && key_type != KeyType::DES {
            return self.read(library, bits / 8);
        }
        self.start(library)?;
        let Some(output) = &mut self.output else { return Err(Error::BadState) };
        let mut limited = Limited { output: &mut **output, left: &mut self.capacity };
        let material = match key_type {
            KeyType::DES => des_keys(bits / 8, &mut limited),
            _ => library.engine.derive(key_type, bits, &mut limited),
        };
        match material {
            Err(Error::InsufficientData) => Ok(Err(Error::InsufficientData)),
            material => material.map(Ok),
        }
    }

    /// Computes what is needed before the first output.
    fn start(&mut self, library: &Library) -> Result<()> {
        if self.alg.is_wpa3_sae_h2e() {
            return fail!(InvalidArgument, "a password token is given out as a key only");
        }
        if self.output.is_none() {
            self.steps.check_complete()?;
            let derivation = derivation_algorithm(self.alg);
            let inputs = DerivationInputs { capacity: self.capacity, ..std::mem::take(&mut self.inputs) };
            self.output = Some(match self.device_secret.take() {
                Some(slot) => device_derivation::start(slot, derivation, inputs)?,
                None => library.engine.key_derivation().start(derivation, inputs)?,
            });
        }
        Ok(())
    }

    fn check_no_output_yet(&self) -> Result<()> {
        if self.output.is_none() && !self.gave_token {
            return Ok(());
        }
        fail!(BadState, "inputs come before the first output")
    }

    /// An input that is missing comes before one that does not permit the output.
    fn check_may_output(&self) -> Result<()> {
        if self.output.is_none() {
            self.steps.check_complete()?;
        }
        if self.may_output {
            return Ok(());
        }
        fail!(NotPermitted, "a key input permits verification only")
    }
}

/// An output that ends with the capacity.
struct Limited<'a> {
    output: &'a mut dyn DerivationOutput,
    left: &'a mut usize,
}

impl DerivationOutput for Limited<'_> {
    fn read(&mut self, output: &mut [u8]) -> Result<()> {
        let Some(left) = self.left.checked_sub(output.len()) else {
            *self.left = 0;
            return Err(Error::InsufficientData);
        };
        *self.left = left;
        self.output.read(output)
    }
}

/// DES keys, one after the other: the next bytes with their parity, unless that is a weak key (section 9.3.2).
fn des_keys(length: usize, output: &mut dyn DerivationOutput) -> Result<Secret> {
    if !matches!(length, 8 | 16 | 24) {
        return fail!(InvalidArgument, "a DES key of {length} bytes");
    }
    let mut material = Secret::new(vec![0; length]);
    for key in material.as_chunks_mut::<{ des::KEY_LENGTH }>().0 {
        loop {
            output.read(key)?;
            des::set_parity(key);
            if !des::is_weak(key) {
                break;
            }
        }
    }
    Ok(material)
}

/// `psa_key_derivation_setup`.
pub fn setup(library: &Library, handle: &mut Handle, alg: Algorithm) -> Result<()> {
    library.operations.setup(handle, || {
        let combined = alg.is_key_agreement() && !alg.is_standalone_key_agreement();
        if !alg.is_key_derivation() && !combined {
            return fail!(InvalidArgument, "{alg} is not a key-derivation algorithm");
        }
        let derivation = derivation_algorithm(alg);
        if !library.engine.key_derivation().offers(derivation) {
            return fail!(NotSupported, "the key-derivation algorithm {derivation} is not supported");
        }
        Ok(State {
            alg,
            steps: Steps::of(derivation)?,
            inputs: DerivationInputs::default(),
            device_secret: None,
            capacity: derivation_steps::capacity(derivation),
            output: None,
            gave_token: false,
            may_output: true,
            may_output_key: false,
        })
    })
}

/// `psa_key_derivation_get_capacity`.
pub fn capacity(library: &Library, handle: Handle) -> Result<usize> {
    library.operations.query(handle, |state: &mut State| Ok(state.capacity))
}

/// `psa_key_derivation_set_capacity`: a larger one is refused without harm to the operation.
pub fn set_capacity(library: &Library, handle: &mut Handle, capacity: usize) -> Result<()> {
    library.operations.step(*handle, |state: &mut State| {
        if state.output.is_some() && derivation_steps::is_sp800_108(derivation_algorithm(state.alg)) {
            return fail!(BadState, "the output depends on the capacity, which is fixed with the first output");
        }
        if capacity > state.capacity {
            return Ok(fail!(InvalidArgument, "the capacity is {} and cannot grow", state.capacity));
        }
        state.capacity = capacity;
        Ok(Ok(()))
    })?
}

/// `psa_key_derivation_input_bytes`.
pub fn input_bytes(library: &Library, handle: &mut Handle, step: DerivationStep, data: &[u8]) -> Result<()> {
    library.operations.step(*handle, |state: &mut State| {
        state.check_no_output_yet()?;
        state.give(step, data)
    })
}

/// `psa_key_derivation_input_integer`.
pub fn input_integer(library: &Library, handle: &mut Handle, step: DerivationStep, value: u64) -> Result<()> {
    library.operations.step(*handle, |state: &mut State| {
        state.check_no_output_yet()?;
        if step != DerivationStep::COST {
            return fail!(InvalidArgument, "step {step} takes no number");
        }
        if value == 0 {
            return fail!(InvalidArgument, "the cost must be at least 1");
        }
        if value > u64::from(u32::MAX) {
            return fail!(NotSupported, "the cost can be at most 4294967295");
        }
        state.steps.take(step)?;
        state.inputs.cost = Some(value);
        Ok(())
    })
}

/// `psa_key_derivation_input_key`.
pub fn input_key(library: &Library, handle: &mut Handle, step: DerivationStep, key: KeyId) -> Result<()> {
    library.operations.step(*handle, |state: &mut State| {
        state.check_no_output_yet()?;
        let slot = library.key(key)?;
        let attributes = slot.attributes();
        let derives = attributes.usage.contains(Usage::DERIVE);
        let usage = if derives { Usage::DERIVE } else { Usage::VERIFY_DERIVATION };
        policy::check(attributes, usage, state.alg)?;
        derivation_steps::check_key(derivation_algorithm(state.alg), step, attributes.key_type, attributes.bits)?;
        let is_main = matches!(step, DerivationStep::SECRET | DerivationStep::PASSWORD);
        let key_type = attributes.key_type;
        if is_main && slot.as_opaque().is_some() {
            compatibility::check_place(library, &slot, Function::KeyDerivation, derivation_algorithm(state.alg))?;
            state.steps.take(step)?;
            state.device_secret = Some(slot.keep());
        } else {
            state.give_secret(step, slot.material(library)?)?;
        }
        if step == DerivationStep::SECRET {
            state.inputs.secret_type = key_type;
        }
        state.may_output &= derives;
        state.may_output_key |= is_main;
        Ok(())
    })
}

/// `psa_key_derivation_key_agreement`.
pub fn input_agreement(
    library: &Library,
    handle: &mut Handle,
    step: DerivationStep,
    key: KeyId,
    peer: &[u8],
) -> Result<()> {
    // Before the state is looked at: Arm's test suite asks for this error of an operation in the error state.
    let slot = library.key(key).inspect_err(|_| library.operations.abort(*handle))?;
    library.operations.step(*handle, |state: &mut State| {
        state.check_no_output_yet()?;
        if !state.alg.is_key_agreement() {
            return fail!(InvalidArgument, "the operation's algorithm has no key agreement");
        }
        if !step.is_secret() {
            return fail!(InvalidArgument, "step {step} takes no agreed secret");
        }
        let secret = key_agreement::agree(library, &slot, state.alg, peer)?;
        state.give_secret(step, secret)?;
        state.may_output_key |= matches!(step, DerivationStep::SECRET | DerivationStep::PASSWORD);
        Ok(())
    })
}

/// `psa_key_derivation_output_bytes`.
pub fn output_bytes(library: &Library, handle: &mut Handle, output: &mut [u8]) -> Result<()> {
    library.operations.step(*handle, |state: &mut State| {
        state.check_may_output()?;
        state.fill(library, output.len(), output)
    })?
}

/// `psa_key_derivation_output_key_custom` without production parameters.
pub fn output_key(library: &Library, handle: &mut Handle, attributes: &Attributes) -> Result<KeyId> {
    library.operations.step(*handle, |state: &mut State| {
        state.check_may_output()?;
        if !state.may_output_key {
            return fail!(NotPermitted, "a key is derived only from a secret that is a key or was agreed on");
        }
        check_derivable(state.alg, attributes)?;
        match state.material(library, attributes)? {
            Ok(material) => keys::import(library, attributes, &material).map(Ok),
            Err(exhausted) => Ok(Err(exhausted)),
        }
    })?
}

/// `psa_key_derivation_verify_bytes`.
pub fn verify_bytes(library: &Library, handle: &mut Handle, expected: &[u8]) -> Result<()> {
    library.operations.step(*handle, |state: &mut State| match state.read(library, expected.len())? {
        Ok(bytes) if bool::from(bytes.ct_eq(expected)) => Ok(Ok(())),
        Ok(_) => Err(Error::InvalidSignature),
        Err(exhausted) => Ok(Err(exhausted)),
    })?
}

/// `psa_key_derivation_verify_key`.
pub fn verify_key(library: &Library, handle: &mut Handle, expected: KeyId) -> Result<()> {
    let expected = library.operations.step(*handle, |state: &mut State| {
        let slot = library.key(expected)?;
        if slot.attributes().key_type != KeyType::PASSWORD_HASH {
            return fail!(InvalidArgument, "the expected key must be of type PASSWORD_HASH");
        }
        policy::check(slot.attributes(), Usage::VERIFY_DERIVATION, state.alg)?;
        slot.material(library)
    })?;
    verify_bytes(library, handle, &expected)
}

/// What can be derived: keys that are plain bytes, and those for which the engine has the procedure of section 9.5.
fn check_derivable(alg: Algorithm, attributes: &Attributes) -> Result<()> {
    let key_type = attributes.key_type;
    if key_type.is_public_key() {
        return fail!(InvalidArgument, "a public key cannot be derived without its key pair");
    }
    if attributes.bits == 0 || !attributes.bits.is_multiple_of(8) && key_type.is_unstructured() {
        return fail!(InvalidArgument, "the size of a derived key must be set, in whole bytes");
    }
    if (key_type.is_wpa3_sae_ecc() || key_type.is_wpa3_sae_dh()) != alg.is_wpa3_sae_h2e() {
        return fail!(InvalidArgument, "a password token comes from WPA3-SAE-H2E, and nothing else does");
    }
    let other = attributes.algorithm != alg && attributes.algorithm != Algorithm::NONE;
    if key_type == KeyType::PASSWORD_HASH && other {
        return fail!(InvalidArgument, "a password hash is for the algorithm that derives it");
    }
    Ok(())
}

fn derivation_algorithm(alg: Algorithm) -> Algorithm {
    if alg.is_key_agreement() { alg.key_agreement_get_kdf() } else { alg }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
pub(crate) mod vectors;
