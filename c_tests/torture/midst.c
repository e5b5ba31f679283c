/* Others open the store in the midst of a creation or a destruction, at each call with which it changes a file of the key
 * store: they find everything in order, and the change goes on as if nobody had looked. */
#include <signal.h>
#include <time.h>

#include "changes.h"
#include "faults.h"

#define OTHER_KEY ((psa_key_id_t)2)
#define THIRD_KEY ((psa_key_id_t)3)
/* There is no such step. */
#define NO_STEP 100

/* What is being tried; known to each process that is forked. */
static size_t change;
static unsigned at;

static int never_an_orphan(void *context, const char *orphan, const char *text)
{
    (void)context;
    fprintf(stderr, "orphan %s: %s\n", orphan, text);
    check_failures++;
    return 0;
}

static int count_key(void *context, const psa_key_attributes_t *attributes, const char *backend)
{
    (void)attributes;
    CHECK(strcmp(backend, place_backend()) == 0);
    ++*(size_t *)context;
    return 0;
}

static void prepare(void)
{
    MUST_SUCCEED(psa_crypto_init());
    if (!is_there(LASTING_KEY)) {
        MUST_SUCCEED(import(LASTING_KEY));
    }
    if (is_there(OTHER_KEY) != changes[change].there_before) {
        MUST_SUCCEED(changes[change].there_before ? import(OTHER_KEY) : psa_destroy_key(OTHER_KEY));
    }
}

/* Stops in the midst, and goes on. */
static int work(void)
{
    MUST_SUCCEED(psa_crypto_init());
    MUST(is_there(LASTING_KEY));
    fault.error = FAULT_STOP;
    fault.calls = 0;
    fault.at = at;
    MUST_SUCCEED(changes[change].call(OTHER_KEY));
    fault.at = 0;
    CHECK(is_there(OTHER_KEY) == !changes[change].there_before);
    return check_failures > 0 ? 1 : fault.calls < at ? NO_STEP : 0;
}

/* Without waiting for the one who is stopped. */
static void look_on(void)
{
    size_t keys = 0, there;
    alarm(30);
    MUST_SUCCEED(psa_crypto_init());
    CHECK(is_there(LASTING_KEY));
    there = (size_t)is_there(OTHER_KEY);
    CHECK_STATUS(parsec_list_keys(count_key, &keys), PSA_SUCCESS);
    CHECK(keys == 1 + there);
    CHECK_STATUS(parsec_list_orphans(never_an_orphan, NULL), PSA_SUCCESS);
}

/* Who writes takes turns. */
static void make_another(void)
{
    alarm(60);
    MUST_SUCCEED(psa_crypto_init());
    CHECK_STATUS(generate(THIRD_KEY), PSA_SUCCESS);
}

static void look_afterwards(void)
{
    MUST_SUCCEED(psa_crypto_init());
    CHECK(is_there(LASTING_KEY) && is_there(THIRD_KEY));
    CHECK(is_there(OTHER_KEY) == !changes[change].there_before);
    CHECK_STATUS(psa_destroy_key(THIRD_KEY), PSA_SUCCESS);
    CHECK_STATUS(parsec_list_orphans(never_an_orphan, NULL), PSA_SUCCESS);
}

/* False where the change has fewer steps. */
static int stop_and_look(void)
{
    const struct timespec moment = {0, 10000000};
    int state;
    pid_t other, worker = forked();
    if (worker == 0) {
        _exit(work());
    }
    MUST(waitpid(worker, &state, WUNTRACED) == worker);
    if (!WIFSTOPPED(state)) {
        MUST(WIFEXITED(state) && WEXITSTATUS(state) == NO_STEP);
        return 0;
    }
    CHECK(in_child(look_on) == 0);
    other = forked();
    if (other == 0) {
        make_another();
        _exit(check_result());
    }
    nanosleep(&moment, NULL);
    MUST(kill(worker, SIGCONT) == 0);
    CHECK(exit_status(worker) == 0);
    CHECK(exit_status(other) == 0);
    CHECK(in_child(look_afterwards) == 0);
    return 1;
}

static void others_in_the_midst(void)
{
    printf("%s: stopped for others at", place());
    for (change = 0; change < COUNT_OF(changes); change++) {
        unsigned stops = 0;
        for (at = 1;; at += TORTURE(4, 1)) {
            MUST(in_child(prepare) == 0);
            if (!stop_and_look()) {
                break;
            }
            stops++;
            if (check_failures > 0) {
                fprintf(stderr, "stopped at step %u of %s\n", at, changes[change].name);
                exit(1);
            }
        }
        printf(" %u steps of %s%s", stops, changes[change].name, change + 1 < COUNT_OF(changes) ? "," : "\n");
        CHECK(stops > 0);
    }
}

int main(void)
{
    snprintf(fault.directory, sizeof fault.directory, "%s/keys/", from_fixture("PARSEC_TEST_SCRATCH"));
    RUN(others_in_the_midst);
    return check_result();
}
