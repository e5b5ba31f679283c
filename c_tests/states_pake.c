/* Password-authenticated key exchange: PSA 1.5, sections 10.13.6, 10.13.8, 10.13.10 and 10.13.12. Two sides talk to each other. See
 * states.h. */
#include "states.h"

#define MESSAGES 40
#define P256 PSA_PAKE_PRIMITIVE(PSA_PAKE_PRIMITIVE_TYPE_ECC, PSA_ECC_FAMILY_SECP_R1, 256)
#define SECP_R1 PSA_ECC_FAMILY_SECP_R1
#define PASSWORD "736563726574"

enum direction { OUTPUT, INPUT };
enum protocol { JPAKE, SPAKE2P, SAE };

static struct {
    psa_algorithm_t alg;
    enum protocol protocol;
    /* Of the first side, which is the client where there is one, and of the second. */
    psa_key_id_t keys[2];
} exchanges[] = {
    {PSA_ALG_JPAKE(PSA_ALG_SHA_256), JPAKE, {0, 0}},
    {PSA_ALG_SPAKE2P_HMAC(PSA_ALG_SHA_256), SPAKE2P, {0, 0}},
    {PSA_ALG_SPAKE2P_CMAC(PSA_ALG_SHA_256), SPAKE2P, {0, 0}},
    {PSA_ALG_SPAKE2P_MATTER, SPAKE2P, {0, 0}},
    /* With a password and with a password token. */
    {PSA_ALG_WPA3_SAE_FIXED(PSA_ALG_SHA_256), SAE, {0, 0}},
    {PSA_ALG_WPA3_SAE_GDH(PSA_ALG_SHA_256), SAE, {0, 0}},
};

static const uint8_t names[2][6] = {"client", "server"};

static struct side {
    psa_pake_operation_t operation;
    enum state state;
    int has_role, has_user, has_peer, has_context, has_stepped;
    /* Steps taken in each direction, and together. */
    unsigned taken[2];
    /* Of WPA3-SAE. */
    int committed[2], is_salted, is_counted, confirmed[2];
    /* What it has said, and how much of what the other one has said it has heard. */
    struct {
        psa_pake_step_t step;
        uint8_t data[PSA_PAKE_OUTPUT_MAX_SIZE];
        size_t length;
    } said[MESSAGES];
    unsigned said_count, heard;
    /* The other one has begun another exchange. */
    int is_left;
    uint8_t secret[128];
    size_t secret_length;
    int is_done;
} sides[2];

static size_t which;

/* ---- keys ---- */

static psa_key_id_t derived_key(psa_algorithm_t derivation, psa_key_type_t type, psa_algorithm_t alg)
{
    psa_key_derivation_operation_t operation = PSA_KEY_DERIVATION_OPERATION_INIT;
    psa_key_attributes_t attributes = key_attributes(type, 256, PSA_KEY_USAGE_DERIVE, alg);
    psa_key_id_t key = PSA_KEY_ID_NULL, password = import_key(PSA_KEY_TYPE_PASSWORD, PSA_KEY_USAGE_DERIVE, derivation, PASSWORD);
    MUST_SUCCEED(psa_key_derivation_setup(&operation, derivation));
    if (PSA_ALG_IS_PBKDF2_HMAC(derivation)) {
        MUST_SUCCEED(psa_key_derivation_input_integer(&operation, PSA_KEY_DERIVATION_INPUT_COST, 10));
    }
    MUST_SUCCEED(psa_key_derivation_input_bytes(&operation, PSA_KEY_DERIVATION_INPUT_SALT, (const uint8_t *)"salt", 4));
    MUST_SUCCEED(psa_key_derivation_input_key(&operation, PSA_KEY_DERIVATION_INPUT_PASSWORD, password));
    MUST_SUCCEED(psa_key_derivation_output_key(&attributes, &operation, &key));
    MUST_SUCCEED(psa_key_derivation_abort(&operation));
    return key;
}

static psa_key_id_t public_part(psa_key_id_t pair, psa_algorithm_t alg)
{
    struct bytes bytes;
    psa_key_attributes_t attributes = key_attributes(PSA_KEY_TYPE_SPAKE2P_PUBLIC_KEY(SECP_R1), 0, PSA_KEY_USAGE_DERIVE, alg);
    psa_key_id_t key = PSA_KEY_ID_NULL;
    MUST_SUCCEED(psa_export_public_key(pair, bytes.data, sizeof bytes.data, &bytes.length));
    MUST_SUCCEED(psa_import_key(&attributes, bytes.data, bytes.length, &key));
    return key;
}

