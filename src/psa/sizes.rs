//! Sizes of buffers in bytes: the twins of the size macros (PSA 1.5, chapters 9 and 10).
//!
//! As the specification asks, the size for an algorithm or type that is not recognized, or for two that do not go
//! together, is 0. Programs are compiled with these numbers: the maxima cover every algorithm of the specification, also
//! those that this library does not implement yet, and must not grow afterwards.

use super::key_sizes::ecc_scalar_length;
pub use super::key_sizes::{export_key_output_size, export_public_key_output_size, pake_input_size, pake_output_size};
use super::{Algorithm, KeyType, SlhDsaFamily};

/// Largest RSA key, in bits.
pub const RSA_MAX_KEY_BITS: usize = 8192;
/// Largest finite-field group, in bits (`PSA_DH_FAMILY_RFC7919`).
pub const DH_MAX_KEY_BITS: usize = 8192;

/// `PSA_HASH_MAX_SIZE`: bytes of the longest hash.
pub const HASH_MAX_SIZE: usize = 64;
/// `PSA_HASH_SUSPEND_OUTPUT_MAX_SIZE`: bytes of the longest suspended hash, SHA-512.
pub const HASH_SUSPEND_OUTPUT_MAX_SIZE: usize = hash_suspend_output_size(Algorithm::SHA_512);
/// `PSA_HASH_SUSPEND_ALGORITHM_FIELD_LENGTH`: bytes of the field of a suspended hash that names the algorithm.
pub const HASH_SUSPEND_ALGORITHM_FIELD_LENGTH: usize = 4;
/// `PSA_MAC_MAX_SIZE`: bytes of the longest MAC, HMAC with the longest hash.
pub const MAC_MAX_SIZE: usize = HASH_MAX_SIZE;
/// `PSA_BLOCK_CIPHER_BLOCK_MAX_SIZE`: bytes of the longest block of a cipher.
pub const BLOCK_CIPHER_BLOCK_MAX_SIZE: usize = 16;
/// `PSA_CIPHER_IV_MAX_SIZE`: bytes of the longest initialization vector, of XChaCha20.
pub const CIPHER_IV_MAX_SIZE: usize = 24;
/// `PSA_CIPHER_FINISH_OUTPUT_MAX_SIZE`: bytes for any output of `psa_cipher_finish()`: two blocks, of which XTS steals.
pub const CIPHER_FINISH_OUTPUT_MAX_SIZE: usize = 2 * BLOCK_CIPHER_BLOCK_MAX_SIZE;
/// `PSA_AEAD_NONCE_MAX_SIZE`: bytes of the longest nonce, of XChaCha20-Poly1305.
pub const AEAD_NONCE_MAX_SIZE: usize = 24;
/// `PSA_AEAD_TAG_MAX_SIZE`: bytes of the longest tag.
pub const AEAD_TAG_MAX_SIZE: usize = 16;
/// `PSA_AEAD_FINISH_OUTPUT_MAX_SIZE`: bytes for any ciphertext of `psa_aead_finish()`.
pub const AEAD_FINISH_OUTPUT_MAX_SIZE: usize = BLOCK_CIPHER_BLOCK_MAX_SIZE;
/// `PSA_AEAD_VERIFY_OUTPUT_MAX_SIZE`: bytes for any plaintext of `psa_aead_verify()`.
pub const AEAD_VERIFY_OUTPUT_MAX_SIZE: usize = BLOCK_CIPHER_BLOCK_MAX_SIZE;
/// `PSA_TLS12_PSK_TO_MS_PSK_MAX_SIZE`: bytes of the longest pre-shared key, twice what RFC 4279 demands.
pub const TLS12_PSK_TO_MS_PSK_MAX_SIZE: usize = 128;
/// `PSA_TLS12_ECJPAKE_TO_PMS_OUTPUT_SIZE`: bytes of the premaster secret.
pub const TLS12_ECJPAKE_TO_PMS_OUTPUT_SIZE: usize = 32;
/// `PSA_SIGNATURE_MAX_SIZE`: bytes of the longest signature, of SLH-DSA-256f.
pub const SIGNATURE_MAX_SIZE: usize = 49856;
/// `PSA_ASYMMETRIC_ENCRYPT_OUTPUT_MAX_SIZE`: bytes for any output of `psa_asymmetric_encrypt()`.
pub const ASYMMETRIC_ENCRYPT_OUTPUT_MAX_SIZE: usize = RSA_MAX_KEY_BITS / 8;
/// `PSA_ASYMMETRIC_DECRYPT_OUTPUT_MAX_SIZE`: bytes for any output of `psa_asymmetric_decrypt()`.
pub const ASYMMETRIC_DECRYPT_OUTPUT_MAX_SIZE: usize = RSA_MAX_KEY_BITS / 8 - RSA_PKCS1V15_PADDING;
/// `PSA_RAW_KEY_AGREEMENT_OUTPUT_MAX_SIZE`: bytes of the longest shared secret, of the largest finite-field group.
pub const RAW_KEY_AGREEMENT_OUTPUT_MAX_SIZE: usize = DH_MAX_KEY_BITS / 8;
/// `PSA_ENCAPSULATE_CIPHERTEXT_MAX_SIZE`: bytes of the longest ciphertext of `psa_encapsulate()`, of ML-KEM-1024.
pub const ENCAPSULATE_CIPHERTEXT_MAX_SIZE: usize = 1568;
/// `PSA_EXPORT_KEY_PAIR_MAX_SIZE`: bytes of the longest key pair, of RSA.
pub const EXPORT_KEY_PAIR_MAX_SIZE: usize = export_key_output_size(KeyType::RSA_KEY_PAIR, RSA_MAX_KEY_BITS);
/// `PSA_EXPORT_PUBLIC_KEY_MAX_SIZE`: bytes of the longest public key, of ML-DSA-87.
pub const EXPORT_PUBLIC_KEY_MAX_SIZE: usize = 2592;
/// `PSA_EXPORT_ASYMMETRIC_KEY_MAX_SIZE`: bytes of the longest key pair or public key.
pub const EXPORT_ASYMMETRIC_KEY_MAX_SIZE: usize = EXPORT_KEY_PAIR_MAX_SIZE;
/// `PSA_WRAP_KEY_PAIR_MAX_SIZE`: bytes for any key pair, wrapped by `psa_wrap_key()`.
pub const WRAP_KEY_PAIR_MAX_SIZE: usize = round_up(EXPORT_KEY_PAIR_MAX_SIZE, 8) + 8;
/// `PSA_PAKE_OUTPUT_MAX_SIZE`: bytes for any output of `psa_pake_output()`, of WPA3-SAE.
pub const PAKE_OUTPUT_MAX_SIZE: usize = 2 * DH_MAX_KEY_BITS / 8;
/// `PSA_PAKE_INPUT_MAX_SIZE`: bytes for any input of `psa_pake_input()`.
pub const PAKE_INPUT_MAX_SIZE: usize = PAKE_OUTPUT_MAX_SIZE;

