/* Every function of the specification is called rightly, and then with exactly one argument that is wrong. The functions
 * and their parameters are read from the specification's data (every_function.py): whoever adds one and does not say here
 * what a good call of it is, does not get past the compiler. */
#include "check.h"

enum kind { NUMBER, KEY, INPUT, OUTPUT, SIZE, LENGTH, NEW_KEY, OPERATION, STRUCTURE };

struct argument {
    uint64_t number;
    void *pointer;
};

#define ARGUMENTS 12
struct function {
    const char *name;
    void (*good)(struct argument *);
    psa_status_t (*call)(const struct argument *);
    size_t count;
    enum kind kinds[ARGUMENTS];
};

#include "every_function.h"
#include "good_calls.h"
#include "good_calls_asymmetric.h"

/* ---- one call ---- */

#define GUARD 0xa5
#define BUFFER 2048

/* Arguments whose buffers have been copied to memory of exactly their size, which valgrind and sanitizers watch; guards
 * are behind outputs. */
struct call {
    const struct function *function;
    struct argument arguments[ARGUMENTS];
    void *memory[ARGUMENTS];
    size_t lengths[ARGUMENTS];
    psa_key_id_t keys[ARGUMENTS];
};

static void prepare(struct call *call, const struct function *function)
{
    size_t i;
    memset(call, 0, sizeof *call);
    call->function = function;
    abort_all();
    place_of = 0;
    function->good(call->arguments);
    for (i = 0; i < function->count; i++) {
        struct argument *argument = &call->arguments[i];
        size_t size = (size_t)argument[1].number;
        call->lengths[i] = 12345;
        call->keys[i] = 12345;
        switch (function->kinds[i]) {
        case INPUT:
            if (argument->pointer != NULL) {
                call->memory[i] = malloc(size);
                MUST(call->memory[i] != NULL);
                memcpy(call->memory[i], argument->pointer, size);
                argument->pointer = call->memory[i];
            }
            break;
        case OUTPUT:
            call->memory[i] = malloc(size);
            MUST(call->memory[i] != NULL);
            memset(call->memory[i], GUARD, size);
            argument->pointer = call->memory[i];
            break;
        case LENGTH: argument->pointer = &call->lengths[i]; break;
        case NEW_KEY: argument->pointer = &call->keys[i]; break;
        default: break;
        }
    }
}

/* Whatever is wrong with a call, its lengths and keys say so. */
static psa_status_t make(struct call *call)
{
    const struct function *function = call->function;
    psa_status_t status = function->call(call->arguments);
    size_t i;
    if (status > 0 || status < -249 || status == PSA_ERROR_CORRUPTION_DETECTED) {
        check_status(status, PSA_SUCCESS, function->name, __FILE__, __LINE__);
    }
    for (i = 0; i < function->count; i++) {
        if (function->kinds[i] == LENGTH && call->arguments[i].pointer == &call->lengths[i] && status != PSA_SUCCESS &&
            call->lengths[i] != 0 && call->lengths[i] != 12345) {
            fprintf(stderr, "%s: a length after a failure\n", function->name);
            check_failures++;
        }
        if (function->kinds[i] == NEW_KEY && call->arguments[i].pointer == &call->keys[i]) {
            if (status != PSA_SUCCESS && call->keys[i] != PSA_KEY_ID_NULL) {
                fprintf(stderr, "%s: a key after a failure\n", function->name);
                check_failures++;
            }
            if (status == PSA_SUCCESS) {
                MUST_SUCCEED(psa_destroy_key(call->keys[i]));
            }
        }
    }
    return status;
}

static void let_go(struct call *call)
{
    size_t i;
    for (i = 0; i < ARGUMENTS; i++) {
        free(call->memory[i]);
    }
}

/* Makes the call, changed so far, and lets it go. */
static void must_be(struct call *call, psa_status_t expected, const char *what, size_t argument)
{
    psa_status_t status = make(call);
    if (status != expected) {
        fprintf(stderr, "%s, argument %u %s: %d, not %d: %s\n", call->function->name, (unsigned)argument + 1, what, (int)status,
                (int)expected, parsec_last_error());
        check_failures++;
    }
    let_go(call);
}

static int is(const struct function *function, const char *part)
{
    return strstr(function->name, part) != NULL;
}

/* Software has no keys to attach. */
static psa_status_t good_status(const struct function *function)
{
    return is(function, "attach_key") ? PSA_ERROR_DOES_NOT_EXIST : PSA_SUCCESS;
}

static void good_calls(const struct function *function)
{
    struct call call;
    prepare(&call, function);
    must_be(&call, good_status(function), "and all others are right", 0);
}

