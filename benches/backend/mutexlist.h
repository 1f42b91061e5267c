/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* what a port of kernel code writes by hand: a mutex around a list of freed objects, on top of malloc */
#include <stddef.h>

struct pool;
typedef struct pool *bench_t;

/* In a file of their own, as in a port: called, not inlined. */
void *pool_alloc(struct pool *pool);
void pool_free(struct pool *pool, void *object);

static inline void *bench_alloc(bench_t pool)
{
	return pool_alloc(pool);
}

static inline void bench_free(bench_t pool, void *object)
{
	pool_free(pool, object);
}
