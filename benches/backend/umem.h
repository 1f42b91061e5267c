/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* libumem, Solaris's slab allocator: the nearest relative. A reference row. */
#include <umem.h>

typedef umem_cache_t *bench_t;

#define BENCH_KEEPS_BUILT
#define BENCH_CACHES

static inline void *bench_alloc(bench_t cache)
{
	return umem_cache_alloc(cache, UMEM_DEFAULT);
}

static inline void bench_free(bench_t cache, void *object)
{
	umem_cache_free(cache, object);
}
