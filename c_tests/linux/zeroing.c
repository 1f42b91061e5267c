// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * zeroing - zeroed objects, whatever was there before
 *
 * Every byte up to the object size is zero, in fresh and in used memory, with
 * any layout, singly and in bulk. At risk: the word of the free pointer, the
 * poison of a debug cache, and the last bytes of an odd size.
 *
 * cmdline: init_on_alloc=0
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

#define COUNT 48

static void *objects[COUNT];

static void __init fill_and_free(struct kmem_cache *cache, unsigned int size)
{
	unsigned int i;

	for (i = 0; i < COUNT; i++)
		memset(objects[i], 0xee, size);
	for (i = 0; i < COUNT; i++)
		kmem_cache_free(cache, objects[i]);
}

static unsigned int __init dirty(unsigned int size)
{
	unsigned int i, count = 0;

	for (i = 0; i < COUNT; i++)
		if (memchr_inv(objects[i], 0, size))
			count++;
	return count;
}

static void __init zeroing(const char *name, unsigned int size,
			   slab_flags_t flags)
{
	unsigned int i, fresh, used, gfp_zero, got, bulk;
	struct kmem_cache *cache;

	cache = kmem_cache_create(name, size, 0, flags | SLAB_NOLEAKTRACE, NULL);
	for (i = 0; i < COUNT; i++)
		objects[i] = kmem_cache_zalloc(cache, GFP_KERNEL);
	fresh = dirty(size);
	fill_and_free(cache, size);
	for (i = 0; i < COUNT; i++)
		objects[i] = kmem_cache_zalloc(cache, GFP_KERNEL);
	used = dirty(size);
	fill_and_free(cache, size);
	for (i = 0; i < COUNT; i++)
		objects[i] = kmem_cache_alloc(cache, GFP_ATOMIC | __GFP_ZERO);
	gfp_zero = dirty(size);
	fill_and_free(cache, size);
	got = kmem_cache_alloc_bulk(cache, GFP_KERNEL | __GFP_ZERO, COUNT,
				    objects);
	bulk = dirty(size);
	pr_info("%s: not zero: fresh %u, used %u, by flag %u, bulk %u of %u\n",
		name, fresh, used, gfp_zero, bulk, got);
	fill_and_free(cache, size);
	kmem_cache_shrink(cache);
}

static int __init zeroing_init(void)
{
	zeroing("test_1", 1, 0);
	zeroing("test_8", 8, 0);
	zeroing("test_61", 61, 0);
	zeroing("test_700", 700, 0);
	zeroing("test_5000", 5000, 0);
	zeroing("test_redzone", 61, SLAB_RED_ZONE);
	zeroing("test_poison", 61, SLAB_POISON);
	zeroing("test_user", 61, SLAB_STORE_USER);
	zeroing("test_rcu", 61, SLAB_TYPESAFE_BY_RCU);
	zeroing("test_all", 61, SLAB_CONSISTENCY_CHECKS | SLAB_RED_ZONE |
		SLAB_POISON | SLAB_STORE_USER);
	return 0;
}
module_init(zeroing_init);
MODULE_DESCRIPTION("zeroed objects, whatever was there before");
MODULE_LICENSE("Dual MIT/GPL");
