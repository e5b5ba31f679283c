/* Key-derivation operations: PSA 1.5, section 10.8, with the inputs of each algorithm as section 10.8.1 lists them; and the input
 * of an agreed secret, section 10.11.3. See states.h. */
#include "states.h"

#define VALUE 200
#define OUTPUT 2000
#define HASH PSA_ALG_SHA_256
#define COUNT_OF_STEPS 9

enum input {
    NONE,
    SECRET,
    OTHER_SECRET,
    PASSWORD,
    LABEL,
    CONTEXT,
    SALT,
    INFO,
    SEED,
    COST
};

static const psa_key_derivation_step_t steps[COUNT_OF_STEPS + 1] = {
    0,
    PSA_KEY_DERIVATION_INPUT_SECRET,
    PSA_KEY_DERIVATION_INPUT_OTHER_SECRET,
    PSA_KEY_DERIVATION_INPUT_PASSWORD,
    PSA_KEY_DERIVATION_INPUT_LABEL,
    PSA_KEY_DERIVATION_INPUT_CONTEXT,
    PSA_KEY_DERIVATION_INPUT_SALT,
    PSA_KEY_DERIVATION_INPUT_INFO,
    PSA_KEY_DERIVATION_INPUT_SEED,
    PSA_KEY_DERIVATION_INPUT_COST,
};

enum times { ONCE, OPTIONAL, REPEATED };

struct rule {
    enum input input;
    enum times times;
    /* At any time before the output. */
    int anytime;
};

struct algorithm {
    psa_algorithm_t alg;
    /* In their order. */
    struct rule rules[4];
    /* Of a fresh operation; 0 where the specification names none. */
    uint64_t capacity;
    /* The input that is agreed on in an operation with key agreement. */
    enum input agreed;
};

#define PBKDF2_INPUTS {{COST, ONCE, 0}, {SALT, REPEATED, 0}, {PASSWORD, ONCE, 0}}
#define SP800_108_INPUTS {{SECRET, ONCE, 0}, {LABEL, OPTIONAL, 0}, {CONTEXT, OPTIONAL, 0}}
#define HKDF_INPUTS {{SALT, OPTIONAL, 0}, {SECRET, ONCE, 0}, {INFO, ONCE, 1}}
#define PSK_TO_MS_INPUTS {{SEED, ONCE, 0}, {OTHER_SECRET, OPTIONAL, 0}, {SECRET, ONCE, 0}, {LABEL, ONCE, 0}}

static const struct algorithm algorithms[] = {
    {PSA_ALG_HKDF(HASH), HKDF_INPUTS, 255 * 32, NONE},
    {PSA_ALG_HKDF_EXTRACT(HASH), {{SALT, ONCE, 0}, {SECRET, ONCE, 0}}, 32, NONE},
    {PSA_ALG_HKDF_EXPAND(HASH), {{SECRET, ONCE, 0}, {INFO, ONCE, 0}}, 255 * 32, NONE},
    {PSA_ALG_SP800_108_COUNTER_HMAC(HASH), SP800_108_INPUTS, 0x1fffffff, NONE},
    {PSA_ALG_SP800_108_COUNTER_CMAC, SP800_108_INPUTS, 0x1fffffff, NONE},
    {PSA_ALG_TLS12_PRF(HASH), {{SEED, ONCE, 0}, {SECRET, ONCE, 0}, {LABEL, ONCE, 0}}, 0, NONE},
    {PSA_ALG_TLS12_PSK_TO_MS(HASH), PSK_TO_MS_INPUTS, 0, NONE},
    {PSA_ALG_TLS12_ECJPAKE_TO_PMS, {{SECRET, ONCE, 0}}, PSA_TLS12_ECJPAKE_TO_PMS_OUTPUT_SIZE, NONE},
    {PSA_ALG_PBKDF2_HMAC(HASH), PBKDF2_INPUTS, UINT64_C(0xffffffff) * 32, NONE},
    {PSA_ALG_PBKDF2_AES_CMAC_PRF_128, PBKDF2_INPUTS, UINT64_C(0xffffffff) * 16, NONE},
    {PSA_ALG_WPA3_SAE_H2E(HASH), {{SALT, ONCE, 0}, {PASSWORD, ONCE, 0}, {INFO, OPTIONAL, 0}}, 0, NONE},
    {PSA_ALG_KEY_AGREEMENT(PSA_ALG_ECDH, PSA_ALG_HKDF(HASH)), HKDF_INPUTS, 255 * 32, SECRET},
    {PSA_ALG_KEY_AGREEMENT(PSA_ALG_ECDH, PSA_ALG_TLS12_PSK_TO_MS(HASH)), PSK_TO_MS_INPUTS, 0, OTHER_SECRET},
};

