/* Key wrapping: PSA 1.5, section 10.7. */
#include "check.h"

/* RFC 3394, sections 4.1 and 4.3; RFC 5649, section 6. */
static const struct {
    psa_algorithm_t alg;
    const char *wrapping;
    const char *key;
    const char *wrapped;
} answers[] = {
    {PSA_ALG_KW, "000102030405060708090a0b0c0d0e0f", "00112233445566778899aabbccddeeff",
     "1fa68b0a8112b447aef34bd8fb5a7b829d3e862371d2cfe5"},
    {PSA_ALG_KW, "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", "00112233445566778899aabbccddeeff",
     "64e8c3f9ce0f5ba263e9777905818a2a93c8191e7d6e8ae7"},
    {PSA_ALG_KWP, "5840df6e29b02af1ab493b705bf16ea1ae8338f4dcc176a8", "c37b7e6492584340bed12207808941155068f738",
     "138bdeaa9b8fa7fc61f97742e72248ee5ae6ae5360d1ae6a5f54f373fa543b6a"},
    {PSA_ALG_KWP, "5840df6e29b02af1ab493b705bf16ea1ae8338f4dcc176a8", "466f7250617369",
     "afbeb0f07dfbf5419200f2ccb50bb24f"},
};

static psa_key_id_t wrapping_key(psa_algorithm_t alg, psa_key_usage_t usage)
{
    return import_key(PSA_KEY_TYPE_AES, usage, alg, "000102030405060708090a0b0c0d0e0f");
}

static void known_answers(void)
{
    uint8_t data[64], exported[64];
    size_t i, length;
    for (i = 0; i < COUNT_OF(answers); i++) {
        psa_algorithm_t alg = answers[i].alg;
        struct bytes material = hex(answers[i].key), wrapped = hex(answers[i].wrapped);
        psa_key_id_t wrapping = import_key(PSA_KEY_TYPE_AES, PSA_KEY_USAGE_WRAP | PSA_KEY_USAGE_UNWRAP, alg,
                                           answers[i].wrapping);
        psa_key_id_t key = import_key(PSA_KEY_TYPE_RAW_DATA, PSA_KEY_USAGE_EXPORT, PSA_ALG_NONE, answers[i].key);
        psa_key_id_t unwrapped = 77;
        psa_key_attributes_t attributes = key_attributes(PSA_KEY_TYPE_RAW_DATA, 0, PSA_KEY_USAGE_EXPORT, PSA_ALG_NONE);
        size_t size = PSA_WRAP_KEY_OUTPUT_SIZE(PSA_KEY_TYPE_AES, alg, PSA_KEY_TYPE_RAW_DATA, material.length * 8);
        CHECK(size == wrapped.length);
        memset(data, 0x5a, sizeof data);
        CHECK_STATUS(psa_wrap_key(wrapping, alg, key, data, size, &length), PSA_SUCCESS);
        CHECK_HEX(data, length, answers[i].wrapped);
        CHECK(data[length] == 0x5a);
        CHECK_STATUS(psa_wrap_key(wrapping, alg, key, data, size - 1, &length), PSA_ERROR_BUFFER_TOO_SMALL);
        CHECK(length == 0);
        CHECK_STATUS(psa_unwrap_key(&attributes, wrapping, alg, wrapped.data, wrapped.length, &unwrapped), PSA_SUCCESS);
        CHECK_STATUS(psa_export_key(unwrapped, exported, sizeof exported, &length), PSA_SUCCESS);
        CHECK_HEX(exported, length, answers[i].key);
        CHECK_STATUS(psa_destroy_key(unwrapped), PSA_SUCCESS);
        CHECK_STATUS(psa_destroy_key(key), PSA_SUCCESS);
        CHECK_STATUS(psa_destroy_key(wrapping), PSA_SUCCESS);
    }
}

