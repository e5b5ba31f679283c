/* How long loading and initialising the library takes in new processes, and how much memory they then have: medians.
 * This program links nothing that the library would have to load. */

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PROCESSES = 41 };

struct start {
    double milliseconds;
    double mebibytes;
};

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1e3 + time.tv_nsec / 1e6;
}

static double resident(void)
{
    long size = 0, pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file == NULL || fscanf(file, "%ld %ld", &size, &pages) != 2)
        exit(1);
    fclose(file);
    return pages * (double)sysconf(_SC_PAGESIZE) / (1 << 20);
}

static void child(const char *library, int output)
{
    double begin = now();
    void *handle = dlopen(library, RTLD_NOW);
    int (*init)(void) = handle ? (int (*)(void))dlsym(handle, "parsec_psa_crypto_init") : NULL;
    if (init == NULL || init() != 0)
        exit(1);
    struct start start = {now() - begin, resident()};
    exit(write(output, &start, sizeof start) != sizeof start);
}

static int compare(const void *first, const void *second)
{
    double difference = *(const double *)first - *(const double *)second;
    return (difference > 0) - (difference < 0);
}

int main(int count, char **arguments)
{
    double times[PROCESSES], memory[PROCESSES];
    for (int process = 0; process < PROCESSES; process++) {
        int ends[2], status = 1;
        struct start start;
        if (count != 2 || pipe(ends) != 0)
            return 1;
        pid_t identifier = fork();
        if (identifier == 0)
            child(arguments[1], ends[1]);
        close(ends[1]);
        if (read(ends[0], &start, sizeof start) != sizeof start || waitpid(identifier, &status, 0) < 0 || status != 0)
            return 1;
        close(ends[0]);
        times[process] = start.milliseconds;
        memory[process] = start.mebibytes;
    }
    qsort(times, PROCESSES, sizeof times[0], compare);
    qsort(memory, PROCESSES, sizeof memory[0], compare);
    printf("load and init: %.2f ms, process of %.1f MiB\n", times[PROCESSES / 2], memory[PROCESSES / 2]);
    return 0;
}
