/**
 * \file psa/crypto.h
 * The PSA Certified Crypto API 1.5: the header that programs include.
 *
 * Written from src/capi: run `make headers`.
 */
#ifndef PSA_CRYPTO_H
#define PSA_CRYPTO_H

#include "crypto_config.h"
#include "crypto_names.h"
#include "crypto_sizes.h"
#include "crypto_struct.h"
#include "crypto_values.h"

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * Initialises the library: reads the configuration. It opens no key store and no device; those are opened when
 * they are first needed.
 *
 * Applications call it before anything else. Calling it again, from any thread, does nothing.
 *
 * The configuration is `$PARSEC_CONFIG`, else `parsec/parsec.toml` below `$XDG_CONFIG_HOME` or `~/.config`, else
 * `/etc/parsec/parsec.toml`. Without any of them, keys are in software.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_DATA_INVALID` for a mistake in the configuration, which `parsec_last_error()` tells with its line;
 *         `PSA_ERROR_NOT_PERMITTED` where others may write the configuration;
 *         `PSA_ERROR_NOT_SUPPORTED` where it asks for what this build lacks;
 *         `PSA_ERROR_STORAGE_FAILURE` where it cannot be read.
 *
 * Source: PSA 1.5, section 8.2.
 */
psa_status_t psa_crypto_init(void);

/**
 * Destroys volatile keys, aborts all operations, lets go of the devices and makes the library uninitialised.
 *
 * Persistent keys stay. Call it when no other thread uses the library. `psa_crypto_init()` may follow and reads
 * the configuration again. Mbed TLS has this function; the specification does not.
 */
void mbedtls_psa_crypto_free(void);

/**
 * Returns key attributes with nothing set, the same as `PSA_KEY_ATTRIBUTES_INIT`.
 *
 * Source: PSA 1.5, section 9.1.
 */
psa_key_attributes_t psa_key_attributes_init(void);

/**
 * Reads the attributes of a key into `*attributes`.
 *
 * The structure owns nothing; `psa_reset_key_attributes()` is allowed, but not needed.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
 *         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer;
 *         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot
 *         be read. On failure the attributes are reset.
 *
 * Source: PSA 1.5, section 9.1.
 *
 * @pre `attributes` is valid.
 */
psa_status_t psa_get_key_attributes(psa_key_id_t key,
                                    psa_key_attributes_t *attributes);

/**
 * Resets attributes to `PSA_KEY_ATTRIBUTES_INIT`.
 *
 * Source: PSA 1.5, section 9.1.
 *
 * @pre `attributes` is null or valid.
 */
void psa_reset_key_attributes(psa_key_attributes_t *attributes);

/**
 * Sets the type of a key (PSA 1.5, section 9.2).
 *
 * Source: PSA 1.5, section 9.2.
 *
 * @pre `attributes` is null or valid.
 */
void psa_set_key_type(psa_key_attributes_t *attributes, psa_key_type_t type_);

/**
 * Returns the type of a key, `PSA_KEY_TYPE_NONE` when not set (PSA 1.5, section 9.2).
 *
 * Source: PSA 1.5, section 9.2.
 *
 * @pre `attributes` is null or valid.
 */
psa_key_type_t psa_get_key_type(const psa_key_attributes_t *attributes);

/**
 * Sets the size of a key in bits; 0 leaves it to the key data. A size over `UINT32_MAX` - 1 is one that no key has.
 *
 * Source: PSA 1.5, section 9.2.
 *
 * @pre `attributes` is null or valid.
 */
void psa_set_key_bits(psa_key_attributes_t *attributes,
                      size_t bits);

/**
 * Returns the size of a key in bits, 0 when not set.
 *
 * Source: PSA 1.5, section 9.2.
 *
 * @pre `attributes` is null or valid.
 */
size_t psa_get_key_bits(const psa_key_attributes_t *attributes);

/**
 * Sets the lifetime of a key. A volatile lifetime resets the identifier to `PSA_KEY_ID_NULL`.
 *
 * Source: PSA 1.5, section 9.6.
 *
 * @pre `attributes` is null or valid.
 */
void psa_set_key_lifetime(psa_key_attributes_t *attributes, psa_key_lifetime_t lifetime);

/**
 * Returns the lifetime of a key.
 *
 * Source: PSA 1.5, section 9.6.
 *
 * @pre `attributes` is null or valid.
 */
psa_key_lifetime_t psa_get_key_lifetime(const psa_key_attributes_t *attributes);

/**
 * Makes a key persistent under an identifier from `PSA_KEY_ID_USER_MIN` to `PSA_KEY_ID_USER_MAX`; the location of its
 * lifetime stays.
 *
 * Source: PSA 1.5, section 9.7.
 *
 * @pre `attributes` is null or valid.
 */
void psa_set_key_id(psa_key_attributes_t *attributes,
                    psa_key_id_t id);

/**
 * Returns the identifier of a key, `PSA_KEY_ID_NULL` when not set.
 *
 * Source: PSA 1.5, section 9.7.
 *
 * @pre `attributes` is null or valid.
 */
psa_key_id_t psa_get_key_id(const psa_key_attributes_t *attributes);

/**
 * Sets the algorithm that a key is permitted for; some are wildcards.
 *
 * Source: PSA 1.5, section 9.8.1.
 *
 * @pre `attributes` is null or valid.
 */
void psa_set_key_algorithm(psa_key_attributes_t *attributes, psa_algorithm_t alg);

/**
 * Returns the algorithm that a key is permitted for, `PSA_ALG_NONE` when not set.
 *
 * Source: PSA 1.5, section 9.8.1.
 *
 * @pre `attributes` is null or valid.
 */
psa_algorithm_t psa_get_key_algorithm(const psa_key_attributes_t *attributes);

/**
 * Sets what a key may be used for. A new key with `PSA_KEY_USAGE_SIGN_HASH` or
 * `_VERIFY_HASH` also gets the message form.
 *
 * Source: PSA 1.5, section 9.8.2.
 *
 * @pre `attributes` is null or valid.
 */
void psa_set_key_usage_flags(psa_key_attributes_t *attributes, psa_key_usage_t usage_flags);

/**
 * Returns what a key may be used for.
 *
 * Source: PSA 1.5, section 9.8.2.
 *
 * @pre `attributes` is null or valid.
 */
psa_key_usage_t psa_get_key_usage_flags(const psa_key_attributes_t *attributes);

/**
 * Makes a key from `data_length` bytes of key data in the format of its type.
 *
 * The size in the attributes may be 0 or must be that of the data. On failure `*key` is `PSA_KEY_ID_NULL`.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_ALREADY_EXISTS` where a persistent key has that identifier;
 *         `PSA_ERROR_INVALID_ARGUMENT` for invalid attributes, or data that is not a valid key of that type;
 *         `PSA_ERROR_NOT_SUPPORTED` where the key's place, which `parsec_last_error()` names, cannot hold such a key;
 *         `PSA_ERROR_INSUFFICIENT_STORAGE` where the key store is full;
 *         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot be
 *         used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
 *
 * Source: PSA 1.5, section 9.9.1.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_import_key(const psa_key_attributes_t *attributes,
                            const uint8_t *data,
                            size_t data_length,
                            psa_key_id_t *key);

