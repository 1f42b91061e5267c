// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * Wrong frees: found on every call with kmem.harden=1 and kmem.harden=2, and at the latest with a shrink without either.
 *
 * At risk: an object that two have, an object that nobody has, a report that blames the wrong one or does not come.
 */
#include <pthread.h>
#include <stdatomic.h>

#include "harden.h"

#define AT(format, at) text_of(format, (unsigned long)((uintptr_t)(at) & 4095))

/* Each wrong free is reported by the very call, whatever was freed in between. */
static void g7_every_call(struct kunit *test)
{
	struct kmem_cache *cache = test_cache(64, 0), *other = kmem_cache_create("other", 64, 0, SLAB_NO_MERGE, NULL);
	char *objects[8], *others, local[64];
	void *bulk[2];

	for (int i = 0; i < 8; i++)
		objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
	others = kmem_cache_alloc(other, GFP_KERNEL);
	for (int round = 0; round < 2; round++) {
		const char *used = strcmp(test->name, "every_call") ? "8" : round ? "5" : "6";
		const char *banner = round ? "Tainted: G    B" : "Not tainted";
		char *first = objects[3 * round], *second = objects[3 * round + 1];
		static char fp[32];

		kmem_cache_free(cache, first);
		if (!round)
			kmem_cache_free(cache, second);
		KTEST_EXPECT_SILENT(test);
		kmem_cache_free(cache, first);
		/* Without a quarantine the lowest free object comes next. */
		snprintf(fp, sizeof(fp), "%s", AT("<%lu>", objects[0]));
		if (strcmp(test->name, "every_call") == 0)
			EXPECT_REPORT(test, first,
				      text_of("=============================================================================\n"
					      "BUG test (%s): Object already free\n"
					      "-----------------------------------------------------------------------------\n\n"
					      "Slab <slab> objects=64 used=%s fp=%s flags=0x200(slab)\n"
					      "Object <%lu> @offset=%lu fp=<null>\n\nWARN\nFIX test: Object at <%lu> not freed\n",
					      banner, used, fp, (unsigned long)((uintptr_t)first & 4095),
					      (unsigned long)((uintptr_t)first & 4095), (unsigned long)((uintptr_t)first & 4095)));
		else
			KUNIT_EXPECT_EQ(test, ktest_count("Object already free\n"), 1);
		ktest_hush();
		/* As part of a bulk, too. */
		bulk[0] = bulk[1] = first;
		kmem_cache_free_bulk(cache, 2, bulk);
		KUNIT_EXPECT_EQ(test, ktest_count("Object already free\n"), 2);
		ktest_hush();
	}
	kmem_cache_free(cache, objects[7] + 8);
	KUNIT_EXPECT_EQ(test, ktest_count(text_of("Invalid object pointer 0x%016" PRIxPTR "\n", (uintptr_t)objects[7] + 8)), 1);
	KUNIT_EXPECT_EQ(test, ktest_count("not freed\n"), 1);
	ktest_hush();
	kmem_cache_free(cache, local);
	KUNIT_EXPECT_EQ(test, ktest_count("object is not in a slab page\n"), 1);
	ktest_hush();
	kmem_cache_free(cache, others);
	EXPECT_REPORT(test, others, "WARN\n");
	KUNIT_EXPECT_EQ(test, usage_of(test, other).live_objects, 0);
	kmem_cache_free(other, others);
	KUNIT_EXPECT_EQ(test, ktest_count("Object already free\n"), 1);
	KUNIT_EXPECT_EQ(test, usage_of(test, cache).live_objects, 5);
}

static void g7_every_call_in_quarantine(struct kunit *test)
{
	g7_every_call(test);
}

/* Numbers that are near a cache's, or near what its place in a thread's table says, are no caches. */
static void g7_no_cache(struct kunit *test)
{
	struct kmem_cache *cache = test_cache(64, 0);
	uintptr_t handle = (uintptr_t)cache, near[] = { handle + 1, handle + 2, handle + 8, ~handle, ~handle + 1, ~handle & ~15ul,
							~0ul, ~1ul, ~15ul, 1, 2, 15, 16, 1024 };
	void *object = kmem_cache_alloc(cache, GFP_KERNEL);

	for (size_t i = 0; i < ARRAY_LEN(near); i++) {
		ktest_hush();
		kmem_cache_free((struct kmem_cache *)near[i], object);
		KUNIT_EXPECT_NULL(test, kmem_cache_alloc((struct kmem_cache *)near[i], GFP_KERNEL));
		KUNIT_EXPECT_EQ(test, ktest_count("is not a slab cache\n"), 2);
	}
	KUNIT_EXPECT_EQ(test, kmem_cache_errors(cache), 0);
	kmem_cache_free(cache, object);
	KUNIT_EXPECT_EQ(test, kmem_cache_errors(cache), 0);
}

