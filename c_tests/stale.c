// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * Stale and wrong pointers and handles, and creations beyond all bounds.
 *
 * At risk: a page that still leads to a record which is somebody else's by now, an object of a cache that is gone.
 */
#include "ktest.h"
#include "util.h"
#include "edges.h"

/* A page must not lead to its slab's record once that record's memory holds other things. */
static void g7_free_after_the_slab_is_gone(struct kunit *test)
{
	static const char record_sized[] = "a_name_that_fills_the_place_of_a_slab's_record_0123456789";
	enum { N = 640, CACHES = 300 };
	struct kmem_cache *cache = kmem_cache_create("gone", 64, 0, SLAB_NO_MERGE, NULL), *named[CACHES];
	void *stale[N], *bulk[2];
	char name[64];

	for (int i = 0; i < N; i++)
		stale[i] = kmem_cache_alloc(cache, GFP_KERNEL);
	for (int i = 0; i < N; i++)
		kmem_cache_free(cache, stale[i]);
	KUNIT_EXPECT_EQ(test, kmem_cache_shrink(cache), 0);
	for (int i = 0; i < CACHES; i++) {
		snprintf(name, sizeof(name), "%04d_%.*s", i, 35 + i % 20, record_sized);
		named[i] = kmem_cache_create(name, 64, 0, SLAB_NO_MERGE, NULL);
		KUNIT_ASSERT_NOT_NULL(test, named[i]);
	}
	for (int i = 0; i < N; i += 16) {
		ktest_hush();
		kmem_cache_free(cache, stale[i]);
		KTEST_EXPECT_SAID(test, text_of("kmem_cache_free(gone, 0x%016" PRIxPTR "): object is not in a slab page\n",
						(uintptr_t)stale[i]));
		bulk[0] = stale[i];
		bulk[1] = stale[i + 1];
		ktest_hush();
		kmem_cache_free_bulk(cache, 2, bulk);
		KUNIT_EXPECT_EQ(test, ktest_count("object is not in a slab page\n"), 2);
	}
	KUNIT_EXPECT_EQ(test, slabinfo_rows(), CACHES + 1);
	KUNIT_EXPECT_EQ(test, slabinfo_row("gone").slabs, 0);
	for (int i = 0; i < CACHES; i++) {
		snprintf(name, sizeof(name), "%04d_%.*s", i, 35 + i % 20, record_sized);
		KUNIT_EXPECT_TRUE(test, slabinfo_has(name));
		kmem_cache_destroy(named[i]);
	}
	kmem_cache_destroy(cache);
}

/* Nor to a slab that got the record afterwards. */
static void g7_free_after_the_record_has_moved_on(struct kunit *test)
{
	enum { PER_SLAB = 64, N = 3 * PER_SLAB, LARGE = 8 };
	struct kmem_cache *cache = kmem_cache_create("gone", 64, 0, SLAB_NO_MERGE, NULL);
	struct kmem_cache *hold = kmem_cache_create("hold", 64, 0, SLAB_NO_MERGE, NULL);
	struct kmem_cache *large = kmem_cache_create("large", 32768, 0, SLAB_NO_MERGE, NULL);
	char *stale[N];

	for (int i = 0; i < N; i++)
		stale[i] = kmem_cache_alloc(cache, GFP_KERNEL);
	KUNIT_EXPECT_NOT_NULL(test, kmem_cache_alloc(hold, GFP_KERNEL));
	for (int i = 0; i < N; i++)
		kmem_cache_free(cache, stale[i]);
	KUNIT_EXPECT_EQ(test, kmem_cache_shrink(cache), 0);
	/* The three free pages before the held one are too few for these, but the records are not. */
	for (int i = 0; i < LARGE; i++) {
		char *object = kmem_cache_alloc(large, GFP_KERNEL);

		KUNIT_ASSERT_TRUE(test, object && (stale[0] < object || stale[0] >= object + 32768));
	}
	for (int i = 0; i < N; i++) {
		ktest_hush();
		kmem_cache_free(cache, stale[i]);
		KUNIT_EXPECT_EQ(test, ktest_count("object is not in a slab page\n"), 1);
		KUNIT_EXPECT_EQ(test, ktest_count("BUG "), 0);
	}
	KUNIT_EXPECT_EQ(test, slabinfo_row("large").active, LARGE);
}

static void not_a_cache_for_anybody(struct kunit *test, struct kmem_cache *wrong, void *object)
{
	void *array[2] = { object, object };

	ktest_hush();
	KUNIT_EXPECT_NULL(test, kmem_cache_alloc(wrong, GFP_KERNEL));
	KUNIT_EXPECT_EQ(test, kmem_cache_alloc_bulk(wrong, GFP_KERNEL, 2, array), 0);
	kmem_cache_free(wrong, object);
	array[0] = object;
	kmem_cache_free_bulk(wrong, 1, array);
	kmem_cache_shrink(wrong);
	kmem_cache_destroy(wrong);
	KUNIT_EXPECT_EQ(test, ktest_count("is not a slab cache\n"), 6);
}