/// What KW and KWP work on: half a block of the block cipher (NIST SP 800-38F, section 4).
pub const KEY_WRAP_SEMIBLOCK: usize = 8;
/// Shortest padding of PKCS #1 v1.5 (RFC 8017, section 7.2.1 for encryption, 9.2 for signatures).
pub const RSA_PKCS1V15_PADDING: usize = 11;
/// IV of CCM without tag: the nonce that leaves two bytes for the length.
const CCM_NONCE_LENGTH: usize = 13;

/// Bits to bytes, rounded up.
pub const fn bits_to_bytes(bits: usize) -> usize {
    bits.div_ceil(8)
}

const fn round_up(length: usize, multiple: usize) -> usize {
    match length.checked_next_multiple_of(multiple) {
        Some(rounded) => rounded,
        None => usize::MAX,
    }
}

/// `PSA_HASH_LENGTH`: of a hash, or of the hash in an HMAC or another compound algorithm.
pub const fn hash_length(alg: Algorithm) -> usize {
    match alg.get_hash() {
        Algorithm::MD2 | Algorithm::MD4 | Algorithm::MD5 | Algorithm::AES_MMO_ZIGBEE => 16,
        Algorithm::RIPEMD160 | Algorithm::SHA_1 => 20,
        Algorithm::SHA_256_192 | Algorithm::SHAKE256_192 => 24,
        Algorithm::SHA_224 | Algorithm::SHA_512_224 | Algorithm::SHA3_224 => 28,
        Algorithm::SHA_256 | Algorithm::SHA_512_256 | Algorithm::SHA3_256 => 32,
        Algorithm::SHAKE128_256 | Algorithm::SHAKE256_256 | Algorithm::SM3 | Algorithm::ASCON_HASH256 => 32,
        Algorithm::BLAKE2S_HASH256 | Algorithm::BLAKE2SP_HASH256 => 32,
        Algorithm::SHA_384 | Algorithm::SHA3_384 => 48,
        Algorithm::SHA_512 | Algorithm::SHA3_512 | Algorithm::SHAKE256_512 => 64,
        Algorithm::BLAKE2B_HASH512 | Algorithm::BLAKE2BP_HASH512 => 64,
        _ => 0,
    }
}

