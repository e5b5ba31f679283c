//! Password-authenticated key exchange (PSA 1.5, section 10.13): J-PAKE, SPAKE2+ and WPA3-SAE.
//!
//! Each is a small file over the sums of a group (`groups`); the order of the steps is kept by `core`.

mod functions;
mod jpake;
mod keys;
mod password_element;
mod sae;
mod spake2plus;
#[cfg(test)]
mod tests;

use crate::core::primitives::DerivationInputs;
use crate::fail;
use crate::memory::Secret;
use crate::psa::{Algorithm, Error, KeyType, PakePrimitive, Result};

use super::groups::{self, Group};
pub(super) use keys::{PasswordKey, derive, generate, has, holds, import, prepare};

/// True where the algorithm is implemented with some group and takes such a key.
pub(super) fn supports(key_type: KeyType, bits: usize, alg: Algorithm) -> bool {
    if alg.is_wildcard() {
        return false;
    }
    match key_type {
        KeyType::PASSWORD if alg.is_wpa3_sae_fixed() => alg.get_hash() == Algorithm::SHA_256,
        KeyType::PASSWORD | KeyType::PASSWORD_HASH => alg.is_jpake() && super::hash::offers(alg.get_hash()),
        _ if key_type.is_spake2p() => {
            let curve = (key_type.spake2p_get_family(), bits);
            spake2plus::Suite::find(curve, alg).is_some()
        }
        _ if key_type.is_wpa3_sae_ecc() || key_type.is_wpa3_sae_dh() => {
            sae::offers(keys::primitive(key_type, bits), alg)
        }
        _ => false,
    }
}

/// The password token of WPA3-SAE, in the format of its key type (PSA 1.5, section 10.8.1, `PSA_ALG_WPA3_SAE_H2E`).
pub(super) fn password_token(
    alg: Algorithm,
    key_type: KeyType,
    bits: usize,
    inputs: &DerivationInputs,
) -> Result<Secret> {
    if !key_type.is_wpa3_sae_ecc() && !key_type.is_wpa3_sae_dh() {
        return fail!(InvalidArgument, "the derivation gives a key of type WPA3_SAE_ECC or WPA3_SAE_DH only");
    }
    let (Some(ssid), Some(password)) = (&inputs.salt, &inputs.secret) else { return Err(Error::BadState) };
    let identifier = inputs.info.as_deref().unwrap_or_default();
    password_element::token(keys::primitive(key_type, bits), alg.get_hash(), ssid, password, identifier)
}

/// The group of a primitive, or `NOT_SUPPORTED`.
fn group(primitive: PakePrimitive) -> Result<Box<dyn Group>> {
    match groups::of(primitive) {
        Some(group) => Ok(group),
        None => fail!(NotSupported, "there is no group of the primitive {:#010x}", primitive.0),
    }
}
