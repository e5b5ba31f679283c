/**
 * \file psa/crypto_values.h
 * Constants, and the macros that look at the bits of algorithms and key types.
 *
 * Written from src/psa: run `make headers`.
 */
#ifndef PSA_CRYPTO_VALUES_H
#define PSA_CRYPTO_VALUES_H

#include "crypto_types.h"
#include "error.h"

/* Version of the specification (PSA 1.5, section 8.1). */

#define PSA_CRYPTO_API_VERSION_MAJOR 1 /**< Changes when programs have to. */
#define PSA_CRYPTO_API_VERSION_MINOR 5 /**< Grows with what is added. */

/* Algorithm identifiers (PSA 1.5, chapter 10 and appendix B). */

#define PSA_ALG_NONE ((psa_algorithm_t) 0) /**< No algorithm. */
#define PSA_ALG_MD2 ((psa_algorithm_t) 0x02000001) /**< Broken (RFC 1319). */
#define PSA_ALG_MD4 ((psa_algorithm_t) 0x02000002) /**< Broken (RFC 1320). */
#define PSA_ALG_MD5 ((psa_algorithm_t) 0x02000003) /**< Broken (RFC 1321). */
#define PSA_ALG_RIPEMD160 ((psa_algorithm_t) 0x02000004) /**< RIPEMD-160 (ISO/IEC 10118-3). */
#define PSA_ALG_AES_MMO_ZIGBEE ((psa_algorithm_t) 0x02000007) /**< Matyas-Meyer-Oseas with AES, of the Zigbee specification. */
#define PSA_ALG_SHA_1 ((psa_algorithm_t) 0x02000005) /**< Collisions are known (FIPS 180-4). */
#define PSA_ALG_SHA_224 ((psa_algorithm_t) 0x02000008)
#define PSA_ALG_SHA_256 ((psa_algorithm_t) 0x02000009)
#define PSA_ALG_SHA_384 ((psa_algorithm_t) 0x0200000a)
#define PSA_ALG_SHA_512 ((psa_algorithm_t) 0x0200000b)
#define PSA_ALG_SHA_512_224 ((psa_algorithm_t) 0x0200000c)
#define PSA_ALG_SHA_512_256 ((psa_algorithm_t) 0x0200000d)
#define PSA_ALG_SHA_256_192 ((psa_algorithm_t) 0x0200000e) /**< SHA-256 cut to 192 bits (NIST SP 800-208). */
#define PSA_ALG_SHA3_224 ((psa_algorithm_t) 0x02000010)
#define PSA_ALG_SHA3_256 ((psa_algorithm_t) 0x02000011)
#define PSA_ALG_SHA3_384 ((psa_algorithm_t) 0x02000012)
#define PSA_ALG_SHA3_512 ((psa_algorithm_t) 0x02000013)
#define PSA_ALG_SHAKE256_512 ((psa_algorithm_t) 0x02000015) /**< The first 512 bits of SHAKE256, as for Ed448ph. */
#define PSA_ALG_SHAKE128_256 ((psa_algorithm_t) 0x02000016) /**< The first 256 bits of SHAKE128. */
#define PSA_ALG_SHAKE256_192 ((psa_algorithm_t) 0x02000017) /**< The first 192 bits of SHAKE256 (NIST SP 800-208). */
#define PSA_ALG_SHAKE256_256 ((psa_algorithm_t) 0x02000018) /**< The first 256 bits of SHAKE256 (NIST SP 800-208). */
#define PSA_ALG_SM3 ((psa_algorithm_t) 0x02000014) /**< GB/T 32905. */
#define PSA_ALG_ASCON_HASH256 ((psa_algorithm_t) 0x02000019) /**< NIST SP 800-232. */
#define PSA_ALG_BLAKE2S_HASH256 ((psa_algorithm_t) 0x0200001c)
#define PSA_ALG_BLAKE2SP_HASH256 ((psa_algorithm_t) 0x0200001d)
#define PSA_ALG_BLAKE2B_HASH512 ((psa_algorithm_t) 0x0200001e)
#define PSA_ALG_BLAKE2BP_HASH512 ((psa_algorithm_t) 0x0200001f)
#define PSA_ALG_SHAKE128 ((psa_algorithm_t) 0x0d000100) /**< Extendable output (FIPS 202). */
#define PSA_ALG_SHAKE256 ((psa_algorithm_t) 0x0d000200) /**< Extendable output (FIPS 202). */
#define PSA_ALG_ASCON_XOF128 ((psa_algorithm_t) 0x0d000300) /**< Extendable output (NIST SP 800-232). */
#define PSA_ALG_ASCON_CXOF128 ((psa_algorithm_t) 0x0d008300) /**< Extendable output with a context (NIST SP 800-232). */
#define PSA_ALG_CBC_MAC ((psa_algorithm_t) 0x03c00100) /**< Insecure where messages have several lengths. */
#define PSA_ALG_CMAC ((psa_algorithm_t) 0x03c00200) /**< NIST SP 800-38B. */
#define PSA_ALG_STREAM_CIPHER ((psa_algorithm_t) 0x04800100) /**< The stream cipher of the key type: ChaCha20, XChaCha20 or ARC4. */
#define PSA_ALG_CTR ((psa_algorithm_t) 0x04c01000) /**< Counter mode (NIST SP 800-38A). */
#define PSA_ALG_CCM_STAR_NO_TAG ((psa_algorithm_t) 0x04c01300) /**< CCM* of Zigbee without a tag: no authentication. */
#define PSA_ALG_CFB ((psa_algorithm_t) 0x04c01100) /**< Cipher feedback of whole blocks (NIST SP 800-38A). */
#define PSA_ALG_OFB ((psa_algorithm_t) 0x04c01200) /**< Output feedback (NIST SP 800-38A). */
#define PSA_ALG_XTS ((psa_algorithm_t) 0x0440ff00) /**< For storage: IEEE 1619, NIST SP 800-38E. */
#define PSA_ALG_ECB_NO_PADDING ((psa_algorithm_t) 0x04404400) /**< Equal blocks stay equal: for building other modes only. */
#define PSA_ALG_CBC_NO_PADDING ((psa_algorithm_t) 0x04404000) /**< Whole blocks only (NIST SP 800-38A). */
#define PSA_ALG_CBC_PKCS7 ((psa_algorithm_t) 0x04404100) /**< CBC with the padding of RFC 5652, section 6.3. */
#define PSA_ALG_CCM_STAR_ANY_TAG ((psa_algorithm_t) 0x04c09300) /**< Permits CCM* with any tag, or none: in policies only. */
#define PSA_ALG_CCM ((psa_algorithm_t) 0x05500100) /**< NIST SP 800-38C, tag of 16 bytes; PSA_ALG_AEAD_WITH_SHORTENED_TAG() for others. */
#define PSA_ALG_GCM ((psa_algorithm_t) 0x05500200) /**< NIST SP 800-38D, tag of 16 bytes; PSA_ALG_AEAD_WITH_SHORTENED_TAG() for others. */
#define PSA_ALG_CHACHA20_POLY1305 ((psa_algorithm_t) 0x05100500) /**< RFC 8439. */
#define PSA_ALG_XCHACHA20_POLY1305 ((psa_algorithm_t) 0x05100600) /**< With a nonce of 24 bytes. */
#define PSA_ALG_ASCON_AEAD128 ((psa_algorithm_t) 0x05100700) /**< NIST SP 800-232. */
#define PSA_ALG_KW ((psa_algorithm_t) 0x0b400100) /**< Key wrapping of multiples of 8 bytes (NIST SP 800-38F). */
#define PSA_ALG_KWP ((psa_algorithm_t) 0x0bc00200) /**< Key wrapping with padding (NIST SP 800-38F). */
#define PSA_ALG_SP800_108_COUNTER_CMAC ((psa_algorithm_t) 0x08000800) /**< Derivation in counter mode with CMAC (NIST SP 800-108). */
#define PSA_ALG_TLS12_ECJPAKE_TO_PMS ((psa_algorithm_t) 0x08000609) /**< The premaster secret of TLS 1.2 from J-PAKE. */
#define PSA_ALG_PBKDF2_AES_CMAC_PRF_128 ((psa_algorithm_t) 0x08800200) /**< PBKDF2 (RFC 8018) with AES-CMAC-PRF-128 (RFC 4615). */
#define PSA_ALG_RSA_PKCS1V15_SIGN_RAW ((psa_algorithm_t) 0x06000200) /**< PKCS#1 v1.5 over whatever is given, without naming a hash. */
#define PSA_ALG_ECDSA_ANY ((psa_algorithm_t) 0x06000600) /**< ECDSA of a hash made by whichever function. */
#define PSA_ALG_PURE_EDDSA ((psa_algorithm_t) 0x06000800) /**< Ed25519 or Ed448 of a message (RFC 8032). */
#define PSA_ALG_EDDSA_CTX ((psa_algorithm_t) 0x06000a00) /**< Ed25519ctx, or Ed448 with a context (RFC 8032). */
#define PSA_ALG_ED25519PH ((psa_algorithm_t) 0x0600090b) /**< Of a message or its SHA-512 hash (RFC 8032). */
#define PSA_ALG_ED448PH ((psa_algorithm_t) 0x06000915) /**< Of a message or its SHAKE256-512 hash (RFC 8032). */
#define PSA_ALG_SLH_DSA ((psa_algorithm_t) 0x06004000) /**< Hedged, of a message (FIPS 205). */
#define PSA_ALG_DETERMINISTIC_SLH_DSA ((psa_algorithm_t) 0x06004100) /**< Of a message (FIPS 205). */
#define PSA_ALG_ML_DSA ((psa_algorithm_t) 0x06004400) /**< Hedged, of a message (FIPS 204). */
#define PSA_ALG_DETERMINISTIC_ML_DSA ((psa_algorithm_t) 0x06004500) /**< Of a message (FIPS 204). */
#define PSA_ALG_LMS ((psa_algorithm_t) 0x06004800) /**< Verification only (RFC 8554). */
#define PSA_ALG_HSS ((psa_algorithm_t) 0x06004900) /**< Verification only (RFC 8554). */
#define PSA_ALG_XMSS ((psa_algorithm_t) 0x06004a00) /**< Verification only (RFC 8391). */
#define PSA_ALG_XMSS_MT ((psa_algorithm_t) 0x06004b00) /**< Verification only (RFC 8391). */
#define PSA_ALG_ANY_HASH ((psa_algorithm_t) 0x020000ff) /**< Permits each hash inside a signature: in policies only. */
#define PSA_ALG_RSA_PKCS1V15_CRYPT ((psa_algorithm_t) 0x07000200) /**< Encryption with the padding of PKCS#1 v1.5. */
#define PSA_ALG_FFDH ((psa_algorithm_t) 0x09010000) /**< Finite-field Diffie-Hellman. */
#define PSA_ALG_ECDH ((psa_algorithm_t) 0x09020000) /**< Elliptic-curve Diffie-Hellman. */
#define PSA_ALG_ECIES_SEC1 ((psa_algorithm_t) 0x0c000100) /**< The key encapsulation of ECIES (SEC 1). */
#define PSA_ALG_ML_KEM ((psa_algorithm_t) 0x0c000200) /**< Key encapsulation (FIPS 203). */
#define PSA_ALG_SPAKE2P_MATTER ((psa_algorithm_t) 0x0a000609) /**< SPAKE2+ as Matter 1.2 uses it. */
#define PSA_ALG_WPA3_SAE_ANY ((psa_algorithm_t) 0x0a0088ff) /**< Permits WPA3-SAE and the derivation of its key: in policies only. */

