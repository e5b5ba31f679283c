/* Hashes: PSA 1.5, section 10.2. */
#include "check.h"

/* "abc" in FIPS 180-4's and FIPS 202's examples. */
static const struct {
    psa_algorithm_t alg;
    const char *hash;
} abc[] = {
    {PSA_ALG_SHA_1, "a9993e364706816aba3e25717850c26c9cd0d89d"},
    {PSA_ALG_SHA_224, "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7"},
    {PSA_ALG_SHA_256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {PSA_ALG_SHA_384,
     "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7"},
    {PSA_ALG_SHA_512,
     "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
     "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"},
    {PSA_ALG_SHA3_224, "e642824c3f8cf24ad09234ee7d3c766fc9a3a5168d0c94ad73b46fdf"},
    {PSA_ALG_SHA3_256, "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532"},
    {PSA_ALG_SHA3_384,
     "ec01498288516fc926459f58e2c6ad8df9b473cb0fc08c2596da7cf0e49be4b298d88cea927ac7f539f1edf228376d25"},
    {PSA_ALG_SHA3_512,
     "b751850b1a57168a5693cd924b6b096e08f621827444f70d884f5d0240d2712e"
     "10e116e9192af3c91a7ec57647e3934057340b4cf408d5a56592f8274eec53f0"},
};

static const uint8_t message[] = {'a', 'b', 'c'};

static void known_answers_in_one_call(void)
{
    uint8_t hash[PSA_HASH_MAX_SIZE];
    size_t i, length;
    for (i = 0; i < COUNT_OF(abc); i++) {
        CHECK_STATUS(psa_hash_compute(abc[i].alg, message, sizeof message, hash, sizeof hash, &length), PSA_SUCCESS);
        CHECK_HEX(hash, length, abc[i].hash);
        CHECK(length == PSA_HASH_LENGTH(abc[i].alg));
        CHECK_STATUS(psa_hash_compare(abc[i].alg, message, sizeof message, hash, length), PSA_SUCCESS);
        hash[0] ^= 1;
        CHECK_STATUS(psa_hash_compare(abc[i].alg, message, sizeof message, hash, length), PSA_ERROR_INVALID_SIGNATURE);
        CHECK_STATUS(psa_hash_compare(abc[i].alg, message, sizeof message, hash, length - 1),
                     PSA_ERROR_INVALID_SIGNATURE);
        CHECK_STATUS(psa_hash_compute(abc[i].alg, message, sizeof message, hash, length - 1, &length),
                     PSA_ERROR_BUFFER_TOO_SMALL);
    }
}

static void known_answers_in_parts(void)
{
    uint8_t hash[PSA_HASH_MAX_SIZE];
    size_t i, length;
    for (i = 0; i < COUNT_OF(abc); i++) {
        psa_hash_operation_t operation = PSA_HASH_OPERATION_INIT, copy = psa_hash_operation_init();
        struct bytes expected = hex(abc[i].hash);
        CHECK_STATUS(psa_hash_setup(&operation, abc[i].alg), PSA_SUCCESS);
        CHECK_STATUS(psa_hash_update(&operation, message, 1), PSA_SUCCESS);
        CHECK_STATUS(psa_hash_update(&operation, NULL, 0), PSA_SUCCESS);
        CHECK_STATUS(psa_hash_clone(&operation, &copy), PSA_SUCCESS);
        CHECK_STATUS(psa_hash_update(&operation, message + 1, 2), PSA_SUCCESS);
        CHECK_STATUS(psa_hash_finish(&operation, hash, sizeof hash, &length), PSA_SUCCESS);
        CHECK_HEX(hash, length, abc[i].hash);
        /* The copy goes its own way. */
        CHECK_STATUS(psa_hash_update(&copy, message + 1, 2), PSA_SUCCESS);
        CHECK_STATUS(psa_hash_verify(&copy, expected.data, expected.length), PSA_SUCCESS);
    }
}

/* FIPS 180-4's long example, in uneven parts. */
static void a_million_letters(void)
{
    psa_hash_operation_t operation = PSA_HASH_OPERATION_INIT;
    uint8_t hash[32], letters[997];
    size_t left = 1000000, length;
    memset(letters, 'a', sizeof letters);
    CHECK_STATUS(psa_hash_setup(&operation, PSA_ALG_SHA_256), PSA_SUCCESS);
    while (left > 0) {
        size_t part = left < sizeof letters ? left : sizeof letters;
        MUST_SUCCEED(psa_hash_update(&operation, letters, part));
        left -= part;
    }
    CHECK_STATUS(psa_hash_finish(&operation, hash, sizeof hash, &length), PSA_SUCCESS);
    CHECK_HEX(hash, length, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

static void the_states_of_an_operation(void)
{
    psa_hash_operation_t operation = PSA_HASH_OPERATION_INIT, other = PSA_HASH_OPERATION_INIT;
    uint8_t hash[32];
    size_t length = 0;
    CHECK_STATUS(psa_hash_update(&operation, message, 3), PSA_ERROR_BAD_STATE);
    CHECK_STATUS(psa_hash_finish(&operation, hash, sizeof hash, &length), PSA_ERROR_BAD_STATE);
    CHECK_STATUS(psa_hash_clone(&operation, &other), PSA_ERROR_BAD_STATE);
    CHECK_STATUS(psa_hash_abort(&operation), PSA_SUCCESS);
    /* A failed setup leaves it inactive. */
    CHECK_REFUSED(psa_hash_setup(&operation, PSA_ALG_HMAC(PSA_ALG_SHA_256)));
    CHECK_STATUS(psa_hash_setup(&operation, PSA_ALG_SHA_256), PSA_SUCCESS);
    CHECK_STATUS(psa_hash_setup(&operation, PSA_ALG_SHA_256), PSA_ERROR_BAD_STATE);
    CHECK_STATUS(psa_hash_abort(&operation), PSA_SUCCESS);
    /* A short buffer puts it into the error state: only abort is left. */
    CHECK_STATUS(psa_hash_setup(&operation, PSA_ALG_SHA_256), PSA_SUCCESS);
    CHECK_STATUS(psa_hash_finish(&operation, hash, 31, &length), PSA_ERROR_BUFFER_TOO_SMALL);
    CHECK_STATUS(psa_hash_finish(&operation, hash, 32, &length), PSA_ERROR_BAD_STATE);
    CHECK_STATUS(psa_hash_abort(&operation), PSA_SUCCESS);
    /* Finishing makes it inactive, ready for the next. */
    CHECK_STATUS(psa_hash_setup(&operation, PSA_ALG_SHA_256), PSA_SUCCESS);
    CHECK_STATUS(psa_hash_finish(&operation, hash, 32, &length), PSA_SUCCESS);
    CHECK_HEX(hash, length, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK_STATUS(psa_hash_update(&operation, message, 3), PSA_ERROR_BAD_STATE);
}

static void what_is_no_hash_is_refused(void)
{
    const psa_algorithm_t others[] = {PSA_ALG_NONE, PSA_ALG_GCM, PSA_ALG_ANY_HASH, PSA_ALG_HMAC(PSA_ALG_SHA_256)};
    uint8_t hash[PSA_HASH_MAX_SIZE];
    size_t i, length;
    for (i = 0; i < COUNT_OF(others); i++) {
        CHECK_REFUSED(psa_hash_compute(others[i], message, sizeof message, hash, sizeof hash, &length));
    }
}

int main(void)
{
    MUST_SUCCEED(psa_crypto_init());
    RUN(known_answers_in_one_call);
    RUN(known_answers_in_parts);
    RUN(a_million_letters);
    RUN(the_states_of_an_operation);
    RUN(what_is_no_hash_is_refused);
    return check_result();
}
