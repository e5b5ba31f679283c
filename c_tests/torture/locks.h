/* What the test and locks_shim.c have in common. */
#ifndef LOCKS_H
#define LOCKS_H

/* To be called by it. */
void main_thread_is_not_kept(void);

/* The thread that takes the write lock of this number from now on, of those that are not taken by the main thread, is kept there for
 * two seconds, as it would be on a machine whose processors others have. */
void keep_lock(int number);

/* It has begun. */
int lock_is_kept(void);

#endif
