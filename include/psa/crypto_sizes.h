/**
 * \file psa/crypto_sizes.h
 * Sizes of buffers, in bytes: function-like macros. The maxima, which bound them, are in psa/crypto_values.h.
 *
 * The size for an algorithm or key type that is not recognized, or for two that do not go together, is 0.
 *
 * Written by hand: a test compares every macro with its twin in the library.
 */
#ifndef PSA_CRYPTO_SIZES_H
#define PSA_CRYPTO_SIZES_H

#include "crypto_values.h"

#define PARSEC_BITS_TO_BYTES(bits) (((bits) + 7u) / 8u)
#define PARSEC_ROUND_UP(length, multiple) (((length) + ((multiple) - 1u)) / (multiple) * (multiple))

/* Hashes */

#define PARSEC_HAS_HASH(alg, hash) (((alg) & 0xffu) == ((hash) & 0xffu))

/** Length in bytes of a hash, or of the hash in an HMAC algorithm (PSA 1.5, section 10.2.4). */
#define PSA_HASH_LENGTH(alg) \
    ((size_t) (PARSEC_HAS_HASH(alg, PSA_ALG_MD2)             ? 16u : \
               PARSEC_HAS_HASH(alg, PSA_ALG_MD4)             ? 16u : \
               PARSEC_HAS_HASH(alg, PSA_ALG_MD5)             ? 16u : \
               PARSEC_HAS_HASH(alg, PSA_ALG_AES_MMO_ZIGBEE)  ? 16u : \
               PARSEC_HAS_HASH(alg, PSA_ALG_RIPEMD160)       ? 20u : \
               PARSEC_HAS_HASH(alg, PSA_ALG_SHA_1)           ? 20u : \
               PARSEC_HAS_HASH(alg, PSA_ALG_SHA_256_192)     ? 24u : \
               PARSEC_HAS_HASH(alg, PSA_ALG_SHAKE256_192)    ? 24u : \
               PARSEC_HAS_HASH(alg, PSA_ALG_SHA_224)         ? 28u : \
               PARSEC_HAS_HASH(alg, PSA_ALG_SHA_512_224)     ? 28u : \
               PARSEC_HAS_HASH(alg, PSA_ALG_SHA3_224)        ? 28u : \
               PARSEC_HAS_HASH(alg, PSA_ALG_SHA_256)         ? 32u : \
               PARSEC_HAS_HASH(alg, PSA_ALG_SHA_512_256)     ? 32u : \
               PARSEC_HAS_HASH(alg, PSA_ALG_SHA3_256)        ? 32u : \
               PARSEC_HAS_HASH(alg, PSA_ALG_SHAKE128_256)    ? 32u : \
               PARSEC_HAS_HASH(alg, PSA_ALG_SHAKE256_256)    ? 32u : \
               PARSEC_HAS_HASH(alg, PSA_ALG_SM3)             ? 32u : \
               PARSEC_HAS_HASH(alg, PSA_ALG_ASCON_HASH256)   ? 32u : \
               PARSEC_HAS_HASH(alg, PSA_ALG_BLAKE2S_HASH256) ? 32u : \
               PARSEC_HAS_HASH(alg, PSA_ALG_BLAKE2SP_HASH256) ? 32u : \
               PARSEC_HAS_HASH(alg, PSA_ALG_SHA_384)         ? 48u : \
               PARSEC_HAS_HASH(alg, PSA_ALG_SHA3_384)        ? 48u : \
               PARSEC_HAS_HASH(alg, PSA_ALG_SHA_512)         ? 64u : \
               PARSEC_HAS_HASH(alg, PSA_ALG_SHA3_512)        ? 64u : \
               PARSEC_HAS_HASH(alg, PSA_ALG_SHAKE256_512)    ? 64u : \
               PARSEC_HAS_HASH(alg, PSA_ALG_BLAKE2B_HASH512) ? 64u : \
               PARSEC_HAS_HASH(alg, PSA_ALG_BLAKE2BP_HASH512) ? 64u : 0u))

