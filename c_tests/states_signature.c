/* Signatures in parts: PSA 1.5, section 10.9.9. See states.h. */
#include "states.h"

#define MESSAGE 200
#define CONTEXT 256

static struct {
    psa_key_type_t type;
    size_t bits;
    psa_algorithm_t alg;
    /* Where a message is read twice, it is verified in parts only (sections 10.9.3 and 10.9.4). */
    int only_verifies;
    int is_deterministic, is_slow;
    psa_key_id_t key;
} rows[] = {
#define EDWARDS PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_TWISTED_EDWARDS)
#define SLH PSA_KEY_TYPE_SLH_DSA_KEY_PAIR(PSA_SLH_DSA_FAMILY_SHA2_F)
    {PSA_KEY_TYPE_RSA_KEY_PAIR, 1024, PSA_ALG_RSA_PKCS1V15_SIGN(PSA_ALG_SHA_256), 0, 1, 0, 0},
    {PSA_KEY_TYPE_RSA_KEY_PAIR, 1024, PSA_ALG_RSA_PSS(PSA_ALG_SHA_256), 0, 0, 0, 0},
    {PSA_KEY_TYPE_RSA_KEY_PAIR, 1024, PSA_ALG_RSA_PSS_ANY_SALT(PSA_ALG_SHA_384), 0, 0, 0, 0},
    {PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1), 256, PSA_ALG_ECDSA(PSA_ALG_SHA_256), 0, 0, 0, 0},
    {PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1), 256, PSA_ALG_DETERMINISTIC_ECDSA(PSA_ALG_SHA3_256), 0, 1, 0, 0},
    {PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_BRAINPOOL_P_R1), 256, PSA_ALG_ECDSA(PSA_ALG_SHA_512), 0, 0, 0, 0},
    {EDWARDS, 255, PSA_ALG_PURE_EDDSA, 1, 1, 0, 0},
    {EDWARDS, 255, PSA_ALG_EDDSA_CTX, 1, 1, 0, 0},
    {EDWARDS, 255, PSA_ALG_ED25519PH, 0, 1, 0, 0},
    {EDWARDS, 448, PSA_ALG_PURE_EDDSA, 1, 1, 0, 0},
    {EDWARDS, 448, PSA_ALG_ED448PH, 0, 1, 0, 0},
    {PSA_KEY_TYPE_ML_DSA_KEY_PAIR, 128, PSA_ALG_ML_DSA, 0, 0, 0, 0},
    {PSA_KEY_TYPE_ML_DSA_KEY_PAIR, 128, PSA_ALG_DETERMINISTIC_ML_DSA, 0, 1, 0, 0},
    {PSA_KEY_TYPE_ML_DSA_KEY_PAIR, 128, PSA_ALG_HASH_ML_DSA(PSA_ALG_SHA_256), 0, 0, 0, 0},
    {PSA_KEY_TYPE_ML_DSA_KEY_PAIR, 128, PSA_ALG_DETERMINISTIC_HASH_ML_DSA(PSA_ALG_SHA_256), 0, 1, 0, 0},
    {SLH, 128, PSA_ALG_SLH_DSA, 1, 0, 1, 0},
    {SLH, 128, PSA_ALG_DETERMINISTIC_HASH_SLH_DSA(PSA_ALG_SHA_256), 0, 1, 1, 0},
};

static struct {
    psa_sign_operation_t sign;
    psa_verify_operation_t verify;
    enum state state;
    size_t row;
    int has_context, has_message;
    uint8_t message[MESSAGE], context[CONTEXT];
    size_t length, context_length;
    /* What is to be verified: all of it, under this context and signature. */
    uint8_t whole[MESSAGE], whole_context[CONTEXT], signature[PSA_SIGNATURE_MAX_SIZE];
    size_t whole_length, whole_context_length, signature_length;
    int is_spoiled;
} parts;

static void prepare(void)
{
    size_t i;
    for (i = 0; i < COUNT_OF(rows); i++) {
        if (rows[i].key == PSA_KEY_ID_NULL) {
            rows[i].key = generate_key(rows[i].type, rows[i].bits, PSA_KEY_USAGE_SIGN_MESSAGE | PSA_KEY_USAGE_VERIFY_MESSAGE,
                                       rows[i].alg);
        }
    }
}

static size_t any_row(void)
{
    size_t row = turn() % COUNT_OF(rows);
    return rows[row].is_slow && turn() / COUNT_OF(rows) % 12 != 0 ? row % 8 : row;
}

static int takes_context(void)
{
    return PSA_ALG_SIGN_SUPPORTS_CONTEXT(rows[parts.row].alg);
}

