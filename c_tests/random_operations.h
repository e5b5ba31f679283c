/* Operations in parts under random calls: a part of random_calls.c, and random_arguments.h is another. */
#ifndef RANDOM_OPERATIONS_H
#define RANDOM_OPERATIONS_H

#include "random_arguments.h"

enum state { INACTIVE, ACTIVE, FAILED, UNKNOWN };
enum step { SETUP, STEP, FINISH, QUERY, ABORT };

/* All operations have the same layout, so that garbage and copies are made alike. */
union operation {
    psa_hash_operation_t hash;
    psa_mac_operation_t mac;
    psa_cipher_operation_t cipher;
    psa_aead_operation_t aead;
    psa_sign_operation_t sign;
    psa_verify_operation_t verify;
    psa_key_derivation_operation_t derivation;
    psa_xof_operation_t xof;
    psa_pake_operation_t pake;
};

#define KINDS (PAKE + 1)
static union operation operations[KINDS][2];
static enum state states[KINDS][2];
static const union operation inactive;

static void check_state(enum state *state, enum step step, psa_status_t status, const union operation *operation)
{
    int worked = status == PSA_SUCCESS;
    if (step == ABORT) {
        if (!worked || memcmp(operation, &inactive, sizeof inactive) != 0) {
            broken("an abort makes an operation inactive", status);
        }
        *state = INACTIVE;
        return;
    }
    if (*state == UNKNOWN || step == QUERY) {
        return;
    }
    if (worked && (*state == ACTIVE) == (step == SETUP)) {
        broken(step == SETUP ? "a set up operation was set up again" : "a step of an operation that is not active",
               *state);
    }
    if (worked && *state == FAILED) {
        broken("a call in the error state", step);
    }
    if (worked) {
        *state = step == FINISH ? INACTIVE : ACTIVE;
    } else if (*state != INACTIVE) {
        *state = FAILED;
    }
}

static enum step hash_step(psa_hash_operation_t *o, unsigned step, struct buffer in, psa_algorithm_t alg)
{
    switch (step) {
    case 0: CALL(psa_hash_setup(o, alg)); return SETUP;
    case 1: output(); CALL(psa_hash_finish(o, OUT(0))); return FINISH;
    case 2: CALL(psa_hash_verify(o, IN(in))); return FINISH;
    case 3: CALL(psa_hash_abort(o)); return ABORT;
    case 4: output(); CALL(psa_hash_suspend(o, OUT(0))); return FINISH;
    case 5: CALL(psa_hash_resume(o, IN(in))); return SETUP;
    default: CALL(psa_hash_update(o, IN(in))); return STEP;
    }
}

static enum step mac_step(psa_mac_operation_t *o, unsigned step, struct buffer in, psa_algorithm_t alg)
{
    switch (step) {
    case 0:
        CALL(number(2) ? psa_mac_sign_setup(o, any_key(), alg) : psa_mac_verify_setup(o, any_key(), alg));
        return SETUP;
    case 1: output(); CALL(psa_mac_sign_finish(o, OUT(0))); return FINISH;
    case 2: CALL(psa_mac_verify_finish(o, IN(in))); return FINISH;
    case 3: CALL(psa_mac_abort(o)); return ABORT;
    default: CALL(psa_mac_update(o, IN(in))); return STEP;
    }
}

static enum step cipher_step(psa_cipher_operation_t *o, unsigned step, struct buffer in, psa_algorithm_t alg)
{
    switch (step) {
    case 0:
        CALL(number(2) ? psa_cipher_encrypt_setup(o, any_key(), alg) : psa_cipher_decrypt_setup(o, any_key(), alg));
        return SETUP;
    case 1: output(); CALL(psa_cipher_finish(o, OUT(0))); return FINISH;
    case 2: output(); CALL(psa_cipher_generate_iv(o, OUT(0))); return STEP;
    case 3: CALL(psa_cipher_abort(o)); return ABORT;
    case 4: CALL(psa_cipher_set_iv(o, IN(in))); return STEP;
    default: output(); CALL(psa_cipher_update(o, IN(in), OUT(0))); return STEP;
    }
}

