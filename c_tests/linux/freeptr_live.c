// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * freeptr_live - writing to the free pointer of a live object
 *
 * Where it lies outside the object it is checked at free: the object is shown
 * and not freed, and the word cleared. At risk: a FIX line that Linux does not
 * print.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

#define FLAGS (SLAB_CONSISTENCY_CHECKS | SLAB_RED_ZONE | SLAB_POISON)

static int __init freeptr_live_init(void)
{
	struct kmem_cache *cache;
	unsigned char *object;

	cache = kmem_cache_create("test_live", 64, 0, FLAGS, NULL);
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	((unsigned long *)(object + 72))[0] ^= 0xff;
	kmem_cache_free(cache, object);
	pr_info("free again\n");
	kmem_cache_free(cache, object);
	pr_info("left with slabs: %d\n", kmem_cache_shrink(cache));
	return 0;
}
module_init(freeptr_live_init);
MODULE_DESCRIPTION("writing to the free pointer of a live object");
MODULE_LICENSE("Dual MIT/GPL");
