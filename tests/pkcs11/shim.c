/* A PKCS#11 module that passes every call on to another one (REAL), counts the calls, and on request refuses them, lies
 * about lengths, changes the token's flags and slot numbers, blocks, or is gone.
 *
 * What is refused has ended all the same where PKCS#11 says so: the real module is not left in the middle of an operation.
 *
 * The wrappers do not know the signatures: every parameter of PKCS#11 2.40, and of C_DecapsulateKey, is an integer or a
 * pointer, at most eight of them, which all Linux ABIs that we test on pass alike. Other functions that came after version 2
 * are the real ones.
 */
#include <dlfcn.h>
#include <stdatomic.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

typedef unsigned long word;
typedef word (*function)(word, word, word, word, word, word, word, word);

/* Indices in the function list. */
enum {
    FINALIZE = 1,
    SLOT_LIST = 4,
    TOKEN_INFO = 6,
    MECHANISM_LIST = 7,
    OPEN_SESSION = 12,
    CLOSE_SESSION = 13,
    CLOSE_ALL_SESSIONS = 14,
    LOGIN = 18,
    ATTRIBUTE_VALUE = 24,
    FIND_OBJECTS = 27,
    ENCRYPT = 30,
    ENCRYPT_UPDATE = 31,
    ENCRYPT_FINAL = 32,
    DECRYPT = 34,
    DECRYPT_UPDATE = 35,
    DECRYPT_FINAL = 36,
    SIGN = 43,
    SIGN_UPDATE = 44,
    SIGN_FINAL = 45,
    WRAP_KEY = 60,
    FUNCTIONS = 68,
    DECAPSULATE_KEY = 93,
    /* In version 3.2. */
    ALL_FUNCTIONS = 104
};

enum { FUNCTION_NOT_SUPPORTED = 0x54, TOKEN_NOT_PRESENT = 0xe0, DEVICE_REMOVED = 0x32, BUFFER_TOO_SMALL = 0x150 };

/* What is claimed of a length. */
enum { TRUTH, INSTEAD, MORE };

struct list {
    unsigned char major, minor;
    function functions[FUNCTIONS];
};

struct newer_list {
    unsigned char major, minor;
    function functions[ALL_FUNCTIONS];
};

struct interface {
    char *name;
    struct newer_list *list;
    word flags;
};

struct attribute {
    word type;
    void *value;
    word length;
};

struct token_info {
    unsigned char names[96];
    word flags;
};

static struct list *real;
static struct newer_list *newer;
static atomic_ulong counts[ALL_FUNCTIONS];
static atomic_ulong successes[ALL_FUNCTIONS];
static atomic_ulong skips[ALL_FUNCTIONS];
static atomic_ulong refusals[ALL_FUNCTIONS];
static atomic_ulong codes[ALL_FUNCTIONS];
static atomic_ulong lies[ALL_FUNCTIONS];
static atomic_ulong claims[ALL_FUNCTIONS];
static atomic_ulong set_flags, cleared_flags, slot_offset, last_slot, gone, late;
static atomic_ulong blocking = ALL_FUNCTIONS, blocked;
static atomic_long left = -1;
static atomic_long live;
static const char *_Atomic keypad;

/* How often a function was called. */
word shim_count(word n) { return counts[n]; }

/* How often it succeeded. */
word shim_succeeded(word n) { return successes[n]; }

/* Refuses some calls of a function with a code, after skipping others. */
void shim_refuse(word n, word code, word skip, word times)
{
    codes[n] = code;
    skips[n] = skip;
    refusals[n] = times;
}

/* Whether refused calls are made all the same, as by a device whose answer is lost. */
void shim_late(word on) { late = on; }

/* Claims this length wherever a function gives one (INSTEAD), or the true one and this (MORE), until the TRUTH is asked for. */
void shim_lie(word n, word lie, word length)
{
    claims[n] = length;
    lies[n] = lie;
}

/* How many sessions are open. */
word shim_live(void) { return live; }

/* Sets and clears flags of the token. */
void shim_flags(word set, word clear)
{
    set_flags = set;
    cleared_flags = clear;
}

/* What the user enters where the application gives no PIN. */
void shim_keypad(const char *pin) { keypad = pin; }

/* Adds this to the numbers of the slots. */
void shim_renumber(word offset) { slot_offset = offset; }

/* Makes callers of a function wait inside; ALL_FUNCTIONS lets them go. */
void shim_block(word n) { blocking = n; }

/* How many wait. */
word shim_blocked(void) { return blocked; }

/* Pulls the token out, or puts it back. */
void shim_gone(word on)
{
    if (on)
        real->functions[CLOSE_ALL_SESSIONS](last_slot, 0, 0, 0, 0, 0, 0, 0);
    if (on)
        live = 0;
    gone = on;
}

/* Pulls the token out after some more calls; a negative number ends that. */
void shim_vanish(long calls) { left = calls; }

static word *given_length(word n, word c, word d, word e, word f)
{
    switch (n) {
    case SLOT_LIST:
    case MECHANISM_LIST:
    case ENCRYPT_FINAL:
    case DECRYPT_FINAL:
    case SIGN_FINAL: return (word *)c;
    case ATTRIBUTE_VALUE: return &((struct attribute *)c)->length;
    case FIND_OBJECTS: return (word *)d;
    case ENCRYPT:
    case ENCRYPT_UPDATE:
    case DECRYPT:
    case DECRYPT_UPDATE:
    case SIGN: return (word *)e;
    case WRAP_KEY: return (word *)f;
    default: return NULL;
    }
}