/// `PSA_HASH_BLOCK_LENGTH`: for sponges it is the rate.
pub const fn hash_block_length(alg: Algorithm) -> usize {
    match alg.get_hash() {
        Algorithm::ASCON_HASH256 => 8,
        Algorithm::MD2 | Algorithm::AES_MMO_ZIGBEE => 16,
        Algorithm::MD4 | Algorithm::MD5 | Algorithm::RIPEMD160 | Algorithm::SHA_1 => 64,
        Algorithm::SHA_224 | Algorithm::SHA_256 | Algorithm::SHA_256_192 | Algorithm::SM3 => 64,
        Algorithm::BLAKE2S_HASH256 | Algorithm::BLAKE2SP_HASH256 => 64,
        Algorithm::SHA3_512 => 72,
        Algorithm::SHA3_384 => 104,
        Algorithm::SHA_384 | Algorithm::SHA_512 | Algorithm::SHA_512_224 | Algorithm::SHA_512_256 => 128,
        Algorithm::BLAKE2B_HASH512 | Algorithm::BLAKE2BP_HASH512 => 128,
        Algorithm::SHA3_256 | Algorithm::SHAKE256_192 | Algorithm::SHAKE256_256 | Algorithm::SHAKE256_512 => 136,
        Algorithm::SHA3_224 => 144,
        Algorithm::SHAKE128_256 => 168,
        _ => 0,
    }
}

/// `PSA_HASH_SUSPEND_INPUT_LENGTH_FIELD_LENGTH`.
pub const fn hash_suspend_input_length_field_length(alg: Algorithm) -> usize {
    match alg {
        Algorithm::MD2 => 1,
        Algorithm::MD4 | Algorithm::MD5 | Algorithm::RIPEMD160 => 8,
        Algorithm::SHA_1 | Algorithm::SHA_224 | Algorithm::SHA_256 => 8,
        Algorithm::SHA_384 | Algorithm::SHA_512 | Algorithm::SHA_512_224 | Algorithm::SHA_512_256 => 16,
        _ => 0,
    }
}

/// `PSA_HASH_SUSPEND_HASH_STATE_FIELD_LENGTH`.
pub const fn hash_suspend_hash_state_field_length(alg: Algorithm) -> usize {
    match alg {
        Algorithm::MD4 | Algorithm::MD5 => 16,
        Algorithm::RIPEMD160 | Algorithm::SHA_1 => 20,
        Algorithm::SHA_224 | Algorithm::SHA_256 => 32,
        Algorithm::MD2 => 64,
        Algorithm::SHA_384 | Algorithm::SHA_512 | Algorithm::SHA_512_224 | Algorithm::SHA_512_256 => 64,
        _ => 0,
    }
}

/// `PSA_HASH_SUSPEND_OUTPUT_SIZE`: 0 for hashes that cannot be suspended.
pub const fn hash_suspend_output_size(alg: Algorithm) -> usize {
    match hash_suspend_hash_state_field_length(alg) {
        0 => 0,
        state => {
            HASH_SUSPEND_ALGORITHM_FIELD_LENGTH
                + hash_suspend_input_length_field_length(alg)
                + state
                + hash_block_length(alg)
                - 1
        }
    }
}

