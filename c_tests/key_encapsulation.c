/* Key encapsulation: PSA 1.5, section 10.12. */
#include "check.h"

/* The standards' vectors are in the tests of the engine; here both sides are one program. */
static psa_key_attributes_t secret_attributes(psa_key_type_t type)
{
    return key_attributes(type, 0, PSA_KEY_USAGE_DERIVE | PSA_KEY_USAGE_EXPORT | PSA_KEY_USAGE_ENCRYPT,
                          type == PSA_KEY_TYPE_AES ? PSA_ALG_CTR : PSA_ALG_HKDF(PSA_ALG_SHA_256));
}

static void export_and_destroy(psa_key_id_t key, struct bytes *secret)
{
    MUST_SUCCEED(psa_export_key(key, secret->data, sizeof secret->data, &secret->length));
    CHECK_STATUS(psa_destroy_key(key), PSA_SUCCESS);
}

/* One side has the public key only. The sizes are exact. */
static void round_trip(psa_key_type_t type, size_t bits, psa_algorithm_t alg, psa_key_type_t secret_type)
{
    psa_key_attributes_t attributes = secret_attributes(secret_type);
    psa_key_attributes_t public_attributes =
        key_attributes(PSA_KEY_TYPE_PUBLIC_KEY_OF_KEY_PAIR(type), bits, PSA_KEY_USAGE_ENCRYPT, alg);
    psa_key_id_t pair = generate_key(type, bits, PSA_KEY_USAGE_DECRYPT, alg), public_key, one, two;
    size_t size = PSA_ENCAPSULATE_CIPHERTEXT_SIZE(type, bits, alg);
    struct bytes point, ciphertext, ours, theirs;
    MUST(size != 0 && size <= PSA_ENCAPSULATE_CIPHERTEXT_MAX_SIZE);
    MUST_SUCCEED(psa_export_public_key(pair, point.data, sizeof point.data, &point.length));
    CHECK(point.length == PSA_EXPORT_PUBLIC_KEY_OUTPUT_SIZE(type, bits));
    MUST_SUCCEED(psa_import_key(&public_attributes, point.data, point.length, &public_key));

    memset(&ciphertext, 0xee, sizeof ciphertext);
    MUST_SUCCEED(psa_encapsulate(public_key, alg, &attributes, &one, ciphertext.data, size, &ciphertext.length));
    CHECK(ciphertext.length == size && ciphertext.data[size] == 0xee);
    MUST_SUCCEED(psa_decapsulate(pair, alg, ciphertext.data, size, &attributes, &two));
    export_and_destroy(one, &ours);
    export_and_destroy(two, &theirs);
    CHECK(ours.length == (alg == PSA_ALG_ML_KEM ? 32 : PSA_BITS_TO_BYTES(bits)));
    CHECK(ours.length == theirs.length && memcmp(ours.data, theirs.data, ours.length) == 0);

    CHECK_STATUS(psa_encapsulate(public_key, alg, &attributes, &one, ciphertext.data, size - 1, &ciphertext.length),
                 PSA_ERROR_BUFFER_TOO_SMALL);
    CHECK(one == PSA_KEY_ID_NULL && ciphertext.length == 0);
    CHECK_STATUS(psa_decapsulate(public_key, alg, ciphertext.data, size, &attributes, &two), PSA_ERROR_NOT_PERMITTED);
    CHECK_STATUS(psa_decapsulate(pair, alg, ciphertext.data, size - 1, &attributes, &two), PSA_ERROR_INVALID_ARGUMENT);
    CHECK(two == PSA_KEY_ID_NULL);
    CHECK_STATUS(psa_destroy_key(public_key), PSA_SUCCESS);
    CHECK_STATUS(psa_destroy_key(pair), PSA_SUCCESS);
}

static void ml_kem(void)
{
    round_trip(PSA_KEY_TYPE_ML_KEM_KEY_PAIR, 512, PSA_ALG_ML_KEM, PSA_KEY_TYPE_DERIVE);
    round_trip(PSA_KEY_TYPE_ML_KEM_KEY_PAIR, 768, PSA_ALG_ML_KEM, PSA_KEY_TYPE_AES);
    round_trip(PSA_KEY_TYPE_ML_KEM_KEY_PAIR, 1024, PSA_ALG_ML_KEM, PSA_KEY_TYPE_HMAC);
}

static void ecies(void)
{
    const psa_key_type_t montgomery = PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_MONTGOMERY);
    round_trip(PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1), 256, PSA_ALG_ECIES_SEC1, PSA_KEY_TYPE_DERIVE);
    round_trip(PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1), 521, PSA_ALG_ECIES_SEC1, PSA_KEY_TYPE_HMAC);
    round_trip(PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_K1), 256, PSA_ALG_ECIES_SEC1, PSA_KEY_TYPE_DERIVE);
    round_trip(PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_BRAINPOOL_P_R1), 384, PSA_ALG_ECIES_SEC1, PSA_KEY_TYPE_DERIVE);
    round_trip(montgomery, 255, PSA_ALG_ECIES_SEC1, PSA_KEY_TYPE_DERIVE);
}

