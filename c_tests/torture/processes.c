/* Several processes with several threads each make, use and destroy keys in one store and one device.
 *
 * No error but ALREADY_EXISTS and INVALID_HANDLE, no key is lost, and no call that began after a destruction had
 * returned, in whatever process, still uses the key. For the last, each identifier has in shared memory the number of
 * times that it was destroyed; who uses a key reads that number before, and who made the key wrote it into the label of
 * what only this key can compute, its public key. */
#include <pthread.h>
#include <sched.h>
#include <sys/mman.h>
#include <time.h>

#include "../check.h"

#define PROCESSES 4
#define THREADS 4
#define IDENTIFIERS 6
#define P256 PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1)
#define ECDSA PSA_ALG_ECDSA(PSA_ALG_SHA_256)
#define SIGN (PSA_KEY_USAGE_SIGN_MESSAGE | PSA_KEY_USAGE_VERIFY_MESSAGE)
#define FIRST_KEY ((psa_key_id_t)50)

/* What is known of an identifier. A key is destroyed by whoever claims it, so that there is one at a time. */
struct identifier {
    /* Grows when a destroying call has returned. */
    uint64_t destroyed;
    /* Grows when a creating call has returned. */
    uint64_t made;
    /* Who is making or destroying it. */
    uint32_t claimed;
    /* The public keys of all that were destroyed, by the number of their destruction. */
    uint8_t gone[4096][64];
};

struct shared {
    struct identifier identifiers[IDENTIFIERS];
    uint64_t uses, refused, failures;
    uint32_t stop;
};

static struct shared *shared;

static uint64_t read_number(const uint64_t *number)
{
    return __atomic_load_n(number, __ATOMIC_SEQ_CST);
}

static void count(uint64_t *number)
{
    __atomic_add_fetch(number, 1, __ATOMIC_SEQ_CST);
}

static void failed(const char *what, psa_key_id_t key, psa_status_t status)
{
    fprintf(stderr, "process %d, key %u: %s is %d: %s\n", (int)getpid(), (unsigned)key, what, (int)status,
            parsec_last_error());
    count(&shared->failures);
    __atomic_store_n(&shared->stop, 1, __ATOMIC_SEQ_CST);
}

static psa_status_t make(psa_key_id_t id)
{
    psa_key_attributes_t attributes = key_attributes(P256, 256, SIGN, ECDSA);
    psa_key_id_t key;
    psa_set_key_id(&attributes, id);
    return psa_generate_key(&attributes, &key);
}

/* Whoever claims an identifier makes its key, or destroys it. Others try the same calls without a claim. */
static void change(struct identifier *identifier, psa_key_id_t id)
{
    uint8_t public_key[65];
    size_t length;
    psa_status_t status;
    if (__atomic_exchange_n(&identifier->claimed, 1, __ATOMIC_SEQ_CST) != 0) {
        return;
    }
    if (identifier->made == identifier->destroyed) {
        status = make(id);
        if (status != PSA_SUCCESS) {
            failed("making", id, status);
        }
        count(&identifier->made);
    } else {
        status = psa_export_public_key(id, public_key, sizeof public_key, &length);
        if (status != PSA_SUCCESS) {
            failed("a key is lost: exporting", id, status);
        } else {
            memcpy(identifier->gone[identifier->destroyed % COUNT_OF(identifier->gone)], public_key + 1, 64);
        }
        status = psa_destroy_key(id);
        if (status != PSA_SUCCESS) {
            failed("destroying", id, status);
        }
        count(&identifier->destroyed);
    }
    __atomic_store_n(&identifier->claimed, 0, __ATOMIC_SEQ_CST);
}

/* True for the key of one of the last destructions before `destroyed`. */
static int is_gone(struct identifier *identifier, uint64_t destroyed, const uint8_t *public_key)
{
    uint64_t i;
    for (i = destroyed > 64 ? destroyed - 64 : 0; i < destroyed; i++) {
        if (memcmp(identifier->gone[i % COUNT_OF(identifier->gone)], public_key + 1, 64) == 0) {
            return 1;
        }
    }
    return 0;
}

static void use(struct identifier *identifier, psa_key_id_t id)
{
    static const uint8_t message[] = {'p', 's', 'a'};
    uint8_t public_key[65], signature[64];
    uint64_t destroyed = read_number(&identifier->destroyed);
    size_t length;
    psa_status_t status = psa_export_public_key(id, public_key, sizeof public_key, &length);
    if (status == PSA_SUCCESS && is_gone(identifier, destroyed, public_key)) {
        failed("a destroyed key was used: exporting", id, status);
    }
    if (status == PSA_SUCCESS) {
        destroyed = read_number(&identifier->destroyed);
        status = psa_sign_message(id, ECDSA, message, sizeof message, signature, sizeof signature, &length);
        if (status == PSA_SUCCESS) {
            psa_key_attributes_t attributes = key_attributes(PSA_KEY_TYPE_ECC_PUBLIC_KEY(PSA_ECC_FAMILY_SECP_R1), 256,
                                                             PSA_KEY_USAGE_VERIFY_MESSAGE, ECDSA);
            psa_key_id_t verifier;
            psa_status_t imported = psa_import_key(&attributes, public_key, sizeof public_key, &verifier);
            psa_status_t verified =
                psa_verify_message(verifier, ECDSA, message, sizeof message, signature, sizeof signature);
            if (imported != PSA_SUCCESS || psa_destroy_key(verifier) != PSA_SUCCESS) {
                failed("verifying", id, imported);
            }
            /* Signed by the exported key after it had been destroyed, or by no key that there ever was? */
            if (verified == PSA_SUCCESS && is_gone(identifier, destroyed, public_key)) {
                failed("a destroyed key was used: signing", id, verified);
            }
        }
    }
    if (status == PSA_SUCCESS) {
        count(&shared->uses);
    } else if (status == PSA_ERROR_INVALID_HANDLE) {
        count(&shared->refused);
    } else {
        failed("using", id, status);
    }
}