/* For the algorithms with key agreement, and a peer. */
static psa_key_id_t private_keys[COUNT_OF(algorithms)];
static uint8_t peer[65];

static struct {
    psa_key_derivation_operation_t operation;
    enum state state;
    const struct algorithm *algorithm;
    unsigned given[4];
    uint8_t values[COUNT_OF_STEPS + 1][VALUE];
    size_t lengths[COUNT_OF_STEPS + 1];
    uint64_t cost;
    int only_verifies, has_secret_key, has_output, was_agreed;
    size_t capacity, read, fixed_capacity;
} kdf;

static psa_key_id_t used[64];
static size_t used_count;

static int is_sae(void)
{
    return PSA_ALG_IS_WPA3_SAE_H2E(kdf.algorithm->alg);
}

static int is_sp800_108(void)
{
    return kdf.algorithm->alg == PSA_ALG_SP800_108_COUNTER_CMAC || PSA_ALG_IS_SP800_108_COUNTER_HMAC(kdf.algorithm->alg);
}

static void prepare(void)
{
    psa_key_type_t type = PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1);
    psa_key_id_t other = generate_key(type, 256, PSA_KEY_USAGE_DERIVE, PSA_ALG_ECDH);
    size_t i, length;
    MUST_SUCCEED(psa_export_public_key(other, peer, sizeof peer, &length));
    for (i = 0; i < COUNT_OF(algorithms); i++) {
        if (algorithms[i].agreed != NONE) {
            private_keys[i] = generate_key(type, 256, PSA_KEY_USAGE_DERIVE, algorithms[i].alg);
        }
    }
}

/* ---- the rules ---- */

static int place_of(enum input input)
{
    int i;
    for (i = 0; i < 4; i++) {
        if (input != NONE && kdf.algorithm->rules[i].input == input) {
            return i;
        }
    }
    return -1;
}

static psa_status_t expected_input(enum input input)
{
    const struct rule *rules = kdf.algorithm->rules;
    int i, place = place_of(input);
    if (kdf.has_output) {
        return PSA_ERROR_BAD_STATE;
    }
    if (place < 0) {
        return REFUSED;
    }
    if (kdf.given[place] != 0 && rules[place].times != REPEATED) {
        return PSA_ERROR_BAD_STATE;
    }
    for (i = 0; i < 4 && !rules[place].anytime; i++) {
        int is_missing = i < place && rules[i].times != OPTIONAL && kdf.given[i] == 0;
        int was_later = i > place && !rules[i].anytime && kdf.given[i] != 0;
        if (is_missing || was_later) {
            return PSA_ERROR_BAD_STATE;
        }
    }
    return PSA_SUCCESS;
}

static int is_complete(void)
{
    int i;
    for (i = 0; i < 4; i++) {
        if (kdf.algorithm->rules[i].input != NONE && kdf.algorithm->rules[i].times != OPTIONAL && kdf.given[i] == 0) {
            return 0;
        }
    }
    return 1;
}

/* ---- setup and capacity ---- */

