/* After fork(), parent and child both go on, with the keys and the operations that were open. */
#include "check.h"

#define P256 PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1)
#define ECDSA PSA_ALG_ECDSA(PSA_ALG_SHA_256)
#define SIGN (PSA_KEY_USAGE_SIGN_MESSAGE | PSA_KEY_USAGE_VERIFY_MESSAGE)

/* Runs a part in a child, and counts it as failed unless the child exits with 0. */
#define IN_CHILD(part) check_that(in_child(part) == 0, #part, __FILE__, __LINE__)

static void make(psa_key_id_t id)
{
    psa_key_attributes_t attributes = key_attributes(P256, 256, SIGN, ECDSA);
    psa_key_id_t key = PSA_KEY_ID_NULL;
    psa_set_key_id(&attributes, id);
    MUST_SUCCEED(psa_generate_key(&attributes, &key));
    CHECK_BACKEND(key, place_backend());
}

static void use(psa_key_id_t key)
{
    const uint8_t message[] = {'f', 'o', 'r', 'k'};
    uint8_t signature[64];
    size_t length;
    CHECK_STATUS(psa_sign_message(key, ECDSA, message, sizeof message, signature, sizeof signature, &length),
                 PSA_SUCCESS);
    CHECK_STATUS(psa_verify_message(key, ECDSA, message, sizeof message, signature, length), PSA_SUCCESS);
}

/* Without a resource manager a TPM belongs to one process at a time: here, to the parent. So does its session, which
 * tpm2-pkcs11 has one of. */
static int the_parent_keeps_the_device(void)
{
    return strcmp(place(), "swtpm") == 0 || strcmp(place(), "tpm2-pkcs11") == 0;
}

static psa_key_id_t volatile_key;
static int random_pipe[2];
static psa_hash_operation_t hash;

static void child_uses_the_volatile_key(void)
{
    use(volatile_key);
}

static void child_uses_the_persistent_key(void)
{
    use(1);
}

static void child_is_told_that_the_device_is_taken(void)
{
    uint8_t message[4] = {0}, signature[64];
    size_t length;
    CHECK_STATUS(psa_sign_message(1, ECDSA, message, sizeof message, signature, sizeof signature, &length),
                 PSA_ERROR_COMMUNICATION_FAILURE);
    CHECK(strstr(parsec_last_error(), strcmp(place(), "swtpm") == 0 ? "resource manager" : "was forked") != NULL);
}

static void child_makes_a_key(void)
{
    make(2);
    use(2);
}

static void child_destroys_a_key(void)
{
    CHECK_STATUS(psa_destroy_key(2), PSA_SUCCESS);
}

/* The generator's state was copied by fork(): what comes out must differ all the same. */
static void child_has_other_random_numbers(void)
{
    uint8_t own[32];
    MUST_SUCCEED(psa_generate_random(own, sizeof own));
    CHECK(write(random_pipe[1], own, sizeof own) == (ssize_t)sizeof own);
}

