/**
 * \file psa/error.h
 * Statuses of functions.
 *
 * Written from src/psa: run `make headers`.
 */
#ifndef PSA_ERROR_H
#define PSA_ERROR_H

#include "crypto_types.h"

/* Status codes (PSA 1.5, section 8.1 and the PSA Status code API). */

#define PSA_SUCCESS ((psa_status_t) 0) /**< It worked (PSA 1.5, section 8.1). */
#define PSA_ERROR_GENERIC_ERROR ((psa_status_t) -132) /**< No other code describes the failure (PSA 1.5, section 8.1). */
#define PSA_ERROR_NOT_PERMITTED ((psa_status_t) -133) /**< A policy forbids it (PSA 1.5, section 8.1). */
#define PSA_ERROR_NOT_SUPPORTED ((psa_status_t) -134) /**< This place or this library cannot do it (PSA 1.5, section 8.1). */
#define PSA_ERROR_INVALID_ARGUMENT ((psa_status_t) -135) /**< The parameters are never valid (PSA 1.5, section 8.1). */
#define PSA_ERROR_INVALID_HANDLE ((psa_status_t) -136) /**< No such key (PSA 1.5, section 8.1). */
#define PSA_ERROR_BAD_STATE ((psa_status_t) -137) /**< Not in this state of the library or the operation (PSA 1.5, section 8.1). */
#define PSA_ERROR_BUFFER_TOO_SMALL ((psa_status_t) -138) /**< The output does not fit (PSA 1.5, section 8.1). */
#define PSA_ERROR_ALREADY_EXISTS ((psa_status_t) -139) /**< The key identifier is taken (PSA 1.5, section 8.1). */
#define PSA_ERROR_DOES_NOT_EXIST ((psa_status_t) -140) /**< No such item (PSA 1.5, section 8.1). */
#define PSA_ERROR_INSUFFICIENT_MEMORY ((psa_status_t) -141) /**< Out of memory, sessions or slots (PSA 1.5, section 8.1). */
#define PSA_ERROR_INSUFFICIENT_STORAGE ((psa_status_t) -142) /**< No room for a persistent key (PSA 1.5, section 8.1). */
#define PSA_ERROR_INSUFFICIENT_DATA ((psa_status_t) -143) /**< A derivation is exhausted (PSA 1.5, section 8.1). */
#define PSA_ERROR_COMMUNICATION_FAILURE ((psa_status_t) -145) /**< The device does not answer (PSA 1.5, section 8.1). */
#define PSA_ERROR_STORAGE_FAILURE ((psa_status_t) -146) /**< The key store cannot be read or written (PSA 1.5, section 8.1). */
#define PSA_ERROR_HARDWARE_FAILURE ((psa_status_t) -147) /**< The device reports a defect (PSA 1.5, section 8.1). */
#define PSA_ERROR_INSUFFICIENT_ENTROPY ((psa_status_t) -148) /**< No random numbers (PSA 1.5, section 8.1.2). */
#define PSA_ERROR_INVALID_SIGNATURE ((psa_status_t) -149) /**< Signature, MAC or tag is wrong (PSA 1.5, section 8.1). */
#define PSA_ERROR_INVALID_PADDING ((psa_status_t) -150) /**< The decrypted padding is wrong (PSA 1.5, section 8.1.2). */
#define PSA_ERROR_CORRUPTION_DETECTED ((psa_status_t) -151) /**< The library found itself damaged (PSA 1.5, section 8.1). */
#define PSA_ERROR_DATA_CORRUPT ((psa_status_t) -152) /**< Stored data was altered (PSA 1.5, section 8.1). */
#define PSA_ERROR_DATA_INVALID ((psa_status_t) -153) /**< Stored data is not usable here (PSA 1.5, section 8.1). */

#endif /* PSA_ERROR_H */
