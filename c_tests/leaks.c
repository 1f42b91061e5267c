// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * Leaks of what the library keeps for itself: slab records, bitmaps, names, descriptors, page runs, arrays.
 *
 * At risk: a path that gives back one of two things. A program sees nothing of it until its arena is used up, so
 * each case runs in an arena so small that a leak ends it, and compares what can be had before and after.
 */
#include <pthread.h>

#include "ktest.h"
#include "util.h"

enum { MOST = 100000 };
static void *taken[MOST];
static struct kmem_cache *caches[MOST];

/* Takes all objects that the cache can give. */
static size_t take_all(struct kmem_cache *cache)
{
	size_t n = 0;

	while (n < MOST && (taken[n] = kmem_cache_alloc(cache, GFP_KERNEL | __GFP_NOWARN)))
		n++;
	return n;
}

/* Gives them back, in an order that leaves holes everywhere on the way. */
static void give_all_back(struct kmem_cache *cache, size_t n)
{
	uint64_t random = 88172645463325252ull;

	for (size_t left = n; left > 0; left--) {
		size_t at = random_next(&random) % left;

		kmem_cache_free(cache, taken[at]);
		taken[at] = taken[left - 1];
	}
	kmem_cache_shrink(cache);
}

static size_t obtainable(struct kmem_cache *cache)
{
	size_t n = take_all(cache);

	give_all_back(cache, n);
	return n;
}

/* Creates caches until there is no memory for another one. */
static size_t create_all(void)
{
	size_t n = 0;

	while (n < MOST && (caches[n] = kmem_cache_create("filler", 64, 0, SLAB_NO_MERGE, NULL)))
		n++;
	ktest_hush();
	return n;
}

static void destroy_all(size_t n)
{
	while (n > 0)
		kmem_cache_destroy(caches[--n]);
}

/*
 * A slab that fails for want of a record must give its pages back; one that fails for want of its large bitmap, its
 * record too.
 */
static void record_cannot_be_had(struct kunit *test, size_t size)
{
	struct kmem_cache *cache = kmem_cache_create("probe", size, 0, SLAB_NO_MERGE, NULL);
	struct kmem_cache *pages = kmem_cache_create("pages", 4096, 0, SLAB_NO_MERGE, NULL);
	size_t objects = obtainable(pages), creations, fillers, n;
	void *keeper;

	/* Handles keep their memory once it was needed: the second filling is the one to compare with. */
	destroy_all(create_all());
	creations = create_all();
	destroy_all(creations);
	KUNIT_ASSERT_TRUE(test, objects > 0 && objects < MOST && creations > 0 && creations < MOST);
	/* One slab stays, so that there is a page with room for records, but none for another page of anything. */
	keeper = kmem_cache_alloc(pages, GFP_KERNEL);
	fillers = create_all();
	n = take_all(cache);
	KUNIT_EXPECT_LT(test, n * size, objects * 4096);
	for (int i = 0; i < 20000; i++)
		KUNIT_ASSERT_TRUE(test, !kmem_cache_alloc(cache, GFP_KERNEL | __GFP_NOWARN));
	give_all_back(cache, n);
	destroy_all(fillers);
	kmem_cache_free(pages, keeper);
	kmem_cache_shrink(pages);
	KUNIT_EXPECT_EQ(test, obtainable(pages), objects);
	n = create_all();
	KUNIT_EXPECT_EQ(test, n, creations);
	destroy_all(n);
}

static void record_cannot_be_had_for_a_slab(struct kunit *test)
{
	record_cannot_be_had(test, 4096);
}

static void bitmap_cannot_be_had_for_a_slab(struct kunit *test)
{
	record_cannot_be_had(test, 8);
}

/* Calls `work` for each number, and checks that after the first hundred nothing more is kept. */
static void stays_flat(struct kunit *test, int rounds, void (*work)(struct kunit *test, int round))
{
	long before = 0;

	for (int i = 0; i < rounds; i++) {
		if (i == 100)
			before = private_dirty_kib();
		work(test, i);
		if (test->failures)
			return;
	}
	KUNIT_EXPECT_LE(test, private_dirty_kib() - before, 256);
}

static struct kmem_cache *tiny;

static void build_and_shrink(struct kunit *test, int round)
{
	void *object = kmem_cache_alloc(tiny, GFP_KERNEL);

	(void)round;
	KUNIT_ASSERT_NOT_NULL(test, object);
	kmem_cache_free(tiny, object);
	KUNIT_EXPECT_EQ(test, kmem_cache_shrink(tiny), 0);
}

static void large_bitmaps(struct kunit *test)
{
	tiny = kmem_cache_create("tiny", 8, 0, SLAB_NO_MERGE, NULL);
	KUNIT_ASSERT_TRUE(test, slabinfo_row("tiny").per_slab >= 512);
	stays_flat(test, 20000, build_and_shrink);
	kmem_cache_destroy(tiny);
	tiny = kmem_cache_create("again", 8, 0, SLAB_NO_MERGE, NULL);
	KUNIT_EXPECT_NOT_NULL(test, tiny);
}

