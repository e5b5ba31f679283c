/* Key pairs from a key derivation, by the procedures of PSA 1.5, section 9.5.2: the output is that of HKDF in
 * RFC 5869, appendix A.1, continued. The keys were computed by a script of its own, with the orders of the curves from OpenSSL
 * (big-endian number, draw again above the order less two, plus one) and the bits that RFC 7748 sets. */
#include "check.h"

#define HKDF PSA_ALG_HKDF(PSA_ALG_SHA_256)
#define IKM "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b"

#define KEYS 3

/* The first keys that one derivation gives: with Brainpool's 224, 384 and 512 bits some draws are rejected between them. */
static const struct {
    psa_ecc_family_t family;
    size_t bits;
    const char *keys[KEYS];
} curves[] = {
    {PSA_ECC_FAMILY_SECP_K1, 192,
     {"3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4d",
      "5db02d56ecc4c5bf34007208d5b887185865b4b0a85a993c",
      "89b9b65683d60f0106d28fff039d0b6f3408900c0f2a9d45"}},
    {PSA_ECC_FAMILY_SECP_K1, 256,
     {"3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5c0",
      "34007208d5b887185865b4b0a85a993b89b9b65683d60f0106d28fff039d0b70",
      "3408900c0f2a9d4463de83622056be50a881bebf2b983ab43e069912f0a57583"}},
    {PSA_ECC_FAMILY_SECP_R1, 192,
     {"3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4d",
      "5db02d56ecc4c5bf34007208d5b887185865b4b0a85a993c",
      "89b9b65683d60f0106d28fff039d0b6f3408900c0f2a9d45"}},
    {PSA_ECC_FAMILY_SECP_R1, 224,
     {"3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d57",
      "ecc4c5bf34007208d5b887185865b4b0a85a993b89b9b65683d60f02",
      "06d28fff039d0b6f3408900c0f2a9d4463de83622056be50a881bec0"}},
    {PSA_ECC_FAMILY_SECP_R1, 256,
     {"3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5c0",
      "34007208d5b887185865b4b0a85a993b89b9b65683d60f0106d28fff039d0b70",
      "3408900c0f2a9d4463de83622056be50a881bebf2b983ab43e069912f0a57583"}},
    {PSA_ECC_FAMILY_SECP_R1, 384,
     {"3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865b4b0a85a993c",
      "89b9b65683d60f0106d28fff039d0b6f3408900c0f2a9d4463de83622056be50a881bebf2b983ab43e069912f0a57583",
      "fcb18ca7a7fe40a33c766c829812af327c32e126589d3c64f419ddfff9d8c787f695cfea7696816725e392c63b537e67"}},
    {PSA_ECC_FAMILY_SECP_R1, 521,
     {"00b25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865b4b0a85a993b"
      "89b9b65683d60f0106d28fff039d0b6f3409",
      "000c0f2a9d4463de83622056be50a881bebf2b983ab43e069912f0a57582fcb18ca7a7fe40a33c766c829812af327c32"
      "e126589d3c64f419ddfff9d8c787f695cfeb",
      "0096816725e392c63b537e665a6b15e1e45a2df80e6254a7a3edc843de19e5b0d897e804829ef3ededa20bbcda7cf131"
      "62162a1da88695f3e3a1b5f524e5bb985f74"}},
    {PSA_ECC_FAMILY_BRAINPOOL_P_R1, 160,
     {"3cb25f25faacd57a90434f64d0362f2a2d2d0a91",
      "cf1a5a4c5db02d56ecc4c5bf34007208d5b88719",
      "5865b4b0a85a993b89b9b65683d60f0106d29000"}},
    {PSA_ECC_FAMILY_BRAINPOOL_P_R1, 192,
     {"3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4d",
      "5db02d56ecc4c5bf34007208d5b887185865b4b0a85a993c",
      "89b9b65683d60f0106d28fff039d0b6f3408900c0f2a9d45"}},
    {PSA_ECC_FAMILY_BRAINPOOL_P_R1, 224,
     {"3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d57",
      "06d28fff039d0b6f3408900c0f2a9d4463de83622056be50a881bec0",
      "2b983ab43e069912f0a57582fcb18ca7a7fe40a33c766c829812af33"}},
    {PSA_ECC_FAMILY_BRAINPOOL_P_R1, 256,
     {"3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5c0",
      "34007208d5b887185865b4b0a85a993b89b9b65683d60f0106d28fff039d0b70",
      "3408900c0f2a9d4463de83622056be50a881bebf2b983ab43e069912f0a57583"}},
    {PSA_ECC_FAMILY_BRAINPOOL_P_R1, 320,
     {"3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b88719",
      "5865b4b0a85a993b89b9b65683d60f0106d28fff039d0b6f3408900c0f2a9d4463de83622056be51",
      "a881bebf2b983ab43e069912f0a57582fcb18ca7a7fe40a33c766c829812af327c32e126589d3c65"}},
    {PSA_ECC_FAMILY_BRAINPOOL_P_R1, 384,
     {"3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865b4b0a85a993c",
      "89b9b65683d60f0106d28fff039d0b6f3408900c0f2a9d4463de83622056be50a881bebf2b983ab43e069912f0a57583",
      "5a6b15e1e45a2df80e6254a7a3edc843de19e5b0d897e804829ef3ededa20bbcda7cf13162162a1da88695f3e3a1b5f6"}},
    {PSA_ECC_FAMILY_BRAINPOOL_P_R1, 512,
     {"3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865b4b0a85a993b"
      "89b9b65683d60f0106d28fff039d0b70",
      "3408900c0f2a9d4463de83622056be50a881bebf2b983ab43e069912f0a57582fcb18ca7a7fe40a33c766c829812af32"
      "7c32e126589d3c64f419ddfff9d8c788",
      "24e5bb985f73c66d66df9270574f90b7348ec965fd51457528fd72ac4758be573c6d8d0294e17bc9f267bf9f1caa8d38"
      "48677cb9b0faed8a51f24150fdc8603b"}},
    {PSA_ECC_FAMILY_MONTGOMERY, 255,
     {"38b25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c57f",
      "30007208d5b887185865b4b0a85a993b89b9b65683d60f0106d28fff039d0b6f",
      "3008900c0f2a9d4463de83622056be50a881bebf2b983ab43e069912f0a57542"}},
    {PSA_ECC_FAMILY_MONTGOMERY, 448,
     {"3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865b4b0a85a993b"
      "89b9b65683d60f81",
      "04d28fff039d0b6f3408900c0f2a9d4463de83622056be50a881bebf2b983ab43e069912f0a57582fcb18ca7a7fe40a3"
      "3c766c829812afb2",
      "7c32e126589d3c64f419ddfff9d8c787f695cfea7696816725e392c63b537e665a6b15e1e45a2df80e6254a7a3edc843"
      "de19e5b0d897e884"}},
    {PSA_ECC_FAMILY_TWISTED_EDWARDS, 255,
     {"3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf",
      "34007208d5b887185865b4b0a85a993b89b9b65683d60f0106d28fff039d0b6f",
      "3408900c0f2a9d4463de83622056be50a881bebf2b983ab43e069912f0a57582"}},
    {PSA_ECC_FAMILY_TWISTED_EDWARDS, 448,
     {"3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865b4b0a85a993b"
      "89b9b65683d60f0106",
      "d28fff039d0b6f3408900c0f2a9d4463de83622056be50a881bebf2b983ab43e069912f0a57582fcb18ca7a7fe40a33c"
      "766c829812af327c32",
      "e126589d3c64f419ddfff9d8c787f695cfea7696816725e392c63b537e665a6b15e1e45a2df80e6254a7a3edc843de19"
      "e5b0d897e804829ef3"}},
};

