/* Sizes of hashes, MACs, ciphers, AEADs and wrapped keys: see sizes.c. */
#include "sizes.h"

#define LONGEST 300

static uint8_t message[LONGEST + 64], kept[LONGEST + 64];

/* ---- hashes ---- */

static psa_status_t hash(struct call *call)
{
    return psa_hash_compute(call->alg, call->input, call->input_length, call->output, call->size, &call->length);
}

static psa_hash_operation_t hashed(const struct call *call)
{
    psa_hash_operation_t operation = PSA_HASH_OPERATION_INIT;
    MUST_SUCCEED(psa_hash_setup(&operation, call->alg));
    MUST_SUCCEED(psa_hash_update(&operation, call->input, call->input_length));
    return operation;
}

static psa_status_t hash_in_parts(struct call *call)
{
    psa_hash_operation_t operation = hashed(call);
    psa_status_t status = psa_hash_finish(&operation, call->output, call->size, &call->length);
    CHECK_STATUS(psa_hash_abort(&operation), PSA_SUCCESS);
    return status;
}

static psa_status_t suspend(struct call *call)
{
    psa_hash_operation_t operation = hashed(call);
    psa_status_t status = psa_hash_suspend(&operation, call->output, call->size, &call->length);
    CHECK_STATUS(psa_hash_abort(&operation), PSA_SUCCESS);
    return status;
}

/* Section 10.2.5: the fields of the state, and the input that does not fill a block. */
static void measure_suspended(struct call *call)
{
    size_t size = SIZE(PSA_HASH_SUSPEND_OUTPUT_SIZE, (call->alg));
    size_t fields = LIMIT(PSA_HASH_SUSPEND_ALGORITHM_FIELD_LENGTH) +
                    SIZE(PSA_HASH_SUSPEND_INPUT_LENGTH_FIELD_LENGTH, (call->alg)) +
                    SIZE(PSA_HASH_SUSPEND_HASH_STATE_FIELD_LENGTH, (call->alg));
    if (size == 0) {
        psa_hash_operation_t operation = hashed(call);
        CHECK_STATUS(psa_hash_suspend(&operation, kept, sizeof kept, &call->length), PSA_ERROR_NOT_SUPPORTED);
        CHECK_STATUS(psa_hash_abort(&operation), PSA_SUCCESS);
        return;
    }
    CHECK_SIZE(suspend, call, size, LIMIT(PSA_HASH_SUSPEND_OUTPUT_MAX_SIZE), BOUND);
    fields += call->input_length % PSA_HASH_BLOCK_LENGTH(call->alg);
    CHECK(call->length == fields);
    CHECK_SIZE(suspend, call, fields, size, EXACT);
}

void measure_hash(const struct support_row *row, psa_key_id_t key, int local)
{
    struct call call = call_of(row, key);
    (void)local;
    call.input = message;
    call.input_length = any(LONGEST);
    CHECK_SIZE(hash, &call, SIZE(PSA_HASH_LENGTH, (call.alg)), LIMIT(PSA_HASH_MAX_SIZE), EXACT);
    CHECK_SIZE(hash_in_parts, &call, SIZE(PSA_HASH_LENGTH, (call.alg)), LIMIT(PSA_HASH_MAX_SIZE), EXACT);
    measure_suspended(&call);
}

/* ---- MACs ---- */

static psa_status_t mac(struct call *call)
{
    return psa_mac_compute(call->key, call->alg, call->input, call->input_length, call->output, call->size,
                           &call->length);
}

static psa_status_t mac_in_parts(struct call *call)
{
    psa_mac_operation_t operation = PSA_MAC_OPERATION_INIT;
    psa_status_t status;
    MUST_SUCCEED(psa_mac_sign_setup(&operation, call->key, call->alg));
    MUST_SUCCEED(psa_mac_update(&operation, call->input, call->input_length));
    status = psa_mac_sign_finish(&operation, call->output, call->size, &call->length);
    CHECK_STATUS(psa_mac_abort(&operation), PSA_SUCCESS);
    return status;
}

