// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * double_free_inside - freeing twice where the free pointer lies inside
 *
 * The dump of the object shows the pointer among the bytes the program left.
 * At risk: its place.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

#define FLAGS (SLAB_CONSISTENCY_CHECKS | SLAB_RED_ZONE)

static int __init double_free_inside_init(void)
{
	struct kmem_cache *cache;
	unsigned char *object, *other;

	cache = kmem_cache_create("test_inside", 40, 0, FLAGS, NULL);
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	other = kmem_cache_alloc(cache, GFP_KERNEL);
	memset(object, 'a', 40);
	memset(other, 'b', 40);
	kmem_cache_free(cache, object);
	pr_info("hidden: Object 16-23\n");
	kmem_cache_free(cache, object);
	kmem_cache_free(cache, other);
	pr_info("left with slabs: %d\n", kmem_cache_shrink(cache));
	return 0;
}
module_init(double_free_inside_init);
MODULE_DESCRIPTION("freeing twice where the free pointer lies inside");
MODULE_LICENSE("Dual MIT/GPL");
