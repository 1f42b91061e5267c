// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * uaf_size_one - writing to a free object of one byte
 *
 * Its poison is the last byte alone. At risk: a range of length zero before
 * it.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

#define FLAGS (SLAB_CONSISTENCY_CHECKS | SLAB_RED_ZONE | SLAB_POISON)

static int __init uaf_size_one_init(void)
{
	struct kmem_cache *cache;
	unsigned char *object;

	cache = kmem_cache_create("test_one", 1, 0, FLAGS, NULL);
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	kmem_cache_free(cache, object);
	object[0] = 0x6b;
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	pr_info("allocated: %d\n", !!object);
	return 0;
}
module_init(uaf_size_one_init);
MODULE_DESCRIPTION("writing to a free object of one byte");
MODULE_LICENSE("Dual MIT/GPL");