/**
 * Makes a random key or key pair of the type and size (in bits) in the attributes.
 *
 * The place of the key follows from its lifetime and the configuration: `parsec_key_backend()` tells it. On failure
 * `*key` is `PSA_KEY_ID_NULL`.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_ALREADY_EXISTS` where a persistent key has that identifier;
 *         `PSA_ERROR_INVALID_ARGUMENT` for invalid attributes, a public-key type, or a size that the type does not have;
 *         `PSA_ERROR_NOT_SUPPORTED` where the key's place, which `parsec_last_error()` names, cannot hold such a key;
 *         `PSA_ERROR_INSUFFICIENT_STORAGE` where the key store is full;
 *         `PSA_ERROR_INSUFFICIENT_ENTROPY` where there are no random numbers;
 *         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot be
 *         used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
 *
 * Source: PSA 1.5, section 9.9.1.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_generate_key(const psa_key_attributes_t *attributes,
                              psa_key_id_t *key);

/**
 * Makes a random key like `psa_generate_key()`, with production parameters.
 *
 * For RSA keys `custom_data` is the public exponent, `custom_data_length` bytes in big-endian order, 0 for 65537. Other
 * types take none. `custom->flags` is 0. On failure `*key` is `PSA_KEY_ID_NULL`.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_ALREADY_EXISTS` where a persistent key has that identifier;
 *         `PSA_ERROR_INVALID_ARGUMENT` for invalid attributes, or production parameters that the type does not take;
 *         `PSA_ERROR_NOT_SUPPORTED` where the key's place, which `parsec_last_error()` names, cannot hold such a key;
 *         `PSA_ERROR_INSUFFICIENT_STORAGE` where the key store is full;
 *         `PSA_ERROR_INSUFFICIENT_ENTROPY` where there are no random numbers;
 *         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot be
 *         used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
 *
 * Source: PSA 1.5, section 9.9.1.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_generate_key_custom(const psa_key_attributes_t *attributes,
                                     const psa_custom_key_parameters_t *custom,
                                     const uint8_t *custom_data,
                                     size_t custom_data_length,
                                     psa_key_id_t *key);

/**
 * Copies a key under a policy that both the source and the attributes permit.
 *
 * The source needs `PSA_KEY_USAGE_COPY`, and `PSA_KEY_USAGE_EXPORT` as well when the copy goes to another place. Type and
 * size may be left out of the attributes. On failure `*target_key` is `PSA_KEY_ID_NULL`.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_INVALID_HANDLE` where there is no source key;
 *         `PSA_ERROR_NOT_PERMITTED` where the source's usage flags forbid the copy;
 *         `PSA_ERROR_ALREADY_EXISTS` where a persistent key has that identifier;
 *         `PSA_ERROR_INVALID_ARGUMENT` for invalid attributes, another type or size than the source's, or policies without a common algorithm;
 *         `PSA_ERROR_NOT_SUPPORTED` where the key's place, which `parsec_last_error()` names, cannot hold such a key;
 *         `PSA_ERROR_INSUFFICIENT_STORAGE` where the key store is full;
 *         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot be
 *         used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
 *
 * Source: PSA 1.5, section 9.9.1.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_copy_key(psa_key_id_t source_key,
                          const psa_key_attributes_t *attributes,
                          psa_key_id_t *target_key);

/**
 * Gives a volatile identifier to a key that a device already holds, by a label of `label_length` bytes.
 *
 * No backend offers this yet. On failure `*key` is `PSA_KEY_ID_NULL`.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_NOT_SUPPORTED` where the place at the location of the attributes cannot attach keys;
 *         `PSA_ERROR_INVALID_ARGUMENT` for a persistent lifetime or an unknown location;
 *         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`.
 *
 * Source: PSA 1.5, section 9.9.1.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_attach_key(const psa_key_attributes_t *attributes,
                            const uint8_t *label,
                            size_t label_length,
                            psa_key_id_t *key);

/**
 * Destroys a key: its material in memory, in the key store and in its device.
 *
 * Operations that use the key fail at their next step. `PSA_KEY_ID_NULL` is no key, and nothing is done.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
 *         `PSA_ERROR_NOT_PERMITTED` where the key is read-only;
 *         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot be
 *         used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
 *
 * Source: PSA 1.5, section 9.9.2.
 */
psa_status_t psa_destroy_key(psa_key_id_t key);

/**
 * Removes copies of a persistent key's material from memory; it is read again when it is next used.
 *
 * A volatile key, and one that an operation is using, stays.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
 *         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot be
 *         used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
 *
 * Source: PSA 1.5, section 9.9.2.
 */
psa_status_t psa_purge_key(psa_key_id_t key);

/**
 * Writes a key in the format of its type to `data`, which has `data_size` bytes, and its length to `*data_length`.
 *
 * The key needs `PSA_KEY_USAGE_EXPORT`, unless it is a public key.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
 *         `PSA_ERROR_NOT_PERMITTED` without `PSA_KEY_USAGE_EXPORT`;
 *         `PSA_ERROR_BUFFER_TOO_SMALL` where `data_size` is less than `PSA_EXPORT_KEY_OUTPUT_SIZE()` of the key;
 *         `PSA_ERROR_NOT_SUPPORTED` where the key does not leave its place;
 *         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot be
 *         used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
 *
 * Source: PSA 1.5, section 9.9.3.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_export_key(psa_key_id_t key,
                            uint8_t *data,
                            size_t data_size,
                            size_t *data_length);

/**
 * Writes the public part of a key pair, or a public key, to `data`, which has `data_size` bytes, and its length to
 * `*data_length`. No usage flag is needed.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
 *         `PSA_ERROR_INVALID_ARGUMENT` for a symmetric key;
 *         `PSA_ERROR_BUFFER_TOO_SMALL` where `data_size` is less than `PSA_EXPORT_PUBLIC_KEY_OUTPUT_SIZE()` of the key;
 *         `PSA_ERROR_NOT_SUPPORTED` where the key does not leave its place;
 *         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot be
 *         used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
 *
 * Source: PSA 1.5, section 9.9.3.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_export_public_key(psa_key_id_t key,
                                   uint8_t *data,
                                   size_t data_size,
                                   size_t *data_length);

/**
 * Tells whether a key can be used with an algorithm for one usage flag: by its policy, its type and its place.
 *
 * For `PSA_KEY_USAGE_EXPORT`, `_COPY` and `_CACHE` the algorithm is `PSA_ALG_NONE`. Nothing is computed with the key.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
 *         `PSA_ERROR_NOT_PERMITTED` where the policy forbids it;
 *         `PSA_ERROR_INVALID_ARGUMENT` where algorithm, usage and type of the key do not go together;
 *         `PSA_ERROR_NOT_SUPPORTED` where the key's place cannot do it;
 *         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot be
 *         used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
 *
 * Source: PSA 1.5, section 9.8.2.
 */
psa_status_t psa_check_key_usage(psa_key_id_t key,
                                 psa_algorithm_t alg,
                                 psa_key_usage_t usage);

/**
 * Hashes `input_length` bytes of `input` into `hash`, which has `hash_size` bytes; `*hash_length` is
 * `PSA_HASH_LENGTH(alg)`.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_BUFFER_TOO_SMALL` where `hash_size` is less than `PSA_HASH_LENGTH(alg)`;
 *         `PSA_ERROR_NOT_SUPPORTED` for a hash that no engine has;
 *         `PSA_ERROR_INVALID_ARGUMENT` where `alg` is no hash, or for a null pointer with a length;
 *         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`.
 *
 * Source: PSA 1.5, section 10.2.2.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_hash_compute(psa_algorithm_t alg,
                              const uint8_t *input,
                              size_t input_length,
                              uint8_t *hash,
                              size_t hash_size,
                              size_t *hash_length);

/**
 * Hashes `input_length` bytes of `input` and compares the result, in constant time, with `hash`.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_INVALID_SIGNATURE` where they differ, in length or content;
 *         `PSA_ERROR_NOT_SUPPORTED` for a hash that no engine has;
 *         `PSA_ERROR_INVALID_ARGUMENT` where `alg` is no hash, or for a null pointer with a length;
 *         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`.
 *
 * Source: PSA 1.5, section 10.2.2.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_hash_compare(psa_algorithm_t alg,
                              const uint8_t *input,
                              size_t input_length,
                              const uint8_t *hash,
                              size_t hash_length);

/**
 * Returns an inactive hash operation, the same as `PSA_HASH_OPERATION_INIT`.
 *
 * Source: PSA 1.5, section 10.2.3.
 */
psa_hash_operation_t psa_hash_operation_init(void);

/**
 * Begins a hash in parts; on failure the operation stays inactive.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_NOT_SUPPORTED` for a hash that no engine has;
 *         `PSA_ERROR_INVALID_ARGUMENT` where `alg` is no hash, or for a null pointer with a length;
 *         `PSA_ERROR_BAD_STATE` where the operation is active, or before `psa_crypto_init()`;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`.
 *
 * Source: PSA 1.5, section 10.2.3.
 *
 * @pre `operation` is valid.
 */
psa_status_t psa_hash_setup(psa_hash_operation_t *operation, psa_algorithm_t alg);