static void set_up(void)
{
    const struct algorithm *algorithm = &algorithms[turn() % COUNT_OF(algorithms)];
    int is_wrong = kdf.state == INACTIVE && mischief();
    psa_algorithm_t alg = is_wrong ? (one_in(2) ? PSA_ALG_ECDH : PSA_ALG_HMAC(HASH)) : algorithm->alg;
    if (!answered(&kdf.state, SETUP, "psa_key_derivation_setup", alg, psa_key_derivation_setup(&kdf.operation, alg),
                  is_wrong ? REFUSED : PSA_SUCCESS)) {
        return;
    }
    kdf.algorithm = algorithm;
    memset(kdf.given, 0, sizeof kdf.given);
    memset(kdf.lengths, 0, sizeof kdf.lengths);
    kdf.only_verifies = kdf.has_secret_key = kdf.has_output = kdf.was_agreed = 0;
    kdf.read = kdf.fixed_capacity = 0;
    MUST_SUCCEED(psa_key_derivation_get_capacity(&kdf.operation, &kdf.capacity));
    holds("the capacity of a fresh operation", algorithm->capacity == 0 || kdf.capacity == algorithm->capacity);
}

static void get_capacity(void)
{
    size_t capacity = 1;
    if (answered(&kdf.state, HARMLESS, "psa_key_derivation_get_capacity", 0,
                 psa_key_derivation_get_capacity(&kdf.operation, &capacity), PSA_SUCCESS)) {
        holds("the capacity", is_sae() || capacity == kdf.capacity);
    }
}

static void set_capacity(void)
{
    size_t capacity = below(OUTPUT);
    int is_active = kdf.state == ACTIVE, is_fixed = is_active && is_sp800_108() && kdf.has_output;
    psa_status_t right = is_fixed ? PSA_ERROR_BAD_STATE
                         : is_active && capacity > kdf.capacity ? PSA_ERROR_INVALID_ARGUMENT
                                                                : PSA_SUCCESS;
    if (is_active && is_sae()) {
        return;
    }
    if (answered(&kdf.state, right == PSA_ERROR_INVALID_ARGUMENT ? HARMLESS : STEP, "psa_key_derivation_set_capacity", capacity,
                 psa_key_derivation_set_capacity(&kdf.operation, capacity), right)) {
        kdf.capacity = capacity;
    }
}

/* ---- inputs ---- */

/* A value that the algorithm takes for this input; its length. */
static size_t any_value(enum input input, uint8_t *value)
{
    static const char point[] = "04" /* the base point of P-256 */
                                "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
                                "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5";
    size_t i, length = 1 + below(40);
    random_bytes(value, length);
    for (i = 0; i < length && input == LABEL; i++) {
        value[i] |= 1;
    }
    if (kdf.state == ACTIVE && kdf.algorithm->alg == PSA_ALG_TLS12_ECJPAKE_TO_PMS) {
        struct bytes bytes = hex(point);
        memcpy(value, bytes.data, bytes.length);
        return bytes.length;
    }
    return kdf.state == ACTIVE && kdf.algorithm->alg == PSA_ALG_SP800_108_COUNTER_CMAC && input == SECRET ? 16 : length;
}

static void took(enum input input, const uint8_t *value, size_t length)
{
    size_t before = kdf.lengths[input];
    /* The salts of PBKDF2 are joined. */
    holds("room for the value", before + length <= VALUE);
    memcpy(kdf.values[input] + before, value, length);
    kdf.lengths[input] += length;
    kdf.given[place_of(input)]++;
}

static enum input any_input(void)
{
    int i;
    if (kdf.state != ACTIVE || mischief()) {
        return 1 + below(COUNT_OF_STEPS);
    }
    for (i = 0; i < 4; i++) {
        enum input input = kdf.algorithm->rules[i].input;
        int is_wanted = kdf.algorithm->rules[i].times == OPTIONAL ? one_in(2) : 1;
        if (input != NONE && is_wanted && kdf.given[i] == 0 && expected_input(input) == PSA_SUCCESS) {
            return input;
        }
    }
    return SALT;
}

/* Contents that an input refuses; 0 where it takes any. */
static size_t wrong_value(enum input input, uint8_t *value)
{
    psa_algorithm_t alg = kdf.algorithm->alg;
    if (input == LABEL && is_sp800_108()) {
        memset(value, 0, 3);
        return 3;
    }
    if (input == SECRET && PSA_ALG_IS_TLS12_PSK_TO_MS(alg) && PSA_TLS12_PSK_TO_MS_PSK_MAX_SIZE < VALUE) {
        return PSA_TLS12_PSK_TO_MS_PSK_MAX_SIZE + 1;
    }
    return input == SECRET && alg == PSA_ALG_TLS12_ECJPAKE_TO_PMS ? 64 : 0;
}

