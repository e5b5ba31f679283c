/* What the test and reads_shim.c have in common. */
#ifndef READS_H
#define READS_H

extern unsigned long page_reads;

#endif
