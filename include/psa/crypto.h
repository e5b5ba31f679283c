/**
 * \file psa/crypto.h
 * The PSA Certified Crypto API 1.5: the header that programs include.
 *
 * Each function lists what it may return. Beside that, a device with a key may fail in any call that uses the
 * key, the first use of a key that the configuration provisions (`[[keys]]`) ends like `psa_attach_key()` where
 * that fails, and `PSA_ERROR_CORRUPTION_DETECTED` is a defect of the library. `parsec_last_error()` (`parsec.h`)
 * says in a sentence what happened.
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
 *         `PSA_ERROR_STORAGE_FAILURE` where it, or a PKCS#11 module that it names, cannot be read;
 *         `PSA_ERROR_INSUFFICIENT_ENTROPY` where the engine cannot be seeded.
 *
 * Source: PSA 1.5, section 8.2.2.
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
 * Source: PSA 1.5, section 9.1.1.
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
 *         be read;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
 *         On failure the attributes are reset.
 *
 * Source: PSA 1.5, section 9.1.1.
 *
 * @pre `attributes` is valid.
 */
psa_status_t psa_get_key_attributes(psa_key_id_t key,
                                    psa_key_attributes_t *attributes);

/**
 * Resets attributes to `PSA_KEY_ATTRIBUTES_INIT`.
 *
 * Source: PSA 1.5, section 9.1.1.
 *
 * @pre `attributes` is null or valid.
 */
void psa_reset_key_attributes(psa_key_attributes_t *attributes);

/**
 * Sets the type of a key.
 *
 * Source: PSA 1.5, section 9.2.5.
 *
 * @pre `attributes` is null or valid.
 */
void psa_set_key_type(psa_key_attributes_t *attributes, psa_key_type_t type);

/**
 * Returns the type of a key, `PSA_KEY_TYPE_NONE` when not set.
 *
 * Source: PSA 1.5, section 9.2.5.
 *
 * @pre `attributes` is null or valid.
 */
psa_key_type_t psa_get_key_type(const psa_key_attributes_t *attributes);

/**
 * Sets the size of a key in bits; 0 leaves it to the key data. A size over `UINT32_MAX` - 1 is one that no key has.
 *
 * Source: PSA 1.5, section 9.2.5.
 *
 * @pre `attributes` is null or valid.
 */
void psa_set_key_bits(psa_key_attributes_t *attributes,
                      size_t bits);

/**
 * Returns the size of a key in bits, 0 when not set.
 *
 * Source: PSA 1.5, section 9.2.5.
 *
 * @pre `attributes` is null or valid.
 */
size_t psa_get_key_bits(const psa_key_attributes_t *attributes);

/**
 * Sets the lifetime of a key. A volatile lifetime resets the identifier to `PSA_KEY_ID_NULL`.
 *
 * Source: PSA 1.5, section 9.6.5.
 *
 * @pre `attributes` is null or valid.
 */
void psa_set_key_lifetime(psa_key_attributes_t *attributes, psa_key_lifetime_t lifetime);

/**
 * Returns the lifetime of a key.
 *
 * Source: PSA 1.5, section 9.6.5.
 *
 * @pre `attributes` is null or valid.
 */
psa_key_lifetime_t psa_get_key_lifetime(const psa_key_attributes_t *attributes);

/**
 * Makes a key persistent under an identifier from `PSA_KEY_ID_USER_MIN` to `PSA_KEY_ID_USER_MAX`; the location of its
 * lifetime stays.
 *
 * Source: PSA 1.5, section 9.7.2.
 *
 * @pre `attributes` is null or valid.
 */
void psa_set_key_id(psa_key_attributes_t *attributes,
                    psa_key_id_t id);

/**
 * Returns the identifier of a key, `PSA_KEY_ID_NULL` when not set.
 *
 * Source: PSA 1.5, section 9.7.2.
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
 *         `PSA_ERROR_NOT_PERMITTED` where others may change the key store or read a secret, or a device rejects what it is
 *         opened with;
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
 *         `PSA_ERROR_NOT_PERMITTED` where others may change the key store or read a secret, or a device rejects what it is
 *         opened with;
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
 * For RSA keys `custom_data` is the public exponent, `custom_data_length` bytes in little-endian order, 0 for 65537: an odd
 * number above 1 of up to 32 bits. Other types take none. `custom->flags` is 0. On failure `*key` is `PSA_KEY_ID_NULL`.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_ALREADY_EXISTS` where a persistent key has that identifier;
 *         `PSA_ERROR_INVALID_ARGUMENT` for invalid attributes, or production parameters that the type does not take;
 *         `PSA_ERROR_NOT_SUPPORTED` where the key's place, which `parsec_last_error()` names, cannot hold such a key;
 *         `PSA_ERROR_INSUFFICIENT_STORAGE` where the key store is full;
 *         `PSA_ERROR_INSUFFICIENT_ENTROPY` where there are no random numbers;
 *         `PSA_ERROR_NOT_PERMITTED` where others may change the key store or read a secret, or a device rejects what it is
 *         opened with;
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
 *         `PSA_ERROR_NOT_PERMITTED` where others may change the key store or read a secret, or a device rejects what it is
 *         opened with;
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
 * In a PKCS#11 token the label is a URI (RFC 7512) with the attributes `object`, `id` and `type`, such as
 * `pkcs11:id=%01;type=private`, or the plain `CKA_LABEL`; what the URI says of the token must be true of it. In a TPM it is
 * a persistent handle, such as `0x81010001`. Type and size may be left unset, but the size of an HMAC key that was brought
 * into a TPM: that says it of the keys alone that it made. The key is not owned: destroying the identifier leaves it in the
 * device, and a copy with a persistent identifier is another reference to it. On failure `*key` is `PSA_KEY_ID_NULL`.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_DOES_NOT_EXIST` where the device has no such key;
 *         `PSA_ERROR_NOT_PERMITTED` where the key in the device is not for this usage;
 *         `PSA_ERROR_NOT_SUPPORTED` where the device cannot do what the policy asks, or not with such a key;
 *         `PSA_ERROR_INVALID_ARGUMENT` for a persistent lifetime, an unknown location, another type or size than the
 *         key's, an unset size where the device does not tell it, a label that names no key, or one that names
 *         several, which `parsec_last_error()` lists;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot
 *         be used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the device fails;
 *         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
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
 *         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer;
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
 *         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`.
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
 * Hashes `input_length` bytes of `input` and compares the result, in constant time, with the `hash_length` bytes of
 * `hash`.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_INVALID_SIGNATURE` where they differ, in length or content;
 *         `PSA_ERROR_NOT_SUPPORTED` for a hash that no engine has;
 *         `PSA_ERROR_INVALID_ARGUMENT` where `alg` is no hash, or for a null pointer with a length;
 *         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`.
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
 *         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer;
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
 * Ends a hash and compares it, in constant time, with the `hash_length` bytes of `hash`. The operation becomes
 * inactive.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_INVALID_SIGNATURE` where they differ, in length or content;
 *         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer with a length;
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
 * Takes the state of a hash out of the library, into `hash_state` of `hash_state_size` bytes, to go on with it later or
 * elsewhere: `*hash_state_length` is at most `PSA_HASH_SUSPEND_OUTPUT_SIZE()` of its algorithm. The operation becomes inactive.
 *
 * Its format is specified (section 10.2.5) for MD2, MD4, MD5, RIPEMD-160, SHA-1 and the SHA-2 hashes but SHA-256/192. Keep it as secret
 * as the input.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_NOT_SUPPORTED` for another algorithm;
 *         `PSA_ERROR_BUFFER_TOO_SMALL` where the state does not fit;
 *         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer;
 *         `PSA_ERROR_BAD_STATE` where the operation is not active, or before `psa_crypto_init()`. On failure the operation is in
 *         the error state.
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
 * Goes on with a hash whose state, of `hash_state_length` bytes, `psa_hash_suspend()` gave, here or in another implementation of
 * this API. On failure the operation stays inactive.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_INVALID_ARGUMENT` where this is not such a state, or for a null pointer with a length;
 *         `PSA_ERROR_NOT_SUPPORTED` where it is of an algorithm that cannot be suspended;
 *         `PSA_ERROR_BAD_STATE` where the operation is active, or before `psa_crypto_init()`;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`.
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
 * Returns an inactive extendable-output operation, the same as `PSA_XOF_OPERATION_INIT`.
 *
 * Source: PSA 1.5, section 10.3.2.
 */
psa_xof_operation_t psa_xof_operation_init(void);

/**
 * Begins an extendable-output function; on failure the operation stays inactive.
 *
 * A function with a context (`PSA_ALG_XOF_HAS_CONTEXT(alg)`) takes it next, by `psa_xof_set_context()`.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_NOT_SUPPORTED` for a function that no engine has;
 *         `PSA_ERROR_INVALID_ARGUMENT` where `alg` is no extendable-output function, or for a null pointer;
 *         `PSA_ERROR_BAD_STATE` where the operation is active, or before `psa_crypto_init()`;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`.
 *
 * Source: PSA 1.5, section 10.3.2.
 *
 * @pre `operation` is valid.
 */
psa_status_t psa_xof_setup(psa_xof_operation_t *operation, psa_algorithm_t alg);