static void null_pointers(const struct function *function)
{
    size_t i;
    for (i = 0; i < function->count; i++) {
        enum kind kind = function->kinds[i];
        struct call call;
        if (kind == NUMBER || kind == KEY || kind == SIZE) {
            continue;
        }
        prepare(&call, function);
        call.arguments[i].pointer = NULL;
        if ((kind == INPUT || kind == OUTPUT) && call.arguments[i + 1].number == 0) {
            call.arguments[i + 1].number = 1;
        }
        must_be(&call, PSA_ERROR_INVALID_ARGUMENT, "is null", i);
    }
}

/* A buffer without bytes may be anywhere; the answer is the same. */
static void empty_buffers(const struct function *function)
{
    size_t i;
    for (i = 0; i < function->count; i++) {
        struct call call;
        psa_status_t status;
        if (function->kinds[i] != SIZE) {
            continue;
        }
        prepare(&call, function);
        call.arguments[i].number = 0;
        status = make(&call);
        let_go(&call);
        prepare(&call, function);
        call.arguments[i].number = 0;
        call.arguments[i - 1].pointer = NULL;
        must_be(&call, status, "is empty", i);
        prepare(&call, function);
        call.arguments[i].number = 0;
        call.arguments[i - 1].pointer = (void *)(uintptr_t)1;
        must_be(&call, status, "is empty and somewhere", i);
    }
}

static void huge_lengths(const struct function *function)
{
    static const size_t huge[] = {(size_t)PTRDIFF_MAX + 1, SIZE_MAX, SIZE_MAX - 15};
    size_t i, h;
    for (i = 0; i < function->count; i++) {
        for (h = 0; h < COUNT_OF(huge) && function->kinds[i] == SIZE; h++) {
            struct call call;
            prepare(&call, function);
            call.arguments[i].number = huge[h];
            must_be(&call, PSA_ERROR_INVALID_ARGUMENT, "is huge", i);
        }
    }
}

static void unknown_keys(const struct function *function)
{
    static const psa_key_id_t unknown[] = {PSA_KEY_ID_NULL, 1, PSA_KEY_ID_VENDOR_MAX, 0xffffffff};
    size_t i, k;
    for (i = 0; i < function->count; i++) {
        for (k = 0; k < COUNT_OF(unknown) && function->kinds[i] == KEY; k++) {
            struct call call;
            if (is(function, "destroy_key") && k == 0) {
                continue;
            }
            prepare(&call, function);
            call.arguments[i].number = unknown[k];
            must_be(&call, PSA_ERROR_INVALID_HANDLE, "is no key", i);
        }
    }
}

/* Filled with anything, an operation is in a bad state; abort makes it a good one. An inactive one can be set up. */
static void bad_operations(const struct function *function)
{
    static const int fills[] = {0xff, 0xa5, 0x01, 0};
    size_t i, f;
    for (i = 0; i < function->count; i++) {
        for (f = 0; f < COUNT_OF(fills) && function->kinds[i] == OPERATION; f++) {
            /* All operations have the same layout, and one abort is as good as another. */
            union {
                psa_hash_operation_t hash;
                struct operations at_least_one;
            } operation;
            struct call call;
            int sets_up = is(function, "_setup") || is(function, "_resume") || (is(function, "_clone") && i == 1);
            prepare(&call, function);
            memset(&operation, fills[f], sizeof operation);
            call.arguments[i].pointer = &operation;
            must_be(&call, is(function, "_abort") || (sets_up && fills[f] == 0) ? PSA_SUCCESS : PSA_ERROR_BAD_STATE,
                    "is garbage", i);
            MUST_SUCCEED(psa_hash_abort(&operation.hash));
        }
    }
}

/* One byte less than needed: too small, and nothing is written behind it. */
static void short_outputs(const struct function *function)
{
    size_t i;
    for (i = 0; i + 2 < function->count; i++) {
        struct call call;
        uint8_t *last;
        size_t written;
        if (function->kinds[i] != OUTPUT || function->kinds[i + 2] != LENGTH) {
            continue;
        }
        prepare(&call, function);
        CHECK_STATUS(make(&call), PSA_SUCCESS);
        written = call.lengths[i + 2];
        let_go(&call);
        if (written == 0) {
            continue;
        }
        prepare(&call, function);
        MUST(written <= call.arguments[i + 1].number);
        call.arguments[i + 1].number = written - 1;
        last = (uint8_t *)call.memory[i] + written - 1;
        CHECK_STATUS(make(&call), PSA_ERROR_BUFFER_TOO_SMALL);
        if (!CHECK(*last == GUARD)) {
            fprintf(stderr, "%s wrote behind its output\n", function->name);
        }
        let_go(&call);
    }
}

