/* Key-derivation operations: PSA 1.5, section 10.8, with the inputs of each algorithm as section 10.8.1 lists them; and the input
 * of an agreed secret, section 10.11.3. See states_derivation.h. */
#include "states_derivation.h"

#define HASH PSA_ALG_SHA_256

const psa_key_derivation_step_t derivation_steps[COUNT_OF_STEPS + 1] = {
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

#define PBKDF2_INPUTS {{COST, ONCE, 0}, {SALT, REPEATED, 0}, {PASSWORD, ONCE, 0}}
#define SP800_108_INPUTS {{SECRET, ONCE, 0}, {LABEL, OPTIONAL, 0}, {CONTEXT, OPTIONAL, 0}}
#define HKDF_INPUTS {{SALT, OPTIONAL, 0}, {SECRET, ONCE, 0}, {INFO, ONCE, 1}}
#define PSK_TO_MS_INPUTS {{SEED, ONCE, 0}, {OTHER_SECRET, OPTIONAL, 0}, {SECRET, ONCE, 0}, {LABEL, ONCE, 0}}

const struct algorithm derivation_algorithms[COUNT_OF_ALGORITHMS] = {
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

psa_key_id_t private_keys[COUNT_OF_ALGORITHMS];
uint8_t peer[65];
struct derivation kdf;

static psa_key_id_t used[64];
static size_t used_count;

static void prepare(void)
{
    psa_key_type_t type = PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1);
    psa_key_id_t other = generate_key(type, 256, PSA_KEY_USAGE_DERIVE, PSA_ALG_ECDH);
    size_t i, length;
    MUST_SUCCEED(psa_export_public_key(other, peer, sizeof peer, &length));
    for (i = 0; i < COUNT_OF_ALGORITHMS; i++) {
        if (derivation_algorithms[i].agreed != NONE) {
            private_keys[i] = generate_key(type, 256, PSA_KEY_USAGE_DERIVE, derivation_algorithms[i].alg);
        }
    }
}

psa_key_id_t new_key(psa_key_type_t type, psa_key_usage_t usage, psa_algorithm_t alg, const uint8_t *value, size_t length)
{
    psa_key_attributes_t attributes = key_attributes(type, 0, usage, alg);
    psa_key_id_t key = PSA_KEY_ID_NULL;
    MUST(used_count < COUNT_OF(used));
    MUST_SUCCEED(psa_import_key(&attributes, value, length, &key));
    used[used_count++] = key;
    return key;
}

/* ---- the rules ---- */

int is_sae(void)
{
    return PSA_ALG_IS_WPA3_SAE_H2E(kdf.algorithm->alg);
}

int is_sp800_108(void)
{
    return kdf.algorithm->alg == PSA_ALG_SP800_108_COUNTER_CMAC || PSA_ALG_IS_SP800_108_COUNTER_HMAC(kdf.algorithm->alg);
}

int place_of(enum input input)
{
    int i;
    for (i = 0; i < 4; i++) {
        if (input != NONE && kdf.algorithm->rules[i].input == input) {
            return i;
        }
    }
    return -1;
}

psa_status_t expected_input(enum input input)
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

int is_complete(void)
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
    const struct algorithm *algorithm = &derivation_algorithms[turn() % COUNT_OF_ALGORITHMS];
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

/* ---- all together ---- */

static void abort_derivation(void)
{
    answered(&kdf.state, ABORT, "psa_key_derivation_abort", 0, psa_key_derivation_abort(&kdf.operation), PSA_SUCCESS);
}

static const state_call calls[] = {set_up, any_form_of_input, output_bytes, output_key, verify_bytes, verify_key, set_capacity,
                                   get_capacity, abort_derivation, input_bytes, input_integer, input_key, input_agreement};

static state_call usual_call(void)
{
    if (kdf.state != ACTIVE) {
        return kdf.state == INACTIVE ? set_up : abort_derivation;
    }
    if (one_in(8)) {
        return one_in(2) ? set_capacity : get_capacity;
    }
    if (!is_complete()) {
        return any_form_of_input;
    }
    if (is_sae() || (kdf.has_secret_key && one_in(3))) {
        return output_key;
    }
    if (one_in(10)) {
        return abort_derivation;
    }
    return kdf.only_verifies ? (one_in(2) ? verify_bytes : verify_key) : one_in(2) ? output_bytes : verify_bytes;
}

static void sequence(void)
{
    make_calls(24, usual_call, calls, COUNT_OF(calls));
    abort_derivation();
    while (used_count > 0) {
        MUST_SUCCEED(psa_destroy_key(used[--used_count]));
    }
}

const struct operation_kind derivation_operations = {"derivation", 1300, prepare, sequence};