/**
 * Sets the context, of `context_length` bytes, right after `psa_xof_setup()`. It may be empty; Ascon-CXOF128 takes at
 * most 256 bytes.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_INVALID_ARGUMENT` where the function has no context or does not take this one, or for a null pointer with a
 *         length;
 *         `PSA_ERROR_BAD_STATE` where the operation is not active, or the context was set or input given or output taken before,
 *         or before `psa_crypto_init()`. On failure the operation is in the error state.
 *
 * Source: PSA 1.5, section 10.3.2.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_xof_set_context(psa_xof_operation_t *operation,
                                 const uint8_t *context,
                                 size_t context_length);

/**
 * Adds `input_length` bytes of `input`, before the first output.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_BAD_STATE` where the operation is not active, its context is missing, or output was taken before, or before
 *         `psa_crypto_init()`;
 *         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer with a length. On failure the operation is in the error state.
 *
 * Source: PSA 1.5, section 10.3.2.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_xof_update(psa_xof_operation_t *operation,
                            const uint8_t *input,
                            size_t input_length);

/**
 * Fills `output` with the next `output_length` bytes. The first call ends the input; the operation stays active until
 * `psa_xof_abort()`.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_BAD_STATE` where the operation is not active or its context is missing, or before `psa_crypto_init()`;
 *         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer with a length. On failure the operation is in the error state.
 *
 * Source: PSA 1.5, section 10.3.2.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_xof_output(psa_xof_operation_t *operation,
                            uint8_t *output,
                            size_t output_length);

/**
 * Ends an extendable-output function in any state; the operation becomes inactive.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer.
 *
 * Source: PSA 1.5, section 10.3.2.
 *
 * @pre `operation` is valid.
 */
psa_status_t psa_xof_abort(psa_xof_operation_t *operation);

/**
 * Computes the MAC of `input_length` bytes of `input` into `mac`, which has `mac_size` bytes; `*mac_length` is
 * `PSA_MAC_LENGTH()` of key and algorithm.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_BUFFER_TOO_SMALL` where `mac_size` is less than `PSA_MAC_LENGTH()`;
 *         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
 *         `PSA_ERROR_NOT_PERMITTED` where its policy forbids it;
 *         `PSA_ERROR_INVALID_ARGUMENT` where `alg` is no MAC algorithm, truncates to more than there is, or does not
 *         go with the key, or for a null pointer with a length;
 *         `PSA_ERROR_NOT_SUPPORTED` where the key's place cannot do it, or `alg` truncates to less than 4 bytes;
 *         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot
 *         be used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
 *
 * Source: PSA 1.5, section 10.4.2.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_mac_compute(psa_key_id_t key,
                             psa_algorithm_t alg,
                             const uint8_t *input,
                             size_t input_length,
                             uint8_t *mac,
                             size_t mac_size,
                             size_t *mac_length);

/**
 * Computes the MAC of `input_length` bytes of `input` and compares it, in constant time, with the `mac_length` bytes
 * of `mac`.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_INVALID_SIGNATURE` where they differ, in length or content;
 *         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
 *         `PSA_ERROR_NOT_PERMITTED` where its policy forbids it;
 *         `PSA_ERROR_INVALID_ARGUMENT` where `alg` is no MAC algorithm, truncates to more than there is, or does not
 *         go with the key, or for a null pointer with a length;
 *         `PSA_ERROR_NOT_SUPPORTED` where the key's place cannot do it, or `alg` truncates to less than 4 bytes;
 *         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot
 *         be used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
 *
 * Source: PSA 1.5, section 10.4.2.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_mac_verify(psa_key_id_t key,
                            psa_algorithm_t alg,
                            const uint8_t *input,
                            size_t input_length,
                            const uint8_t *mac,
                            size_t mac_length);

/**
 * Returns an inactive MAC operation, the same as `PSA_MAC_OPERATION_INIT`.
 *
 * Source: PSA 1.5, section 10.4.3.
 */
psa_mac_operation_t psa_mac_operation_init(void);

/**
 * Begins to compute a MAC in parts; on failure the operation stays inactive.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
 *         `PSA_ERROR_NOT_PERMITTED` where its policy forbids it;
 *         `PSA_ERROR_INVALID_ARGUMENT` where `alg` is no MAC algorithm, truncates to more than there is, or does not
 *         go with the key;
 *         `PSA_ERROR_NOT_SUPPORTED` where the key's place cannot do it, or `alg` truncates to less than 4 bytes;
 *         `PSA_ERROR_BAD_STATE` where the operation is active, or before `psa_crypto_init()`;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot
 *         be used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
 *
 * Source: PSA 1.5, section 10.4.3.
 *
 * @pre `operation` is valid.
 */
psa_status_t psa_mac_sign_setup(psa_mac_operation_t *operation,
                                psa_key_id_t key,
                                psa_algorithm_t alg);

/**
 * Begins to verify a MAC in parts; on failure the operation stays inactive.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
 *         `PSA_ERROR_NOT_PERMITTED` where its policy forbids it;
 *         `PSA_ERROR_INVALID_ARGUMENT` where `alg` is no MAC algorithm, truncates to more than there is, or does not
 *         go with the key;
 *         `PSA_ERROR_NOT_SUPPORTED` where the key's place cannot do it, or `alg` truncates to less than 4 bytes;
 *         `PSA_ERROR_BAD_STATE` where the operation is active, or before `psa_crypto_init()`;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot
 *         be used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
 *
 * Source: PSA 1.5, section 10.4.3.
 *
 * @pre `operation` is valid.
 */
psa_status_t psa_mac_verify_setup(psa_mac_operation_t *operation,
                                  psa_key_id_t key,
                                  psa_algorithm_t alg);

/**
 * Adds `input_length` bytes of `input` to a MAC.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_BAD_STATE` where the operation is not active, its key was destroyed, or before
 *         `psa_crypto_init()`;
 *         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer with a length;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot
 *         be used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
 *         On failure the operation is in the error state.
 *
 * Source: PSA 1.5, section 10.4.3.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_mac_update(psa_mac_operation_t *operation,
                            const uint8_t *input,
                            size_t input_length);

/**
 * Ends a MAC: writes it to `mac`, which has `mac_size` bytes; `*mac_length` is `PSA_MAC_LENGTH()` of key and
 * algorithm.
 *
 * The operation becomes inactive.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_BUFFER_TOO_SMALL` where `mac_size` is less than `PSA_MAC_LENGTH()`;
 *         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer;
 *         `PSA_ERROR_BAD_STATE` where the operation is not active or was set up to verify, its key was destroyed, or
 *         before `psa_crypto_init()`;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot
 *         be used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
 *         On failure the operation is in the error state.
 *
 * Source: PSA 1.5, section 10.4.3.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_mac_sign_finish(psa_mac_operation_t *operation,
                                 uint8_t *mac,
                                 size_t mac_size,
                                 size_t *mac_length);

/**
 * Ends a MAC and compares it, in constant time, with the `mac_length` bytes of `mac`. The operation becomes inactive.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_INVALID_SIGNATURE` where they differ, in length or content;
 *         `PSA_ERROR_BAD_STATE` where the operation is not active or was set up to compute, its key was destroyed, or
 *         before `psa_crypto_init()`;
 *         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer with a length;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot
 *         be used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
 *         On failure the operation is in the error state.
 *
 * Source: PSA 1.5, section 10.4.3.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_mac_verify_finish(psa_mac_operation_t *operation,
                                   const uint8_t *mac,
                                   size_t mac_length);

/**
 * Ends a MAC in any state; the operation becomes inactive.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer.
 *
 * Source: PSA 1.5, section 10.4.3.
 *
 * @pre `operation` is valid.
 */
psa_status_t psa_mac_abort(psa_mac_operation_t *operation);

/**
 * Encrypts `input_length` bytes of `input` into `output`, which has `output_size` bytes: a random initialization
 * vector of `PSA_CIPHER_IV_LENGTH()` bytes, where the algorithm has one, and then the ciphertext. `*output_length` is
 * how many bytes were written. Input and output may overlap.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_BUFFER_TOO_SMALL` where `output_size` is less than `PSA_CIPHER_ENCRYPT_OUTPUT_SIZE()` of key,
 *         algorithm and input length;
 *         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
 *         `PSA_ERROR_NOT_PERMITTED` where its policy forbids it;
 *         `PSA_ERROR_INVALID_ARGUMENT` where `alg` is no cipher algorithm or does not go with the key, where the input
 *         must have whole blocks and has not, or for a null pointer with a length;
 *         `PSA_ERROR_NOT_SUPPORTED` where the key's place cannot do it;
 *         `PSA_ERROR_INSUFFICIENT_ENTROPY` where there are no random numbers;
 *         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot
 *         be used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
 *
 * Source: PSA 1.5, section 10.5.2.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_cipher_encrypt(psa_key_id_t key,
                                psa_algorithm_t alg,
                                const uint8_t *input,
                                size_t input_length,
                                uint8_t *output,
                                size_t output_size,
                                size_t *output_length);

/**
 * Decrypts `input_length` bytes of `input`, an initialization vector of `PSA_CIPHER_IV_LENGTH()` bytes, where the
 * algorithm has one, and then the ciphertext, into `output`, which has `output_size` bytes. `*output_length` is how
 * many bytes were written; `PSA_CIPHER_DECRYPT_OUTPUT_SIZE()` of key, algorithm and input length is enough. Input and
 * output may overlap.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_BUFFER_TOO_SMALL` where the plaintext is longer than `output_size`;
 *         `PSA_ERROR_INVALID_PADDING` where the algorithm has padding and it is wrong;
 *         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
 *         `PSA_ERROR_NOT_PERMITTED` where its policy forbids it;
 *         `PSA_ERROR_INVALID_ARGUMENT` where `alg` is no cipher algorithm or does not go with the key, where the input
 *         has no initialization vector or must have whole blocks and has not, or for a null pointer with a length;
 *         `PSA_ERROR_NOT_SUPPORTED` where the key's place cannot do it;
 *         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot
 *         be used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
 *
 * Source: PSA 1.5, section 10.5.2.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_cipher_decrypt(psa_key_id_t key,
                                psa_algorithm_t alg,
                                const uint8_t *input,
                                size_t input_length,
                                uint8_t *output,
                                size_t output_size,
                                size_t *output_length);

/**
 * Returns an inactive cipher operation, the same as `PSA_CIPHER_OPERATION_INIT`.
 *
 * Source: PSA 1.5, section 10.5.3.
 */
