// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * kmem.harden=2: the order in which objects come, and the quarantine that freed ones stay in.
 *
 * At risk: an object that comes again too soon, memory that is kept without end or when it is needed, a write after a free
 * that nobody finds.
 */
#include "harden.h"

/* The objects of a slab in the order they come; returns how often one comes right behind the one before. */
static int rising(struct kunit *test, struct kmem_cache *cache, bool bulk)
{
	char *objects[64], seen[64] = { 0 };
	int steps = 0;

	if (bulk)
		KUNIT_ASSERT_TRUE(test, kmem_cache_alloc_bulk(cache, GFP_KERNEL, 64, (void **)objects) == 64);
	for (int i = 0; i < 64; i++) {
		if (!bulk)
			objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
		KUNIT_EXPECT_EQ(test, seen[(uintptr_t)objects[i] / 64 % 64]++, 0);
		KUNIT_EXPECT_EQ(test, (uintptr_t)objects[i] & ~4095ul, (uintptr_t)objects[0] & ~4095ul);
		steps += i && objects[i] == objects[i - 1] + 64;
	}
	return steps;
}

static void g7_placement_is_random(struct kunit *test)
{
	for (int i = 0; i < 20; i++) {
		struct kmem_cache *cache = kmem_cache_create("random", 64, 0, SLAB_NO_MERGE, NULL);

		KUNIT_EXPECT_LE(test, rising(test, cache, i % 2), 12);
	}
}

static void g7_placement_is_as_in_linux(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, rising(test, test_cache(64, 0), false), 63);
	KUNIT_EXPECT_EQ(test, rising(test, test_cache(64, 0), true), 63);
}

/* Not reused before so many other frees; then it is. */
static void g7_not_reused_soon(struct kunit *test)
{
	static const struct { size_t size; unsigned long flags; long most; } kinds[] = {
		{ 64, 0, 256 }, { 64, SLAB_POISON | SLAB_RED_ZONE | SLAB_CONSISTENCY_CHECKS, 256 }, { 8192, 0, 128 },
	};

	for (size_t k = 0; k < ARRAY_LEN(kinds); k++) {
		struct kmem_cache *cache = kmem_cache_create("slow", kinds[k].size, 0, kinds[k].flags | SLAB_NO_MERGE, NULL);
		void *object = kmem_cache_alloc(cache, GFP_KERNEL);
		struct kmem_cache_usage usage;
		int found = 0;

		kmem_cache_free(cache, object);
		for (long i = 1; i < kinds[k].most; i++) {
			void *next = kmem_cache_alloc(cache, GFP_KERNEL);

			KUNIT_EXPECT_PTR_NE(test, next, object);
			kmem_cache_free(cache, next);
			KUNIT_EXPECT_EQ(test, usage_of(test, cache).parked_objects, i + 1);
		}
		kmem_cache_free(cache, kmem_cache_alloc(cache, GFP_KERNEL));
		usage = usage_of(test, cache);
		KUNIT_EXPECT_EQ(test, usage.parked_objects, kinds[k].most);
		KUNIT_EXPECT_EQ(test, usage.live_objects, 0);
		for (size_t n = usage.free_objects; n; n--)
			found += kmem_cache_alloc(cache, GFP_KERNEL) == object;
		KUNIT_EXPECT_EQ(test, found, 1);
		KUNIT_EXPECT_EQ(test, usage_of(test, cache).free_objects, 0);
		kmem_cache_shrink(cache);
		usage = usage_of(test, cache);
		KUNIT_EXPECT_EQ(test, usage.parked_objects, 0);
		KUNIT_EXPECT_EQ(test, usage.live_objects + usage.free_objects, usage.total_objects);
	}
	KTEST_EXPECT_SILENT(test);
}

/* All of them together keep a bounded amount of memory. */
static void g7_bounded_in_all(struct kunit *test)
{
	enum { CACHES = 100 };
	struct kmem_usage all = { .size = sizeof(all) };
	struct kmem_cache_usage usage;
	size_t parked = 0;

	for (int c = 0; c < CACHES; c++) {
		struct kmem_cache *cache = kmem_cache_create("many", 8192, 0, SLAB_NO_MERGE, NULL);

		for (int i = 0; i < 200; i++)
			kmem_cache_free(cache, kmem_cache_alloc(cache, GFP_KERNEL));
		usage = usage_of(test, cache);
		KUNIT_EXPECT_LE(test, usage.parked_objects, 128);
		parked += usage.parked_objects;
	}
	KUNIT_EXPECT_EQ(test, parked, (64 << 20) / 8192);
	kmem_reclaim();
	KUNIT_EXPECT_EQ(test, kmem_usage(&all), 0);
	KUNIT_EXPECT_EQ(test, all.parked_objects, 0);
	KUNIT_EXPECT_EQ(test, all.slab_bytes, 0);
}

