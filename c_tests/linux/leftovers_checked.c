// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * leftovers_checked - destroying a cache with objects left, under all checks
 *
 * Live objects are listed with their tracks, free ones are not; damage to them
 * is not looked for. At risk: the order of slabs and objects.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

#define FLAGS (SLAB_CONSISTENCY_CHECKS | SLAB_RED_ZONE | SLAB_POISON | \
	       SLAB_STORE_USER)

static int __init leftovers_checked_init(void)
{
	struct kmem_cache *cache;
	unsigned char *objects[5];
	unsigned int i;

	cache = kmem_cache_create("test_left", 64, 0, FLAGS, NULL);
	for (i = 0; i < ARRAY_SIZE(objects); i++)
		objects[i] = kmem_cache_alloc(cache, GFP_KERNEL);
	kmem_cache_free(cache, objects[1]);
	kmem_cache_free(cache, objects[3]);
	objects[2][64] = 0x12;
	kmem_cache_destroy(cache);
	/* They may still come back. */
	kmem_cache_free(cache, objects[0]);
	kmem_cache_free(cache, objects[2]);
	return 0;
}
module_init(leftovers_checked_init);
MODULE_DESCRIPTION("destroying a cache with objects left, under all checks");
MODULE_LICENSE("Dual MIT/GPL");
