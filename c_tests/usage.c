// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * Figures: what the library says it holds, against the test's own books.
 *
 * At risk: an object that is counted twice or not at all on its way between slab, barn and threads' arrays; bytes that
 * belong to nobody.
 */
#include <pthread.h>

#include "ktest.h"
#include "util.h"

enum { CACHES = 12, THREADS = 6, HELD = 20000, ROUNDS = 40, STEPS = 1500 };

static struct kmem_cache *caches[CACHES];
/* The books: objects of each cache that the test has. */
static long live[CACHES];

static struct kmem_cache_usage usage_of(struct kunit *test, struct kmem_cache *cache)
{
	struct kmem_cache_usage usage = { .size = sizeof(usage) };

	KUNIT_EXPECT_EQ(test, kmem_cache_usage(cache, &usage), 0);
	KUNIT_EXPECT_EQ(test, usage.size, sizeof(usage));
	KUNIT_EXPECT_EQ(test, usage.live_objects + usage.parked_objects + usage.free_objects, usage.total_objects);
	return usage;
}

static struct kmem_usage usage_of_all(struct kunit *test)
{
	struct kmem_usage usage = { .size = sizeof(usage) };

	KUNIT_EXPECT_EQ(test, kmem_usage(&usage), 0);
	KUNIT_EXPECT_EQ(test, usage.size, sizeof(usage));
	KUNIT_EXPECT_EQ(test, usage.live_objects + usage.parked_objects + usage.free_objects, usage.total_objects);
	KUNIT_EXPECT_EQ(test, usage.slab_bytes + usage.metadata_bytes + usage.dirty_bytes + usage.clean_bytes,
			usage.committed_bytes);
	KUNIT_EXPECT_LE(test, usage.committed_bytes, usage.reserved_bytes);
	return usage;
}

/* Every figure against the books, while no other thread is in a call. */
static void balance(struct kunit *test)
{
	struct kmem_cache_usage sum = { .size = 0 };
	struct kmem_usage all = usage_of_all(test);

	for (int c = 0; c < CACHES; c++) {
		struct kmem_cache_usage one = usage_of(test, caches[c]);
		struct slabinfo_row row;
		char name[32];

		snprintf(name, sizeof(name), "usage_%d", c);
		row = slabinfo_row(name);
		KUNIT_EXPECT_EQ(test, one.live_objects, live[c]);
		KUNIT_EXPECT_EQ(test, one.live_objects + one.parked_objects, row.active);
		KUNIT_EXPECT_EQ(test, one.total_objects, row.objects);
		KUNIT_EXPECT_EQ(test, one.slabs, row.slabs);
		KUNIT_EXPECT_EQ(test, one.slab_bytes, row.slabs * row.pages * 4096);
		sum.live_objects += one.live_objects;
		sum.parked_objects += one.parked_objects;
		sum.free_objects += one.free_objects;
		sum.slabs += one.slabs;
		sum.slab_bytes += one.slab_bytes;
	}
	KUNIT_EXPECT_EQ(test, all.caches, CACHES);
	KUNIT_EXPECT_EQ(test, all.live_objects, sum.live_objects);
	KUNIT_EXPECT_EQ(test, all.parked_objects, sum.parked_objects);
	KUNIT_EXPECT_EQ(test, all.free_objects, sum.free_objects);
	KUNIT_EXPECT_EQ(test, all.slabs, sum.slabs);
	KUNIT_EXPECT_EQ(test, all.slab_bytes, sum.slab_bytes);
}

static void create_caches(struct kunit *test)
{
	for (int c = 0; c < CACHES; c++) {
		static const size_t sizes[] = { 8, 24, 64, 100, 256, 700, 1024, 3000, 5000, 40000, 64, 256 };
		char name[32];

		snprintf(name, sizeof(name), "usage_%d", c);
		/* The last two have debug flags, and so no arrays. */
		caches[c] = kmem_cache_create(name, sizes[c], 0,
					      c >= CACHES - 2 ? SLAB_POISON | SLAB_RED_ZONE : SLAB_NO_MERGE, NULL);
		KUNIT_ASSERT_NOT_NULL(test, caches[c]);
	}
}

struct worker {
	pthread_t thread;
	uint64_t random;
	struct { void *object; int cache; } held[HELD];
	int n, steps;
};

static struct worker workers[THREADS + 1];

static void take(struct worker *worker, int c, int n)
{
	void *objects[100];

	if (worker->n + n > HELD)
		return;
	if (random_next(&worker->random) % 4 == 0) {
		if (kmem_cache_alloc_bulk(caches[c], GFP_KERNEL, (size_t)n, objects) != n)
			abort();
	} else {
		for (int i = 0; i < n; i++)
			objects[i] = kmem_cache_alloc(caches[c], GFP_KERNEL);
	}
	for (int i = 0; i < n; i++) {
		worker->held[worker->n].object = objects[i];
		worker->held[worker->n++].cache = c;
	}
	__atomic_add_fetch(&live[c], n, __ATOMIC_RELAXED);
}

