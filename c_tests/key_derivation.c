/* Key derivation: PSA 1.5, section 10.8. */
#include "support_keys.h"

#define HKDF PSA_ALG_HKDF(PSA_ALG_SHA_256)
#define PBKDF2 PSA_ALG_PBKDF2_HMAC(PSA_ALG_SHA_256)
/* RFC 5869, appendix A.1. */
#define IKM "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b"
#define SALT "000102030405060708090a0b0c"
#define INFO "f0f1f2f3f4f5f6f7f8f9"
#define PRK "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5"
#define OKM "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
/* RFC 7914, section 11: "passwd", "salt", one iteration. */
#define PBKDF2_OUTPUT                                                  \
    "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc" \
    "49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783"

static psa_status_t input_hex(psa_key_derivation_operation_t *operation, psa_key_derivation_step_t step,
                              const char *text)
{
    struct bytes data = hex(text);
    return psa_key_derivation_input_bytes(operation, step, data.data, data.length);
}

static psa_key_derivation_operation_t hkdf(psa_key_id_t secret)
{
    psa_key_derivation_operation_t operation = PSA_KEY_DERIVATION_OPERATION_INIT;
    MUST_SUCCEED(psa_key_derivation_setup(&operation, HKDF));
    MUST_SUCCEED(input_hex(&operation, PSA_KEY_DERIVATION_INPUT_SALT, SALT));
    MUST_SUCCEED(psa_key_derivation_input_key(&operation, PSA_KEY_DERIVATION_INPUT_SECRET, secret));
    MUST_SUCCEED(input_hex(&operation, PSA_KEY_DERIVATION_INPUT_INFO, INFO));
    return operation;
}

static void hkdf_known_answer(void)
{
    psa_key_id_t secret = import_key(PSA_KEY_TYPE_DERIVE, PSA_KEY_USAGE_DERIVE, HKDF, IKM);
    psa_key_derivation_operation_t operation = hkdf(secret);
    uint8_t output[42];
    size_t capacity;
    CHECK_STATUS(psa_key_derivation_get_capacity(&operation, &capacity), PSA_SUCCESS);
    CHECK(capacity == 255 * 32);
    CHECK_STATUS(psa_key_derivation_set_capacity(&operation, 42), PSA_SUCCESS);
    /* In two parts, the second over a block's end. */
    CHECK_STATUS(psa_key_derivation_output_bytes(&operation, output, 10), PSA_SUCCESS);
    CHECK_STATUS(psa_key_derivation_output_bytes(&operation, output + 10, 32), PSA_SUCCESS);
    CHECK_HEX(output, sizeof output, OKM);
    /* Nothing is left; asking is no error of the operation. */
    CHECK_STATUS(psa_key_derivation_output_bytes(&operation, output, 1), PSA_ERROR_INSUFFICIENT_DATA);
    CHECK_STATUS(psa_key_derivation_get_capacity(&operation, &capacity), PSA_SUCCESS);
    CHECK(capacity == 0);
    CHECK_STATUS(psa_key_derivation_abort(&operation), PSA_SUCCESS);
    CHECK_STATUS(psa_destroy_key(secret), PSA_SUCCESS);
}

static void hkdf_in_two_steps(void)
{
    psa_algorithm_t extract = PSA_ALG_HKDF_EXTRACT(PSA_ALG_SHA_256), expand = PSA_ALG_HKDF_EXPAND(PSA_ALG_SHA_256);
    psa_key_id_t ikm = import_key(PSA_KEY_TYPE_DERIVE, PSA_KEY_USAGE_DERIVE, extract, IKM);
    psa_key_id_t prk = import_key(PSA_KEY_TYPE_DERIVE, PSA_KEY_USAGE_DERIVE, expand, PRK);
    psa_key_derivation_operation_t operation = PSA_KEY_DERIVATION_OPERATION_INIT;
    uint8_t output[42];
    CHECK_STATUS(psa_key_derivation_setup(&operation, extract), PSA_SUCCESS);
    CHECK_STATUS(input_hex(&operation, PSA_KEY_DERIVATION_INPUT_SALT, SALT), PSA_SUCCESS);
    CHECK_STATUS(psa_key_derivation_input_key(&operation, PSA_KEY_DERIVATION_INPUT_SECRET, ikm), PSA_SUCCESS);
    CHECK_STATUS(psa_key_derivation_output_bytes(&operation, output, 32), PSA_SUCCESS);
    CHECK_HEX(output, 32, PRK);
    CHECK_STATUS(psa_key_derivation_abort(&operation), PSA_SUCCESS);

    CHECK_STATUS(psa_key_derivation_setup(&operation, expand), PSA_SUCCESS);
    CHECK_STATUS(psa_key_derivation_input_key(&operation, PSA_KEY_DERIVATION_INPUT_SECRET, prk), PSA_SUCCESS);
    CHECK_STATUS(input_hex(&operation, PSA_KEY_DERIVATION_INPUT_INFO, INFO), PSA_SUCCESS);
    CHECK_STATUS(psa_key_derivation_output_bytes(&operation, output, sizeof output), PSA_SUCCESS);
    CHECK_HEX(output, sizeof output, OKM);
    CHECK_STATUS(psa_key_derivation_abort(&operation), PSA_SUCCESS);
    CHECK_STATUS(psa_destroy_key(ikm), PSA_SUCCESS);
    CHECK_STATUS(psa_destroy_key(prk), PSA_SUCCESS);
}

