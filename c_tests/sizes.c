/* Every size macro of the specification, for every row of the table of what works: a buffer of that size is large enough,
 * one byte less is too small where the size is exact, and nothing is written behind the buffer. Lengths of messages are
 * random; PARSEC_TEST_SEED repeats a run. */
#include "sizes.h"

#include <time.h>

const char *measured_names[MEASURED];
size_t measured_count;

void measured(const char *name)
{
    size_t i;
    for (i = 0; i < measured_count; i++) {
        if (strcmp(measured_names[i], name) == 0) {
            return;
        }
    }
    MUST(measured_count < MEASURED);
    measured_names[measured_count++] = name;
}

/* ---- random lengths ---- */

static uint64_t state;

unsigned any(unsigned below)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(state >> 33) % below;
}

static void begin_at_random(void)
{
    const char *seed = getenv("PARSEC_TEST_SEED");
    state = seed != NULL ? strtoull(seed, NULL, 10) : (uint64_t)time(NULL);
    printf("PARSEC_TEST_SEED=%llu\n", (unsigned long long)state);
}

/* ---- a call with a buffer of a size ---- */

#define GUARD 0xa5
#define BEHIND 64

static uint8_t arena[PSA_SIGNATURE_MAX_SIZE + BEHIND];

psa_status_t call_with(psa_status_t (*write)(struct call *), struct call *call, size_t size)
{
    psa_status_t status;
    size_t i;
    MUST(size <= PSA_SIGNATURE_MAX_SIZE);
    memset(arena + size, GUARD, BEHIND);
    call->output = arena;
    call->size = size;
    call->length = SIZE_MAX;
    status = write(call);
    for (i = size; i < size + BEHIND; i++) {
        MUST(arena[i] == GUARD);
    }
    CHECK(status == PSA_SUCCESS ? call->length <= size : call->length == 0 || call->length == SIZE_MAX);
    return status;
}

void check_size(psa_status_t (*write)(struct call *), struct call *call, size_t size, size_t maximum, enum exactness is,
                const char *name)
{
    int failures = check_failures;
    size_t length;
    CHECK(size <= maximum);
    if (is == EXACT && size > 0) {
        CHECK_STATUS(call_with(write, call, size - 1), PSA_ERROR_BUFFER_TOO_SMALL);
    }
    CHECK_STATUS(call_with(write, call, size), PSA_SUCCESS);
    length = call->length;
    if (is == EXACT) {
        CHECK(length == size);
    }
    if (check_failures > failures) {
        fprintf(stderr, "    %s is %u, written were %u of it; key type 0x%04x of %u bits, algorithm 0x%08x\n", name,
                (unsigned)size, (unsigned)length, (unsigned)call->type, (unsigned)call->bits, (unsigned)call->alg);
    }
}

/* ---- all rows ---- */

static void (*const measures[SUPPORT_FUNCTIONS])(const struct support_row *, psa_key_id_t, int) = {
    [SUPPORT_HASH] = measure_hash,
    [SUPPORT_MAC] = measure_mac,
    [SUPPORT_CIPHER] = measure_cipher,
    [SUPPORT_AEAD] = measure_aead,
    [SUPPORT_KEY_WRAP] = measure_key_wrapping,
    [SUPPORT_KEY_DERIVATION] = measure_derivation,
    [SUPPORT_SIGN_HASH] = measure_signature,
    [SUPPORT_SIGN_MESSAGE] = measure_signature,
    [SUPPORT_ASYMMETRIC_ENCRYPTION] = measure_encryption,
    [SUPPORT_KEY_AGREEMENT] = measure_agreement,
    [SUPPORT_KEY_ENCAPSULATION] = measure_encapsulation,
    [SUPPORT_PAKE] = measure_exchange,
};

/* A local key may be exported, and used with any shorter tag or MAC. */
static psa_algorithm_t widest(const struct support_row *row)
{
    if (PSA_ALG_IS_MAC(row->alg)) {
        return PSA_ALG_AT_LEAST_THIS_LENGTH_MAC(row->alg, 4);
    }
    return is_shortened(row->alg) ? PSA_ALG_AEAD_WITH_AT_LEAST_THIS_LENGTH_TAG(row->alg, 4) : row->alg;
}

static void measure(const struct support_row *row, psa_key_location_t location)
{
    int local = location == 0;
    psa_key_id_t key = PSA_KEY_ID_NULL;
    if (measures[row->function] == NULL) {
        return;
    }
    if (row->key_type != PSA_KEY_TYPE_NONE &&
        !CHECK_STATUS(make_key(row, local ? PSA_KEY_USAGE_EXPORT | PSA_KEY_USAGE_DECRYPT : 0,
                               local ? widest(row) : row->alg, location, &key),
                      PSA_SUCCESS)) {
        return;
    }
    if (row->key_type != PSA_KEY_TYPE_NONE) {
        measure_export(row, key, local);
    }
    measures[row->function](row, key, local);
    CHECK_STATUS(psa_destroy_key(key), PSA_SUCCESS);
}

static void sizes_with_local_keys(void)
{
    size_t i;
    for (i = 0; i < COUNT_OF(support_rows); i++) {
        if ((support_rows[i].places & (SUPPORT_NATIVE | SUPPORT_MBED_CRYPTO)) != 0 &&
            (REPEAT(0, 1) || !takes_long(&support_rows[i]))) {
            measure(&support_rows[i], 0);
        }
    }
}

static void sizes_with_keys_of_the_device(void)
{
    int tpm = strcmp(place_backend(), "tpm") == 0;
    size_t i;
    for (i = 0; i < COUNT_OF(support_rows); i++) {
        const struct support_row *row = &support_rows[i];
        if ((row->places & place_bit()) != 0 && (row->key_type != PSA_KEY_TYPE_RSA_KEY_PAIR || row->key_bits <= 2048) &&
            !(tpm && row->key_type == PSA_KEY_TYPE_AES && row->key_bits == 192)) {
            measure(row, place_location());
        }
    }
}

static void every_size_macro_was_measured(void)
{
    static const char *const names[] = {SUPPORT_SIZE_MACROS};
    size_t i, j;
    for (i = 0; i < COUNT_OF(names); i++) {
        for (j = 0; j < measured_count && strcmp(names[i], measured_names[j]) != 0; j++) {
        }
        if (!CHECK(j < measured_count)) {
            fprintf(stderr, "    %s\n", names[i]);
        }
    }
    printf("%u size macros\n", (unsigned)COUNT_OF(names));
}

int main(void)
{
    MUST_SUCCEED(psa_crypto_init());
    begin_at_random();
    if (in_device()) {
        RUN(sizes_with_keys_of_the_device);
    } else {
        RUN(sizes_with_local_keys);
        RUN(every_size_macro_was_measured);
    }
    return check_result();
}