static enum step aead_step(psa_aead_operation_t *o, unsigned step, struct buffer in, psa_algorithm_t alg)
{
    switch (step) {
    case 0:
        CALL(number(2) ? psa_aead_encrypt_setup(o, any_key(), alg) : psa_aead_decrypt_setup(o, any_key(), alg));
        return SETUP;
    case 1: output(); output(); CALL(psa_aead_finish(o, OUT(0), OUT(1))); return FINISH;
    case 2: output(); CALL(psa_aead_verify(o, OUT(0), IN(in))); return FINISH;
    case 3: CALL(psa_aead_abort(o)); return ABORT;
    case 4:
        in.size = in.size > 12 && !rarely() && in.is_valid ? 12 : in.size;
        CALL(psa_aead_set_nonce(o, IN(in)));
        return STEP;
    case 5: output(); CALL(psa_aead_generate_nonce(o, OUT(0))); return STEP;
    case 6: CALL(psa_aead_update_ad(o, IN(in))); return STEP;
    case 7: CALL(psa_aead_set_lengths(o, number(300), rarely() ? SIZE_MAX : number(300))); return STEP;
    default: output(); CALL(psa_aead_update(o, IN(in), OUT(0))); return STEP;
    }
}

static enum step sign_step(psa_sign_operation_t *o, unsigned step, struct buffer in, psa_algorithm_t alg)
{
    switch (step) {
    case 0: CALL(psa_sign_setup(o, any_key(), alg)); return SETUP;
    case 1: output(); CALL(psa_sign_finish(o, OUT(0))); return FINISH;
    case 2: CALL(psa_sign_set_context(o, IN(in))); return STEP;
    case 3: CALL(psa_sign_abort(o)); return ABORT;
    default: CALL(psa_sign_update(o, IN(in))); return STEP;
    }
}

static enum step verify_step(psa_verify_operation_t *o, unsigned step, struct buffer in, psa_algorithm_t alg)
{
    switch (step) {
    case 0: CALL(psa_verify_setup(o, any_key(), alg, IN(in))); return SETUP;
    case 1: CALL(psa_verify_finish(o)); return FINISH;
    case 2: CALL(psa_verify_set_context(o, IN(in))); return STEP;
    case 3: CALL(psa_verify_abort(o)); return ABORT;
    default: CALL(psa_verify_update(o, IN(in))); return STEP;
    }
}

/* Of the operation that was set up last, with a key for it. */
static psa_algorithm_t derivation_alg;
static psa_key_id_t derivation_key;

/* An input that the algorithm has: the key, or one of two others. */
static enum step usual_input(psa_key_derivation_operation_t *o, struct buffer in)
{
    int stretching = PSA_ALG_IS_KEY_DERIVATION_STRETCHING(derivation_alg), prf = PSA_ALG_IS_TLS12_PRF(derivation_alg);
    in.size = in.is_valid && in.size > 16 ? 16 : in.size;
    switch (number(4)) {
    case 0:
        CALL(psa_key_derivation_input_bytes(o, stretching ? PSA_KEY_DERIVATION_INPUT_SALT
                                                          : prf ? PSA_KEY_DERIVATION_INPUT_SEED
                                                                : PSA_KEY_DERIVATION_INPUT_INFO,
                                            IN(in)));
        break;
    case 1:
        if (stretching) {
            CALL(psa_key_derivation_input_integer(o, PSA_KEY_DERIVATION_INPUT_COST, 1 + number(40)));
        } else {
            CALL(psa_key_derivation_input_bytes(
                o, prf ? PSA_KEY_DERIVATION_INPUT_LABEL : PSA_KEY_DERIVATION_INPUT_SALT, IN(in)));
        }
        break;
    default:
        CALL(psa_key_derivation_input_key(
            o, stretching ? PSA_KEY_DERIVATION_INPUT_PASSWORD : PSA_KEY_DERIVATION_INPUT_SECRET,
            rarely() ? any_key() : derivation_key));
    }
    return STEP;
}

