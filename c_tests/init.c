/* Initialization and the calls before it: PSA 1.5, section 8.2; and our own functions of parsec.h. */
#include "check.h"

static void calls_before_init_are_in_a_bad_state(void)
{
    psa_key_attributes_t attributes = key_attributes(PSA_KEY_TYPE_AES, 128, PSA_KEY_USAGE_ENCRYPT, PSA_ALG_CTR);
    psa_hash_operation_t hash = PSA_HASH_OPERATION_INIT;
    psa_key_derivation_operation_t derivation = PSA_KEY_DERIVATION_OPERATION_INIT;
    psa_key_id_t key = 77;
    uint8_t buffer[64] = {0};
    size_t length;
    char name[16];
    CHECK_STATUS(psa_generate_random(buffer, sizeof buffer), PSA_ERROR_BAD_STATE);
    CHECK_STATUS(psa_generate_key(&attributes, &key), PSA_ERROR_BAD_STATE);
    CHECK(key == PSA_KEY_ID_NULL);
    CHECK_STATUS(psa_hash_compute(PSA_ALG_SHA_256, buffer, 1, buffer, sizeof buffer, &length), PSA_ERROR_BAD_STATE);
    CHECK_STATUS(psa_hash_setup(&hash, PSA_ALG_SHA_256), PSA_ERROR_BAD_STATE);
    CHECK_STATUS(psa_key_derivation_setup(&derivation, PSA_ALG_HKDF(PSA_ALG_SHA_256)), PSA_ERROR_BAD_STATE);
    CHECK_STATUS(psa_sign_hash(1, PSA_ALG_ECDSA(PSA_ALG_SHA_256), buffer, 32, buffer, sizeof buffer, &length),
                 PSA_ERROR_BAD_STATE);
    CHECK_STATUS(psa_get_key_attributes(1, &attributes), PSA_ERROR_BAD_STATE);
    CHECK_STATUS(psa_purge_key(1), PSA_ERROR_BAD_STATE);
    CHECK_STATUS(parsec_key_backend(1, name, sizeof name), PSA_ERROR_BAD_STATE);
    CHECK(strlen(parsec_last_error()) > 0);
}

/* Section 8.2: these need no library. */
static void what_works_before_init(void)
{
    psa_key_attributes_t attributes = psa_key_attributes_init();
    psa_hash_operation_t hash = psa_hash_operation_init();
    psa_set_key_type(&attributes, PSA_KEY_TYPE_AES);
    CHECK(psa_get_key_type(&attributes) == PSA_KEY_TYPE_AES);
    psa_reset_key_attributes(&attributes);
    CHECK(psa_get_key_type(&attributes) == PSA_KEY_TYPE_NONE);
    CHECK_STATUS(psa_hash_abort(&hash), PSA_SUCCESS);
    CHECK(strlen(parsec_version()) > 0);
}

static void init_may_be_called_again(void)
{
    psa_key_id_t key;
    CHECK_STATUS(psa_crypto_init(), PSA_SUCCESS);
    key = generate_key(PSA_KEY_TYPE_AES, 128, PSA_KEY_USAGE_ENCRYPT, PSA_ALG_CTR);
    CHECK_STATUS(psa_crypto_init(), PSA_SUCCESS);
    CHECK_BACKEND(key, "software");
    CHECK_STATUS(psa_destroy_key(key), PSA_SUCCESS);
}

static void the_name_of_a_backend_needs_room(void)
{
    psa_key_id_t key = generate_key(PSA_KEY_TYPE_AES, 128, PSA_KEY_USAGE_ENCRYPT, PSA_ALG_CTR);
    char name[] = "????????????";
    CHECK_STATUS(parsec_key_backend(key, name, strlen("software")), PSA_ERROR_BUFFER_TOO_SMALL);
    CHECK(name[strlen("software")] == '?');
    CHECK_STATUS(parsec_key_backend(key, name, strlen("software") + 1), PSA_SUCCESS);
    CHECK(strcmp(name, "software") == 0);
    CHECK_STATUS(parsec_key_backend(0x12345678, name, sizeof name), PSA_ERROR_INVALID_HANDLE);
    CHECK_STATUS(psa_destroy_key(key), PSA_SUCCESS);
}

int main(void)
{
    RUN(calls_before_init_are_in_a_bad_state);
    RUN(what_works_before_init);
    RUN(init_may_be_called_again);
    RUN(the_name_of_a_backend_needs_room);
    return check_result();
}
