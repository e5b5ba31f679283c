/* ML-DSA, ML-KEM and EdDSA with keys in a device: the same seed in software, which is another implementation, is the judge. */
#include "check.h"

static const uint8_t seed[64] = "\x01\x23\x45\x67\x89\xab\xcd\xef\xfe\xdc\xba\x98\x76\x54\x32\x10"
                                "\x0f\x1e\x2d\x3c\x4b\x5a\x69\x78\x87\x96\xa5\xb4\xc3\xd2\xe1";
static const uint8_t message[100] = "a message";
static const uint8_t context[3] = "ctx";
static const psa_key_usage_t signs = PSA_KEY_USAGE_SIGN_MESSAGE | PSA_KEY_USAGE_VERIFY_MESSAGE;
static const psa_key_usage_t signs_hashes = PSA_KEY_USAGE_SIGN_HASH | PSA_KEY_USAGE_VERIFY_HASH;

static uint8_t signature[PSA_SIGNATURE_MAX_SIZE], expected[PSA_SIGNATURE_MAX_SIZE];

/* What is to be persistent gets an identifier. */
static psa_key_attributes_t in_the_device_as(int persistent, psa_key_attributes_t attributes)
{
    static psa_key_id_t next = 4000;
    attributes = in_the_device(attributes);
    if (persistent) {
        psa_set_key_id(&attributes, next++);
        psa_set_key_lifetime(&attributes, PSA_KEY_LIFETIME_FROM_PERSISTENCE_AND_LOCATION(PSA_KEY_PERSISTENCE_DEFAULT,
                                                                                         place_location()));
    }
    return attributes;
}

/* The same key in both places; 0 where the device does not offer it, which support.c compares with the table. */
static int import_both(int persistent, psa_key_type_t type, size_t bits, psa_key_usage_t usage, psa_algorithm_t alg,
                       size_t length, psa_key_id_t *device, psa_key_id_t *software)
{
    psa_key_attributes_t attributes = key_attributes(type, bits, usage, alg);
    psa_key_attributes_t in_device = in_the_device_as(persistent, attributes);
    psa_status_t status = psa_import_key(&in_device, seed, length, device);
    if (status == PSA_ERROR_NOT_SUPPORTED) {
        return 0;
    }
    MUST_SUCCEED(status);
    CHECK_BACKEND(*device, place_backend());
    MUST_SUCCEED(psa_import_key(&attributes, seed, length, software));
    return 1;
}

static void check_public_keys(psa_key_id_t device, psa_key_id_t software)
{
    static uint8_t ours[PSA_EXPORT_PUBLIC_KEY_MAX_SIZE], theirs[PSA_EXPORT_PUBLIC_KEY_MAX_SIZE];
    size_t our_length, their_length;
    CHECK_STATUS(psa_purge_key(device), PSA_SUCCESS);
    MUST_SUCCEED(psa_export_public_key(device, ours, sizeof ours, &our_length));
    MUST_SUCCEED(psa_export_public_key(software, theirs, sizeof theirs, &their_length));
    CHECK(our_length == their_length && memcmp(ours, theirs, our_length) == 0);
}

/* Every device signature is checked by software; those without random numbers are the same as software's. */
static void check_messages(psa_key_id_t device, psa_key_id_t software, psa_algorithm_t alg, int deterministic,
                           size_t context_length)
{
    size_t length, expected_length;
    CHECK_STATUS(psa_sign_message_with_context(device, alg, message, sizeof message, context, context_length, signature,
                                               sizeof signature, &length),
                 PSA_SUCCESS);
    CHECK_STATUS(psa_verify_message_with_context(software, alg, message, sizeof message, context, context_length,
                                                 signature, length),
                 PSA_SUCCESS);
    CHECK_STATUS(psa_verify_message_with_context(device, alg, message, sizeof message, context, context_length,
                                                 signature, length),
                 PSA_SUCCESS);
    MUST_SUCCEED(psa_sign_message_with_context(software, alg, message, sizeof message, context, context_length, expected,
                                               sizeof expected, &expected_length));
    CHECK(length == expected_length);
    CHECK((memcmp(signature, expected, length) == 0) == deterministic);
    CHECK_STATUS(psa_sign_message_with_context(device, alg, message, sizeof message, context, context_length, signature,
                                               length - 1, &length),
                 PSA_ERROR_BUFFER_TOO_SMALL);
}