psa_cipher_operation_t psa_cipher_operation_init(void);

/**
 * Begins an encryption in parts; on failure the operation stays inactive.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
 *         `PSA_ERROR_NOT_PERMITTED` where its policy forbids it;
 *         `PSA_ERROR_INVALID_ARGUMENT` where `alg` is no cipher algorithm or does not go with the key;
 *         `PSA_ERROR_NOT_SUPPORTED` where the key's place cannot do it;
 *         `PSA_ERROR_BAD_STATE` where the operation is active, or before `psa_crypto_init()`;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot
 *         be used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
 *
 * Source: PSA 1.5, section 10.5.3.
 *
 * @pre `operation` is valid.
 */
psa_status_t psa_cipher_encrypt_setup(psa_cipher_operation_t *operation,
                                      psa_key_id_t key,
                                      psa_algorithm_t alg);

/**
 * Begins a decryption in parts; on failure the operation stays inactive.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
 *         `PSA_ERROR_NOT_PERMITTED` where its policy forbids it;
 *         `PSA_ERROR_INVALID_ARGUMENT` where `alg` is no cipher algorithm or does not go with the key;
 *         `PSA_ERROR_NOT_SUPPORTED` where the key's place cannot do it;
 *         `PSA_ERROR_BAD_STATE` where the operation is active, or before `psa_crypto_init()`;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot
 *         be used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
 *
 * Source: PSA 1.5, section 10.5.3.
 *
 * @pre `operation` is valid.
 */
psa_status_t psa_cipher_decrypt_setup(psa_cipher_operation_t *operation,
                                      psa_key_id_t key,
                                      psa_algorithm_t alg);

/**
 * Makes a random initialization vector for an encryption: writes it to `iv`, which has `iv_size` bytes; `*iv_length`
 * is `PSA_CIPHER_IV_LENGTH()` of key and algorithm.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_BUFFER_TOO_SMALL` where `iv_size` is less than `PSA_CIPHER_IV_LENGTH()`;
 *         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer;
 *         `PSA_ERROR_BAD_STATE` where the operation is not active, decrypts, has its initialization vector or an
 *         algorithm without one, its key was destroyed, or before `psa_crypto_init()`;
 *         `PSA_ERROR_INSUFFICIENT_ENTROPY` where there are no random numbers;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot
 *         be used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
 *         On failure the operation is in the error state.
 *
 * Source: PSA 1.5, section 10.5.3.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_cipher_generate_iv(psa_cipher_operation_t *operation,
                                    uint8_t *iv,
                                    size_t iv_size,
                                    size_t *iv_length);

/**
 * Sets the initialization vector, of `iv_length` bytes: `PSA_CIPHER_IV_LENGTH()` of key and algorithm, or what else
 * the algorithm takes (`PSA_ALG_CTR`: 1 to a block; ChaCha20: 8, 12 or, with the counter first, 16).
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_BAD_STATE` where the operation is not active, has its initialization vector or an algorithm
 *         without one, its key was destroyed, or before `psa_crypto_init()`;
 *         `PSA_ERROR_INVALID_ARGUMENT` where the algorithm does not take this length, or for a null pointer with a
 *         length;
 *         `PSA_ERROR_NOT_SUPPORTED` where the key's place does not take this length;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot
 *         be used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
 *         On failure the operation is in the error state.
 *
 * Source: PSA 1.5, section 10.5.3.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_cipher_set_iv(psa_cipher_operation_t *operation,
                               const uint8_t *iv,
                               size_t iv_length);

/**
 * Encrypts or decrypts `input_length` bytes of `input` into `output`, which has `output_size` bytes; `*output_length`
 * is how many bytes were written, which is at most `PSA_CIPHER_UPDATE_OUTPUT_SIZE()` of key, algorithm and input
 * length. What does not fill a block waits for more. Input and output may overlap.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_BUFFER_TOO_SMALL` where more bytes than `output_size` are ready;
 *         `PSA_ERROR_BAD_STATE` where the operation is not active or has no initialization vector yet, its key was
 *         destroyed, or before `psa_crypto_init()`;
 *         `PSA_ERROR_INVALID_ARGUMENT` where the algorithm takes no more input, or for a null pointer with a length;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot
 *         be used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
 *         On failure the operation is in the error state.
 *
 * Source: PSA 1.5, section 10.5.3.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_cipher_update(psa_cipher_operation_t *operation,
                               const uint8_t *input,
                               size_t input_length,
                               uint8_t *output,
                               size_t output_size,
                               size_t *output_length);

/**
 * Ends an encryption or decryption: writes what is left of it to `output`, which has `output_size` bytes;
 * `*output_length` is how many bytes were written, which is at most `PSA_CIPHER_FINISH_OUTPUT_SIZE()` of key and
 * algorithm.
 *
 * The operation becomes inactive.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_BUFFER_TOO_SMALL` where there are more bytes than `output_size`;
 *         `PSA_ERROR_INVALID_PADDING` where the decrypted padding is wrong;
 *         `PSA_ERROR_INVALID_ARGUMENT` where the whole input must have whole blocks and has not;
 *         `PSA_ERROR_BAD_STATE` where the operation is not active or has no initialization vector yet, its key was
 *         destroyed, or before `psa_crypto_init()`;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot
 *         be used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
 *         On failure the operation is in the error state.
 *
 * Source: PSA 1.5, section 10.5.3.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_cipher_finish(psa_cipher_operation_t *operation,
                               uint8_t *output,
                               size_t output_size,
                               size_t *output_length);

/**
 * Ends an encryption or decryption in any state; the operation becomes inactive.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer.
 *
 * Source: PSA 1.5, section 10.5.3.
 *
 * @pre `operation` is valid.
 */
psa_status_t psa_cipher_abort(psa_cipher_operation_t *operation);

/**
 * Encrypts `plaintext_length` bytes of `plaintext` with a nonce of `nonce_length` bytes, and authenticates them
 * together with `additional_data_length` bytes of `additional_data`. `ciphertext` has `ciphertext_size` bytes and gets
 * the ciphertext followed by the tag; `*ciphertext_length` is `PSA_AEAD_ENCRYPT_OUTPUT_SIZE()` of key, algorithm and
 * plaintext length. All buffers may overlap.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_BUFFER_TOO_SMALL` where `ciphertext_size` is less than `PSA_AEAD_ENCRYPT_OUTPUT_SIZE()`;
 *         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
 *         `PSA_ERROR_NOT_PERMITTED` where its policy forbids it;
 *         `PSA_ERROR_INVALID_ARGUMENT` where `alg` is no AEAD algorithm, has a tag of a wrong length or does not go
 *         with the key, where the nonce has a wrong length or the data is too long, or for a null pointer with a
 *         length;
 *         `PSA_ERROR_NOT_SUPPORTED` where the key's place cannot do it, or not with this nonce;
 *         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot
 *         be used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
 *
 * Source: PSA 1.5, section 10.6.2.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_aead_encrypt(psa_key_id_t key,
                              psa_algorithm_t alg,
                              const uint8_t *nonce,
                              size_t nonce_length,
                              const uint8_t *additional_data,
                              size_t additional_data_length,
                              const uint8_t *plaintext,
                              size_t plaintext_length,
                              uint8_t *ciphertext,
                              size_t ciphertext_size,
                              size_t *ciphertext_length);

/**
 * Decrypts `ciphertext_length` bytes of `ciphertext`, whose end is the tag, with a nonce of `nonce_length` bytes, if
 * they and the `additional_data_length` bytes of `additional_data` are authentic. `plaintext` has `plaintext_size`
 * bytes; `*plaintext_length` is `PSA_AEAD_DECRYPT_OUTPUT_SIZE()` of key, algorithm and ciphertext length. All buffers
 * may overlap; nothing of the plaintext is left in the output where the tag is wrong.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_INVALID_SIGNATURE` where the ciphertext is not authentic, or shorter than a tag;
 *         `PSA_ERROR_BUFFER_TOO_SMALL` where `plaintext_size` is less than `PSA_AEAD_DECRYPT_OUTPUT_SIZE()`;
 *         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
 *         `PSA_ERROR_NOT_PERMITTED` where its policy forbids it;
 *         `PSA_ERROR_INVALID_ARGUMENT` where `alg` is no AEAD algorithm, has a tag of a wrong length or does not go
 *         with the key, where the nonce has a wrong length or the data is too long, or for a null pointer with a
 *         length;
 *         `PSA_ERROR_NOT_SUPPORTED` where the key's place cannot do it, or not with this nonce;
 *         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot
 *         be used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
 *
 * Source: PSA 1.5, section 10.6.2.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_aead_decrypt(psa_key_id_t key,
                              psa_algorithm_t alg,
                              const uint8_t *nonce,
                              size_t nonce_length,
                              const uint8_t *additional_data,
                              size_t additional_data_length,
                              const uint8_t *ciphertext,
                              size_t ciphertext_length,
                              uint8_t *plaintext,
                              size_t plaintext_size,
                              size_t *plaintext_length);

/**
 * Returns an inactive AEAD operation, the same as `PSA_AEAD_OPERATION_INIT`.
 *
 * Source: PSA 1.5, section 10.6.3.
 */
