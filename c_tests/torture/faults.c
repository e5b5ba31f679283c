/* A disk that is full or broken, and a loss of power, at every single call that changes a file of the key store.
 *
 * For each n: the n-th write, truncation or fsync and all that follow fail. The call of the library says so, and
 * nothing has changed. With a loss of power, a process ends at the n-th call and what it had not brought to the disk is
 * undone: afterwards the key is wholly there or wholly absent, and what had been reported is so. */
#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../configurations.h"
#include "faults.h"

#define LASTING_KEY ((psa_key_id_t)1)
#define OTHER_KEY ((psa_key_id_t)2)
#define HMAC PSA_ALG_HMAC(PSA_ALG_SHA_256)

static const uint8_t material[32] = {'f', 'a', 'u', 'l', 't'};

static psa_status_t make(psa_key_id_t id)
{
    psa_key_attributes_t attributes =
        key_attributes(PSA_KEY_TYPE_HMAC, 256, PSA_KEY_USAGE_SIGN_MESSAGE | PSA_KEY_USAGE_COPY, HMAC);
    psa_key_id_t key;
    psa_set_key_id(&attributes, id);
    return psa_import_key(&attributes, material, sizeof material, &key);
}

/* 1 where the key is there and works, 0 where it is wholly absent. */
static int is_there(psa_key_id_t id)
{
    uint8_t mac[32];
    size_t length;
    psa_status_t status = psa_mac_compute(id, HMAC, material, 1, mac, sizeof mac, &length);
    if (status == PSA_ERROR_INVALID_HANDLE) {
        return 0;
    }
    CHECK_STATUS(status, PSA_SUCCESS);
    return 1;
}

static void let_fail(unsigned at, int error)
{
    fault.calls = 0;
    fault.error = error;
    fault.at = at;
}

static void stop_failing(void)
{
    fault.at = 0;
    fault.error = 0;
}

static psa_status_t copy(psa_key_id_t id)
{
    psa_key_attributes_t attributes = key_attributes(PSA_KEY_TYPE_HMAC, 256, PSA_KEY_USAGE_SIGN_MESSAGE, HMAC);
    psa_key_id_t key;
    psa_set_key_id(&attributes, id);
    return psa_copy_key(LASTING_KEY, &attributes, &key);
}

static int is_failure(psa_status_t status, int error)
{
    return status == PSA_ERROR_STORAGE_FAILURE || (error == ENOSPC && status == PSA_ERROR_INSUFFICIENT_STORAGE);
}

/* What was interrupted is listed until it is settled, when the next key is made; where `context` is set there is no
 * such excuse. */
static int never_an_orphan(void *context, const char *orphan, const char *text)
{
    if (context != NULL || strncmp(orphan, "interrupted:", 12) != 0) {
        fprintf(stderr, "orphan %s: %s\n", orphan, text);
        check_failures++;
    }
    return 0;
}

/* Every call of one kind fails once, at each of its steps. Returns how many steps it has. */
static unsigned fail_everywhere(psa_status_t (*call)(psa_key_id_t), int there_before, int error)
{
    unsigned at;
    for (at = 1;; at++) {
        psa_status_t status;
        if (is_there(OTHER_KEY) != there_before) {
            MUST_SUCCEED(there_before ? make(OTHER_KEY) : psa_destroy_key(OTHER_KEY));
        }
        let_fail(at, error);
        status = call(OTHER_KEY);
        if (fault.calls < at) {
            stop_failing();
            MUST_SUCCEED(status);
            CHECK_STATUS(parsec_list_orphans(never_an_orphan, &fault), PSA_SUCCESS);
            return at - 1;
        }
        stop_failing();
        if (status == PSA_SUCCESS) {
            /* Only what comes after the commit has failed. */
            CHECK(is_there(OTHER_KEY) == !there_before);
        } else {
            CHECK(is_failure(status, error));
            if (!is_failure(status, error)) {
                fprintf(stderr, "%d at step %u: %s\n", (int)status, at, parsec_last_error());
            }
            /* What a device has destroyed does not come back: such a destruction is completed. */
            CHECK(is_there(OTHER_KEY) == there_before || (there_before && in_device()));
        }
        CHECK(is_there(LASTING_KEY));
        CHECK_STATUS(parsec_list_orphans(never_an_orphan, NULL), PSA_SUCCESS);
        if (check_failures > 0) {
            fprintf(stderr, "with errno %d at step %u of %s\n", error, at, there_before ? "destroying" : "making");
            exit(1);
        }
    }
}

