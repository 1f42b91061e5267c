// SPDX-License-Identifier: MIT OR Apache-2.0
/* kmem.c - libkmem */
#include <dlfcn.h>
#include <stdio.h>

#include "bench.h"

/*
 * libkmem sizes its slabs for the CPUs that the process may use when the first cache is created: that is now, before
 * the driver pins itself to one.
 */
const char *bench_start(void)
{
	struct kmem_cache *first = kmem_cache_create("bench-start", 64, 0, SLAB_NO_MERGE, NULL);

	if (!first)
		return "no cache can be created";
	kmem_cache_destroy(first);
	return NULL;
}

const char *bench_version(void)
{
	return VERSION;
}

void *bench_entry(void)
{
	return dlsym(RTLD_DEFAULT, "kmem_cache_create");
}

bool bench_create(bench_t *cache, size_t size, bench_ctor_t ctor, size_t most)
{
	static unsigned int number;
	char name[32];

	(void)most;
	snprintf(name, sizeof(name), "bench-%u", number++);
	*cache = kmem_cache_create(name, size, 0, SLAB_NO_MERGE, ctor);
	return *cache;
}

void bench_destroy(bench_t cache)
{
	kmem_cache_destroy(cache);
}

/* Looked up at run time: a library from before it existed can still be measured. */
void bench_reclaim(bench_t cache)
{
	void (*reclaim)(void);

	*(void **)&reclaim = dlsym(RTLD_DEFAULT, "kmem_reclaim");
	if (reclaim)
		reclaim();
	else
		kmem_cache_shrink(cache);
}

void bench_thread_start(void)
{
}

void bench_thread_stop(void)
{
}
