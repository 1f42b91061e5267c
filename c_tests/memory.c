// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * Memory: it goes back to the system, limits are survived, out of memory is an answer.
 *
 * At risk: pages that stay resident after a shrink, an abort or a hang when memory ends, a cache that stays
 * broken once memory is back.
 */
#include <pthread.h>
#include <sys/resource.h>

#include "ktest.h"
#include "util.h"

enum { N = 50000, SIZE = 1000, KIB = (long)N * SIZE / 1024 };
static void *objects[N];

static struct kmem_cache *fill(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("fill", SIZE, 0, SLAB_NO_MERGE, NULL);

	fill_objects(test, cache, objects, N, SIZE);
	return cache;
}

static size_t parked_bytes(struct kmem_cache *cache, size_t size)
{
	struct kmem_cache_usage usage = { .size = sizeof(usage) };

	return kmem_cache_usage(cache, &usage) == 0 ? usage.parked_objects * size : 0;
}

/* However many caches a thread uses, and whatever the size of those that make room. */
static void a_thread_parks_a_mebibyte(struct kunit *test)
{
	enum { SMALL = 100, LARGE = 60, LARGE_SIZE = 8192 };
	struct kmem_cache *small[SMALL], *large[LARGE];
	size_t parked = 0;

	for (int i = 0; i < SMALL; i++) {
		small[i] = kmem_cache_create("small", 16, 0, SLAB_NO_MERGE, NULL);
		(void)!kmem_cache_alloc(small[i], GFP_KERNEL);
	}
	for (int i = 0; i < LARGE; i++) {
		large[i] = kmem_cache_create("large", LARGE_SIZE, 0, SLAB_NO_MERGE, NULL);
		(void)!kmem_cache_alloc(large[i], GFP_KERNEL);
	}
	for (int i = 0; i < SMALL; i++)
		parked += parked_bytes(small[i], 16);
	for (int i = 0; i < LARGE; i++)
		parked += parked_bytes(large[i], LARGE_SIZE);
	KUNIT_EXPECT_LE(test, parked, 1 << 20);
	/* Room is made by more than one call; who goes on has an array in the end. */
	for (int i = 0; i < LARGE; i++) {
		for (int calls = 0; calls < 40; calls++)
			kmem_cache_free(large[i], kmem_cache_alloc(large[i], GFP_KERNEL));
		KUNIT_EXPECT_GT(test, parked_bytes(large[i], LARGE_SIZE), 0);
	}
}

static void shrink_gives_pages_back(struct kunit *test)
{
	long before = private_dirty_kib(), full, empty;
	struct kmem_cache *cache = fill(test);

	full = private_dirty_kib();
	KUNIT_EXPECT_GE(test, full - before, KIB);
	KUNIT_EXPECT_EQ(test, kmem_cache_shrink(cache), 1);
	for (int i = 0; i < N; i++)
		kmem_cache_free(cache, objects[i]);
	KUNIT_EXPECT_EQ(test, kmem_cache_shrink(cache), 0);
	empty = private_dirty_kib();
	KUNIT_EXPECT_LE(test, empty - before, 1024);
	kmem_cache_destroy(cache);
}

static void destroy_gives_pages_back(struct kunit *test)
{
	long before = private_dirty_kib();
	struct kmem_cache *cache = fill(test);

	for (int i = 0; i < N; i++)
		kmem_cache_free(cache, objects[i]);
	kmem_cache_destroy(cache);
	KUNIT_EXPECT_LE(test, private_dirty_kib() - before, 1024);
}

/* Without a shrink, what lies idle decays while the program goes on with something else. */
static void idle_memory_decays(struct kunit *test)
{
	long before = private_dirty_kib();
	struct kmem_cache *cache = fill(test), *other = kmem_cache_create("other", 64, 0, SLAB_NO_MERGE, NULL);

	for (int i = 0; i < N; i++)
		kmem_cache_free(cache, objects[i]);
	for (int i = 0; i < 500 && private_dirty_kib() - before > 1024; i++) {
		void *some[200];

		for (int n = 0; n < 200; n++)
			some[n] = kmem_cache_alloc(other, GFP_KERNEL);
		for (int n = 0; n < 200; n++)
			kmem_cache_free(other, some[n]);
		usleep(20000);
	}
	KUNIT_EXPECT_LE(test, private_dirty_kib() - before, 1024);
	kmem_cache_destroy(cache);
	kmem_cache_destroy(other);
}

