// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * uaf_last - writing to the last byte of a free object
 *
 * The last byte of poison is a region of its own. At risk: its name and its
 * value.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

#define FLAGS (SLAB_CONSISTENCY_CHECKS | SLAB_POISON)

static int __init uaf_last_init(void)
{
	struct kmem_cache *cache;
	unsigned char *object;

	pr_info("hidden: Bytes b4\n");
	cache = kmem_cache_create("test_last", 50, 0, FLAGS, NULL);
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	kmem_cache_free(cache, object);
	object[49] = 0x78;
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	pr_info("allocated: %d\n", !!object);
	return 0;
}
module_init(uaf_last_init);
MODULE_DESCRIPTION("writing to the last byte of a free object");
MODULE_LICENSE("Dual MIT/GPL");