static psa_key_derivation_operation_t begin(psa_key_id_t secret)
{
    psa_key_derivation_operation_t operation = PSA_KEY_DERIVATION_OPERATION_INIT;
    struct bytes salt = hex("000102030405060708090a0b0c"), info = hex("f0f1f2f3f4f5f6f7f8f9");
    MUST_SUCCEED(psa_key_derivation_setup(&operation, HKDF));
    MUST_SUCCEED(psa_key_derivation_input_bytes(&operation, PSA_KEY_DERIVATION_INPUT_SALT, salt.data, salt.length));
    MUST_SUCCEED(psa_key_derivation_input_key(&operation, PSA_KEY_DERIVATION_INPUT_SECRET, secret));
    MUST_SUCCEED(psa_key_derivation_input_bytes(&operation, PSA_KEY_DERIVATION_INPUT_INFO, info.data, info.length));
    return operation;
}

static psa_key_id_t secret_key(void)
{
    return import_key(PSA_KEY_TYPE_DERIVE, PSA_KEY_USAGE_DERIVE, HKDF, IKM);
}

/* The key must be that, and have the public key that the same material has when it is imported. */
static void check_key(psa_key_id_t key, psa_key_type_t type, size_t bits, const char *expected)
{
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    psa_key_id_t imported = import_key(type, PSA_KEY_USAGE_EXPORT, PSA_ALG_NONE, expected);
    uint8_t material[PSA_EXPORT_KEY_OUTPUT_SIZE(PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1), 521)];
    uint8_t public_keys[2][PSA_EXPORT_PUBLIC_KEY_OUTPUT_SIZE(PSA_KEY_TYPE_ECC_PUBLIC_KEY(PSA_ECC_FAMILY_SECP_R1), 521)];
    size_t length = 0, lengths[2] = {0, 0};
    CHECK_STATUS(psa_export_key(key, material, sizeof material, &length), PSA_SUCCESS);
    CHECK_HEX(material, length, expected);
    CHECK_STATUS(psa_export_public_key(key, public_keys[0], sizeof public_keys[0], &lengths[0]), PSA_SUCCESS);
    CHECK_STATUS(psa_export_public_key(imported, public_keys[1], sizeof public_keys[1], &lengths[1]), PSA_SUCCESS);
    CHECK(lengths[0] > 0 && lengths[0] == lengths[1] && memcmp(public_keys[0], public_keys[1], lengths[0]) == 0);
    CHECK_STATUS(psa_get_key_attributes(key, &attributes), PSA_SUCCESS);
    CHECK(psa_get_key_type(&attributes) == type && psa_get_key_bits(&attributes) == bits);
    CHECK_STATUS(psa_destroy_key(imported), PSA_SUCCESS);
}