static void check_hashes(psa_key_id_t device, psa_key_id_t software, psa_algorithm_t alg, int deterministic,
                         size_t context_length)
{
    uint8_t hash[PSA_HASH_MAX_SIZE];
    size_t hash_length, length, expected_length;
    MUST_SUCCEED(
        psa_hash_compute(PSA_ALG_GET_HASH(alg), message, sizeof message, hash, sizeof hash, &hash_length));
    CHECK_STATUS(psa_sign_hash_with_context(device, alg, hash, hash_length, context, context_length, signature,
                                            sizeof signature, &length),
                 PSA_SUCCESS);
    CHECK_STATUS(psa_verify_hash_with_context(software, alg, hash, hash_length, context, context_length, signature,
                                              length),
                 PSA_SUCCESS);
    CHECK_STATUS(psa_verify_message_with_context(software, alg, message, sizeof message, context, context_length,
                                                 signature, length),
                 PSA_SUCCESS);
    MUST_SUCCEED(psa_sign_hash_with_context(software, alg, hash, hash_length, context, context_length, expected,
                                            sizeof expected, &expected_length));
    CHECK((memcmp(signature, expected, length) == 0) == deterministic);
    CHECK_STATUS(psa_sign_hash_with_context(device, alg, hash, hash_length - 1, context, context_length, signature,
                                            sizeof signature, &length),
                 PSA_ERROR_INVALID_ARGUMENT);
}

/* In parts too, as the specification has it of ML-DSA. */
static void check_parts(psa_key_id_t device, psa_key_id_t software, psa_algorithm_t alg)
{
    psa_sign_operation_t operation = PSA_SIGN_OPERATION_INIT;
    size_t length;
    CHECK_STATUS(psa_sign_setup(&operation, device, alg), PSA_SUCCESS);
    CHECK_STATUS(psa_sign_set_context(&operation, context, sizeof context), PSA_SUCCESS);
    CHECK_STATUS(psa_sign_update(&operation, message, 33), PSA_SUCCESS);
    CHECK_STATUS(psa_sign_update(&operation, message + 33, sizeof message - 33), PSA_SUCCESS);
    CHECK_STATUS(psa_sign_finish(&operation, signature, sizeof signature, &length), PSA_SUCCESS);
    CHECK_STATUS(psa_verify_message_with_context(software, alg, message, sizeof message, context, sizeof context,
                                                 signature, length),
                 PSA_SUCCESS);
}

static void ml_dsa(void)
{
    static const size_t sizes[] = {128, 192, 256};
    static const psa_algorithm_t hashes[] = {PSA_ALG_SHA_256, PSA_ALG_SHA_512, PSA_ALG_SHA3_384};
    size_t i, j;
    psa_key_id_t device, software;
    for (i = 0; i < COUNT_OF(sizes); i++) {
        int deterministic;
        for (deterministic = 0; deterministic <= 1; deterministic++) {
            psa_algorithm_t pure = deterministic ? PSA_ALG_DETERMINISTIC_ML_DSA : PSA_ALG_ML_DSA;
            if (!import_both(deterministic, PSA_KEY_TYPE_ML_DSA_KEY_PAIR, sizes[i], signs, pure, 32, &device, &software)) {
                continue;
            }
            check_public_keys(device, software);
            check_messages(device, software, pure, deterministic, 0);
            check_messages(device, software, pure, deterministic, sizeof context);
            check_parts(device, software, pure);
            CHECK_STATUS(psa_destroy_key(device), PSA_SUCCESS);
            CHECK_STATUS(psa_destroy_key(software), PSA_SUCCESS);
            for (j = 0; j < COUNT_OF(hashes); j++) {
                psa_algorithm_t alg = deterministic ? PSA_ALG_DETERMINISTIC_HASH_ML_DSA(hashes[j])
                                                    : PSA_ALG_HASH_ML_DSA(hashes[j]);
                if (!import_both(!deterministic, PSA_KEY_TYPE_ML_DSA_KEY_PAIR, sizes[i], signs | signs_hashes, alg, 32,
                                 &device, &software)) {
                    continue;
                }
                check_hashes(device, software, alg, deterministic, 0);
                check_hashes(device, software, alg, deterministic, sizeof context);
                check_messages(device, software, alg, deterministic, sizeof context);
                CHECK_STATUS(psa_destroy_key(device), PSA_SUCCESS);
                CHECK_STATUS(psa_destroy_key(software), PSA_SUCCESS);
            }
        }
    }
}