static void g7_wrong_handles(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("handle", 1024, 0, SLAB_NO_MERGE, NULL);
	char *at = (char *)cache, *object = kmem_cache_alloc(cache, GFP_KERNEL), *forged = kmem_cache_alloc(cache, GFP_KERNEL);
	struct kmem_cache *descriptor;
	const char *said;
	uintptr_t word;

	not_a_cache_for_anybody(test, (void *)(at + (1 << 30)), object);
	not_a_cache_for_anybody(test, (void *)(at - (1 << 30)), object);
	not_a_cache_for_anybody(test, (void *)(at + 4), object);
	for (int i = 1; i < 64; i++)
		not_a_cache_for_anybody(test, (void *)(at + 16 * i), object);
	/* The handle's memory, over and over: whatever the library looks for in an object, it finds it. */
	memcpy(&descriptor, cache, sizeof(descriptor));
	for (size_t i = 0; i < 1024; i += 16)
		memcpy(forged + i, cache, 16);
	for (int i = 0; i < 1024; i += 64)
		not_a_cache_for_anybody(test, (void *)(forged + i), object);
	/* What a descriptor begins with, and pointers to it. */
	not_a_cache_for_anybody(test, descriptor, object);
	for (int i = 0; i < 1024; i += 64)
		memcpy(forged + i, descriptor, 64);
	not_a_cache_for_anybody(test, (void *)forged, object);
	word = (uintptr_t)forged + 512;
	memcpy(forged, &word, sizeof(word));
	not_a_cache_for_anybody(test, (void *)forged, object);
	/* A slab's record leads to the descriptor as a handle does. A report says where it is. */
	ktest_hush();
	kmem_cache_free(cache, object);
	kmem_cache_free(cache, object);
	said = strstr(ktest_said(), "Slab 0x");
	KUNIT_ASSERT_NOT_NULL(test, said);
	word = strtoull(said + strlen("Slab "), NULL, 16);
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	for (int i = -64; i <= 64; i += 16)
		not_a_cache_for_anybody(test, (void *)(word + (uintptr_t)i), object);
	kmem_cache_shrink(cache);
	KUNIT_EXPECT_EQ(test, slabinfo_row("handle").active, 2);
	kmem_cache_free(cache, object);
	kmem_cache_free(cache, forged);
	kmem_cache_destroy(cache);
	KUNIT_EXPECT_EQ(test, slabinfo_rows(), 0);
	not_a_cache_for_anybody(test, cache, object);
}

/* Objects that outlive their cache come back without a word, by either call. */
static void g7_leftovers(struct kunit *test)
{
	enum { N = 100 };
	struct kmem_cache *cache = kmem_cache_create("left", 200, 0, SLAB_NO_MERGE, NULL);
	void *objects[N];

	for (int i = 0; i < N; i++) {
		objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
		memset(objects[i], i, 200);
	}
	kmem_cache_destroy(cache);
	KTEST_EXPECT_SAID(test, "Slab cache still has objects");
	KUNIT_EXPECT_EQ(test, slabinfo_rows(), 0);
	ktest_hush();
	for (int i = 0; i < N; i++)
		KUNIT_EXPECT_TRUE(test, all_bytes(objects[i], 200, (unsigned char)i));
	kmem_cache_free_bulk(cache, 50, objects);
	for (int i = 50; i < 60; i++)
		kmem_cache_free(cache, objects[i]);
	kmem_cache_free_bulk(NULL, 10, objects + 60);
	kmem_cache_free_bulk(cache, 30, objects + 70);
	KTEST_EXPECT_SILENT(test);
}

static void g7_leftovers_hardened(struct kunit *test)
{
	g7_leftovers(test);
}

/* Objects that come back to a cache that is gone do not bring it to life again. */
static void g7_nothing_from_a_cache_that_is_gone(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("left", 200, 0, SLAB_NO_MERGE, NULL);
	void *object = kmem_cache_alloc(cache, GFP_KERNEL), *array[2];

	kmem_cache_destroy(cache);
	ktest_hush();
	KUNIT_EXPECT_NULL(test, kmem_cache_alloc(cache, GFP_KERNEL));
	kmem_cache_free(cache, object);
	KUNIT_EXPECT_NULL(test, kmem_cache_alloc(cache, GFP_KERNEL));
	KUNIT_EXPECT_EQ(test, kmem_cache_alloc_bulk(cache, GFP_KERNEL, 1, array), 0);
	KUNIT_EXPECT_EQ(test, ktest_count("is not a slab cache\n"), 3);
}