static size_t hmac_with(psa_algorithm_t alg, const uint8_t *key, size_t length, uint8_t *output)
{
    psa_key_attributes_t attributes = key_attributes(PSA_KEY_TYPE_HMAC, 0, PSA_KEY_USAGE_SIGN_MESSAGE, alg);
    psa_key_id_t id = PSA_KEY_ID_NULL;
    MUST_SUCCEED(psa_import_key(&attributes, key, length, &id));
    MUST_SUCCEED(psa_mac_compute(id, alg, message, 10, output, PSA_MAC_MAX_SIZE, &length));
    MUST_SUCCEED(psa_destroy_key(id));
    return length;
}

/* RFC 2104, section 2: a key that is longer than a block, and no other, is hashed first. */
static void measure_block_of_hash(psa_algorithm_t alg)
{
    uint8_t key[200], hashed_key[PSA_HASH_MAX_SIZE], direct[PSA_MAC_MAX_SIZE], indirect[PSA_MAC_MAX_SIZE];
    size_t block = SIZE(PSA_HASH_BLOCK_LENGTH, (PSA_ALG_GET_HASH(alg))), longer, length;
    memset(key, 0x5c, sizeof key);
    MUST(block > 0 && block < sizeof key);
    for (longer = 0; longer < 2; longer++) {
        size_t mac_length = hmac_with(alg, key, block + longer, direct);
        MUST_SUCCEED(psa_hash_compute(PSA_ALG_GET_HASH(alg), key, block + longer, hashed_key, sizeof hashed_key, &length));
        hmac_with(alg, hashed_key, length, indirect);
        CHECK((memcmp(direct, indirect, mac_length) == 0) == (longer == 1));
    }
}

void measure_mac(const struct support_row *row, psa_key_id_t key, int local)
{
    struct call call = call_of(row, key);
    size_t full = SIZE(PSA_MAC_LENGTH, (call.type, call.bits, call.alg));
    call.input = message;
    call.input_length = any(LONGEST);
    CHECK_SIZE(mac, &call, full, LIMIT(PSA_MAC_MAX_SIZE), EXACT);
    CHECK_SIZE(mac_in_parts, &call, full, LIMIT(PSA_MAC_MAX_SIZE), EXACT);
    if (local) {
        size_t shorter = 4 + any((unsigned)full - 3);
        call.alg = PSA_ALG_TRUNCATED_MAC(row->alg, shorter);
        CHECK(SIZE(PSA_MAC_LENGTH, (call.type, call.bits, call.alg)) == shorter);
        CHECK_SIZE(mac, &call, shorter, full, EXACT);
        if (PSA_ALG_IS_HMAC(row->alg)) {
            measure_block_of_hash(row->alg);
        }
    }
}

/* ---- ciphers ---- */

static psa_status_t encrypt(struct call *call)
{
    return psa_cipher_encrypt(call->key, call->alg, call->input, call->input_length, call->output, call->size,
                              &call->length);
}

static psa_status_t decrypt(struct call *call)
{
    return psa_cipher_decrypt(call->key, call->alg, call->input, call->input_length, call->output, call->size,
                              &call->length);
}

static psa_status_t generate_iv(struct call *call)
{
    psa_cipher_operation_t operation = PSA_CIPHER_OPERATION_INIT;
    psa_status_t status;
    MUST_SUCCEED(psa_cipher_encrypt_setup(&operation, call->key, call->alg));
    status = psa_cipher_generate_iv(&operation, call->output, call->size, &call->length);
    CHECK_STATUS(psa_cipher_abort(&operation), PSA_SUCCESS);
    return status;
}

static psa_status_t cipher_update(struct call *call)
{
    return psa_cipher_update(call->operation, call->input, call->input_length, call->output, call->size, &call->length);
}

static psa_status_t cipher_finish(struct call *call)
{
    return psa_cipher_finish(call->operation, call->output, call->size, &call->length);
}

