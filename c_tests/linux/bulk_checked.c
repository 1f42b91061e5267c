// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * bulk_checked - bulk calls in a checked cache
 *
 * Each object of a bulk allocation is set up as one of its own, and all go
 * back. At risk: objects left in the wrong state.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

/* Exported, but in no header for modules. */
long validate_slab_cache(struct kmem_cache *s);

#define FLAGS (SLAB_CONSISTENCY_CHECKS | SLAB_RED_ZONE | SLAB_POISON | \
	       SLAB_STORE_USER)

static int __init bulk_checked_init(void)
{
	static void *objects[40];
	struct kmem_cache *cache;
	unsigned int i, whole = 0;

	cache = kmem_cache_create("test_bulk", 64, 0, FLAGS, NULL);
	pr_info("got %d\n", kmem_cache_alloc_bulk(cache, GFP_KERNEL, 40,
						 objects));
	for (i = 0; i < 40; i++)
		whole += !memchr_inv(objects[i] + 64, 0xcc, 8);
	pr_info("red zones: %u\n", whole);
	pr_info("looked at: %ld\n", validate_slab_cache(cache));
	kmem_cache_free_bulk(cache, 40, objects);
	pr_info("looked at: %ld\n", validate_slab_cache(cache));
	pr_info("left with slabs: %d\n", kmem_cache_shrink(cache));
	return 0;
}
module_init(bulk_checked_init);
MODULE_DESCRIPTION("bulk calls in a checked cache");
MODULE_LICENSE("Dual MIT/GPL");
