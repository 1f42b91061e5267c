/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* whatever provides malloc and free in this program: glibc, or the library it is linked with */
#include <stdlib.h>

typedef size_t bench_t;

#define BENCH_SIZES

static inline void *bench_malloc(size_t size)
{
	return malloc(size);
}

static inline void bench_mfree(void *object)
{
	free(object);
}

static inline void *bench_alloc(bench_t size)
{
	return malloc(size);
}

static inline void bench_free(bench_t size, void *object)
{
	(void)size;
	free(object);
}