static void edwards(void)
{
    static const psa_algorithm_t algorithms[] = {PSA_ALG_PURE_EDDSA, PSA_ALG_EDDSA_CTX};
    static const size_t sizes[] = {255, 448}, lengths[] = {32, 57};
    size_t i, j;
    psa_key_id_t device, software;
    for (i = 0; i < COUNT_OF(algorithms); i++) {
        for (j = 0; j < COUNT_OF(sizes); j++) {
            if (import_both(1, PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_TWISTED_EDWARDS), sizes[j], signs, algorithms[i],
                            lengths[j], &device, &software)) {
                check_public_keys(device, software);
                check_messages(device, software, algorithms[i], 1, i == 0 ? 0 : sizeof context);
                CHECK_STATUS(psa_destroy_key(device), PSA_SUCCESS);
                CHECK_STATUS(psa_destroy_key(software), PSA_SUCCESS);
            }
        }
    }
}

/* HashEdDSA: a device takes the message, in parts as well. */
static void prehashed(void)
{
    static const psa_algorithm_t algorithms[] = {PSA_ALG_ED25519PH, PSA_ALG_ED448PH};
    static const size_t sizes[] = {255, 448}, lengths[] = {32, 57};
    size_t i;
    for (i = 0; i < COUNT_OF(algorithms); i++) {
        psa_key_type_t type = PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_TWISTED_EDWARDS);
        psa_key_id_t device, software;
        if (import_both(1, type, sizes[i], signs, algorithms[i], lengths[i], &device, &software)) {
            check_messages(device, software, algorithms[i], 1, 0);
            check_messages(device, software, algorithms[i], 1, sizeof context);
            check_parts(device, software, algorithms[i]);
            CHECK_STATUS(psa_destroy_key(device), PSA_SUCCESS);
            CHECK_STATUS(psa_destroy_key(software), PSA_SUCCESS);
        }
        /* Not a hash. */
        CHECK(strcmp(place(), "kryoptic") != 0 || !import_both(1, type, sizes[i], signs | signs_hashes, algorithms[i],
                                                               lengths[i], &device, &software));
    }
}

