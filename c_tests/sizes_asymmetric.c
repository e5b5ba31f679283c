/* Sizes of exported keys, signatures, ciphertexts and secrets: see sizes.c. */
#include "sizes.h"

/* ---- export ---- */

static psa_status_t export_key(struct call *call)
{
    return psa_export_key(call->key, call->output, call->size, &call->length);
}

static psa_status_t export_public_key(struct call *call)
{
    return psa_export_public_key(call->key, call->output, call->size, &call->length);
}

void measure_export(const struct support_row *row, psa_key_id_t key, int local)
{
    struct call call = call_of(row, key);
    /* Numbers in DER, whose length depends on their value. */
    enum exactness is = PSA_KEY_TYPE_IS_RSA(call.type) ? BOUND : EXACT;
    int is_asymmetric = PSA_KEY_TYPE_IS_ASYMMETRIC(call.type);
    if (local) {
        CHECK_SIZE(export_key, &call, SIZE(PSA_EXPORT_KEY_OUTPUT_SIZE, (call.type, call.bits)),
                   !is_asymmetric                          ? SIZE_MAX
                   : PSA_KEY_TYPE_IS_PUBLIC_KEY(call.type) ? LIMIT(PSA_EXPORT_PUBLIC_KEY_MAX_SIZE)
                                                           : LIMIT(PSA_EXPORT_KEY_PAIR_MAX_SIZE),
                   is);
        CHECK(!is_asymmetric || call.length <= LIMIT(PSA_EXPORT_ASYMMETRIC_KEY_MAX_SIZE));
    }
    if (is_asymmetric) {
        CHECK_SIZE(export_public_key, &call, SIZE(PSA_EXPORT_PUBLIC_KEY_OUTPUT_SIZE, (call.type, call.bits)),
                   LIMIT(PSA_EXPORT_PUBLIC_KEY_MAX_SIZE), is);
    }
}

/* ---- signatures ---- */

static uint8_t message[200];

static psa_status_t sign_hash(struct call *call)
{
    size_t hash = PSA_HASH_LENGTH(PSA_ALG_GET_HASH(call->alg));
    return psa_sign_hash(call->key, call->alg, message, hash == 0 ? 32 : hash, call->output, call->size, &call->length);
}

static psa_status_t sign_message(struct call *call)
{
    /* Tokens have no Ed25519ctx with an empty context. */
    return psa_sign_message_with_context(call->key, call->alg, message, call->input_length, message,
                                         call->alg == PSA_ALG_EDDSA_CTX, call->output, call->size, &call->length);
}

static psa_status_t sign_in_parts(struct call *call)
{
    psa_sign_operation_t operation = PSA_SIGN_OPERATION_INIT;
    psa_status_t status;
    MUST_SUCCEED(psa_sign_setup(&operation, call->key, call->alg));
    MUST_SUCCEED(psa_sign_update(&operation, message, call->input_length));
    status = psa_sign_finish(&operation, call->output, call->size, &call->length);
    CHECK_STATUS(psa_sign_abort(&operation), PSA_SUCCESS);
    return status;
}

void measure_signature(const struct support_row *row, psa_key_id_t key, int local)
{
    struct call call = call_of(row, key);
    size_t size = SIZE(PSA_SIGN_OUTPUT_SIZE, (call.type, call.bits, call.alg));
    psa_sign_operation_t operation = PSA_SIGN_OPERATION_INIT;
    (void)local;
    /* Verification only: LMS, HSS, XMSS. */
    if (PSA_KEY_TYPE_IS_PUBLIC_KEY(call.type)) {
        return;
    }
    call.input_length = any(sizeof message);
    if (row->function == SUPPORT_SIGN_HASH) {
        CHECK_SIZE(sign_hash, &call, size, LIMIT(PSA_SIGNATURE_MAX_SIZE), EXACT);
        return;
    }
    CHECK_SIZE(sign_message, &call, size, LIMIT(PSA_SIGNATURE_MAX_SIZE), EXACT);
    if (psa_sign_setup(&operation, key, call.alg) == PSA_SUCCESS) {
        CHECK_SIZE(sign_in_parts, &call, size, LIMIT(PSA_SIGNATURE_MAX_SIZE), EXACT);
    }
    CHECK_STATUS(psa_sign_abort(&operation), PSA_SUCCESS);
}

