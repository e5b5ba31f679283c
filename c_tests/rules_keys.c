/* Rules of PSA 1.5, chapter 9: see rules.c. */
#include "rules.h"

#define ED25519 PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_TWISTED_EDWARDS)

static uint8_t output[600];
static size_t length;

/* Section 9.5.1: the exponent is little-endian; it ends the public key. */
static void public_exponents(void)
{
    const psa_custom_key_parameters_t usual = PSA_CUSTOM_KEY_PARAMETERS_INIT, flagged = {1};
    const struct {
        uint8_t exponent[5];
        size_t length;
        psa_status_t status;
        const char *end;
    } cases[] = {
        {{0x03, 0x01}, 2, PSA_SUCCESS, "02020103"},      {{0x03, 0x01, 0, 0, 0}, 5, PSA_SUCCESS, "02020103"},
        {{0x03}, 1, PSA_SUCCESS, "020103"},              {{0}, 0, PSA_SUCCESS, "0203010001"},
        {{0x02, 0x01}, 2, PSA_ERROR_INVALID_ARGUMENT, ""}, {{0x01, 0}, 2, PSA_ERROR_INVALID_ARGUMENT, ""},
        {{0, 0x01}, 2, PSA_ERROR_INVALID_ARGUMENT, ""},  {{0}, 1, PSA_ERROR_INVALID_ARGUMENT, ""},
        {{1, 0, 0, 0, 1}, 5, PSA_ERROR_NOT_SUPPORTED, ""},
    };
    psa_key_attributes_t attributes = key_attributes(RSA, 1024, PSA_KEY_USAGE_EXPORT, PSA_ALG_NONE);
    psa_key_attributes_t symmetric = key_attributes(AES, 128, PSA_KEY_USAGE_EXPORT, PSA_ALG_NONE);
    psa_key_id_t key;
    size_t i;
    for (i = 0; i < COUNT_OF(cases); i++) {
        struct bytes end = hex(cases[i].end);
        psa_status_t status =
            psa_generate_key_custom(&attributes, &usual, cases[i].exponent, cases[i].length, &key);
        CHECK_STATUS(status, cases[i].status);
        if (status == PSA_SUCCESS) {
            MUST_SUCCEED(psa_export_public_key(key, output, sizeof output, &length));
            CHECK_HEX(output + length - end.length, end.length, cases[i].end);
            destroy(key);
        }
    }
    CHECK_NO_KEY(psa_generate_key_custom(&attributes, &flagged, NULL, 0, &key), key, PSA_ERROR_INVALID_ARGUMENT);
    CHECK_NO_KEY(psa_generate_key_custom(&symmetric, &usual, cases[0].exponent, 2, &key), key, PSA_ERROR_INVALID_ARGUMENT);
    CHECK_NO_KEY(psa_generate_key_custom(&symmetric, &flagged, NULL, 0, &key), key, PSA_ERROR_INVALID_ARGUMENT);
    MUST_SUCCEED(psa_generate_key_custom(&symmetric, &usual, NULL, 0, &key));
    destroy(key);
}

