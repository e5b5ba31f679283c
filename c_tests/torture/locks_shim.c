/* Keeps a thread in a lock. These are write locks of the C library, by which libcrypto and its like guard their state;
 * what is written in Rust has its own. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "locks.h"

static pthread_t main_thread;
static pid_t process;
static volatile int kept_number, is_kept, taken;

void main_thread_is_not_kept(void)
{
    main_thread = pthread_self();
    process = getpid();
}

void keep_lock(int number)
{
    taken = 0;
    kept_number = number;
}

int lock_is_kept(void)
{
    return is_kept;
}

int pthread_rwlock_wrlock(pthread_rwlock_t *lock)
{
    static int (*real)(pthread_rwlock_t *);
    int result;
    if (real == NULL) {
        *(void **)&real = dlsym(RTLD_NEXT, "pthread_rwlock_wrlock");
    }
    result = real(lock);
    if (kept_number > 0 && getpid() == process && !pthread_equal(pthread_self(), main_thread) &&
        __sync_add_and_fetch(&taken, 1) == kept_number) {
        is_kept = 1;
        sleep(2);
    }
    return result;
}
