// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * redzone_right - writing past the end of an object
 *
 * The free that finds it reports the object with its red zones, repairs them
 * and leaves the object allocated; the next free succeeds. At risk: the order
 * of the lines, the range, and which bytes the dump shows.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

#define FLAGS (SLAB_CONSISTENCY_CHECKS | SLAB_RED_ZONE | SLAB_POISON)

static int __init redzone_right_init(void)
{
	struct kmem_cache *cache;
	unsigned char *object;

	cache = kmem_cache_create("test_right", 64, 0, FLAGS, NULL);
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	object[64] = 0x12;
	kmem_cache_free(cache, object);
	pr_info("free again\n");
	kmem_cache_free(cache, object);
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	object[66] = 0x13;
	object[69] = 0x14;
	kmem_cache_free(cache, object);
	pr_info("left with slabs: %d\n", kmem_cache_shrink(cache));
	return 0;
}
module_init(redzone_right_init);
MODULE_DESCRIPTION("writing past the end of an object");
MODULE_LICENSE("Dual MIT/GPL");