static void child_finishes_a_software_operation(void)
{
    struct bytes expected = hex("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK_STATUS(psa_hash_update(&hash, (const uint8_t *)"c", 1), PSA_SUCCESS);
    CHECK_STATUS(psa_hash_verify(&hash, expected.data, expected.length), PSA_SUCCESS);
}

static void random_numbers_differ(void)
{
    uint8_t child_random[32], parent_random[32];
    MUST(pipe(random_pipe) == 0);
    IN_CHILD(child_has_other_random_numbers);
    MUST_SUCCEED(psa_generate_random(parent_random, sizeof parent_random));
    MUST(read(random_pipe[0], child_random, sizeof child_random) == (ssize_t)sizeof child_random);
    CHECK(memcmp(child_random, parent_random, sizeof child_random) != 0);
}

static void volatile_keys_cross_the_fork(void)
{
    volatile_key = generate_key(P256, 256, SIGN, ECDSA);
    IN_CHILD(child_uses_the_volatile_key);
    use(volatile_key);
    CHECK_STATUS(psa_destroy_key(volatile_key), PSA_SUCCESS);
}

static void persistent_keys_cross_the_fork(void)
{
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    make(1);
    use(1);
    if (the_parent_keeps_the_device()) {
        IN_CHILD(child_is_told_that_the_device_is_taken);
        use(1);
        CHECK_STATUS(psa_destroy_key(1), PSA_SUCCESS);
        return;
    }
    IN_CHILD(child_uses_the_persistent_key);
    use(1);
    /* What the child made or destroyed, the parent sees. */
    IN_CHILD(child_makes_a_key);
    use(2);
    IN_CHILD(child_destroys_a_key);
    CHECK_STATUS(psa_get_key_attributes(2, &attributes), PSA_ERROR_INVALID_HANDLE);
    make(2);
    use(2);
    CHECK_STATUS(psa_destroy_key(1), PSA_SUCCESS);
    CHECK_STATUS(psa_destroy_key(2), PSA_SUCCESS);
}

static void child_destroys_the_mac_key(void)
{
    CHECK_STATUS(psa_destroy_key(3), PSA_SUCCESS);
}

/* Cached or not, in an operation or not: nothing that begins after the child has destroyed the key uses it. */
static void what_a_child_destroys_is_gone_in_the_parent(void)
{
    const psa_algorithm_t hmac = PSA_ALG_HMAC(PSA_ALG_SHA_256);
    const psa_key_usage_t usages[] = {0, PSA_KEY_USAGE_CACHE};
    uint8_t mac[32];
    size_t length, i;
    for (i = 0; i < COUNT_OF(usages); i++) {
        psa_key_attributes_t attributes =
            key_attributes(PSA_KEY_TYPE_HMAC, 256, PSA_KEY_USAGE_SIGN_MESSAGE | usages[i], hmac);
        psa_mac_operation_t begun = PSA_MAC_OPERATION_INIT, fed = PSA_MAC_OPERATION_INIT;
        psa_key_id_t key;
        psa_set_key_id(&attributes, 3);
        MUST_SUCCEED(psa_generate_key(&attributes, &key));
        MUST_SUCCEED(psa_mac_compute(3, hmac, (const uint8_t *)"x", 1, mac, sizeof mac, &length));
        MUST_SUCCEED(psa_mac_sign_setup(&begun, 3, hmac));
        MUST_SUCCEED(psa_mac_sign_setup(&fed, 3, hmac));
        MUST_SUCCEED(psa_mac_update(&fed, (const uint8_t *)"x", 1));
        IN_CHILD(child_destroys_the_mac_key);
        CHECK_STATUS(psa_mac_update(&begun, (const uint8_t *)"x", 1), PSA_ERROR_BAD_STATE);
        CHECK_STATUS(psa_mac_sign_finish(&fed, mac, sizeof mac, &length), PSA_ERROR_BAD_STATE);
        CHECK_STATUS(psa_mac_compute(3, hmac, (const uint8_t *)"x", 1, mac, sizeof mac, &length),
                     PSA_ERROR_INVALID_HANDLE);
        CHECK_STATUS(psa_mac_abort(&begun), PSA_SUCCESS);
        CHECK_STATUS(psa_mac_abort(&fed), PSA_SUCCESS);
    }
}

static void operations_cross_the_fork(void)
{
    MUST_SUCCEED(psa_hash_setup(&hash, PSA_ALG_SHA_256));
    MUST_SUCCEED(psa_hash_update(&hash, (const uint8_t *)"ab", 2));
    IN_CHILD(child_finishes_a_software_operation);
    child_finishes_a_software_operation();
}

static void many_children(void)
{
    int i;
    make(1);
    for (i = 0; i < REPEAT(8, 200); i++) {
        use(1);
        IN_CHILD(child_makes_a_key);
        use(2);
        IN_CHILD(child_destroys_a_key);
    }
    CHECK_STATUS(psa_destroy_key(1), PSA_SUCCESS);
}

int main(void)
{
    MUST_SUCCEED(psa_crypto_init());
    RUN(random_numbers_differ);
    RUN(volatile_keys_cross_the_fork);
    RUN(persistent_keys_cross_the_fork);
    RUN(operations_cross_the_fork);
    if (!the_parent_keeps_the_device()) {
        RUN(what_a_child_destroys_is_gone_in_the_parent);
        RUN(many_children);
    }
    return check_result();
}