/* The function-like macros on algorithms (PSA 1.5, chapter 10 and appendix C.1). */

#define PSA_ALG_IS_HASH(alg) (((alg) & 0x7f000000u) == 0x02000000u)
#define PSA_ALG_IS_XOF(alg) (((alg) & 0x7f000000u) == 0x0d000000u)
#define PSA_ALG_IS_MAC(alg) (((alg) & 0x7f000000u) == 0x03000000u)
#define PSA_ALG_IS_CIPHER(alg) (((alg) & 0x7f000000u) == 0x04000000u)
#define PSA_ALG_IS_AEAD(alg) (((alg) & 0x7f000000u) == 0x05000000u)
#define PSA_ALG_IS_SIGN(alg) (((alg) & 0x7f000000u) == 0x06000000u)
#define PSA_ALG_IS_ASYMMETRIC_ENCRYPTION(alg) (((alg) & 0x7f000000u) == 0x07000000u)
#define PSA_ALG_IS_KEY_DERIVATION(alg) (((alg) & 0x7f000000u) == 0x08000000u)
#define PSA_ALG_IS_KEY_AGREEMENT(alg) (((alg) & 0x7f000000u) == 0x09000000u)
#define PSA_ALG_IS_PAKE(alg) (((alg) & 0x7f000000u) == 0x0a000000u)
#define PSA_ALG_IS_KEY_WRAP(alg) (((alg) & 0x7f000000u) == 0x0b000000u)
#define PSA_ALG_IS_KEY_ENCAPSULATION(alg) (((alg) & 0x7f000000u) == 0x0c000000u)
#define PSA_ALG_IS_BLAKE2_HASH(alg) (((alg) & 0x7ffffffcu) == 0x0200001cu)
#define PSA_ALG_XOF_HAS_CONTEXT(alg) (((alg) & 0x00008000u) == 0x00008000u)
#define PSA_ALG_IS_HMAC(alg) (((alg) & 0x7fc0ff00u) == 0x03800000u)
#define PSA_ALG_IS_BLAKE2_MAC(alg) (((alg) & 0x7fc0ff00u) == 0x03800300u)
#define PSA_ALG_IS_BLOCK_CIPHER_MAC(alg) (((alg) & 0x7fc00000u) == 0x03c00000u)
#define PSA_ALG_IS_STREAM_CIPHER(alg) (((alg) & 0x7f800000u) == 0x04800000u)
#define PSA_ALG_IS_AEAD_ON_BLOCK_CIPHER(alg) (((alg) & 0x7f400000u) == 0x05400000u)
#define PSA_ALG_IS_KEY_DERIVATION_STRETCHING(alg) (((alg) & 0x7f800000u) == 0x08800000u)
#define PSA_ALG_IS_HKDF(alg) (((alg) & 0xffffff00u) == 0x08000100u)
#define PSA_ALG_IS_HKDF_EXTRACT(alg) (((alg) & 0xffffff00u) == 0x08000400u)
#define PSA_ALG_IS_HKDF_EXPAND(alg) (((alg) & 0xffffff00u) == 0x08000500u)
#define PSA_ALG_IS_SP800_108_COUNTER_HMAC(alg) (((alg) & 0xffffff00u) == 0x08000700u)
#define PSA_ALG_IS_TLS12_PRF(alg) (((alg) & 0xffffff00u) == 0x08000200u)
#define PSA_ALG_IS_TLS12_PSK_TO_MS(alg) (((alg) & 0xffffff00u) == 0x08000300u)
#define PSA_ALG_IS_PBKDF2_HMAC(alg) (((alg) & 0xffffff00u) == 0x08800100u)
#define PSA_ALG_IS_WPA3_SAE_H2E(alg) (((alg) & 0xffffff00u) == 0x08800400u)
#define PSA_ALG_IS_RSA_PKCS1V15_SIGN(alg) (((alg) & 0xffffff00u) == 0x06000200u)
#define PSA_ALG_IS_RSA_PSS(alg) (((alg) & 0xffffef00u) == 0x06000300u)
#define PSA_ALG_IS_RSA_PSS_STANDARD_SALT(alg) (((alg) & 0xffffff00u) == 0x06000300u)
#define PSA_ALG_IS_RSA_PSS_ANY_SALT(alg) (((alg) & 0xffffff00u) == 0x06001300u)
#define PSA_ALG_IS_ECDSA(alg) (((alg) & 0xfffffe00u) == 0x06000600u)
#define PSA_ALG_IS_RANDOMIZED_ECDSA(alg) (((alg) & 0xffffff00u) == 0x06000600u)
#define PSA_ALG_IS_DETERMINISTIC_ECDSA(alg) (((alg) & 0xffffff00u) == 0x06000700u)
#define PSA_ALG_IS_HASH_EDDSA(alg) (((alg) & 0xffffff00u) == 0x06000900u)
#define PSA_ALG_IS_SLH_DSA(alg) (((alg) & 0xfffffeffu) == 0x06004000u)
#define PSA_ALG_IS_HASH_SLH_DSA(alg) (((alg) & 0xfffffe00u) == 0x06004200u)
#define PSA_ALG_IS_HEDGED_HASH_SLH_DSA(alg) (((alg) & 0xffffff00u) == 0x06004200u)
#define PSA_ALG_IS_DETERMINISTIC_HASH_SLH_DSA(alg) (((alg) & 0xffffff00u) == 0x06004300u)
#define PSA_ALG_IS_ML_DSA(alg) (((alg) & 0xfffffeffu) == 0x06004400u)
#define PSA_ALG_IS_HASH_ML_DSA(alg) (((alg) & 0xfffffe00u) == 0x06004600u)
#define PSA_ALG_IS_HEDGED_HASH_ML_DSA(alg) (((alg) & 0xffffff00u) == 0x06004600u)
#define PSA_ALG_IS_DETERMINISTIC_HASH_ML_DSA(alg) (((alg) & 0xffffff00u) == 0x06004700u)
#define PSA_ALG_IS_RSA_OAEP(alg) (((alg) & 0xffffff00u) == 0x07000300u)
#define PSA_ALG_IS_STANDALONE_KEY_AGREEMENT(alg) (((alg) & 0x7f00ffffu) == 0x09000000u)
#define PSA_ALG_IS_RAW_KEY_AGREEMENT(alg) (((alg) & 0x7f00ffffu) == 0x09000000u)
#define PSA_ALG_IS_FFDH(alg) (((alg) & 0x7fff0000u) == 0x09010000u)
#define PSA_ALG_IS_ECDH(alg) (((alg) & 0x7fff0000u) == 0x09020000u)
#define PSA_ALG_IS_JPAKE(alg) (((alg) & 0xffffff00u) == 0x0a000100u)
#define PSA_ALG_IS_SPAKE2P(alg) (((alg) & 0xfffffc00u) == 0x0a000400u)
#define PSA_ALG_IS_SPAKE2P_HMAC(alg) (((alg) & 0xffffff00u) == 0x0a000400u)
#define PSA_ALG_IS_SPAKE2P_CMAC(alg) (((alg) & 0xffffff00u) == 0x0a000500u)
#define PSA_ALG_IS_WPA3_SAE(alg) (((alg) & 0xfffffe00u) == 0x0a000800u)
#define PSA_ALG_IS_WPA3_SAE_FIXED(alg) (((alg) & 0xffffff00u) == 0x0a000800u)
#define PSA_ALG_IS_WPA3_SAE_GDH(alg) (((alg) & 0xffffff00u) == 0x0a000900u)
#define PSA_ALG_HMAC(hash_alg) ((psa_algorithm_t) (0x03800000u | ((hash_alg) & 0x000000ffu)))
#define PSA_ALG_BLAKE2_MAC(hash_alg) ((psa_algorithm_t) (0x03800300u | ((hash_alg) & 0x000000ffu)))
#define PSA_ALG_HKDF(hash_alg) ((psa_algorithm_t) (0x08000100u | ((hash_alg) & 0x000000ffu)))
#define PSA_ALG_HKDF_EXTRACT(hash_alg) ((psa_algorithm_t) (0x08000400u | ((hash_alg) & 0x000000ffu)))
#define PSA_ALG_HKDF_EXPAND(hash_alg) ((psa_algorithm_t) (0x08000500u | ((hash_alg) & 0x000000ffu)))
#define PSA_ALG_SP800_108_COUNTER_HMAC(hash_alg) ((psa_algorithm_t) (0x08000700u | ((hash_alg) & 0x000000ffu)))
#define PSA_ALG_TLS12_PRF(hash_alg) ((psa_algorithm_t) (0x08000200u | ((hash_alg) & 0x000000ffu)))
#define PSA_ALG_TLS12_PSK_TO_MS(hash_alg) ((psa_algorithm_t) (0x08000300u | ((hash_alg) & 0x000000ffu)))
#define PSA_ALG_PBKDF2_HMAC(hash_alg) ((psa_algorithm_t) (0x08800100u | ((hash_alg) & 0x000000ffu)))
#define PSA_ALG_WPA3_SAE_H2E(hash_alg) ((psa_algorithm_t) (0x08800400u | ((hash_alg) & 0x000000ffu)))
#define PSA_ALG_RSA_PKCS1V15_SIGN(hash_alg) ((psa_algorithm_t) (0x06000200u | ((hash_alg) & 0x000000ffu)))
#define PSA_ALG_RSA_PSS(hash_alg) ((psa_algorithm_t) (0x06000300u | ((hash_alg) & 0x000000ffu)))
#define PSA_ALG_RSA_PSS_ANY_SALT(hash_alg) ((psa_algorithm_t) (0x06001300u | ((hash_alg) & 0x000000ffu)))
#define PSA_ALG_ECDSA(hash_alg) ((psa_algorithm_t) (0x06000600u | ((hash_alg) & 0x000000ffu)))
#define PSA_ALG_DETERMINISTIC_ECDSA(hash_alg) ((psa_algorithm_t) (0x06000700u | ((hash_alg) & 0x000000ffu)))
#define PSA_ALG_HASH_SLH_DSA(hash_alg) ((psa_algorithm_t) (0x06004200u | ((hash_alg) & 0x000000ffu)))
#define PSA_ALG_DETERMINISTIC_HASH_SLH_DSA(hash_alg) ((psa_algorithm_t) (0x06004300u | ((hash_alg) & 0x000000ffu)))
#define PSA_ALG_HASH_ML_DSA(hash_alg) ((psa_algorithm_t) (0x06004600u | ((hash_alg) & 0x000000ffu)))
#define PSA_ALG_DETERMINISTIC_HASH_ML_DSA(hash_alg) ((psa_algorithm_t) (0x06004700u | ((hash_alg) & 0x000000ffu)))
#define PSA_ALG_RSA_OAEP(hash_alg) ((psa_algorithm_t) (0x07000300u | ((hash_alg) & 0x000000ffu)))
#define PSA_ALG_JPAKE(hash_alg) ((psa_algorithm_t) (0x0a000100u | ((hash_alg) & 0x000000ffu)))
#define PSA_ALG_SPAKE2P_HMAC(hash_alg) ((psa_algorithm_t) (0x0a000400u | ((hash_alg) & 0x000000ffu)))
#define PSA_ALG_SPAKE2P_CMAC(hash_alg) ((psa_algorithm_t) (0x0a000500u | ((hash_alg) & 0x000000ffu)))
#define PSA_ALG_WPA3_SAE_FIXED(hash_alg) ((psa_algorithm_t) (0x0a000800u | ((hash_alg) & 0x000000ffu)))
#define PSA_ALG_WPA3_SAE_GDH(hash_alg) ((psa_algorithm_t) (0x0a000900u | ((hash_alg) & 0x000000ffu)))

