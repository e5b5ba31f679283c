/* What random calls are made with: numbers, buffers, keys and algorithms that a text of bytes stands for, and what is
 * checked after each call:
 *
 * - the status is one of the specification, and never the one of a defect in the library;
 * - a length is 0 and a key PSA_KEY_ID_NULL after a failure, and a length is at most the buffer's size;
 * - memory beside the output is as it was before.
 */
#ifndef RANDOM_ARGUMENTS_H
#define RANDOM_ARGUMENTS_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <parsec.h>
#include <psa/crypto.h>

#include "support.h"

#define HUGE ((size_t)PTRDIFF_MAX + 1)
#define KEYS 20
#define MEMORY 1280
#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static const char *current_call;

static void broken(const char *promise, long value)
{
    fprintf(stderr, "%s: %s (%ld): %s\n", current_call, promise, value, parsec_last_error());
    abort();
}

/* ---- the bytes ---- */

static struct {
    const uint8_t *next, *end;
} bytes;

static unsigned number(unsigned below)
{
    unsigned value = 0;
    int i;
    for (i = 0; i < (below > 256 ? 4 : 1) && bytes.next < bytes.end; i++) {
        value = value << 8 | *bytes.next++;
    }
    return value % below;
}

static uint32_t any_number(void)
{
    return number(0xffffffff);
}

static int rarely(void)
{
    return number(16) == 15;
}

/* ---- memory of the caller ---- */

static uint8_t memory[MEMORY], before[MEMORY];

struct buffer {
    uint8_t *data;
    size_t size;
    int is_valid;
};

/* What a call put out last: a signature to verify, a ciphertext to decrypt. */
static struct buffer last_output;

/* A piece of the memory, which overlaps others; rarely nothing, or what no caller may pass. */
static struct buffer any_buffer(void)
{
    static const size_t usual[] = {0, 1, 8, 12, 16, 20, 28, 32, 48, 64, 66, 96, 128, 133, 256, 512, 768, 1024};
    struct buffer buffer;
    if (last_output.data != NULL && number(8) == 7) {
        return last_output;
    }
    buffer.size = number(2) ? usual[number(COUNT_OF(usual))] : number(256);
    buffer.data = memory + number((unsigned)(MEMORY - buffer.size + 1));
    buffer.is_valid = 1;
    if (rarely()) {
        static uint8_t *const nowhere[] = {NULL, (uint8_t *)1, (uint8_t *)UINTPTR_MAX};
        buffer.data = nowhere[number(COUNT_OF(nowhere))];
        buffer.size = buffer.data == NULL && number(2) ? 7 : 0;
        buffer.is_valid = buffer.size == 0;
    } else if (rarely()) {
        static const size_t huge[] = {HUGE, SIZE_MAX, SIZE_MAX - 15};
        buffer.size = huge[number(COUNT_OF(huge))];
        buffer.is_valid = 0;
    }
    return buffer;
}

static void check_memory_beside(const struct buffer *outputs, size_t count)
{
    size_t i, o;
    for (i = 0; i < MEMORY; i++) {
        int written = 0;
        for (o = 0; o < count; o++) {
            written |= outputs[o].is_valid && memory + i >= outputs[o].data &&
                       memory + i < outputs[o].data + outputs[o].size;
        }
        if (!written && memory[i] != before[i]) {
            broken("memory beside the output was written", (long)i);
        }
    }
}

/* ---- after each call ---- */

static psa_status_t last_status;
static struct buffer outputs[2];
static size_t lengths[2];
static size_t output_count;

static void check_status(psa_status_t status)
{
    if (status == PSA_ERROR_CORRUPTION_DETECTED || status > 0 || status < -249 ||
        strstr(parsec_last_error(), "a defect") != NULL) {
        broken("no status of the specification", status);
    }
}

static void check_outputs(psa_status_t status)
{
    size_t o;
    for (o = 0; o < output_count; o++) {
        if (status == PSA_SUCCESS ? lengths[o] > outputs[o].size : lengths[o] != 0) {
            broken("the length of an output", (long)lengths[o]);
        }
        if (status == PSA_SUCCESS && !outputs[o].is_valid) {
            broken("an invalid buffer was accepted", (long)o);
        }
    }
    check_memory_beside(outputs, output_count);
}

