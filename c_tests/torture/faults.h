/* What the test and faults_shim.c have in common. */
#ifndef FAULTS_H
#define FAULTS_H

/* The process ends, and what was not brought to the disk is undone. */
#define FAULT_POWER (-1)
/* The process stops (SIGSTOP), and goes on when it is told to. */
#define FAULT_STOP (-2)

struct fault {
    /* Only files below it count. */
    char directory[256];
    /* Which call fails first, 0 for none. */
    unsigned at;
    /* With what: an errno, or one of the two above. */
    int error;
    /* How many calls there were. */
    unsigned calls;
};

extern struct fault fault;

#endif
