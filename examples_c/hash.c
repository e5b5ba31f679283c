/* Prints the SHA-256 of a file, or of standard input, as sha256sum does: in parts, so that its size does not matter.
 *
 *     cc hash.c $(pkg-config --cflags --libs libparsec) -o hash && ./hash README.md
 */
#include <stdio.h>

#include <parsec.h>
#include <psa/crypto.h>

static int fail(const char *what, psa_status_t status)
{
    fprintf(stderr, "%s: status %d: %s\n", what, (int)status, parsec_last_error());
    return 1;
}

static psa_status_t hash_stream(FILE *stream, uint8_t *hash, size_t size, size_t *length)
{
    psa_hash_operation_t operation = PSA_HASH_OPERATION_INIT;
    uint8_t part[4096];
    size_t count;
    psa_status_t status = psa_hash_setup(&operation, PSA_ALG_SHA_256);

    while (status == PSA_SUCCESS && (count = fread(part, 1, sizeof part, stream)) > 0) {
        status = psa_hash_update(&operation, part, count);
    }
    if (status == PSA_SUCCESS) {
        status = psa_hash_finish(&operation, hash, size, length);
    }
    psa_hash_abort(&operation); /* frees the operation after an error; harmless after success */
    return status;
}

int main(int argc, char **argv)
{
    const char *name = argc > 1 ? argv[1] : "-";
    FILE *stream = argc > 1 ? fopen(name, "rb") : stdin;
    uint8_t hash[PSA_HASH_LENGTH(PSA_ALG_SHA_256)];
    size_t length = 0, i;
    psa_status_t status;

    if (stream == NULL) {
        perror(name);
        return 1;
    }
    status = psa_crypto_init();
    if (status != PSA_SUCCESS) {
        return fail("psa_crypto_init", status);
    }
    status = hash_stream(stream, hash, sizeof hash, &length);
    if (status != PSA_SUCCESS) {
        return fail("hashing", status);
    }
    if (ferror(stream)) {
        perror(name);
        return 1;
    }
    for (i = 0; i < length; i++) {
        printf("%02x", hash[i]);
    }
    printf("  %s\n", name);
    return 0;
}
