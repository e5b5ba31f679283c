/* What the test and faults_shim.c have in common. */
#ifndef FAULTS_H
#define FAULTS_H

/* The process ends, and what was not brought to the disk is undone. */
#define FAULT_POWER (-1)

struct fault {
    /* Only files below it count. */
    char directory[256];
    /* Which call fails first, 0 for none. */
    unsigned at;
    /* With what: an errno, or FAULT_POWER. */
    int error;
    /* How many calls there were. */
    unsigned calls;
};

extern struct fault fault;

#endif
