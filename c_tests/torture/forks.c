/* A program with keys in the place, or in every place at once, forks: parent and children use them at the same time. */
#include <limits.h>
#include <pthread.h>
#include <sys/mman.h>

#include "../check.h"

#define CHILDREN 4
#define THREADS 16
#define P256 PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1)
#define ECDSA PSA_ALG_ECDSA(PSA_ALG_SHA_256)
#define SIGN (PSA_KEY_USAGE_SIGN_MESSAGE | PSA_KEY_USAGE_VERIFY_MESSAGE)
#define KEY ((psa_key_id_t)1)
/* Identifiers of keys that are made together. */
#define STEP ((psa_key_id_t)10)

struct shared {
    uint8_t random[64][32];
};

static struct shared *shared;
static uint8_t public_key[65];

/* Where the keys are, in the place "everywhere". */
static const struct {
    const char *backend;
    psa_key_location_t location;
} everywhere[] = {{"software", 0}, {"softhsm", 0x800001}, {"tpm", 1}};

static size_t places(void)
{
    return strcmp(place(), "everywhere") == 0 ? COUNT_OF(everywhere) : 1;
}

/* One key in each place. */
static void make(psa_key_id_t first)
{
    size_t i;
    for (i = 0; i < places(); i++) {
        psa_key_attributes_t attributes = key_attributes(P256, 256, SIGN, ECDSA);
        psa_key_id_t key;
        psa_set_key_id(&attributes, first + STEP * (psa_key_id_t)i);
        if (places() > 1) {
            psa_set_key_lifetime(&attributes, PSA_KEY_LIFETIME_FROM_PERSISTENCE_AND_LOCATION(
                                                  PSA_KEY_PERSISTENCE_DEFAULT, everywhere[i].location));
        }
        MUST_SUCCEED(psa_generate_key(&attributes, &key));
        CHECK_BACKEND(key, places() > 1 ? everywhere[i].backend : place_backend());
    }
}

static void destroy(psa_key_id_t first)
{
    size_t i;
    for (i = 0; i < places(); i++) {
        CHECK_STATUS(psa_destroy_key(first + STEP * (psa_key_id_t)i), PSA_SUCCESS);
    }
}

static psa_status_t sign_with(psa_key_id_t key)
{
    const uint8_t message[] = {'f', 'o', 'r', 'k'};
    uint8_t signature[64];
    size_t length;
    psa_status_t status =
        psa_sign_message(key, ECDSA, message, sizeof message, signature, sizeof signature, &length);
    return status == PSA_SUCCESS ? psa_verify_message(key, ECDSA, message, sizeof message, signature, length) : status;
}

/* With all keys that were made together. */
static psa_status_t sign(psa_key_id_t first)
{
    psa_status_t status = PSA_SUCCESS;
    size_t i;
    for (i = 0; i < places() && status == PSA_SUCCESS; i++) {
        status = sign_with(first + STEP * (psa_key_id_t)i);
    }
    return status;
}

static void sign_often(int times)
{
    int i;
    for (i = 0; i < times && check_failures == 0; i++) {
        CHECK_STATUS(sign(KEY), PSA_SUCCESS);
    }
}

static int all_went_well(const pid_t *children, size_t count)
{
    size_t i;
    int well = 1;
    for (i = 0; i < count; i++) {
        int state = end_of(children[i]);
        if (!WIFEXITED(state) || WEXITSTATUS(state) != 0) {
            fprintf(stderr, "child %lu ended with state 0x%x\n", (unsigned long)i, (unsigned)state);
            well = 0;
        }
    }
    return well;
}

/* Ends with its exit handlers, as a program does. */
static void child(size_t number, int times)
{
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    alarm(120);
    MUST_SUCCEED(psa_generate_random(shared->random[number], 32));
    sign_often(times);
    make(100 + (psa_key_id_t)number);
    CHECK_STATUS(sign(100 + (psa_key_id_t)number), PSA_SUCCESS);
    destroy(100 + (psa_key_id_t)number);
    CHECK_STATUS(psa_get_key_attributes(KEY, &attributes), PSA_SUCCESS);
    fflush(stderr);
    exit(check_result());
}

