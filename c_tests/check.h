/* A small test framework. A failed check is printed with its place and the library's own explanation, counted, and
 * the program goes on; MUST ends it, where going on makes no sense. */
#ifndef CHECK_H
#define CHECK_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <parsec.h>
#include <psa/crypto.h>

#ifdef LONG_LOOPS
#define REPEAT(usual, more) (more)
#else
#define REPEAT(usual, more) (usual)
#endif

/* How much in `make check`, and in `make torture`. */
#ifdef TORTURE_LENGTH
#define TORTURE(usual, more) (more)
#else
#define TORTURE(usual, more) (usual)
#endif

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* One for the whole program, whichever of its files counts. */
__attribute__((weak)) int check_failures;

#define CHECK(condition) check_that((condition) ? 1 : 0, #condition, __FILE__, __LINE__)
#define MUST(condition)                                       \
    do {                                                      \
        if (!CHECK(condition)) {                              \
            exit(1);                                          \
        }                                                     \
    } while (0)

/* The call must answer with exactly this status. */
#define CHECK_STATUS(call, expected) check_status((call), (expected), #call, __FILE__, __LINE__)
/* The specification leaves open which of the two an algorithm gets that does not fit. */
#define CHECK_REFUSED(call) check_refused((call), #call, __FILE__, __LINE__)
#define MUST_SUCCEED(call)                                    \
    do {                                                      \
        if (!CHECK_STATUS(call, PSA_SUCCESS)) {               \
            exit(1);                                          \
        }                                                     \
    } while (0)

/* The bytes must be those of a hexadecimal text. */
#define CHECK_HEX(data, length, text) check_hex((data), (length), (text), #data, __FILE__, __LINE__)