/**
 * Adds `input_length` bytes of `input` to a hash.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_BAD_STATE` where the operation is not active, or before `psa_crypto_init()`;
 *         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer with a length. On failure the operation is in the error state.
 *
 * Source: PSA 1.5, section 10.2.3.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_hash_update(psa_hash_operation_t *operation,
                             const uint8_t *input,
                             size_t input_length);

/**
 * Ends a hash: writes it to `hash`, which has `hash_size` bytes; `*hash_length` is `PSA_HASH_LENGTH()` of its algorithm.
 *
 * The operation becomes inactive.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_BUFFER_TOO_SMALL` where `hash_size` is less than `PSA_HASH_LENGTH()`;
 *         `PSA_ERROR_BAD_STATE` where the operation is not active, or before `psa_crypto_init()`. On failure the operation is in
 *         the error state.
 *
 * Source: PSA 1.5, section 10.2.3.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_hash_finish(psa_hash_operation_t *operation,
                             uint8_t *hash,
                             size_t hash_size,
                             size_t *hash_length);

/**
 * Ends a hash and compares it, in constant time, with `hash`. The operation becomes inactive.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_INVALID_SIGNATURE` where they differ, in length or content;
 *         `PSA_ERROR_BAD_STATE` where the operation is not active, or before `psa_crypto_init()`. On failure the operation is in
 *         the error state.
 *
 * Source: PSA 1.5, section 10.2.3.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_hash_verify(psa_hash_operation_t *operation,
                             const uint8_t *hash,
                             size_t hash_length);

/**
 * Ends a hash in any state; the operation becomes inactive.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer.
 *
 * Source: PSA 1.5, section 10.2.3.
 *
 * @pre `operation` is valid.
 */
psa_status_t psa_hash_abort(psa_hash_operation_t *operation);

/**
 * Takes the state of a hash out of the library, to go on elsewhere. Not supported yet.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_NOT_SUPPORTED`;
 *         `PSA_ERROR_BAD_STATE` where the operation is not active, or before `psa_crypto_init()`. On failure the operation is in the error state.
 *
 * Source: PSA 1.5, section 10.2.3.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_hash_suspend(psa_hash_operation_t *operation,
                              uint8_t *hash_state,
                              size_t hash_state_size,
                              size_t *hash_state_length);

/**
 * Goes on with a hash whose state `psa_hash_suspend()` gave. Not supported yet.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_NOT_SUPPORTED`;
 *         `PSA_ERROR_BAD_STATE` where the operation is active, or before `psa_crypto_init()`.
 *
 * Source: PSA 1.5, section 10.2.3.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_hash_resume(psa_hash_operation_t *operation,
                             const uint8_t *hash_state,
                             size_t hash_state_length);

/**
 * Copies a hash in the making; both go their own way from there. The target is inactive before.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_BAD_STATE` where the source is not active or the target is not inactive, or before
 *         `psa_crypto_init()`;
 *         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`.
 *
 * Source: PSA 1.5, section 10.2.3.
 *
 * @pre The pointers are valid.
 */
psa_status_t psa_hash_clone(const psa_hash_operation_t *source_operation,
                            psa_hash_operation_t *target_operation);

/**
 * Signs a message of `input_length` bytes with a private key. `signature` has `signature_size` bytes; `*signature_length` is
 * how many were written.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_BUFFER_TOO_SMALL` where `signature_size` is less than `PSA_SIGN_OUTPUT_SIZE()` of key and algorithm;
 *         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
 *         `PSA_ERROR_NOT_PERMITTED` where its policy forbids it;
 *         `PSA_ERROR_INVALID_ARGUMENT` where algorithm, key and input do not go together;
 *         `PSA_ERROR_NOT_SUPPORTED` where the key's place cannot do it;
 *         `PSA_ERROR_INSUFFICIENT_ENTROPY` where there are no random numbers;
 *         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot be
 *         used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
 *
 * Source: PSA 1.5, section 10.9.5.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_sign_message(psa_key_id_t key,
                              psa_algorithm_t alg,
                              const uint8_t *input,
                              size_t input_length,
                              uint8_t *signature,
                              size_t signature_size,
                              size_t *signature_length);

/**
 * Checks the signature, of `signature_length` bytes, of a message of `input_length` bytes with a public key or key pair.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_INVALID_SIGNATURE` where it is not valid;
 *         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
 *         `PSA_ERROR_NOT_PERMITTED` where its policy forbids it;
 *         `PSA_ERROR_INVALID_ARGUMENT` where algorithm, key and input do not go together;
 *         `PSA_ERROR_NOT_SUPPORTED` where the key's place cannot do it;
 *         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot be
 *         used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
 *
 * Source: PSA 1.5, section 10.9.5.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_verify_message(psa_key_id_t key,
                                psa_algorithm_t alg,
                                const uint8_t *input,
                                size_t input_length,
                                const uint8_t *signature,
                                size_t signature_length);

/**
 * Signs a message of `input_length` bytes with a private key. `signature` has `signature_size` bytes; `*signature_length` is
 * how many were written.
 *
 * `context` has `context_length` bytes; algorithms without a context take none.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_BUFFER_TOO_SMALL` where `signature_size` is less than `PSA_SIGN_OUTPUT_SIZE()` of key and algorithm;
 *         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
 *         `PSA_ERROR_NOT_PERMITTED` where its policy forbids it;
 *         `PSA_ERROR_INVALID_ARGUMENT` where algorithm, key and input do not go together;
 *         `PSA_ERROR_NOT_SUPPORTED` where the key's place cannot do it;
 *         `PSA_ERROR_INSUFFICIENT_ENTROPY` where there are no random numbers;
 *         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot be
 *         used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
 *
 * Source: PSA 1.5, section 10.9.5.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_sign_message_with_context(psa_key_id_t key,
                                           psa_algorithm_t alg,
                                           const uint8_t *input,
                                           size_t input_length,
                                           const uint8_t *context,
                                           size_t context_length,
                                           uint8_t *signature,
                                           size_t signature_size,
                                           size_t *signature_length);

/**
 * Checks the signature, of `signature_length` bytes, of a message of `input_length` bytes with a public key or key pair.
 *
 * `context` has `context_length` bytes; algorithms without a context take none.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_INVALID_SIGNATURE` where it is not valid;
 *         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
 *         `PSA_ERROR_NOT_PERMITTED` where its policy forbids it;
 *         `PSA_ERROR_INVALID_ARGUMENT` where algorithm, key and input do not go together;
 *         `PSA_ERROR_NOT_SUPPORTED` where the key's place cannot do it;
 *         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot be
 *         used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
 *
 * Source: PSA 1.5, section 10.9.5.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_verify_message_with_context(psa_key_id_t key,
                                             psa_algorithm_t alg,
                                             const uint8_t *input,
                                             size_t input_length,
                                             const uint8_t *context,
                                             size_t context_length,
                                             const uint8_t *signature,
                                             size_t signature_length);

/**
 * Signs a hash of `hash_length` bytes with a private key. `signature` has `signature_size` bytes; `*signature_length` is
 * how many were written.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_BUFFER_TOO_SMALL` where `signature_size` is less than `PSA_SIGN_OUTPUT_SIZE()` of key and algorithm;
 *         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
 *         `PSA_ERROR_NOT_PERMITTED` where its policy forbids it;
 *         `PSA_ERROR_INVALID_ARGUMENT` where algorithm, key and input do not go together;
 *         `PSA_ERROR_NOT_SUPPORTED` where the key's place cannot do it;
 *         `PSA_ERROR_INSUFFICIENT_ENTROPY` where there are no random numbers;
 *         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot be
 *         used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
 *
 * Source: PSA 1.5, section 10.9.6.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_sign_hash(psa_key_id_t key,
                           psa_algorithm_t alg,
                           const uint8_t *hash,
                           size_t hash_length,
                           uint8_t *signature,
                           size_t signature_size,
                           size_t *signature_length);

/**
 * Checks the signature, of `signature_length` bytes, of a hash of `hash_length` bytes with a public key or key pair.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_INVALID_SIGNATURE` where it is not valid;
 *         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
 *         `PSA_ERROR_NOT_PERMITTED` where its policy forbids it;
 *         `PSA_ERROR_INVALID_ARGUMENT` where algorithm, key and input do not go together;
 *         `PSA_ERROR_NOT_SUPPORTED` where the key's place cannot do it;
 *         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot be
 *         used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
 *
 * Source: PSA 1.5, section 10.9.6.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_verify_hash(psa_key_id_t key,
                             psa_algorithm_t alg,
                             const uint8_t *hash,
                             size_t hash_length,
                             const uint8_t *signature,
                             size_t signature_length);

/**
 * Signs a hash of `hash_length` bytes with a private key. `signature` has `signature_size` bytes; `*signature_length` is
 * how many were written.
 *
 * `context` has `context_length` bytes; algorithms without a context take none.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_BUFFER_TOO_SMALL` where `signature_size` is less than `PSA_SIGN_OUTPUT_SIZE()` of key and algorithm;
 *         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
 *         `PSA_ERROR_NOT_PERMITTED` where its policy forbids it;
 *         `PSA_ERROR_INVALID_ARGUMENT` where algorithm, key and input do not go together;
 *         `PSA_ERROR_NOT_SUPPORTED` where the key's place cannot do it;
 *         `PSA_ERROR_INSUFFICIENT_ENTROPY` where there are no random numbers;
 *         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot be
 *         used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
 *
 * Source: PSA 1.5, section 10.9.6.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_sign_hash_with_context(psa_key_id_t key,
                                        psa_algorithm_t alg,
                                        const uint8_t *hash,
                                        size_t hash_length,
                                        const uint8_t *context,
                                        size_t context_length,
                                        uint8_t *signature,
                                        size_t signature_size,
                                        size_t *signature_length);

/**
 * Checks the signature, of `signature_length` bytes, of a hash of `hash_length` bytes with a public key or key pair.
 *
 * `context` has `context_length` bytes; algorithms without a context take none.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_INVALID_SIGNATURE` where it is not valid;
 *         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
 *         `PSA_ERROR_NOT_PERMITTED` where its policy forbids it;
 *         `PSA_ERROR_INVALID_ARGUMENT` where algorithm, key and input do not go together;
 *         `PSA_ERROR_NOT_SUPPORTED` where the key's place cannot do it;
 *         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot be
 *         used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
 *
 * Source: PSA 1.5, section 10.9.6.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_verify_hash_with_context(psa_key_id_t key,
                                          psa_algorithm_t alg,
                                          const uint8_t *hash,
                                          size_t hash_length,
                                          const uint8_t *context,
                                          size_t context_length,
                                          const uint8_t *signature,
                                          size_t signature_length);

/**
 * Returns an inactive signature operation, the same as `PSA_SIGN_OPERATION_INIT`.
 *
 * Source: PSA 1.5, section 10.9.7.
 */
