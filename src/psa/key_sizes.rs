//! Sizes of keys and group elements in their export formats (PSA 1.5, sections 9.3 to 9.5 and 10.13);
//! part of [`super::sizes`].

use super::pake::{PakePrimitive, PakeStep};
use super::sizes::{bits_to_bytes, hash_length};
use super::{Algorithm, EccFamily, KeyType};

/// `PSA_EXPORT_KEY_OUTPUT_SIZE`.
pub const fn export_key_output_size(key_type: KeyType, key_bits: usize) -> usize {
    if key_type.is_unstructured() {
        bits_to_bytes(key_bits)
    } else if key_type.is_wpa3_sae_ecc() {
        2 * bits_to_bytes(key_bits)
    } else if key_type.is_wpa3_sae_dh() {
        bits_to_bytes(key_bits)
    } else if key_type.is_key_pair() {
        key_pair_length(key_type, key_bits)
    } else if key_type.is_public_key() {
        public_key_length(key_type, key_bits)
    } else {
        0
    }
}

/// `PSA_EXPORT_PUBLIC_KEY_OUTPUT_SIZE`.
pub const fn export_public_key_output_size(key_type: KeyType, key_bits: usize) -> usize {
    if key_type.is_public_key() || key_type.is_key_pair() { public_key_length(key_type, key_bits) } else { 0 }
}

/// Upper bound of a DER INTEGER of so many bits: tag, length and a leading zero.
const fn der_integer_length(bits: usize) -> usize {
    bits / 8 + 5
}

/// The header of a DER SEQUENCE and a public exponent of up to 33 bits.
const RSA_FRAME: usize = 4 + 7;
/// The version in an `RSAPrivateKey`.
const RSA_VERSION: usize = 3;

const fn key_pair_length(key_type: KeyType, key_bits: usize) -> usize {
    if key_type.is_rsa() {
        RSA_FRAME + RSA_VERSION + 2 * der_integer_length(key_bits) + 5 * der_integer_length(key_bits / 2 + 1)
    } else if key_type.is_ecc_key_pair() {
        ecc_scalar_length(key_type.ecc_get_family(), key_bits)
    } else if key_type.is_dh_key_pair() {
        bits_to_bytes(key_bits)
    } else if key_type.is_ml_dsa() {
        32
    } else if key_type.is_ml_kem() {
        64
    } else if key_type.is_slh_dsa_key_pair() {
        4 * bits_to_bytes(key_bits)
    } else if key_type.is_spake2p_key_pair() {
        2 * ecc_scalar_length(key_type.spake2p_get_family(), key_bits)
    } else {
        0
    }
}

const fn public_key_length(key_type: KeyType, key_bits: usize) -> usize {
    if key_type.is_rsa() {
        RSA_FRAME + der_integer_length(key_bits)
    } else if key_type.is_ecc() {
        ecc_point_length(key_type.ecc_get_family(), key_bits)
    } else if key_type.is_dh() {
        bits_to_bytes(key_bits)
    } else if key_type.is_slh_dsa() {
        2 * bits_to_bytes(key_bits)
    } else if key_type.is_spake2p() {
        let family = key_type.spake2p_get_family();
        ecc_scalar_length(family, key_bits) + ecc_point_length(family, key_bits)
    } else {
        post_quantum_public_key_length(key_type.public_key_of_key_pair(), key_bits)
    }
}

/// ML-DSA (FIPS 204, table 2), ML-KEM (FIPS 203, table 3), LMS and HSS (RFC 8554, sections 5.3 and 6.1),
/// XMSS (RFC 8391, appendices B.3 and C.3).
const fn post_quantum_public_key_length(key_type: KeyType, key_bits: usize) -> usize {
    match (key_type, key_bits) {
        (KeyType::ML_DSA_PUBLIC_KEY, 128) => 1312,
        (KeyType::ML_DSA_PUBLIC_KEY, 192) => 1952,
        (KeyType::ML_DSA_PUBLIC_KEY, 256) => 2592,
        (KeyType::ML_KEM_PUBLIC_KEY, 512) => 800,
        (KeyType::ML_KEM_PUBLIC_KEY, 768) => 1184,
        (KeyType::ML_KEM_PUBLIC_KEY, 1024) => 1568,
        (KeyType::LMS_PUBLIC_KEY, _) => 24 + bits_to_bytes(key_bits),
        (KeyType::HSS_PUBLIC_KEY, _) => 28 + bits_to_bytes(key_bits),
        (KeyType::XMSS_PUBLIC_KEY | KeyType::XMSS_MT_PUBLIC_KEY, _) => 4 + 2 * bits_to_bytes(key_bits),
        _ => 0,
    }
}