/// `PSA_MAC_LENGTH`: truncated where the algorithm says so; of a wildcard the minimum.
pub const fn mac_length(key_type: KeyType, _key_bits: usize, alg: Algorithm) -> usize {
    if !alg.is_mac() {
        0
    } else if alg.mac_truncated_length() != 0 {
        alg.mac_truncated_length()
    } else if alg.is_hmac() || alg.is_blake2_mac() {
        hash_length(alg)
    } else if alg.is_block_cipher_mac() && key_type.is_block_cipher() {
        key_type.block_cipher_block_length()
    } else {
        0
    }
}

/// True where an unauthenticated cipher can use keys of this type.
const fn cipher_fits(key_type: KeyType, alg: Algorithm) -> bool {
    match alg {
        Algorithm::STREAM_CIPHER => matches!(key_type, KeyType::ARC4 | KeyType::CHACHA20 | KeyType::XCHACHA20),
        Algorithm::CCM_STAR_NO_TAG => key_type.is_block_cipher() && key_type.block_cipher_block_length() == 16,
        _ => alg.is_cipher() && key_type.is_block_cipher(),
    }
}

/// `PSA_CIPHER_IV_LENGTH`: 0 where there is none.
pub const fn cipher_iv_length(key_type: KeyType, alg: Algorithm) -> usize {
    if !cipher_fits(key_type, alg) {
        return 0;
    }
    match alg {
        Algorithm::CTR | Algorithm::CFB | Algorithm::OFB | Algorithm::XTS => key_type.block_cipher_block_length(),
        Algorithm::CBC_NO_PADDING | Algorithm::CBC_PKCS7 => key_type.block_cipher_block_length(),
        Algorithm::CCM_STAR_NO_TAG => CCM_NONCE_LENGTH,
        Algorithm::STREAM_CIPHER => match key_type {
            KeyType::CHACHA20 => 12,
            KeyType::XCHACHA20 => 24,
            _ => 0,
        },
        _ => 0,
    }
}

/// `PSA_CIPHER_ENCRYPT_OUTPUT_SIZE`: the IV and the padded ciphertext.
pub const fn cipher_encrypt_output_size(key_type: KeyType, alg: Algorithm, input_length: usize) -> usize {
    if !cipher_fits(key_type, alg) {
        return 0;
    }
    let text = match alg {
        Algorithm::CBC_PKCS7 => round_up(input_length.saturating_add(1), key_type.block_cipher_block_length()),
        _ => input_length,
    };
    cipher_iv_length(key_type, alg).saturating_add(text)
}

/// `PSA_CIPHER_ENCRYPT_OUTPUT_MAX_SIZE`.
pub const fn cipher_encrypt_output_max_size(input_length: usize) -> usize {
    round_up(input_length.saturating_add(1 + CIPHER_IV_MAX_SIZE), BLOCK_CIPHER_BLOCK_MAX_SIZE)
}

/// `PSA_CIPHER_DECRYPT_OUTPUT_SIZE`.
pub const fn cipher_decrypt_output_size(key_type: KeyType, alg: Algorithm, input_length: usize) -> usize {
    if cipher_fits(key_type, alg) { input_length } else { 0 }
}

/// `PSA_CIPHER_DECRYPT_OUTPUT_MAX_SIZE`.
pub const fn cipher_decrypt_output_max_size(input_length: usize) -> usize {
    input_length
}

/// `PSA_CIPHER_UPDATE_OUTPUT_SIZE`: whole blocks, of which some may have waited, for algorithms that work on them.
pub const fn cipher_update_output_size(key_type: KeyType, alg: Algorithm, input_length: usize) -> usize {
    if !cipher_fits(key_type, alg) {
        return 0;
    }
    match alg {
        Algorithm::ECB_NO_PADDING | Algorithm::CBC_NO_PADDING | Algorithm::CBC_PKCS7 | Algorithm::XTS => {
            round_up(input_length, key_type.block_cipher_block_length())
        }
        _ => input_length,
    }
}

/// `PSA_CIPHER_UPDATE_OUTPUT_MAX_SIZE`.
pub const fn cipher_update_output_max_size(input_length: usize) -> usize {
    round_up(input_length, BLOCK_CIPHER_BLOCK_MAX_SIZE)
}

