/* The model of key derivation, in three files: its rules, its inputs and its outputs. See states.h. */
#ifndef STATES_DERIVATION_H
#define STATES_DERIVATION_H

#include "states.h"

#define VALUE 200
#define OUTPUT 2000
#define COUNT_OF_STEPS 9

enum input {
    NONE,
    SECRET,
    OTHER_SECRET,
    PASSWORD,
    LABEL,
    CONTEXT,
    SALT,
    INFO,
    SEED,
    COST
};

enum times { ONCE, OPTIONAL, REPEATED };

struct rule {
    enum input input;
    enum times times;
    /* At any time before the output. */
    int anytime;
};

struct algorithm {
    psa_algorithm_t alg;
    /* In their order. */
    struct rule rules[4];
    /* Of a fresh operation; 0 where the specification names none. */
    uint64_t capacity;
    /* The input that is agreed on in an operation with key agreement. */
    enum input agreed;
};

#define COUNT_OF_ALGORITHMS 13

extern const psa_key_derivation_step_t derivation_steps[COUNT_OF_STEPS + 1];
extern const struct algorithm derivation_algorithms[COUNT_OF_ALGORITHMS];

/* For the algorithms with key agreement, the last one among them, and a peer. */
extern psa_key_id_t private_keys[COUNT_OF_ALGORITHMS];
extern uint8_t peer[65];

struct derivation {
    psa_key_derivation_operation_t operation;
    enum state state;
    const struct algorithm *algorithm;
    unsigned given[4];
    uint8_t values[COUNT_OF_STEPS + 1][VALUE];
    size_t lengths[COUNT_OF_STEPS + 1];
    uint64_t cost;
    int only_verifies, has_secret_key, has_output, was_agreed;
    size_t capacity, read, fixed_capacity;
};

extern struct derivation kdf;

/* ---- the rules ---- */

int is_sae(void);
int is_sp800_108(void);
/* Where an input stands among those of the algorithm, -1 where it has none. */
int place_of(enum input input);
psa_status_t expected_input(enum input input);
int is_complete(void);

/* A key that is destroyed after the sequence. */
psa_key_id_t new_key(psa_key_type_t type, psa_key_usage_t usage, psa_algorithm_t alg, const uint8_t *value, size_t length);

/* ---- the calls ---- */

/* The next input in whichever form it has. */
void any_form_of_input(void);
/* Any input in one form. */
void input_bytes(void);
void input_integer(void);
void input_key(void);
void input_agreement(void);

void output_bytes(void);
void output_key(void);
void verify_bytes(void);
void verify_key(void);

#endif