/* Sends `length` bytes through an operation in random pieces; what comes out, in bytes, is left in `kept`. */
static size_t cipher_in_parts(struct call call, psa_cipher_operation_t *operation, const uint8_t *input, size_t length)
{
    size_t written = 0, piece;
    call.operation = operation;
    for (; length > 0; length -= piece, input += piece) {
        piece = 1 + any((unsigned)length);
        call.input = input;
        call.input_length = piece;
        CHECK_SIZE(cipher_update, &call, SIZE(PSA_CIPHER_UPDATE_OUTPUT_SIZE, (call.type, call.alg, piece)),
                   SIZE(PSA_CIPHER_UPDATE_OUTPUT_MAX_SIZE, (piece)), BOUND);
        MUST(written + call.length <= sizeof kept);
        memcpy(kept + written, call.output, call.length);
        written += call.length;
    }
    CHECK_SIZE(cipher_finish, &call, SIZE(PSA_CIPHER_FINISH_OUTPUT_SIZE, (call.type, call.alg)),
               LIMIT(PSA_CIPHER_FINISH_OUTPUT_MAX_SIZE), BOUND);
    MUST(written + call.length <= sizeof kept);
    memcpy(kept + written, call.output, call.length);
    CHECK_STATUS(psa_cipher_abort(operation), PSA_SUCCESS);
    return written + call.length;
}

/* A length that the mode takes. */
static size_t length_for(psa_algorithm_t alg, size_t block)
{
    if (alg == PSA_ALG_ECB_NO_PADDING || alg == PSA_ALG_CBC_NO_PADDING) {
        return any((unsigned)(LONGEST / block)) * block;
    }
    return alg == PSA_ALG_XTS ? block + any(LONGEST - 16) : any(LONGEST);
}

void measure_cipher(const struct support_row *row, psa_key_id_t key, int local)
{
    struct call call = call_of(row, key);
    psa_cipher_operation_t operation = PSA_CIPHER_OPERATION_INIT;
    size_t block = SIZE(PSA_BLOCK_CIPHER_BLOCK_LENGTH, (call.type)), iv = SIZE(PSA_CIPHER_IV_LENGTH, (call.type, call.alg));
    size_t length = length_for(call.alg, block), sealed;
    uint8_t text[LONGEST + 64];
    CHECK(block <= LIMIT(PSA_BLOCK_CIPHER_BLOCK_MAX_SIZE));
    call.input = message;
    call.input_length = length;
    CHECK_SIZE(encrypt, &call, SIZE(PSA_CIPHER_ENCRYPT_OUTPUT_SIZE, (call.type, call.alg, length)),
               SIZE(PSA_CIPHER_ENCRYPT_OUTPUT_MAX_SIZE, (length)), EXACT);
    if (iv > 0) {
        CHECK_SIZE(generate_iv, &call, iv, LIMIT(PSA_CIPHER_IV_MAX_SIZE), EXACT);
    }
    MUST_SUCCEED(psa_cipher_encrypt_setup(&operation, key, call.alg));
    if (iv > 0) {
        MUST_SUCCEED(psa_cipher_set_iv(&operation, message, iv));
    }
    sealed = cipher_in_parts(call, &operation, message, length);
    CHECK(iv + sealed == PSA_CIPHER_ENCRYPT_OUTPUT_SIZE(call.type, call.alg, length));
    if (!local) {
        return;
    }
    memcpy(text, message, iv);
    memcpy(text + iv, kept, sealed);
    call.input = text;
    call.input_length = iv + sealed;
    CHECK_SIZE(decrypt, &call, SIZE(PSA_CIPHER_DECRYPT_OUTPUT_SIZE, (call.type, call.alg, iv + sealed)),
               SIZE(PSA_CIPHER_DECRYPT_OUTPUT_MAX_SIZE, (iv + sealed)), BOUND);
    CHECK(call.length == length && memcmp(call.output, message, length) == 0);
    MUST_SUCCEED(psa_cipher_decrypt_setup(&operation, key, call.alg));
    if (iv > 0) {
        MUST_SUCCEED(psa_cipher_set_iv(&operation, text, iv));
    }
    CHECK(cipher_in_parts(call, &operation, text + iv, sealed) == length && memcmp(kept, message, length) == 0);
}

/* ---- AEADs ---- */

static size_t nonce_length(const struct call *call)
{
    return SIZE(PSA_AEAD_NONCE_LENGTH, (call->type, call->alg));
}

static psa_status_t seal(struct call *call)
{
    return psa_aead_encrypt(call->key, call->alg, message, nonce_length(call), message, 7, call->input,
                            call->input_length, call->output, call->size, &call->length);
}

static psa_status_t open(struct call *call)
{
    return psa_aead_decrypt(call->key, call->alg, message, nonce_length(call), message, 7, call->input,
                            call->input_length, call->output, call->size, &call->length);
}