/* Key types (PSA 1.5, sections 9.2 to 9.5 and appendix B). */

#define PSA_KEY_TYPE_NONE ((psa_key_type_t) 0x0000) /**< No type set. */
#define PSA_KEY_TYPE_RAW_DATA ((psa_key_type_t) 0x1001) /**< Bytes that no algorithm takes as its key. */
#define PSA_KEY_TYPE_DERIVE ((psa_key_type_t) 0x1200) /**< A secret with enough entropy, to derive from. */
#define PSA_KEY_TYPE_PASSWORD ((psa_key_type_t) 0x1203) /**< A secret with little entropy, to derive from. */
#define PSA_KEY_TYPE_PASSWORD_HASH ((psa_key_type_t) 0x1205) /**< A hash to compare a derived one with. */
#define PSA_KEY_TYPE_PEPPER ((psa_key_type_t) 0x1206) /**< A secret salt for the hashing of passwords. */
#define PSA_KEY_TYPE_HMAC ((psa_key_type_t) 0x1100) /**< HMAC: any whole number of bytes. */
#define PSA_KEY_TYPE_AES ((psa_key_type_t) 0x2400) /**< 128, 192 or 256 bits; both keys, one after the other, for XTS. */
#define PSA_KEY_TYPE_ARIA ((psa_key_type_t) 0x2406) /**< 128, 192 or 256 bits; both keys, one after the other, for XTS. */
#define PSA_KEY_TYPE_DES ((psa_key_type_t) 0x2301) /**< 64, 128 or 192 bits for DES, two-key and three-key triple DES, parity bits included. */
#define PSA_KEY_TYPE_CAMELLIA ((psa_key_type_t) 0x2403) /**< 128, 192 or 256 bits; both keys, one after the other, for XTS. */
#define PSA_KEY_TYPE_SM4 ((psa_key_type_t) 0x2405) /**< 128 bits; both keys, one after the other, for XTS. */
#define PSA_KEY_TYPE_ARC4 ((psa_key_type_t) 0x2002) /**< 40 to 2048 bits. */
#define PSA_KEY_TYPE_CHACHA20 ((psa_key_type_t) 0x2004) /**< 256 bits. */
#define PSA_KEY_TYPE_XCHACHA20 ((psa_key_type_t) 0x2007) /**< 256 bits. */
#define PSA_KEY_TYPE_ASCON ((psa_key_type_t) 0x2008) /**< 128 bits, or 256 with a key that masks the nonce. */
#define PSA_KEY_TYPE_BLAKE2 ((psa_key_type_t) 0x1103) /**< Keyed BLAKE2: up to 64 bytes, 32 for BLAKE2s and BLAKE2sp. */
#define PSA_KEY_TYPE_RSA_KEY_PAIR ((psa_key_type_t) 0x7001) /**< The DER of RSAPrivateKey (RFC 8017, appendix A.1.2). */
#define PSA_KEY_TYPE_RSA_PUBLIC_KEY ((psa_key_type_t) 0x4001) /**< The DER of RSAPublicKey (RFC 8017, appendix A.1.1). */
#define PSA_KEY_TYPE_LMS_PUBLIC_KEY ((psa_key_type_t) 0x4007) /**< Lms_public_key of RFC 8554, section 5.3. */
#define PSA_KEY_TYPE_HSS_PUBLIC_KEY ((psa_key_type_t) 0x4008) /**< Hss_public_key of RFC 8554, section 6.1. */
#define PSA_KEY_TYPE_XMSS_PUBLIC_KEY ((psa_key_type_t) 0x400b) /**< Xmss_public_key of RFC 8391, appendix B.3. */
#define PSA_KEY_TYPE_XMSS_MT_PUBLIC_KEY ((psa_key_type_t) 0x400d) /**< Xmssmt_public_key of RFC 8391, appendix C.3. */
#define PSA_KEY_TYPE_ML_DSA_KEY_PAIR ((psa_key_type_t) 0x7002) /**< The seed of FIPS 204, 32 bytes; size 128, 192 or 256 for ML-DSA-44, -65, -87. */
#define PSA_KEY_TYPE_ML_DSA_PUBLIC_KEY ((psa_key_type_t) 0x4002) /**< Pk of FIPS 204. */
#define PSA_KEY_TYPE_ML_KEM_KEY_PAIR ((psa_key_type_t) 0x7004) /**< The seeds d and z of FIPS 203, 64 bytes; size 512, 768 or 1024. */
#define PSA_KEY_TYPE_ML_KEM_PUBLIC_KEY ((psa_key_type_t) 0x4004) /**< Ek of FIPS 203. */
#define PSA_KEY_TYPE_IS_ASYMMETRIC(type) (((type) & 0x4000u) == 0x4000u)
#define PSA_KEY_TYPE_IS_PUBLIC_KEY(type) (((type) & 0x7000u) == 0x4000u)
#define PSA_KEY_TYPE_IS_KEY_PAIR(type) (((type) & 0x7000u) == 0x7000u)
#define PSA_KEY_TYPE_IS_RSA(type) (((type) & 0xcfffu) == 0x4001u)
#define PSA_KEY_TYPE_IS_ECC(type) (((type) & 0xcf80u) == 0x4100u)
#define PSA_KEY_TYPE_IS_ECC_KEY_PAIR(type) (((type) & 0xff80u) == 0x7100u)
#define PSA_KEY_TYPE_IS_ECC_PUBLIC_KEY(type) (((type) & 0xff80u) == 0x4100u)
#define PSA_KEY_TYPE_IS_DH(type) (((type) & 0xcf80u) == 0x4200u)
#define PSA_KEY_TYPE_IS_DH_KEY_PAIR(type) (((type) & 0xff80u) == 0x7200u)
#define PSA_KEY_TYPE_IS_DH_PUBLIC_KEY(type) (((type) & 0xff80u) == 0x4200u)
#define PSA_KEY_TYPE_IS_SLH_DSA(type) (((type) & 0xcf80u) == 0x4180u)
#define PSA_KEY_TYPE_IS_SLH_DSA_KEY_PAIR(type) (((type) & 0xff80u) == 0x7180u)
#define PSA_KEY_TYPE_IS_SLH_DSA_PUBLIC_KEY(type) (((type) & 0xff80u) == 0x4180u)
#define PSA_KEY_TYPE_IS_ML_DSA(type) (((type) & 0xcfffu) == 0x4002u)
#define PSA_KEY_TYPE_IS_ML_KEM(type) (((type) & 0xcfffu) == 0x4004u)
#define PSA_KEY_TYPE_IS_SPAKE2P(type) (((type) & 0xcf80u) == 0x4400u)
#define PSA_KEY_TYPE_IS_SPAKE2P_KEY_PAIR(type) (((type) & 0xff80u) == 0x7400u)
#define PSA_KEY_TYPE_IS_SPAKE2P_PUBLIC_KEY(type) (((type) & 0xff80u) == 0x4400u)
#define PSA_KEY_TYPE_IS_WPA3_SAE_ECC(type) (((type) & 0xff80u) == 0x3280u)
#define PSA_KEY_TYPE_IS_WPA3_SAE_DH(type) (((type) & 0xff80u) == 0x3300u)
#define PSA_KEY_TYPE_ECC_KEY_PAIR(curve) ((psa_key_type_t) (0x7100u | ((curve) & 0x007fu)))
#define PSA_KEY_TYPE_ECC_PUBLIC_KEY(curve) ((psa_key_type_t) (0x4100u | ((curve) & 0x007fu)))
#define PSA_KEY_TYPE_DH_KEY_PAIR(group) ((psa_key_type_t) (0x7200u | ((group) & 0x007fu)))
#define PSA_KEY_TYPE_DH_PUBLIC_KEY(group) ((psa_key_type_t) (0x4200u | ((group) & 0x007fu)))
#define PSA_KEY_TYPE_SLH_DSA_KEY_PAIR(set) ((psa_key_type_t) (0x7180u | ((set) & 0x007fu)))
#define PSA_KEY_TYPE_SLH_DSA_PUBLIC_KEY(set) ((psa_key_type_t) (0x4180u | ((set) & 0x007fu)))
#define PSA_KEY_TYPE_SPAKE2P_KEY_PAIR(curve) ((psa_key_type_t) (0x7400u | ((curve) & 0x007fu)))
#define PSA_KEY_TYPE_SPAKE2P_PUBLIC_KEY(curve) ((psa_key_type_t) (0x4400u | ((curve) & 0x007fu)))
#define PSA_KEY_TYPE_WPA3_SAE_ECC(curve) ((psa_key_type_t) (0x3280u | ((curve) & 0x007fu)))
#define PSA_KEY_TYPE_WPA3_SAE_DH(group) ((psa_key_type_t) (0x3300u | ((group) & 0x007fu)))
#define PSA_KEY_TYPE_ECC_GET_FAMILY(type) ((psa_ecc_family_t) ((type) & 0x007fu))
#define PSA_KEY_TYPE_DH_GET_FAMILY(type) ((psa_dh_family_t) ((type) & 0x007fu))
#define PSA_KEY_TYPE_SLH_DSA_GET_FAMILY(type) ((psa_slh_dsa_family_t) ((type) & 0x007fu))
#define PSA_KEY_TYPE_SPAKE2P_GET_FAMILY(type) ((psa_ecc_family_t) ((type) & 0x007fu))
#define PSA_KEY_TYPE_WPA3_SAE_ECC_GET_FAMILY(type) ((psa_ecc_family_t) ((type) & 0x007fu))
#define PSA_KEY_TYPE_WPA3_SAE_DH_GET_FAMILY(type) ((psa_dh_family_t) ((type) & 0x007fu))
#define PSA_ECC_FAMILY_SECP_K1 ((psa_ecc_family_t) 0x17) /**< Secp192k1 and secp256k1. */
#define PSA_ECC_FAMILY_SECP_R1 ((psa_ecc_family_t) 0x12) /**< Secp192r1, secp224r1, secp256r1, secp384r1 and secp521r1: the P curves of NIST. */
#define PSA_ECC_FAMILY_SECP_R2 ((psa_ecc_family_t) 0x1b) /**< Secp160r2; in no place of this library. */
#define PSA_ECC_FAMILY_SECT_K1 ((psa_ecc_family_t) 0x27) /**< Binary Koblitz curves; in no place of this library. */
#define PSA_ECC_FAMILY_SECT_R1 ((psa_ecc_family_t) 0x22) /**< Binary random curves; in no place of this library. */
#define PSA_ECC_FAMILY_SECT_R2 ((psa_ecc_family_t) 0x2b) /**< Sect163r2; in no place of this library. */
#define PSA_ECC_FAMILY_BRAINPOOL_P_R1 ((psa_ecc_family_t) 0x30) /**< BrainpoolP160r1 to brainpoolP512r1 (RFC 5639). */
#define PSA_ECC_FAMILY_FRP ((psa_ecc_family_t) 0x33) /**< FRP256v1; in no place of this library. */
#define PSA_ECC_FAMILY_MONTGOMERY ((psa_ecc_family_t) 0x41) /**< Curve25519 (255 bits) and Curve448 (448 bits), for key agreement. */
#define PSA_ECC_FAMILY_TWISTED_EDWARDS ((psa_ecc_family_t) 0x42) /**< Edwards25519 (255 bits) and Edwards448 (448 bits), for signatures. */
#define PSA_DH_FAMILY_RFC7919 ((psa_dh_family_t) 0x03) /**< 2048 to 8192 bits. */
#define PSA_DH_FAMILY_RFC3526 ((psa_dh_family_t) 0x05) /**< The MODP groups of 2048 to 8192 bits. */
#define PSA_SLH_DSA_FAMILY_SHA2_S ((psa_slh_dsa_family_t) 0x02) /**< With SHA-2, small signatures. */
#define PSA_SLH_DSA_FAMILY_SHA2_F ((psa_slh_dsa_family_t) 0x04) /**< With SHA-2, fast signing. */
#define PSA_SLH_DSA_FAMILY_SHAKE_S ((psa_slh_dsa_family_t) 0x0b) /**< With SHAKE256, small signatures. */
#define PSA_SLH_DSA_FAMILY_SHAKE_F ((psa_slh_dsa_family_t) 0x0d) /**< With SHAKE256, fast signing. */