/* A pair that the device has made: its public part alone, in software, verifies. */
static void generated_signers(void)
{
    int persistent;
    for (persistent = 0; persistent <= 1; persistent++) {
        psa_key_attributes_t attributes =
            in_the_device_as(persistent, key_attributes(PSA_KEY_TYPE_ML_DSA_KEY_PAIR, 192, signs, PSA_ALG_ML_DSA));
        psa_key_attributes_t of_public = key_attributes(PSA_KEY_TYPE_ML_DSA_PUBLIC_KEY, 192,
                                                        PSA_KEY_USAGE_VERIFY_MESSAGE, PSA_ALG_ML_DSA);
        static uint8_t encoded[PSA_EXPORT_PUBLIC_KEY_MAX_SIZE];
        psa_key_id_t key, public_key;
        size_t length;
        psa_status_t status = psa_generate_key(&attributes, &key);
        if (status == PSA_ERROR_NOT_SUPPORTED) {
            continue;
        }
        MUST_SUCCEED(status);
        CHECK_BACKEND(key, place_backend());
        MUST_SUCCEED(psa_export_public_key(key, encoded, sizeof encoded, &length));
        MUST_SUCCEED(psa_import_key(&of_public, encoded, length, &public_key));
        CHECK_STATUS(psa_export_key(key, encoded, sizeof encoded, &length), PSA_ERROR_NOT_PERMITTED);
        CHECK_STATUS(psa_sign_message(key, PSA_ALG_ML_DSA, message, sizeof message, signature, sizeof signature, &length),
                     PSA_SUCCESS);
        CHECK_STATUS(psa_verify_message(public_key, PSA_ALG_ML_DSA, message, sizeof message, signature, length),
                     PSA_SUCCESS);
        signature[5] ^= 1;
        CHECK_STATUS(psa_verify_message(public_key, PSA_ALG_ML_DSA, message, sizeof message, signature, length),
                     PSA_ERROR_INVALID_SIGNATURE);
        CHECK_STATUS(psa_destroy_key(key), PSA_SUCCESS);
        CHECK_STATUS(psa_destroy_key(public_key), PSA_SUCCESS);
    }
}

/* ---- encapsulation ---- */

static void export_and_destroy(psa_key_id_t key, psa_key_type_t type, uint8_t *secret)
{
    size_t length;
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    MUST_SUCCEED(psa_get_key_attributes(key, &attributes));
    CHECK(psa_get_key_type(&attributes) == type && psa_get_key_bits(&attributes) == 256);
    MUST_SUCCEED(psa_export_key(key, secret, 32, &length));
    CHECK(length == 32);
    CHECK_STATUS(psa_destroy_key(key), PSA_SUCCESS);
}

/* A ciphertext, right or spoilt, is the same secret in both places (FIPS 203, section 6.3: implicit rejection). */
static void check_secrets(psa_key_id_t device, psa_key_id_t software, psa_key_type_t type, const uint8_t *ciphertext,
                          size_t length, uint8_t *secret)
{
    psa_key_attributes_t attributes =
        key_attributes(type, 256, PSA_KEY_USAGE_EXPORT | PSA_KEY_USAGE_ENCRYPT | PSA_KEY_USAGE_DERIVE,
                       type == PSA_KEY_TYPE_AES ? PSA_ALG_CTR : PSA_ALG_HKDF(PSA_ALG_SHA_256));
    psa_key_id_t one, two;
    uint8_t theirs[32];
    MUST_SUCCEED(psa_decapsulate(device, PSA_ALG_ML_KEM, ciphertext, length, &attributes, &one));
    MUST_SUCCEED(psa_decapsulate(software, PSA_ALG_ML_KEM, ciphertext, length, &attributes, &two));
    export_and_destroy(one, type, secret);
    export_and_destroy(two, type, theirs);
    CHECK(memcmp(secret, theirs, sizeof theirs) == 0);
}

