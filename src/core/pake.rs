//! Password-authenticated key exchange (PSA 1.5, section 10.13).

use std::sync::Arc;

use super::key_slot::KeySlot;
use super::keys;
use super::library::Library;
use super::operations::Handle;
use super::pake_steps::{Direction, Order};
use super::primitives::{Key, Pake, PakeExchange, PakeParties, PakeSuite};
use crate::fail;
use crate::psa::pake::{CONFIRMED_KEY, UNCONFIRMED_KEY};
use crate::psa::{Algorithm, Attributes, Error, KeyId, KeyType, PakeRole, PakeStep, Result, Usage};

/// The longest identity in J-PAKE in bytes: the limit is ours, and that of other implementations.
const JPAKE_MAX_IDENTITY: usize = 16;

struct State {
    slot: Arc<KeySlot>,
    suite: PakeSuite,
    phase: Phase,
}

enum Phase {
    /// The parties are being named.
    Setup(Setup),
    /// Steps are being taken.
    Exchange { exchange: Box<dyn PakeExchange>, order: Order },
}

#[derive(Default)]
struct Setup {
    role: Option<PakeRole>,
    user: Option<Vec<u8>>,
    peer: Option<Vec<u8>>,
    context: Option<Vec<u8>>,
}

impl State {
    /// What is still being set up; `BAD_STATE` after the first step.
    fn setup(&mut self) -> Result<(PakeSuite, &mut Setup)> {
        self.slot.ensure_alive()?;
        match &mut self.phase {
            Phase::Setup(setup) => Ok((self.suite, setup)),
            Phase::Exchange { .. } => fail!(BadState, "the exchange has begun"),
        }
    }

    /// The exchange, begun now if this is its first step.
    fn exchange(&mut self, library: &Library) -> Result<(&mut dyn PakeExchange, &mut Order)> {
        self.slot.ensure_alive()?;
        if let Phase::Setup(setup) = &mut self.phase {
            let parties = setup.complete(self.suite.alg)?;
            let order = Order::of(self.suite.alg, parties.role);
            let exchange = self.slot.with_key(library, |key| family(key)?.start(self.suite, parties))?;
            self.phase = Phase::Exchange { exchange, order };
        }
        match &mut self.phase {
            Phase::Exchange { exchange, order } => Ok((&mut **exchange, order)),
            Phase::Setup(_) => Err(Error::CorruptionDetected),
        }
    }
}

impl Setup {
    /// The parties, once everything that the algorithm demands is set.
    fn complete(&mut self, alg: Algorithm) -> Result<PakeParties> {
        let named = self.user.is_some() && self.peer.is_some();
        if alg.is_spake2p() && self.role.is_none() {
            return fail!(BadState, "SPAKE2+ needs a role: client or server");
        }
        if !alg.is_spake2p() && !named {
            return fail!(BadState, "the identities of both sides have to be set");
        }
        Ok(PakeParties {
            role: self.role.unwrap_or(PakeRole::NONE),
            user: self.user.take().unwrap_or_default(),
            peer: self.peer.take().unwrap_or_default(),
            context: self.context.take(),
        })
    }
}

/// `psa_pake_setup`.
pub fn setup(
    library: &Library,
    handle: &mut Handle,
    key: KeyId,
    suite: PakeSuite,
    key_confirmation: u32,
) -> Result<()> {
    library.operations.setup(handle, || {
        let alg = suite.alg;
        if !alg.is_pake() || alg.is_wildcard() {
            return fail!(InvalidArgument, "{alg} is not an algorithm for password-authenticated key exchange");
        }
        let slot = library.key(key)?;
        slot.ensure_permitted(Usage::DERIVE, alg)?;
        // J-PAKE never confirms, the others always do (sections 10.13.8, 10.13.10 and 10.13.12).
        let expected = if alg.is_jpake() { UNCONFIRMED_KEY } else { CONFIRMED_KEY };
        if key_confirmation != expected {
            return fail!(InvalidArgument, "the algorithm goes with the key confirmation {expected} only");
        }
        slot.with_key(library, |key| family(key)?.check(suite))?;
        Ok(State { slot: slot.keep(), suite, phase: Phase::Setup(Setup::default()) })
    })
}

/// `psa_pake_set_role`.
pub fn set_role(library: &Library, handle: &mut Handle, role: PakeRole) -> Result<()> {
    library.operations.step(*handle, |state: &mut State| {
        let public_only = state.slot.attributes().key_type.is_public_key();
        let (suite, setup) = state.setup()?;
        let fits = match role {
            PakeRole::NONE => !suite.alg.is_spake2p(),
            PakeRole::CLIENT => suite.alg.is_spake2p() && !public_only,
            PakeRole::SERVER => suite.alg.is_spake2p(),
            _ => false,
        };
        if !fits {
            return fail!(InvalidArgument, "role {:#04x} does not go with the algorithm or the key", role.0);
        }
        set_once(&mut setup.role, role)
    })
}

