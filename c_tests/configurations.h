/* Variants of the fixture's configuration. */
#ifndef CONFIGURATIONS_H
#define CONFIGURATIONS_H

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"

/* The path of a file in the scratch directory of the fixture. */
static inline void scratch_path(char *path, size_t size, const char *name)
{
    snprintf(path, size, "%s/%s", from_fixture("PARSEC_TEST_SCRATCH"), name);
}

/* The fixture's configuration under another name, with one line more in [store], and more at the end. */
static inline void write_configuration(const char *name, const char *in_store, const char *at_end)
{
    char path[512], line[512];
    FILE *from, *to;
    scratch_path(path, sizeof path, "parsec.toml");
    from = fopen(path, "r");
    scratch_path(path, sizeof path, name);
    to = fopen(path, "w");
    MUST(from != NULL && to != NULL);
    while (fgets(line, sizeof line, from) != NULL) {
        fputs(line, to);
        if (strcmp(line, "[store]\n") == 0) {
            fprintf(to, "%s\n", in_store);
        }
    }
    fputs(at_end, to);
    fclose(from);
    fclose(to);
    MUST(chmod(path, 0600) == 0);
}

/* From the next initialisation on. */
static inline void use_configuration(const char *name)
{
    char path[512];
    scratch_path(path, sizeof path, name);
    MUST(setenv("PARSEC_CONFIG", path, 1) == 0);
}

/* A file that only this user may read; no copy of its content stays in memory. */
static inline void write_private_file(const char *path, const void *content, size_t length)
{
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    MUST(file >= 0 && write(file, content, length) == (ssize_t)length && close(file) == 0);
}

#endif
