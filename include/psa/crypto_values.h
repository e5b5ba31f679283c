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

/* Version of the specification (PSA 1.5, section 8.2.1). */

#define PSA_CRYPTO_API_VERSION_MAJOR 1 /**< Changes when programs have to (PSA 1.5, section 8.2.1). */
#define PSA_CRYPTO_API_VERSION_MINOR 5 /**< Grows with what is added (PSA 1.5, section 8.2.1). */

/* Algorithm identifiers (PSA 1.5, chapter 10 and appendix B). */

#define PSA_ALG_NONE ((psa_algorithm_t) 0) /**< No algorithm (PSA 1.5, section 10.1.1). */
#define PSA_ALG_MD2 ((psa_algorithm_t) 0x02000001) /**< Broken (RFC 1319): 16 bytes (PSA 1.5, section 10.2.1). */
#define PSA_ALG_MD4 ((psa_algorithm_t) 0x02000002) /**< Broken (RFC 1320): 16 bytes (PSA 1.5, section 10.2.1). */
#define PSA_ALG_MD5 ((psa_algorithm_t) 0x02000003) /**< Broken (RFC 1321): 16 bytes (PSA 1.5, section 10.2.1). */
#define PSA_ALG_RIPEMD160 ((psa_algorithm_t) 0x02000004) /**< RIPEMD-160 (ISO/IEC 10118-3): 20 bytes (PSA 1.5, section 10.2.1). */
#define PSA_ALG_AES_MMO_ZIGBEE ((psa_algorithm_t) 0x02000007) /**< Matyas-Meyer-Oseas with AES, of the Zigbee specification: 16 bytes (PSA 1.5, section 10.2.1). */
#define PSA_ALG_SHA_1 ((psa_algorithm_t) 0x02000005) /**< Collisions are known (FIPS 180-4): 20 bytes (PSA 1.5, section 10.2.1). */
#define PSA_ALG_SHA_224 ((psa_algorithm_t) 0x02000008) /**< FIPS 180-4: 28 bytes (PSA 1.5, section 10.2.1). */
#define PSA_ALG_SHA_256 ((psa_algorithm_t) 0x02000009) /**< FIPS 180-4: 32 bytes (PSA 1.5, section 10.2.1). */
#define PSA_ALG_SHA_384 ((psa_algorithm_t) 0x0200000a) /**< FIPS 180-4: 48 bytes (PSA 1.5, section 10.2.1). */
#define PSA_ALG_SHA_512 ((psa_algorithm_t) 0x0200000b) /**< FIPS 180-4: 64 bytes (PSA 1.5, section 10.2.1). */
#define PSA_ALG_SHA_512_224 ((psa_algorithm_t) 0x0200000c) /**< SHA-512/224 (FIPS 180-4): 28 bytes (PSA 1.5, section 10.2.1). */
#define PSA_ALG_SHA_512_256 ((psa_algorithm_t) 0x0200000d) /**< SHA-512/256 (FIPS 180-4): 32 bytes (PSA 1.5, section 10.2.1). */
#define PSA_ALG_SHA_256_192 ((psa_algorithm_t) 0x0200000e) /**< The first 24 bytes of SHA-256 (NIST SP 800-208; PSA 1.5, section 10.2.1). */
#define PSA_ALG_SHA3_224 ((psa_algorithm_t) 0x02000010) /**< FIPS 202: 28 bytes (PSA 1.5, section 10.2.1). */
#define PSA_ALG_SHA3_256 ((psa_algorithm_t) 0x02000011) /**< FIPS 202: 32 bytes (PSA 1.5, section 10.2.1). */
#define PSA_ALG_SHA3_384 ((psa_algorithm_t) 0x02000012) /**< FIPS 202: 48 bytes (PSA 1.5, section 10.2.1). */
#define PSA_ALG_SHA3_512 ((psa_algorithm_t) 0x02000013) /**< FIPS 202: 64 bytes (PSA 1.5, section 10.2.1). */
#define PSA_ALG_SHAKE256_512 ((psa_algorithm_t) 0x02000015) /**< The first 64 bytes of SHAKE256, as for Ed448ph (PSA 1.5, section 10.2.1). */
#define PSA_ALG_SHAKE128_256 ((psa_algorithm_t) 0x02000016) /**< The first 32 bytes of SHAKE128 (PSA 1.5, section 10.2.1). */
#define PSA_ALG_SHAKE256_192 ((psa_algorithm_t) 0x02000017) /**< The first 24 bytes of SHAKE256 (NIST SP 800-208; PSA 1.5, section 10.2.1). */
#define PSA_ALG_SHAKE256_256 ((psa_algorithm_t) 0x02000018) /**< The first 32 bytes of SHAKE256 (NIST SP 800-208; PSA 1.5, section 10.2.1). */
#define PSA_ALG_SM3 ((psa_algorithm_t) 0x02000014) /**< GB/T 32905: 32 bytes (PSA 1.5, section 10.2.1). */
#define PSA_ALG_ASCON_HASH256 ((psa_algorithm_t) 0x02000019) /**< NIST SP 800-232: 32 bytes (PSA 1.5, section 10.2.1). */
#define PSA_ALG_BLAKE2S_HASH256 ((psa_algorithm_t) 0x0200001c) /**< BLAKE2s (RFC 7693): 32 bytes (PSA 1.5, section 10.2.1). */
#define PSA_ALG_BLAKE2SP_HASH256 ((psa_algorithm_t) 0x0200001d) /**< BLAKE2sp, eight BLAKE2s side by side: 32 bytes (PSA 1.5, section 10.2.1). */
#define PSA_ALG_BLAKE2B_HASH512 ((psa_algorithm_t) 0x0200001e) /**< BLAKE2b (RFC 7693): 64 bytes (PSA 1.5, section 10.2.1). */
#define PSA_ALG_BLAKE2BP_HASH512 ((psa_algorithm_t) 0x0200001f) /**< BLAKE2bp, four BLAKE2b side by side: 64 bytes (PSA 1.5, section 10.2.1). */
#define PSA_ALG_SHAKE128 ((psa_algorithm_t) 0x0d000100) /**< Extendable output (FIPS 202; PSA 1.5, section 10.3.1). */
#define PSA_ALG_SHAKE256 ((psa_algorithm_t) 0x0d000200) /**< Extendable output (FIPS 202; PSA 1.5, section 10.3.1). */
#define PSA_ALG_ASCON_XOF128 ((psa_algorithm_t) 0x0d000300) /**< Extendable output (NIST SP 800-232; PSA 1.5, section 10.3.1). */
#define PSA_ALG_ASCON_CXOF128 ((psa_algorithm_t) 0x0d008300) /**< Extendable output with a context (NIST SP 800-232; PSA 1.5, section 10.3.1). */
#define PSA_ALG_CBC_MAC ((psa_algorithm_t) 0x03c00100) /**< A block long (ISO/IEC 9797-1); insecure where messages have several lengths (PSA 1.5, section 10.4.1). */
#define PSA_ALG_CMAC ((psa_algorithm_t) 0x03c00200) /**< A block long (NIST SP 800-38B; PSA 1.5, section 10.4.1). */
#define PSA_ALG_STREAM_CIPHER ((psa_algorithm_t) 0x04800100) /**< The stream cipher of the key type: ChaCha20, XChaCha20 or ARC4 (PSA 1.5, section 10.5.1). */
#define PSA_ALG_CTR ((psa_algorithm_t) 0x04c01000) /**< Counter mode (NIST SP 800-38A; PSA 1.5, section 10.5.1). */
#define PSA_ALG_CCM_STAR_NO_TAG ((psa_algorithm_t) 0x04c01300) /**< CCM* of Zigbee without a tag: no authentication (PSA 1.5, section 10.5.1). */
#define PSA_ALG_CFB ((psa_algorithm_t) 0x04c01100) /**< Cipher feedback of whole blocks (NIST SP 800-38A; PSA 1.5, section 10.5.1). */
#define PSA_ALG_OFB ((psa_algorithm_t) 0x04c01200) /**< Output feedback (NIST SP 800-38A; PSA 1.5, section 10.5.1). */
#define PSA_ALG_XTS ((psa_algorithm_t) 0x0440ff00) /**< For storage: IEEE 1619, NIST SP 800-38E (PSA 1.5, section 10.5.1). */
#define PSA_ALG_ECB_NO_PADDING ((psa_algorithm_t) 0x04404400) /**< Equal blocks stay equal: for building other modes only (PSA 1.5, section 10.5.1). */
#define PSA_ALG_CBC_NO_PADDING ((psa_algorithm_t) 0x04404000) /**< Whole blocks only (NIST SP 800-38A; PSA 1.5, section 10.5.1). */
#define PSA_ALG_CBC_PKCS7 ((psa_algorithm_t) 0x04404100) /**< CBC with the padding of RFC 5652, section 6.3 (PSA 1.5, section 10.5.1). */
#define PSA_ALG_CCM_STAR_ANY_TAG ((psa_algorithm_t) 0x04c09300) /**< Permits CCM* with any tag, or none: in policies only (PSA 1.5, section 10.5.4). */
#define PSA_ALG_CCM ((psa_algorithm_t) 0x05500100) /**< NIST SP 800-38C, tag of 16 bytes; PSA_ALG_AEAD_WITH_SHORTENED_TAG() for others (PSA 1.5, section 10.6.1). */
#define PSA_ALG_GCM ((psa_algorithm_t) 0x05500200) /**< NIST SP 800-38D, tag of 16 bytes; PSA_ALG_AEAD_WITH_SHORTENED_TAG() for others (PSA 1.5, section 10.6.1). */
#define PSA_ALG_CHACHA20_POLY1305 ((psa_algorithm_t) 0x05100500) /**< RFC 8439: nonce of 12 bytes, tag of 16 (PSA 1.5, section 10.6.1). */
#define PSA_ALG_XCHACHA20_POLY1305 ((psa_algorithm_t) 0x05100600) /**< ChaCha20-Poly1305 with a nonce of 24 bytes: tag of 16 (PSA 1.5, section 10.6.1). */
#define PSA_ALG_ASCON_AEAD128 ((psa_algorithm_t) 0x05100700) /**< NIST SP 800-232: nonce of 16 bytes, tag of 16 (PSA 1.5, section 10.6.1). */
#define PSA_ALG_KW ((psa_algorithm_t) 0x0b400100) /**< Key wrapping of multiples of 8 bytes (NIST SP 800-38F; PSA 1.5, section 10.7.1). */
#define PSA_ALG_KWP ((psa_algorithm_t) 0x0bc00200) /**< Key wrapping with padding (NIST SP 800-38F; PSA 1.5, section 10.7.1). */
#define PSA_ALG_SP800_108_COUNTER_CMAC ((psa_algorithm_t) 0x08000800) /**< Derivation in counter mode with CMAC (NIST SP 800-108; PSA 1.5, section 10.8.1). */
#define PSA_ALG_TLS12_ECJPAKE_TO_PMS ((psa_algorithm_t) 0x08000609) /**< From what J-PAKE gives to the premaster secret of TLS 1.2: 32 bytes (PSA 1.5, section 10.8.1). */
#define PSA_ALG_PBKDF2_AES_CMAC_PRF_128 ((psa_algorithm_t) 0x08800200) /**< PBKDF2 (RFC 8018) with AES-CMAC-PRF-128 (RFC 4615; PSA 1.5, section 10.8.1). */
#define PSA_ALG_RSA_PKCS1V15_SIGN_RAW ((psa_algorithm_t) 0x06000200) /**< PKCS#1 v1.5 over whatever is given, without naming a hash (PSA 1.5, section 10.9.1). */
#define PSA_ALG_ECDSA_ANY ((psa_algorithm_t) 0x06000600) /**< ECDSA of a hash made by whichever function: psa_sign_hash() only (PSA 1.5, section 10.9.2). */
#define PSA_ALG_PURE_EDDSA ((psa_algorithm_t) 0x06000800) /**< Ed25519, 64 bytes, or Ed448, 114 bytes, of a message (RFC 8032; PSA 1.5, section 10.9.3). */
#define PSA_ALG_EDDSA_CTX ((psa_algorithm_t) 0x06000a00) /**< Ed25519ctx, or Ed448 with a context of up to 255 bytes (RFC 8032; PSA 1.5, section 10.9.3). */
#define PSA_ALG_ED25519PH ((psa_algorithm_t) 0x0600090b) /**< 64 bytes, of a message or its SHA-512 hash (RFC 8032; PSA 1.5, section 10.9.3). */
#define PSA_ALG_ED448PH ((psa_algorithm_t) 0x06000915) /**< 114 bytes, of a message or its SHAKE256-512 hash (RFC 8032; PSA 1.5, section 10.9.3). */
#define PSA_ALG_SLH_DSA ((psa_algorithm_t) 0x06004000) /**< Hedged, of a message (FIPS 205): 7856 to 49856 bytes (PSA 1.5, section 10.9.4). */
#define PSA_ALG_DETERMINISTIC_SLH_DSA ((psa_algorithm_t) 0x06004100) /**< Deterministic, of a message (FIPS 205; PSA 1.5, section 10.9.4). */
#define PSA_ALG_ML_DSA ((psa_algorithm_t) 0x06004400) /**< Hedged, of a message (FIPS 204): 2420, 3309 or 4627 bytes (PSA 1.5, section 10.9.5). */
#define PSA_ALG_DETERMINISTIC_ML_DSA ((psa_algorithm_t) 0x06004500) /**< Deterministic, of a message (FIPS 204; PSA 1.5, section 10.9.5). */
#define PSA_ALG_LMS ((psa_algorithm_t) 0x06004800) /**< Verification only (RFC 8554; PSA 1.5, section 10.9.6). */
#define PSA_ALG_HSS ((psa_algorithm_t) 0x06004900) /**< Verification only (RFC 8554; PSA 1.5, section 10.9.6). */
#define PSA_ALG_XMSS ((psa_algorithm_t) 0x06004a00) /**< Verification only (RFC 8391; PSA 1.5, section 10.9.7). */
#define PSA_ALG_XMSS_MT ((psa_algorithm_t) 0x06004b00) /**< Verification only (RFC 8391; PSA 1.5, section 10.9.7). */
#define PSA_ALG_ANY_HASH ((psa_algorithm_t) 0x020000ff) /**< Permits each hash inside a signature: in policies only (PSA 1.5, section 10.9.10). */
#define PSA_ALG_RSA_PKCS1V15_CRYPT ((psa_algorithm_t) 0x07000200) /**< Encryption with the padding of PKCS#1 v1.5 (PSA 1.5, section 10.10.1). */
#define PSA_ALG_FFDH ((psa_algorithm_t) 0x09010000) /**< Finite-field Diffie-Hellman (PSA 1.5, section 10.11.1). */
#define PSA_ALG_ECDH ((psa_algorithm_t) 0x09020000) /**< Elliptic-curve Diffie-Hellman (PSA 1.5, section 10.11.1). */
#define PSA_ALG_ECIES_SEC1 ((psa_algorithm_t) 0x0c000100) /**< The key encapsulation of ECIES (SEC 1; PSA 1.5, section 10.12.1). */
#define PSA_ALG_ML_KEM ((psa_algorithm_t) 0x0c000200) /**< Key encapsulation (FIPS 203; PSA 1.5, section 10.12.2). */
#define PSA_ALG_SPAKE2P_MATTER ((psa_algorithm_t) 0x0a000609) /**< SPAKE2+ as Matter 1.2 uses it (PSA 1.5, section 10.13.11). */
#define PSA_ALG_WPA3_SAE_ANY ((psa_algorithm_t) 0x0a0088ff) /**< Permits WPA3-SAE and the derivation of its key: in policies only (PSA 1.5, section 10.13.13). */

