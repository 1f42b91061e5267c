// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * double_free - freeing an object twice
 *
 * With consistency checks the second free is reported and ignored: nothing is
 * handed out twice afterwards. At risk: the text, and a corrupted free list.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

static int __init double_free_init(void)
{
	struct kmem_cache *cache;
	void *a, *b, *c;

	cache = kmem_cache_create("test_double", 24, 0,
				  SLAB_CONSISTENCY_CHECKS | SLAB_POISON |
				  SLAB_RED_ZONE, NULL);
	a = kmem_cache_alloc(cache, GFP_KERNEL);
	b = kmem_cache_alloc(cache, GFP_KERNEL);
	kmem_cache_free(cache, a);
	pr_info("freed once\n");
	kmem_cache_free(cache, a);
	pr_info("freed twice\n");
	a = kmem_cache_alloc(cache, GFP_KERNEL);
	c = kmem_cache_alloc(cache, GFP_KERNEL);
	pr_info("distinct %d\n", a != b && b != c && a != c);
	return 0;
}
module_init(double_free_init);
MODULE_DESCRIPTION("freeing an object twice");
MODULE_LICENSE("Dual MIT/GPL");