enum { MANY = 500 };

static struct kmem_cache *shared;
static char *many[MANY];

static void *frees_the_last_third(void *unused)
{
	for (int i = MANY * 2 / 3; i < MANY; i++)
		kmem_cache_free(shared, many[i]);
	return unused;
}

/* Twice freed is found by the second call wherever the object rests: in arrays of this thread, between threads, in slabs. */
static void g7_wherever_it_rests(struct kunit *test)
{
	pthread_t other;
	char *again[2 * MANY];
	unsigned long errors = 0;

	shared = test_cache(64, 0);
	for (int i = 0; i < MANY; i++)
		many[i] = kmem_cache_alloc(shared, GFP_KERNEL);
	for (int i = 0; i < MANY / 3; i++)
		kmem_cache_free(shared, many[i]);
	kmem_cache_shrink(shared);
	for (int i = MANY / 3; i < MANY * 2 / 3; i++)
		kmem_cache_free(shared, many[i]);
	pthread_create(&other, NULL, frees_the_last_third, NULL);
	pthread_join(other, NULL);
	KTEST_EXPECT_SILENT(test);
	KUNIT_EXPECT_EQ(test, usage_of(test, shared).live_objects, 0);
	for (int i = 0; i < MANY; i++) {
		kmem_cache_free(shared, many[i]);
		KUNIT_EXPECT_EQ(test, kmem_cache_errors(shared), ++errors);
		kmem_cache_free(shared, many[i] + 8);
		KUNIT_EXPECT_EQ(test, kmem_cache_errors(shared), ++errors);
		ktest_hush();
	}
	for (int i = 0; i < 2 * MANY; i++) {
		again[i] = kmem_cache_alloc(shared, GFP_KERNEL);
		for (int j = 0; j < i; j++)
			KUNIT_EXPECT_PTR_NE(test, again[i], again[j]);
	}
	KUNIT_EXPECT_EQ(test, usage_of(test, shared).live_objects, 2 * MANY);
}

/* Objects that come and go one by one and in bulk, in any mixture, are never taken for others. */
static void g7_one_by_one_and_in_bulk(struct kunit *test)
{
	struct kmem_cache *cache = test_cache(64, 0);
	void *objects[200];
	unsigned int seed = 1;

	for (int round = 0; round < 2000; round++) {
		size_t n = 1 + rand_r(&seed) % ARRAY_LEN(objects), half = rand_r(&seed) % (n + 1);

		if (round % 3)
			KUNIT_ASSERT_TRUE(test, (size_t)kmem_cache_alloc_bulk(cache, GFP_KERNEL, half, objects) == half);
		for (size_t i = round % 3 ? half : 0; i < n; i++)
			objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
		half = rand_r(&seed) % (n + 1);
		if (round % 2)
			kmem_cache_free_bulk(cache, half, objects);
		for (size_t i = round % 2 ? half : 0; i < n; i++)
			kmem_cache_free(cache, objects[i]);
		if (round % 50 == 0)
			kmem_cache_shrink(cache);
	}
	KTEST_EXPECT_SILENT(test);
	KUNIT_EXPECT_EQ(test, usage_of(test, cache).live_objects, 0);
}

enum { RACES = 1500 };

static atomic_int go, done;
static void *_Atomic raced;

/* Both may have to share a processor. */
static void await(atomic_int *number, int value)
{
	for (int spins = 1; atomic_load(number) != value; spins++)
		if (spins % 1024 == 0)
			sched_yield();
}

static void *races(void *unused)
{
	for (int i = 1; i <= RACES; i++) {
		await(&go, i);
		kmem_cache_free(shared, atomic_load(&raced));
		atomic_fetch_add(&done, 1);
	}
	return unused;
}

