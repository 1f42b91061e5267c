// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * Bulk calls: all or nothing, and frees that survive a wrong entry.
 *
 * At risk: a partial count, objects lost when memory ends in the middle, one bad pointer that takes good ones
 * with it.
 */
#include "ktest.h"
#include "util.h"

static void none(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("none", 64, 0, 0, NULL);
	void *object = NULL;

	KUNIT_EXPECT_EQ(test, kmem_cache_alloc_bulk(cache, GFP_KERNEL, 0, &object), 0);
	KUNIT_EXPECT_EQ(test, kmem_cache_alloc_bulk(cache, GFP_KERNEL, 0, NULL), 0);
	KUNIT_EXPECT_EQ(test, kmem_cache_alloc_bulk(cache, GFP_KERNEL, 5, NULL), 0);
	kmem_cache_free_bulk(cache, 0, NULL);
	kmem_cache_free_bulk(cache, 0, &object);
	KUNIT_EXPECT_EQ(test, slabinfo_row("none").active, 0);
	kmem_cache_destroy(cache);
	KTEST_EXPECT_SILENT(test);
}

static void many(struct kunit *test)
{
	enum { N = 100000 };
	static const unsigned long flags[] = { 0, SLAB_POISON | SLAB_RED_ZONE, SLAB_TYPESAFE_BY_RCU };
	static void *objects[N];

	for (size_t f = 0; f < ARRAY_LEN(flags); f++) {
		struct kmem_cache *cache = kmem_cache_create("many", 56, 0, flags[f] | SLAB_NO_MERGE, NULL);

		for (size_t n = 1; n <= N; n = n * 3 + 1) {
			KUNIT_EXPECT_EQ(test, kmem_cache_alloc_bulk(cache, GFP_KERNEL | __GFP_ZERO, n, objects), n);
			KUNIT_EXPECT_GE(test, slabinfo_row("many").active, n);
			for (size_t i = 0; i < n; i++) {
				KUNIT_ASSERT_TRUE(test, ((size_t *)objects[i])[3] == 0);
				memset(objects[i], 0xff, 56);
				((size_t *)objects[i])[3] = i + 1;
			}
			for (size_t i = 0; i < n; i++)
				KUNIT_ASSERT_TRUE(test, ((size_t *)objects[i])[3] == i + 1);
			kmem_cache_free_bulk(cache, n, objects);
			kmem_cache_shrink(cache);
			KUNIT_EXPECT_EQ(test, slabinfo_row("many").active, 0);
		}
		kmem_cache_destroy(cache);
	}
	KTEST_EXPECT_SILENT(test);
}

static void impossible_counts(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("huge", 4096, 0, SLAB_NO_MERGE, NULL);
	const size_t counts[] = { INT32_MAX, (size_t)INT32_MAX + 1, (size_t)1 << 40, SIZE_MAX / 8, SIZE_MAX / 8 + 1,
				  SIZE_MAX };
	void *guard[2] = { (void *)1, (void *)2 };

	for (size_t i = 0; i < ARRAY_LEN(counts); i++)
		KUNIT_EXPECT_EQ(test, kmem_cache_alloc_bulk(cache, GFP_KERNEL, counts[i], guard), 0);
	/* Refused before anything was written. */
	KUNIT_EXPECT_PTR_EQ(test, guard[0], (void *)1);
	KUNIT_EXPECT_EQ(test, slabinfo_row("huge").active, 0);
	kmem_cache_destroy(cache);
}

/* 64 MiB of arena hold no 20,000 objects of 4 KiB, but fewer than the arena's capacity was asked for. */
static void memory_ends_in_the_middle(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("end", 4000, 0, SLAB_NO_MERGE, NULL);
	struct kmem_cache *filler = kmem_cache_create("filler", 4096, 0, SLAB_NO_MERGE, NULL);
	static void *objects[20000];

	while (kmem_cache_alloc(filler, GFP_KERNEL | __GFP_NOWARN) && slabinfo_row("filler").active < 8000)
		;
	KUNIT_EXPECT_EQ(test, kmem_cache_alloc_bulk(cache, GFP_KERNEL, 10000, objects), 0);
	KTEST_EXPECT_SAID(test, "SLUB: Unable to allocate memory on CPU ");
	KTEST_EXPECT_SAID(test, "  cache: end, object size: 4000, buffer size: 4000, default order: ");
	kmem_cache_shrink(cache);
	KUNIT_EXPECT_EQ(test, slabinfo_row("end").active, 0);
	KUNIT_EXPECT_EQ(test, kmem_cache_alloc_bulk(cache, GFP_KERNEL, 1000, objects), 1000);
	kmem_cache_free_bulk(cache, 1000, objects);
}