/* Section 9.9.1: what no key can be. */
static void impossible_keys(void)
{
    psa_key_attributes_t no_size = key_attributes(AES, 0, 0, PSA_ALG_NONE);
    psa_key_attributes_t wrong_size = key_attributes(AES, 136, 0, PSA_ALG_NONE);
    psa_key_attributes_t public_key = key_attributes(PSA_KEY_TYPE_RSA_PUBLIC_KEY, 1024, 0, PSA_ALG_NONE);
    psa_key_attributes_t no_type = key_attributes(PSA_KEY_TYPE_NONE, 128, 0, PSA_ALG_NONE);
    psa_key_attributes_t strange_usage = key_attributes(AES, 128, 0x80000000, PSA_ALG_NONE);
    psa_key_attributes_t no_identifier = key_attributes(AES, 128, 0, PSA_ALG_NONE);
    psa_key_id_t key;
    psa_set_key_lifetime(&no_identifier, PSA_KEY_LIFETIME_PERSISTENT);
    CHECK_NO_KEY(psa_generate_key(&no_size, &key), key, PSA_ERROR_INVALID_ARGUMENT);
    CHECK_NO_KEY(psa_generate_key(&public_key, &key), key, PSA_ERROR_INVALID_ARGUMENT);
    CHECK_REFUSED(psa_generate_key(&no_type, &key));
    CHECK_NO_KEY(psa_generate_key(&wrong_size, &key), key, PSA_ERROR_INVALID_ARGUMENT);
    CHECK_NO_KEY(psa_generate_key(&strange_usage, &key), key, PSA_ERROR_INVALID_ARGUMENT);
    CHECK_NO_KEY(psa_generate_key(&no_identifier, &key), key, PSA_ERROR_INVALID_ARGUMENT);
    CHECK_NO_KEY(psa_import_key(&no_size, output, 0, &key), key, PSA_ERROR_INVALID_ARGUMENT);
    CHECK_NO_KEY(psa_import_key(&no_size, output, 17, &key), key, PSA_ERROR_INVALID_ARGUMENT);
    CHECK_NO_KEY(psa_import_key(&strange_usage, output, 16, &key), key, PSA_ERROR_INVALID_ARGUMENT);
    CHECK_NO_KEY(psa_import_key(&strange_usage, output, 24, &key), key, PSA_ERROR_INVALID_ARGUMENT);
    /* Section 9.9.2: no key is destroyed with success. */
    CHECK_STATUS(psa_destroy_key(PSA_KEY_ID_NULL), PSA_SUCCESS);
    CHECK_STATUS(psa_destroy_key(77), PSA_ERROR_INVALID_HANDLE);
    CHECK_STATUS(psa_purge_key(77), PSA_ERROR_INVALID_HANDLE);
}

/* Sections 9.1.1 and 9.8.2: flags that are implied or kept, and attributes after a failure. */
static void attributes_of_keys(void)
{
    psa_key_usage_t given = PSA_KEY_USAGE_SIGN_HASH | PSA_KEY_USAGE_VERIFY_HASH | PSA_KEY_USAGE_CACHE;
    psa_key_id_t key = generate_key(P256, 256, given, PSA_ALG_ECDSA(PSA_ALG_SHA_256));
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    MUST_SUCCEED(psa_get_key_attributes(key, &attributes));
    CHECK(psa_get_key_usage_flags(&attributes) == (given | PSA_KEY_USAGE_SIGN_MESSAGE | PSA_KEY_USAGE_VERIFY_MESSAGE));
    CHECK_STATUS(psa_purge_key(key), PSA_SUCCESS);
    MUST_SUCCEED(psa_export_public_key(key, output, sizeof output, &length));
    CHECK_STATUS(psa_export_key(key, output, sizeof output, &length), PSA_ERROR_NOT_PERMITTED);
    CHECK(length == 0);
    destroy(key);
    CHECK_STATUS(psa_get_key_attributes(key, &attributes), PSA_ERROR_INVALID_HANDLE);
    CHECK(psa_get_key_usage_flags(&attributes) == 0 && psa_get_key_type(&attributes) == PSA_KEY_TYPE_NONE &&
          psa_get_key_algorithm(&attributes) == PSA_ALG_NONE && psa_get_key_bits(&attributes) == 0);
}