static psa_status_t generate_nonce(struct call *call)
{
    psa_aead_operation_t operation = PSA_AEAD_OPERATION_INIT;
    psa_status_t status;
    MUST_SUCCEED(psa_aead_encrypt_setup(&operation, call->key, call->alg));
    MUST_SUCCEED(psa_aead_set_lengths(&operation, 0, 0));
    status = psa_aead_generate_nonce(&operation, call->output, call->size, &call->length);
    CHECK_STATUS(psa_aead_abort(&operation), PSA_SUCCESS);
    return status;
}

static psa_status_t aead_update(struct call *call)
{
    return psa_aead_update(call->operation, call->input, call->input_length, call->output, call->size, &call->length);
}

static uint8_t tag[PSA_AEAD_TAG_MAX_SIZE];
static size_t tag_length;

static psa_status_t aead_finish(struct call *call)
{
    return psa_aead_finish(call->operation, call->output, call->size, &call->length, tag,
                           SIZE(PSA_AEAD_TAG_LENGTH, (call->type, call->bits, call->alg)), &tag_length);
}

static psa_status_t aead_verify(struct call *call)
{
    return psa_aead_verify(call->operation, call->output, call->size, &call->length, tag, tag_length);
}

/* One whole operation in random pieces; the last call writes what is left, and the tag. */
static size_t aead_in_parts(struct call call, int encrypts, const uint8_t *input, size_t length)
{
    psa_aead_operation_t operation = PSA_AEAD_OPERATION_INIT;
    size_t written = 0, piece, left = length;
    MUST_SUCCEED(encrypts ? psa_aead_encrypt_setup(&operation, call.key, call.alg)
                          : psa_aead_decrypt_setup(&operation, call.key, call.alg));
    MUST_SUCCEED(psa_aead_set_lengths(&operation, 7, length));
    MUST_SUCCEED(psa_aead_set_nonce(&operation, message, nonce_length(&call)));
    MUST_SUCCEED(psa_aead_update_ad(&operation, message, 7));
    call.operation = &operation;
    for (; left > 0; left -= piece, input += piece) {
        piece = 1 + any((unsigned)left);
        call.input = input;
        call.input_length = piece;
        CHECK_SIZE(aead_update, &call, SIZE(PSA_AEAD_UPDATE_OUTPUT_SIZE, (call.type, call.alg, piece)),
                   SIZE(PSA_AEAD_UPDATE_OUTPUT_MAX_SIZE, (piece)), BOUND);
        MUST(written + call.length <= sizeof kept);
        memcpy(kept + written, call.output, call.length);
        written += call.length;
    }
    if (encrypts) {
        CHECK_SIZE(aead_finish, &call, SIZE(PSA_AEAD_FINISH_OUTPUT_SIZE, (call.type, call.alg)),
                   LIMIT(PSA_AEAD_FINISH_OUTPUT_MAX_SIZE), BOUND);
        CHECK(tag_length == PSA_AEAD_TAG_LENGTH(call.type, call.bits, call.alg) &&
              tag_length <= LIMIT(PSA_AEAD_TAG_MAX_SIZE));
    } else {
        CHECK_SIZE(aead_verify, &call, SIZE(PSA_AEAD_VERIFY_OUTPUT_SIZE, (call.type, call.alg)),
                   LIMIT(PSA_AEAD_VERIFY_OUTPUT_MAX_SIZE), BOUND);
    }
    MUST(written + call.length <= sizeof kept);
    memcpy(kept + written, call.output, call.length);
    CHECK_STATUS(psa_aead_abort(&operation), PSA_SUCCESS);
    return written + call.length;
}

/* Some tokens take the whole text in one call. */
static int works_in_parts(const struct call *call)
{
    psa_aead_operation_t operation = PSA_AEAD_OPERATION_INIT;
    psa_status_t status;
    MUST_SUCCEED(psa_aead_encrypt_setup(&operation, call->key, call->alg));
    MUST_SUCCEED(psa_aead_set_lengths(&operation, 0, 0));
    status = psa_aead_set_nonce(&operation, message, nonce_length(call));
    CHECK(status == PSA_SUCCESS || status == PSA_ERROR_NOT_SUPPORTED);
    CHECK_STATUS(psa_aead_abort(&operation), PSA_SUCCESS);
    return status == PSA_SUCCESS;
}