psa_aead_operation_t psa_aead_operation_init(void);

/**
 * Begins an authenticated encryption in parts; on failure the operation stays inactive.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
 *         `PSA_ERROR_NOT_PERMITTED` where its policy forbids it;
 *         `PSA_ERROR_INVALID_ARGUMENT` where `alg` is no AEAD algorithm, has a tag of a wrong length or does not go
 *         with the key;
 *         `PSA_ERROR_NOT_SUPPORTED` where the key's place cannot do it;
 *         `PSA_ERROR_BAD_STATE` where the operation is active, or before `psa_crypto_init()`;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot
 *         be used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
 *
 * Source: PSA 1.5, section 10.6.3.
 *
 * @pre `operation` is valid.
 */
psa_status_t psa_aead_encrypt_setup(psa_aead_operation_t *operation,
                                    psa_key_id_t key,
                                    psa_algorithm_t alg);

/**
 * Begins an authenticated decryption in parts; on failure the operation stays inactive.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
 *         `PSA_ERROR_NOT_PERMITTED` where its policy forbids it;
 *         `PSA_ERROR_INVALID_ARGUMENT` where `alg` is no AEAD algorithm, has a tag of a wrong length or does not go
 *         with the key;
 *         `PSA_ERROR_NOT_SUPPORTED` where the key's place cannot do it;
 *         `PSA_ERROR_BAD_STATE` where the operation is active, or before `psa_crypto_init()`;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot
 *         be used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
 *
 * Source: PSA 1.5, section 10.6.3.
 *
 * @pre `operation` is valid.
 */
psa_status_t psa_aead_decrypt_setup(psa_aead_operation_t *operation,
                                    psa_key_id_t key,
                                    psa_algorithm_t alg);

/**
 * Announces how many bytes of additional data and of plaintext will follow: exactly as many must then come.
 * `PSA_ALG_CCM` needs it, before the nonce; other algorithms take it.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_BAD_STATE` where the operation is not active or has its lengths or its nonce already, its key was
 *         destroyed, or before `psa_crypto_init()`;
 *         `PSA_ERROR_INVALID_ARGUMENT` where the algorithm does not take so much;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot
 *         be used;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
 *         On failure the operation is in the error state.
 *
 * Source: PSA 1.5, section 10.6.3.
 *
 * @pre `operation` is valid.
 */
psa_status_t psa_aead_set_lengths(psa_aead_operation_t *operation,
                                  size_t ad_length,
                                  size_t plaintext_length);

/**
 * Makes a random nonce for an encryption: writes it to `nonce`, which has `nonce_size` bytes; `*nonce_length` is
 * `PSA_AEAD_NONCE_LENGTH()` of key and algorithm, or less where a long plaintext was announced for `PSA_ALG_CCM`.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_BUFFER_TOO_SMALL` where the nonce is longer than `nonce_size`;
 *         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer;
 *         `PSA_ERROR_BAD_STATE` where the operation is not active, decrypts, has its nonce already, or lacks the
 *         lengths that its algorithm needs, its key was destroyed, or before `psa_crypto_init()`;
 *         `PSA_ERROR_INSUFFICIENT_ENTROPY` where there are no random numbers;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot
 *         be used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
 *         On failure the operation is in the error state.
 *
 * Source: PSA 1.5, section 10.6.3.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_aead_generate_nonce(psa_aead_operation_t *operation,
                                     uint8_t *nonce,
                                     size_t nonce_size,
                                     size_t *nonce_length);

/**
 * Sets the nonce, of `nonce_length` bytes: `PSA_AEAD_NONCE_LENGTH()` of key and algorithm, or what else the algorithm
 * takes (`PSA_ALG_CCM`: 7 to 13, `PSA_ALG_GCM`: 1 or more).
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_BAD_STATE` where the operation is not active, has its nonce already, or lacks the lengths that
 *         its algorithm needs, its key was destroyed, or before `psa_crypto_init()`;
 *         `PSA_ERROR_INVALID_ARGUMENT` where the algorithm does not take this length, with CCM for a plaintext of the
 *         announced length, or for a null pointer with a length;
 *         `PSA_ERROR_NOT_SUPPORTED` where the key's place does not take this length;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot
 *         be used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
 *         On failure the operation is in the error state.
 *
 * Source: PSA 1.5, section 10.6.3.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_aead_set_nonce(psa_aead_operation_t *operation,
                                const uint8_t *nonce,
                                size_t nonce_length);

/**
 * Adds `input_length` bytes of `input` to the additional data, which comes before the text.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_BAD_STATE` where the operation is not active, has no nonce yet, or has begun its text, its key
 *         was destroyed, or before `psa_crypto_init()`;
 *         `PSA_ERROR_INVALID_ARGUMENT` where there is more than was announced or the algorithm takes, or for a null
 *         pointer with a length;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot
 *         be used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
 *         On failure the operation is in the error state.
 *
 * Source: PSA 1.5, section 10.6.3.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_aead_update_ad(psa_aead_operation_t *operation,
                                const uint8_t *input,
                                size_t input_length);

/**
 * Encrypts or decrypts `input_length` bytes of `input` into `output`, which has `output_size` bytes; `*output_length`
 * is `input_length`. Input and output may overlap. What is decrypted is not to be trusted before `psa_aead_verify()`
 * succeeds.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_BUFFER_TOO_SMALL` where `output_size` is less than `input_length`;
 *         `PSA_ERROR_BAD_STATE` where the operation is not active or has no nonce yet, its key was destroyed, or
 *         before `psa_crypto_init()`;
 *         `PSA_ERROR_INVALID_ARGUMENT` where there is more text, or was less additional data, than announced, or the
 *         algorithm does not take so much, or for a null pointer with a length;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot
 *         be used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
 *         On failure the operation is in the error state.
 *
 * Source: PSA 1.5, section 10.6.3.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_aead_update(psa_aead_operation_t *operation,
                             const uint8_t *input,
                             size_t input_length,
                             uint8_t *output,
                             size_t output_size,
                             size_t *output_length);

/**
 * Ends an encryption: writes the tag to `tag`, which has `tag_size` bytes; `*tag_length` is `PSA_AEAD_TAG_LENGTH()` of
 * key and algorithm. All ciphertext was already put out, so that nothing is written to `ciphertext`, of
 * `ciphertext_size` bytes, and `*ciphertext_length` is 0.
 *
 * The operation becomes inactive.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_BUFFER_TOO_SMALL` where `tag_size` is less than `PSA_AEAD_TAG_LENGTH()`;
 *         `PSA_ERROR_BAD_STATE` where the operation is not active, decrypts, or has no nonce yet, its key was
 *         destroyed, or before `psa_crypto_init()`;
 *         `PSA_ERROR_INVALID_ARGUMENT` where there was less data than announced, or for a null pointer with a length;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot
 *         be used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
 *         On failure the operation is in the error state.
 *
 * Source: PSA 1.5, section 10.6.3.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_aead_finish(psa_aead_operation_t *operation,
                             uint8_t *ciphertext,
                             size_t ciphertext_size,
                             size_t *ciphertext_length,
                             uint8_t *tag,
                             size_t tag_size,
                             size_t *tag_length);

/**
 * Ends a decryption and compares its tag, in constant time, with the `tag_length` bytes of `tag`. All plaintext was
 * already put out, so that nothing is written to `plaintext`, of `plaintext_size` bytes, and `*plaintext_length` is 0.
 *
 * The operation becomes inactive.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_INVALID_SIGNATURE` where the tags differ, in length or content;
 *         `PSA_ERROR_BAD_STATE` where the operation is not active, encrypts, or has no nonce yet, its key was
 *         destroyed, or before `psa_crypto_init()`;
 *         `PSA_ERROR_INVALID_ARGUMENT` where there was less data than announced, or for a null pointer with a length;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot
 *         be used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
 *         On failure the operation is in the error state.
 *
 * Source: PSA 1.5, section 10.6.3.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_aead_verify(psa_aead_operation_t *operation,
                             uint8_t *plaintext,
                             size_t plaintext_size,
                             size_t *plaintext_length,
                             const uint8_t *tag,
                             size_t tag_length);

/**
 * Ends an authenticated encryption or decryption in any state; the operation becomes inactive.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer.
 *
 * Source: PSA 1.5, section 10.6.3.
 *
 * @pre `operation` is valid.
 */
