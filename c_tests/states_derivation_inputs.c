/* The inputs of a key derivation. See states_derivation.h. */
#include "states_derivation.h"

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

static void give_bytes(enum input input)
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
                 psa_key_derivation_input_bytes(&kdf.operation, derivation_steps[input], value, length), right)) {
        took(input, value, length);
    }
}

static void give_integer(enum input input)
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
                 psa_key_derivation_input_integer(&kdf.operation, derivation_steps[input], value), right)) {
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

/* How a key is wrong for an input that is right. */
static psa_status_t spoil_key(psa_key_type_t *type, psa_key_usage_t *usage, psa_algorithm_t *policy)
{
    switch (below(3)) {
    case 0: *usage = PSA_KEY_USAGE_EXPORT; return PSA_ERROR_NOT_PERMITTED;
    case 1: *policy = PSA_ALG_HKDF(PSA_ALG_SHA_384); return PSA_ERROR_NOT_PERMITTED;
    default: *type = PSA_KEY_TYPE_PASSWORD_HASH; return REFUSED;
    }
}

static void give_key(enum input input)
{
    uint8_t value[VALUE] = {0};
    psa_key_usage_t usage = one_in(5) ? PSA_KEY_USAGE_VERIFY_DERIVATION : PSA_KEY_USAGE_DERIVE;
    psa_key_type_t type;
    psa_algorithm_t policy;
    size_t length;
    psa_status_t right;
    if (kdf.state != ACTIVE) {
        answered(&kdf.state, STEP, "psa_key_derivation_input_key", 0,
                 psa_key_derivation_input_key(&kdf.operation, derivation_steps[input], private_keys[COUNT_OF_ALGORITHMS - 1]), PSA_SUCCESS);
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
                 psa_key_derivation_input_key(&kdf.operation, derivation_steps[input], new_key(type, usage, policy, value, length)), right)) {
        took(input, value, length);
        kdf.only_verifies |= !(usage & PSA_KEY_USAGE_DERIVE);
        kdf.has_secret_key |= input == SECRET || input == PASSWORD;
    }
}

void input_agreement(void)
{
    size_t which = kdf.state == ACTIVE ? (size_t)(kdf.algorithm - derivation_algorithms) : COUNT_OF_ALGORITHMS - 1;
    enum input input = derivation_algorithms[which].agreed;
    psa_key_id_t key = private_keys[which];
    psa_status_t right = PSA_SUCCESS;
    size_t length = sizeof peer;
    if (kdf.state == ACTIVE && input == NONE) {
        /* The algorithm has none. */
        key = private_keys[COUNT_OF_ALGORITHMS - 1];
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
                 psa_key_derivation_key_agreement(&kdf.operation, derivation_steps[input], key, peer, length), right)) {
        kdf.given[place_of(input)]++;
        kdf.has_secret_key |= input == SECRET;
        kdf.was_agreed = 1;
    }
}

void any_form_of_input(void)
{
    enum input input = any_input();
    if (kdf.state == ACTIVE && kdf.algorithm->agreed == input) {
        input_agreement();
    } else if (input == COST) {
        give_integer(input);
    } else if (one_in(3) && (kdf.state != ACTIVE || kdf.algorithm->alg != PSA_ALG_SP800_108_COUNTER_CMAC || input != SECRET)) {
        give_bytes(input);
    } else {
        give_key(input);
    }
}

void input_bytes(void)
{
    give_bytes(any_input());
}

void input_integer(void)
{
    give_integer(any_input());
}

void input_key(void)
{
    give_key(any_input());
}
