//! Asymmetric encryption (PSA 1.5, section 10.10).

use super::in_use::KeyInUse;
use super::library::Library;
use super::primitives::{AsymmetricEncryption, Key};
use crate::fail;
use crate::psa::{Algorithm, Error, KeyId, Result, Usage, sizes};

/// `psa_asymmetric_encrypt`: always in the engine, which has the public part.
pub fn encrypt(
    library: &Library,
    key: KeyId,
    alg: Algorithm,
    plaintext: &[u8],
    label: &[u8],
    output: &mut [u8],
) -> Result<usize> {
    let slot = permitted_key(library, key, alg, Usage::ENCRYPT, label)?;
    let attributes = slot.attributes();
    if output.len() < sizes::asymmetric_encrypt_output_size(attributes.key_type, attributes.bits, alg) {
        return Err(Error::BufferTooSmall);
    }
    slot.with_public_key(library, |key| family(key)?.encrypt(alg, plaintext, label, output))
}

/// `psa_asymmetric_decrypt`.
pub fn decrypt(
    library: &Library,
    key: KeyId,
    alg: Algorithm,
    ciphertext: &[u8],
    label: &[u8],
    output: &mut [u8],
) -> Result<usize> {
    let slot = permitted_key(library, key, alg, Usage::DECRYPT, label)?;
    let attributes = slot.attributes();
    if attributes.key_type.is_public_key() {
        return fail!(InvalidArgument, "decryption takes a key pair, not a public key");
    }
    let modulus = attributes.bits.div_ceil(8);
    if ciphertext.len() != modulus {
        return fail!(InvalidArgument, "the ciphertext has {} bytes, the modulus {modulus}", ciphertext.len());
    }
    slot.with_key(library, |key| family(key)?.decrypt(alg, ciphertext, label, output))
}

fn permitted_key(library: &Library, key: KeyId, alg: Algorithm, usage: Usage, label: &[u8]) -> Result<KeyInUse> {
    let slot = library.key(key)?;
    let key_type = slot.attributes().key_type;
    // Both statuses are allowed here; Arm's test suite tells keys that never encrypt from algorithms that do not.
    if key_type.is_asymmetric() && !key_type.is_rsa() {
        return fail!(NotSupported, "asymmetric encryption takes an RSA key");
    }
    if !alg.is_asymmetric_encryption() {
        return fail!(InvalidArgument, "{alg} is not an asymmetric encryption algorithm");
    }
    slot.ensure_permitted(usage, alg)?;
    if !label.is_empty() && !alg.is_rsa_oaep() {
        return fail!(InvalidArgument, "only OAEP takes a label");
    }
    Ok(slot)
}

fn family(key: &dyn Key) -> Result<&dyn AsymmetricEncryption> {
    match key.asymmetric_encryption() {
        Some(family) => Ok(family),
        None => fail!(NotSupported, "this key does not decrypt where it is kept"),
    }
}