/** Length in bytes of the blocks that a hash works on; of a sponge the rate (PSA 1.5, section 10.2.4). */
#define PSA_HASH_BLOCK_LENGTH(alg) \
    ((size_t) (PARSEC_HAS_HASH(alg, PSA_ALG_ASCON_HASH256)   ? 8u : \
               PARSEC_HAS_HASH(alg, PSA_ALG_MD2)             ? 16u : \
               PARSEC_HAS_HASH(alg, PSA_ALG_AES_MMO_ZIGBEE)  ? 16u : \
               PARSEC_HAS_HASH(alg, PSA_ALG_MD4)             ? 64u : \
               PARSEC_HAS_HASH(alg, PSA_ALG_MD5)             ? 64u : \
               PARSEC_HAS_HASH(alg, PSA_ALG_RIPEMD160)       ? 64u : \
               PARSEC_HAS_HASH(alg, PSA_ALG_SHA_1)           ? 64u : \
               PARSEC_HAS_HASH(alg, PSA_ALG_SHA_224)         ? 64u : \
               PARSEC_HAS_HASH(alg, PSA_ALG_SHA_256)         ? 64u : \
               PARSEC_HAS_HASH(alg, PSA_ALG_SHA_256_192)     ? 64u : \
               PARSEC_HAS_HASH(alg, PSA_ALG_SM3)             ? 64u : \
               PARSEC_HAS_HASH(alg, PSA_ALG_BLAKE2S_HASH256) ? 64u : \
               PARSEC_HAS_HASH(alg, PSA_ALG_BLAKE2SP_HASH256) ? 64u : \
               PARSEC_HAS_HASH(alg, PSA_ALG_SHA3_512)        ? 72u : \
               PARSEC_HAS_HASH(alg, PSA_ALG_SHA3_384)        ? 104u : \
               PARSEC_HAS_HASH(alg, PSA_ALG_SHA_384)         ? 128u : \
               PARSEC_HAS_HASH(alg, PSA_ALG_SHA_512)         ? 128u : \
               PARSEC_HAS_HASH(alg, PSA_ALG_SHA_512_224)     ? 128u : \
               PARSEC_HAS_HASH(alg, PSA_ALG_SHA_512_256)     ? 128u : \
               PARSEC_HAS_HASH(alg, PSA_ALG_BLAKE2B_HASH512) ? 128u : \
               PARSEC_HAS_HASH(alg, PSA_ALG_BLAKE2BP_HASH512) ? 128u : \
               PARSEC_HAS_HASH(alg, PSA_ALG_SHA3_256)        ? 136u : \
               PARSEC_HAS_HASH(alg, PSA_ALG_SHAKE256_192)    ? 136u : \
               PARSEC_HAS_HASH(alg, PSA_ALG_SHAKE256_256)    ? 136u : \
               PARSEC_HAS_HASH(alg, PSA_ALG_SHAKE256_512)    ? 136u : \
               PARSEC_HAS_HASH(alg, PSA_ALG_SHA3_224)        ? 144u : \
               PARSEC_HAS_HASH(alg, PSA_ALG_SHAKE128_256)    ? 168u : 0u))

#define PARSEC_IS_SHA_512_FAMILY(alg) \
    ((alg) == PSA_ALG_SHA_384 || (alg) == PSA_ALG_SHA_512 || \
     (alg) == PSA_ALG_SHA_512_224 || (alg) == PSA_ALG_SHA_512_256)

/** Length in bytes of the input-length field of a suspended hash (PSA 1.5, section 10.2.4). */
#define PSA_HASH_SUSPEND_INPUT_LENGTH_FIELD_LENGTH(alg) \
    ((size_t) ((alg) == PSA_ALG_MD2                                    ? 1u : \
               (alg) == PSA_ALG_MD4 || (alg) == PSA_ALG_MD5            ? 8u : \
               (alg) == PSA_ALG_RIPEMD160 || (alg) == PSA_ALG_SHA_1    ? 8u : \
               (alg) == PSA_ALG_SHA_224 || (alg) == PSA_ALG_SHA_256    ? 8u : \
               PARSEC_IS_SHA_512_FAMILY(alg)                           ? 16u : 0u))

/** Length in bytes of the hash-state field of a suspended hash (PSA 1.5, section 10.2.4). */
#define PSA_HASH_SUSPEND_HASH_STATE_FIELD_LENGTH(alg) \
    ((size_t) ((alg) == PSA_ALG_MD2                                    ? 64u : \
               (alg) == PSA_ALG_MD4 || (alg) == PSA_ALG_MD5            ? 16u : \
               (alg) == PSA_ALG_RIPEMD160 || (alg) == PSA_ALG_SHA_1    ? 20u : \
               (alg) == PSA_ALG_SHA_224 || (alg) == PSA_ALG_SHA_256    ? 32u : \
               PARSEC_IS_SHA_512_FAMILY(alg)                           ? 64u : 0u))

/** Output size in bytes of psa_hash_suspend(); 0 for hashes that cannot be suspended (PSA 1.5, section 10.2.4). */
#define PSA_HASH_SUSPEND_OUTPUT_SIZE(alg) \
    (PSA_HASH_SUSPEND_HASH_STATE_FIELD_LENGTH(alg) == 0u ? (size_t) 0 : \
     PSA_HASH_SUSPEND_ALGORITHM_FIELD_LENGTH + PSA_HASH_SUSPEND_INPUT_LENGTH_FIELD_LENGTH(alg) + \
     PSA_HASH_SUSPEND_HASH_STATE_FIELD_LENGTH(alg) + PSA_HASH_BLOCK_LENGTH(alg) - 1u)

