/* A disk that is full or broken, and a loss of power, at every single call that changes a file of the key store.
 *
 * For each n: the n-th write, truncation or fsync and all that follow fail. The call of the library says so, and
 * nothing has changed. With a loss of power, a process ends at the n-th call and what it had not brought to the disk is
 * undone: afterwards the key is wholly there or wholly absent, and what had been reported is so. */
#include <errno.h>
#include <signal.h>

#include "../configurations.h"
#include "changes.h"
#include "faults.h"

#define OTHER_KEY ((psa_key_id_t)2)

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

/* A change fails once at each of its steps. Returns how many steps it has. */
static unsigned fail_everywhere(size_t change, int error)
{
    const int there_before = changes[change].there_before;
    unsigned at;
    for (at = 1;; at++) {
        psa_status_t status;
        if (is_there(OTHER_KEY) != there_before) {
            MUST_SUCCEED(there_before ? import(OTHER_KEY) : psa_destroy_key(OTHER_KEY));
        }
        let_fail(at, error);
        status = changes[change].call(OTHER_KEY);
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
            fprintf(stderr, "with errno %d at step %u of %s\n", error, at, changes[change].name);
            exit(1);
        }
    }
}

static void a_disk_that_fails(void)
{
    static const int errors[] = {EIO, ENOSPC};
    size_t i, change;
    for (i = 0; i < COUNT_OF(errors); i++) {
        printf("errno %d at each step:", errors[i]);
        for (change = 0; change < COUNT_OF(changes); change++) {
            unsigned steps = fail_everywhere(change, errors[i]);
            printf(" %u of %s", steps, changes[change].name);
            CHECK(steps > 1);
        }
        printf("\n");
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
        status = import(LASTING_KEY);
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
        MUST_SUCCEED(import(LASTING_KEY));
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
            child = forked();
            if (child == 0) {
                set_up_with_failures(at, errors[i]);
            }
            state = exit_status(child);
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

/* What a process does until the power is lost. */
static const struct {
    psa_status_t (*call)(psa_key_id_t);
    psa_key_id_t key;
} work[] = {{import, 1}, {copy, 2}, {generate, 3}, {derive, 4}, {psa_destroy_key, 1}};

#define WORK_KEYS 4

/* In a process of its own, which tells after each call how far it came. */
static void work_until_power_is_lost(unsigned at, int report)
{
    uint8_t done;
    let_fail(at, FAULT_POWER);
    if (psa_crypto_init() != PSA_SUCCESS) {
        _exit(2);
    }
    for (done = 1; done <= COUNT_OF(work); done++) {
        if (work[done - 1].call(work[done - 1].key) != PSA_SUCCESS || write(report, &done, 1) != 1) {
            _exit(3);
        }
    }
    _exit(0);
}

/* What was reported is so; of the key that the next call was about, either. */
static void check_after(size_t done)
{
    int expected[WORK_KEYS + 1] = {0};
    psa_key_id_t key, open = done < COUNT_OF(work) ? work[done].key : 0;
    size_t i;
    for (i = 0; i < done; i++) {
        expected[work[i].key] = work[i].call != psa_destroy_key;
    }
    MUST_SUCCEED(psa_crypto_init());
    for (key = 1; key <= WORK_KEYS; key++) {
        int there = is_there(key);
        CHECK(key == open || there == expected[key]);
        /* The store is as good as new. */
        if (!there) {
            MUST_SUCCEED(import(key));
        }
        CHECK_STATUS(psa_destroy_key(key), PSA_SUCCESS);
    }
    CHECK_STATUS(parsec_list_orphans(never_an_orphan, &fault), PSA_SUCCESS);
    _exit(check_failures > 0);
}

static void a_loss_of_power(void)
{
    unsigned at;
    for (at = 1;; at++) {
        int report[2], state;
        uint8_t done = 0, word;
        pid_t child;
        MUST(pipe(report) == 0);
        remove_store(from_fixture("PARSEC_TEST_SCRATCH"));
        child = forked();
        if (child == 0) {
            work_until_power_is_lost(at, report[1]);
        }
        state = end_of(child);
        close(report[1]);
        while (read(report[0], &word, 1) == 1) {
            done = word;
        }
        close(report[0]);
        if (WIFEXITED(state)) {
            MUST(WEXITSTATUS(state) == 0 && done == COUNT_OF(work));
            printf("power lost at each of %u steps of making a store and four keys, and destroying one\n", at - 1);
            CHECK(at > 10);
            return;
        }
        MUST(WIFSIGNALED(state) && WTERMSIG(state) == SIGKILL);
        child = forked();
        if (child == 0) {
            check_after(done);
        }
        if (!CHECK(exit_status(child) == 0)) {
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
    MUST_SUCCEED(import(LASTING_KEY));
    RUN(a_disk_that_fails);
    write_configurations();
    MUST(is_there(OTHER_KEY) || import(OTHER_KEY) == PSA_SUCCESS);
    RUN(a_disk_that_fails_while_the_protection_changes);
    return check_result();
}