static void prepare(void)
{
    size_t i;
    for (i = 0; i < COUNT_OF(exchanges); i++) {
        psa_algorithm_t alg = exchanges[i].alg;
        psa_key_id_t *keys = exchanges[i].keys;
        if (exchanges[i].protocol == SPAKE2P) {
            keys[0] = derived_key(PSA_ALG_PBKDF2_HMAC(PSA_ALG_SHA_256), PSA_KEY_TYPE_SPAKE2P_KEY_PAIR(SECP_R1), alg);
            keys[1] = public_part(keys[0], alg);
        } else {
            keys[0] = PSA_ALG_IS_WPA3_SAE_GDH(alg)
                          ? derived_key(PSA_ALG_WPA3_SAE_H2E(PSA_ALG_SHA_256), PSA_KEY_TYPE_WPA3_SAE_ECC(SECP_R1), alg)
                          : import_key(PSA_KEY_TYPE_PASSWORD, PSA_KEY_USAGE_DERIVE, alg, PASSWORD);
            keys[1] = keys[0];
        }
    }
}

/* ---- the order of steps ---- */

static enum protocol protocol(void)
{
    return exchanges[which].protocol;
}

static int has_step(psa_pake_step_t step)
{
    switch (step) {
    case PSA_PAKE_STEP_KEY_SHARE: return protocol() != SAE;
    case PSA_PAKE_STEP_ZK_PUBLIC:
    case PSA_PAKE_STEP_ZK_PROOF: return protocol() == JPAKE;
    case PSA_PAKE_STEP_CONFIRM: return protocol() != JPAKE;
    default: return protocol() == SAE;
    }
}

static int is_set_up(const struct side *side)
{
    return protocol() == SPAKE2P ? side->has_role : side->has_user && side->has_peer;
}

/* Two rounds, of two shares and of one, each with its proof. In a round a side says everything before it listens, or after that. */
static int is_jpake_turn(const struct side *side, enum direction direction, psa_pake_step_t step)
{
    static const psa_pake_step_t order[] = {PSA_PAKE_STEP_KEY_SHARE, PSA_PAKE_STEP_ZK_PUBLIC, PSA_PAKE_STEP_ZK_PROOF};
    unsigned own = side->taken[direction], other = side->taken[!direction];
    unsigned begin = own < 6 || other < 6 ? 0 : 6, end = begin == 0 ? 6 : 9;
    return own < end && own >= begin && (other == begin || other == end) && order[own % 3] == step;
}

static int is_spake2p_turn(const struct side *side, enum direction direction, psa_pake_step_t step)
{
    static const struct {
        enum direction direction;
        psa_pake_step_t step;
    } prover[] = {{OUTPUT, PSA_PAKE_STEP_KEY_SHARE}, {INPUT, PSA_PAKE_STEP_KEY_SHARE}, {INPUT, PSA_PAKE_STEP_CONFIRM},
                  {OUTPUT, PSA_PAKE_STEP_CONFIRM}},
      verifier[] = {{INPUT, PSA_PAKE_STEP_KEY_SHARE}, {OUTPUT, PSA_PAKE_STEP_KEY_SHARE}, {OUTPUT, PSA_PAKE_STEP_CONFIRM},
                    {INPUT, PSA_PAKE_STEP_CONFIRM}};
    unsigned next = side->taken[OUTPUT] + side->taken[INPUT];
    const int is_prover = side == &sides[0];
    return next < 4 && (is_prover ? prover[next].direction : verifier[next].direction) == direction &&
           (is_prover ? prover[next].step : verifier[next].step) == step;
}

static int is_sae_turn(const struct side *side, enum direction direction, psa_pake_step_t step)
{
    switch (step) {
    case PSA_PAKE_STEP_COMMIT: return !side->committed[direction];
    case PSA_PAKE_STEP_SALT: return direction == INPUT && side->committed[OUTPUT] && side->committed[INPUT] && !side->is_salted;
    case PSA_PAKE_STEP_CONFIRM_COUNT: return direction == INPUT && side->is_salted;
    case PSA_PAKE_STEP_CONFIRM: return side->is_salted && (direction == INPUT || side->is_counted);
    case PSA_PAKE_STEP_KEY_ID: return direction == OUTPUT && side->confirmed[OUTPUT] && side->confirmed[INPUT];
    default: return 0;
    }
}

