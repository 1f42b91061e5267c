// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * Single objects: alignment, overlap, zeroing, and frees of everything that is not an object of the cache.
 *
 * At risk: objects that overlap for an odd size, zeroing that stops short, a wrong pointer that corrupts a
 * neighbour.
 */
#include "ktest.h"
#include "util.h"

static void aligned_and_apart(struct kunit *test)
{
	static const size_t aligns[] = { 0, 8, 16, 64, 256, 4096 };
	static const unsigned long flags[] = { 0, SLAB_HWCACHE_ALIGN, SLAB_RED_ZONE, SLAB_POISON | SLAB_STORE_USER,
					       SLAB_TYPESAFE_BY_RCU };
	enum { N = 40 };
	unsigned char *objects[N];

	for (size_t size = 1; size <= 3000; size += size < 200 ? 1 : 97) {
		for (size_t a = 0; a < ARRAY_LEN(aligns); a++) {
			struct kmem_cache *cache = kmem_cache_create("apart", size, aligns[a],
								     flags[(size + a) % ARRAY_LEN(flags)] | SLAB_NO_MERGE, NULL);

			KUNIT_ASSERT_NOT_NULL(test, cache);
			for (int i = 0; i < N; i++) {
				objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
				KUNIT_ASSERT_NOT_NULL(test, objects[i]);
				KUNIT_EXPECT_EQ(test, (uintptr_t)objects[i] % (aligns[a] > 8 ? aligns[a] : 8), 0);
				memset(objects[i], i + 1, size);
			}
			for (int i = 0; i < N; i++) {
				for (size_t at = 0; at < size; at++)
					KUNIT_ASSERT_TRUE(test, objects[i][at] == i + 1);
				kmem_cache_free(cache, objects[i]);
			}
			kmem_cache_destroy(cache);
		}
	}
	KTEST_EXPECT_SILENT(test);
}

static void zeroed_to_the_last_byte(struct kunit *test)
{
	for (size_t size = 1; size <= 5000; size = size * 5 / 3 + 1) {
		struct kmem_cache *cache = kmem_cache_create("zero", size, 0, SLAB_NO_MERGE, NULL);
		unsigned char *object = kmem_cache_alloc(cache, GFP_KERNEL);

		memset(object, 0xff, size);
		kmem_cache_free(cache, object);
		object = kmem_cache_zalloc(cache, GFP_KERNEL);
		for (size_t at = 0; at < size; at++)
			KUNIT_ASSERT_TRUE(test, object[at] == 0);
		kmem_cache_free(cache, object);
		kmem_cache_destroy(cache);
	}
}

static void every_form_of_the_call(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("forms", 100, 0, 0, NULL);
	void *objects[] = {
		kmem_cache_alloc(cache, GFP_KERNEL),
		kmem_cache_alloc(cache, GFP_ATOMIC),
		kmem_cache_alloc(cache, 0),
		kmem_cache_zalloc(cache, GFP_NOWAIT),
		kmem_cache_alloc_node(cache, GFP_KERNEL, -1),
		kmem_cache_alloc_node(cache, GFP_KERNEL | __GFP_THISNODE, 0),
		kmem_cache_alloc_node(cache, GFP_KERNEL, 7),
		kmem_cache_alloc_node(cache, GFP_KERNEL | __GFP_THISNODE, 1),
		kmem_cache_alloc_lru(cache, NULL, GFP_KERNEL),
	};

	for (size_t i = 0; i < ARRAY_LEN(objects); i++) {
		KUNIT_EXPECT_NOT_NULL(test, objects[i]);
		for (size_t j = 0; j < i; j++)
			KUNIT_EXPECT_PTR_NE(test, objects[i], objects[j]);
	}
	kmem_cache_shrink(cache);
	KUNIT_EXPECT_EQ(test, slabinfo_row("forms").active, ARRAY_LEN(objects));
	for (size_t i = 0; i < ARRAY_LEN(objects); i++)
		kmem_cache_free(cache, objects[i]);
	kmem_cache_destroy(cache);
	KTEST_EXPECT_SILENT(test);
}