static void begin(const char *name)
{
    current_call = name;
    output_count = 0;
    memcpy(before, memory, sizeof memory);
}

/* A buffer for the next output, with a wrong length that the call must replace. */
static struct buffer *output(void)
{
    outputs[output_count] = any_buffer();
    lengths[output_count] = 0x5a5a;
    return &outputs[output_count++];
}

static psa_status_t end(psa_status_t status)
{
    last_status = status;
    check_status(status);
    check_outputs(status);
    if (status == PSA_SUCCESS && output_count > 0 && lengths[0] > 0) {
        last_output = outputs[0];
        last_output.size = lengths[0];
    }
    return status;
}

/* CALL(psa_x(...)) makes a call; what it needs is drawn before, between begin() and it. */
#define CALL(call) end(call)
#define IN(buffer) (buffer).data, (buffer).size
#define OUT(index) outputs[index].data, outputs[index].size, &lengths[index]

/* ---- keys ---- */

static psa_key_id_t keys[KEYS];
/* The key that goes with the next call, where there is one. */
static psa_key_id_t fitting_key;

static psa_key_id_t any_key(void)
{
    static const psa_key_id_t others[] = {0, 1, 2, 3, 0x3fffffff, 0x40000000, 0x7fffffff, 0x80000000, 0xffffffff};
    if (rarely()) {
        return others[number(COUNT_OF(others))];
    }
    return fitting_key != PSA_KEY_ID_NULL && !rarely() ? fitting_key : keys[number(KEYS)];
}

static const struct support_row *any_row(void)
{
    return &support_rows[number((unsigned)COUNT_OF(support_rows))];
}

/* An algorithm of the table, often in a variation, or anything. */
static psa_algorithm_t any_algorithm(void)
{
    psa_algorithm_t alg = any_row()->alg;
    switch (number(12)) {
    case 0: return any_number();
    case 1: return alg ^ (1u << number(32));
    case 2: return PSA_ALG_IS_AEAD(alg) ? PSA_ALG_AEAD_WITH_SHORTENED_TAG(alg, number(20)) : alg;
    case 3: return PSA_ALG_IS_AEAD(alg) ? PSA_ALG_AEAD_WITH_AT_LEAST_THIS_LENGTH_TAG(alg, number(20)) : alg;
    case 4: return PSA_ALG_IS_MAC(alg) ? PSA_ALG_TRUNCATED_MAC(alg, number(70)) : alg;
    case 5: return PSA_ALG_KEY_AGREEMENT(PSA_ALG_ECDH, PSA_ALG_HKDF(PSA_ALG_SHA_256));
    default: return alg;
    }
}

enum kind { HASH, MAC, CIPHER, AEAD, SIGN, VERIFY, DERIVATION, XOF, PAKE, ENCRYPTION, AGREEMENT, WRAPPING, ENCAPSULATION };

static int belongs(psa_algorithm_t alg, enum kind kind)
{
    switch (kind) {
    case HASH: return PSA_ALG_IS_HASH(alg);
    case MAC: return PSA_ALG_IS_MAC(alg);
    case CIPHER: return PSA_ALG_IS_CIPHER(alg);
    case AEAD: return PSA_ALG_IS_AEAD(alg);
    case SIGN:
    case VERIFY: return PSA_ALG_IS_SIGN(alg);
    case DERIVATION: return PSA_ALG_IS_KEY_DERIVATION(alg);
    case XOF: return PSA_ALG_IS_XOF(alg);
    case PAKE: return PSA_ALG_IS_PAKE(alg);
    case ENCRYPTION: return PSA_ALG_IS_ASYMMETRIC_ENCRYPTION(alg);
    case AGREEMENT: return PSA_ALG_IS_KEY_AGREEMENT(alg);
    case WRAPPING: return PSA_ALG_IS_KEY_WRAP(alg);
    default: return PSA_ALG_IS_KEY_ENCAPSULATION(alg);
    }
}

static void alter(psa_key_attributes_t *attributes)
{
    switch (number(8)) {
    case 0: psa_set_key_type(attributes, (psa_key_type_t)any_number()); break;
    case 1: psa_set_key_bits(attributes, number(2) ? any_number() : number(600)); break;
    case 2: psa_set_key_algorithm(attributes, any_algorithm()); break;
    case 3: psa_set_key_usage_flags(attributes, any_number()); break;
    case 4: psa_set_key_lifetime(attributes, any_number()); break;
    case 5: psa_set_key_id(attributes, any_number()); break;
    case 6: memset(attributes, 0xff, sizeof *attributes); break;
    default: psa_set_key_bits(attributes, 0); break;
    }
}