static void wrong_entries(struct kunit *test)
{
	enum { N = 600 };
	struct kmem_cache *cache = kmem_cache_create("good", 64, 0, SLAB_NO_MERGE, NULL);
	struct kmem_cache *other = kmem_cache_create("other", 64, 0, SLAB_NO_MERGE, NULL);
	void *objects[N], *local = NULL;

	KUNIT_EXPECT_EQ(test, kmem_cache_alloc_bulk(cache, GFP_KERNEL, N, objects), N);
	kmem_cache_free(cache, objects[10]);
	kmem_cache_free(cache, objects[20]);
	kmem_cache_free(cache, objects[30]);
	objects[10] = NULL;
	objects[20] = kmem_cache_alloc(other, GFP_KERNEL);
	objects[30] = &local;
	objects[40] = (char *)objects[40] + 8;
	kmem_cache_free_bulk(cache, N, objects);
	kmem_cache_shrink(cache);
	kmem_cache_shrink(other);
	KUNIT_EXPECT_EQ(test, ktest_count("Wrong slab cache. good but object is from other\n"), 1);
	KUNIT_EXPECT_EQ(test, ktest_count("virt_to_cache: Object is not a Slab page!\n"), 1);
	KUNIT_EXPECT_EQ(test, ktest_count("): Invalid object pointer 0x"), 1);
	/* All but the one whose address was off. */
	KUNIT_EXPECT_EQ(test, slabinfo_row("good").active, 1);
	KUNIT_EXPECT_EQ(test, slabinfo_row("other").active, 0);
}

static void each_to_its_own_cache(struct kunit *test)
{
	struct kmem_cache *a = kmem_cache_create("a", 64, 0, SLAB_NO_MERGE, NULL);
	struct kmem_cache *b = kmem_cache_create("b", 1000, 0, SLAB_NO_MERGE, NULL);
	void *objects[200];

	for (int i = 0; i < 200; i++)
		objects[i] = kmem_cache_alloc(i % 3 ? a : b, GFP_KERNEL);
	kmem_cache_free_bulk(NULL, 200, objects);
	KTEST_EXPECT_SILENT(test);
	kmem_cache_shrink(a);
	kmem_cache_shrink(b);
	KUNIT_EXPECT_EQ(test, slabinfo_row("a").active + slabinfo_row("b").active, 0);
	kmem_cache_destroy(a);
	kmem_cache_destroy(b);
	KTEST_EXPECT_SILENT(test);
}

static void seven(void *object)
{
	memset(object, 7, 4096);
}

/* What a bulk request takes, and gives back because there is not enough, is as the constructor left it. */
static void failed_bulk_clears_nothing(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("constructed", 4096, 0, SLAB_NO_MERGE, seven);
	static void *many[16384];
	void *held = kmem_kmalloc(4 << 20, GFP_KERNEL);
	int failed = 0;

	KUNIT_ASSERT_TRUE(test, held != NULL);
	for (size_t n = ARRAY_LEN(many); n >= 512; n -= 512) {
		void *some[64];

		if (kmem_cache_alloc_bulk(cache, GFP_KERNEL | __GFP_ZERO | __GFP_NOWARN, n, many)) {
			for (size_t i = 0; i < n; i++)
				seven(many[i]);
			kmem_cache_free_bulk(cache, n, many);
			break;
		}
		failed++;
		for (size_t i = 0; i < ARRAY_LEN(some); i++) {
			some[i] = kmem_cache_alloc(cache, GFP_KERNEL);
			KUNIT_ASSERT_TRUE(test, some[i] != NULL);
			KUNIT_EXPECT_EQ(test, *(unsigned char *)some[i], 7);
		}
		kmem_cache_free_bulk(cache, ARRAY_LEN(some), some);
	}
	KUNIT_EXPECT_GT(test, failed, 0);
	kmem_kfree(held);
	kmem_cache_destroy(cache);
}

KTEST_MAIN(
	KTEST(none), KTEST(many), KTEST(impossible_counts), KTEST(memory_ends_in_the_middle, .cmdline = "kmem.arena=64M"),
	KTEST(failed_bulk_clears_nothing, .cmdline = "kmem.arena=32M"), KTEST(wrong_entries), KTEST(each_to_its_own_cache))
