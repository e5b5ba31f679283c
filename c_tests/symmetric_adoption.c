/* Symmetric keys that tpm2-tools made in a TPM: symmetric_adoption.py has made them before this, and written down what the
 * tools compute with them. PSA 1.5, section 9.9.1. */
#include "check.h"

#define HMAC(hash) PSA_ALG_HMAC(hash)
#define BROUGHT_BITS 160

/* What the script has written. */
static size_t read_file(const char *name, uint8_t *content, size_t size)
{
    char path[512];
    size_t length;
    FILE *file;
    snprintf(path, sizeof path, "%s/%s", from_fixture("PARSEC_TEST_SCRATCH"), name);
    file = fopen(path, "rb");
    MUST(file != NULL);
    length = fread(content, 1, size, file);
    MUST(length < size);
    fclose(file);
    return length;
}

static psa_key_attributes_t wanted(psa_key_type_t type, size_t bits, psa_key_usage_t usage, psa_algorithm_t alg)
{
    psa_key_attributes_t attributes = key_attributes(type, bits, usage, alg);
    psa_set_key_lifetime(&attributes, PSA_KEY_LIFETIME_FROM_PERSISTENCE_AND_LOCATION(PSA_KEY_PERSISTENCE_VOLATILE,
                                                                                     place_location()));
    return attributes;
}

static psa_status_t attach(const psa_key_attributes_t *attributes, const char *label, psa_key_id_t *key)
{
    return psa_attach_key(attributes, (const uint8_t *)label, strlen(label), key);
}

#define MAC_USAGE (PSA_KEY_USAGE_SIGN_MESSAGE | PSA_KEY_USAGE_VERIFY_MESSAGE | PSA_KEY_USAGE_COPY)

/* The key authenticates what the script's files say, of one buffer and of several. */
static void authenticates(psa_key_id_t key, const char *name, psa_algorithm_t alg)
{
    static const char *const texts[] = {"message", "long"};
    uint8_t text[4096], expected[65], mac[64];
    char file[64];
    size_t i, text_length, expected_length, length;
    for (i = 0; i < COUNT_OF(texts); i++) {
        text_length = read_file(texts[i], text, sizeof text);
        snprintf(file, sizeof file, "%s.%s.mac", name, texts[i]);
        expected_length = read_file(file, expected, sizeof expected);
        CHECK_STATUS(psa_mac_compute(key, alg, text, text_length, mac, sizeof mac, &length), PSA_SUCCESS);
        CHECK(length == expected_length && memcmp(mac, expected, length) == 0);
        CHECK_STATUS(psa_mac_verify(key, alg, text, text_length, expected, expected_length), PSA_SUCCESS);
        expected[0] ^= 1;
        CHECK_STATUS(psa_mac_verify(key, alg, text, text_length, expected, expected_length),
                     PSA_ERROR_INVALID_SIGNATURE);
    }
}

static void check_attributes(psa_key_id_t key, psa_key_type_t type, size_t bits)
{
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    uint8_t exported[64];
    size_t length;
    CHECK_STATUS(psa_get_key_attributes(key, &attributes), PSA_SUCCESS);
    CHECK(psa_get_key_type(&attributes) == type && psa_get_key_bits(&attributes) == bits);
    CHECK_BACKEND(key, place_backend());
    CHECK_STATUS(psa_export_key(key, exported, sizeof exported, &length), PSA_ERROR_NOT_PERMITTED);
}

/* A key that the TPM made is as long as its hash's digest. */
static void made_by_the_tpm(void)
{
    static const struct {
        const char *name, *label;
        psa_algorithm_t alg;
        size_t bits;
    } keys[] = {{"sha256", "0x81010001", HMAC(PSA_ALG_SHA_256), 256}, {"sha384", "0x81010002", HMAC(PSA_ALG_SHA_384), 384}};
    psa_key_attributes_t attributes;
    psa_key_id_t key;
    size_t i;
    for (i = 0; i < COUNT_OF(keys); i++) {
        attributes = wanted(PSA_KEY_TYPE_NONE, 0, MAC_USAGE, keys[i].alg);
        MUST_SUCCEED(attach(&attributes, keys[i].label, &key));
        check_attributes(key, PSA_KEY_TYPE_HMAC, keys[i].bits);
        authenticates(key, keys[i].name, keys[i].alg);
        CHECK_STATUS(psa_destroy_key(key), PSA_SUCCESS);
    }
}

/* Of a key that was brought in the TPM knows the size, and does not say it. */
static void brought_into_the_tpm(void)
{
    psa_key_attributes_t attributes = wanted(PSA_KEY_TYPE_HMAC, 0, MAC_USAGE, HMAC(PSA_ALG_SHA_256));
    psa_key_id_t key = 1, copy;
    CHECK_STATUS(attach(&attributes, "0x81010003", &key), PSA_ERROR_INVALID_ARGUMENT);
    CHECK(key == PSA_KEY_ID_NULL && strstr(parsec_last_error(), "psa_set_key_bits()") != NULL);
    psa_set_key_bits(&attributes, BROUGHT_BITS);
    MUST_SUCCEED(attach(&attributes, "0x81010003", &key));
    check_attributes(key, PSA_KEY_TYPE_HMAC, BROUGHT_BITS);
    authenticates(key, "brought", HMAC(PSA_ALG_SHA_256));
    psa_set_key_lifetime(&attributes, PSA_KEY_LIFETIME_FROM_PERSISTENCE_AND_LOCATION(PSA_KEY_PERSISTENCE_DEFAULT,
                                                                                     place_location()));
    psa_set_key_id(&attributes, 7);
    MUST_SUCCEED(psa_copy_key(key, &attributes, &copy));
    CHECK_STATUS(psa_destroy_key(key), PSA_SUCCESS);
    check_attributes(copy, PSA_KEY_TYPE_HMAC, BROUGHT_BITS);
    authenticates(copy, "brought", HMAC(PSA_ALG_SHA_256));
    CHECK_STATUS(psa_destroy_key(copy), PSA_SUCCESS);
}