static void a_disk_that_fails(void)
{
    static const int errors[] = {EIO, ENOSPC};
    size_t i;
    for (i = 0; i < COUNT_OF(errors); i++) {
        unsigned made = fail_everywhere(make, 0, errors[i]);
        unsigned copied = fail_everywhere(copy, 0, errors[i]);
        unsigned destroyed = fail_everywhere(psa_destroy_key, 1, errors[i]);
        printf("errno %d at each of %u steps of importing, %u of copying, %u of destroying\n", errors[i], made, copied,
               destroyed);
        CHECK(made > 1 && copied > 1 && destroyed > 1);
    }
}

/* From plain rows to encrypted ones and back: all at once or not at all, and the keys are there in either case. */
static void a_disk_that_fails_while_the_protection_changes(void)
{
    static const int errors[] = {EIO, ENOSPC};
    static const char *const configurations[] = {"protected.toml", "plain.toml"};
    size_t i, to;
    for (i = 0; i < COUNT_OF(errors); i++) {
        for (to = 0; to < COUNT_OF(configurations); to++) {
            unsigned at, refused = 0;
            for (at = 1;; at++) {
                uint8_t mac[32];
                size_t length;
                psa_status_t status;
                /* As it was before. */
                use_configuration(configurations[1 - to]);
                mbedtls_psa_crypto_free();
                MUST_SUCCEED(psa_crypto_init());
                MUST(is_there(LASTING_KEY) && is_there(OTHER_KEY));
                use_configuration(configurations[to]);
                mbedtls_psa_crypto_free();
                let_fail(at, errors[i]);
                status = psa_crypto_init();
                if (status == PSA_SUCCESS) {
                    status = psa_mac_compute(LASTING_KEY, HMAC, material, 1, mac, sizeof mac, &length);
                }
                if (fault.calls < at) {
                    stop_failing();
                    MUST_SUCCEED(status);
                    break;
                }
                stop_failing();
                if (status != PSA_SUCCESS) {
                    refused++;
                    if (!CHECK(is_failure(status, errors[i]))) {
                        fprintf(stderr, "%d at step %u: %s\n", (int)status, at, parsec_last_error());
                    }
                }
                mbedtls_psa_crypto_free();
                MUST_SUCCEED(psa_crypto_init());
                if (!CHECK(is_there(LASTING_KEY) && is_there(OTHER_KEY))) {
                    fprintf(stderr, "with errno %d at step %u of going to %s\n", errors[i], at, configurations[to]);
                    exit(1);
                }
            }
            printf("errno %d at each of %u steps of going to %s, refused at %u\n", errors[i], at - 1,
                   configurations[to], refused);
            CHECK(at > 2 && refused > 1);
        }
    }
}

static void write_configurations(void)
{
    char path[512], line[600];
    scratch_path(path, sizeof path, "store.key");
    write_private_file(path, material, sizeof material);
    snprintf(line, sizeof line, "protect = { file = \"%s\" }", path);
    write_configuration("protected.toml", line, "");
    write_configuration("plain.toml", "protect = \"none\"", "");
}

static void remove_store(const char *scratch)
{
    char command[600];
    snprintf(command, sizeof command, "rm -rf '%s/keys'; mkdir -m 0700 '%s/keys'", scratch, scratch);
    MUST(system(command) == 0);
}

/* In a process of its own, in which nothing has been used: makes a store and its first key. */
static void set_up_with_failures(unsigned at, int error)
{
    psa_status_t status;
    let_fail(at, error);
    status = psa_crypto_init();
    if (status == PSA_SUCCESS) {
        status = make(LASTING_KEY);
    }
    if (fault.calls < at) {
        stop_failing();
        MUST_SUCCEED(status);
        _exit(100);
    }
    stop_failing();
    MUST_SUCCEED(psa_crypto_init());
    if (status != PSA_SUCCESS) {
        if (!CHECK(is_failure(status, error))) {
            fprintf(stderr, "%d at step %u: %s\n", (int)status, at, parsec_last_error());
        }
        CHECK(!is_there(LASTING_KEY));
        MUST_SUCCEED(make(LASTING_KEY));
    }
    CHECK(is_there(LASTING_KEY));
    CHECK_STATUS(psa_destroy_key(LASTING_KEY), PSA_SUCCESS);
    _exit(check_failures > 0 ? 1 : status != PSA_SUCCESS ? 2 : 0);
}