/* Message authentication codes */

#define PARSEC_IS_BLOCK_CIPHER(type) \
    (((type) & 0x7000u) == 0x2000u && PSA_BLOCK_CIPHER_BLOCK_LENGTH(type) > 1u)
#define PARSEC_IS_BLOCK_CIPHER_128(type) \
    (((type) & 0x7000u) == 0x2000u && PSA_BLOCK_CIPHER_BLOCK_LENGTH(type) == 16u)

/** Length in bytes of a MAC, truncated where the algorithm says so (PSA 1.5, section 10.4.4). */
#define PSA_MAC_LENGTH(key_type, key_bits, alg) \
    ((size_t) (0u * (key_bits) + PARSEC_MAC_LENGTH(key_type, alg)))
#define PARSEC_MAC_LENGTH(key_type, alg) \
    (!PSA_ALG_IS_MAC(alg)                                 ? 0u : \
     PARSEC_ALG_GET_LENGTH(alg) != 0u                     ? PARSEC_ALG_GET_LENGTH(alg) : \
     PSA_ALG_IS_HMAC(alg) || PSA_ALG_IS_BLAKE2_MAC(alg)   ? PSA_HASH_LENGTH(alg) : \
     PSA_ALG_IS_BLOCK_CIPHER_MAC(alg) && PARSEC_IS_BLOCK_CIPHER(key_type) \
                                                          ? PSA_BLOCK_CIPHER_BLOCK_LENGTH(key_type) : 0u)

/* Unauthenticated ciphers */

#define PARSEC_CIPHER_FITS(key_type, alg) \
    ((alg) == PSA_ALG_STREAM_CIPHER \
         ? (key_type) == PSA_KEY_TYPE_ARC4 || (key_type) == PSA_KEY_TYPE_CHACHA20 || \
           (key_type) == PSA_KEY_TYPE_XCHACHA20 : \
     (alg) == PSA_ALG_CCM_STAR_NO_TAG ? PARSEC_IS_BLOCK_CIPHER_128(key_type) \
                                      : PSA_ALG_IS_CIPHER(alg) && PARSEC_IS_BLOCK_CIPHER(key_type))

/** Length in bytes of what psa_cipher_generate_iv() makes, 0 where there is none (PSA 1.5, section 10.5.4). */
#define PSA_CIPHER_IV_LENGTH(key_type, alg) \
    ((size_t) (!PARSEC_CIPHER_FITS(key_type, alg)  ? 0u : \
               (alg) == PSA_ALG_CTR || (alg) == PSA_ALG_CFB || (alg) == PSA_ALG_OFB || \
               (alg) == PSA_ALG_XTS || (alg) == PSA_ALG_CBC_NO_PADDING || (alg) == PSA_ALG_CBC_PKCS7 \
                                                   ? PSA_BLOCK_CIPHER_BLOCK_LENGTH(key_type) : \
               (alg) == PSA_ALG_CCM_STAR_NO_TAG    ? 13u : \
               (alg) != PSA_ALG_STREAM_CIPHER      ? 0u : \
               (key_type) == PSA_KEY_TYPE_CHACHA20 ? 12u : \
               (key_type) == PSA_KEY_TYPE_XCHACHA20 ? 24u : 0u))

/** Output size in bytes of psa_cipher_encrypt(), with the initialization vector (PSA 1.5, section 10.5.4). */
#define PSA_CIPHER_ENCRYPT_OUTPUT_SIZE(key_type, alg, input_length) \
    (!PARSEC_CIPHER_FITS(key_type, alg) ? (size_t) 0 : \
     PSA_CIPHER_IV_LENGTH(key_type, alg) + \
         ((alg) == PSA_ALG_CBC_PKCS7 \
              ? PARSEC_ROUND_UP((size_t) (input_length) + 1u, PSA_BLOCK_CIPHER_BLOCK_LENGTH(key_type)) \
              : (size_t) (input_length)))

/** Output size in bytes of psa_cipher_encrypt() with any key type and algorithm (PSA 1.5, section 10.5.4). */
#define PSA_CIPHER_ENCRYPT_OUTPUT_MAX_SIZE(input_length) \
    PARSEC_ROUND_UP((size_t) (input_length) + 1u + PSA_CIPHER_IV_MAX_SIZE, PSA_BLOCK_CIPHER_BLOCK_MAX_SIZE)

/** Output size in bytes of psa_cipher_decrypt() (PSA 1.5, section 10.5.4). */
#define PSA_CIPHER_DECRYPT_OUTPUT_SIZE(key_type, alg, input_length) \
    (PARSEC_CIPHER_FITS(key_type, alg) ? (size_t) (input_length) : (size_t) 0)

