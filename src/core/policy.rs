//! Policies: what a key permits (PSA 1.5, section 9.8).

use crate::fail;
use crate::psa::{Algorithm, Attributes, Result, Usage};

/// `NOT_PERMITTED` unless the key may be used for `usage` with `alg`. A wildcard is never a requested algorithm.
pub fn check(attributes: &Attributes, usage: Usage, alg: Algorithm) -> Result<()> {
    permits_management(attributes, usage)?;
    if !permits(attributes.algorithm, usage, alg) {
        return fail!(NotPermitted, "the key's policy permits algorithm {}, not {alg}", attributes.algorithm);
    }
    Ok(())
}

/// True where the policy `permitted` allows the algorithm `requested` (section 9.8.1).
fn permits(permitted: Algorithm, usage: Usage, requested: Algorithm) -> bool {
    if requested == Algorithm::NONE || requested.is_wildcard() {
        return false;
    }
    permitted == requested
        || intersection_with_wildcard(permitted, requested) == Some(requested)
        || permitted.is_standalone_key_agreement() && requested.key_agreement_get_base() == permitted
        || verifies_alike(permitted, usage, requested)
}

/// A signature does not tell whether it was randomized: for verification, both twins of an algorithm are the same.
fn verifies_alike(permitted: Algorithm, usage: Usage, requested: Algorithm) -> bool {
    let verifying = usage == Usage::VERIFY_HASH || usage == Usage::VERIFY_MESSAGE;
    let (permitted, requested) = (permitted.randomized(), requested.randomized());
    verifying && (permitted == requested || intersection_with_wildcard(permitted, requested) == Some(requested))
}

/// The algorithm that both policies permit, `None` where there is none (for `psa_copy_key`).
pub fn intersection(first: Algorithm, second: Algorithm) -> Option<Algorithm> {
    if first == second {
        return Some(first);
    }
    intersection_with_wildcard(first, second)
        .or_else(|| intersection_with_wildcard(second, first))
        .or_else(|| base_of(first, second))
        .or_else(|| base_of(second, first))
}

/// A standalone agreement permits its combination with any derivation.
fn base_of(standalone: Algorithm, combined: Algorithm) -> Option<Algorithm> {
    let includes = standalone.is_standalone_key_agreement()
        && combined.is_key_agreement()
        && combined.key_agreement_get_base() == standalone;
    includes.then_some(combined)
}

/// What remains of `other` under the wildcard policy `wildcard`.
fn intersection_with_wildcard(wildcard: Algorithm, other: Algorithm) -> Option<Algorithm> {
    if wildcard.is_sign() && wildcard.get_hash() == Algorithm::ANY_HASH {
        return (any_hash_of(other) == wildcard).then_some(other);
    }
    if wildcard.is_mac() && wildcard.is_at_least_this_length_mac() {
        return at_least_mac(wildcard, other);
    }
    if wildcard.is_aead() && wildcard.is_at_least_this_length_aead() {
        return at_least_aead(wildcard, other);
    }
    if wildcard == Algorithm::CCM_STAR_ANY_TAG {
        let included = other == Algorithm::CCM_STAR_NO_TAG
            || other.is_aead() && other.aead_base() == Algorithm::CCM && matches!(other.aead_tag_length(), 4 | 8 | 16);
        return included.then_some(other);
    }
    (wildcard == Algorithm::WPA3_SAE_ANY && (other.is_wpa3_sae() || other.is_wpa3_sae_h2e())).then_some(other)
}

/// The wildcard over hashes that includes this signature algorithm.
fn any_hash_of(alg: Algorithm) -> Algorithm {
    if alg == Algorithm::RSA_PKCS1V15_SIGN_RAW {
        return Algorithm::rsa_pkcs1v15_sign(Algorithm::ANY_HASH);
    }
    if alg == Algorithm::ECDSA_ANY || !alg.is_hash_and_sign() {
        return Algorithm::NONE;
    }
    Algorithm(alg.0 & !0xff | Algorithm::ANY_HASH.0 & 0xff)
}

fn at_least_mac(wildcard: Algorithm, other: Algorithm) -> Option<Algorithm> {
    if !other.is_mac() || other.full_length_mac() != wildcard.full_length_mac() {
        return None;
    }
    let minimum = wildcard.mac_truncated_length();
    let length = other.mac_truncated_length();
    if other.is_at_least_this_length_mac() {
        return Some(if length > minimum { other } else { wildcard });
    }
    // A full-length MAC (0) is at least as long as any minimum that is valid for it.
    (length == 0 || length >= minimum).then_some(other)
}

fn at_least_aead(wildcard: Algorithm, other: Algorithm) -> Option<Algorithm> {
    if !other.is_aead() || other.aead_base() != wildcard.aead_base() {
        return None;
    }
    let minimum = wildcard.aead_tag_length();
    let length = other.aead_tag_length();
    if other.is_at_least_this_length_aead() {
        return Some(if length > minimum { other } else { wildcard });
    }
    (length >= minimum).then_some(other)
}

/// Normalizes and checks the policy of a new key (sections 9.8.2 and 9.9.1).
pub fn normalize(attributes: &mut Attributes) -> Result<()> {
    if !attributes.usage.is_valid() {
        return fail!(InvalidArgument, "unknown usage flags in {:#x}", attributes.usage.0);
    }
    attributes.usage = with_implied(attributes.usage);
    Ok(())
}

/// The usage flags with those that they include: a key that signs hashes also signs messages (section 9.8.2).
fn with_implied(usage: Usage) -> Usage {
    let mut all = usage;
    if usage.contains(Usage::SIGN_HASH) {
        all |= Usage::SIGN_MESSAGE;
    }
    if usage.contains(Usage::VERIFY_HASH) {
        all |= Usage::VERIFY_MESSAGE;
    }
    all
}

/// Whether a key of these attributes permits a usage that goes with no algorithm.
pub fn permits_management(attributes: &Attributes, usage: Usage) -> Result<()> {
    if attributes.usage.contains(usage) {
        return Ok(());
    }
    fail!(NotPermitted, "the key's usage flags do not include {usage}")
}

#[cfg(test)]
mod tests;