/* The function-like macros on algorithms (PSA 1.5, chapter 10 and appendix C.1). */

#define PSA_ALG_IS_HASH(alg) (((alg) & 0x7f000000u) == 0x02000000u) /**< True for hashes (PSA 1.5, section 10.1.2). */
#define PSA_ALG_IS_XOF(alg) (((alg) & 0x7f000000u) == 0x0d000000u) /**< True for extendable-output functions (PSA 1.5, section 10.1.2). */
#define PSA_ALG_IS_MAC(alg) (((alg) & 0x7f000000u) == 0x03000000u) /**< True for MACs (PSA 1.5, section 10.1.2). */
#define PSA_ALG_IS_CIPHER(alg) (((alg) & 0x7f000000u) == 0x04000000u) /**< True for ciphers without authentication (PSA 1.5, section 10.1.2). */
#define PSA_ALG_IS_AEAD(alg) (((alg) & 0x7f000000u) == 0x05000000u) /**< True for AEAD: authenticated encryption with associated data (PSA 1.5, section 10.1.2). */
#define PSA_ALG_IS_SIGN(alg) (((alg) & 0x7f000000u) == 0x06000000u) /**< True for signatures (PSA 1.5, section 10.1.2). */
#define PSA_ALG_IS_ASYMMETRIC_ENCRYPTION(alg) (((alg) & 0x7f000000u) == 0x07000000u) /**< True for asymmetric encryption (PSA 1.5, section 10.1.2). */
#define PSA_ALG_IS_KEY_DERIVATION(alg) (((alg) & 0x7f000000u) == 0x08000000u) /**< True for key derivations (PSA 1.5, section 10.1.2). */
#define PSA_ALG_IS_KEY_AGREEMENT(alg) (((alg) & 0x7f000000u) == 0x09000000u) /**< True for key agreements, alone or combined with a derivation (PSA 1.5, section 10.1.2). */
#define PSA_ALG_IS_PAKE(alg) (((alg) & 0x7f000000u) == 0x0a000000u) /**< True for password-authenticated key exchanges (PSA 1.5, section 10.1.2). */
#define PSA_ALG_IS_KEY_WRAP(alg) (((alg) & 0x7f000000u) == 0x0b000000u) /**< True for key wrapping (PSA 1.5, section 10.1.2). */
#define PSA_ALG_IS_KEY_ENCAPSULATION(alg) (((alg) & 0x7f000000u) == 0x0c000000u) /**< True for key encapsulations (PSA 1.5, section 10.1.2). */
#define PSA_ALG_IS_BLAKE2_HASH(alg) (((alg) & 0x7ffffffcu) == 0x0200001cu) /**< True for the hashes of BLAKE2 (PSA 1.5, section 10.2.1). */
#define PSA_ALG_XOF_HAS_CONTEXT(alg) (((alg) & 0x00008000u) == 0x00008000u) /**< True for the extendable-output functions that take a context; means nothing for other algorithms (PSA 1.5, section 10.3.3). */
#define PSA_ALG_IS_HMAC(alg) (((alg) & 0x7fc0ff00u) == 0x03800000u) /**< True for HMAC with any hash, truncated or not (PSA 1.5, section 10.4.4). */
#define PSA_ALG_IS_BLAKE2_MAC(alg) (((alg) & 0x7fc0ff00u) == 0x03800300u) /**< True for keyed BLAKE2, truncated or not (PSA 1.5, section 10.4.4). */
#define PSA_ALG_IS_BLOCK_CIPHER_MAC(alg) (((alg) & 0x7fc00000u) == 0x03c00000u) /**< True for MACs made of a block cipher: CBC-MAC and CMAC (PSA 1.5, section 10.4.4). */
#define PSA_ALG_IS_STREAM_CIPHER(alg) (((alg) & 0x7f800000u) == 0x04800000u) /**< True for stream ciphers, and for modes that make one of a block cipher, such as CTR (PSA 1.5, section 10.5.4). */
#define PSA_ALG_IS_AEAD_ON_BLOCK_CIPHER(alg) (((alg) & 0x7f400000u) == 0x05400000u) /**< True for AEAD made of a block cipher: CCM and GCM (PSA 1.5, section 10.6.4). */
#define PSA_ALG_IS_KEY_DERIVATION_STRETCHING(alg) (((alg) & 0x7f800000u) == 0x08800000u) /**< True for key derivations that take a password (PSA 1.5, section 10.8.4). */
#define PSA_ALG_IS_HKDF(alg) (((alg) & 0xffffff00u) == 0x08000100u) /**< True for HKDF with any hash (PSA 1.5, section 10.8.4). */
#define PSA_ALG_IS_HKDF_EXTRACT(alg) (((alg) & 0xffffff00u) == 0x08000400u) /**< True for HKDF-Extract with any hash (PSA 1.5, section 10.8.4). */
#define PSA_ALG_IS_HKDF_EXPAND(alg) (((alg) & 0xffffff00u) == 0x08000500u) /**< True for HKDF-Expand with any hash (PSA 1.5, section 10.8.4). */
#define PSA_ALG_IS_SP800_108_COUNTER_HMAC(alg) (((alg) & 0xffffff00u) == 0x08000700u) /**< True for the counter mode of NIST SP 800-108 over HMAC with any hash (PSA 1.5, section 10.8.4). */
#define PSA_ALG_IS_TLS12_PRF(alg) (((alg) & 0xffffff00u) == 0x08000200u) /**< True for the PRF of TLS 1.2 with any hash (PSA 1.5, section 10.8.4). */
#define PSA_ALG_IS_TLS12_PSK_TO_MS(alg) (((alg) & 0xffffff00u) == 0x08000300u) /**< True for the TLS 1.2 derivation from a pre-shared key, with any hash (PSA 1.5, section 10.8.4). */
#define PSA_ALG_IS_PBKDF2_HMAC(alg) (((alg) & 0xffffff00u) == 0x08800100u) /**< True for PBKDF2 over HMAC with any hash (PSA 1.5, section 10.8.4). */
#define PSA_ALG_IS_WPA3_SAE_H2E(alg) (((alg) & 0xffffff00u) == 0x08800400u) /**< True for the derivation of a WPA3-SAE password token, with any hash (PSA 1.5, section 10.8.4). */
#define PSA_ALG_IS_RSA_PKCS1V15_SIGN(alg) (((alg) & 0xffffff00u) == 0x06000200u) /**< True for RSA PKCS #1 v1.5 signatures, raw or with any hash (PSA 1.5, section 10.9.1). */
#define PSA_ALG_IS_RSA_PSS(alg) (((alg) & 0xffffef00u) == 0x06000300u) /**< True for RSA-PSS with any hash, whichever salts it verifies (PSA 1.5, section 10.9.1). */
#define PSA_ALG_IS_RSA_PSS_STANDARD_SALT(alg) (((alg) & 0xffffff00u) == 0x06000300u) /**< True for RSA-PSS that verifies salts of the standard length only (PSA 1.5, section 10.9.1). */
#define PSA_ALG_IS_RSA_PSS_ANY_SALT(alg) (((alg) & 0xffffff00u) == 0x06001300u) /**< True for RSA-PSS that verifies salts of any length (PSA 1.5, section 10.9.1). */
#define PSA_ALG_IS_ECDSA(alg) (((alg) & 0xfffffe00u) == 0x06000600u) /**< True for ECDSA, randomized or deterministic (PSA 1.5, section 10.9.2). */
#define PSA_ALG_IS_RANDOMIZED_ECDSA(alg) (((alg) & 0xffffff00u) == 0x06000600u) /**< True for ECDSA with a random nonce (PSA 1.5, section 10.9.2). */
#define PSA_ALG_IS_DETERMINISTIC_ECDSA(alg) (((alg) & 0xffffff00u) == 0x06000700u) /**< True for deterministic ECDSA (PSA 1.5, section 10.9.2). */
#define PSA_ALG_IS_HASH_EDDSA(alg) (((alg) & 0xffffff00u) == 0x06000900u) /**< True for HashEdDSA: Ed25519ph and Ed448ph (PSA 1.5, section 10.9.3). */
#define PSA_ALG_IS_SLH_DSA(alg) (((alg) & 0xfffffeffu) == 0x06004000u) /**< True for SLH-DSA without a hash in front, hedged or deterministic (PSA 1.5, section 10.9.4). */
#define PSA_ALG_IS_HASH_SLH_DSA(alg) (((alg) & 0xfffffe00u) == 0x06004200u) /**< True for HashSLH-DSA, hedged or deterministic (PSA 1.5, section 10.9.4). */
#define PSA_ALG_IS_HEDGED_HASH_SLH_DSA(alg) (((alg) & 0xffffff00u) == 0x06004200u) /**< True for hedged HashSLH-DSA (PSA 1.5, section 10.9.4). */
#define PSA_ALG_IS_DETERMINISTIC_HASH_SLH_DSA(alg) (((alg) & 0xffffff00u) == 0x06004300u) /**< True for deterministic HashSLH-DSA (PSA 1.5, section 10.9.4). */
#define PSA_ALG_IS_ML_DSA(alg) (((alg) & 0xfffffeffu) == 0x06004400u) /**< True for ML-DSA without a hash in front, hedged or deterministic (PSA 1.5, section 10.9.5). */
#define PSA_ALG_IS_HASH_ML_DSA(alg) (((alg) & 0xfffffe00u) == 0x06004600u) /**< True for HashML-DSA, hedged or deterministic (PSA 1.5, section 10.9.5). */
#define PSA_ALG_IS_HEDGED_HASH_ML_DSA(alg) (((alg) & 0xffffff00u) == 0x06004600u) /**< True for hedged HashML-DSA (PSA 1.5, section 10.9.5). */
#define PSA_ALG_IS_DETERMINISTIC_HASH_ML_DSA(alg) (((alg) & 0xffffff00u) == 0x06004700u) /**< True for deterministic HashML-DSA (PSA 1.5, section 10.9.5). */
#define PSA_ALG_IS_RSA_OAEP(alg) (((alg) & 0xffffff00u) == 0x07000300u) /**< True for RSA-OAEP with any hash (PSA 1.5, section 10.10.3). */
#define PSA_ALG_IS_STANDALONE_KEY_AGREEMENT(alg) (((alg) & 0x7f00ffffu) == 0x09000000u) /**< True for key agreements alone, without a derivation (PSA 1.5, section 10.11.4). */
#define PSA_ALG_IS_RAW_KEY_AGREEMENT(alg) (((alg) & 0x7f00ffffu) == 0x09000000u) /**< The old name of PSA_ALG_IS_STANDALONE_KEY_AGREEMENT() (PSA 1.5, section 10.11.4). */
#define PSA_ALG_IS_FFDH(alg) (((alg) & 0x7fff0000u) == 0x09010000u) /**< True for finite-field Diffie-Hellman, alone or combined with a derivation (PSA 1.5, section 10.11.4). */
#define PSA_ALG_IS_ECDH(alg) (((alg) & 0x7fff0000u) == 0x09020000u) /**< True for elliptic-curve Diffie-Hellman, alone or combined with a derivation (PSA 1.5, section 10.11.4). */
#define PSA_ALG_IS_JPAKE(alg) (((alg) & 0xffffff00u) == 0x0a000100u) /**< True for J-PAKE with any hash (PSA 1.5, section 10.13.9). */
#define PSA_ALG_IS_SPAKE2P(alg) (((alg) & 0xfffffc00u) == 0x0a000400u) /**< True for SPAKE2+, that of Matter too (PSA 1.5, section 10.13.11). */
#define PSA_ALG_IS_SPAKE2P_HMAC(alg) (((alg) & 0xffffff00u) == 0x0a000400u) /**< True for SPAKE2+ with HMAC as key confirmation (PSA 1.5, section 10.13.11). */
#define PSA_ALG_IS_SPAKE2P_CMAC(alg) (((alg) & 0xffffff00u) == 0x0a000500u) /**< True for SPAKE2+ with CMAC as key confirmation (PSA 1.5, section 10.13.11). */
#define PSA_ALG_IS_WPA3_SAE(alg) (((alg) & 0xfffffe00u) == 0x0a000800u) /**< True for WPA3-SAE, whichever the size of its key (PSA 1.5, section 10.13.13). */
#define PSA_ALG_IS_WPA3_SAE_FIXED(alg) (((alg) & 0xffffff00u) == 0x0a000800u) /**< True for WPA3-SAE with a key of fixed size (PSA 1.5, section 10.13.13). */
#define PSA_ALG_IS_WPA3_SAE_GDH(alg) (((alg) & 0xffffff00u) == 0x0a000900u) /**< True for WPA3-SAE with a key whose size follows from the group (PSA 1.5, section 10.13.13). */
#define PSA_ALG_HMAC(hash_alg) ((psa_algorithm_t) (0x03800000u | ((hash_alg) & 0x000000ffu))) /**< HMAC (RFC 2104); the tag is as long as the hash, unless it is truncated (PSA 1.5, section 10.4.1). */
#define PSA_ALG_BLAKE2_MAC(hash_alg) ((psa_algorithm_t) (0x03800300u | ((hash_alg) & 0x000000ffu))) /**< Keyed BLAKE2 (RFC 7693), with a hash of BLAKE2; the tag is as long as the hash, unless it is truncated (PSA 1.5, section 10.4.1). */
#define PSA_ALG_HKDF(hash_alg) ((psa_algorithm_t) (0x08000100u | ((hash_alg) & 0x000000ffu))) /**< HKDF (RFC 5869): up to 255 times the length of the hash (PSA 1.5, section 10.8.1). */
#define PSA_ALG_HKDF_EXTRACT(hash_alg) ((psa_algorithm_t) (0x08000400u | ((hash_alg) & 0x000000ffu))) /**< The first half of HKDF (RFC 5869): as many bytes as the hash has (PSA 1.5, section 10.8.1). */
#define PSA_ALG_HKDF_EXPAND(hash_alg) ((psa_algorithm_t) (0x08000500u | ((hash_alg) & 0x000000ffu))) /**< The second half of HKDF (RFC 5869): up to 255 times the length of the hash (PSA 1.5, section 10.8.1). */
#define PSA_ALG_SP800_108_COUNTER_HMAC(hash_alg) ((psa_algorithm_t) (0x08000700u | ((hash_alg) & 0x000000ffu))) /**< Derivation in counter mode with HMAC (NIST SP 800-108; PSA 1.5, section 10.8.1). */
#define PSA_ALG_TLS12_PRF(hash_alg) ((psa_algorithm_t) (0x08000200u | ((hash_alg) & 0x000000ffu))) /**< The pseudorandom function of TLS 1.2 (RFC 5246, section 5; PSA 1.5, section 10.8.1). */
#define PSA_ALG_TLS12_PSK_TO_MS(hash_alg) ((psa_algorithm_t) (0x08000300u | ((hash_alg) & 0x000000ffu))) /**< From a pre-shared key to the master secret of TLS 1.2, 48 bytes (RFC 4279, section 2; PSA 1.5, section 10.8.1). */
#define PSA_ALG_PBKDF2_HMAC(hash_alg) ((psa_algorithm_t) (0x08800100u | ((hash_alg) & 0x000000ffu))) /**< PBKDF2 with HMAC (RFC 8018, section 5.2; PSA 1.5, section 10.8.1). */
#define PSA_ALG_WPA3_SAE_H2E(hash_alg) ((psa_algorithm_t) (0x08800400u | ((hash_alg) & 0x000000ffu))) /**< From a password to the token of WPA3-SAE, by hash-to-element; it gives one key (PSA 1.5, section 10.8.1). */
#define PSA_ALG_RSA_PKCS1V15_SIGN(hash_alg) ((psa_algorithm_t) (0x06000200u | ((hash_alg) & 0x000000ffu))) /**< RSA signature with the padding of PKCS #1 v1.5 (RFC 8017, section 8.2), as long as the modulus (PSA 1.5, section 10.9.1). */
#define PSA_ALG_RSA_PSS(hash_alg) ((psa_algorithm_t) (0x06000300u | ((hash_alg) & 0x000000ffu))) /**< RSA-PSS (RFC 8017, section 8.1): the salt is as long as the hash, or as long as fits (PSA 1.5, section 10.9.1). */
#define PSA_ALG_RSA_PSS_ANY_SALT(hash_alg) ((psa_algorithm_t) (0x06001300u | ((hash_alg) & 0x000000ffu))) /**< RSA-PSS (RFC 8017, section 8.1): signs as PSA_ALG_RSA_PSS() does, and verifies salts of any length (PSA 1.5, section 10.9.1). */
#define PSA_ALG_ECDSA(hash_alg) ((psa_algorithm_t) (0x06000600u | ((hash_alg) & 0x000000ffu))) /**< ECDSA with a random nonce (SEC 1): the signature is r and s, each as long as the order of the curve (PSA 1.5, section 10.9.2). */
#define PSA_ALG_DETERMINISTIC_ECDSA(hash_alg) ((psa_algorithm_t) (0x06000700u | ((hash_alg) & 0x000000ffu))) /**< ECDSA with a nonce made from key and hash (RFC 6979); verified as any other ECDSA (PSA 1.5, section 10.9.2). */
#define PSA_ALG_HASH_SLH_DSA(hash_alg) ((psa_algorithm_t) (0x06004200u | ((hash_alg) & 0x000000ffu))) /**< Hedged SLH-DSA of a hash (FIPS 205, section 10.2; PSA 1.5, section 10.9.4). */
#define PSA_ALG_DETERMINISTIC_HASH_SLH_DSA(hash_alg) ((psa_algorithm_t) (0x06004300u | ((hash_alg) & 0x000000ffu))) /**< Deterministic SLH-DSA of a hash (FIPS 205, section 10.2; PSA 1.5, section 10.9.4). */
#define PSA_ALG_HASH_ML_DSA(hash_alg) ((psa_algorithm_t) (0x06004600u | ((hash_alg) & 0x000000ffu))) /**< Hedged ML-DSA of a hash (FIPS 204, section 5.4; PSA 1.5, section 10.9.5). */
#define PSA_ALG_DETERMINISTIC_HASH_ML_DSA(hash_alg) ((psa_algorithm_t) (0x06004700u | ((hash_alg) & 0x000000ffu))) /**< Deterministic ML-DSA of a hash (FIPS 204, section 5.4; PSA 1.5, section 10.9.5). */
#define PSA_ALG_RSA_OAEP(hash_alg) ((psa_algorithm_t) (0x07000300u | ((hash_alg) & 0x000000ffu))) /**< RSA-OAEP (RFC 8017, section 7.1), with this hash also in the mask (PSA 1.5, section 10.10.1). */
#define PSA_ALG_JPAKE(hash_alg) ((psa_algorithm_t) (0x0a000100u | ((hash_alg) & 0x000000ffu))) /**< J-PAKE (RFC 8236; PSA 1.5, section 10.13.9). */
#define PSA_ALG_SPAKE2P_HMAC(hash_alg) ((psa_algorithm_t) (0x0a000400u | ((hash_alg) & 0x000000ffu))) /**< SPAKE2+ with HMAC as key confirmation (RFC 9383; PSA 1.5, section 10.13.11). */
#define PSA_ALG_SPAKE2P_CMAC(hash_alg) ((psa_algorithm_t) (0x0a000500u | ((hash_alg) & 0x000000ffu))) /**< SPAKE2+ with CMAC of AES-128 as key confirmation (RFC 9383; PSA 1.5, section 10.13.11). */
#define PSA_ALG_WPA3_SAE_FIXED(hash_alg) ((psa_algorithm_t) (0x0a000800u | ((hash_alg) & 0x000000ffu))) /**< WPA3-SAE (IEEE 802.11, section 12.4) with a key of 32 bytes (PSA 1.5, section 10.13.13). */
#define PSA_ALG_WPA3_SAE_GDH(hash_alg) ((psa_algorithm_t) (0x0a000900u | ((hash_alg) & 0x000000ffu))) /**< WPA3-SAE (IEEE 802.11, section 12.4) with a key as long as the hash of its group (PSA 1.5, section 10.13.13). */