psa_status_t psa_aead_abort(psa_aead_operation_t *operation);

/**
 * Makes a key from `data_length` bytes of wrapped key data, with the attributes that the application gives.
 *
 * The wrapping key needs `PSA_KEY_USAGE_UNWRAP`. The unwrapped data is imported as by `psa_import_key()`. On failure `*key` is
 * `PSA_KEY_ID_NULL`.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_INVALID_SIGNATURE` where the data is not authentic;
 *         `PSA_ERROR_INVALID_HANDLE` where there is no wrapping key;
 *         `PSA_ERROR_NOT_PERMITTED` where its policy forbids it;
 *         `PSA_ERROR_INVALID_ARGUMENT` where `alg` is no key-wrapping algorithm or does not go with the wrapping key, for invalid
 *         attributes, and where the unwrapped data is no such key;
 *         `PSA_ERROR_NOT_SUPPORTED` where the wrapping key's place cannot do it, or the new key's cannot hold the key;
 *         `PSA_ERROR_ALREADY_EXISTS` where a persistent key has that identifier;
 *         `PSA_ERROR_INSUFFICIENT_STORAGE` where the key store is full;
 *         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot be
 *         used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where a device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
 *
 * Source: PSA 1.5, section 10.7.2.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_unwrap_key(const psa_key_attributes_t *attributes,
                            psa_key_id_t wrapping_key,
                            psa_algorithm_t alg,
                            const uint8_t *data,
                            size_t data_length,
                            psa_key_id_t *key);

/**
 * Wraps a key with another and writes it to `data`, which has `data_size` bytes; `*data_length` is how many were
 * written.
 *
 * The wrapping key needs `PSA_KEY_USAGE_WRAP`, the other one `PSA_KEY_USAGE_EXPORT`. `PSA_WRAP_KEY_OUTPUT_SIZE()` is enough room.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
 *         `PSA_ERROR_NOT_PERMITTED` where a policy forbids it;
 *         `PSA_ERROR_BUFFER_TOO_SMALL` where the wrapped key does not fit;
 *         `PSA_ERROR_INVALID_ARGUMENT` where `alg` is no key-wrapping algorithm or does not go with the wrapping key, or does not
 *         take a key of this length (`PSA_ALG_KW` takes multiples of 8 bytes, at least 16), or for a null pointer with a length;
 *         `PSA_ERROR_NOT_SUPPORTED` where the wrapping key's place cannot do it, or the other key does not leave its own;
 *         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot be
 *         used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where a device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
 *
 * Source: PSA 1.5, section 10.7.2.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_wrap_key(psa_key_id_t wrapping_key,
                          psa_algorithm_t alg,
                          psa_key_id_t key,
                          uint8_t *data,
                          size_t data_size,
                          size_t *data_length);

/**
 * Returns an inactive key-derivation operation, the same as `PSA_KEY_DERIVATION_OPERATION_INIT`.
 *
 * Source: PSA 1.5, section 10.8.3.
 */
psa_key_derivation_operation_t psa_key_derivation_operation_init(void);

/**
 * Begins a key derivation, alone or combined with a key agreement; on failure the operation stays inactive.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_INVALID_ARGUMENT` where `alg` is no key-derivation algorithm;
 *         `PSA_ERROR_NOT_SUPPORTED` where no engine has it;
 *         `PSA_ERROR_BAD_STATE` where the operation is active, or before `psa_crypto_init()`;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`.
 *
 * Source: PSA 1.5, section 10.8.3.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_key_derivation_setup(psa_key_derivation_operation_t *operation, psa_algorithm_t alg);

/**
 * Gives in `*capacity` how many bytes the derivation can still put out.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_BAD_STATE` where the operation is not active, or before `psa_crypto_init()`;
 *         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer.
 *
 * Source: PSA 1.5, section 10.8.3.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_key_derivation_get_capacity(const psa_key_derivation_operation_t *operation,
                                             size_t *capacity);

/**
 * Lowers how many bytes the derivation can still put out to `capacity`.
 *
 * It is in bytes. With `PSA_ALG_SP800_108_COUNTER_HMAC` and `PSA_ALG_SP800_108_COUNTER_CMAC` the capacity is an input of
 * the derivation: another one gives another output.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_INVALID_ARGUMENT` where it is less already; the operation then stays as it is;
 *         `PSA_ERROR_BAD_STATE` where the operation is not active, with those two algorithms after the first output, or
 *         before `psa_crypto_init()`.
 *
 * Source: PSA 1.5, section 10.8.3.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_key_derivation_set_capacity(psa_key_derivation_operation_t *operation,
                                             size_t capacity);

/**
 * Gives `data_length` bytes of `data` as the input of a step.
 *
 * A derivation whose secret is given this way puts out bytes, but no keys.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_BAD_STATE` where the operation is not active or the step is out of order or repeated, or before
 *         `psa_crypto_init()`;
 *         `PSA_ERROR_INVALID_ARGUMENT` where the algorithm has no such step, or it takes no bytes. On failure the operation is in the error
 *         state.
 *
 * Source: PSA 1.5, section 10.8.3.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_key_derivation_input_bytes(psa_key_derivation_operation_t *operation,
                                            psa_key_derivation_step_t step,
                                            const uint8_t *data,
                                            size_t data_length);

/**
 * Gives a number as the input of a step, such as the iterations of PBKDF2.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_NOT_SUPPORTED` for more than 4294967295 iterations;
 *         `PSA_ERROR_BAD_STATE` where the operation is not active or the step is out of order or repeated, or before
 *         `psa_crypto_init()`;
 *         `PSA_ERROR_INVALID_ARGUMENT` where the algorithm has no such step, or it takes no such number.
 *         On failure the operation is in the error state.
 *
 * Source: PSA 1.5, section 10.8.3.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_key_derivation_input_integer(psa_key_derivation_operation_t *operation,
                                              psa_key_derivation_step_t step,
                                              uint64_t value);

/**
 * Gives a key as the input of a step.
 *
 * The key needs `PSA_KEY_USAGE_DERIVE`, or `PSA_KEY_USAGE_VERIFY_DERIVATION` if the output is only verified.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_BAD_STATE` where the operation is not active or the step is out of order or repeated, or before
 *         `psa_crypto_init()`;
 *         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
 *         `PSA_ERROR_NOT_PERMITTED` where its policy forbids it;
 *         `PSA_ERROR_INVALID_ARGUMENT` where algorithm, key and input do not go together;
 *         `PSA_ERROR_NOT_SUPPORTED` where the key's place cannot do it;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot be
 *         used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`. On failure the operation is in the error
 *         state.
 *
 * Source: PSA 1.5, section 10.8.3.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_key_derivation_input_key(psa_key_derivation_operation_t *operation,
                                          psa_key_derivation_step_t step,
                                          psa_key_id_t key);

/**
 * Gives the secret agreed on with the owner of `peer_key`, a public key of `peer_key_length` bytes in the export format,
 * as the input of a step.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_BAD_STATE` where the operation is not active or the step is out of order or repeated, or before
 *         `psa_crypto_init()`;
 *         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
 *         `PSA_ERROR_NOT_PERMITTED` where its policy forbids it;
 *         `PSA_ERROR_INVALID_ARGUMENT` where algorithm, key and input do not go together;
 *         `PSA_ERROR_NOT_SUPPORTED` where the key's place cannot do it;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot be
 *         used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`. On failure the operation is in the error
 *         state.
 *
 * Source: PSA 1.5, section 10.11.3.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_key_derivation_key_agreement(psa_key_derivation_operation_t *operation,
                                              psa_key_derivation_step_t step,
                                              psa_key_id_t private_key,
                                              const uint8_t *peer_key,
                                              size_t peer_key_length);

/**
 * Fills `output` with the next `output_length` bytes of the derivation.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_INSUFFICIENT_DATA` where the capacity is less; it is then 0, and the operation stays active;
 *         `PSA_ERROR_NOT_SUPPORTED` where the place of a key input cannot do it;
 *         `PSA_ERROR_NOT_PERMITTED` where a key input permits verification only;
 *         `PSA_ERROR_BAD_STATE` where the operation is not active or an input is missing, a key input was destroyed,
 *         or before `psa_crypto_init()`;
 *         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer with a length;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot
 *         be used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
 *         On failure the operation is in the error state.
 *
 * Source: PSA 1.5, section 10.8.3.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_key_derivation_output_bytes(psa_key_derivation_operation_t *operation,
                                             uint8_t *output,
                                             size_t output_length);

/**
 * Makes a key from the next bytes of the derivation.
 *
 * Type and size (in bits) are in the attributes; the secret of the derivation must be a key or an agreed secret. On
 * failure `*key` is `PSA_KEY_ID_NULL`.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_INSUFFICIENT_DATA` where the capacity is less; it is then 0, and the operation stays active;
 *         `PSA_ERROR_NOT_PERMITTED` where the secret was given as bytes, or a key input permits verification only;
 *         `PSA_ERROR_INVALID_ARGUMENT` for invalid attributes;
 *         `PSA_ERROR_NOT_SUPPORTED` where such a key cannot be derived or its place cannot hold it;
 *         `PSA_ERROR_ALREADY_EXISTS` where a persistent key has that identifier;
 *         `PSA_ERROR_INSUFFICIENT_STORAGE` where the key store is full;
 *         `PSA_ERROR_BAD_STATE` where the operation is not active or an input is missing, or before `psa_crypto_init()`;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot be
 *         used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`. On failure the operation is in the error
 *         state.
 *
 * Source: PSA 1.5, section 10.8.3.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_key_derivation_output_key(const psa_key_attributes_t *attributes,
                                           psa_key_derivation_operation_t *operation,
                                           psa_key_id_t *key);

/**
 * Makes a key from the next bytes of the derivation, with production parameters of
 * `custom_data_length` bytes, which no type takes yet.
 *
 * Type and size (in bits) are in the attributes; the secret of the derivation must be a key or an agreed secret. On
 * failure `*key` is `PSA_KEY_ID_NULL`.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_INSUFFICIENT_DATA` where the capacity is less; it is then 0, and the operation stays active;
 *         `PSA_ERROR_NOT_PERMITTED` where the secret was given as bytes, or a key input permits verification only;
 *         `PSA_ERROR_INVALID_ARGUMENT` for invalid attributes;
 *         `PSA_ERROR_NOT_SUPPORTED` where such a key cannot be derived or its place cannot hold it;
 *         `PSA_ERROR_ALREADY_EXISTS` where a persistent key has that identifier;
 *         `PSA_ERROR_INSUFFICIENT_STORAGE` where the key store is full;
 *         `PSA_ERROR_BAD_STATE` where the operation is not active or an input is missing, or before `psa_crypto_init()`;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot be
 *         used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`. On failure the operation is in the error
 *         state.
 *
 * Source: PSA 1.5, section 10.8.3.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_key_derivation_output_key_custom(const psa_key_attributes_t *attributes,
                                                  psa_key_derivation_operation_t *operation,
                                                  const psa_custom_key_parameters_t *custom,
                                                  const uint8_t *custom_data,
                                                  size_t custom_data_length,
                                                  psa_key_id_t *key);

/**
 * Compares the next `output_length` bytes of the derivation, in constant time, with `expected_output`.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_INVALID_SIGNATURE` where they differ;
 *         `PSA_ERROR_INSUFFICIENT_DATA` where the capacity is less; it is then 0, and the operation stays active;
 *         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer with a length;
 *         `PSA_ERROR_NOT_SUPPORTED` where the place of a key input cannot do it;
 *         `PSA_ERROR_BAD_STATE` where the operation is not active or an input is missing, a key input was destroyed,
 *         or before `psa_crypto_init()`;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot
 *         be used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
 *         On failure the operation is in the error state.
 *
 * Source: PSA 1.5, section 10.8.3.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_key_derivation_verify_bytes(psa_key_derivation_operation_t *operation,
                                             const uint8_t *expected_output,
                                             size_t output_length);

/**
 * Compares the next bytes of the derivation, in constant time, with a key of type `PSA_KEY_TYPE_PASSWORD_HASH`, which
 * needs `PSA_KEY_USAGE_VERIFY_DERIVATION`.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_INVALID_SIGNATURE` where they differ;
 *         `PSA_ERROR_INSUFFICIENT_DATA` where the capacity is less; it is then 0, and the operation stays active;
 *         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
 *         `PSA_ERROR_NOT_PERMITTED` where its policy forbids it;
 *         `PSA_ERROR_INVALID_ARGUMENT` where it is of another type;
 *         `PSA_ERROR_BAD_STATE` where the operation is not active or an input is missing, or before `psa_crypto_init()`;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot be
 *         used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`. On failure the operation is in the error
 *         state.
 *
 * Source: PSA 1.5, section 10.8.3.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_key_derivation_verify_key(psa_key_derivation_operation_t *operation,
                                           psa_key_id_t expected);

/**
 * Ends a key derivation in any state; the operation becomes inactive.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer.
 *
 * Source: PSA 1.5, section 10.8.3.
 *
 * @pre `operation` is valid.
 */
