/* Multi-part operations as state machines. Random sequences of calls are made on one operation, and each answer is compared with a
 * model, which is written from the specification: section 3.3.2, and what each function says of its states. What an operation has
 * computed at its end is compared with the function that does the same in one call.
 *
 * Each sequence follows from a number. A failure prints it and the calls; PARSEC_TEST_SEQUENCE repeats that one. */
#ifndef STATES_H
#define STATES_H

#include "check.h"
#include "support.h"

/* ---- numbers of the current sequence ---- */

unsigned below(unsigned bound);
/* True once in so many times. */
int one_in(unsigned times);
/* Never in some of the sequences, often in others: to leave the usual order of calls, or to pass what is refused. */
int mischief(void);
void random_bytes(uint8_t *data, size_t length);
/* Makes a value wrong: one bit of it, or its length. There is room for one byte more. */
void spoil(uint8_t *value, size_t *length);
/* Counts up from one sequence to the next, so that each algorithm has its turn. */
unsigned turn(void);

/* ---- the states of every operation ---- */

enum state { INACTIVE, ACTIVE, FAILED };
enum step {
    SETUP,
    STEP,
    FINISH,
    /* A failure leaves the operation as it is. */
    HARMLESS,
    ABORT
};

/* The specification often leaves open which of INVALID_ARGUMENT and NOT_SUPPORTED it is. */
#define REFUSED ((psa_status_t)1)
/* Neither does it always say what is wrong with a message that nobody has sent. */
#define WRONG_MESSAGE ((psa_status_t)2)

/* Compares what a call has answered with the model: `right` is the answer in the right state, another state gets BAD_STATE.
 * Moves the model on. True where both say that the call worked. */
int answered(enum state *state, enum step step, const char *call, size_t detail, psa_status_t actual, psa_status_t right);
/* Two values that must be equal; what they are. */
void same(const char *what, const uint8_t *left, size_t left_length, const uint8_t *right, size_t right_length);
/* What else must hold. */
void holds(const char *what, int condition);
/* After a failure, a sequence ends. */
int is_going_on(void);
/* One call of a model. */
typedef void (*state_call)(void);
/* Makes this many calls, mostly the usual ones, else any of so many kinds. */
void make_calls(unsigned count, state_call (*usual)(void), const state_call *calls, size_t kinds_of_calls);
/* A sequence has come to a result, which was compared. */
void completed(void);

/* ---- the operations ---- */

/* Makes the keys, once. */
struct operation_kind {
    const char *name;
    /* How many sequences in `make check`. */
    unsigned sequences;
    void (*prepare)(void);
    void (*sequence)(void);
};

extern const struct operation_kind hash_operations, xof_operations, mac_operations, cipher_operations, aead_operations,
    derivation_operations, sign_operations, verify_operations, pake_operations;

/* A key for a row of the table of support. */
struct state_key {
    const struct support_row *row;
    psa_algorithm_t policy;
    psa_key_id_t key;
};

/* Rows for one function that work in software, each with a key if it needs one; returns how many. */
size_t rows_of(enum support_function function, psa_key_usage_t usage, struct state_key *rows, size_t size);

#endif