/** Output size in bytes of psa_cipher_decrypt() with any key type and algorithm (PSA 1.5, section 10.5.4). */
#define PSA_CIPHER_DECRYPT_OUTPUT_MAX_SIZE(input_length) ((size_t) (input_length))

#define PARSEC_CIPHER_WORKS_ON_BLOCKS(alg) \
    ((alg) == PSA_ALG_ECB_NO_PADDING || (alg) == PSA_ALG_CBC_NO_PADDING || \
     (alg) == PSA_ALG_CBC_PKCS7 || (alg) == PSA_ALG_XTS)

/** Output size in bytes of psa_cipher_update() (PSA 1.5, section 10.5.4). */
#define PSA_CIPHER_UPDATE_OUTPUT_SIZE(key_type, alg, input_length) \
    (!PARSEC_CIPHER_FITS(key_type, alg) ? (size_t) 0 : \
     PARSEC_CIPHER_WORKS_ON_BLOCKS(alg) \
         ? PARSEC_ROUND_UP((size_t) (input_length), PSA_BLOCK_CIPHER_BLOCK_LENGTH(key_type)) \
         : (size_t) (input_length))

/** Output size in bytes of psa_cipher_update() with any key type and algorithm (PSA 1.5, section 10.5.4). */
#define PSA_CIPHER_UPDATE_OUTPUT_MAX_SIZE(input_length) \
    PARSEC_ROUND_UP((size_t) (input_length), PSA_BLOCK_CIPHER_BLOCK_MAX_SIZE)

/** Output size in bytes of psa_cipher_finish() (PSA 1.5, section 10.5.4). */
#define PSA_CIPHER_FINISH_OUTPUT_SIZE(key_type, alg) \
    ((size_t) (!PARSEC_CIPHER_FITS(key_type, alg) ? 0u : \
               (alg) == PSA_ALG_CBC_PKCS7         ? PSA_BLOCK_CIPHER_BLOCK_LENGTH(key_type) : \
               (alg) == PSA_ALG_XTS               ? 2u * PSA_BLOCK_CIPHER_BLOCK_LENGTH(key_type) : 0u))

/* Authenticated encryption */

#define PARSEC_AEAD_FITS(key_type, alg) \
    (PARSEC_AEAD_IS(alg, PSA_ALG_CCM) || PARSEC_AEAD_IS(alg, PSA_ALG_GCM) \
                                                     ? PARSEC_IS_BLOCK_CIPHER_128(key_type) : \
     PARSEC_AEAD_IS(alg, PSA_ALG_CHACHA20_POLY1305)  ? (key_type) == PSA_KEY_TYPE_CHACHA20 : \
     PARSEC_AEAD_IS(alg, PSA_ALG_XCHACHA20_POLY1305) ? (key_type) == PSA_KEY_TYPE_XCHACHA20 : \
     PARSEC_AEAD_IS(alg, PSA_ALG_ASCON_AEAD128) && (key_type) == PSA_KEY_TYPE_ASCON)

/** Length in bytes of the nonce that psa_aead_generate_nonce() makes (PSA 1.5, section 10.6.4). */
#define PSA_AEAD_NONCE_LENGTH(key_type, alg) \
    ((size_t) (!PARSEC_AEAD_FITS(key_type, alg)                ? 0u : \
               PARSEC_AEAD_IS(alg, PSA_ALG_CCM)                ? 13u : \
               PARSEC_AEAD_IS(alg, PSA_ALG_ASCON_AEAD128)      ? 16u : \
               PARSEC_AEAD_IS(alg, PSA_ALG_XCHACHA20_POLY1305) ? 24u : 12u))

/** Length in bytes of the tag (PSA 1.5, section 10.6.4). */
#define PSA_AEAD_TAG_LENGTH(key_type, key_bits, alg) \
    ((size_t) (0u * (key_bits) + PARSEC_AEAD_TAG_LENGTH(key_type, alg)))
#define PARSEC_AEAD_TAG_LENGTH(key_type, alg) \
    (PARSEC_AEAD_FITS(key_type, alg) ? PARSEC_ALG_GET_LENGTH(alg) : 0u)

/** Output size in bytes of psa_aead_encrypt(): the ciphertext and the tag (PSA 1.5, section 10.6.4). */
#define PSA_AEAD_ENCRYPT_OUTPUT_SIZE(key_type, alg, plaintext_length) \
    (PARSEC_AEAD_FITS(key_type, alg) ? (size_t) (plaintext_length) + PARSEC_ALG_GET_LENGTH(alg) : (size_t) 0)

/** Output size in bytes of psa_aead_encrypt() with any key type and algorithm (PSA 1.5, section 10.6.4). */
#define PSA_AEAD_ENCRYPT_OUTPUT_MAX_SIZE(plaintext_length) ((size_t) (plaintext_length) + PSA_AEAD_TAG_MAX_SIZE)