psa_sign_operation_t psa_sign_operation_init(void);

/**
 * Begins to sign a message in parts; on failure the operation stays inactive.
 *
 * Algorithms that cannot work in parts keep up to 16 MiB of the message in memory.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
 *         `PSA_ERROR_NOT_PERMITTED` where its policy forbids it;
 *         `PSA_ERROR_INVALID_ARGUMENT` where algorithm, key and input do not go together;
 *         `PSA_ERROR_NOT_SUPPORTED` where the key's place cannot do it;
 *         `PSA_ERROR_BAD_STATE` where the operation is active, or before `psa_crypto_init()`;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot be
 *         used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
 *
 * Source: PSA 1.5, section 10.9.7.
 *
 * @pre `operation` is valid.
 */
psa_status_t psa_sign_setup(psa_sign_operation_t *operation,
                            psa_key_id_t key,
                            psa_algorithm_t alg);

/**
 * Sets the context of a signature, of `context_length` bytes, before the message.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_BAD_STATE` where the operation is not active, or before `psa_crypto_init()`, or has its
 *         context or a part of the message already, or its algorithm takes no context. On failure the operation is
 *         in the error state.
 *
 * Source: PSA 1.5, section 10.9.7.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_sign_set_context(psa_sign_operation_t *operation,
                                  const uint8_t *context,
                                  size_t context_length);

/**
 * Adds `input_length` bytes of `input` to the message of a signature.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_BAD_STATE` where the operation is not active, or before `psa_crypto_init()`;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY` where an algorithm that cannot work in parts gets more than 16 MiB;
 *         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer with a length. On failure the operation is in the error state.
 *
 * Source: PSA 1.5, section 10.9.7.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_sign_update(psa_sign_operation_t *operation,
                             const uint8_t *input,
                             size_t input_length);

/**
 * Ends a signature: writes it to `signature`, which has `signature_size` bytes, and its length to `*signature_length`.
 *
 * The operation becomes inactive.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_BUFFER_TOO_SMALL` where `signature_size` is less than `PSA_SIGN_OUTPUT_SIZE()` of key and algorithm;
 *         `PSA_ERROR_BAD_STATE` where the operation is not active, or before `psa_crypto_init()`, or its key was destroyed;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot be
 *         used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
 *         On failure the operation is in the error state.
 *
 * Source: PSA 1.5, section 10.9.7.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_sign_finish(psa_sign_operation_t *operation,
                             uint8_t *signature,
                             size_t signature_size,
                             size_t *signature_length);

/**
 * Ends a signature in any state; the operation becomes inactive.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer.
 *
 * Source: PSA 1.5, section 10.9.7.
 *
 * @pre `operation` is valid.
 */
psa_status_t psa_sign_abort(psa_sign_operation_t *operation);

/**
 * Returns an inactive verification operation, the same as `PSA_VERIFY_OPERATION_INIT`.
 *
 * Source: PSA 1.5, section 10.9.7.
 */
psa_verify_operation_t psa_verify_operation_init(void);

/**
 * Begins to check the signature, of `signature_length` bytes, of a message in parts; on failure the operation stays
 * inactive.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
 *         `PSA_ERROR_NOT_PERMITTED` where its policy forbids it;
 *         `PSA_ERROR_INVALID_ARGUMENT` where algorithm, key and input do not go together;
 *         `PSA_ERROR_NOT_SUPPORTED` where the key's place cannot do it;
 *         `PSA_ERROR_BAD_STATE` where the operation is active, or before `psa_crypto_init()`;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot be
 *         used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
 *
 * Source: PSA 1.5, section 10.9.7.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_verify_setup(psa_verify_operation_t *operation,
                              psa_key_id_t key,
                              psa_algorithm_t alg,
                              const uint8_t *signature,
                              size_t signature_length);

/**
 * Sets the context of a verification, of `context_length` bytes, before the message.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_BAD_STATE` where the operation is not active, or before `psa_crypto_init()`, or has its
 *         context or a part of the message already, or its algorithm takes no context. On failure the operation is
 *         in the error state.
 *
 * Source: PSA 1.5, section 10.9.7.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_verify_set_context(psa_verify_operation_t *operation,
                                    const uint8_t *context,
                                    size_t context_length);

/**
 * Adds `input_length` bytes of `input` to the message of a verification.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_BAD_STATE` where the operation is not active, or before `psa_crypto_init()`;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY` where an algorithm that cannot work in parts gets more than 16 MiB;
 *         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer with a length. On failure the operation is in the error state.
 *
 * Source: PSA 1.5, section 10.9.7.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_verify_update(psa_verify_operation_t *operation,
                               const uint8_t *input,
                               size_t input_length);

/**
 * Ends a verification. The operation becomes inactive.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_INVALID_SIGNATURE` where the signature is not valid;
 *         `PSA_ERROR_BAD_STATE` where the operation is not active, or before `psa_crypto_init()`, or its key was destroyed. On
 *         failure the operation is in the error state.
 *
 * Source: PSA 1.5, section 10.9.7.
 *
 * @pre `operation` is valid.
 */
psa_status_t psa_verify_finish(psa_verify_operation_t *operation);

/**
 * Ends a verification in any state; the operation becomes inactive.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer.
 *
 * Source: PSA 1.5, section 10.9.7.
 *
 * @pre `operation` is valid.
 */
psa_status_t psa_verify_abort(psa_verify_operation_t *operation);

/**
 * Fills `output` with `output_size` random bytes, fit for keys.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_INSUFFICIENT_ENTROPY` where the engine or the source of `routes.random` gives none;
 *         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer with a size;
 *         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`.
 *
 * Source: PSA 1.5, section 10.14.
 *
 * @pre `output` is valid for writes of `output_size` bytes.
 */
