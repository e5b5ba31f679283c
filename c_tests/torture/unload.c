/* Loading, using and unloading the library, and the end of a program, in any order. This program is not linked with
 * the library. Each case is a process of its own, which has to end by itself, with 0. */
#include <dlfcn.h>
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include <psa/crypto.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define P256 PSA_KEY_TYPE_ECC_KEY_PAIR(PSA_ECC_FAMILY_SECP_R1)
#define ECDSA PSA_ALG_ECDSA(PSA_ALG_SHA_256)
#define KEY ((psa_key_id_t)1)

static psa_status_t (*init)(void);
static void (*release)(void);
static psa_status_t (*generate)(const psa_key_attributes_t *, psa_key_id_t *);
static psa_status_t (*sign)(psa_key_id_t, psa_algorithm_t, const uint8_t *, size_t, uint8_t *, size_t, size_t *);
static psa_status_t (*destroy)(psa_key_id_t);
static psa_status_t (*get_random)(uint8_t *, size_t);
static void (*set_type)(psa_key_attributes_t *, psa_key_type_t);

static void need(int holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "unload: %s\n", what);
        _exit(1);
    }
}

static void *load(void)
{
    void *library = dlopen(PARSEC_LIBRARY, RTLD_NOW | RTLD_LOCAL);
    need(library != NULL, PARSEC_LIBRARY);
    *(void **)&init = dlsym(library, "psa_crypto_init");
    *(void **)&release = dlsym(library, "mbedtls_psa_crypto_free");
    *(void **)&generate = dlsym(library, "psa_generate_key");
    *(void **)&sign = dlsym(library, "psa_sign_message");
    *(void **)&destroy = dlsym(library, "psa_destroy_key");
    *(void **)&get_random = dlsym(library, "psa_generate_random");
    *(void **)&set_type = dlsym(library, "psa_set_key_type");
    need(init && release && generate && sign && destroy && get_random, "a function is missing");
    return library;
}

static psa_status_t make(psa_key_id_t id, psa_key_id_t *key)
{
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    void (*set_bits)(psa_key_attributes_t *, size_t);
    void (*set_usage)(psa_key_attributes_t *, psa_key_usage_t);
    void (*set_algorithm)(psa_key_attributes_t *, psa_algorithm_t);
    void (*set_id)(psa_key_attributes_t *, psa_key_id_t);
    void *library = dlopen(PARSEC_LIBRARY, RTLD_NOW | RTLD_LOCAL);
    *(void **)&set_type = dlsym(library, "psa_set_key_type");
    *(void **)&set_bits = dlsym(library, "psa_set_key_bits");
    *(void **)&set_usage = dlsym(library, "psa_set_key_usage_flags");
    *(void **)&set_algorithm = dlsym(library, "psa_set_key_algorithm");
    *(void **)&set_id = dlsym(library, "psa_set_key_id");
    set_type(&attributes, P256);
    set_bits(&attributes, 256);
    set_usage(&attributes, PSA_KEY_USAGE_SIGN_MESSAGE);
    set_algorithm(&attributes, ECDSA);
    if (id != 0) {
        set_id(&attributes, id);
    }
    dlclose(library);
    return generate(&attributes, key);
}

static psa_status_t use(psa_key_id_t key)
{
    uint8_t signature[64];
    size_t length;
    return sign(key, ECDSA, (const uint8_t *)"x", 1, signature, sizeof signature, &length);
}

/* The persistent key of the place, made by the first case. */
static void work(void)
{
    psa_key_id_t key;
    uint8_t random[8];
    psa_status_t made;
    need(init() == PSA_SUCCESS, "psa_crypto_init");
    made = make(KEY, &key);
    need(made == PSA_SUCCESS || made == PSA_ERROR_ALREADY_EXISTS, "making a key");
    need(use(KEY) == PSA_SUCCESS, "using it");
    need(make(0, &key) == PSA_SUCCESS && use(key) == PSA_SUCCESS && destroy(key) == PSA_SUCCESS, "a volatile key");
    need(get_random(random, sizeof random) == PSA_SUCCESS, "random numbers");
}

static void load_use_unload(void)
{
    void *library = load();
    work();
    need(dlclose(library) == 0, "dlclose");
}

static void load_use_unload_often(void)
{
    int i;
    for (i = 0; i < 5; i++) {
        load_use_unload();
    }
}

static void unload_without_use(void)
{
    need(dlclose(load()) == 0, "dlclose");
}

static void free_and_init_again(void)
{
    int i;
    load();
    for (i = 0; i < 10; i++) {
        work();
        release();
        need(use(KEY) == PSA_ERROR_BAD_STATE, "BAD_STATE after mbedtls_psa_crypto_free");
        release();
    }
    work();
}

