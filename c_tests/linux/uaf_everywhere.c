// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * uaf_everywhere - writing all over a free object
 *
 * Poison, last byte of poison and both red zones are reported one after the
 * other, each with its range and repair. At risk: the order of the regions,
 * and what the ranges span.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

#define FLAGS (SLAB_CONSISTENCY_CHECKS | SLAB_RED_ZONE | SLAB_POISON)

static int __init uaf_everywhere_init(void)
{
	struct kmem_cache *cache;
	unsigned char *object;

	cache = kmem_cache_create("test_all", 64, 0, FLAGS, NULL);
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	kmem_cache_free(cache, object);
	object[-2] = 1;
	object[5] = 2;
	object[50] = 3;
	object[63] = 4;
	object[71] = 5;
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	pr_info("allocated: %d\n", !!object);
	return 0;
}
module_init(uaf_everywhere_init);
MODULE_DESCRIPTION("writing all over a free object");
MODULE_LICENSE("Dual MIT/GPL");
