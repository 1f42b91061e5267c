// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * The cases of the kernel's own slab unit test, with its counts: each report is an error and each repair another, and of
 * objects left in a destroyed cache the slab is one and each object one.
 */
#include <kmem.h>
#include <kmem/kmalloc.h>

#include "ktest.h"

static struct kmem_cache *unit(const char *name, size_t size, unsigned long flags)
{
	return kmem_cache_create(name, size, 0, flags | SLAB_NO_USER_FLAGS, NULL);
}

/* Errors since the last call. */
static int errors(void)
{
	static unsigned long before;
	unsigned long now = kmem_errors();
	int found = (int)(now - before) + ktest_count("\nFIX ");

	before = now;
	ktest_hush();
	return found;
}

static int validated(struct kmem_cache *cache)
{
	validate_slab_cache(cache);
	return errors();
}

static void clobber_zone(struct kunit *test)
{
	struct kmem_cache *cache = unit("TestSlub_RZ_alloc", 64, SLAB_RED_ZONE);
	unsigned char *object = kmem_cache_alloc(cache, GFP_KERNEL);

	object[64] = 0x12;
	KUNIT_EXPECT_EQ(test, validated(cache), 2);
	kmem_cache_free(cache, object);
	kmem_cache_destroy(cache);
	KTEST_EXPECT_SILENT(test);
}

static void next_pointer(struct kunit *test)
{
	struct kmem_cache *cache = unit("TestSlub_next_ptr_free", 64, SLAB_POISON);
	unsigned char *object = kmem_cache_alloc(cache, GFP_KERNEL);
	unsigned long *link = (unsigned long *)(object + 64), saved;

	kmem_cache_free(cache, object);
	saved = *link;
	object[64] = ~object[64];
	/* The link, the count, and the count put right. */
	KUNIT_EXPECT_EQ(test, validated(cache), 3);
	*link = saved;
	KUNIT_EXPECT_EQ(test, validated(cache), 2);
	KUNIT_EXPECT_EQ(test, validated(cache), 0);
	kmem_cache_destroy(cache);
	KTEST_EXPECT_SILENT(test);
}

static void written_after_free(struct kunit *test, int at, unsigned char value, unsigned long flags, int expected)
{
	struct kmem_cache *cache = unit("TestSlub_after_free", 64, flags);
	unsigned char *object = kmem_cache_alloc(cache, GFP_KERNEL);

	kmem_cache_free(cache, object);
	object[at] = value;
	KUNIT_EXPECT_EQ(test, validated(cache), expected);
	kmem_cache_destroy(cache);
	KTEST_EXPECT_SILENT(test);
}

static void first_word(struct kunit *test)
{
	written_after_free(test, 0, 0x78, SLAB_POISON, 2);
}

static void clobber_50th_byte(struct kunit *test)
{
	written_after_free(test, 50, 0x9a, SLAB_POISON, 2);
}

static void clobber_redzone_free(struct kunit *test)
{
	written_after_free(test, 64, 0xab, SLAB_RED_ZONE, 2);
}

/* Objects of such a cache may be written to after their free. */
static void rcu_after_free(struct kunit *test)
{
	written_after_free(test, 0, 0x78, SLAB_POISON | SLAB_TYPESAFE_BY_RCU, 0);
}

static void kmalloc_redzone_access(struct kunit *test)
{
	struct kmem_cache *cache = unit("TestSlub_RZ_kmalloc", 32, SLAB_KMALLOC | SLAB_STORE_USER | SLAB_RED_ZONE);
	unsigned char *object = __kmalloc_cache_noprof(cache, GFP_KERNEL, 18);

	object[18] = 0xab;
	object[19] = 0xab;
	KUNIT_EXPECT_EQ(test, validated(cache), 2);
	kmem_cache_free(cache, object);
	kmem_cache_destroy(cache);
	KTEST_EXPECT_SILENT(test);
}

static void leak_destroy(struct kunit *test)
{
	struct kmem_cache *cache = unit("TestSlub_leak_destroy", 64, SLAB_NO_MERGE);

	KUNIT_ASSERT_NOT_NULL(test, kmem_cache_alloc(cache, GFP_KERNEL));
	kmem_cache_destroy(cache);
	KUNIT_EXPECT_EQ(test, ktest_count("BUG TestSlub_leak_destroy (") + ktest_count("\nObject 0x"), 2);
	KUNIT_EXPECT_EQ(test, kmem_errors(), 1);
}

KTEST_MAIN(KTEST(clobber_zone), KTEST(next_pointer), KTEST(first_word), KTEST(clobber_50th_byte),
	   KTEST(clobber_redzone_free), KTEST(rcu_after_free), KTEST(kmalloc_redzone_access), KTEST(leak_destroy))