/* Gives back n objects, of whatever caches, some of them in one call. */
static void give(struct worker *worker, int n)
{
	void *objects[100];
	int m = 0, c = -1;

	while (n-- > 0 && worker->n > 0) {
		int at = (int)(random_next(&worker->random) % (uint64_t)worker->n);
		void *object = worker->held[at].object;

		c = worker->held[at].cache;
		worker->held[at] = worker->held[--worker->n];
		__atomic_sub_fetch(&live[c], 1, __ATOMIC_RELAXED);
		if (random_next(&worker->random) % 8 == 0 && m < 100)
			objects[m++] = object;
		else
			kmem_cache_free(caches[c], object);
		/* Nothing, given back, is nothing. */
		if (random_next(&worker->random) % 64 == 0)
			kmem_cache_free(caches[c], NULL);
	}
	kmem_cache_free_bulk(NULL, (size_t)m, objects);
}

static void *work(void *arg)
{
	struct worker *worker = arg;

	for (int step = 0; step < worker->steps; step++) {
		uint64_t random = random_next(&worker->random);
		int n = 1 + (int)((random >> 8) % (random % 50 == 0 ? 100 : 4));

		if (random & 1 << 20)
			take(worker, (int)((random >> 32) % CACHES), n);
		else
			give(worker, n);
		if (random % 997 == 0)
			kmem_cache_shrink(caches[(random >> 40) % CACHES]);
	}
	return NULL;
}

static pthread_barrier_t barrier;
static int over;

/* Stays, with what it has parked, from round to round. */
static void *work_in_rounds(void *arg)
{
	for (;;) {
		pthread_barrier_wait(&barrier);
		if (over)
			return NULL;
		work(arg);
		pthread_barrier_wait(&barrier);
	}
}

static void adds_up_after_any_mix(struct kunit *test)
{
	struct worker *guest = &workers[THREADS], *own = &workers[0];

	create_caches(test);
	balance(test);
	pthread_barrier_init(&barrier, NULL, THREADS);
	for (int t = 0; t <= THREADS; t++) {
		workers[t].random = 88172645463325252ull + (uint64_t)t;
		workers[t].steps = STEPS;
		if (t > 0 && t < THREADS)
			pthread_create(&workers[t].thread, NULL, work_in_rounds, &workers[t]);
	}
	for (int round = 0; round < ROUNDS && !test->failures; round++) {
		pthread_barrier_wait(&barrier);
		work(own);
		pthread_barrier_wait(&barrier);
		balance(test);
		/* A thread that has come and gone. */
		pthread_create(&guest->thread, NULL, work, guest);
		pthread_join(guest->thread, NULL);
		balance(test);
		/* A burst, up and down. */
		for (int i = 0; i < 100; i++)
			take(own, round % CACHES, 100);
		balance(test);
		give(own, own->n / 2);
		balance(test);
		if (round % 8 == 7) {
			kmem_reclaim();
			balance(test);
			KUNIT_EXPECT_EQ(test, usage_of_all(test).parked_objects, 0);
			KUNIT_EXPECT_EQ(test, usage_of_all(test).dirty_bytes, 0);
		}
	}
	over = 1;
	pthread_barrier_wait(&barrier);
	for (int t = 1; t < THREADS; t++)
		pthread_join(workers[t].thread, NULL);
	balance(test);
	for (int t = 0; t <= THREADS; t++)
		give(&workers[t], workers[t].n);
	balance(test);
	for (int c = 0; c < CACHES; c++) {
		struct kmem_cache_usage usage;

		KUNIT_EXPECT_EQ(test, kmem_cache_shrink(caches[c]), 0);
		usage = usage_of(test, caches[c]);
		KUNIT_EXPECT_EQ(test, usage.total_objects, 0);
		KUNIT_EXPECT_EQ(test, usage.slab_bytes, 0);
	}
	balance(test);
	KUNIT_EXPECT_EQ(test, usage_of_all(test).slab_bytes, 0);
	KTEST_EXPECT_SILENT(test);
}

static void *work_until_told(void *arg)
{
	while (!__atomic_load_n(&over, __ATOMIC_RELAXED))
		work(arg);
	return NULL;
}

/* While others go on, each answer adds up in itself, and nobody is harmed. */
static void adds_up_at_any_moment(struct kunit *test)
{
	create_caches(test);
	for (int t = 0; t < THREADS; t++) {
		workers[t].random = 88172645463325252ull + (uint64_t)t;
		workers[t].steps = 1000;
		pthread_create(&workers[t].thread, NULL, work_until_told, &workers[t]);
	}
	for (int i = 0; i < 300 && !test->failures; i++) {
		usage_of_all(test);
		for (int c = 0; c < CACHES; c++)
			usage_of(test, caches[c]);
		if (i % 50 == 49)
			kmem_reclaim();
	}
	__atomic_store_n(&over, 1, __ATOMIC_RELAXED);
	for (int t = 0; t < THREADS; t++)
		pthread_join(workers[t].thread, NULL);
	balance(test);
	KTEST_EXPECT_SILENT(test);
}

