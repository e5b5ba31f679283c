//! Which key goes with which algorithm and usage, before any policy (PSA 1.5, chapter 10 and section 9.8.2).

use super::key_slot::KeySlot;
use super::library::Library;
use super::{aead, mac, policy};
use crate::engines::Function;
use crate::fail;
use crate::psa::{Algorithm, Attributes, EccFamily, KeyId, KeyType, Result, Usage, sizes};

/// `INVALID_ARGUMENT` where a key of this type and size can never be used with this algorithm.
pub fn check(key_type: KeyType, bits: usize, alg: Algorithm) -> Result<()> {
    if is_compatible(key_type, bits, alg) {
        return Ok(());
    }
    fail!(InvalidArgument, "a key of type {key_type} and {bits} bits does not go with algorithm {alg}")
}

/// True where a key of this type and size can be used with this algorithm in some place.
pub(super) fn is_compatible(key_type: KeyType, bits: usize, alg: Algorithm) -> bool {
    is_type_compatible(key_type, alg) && has_fitting_size(key_type, bits, alg)
}

/// XTS takes the double of a key that the other algorithms take (section 9.3.2), BLAKE2 no longer keys than hashes (section
/// 10.4.1), and OAEP no modulus that two hashes and two bytes fill (RFC 8017, section 7.1.1).
fn has_fitting_size(key_type: KeyType, bits: usize, alg: Algorithm) -> bool {
    if alg.is_blake2_mac() {
        return bits <= 8 * sizes::hash_length(alg);
    }
    if alg.is_rsa_oaep() {
        return bits.div_ceil(8) >= 2 * sizes::hash_length(alg) + 2;
    }
    let fits = |bits| match key_type {
        KeyType::AES | KeyType::ARIA | KeyType::CAMELLIA => matches!(bits, 128 | 192 | 256),
        KeyType::SM4 => bits == 128,
        _ => true,
    };
    if alg == Algorithm::XTS { bits.is_multiple_of(2) && fits(bits / 2) } else { fits(bits) }
}

/// The same of the type alone.
fn is_type_compatible(key_type: KeyType, alg: Algorithm) -> bool {
    if alg.is_mac() {
        return mac(key_type, alg);
    }
    if alg.is_cipher() || alg.is_aead() || alg.is_key_wrap() {
        return symmetric_encryption(key_type, alg);
    }
    if alg.is_sign() {
        return signature(key_type, alg);
    }
    if alg.is_asymmetric_encryption() {
        return key_type.is_rsa();
    }
    if alg.is_key_agreement() {
        let base = alg.key_agreement_get_base();
        return base.is_ecdh() && (ecc_weierstrass(key_type) || ecc_of(key_type, EccFamily::MONTGOMERY))
            || base.is_ffdh() && key_type.is_dh();
    }
    if alg.is_key_encapsulation() {
        return match alg {
            Algorithm::ML_KEM => key_type.is_ml_kem(),
            _ => ecc_weierstrass(key_type) || ecc_of(key_type, EccFamily::MONTGOMERY),
        };
    }
    if alg.is_pake() {
        return pake(key_type, alg);
    }
    // Derivations say at each of their inputs which keys they take.
    alg.is_key_derivation()
}

fn pake(key_type: KeyType, alg: Algorithm) -> bool {
    match key_type {
        KeyType::PASSWORD => alg.is_jpake() || alg.is_wpa3_sae_fixed(),
        KeyType::PASSWORD_HASH => alg.is_jpake(),
        _ if key_type.is_spake2p() => alg.is_spake2p(),
        _ => alg.is_wpa3_sae() && (key_type.is_wpa3_sae_ecc() || key_type.is_wpa3_sae_dh()),
    }
}

fn mac(key_type: KeyType, alg: Algorithm) -> bool {
    if alg.is_hmac() {
        return key_type == KeyType::HMAC;
    }
    if alg.is_blake2_mac() {
        return key_type == KeyType::BLAKE2;
    }
    alg.is_block_cipher_mac() && key_type.is_block_cipher()
}