/* ---- encryption ---- */

static psa_status_t encrypt(struct call *call)
{
    return psa_asymmetric_encrypt(call->key, call->alg, call->input, call->input_length, NULL, 0, call->output,
                                  call->size, &call->length);
}

static psa_status_t decrypt(struct call *call)
{
    return psa_asymmetric_decrypt(call->key, call->alg, call->input, call->input_length, NULL, 0, call->output,
                                  call->size, &call->length);
}

void measure_encryption(const struct support_row *row, psa_key_id_t key, int local)
{
    struct call call = call_of(row, key);
    size_t size = SIZE(PSA_ASYMMETRIC_ENCRYPT_OUTPUT_SIZE, (call.type, call.bits, call.alg));
    size_t longest = SIZE(PSA_ASYMMETRIC_DECRYPT_OUTPUT_SIZE, (call.type, call.bits, call.alg));
    uint8_t text[1024] = {1}, sealed[1024];
    size_t is_longest;
    (void)local;
    MUST(longest < sizeof text && size < sizeof sealed);
    for (is_longest = 0; is_longest < 2; is_longest++) {
        size_t length = is_longest ? longest : any((unsigned)longest);
        call.input = text;
        call.input_length = length;
        CHECK_SIZE(encrypt, &call, size, LIMIT(PSA_ASYMMETRIC_ENCRYPT_OUTPUT_MAX_SIZE), EXACT);
        memcpy(sealed, call.output, size);
        call.input = sealed;
        call.input_length = size;
        CHECK_SIZE(decrypt, &call, longest, LIMIT(PSA_ASYMMETRIC_DECRYPT_OUTPUT_MAX_SIZE), is_longest ? EXACT : BOUND);
        CHECK(call.length == length);
    }
    call.input = text;
    call.input_length = longest + 1;
    call.output = sealed;
    call.size = sizeof sealed;
    CHECK_STATUS(encrypt(&call), PSA_ERROR_INVALID_ARGUMENT);
}

/* ---- agreement and encapsulation ---- */

static psa_status_t agree(struct call *call)
{
    return psa_raw_key_agreement(call->alg, call->key, call->input, call->input_length, call->output, call->size,
                                 &call->length);
}

void measure_agreement(const struct support_row *row, psa_key_id_t key, int local)
{
    struct call call = call_of(row, key);
    uint8_t peer[PSA_EXPORT_PUBLIC_KEY_MAX_SIZE];
    (void)local;
    MUST_SUCCEED(psa_export_public_key(key, peer, sizeof peer, &call.input_length));
    call.input = peer;
    CHECK_SIZE(agree, &call, SIZE(PSA_RAW_KEY_AGREEMENT_OUTPUT_SIZE, (call.type, call.bits)),
               LIMIT(PSA_RAW_KEY_AGREEMENT_OUTPUT_MAX_SIZE), EXACT);
}

static psa_status_t encapsulate(struct call *call)
{
    psa_key_attributes_t attributes =
        key_attributes(PSA_KEY_TYPE_DERIVE, 0, PSA_KEY_USAGE_DERIVE, PSA_ALG_HKDF(PSA_ALG_SHA_256));
    psa_key_id_t secret = PSA_KEY_ID_NULL;
    psa_status_t status = psa_encapsulate(call->key, call->alg, &attributes, &secret, call->output, call->size,
                                          &call->length);
    CHECK((status == PSA_SUCCESS) == (secret != PSA_KEY_ID_NULL));
    CHECK_STATUS(psa_destroy_key(secret), PSA_SUCCESS);
    return status;
}