static void input_bytes(enum input input)
{
    uint8_t value[VALUE] = {0};
    size_t length = any_value(input, value), wrong;
    psa_status_t right = kdf.state == ACTIVE ? expected_input(input) : PSA_SUCCESS;
    if (kdf.state == ACTIVE) {
        /* A number; and a key that has to be one of a block cipher. */
        if (right != PSA_ERROR_BAD_STATE &&
            (input == COST || (input == SECRET && kdf.algorithm->alg == PSA_ALG_SP800_108_COUNTER_CMAC))) {
            right = REFUSED;
        } else if (input == COST) {
            return;
        }
        if (kdf.algorithm->alg == PSA_ALG_SP800_108_COUNTER_CMAC && input == SECRET && right == PSA_ERROR_BAD_STATE) {
            return;
        }
        if (right == PSA_SUCCESS && mischief() && (wrong = wrong_value(input, value)) > 0) {
            length = wrong;
            right = PSA_ERROR_INVALID_ARGUMENT;
        }
    }
    if (answered(&kdf.state, STEP, "psa_key_derivation_input_bytes", input,
                 psa_key_derivation_input_bytes(&kdf.operation, steps[input], value, length), right)) {
        took(input, value, length);
    }
}

static void input_integer(enum input input)
{
    uint64_t value = 1 + below(20);
    psa_status_t right = kdf.state == ACTIVE ? expected_input(input) : PSA_SUCCESS;
    if (kdf.state == ACTIVE && input != COST) {
        right = kdf.has_output ? PSA_ERROR_BAD_STATE : REFUSED;
    } else if (kdf.state == ACTIVE && right == PSA_SUCCESS && mischief()) {
        value = 0;
        right = PSA_ERROR_INVALID_ARGUMENT;
    }
    if (answered(&kdf.state, STEP, "psa_key_derivation_input_integer", input,
                 psa_key_derivation_input_integer(&kdf.operation, steps[input], value), right)) {
        kdf.cost = value;
        kdf.given[place_of(input)]++;
    }
}

static psa_key_type_t key_type_of(enum input input)
{
    psa_algorithm_t alg = kdf.algorithm->alg;
    int is_pbkdf2 = alg == PSA_ALG_PBKDF2_AES_CMAC_PRF_128 || PSA_ALG_IS_PBKDF2_HMAC(alg);
    switch (input) {
    case SECRET:
        return alg == PSA_ALG_SP800_108_COUNTER_CMAC                            ? PSA_KEY_TYPE_AES
               : PSA_ALG_IS_SP800_108_COUNTER_HMAC(alg) && one_in(2) ? PSA_KEY_TYPE_HMAC
                                                                     : PSA_KEY_TYPE_DERIVE;
    case OTHER_SECRET: return PSA_KEY_TYPE_DERIVE;
    case PASSWORD: return is_pbkdf2 && one_in(2) ? PSA_KEY_TYPE_DERIVE : PSA_KEY_TYPE_PASSWORD;
    case SALT: return is_pbkdf2 && one_in(2) ? PSA_KEY_TYPE_PEPPER : PSA_KEY_TYPE_RAW_DATA;
    default: return PSA_KEY_TYPE_RAW_DATA;
    }
}

static psa_key_id_t new_key(psa_key_type_t type, psa_key_usage_t usage, psa_algorithm_t alg, const uint8_t *value, size_t length)
{
    psa_key_attributes_t attributes = key_attributes(type, 0, usage, alg);
    psa_key_id_t key = PSA_KEY_ID_NULL;
    MUST(used_count < COUNT_OF(used));
    MUST_SUCCEED(psa_import_key(&attributes, value, length, &key));
    used[used_count++] = key;
    return key;
}

