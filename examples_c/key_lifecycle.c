/* The life of a persistent key: make it, look at it, hand out its public part, purge it from memory, use it again,
 * destroy it.
 *
 *     cc key_lifecycle.c $(pkg-config --cflags --libs libparsec) -o key_lifecycle && ./key_lifecycle
 */
#include <stdio.h>

#include <parsec.h>
#include <psa/crypto.h>

#define KEY ((psa_key_id_t)42)
#define ALGORITHM PSA_ALG_ECDSA(PSA_ALG_SHA_256)

static int fail(const char *what, psa_status_t status)
{
    fprintf(stderr, "%s: status %d: %s\n", what, (int)status, parsec_last_error());
    return 1;
}

static psa_status_t make_key(void)
{
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    psa_key_id_t key = PSA_KEY_ID_NULL;

    psa_set_key_id(&attributes, KEY);
    psa_set_key_lifetime(&attributes, PSA_KEY_LIFETIME_PERSISTENT);
    psa_set_key_type(&attributes, PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1));
    psa_set_key_bits(&attributes, 256);
    psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_SIGN_HASH | PSA_KEY_USAGE_VERIFY_HASH);
    psa_set_key_algorithm(&attributes, ALGORITHM);
    return psa_generate_key(&attributes, &key);
}

static psa_status_t show_key(void)
{
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    uint8_t point[PSA_EXPORT_PUBLIC_KEY_MAX_SIZE];
    char backend[64];
    size_t length = 0, i;
    psa_status_t status = psa_get_key_attributes(KEY, &attributes);

    if (status == PSA_SUCCESS) {
        status = parsec_key_backend(KEY, backend, sizeof backend);
    }
    if (status == PSA_SUCCESS) {
        status = psa_export_public_key(KEY, point, sizeof point, &length);
    }
    if (status == PSA_SUCCESS) {
        printf("key %u: %u bits, lifetime 0x%08x, backend \"%s\"\npublic: ", (unsigned)psa_get_key_id(&attributes),
               (unsigned)psa_get_key_bits(&attributes), (unsigned)psa_get_key_lifetime(&attributes), backend);
        for (i = 0; i < length; i++) {
            printf("%02x", point[i]);
        }
        printf("\n");
    }
    psa_reset_key_attributes(&attributes);
    return status;
}

static psa_status_t use_key(void)
{
    uint8_t hash[PSA_HASH_LENGTH(PSA_ALG_SHA_256)], signature[PSA_SIGNATURE_MAX_SIZE];
    size_t hash_length = 0, length = 0;
    psa_status_t status = psa_hash_compute(PSA_ALG_SHA_256, (const uint8_t *)"abc", 3, hash, sizeof hash, &hash_length);

    if (status == PSA_SUCCESS) {
        status = psa_sign_hash(KEY, ALGORITHM, hash, hash_length, signature, sizeof signature, &length);
    }
    if (status == PSA_SUCCESS) {
        status = psa_verify_hash(KEY, ALGORITHM, hash, hash_length, signature, length);
    }
    return status;
}

int main(void)
{
    psa_status_t status = psa_crypto_init();

    if (status != PSA_SUCCESS) {
        return fail("psa_crypto_init", status);
    }
    status = make_key();
    if (status == PSA_ERROR_ALREADY_EXISTS) {
        printf("an earlier run left the key\n");
    } else if (status != PSA_SUCCESS) {
        return fail("making the key", status);
    }
    status = show_key();
    if (status != PSA_SUCCESS) {
        return fail("showing the key", status);
    }
    /* Only the copy in memory goes; the next use loads the key again. */
    status = psa_purge_key(KEY);
    if (status != PSA_SUCCESS) {
        return fail("psa_purge_key", status);
    }
    status = use_key();
    if (status != PSA_SUCCESS) {
        return fail("using the key", status);
    }
    printf("signed and verified after a purge\n");

    status = psa_destroy_key(KEY);
    if (status != PSA_SUCCESS) {
        return fail("psa_destroy_key", status);
    }
    status = use_key();
    if (status != PSA_ERROR_INVALID_HANDLE) {
        return fail("a destroyed key must be unknown", status);
    }
    printf("destroyed: the key is unknown now\n");
    return 0;
}