static void parent_and_children_sign_at_the_same_time(void)
{
    const int times = TORTURE(20, 1000) / (int)places();
    pid_t children[CHILDREN];
    size_t i, j;
    sign_often(1);
    for (i = 0; i < CHILDREN; i++) {
        children[i] = forked();
        if (children[i] == 0) {
            child(i, times);
        }
        sign_often(times / 4);
    }
    sign_often(times);
    CHECK(all_went_well(children, CHILDREN));
    /* Their ends have not taken anything away. */
    sign_often(2);
    MUST_SUCCEED(psa_generate_random(shared->random[CHILDREN], 32));
    for (i = 0; i <= CHILDREN; i++) {
        for (j = 0; j < i; j++) {
            CHECK(memcmp(shared->random[i], shared->random[j], 32) != 0);
        }
    }
}

static psa_status_t call(void)
{
    psa_key_attributes_t attributes = key_attributes(P256, 256, SIGN, ECDSA);
    psa_key_id_t key;
    uint8_t random[16];
    psa_status_t status = sign(KEY);
    if (status == PSA_SUCCESS) {
        status = psa_generate_random(random, sizeof random);
    }
    if (status == PSA_SUCCESS) {
        status = psa_generate_key(&attributes, &key);
    }
    return status == PSA_SUCCESS ? psa_destroy_key(key) : status;
}

/* So many times; a smaller number stops it. */
static void *keep_calling(void *argument)
{
    int *times = (int *)argument;
    psa_status_t status = PSA_SUCCESS;
    int i;
    for (i = 0; i < __atomic_load_n(times, __ATOMIC_SEQ_CST) && status == PSA_SUCCESS; i++) {
        status = call();
    }
    if (status != PSA_SUCCESS) {
        fprintf(stderr, "a thread of process %d: %d %s\n", (int)getpid(), (int)status, parsec_last_error());
    }
    return status == PSA_SUCCESS ? NULL : argument;
}

static void start_threads(pthread_t *threads, int *times)
{
    size_t i;
    for (i = 0; i < THREADS; i++) {
        MUST(pthread_create(&threads[i], NULL, keep_calling, times) == 0);
    }
}

static void await_threads(const pthread_t *threads)
{
    size_t i;
    for (i = 0; i < THREADS; i++) {
        void *failed;
        MUST(pthread_join(threads[i], &failed) == 0);
        CHECK(failed == NULL);
    }
}

/* The child has threads of its own, which wait for each other: in no queue with those of the parent. */
static void fork_while_threads_are_inside_calls(void)
{
    const int rounds = TORTURE(10, 300);
    int times = INT_MAX, few = 2, round, well = 1;
    pthread_t threads[THREADS];
    start_threads(threads, &times);
    for (round = 0; round < rounds && well; round++) {
        pid_t one = forked();
        if (one == 0) {
            /* A child that hangs is ended by the alarm, and counted. */
            alarm(60);
            CHECK_STATUS(sign(KEY), PSA_SUCCESS);
            start_threads(threads, &few);
            await_threads(threads);
            fflush(stderr);
            _exit(check_failures > 0);
        }
        well = all_went_well(&one, 1);
    }
    CHECK(well);
    __atomic_store_n(&times, 0, __ATOMIC_SEQ_CST);
    await_threads(threads);
    printf("%s: %d forks while %d threads were inside calls, each child with %d threads\n", place(), round, THREADS, THREADS);
}

int main(void)
{
    size_t length;
    shared = (struct shared *)mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    MUST(shared != MAP_FAILED);
    MUST_SUCCEED(psa_crypto_init());
    make(KEY);
    MUST_SUCCEED(psa_export_public_key(KEY, public_key, sizeof public_key, &length));
    RUN(parent_and_children_sign_at_the_same_time);
    RUN(fork_while_threads_are_inside_calls);
    return check_result();
}
