/* Hash and extendable-output operations: PSA 1.5, sections 10.2.3 and 10.3.2. See states.h. */
#include "states.h"

#define MESSAGE 400
#define XOF_CALLS 20

static struct state_key hashes[40], functions[8];
static size_t hash_count, function_count;

/* ---- hashes ---- */

struct hash {
    psa_hash_operation_t operation;
    enum state state;
    psa_algorithm_t alg;
    size_t length;
    uint8_t message[MESSAGE];
};

/* The second one is for clones. */
static struct hash hash[2], suspended;
static uint8_t suspended_state[PSA_HASH_SUSPEND_OUTPUT_MAX_SIZE];
static size_t suspended_length;

static void prepare_hashes(void)
{
    hash_count = rows_of(SUPPORT_HASH, 0, hashes, COUNT_OF(hashes));
}

/* Section 10.2.5: these have a suspend state. */
static int can_suspend(psa_algorithm_t alg)
{
    switch (alg) {
    case PSA_ALG_MD2: case PSA_ALG_MD4: case PSA_ALG_MD5: case PSA_ALG_RIPEMD160: case PSA_ALG_SHA_1: case PSA_ALG_SHA_224:
    case PSA_ALG_SHA_256: case PSA_ALG_SHA_384: case PSA_ALG_SHA_512: case PSA_ALG_SHA_512_224: case PSA_ALG_SHA_512_256: return 1;
    default: return 0;
    }
}

static void set_up_hash(struct hash *h)
{
    int wrong = h->state == INACTIVE && mischief();
    psa_algorithm_t alg = wrong ? PSA_ALG_CMAC : hashes[turn() % hash_count].row->alg;
    if (answered(&h->state, SETUP, "psa_hash_setup", alg, psa_hash_setup(&h->operation, alg),
                 wrong ? REFUSED : PSA_SUCCESS)) {
        h->alg = alg;
        h->length = 0;
    }
}

static void update_hash(struct hash *h)
{
    uint8_t data[150];
    size_t length = below(h->length + sizeof data > MESSAGE ? 1 : sizeof data);
    random_bytes(data, length);
    if (answered(&h->state, STEP, "psa_hash_update", length, psa_hash_update(&h->operation, data, length), PSA_SUCCESS)) {
        memcpy(h->message + h->length, data, length);
        h->length += length;
    }
}

static size_t expected_hash(const struct hash *h, uint8_t *value)
{
    size_t length = 0;
    if (h->state == ACTIVE) {
        holds("psa_hash_compute", psa_hash_compute(h->alg, h->message, h->length, value, PSA_HASH_MAX_SIZE, &length) == PSA_SUCCESS);
    }
    return length;
}

static void finish_hash(struct hash *h)
{
    uint8_t expected[PSA_HASH_MAX_SIZE], value[PSA_HASH_MAX_SIZE];
    size_t expected_length = expected_hash(h, expected), length = 1;
    int is_short = h->state == ACTIVE && mischief();
    size_t size = is_short ? expected_length - 1 : sizeof value;
    if (answered(&h->state, FINISH, "psa_hash_finish", size, psa_hash_finish(&h->operation, value, size, &length),
                 is_short ? PSA_ERROR_BUFFER_TOO_SMALL : PSA_SUCCESS)) {
        same("the hash is that of one call", value, length, expected, expected_length);
        completed();
    } else {
        holds("no length after a failure", length == 0);
    }
}

static void verify_hash(struct hash *h)
{
    uint8_t value[PSA_HASH_MAX_SIZE + 1] = {0};
    size_t length = expected_hash(h, value);
    int is_wrong = h->state == ACTIVE && mischief();
    if (is_wrong) {
        spoil(value, &length);
    }
    if (answered(&h->state, FINISH, "psa_hash_verify", length, psa_hash_verify(&h->operation, value, length),
                 is_wrong ? PSA_ERROR_INVALID_SIGNATURE : PSA_SUCCESS)) {
        completed();
    }
}