/* Lifetimes and identifiers of keys (PSA 1.5, sections 9.6 and 9.7). */

#define PSA_KEY_LIFETIME_VOLATILE ((psa_key_lifetime_t) 0) /**< Until destroyed or the process ends, in local memory. */
#define PSA_KEY_LIFETIME_PERSISTENT ((psa_key_lifetime_t) 1) /**< Until destroyed, in the default place. */
#define PSA_KEY_PERSISTENCE_VOLATILE ((psa_key_persistence_t) 0x00) /**< Until destroyed or the process ends. */
#define PSA_KEY_PERSISTENCE_DEFAULT ((psa_key_persistence_t) 0x01) /**< Until destroyed. */
#define PSA_KEY_PERSISTENCE_READ_ONLY ((psa_key_persistence_t) 0xff) /**< Cannot be destroyed. */
#define PSA_KEY_LOCATION_LOCAL_STORAGE ((psa_key_location_t) 0x000000) /**< The default place. */
#define PSA_KEY_LOCATION_PRIMARY_SECURE_ELEMENT ((psa_key_location_t) 0x000001) /**< The first device. */
#define PSA_KEY_ID_NULL ((psa_key_id_t) 0) /**< No key. */
#define PSA_KEY_ID_USER_MIN ((psa_key_id_t) 0x00000001) /**< First identifier that an application may choose. */
#define PSA_KEY_ID_USER_MAX ((psa_key_id_t) 0x3fffffff) /**< Last identifier that an application may choose. */
#define PSA_KEY_ID_VENDOR_MIN ((psa_key_id_t) 0x40000000) /**< First identifier that the library chooses. */
#define PSA_KEY_ID_VENDOR_MAX ((psa_key_id_t) 0x7fffffff) /**< Last identifier that the library chooses. */

