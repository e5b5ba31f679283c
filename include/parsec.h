/**
 * \file parsec.h
 * What libparsec has beside the specification.
 *
 * Written from src/capi: run `make headers`.
 */
#ifndef PARSEC_H
#define PARSEC_H

#include "psa/crypto.h"

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * Why the last call of this thread that failed did so: one line of text for people, never null, empty when none failed
 * yet. It never contains keys, PINs or authorization values.
 *
 * The text stays valid until the next failing call of the same thread. The wording may change: programs decide by
 * the status.
 */
const char *parsec_last_error(void);

/**
 * The version of the library, such as "0.1.0".
 */
const char *parsec_version(void);

/**
 * Writes the name of the place where a key is: "software" for a local key, else the name of the backend in the
 * configuration.
 *
 * `name` has `name_size` bytes; the name is written with a terminating NUL.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_INVALID_HANDLE` where there is no such key;
 *         `PSA_ERROR_BUFFER_TOO_SMALL` where the name does not fit;
 *         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer;
 *         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT`, `PSA_ERROR_DATA_INVALID` where the key store cannot
 *         be read.
 *
 * @pre `name` is valid for writes of `name_size` bytes.
 */
psa_status_t parsec_key_backend(psa_key_id_t key,
                                char *name,
                                size_t name_size);

/**
 * Calls `visit` with the identifier of every persistent key of this namespace, in ascending order, until it returns
 * something else than 0.
 *
 * The keys are those that existed when the call began; `visit` may use, make and destroy keys.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT` where the key store cannot be read.
 *
 * @pre `visit` can be called with `context`, and does not unwind.
 */
psa_status_t parsec_list_keys(int (*visit)(void *context, psa_key_id_t key),
                              void *context);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif /* PARSEC_H */
