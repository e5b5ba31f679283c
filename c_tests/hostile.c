/* Random calls from fixed seeds, the same in every run; the fuzzer in fuzz/ looks for more of them. */
#include "check.h"
#include "random_calls.h"

#define LENGTH 4096

/* xorshift64 by Marsaglia. */
static uint64_t next(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

int main(int count, char **arguments)
{
    uint8_t bytes[LENGTH];
    unsigned long seed, first = 1, last = in_device() ? REPEAT(20, 2000) : REPEAT(100, 10000);
    if (count > 1) {
        first = last = strtoul(arguments[1], NULL, 10);
    }
    for (seed = first; seed <= last; seed++) {
        uint64_t state = 0x9e3779b97f4a7c15u * seed;
        size_t i;
        for (i = 0; i < sizeof bytes; i++) {
            bytes[i] = (uint8_t)(next(&state) >> 32);
        }
        printf("seed %lu\n", seed);
        fflush(stdout);
        random_calls(bytes, sizeof bytes);
    }
    return check_result();
}