/* As in c_tests/linux/retention.c: seen on caches without sheaves. */
static void retention(struct kunit *test)
{
	static const struct { size_t size, slabs; } kept[] = { { 64, 4 }, { 4096, 5 }, { 16384, 6 }, { 70000, 8 } };

	for (size_t k = 0; k < ARRAY_LEN(kept); k++) {
		struct kmem_cache *cache = kmem_cache_create("kept", kept[k].size, 0, SLAB_CONSISTENCY_CHECKS | SLAB_NO_MERGE, NULL);

		for (int i = 0; i < 2000; i++)
			objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
		for (int i = 0; i < 2000; i++)
			kmem_cache_free(cache, objects[i]);
		KUNIT_EXPECT_EQ(test, slabinfo_row("kept").slabs, kept[k].slabs);
		KUNIT_EXPECT_EQ(test, kmem_cache_shrink(cache), 0);
		KUNIT_EXPECT_EQ(test, slabinfo_row("kept").slabs, 0);
		kmem_cache_destroy(cache);
	}
}

/* Allocates until there is no more, checks the answer, frees all, and does it again. */
static void exhaust(struct kunit *test, size_t least)
{
	struct kmem_cache *cache = kmem_cache_create("exhaust", 8192, 0, SLAB_NO_MERGE, NULL);
	static void *taken[200000];
	size_t first = 0;

	KUNIT_ASSERT_NOT_NULL(test, cache);
	for (int round = 0; round < 3; round++) {
		size_t n = 0;

		ktest_hush();
		while (n < ARRAY_LEN(taken) && (taken[n] = kmem_cache_alloc(cache, GFP_KERNEL)))
			*(char *)taken[n++] = 1;
		KUNIT_EXPECT_LT(test, n, ARRAY_LEN(taken));
		KUNIT_EXPECT_GE(test, n * 8192, least);
		if (round == 0) {
			first = n;
			KTEST_EXPECT_SAID(test, "SLUB: Unable to allocate memory on CPU ");
			KTEST_EXPECT_SAID(test, " (of node 0) on node -1, gfp=0xcc0(GFP_KERNEL)\n");
			KTEST_EXPECT_SAID(test, "  node 0: slabs: ");
		}
		KUNIT_EXPECT_EQ(test, n, first);
		KUNIT_EXPECT_NULL(test, kmem_cache_alloc(cache, GFP_KERNEL | __GFP_NOWARN));
		while (n > 0)
			kmem_cache_free(cache, taken[--n]);
	}
	/* The message is ratelimited: 10 in 5 seconds, three lines each. */
	ktest_hush();
	for (size_t n = 0; n < ARRAY_LEN(taken) && (taken[n] = kmem_cache_alloc(cache, GFP_KERNEL)); n++)
		;
	for (int i = 0; i < 100; i++)
		KUNIT_EXPECT_NULL(test, kmem_cache_alloc(cache, GFP_KERNEL));
	KUNIT_EXPECT_LE(test, ktest_count("SLUB: Unable"), 10);
}

static void arena_used_up(struct kunit *test)
{
	exhaust(test, 16 << 20);
}

static void limit(struct kunit *test, int resource, rlim_t bytes)
{
	struct rlimit limit = { bytes, bytes };

	KUNIT_ASSERT_TRUE(test, setrlimit(resource, &limit) == 0);
}

static void address_space_limit(struct kunit *test)
{
	limit(test, RLIMIT_AS, 512 << 20);
	exhaust(test, 128 << 20);
	free(malloc(64 << 20));
}

static void data_limit(struct kunit *test)
{
	limit(test, RLIMIT_DATA, 64 << 20);
	exhaust(test, 16 << 20);
}

static void no_address_space_at_all(struct kunit *test)
{
	struct rlimit limit;
	struct kmem_cache *cache;

	getrlimit(RLIMIT_AS, &limit);
	limit.rlim_cur = 1 << 20;
	setrlimit(RLIMIT_AS, &limit);
	cache = kmem_cache_create("early", 64, 0, 0, NULL);
	KUNIT_EXPECT_NULL(test, cache);
	KTEST_EXPECT_SAID(test, "kmem_cache_create(early) failed with error -12\n");
	/* A start without memory is not final. */
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_AS, &limit);
	cache = kmem_cache_create("late", 64, 0, 0, NULL);
	KUNIT_EXPECT_NOT_NULL(test, cache);
	kmem_cache_destroy(cache);
}