static void pbkdf2_known_answer(void)
{
    psa_key_id_t password = import_key(PSA_KEY_TYPE_PASSWORD, PSA_KEY_USAGE_DERIVE, PBKDF2, "706173737764");
    psa_key_derivation_operation_t operation = PSA_KEY_DERIVATION_OPERATION_INIT;
    uint8_t output[64];
    CHECK_STATUS(psa_key_derivation_setup(&operation, PBKDF2), PSA_SUCCESS);
    CHECK_STATUS(psa_key_derivation_input_integer(&operation, PSA_KEY_DERIVATION_INPUT_COST, 1), PSA_SUCCESS);
    CHECK_STATUS(input_hex(&operation, PSA_KEY_DERIVATION_INPUT_SALT, "73616c74"), PSA_SUCCESS);
    CHECK_STATUS(psa_key_derivation_input_key(&operation, PSA_KEY_DERIVATION_INPUT_PASSWORD, password), PSA_SUCCESS);
    CHECK_STATUS(psa_key_derivation_output_bytes(&operation, output, sizeof output), PSA_SUCCESS);
    CHECK_HEX(output, sizeof output, PBKDF2_OUTPUT);
    CHECK_STATUS(psa_key_derivation_abort(&operation), PSA_SUCCESS);
    CHECK_STATUS(psa_destroy_key(password), PSA_SUCCESS);
}

/* A derived key is the next bytes of the output. */
static void derived_keys(void)
{
    psa_key_id_t secret = import_key(PSA_KEY_TYPE_DERIVE, PSA_KEY_USAGE_DERIVE, HKDF, IKM), derived = PSA_KEY_ID_NULL;
    psa_key_attributes_t attributes = key_attributes(PSA_KEY_TYPE_AES, 128, PSA_KEY_USAGE_EXPORT, PSA_ALG_CTR);
    psa_key_derivation_operation_t operation = hkdf(secret);
    uint8_t material[16];
    size_t length;
    CHECK_STATUS(psa_key_derivation_output_key(&attributes, &operation, &derived), PSA_SUCCESS);
    CHECK_STATUS(psa_export_key(derived, material, sizeof material, &length), PSA_SUCCESS);
    CHECK_HEX(material, length, "3cb25f25faacd57a90434f64d0362f2a");
    CHECK_STATUS(psa_destroy_key(derived), PSA_SUCCESS);
    CHECK_STATUS(psa_key_derivation_output_key(&attributes, &operation, &derived), PSA_SUCCESS);
    CHECK_STATUS(psa_export_key(derived, material, sizeof material, &length), PSA_SUCCESS);
    CHECK_HEX(material, length, "2d2d0a90cf1a5a4c5db02d56ecc4c5bf");
    CHECK_STATUS(psa_destroy_key(derived), PSA_SUCCESS);
    CHECK_STATUS(psa_key_derivation_abort(&operation), PSA_SUCCESS);
    CHECK_STATUS(psa_destroy_key(secret), PSA_SUCCESS);
}

