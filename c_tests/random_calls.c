/* See random_calls.h, and random_arguments.h for what is checked after each call; random_operations.h has the operations in parts. */
#include "random_calls.h"

#include "random_operations.h"

/* ---- functions that do all in one call ---- */

static const enum kind kind_of_call[] = {HASH,       MAC,        CIPHER, CIPHER, AEAD,   AEAD, SIGN,
                                         SIGN,       ENCRYPTION, ENCRYPTION, AGREEMENT, SIGN, SIGN, WRAPPING,
                                         HASH,       HASH,       MAC,    VERIFY, VERIFY, VERIFY, VERIFY};

static psa_status_t one_call(unsigned function, psa_algorithm_t alg, const struct buffer *in)
{
    psa_key_id_t key = any_key();
    switch (function) {
    case 0: return psa_hash_compute(alg, IN(in[0]), OUT(0));
    case 1: return psa_mac_compute(key, alg, IN(in[0]), OUT(0));
    case 2: return psa_cipher_encrypt(key, alg, IN(in[0]), OUT(0));
    case 3: return psa_cipher_decrypt(key, alg, IN(in[0]), OUT(0));
    case 4: return psa_aead_encrypt(key, alg, IN(in[0]), IN(in[1]), IN(in[2]), OUT(0));
    case 5: return psa_aead_decrypt(key, alg, IN(in[0]), IN(in[1]), IN(in[2]), OUT(0));
    case 6: return psa_sign_hash(key, alg, IN(in[0]), OUT(0));
    case 7: return psa_sign_message(key, alg, IN(in[0]), OUT(0));
    case 8: return psa_asymmetric_encrypt(key, alg, IN(in[0]), IN(in[1]), OUT(0));
    case 9: return psa_asymmetric_decrypt(key, alg, IN(in[0]), IN(in[1]), OUT(0));
    case 10: return psa_raw_key_agreement(alg, key, IN(in[0]), OUT(0));
    case 11: return psa_sign_message_with_context(key, alg, IN(in[0]), IN(in[1]), OUT(0));
    case 12: return psa_sign_hash_with_context(key, alg, IN(in[0]), IN(in[1]), OUT(0));
    case 13: return psa_wrap_key(key, alg, any_key(), OUT(0));
    case 14: lengths[0] = 0; return psa_generate_random(outputs[0].data, outputs[0].size);
    default: break;
    }
    output_count = 0;
    switch (function) {
    case 15: return psa_hash_compare(alg, IN(in[0]), IN(in[1]));
    case 16: return psa_mac_verify(key, alg, IN(in[0]), IN(in[1]));
    case 17: return psa_verify_hash(key, alg, IN(in[0]), IN(in[1]));
    case 18: return psa_verify_message(key, alg, IN(in[0]), IN(in[1]));
    case 19: return psa_verify_hash_with_context(key, alg, IN(in[0]), IN(in[1]), IN(in[2]));
    default: return psa_verify_message_with_context(key, alg, IN(in[0]), IN(in[1]), IN(in[2]));
    }
}

static void call_once(void)
{
    struct buffer in[3];
    unsigned i, function = number(COUNT_OF(kind_of_call));
    psa_algorithm_t alg = algorithm_for(kind_of_call[function]);
    for (i = 0; i < COUNT_OF(in); i++) {
        in[i] = any_buffer();
    }
    begin("a function that does all in one call");
    output();
    CALL(one_call(function, alg, in));
}

/* ---- there and back ---- */

static const enum kind kind_of_pair[] = {MAC, CIPHER, AEAD, SIGN, SIGN, SIGN, SIGN, ENCRYPTION, WRAPPING, ENCAPSULATION};

