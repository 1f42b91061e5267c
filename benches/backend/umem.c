// SPDX-License-Identifier: MIT OR Apache-2.0
/* umem.c - libumem */
#include <stdint.h>
#include <stdio.h>

#include "bench.h"

const char *bench_start(void)
{
	return NULL;
}

const char *bench_version(void)
{
	return *VERSION ? VERSION : "as installed";
}

void *bench_entry(void)
{
	return (void *)(uintptr_t)umem_cache_alloc;
}

/* umem constructors take two more arguments and return a status. */
static bench_ctor_t the_ctor;

static int construct(void *object, void *data, int flags)
{
	(void)data, (void)flags;
	the_ctor(object);
	return 0;
}

bool bench_create(bench_t *cache, size_t size, bench_ctor_t ctor, size_t most)
{
	static unsigned int number;
	char name[32];

	(void)most;
	the_ctor = ctor;
	snprintf(name, sizeof(name), "bench-%u", number++);
	*cache = umem_cache_create(name, size, 0, ctor ? construct : NULL, NULL, NULL, NULL, NULL, 0);
	return *cache;
}

void bench_destroy(bench_t cache)
{
	umem_cache_destroy(cache);
}

void bench_reclaim(bench_t cache)
{
	(void)cache;
	umem_reap();
}

void bench_thread_start(void)
{
}

void bench_thread_stop(void)
{
}
