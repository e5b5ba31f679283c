/* Derivation and key wrapping with keys in a device: see device.c. */
#include "device.h"

static void input(psa_key_derivation_operation_t *operation, psa_key_derivation_step_t step, const uint8_t *data,
                  size_t length)
{
    CHECK_STATUS(psa_key_derivation_input_bytes(operation, step, data, length), PSA_SUCCESS);
}

/* All inputs of a derivation; `salted` leaves an optional salt out. */
static psa_status_t begin_derivation(psa_key_derivation_operation_t *operation, psa_key_id_t key, psa_algorithm_t alg,
                                     size_t capacity, int salted)
{
    psa_status_t status;
    int stretching = PSA_ALG_IS_KEY_DERIVATION_STRETCHING(alg);
    MUST_SUCCEED(psa_key_derivation_setup(operation, alg));
    CHECK_STATUS(psa_key_derivation_set_capacity(operation, capacity), PSA_SUCCESS);
    if (stretching) {
        CHECK_STATUS(psa_key_derivation_input_integer(operation, PSA_KEY_DERIVATION_INPUT_COST, 3), PSA_SUCCESS);
    }
    if (stretching || PSA_ALG_IS_HKDF_EXTRACT(alg) || (PSA_ALG_IS_HKDF(alg) && salted)) {
        input(operation, PSA_KEY_DERIVATION_INPUT_SALT, text, salted ? 20 : 0);
    }
    if (PSA_ALG_IS_TLS12_PRF(alg)) {
        input(operation, PSA_KEY_DERIVATION_INPUT_SEED, text, 30);
    }
    status = psa_key_derivation_input_key(
        operation, stretching ? PSA_KEY_DERIVATION_INPUT_PASSWORD : PSA_KEY_DERIVATION_INPUT_SECRET, key);
    if (status != PSA_SUCCESS) {
        return status;
    }
    if (PSA_ALG_IS_HKDF(alg) || PSA_ALG_IS_HKDF_EXPAND(alg)) {
        input(operation, PSA_KEY_DERIVATION_INPUT_INFO, text + 9, 40);
    }
    if (PSA_ALG_IS_TLS12_PRF(alg) || PSA_ALG_IS_SP800_108_COUNTER_HMAC(alg) || alg == PSA_ALG_SP800_108_COUNTER_CMAC) {
        input(operation, PSA_KEY_DERIVATION_INPUT_LABEL, text + 5, 7);
    }
    if (PSA_ALG_IS_SP800_108_COUNTER_HMAC(alg) || alg == PSA_ALG_SP800_108_COUNTER_CMAC) {
        input(operation, PSA_KEY_DERIVATION_INPUT_CONTEXT, text + 3, 11);
    }
    return PSA_SUCCESS;
}

static void check_derivation(const struct pair *pair, psa_algorithm_t alg, int salted)
{
    psa_key_attributes_t derived = key_attributes(PSA_KEY_TYPE_HMAC, 256, PSA_KEY_USAGE_SIGN_MESSAGE | PSA_KEY_USAGE_EXPORT,
                                                  PSA_ALG_HMAC(PSA_ALG_SHA_256));
    psa_key_derivation_operation_t ours = PSA_KEY_DERIVATION_OPERATION_INIT;
    psa_key_derivation_operation_t theirs = PSA_KEY_DERIVATION_OPERATION_INIT;
    uint8_t output[300], expected[300];
    size_t length = PSA_ALG_IS_HKDF_EXTRACT(alg) ? 32 : 300, half = length / 3, made;
    psa_key_id_t key = 0;
    MUST_SUCCEED(begin_derivation(&theirs, pair->software, alg, length, salted));
    MUST_SUCCEED(psa_key_derivation_output_bytes(&theirs, expected, length));
    MUST_SUCCEED(psa_key_derivation_abort(&theirs));
    CHECK_STATUS(begin_derivation(&ours, pair->device, alg, length, salted), PSA_SUCCESS);
    CHECK_STATUS(psa_key_derivation_output_bytes(&ours, output, 1), PSA_SUCCESS);
    CHECK_STATUS(psa_key_derivation_output_bytes(&ours, output + 1, half), PSA_SUCCESS);
    CHECK_STATUS(psa_key_derivation_output_bytes(&ours, output + 1 + half, length - half - 1), PSA_SUCCESS);
    check_equal(output, length, expected, length, alg);
    CHECK_STATUS(psa_key_derivation_output_bytes(&ours, output, 1), PSA_ERROR_INSUFFICIENT_DATA);
    CHECK_STATUS(psa_key_derivation_abort(&ours), PSA_SUCCESS);
    /* To a key, and compared instead of given out. */
    CHECK_STATUS(begin_derivation(&ours, pair->device, alg, length, salted), PSA_SUCCESS);
    CHECK_STATUS(psa_key_derivation_output_key(&derived, &ours, &key), PSA_SUCCESS);
    CHECK_STATUS(psa_key_derivation_abort(&ours), PSA_SUCCESS);
    CHECK_STATUS(psa_export_key(key, output, sizeof output, &made), PSA_SUCCESS);
    check_equal(output, made, expected, 32, alg);
    CHECK_STATUS(psa_destroy_key(key), PSA_SUCCESS);
    CHECK_STATUS(begin_derivation(&ours, pair->device, alg, length, salted), PSA_SUCCESS);
    CHECK_STATUS(psa_key_derivation_verify_bytes(&ours, expected, 30), PSA_SUCCESS);
    CHECK_STATUS(psa_key_derivation_abort(&ours), PSA_SUCCESS);
    expected[0] ^= 1;
    CHECK_STATUS(begin_derivation(&ours, pair->device, alg, length, salted), PSA_SUCCESS);
    CHECK_STATUS(psa_key_derivation_verify_bytes(&ours, expected, 30), PSA_ERROR_INVALID_SIGNATURE);
    CHECK_STATUS(psa_key_derivation_abort(&ours), PSA_SUCCESS);
}

