/* What coexistence.c asks of Mbed TLS. Its headers and ours both define psa/crypto.h, so each side is a file of its
 * own; this one belongs to neither. */
#ifndef MBEDTLS_SIDE_H
#define MBEDTLS_SIDE_H

#include <stddef.h>
#include <stdint.h>

/* SHA-256 by Mbed TLS's own function; 0 if it succeeds. */
int mbedtls_sha256_of(const uint8_t *data, size_t length, uint8_t hash[32]);

/* SHA-256 by the psa_hash_compute() of libmbedcrypto; 0 if it succeeds. */
int mbedtls_psa_sha256_of(const uint8_t *data, size_t length, uint8_t hash[32]);

#endif
