// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * malloc.c - every allocator that takes the place of malloc
 *
 * The same source for all of them; what is the allocator's own (version, giving memory back) is found by symbols that
 * are weak here.
 */
#include <gnu/libc-version.h>
#include <malloc.h>
#include <stdint.h>
#include <stdio.h>

#include "bench.h"

#define WEAK __attribute__((weak))

WEAK int mallctl(const char *name, void *old, size_t *old_len, void *new, size_t new_len);
WEAK const char *tc_version(int *major, int *minor, const char **patch);
WEAK void MallocExtension_ReleaseFreeMemory(void);
WEAK int mi_version(void);
WEAK void mi_collect(_Bool force);
WEAK void rpmalloc_thread_collect(void);

const char *bench_start(void)
{
	return NULL;
}

const char *bench_version(void)
{
	static char text[64];
	size_t len = sizeof(const char *);
	const char *name;

	if (mallctl && !mallctl("version", &name, &len, NULL, 0))
		snprintf(text, sizeof(text), "%.20s", name);
	else if (tc_version)
		snprintf(text, sizeof(text), "%s", tc_version(NULL, NULL, NULL));
	else if (mi_version)
		snprintf(text, sizeof(text), "%d.%d.%d", mi_version() / 10000, mi_version() / 100 % 100,
			 mi_version() % 100);
	else
		snprintf(text, sizeof(text), "%s", *VERSION ? VERSION : gnu_get_libc_version());
	return text;
}

void *bench_entry(void)
{
	return (void *)(uintptr_t)malloc;
}

bool bench_create(bench_t *type, size_t size, bench_ctor_t ctor, size_t most)
{
	(void)ctor, (void)most;
	*type = size;
	return true;
}

void bench_destroy(bench_t type)
{
	(void)type;
}

void bench_reclaim(bench_t type)
{
	(void)type;
	if (mallctl) {
		mallctl("thread.tcache.flush", NULL, NULL, NULL, 0);
		mallctl("arena.4096.purge", NULL, NULL, NULL, 0); /* MALLCTL_ARENAS_ALL */
	} else if (MallocExtension_ReleaseFreeMemory) {
		MallocExtension_ReleaseFreeMemory();
	} else if (mi_collect) {
		mi_collect(1);
	} else if (rpmalloc_thread_collect) {
		rpmalloc_thread_collect();
	} else if (!*VERSION) {
		malloc_trim(0);
	}
}

void bench_thread_start(void)
{
}

void bench_thread_stop(void)
{
}
