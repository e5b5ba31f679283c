/* Keys of a device that may be exported: what goes in comes out, and what the device has made works in software. */
#include "check.h"

#define LONGEST_KEY 2400

enum purpose { SIGNS_HASHES, SIGNS_MESSAGES, AGREES, AUTHENTICATES, ENCRYPTS };

struct sort {
    enum purpose purpose;
    psa_key_type_t type;
    size_t bits;
    psa_key_usage_t usage;
    psa_algorithm_t alg;
};

#define P(curve) PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_##curve)
#define ECDSA PSA_ALG_ECDSA(PSA_ALG_SHA_256)
#define SIGNS (PSA_KEY_USAGE_SIGN_HASH | PSA_KEY_USAGE_VERIFY_HASH)
#define CRYPTS (PSA_KEY_USAGE_ENCRYPT | PSA_KEY_USAGE_DECRYPT)
#define MACS (PSA_KEY_USAGE_SIGN_MESSAGE | PSA_KEY_USAGE_VERIFY_MESSAGE)

static const struct sort sorts[] = {
    {SIGNS_HASHES, P(SECP_R1), 256, SIGNS, ECDSA},
    {SIGNS_HASHES, P(SECP_R1), 384, SIGNS, ECDSA},
    {SIGNS_HASHES, P(SECP_R1), 521, SIGNS, ECDSA},
    {SIGNS_HASHES, P(SECP_K1), 256, SIGNS, ECDSA},
    {SIGNS_HASHES, P(BRAINPOOL_P_R1), 256, SIGNS, ECDSA},
    {SIGNS_HASHES, PSA_KEY_TYPE_RSA_KEY_PAIR, 2048, SIGNS, PSA_ALG_RSA_PKCS1V15_SIGN(PSA_ALG_SHA_256)},
    {SIGNS_MESSAGES, P(TWISTED_EDWARDS), 255, MACS, PSA_ALG_PURE_EDDSA},
    {AGREES, P(MONTGOMERY), 255, PSA_KEY_USAGE_DERIVE, PSA_ALG_ECDH},
    {AUTHENTICATES, PSA_KEY_TYPE_HMAC, 256, MACS, PSA_ALG_HMAC(PSA_ALG_SHA_256)},
    {AUTHENTICATES, PSA_KEY_TYPE_AES, 128, MACS, PSA_ALG_CMAC},
    {ENCRYPTS, PSA_KEY_TYPE_AES, 128, CRYPTS, PSA_ALG_CBC_NO_PADDING},
    {ENCRYPTS, PSA_KEY_TYPE_AES, 256, CRYPTS, PSA_ALG_ECB_NO_PADDING},
};

static psa_key_attributes_t attributes_of(const struct sort *sort, psa_key_usage_t more, psa_key_location_t location)
{
    psa_key_attributes_t attributes = key_attributes(sort->type, sort->bits, sort->usage | more, sort->alg);
    psa_set_key_lifetime(&attributes, PSA_KEY_LIFETIME_FROM_PERSISTENCE_AND_LOCATION(PSA_KEY_PERSISTENCE_VOLATILE,
                                                                                     location));
    return attributes;
}

static size_t export_key(psa_key_id_t key, uint8_t *data)
{
    size_t length = 0;
    CHECK_STATUS(psa_export_key(key, data, LONGEST_KEY, &length), PSA_SUCCESS);
    return length;
}

/* The device and software agree about a key: what one does the other one undoes. */
static void check_same(const struct sort *sort, psa_key_id_t device, psa_key_id_t software)
{
    uint8_t data[32] = {7}, made[600], other[600];
    size_t length, other_length;
    switch (sort->purpose) {
    case SIGNS_HASHES:
        CHECK_STATUS(psa_sign_hash(device, sort->alg, data, sizeof data, made, sizeof made, &length), PSA_SUCCESS);
        CHECK_STATUS(psa_verify_hash(software, sort->alg, data, sizeof data, made, length), PSA_SUCCESS);
        CHECK_STATUS(psa_sign_hash(software, sort->alg, data, sizeof data, made, sizeof made, &length), PSA_SUCCESS);
        CHECK_STATUS(psa_verify_hash(device, sort->alg, data, sizeof data, made, length), PSA_SUCCESS);
        break;
    case SIGNS_MESSAGES:
        CHECK_STATUS(psa_sign_message(device, sort->alg, data, 9, made, sizeof made, &length), PSA_SUCCESS);
        CHECK_STATUS(psa_verify_message(software, sort->alg, data, 9, made, length), PSA_SUCCESS);
        break;
    case AGREES:
        CHECK_STATUS(psa_export_public_key(device, made, sizeof made, &length), PSA_SUCCESS);
        CHECK_STATUS(psa_export_public_key(software, other, sizeof other, &other_length), PSA_SUCCESS);
        CHECK(length == other_length && memcmp(made, other, length) == 0);
        break;
    case AUTHENTICATES:
        CHECK_STATUS(psa_mac_compute(device, sort->alg, data, sizeof data, made, sizeof made, &length), PSA_SUCCESS);
        CHECK_STATUS(psa_mac_verify(software, sort->alg, data, sizeof data, made, length), PSA_SUCCESS);
        break;
    default:
        CHECK_STATUS(psa_cipher_encrypt(device, sort->alg, data, sizeof data, made, sizeof made, &length), PSA_SUCCESS);
        CHECK_STATUS(psa_cipher_decrypt(software, sort->alg, made, length, other, sizeof other, &other_length),
                     PSA_SUCCESS);
        CHECK(other_length == sizeof data && memcmp(other, data, sizeof data) == 0);
    }
}

