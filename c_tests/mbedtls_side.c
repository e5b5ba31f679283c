/* Mbed TLS as a program would use it, compiled against Debian's headers. */
#include <mbedtls/sha256.h>
#include <psa/crypto.h>

#include "mbedtls_side.h"

int mbedtls_sha256_of(const uint8_t *data, size_t length, uint8_t hash[32])
{
    return mbedtls_sha256_ret(data, length, hash, 0);
}

int mbedtls_psa_sha256_of(const uint8_t *data, size_t length, uint8_t hash[32])
{
    size_t hash_length = 0;
    psa_status_t status = psa_crypto_init();
    if (status == PSA_SUCCESS) {
        status = psa_hash_compute(PSA_ALG_SHA_256, data, length, hash, 32, &hash_length);
    }
    return (int)status;
}
