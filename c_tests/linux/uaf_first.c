// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * uaf_first - writing to the first byte of a free object
 *
 * The allocation that meets the object reports it, repairs it and takes the
 * whole slab out of use; the caller gets an object from another one. At risk:
 * the withdrawn slab's place in the counts.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

#define FLAGS (SLAB_CONSISTENCY_CHECKS | SLAB_RED_ZONE | SLAB_POISON)

static int __init uaf_first_init(void)
{
	struct kmem_cache *cache;
	unsigned char *object, *other;

	cache = kmem_cache_create("test_first", 64, 0, FLAGS, NULL);
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	kmem_cache_free(cache, object);
	object[0] = 0x78;
	other = kmem_cache_alloc(cache, GFP_KERNEL);
	pr_info("another one: %d\n", other && other != object);
	kmem_cache_free(cache, other);
	return 0;
}
module_init(uaf_first_init);
MODULE_DESCRIPTION("writing to the first byte of a free object");
MODULE_LICENSE("Dual MIT/GPL");