static enum step derivation_step(psa_key_derivation_operation_t *o, unsigned step, struct buffer in,
                                 psa_algorithm_t alg)
{
    static const psa_key_derivation_step_t inputs[] = {
        PSA_KEY_DERIVATION_INPUT_SECRET, PSA_KEY_DERIVATION_INPUT_PASSWORD, PSA_KEY_DERIVATION_INPUT_OTHER_SECRET,
        PSA_KEY_DERIVATION_INPUT_LABEL,  PSA_KEY_DERIVATION_INPUT_SALT,     PSA_KEY_DERIVATION_INPUT_INFO,
        PSA_KEY_DERIVATION_INPUT_SEED,   PSA_KEY_DERIVATION_INPUT_COST};
    psa_key_derivation_step_t what =
        rarely() ? (psa_key_derivation_step_t)any_number() : inputs[number(COUNT_OF(inputs))];
    psa_key_attributes_t attributes = any_attributes();
    psa_custom_key_parameters_t custom = {rarely() ? any_number() : 0};
    psa_key_id_t key = PSA_KEY_ID_NULL;
    size_t capacity;
    if (!rarely()) {
        in.size = step == 11 ? 0 : in.size;
    }
    switch (step) {
    case 0:
        derivation_alg = alg;
        derivation_key = fitting_key;
        CALL(psa_key_derivation_setup(o, alg));
        return SETUP;
    case 14: return usual_input(o, in);
    case 1: CALL(psa_key_derivation_input_key(o, what, any_key())); return STEP;
    case 2: CALL(psa_key_derivation_input_integer(o, what, rarely() ? UINT64_MAX : number(40))); return STEP;
    case 3: CALL(psa_key_derivation_abort(o)); return ABORT;
    case 4: CALL(psa_key_derivation_get_capacity(o, &capacity)); return QUERY;
    case 5:
        CALL(psa_key_derivation_set_capacity(o, number(300)));
        return last_status == PSA_ERROR_INVALID_ARGUMENT ? QUERY : STEP;
    case 6: CALL(psa_key_derivation_key_agreement(o, what, any_key(), IN(in))); return STEP;
    case 7:
        CALL(psa_key_derivation_output_key(&attributes, o, &key));
        keep(last_status, key);
        break;
    case 11:
        CALL(psa_key_derivation_output_key_custom(&attributes, o, &custom, IN(in), &key));
        keep(last_status, key);
        break;
    case 8: CALL(psa_key_derivation_verify_bytes(o, IN(in))); break;
    case 9: CALL(psa_key_derivation_verify_key(o, any_key())); break;
    case 10:
        output();
        lengths[0] = 0;
        CALL(psa_key_derivation_output_bytes(o, outputs[0].data, outputs[0].size));
        break;
    default: CALL(psa_key_derivation_input_bytes(o, what, IN(in))); return STEP;
    }
    return last_status == PSA_ERROR_INSUFFICIENT_DATA ? QUERY : STEP;
}

static enum step xof_step(psa_xof_operation_t *o, unsigned step, struct buffer in, psa_algorithm_t alg)
{
    switch (step) {
    case 0: CALL(psa_xof_setup(o, alg)); return SETUP;
    case 1: CALL(psa_xof_set_context(o, IN(in))); return STEP;
    case 2: output(); lengths[0] = 0; CALL(psa_xof_output(o, outputs[0].data, outputs[0].size)); return STEP;
    case 3: CALL(psa_xof_abort(o)); return ABORT;
    default: CALL(psa_xof_update(o, IN(in))); return STEP;
    }
}