/* Section 9.9.1. */
static void copies(void)
{
    psa_algorithm_t any_hash = PSA_ALG_RSA_PSS(PSA_ALG_ANY_HASH), one_hash = PSA_ALG_RSA_PSS(PSA_ALG_SHA_256);
    psa_key_usage_t sign = PSA_KEY_USAGE_SIGN_HASH | PSA_KEY_USAGE_SIGN_MESSAGE;
    psa_key_id_t source = generate_key(RSA, 1024, sign | PSA_KEY_USAGE_COPY, any_hash), sealed, key;
    psa_key_attributes_t right = key_attributes(0, 0, sign | PSA_KEY_USAGE_EXPORT, one_hash), found = right;
    psa_key_attributes_t another_type = key_attributes(AES, 0, sign, any_hash);
    psa_key_attributes_t another_size = key_attributes(RSA, 2048, sign, any_hash);
    psa_key_attributes_t another_algorithm = key_attributes(0, 0, sign, PSA_ALG_RSA_PKCS1V15_SIGN(PSA_ALG_SHA_256));
    MUST_SUCCEED(psa_copy_key(source, &right, &key));
    MUST_SUCCEED(psa_get_key_attributes(key, &found));
    CHECK(psa_get_key_usage_flags(&found) == sign && psa_get_key_algorithm(&found) == one_hash);
    CHECK(psa_get_key_type(&found) == RSA && psa_get_key_bits(&found) == 1024);
    CHECK_NO_KEY(psa_copy_key(key, &right, &sealed), sealed, PSA_ERROR_NOT_PERMITTED);
    destroy(key);
    CHECK_NO_KEY(psa_copy_key(source, &another_type, &key), key, PSA_ERROR_INVALID_ARGUMENT);
    CHECK_NO_KEY(psa_copy_key(source, &another_size, &key), key, PSA_ERROR_INVALID_ARGUMENT);
    CHECK_NO_KEY(psa_copy_key(source, &another_algorithm, &key), key, PSA_ERROR_INVALID_ARGUMENT);
    CHECK_NO_KEY(psa_copy_key(77, &right, &key), key, PSA_ERROR_INVALID_HANDLE);
    destroy(source);
}

