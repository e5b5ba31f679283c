/**
 * \file psa/crypto_struct.h
 * Structures, whose fields are private to the library, and what they begin as.
 *
 * Written from src/capi: run `make headers`.
 */
#ifndef PSA_CRYPTO_STRUCT_H
#define PSA_CRYPTO_STRUCT_H

#include "crypto_types.h"

/**
 * The attributes of a key: what is known of it without its material (PSA 1.5, section 9.1.1).
 *
 * Use `PSA_KEY_ATTRIBUTES_INIT`, `psa_key_attributes_init()` or all-zero memory, then the `psa_set_key_*`
 * functions. It owns nothing; the fields are private to the library.
 */
typedef struct psa_key_attributes_t {
  psa_key_id_t private_id;
  psa_key_lifetime_t private_lifetime;
  psa_key_usage_t private_usage;
  psa_algorithm_t private_algorithm;
  uint32_t private_bits;
  psa_key_type_t private_type;
  uint16_t private_reserved[5];
} psa_key_attributes_t;

/**
 * Production parameters of a new key (PSA 1.5, section 9.9.1).
 */
typedef struct psa_custom_key_parameters_t {
  /**
   * Flags that control the production; 0 for the default.
   */
  uint32_t flags;
} psa_custom_key_parameters_t;

/**
 * A PAKE cipher suite (PSA 1.5, section 10.13.3).
 */
typedef struct psa_pake_cipher_suite_t {
  psa_algorithm_t private_algorithm;
  psa_pake_primitive_t private_primitive;
  uint32_t private_key_confirmation;
  uint32_t private_reserved;
} psa_pake_cipher_suite_t;

/**
 * The state of a multi-part hash (PSA 1.5, section 10.2.3). All-zero memory is inactive.
 */
typedef struct psa_hash_operation_t {
  uint64_t private_handle;
  uint64_t private_reserved[3];
} psa_hash_operation_t;

/**
 * The state of an extendable-output function (PSA 1.5, section 10.3.2). All-zero memory is inactive.
 */
typedef struct psa_xof_operation_t {
  uint64_t private_handle;
  uint64_t private_reserved[3];
} psa_xof_operation_t;

/**
 * The state of a multi-part MAC (PSA 1.5, section 10.4.3). All-zero memory is inactive.
 */
typedef struct psa_mac_operation_t {
  uint64_t private_handle;
  uint64_t private_reserved[3];
} psa_mac_operation_t;

/**
 * The state of a multi-part cipher (PSA 1.5, section 10.5.3). All-zero memory is inactive.
 */
typedef struct psa_cipher_operation_t {
  uint64_t private_handle;
  uint64_t private_reserved[3];
} psa_cipher_operation_t;

/**
 * The state of a multi-part authenticated encryption (PSA 1.5, section 10.6.3). All-zero memory is inactive.
 */
typedef struct psa_aead_operation_t {
  uint64_t private_handle;
  uint64_t private_reserved[3];
} psa_aead_operation_t;

/**
 * The state of a key derivation (PSA 1.5, section 10.8.3). All-zero memory is inactive.
 */
typedef struct psa_key_derivation_operation_t {
  uint64_t private_handle;
  uint64_t private_reserved[3];
} psa_key_derivation_operation_t;

/**
 * The state of a multi-part signature (PSA 1.5, section 10.9.9). All-zero memory is inactive.
 */
typedef struct psa_sign_operation_t {
  uint64_t private_handle;
  uint64_t private_reserved[3];
} psa_sign_operation_t;

/**
 * The state of a multi-part verification (PSA 1.5, section 10.9.9). All-zero memory is inactive.
 */
typedef struct psa_verify_operation_t {
  uint64_t private_handle;
  uint64_t private_reserved[3];
} psa_verify_operation_t;

/**
 * The state of a password-authenticated key exchange (PSA 1.5, section 10.13.6). All-zero memory is inactive.
 */
typedef struct psa_pake_operation_t {
  uint64_t private_handle;
  uint64_t private_reserved[3];
} psa_pake_operation_t;

/* Objects that are not in use: the same as all-zero memory and as what the _init() functions return. */
#ifdef __cplusplus
#define PARSEC_ZERO_INIT {}
#else
#define PARSEC_ZERO_INIT {0}
#endif

#define PSA_KEY_ATTRIBUTES_INIT PARSEC_ZERO_INIT /**< What a psa_key_attributes_t begins as (PSA 1.5, section 9.1.1). */
#define PSA_CUSTOM_KEY_PARAMETERS_INIT { 0 } /**< What a psa_custom_key_parameters_t begins as (PSA 1.5, section 9.9.1). */
#define PSA_PAKE_CIPHER_SUITE_INIT PARSEC_ZERO_INIT /**< What a psa_pake_cipher_suite_t begins as (PSA 1.5, section 10.13.3). */
#define PSA_HASH_OPERATION_INIT PARSEC_ZERO_INIT /**< What a psa_hash_operation_t begins as (PSA 1.5, section 10.2.3). */
#define PSA_XOF_OPERATION_INIT PARSEC_ZERO_INIT /**< What a psa_xof_operation_t begins as (PSA 1.5, section 10.3.2). */
#define PSA_MAC_OPERATION_INIT PARSEC_ZERO_INIT /**< What a psa_mac_operation_t begins as (PSA 1.5, section 10.4.3). */
#define PSA_CIPHER_OPERATION_INIT PARSEC_ZERO_INIT /**< What a psa_cipher_operation_t begins as (PSA 1.5, section 10.5.3). */
#define PSA_AEAD_OPERATION_INIT PARSEC_ZERO_INIT /**< What a psa_aead_operation_t begins as (PSA 1.5, section 10.6.3). */
#define PSA_KEY_DERIVATION_OPERATION_INIT PARSEC_ZERO_INIT /**< What a psa_key_derivation_operation_t begins as (PSA 1.5, section 10.8.3). */
#define PSA_SIGN_OPERATION_INIT PARSEC_ZERO_INIT /**< What a psa_sign_operation_t begins as (PSA 1.5, section 10.9.9). */
#define PSA_VERIFY_OPERATION_INIT PARSEC_ZERO_INIT /**< What a psa_verify_operation_t begins as (PSA 1.5, section 10.9.9). */
#define PSA_PAKE_OPERATION_INIT PARSEC_ZERO_INIT /**< What a psa_pake_operation_t begins as (PSA 1.5, section 10.13.6). */

#endif /* PSA_CRYPTO_STRUCT_H */