void measure_encapsulation(const struct support_row *row, psa_key_id_t key, int local)
{
    struct call call = call_of(row, key);
    (void)local;
    CHECK_SIZE(encapsulate, &call, SIZE(PSA_ENCAPSULATE_CIPHERTEXT_SIZE, (call.type, call.bits, call.alg)),
               LIMIT(PSA_ENCAPSULATE_CIPHERTEXT_MAX_SIZE), EXACT);
}

/* ---- derivation ---- */

/* The two sizes that the specification has here are of an input and of an output. */
void measure_derivation(const struct support_row *row, psa_key_id_t key, int local)
{
    static uint8_t secret[PSA_TLS12_PSK_TO_MS_PSK_MAX_SIZE + 1];
    psa_key_derivation_operation_t operation = PSA_KEY_DERIVATION_OPERATION_INIT;
    size_t longer, longest = LIMIT(PSA_TLS12_PSK_TO_MS_PSK_MAX_SIZE);
    (void)key;
    (void)local;
    for (longer = 0; longer < 2 && PSA_ALG_IS_TLS12_PSK_TO_MS(row->alg); longer++) {
        MUST_SUCCEED(psa_key_derivation_setup(&operation, row->alg));
        input_what_comes_first(&operation, row->alg);
        CHECK_STATUS(psa_key_derivation_input_bytes(&operation, PSA_KEY_DERIVATION_INPUT_SECRET, secret,
                                                    longest + longer),
                     longer ? PSA_ERROR_INVALID_ARGUMENT : PSA_SUCCESS);
        MUST_SUCCEED(psa_key_derivation_abort(&operation));
    }
    if (row->alg == PSA_ALG_TLS12_ECJPAKE_TO_PMS) {
        uint8_t point[65] = {4}, output[PSA_TLS12_ECJPAKE_TO_PMS_OUTPUT_SIZE];
        size_t capacity = 0;
        MUST_SUCCEED(psa_key_derivation_setup(&operation, row->alg));
        MUST_SUCCEED(psa_key_derivation_input_bytes(&operation, PSA_KEY_DERIVATION_INPUT_SECRET, point, sizeof point));
        CHECK_STATUS(psa_key_derivation_get_capacity(&operation, &capacity), PSA_SUCCESS);
        CHECK(capacity == LIMIT(PSA_TLS12_ECJPAKE_TO_PMS_OUTPUT_SIZE));
        CHECK_STATUS(psa_key_derivation_output_bytes(&operation, output, sizeof output), PSA_SUCCESS);
        MUST_SUCCEED(psa_key_derivation_abort(&operation));
    }
}

/* ---- password-authenticated exchanges ---- */

static psa_status_t put_out(struct call *call)
{
    return psa_pake_output(call->operation, call->step, call->output, call->size, &call->length);
}

/* One step, from the side that makes it to the other. */
static void pass(struct call *call, psa_pake_primitive_t primitive, psa_pake_operation_t *from, psa_pake_operation_t *to,
                 psa_pake_step_t step)
{
    size_t input = SIZE(PSA_PAKE_INPUT_SIZE, (call->alg, primitive, step));
    CHECK(input <= LIMIT(PSA_PAKE_INPUT_MAX_SIZE));
    call->operation = from;
    call->step = step;
    /* An operation in its error state would make no second attempt, so that the size is not tried one byte less. */
    CHECK_SIZE(put_out, call, SIZE(PSA_PAKE_OUTPUT_SIZE, (call->alg, primitive, step)), LIMIT(PSA_PAKE_OUTPUT_MAX_SIZE),
               BOUND);
    CHECK(call->length == PSA_PAKE_OUTPUT_SIZE(call->alg, primitive, step) && call->length <= input);
    CHECK_STATUS(psa_pake_input(to, step, call->output, call->length), PSA_SUCCESS);
}

/* The inputs of WPA3-SAE that no peer sends. */
static void input_locally(struct call *call, psa_pake_primitive_t primitive, psa_pake_operation_t *to,
                          psa_pake_step_t step)
{
    static const uint8_t zeros[PSA_HASH_MAX_SIZE];
    size_t size = SIZE(PSA_PAKE_INPUT_SIZE, (call->alg, primitive, step));
    MUST(size <= sizeof zeros);
    CHECK_STATUS(psa_pake_input(to, step, zeros, size), PSA_SUCCESS);
}

