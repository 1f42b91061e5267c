// SPDX-License-Identifier: MIT OR Apache-2.0
/* bare_lib.c - the per-thread list itself; becomes a shared library */
#include "bare_lib.h"

static _Thread_local __attribute__((tls_model("initial-exec"))) void *list;

void *bare_alloc(struct bare *pool)
{
	void *object = list;

	if (!object)
		return bare_new(pool);
	list = *(void **)((char *)object + pool->link);
	return object;
}

void bare_free(struct bare *pool, void *object)
{
	*(void **)((char *)object + pool->link) = list;
	list = object;
}