/* The report shows the bytes as the second free found them. */
static void g7_double_free_shows_current_bytes(struct kunit *test)
{
	struct kmem_cache *cache = kmem_cache_create("bytes", 32, 0, SLAB_POISON, NULL);
	unsigned char *keep = kmem_cache_alloc(cache, GFP_KERNEL), *object = kmem_cache_alloc(cache, GFP_KERNEL);
	volatile unsigned char *peek = object;

	kmem_cache_free(cache, object);
	KUNIT_EXPECT_EQ(test, peek[5], 0x6b);
	peek[5] = 0x42;
	peek[31] = 0x43;
	ktest_hush();
	kmem_cache_free(cache, object);
	KTEST_EXPECT_SAID(test, "BUG bytes (Not tainted): Object already free\n");
	KTEST_EXPECT_SAID(test, text_of("Object   %016" PRIxPTR
					": 6b 6b 6b 6b 6b 42 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b  kkkkkBkkkkkkkkkk\n",
					(uintptr_t)object));
	KTEST_EXPECT_SAID(test, text_of("Object   %016" PRIxPTR
					": 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 43  kkkkkkkkkkkkkkkC\n",
					(uintptr_t)object + 16));
	KUNIT_EXPECT_EQ(test, peek[5], 0x42);
	kmem_cache_free(cache, keep);
}

static void g7_own_arrays_forbid_merging(struct kunit *test)
{
	struct kmem_cache_args one = { .sheaf_capacity = 32 }, two = one, three = { .sheaf_capacity = 0 }, four = three;
	struct kmem_cache *a = kmem_cache_create("a", 96, &one, 0), *b = kmem_cache_create("b", 96, &two, 0);
	struct kmem_cache *c = kmem_cache_create("c", 96, &three, 0), *d = kmem_cache_create("d", 96, &four, 0);

	KUNIT_EXPECT_PTR_NE(test, a, b);
	KUNIT_EXPECT_PTR_NE(test, a, c);
	KUNIT_EXPECT_PTR_NE(test, b, c);
	KUNIT_EXPECT_PTR_EQ(test, c, d);
	KUNIT_EXPECT_EQ(test, slabinfo_rows(), 3);
	KTEST_EXPECT_SILENT(test);
}

static void constructor(void *object)
{
	memset(object, 0x5c, 64);
}

static void g7_sizes_beyond_all_bounds(struct kunit *test)
{
	static const unsigned long flags[] = {
		0, SLAB_CONSISTENCY_CHECKS, SLAB_RED_ZONE, SLAB_POISON, SLAB_STORE_USER, SLAB_HWCACHE_ALIGN,
		SLAB_TYPESAFE_BY_RCU, SLAB_KMALLOC | SLAB_STORE_USER,
		SLAB_RED_ZONE | SLAB_POISON | SLAB_STORE_USER | SLAB_HWCACHE_ALIGN,
	};
	static const size_t sizes[] = { SIZE_MAX, SIZE_MAX - 1, SIZE_MAX - 7, SIZE_MAX - 8, SIZE_MAX - 63, SIZE_MAX - 4095,
					SIZE_MAX / 2, SIZE_MAX / 2 + 1, (size_t)1 << 32, ((size_t)1 << 32) + 64, (8u << 20) + 1 };

	for (size_t f = 0; f < ARRAY_LEN(flags); f++) {
		for (size_t s = 0; s < ARRAY_LEN(sizes); s++)
			KUNIT_EXPECT_NULL(test, kmem_cache_create("huge", sizes[s], 0, flags[f], s % 2 ? constructor : NULL));
		for (int bit = 23; bit < 64; bit++)
			KUNIT_EXPECT_NULL(test, kmem_cache_create("huge", 64, (size_t)1 << bit, flags[f], NULL));
		KUNIT_EXPECT_NULL(test, kmem_cache_create("huge", SIZE_MAX - 7, (size_t)1 << 63, flags[f], NULL));
		KUNIT_EXPECT_EQ(test, ktest_count("kmem_cache_create(huge) failed with error -22\n"), ARRAY_LEN(sizes) + 41 + 1);
		ktest_hush();
	}
	KUNIT_EXPECT_EQ(test, slabinfo_rows(), 0);
}

static void g7_panics_for_an_unknown_flag(struct kunit *test)
{
	kmem_cache_create("unknown", 64, 0, SLAB_PANIC | 1UL << 40, NULL);
	ktest_fail(test, "came back");
}

KTEST_MAIN(
	KTEST(g7_free_after_the_slab_is_gone, .cmdline = "kmem.harden=1"),
	KTEST(g7_free_after_the_record_has_moved_on, .cmdline = "kmem.harden=1 kmem.cpus=2"),
	KTEST(g7_wrong_handles),
	KTEST(g7_leftovers),
	KTEST(g7_leftovers_hardened, .cmdline = "kmem.harden=1"),
	KTEST(g7_nothing_from_a_cache_that_is_gone),
	KTEST(g7_double_free_shows_current_bytes),
	KTEST(g7_own_arrays_forbid_merging),
	KTEST(g7_sizes_beyond_all_bounds),
	KTEST(g7_panics_for_an_unknown_flag, .signal = SIGABRT, .says = "Kernel panic - not syncing: kmem_cache_create: Failed to create slab 'unknown'. Error -22\n"))
