/* Message authentication codes: PSA 1.5, section 10.4. */
#include "check.h"

#define AES_KEY "2b7e151628aed2a6abf7158809cf4f3c"
#define AES_MESSAGE "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411"

static const struct {
    const char *source;
    psa_key_type_t type;
    psa_algorithm_t alg;
    const char *key, *message, *mac;
} vectors[] = {
    {"RFC 4231, case 1", PSA_KEY_TYPE_HMAC, PSA_ALG_HMAC(PSA_ALG_SHA_256), "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b",
     "4869205468657265", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
    {"RFC 4231, case 1", PSA_KEY_TYPE_HMAC, PSA_ALG_HMAC(PSA_ALG_SHA_512), "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b",
     "4869205468657265",
     "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cde"
     "daa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854"},
    {"RFC 4231, case 2", PSA_KEY_TYPE_HMAC, PSA_ALG_HMAC(PSA_ALG_SHA_384), "4a656665",
     "7768617420646f2079612077616e7420666f72206e6f7468696e673f",
     "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649"},
    {"RFC 4231, case 5", PSA_KEY_TYPE_HMAC, PSA_ALG_TRUNCATED_MAC(PSA_ALG_HMAC(PSA_ALG_SHA_256), 16),
     "0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c", "546573742057697468205472756e636174696f6e",
     "a3b6167473100ee06e0c796c2955552b"},
    {"RFC 2202, case 1", PSA_KEY_TYPE_HMAC, PSA_ALG_HMAC(PSA_ALG_SHA_1), "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b",
     "4869205468657265", "b617318655057264e28bc0b6fb378c8ef146be00"},
    {"RFC 4493, example 1", PSA_KEY_TYPE_AES, PSA_ALG_CMAC, AES_KEY, "", "bb1d6929e95937287fa37d129b756746"},
    {"RFC 4493, example 3", PSA_KEY_TYPE_AES, PSA_ALG_CMAC, AES_KEY, AES_MESSAGE, "dfa66747de9ae63030ca32611497c827"},
    {"RFC 4493, example 3, cut", PSA_KEY_TYPE_AES, PSA_ALG_TRUNCATED_MAC(PSA_ALG_CMAC, 8), AES_KEY, AES_MESSAGE,
     "dfa66747de9ae630"},
};

#define BOTH (PSA_KEY_USAGE_SIGN_MESSAGE | PSA_KEY_USAGE_VERIFY_MESSAGE)

static void known_answers(void)
{
    uint8_t mac[PSA_MAC_MAX_SIZE];
    size_t i, length;
    for (i = 0; i < COUNT_OF(vectors); i++) {
        psa_algorithm_t alg = vectors[i].alg;
        psa_key_id_t key = import_key(vectors[i].type, BOTH, alg, vectors[i].key);
        struct bytes message = hex(vectors[i].message), expected = hex(vectors[i].mac);
        psa_mac_operation_t operation = PSA_MAC_OPERATION_INIT;
        size_t half = message.length / 2;
        printf("  %s\n", vectors[i].source);

        CHECK_STATUS(psa_mac_compute(key, alg, message.data, message.length, mac, sizeof mac, &length), PSA_SUCCESS);
        CHECK_HEX(mac, length, vectors[i].mac);
        CHECK(length == PSA_MAC_LENGTH(vectors[i].type, strlen(vectors[i].key) * 4, alg));
        CHECK_STATUS(psa_mac_verify(key, alg, message.data, message.length, mac, length), PSA_SUCCESS);
        CHECK_STATUS(psa_mac_compute(key, alg, message.data, message.length, mac, expected.length - 1, &length),
                     PSA_ERROR_BUFFER_TOO_SMALL);

        CHECK_STATUS(psa_mac_sign_setup(&operation, key, alg), PSA_SUCCESS);
        CHECK_STATUS(psa_mac_update(&operation, message.data, half), PSA_SUCCESS);
        CHECK_STATUS(psa_mac_update(&operation, message.data + half, message.length - half), PSA_SUCCESS);
        CHECK_STATUS(psa_mac_sign_finish(&operation, mac, sizeof mac, &length), PSA_SUCCESS);
        CHECK_HEX(mac, length, vectors[i].mac);

        CHECK_STATUS(psa_mac_verify_setup(&operation, key, alg), PSA_SUCCESS);
        CHECK_STATUS(psa_mac_update(&operation, message.data, message.length), PSA_SUCCESS);
        CHECK_STATUS(psa_mac_verify_finish(&operation, expected.data, expected.length), PSA_SUCCESS);
        CHECK_STATUS(psa_destroy_key(key), PSA_SUCCESS);
    }
}

static void a_changed_mac_is_refused(void)
{
    psa_algorithm_t alg = PSA_ALG_HMAC(PSA_ALG_SHA_256);
    psa_key_id_t key = import_key(PSA_KEY_TYPE_HMAC, BOTH, alg, vectors[0].key);
    struct bytes message = hex(vectors[0].message), mac = hex(vectors[0].mac);
    psa_mac_operation_t operation = PSA_MAC_OPERATION_INIT;
    size_t i;
    for (i = 0; i < mac.length; i++) {
        mac.data[i] ^= 0x80;
        CHECK_STATUS(psa_mac_verify(key, alg, message.data, message.length, mac.data, mac.length),
                     PSA_ERROR_INVALID_SIGNATURE);
        mac.data[i] ^= 0x80;
    }
    CHECK_STATUS(psa_mac_verify(key, alg, message.data, message.length, mac.data, 16), PSA_ERROR_INVALID_SIGNATURE);
    CHECK_STATUS(psa_mac_verify_setup(&operation, key, alg), PSA_SUCCESS);
    CHECK_STATUS(psa_mac_verify_finish(&operation, mac.data, mac.length), PSA_ERROR_INVALID_SIGNATURE);
    CHECK_STATUS(psa_mac_abort(&operation), PSA_SUCCESS);
    CHECK_STATUS(psa_destroy_key(key), PSA_SUCCESS);
}

static void the_policy_of_a_key_holds(void)
{
    psa_algorithm_t alg = PSA_ALG_HMAC(PSA_ALG_SHA_256);
    psa_key_id_t signs = import_key(PSA_KEY_TYPE_HMAC, PSA_KEY_USAGE_SIGN_MESSAGE, alg, vectors[0].key);
    psa_mac_operation_t operation = PSA_MAC_OPERATION_INIT;
    uint8_t mac[PSA_MAC_MAX_SIZE];
    size_t length;
    CHECK_STATUS(psa_mac_compute(signs, alg, NULL, 0, mac, sizeof mac, &length), PSA_SUCCESS);
    CHECK_STATUS(psa_mac_verify(signs, alg, NULL, 0, mac, length), PSA_ERROR_NOT_PERMITTED);
    CHECK_STATUS(psa_mac_verify_setup(&operation, signs, alg), PSA_ERROR_NOT_PERMITTED);
    CHECK_STATUS(psa_mac_compute(signs, PSA_ALG_HMAC(PSA_ALG_SHA_512), NULL, 0, mac, sizeof mac, &length),
                 PSA_ERROR_NOT_PERMITTED);
    CHECK_STATUS(psa_mac_compute(signs, PSA_ALG_TRUNCATED_MAC(alg, 16), NULL, 0, mac, sizeof mac, &length),
                 PSA_ERROR_NOT_PERMITTED);
    CHECK_STATUS(psa_destroy_key(signs), PSA_SUCCESS);
}

static void the_states_of_an_operation(void)
{
    psa_algorithm_t alg = PSA_ALG_CMAC;
    psa_key_id_t key = import_key(PSA_KEY_TYPE_AES, BOTH, alg, AES_KEY);
    psa_mac_operation_t operation = psa_mac_operation_init();
    uint8_t mac[16];
    size_t length;
    CHECK_STATUS(psa_mac_update(&operation, mac, 1), PSA_ERROR_BAD_STATE);
    CHECK_STATUS(psa_mac_sign_finish(&operation, mac, sizeof mac, &length), PSA_ERROR_BAD_STATE);
    CHECK_STATUS(psa_mac_abort(&operation), PSA_SUCCESS);
    CHECK_STATUS(psa_mac_sign_setup(&operation, key, alg), PSA_SUCCESS);
    CHECK_STATUS(psa_mac_sign_setup(&operation, key, alg), PSA_ERROR_BAD_STATE);
    CHECK_STATUS(psa_mac_abort(&operation), PSA_SUCCESS);
    /* Signing is not verifying. */
    CHECK_STATUS(psa_mac_sign_setup(&operation, key, alg), PSA_SUCCESS);
    CHECK_STATUS(psa_mac_verify_finish(&operation, mac, sizeof mac), PSA_ERROR_BAD_STATE);
    CHECK_STATUS(psa_mac_abort(&operation), PSA_SUCCESS);
    CHECK_STATUS(psa_mac_sign_setup(&operation, key, alg), PSA_SUCCESS);
    CHECK_STATUS(psa_mac_sign_finish(&operation, mac, 15, &length), PSA_ERROR_BUFFER_TOO_SMALL);
    CHECK_STATUS(psa_mac_sign_finish(&operation, mac, 16, &length), PSA_ERROR_BAD_STATE);
    CHECK_STATUS(psa_mac_abort(&operation), PSA_SUCCESS);
    CHECK_STATUS(psa_mac_abort(&operation), PSA_SUCCESS);
    CHECK_STATUS(psa_destroy_key(key), PSA_SUCCESS);
}

int main(void)
{
    MUST_SUCCEED(psa_crypto_init());
    RUN(known_answers);
    RUN(a_changed_mac_is_refused);
    RUN(the_policy_of_a_key_holds);
    RUN(the_states_of_an_operation);
    return check_result();
}
