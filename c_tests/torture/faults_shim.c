/* Loaded before the C library: lets the n-th call that changes a file of the key store fail, be the last, or be waited for.
 *
 * The test sets `fault.at` (0 for never) and what then happens in `fault.error`: that error from this call on, until
 * `fault.at` is set anew, as on a disk that is full or broken; or FAULT_POWER, which ends the process as a loss of power
 * does: what was written and not yet brought to the disk by fsync is undone; or FAULT_STOP, where only this call has to
 * wait. `fault.calls` counts. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "faults.h"

struct fault fault;

/* What a write has replaced. Power is lost by the one thread of the test only, so this needs no lock. */
struct undo {
    struct undo *next;
    ino_t file;
    int descriptor;
    off_t offset, size;
    size_t length;
    unsigned char old[];
};

static struct undo *undone;

static void *real(const char *name)
{
    void *function = dlsym(RTLD_NEXT, name);
    if (function == NULL) {
        abort();
    }
    return function;
}

static ssize_t raw_pwrite(int file, const void *data, size_t length, off_t offset)
{
    static ssize_t (*function)(int, const void *, size_t, off_t);
    if (function == NULL) {
        *(void **)&function = real("pwrite64");
    }
    return function(file, data, length, offset);
}

static int raw_truncate(int file, off_t length)
{
    static int (*function)(int, off_t);
    if (function == NULL) {
        *(void **)&function = real("ftruncate64");
    }
    return function(file, length);
}

/* A file of the key store; not the mapped ones, which hold nothing that has to last. */
static int concerns(int file)
{
    char link[64], path[512];
    ssize_t length;
    if (fault.directory[0] == '\0') {
        return 0;
    }
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    length = readlink(link, path, sizeof path - 1);
    if (length <= 0) {
        return 0;
    }
    path[length] = '\0';
    return strncmp(path, fault.directory, strlen(fault.directory)) == 0;
}

static void lose_power(void)
{
    struct undo *undo;
    for (undo = undone; undo != NULL; undo = undo->next) {
        if (undo->length > 0 && raw_pwrite(undo->descriptor, undo->old, undo->length, undo->offset) < 0) {
            abort();
        }
        if (raw_truncate(undo->descriptor, undo->size) != 0) {
            abort();
        }
    }
    raise(SIGKILL);
}

/* True where the call has to fail. */
static int strikes(int file)
{
    if (!concerns(file)) {
        return 0;
    }
    fault.calls++;
    if (fault.at == 0 || fault.calls < fault.at) {
        return 0;
    }
    if (fault.error == FAULT_POWER) {
        lose_power();
    }
    if (fault.error == FAULT_STOP) {
        return fault.calls == fault.at && raise(SIGSTOP) != 0;
    }
    errno = fault.error;
    return 1;
}

/* Remembers what is going to be overwritten. */
static void remember(int file, off_t offset, size_t length)
{
    struct stat status;
    struct undo *undo;
    size_t there;
    if (fault.error != FAULT_POWER || !concerns(file) || fstat(file, &status) != 0) {
        return;
    }
    there = offset >= status.st_size ? 0 : (size_t)(status.st_size - offset);
    there = there < length ? there : length;
    undo = malloc(sizeof *undo + there);
    if (undo == NULL || (undo->descriptor = dup(file)) < 0 || pread(file, undo->old, there, offset) != (ssize_t)there) {
        /* The log may be open for writing only. */
        abort();
    }
    undo->file = status.st_ino;
    undo->offset = offset;
    undo->size = status.st_size;
    undo->length = there;
    undo->next = undone;
    undone = undo;
}

/* It is on the disk. */
static void forget(int file)
{
    struct stat status;
    struct undo **link = &undone;
    if (fault.error != FAULT_POWER || fstat(file, &status) != 0) {
        return;
    }
    while (*link != NULL) {
        struct undo *undo = *link;
        if (undo->file == status.st_ino) {
            *link = undo->next;
            close(undo->descriptor);
            free(undo);
        } else {
            link = &undo->next;
        }
    }
}

ssize_t write(int file, const void *data, size_t length)
{
    static ssize_t (*function)(int, const void *, size_t);
    if (function == NULL) {
        *(void **)&function = real("write");
    }
    if (strikes(file)) {
        return -1;
    }
    if (fault.error == FAULT_POWER && concerns(file)) {
        remember(file, lseek(file, 0, SEEK_CUR), length);
    }
    return function(file, data, length);
}

ssize_t pwrite64(int file, const void *data, size_t length, off_t offset)
{
    if (strikes(file)) {
        return -1;
    }
    remember(file, offset, length);
    return raw_pwrite(file, data, length, offset);
}

ssize_t pwrite(int file, const void *data, size_t length, off_t offset)
{
    return pwrite64(file, data, length, offset);
}

int ftruncate64(int file, off_t length)
{
    struct stat status;
    if (strikes(file)) {
        return -1;
    }
    if (fstat(file, &status) == 0) {
        remember(file, length, status.st_size > length ? (size_t)(status.st_size - length) : 0);
    }
    return raw_truncate(file, length);
}

int ftruncate(int file, off_t length)
{
    return ftruncate64(file, length);
}

int fsync(int file)
{
    static int (*function)(int);
    if (function == NULL) {
        *(void **)&function = real("fsync");
    }
    if (strikes(file)) {
        return -1;
    }
    forget(file);
    return function(file);
}

int fdatasync(int file)
{
    static int (*function)(int);
    if (function == NULL) {
        *(void **)&function = real("fdatasync");
    }
    if (strikes(file)) {
        return -1;
    }
    forget(file);
    return function(file);
}

int posix_fallocate(int file, off_t offset, off_t length)
{
    static int (*function)(int, off_t, off_t);
    if (function == NULL) {
        *(void **)&function = real("posix_fallocate");
    }
    return strikes(file) ? errno : function(file, offset, length);
}

int posix_fallocate64(int file, off_t offset, off_t length)
{
    return posix_fallocate(file, offset, length);
}