static void begun(void)
{
    parts.has_context = parts.has_message = 0;
    parts.length = parts.context_length = 0;
}

/* How a setup is wrong, if it is. */
static psa_status_t spoil_setup(psa_key_id_t *key, psa_algorithm_t *alg)
{
    if (parts.state != INACTIVE || !mischief()) {
        return PSA_SUCCESS;
    }
    if (one_in(2)) {
        *key = PSA_KEY_ID_NULL;
        return PSA_ERROR_INVALID_HANDLE;
    }
    *alg = rows[parts.row].alg == PSA_ALG_ECDSA(PSA_ALG_SHA_256) ? PSA_ALG_ECDSA(PSA_ALG_SHA_384) : PSA_ALG_ECDSA(PSA_ALG_SHA_256);
    return PSA_ERROR_NOT_PERMITTED;
}

static void signs_in_one_call(const uint8_t *message, size_t length, const uint8_t *context, size_t context_length,
                              uint8_t *signature, size_t *signature_length)
{
    MUST_SUCCEED(psa_sign_message_with_context(rows[parts.row].key, rows[parts.row].alg, message, length, context, context_length,
                                               signature, PSA_SIGNATURE_MAX_SIZE, signature_length));
}

/* ---- signing ---- */

static void set_up_sign(void)
{
    size_t row = parts.state == INACTIVE ? any_row() : parts.row;
    psa_key_id_t key = rows[row].key;
    psa_algorithm_t alg = rows[row].alg;
    psa_status_t right;
    parts.row = row;
    right = spoil_setup(&key, &alg);
    if (right == PSA_SUCCESS && rows[row].only_verifies) {
        right = REFUSED;
    }
    if (answered(&parts.state, SETUP, "psa_sign_setup", alg, psa_sign_setup(&parts.sign, key, alg), right)) {
        begun();
    }
}

static psa_status_t expected_context(size_t length)
{
    if (parts.has_context || parts.has_message) {
        return PSA_ERROR_BAD_STATE;
    }
    return length > (takes_context() ? 255u : 0u) ? REFUSED : PSA_SUCCESS;
}

static size_t any_context(uint8_t *context)
{
    size_t length = parts.state == ACTIVE && mischief() ? CONTEXT : takes_context() ? below(20) : 0;
    random_bytes(context, CONTEXT);
    return length;
}

static void took_context(const uint8_t *context, size_t length)
{
    memcpy(parts.context, context, length);
    parts.context_length = length;
    parts.has_context = 1;
}

static void set_sign_context(void)
{
    uint8_t context[CONTEXT];
    size_t length = any_context(context);
    if (answered(&parts.state, STEP, "psa_sign_set_context", length, psa_sign_set_context(&parts.sign, context, length),
                 expected_context(length))) {
        took_context(context, length);
    }
}

static void took_message(const uint8_t *data, size_t length)
{
    memcpy(parts.message + parts.length, data, length);
    parts.length += length;
    parts.has_message = 1;
}

static void update_sign(void)
{
    uint8_t data[50];
    size_t length = below(parts.length + sizeof data > MESSAGE ? 1 : sizeof data);
    random_bytes(data, length);
    if (answered(&parts.state, STEP, "psa_sign_update", length, psa_sign_update(&parts.sign, data, length), PSA_SUCCESS)) {
        took_message(data, length);
    }
}

static void finish_sign(void)
{
    static uint8_t signature[PSA_SIGNATURE_MAX_SIZE], expected[PSA_SIGNATURE_MAX_SIZE];
    size_t exact = PSA_SIGN_OUTPUT_SIZE(rows[parts.row].type, rows[parts.row].bits, rows[parts.row].alg), length = 1, expected_length;
    int is_short = parts.state == ACTIVE && mischief();
    size_t size = is_short ? exact - 1 : exact;
    if (!answered(&parts.state, FINISH, "psa_sign_finish", size, psa_sign_finish(&parts.sign, signature, size, &length),
                  is_short ? PSA_ERROR_BUFFER_TOO_SMALL : PSA_SUCCESS)) {
        holds("no length after a failure", length == 0);
        return;
    }
    holds("psa_verify_message_with_context",
          psa_verify_message_with_context(rows[parts.row].key, rows[parts.row].alg, parts.message, parts.length, parts.context,
                                          parts.context_length, signature, length) == PSA_SUCCESS);
    if (rows[parts.row].is_deterministic) {
        signs_in_one_call(parts.message, parts.length, parts.context, parts.context_length, expected, &expected_length);
        same("the signature is that of one call", signature, length, expected, expected_length);
    }
    completed();
}