/** Output size in bytes of psa_aead_decrypt(): the input without the tag (PSA 1.5, section 10.6.4). */
#define PSA_AEAD_DECRYPT_OUTPUT_SIZE(key_type, alg, ciphertext_length) \
    (PARSEC_AEAD_FITS(key_type, alg) && (size_t) (ciphertext_length) > PARSEC_ALG_GET_LENGTH(alg) \
         ? (size_t) (ciphertext_length) - PARSEC_ALG_GET_LENGTH(alg) : (size_t) 0)

/** Output size in bytes of psa_aead_decrypt() with any key type and algorithm (PSA 1.5, section 10.6.4). */
#define PSA_AEAD_DECRYPT_OUTPUT_MAX_SIZE(ciphertext_length) ((size_t) (ciphertext_length))

/** Output size in bytes of psa_aead_update() (PSA 1.5, section 10.6.4). */
#define PSA_AEAD_UPDATE_OUTPUT_SIZE(key_type, alg, input_length) \
    (!PARSEC_AEAD_FITS(key_type, alg) ? (size_t) 0 : \
     PSA_ALG_IS_AEAD_ON_BLOCK_CIPHER(alg) \
         ? PARSEC_ROUND_UP((size_t) (input_length), PSA_BLOCK_CIPHER_BLOCK_LENGTH(key_type)) \
         : (size_t) (input_length))

/** Output size in bytes of psa_aead_update() with any key type and algorithm (PSA 1.5, section 10.6.4). */
#define PSA_AEAD_UPDATE_OUTPUT_MAX_SIZE(input_length) \
    PARSEC_ROUND_UP((size_t) (input_length), PSA_BLOCK_CIPHER_BLOCK_MAX_SIZE)

/** Ciphertext size in bytes of psa_aead_finish() (PSA 1.5, section 10.6.4). */
#define PSA_AEAD_FINISH_OUTPUT_SIZE(key_type, alg) \
    ((size_t) (PARSEC_AEAD_FITS(key_type, alg) && PSA_ALG_IS_AEAD_ON_BLOCK_CIPHER(alg) \
                   ? PSA_BLOCK_CIPHER_BLOCK_LENGTH(key_type) : 0u))

/** Plaintext size in bytes of psa_aead_verify() (PSA 1.5, section 10.6.4). */
#define PSA_AEAD_VERIFY_OUTPUT_SIZE(key_type, alg) PSA_AEAD_FINISH_OUTPUT_SIZE(key_type, alg)

/* Keys in their export formats */

#define PARSEC_IS_EDWARDS(family) ((family) == PSA_ECC_FAMILY_TWISTED_EDWARDS)
#define PARSEC_ECC_SCALAR_LENGTH(family, bits) \
    (PARSEC_IS_EDWARDS(family) ? (bits) / 8u + 1u : PARSEC_BITS_TO_BYTES(bits))
#define PARSEC_ECC_POINT_LENGTH(family, bits) \
    (PARSEC_IS_EDWARDS(family) || (family) == PSA_ECC_FAMILY_MONTGOMERY \
         ? PARSEC_ECC_SCALAR_LENGTH(family, bits) : 2u * PARSEC_BITS_TO_BYTES(bits) + 1u)

/* Upper bound of a DER INTEGER: tag, length and a leading zero. The rest of an RSA key is the header of the
 * SEQUENCE, a public exponent of up to 33 bits and, in a key pair, the version. */
#define PARSEC_DER_INTEGER_LENGTH(bits) ((bits) / 8u + 5u)
#define PARSEC_RSA_PUBLIC_KEY_LENGTH(bits) (11u + PARSEC_DER_INTEGER_LENGTH(bits))
#define PARSEC_RSA_KEY_PAIR_LENGTH(bits) \
    (14u + 2u * PARSEC_DER_INTEGER_LENGTH(bits) + 5u * PARSEC_DER_INTEGER_LENGTH((bits) / 2u + 1u))

#define PARSEC_KEY_PAIR_LENGTH(type, bits) \
    (PSA_KEY_TYPE_IS_RSA(type)     ? PARSEC_RSA_KEY_PAIR_LENGTH(bits) : \
     PSA_KEY_TYPE_IS_ECC(type)     ? PARSEC_ECC_SCALAR_LENGTH(PSA_KEY_TYPE_ECC_GET_FAMILY(type), bits) : \
     PSA_KEY_TYPE_IS_DH(type)      ? PARSEC_BITS_TO_BYTES(bits) : \
     PSA_KEY_TYPE_IS_ML_DSA(type)  ? 32u : \
     PSA_KEY_TYPE_IS_ML_KEM(type)  ? 64u : \
     PSA_KEY_TYPE_IS_SLH_DSA(type) ? 4u * PARSEC_BITS_TO_BYTES(bits) : \
     PSA_KEY_TYPE_IS_SPAKE2P(type) \
         ? 2u * PARSEC_ECC_SCALAR_LENGTH(PSA_KEY_TYPE_SPAKE2P_GET_FAMILY(type), bits) : 0u)

