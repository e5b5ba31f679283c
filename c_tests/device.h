/* What the tests of device.c and device_derivation.c share. */
#ifndef DEVICE_H
#define DEVICE_H

#include "check.h"
#include "support.h"

#define LONGEST 1000

/* What keys are made of, and what is done with them. */
extern const uint8_t material[32];
extern uint8_t text[LONGEST];

struct pair {
    psa_key_id_t device, software;
};

/* The same key in both places; 0 where the device does not offer it, which support.c compares with the table. */
int make_pair(psa_key_type_t type, size_t bits, psa_key_usage_t usage, psa_algorithm_t alg, struct pair *pair);
void destroy_pair(struct pair *pair);

static inline void check_equal(const uint8_t *data, size_t length, const uint8_t *expected, size_t expected_length,
                               psa_algorithm_t alg)
{
    if (!CHECK(length == expected_length && memcmp(data, expected, length) == 0)) {
        fprintf(stderr, "    algorithm 0x%08x, %u bytes\n", (unsigned)alg, (unsigned)expected_length);
    }
}

/* What device_derivation.c has. */
void derivation_and_wrapping(void);

#endif