static void suspend_hash(struct hash *h)
{
    uint8_t state[PSA_HASH_SUSPEND_OUTPUT_MAX_SIZE];
    size_t length = 1;
    int is_short = h->state == ACTIVE && mischief();
    size_t size = is_short ? PSA_HASH_SUSPEND_ALGORITHM_FIELD_LENGTH : PSA_HASH_SUSPEND_OUTPUT_SIZE(h->alg);
    psa_status_t right = !can_suspend(h->alg) ? PSA_ERROR_NOT_SUPPORTED : is_short ? PSA_ERROR_BUFFER_TOO_SMALL : PSA_SUCCESS;
    if (answered(&h->state, FINISH, "psa_hash_suspend", size, psa_hash_suspend(&h->operation, state, size, &length), right)) {
        memcpy(suspended_state, state, length);
        suspended_length = length;
        suspended = *h;
    }
}

static void resume_hash(struct hash *h)
{
    int is_wrong = suspended_length == 0 || (h->state == INACTIVE && mischief());
    size_t length = is_wrong && suspended_length > 0 ? suspended_length - 1 : suspended_length;
    if (answered(&h->state, SETUP, "psa_hash_resume", length, psa_hash_resume(&h->operation, suspended_state, length),
                 is_wrong ? PSA_ERROR_INVALID_ARGUMENT : PSA_SUCCESS)) {
        h->alg = suspended.alg;
        h->length = suspended.length;
        memcpy(h->message, suspended.message, suspended.length);
    }
}

/* The source stays as it is; a target in the wrong state is in the error state. */
static void clone_hash(struct hash *source, struct hash *target)
{
    psa_status_t right = source->state == ACTIVE ? PSA_SUCCESS : PSA_ERROR_BAD_STATE;
    if (answered(&target->state, SETUP, "psa_hash_clone", source->state, psa_hash_clone(&source->operation, &target->operation),
                 right)) {
        target->alg = source->alg;
        target->length = source->length;
        memcpy(target->message, source->message, source->length);
    }
}

static void abort_hash(struct hash *h)
{
    answered(&h->state, ABORT, "psa_hash_abort", (size_t)(h - hash), psa_hash_abort(&h->operation), PSA_SUCCESS);
}

static void call_hash(struct hash *h, unsigned call)
{
    switch (call) {
    case 0: set_up_hash(h); break;
    case 1: finish_hash(h); break;
    case 2: verify_hash(h); break;
    case 3: suspend_hash(h); break;
    case 4: resume_hash(h); break;
    case 5: clone_hash(h, &hash[h == hash]); break;
    case 6: abort_hash(h); break;
    default: update_hash(h); break;
    }
}

static unsigned usual_hash_call(const struct hash *h)
{
    switch (h->state) {
    case INACTIVE: return suspended_length > 0 && one_in(2) ? 4 : 0;
    case FAILED: return 6;
    default: return one_in(6) && can_suspend(h->alg) ? 3 : one_in(6) && hash[h == hash].state == INACTIVE ? 5 : below(4) ? 7 : 1 + below(2);
    }
}

static void hash_sequence(void)
{
    unsigned left = 30;
    suspended_length = 0;
    while (left-- > 0 && is_going_on()) {
        struct hash *h = &hash[one_in(3)];
        call_hash(h, mischief() ? below(8) : usual_hash_call(h));
    }
    abort_hash(&hash[0]);
    abort_hash(&hash[1]);
}

const struct operation_kind hash_operations = {"hash", 1500, prepare_hashes, hash_sequence};

/* ---- extendable-output functions ---- */

static struct {
    psa_xof_operation_t operation;
    enum state state;
    psa_algorithm_t alg;
    int has_context, has_input, has_output;
    size_t context_length, length, read;
    uint8_t context[20], message[MESSAGE];
} xof;

static void prepare_xofs(void)
{
    function_count = rows_of(SUPPORT_XOF, 0, functions, COUNT_OF(functions));
}