#define PARSEC_PUBLIC_KEY_LENGTH(type, bits) \
    (PSA_KEY_TYPE_IS_RSA(type)     ? PARSEC_RSA_PUBLIC_KEY_LENGTH(bits) : \
     PSA_KEY_TYPE_IS_ECC(type)     ? PARSEC_ECC_POINT_LENGTH(PSA_KEY_TYPE_ECC_GET_FAMILY(type), bits) : \
     PSA_KEY_TYPE_IS_DH(type)      ? PARSEC_BITS_TO_BYTES(bits) : \
     PSA_KEY_TYPE_IS_SLH_DSA(type) ? 2u * PARSEC_BITS_TO_BYTES(bits) : \
     PSA_KEY_TYPE_IS_SPAKE2P(type) \
         ? PARSEC_ECC_SCALAR_LENGTH(PSA_KEY_TYPE_SPAKE2P_GET_FAMILY(type), bits) + \
           PARSEC_ECC_POINT_LENGTH(PSA_KEY_TYPE_SPAKE2P_GET_FAMILY(type), bits) : \
     PSA_KEY_TYPE_IS_ML_DSA(type)  ? PARSEC_ML_DSA_PUBLIC_KEY_LENGTH(bits) : \
     PSA_KEY_TYPE_IS_ML_KEM(type)  ? PARSEC_ML_KEM_PUBLIC_KEY_LENGTH(bits) : \
     PARSEC_STATEFUL_HASH_PUBLIC_KEY_LENGTH(PSA_KEY_TYPE_PUBLIC_KEY_OF_KEY_PAIR(type), bits))
#define PARSEC_ML_DSA_PUBLIC_KEY_LENGTH(bits) \
    ((bits) == 128 ? 1312u : (bits) == 192 ? 1952u : (bits) == 256 ? 2592u : 0u)
#define PARSEC_ML_KEM_PUBLIC_KEY_LENGTH(bits) \
    ((bits) == 512 ? 800u : (bits) == 768 ? 1184u : (bits) == 1024 ? 1568u : 0u)
#define PARSEC_STATEFUL_HASH_PUBLIC_KEY_LENGTH(type, bits) \
    ((type) == PSA_KEY_TYPE_LMS_PUBLIC_KEY     ? 24u + PARSEC_BITS_TO_BYTES(bits) : \
     (type) == PSA_KEY_TYPE_HSS_PUBLIC_KEY     ? 28u + PARSEC_BITS_TO_BYTES(bits) : \
     (type) == PSA_KEY_TYPE_XMSS_PUBLIC_KEY    ? 4u + 2u * PARSEC_BITS_TO_BYTES(bits) : \
     (type) == PSA_KEY_TYPE_XMSS_MT_PUBLIC_KEY ? 4u + 2u * PARSEC_BITS_TO_BYTES(bits) : 0u)

/** Output size in bytes of psa_export_key() (PSA 1.5, section 9.9.3). */
#define PSA_EXPORT_KEY_OUTPUT_SIZE(key_type, key_bits) \
    ((size_t) (PSA_KEY_TYPE_IS_UNSTRUCTURED(key_type) ? PARSEC_BITS_TO_BYTES(key_bits) : \
               PSA_KEY_TYPE_IS_WPA3_SAE_ECC(key_type) ? 2u * PARSEC_BITS_TO_BYTES(key_bits) : \
               PSA_KEY_TYPE_IS_WPA3_SAE_DH(key_type)  ? PARSEC_BITS_TO_BYTES(key_bits) : \
               PSA_KEY_TYPE_IS_KEY_PAIR(key_type)     ? PARSEC_KEY_PAIR_LENGTH(key_type, key_bits) : \
               PSA_KEY_TYPE_IS_PUBLIC_KEY(key_type)   ? PARSEC_PUBLIC_KEY_LENGTH(key_type, key_bits) : 0u))

/** Output size in bytes of psa_export_public_key() (PSA 1.5, section 9.9.3). */
#define PSA_EXPORT_PUBLIC_KEY_OUTPUT_SIZE(key_type, key_bits) \
    ((size_t) (PSA_KEY_TYPE_IS_KEY_PAIR(key_type) || PSA_KEY_TYPE_IS_PUBLIC_KEY(key_type) \
                   ? PARSEC_PUBLIC_KEY_LENGTH(key_type, key_bits) : 0u))