psa_status_t psa_generate_random(uint8_t *output, size_t output_size);

/**
 * Returns key attributes with nothing set, the same as `PSA_KEY_ATTRIBUTES_INIT`.
 *
 * Source: PSA 1.5, section 9.1.
 */
psa_key_attributes_t psa_key_attributes_init(void);

/**
 * Reads the attributes of a key into `*attributes`.
 *
 * The structure owns nothing; `psa_reset_key_attributes()` is allowed, but not needed.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
 *         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer;
 *         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot
 *         be read. On failure the attributes are reset.
 *
 * Source: PSA 1.5, section 9.1.
 *
 * @pre `attributes` is valid.
 */
psa_status_t psa_get_key_attributes(psa_key_id_t key,
                                    psa_key_attributes_t *attributes);

/**
 * Resets attributes to `PSA_KEY_ATTRIBUTES_INIT`.
 *
 * Source: PSA 1.5, section 9.1.
 *
 * @pre `attributes` is null or valid.
 */
void psa_reset_key_attributes(psa_key_attributes_t *attributes);

/**
 * Sets the type of a key (PSA 1.5, section 9.2).
 *
 * Source: PSA 1.5, section 9.2.
 *
 * @pre `attributes` is null or valid.
 */
void psa_set_key_type(psa_key_attributes_t *attributes, psa_key_type_t type_);

/**
 * Returns the type of a key, `PSA_KEY_TYPE_NONE` when not set (PSA 1.5, section 9.2).
 *
 * Source: PSA 1.5, section 9.2.
 *
 * @pre `attributes` is null or valid.
 */
psa_key_type_t psa_get_key_type(const psa_key_attributes_t *attributes);

/**
 * Sets the size of a key in bits; 0 leaves it to the key data. A size over `UINT32_MAX` - 1 is one that no key has.
 *
 * Source: PSA 1.5, section 9.2.
 *
 * @pre `attributes` is null or valid.
 */
void psa_set_key_bits(psa_key_attributes_t *attributes,
                      size_t bits);

/**
 * Returns the size of a key in bits, 0 when not set.
 *
 * Source: PSA 1.5, section 9.2.
 *
 * @pre `attributes` is null or valid.
 */
size_t psa_get_key_bits(const psa_key_attributes_t *attributes);

/**
 * Sets the lifetime of a key. A volatile lifetime resets the identifier to `PSA_KEY_ID_NULL`.
 *
 * Source: PSA 1.5, section 9.6.
 *
 * @pre `attributes` is null or valid.
 */
void psa_set_key_lifetime(psa_key_attributes_t *attributes, psa_key_lifetime_t lifetime);

/**
 * Returns the lifetime of a key.
 *
 * Source: PSA 1.5, section 9.6.
 *
 * @pre `attributes` is null or valid.
 */
psa_key_lifetime_t psa_get_key_lifetime(const psa_key_attributes_t *attributes);

/**
 * Makes a key persistent under an identifier from `PSA_KEY_ID_USER_MIN` to `PSA_KEY_ID_USER_MAX`; the location of its
 * lifetime stays.
 *
 * Source: PSA 1.5, section 9.7.
 *
 * @pre `attributes` is null or valid.
 */
void psa_set_key_id(psa_key_attributes_t *attributes,
                    psa_key_id_t id);

/**
 * Returns the identifier of a key, `PSA_KEY_ID_NULL` when not set.
 *
 * Source: PSA 1.5, section 9.7.
 *
 * @pre `attributes` is null or valid.
 */
psa_key_id_t psa_get_key_id(const psa_key_attributes_t *attributes);

/**
 * Sets the algorithm that a key is permitted for; some are wildcards.
 *
 * Source: PSA 1.5, section 9.8.1.
 *
 * @pre `attributes` is null or valid.
 */
void psa_set_key_algorithm(psa_key_attributes_t *attributes, psa_algorithm_t alg);

/**
 * Returns the algorithm that a key is permitted for, `PSA_ALG_NONE` when not set.
 *
 * Source: PSA 1.5, section 9.8.1.
 *
 * @pre `attributes` is null or valid.
 */
psa_algorithm_t psa_get_key_algorithm(const psa_key_attributes_t *attributes);

/**
 * Sets what a key may be used for. A new key with `PSA_KEY_USAGE_SIGN_HASH` or
 * `_VERIFY_HASH` also gets the message form.
 *
 * Source: PSA 1.5, section 9.8.2.
 *
 * @pre `attributes` is null or valid.
 */
void psa_set_key_usage_flags(psa_key_attributes_t *attributes, psa_key_usage_t usage_flags);

/**
 * Returns what a key may be used for.
 *
 * Source: PSA 1.5, section 9.8.2.
 *
 * @pre `attributes` is null or valid.
 */
psa_key_usage_t psa_get_key_usage_flags(const psa_key_attributes_t *attributes);

/**
 * Hashes `input_length` bytes of `input` into `hash`, which has `hash_size` bytes; `*hash_length` is
 * `PSA_HASH_LENGTH(alg)`.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_BUFFER_TOO_SMALL` where `hash_size` is less than `PSA_HASH_LENGTH(alg)`;
 *         `PSA_ERROR_NOT_SUPPORTED` for a hash that no engine has;
 *         `PSA_ERROR_INVALID_ARGUMENT` where `alg` is no hash, or for a null pointer with a length;
 *         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`.
 *
 * Source: PSA 1.5, section 10.2.2.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_hash_compute(psa_algorithm_t alg,
                              const uint8_t *input,
                              size_t input_length,
                              uint8_t *hash,
                              size_t hash_size,
                              size_t *hash_length);

/**
 * Hashes `input_length` bytes of `input` and compares the result, in constant time, with `hash`.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_INVALID_SIGNATURE` where they differ, in length or content;
 *         `PSA_ERROR_NOT_SUPPORTED` for a hash that no engine has;
 *         `PSA_ERROR_INVALID_ARGUMENT` where `alg` is no hash, or for a null pointer with a length;
 *         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`.
 *
 * Source: PSA 1.5, section 10.2.2.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_hash_compare(psa_algorithm_t alg,
                              const uint8_t *input,
                              size_t input_length,
                              const uint8_t *hash,
                              size_t hash_length);

/**
 * Returns an inactive hash operation, the same as `PSA_HASH_OPERATION_INIT`.
 *
 * Source: PSA 1.5, section 10.2.3.
 */
psa_hash_operation_t psa_hash_operation_init(void);

/**
 * Begins a hash in parts; on failure the operation stays inactive.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_NOT_SUPPORTED` for a hash that no engine has;
 *         `PSA_ERROR_INVALID_ARGUMENT` where `alg` is no hash, or for a null pointer with a length;
 *         `PSA_ERROR_BAD_STATE` where the operation is active, or before `psa_crypto_init()`;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`.
 *
 * Source: PSA 1.5, section 10.2.3.
 *
 * @pre `operation` is valid.
 */
psa_status_t psa_hash_setup(psa_hash_operation_t *operation, psa_algorithm_t alg);

/**
 * Adds `input_length` bytes of `input` to a hash.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_BAD_STATE` where the operation is not active, or before `psa_crypto_init()`;
 *         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer with a length. On failure the operation is in the error state.
 *
 * Source: PSA 1.5, section 10.2.3.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_hash_update(psa_hash_operation_t *operation,
                             const uint8_t *input,
                             size_t input_length);

/**
 * Ends a hash: writes it to `hash`, which has `hash_size` bytes; `*hash_length` is `PSA_HASH_LENGTH()` of its algorithm.
 *
 * The operation becomes inactive.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_BUFFER_TOO_SMALL` where `hash_size` is less than `PSA_HASH_LENGTH()`;
 *         `PSA_ERROR_BAD_STATE` where the operation is not active, or before `psa_crypto_init()`. On failure the operation is in
 *         the error state.
 *
 * Source: PSA 1.5, section 10.2.3.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_hash_finish(psa_hash_operation_t *operation,
                             uint8_t *hash,
                             size_t hash_size,
                             size_t *hash_length);

/**
 * Ends a hash and compares it, in constant time, with `hash`. The operation becomes inactive.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_INVALID_SIGNATURE` where they differ, in length or content;
 *         `PSA_ERROR_BAD_STATE` where the operation is not active, or before `psa_crypto_init()`. On failure the operation is in
 *         the error state.
 *
 * Source: PSA 1.5, section 10.2.3.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_hash_verify(psa_hash_operation_t *operation,
                             const uint8_t *hash,
                             size_t hash_length);

/**
 * Ends a hash in any state; the operation becomes inactive.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer.
 *
 * Source: PSA 1.5, section 10.2.3.
 *
 * @pre `operation` is valid.
 */