/* How a key is wrong for an input that is right. */
static psa_status_t spoil_key(psa_key_type_t *type, psa_key_usage_t *usage, psa_algorithm_t *policy)
{
    switch (below(3)) {
    case 0: *usage = PSA_KEY_USAGE_EXPORT; return PSA_ERROR_NOT_PERMITTED;
    case 1: *policy = PSA_ALG_HKDF(PSA_ALG_SHA_384); return PSA_ERROR_NOT_PERMITTED;
    default: *type = PSA_KEY_TYPE_PASSWORD_HASH; return REFUSED;
    }
}

static void input_key(enum input input)
{
    uint8_t value[VALUE] = {0};
    psa_key_usage_t usage = one_in(5) ? PSA_KEY_USAGE_VERIFY_DERIVATION : PSA_KEY_USAGE_DERIVE;
    psa_key_type_t type;
    psa_algorithm_t policy;
    size_t length;
    psa_status_t right;
    if (kdf.state != ACTIVE) {
        answered(&kdf.state, STEP, "psa_key_derivation_input_key", 0,
                 psa_key_derivation_input_key(&kdf.operation, steps[input], private_keys[COUNT_OF(algorithms) - 1]), PSA_SUCCESS);
        return;
    }
    length = any_value(input, value);
    type = key_type_of(input);
    policy = kdf.algorithm->alg;
    right = expected_input(input);
    if (right == PSA_SUCCESS && input == COST) {
        right = REFUSED;
    } else if (right == PSA_SUCCESS && mischief()) {
        right = spoil_key(&type, &usage, &policy);
    } else if (input == COST) {
        return;
    }
    if (answered(&kdf.state, STEP, "psa_key_derivation_input_key", input,
                 psa_key_derivation_input_key(&kdf.operation, steps[input], new_key(type, usage, policy, value, length)), right)) {
        took(input, value, length);
        kdf.only_verifies |= !(usage & PSA_KEY_USAGE_DERIVE);
        kdf.has_secret_key |= input == SECRET || input == PASSWORD;
    }
}

static void input_agreement(void)
{
    size_t which = kdf.state == ACTIVE ? (size_t)(kdf.algorithm - algorithms) : COUNT_OF(algorithms) - 1;
    enum input input = algorithms[which].agreed;
    psa_key_id_t key = private_keys[which];
    psa_status_t right = PSA_SUCCESS;
    size_t length = sizeof peer;
    if (kdf.state == ACTIVE && input == NONE) {
        /* The algorithm has none. */
        key = private_keys[COUNT_OF(algorithms) - 1];
        input = SECRET;
        right = kdf.has_output ? PSA_ERROR_BAD_STATE : PSA_ERROR_INVALID_ARGUMENT;
    } else if (kdf.state == ACTIVE) {
        right = expected_input(input);
        if (right == PSA_SUCCESS && mischief()) {
            length--;
            right = PSA_ERROR_INVALID_ARGUMENT;
        }
    }
    if (answered(&kdf.state, STEP, "psa_key_derivation_key_agreement", input,
                 psa_key_derivation_key_agreement(&kdf.operation, steps[input], key, peer, length), right)) {
        kdf.given[place_of(input)]++;
        kdf.has_secret_key |= input == SECRET;
        kdf.was_agreed = 1;
    }
}

/* The next input in whichever form it has. */
static void any_form_of_input(void)
{
    enum input input = any_input();
    if (kdf.state == ACTIVE && kdf.algorithm->agreed == input) {
        input_agreement();
    } else if (input == COST) {
        input_integer(input);
    } else if (one_in(3) && (kdf.state != ACTIVE || kdf.algorithm->alg != PSA_ALG_SP800_108_COUNTER_CMAC || input != SECRET)) {
        input_bytes(input);
    } else {
        input_key(input);
    }
}

/* ---- outputs ---- */