static void not_a_cache(struct kunit *test)
{
	struct kmem_cache *real = kmem_cache_create("real", 64, 0, 0, NULL);
	int on_stack[64] = { 0 };
	void *object = kmem_cache_alloc(real, GFP_KERNEL), *array[2] = { object, NULL };
	struct kmem_cache *wrong[] = { NULL, (void *)8, (void *)on_stack, object, (void *)((char *)real + 8),
				       (void *)((char *)real + 64), (void *)-1, (void *)(UINTPTR_MAX / 2) };

	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		ktest_hush();
		KUNIT_EXPECT_NULL(test, kmem_cache_alloc(wrong[i], GFP_KERNEL));
		KUNIT_EXPECT_NULL(test, kmem_cache_zalloc(wrong[i], GFP_KERNEL));
		KUNIT_EXPECT_EQ(test, kmem_cache_size(wrong[i]), 0);
		KUNIT_EXPECT_EQ(test, kmem_cache_shrink(wrong[i]), 0);
		KUNIT_EXPECT_EQ(test, kmem_cache_alloc_bulk(wrong[i], GFP_KERNEL, 2, array), 0);
		kmem_cache_free(wrong[i], object);
		KUNIT_EXPECT_EQ(test, ktest_count("is not a slab cache\n"), 6);
		if (wrong[i])
			kmem_cache_destroy(wrong[i]);
		KUNIT_EXPECT_EQ(test, ktest_count("WARNING: "), wrong[i] ? 7 : 6);
	}
	kmem_cache_shrink(real);
	KUNIT_EXPECT_EQ(test, slabinfo_row("real").active, 1);
	kmem_cache_free(real, object);
	kmem_cache_destroy(real);
	KUNIT_EXPECT_EQ(test, slabinfo_rows(), 0);
}

static void free_of_null(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("null", 64, 0, 0, NULL);

	kmem_cache_free(cache, NULL);
	kmem_cache_free(NULL, NULL);
	KTEST_EXPECT_SILENT(test);
	kmem_cache_destroy(cache);
}

static void free_of_a_foreign_pointer(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("mine", 64, 0, 0, NULL);
	char *live = kmem_cache_alloc(cache, GFP_KERNEL), *heap = malloc(64), local[64];
	/* The second last: ours, but beyond every slab. */
	void *foreign[] = { heap, local, (void *)1, (void *)-1, (void *)(uintptr_t)&free_of_null, live + (1 << 30), cache };

	for (size_t i = 0; i < ARRAY_LEN(foreign); i++) {
		ktest_hush();
		kmem_cache_free(cache, foreign[i]);
		KUNIT_EXPECT_EQ(test, ktest_count("virt_to_cache: Object is not a Slab page!\n"), i == 0);
		KUNIT_EXPECT_EQ(test, ktest_count("): object is not in a slab page\n"), 1);
	}
	kmem_cache_shrink(cache);
	KUNIT_EXPECT_EQ(test, slabinfo_row("mine").active, 1);
	kmem_cache_free(cache, live);
	free(heap);
	kmem_cache_destroy(cache);
}

static void free_of_an_interior_pointer(struct kunit *test)
{
	static const unsigned long flags[] = { 0, SLAB_RED_ZONE | SLAB_CONSISTENCY_CHECKS };

	for (size_t i = 0; i < ARRAY_LEN(flags); i++) {
		struct kmem_cache *cache = kmem_cache_create("inner", 200, 0, flags[i] | SLAB_NO_MERGE, NULL);
		unsigned char *object = kmem_cache_alloc(cache, GFP_KERNEL);

		memset(object, 0x11, 200);
		for (int at = 1; at < 200; at++) {
			ktest_hush();
			kmem_cache_free(cache, object + at);
			KUNIT_EXPECT_EQ(test, ktest_count("): Invalid object pointer 0x"), 1);
			KUNIT_EXPECT_EQ(test, ktest_count(" not freed\n"), 1);
		}
		for (int at = 0; at < 200; at++)
			KUNIT_EXPECT_EQ(test, object[at], 0x11);
		kmem_cache_shrink(cache);
		KUNIT_EXPECT_EQ(test, slabinfo_row("inner").active, 1);
		kmem_cache_free(cache, object);
		ktest_hush();
		kmem_cache_destroy(cache);
		KTEST_EXPECT_SILENT(test);
	}
}

static void free_twice(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("twice", 64, 0, 0, NULL);
	void *keep = kmem_cache_alloc(cache, GFP_KERNEL), *object = kmem_cache_alloc(cache, GFP_KERNEL);
	void *first, *second;

	kmem_cache_free(cache, object);
	KTEST_EXPECT_SILENT(test);
	kmem_cache_free(cache, object);
	KTEST_EXPECT_SAID(test, "BUG twice (Not tainted): Object already free\n");
	KTEST_EXPECT_SAID(test, "FIX twice: Object at 0x");
	/* It is in the cache once, not twice. */
	first = kmem_cache_alloc(cache, GFP_KERNEL);
	second = kmem_cache_alloc(cache, GFP_KERNEL);
	KUNIT_EXPECT_PTR_NE(test, first, second);
	kmem_cache_free(cache, first);
	kmem_cache_free(cache, second);
	kmem_cache_free(cache, keep);
	kmem_cache_destroy(cache);
}