static void what_is_not_authentic_is_refused(void)
{
    psa_key_id_t wrapping = wrapping_key(PSA_ALG_KW, PSA_KEY_USAGE_UNWRAP), key;
    psa_key_attributes_t attributes = key_attributes(PSA_KEY_TYPE_AES, 0, PSA_KEY_USAGE_EXPORT, PSA_ALG_CTR);
    struct bytes wrapped = hex(answers[0].wrapped);
    size_t length;
    for (length = 0; length < wrapped.length; length++) {
        key = 77;
        CHECK_STATUS(psa_unwrap_key(&attributes, wrapping, PSA_ALG_KW, wrapped.data, length, &key),
                     PSA_ERROR_INVALID_SIGNATURE);
        CHECK(key == PSA_KEY_ID_NULL);
        wrapped.data[length] ^= 0x20;
        CHECK_STATUS(psa_unwrap_key(&attributes, wrapping, PSA_ALG_KW, wrapped.data, wrapped.length, &key),
                     PSA_ERROR_INVALID_SIGNATURE);
        wrapped.data[length] ^= 0x20;
    }
    CHECK_STATUS(psa_destroy_key(wrapping), PSA_SUCCESS);
}

static void policies_and_sizes(void)
{
    uint8_t data[64];
    size_t length;
    psa_key_id_t unwrapping = wrapping_key(PSA_ALG_KW, PSA_KEY_USAGE_UNWRAP);
    psa_key_id_t wrapping = wrapping_key(PSA_ALG_KW, PSA_KEY_USAGE_WRAP), made;
    psa_key_id_t kept = import_key(PSA_KEY_TYPE_AES, PSA_KEY_USAGE_ENCRYPT, PSA_ALG_CTR, answers[0].key);
    psa_key_id_t odd = import_key(PSA_KEY_TYPE_RAW_DATA, PSA_KEY_USAGE_EXPORT, PSA_ALG_NONE, "0011223344556677889900");
    psa_key_attributes_t attributes = key_attributes(PSA_KEY_TYPE_AES, 256, PSA_KEY_USAGE_EXPORT, PSA_ALG_CTR);
    struct bytes wrapped = hex(answers[0].wrapped);
    CHECK_STATUS(psa_wrap_key(wrapping, PSA_ALG_KW, kept, data, sizeof data, &length), PSA_ERROR_NOT_PERMITTED);
    CHECK_STATUS(psa_wrap_key(unwrapping, PSA_ALG_KW, odd, data, sizeof data, &length), PSA_ERROR_NOT_PERMITTED);
    CHECK_STATUS(psa_wrap_key(wrapping, PSA_ALG_KWP, odd, data, sizeof data, &length), PSA_ERROR_NOT_PERMITTED);
    CHECK_STATUS(psa_wrap_key(wrapping, PSA_ALG_KW, odd, data, sizeof data, &length), PSA_ERROR_INVALID_ARGUMENT);
    CHECK_REFUSED(psa_wrap_key(wrapping, PSA_ALG_CTR, odd, data, sizeof data, &length));
    CHECK_STATUS(psa_wrap_key(wrapping, PSA_ALG_KW, PSA_KEY_ID_NULL, data, sizeof data, &length),
                 PSA_ERROR_INVALID_HANDLE);
    CHECK_STATUS(psa_unwrap_key(&attributes, wrapping, PSA_ALG_KW, wrapped.data, wrapped.length, &made),
                 PSA_ERROR_NOT_PERMITTED);
    /* The size that the attributes say is not that of the data. */
    CHECK_STATUS(psa_unwrap_key(&attributes, unwrapping, PSA_ALG_KW, wrapped.data, wrapped.length, &made),
                 PSA_ERROR_INVALID_ARGUMENT);
    CHECK(made == PSA_KEY_ID_NULL);
    CHECK_STATUS(psa_destroy_key(odd), PSA_SUCCESS);
    CHECK_STATUS(psa_destroy_key(kept), PSA_SUCCESS);
    CHECK_STATUS(psa_destroy_key(wrapping), PSA_SUCCESS);
    CHECK_STATUS(psa_destroy_key(unwrapping), PSA_SUCCESS);
}

int main(void)
{
    MUST_SUCCEED(psa_crypto_init());
    RUN(known_answers);
    RUN(what_is_not_authentic_is_refused);
    RUN(policies_and_sizes);
    return check_result();
}