/** Output size in bytes of psa_wrap_key(): padded, with an integrity check (PSA 1.5, section 10.7.3). */
#define PSA_WRAP_KEY_OUTPUT_SIZE(wrap_key_type, alg, key_type, key_bits) \
    (PSA_ALG_IS_KEY_WRAP(alg) && PARSEC_IS_BLOCK_CIPHER_128(wrap_key_type) && \
             PSA_EXPORT_KEY_OUTPUT_SIZE(key_type, key_bits) != 0u \
         ? PARSEC_ROUND_UP(PSA_EXPORT_KEY_OUTPUT_SIZE(key_type, key_bits), 8u) + 8u : (size_t) 0)

/* Signatures */

/** Signature size in bytes of psa_sign_message() and psa_sign_hash() (PSA 1.5, section 10.9.10). */
#define PSA_SIGN_OUTPUT_SIZE(key_type, key_bits, alg) \
    ((size_t) (!PSA_ALG_IS_SIGN(alg)             ? 0u : \
               PSA_KEY_TYPE_IS_RSA(key_type)     ? PARSEC_BITS_TO_BYTES(key_bits) : \
               PSA_KEY_TYPE_IS_ECC(key_type) \
                   ? 2u * PARSEC_ECC_SCALAR_LENGTH(PSA_KEY_TYPE_ECC_GET_FAMILY(key_type), key_bits) : \
               PSA_KEY_TYPE_IS_ML_DSA(key_type)  ? PARSEC_ML_DSA_SIGNATURE_LENGTH(key_bits) : \
               PSA_KEY_TYPE_IS_SLH_DSA(key_type) \
                   ? PARSEC_SLH_DSA_SIGNATURE_LENGTH(PSA_KEY_TYPE_SLH_DSA_GET_FAMILY(key_type), key_bits) : 0u))
#define PARSEC_ML_DSA_SIGNATURE_LENGTH(bits) \
    ((bits) == 128 ? 2420u : (bits) == 192 ? 3309u : (bits) == 256 ? 4627u : 0u)
#define PARSEC_SLH_DSA_SIGNATURE_LENGTH(family, bits) \
    ((family) == PSA_SLH_DSA_FAMILY_SHA2_S || (family) == PSA_SLH_DSA_FAMILY_SHAKE_S \
         ? ((bits) == 128 ? 7856u : (bits) == 192 ? 16224u : (bits) == 256 ? 29792u : 0u) \
         : ((bits) == 128 ? 17088u : (bits) == 192 ? 35664u : (bits) == 256 ? 49856u : 0u))

/* Asymmetric encryption, key agreement and encapsulation */

/** Output size in bytes of psa_asymmetric_encrypt() (PSA 1.5, section 10.10.3). */
#define PSA_ASYMMETRIC_ENCRYPT_OUTPUT_SIZE(key_type, key_bits, alg) \
    ((size_t) (PSA_KEY_TYPE_IS_RSA(key_type) && PSA_ALG_IS_ASYMMETRIC_ENCRYPTION(alg) \
                   ? PARSEC_BITS_TO_BYTES(key_bits) : 0u))

#define PARSEC_RSA_SHORTEST_PADDING(alg) \
    (PSA_ALG_IS_RSA_OAEP(alg) ? 2u * PSA_HASH_LENGTH(alg) + 2u : (size_t) 11)

/** Output size in bytes of psa_asymmetric_decrypt() (PSA 1.5, section 10.10.3). */
#define PSA_ASYMMETRIC_DECRYPT_OUTPUT_SIZE(key_type, key_bits, alg) \
    (PSA_ASYMMETRIC_ENCRYPT_OUTPUT_SIZE(key_type, key_bits, alg) > PARSEC_RSA_SHORTEST_PADDING(alg) \
         ? PSA_ASYMMETRIC_ENCRYPT_OUTPUT_SIZE(key_type, key_bits, alg) - PARSEC_RSA_SHORTEST_PADDING(alg) \
         : (size_t) 0)

/** Output size in bytes of psa_raw_key_agreement() (PSA 1.5, section 10.11.4). */
#define PSA_RAW_KEY_AGREEMENT_OUTPUT_SIZE(key_type, key_bits) \
    ((size_t) (PSA_KEY_TYPE_IS_ECC(key_type) || PSA_KEY_TYPE_IS_DH(key_type) ? PARSEC_BITS_TO_BYTES(key_bits) : 0u))

/** Ciphertext size in bytes of psa_encapsulate() (PSA 1.5, section 10.12.4). */
#define PSA_ENCAPSULATE_CIPHERTEXT_SIZE(key_type, key_bits, alg) \
    ((size_t) ((alg) == PSA_ALG_ML_KEM && PSA_KEY_TYPE_IS_ML_KEM(key_type) \
                   ? PARSEC_ML_KEM_CIPHERTEXT_LENGTH(key_bits) : \
               (alg) == PSA_ALG_ECIES_SEC1 && PSA_KEY_TYPE_IS_ECC(key_type) \
                   ? PARSEC_ECC_POINT_LENGTH(PSA_KEY_TYPE_ECC_GET_FAMILY(key_type), key_bits) : 0u))