psa_status_t psa_hash_abort(psa_hash_operation_t *operation);

/**
 * Takes the state of a hash out of the library, to go on elsewhere. Not supported yet.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_NOT_SUPPORTED`;
 *         `PSA_ERROR_BAD_STATE` where the operation is not active, or before `psa_crypto_init()`. On failure the operation is in the error state.
 *
 * Source: PSA 1.5, section 10.2.3.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_hash_suspend(psa_hash_operation_t *operation,
                              uint8_t *hash_state,
                              size_t hash_state_size,
                              size_t *hash_state_length);

/**
 * Goes on with a hash whose state `psa_hash_suspend()` gave. Not supported yet.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_NOT_SUPPORTED`;
 *         `PSA_ERROR_BAD_STATE` where the operation is active, or before `psa_crypto_init()`.
 *
 * Source: PSA 1.5, section 10.2.3.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_hash_resume(psa_hash_operation_t *operation,
                             const uint8_t *hash_state,
                             size_t hash_state_length);

/**
 * Copies a hash in the making; both go their own way from there. The target is inactive before.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_BAD_STATE` where the source is not active or the target is not inactive, or before
 *         `psa_crypto_init()`;
 *         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`.
 *
 * Source: PSA 1.5, section 10.2.3.
 *
 * @pre The pointers are valid.
 */
psa_status_t psa_hash_clone(const psa_hash_operation_t *source_operation,
                            psa_hash_operation_t *target_operation);

/**
 * Makes a key from `data_length` bytes of key data in the format of its type.
 *
 * The size in the attributes may be 0 or must be that of the data. On failure `*key` is `PSA_KEY_ID_NULL`.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_ALREADY_EXISTS` where a persistent key has that identifier;
 *         `PSA_ERROR_INVALID_ARGUMENT` for invalid attributes, or data that is not a valid key of that type;
 *         `PSA_ERROR_NOT_SUPPORTED` where the key's place, which `parsec_last_error()` names, cannot hold such a key;
 *         `PSA_ERROR_INSUFFICIENT_STORAGE` where the key store is full;
 *         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot be
 *         used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
 *
 * Source: PSA 1.5, section 9.9.1.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_import_key(const psa_key_attributes_t *attributes,
                            const uint8_t *data,
                            size_t data_length,
                            psa_key_id_t *key);

/**
 * Makes a random key or key pair of the type and size (in bits) in the attributes.
 *
 * The place of the key follows from its lifetime and the configuration: `parsec_key_backend()` tells it. On failure
 * `*key` is `PSA_KEY_ID_NULL`.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_ALREADY_EXISTS` where a persistent key has that identifier;
 *         `PSA_ERROR_INVALID_ARGUMENT` for invalid attributes, a public-key type, or a size that the type does not have;
 *         `PSA_ERROR_NOT_SUPPORTED` where the key's place, which `parsec_last_error()` names, cannot hold such a key;
 *         `PSA_ERROR_INSUFFICIENT_STORAGE` where the key store is full;
 *         `PSA_ERROR_INSUFFICIENT_ENTROPY` where there are no random numbers;
 *         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot be
 *         used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
 *
 * Source: PSA 1.5, section 9.9.1.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_generate_key(const psa_key_attributes_t *attributes,
                              psa_key_id_t *key);

/**
 * Makes a random key like `psa_generate_key()`, with production parameters.
 *
 * For RSA keys `custom_data` is the public exponent, `custom_data_length` bytes in big-endian order, 0 for 65537. Other
 * types take none. `custom->flags` is 0. On failure `*key` is `PSA_KEY_ID_NULL`.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_ALREADY_EXISTS` where a persistent key has that identifier;
 *         `PSA_ERROR_INVALID_ARGUMENT` for invalid attributes, or production parameters that the type does not take;
 *         `PSA_ERROR_NOT_SUPPORTED` where the key's place, which `parsec_last_error()` names, cannot hold such a key;
 *         `PSA_ERROR_INSUFFICIENT_STORAGE` where the key store is full;
 *         `PSA_ERROR_INSUFFICIENT_ENTROPY` where there are no random numbers;
 *         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot be
 *         used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
 *
 * Source: PSA 1.5, section 9.9.1.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_generate_key_custom(const psa_key_attributes_t *attributes,
                                     const psa_custom_key_parameters_t *custom,
                                     const uint8_t *custom_data,
                                     size_t custom_data_length,
                                     psa_key_id_t *key);

/**
 * Copies a key under a policy that both the source and the attributes permit.
 *
 * The source needs `PSA_KEY_USAGE_COPY`, and `PSA_KEY_USAGE_EXPORT` as well when the copy goes to another place. Type and
 * size may be left out of the attributes. On failure `*target_key` is `PSA_KEY_ID_NULL`.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_INVALID_HANDLE` where there is no source key;
 *         `PSA_ERROR_NOT_PERMITTED` where the source's usage flags forbid the copy;
 *         `PSA_ERROR_ALREADY_EXISTS` where a persistent key has that identifier;
 *         `PSA_ERROR_INVALID_ARGUMENT` for invalid attributes, another type or size than the source's, or policies without a common algorithm;
 *         `PSA_ERROR_NOT_SUPPORTED` where the key's place, which `parsec_last_error()` names, cannot hold such a key;
 *         `PSA_ERROR_INSUFFICIENT_STORAGE` where the key store is full;
 *         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot be
 *         used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
 *
 * Source: PSA 1.5, section 9.9.1.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_copy_key(psa_key_id_t source_key,
                          const psa_key_attributes_t *attributes,
                          psa_key_id_t *target_key);

/**
 * Gives a volatile identifier to a key that a device already holds, by a label of `label_length` bytes.
 *
 * No backend offers this yet. On failure `*key` is `PSA_KEY_ID_NULL`.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_NOT_SUPPORTED` where the place at the location of the attributes cannot attach keys;
 *         `PSA_ERROR_INVALID_ARGUMENT` for a persistent lifetime or an unknown location;
 *         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`.
 *
 * Source: PSA 1.5, section 9.9.1.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_attach_key(const psa_key_attributes_t *attributes,
                            const uint8_t *label,
                            size_t label_length,
                            psa_key_id_t *key);

/**
 * Destroys a key: its material in memory, in the key store and in its device.
 *
 * Operations that use the key fail at their next step. `PSA_KEY_ID_NULL` is no key, and nothing is done.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
 *         `PSA_ERROR_NOT_PERMITTED` where the key is read-only;
 *         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot be
 *         used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
 *
 * Source: PSA 1.5, section 9.9.2.
 */
psa_status_t psa_destroy_key(psa_key_id_t key);

/**
 * Removes copies of a persistent key's material from memory; it is read again when it is next used.
 *
 * A volatile key, and one that an operation is using, stays.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
 *         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot be
 *         used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
 *
 * Source: PSA 1.5, section 9.9.2.
 */
psa_status_t psa_purge_key(psa_key_id_t key);