psa_status_t psa_key_derivation_abort(psa_key_derivation_operation_t *operation);

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
 * Source: PSA 1.5, section 10.9.8.
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
 * Source: PSA 1.5, section 10.9.8.
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
 * Source: PSA 1.5, section 10.9.8.
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
 * Source: PSA 1.5, section 10.9.8.
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
 * Source: PSA 1.5, section 10.9.8.
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
 * Source: PSA 1.5, section 10.9.8.
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
 * Source: PSA 1.5, section 10.9.8.
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
 * Source: PSA 1.5, section 10.9.8.
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
 * Source: PSA 1.5, section 10.9.9.
 */
psa_sign_operation_t psa_sign_operation_init(void);

/**
 * Begins to sign a message in parts; on failure the operation stays inactive.
 *
 * The algorithm is hash-and-sign or ML-DSA; EdDSA and SLH-DSA read a message twice and do not sign it in parts.
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
 * Source: PSA 1.5, section 10.9.9.
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
 *         context or a part of the message already;
 *         `PSA_ERROR_INVALID_ARGUMENT` for a context of more than 255 bytes, or of any where the algorithm has none. On
 *         failure the operation is in the error state.
 *
 * Source: PSA 1.5, section 10.9.9.
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
 *         `PSA_ERROR_BAD_STATE` where the operation is not active, its key was destroyed, or before
 *         `psa_crypto_init()`;
 *         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer with a length;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot
 *         be used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
 *         On failure the operation is in the error state.
 *
 * Source: PSA 1.5, section 10.9.9.
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
 *         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer;
 *         `PSA_ERROR_BAD_STATE` where the operation is not active, or before `psa_crypto_init()`, or its key was destroyed;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot be
 *         used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
 *         On failure the operation is in the error state.
 *
 * Source: PSA 1.5, section 10.9.9.
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
 * Source: PSA 1.5, section 10.9.9.
 *
 * @pre `operation` is valid.
 */
psa_status_t psa_sign_abort(psa_sign_operation_t *operation);

/**
 * Returns an inactive verification operation, the same as `PSA_VERIFY_OPERATION_INIT`.
 *
 * Source: PSA 1.5, section 10.9.9.
 */
psa_verify_operation_t psa_verify_operation_init(void);

/**
 * Begins to check the signature, of `signature_length` bytes, of a message in parts; on failure the operation stays
 * inactive.
 *
 * EdDSA and SLH-DSA keep up to 16 MiB of the message in memory; with the others it may be of any length.
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
 * Source: PSA 1.5, section 10.9.9.
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
 *         context or a part of the message already;
 *         `PSA_ERROR_INVALID_ARGUMENT` for a context of more than 255 bytes, or of any where the algorithm has none. On
 *         failure the operation is in the error state.
 *
 * Source: PSA 1.5, section 10.9.9.
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
 *         `PSA_ERROR_BAD_STATE` where the operation is not active, its key was destroyed, or before
 *         `psa_crypto_init()`;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot
 *         be used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY` where an algorithm that cannot work in parts gets more than 16 MiB;
 *         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer with a length.
 *         On failure the operation is in the error state.
 *
 * Source: PSA 1.5, section 10.9.9.
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
 *         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer;
 *         `PSA_ERROR_BAD_STATE` where the operation is not active, or before `psa_crypto_init()`, or its key was
 *         destroyed;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot
 *         be used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
 *         On failure the operation is in the error state.
 *
 * Source: PSA 1.5, section 10.9.9.
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
 * Source: PSA 1.5, section 10.9.9.
 *
 * @pre `operation` is valid.
 */
psa_status_t psa_verify_abort(psa_verify_operation_t *operation);