/* A key of this row of the table that may do everything. */
static psa_key_attributes_t attributes_of(const struct support_row *row)
{
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    psa_set_key_type(&attributes, row->key_type);
    psa_set_key_bits(&attributes, row->key_bits);
    psa_set_key_algorithm(&attributes, row->alg);
    psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_EXPORT | PSA_KEY_USAGE_COPY | PSA_KEY_USAGE_CACHE |
                                             PSA_KEY_USAGE_ENCRYPT | PSA_KEY_USAGE_DECRYPT | PSA_KEY_USAGE_DERIVE |
                                             PSA_KEY_USAGE_SIGN_HASH | PSA_KEY_USAGE_VERIFY_HASH |
                                             PSA_KEY_USAGE_SIGN_MESSAGE | PSA_KEY_USAGE_VERIFY_MESSAGE |
                                             PSA_KEY_USAGE_VERIFY_DERIVATION | PSA_KEY_USAGE_WRAP | PSA_KEY_USAGE_UNWRAP);
    return attributes;
}

static psa_key_attributes_t any_attributes(void)
{
    psa_key_attributes_t attributes = attributes_of(any_row());
    if (number(4) == 0) {
        psa_set_key_algorithm(&attributes, any_algorithm());
    }
    if (rarely()) {
        psa_set_key_id(&attributes, 1 + number(4));
    }
    while (rarely()) {
        alter(&attributes);
    }
    return attributes;
}

/* Large RSA keys take seconds to make, keys in a device take its time, and keys of SLH-DSA and of large groups take long at
 * every use. */
static int takes_long(const psa_key_attributes_t *attributes)
{
    psa_key_type_t type = psa_get_key_type(attributes);
    if (PSA_KEY_TYPE_IS_SLH_DSA(type)) {
        return psa_get_key_bits(attributes) != 128 || !(PSA_KEY_TYPE_SLH_DSA_GET_FAMILY(type) & 4) || !rarely();
    }
    if (PSA_KEY_TYPE_IS_DH(type)) {
        return psa_get_key_bits(attributes) > 2048 || !rarely();
    }
    return PSA_KEY_TYPE_IS_RSA(psa_get_key_type(attributes)) &&
           (psa_get_key_bits(attributes) > 1024 || psa_get_key_lifetime(attributes) != 0 || !rarely());
}

/* Keeps a new key in place of an older one. */
static void keep(psa_status_t status, psa_key_id_t key)
{
    if ((status == PSA_SUCCESS) != (key != PSA_KEY_ID_NULL)) {
        broken("the identifier of a new key", (long)key);
    }
    if (key != PSA_KEY_ID_NULL) {
        psa_key_id_t *place = &keys[number(KEYS)];
        current_call = "psa_destroy_key, of an older key";
        check_status(psa_destroy_key(*place));
        *place = key;
    }
}

/* A key for this row of the table, where it is made fast: generated, or made of memory if it is a secret of people. */
static void make_fitting_key(const struct support_row *row)
{
    psa_key_attributes_t attributes = attributes_of(row);
    psa_key_id_t key = PSA_KEY_ID_NULL;
    if (row->key_type == PSA_KEY_TYPE_NONE || takes_long(&attributes)) {
        return;
    }
    current_call = "a function that makes a fitting key";
    if (psa_generate_key(&attributes, &key) != PSA_SUCCESS) {
        size_t size = PSA_KEY_TYPE_IS_SPAKE2P_KEY_PAIR(row->key_type) ? 2 * PSA_BITS_TO_BYTES(row->key_bits) : 16;
        psa_set_key_bits(&attributes, 0);
        check_status(psa_import_key(&attributes, memory, size, &key));
    }
    fitting_key = key;
    keep(key != PSA_KEY_ID_NULL ? PSA_SUCCESS : PSA_ERROR_GENERIC_ERROR, key);
}