/* Which derivations a place has is what support.c looks after. */
static void derivation(void)
{
    static const struct {
        psa_key_type_t type;
        psa_algorithm_t alg;
    } cases[] = {
        {PSA_KEY_TYPE_DERIVE, PSA_ALG_HKDF(PSA_ALG_SHA_256)},
        {PSA_KEY_TYPE_DERIVE, PSA_ALG_HKDF(PSA_ALG_SHA_512)},
        {PSA_KEY_TYPE_DERIVE, PSA_ALG_HKDF_EXTRACT(PSA_ALG_SHA_256)},
        {PSA_KEY_TYPE_DERIVE, PSA_ALG_HKDF_EXPAND(PSA_ALG_SHA_256)},
        {PSA_KEY_TYPE_DERIVE, PSA_ALG_HKDF_EXPAND(PSA_ALG_SHA_384)},
        {PSA_KEY_TYPE_DERIVE, PSA_ALG_TLS12_PRF(PSA_ALG_SHA_256)},
        {PSA_KEY_TYPE_DERIVE, PSA_ALG_SP800_108_COUNTER_HMAC(PSA_ALG_SHA_256)},
        {PSA_KEY_TYPE_HMAC, PSA_ALG_SP800_108_COUNTER_HMAC(PSA_ALG_SHA_256)},
        {PSA_KEY_TYPE_DERIVE, PSA_ALG_PBKDF2_HMAC(PSA_ALG_SHA_256)},
        {PSA_KEY_TYPE_AES, PSA_ALG_SP800_108_COUNTER_CMAC},
    };
    size_t i;
    for (i = 0; i < COUNT_OF(cases); i++) {
        struct pair pair;
        if (make_pair(cases[i].type, 256, PSA_KEY_USAGE_DERIVE, cases[i].alg, &pair)) {
            check_derivation(&pair, cases[i].alg, 1);
            check_derivation(&pair, cases[i].alg, 0);
            destroy_pair(&pair);
        }
    }
}