static void keys_of_every_curve(void)
{
    psa_key_id_t secret = secret_key();
    size_t i, j;
    for (i = 0; i < COUNT_OF(curves); i++) {
        psa_key_type_t type = PSA_KEY_TYPE_ECC_KEY_PAIR(curves[i].family);
        psa_key_attributes_t attributes = key_attributes(type, curves[i].bits, PSA_KEY_USAGE_EXPORT, PSA_ALG_NONE);
        psa_key_derivation_operation_t operation = begin(secret);
        for (j = 0; j < KEYS; j++) {
            psa_key_id_t key = PSA_KEY_ID_NULL;
            if (!CHECK_STATUS(psa_key_derivation_output_key(&attributes, &operation, &key), PSA_SUCCESS)) {
                fprintf(stderr, "    curve 0x%02x of %u bits\n", curves[i].family, (unsigned)curves[i].bits);
                break;
            }
            check_key(key, type, curves[i].bits, curves[i].keys[j]);
            CHECK_STATUS(psa_destroy_key(key), PSA_SUCCESS);
        }
        CHECK_STATUS(psa_key_derivation_abort(&operation), PSA_SUCCESS);
    }
    CHECK_STATUS(psa_destroy_key(secret), PSA_SUCCESS);
}

/* Types whose key is the next bytes: 64 for a seed of ML-KEM, 32 for one of ML-DSA (sections 9.5.8 and 9.5.6). */
static void seeds(void)
{
    static const struct {
        psa_key_type_t type;
        size_t bits, length;
    } types[] = {{PSA_KEY_TYPE_ML_KEM_KEY_PAIR, 768, 64}, {PSA_KEY_TYPE_ML_DSA_KEY_PAIR, 192, 32}};
    psa_key_id_t secret = secret_key();
    size_t i;
    for (i = 0; i < COUNT_OF(types); i++) {
        psa_key_attributes_t attributes =
            key_attributes(types[i].type, types[i].bits, PSA_KEY_USAGE_EXPORT, PSA_ALG_NONE);
        psa_key_derivation_operation_t operation = begin(secret);
        psa_key_id_t key = PSA_KEY_ID_NULL;
        uint8_t expected[64], material[64];
        size_t length = 0;
        MUST_SUCCEED(psa_key_derivation_output_bytes(&operation, expected, types[i].length));
        MUST_SUCCEED(psa_key_derivation_abort(&operation));
        operation = begin(secret);
        CHECK_STATUS(psa_key_derivation_output_key(&attributes, &operation, &key), PSA_SUCCESS);
        CHECK_STATUS(psa_export_key(key, material, sizeof material, &length), PSA_SUCCESS);
        CHECK(length == types[i].length && memcmp(material, expected, length) == 0);
        CHECK_STATUS(psa_destroy_key(key), PSA_SUCCESS);
        CHECK_STATUS(psa_key_derivation_abort(&operation), PSA_SUCCESS);
    }
    CHECK_STATUS(psa_destroy_key(secret), PSA_SUCCESS);
}

