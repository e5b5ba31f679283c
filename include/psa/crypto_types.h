/**
 * \file psa/crypto_types.h
 * Scalar types.
 *
 * Written from src/capi: run `make headers`.
 */
#ifndef PSA_CRYPTO_TYPES_H
#define PSA_CRYPTO_TYPES_H

#include <stddef.h>
#include <stdint.h>

/**
 * The outcome of a function: `PSA_SUCCESS` (0) or a negative error code (PSA 1.5, section 8.1).
 */
typedef int32_t psa_status_t;

/**
 * A key type: category and kind of a key, without its size (PSA 1.5, section 9.2.1).
 */
typedef uint16_t psa_key_type_t;

/**
 * A family of elliptic curves; the size in bits picks the curve (PSA 1.5, section 9.2.3).
 */
typedef uint8_t psa_ecc_family_t;

/**
 * A family of finite-field Diffie-Hellman groups; the size in bits picks the group (PSA 1.5, section 9.2.4).
 */
typedef uint8_t psa_dh_family_t;

/**
 * A family of SLH-DSA parameter sets; the size in bits picks the set (PSA 1.5, section 9.5.7).
 */
typedef uint8_t psa_slh_dsa_family_t;

/**
 * An algorithm with its parameters (PSA 1.5, section 10.1.1).
 */
typedef uint32_t psa_algorithm_t;

/**
 * Where a key is and how long it stays (PSA 1.5, section 9.6.3).
 */
typedef uint32_t psa_key_lifetime_t;

/**
 * How long a key stays: the lower 8 bits of a lifetime (PSA 1.5, section 9.6.3).
 */
typedef uint8_t psa_key_persistence_t;

/**
 * Where a key is: the upper 24 bits of a lifetime (PSA 1.5, section 9.6.3).
 */
typedef uint32_t psa_key_location_t;

/**
 * Identifier of a key; `PSA_KEY_ID_NULL` is none (PSA 1.5, section 9.7.1).
 */
typedef uint32_t psa_key_id_t;

/**
 * What a key may be used for: a set of `PSA_KEY_USAGE_` flags (PSA 1.5, section 9.8.2).
 */
typedef uint32_t psa_key_usage_t;

/**
 * An input step of a key derivation (PSA 1.5, section 10.8.2).
 */
typedef uint16_t psa_key_derivation_step_t;

/**
 * The kind of group that a PAKE computes in (PSA 1.5, section 10.13.2).
 */
typedef uint8_t psa_pake_primitive_type_t;

/**
 * A family of curves or groups, depending on the primitive type (PSA 1.5, section 10.13.2).
 */
typedef uint8_t psa_pake_family_t;

/**
 * A group that a PAKE computes in: type, family and size in bits (PSA 1.5, section 10.13.2).
 */
typedef uint32_t psa_pake_primitive_t;

/**
 * The side of a PAKE that the application plays (PSA 1.5, section 10.13.4).
 */
typedef uint8_t psa_pake_role_t;

/**
 * What an input or output of a PAKE is (PSA 1.5, section 10.13.5).
 */
typedef uint8_t psa_pake_step_t;

#endif /* PSA_CRYPTO_TYPES_H */