static void too_many_caches(struct kunit *test)
{
	static struct kmem_cache *caches[100000];
	size_t n = 0;

	while (n < ARRAY_LEN(caches) && (caches[n] = kmem_cache_create("many", 64, 0, SLAB_NO_MERGE, NULL)))
		n++;
	KUNIT_EXPECT_GT(test, n, 1000);
	KUNIT_EXPECT_LT(test, n, ARRAY_LEN(caches));
	KTEST_EXPECT_SAID(test, "kmem_cache_create(many) failed with error -12\n");
	while (n > 0)
		kmem_cache_destroy(caches[--n]);
	KUNIT_EXPECT_EQ(test, slabinfo_rows(), 0);
	caches[0] = kmem_cache_create("again", 64, 0, SLAB_NO_MERGE, NULL);
	KUNIT_EXPECT_NOT_NULL(test, caches[0]);
	kmem_cache_destroy(caches[0]);
}

static struct kmem_cache *full;

static void *free_one_later(void *object)
{
	usleep(100000);
	kmem_cache_free(full, object);
	kmem_cache_shrink(full);
	return NULL;
}

static void nofail_waits(struct kunit *test)
{
	struct kmem_cache *other;
	void *object, *last = NULL, *waited;
	pthread_t thread;

	full = kmem_cache_create("full", 1 << 20, 0, SLAB_NO_MERGE, NULL);
	other = kmem_cache_create("other", 1 << 20, 0, SLAB_NO_MERGE, NULL);
	while ((object = kmem_cache_alloc(full, GFP_KERNEL)))
		last = object;
	KUNIT_EXPECT_NULL(test, kmem_cache_alloc(other, GFP_KERNEL));
	pthread_create(&thread, NULL, free_one_later, last);
	waited = kmem_cache_alloc(other, GFP_KERNEL | __GFP_NOFAIL);
	KUNIT_EXPECT_NOT_NULL(test, waited);
	pthread_join(thread, NULL);
}

/* When the preferred order cannot be had, a smaller slab serves. */
static void falls_back_to_a_smaller_order(struct kunit *test)
{
	struct kmem_cache *pages = kmem_cache_create("pages", 64, 0, SLAB_NO_MERGE, NULL);
	struct kmem_cache *cache = kmem_cache_create("small", 512, 0, SLAB_NO_MERGE, NULL);
	struct slabinfo_row row = slabinfo_row("small");
	static void *held[1000000];
	size_t n = 0;

	KUNIT_EXPECT_EQ(test, row.pages, 2);
	KUNIT_EXPECT_EQ(test, row.per_slab, 16);
	/* Slabs of single pages take all memory; then every second page comes back. */
	while (n < ARRAY_LEN(held) && (held[n] = kmem_cache_alloc(pages, GFP_KERNEL | __GFP_NOWARN)))
		n++;
	for (size_t i = 0; i < n; i++)
		if ((uintptr_t)held[i] / 4096 % 2)
			kmem_cache_free(pages, held[i]);
	kmem_cache_shrink(pages);
	KUNIT_EXPECT_NOT_NULL(test, kmem_cache_alloc(cache, GFP_KERNEL));
	row = slabinfo_row("small");
	KUNIT_EXPECT_EQ(test, row.slabs, 1);
	KUNIT_EXPECT_EQ(test, row.objects, 8);
}

KTEST_MAIN(
	KTEST(a_thread_parks_a_mebibyte), KTEST(shrink_gives_pages_back), KTEST(destroy_gives_pages_back), KTEST(idle_memory_decays),
	KTEST(retention), KTEST(arena_used_up, .cmdline = "kmem.arena=32M"), KTEST(address_space_limit),
	KTEST(data_limit), KTEST(no_address_space_at_all), KTEST(too_many_caches, .cmdline = "kmem.arena=32M"),
	KTEST(nofail_waits, .cmdline = "kmem.arena=32M"),
	KTEST(falls_back_to_a_smaller_order, .cmdline = "kmem.arena=32M kmem.cpus=2"))
