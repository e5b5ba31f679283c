/* What coexistence.c asks of Mbed TLS. Both have a psa/crypto.h, so each side is compiled alone; this header belongs
 * to neither. */
#ifndef MBEDTLS_SIDE_H
#define MBEDTLS_SIDE_H

#include <stddef.h>
#include <stdint.h>

/* SHA-256 by libmbedcrypto; 0 if it succeeds. */
int mbedtls_sha256_of(const uint8_t *data, size_t length, uint8_t hash[32]);

/* Makes a TLS client's configuration with libmbedtls; 0 if it succeeds. */
int mbedtls_tls_works(void);

#endif