static void free_to_another_cache(struct kunit *test)
{
	struct kmem_cache *a = kmem_cache_create("cache_a", 64, 0, SLAB_NO_MERGE, NULL);
	struct kmem_cache *b = kmem_cache_create("cache_b", 192, 0, SLAB_NO_MERGE, NULL);
	void *object = kmem_cache_alloc(a, GFP_KERNEL);

	kmem_cache_free(b, object);
	KTEST_EXPECT_SAID(test, "cache_from_obj: Wrong slab cache. cache_b but object is from cache_a\n");
	kmem_cache_shrink(a);
	KUNIT_EXPECT_EQ(test, slabinfo_row("cache_a").active, 0);
	KUNIT_EXPECT_EQ(test, slabinfo_row("cache_b").objects, 0);
	ktest_hush();
	kmem_cache_destroy(a);
	kmem_cache_destroy(b);
	KTEST_EXPECT_SILENT(test);
}

static void poison_and_red_zones(struct kunit *test)
{
	struct kmem_cache *poison = kmem_cache_create("poison", 40, 0, SLAB_POISON, NULL);
	struct kmem_cache *red = kmem_cache_create("red", 40, 0, SLAB_RED_ZONE, NULL);
	unsigned char *object = kmem_cache_alloc(poison, GFP_KERNEL);

	for (int at = 0; at < 39; at++)
		KUNIT_EXPECT_EQ(test, object[at], 0x6b);
	KUNIT_EXPECT_EQ(test, object[39], 0xa5);
	memset(object, 0, 40);
	kmem_cache_free(poison, object);
	KUNIT_EXPECT_EQ(test, object[0], 0x6b);
	object = kmem_cache_alloc(red, GFP_KERNEL);
	KUNIT_EXPECT_EQ(test, object[-1], 0xcc);
	KUNIT_EXPECT_EQ(test, object[40], 0xcc);
	kmem_cache_free(red, object);
	KUNIT_EXPECT_EQ(test, object[-1], 0xbb);
	KUNIT_EXPECT_EQ(test, object[40], 0xbb);
	kmem_cache_destroy(poison);
	kmem_cache_destroy(red);
}

static void illegal_gfp_bits(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("gfp", 64, 0, 0, NULL);
	void *first = kmem_cache_alloc(cache, GFP_KERNEL | __GFP_HIGHMEM), *second;

	KTEST_EXPECT_SAID(test, "Unexpected gfp: 0x2 (__GFP_HIGHMEM). Fixing up to gfp: 0xcc0 (GFP_KERNEL). Fix your code!\n");
	ktest_hush();
	second = kmem_cache_alloc(cache, GFP_KERNEL | __GFP_HIGHMEM);
	KTEST_EXPECT_SILENT(test);
	kmem_cache_free(cache, first);
	kmem_cache_free(cache, second);
	kmem_cache_destroy(cache);
}

/* Without hardening a wrong pointer may rest in the thread's sheaf; it is found when the sheaf is emptied. */
static void wrong_frees_are_found_at_the_latest_by_shrink(struct kunit *test)
{
	struct kmem_cache *a = kmem_cache_create("cache_a", 64, 0, SLAB_NO_MERGE, NULL);
	struct kmem_cache *b = kmem_cache_create("cache_b", 192, 0, SLAB_NO_MERGE, NULL);
	void *from_a = kmem_cache_alloc(a, GFP_KERNEL), *from_b = kmem_cache_alloc(b, GFP_KERNEL);
	void *other = kmem_cache_alloc(b, GFP_KERNEL);
	char local[64];

	kmem_cache_free(b, from_a);
	kmem_cache_free(b, local);
	kmem_cache_free(b, (char *)from_b + 8);
	kmem_cache_free(b, other);
	kmem_cache_free(b, from_b);
	kmem_cache_free(b, other);
	kmem_cache_shrink(b);
	KUNIT_EXPECT_EQ(test, ktest_count("Wrong slab cache. cache_b but object is from cache_a\n"), 1);
	KUNIT_EXPECT_EQ(test, ktest_count("virt_to_cache: Object is not a Slab page!\n"), 1);
	KUNIT_EXPECT_EQ(test, ktest_count("): Invalid object pointer 0x"), 1);
	KUNIT_EXPECT_EQ(test, ktest_count("): Object already free\n"), 1);
	kmem_cache_shrink(a);
	KUNIT_EXPECT_EQ(test, slabinfo_row("cache_a").active, 0);
	KUNIT_EXPECT_EQ(test, slabinfo_row("cache_b").active, 0);
	ktest_hush();
	kmem_cache_destroy(a);
	kmem_cache_destroy(b);
	KTEST_EXPECT_SILENT(test);
}

KTEST_MAIN(
	KTEST(wrong_frees_are_found_at_the_latest_by_shrink),
	KTEST(aligned_and_apart), KTEST(zeroed_to_the_last_byte), KTEST(every_form_of_the_call), KTEST(not_a_cache),
	KTEST(free_of_null), KTEST(free_of_a_foreign_pointer, .cmdline = "kmem.harden=1"), KTEST(free_of_an_interior_pointer, .cmdline = "kmem.harden=1"),
	KTEST(free_twice), KTEST(free_to_another_cache, .cmdline = "kmem.harden=1"), KTEST(poison_and_red_zones), KTEST(illegal_gfp_bits))