static void create_and_destroy(struct kunit *test, int round)
{
	static const size_t lengths[] = { 3000, 20, 40, 100, 700, 1500, 3000, 9000 };
	static char name[9001];
	struct kmem_cache *cache;

	memset(name, 'n', sizeof(name));
	name[lengths[(size_t)round % ARRAY_LEN(lengths)]] = '\0';
	cache = kmem_cache_create(name, 64, 0, SLAB_NO_MERGE, NULL);
	KUNIT_ASSERT_NOT_NULL(test, cache);
	kmem_cache_destroy(cache);
}

static void names_and_descriptors(struct kunit *test)
{
	stays_flat(test, 50000, create_and_destroy);
}

/* With objects of every size class, so that the thread and the cache both have arrays. */
static void use_and_destroy(struct kunit *test, int round)
{
	static const size_t sizes[] = { 16, 300, 1100, 5000 };
	struct kmem_cache *cache =
		kmem_cache_create("used", sizes[(size_t)round % ARRAY_LEN(sizes)], 0, SLAB_NO_MERGE, NULL);
	void *objects[200];

	KUNIT_ASSERT_NOT_NULL(test, cache);
	for (size_t i = 0; i < ARRAY_LEN(objects); i++) {
		objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, objects[i]);
	}
	for (size_t i = 0; i < ARRAY_LEN(objects); i++)
		kmem_cache_free(cache, objects[i]);
	kmem_cache_destroy(cache);
}

static void arrays_of_caches(struct kunit *test)
{
	stays_flat(test, 10000, use_and_destroy);
	KTEST_EXPECT_SILENT(test);
}

static void *use_a_few_caches(void *unused)
{
	for (int i = 0; i < 20; i++)
		kmem_cache_free(caches[i], kmem_cache_alloc(caches[i], GFP_KERNEL));
	return unused;
}

static void run_a_thread(struct kunit *test, int round)
{
	pthread_t thread;

	(void)round;
	KUNIT_ASSERT_TRUE(test, pthread_create(&thread, NULL, use_a_few_caches, NULL) == 0);
	pthread_join(thread, NULL);
}

static void arrays_of_threads(struct kunit *test)
{
	for (int i = 0; i < 20; i++)
		caches[i] = kmem_cache_create("shared", 64 + 8 * (size_t)i, 0, SLAB_NO_MERGE, NULL);
	stays_flat(test, 10000, run_a_thread);
	for (int i = 0; i < 20; i++)
		KUNIT_EXPECT_EQ(test, kmem_cache_shrink(caches[i]), 0);
}

static pthread_key_t late_key;

/* Comes back in every round of destructors that there is, and so after the library's own for the last time. */
static void use_them_again(void *rounds)
{
	use_a_few_caches(NULL);
	if ((uintptr_t)rounds > 1)
		pthread_setspecific(late_key, (void *)((uintptr_t)rounds - 1));
}

static void *use_them_to_the_end(void *unused)
{
	use_a_few_caches(NULL);
	pthread_setspecific(late_key, (void *)10);
	return unused;
}

static void run_a_thread_to_the_end(struct kunit *test, int round)
{
	pthread_t thread;

	(void)round;
	KUNIT_ASSERT_TRUE(test, pthread_create(&thread, NULL, use_them_to_the_end, NULL) == 0);
	pthread_join(thread, NULL);
}

static void threads_that_use_caches_to_the_end(struct kunit *test)
{
	for (int i = 0; i < 20; i++)
		caches[i] = kmem_cache_create("shared", 64 + 8 * (size_t)i, 0, SLAB_NO_MERGE, NULL);
	use_a_few_caches(NULL);
	pthread_key_create(&late_key, use_them_again);
	stays_flat(test, 3000, run_a_thread_to_the_end);
	for (int i = 0; i < 20; i++)
		KUNIT_EXPECT_EQ(test, kmem_cache_shrink(caches[i]), 0);
}

/* Pages that were given back one by one make the largest object again. */
static void pages_merge(struct kunit *test)
{
	struct kmem_cache *large = kmem_cache_create("large", 4 << 20, 0, SLAB_NO_MERGE, NULL);
	struct kmem_cache *small = kmem_cache_create("small", 4096, 0, SLAB_NO_MERGE, NULL);
	size_t before = obtainable(large), n;

	KUNIT_EXPECT_GE(test, before, 4);
	for (int round = 0; round < 3; round++) {
		n = take_all(small);
		KUNIT_EXPECT_EQ(test, n, before * 1024);
		KUNIT_EXPECT_NULL(test, kmem_cache_alloc(large, GFP_KERNEL | __GFP_NOWARN));
		give_all_back(small, n);
		KUNIT_EXPECT_EQ(test, obtainable(large), before);
	}
}

KTEST_MAIN(
	KTEST(record_cannot_be_had_for_a_slab, .cmdline = "kmem.arena=32M init_on_free=1"),
	KTEST(bitmap_cannot_be_had_for_a_slab, .cmdline = "kmem.arena=32M kmem.harden=1 slab_min_order=5"),
	KTEST(large_bitmaps, .cmdline = "kmem.arena=16M slab_min_order=3"),
	KTEST(names_and_descriptors, .cmdline = "kmem.arena=16M"),
	KTEST(arrays_of_caches, .cmdline = "kmem.arena=16M"), KTEST(arrays_of_threads, .cmdline = "kmem.arena=16M"),
	KTEST(threads_that_use_caches_to_the_end, .cmdline = "kmem.arena=16M"),
	KTEST(pages_merge, .cmdline = "kmem.arena=32M kmem.harden=1"))