fn symmetric_encryption(key_type: KeyType, alg: Algorithm) -> bool {
    let block = if key_type.is_symmetric_cipher() { key_type.block_cipher_block_length() } else { 0 };
    match alg {
        Algorithm::STREAM_CIPHER => {
            matches!(key_type, KeyType::CHACHA20 | KeyType::XCHACHA20 | KeyType::ARC4)
        }
        Algorithm::CCM_STAR_NO_TAG | Algorithm::KW | Algorithm::KWP => block == 16,
        _ if alg.is_cipher() => block > 1,
        _ => match alg.aead_base() {
            Algorithm::CHACHA20_POLY1305 => key_type == KeyType::CHACHA20,
            Algorithm::XCHACHA20_POLY1305 => key_type == KeyType::XCHACHA20,
            Algorithm::ASCON_AEAD128 => key_type == KeyType::ASCON,
            _ => block == 16,
        },
    }
}

fn signature(key_type: KeyType, alg: Algorithm) -> bool {
    if alg.is_rsa_pkcs1v15_sign() || alg.is_rsa_pss() {
        return key_type.is_rsa();
    }
    if alg.is_ecdsa() {
        return ecc_weierstrass(key_type);
    }
    if matches!(alg, Algorithm::PURE_EDDSA | Algorithm::EDDSA_CTX) || alg.is_hash_eddsa() {
        return ecc_of(key_type, EccFamily::TWISTED_EDWARDS);
    }
    if alg.is_ml_dsa() || alg.is_hash_ml_dsa() {
        return key_type.is_ml_dsa();
    }
    if alg.is_slh_dsa() || alg.is_hash_slh_dsa() {
        return key_type.is_slh_dsa();
    }
    matches!(
        (alg, key_type),
        (Algorithm::LMS, KeyType::LMS_PUBLIC_KEY)
            | (Algorithm::HSS, KeyType::HSS_PUBLIC_KEY)
            | (Algorithm::XMSS, KeyType::XMSS_PUBLIC_KEY)
            | (Algorithm::XMSS_MT, KeyType::XMSS_MT_PUBLIC_KEY)
    )
}

fn ecc_of(key_type: KeyType, family: EccFamily) -> bool {
    key_type.is_ecc() && key_type.ecc_get_family() == family
}

fn ecc_weierstrass(key_type: KeyType) -> bool {
    key_type.is_ecc() && !ecc_of(key_type, EccFamily::MONTGOMERY) && !ecc_of(key_type, EccFamily::TWISTED_EDWARDS)
}

/// `psa_check_key_usage`: `Ok` where the key, its policy and the place where it is allow an operation of this kind.
pub fn check_usage(library: &Library, key: KeyId, alg: Algorithm, usage: Usage) -> Result<()> {
    let slot = library.key(key)?;
    let attributes = slot.attributes();
    if !usage.0.is_power_of_two() || !Usage::ALL.union(Usage::DERIVE_PUBLIC).contains(usage) {
        return fail!(InvalidArgument, "{usage} is not one usage flag");
    }
    if matches!(usage, Usage::EXPORT | Usage::COPY | Usage::CACHE) {
        if alg != Algorithm::NONE {
            return fail!(InvalidArgument, "this usage flag goes with PSA_ALG_NONE");
        }
        return policy::permits_management(attributes, usage);
    }
    let Some(function) = role(alg, usage).filter(|_| !alg.is_wildcard()) else {
        return fail!(InvalidArgument, "algorithm {alg} has no role for usage flag {usage}");
    };
    check(attributes.key_type, attributes.bits, alg)?;
    check_parameters(attributes, alg)?;
    check_key_part(attributes, usage)?;
    match usage {
        // The share of an agreement comes in a buffer, which has no policy; the verifier of SPAKE2+ has a key (section 9.8.2).
        Usage::DERIVE_PUBLIC if !alg.is_pake() => {}
        Usage::DERIVE_PUBLIC => policy::check(attributes, Usage::DERIVE, alg)?,
        _ => policy::check(attributes, usage, alg)?,
    }
    if is_public(usage) && attributes.key_type.is_asymmetric() {
        return check_engine(library, &slot, function, alg);
    }
    check_place(library, &slot, function, alg)
}

