/* A program forks while another thread is in its first calls: nothing may be half done for ever in the child. Each try is
 * a process of its own, in which the library is new, and forks at another moment. */
#include <pthread.h>
#include <time.h>

#include "../check.h"
#include "locks.h"

#define AES PSA_KEY_TYPE_AES
#define CTR_USAGE (PSA_KEY_USAGE_ENCRYPT | PSA_KEY_USAGE_DECRYPT)
#define P256 PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1)
#define ECDSA PSA_ALG_ECDSA(PSA_ALG_SHA_256)
#define SIGN (PSA_KEY_USAGE_SIGN_MESSAGE | PSA_KEY_USAGE_VERIFY_MESSAGE)
#define KEY ((psa_key_id_t)1)
/* No try takes so long, unless it hangs. */
#define PATIENCE 30
/* How the names of tries begin in which a thread is kept in one of its locks, and in one that it takes as it ends. */
#define KEPT "kept:"
#define KEPT_AT_END "kept at its end:"

static const uint8_t message[16] = "first use";

static psa_status_t sign(void)
{
    uint8_t signature[64];
    size_t length;
    psa_status_t status = psa_sign_message(KEY, ECDSA, message, sizeof message, signature, sizeof signature, &length);
    return status == PSA_SUCCESS ? psa_verify_message(KEY, ECDSA, message, sizeof message, signature, length) : status;
}

/* Every part of the library that makes something at its first use. */
static void work(void)
{
    psa_key_attributes_t attributes = key_attributes(AES, 128, CTR_USAGE, PSA_ALG_CTR);
    uint8_t random[32], output[64];
    psa_key_id_t key;
    size_t length;
    MUST_SUCCEED(psa_crypto_init());
    MUST_SUCCEED(psa_generate_random(random, sizeof random));
    MUST_SUCCEED(psa_generate_key(&attributes, &key));
    MUST_SUCCEED(psa_cipher_encrypt(key, PSA_ALG_CTR, message, sizeof message, output, sizeof output, &length));
    MUST_SUCCEED(psa_destroy_key(key));
    MUST_SUCCEED(sign());
}

static void *work_in_thread(void *at_end)
{
    work();
    if (at_end != NULL) {
        keep_lock(*(const int *)at_end);
    }
    return NULL;
}

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void wait_for(double delay)
{
    double begin = seconds();
    while (seconds() - begin < delay) {
    }
}

/* Where the thread takes fewer locks, there is nothing to wait for. */
static void wait_until_kept(void)
{
    double begin = seconds();
    while (!lock_is_kept() && seconds() - begin < 1) {
    }
}

/* What follows `beginning` in `name`, as a number; 0 where it begins otherwise. */
static int number_after(const char *beginning, const char *name)
{
    return strncmp(name, beginning, strlen(beginning)) == 0 ? atoi(name + strlen(beginning)) : 0;
}

/* One try: a thread begins, and this one forks: after so many microseconds, or while the thread is kept in the lock of this
 * number. */
static int try_once(const char *when)
{
    pthread_t thread;
    int state, number = number_after(KEPT, when), at_end = number_after(KEPT_AT_END, when);
    pid_t child;
    alarm(2 * PATIENCE);
    main_thread_is_not_kept();
    keep_lock(number);
    MUST(pthread_create(&thread, NULL, work_in_thread, at_end > 0 ? &at_end : NULL) == 0);
    if (number > 0 || at_end > 0) {
        wait_until_kept();
    } else {
        wait_for(strtod(when, NULL) / 1e6);
    }
    child = forked();
    if (child == 0) {
        /* An alarm is not inherited. */
        alarm(PATIENCE);
        work();
        exit(check_result());
    }
    state = end_of(child);
    MUST(pthread_join(thread, NULL) == 0);
    if (!WIFEXITED(state) || WEXITSTATUS(state) != 0) {
        fprintf(stderr, "the child of a fork at %s ended with state 0x%x\n", when, (unsigned)state);
        return 1;
    }
    return check_result();
}

/* Runs this program again. */
static int in_new_process(const char *program, const char *argument)
{
    pid_t child = forked();
    if (child == 0) {
        execl(program, program, argument, (char *)NULL);
        _exit(127);
    }
    return exit_status(child);
}

static int kept(const char *program, const char *where, int number)
{
    char text[32];
    snprintf(text, sizeof text, "%s%d", where, number);
    return in_new_process(program, text) != 0;
}

static void make_key(void)
{
    psa_key_attributes_t attributes = key_attributes(P256, 256, SIGN, ECDSA);
    psa_key_id_t key;
    MUST_SUCCEED(psa_crypto_init());
    psa_set_key_id(&attributes, KEY);
    MUST_SUCCEED(psa_generate_key(&attributes, &key));
    CHECK_BACKEND(key, place_backend());
}

int main(int argc, char **argv)
{
    const int tries = TORTURE(100, 3000);
    double begin, all;
    int i, number, failed = 0;
    if (argc > 1 && strcmp(argv[1], "make") == 0) {
        make_key();
        return check_result();
    }
    if (argc > 1 && strcmp(argv[1], "work") == 0) {
        work();
        return check_result();
    }
    if (argc > 1) {
        return try_once(argv[1]);
    }
    MUST(in_new_process(argv[0], "make") == 0);
    /* The tries are spread over the time that the first calls take. */
    begin = seconds();
    MUST(in_new_process(argv[0], "work") == 0);
    all = seconds() - begin;
    for (i = 0; i < tries && failed < 3; i++) {
        char text[32];
        snprintf(text, sizeof text, "%.1f", 1e6 * all * i / tries);
        failed += in_new_process(argv[0], text) != 0;
    }
    for (number = 1; number <= TORTURE(3, 12); number++) {
        /* Those of a PKCS#11 module may be held for as long as it likes, and are not waited for to their end. */
        if (strcmp(place(), "softhsm") != 0) {
            failed += kept(argv[0], KEPT, number);
        }
        failed += number <= 3 && kept(argv[0], KEPT_AT_END, number);
    }
    CHECK(failed == 0);
    printf("%s: %d forks within the first %.1f ms of the library\n", place(), i, all * 1e3);
    return check_result();
}
