/* Many persistent keys; files of the store that are cut, replaced or removed while a program uses it. */
#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>
#include <time.h>

#include "../configurations.h"
#include "reads.h"

#define HMAC PSA_ALG_HMAC(PSA_ALG_SHA_256)
#define FEW 10u
#define MANY ((unsigned)TORTURE(3000, 100000))
/* What may stay in memory of keys that were used. */
#define CACHE_KIB 12288
/* How many times as long opening one among many may take. */
#define MOST_TIMES 1.5
/* How many pages more are read: of those that lead to a key, as many as there are may not be kept. */
#define MORE_PAGES 1u

static char directory[400];

static psa_status_t make(psa_key_id_t id, psa_key_usage_t usage)
{
    psa_key_attributes_t attributes = key_attributes(PSA_KEY_TYPE_HMAC, 256, PSA_KEY_USAGE_SIGN_MESSAGE | usage, HMAC);
    uint8_t material[32] = {0};
    psa_key_id_t key;
    memcpy(material, &id, sizeof id);
    psa_set_key_id(&attributes, id);
    return psa_import_key(&attributes, material, sizeof material, &key);
}

static psa_status_t use(psa_key_id_t id)
{
    uint8_t mac[32];
    size_t length;
    return psa_mac_compute(id, HMAC, (const uint8_t *)"x", 1, mac, sizeof mac, &length);
}

