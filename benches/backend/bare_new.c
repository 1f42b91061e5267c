// SPDX-License-Identifier: MIT OR Apache-2.0
/* bare_new.c - new memory for the per-thread list, cut from mapped blocks */
#include <stdlib.h>
#include <sys/mman.h>

#include "bare_lib.h"

enum { BLOCK = 1 << 20 };

void *bare_new(struct bare *pool)
{
	static _Thread_local __attribute__((tls_model("initial-exec"))) char *at, *end;
	char *object;

	if ((size_t)(end - at) < pool->size) {
		at = mmap(NULL, BLOCK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (at == MAP_FAILED)
			abort();
		end = at + BLOCK;
	}
	object = at;
	at += pool->size;
	if (pool->ctor)
		pool->ctor(object);
	return object;
}
