// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * Destroy: clean, with objects left, through an alias, twice, of a cache that is not the program's.
 *
 * At risk: leftovers that vanish under the program, an alias that takes the cache away, a stale handle that
 * brings the process down, a kmalloc() that finds another cache in the place of its own.
 */
#include "ktest.h"
#include "util.h"

static void null_is_ignored(struct kunit *test)
{
	kmem_cache_destroy(NULL);
	KTEST_EXPECT_SILENT(test);
}

static void leaves_no_trace(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("clean", 64, 0, SLAB_NO_MERGE, NULL);
	void *object = kmem_cache_alloc(cache, GFP_KERNEL);

	kmem_cache_free(cache, object);
	kmem_cache_destroy(cache);
	KUNIT_EXPECT_EQ(test, slabinfo_rows(), 0);
	KTEST_EXPECT_SILENT(test);
}

static void objects_left(struct kunit *test)
{
	enum { N = 105, SIZE = 200 }; /* five slabs and a bit */
	struct kmem_cache *cache = kmem_cache_create("left", SIZE, 0, SLAB_NO_MERGE, NULL);
	struct kmem_cache *other = kmem_cache_create("other", SIZE, 0, SLAB_NO_MERGE, NULL);
	void *kept = kmem_cache_alloc(other, GFP_KERNEL), *again;
	unsigned char *objects[N];

	for (int i = 0; i < N; i++) {
		objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
		memset(objects[i], i, SIZE);
	}
	kmem_cache_destroy(cache);
	KTEST_EXPECT_SAID(test, "kmem_cache_destroy left: Slab cache still has objects when called from objects_left+0x");
	KTEST_EXPECT_SAID(test, "): Objects remaining on __kmem_cache_shutdown()\n");
	KUNIT_EXPECT_FALSE(test, slabinfo_has("left "));
	/* The memory is still the objects'... */
	for (int i = 0; i < N; i++)
		for (int at = 0; at < SIZE; at++)
			KUNIT_ASSERT_TRUE(test, objects[i][at] == i);
	/* ...and they can be freed. */
	ktest_hush();
	for (int i = 0; i < N; i++)
		kmem_cache_free(cache, objects[i]);
	KTEST_EXPECT_SILENT(test);
	/* Nothing of it reaches other caches, nor a new one of the same name. */
	again = kmem_cache_alloc(other, GFP_KERNEL);
	kmem_cache_free(other, again);
	kmem_cache_free(other, kept);
	kmem_cache_destroy(other);
	cache = kmem_cache_create("left", SIZE, 0, SLAB_NO_MERGE, NULL);
	kmem_cache_destroy(cache);
	KTEST_EXPECT_SILENT(test);
}

static void lists_what_partial_slabs_hold(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("two", 64, 0, SLAB_NO_MERGE, NULL);

	(void)!kmem_cache_alloc(cache, GFP_KERNEL);
	(void)!kmem_cache_alloc(cache, GFP_KERNEL);
	kmem_cache_destroy(cache);
	KUNIT_EXPECT_EQ(test, ktest_count("Object 0x"), 2);
	KUNIT_EXPECT_EQ(test, ktest_count(" used=2 "), 1);
}

static void alias_only_drops_a_reference(struct kunit *test)
{
	struct kmem_cache *first = kmem_cache_create("first", 64, 0, 0, NULL);
	struct kmem_cache *second = kmem_cache_create("second", 60, 0, 0, NULL);
	void *object = kmem_cache_alloc(first, GFP_KERNEL);

	KUNIT_EXPECT_PTR_EQ(test, first, second);
	kmem_cache_destroy(second);
	KTEST_EXPECT_SILENT(test);
	KUNIT_EXPECT_TRUE(test, slabinfo_has("first "));
	kmem_cache_free(first, object);
	kmem_cache_destroy(first);
	KTEST_EXPECT_SILENT(test);
	KUNIT_EXPECT_EQ(test, slabinfo_rows(), 0);
}