/* Key types (PSA 1.5, sections 9.2 to 9.5 and appendix B). */

#define PSA_KEY_TYPE_NONE ((psa_key_type_t) 0x0000) /**< No type set (PSA 1.5, section 9.2.1). */
#define PSA_KEY_TYPE_RAW_DATA ((psa_key_type_t) 0x1001) /**< Bytes that no algorithm takes as its key (PSA 1.5, section 9.3.1). */
#define PSA_KEY_TYPE_DERIVE ((psa_key_type_t) 0x1200) /**< A secret with enough entropy, to derive from (PSA 1.5, section 9.3.1). */
#define PSA_KEY_TYPE_PASSWORD ((psa_key_type_t) 0x1203) /**< A secret with little entropy, to derive from (PSA 1.5, section 9.3.1). */
#define PSA_KEY_TYPE_PASSWORD_HASH ((psa_key_type_t) 0x1205) /**< A hash to compare a derived one with (PSA 1.5, section 9.3.1). */
#define PSA_KEY_TYPE_PEPPER ((psa_key_type_t) 0x1206) /**< A secret salt for the hashing of passwords (PSA 1.5, section 9.3.1). */
#define PSA_KEY_TYPE_HMAC ((psa_key_type_t) 0x1100) /**< HMAC: any whole number of bytes (PSA 1.5, section 9.3.2). */
#define PSA_KEY_TYPE_AES ((psa_key_type_t) 0x2400) /**< 128, 192 or 256 bits; both keys, one after the other, for XTS (PSA 1.5, section 9.3.2). */
#define PSA_KEY_TYPE_ARIA ((psa_key_type_t) 0x2406) /**< 128, 192 or 256 bits; both keys, one after the other, for XTS (PSA 1.5, section 9.3.2). */
#define PSA_KEY_TYPE_DES ((psa_key_type_t) 0x2301) /**< 64, 128 or 192 bits for DES, two-key and three-key triple DES, parity bits included (PSA 1.5, section 9.3.2). */
#define PSA_KEY_TYPE_CAMELLIA ((psa_key_type_t) 0x2403) /**< 128, 192 or 256 bits; both keys, one after the other, for XTS (PSA 1.5, section 9.3.2). */
#define PSA_KEY_TYPE_SM4 ((psa_key_type_t) 0x2405) /**< 128 bits; both keys, one after the other, for XTS (PSA 1.5, section 9.3.2). */
#define PSA_KEY_TYPE_ARC4 ((psa_key_type_t) 0x2002) /**< 40 to 2048 bits, whole bytes (PSA 1.5, section 9.3.2). */
#define PSA_KEY_TYPE_CHACHA20 ((psa_key_type_t) 0x2004) /**< 256 bits (PSA 1.5, section 9.3.2). */
#define PSA_KEY_TYPE_XCHACHA20 ((psa_key_type_t) 0x2007) /**< 256 bits (PSA 1.5, section 9.3.2). */
#define PSA_KEY_TYPE_ASCON ((psa_key_type_t) 0x2008) /**< 128 bits, or 256 with a key that masks the nonce (PSA 1.5, section 9.3.2). */
#define PSA_KEY_TYPE_BLAKE2 ((psa_key_type_t) 0x1103) /**< Keyed BLAKE2: 1 to 64 bytes, 32 at most for BLAKE2s and BLAKE2sp (PSA 1.5, section 9.3.2). */
#define PSA_KEY_TYPE_RSA_KEY_PAIR ((psa_key_type_t) 0x7001) /**< The DER of RSAPrivateKey (RFC 8017, appendix A.1.2; PSA 1.5, section 9.5.1). */
#define PSA_KEY_TYPE_RSA_PUBLIC_KEY ((psa_key_type_t) 0x4001) /**< The DER of RSAPublicKey (RFC 8017, appendix A.1.1; PSA 1.5, section 9.5.1). */
#define PSA_KEY_TYPE_LMS_PUBLIC_KEY ((psa_key_type_t) 0x4007) /**< lms_public_key of RFC 8554, section 5.3; size 192 or 256, of its hash (PSA 1.5, section 9.5.4). */
#define PSA_KEY_TYPE_HSS_PUBLIC_KEY ((psa_key_type_t) 0x4008) /**< hss_public_key of RFC 8554, section 6.1; size 192 or 256, of its hash (PSA 1.5, section 9.5.4). */
#define PSA_KEY_TYPE_XMSS_PUBLIC_KEY ((psa_key_type_t) 0x400b) /**< xmss_public_key of RFC 8391, appendix B.3; size 192 or 256, of its hash (PSA 1.5, section 9.5.5). */
#define PSA_KEY_TYPE_XMSS_MT_PUBLIC_KEY ((psa_key_type_t) 0x400d) /**< xmssmt_public_key of RFC 8391, appendix C.3; size 192 or 256, of its hash (PSA 1.5, section 9.5.5). */
#define PSA_KEY_TYPE_ML_DSA_KEY_PAIR ((psa_key_type_t) 0x7002) /**< The seed of FIPS 204, 32 bytes; size 128, 192 or 256 for ML-DSA-44, -65, -87 (PSA 1.5, section 9.5.6). */
#define PSA_KEY_TYPE_ML_DSA_PUBLIC_KEY ((psa_key_type_t) 0x4002) /**< pk of FIPS 204: 1312, 1952 or 2592 bytes; size 128, 192 or 256 (PSA 1.5, section 9.5.6). */
#define PSA_KEY_TYPE_ML_KEM_KEY_PAIR ((psa_key_type_t) 0x7004) /**< The seeds d and z of FIPS 203, 64 bytes; size 512, 768 or 1024 (PSA 1.5, section 9.5.8). */
#define PSA_KEY_TYPE_ML_KEM_PUBLIC_KEY ((psa_key_type_t) 0x4004) /**< ek of FIPS 203: 800, 1184 or 1568 bytes; size 512, 768 or 1024 (PSA 1.5, section 9.5.8). */
#define PSA_KEY_TYPE_IS_ASYMMETRIC(type) (((type) & 0x4000u) == 0x4000u) /**< True for key pairs and public keys (PSA 1.5, section 9.2.2). */
#define PSA_KEY_TYPE_IS_PUBLIC_KEY(type) (((type) & 0x7000u) == 0x4000u) /**< True for public keys (PSA 1.5, section 9.2.2). */
#define PSA_KEY_TYPE_IS_KEY_PAIR(type) (((type) & 0x7000u) == 0x7000u) /**< True for key pairs (PSA 1.5, section 9.2.2). */
#define PSA_KEY_TYPE_IS_RSA(type) (((type) & 0xcfffu) == 0x4001u) /**< True for RSA key pairs and public keys (PSA 1.5, section 9.5.1). */
#define PSA_KEY_TYPE_IS_ECC(type) (((type) & 0xcf80u) == 0x4100u) /**< True for elliptic-curve key pairs and public keys (PSA 1.5, section 9.5.2). */
#define PSA_KEY_TYPE_IS_ECC_KEY_PAIR(type) (((type) & 0xff80u) == 0x7100u) /**< True for elliptic-curve key pairs (PSA 1.5, section 9.5.2). */
#define PSA_KEY_TYPE_IS_ECC_PUBLIC_KEY(type) (((type) & 0xff80u) == 0x4100u) /**< True for elliptic-curve public keys (PSA 1.5, section 9.5.2). */
#define PSA_KEY_TYPE_IS_DH(type) (((type) & 0xcf80u) == 0x4200u) /**< True for finite-field Diffie-Hellman key pairs and public keys (PSA 1.5, section 9.5.3). */
#define PSA_KEY_TYPE_IS_DH_KEY_PAIR(type) (((type) & 0xff80u) == 0x7200u) /**< True for finite-field Diffie-Hellman key pairs (PSA 1.5, section 9.5.3). */
#define PSA_KEY_TYPE_IS_DH_PUBLIC_KEY(type) (((type) & 0xff80u) == 0x4200u) /**< True for finite-field Diffie-Hellman public keys (PSA 1.5, section 9.5.3). */
#define PSA_KEY_TYPE_IS_SLH_DSA(type) (((type) & 0xcf80u) == 0x4180u) /**< True for SLH-DSA key pairs and public keys (PSA 1.5, section 9.5.7). */
#define PSA_KEY_TYPE_IS_SLH_DSA_KEY_PAIR(type) (((type) & 0xff80u) == 0x7180u) /**< True for SLH-DSA key pairs (PSA 1.5, section 9.5.7). */
#define PSA_KEY_TYPE_IS_SLH_DSA_PUBLIC_KEY(type) (((type) & 0xff80u) == 0x4180u) /**< True for SLH-DSA public keys (PSA 1.5, section 9.5.7). */
#define PSA_KEY_TYPE_IS_ML_DSA(type) (((type) & 0xcfffu) == 0x4002u) /**< True for ML-DSA key pairs and public keys (PSA 1.5, section 9.5.6). */
#define PSA_KEY_TYPE_IS_ML_KEM(type) (((type) & 0xcfffu) == 0x4004u) /**< True for ML-KEM key pairs and public keys (PSA 1.5, section 9.5.8). */
#define PSA_KEY_TYPE_IS_SPAKE2P(type) (((type) & 0xcf80u) == 0x4400u) /**< True for SPAKE2+ key pairs and public keys (PSA 1.5, section 9.5.9). */
#define PSA_KEY_TYPE_IS_SPAKE2P_KEY_PAIR(type) (((type) & 0xff80u) == 0x7400u) /**< True for SPAKE2+ key pairs (PSA 1.5, section 9.5.9). */
#define PSA_KEY_TYPE_IS_SPAKE2P_PUBLIC_KEY(type) (((type) & 0xff80u) == 0x4400u) /**< True for SPAKE2+ public keys (PSA 1.5, section 9.5.9). */
#define PSA_KEY_TYPE_IS_WPA3_SAE_ECC(type) (((type) & 0xff80u) == 0x3280u) /**< True for WPA3-SAE password tokens on elliptic curves (PSA 1.5, section 9.4.1). */
#define PSA_KEY_TYPE_IS_WPA3_SAE_DH(type) (((type) & 0xff80u) == 0x3300u) /**< True for WPA3-SAE password tokens in finite-field groups (PSA 1.5, section 9.4.1). */
#define PSA_KEY_TYPE_ECC_KEY_PAIR(curve) ((psa_key_type_t) (0x7100u | ((curve) & 0x007fu))) /**< Private key: a big-endian integer (RFC 5915), the key of X25519 or X448 (RFC 7748), or that of EdDSA (RFC 8032; PSA 1.5, section 9.5.2). */
#define PSA_KEY_TYPE_ECC_PUBLIC_KEY(curve) ((psa_key_type_t) (0x4100u | ((curve) & 0x007fu))) /**< Public key: an uncompressed point (SEC 1), the key of X25519 or X448 (RFC 7748), or that of EdDSA (RFC 8032; PSA 1.5, section 9.5.2). */
#define PSA_KEY_TYPE_DH_KEY_PAIR(group) ((psa_key_type_t) (0x7200u | ((group) & 0x007fu))) /**< Private key: a big-endian integer, as long as the prime (PSA 1.5, section 9.5.3). */
#define PSA_KEY_TYPE_DH_PUBLIC_KEY(group) ((psa_key_type_t) (0x4200u | ((group) & 0x007fu))) /**< Public key: a big-endian integer, as long as the prime (PSA 1.5, section 9.5.3). */
#define PSA_KEY_TYPE_SLH_DSA_KEY_PAIR(set) ((psa_key_type_t) (0x7180u | ((set) & 0x007fu))) /**< The four parts of a private key (FIPS 205): 64, 96 or 128 bytes; size 128, 192 or 256 (PSA 1.5, section 9.5.7). */
#define PSA_KEY_TYPE_SLH_DSA_PUBLIC_KEY(set) ((psa_key_type_t) (0x4180u | ((set) & 0x007fu))) /**< PK.seed and PK.root (FIPS 205): 32, 48 or 64 bytes; size 128, 192 or 256 (PSA 1.5, section 9.5.7). */
#define PSA_KEY_TYPE_SPAKE2P_KEY_PAIR(curve) ((psa_key_type_t) (0x7400u | ((curve) & 0x007fu))) /**< What the prover has, w0 and w1 (RFC 9383); the size is that of the curve (PSA 1.5, section 9.5.9). */
#define PSA_KEY_TYPE_SPAKE2P_PUBLIC_KEY(curve) ((psa_key_type_t) (0x4400u | ((curve) & 0x007fu))) /**< What the verifier has, w0 and L (RFC 9383); the size is that of the curve (PSA 1.5, section 9.5.9). */
#define PSA_KEY_TYPE_WPA3_SAE_ECC(curve) ((psa_key_type_t) (0x3280u | ((curve) & 0x007fu))) /**< Password token of WPA3-SAE: the coordinates of a point; the size is that of the curve (PSA 1.5, section 9.4.1). */
#define PSA_KEY_TYPE_WPA3_SAE_DH(group) ((psa_key_type_t) (0x3300u | ((group) & 0x007fu))) /**< Password token of WPA3-SAE: a group element, as long as the prime (PSA 1.5, section 9.4.1). */
#define PSA_KEY_TYPE_ECC_GET_FAMILY(type) ((psa_ecc_family_t) ((type) & 0x007fu)) /**< The family of an elliptic-curve key type (PSA 1.5, section 9.5.2). */
#define PSA_KEY_TYPE_DH_GET_FAMILY(type) ((psa_dh_family_t) ((type) & 0x007fu)) /**< The family of a finite-field Diffie-Hellman key type (PSA 1.5, section 9.5.3). */
#define PSA_KEY_TYPE_SLH_DSA_GET_FAMILY(type) ((psa_slh_dsa_family_t) ((type) & 0x007fu)) /**< The family of an SLH-DSA key type (PSA 1.5, section 9.5.7). */
#define PSA_KEY_TYPE_SPAKE2P_GET_FAMILY(type) ((psa_ecc_family_t) ((type) & 0x007fu)) /**< The family of a SPAKE2+ key type (PSA 1.5, section 9.5.9). */
#define PSA_KEY_TYPE_WPA3_SAE_ECC_GET_FAMILY(type) ((psa_ecc_family_t) ((type) & 0x007fu)) /**< The family of a WPA3-SAE password token on an elliptic curve (PSA 1.5, section 9.4.1). */
#define PSA_KEY_TYPE_WPA3_SAE_DH_GET_FAMILY(type) ((psa_dh_family_t) ((type) & 0x007fu)) /**< The family of a WPA3-SAE password token in a finite-field group (PSA 1.5, section 9.4.1). */
#define PSA_ECC_FAMILY_SECP_K1 ((psa_ecc_family_t) 0x17) /**< secp192k1 and secp256k1 (PSA 1.5, section 9.2.3). */
#define PSA_ECC_FAMILY_SECP_R1 ((psa_ecc_family_t) 0x12) /**< secp192r1 to secp521r1, the P curves of NIST (PSA 1.5, section 9.2.3). */
#define PSA_ECC_FAMILY_SECP_R2 ((psa_ecc_family_t) 0x1b) /**< secp160r2; in no place of this library (PSA 1.5, section 9.2.3). */
#define PSA_ECC_FAMILY_SECT_K1 ((psa_ecc_family_t) 0x27) /**< Binary Koblitz curves; in no place of this library (PSA 1.5, section 9.2.3). */
#define PSA_ECC_FAMILY_SECT_R1 ((psa_ecc_family_t) 0x22) /**< Binary random curves; in no place of this library (PSA 1.5, section 9.2.3). */
#define PSA_ECC_FAMILY_SECT_R2 ((psa_ecc_family_t) 0x2b) /**< sect163r2; in no place of this library (PSA 1.5, section 9.2.3). */
#define PSA_ECC_FAMILY_BRAINPOOL_P_R1 ((psa_ecc_family_t) 0x30) /**< brainpoolP160r1 to brainpoolP512r1 (RFC 5639; PSA 1.5, section 9.2.3). */
#define PSA_ECC_FAMILY_FRP ((psa_ecc_family_t) 0x33) /**< FRP256v1; in no place of this library (PSA 1.5, section 9.2.3). */
#define PSA_ECC_FAMILY_MONTGOMERY ((psa_ecc_family_t) 0x41) /**< Curve25519 (255 bits) and Curve448 (448 bits), for key agreement (PSA 1.5, section 9.2.3). */
#define PSA_ECC_FAMILY_TWISTED_EDWARDS ((psa_ecc_family_t) 0x42) /**< Edwards25519 (255 bits) and Edwards448 (448 bits), for signatures (PSA 1.5, section 9.2.3). */
#define PSA_DH_FAMILY_RFC7919 ((psa_dh_family_t) 0x03) /**< The groups of TLS (RFC 7919): 2048, 3072, 4096, 6144 or 8192 bits (PSA 1.5, section 9.2.4). */
#define PSA_DH_FAMILY_RFC3526 ((psa_dh_family_t) 0x05) /**< The MODP groups of IKE (RFC 3526): 2048, 3072, 4096, 6144 or 8192 bits (PSA 1.5, section 9.2.4). */
#define PSA_SLH_DSA_FAMILY_SHA2_S ((psa_slh_dsa_family_t) 0x02) /**< With SHA-2, small signatures; size 128, 192 or 256 (PSA 1.5, section 9.5.7). */
#define PSA_SLH_DSA_FAMILY_SHA2_F ((psa_slh_dsa_family_t) 0x04) /**< With SHA-2, fast signing; size 128, 192 or 256 (PSA 1.5, section 9.5.7). */
#define PSA_SLH_DSA_FAMILY_SHAKE_S ((psa_slh_dsa_family_t) 0x0b) /**< With SHAKE256, small signatures; size 128, 192 or 256 (PSA 1.5, section 9.5.7). */
#define PSA_SLH_DSA_FAMILY_SHAKE_F ((psa_slh_dsa_family_t) 0x0d) /**< With SHAKE256, fast signing; size 128, 192 or 256 (PSA 1.5, section 9.5.7). */