static void set_up_xof(void)
{
    int wrong = xof.state == INACTIVE && mischief();
    psa_algorithm_t alg = wrong ? PSA_ALG_SHA3_256 : functions[turn() % function_count].row->alg;
    if (answered(&xof.state, SETUP, "psa_xof_setup", alg, psa_xof_setup(&xof.operation, alg), wrong ? REFUSED : PSA_SUCCESS)) {
        xof.alg = alg;
        xof.has_context = xof.has_input = xof.has_output = 0;
        xof.context_length = xof.length = xof.read = 0;
    }
}

static void set_xof_context(void)
{
    uint8_t context[sizeof xof.context];
    size_t length = below(sizeof context);
    psa_status_t right = xof.has_context || xof.has_input || xof.has_output ? PSA_ERROR_BAD_STATE
                         : PSA_ALG_XOF_HAS_CONTEXT(xof.alg)                 ? PSA_SUCCESS
                                                                            : PSA_ERROR_INVALID_ARGUMENT;
    random_bytes(context, length);
    if (answered(&xof.state, STEP, "psa_xof_set_context", length, psa_xof_set_context(&xof.operation, context, length), right)) {
        memcpy(xof.context, context, length);
        xof.context_length = length;
        xof.has_context = 1;
    }
}

/* Where there is a context, it comes before anything else. */
static int lacks_context(void)
{
    return PSA_ALG_XOF_HAS_CONTEXT(xof.alg) && !xof.has_context;
}

static void update_xof(void)
{
    uint8_t data[150];
    size_t length = below(xof.length + sizeof data > MESSAGE ? 1 : sizeof data);
    random_bytes(data, length);
    if (answered(&xof.state, STEP, "psa_xof_update", length, psa_xof_update(&xof.operation, data, length),
                 lacks_context() || xof.has_output ? PSA_ERROR_BAD_STATE : PSA_SUCCESS)) {
        memcpy(xof.message + xof.length, data, length);
        xof.length += length;
        xof.has_input = 1;
    }
}

/* All output at once, from another operation that has all input at once. */
static void xof_at_once(uint8_t *output, size_t length)
{
    psa_xof_operation_t whole = PSA_XOF_OPERATION_INIT;
    MUST_SUCCEED(psa_xof_setup(&whole, xof.alg));
    if (xof.has_context) {
        MUST_SUCCEED(psa_xof_set_context(&whole, xof.context, xof.context_length));
    }
    MUST_SUCCEED(psa_xof_update(&whole, xof.message, xof.length));
    MUST_SUCCEED(psa_xof_output(&whole, output, length));
    MUST_SUCCEED(psa_xof_abort(&whole));
}

static void output_xof(void)
{
    uint8_t output[300], expected[XOF_CALLS * sizeof output];
    size_t length = below(sizeof output);
    if (answered(&xof.state, STEP, "psa_xof_output", length, psa_xof_output(&xof.operation, output, length),
                 lacks_context() ? PSA_ERROR_BAD_STATE : PSA_SUCCESS)) {
        xof_at_once(expected, xof.read + length);
        same("output in pieces is that at once", output, length, expected + xof.read, length);
        xof.read += length;
        xof.has_output = 1;
        completed();
    }
}

static void abort_xof(void)
{
    answered(&xof.state, ABORT, "psa_xof_abort", 0, psa_xof_abort(&xof.operation), PSA_SUCCESS);
}

static const state_call xof_calls[] = {set_up_xof, set_xof_context, update_xof, output_xof, abort_xof};

static state_call usual_xof_call(void)
{
    if (xof.state != ACTIVE) {
        return xof.state == INACTIVE ? set_up_xof : abort_xof;
    }
    if (lacks_context()) {
        return set_xof_context;
    }
    return xof.has_output ? (one_in(6) ? abort_xof : output_xof) : one_in(4) ? output_xof : update_xof;
}

static void xof_sequence(void)
{
    make_calls(XOF_CALLS, usual_xof_call, xof_calls, COUNT_OF(xof_calls));
    abort_xof();
}

const struct operation_kind xof_operations = {"xof", 400, prepare_xofs, xof_sequence};
