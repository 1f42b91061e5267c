/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* GLib's slice allocator: per-thread magazines up to 2.74, a wrapper around malloc since 2.76 */
#include <glib.h>

typedef gsize bench_t;

static inline void *bench_alloc(bench_t size)
{
	return g_slice_alloc(size);
}

static inline void bench_free(bench_t size, void *object)
{
	g_slice_free1(size, object);
}