/**
 * Encrypts `input_length` bytes of `input` with a public key or the public part of a key pair.
 *
 * `salt` is the label of OAEP, `salt_length` bytes; PKCS#1 v1.5 takes none. `output` has `output_size` bytes;
 * `*output_length` is how many were written.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_BUFFER_TOO_SMALL` where `output_size` is too small, never where it is `PSA_ASYMMETRIC_ENCRYPT_OUTPUT_SIZE()`;
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
 * Source: PSA 1.5, section 10.10.2.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_asymmetric_encrypt(psa_key_id_t key,
                                    psa_algorithm_t alg,
                                    const uint8_t *input,
                                    size_t input_length,
                                    const uint8_t *salt,
                                    size_t salt_length,
                                    uint8_t *output,
                                    size_t output_size,
                                    size_t *output_length);

/**
 * Decrypts `input_length` bytes of `input` with a key pair.
 *
 * `salt` is the label of OAEP, `salt_length` bytes; PKCS#1 v1.5 takes none. `output` has `output_size` bytes;
 * `*output_length` is how many were written.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_BUFFER_TOO_SMALL` where `output_size` is too small, never where it is
 *         `PSA_ASYMMETRIC_DECRYPT_OUTPUT_SIZE()`;
 *         `PSA_ERROR_INVALID_PADDING` where the padding of the plaintext is wrong, which takes no longer to find than
 *         a right one;
 *         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
 *         `PSA_ERROR_NOT_PERMITTED` where its policy forbids it;
 *         `PSA_ERROR_INVALID_ARGUMENT` where algorithm, key and input do not go together;
 *         `PSA_ERROR_NOT_SUPPORTED` where the key's place cannot do it;
 *         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
 *         `PSA_ERROR_INSUFFICIENT_ENTROPY` where there are no random numbers;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot
 *         be used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
 *
 * Source: PSA 1.5, section 10.10.2.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_asymmetric_decrypt(psa_key_id_t key,
                                    psa_algorithm_t alg,
                                    const uint8_t *input,
                                    size_t input_length,
                                    const uint8_t *salt,
                                    size_t salt_length,
                                    uint8_t *output,
                                    size_t output_size,
                                    size_t *output_length);

/**
 * Agrees on a secret with the owner of `peer_key`, a public key of `peer_key_length` bytes in the export format, and
 * makes it a key.
 *
 * The key's type is `PSA_KEY_TYPE_DERIVE`, `_RAW_DATA`, `_HMAC` or `_PASSWORD`. On failure `*key` is `PSA_KEY_ID_NULL`.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
 *         `PSA_ERROR_NOT_PERMITTED` where its policy forbids it;
 *         `PSA_ERROR_INVALID_ARGUMENT` where algorithm, key and input do not go together;
 *         `PSA_ERROR_NOT_SUPPORTED` where the key's place cannot do it;
 *         `PSA_ERROR_ALREADY_EXISTS` where a persistent key has that identifier;
 *         `PSA_ERROR_INSUFFICIENT_STORAGE` where the key store is full;
 *         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot be
 *         used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
 *
 * Source: PSA 1.5, section 10.11.2.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_key_agreement(psa_key_id_t private_key,
                               const uint8_t *peer_key,
                               size_t peer_key_length,
                               psa_algorithm_t alg,
                               const psa_key_attributes_t *attributes,
                               psa_key_id_t *key);

/**
 * Agrees on a secret with the owner of `peer_key`, a public key of `peer_key_length` bytes in the export format, and
 * writes it to `output`, which has `output_size` bytes; `*output_length` is how many were written.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_BUFFER_TOO_SMALL` where `output_size` is less than `PSA_RAW_KEY_AGREEMENT_OUTPUT_SIZE()` of the key;
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
 * Source: PSA 1.5, section 10.11.2.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_raw_key_agreement(psa_algorithm_t alg,
                                   psa_key_id_t private_key,
                                   const uint8_t *peer_key,
                                   size_t peer_key_length,
                                   uint8_t *output,
                                   size_t output_size,
                                   size_t *output_length);

/**
 * Makes a secret key and encapsulates it for the owner of a public key or key pair.
 *
 * The encapsulation goes to `ciphertext`, which has `ciphertext_size` bytes; `*ciphertext_length` is how many were written.
 * The type of the secret key is `PSA_KEY_TYPE_DERIVE` or `_HMAC`, with `PSA_ALG_ML_KEM` also one of a cipher; its size is 0
 * in the attributes, or that of the secret (256 bits for ML-KEM, the size of the curve in whole bytes for
 * `PSA_ALG_ECIES_SEC1`). On failure `*output_key` is `PSA_KEY_ID_NULL`.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_BUFFER_TOO_SMALL` where `ciphertext_size` is less than `PSA_ENCAPSULATE_CIPHERTEXT_SIZE()` of key and
 *         algorithm;
 *         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
 *         `PSA_ERROR_NOT_PERMITTED` where its policy forbids it;
 *         `PSA_ERROR_INVALID_ARGUMENT` where algorithm, key and attributes do not go together;
 *         `PSA_ERROR_NOT_SUPPORTED` where the key's place cannot do it, or the place of the new key cannot hold that;
 *         `PSA_ERROR_ALREADY_EXISTS` where a persistent key has that identifier;
 *         `PSA_ERROR_INSUFFICIENT_ENTROPY` where there are no random numbers;
 *         `PSA_ERROR_INSUFFICIENT_STORAGE` where the key store is full;
 *         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot be
 *         used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
 *
 * Source: PSA 1.5, section 10.12.3.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_encapsulate(psa_key_id_t key,
                             psa_algorithm_t alg,
                             const psa_key_attributes_t *attributes,
                             psa_key_id_t *output_key,
                             uint8_t *ciphertext,
                             size_t ciphertext_size,
                             size_t *ciphertext_length);

/**
 * Makes the secret key whose encapsulation is `ciphertext`, of `ciphertext_length` bytes, with a key pair.
 *
 * Its type and size are as for `psa_encapsulate()`. Nothing tells whether the other side has the same key: a ciphertext
 * that was changed gives another one. On failure `*output_key` is `PSA_KEY_ID_NULL`.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
 *         `PSA_ERROR_NOT_PERMITTED` where its policy forbids it;
 *         `PSA_ERROR_INVALID_ARGUMENT` where algorithm, key, ciphertext and attributes do not go together;
 *         `PSA_ERROR_NOT_SUPPORTED` where the key's place cannot do it, or the place of the new key cannot hold that;
 *         `PSA_ERROR_ALREADY_EXISTS` where a persistent key has that identifier;
 *         `PSA_ERROR_INSUFFICIENT_STORAGE` where the key store is full;
 *         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
 *         `PSA_ERROR_INSUFFICIENT_ENTROPY` where there are no random numbers;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot
 *         be used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
 *
 * Source: PSA 1.5, section 10.12.3.
 *
 * @pre The pointers are valid: buffers for their lengths, the others for their types.
 */
psa_status_t psa_decapsulate(psa_key_id_t key,
                             psa_algorithm_t alg,
                             const uint8_t *ciphertext,
                             size_t ciphertext_length,
                             const psa_key_attributes_t *attributes,
                             psa_key_id_t *output_key);

/**
 * Returns a cipher suite with nothing set, the same as `PSA_PAKE_CIPHER_SUITE_INIT`.
 *
 * Source: PSA 1.5, section 10.13.3.
 */
psa_pake_cipher_suite_t psa_pake_cipher_suite_init(void);

/**
 * Returns a cipher suite's algorithm.
 *
 * Source: PSA 1.5, section 10.13.3.
 *
 * @pre `cipher_suite` is null or valid.
 */
psa_algorithm_t psa_pake_cs_get_algorithm(const psa_pake_cipher_suite_t *cipher_suite);

/**
 * Sets a cipher suite's algorithm.
 *
 * Source: PSA 1.5, section 10.13.3.
 *
 * @pre `cipher_suite` is null or valid.
 */
void psa_pake_cs_set_algorithm(psa_pake_cipher_suite_t *cipher_suite, psa_algorithm_t alg);

/**
 * Returns a cipher suite's primitive.
 *
 * Source: PSA 1.5, section 10.13.3.
 *
 * @pre `cipher_suite` is null or valid.
 */
psa_pake_primitive_t psa_pake_cs_get_primitive(const psa_pake_cipher_suite_t *cipher_suite);

/**
 * Sets a cipher suite's primitive.
 *
 * Source: PSA 1.5, section 10.13.3.
 *
 * @pre `cipher_suite` is null or valid.
 */
void psa_pake_cs_set_primitive(psa_pake_cipher_suite_t *cipher_suite, psa_pake_primitive_t primitive);

/**
 * Returns a cipher suite's key confirmation: `PSA_PAKE_CONFIRMED_KEY` or `PSA_PAKE_UNCONFIRMED_KEY`.
 *
 * Source: PSA 1.5, section 10.13.3.
 *
 * @pre `cipher_suite` is null or valid.
 */
uint32_t psa_pake_cs_get_key_confirmation(const psa_pake_cipher_suite_t *cipher_suite);

/**
 * Sets a cipher suite's key confirmation: `PSA_PAKE_CONFIRMED_KEY` or `PSA_PAKE_UNCONFIRMED_KEY`.
 *
 * Source: PSA 1.5, section 10.13.3.
 *
 * @pre `cipher_suite` is null or valid.
 */
void psa_pake_cs_set_key_confirmation(psa_pake_cipher_suite_t *cipher_suite, uint32_t key_confirmation);

/**
 * Returns an inactive PAKE operation, the same as `PSA_PAKE_OPERATION_INIT`.
 *
 * Source: PSA 1.5, section 10.13.6.
 */
psa_pake_operation_t psa_pake_operation_init(void);