static void what_cannot_be_derived(void)
{
    static const struct {
        psa_key_type_t type;
        size_t bits;
        psa_status_t expected;
    } types[] = {
        {PSA_KEY_TYPE_ECC_PUBLIC_KEY(PSA_ECC_FAMILY_SECP_R1), 256, PSA_ERROR_INVALID_ARGUMENT},
        {PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1), 0, PSA_ERROR_INVALID_ARGUMENT},
        {PSA_KEY_TYPE_RSA_KEY_PAIR, 2048, PSA_ERROR_NOT_SUPPORTED},
    };
    psa_key_attributes_t attributes =
        key_attributes(PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1), 256, PSA_KEY_USAGE_EXPORT, PSA_ALG_NONE);
    psa_key_id_t secret = secret_key(), key = 1;
    psa_key_derivation_operation_t operation;
    size_t i, capacity;
    for (i = 0; i < COUNT_OF(types); i++) {
        psa_key_attributes_t wrong = key_attributes(types[i].type, types[i].bits, PSA_KEY_USAGE_EXPORT, PSA_ALG_NONE);
        operation = begin(secret);
        CHECK_STATUS(psa_key_derivation_output_key(&wrong, &operation, &key), types[i].expected);
        CHECK(key == PSA_KEY_ID_NULL);
        CHECK_STATUS(psa_key_derivation_abort(&operation), PSA_SUCCESS);
    }
    /* A byte too few, and then nothing is left. */
    operation = begin(secret);
    CHECK_STATUS(psa_key_derivation_set_capacity(&operation, 31), PSA_SUCCESS);
    CHECK_STATUS(psa_key_derivation_output_key(&attributes, &operation, &key), PSA_ERROR_INSUFFICIENT_DATA);
    CHECK(key == PSA_KEY_ID_NULL);
    CHECK_STATUS(psa_key_derivation_get_capacity(&operation, &capacity), PSA_SUCCESS);
    CHECK(capacity == 0);
    CHECK_STATUS(psa_key_derivation_abort(&operation), PSA_SUCCESS);
    CHECK_STATUS(psa_destroy_key(secret), PSA_SUCCESS);
}

int main(void)
{
    MUST_SUCCEED(psa_crypto_init());
    RUN(keys_of_every_curve);
    RUN(seeds);
    RUN(what_cannot_be_derived);
    return check_result();
}
