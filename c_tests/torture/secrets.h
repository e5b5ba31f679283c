/* Looking for secrets in the memory of the process itself and in the files of the key store.
 *
 * All of its memory is looked through, dead parts of stacks and freed memory included. Secrets are known only under a mask,
 * so that what looks for them does not find itself. */
#ifndef SECRETS_H
#define SECRETS_H

#include <dirent.h>
#include <fcntl.h>

#include "../check.h"

#define MASK 0xa5
#define NEEDLE 24

/* A secret, masked. */
struct secret {
    size_t length;
    uint8_t masked[64];
};

static uint8_t window[1 << 20];

/* All that there were. */
static struct secret known[100];
static size_t known_count;

static struct secret remember(struct secret secret)
{
    MUST(known_count < COUNT_OF(known));
    return known[known_count++] = secret;
}

static void wipe(void *memory, size_t length)
{
    volatile uint8_t *byte = (volatile uint8_t *)memory;
    while (length-- > 0) {
        *byte++ = 0;
    }
}

/* Takes a secret over: it is known under its mask only. */
static struct secret hide(uint8_t *plain, size_t length)
{
    struct secret secret;
    size_t i;
    memset(&secret, 0, sizeof secret);
    secret.length = length;
    for (i = 0; i < length; i++) {
        secret.masked[i] = plain[i] ^ MASK;
    }
    wipe(plain, length);
    return remember(secret);
}

/* A new one, that no library has seen. */
static struct secret invent(void)
{
    struct secret secret;
    int source = open("/dev/urandom", O_RDONLY);
    MUST(source >= 0 && read(source, secret.masked, 32) == 32);
    close(source);
    secret.length = 32;
    /* Below the order of P-256. */
    secret.masked[0] = 0x55 ^ MASK;
    return remember(secret);
}

static void show(const struct secret *secret, uint8_t *plain)
{
    size_t i;
    for (i = 0; i < secret->length; i++) {
        plain[i] = secret->masked[i] ^ MASK;
    }
}

/* How often the first bytes of a secret stand in a stretch of memory. */
static size_t occurrences(const uint8_t *memory, size_t length, const struct secret *secret)
{
    size_t needle = secret->length < NEEDLE ? secret->length : NEEDLE, at, i, count = 0;
    for (at = 0; at + needle <= length; at++) {
        for (i = 0; i < needle && (memory[at + i] ^ MASK) == secret->masked[i]; i++) {
        }
        count += i == needle;
    }
    return count;
}

/* In all memory of this process but the window through which it looks. */
static size_t in_memory(const struct secret *secret, const char *what)
{
    FILE *maps = fopen("/proc/self/maps", "r");
    int memory = open("/proc/self/mem", O_RDONLY);
    char line[512], access[8], name[256];
    unsigned long start, end;
    size_t found = 0;
    MUST(maps != NULL && memory >= 0);
    while (fgets(line, sizeof line, maps) != NULL) {
        name[0] = '\0';
        if (sscanf(line, "%lx-%lx %7s %*s %*s %*s %255s", &start, &end, access, name) < 3 || access[0] != 'r' ||
            access[1] != 'w') {
            continue;
        }
        while (start < end) {
            size_t length = end - start < sizeof window ? end - start : sizeof window, here;
            ssize_t got;
            /* The window would find itself. */
            if (start < (unsigned long)(window + sizeof window) && start + length > (unsigned long)window) {
                if (start < (unsigned long)window) {
                    length = (size_t)((unsigned long)window - start);
                } else {
                    start = (unsigned long)(window + sizeof window);
                    continue;
                }
            }
            got = pread(memory, window, length, (off_t)start);
            if (got <= 0) {
                break;
            }
            here = occurrences(window, (size_t)got, secret);
            if (here > 0 && what != NULL) {
                fprintf(stderr, "%s: %lu times at %lx %s\n", what, (unsigned long)here, start, name);
            }
            found += here;
            start += (unsigned long)got > NEEDLE && (size_t)got == sizeof window ? (unsigned long)got - NEEDLE
                                                                                  : (unsigned long)got;
        }
    }
    wipe(window, sizeof window);
    close(memory);
    fclose(maps);
    return found;
}

static size_t in_files(const struct secret *secret)
{
    char directory[512], path[800];
    struct dirent *entry;
    size_t found = 0;
    DIR *files;
    snprintf(directory, sizeof directory, "%s/keys", from_fixture("PARSEC_TEST_SCRATCH"));
    files = opendir(directory);
    MUST(files != NULL);
    while ((entry = readdir(files)) != NULL) {
        FILE *file;
        snprintf(path, sizeof path, "%s/%s", directory, entry->d_name);
        file = fopen(path, "rb");
        if (file != NULL) {
            size_t got = fread(window, 1, sizeof window, file);
            found += occurrences(window, got, secret);
            fclose(file);
        }
    }
    closedir(files);
    wipe(window, sizeof window);
    return found;
}

/* In the files of the key store. A child looks: a process that closes a file ends its own locks on it, and SQLite has
 * some. */
static size_t in_store(const struct secret *secret)
{
    pid_t child = forked();
    int found;
    if (child == 0) {
        size_t count = in_files(secret);
        _exit(count < 100 ? (int)count : 100);
    }
    found = exit_status(child);
    MUST(found >= 0);
    return (size_t)found;
}

/* Leaves in the stack nothing of what was called before; a compiler does not inline what it knows through a pointer. */
#define IS_IN_MEMORY(secret, what) (in_memory((secret), NULL) > 0)
#define IS_GONE(secret, what) check_that(in_memory((secret), (what)) == 0, what, __FILE__, __LINE__)

#endif
