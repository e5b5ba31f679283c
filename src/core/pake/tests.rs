//! The order of the steps: every sequence that the specification has, and no other.

use proptest::prelude::*;

use crate::core::pake_steps::Direction::{self, Input, Output};
use crate::core::pake_steps::Order;
use crate::psa::{Algorithm, Error, PakeRole, PakeStep};

const JPAKE: Algorithm = Algorithm::jpake(Algorithm::SHA_256);
const SPAKE2P: Algorithm = Algorithm::SPAKE2P_MATTER;
const SAE: Algorithm = Algorithm::wpa3_sae_fixed(Algorithm::SHA_256);

fn share(direction: Direction) -> [(Direction, PakeStep); 3] {
    [(direction, PakeStep::KEY_SHARE), (direction, PakeStep::ZK_PUBLIC), (direction, PakeStep::ZK_PROOF)]
}

/// A round of J-PAKE in which `first` speaks first.
fn round(first: Direction, shares: usize) -> Vec<(Direction, PakeStep)> {
    let second = if first == Output { Input } else { Output };
    [first, second].iter().flat_map(|direction| share(*direction).repeat(shares)).collect()
}

/// All sequences of an algorithm, up to the steps of WPA3-SAE that may be repeated.
fn sequences(alg: Algorithm, role: PakeRole) -> Vec<Vec<(Direction, PakeStep)>> {
    let both = [Output, Input];
    if alg.is_jpake() {
        return both
            .iter()
            .flat_map(|first| both.iter().map(|second| [round(*first, 2), round(*second, 1)].concat()))
            .collect();
    }
    if alg.is_spake2p() {
        let client = vec![
            (Output, PakeStep::KEY_SHARE),
            (Input, PakeStep::KEY_SHARE),
            (Input, PakeStep::CONFIRM),
            (Output, PakeStep::CONFIRM),
        ];
        let server = client.iter().map(|(direction, step)| (if *direction == Output { Input } else { Output }, *step));
        return vec![if role == PakeRole::CLIENT { client } else { server.collect() }];
    }
    let mut sequences = Vec::new();
    for first in both {
        let second = if first == Output { Input } else { Output };
        let commit = [(first, PakeStep::COMMIT), (second, PakeStep::COMMIT), (Input, PakeStep::SALT)];
        let own = [(Input, PakeStep::CONFIRM_COUNT), (Output, PakeStep::CONFIRM)];
        let peer = [(Input, PakeStep::CONFIRM)];
        let end = [(Output, PakeStep::KEY_ID)];
        sequences.push([&commit[..], &own, &peer, &end].concat());
        sequences.push([&commit[..], &peer, &own, &end].concat());
        sequences.push([&commit[..], &own, &own, &peer, &peer, &end, &own].concat());
    }
    sequences
}

const CASES: [(Algorithm, PakeRole); 4] =
    [(JPAKE, PakeRole::NONE), (SPAKE2P, PakeRole::CLIENT), (SPAKE2P, PakeRole::SERVER), (SAE, PakeRole::NONE)];

#[test]
fn the_sequences_of_the_specification_are_taken() {
    for (alg, role) in CASES {
        for sequence in sequences(alg, role) {
            let mut order = Order::of(alg, role);
            for (index, (direction, step)) in sequence.iter().enumerate() {
                assert!(Order::has(alg, *step));
                let complete = order.check_complete().is_ok();
                assert!(!complete || alg.is_wpa3_sae(), "complete before step {index}");
                order.take(*direction, *step).unwrap();
            }
            order.check_complete().unwrap();
        }
    }
}

fn any_step() -> impl Strategy<Value = (Direction, PakeStep)> {
    (prop_oneof![Just(Output), Just(Input)], (1..=8u8).prop_map(PakeStep))
}

proptest! {
    /// What is taken is the beginning of a sequence, for algorithms whose sequences are finite.
    #[test]
    fn no_other_sequence_is_taken(case in 0..3usize, at in 0..18usize, wrong in any_step(), which in 0..4usize) {
        let (alg, role) = CASES[case];
        let all = sequences(alg, role);
        let sequence = &all[which % all.len()];
        let at = at % (sequence.len() + 1);
        let mut order = Order::of(alg, role);
        for (direction, step) in &sequence[..at] {
            order.take(*direction, *step).unwrap();
        }
        let allowed = all.iter().any(|other| other.len() > at && other[..at] == sequence[..at] && other[at] == wrong);
        let taken = order.take(wrong.0, wrong.1);
        prop_assert_eq!(taken, if allowed { Ok(()) } else { Err(Error::BadState) });
    }

    /// WPA3-SAE against its rules.
    #[test]
    fn wpa3_sae_follows_its_rules(steps in proptest::collection::vec(any_step(), 0..40)) {
        let mut order = Order::of(SAE, PakeRole::NONE);
        let mut done = Vec::new();
        let mut counters = 0;
        for (direction, step) in steps {
            let has = |direction, step| done.contains(&(direction, step));
            let salted = has(Input, PakeStep::SALT);
            let confirmed = has(Output, PakeStep::CONFIRM) && has(Input, PakeStep::CONFIRM);
            let allowed = match (direction, step) {
                (_, PakeStep::COMMIT) => !has(direction, step),
                (Input, PakeStep::SALT) => has(Output, PakeStep::COMMIT) && has(Input, PakeStep::COMMIT) && !salted,
                (Input, PakeStep::CONFIRM_COUNT | PakeStep::CONFIRM) => salted,
                (Output, PakeStep::CONFIRM) => counters == 1,
                (Output, PakeStep::KEY_ID) => confirmed,
                _ => false,
            };
            prop_assert_eq!(order.take(direction, step).is_ok(), allowed);
            prop_assert_eq!(order.check_complete().is_ok(), confirmed || allowed && {
                let with = |d, s| has(d, s) || (d, s) == (direction, step);
                with(Output, PakeStep::CONFIRM) && with(Input, PakeStep::CONFIRM)
            });
            match (direction, step) {
                // An error ends the operation; here the rules just go on.
                _ if !allowed => {}
                (Input, PakeStep::CONFIRM_COUNT) => counters = 1,
                (Output, PakeStep::CONFIRM) => counters = 0,
                _ => {}
            }
            if allowed {
                done.push((direction, step));
            }
        }
    }
}
