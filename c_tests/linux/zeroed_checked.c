// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * zeroed_checked - zeroed objects in a poisoned cache
 *
 * They read as zero in their whole length, with red zones around them, and as
 * poison when they are free. At risk: poison written after the zeroes.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

#define FLAGS (SLAB_CONSISTENCY_CHECKS | SLAB_RED_ZONE | SLAB_POISON)

static int __init zeroed_checked_init(void)
{
	struct kmem_cache *cache;
	unsigned char *object;

	cache = kmem_cache_create("test_zeroed", 20, 0, FLAGS, NULL);
	object = kmem_cache_zalloc(cache, GFP_KERNEL);
	pr_info("zeroed %*ph\n", 32, object - 8);
	kmem_cache_free(cache, object);
	pr_info("free   %*ph\n", 32, object - 8);
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	pr_info("fresh  %*ph\n", 32, object - 8);
	return 0;
}
module_init(zeroed_checked_init);
MODULE_DESCRIPTION("zeroed objects in a poisoned cache");
MODULE_LICENSE("Dual MIT/GPL");