/* Lifetimes and identifiers of keys (PSA 1.5, sections 9.6 and 9.7). */

#define PSA_KEY_LIFETIME_VOLATILE ((psa_key_lifetime_t) 0) /**< Until destroyed or the process ends, in local memory (PSA 1.5, section 9.6.4). */
#define PSA_KEY_LIFETIME_PERSISTENT ((psa_key_lifetime_t) 1) /**< Until destroyed, in the default place (PSA 1.5, section 9.6.4). */
#define PSA_KEY_PERSISTENCE_VOLATILE ((psa_key_persistence_t) 0x00) /**< Until destroyed or the process ends (PSA 1.5, section 9.6.4). */
#define PSA_KEY_PERSISTENCE_DEFAULT ((psa_key_persistence_t) 0x01) /**< Until destroyed (PSA 1.5, section 9.6.4). */
#define PSA_KEY_PERSISTENCE_READ_ONLY ((psa_key_persistence_t) 0xff) /**< Cannot be destroyed (PSA 1.5, section 9.6.4). */
#define PSA_KEY_LOCATION_LOCAL_STORAGE ((psa_key_location_t) 0x000000) /**< The default place (PSA 1.5, section 9.6.4). */
#define PSA_KEY_LOCATION_PRIMARY_SECURE_ELEMENT ((psa_key_location_t) 0x000001) /**< The first device (PSA 1.5, section 9.6.4). */
#define PSA_KEY_ID_NULL ((psa_key_id_t) 0) /**< No key (PSA 1.5, section 9.7.1). */
#define PSA_KEY_ID_USER_MIN ((psa_key_id_t) 0x00000001) /**< First identifier that an application may choose (PSA 1.5, section 9.7.1). */
#define PSA_KEY_ID_USER_MAX ((psa_key_id_t) 0x3fffffff) /**< Last identifier that an application may choose (PSA 1.5, section 9.7.1). */
#define PSA_KEY_ID_VENDOR_MIN ((psa_key_id_t) 0x40000000) /**< First identifier that the library chooses (PSA 1.5, section 9.7.1). */
#define PSA_KEY_ID_VENDOR_MAX ((psa_key_id_t) 0x7fffffff) /**< Last identifier that the library chooses (PSA 1.5, section 9.7.1). */

