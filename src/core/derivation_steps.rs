//! Which inputs a key derivation takes, in which order, and from where (PSA 1.5, sections 10.8.1 to 10.8.3).

use super::compatibility;
use super::primitives::DerivationInputs;
use crate::fail;
use crate::memory::Secret;
use crate::psa::{Algorithm, DerivationStep, KeyType, Result, UNLIMITED_CAPACITY, sizes};

/// How often an input is given.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Times {
    Optional,
    Once,
    /// Once or more; the inputs are concatenated.
    Many,
}

/// One input of an algorithm.
struct Rule {
    step: DerivationStep,
    times: Times,
    /// It may come at any time, not only at its place in the list.
    anytime: bool,
}

const fn rule(step: DerivationStep, times: Times) -> Rule {
    Rule { step, times, anytime: false }
}

const HKDF: &[Rule] = &[
    rule(DerivationStep::SALT, Times::Optional),
    rule(DerivationStep::SECRET, Times::Once),
    Rule { step: DerivationStep::INFO, times: Times::Once, anytime: true },
];
const HKDF_EXTRACT: &[Rule] = &[rule(DerivationStep::SALT, Times::Once), rule(DerivationStep::SECRET, Times::Once)];
const HKDF_EXPAND: &[Rule] = &[rule(DerivationStep::SECRET, Times::Once), rule(DerivationStep::INFO, Times::Once)];
const TLS12_PRF: &[Rule] = &[
    rule(DerivationStep::SEED, Times::Once),
    rule(DerivationStep::SECRET, Times::Once),
    rule(DerivationStep::LABEL, Times::Once),
];
const TLS12_PSK_TO_MS: &[Rule] = &[
    rule(DerivationStep::SEED, Times::Once),
    rule(DerivationStep::OTHER_SECRET, Times::Optional),
    rule(DerivationStep::SECRET, Times::Once),
    rule(DerivationStep::LABEL, Times::Once),
];
const PBKDF2: &[Rule] = &[
    rule(DerivationStep::COST, Times::Once),
    rule(DerivationStep::SALT, Times::Many),
    rule(DerivationStep::PASSWORD, Times::Once),
];
const WPA3_SAE_H2E: &[Rule] = &[
    rule(DerivationStep::SALT, Times::Once),
    rule(DerivationStep::PASSWORD, Times::Once),
    rule(DerivationStep::INFO, Times::Optional),
];

const SP800_108: &[Rule] = &[
    rule(DerivationStep::SECRET, Times::Once),
    rule(DerivationStep::LABEL, Times::Optional),
    rule(DerivationStep::CONTEXT, Times::Optional),
];
const TLS12_ECJPAKE_TO_PMS: &[Rule] = &[rule(DerivationStep::SECRET, Times::Once)];

/// The inputs that one operation has had so far.
pub struct Steps {
    rules: &'static [Rule],
    /// How often each rule's input was given.
    given: [u8; 4],
}

impl Steps {
    /// The inputs of an algorithm.
    pub fn of(derivation: Algorithm) -> Result<Self> {
        let rules = if derivation.is_hkdf() {
            HKDF
        } else if derivation.is_hkdf_extract() {
            HKDF_EXTRACT
        } else if derivation.is_hkdf_expand() {
            HKDF_EXPAND
        } else if derivation.is_tls12_prf() {
            TLS12_PRF
        } else if derivation.is_tls12_psk_to_ms() {
            TLS12_PSK_TO_MS
        } else if derivation.is_pbkdf2_hmac() || derivation == Algorithm::PBKDF2_AES_CMAC_PRF_128 {
            PBKDF2
        } else if is_sp800_108(derivation) {
            SP800_108
        } else if derivation == Algorithm::TLS12_ECJPAKE_TO_PMS {
            TLS12_ECJPAKE_TO_PMS
        } else if derivation.is_wpa3_sae_h2e() {
            WPA3_SAE_H2E
        } else {
            return fail!(NotSupported, "the key-derivation algorithm {derivation} is not supported");
        };
        Ok(Self { rules, given: [0; 4] })
    }

    /// Notes that an input is given; `INVALID_ARGUMENT` where the algorithm has no such input, `BAD_STATE` where it
    /// comes too early, too late or too often.
    pub fn take(&mut self, step: DerivationStep) -> Result<()> {
        let Some(place) = self.rules.iter().position(|rule| rule.step == step) else {
            return fail!(InvalidArgument, "the algorithm has no input step {step}");
        };
        let (before, rest) = self.rules.split_at(place);
        let anytime = rest.first().is_some_and(|rule| rule.anytime);
        let repeated = self.given[place] != 0 && rest.first().is_some_and(|rule| rule.times != Times::Many);
        let missing = before.iter().zip(self.given).any(|(rule, given)| rule.times != Times::Optional && given == 0);
        let late = rest.iter().zip(&self.given[place..]).skip(1).any(|(rule, given)| !rule.anytime && *given != 0);
        if repeated || !anytime && (missing || late) {
            return fail!(BadState, "input step {step} is out of order or repeated");
        }
        // More inputs than that are known to be many.
        self.given[place] = self.given[place].saturating_add(1);
        Ok(())
    }

    /// `BAD_STATE` while an input is missing.
    pub fn check_complete(&self) -> Result<()> {
        let missing =
            self.rules.iter().zip(self.given).find(|(rule, given)| rule.times != Times::Optional && *given == 0);
        match missing {
            None => Ok(()),
            Some((rule, _)) => fail!(BadState, "input step {} is missing", rule.step),
        }
    }
}

