// SPDX-License-Identifier: MIT OR Apache-2.0
/* gslice.c - GLib's slice allocator */
#include <malloc.h>
#include <stdint.h>
#include <stdio.h>

#include "bench.h"

const char *bench_start(void)
{
	return glib_check_version(2, 75, 0) ? NULL : "since GLib 2.76 it is malloc";
}

const char *bench_version(void)
{
	static char text[32];

	snprintf(text, sizeof(text), "%u.%u.%u", glib_major_version, glib_minor_version, glib_micro_version);
	return text;
}

void *bench_entry(void)
{
	return (void *)(uintptr_t)g_slice_alloc;
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

/* It has no call for this; what it gave back to malloc can go on to the system. */
void bench_reclaim(bench_t type)
{
	(void)type;
	malloc_trim(0);
}

void bench_thread_start(void)
{
}

void bench_thread_stop(void)
{
}
