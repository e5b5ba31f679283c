/* Loaded before the C library: counts the reads at a position of a file, which is how the pages of a database are read. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <sys/types.h>

#include "reads.h"

unsigned long page_reads;

ssize_t pread64(int file, void *data, size_t length, off_t offset)
{
    static ssize_t (*function)(int, void *, size_t, off_t);
    if (function == NULL) {
        *(void **)&function = dlsym(RTLD_NEXT, "pread64");
        if (function == NULL) {
            abort();
        }
    }
    __atomic_add_fetch(&page_reads, 1, __ATOMIC_RELAXED);
    return function(file, data, length, offset);
}

ssize_t pread(int file, void *data, size_t length, off_t offset)
{
    return pread64(file, data, length, offset);
}