/// `PSA_CIPHER_FINISH_OUTPUT_SIZE`: the last block, and with XTS the one before it.
pub const fn cipher_finish_output_size(key_type: KeyType, alg: Algorithm) -> usize {
    if !cipher_fits(key_type, alg) {
        return 0;
    }
    match alg {
        Algorithm::CBC_PKCS7 => key_type.block_cipher_block_length(),
        Algorithm::XTS => 2 * key_type.block_cipher_block_length(),
        _ => 0,
    }
}

/// True where an AEAD algorithm can use keys of this type.
const fn aead_fits(key_type: KeyType, alg: Algorithm) -> bool {
    match alg.aead_base() {
        Algorithm::CCM | Algorithm::GCM => key_type.is_block_cipher() && key_type.block_cipher_block_length() == 16,
        Algorithm::CHACHA20_POLY1305 => matches!(key_type, KeyType::CHACHA20),
        Algorithm::XCHACHA20_POLY1305 => matches!(key_type, KeyType::XCHACHA20),
        Algorithm::ASCON_AEAD128 => matches!(key_type, KeyType::ASCON),
        _ => false,
    }
}

/// `PSA_AEAD_NONCE_LENGTH`.
pub const fn aead_nonce_length(key_type: KeyType, alg: Algorithm) -> usize {
    if !aead_fits(key_type, alg) {
        return 0;
    }
    match alg.aead_base() {
        Algorithm::CCM => CCM_NONCE_LENGTH,
        Algorithm::GCM | Algorithm::CHACHA20_POLY1305 => 12,
        Algorithm::ASCON_AEAD128 => 16,
        Algorithm::XCHACHA20_POLY1305 => 24,
        _ => 0,
    }
}

/// `PSA_AEAD_TAG_LENGTH`; of a wildcard the minimum.
pub const fn aead_tag_length(key_type: KeyType, _key_bits: usize, alg: Algorithm) -> usize {
    if aead_fits(key_type, alg) { alg.aead_tag_length() } else { 0 }
}

/// `PSA_AEAD_ENCRYPT_OUTPUT_SIZE`: the ciphertext and the tag.
pub const fn aead_encrypt_output_size(key_type: KeyType, alg: Algorithm, plaintext_length: usize) -> usize {
    if aead_fits(key_type, alg) { plaintext_length.saturating_add(alg.aead_tag_length()) } else { 0 }
}

/// `PSA_AEAD_ENCRYPT_OUTPUT_MAX_SIZE`.
pub const fn aead_encrypt_output_max_size(plaintext_length: usize) -> usize {
    plaintext_length.saturating_add(AEAD_TAG_MAX_SIZE)
}

/// `PSA_AEAD_DECRYPT_OUTPUT_SIZE`: without the tag; 0 where there is not even a tag.
pub const fn aead_decrypt_output_size(key_type: KeyType, alg: Algorithm, ciphertext_length: usize) -> usize {
    if aead_fits(key_type, alg) { ciphertext_length.saturating_sub(alg.aead_tag_length()) } else { 0 }
}

/// `PSA_AEAD_DECRYPT_OUTPUT_MAX_SIZE`.
pub const fn aead_decrypt_output_max_size(ciphertext_length: usize) -> usize {
    ciphertext_length
}

/// `PSA_AEAD_UPDATE_OUTPUT_SIZE`: leaves room for a block that has waited.
pub const fn aead_update_output_size(key_type: KeyType, alg: Algorithm, input_length: usize) -> usize {
    if !aead_fits(key_type, alg) {
        0
    } else if alg.is_aead_on_block_cipher() {
        round_up(input_length, key_type.block_cipher_block_length())
    } else {
        input_length
    }
}

/// `PSA_AEAD_UPDATE_OUTPUT_MAX_SIZE`.
pub const fn aead_update_output_max_size(input_length: usize) -> usize {
    round_up(input_length, BLOCK_CIPHER_BLOCK_MAX_SIZE)
}

/// `PSA_AEAD_FINISH_OUTPUT_SIZE`: leaves room for a block that has waited.
pub const fn aead_finish_output_size(key_type: KeyType, alg: Algorithm) -> usize {
    if aead_fits(key_type, alg) && alg.is_aead_on_block_cipher() { key_type.block_cipher_block_length() } else { 0 }
}