/* Usage flags of keys (PSA 1.5, section 9.8). */

#define PSA_KEY_USAGE_EXPORT ((psa_key_usage_t) 0x00000001) /**< Export of the private or secret key; a public key needs no permission. */
#define PSA_KEY_USAGE_COPY ((psa_key_usage_t) 0x00000002) /**< Copies, also out of this place. */
#define PSA_KEY_USAGE_CACHE ((psa_key_usage_t) 0x00000004) /**< May stay in memory between uses, instead of being read each time. */
#define PSA_KEY_USAGE_ENCRYPT ((psa_key_usage_t) 0x00000100) /**< Encryption, and encapsulation for a public key. */
#define PSA_KEY_USAGE_DECRYPT ((psa_key_usage_t) 0x00000200) /**< Decryption, and decapsulation. */
#define PSA_KEY_USAGE_SIGN_MESSAGE ((psa_key_usage_t) 0x00000400) /**< Signatures and MACs of messages. */
#define PSA_KEY_USAGE_VERIFY_MESSAGE ((psa_key_usage_t) 0x00000800) /**< Checking signatures and MACs of messages. */
#define PSA_KEY_USAGE_SIGN_HASH ((psa_key_usage_t) 0x00001000) /**< Signatures of hashes; implies SIGN_MESSAGE. */
#define PSA_KEY_USAGE_VERIFY_HASH ((psa_key_usage_t) 0x00002000) /**< Checking signatures of hashes; implies VERIFY_MESSAGE. */
#define PSA_KEY_USAGE_DERIVE ((psa_key_usage_t) 0x00004000) /**< Key derivation, key agreement and password-authenticated key exchange. */
#define PSA_KEY_USAGE_VERIFY_DERIVATION ((psa_key_usage_t) 0x00008000) /**< Key derivation whose output is compared only. */
#define PSA_KEY_USAGE_DERIVE_PUBLIC ((psa_key_usage_t) 0x00000080) /**< Public key of a key agreement; in psa_check_key_usage() only. */
#define PSA_KEY_USAGE_WRAP ((psa_key_usage_t) 0x00010000) /**< Wrapping other keys. */
#define PSA_KEY_USAGE_UNWRAP ((psa_key_usage_t) 0x00020000) /**< Unwrapping other keys. */