/* Usage flags of keys (PSA 1.5, section 9.8). */

#define PSA_KEY_USAGE_EXPORT ((psa_key_usage_t) 0x00000001) /**< Export of the private or secret key; a public key needs no permission (PSA 1.5, section 9.8.2). */
#define PSA_KEY_USAGE_COPY ((psa_key_usage_t) 0x00000002) /**< Copies, also out of this place (PSA 1.5, section 9.8.2). */
#define PSA_KEY_USAGE_CACHE ((psa_key_usage_t) 0x00000004) /**< May stay in memory between uses, instead of being read each time (PSA 1.5, section 9.8.2). */
#define PSA_KEY_USAGE_ENCRYPT ((psa_key_usage_t) 0x00000100) /**< Encryption, and encapsulation for a public key (PSA 1.5, section 9.8.2). */
#define PSA_KEY_USAGE_DECRYPT ((psa_key_usage_t) 0x00000200) /**< Decryption, and decapsulation (PSA 1.5, section 9.8.2). */
#define PSA_KEY_USAGE_SIGN_MESSAGE ((psa_key_usage_t) 0x00000400) /**< Signatures and MACs of messages (PSA 1.5, section 9.8.2). */
#define PSA_KEY_USAGE_VERIFY_MESSAGE ((psa_key_usage_t) 0x00000800) /**< Checking signatures and MACs of messages (PSA 1.5, section 9.8.2). */
#define PSA_KEY_USAGE_SIGN_HASH ((psa_key_usage_t) 0x00001000) /**< Signatures of hashes; implies SIGN_MESSAGE (PSA 1.5, section 9.8.2). */
#define PSA_KEY_USAGE_VERIFY_HASH ((psa_key_usage_t) 0x00002000) /**< Checking signatures of hashes; implies VERIFY_MESSAGE (PSA 1.5, section 9.8.2). */
#define PSA_KEY_USAGE_DERIVE ((psa_key_usage_t) 0x00004000) /**< Key derivation, key agreement and password-authenticated key exchange (PSA 1.5, section 9.8.2). */
#define PSA_KEY_USAGE_VERIFY_DERIVATION ((psa_key_usage_t) 0x00008000) /**< Key derivation whose output is compared only (PSA 1.5, section 9.8.2). */
#define PSA_KEY_USAGE_DERIVE_PUBLIC ((psa_key_usage_t) 0x00000080) /**< Public key of a key agreement; in psa_check_key_usage() only (PSA 1.5, section 9.8.2). */
#define PSA_KEY_USAGE_WRAP ((psa_key_usage_t) 0x00010000) /**< Wrapping other keys (PSA 1.5, section 9.8.2). */
#define PSA_KEY_USAGE_UNWRAP ((psa_key_usage_t) 0x00020000) /**< Unwrapping other keys (PSA 1.5, section 9.8.2). */