static void measure_aead_with(struct call call, int local)
{
    size_t length = any(LONGEST);
    uint8_t sealed[LONGEST + 64];
    size_t sealed_length;
    call.input = message;
    call.input_length = length;
    CHECK_SIZE(seal, &call, SIZE(PSA_AEAD_ENCRYPT_OUTPUT_SIZE, (call.type, call.alg, length)),
               SIZE(PSA_AEAD_ENCRYPT_OUTPUT_MAX_SIZE, (length)), EXACT);
    sealed_length = call.length;
    memcpy(sealed, call.output, sealed_length);
    if (!local && !works_in_parts(&call)) {
        return;
    }
    CHECK_SIZE(generate_nonce, &call, nonce_length(&call), LIMIT(PSA_AEAD_NONCE_MAX_SIZE), EXACT);
    call.input = message;
    call.input_length = length;
    CHECK(aead_in_parts(call, 1, message, length) == length && memcmp(kept, sealed, length) == 0);
    CHECK(length + tag_length == sealed_length && memcmp(tag, sealed + length, tag_length) == 0);
    if (local) {
        call.input = sealed;
        call.input_length = sealed_length;
        CHECK_SIZE(open, &call, SIZE(PSA_AEAD_DECRYPT_OUTPUT_SIZE, (call.type, call.alg, sealed_length)),
                   SIZE(PSA_AEAD_DECRYPT_OUTPUT_MAX_SIZE, (sealed_length)), EXACT);
        CHECK(aead_in_parts(call, 0, sealed, length) == length && memcmp(kept, message, length) == 0);
    }
}

void measure_aead(const struct support_row *row, psa_key_id_t key, int local)
{
    struct call call = call_of(row, key);
    measure_aead_with(call, local);
    if (local && is_shortened(row->alg)) {
        call.alg = PSA_ALG_AEAD_WITH_SHORTENED_TAG(row->alg, row->alg == PSA_ALG_CCM ? 4 + 2 * any(7) : 12 + any(5));
        measure_aead_with(call, local);
    }
}

/* ---- wrapped keys ---- */

static psa_status_t wrap(struct call *call)
{
    return psa_wrap_key(call->key, call->alg, call->other, call->output, call->size, &call->length);
}

void measure_key_wrapping(const struct support_row *row, psa_key_id_t key, int local)
{
    static const struct {
        psa_key_type_t type;
        size_t bits;
        int is_exact;
    } wrapped[] = {
        {PSA_KEY_TYPE_AES, 128, 1},
        {PSA_KEY_TYPE_HMAC, 512, 1},
        {PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1), 256, 1},
        {PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1), 521, 1},
        {PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_TWISTED_EDWARDS), 448, 1},
        {PSA_KEY_TYPE_RSA_KEY_PAIR, 1024, 0},
    };
    struct call call = call_of(row, key);
    size_t i;
    for (i = 0; i < COUNT_OF(wrapped); i++) {
        psa_key_type_t type = wrapped[i].type;
        size_t bits = type == PSA_KEY_TYPE_HMAC && call.alg == PSA_ALG_KWP ? 8 + 8 * any(60) : wrapped[i].bits;
        int is_even = wrapped[i].is_exact && PSA_EXPORT_KEY_OUTPUT_SIZE(type, bits) % 8 == 0;
        /* KW takes whole halves of blocks. */
        if (call.alg == PSA_ALG_KW && !is_even) {
            continue;
        }
        call.other = generate_key(type, bits, PSA_KEY_USAGE_EXPORT, PSA_ALG_NONE);
        /* So does the KWP of some tokens (docs/tokens.md). */
        if (!local && !is_even &&
            call_with(wrap, &call, PSA_WRAP_KEY_OUTPUT_SIZE(call.type, call.alg, type, bits)) == PSA_ERROR_NOT_SUPPORTED) {
            CHECK_STATUS(psa_destroy_key(call.other), PSA_SUCCESS);
            continue;
        }
        CHECK_SIZE(wrap, &call, SIZE(PSA_WRAP_KEY_OUTPUT_SIZE, (call.type, call.alg, type, bits)),
                   LIMIT(PSA_WRAP_KEY_PAIR_MAX_SIZE), wrapped[i].is_exact ? EXACT : BOUND);
        CHECK_STATUS(psa_destroy_key(call.other), PSA_SUCCESS);
    }
}