/// `INVALID_ARGUMENT` for a length of a tag or MAC, or a hash, that the algorithm cannot have (section 9.8.2).
fn check_parameters(attributes: &Attributes, alg: Algorithm) -> Result<()> {
    if alg.is_aead() {
        return aead::check_tag(alg);
    }
    if alg.is_mac() {
        return mac::check_length(attributes, alg);
    }
    let has_hash = alg.is_spake2p_hmac() || alg.is_spake2p_cmac();
    // RFC 9383, section 4.
    if has_hash && !matches!(alg.get_hash(), Algorithm::SHA_256 | Algorithm::SHA_512) {
        return fail!(InvalidArgument, "SPAKE2+ has no cipher suite with hash {:#010x}", alg.get_hash().0);
    }
    Ok(())
}

/// `NOT_SUPPORTED` where the place of the key does not do this with it.
pub fn check_place(library: &Library, slot: &KeySlot, function: Function, alg: Algorithm) -> Result<()> {
    let attributes = slot.attributes();
    match slot.as_opaque() {
        None => check_engine(library, slot, function, alg),
        Some(opaque) if opaque.backend.device.supports(function, attributes.key_type, attributes.bits, alg) => Ok(()),
        Some(opaque) => unsupported(&opaque.backend.name, alg),
    }
}

/// The same for what is computed in the engine wherever the key is.
fn check_engine(library: &Library, slot: &KeySlot, function: Function, alg: Algorithm) -> Result<()> {
    let attributes = slot.attributes();
    if library.engine_supports(function, attributes.key_type, attributes.bits, alg) {
        return Ok(());
    }
    unsupported(library.engine.name(), alg)
}

fn unsupported(place: &str, alg: Algorithm) -> Result<()> {
    fail!(NotSupported, "{place} does not support algorithm {alg} with this key")
}

/// The secret roles of an asymmetric algorithm take a key pair.
fn check_key_part(attributes: &Attributes, usage: Usage) -> Result<()> {
    if attributes.key_type.is_public_key() && !is_public(usage) {
        return fail!(InvalidArgument, "this usage takes a key pair, not a public key");
    }
    Ok(())
}

fn is_public(usage: Usage) -> bool {
    matches!(usage, Usage::VERIFY_HASH | Usage::VERIFY_MESSAGE | Usage::ENCRYPT | Usage::DERIVE_PUBLIC)
}

/// The function that an algorithm serves with this usage, `None` where it has no such role.
fn role(alg: Algorithm, usage: Usage) -> Option<Function> {
    let crypt = matches!(usage, Usage::ENCRYPT | Usage::DECRYPT);
    let message = matches!(usage, Usage::SIGN_MESSAGE | Usage::VERIFY_MESSAGE);
    let hash = matches!(usage, Usage::SIGN_HASH | Usage::VERIFY_HASH);
    let derive = matches!(usage, Usage::DERIVE | Usage::VERIFY_DERIVATION);
    let wrap = matches!(usage, Usage::WRAP | Usage::UNWRAP);
    let agree = matches!(usage, Usage::DERIVE | Usage::DERIVE_PUBLIC);
    let roles = [
        (alg.is_mac() && message, Function::Mac),
        (alg.is_cipher() && crypt, Function::Cipher),
        (alg.is_aead() && crypt, Function::Aead),
        (alg.is_key_wrap() && wrap, Function::KeyWrap),
        (alg.is_asymmetric_encryption() && crypt, Function::AsymmetricEncryption),
        (alg.is_sign_hash() && hash, Function::SignHash),
        (alg.is_sign_message() && message, Function::SignMessage),
        (alg.is_key_agreement() && agree, Function::KeyAgreement),
        (alg.is_key_encapsulation() && crypt, Function::KeyEncapsulation),
        (alg.is_key_derivation() && derive, Function::KeyDerivation),
        (alg.is_pake() && usage == Usage::DERIVE, Function::Pake),
        (alg.is_spake2p() && usage == Usage::DERIVE_PUBLIC, Function::Pake),
    ];
    roles.into_iter().find_map(|(applies, function)| applies.then_some(function))
}

#[cfg(test)]
mod tests;
