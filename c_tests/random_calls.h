/* Random calls: a text of bytes becomes calls with valid, wrong and hostile arguments, and every answer is compared
 * with what the specification promises for all calls. */
#ifndef RANDOM_CALLS_H
#define RANDOM_CALLS_H

#include <stddef.h>
#include <stdint.h>

/* Makes the calls that the bytes stand for. Ends the process by abort() when a promise is broken. */
void random_calls(const uint8_t *bytes, size_t length);

#endif