/// How many bytes an algorithm can give.
pub fn capacity(derivation: Algorithm) -> usize {
    let hash = sizes::hash_length(derivation.get_hash());
    if derivation.is_hkdf() || derivation.is_hkdf_expand() {
        255 * hash
    } else if derivation.is_hkdf_extract() {
        hash
    } else if derivation.is_pbkdf2_hmac() {
        u32::MAX as usize * hash
    } else if derivation == Algorithm::PBKDF2_AES_CMAC_PRF_128 {
        u32::MAX as usize * sizes::BLOCK_CIPHER_BLOCK_MAX_SIZE
    } else if is_sp800_108(derivation) {
        // Its length in bits has to fit into 32 (section 10.8.1).
        (1 << 29) - 1
    } else if derivation == Algorithm::TLS12_ECJPAKE_TO_PMS {
        sizes::TLS12_ECJPAKE_TO_PMS_OUTPUT_SIZE
    } else {
        UNLIMITED_CAPACITY
    }
}

/// True for the algorithms whose output depends on how much of it is asked for.
pub fn is_sp800_108(derivation: Algorithm) -> bool {
    derivation.is_sp800_108_counter_hmac() || derivation == Algorithm::SP800_108_COUNTER_CMAC
}

/// Which keys an input of an algorithm takes; `INVALID_ARGUMENT` for others.
pub fn check_key(derivation: Algorithm, step: DerivationStep, key_type: KeyType, bits: usize) -> Result<()> {
    let allowed = match step {
        DerivationStep::SECRET if derivation == Algorithm::SP800_108_COUNTER_CMAC => {
            key_type.is_block_cipher()
                && key_type.block_cipher_block_length() == sizes::BLOCK_CIPHER_BLOCK_MAX_SIZE
                && compatibility::check(key_type, bits, Algorithm::CMAC).is_ok()
        }
        DerivationStep::SECRET if derivation.is_sp800_108_counter_hmac() => {
            matches!(key_type, KeyType::HMAC | KeyType::DERIVE)
        }
        DerivationStep::SECRET | DerivationStep::OTHER_SECRET => key_type == KeyType::DERIVE,
        DerivationStep::PASSWORD => matches!(key_type, KeyType::PASSWORD | KeyType::DERIVE),
        DerivationStep::SALT => key_type == KeyType::RAW_DATA || key_type == KeyType::PEPPER && is_pbkdf2(derivation),
        DerivationStep::COST => false,
        _ => key_type == KeyType::RAW_DATA,
    };
    if allowed {
        return Ok(());
    }
    fail!(InvalidArgument, "input step {step} takes no such key of type {key_type}")
}

fn is_pbkdf2(derivation: Algorithm) -> bool {
    derivation.is_pbkdf2_hmac() || derivation == Algorithm::PBKDF2_AES_CMAC_PRF_128
}

/// What an algorithm demands of an input, wherever it comes from (section 10.8.1).
pub fn check_input(derivation: Algorithm, step: DerivationStep, data: &[u8]) -> Result<()> {
    const POINT: usize = 65;
    match step {
        DerivationStep::LABEL if is_sp800_108(derivation) && data.contains(&0) => {
            fail!(InvalidArgument, "the label has a null byte")
        }
        DerivationStep::SECRET
            if derivation.is_tls12_psk_to_ms() && data.len() > sizes::TLS12_PSK_TO_MS_PSK_MAX_SIZE =>
        {
            fail!(InvalidArgument, "a pre-shared key of {} bytes", data.len())
        }
        DerivationStep::OTHER_SECRET if data.len() > u16::MAX.into() => {
            fail!(InvalidArgument, "an other secret of {} bytes", data.len())
        }
        DerivationStep::SECRET
            if derivation == Algorithm::TLS12_ECJPAKE_TO_PMS && (data.len() != POINT || data.first() != Some(&4)) =>
        {
            fail!(InvalidArgument, "the secret of J-PAKE is an uncompressed point of secp256r1")
        }
        _ => Ok(()),
    }
}

/// Where the secret inputs of a step are kept, if it has any.
fn secret_of(inputs: &mut DerivationInputs, step: DerivationStep) -> Option<&mut Option<Secret>> {
    match step {
        DerivationStep::SECRET | DerivationStep::PASSWORD => Some(&mut inputs.secret),
        DerivationStep::OTHER_SECRET => Some(&mut inputs.other_secret),
        DerivationStep::SALT => Some(&mut inputs.salt),
        _ => None,
    }
}

/// Adds a secret to the inputs of its step, without a copy where it is the first.
pub fn append_secret(inputs: &mut DerivationInputs, step: DerivationStep, input: Secret) -> Result<()> {
    match secret_of(inputs, step) {
        Some(secret @ None) => {
            *secret = Some(input);
            Ok(())
        }
        _ => append(inputs, step, &input),
    }
}

/// Adds an input to those of its step.
pub fn append(inputs: &mut DerivationInputs, step: DerivationStep, data: &[u8]) -> Result<()> {
    if let Some(secret) = secret_of(inputs, step) {
        // A new allocation instead of growth, which would leave the old one unwiped.
        let mut joined = Secret::new(Vec::with_capacity(secret.as_ref().map_or(0, |old| old.len()) + data.len()));
        joined.extend_from_slice(secret.as_deref().map_or(&[], |old| old));
        joined.extend_from_slice(data);
        *secret = Some(joined);
        return Ok(());
    }
    match step {
        DerivationStep::INFO => extend(&mut inputs.info, data),
        DerivationStep::SEED => extend(&mut inputs.seed, data),
        DerivationStep::LABEL => extend(&mut inputs.label, data),
        DerivationStep::CONTEXT => extend(&mut inputs.context, data),
        _ => fail!(InvalidArgument, "input step {step} takes no bytes"),
    }
}

fn extend(input: &mut Option<Vec<u8>>, data: &[u8]) -> Result<()> {
    input.get_or_insert_default().extend_from_slice(data);
    Ok(())
}
