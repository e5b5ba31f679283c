/* A PKCS#11 module that passes every call on to another one (REAL), counts the calls, and on request refuses them or
 * lies about lengths.
 *
 * The wrappers do not know the signatures: every parameter of PKCS#11 2.40 is an integer or a pointer, at most eight
 * of them, which all Linux ABIs that we test on pass alike.
 */
#include <dlfcn.h>
#include <stdatomic.h>
#include <stddef.h>

typedef unsigned long word;
typedef word (*function)(word, word, word, word, word, word, word, word);

enum { FUNCTIONS = 68, SLOT_LIST = 4, ATTRIBUTE_VALUE = 24, FIND_OBJECTS = 27, SIGN = 43 };

struct list {
    unsigned char major, minor;
    function functions[FUNCTIONS];
};

struct attribute {
    word type;
    void *value;
    word length;
};

static struct list *real;
static atomic_ulong counts[FUNCTIONS];
static atomic_ulong successes[FUNCTIONS];
static atomic_ulong refusals[FUNCTIONS];
static atomic_ulong codes[FUNCTIONS];
static atomic_ulong lies[FUNCTIONS];

/* How often a function was called. */
word shim_count(word n) { return counts[n]; }

/* How often it succeeded. */
word shim_succeeded(word n) { return successes[n]; }

/* Refuses the next calls of a function with a code. */
void shim_refuse(word n, word code, word times)
{
    codes[n] = code;
    refusals[n] = times;
}

/* Claims this length wherever a function gives one; 0 ends that. */
void shim_lie(word n, word length) { lies[n] = length; }

static word *given_length(word n, word c, word d, word e)
{
    switch (n) {
    case SLOT_LIST: return (word *)c;
    case ATTRIBUTE_VALUE: return &((struct attribute *)c)->length;
    case FIND_OBJECTS: return (word *)d;
    case SIGN: return (word *)e;
    default: return NULL;
    }
}

static word call(word n, word a, word b, word c, word d, word e, word f, word g, word h)
{
    counts[n]++;
    if (refusals[n] > 0) {
        refusals[n]--;
        if (n == SIGN) { /* a refused signature ends its operation */
            unsigned char signature[4096];
            word length = sizeof signature;
            real->functions[SIGN](a, b, c, (word)signature, (word)&length, f, g, h);
        }
        return codes[n];
    }
    word answer = real->functions[n](a, b, c, d, e, f, g, h);
    successes[n] += answer == 0;
    word *length = given_length(n, c, d, e);
    if (lies[n] && length)
        *length = lies[n];
    return answer;
}

#define WRAP(n) \
    static word wrapper_##n(word a, word b, word c, word d, word e, word f, word g, word h) \
    { return call(n, a, b, c, d, e, f, g, h); }
#define NAME(n) wrapper_##n,
#define TEN(x, p) x(p##0) x(p##1) x(p##2) x(p##3) x(p##4) x(p##5) x(p##6) x(p##7) x(p##8) x(p##9)
#define ALL(x) \
    x(0) x(1) x(2) x(3) x(4) x(5) x(6) x(7) x(8) x(9) TEN(x, 1) TEN(x, 2) TEN(x, 3) TEN(x, 4) TEN(x, 5) \
    x(60) x(61) x(62) x(63) x(64) x(65) x(66) x(67)

ALL(WRAP)

static struct list ours = {2, 40, {ALL(NAME)}};

word C_GetFunctionList(struct list **list)
{
    void *module = dlopen(REAL, RTLD_NOW | RTLD_LOCAL);
    word (*get)(struct list **) = module ? (word (*)(struct list **))dlsym(module, "C_GetFunctionList") : NULL;
    if (!get)
        return 5; /* CKR_GENERAL_ERROR */
    *list = &ours;
    return get(&real);
}