static int is_turn(const struct side *side, enum direction direction, psa_pake_step_t step)
{
    if (!is_set_up(side)) {
        return 0;
    }
    switch (protocol()) {
    case JPAKE: return is_jpake_turn(side, direction, step);
    case SPAKE2P: return is_spake2p_turn(side, direction, step);
    default: return is_sae_turn(side, direction, step);
    }
}

static int is_complete(const struct side *side)
{
    switch (protocol()) {
    case JPAKE: return side->taken[OUTPUT] == 9 && side->taken[INPUT] == 9;
    case SPAKE2P: return side->taken[OUTPUT] + side->taken[INPUT] == 4;
    default: return side->confirmed[OUTPUT] && side->confirmed[INPUT];
    }
}

static void took(struct side *side, enum direction direction, psa_pake_step_t step)
{
    side->taken[direction]++;
    side->has_stepped = 1;
    switch (step) {
    case PSA_PAKE_STEP_COMMIT: side->committed[direction] = 1; break;
    case PSA_PAKE_STEP_SALT: side->is_salted = 1; break;
    case PSA_PAKE_STEP_CONFIRM_COUNT: side->is_counted = 1; break;
    case PSA_PAKE_STEP_CONFIRM:
        side->confirmed[direction] = 1;
        side->is_counted = direction == OUTPUT ? 0 : side->is_counted;
        break;
    default: break;
    }
}

/* ---- setup ---- */

static struct side *other_of(const struct side *side)
{
    return &sides[side == sides];
}

static void set_up(struct side *side)
{
    psa_pake_cipher_suite_t suite = PSA_PAKE_CIPHER_SUITE_INIT;
    psa_key_id_t key = exchanges[which].keys[side != sides];
    int is_wrong = side->state == INACTIVE && mischief(), confirms = protocol() != JPAKE, without_key = one_in(2);
    psa_status_t right = !is_wrong ? PSA_SUCCESS : without_key ? PSA_ERROR_INVALID_HANDLE : REFUSED;
    psa_pake_cs_set_algorithm(&suite, exchanges[which].alg);
    psa_pake_cs_set_primitive(&suite, is_wrong && !without_key ? PSA_PAKE_PRIMITIVE(PSA_PAKE_PRIMITIVE_TYPE_ECC, SECP_R1, 255) : P256);
    psa_pake_cs_set_key_confirmation(&suite, confirms ? PSA_PAKE_CONFIRMED_KEY : PSA_PAKE_UNCONFIRMED_KEY);
    if (answered(&side->state, SETUP, "psa_pake_setup", (size_t)(side - sides),
                 psa_pake_setup(&side->operation, is_wrong && without_key ? PSA_KEY_ID_NULL : key, &suite), right)) {
        psa_pake_operation_t operation = side->operation;
        memset(side, 0, sizeof *side);
        side->operation = operation;
        side->state = ACTIVE;
        /* Who has heard something in the exchange before has nothing to say in this one. */
        if (other_of(side)->heard > 0) {
            other_of(side)->is_left = 1;
            other_of(side)->said_count = 0;
        }
    }
}

static void set_role(struct side *side)
{
    psa_pake_role_t role = protocol() != SPAKE2P ? PSA_PAKE_ROLE_NONE
                           : side == sides       ? PSA_PAKE_ROLE_CLIENT
                                                 : PSA_PAKE_ROLE_SERVER;
    int is_late = side->has_role || side->has_stepped, is_wrong = side->state == ACTIVE && !is_late && mischief();
    if (is_wrong) {
        /* A verifier has no w1. */
        role = protocol() != SPAKE2P || side != sides ? PSA_PAKE_ROLE_CLIENT : PSA_PAKE_ROLE_FIRST;
    }
    if (answered(&side->state, STEP, "psa_pake_set_role", role, psa_pake_set_role(&side->operation, role),
                 is_late ? PSA_ERROR_BAD_STATE : is_wrong ? REFUSED : PSA_SUCCESS)) {
        side->has_role = 1;
    }
}

static void set_name(struct side *side, int is_peer)
{
    int *has = is_peer ? &side->has_peer : &side->has_user, is_late = *has || side->has_stepped;
    /* In Matter an empty name is none. */
    int is_empty = side->state == ACTIVE && !is_late && exchanges[which].alg != PSA_ALG_SPAKE2P_MATTER && mischief();
    const uint8_t *name = is_empty && one_in(2) ? NULL : names[(side != sides) ^ is_peer];
    size_t length = is_empty ? 0 : sizeof names[0];
    psa_status_t status =
        is_peer ? psa_pake_set_peer(&side->operation, name, length) : psa_pake_set_user(&side->operation, name, length);
    if (answered(&side->state, STEP, is_peer ? "psa_pake_set_peer" : "psa_pake_set_user", length, status,
                 is_late    ? PSA_ERROR_BAD_STATE
                 : is_empty ? PSA_ERROR_INVALID_ARGUMENT
                            : PSA_SUCCESS)) {
        *has = 1;
    }
}