static void abort_sign(void)
{
    answered(&parts.state, ABORT, "psa_sign_abort", 0, psa_sign_abort(&parts.sign), PSA_SUCCESS);
}

static const state_call sign_calls[] = {set_up_sign, set_sign_context, update_sign, finish_sign, abort_sign};

static state_call usual_sign_call(void)
{
    if (parts.state != ACTIVE) {
        return parts.state == INACTIVE ? set_up_sign : abort_sign;
    }
    return !parts.has_context && !parts.has_message && one_in(2) ? set_sign_context : one_in(3) ? finish_sign : update_sign;
}

static void sign_sequence(void)
{
    make_calls(14, usual_sign_call, sign_calls, COUNT_OF(sign_calls));
    abort_sign();
}

const struct operation_kind sign_operations = {"sign", 500, prepare, sign_sequence};

/* ---- verifying ---- */

/* A message, its context and its signature. */
static void sign_at_once(void)
{
    parts.whole_length = below(MESSAGE);
    parts.whole_context_length = takes_context() && one_in(2) ? below(20) : 0;
    random_bytes(parts.whole, MESSAGE);
    random_bytes(parts.whole_context, CONTEXT);
    signs_in_one_call(parts.whole, parts.whole_length, parts.whole_context, parts.whole_context_length, parts.signature,
                      &parts.signature_length);
    parts.is_spoiled = mischief();
    if (parts.is_spoiled) {
        parts.signature[below((unsigned)parts.signature_length)] ^= (uint8_t)(1u << below(8));
    }
}

static void set_up_verify(void)
{
    psa_key_id_t key;
    psa_algorithm_t alg;
    psa_status_t right;
    if (parts.state == INACTIVE) {
        parts.row = any_row();
        sign_at_once();
    }
    key = rows[parts.row].key;
    alg = rows[parts.row].alg;
    right = spoil_setup(&key, &alg);
    if (answered(&parts.state, SETUP, "psa_verify_setup", alg,
                 psa_verify_setup(&parts.verify, key, alg, parts.signature, parts.signature_length), right)) {
        begun();
    }
}

static void set_verify_context(void)
{
    uint8_t context[CONTEXT];
    size_t length = any_context(context);
    if (parts.state == ACTIVE && !mischief()) {
        length = parts.whole_context_length;
        memcpy(context, parts.whole_context, CONTEXT);
    }
    if (answered(&parts.state, STEP, "psa_verify_set_context", length, psa_verify_set_context(&parts.verify, context, length),
                 expected_context(length))) {
        took_context(context, length);
    }
}

static void update_verify(void)
{
    size_t left = parts.whole_length - parts.length, length = below(50);
    const uint8_t *data = parts.whole + (parts.state == ACTIVE ? parts.length : 0);
    length = parts.state != ACTIVE ? 1 : length > left || one_in(2) ? left : length;
    if (answered(&parts.state, STEP, "psa_verify_update", length, psa_verify_update(&parts.verify, data, length), PSA_SUCCESS)) {
        took_message(data, length);
    }
}

static void finish_verify(void)
{
    int is_same = parts.length == parts.whole_length && parts.context_length == parts.whole_context_length &&
                  memcmp(parts.context, parts.whole_context, parts.context_length) == 0;
    if (answered(&parts.state, FINISH, "psa_verify_finish", parts.length, psa_verify_finish(&parts.verify),
                 is_same && !parts.is_spoiled ? PSA_SUCCESS : PSA_ERROR_INVALID_SIGNATURE)) {
        completed();
    }
}

static void abort_verify(void)
{
    answered(&parts.state, ABORT, "psa_verify_abort", 0, psa_verify_abort(&parts.verify), PSA_SUCCESS);
}

static const state_call verify_calls[] = {set_up_verify, set_verify_context, update_verify, finish_verify, abort_verify};

static state_call usual_verify_call(void)
{
    if (parts.state != ACTIVE) {
        return parts.state == INACTIVE ? set_up_verify : abort_verify;
    }
    if (!parts.has_context && !parts.has_message && (parts.whole_context_length > 0 || one_in(4))) {
        return set_verify_context;
    }
    return parts.length < parts.whole_length || one_in(3) ? update_verify : finish_verify;
}

static void verify_sequence(void)
{
    make_calls(14, usual_verify_call, verify_calls, COUNT_OF(verify_calls));
    abort_verify();
}

const struct operation_kind verify_operations = {"verify", 500, prepare, verify_sequence};
