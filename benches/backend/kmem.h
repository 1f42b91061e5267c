/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* libkmem; with KMEM_INLINE defined, its fast path compiled into the caller where the header offers that */
#include <kmem.h>

typedef struct kmem_cache *bench_t;

#define BENCH_BULK
#define BENCH_KEEPS_BUILT
#define BENCH_CACHES
#define BENCH_SIZES

static inline void *bench_malloc(size_t size)
{
	return kmalloc(size, GFP_KERNEL);
}

static inline void bench_mfree(void *object)
{
	kfree(object);
}

static inline void *bench_alloc(bench_t cache)
{
	return kmem_cache_alloc(cache, GFP_KERNEL);
}

static inline void bench_free(bench_t cache, void *object)
{
	kmem_cache_free(cache, object);
}

static inline int bench_alloc_bulk(bench_t cache, size_t n, void **object)
{
	return kmem_cache_alloc_bulk(cache, GFP_KERNEL, n, object);
}

static inline void bench_free_bulk(bench_t cache, size_t n, void **object)
{
	kmem_cache_free_bulk(cache, n, object);
}
