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
 * Writes the name of the place where a key is: "software" for a local key; the name of a backend in the configuration for
 * a key that is in its device; "sealed:" and that name for a local key that the device has sealed (`fallback = "seal"`): it
 * is computed with in software, and its material can be read only with the help of the device.
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
 * Calls `visit` for every persistent key of this namespace, in ascending order of their identifiers, until it returns
 * something else than 0: with the attributes of the key and the name of its place, as `parsec_key_backend()` gives it,
 * both valid during the call only. No device is asked: of a key that the configuration provisions (`[[keys]]`), type and
 * size are 0.
 *
 * Reads a few hundred keys at a time, however many there are. `visit` may use, make and destroy keys; one that is made
 * or destroyed meanwhile, by whatever process, may be visited or not.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_INVALID_ARGUMENT` where `visit` is null;
 *         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT` where the key store cannot be read.
 *
 * @pre `visit` can be called with `context`, and does not unwind.
 */
psa_status_t parsec_list_keys(int (*visit)(void *context,
                                           const psa_key_attributes_t *attributes,
                                           const char *backend),
                              void *context);

/**
 * Looks for what does not belong together any more between the key store and the devices, such as after a backup was
 * restored, and calls `visit` with each, until it returns something else than 0. Nothing is changed.
 *
 * `orphan` is the name by which `parsec_repair()` knows it, `text` a line for people; both are valid during the call
 * only. There are
 * - `object:BACKEND:REFERENCE`: an object that this key store made in a device, for which it has no key;
 * - `key:ID`: a key whose device was asked and has no object for it;
 * - `interrupted:NUMBER`: what a process began in a device and did not live to finish. It is settled by itself when
 *   the next key is made there.
 *
 * Objects of other key stores in the same device are none of these. Devices that cannot be asked do not hide what
 * others have: the call fails after all orphans were visited.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_INVALID_ARGUMENT` where `visit` is null;
 *         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_DATA_CORRUPT` where the key store cannot be read;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE`, `PSA_ERROR_NOT_PERMITTED` where a device
 *         cannot be asked.
 *
 * @pre `visit` can be called with `context`, and does not unwind.
 */
psa_status_t parsec_list_orphans(int (*visit)(void *context, const char *orphan, const char *text),
                                 void *context);

/**
 * Repairs one orphan, named as `parsec_list_orphans()` names it, after finding out that it still is one.
 *
 * Destroys the object that has no key; removes the key that has no object; undoes the creation, or finishes the
 * destruction, that was interrupted. What is removed is lost.
 *
 * @return `PSA_SUCCESS`;
 *         `PSA_ERROR_DOES_NOT_EXIST` where there is no such orphan (any more);
 *         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer or what is not the name of an orphan;
 *         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
 *         `PSA_ERROR_DATA_INVALID` where the configuration has no such backend;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_INSUFFICIENT_STORAGE`, `PSA_ERROR_DATA_CORRUPT` where the key store
 *         cannot be read or written;
 *         `PSA_ERROR_COMMUNICATION_FAILURE`, `PSA_ERROR_HARDWARE_FAILURE`, `PSA_ERROR_NOT_PERMITTED` where the device
 *         cannot be asked.
 *
 * @pre `orphan` is null or a NUL-terminated string.
 */
psa_status_t parsec_repair(const char *orphan);

/**
 * Copies the key store, with the keys of all namespaces, into a new file at `path`, which only this user may read.
 * The store may be in use meanwhile. To restore it, end all programs that use the store and put the file in the place
 * of `keys.db`, then look for orphans.
 *
 * The copy holds keys as the store does: it has to be kept as safe. Keys in a device are not in it, only what leads to
 * them.
 *
 * @return `PSA_SUCCESS`: the copy is on disk;
 *         `PSA_ERROR_ALREADY_EXISTS` where there is a file of that name;
 *         `PSA_ERROR_DOES_NOT_EXIST` where there is no key store yet;
 *         `PSA_ERROR_INVALID_ARGUMENT` for a null pointer or a path that is not UTF-8;
 *         `PSA_ERROR_BAD_STATE` before `psa_crypto_init()`;
 *         `PSA_ERROR_STORAGE_FAILURE`, `PSA_ERROR_INSUFFICIENT_STORAGE` where the copy cannot be written;
 *         `PSA_ERROR_DATA_CORRUPT` where the key store cannot be read.
 *
 * @pre `path` is null or a NUL-terminated string.
 */
psa_status_t parsec_back_up(const char *path);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif /* PARSEC_H */
