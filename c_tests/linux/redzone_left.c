// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * redzone_left - writing before the start of an object
 *
 * As past the end; the left red zone is as wide as the alignment. At risk: its
 * width, and its place in the dump.
 */
#include <linux/module.h>
#include <linux/kernel.h>
#include <linux/slab.h>

#define FLAGS (SLAB_CONSISTENCY_CHECKS | SLAB_RED_ZONE | SLAB_POISON)

static int __init redzone_left_init(void)
{
	struct kmem_cache *cache;
	unsigned char *object;

	cache = kmem_cache_create("test_left", 40, 0, FLAGS, NULL);
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	object[-1] = 0x12;
	kmem_cache_free(cache, object);
	kmem_cache_free(cache, object);

	cache = kmem_cache_create("test_left_wide", 40, 64, FLAGS, NULL);
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	object[-60] = 0x12;
	object[-8] = 0x13;
	kmem_cache_free(cache, object);
	kmem_cache_free(cache, object);
	return 0;
}
module_init(redzone_left_init);
MODULE_DESCRIPTION("writing before the start of an object");
MODULE_LICENSE("Dual MIT/GPL");