static void confirm(struct call *call, psa_pake_primitive_t primitive, psa_pake_operation_t *from,
                    psa_pake_operation_t *to)
{
    input_locally(call, primitive, from, PSA_PAKE_STEP_CONFIRM_COUNT);
    pass(call, primitive, from, to, PSA_PAKE_STEP_CONFIRM);
}

static void run_exchange(struct call *call, psa_pake_primitive_t primitive, psa_pake_operation_t *one,
                         psa_pake_operation_t *two)
{
    static const psa_pake_step_t proven[] = {PSA_PAKE_STEP_KEY_SHARE, PSA_PAKE_STEP_ZK_PUBLIC, PSA_PAKE_STEP_ZK_PROOF};
    size_t i;
    if (PSA_ALG_IS_JPAKE(call->alg)) {
        for (i = 0; i < 18; i++) {
            int first = i < 6 || (i >= 12 && i < 15);
            pass(call, primitive, first ? one : two, first ? two : one, proven[i % 3]);
        }
    } else if (PSA_ALG_IS_SPAKE2P(call->alg)) {
        pass(call, primitive, one, two, PSA_PAKE_STEP_KEY_SHARE);
        pass(call, primitive, two, one, PSA_PAKE_STEP_KEY_SHARE);
        pass(call, primitive, two, one, PSA_PAKE_STEP_CONFIRM);
        pass(call, primitive, one, two, PSA_PAKE_STEP_CONFIRM);
    } else {
        pass(call, primitive, one, two, PSA_PAKE_STEP_COMMIT);
        pass(call, primitive, two, one, PSA_PAKE_STEP_COMMIT);
        input_locally(call, primitive, one, PSA_PAKE_STEP_SALT);
        input_locally(call, primitive, two, PSA_PAKE_STEP_SALT);
        confirm(call, primitive, one, two);
        confirm(call, primitive, two, one);
        call->operation = one;
        call->step = PSA_PAKE_STEP_KEY_ID;
        CHECK_SIZE(put_out, call, SIZE(PSA_PAKE_OUTPUT_SIZE, (call->alg, primitive, PSA_PAKE_STEP_KEY_ID)),
                   LIMIT(PSA_PAKE_OUTPUT_MAX_SIZE), BOUND);
        CHECK(call->length == PSA_PAKE_OUTPUT_SIZE(call->alg, primitive, PSA_PAKE_STEP_KEY_ID));
    }
}

void measure_exchange(const struct support_row *row, psa_key_id_t key, int local)
{
    static const uint8_t names[2][6] = {{'c', 'l', 'i', 'e', 'n', 't'}, {'s', 'e', 'r', 'v', 'e', 'r'}};
    psa_pake_operation_t sides[2] = {PSA_PAKE_OPERATION_INIT, PSA_PAKE_OPERATION_INIT};
    psa_pake_cipher_suite_t suite = suite_of(row);
    struct call call = call_of(row, key);
    size_t i;
    (void)local;
    for (i = 0; i < 2; i++) {
        MUST_SUCCEED(psa_pake_setup(&sides[i], key, &suite));
        if (PSA_ALG_IS_SPAKE2P(row->alg)) {
            MUST_SUCCEED(psa_pake_set_role(&sides[i], i == 0 ? PSA_PAKE_ROLE_CLIENT : PSA_PAKE_ROLE_SERVER));
        }
        MUST_SUCCEED(psa_pake_set_user(&sides[i], names[i], sizeof names[i]));
        MUST_SUCCEED(psa_pake_set_peer(&sides[i], names[1 - i], sizeof names[i]));
    }
    run_exchange(&call, primitive_of(row), &sides[0], &sides[1]);
    CHECK_STATUS(psa_pake_abort(&sides[0]), PSA_SUCCESS);
    CHECK_STATUS(psa_pake_abort(&sides[1]), PSA_SUCCESS);
}