/// A private key or half an ECDSA or EdDSA signature; Edwards curves keep a bit for the sign (RFC 8032).
pub(super) const fn ecc_scalar_length(family: EccFamily, bits: usize) -> usize {
    match family {
        EccFamily::TWISTED_EDWARDS => bits / 8 + 1,
        _ => bits_to_bytes(bits),
    }
}

/// A public key: uncompressed on Weierstrass curves (SEC 1), one coordinate on the others.
const fn ecc_point_length(family: EccFamily, bits: usize) -> usize {
    match family {
        EccFamily::MONTGOMERY | EccFamily::TWISTED_EDWARDS => ecc_scalar_length(family, bits),
        _ => 2 * bits_to_bytes(bits) + 1,
    }
}

/// `PSA_PAKE_OUTPUT_SIZE`.
pub const fn pake_output_size(alg: Algorithm, primitive: PakePrimitive, step: PakeStep) -> usize {
    if alg.is_wpa3_sae() && matches!(step, PakeStep::KEY_ID) { 16 } else { pake_exchange_size(alg, primitive, step) }
}

/// `PSA_PAKE_INPUT_SIZE`.
pub const fn pake_input_size(alg: Algorithm, primitive: PakePrimitive, step: PakeStep) -> usize {
    match step {
        PakeStep::SALT if alg.is_wpa3_sae() => super::sizes::HASH_MAX_SIZE,
        PakeStep::CONFIRM_COUNT if alg.is_wpa3_sae() => WPA3_SAE_COUNTER_LENGTH,
        _ => pake_exchange_size(alg, primitive, step),
    }
}

/// The counter before a confirmation (IEEE 802.11-2024, section 12.4.7).
const WPA3_SAE_COUNTER_LENGTH: usize = 2;

/// Steps that are output on one side and input on the other.
const fn pake_exchange_size(alg: Algorithm, primitive: PakePrimitive, step: PakeStep) -> usize {
    match step {
        PakeStep::KEY_SHARE if alg.is_jpake() || alg.is_spake2p() => element_length(primitive),
        PakeStep::ZK_PUBLIC if alg.is_jpake() => element_length(primitive),
        PakeStep::ZK_PROOF if alg.is_jpake() => bits_to_bytes(primitive.get_bits()),
        PakeStep::CONFIRM if alg.is_spake2p_cmac() => 16,
        PakeStep::CONFIRM if alg.is_spake2p() => hash_length(alg),
        PakeStep::CONFIRM if alg.is_wpa3_sae() => WPA3_SAE_COUNTER_LENGTH + hash_length(alg),
        PakeStep::COMMIT if alg.is_wpa3_sae() => commitment_length(primitive),
        _ => 0,
    }
}

/// A group element in the format of a public key.
const fn element_length(primitive: PakePrimitive) -> usize {
    match primitive.get_type() {
        PakePrimitive::TYPE_ECC => ecc_point_length(EccFamily(primitive.get_family()), primitive.get_bits()),
        PakePrimitive::TYPE_DH => bits_to_bytes(primitive.get_bits()),
        _ => 0,
    }
}

/// A scalar and an element of WPA3-SAE, which has points without the leading byte.
const fn commitment_length(primitive: PakePrimitive) -> usize {
    match primitive.get_type() {
        PakePrimitive::TYPE_ECC => 3 * bits_to_bytes(primitive.get_bits()),
        PakePrimitive::TYPE_DH => 2 * bits_to_bytes(primitive.get_bits()),
        _ => 0,
    }
}