/**
 * Writes a key in the format of its type to `data`, which has `data_size` bytes, and its length to `*data_length`.
 *
 * The key needs `PSA_KEY_USAGE_EXPORT`, unless it is a public key.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
 *         `PSA_ERROR_NOT_PERMITTED` without `PSA_KEY_USAGE_EXPORT`;
 *         `PSA_ERROR_BUFFER_TOO_SMALL` where `data_size` is less than `PSA_EXPORT_KEY_OUTPUT_SIZE()` of the key;
 *         `PSA_ERROR_NOT_SUPPORTED` where the key does not leave its place;
 *         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot be
 *         used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
 *
 * Source: PSA 1.5, section 9.9.3.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_export_key(psa_key_id_t key,
                            uint8_t *data,
                            size_t data_size,
                            size_t *data_length);

/**
 * Writes the public part of a key pair, or a public key, to `data`, which has `data_size` bytes, and its length to
 * `*data_length`. No usage flag is needed.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
 *         `PSA_ERROR_INVALID_ARGUMENT` for a symmetric key;
 *         `PSA_ERROR_BUFFER_TOO_SMALL` where `data_size` is less than `PSA_EXPORT_PUBLIC_KEY_OUTPUT_SIZE()` of the key;
 *         `PSA_ERROR_NOT_SUPPORTED` where the key does not leave its place;
 *         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot be
 *         used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
 *
 * Source: PSA 1.5, section 9.9.3.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_export_public_key(psa_key_id_t key,
                                   uint8_t *data,
                                   size_t data_size,
                                   size_t *data_length);

/**
 * Tells whether a key can be used with an algorithm for one usage flag: by its policy, its type and its place.
 *
 * For `PSA_KEY_USAGE_EXPORT`, `_COPY` and `_CACHE` the algorithm is `PSA_ALG_NONE`. Nothing is computed with the key.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
 *         `PSA_ERROR_NOT_PERMITTED` where the policy forbids it;
 *         `PSA_ERROR_INVALID_ARGUMENT` where algorithm, usage and type of the key do not go together;
 *         `PSA_ERROR_NOT_SUPPORTED` where the key's place cannot do it;
 *         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot be
 *         used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
 *
 * Source: PSA 1.5, section 9.8.2.
 */
psa_status_t psa_check_key_usage(psa_key_id_t key,
                                 psa_algorithm_t alg,
                                 psa_key_usage_t usage);

/**
 * Initialises the library: reads the configuration. It opens no key store and no device; those are opened when
 * they are first needed.
 *
 * Applications call it before anything else. Calling it again, from any thread, does nothing.
 *
 * The configuration is `$PARSEC_CONFIG`, else `parsec/parsec.toml` below `$XDG_CONFIG_HOME` or `~/.config`, else
 * `/etc/parsec/parsec.toml`. Without any of them, keys are in software.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_DATA_INVALID` for a mistake in the configuration, which `parsec_last_error()` tells with its line;
 *         `PSA_ERROR_NOT_PERMITTED` where others may write the configuration;
 *         `PSA_ERROR_NOT_SUPPORTED` where it asks for what this build lacks;
 *         `PSA_ERROR_STORAGE_FAILURE` where it cannot be read.
 *
 * Source: PSA 1.5, section 8.2.
 */
psa_status_t psa_crypto_init(void);

/**
 * Destroys volatile keys, aborts all operations, lets go of the devices and makes the library uninitialised.
 *
 * Persistent keys stay. Call it when no other thread uses the library. `psa_crypto_init()` may follow and reads
 * the configuration again. Mbed TLS has this function; the specification does not.
 */
void mbedtls_psa_crypto_free(void);

/**
 * Fills `output` with `output_size` random bytes, fit for keys.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_INSUFFICIENT_ENTROPY` where the engine or the source of `routes.random` gives none;
 *         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer with a size;
 *         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`.
 *
 * Source: PSA 1.5, section 10.14.
 *
 * @pre `output` is valid for writes of `output_size` bytes.
 */
psa_status_t psa_generate_random(uint8_t *output, size_t output_size);

/**
 * Signs a message of `input_length` bytes with a private key. `signature` has `signature_size` bytes; `*signature_length` is
 * how many were written.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_BUFFER_TOO_SMALL` where `signature_size` is less than `PSA_SIGN_OUTPUT_SIZE()` of key and algorithm;
 *         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
 *         `PSA_ERROR_NOT_PERMITTED` where its policy forbids it;
 *         `PSA_ERROR_INVALID_ARGUMENT` where algorithm, key and input do not go together;
 *         `PSA_ERROR_NOT_SUPPORTED` where the key's place cannot do it;
 *         `PSA_ERROR_INSUFFICIENT_ENTROPY` where there are no random numbers;
 *         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot be
 *         used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
 *
 * Source: PSA 1.5, section 10.9.5.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_sign_message(psa_key_id_t key,
                              psa_algorithm_t alg,
                              const uint8_t *input,
                              size_t input_length,
                              uint8_t *signature,
                              size_t signature_size,
                              size_t *signature_length);

/**
 * Checks the signature, of `signature_length` bytes, of a message of `input_length` bytes with a public key or key pair.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_INVALID_SIGNATURE` where it is not valid;
 *         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
 *         `PSA_ERROR_NOT_PERMITTED` where its policy forbids it;
 *         `PSA_ERROR_INVALID_ARGUMENT` where algorithm, key and input do not go together;
 *         `PSA_ERROR_NOT_SUPPORTED` where the key's place cannot do it;
 *         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot be
 *         used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
 *
 * Source: PSA 1.5, section 10.9.5.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_verify_message(psa_key_id_t key,
                                psa_algorithm_t alg,
                                const uint8_t *input,
                                size_t input_length,
                                const uint8_t *signature,
                                size_t signature_length);

/**
 * Signs a message of `input_length` bytes with a private key. `signature` has `signature_size` bytes; `*signature_length` is
 * how many were written.
 *
 * `context` has `context_length` bytes; algorithms without a context take none.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_BUFFER_TOO_SMALL` where `signature_size` is less than `PSA_SIGN_OUTPUT_SIZE()` of key and algorithm;
 *         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
 *         `PSA_ERROR_NOT_PERMITTED` where its policy forbids it;
 *         `PSA_ERROR_INVALID_ARGUMENT` where algorithm, key and input do not go together;
 *         `PSA_ERROR_NOT_SUPPORTED` where the key's place cannot do it;
 *         `PSA_ERROR_INSUFFICIENT_ENTROPY` where there are no random numbers;
 *         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot be
 *         used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
 *
 * Source: PSA 1.5, section 10.9.5.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_sign_message_with_context(psa_key_id_t key,
                                           psa_algorithm_t alg,
                                           const uint8_t *input,
                                           size_t input_length,
                                           const uint8_t *context,
                                           size_t context_length,
                                           uint8_t *signature,
                                           size_t signature_size,
                                           size_t *signature_length);

/**
 * Checks the signature, of `signature_length` bytes, of a message of `input_length` bytes with a public key or key pair.
 *
 * `context` has `context_length` bytes; algorithms without a context take none.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_INVALID_SIGNATURE` where it is not valid;
 *         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
 *         `PSA_ERROR_NOT_PERMITTED` where its policy forbids it;
 *         `PSA_ERROR_INVALID_ARGUMENT` where algorithm, key and input do not go together;
 *         `PSA_ERROR_NOT_SUPPORTED` where the key's place cannot do it;
 *         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot be
 *         used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
 *
 * Source: PSA 1.5, section 10.9.5.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_verify_message_with_context(psa_key_id_t key,
                                             psa_algorithm_t alg,
                                             const uint8_t *input,
                                             size_t input_length,
                                             const uint8_t *context,
                                             size_t context_length,
                                             const uint8_t *signature,
                                             size_t signature_length);

/**
 * Signs a hash of `hash_length` bytes with a private key. `signature` has `signature_size` bytes; `*signature_length` is
 * how many were written.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_BUFFER_TOO_SMALL` where `signature_size` is less than `PSA_SIGN_OUTPUT_SIZE()` of key and algorithm;
 *         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
 *         `PSA_ERROR_NOT_PERMITTED` where its policy forbids it;
 *         `PSA_ERROR_INVALID_ARGUMENT` where algorithm, key and input do not go together;
 *         `PSA_ERROR_NOT_SUPPORTED` where the key's place cannot do it;
 *         `PSA_ERROR_INSUFFICIENT_ENTROPY` where there are no random numbers;
 *         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot be
 *         used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
 *
 * Source: PSA 1.5, section 10.9.6.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_sign_hash(psa_key_id_t key,
                           psa_algorithm_t alg,
                           const uint8_t *hash,
                           size_t hash_length,
                           uint8_t *signature,
                           size_t signature_size,
                           size_t *signature_length);

/**
 * Checks the signature, of `signature_length` bytes, of a hash of `hash_length` bytes with a public key or key pair.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_INVALID_SIGNATURE` where it is not valid;
 *         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
 *         `PSA_ERROR_NOT_PERMITTED` where its policy forbids it;
 *         `PSA_ERROR_INVALID_ARGUMENT` where algorithm, key and input do not go together;
 *         `PSA_ERROR_NOT_SUPPORTED` where the key's place cannot do it;
 *         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot be
 *         used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
 *
 * Source: PSA 1.5, section 10.9.6.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_verify_hash(psa_key_id_t key,
                             psa_algorithm_t alg,
                             const uint8_t *hash,
                             size_t hash_length,
                             const uint8_t *signature,
                             size_t signature_length);

/**
 * Signs a hash of `hash_length` bytes with a private key. `signature` has `signature_size` bytes; `*signature_length` is
 * how many were written.
 *
 * `context` has `context_length` bytes; algorithms without a context take none.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_BUFFER_TOO_SMALL` where `signature_size` is less than `PSA_SIGN_OUTPUT_SIZE()` of key and algorithm;
 *         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
 *         `PSA_ERROR_NOT_PERMITTED` where its policy forbids it;
 *         `PSA_ERROR_INVALID_ARGUMENT` where algorithm, key and input do not go together;
 *         `PSA_ERROR_NOT_SUPPORTED` where the key's place cannot do it;
 *         `PSA_ERROR_INSUFFICIENT_ENTROPY` where there are no random numbers;
 *         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot be
 *         used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
 *
 * Source: PSA 1.5, section 10.9.6.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_sign_hash_with_context(psa_key_id_t key,
                                        psa_algorithm_t alg,
                                        const uint8_t *hash,
                                        size_t hash_length,
                                        const uint8_t *context,
                                        size_t context_length,
                                        uint8_t *signature,
                                        size_t signature_size,
                                        size_t *signature_length);

/**
 * Checks the signature, of `signature_length` bytes, of a hash of `hash_length` bytes with a public key or key pair.
 *
 * `context` has `context_length` bytes; algorithms without a context take none.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_INVALID_SIGNATURE` where it is not valid;
 *         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
 *         `PSA_ERROR_NOT_PERMITTED` where its policy forbids it;
 *         `PSA_ERROR_INVALID_ARGUMENT` where algorithm, key and input do not go together;
 *         `PSA_ERROR_NOT_SUPPORTED` where the key's place cannot do it;
 *         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot be
 *         used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
 *
 * Source: PSA 1.5, section 10.9.6.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_verify_hash_with_context(psa_key_id_t key,
                                          psa_algorithm_t alg,
                                          const uint8_t *hash,
                                          size_t hash_length,
                                          const uint8_t *context,
                                          size_t context_length,
                                          const uint8_t *signature,
                                          size_t signature_length);

/**
 * Returns an inactive signature operation, the same as `PSA_SIGN_OPERATION_INIT`.
 *
 * Source: PSA 1.5, section 10.9.7.
 */