/* Merged caches are one; a destroyed one with objects left still has its pages. */
static void shared_and_destroyed(struct kunit *test)
{
	struct kmem_cache *one = kmem_cache_create("one", 200, 0, 0, NULL);
	struct kmem_cache *two = kmem_cache_create("two", 200, 0, 0, NULL);
	void *object = kmem_cache_alloc(one, GFP_KERNEL);

	KUNIT_EXPECT_EQ(test, usage_of(test, two).live_objects, 1);
	KUNIT_EXPECT_EQ(test, usage_of_all(test).caches, 1);
	kmem_cache_destroy(one);
	kmem_cache_destroy(two);
	KUNIT_EXPECT_EQ(test, usage_of_all(test).caches, 0);
	KUNIT_EXPECT_EQ(test, usage_of_all(test).total_objects, 0);
	KUNIT_EXPECT_GE(test, usage_of_all(test).slab_bytes, 4096);
	kmem_cache_free(two, object);
}

/* The structure may be of an older program, or a newer one. */
static void size_of_the_structure(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("sized", 64, 0, SLAB_NO_MERGE, NULL);
	struct { struct kmem_cache_usage usage; size_t more[4]; } newer = { .usage = { .size = sizeof(newer) }, .more = { 7, 7, 7, 7 } };
	struct kmem_cache_usage usage = { .size = 2 * sizeof(size_t), .parked_objects = 7 };
	struct kmem_usage all = { .size = 0 };
	void *object = kmem_cache_alloc(cache, GFP_KERNEL);

	KUNIT_EXPECT_EQ(test, kmem_cache_usage(cache, &usage), 0);
	KUNIT_EXPECT_EQ(test, usage.size, 2 * sizeof(size_t));
	KUNIT_EXPECT_EQ(test, usage.live_objects, 1);
	KUNIT_EXPECT_EQ(test, usage.parked_objects, 7);
	KUNIT_EXPECT_EQ(test, kmem_cache_usage(cache, &newer.usage), 0);
	KUNIT_EXPECT_EQ(test, newer.usage.size, sizeof(newer.usage));
	KUNIT_EXPECT_EQ(test, newer.more[0], 7);
	KUNIT_EXPECT_EQ(test, kmem_cache_usage(cache, NULL), -EINVAL);
	KUNIT_EXPECT_EQ(test, kmem_usage(NULL), -EINVAL);
	KUNIT_EXPECT_EQ(test, kmem_usage(&all), -EINVAL);
	KTEST_EXPECT_SILENT(test);
	usage.size = sizeof(usage);
	KUNIT_EXPECT_EQ(test, kmem_cache_usage(NULL, &usage), -EINVAL);
	KTEST_EXPECT_SAID(test, "kmem_cache_usage");
	kmem_cache_free(cache, object);
	kmem_cache_destroy(cache);
}

/* Before the first cache there is nothing to count. */
static void nothing_yet(struct kunit *test)
{
	struct kmem_usage all = usage_of_all(test);

	KUNIT_EXPECT_EQ(test, all.caches, 0);
	KUNIT_EXPECT_EQ(test, all.committed_bytes, 0);
	KTEST_EXPECT_SILENT(test);
}

/* A circle of free-pointer words drives Linux's counters below zero. An object is live or free all the same. */
static void after_damage(struct kunit *test)
{
	struct kmem_cache *cache =
		kmem_cache_create("usage", 64, 0, SLAB_CONSISTENCY_CHECKS, NULL);
	char *first = kmem_cache_alloc(cache, GFP_KERNEL), *second = kmem_cache_alloc(cache, GFP_KERNEL);
	struct kmem_cache_usage usage;

	kmem_cache_free(cache, first);
	kmem_cache_free(cache, second);
	*(char **)(first + 32) = second;
	validate_slab_cache(cache);
	KTEST_EXPECT_SAID(test, "Wrong object count. Counter is 0 but counted were -1");
	usage = usage_of(test, cache);
	KUNIT_EXPECT_EQ(test, usage.total_objects, 64);
	KUNIT_EXPECT_LE(test, usage.live_objects, 64);
	KUNIT_EXPECT_LE(test, usage.free_objects, 64);
	usage_of_all(test);
}

KTEST_MAIN(KTEST(adds_up_after_any_mix), KTEST(adds_up_at_any_moment), KTEST(shared_and_destroyed),
	   KTEST(size_of_the_structure), KTEST(nothing_yet), KTEST(after_damage))