/* What one function has made, its counterpart takes. Returns the status of that, or what kept the first from making it. */
static psa_status_t there_and_back(unsigned pair, psa_key_id_t key, psa_algorithm_t alg, const struct buffer *in)
{
    static uint8_t made[8192], back[8192];
    psa_key_attributes_t attributes = attributes_of(any_row());
    psa_key_id_t first = PSA_KEY_ID_NULL, second = PSA_KEY_ID_NULL;
    size_t length = 0, back_length;
    psa_status_t status;
#define MADE made, sizeof made, &length
#define BACK made, length, back, sizeof back, &back_length
    switch (pair) {
    case 0:
        status = psa_mac_compute(key, alg, IN(in[0]), MADE);
        return status == PSA_SUCCESS ? psa_mac_verify(key, alg, IN(in[0]), made, length) : status;
    case 1:
        status = psa_cipher_encrypt(key, alg, IN(in[0]), MADE);
        return status == PSA_SUCCESS ? psa_cipher_decrypt(key, alg, BACK) : status;
    case 2:
        status = psa_aead_encrypt(key, alg, IN(in[2]), IN(in[1]), IN(in[0]), MADE);
        return status == PSA_SUCCESS ? psa_aead_decrypt(key, alg, IN(in[2]), IN(in[1]), BACK) : status;
    case 3:
        status = psa_sign_hash(key, alg, IN(in[2]), MADE);
        return status == PSA_SUCCESS ? psa_verify_hash(key, alg, IN(in[2]), made, length) : status;
    case 4:
        status = psa_sign_message(key, alg, IN(in[0]), MADE);
        return status == PSA_SUCCESS ? psa_verify_message(key, alg, IN(in[0]), made, length) : status;
    case 5:
        status = psa_sign_hash_with_context(key, alg, IN(in[2]), IN(in[1]), MADE);
        return status == PSA_SUCCESS ? psa_verify_hash_with_context(key, alg, IN(in[2]), IN(in[1]), made, length) : status;
    case 6:
        status = psa_sign_message_with_context(key, alg, IN(in[0]), IN(in[1]), MADE);
        return status == PSA_SUCCESS ? psa_verify_message_with_context(key, alg, IN(in[0]), IN(in[1]), made, length) : status;
    case 7:
        status = psa_asymmetric_encrypt(key, alg, IN(in[2]), NULL, 0, MADE);
        return status == PSA_SUCCESS ? psa_asymmetric_decrypt(key, alg, made, length, NULL, 0, back, sizeof back, &back_length)
                                     : status;
    case 8:
        psa_get_key_attributes(keys[0], &attributes);
        status = psa_wrap_key(key, alg, keys[0], MADE);
        psa_set_key_id(&attributes, PSA_KEY_ID_NULL);
        psa_set_key_lifetime(&attributes, PSA_KEY_LIFETIME_VOLATILE);
        status = status == PSA_SUCCESS ? psa_unwrap_key(&attributes, key, alg, made, length, &first) : status;
        keep(status, first);
        return status;
    default:
        psa_set_key_type(&attributes, PSA_KEY_TYPE_DERIVE);
        psa_set_key_bits(&attributes, 0);
        status = psa_encapsulate(key, alg, &attributes, &first, MADE);
        keep(status, first);
        status = status == PSA_SUCCESS ? psa_decapsulate(key, alg, made, length, &attributes, &second) : status;
        keep(status, second);
        return status;
    }
}

static void go_there_and_back(void)
{
    static const size_t sizes[] = {12, 16, 20, 28, 32, 48, 64};
    unsigned i, pair = number(COUNT_OF(kind_of_pair));
    psa_algorithm_t alg = algorithm_for(kind_of_pair[pair]);
    psa_key_id_t key = any_key();
    struct buffer in[3];
    psa_status_t status;
    for (i = 0; i < 3; i++) {
        in[i].data = memory + number(64);
        in[i].size = number(256);
    }
    /* A hash, a nonce or a short text. */
    in[2].size = sizes[number(COUNT_OF(sizes))];
    begin("a function and its counterpart");
    status = CALL(there_and_back(pair, key, alg, in));
    if (status == PSA_ERROR_INVALID_SIGNATURE || status == PSA_ERROR_INVALID_PADDING) {
        broken("what a function made is refused by its counterpart", (long)alg);
    }
}

/* ---- all together ---- */

static void leave_nothing(void)
{
    unsigned i;
    for (i = 0; i < 2; i++) {
        psa_hash_abort(&operations[HASH][i].hash);
        psa_mac_abort(&operations[MAC][i].mac);
        psa_cipher_abort(&operations[CIPHER][i].cipher);
        psa_aead_abort(&operations[AEAD][i].aead);
        psa_sign_abort(&operations[SIGN][i].sign);
        psa_verify_abort(&operations[VERIFY][i].verify);
        psa_key_derivation_abort(&operations[DERIVATION][i].derivation);
        psa_xof_abort(&operations[XOF][i].xof);
        psa_pake_abort(&operations[PAKE][i].pake);
    }
    for (i = 0; i < KEYS; i++) {
        psa_destroy_key(keys[i]);
        keys[i] = PSA_KEY_ID_NULL;
    }
    for (i = 1; i < 5; i++) {
        psa_destroy_key(i);
    }
    memset(operations, 0, sizeof operations);
    memset(states, 0, sizeof states);
}

void random_calls(const uint8_t *text, size_t length)
{
    if (psa_crypto_init() != PSA_SUCCESS) {
        current_call = "psa_crypto_init";
        broken("the library does not start", 0);
    }
    memset(memory, 0x11, sizeof memory);
    memset(&last_output, 0, sizeof last_output);
    bytes.next = text;
    bytes.end = text + length;
    make_key();
    make_key();
    make_key();
    while (bytes.next < bytes.end) {
        switch (number(16)) {
        case 0:
        case 1: make_key(); break;
        case 2: make_key_with_another(); break;
        case 3: manage_key(); break;
        case 4:
        case 5:
        case 6:
        case 7: number(2) ? call_once() : go_there_and_back(); break;
        case 8: rarely() ? spoil_operation() : (void)0; break;
        default: take_step(); break;
        }
    }
    leave_nothing();
}