static void set_context(struct side *side)
{
    int is_late = side->has_context || side->has_stepped || protocol() != SPAKE2P;
    if (answered(&side->state, STEP, "psa_pake_set_context", 7,
                 psa_pake_set_context(&side->operation, (const uint8_t *)"context", 7),
                 is_late ? PSA_ERROR_BAD_STATE : PSA_SUCCESS)) {
        side->has_context = 1;
    }
}

/* ---- steps ---- */

static void output(struct side *side, psa_pake_step_t step)
{
    static uint8_t data[PSA_PAKE_OUTPUT_MAX_SIZE];
    size_t length = 1;
    int is_foreign = side->state == ACTIVE && !has_step(step), is_right = is_turn(side, OUTPUT, step);
    int is_short = side->state == ACTIVE && is_right && mischief();
    size_t size = is_short ? 1 : is_foreign ? sizeof data : PSA_PAKE_OUTPUT_SIZE(exchanges[which].alg, P256, step);
    psa_status_t right = is_foreign ? PSA_ERROR_INVALID_ARGUMENT
                         : !is_right ? PSA_ERROR_BAD_STATE
                         : is_short  ? PSA_ERROR_BUFFER_TOO_SMALL
                                     : PSA_SUCCESS;
    /* A step that the algorithm does not have leaves the operation as it is: docs/architecture.md. */
    if (!answered(&side->state, is_foreign ? HARMLESS : STEP, "psa_pake_output", step,
                  psa_pake_output(&side->operation, step, data, size, &length), right)) {
        holds("no length after a failure", length == 0);
        return;
    }
    took(side, OUTPUT, step);
    if (step != PSA_PAKE_STEP_KEY_ID && side->said_count < MESSAGES && !side->is_left) {
        side->said[side->said_count].step = step;
        side->said[side->said_count].length = length;
        memcpy(side->said[side->said_count++].data, data, length);
    }
}

static int is_heard_from_peer(psa_pake_step_t step)
{
    return step != PSA_PAKE_STEP_SALT && step != PSA_PAKE_STEP_CONFIRM_COUNT;
}

/* Whether there is something for this input. */
static int is_available(const struct side *side, psa_pake_step_t step)
{
    const struct side *other = other_of(side);
    return !is_heard_from_peer(step) || (side->heard < other->said_count && other->said[side->heard].step == step);
}

/* Both sides must know each other by the same names, and have the same context. */
static int do_match(void)
{
    return sides[0].has_user == sides[1].has_peer && sides[1].has_user == sides[0].has_peer &&
           sides[0].has_context == sides[1].has_context;
}

static void input(struct side *side, psa_pake_step_t step)
{
    uint8_t data[PSA_PAKE_OUTPUT_MAX_SIZE] = {0};
    size_t length = step == PSA_PAKE_STEP_CONFIRM_COUNT ? 2 : 32;
    int is_foreign = side->state == ACTIVE && !has_step(step), is_right = is_turn(side, INPUT, step), is_spoiled = 0;
    psa_status_t right = is_foreign ? PSA_ERROR_INVALID_ARGUMENT : is_right ? PSA_SUCCESS : PSA_ERROR_BAD_STATE;
    if (side->state == ACTIVE && is_right && !is_available(side, step)) {
        return;
    }
    if (side->state == ACTIVE && is_right && is_heard_from_peer(step)) {
        length = other_of(side)->said[side->heard].length;
        memcpy(data, other_of(side)->said[side->heard].data, length);
        is_spoiled = mischief();
        data[length - 1] ^= (uint8_t)is_spoiled;
        if (is_spoiled) {
            right = step == PSA_PAKE_STEP_CONFIRM || step == PSA_PAKE_STEP_ZK_PROOF ? PSA_ERROR_INVALID_SIGNATURE
                                                                                     : PSA_ERROR_INVALID_ARGUMENT;
        } else if (step == PSA_PAKE_STEP_CONFIRM && !do_match()) {
            right = PSA_ERROR_INVALID_SIGNATURE;
        }
    }
    if (answered(&side->state, is_foreign ? HARMLESS : STEP, "psa_pake_input", step,
                 psa_pake_input(&side->operation, step, data, length), right)) {
        took(side, INPUT, step);
        side->heard += (unsigned)is_heard_from_peer(step);
    }
}

