// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * What the system allows a process: locked memory, mappings, a memory cgroup (docs/guarantees.md, 5).
 *
 * At risk: memory that is taken for cleared because the system was asked to clear it, a mapping for each piece that was
 * given back, a program that is killed although most of its memory is idle.
 */
#include <sys/resource.h>

#include "ktest.h"
#include "util.h"

static bool is_zero(const char *bytes, size_t len)
{
	return bytes[0] == 0 && !memcmp(bytes, bytes + 1, len - 1);
}

/* The system does not take locked memory back, so it clears nothing. */
static void g5_locked_memory_is_cleared(struct kunit *test)
{
	struct kmem_cache *cache;
	char *block;

	if (mlockall(MCL_CURRENT | MCL_FUTURE) != 0)
		kunit_skip(test, "no memory may be locked here");
	cache = kmem_cache_create("locked", 2 << 20, 0, SLAB_NO_MERGE, NULL);
	for (int round = 0; round < 2; round++) {
		for (size_t size = 4096; size <= 12 << 20; size *= 3) {
			block = kvzalloc(size, GFP_KERNEL);
			KUNIT_ASSERT_NOT_NULL(test, block);
			KUNIT_EXPECT_TRUE(test, is_zero(block, size));
			memset(block, 0xff, size);
			kvfree(block);
		}
		block = kmem_cache_zalloc(cache, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, block);
		KUNIT_EXPECT_TRUE(test, is_zero(block, 2 << 20));
		memset(block, 0xff, 2 << 20);
		kmem_cache_free(cache, block);
		kmem_reclaim();
	}
	kmem_cache_destroy(cache);
}

static long mappings(void)
{
	FILE *in = fopen("/proc/self/maps", "r");
	long lines = 0;
	int c;

	while (in && (c = getc(in)) != EOF)
		lines += c == '\n';
	if (in)
		fclose(in);
	return lines;
}

/* Whatever is given back, and in whatever order: the system allows 65530 mappings, and this needs none of them. */
static void g5_no_mapping_per_piece(struct kunit *test)
{
	enum { SLABS = 20000 };
	struct kmem_cache *cache = kmem_cache_create("pieces", 4096, 0, SLAB_NO_MERGE, NULL);
	static void *objects[SLABS];
	long before;

	kmem_cache_free(cache, kmem_cache_alloc(cache, GFP_KERNEL));
	before = mappings();
	for (int i = 0; i < SLABS; i++)
		KUNIT_ASSERT_NOT_NULL(test, objects[i] = kmem_cache_alloc(cache, GFP_KERNEL));
	for (int i = 0; i < SLABS; i += 2)
		kmem_cache_free(cache, objects[i]);
	kmem_reclaim();
	KUNIT_EXPECT_LE(test, mappings(), before + 4);
	for (int i = 1; i < SLABS; i += 2)
		kmem_cache_free(cache, objects[i]);
	for (int i = 0; i < SLABS; i += 100)
		kvfree(kvmalloc((size_t)(i + 1) * 300, GFP_KERNEL));
	kmem_cache_destroy(cache);
	KUNIT_EXPECT_LE(test, mappings(), before + 4);
}

KTEST_MAIN(
	KTEST(g5_locked_memory_is_cleared),
	KTEST(g5_no_mapping_per_piece))
