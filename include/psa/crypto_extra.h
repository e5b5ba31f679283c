/**
 * \file psa/crypto_extra.h
 * What programs written for Mbed TLS use beside the specification: key identifiers with an owner (here there is
 * none: a namespace takes that part), and a few more macros.
 */
#ifndef PSA_CRYPTO_EXTRA_H
#define PSA_CRYPTO_EXTRA_H

#include "crypto_struct.h"
#include "crypto_sizes.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A key identifier: there are no owners here, so it is the plain one. */
typedef psa_key_id_t mbedtls_svc_key_id_t;

/** No key. */
#define MBEDTLS_SVC_KEY_ID_INIT PSA_KEY_ID_NULL
/** The key identifier, without an owner. */
#define MBEDTLS_SVC_KEY_ID_GET_KEY_ID(id) (id)
/** The owner of a key: none. */
#define MBEDTLS_SVC_KEY_ID_GET_OWNER_ID(id) (0u * (id))

/** Makes a key identifier; the owner is ignored. */
static inline mbedtls_svc_key_id_t mbedtls_svc_key_id_make(unsigned int owner, psa_key_id_t id)
{
    (void) owner;
    return id;
}

/** Whether two key identifiers are the same. */
static inline int mbedtls_svc_key_id_equal(mbedtls_svc_key_id_t id1, mbedtls_svc_key_id_t id2)
{
    return id1 == id2;
}

/** Whether a key identifier is that of no key. */
static inline int mbedtls_svc_key_id_is_null(mbedtls_svc_key_id_t id)
{
    return id == PSA_KEY_ID_NULL;
}

/** Smallest key identifier of the library's own keys. */
#define MBEDTLS_PSA_KEY_ID_BUILTIN_MIN PSA_KEY_ID_VENDOR_MIN

/** Bits to bytes, rounded up. */
#define PSA_BITS_TO_BYTES(bits) PARSEC_BITS_TO_BYTES(bits)
/** Bytes to bits. */
#define PSA_BYTES_TO_BITS(bytes) ((bytes) * 8u)

/** Largest RSA key, in bits. */
#define PSA_VENDOR_RSA_MAX_KEY_BITS 8192u
/** Largest finite-field Diffie-Hellman group, in bits. */
#define PSA_VENDOR_FFDH_MAX_KEY_BITS 8192u
/** Largest elliptic curve, in bits. */
#define PSA_VENDOR_ECC_MAX_CURVE_BITS 571u

/** Length of an ECDSA signature on a curve of this size. */
#define PSA_ECDSA_SIGNATURE_SIZE(curve_bits) (PSA_BITS_TO_BYTES(curve_bits) * 2u)

/** The hash of an HMAC algorithm. */
#define PSA_ALG_HMAC_GET_HASH(hmac_alg) PSA_ALG_GET_HASH(hmac_alg)
/** The hash of an HKDF algorithm. */
#define PSA_ALG_HKDF_GET_HASH(hkdf_alg) PSA_ALG_GET_HASH(hkdf_alg)
/** The hash of a TLS 1.2 PRF algorithm. */
#define PSA_ALG_TLS12_PRF_GET_HASH(hkdf_alg) PSA_ALG_GET_HASH(hkdf_alg)
/** The hash of an RSA-OAEP algorithm. */
#define PSA_ALG_RSA_OAEP_GET_HASH(alg) PSA_ALG_GET_HASH(alg)
/** The hash of a PBKDF2-HMAC algorithm. */
#define PSA_ALG_PBKDF2_HMAC_GET_HASH(pbkdf2_alg) PSA_ALG_GET_HASH(pbkdf2_alg)
/** The hash of a signature algorithm. */
#define PSA_ALG_SIGN_GET_HASH(alg) PSA_ALG_GET_HASH(alg)
/** The length that a MAC algorithm is truncated to, 0 for the full length. */
#define PSA_MAC_TRUNCATED_LENGTH(mac_alg) PARSEC_ALG_GET_LENGTH(mac_alg)
/** The length of the tag of an AEAD algorithm. */
#define PSA_ALG_AEAD_GET_TAG_LENGTH(aead_alg) PARSEC_ALG_GET_LENGTH(aead_alg)
/** Whether an algorithm is a vendor's own. */
#define PSA_ALG_IS_VENDOR_DEFINED(alg) (((alg) & 0x80000000u) != 0u)
/** Whether a key type is a vendor's own. */
#define PSA_KEY_TYPE_IS_VENDOR_DEFINED(type) (((type) & 0x8000u) != 0u)

#ifdef __cplusplus
}
#endif

#endif /* PSA_CRYPTO_EXTRA_H */
