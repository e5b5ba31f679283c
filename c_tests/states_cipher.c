/* Cipher operations: PSA 1.5, section 10.5.3. See states.h. */
#include "states.h"

#define TEXT 320

static struct state_key rows[128];
static size_t row_count;

static struct {
    psa_cipher_operation_t operation;
    enum state state;
    const struct support_row *row;
    psa_key_id_t key;
    int encrypts, has_iv;
    /* A ciphertext of one call, with its vector first: what is decrypted. */
    uint8_t whole[TEXT + 64];
    size_t whole_length, iv_length, block;
    /* The vector, then the input; and the output. */
    uint8_t input[TEXT + 64], output[TEXT + 64];
    size_t input_length, output_length;
} cipher;

static void prepare(void)
{
    row_count = rows_of(SUPPORT_CIPHER, PSA_KEY_USAGE_ENCRYPT | PSA_KEY_USAGE_DECRYPT, rows, COUNT_OF(rows));
}

static int is_whole_blocks(psa_algorithm_t alg)
{
    return alg == PSA_ALG_ECB_NO_PADDING || alg == PSA_ALG_CBC_NO_PADDING;
}

static void encrypt_at_once(void)
{
    uint8_t text[TEXT];
    size_t blocks = cipher.block * (2 + below(6));
    size_t length = is_whole_blocks(cipher.row->alg) ? blocks : 16 + below(150);
    random_bytes(text, length);
    MUST_SUCCEED(psa_cipher_encrypt(cipher.key, cipher.row->alg, text, length, cipher.whole, sizeof cipher.whole,
                                    &cipher.whole_length));
}

static void set_up(int encrypts)
{
    const struct state_key *row = &rows[turn() % row_count];
    psa_key_id_t key = row->key;
    psa_algorithm_t alg = row->row->alg;
    psa_status_t right = PSA_SUCCESS, status;
    if (cipher.state == INACTIVE && mischief()) {
        int without_key = one_in(2);
        key = without_key ? PSA_KEY_ID_NULL : key;
        alg = without_key ? alg : alg == PSA_ALG_CTR ? PSA_ALG_CFB : PSA_ALG_CTR;
        right = without_key ? PSA_ERROR_INVALID_HANDLE : PSA_ERROR_NOT_PERMITTED;
    }
    status = encrypts ? psa_cipher_encrypt_setup(&cipher.operation, key, alg)
                      : psa_cipher_decrypt_setup(&cipher.operation, key, alg);
    if (answered(&cipher.state, SETUP, encrypts ? "psa_cipher_encrypt_setup" : "psa_cipher_decrypt_setup", alg, status, right)) {
        cipher.row = row->row;
        cipher.key = key;
        cipher.encrypts = encrypts;
        cipher.has_iv = 0;
        cipher.iv_length = PSA_CIPHER_IV_LENGTH(row->row->key_type, alg);
        cipher.block = PSA_BLOCK_CIPHER_BLOCK_LENGTH(row->row->key_type);
        cipher.input_length = cipher.output_length = 0;
        encrypt_at_once();
    }
}

static void set_up_to_encrypt(void)
{
    set_up(1);
}

static void set_up_to_decrypt(void)
{
    set_up(0);
}

static void took_iv(const uint8_t *iv)
{
    memcpy(cipher.input, iv, cipher.iv_length);
    cipher.input_length = cipher.iv_length;
    cipher.has_iv = 1;
}

static int takes_iv(void)
{
    return cipher.iv_length > 0 && !cipher.has_iv;
}

static void generate_iv(void)
{
    uint8_t iv[PSA_CIPHER_IV_MAX_SIZE];
    size_t length = 1;
    int ready = cipher.state == ACTIVE && cipher.encrypts && takes_iv(), is_short = ready && mischief();
    size_t size = is_short ? cipher.iv_length - 1 : sizeof iv;
    psa_status_t right = !ready ? PSA_ERROR_BAD_STATE : is_short ? PSA_ERROR_BUFFER_TOO_SMALL : PSA_SUCCESS;
    if (answered(&cipher.state, STEP, "psa_cipher_generate_iv", size,
                 psa_cipher_generate_iv(&cipher.operation, iv, size, &length), right)) {
        holds("the length of the vector", length == cipher.iv_length);
        took_iv(iv);
    } else {
        holds("no length after a failure", length == 0);
    }
}

static void set_iv(void)
{
    uint8_t iv[PSA_CIPHER_IV_MAX_SIZE + 1];
    int ready = cipher.state == ACTIVE && takes_iv(), is_wrong = ready && mischief();
    size_t length = is_wrong ? sizeof iv : cipher.iv_length;
    random_bytes(iv, sizeof iv);
    if (ready && !cipher.encrypts) {
        memcpy(iv, cipher.whole, cipher.iv_length);
    }
    if (answered(&cipher.state, STEP, "psa_cipher_set_iv", length, psa_cipher_set_iv(&cipher.operation, iv, length),
                 !ready ? PSA_ERROR_BAD_STATE : is_wrong ? REFUSED : PSA_SUCCESS)) {
        took_iv(iv);
    }
}

/* Text to encrypt, or the next piece of the ciphertext. */
static size_t next_input(uint8_t *data)
{
    size_t length = below(120), left = (cipher.encrypts ? TEXT : cipher.whole_length) - cipher.input_length;
    if (cipher.state != ACTIVE) {
        return 5;
    }
    length = length > left || one_in(4) ? left : length;
    length = cipher.encrypts && length > 100 ? cipher.block : length;
    if (cipher.encrypts) {
        random_bytes(data, length);
    } else {
        memcpy(data, cipher.whole + cipher.input_length, length);
    }
    return length;
}

