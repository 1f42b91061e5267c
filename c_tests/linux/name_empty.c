// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * name_empty - an empty name
 *
 * An empty name passes the allocator's own checks; an unmergeable cache of it
 * fails because its entry in /sys cannot have it, a mergeable one does not.
 * At risk: a crash, or the wrong one of the two being refused.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

static int __init name_empty_init(void)
{
	struct kmem_cache *cache;

	cache = kmem_cache_create("", 5368, 0, 0, NULL);
	pr_info("mergeable: %s\n", cache ? "created" : "refused");
	kmem_cache_destroy(cache);
	cache = kmem_cache_create("", 200, 0, SLAB_NOLEAKTRACE, NULL);
	pr_info("unmergeable: %s\n", cache ? "created" : "refused");
	kmem_cache_destroy(cache);
	return 0;
}
module_init(name_empty_init);
MODULE_DESCRIPTION("an empty name");
MODULE_LICENSE("Dual MIT/GPL");