/* A store that cannot be made is made when there is room again. */
static void a_disk_that_fails_at_the_beginning(void)
{
    static const int errors[] = {EIO, ENOSPC};
    size_t i;
    for (i = 0; i < COUNT_OF(errors); i++) {
        unsigned at, refused = 0;
        int state = 0;
        for (at = 1; state != 100; at++) {
            pid_t child;
            remove_store(from_fixture("PARSEC_TEST_SCRATCH"));
            fflush(stdout);
            child = fork();
            MUST(child >= 0);
            if (child == 0) {
                set_up_with_failures(at, errors[i]);
            }
            MUST(waitpid(child, &state, 0) == child && WIFEXITED(state));
            state = WEXITSTATUS(state);
            if (!CHECK(state == 0 || state == 2 || state == 100)) {
                fprintf(stderr, "with errno %d at step %u of making a store\n", errors[i], at);
                return;
            }
            refused += state == 2;
        }
        printf("errno %d at each of %u steps of making a store, refused at %u\n", errors[i], at - 2, refused);
        CHECK(at > 10 && refused > 8);
    }
}

/* In a process of its own: imports, copies and destroys, and tells after each call how far it came. */
static void work_until_power_is_lost(unsigned at, int report)
{
    uint8_t done = 0;
    let_fail(at, FAULT_POWER);
    if (psa_crypto_init() != PSA_SUCCESS || make(LASTING_KEY) != PSA_SUCCESS) {
        _exit(2);
    }
    done = 1;
    if (write(report, &done, 1) != 1 || make(OTHER_KEY) != PSA_SUCCESS) {
        _exit(3);
    }
    done = 2;
    if (write(report, &done, 1) != 1 || psa_destroy_key(LASTING_KEY) != PSA_SUCCESS) {
        _exit(4);
    }
    done = 3;
    if (write(report, &done, 1) != 1) {
        _exit(5);
    }
    _exit(0);
}

static void check_after(uint8_t done)
{
    int lasting, other;
    MUST_SUCCEED(psa_crypto_init());
    lasting = is_there(LASTING_KEY);
    other = is_there(OTHER_KEY);
    CHECK(done < 1 || done >= 2 || lasting);
    CHECK(done < 2 || other);
    CHECK(done < 3 || !lasting);
    CHECK(other <= (done >= 1) && (lasting || done != 1));
    /* The store is as good as new. */
    if (!other) {
        MUST_SUCCEED(make(OTHER_KEY));
    }
    CHECK_STATUS(psa_destroy_key(OTHER_KEY), PSA_SUCCESS);
    _exit(check_failures > 0);
}

static int in_process(void (*work)(unsigned, int), void (*check)(uint8_t), unsigned at, int report, uint8_t done)
{
    int state;
    pid_t child;
    fflush(stdout);
    child = fork();
    MUST(child >= 0);
    if (child == 0) {
        if (work != NULL) {
            work(at, report);
        }
        check(done);
    }
    MUST(waitpid(child, &state, 0) == child);
    return state;
}

static void a_loss_of_power(void)
{
    unsigned at;
    for (at = 1;; at++) {
        int report[2], state;
        uint8_t done = 0, word;
        MUST(pipe(report) == 0);
        remove_store(from_fixture("PARSEC_TEST_SCRATCH"));
        state = in_process(work_until_power_is_lost, check_after, at, report[1], 0);
        close(report[1]);
        while (read(report[0], &word, 1) == 1) {
            done = word;
        }
        close(report[0]);
        if (WIFEXITED(state)) {
            MUST(WEXITSTATUS(state) == 0 && done == 3);
            printf("power lost at each of %u steps of making a store, two keys, and destroying one\n", at - 1);
            CHECK(at > 10);
            return;
        }
        MUST(WIFSIGNALED(state) && WTERMSIG(state) == SIGKILL);
        state = in_process(NULL, check_after, 0, 0, done);
        if (!CHECK(WIFEXITED(state) && WEXITSTATUS(state) == 0)) {
            fprintf(stderr, "power lost at step %u, after %u calls\n", at, done);
            return;
        }
    }
}

int main(void)
{
    snprintf(fault.directory, sizeof fault.directory, "%s/keys/", from_fixture("PARSEC_TEST_SCRATCH"));
    /* First, because these fork before the library is in use. */
    RUN(a_disk_that_fails_at_the_beginning);
    RUN(a_loss_of_power);
    remove_store(from_fixture("PARSEC_TEST_SCRATCH"));
    MUST_SUCCEED(psa_crypto_init());
    MUST_SUCCEED(make(LASTING_KEY));
    RUN(a_disk_that_fails);
    write_configurations();
    MUST(is_there(OTHER_KEY) || make(OTHER_KEY) == PSA_SUCCESS);
    RUN(a_disk_that_fails_while_the_protection_changes);
    return check_result();
}