/* What is in quarantine is no reason for an allocation to fail, and none for a report at the end. */
static void g7_given_up_for_need(struct kunit *test)
{
	struct kmem_cache *cache = test_cache(4096, 0);
	static void *objects[20000];
	int n = 0;

	while ((objects[n] = kmem_cache_alloc(cache, GFP_NOWAIT | __GFP_NOWARN)))
		n++;
	KUNIT_EXPECT_LE(test, 1000, n);
	for (int i = 0; i < 200; i++)
		kmem_cache_free(cache, objects[i]);
	KUNIT_EXPECT_EQ(test, usage_of(test, cache).parked_objects, 200);
	for (int i = 0; i < 200; i++)
		KUNIT_EXPECT_NOT_NULL(test, objects[i] = kmem_cache_alloc(cache, GFP_NOWAIT | __GFP_NOWARN));
	KUNIT_EXPECT_NULL(test, kmem_cache_alloc(cache, GFP_NOWAIT | __GFP_NOWARN));
	for (int i = 0; i < n; i++)
		kmem_cache_free(cache, objects[i]);
	kmem_cache_destroy(cache);
	KUNIT_EXPECT_EQ(test, slabinfo_rows(), 0);
	KTEST_EXPECT_SILENT(test);
}

/* A write to an object in quarantine, where the cache poisons. */
static void g7_writes_are_found(struct kunit *test)
{
	struct kmem_cache *cache = test_cache(64, SLAB_POISON);
	volatile char *object = kmem_cache_alloc(cache, GFP_KERNEL), *whole = kmem_cache_alloc(cache, GFP_KERNEL);

	kmem_cache_free(cache, (void *)object);
	kmem_cache_free(cache, (void *)whole);
	KUNIT_EXPECT_TRUE(test, all_bytes((void *)object, 63, 0x6b) && (unsigned char)object[63] == 0xa5);
	object[5] = 0x42;
	object[7] = 0x43;
	KTEST_EXPECT_SILENT(test);
	validate_slab_cache(cache);
	EXPECT_REPORT(test, (void *)object,
		      "[Poison overwritten] <5>-<7> @offset=5. First byte 0x42 instead of 0x6b\n"
		      BANNER("Object corrupt") SLAB(56, 2, 144) OBJECT(0, 72) "WARN\n"
		      FIX("Restoring Poison <5>-<7>=0x6b"));
	kmem_cache_destroy(cache);
	KTEST_EXPECT_SILENT(test);
}

static struct kmem_cache *damaged_in;
static void *damaged;
static int freed_again;

static void free_again(void *data, int level, const char *text, size_t len)
{
	static const char words[] = "[Poison overwritten]";

	(void)data, (void)level;
	if (memmem(text, len, words, strlen(words)) && !freed_again++)
		kmem_cache_free(damaged_in, damaged);
}

/* An object that leaves is not free yet, and nobody's that could free it: not while something is said about it either. */
static void g7_freed_again_while_it_leaves(struct kunit *test)
{
	static const slab_flags_t flags[] = { SLAB_POISON, SLAB_POISON | SLAB_RED_ZONE | SLAB_CONSISTENCY_CHECKS };

	kmem_set_log_handler(free_again, NULL);
	for (int i = 0; i < 2 * (int)ARRAY_LEN(flags); i++) {
		unsigned long errors = kmem_errors();
		size_t found = 0, total;

		damaged_in = test_cache(64, flags[i / 2]);
		damaged = kmem_cache_alloc(damaged_in, GFP_KERNEL);
		freed_again = 0;
		kmem_cache_free(damaged_in, damaged);
		((volatile char *)damaged)[5] = 0x42;
		if (i % 2)
			kmem_cache_shrink(damaged_in);
		else
			for (int n = 0; n < 256; n++)
				kmem_cache_free(damaged_in, kmem_cache_alloc(damaged_in, GFP_KERNEL));
		KUNIT_EXPECT_EQ(test, freed_again, 1);
		KUNIT_EXPECT_EQ(test, kmem_errors() - errors, 2);
		KUNIT_EXPECT_EQ(test, usage_of(test, damaged_in).parked_objects, i % 2 ? 0 : 256);
		total = usage_of(test, damaged_in).free_objects;
		while (total--)
			found += kmem_cache_alloc(damaged_in, GFP_KERNEL) == damaged;
		KUNIT_EXPECT_LE(test, found, 1);
		kmem_cache_shrink(damaged_in);
		KUNIT_EXPECT_EQ(test, kmem_errors() - errors, 2);
	}
}

