/* AEAD operations: PSA 1.5, section 10.6.3. See states.h. */
#include "states.h"

#define DATA 96

static struct state_key rows[40];
static size_t row_count;

static struct {
    psa_aead_operation_t operation;
    enum state state;
    const struct support_row *row;
    psa_key_id_t key;
    psa_algorithm_t alg;
    int encrypts, has_nonce, has_lengths, has_text;
    size_t announced_ad, announced_text;
    uint8_t nonce[24];
    size_t nonce_length;
    /* What is meant to be passed, and how much of it was. */
    uint8_t ad[DATA], text[DATA], ciphertext[DATA + 16];
    size_t ad_length, text_length, ad_done, text_done;
    uint8_t output[DATA + 64];
    size_t output_length;
} aead;

static void prepare(void)
{
    row_count = rows_of(SUPPORT_AEAD, PSA_KEY_USAGE_ENCRYPT | PSA_KEY_USAGE_DECRYPT, rows, COUNT_OF(rows));
}

/* Sections 10.6.1 and 10.6.2: 4, 6 to 16 in even numbers for CCM; 4, 8, 12 to 16 for GCM. */
static psa_algorithm_t with_a_tag(psa_algorithm_t alg)
{
    static const unsigned char ccm[] = {4, 6, 8, 10, 12, 14, 16}, gcm[] = {4, 8, 12, 13, 14, 15, 16};
    return alg == PSA_ALG_CCM   ? PSA_ALG_AEAD_WITH_SHORTENED_TAG(alg, ccm[below(7)])
           : alg == PSA_ALG_GCM ? PSA_ALG_AEAD_WITH_SHORTENED_TAG(alg, gcm[below(7)])
                                : alg;
}