/* Constants of key derivation (PSA 1.5, section 10.8). */

#define PSA_KEY_DERIVATION_INPUT_SECRET ((psa_key_derivation_step_t) 0x0101) /**< The high-entropy secret. */
#define PSA_KEY_DERIVATION_INPUT_PASSWORD ((psa_key_derivation_step_t) 0x0102) /**< The low-entropy secret. */
#define PSA_KEY_DERIVATION_INPUT_OTHER_SECRET ((psa_key_derivation_step_t) 0x0103) /**< A second secret. */
#define PSA_KEY_DERIVATION_INPUT_LABEL ((psa_key_derivation_step_t) 0x0201) /**< What the output is for. */
#define PSA_KEY_DERIVATION_INPUT_SALT ((psa_key_derivation_step_t) 0x0202) /**< A salt. */
#define PSA_KEY_DERIVATION_INPUT_INFO ((psa_key_derivation_step_t) 0x0203) /**< Application-specific information. */
#define PSA_KEY_DERIVATION_INPUT_SEED ((psa_key_derivation_step_t) 0x0204) /**< A seed. */
#define PSA_KEY_DERIVATION_INPUT_COST ((psa_key_derivation_step_t) 0x0205) /**< The number of iterations. */
#define PSA_KEY_DERIVATION_INPUT_CONTEXT ((psa_key_derivation_step_t) 0x0206) /**< Whom the output is for. */
#define PSA_KEY_DERIVATION_UNLIMITED_CAPACITY ((size_t) -1) /**< No limit but the algorithm's own. */