/**
 * Begins a password-authenticated key exchange with a password, or with what was derived from one.
 *
 * | algorithm | key | primitive |
 * | --- | --- | --- |
 * | `PSA_ALG_JPAKE()` | `PSA_KEY_TYPE_PASSWORD`, `_PASSWORD_HASH` | curves in Weierstrass form, Edwards25519, RFC 3526, RFC 7919 |
 * | `PSA_ALG_SPAKE2P_HMAC()`, `_CMAC()`, `_MATTER` | `PSA_KEY_TYPE_SPAKE2P_KEY_PAIR()`, the server also `_PUBLIC_KEY()` | as RFC 9383, section 4 |
 * | `PSA_ALG_WPA3_SAE_FIXED()`, `_GDH()` | `PSA_KEY_TYPE_WPA3_SAE_ECC()`, `_DH()`, or a `PASSWORD` for hunting and pecking | secp256r1 to 521r1, Brainpool 256 to 512, RFC 3526 from 3072 bits |
 *
 * J-PAKE takes `PSA_PAKE_UNCONFIRMED_KEY`, the others `PSA_PAKE_CONFIRMED_KEY`.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
 *         `PSA_ERROR_NOT_PERMITTED` where the key lacks `PSA_KEY_USAGE_DERIVE`, or is for another algorithm;
 *         `PSA_ERROR_INVALID_ARGUMENT` for an algorithm, a key confirmation or a key that do not go together, a password
 *         that is a multiple of the group's order, or a null pointer;
 *         `PSA_ERROR_NOT_SUPPORTED` for a primitive or hash that is not there, or a key in a device;
 *         `PSA_ERROR_BAD_STATE` where the operation is active, or before `psa_crypto_init()`;
 *         the errors of reading the key: `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`,
 *         `PSA_ERROR_DATA_INVALID`, `PSA_ERROR_COMMUNICATION_FAILURE`.
 *
 * Source: PSA 1.5, section 10.13.6.
 *
 * @pre The pointers are null or valid for their types.
 */
psa_status_t psa_pake_setup(psa_pake_operation_t *operation,
                            psa_key_id_t password_key,
                            const psa_pake_cipher_suite_t *cipher_suite);

/**
 * Sets the role of the application: `PSA_PAKE_ROLE_CLIENT` or `_SERVER` in SPAKE2+, `PSA_PAKE_ROLE_NONE`, which may be
 * left out, in the others. Once, before the first step.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_INVALID_ARGUMENT` for a role that the algorithm does not have, for a client with a public key, or
 *         for a null pointer;
 *         `PSA_ERROR_BAD_STATE` where the operation is not active, the role was set or a step taken already, or before
 *         `psa_crypto_init()`.
 *
 * Source: PSA 1.5, section 10.13.6.
 *
 * @pre `operation` is null or valid.
 */
psa_status_t psa_pake_set_role(psa_pake_operation_t *operation,
                               psa_pake_role_t role);

/**
 * Sets the application's identity, of `user_id_len` bytes: 1 to 16 in J-PAKE, 1 or more in SPAKE2+ (which may go without:
 * then this is not called, or for Matter with none), the 6 of a station's address in WPA3-SAE. Once, before the first step.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_INVALID_ARGUMENT` for a length that the algorithm does not have, 0 in all but Matter's, or a null pointer before bytes;
 *         `PSA_ERROR_NOT_SUPPORTED` for more than 16 bytes in J-PAKE;
 *         `PSA_ERROR_BAD_STATE` where the operation is not active, this was set or a step taken already, or before
 *         `psa_crypto_init()`.
 *
 * Source: PSA 1.5, section 10.13.6.
 *
 * @pre `operation` is null or valid, and `user_id` is valid for `user_id_len` bytes.
 */
psa_status_t psa_pake_set_user(psa_pake_operation_t *operation,
                               const uint8_t *user_id,
                               size_t user_id_len);

/**
 * Sets the peer's identity, of `peer_id_len` bytes: 1 to 16 in J-PAKE, 1 or more in SPAKE2+ (which may go without: then
 * this is not called, or for Matter with none), the 6 of a station's address in WPA3-SAE. Once, before the first step.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_INVALID_ARGUMENT` for a length that the algorithm does not have, 0 in all but Matter's, or a null pointer before bytes;
 *         `PSA_ERROR_NOT_SUPPORTED` for more than 16 bytes in J-PAKE;
 *         `PSA_ERROR_BAD_STATE` where the operation is not active, this was set or a step taken already, or before
 *         `psa_crypto_init()`.
 *
 * Source: PSA 1.5, section 10.13.6.
 *
 * @pre `operation` is null or valid, and `peer_id` is valid for `peer_id_len` bytes.
 */
psa_status_t psa_pake_set_peer(psa_pake_operation_t *operation,
                               const uint8_t *peer_id,
                               size_t peer_id_len);

/**
 * Sets the context, of `context_len` bytes, on which both sides of SPAKE2+ agreed; an empty one differs from none. Once,
 * before the first step.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer;
 *         `PSA_ERROR_BAD_STATE` where the algorithm has no context, the operation is not active, this was set or a step
 *         taken already, or before `psa_crypto_init()`.
 *
 * Source: PSA 1.5, section 10.13.6.
 *
 * @pre `operation` is null or valid, and `context` is valid for `context_len` bytes.
 */
psa_status_t psa_pake_set_context(psa_pake_operation_t *operation,
                                  const uint8_t *context,
                                  size_t context_len);

/**
 * Writes what this side sends in a step to `output`, which has `output_size` bytes:
 * `PSA_PAKE_OUTPUT_SIZE(alg, primitive, step)` are enough.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_BAD_STATE` where it is not the turn of this step, the operation is not active or not set up
 *         completely, its key was destroyed, or before `psa_crypto_init()`;
 *         `PSA_ERROR_BUFFER_TOO_SMALL`;
 *         `PSA_ERROR_INVALID_ARGUMENT` for a step that the algorithm does not have and for a null pointer, which do no
 *         harm to the operation;
 *         `PSA_ERROR_INSUFFICIENT_ENTROPY` where there are no random numbers;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot
 *         be used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
 *
 * Source: PSA 1.5, section 10.13.6.
 *
 * @pre `operation` and `output_length` are null or valid, and `output` is valid for `output_size` bytes.
 */
psa_status_t psa_pake_output(psa_pake_operation_t *operation,
                             psa_pake_step_t step,
                             uint8_t *output,
                             size_t output_size,
                             size_t *output_length);

/**
 * Takes what the peer sent in a step: `input_length` bytes of `input`, at most
 * `PSA_PAKE_INPUT_SIZE(alg, primitive, step)`.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_INVALID_SIGNATURE` for a wrong proof or confirmation: another password, name or context;
 *         `PSA_ERROR_INVALID_ARGUMENT` for what is not an element of the group or not of the form of the step, and,
 *         without harm to the operation, for a step that the algorithm does not have and for a null pointer;
 *         `PSA_ERROR_BAD_STATE` where it is not the turn of this step, the operation is not active or not set up
 *         completely, its key was destroyed, or before `psa_crypto_init()`;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot
 *         be used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
 *
 * Source: PSA 1.5, section 10.13.6.
 *
 * @pre `operation` is null or valid, and `input` is valid for `input_length` bytes.
 */
psa_status_t psa_pake_input(psa_pake_operation_t *operation,
                            psa_pake_step_t step,
                            const uint8_t *input,
                            size_t input_length);

/**
 * Makes a key of the shared secret, which ends the operation; on failure `*key` is `PSA_KEY_ID_NULL`.
 *
 * The secret has as many bytes as a public key of the group in J-PAKE, as the hash in SPAKE2+ (16 in Matter's), 32 in
 * `PSA_ALG_WPA3_SAE_FIXED()`, as the hash in `PSA_ALG_WPA3_SAE_GDH()`. Types are `PSA_KEY_TYPE_DERIVE` and
 * `PSA_KEY_TYPE_HMAC`, and but for J-PAKE those of block ciphers.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_BAD_STATE` before all steps were taken, where the operation is not active, or before
 *         `psa_crypto_init()`;
 *         `PSA_ERROR_INVALID_ARGUMENT` for another key type, a size that is not that of the secret, wrong attributes or
 *         a null pointer;
 *         `PSA_ERROR_ALREADY_EXISTS`;
 *         `PSA_ERROR_NOT_SUPPORTED`, `PSA_ERROR_NOT_PERMITTED` where the key's place does not take it;
 *         `PSA_ERROR_INSUFFICIENT_STORAGE` where the key store is full;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot
 *         be used;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE` where the key's device fails;
 *         `PSA_ERROR_INSUFFICIENT_MEMORY`, `PSA_ERROR_CORRUPTION_DETECTED`.
 *
 * Source: PSA 1.5, section 10.13.6.
 *
 * @pre The pointers are null or valid for their types.
 */
psa_status_t psa_pake_get_shared_key(psa_pake_operation_t *operation,
                                     const psa_key_attributes_t *attributes,
                                     psa_key_id_t *key);

/**
 * Ends a PAKE in any state; the operation becomes inactive.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer.
 *
 * Source: PSA 1.5, section 10.13.6.
 *
 * @pre `operation` is valid.
 */
psa_status_t psa_pake_abort(psa_pake_operation_t *operation);

/**
 * Fills `output` with `output_size` random bytes, fit for keys.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_INSUFFICIENT_ENTROPY` where the engine or the source of `routes.random` gives none;
 *         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer with a size;
 *         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`.
 *
 * Source: PSA 1.5, section 10.14.1.
 *
 * @pre `output` is valid for writes of `output_size` bytes.
 */
psa_status_t psa_generate_random(uint8_t *output, size_t output_size);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#include "crypto_compat.h"
#include "crypto_extra.h"

#endif /* PSA_CRYPTO_H */
