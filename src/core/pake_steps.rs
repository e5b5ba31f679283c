//! In which order the steps of a password-authenticated key exchange are taken (PSA 1.5, sections 10.13.8, 10.13.10 and
//! 10.13.12).

use crate::fail;
use crate::psa::{Algorithm, PakeRole, PakeStep, Result};

/// Whether a step is given to the peer or taken from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// `psa_pake_output`.
    Output,
    /// `psa_pake_input`.
    Input,
}

use Direction::{Input, Output};

/// A key share with the proof that its secret is known.
const PROVEN: [PakeStep; 3] = [PakeStep::KEY_SHARE, PakeStep::ZK_PUBLIC, PakeStep::ZK_PROOF];

/// The steps of SPAKE2+, of the client; the server has the other direction.
const SPAKE2P: [(Direction, PakeStep); 4] = [
    (Output, PakeStep::KEY_SHARE),
    (Input, PakeStep::KEY_SHARE),
    (Input, PakeStep::CONFIRM),
    (Output, PakeStep::CONFIRM),
];

/// How far an exchange is.
#[derive(Debug)]
pub enum Order {
    /// Two rounds. In each, one side says everything before the other one begins.
    Jpake {
        /// Steps of this side and of the peer, of all rounds.
        outputs: usize,
        /// The peer's.
        inputs: usize,
    },
    /// One list.
    Spake2p {
        /// The client, which begins.
        client: bool,
        /// How many steps were taken.
        taken: usize,
    },
    /// Commitments in either order, the salt, then confirmations as often as wanted.
    Sae(Sae),
}

/// What was done in WPA3-SAE.
#[derive(Debug, Default)]
pub struct Sae {
    committed: bool,
    peer_committed: bool,
    salted: bool,
    counted: bool,
    confirmed: bool,
    peer_confirmed: bool,
}

/// Steps of the first round of J-PAKE: two shares. The second has one.
const FIRST_ROUND: usize = 2 * PROVEN.len();
const BOTH_ROUNDS: usize = FIRST_ROUND + PROVEN.len();

impl Order {
    /// The order for an algorithm, in this role.
    pub fn of(alg: Algorithm, role: PakeRole) -> Self {
        if alg.is_jpake() {
            Self::Jpake { outputs: 0, inputs: 0 }
        } else if alg.is_spake2p() {
            Self::Spake2p { client: role == PakeRole::CLIENT, taken: 0 }
        } else {
            Self::Sae(Sae::default())
        }
    }

    /// True where the algorithm has such a step at all.
    pub fn has(alg: Algorithm, step: PakeStep) -> bool {
        match step {
            PakeStep::KEY_SHARE => alg.is_jpake() || alg.is_spake2p(),
            PakeStep::ZK_PUBLIC | PakeStep::ZK_PROOF => alg.is_jpake(),
            PakeStep::CONFIRM => alg.is_spake2p() || alg.is_wpa3_sae(),
            PakeStep::COMMIT | PakeStep::SALT | PakeStep::CONFIRM_COUNT | PakeStep::KEY_ID => alg.is_wpa3_sae(),
            _ => false,
        }
    }

    /// Takes a step, or `BAD_STATE` where it is not its turn.
    pub fn take(&mut self, direction: Direction, step: PakeStep) -> Result<()> {
        let taken = match self {
            Self::Jpake { outputs, inputs } => match direction {
                Output => take_proven(outputs, *inputs, step),
                Input => take_proven(inputs, *outputs, step),
            },
            Self::Spake2p { client, taken } => {
                let direction = if *client { direction } else { direction.opposite() };
                let expected = SPAKE2P.get(*taken) == Some(&(direction, step));
                *taken += usize::from(expected);
                expected
            }
            Self::Sae(sae) => sae.take(direction, step),
        };
        if taken { Ok(()) } else { fail!(BadState, "it is not the turn of step {:#04x}", step.0) }
    }

    /// `BAD_STATE` unless the secret may be given out.
    pub fn check_complete(&self) -> Result<()> {
        let complete = match self {
            Self::Jpake { outputs, inputs } => *outputs == BOTH_ROUNDS && *inputs == BOTH_ROUNDS,
            Self::Spake2p { taken, .. } => *taken == SPAKE2P.len(),
            Self::Sae(sae) => sae.is_complete(),
        };
        if complete { Ok(()) } else { fail!(BadState, "the exchange is not complete") }
    }
}

impl Direction {
    fn opposite(self) -> Self {
        match self {
            Output => Input,
            Input => Output,
        }
    }
}

/// A step of J-PAKE on a side that has taken `own` ones so far, while the other one has taken `other`.
fn take_proven(own: &mut usize, other: usize, step: PakeStep) -> bool {
    let ends = [0, FIRST_ROUND, BOTH_ROUNDS];
    // The second round begins when both sides are through with the first one, and nobody interrupts the other one.
    let own_turn = ends.contains(&other) && (*own != FIRST_ROUND || other >= FIRST_ROUND);
    let expected = own_turn && *own < BOTH_ROUNDS && PROVEN.get(*own % PROVEN.len()) == Some(&step);
    *own += usize::from(expected);
    expected
}

impl Sae {
    fn take(&mut self, direction: Direction, step: PakeStep) -> bool {
        let both = self.committed && self.peer_committed;
        let (allowed, done) = match (direction, step) {
            (Output, PakeStep::COMMIT) => (!self.committed, &mut self.committed),
            (Input, PakeStep::COMMIT) => (!self.peer_committed, &mut self.peer_committed),
            (Input, PakeStep::SALT) => (both && !self.salted, &mut self.salted),
            (Input, PakeStep::CONFIRM_COUNT) => (self.salted, &mut self.counted),
            (Output, PakeStep::CONFIRM) => {
                // Each confirmation has a counter of its own.
                let counted = std::mem::take(&mut self.counted);
                (self.salted && counted, &mut self.confirmed)
            }
            (Input, PakeStep::CONFIRM) => (self.salted, &mut self.peer_confirmed),
            (Output, PakeStep::KEY_ID) => return self.is_complete(),
            _ => return false,
        };
        *done |= allowed;
        allowed
    }

    fn is_complete(&self) -> bool {
        self.confirmed && self.peer_confirmed
    }
}