/* Constants of key derivation (PSA 1.5, section 10.8). */

#define PSA_KEY_DERIVATION_INPUT_SECRET ((psa_key_derivation_step_t) 0x0101) /**< The high-entropy secret (PSA 1.5, section 10.8.2). */
#define PSA_KEY_DERIVATION_INPUT_PASSWORD ((psa_key_derivation_step_t) 0x0102) /**< The low-entropy secret (PSA 1.5, section 10.8.2). */
#define PSA_KEY_DERIVATION_INPUT_OTHER_SECRET ((psa_key_derivation_step_t) 0x0103) /**< A second secret (PSA 1.5, section 10.8.2). */
#define PSA_KEY_DERIVATION_INPUT_LABEL ((psa_key_derivation_step_t) 0x0201) /**< What the output is for (PSA 1.5, section 10.8.2). */
#define PSA_KEY_DERIVATION_INPUT_SALT ((psa_key_derivation_step_t) 0x0202) /**< A salt (PSA 1.5, section 10.8.2). */
#define PSA_KEY_DERIVATION_INPUT_INFO ((psa_key_derivation_step_t) 0x0203) /**< Application-specific information (PSA 1.5, section 10.8.2). */
#define PSA_KEY_DERIVATION_INPUT_SEED ((psa_key_derivation_step_t) 0x0204) /**< A seed (PSA 1.5, section 10.8.2). */
#define PSA_KEY_DERIVATION_INPUT_COST ((psa_key_derivation_step_t) 0x0205) /**< The number of iterations (PSA 1.5, section 10.8.2). */
#define PSA_KEY_DERIVATION_INPUT_CONTEXT ((psa_key_derivation_step_t) 0x0206) /**< Whom the output is for (PSA 1.5, section 10.8.2). */
#define PSA_KEY_DERIVATION_UNLIMITED_CAPACITY ((size_t) -1) /**< No limit but the algorithm's own (PSA 1.5, section 10.8.4). */

