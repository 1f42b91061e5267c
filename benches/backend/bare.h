/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Not an allocator but the least that one can do behind a C call: a list of freed objects per thread, in a shared
 * library, with initial-exec TLS, no limit and no way back to other threads or to the system. A reference row.
 */
#include <stddef.h>

struct bare;
typedef struct bare *bench_t;

#define BENCH_KEEPS_BUILT
#define BENCH_FIXED_POOL

void *bare_alloc(struct bare *pool);
void bare_free(struct bare *pool, void *object);

static inline void *bench_alloc(bench_t pool)
{
	return bare_alloc(pool);
}

static inline void bench_free(bench_t pool, void *object)
{
	bare_free(pool, object);
}