/// `PSA_AEAD_VERIFY_OUTPUT_SIZE`: leaves room for a block that has waited.
pub const fn aead_verify_output_size(key_type: KeyType, alg: Algorithm) -> usize {
    aead_finish_output_size(key_type, alg)
}

/// `PSA_WRAP_KEY_OUTPUT_SIZE`: the export format, padded to eight bytes, and the integrity check (RFC 3394,
/// RFC 5649).
pub const fn wrap_key_output_size(wrap_key_type: KeyType, alg: Algorithm, key_type: KeyType, key_bits: usize) -> usize {
    let fits = wrap_key_type.is_block_cipher() && wrap_key_type.block_cipher_block_length() == 16;
    match export_key_output_size(key_type, key_bits) {
        0 => 0,
        exported if fits && alg.is_key_wrap() => round_up(exported, KEY_WRAP_SEMIBLOCK) + KEY_WRAP_SEMIBLOCK,
        _ => 0,
    }
}

/// `PSA_SIGN_OUTPUT_SIZE`: 0 where keys of this type cannot sign with the algorithm.
pub const fn sign_output_size(key_type: KeyType, key_bits: usize, alg: Algorithm) -> usize {
    if !alg.is_sign() {
        0
    } else if key_type.is_rsa() {
        bits_to_bytes(key_bits)
    } else if key_type.is_ecc() {
        2 * ecc_scalar_length(key_type.ecc_get_family(), key_bits)
    } else if key_type.is_ml_dsa() {
        match key_bits {
            128 => 2420,
            192 => 3309,
            256 => 4627,
            _ => 0,
        }
    } else if key_type.is_slh_dsa() {
        slh_dsa_signature_length(key_type, key_bits)
    } else {
        0
    }
}

/// FIPS 205, table 2: the small and the fast parameter sets, whichever their hash.
const fn slh_dsa_signature_length(key_type: KeyType, key_bits: usize) -> usize {
    let small = matches!(key_type.slh_dsa_get_family(), SlhDsaFamily::SHA2_S | SlhDsaFamily::SHAKE_S);
    match (key_bits, small) {
        (128, true) => 7856,
        (128, false) => 17088,
        (192, true) => 16224,
        (192, false) => 35664,
        (256, true) => 29792,
        (256, false) => 49856,
        _ => 0,
    }
}

/// `PSA_ASYMMETRIC_ENCRYPT_OUTPUT_SIZE`.
pub const fn asymmetric_encrypt_output_size(key_type: KeyType, key_bits: usize, alg: Algorithm) -> usize {
    if key_type.is_rsa() && alg.is_asymmetric_encryption() { bits_to_bytes(key_bits) } else { 0 }
}

/// `PSA_ASYMMETRIC_DECRYPT_OUTPUT_SIZE`: without the shortest padding.
pub const fn asymmetric_decrypt_output_size(key_type: KeyType, key_bits: usize, alg: Algorithm) -> usize {
    let padding = if alg.is_rsa_oaep() { 2 * hash_length(alg) + 2 } else { RSA_PKCS1V15_PADDING };
    asymmetric_encrypt_output_size(key_type, key_bits, alg).saturating_sub(padding)
}

/// `PSA_RAW_KEY_AGREEMENT_OUTPUT_SIZE`.
pub const fn raw_key_agreement_output_size(key_type: KeyType, key_bits: usize) -> usize {
    if key_type.is_ecc() || key_type.is_dh() { bits_to_bytes(key_bits) } else { 0 }
}

/// `PSA_ENCAPSULATE_CIPHERTEXT_SIZE`.
pub const fn encapsulate_ciphertext_size(key_type: KeyType, key_bits: usize, alg: Algorithm) -> usize {
    match (alg, key_bits) {
        (Algorithm::ML_KEM, 512) if key_type.is_ml_kem() => 768,
        (Algorithm::ML_KEM, 768) if key_type.is_ml_kem() => 1088,
        (Algorithm::ML_KEM, 1024) if key_type.is_ml_kem() => 1568,
        (Algorithm::ECIES_SEC1, _) if key_type.is_ecc() => export_public_key_output_size(key_type, key_bits),
        _ => 0,
    }
}
