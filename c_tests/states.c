/* See states.h. */
#include "states.h"

static const struct operation_kind *const kinds[] = {&hash_operations, &xof_operations, &mac_operations, &cipher_operations,
                                                     &aead_operations, &derivation_operations, &sign_operations,
                                                     &verify_operations, &pake_operations};

/* ---- numbers ---- */

static uint64_t sequence, generator;
static unsigned wildness;

/* SplitMix64. */
static uint64_t next_number(void)
{
    uint64_t z = (generator += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

unsigned below(unsigned bound)
{
    return (unsigned)(next_number() % bound);
}

int one_in(unsigned times)
{
    return below(times) == 0;
}

int mischief(void)
{
    return below(12) < wildness;
}

void random_bytes(uint8_t *data, size_t length)
{
    while (length-- > 0) {
        *data++ = (uint8_t)next_number();
    }
}

void spoil(uint8_t *value, size_t *length)
{
    if (one_in(2)) {
        *length += one_in(2) ? 1 : (size_t)-1;
    } else {
        value[below((unsigned)*length)] ^= (uint8_t)(1u << below(8));
    }
}

unsigned turn(void)
{
    return (unsigned)sequence;
}

/* ---- the calls of a sequence, for who has to find out what went wrong ---- */

#define CALLS 64
static struct {
    const char *call;
    size_t detail;
    psa_status_t status;
} calls[CALLS];
static size_t made;
static int is_wrong;
static unsigned completions, refusals, all_calls;
static const char *kind;

static void print_calls(void)
{
    size_t i;
    fprintf(stderr, "%s, PARSEC_TEST_SEQUENCE=%llu:\n", kind, (unsigned long long)sequence);
    for (i = 0; i < made && i < CALLS; i++) {
        fprintf(stderr, "    %s (%zu): %d\n", calls[i].call, calls[i].detail, (int)calls[i].status);
    }
}

static void wrong(void)
{
    if (!is_wrong) {
        print_calls();
        fprintf(stderr, "    %s\n", parsec_last_error());
    }
    is_wrong = 1;
    check_failures++;
}

void holds(const char *what, int condition)
{
    if (!condition) {
        wrong();
        fprintf(stderr, "    not so: %s\n", what);
    }
}

void same(const char *what, const uint8_t *left, size_t left_length, const uint8_t *right, size_t right_length)
{
    holds(what, left_length == right_length && memcmp(left, right, left_length) == 0);
}

int is_going_on(void)
{
    return !is_wrong;
}

void make_calls(unsigned count, state_call (*usual)(void), const state_call *any, size_t kinds_of_calls)
{
    while (count-- > 0 && is_going_on()) {
        state_call call = mischief() ? any[below((unsigned)kinds_of_calls)] : usual();
        call();
    }
}

void completed(void)
{
    completions++;
}

/* ---- the states ---- */

static int is_expected(psa_status_t actual, psa_status_t expected)
{
    if (expected == REFUSED) {
        return actual == PSA_ERROR_INVALID_ARGUMENT || actual == PSA_ERROR_NOT_SUPPORTED;
    }
    if (expected == WRONG_MESSAGE) {
        return actual == PSA_ERROR_INVALID_ARGUMENT || actual == PSA_ERROR_INVALID_SIGNATURE;
    }
    return actual == expected;
}

int answered(enum state *state, enum step step, const char *call, size_t detail, psa_status_t actual, psa_status_t right)
{
    int is_right_state = step == ABORT || *state == (step == SETUP ? INACTIVE : ACTIVE);
    psa_status_t expected = is_right_state ? right : PSA_ERROR_BAD_STATE;
    calls[made % CALLS].call = call;
    calls[made % CALLS].detail = detail;
    calls[made++ % CALLS].status = actual;
    all_calls++;
    refusals += actual != PSA_SUCCESS;
    if (!is_expected(actual, expected)) {
        wrong();
        fprintf(stderr, "    the last call should have answered %d\n", (int)expected);
    }
    if (step == ABORT) {
        *state = INACTIVE;
    } else if (expected == PSA_SUCCESS) {
        *state = step == FINISH ? INACTIVE : ACTIVE;
    } else if (*state == ACTIVE && step != HARMLESS) {
        *state = FAILED;
    }
    return !is_wrong && expected == PSA_SUCCESS;
}

/* ---- keys ---- */

/* Keys of a MAC and of an AEAD serve shorter tags, too. */
static psa_algorithm_t policy_of(const struct support_row *row)
{
    if (row->function == SUPPORT_MAC) {
        return PSA_ALG_AT_LEAST_THIS_LENGTH_MAC(row->alg, 4);
    }
    if (row->function == SUPPORT_AEAD && (row->alg == PSA_ALG_CCM || row->alg == PSA_ALG_GCM)) {
        return PSA_ALG_AEAD_WITH_AT_LEAST_THIS_LENGTH_TAG(row->alg, 4);
    }
    return row->alg;
}

size_t rows_of(enum support_function function, psa_key_usage_t usage, struct state_key *rows, size_t size)
{
    size_t i, count = 0;
    for (i = 0; i < COUNT_OF(support_rows); i++) {
        const struct support_row *row = &support_rows[i];
        if (row->function != function || !(row->places & SUPPORT_NATIVE)) {
            continue;
        }
        MUST(count < size);
        rows[count].row = row;
        rows[count].policy = policy_of(row);
        rows[count].key = row->key_type == PSA_KEY_TYPE_NONE
                              ? PSA_KEY_ID_NULL
                              : generate_key(row->key_type, row->key_bits, usage, rows[count].policy);
        count++;
    }
    MUST(count > 0);
    return count;
}

/* ---- all together ---- */

static void run_sequence(const struct operation_kind *which, uint64_t number)
{
    sequence = number;
    generator = number * UINT64_C(0x2545f4914f6cdd1d) + 1;
    wildness = number % 3 == 0 ? 0 : (unsigned)(number % 5);
    made = 0;
    is_wrong = 0;
    which->sequence();
}

static void run(const struct operation_kind *which)
{
    const char *only = getenv("PARSEC_TEST_SEQUENCE");
    unsigned i, count = REPEAT(which->sequences, which->sequences * 40);
    kind = which->name;
    completions = refusals = all_calls = 0;
    which->prepare();
    if (only != NULL) {
        run_sequence(which, strtoull(only, NULL, 10));
        return;
    }
    for (i = 0; i < count && check_failures < 5; i++) {
        run_sequence(which, i);
    }
    printf("%s: %u sequences, %u calls, %u refused, %u results\n", which->name, i, all_calls, refusals, completions);
    fflush(stdout);
    /* Otherwise the model is not where the results are. */
    CHECK(completions > count / 8 && refusals > count / 8);
}

/* All, or the one that is named. */
int main(int argc, char **argv)
{
    size_t i;
    MUST_SUCCEED(psa_crypto_init());
    for (i = 0; i < COUNT_OF(kinds); i++) {
        if (argc < 2 || strcmp(argv[1], kinds[i]->name) == 0) {
            run(kinds[i]);
        }
    }
    return check_result();
}
