// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * redzone_fresh - the bytes around an object with red zones
 *
 * cc on both sides of an allocated object, bb of a free one; the zone on the
 * left is as wide as the alignment, the one on the right fills up to the next
 * word and is a whole word where the size already ends on one. At risk: the
 * width of either, and the state after freeing.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

static void __init show(const char *name, unsigned int size, unsigned int align,
			unsigned int right, slab_flags_t flags)
{
	struct kmem_cache *cache;
	unsigned char *object;

	cache = kmem_cache_create(name, size, align, flags | SLAB_RED_ZONE, NULL);
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	pr_info("%s: allocated, left %*ph\n", name, align, object - align);
	pr_info("%s: allocated, right %*ph\n", name, right, object + size);
	/* The slab stays: a second object holds it. */
	if (!kmem_cache_alloc(cache, GFP_KERNEL))
		pr_info("%s: no second object\n", name);
	kmem_cache_free(cache, object);
	pr_info("%s: free, left %*ph\n", name, align, object - align);
	pr_info("%s: free, right %*ph\n", name, right, object + size);
}

static int __init redzone_fresh_init(void)
{
	show("test_16", 16, 8, 8, 0);
	show("test_13", 13, 8, 3, 0);
	show("test_9", 9, 8, 7, 0);
	show("test_1", 1, 8, 7, 0);
	show("test_16_32", 16, 32, 8, 0);
	show("test_60_poison", 60, 16, 4, SLAB_POISON);
	show("test_60_user", 60, 8, 4, SLAB_STORE_USER);
	show("test_60_checked", 60, 8, 4, SLAB_CONSISTENCY_CHECKS);
	return 0;
}
module_init(redzone_fresh_init);
MODULE_DESCRIPTION("the bytes around an object with red zones");
MODULE_LICENSE("Dual MIT/GPL");