/* Whatever state the library is in by then: a status, and no crash. */
static void use_at_exit(void)
{
    uint8_t random[8];
    (void)use(KEY);
    (void)get_random(random, sizeof random);
}

static void exit_handler_before(void)
{
    need(atexit(use_at_exit) == 0, "atexit");
    load();
    work();
}

static void exit_handler_after(void)
{
    load();
    work();
    need(atexit(use_at_exit) == 0, "atexit");
}

static void free_at_exit(void)
{
    load();
    need(atexit(release) == 0, "atexit");
    work();
    need(atexit(release) == 0 && atexit(use_at_exit) == 0, "atexit");
}

static void exit_handler_and_unload(void)
{
    void *library = load();
    need(atexit(use_at_exit) == 0, "atexit");
    work();
    need(dlclose(library) == 0, "dlclose");
}

/* Runs after all exit handlers. */
static int destructor_is_on;

__attribute__((destructor)) static void use_in_destructor(void)
{
    if (destructor_is_on) {
        use_at_exit();
    }
}

static void destructor(void)
{
    load();
    work();
    destructor_is_on = 1;
}

static void *work_for_ever(void *argument)
{
    (void)argument;
    for (;;) {
        psa_key_id_t key;
        uint8_t random[8];
        (void)use(KEY);
        (void)get_random(random, sizeof random);
        if (make(0, &key) == PSA_SUCCESS) {
            (void)destroy(key);
        }
    }
    return NULL;
}

static void start_threads(void)
{
    struct timespec moment = {0, 100000000};
    pthread_t thread;
    int i;
    load();
    work();
    for (i = 0; i < 4; i++) {
        need(pthread_create(&thread, NULL, work_for_ever, NULL) == 0, "pthread_create");
    }
    nanosleep(&moment, NULL);
}

static void threads_at_exit(void)
{
    start_threads();
}

static void threads_and_free_at_exit(void)
{
    start_threads();
    release();
}

static void *exit_here(void *argument)
{
    (void)argument;
    work();
    exit(0);
    return NULL;
}

static void exit_in_a_thread(void)
{
    pthread_t thread;
    load();
    work();
    need(pthread_create(&thread, NULL, exit_here, NULL) == 0, "pthread_create");
    pthread_join(thread, NULL);
}

static void *work_once(void *argument)
{
    work();
    return argument;
}

/* What a thread leaves to be done at its end is in a library that is unloaded by then. */
static void thread_that_outlives_the_library(void)
{
    pthread_t thread;
    void *library = load();
    work();
    need(pthread_create(&thread, NULL, work_once, NULL) == 0, "pthread_create");
    need(dlclose(library) == 0, "dlclose");
    need(pthread_join(thread, NULL) == 0, "pthread_join");
}

static const struct {
    const char *name;
    void (*run)(void);
} cases[] = {
    {"load, use, unload", load_use_unload},
    {"the same five times", load_use_unload_often},
    {"load, unload", unload_without_use},
    {"free and init again", free_and_init_again},
    {"exit handler registered before", exit_handler_before},
    {"exit handler registered after", exit_handler_after},
    {"free at exit", free_at_exit},
    {"exit handler of an unloaded library", exit_handler_and_unload},
    {"destructor", destructor},
    {"threads at exit", threads_at_exit},
    {"threads while it is freed", threads_and_free_at_exit},
    {"exit in a thread", exit_in_a_thread},
    {"a thread outlives the library", thread_that_outlives_the_library},
};

#ifdef TORTURE_LENGTH
#define ROUNDS 50
#else
#define ROUNDS 1
#endif

int main(int argc, char **argv)
{
    size_t i, number, failures = 0;
    int round;
    if (argc > 1) {
        number = strtoul(argv[1], NULL, 10);
        alarm(60);
        cases[number].run();
        return 0;
    }
    for (round = 0; round < ROUNDS; round++) {
        for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
            char text[16];
            int state;
            pid_t child;
            fflush(stdout);
            child = fork();
            if (child == 0) {
                snprintf(text, sizeof text, "%lu", (unsigned long)i);
                execl(argv[0], argv[0], text, (char *)NULL);
                _exit(127);
            }
            if (waitpid(child, &state, 0) != child || !WIFEXITED(state) || WEXITSTATUS(state) != 0) {
                fprintf(stderr, "%s: ended with state 0x%x\n", cases[i].name, (unsigned)state);
                failures++;
            }
        }
    }
    printf("%lu ways to end, %d times each\n", (unsigned long)(sizeof cases / sizeof cases[0]), ROUNDS);
    return failures > 0;
}