/* The same inputs in one piece each, as bytes where that is possible. */
static psa_key_derivation_operation_t again(void)
{
    psa_key_derivation_operation_t whole = PSA_KEY_DERIVATION_OPERATION_INIT;
    int i;
    MUST_SUCCEED(psa_key_derivation_setup(&whole, kdf.algorithm->alg));
    if (is_sp800_108()) {
        MUST_SUCCEED(psa_key_derivation_set_capacity(&whole, kdf.fixed_capacity));
    }
    for (i = 0; i < 4; i++) {
        enum input input = kdf.algorithm->rules[i].input;
        const uint8_t *value = kdf.values[input];
        if (kdf.given[i] == 0) {
            continue;
        }
        if (kdf.was_agreed && input == kdf.algorithm->agreed) {
            MUST_SUCCEED(psa_key_derivation_key_agreement(&whole, steps[input], private_keys[kdf.algorithm - algorithms], peer,
                                                          sizeof peer));
        } else if (input == COST) {
            MUST_SUCCEED(psa_key_derivation_input_integer(&whole, steps[input], kdf.cost));
        } else if (kdf.algorithm->alg == PSA_ALG_SP800_108_COUNTER_CMAC && input == SECRET) {
            psa_key_id_t key = new_key(PSA_KEY_TYPE_AES, PSA_KEY_USAGE_DERIVE, kdf.algorithm->alg, value, kdf.lengths[input]);
            MUST_SUCCEED(psa_key_derivation_input_key(&whole, steps[input], key));
        } else if (is_sae() && input == PASSWORD) {
            psa_key_id_t key = new_key(PSA_KEY_TYPE_PASSWORD, PSA_KEY_USAGE_DERIVE, kdf.algorithm->alg, value, kdf.lengths[input]);
            MUST_SUCCEED(psa_key_derivation_input_key(&whole, steps[input], key));
        } else {
            MUST_SUCCEED(psa_key_derivation_input_bytes(&whole, steps[input], value, kdf.lengths[input]));
        }
    }
    return whole;
}

/* The next bytes of the output, from another operation that is read at once. */
static void next_bytes(uint8_t *bytes, size_t length)
{
    uint8_t all[OUTPUT];
    psa_key_derivation_operation_t whole;
    if (kdf.state != ACTIVE || !is_complete() || length > kdf.capacity || is_sae()) {
        return;
    }
    MUST(kdf.read + length <= sizeof all);
    kdf.fixed_capacity = kdf.has_output ? kdf.fixed_capacity : kdf.capacity;
    if (kdf.algorithm->alg == PSA_ALG_TLS12_ECJPAKE_TO_PMS && kdf.read + length != PSA_TLS12_ECJPAKE_TO_PMS_OUTPUT_SIZE) {
        return;
    }
    whole = again();
    MUST_SUCCEED(psa_key_derivation_output_bytes(&whole, all, kdf.read + length));
    MUST_SUCCEED(psa_key_derivation_abort(&whole));
    memcpy(bytes, all + kdf.read, length);
}

static size_t any_length(void)
{
    size_t length = below(40);
    if (kdf.state == ACTIVE && kdf.algorithm->alg == PSA_ALG_TLS12_ECJPAKE_TO_PMS && !mischief()) {
        return PSA_TLS12_ECJPAKE_TO_PMS_OUTPUT_SIZE;
    }
    /* Nothing of nothing is implementation-defined. */
    return length == 0 && kdf.state == ACTIVE && kdf.capacity == 0 ? 1 : length;
}

static psa_status_t expected_output(size_t length, int only_verifies)
{
    if (!is_complete()) {
        return PSA_ERROR_BAD_STATE;
    }
    if (!only_verifies && kdf.only_verifies) {
        return PSA_ERROR_NOT_PERMITTED;
    }
    if (is_sae()) {
        return REFUSED;
    }
    if (length > kdf.capacity) {
        return PSA_ERROR_INSUFFICIENT_DATA;
    }
    return kdf.algorithm->alg == PSA_ALG_TLS12_ECJPAKE_TO_PMS && length != PSA_TLS12_ECJPAKE_TO_PMS_OUTPUT_SIZE ? REFUSED
                                                                                                                : PSA_SUCCESS;
}