static void get_shared_key(struct side *side)
{
    psa_key_attributes_t attributes = key_attributes(PSA_KEY_TYPE_DERIVE, 0, PSA_KEY_USAGE_EXPORT, PSA_ALG_NONE);
    psa_key_id_t key = 1;
    int is_ready = side->state == ACTIVE && is_set_up(side) && is_complete(side), is_wrong = is_ready && mischief();
    if (is_wrong) {
        psa_set_key_type(&attributes, PSA_KEY_TYPE_RSA_KEY_PAIR);
    }
    if (!answered(&side->state, FINISH, "psa_pake_get_shared_key", (size_t)(side - sides),
                  psa_pake_get_shared_key(&side->operation, &attributes, &key),
                  !is_ready ? PSA_ERROR_BAD_STATE : is_wrong ? REFUSED : PSA_SUCCESS)) {
        holds("no key after a failure", key == PSA_KEY_ID_NULL);
        return;
    }
    MUST_SUCCEED(psa_export_key(key, side->secret, sizeof side->secret, &side->secret_length));
    MUST_SUCCEED(psa_destroy_key(key));
    side->is_done = 1;
    if (other_of(side)->is_done) {
        same("the shared secret", sides[0].secret, sides[0].secret_length, sides[1].secret, sides[1].secret_length);
        completed();
    }
}

/* ---- all together ---- */

static void abort_side(struct side *side)
{
    answered(&side->state, ABORT, "psa_pake_abort", (size_t)(side - sides), psa_pake_abort(&side->operation), PSA_SUCCESS);
}

static psa_pake_step_t any_step(void)
{
    return (psa_pake_step_t)(1 + below(8));
}

static void any_call(struct side *side)
{
    switch (below(8)) {
    case 0: set_up(side); break;
    case 1: set_role(side); break;
    case 2: set_name(side, 0); break;
    case 3: set_name(side, 1); break;
    case 4: set_context(side); break;
    case 5: side->state != ACTIVE || is_set_up(side) ? output(side, any_step()) : (void)0; break;
    case 6: side->state != ACTIVE || is_set_up(side) ? input(side, any_step()) : (void)0; break;
    default: get_shared_key(side); break;
    }
}

/* One of the steps whose turn it is. */
static void usual_step(struct side *side)
{
    psa_pake_step_t step = any_step();
    unsigned tried;
    for (tried = 0; tried < 8; tried++, step = (psa_pake_step_t)(step % 8 + 1)) {
        enum direction direction = one_in(2) ? OUTPUT : INPUT, opposite = direction == OUTPUT ? INPUT : OUTPUT;
        if (!has_step(step) || (!is_turn(side, direction, step) && !is_turn(side, opposite, step))) {
            continue;
        }
        direction = is_turn(side, direction, step) ? direction : opposite;
        direction == OUTPUT ? output(side, step) : input(side, step);
        return;
    }
}

static void usual_call(struct side *side, int has_names)
{
    if (side->state == INACTIVE && !side->is_done) {
        set_up(side);
    } else if (side->state != ACTIVE) {
        return;
    } else if (protocol() == SPAKE2P && !side->has_role) {
        set_role(side);
    } else if (has_names && !side->has_user && !side->has_stepped) {
        set_name(side, 0);
    } else if (has_names && !side->has_peer && !side->has_stepped) {
        set_name(side, 1);
    } else if (is_complete(side) && (protocol() != SAE || one_in(2))) {
        get_shared_key(side);
    } else {
        usual_step(side);
    }
}

static void sequence(void)
{
    int has_names;
    unsigned left = 90, mischiefs = 2;
    which = turn() % COUNT_OF(exchanges);
    has_names = protocol() != SPAKE2P || one_in(2);
    memset(sides, 0, sizeof sides);
    while (left-- > 0 && is_going_on() && !(sides[0].is_done && sides[1].is_done)) {
        struct side *side = &sides[below(2)];
        if (mischiefs > 0 && one_in(15) && mischief()) {
            any_call(side);
            mischiefs--;
        } else {
            usual_call(side, has_names);
        }
    }
    abort_side(&sides[0]);
    abort_side(&sides[1]);
    memset(sides, 0, sizeof sides);
}

const struct operation_kind pake_operations = {"pake", 360, prepare, sequence};