static word length_of(const char *text)
{
    word length = 0;
    while (text[length])
        length++;
    return length;
}

/* True where this call is one of those to be refused. */
static int is_refused(word n)
{
    if (refusals[n] == 0)
        return 0;
    if (skips[n] > 0) {
        skips[n]--;
        return 0;
    }
    refusals[n]--;
    return 1;
}

static word pass_on(word n, word a, word b, word c, word d, word e, word f, word g, word h)
{
    if (n > SLOT_LIST && n <= CLOSE_ALL_SESSIONS && n != CLOSE_ALL_SESSIONS - 1)
        a -= slot_offset; /* their first parameter is a slot */
    if (n == OPEN_SESSION)
        last_slot = a;
    if (n == LOGIN && c == 0 && keypad) {
        c = (word)keypad;
        d = length_of(keypad);
    }
    word answer = (n < FUNCTIONS ? real->functions[n] : newer->functions[n])(a, b, c, d, e, f, g, h);
    if (answer != 0)
        return answer;
    live += (n == OPEN_SESSION) - (n == CLOSE_SESSION);
    if (n == SLOT_LIST && b)
        for (word i = 0; i < *(word *)c; i++)
            ((word *)b)[i] += slot_offset;
    if (n == TOKEN_INFO) {
        struct token_info *info = (struct token_info *)b;
        info->flags = (info->flags | set_flags) & ~cleared_flags;
    }
    return 0;
}

/* Ends in the real module what a refusal has ended. */
static void end(word n, word a, word b, word c)
{
    unsigned char result[1 << 16];
    word length = sizeof result;
    switch (n) {
    case ENCRYPT:
    case DECRYPT:
    case SIGN: real->functions[n](a, b, c, (word)result, (word)&length, 0, 0, 0); break;
    case ENCRYPT_UPDATE:
    case DECRYPT_UPDATE:
    case SIGN_UPDATE: n++; /* to its Final */ /* fall through */
    case ENCRYPT_FINAL:
    case DECRYPT_FINAL:
    case SIGN_FINAL: real->functions[n](a, (word)result, (word)&length, 0, 0, 0, 0, 0); break;
    case CLOSE_SESSION: pass_on(n, a, b, c, 0, 0, 0, 0, 0); break;
    default: break;
    }
}

static word call(word n, word a, word b, word c, word d, word e, word f, word g, word h)
{
    counts[n]++;
    if (blocking == n) {
        blocked++;
        while (blocking == n)
            usleep(1000);
        blocked--;
    }
    if (left >= 0 && left-- == 0)
        shim_gone(1);
    if (gone && n == SLOT_LIST) {
        *(word *)c = 0;
        return 0;
    }
    if (gone && n > SLOT_LIST)
        return n == TOKEN_INFO ? TOKEN_NOT_PRESENT : DEVICE_REMOVED;
    if (is_refused(n)) {
        if (late)
            pass_on(n, a, b, c, d, e, f, g, h);
        else if (codes[n] != BUFFER_TOO_SMALL || n == CLOSE_SESSION)
            end(n, a, b, c);
        return codes[n];
    }
    word answer = pass_on(n, a, b, c, d, e, f, g, h);
    successes[n] += answer == 0;
    word *length = given_length(n, c, d, e, f);
    if (lies[n] != TRUTH && length)
        *length = claims[n] + (lies[n] == MORE ? *length : 0);
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
WRAP(93)

static struct list ours = {2, 40, {ALL(NAME)}};

static void *symbol(const char *name)
{
    void *module = dlopen(REAL, RTLD_NOW | RTLD_LOCAL);
    return module ? dlsym(module, name) : NULL;
}

word C_GetFunctionList(struct list **list);

/* The interface of version 3.2, with our functions; others are the real ones. Of a module without it, the list of version 2. */
word C_GetInterface(char *name, unsigned char *version, struct interface **interface, word flags)
{
    static struct newer_list changed;
    static struct interface ours_too;
    word (*get)(char *, unsigned char *, struct interface **, word) =
        (word (*)(char *, unsigned char *, struct interface **, word))symbol("C_GetInterface");
    if (!get && !version) {
        static struct interface older = {"PKCS 11", NULL, 0};
        struct list *list;
        word answer = C_GetFunctionList(&list);
        older.list = (struct newer_list *)list;
        *interface = &older;
        return answer;
    }
    word answer = get ? get(name, version, interface, flags) : FUNCTION_NOT_SUPPORTED;
    if (answer != 0 || (*interface)->list->major != 3 || (*interface)->list->minor < 2)
        return answer;
    newer = (*interface)->list;
    changed = *newer;
    memcpy(changed.functions, ours.functions, sizeof ours.functions);
    changed.functions[DECAPSULATE_KEY] = wrapper_93;
    ours_too = **interface;
    ours_too.list = &changed;
    *interface = &ours_too;
    return 0;
}

word C_GetFunctionList(struct list **list)
{
    word (*get)(struct list **) = (word (*)(struct list **))symbol("C_GetFunctionList");
    if (!get)
        return 5; /* CKR_GENERAL_ERROR */
    *list = &ours;
    /* Who asks p11-kit's client twice gets two clients, with session objects of their own each. */
    return real ? 0 : get(&real);
}
