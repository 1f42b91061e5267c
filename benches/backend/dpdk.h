/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* DPDK's mempool: a pool of fixed size with a cache per thread, inlined into the caller. A reference row. */
#include <rte_mempool.h>

typedef struct rte_mempool *bench_t;

#define BENCH_BULK
#define BENCH_KEEPS_BUILT
#define BENCH_FIXED_POOL

static inline void *bench_alloc(bench_t pool)
{
	void *object;

	return rte_mempool_get(pool, &object) ? NULL : object;
}

static inline void bench_free(bench_t pool, void *object)
{
	rte_mempool_put(pool, object);
}

static inline int bench_alloc_bulk(bench_t pool, size_t n, void **object)
{
	return rte_mempool_get_bulk(pool, object, (unsigned int)n) ? 0 : (int)n;
}

static inline void bench_free_bulk(bench_t pool, size_t n, void **object)
{
	rte_mempool_put_bulk(pool, object, (unsigned int)n);
}