/* Password-authenticated key exchange: groups, roles and steps (PSA 1.5, section 10.13). */

#define PSA_PAKE_PRIMITIVE_TYPE_ECC ((psa_pake_primitive_type_t) 0x01) /**< An elliptic curve (PSA 1.5, section 10.13.2). */
#define PSA_PAKE_PRIMITIVE_TYPE_DH ((psa_pake_primitive_type_t) 0x02) /**< A finite-field group (PSA 1.5, section 10.13.2). */
#define PSA_PAKE_ROLE_NONE ((psa_pake_role_t) 0x00) /**< The protocol does not tell the sides apart (PSA 1.5, section 10.13.4). */
#define PSA_PAKE_ROLE_FIRST ((psa_pake_role_t) 0x01) /**< The side that some protocols number first (PSA 1.5, section 10.13.4). */
#define PSA_PAKE_ROLE_SECOND ((psa_pake_role_t) 0x02) /**< The other side of it (PSA 1.5, section 10.13.4). */
#define PSA_PAKE_ROLE_CLIENT ((psa_pake_role_t) 0x11) /**< The side that has the password, or what follows from it (PSA 1.5, section 10.13.4). */
#define PSA_PAKE_ROLE_SERVER ((psa_pake_role_t) 0x12) /**< The side that may have only a verifier (PSA 1.5, section 10.13.4). */
#define PSA_PAKE_STEP_KEY_SHARE ((psa_pake_step_t) 0x01) /**< A group element (PSA 1.5, section 10.13.5). */
#define PSA_PAKE_STEP_ZK_PUBLIC ((psa_pake_step_t) 0x02) /**< The public part of a zero-knowledge proof: a group element (PSA 1.5, section 10.13.5). */
#define PSA_PAKE_STEP_ZK_PROOF ((psa_pake_step_t) 0x03) /**< The response of a zero-knowledge proof: a scalar (PSA 1.5, section 10.13.5). */
#define PSA_PAKE_STEP_CONFIRM ((psa_pake_step_t) 0x04) /**< A key confirmation (PSA 1.5, section 10.13.5). */
#define PSA_PAKE_STEP_SALT ((psa_pake_step_t) 0x05) /**< The salt from which the SAE keys come (PSA 1.5, section 10.13.5). */
#define PSA_PAKE_STEP_COMMIT ((psa_pake_step_t) 0x06) /**< The commitment of WPA3-SAE: a scalar and a group element (PSA 1.5, section 10.13.5). */
#define PSA_PAKE_STEP_CONFIRM_COUNT ((psa_pake_step_t) 0x07) /**< The send-confirm counter of WPA3-SAE (PSA 1.5, section 10.13.5). */
#define PSA_PAKE_STEP_KEY_ID ((psa_pake_step_t) 0x08) /**< The identifier of the key that WPA3-SAE agreed on (PSA 1.5, section 10.13.5). */
#define PSA_PAKE_CONFIRMED_KEY 0 /**< The shared key is given out after it was confirmed (PSA 1.5, section 10.13.3). */
#define PSA_PAKE_UNCONFIRMED_KEY 1 /**< The shared key may be given out before it was confirmed (PSA 1.5, section 10.13.3). */

