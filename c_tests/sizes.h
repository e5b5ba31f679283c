/* What the tests of the size macros share: see sizes.c. */
#ifndef SIZES_H
#define SIZES_H

#include "support_keys.h"

/* The value of a size macro, which counts as measured from then on. SIZE and LIMIT are an exact or upper bound of what
 * a function writes, and the bound for all keys and algorithms. */
#define SIZE(macro, arguments) (measured(#macro), (size_t)macro arguments)
#define LIMIT(constant) (measured(#constant), (size_t)constant)
#define MEASURED 128

void measured(const char *name);

/* A number from 0 to one less than `below`. */
unsigned any(unsigned below);

/* One call of a function that writes to `output`, with what it needs. */
struct call {
    psa_key_id_t key;
    psa_key_type_t type;
    size_t bits;
    psa_algorithm_t alg;
    const uint8_t *input;
    size_t input_length;
    void *operation;
    psa_key_id_t other;
    psa_pake_step_t step;
    uint8_t *output;
    size_t size, length;
};

enum exactness { EXACT, BOUND };

/* Calls with room for `size` bytes, and checks that nothing is written behind them. */
psa_status_t call_with(psa_status_t (*write)(struct call *), struct call *call, size_t size);

/* The call works with a buffer of `size` bytes; where that is exact it fills it, and one byte less is BUFFER_TOO_SMALL. */
void check_size(psa_status_t (*write)(struct call *), struct call *call, size_t size, size_t maximum, enum exactness is,
                const char *name);
#define CHECK_SIZE(write, call, size, maximum, is) check_size(write, call, size, maximum, is, #size)

static inline struct call call_of(const struct support_row *row, psa_key_id_t key)
{
    struct call call;
    memset(&call, 0, sizeof call);
    call.key = key;
    call.type = row->key_type;
    call.bits = row->key_bits;
    call.alg = row->alg;
    return call;
}

/* AEADs whose tags may be shorter. */
static inline int is_shortened(psa_algorithm_t alg)
{
    return alg == PSA_ALG_CCM || alg == PSA_ALG_GCM;
}

/* One for each function of the table; `local` where the key may be exported and have other algorithms of its kind. */
void measure_export(const struct support_row *row, psa_key_id_t key, int local);
void measure_hash(const struct support_row *row, psa_key_id_t key, int local);
void measure_mac(const struct support_row *row, psa_key_id_t key, int local);
void measure_cipher(const struct support_row *row, psa_key_id_t key, int local);
void measure_aead(const struct support_row *row, psa_key_id_t key, int local);
void measure_key_wrapping(const struct support_row *row, psa_key_id_t key, int local);
void measure_derivation(const struct support_row *row, psa_key_id_t key, int local);
void measure_signature(const struct support_row *row, psa_key_id_t key, int local);
void measure_encryption(const struct support_row *row, psa_key_id_t key, int local);
void measure_agreement(const struct support_row *row, psa_key_id_t key, int local);
void measure_encapsulation(const struct support_row *row, psa_key_id_t key, int local);
void measure_exchange(const struct support_row *row, psa_key_id_t key, int local);

#endif
