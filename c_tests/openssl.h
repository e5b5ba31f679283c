/* OpenSSL's command line as a second opinion on what the library made. */
#ifndef OPENSSL_H
#define OPENSSL_H

#include "check.h"

/* SubjectPublicKeyInfo up to the point of an ECC P-256 key (RFC 5480). */
#define P256_HEADER "3059301306072a8648ce3d020106082a8648ce3d030107034200"
/* SubjectPublicKeyInfo up to the RSAPublicKey of a 2048-bit key with the exponent 65537 (RFC 3279). */
#define RSA2048_HEADER "30820122300d06092a864886f70d01010105000382010f00"

static inline FILE *scratch_file(const char *name, const char *mode)
{
    char path[512];
    FILE *file;
    snprintf(path, sizeof path, "%s/%s", from_fixture("PARSEC_TEST_SCRATCH"), name);
    file = fopen(path, mode);
    MUST(file != NULL);
    return file;
}

static inline void write_file(const char *name, const uint8_t *data, size_t length)
{
    FILE *file = scratch_file(name, "wb");
    MUST(fwrite(data, 1, length, file) == length);
    MUST(fclose(file) == 0);
}

static inline size_t read_file(const char *name, uint8_t *data, size_t size)
{
    FILE *file = scratch_file(name, "rb");
    size_t length = fread(data, 1, size, file);
    fclose(file);
    return length;
}

/* Runs `openssl ARGUMENTS` in the scratch directory; true if it succeeds. */
static inline int openssl(const char *arguments)
{
    char command[1024];
    snprintf(command, sizeof command, "cd '%s' && LD_LIBRARY_PATH= openssl %s >openssl.log 2>&1",
             from_fixture("PARSEC_TEST_SCRATCH"), arguments);
    return system(command) == 0;
}

/* One half of an ECDSA signature as an ASN.1 INTEGER; returns its length. */
static inline size_t der_integer(const uint8_t half[32], uint8_t *out)
{
    size_t skip = 0, pad;
    while (skip < 31 && half[skip] == 0) {
        skip++;
    }
    pad = half[skip] >> 7;
    out[0] = 0x02;
    out[1] = (uint8_t)(32 - skip + pad);
    out[2] = 0;
    memcpy(out + 2 + pad, half + skip, 32 - skip);
    return 2 + pad + 32 - skip;
}

/* Writes an ECDSA P-256 signature as DER. */
static inline void write_ecdsa_signature(const uint8_t signature[64])
{
    uint8_t der[80] = {0x30, 0};
    size_t length = 2;
    length += der_integer(signature, der + length);
    length += der_integer(signature + 32, der + length);
    der[1] = (uint8_t)(length - 2);
    write_file("signature", der, length);
}

/* True if OpenSSL finds that this key, in PSA's public format, signed the message with SHA-256: P-256 for ECDSA, else
 * RSA 2048. */
static inline int openssl_verifies(psa_algorithm_t alg, const uint8_t *public_key, size_t public_length,
                                   const char *message, const uint8_t *signature, size_t length)
{
    int ecdsa = PSA_ALG_IS_ECDSA(alg);
    struct bytes der = hex(ecdsa ? P256_HEADER : RSA2048_HEADER);
    memcpy(der.data + der.length, public_key, public_length);
    write_file("public.der", der.data, der.length + public_length);
    write_file("message", (const uint8_t *)message, strlen(message));
    if (ecdsa) {
        MUST(length == 64);
        write_ecdsa_signature(signature);
    } else {
        write_file("signature", signature, length);
    }
    return openssl(PSA_ALG_IS_RSA_PSS(alg)
                       ? "dgst -sha256 -sigopt rsa_padding_mode:pss -keyform DER -verify public.der "
                         "-signature signature message"
                       : "dgst -sha256 -keyform DER -verify public.der -signature signature message");
}

#endif