psa_sign_operation_t psa_sign_operation_init(void);

/**
 * Begins to sign a message in parts; on failure the operation stays inactive.
 *
 * Algorithms that cannot work in parts keep up to 16 MiB of the message in memory.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
 *         `PSA_ERROR_NOT_PERMITTED` where its policy forbids it;
 *         `PSA_ERROR_INVALID_ARGUMENT` where algorithm, key and input do not go together;
 *         `PSA_ERROR_NOT_SUPPORTED` where the key's place cannot do it;
 *         `PSA_ERROR_BAD_STATE` where the operation is active, or before `psa_crypto_init()`;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot be
 *         used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
 *
 * Source: PSA 1.5, section 10.9.7.
 *
 * @pre `operation` is valid.
 */
psa_status_t psa_sign_setup(psa_sign_operation_t *operation,
                            psa_key_id_t key,
                            psa_algorithm_t alg);

/**
 * Sets the context of a signature, of `context_length` bytes, before the message.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_BAD_STATE` where the operation is not active, or before `psa_crypto_init()`, or has its
 *         context or a part of the message already, or its algorithm takes no context. On failure the operation is
 *         in the error state.
 *
 * Source: PSA 1.5, section 10.9.7.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_sign_set_context(psa_sign_operation_t *operation,
                                  const uint8_t *context,
                                  size_t context_length);

/**
 * Adds `input_length` bytes of `input` to the message of a signature.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_BAD_STATE` where the operation is not active, or before `psa_crypto_init()`;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY` where an algorithm that cannot work in parts gets more than 16 MiB;
 *         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer with a length. On failure the operation is in the error state.
 *
 * Source: PSA 1.5, section 10.9.7.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_sign_update(psa_sign_operation_t *operation,
                             const uint8_t *input,
                             size_t input_length);

/**
 * Ends a signature: writes it to `signature`, which has `signature_size` bytes, and its length to `*signature_length`.
 *
 * The operation becomes inactive.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_BUFFER_TOO_SMALL` where `signature_size` is less than `PSA_SIGN_OUTPUT_SIZE()` of key and algorithm;
 *         `PSA_ERROR_BAD_STATE` where the operation is not active, or before `psa_crypto_init()`, or its key was destroyed;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot be
 *         used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
 *         On failure the operation is in the error state.
 *
 * Source: PSA 1.5, section 10.9.7.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_sign_finish(psa_sign_operation_t *operation,
                             uint8_t *signature,
                             size_t signature_size,
                             size_t *signature_length);

/**
 * Ends a signature in any state; the operation becomes inactive.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer.
 *
 * Source: PSA 1.5, section 10.9.7.
 *
 * @pre `operation` is valid.
 */
psa_status_t psa_sign_abort(psa_sign_operation_t *operation);

/**
 * Returns an inactive verification operation, the same as `PSA_VERIFY_OPERATION_INIT`.
 *
 * Source: PSA 1.5, section 10.9.7.
 */
psa_verify_operation_t psa_verify_operation_init(void);

/**
 * Begins to check the signature, of `signature_length` bytes, of a message in parts; on failure the operation stays
 * inactive.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
 *         `PSA_ERROR_NOT_PERMITTED` where its policy forbids it;
 *         `PSA_ERROR_INVALID_ARGUMENT` where algorithm, key and input do not go together;
 *         `PSA_ERROR_NOT_SUPPORTED` where the key's place cannot do it;
 *         `PSA_ERROR_BAD_STATE` where the operation is active, or before `psa_crypto_init()`;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot be
 *         used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
 *
 * Source: PSA 1.5, section 10.9.7.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_verify_setup(psa_verify_operation_t *operation,
                              psa_key_id_t key,
                              psa_algorithm_t alg,
                              const uint8_t *signature,
                              size_t signature_length);

/**
 * Sets the context of a verification, of `context_length` bytes, before the message.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_BAD_STATE` where the operation is not active, or before `psa_crypto_init()`, or has its
 *         context or a part of the message already, or its algorithm takes no context. On failure the operation is
 *         in the error state.
 *
 * Source: PSA 1.5, section 10.9.7.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_verify_set_context(psa_verify_operation_t *operation,
                                    const uint8_t *context,
                                    size_t context_length);

/**
 * Adds `input_length` bytes of `input` to the message of a verification.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_BAD_STATE` where the operation is not active, or before `psa_crypto_init()`;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY` where an algorithm that cannot work in parts gets more than 16 MiB;
 *         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer with a length. On failure the operation is in the error state.
 *
 * Source: PSA 1.5, section 10.9.7.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_verify_update(psa_verify_operation_t *operation,
                               const uint8_t *input,
                               size_t input_length);

/**
 * Ends a verification. The operation becomes inactive.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_INVALID_SIGNATURE` where the signature is not valid;
 *         `PSA_ERROR_BAD_STATE` where the operation is not active, or before `psa_crypto_init()`, or its key was destroyed. On
 *         failure the operation is in the error state.
 *
 * Source: PSA 1.5, section 10.9.7.
 *
 * @pre `operation` is valid.
 */
psa_status_t psa_verify_finish(psa_verify_operation_t *operation);

/**
 * Ends a verification in any state; the operation becomes inactive.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer.
 *
 * Source: PSA 1.5, section 10.9.7.
 *
 * @pre `operation` is valid.
 */
psa_status_t psa_verify_abort(psa_verify_operation_t *operation);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#include "crypto_compat.h"
#include "crypto_extra.h"

#endif /* PSA_CRYPTO_H */
