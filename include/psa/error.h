/**
 * \file psa/error.h
 * Statuses of functions.
 *
 * Written from src/psa: run `make headers`.
 */
#ifndef PSA_ERROR_H
#define PSA_ERROR_H

#include "crypto_types.h"

/* Status codes (PSA 1.5, section 8.2 and the PSA Status code API). */

#define PSA_SUCCESS ((psa_status_t) 0) /**< It worked. */
#define PSA_ERROR_GENERIC_ERROR ((psa_status_t) -132) /**< No other code describes the failure. */
#define PSA_ERROR_NOT_PERMITTED ((psa_status_t) -133) /**< A policy forbids it. */
#define PSA_ERROR_NOT_SUPPORTED ((psa_status_t) -134) /**< This place or this library cannot do it. */
#define PSA_ERROR_INVALID_ARGUMENT ((psa_status_t) -135) /**< The parameters are never valid. */
#define PSA_ERROR_INVALID_HANDLE ((psa_status_t) -136) /**< No such key. */
#define PSA_ERROR_BAD_STATE ((psa_status_t) -137) /**< Not in this state of the library or the operation. */
#define PSA_ERROR_BUFFER_TOO_SMALL ((psa_status_t) -138) /**< The output does not fit. */
#define PSA_ERROR_ALREADY_EXISTS ((psa_status_t) -139) /**< The key identifier is taken. */
#define PSA_ERROR_DOES_NOT_EXIST ((psa_status_t) -140) /**< No such item. */
#define PSA_ERROR_INSUFFICIENT_MEMORY ((psa_status_t) -141) /**< Out of memory, sessions or slots. */
#define PSA_ERROR_INSUFFICIENT_STORAGE ((psa_status_t) -142) /**< No room for a persistent key. */
#define PSA_ERROR_INSUFFICIENT_DATA ((psa_status_t) -143) /**< A derivation is exhausted. */
#define PSA_ERROR_COMMUNICATION_FAILURE ((psa_status_t) -145) /**< The device does not answer. */
#define PSA_ERROR_STORAGE_FAILURE ((psa_status_t) -146) /**< The key store cannot be read or written. */
#define PSA_ERROR_HARDWARE_FAILURE ((psa_status_t) -147) /**< The device reports a defect. */
#define PSA_ERROR_INSUFFICIENT_ENTROPY ((psa_status_t) -148) /**< No random numbers. */
#define PSA_ERROR_INVALID_SIGNATURE ((psa_status_t) -149) /**< Signature, MAC or tag is wrong. */
#define PSA_ERROR_INVALID_PADDING ((psa_status_t) -150) /**< The decrypted padding is wrong. */
#define PSA_ERROR_CORRUPTION_DETECTED ((psa_status_t) -151) /**< The library found itself damaged. */
#define PSA_ERROR_DATA_CORRUPT ((psa_status_t) -152) /**< Stored data was altered. */
#define PSA_ERROR_DATA_INVALID ((psa_status_t) -153) /**< Stored data is not usable here. */

#endif /* PSA_ERROR_H */