static void once_too_often(struct kunit *test)
{
	struct kmem_cache *first = kmem_cache_create("first", 64, 0, 0, NULL);
	struct kmem_cache *second = kmem_cache_create("second", 64, 0, 0, NULL), *third;
	struct kmem_cache *bystander = kmem_cache_create("bystander", 640, 0, 0, NULL);

	kmem_cache_destroy(second);
	kmem_cache_destroy(first);
	kmem_cache_destroy(second);
	KTEST_EXPECT_SAID(test, "is not a slab cache\n");
	KUNIT_EXPECT_EQ(test, slabinfo_rows(), 1);
	third = kmem_cache_create("third", 64, 0, 0, NULL);
	KUNIT_EXPECT_NOT_NULL(test, third);
	kmem_cache_destroy(third);
	kmem_cache_destroy(bystander);
}

static void twice_with_objects_left(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("left", 64, 0, SLAB_NO_MERGE, NULL);
	void *object = kmem_cache_alloc(cache, GFP_KERNEL);

	kmem_cache_destroy(cache);
	ktest_hush();
	kmem_cache_destroy(cache);
	KTEST_EXPECT_SAID(test, "is not a slab cache\n");
	KUNIT_EXPECT_NULL(test, kmem_cache_alloc(cache, GFP_KERNEL));
	kmem_cache_free(cache, object);
}

static int destroy_it(struct kmem_cache *cache, void *unused)
{
	(void)unused;
	kmem_cache_destroy(cache);
	return 0;
}

/* A teardown that destroys whatever it meets. */
static void kmallocs_own_caches_stay(struct kunit *test)
{
	char *block = kmem_kmalloc(64, GFP_KERNEL), *other;
	struct kmem_cache *own = kmem_cache_find("kmalloc-64"), *tiny;
	int rows = slabinfo_rows();

	KUNIT_ASSERT_NOT_NULL(test, own);
	kmem_cache_destroy(own);
	KUNIT_EXPECT_EQ(test, ktest_count("kmem_cache_destroy kmalloc-64: Slab cache is not the program's, ignored\n"), 1);
	KUNIT_EXPECT_EQ(test, kmem_cache_errors(own), 1);
	tiny = kmem_cache_create("tiny", 16, 0, SLAB_NO_MERGE, NULL);
	KUNIT_EXPECT_FALSE(test, tiny == own);
	KUNIT_EXPECT_EQ(test, kmem_cache_for_each(destroy_it, NULL), 0);
	KUNIT_EXPECT_EQ(test, slabinfo_rows(), rows);
	tiny = kmem_cache_create("tiny", 16, 0, SLAB_NO_MERGE, NULL);
	other = kmem_kmalloc(64, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, other);
	KUNIT_EXPECT_EQ(test, kmem_ksize(other), 64);
	KUNIT_EXPECT_EQ(test, kmem_ksize(block), 64);
	ktest_hush();
	kmem_kfree(block);
	kmem_kfree(other);
	kmem_cache_destroy(tiny);
	KTEST_EXPECT_SILENT(test);
}

static void many_times(struct kunit *test)
{
	long before = 0, after;

	for (int round = 0; round < 20000; round++) {
		struct kmem_cache *cache = kmem_cache_create("again", 8 + round % 4000, 0, SLAB_NO_MERGE, NULL);
		void *object = kmem_cache_alloc(cache, GFP_KERNEL);

		kmem_cache_free(cache, object);
		kmem_cache_destroy(cache);
		if (round == 100)
			before = private_dirty_kib();
	}
	after = private_dirty_kib();
	KUNIT_EXPECT_LE(test, after - before, 64);
	KTEST_EXPECT_SILENT(test);
}

KTEST_MAIN(
	KTEST(null_is_ignored), KTEST(leaves_no_trace), KTEST(objects_left), KTEST(lists_what_partial_slabs_hold),
	KTEST(alias_only_drops_a_reference), KTEST(once_too_often), KTEST(twice_with_objects_left),
	KTEST(kmallocs_own_caches_stay), KTEST(many_times))
