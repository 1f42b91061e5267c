// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * slabinfo's text, boot options, geometry by the number of CPUs, and merging as a program sees it.
 *
 * At risk: a column off its place breaks every reader of /proc/slabinfo; an option that is misread changes
 * behaviour silently.
 */
#include "ktest.h"
#include "util.h"

static void exact_text(struct kunit *test)
{
	struct kmem_cache *old = kmem_cache_create("a_cache", 700, 0, SLAB_NO_MERGE, NULL);
	struct kmem_cache *new = kmem_cache_create("a_name_longer_than_its_column", 64, 0, SLAB_NO_MERGE, NULL);

	(void)!kmem_cache_alloc(old, GFP_KERNEL);
	KUNIT_EXPECT_NOT_NULL(test, new);
	KUNIT_EXPECT_EQ(test, strcmp(slabinfo(),
		"slabinfo - version: 2.1\n"
		"# name            <active_objs> <num_objs> <objsize> <objperslab> <pagesperslab> : tunables <limit> "
		"<batchcount> <sharedfactor> : slabdata <active_slabs> <num_slabs> <sharedavail>\n"
		"a_name_longer_than_its_column      0      0     64   64    1 : tunables    0    0    0 : slabdata "
		"     0      0      0\n"
		"a_cache                1     23    704   23    4 : tunables    0    0    0 : slabdata      1      1 "
		"     0\n"), 0);
}

static void nothing_without_caches(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, slabinfo()[0], '\0');
}

static void write_errors(struct kunit *test)
{
	int full = open("/dev/full", O_WRONLY);

	KUNIT_EXPECT_EQ(test, kmem_slabinfo_write(-1), 0);
	kmem_cache_create("one", 64, 0, 0, NULL);
	KUNIT_EXPECT_EQ(test, kmem_slabinfo_write(-1), -EBADF);
	KUNIT_EXPECT_EQ(test, kmem_slabinfo_write(full), -ENOSPC);
}

static void many_caches(struct kunit *test)
{
	enum { N = 10000 };
	static struct kmem_cache *caches[N];

	for (int i = 0; i < N; i++) {
		char name[32];

		snprintf(name, sizeof(name), "c%d", i);
		caches[i] = kmem_cache_create(name, 64, 0, SLAB_NO_MERGE, NULL);
	}
	KUNIT_EXPECT_EQ(test, slabinfo_rows(), N);
	for (int i = 0; i < N; i++)
		kmem_cache_destroy(caches[i]);
	KUNIT_EXPECT_EQ(test, slabinfo_rows(), 0);
}

static void geometry(struct kunit *test, size_t size, unsigned long pages, unsigned long objects)
{
	struct kmem_cache *cache = kmem_cache_create("geometry", size, 0, SLAB_NO_MERGE, NULL);
	struct slabinfo_row row = slabinfo_row("geometry");

	KUNIT_EXPECT_EQ(test, row.pages, pages);
	KUNIT_EXPECT_EQ(test, row.per_slab, objects);
	kmem_cache_destroy(cache);
}

static void geometry_1(struct kunit *test)
{
	geometry(test, 700, 2, 11);
	geometry(test, 2048, 4, 8);
}

static void geometry_16(struct kunit *test)
{
	geometry(test, 700, 8, 46);
	geometry(test, 192, 2, 42);
}

static void geometry_min_order(struct kunit *test)
{
	geometry(test, 64, 4, 256);
	/* 8-byte objects: the bitmap is larger than a slab's record. */
	struct kmem_cache *cache = kmem_cache_create("tiny", 8, 0, SLAB_NO_MERGE, NULL);
	static void *objects[5000];

	for (int i = 0; i < 5000; i++)
		objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
	KUNIT_EXPECT_EQ(test, slabinfo_row("tiny").per_slab, 2048);
	for (int i = 0; i < 5000; i++)
		kmem_cache_free(cache, objects[i]);
	kmem_cache_shrink(cache);
	KUNIT_EXPECT_EQ(test, slabinfo_row("tiny").active, 0);
	kmem_cache_destroy(cache);
}

static void unknown_words(struct kunit *test)
{
	kmem_cache_create("one", 64, 0, SLAB_NO_MERGE, NULL);
	kmem_cache_create("two", 64, 0, SLAB_NO_MERGE, NULL);
	KUNIT_EXPECT_EQ(test, ktest_count("libkmem: Unknown KMEM_CMDLINE parameter \"quiet\", ignored\n"), 1);
	KUNIT_EXPECT_EQ(test, ktest_count("libkmem: Unknown KMEM_CMDLINE parameter \"kmem.cpus=many\", ignored\n"), 1);
	KUNIT_EXPECT_EQ(test, ktest_count("Unknown"), 2);
}

static void merging_is_off(struct kunit *test)
{
	struct kmem_cache *one = kmem_cache_create("one", 64, 0, 0, NULL);
	struct kmem_cache *two = kmem_cache_create("two", 64, 0, 0, NULL);

	KUNIT_EXPECT_PTR_NE(test, one, two);
	KUNIT_EXPECT_EQ(test, slabinfo_rows(), 2);
	KTEST_EXPECT_SILENT(test);
}

static void merging(struct kunit *test)
{
	struct kmem_cache *old = kmem_cache_create("old", 90, 0, 0, NULL), *young;
	unsigned char *object = kmem_cache_alloc(old, GFP_KERNEL);

	KUNIT_EXPECT_EQ(test, kmem_cache_size(old), 90);
	memset(object, 0xff, 90);
	young = kmem_cache_create("other", 95, 0, SLAB_HWCACHE_ALIGN, NULL);
	KUNIT_EXPECT_PTR_NE(test, old, young);
	young = kmem_cache_create("young", 95, 8, SLAB_PANIC, NULL);
	KUNIT_EXPECT_PTR_EQ(test, old, young);
	KUNIT_EXPECT_EQ(test, kmem_cache_size(old), 95);
	KUNIT_EXPECT_FALSE(test, slabinfo_has("young "));
	kmem_cache_free(young, object);
	/* Zeroing goes by the raised size. */
	for (int i = 0; i < 200; i++) {
		object = kmem_cache_alloc(old, GFP_KERNEL);
		memset(object, 0xff, 96);
		kmem_cache_free(old, object);
		object = kmem_cache_zalloc(old, GFP_KERNEL);
		KUNIT_EXPECT_EQ(test, object[94], 0);
		kmem_cache_free(old, object);
	}
	kmem_cache_destroy(old);
	KUNIT_EXPECT_NOT_NULL(test, kmem_cache_alloc(young, GFP_KERNEL));
	KTEST_EXPECT_SILENT(test);
}

KTEST_MAIN(
	KTEST(exact_text, .cmdline = "kmem.cpus=2 kmem.harden=2"), KTEST(nothing_without_caches), KTEST(write_errors),
	KTEST(many_caches), KTEST(geometry_1, .cmdline = "kmem.cpus=1"), KTEST(geometry_16, .cmdline = "kmem.cpus=16"),
	KTEST(geometry_min_order, .cmdline = "slab_min_order=2"),
	KTEST(unknown_words, .cmdline = "quiet kmem.cpus=many slab_nomerge"),
	KTEST(merging_is_off, .cmdline = "slub_nomerge"), KTEST(merging))