/* Password-authenticated key exchange: groups, roles and steps (PSA 1.5, section 10.13). */

#define PSA_PAKE_PRIMITIVE_TYPE_ECC ((psa_pake_primitive_type_t) 0x01) /**< An elliptic curve. */
#define PSA_PAKE_PRIMITIVE_TYPE_DH ((psa_pake_primitive_type_t) 0x02) /**< A finite-field group. */
#define PSA_PAKE_ROLE_NONE ((psa_pake_role_t) 0x00) /**< The protocol does not tell the sides apart. */
#define PSA_PAKE_ROLE_FIRST ((psa_pake_role_t) 0x01) /**< The side that some protocols number first. */
#define PSA_PAKE_ROLE_SECOND ((psa_pake_role_t) 0x02) /**< The other side of it. */
#define PSA_PAKE_ROLE_CLIENT ((psa_pake_role_t) 0x11) /**< The side that has the password, or what follows from it. */
#define PSA_PAKE_ROLE_SERVER ((psa_pake_role_t) 0x12) /**< The side that may have only a verifier. */
#define PSA_PAKE_STEP_KEY_SHARE ((psa_pake_step_t) 0x01) /**< A group element. */
#define PSA_PAKE_STEP_ZK_PUBLIC ((psa_pake_step_t) 0x02) /**< The public part of a zero-knowledge proof: a group element. */
#define PSA_PAKE_STEP_ZK_PROOF ((psa_pake_step_t) 0x03) /**< The response of a zero-knowledge proof: a scalar. */
#define PSA_PAKE_STEP_CONFIRM ((psa_pake_step_t) 0x04) /**< A key confirmation. */
#define PSA_PAKE_STEP_SALT ((psa_pake_step_t) 0x05) /**< The salt from which the SAE keys come. */
#define PSA_PAKE_STEP_COMMIT ((psa_pake_step_t) 0x06) /**< The commitment of WPA3-SAE: a scalar and a group element. */
#define PSA_PAKE_STEP_CONFIRM_COUNT ((psa_pake_step_t) 0x07) /**< The send-confirm counter of WPA3-SAE. */
#define PSA_PAKE_STEP_KEY_ID ((psa_pake_step_t) 0x08) /**< The identifier of the key that WPA3-SAE agreed on. */
#define PSA_PAKE_CONFIRMED_KEY 0 /**< The shared key is given out after it was confirmed. */
#define PSA_PAKE_UNCONFIRMED_KEY 1 /**< The shared key may be given out before it was confirmed. */

