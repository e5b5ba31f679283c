/* Threads: every function may be called by many at once (PSA 1.5, section 5.6). */
#include <pthread.h>

#include "check.h"

#define THREADS 8
#define P256 PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1)
#define ECDSA PSA_ALG_ECDSA(PSA_ALG_SHA_256)
#define SIGN (PSA_KEY_USAGE_SIGN_MESSAGE | PSA_KEY_USAGE_VERIFY_MESSAGE)
#define SHARED_KEY ((psa_key_id_t)1)

/* The checks of check.h count in a plain variable, so a thread only reports its first unexpected status. */
struct work {
    pthread_t thread;
    psa_status_t (*run)(uint32_t number);
    uint32_t number;
    psa_status_t status;
};

static void *start(void *argument)
{
    struct work *work = (struct work *)argument;
    work->status = work->run(work->number);
    return NULL;
}

static void in_all_threads(psa_status_t (*run)(uint32_t number))
{
    struct work work[THREADS];
    uint32_t i;
    for (i = 0; i < THREADS; i++) {
        work[i].run = run;
        work[i].number = i;
        MUST(pthread_create(&work[i].thread, NULL, start, &work[i]) == 0);
    }
    for (i = 0; i < THREADS; i++) {
        MUST(pthread_join(work[i].thread, NULL) == 0);
        CHECK_STATUS(work[i].status, PSA_SUCCESS);
    }
}

static psa_status_t sign_and_verify(psa_key_id_t key, uint32_t number)
{
    uint8_t message[4] = {(uint8_t)number, 1, 2, 3}, signature[64];
    size_t length;
    psa_status_t status = psa_sign_message(key, ECDSA, message, sizeof message, signature, sizeof signature, &length);
    return status != PSA_SUCCESS ? status
                                 : psa_verify_message(key, ECDSA, message, sizeof message, signature, length);
}

static psa_status_t with_the_shared_key(uint32_t number)
{
    psa_status_t status = PSA_SUCCESS;
    int i;
    for (i = 0; i < REPEAT(25, 500) && status == PSA_SUCCESS; i++) {
        status = sign_and_verify(SHARED_KEY, number);
    }
    return status;
}

/* All threads use the one key of the place. */
static void one_key(void)
{
    psa_key_attributes_t attributes = key_attributes(P256, 256, SIGN, ECDSA);
    psa_key_id_t key = PSA_KEY_ID_NULL;
    psa_set_key_id(&attributes, SHARED_KEY);
    MUST_SUCCEED(psa_generate_key(&attributes, &key));
    CHECK_BACKEND(key, place_backend());
    in_all_threads(with_the_shared_key);
    CHECK_STATUS(psa_destroy_key(SHARED_KEY), PSA_SUCCESS);
}

static psa_status_t with_keys_of_its_own(uint32_t number)
{
    psa_status_t status = PSA_SUCCESS;
    int i;
    for (i = 0; i < REPEAT(20, 400) && status == PSA_SUCCESS; i++) {
        psa_key_attributes_t attributes = key_attributes(P256, 256, SIGN, ECDSA);
        psa_key_id_t key = PSA_KEY_ID_NULL;
        status = psa_generate_key(&attributes, &key);
        if (status == PSA_SUCCESS) {
            status = sign_and_verify(key, number);
        }
        if (status == PSA_SUCCESS) {
            status = psa_destroy_key(key);
        }
    }
    return status;
}

static void keys_that_come_and_go(void)
{
    in_all_threads(with_keys_of_its_own);
}

static psa_status_t persistent_keys(uint32_t number)
{
    psa_key_attributes_t attributes = key_attributes(P256, 256, SIGN, ECDSA);
    psa_key_id_t key = PSA_KEY_ID_NULL;
    psa_status_t status;
    psa_set_key_id(&attributes, 100 + number);
    status = psa_generate_key(&attributes, &key);
    if (status == PSA_SUCCESS) {
        status = psa_purge_key(key);
    }
    if (status == PSA_SUCCESS) {
        status = sign_and_verify(key, number);
    }
    return status == PSA_SUCCESS ? psa_destroy_key(key) : status;
}

static void persistent_keys_at_once(void)
{
    in_all_threads(persistent_keys);
}

/* The SHA-256 of a million letters, FIPS 180-4. */
static psa_status_t hash_in_parts(uint32_t number)
{
    static const char expected[] = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";
    psa_hash_operation_t operation = PSA_HASH_OPERATION_INIT;
    struct bytes hash = hex(expected);
    uint8_t letters[500];
    psa_status_t status = psa_hash_setup(&operation, PSA_ALG_SHA_256);
    int i;
    (void)number;
    memset(letters, 'a', sizeof letters);
    for (i = 0; i < 2000 && status == PSA_SUCCESS; i++) {
        status = psa_hash_update(&operation, letters, sizeof letters);
    }
    return status == PSA_SUCCESS ? psa_hash_verify(&operation, hash.data, hash.length) : status;
}

static void operations_at_once(void)
{
    in_all_threads(hash_in_parts);
}

/* A thousand keys live at the same time; each still is itself. */
static void a_thousand_keys(void)
{
    static psa_key_id_t keys[1000];
    uint8_t material[16];
    size_t i, length;
    for (i = 0; i < COUNT_OF(keys); i++) {
        psa_key_attributes_t attributes = key_attributes(PSA_KEY_TYPE_AES, 128, PSA_KEY_USAGE_EXPORT, PSA_ALG_CTR);
        memset(material, (int)(i & 0xff), sizeof material);
        material[0] = (uint8_t)(i >> 8);
        MUST_SUCCEED(psa_import_key(&attributes, material, sizeof material, &keys[i]));
    }
    for (i = 0; i < COUNT_OF(keys); i++) {
        MUST_SUCCEED(psa_export_key(keys[i], material, sizeof material, &length));
        CHECK(length == 16 && material[0] == (uint8_t)(i >> 8) && material[15] == (uint8_t)(i & 0xff));
        MUST_SUCCEED(psa_destroy_key(keys[i]));
    }
}

/* Signing with a thousand live keys, which is far more than Mbed TLS has slots for. */
static void a_thousand_signing_keys(void)
{
    static psa_key_id_t keys[1000];
    size_t i;
    for (i = 0; i < COUNT_OF(keys); i++) {
        psa_key_attributes_t attributes = key_attributes(P256, 256, SIGN, ECDSA);
        MUST_SUCCEED(psa_generate_key(&attributes, &keys[i]));
    }
    for (i = 0; i < COUNT_OF(keys); i++) {
        CHECK_STATUS(sign_and_verify(keys[i], (uint32_t)i), PSA_SUCCESS);
        MUST_SUCCEED(psa_destroy_key(keys[i]));
    }
}

int main(void)
{
    MUST_SUCCEED(psa_crypto_init());
    RUN(one_key);
    RUN(keys_that_come_and_go);
    RUN(persistent_keys_at_once);
    RUN(operations_at_once);
    RUN(a_thousand_keys);
    RUN(a_thousand_signing_keys);
    return check_result();
}