static void check_encapsulation(psa_key_id_t device, psa_key_id_t software, psa_key_type_t type)
{
    psa_key_attributes_t attributes =
        key_attributes(type, 0, PSA_KEY_USAGE_EXPORT | PSA_KEY_USAGE_ENCRYPT | PSA_KEY_USAGE_DERIVE,
                       type == PSA_KEY_TYPE_AES ? PSA_ALG_CTR : PSA_ALG_HKDF(PSA_ALG_SHA_256));
    psa_key_attributes_t in_device = in_the_device(
        key_attributes(PSA_KEY_TYPE_AES, 256, PSA_KEY_USAGE_ENCRYPT | PSA_KEY_USAGE_DECRYPT, PSA_ALG_CTR));
    static uint8_t ciphertext[PSA_ENCAPSULATE_CIPHERTEXT_MAX_SIZE];
    uint8_t made[32], ours[32];
    size_t length;
    psa_key_id_t secret;
    MUST_SUCCEED(psa_encapsulate(device, PSA_ALG_ML_KEM, &attributes, &secret, ciphertext, sizeof ciphertext, &length));
    export_and_destroy(secret, type, made);
    check_secrets(device, software, type, ciphertext, length, ours);
    CHECK(memcmp(made, ours, sizeof made) == 0);
    /* The secret becomes a key of the device. */
    CHECK_STATUS(psa_decapsulate(device, PSA_ALG_ML_KEM, ciphertext, length, &in_device, &secret), PSA_SUCCESS);
    CHECK_BACKEND(secret, place_backend());
    CHECK_STATUS(psa_destroy_key(secret), PSA_SUCCESS);
    ciphertext[7] ^= 1;
    check_secrets(device, software, type, ciphertext, length, ours);
    CHECK(memcmp(made, ours, sizeof made) != 0);
    CHECK_STATUS(psa_decapsulate(device, PSA_ALG_ML_KEM, ciphertext, length - 1, &attributes, &secret),
                 PSA_ERROR_INVALID_ARGUMENT);
    CHECK(secret == PSA_KEY_ID_NULL);
    psa_set_key_bits(&attributes, 128);
    CHECK_STATUS(psa_decapsulate(device, PSA_ALG_ML_KEM, ciphertext, length, &attributes, &secret),
                 PSA_ERROR_INVALID_ARGUMENT);
}

static void ml_kem(void)
{
    static const size_t sizes[] = {512, 768, 1024};
    static const psa_key_type_t types[] = {PSA_KEY_TYPE_DERIVE, PSA_KEY_TYPE_AES};
    size_t i;
    for (i = 0; i < COUNT_OF(sizes); i++) {
        int persistent;
        for (persistent = 0; persistent <= 1; persistent++) {
            psa_key_attributes_t generated;
            psa_key_id_t device, software, other;
            if (!import_both(persistent, PSA_KEY_TYPE_ML_KEM_KEY_PAIR, sizes[i],
                             PSA_KEY_USAGE_ENCRYPT | PSA_KEY_USAGE_DECRYPT, PSA_ALG_ML_KEM, 64, &device, &software)) {
                continue;
            }
            check_public_keys(device, software);
            check_encapsulation(device, software, types[persistent]);
            CHECK_STATUS(psa_destroy_key(device), PSA_SUCCESS);
            CHECK_STATUS(psa_destroy_key(software), PSA_SUCCESS);
            /* A pair that the device has made, and may give out. */
            generated = in_the_device_as(persistent, key_attributes(PSA_KEY_TYPE_ML_KEM_KEY_PAIR, sizes[i],
                                                                    PSA_KEY_USAGE_DECRYPT | PSA_KEY_USAGE_ENCRYPT |
                                                                        PSA_KEY_USAGE_EXPORT,
                                                                    PSA_ALG_ML_KEM));
            MUST_SUCCEED(psa_generate_key(&generated, &device));
            {
                psa_key_attributes_t local = key_attributes(PSA_KEY_TYPE_ML_KEM_KEY_PAIR, sizes[i],
                                                            PSA_KEY_USAGE_DECRYPT, PSA_ALG_ML_KEM);
                uint8_t exported[64];
                size_t length;
                MUST_SUCCEED(psa_export_key(device, exported, sizeof exported, &length));
                MUST_SUCCEED(psa_import_key(&local, exported, length, &other));
            }
            check_public_keys(device, other);
            check_encapsulation(device, other, types[!persistent]);
            CHECK_STATUS(psa_destroy_key(device), PSA_SUCCESS);
            CHECK_STATUS(psa_destroy_key(other), PSA_SUCCESS);
        }
    }
}

int main(void)
{
    if (!in_device()) {
        return 0;
    }
    MUST_SUCCEED(psa_crypto_init());
    RUN(ml_dsa);
    RUN(edwards);
    RUN(prehashed);
    RUN(generated_signers);
    RUN(ml_kem);
    return check_result();
}