/* A key that the device has wrapped is unwrapped by software, and the other way round. */
static void check_wrapping(const struct pair *wrapping, psa_algorithm_t alg, psa_key_attributes_t inner,
                           const uint8_t *data, size_t length)
{
    psa_key_attributes_t inside = in_the_device(inner), unsized = inside;
    uint8_t wrapped[128], expected[128], exported[128];
    size_t wrapped_length, expected_length, exported_length;
    psa_key_id_t software, device, back = 0;
    psa_status_t status;
    MUST_SUCCEED(psa_import_key(&inner, data, length, &software));
    MUST_SUCCEED(psa_import_key(&inside, data, length, &device));
    CHECK_BACKEND(device, place_backend());
    MUST_SUCCEED(psa_wrap_key(wrapping->software, alg, software, expected, sizeof expected, &expected_length));
    /* A key of the device, and one of software. SoftHSM wraps whole half blocks only. */
    status = psa_wrap_key(wrapping->device, alg, device, wrapped, sizeof wrapped, &wrapped_length);
    if (length % 8 == 0 || strcmp(getenv("PARSEC_TEST_PLACE"), "softhsm") != 0) {
        CHECK_STATUS(status, PSA_SUCCESS);
        check_equal(wrapped, wrapped_length, expected, expected_length, alg);
        CHECK_STATUS(psa_wrap_key(wrapping->device, alg, software, wrapped, sizeof wrapped, &wrapped_length),
                     PSA_SUCCESS);
        check_equal(wrapped, wrapped_length, expected, expected_length, alg);
        CHECK_STATUS(psa_wrap_key(wrapping->device, alg, device, wrapped, expected_length - 1, &wrapped_length),
                     PSA_ERROR_BUFFER_TOO_SMALL);
    } else {
        CHECK_STATUS(status, PSA_ERROR_NOT_SUPPORTED);
        CHECK_STATUS(psa_wrap_key(wrapping->device, alg, software, wrapped, sizeof wrapped, &wrapped_length),
                     PSA_ERROR_NOT_SUPPORTED);
    }
    /* Into the device, with and without its size, and out of it. */
    psa_set_key_bits(&unsized, 0);
    CHECK_STATUS(psa_unwrap_key(&inside, wrapping->device, alg, expected, expected_length, &back), PSA_SUCCESS);
    CHECK_BACKEND(back, place_backend());
    CHECK_STATUS(psa_export_key(back, exported, sizeof exported, &exported_length), PSA_SUCCESS);
    check_equal(exported, exported_length, data, length, alg);
    CHECK_STATUS(psa_destroy_key(back), PSA_SUCCESS);
    CHECK_STATUS(psa_unwrap_key(&unsized, wrapping->device, alg, expected, expected_length, &back), PSA_SUCCESS);
    CHECK_BACKEND(back, place_backend());
    CHECK_STATUS(psa_destroy_key(back), PSA_SUCCESS);
    CHECK_STATUS(psa_unwrap_key(&inner, wrapping->device, alg, expected, expected_length, &back), PSA_SUCCESS);
    CHECK_STATUS(psa_export_key(back, exported, sizeof exported, &exported_length), PSA_SUCCESS);
    check_equal(exported, exported_length, data, length, alg);
    CHECK_STATUS(psa_destroy_key(back), PSA_SUCCESS);
    /* What was changed or cut is not authentic. */
    expected[expected_length / 2] ^= 1;
    CHECK_STATUS(psa_unwrap_key(&inside, wrapping->device, alg, expected, expected_length, &back),
                 PSA_ERROR_INVALID_SIGNATURE);
    CHECK_STATUS(psa_unwrap_key(&inner, wrapping->device, alg, expected, expected_length, &back),
                 PSA_ERROR_INVALID_SIGNATURE);
    expected[expected_length / 2] ^= 1;
    CHECK_STATUS(psa_unwrap_key(&inner, wrapping->device, alg, expected, expected_length - 8, &back),
                 PSA_ERROR_INVALID_SIGNATURE);
    CHECK_STATUS(psa_unwrap_key(&inner, wrapping->device, alg, expected, expected_length - 1, &back),
                 PSA_ERROR_INVALID_SIGNATURE);
    CHECK_STATUS(psa_destroy_key(device), PSA_SUCCESS);
    CHECK_STATUS(psa_destroy_key(software), PSA_SUCCESS);
}

static void wrapping(void)
{
    static const psa_algorithm_t algorithms[] = {PSA_ALG_KW, PSA_ALG_KWP};
    static const size_t sizes[] = {128, 256};
    psa_key_attributes_t aes = key_attributes(PSA_KEY_TYPE_AES, 128, PSA_KEY_USAGE_EXPORT | PSA_KEY_USAGE_ENCRYPT,
                                              PSA_ALG_CBC_NO_PADDING);
    psa_key_attributes_t hmac = key_attributes(PSA_KEY_TYPE_HMAC, 264, PSA_KEY_USAGE_EXPORT | PSA_KEY_USAGE_SIGN_MESSAGE,
                                               PSA_ALG_HMAC(PSA_ALG_SHA_256));
    psa_key_attributes_t pair = key_attributes(PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1), 256,
                                               PSA_KEY_USAGE_EXPORT | PSA_KEY_USAGE_SIGN_HASH,
                                               PSA_ALG_ECDSA(PSA_ALG_SHA_256));
    size_t i, j;
    for (i = 0; i < COUNT_OF(algorithms); i++) {
        for (j = 0; j < COUNT_OF(sizes); j++) {
            struct pair keys;
            if (!make_pair(PSA_KEY_TYPE_AES, sizes[j], PSA_KEY_USAGE_WRAP | PSA_KEY_USAGE_UNWRAP, algorithms[i], &keys)) {
                continue;
            }
            check_wrapping(&keys, algorithms[i], aes, text, 16);
            check_wrapping(&keys, algorithms[i], pair, material, 32);
            if (algorithms[i] == PSA_ALG_KWP) {
                check_wrapping(&keys, algorithms[i], hmac, text, 33);
            }
            destroy_pair(&keys);
        }
    }
}

void derivation_and_wrapping(void)
{
    RUN(derivation);
    RUN(wrapping);
}