#define RUN(test)                \
    do {                         \
        printf("%s\n", #test);   \
        fflush(stdout);          \
        test();                  \
    } while (0)

static inline int check_that(int holds, const char *text, const char *file, int line)
{
    if (!holds) {
        fprintf(stderr, "%s:%d: not so: %s\n", file, line, text);
        check_failures++;
    }
    return holds;
}

static inline int check_status(psa_status_t actual, psa_status_t expected, const char *text, const char *file,
                               int line)
{
    if (actual != expected) {
        fprintf(stderr, "%s:%d: %s is %d, not %d: %s\n", file, line, text, (int)actual, (int)expected,
                parsec_last_error());
        check_failures++;
    }
    return actual == expected;
}

static inline void check_refused(psa_status_t actual, const char *text, const char *file, int line)
{
    if (actual != PSA_ERROR_INVALID_ARGUMENT && actual != PSA_ERROR_NOT_SUPPORTED) {
        fprintf(stderr, "%s:%d: %s is %d, neither invalid nor unsupported\n", file, line, text, (int)actual);
        check_failures++;
    }
}

/* What main() returns. */
static inline int check_result(void)
{
    if (check_failures > 0) {
        fprintf(stderr, "%d checks failed\n", check_failures);
    }
    return check_failures > 0 ? 1 : 0;
}

/* ---- processes ---- */

/* fork(); the child prints nothing a second time, and begins without failures. */
static inline pid_t forked(void)
{
    pid_t child;
    fflush(stdout);
    child = fork();
    MUST(child >= 0);
    if (child == 0) {
        check_failures = 0;
    }
    return child;
}

/* How a child ended, as waitpid() has it. */
static inline int end_of(pid_t child)
{
    int state = 0;
    MUST(waitpid(child, &state, 0) == child);
    return state;
}

/* With what a child ended by itself; -1 where a signal did it. */
static inline int exit_status(pid_t child)
{
    int state = end_of(child);
    return WIFEXITED(state) ? WEXITSTATUS(state) : -1;
}

/* Runs a part in a child, which ends without exit handlers; what check_result() is there. */
static inline int in_child(void (*part)(void))
{
    pid_t child = forked();
    if (child == 0) {
        part();
        fflush(stderr);
        _exit(check_result());
    }
    return exit_status(child);
}

/* ---- bytes ---- */

struct bytes {
    size_t length;
    uint8_t data[2600];
};

static inline int hex_digit(char c)
{
    static const char digits[] = "0123456789abcdef";
    return (int)(strchr(digits, c) - digits);
}

/* The bytes of a hexadecimal text in lower case; blanks between bytes are skipped. */
static inline struct bytes hex(const char *text)
{
    struct bytes out;
    memset(&out, 0, sizeof out);
    for (; *text != '\0'; text++) {
        if (*text != ' ') {
            out.data[out.length++] = (uint8_t)(hex_digit(text[0]) << 4 | hex_digit(text[1]));
            text++;
        }
    }
    return out;
}

static inline int check_hex(const uint8_t *data, size_t length, const char *text, const char *name, const char *file,
                            int line)
{
    struct bytes expected = hex(text);
    int equal = length == expected.length && memcmp(data, expected.data, length) == 0;
    if (!equal) {
        size_t i;
        fprintf(stderr, "%s:%d: %s is ", file, line, name);
        for (i = 0; i < length; i++) {
            fprintf(stderr, "%02x", data[i]);
        }
        fprintf(stderr, ", not %s\n", text);
        check_failures++;
    }
    return equal;
}

/* ---- the place this run is meant for, from place.py ---- */

static inline const char *from_fixture(const char *name)
{
    const char *value = getenv(name);
    if (value == NULL) {
        fprintf(stderr, "%s is not set: run this program through place.py\n", name);
        exit(2);
    }
    return value;
}

/* "native", "mbed-crypto", "softhsm", "swtpm" or "tabrmd". */
static inline const char *place(void)
{
    return from_fixture("PARSEC_TEST_PLACE");
}

/* The backend that holds the persistent keys of this place; "software" for the first two. */
static inline const char *place_backend(void)
{
    return from_fixture("PARSEC_TEST_BACKEND");
}

static inline int in_device(void)
{
    return strcmp(place_backend(), "software") != 0;
}

/* The location that names this place's device; 0 for software. */
static inline psa_key_location_t place_location(void)
{
    return (psa_key_location_t)strtoul(from_fixture("PARSEC_TEST_LOCATION"), NULL, 10);
}

/* ---- keys ---- */

/* For a new key in this place's device: volatile, or where the device has no such keys, persistent with the next identifier. */
static inline psa_key_attributes_t in_the_device(psa_key_attributes_t attributes)
{
    static psa_key_id_t next = 1000;
    const char *persistence = getenv("PARSEC_TEST_PERSISTENCE");
    psa_key_lifetime_t lifetime = PSA_KEY_LIFETIME_FROM_PERSISTENCE_AND_LOCATION(
        persistence ? (psa_key_persistence_t)atoi(persistence) : PSA_KEY_PERSISTENCE_VOLATILE, place_location());
    if (!PSA_KEY_LIFETIME_IS_VOLATILE(lifetime)) {
        psa_set_key_id(&attributes, next++);
    }
    psa_set_key_lifetime(&attributes, lifetime);
    return attributes;
}

/* The key must really live in this backend. */
#define CHECK_BACKEND(key, backend) check_backend((key), (backend), __FILE__, __LINE__)

static inline void check_backend(psa_key_id_t key, const char *backend, const char *file, int line)
{
    char actual[64] = "";
    check_status(parsec_key_backend(key, actual, sizeof actual), PSA_SUCCESS, "parsec_key_backend", file, line);
    if (strcmp(actual, backend) != 0) {
        fprintf(stderr, "%s:%d: the key lives in \"%s\", not in \"%s\"\n", file, line, actual, backend);
        check_failures++;
    }
}

static inline psa_key_attributes_t key_attributes(psa_key_type_t type, size_t bits, psa_key_usage_t usage,
                                                  psa_algorithm_t alg)
{
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    psa_set_key_type(&attributes, type);
    psa_set_key_bits(&attributes, bits);
    psa_set_key_usage_flags(&attributes, usage);
    psa_set_key_algorithm(&attributes, alg);
    return attributes;
}

/* A new volatile key, which lives in software everywhere. */
static inline psa_key_id_t generate_key(psa_key_type_t type, size_t bits, psa_key_usage_t usage, psa_algorithm_t alg)
{
    psa_key_attributes_t attributes = key_attributes(type, bits, usage, alg);
    psa_key_id_t key = PSA_KEY_ID_NULL;
    MUST_SUCCEED(psa_generate_key(&attributes, &key));
    CHECK_BACKEND(key, "software");
    return key;
}

/* A volatile key from a hexadecimal text. */
static inline psa_key_id_t import_key(psa_key_type_t type, psa_key_usage_t usage, psa_algorithm_t alg,
                                      const char *text)
{
    psa_key_attributes_t attributes = key_attributes(type, 0, usage, alg);
    struct bytes material = hex(text);
    psa_key_id_t key = PSA_KEY_ID_NULL;
    MUST_SUCCEED(psa_import_key(&attributes, material.data, material.length, &key));
    return key;
}

#endif