/* Of two threads that free one object at the same moment, one is right, and the other is told so. */
static void g7_at_the_same_moment(struct kunit *test)
{
	pthread_t other;

	shared = test_cache(64, 0);
	pthread_create(&other, NULL, races, NULL);
	for (int i = 1; i <= RACES; i++) {
		void *object = kmem_cache_alloc(shared, GFP_KERNEL);

		atomic_store(&raced, object);
		atomic_store(&go, i);
		for (int wait = i % 64; wait; wait--)
			__asm__ volatile("");
		kmem_cache_free(shared, object);
		await(&done, i);
		KUNIT_ASSERT_TRUE(test, kmem_cache_errors(shared) == (unsigned long)i);
		ktest_hush();
	}
	pthread_join(other, NULL);
	KUNIT_EXPECT_EQ(test, usage_of(test, shared).live_objects, 0);
}

static size_t metadata_bytes(struct kunit *test)
{
	struct kmem_usage all = { .size = sizeof(all) };

	KUNIT_EXPECT_EQ(test, kmem_usage(&all), 0);
	return all.metadata_bytes;
}

static void fill_and_empty(struct kmem_cache *cache)
{
	static void *objects[20000];

	for (size_t i = 0; i < ARRAY_LEN(objects); i++)
		objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
	for (size_t i = 0; i < ARRAY_LEN(objects); i++)
		kmem_cache_free(cache, objects[i]);
	kmem_cache_shrink(cache);
}

/* Records of slabs that are gone serve the cache's next ones, and go with it. */
static void g7_records(struct kunit *test)
{
	struct kmem_cache *cache;
	size_t before, grown;

	for (int i = 0; i < 3; i++) {
		cache = test_cache(200, 0);
		before = metadata_bytes(test);
		fill_and_empty(cache);
		grown = metadata_bytes(test);
		for (int round = 0; round < 10; round++)
			fill_and_empty(cache);
		KUNIT_EXPECT_LE(test, metadata_bytes(test), grown + 4096);
		kmem_cache_destroy(cache);
		if (i)
			KUNIT_EXPECT_LE(test, metadata_bytes(test), before);
	}
	KTEST_EXPECT_SILENT(test);
}

/* Without hardening: what was freed last at once, anything else when the array is emptied, and never twice handed out. */
static void g7_at_the_latest_by_a_shrink(struct kunit *test)
{
	enum { N = 40 };
	struct kmem_cache *cache = test_cache(64, 0);
	char *objects[N], local[64], *again[3 * N];

	for (int i = 0; i < N; i++)
		memset(objects[i] = kmem_cache_alloc(cache, GFP_KERNEL), i, 64);
	kmem_cache_free(cache, objects[0]);
	kmem_cache_free(cache, objects[0]);
	KUNIT_EXPECT_EQ(test, ktest_count("Object already free\n"), 1);
	ktest_hush();
	kmem_cache_free(cache, objects[1]);
	kmem_cache_free(cache, objects[0]);
	kmem_cache_free(cache, objects[9] + 32);
	kmem_cache_free(cache, local);
	KTEST_EXPECT_SILENT(test);
	kmem_cache_shrink(cache);
	KUNIT_EXPECT_EQ(test, ktest_count("Object already free\n"), 1);
	KUNIT_EXPECT_EQ(test, ktest_count("Invalid object pointer 0x"), 1);
	KUNIT_EXPECT_EQ(test, ktest_count("object is not in a slab page\n"), 1);
	KUNIT_EXPECT_EQ(test, ktest_count("not freed\n"), 2);
	KUNIT_EXPECT_EQ(test, usage_of(test, cache).live_objects, N - 2);
	for (int i = 0; i < 3 * N; i++) {
		again[i] = kmem_cache_alloc(cache, GFP_KERNEL);
		memset(again[i], 0xee, 64);
		for (int j = 0; j < i; j++)
			KUNIT_EXPECT_PTR_NE(test, again[i], again[j]);
	}
	for (int i = 2; i < N; i++)
		KUNIT_EXPECT_TRUE(test, all_bytes(objects[i], 64, (unsigned char)i));
}

KTEST_MAIN(
	KTEST(g7_every_call, .cmdline = "kmem.harden=1" ONE_SLAB),
	KTEST(g7_every_call_in_quarantine, .cmdline = "kmem.harden=2" ONE_SLAB),
	KTEST(g7_no_cache, .cmdline = "kmem.harden=1"),
	KTEST(g7_wherever_it_rests, .cmdline = "kmem.harden=1"),
	KTEST(g7_one_by_one_and_in_bulk, .cmdline = "kmem.harden=1"),
	KTEST(g7_at_the_same_moment, .cmdline = "kmem.harden=1"),
	KTEST(g7_records, .cmdline = "kmem.harden=1"),
	KTEST(g7_at_the_latest_by_a_shrink))
