//! Key derivation with a secret that stays in a device (PSA 1.5, section 10.8).
//!
//! What is built on HMAC or CMAC under the secret is composed here, from the MACs of the device: HKDF-Expand, the counter mode
//! of SP 800-108, the PRF of TLS 1.2 and PBKDF2. HKDF and HKDF-Extract take the secret as the message of an HMAC, which a
//! device has to do itself. What reads the secret in another way is not for keys in devices.

use std::sync::Arc;

use super::derivation_functions::{Counter, Expand, Pbkdf2, Prf, Stream, Tls12Prf, check_cost, fixed_input};
use super::key_slot::KeySlot;
use super::primitives::{DerivationInputs, DerivationOutput, SecretDerivation};
use crate::fail;
use crate::memory::Secret;
use crate::psa::{Algorithm, Error, KeyType, Result, sizes};

/// The MAC that a derivation computes with its secret as the key, `None` where it does something else with the secret.
pub fn mac_of(derivation: Algorithm) -> Option<Algorithm> {
    let hash = derivation.get_hash();
    if derivation == Algorithm::SP800_108_COUNTER_CMAC {
        return Some(Algorithm::CMAC);
    }
    let tls = derivation.is_tls12_prf() && matches!(hash, Algorithm::SHA_256 | Algorithm::SHA_384);
    let by_hmac =
        tls || derivation.is_hkdf_expand() || derivation.is_sp800_108_counter_hmac() || derivation.is_pbkdf2_hmac();
    by_hmac.then(|| Algorithm::hmac(hash))
}

/// True for the derivations that a device does as a whole.
pub fn is_whole(derivation: Algorithm) -> bool {
    derivation.is_hkdf() || derivation.is_hkdf_extract()
}

/// Begins to give output.
pub fn start(slot: Arc<KeySlot>, alg: Algorithm, inputs: DerivationInputs) -> Result<Box<dyn DerivationOutput>> {
    let DerivationInputs { salt, info, label, context, seed, cost, capacity, .. } = inputs;
    let (salt, info) = (salt.unwrap_or_default(), info.unwrap_or_default());
    let Some(mac) = mac_of(alg) else {
        if !is_whole(alg) {
            return fail!(NotSupported, "derivation {alg} reads its secret, which does not leave the device");
        }
        return Ok(Box::new(Whole { slot, alg, salt, info, capacity, known: Secret::default(), used: 0 }));
    };
    let prf = DevicePrf::new(slot, mac)?;
    Ok(if alg.is_hkdf_expand() {
        Box::new(Stream::new(Expand::new(prf, info)))
    } else if alg.is_tls12_prf() {
        Box::new(Stream::new(Tls12Prf::new(prf, label, seed)))
    } else if alg.is_pbkdf2_hmac() {
        Box::new(Stream::new(Pbkdf2::new(prf, salt, check_cost(cost.ok_or(Error::BadState)?)?)))
    } else {
        let fixed = fixed_input(label, context, capacity)?;
        Box::new(Stream::new(match mac {
            Algorithm::CMAC => Counter::with_first_block(prf, fixed)?,
            _ => Counter::new(prf, fixed),
        }))
    })
}

fn family(slot: &KeySlot) -> Result<&dyn SecretDerivation> {
    // A key that was destroyed meanwhile is no use of a device.
    slot.ensure_alive()?;
    match slot.device_key().and_then(|key| key.key_derivation()) {
        Some(family) => Ok(family),
        None => fail!(NotSupported, "nothing is derived from this key where it is kept"),
    }
}

/// HMAC or CMAC in the device.
struct DevicePrf {
    slot: Arc<KeySlot>,
    mac: Algorithm,
    length: usize,
}

impl DevicePrf {
    fn new(slot: Arc<KeySlot>, mac: Algorithm) -> Result<Self> {
        let key_type = if mac == Algorithm::CMAC { slot.attributes().key_type } else { KeyType::HMAC };
        match sizes::mac_length(key_type, slot.attributes().bits, mac) {
            0 => fail!(NotSupported, "the MAC algorithm {mac} is not known"),
            length => Ok(Self { slot, mac, length }),
        }
    }
}

impl Prf for DevicePrf {
    fn length(&self) -> usize {
        self.length
    }

    fn compute(&self, input: &[&[u8]], output: &mut [u8]) -> Result<()> {
        let mut joined = Secret::new(Vec::with_capacity(input.iter().map(|piece| piece.len()).sum()));
        input.iter().for_each(|piece| joined.extend_from_slice(piece));
        family(&self.slot)?.mac(self.mac, &joined, output)
    }
}

/// A derivation that the device does as a whole. It gives output from the beginning, and more of it begins alike.
struct Whole {
    slot: Arc<KeySlot>,
    alg: Algorithm,
    salt: Secret,
    info: Vec<u8>,
    capacity: usize,
    /// The output that has been computed.
    known: Secret,
    /// How much of it was given out.
    used: usize,
}

impl DerivationOutput for Whole {
    fn read(&mut self, output: &mut [u8]) -> Result<()> {
        let end = self.used.checked_add(output.len()).ok_or(Error::InsufficientData)?;
        if end > self.known.len() {
            // Twice as much as before, so that many small pieces are not as many derivations.
            let hash = sizes::hash_length(self.alg.get_hash());
            let length = end.max(2 * self.known.len()).next_multiple_of(hash.max(1)).min(self.capacity.max(end));
            let mut known = Secret::new(vec![0; length]);
            family(&self.slot)?.derive(self.alg, &self.salt, &self.info, &mut known)?;
            self.known = known;
        }
        output.copy_from_slice(self.known.get(self.used..end).ok_or(Error::InsufficientData)?);
        self.used = end;
        Ok(())
    }
}
