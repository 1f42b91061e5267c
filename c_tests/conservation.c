// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * Conservation: after all has been given back, the process is as large as it was.
 *
 * At risk: memory that neither a shrink of its cache nor a reclaim finds, whatever mixture of calls it came and went by.
 */
#include <pthread.h>

#include "ktest.h"
#include "util.h"

enum { MIB = 1024 };
enum { WORKERS = 6, HELD = 3000 };
static struct kmem_cache *mixed[8];

/* Objects of all sizes, one by one and in bulk, held for a while, some handed to the cache of another thread. */
static void *mixed_work(void *seed)
{
	static const size_t sizes[] = { 16, 64, 100, 256, 700, 2000, 5000, 20000 };
	uint64_t random = 88172645463325252ull + (uintptr_t)seed;
	struct { void *object; int c; } *held = calloc(HELD, sizeof(*held));

	for (int n = 0; n < 60000; n++) {
		int at = (int)(random_next(&random) % HELD), c = (int)(random_next(&random) % ARRAY_LEN(sizes));
		void *bulk[20];

		if (held[at].object)
			kmem_cache_free(mixed[held[at].c], held[at].object);
		held[at].object = kmem_cache_alloc(mixed[c], GFP_KERNEL);
		held[at].c = c;
		memset(held[at].object, n, sizes[c]);
		if (n % 50 == 0 && kmem_cache_alloc_bulk(mixed[c], GFP_KERNEL, ARRAY_LEN(bulk), bulk))
			kmem_cache_free_bulk(NULL, ARRAY_LEN(bulk), bulk);
		if (n % 5000 == 0)
			kmem_cache_shrink(mixed[c]);
	}
	for (int i = 0; i < HELD; i++)
		if (held[i].object)
			kmem_cache_free(mixed[held[i].c], held[i].object);
	free(held);
	return NULL;
}

static long resident_kib(void)
{
	long kib = proc_kib("/proc/self/smaps_rollup", "Rss:");

	if (kib < 0)
		ktest_skip("no /proc/self/smaps_rollup");
	return kib;
}

/* The process is back where it began, after a shrink of each cache as after a reclaim. */
static void conservation(struct kunit *test)
{
	static const size_t sizes[] = { 16, 64, 100, 256, 700, 2000, 5000, 20000 };
	struct kmem_usage usage = { .size = sizeof(usage) };
	pthread_t workers[WORKERS];
	long resident;

	for (size_t c = 0; c < ARRAY_LEN(sizes); c++)
		mixed[c] = kmem_cache_create("mixed", sizes[c], 0, SLAB_NO_MERGE, NULL);
	/* Stacks and the C library's own heap get what they need. */
	for (int round = 0; round < 2; round++) {
		resident = resident_kib();
		for (uintptr_t t = 0; t < WORKERS; t++)
			pthread_create(&workers[t], NULL, mixed_work, (void *)t);
		mixed_work((void *)WORKERS);
		for (int t = 0; t < WORKERS; t++)
			pthread_join(workers[t], NULL);
		if (round == 0)
			kmem_reclaim();
	}
	KUNIT_EXPECT_GE(test, resident_kib(), resident + 2 * MIB);
	for (size_t c = 0; c < ARRAY_LEN(sizes); c++)
		KUNIT_EXPECT_EQ(test, kmem_cache_shrink(mixed[c]), 0);
	KUNIT_EXPECT_LE(test, resident_kib(), resident + 2 * MIB);
	mixed_work(NULL);
	kmem_reclaim();
	KUNIT_EXPECT_LE(test, resident_kib(), resident + 2 * MIB);
	kmem_usage(&usage);
	KUNIT_EXPECT_EQ(test, usage.total_objects, 0);
	KUNIT_EXPECT_EQ(test, usage.slab_bytes, 0);
	KUNIT_EXPECT_EQ(test, usage.dirty_bytes, 0);
	KTEST_EXPECT_SILENT(test);
}

KTEST_MAIN(KTEST(conservation))
