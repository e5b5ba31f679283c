/* Mbed TLS as a program would use it, compiled against Debian's headers only. */
#include <mbedtls/sha256.h>
#include <mbedtls/ssl.h>

#include "mbedtls_side.h"

int mbedtls_sha256_of(const uint8_t *data, size_t length, uint8_t hash[32])
{
    return mbedtls_sha256_ret(data, length, hash, 0);
}

int mbedtls_tls_works(void)
{
    mbedtls_ssl_config config;
    int result;
    mbedtls_ssl_config_init(&config);
    result = mbedtls_ssl_config_defaults(&config, MBEDTLS_SSL_IS_CLIENT, MBEDTLS_SSL_TRANSPORT_STREAM,
                                         MBEDTLS_SSL_PRESET_DEFAULT);
    mbedtls_ssl_config_free(&config);
    return result;
}
