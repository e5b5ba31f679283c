//! Key wrapping (PSA 1.5, section 10.7).

use std::sync::Arc;

use super::compatibility;
use super::in_use::KeyInUse;
use super::keys;
use super::library::Library;
use super::primitives::{Key, KeyWrap};
use crate::engines::Function;
use crate::fail;
use crate::psa::{Algorithm, Attributes, Error, KeyId, Result, Usage, sizes};

/// `psa_wrap_key`: the export format of a key, encrypted and authenticated with another key.
pub fn wrap(library: &Library, wrapping: KeyId, alg: Algorithm, key: KeyId, output: &mut [u8]) -> Result<usize> {
    let wrapping = wrapping_key(library, wrapping, alg, Usage::WRAP)?;
    let key = library.key(key)?;
    if !key.attributes().key_type.is_public_key() && !key.attributes().usage.contains(Usage::EXPORT) {
        return fail!(NotPermitted, "wrapping a key takes its usage flag PSA_KEY_USAGE_EXPORT");
    }
    if let (Some(outer), Some(inner)) = (wrapping.as_opaque(), key.as_opaque())
        && Arc::ptr_eq(&outer.backend, &inner.backend)
    {
        let (outer_key, inner_key) = (wrapping.attributes(), key.attributes());
        return outer.backend.device.wrap_key((outer_key, &outer.context), alg, (inner_key, &inner.context), output);
    }
    compatibility::check_place(library, &wrapping, Function::KeyWrap, alg)?;
    let data = keys::export_format(library, &key)?;
    if output.len() < wrapped_length(alg, data.len())? {
        return Err(Error::BufferTooSmall);
    }
    wrapping.with_key(library, |key| family(key)?.wrap(alg, &data, output))
}

/// `psa_unwrap_key`: the unwrapped data is imported.
pub fn unwrap(
    library: &Library,
    attributes: &Attributes,
    wrapping: KeyId,
    alg: Algorithm,
    wrapped: &[u8],
) -> Result<KeyId> {
    let wrapping = wrapping_key(library, wrapping, alg, Usage::UNWRAP)?;
    if let Some(made) = keys::unwrap_in_device(library, attributes, &wrapping, alg, wrapped)? {
        return Ok(made);
    }
    compatibility::check_place(library, &wrapping, Function::KeyWrap, alg)?;
    let data = wrapping.with_key(library, |key| family(key)?.unwrap(alg, wrapped))?;
    keys::import(library, attributes, &data)
}

/// Length of wrapped data: whole half blocks, and one for the integrity (NIST SP 800-38F, sections 6.2 and 6.3).
pub fn wrapped_length(alg: Algorithm, length: usize) -> Result<usize> {
    let whole = length.is_multiple_of(sizes::KEY_WRAP_SEMIBLOCK);
    if alg == Algorithm::KW && (!whole || length < 2 * sizes::KEY_WRAP_SEMIBLOCK) {
        return fail!(
            InvalidArgument,
            "KW takes whole blocks of 8 bytes, at least two, not {length} bytes; KWP takes any length"
        );
    }
    Ok(length.next_multiple_of(sizes::KEY_WRAP_SEMIBLOCK) + sizes::KEY_WRAP_SEMIBLOCK)
}

fn wrapping_key(library: &Library, key: KeyId, alg: Algorithm, usage: Usage) -> Result<KeyInUse> {
    if !alg.is_key_wrap() {
        return fail!(InvalidArgument, "{alg} is not a key-wrapping algorithm");
    }
    let slot = library.key(key)?;
    slot.ensure_permitted(usage, alg)?;
    Ok(slot)
}

fn family(key: &dyn Key) -> Result<&dyn KeyWrap> {
    match key.key_wrap() {
        Some(family) => Ok(family),
        None => fail!(NotSupported, "this key wraps no keys where it is kept"),
    }
}

#[cfg(test)]
mod tests;