/* The suite that goes with the key, mostly. */
static psa_pake_cipher_suite_t any_suite(psa_algorithm_t alg, psa_key_id_t key)
{
    psa_pake_primitive_t primitive = PSA_PAKE_PRIMITIVE(PSA_PAKE_PRIMITIVE_TYPE_ECC, PSA_ECC_FAMILY_SECP_R1, 256);
    psa_key_attributes_t attributes = psa_key_attributes_init();
    psa_pake_cipher_suite_t suite = psa_pake_cipher_suite_init();
    if (psa_get_key_attributes(key, &attributes) == PSA_SUCCESS && PSA_KEY_TYPE_IS_SPAKE2P(psa_get_key_type(&attributes))) {
        primitive = PSA_PAKE_PRIMITIVE(PSA_PAKE_PRIMITIVE_TYPE_ECC,
                                       PSA_KEY_TYPE_SPAKE2P_GET_FAMILY(psa_get_key_type(&attributes)),
                                       (unsigned)psa_get_key_bits(&attributes));
    }
    if (rarely()) {
        primitive = any_number();
    }
    psa_pake_cs_set_algorithm(&suite, alg);
    psa_pake_cs_set_primitive(&suite, primitive);
    psa_pake_cs_set_key_confirmation(&suite, rarely() ? any_number() : PSA_ALG_IS_JPAKE(alg));
    if (psa_pake_cs_get_algorithm(&suite) != alg || psa_pake_cs_get_primitive(&suite) != primitive) {
        broken("a suite keeps what it was given", (long)alg);
    }
    return suite;
}

/* How many values have been told since an operation was set up. */
static unsigned pake_told;

static enum step set_up_pake(psa_pake_operation_t *o, psa_algorithm_t alg)
{
    static const uint8_t names[2][8] = {"client", "server"};
    psa_key_id_t key = any_key();
    psa_pake_cipher_suite_t suite = any_suite(alg, key);
    int side = o == &operations[PAKE][0].pake;
    pake_told = 0;
    if (CALL(psa_pake_setup(o, key, &suite)) == PSA_SUCCESS && !rarely()) {
        if (!PSA_ALG_IS_JPAKE(alg)) {
            psa_pake_set_role(o, side ? PSA_PAKE_ROLE_CLIENT : PSA_PAKE_ROLE_SERVER);
        }
        psa_pake_set_user(o, names[side], 6);
        psa_pake_set_peer(o, names[!side], 6);
    }
    return SETUP;
}

/* A step that the algorithm does not have, or a null pointer, is no step (docs/architecture.md). */
static enum step unless_invalid(void)
{
    return last_status == PSA_ERROR_INVALID_ARGUMENT ? QUERY : STEP;
}

static enum step pake_step(psa_pake_operation_t *o, psa_pake_operation_t *other, unsigned step, struct buffer in,
                           psa_algorithm_t alg)
{
    psa_key_attributes_t attributes = any_attributes();
    psa_key_id_t key = PSA_KEY_ID_NULL;
    psa_pake_step_t what = (psa_pake_step_t)(1 + number(number(2) ? 3 : 9));
    switch (step) {
    case 0: return set_up_pake(o, alg);
    case 1: CALL(psa_pake_set_user(o, IN(in))); return STEP;
    case 2: output(); CALL(psa_pake_output(o, what, OUT(0))); return unless_invalid();
    case 3: CALL(psa_pake_abort(o)); return ABORT;
    case 4: CALL(psa_pake_set_peer(o, IN(in))); return STEP;
    case 5: CALL(psa_pake_set_role(o, rarely() ? (psa_pake_role_t)any_number() : (psa_pake_role_t)number(5))); return STEP;
    case 6: CALL(psa_pake_set_context(o, IN(in))); return STEP;
    case 7:
        CALL(psa_pake_get_shared_key(o, &attributes, &key));
        keep(last_status, key);
        return FINISH;
    /* What one side says to the other. */
    case 8:
    case 9:
    case 10:
        if (!rarely()) {
            what = (psa_pake_step_t)(1 + pake_told++ % 3);
        }
        output();
        if (CALL(psa_pake_output(o, what, OUT(0))) == PSA_SUCCESS) {
            enum state *state = &states[PAKE][o == &operations[PAKE][0].pake];
            psa_status_t status = psa_pake_input(other, what, last_output.data, last_output.size);
            check_status(status);
            if (status != PSA_SUCCESS && status != PSA_ERROR_INVALID_ARGUMENT && *state == ACTIVE) {
                *state = FAILED;
            }
        }
        return unless_invalid();
    default: CALL(psa_pake_input(o, what, IN(in))); return unless_invalid();
    }
}