/* Mostly an algorithm of this kind, with a key for it if there is one. */
static psa_algorithm_t algorithm_for(enum kind kind)
{
    size_t i, first = number((unsigned)COUNT_OF(support_rows));
    fitting_key = PSA_KEY_ID_NULL;
    if (rarely()) {
        return any_algorithm();
    }
    for (i = 0; i < KEYS; i++) {
        psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
        psa_key_id_t key = keys[(first + i) % KEYS];
        if (psa_get_key_attributes(key, &attributes) == PSA_SUCCESS &&
            belongs(psa_get_key_algorithm(&attributes), kind)) {
            fitting_key = key;
            return psa_get_key_algorithm(&attributes);
        }
    }
    for (i = 0; i < COUNT_OF(support_rows); i++) {
        const struct support_row *row = &support_rows[(first + i) % COUNT_OF(support_rows)];
        if (belongs(row->alg, kind)) {
            make_fitting_key(row);
            return row->alg;
        }
    }
    return any_algorithm();
}

/* Keys out of other keys, with an algorithm for that. */
static void make_key_with_another(void)
{
    static const enum kind kinds[] = {WRAPPING, AGREEMENT, ENCAPSULATION, ENCAPSULATION};
    psa_key_attributes_t attributes = any_attributes();
    psa_key_id_t key = 0x5a5a5a5a, with;
    unsigned function = number(COUNT_OF(kinds));
    psa_algorithm_t alg = algorithm_for(kinds[function]);
    struct buffer data = any_buffer();
    with = any_key();
    if (!rarely()) {
        psa_set_key_bits(&attributes, 0);
        psa_set_key_type(&attributes, PSA_KEY_TYPE_DERIVE);
    }
    begin("a function that makes keys with another");
    switch (function) {
    case 0: CALL(psa_unwrap_key(&attributes, with, alg, IN(data), &key)); break;
    case 1: CALL(psa_key_agreement(with, IN(data), alg, &attributes, &key)); break;
    case 2: output(); CALL(psa_encapsulate(with, alg, &attributes, &key, OUT(0))); break;
    default: CALL(psa_decapsulate(with, alg, IN(data), &attributes, &key)); break;
    }
    keep(last_status, key);
}

static void make_key(void)
{
    psa_key_attributes_t attributes = any_attributes();
    psa_key_id_t key = 0x5a5a5a5a;
    psa_custom_key_parameters_t custom = {rarely() ? any_number() : 0};
    struct buffer data = any_buffer();
    psa_key_id_t source = any_key();
    unsigned function = number(5);
    begin("a function that makes keys");
    if (function < 2 && PSA_KEY_TYPE_IS_UNSTRUCTURED(psa_get_key_type(&attributes)) &&
        psa_get_key_bits(&attributes) <= 512 && !rarely()) {
        data.data = memory;
        data.size = psa_get_key_bits(&attributes) / 8;
    }
    /* Importing a key pair of SLH-DSA computes its root again. */
    if ((function >= 3 || PSA_KEY_TYPE_IS_SLH_DSA(psa_get_key_type(&attributes))) && takes_long(&attributes)) {
        return;
    }
    switch (function) {
    case 0:
    case 1: CALL(psa_import_key(&attributes, IN(data), &key)); break;
    case 2:
        CALL(rarely() ? psa_attach_key(&attributes, IN(data), &key) : psa_copy_key(source, &attributes, &key));
        break;
    case 3: CALL(psa_generate_key(&attributes, &key)); break;
    default: CALL(psa_generate_key_custom(&attributes, &custom, IN(data), &key)); break;
    }
    keep(last_status, key);
}

static void manage_key(void)
{
    psa_key_attributes_t attributes;
    char name[8];
    psa_key_id_t key = any_key();
    begin("a function that manages keys");
    output();
    switch (number(6)) {
    case 0: CALL(psa_export_key(key, OUT(0))); break;
    case 1: CALL(psa_export_public_key(key, OUT(0))); break;
    default:
        output_count = 0;
        switch (number(5)) {
        case 0: CALL(psa_get_key_attributes(key, &attributes)); break;
        case 1: CALL(psa_purge_key(key)); break;
        case 2: CALL(psa_check_key_usage(key, any_algorithm(), number(2) ? any_number() : 1u << number(16))); break;
        case 3: CALL(parsec_key_backend(key, name, number(sizeof name))); break;
        default: CALL(rarely() ? psa_destroy_key(key) : PSA_SUCCESS); break;
        }
    }
}

#endif