static void verification(void)
{
    psa_key_id_t secret = import_key(PSA_KEY_TYPE_DERIVE, PSA_KEY_USAGE_DERIVE, HKDF, IKM);
    psa_key_derivation_operation_t operation = hkdf(secret);
    struct bytes expected = hex(OKM);
    CHECK_STATUS(psa_key_derivation_verify_bytes(&operation, expected.data, expected.length), PSA_SUCCESS);
    CHECK_STATUS(psa_key_derivation_abort(&operation), PSA_SUCCESS);
    operation = hkdf(secret);
    expected.data[41] ^= 1;
    CHECK_STATUS(psa_key_derivation_verify_bytes(&operation, expected.data, expected.length),
                 PSA_ERROR_INVALID_SIGNATURE);
    CHECK_STATUS(psa_key_derivation_abort(&operation), PSA_SUCCESS);
    CHECK_STATUS(psa_destroy_key(secret), PSA_SUCCESS);
}

static void the_states_of_an_operation(void)
{
    psa_key_id_t secret = import_key(PSA_KEY_TYPE_DERIVE, PSA_KEY_USAGE_DERIVE, HKDF, IKM);
    psa_key_id_t other = import_key(PSA_KEY_TYPE_DERIVE, PSA_KEY_USAGE_DERIVE, PBKDF2, IKM);
    psa_key_derivation_operation_t operation = psa_key_derivation_operation_init();
    uint8_t output[16];
    size_t capacity;
    CHECK_STATUS(psa_key_derivation_get_capacity(&operation, &capacity), PSA_ERROR_BAD_STATE);
    CHECK_STATUS(input_hex(&operation, PSA_KEY_DERIVATION_INPUT_SALT, SALT), PSA_ERROR_BAD_STATE);
    CHECK_STATUS(psa_key_derivation_output_bytes(&operation, output, sizeof output), PSA_ERROR_BAD_STATE);
    CHECK_STATUS(psa_key_derivation_abort(&operation), PSA_SUCCESS);
    /* No secret yet. */
    CHECK_STATUS(psa_key_derivation_setup(&operation, HKDF), PSA_SUCCESS);
    CHECK_STATUS(psa_key_derivation_setup(&operation, HKDF), PSA_ERROR_BAD_STATE);
    CHECK_STATUS(psa_key_derivation_abort(&operation), PSA_SUCCESS);
    CHECK_STATUS(psa_key_derivation_setup(&operation, HKDF), PSA_SUCCESS);
    CHECK_STATUS(psa_key_derivation_output_bytes(&operation, output, sizeof output), PSA_ERROR_BAD_STATE);
    CHECK_STATUS(psa_key_derivation_abort(&operation), PSA_SUCCESS);
    /* HKDF has no password, and this key another algorithm. */
    CHECK_STATUS(psa_key_derivation_setup(&operation, HKDF), PSA_SUCCESS);
    CHECK_STATUS(input_hex(&operation, PSA_KEY_DERIVATION_INPUT_PASSWORD, SALT), PSA_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(psa_key_derivation_abort(&operation), PSA_SUCCESS);
    CHECK_STATUS(psa_key_derivation_setup(&operation, HKDF), PSA_SUCCESS);
    CHECK_STATUS(psa_key_derivation_input_key(&operation, PSA_KEY_DERIVATION_INPUT_SECRET, other),
                 PSA_ERROR_NOT_PERMITTED);
    CHECK_STATUS(psa_key_derivation_abort(&operation), PSA_SUCCESS);
    CHECK_REFUSED(psa_key_derivation_setup(&operation, PSA_ALG_SHA_256));
    CHECK_STATUS(psa_destroy_key(secret), PSA_SUCCESS);
    CHECK_STATUS(psa_destroy_key(other), PSA_SUCCESS);
}

/* A secret that lives in the device, where docs/support.md says that it derives there: the vectors above, RFC 6070 (section
 * 2, "password", "salt", two iterations) and the one for the PRF of TLS 1.2 of the working group's mailing list. */
static void known_answers_of_the_device(void)
{
    static const struct {
        psa_key_type_t type;
        psa_algorithm_t alg;
        const char *secret, *before, *info, *output;
        unsigned cost;
    } cases[] = {
        {PSA_KEY_TYPE_DERIVE, HKDF, IKM, SALT, INFO, OKM, 0},
        {PSA_KEY_TYPE_DERIVE, PSA_ALG_HKDF_EXTRACT(PSA_ALG_SHA_256), IKM, SALT, "", PRK, 0},
        {PSA_KEY_TYPE_DERIVE, PSA_ALG_HKDF_EXPAND(PSA_ALG_SHA_256), PRK, "", INFO, OKM, 0},
        {PSA_KEY_TYPE_DERIVE, PBKDF2, "706173737764", "73616c74", "", PBKDF2_OUTPUT, 1},
        {PSA_KEY_TYPE_PASSWORD, PBKDF2, "706173737764", "73616c74", "", PBKDF2_OUTPUT, 1},
        {PSA_KEY_TYPE_PASSWORD, PSA_ALG_PBKDF2_HMAC(PSA_ALG_SHA_1), "70617373776f7264", "73616c74", "",
         "ea6c014dc72d6f8ccd1ed92ace1d41f0d8de8957", 2},
        {PSA_KEY_TYPE_DERIVE, PSA_ALG_TLS12_PRF(PSA_ALG_SHA_256), "9bbe436ba940f017b17652849a71db35",
         "a0ba9f936cda311827a6f796ffd5198c", "74657374206c6162656c",
         "e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a6b301791e90d35c9", 0},
    };
    size_t i;
    for (i = 0; i < COUNT_OF(cases); i++) {
        psa_algorithm_t alg = cases[i].alg;
        int prf = PSA_ALG_IS_TLS12_PRF(alg), stretching = PSA_ALG_IS_KEY_DERIVATION_STRETCHING(alg);
        struct bytes secret = hex(cases[i].secret), expected = hex(cases[i].output);
        psa_key_attributes_t attributes =
            in_the_device(key_attributes(cases[i].type, 0, PSA_KEY_USAGE_DERIVE, alg));
        /* The table has these two sizes; the others are alike. */
        size_t bits = cases[i].type == PSA_KEY_TYPE_PASSWORD ? 128 : 256;
        int announced = support_announced(place_bit(), SUPPORT_KEY_DERIVATION, cases[i].type, bits, alg);
        psa_key_derivation_operation_t operation = PSA_KEY_DERIVATION_OPERATION_INIT;
        psa_key_id_t key = PSA_KEY_ID_NULL;
        uint8_t output[64];
        psa_status_t status = psa_import_key(&attributes, secret.data, secret.length, &key);
        MUST(announced >= 0);
        if (!announced) {
            CHECK_STATUS(status, PSA_ERROR_NOT_SUPPORTED);
            continue;
        }
        /* Some tokens want secrets as long as the hash. */
        if (status == PSA_ERROR_NOT_SUPPORTED && secret.length < PSA_HASH_LENGTH(PSA_ALG_GET_HASH(alg))) {
            CHECK(strcmp(place_backend(), "tpm") != 0);
            continue;
        }
        MUST_SUCCEED(status);
        CHECK_BACKEND(key, place_backend());
        MUST_SUCCEED(psa_key_derivation_setup(&operation, alg));
        if (stretching) {
            MUST_SUCCEED(psa_key_derivation_input_integer(&operation, PSA_KEY_DERIVATION_INPUT_COST, cases[i].cost));
        }
        if (*cases[i].before != 0) {
            MUST_SUCCEED(input_hex(&operation, prf ? PSA_KEY_DERIVATION_INPUT_SEED : PSA_KEY_DERIVATION_INPUT_SALT,
                                   cases[i].before));
        }
        CHECK_STATUS(psa_key_derivation_input_key(
                         &operation, stretching ? PSA_KEY_DERIVATION_INPUT_PASSWORD : PSA_KEY_DERIVATION_INPUT_SECRET, key),
                     PSA_SUCCESS);
        if (*cases[i].info != 0) {
            MUST_SUCCEED(input_hex(&operation, prf ? PSA_KEY_DERIVATION_INPUT_LABEL : PSA_KEY_DERIVATION_INPUT_INFO,
                                   cases[i].info));
        }
        CHECK_STATUS(psa_key_derivation_output_bytes(&operation, output, expected.length), PSA_SUCCESS);
        CHECK_HEX(output, expected.length, cases[i].output);
        CHECK_STATUS(psa_key_derivation_abort(&operation), PSA_SUCCESS);
        CHECK_STATUS(psa_destroy_key(key), PSA_SUCCESS);
    }
}

int main(void)
{
    MUST_SUCCEED(psa_crypto_init());
    RUN(hkdf_known_answer);
    RUN(hkdf_in_two_steps);
    RUN(pbkdf2_known_answer);
    RUN(derived_keys);
    RUN(verification);
    RUN(the_states_of_an_operation);
    if (in_device()) {
        RUN(known_answers_of_the_device);
    }
    return check_result();
}
