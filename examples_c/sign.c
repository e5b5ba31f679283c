/* Signs a message with a persistent ECC P-256 key and verifies the signature.
 *
 * The first run makes the key, later runs find it again. Nothing here says where the key lives: the configuration
 * does (parsec.toml, see README.md), and without one it is software.
 *
 *     cc sign.c $(pkg-config --cflags --libs libparsec) -o sign && ./sign "text to sign"
 */
#include <stdio.h>
#include <string.h>

#include <parsec.h>
#include <psa/crypto.h>

#define SIGNING_KEY ((psa_key_id_t)1)
#define ALGORITHM PSA_ALG_ECDSA(PSA_ALG_SHA_256)

static int fail(const char *what, psa_status_t status)
{
    fprintf(stderr, "%s: status %d: %s\n", what, (int)status, parsec_last_error());
    return 1;
}

/* Makes the key, unless an earlier run did. */
static psa_status_t make_key(int *found)
{
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    psa_key_id_t key = PSA_KEY_ID_NULL;
    psa_status_t status = psa_get_key_attributes(SIGNING_KEY, &attributes);

    *found = status == PSA_SUCCESS;
    psa_reset_key_attributes(&attributes);
    if (status != PSA_ERROR_INVALID_HANDLE) {
        return status;
    }
    psa_set_key_id(&attributes, SIGNING_KEY); /* an id makes the key persistent */
    psa_set_key_type(&attributes, PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1));
    psa_set_key_bits(&attributes, 256);
    psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_SIGN_MESSAGE | PSA_KEY_USAGE_VERIFY_MESSAGE);
    psa_set_key_algorithm(&attributes, ALGORITHM);
    return psa_generate_key(&attributes, &key);
}

int main(int argc, char **argv)
{
    const char *message = argc > 1 ? argv[1] : "hello, world";
    uint8_t signature[PSA_SIGNATURE_MAX_SIZE];
    char backend[64];
    size_t length = 0, i;
    int found = 0;
    psa_status_t status = psa_crypto_init();

    if (status != PSA_SUCCESS) {
        return fail("psa_crypto_init", status);
    }
    status = make_key(&found);
    if (status != PSA_SUCCESS) {
        return fail("making the key", status);
    }
    status = parsec_key_backend(SIGNING_KEY, backend, sizeof backend);
    if (status != PSA_SUCCESS) {
        return fail("parsec_key_backend", status);
    }
    printf("key %u:    %s in backend \"%s\"\n", (unsigned)SIGNING_KEY, found ? "found" : "made", backend);

    status = psa_sign_message(SIGNING_KEY, ALGORITHM, (const uint8_t *)message, strlen(message), signature,
                              sizeof signature, &length);
    if (status != PSA_SUCCESS) {
        return fail("psa_sign_message", status);
    }
    printf("message:  %s\nsignature: ", message);
    for (i = 0; i < length; i++) {
        printf("%02x", signature[i]);
    }

    status = psa_verify_message(SIGNING_KEY, ALGORITHM, (const uint8_t *)message, strlen(message), signature, length);
    if (status != PSA_SUCCESS) {
        return fail("\npsa_verify_message", status);
    }
    printf("\nverified: yes\n");
    return 0;
}