/* Whether an output function worked, after which so much has been read. */
static int gave(const char *call, size_t length, psa_status_t actual, psa_status_t right)
{
    int worked = answered(&kdf.state, right == PSA_ERROR_INSUFFICIENT_DATA ? HARMLESS : STEP, call, length, actual, right);
    if (worked) {
        kdf.capacity -= length;
        kdf.read += length;
        kdf.has_output = 1;
        completed();
    } else if (kdf.state == ACTIVE) {
        kdf.capacity = 0;
        kdf.has_output = 1;
    }
    return worked;
}

/* So that no two rules forbid the same call: which of the statuses it gets is open then. */
static int is_open(void)
{
    return kdf.state == ACTIVE && is_sae() && !is_complete();
}

static void output_bytes(void)
{
    uint8_t expected[40] = {0}, bytes[40] = {0};
    size_t length = any_length();
    psa_status_t right = kdf.state == ACTIVE ? expected_output(length, 0) : PSA_SUCCESS;
    if (is_open()) {
        return;
    }
    next_bytes(expected, length);
    if (gave("psa_key_derivation_output_bytes", length, psa_key_derivation_output_bytes(&kdf.operation, bytes, length), right)) {
        same("output in pieces is that at once", bytes, length, expected, length);
    }
}

static void verify_bytes(void)
{
    uint8_t expected[40] = {0};
    size_t length = any_length();
    psa_status_t right = kdf.state == ACTIVE ? expected_output(length, 1) : PSA_SUCCESS;
    if (is_open()) {
        return;
    }
    next_bytes(expected, length);
    if (kdf.state == ACTIVE && right == PSA_SUCCESS && length > 0 && mischief()) {
        expected[below((unsigned)length)] ^= 1;
        right = PSA_ERROR_INVALID_SIGNATURE;
    }
    gave("psa_key_derivation_verify_bytes", length, psa_key_derivation_verify_bytes(&kdf.operation, expected, length), right);
}

static void verify_key(void)
{
    uint8_t expected[40] = {0};
    psa_key_type_t type = PSA_KEY_TYPE_PASSWORD_HASH;
    psa_key_usage_t usage = PSA_KEY_USAGE_VERIFY_DERIVATION;
    psa_algorithm_t alg = kdf.state == ACTIVE ? kdf.algorithm->alg : PSA_ALG_HKDF(HASH);
    size_t length = any_length();
    psa_status_t right;
    length += length == 0;
    right = kdf.state == ACTIVE ? expected_output(length, 1) : PSA_SUCCESS;
    if (is_open()) {
        return;
    }
    next_bytes(expected, length);
    if (kdf.state == ACTIVE && right == PSA_SUCCESS && mischief()) {
        switch (below(3)) {
        case 0: expected[below((unsigned)length)] ^= 1; right = PSA_ERROR_INVALID_SIGNATURE; break;
        case 1: type = PSA_KEY_TYPE_DERIVE; right = PSA_ERROR_INVALID_ARGUMENT; break;
        default: usage = PSA_KEY_USAGE_DERIVE; right = PSA_ERROR_NOT_PERMITTED; break;
        }
    }
    gave("psa_key_derivation_verify_key", length,
         psa_key_derivation_verify_key(&kdf.operation, new_key(type, usage, alg, expected, length)), right);
}

/* The key that another operation gives for a password and its network. */
static void check_token(const psa_key_attributes_t *attributes, psa_key_id_t token)
{
    uint8_t left[128], right[128];
    size_t left_length = 0, right_length = 1;
    psa_key_derivation_operation_t whole = again();
    psa_key_id_t key = PSA_KEY_ID_NULL;
    MUST_SUCCEED(psa_key_derivation_output_key(attributes, &whole, &key));
    MUST_SUCCEED(psa_key_derivation_abort(&whole));
    MUST_SUCCEED(psa_export_key(token, left, sizeof left, &left_length));
    MUST_SUCCEED(psa_export_key(key, right, sizeof right, &right_length));
    same("the password token", left, left_length, right, right_length);
    MUST_SUCCEED(psa_destroy_key(key));
}

