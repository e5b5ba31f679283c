/* Random numbers: PSA 1.5, section 10.14. */
#include "check.h"

/* FIPS 140-2, section 4.9.1, the monobit test, over far more bits: a fair source fails once in about 10^9 runs. */
static void ones_and_zeros_are_even(void)
{
    static uint8_t data[1 << 16];
    long ones = 0, bits = 8L * (long)sizeof data;
    size_t i;
    int bit;
    MUST_SUCCEED(psa_generate_random(data, sizeof data));
    for (i = 0; i < sizeof data; i++) {
        for (bit = 0; bit < 8; bit++) {
            ones += data[i] >> bit & 1;
        }
    }
    /* Six standard deviations, each half the root of the number of bits: 362. */
    CHECK(labs(ones - bits / 2) < 6 * 362);
}

static void blocks_never_repeat(void)
{
    uint8_t blocks[64][16];
    size_t i, j;
    for (i = 0; i < COUNT_OF(blocks); i++) {
        MUST_SUCCEED(psa_generate_random(blocks[i], sizeof blocks[i]));
        for (j = 0; j < i; j++) {
            CHECK(memcmp(blocks[i], blocks[j], sizeof blocks[i]) != 0);
        }
    }
}

static void only_what_was_asked_for_is_written(void)
{
    uint8_t data[48] = {0};
    MUST_SUCCEED(psa_generate_random(data + 16, 16));
    CHECK_HEX(data, 16, "00000000000000000000000000000000");
    CHECK_HEX(data + 32, 16, "00000000000000000000000000000000");
    CHECK_STATUS(psa_generate_random(NULL, 0), PSA_SUCCESS);
}

int main(void)
{
    MUST_SUCCEED(psa_crypto_init());
    RUN(ones_and_zeros_are_even);
    RUN(blocks_never_repeat);
    RUN(only_what_was_asked_for_is_written);
    return check_result();
}
