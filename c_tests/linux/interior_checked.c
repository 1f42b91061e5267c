// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * interior_checked - freeing what is no object
 *
 * Addresses inside an object, in its red zone and in the remainder of its slab
 * are refused. At risk: the slab's state after it.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

#define FLAGS (SLAB_CONSISTENCY_CHECKS | SLAB_RED_ZONE | SLAB_POISON | \
	       SLAB_STORE_USER)

static int __init interior_checked_init(void)
{
	struct kmem_cache *cache;
	unsigned char *object;

	cache = kmem_cache_create("test_interior", 200, 0, FLAGS, NULL);
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	kmem_cache_free(cache, object + 8);
	kmem_cache_free(cache, object - 8);
	kmem_cache_free(cache, (void *)((unsigned long)object | 4088));
	kmem_cache_free(cache, object);
	pr_info("left with slabs: %d\n", kmem_cache_shrink(cache));
	return 0;
}
module_init(interior_checked_init);
MODULE_DESCRIPTION("freeing what is no object");
MODULE_LICENSE("Dual MIT/GPL");