static psa_status_t expected_key(size_t length)
{
    psa_status_t right = expected_output(length, 0);
    if (right == PSA_ERROR_BAD_STATE || right == PSA_ERROR_NOT_PERMITTED) {
        return right;
    }
    if (!kdf.has_secret_key) {
        return PSA_ERROR_NOT_PERMITTED;
    }
    return !is_sae() ? right : kdf.has_output ? PSA_ERROR_INSUFFICIENT_DATA : PSA_SUCCESS;
}

static void output_key(void)
{
    uint8_t expected[40] = {0}, bytes[40];
    psa_custom_key_parameters_t custom = PSA_CUSTOM_KEY_PARAMETERS_INIT;
    psa_key_attributes_t attributes;
    psa_key_id_t key = 1;
    size_t length = any_length(), exported = 0;
    int is_token = kdf.state == ACTIVE && is_sae(), has_custom = one_in(3);
    psa_status_t right, status;
    length += length == 0;
    right = kdf.state == ACTIVE ? expected_key(length) : PSA_SUCCESS;
    attributes = is_token ? key_attributes(PSA_KEY_TYPE_WPA3_SAE_ECC(PSA_ECC_FAMILY_SECP_R1), 256, PSA_KEY_USAGE_EXPORT, 0)
                          : key_attributes(PSA_KEY_TYPE_DERIVE, 8 * length, PSA_KEY_USAGE_EXPORT, 0);
    if (kdf.state == ACTIVE && right == PSA_SUCCESS && mischief()) {
        has_custom = has_custom && !is_token;
        custom.flags = has_custom;
        if (!has_custom) {
            psa_set_key_type(&attributes, PSA_KEY_TYPE_ECC_PUBLIC_KEY(PSA_ECC_FAMILY_SECP_R1));
        }
        right = REFUSED;
    }
    next_bytes(expected, length);
    status = has_custom ? psa_key_derivation_output_key_custom(&attributes, &kdf.operation, &custom, NULL, 0, &key)
                        : psa_key_derivation_output_key(&attributes, &kdf.operation, &key);
    length = is_token ? 0 : length;
    if (!gave(has_custom ? "psa_key_derivation_output_key_custom" : "psa_key_derivation_output_key", length, status, right)) {
        holds("no key after a failure", key == PSA_KEY_ID_NULL);
        return;
    }
    if (is_token) {
        check_token(&attributes, key);
    } else {
        MUST_SUCCEED(psa_export_key(key, bytes, sizeof bytes, &exported));
        same("a key is the next piece of the output", bytes, exported, expected, length);
    }
    MUST_SUCCEED(psa_destroy_key(key));
}

/* ---- all together ---- */

static void abort_derivation(void)
{
    answered(&kdf.state, ABORT, "psa_key_derivation_abort", 0, psa_key_derivation_abort(&kdf.operation), PSA_SUCCESS);
}

static void call(unsigned which)
{
    switch (which) {
    case 0: set_up(); break;
    case 1: any_form_of_input(); break;
    case 2: output_bytes(); break;
    case 3: output_key(); break;
    case 4: verify_bytes(); break;
    case 5: verify_key(); break;
    case 6: set_capacity(); break;
    case 7: get_capacity(); break;
    case 8: abort_derivation(); break;
    case 9: input_bytes(any_input()); break;
    case 10: input_integer(any_input()); break;
    case 11: input_key(any_input()); break;
    default: input_agreement(); break;
    }
}

static unsigned usual_call(void)
{
    if (kdf.state != ACTIVE) {
        return kdf.state == INACTIVE ? 0 : 8;
    }
    if (one_in(8)) {
        return 6 + below(2);
    }
    if (!is_complete()) {
        return 1;
    }
    return is_sae() || (kdf.has_secret_key && one_in(3)) ? 3 : one_in(10) ? 8 : kdf.only_verifies ? 4 + below(2) : 2 + 2 * below(2);
}

static void sequence(void)
{
    make_calls(24, 13, usual_call, call);
    abort_derivation();
    while (used_count > 0) {
        MUST_SUCCEED(psa_destroy_key(used[--used_count]));
    }
}

const struct operation_kind derivation_operations = {"derivation", 1300, prepare, sequence};
