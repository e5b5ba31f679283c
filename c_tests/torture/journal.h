/* What a process that may be killed at any instruction has done, in memory that it shares with others through a file:
 * stores to it survive the process. */
#ifndef JOURNAL_H
#define JOURNAL_H

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../check.h"

#define JOURNAL_KEYS 16

enum state { ABSENT, IN_CREATION, PRESENT, IN_DESTRUCTION };
enum origin { GENERATED, IMPORTED, COPIED, DERIVED, ORIGINS };

static const char *const origin_names[ORIGINS] = {"generate", "import", "copy", "derive"};

struct entry {
    volatile uint32_t state;
    volatile uint32_t origin;
    /* The public key, or a MAC of the message: whoever has the key can show that it is this one. */
    uint8_t proof[65];
    volatile uint32_t proof_length;
    /* Of an imported key; zeros before. */
    uint8_t material[32];
};

struct journal {
    struct entry keys[JOURNAL_KEYS];
    /* How often each origin succeeded, and how often the place does not have it. */
    volatile uint64_t made[ORIGINS], refused[ORIGINS], destroyed;
    /* The writer has made a key. */
    volatile uint32_t ready;
};

static inline struct journal *open_journal(const char *path)
{
    int file = open(path, O_RDWR | O_CREAT, 0600);
    void *memory;
    MUST(file >= 0 && ftruncate(file, sizeof(struct journal)) == 0);
    memory = mmap(NULL, sizeof(struct journal), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    MUST(memory != MAP_FAILED);
    close(file);
    return (struct journal *)memory;
}

/* Later stores are seen later, by other processes as well. */
static inline void set_state(struct entry *entry, enum state state)
{
    __atomic_store_n(&entry->state, (uint32_t)state, __ATOMIC_SEQ_CST);
}

#endif
