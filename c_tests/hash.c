/* Hashes: PSA 1.5, section 10.2. */
#include "check.h"

/* "abc" in FIPS 180-4's and FIPS 202's examples, RFC 1319 to 1321, RFC 7693 and GM/T 0004; from CPython's hashlib and
 * Ascon's reference for the others. */
static const struct {
    psa_algorithm_t alg;
    const char *hash;
} abc[] = {
    {PSA_ALG_MD2, "da853b0d3f88d99b30283a69e6ded6bb"},
    {PSA_ALG_MD4, "a448017aaf21d8525fc10ae87aa6729d"},
    {PSA_ALG_MD5, "900150983cd24fb0d6963f7d28e17f72"},
    {PSA_ALG_RIPEMD160, "8eb208f7e05d987a9b044a8e98c6b087f15a0bfc"},
    {PSA_ALG_AES_MMO_ZIGBEE, "bd2f2ebd93fadc48bc00174d95422741"},
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
    {PSA_ALG_SHA_512_224, "4634270f707b6a54daae7530460842e20e37ed265ceee9a43e8924aa"},
    {PSA_ALG_SHA_512_256, "53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23"},
    {PSA_ALG_SHA_256_192, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9c"},
    {PSA_ALG_SHAKE128_256, "5881092dd818bf5cf8a3ddb793fbcba74097d5c526a6d35f97b83351940f2cc8"},
    {PSA_ALG_SHAKE256_192, "483366601360a8771c6863080cc4114d8db44530f8f1e1ee"},
    {PSA_ALG_SHAKE256_256, "483366601360a8771c6863080cc4114d8db44530f8f1e1ee4f94ea37e78b5739"},
    {PSA_ALG_SHAKE256_512,
     "483366601360a8771c6863080cc4114d8db44530f8f1e1ee4f94ea37e78b5739"
     "d5a15bef186a5386c75744c0527e1faa9f8726e462a12a4feb06bd8801e751e4"},
    {PSA_ALG_SM3, "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"},
    {PSA_ALG_ASCON_HASH256, "45aa03431c3c829b3b066f33e844b0cc4d20a45af92d3dcfdf34f40fc20935cf"},
    {PSA_ALG_BLAKE2S_HASH256, "508c5e8c327c14e2e1a72ba34eeb452f37458b209ed63a294d999b4c86675982"},
    {PSA_ALG_BLAKE2SP_HASH256, "70f75b58f1fecab821db43c88ad84edde5a52600616cd22517b7bb14d440a7d5"},
    {PSA_ALG_BLAKE2B_HASH512,
     "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
     "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923"},
    {PSA_ALG_BLAKE2BP_HASH512,
     "b91a6b66ae87526c400b0a8b53774dc65284ad8f6575f8148ff93dff943a6ecd"
     "8362130f22d6dae633aa0f91df4ac89aaff31d0f1b923c898e82025dedbdad6e"},
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

static int can_be_suspended(psa_algorithm_t alg)
{
    return PSA_HASH_SUSPEND_HASH_STATE_FIELD_LENGTH(alg) != 0;
}

/* Section 10.2.5; each field at its place, and the hash goes on in another operation. */
static void suspend_and_resume(void)
{
    uint8_t state[PSA_HASH_SUSPEND_OUTPUT_MAX_SIZE], guarded[PSA_HASH_SUSPEND_OUTPUT_MAX_SIZE + 1];
    uint8_t hash[PSA_HASH_MAX_SIZE], filler[300];
    size_t i, length, state_length, suspended = 0;
    memset(filler, 'f', sizeof filler);
    for (i = 0; i < COUNT_OF(abc); i++) {
        psa_algorithm_t alg = abc[i].alg;
        psa_hash_operation_t operation = PSA_HASH_OPERATION_INIT;
        struct bytes expected = hex(abc[i].hash);
        CHECK_STATUS(psa_hash_setup(&operation, alg), PSA_SUCCESS);
        CHECK_STATUS(psa_hash_update(&operation, message, 2), PSA_SUCCESS);
        if (!can_be_suspended(alg)) {
            CHECK_STATUS(psa_hash_suspend(&operation, state, sizeof state, &length), PSA_ERROR_NOT_SUPPORTED);
            CHECK_STATUS(psa_hash_abort(&operation), PSA_SUCCESS);
            continue;
        }
        suspended++;
        CHECK_STATUS(psa_hash_suspend(&operation, state, sizeof state, &state_length), PSA_SUCCESS);
        CHECK(state_length == PSA_HASH_SUSPEND_ALGORITHM_FIELD_LENGTH + PSA_HASH_SUSPEND_INPUT_LENGTH_FIELD_LENGTH(alg) +
                                  PSA_HASH_SUSPEND_HASH_STATE_FIELD_LENGTH(alg) + 2);
        CHECK(state[0] == 0x02 && state[1] == 0 && state[2] == 0 && state[3] == (alg & 0xff));
        CHECK(state[PSA_HASH_SUSPEND_ALGORITHM_FIELD_LENGTH + PSA_HASH_SUSPEND_INPUT_LENGTH_FIELD_LENGTH(alg) - 1] == 2);
        CHECK(memcmp(state + state_length - 2, "ab", 2) == 0);
        /* It is inactive now. */
        CHECK_STATUS(psa_hash_update(&operation, message, 1), PSA_ERROR_BAD_STATE);
        CHECK_STATUS(psa_hash_resume(&operation, state, state_length - 1), PSA_ERROR_INVALID_ARGUMENT);
        CHECK_STATUS(psa_hash_resume(&operation, state, state_length), PSA_SUCCESS);
        CHECK_STATUS(psa_hash_resume(&operation, state, state_length), PSA_ERROR_BAD_STATE);
        CHECK_STATUS(psa_hash_abort(&operation), PSA_SUCCESS);
        CHECK_STATUS(psa_hash_resume(&operation, state, state_length), PSA_SUCCESS);
        CHECK_STATUS(psa_hash_update(&operation, message + 2, 1), PSA_SUCCESS);
        CHECK_STATUS(psa_hash_finish(&operation, hash, sizeof hash, &length), PSA_SUCCESS);
        CHECK(length == expected.length && memcmp(hash, expected.data, length) == 0);
        /* The longest state is exactly as long as the macro says. */
        CHECK_STATUS(psa_hash_setup(&operation, alg), PSA_SUCCESS);
        CHECK_STATUS(psa_hash_update(&operation, filler, 2 * PSA_HASH_BLOCK_LENGTH(alg) - 1), PSA_SUCCESS);
        memset(guarded, 0x5a, sizeof guarded);
        CHECK_STATUS(psa_hash_suspend(&operation, guarded, PSA_HASH_SUSPEND_OUTPUT_SIZE(alg), &length), PSA_SUCCESS);
        CHECK(length == PSA_HASH_SUSPEND_OUTPUT_SIZE(alg) && guarded[length] == 0x5a);
        CHECK_STATUS(psa_hash_setup(&operation, alg), PSA_SUCCESS);
        CHECK_STATUS(psa_hash_update(&operation, filler, 2 * PSA_HASH_BLOCK_LENGTH(alg) - 1), PSA_SUCCESS);
        CHECK_STATUS(psa_hash_suspend(&operation, guarded, length - 1, &length), PSA_ERROR_BUFFER_TOO_SMALL);
        CHECK_STATUS(psa_hash_abort(&operation), PSA_SUCCESS);
    }
    CHECK(suspended == 11);
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
    RUN(suspend_and_resume);
    RUN(the_states_of_an_operation);
    RUN(what_is_no_hash_is_refused);
    return check_result();
}
