// SPDX-License-Identifier: MIT OR Apache-2.0
/* bare.c - the per-thread list as a back end */
#include <stdint.h>
#include <stdlib.h>

#include "bare_lib.h"
#include "bench.h"

const char *bench_start(void)
{
	return NULL;
}

const char *bench_version(void)
{
	return "no allocator, a floor";
}

void *bench_entry(void)
{
	return (void *)(uintptr_t)bare_alloc;
}

/* There is one list per thread: one pool per process, which is all that the workloads need. */
bool bench_create(bench_t *pool, size_t size, bench_ctor_t ctor, size_t most)
{
	(void)most;
	*pool = calloc(1, sizeof(**pool));
	if (!*pool)
		return false;
	size = (size + 15) & ~(size_t)15;
	(*pool)->link = ctor ? size : 0;
	(*pool)->size = ctor ? size + 16 : size;
	(*pool)->ctor = ctor;
	return true;
}

void bench_destroy(bench_t pool)
{
	free(pool);
}

void bench_reclaim(bench_t pool)
{
	(void)pool;
}

void bench_thread_start(void)
{
}

void bench_thread_stop(void)
{
}