static void ciphers(void)
{
    static const struct {
        const char *file, *label;
        psa_algorithm_t alg;
        size_t bits;
    } keys[] = {{"cfb.encrypted", "0x81010004", PSA_ALG_CFB, 128}, {"cbc.encrypted", "0x81010005", PSA_ALG_CBC_NO_PADDING, 256}};
    psa_key_usage_t usage = PSA_KEY_USAGE_ENCRYPT | PSA_KEY_USAGE_DECRYPT;
    uint8_t iv[17], text[97], expected[97], input[16 + 96], output[112];
    size_t i, length, text_length = read_file("blocks", text, sizeof text);
    psa_key_attributes_t attributes;
    psa_key_id_t key;
    MUST(read_file("iv", iv, sizeof iv) == 16 && text_length == 96);
    for (i = 0; i < COUNT_OF(keys); i++) {
        psa_cipher_operation_t operation = PSA_CIPHER_OPERATION_INIT;
        attributes = wanted(PSA_KEY_TYPE_NONE, 0, usage, keys[i].alg);
        MUST_SUCCEED(attach(&attributes, keys[i].label, &key));
        check_attributes(key, PSA_KEY_TYPE_AES, keys[i].bits);
        MUST(read_file(keys[i].file, expected, sizeof expected) == text_length);
        CHECK_STATUS(psa_cipher_encrypt_setup(&operation, key, keys[i].alg), PSA_SUCCESS);
        CHECK_STATUS(psa_cipher_set_iv(&operation, iv, 16), PSA_SUCCESS);
        CHECK_STATUS(psa_cipher_update(&operation, text, text_length, output, sizeof output, &length), PSA_SUCCESS);
        CHECK(length == text_length && memcmp(output, expected, length) == 0);
        CHECK_STATUS(psa_cipher_finish(&operation, output, sizeof output, &length), PSA_SUCCESS);
        memcpy(input, iv, 16);
        memcpy(input + 16, expected, text_length);
        CHECK_STATUS(psa_cipher_decrypt(key, keys[i].alg, input, 16 + text_length, output, sizeof output, &length),
                     PSA_SUCCESS);
        CHECK(length == text_length && memcmp(output, text, length) == 0);
        CHECK_STATUS(psa_destroy_key(key), PSA_SUCCESS);
    }
}

static void what_cannot_be_attached(void)
{
    static const struct {
        const char *label;
        psa_key_type_t type;
        size_t bits;
        psa_key_usage_t usage;
        psa_algorithm_t alg;
        psa_status_t expected;
    } keys[] = {
        /* Another hash, and another mode, than the key is for. */
        {"0x81010001", 0, 0, MAC_USAGE, HMAC(PSA_ALG_SHA_384), PSA_ERROR_NOT_SUPPORTED},
        {"0x81010004", 0, 0, PSA_KEY_USAGE_ENCRYPT, PSA_ALG_CTR, PSA_ERROR_NOT_SUPPORTED},
        /* Another size than the TPM gives such keys. */
        {"0x81010001", 0, 128, MAC_USAGE, HMAC(PSA_ALG_SHA_256), PSA_ERROR_INVALID_ARGUMENT},
        {"0x81010004", 0, 256, PSA_KEY_USAGE_ENCRYPT, PSA_ALG_CFB, PSA_ERROR_INVALID_ARGUMENT},
        {"0x81010001", PSA_KEY_TYPE_AES, 0, MAC_USAGE, HMAC(PSA_ALG_SHA_256), PSA_ERROR_INVALID_ARGUMENT},
        {"0x81010001", 0, 0, MAC_USAGE | PSA_KEY_USAGE_EXPORT, HMAC(PSA_ALG_SHA_256), PSA_ERROR_NOT_SUPPORTED},
        /* Sealed data is no key. */
        {"0x81010006", PSA_KEY_TYPE_HMAC, 800, MAC_USAGE, HMAC(PSA_ALG_SHA_256), PSA_ERROR_NOT_PERMITTED},
    };
    psa_key_id_t key;
    size_t i;
    for (i = 0; i < COUNT_OF(keys); i++) {
        psa_key_attributes_t attributes = wanted(keys[i].type, keys[i].bits, keys[i].usage, keys[i].alg);
        CHECK_STATUS(attach(&attributes, keys[i].label, &key), keys[i].expected);
        CHECK(key == PSA_KEY_ID_NULL && parsec_last_error()[0] != '\0');
    }
}

int main(void)
{
    MUST_SUCCEED(psa_crypto_init());
    RUN(made_by_the_tpm);
    RUN(brought_into_the_tpm);
    RUN(ciphers);
    RUN(what_cannot_be_attached);
    return check_result();
}