/* Sizes of buffers in bytes: the twins of the size macros (PSA 1.5, chapters 9 and 10). */

#define PSA_HASH_MAX_SIZE 64 /**< Bytes of the longest hash (PSA 1.5, section 10.2.4). */
#define PSA_HASH_SUSPEND_OUTPUT_MAX_SIZE 211 /**< Bytes of the longest suspended hash, SHA-512 (PSA 1.5, section 10.2.4). */
#define PSA_HASH_SUSPEND_ALGORITHM_FIELD_LENGTH ((size_t) 4) /**< Bytes of the field of a suspended hash that names the algorithm (PSA 1.5, section 10.2.4). */
#define PSA_MAC_MAX_SIZE 64 /**< Bytes of the longest MAC, HMAC with the longest hash (PSA 1.5, section 10.4.4). */
#define PSA_BLOCK_CIPHER_BLOCK_MAX_SIZE 16 /**< Bytes of the longest block of a cipher (PSA 1.5, section 10.5.4). */
#define PSA_CIPHER_IV_MAX_SIZE 24 /**< Bytes of the longest initialization vector, of XChaCha20 (PSA 1.5, section 10.5.4). */
#define PSA_CIPHER_FINISH_OUTPUT_MAX_SIZE 32 /**< Bytes for any output of psa_cipher_finish(): two blocks, of which XTS steals (PSA 1.5, section 10.5.4). */
#define PSA_AEAD_NONCE_MAX_SIZE 24 /**< Bytes of the longest nonce, of XChaCha20-Poly1305 (PSA 1.5, section 10.6.4). */
#define PSA_AEAD_TAG_MAX_SIZE 16 /**< Bytes of the longest tag (PSA 1.5, section 10.6.4). */
#define PSA_AEAD_FINISH_OUTPUT_MAX_SIZE 16 /**< Bytes for any ciphertext of psa_aead_finish() (PSA 1.5, section 10.6.4). */
#define PSA_AEAD_VERIFY_OUTPUT_MAX_SIZE 16 /**< Bytes for any plaintext of psa_aead_verify() (PSA 1.5, section 10.6.4). */
#define PSA_TLS12_PSK_TO_MS_PSK_MAX_SIZE 128 /**< Bytes of the longest pre-shared key, twice what RFC 4279 demands (PSA 1.5, section 10.8.4). */
#define PSA_TLS12_ECJPAKE_TO_PMS_OUTPUT_SIZE 32 /**< Bytes of the premaster secret (PSA 1.5, section 10.8.4). */
#define PSA_SIGNATURE_MAX_SIZE 49856 /**< Bytes of the longest signature, of SLH-DSA-256f (PSA 1.5, section 10.9.10). */
#define PSA_ASYMMETRIC_ENCRYPT_OUTPUT_MAX_SIZE 1024 /**< Bytes for any output of psa_asymmetric_encrypt() (PSA 1.5, section 10.10.3). */
#define PSA_ASYMMETRIC_DECRYPT_OUTPUT_MAX_SIZE 1013 /**< Bytes for any output of psa_asymmetric_decrypt() (PSA 1.5, section 10.10.3). */
#define PSA_RAW_KEY_AGREEMENT_OUTPUT_MAX_SIZE 1024 /**< Bytes of the longest shared secret, of the largest finite-field group (PSA 1.5, section 10.11.4). */
#define PSA_ENCAPSULATE_CIPHERTEXT_MAX_SIZE 1568 /**< Bytes of the longest ciphertext of psa_encapsulate(), of ML-KEM-1024 (PSA 1.5, section 10.12.4). */
#define PSA_EXPORT_KEY_PAIR_MAX_SIZE 4657 /**< Bytes of the longest key pair, of RSA (PSA 1.5, section 9.9.3). */
#define PSA_EXPORT_PUBLIC_KEY_MAX_SIZE 2592 /**< Bytes of the longest public key, of ML-DSA-87 (PSA 1.5, section 9.9.3). */
#define PSA_EXPORT_ASYMMETRIC_KEY_MAX_SIZE 4657 /**< Bytes of the longest key pair or public key (PSA 1.5, section 9.9.3). */
#define PSA_WRAP_KEY_PAIR_MAX_SIZE 4672 /**< Bytes for any key pair, wrapped by psa_wrap_key() (PSA 1.5, section 10.7.3). */
#define PSA_PAKE_OUTPUT_MAX_SIZE 2048 /**< Bytes for any output of psa_pake_output(), of WPA3-SAE (PSA 1.5, section 10.13.7). */
#define PSA_PAKE_INPUT_MAX_SIZE 2048 /**< Bytes for any input of psa_pake_input() (PSA 1.5, section 10.13.7). */

#include "crypto_macros.h"

#endif /* PSA_CRYPTO_VALUES_H */