static void update(void)
{
    uint8_t data[TEXT + 64] = {0};
    size_t length = next_input(data), made = 1;
    int ready = cipher.state == ACTIVE && !takes_iv();
    size_t size = ready ? PSA_CIPHER_UPDATE_OUTPUT_SIZE(cipher.row->key_type, cipher.row->alg, length) : TEXT;
    /* No more than an incomplete block and the end of a message may be held back. */
    size_t held = ready ? cipher.input_length - cipher.iv_length + length - cipher.output_length : 0;
    int is_short = ready && held >= cipher.block &&
                   held > PSA_CIPHER_FINISH_OUTPUT_SIZE(cipher.row->key_type, cipher.row->alg) && mischief();
    psa_status_t right = !ready ? PSA_ERROR_BAD_STATE : is_short ? PSA_ERROR_BUFFER_TOO_SMALL : PSA_SUCCESS;
    if (answered(&cipher.state, STEP, "psa_cipher_update", length,
                 psa_cipher_update(&cipher.operation, data, length, cipher.output + (ready ? cipher.output_length : 0),
                                   is_short ? 0 : size, &made), right)) {
        memcpy(cipher.input + cipher.input_length, data, length);
        cipher.input_length += length;
        cipher.output_length += made;
    } else {
        holds("no length after a failure", made == 0);
    }
}

/* What an end of the message here is, by the rules of the modes and, for the padding, by the one call. */
static psa_status_t expected_end(void)
{
    psa_algorithm_t alg = cipher.row->alg;
    size_t length = cipher.input_length - cipher.iv_length, made;
    uint8_t text[TEXT + 64];
    if (takes_iv()) {
        return PSA_ERROR_BAD_STATE;
    }
    if ((is_whole_blocks(alg) && length % cipher.block != 0) || (alg == PSA_ALG_XTS && length < 16)) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    if (alg != PSA_ALG_CBC_PKCS7 || cipher.encrypts) {
        return PSA_SUCCESS;
    }
    if (length == 0 || length % cipher.block != 0) {
        return PSA_ERROR_INVALID_ARGUMENT;
    }
    return cipher.input_length == cipher.whole_length
               ? PSA_SUCCESS
               : psa_cipher_decrypt(cipher.key, alg, cipher.input, cipher.input_length, text, sizeof text, &made);
}

static void check_result_of_cipher(void)
{
    uint8_t text[2 * TEXT], ciphertext[TEXT + 128];
    const uint8_t *expected = cipher.input + cipher.iv_length;
    size_t length = 0;
    if (cipher.encrypts) {
        memcpy(ciphertext, cipher.input, cipher.iv_length);
        memcpy(ciphertext + cipher.iv_length, cipher.output, cipher.output_length);
        holds("psa_cipher_decrypt", psa_cipher_decrypt(cipher.key, cipher.row->alg, ciphertext,
                                                       cipher.iv_length + cipher.output_length, text, sizeof text,
                                                       &length) == PSA_SUCCESS);
        same("one call decrypts what parts encrypt", text, length, expected, cipher.input_length - cipher.iv_length);
    } else {
        holds("psa_cipher_decrypt", psa_cipher_decrypt(cipher.key, cipher.row->alg, cipher.input, cipher.input_length, text,
                                                       sizeof text, &length) == PSA_SUCCESS);
        same("parts decrypt as one call does", text, length, cipher.output, cipher.output_length);
    }
    completed();
}

static void finish(void)
{
    uint8_t *end = cipher.output + (cipher.state == ACTIVE ? cipher.output_length : 0);
    psa_status_t right = cipher.state == ACTIVE ? expected_end() : PSA_SUCCESS;
    size_t size = cipher.state == ACTIVE ? PSA_CIPHER_FINISH_OUTPUT_SIZE(cipher.row->key_type, cipher.row->alg) : 16, made = 1;
    /* An encrypted padding has a whole block, at least. */
    int is_short = cipher.state == ACTIVE && cipher.row->alg == PSA_ALG_CBC_PKCS7 && cipher.encrypts && right == PSA_SUCCESS &&
                   mischief();
    if (answered(&cipher.state, FINISH, "psa_cipher_finish", size,
                 psa_cipher_finish(&cipher.operation, end, is_short ? size - 1 : size, &made),
                 is_short ? PSA_ERROR_BUFFER_TOO_SMALL : right)) {
        cipher.output_length += made;
        check_result_of_cipher();
    } else {
        holds("no length after a failure", made == 0);
    }
}

static void abort_cipher(void)
{
    answered(&cipher.state, ABORT, "psa_cipher_abort", 0, psa_cipher_abort(&cipher.operation), PSA_SUCCESS);
}

static const state_call calls[] = {set_up_to_decrypt, set_up_to_encrypt, generate_iv, set_iv, finish, abort_cipher, update};

static state_call usual_call(void)
{
    switch (cipher.state) {
    case INACTIVE: return one_in(2) ? set_up_to_decrypt : set_up_to_encrypt;
    case FAILED: return abort_cipher;
    default: return takes_iv() ? (cipher.encrypts && one_in(2) ? generate_iv : set_iv) : one_in(3) ? finish : update;
    }
}

static void sequence(void)
{
    make_calls(20, usual_call, calls, COUNT_OF(calls));
    abort_cipher();
}

const struct operation_kind cipher_operations = {"cipher", 2000, prepare, sequence};
