/**
 * \file psa/crypto_compat.h
 * Keys by handle, as programs for PSA Crypto 1.0 beta and early Mbed TLS use them. A handle is the identifier.
 */
#ifndef PSA_CRYPTO_COMPAT_H
#define PSA_CRYPTO_COMPAT_H

#include "crypto.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A handle of a key: its identifier. */
typedef psa_key_id_t psa_key_handle_t;

/** No key. */
#define PSA_KEY_HANDLE_INIT PSA_KEY_ID_NULL

/** Whether a handle is that of no key. */
static inline int psa_key_handle_is_null(psa_key_handle_t handle)
{
    return handle == PSA_KEY_ID_NULL;
}

/**
 * Gives the handle of a persistent key. Keys need no opening: it only finds out whether there is such a key.
 *
 * \retval PSA_ERROR_DOES_NOT_EXIST There is none.
 */
static inline psa_status_t psa_open_key(psa_key_id_t key, psa_key_handle_t *handle)
{
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    psa_status_t status = psa_get_key_attributes(key, &attributes);

    psa_reset_key_attributes(&attributes);
    *handle = status == PSA_SUCCESS ? key : PSA_KEY_ID_NULL;
    return status == PSA_ERROR_INVALID_HANDLE ? PSA_ERROR_DOES_NOT_EXIST : status;
}

/**
 * Gives up a handle: purges a persistent key from memory and destroys a volatile one, which nobody could find
 * any more. Giving up the handle of no key succeeds.
 */
static inline psa_status_t psa_close_key(psa_key_handle_t handle)
{
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    psa_key_lifetime_t lifetime;
    psa_status_t status;

    if (handle == PSA_KEY_ID_NULL) {
        return PSA_SUCCESS;
    }
    status = psa_get_key_attributes(handle, &attributes);
    lifetime = psa_get_key_lifetime(&attributes);
    psa_reset_key_attributes(&attributes);
    if (status != PSA_SUCCESS) {
        return status;
    }
    return PSA_KEY_LIFETIME_IS_VOLATILE(lifetime) ? psa_destroy_key(handle) : psa_purge_key(handle);
}

#ifdef __cplusplus
}
#endif

#endif /* PSA_CRYPTO_COMPAT_H */