/* Sizes of buffers: the twins of the size macros (PSA 1.5, chapters 9 and 10). */

#define PSA_HASH_MAX_SIZE 64
#define PSA_HASH_SUSPEND_OUTPUT_MAX_SIZE 211 /**< SHA-512. */
#define PSA_HASH_SUSPEND_ALGORITHM_FIELD_LENGTH ((size_t) 4)
#define PSA_MAC_MAX_SIZE 64 /**< HMAC with the longest hash. */
#define PSA_BLOCK_CIPHER_BLOCK_MAX_SIZE 16
#define PSA_CIPHER_IV_MAX_SIZE 24 /**< XChaCha20. */
#define PSA_CIPHER_FINISH_OUTPUT_MAX_SIZE 32 /**< Two blocks, of which XTS steals. */
#define PSA_AEAD_NONCE_MAX_SIZE 24 /**< XChaCha20-Poly1305. */
#define PSA_AEAD_TAG_MAX_SIZE 16
#define PSA_AEAD_FINISH_OUTPUT_MAX_SIZE 16
#define PSA_AEAD_VERIFY_OUTPUT_MAX_SIZE 16
#define PSA_TLS12_PSK_TO_MS_PSK_MAX_SIZE 128 /**< Twice what RFC 4279 demands. */
#define PSA_TLS12_ECJPAKE_TO_PMS_OUTPUT_SIZE 32
#define PSA_SIGNATURE_MAX_SIZE 49856 /**< SLH-DSA-256f. */
#define PSA_ASYMMETRIC_ENCRYPT_OUTPUT_MAX_SIZE 1024
#define PSA_ASYMMETRIC_DECRYPT_OUTPUT_MAX_SIZE 1013
#define PSA_RAW_KEY_AGREEMENT_OUTPUT_MAX_SIZE 1024
#define PSA_ENCAPSULATE_CIPHERTEXT_MAX_SIZE 1568 /**< ML-KEM-1024. */
#define PSA_EXPORT_KEY_PAIR_MAX_SIZE 4657 /**< RSA. */
#define PSA_EXPORT_PUBLIC_KEY_MAX_SIZE 2592 /**< ML-DSA-87. */
#define PSA_EXPORT_ASYMMETRIC_KEY_MAX_SIZE 4657
#define PSA_WRAP_KEY_PAIR_MAX_SIZE 4672
#define PSA_PAKE_OUTPUT_MAX_SIZE 2048 /**< The commitment of WPA3-SAE in the largest finite-field group. */
#define PSA_PAKE_INPUT_MAX_SIZE 2048

#include "crypto_macros.h"

#endif /* PSA_CRYPTO_VALUES_H */