/* A key of each sort that the device has. */
static void check_sort(const struct sort *sort, psa_key_location_t location)
{
    uint8_t data[LONGEST_KEY], again[LONGEST_KEY];
    size_t length;
    psa_key_id_t device = 0, software = 0, brought = 0, copy = 0, silent = 0;
    psa_key_attributes_t outside = attributes_of(sort, PSA_KEY_USAGE_EXPORT, 0);
    psa_key_attributes_t open = attributes_of(sort, PSA_KEY_USAGE_EXPORT | PSA_KEY_USAGE_COPY, location);
    psa_key_attributes_t closed = attributes_of(sort, 0, location);
    psa_key_attributes_t secret = attributes_of(sort, PSA_KEY_USAGE_COPY, location);
    psa_status_t status = psa_generate_key(&open, &device);
    if (status == PSA_ERROR_NOT_SUPPORTED) {
        /* A token gives out what it makes; a TPM gives nothing out. */
        if (strcmp(place_backend(), "tpm") != 0) {
            CHECK_STATUS(psa_generate_key(&closed, &silent), PSA_ERROR_NOT_SUPPORTED);
        }
        return;
    }
    MUST_SUCCEED(status);
    /* Made there, used here. */
    length = export_key(device, data);
    CHECK_STATUS(psa_export_key(device, again, length - 1, &length), PSA_ERROR_BUFFER_TOO_SMALL);
    length = export_key(device, data);
    MUST_SUCCEED(psa_import_key(&outside, data, length, &software));
    check_same(sort, device, software);
    /* Made here, used there, and the same again. */
    MUST_SUCCEED(psa_destroy_key(software));
    MUST_SUCCEED(psa_generate_key(&outside, &software));
    length = export_key(software, data);
    MUST_SUCCEED(psa_import_key(&open, data, length, &brought));
    check_same(sort, brought, software);
    CHECK(export_key(brought, again) == length && memcmp(data, again, length) == 0);
    /* A copy leaves the device, and one within it loses what its policy does not have. */
    MUST_SUCCEED(psa_copy_key(brought, &outside, &copy));
    CHECK_BACKEND(copy, "software");
    CHECK(export_key(copy, again) == length && memcmp(data, again, length) == 0);
    MUST_SUCCEED(psa_copy_key(brought, &closed, &silent));
    CHECK_BACKEND(silent, place_backend());
    CHECK_STATUS(psa_export_key(silent, again, sizeof again, &length), PSA_ERROR_NOT_PERMITTED);
    check_same(sort, silent, software);
    CHECK_STATUS(psa_destroy_key(silent), PSA_SUCCESS);
    CHECK_STATUS(psa_destroy_key(copy), PSA_SUCCESS);
    CHECK_STATUS(psa_destroy_key(brought), PSA_SUCCESS);
    CHECK_STATUS(psa_destroy_key(software), PSA_SUCCESS);
    CHECK_STATUS(psa_destroy_key(device), PSA_SUCCESS);
    /* Without the policy it stays where it is. */
    MUST_SUCCEED(psa_generate_key(&secret, &silent));
    CHECK_STATUS(psa_export_key(silent, again, sizeof again, &length), PSA_ERROR_NOT_PERMITTED);
    CHECK_STATUS(psa_copy_key(silent, &outside, &copy), PSA_ERROR_NOT_PERMITTED);
    CHECK_STATUS(psa_destroy_key(silent), PSA_SUCCESS);
}

int main(void)
{
    size_t i;
    if (!in_device()) {
        return 0;
    }
    MUST_SUCCEED(psa_crypto_init());
    for (i = 0; i < COUNT_OF(sorts); i++) {
        check_sort(&sorts[i], place_location());
    }
    mbedtls_psa_crypto_free();
    return check_result();
}