/* Without a claim: it exists already, or is being destroyed; a volatile key is made and destroyed too. */
static void meddle(psa_key_id_t id)
{
    psa_key_attributes_t attributes = key_attributes(PSA_KEY_TYPE_AES, 128, PSA_KEY_USAGE_ENCRYPT, PSA_ALG_CTR);
    psa_key_id_t key;
    psa_status_t status = psa_purge_key(id);
    if (status != PSA_SUCCESS && status != PSA_ERROR_INVALID_HANDLE) {
        failed("purging", id, status);
    }
    status = psa_generate_key(&attributes, &key);
    if (status != PSA_SUCCESS || psa_destroy_key(key) != PSA_SUCCESS) {
        failed("a volatile key", key, status);
    }
}

static int never_an_orphan(void *context, const char *orphan, const char *text)
{
    fprintf(stderr, "orphan %s: %s\n", orphan, text);
    count((uint64_t *)context);
    return 0;
}

static void *work(void *argument)
{
    unsigned seed = (unsigned)(size_t)argument;
    while (!__atomic_load_n(&shared->stop, __ATOMIC_SEQ_CST)) {
        size_t number;
        seed = seed * 1103515245u + 12345u;
        number = (seed >> 16) % IDENTIFIERS;
        switch ((seed >> 24) % 8) {
        case 0:
        case 1:
            change(&shared->identifiers[number], FIRST_KEY + (psa_key_id_t)number);
            break;
        case 2:
            meddle(FIRST_KEY + (psa_key_id_t)number);
            break;
        default:
            use(&shared->identifiers[number], FIRST_KEY + (psa_key_id_t)number);
        }
    }
    return NULL;
}

static void in_threads(unsigned process)
{
    pthread_t threads[THREADS];
    size_t i;
    for (i = 0; i < THREADS; i++) {
        MUST(pthread_create(&threads[i], NULL, work, (void *)(size_t)(process * 101u + i * 7u + 1u)) == 0);
    }
    for (i = 0; i < THREADS; i++) {
        MUST(pthread_join(threads[i], NULL) == 0);
    }
}

/* All at once: none has connected before. */
static void begin(unsigned process, int start)
{
    uint8_t byte;
    MUST(read(start, &byte, 1) == 0);
    MUST_SUCCEED(psa_crypto_init());
    MUST_SUCCEED(make(1000 + process));
    in_threads(process);
    _exit(check_failures > 0);
}

static uint64_t keys_made(void)
{
    uint64_t made = 0;
    size_t i;
    for (i = 0; i < IDENTIFIERS; i++) {
        made += read_number(&shared->identifiers[i].made);
    }
    return made;
}

/* True as long as threads should go on: for some seconds, and where making keys is slow until there were enough. */
static int goes_on(time_t begun, time_t seconds)
{
    const time_t passed = time(NULL) - begun;
    const int enough = keys_made() > 2 * IDENTIFIERS && read_number(&shared->uses) > 0;
    return !__atomic_load_n(&shared->stop, __ATOMIC_SEQ_CST) && (passed < seconds || (!enough && passed < seconds + 60));
}

int main(void)
{
    const time_t seconds = TORTURE(3, 60);
    pid_t children[PROCESSES];
    uint64_t orphans = 0;
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    int start[2];
    time_t begun;
    unsigned i;
    shared = (struct shared *)mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    MUST(shared != MAP_FAILED && pipe(start) == 0);
    shared->stop = 0;
    for (i = 0; i < PROCESSES; i++) {
        children[i] = forked();
        if (children[i] == 0) {
            close(start[1]);
            begin(i, start[0]);
        }
    }
    close(start[1]);
    for (begun = time(NULL); goes_on(begun, seconds);) {
        struct timespec moment = {0, 50000000};
        nanosleep(&moment, NULL);
    }
    __atomic_store_n(&shared->stop, 1, __ATOMIC_SEQ_CST);
    for (i = 0; i < PROCESSES; i++) {
        CHECK(exit_status(children[i]) == 0);
    }
    /* What should be there is there, and nothing else. */
    MUST_SUCCEED(psa_crypto_init());
    for (i = 0; i < IDENTIFIERS; i++) {
        struct identifier *identifier = &shared->identifiers[i];
        CHECK_STATUS(psa_get_key_attributes(FIRST_KEY + i, &attributes),
                     identifier->made == identifier->destroyed ? PSA_ERROR_INVALID_HANDLE : PSA_SUCCESS);
    }
    CHECK_STATUS(parsec_list_orphans(never_an_orphan, &orphans), PSA_SUCCESS);
    CHECK(orphans == 0 && shared->failures == 0 && keys_made() > 2 * IDENTIFIERS && shared->uses > 0);
    printf("%s: %d processes x %d threads, %ld s: %lu keys made, %lu uses, %lu refused\n", place(), PROCESSES, THREADS,
           (long)(time(NULL) - begun), (unsigned long)keys_made(), (unsigned long)shared->uses, (unsigned long)shared->refused);
    return check_result();
}