/* A changed ciphertext of ML-KEM gives another secret, the same each time (FIPS 203, section 6.3). */
static void rejection_is_implicit(void)
{
    psa_key_attributes_t attributes = secret_attributes(PSA_KEY_TYPE_DERIVE);
    psa_key_id_t pair = generate_key(PSA_KEY_TYPE_ML_KEM_KEY_PAIR, 768, PSA_KEY_USAGE_ENCRYPT | PSA_KEY_USAGE_DECRYPT,
                                     PSA_ALG_ML_KEM);
    struct bytes ciphertext, secrets[3];
    psa_key_id_t key;
    size_t i;
    MUST_SUCCEED(psa_encapsulate(pair, PSA_ALG_ML_KEM, &attributes, &key, ciphertext.data, sizeof ciphertext.data,
                                 &ciphertext.length));
    export_and_destroy(key, &secrets[0]);
    ciphertext.data[100] ^= 1;
    for (i = 1; i < 3; i++) {
        MUST_SUCCEED(psa_decapsulate(pair, PSA_ALG_ML_KEM, ciphertext.data, ciphertext.length, &attributes, &key));
        export_and_destroy(key, &secrets[i]);
    }
    CHECK(memcmp(secrets[0].data, secrets[1].data, 32) != 0);
    CHECK(memcmp(secrets[1].data, secrets[2].data, 32) == 0);
    CHECK_STATUS(psa_destroy_key(pair), PSA_SUCCESS);
}

static void bad_requests_are_refused(void)
{
    psa_key_attributes_t good = secret_attributes(PSA_KEY_TYPE_DERIVE), bad = good;
    psa_key_id_t pair = generate_key(PSA_KEY_TYPE_ML_KEM_KEY_PAIR, 512, PSA_KEY_USAGE_ENCRYPT, PSA_ALG_ML_KEM), key;
    struct bytes ciphertext, material = hex("");
    psa_key_attributes_t seeds = key_attributes(PSA_KEY_TYPE_ML_KEM_KEY_PAIR, 512, PSA_KEY_USAGE_DECRYPT, PSA_ALG_ML_KEM);
    psa_key_attributes_t public_key =
        key_attributes(PSA_KEY_TYPE_ML_KEM_PUBLIC_KEY, 512, PSA_KEY_USAGE_ENCRYPT, PSA_ALG_ML_KEM);
    psa_set_key_type(&bad, PSA_KEY_TYPE_RSA_KEY_PAIR);
    CHECK_STATUS(psa_encapsulate(pair, PSA_ALG_ML_KEM, &bad, &key, ciphertext.data, sizeof ciphertext.data,
                                 &ciphertext.length),
                 PSA_ERROR_INVALID_ARGUMENT);
    psa_set_key_type(&bad, PSA_KEY_TYPE_DERIVE);
    psa_set_key_bits(&bad, 128);
    memset(ciphertext.data, 0xee, sizeof ciphertext.data);
    CHECK_STATUS(psa_encapsulate(pair, PSA_ALG_ML_KEM, &bad, &key, ciphertext.data, 768, &ciphertext.length),
                 PSA_ERROR_INVALID_ARGUMENT);
    CHECK(key == PSA_KEY_ID_NULL && ciphertext.length == 0 && ciphertext.data[0] == 0 && ciphertext.data[767] == 0);
    CHECK_STATUS(psa_encapsulate(pair, PSA_ALG_ECIES_SEC1, &good, &key, ciphertext.data, sizeof ciphertext.data,
                                 &ciphertext.length),
                 PSA_ERROR_NOT_PERMITTED);
    CHECK_STATUS(psa_encapsulate(pair, PSA_ALG_RSA_PKCS1V15_CRYPT, &good, &key, ciphertext.data,
                                 sizeof ciphertext.data, &ciphertext.length),
                 PSA_ERROR_INVALID_ARGUMENT);

    /* Seeds have 64 bytes, and fit every parameter set. Coefficients of public keys are less than 3329. */
    CHECK_STATUS(psa_import_key(&seeds, material.data, 63, &key), PSA_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(psa_import_key(&seeds, material.data, 65, &key), PSA_ERROR_INVALID_ARGUMENT);
    memset(material.data, 0xff, 800);
    CHECK_STATUS(psa_import_key(&public_key, material.data, 800, &key), PSA_ERROR_INVALID_ARGUMENT);
    memset(material.data, 0, 800);
    CHECK_STATUS(psa_import_key(&public_key, material.data, 799, &key), PSA_ERROR_INVALID_ARGUMENT);
    CHECK_STATUS(psa_import_key(&public_key, material.data, 800, &key), PSA_SUCCESS);
    CHECK_STATUS(psa_destroy_key(key), PSA_SUCCESS);
    CHECK_STATUS(psa_destroy_key(pair), PSA_SUCCESS);
}

int main(void)
{
    MUST_SUCCEED(psa_crypto_init());
    RUN(ml_kem);
    RUN(ecies);
    RUN(rejection_is_implicit);
    RUN(bad_requests_are_refused);
    return check_result();
}