static double seconds(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Memory of the process in KiB. */
static long resident(void)
{
    long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    MUST(file != NULL && fscanf(file, "%*s %ld", &pages) == 1);
    fclose(file);
    return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

/* Reads the attributes of keys that are not open. */
static void open_keys(unsigned last, unsigned times)
{
    static unsigned key = 1;
    unsigned i;
    for (i = 0; i < times; i++) {
        psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
        /* In this order, so that each key is opened once, however many there are. */
        key = (key * 7919u + 1u) % last + 1u;
        MUST_SUCCEED(psa_get_key_attributes(key, &attributes));
        MUST_SUCCEED(psa_purge_key(key));
    }
}

/* A store, and the least that opening one of its keys has cost. */
struct store {
    const char *configuration;
    unsigned keys;
    unsigned long reads;
    double by_clock, of_processor;
};

static double least(double one, double other)
{
    return one < other ? one : other;
}

static void open_keys_of(struct store *store)
{
    const unsigned times = 200;
    int series;
    mbedtls_psa_crypto_free();
    use_configuration(store->configuration);
    MUST_SUCCEED(psa_crypto_init());
    open_keys(store->keys, 20);
    for (series = 0; series < 20; series++) {
        unsigned long reads = page_reads;
        double clock = seconds(CLOCK_MONOTONIC), processor = seconds(CLOCK_PROCESS_CPUTIME_ID);
        open_keys(store->keys, times);
        processor = seconds(CLOCK_PROCESS_CPUTIME_ID) - processor;
        clock = seconds(CLOCK_MONOTONIC) - clock;
        store->of_processor = least(store->of_processor, processor / times * 1e6);
        store->by_clock = least(store->by_clock, clock / times * 1e6);
        store->reads = (page_reads - reads + times - 1) / times;
    }
}

/* In turns, so that whatever else the machine does concerns both. */
static void opening_among_few_and_among_many(void)
{
    struct store few = {"few.toml", FEW, 0, 1e9, 1e9}, many = {"parsec.toml", MANY, 0, 1e9, 1e9};
    int turn;
    for (turn = 0; turn < TORTURE(3, 20); turn++) {
        open_keys_of(&few);
        open_keys_of(&many);
    }
    printf("opening and purging a key among %u and among %u: %.1f and %.1f us of the processor, %.2f times as long; "
           "%.1f and %.1f us by the clock, %.2f times; %lu and %lu pages read\n",
           FEW, MANY, few.of_processor, many.of_processor, many.of_processor / few.of_processor, few.by_clock,
           many.by_clock, many.by_clock / few.by_clock, few.reads, many.reads);
    CHECK(few.reads > 0 && many.reads <= few.reads + MORE_PAGES);
    /* Nothing of `make check` depends on a clock. */
    CHECK(many.of_processor <= TORTURE(1e9, MOST_TIMES) * few.of_processor);
}

/* Another store. */
static void make_few_keys(void)
{
    char path[512];
    FILE *file;
    unsigned i;
    scratch_path(path, sizeof path, "few.toml");
    file = fopen(path, "w");
    MUST(file != NULL && fprintf(file, "[store]\npath = \"%s/few\"\n", from_fixture("PARSEC_TEST_SCRATCH")) > 0);
    MUST(fclose(file) == 0 && chmod(path, 0600) == 0);
    mbedtls_psa_crypto_free();
    use_configuration("few.toml");
    MUST_SUCCEED(psa_crypto_init());
    for (i = 1; i <= FEW; i++) {
        MUST_SUCCEED(make(i, i % 2 == 0 ? PSA_KEY_USAGE_CACHE : 0));
    }
    mbedtls_psa_crypto_free();
    use_configuration("parsec.toml");
    MUST_SUCCEED(psa_crypto_init());
}

/* Pages that one use of a key reads. */
static unsigned long reads_of_using(psa_key_id_t key)
{
    unsigned long before = page_reads;
    MUST_SUCCEED(use(key));
    return page_reads - before;
}

/* PSA 1.5, section 9.8.2: a key with the flag is kept, until it is purged; another one is read for each use. */
static void what_is_cached_and_purged(void)
{
    const psa_key_id_t cached = MANY + 11, other = MANY + 12;
    int i;
    MUST_SUCCEED(make(cached, PSA_KEY_USAGE_CACHE));
    MUST_SUCCEED(make(other, 0));
    for (i = 0; i < 3; i++) {
        MUST_SUCCEED(use(cached));
        CHECK(reads_of_using(cached) == 0 && reads_of_using(other) > 0);
        MUST_SUCCEED(psa_purge_key(cached));
        MUST_SUCCEED(psa_purge_key(other));
        CHECK(reads_of_using(cached) > 0 && reads_of_using(cached) == 0);
    }
    MUST_SUCCEED(psa_destroy_key(cached));
    MUST_SUCCEED(psa_destroy_key(other));
}

static int count_keys(void *context, const psa_key_attributes_t *attributes, const char *backend)
{
    unsigned *count = (unsigned *)context;
    ++*count;
    CHECK(psa_get_key_id(attributes) == *count && strcmp(backend, "software") == 0);
    return 0;
}

static int stop_at_the_third(void *context, const psa_key_attributes_t *attributes, const char *backend)
{
    (void)attributes;
    (void)backend;
    return ++*(unsigned *)context == 3;
}

static void many_keys(void)
{
    double start = seconds(CLOCK_MONOTONIC);
    long before = resident(), listing, all_used;
    unsigned count = 0, i;
    for (i = 1; i <= MANY; i++) {
        MUST_SUCCEED(make(i, i % 2 == 0 ? PSA_KEY_USAGE_CACHE : 0));
    }
    printf("making a key: %.0f us\n", (seconds(CLOCK_MONOTONIC) - start) / MANY * 1e6);
    listing = resident();
    CHECK_STATUS(parsec_list_keys(count_keys, &count), PSA_SUCCESS);
    CHECK(count == MANY);
    listing = resident() - listing;
    count = 0;
    CHECK_STATUS(parsec_list_keys(stop_at_the_third, &count), PSA_SUCCESS);
    CHECK(count == 3);
    for (i = 1; i <= MANY; i++) {
        MUST_SUCCEED(use(i));
    }
    all_used = resident() - before;
    printf("memory: listing %u keys took %ld KiB, making and using all of them %ld KiB\n", MANY, listing, all_used);
    CHECK(listing < 2048);
    CHECK(all_used < CACHE_KIB);
}

static void identifiers_of_volatile_keys_do_not_come_again_soon(void)
{
    psa_key_attributes_t attributes = key_attributes(PSA_KEY_TYPE_AES, 128, PSA_KEY_USAGE_ENCRYPT, PSA_ALG_CTR);
    psa_key_attributes_t found = PSA_KEY_ATTRIBUTES_INIT;
    psa_key_id_t first = 0, key;
    unsigned i;
    for (i = 0; i < 5000; i++) {
        MUST_SUCCEED(psa_generate_key(&attributes, &key));
        first = i == 0 ? key : first;
        MUST_SUCCEED(psa_destroy_key(key));
        CHECK(key == first + i && psa_get_key_attributes(key, &found) == PSA_ERROR_INVALID_HANDLE);
    }
}

/* ---- files that change under a running program ---- */

static volatile int stop;

static void *keep_using(void *argument)
{
    psa_key_id_t key = (psa_key_id_t)(size_t)argument;
    unsigned long *others = calloc(1, sizeof *others);
    MUST(others != NULL);
    while (!stop) {
        switch (use(key)) {
        case PSA_SUCCESS:
        case PSA_ERROR_INVALID_HANDLE:
        case PSA_ERROR_STORAGE_FAILURE:
        case PSA_ERROR_DATA_CORRUPT:
        case PSA_ERROR_DATA_INVALID:
            break;
        default:
            ++*others;
        }
    }
    return others;
}

static const char *path(const char *name)
{
    static char text[500];
    snprintf(text, sizeof text, "%s/%s", directory, name);
    return text;
}

static void wait_milliseconds(long milliseconds)
{
    struct timespec time;
    time.tv_sec = milliseconds / 1000;
    time.tv_nsec = milliseconds % 1000 * 1000000;
    nanosleep(&time, NULL);
}

static void cut(const char *name, off_t length)
{
    MUST(truncate(path(name), length) == 0);
    wait_milliseconds(100);
}

/* As cp does it: the same file, other content. */
static void overwrite(const char *name, const uint8_t *content, size_t length)
{
    int file = open(path(name), O_WRONLY | O_TRUNC);
    MUST(file >= 0);
    wait_milliseconds(20);
    MUST(write(file, content, length) == (ssize_t)length);
    close(file);
    wait_milliseconds(100);
}

/* Until a key works again; a replaced file is noticed within a second. */
static void comes_back(psa_key_id_t key, const char *what)
{
    int tries;
    for (tries = 0; tries < 50 && use(key) != PSA_SUCCESS; tries++) {
        wait_milliseconds(100);
    }
    if (!CHECK(use(key) == PSA_SUCCESS)) {
        fprintf(stderr, "after %s: %s\n", what, parsec_last_error());
    }
}

static uint8_t *content_of(const char *file, size_t *length)
{
    struct stat status;
    uint8_t *content;
    int opened = open(file, O_RDONLY);
    MUST(opened >= 0 && fstat(opened, &status) == 0);
    content = malloc((size_t)status.st_size);
    MUST(content != NULL && read(opened, content, (size_t)status.st_size) == status.st_size);
    close(opened);
    *length = (size_t)status.st_size;
    return content;
}

/* As a backup program does it: another file of that name. */
static void replace(const char *name, const uint8_t *content, size_t length)
{
    char new[500];
    int file;
    snprintf(new, sizeof new, "%s-new", path(name));
    file = open(new, O_WRONLY | O_CREAT | O_EXCL, 0600);
    MUST(file >= 0 && write(file, content, length) == (ssize_t)length && close(file) == 0);
    MUST(rename(new, path(name)) == 0);
    wait_milliseconds(1200);
}

static void restore(const char *backup)
{
    char command[4000];
    snprintf(command, sizeof command,
             "cp '%s' '%s/new' && chmod 600 '%s/new' && rm -f '%s'/keys.db-* && mv '%s/new' '%s/keys.db'", backup,
             directory, directory, directory, directory, directory);
    MUST(system(command) == 0);
}

static void files_change_under_a_running_program(void)
{
    pthread_t threads[3];
    char backup[500];
    uint8_t *copy, *counter;
    size_t length, counter_length, i;
    int round;
    snprintf(backup, sizeof backup, "%s-backup.db", directory);
    MUST_SUCCEED(make(MANY + 1, PSA_KEY_USAGE_CACHE));
    MUST_SUCCEED(make(MANY + 2, PSA_KEY_USAGE_CACHE));
    MUST_SUCCEED(parsec_back_up(backup));
    CHECK_STATUS(parsec_back_up(backup), PSA_ERROR_ALREADY_EXISTS);
    copy = content_of(backup, &length);
    counter = content_of(path("generation"), &counter_length);
    MUST_SUCCEED(use(MANY + 1));
    for (i = 0; i < COUNT_OF(threads); i++) {
        /* Two cached keys, and one that is read from the store each time. */
        MUST(pthread_create(&threads[i], NULL, keep_using, (void *)(size_t)(i < 2 ? MANY + 1 + i : 5)) == 0);
    }
    for (round = 0; round < TORTURE(1, 20) && check_failures == 0; round++) {
        cut("generation", 0);
        comes_back(MANY + 1, "a counter cut to nothing");
        cut("generation", 17);
        comes_back(MANY + 1, "a counter cut short");
        overwrite("generation", counter, counter_length);
        comes_back(MANY + 1, "an old counter");
        replace("generation", counter, counter_length);
        comes_back(MANY + 1, "an old counter in another file");
        replace("generation", (const uint8_t *)"", 0);
        comes_back(MANY + 1, "an empty counter in another file");
        MUST(unlink(path("generation")) == 0);
        comes_back(MANY + 1, "a counter that was removed");
        cut("keys.db", (off_t)length / 2);
        cut("keys.db", 0);
        wait_milliseconds(1200);
        /* A database without content is no answer: neither is the key there, nor is it gone. */
        /* Overwritten in place while it is in use, what is in the log does not go with it: anything but a crash. */
        overwrite("keys.db", copy, length);
        wait_milliseconds(1200);
        /* A backup in the place of the database, as it should be done. */
        restore(backup);
        comes_back(MANY + 2, "a restored backup");
        comes_back(MANY + 1, "a restored backup");
        CHECK_STATUS(psa_destroy_key(MANY + 2), PSA_SUCCESS);
        CHECK_STATUS(use(MANY + 2), PSA_ERROR_INVALID_HANDLE);
        restore(backup);
        comes_back(MANY + 2, "a backup restored after a key was destroyed");
    }
    stop = 1;
    for (i = 0; i < COUNT_OF(threads); i++) {
        void *others;
        MUST(pthread_join(threads[i], &others) == 0);
        CHECK(*(unsigned long *)others == 0);
        free(others);
    }
    free(copy);
    free(counter);
    printf("files cut, overwritten, removed and restored %d times under three threads\n", round);
}

int main(void)
{
    snprintf(directory, sizeof directory, "%s/keys", from_fixture("PARSEC_TEST_SCRATCH"));
    MUST_SUCCEED(psa_crypto_init());
    RUN(many_keys);
    make_few_keys();
    RUN(opening_among_few_and_among_many);
    RUN(what_is_cached_and_purged);
    RUN(identifiers_of_volatile_keys_do_not_come_again_soon);
    RUN(files_change_under_a_running_program);
    return check_result();
}