struct result {
    psa_status_t status;
    size_t length;
    uint8_t bytes[BUFFER];
};

/* Calls with an input and an output in one piece of memory, the output from `distance` on and the input from 1 on; with
 * separate ones where it is negative. */
static void call_with_overlap(const struct function *function, size_t in, size_t out, int distance, struct result *result)
{
    static uint8_t memory[2 * BUFFER];
    struct call call;
    uint8_t *output;
    size_t size;
    prepare(&call, function);
    size = (size_t)call.arguments[out + 1].number;
    output = call.arguments[out].pointer;
    if (distance >= 0) {
        size_t length = (size_t)call.arguments[in + 1].number;
        MUST(size + 2 <= BUFFER && length + 2 <= BUFFER);
        memset(memory, GUARD, sizeof memory);
        memcpy(memory + 1, call.arguments[in].pointer, length);
        call.arguments[in].pointer = memory + 1;
        output = memory + distance;
        call.arguments[out].pointer = output;
    }
    memset(result, 0, sizeof *result);
    result->status = make(&call);
    result->length = out + 2 < function->count && function->kinds[out + 2] == LENGTH ? call.lengths[out + 2] : size;
    MUST(result->length <= sizeof result->bytes);
    memcpy(result->bytes, output, result->length);
    let_go(&call);
}

/* An output over an input gives what separate ones give (section 5.4.4): in place, and one byte before or behind. */
static void overlaps(const struct function *function)
{
    static struct result separate, again, joined;
    size_t in, out;
    int distance;
    for (out = 0; out < function->count; out++) {
        for (in = 0; in < function->count; in++) {
            if (function->kinds[out] != OUTPUT || function->kinds[in] != INPUT) {
                continue;
            }
            call_with_overlap(function, in, out, -1, &separate);
            call_with_overlap(function, in, out, -1, &again);
            CHECK_STATUS(separate.status, PSA_SUCCESS);
            for (distance = 0; distance <= 2; distance++) {
                int random = memcmp(separate.bytes, again.bytes, sizeof again.bytes) != 0;
                call_with_overlap(function, in, out, distance, &joined);
                if (joined.status != PSA_SUCCESS || joined.length != separate.length ||
                    (!random && memcmp(joined.bytes, separate.bytes, sizeof joined.bytes) != 0)) {
                    fprintf(stderr, "%s, output %u over input %u: %d: %s\n", function->name, (unsigned)out + 1,
                            (unsigned)in + 1, (int)joined.status, parsec_last_error());
                    check_failures++;
                }
            }
        }
    }
}

static void with_every(void (*test)(const struct function *))
{
    size_t i;
    for (i = 0; i < COUNT_OF(functions); i++) {
        test(&functions[i]);
    }
}

static void accessors_of_nothing(void)
{
    struct argument arguments[ARGUMENTS];
    size_t i;
    memset(arguments, 0, sizeof arguments);
    for (i = 0; i < COUNT_OF(accessors); i++) {
        accessors[i](arguments);
    }
}

/* Only abort, which finds nothing, works then. */
static void without_library(void)
{
    static struct call calls[COUNT_OF(functions)];
    size_t i;
    for (i = 0; i < COUNT_OF(functions); i++) {
        prepare(&calls[i], &functions[i]);
    }
    mbedtls_psa_crypto_free();
    for (i = 0; i < COUNT_OF(functions); i++) {
        must_be(&calls[i], is(&functions[i], "_abort") ? PSA_SUCCESS : PSA_ERROR_BAD_STATE, "without psa_crypto_init()", 0);
    }
}

#define RUN_WITH_EVERY(test)        \
    do {                            \
        printf("%s\n", #test);      \
        fflush(stdout);             \
        with_every(test);           \
    } while (0)

int main(void)
{
    MUST_SUCCEED(psa_crypto_init());
    make_keys();
    RUN_WITH_EVERY(good_calls);
    RUN_WITH_EVERY(null_pointers);
    RUN_WITH_EVERY(empty_buffers);
    RUN_WITH_EVERY(huge_lengths);
    RUN_WITH_EVERY(unknown_keys);
    RUN_WITH_EVERY(bad_operations);
    RUN_WITH_EVERY(short_outputs);
    RUN_WITH_EVERY(overlaps);
    RUN(accessors_of_nothing);
    RUN(without_library);
    return check_result();
}