#define PARSEC_ML_KEM_CIPHERTEXT_LENGTH(bits) \
    ((bits) == 512 ? 768u : (bits) == 768 ? 1088u : (bits) == 1024 ? 1568u : 0u)

/* Password-authenticated key exchange */

#define PARSEC_PAKE_IS_ECC(primitive) (PSA_PAKE_PRIMITIVE_GET_TYPE(primitive) == PSA_PAKE_PRIMITIVE_TYPE_ECC)
#define PARSEC_PAKE_IS_DH(primitive) (PSA_PAKE_PRIMITIVE_GET_TYPE(primitive) == PSA_PAKE_PRIMITIVE_TYPE_DH)
#define PARSEC_PAKE_SCALAR_LENGTH(primitive) PARSEC_BITS_TO_BYTES(PSA_PAKE_PRIMITIVE_GET_BITS(primitive))
#define PARSEC_PAKE_ELEMENT_LENGTH(primitive) \
    (PARSEC_PAKE_IS_ECC(primitive) ? PARSEC_ECC_POINT_LENGTH(PSA_PAKE_PRIMITIVE_GET_FAMILY(primitive), \
                                                             PSA_PAKE_PRIMITIVE_GET_BITS(primitive)) : \
     PARSEC_PAKE_IS_DH(primitive)  ? PARSEC_PAKE_SCALAR_LENGTH(primitive) : 0u)
#define PARSEC_PAKE_COMMITMENT_LENGTH(primitive) \
    (PARSEC_PAKE_IS_ECC(primitive) ? 3u * PARSEC_PAKE_SCALAR_LENGTH(primitive) : \
     PARSEC_PAKE_IS_DH(primitive)  ? 2u * PARSEC_PAKE_SCALAR_LENGTH(primitive) : 0u)

#define PARSEC_JPAKE_SIZE(primitive, step) \
    ((step) == PSA_PAKE_STEP_KEY_SHARE || (step) == PSA_PAKE_STEP_ZK_PUBLIC ? PARSEC_PAKE_ELEMENT_LENGTH(primitive) : \
     (step) == PSA_PAKE_STEP_ZK_PROOF                                       ? PARSEC_PAKE_SCALAR_LENGTH(primitive) : 0u)
#define PARSEC_SPAKE2P_SIZE(alg, primitive, step) \
    ((step) == PSA_PAKE_STEP_KEY_SHARE ? PARSEC_PAKE_ELEMENT_LENGTH(primitive) : \
     (step) != PSA_PAKE_STEP_CONFIRM   ? 0u : \
     PSA_ALG_IS_SPAKE2P_CMAC(alg)      ? 16u : PSA_HASH_LENGTH(alg))
#define PARSEC_WPA3_SAE_SIZE(alg, primitive, step) \
    ((step) == PSA_PAKE_STEP_COMMIT  ? PARSEC_PAKE_COMMITMENT_LENGTH(primitive) : \
     (step) == PSA_PAKE_STEP_CONFIRM ? 2u + PSA_HASH_LENGTH(alg) : 0u)

/** Output size in bytes of psa_pake_output() (PSA 1.5, section 10.13.7). */
#define PSA_PAKE_OUTPUT_SIZE(alg, primitive, output_step) \
    ((size_t) (PSA_ALG_IS_JPAKE(alg)    ? PARSEC_JPAKE_SIZE(primitive, output_step) : \
               PSA_ALG_IS_SPAKE2P(alg)  ? PARSEC_SPAKE2P_SIZE(alg, primitive, output_step) : \
               !PSA_ALG_IS_WPA3_SAE(alg) ? 0u : \
               (output_step) == PSA_PAKE_STEP_KEY_ID ? 16u \
                                        : PARSEC_WPA3_SAE_SIZE(alg, primitive, output_step)))

/** Largest input in bytes of psa_pake_input() (PSA 1.5, section 10.13.7). */
#define PSA_PAKE_INPUT_SIZE(alg, primitive, input_step) \
    ((size_t) (PSA_ALG_IS_JPAKE(alg)    ? PARSEC_JPAKE_SIZE(primitive, input_step) : \
               PSA_ALG_IS_SPAKE2P(alg)  ? PARSEC_SPAKE2P_SIZE(alg, primitive, input_step) : \
               !PSA_ALG_IS_WPA3_SAE(alg) ? 0u : \
               (input_step) == PSA_PAKE_STEP_SALT          ? PSA_HASH_MAX_SIZE : \
               (input_step) == PSA_PAKE_STEP_CONFIRM_COUNT ? 2u \
                                        : PARSEC_WPA3_SAE_SIZE(alg, primitive, input_step)))

#endif /* PSA_CRYPTO_SIZES_H */