/* Where a program would be after so many steps. */
static unsigned usual_step(unsigned kind, unsigned progress)
{
    /* The numbers are those of the functions above; 15 is the last one there. */
    static const unsigned char steps[KINDS][6] = {
        {15, 15, 1, 15, 4, 5},  /* HASH */
        {15, 15, 1, 15, 2, 15}, /* MAC */
        {2, 15, 15, 1, 15, 15}, /* CIPHER */
        {4, 6, 15, 15, 1, 2},   /* AEAD */
        {15, 15, 1, 15, 1, 15}, /* SIGN */
        {15, 15, 1, 15, 1, 15}, /* VERIFY */
        {14, 14, 14, 10, 11, 7}, /* DERIVATION */
        {15, 15, 2, 2, 15, 2},  /* XOF */
        {8, 8, 8, 8, 8, 8},     /* PAKE */
    };
    return steps[kind][progress % 6];
}

static void take_step(void)
{
    static unsigned progress[KINDS][2];
    unsigned kind = number(KINDS), which = kind == PAKE ? number(2) : (unsigned)rarely(), step = number(16);
    union operation *o = &operations[kind][which];
    struct buffer in = any_buffer();
    psa_algorithm_t alg = PSA_ALG_NONE;
    enum step taken;
    if (states[kind][which] == INACTIVE && !rarely()) {
        step = 0;
    } else if (states[kind][which] == FAILED && !rarely()) {
        step = 3;
    } else if (states[kind][which] == ACTIVE && number(8) != 0) {
        step = usual_step(kind, progress[kind][which]);
    }
    if (step == 0 || rarely()) {
        alg = algorithm_for((enum kind)kind);
    }
    progress[kind][which] = step == 0 ? 0 : progress[kind][which] + 1;
    begin("a step of an operation");
    switch (kind) {
    case HASH: taken = hash_step(&o->hash, step, in, alg); break;
    case MAC: taken = mac_step(&o->mac, step, in, alg); break;
    case CIPHER: taken = cipher_step(&o->cipher, step, in, alg); break;
    case AEAD: taken = aead_step(&o->aead, step, in, alg); break;
    case SIGN: taken = sign_step(&o->sign, step, in, alg); break;
    case VERIFY: taken = verify_step(&o->verify, step, in, alg); break;
    case DERIVATION: taken = derivation_step(&o->derivation, step, in, alg); break;
    case XOF: taken = xof_step(&o->xof, step, in, alg); break;
    default:
        taken = pake_step(&o->pake, &operations[PAKE][!which].pake, step, in, alg);
        break;
    }
    check_state(&states[kind][which], taken, last_status, o);
}

/* What no program should do with an operation: fill it with anything, copy it, use it as another kind. */
static void spoil_operation(void)
{
    unsigned kind = number(KINDS), from = number(2) ? kind : number(KINDS);
    union operation *o = &operations[kind][0];
    if (number(2)) {
        *o = operations[from][1];
        states[from][1] = UNKNOWN;
    } else {
        memset(o, number(2) ? 0xff : (int)number(256), sizeof *o);
    }
    states[kind][0] = UNKNOWN;
    begin("psa_hash_clone");
    CALL(psa_hash_clone(&operations[HASH][0].hash, &operations[HASH][1].hash));
    states[HASH][0] = states[HASH][1] = UNKNOWN;
}

#endif