/// `psa_pake_set_user`.
pub fn set_user(library: &Library, handle: &mut Handle, identity: &[u8]) -> Result<()> {
    library.operations.step(*handle, |state: &mut State| {
        let (suite, setup) = state.setup()?;
        check_identity(suite.alg, identity)?;
        set_once(&mut setup.user, identity.to_vec())
    })
}

/// `psa_pake_set_peer`.
pub fn set_peer(library: &Library, handle: &mut Handle, identity: &[u8]) -> Result<()> {
    library.operations.step(*handle, |state: &mut State| {
        let (suite, setup) = state.setup()?;
        check_identity(suite.alg, identity)?;
        set_once(&mut setup.peer, identity.to_vec())
    })
}

/// `psa_pake_set_context`.
pub fn set_context(library: &Library, handle: &mut Handle, context: &[u8]) -> Result<()> {
    library.operations.step(*handle, |state: &mut State| {
        let (suite, setup) = state.setup()?;
        if !suite.alg.is_spake2p() {
            return fail!(BadState, "the algorithm has no context");
        }
        set_once(&mut setup.context, context.to_vec())
    })
}

fn set_once<T>(place: &mut Option<T>, value: T) -> Result<()> {
    if place.is_some() {
        return fail!(BadState, "this has been set already");
    }
    *place = Some(value);
    Ok(())
}

fn check_identity(alg: Algorithm, identity: &[u8]) -> Result<()> {
    const ADDRESS: usize = 6;
    match identity.len() {
        // Where SPAKE2+ has none it is left out (section 10.13.10): to set an empty one is a mistake, but in Matter, whose
        // identities are empty (Matter 1.2, section 3.10).
        0 if alg != Algorithm::SPAKE2P_MATTER => fail!(InvalidArgument, "an identity has at least one byte"),
        length if alg.is_jpake() && length > JPAKE_MAX_IDENTITY => {
            fail!(NotSupported, "an identity of {length} bytes; in J-PAKE it has {JPAKE_MAX_IDENTITY} at most")
        }
        length if alg.is_wpa3_sae() && length != ADDRESS => {
            fail!(InvalidArgument, "in WPA3-SAE the identities are addresses of {ADDRESS} bytes")
        }
        _ => Ok(()),
    }
}

/// `psa_pake_output`: returns how many bytes were written.
pub fn output(library: &Library, handle: &mut Handle, step: PakeStep, output: &mut [u8]) -> Result<usize> {
    check_step(library, *handle, step)?;
    library.operations.step(*handle, |state: &mut State| {
        let (exchange, order) = state.exchange(library)?;
        order.take(Direction::Output, step)?;
        let value = exchange.output(step)?;
        output.get_mut(..value.len()).ok_or(Error::BufferTooSmall)?.copy_from_slice(&value);
        Ok(value.len())
    })
}

/// `psa_pake_input`.
pub fn input(library: &Library, handle: &mut Handle, step: PakeStep, input: &[u8]) -> Result<()> {
    check_step(library, *handle, step)?;
    library.operations.step(*handle, |state: &mut State| {
        let (exchange, order) = state.exchange(library)?;
        order.take(Direction::Input, step)?;
        exchange.input(step, input)
    })
}

/// A step that the algorithm does not have is refused without harm to the operation: Arm's test suite goes on after it.
fn check_step(library: &Library, handle: Handle, step: PakeStep) -> Result<()> {
    library.operations.query(handle, |state: &mut State| {
        if Order::has(state.suite.alg, step) {
            return Ok(());
        }
        fail!(InvalidArgument, "the algorithm has no step {:#04x}", step.0)
    })
}

/// `psa_pake_get_shared_key`.
pub fn shared_key(library: &Library, handle: &mut Handle, attributes: &Attributes) -> Result<KeyId> {
    library.operations.finish(handle, |state: &mut State| {
        check_key_type(state.suite.alg, attributes.key_type)?;
        let (exchange, order) = state.exchange(library)?;
        order.check_complete()?;
        let secret = exchange.shared_secret()?;
        if attributes.bits != 0 && attributes.bits != 8 * secret.len() {
            return fail!(InvalidArgument, "the shared secret has {} bits", 8 * secret.len());
        }
        keys::import(library, attributes, &secret)
    })
}

/// The secret of J-PAKE is not random enough for a cipher (section 10.13.8).
fn check_key_type(alg: Algorithm, key_type: KeyType) -> Result<()> {
    let allowed = match key_type {
        KeyType::DERIVE | KeyType::HMAC => true,
        _ => !alg.is_jpake() && key_type.is_block_cipher(),
    };
    if allowed {
        return Ok(());
    }
    fail!(InvalidArgument, "a shared key of this algorithm cannot be of type {key_type}")
}

fn family(key: &dyn Key) -> Result<&dyn Pake> {
    match key.pake() {
        Some(family) => Ok(family),
        None => fail!(InvalidArgument, "this key is not for password-authenticated key exchange"),
    }
}

#[cfg(test)]
mod tests;
