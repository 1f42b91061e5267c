/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Work while the library holds locks: the program's own mprotect stands in front of the C library's, and the library calls
 * it when it needs another block of memory, with the slab mutex, the heap's lock and a zone's lock held.
 */
#ifndef UNDER_LOCKS_H
#define UNDER_LOCKS_H

#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Called at the next opportunity, and then NULL. */
static void (*under_locks)(void);

int mprotect(void *at, size_t len, int prot)
{
	void (*now)(void) = under_locks;

	if (now) {
		under_locks = NULL;
		now();
	}
	return (int)syscall(SYS_mprotect, at, len, prot);
}

#endif /* UNDER_LOCKS_H */