/* Section 9.8.2, with the specification's own examples. */
static void questions_about_usage(void)
{
    psa_key_id_t aes = generate_key(AES, 256, PSA_KEY_USAGE_ENCRYPT, PSA_ALG_GCM);
    psa_key_id_t long_aes = generate_key(AES, 512, PSA_KEY_USAGE_ENCRYPT, PSA_ALG_CTR);
    psa_key_id_t ecc = generate_key(P256, 256, 0, PSA_ALG_NONE);
    psa_key_id_t edwards = generate_key(ED25519, 255, PSA_KEY_USAGE_SIGN_MESSAGE, PSA_ALG_ECDSA(PSA_ALG_SHA_256));
    psa_key_id_t rsa = generate_key(RSA, 1024, PSA_KEY_USAGE_DECRYPT, PSA_ALG_RSA_OAEP(PSA_ALG_SHA_512));
    psa_key_id_t derive = generate_key(DERIVE, 256, PSA_KEY_USAGE_DERIVE | PSA_KEY_USAGE_EXPORT, HKDF);
    psa_algorithm_t spake2p = PSA_ALG_SPAKE2P_HMAC(PSA_ALG_SHA_256);
    psa_key_type_t pair = PSA_KEY_TYPE_SPAKE2P_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1);
    psa_key_id_t prover = import_key(pair, PSA_KEY_USAGE_DERIVE, spake2p, SECRET SECRET SECRET SECRET);
    psa_key_id_t unpermitted = import_key(pair, PSA_KEY_USAGE_EXPORT, spake2p, SECRET SECRET SECRET SECRET), verifier;
    psa_key_attributes_t attributes =
        key_attributes(PSA_KEY_TYPE_SPAKE2P_PUBLIC_KEY(PSA_ECC_FAMILY_SECP_R1), 0, PSA_KEY_USAGE_DERIVE, spake2p);
    CHECK_STATUS(psa_check_key_usage(aes, PSA_ALG_GCM, PSA_KEY_USAGE_ENCRYPT), PSA_SUCCESS);
    CHECK_STATUS(psa_check_key_usage(aes, PSA_ALG_GCM, PSA_KEY_USAGE_DECRYPT), PSA_ERROR_NOT_PERMITTED);
    CHECK_STATUS(psa_check_key_usage(aes, PSA_ALG_GCM, PSA_KEY_USAGE_SIGN_MESSAGE), PSA_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(psa_check_key_usage(aes, PSA_ALG_AEAD_WITH_SHORTENED_TAG(PSA_ALG_GCM, 9), PSA_KEY_USAGE_ENCRYPT),
                 PSA_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(psa_check_key_usage(aes, PSA_ALG_NONE, PSA_KEY_USAGE_ENCRYPT), PSA_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(psa_check_key_usage(aes, PSA_ALG_NONE, PSA_KEY_USAGE_EXPORT), PSA_ERROR_NOT_PERMITTED);
    CHECK_STATUS(psa_check_key_usage(aes, PSA_ALG_GCM, PSA_KEY_USAGE_EXPORT), PSA_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(psa_check_key_usage(long_aes, PSA_ALG_CTR, PSA_KEY_USAGE_ENCRYPT), PSA_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(psa_check_key_usage(ecc, PSA_ALG_ECDH, PSA_KEY_USAGE_DERIVE_PUBLIC), PSA_SUCCESS);
    CHECK_STATUS(psa_check_key_usage(ecc, PSA_ALG_ECDH, PSA_KEY_USAGE_DERIVE), PSA_ERROR_NOT_PERMITTED);
    CHECK_STATUS(psa_check_key_usage(ecc, PSA_ALG_ECDSA(PSA_ALG_ANY_HASH), PSA_KEY_USAGE_SIGN_HASH),
                 PSA_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(psa_check_key_usage(ecc, PSA_ALG_SPAKE2P_HMAC(PSA_ALG_SHA_1), PSA_KEY_USAGE_DERIVE),
                 PSA_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(psa_check_key_usage(edwards, PSA_ALG_ECDSA(PSA_ALG_SHA_256), PSA_KEY_USAGE_SIGN_MESSAGE),
                 PSA_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(psa_check_key_usage(rsa, PSA_ALG_RSA_OAEP(PSA_ALG_SHA_512), PSA_KEY_USAGE_DECRYPT),
                 PSA_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(psa_check_key_usage(derive, HKDF, PSA_KEY_USAGE_DERIVE_PUBLIC), PSA_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(psa_check_key_usage(derive, HKDF, PSA_KEY_USAGE_DERIVE), PSA_SUCCESS);
    CHECK_STATUS(psa_check_key_usage(derive, PSA_ALG_NONE, PSA_KEY_USAGE_EXPORT), PSA_SUCCESS);
    CHECK_STATUS(psa_check_key_usage(derive, HKDF, PSA_KEY_USAGE_DERIVE | PSA_KEY_USAGE_EXPORT),
                 PSA_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(psa_check_key_usage(77, PSA_ALG_NONE, PSA_KEY_USAGE_EXPORT), PSA_ERROR_INVALID_HANDLE);
    /* The verifier of SPAKE2+ is the public role; it needs the permission all the same. */
    CHECK_STATUS(psa_check_key_usage(prover, spake2p, PSA_KEY_USAGE_DERIVE), PSA_SUCCESS);
    CHECK_STATUS(psa_check_key_usage(prover, spake2p, PSA_KEY_USAGE_DERIVE_PUBLIC), PSA_SUCCESS);
    CHECK_STATUS(psa_check_key_usage(prover, PSA_ALG_SPAKE2P_HMAC(PSA_ALG_SHA_1), PSA_KEY_USAGE_DERIVE),
                 PSA_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(psa_check_key_usage(unpermitted, spake2p, PSA_KEY_USAGE_DERIVE_PUBLIC), PSA_ERROR_NOT_PERMITTED);
    MUST_SUCCEED(psa_export_public_key(prover, output, sizeof output, &length));
    MUST_SUCCEED(psa_import_key(&attributes, output, length, &verifier));
    CHECK_STATUS(psa_check_key_usage(verifier, spake2p, PSA_KEY_USAGE_DERIVE), PSA_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(psa_check_key_usage(verifier, spake2p, PSA_KEY_USAGE_DERIVE_PUBLIC), PSA_SUCCESS);
    destroy(prover);
    destroy(verifier);
    destroy(unpermitted);
    destroy(aes);
    destroy(long_aes);
    destroy(ecc);
    destroy(edwards);
    destroy(rsa);
    destroy(derive);
}

void rules_of_keys(void)
{
    RUN(public_exponents);
    RUN(impossible_keys);
    RUN(attributes_of_keys);
    RUN(copies);
    RUN(questions_about_usage);
}