/* Who looks for objects that were never freed does not find those that were. */
static void g7_no_leaks_in_quarantine(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("traced", 64, 0, SLAB_STORE_USER, NULL);
	char text[200];

	kmem_cache_free(cache, kmem_cache_alloc(cache, GFP_KERNEL));
	KUNIT_EXPECT_EQ(test, kmem_cache_attr_show(cache, "alloc_traces", text, sizeof(text)), 8);
	KUNIT_EXPECT_EQ(test, strcmp(text, "No data\n"), 0);
	kmem_cache_destroy(cache);
	KTEST_EXPECT_SILENT(test);
}

/* What is cleared when it is freed does not wait for that until it leaves. */
static void g7_cleared_in_quarantine(struct kunit *test)
{
	static const slab_flags_t flags[] = { 0, SLAB_RED_ZONE, SLAB_CONSISTENCY_CHECKS };

	for (size_t i = 0; i < ARRAY_LEN(flags); i++) {
		struct kmem_cache *cache = kmem_cache_create("cleared", 64, 0, flags[i], NULL);
		unsigned char *object = kmem_cache_alloc(cache, GFP_KERNEL);

		memset(object, 0x12, 64);
		kmem_cache_free(cache, object);
		KUNIT_EXPECT_TRUE(test, all_bytes(object, 64, 0));
		kmem_cache_destroy(cache);
	}
	KTEST_EXPECT_SILENT(test);
}

static void g7_writes_are_harmless(struct kunit *test)
{
	struct kmem_cache *cache = test_cache(64, 0);
	void *object = kmem_cache_alloc(cache, GFP_KERNEL);

	kmem_cache_free(cache, object);
	memset(object, 0x42, 64);
	KUNIT_EXPECT_EQ(test, kmem_cache_shrink(cache), 0);
	kmem_cache_destroy(cache);
	KTEST_EXPECT_SILENT(test);
}

/* Objects that outlive their cache are free at once: nobody would release them from a quarantine. */
static void g7_leftovers(struct kunit *test)
{
	struct kmem_cache *cache = test_cache(64, 0);
	void *object = kmem_cache_alloc(cache, GFP_KERNEL);

	kmem_cache_free(cache, kmem_cache_alloc(cache, GFP_KERNEL));
	kmem_cache_destroy(cache);
	KUNIT_EXPECT_EQ(test, ktest_count("Object 0x"), 1);
	ktest_hush();
	kmem_cache_free(cache, object);
	KTEST_EXPECT_SILENT(test);
	kmem_cache_free(cache, object);
	KUNIT_EXPECT_EQ(test, ktest_count("Object already free\n") + ktest_count("object is not in a slab page\n"), 1);
}

KTEST_MAIN(
	KTEST(g7_placement_is_random, .cmdline = "kmem.harden=2" ONE_SLAB),
	KTEST(g7_placement_is_as_in_linux, .cmdline = "kmem.harden=1" ONE_SLAB),
	KTEST(g7_not_reused_soon, .cmdline = "kmem.harden=2"),
	KTEST(g7_bounded_in_all, .cmdline = "kmem.harden=2"),
	KTEST(g7_given_up_for_need, .cmdline = "kmem.harden=2 kmem.arena=32M"),
	KTEST(g7_writes_are_found, .cmdline = "kmem.harden=2" ONE_SLAB),
	KTEST(g7_freed_again_while_it_leaves, .cmdline = "kmem.harden=2"),
	KTEST(g7_no_leaks_in_quarantine, .cmdline = "kmem.harden=2"),
	KTEST(g7_cleared_in_quarantine, .cmdline = "kmem.harden=2 init_on_free=1"),
	KTEST(g7_writes_are_harmless, .cmdline = "kmem.harden=2"),
	KTEST(g7_leftovers, .cmdline = "kmem.harden=2"))
