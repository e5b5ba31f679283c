/* The outputs of a key derivation. See states_derivation.h. */
#include "states_derivation.h"

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
            MUST_SUCCEED(psa_key_derivation_key_agreement(&whole, derivation_steps[input], private_keys[kdf.algorithm - derivation_algorithms], peer,
                                                          sizeof peer));
        } else if (input == COST) {
            MUST_SUCCEED(psa_key_derivation_input_integer(&whole, derivation_steps[input], kdf.cost));
        } else if (kdf.algorithm->alg == PSA_ALG_SP800_108_COUNTER_CMAC && input == SECRET) {
            psa_key_id_t key = new_key(PSA_KEY_TYPE_AES, PSA_KEY_USAGE_DERIVE, kdf.algorithm->alg, value, kdf.lengths[input]);
            MUST_SUCCEED(psa_key_derivation_input_key(&whole, derivation_steps[input], key));
        } else if (is_sae() && input == PASSWORD) {
            psa_key_id_t key = new_key(PSA_KEY_TYPE_PASSWORD, PSA_KEY_USAGE_DERIVE, kdf.algorithm->alg, value, kdf.lengths[input]);
            MUST_SUCCEED(psa_key_derivation_input_key(&whole, derivation_steps[input], key));
        } else {
            MUST_SUCCEED(psa_key_derivation_input_bytes(&whole, derivation_steps[input], value, kdf.lengths[input]));
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

void output_bytes(void)
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

void verify_bytes(void)
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

void verify_key(void)
{
    uint8_t expected[40] = {0};
    psa_key_type_t type = PSA_KEY_TYPE_PASSWORD_HASH;
    psa_key_usage_t usage = PSA_KEY_USAGE_VERIFY_DERIVATION;
    psa_algorithm_t alg = kdf.state == ACTIVE ? kdf.algorithm->alg : PSA_ALG_HKDF(PSA_ALG_SHA_256);
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

void output_key(void)
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
