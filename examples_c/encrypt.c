/* Encrypts and authenticates a text with AES-256-GCM under a volatile key, and decrypts it again.
 *
 *     cc encrypt.c $(pkg-config --cflags --libs libparsec) -o encrypt && ./encrypt "secret text"
 */
#include <stdio.h>
#include <string.h>

#include <parsec.h>
#include <psa/crypto.h>

#define KEY_BITS 256
#define MAX_TEXT 256
#define NONCE_SIZE PSA_AEAD_NONCE_LENGTH(PSA_KEY_TYPE_AES, PSA_ALG_GCM)

/* Sent in clear, but protected against change. */
static const uint8_t header[] = {'v', '1'};

static int fail(const char *what, psa_status_t status)
{
    fprintf(stderr, "%s: status %d: %s\n", what, (int)status, parsec_last_error());
    return 1;
}

static psa_status_t make_key(psa_key_id_t *key)
{
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;

    psa_set_key_type(&attributes, PSA_KEY_TYPE_AES);
    psa_set_key_bits(&attributes, KEY_BITS);
    psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_ENCRYPT | PSA_KEY_USAGE_DECRYPT);
    psa_set_key_algorithm(&attributes, PSA_ALG_GCM);
    return psa_generate_key(&attributes, key);
}

int main(int argc, char **argv)
{
    const char *text = argc > 1 ? argv[1] : "attack at dawn";
    uint8_t nonce[NONCE_SIZE];
    uint8_t sealed[PSA_AEAD_ENCRYPT_OUTPUT_SIZE(PSA_KEY_TYPE_AES, PSA_ALG_GCM, MAX_TEXT)];
    uint8_t opened[MAX_TEXT];
    size_t sealed_length = 0, opened_length = 0, i;
    psa_key_id_t key = PSA_KEY_ID_NULL;
    psa_status_t status;

    if (strlen(text) > MAX_TEXT) {
        fprintf(stderr, "at most %d bytes, please\n", MAX_TEXT);
        return 2;
    }
    status = psa_crypto_init();
    if (status != PSA_SUCCESS) {
        return fail("psa_crypto_init", status);
    }
    status = make_key(&key);
    if (status != PSA_SUCCESS) {
        return fail("making the key", status);
    }
    /* A nonce must never be used twice with one key. */
    status = psa_generate_random(nonce, sizeof nonce);
    if (status != PSA_SUCCESS) {
        return fail("psa_generate_random", status);
    }
    status = psa_aead_encrypt(key, PSA_ALG_GCM, nonce, sizeof nonce, header, sizeof header, (const uint8_t *)text,
                              strlen(text), sealed, sizeof sealed, &sealed_length);
    if (status != PSA_SUCCESS) {
        return fail("psa_aead_encrypt", status);
    }
    printf("encrypted: ");
    for (i = 0; i < sealed_length; i++) {
        printf("%02x", sealed[i]);
    }

    status = psa_aead_decrypt(key, PSA_ALG_GCM, nonce, sizeof nonce, header, sizeof header, sealed, sealed_length,
                              opened, sizeof opened, &opened_length);
    if (status != PSA_SUCCESS) {
        return fail("\npsa_aead_decrypt", status);
    }
    printf("\ndecrypted: %.*s\n", (int)opened_length, (const char *)opened);

    sealed[0] ^= 1;
    status = psa_aead_decrypt(key, PSA_ALG_GCM, nonce, sizeof nonce, header, sizeof header, sealed, sealed_length,
                              opened, sizeof opened, &opened_length);
    printf("changed:   %s\n", status == PSA_ERROR_INVALID_SIGNATURE ? "refused" : "ACCEPTED, which is wrong");
    psa_destroy_key(key);
    return status == PSA_ERROR_INVALID_SIGNATURE ? 0 : 1;
}