static void set_up(int encrypts)
{
    const struct state_key *row = &rows[turn() % row_count];
    psa_algorithm_t alg = one_in(2) ? row->row->alg : with_a_tag(row->row->alg);
    psa_key_id_t key = row->key;
    psa_status_t right = PSA_SUCCESS, status;
    if (aead.state == INACTIVE && mischief()) {
        key = PSA_KEY_ID_NULL;
        right = PSA_ERROR_INVALID_HANDLE;
    }
    status = encrypts ? psa_aead_encrypt_setup(&aead.operation, key, alg) : psa_aead_decrypt_setup(&aead.operation, key, alg);
    if (answered(&aead.state, SETUP, encrypts ? "psa_aead_encrypt_setup" : "psa_aead_decrypt_setup", alg, status, right)) {
        aead.row = row->row;
        aead.key = key;
        aead.alg = alg;
        aead.encrypts = encrypts;
        aead.has_nonce = aead.has_lengths = aead.has_text = 0;
        aead.ad_length = below(DATA + 1);
        aead.text_length = below(DATA + 1);
        random_bytes(aead.ad, DATA);
        random_bytes(aead.text, DATA);
        aead.ad_done = aead.text_done = aead.output_length = 0;
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

static int needs_lengths(void)
{
    return PSA_ALG_AEAD_WITH_DEFAULT_LENGTH_TAG(aead.alg) == PSA_ALG_CCM && !aead.has_lengths;
}

/* The specification does not say what a second announcement is; this library refuses it. */
static void set_lengths(void)
{
    int ready = aead.state == ACTIVE && !aead.has_nonce && !aead.has_lengths;
    size_t ad = aead.ad_length, text = aead.text_length;
    if (mischief()) {
        *(one_in(2) ? &ad : &text) += one_in(2) ? 1 : (size_t)(ad > 0 && text > 0 ? -1 : 2);
    }
    if (answered(&aead.state, STEP, "psa_aead_set_lengths", text, psa_aead_set_lengths(&aead.operation, ad, text),
                 ready ? PSA_SUCCESS : PSA_ERROR_BAD_STATE)) {
        aead.has_lengths = 1;
        aead.announced_ad = ad;
        aead.announced_text = text;
    }
}

/* The first bytes of the plaintext under this nonce, by one call; returns the length with the tag. */
static size_t encrypt_at_once(size_t ad_length, size_t text_length, uint8_t *output, size_t size)
{
    size_t length = 0;
    holds("psa_aead_encrypt", psa_aead_encrypt(aead.key, aead.alg, aead.nonce, aead.nonce_length, aead.ad, ad_length, aead.text,
                                               text_length, output, size, &length) == PSA_SUCCESS);
    return length;
}

static void took_nonce(const uint8_t *nonce, size_t length)
{
    memcpy(aead.nonce, nonce, length);
    aead.nonce_length = length;
    aead.has_nonce = 1;
}

static void generate_nonce(void)
{
    uint8_t nonce[PSA_AEAD_NONCE_MAX_SIZE];
    int ready = aead.state == ACTIVE && aead.encrypts && !aead.has_nonce && !needs_lengths(), is_short = ready && mischief();
    size_t length = 1, usual = ready ? PSA_AEAD_NONCE_LENGTH(aead.row->key_type, aead.alg) : 0;
    if (answered(&aead.state, STEP, "psa_aead_generate_nonce", usual,
                 psa_aead_generate_nonce(&aead.operation, nonce, is_short ? usual - 1 : sizeof nonce, &length),
                 !ready ? PSA_ERROR_BAD_STATE : is_short ? PSA_ERROR_BUFFER_TOO_SMALL : PSA_SUCCESS)) {
        holds("the length of the nonce", length == usual);
        took_nonce(nonce, length);
    } else {
        holds("no length after a failure", length == 0);
    }
}

static void set_nonce(void)
{
    uint8_t nonce[PSA_AEAD_NONCE_MAX_SIZE];
    int ready = aead.state == ACTIVE && !aead.has_nonce && !needs_lengths(), is_wrong = ready && mischief();
    size_t length = ready ? PSA_AEAD_NONCE_LENGTH(aead.row->key_type, aead.alg) : 12;
    if (is_wrong) {
        length = PSA_ALG_AEAD_WITH_DEFAULT_LENGTH_TAG(aead.alg) == PSA_ALG_GCM ? 0 : length == 13 ? 14 : length - 1;
    }
    random_bytes(nonce, sizeof nonce);
    if (answered(&aead.state, STEP, "psa_aead_set_nonce", length, psa_aead_set_nonce(&aead.operation, nonce, length),
                 !ready ? PSA_ERROR_BAD_STATE : is_wrong ? REFUSED : PSA_SUCCESS)) {
        took_nonce(nonce, length);
    }
}

/* The next piece of what is meant, all of it now and then. */
static size_t piece(size_t done, size_t length)
{
    size_t left = length - done, size = below(40);
    return size > left || one_in(3) ? left : size;
}

static void update_ad(void)
{
    int ready = aead.state == ACTIVE && aead.has_nonce && !aead.has_text;
    size_t length = ready ? piece(aead.ad_done, aead.ad_length) : 3;
    int is_excess = ready && aead.has_lengths && aead.ad_done + length > aead.announced_ad;
    if (answered(&aead.state, STEP, "psa_aead_update_ad", length,
                 psa_aead_update_ad(&aead.operation, aead.ad + (ready ? aead.ad_done : 0), length),
                 !ready ? PSA_ERROR_BAD_STATE : is_excess ? PSA_ERROR_INVALID_ARGUMENT : PSA_SUCCESS)) {
        aead.ad_done += length;
    }
}

static int is_ad_incomplete(void)
{
    return aead.has_lengths && aead.ad_done < aead.announced_ad;
}

static void update(void)
{
    int ready = aead.state == ACTIVE && aead.has_nonce;
    size_t length = ready ? piece(aead.text_done, aead.text_length) : 3, made = 1;
    int is_refused = ready && (is_ad_incomplete() || (aead.has_lengths && aead.text_done + length > aead.announced_text));
    size_t size = ready ? PSA_AEAD_UPDATE_OUTPUT_SIZE(aead.row->key_type, aead.alg, length) : 16;
    size_t held = ready ? aead.text_done + length - aead.output_length : 0;
    int is_short = ready && !is_refused && held > PSA_AEAD_FINISH_OUTPUT_SIZE(aead.row->key_type, aead.alg) && mischief();
    const uint8_t *input = (aead.encrypts ? aead.text : aead.ciphertext) + (ready ? aead.text_done : 0);
    /* With Ascon, the ciphertext depends on all additional data. */
    if (ready && !aead.has_text) {
        encrypt_at_once(aead.ad_done, aead.text_length, aead.ciphertext, sizeof aead.ciphertext);
    }
    if (answered(&aead.state, STEP, "psa_aead_update", length,
                 psa_aead_update(&aead.operation, input, length, aead.output + (ready ? aead.output_length : 0),
                                 is_short ? 0 : size, &made),
                 !ready       ? PSA_ERROR_BAD_STATE
                 : is_refused ? PSA_ERROR_INVALID_ARGUMENT
                 : is_short   ? PSA_ERROR_BUFFER_TOO_SMALL
                              : PSA_SUCCESS)) {
        aead.text_done += length;
        aead.output_length += made;
        aead.has_text = 1;
    } else {
        holds("no length after a failure", made == 0);
    }
}

/* What the end of the message is here, in an operation for this direction. */
static psa_status_t expected_end(int encrypts)
{
    if (aead.encrypts != encrypts || !aead.has_nonce) {
        return PSA_ERROR_BAD_STATE;
    }
    return is_ad_incomplete() || (aead.has_lengths && aead.text_done < aead.announced_text) ? PSA_ERROR_INVALID_ARGUMENT
                                                                                              : PSA_SUCCESS;
}

static void finish(void)
{
    uint8_t tag[PSA_AEAD_TAG_MAX_SIZE], whole[DATA + 16], *end = aead.output + (aead.state == ACTIVE ? aead.output_length : 0);
    psa_status_t right = expected_end(1);
    size_t made = 1, tag_length = 1, whole_length;
    size_t size = aead.row ? PSA_AEAD_FINISH_OUTPUT_SIZE(aead.row->key_type, aead.alg) : 16;
    size_t tag_size = aead.row ? PSA_AEAD_TAG_LENGTH(aead.row->key_type, aead.row->key_bits, aead.alg) : 16;
    int is_short = aead.state == ACTIVE && right == PSA_SUCCESS && mischief();
    if (!answered(&aead.state, FINISH, "psa_aead_finish", tag_size,
                  psa_aead_finish(&aead.operation, end, size, &made, tag, is_short ? tag_size - 1 : tag_size, &tag_length),
                  is_short ? PSA_ERROR_BUFFER_TOO_SMALL : right)) {
        holds("no lengths after a failure", made == 0 && tag_length == 0);
        return;
    }
    aead.output_length += made;
    holds("the length of the tag", tag_length == tag_size);
    memcpy(aead.output + aead.output_length, tag, tag_length);
    whole_length = encrypt_at_once(aead.ad_done, aead.text_done, whole, sizeof whole);
    same("ciphertext and tag are those of one call", aead.output, aead.output_length + tag_length, whole, whole_length);
    completed();
}

static void verify(void)
{
    uint8_t whole[DATA + 17] = {0}, *end = aead.output + (aead.state == ACTIVE ? aead.output_length : 0);
    psa_status_t right = expected_end(0);
    size_t made = 1, tag_length = 16, size = aead.row ? PSA_AEAD_VERIFY_OUTPUT_SIZE(aead.row->key_type, aead.alg) : 16;
    size_t at = aead.state == ACTIVE ? aead.text_done : 0;
    int is_wrong = aead.state == ACTIVE && right == PSA_SUCCESS && mischief();
    if (aead.state == ACTIVE && right == PSA_SUCCESS) {
        tag_length = encrypt_at_once(aead.ad_done, at, whole, sizeof whole) - at;
    }
    if (is_wrong) {
        spoil(whole + at, &tag_length);
    }
    if (answered(&aead.state, FINISH, "psa_aead_verify", tag_length,
                 psa_aead_verify(&aead.operation, end, size, &made, whole + at, tag_length),
                 is_wrong ? PSA_ERROR_INVALID_SIGNATURE : right)) {
        same("the plaintext", aead.output, aead.output_length + made, aead.text, aead.text_done);
        completed();
    } else {
        holds("no length after a failure", made == 0);
    }
}

static void abort_aead(void)
{
    answered(&aead.state, ABORT, "psa_aead_abort", 0, psa_aead_abort(&aead.operation), PSA_SUCCESS);
}

static const state_call calls[] = {set_up_to_decrypt, set_up_to_encrypt, set_lengths, generate_nonce, set_nonce,
                                   update_ad, update, finish, verify, abort_aead};

static state_call usual_call(void)
{
    if (aead.state != ACTIVE) {
        return aead.state == FAILED ? abort_aead : one_in(2) ? set_up_to_decrypt : set_up_to_encrypt;
    }
    if (!aead.has_nonce) {
        return needs_lengths() || (!aead.has_lengths && one_in(3)) ? set_lengths
               : aead.encrypts && one_in(2)                        ? generate_nonce
                                                                   : set_nonce;
    }
    if (is_ad_incomplete() || (!aead.has_text && one_in(3))) {
        return update_ad;
    }
    return (aead.has_lengths && aead.text_done < aead.announced_text) || !one_in(3) ? update : aead.encrypts ? finish : verify;
}

static void sequence(void)
{
    make_calls(24, usual_call, calls, COUNT_OF(calls));
    abort_aead();
}

const struct operation_kind aead_operations = {"aead", 2000, prepare, sequence};
