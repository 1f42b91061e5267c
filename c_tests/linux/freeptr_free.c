// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * freeptr_free - writing to the free pointer of the first free object
 *
 * The allocation that would take the object finds it and withdraws the slab.
 * At risk: where the pointer lies inside the object.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

#define FLAGS (SLAB_CONSISTENCY_CHECKS | SLAB_RED_ZONE | SLAB_POISON)

static int __init freeptr_free_init(void)
{
	struct kmem_cache *cache;
	unsigned char *object;

	cache = kmem_cache_create("test_outside", 64, 0, FLAGS, NULL);
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	kmem_cache_free(cache, object);
	((unsigned long *)(object + 72))[0] ^= 0xff;
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	pr_info("allocated: %d\n", !!object);

	cache = kmem_cache_create("test_inside", 48, 0, SLAB_RED_ZONE |
				  SLAB_CONSISTENCY_CHECKS, NULL);
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	memset(object, 'x', 48);
	kmem_cache_free(cache, object);
	((unsigned long *)(object + 24))[0] ^= 0xff;
	pr_info("hidden: Object 24-31\n");
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	pr_info("allocated: %d\n", !!object);
	return 0;
}
module_init(freeptr_free_init);
MODULE_DESCRIPTION("writing to the free pointer of the first free object");
MODULE_LICENSE("Dual MIT/GPL");
